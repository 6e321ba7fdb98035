"""Competing risks: cumulative incidence of every cause, Gray's test, Fine-Gray regression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Landmarks,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure, level_words, p_words
from codon12.analyses.survival.estimates import add_estimate
from codon12.analyses.survival.models import Model, no_model
from codon12.analyses.survival.no_group import in_no_group
from codon12.analyses.survival.one_cause import OneCause
from codon12.analyses.survival.ratio_figure import named_levels, ratio_figure
from codon12.analyses.survival.risks import Risks, parts_of, risks_of
from codon12.analyses.survival.times import entry_times, since_words
from codon12.analyses.variables import variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.errors import DataError
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import cumulative_incidence
from codon12.numbers import Rounding
from codon12.survival import aalen_johansen

__all__ = ["CompetingRisks"]

_AALEN_JOHANSEN = "Aalen-Johansen, infinitesimal-jackknife standard error, log-log limits."


_MOST_GROUPS = 8


_METHOD = (
    "With competing events, cumulative incidences were estimated by the Aalen-Johansen method (infinitesimal-jackknife "
    "standard errors, pointwise log-log limits), compared by Gray's test, and regressed by the Fine-Gray model; a "
    "subdistribution hazard ratio speaks of the incidence of an event, not of its cause."
)


class CompetingRisks(Model, frozen=True, kw_only=True, tag="competing-risks"):
    """Events and cumulative incidence (Aalen-Johansen) of every cause, Gray's test, Fine-Gray hazard ratios; curves."""

    place: ClassVar = 155

    by: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Columns of ADSL: the groups, then what adjusts; the treatments else."),
    ] = ()
    causes: Annotated[
        dict[str, list[str]],
        msgspec.Meta(description="Name of each cause -> texts of EVNTDESC or CNSDTDSC; every text of an event else."),
    ] = {}  # noqa: RUF012 - each value gets its own
    landmarks: Landmarks = (12.0, 24.0)

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Events and cumulative incidence of every cause by the first variable of `by`; tests and models of groups.

        Further names in `by` adjust the Fine-Gray models. A first variable that is a number has no curves of its own.
        """
        risks = risks_of(self, context, self.causes)
        if risks is None:
            return
        endpoint = f"{self.endpoint.lower()}.{slug(self.name)}"
        if not risks.causes:
            nothing = DataError(f"no event among {risks.times.height} patients")
            no_model(self, context, book, endpoint, nothing, risks.times.height, risks.common)
        for code, cause in enumerate(risks.causes, start=1):
            _incidence(self, context, book, risks, f"{endpoint}.{slug(cause)}", code, cause)
        if risks.variable and risks.causes:
            own = {k: v for k, v in risks.common.items() if k != "where"} | {"section": "In no group"}
            in_no_group(self, context, book, (risks.variable,), self.endpoint, own, stem=endpoint)
        for code, cause in enumerate(risks.causes, start=1):
            one = OneCause(self, context, book, risks, f"{endpoint}.{slug(cause)}", code, cause)
            if risks.variable and len(risks.groups) > 1:
                one.gray()
            if self.by:
                one.fine_gray()

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``incidence``."""
        found = self._curves(context)
        return {} if found is None else {"incidence": found}

    def _curves(self, context: Context) -> pl.DataFrame | None:
        """Points of the cumulative incidences, one row a distinct time, group and cause."""
        risks = risks_of(self, context, self.causes)
        if risks is None:
            return None
        parts = []
        for group, level, part, _ in parts_of(context, risks):
            curves = _estimate(part, risks, self.conf_level).curve()
            censored = part.filter(CAUSE=0).group_by("MONTHS").len("n_censor").sort("MONTHS")
            frame = curves.to_frame()
            at_risk = frame.filter(state=curves.states[0]).select("time", at="n_risk")
            frame = (
                frame.filter(pl.col("state") != curves.states[0]).drop("n_risk").join(at_risk, on="time", how="left")
            )
            parts.append(
                frame.join(censored, left_on="time", right_on="MONTHS", how="left", maintain_order="left").select(
                    "time",
                    incidence="probability",
                    lower="lower",
                    upper="upper",
                    n_risk="at",
                    n_event="n_event",
                    n_censor=pl.col("n_censor").fill_null(0),
                    cause="state",
                    group=pl.lit(group),
                    level=pl.lit(level),
                )
            )
        name = None if not risks.variable else variable_label(context, risks.variable)
        return pl.concat(parts).with_columns(
            analysis=pl.lit(self.name), PARAMCD=pl.lit(self.endpoint), label=pl.lit(name, dtype=pl.String)
        )

    def _incidence_figures(
        self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding
    ) -> Iterator[StudyFigure]:
        """Cumulative incidence of every cause by group; of all causes in one picture where there are no groups."""
        points = own_points(evidence, "incidence", self)
        if points.is_empty():
            return
        words = (
            f"Aalen-Johansen estimate. Shaded, where drawn: pointwise {level_words(own)} confidence interval. Numbers "
            "below the axis: patients at risk, free of any of the events."
        )
        since = since_words(evidence.context, self.endpoint)
        grouped = points["group"][0] != "all"
        if not grouped:
            causes = list(dict.fromkeys(points["cause"]))
            yield StudyFigure(
                self.name,
                self.name,
                f"{self.title}: cumulative incidence",
                f"Cumulative incidence of {_listed([_within(c) for c in causes])}. {words}",
                cumulative_incidence(points, group="cause", groups=causes, common_risk=True, x_title=since),
            )
            return
        tests = {r["cause"]: r["value"] for r in own.filter(statistic="gray_p").to_dicts()}
        counts = own.filter((pl.col("kind") == "count") & (pl.col("group") != "all")).to_dicts()
        labels = named_levels({r["level"]: r["row"] for r in counts}, points["label"][0] or "")
        for i, part in enumerate(points.partition_by("cause", maintain_order=True), start=1):
            cause, levels = part["cause"][0], list(dict.fromkeys(part["level"]))
            if len(levels) > _MOST_GROUPS:
                continue
            value = tests.get(cause)
            gray: list[str] = [] if value is None else [f"Gray's test {p_words(value, rounding)}"]
            named: dict[str, Any] = {
                "group": "level",
                "groups": levels,
                "labels": labels,
                "texts": gray,
                "x_title": since,
            }
            yield StudyFigure(
                f"{self.name}-{i}",
                self.name,
                f"{cause} by {part['label'][0]}",
                f"Cumulative incidence of {_within(cause)}, with the other events as competing. {words}"
                + (" The P value is not adjusted for the number of comparisons." if gray else ""),
                cumulative_incidence(part, **named),
            )

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Cumulative incidences, and the forest of the subdistribution hazard ratios."""
        yield from self._incidence_figures(evidence, own, rounding)
        yield from ratio_figure(self, own, rounding)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How competing events are analysed."""
        yield "Groups and models", _METHOD


