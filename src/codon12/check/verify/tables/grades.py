"""Grades in columns: none counts more than any grade, and where they exclude each other they add up."""

from __future__ import annotations

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["GRADED", "Row", "check_grades", "grades_in"]

_ANY = r"(?P<any>any[ -]grade|all[ -]grades?)"
_GRADED = (
    r"(?P<graded>grades? ?(?:(?P<over>≥|>=|>) ?)?[1-5](?: ?(?:-|or|to|and|/) ?[1-5])?(?P<more> ?(?:or (?:higher|worse|"
    r"more|above)|\+))?|fatal|≥ ?grade ?[1-5]|grade five)"
)
_COLUMN = re.compile(f"{_ANY}|{_GRADED}", re.IGNORECASE)
_IN_PERCENT = re.compile(r",? ?\(?%\)?\s*(?:[|\t]|$)")
GRADED = re.compile(_GRADED, re.IGNORECASE)
"""Grades as a head or a sentence names them."""


class Row(msgspec.Struct, frozen=True):
    """A row of a table with its counts."""

    table: int
    heading: str
    label: str
    cells: list[Statement]

    @property
    def counts(self) -> list[int]:
        """What the cells count, nothing as 0."""
        return [c.quantities.n or 0 for c in self.cells]

    @property
    def columns(self) -> list[int | None]:
        """Which column each cell stands in."""
        return [c.column for c in self.cells]


def check_grades(case: Case, table: int, rows: list[Row]) -> None:
    """Check the columns of grades of every row of a table against its column of any grade."""
    _grades(case, rows, _groups(case, table, rows))


def grades_in(head: re.Match[str]) -> set[int]:
    """Grades a head is of: `grade 1 or 2` of two, `grade ≥3` of three, `fatal` of the last; all where it says none."""
    words = head[0].lower()
    if "fatal" in words or "five" in words:
        return {5}
    given = [int(x) for x in re.findall(r"[1-5]", words)]
    if not given:
        return set()
    if head["over"] or head["more"] or "≥" in words:
        return set(range(given[0] + (head["over"] == ">"), 6))
    return set(range(given[0], given[-1] + 1))


_GRADES = {1, 2, 3, 4}


def _groups(case: Case, table: int, rows: list[Row]) -> list[tuple[int, list[int], bool, bool]]:
    """Columns of one arm each: that of any grade, those of grades; whether these exclude each other, and are all."""
    width = max(len(row.cells) for row in rows)
    first = rows[0].cells[0].passage
    for index in range(max(0, first - 8), first):
        p = case.text.passages[index]
        if p.table != table:
            continue
        found = list(_COLUMN.finditer(case.flat, p.start, p.end))
        if len(found) > width:  # `Any grade, no. | Any grade, %`
            found = [m for m in found if _IN_PERCENT.match(case.flat, m.end(), p.end) is None]
        if len(found) != width or not any(m["any"] for m in found):
            continue
        groups: list[tuple[int, list[int], bool, bool]] = []
        seen: set[int] = set()
        for column, m in enumerate(found):
            if m["any"]:
                groups.append((column, [], True, False))
                seen = set()
            elif groups:
                any_, graded, apart, _ = groups[-1]
                held = grades_in(m)
                apart = apart and bool(held) and not held & seen
                seen |= held
                groups[-1] = (any_, [*graded, column], apart, seen >= _GRADES)
        return [g for g in groups if g[1]]
    return []


def _grades(case: Case, rows: list[Row], groups: list[tuple[int, list[int], bool, bool]]) -> None:
    """No grade counts more subjects than any grade; where grades add up in nearly every row, the rest are odd."""
    width = max(len(row.cells) for row in rows)
    whole = [row for row in rows if len(row.cells) == width]
    for any_, graded, apart, complete in groups or ([(0, list(range(1, width)), True, False)] if width >= 3 else []):
        good = [apart and row.counts[any_] == sum(row.counts[g] for g in graded) for row in whole]
        each_once = apart and sum(sum(row.counts[g] for g in graded) > row.counts[any_] for row in whole) == 1 < len(
            whole
        )
        adds = len(good) >= 5 and sum(good) >= 0.8 * len(good)
        adds = adds or (complete and len(good) > 2 and sum(good) == len(good) - 1)
        for row, fits in zip(whole, good, strict=True):
            total, parts = row.counts[any_], [row.counts[g] for g in graded]
            members = [row.cells[any_], *(row.cells[g] for g in graded)]
            if adds and fits:
                case.relate("row sum", members, "ok", f"The row adds up to {total}.", "sum of columns",
                            {"parts": parts, "sum": total}, on=members[:1])  # fmt: skip
            elif adds:
                sentence = (
                    f"The other columns add up to {sum(parts)}, not {total}; in {sum(good)} other rows they add up."
                )
                case.relate("row sum", members, "error-if", sentence, "sum of columns", on=members[:1])
            elif groups and parts and max(parts) > total:
                _above_any(case, row.cells[any_], row.cells[graded[parts.index(max(parts))]])
            elif groups and each_once and sum(parts) > total:
                shown = " + ".join(map(str, parts))
                sentence = (
                    f"{shown} = {sum(parts)} is more than {total} of any grade; every subject has one worst "
                    f"grade, and in "
                    "no other row they are more."
                )
                case.relate("row sum", members, "error-if", sentence, "sum of columns", on=members[:1])
    places = [case.tables.place_in_row(c) for c in whole[0].cells] if groups else []
    for row in rows if None not in places else ():
        if len(row.cells) < width:  # a sign for none in one of its columns
            at = {case.tables.place_in_row(c): c for c in row.cells}
            for any_, graded, *_ in groups:
                parts = [c for g in graded if (c := at.get(places[g])) is not None]
                most = max(parts, key=lambda c: c.quantities.n or 0, default=None)
                of = at.get(places[any_])
                if of is not None and most is not None and (most.quantities.n or 0) > (of.quantities.n or 0):
                    _above_any(case, of, most)


def _above_any(case: Case, any_: Statement, worst: Statement) -> None:
    sentence = (
        f"{worst.quantities.n} of one grade is more than {any_.quantities.n or 0} of any grade, "
        "if the header is read right."
    )
    case.relate("subset", (any_, worst), "error-if", sentence, "part <= whole", on=(worst,))
