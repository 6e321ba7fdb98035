"""The patients of a generated cohort: who they are, what is measured, how they are treated and followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.simulate.cohort_model import CohortModel, Hazard
from codon12.simulate.cohort_parts import chance, linear

__all__ = ["DAYS_PER_MONTH", "draw_patients"]

DAYS_PER_MONTH = 30.4375
_BATCH = 1.5
"""Patients drawn at a time, as a multiple of those still wanted."""
Columns = dict[str, NDArray[np.float64]]


def draw_patients(model: CohortModel, seed: int) -> tuple[pl.DataFrame, int]:
    """Draw patients until enough of them are in the registry.

    Returns
    -------
    polars.DataFrame
        One row a patient in the registry: the columns that terms may name (true values, 0 or 1), SCORE (true
        expression, percent), MEASURED, PANEL (null: never tested), BURDEN, START (days from the first of January
        of the first year), ENTRY, OS, PFS (days), DIED, PROGRESSED, EVENT_PFS, SMOKING.
    int
        Patients drawn: the others were never seen, because they died or were lost before their tumour was
        sequenced, or because that lay after the data cut-off.

    Raises
    ------
    UsageError
        Years and cut-off that leave no follow-up, a term that names no column, or a mechanism that hardly lets
        anyone in.
    """
    if model.last_year < model.first_year or model.data_cutoff <= dt.date(model.last_year, 12, 31):
        raise UsageError(
            f"first_year {model.first_year}, last_year {model.last_year}, data_cutoff {model.data_cutoff}: "
            "must follow each other in this order, so that everybody has some follow-up"
        )
    parts: list[pl.DataFrame] = []
    have = drawn = 0
    while have < model.patients:
        size = max(64, int(_BATCH * (model.patients - have)))
        rng = np.random.default_rng([seed, len(parts)])
        batch = _batch(model, size, rng)
        seen = np.flatnonzero(batch["SEEN"].to_numpy())[: model.patients - have]
        full = have + seen.size == model.patients
        drawn += int(seen[-1]) + 1 if full and seen.size else size
        parts.append(batch[seen].drop("SEEN"))
        have += seen.size
        if len(parts) > 50:
            raise UsageError(f"of {drawn:,} patients drawn only {have:,} entered: shorten sequencing.delay")
    return pl.concat(parts), drawn


def _batch(model: CohortModel, size: int, rng: np.random.Generator) -> pl.DataFrame:
    x: Columns = {}
    opening = dt.date(model.first_year, 1, 1)
    span = (dt.date(model.last_year, 12, 31) - opening).days + 1
    start = rng.integers(0, span, size)
    years = np.array([(dt.date(y, 1, 1) - opening).days for y in range(model.first_year, model.last_year + 1)])
    x["YEAR"] = (np.searchsorted(years, start, side="right") - 1).astype(float)
    smoking, ecog = _pick(model.smoking, size, rng), _pick(model.ecog, size, rng)
    mean, deviation = model.age
    age = np.clip(np.rint(rng.normal(mean, deviation, size)), 25, 92)
    x["AGE10"] = (age - 65) / 10
    x["FEMALE"] = _happens(model.female, size, rng)
    x["EVER"] = (smoking > 0).astype(float)
    x["ECOG1"], x["ECOG2"] = (ecog == 1).astype(float), (ecog == 2).astype(float)
    x["SIGNATURE"] = _happens(chance(model.burden.signature, x, where="burden.signature"), size, rng)
    for gene in model.genes:
        x[gene.gene] = _happens(chance(gene.mutated, x, where=f"genes, {gene.gene}"), size, rng)
    score = _expression(model, x, rng)
    measured = 1 - _happens(chance(model.expression.missing, x, where="expression.missing"), size, rng)
    low, high = (f"{model.expression.name}{c}" for c in model.expression.cuts)
    unknown = f"{model.expression.name}_UNKNOWN"
    known = x | {low: x[low] * measured, high: x[high] * measured, unknown: 1 - measured}
    x["ACTIVE"] = _happens(chance(model.treatment.choice, known, where="treatment.choice"), size, rng)
    spread = model.burden.spread * rng.standard_normal(size)
    burden = model.burden.median * np.exp(linear(model.burden.terms, x, where="burden.terms") + spread)

    death, progression = _time(model.death, x, rng, "death"), _time(model.progression, x, rng, "progression")
    lost = np.ceil(rng.standard_exponential(size) * 365.25 / model.lost) if model.lost else np.full(size, 1e9)
    cutoff = (model.data_cutoff - opening).days - start
    last = np.minimum(lost, cutoff)
    late = _happens(chance(model.sequencing.late, x, where="sequencing.late"), size, rng) > 0
    delay = 1 + np.floor(rng.standard_exponential(size) * model.sequencing.delay * DAYS_PER_MONTH)
    entry = np.where(late, delay, -np.floor(rng.random(size) * 45))
    observed = np.minimum(death, last)
    pfs = np.minimum(progression, observed)
    return pl.DataFrame(
        {
            **x,
            "AGE": age.astype(int),
            "SMOKING": smoking,
            "SCORE": score,
            "MEASURED": measured,
            "PANEL": _panel(model, x["YEAR"], rng),
            "BURDEN": burden,
            "START": start,
            "ENTRY": entry.astype(int),
            "OS": observed.astype(int),
            "DIED": death <= last,
            "PFS": pfs.astype(int),
            "PROGRESSED": progression <= observed,
            "EVENT_PFS": (progression <= observed) | (death <= last),
            "SEEN": entry < observed,
        }
    )


def _happens(probability: float | NDArray[np.float64], size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return (rng.random(size) < probability).astype(float)


def _pick(shares: tuple[float, ...], size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    edges = np.cumsum(shares) / sum(shares)
    return np.searchsorted(edges[:-1], rng.random(size), side="right")


def _expression(model: CohortModel, x: Columns, rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole percents, above ten in fives, as they are read; adds the categories to the columns."""
    rule, size = model.expression, x["YEAR"].size
    first, second = rule.cuts
    if not 0 < first < second < 100:
        raise UsageError(f"expression.cuts {rule.cuts}: must ascend between 0 and 100")
    some = _happens(chance(rule.any, x, where="expression.any"), size, rng)
    high = some * _happens(chance(rule.high, x, where="expression.high"), size, rng)
    low_part = first + (second - 1 - first) * rng.beta(*rule.low_shape, size)
    high_part = second + (100 - second) * rng.beta(*rule.high_shape, size)
    raw = np.where(high > 0, high_part, low_part)
    fives = np.where(raw > 10, 5 * np.floor(raw / 5), np.floor(raw))
    score = some * np.where(high > 0, np.maximum(fives, second), np.clip(fives, first, second - 1))
    x[f"{rule.name}{first}"], x[f"{rule.name}{second}"] = some - high, high
    return score.astype(np.int64)


def _time(hazard: Hazard, x: Mapping[str, NDArray[np.float64]], rng: np.random.Generator, where: str) -> NDArray:
    """Whole days, at least one."""
    scale = hazard.median / np.log(2) ** (1 / hazard.shape)
    score = linear(hazard.terms, x, where=f"{where}.terms")
    drawn = scale * (rng.standard_exponential(score.size) * np.exp(-score)) ** (1 / hazard.shape)
    return np.ceil(drawn * DAYS_PER_MONTH)


def _panel(model: CohortModel, year: NDArray[np.float64], rng: np.random.Generator) -> pl.Series:
    """Name of each patient's panel; null for those never tested."""
    weight = np.array([p.share * np.exp(p.per_year * year) for p in model.panels])
    edges = np.cumsum(weight, axis=0) / weight.sum(axis=0)
    place = (rng.random(year.size) >= edges[:-1]).sum(axis=0)
    names = [p.name or None for p in model.panels]
    return pl.Series([names[k] for k in range(len(names))], dtype=pl.String).gather(place)
