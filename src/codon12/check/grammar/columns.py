"""Columns of a table: where the cells of a row begin and end, and the words that stand above each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage

__all__ = ["Cell", "Columns", "cells_of"]

_APART = {"|": re.compile(r"\|"), "\t": re.compile(r"\t"), " ": re.compile(r"\s{2,}")}
"""What parts the cells of a line: bars, else tabs, else runs of spaces."""
_BETWEEN_BARS = re.compile(r"\s*\|?(?P<cells>[^\n]*?)\|?\s*")
_BETWEEN_SPACES = re.compile(r" *(?P<cells>[^\n]*?)[ \n]*")
_SHARE = re.compile(r"(?<=[A-Za-z%)*†‡§¶] )\d[\d,]*(?:\.\d+)? ?[(\[][-<>]?\d[^()\[\]A-Za-z]{0,24}[)\]][*†‡§¶]?$")
"""A first cell that only a space parts from its label: `Neuroendocrine tumour 49 (34)`."""
_NO_LABEL = re.compile(r"-?\d[\d,]*\.\d+|-?\d[\d,]*(?:\.\d+)? ?(?:[(\[±/]|\d[\d.]* ?%)[^A-Za-z]*")
"""A first cell that is no label: the label stands on the lines above."""
_TEXT = re.compile(r"[A-Z][a-z]+(?: [a-z]+){2}[^|\t]*\.\s*")
_TEXT_BEHIND = re.compile(r"(?<=[\d)\]%])\s(?=[A-Z][a-z]+(?: [a-z]+){2})")
"""Between the last cell of a table and running text on the same line."""
_SLACK = 3
"""Characters by which a head may begin behind its cell."""
_LONGEST_HEAD = 8
"""Lines above the first row of a table that may be its head."""


class Cell(msgspec.Struct, frozen=True):
    """What stands in one column of a row: its offsets in the normal spelling and its words."""

    start: int
    end: int
    words: str
    column: int
    """Counted from 0, the column of labels left out."""


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of a line between tabs, bars or runs of spaces, spaces around them left out; empty ones between bars."""
    line = text[start:end]
    whole = _BETWEEN_BARS.fullmatch(line) if "|" in line else _BETWEEN_SPACES.fullmatch(line)
    begin, stop = (start + x for x in (whole.span("cells") if whole else (0, len(line))))
    apart = _APART["|" if "|" in line else "\t" if "\t" in line else " "]
    edges = [begin, *(x for m in apart.finditer(text, begin, stop) for x in m.span()), stop]
    for a, b in list(pairwise(edges))[::2]:
        piece = text[a:b]
        yield a + len(piece) - len(piece.lstrip()), b - (len(piece) - len(piece.rstrip()))


def cells_of(text: str, start: int, end: int) -> tuple[tuple[int, int], list[Cell]] | None:
    r"""Span of the label of a row and its cells; None where nothing parts them.

    Examples
    --------
    >>> row = "Men\t12 (30)\t\t0.04"
    >>> cells_of(row, 0, len(row))[1][-1]
    Cell(start=13, end=17, words='0.04', column=2)
    """
    parts = list(_parts(text, start, end))
    exact = "\t" in text[start:end] or "|" in text[start:end]
    if not exact:
        parts = [p for p in parts if p[1] > p[0]]
    if not parts:
        return None
    first = _SHARE.search(text[parts[0][0] : parts[0][1]])
    if first is not None:
        a = parts[0][0] + first.start()
        parts[0:1] = [(parts[0][0], a), (a, parts[0][1])]
    if len(parts) < 2:
        return None
    if _NO_LABEL.fullmatch(text[parts[0][0] : parts[0][1]]):
        parts.insert(0, (parts[0][0], parts[0][0]))
    label, *rest = parts
    if len(rest) > 1 and _TEXT.fullmatch(text, *rest[-1]):
        rest.pop()
    if behind := _TEXT_BEHIND.search(text, rest[-1][0], rest[-1][1]):
        rest[-1] = (rest[-1][0], behind.start())
    return label, [Cell(a, b, text[a:b], k) for k, (a, b) in enumerate(rest)]


_ONLY_NUMBERED = re.compile(r"[ *#]*Table \w{1,4}[.:* -]*")
_BELOW = re.compile(r"\s*\n([^\t|\n]*[a-z]{3}[^\t|\n]*)")


