"""What was decided on the way from lesions to responses: one finding a choice, naming row and subject."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import no_findings
from codon12.response.family_findings import family_findings, tumour_row_findings
from codon12.response.keys import grouping, maybe_repeated, visit_key, with_reference
from codon12.response.policy import RecistPolicy
from codon12.response.repeats import carried_to_baseline, one_a_lesion
from codon12.response.state_findings import state_findings
from codon12.response.states import micrometres
from codon12.response.visits import SCAN_SET, joined_visits, split_visits

__all__ = ["baseline_findings", "lesion_findings", "sum_findings", "timepoint_findings"]


def lesion_findings(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Findings on what was made of the lesions: visits split, measurements repeated, states read, lesions carried.

    Parameters
    ----------
    lesions
        The lesions frame with SCANSET (see ``with_scan_sets``), SRCDOM and SRCROW.
    reference
        USUBJID, ADT, as for ``sum_of_diameters``.

    Returns
    -------
    DataFrame
        Findings: ``visit-split``, ``visits-on-one-day``, ``lesion-measured-again``, ``lesion-by-two-methods``,
        ``lesion-carried-to-baseline``, ``earlier-baseline``, ``lesion-text-unknown``, ``target-too-small``,
        ``target-without-size``, ``non-target-without-state``, ``new-lesion-since``, ``new-lesion-text-unknown``, and
        those of ``family_findings``.
    """
    policy = policy or RecistPolicy()
    if lesions.is_empty():
        return no_findings()
    days = f"{policy.visit_days} days"
    rows = lesions.filter(pl.col("ADT").is_not_null())
    return pl.concat(
        [
            tumour_row_findings(
                split_visits(rows),
                "visit-split",
                "warning",
                f"scans of one visit number more than {days} apart are several assessments; one begins here.",
                pl.col("VISITNUM") if "VISITNUM" in rows.columns else pl.lit(None),
                "VISITNUM",
            ),
            tumour_row_findings(
                joined_visits(rows),
                "visits-on-one-day",
                "warning",
                "another visit number has scans of the same day; both are one assessment.",
                pl.col("VISITNUM") if "VISITNUM" in rows.columns else pl.lit(None),
                "VISITNUM",
            ),
            *_repeats(rows),
            *state_findings(rows, policy),
            family_findings(rows, policy=policy),
            _carried(rows, reference),
        ]
    )


def _repeats(rows: pl.DataFrame) -> list[pl.DataFrame]:
    keys = grouping(rows)
    here = [*keys, "LESIONID", SCAN_SET]
    sized = (pl.col("GROUP") == "TARGET") & pl.col("AVAL").is_not_null()
    again = maybe_repeated(rows, here, where=sized)
    if again.is_empty():
        return []
    doubled = again.filter(pl.len().over(here) > 1).sort("ADT", *_source(rows), nulls_last=True)
    methods = pl.col("METHOD").n_unique().over(here) > 1 if "METHOD" in rows.columns else pl.lit(value=False)
    days = pl.col("ADT").n_unique().over(here) > 1
    return [
        tumour_row_findings(
            doubled.filter(~methods & days).unique(here, keep="last", maintain_order=True),
            "lesion-measured-again",
            "warning",
            "the lesion was measured before at this visit; the last one counts and the visit keeps its first date.",
            pl.col("LESIONID"),
            "TRDTC",
        ),
        tumour_row_findings(
            doubled.filter(methods).unique(here, keep="last", maintain_order=True),
            "lesion-by-two-methods",
            "warning",
            "the lesion was measured by two methods; that of its first visit counts, else the larger size.",
            pl.col("LESIONID"),
            "TRMETHOD",
        ),
    ]


