"""Design matrix of a regression model: terms to numeric columns, with names that can be read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.reading import column, level_text, matrix, missing_rows, table
from codon12.survival.subjects.terms import FactorTerm, Interaction, Term

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DesignColumn", "DesignMatrix", "build_design", "design_of_arrays"]

Coded = list[tuple[str | None, NDArray[np.float64]]]
"""Level and column of each coefficient; no level for a number (an empty text is a level)."""


@dataclass(frozen=True)
class DesignColumn:
    """One coefficient: its term and, where the term has levels, the level."""

    term: str
    level: str | None
    parts: tuple[str, ...] = ()
    """The level of each factor of an interaction, empty for a number (levels may hold colons themselves)."""

    @property
    def name(self) -> str:
        """``age``, ``arm=B``, ``arm:sex=B:M``."""
        return self.term if self.level is None else f"{self.term}={self.level}"


@dataclass(frozen=True)
class DesignMatrix:
    """Columns of the design (p rows, one a coefficient) and how to build the same for new subjects."""

    x: NDArray[np.float64]
    columns: tuple[DesignColumn, ...]
    terms: tuple[Term, ...]
    levels: dict[str, tuple[Any, ...]]
    """Levels of every factor, the reference first."""

    def of(self, frame: Any) -> NDArray[np.float64]:
        """Design of new subjects, shape (subjects, p).

        Raises ``UsageError`` on a missing column and ``DataError`` on an unseen level or a missing value.
        """
        by_place = not self.levels and all(c.name == f"x{i + 1}" for i, c in enumerate(self.columns))
        if isinstance(frame, np.ndarray) or (by_place and isinstance(frame, (list, tuple))):
            x = matrix(frame, "new subjects")
            if x.shape[1] != len(self.columns) and isinstance(frame, np.ndarray) and frame.ndim == 1:
                x = x.T  # one subject's covariates
            if x.shape[1] != len(self.columns):
                raise UsageError(f"new subjects need {len(self.columns)} columns; got {x.shape[1]}")
        else:
            x = self._of_table(table(frame, "new subjects"))
        if not np.isfinite(x).all():
            raise DataError("new subjects have a covariate that is missing or infinite; leave these rows out")
        return x

    def _of_table(self, held: pl.DataFrame) -> NDArray[np.float64]:
        if not self.terms:
            return np.zeros((held.height, 0))
        used = list(dict.fromkeys(n for t in self.terms for n in _names(t)))
        for name in used:
            if name in held.columns and missing_rows(column(held[name], name)) is not None:
                raise DataError(f"new subjects: column {name!r} is missing in some rows; leave these out")
        return build_design(held, self.terms, levels=self.levels).x.T


def design_of_arrays(values: Any) -> DesignMatrix:
    """Design from a matrix (subjects by covariates) or one column; terms are ``x1``, ``x2`` ..."""
    array = matrix(values, "terms")
    if array.ndim != 2 or array.shape[1] == 0:
        raise UsageError(f"terms as an array must be subjects by covariates; got shape {array.shape}")
    names = tuple(f"x{i + 1}" for i in range(array.shape[1]))
    return DesignMatrix(array.T, tuple(DesignColumn(n, None) for n in names), names, {})


def build_design(
    frame: pl.DataFrame, terms: Sequence[Term], *, levels: Mapping[str, tuple[Any, ...]] | None = None
) -> DesignMatrix:
    """Code the terms over the rows of a frame that has no missing value in their columns.

    Numbers and booleans enter as they are; text is a factor. A factor in an interaction is coded against its
    reference where the interaction without it is in the model, and with all its levels otherwise (R's rule).

    Raises ``DataError`` where a factor has fewer than two levels.
    """
    import polars as pl

    known = dict(levels or {})
    for term in terms:
        for part in term.parts if isinstance(term, Interaction) else (term,):
            name = part if isinstance(part, str) else part.column
            if name not in frame.columns:
                raise UsageError(f"there is no column {name!r}; columns are {', '.join(frame.columns[:30])}")
            kind = frame[name].dtype
            if kind.is_temporal() or kind.is_nested() or kind in (pl.Object, pl.Binary):
                raise UsageError(
                    f"column {name!r} holds values of type {kind}: neither a number nor a category; make it one first"
                )
            if name not in known and (isinstance(part, FactorTerm) or not _is_number(frame[name])):
                known[name] = _levels(frame[name], part if isinstance(part, FactorTerm) else FactorTerm(part))
    present = {frozenset(_names(t)) for t in terms} | {frozenset()}
    rows: list[NDArray[np.float64]] = []
    columns: list[DesignColumn] = []
    for term in terms:
        names = _names(term)
        label = ":".join(names)
        coded = []
        for name in names:
            full = frozenset(n for n in names if n != name) not in present
            coded.append(_code(frame[name], known.get(name), full=full))
        for cell in product(*coded):
            value = cell[0][1]
            for _, other in cell[1:]:
                value = value * other
            shown = [text for text, _ in cell if text is not None]
            parts = tuple(text or "" for text, _ in cell)
            columns.append(DesignColumn(label, ":".join(shown) if shown else None, parts))
            rows.append(value)
    x = np.array(rows) if rows else np.empty((0, frame.height))
    return DesignMatrix(x, tuple(columns), tuple(terms), known)


def _names(term: Term) -> tuple[str, ...]:
    if isinstance(term, Interaction):
        return tuple(p if isinstance(p, str) else p.column for p in term.parts)
    return (term if isinstance(term, str) else term.column,)


def _is_number(series: pl.Series) -> bool:
    import polars as pl

    return series.dtype.is_numeric() or series.dtype == pl.Boolean


def _levels(series: pl.Series, term: FactorTerm) -> tuple[Any, ...]:
    import polars as pl

    present = set(series.unique().to_list())
    if term.levels is not None:
        wanted = [_own(v, present) for v in term.levels]
        odd = sorted(map(str, present - set(wanted)))
        if odd:
            raise DataError(f"column {term.column!r} holds {', '.join(odd)}, which factor() does not list")
        order = [v for v in wanted if v in present]
    elif isinstance(series.dtype, pl.Enum):
        order = [v for v in series.dtype.categories.to_list() if v in present]
    else:
        order = sorted(present)
    if term.reference is not None:
        reference = _own(term.reference, present)
        if reference not in present:
            raise DataError(f"column {term.column!r} has no row with the reference {term.reference!r}")
        order = [reference, *(v for v in order if v != reference)]
    if len(order) < 2:
        raise DataError(
            f"column {term.column!r} has one level only ({order[0] if order else 'none'}) in the rows used:"
            " nothing can be compared; leave it out"
        )
    return tuple(order)


def _own(value: Any, present: set[Any]) -> Any:
    """A level as the column holds it: categories that were numbers are held as texts."""
    return value if value in present or level_text(value) not in present else level_text(value)


def _code(series: pl.Series, levels: tuple[Any, ...] | None, *, full: bool) -> Coded:
    import polars as pl

    if levels is None:
        return [(None, series.cast(pl.Float64).to_numpy())]
    if isinstance(series.dtype, pl.Categorical | pl.Enum):
        series = series.cast(pl.String)
    odd = series.filter(~series.is_in(list(levels)))
    if odd.len():
        raise DataError(f"column {series.name!r} holds {odd[0]!r}, a level the model does not know")
    return [(level_text(v), (series == v).cast(pl.Float64).to_numpy()) for v in (levels if full else levels[1:])]
