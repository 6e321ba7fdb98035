"""Plain values as TOML: what codon12.toml holds, in the order given."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(values: Mapping[str, Any]) -> str:
    """Write a mapping as TOML; keys without a value are left out, tables come after plain keys.

    Examples
    --------
    >>> print(toml_text({"title": "A", "response": {"confirmation": False}, "none": None}), end="")
    title = "A"
    <BLANKLINE>
    [response]
    confirmation = false
    """
    return "\n".join(_table(values, ())).rstrip("\n") + "\n"


def _table(values: Mapping[str, Any], place: tuple[str, ...]) -> list[str]:
    plain = {k: v for k, v in values.items() if v is not None and not _is_table(v)}
    lines = [f"{_key(k)} = {_value(v)}" for k, v in plain.items()]
    if place and (lines or not any(_is_table(v) for v in values.values())):
        lines.insert(0, f"[{'.'.join(map(_key, place))}]")
    if lines:
        lines.append("")
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += _table(value, (*place, key))
        elif _is_table(value):
            for one in value:
                lines += [f"[[{'.'.join(map(_key, (*place, key)))}]]"]
                lines += [f"{_key(k)} = {_value(v)}" for k, v in one.items() if v is not None]
                lines.append("")
    return lines


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL and for surrogates, which TOML has not
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
