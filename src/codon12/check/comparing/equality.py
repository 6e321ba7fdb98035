"""Whether a statement prints a number of the study: rounded, in days, weeks or years as well as in months."""

from __future__ import annotations

from typing import Any

from codon12.check.statements import Limit, Statement
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed, percent_modes

__all__ = ["MONTHS", "Row", "factor_of", "far", "is_equal", "prints", "shown", "whose"]

Row = dict[str, Any]
MONTHS = {"days": 1 / 30.4375, "weeks": 7 / 30.4375, "years": 12.0}
"""Months in a unit that a text may print in place of them."""
_LOOSE = 0.02
"""Share by which months of 30 and of 31 days differ: no contradiction is made of less."""
_SPANNED_OTHERWISE = {"follow_up", "dor"}
"""Times cut short by censoring, whose range texts compute in several ways: half of one is a slip, another is none."""


def factor_of(s: Statement, row: Row) -> float:
    """Units of the row in one of the statement."""
    unit = s.quantities.unit
    in_months = row.get("unit") == "months" or row["kind"] == "time"
    return MONTHS[unit] if in_months and unit in MONTHS else 1.0


def whose(row: Row) -> tuple[Any, ...]:
    """What a number is of, whatever the statistic: endpoint, arm, subgroup and reader."""
    return tuple(row.get(k) for k in ("endpoint", "arm", "group", "level", "evaluator"))


def prints(printed: Printed, value: float | None, factor: float = 1.0) -> bool:
    """Whether a printed number is a value, rounded; `factor` are the units of the value in one of it."""
    return value is not None and factor * float(printed.low) - 1e-9 <= value <= factor * float(printed.high) + 1e-9


def _limit_is(printed: Limit, value: float | None, factor: float = 1.0) -> bool:
    if printed is None:
        return True
    return (
        value is None if printed == "not reached" else isinstance(printed, Printed) and prints(printed, value, factor)
    )


def is_equal(s: Statement, row: Row) -> bool:
    """Whether every number of a statement that the row has is the row's number, rounded.

    A ratio with limits, or a difference, may also be that of the same groups the other way round; the sign of a
    difference may stand before what was read of it (`difference, -4.0 points; 95% CI, -16.0 to 8.1`) or in its words.
    """
    if row["kind"] == "difference" and row["value"] is not None:
        unsigned = [r | {"value": -r["value"]} for r in (row, _turned(row))]
        return any(_is_equal(s, r) for r in (row, _turned(row), *unsigned))
    return _is_equal(s, row) or (
        row["kind"] == "ratio" and s.quantities.interval == "ci" and _is_equal(s, _turned(row))
    )


def _turned(row: Row) -> Row:
    """A ratio, or a difference, of the same groups the other way round."""
    value, lower, upper = (row[k] for k in ("value", "lower", "upper"))
    if row["kind"] == "difference":
        value, lower, upper = (None if x is None else -x for x in (value, lower, upper))
    else:
        value, lower, upper = (1 / x if x else None for x in (value, lower, upper))
    return row | {"value": value, "lower": upper, "upper": lower}


def _is_equal(s: Statement, row: Row) -> bool:
    q = s.quantities
    if q.n is not None and q.n != row["n"]:
        return False
    if q.N is not None and row["N"] != q.N and q.percent is not None and q.n is not None:
        return False
    if q.n is not None and q.percent is not None and row["N"] and q.interval is None:
        return bool(percent_modes(q.n, row["N"], q.percent))  # also with its digits cut off
    if q.N is not None and q.n is not None and q.percent is None and row["N"] is not None:
        return row["N"] == q.N
    factor = factor_of(s, row)
    value = q.percent if q.percent is not None else q.value
    if value is not None and not prints(value, row["value"], factor):
        return False
    if q.interval == "range" and row.get("span") is not None:
        low, high = row["span"]
        return _limit_is(q.low, low, factor) and _limit_is(q.high, high, factor)
    if q.interval == "range" and row.get("span_of_some") is not None:
        low, high = row["span_of_some"]
        same = _limit_is(q.low, low, factor), _limit_is(q.high, high, factor)
        if all(same) or (_limit_is(q.low, row["lower"], factor) and _limit_is(q.high, row["upper"], factor)):
            return True
        return str(row["endpoint"]) in _SPANNED_OTHERWISE and not any(same)
    if q.interval == "range" and row["kind"] == "time" and row["lower"] is not None:
        same = _limit_is(q.low, row["lower"], factor), _limit_is(q.high, row["upper"], factor)
        return any(same) == all(same)  # limits that are not called so, or a range that the study has not
    return q.interval != "ci" or (_limit_is(q.low, row["lower"], factor) and _limit_is(q.high, row["upper"], factor))


def far(s: Statement, row: Row) -> bool:
    """Whether a statement that differs does so by more than another length of a month could explain."""
    factor = factor_of(s, row)
    value = s.quantities.value
    if factor == 1.0 or value is None or row["value"] is None:
        return True
    low, high = factor * float(value.low), factor * float(value.high)
    return not low * (1 - _LOOSE) <= row["value"] <= high * (1 + _LOOSE)


def shown(row: Row, s: Statement) -> str:
    """The study's number with as many digits, and in the unit, as the statement prints."""
    q = s.quantities
    like = q.percent or q.value
    digits = like.digits if like is not None else 1
    count = f"{row['n']} of {row['N']}, " if q.n is not None else ""
    factor = factor_of(s, row)
    limits = ""
    if q.interval == "ci":
        limits = f" ({_printed(row['lower'], digits, factor)} to {_printed(row['upper'], digits, factor)})"
    elif q.interval == "range" and (span := row.get("span") or row.get("span_of_some")) is not None:
        low, high = span
        limits = f" (range {_printed(low, digits, factor)} to {_printed(high, digits, factor)})"
    return f"{count}{_printed(row['value'], digits, factor)}{limits}"


def _printed(value: float | None, digits: int, factor: float) -> str:
    return print_number(None if value is None else value / factor, digits)
