"""Text that is TOML, whatever a heading or a cell holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["comment", "inline", "key", "string"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def string(text: str) -> str:
    r"""Give a TOML string; what does not print is escaped.

    Examples
    --------
    >>> string('a "b"'), string("x\n[tables]")
    ('"a \\"b\\""', '"x\\n[tables]"')
    """
    out = []
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    for char in text:
        if char in short:
            out.append(short[char])
        elif unicodedata.category(char) in _HIDDEN:
            out.append(f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def key(text: str) -> str:
    """Give a TOML key, quoted where it must be."""
    return text if _BARE.fullmatch(text) else string(text)


def inline(value: str | Sequence[str] | Mapping[str, str | list[str]]) -> str:
    """Give a TOML value: a string, a list of strings, or an inline table of these.

    Examples
    --------
    >>> inline(["a", "b"]), inline({"x y": "1"})
    ('["a", "b"]', '{ "x y" = "1" }')
    """
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(k)} = {inline(v)}" for k, v in value.items()) + " }"
    return "[" + ", ".join(string(v) for v in value) + "]"


def comment(text: str, limit: int = 300) -> str:
    r"""Give a text as it may stand in a comment and on a screen: one line, nothing hidden in it.

    Examples
    --------
    >>> comment("a\n[x]")
    'a [x]'
    """
    shown = "".join(" " if c in "\n\r\t" else "\ufffd" if unicodedata.category(c) in _HIDDEN else c for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."
