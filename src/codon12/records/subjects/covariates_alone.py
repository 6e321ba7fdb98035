"""Covariates whose row is picked of each subject by itself, in any block of subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codon12.records.config import CONFIG_FILE
from codon12.records.sql import row_by_row
from codon12.records.subjects.covariates import covariate_rows, picked_rows

if TYPE_CHECKING:
    from codon12.records.config import StudyConfig
    from codon12.records.study import Study

__all__ = ["picked_alone", "rows_picked_alone"]


def picked_alone(config: StudyConfig) -> tuple[str, ...]:
    """Covariates whose row is picked of each subject by itself, whatever others have.

    Not so are those whose error counts subjects or values (``only``, ``min``, ``max``), whose predicate has an
    aggregate, and all where a covariate takes the place of STARTDT.
    """
    named = {name.upper() for name in (*config.covariates, *config.biomarkers)}
    return tuple(
        name
        for name, c in config.covariates.items()
        if "STARTDT" not in named
        and c.expression is None
        and c.pick not in ("only", "min", "max")
        and (c.where is None or row_by_row(c.where))
    )


def rows_picked_alone(adsl: pl.DataFrame, study: Study) -> pl.DataFrame:
    """USUBJID of `adsl`, and the value and its row of each covariate that is `picked_alone`.

    Errors as `add_covariates`.
    """
    out = adsl.select("USUBJID")
    for name in picked_alone(study.config):
        covariate, where = study.config.covariates[name], f"{CONFIG_FILE}, key covariates.{name}"
        rows = covariate_rows(study, covariate, where=where)
        own = picked_rows(rows, adsl, covariate, name.upper(), where=where)
        out = out.join(own, on="USUBJID", how="left", maintain_order="left")
    return out
