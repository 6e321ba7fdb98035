"""Several numbers of a sentence against rows of one table: all but one stand there, and the row of the other has none.

`15 of 36 with less than 1%, 12 of 27 with 1% to 49% and 24 of 44 with 50% or more`, where the row of 44 has 22; `the
ORR was 46.2% in TMB-high tumours and 48.0% in the others`, where the rows of TMB have 42.6 and 48.0 under ORR; `disease
control was achieved in 51, 53 and 54 patients`, where its row has 51, 58 and 54.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.prose import compared, judge
from codon12.check.verify.repeats.beside_cells import is_one_slip, printed_in
from codon12.check.verify.repeats.cells_meant import NOISE, names_in_head
from codon12.check.verify.repeats.numbers_told import in_full
from codon12.check.verify.repeats.profiles import ELSEWHERE
from codon12.check.verify.tables.drawn import Cell, Row, drawn, passages_of_tables

__all__ = ["check_groups_of_rows"]

_OF = re.compile(
    r"(?<![\w.,/-])(?P<n>\d[\d,]*)(?: ?/ ?|(?: [a-z]+)? (?:out )?of (?:the )?)(?P<t>\d[\d,]*)(?![\w/]|[.,]\d| ?%)"
)
_SHARE = re.compile(r"(?<![\w.,<>≤≥=-])(?P<n>\d+(?:\.\d+)?) ?%(?! ?(?:CI|confidence|or )|-)")
_LISTED = re.compile(
    r"(?<![\w.,/<>≤≥=-])\d+(?:\.\d+)? ?%?(?:, \d+(?:\.\d+)? ?%?)+,? and \d+(?:\.\d+)? ?%?"
    r"(?![\w.,-]*\d| ?(?:mg|mo|week|day|y))"
)
_EACH = re.compile(r"(?P<n>\d+(?:\.\d+)?)")
_FEWEST, _LEAST_TOTAL = 3, 10
"""Counts of totals in a sentence, and the smallest total that tells a row."""
_GROUP = range(2, 5)
"""Rows that begin with one word."""


def check_groups_of_rows(case: Case) -> None:
    """Check the counts of totals and the percentages of a sentence that are rows of a table but for one."""
    told = [_Sentence(p, _totals(case, p), _shares(case, p), _lists(case, p)) for p, _ in case.prose()]
    told = [s for s in told if len(s.totals) >= _FEWEST or len(s.shares) in _GROUP or s.listed]
    for passages in passages_of_tables(case).values() if told else ():
        rows = drawn(case, passages)
        for s in told if len(rows) > _FEWEST else ():
            if len(s.totals) >= _FEWEST:
                _of_totals(case, s, rows)
            for listed in s.listed:
                _of_a_row(case, s.passage, listed, rows)
        _of_columns(case, [s for s in told if len(s.shares) in _GROUP], rows)


class _Sentence(NamedTuple):
    passage: Passage
    totals: list[re.Match[str]]
    shares: list[re.Match[str]]
    listed: list[list[re.Match[str]]]
    """Numbers in a row, three or more."""


def _totals(case: Case, p: Passage) -> list[re.Match[str]]:
    found = list(_OF.finditer(case.flat, p.start, p.end))
    apart = len({m["t"] for m in found}) == len(found)
    return found if apart and all(_whole(m["t"]) >= _LEAST_TOTAL for m in found) else []


def _shares(case: Case, p: Passage) -> list[re.Match[str]]:
    found = list(_SHARE.finditer(case.flat, p.start, p.end))
    text = case.flat[p.start : p.end]
    return [] if is_cited(text) or ELSEWHERE.search(text) else found


def _lists(case: Case, p: Passage) -> list[list[re.Match[str]]]:
    found = [list(_EACH.finditer(case.flat, *m.span())) for m in _LISTED.finditer(case.flat, p.start, p.end)]
    return found if found and not ELSEWHERE.search(case.flat, p.start, p.end) else []


def _of_a_row(case: Case, p: Passage, listed: Sequence[re.Match[str]], rows: Sequence[Row]) -> None:
    """Numbers in a row against the cells of a row, one of each column, that the words before them name."""
    said = in_full(case.flat[p.start : listed[0].start()])
    for r in rows[1:]:
        words = in_full(_BESIDE_NAME.sub(" ", r.label)) - NOISE
        if not words or not words <= said or len(r.cells) != len(listed):
            continue
        there = [[x.text for x in printed_in(c)] for c in r.cells]
        odd = [k for k, m in enumerate(listed) if m["n"] not in there[k][:2]]
        if len(odd) == 1 and there[odd[0]] and any(is_one_slip(listed[odd[0]]["n"], x) for x in there[odd[0]][:2]):
            c = r.cells[odd[0]]
            _tell(case, p, listed[odd[0]], c, c.text, listed[odd[0]]["n"])
            return


_BESIDE_NAME = re.compile(r"\([^()]*\)|,? ?(?:\bn|\bno\.?|%)\W*$|—.*|-- .*")


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _of_totals(case: Case, s: _Sentence, rows: Sequence[Row]) -> None:
    """Rows by the total they print: of two columns in which all but one of the sentence stand."""
    width = max(len(r.cells) for r in rows)
    by_total: list[dict[int, list[Row]]] = [defaultdict(list) for _ in range(width)]
    for r in rows:
        for j, c in enumerate(r.cells):
            if c.n is not None:
                by_total[j][c.n].append(r)
    for j in range(width):
        meant = [by_total[j].get(_whole(m["t"]), ()) for m in s.totals]
        for k in (k for k in range(width) if k != j and all(meant)):
            there = [[r.cells[k] for r in x if k < len(r.cells)] for x in meant]
            odd = [(m, c) for m, c in zip(s.totals, there, strict=True) if all(x.n != _whole(m["n"]) for x in c)]
            if len(odd) == len(odd[0][1] if odd else ()) == 1 and odd[0][1][0].n is not None:
                m, c = odd[0][0], odd[0][1][0]
                _tell(case, s.passage, m, c, f"{c.n} of {m['t']}", f"{m['n']} of {m['t']}")
                return


def _of_columns(case: Case, told: Sequence[_Sentence], rows: Sequence[Row]) -> None:
    """Rows that begin with one word, by the column whose head a sentence names as well."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for r in rows[1:]:
        groups[r.label.strip(" *").split(" ")[0]].append(r)
    groups = {w: g for w, g in groups.items() if len(g) in _GROUP and len(w) > len("a") and w[0].isalpha()}
    heads = [names_in_head(c) for c in rows[0].cells] if rows else []
    for s in told if groups else ():
        text = case.flat[s.passage.start : s.passage.end]
        named = [w for w in groups if re.search(rf"\b{re.escape(w)}\b", text)]
        said = in_full(text) if len(named) == 1 else frozenset()
        most = max((len(names) for names in heads if names <= said), default=0)
        columns = [j for j, names in enumerate(heads) if names <= said and 0 < len(names) == most]
        group = groups[named[0]] if len(named) == 1 else []
        if len(columns) != 1 or len(group) != len(s.shares) or any(len(r.cells) <= columns[0] for r in group):
            continue
        cells = [r.cells[columns[0]] for r in group]
        printed = [x[0].text if (x := printed_in(c)) else "" for c in cells]
        odd = [m for m in s.shares if m["n"] not in printed]
        left = [k for k, x in enumerate(printed) if x not in {m["n"] for m in s.shares}]
        elsewhere = {x.text for r in rows[1:] for c in r.cells for x in printed_in(c)}
        if len(odd) == len(left) == 1 and odd[0]["n"] not in elsewhere and is_one_slip(odd[0]["n"], printed[left[0]]):
            _tell(case, s.passage, odd[0], cells[left[0]], cells[left[0]].text, f"{odd[0]['n']}%")


def _tell(case: Case, p: Passage, m: re.Match[str], cell: Cell, there: str, here: str) -> None:
    places = [m.span("n"), cell.at]
    if not any(compared(case, x, "text/table") for x in places):
        sentence = f"The table prints “{there}” where the text has {here}, and all else that the sentence tells of it."
        judge(case, p, "text/table", places, "error-if", sentence, "comparison with the table")
