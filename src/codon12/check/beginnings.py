r"""Where a pattern may begin: the letters that what it finds can start with, seen through `\b` and what looks around.

`re` passes over a text fast where it knows the first letters of a pattern, and it knows them only where the pattern
begins with them. Told the letters behind a `\b`, a lookahead or a choice, it tries the pattern at far fewer places;
what a pattern finds stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from re import _constants as code  # type: ignore[attr-defined]
from re._compiler import _code, _combine_flags, _compile, _sre  # type: ignore[import-not-found]
from typing import Any

__all__ = ["code_of"]

_LATIN = "".join(map(chr, range(256)))
_FURTHER = 256
"""Stands for all letters beyond those of Latin-1."""
_ALL = frozenset(range(257))
_MOST = 200
"""Letters beyond which there is nothing to pass over."""
_ONE = (code.LITERAL, code.NOT_LITERAL, code.IN, code.ANY)
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
Letters = frozenset[int]


def code_of(parsed: Any, flags: int) -> list[int]:
    """The code that `re` makes of a parsed pattern, with all that is known of its first letter in the block before."""
    made = _code(parsed, flags)
    skip, mask, least = made[1:4]
    if made[0] != code.INFO or mask & code.SRE_INFO_PREFIX or not least or _is_at_beginning(made[1 + skip :]):
        return made
    letters, empty = _first(parsed.data, parsed.state.flags | flags)
    if empty or not letters or len(letters) > _MOST:
        return made
    if len(letters) == 1 and _FURTHER not in letters:
        found, told = code.SRE_INFO_PREFIX, [1, 0, *letters, 0]
    else:
        found, told = code.SRE_INFO_CHARSET, _charset(letters)
    return [code.INFO, 4 + len(told), int(found), least, made[4], *told, *made[1 + skip :]]


def _is_at_beginning(made: list[int]) -> bool:
    """Whether a pattern is looked for at the beginning alone: `re` tries no other place."""
    return made[0] == code.AT and made[1] in (code.AT_BEGINNING, code.AT_BEGINNING_STRING)


def _charset(letters: Letters) -> list[int]:
    """Letters as `re` writes them: a bit for each of Latin-1, and whether there are others."""
    bits = [sum(1 << k for k in range(32) if word + k in letters) for word in range(0, 256, 32)]
    return [code.CHARSET, *bits, *([code.RANGE, 256, 0x10FFFF] if _FURTHER in letters else []), code.FAILURE]


def _first(items: Iterable[tuple[Any, Any]], flags: int) -> tuple[Letters, bool]:
    """The letters that what a part of a pattern matches can begin with, and whether it can match nothing."""
    found, may = frozenset[int](), _ALL
    for op, value in items:
        if op is code.ASSERT and value[0] > 0:
            ahead, empty = _first(value[1], flags)
            may = may if empty else may & ahead
        elif op not in (code.AT, code.ASSERT, code.ASSERT_NOT):
            letters, empty = _first_of(op, value, flags)
            found |= letters & may
            if not empty:
                return found, False
    return found, True


def _first_of(op: Any, value: Any, flags: int) -> tuple[Letters, bool]:
    if op in _ONE:
        return _one(op, tuple(value) if op is code.IN else value, flags), False
    if op is code.BRANCH:
        each = [_first(branch, flags) for branch in value[1]]
        return frozenset().union(*(letters for letters, _ in each)), any(empty for _, empty in each)
    if op is code.SUBPATTERN:
        return _first(value[3], _combine_flags(flags, value[1], value[2]))
    if op is code.ATOMIC_GROUP:
        return _first(value, flags)
    if op in _REPEATS:
        letters, empty = _first(value[2], flags)
        return letters, empty or value[0] == 0
    return _ALL, True


@cache
def _one(op: Any, value: Any, flags: int) -> Letters:
    """The letters that one item matches, asked of `re` itself."""
    made: list[int] = []
    _compile(made, [(op, value)], flags)
    of_latin = _sre.compile(None, flags, [*made, code.SUCCESS], 0, {}, (None,)).findall(_LATIN)
    return frozenset(map(ord, of_latin)) | ({_FURTHER} if _may_go_further(op, value, flags) else set())


def _may_go_further(op: Any, value: Any, flags: int) -> bool:
    """Whether an item may match a letter beyond Latin-1: all may but plain letters below."""
    if flags & code.SRE_FLAG_IGNORECASE:
        return True
    parts = value if op is code.IN else ((op, value),)
    least = {code.LITERAL: lambda v: v, code.RANGE: lambda v: v[1]}
    return not all(o in least and least[o](v) < _FURTHER for o, v in parts)
