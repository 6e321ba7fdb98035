"""ADRS: tumour assessments from lesions, as collected, or both, and the responses per patient."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field

import polars as pl

from codon12.derive.adtr import marked, with_best_change
from codon12.derive.lesion_blocks import BLOCK, time_points_in_blocks
from codon12.parallel import of_all
from codon12.records.findings import no_findings
from codon12.records.terms.assessments import NOT_ASSESSED
from codon12.response import RecistPolicy
from codon12.response.assessment_findings import sum_findings, timepoint_findings
from codon12.response.assessments import baseline_dates, reference_dates
from codon12.response.collected import of_criterion, same_visit, tests_not_used, without_lesions
from codon12.response.family_findings import tumour_row_findings
from codon12.response.parameters import response_parameters
from codon12.response.rank import in_rank
from codon12.response.readers import accepted_readings, reading_findings

__all__ = ["Responses", "disagreements", "readings", "response_frames", "shaped"]

_TYPES = {"ADT": pl.Date, "VISITNUM": pl.Float64, "SRCROW": pl.Int64, "SRCSEQ": pl.Int64}
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
    findings: pl.DataFrame = field(default_factory=no_findings)
    """What was decided on the way, as findings."""
    unmeasured: pl.DataFrame | None = None
    """USUBJID, EVAL: responses as collected of subjects without a lesion, beside others who have them."""
    baseline: pl.DataFrame | None = None
    """USUBJID: assessed at baseline, or by responses as collected alone; None where no lesions are on record."""


def response_frames(
    adsl: pl.DataFrame,
    lesions: pl.DataFrame | None,
    collected: pl.DataFrame | None,
    *,
    policy: RecistPolicy,
    block: int = BLOCK,
    executor: Executor | None = None,
) -> Responses:
    """Derive the responses of every evaluator.

    Where an evaluator measured lesions the time points come from them; else, and for the subjects and visits without
    lesions, from the overall responses as collected. Where both exist they are compared. Lesions are worked on `block`
    subjects at a time, by any `concurrent.futures.Executor`; neither changes a row.
    """
    reference, until = reference_dates(adsl, policy=policy), baseline_dates(adsl, policy=policy)
    points, sums, given, found = [], None, None, [no_findings()]
    some = lesions is not None and of_all("a lesion was assessed", bool(lesions.height))
    measured = lesions if some else None
    if collected is not None:
        found.append(tests_not_used(collected, _PARTS))
        collected, other = of_criterion(collected.filter(pl.col("PARAMCD").is_in(_PARTS)), policy=policy)
        found += [other, reading_findings(collected, policy=policy, flags=measured)]
        given = readings(collected, policy=policy, flags=measured)
    if measured is not None:
        found.append(reading_findings(measured, policy=policy, flags=collected))
        lesions = readings(measured, policy=policy, flags=collected)
        of_lesions = time_points_in_blocks(lesions, reference, until, policy=policy, size=block, executor=executor)
        found += of_lesions.findings
        points.append(_long(of_lesions.points))
        sums = of_lesions.sums
        found.append(sum_findings(sums))
        del of_lesions  # wide frames of all subjects
    unmeasured, seen_before = None, None if measured is None else _seen_at_baseline(measured, until)
    if given is not None and of_all("a response as collected counts", bool(given.height)):
        if lesions is not None and points:
            derived = points[0].filter(PARAMCD="OVRLRESP")
            rest, as_given = without_lesions(given, derived, lesions, until, policy=policy)
            found.append(as_given)
            unmeasured = _unmeasured(rest, lesions)
            if seen_before is not None:
                seen_before = pl.concat([seen_before, unmeasured.select("USUBJID")]).unique()
        else:
            rest = given
        found.append(timepoint_findings(rest.filter(pl.col("PARAMCD") == "OVRLRESP"), policy=policy))
        points.append(shaped(rest.with_columns(ORIGIN=pl.lit("collected"))))
    time_points = pl.concat(points, how="vertical_relaxed") if points else shaped(_empty())
    overall = time_points.filter(PARAMCD="OVRLRESP")
    found += [_of_untreated(overall, reference), _after_new_therapy(overall, reference, policy=policy)]
    judged = of_all("a time point is known", bool(overall.height))
    best = response_parameters(overall, reference, policy=policy) if judged else []
    derived = [shaped(b.with_columns(ORIGIN=pl.lit("derived"))) for b in best]
    adrs = in_rank(pl.concat([time_points, *derived], how="vertical_relaxed"), ["USUBJID", "EVAL", "PARAMCD", "ADT"])
    if sums is not None:
        progressed = best[-1].filter(pl.col("AVALC") == "Y") if best else None
        sums, late = with_best_change(sums, progressed, policy=policy)
        found.append(late)
        if judged:
            sums = marked(sums, best[0] if policy.confirmation else best[3])  # CBOR, BOR
    own = frozenset(overall["EVAL"].drop_nulls().cast(pl.String).unique())
    evaluators = of_all("evaluators", own)
    central = sorted(e for e in evaluators if e.startswith("CENTRAL"))
    if len(central) == 1 and "INVESTIGATOR" in evaluators:
        found.append(_without_review(overall))
    return Responses(
        adrs=adrs,
        adtr=sums,
        evaluators=(*central, *(e for e in ("INVESTIGATOR",) if e in evaluators)),
        disagreements=disagreements(overall, given, policy=policy),
        findings=pl.concat(found),
        unmeasured=unmeasured,
        baseline=seen_before,
    )


def readings(frame: pl.DataFrame, *, policy: RecistPolicy, flags: pl.DataFrame | None) -> pl.DataFrame:
    """One reading per subject and evaluator; without ``accepted_only`` each central reader is an evaluator.

    Needs EVAL; uses EVALID and ACPTFL where present and drops them.
    """
    absent = [pl.lit(None, pl.String).alias(c) for c in ("EVALID", "ACPTFL") if c not in frame.columns]
    rows = accepted_readings(frame.with_columns(absent), policy=policy, flags=flags)
    if not policy.accepted_only:
        reader = pl.col("EVALID").str.to_uppercase().str.replace_all(r"[^A-Z0-9]+", "_")
        apart = pl.col("EVAL").cast(pl.String)
        each = (apart == "CENTRAL") & pl.col("EVALID").is_not_null()
        rows = rows.with_columns(pl.when(each).then(pl.format("{}_{}", apart, reader)).otherwise(apart).alias("EVAL"))
    return rows.drop("EVALID", "ACPTFL", strict=False)


def _of_untreated(overall: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """Findings ``response-of-untreated``: the first response of each subject without a reference date."""
    without = reference.filter(pl.col("ADT").is_null()).select(pl.col("USUBJID").cast(overall.schema["USUBJID"]))
    rows = overall.join(without, on="USUBJID", how="semi", maintain_order="left").sort("ADT", "SRCROW", nulls_last=True)
    return tumour_row_findings(
        rows.unique("USUBJID", keep="first", maintain_order=True),
        "response-of-untreated",
        "warning",
        "a response of a subject without randomisation or first dose; it is in no time to event.",
        pl.col("AVALC").cast(pl.String),
        "RSSTRESC",
    )


def _after_new_therapy(overall: pl.DataFrame, reference: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Findings ``response-after-new-therapy``: the first response of each subject that new therapy keeps from counting.

    Not of those who had progressed before. Where such responses count, the first complete or partial one of each.
    """
    if "NACTDT" not in reference.columns:
        return no_findings()
    ignored = policy.new_therapy == "ignore"
    started = reference.select(pl.col("USUBJID").cast(overall.schema["USUBJID"]), "NACTDT").drop_nulls()
    rows = overall.drop_nulls(["ADT", "AVALC"]).join(started, on="USUBJID", how="inner", maintain_order="left")
    late = pl.col("ADT") >= pl.col("NACTDT") if policy.new_therapy == "before" else pl.col("ADT") > pl.col("NACTDT")
    key = ["USUBJID", "EVAL"]
    ended = rows.filter(~late & (pl.col("AVALC") == "PD")).select(key).unique()
    rows = (
        rows.filter(late).join(ended, on=key, how="anti", maintain_order="left").sort("ADT", "SRCROW", nulls_last=True)
    )
    if ignored:
        before = overall.join(started, on="USUBJID").filter(~late & pl.col("AVALC").is_in(["CR", "PR"])).select(key)
        rows = rows.filter(pl.col("AVALC").is_in(["CR", "PR"])).join(before, on=key, how="anti", maintain_order="left")
    return tumour_row_findings(
        rows.unique(key, keep="first", maintain_order=True),
        "response-after-new-therapy",
        "note",
        "a new anti-cancer therapy had begun before the first response, which counts all the same ([response] "
        "new_therapy); no duration of it is censored by that therapy."
        if ignored
        else "a new anti-cancer therapy had begun; responses of the subject from this one on do not count ([response] "
        "new_therapy).",
        pl.col("AVALC").cast(pl.String),
        "RSSTRESC",
    )


