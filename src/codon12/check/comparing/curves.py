"""Two published curves compared: the hazard ratio of their rebuilt data, with what reading adds to its error."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import polars as pl

from codon12.errors import UsageError

__all__ = ["CurveComparison", "compare_curves"]


class CurveComparison(msgspec.Struct, frozen=True):
    """Hazard ratio of the first curve over the second, its limits, and the span it has over errors of reading."""

    subjects: tuple[int, int]
    events: tuple[int, int]
    hazard_ratio: float
    lower: float
    upper: float
    p: float
    read_low: float
    read_high: float
    reading: float

    @property
    def sentence(self) -> str:
        """One line for people."""
        return (
            f"hazard ratio {self.hazard_ratio:.3g} (95% CI, {self.lower:.3g} to {self.upper:.3g}; P = {self.p:.3g}), "
            f"first over second; {self.read_low:.3g} to {self.read_high:.3g} when survival is read "
            f"within {self.reading:g}"
        )


def compare_curves(
    first: tuple[pl.DataFrame, pl.DataFrame],
    second: tuple[pl.DataFrame, pl.DataFrame],
    *,
    total_events: tuple[int | None, int | None] = (None, None),
    reading: float = 0.005,
    draws: int = 40,
) -> CurveComparison:
    """Rebuild the data behind two curves and compare them by Cox regression.

    Parameters
    ----------
    first, second
        Coordinates (TIME, SURVIVAL) and numbers at risk (TIME, N) of a curve.
    total_events
        Events in all of each curve, where printed.
    reading
        How far a read survival may be off, in survival (0.005 is half a percent).
    draws
        How many times both curves are read anew within `reading`; the same draws on every run.

    Raises
    ------
    UsageError
        `reading` or `draws` is out of its range.
    DataError
        A curve cannot be rebuilt, or no hazard ratio be estimated.

    References
    ----------
    Guyot, Ades, Ouwens and Welton 2012; Cox 1972.
    """
    if not 0 <= reading < 0.2 or draws < 1:
        raise UsageError(f"reading must be from 0 to 0.2 and draws at least 1; got {reading} and {draws}")
    fit, sizes, events = _fitted(first, second, total_events)
    rng = np.random.default_rng(12)
    ratios = []
    for _ in range(draws):
        noisy = [(_read_again(curve[0], reading, rng), curve[1]) for curve in (first, second)]
        ratios.append(_fitted(noisy[0], noisy[1], total_events)[0][0])
    log, se = math.log(fit[0]), fit[1]
    p = math.erfc(abs(log) / se / math.sqrt(2))
    return CurveComparison(sizes, events, fit[0], math.exp(log - _Z * se), math.exp(log + _Z * se), p,
                           min(ratios), max(ratios), reading)  # fmt: skip


_Z = 1.959963984540054


def _fitted(
    first: tuple[pl.DataFrame, pl.DataFrame],
    second: tuple[pl.DataFrame, pl.DataFrame],
    total_events: tuple[int | None, int | None],
) -> tuple[tuple[float, float], tuple[int, int], tuple[int, int]]:
    from codon12.survival import cox
    from codon12.survival.published.guyot import rebuild_individual_data

    rebuilt = [
        rebuild_individual_data(*curve, total_events=total).select(
            "AVAL", EVENT=1 - pl.col("CNSR"), FIRST=pl.lit(1 - k)
        )
        for k, (curve, total) in enumerate(zip((first, second), total_events, strict=True))
    ]
    fit = cox(pl.concat(rebuilt), time="AVAL", event="EVENT", terms="FIRST")
    sizes, events = (rebuilt[0].height, rebuilt[1].height), tuple(int(r["EVENT"].sum()) for r in rebuilt)
    return (math.exp(float(fit.coef[0])), float(fit.std_error[0])), sizes, (events[0], events[1])


def _read_again(curve: pl.DataFrame, reading: float, rng: np.random.Generator) -> pl.DataFrame:
    noise = pl.Series(rng.uniform(-reading, reading, curve.height))
    return curve.with_columns(SURVIVAL=(pl.col("SURVIVAL") + noise).clip(0.0, 1.0))