def _carried(rows: pl.DataFrame, reference: pl.DataFrame | None) -> pl.DataFrame:
    if reference is None:
        return no_findings()
    keys = grouping(rows)
    by = [*keys, "_visit"]
    early = rows.filter(
        (pl.col("GROUP") == "TARGET")
        & pl.col("AVAL").is_not_null()
        & (pl.col("ADT") <= pl.lit(reference["ADT"].max(), pl.Date))
    )
    early = with_reference(early, reference).filter(pl.col("ADT") <= pl.col("_ref")).drop("_ref")
    early = early.with_columns(visit_key(early)).filter(pl.col("_visit").n_unique().over(keys) > 1)
    if early.is_empty():
        return no_findings()
    earlier = _superseded(early, keys)
    early = early.with_columns(
        micrometres(pl.col("AVAL")).alias("_um"),
        pl.col("LESIONID").cast(pl.String).rank("dense").over(keys).cast(pl.Int64).alias("_place"),
    )
    early = one_a_lesion(early, by=by, lesion="_place").with_columns(
        pl.lit(2, dtype=pl.Int64).pow(pl.col("_place") % 62).cast(pl.Int64).alias("_bit")
    )
    visits = early.group_by(by).agg(
        pl.col("ADT").min(),
        *(pl.col(c).min() for c in ("VISITNUM", "SRCROW", "SRCSEQ") if c in early.columns),
        pl.col("_um").sum(),
        pl.col("_bit").bitwise_or().alias("_mask"),
    )
    named = early.with_columns(pl.col("SRCROW").alias("_row")) if "SRCROW" in early.columns else early
    carried = carried_to_baseline(named, visits, reference, keys=keys)
    if "_row" in carried.columns:
        carried = carried.with_columns(pl.col("_row").alias("SRCROW"))
    found = tumour_row_findings(
        carried,
        "lesion-carried-to-baseline",
        "note",
        "the last visit before the reference date lacks this lesion; its last measurement is in the baseline sum.",
        pl.col("LESIONID"),
        "TRLNKID",
    )
    return pl.concat([found, earlier])