def _incidence(
    analysis: CompetingRisks, context: Context, book: NumberBook, risks: Risks, endpoint: str, code: int, cause: str
) -> None:
    by = f", by {variable_label(context, risks.variable)}" if risks.variable else ""
    section = f"Cumulative incidence: {cause}{by}"
    last = float(risks.times["MONTHS"].max() or 0.0)  # type: ignore[arg-type] # a column of numbers
    months = [m for m in analysis.landmarks if m <= last]
    for group, level, part, test in parts_of(context, risks):
        events = int((part["CAUSE"] == code).sum())
        own: dict[str, Any] = {
            **risks.common,
            "group": group,
            "level": level,
            "section": section,
            "cause": cause,
            "n": events,
            "N": part.height,
        }
        if group != "all":
            own |= {"variable": group, "category": level, "row": printed_levels(risks.groups)[level]}
        where = context.where(risks.common["where"], test)
        book.add(
            analysis.name,
            endpoint,
            statistic="n",
            main=True,
            what="Events",
            kind="count",
            method="Number of subjects.",
            **own | {"where": context.where(where, list(risks.causes.values())[code - 1])},
        )
        curves = _estimate(part, risks, analysis.conf_level).curve()
        for month, estimate in zip(months, curves.at(months, cause) if months else [], strict=True):
            add_estimate(
                analysis,
                book,
                endpoint,
                estimate,
                statistic=f"incidence_{month:g}mo",
                what=f"By {month:g} months, %",
                kind="rate",
                scale=100.0,
                conf_level=analysis.conf_level,
                method=_AALEN_JOHANSEN,
                **own | {"where": where},
            )


def _estimate(part: pl.DataFrame, risks: Risks, level: float, group: Any = None) -> Any:
    return aalen_johansen(
        part["MONTHS"].to_numpy(),
        part["CAUSE"].to_numpy(),
        labels=list(risks.causes),
        group=group,
        entry=entry_times(part),
        level=level,
    )


def _within(name: str) -> str:
    """Name of a cause within a sentence: a capital that only begins it goes; a gene or abbreviation stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"
