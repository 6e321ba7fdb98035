"""How a number of the evidence is printed, by its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from codon12.numbers import Rounding, percent, printed, printed_p

__all__ = ["ABBREVIATIONS", "CellParts", "cell_parts", "cell_text", "interval_text", "unit_text"]

ABBREVIATIONS: Mapping[str, str] = {
    "NR": "NR denotes not reached",
    "NE": "NE could not be estimated",
    "+": "+ a censored value",
}
"""Abbreviations a cell may hold, with the words a footnote explains them by."""

_STATUS = {
    "not reached": "NR",
    "not estimable": "NE",
    "beyond last follow-up": "NE",
    "no subjects": "–",
}


class CellParts(NamedTuple):
    """What a cell prints, in pieces: ``46 (37.1)``, ``16/46 (34.8)`` or ``11.1 (6.9–NE)``."""

    value: str
    """The number itself, or its status (NR, NE, –)."""
    limits: tuple[str, str] | None = None
    """Lower and upper limit of an estimate that has any."""
    percent: str | None = None
    """Share of a count or a fraction."""


def cell_parts(number: Mapping[str, Any], rounding: Rounding | None = None) -> CellParts:
    """Pieces of `cell_text`, for those who print them apart.

    Examples
    --------
    >>> cell_parts({"kind": "time", "value": 11.0966, "lower": 6.93, "upper": None})
    CellParts(value='11.1', limits=('6.9', 'NE'), percent=None)
    >>> cell_parts({"kind": "count", "n": 46, "N": 124}).percent
    '37.1'
    """
    rounding = rounding or Rounding()
    kind = number.get("kind")
    if kind == "count":
        return _count(number, rounding)
    if kind == "fraction":
        n, total = number.get("n") or 0, number.get("N") or 0
        if not total:
            return CellParts(_STATUS["no subjects"])
        share = percent(n, total, rounding.percent_digits, mode=rounding.mode)
        return CellParts(f"{n:,}/{total:,}", percent=str(share))
    if kind == "p":
        return CellParts(_p(number.get("value"), rounding))
    if kind == "range":
        return CellParts(_range(number, rounding))
    if kind == "text":
        return CellParts(str(number.get("status") or number.get("value") or ""))
    digits = {
        "rate": rounding.percent_digits,
        "difference": rounding.percent_digits,
        "time": rounding.time_digits,
        "ratio": rounding.ratio_digits,
        "statistic": rounding.ratio_digits,
    }.get(str(kind), rounding.value_digits)
    value = _value(number, digits, rounding)
    low, high = (
        _limit(number.get(side), number.get(f"{side}_status"), digits, rounding) for side in ("lower", "upper")
    )
    if low == high == "NE" or number.get("status") == "no subjects" or kind in ("value", "statistic"):
        return CellParts(value)
    return CellParts(value, limits=(low, high))


def cell_text(number: Mapping[str, Any], rounding: Rounding | None = None) -> str:
    """Text of one number (a row of ``evidence.numbers``), rounded here and nowhere before.

    A missing value prints its status: NR (not reached), NE (not estimable), – (no subjects).

    Examples
    --------
    >>> cell_text({"kind": "count", "n": 46, "N": 124})
    '46 (37.1)'
    >>> cell_text({"kind": "fraction", "n": 16, "N": 46})
    '16/46 (34.8)'
    >>> cell_text({"kind": "time", "value": 11.0966, "lower": 6.93, "upper": None})
    '11.1 (6.9–NE)'
    >>> cell_text({"kind": "time", "value": None, "status": "not reached", "lower": None, "upper": None})
    'NR'
    >>> cell_text({"kind": "difference", "value": -2.04, "lower": -14.1, "upper": 13.9})
    '−2.0 (−14.1 to 13.9)'
    >>> cell_text({"kind": "p", "value": 0.00012})
    '<0.001'
    """
    parts = cell_parts(number, rounding)
    inside = interval_text(parts.limits) if parts.limits else parts.percent
    return parts.value if inside is None else f"{parts.value} ({inside})"


def interval_text(limits: Sequence[str]) -> str:
    """Both limits of an interval, joined by a dash, or by ``to`` where a sign would meet it.

    Examples
    --------
    >>> interval_text(("6.9", "NE"))
    '6.9–NE'
    """
    dash = " to " if any("−" in text or "+" in text for text in limits) else "–"
    return dash.join(limits)


def unit_text(number: Mapping[str, Any]) -> str:
    """What the cells of a number's row print, for the label column.

    Examples
    --------
    >>> unit_text({"kind": "rate", "conf_level": 0.95})
    '% (95% CI)'
    """
    kind = number.get("kind")
    level = number.get("conf_level")
    interval = f"({100 * level:g}% CI)" if level else ""
    if kind == "count":
        return "no. (%)" if number.get("N") else "no."
    if kind == "fraction":
        return "n/N (%)"
    if kind == "rate":
        return interval if str(number.get("label") or "").endswith("%") else f"% {interval}".strip()
    if kind in ("time", "ratio"):
        return interval
    if kind == "difference":
        return interval if "percentage points" in str(number.get("label") or "") else f"percentage points {interval}"
    return ""


def _count(number: Mapping[str, Any], rounding: Rounding) -> CellParts:
    n, total = number.get("n"), number.get("N")
    if n is None:
        return CellParts(_STATUS.get(str(number.get("status")), "–"))
    if n == 0 or not total:
        return CellParts(f"{n:,}")
    return CellParts(f"{n:,}", percent=str(percent(n, total, rounding.percent_digits, mode=rounding.mode)))


def _value(number: Mapping[str, Any], digits: int, rounding: Rounding) -> str:
    value, n, total = number.get("value"), number.get("n"), number.get("N")
    if value is None or not math.isfinite(value):
        return _STATUS.get(str(number.get("status")), "NE")
    if number.get("kind") == "rate" and n is not None and total and abs(100 * n / total - value) < 1e-9:
        return str(percent(n, total, digits, mode=rounding.mode))
    return printed(value, digits, mode=rounding.mode).replace("-", "−")


def _limit(value: float | None, status: Any, digits: int, rounding: Rounding) -> str:
    if value is None or not math.isfinite(value):
        return "NE"
    return printed(value, digits, mode=rounding.mode).replace("-", "−") + ("+" if status == "censored" else "")


def _range(number: Mapping[str, Any], rounding: Rounding) -> str:
    ends = [number.get("lower"), number.get("upper")]
    if ends == [None, None]:
        return _STATUS.get(str(number.get("status")), "–")
    whole = number.get("unit") is None and all(v is not None and float(v).is_integer() for v in ends)
    digits = 0 if whole else rounding.time_digits if number.get("unit") else rounding.value_digits
    return interval_text(
        [_limit(number.get(side), number.get(f"{side}_status"), digits, rounding) for side in ("lower", "upper")]
    )


def _p(value: float | None, rounding: Rounding) -> str:
    if value is None or not math.isfinite(value):
        return "NE"
    return printed_p(value, rounding)