def _without_review(overall: pl.DataFrame) -> pl.DataFrame:
    """Findings ``review-missing``: the first response of each subject whom the investigator alone assessed.

    A warning where that are most of the subjects, else a note.
    """
    subjects = {who: overall.filter(EVAL=who)["USUBJID"].unique() for who in ("INVESTIGATOR", "CENTRAL")}
    alone = overall.filter(EVAL="INVESTIGATOR").filter(~pl.col("USUBJID").is_in(subjects["CENTRAL"].implode()))
    first = alone.sort("ADT", "SRCROW", nulls_last=True).unique("USUBJID", keep="first", maintain_order=True)
    counts = of_all("subjects with and without central review", (len(subjects["CENTRAL"]), first.height))
    return tumour_row_findings(
        first,
        "review-missing",
        "warning" if counts[1] > counts[0] else "note",
        "no response by central review is on record of the subject, only the investigator's; by central review it "
        "counts as not assessed (evaluator in codon12.toml says whose assessments come first).",
        pl.col("AVALC").cast(pl.String),
        "RSEVAL",
    )


def _seen_at_baseline(lesions: pl.DataFrame, until: pl.DataFrame) -> pl.DataFrame:
    """Subjects of whom a lesion was assessed, by whichever reader, up to the last day that is baseline."""
    who = pl.col("USUBJID").cast(pl.String)
    assessed = pl.col("AVAL").is_not_null()
    if "AVALC" in lesions.columns:
        state = pl.col("AVALC").cast(pl.String).str.strip_chars().str.to_uppercase()
        assessed |= (~state.is_in(NOT_ASSESSED)).fill_null(value=False)
    rows = lesions.filter(assessed).select(who, SCANDT="ADT").join(until.select(who, "ADT"), on="USUBJID")
    return rows.filter(pl.col("SCANDT") <= pl.col("ADT")).select("USUBJID").unique()


