"""A chi-square test of a fitted model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.tails import chi_square_log10_p, chi_square_p
from codon12.survival.results.text import p_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ModelTest", "quadratic"]


@dataclass(frozen=True, repr=False)
class ModelTest(Result):
    """A chi-square test that every coefficient is zero."""

    name: str
    statistic: float
    df: int

    @property
    def p(self) -> float:
        """Upper-tail P (0 only where it is below the smallest double; see `log10_p`)."""
        return chi_square_p(self.statistic, self.df)

    @property
    def log10_p(self) -> float:
        """Decimal logarithm of P."""
        return chi_square_log10_p(self.statistic, self.df)

    def to_frame(self) -> pl.DataFrame:
        """One row: test, statistic, df, P and log10 P."""
        import polars as pl

        return pl.DataFrame(
            [(self.name, self.statistic, self.df, self.p, self.log10_p)],
            schema=["test", "statistic", "df", "p", "log10_p"],
            orient="row",
        )

    def __repr__(self) -> str:
        return f"{self.name} test: chi-square = {self.statistic:.4g} on {self.df} df, p = {p_text(self.p)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        name = f"{self.name} test"
        return [row_of(f"{self.name.replace(' ', '_')}_p", "p", label=f"P value ({name})", value=self.p, method=name)]


def quadratic(matrix: NDArray[Any], vector: NDArray[Any]) -> float:
    """``v' M^-1 v``, scaled so that units do not matter."""
    size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = vector / size
    return float(scaled @ np.linalg.lstsq(matrix / np.outer(size, size), scaled, rcond=1e-13)[0])
