"""Predictive or prognostic: does a treatment's effect differ by a biomarker, and does the biomarker matter alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy import special

from codon12.errors import Codon12Error, DataError, UsageError
from codon12.survival.cox.fit import CoxFit
from codon12.survival.cox.likelihood import Ties
from codon12.survival.cox.regression import cox
from codon12.survival.effects.interaction_result import InteractionResult
from codon12.survival.results.tails import normal_p
from codon12.survival.subjects.options import numbers_of
from codon12.survival.subjects.reading import level_text, table
from codon12.survival.subjects.terms import FactorTerm, Interaction

__all__ = ["InteractionResult", "interaction"]

_LARGEST = 700.0
"""Log hazard ratios, limits included, up to which a ratio can be held."""


def interaction(
    frame: Any,
    *,
    time: str,
    event: str,
    treatment: str | FactorTerm,
    biomarker: str | FactorTerm,
    adjust: Sequence[Any] = (),
    strata: Any = None,
    entry: str | None = None,
    at: Sequence[float] | None = None,
    ties: Ties = "efron",
    level: float = 0.95,
) -> InteractionResult:
    """Test whether the treatment effect depends on the biomarker, and give the effect at each level.

    Parameters
    ----------
    frame, time, event, strata, entry, ties, level
        As in ``cox``; rows with a missing value in any column used are left out.
    treatment
        Column of two or more treatments; text is compared with its first level, or with the reference of
        ``factor("arm", reference=...)``.
    biomarker
        Column of the biomarker: text or ``factor(...)`` by level; a number of more than two values acts
        linearly on the log hazard ratio.
    adjust
        Further terms in both models.
    at
        For a numeric biomarker of more than two values: where to give the effect; its quartiles when left out.

    Raises
    ------
    UsageError
        Unknown column, or treatment and biomarker are the same; `at` for a biomarker with levels, or so far from
        the values seen that the hazard ratio cannot be held.
    DataError
        A combination of treatment and level without subjects or events, so that its effect does not exist.

    References
    ----------
    Royston and Sauerbrei 2008; Ballman 2015 (predictive against prognostic).

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [2, 5, 6, 3, 8, 4, 7, 9, 1, 10], "e": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1],
    ...                       "arm": list("ABABABABAB"), "mutant": [1, 1, 0, 0, 1, 1, 0, 0, 1, 0]})
    >>> found = interaction(frame, time="t", event="e", treatment="arm", biomarker="mutant")
    >>> found.likelihood_ratio.df, found.by_level["biomarker_level"].to_list()
    (1, ['0', '1'])
    """
    for name, given in (("treatment", treatment), ("biomarker", biomarker)):
        if not isinstance(given, (str, FactorTerm)):
            raise UsageError(f"{name} must name a column, or be factor(...); got {given!r}")
    if at is not None:
        at = numbers_of("at", at)
        if not np.isfinite(at).all():
            raise UsageError(f"at must be finite numbers; got {at!r}")
    names = [c if isinstance(c, str) else c.column for c in (treatment, biomarker)]
    if names[0] == names[1]:
        raise UsageError(f"treatment and biomarker are the same column {names[0]!r}")
    for name, given in (("time", time), ("event", event), *((("entry", entry),) if entry is not None else ())):
        if not isinstance(given, str):
            raise UsageError(f"{name} must name a column of the frame; got {given!r}")
    held = table(frame)
    terms = [*adjust, treatment, biomarker]
    options: dict[str, Any] = {
        "time": time,
        "event": event,
        "strata": strata,
        "entry": entry,
        "ties": ties,
        "level": level,
    }
    main = cox(held, terms=terms, **options)
    try:
        joint = cox(held, terms=[*terms, Interaction((treatment, biomarker))], **options)
    except DataError as err:
        raise DataError(f"the interaction of {names[0]} and {names[1]} cannot be estimated: {err}") from None
    used = held if joint.data.used is None else held[joint.data.used]
    levels = _levels(joint, used, names[1], at)
    rows = [r for value in levels for r in _effects(joint, names[0], names[1], value)]
    by_level = pl.DataFrame(rows, infer_schema_length=None)
    if not joint.data.design.levels.get(names[1]) and used[names[1]].n_unique() > 2:
        parts = pl.DataFrame()
    else:
        parts = pl.DataFrame(
            [
                _separate(used, names[1], value, arm, [*adjust, treatment], names[0], options)
                for value in levels
                for arm in _arms(joint, names[0])
            ],
            infer_schema_length=None,
        ).cast({"separate_status": pl.String})
    by_level = pl.concat([by_level, parts], how="horizontal") if parts.height else by_level
    return InteractionResult(names[0], names[1], main, joint, by_level, _prognostic(main, joint, names[1]), level)


def _levels(joint: CoxFit, used: pl.DataFrame, biomarker: str, at: Sequence[float] | None) -> list[Any]:
    coded = joint.data.design.levels.get(biomarker)
    if coded is not None:
        if at is not None:
            raise UsageError(f"at gives values of a biomarker that is a number; {biomarker} has levels: leave at out")
        return list(coded)
    values = used[biomarker].cast(pl.Float64)
    if at is not None:
        return [float(v) for v in at]
    if values.n_unique() <= 2:
        return sorted(values.unique().to_list())
    return [float(np.quantile(values.to_numpy(), q)) for q in (0.25, 0.5, 0.75)]


def _arms(joint: CoxFit, treatment: str) -> list[Any]:
    coded = joint.data.design.levels.get(treatment)
    return [None] if coded is None else list(coded[1:])


def _effects(joint: CoxFit, treatment: str, biomarker: str, value: Any) -> list[dict[str, Any]]:
    """Treatment effects at one biomarker level, as contrasts of the joint model."""
    coded = joint.data.design.levels.get(biomarker)
    columns = joint.data.design.columns
    z = -float(special.ndtri((1 - joint.level) / 2))
    out = []
    for arm in _arms(joint, treatment):
        contrast = np.zeros(len(columns))
        for i, column in enumerate(columns):
            own = arm is None or column.parts[0] == level_text(arm)
            if column.term == treatment and own:
                contrast[i] = 1.0
            if column.term == f"{treatment}:{biomarker}" and own:
                contrast[i] = float(value) if coded is None else float(column.parts[-1] == level_text(value))
        with np.errstate(over="ignore", invalid="ignore"):
            estimate = float(contrast @ joint.coef)
            error = math.sqrt(float(contrast @ joint.covariance @ contrast))
        if not abs(estimate) + z * error < _LARGEST:
            raise UsageError(
                f"at {value:g}: no hazard ratio can be told so far from the values of {biomarker} that were seen"
            )
        out.append(
            {
                "biomarker_level": f"{value:g}" if coded is None else level_text(value),
                "treatment": treatment if arm is None else f"{treatment}={level_text(arm)}",
                "coef": estimate,
                "std_error": error,
                "HR": math.exp(estimate),
                "lower": math.exp(estimate - z * error),
                "upper": math.exp(estimate + z * error),
                "p": normal_p(estimate / error),
            }
        )
    return out


def _separate(
    used: pl.DataFrame,
    biomarker: str,
    value: Any,
    arm: Any,
    terms: list[Any],
    treatment: str,
    options: dict[str, Any],
) -> dict[str, Any]:
    """Treatment effect from the subjects of one level alone."""
    part = used.filter(pl.col(biomarker) == value)
    if options["strata"] is not None and not isinstance(options["strata"], (str, list, tuple)):
        options = {**options, "strata": None}
    out: dict[str, Any] = {"n": part.height, "events": int(part[options["event"]].cast(pl.Int64).sum())}
    empty = dict.fromkeys(("separate_coef", "separate_std_error", "separate_HR", "separate_lower", "separate_upper"))
    try:
        table = cox(part, terms=terms, **options).coefficients
    except Codon12Error as err:
        return out | empty | {"separate_status": str(err)}
    chosen = pl.col("term") == treatment
    row = table.filter(chosen if arm is None else chosen & (pl.col("level") == level_text(arm)))
    if not row.height:
        return out | empty | {"separate_status": f"no subjects on {level_text(arm)}"}
    found = row.row(0, named=True)
    keys = ("coef", "std_error", "HR", "lower", "upper")
    return out | {f"separate_{k}": found[k] for k in keys} | {"separate_status": None}


def _prognostic(main: CoxFit, joint: CoxFit, biomarker: str) -> pl.DataFrame:
    chosen = pl.col("term") == biomarker
    keep = ("term", "level", "coef", "HR", "lower", "upper", "p")
    return pl.concat(
        [
            joint.coefficients.filter(chosen).select(pl.lit("reference treatment").alias("setting"), *keep),
            main.coefficients.filter(chosen).select(pl.lit("over treatments").alias("setting"), *keep),
        ]
    )
