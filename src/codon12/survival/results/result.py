"""What every result of this room can do: become a frame, become numbers of the evidence, be read when printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from codon12.survival.results.rows import Row
from codon12.survival.subjects.options import times_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CurveResult", "Result"]


class Result:
    """A frozen result: ``to_frame()`` for columns, ``evidence()`` for rows of the evidence table, ``print`` to read.

    Each class says itself what it prints (``__repr__``) and which numbers it gives (``as_rows``).
    """

    __slots__ = ()

    if TYPE_CHECKING:  # each result has its own

        def to_frame(self) -> pl.DataFrame:
            """Everything estimated, as columns."""
            ...

        def as_rows(self) -> list[Row]:
            """Rows of the evidence table."""
            ...

    def evidence(self, **columns: Any) -> list[dict[str, Any]]:
        """Give the main numbers as rows of the evidence table (its columns are in docs/house.md).

        Each row has statistic, label, kind, group, level, n, N, value, lower, upper, their statuses, conf_level,
        unit and method; `columns` are added to all rows and go before these (``id=``, ``unit="months"``). Missing
        numbers are None beside the status that says why. Percentages are 0 to 100.

        Examples
        --------
        >>> from codon12.survival import logrank
        >>> [row] = logrank([1, 2, 3, 4], [1, 1, 1, 0], list("aabb")).evidence(endpoint="os")
        >>> row["endpoint"], row["kind"], round(row["value"], 6), row["method"]
        ('os', 'p', 0.089555, 'log-rank test')
        """
        return [row | columns for row in self.as_rows()]


class CurveResult(Result):
    """A result that has a value at every time."""

    __slots__ = ()

    if TYPE_CHECKING:

        def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
            """Rows of the evidence table, with the values at `times`."""
            ...

    def evidence(self, *, times: Iterable[float] = (), **columns: Any) -> list[dict[str, Any]]:
        """Give the median, where a curve has one, and the values at `times` as rows of the evidence table.

        Columns are those of every result; probabilities are in percent. A curve without a median gives its value at
        the last time, where `times` is empty.

        Examples
        --------
        >>> from codon12.survival import kaplan_meier
        >>> rows = kaplan_meier([6, 6, 6, 7, 10], [1, 1, 1, 1, 0]).evidence(times=[6, 12], unit="months")
        >>> [(r["statistic"], r["value"], r["status"]) for r in rows]
        [('median', 6.0, None), ('rate_6', 40.0, None), ('rate_12', None, 'beyond last follow-up')]
        """
        none = isinstance(times, (list, tuple)) and not times
        return [row | columns for row in self.as_rows([] if none else times_of("times", times))]
