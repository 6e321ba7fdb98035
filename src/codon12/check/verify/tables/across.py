"""Columns that follow from others of their row, and the limits beside them, in every row where most rows show it."""

from __future__ import annotations

from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.prose import held
from codon12.check.verify.tables.figures import Column, Grid
from codon12.check.verify.tables.one_number import check_one_number
from codon12.check.verify.tables.ways import CHANCE, TIME, Found, columns_that_follow, digits_of
from codon12.numbers.proportion import METHODS, proportion_interval
from codon12.numbers.rate import RATE_METHODS, rate_interval

__all__ = ["check_across"]


def check_across(case: Case, grid: Grid) -> None:
    """Check each column that two others of the table make in most rows, and the limits beside it."""
    told: set[tuple[int, int]] = set()
    for found in columns_that_follow(grid):
        for row in found.wrong:
            if found.made.figures[row].at not in told:
                told.add(found.made.figures[row].at)
                _tell(case, grid, found, row)
        for row in found.right:
            _confirm(case, grid, found, row)
        _limits(case, grid, found, told)
    check_one_number(case, grid, told)


def _confirm(case: Case, grid: Grid, found: Found, row: int) -> None:
    """A number that no other rule could check is what two others of its row make."""
    part, whole, made = (c.figures[row] for c in (found.part, found.whole, found.made))
    for s in held(case, grid.rows[row].passage, made.at):
        if not any(c.rule == "count/percent" for c in case.checks.get(s.id, ())):
            x = f"{found.way.of(float(part.value.value), float(whole.value.value)):.4g}"
            says = found.way.says.format(a=part.value.text, b=whole.value.text, x=x)
            case.add(
                s, Check("worked out", "ok", f"{says}, printed {made.value.text}.", _method(found), tie="structural")
            )


def _method(found: Found) -> str:
    return f"{found.way.name} of two columns"


def _tell(case: Case, grid: Grid, found: Found, row: int) -> None:
    cells = [c.figures[row] for c in (found.part, found.whole, found.made)]
    places = [f.at for f in cells]
    if grid.is_judged(case, row, places[2]):
        return
    a, b, given = (f.value for f in cells)
    if found.way.name == "share" and a.value > b.value:
        shown = f"{a.text} is more than the {b.text} of its row"
    elif not b.value:
        return
    else:
        x = f"{found.way.of(float(a.value), float(b.value)):.4g}"
        shown = found.way.says.format(a=a.text, b=b.text, x=x) + f", not {given.text}"
    rest = (
        f"in {len(found.right)} other rows the columns make it" if len(found.right) > 1 else "in the other row they do"
    )
    p = grid.rows[row].passage
    case.relate("worked out", places, "error-if", f"{shown}; {rest}.", _method(found),
                on=held(case, p, places[2], places[0]), tie="structural")  # fmt: skip


def _limits(case: Case, grid: Grid, found: Found, told: set[tuple[int, int]]) -> None:
    """The limits in the cell of a share or a rate, or in the next: of one method in most rows, so in the others."""
    j = found.made.place[0]
    sides = [{c.place[1]: c for c in grid.columns if c.place[0] == at} for at in (j, j + 1)]
    pair = next(((x["low"], x["high"]) for x in sides if {"low", "high"} <= set(x)), None)
    if pair is None or (found.way.name == "rate" and not TIME.search(found.whole.head)):
        return
    rows = [k for k in found.right if k in pair[0].figures and k in pair[1].figures]
    made = {k: _made(found, k) for k in rows}
    fits = {k: {m for m, limits in made[k].items() if _are(limits, pair, k)} for k in rows}
    names = list(made[rows[0]]) if rows else []
    best = max(names, key=lambda m: sum(m in x for x in fits.values()), default="")
    right = [k for k in rows if best in fits[k]]
    wrong = [k for k in rows if not fits[k] and best in made[k] and not _are(made[k][best], pair, k, _LAST_DIGIT)]
    digits = sum(digits_of(c.figures[k].value, found.way.scale) for k in right for c in pair)
    if digits < CHANCE or 3 * len(wrong) > len(right) + 2 or len(wrong) > len(right):
        return
    for k in wrong:
        low, high = (c.figures[k] for c in pair)
        a, b = (c.figures[k].value.text for c in (found.part, found.whole))
        places = [found.part.figures[k].at, found.whole.figures[k].at, low.at, high.at]
        if low.at in told or grid.is_judged(case, k, low.at, high.at):
            continue
        told.add(low.at)
        due = " to ".join(f"{x:.4g}" for x in made[k][best])
        others = f"{len(right)} other rows" if len(right) > 1 else "the other row"
        sentence = (
            f"The limits of {a} and {b} are {due} ({best}, as in {others}), not {low.value.text} to {high.value.text}."
        )
        p = grid.rows[k].passage
        case.relate("worked out", places, "error-if", sentence, "interval of one method", on=held(case, p, low.at),
                    tie="structural")  # fmt: skip


def _made(found: Found, row: int) -> dict[str, tuple[float, float]]:
    """The limits each method gives for the counts of a row."""
    a, b = (float(c.figures[row].value.value) for c in (found.part, found.whole))
    if found.way.name == "rate":
        made = {str(m): rate_interval(a, b, method=m) for m in RATE_METHODS}
        scale = found.way.of(1.0, 1.0)
    else:
        total = a + b if found.way.name == "share of both" else b
        made = {str(m): proportion_interval(a, total, method=m) for m in METHODS}
        scale = found.way.scale
    return {m: (scale * float(low), scale * float(high)) for m, (low, high) in made.items()}


_TWICE = 0.5501
"""Of a last place: rounded, or rounded first to one place more."""
_LAST_DIGIT = 2.1
"""Of a last place: as far as another program may be."""


def _are(limits: tuple[float, float], pair: tuple[Column, Column], row: int, within: float = _TWICE) -> bool:
    """Whether limits print as those of a row, rounded once or twice."""
    return all(
        abs(x - float(f.value.value)) <= within * float(f.value.step)
        for x, f in zip(limits, (c.figures[row] for c in pair), strict=True)
    )
