"""Best overall response, objective response, disease control, and the course of each patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    Evaluator,
    EvidenceLike,
)
from codon12.analyses.response.proportions import add_proportion
from codon12.analyses.study_figure import StudyFigure, arms_of, evaluator_words
from codon12.derive.adsl import course_flag
from codon12.derive.context import Context, planned_arm
from codon12.evidence.frames import columns_of, rows_of
from codon12.evidence.provenance import rows_behind
from codon12.evidence.schema import NumberBook, sql_text
from codon12.figures import swimmer
from codon12.numbers import Rounding

__all__ = ["BOR_LABELS", "Response", "best_responses", "coloured_by", "counted_rows"]

BOR_LABELS = {
    "CR": "Complete response",
    "PR": "Partial response",
    "SD": "Stable disease",
    "NON-CR/NON-PD": "Neither complete response nor progression",
    "PD": "Progressive disease",
    "NE": "Could not be evaluated",
    "ND": "Not done",
    "MISSING": "Missing scan",
}


_EXACT = "Exact (Clopper-Pearson) confidence interval of a proportion."

_RARE = ("NON-CR/NON-PD", "ND", "NE", "MISSING")
"""Responses that have a row where anybody has them."""


class Response(Analysis, frozen=True, kw_only=True, tag="response"):
    """Best overall response, objective response and disease control with exact intervals; the swimmer."""

    place: ClassVar = 50

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default those evaluable for response.")
    ] = "response"
    evaluator: Evaluator = "primary"
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Response by the primary evaluator, and by the investigator where central review is primary."""
        return {
            50: cls(name="response", title="Tumour response", section="response", display="both"),
            60: cls(
                name="response-investigator",
                title="Tumour response by investigator",
                section="response",
                evaluator="investigator",
            ),
        }

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Best overall response by category, objective response and disease control with exact intervals."""
        evaluator = context.evaluator(self.evaluator)
        if not context.has_responses or evaluator is None:
            return
        if self.evaluator == "investigator" and context.evaluators[0] == evaluator:
            return  # shown beside another evaluator alone
        parameter, how = context.best_response
        predicate = self.inside(context, evaluator)
        best = f"PARAMCD = {sql_text(parameter)} AND EVAL = {sql_text(evaluator)}"
        frame = rows_of(context.frames, "adrs").filter(pl.sql_expr(best)).select("USUBJID", "AVALC").collect()
        members = context.members(predicate).join(frame, on="USUBJID", how="left")
        members = members.with_columns(pl.col("AVALC").fill_null("MISSING"))
        totals = dict(members.group_by("ARM").len().iter_rows())
        counts = {(a, v): n for a, v, n in members.group_by("ARM", "AVALC").len().iter_rows()}
        for arm in context.columns():
            total = totals.get(arm, 0)
            for endpoint, label, values in (
                ("orr", "Objective response", context.responders),
                ("dcr", "Disease control", context.controlled),
            ):
                add_proportion(
                    book,
                    self,
                    endpoint,
                    label=label,
                    n=sum(counts.get((arm, v), 0) for v in values),
                    total=total,
                    arm=arm,
                    evaluator=evaluator,
                    conf_level=self.conf_level,
                    method=f"{_EXACT} {how}",
                    frame="adrs",
                    where=context.where(predicate, best, f"AVALC IN ({', '.join(map(sql_text, values))})", arm=arm),
                )
            for value, label in BOR_LABELS.items():
                n = counts.get((arm, value), 0)
                if value in _RARE and not any(counts.get((a, value), 0) for a in context.columns()):
                    continue
                book.add(
                    self.name,
                    f"bor.{value.lower().replace('/', '_').replace('-', '')}",
                    statistic="n",
                    main=True,
                    label=label,
                    section="Best overall response",
                    variable="BOR",
                    category=value,
                    kind="count",
                    arm=arm,
                    evaluator=evaluator,
                    population=self.population,
                    n=n,
                    N=total,
                    method=how,
                    frame="adrs",
                    where=context.where(predicate, best, f"AVALC = {sql_text(value)}", arm=arm),
                )
        _course(self, context, book)

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Swimmer of the patients whose response the evidence counts."""
        best = best_responses(evidence, own)
        known = columns_of(evidence.frames, "adsl")
        if best.is_empty() or not {"STARTDT", "TRTEDT"} <= set(known):
            return
        adsl = rows_of(evidence.frames, "adsl").select(c for c in known if c in _LANE).collect()
        evaluator = (own["evaluator"].drop_nulls().to_list() or [""])[0].upper()
        adtte = evidence.frames.get("adtte", pl.DataFrame(schema={"USUBJID": pl.String, "PARAMCD": pl.String}))

        def times(parameter: str, name: str, *, events: bool = True) -> pl.DataFrame:
            if "MONTHS" not in adtte.columns:
                return pl.DataFrame(schema={"USUBJID": pl.String, name: pl.Float64})
            test = pl.col("PARAMCD") == parameter
            rows = adtte.filter(test & (pl.col("EVAL").is_null() | (pl.col("EVAL") == evaluator)))
            if events:
                rows = rows.filter(pl.col("CNSR") == 0)
            if parameter == "PFS":
                rows = rows.filter(
                    ~pl.col("EVNTDESC").cast(pl.String).str.contains("(?i)death|died").fill_null(value=False)
                )
            return rows.select("USUBJID", pl.col("MONTHS").alias(name)).unique("USUBJID", maintain_order=True)

        def since(column: str) -> pl.Expr:
            if column not in adsl.columns:
                return pl.lit(None, pl.Float64)
            return ((pl.col(column) - pl.col("STARTDT")).dt.total_days() + 1) / evidence.context.month

        ongoing = next((c for c in ("EOTSTT", "EOSSTT") if c in adsl.columns and adsl[c].is_not_null().any()), None)
        lanes = best.join(adsl, on="USUBJID", how="left", maintain_order="left").with_columns(
            TRTDY=since("TRTEDT"),
            DTHDY=since("DTHDT"),
            LASTDY=since("LSTALVDT"),
            ONGOING=pl.when(pl.col(ongoing).str.to_uppercase() == "ONGOING").then(pl.lit("Y"))
            if ongoing
            else pl.lit(None),
        )
        for parameter, name, events in (("TTR", "RSPDY", True), ("PFS", "PDDY", True), ("OS", "OSDY", False)):
            lanes = lanes.join(times(parameter, name, events=events), on="USUBJID", how="left", maintain_order="left")
        lanes = lanes.with_columns(
            ENDDY=pl.max_horizontal(pl.coalesce("DTHDY", "OSDY", "LASTDY"), "TRTDY"),
            ONGOING=pl.when(pl.col("DTHDY").is_null()).then("ONGOING"),  # nothing goes on of the dead
            TRTDY=pl.when(pl.col("DTHDY").is_not_null()).then(pl.min_horizontal("TRTDY", "DTHDY")).otherwise("TRTDY"),
        )
        arms = arms_of(own)
        group = planned_arm(adsl) if arms else None
        total = own.filter(pl.col("variable") == "BOR", pl.col("arm") == "all")["N"].max()
        drawn = lanes.filter(pl.any_horizontal(pl.col("TRTDY", "ENDDY").is_not_null())).height
        lacking = (
            ""
            if not isinstance(total, int) or total <= drawn
            else f" No lane: {total - drawn:,} of {total:,} patients, without assessment or follow-up."
        )
        yield StudyFigure(
            "swimmer",
            self.name,
            "Course of each patient",
            "Thick bars: time on treatment; thin bars: follow-up after it. Colour: best overall response, by "
            f"{evaluator_words(own)}. Marks: start of response, progression, death, and treatment going on at the data "
            f"cut-off.{lacking}",
            swimmer(lanes, group=group, groups=arms),
        )


