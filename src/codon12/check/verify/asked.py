"""A text that is asked for patterns: once for each sentence, and only where it has the words that a pattern needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from codon12.check.documents.passages import Passage
from codon12.check.finding.needed import in_small_letters, needed
from codon12.check.finding.spelled import in_figures
from codon12.check.grammar.extract import Text
from codon12.check.statements import Statement

__all__ = ["Asked", "in_small"]

_NO_CASE = int(re.IGNORECASE)
_MAY = 2
"""A passage that has not been asked for a pattern, and may hold it."""


def _small(letter: str) -> str:
    return low if len(low := letter.lower()) == 1 else letter


_PIECE = 4096
"""Characters put into small letters at a time: Python takes twelve bytes for each meanwhile."""


def in_small(piece: str) -> str:
    """A text in small letters, offset by offset."""
    return low if len(low := piece.lower()) == len(piece) else "".join(map(_small, piece))


_SHORT = 8_000
"""Characters of a text of which it is kept where its words stand: of a longer one it would take as much as the text."""


_OWN: dict[str, frozenset[str]] = {}
"""The index: each word that any text has been asked for, with its pieces of three letters."""
_ORDER: list[str] = []
"""The same words in the order in which they were first asked for."""
_UNDER: dict[str, list[str]] = {}
"""Piece -> words that have it: each stands under the one of its pieces that fewest share."""


@cache
def _indexed(words: tuple[str, ...]) -> frozenset[str]:
    """Words, each of which is in the index from now on."""
    for word in dict.fromkeys(words):
        if word not in _OWN:
            own = [word[k : k + 3] for k in range(len(word) - 2)] or [""]
            _UNDER.setdefault(min(own, key=lambda piece: len(_UNDER.get(piece, ()))), []).append(word)
            _OWN[word] = frozenset(own)
            _ORDER.append(word)
    return frozenset(words)


@cache
def _needed(pattern: str, flags: int) -> frozenset[str]:
    """The words that a pattern needs, all in the index."""
    return _indexed(needed(pattern, flags))


def _pieces(text: str) -> set[str]:
    """All pieces of three letters of a text, and the empty one."""
    return {"", *map("".join, zip(text, text[1:], text[2:], strict=False))}


class Asked:
    """The spellings of a text, and which of its passages hold which pattern."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.flat = text.normal.text.replace("\n", " ")
        """The normal spelling with line ends as spaces, offset by offset."""
        self.figures = in_figures(self.flat)
        """The same with the numbers that stand in words as figures (`eleven` is `000011`), offset by offset."""
        self.small = "".join(map(in_small, (self.flat[k : k + _PIECE] for k in range(0, len(self.flat), _PIECE))))
        """The normal spelling in small letters, offset by offset: a word is looked for in it fastest."""
        self._words: set[str] = set()
        """The words of the index that the text has, as far as it has been asked for them."""
        self._asked_for = [0]
        """How many words of the index that is; all views of the text share it."""
        self._places: dict[str, list[int]] | None = {} if len(self.small) <= _SHORT else None
        self.begins = [p.start for p in text.passages]
        self._said: dict[str, bytearray | None] = {}
        """Pattern -> for each passage whether it holds the pattern: `_MAY` until asked; None where none does."""
        self._first: dict[str, dict[int, int | None]] = {}

    def among(self, words: tuple[str, ...]) -> frozenset[str]:
        """Those of some words in small letters that the text has."""
        return self._among(_indexed(words))

    def _among(self, words: frozenset[str]) -> frozenset[str]:
        """Those of some words of the index that the text has."""
        if self._asked_for[0] < len(_ORDER):
            small, new = self.small, _ORDER[self._asked_for[0] :]
            if not self._asked_for[0] and self._places is not None:
                pieces = _pieces(small)
                new = [w for piece in pieces & _UNDER.keys() for w in _UNDER[piece] if _OWN[w] <= pieces]
            self._words.update([w for w in new if w in small])
            self._asked_for[0] = len(_ORDER)
        return words & self._words

    def where(self, words: tuple[str, ...]) -> dict[str, list[int]]:
        """Those of some words in small letters that passages of the text have, each with these."""
        return {w: found for w in self.among(words) if (found := self.passages_with(w))}

    def passages_with(self, word: str) -> list[int]:
        """The passages that have a word in small letters, in order."""
        if self._places is None:
            return self._look_for(word)
        if (found := self._places.get(word)) is None:
            found = self._places[word] = self._look_for(word)
        return found

    def _look_for(self, word: str) -> list[int]:
        found, begins, find = [], self.begins, self.small.find
        at = find(word)
        while at >= 0:
            k = bisect_right(begins, at)
            if k:
                found.append(k - 1)
            at = find(word, begins[k]) if k < len(begins) else -1
        return found

    def has_one(self, words: tuple[str, ...]) -> bool:
        """Whether the text has one of some words in small letters."""
        return bool(self.among(words))

    def forget_asked(self) -> None:
        """Drop what each passage says, for the verifier that comes next: it asks for patterns of its own."""
        self._said.clear()
        self._first.clear()

    def _asked(self, pattern: re.Pattern[str]) -> bytearray | None:
        """For each passage whether it holds a pattern, as far as asked; None where the text has none of its words."""
        try:
            return self._said[pattern.pattern]
        except KeyError:
            said = self._said[pattern.pattern] = self._with_words(_needed(pattern.pattern, pattern.flags))
            return said

    def _with_words(self, words: frozenset[str]) -> bytearray | None:
        """The passages that have one of some words; any may hold a pattern that needs none."""
        if not words:
            return bytearray((_MAY,)) * len(self.begins)
        found = None
        for word in self._among(words):
            for k in self.passages_with(word):
                found = found or bytearray(len(self.begins))
                found[k] = _MAY
        return found

    def _says(self, said: bytearray | None, pattern: re.Pattern[str], p: Passage) -> bool:
        if said is None or not said[p.index]:
            return False
        if said[p.index] == _MAY:
            text = self.flat
            if pattern.flags & _NO_CASE:
                pattern, text = in_small_letters(pattern.pattern, pattern.flags), self.small
            said[p.index] = pattern.search(text, p.start, p.end) is not None
        return bool(said[p.index])

    def says(self, s: Statement, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence of a statement holds a pattern; asked once for a sentence."""
        said = self._asked(pattern)
        if said is None:
            return False
        known = said[s.passage]
        return self._says(said, pattern, self.text.passages[s.passage]) if known == _MAY else bool(known)

    def holds(self, pattern: re.Pattern[str], p: Passage) -> bool:
        """Whether a passage holds a pattern; asked once."""
        return self._says(self._asked(pattern), pattern, p)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the text may hold a pattern, by the words it needs."""
        return self._asked(pattern) is not None

    def may(self, pattern: re.Pattern[str], p: Passage) -> bool:
        """Whether a passage may hold a pattern, by the words it needs."""
        said = self._asked(pattern)
        return said is not None and said[p.index] > 0

    def says_before(self, s: Statement, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence of a statement holds a pattern before it; looked for once for a sentence."""
        first = self._first.setdefault(pattern.pattern, {})
        if s.passage not in first:
            p = self.text.passages[s.passage]
            found = pattern.search(self.flat, p.start, p.end) if self.may(pattern, p) else None
            first[s.passage] = None if found is None else found.end()
        end = first[s.passage]
        return end is not None and end <= s.normal_start
