"""Write docs/policies.md from the policies: ``python docs/policies.py``; a test says when it must be."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import reference

from codon12.policy import Policy

PAGE = Path(__file__).with_name("policies.md")
WIDTH = 120
"""Letters of a default that a column has room for."""
HEAD = """# Policies

Written by `docs/policies.py`. What trials differ on is a frozen value that describes itself: `print(policy)` shows it,
`policy.sentences()` gives the sentences that the methods of a report print, and a table of its name in
[codon12.toml](configuration.md) changes it. `{value}` stands for what is in force.
"""


def page() -> str:
    """Every policy of every room with its fields, their defaults and sentences."""
    parts = [HEAD]
    for room in reference.ROOMS:
        for name, cls in policies(room).items():
            parts.append(f"\n## {name}\n\n`codon12.{room}.{name}`. {reference.first_sentence(cls)}\n\n")
            parts.append("| field | default | what it says |\n|---|---|---|\n")
            parts += [f"| `{f}` | {default} | {said} |\n" for f, (default, said) in fields(cls).items()]
    return "".join(parts)


def policies(room: str) -> dict[str, type[Policy]]:
    """Public policies of a room that have fields."""
    importlib.import_module(f"codon12.{room}")
    named = reference.public(room).items()
    return {n: v for n, v in named if inspect.isclass(v) and issubclass(v, Policy) and v.__struct_fields__}


def fields(cls: type[Policy]) -> dict[str, tuple[str, str]]:
    """Field -> its default and its sentence or sentences, as table cells."""
    defaults = {f.name: f.default for f in msgspec.structs.fields(cls)}
    out = {}
    for name, hint in get_type_hints(cls, include_extras=True).items():
        if name not in defaults:
            continue
        given = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
        meta = next((m for m in given if isinstance(m, msgspec.Meta)), None)
        said = " ".join(dict.fromkeys([*((meta.extra or {}).values()), meta.description or ""])) if meta else ""
        out[name] = (shown(defaults[name]), said.strip().replace("|", "\\|"))
    return out


def shown(default: Any) -> str:
    """A default as code; what has no default is needed."""
    if default is msgspec.NODEFAULT:
        return ""
    text = repr(default).replace("|", "\\|")
    return f"`{text}`" if len(text) <= WIDTH else f"`{text[:WIDTH]} ...`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
