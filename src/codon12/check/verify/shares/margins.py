"""Cells that are not of the head of their column: of their row, of the categories under a heading, measures."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import percent_modes

__all__ = ["OF_THE_ROW", "counted_beside", "is_measure", "is_over_time", "margin", "part_above"]

OF_THE_ROW = "the sum of the row"
"""How the total of a row of percentages is called."""
_FARTHEST = 25
"""Most rows above or below that are looked at for the categories of a heading."""
_MEASURE = re.compile(
    r"\b(?:age|bmi|weight|height|psa|ldh|cea|scores?|duration|time|size|diameter|volume|dose|level|count|months|years|"
    r"follow-up|h[ae]+moglobin|albumin|bilirubin|creatinine|platelets|neutrophils|cycles|length|"
    r"interval|at risk|censored)\b",
    re.IGNORECASE,
)
_A_GROUP = re.compile(r"[<>≥≤=%]|\d|\b(?:or|no|n|yes|high|low|normal|elevated)\b", re.IGNORECASE)


def is_measure(case: Case, s: Statement) -> bool:
    """Whether the label of a row names a measure (age, weight, numbers at risk) and nothing says that it is counted."""
    heading = case.text.passages[s.passage].heading
    if "%" in s.quote or re.search(r"at risk|censored", f"{heading} {s.label}", re.IGNORECASE):
        return "%" not in case.spelled(s)
    return _MEASURE.search(s.label) is not None and _A_GROUP.search(s.label) is None


_OVER_TIME = re.compile(
    r"\b(?:DO?R|PFS|OS|DFS|EFS|RFS)\b|duration of|survival|event-free|alive|ongoing at|(?:at|≥|>=) ?\d+ ?(?:mo|yr|y|"
    r"month|year)|\d+[- ](?:month|year|mo|yr)s?\b",
    re.IGNORECASE,
)
"""Rows of a table whose percentages may be Kaplan-Meier estimates."""


_OF_AGE = re.compile(r"\bage[ds]?\b(?! at)", re.IGNORECASE)


def is_over_time(words: str) -> bool:
    """Whether the label or heading of a row speaks of times to an event, whose percentages may be estimates.

    Examples
    --------
    >>> is_over_time("12-month PFS"), is_over_time("Age over 75 years")
    (True, False)
    """
    return _OVER_TIME.search(words) is not None and _OF_AGE.search(words) is None


def counted_beside(case: Case, s: Statement) -> bool:
    """Whether the other cells of its row are shares of the heads of their columns, to a decimal or two of them."""
    fits = [
        c.quantities.percent.digits
        for c in _counted(case, s.passage)
        if c.id != s.id and c.quantities.percent is not None and len(totals := case.tables.of_column(c)) == 1
        and percent_modes(c.quantities.n or 0, totals[0][0], c.quantities.percent)
    ]  # fmt: skip
    return any(fits) or len(fits) > 1


def margin(case: Case, s: Statement) -> Denominator | None:
    """The sum of its row, or of the categories of its column, where every cell prints as a percentage of that sum.

    One cell that does not fit leaves all unexplained, so that a slip in a table of such percentages is still seen.
    """
    row = _counted(case, s.passage)
    if len(row) > 1 and (total := _fits(row)) is not None:
        return Denominator(total, "table_header", OF_THE_ROW, "structural")
    if s.column is None:
        return None
    own = case.text.passages[s.passage]
    sides: dict[int, list[Statement]] = {-1: [], 1: []}
    for step in (-1, 1):
        for k in range(1, _FARTHEST):
            at = s.passage + step * k
            if not 0 <= at < len(case.text.passages):
                break
            p = case.text.passages[at]
            if p.table != own.table or p.heading != own.heading:
                break
            cells = _counted(case, at)
            found = next((c for c in cells if c.column == s.column), None)
            if found is None:
                break
            sides[step].append(found)
    block = [*sides[-1], s, *sides[1]]
    total = _fits(block) if own.heading and len(block) > 1 else None
    if total is None:
        total = _of_neighbours(sides[-1][: _MOST_CATEGORIES - 1], s, sides[1][: _MOST_CATEGORIES - 1])
    return None if total is None else Denominator(total, "table_header", "the sum of the categories", "structural")


_MOST_CATEGORIES = 9
"""Most rows that are taken together as the categories of one thing where no heading says which belong together."""


def _of_neighbours(above: list[Statement], s: Statement, below: list[Statement]) -> int | None:
    """The sum of the rows right above and below, the fewest of them, of which every one prints as its percentage.

    `Absent 826 (81%)`, `Present 198 (19%)`, `Missing 5`: of the 1024 with a value, whatever stands over the column.
    """
    sizes = sorted((a + b, a, b) for a in range(len(above) + 1) for b in range(len(below) + 1) if a + b)
    for _, a, b in sizes:
        if a + b < _MOST_CATEGORIES and (total := _fits([*above[:a], s, *below[:b]])) is not None:
            return total
    return None


_A_PART = re.compile(
    r"\b(?:measurable|evalua\w+|assess\w+|analy[sz]\w+|tested|available|patients|participants|subjects|women|men|with)\b",
    re.IGNORECASE,
)
"""Labels of rows whose counts may be the totals of the rows below: `Patients with measurable disease, n (%)`."""


def part_above(case: Case, s: Statement) -> Denominator | None:
    """The count of a row further up that the cells of its row and of the rows between are of, not of the head.

    `Patients with measurable disease 25 (56)`, then `Stable disease 6 (24)`: of the 25. Another cell must say the same,
    two where the label of that row names no part of the patients.
    """
    q, table = s.quantities, case.text.passages[s.passage].table
    if q.n is None or q.percent is None or table is None:
        return None
    row = _counted(case, s.passage)
    for k in range(1, _FARTHEST):
        if s.passage < k or case.text.passages[s.passage - k].table != table:
            return None
        above = {c.column: c for c in case.by_passage.get(s.passage - k, ()) if c.kind == "table_cell"}
        whole = above[s.column].quantities.n if s.column in above else None
        if whole is None or whole <= q.n or not percent_modes(q.n, whole, q.percent):
            continue
        beside = sum(c.id != s.id and c.column in above and _is_of(c, above[c.column].quantities.n) for c in row)
        near = [*range(s.passage - k + 1, s.passage), *range(s.passage + 1, s.passage + _MOST_CATEGORIES)]
        near = [at for at in near if at < len(case.text.passages) and case.text.passages[at].table == table]
        beside += sum(_is_of(c, whole) for at in near for c in _counted(case, at) if c.column == s.column)
        label = above[s.column].label
        if beside >= (1 if _A_PART.search(label) else 2):
            return Denominator(whole, "table_header", f"the row “{label[:40]}”", "structural")
    return None


def _is_of(c: Statement, whole: int | None) -> bool:
    n, percent = c.quantities.n, c.quantities.percent
    return bool(whole and n and percent and n < whole and percent_modes(n, whole, percent))


def _counted(case: Case, passage: int) -> list[Statement]:
    return [
        c
        for c in case.by_passage.get(passage, ())
        if c.kind == "table_cell" and c.quantities.n is not None and c.quantities.percent is not None
    ]


def _fits(cells: list[Statement]) -> int | None:
    total = sum(c.quantities.n or 0 for c in cells)
    if total < 2:
        return None
    for c in cells:
        if c.quantities.percent is None or not percent_modes(c.quantities.n or 0, total, c.quantities.percent):
            return None
    return total
