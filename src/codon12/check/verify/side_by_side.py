"""Numbers of a sentence and the names they stand beside, in whatever order these stand.

`A in 12 and B in 30`, `12 had A, 30 B`, `30 for B, and 12 had A`, `A and B were 12 and 30`: each number has one name
and each name one number, or nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from codon12.check import patterns as re

__all__ = ["Mention", "mentions_of", "side_by_side"]

_BOUND = re.compile(r"[;,:.]|\b(?:and|but|while|whereas|with|although)\b")
"""Where one thing told ends and the next may begin."""
_LISTED = re.compile(r"(?:[\s%,;/()]|\b(?:and|or|vs|versus|months?|years?|respectively|rates?|the|of|for|of all)\b)*")
"""What stands between names, or between numbers, of which there is a list."""


class Mention(NamedTuple):
    """A name where the sentence has it."""

    name: str
    start: int
    end: int


def _sort_of(group: str | None) -> str:
    """The name of a group of a pattern without the figures that part its ways to say it: `least2` is `least`."""
    return (group or "").rstrip("0123456789")


def mentions_of(pattern: re.Pattern[str], words: str) -> list[Mention]:
    """Each name that a pattern of named groups finds."""
    return [Mention(_sort_of(m.lastgroup), *m.span()) for m in pattern.finditer(words)]


def side_by_side(
    words: str, numbers: Sequence[tuple[int, int]], names: Iterable[Mention]
) -> list[tuple[Mention, int]] | None:
    """Each name with the index of the number beside it; None where that is not plain.

    Examples
    --------
    >>> words = "12 had a rash; of fever there were 30"
    >>> names = [Mention("rash", 9, 13), Mention("fever", 18, 23)]
    >>> [(m.name, k) for m, k in side_by_side(words, [(0, 2), (35, 37)], names)]
    [('rash', 0), ('fever', 1)]
    """
    tokens: list[tuple[int, int, Mention | int]] = sorted(
        [*((a, b, k) for k, (a, b) in enumerate(numbers)), *((m.start, m.end, m) for m in names)],
        key=lambda t: t[:2],
    )
    tokens = [t for k, t in enumerate(tokens) if k == 0 or _name(t) is None or _name(t) != _name(tokens[k - 1])]
    kinds = [isinstance(t[2], int) for t in tokens]
    half = len(tokens) // 2
    if not half or len(tokens) != 2 * half or sum(kinds) != half:
        return None
    two = list(zip(tokens[::2], tokens[1::2], strict=True))
    if all(isinstance(a[2], int) != isinstance(b[2], int) for a, b in two):
        return [_named(a, b) for a, b in two] if _are_plain(words, two) else None
    if half > 1 and len({*kinds[:half]}) == len({*kinds[half:]}) == 1:
        listed = all(
            _LISTED.fullmatch(words, tokens[k][1], tokens[k + 1][0]) for k in range(2 * half - 1) if k != half - 1
        )
        return [_named(a, b) for a, b in zip(tokens[:half], tokens[half:], strict=True)] if listed else None
    return None


_Token = tuple[int, int, "Mention | int"]


def _name(t: _Token) -> str | None:
    return None if isinstance(t[2], int) else t[2].name


def _named(a: _Token, b: _Token) -> tuple[Mention, int]:
    name, number = (b, a) if isinstance(a[2], int) else (a, b)
    assert isinstance(name[2], Mention)
    assert isinstance(number[2], int)
    return name[2], number[2]


def _are_plain(words: str, two: Sequence[tuple[_Token, _Token]]) -> bool:
    """Whether no pair is parted where the next begins without a sign of it: its name may belong there."""
    for k, (a, b) in enumerate(two[:-1]):
        parted = _BOUND.search(words, a[1], b[0]) is not None
        if parted and _BOUND.search(words, b[1], two[k + 1][0][0]) is None:
            return False
    return True
