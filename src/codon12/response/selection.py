"""Selection of target lesions at baseline: what RECIST 1.1 would take, and what is odd in what was taken."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.records.findings import FINDING_SCHEMA
from codon12.records.rows import may_repeat
from codon12.records.terms.assessments import nodal as node_by_site
from codon12.records.terms.lesions import lesion_families, names_of_families
from codon12.response.coalesced import across_groups
from codon12.response.keys import grouping
from codon12.response.policy import RecistPolicy
from codon12.response.states import micrometres

__all__ = ["select_targets", "target_selection_findings"]

_SLICE_LIMIT = 5000  # µm: above it the least measurable size is twice the slice


def select_targets(candidates: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Choose target lesions by RECIST 1.1: the largest measurable ones, within the limits a patient and an organ.

    Parameters
    ----------
    candidates
        Lesions at baseline: USUBJID, [EVAL, EVALID], [LESIONID], LOC, [NODAL], AVAL (mm: longest diameter, short axis
        of a node), [SLICE] (mm, CT slice thickness). Lymph nodes (NODAL, or LOC that names any node)
        are one organ, and so are sides and parts of one (text before a comma).
    policy
        max_targets, max_targets_per_organ, measurable_mm, measurable_node_mm.

    Returns
    -------
    DataFrame
        The rows chosen, largest first within subject and evaluator.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 3.1.1 and 3.2; EORTC RECIST FAQ (lymph nodes are one organ).

    Examples
    --------
    >>> seen = pl.DataFrame({"USUBJID": ["1"] * 4, "LOC": ["LIVER"] * 3 + ["LUNG"], "AVAL": [45.0, 40.0, 28.0, 9.0]})
    >>> select_targets(seen)["AVAL"].to_list()
    [45.0, 40.0]
    """
    policy = policy or RecistPolicy()
    need(candidates, ("USUBJID", "LOC", "AVAL"), what="candidates")
    keys = grouping(candidates)
    name = [c for c in ("LESIONID", "SRCROW") if c in candidates.columns]
    rows = candidates.with_columns(_organ(candidates).alias("_organ"), micrometres(pl.col("AVAL")).alias("_um"))
    rows = rows.filter(pl.col("_um") >= _least(candidates, policy)).sort(
        [*keys, "_um", "_organ", *name],
        descending=[*(False for _ in keys), True, False, *(False for _ in name)],
    )
    place = pl.int_range(pl.len())
    rows = rows.filter(place.over([*keys, "_organ"]) < policy.max_targets_per_organ)
    rows = rows.filter(place.over(keys) < policy.max_targets)
    return rows.drop("_organ", "_um")


def _nodal(frame: pl.DataFrame) -> pl.Expr:
    named = node_by_site(pl.col("LOC"))
    return named | pl.col("NODAL").fill_null(value=False) if "NODAL" in frame.columns else named


def _site() -> pl.Expr:
    return pl.col("LOC").cast(pl.String).str.to_uppercase().str.split(",").list.first().str.strip_chars()


def _organ(frame: pl.DataFrame) -> pl.Expr:
    return pl.when(_nodal(frame)).then(pl.lit("LYMPH NODE")).otherwise(_site())


def _least(frame: pl.DataFrame, policy: RecistPolicy) -> pl.Expr:
    """Least measurable size in µm; twice the CT slice where that is above 5 mm."""
    plain = pl.lit(round(policy.measurable_mm * 1000), dtype=pl.Int64)
    if "SLICE" in frame.columns:
        cut = micrometres(pl.col("SLICE"))
        plain = pl.when(cut > _SLICE_LIMIT).then(pl.max_horizontal(plain, 2 * cut)).otherwise(plain)
    return pl.when(_nodal(frame)).then(round(policy.measurable_node_mm * 1000)).otherwise(plain)


