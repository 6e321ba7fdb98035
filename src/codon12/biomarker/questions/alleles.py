"""Groups of patients by the allele of a gene, and by genes altered together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import polars as pl

from codon12.errors import UsageError
from codon12.policy import Policy
from codon12.records.columns.needed import need

__all__ = ["AlleleGroups", "allele_groups", "co_mutation"]


class AlleleGroups(Policy, frozen=True):
    """How the mutations of a gene are grouped."""

    version: Annotated[str, msgspec.Meta(description="Allele groups are version {value}:")] = "KRAS-1"
    alleles: Annotated[tuple[str, ...], msgspec.Meta(description="the alleles {value} are groups of their own,")] = (
        "G12C",
        "G12D",
        "G12V",
    )
    codons: Annotated[
        tuple[tuple[int, str], ...], msgspec.Meta(description="other changes are grouped by codon as {value},")
    ] = ((12, "G12 other"), (13, "G13"), (61, "Q61"))
    rest: Annotated[str, msgspec.Meta(description='any other mutation is "{value}".')] = "other"
    several: Annotated[
        Literal["multiple", "first"],
        msgspec.Meta(
            description="",
            extra={
                "multiple": "A patient with mutations of several groups is in a group of its own, multiple.",
                "first": "A patient with mutations of several groups is in the first of them as listed.",
            },
        ),
    ] = "multiple"


def allele_groups(
    calls: pl.DataFrame,
    *,
    gene: str = "KRAS",
    groups: AlleleGroups | None = None,
    status: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Group patients by the allele of one gene.

    Parameters
    ----------
    calls
        Calls frame; calls that leave the protein as it is, and copy-number changes, are not read.
    status
        Answers to ``<gene> mutation`` from `biomarker_status`: subjects answered no are ``wild type``, those
        answered unknown have no group. Without it only mutated subjects are in the result.

    Returns
    -------
    polars.DataFrame
        USUBJID, GROUP, ALLELES (all changes, sorted); sorted by USUBJID.

    Examples
    --------
    >>> calls = pl.DataFrame({"USUBJID": ["1", "2", "3"], "GENE": "KRAS", "PROTEIN": ["p.G12C", "p.G12R", "p.Q61H"]})
    >>> allele_groups(calls.with_columns(CLASS=pl.lit("missense")))["GROUP"].to_list()
    ['G12C', 'G12 other', 'Q61']
    """
    need(calls, ("USUBJID", "GENE", "CLASS", "PROTEIN"), what="calls")
    rule = groups or AlleleGroups()
    rows = calls.filter(
        (pl.col("GENE") == gene)
        & pl.col("CLASS").is_in(["missense", "inframe", "truncating", "splice", "other"])
        & pl.col("PROTEIN").is_not_null()
    )
    change = pl.col("PROTEIN").str.replace(r"^p\.", "")
    codon = pl.col("PROTEIN").str.extract(r"^p\.\D?(\d+)").cast(pl.Int64, strict=False)
    order = [*rule.alleles, *(name for _, name in rule.codons), rule.rest]
    named = pl.coalesce(
        pl.when(change.is_in(list(rule.alleles))).then(change),
        codon.replace_strict(dict(rule.codons), default=None, return_dtype=pl.String),
        pl.lit(rule.rest),
    )
    rank = pl.col("one").replace_strict({name: i for i, name in enumerate(order)}, return_dtype=pl.Int64)
    found = (
        rows.select("USUBJID", change.alias("change"), named.alias("one"))
        .unique()
        .with_columns(rank.alias("rank"))
        .sort("rank", "change")
        .group_by("USUBJID")
        .agg(
            pl.col("one").first().alias("GROUP"),
            pl.col("one").n_unique().alias("n"),
            pl.col("change").unique().sort().str.join(", ").alias("ALLELES"),
        )
    )
    if rule.several == "multiple":
        found = found.with_columns(pl.when(pl.col("n") > 1).then(pl.lit("multiple")).otherwise("GROUP").alias("GROUP"))
    found = found.drop("n")
    if status is not None:
        wild = pl.when(pl.col("ANSWER") == "no").then(pl.lit("wild type"))
        found = (
            status.select("USUBJID", "ANSWER")
            .join(found, on="USUBJID", how="left")
            .select("USUBJID", pl.coalesce("GROUP", wild).alias("GROUP"), "ALLELES")
        )
    return found.sort("USUBJID")


def co_mutation(statuses: Mapping[str, pl.DataFrame], *, altered: str = "MT", intact: str = "WT") -> pl.DataFrame:
    """Cross several answers of each subject: ``STK11 MT / KEAP1 WT``.

    Parameters
    ----------
    statuses
        Name as printed -> answers from `biomarker_status`, e.g. to ``STK11 loss of function``.

    Returns
    -------
    polars.DataFrame
        USUBJID, one column a name (`altered`, `intact` or null where unknown), LEVEL (null where any is unknown);
        the subjects of all frames, sorted.

    Raises
    ------
    UsageError
        No answers are given.

    Examples
    --------
    >>> answers = [pl.DataFrame({"USUBJID": ["1", "2"], "ANSWER": a}) for a in (["yes", "no"], ["no", "unknown"])]
    >>> co_mutation({"STK11": answers[0], "KEAP1": answers[1]})["LEVEL"].to_list()
    ['STK11 MT / KEAP1 WT', None]
    """
    if not isinstance(statuses, Mapping) or not statuses:
        raise UsageError("give at least one question's answers: a name -> what biomarker_status gives")
    for name, status in statuses.items():
        need(status, ("USUBJID", "ANSWER"), what=f"statuses[{name!r}]")
    word = pl.col("ANSWER").replace_strict({"yes": altered, "no": intact}, default=None, return_dtype=pl.String)
    out = pl.concat([s.select("USUBJID") for s in statuses.values()]).unique()
    for name, status in statuses.items():
        out = out.join(status.select("USUBJID", word.alias(name)), on="USUBJID", how="left")
    level = pl.concat_str([pl.format(f"{name} {{}}", name) for name in statuses], separator=" / ")
    return out.with_columns(level.alias("LEVEL")).sort("USUBJID")
