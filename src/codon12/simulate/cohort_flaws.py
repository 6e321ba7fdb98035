"""Flaws that registries have, put into a generated cohort on request, so that the findings can be seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from codon12.simulate.cohort_model import CohortModel

__all__ = ["FLAWS", "with_flaws"]

Tables = dict[str, pl.DataFrame]


def with_flaws(model: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """Give the tables with each flaw that the model names; the others stay as they are."""
    for name in model.flaws:
        tables = FLAWS[name](model, tables, rng)
    return tables


def _some(height: int, share: float, rng: np.random.Generator) -> pl.Series:
    """Mark a share of the rows, at least one."""
    marked = rng.random(height) < share
    if height:
        marked[int(rng.integers(height))] = True
    return pl.Series(marked)


def _score_text(model: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """A twentieth of the scores as a pathologist writes them: ``<1%``, ``>=50%``, ``5-10%``."""
    sample, name = tables["clinical_sample"], model.expression.name
    first, second = model.expression.cuts
    score, text = pl.col(name).cast(pl.Int64), pl.col(name).cast(pl.String)
    written = (
        pl.when(score < first)
        .then(pl.lit(f"<{first}%"))
        .when(score >= second)
        .then(pl.lit(f">={second}%"))
        .otherwise(pl.format("{}-{}%", score, pl.min_horizontal(score + 5, pl.lit(second - 1))))
    )
    picked = _some(sample.height, 0.05, rng) & sample[name].is_not_null()
    return tables | {"clinical_sample": sample.with_columns(pl.when(picked).then(written).otherwise(text).alias(name))}


def _score_over_100(model: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """One score of 101."""
    sample, name = tables["clinical_sample"], model.expression.name
    known = np.flatnonzero(sample[name].is_not_null().to_numpy())
    if not known.size:
        return tables
    here = pl.int_range(pl.len()) == int(rng.choice(known))
    wrong = pl.when(here).then(pl.lit("101")).otherwise(pl.col(name).cast(pl.String)).alias(name)
    return tables | {"clinical_sample": sample.with_columns(wrong)}


def _old_symbol(_: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """STK11 as LKB1, its old symbol, in half of its rows."""
    maf = tables["mutations"]
    old = _some(maf.height, 0.5, rng) & (maf["Hugo_Symbol"] == "STK11")
    symbol = pl.when(old).then(pl.lit("LKB1")).otherwise("Hugo_Symbol").alias("Hugo_Symbol")
    return tables | {"mutations": maf.with_columns(symbol)}


def _repeated_sample(_: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """Rows of the samples given twice."""
    sample = tables["clinical_sample"]
    again = sample.filter(_some(sample.height, 0.01, rng))
    return tables | {"clinical_sample": pl.concat([sample, again])}


def _unknown_patient(_: CohortModel, tables: Tables, rng: np.random.Generator) -> Tables:
    """Patients left out, whose samples stay."""
    patient = tables["clinical_patient"]
    return tables | {"clinical_patient": patient.filter(~_some(patient.height, 0.01, rng))}


FLAWS: dict[str, Callable[[CohortModel, Tables, np.random.Generator], Tables]] = {
    "score-text": _score_text,
    "score-over-100": _score_over_100,
    "old-symbol": _old_symbol,
    "repeated-sample": _repeated_sample,
    "unknown-patient": _unknown_patient,
}
"""Name of a flaw -> what puts it in, in the order in which they are put in best."""