def _superseded(early: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The first record of each visit before the reference date of which a lesion was measured again before it."""
    lesion = [*keys, "LESIONID"]
    rows = early.with_columns((pl.col("ADT") == pl.col("ADT").max().over(lesion)).alias("_last"))
    rows = rows.filter(~pl.col("_last").any().over([*lesion, "_visit"])).drop("_last")
    rows = rows.sort("ADT", *_source(early), nulls_last=True)
    return tumour_row_findings(
        rows.unique([*keys, "_visit"], keep="first", maintain_order=True).drop("_visit"),
        "earlier-baseline",
        "note",
        "lesions of this visit were measured again before the reference date; the last size of each is baseline.",
        pl.col("ADT").cast(pl.String),
        "TRDTC",
    )


def baseline_findings(lesions: pl.DataFrame, reference: pl.DataFrame, until: pl.DataFrame) -> pl.DataFrame:
    """Findings on scans after the reference date that are baseline, as treatment began later: one a subject, evaluator.

    `reference` and `until` are USUBJID, ADT, as from ``reference_dates`` and ``baseline_dates``. Gives
    ``baseline-after-start``.
    """
    dates = reference.select("USUBJID", _from="ADT").join(until.select("USUBJID", _to="ADT"), on="USUBJID")
    dates = dates.filter(pl.col("_from") < pl.col("_to"))
    if dates.is_empty():
        return no_findings()
    rows = lesions.join(dates.unique("USUBJID"), on="USUBJID", how="inner", maintain_order="left")
    rows = rows.filter(pl.col("ADT") > pl.col("_from"), pl.col("ADT") <= pl.col("_to")).sort("ADT", *_source(rows))
    return tumour_row_findings(
        rows.unique(grouping(rows), keep="first", maintain_order=True),
        "baseline-after-start",
        "note",
        "a scan after time zero and not after the first dose is baseline ([response] baseline).",
        pl.col("ADT").cast(pl.String),
        "TRDTC",
    )


def sum_findings(sums: pl.DataFrame) -> pl.DataFrame:
    """Findings on sums of diameters: visits that lack targets, baselines that are a complete response already.

    `sums` are those of ``sum_of_diameters``. Gives ``targets-in-part`` and ``baseline-without-disease``.
    """
    baseline, complete = ((pl.col(c) == "Y").fill_null(value=False) for c in ("ABLFL", "ANL01FL"))
    lacking = sums.filter(pl.col("BASE").is_not_null(), ~baseline, ~complete, pl.col("LSASS") > 0)
    return pl.concat(
        [
            tumour_row_findings(
                lacking,
                "targets-in-part",
                "note",
                "the target lesions assessed at this visit are not those of baseline: the targets are not "
                "evaluable, unless their sum is progression already.",
                pl.format("{} of {}", "LSASS", "LSEXP"),
                "VISIT",
            ),
            tumour_row_findings(
                sums.filter(baseline, pl.col("CRFL") == "Y"),
                "baseline-without-disease",
                "warning",
                "at baseline every target lesion is absent or a node of normal size; visits without growth count as "
                "complete response.",
                pl.col("AVAL"),
                "TRSTRESN",
            ),
        ]
    )


def timepoint_findings(points: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Findings on the time points: parts without a record, evaluable disease after CR, several responses on one day.

    Parameters
    ----------
    points
        Overall responses: USUBJID, [EVAL], ADT, AVALC, SRCDOM, SRCROW; with NTRGRESP, NTRGEXP and the like where they
        were derived from lesions (see ``timepoints``).

    Returns
    -------
    DataFrame
        Findings: ``non-target-not-recorded``, ``target-not-recorded``, ``response-after-cr``,
        ``responses-on-one-day``.
    """
    policy = policy or RecistPolicy()
    if points.is_empty():
        return no_findings()
    keys = grouping(points)
    visit = pl.coalesce(
        pl.col("VISIT").cast(pl.String) if "VISIT" in points.columns else pl.lit(None, pl.String),
        pl.col("ADT").cast(pl.String),
    )
    parts = []
    if "NTRGEXP" in points.columns:
        as_what = "CHECK, no evaluable response" if policy.missing_non_target == "check" else "not evaluated"
        parts += [
            tumour_row_findings(
                points.filter(pl.col("NTRGRESP").is_null() & (pl.col("NTRGEXP") == "Y")),
                "non-target-not-recorded",
                "warning",
                f"the subject has non-target lesions and none is recorded at this visit: {as_what}.",
                visit,
                "VISIT",
            ),
            tumour_row_findings(
                points.filter(pl.col("TRGDT").is_null() & (pl.col("TRGEXP") == "Y")),
                "target-not-recorded",
                "warning",
                "the subject has target lesions and none is recorded at this visit: the targets are not evaluable.",
                visit,
                "VISIT",
            ),
        ]
    judged = pl.col("ADT").is_not_null() & pl.col("AVALC").is_not_null()
    complete = points.filter(judged & (pl.col("AVALC") == "CR")).select(keys).unique()
    rows = points.filter(judged).join(complete, on=keys, how="semi", nulls_equal=True, maintain_order="left")
    rows = rows.sort([*keys, "ADT", *_source(rows)], nulls_last=True)
    had = (pl.col("AVALC") == "CR").cast(pl.Int32).cum_sum().over(keys) > 0
    odd = had & pl.col("AVALC").is_in(["PR", "SD", "NON-CR/NON-PD"])
    as_what = {"pd": "it counts as progression", "error": "it is refused"}.get(
        policy.cr_then_non_cr, "it counts as collected"
    )
    one = "worst" if policy.same_day == "worst" else "one recorded last"
    twice = maybe_repeated(points, [*keys, "ADT"], where=judged).sort([*keys, "ADT", *_source(points)], nulls_last=True)
    doubled = twice.filter(pl.col("AVALC").cast(pl.String).n_unique().over([*keys, "ADT"]) > 1)
    return pl.concat(
        [
            *parts,
            tumour_row_findings(
                rows.filter(odd),
                "response-after-cr",
                "warning",
                f"evaluable disease after a complete response; {as_what} ([response] cr_then_non_cr).",
                pl.col("AVALC").cast(pl.String),
                "RSSTRESC",
            ),
            tumour_row_findings(
                doubled,
                "responses-on-one-day",
                "warning",
                f"several responses on one day; the {one} counts.",
                pl.col("AVALC").cast(pl.String),
                "RSSTRESC",
            ),
        ]
    )


def _source(rows: pl.DataFrame) -> list[str]:
    return [c for c in ("SRCROW", "SRCSEQ") if c in rows.columns]
