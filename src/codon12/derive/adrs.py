"""ADRS: tumour assessments from lesions, as collected, or both, and the responses per patient; or ADRS as given."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codon12.derive.adtr import with_best_change
from codon12.response import (
    RecistPolicy,
    best_overall_response,
    disease_control,
    new_lesions,
    non_target_response,
    objective_response,
    overall_response,
    progression,
    reference_dates,
    sum_of_diameters,
    target_response,
    timepoints,
)

__all__ = ["Responses", "accepted", "disagreements", "given_responses", "response_frames", "shaped"]

_TYPES = {"ADT": pl.Date, "VISITNUM": pl.Float64, "SRCROW": pl.Int64, "SRCSEQ": pl.Int64}
_BEST = {"BESRSPI": "CBOR", "BESRSP": "CBOR", "BOR": "BOR", "CBOR": "CBOR", "OVR": "OVRLRESP", "OVRINV": "OVRLRESP"}
"""Parameters of a given ADRS -> their names here."""
_PARTS = ("OVRLRESP", "TRGRESP", "NTRGRESP", "NEWLRESP")
_ADRS = (
    "USUBJID",
    "EVAL",
    "PARAMCD",
    "ADT",
    "VISITNUM",
    "VISIT",
    "AVALC",
    "ORIGIN",
    "SRCDOM",
    "SRCROW",
    "SRCSEQ",
)


@dataclass(frozen=True)
class Responses:
    """What the assessments of a study give."""

    adrs: pl.DataFrame
    """Time points and best responses, one row a subject, evaluator, parameter and date; ORIGIN says how."""
    adtr: pl.DataFrame | None
    """Sums of diameters, where lesions were measured."""
    evaluators: tuple[str, ...]
    """Evaluators with assessments, central first."""
    disagreements: pl.DataFrame
    """Time points whose derived and collected response differ."""


def response_frames(
    adsl: pl.DataFrame,
    lesions: pl.DataFrame | None,
    collected: pl.DataFrame | None,
    *,
    policy: RecistPolicy,
) -> Responses:
    """Derive the responses of every evaluator.

    Where an evaluator measured lesions the time points come from them; else from the overall responses as
    collected. Where both exist they are compared.
    """
    reference = reference_dates(adsl, policy=policy)
    points, sums, given = [], None, None
    if lesions is not None and lesions.height:
        lesions = accepted(lesions)
        sums = sum_of_diameters(lesions, reference, policy=policy)
        parts = (target_response(sums, policy=policy), non_target_response(lesions, reference, policy=policy))
        joined = timepoints(*parts, new_lesions(lesions, policy=policy), lesions=lesions)
        points.append(_long(overall_response(joined, policy=policy)))
        sums = with_best_change(sums)
    if collected is not None and collected.height:
        given = accepted(collected.filter(pl.col("PARAMCD").is_in(_PARTS)))
        measured = points[0]["EVAL"].unique().to_list() if points else []
        points.append(shaped(given.filter(~pl.col("EVAL").is_in(measured)).with_columns(ORIGIN=pl.lit("collected"))))
    time_points = pl.concat(points, how="vertical_relaxed") if points else shaped(_empty())
    overall = time_points.filter(PARAMCD="OVRLRESP")
    best = []
    if overall.height:
        for confirmed in (True, False):
            options = {"policy": policy, "confirmed": confirmed}
            best += [
                best_overall_response(overall, reference, **options),
                objective_response(overall, reference, **options),
                disease_control(overall, reference, **options),
            ]
        best.append(progression(overall, reference, policy=policy))
    derived = [shaped(b.with_columns(ORIGIN=pl.lit("derived"))) for b in best]
    adrs = pl.concat([time_points, *derived], how="vertical_relaxed").sort(
        "USUBJID", "EVAL", "PARAMCD", "ADT", nulls_last=True
    )
    found = set(overall["EVAL"].drop_nulls().unique().to_list())
    return Responses(
        adrs=adrs,
        adtr=sums,
        evaluators=tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in found),
        disagreements=disagreements(overall, given),
    )


def accepted(frame: pl.DataFrame) -> pl.DataFrame:
    """One reader per subject and evaluator: the accepted readings, else the first reader by name.

    Needs EVAL; uses EVALID and ACPTFL where present and drops them.
    """
    if "EVALID" not in frame.columns:
        return frame.drop("ACPTFL", strict=False)
    flag = (pl.col("ACPTFL") == "Y").fill_null(value=False) if "ACPTFL" in frame.columns else pl.lit(value=False)
    rows = frame.with_columns(_ok=flag)
    side = ["USUBJID", "EVAL"]
    some, several = pl.col("_ok").any().over(side), (pl.col("EVALID").n_unique() > 1).over(side)
    first = (pl.col("EVALID") == pl.col("EVALID").min().over(side)).fill_null(value=True)
    keep = pl.when(some & several).then("_ok").when(several).then(first).otherwise(pl.lit(value=True))
    return rows.filter(keep).drop("_ok", "EVALID", "ACPTFL", strict=False)


def disagreements(overall: pl.DataFrame, collected: pl.DataFrame | None) -> pl.DataFrame:
    """Time points whose response derived from lesions differs from the one collected.

    Joined by subject, evaluator and visit (by date where there is no visit): USUBJID, EVAL, VISIT, ADT, DERIVED,
    COLLECTED, SRCDOM, SRCROW of the collected record.
    """
    schema = ("USUBJID", "EVAL", "VISIT", "ADT", "DERIVED", "COLLECTED", "SRCDOM", "SRCROW")
    if collected is None or not (overall["ORIGIN"] == "derived").any():
        return overall.clear().with_columns(DERIVED="AVALC", COLLECTED="AVALC").select(schema)
    mine = overall.filter(ORIGIN="derived").select("USUBJID", "EVAL", "VISITNUM", "VISIT", "ADT", DERIVED="AVALC")
    theirs = shaped(collected.filter(PARAMCD="OVRLRESP").with_columns(ORIGIN=pl.lit("collected")))
    theirs = theirs.select("USUBJID", "EVAL", "VISITNUM", "ADT", "SRCDOM", "SRCROW", COLLECTED="AVALC")
    visit = pl.coalesce(pl.col("VISITNUM").cast(pl.Float64), pl.col("ADT").to_physical() + 1e9)
    both = mine.with_columns(_v=visit).join(
        theirs.with_columns(_v=visit).drop("VISITNUM", "ADT"), on=["USUBJID", "EVAL", "_v"], how="inner"
    )
    return both.filter(pl.col("DERIVED") != pl.col("COLLECTED")).select(schema).sort("USUBJID", "EVAL", "ADT")


def _long(points: pl.DataFrame) -> pl.DataFrame:
    """Overall, target, non-target and new-lesion response of each time point, a row each."""
    overall = shaped(points.with_columns(ORIGIN=pl.lit("derived")))
    parts = []
    for name, short in (("TRGRESP", "TRG"), ("NTRGRESP", "NTRG"), ("NEWLRESP", "NEWL")):
        own = {c: f"{short}{c}" for c in ("SRCDOM", "SRCROW", "SRCSEQ") if f"{short}{c}" in points.columns}
        part = points.filter(pl.col(name).is_not_null()).drop("SRCDOM", "SRCROW", "SRCSEQ", strict=False)
        part = part.with_columns(
            PARAMCD=pl.lit(name),
            AVALC=pl.col(name),
            ORIGIN=pl.lit("derived"),
            **{k: pl.col(v) for k, v in own.items()},
        )
        parts.append(shaped(part))
    return pl.concat([overall, *parts], how="vertical_relaxed")


def shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of ADRS, typed; those the frame lacks are null. Few distinct texts: categories."""
    return frame.select(_column(frame, name) for name in _ADRS)


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    if name in {"USUBJID", "EVAL"} and name in frame.columns:
        return pl.col(name)
    value = pl.col(name) if name in frame.columns else pl.lit(None)
    return value.cast(_TYPES.get(name, pl.Categorical)).alias(name)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(_ADRS, pl.String))