class Columns:
    """The head of the table that is being read: asked row by row, in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._table: int | None = None
        self._from = 0
        self._rows: list[tuple[str, list[tuple[str, int]]]] = []
        self.begun = False
        self.caption = ""
        self._limits = ""

    def reach(self, passage: Passage) -> None:
        """Come to a row of a table: what stands above the first row of a table is its head."""
        if passage.table == self._table:
            return
        self._table, self.begun, self._rows, self._limits = passage.table, False, [], ""
        end = self._text.find("\n", passage.start)
        line = self._text[passage.start : end if end >= 0 else len(self._text)]
        self.caption = line if line.lstrip(" *#").startswith("Table ") else ""
        if _ONLY_NUMBERED.fullmatch(self.caption):  # what it is of stands below its number
            below = _BELOW.match(self._text, passage.start + len(line))
            self.caption += f" {below[1]}" if below is not None else ""
        self._from = passage.start if self.caption else _above(self._text, passage.start)

    def begin(self, passage: Passage) -> None:
        """The first row with cells of a known form is reached: the lines before it are the head."""
        if self.begun:
            return
        self.begun = True
        lines = self._text[self._from : passage.start].split("\n")
        lines = lines[1:] if self.caption else lines
        for line in lines[-_LONGEST_HEAD:]:
            if line.strip(" |\t:-"):
                parts = [(line[a:b].strip("* "), a) for a, b in _parts(line, 0, len(line))]
                exact = "\t" in line or "|" in line
                solid = [x for x in parts if x[0]]
                if exact or len(solid) > 1 or (solid and solid[0][1] > _SLACK):  # else a heading or a part of a label
                    self._rows.append((line, parts if exact else solid))
                elif solid and _LIMITS.search(line):
                    self._limits = solid[0][0]

    def over(self, cell: Cell, width: int, begin: int) -> str:
        """The words above a cell of a row with so many cells that begins at `begin`.

        Where cells stand between tabs or bars the columns are counted; where spaces part them and some are empty,
        the words are those that begin where the cell does, or before it.
        """
        if width == 1 and not self._rows:
            return self._limits
        found = []
        for line, row in self._rows:
            spaced = "\t" not in line and "|" not in line
            if len(row) == width + 1 and spaced and row[0][1] > _SLACK:  # it has nothing above the labels
                found.append(_begun(row, cell.start - begin + _SLACK))
            elif len(row) == width + 1 and _moved_left(row):
                found.append(row[cell.column][0])
            elif len(row) == width + 1:
                found.append(row[cell.column + 1][0])
            elif len(row) == width:
                found.append(row[cell.column][0])
            elif spaced:
                found.append(_begun(row, cell.start - begin + _SLACK))
            elif (
                len(row) > width
                and (solid := [words for words, _ in row if words])
                and len(solid) in (width, width + 1)
            ):
                found.append(solid[cell.column - width])
            elif len(row) > width + 1 and all(words for words, _ in row[1:]):
                found.append(row[cell.column + 1][0])  # empty cells at the end of the row are left out
        return " ".join(x for x in found if x)


_LIMITS = re.compile(r"\b9\d ?% ?(?:CI|confidence intervals?)\b[^\d]*$")
"""What a line says of the limits of all rows below it, which have one cell each: `Hazard ratio (95% CI)`."""


def _begun(row: list[tuple[str, int]], at: int) -> str:
    """The last words of a head that begin up to a place; none where it begins behind."""
    return next((words for words, start in reversed(row) if start <= at), "")


_LABELS = re.compile(
    r"\b(?:variables?|characteristics?|events?|outcomes?|param\w+|measures?|factors?|categor\w+|items?|toxicit\w+|"
    r"symptoms?|responses?|end ?points?|stud(?:y|ies)|authors?|genes?|tests?|features?|covariates?|subgroups?|"
    r"efficacy|demographics?|assay|grade|type)\b",
    re.IGNORECASE,
)
"""What stands over the labels of rows."""


def _moved_left(row: list[tuple[str, int]]) -> bool:
    """Whether a head has lost its empty first cell and got one behind instead: `All | With | Without | P | `."""
    words = [x for x, _ in row]
    return not words[-1] and all(words[:-1]) and _LABELS.search(words[0]) is None


def _above(text: str, start: int) -> int:
    """Where the lines above a table without caption begin, back to an empty line."""
    begin = text.rfind("\n", 0, start) + 1
    for _ in range(_LONGEST_HEAD):
        before = text.rfind("\n", 0, max(0, begin - 1)) + 1
        if begin == 0 or not text[before:begin].strip():
            break
        begin = before
    return begin
