"""Multiple imputation of covariates for a Cox model, by chained equations."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.parallel import in_order
from codon12.policy import Policy
from codon12.survival.cox.fit import CoxFit
from codon12.survival.cox.regression import cox
from codon12.survival.curves.kaplan_meier import kaplan_meier
from codon12.survival.missing.draws import draw_categories, draw_matched, standardised
from codon12.survival.missing.rubin import PooledEstimates, pool
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, ratio_rows
from codon12.survival.results.text import ratios
from codon12.survival.subjects.columns import entry_times, event_flags, times
from codon12.survival.subjects.options import check_level
from codon12.survival.subjects.reading import column, missing_rows, table
from codon12.survival.subjects.terms import FactorTerm
from codon12.survival.subjects.ties import last_upto

__all__ = ["ImputationRules", "ImputedCox", "impute", "imputed_cox"]


class ImputationRules(Policy, frozen=True):
    """How missing covariates are imputed."""

    imputations: Annotated[
        int, msgspec.Meta(ge=2, description="Missing covariates were imputed {value} times by chained equations.")
    ] = 20
    iterations: Annotated[
        int, msgspec.Meta(ge=1, description="Each chain ran {value} cycles through the incomplete variables.")
    ] = 10
    donors: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            description="A number takes the value of one of the {value} subjects with the nearest predicted mean "
            "(predictive mean matching); a category is drawn from a logistic regression.",
        ),
    ] = 5
    seed: Annotated[int, msgspec.Meta(ge=0, description="The random numbers start from seed {value}.")] = 12


@dataclass(frozen=True, eq=False, repr=False)
class ImputedCox(Result):
    """A Cox model over completed data sets, pooled."""

    fits: tuple[CoxFit, ...]
    pooled: PooledEstimates
    level: float

    def to_frame(self) -> pl.DataFrame:
        """The coefficients."""
        return self.coefficients

    @property
    def coefficients(self) -> pl.DataFrame:
        """One row a coefficient: term, level, coef, HR with limits, std_error, df, p, fraction_missing."""
        columns = self.fits[0].data.design.columns
        lower, upper = self.pooled.limits(self.level)
        return pl.DataFrame(
            {
                "term": [c.term for c in columns],
                "level": [c.level for c in columns],
                "coef": self.pooled.estimate,
                "HR": np.exp(self.pooled.estimate),
                "lower": np.exp(lower),
                "upper": np.exp(upper),
                "std_error": self.pooled.std_error,
                "df": self.pooled.df,
                "p": self.pooled.p,
                "fraction_missing": self.pooled.fraction_missing,
            },
            schema_overrides={"level": pl.String},
        )

    def __repr__(self) -> str:
        head = f"Cox regression pooled over {len(self.fits)} completed data sets (Rubin's rules)"
        size = f"n = {self.fits[0].n}, events = {self.fits[0].events}"
        return f"{head}\n{size}\n{ratios(self.coefficients, 'HR', self.level)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Cox regression in {len(self.fits)} completed data sets, pooled by Rubin's rules"
        size = {"n": self.fits[0].events, "N": self.fits[0].n, "conf_level": self.level, "method": method}
        return ratio_rows(self.coefficients, "HR", "hr", **size)


def impute(
    frame: Any,
    *,
    time: str,
    event: str,
    columns: Sequence[str],
    also: Sequence[str] = (),
    entry: str | None = None,
    rules: ImputationRules | None = None,
    executor: Executor | None = None,
) -> list[pl.DataFrame]:
    """Complete the missing values of covariates several times.

    Every incomplete column is regressed on all other columns, on the event and on the Nelson-Aalen estimate of the
    cumulative hazard at the subject's time (less that at `entry`), with coefficients drawn anew in every cycle.

    Parameters
    ----------
    frame
        One row a subject; `time` and `event` (and `entry`) are known throughout.
    columns
        Columns to complete: numbers by predictive mean matching, text and booleans as categories.
    also
        Complete columns that help to predict (strata, for example).
    rules
        Number of imputations, cycles, donors, and the seed. The draws follow the order of the rows: sort first.
    executor
        Any `concurrent.futures.Executor`, for one imputation each; None works here. The result is the same.

    Returns
    -------
    list of polars.DataFrame
        The frame as many times, with nothing missing in `columns`; what was known is untouched.

    Raises
    ------
    UsageError
        Unknown column, or a column of `also` that is incomplete.
    DataError
        A column without any value; times as in ``kaplan_meier``.

    References
    ----------
    White and Royston 2009, Statistics in Medicine 28:1982 (event and cumulative hazard as predictors); van Buuren and
    Groothuis-Oudshoorn 2011, Journal of Statistical Software 45(3) (chained equations).

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [1.0, 2, 3, 4, 5, 6], "e": [1, 1, 0, 1, 1, 0], "age": [50, 60, None, 70, 55, 65]})
    >>> done = impute(frame, time="t", event="e", columns=["age"], rules=ImputationRules(imputations=3))
    >>> len(done), done[0]["age"].null_count(), done[0]["age"][1]
    (3, 0, 60)
    """
    rules = ImputationRules() if rules is None else rules
    if not isinstance(rules, ImputationRules):
        raise UsageError(f"rules must be ImputationRules; got {rules!r}")
    frame = table(frame)
    names, also = list(dict.fromkeys(_listed("columns", columns))), _listed("also", also)
    _check(frame, (time, event, *(() if entry is None else (entry,)), *names, *also), also)
    if not frame.height:
        raise DataError("frame is empty: there are no subjects")
    hazard = _cumulative_hazard(frame, time, event, entry)
    died = event_flags(frame[event], frame.height).astype(np.float64)
    fixed = np.column_stack([died, hazard, *(_numbers(frame[c]) for c in also if c not in names)])
    variables = [_Variable.of(frame[name]) for name in names]
    missing = sorted((v for v in variables if not v.known.all()), key=lambda v: int((~v.known).sum()))
    streams = np.random.SeedSequence(rules.seed).spawn(rules.imputations)
    chain = partial(_completed, rules, fixed, variables, missing)
    return [
        frame.with_columns(v.column(values[v.name]) for v in missing)
        for values in in_order(chain, streams, executor=executor)
    ]


def _completed(
    rules: ImputationRules,
    fixed: NDArray[np.float64],
    variables: list[_Variable],
    missing: list[_Variable],
    stream: np.random.SeedSequence,
) -> dict[str, NDArray[np.float64]]:
    """Values of the incomplete variables at the end of one chain."""
    rng = np.random.default_rng(stream)
    values = {v.name: v.filled(rng) for v in variables}
    for _ in range(rules.iterations if missing else 0):
        for variable in missing:
            others = [v.coded(values[v.name]) for v in variables if v.name != variable.name]
            x = standardised(np.column_stack([fixed, *others]))
            values[variable.name] = variable.drawn(values[variable.name], x, rng, donors=rules.donors)
    return {v.name: values[v.name] for v in missing}


def imputed_cox(
    frame: Any,
    *,
    time: str,
    event: str,
    terms: Sequence[str | FactorTerm],
    strata: Sequence[str] = (),
    auxiliary: Sequence[str] = (),
    entry: str | None = None,
    rules: ImputationRules | None = None,
    level: float = 0.95,
    executor: Executor | None = None,
) -> ImputedCox:
    """Fit a Cox model to every completed data set and pool the log hazard ratios by Rubin's rules.

    Arguments are those of ``impute`` and ``cox``. Columns of `auxiliary` help to predict what is missing and are not in
    the model; what they lack is imputed too. The degrees of freedom of the complete data are the events less the
    coefficients. Missing at random is assumed, given the model's columns, the event and the cumulative hazard.

    Examples
    --------
    >>> x = [3.0, None, 1.0, 2.0, 2.0, 1.0, None, 3.0, 1.0, 1.0, 1.0, 1.0]
    >>> frame = pl.DataFrame({"t": list(range(1, 13)), "e": [1, 1, 0, 1] * 3, "x": x})
    >>> found = imputed_cox(frame, time="t", event="e", terms=["x"], rules=ImputationRules(imputations=5))
    >>> len(found.fits), found.fits[0].n
    (5, 12)
    """
    check_level(level)
    frame = table(frame)
    terms = [terms] if isinstance(terms, (str, FactorTerm)) else terms
    if not isinstance(terms, (list, tuple)) or not all(isinstance(t, (str, FactorTerm)) for t in terms) or not terms:
        raise UsageError(f"terms must be columns or factor(...), without interactions; got {terms!r}")
    strata = [strata] if isinstance(strata, str) else _listed("strata", strata)
    columns = [*(t if isinstance(t, str) else t.column for t in terms), *_listed("auxiliary", auxiliary)]
    done = impute(
        frame, time=time, event=event, columns=columns, also=strata, entry=entry, rules=rules, executor=executor
    )
    needed = [c for c in dict.fromkeys((time, event, entry, *columns, *strata)) if c is not None]
    options = {"time": time, "event": event, "terms": list(terms), "strata": list(strata) or None, "entry": entry}
    fits = tuple(in_order(partial(cox, **options, level=level), (d.select(needed) for d in done), executor=executor))
    estimates = np.array([f.coef for f in fits])
    variances = np.array([f.std_error**2 for f in fits])
    free = fits[0].events - estimates.shape[1]
    return ImputedCox(fits, pool(estimates, variances, complete_df=free if free > 0 else None), level)


@dataclass(frozen=True, eq=False)
class _Variable:
    """A covariate as numbers: its own, or codes of its levels."""

    name: str
    kind: Any
    known: NDArray[np.bool_]
    values: NDArray[np.float64]
    levels: tuple[Any, ...] | None

    @classmethod
    def of(cls, series: pl.Series) -> _Variable:
        known = series.is_not_null().to_numpy()
        if series.dtype.is_float():
            known = known & ~series.is_nan().fill_null(value=False).to_numpy()
        if series.dtype.is_float() and series.is_infinite().any():
            raise DataError(f"column {series.name!r} is infinite in some rows; correct it or leave them out")
        if not known.any():
            raise DataError(f"column {series.name!r} has no value in the {series.len()} rows: leave it out")
        if series.dtype.is_numeric():
            return cls(
                series.name, series.dtype, known, series.cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy(), None
            )
        plain = series.cast(pl.String) if series.dtype != pl.Boolean else series
        levels = tuple(sorted(plain.drop_nulls().unique().to_list()))
        codes = plain.replace_strict(list(levels), list(range(len(levels))), return_dtype=pl.Float64, default=None)
        return cls(series.name, series.dtype, known, codes.fill_null(0).to_numpy(), levels)

    def filled(self, rng: np.random.Generator) -> NDArray[np.float64]:
        out = self.values.copy()
        out[~self.known] = rng.choice(self.values[self.known], int((~self.known).sum()))
        return out

    def coded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.levels is None:
            return values[:, None]
        return (values[:, None] == np.arange(1, len(self.levels))).astype(float)

    def drawn(
        self, values: NDArray[np.float64], x: NDArray[np.float64], rng: np.random.Generator, *, donors: int
    ) -> NDArray[np.float64]:
        out = values.copy()
        if self.levels is None:
            out[~self.known] = draw_matched(values, x, self.known, rng, donors=donors)
        elif len(self.levels) > 1:
            codes = values.astype(np.intp)
            out[~self.known] = draw_categories(codes, x, self.known, rng, levels=len(self.levels))
        return out

    def column(self, values: NDArray[np.float64]) -> pl.Series:
        if self.levels is None:
            return pl.Series(self.name, values).cast(self.kind)
        shown = [self.levels[int(v)] for v in values]
        return pl.Series(self.name, shown).cast(self.kind)


def _listed(what: str, given: Any) -> list[str]:
    if isinstance(given, (str, bytes)) or not isinstance(given, (list, tuple)):
        raise UsageError(f"{what} must be a list of columns; got {given!r}")
    return list(given)


def _check(frame: pl.DataFrame, names: Sequence[Any], also: Sequence[str]) -> None:
    unknown = [str(n) for n in names if not isinstance(n, str) or n not in frame.columns]
    if unknown:
        raise UsageError(f"there is no column {', '.join(unknown)}; columns are {', '.join(frame.columns[:30])}")
    for name in names:
        kind = frame[name].dtype
        if kind.is_temporal() or kind.is_nested() or kind in (pl.Object, pl.Binary):
            raise UsageError(f"column {name!r} holds values of type {kind}: neither a number nor a category")
    holes = [n for n in also if missing_rows(column(frame[n], n)) is not None]
    if holes:
        raise UsageError(f"{', '.join(holes)} predicts and must be complete: leave out its rows without a value")


def _cumulative_hazard(frame: pl.DataFrame, time: str, event: str, entry: str | None) -> NDArray[np.float64]:
    """Nelson-Aalen estimate at each subject's time, less that at its entry."""
    start = None if entry is None else frame[entry]
    clock = times(frame[time]).astype(np.float64)
    curve = kaplan_meier(clock, frame[event], entry=start).curve()
    steps = np.r_[0.0, curve.cumulative_hazard]
    at = steps[last_upto(curve.time, clock) + 1]
    began = None if start is None else entry_times(start, clock)
    return at if began is None else at - steps[last_upto(curve.time, began) + 1]


def _numbers(series: pl.Series) -> NDArray[np.float64]:
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        return series.cast(pl.Float64).to_numpy()[:, None]
    dummies = series.cast(pl.String).to_dummies(drop_first=True)
    return dummies.to_numpy().astype(float).reshape(series.len(), dummies.width)  # one level alone has no column