def given_responses(adrs: pl.DataFrame) -> Responses | None:
    """ADRS as given, with its parameters under the names used here."""
    code = pl.col("PARAMCD").replace(_BEST)
    evaluator = pl.lit("INVESTIGATOR")
    for column in ("EVAL", "PARCAT2", "PARAM"):
        if column in adrs.columns:
            text = pl.col(column).str.to_uppercase()
            central = text.str.contains("INDEPENDENT|CENTRAL|BICR|IRC")
            evaluator = pl.when(central.fill_null(value=False)).then(pl.lit("CENTRAL")).otherwise(evaluator)
            break
    date = next((c for c in ("ADT", "ADTM") if c in adrs.columns), None)
    day = pl.col(date).cast(pl.Date) if date else pl.lit(None, dtype=pl.Date)
    frame = shaped(adrs.with_columns(PARAMCD=code, EVAL=evaluator, ADT=day, ORIGIN=pl.lit("given")))
    if not frame["PARAMCD"].is_in(["BOR", "CBOR"]).any():
        return None
    found = frame.filter(pl.col("PARAMCD").is_in(["BOR", "CBOR"]))["EVAL"].unique().to_list()
    return Responses(
        adrs=frame,
        adtr=None,
        evaluators=tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in found),
        disagreements=pl.DataFrame(),
    )