def _unmeasured(rest: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """Subjects and evaluators with responses as collected and no lesion."""
    who = [pl.col(c).cast(pl.String) for c in ("USUBJID", "EVAL")]
    seen = rest.filter(pl.col("PARAMCD") == "OVRLRESP").select(who).unique()
    return seen.join(lesions.select(who).unique(), on=["USUBJID", "EVAL"], how="anti")


def disagreements(overall: pl.DataFrame, collected: pl.DataFrame | None, *, policy: RecistPolicy) -> pl.DataFrame:
    """Time points whose response derived from lesions differs from the one collected.

    Joined by subject, evaluator and visit (see ``same_visit``): USUBJID, EVAL, VISIT, ADT, DERIVED, COLLECTED,
    SRCDOM, SRCROW of the collected record.
    """
    schema = ("USUBJID", "EVAL", "VISIT", "ADT", "DERIVED", "COLLECTED", "SRCDOM", "SRCROW")
    if collected is None or not (overall["ORIGIN"] == "derived").any():
        return overall.clear().with_columns(DERIVED="AVALC", COLLECTED="AVALC").select(schema)
    mine = overall.filter(ORIGIN="derived").select("USUBJID", "EVAL", "VISITNUM", "VISIT", "ADT", DERIVED="AVALC")
    theirs = collected.filter(pl.col("PARAMCD") == "OVRLRESP")
    pairs = same_visit(mine, theirs, policy=policy)
    own = shaped(theirs.with_columns(ORIGIN=pl.lit("collected"))).select("SRCDOM", "SRCROW", COLLECTED="AVALC")
    index = pl.int_range(pl.len(), dtype=pl.UInt32)
    both = pairs.join(mine.with_columns(_mine=index), on="_mine").join(own.with_columns(_theirs=index), on="_theirs")
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
