"""The frames that endpoints are made from: who is in the analysis set, dated responses, first responses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.parallel import of_all
from codon12.survival.times.frames import dated_frame, same_subjects

__all__ = [
    "SOURCE",
    "analysis_set",
    "dated_rows",
    "first_responses",
    "keys_of",
    "overall_responses",
    "per_evaluator",
    "since_start",
]


SOURCE = ("SRCDOM", "SRCVAR", "SRCROW", "SRCSEQ")

_RESPONSES = ("CR", "PR", "Y")

_RECORDS = ("DTHFL", "DTHDOM", "DTHVAR", "DTHROW", "LSTALVDOM", "LSTALVROW")
"""Columns of ADSL that name the records of death and of the last contact."""


def overall_responses(assessments: Any) -> pl.DataFrame:
    """Give the assessments with their columns checked."""
    return dated_frame(assessments, "assessments", columns=("USUBJID", "ADT", "AVALC"), dates=("ADT",))


def analysis_set(adsl: Any) -> pl.DataFrame:
    """Give subjects with a start, dates of death and last contact (null without such a column), and records."""
    adsl = dated_frame(adsl, "adsl", columns=("USUBJID", "STARTDT"), dates=("STARTDT", "DTHDT", "LSTALVDT"))
    dates = [c for c in ("DTHDT", "LSTALVDT", *_RECORDS) if c in adsl.columns]
    kinds = {"DTHDT": pl.Date, "LSTALVDT": pl.Date, "DTHFL": pl.String}
    empty = [pl.lit(None, dtype=t).alias(c) for c, t in kinds.items() if c not in adsl.columns]
    source = [c for c in SOURCE if c in adsl.columns and c != "SRCVAR"]  # SRCVAR is the date's own name here
    return adsl.filter(pl.col("STARTDT").is_not_null()).select("USUBJID", "STARTDT", *dates, *source, *empty)


def per_evaluator(people: pl.DataFrame, assessments: pl.DataFrame, *, of: str) -> pl.DataFrame:
    """Give a row a subject and evaluator, where the assessments name evaluators; `of` is the parameter."""
    if "EVAL" not in assessments.columns:
        return people
    own = frozenset(assessments["EVAL"].drop_nulls().cast(pl.String).unique())
    every = of_all(f"evaluators of {of}", own, sorted)
    evaluators = pl.DataFrame({"EVAL": every}, schema={"EVAL": pl.String}).cast({"EVAL": assessments.schema["EVAL"]})
    return people.join(evaluators, how="cross") if evaluators.height else people


def keys_of(people: pl.DataFrame) -> list[str]:
    """Columns that name one time to event: the subject, and the evaluator where there are several."""
    return [k for k in ("USUBJID", "EVAL") if k in people.columns]


def dated_rows(frame: Any, what: str, cutoff: dt.date | None) -> pl.DataFrame:
    """Give the rows with a date, and a response where there is such a column, up to the cut-off."""
    frame = dated_frame(frame, what, columns=("USUBJID", "ADT"), dates=("ADT",))
    kept = frame.filter(pl.col("ADT").is_not_null())
    if "AVALC" in kept.columns:
        kept = kept.filter(pl.col("AVALC").is_not_null())
    return kept if cutoff is None else kept.filter(pl.col("ADT") <= cutoff)


def since_start(frame: pl.DataFrame, people: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Rows from the start of each of the `keys` on: a frame without evaluators has rows for each of them then."""
    same_subjects(frame, "assessments", people)
    on = [k for k in keys if k in frame.columns]
    starts = people.group_by(keys).agg(pl.col("STARTDT").min().alias("_start"))
    return frame.join(starts, on=on, how="inner").filter(pl.col("ADT") >= pl.col("_start")).drop("_start")


def first_responses(responses: pl.DataFrame, cutoff: dt.date | None) -> pl.DataFrame:
    """Give the first response of each subject and evaluator; among rows of one day the first in the file."""
    dated = dated_rows(responses, "responses", cutoff)
    if "AVALC" in dated.columns:
        dated = dated.filter(pl.col("AVALC").is_in(_RESPONSES))
    keys = keys_of(dated)
    tied = [c for c in ("SRCROW", "SRCSEQ") if c in dated.columns]
    return dated.sort("ADT", *tied).unique(keys, keep="first", maintain_order=True)
