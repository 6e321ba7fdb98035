"""A number that may not exist: value and limits, or the words that say why not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from codon12.survival.results.words import NOT_ESTIMABLE, Status

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Estimate", "estimates_frame"]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A value with its confidence limits; what has no value says why in its status.

    ``value``, ``lower`` and ``upper`` are None exactly where ``status``, ``lower_status`` and
    ``upper_status`` hold words. No field is ever NaN.

    Examples
    --------
    >>> str(Estimate(value=12.5, lower=9.1, upper_status="not reached", level=0.95))
    '12.5 (95% CI 9.1 to not reached)'
    """

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    std_error: float | None = None
    status: Status | None = None
    lower_status: Status | None = None
    upper_status: Status | None = None
    level: float = 0.95
    group: str = "all"
    at: float | None = None
    """The time, probability or horizon the estimate belongs to."""
    n_risk: float | None = None

    @classmethod
    def of(cls, value: float, lower: float, upper: float, *, missing: Status, **fields: Any) -> Estimate:
        """Build from floats where NaN means missing, for the reason given."""
        numbers = {"value": value, "lower": lower, "upper": upper}
        kept: dict[str, Any] = {k: float(v) for k, v in numbers.items() if not math.isnan(v)}
        words: dict[str, Any] = {
            ("status" if k == "value" else f"{k}_status"): missing for k in numbers if k not in kept
        }
        return cls(**kept, **words, **fields)

    def to_frame(self) -> pl.DataFrame:
        """One row with all fields."""
        return estimates_frame([self])

    def evidence(self, **columns: Any) -> dict[str, Any]:
        """Give this estimate as columns of the evidence table, with whatever else names it.

        Examples
        --------
        >>> Estimate(value=12.5, upper_status="not reached").evidence(id="pfs.median")["upper_status"]
        'not reached'
        """
        return {
            **columns,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "status": self.status,
            "lower_status": self.lower_status,
            "upper_status": self.upper_status,
            "conf_level": self.level,
        }

    @property
    def sides(self) -> tuple[tuple[float | None, str | None], ...]:
        """Value, lower and upper limit, each beside its status."""
        return (
            (self.value, self.status),
            (self.lower, self.lower_status),
            (self.upper, self.upper_status),
        )

    def __str__(self) -> str:
        value, lower, upper = (
            f"{number:g}" if number is not None else word or NOT_ESTIMABLE for number, word in self.sides
        )
        return f"{value} ({100 * self.level:g}% CI {lower} to {upper})"


_TEXT = ("group", "status", "lower_status", "upper_status")
_COLUMNS = ("group", "at", "value", "lower", "upper", "std_error", "n_risk", *_TEXT[1:], "level")


def estimates_frame(estimates: Sequence[Estimate]) -> pl.DataFrame:
    """One row an estimate."""
    import polars as pl

    schema = {c: pl.String if c in _TEXT else pl.Float64 for c in _COLUMNS}
    return pl.DataFrame([[getattr(e, c) for c in _COLUMNS] for e in estimates], schema=schema, orient="row")
