"""Rubin's rules: one estimate from those of several completed data sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import p_text, table
from codon12.survival.subjects.options import check_level, check_number
from codon12.survival.subjects.reading import matrix

__all__ = ["PooledEstimates", "pool"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class PooledEstimates(Result):
    """Estimates pooled over completed data sets, one a parameter."""

    estimate: Floats
    within: Floats
    """Mean of the variances."""
    between: Floats
    """Variance of the estimates."""
    total: Floats
    """within + (1 + 1/m) between."""
    df: Floats
    """Degrees of freedom of the t distribution; infinite where the estimates agree and `complete_df` is not given."""
    fraction_missing: Floats
    """Fraction of information about the parameter that is missing, 0 to 1."""
    m: int

    def to_frame(self) -> pl.DataFrame:
        """One row a parameter (by its position): estimate, limits at 95 %, standard error, df, P, fraction missing."""
        lower, upper = self.limits()
        columns = {"estimate": self.estimate, "lower": lower, "upper": upper, "std_error": self.std_error}
        columns |= {"df": self.df, "p": self.p, "fraction_missing": self.fraction_missing}
        return pl.DataFrame({"parameter": [str(i + 1) for i in range(self.estimate.size)], **columns})

    @property
    def std_error(self) -> Floats:
        """Square root of the total variance."""
        return np.sqrt(self.total)

    @property
    def p(self) -> Floats:
        """Two-sided P that a parameter is zero."""
        from scipy import special

        t = np.abs(self.estimate) / self.std_error
        return np.where(np.isinf(self.df), 2 * special.ndtr(-t), 2 * special.stdtr(self.df, -t))

    def limits(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper confidence limits."""
        from scipy import special

        check_level(level)
        q = (1 + level) / 2
        t = np.where(np.isinf(self.df), special.ndtri(q), special.stdtrit(self.df, q))
        return self.estimate - t * self.std_error, self.estimate + t * self.std_error

    def __repr__(self) -> str:
        frame = self.to_frame()
        rows = frame.with_columns(pl.col("p").map_elements(p_text, return_dtype=pl.String)).iter_rows()
        return f"Rubin's rules over {self.m} completed data sets, limits at 95%\n{table(frame.columns, rows)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Rubin's rules, {self.m} completed data sets"
        rows = []
        for r in self.to_frame().iter_rows(named=True):
            names = {"label": f"Parameter {r['parameter']}", "conf_level": 0.95, "method": method}
            sides = {"value": r["estimate"], "lower": r["lower"], "upper": r["upper"]}
            rows.append(row_of(f"estimate_{r['parameter']}", "value", **names, **sides))
        return rows


def pool(estimates: ArrayLike, variances: ArrayLike, *, complete_df: float | None = None) -> PooledEstimates:
    """Pool estimates and their variances by Rubin's rules.

    Parameters
    ----------
    estimates, variances
        Shape (m, p) or (m,): a row an imputation, a column a parameter, in the scale on which estimates are normal
        (log hazard ratios, not hazard ratios).
    complete_df
        Degrees of freedom of the complete data; those of the pooled estimate then do not exceed it (Barnard and
        Rubin). Infinite when left out.

    Raises
    ------
    UsageError
        Fewer than two imputations, other shapes, `complete_df` not positive.
    DataError
        A value that is missing, or a variance that is not positive.

    References
    ----------
    Rubin 1987, Multiple Imputation for Nonresponse in Surveys, section 3.1; Barnard and Rubin 1999, Biometrika 86:948.

    Examples
    --------
    >>> found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> float(found.estimate[0]), float(found.between[0]), round(float(found.total[0]), 6), round(float(found.df[0]), 6)
    (2.0, 1.0, 2.333333, 6.125)
    """
    q, u = matrix(estimates, "estimates"), matrix(variances, "variances")
    if q.ndim != 2 or q.shape != u.shape:
        raise UsageError(f"estimates and variances must be imputations by parameters; got {q.shape} and {u.shape}")
    m = q.shape[0]
    if m < 2:
        raise UsageError(f"Rubin's rules need at least two imputations; got {m}")
    if complete_df is not None:
        check_number("complete_df", complete_df, "positive", above=0)
    if not (np.isfinite(q).all() and np.isfinite(u).all()) or (u <= 0).any():
        raise DataError("an imputation has no estimate, or a variance that is not positive: it cannot be pooled")
    within, between = u.mean(axis=0), q.var(axis=0, ddof=1)
    extra = (1 + 1 / m) * between
    total = within + extra
    share, ratio = extra / total, extra / within
    with np.errstate(divide="ignore", over="ignore"):  # estimates that hardly differ have no end of freedom
        df = (m - 1) / share**2
    if complete_df is not None:
        observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
        df = 1 / (1 / df + 1 / observed)
    missing = (ratio + 2 / (df + 3)) / (ratio + 1)
    return PooledEstimates(
        estimate=q.mean(axis=0),
        within=within,
        between=between,
        total=total,
        df=df,
        fraction_missing=np.where(between > 0, missing, 0.0),
        m=m,
    )
