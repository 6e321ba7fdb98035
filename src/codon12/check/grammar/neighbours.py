"""Cells that belong to the one before them: limits in a column of their own, a percentage beside its count."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.grammar.columns import Cell, Columns
from codon12.check.grammar.places import Place
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["joined"]


def joined(
    fresh: list[tuple[Cell, str, Quantities, int, str]], columns: Columns, width: int, begin: int
) -> list[tuple[Cell, str, Quantities, int, str]]:
    """Cells with those of the next column that belong to them: limits to an estimate, a percentage to a count."""
    out: list[tuple[Cell, str, Quantities, int, str]] = []
    for cell, kind, q, size, how in fresh:
        before = out[-1] if out else None
        if before is None or before[0].column != cell.column - 1 or (before[2].value is None and before[2].n is None):
            out.append((cell, kind, q, size, "" if how == "limits" else how))
            continue
        first, _, number, _, _ = before
        if how == "limits" and _REFERENCE.search(first.words):
            out.append((cell, kind, q, size, ""))
            continue
        if how == "limits" and q.interval == "ci":
            last = out[-2] if len(out) > 1 and out[-2][0].column == first.column - 1 else None
            head = columns.over(first, width, begin)
            if _OF_HETEROGENEITY.search(head) or _PREDICTION.search(columns.over(cell, width, begin)):
                out.append((cell, kind, q, size, ""))
                continue
            if _SPREAD_HEAD.search(head) or (not head and last is not None and _lies_within(last[2], number, q)):
                if last is None or last[2].value is None or last[2].values:
                    out.append((cell, kind, q, size, ""))
                    continue
                out.pop()  # a difference, its error, its limits: the error stands between
                first, _, number, _, _ = last
        length = cell.start + size - first.start
        plain = number.value is not None and not number.values and number.unit is None and number.low is None
        if how == "limits" and q.interval == "ci" and plain:
            place = Place(first, columns.over(first, width, begin), "", "", columns.caption)
            whole = Quantities(value=number.value, low=q.low, high=q.high, interval="ci")
            low, value = q.low, number.value
            above_0 = isinstance(low, Printed) and value is not None and min(value.value, low.value) > 0
            ratio = place.measure if above_0 else None
            if ratio is not None:
                whole = Quantities(value=number.value, low=q.low, high=q.high, interval="ci", measure=ratio)
            out[-1] = (first, "hr_ci_p" if ratio is not None else "value", whole, length, "")
        elif _is_share(number, q, columns.over(first, width, begin), columns.over(cell, width, begin)):
            share = q.value if q.value is not None else read_printed(str(q.n))
            out[-1] = (first, "table_cell", Quantities(n=number.n, percent=share), length, "column")
        else:
            out.append((cell, kind, q, size, "" if how == "limits" else how))
    return out


def _lies_within(one: Quantities, other: Quantities, limits: Quantities) -> bool:
    """Whether of two values the first lies within limits and the second does not."""
    low, high = limits.low, limits.high
    if not isinstance(low, Printed) or not isinstance(high, Printed) or one.value is None or other.value is None:
        return False
    inside = [low.value <= x.value <= high.value for x in (one.value, other.value)]
    return inside == [True, False]


_REFERENCE = re.compile(r"\bref(?:erence|erent)?\b", re.IGNORECASE)
_SPREAD_HEAD = re.compile(
    r"(?:^|[\s(|])(?:S\.?[DE]\.?M?\.?|(?:std\.?|standard) (?:error|err\.?|deviation)s?)\)?$", re.IGNORECASE
)
"""The head of a column of errors, which are no estimates."""
_OF_HETEROGENEITY = re.compile(
    r"[τ\u03c4]|\btau\b|\bI ?[²2]|\bQ\b|\bdf\b|heterogen|\b[Pp][ -]?(?:value)?$|weight", re.IGNORECASE
)
_PREDICTION = re.compile(r"\bpredict", re.IGNORECASE)
"""The head of a column of limits that are of the next study and not of the estimate."""
_PERCENT_HEAD = re.compile(r"[(\[]?(?:%|per ?cent|percentage)[)\]]?[*†‡§]?", re.IGNORECASE)
_COUNT_HEAD = re.compile(r"\b(?:n|no\.?|number|frequency|count|patients|participants)\b", re.IGNORECASE)


def _is_share(count: Quantities, percent: Quantities, head: str, other: str) -> bool:
    """Whether a count and a percentage stand under heads that say so, beside each other."""
    value = percent.value if percent.value is not None else percent.n
    moved = count.n == 0 and (percent.n or (value is not None and not isinstance(value, int) and value.value))
    return (
        count.n is not None
        and not moved  # nobody and 1 %: an empty cell is lost
        and count.percent is None
        and value is not None
        and not percent.values
        and percent.low is None
        and _PERCENT_HEAD.fullmatch(other.rsplit("  ", maxsplit=1)[-1].strip()) is not None
        and _COUNT_HEAD.search(head) is not None
    )
