"""A configuration as TOML that reads back to the same one."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import msgspec

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(config: msgspec.Struct) -> str:
    """Fields of a struct that differ from their default, a line each; tables stand inline.

    Examples
    --------
    >>> from codon12.records import StudyConfig
    >>> print(toml_text(StudyConfig(title="Fünf", populations={"all": "AGE > 5"})), end="")
    title = "Fünf"
    populations = { all = "AGE > 5" }
    """
    return "".join(f"{_key(k)} = {_value(v)}\n" for k, v in _changed(config).items())


def _changed(value: Any) -> dict[str, Any]:
    plain = {}
    for field in msgspec.structs.fields(type(value)):
        held = getattr(value, field.name)
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if held is None or held == default:
            continue
        plain[field.encode_name] = held
    return plain


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, and DEL must be escaped in TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, msgspec.Struct):
        value = _changed(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    raise TypeError(f"no TOML for {type(value).__name__}")
