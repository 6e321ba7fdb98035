"""How hard a text is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["reading_grade"]

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_grade(blocks: Iterable[str], *, names: Iterable[str] = ()) -> float:
    """Reading grade of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    A heading or list item is a sentence; a paragraph is split at its full stops. Syllables are groups of a e i o u y, a
    silent final e not counted, at least one. `names` (of drugs and genes) are left out.

    Notes
    -----
    Source: Kincaid 1975, Navy Research Branch Report 8-75.

    Examples
    --------
    >>> round(reading_grade(["The cat sat on the mat."]), 2)
    -1.45
    """
    left_out = {word.lower() for name in names for word in _WORD.findall(name)}
    sentences = words = syllables = 0
    for block in blocks:
        for sentence in re.split(r"(?<=[.!?:])\s+", block):
            own = [w.lower() for w in _WORD.findall(sentence) if w.lower() not in left_out]
            sentences += bool(own)
            words += len(own)
            syllables += sum(_syllables(w) for w in own)
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and len(word) > 1 and word[-2] not in "aeiouy"
    return max(1, groups - silent)
