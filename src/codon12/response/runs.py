"""Rows of one visit beside each other, and what is said of each visit: one pass over a column, no table of groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.response.keys import ordered, sources

__all__ = ["Runs"]

_FAR = 2**62
"""Above any whole number that is compared."""


@dataclass(frozen=True)
class Runs:
    """Rows sorted by `by`, of which those that agree in all of it are a run.

    Examples
    --------
    >>> rows = pl.DataFrame({"_k": [1, 0, 1], "_visit": [1.0, 1.0, 1.0], "mm": [5, 4, None]})
    >>> runs = Runs.of(rows, ["_k", "_visit"])
    >>> runs.keys.rows(), runs.lowest("mm").to_list(), runs.total("mm").to_list()
    ([(0, 1.0), (1, 1.0)], [4, 5], [4, 5])
    """

    rows: pl.DataFrame
    by: list[str]
    starts: NDArray[np.int64]
    """First row of each run."""

    @classmethod
    def of(cls, rows: pl.DataFrame, by: list[str]) -> Runs:
        """Sort rows, where they are not sorted by `by`, and find the runs."""
        if not _is_sorted(rows, by):
            rows = ordered(rows, by)
        differ = [pl.col(c).ne_missing(pl.col(c).shift()) for c in by]
        begins = rows.select(pl.any_horizontal(*differ)).to_series().to_numpy().copy()
        begins[:1] = True  # nothing stands before the first row
        starts = begins.nonzero()[0]
        return cls(rows, by, starts)

    @property
    def keys(self) -> pl.DataFrame:
        """What the rows of each run agree in."""
        return self.rows.select(self.by)[self.starts]

    @cached_property
    def number(self) -> NDArray[np.int64]:
        """Of each row the number of its run."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=self.rows.height))

    def lowest(self, of: str | pl.Series) -> pl.Series:
        """Lowest value of each run; null where there is none."""
        return self._end(of, np.fmin, _FAR)

    def highest(self, of: str | pl.Series) -> pl.Series:
        """Highest value of each run; null where there is none."""
        return self._end(of, np.fmax, -_FAR)

    def total(self, of: str | pl.Series) -> pl.Series:
        """Sum of each run, of null nothing."""
        return pl.Series(self._over(np.add, self._column(of).fill_null(0)))

    def bits(self, of: str | pl.Series) -> pl.Series:
        """Bits that are set in any row of each run."""
        return pl.Series(self._over(np.bitwise_or, self._column(of).fill_null(0)))

    def any(self, of: str | pl.Series) -> pl.Series:
        """Whether it holds in any row of each run."""
        return pl.Series(self._over(np.logical_or, self._column(of).fill_null(value=False)), dtype=pl.Boolean)

    def source(self, rank: str | None = None) -> list[pl.Series]:
        """The source of the row of lowest `rank` of each run, of these the first by SRCROW; SRCDOM the lowest."""
        names = sources(self.rows)
        if "SRCROW" not in names:
            return [self.lowest(c) for c in names]
        place = self.rows["SRCROW"].cast(pl.Int64)
        if rank is not None:
            place += self.rows[rank].cast(pl.Int64) * 2**40
        place = place.fill_null(_FAR)
        least = self._over(np.minimum, place)
        hits = (place.to_numpy() == least[self.number]).nonzero()[0]
        first = np.ones(len(hits), dtype=bool)
        first[1:] = self.number[hits[1:]] != self.number[hits[:-1]]
        own = self.rows.select(names)[hits[first]]
        known = own["SRCROW"].is_not_null()
        told = own.with_columns(pl.when(known).then(c).alias(c) for c in names if c not in ("SRCROW", "SRCDOM"))
        return [self.lowest(c) if c == "SRCDOM" else told[c] for c in names]

    def _column(self, of: str | pl.Series) -> pl.Series:
        return self.rows[of] if isinstance(of, str) else of

    def _over(self, fold: np.ufunc, of: pl.Series) -> NDArray[np.generic]:
        values = of.to_numpy()
        return fold.reduceat(values, self.starts) if len(values) else values

    def _end(self, of: str | pl.Series, fold: np.ufunc, none: int) -> pl.Series:
        column = self._column(of)
        if not (column.dtype.is_numeric() or column.dtype == pl.Date):
            return self._end_of_texts(column, lowest=fold is np.fmin)
        physical = column.to_physical()
        whole = not physical.dtype.is_float()
        filled = physical.cast(pl.Int64).fill_null(none) if whole else physical.fill_null(none)
        found = pl.Series(column.name, self._over(fold, filled))
        if column.null_count():
            found = found.set(found == none, None)
        return found.cast(physical.dtype).cast(column.dtype)

    def _end_of_texts(self, column: pl.Series, *, lowest: bool) -> pl.Series:
        inner = np.ones(len(column), dtype=bool)
        inner[self.starts] = False
        changes = column.ne_missing(column.shift())
        if not (changes & pl.Series(inner)).any():
            return column.gather(self.starts)
        value = pl.col(column.name).min() if lowest else pl.col(column.name).max()
        runs = column.to_frame().with_columns(_run=pl.Series(self.number))
        return runs.group_by("_run").agg(value).sort("_run")[column.name]


def _is_sorted(rows: pl.DataFrame, by: Sequence[str]) -> bool:
    """Whether rows of numbers are sorted by two columns already."""
    if len(by) != 2 or not all(rows.schema[c].is_numeric() for c in by):
        return False
    first, second = (rows[c].to_numpy() for c in by)
    later = first[1:] > first[:-1]
    later |= (first[1:] == first[:-1]) & (second[1:] >= second[:-1])
    return bool(later.all())
