"""Plain values as TOML, so that what is imported can be read back and edited."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

__all__ = ["tables_text", "toml_value"]


def toml_value(value: Any) -> str:
    """One value, inline.

    Examples
    --------
    >>> toml_value({"is": "CRC", "n": [1, 2.5, True]})
    '{ is = "CRC", n = [1, 2.5, true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(v) for v in value)}]"
    if isinstance(value, dict):
        parts = [f"{_key(k)} = {toml_value(v)}" for k, v in value.items() if v is not None]
        return f"{{ {', '.join(parts)} }}" if parts else "{}"
    raise TypeError(f"no TOML for {type(value).__name__}")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def tables_text(name: str, rows: list[dict[str, Any]]) -> str:
    """Rows as an array of tables, one key a line."""
    out = []
    for row in rows:
        out.append(f"[[{name}]]")
        out += [f"{_key(k)} = {toml_value(v)}" for k, v in row.items() if v is not None]
        out.append("")
    return "\n".join(out)
