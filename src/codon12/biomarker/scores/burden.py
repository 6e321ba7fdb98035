"""Tumour mutational burden, counted again from calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec
import polars as pl

from codon12.biomarker.calls.frame import COUNTED_CLASSES
from codon12.errors import UsageError
from codon12.policy import Policy
from codon12.records.columns.needed import need

__all__ = ["BurdenRule", "mutation_counts", "tumour_mutational_burden"]

_CHANGE = ["SAMPLE", "CHROM", "POS", "REF", "ALT"]


class BurdenRule(Policy, frozen=True):
    """Which mutations a burden counts."""

    version: Annotated[str, msgspec.Meta(description="Mutational burden is counted by version {value}:")] = "codon12-1"
    classes: Annotated[tuple[str, ...], msgspec.Meta(description="calls of class {value} count,")] = tuple(
        c for c in COUNTED_CLASSES if c not in ("promoter", "splice region")
    )
    min_vaf: Annotated[
        float | None,
        msgspec.Meta(
            description="with an allele fraction of at least {value} where it is known.",
            extra={"none": "whatever their allele fraction."},
        ),
    ] = None


def mutation_counts(batches: Iterable[pl.DataFrame], *, rule: BurdenRule | None = None) -> pl.DataFrame:
    """Count the mutations of each sample over batches of calls, each change once; memory grows with samples alone.

    A change doubled within a batch counts once; batches of one file from `scan_maf` hold the rows of a sample together
    but for the two at their ends.

    Returns
    -------
    polars.DataFrame
        SAMPLE, N; sorted by sample. Samples without a counted mutation are not in it.
    """
    settled = rule or BurdenRule()
    total = pl.DataFrame(schema={"SAMPLE": pl.String, "N": pl.UInt32})
    for calls in [batches] if isinstance(batches, pl.DataFrame) else batches:
        need(calls, ("SAMPLE", "CLASS"), what="batches")
        counted = pl.col("CLASS").is_in(list(settled.classes))
        if settled.min_vaf is not None:
            counted = counted & (pl.col("VAF").is_null() | (pl.col("VAF") >= settled.min_vaf))
        rows = calls.filter(counted)
        located = rows.drop_nulls(_CHANGE).unique(_CHANGE)
        unplaced = rows.filter(pl.any_horizontal(pl.col(_CHANGE).is_null())).unique(
            ["SAMPLE", "GENE", "PROTEIN", "CODING"]
        )
        found = pl.concat([located.select("SAMPLE"), unplaced.select("SAMPLE")]).group_by("SAMPLE").len("N")
        total = pl.concat([total, found]).group_by("SAMPLE").agg(pl.col("N").sum())
    return total.with_columns(pl.col("N").cast(pl.Int64)).sort("SAMPLE")


def tumour_mutational_burden(
    calls: pl.DataFrame,
    samples: pl.DataFrame,
    *,
    megabases: float | Mapping[str, float],
    rule: BurdenRule | None = None,
) -> pl.DataFrame:
    """Count mutations per megabase of each sample.

    Parameters
    ----------
    calls
        Calls frame.
    samples
        SAMPLE of every sample tested, mutated or not, and ASSAY where `megabases` differs by assay.
    megabases
        Size of the coding region read, or assay -> size. There is no default: it belongs to the assay.

    Returns
    -------
    polars.DataFrame
        Columns of `samples` and N, MEGABASES, TMB; in the order of `samples`. An assay without a size has no TMB.

    Raises
    ------
    UsageError
        A size is not positive; sizes by assay without a column ASSAY.

    Examples
    --------
    >>> from codon12.biomarker import calls_frame
    >>> calls = pl.DataFrame({"SAMPLE": ["1"], "CLASS": ["missense"], "GENE": ["KRAS"], "PROTEIN": ["p.G12C"]})
    >>> calls = calls_frame(calls)
    >>> tumour_mutational_burden(calls, pl.DataFrame({"SAMPLE": ["1", "2"]}), megabases=1.25)["TMB"].to_list()
    [0.8, 0.0]
    """
    if isinstance(megabases, bool) or not isinstance(megabases, int | float | Mapping):
        raise UsageError(f"megabases must be a number, or map an assay to one; got {megabases!r}")
    sizes = [megabases] if isinstance(megabases, (int, float)) else list(megabases.values())
    wrong = [size for size in sizes if not 0 < size < float("inf")]
    if wrong:
        raise UsageError(f"megabases must be above 0, got {wrong}")
    counts = mutation_counts([calls], rule=rule)
    out = samples.join(counts, on="SAMPLE", how="left", maintain_order="left").with_columns(pl.col("N").fill_null(0))
    if isinstance(megabases, (int, float)):
        size = pl.lit(float(megabases))
    elif "ASSAY" not in samples.columns:
        raise UsageError("sizes are given by assay, but samples has no column ASSAY")
    else:
        size = pl.col("ASSAY").replace_strict(dict(megabases), default=None, return_dtype=pl.Float64)
    return out.with_columns(size.alias("MEGABASES")).with_columns(TMB=pl.col("N") / pl.col("MEGABASES"))