_LANE = (
    *("USUBJID", "STARTDT", "TRTEDT", "DTHDT", "LSTALVDT", "EOTSTT", "EOSSTT"),
    *("RANDFL", "TRT01P", "TRT01A", "ARM"),
)
"""Columns of ADSL that a lane of the swimmer shows."""


def _course(analysis: Response, context: Context, book: NumberBook) -> None:
    """Responders whose response came at the first assessment, and those still on treatment without an event."""
    evaluator = context.evaluator(analysis.evaluator)
    if evaluator is None or course_flag("RESPFIRSTFL", evaluator, context) not in context.variables:
        return
    at_first, lasts = (course_flag(name, evaluator, context) for name in ("RESPFIRSTFL", "RESPONGOFL"))
    predicate = analysis.inside(context, evaluator)
    responded = f"RESPFL_{evaluator} = 'Y'"
    tests = [("response.first_assessment", "Response at the first assessment", f"{at_first} = 'Y'")]
    if context.is_filled("EOTSTT"):
        tests.append(("response.ongoing", "Response ongoing on treatment", f"{lasts} = 'Y'"))
    for endpoint, label, test in tests:
        totals = dict(context.members(context.where(predicate, responded)).group_by("ARM").len().iter_rows())
        hits = dict(context.members(context.where(predicate, responded, test)).group_by("ARM").len().iter_rows())
        for arm in context.columns():
            n, total = hits.get(arm, 0), totals.get(arm, 0)
            book.add(
                analysis.name,
                endpoint,
                statistic="n",
                main=True,
                label=label,
                section="Among patients with a response",
                kind="fraction",
                arm=arm,
                evaluator=evaluator,
                population=analysis.population,
                n=n,
                N=total,
                status=None if total else "no subjects",
                method="Patients with a response are the denominator.",
                frame="adsl",
                where=context.where(predicate, responded, test, arm=arm),
            )


