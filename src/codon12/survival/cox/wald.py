"""Table of a regression's coefficients: ratios with Wald limits, z and P."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.results.tails import chi_square_log10_p, normal_p
from codon12.survival.subjects.design import DesignColumn

if TYPE_CHECKING:
    import polars as pl

__all__ = ["wald_frame"]

Vector = NDArray[Any]


def wald_frame(
    columns: Sequence[DesignColumn], coef: Vector, std_error: Vector, *, ratio: str, level: float, **others: Vector
) -> pl.DataFrame:
    """One row a coefficient: the `ratio` with its limits, standard errors, z, P, log10 P; null where there is none.

    `others` are further standard errors, placed after the one in force. A ratio beyond the largest double is infinite
    by rounding only; coef always tells.
    """
    import polars as pl
    from scipy import special

    half = -float(special.ndtri((1 - level) / 2))
    z = np.divide(coef, std_error, out=np.full(coef.size, np.nan), where=std_error > 0)
    with np.errstate(over="ignore"):
        value, lower, upper = (np.exp(coef + k * half * std_error) for k in (0, -1, 1))
    found: Mapping[str, Any] = {
        "term": [c.term for c in columns],
        "level": [c.level for c in columns],
        "coef": coef,
        ratio: value,
        "lower": lower,
        "upper": upper,
        "std_error": std_error,
        **others,
        "z": z,
        "p": [normal_p(v) for v in z],
        "log10_p": [chi_square_log10_p(v * v, 1) if np.isfinite(v) else math.nan for v in z],
    }
    frame = pl.DataFrame(found, schema_overrides={"level": pl.String})
    return frame.with_columns(pl.selectors.float().fill_nan(None))
