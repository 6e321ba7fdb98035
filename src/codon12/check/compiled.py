r"""Patterns as `re` compiles them, and with which letters a match can begin: `re` passes over where it cannot.

`re` finds it out for a pattern that begins with a letter; not for one that begins with `\b` or with what must not stand
before it, nor where no case is heeded: most patterns of prose. What a pattern finds stays the same.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from re._compiler import _combine_flags, _compile, _compile_info, _sre  # type: ignore[attr-defined]
from typing import Any

__all__ = ["compiled"]

_UNSEEN = (3, 14)
"""The first Python whose inner form of a pattern was not looked at: there patterns are compiled as ever."""
_NO_CASE, _LOCALE, _UNICODE = int(re.IGNORECASE), int(re.LOCALE), int(re.UNICODE)
_ASCII = 128
_BEYOND = 1 << _ASCII
"""The bit of all letters that are not of ASCII; those of ASCII have a bit each."""
_ANY = (_BEYOND << 1) - 1
_NO_WIDTH = (code.AT, code.ASSERT, code.ASSERT_NOT)
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
_LAST_LETTER = 0x10FFFF


def _bits(letters: str) -> int:
    return sum(1 << ord(c) for c in letters)


_DIGIT = _bits("0123456789") | _BEYOND
_SPACE = _bits(" \t\n\r\f\v\x1c\x1d\x1e\x1f") | _BEYOND
_WORD = _bits("".join(c for c in map(chr, range(_ASCII)) if c.isalnum() or c == "_")) | _BEYOND
_KINDS = {
    code.CATEGORY_DIGIT: _DIGIT,
    code.CATEGORY_SPACE: _SPACE,
    code.CATEGORY_WORD: _WORD,
    code.CATEGORY_NOT_DIGIT: _ANY & ~_DIGIT | _BEYOND,
    code.CATEGORY_NOT_SPACE: _ANY & ~_bits(" \t\n\r\f\v"),
    code.CATEGORY_NOT_WORD: _ANY & ~_WORD | _BEYOND,
}
_SMALL, _CAPITAL = _bits("abcdefghijklmnopqrstuvwxyz"), _bits("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_BETWEEN_CASES = ord("a") - ord("A")
_BEYOND_ASCII = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
"""Letters beyond ASCII that are like one of it where no case is heeded."""
_ALIKE_BEYOND = _bits("iIkKsS")


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""A pattern, as `re.compile` gives it.

    Examples
    --------
    >>> compiled(r"\b(?P<what>deaths?|survivors)\b", re.IGNORECASE).search("12 Deaths")["what"]
    'Deaths'
    """
    if sys.version_info >= _UNSEEN:
        return re.compile(pattern, flags)
    tree = parser.parse(pattern, flags)
    flags |= tree.state.flags
    words = _code_of(tree, flags)
    names = tree.state.groupdict
    by_number: list[str | None] = [None] * tree.state.groups
    for name, number in names.items():
        by_number[number] = name
    return _sre.compile(pattern, flags, words, tree.state.groups - 1, names, tuple(by_number))


def _code_of(tree: Any, flags: int) -> list[int]:
    """What `re` runs: a head that says how a match begins, then the pattern."""
    words: list[int] = []
    _compile_info(words, tree, flags)
    if words[2] == 0 and words[3] and not flags & _LOCALE:  # the shortest match has letters, and `re` knows none
        letters, _ = _first(tree.data, flags)
        if letters != _ANY:
            words = [words[0], 0, code.SRE_INFO_CHARSET, words[3], words[4], *_set_of(letters)]
            words[1] = len(words) - 1
    _open_ways(tree, flags)
    _compile(words, tree.data, flags)
    words.append(code.SUCCESS)
    return words


def _open_ways(items: Any, flags: int) -> None:
    r"""Let the ways that a pattern can go begin so that `re` need not try those whose first letter is not there.

    It looks at the first letter by itself where a way begins with a letter whose case counts: not behind `\b`, which
    is taken out of neighbours that all begin with it, and not where no case is heeded: the letter becomes a set.
    """
    for op, value in items:
        if op is code.BRANCH:
            value[1][:] = _behind_one_edge(value[1], items.state)
            for way in value[1]:
                _open_ways(way, flags)
                if flags & _NO_CASE and flags & _UNICODE and way.data and way.data[0][0] is code.LITERAL:
                    _open(way)
        elif op is code.SUBPATTERN:
            _open_ways(value[3], _combine_flags(flags, value[1], value[2]))
        elif op in _REPEATS:
            _open_ways(value[2], flags)
        elif op in (code.ASSERT, code.ASSERT_NOT):
            _open_ways(value[1], flags)
        elif op is code.ATOMIC_GROUP:
            _open_ways(value, flags)


