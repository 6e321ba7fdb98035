"""What a place of a text stands in: running text or a row of columns, a bracket or none."""

from __future__ import annotations

__all__ = ["is_in_brackets", "is_running"]

_REACH = 600
"""Characters of a line that are looked at on either side: a text that is one line takes linear time."""


def is_running(text: str, at: int) -> bool:
    """Whether a place is in running text, in no row of a table."""
    start, end = max(text.rfind("\n", 0, at) + 1, at - _REACH), text.find("\n", at, at + _REACH)
    line = text[start : at + _REACH if end < 0 else end]
    return "\t" not in line and "|" not in line


def is_in_brackets(text: str, at: int) -> bool:
    """Whether a bracket of the line is open at a place."""
    line = max(0, at - _REACH, text.rfind("\n", 0, at) + 1)
    return any(
        text.rfind(a, line, at) > text.rfind(b, line, at) or text.count(a, line, at) > text.count(b, line, at)
        for a, b in ("()", "[]")
    )
