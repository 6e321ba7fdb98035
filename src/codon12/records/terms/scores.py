"""Expression scores as reported: a percentage, a bound, a range or a word, each read as an interval."""

from __future__ import annotations

import re

import msgspec
import polars as pl

from codon12.errors import UsageError

__all__ = ["MISSING", "SCORE_SCHEMA", "Interval", "grades_of", "read_score", "read_scores"]

SCORE_SCHEMA = pl.Schema(
    {
        "LOWER": pl.Float64,
        "UPPER": pl.Float64,
        "LOWER_IN": pl.Boolean,
        "UPPER_IN": pl.Boolean,
        "PROBLEM": pl.String,
    }
)
"""Columns of scores as intervals: the bounds, whether each bound is itself possible, and why a text was not read."""

_NUMBER = r"(0,\d{1,6}|\d{1,6}(?:\.\d{1,6}|,\d{1,2}|,\d{4,6})?)"  # 1,500 may be a thousand and a half
_ONE = re.compile(rf"(<=|>=|≤|≥|<|>|=)?\s*{_NUMBER}\s*%?")
_RANGE = re.compile(rf"{_NUMBER}\s*%?\s*(?:-|–|—|to)\s*(<)?\s*{_NUMBER}\s*%?", re.IGNORECASE)
_GRADE = re.compile(r"(TC|IC)\s*([0-3](?:\s*[/,]\s*[0-3])*)", re.IGNORECASE)
MISSING = ("", ".", "na", "n/a", "nd", "not done", "not tested", "unknown", "not available", "not evaluable")
_NEGATIVE, _POSITIVE = ("negative", "neg", "neg.", "absent"), ("positive", "pos", "pos.")
# SP142 grades: TC 3 >= 50 %, 2 5-49 %, 1 1-4 %; IC 3 >= 10 %, 2 5-9 %, 1 1-4 %; 0 below 1 %.
_GRADES = {"TC": (0.0, 1.0, 5.0, 50.0, 100.0), "IC": (0.0, 1.0, 5.0, 10.0, 100.0)}
_SCALES = ("TPS", "CPS", "TC", "IC")


class Interval(msgspec.Struct, frozen=True):
    """What a reported score can be: from `lower` to `upper`, each bound itself possible or not.

    Examples
    --------
    >>> Interval(1, 50, upper_in=False).at_least(50), Interval(1, 100).at_least(50)
    (False, None)
    """

    lower: float
    upper: float
    lower_in: bool = True
    upper_in: bool = True

    def at_least(self, cut: float) -> bool | None:
        """Tell whether the score reaches a cut-off; None where the interval lies on both sides of it."""
        if self.lower >= cut:
            return True
        return False if self.upper < cut or (self.upper == cut and not self.upper_in) else None


def read_score(text: str, *, scale: str = "TPS") -> Interval | None:
    """Read one score in percent: ``50``, ``50%``, ``<1%``, ``>=50``, ``1-49``, ``negative``, ``TC2``, ``TC2/3``.

    A missing score is None. ``negative`` is below 1 and ``positive`` at least 1. A combined positive score (CPS) is
    capped at 100 as well.

    Raises
    ------
    UsageError
        Not a score, or one outside 0 to 100.

    Notes
    -----
    Source: PD-L1 IHC 22C3 pharmDx and VENTANA SP142 interpretation manuals.

    Examples
    --------
    >>> read_score("<1%")
    Interval(lower=0.0, upper=1.0, lower_in=True, upper_in=False)
    >>> read_score("1-49").upper, read_score("TC2", scale="TC").upper
    (49.0, 50.0)
    """
    if scale.upper() not in _SCALES:
        raise UsageError(f"scale {scale!r} is none of {', '.join(_SCALES)}")
    plain = text.strip()
    grade = _GRADE.fullmatch(plain)
    if grade:
        return _graded(grade[1].upper(), grades_of(grade[2], text), scale.upper(), text)
    plain = re.sub(rf"^(?:{scale}|PD-?L1)\s*[:=]?\s*(?=[\d<>=≤≥])", "", plain, flags=re.IGNORECASE)
    lower = plain.lower()
    if lower in MISSING:
        return None
    if lower in _NEGATIVE:
        return Interval(0.0, 1.0, upper_in=False)
    if lower in _POSITIVE:
        return Interval(1.0, 100.0)
    spread = _RANGE.fullmatch(plain)
    if spread:
        low, high = _percent(spread[1], text), _percent(spread[3], text)
        if low > high:
            raise UsageError(f"{text!r}: the range ends at {high:g}, below its begin at {low:g}")
        return Interval(low, high, upper_in=spread[2] is None)
    one = _ONE.fullmatch(plain)
    if one is None:
        raise UsageError(
            f"{text!r} is no {scale} score: give a percentage, a bound (<1, >=50), a range (1-49) or 'negative'"
        )
    value = _percent(one[2], text)
    sign = (one[1] or "=").replace("≤", "<=").replace("≥", ">=")
    if sign in ("<", "<="):
        return Interval(0.0, value, upper_in=sign == "<=")
    if sign in (">", ">="):
        return Interval(value, 100.0, lower_in=sign == ">=")
    return Interval(value, value)


def _percent(text: str, whole: str) -> float:
    value = float(text.replace(",", "."))
    if value > 100:
        raise UsageError(f"{whole!r}: a score of {value:g} lies above 100 %")
    return value


def grades_of(digits: str, text: str) -> tuple[int, int]:
    """Lowest and highest of grades written ``2/3``; they must follow one another without a gap."""
    grades = sorted({int(d) for d in re.findall(r"[0-3]", digits)})
    if grades != list(range(grades[0], grades[-1] + 1)):
        raise UsageError(f"{text!r}: grades {grades} do not follow one another")
    return grades[0], grades[-1]


def _graded(scale: str, grades: tuple[int, int], wanted: str, text: str) -> Interval:
    if scale != wanted:
        raise UsageError(f"{text!r} is on scale {scale}, not {wanted}; scales are not converted into each other")
    bounds, (low, high) = _GRADES[scale], grades
    return Interval(bounds[low], bounds[high + 1], upper_in=high == 3)


def read_scores(column: pl.Series, *, scale: str = "TPS") -> pl.DataFrame:
    """Read a column of scores as `read_score` reads one; a frame of `SCORE_SCHEMA` in the column's order.

    A text that cannot be read has no bounds and a PROBLEM; a missing one has neither.

    Examples
    --------
    >>> read_scores(pl.Series(["50", "101", None])).select("LOWER", "PROBLEM").rows()
    [(50.0, None), (None, "'101': a score of 101 lies above 100 %"), (None, None)]
    """
    texts = column.cast(pl.String)
    rows = [(text, *_row(text, scale)) for text in texts.drop_nulls().unique()]
    table = pl.DataFrame(rows, schema={"text": pl.String} | dict(SCORE_SCHEMA), orient="row")
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left").drop("text")


def _row(text: str, scale: str) -> tuple[float | None, float | None, bool | None, bool | None, str | None]:
    try:
        found = read_score(text, scale=scale)
    except UsageError as err:
        return None, None, None, None, str(err)
    if found is None:
        return None, None, None, None, None
    return found.lower, found.upper, found.lower_in, found.upper_in, None
