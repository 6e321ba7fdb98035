"""Terms of a regression model, stated plainly: columns, factors and interactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codon12.errors import UsageError

__all__ = ["FactorTerm", "Interaction", "Term", "expand_terms", "factor"]


@dataclass(frozen=True)
class FactorTerm:
    """A column taken as categories, the reference first."""

    column: str
    reference: Any = None
    levels: tuple[Any, ...] | None = None

    @property
    def name(self) -> str:
        """The column."""
        return self.column


@dataclass(frozen=True)
class Interaction:
    """Product of two or more columns or factors."""

    parts: tuple[str | FactorTerm, ...]

    @property
    def name(self) -> str:
        """Columns joined by colons."""
        return ":".join(p if isinstance(p, str) else p.column for p in self.parts)


Term = str | FactorTerm | Interaction


def factor(column: str, *, reference: Any = None, levels: Sequence[Any] | None = None) -> FactorTerm:
    """Take a column as categories, whatever its type.

    Parameters
    ----------
    column
        Name of the column.
    reference
        The level others are compared with; the first when left out.
    levels
        Order of the levels; sorted (an Enum's own order) when left out. Values outside are an error.

    Raises
    ------
    UsageError
        If `reference` is not among `levels`.

    Examples
    --------
    >>> factor("arm", reference="control").reference
    'control'
    """
    if not isinstance(column, str):
        raise UsageError(f"factor() takes the name of a column; got {column!r}")
    if levels is not None and (isinstance(levels, (str, bytes, Mapping)) or not isinstance(levels, Iterable)):
        raise UsageError(f"factor({column!r}): levels must be a list; got {levels!r}")
    levels = None if levels is None else list(levels)
    if levels is not None and reference is not None and reference not in levels:
        raise UsageError(f"factor({column!r}): reference {reference!r} is not among the levels {list(levels)}")
    return FactorTerm(column, reference, None if levels is None else tuple(levels))


def expand_terms(terms: Any, columns: Sequence[str]) -> list[Term]:
    """Plain list of terms: ``"a*b"`` becomes a, b and a:b; repetitions drop out; lower orders come first.

    A text that is the name of a column is that column, whatever it contains.

    Raises
    ------
    UsageError
        No terms, an unknown column (the message lists those there are), or something that is not a term.

    Examples
    --------
    >>> [t if isinstance(t, str) else t.name for t in expand_terms(["age", "arm*sex"], ["age", "arm", "sex"])]
    ['age', 'arm', 'sex', 'arm:sex']
    """
    given = [terms] if isinstance(terms, (str, FactorTerm, Interaction)) else list(terms)
    if not given:
        raise UsageError("terms is empty: name at least one column")
    known = set(columns)
    factors = {t.column: t for t in _factors(given)}
    out: list[Term] = []
    for term in given:
        out += _expand(term, known, factors, columns)
    kept: dict[frozenset[str], Term] = {}
    for term in out:
        kept.setdefault(frozenset(_columns(term)), term)
    return sorted(kept.values(), key=lambda t: len(t.parts) if isinstance(t, Interaction) else 1)


def _factors(given: list[Any]) -> list[FactorTerm]:
    found = [t for t in given if isinstance(t, FactorTerm)]
    for term in given:
        if isinstance(term, Interaction):
            found += [p for p in term.parts if isinstance(p, FactorTerm)]
    return found


def _columns(term: Term) -> tuple[str, ...]:
    if isinstance(term, Interaction):
        return tuple(p if isinstance(p, str) else p.column for p in term.parts)
    return (term if isinstance(term, str) else term.column,)


def _expand(term: Any, known: set[str], factors: dict[str, FactorTerm], columns: Sequence[str]) -> list[Term]:
    if isinstance(term, (FactorTerm, Interaction)):
        for name in _columns(term):
            _require(name, known, columns)
        return [term]
    if not isinstance(term, str):
        raise UsageError(f"a term must be a column name, factor(...) or an interaction; got {term!r}")
    if term in known:
        return [factors.get(term, term)]
    for mark in ("*", ":"):
        if mark not in term:
            continue
        names = [part.strip() for part in term.split(mark)]
        for name in names:
            _require(name, known, columns)
        parts = tuple(factors.get(name, name) for name in names)
        if mark == ":":
            return [Interaction(parts)]
        subsets: list[Term] = []
        for size in range(1, len(parts) + 1):
            subsets += [p[0] if size == 1 else Interaction(p) for p in _subsets(parts, size)]
        return subsets
    _require(term, known, columns)
    return []


def _subsets(parts: tuple[Any, ...], size: int) -> list[tuple[Any, ...]]:
    from itertools import combinations

    return list(combinations(parts, size))


def _require(name: str, known: set[str], columns: Sequence[str]) -> None:
    if name not in known:
        shown = ", ".join(columns[:30])
        raise UsageError(f"terms: there is no column {name!r}; columns are {shown}")
