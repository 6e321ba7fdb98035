"""What was decided on lesions that split or merged: one finding a record."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import FINDING_SCHEMA, Severity, no_findings
from codon12.records.terms.lesions import lesion_families, names_of_families
from codon12.response.keys import grouping
from codon12.response.policy import RecistPolicy
from codon12.response.split import parts_of_families
from codon12.response.states import target_measurements
from codon12.response.visits import SCAN_SET

__all__ = ["family_findings", "tumour_row_findings"]


def family_findings(lesions: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Findings on lesions that split or merged, on records beside them, and on merged lesions that are no nodes.

    `lesions` is the lesions frame with SCANSET. Gives ``lesion-split-or-merged``, ``lesion-beside-its-parts`` and
    ``merged-lesion-no-node``.
    """
    out = [no_findings()]
    if policy.split_and_merged != "follow" or not names_of_families(lesions):
        return out[0]
    keys = grouping(lesions)
    own = [*keys, "LESIONID"]
    for group in ("TARGET", "NON-TARGET"):
        mine = lesions.filter(pl.col("GROUP") == group).with_columns(pl.col("LESIONID").cast(pl.String))
        if not names_of_families(mine):
            continue
        families = lesion_families(mine, keys=keys)
        named = mine.join(families, on=own, how="semi", nulls_equal=True, maintain_order="left")
        sentence = (
            "by its name a lesion has split (fragments count together) or lesions have merged (it stands for all)."
        )
        out.append(
            tumour_row_findings(named, "lesion-split-or-merged", "note", sentence, pl.col("LESIONID"), "TRLNKID")
        )
        if group == "TARGET" and not families.is_empty():
            out += _beside_families(mine, families, keys=keys, policy=policy)
    return pl.concat(out)


def _beside_families(
    targets: pl.DataFrame, families: pl.DataFrame, *, keys: list[str], policy: RecistPolicy
) -> list[pl.DataFrame]:
    touched = families.select(keys).unique()
    targets = targets.join(touched, on=keys, how="semi", nulls_equal=True, maintain_order="left")
    judged = target_measurements(targets, policy=policy).rename({SCAN_SET: "_visit"})
    rows = parts_of_families(judged, families, keys=keys, policy=policy)
    sized = pl.col("_um").is_not_null()
    order = [c for c in ("SRCROW", *keys, "_visit", "LESIONID") if c in rows.columns]
    unused = rows.filter(~pl.col("_used") & sized).sort(order, nulls_last=True)
    unused = unused.unique([*keys, "_visit", "LESIONID"], keep="first", maintain_order=True)
    own = [*keys, "LESIONID"]
    node = targets.group_by(own).agg(pl.col("NODAL").any().alias("_node")) if "NODAL" in targets.columns else None
    mixed = no_findings()
    if node is not None:
        parts = families.filter(pl.col("_kind") == "merged").join(
            node.rename({"LESIONID": "_part"}), on=[*keys, "_part"], how="left", nulls_equal=True
        )
        several = parts.group_by(own).agg(pl.col("_node").n_unique().alias("_n")).filter(pl.col("_n") > 1)
        mixed = tumour_row_findings(
            targets.join(several, on=own, how="semi", nulls_equal=True, maintain_order="left"),
            "merged-lesion-no-node",
            "warning",
            "a lymph node merged with another lesion and is none any more: the longest diameter counts, gone at 0 mm.",
            pl.col("LESIONID"),
            "TRLNKID",
        )
    return [
        mixed,
        tumour_row_findings(
            unused,
            "lesion-beside-its-parts",
            "warning",
            "the lesion is recorded as a whole and in parts at one visit; this record says nothing of its own.",
            pl.col("LESIONID"),
            "TRLNKID",
        ),
    ]


def tumour_row_findings(
    rows: pl.DataFrame, rule: str, severity: Severity, sentence: str, value: pl.Expr, variable: str
) -> pl.DataFrame:
    """One finding a row; the sentence begins with table and row."""
    if rows.is_empty():
        return no_findings()
    columns = rows.columns
    table = pl.col("SRCDOM").cast(pl.String) if "SRCDOM" in columns else pl.lit(None, pl.String)
    table = pl.coalesce(table, pl.lit("RS" if variable.startswith("RS") else "TR"))
    row = pl.col("SRCROW").cast(pl.Int64) if "SRCROW" in columns else pl.lit(None, pl.Int64)
    at = pl.when(row.is_not_null()).then(pl.format("{} row {}: ", table, row)).otherwise(pl.format("{}: ", table))
    return rows.select(
        table.alias("TABLE"),
        row.alias("ROW"),
        pl.col("USUBJID").cast(pl.String),
        pl.lit(variable).alias("VARIABLE"),
        pl.lit(rule).alias("RULE"),
        pl.lit(severity).alias("SEVERITY"),
        value.cast(pl.String).alias("VALUE"),
        (at + pl.lit(sentence)).alias("MESSAGE"),
    ).match_to_schema(FINDING_SCHEMA)
