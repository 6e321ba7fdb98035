"""The tests frame: one row a test of a sample, or one a target of it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay

__all__ = ["READ", "TEST_SCHEMA", "denies", "frame_of_tests", "with_specimens"]

TEST_SCHEMA = pl.Schema(
    {
        "USUBJID": pl.String,
        "SAMPLE": pl.String,
        "ASSAY": pl.String,
        "KIND": pl.String,
        "TARGET": pl.String,
        "STATE": pl.String,
        "REASON": pl.String,
        "SPECIMEN": pl.String,
    }
)
"""Columns of a tests frame: one row a test, or one a target of it. KIND is null where the test reads every kind of
alteration in its reach, TARGET where the row speaks of the whole test. STATE is one of `TEST_STATES`.
SPECIMEN is ``tissue``, ``plasma`` or null, where nothing says it."""

READ = ("valid", "detected", "not detected")


def frame_of_tests(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame to the columns of `TEST_SCHEMA`: those it lacks are null, others are left out."""
    have = frame.columns
    return frame.select(
        (pl.col(name).cast(kind) if name in have else pl.lit(None, kind)).alias(name)
        for name, kind in TEST_SCHEMA.items()
    )


def with_specimens(tests: pl.DataFrame, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """Give tests that do not say it the specimen of their assay."""
    own = {name: assay.specimen for name, assay in assays.items() if assay.specimen}
    named = pl.col("ASSAY").replace_strict(own, default=None, return_dtype=pl.String)
    return tests.with_columns(SPECIMEN=pl.coalesce("SPECIMEN", named)) if own else tests


def denies() -> pl.Expr:
    """Tests whose silence says that an alteration is absent; plasma may hold too little of the tumour to say so."""
    return (pl.col("SPECIMEN") != "plasma").fill_null(value=True)