def _open(way: Any) -> None:
    """Let a way that heeds no case begin with a set, if it begins with a letter of ASCII."""
    both = _BOTH_CASES.get(way.data[0][1])
    if both is not None:
        letters = parser.SubPattern(way.state, [(code.IN, both)])
        way.data[0] = (code.SUBPATTERN, (None, 0, _NO_CASE, letters))


def _behind_one_edge(ways: list[Any], state: Any) -> list[Any]:
    r"""The ways of a pattern; neighbours that all begin with the same edge, as `\b`, are one behind that edge."""
    out = []
    for edge, run in groupby(ways, lambda way: way.data[0] if way.data and way.data[0][0] is code.AT else None):
        same = list(run)
        if edge is not None and len(same) > 1:
            behind = [parser.SubPattern(state, way.data[1:]) for way in same]
            same = [parser.SubPattern(state, [edge, (code.BRANCH, (None, behind))])]
        out += same
    return out


def _set_of(letters: int) -> list[int]:
    """A set of letters as `re` reads it."""
    low = letters & (_BEYOND - 1)
    rest = (1 << 32) - 1 if letters & _BEYOND else 0
    bitmap = [low >> k & 0xFFFFFFFF for k in (0, 32, 64, 96)] + [rest] * 4
    beyond = [code.RANGE, 256, _LAST_LETTER] if rest else []
    return [code.CHARSET, *bitmap, *beyond, code.FAILURE]


def _both_cases(small: str) -> list[tuple[Any, Any]]:
    """A letter of ASCII with all that are like it where no case is heeded, as a set that needs no more thought."""
    letters = _set_of(_bits(small + small.upper()))[1:-1]
    return [(code.CHARSET, letters), *((code.RANGE_UNI_IGNORE, (ord(c), ord(c))) for c in _BEYOND_ASCII.get(small, ""))]


_BOTH_CASES = {ord(c): _both_cases(c.lower()) for c in map(chr, range(_ASCII)) if c.isalpha()}


def _first(items: Any, flags: int) -> tuple[int, bool]:
    """The letters with which a part of a pattern can begin, and whether it can be empty."""
    letters, among, placed = 0, _ANY, True
    for op, value in items:
        if op in _NO_WIDTH:
            if op is code.ASSERT and placed and value[0] > 0:
                ahead, empty = _first(value[1], flags)
                among &= _ANY if empty else ahead
            continue
        own, empty = _first_of_one(op, value, flags)
        letters |= own
        if not empty:
            return letters & among, False
        placed = False
    return letters & among, True


def _first_of_one(op: Any, value: Any, flags: int) -> tuple[int, bool]:
    if op is code.LITERAL:
        return _in_both_cases(_bit(value), flags), False
    if op is code.NOT_LITERAL:
        return _all_but(_bit(value), flags), False
    if op is code.IN:
        return _in_set(value, flags), False
    if op is code.ANY:
        return _ANY, False
    if op is code.BRANCH:
        firsts = [_first(branch, flags) for branch in value[1]]
        letters = 0
        for own, _ in firsts:
            letters |= own
        return letters, any(empty for _, empty in firsts)
    if op is code.SUBPATTERN:
        _, more, less, inner = value
        return _first(inner, _combine_flags(flags, more, less))
    if op is code.ATOMIC_GROUP:
        return _first(value, flags)
    if op in _REPEATS:
        least, _, inner = value
        letters, empty = _first(inner, flags)
        return letters, empty or least == 0
    return _ANY, True


def _bit(letter: int) -> int:
    return 1 << min(letter, _ASCII)


def _in_both_cases(letters: int, flags: int) -> int:
    if not flags & _NO_CASE:
        return letters
    if letters & (_SMALL | _CAPITAL):
        letters |= (letters & _SMALL) >> _BETWEEN_CASES | (letters & _CAPITAL) << _BETWEEN_CASES
    if letters & _ALIKE_BEYOND:
        letters |= _BEYOND
    return letters | _ALIKE_BEYOND if letters & _BEYOND else letters


def _all_but(letters: int, flags: int) -> int:
    """All letters but these; of those beyond ASCII, one bit stands for many."""
    return _ANY & ~letters | _BEYOND if not flags & _NO_CASE else _ANY


def _in_set(items: Any, flags: int) -> int:
    letters = 0
    for op, value in items:
        if op is code.LITERAL:
            letters |= _bit(value)
        elif op is code.RANGE:
            low, high = value
            letters |= (1 << min(high, _ASCII) + 1) - (1 << min(low, _ASCII))
        elif op is code.CATEGORY:
            letters |= _KINDS.get(value, _ANY)
    if items[0][0] is code.NEGATE:
        return _all_but(letters, flags)
    return _in_both_cases(letters, flags)
