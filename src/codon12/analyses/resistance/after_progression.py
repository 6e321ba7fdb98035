"""After resistance: competing risks before it, survival from the progression by pattern, the next therapy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import Analysis, ConfLevel, Evaluator, EvidenceLike, Landmarks
from codon12.analyses.resistance.after_figures import after_figures
from codon12.analyses.resistance.after_frame import after_frame, definition_column, groupings_of
from codon12.analyses.resistance.counts import reader_of
from codon12.analyses.study_figure import StudyFigure
from codon12.analyses.survival.estimates import add_curve_numbers, add_estimate
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.numbers import Rounding
from codon12.resistance.after import CAUSES
from codon12.survival import aalen_johansen, cox, factor, kaplan_meier, logrank

__all__ = ["AfterProgression"]

_AJ = "Aalen-Johansen, log-log limits; death without progression is a competing event, never resistance."
_FROM = "Time zero is the progression."
_NEXT_FROM = "Time zero is the start of the next therapy, or the progression beyond which the study drug went on."


class AfterProgression(Analysis, frozen=True, kw_only=True, tag="after-progression"):
    """Time to resistance among responders, survival from the progression by pattern, and the next therapy."""

    place: ClassVar = 330
    layout: ClassVar = "arm"

    evaluator: Evaluator = "primary"
    conf_level: ConfLevel = 0.95
    landmarks: Landmarks = (6.0, 12.0)
    definition: Annotated[
        str, msgspec.Meta(description="Definition whose subjects count as resistant; that of [resistance] if empty.")
    ] = ""

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """What followed the progressions of the study."""
        notes = (
            (
                "Survival by pattern starts at the progression: from the start of treatment the time until then would "
                "count for the pattern (immortal time)."
            ),
        )
        return {
            68: cls(
                name="after-progression", title="After the progression", section="resistance", display="both",
                footnotes=notes,
            )
        }  # fmt: skip

    @property
    def frame(self) -> str:
        """Name of the frame of its rows."""
        return f"after_{slug(self.name)}"

    def rows(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """One row a subject with a progression or a response, as `after_frame` has it."""
        made = after_frame(context, reader_of(self, context, "resistance"), self.definition)
        return {} if made is None else {self.frame: made}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Competing risks, survival after the progression, next therapies."""
        rows = context.frames.get(self.frame)
        made = context.resistance
        if rows is None or made is None:
            return
        reader = reader_of(self, context, "resistance")
        predicate = self.inside(context, reader)
        rows = rows.join(context.members(predicate, arms=False).select("USUBJID"), on="USUBJID", how="semi")
        common: dict[str, Any] = {"evaluator": reader, "frame": self.frame, "population": self.population}
        self._share(book, rows, predicate, common, context)
        self._risks(book, rows, predicate, common, context)
        resistant = rows.filter((pl.col("RESISTFL") == "Y") & pl.col("MONTHS").is_not_null())
        own = context.where(predicate, "RESISTFL = 'Y'")
        add_curve_numbers(
            self, book, "resistance.os_after", resistant, arm="all", where=own, last=resistant["MONTHS"].max(),
            landmarks=self.landmarks, conf_level=self.conf_level, quartiles=False,
            common={**common, "section": "Overall survival from the progression"},
        )  # fmt: skip
        unseen = rows.filter((pl.col("RESISTFL") == "Y") & pl.col("MONTHS").is_null()).height
        if unseen:
            book.add(
                self.name, "resistance.os_after.left_out", statistic="n", main=True, kind="fraction", n=unseen,
                label="Left out, no contact on or after the progression",
                section="Overall survival from the progression", N=unseen + resistant.height,
                where=context.where(own, "MONTHS IS NULL"), method="Of those with resistance.", **common,
            )  # fmt: skip
        for one in made.definitions.definitions:
            part = rows.filter((pl.col(definition_column(one.id)) == "Y") & pl.col("MONTHS").is_not_null())
            if part.height:
                add_curve_numbers(
                    self, book, f"resistance.os_after.{slug(one.id)}", part, arm="all", last=None, landmarks=(),
                    where=context.where(predicate, f"{definition_column(one.id)} = 'Y'"), conf_level=self.conf_level,
                    common={**common, "section": "Overall survival from the progression, by definition"},
                    quartiles=False, row=one.called[:1].upper() + one.called[1:],
                )  # fmt: skip
        for column, words in groupings_of(context, resistant):
            self._by(book, resistant, column, words, own, common, context)
        self._next(book, rows, own, common, context)

    def _share(
        self, book: NumberBook, rows: pl.DataFrame, predicate: str, common: dict[str, Any], context: Context
    ) -> None:
        resistant = rows.filter(pl.col("RESISTFL") == "Y")
        assert context.resistance is not None
        name = self.definition or context.config.resistance.definition
        title = context.resistance.definitions.definition(name).title
        where = context.where(predicate, "RESISTFL = 'Y'")
        total = context.members(predicate, arms=False).height
        book.add(
            self.name, "resistance.share", statistic="n", main=True, label=title, section="Resistance", kind="count",
            n=resistant.height, N=total, where=where, method=f"By definition {name}.", **common,
        )  # fmt: skip
        times = resistant["TIMEMO"].drop_nulls()
        book.add(
            self.name, "resistance.time", statistic="median", label="Median time to it, months",
            section="Resistance", kind="value", value=None if times.is_empty() else float(str(times.median())),
            lower=None if times.is_empty() else float(str(times.min())),
            upper=None if times.is_empty() else float(str(times.max())), unit="months",
            status="no subjects" if times.is_empty() else None, n=len(times), N=resistant.height, where=where,
            method="Median of the times from the first dose to the progression of those with resistance.", **common,
        )  # fmt: skip

    def _risks(
        self, book: NumberBook, rows: pl.DataFrame, predicate: str, common: dict[str, Any], context: Context
    ) -> None:
        """Progression and death without it among responders."""
        part = rows.filter(pl.col("CAUSE").is_not_null())
        if part.is_empty():
            return
        section = "Responders: what came first"
        names = {1: "Progression", 2: "Death without progression", 0: "Neither so far"}
        for code, label in names.items():
            book.add(
                self.name, f"resistance.first.{slug(label)}", statistic="n", main=True, label=label, section=section,
                cause=label if code else None, kind="fraction",
                n=part.filter(pl.col("CAUSE") == code).height, N=part.height,
                where=context.where(predicate, f"CAUSE = {code}"), method="Of the responders.", **common,
            )  # fmt: skip
        if not (part["CAUSE"] > 0).any():
            return
        curves = aalen_johansen(
            part["RISKMO"].to_numpy(), part["CAUSE"].to_numpy(), labels=list(CAUSES), level=self.conf_level
        ).curve()
        months = [m for m in self.landmarks if m <= float(str(part["RISKMO"].max()))]
        for cause, label in zip(CAUSES, ("Progression", "Death without progression"), strict=True):
            if cause not in curves.states:
                continue
            for month, estimate in zip(months, curves.at(months, cause) if months else [], strict=True):
                add_estimate(
                    self, book, f"resistance.incidence.{slug(label)}", estimate, statistic=f"at_{month:g}mo",
                    label=f"{label} by {month:g} months, %", cause=label, kind="rate", scale=100.0, method=_AJ,
                    section="Cumulative incidence among responders", n=part.filter(pl.col("CAUSE") > 0).height,
                    N=part.height, where=context.where(predicate, "CAUSE IS NOT NULL"), conf_level=self.conf_level,
                    **common,
                )  # fmt: skip

    def _by(
        self, book: NumberBook, resistant: pl.DataFrame, column: str, words: str, own: str, common: dict[str, Any],
        context: Context,
    ) -> None:  # fmt: skip
        """Survival from the progression by one grouping: curves, log-rank, hazard ratio against the first."""
        part = resistant.filter(pl.col(column).is_not_null() & (pl.col(column) != "not evaluable"))
        sizes = part.group_by(column).len("n").sort("n", column, descending=[True, False])
        levels = sizes[column].to_list()
        if len(levels) < 2:
            return
        section = f"Overall survival from the progression, by {words}"
        for level in levels:
            group = part.filter(pl.col(column) == level)
            place = slug(level) if column == "PATTERN" else f"{slug(column)}.{slug(level)}"
            where = context.where(own, f"{column} = {sql_text(level)}")
            add_curve_numbers(
                self, book, f"resistance.os_after.{place}", group, arm="all", where=where, last=None, landmarks=(),
                conf_level=self.conf_level, quartiles=False, row=f"{level[:1].upper()}{level[1:]}",
                common={**common, "section": section, "variable": column, "category": level},
            )  # fmt: skip
        stem = "resistance.os_after.by_pattern" if column == "PATTERN" else f"resistance.os_after.by_{slug(column)}"
        known = context.where(own, f"{column} <> 'not evaluable'", "MONTHS IS NOT NULL")
        self._compared(book, part, column, levels, section, stem, known, _FROM, common)

    def _compared(
        self, book: NumberBook, part: pl.DataFrame, column: str, levels: list[str], section: str, stem: str, own: str,
        zero: str, common: dict[str, Any],
    ) -> None:  # fmt: skip
        """Log-rank test over all levels, and the hazard ratio of each against the first."""
        try:
            [found] = logrank(part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), part[column].to_numpy()).evidence()
        except (DataError, UsageError):
            found = {"kind": "p", "value": None, "status": "not estimable"}
        book.take(
            self.name, stem, found, statistic="p", label="P value (log-rank)", section=section,
            variable=column, method=f"Log-rank test. {zero}", where=own,
            n=int(part["EVENT"].sum()), N=part.height, **common,
        )  # fmt: skip
        self._ratios(book, part, column, levels, section, stem, own, zero, common)

    def _ratios(
        self, book: NumberBook, part: pl.DataFrame, column: str, levels: list[str], section: str, stem: str, own: str,
        zero: str, common: dict[str, Any],
    ) -> None:  # fmt: skip
        # A level without events has no hazard ratio, and would leave the others without one.
        frame = part.filter(pl.col("EVENT").any().over(column)).with_columns(pl.col("EVENT").cast(pl.Int64))
        try:
            fit = cox(
                frame, time="MONTHS", event="EVENT", terms=[factor(column, reference=levels[0])], level=self.conf_level
            )
            found = {row["level"]: row for row in fit.evidence()}
        except (DataError, UsageError):
            found = {}
        for level in levels[1:]:
            book.take(
                self.name, f"{stem}.{slug(level)}", found.get(level, {"value": None, "status": "not estimable"}),
                statistic="hr", kind="ratio", label=f"Hazard ratio, {level} v {levels[0]}", section=section,
                variable=column, category=level, against=levels[0], conf_level=self.conf_level, where=own,
                n=int(part["EVENT"].sum()), N=part.height,
                method=f"Cox regression, Efron's ties, Wald limits. {zero}", **common,
            )  # fmt: skip

    def _next(self, book: NumberBook, rows: pl.DataFrame, own: str, common: dict[str, Any], context: Context) -> None:
        """Next therapy by class, local therapy, doses beyond progression; progression-free survival on it."""
        part = rows.filter(pl.col("RESISTFL") == "Y")
        section = "Next therapy"
        for name, n in part.group_by("NEXT").len("n").sort("n", "NEXT", descending=[True, False]).iter_rows():
            test = "NEXT IS NULL" if name is None else f"NEXT = {sql_text(name)}"
            book.add(
                self.name, f"resistance.next.{slug(name or 'not known')}", statistic="n", main=True,
                label=(name or "not known")[:1].upper() + (name or "not known")[1:], section=section, kind="fraction",
                n=n, N=part.height, where=context.where(own, test), method="Of those with resistance.", **common,
            )  # fmt: skip
        for endpoint, label, test in (
            ("beyond", "Dosed beyond the progression", "BEYOND = 'Y'"),
            ("local", "Local therapy after the progression", "LOCAL = 'Y'"),
        ):
            n = part.filter(pl.sql_expr(test).fill_null(value=False)).height
            book.add(
                self.name, f"resistance.{endpoint}", statistic="n", main=True, label=label, section=section,
                kind="fraction", n=n, N=part.height, where=context.where(own, test), method="Of those with resistance.",
                **common,
            )  # fmt: skip
        known = part.filter(pl.col("NEXTMO").is_not_null()).drop("MONTHS", "EVENT")
        known = known.rename({"NEXTMO": "MONTHS", "NEXTEV": "EVENT"})
        sizes = known.group_by("NEXT").len("n").sort("n", "NEXT", descending=[True, False])
        levels = sizes["NEXT"].to_list()
        section = "Progression-free survival on the next therapy"
        for name in sorted(levels):
            group = known.filter(pl.col("NEXT") == name)
            add_curve_numbers(
                self, book, f"resistance.next_pfs.{slug(name)}", group, arm="all",
                where=context.where(own, f"NEXT = {sql_text(name)}", "NEXTMO IS NOT NULL"), last=group["MONTHS"].max(),
                landmarks=(), conf_level=self.conf_level, quartiles=False, row=f"{name[:1].upper()}{name[1:]}",
                common={**common, "section": section, "variable": "NEXT", "category": name},
            )  # fmt: skip
        if len(levels) > 1:
            test = context.where(own, "NEXTMO IS NOT NULL")
            self._compared(book, known, "NEXT", levels, section, "resistance.next_pfs", test, _NEXT_FROM, common)

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frames ``after_lanes``, ``after_curves`` and ``after_incidence``."""
        rows = context.frames.get(self.frame)
        if rows is None:
            return {}
        out = {"after_lanes": rows.filter(pl.col("RESISTFL") == "Y").with_columns(analysis=pl.lit(self.name))}
        resistant = rows.filter((pl.col("RESISTFL") == "Y") & pl.col("MONTHS").is_not_null())
        curves = []
        for column, words in groupings_of(context, resistant):
            part = resistant.filter(pl.col(column).is_not_null() & (pl.col(column) != "not evaluable"))
            if part[column].n_unique() < 2:
                continue
            km = kaplan_meier(part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), group=part[column].to_numpy())
            frame = pl.concat([km[g].to_frame() for g in part[column].unique().sort()]).rename({"group": "level"})
            curves.append(frame.with_columns(by=pl.lit(column), words=pl.lit(words), analysis=pl.lit(self.name)))
        if curves:
            out["after_curves"] = pl.concat(curves)
        risk = rows.filter(pl.col("CAUSE").is_not_null())
        if (risk["CAUSE"] > 0).any():
            states = aalen_johansen(risk["RISKMO"].to_numpy(), risk["CAUSE"].to_numpy(), labels=list(CAUSES)).curve()
            frame = states.to_frame()
            at_risk = frame.filter(state=states.states[0]).select("time", at="n_risk")
            censored = risk.filter(CAUSE=0).group_by("RISKMO").len("n_censor")
            frame = (
                frame.filter(pl.col("state") != states.states[0]).drop("n_risk").join(at_risk, on="time", how="left")
            )
            frame = frame.join(censored, left_on="time", right_on="RISKMO", how="left", maintain_order="left")
            out["after_incidence"] = frame.select(
                "time", "lower", "upper", "n_event", incidence="probability", n_risk="at", cause="state",
                n_censor=pl.col("n_censor").fill_null(0), analysis=pl.lit(self.name),
            )  # fmt: skip
        return out

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Curves from the progression, incidence, swimmer and alluvial."""
        yield from after_figures(self, evidence, own, rounding)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """Time zero, and what competes."""
        if self.frame in context.frames:
            yield "Resistance", f"Survival after resistance: {_FROM} {_AJ}"
