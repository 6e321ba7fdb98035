"""Paired samples as frames: who was sampled when, with what, and what was found."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.errors import DataError
from codon12.records.findings import no_findings

__all__ = ["SAMPLE_SCHEMA", "UNNAMED", "PairSamples", "samples_frame"]

UNNAMED = "unnamed assay "
"""Before the digest that stands for an assay without a name: two of them are never known to be one."""

SAMPLE_SCHEMA = pl.Schema(
    {
        "PAIR": pl.String,
        "TIME": pl.String,
        "SAMPLE": pl.String,
        "USUBJID": pl.String,
        "DRUG": pl.String,
        "ASSAY": pl.String,
        "SPECIMEN": pl.String,
        "HISTOLOGY": pl.String,
        "DEPTH": pl.Float64,
    }
)
"""Columns of a frame of paired samples: TIME is ``earlier`` or ``later``; ASSAY names the test it was read by, null
where nothing says it; SPECIMEN ``tissue`` or ``plasma``; DEPTH the reads at a usual place of the assay."""


class PairSamples(msgspec.Struct, frozen=True, kw_only=True):
    """Samples of pairs, their calls and the reach of their assays."""

    samples: pl.DataFrame
    """Columns of `SAMPLE_SCHEMA`; a sample may belong to several pairs."""
    calls: pl.DataFrame
    """Calls frame; a sample without a row showed nothing."""
    assays: Mapping[str, Assay] = {}
    """Assay by name, where its reach is known."""
    findings: pl.DataFrame = msgspec.field(default_factory=no_findings)


def samples_frame(samples: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame to the columns of `SAMPLE_SCHEMA`; those it lacks are null.

    Raises
    ------
    DataError
        No pair, sample or time in a row, a time that is neither earlier nor later, or several drugs in one pair.
    """
    have = samples.columns
    made = samples.select(
        (pl.col(n).cast(k) if n in have else pl.lit(None, k)).alias(n) for n, k in SAMPLE_SCHEMA.items()
    )
    wrong = made.filter(pl.col("PAIR").is_null() | pl.col("SAMPLE").is_null() | ~_known_time()).height
    if wrong:
        raise DataError(
            f"samples: {wrong} row(s) lack PAIR or SAMPLE, or have a TIME that is neither 'earlier' nor 'later'"
        )
    drugs = made.group_by("PAIR").agg(pl.col("DRUG").n_unique().alias("n")).filter(pl.col("n") > 1)
    if drugs.height:
        raise DataError(f"samples: {drugs.height} pair(s) name several drugs; make a pair for each drug")
    return made


def _known_time() -> pl.Expr:
    return pl.col("TIME").is_in(["earlier", "later"]).fill_null(value=False)
