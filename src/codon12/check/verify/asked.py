"""A text that is asked for patterns: once for each sentence, and only where it has the words that a pattern needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
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
"""Characters of a text of which is kept what it was asked, and its pieces: those of a longer one take as much as it."""


@cache
def _in_pieces(words: tuple[str, ...]) -> list[tuple[str, str, frozenset[str]]]:
    """Words, each with its first piece of three letters and with all of them; nothing for those of fewer."""
    return [(w, w[:3] if len(w) >= len("abc") else "", frozenset(_pieces(w))) for w in words]


def _pieces(text: str) -> set[str]:
    """All pieces of three letters of a text, and nothing."""
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
        self._is_short = len(self.small) <= _SHORT
        self._pieces = _pieces(self.small) if self._is_short else None
        self.begins = [p.start for p in text.passages]
        self._said: dict[re.Pattern[str], bytearray | None] = {}
        """Pattern -> for each passage whether it holds the pattern: `_MAY` until asked; None where none does."""
        self._first: dict[re.Pattern[str], dict[int, int | None]] = {}

    def among(self, words: tuple[str, ...]) -> Sequence[str]:
        """Those of some words in small letters that the text may have, by their pieces: most others are left out."""
        pieces = self._pieces
        return (
            words if pieces is None else [w for w, first, own in _in_pieces(words) if first in pieces and own <= pieces]
        )

    def where(self, words: tuple[str, ...]) -> dict[str, list[int]]:
        """Those of some words in small letters that the text has, each with the passages that have it."""
        return {w: found for w in self.among(words) if (found := self.passages_with(w))}

    def passages_with(self, word: str) -> list[int]:
        """The passages that have a word in small letters, in order."""
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
        return any(map(self.small.__contains__, self.among(words)))

    def forget_asked(self) -> None:
        """Drop what each passage of a long text says, for the verifier that comes next: it asks for others."""
        if not self._is_short:
            self._said.clear()
            self._first.clear()

    def _asked(self, pattern: re.Pattern[str]) -> bytearray | None:
        """For each passage whether it holds a pattern, as far as asked; None where the text has none of its words."""
        try:
            return self._said[pattern]
        except KeyError:
            said = self._said[pattern] = self._with_words(needed(pattern.pattern, pattern.flags))
            return said

    def _with_words(self, words: tuple[str, ...]) -> bytearray | None:
        """The passages that have one of some words; any may hold a pattern that needs none."""
        if not words:
            return bytearray((_MAY,)) * len(self.begins)
        found = None
        for word in self.among(words):
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
        first = self._first.setdefault(pattern, {})
        if s.passage not in first:
            p = self.text.passages[s.passage]
            found = pattern.search(self.flat, p.start, p.end) if self.may(pattern, p) else None
            first[s.passage] = None if found is None else found.end()
        end = first[s.passage]
        return end is not None and end <= s.normal_start