def target_selection_findings(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Findings on the target lesions chosen at baseline.

    Parameters
    ----------
    lesions
        The lesions frame, [SLICE]. Baseline is the first visit with a target lesion, or with `reference` (USUBJID,
        ADT) the visits on or before ADT.
    policy
        max_targets, max_targets_per_organ, measurable_mm, measurable_node_mm, split_and_merged.

    Returns
    -------
    DataFrame
        Findings (TABLE, ROW, USUBJID, VARIABLE, RULE, SEVERITY, VALUE, MESSAGE): ``targets-per-patient``,
        ``targets-per-organ``, ``target-not-measurable``, ``node-not-measurable``, ``target-added-later`` (a target not
        there at baseline), ``target-measured-twice`` (two sizes of one lesion at one visit).

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 3.1.1, 3.2, 4.1.

    Examples
    --------
    >>> import datetime as dt
    >>> lesions = pl.DataFrame({"USUBJID": ["1"], "LESIONID": ["T01"], "GROUP": ["TARGET"], "LOC": ["LIVER"],
    ...     "ADT": [dt.date(2024, 1, 1)], "AVAL": [8.0]})
    >>> target_selection_findings(lesions)["RULE"].to_list()
    ['target-not-measurable']
    """
    policy = policy or RecistPolicy()
    need(lesions, ("USUBJID", "LESIONID", "GROUP", "LOC", "ADT", "AVAL"), what="lesions")
    keys = grouping(lesions)
    lesions = across_groups(lesions, policy=policy)
    order = [c for c in ("SRCROW", "LESIONID") if c in lesions.columns]
    targets = (
        lesions.filter((pl.col("GROUP") == "TARGET") & pl.col("AVAL").is_not_null() & pl.col("ADT").is_not_null())
        .with_columns(_organ(lesions).alias("_organ"), _nodal(lesions).alias("_node"))
        .with_columns(micrometres(pl.col("AVAL")).alias("_um"), _least(lesions, policy).alias("_least"))
    )
    if reference is None:
        at_baseline = pl.col("ADT") == pl.col("ADT").min().over(keys)
    else:
        need(reference, ("USUBJID", "ADT"), what="reference")
        start = reference.select(pl.col("USUBJID").cast(targets.schema["USUBJID"]), _ref="ADT").unique("USUBJID")
        targets = targets.join(start, on="USUBJID", how="left", maintain_order="left")
        at_baseline = (pl.col("ADT") <= pl.col("_ref")).fill_null(value=False)
    targets = targets.with_columns(at_baseline.alias("_base"))
    later = targets
    if policy.split_and_merged == "follow" and names_of_families(targets):  # known at baseline under other names
        families = lesion_families(targets, keys=keys)
        later = later.join(families, on=[*keys, "LESIONID"], how="anti", nulls_equal=True, maintain_order="left")
    in_time = [*keys, "ADT", *order]
    lesion, of_day = [*keys, "LESIONID"], [*keys, "LESIONID", "ADT"]
    at_start = targets.filter("_base").sort(in_time, nulls_last=True)
    first = at_start.unique(lesion, keep="last", maintain_order=True)
    added = later.join(at_start, on=lesion, how="anti", nulls_equal=True).sort(in_time, nulls_last=True)
    again = targets.filter(may_repeat(targets, of_day)).sort(in_time, nulls_last=True)
    place = pl.int_range(pl.len())
    return pl.concat(
        [
            _found(
                first.filter(place.over(keys) >= policy.max_targets),
                "targets-per-patient",
                "warning",
                f"More than {policy.max_targets} target lesions at baseline.",
            ),
            _found(
                first.filter(place.over([*keys, "_organ"]) >= policy.max_targets_per_organ),
                "targets-per-organ",
                "warning",
                f"More than {policy.max_targets_per_organ} target lesions in one organ (lymph nodes are one organ).",
                value=pl.col("_organ"),
            ),
            _found(
                first.filter(~pl.col("_node") & (pl.col("_um") < pl.col("_least"))),
                "target-not-measurable",
                "warning",
                f"A target lesion below {policy.measurable_mm:g} mm, or below twice a CT slice of more than 5 mm.",
            ),
            _found(
                first.filter(pl.col("_node") & (pl.col("_um") < pl.col("_least"))),
                "node-not-measurable",
                "warning",
                f"A target lymph node below {policy.measurable_node_mm:g} mm in short axis.",
            ),
            _found(
                added.unique(lesion, keep="first", maintain_order=True),
                "target-added-later",
                "warning",
                "A target lesion without a baseline measurement: the sums from this visit on are not complete.",
                value=pl.col("LESIONID").cast(pl.String),
            ),
            _found(
                again.filter(pl.col("_um").n_unique().over(of_day) > 1).unique(
                    of_day, keep="last", maintain_order=True
                ),
                "target-measured-twice",
                "warning",
                "One target lesion has two sizes on one day: by the method of its first visit, else the larger.",
            ),
        ]
    ).sort("RULE", "USUBJID", "ROW", nulls_last=True)


def _found(rows: pl.DataFrame, rule: str, severity: str, message: str, *, value: pl.Expr | None = None) -> pl.DataFrame:
    columns = rows.columns
    return rows.select(
        pl.lit("TR").alias("TABLE") if "SRCDOM" not in columns else pl.col("SRCDOM").cast(pl.String).alias("TABLE"),
        (pl.col("SRCROW").cast(pl.Int64) if "SRCROW" in columns else pl.lit(None, dtype=pl.Int64)).alias("ROW"),
        pl.col("USUBJID").cast(pl.String),
        pl.lit("AVAL").alias("VARIABLE"),
        pl.lit(rule).alias("RULE"),
        pl.lit(severity).alias("SEVERITY"),
        (pl.col("AVAL").cast(pl.String) if value is None else value).alias("VALUE"),
        pl.lit(message).alias("MESSAGE"),
    ).match_to_schema(FINDING_SCHEMA)