def best_responses(evidence: EvidenceLike, own: pl.DataFrame | None = None) -> pl.DataFrame:
    """USUBJID and BOR as `own` numbers count them, else as the first analysis of response does, else the primary's."""
    of_response = [a.name for a in evidence.plan if isinstance(a, Response)]
    named = [evidence.numbers.filter(pl.col("analysis") == name) for name in of_response]
    for numbers in [*([] if own is None else [own]), *named]:
        counted = numbers.filter(pl.col("variable") == "BOR", pl.col("arm") == "all", pl.col("category") != "MISSING")
        rows = counted_rows(evidence, counted)
        if rows is not None:
            return rows.select("USUBJID", BOR="AVALC").unique("USUBJID", maintain_order=True)
    evaluator = evidence.context.evaluator("primary") if "adrs" in evidence.frames else None
    if evaluator is None:
        return pl.DataFrame(schema={"USUBJID": pl.String, "BOR": pl.String})
    best = (pl.col("PARAMCD") == evidence.context.best_response[0]) & (pl.col("EVAL") == evaluator)
    told = rows_of(evidence.frames, "adrs").filter(best, pl.col("AVALC").cast(pl.String) != "MISSING")
    return told.select("USUBJID", BOR="AVALC").collect().unique("USUBJID", maintain_order=True)


def coloured_by(evidence: EvidenceLike, *, who: str) -> str:
    """`coloured by best overall response`, with the reader where it is another than `who` measured the lesions."""
    found = [
        evidence.numbers.filter((pl.col("analysis") == a.name) & (pl.col("variable") == "BOR"))
        for a in evidence.plan
        if isinstance(a, Response)
    ]
    first = next((numbers for numbers in found if numbers.height), None)
    if first is not None:
        reader = evaluator_words(first)
    else:
        primary = evidence.context.evaluator("primary")
        reader = evaluator_words(pl.DataFrame({"evaluator": [primary and primary.lower()]}))
    return "coloured by best overall response" + (f" by {reader}" if reader and reader != who else "")


def counted_rows(evidence: EvidenceLike, numbers: pl.DataFrame) -> pl.DataFrame | None:
    """Rows of the derived frame behind some numbers of one frame, together."""
    if numbers.is_empty():
        return None
    parts = [
        rows_behind(evidence.frames, frame, where, having)
        for frame, where, having in numbers.select("frame", "where", "having").unique(maintain_order=True).iter_rows()
    ]
    return pl.concat(parts, how="diagonal_relaxed")
