"""Words one of which every text that a pattern finds holds: they are looked for first, in a tenth of the time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from codon12.check import patterns

__all__ = ["in_small_letters", "needed"]

_MOST = 30
"""More words than these take as long as the pattern itself."""
_LONG = 5
"""Letters of a word beyond which it is no rarer."""
_EVERYWHERE = re.compile(
    r"\b(?:an?|and|are|at|by|for|from|had|has|have|in|is|of|on|or|patients?|the|to|was|were|with)\b|[ ,]"
)
"""What nearly every sentence has: it tells none apart."""
_ROOMLESS = (code.AT, code.ASSERT, code.ASSERT_NOT)
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
_LETTERS = {ord(c): c.lower() for c in map(chr, range(127)) if not c.isdigit()}


@cache
def needed(pattern: str, flags: int = 0) -> tuple[str, ...]:
    r"""Words in small letters, one of which is in each text that holds the pattern; none where any text may hold it.

    Only letters and signs of ASCII, so that the words are the same in a text whose number words are figures.

    Examples
    --------
    >>> needed(r"\b(?:deaths?|died) of (?P<n>\d+)")
    ('death of ', 'deaths of ', 'died of ')
    >>> needed(r"(?:none)?[a-z]+")
    ()
    """
    words = _better(_of(parser.parse(pattern, flags & re.VERBOSE)))
    return tuple(sorted(set(words))) if words and len(words) <= _MOST else ()


@cache
def in_small_letters(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""A pattern that heeds no case as one for a text in small letters: two or three times as fast.

    Examples
    --------
    >>> in_small_letters(r"\bDied\S").pattern
    '\\bdied\\S'
    """
    small = _CAPITAL.sub(lambda m: m[0] if m["kept"] else m[0].lower(), pattern)
    return patterns.compile(small, flags & ~re.IGNORECASE)


_CAPITAL = re.compile(r"(?P<kept>\\.|\(\?P[<=]\w+)|[A-Z]")
"""A letter that no text in small letters has, or what only looks like one: `\\S`, the name of a group."""


def _better(choices: Iterable[list[str] | None]) -> list[str] | None:
    """The words that tell texts apart best: the commonest of them rare, and few; None where no choice has words."""
    best, most = None, (0.0, 0)
    for words in choices:
        if words and all(words) and (worth := (min(map(_rarity, words)), -len(words))) > most:
            best, most = words, worth
    return best


def _rarity(word: str) -> float:
    """Letters of a word, as far as they tell; of one that stands everywhere a part of one."""
    return min(_LONG, len(_EVERYWHERE.sub("", word)) or len(word) / 100)


def _of(items: Iterable[tuple[Any, Any]]) -> tuple[list[str] | None, list[str] | None]:
    """All that a part of a pattern can be, if that is few words, and words one of which it holds, if there are any."""
    run, best, whole = [""], [], True
    for op, value in items:
        if op is code.LITERAL and (letter := _LETTERS.get(value)) is not None:
            run = [word + letter for word in run]
            continue
        if op in _ROOMLESS:
            continue
        exact, within = _of_one(op, value)
        best.append(within)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = [a + b for a in run for b in exact]
        else:
            best.append(run)
            run, whole = exact or [""], False
    return (run, run) if whole else (None, _better((*best, run)))


def _of_one(op: Any, value: Any) -> tuple[list[str] | None, list[str] | None]:
    if op is code.IN:
        letters = [_LETTERS.get(v) if o is code.LITERAL else None for o, v in value]
        return (None if None in letters else letters), None  # type: ignore[return-value]
    if op is code.BRANCH:
        parts = [_of(branch) for branch in value[1]]
        either = [_better(part) for part in parts]
        return (
            None if any(e is None for e, _ in parts) else [w for e, _ in parts for w in e or ()],
            None if None in either else [w for words in either for w in words or ()],
        )
    if op is code.SUBPATTERN or op is code.ATOMIC_GROUP:
        return _of(value[3] if op is code.SUBPATTERN else value)
    if op in _REPEATS:
        least, most, inner = value
        found = _of(inner)
        if least == 0:
            return ([*found[0], ""] if most == 1 and found[0] is not None else None), None
        return None, _better(found)
    return None, None
