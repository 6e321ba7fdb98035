"""Which bases are exchanged: transitions, transversions, and the mark of tobacco smoke."""

from __future__ import annotations

from typing import Annotated

import msgspec
import polars as pl

from codon12.policy import Policy
from codon12.records.columns.needed import need

__all__ = ["SUBSTITUTIONS", "SmokingSignature", "smoking_signature", "substitution_spectrum"]

SUBSTITUTIONS = ("C>A", "C>G", "C>T", "T>A", "T>C", "T>G")
"""Exchanges by the pyrimidine of the pair; C>T and T>C are transitions."""
_TRANSITIONS = ("C>T", "T>C")
_OTHER_STRAND = {"A": "T", "C": "G", "G": "C", "T": "A"}


class SmokingSignature(Policy, frozen=True):
    """When a tumour's exchanges look like those of a smoker."""

    version: Annotated[str, msgspec.Meta(description="The smoking signature is version {value}:")] = "codon12-1"
    min_substitutions: Annotated[
        int, msgspec.Meta(ge=1, description="it is read from at least {value} single-base substitutions,")
    ] = 10
    max_ratio: Annotated[
        float,
        msgspec.Meta(gt=0, description="transversion-high when transitions over transversions lie below {value}."),
    ] = 1.0


def substitution_spectrum(calls: pl.DataFrame, *, by: str = "SAMPLE") -> pl.DataFrame:
    """Count the six exchanges of each sample, silent and noncoding calls included.

    Returns
    -------
    polars.DataFrame
        The column `by`, one column an exchange, N, TRANSITIONS, TRANSVERSIONS, TITV (null without transversions);
        sorted. Calls other than substitutions of one base are not read; a change counts once.

    Examples
    --------
    >>> calls = pl.DataFrame({"SAMPLE": ["1", "1"], "CHROM": "1", "POS": [1, 2], "REF": ["G", "A"], "ALT": ["T", "G"]})
    >>> substitution_spectrum(calls).select("C>A", "T>C", "TITV").row(0)
    (1, 1, 1.0)
    """
    need(calls, (by, "CHROM", "POS", "REF", "ALT"), what="calls")
    single = pl.all_horizontal(pl.col(c).str.contains("^[ACGT]$") for c in ("REF", "ALT")) & (
        pl.col("REF") != pl.col("ALT")
    )
    rows = calls.filter(single).unique([by, "CHROM", "POS", "REF", "ALT"])
    purine = pl.col("REF").is_in(["A", "G"])
    ref, alt = (pl.when(purine).then(pl.col(c).replace_strict(_OTHER_STRAND)).otherwise(c) for c in ("REF", "ALT"))
    rows = rows.select(by, pl.concat_str(ref, pl.lit(">"), alt).alias("kind"))
    counts = [(pl.col("kind") == s).sum().cast(pl.Int64).alias(s) for s in SUBSTITUTIONS]
    out = rows.group_by(by).agg(*counts, pl.len().cast(pl.Int64).alias("N")).sort(by)
    out = out.with_columns(TRANSITIONS=pl.sum_horizontal(_TRANSITIONS))
    out = out.with_columns(TRANSVERSIONS=pl.col("N") - pl.col("TRANSITIONS"))
    ratio = pl.when(pl.col("TRANSVERSIONS") > 0).then(pl.col("TRANSITIONS") / pl.col("TRANSVERSIONS"))
    return out.with_columns(ratio.alias("TITV"))


def smoking_signature(spectrum: pl.DataFrame, rule: SmokingSignature | None = None) -> pl.Series:
    """Class of each spectrum: ``transversion-high``, ``transversion-low``, null with too few substitutions.

    Notes
    -----
    Smoking leaves C>A transversions (Govindan 2012, Cell 150:1121; TCGA 2014, Nature 511:543). The cut-off is a
    choice: state it with the result.

    Examples
    --------
    >>> frame = pl.DataFrame({"N": [20, 20, 3], "TRANSITIONS": [5, 15, 0], "TRANSVERSIONS": [15, 5, 3]})
    >>> smoking_signature(frame).to_list()
    ['transversion-high', 'transversion-low', None]
    """
    need(spectrum, ("N", "TRANSITIONS", "TRANSVERSIONS"), what="spectrum")
    settled = rule or SmokingSignature()
    high = pl.col("TRANSITIONS") < settled.max_ratio * pl.col("TRANSVERSIONS")
    named = pl.when(high).then(pl.lit("transversion-high")).otherwise(pl.lit("transversion-low"))
    return spectrum.select(pl.when(pl.col("N") >= settled.min_substitutions).then(named).alias("AVALCAT")).to_series()
