"""A time to event: events, reasons for censoring, Kaplan-Meier estimates and curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Landmarks,
)
from codon12.analyses.study_figure import StudyFigure, curve_words, evaluator_words
from codon12.analyses.survival.comparison import compared
from codon12.analyses.survival.estimates import Estimate, add_curve_numbers
from codon12.analyses.survival.times import endpoint_times, endpoint_where, entry_times, since_words
from codon12.analyses.wording import censoring_words
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.figures import kaplan_meier as kaplan_meier_figure
from codon12.numbers import Rounding, printed
from codon12.records.config.endpoints import Endpoint
from codon12.survival import kaplan_meier
from codon12.tables import Table

__all__ = ["TimeToEvent"]

_MONTHS = (3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
_METHOD = (
    "Survival functions were estimated by the Kaplan-Meier method, with pointwise log-log confidence limits from "
    "Greenwood's variance; medians have Brookmeyer-Crowley limits from the same transformation. A curve ends at the "
    "last follow-up. A subject is at risk at time t if its time is t or later."
)


class TimeToEvent(Estimate, frozen=True, kw_only=True, tag="time-to-event"):
    """Events, reasons for censoring, quartiles and landmark estimates by Kaplan-Meier; the curves."""

    place: ClassVar = 110

    landmarks: Landmarks = ()
    beside: Annotated[
        bool, msgspec.Meta(description="Only where its evaluator's times stand beside those of the primary one.")
    ] = False

    @classmethod
    def for_endpoint(cls, code: str, endpoint: Endpoint) -> Iterator[Self]:
        """Every time to event of a study, as its endpoint says; times of survival by the investigator too."""
        shared: dict[str, Any] = {
            "section": endpoint.section,
            "population": endpoint.population,
            "endpoint": code,
        }
        shown: dict[str, Any] = {"display": "both", "landmarks": _MONTHS} if endpoint.curve else {}
        yield cls(name=code.lower(), title=endpoint.title, **shared, **shown)
        if endpoint.assessed and endpoint.section == "survival":
            title = f"{endpoint.title} by investigator"
            yield cls(name=f"{code.lower()}-investigator", title=title, evaluator="investigator", beside=True, **shared)

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Events, reasons for censoring, quartiles, range and landmark estimates."""
        if "adtte" not in context.frames or not context.has_endpoint(self.endpoint) or self._alone(context):
            return
        evaluator = context.reader(self.endpoint, self.evaluator)
        predicate = self.inside(context, evaluator)
        members = endpoint_times(context, self.endpoint, evaluator, predicate)
        if members.is_empty() and evaluator and not context.has_endpoint(self.endpoint, evaluator):
            return
        rows = endpoint_where(self.endpoint, evaluator, context.frames)
        endpoint = slug(self.endpoint)
        common: dict[str, Any] = {"evaluator": evaluator, "population": self.population, "frame": "adtte"}
        last = members["MONTHS"].max() if members.height else None
        reasons = _reasons(members, context.endpoint(self.endpoint).censored)
        for arm in context.columns():
            part = members.filter(ARM=arm)
            n, where = part.height, context.where(predicate, rows, arm=arm)
            events = int(part["EVENT"].sum())
            counted = [("events", "Events", events, "CNSR = 0", None)]
            counted += [
                (
                    f"censored.{slug(words)}",
                    f"Censored: {words}",
                    part.filter(~pl.col("EVENT") & pl.col("WHY").is_in(texts, nulls_equal=True)).height,
                    f"CNSR > 0 AND {_is_one_of(texts)}",
                    "Reasons for censoring",
                )
                for words, texts in reasons.items()
            ]
            for name, label, count, test, section in counted:
                book.add(
                    self.name,
                    f"{endpoint}.{name}",
                    statistic="n",
                    main=True,
                    label=label,
                    section=section,
                    kind="count",
                    arm=arm,
                    n=count,
                    N=n,
                    method="Number of subjects.",
                    where=context.where(predicate, rows, test, arm=arm),
                    **common,
                )
            add_curve_numbers(
                self,
                book,
                endpoint,
                part,
                arm=arm,
                where=where,
                last=last,
                landmarks=self.landmarks,
                conf_level=self.conf_level,
                common=common,
            )

    def _alone(self, context: Context) -> bool:
        """Whether it is wanted beside another evaluator's times alone, and there are none, or none of its own."""
        if not self.beside or self.evaluator not in ("central", "investigator"):
            return False
        own = self.evaluator.upper()
        return not context.has_endpoint(self.endpoint, own) or context.reader(self.endpoint, "primary") == own

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``curves``."""
        found = self._curves(context)
        return {} if found is None else {"curves": found}

    def _curves(self, context: Context) -> pl.DataFrame | None:
        """Points of the Kaplan-Meier curves of an endpoint, one row a distinct time and arm."""
        if not context.has_endpoint(self.endpoint) or self._alone(context):
            return None
        evaluator = context.reader(self.endpoint, self.evaluator)
        predicate = self.inside(context, evaluator)
        members = endpoint_times(context, self.endpoint, evaluator, predicate)
        shown = [a for a in (context.arms or ("all",)) if (members["ARM"] == a).any()]
        if not shown:
            return None
        part = members.filter(pl.col("ARM").is_in(shown))
        km = kaplan_meier(
            part["MONTHS"].to_numpy(),
            part["EVENT"].to_numpy(),
            group=part["ARM"].to_numpy(),
            entry=entry_times(part),
            level=self.conf_level,
        )
        frame = pl.concat([km[arm].to_frame() for arm in shown])
        return frame.rename({"group": "arm"}).with_columns(
            analysis=pl.lit(self.name),
            PARAMCD=pl.lit(self.endpoint),
            EVAL=pl.lit(evaluator, dtype=pl.String),
        )

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """Rows without a section, as events and quartiles, stand before the reasons for censoring."""
        return super().table(numbers, population=population, rounding=rounding, loose_first=True, **layout)

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Curves by arm, with the comparison of the arms where the plan has one."""
        points = evidence.frames.get("curves")
        if points is None:
            return
        points = points.filter(pl.col("analysis") == self.name)
        if points.is_empty():
            return
        arms = list(dict.fromkeys(points["arm"]))
        medians = {r["arm"]: r for r in own.filter(pl.col("statistic") == "median").to_dicts()}
        notes = {arm: _median_text(r, rounding) for arm in arms if (r := medians.get(arm))}
        texts = [text[:1].upper() + text[1:] for text in notes.values()] if len(arms) == 1 else []
        told, against = compared(evidence, self, own, rounding)
        texts += told
        names = {"all": "All patients"}
        words, endpoint = self.title, evidence.endpoint(self.endpoint)
        yield StudyFigure(
            self.name,
            self.name,
            words,
            f"Kaplan-Meier estimate of {words.lower()}"
            + (f", by {evaluator_words(own)}" if evaluator_words(own) else "")
            + f". {curve_words(points, (r['value'] for r in medians.values()), own, by='arm')}{against}",
            kaplan_meier_figure(
                points,
                group="arm",
                groups=arms,
                labels=names,
                medians={a: r["value"] for a, r in medians.items()},
                notes=notes,
                texts=texts,
                x_title=since_words(evidence.context, self.endpoint),
                y_title=f"{endpoint.axis or words} (%)",
            ),
        )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How curves and quartiles are estimated."""
        yield "Survival estimates", _METHOD


def _reasons(members: pl.DataFrame, otherwise: str) -> dict[str, list[str | None]]:
    """Reasons for censoring in words, each with the texts of the data that say so."""
    out: dict[str, list[str | None]] = {}
    for text in members.filter(~pl.col("EVENT"))["WHY"].unique().sort(nulls_last=True).to_list():
        out.setdefault(censoring_words(text, otherwise), []).append(text)
    return out


def _is_one_of(texts: list[str | None]) -> str:
    """Predicate that a row's description is one of these, or that it has none."""
    why = "COALESCE(EVNTDESC, CNSDTDSC)"
    named = [t for t in texts if t is not None]
    tests = [f"{why} = {sql_text(named[0])}"] if len(named) == 1 else []
    if len(named) > 1:
        tests = [f"{why} IN ({', '.join(sql_text(t) for t in named)})"]
    if None in texts:
        tests.append(f"{why} IS NULL")
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def _median_text(number: dict[str, Any], rounding: Rounding) -> str:
    def show(side: str) -> str:
        return "NE" if number[side] is None else printed(number[side], rounding.time_digits, mode=rounding.mode)

    low, high = show("lower"), show("upper")
    level = f"{100 * (number['conf_level'] or 0.95):g}%"
    interval = "" if low == high == "NE" else f" ({level} CI {low}–{high})"
    if number["value"] is None:
        return f"median {number['status'] or 'not estimable'}{interval}"
    return f"median {show('value')} months{interval}"
