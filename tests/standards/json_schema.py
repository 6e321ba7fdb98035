"""The part of JSON Schema that the schemas of CDISC use, written for these tests alone."""

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _is(value, kind):
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def problems(value, schema, root, path="$"):
    """What of a value breaks a schema, with where; empty where nothing does."""
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    found = []
    if "anyOf" in schema:
        each = [problems(value, s, root, path) for s in schema["anyOf"]]
        if all(each):
            found.append(f"{path}: fits none of anyOf: {min(each, key=len)}")
    kind = schema.get("type")
    kinds = [kind] if isinstance(kind, str) else kind
    if kinds and not any(_is(value, k) for k in kinds):
        return [*found, f"{path}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{path}: {value!r} does not match")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{path}: {k} is missing" for k in schema.get("required", ()) if k not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{path}: {k} is not known" for k in value if k not in known]
        for key, inner in value.items():
            if key in known:
                found += problems(inner, known[key], root, f"{path}.{key}")
    if isinstance(value, list) and "items" in schema:
        for i, inner in enumerate(value):
            found += problems(inner, schema["items"], root, f"{path}[{i}]")
    if isinstance(value, int | float) and not isinstance(value, bool) and value < schema.get("minimum", value):
        found.append(f"{path}: {value} is below the minimum")
    return found
