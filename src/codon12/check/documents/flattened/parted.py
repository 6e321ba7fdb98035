"""Lines of a file that semicolons or commas part into cells, parted by tabs, so that they are read as a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from codon12.check import patterns as re

__all__ = ["with_tabs"]

_MAY_HOLD = re.compile(r"\n[^\n;,]{0,60}(?:;|,(?! ))[^\n]{0,200}\n[^\n;,]{0,60}[;,]")
"""Two lines below each other that the same sign may part."""
_NUMBER = re.compile(
    r" ?[<>≤≥~]?-?\d[\d.]*(?: ?%)?(?: ?\(\d[\d.]* ?%?\)| ?(?:/|-|to) ?\d[\d.]*)? ?|\s*(?:NA|NE|NR|-)?\s*"
)
_FEWEST, _LONGEST, _HALF = 3, 60, 2
"""Lines at least; characters of a cell at most."""


def with_tabs(text: str) -> str:
    r"""The text with tabs for the signs that part cells: every offset stays.

    Examples
    --------
    >>> with_tabs("arm;n;deaths\nA;40;12\nB;41;9")
    'arm\tn\tdeaths\nA\t40\t12\nB\t41\t9'
    """
    if text.count("\n") < _FEWEST - 1 or _MAY_HOLD.search(f"\n{text}\n") is None:
        return text
    lines = text.split("\n")
    for sign in ";,":
        done = 0
        for many, run in groupby(lines, key=lambda line, sign=sign: _parts(line, sign)):
            block = list(run)
            if many and len(block) >= _FEWEST and _is_table([x.split(sign) for x in block], sign):
                lines[done : done + len(block)] = [line.replace(sign, "\t") for line in block]
            done += len(block)
    return "\n".join(lines)


def _parts(line: str, sign: str) -> int:
    """How many signs part a line into short cells; none where it is prose or parted otherwise."""
    if "\t" in line or "|" in line or ". " in line or line.endswith((".", sign)):
        return 0
    cells = line.split(sign)
    if any(len(c) > _LONGEST for c in cells) or (sign == "," and ", " in line):
        return 0
    return len(cells) - 1


def _is_table(rows: Sequence[Sequence[str]], sign: str) -> bool:
    """Whether the first row is one of heads and most cells of the others, the first left out, are numbers.

    Between semicolons the heads may be missing.
    """
    heads, *body = rows
    named = all(not _NUMBER.fullmatch(c) for c in heads[1:])
    cells = [c for row in body for c in row[1:]]
    numbers = sum(_NUMBER.fullmatch(c) is not None for c in cells)
    return _HALF * numbers > len(cells) and (named or (sign == ";" and numbers == len(cells)))
