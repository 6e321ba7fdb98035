"""Where a table says how many subjects it is about: in its head, in its footnotes, in a row of those evaluable."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.grammar.columns import cells_of
from codon12.check.grammar.extract import Text
from codon12.check.statements import Statement

__all__ = ["TableTotals"]

_OWN_TOTAL = re.compile(r"\b[nN]\s*=\s*(\d[\d,]*)")
_SIGNS = frozenset("*†‡§¶‖#")
_FOOTNOTE_TOTAL = re.compile(
    r"\b[nN]\s*=\s*(\d[\d,]*)|\b(?:[Oo]f|[Oo]n|[Ff]or|[Ii]n|[Ff]rom|[Aa]mong) (?:the |all |only )?(\d{1,3}(?:,\d{3})+|"
    r"\d{2,}) (?:[a-z-]+ ){0,3}(?:patients|participants|subjects|tumou?rs|samples|cases|women|men)\b"
)
_EVALUABLE = re.compile(
    r"\b(?:evaluable|assessable|evaluated|assessed|analy[sz]ed|tested|with (?:available )?(?:data|tissue|results?))\b|"
    r"^\W*(?:(?:No\.|Number|N|n)(?: of (?:patients|participants|subjects))?|patients|participants|subjects)\W*$",
    re.IGNORECASE,
)
"""Labels of rows that give the totals of the rows below them."""


_PEOPLE = re.compile(
    r"^\W*(?:N|n|No\.|Total)\W*$|^\W*(?:m?ITT|FAS|SAF)\b|\([nN]\)\W*$|\b(?i:patients|participants|subjects|women|men|children|persons|cases|eyes|animals)\b"
)
_SIZES = re.compile(
    r"\W*(?:(?:Total )?(?:[Nn]umber|[Nn]o\.?|[Nn]) of (?:patients|participants|subjects)(?! (?:at|who)\b)|"
    r"(?:Patients|Participants|Subjects)\W*(?:[Nn]o\.?|[Nn])?\W*$|[Nn]\W*$)"
)
"""The label of a row that gives the size of each group."""
_SOME_OF_THEM = re.compile(
    r"respon|event|death|died|relaps|progress|surviv|lesion|cycle|courses|missing|%", re.IGNORECASE
)
_CELLS = re.compile(r"\s*[\t|]\s*|\s{2,}")
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LABEL_WORD = re.compile(r"[A-Za-z]{2,}(?<!\bN[RAED])")
_COUNT_CELL = re.compile(
    r"(?<![\w.,/-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w.,]*\d)(?:\s?/\s?\d+)?(?:\s?%|\s?[(\[][^()\[\]]*[)\]])?"
)
"""A cell that counts, after the label of its row; no P value or difference."""


def _blank(m: re.Match[str]) -> str:
    return " " * len(m[0])


_ABOVE, _BELOW = 400, 600
"""Characters before and behind the rows of a table in which its caption and notes stand."""
_STRAY = 0.15
"""Share of the cells of the fullest column up to which shares stand there by chance."""
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def _bare_rows(text: Text) -> dict[int, list[tuple[int, list[int], str]]]:
    """Table number -> passage, numbers and label of the rows of whole numbers alone that say how many people."""
    out: dict[int, list[tuple[int, list[int], str]]] = defaultdict(list)
    for k, p in enumerate(text.passages):
        if p.table is None:
            continue
        label, *cells = _CELLS.split(text.normal.text[p.start : p.end].strip("| \n"))
        cells = [c for c in cells if c]
        if (
            cells
            and all(_WHOLE.fullmatch(c) for c in cells)
            and _PEOPLE.search(label)
            and not _SOME_OF_THEM.search(label)
        ):
            out[p.table].append((k, [int(c.replace(",", "")) for c in cells], label))
    return out


def _totals_in_heads(text: Text) -> dict[int, list[tuple[int, Statement]]]:
    """Table number -> totals named in its header rows (before its first cell), in order."""
    out: dict[int, list[tuple[int, Statement]]] = defaultdict(list)
    begun: dict[int, int] = {}
    for s in text.statements:
        p = text.passages[s.passage]
        if p.table is None:
            continue
        n = s.quantities.N if s.quantities.N is not None else s.quantities.n
        named = _OWN_TOTAL.search(text.normal.text, s.normal_start, s.normal_end) is not None
        if s.kind == "table_cell" and not named:
            first = begun.setdefault(p.table, -1 if out[p.table] else s.passage) == s.passage
            if first and n and n > 1 and s.quantities.percent is None and _SIZES.match(s.label):
                out[p.table].append((n, s))  # a first row of sizes, below heads that have none
        elif s.kind == "count" and n is not None and n > 1 and named and (p.table not in begun or not out[p.table]):
            out[p.table].append((n, s))
    return {table: _of_columns(text, totals) for table, totals in out.items()}


def _of_columns(text: Text, totals: list[tuple[int, Statement]]) -> list[tuple[int, Statement]]:
    """The totals of the columns, without that of the caption where two columns or more have their own."""
    given = text.normal.text
    lines = (given.rfind("\n", 0, s.normal_start) + 1 for _, s in totals)
    below = [
        x for x, at in zip(totals, lines, strict=True) if not given[at : at + 20].lstrip(" *#").startswith("Table")
    ]
    return below if len(below) > 1 else totals


def _totals_in_footnotes(text: Text, flat: str) -> dict[int, list[tuple[str, int, str]]]:
    """Table number -> sign, total and words of the footnotes that name a total."""
    out: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    table, sign = None, ""
    for p in text.passages:
        if p.table is not None:
            table, sign = p.table, ""
        elif table is not None and p.footnote:
            words = flat[p.start : p.end].strip()
            sign = words[0] if words[:1] in _SIGNS else sign
            for m in _FOOTNOTE_TOTAL.finditer(words):
                number = next(g for g in m.groups() if g)
                out[table].append((sign, int(number.replace(",", "")), words[:80]))
        else:
            table = None
    return out


_BASE = re.compile(
    r"\W*(?:All )?(?:[Pp]ercentages?|[Pp]roportions|%) (?:are|were|is) (?:given )?"
    r"(?:based on|calculated (?:from|on|with|for)|out of|of|for) (?:a total of |all |the )*"
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:[a-z-]+ ){0,2}?"
    r"(?:patients|participants|subjects|tumou?rs|samples|cases|women|men|children)\b"
)
"""What a note says right behind a table of all its percentages: `Percentages are of all 9,153 patients`."""


def _totals_of_percentages(
    text: Text, flat: str, by_passage: dict[int, list[Statement]], heads: dict[int, list[tuple[int, Statement]]]
) -> None:
    """Add the total a note right behind a table says its percentages are of, where no head of it names another."""
    for k, (p, note) in enumerate(pairwise(text.passages)):
        if p.table is None or note.table is not None or heads.get(p.table):
            continue
        m = _BASE.match(flat, note.start, note.end)
        n = int(m["n"].replace(",", "")) if m is not None else 0
        if n > 1 and (named := next((s for s in by_passage.get(k + 1, ()) if s.quantities.n == n), None)):
            heads[p.table] = [(n, named)]


def _evaluable_rows(text: Text, by_passage: dict[int, list[Statement]]) -> dict[int, list[tuple[int, list[Statement]]]]:
    """Table number -> passage and cells of the rows that say how many subjects were evaluable."""
    out: dict[int, list[tuple[int, list[Statement]]]] = defaultdict(list)
    for passage, cells in by_passage.items():
        p = text.passages[passage]
        if p.table is None or not cells or any(c.kind != "table_cell" for c in cells):
            continue
        if all(c.quantities.percent is None and c.quantities.n for c in cells) and _EVALUABLE.search(cells[0].label):
            out[p.table].append((passage, cells))
    return out


_SIZES_BEHIND = re.compile(r"[a-z)]\s{2,}\(?[nN] ?= ?\d[\d,]*\)?(?:\s{2,}\(?[nN] ?= ?\d[\d,]*\)?)+\s*$")
"""A heading with the size of each column: `Best response, measurable disease    n=321   n=160`."""


class TableTotals:
    """The totals that the tables of a text print for their cells."""

    def __init__(self, text: Text, flat: str, by_passage: dict[int, list[Statement]]) -> None:
        self._passages, self._by_passage, self._flat = text.passages, by_passage, flat
        self._widths: dict[int, int] = {}
        self._cells: dict[int, array[int]] = {}
        """Passage -> where its cells begin and end, one behind the other: as few bytes as may be."""
        self._share_columns: dict[int, list[int]] | None = None
        self._said: dict[tuple[int | None, str], str | None] = {}
        self._heads = _totals_in_heads(text)
        _totals_of_percentages(text, flat, by_passage, self._heads)
        self._footnotes = _totals_in_footnotes(text, flat)
        self._evaluable = _evaluable_rows(text, by_passage)
        self._bare = _bare_rows(text)

    def _evaluable_row(self, s: Statement, table: int | None) -> tuple[int, Statement] | None:
        """The number evaluable in the column of a cell, from the last such row above it."""
        if table is None or s.column is None or s.quantities.percent is None:
            return None
        above = [cells for passage, cells in self._evaluable.get(table, ()) if passage < s.passage]
        at = self.place_in_row(s)
        cell = next((c for c in above[-1] if self.place_in_row(c) == at), None) if above else None
        return None if cell is None else (cell.quantities.n or 0, cell)

    def of_bare_row(self, s: Statement) -> tuple[int, str] | None:
        """The number of people in the column of a cell, from the last row above it of such numbers alone."""
        table = self._passages[s.passage].table
        if table is None or s.column is None:
            return None
        width = sum(x.column is not None for x in self._by_passage[s.passage])
        above = [(ns, label) for k, ns, label in self._bare.get(table, ()) if k < s.passage and len(ns) == width]
        return (above[-1][0][s.column], above[-1][1]) if above and s.column < width else None

    def of_row(self, s: Statement) -> list[tuple[int, str]]:
        """Totals that the label or heading of a table row names, or the footnote its sign points to."""
        p = self._passages[s.passage]
        if p.table is None:
            return []
        out = []
        last = max(p.start, s.normal_start)
        ahead = list(_OWN_TOTAL.finditer(self._flat, p.start, last)) if self._flat.find("=", p.start, last) >= 0 else []
        if len(ahead) > 1:  # `Men (n = 74) | 57 (77%) | Men (n = 73) | 50 (68%)`
            out.append((int(ahead[-1][1].replace(",", "")), ahead[-1][0]))
        for words in (s.label, p.heading):
            named = [(int(m[1].replace(",", "")), words) for m in _OWN_TOTAL.finditer(words)] if "=" in words else []
            out += named if len(named) == 1 else []  # heads of columns, a line each, stand where a heading does
            if len(named) > 1 and words is p.heading and s.column is not None:
                width = sum(x.column is not None for x in self._by_passage[s.passage])
                out += [named[s.column]] if width == len(named) and _SIZES_BEHIND.search(words) else []
        signs = {c for words in (s.label, p.heading) for c in words.rstrip(" :")[-2:] if c in _SIGNS}
        return out + [(n, words) for sign, n, words in self._footnotes.get(p.table, ()) if sign in signs]

    def of_footnotes(self, s: Statement) -> list[tuple[int, str]]:
        """Totals that footnotes of the table name for percentages in general."""
        p = self._passages[s.passage]
        if p.table is None:
            return []
        return [(n, words) for _, n, words in self._footnotes.get(p.table, ())]

    def in_head(self, table: int) -> list[tuple[int, Statement]]:
        """All totals named in the head of a table, in order."""
        return self._heads.get(table, [])

    def of_column(self, s: Statement) -> list[tuple[int, Statement]]:
        """Totals in the header of the table a cell stands in; the one of its column where there are several."""
        table = self._passages[s.passage].table
        row = self._evaluable_row(s, table)
        if row is not None:
            return [row]
        totals = [] if table is None else self._heads.get(table, [])
        if len(totals) > 1 and s.column is not None:
            column, width = self._place(s, s.column, len(totals))
            if width and width % len(totals) == 0 and column < width:
                return [totals[column // (width // len(totals))]]
        return totals

    def _place(self, s: Statement, column: int, heads: int) -> tuple[int, int]:
        """Which of how many cells of its row a count is; 0 of them where cells that are no statement hide it.

        Between tabs or bars it is which of the columns with shares. Else a cell such as `0` or `1 (<1)` is none: its
        row is as wide as the widest row of the table, or nothing is known.
        """
        read = sum(x.column is not None for x in self._by_passage[s.passage])
        p = self._passages[s.passage]
        row = self._flat[p.start : p.end]
        if "|" in row or "\t" in row:
            exact, columns = self.column(s), self.share_columns(p.table)
            whole = exact in columns and len(self._cells[s.passage]) // 2 > columns[-1]
            if exact is not None and whole and len(columns) % heads == 0:
                return columns.index(exact), len(columns)
            shares = [x.id for x in self._by_passage[s.passage] if x.column is not None and x.quantities.percent]
            if len(shares) == heads and s.id in shares and len(columns) > heads:
                return shares.index(s.id), heads  # a row moved aside by the label of its group
            return column, 0
        label = max((m.end() for m in _LABEL_WORD.finditer(_IN_BRACKETS.sub(_blank, row))), default=None)
        cells = [] if label is None else [p.start + m.start() for m in _COUNT_CELL.finditer(row, label)]
        if len(cells) <= read:
            return column, read
        if len(cells) != self._width(p.table):
            return column, 0
        return sum(x < s.normal_end for x in cells) - 1, len(cells)

    def says(self, s: Statement, pattern: re.Pattern[str]) -> str | None:
        """What the caption, the head, the rows or the notes of the table of a statement hold of a pattern."""
        table = self._passages[s.passage].table
        if (table, pattern.pattern) not in self._said:
            rows = [p for p in self._passages if p.table == table]
            found = pattern.search(self._flat, max(0, rows[0].start - _ABOVE), rows[-1].end + _BELOW)
            self._said[table, pattern.pattern] = found[0] if found else None
        return self._said[table, pattern.pattern]

    def column(self, s: Statement) -> int | None:
        """The column of a statement in a row with tabs or bars, that of the labels left out."""
        if s.passage not in self._cells:
            p = self._passages[s.passage]
            found = cells_of(self._flat, p.start, p.end)
            self._cells[s.passage] = array("l", [x for c in (found[1] if found else ()) for x in (c.start, c.end)])
        ends, last = self._cells[s.passage], s.normal_end - 1
        return next((k // 2 for k in range(0, len(ends), 2) if ends[k] <= last < ends[k + 1]), None)

    def place_in_row(self, s: Statement) -> int | None:
        """The column of a statement: between tabs or bars as it stands, else counted by the cells read."""
        p = self._passages[s.passage]
        row = self._flat[p.start : p.end]
        return self.column(s) if "|" in row or "\t" in row else s.column

    def share_columns(self, table: int | None) -> list[int]:
        """The columns of a table between tabs or bars in which two shares stand, or one where it has few rows."""
        if self._share_columns is None:
            counts: dict[int, Counter[int]] = defaultdict(Counter)
            for passage, cells in self._by_passage.items():
                p = self._passages[passage]
                if p.table is None or not ("\t" in (row := self._flat[p.start : p.end]) or "|" in row):
                    continue
                for c in cells:
                    at = self.column(c) if c.kind == "table_cell" and c.quantities.percent is not None else None
                    if at is not None:
                        counts[p.table][at] += 1
            self._share_columns = {
                t: sorted(k for k, n in c.items() if n > _STRAY * max(c.values())) for t, c in counts.items()
            }
        return self._share_columns.get(table, []) if table is not None else []

    def _width(self, table: int | None) -> int:
        """How many cells the widest row of a table has."""
        if not self._widths:
            for passage, cells in self._by_passage.items():
                own = self._passages[passage].table
                if own is not None:
                    count = sum(x.column is not None for x in cells)
                    self._widths[own] = max(count, self._widths.get(own, 0))
        return self._widths.get(table, 0) if table is not None else 0
