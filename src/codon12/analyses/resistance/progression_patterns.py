"""Patterns of progression: components, organs, existing or new lesions, oligoprogression by every definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import Analysis, ConfLevel, Evaluator, EvidenceLike, own_points
from codon12.analyses.resistance.counts import add_share, reader_of, readers_where
from codon12.analyses.study_figure import StudyFigure, evaluator_words
from codon12.derive.context import Context
from codon12.evidence.frames import columns_of, rows_of
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.figures import organ_bars, upset
from codon12.numbers import Rounding
from codon12.resistance.patterns import oligo_column

__all__ = ["ProgressionPatterns"]

_METHOD = "Of the subjects with a progression."
_PARTS = (
    ("component", "COMPONENT", "What progressed"),
    ("pattern", "PATTERN", "Organs, one group a subject"),
    ("lesions", "LESIONS", "Existing or new lesions"),
    ("nodes_only", "NODES_ONLY", "Lymph nodes only"),
    ("cns_only", "CNS_ONLY", "Central nervous system only"),
    ("cns", "CNS_INVOLVED", "Central nervous system involved"),
)
_WORDS = {"Y": "Yes", "N": "No", None: "Not known"}


class ProgressionPatterns(Analysis, frozen=True, kw_only=True, tag="progression-patterns"):
    """Components, organs and number of sites and lesions at the first progression, with exact limits."""

    place: ClassVar = 320
    layout: ClassVar = "statistic"

    evaluator: Evaluator = "primary"
    conf_level: ConfLevel = 0.95
    of: Annotated[
        str,
        msgspec.Meta(description="Definition of resistance whose subjects are described; all progressions if empty."),
    ] = ""

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Patterns by the primary evaluator."""
        notes = (
            (
                "A lesion without a location leaves the number of sites open: such subjects are neither oligo nor "
                "multi unless both ends of the range say so."
            ),
        )
        return {
            66: cls(
                name="progression-patterns", title="Patterns of progression", section="resistance", display="both",
                footnotes=notes,
            )
        }  # fmt: skip

    def _rows(self, context: Context) -> tuple[pl.DataFrame, str | None, str] | None:
        """Progressions described, the evaluator, and the predicate over frame ``progression``."""
        made, rows = context.resistance, context.frames.get("progression")
        if made is None or rows is None or not rows.height:
            return None
        reader = reader_of(self, context, "progression")
        predicate = context.where(self.inside(context, reader), readers_where(reader))
        rows = rows if reader is None else rows.filter(pl.col("EVAL") == reader)
        members = context.members(self.inside(context, reader), arms=False).select("USUBJID")
        rows = rows.join(members, on="USUBJID", how="semi")
        if self.of:
            made.definitions.definition(self.of)
            met = rows_of(context.frames, "resistance").filter(
                (pl.col("DEFINITION") == self.of)
                & ((pl.col("RESULT") == "meets") | (pl.col("ALL_BUT_CONFIRMATION") == "Y").fill_null(value=False))
            )
            apart = reader is not None and "EVAL" in columns_of(context.frames, "resistance")
            met = met.filter(pl.col("EVAL") == reader) if apart else met
            rows = rows.join(met.select("USUBJID").collect(), on="USUBJID", how="semi")
            listed = ", ".join(sql_text(u) for u in rows["USUBJID"]) or "''"
            predicate = context.where(predicate, f"USUBJID IN ({listed})")
        return rows, reader, predicate

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Counts of every pattern, and oligoprogression by every definition."""
        found = self._rows(context)
        made = context.resistance
        if found is None or made is None:
            return
        rows, reader, predicate = found
        common: dict[str, Any] = {
            "evaluator": reader, "frame": "progression", "conf_level": self.conf_level, "method": _METHOD,
        }  # fmt: skip
        stem = f"resistance.{slug(self.of)}" if self.of else "resistance"
        for one in made.definitions.oligo:
            column = oligo_column(one)
            known = rows.filter(pl.col(column) != "not evaluable")
            section = one.title[:1].upper() + one.title[1:]
            for value, label, rate, total in (
                ("oligo", "Oligoprogression", True, rows.height),
                ("multi", "More", False, rows.height),
                ("not evaluable", "Not evaluable", False, rows.height),
            ):
                end = "" if value == "oligo" else f".{slug(value)}"
                add_share(
                    self, book, f"{stem}.oligo.{one.short}{end}", label=label, section=section, rate=rate,
                    n=rows.filter(pl.col(column) == value).height, total=total,
                    where=context.where(predicate, f"{column} = {sql_text(value)}"), **common,
                )  # fmt: skip
            add_share(
                self, book, f"{stem}.oligo.{one.short}.of_evaluable", label="Oligoprogression, of those evaluable",
                section=section, n=known.filter(pl.col(column) == "oligo").height, total=known.height,
                where=context.where(predicate, f"{column} = 'oligo'"), **common,
            )  # fmt: skip
        for name, column, section in _PARTS:
            counts = rows.group_by(column).len().sort(column, nulls_last=True)
            for value, n in counts.iter_rows():
                test = f"{column} IS NULL" if value is None else f"{column} = {sql_text(value)}"
                label = _WORDS.get(value, str(value)[:1].upper() + str(value)[1:])
                add_share(
                    self, book, f"{stem}.{name}.{slug(value or 'not known')}", label=label, section=section, n=n,
                    total=rows.height, rate=value is not None, where=context.where(predicate, test), **common,
                )  # fmt: skip
        self._organs(context, book, rows, reader, stem)

    def _organs(self, context: Context, book: NumberBook, rows: pl.DataFrame, reader: str | None, stem: str) -> None:
        sites = self._sites(context, rows, reader)
        if sites is None:
            return
        predicate = context.where(self.inside(context, reader), readers_where(reader))
        counts = (
            sites.group_by("SITE")
            .agg(pl.col("USUBJID").n_unique().alias("n"))
            .sort("n", "SITE", descending=[True, False])
        )
        for site, n in counts.iter_rows():
            add_share(
                self, book, f"{stem}.site.{slug(site)}", label=site[:1].upper() + site[1:],
                section="Sites with progression (a subject may have several)", n=n, total=rows.height, evaluator=reader,
                frame="progression_sites", where=context.where(predicate, f"SITE = {sql_text(site)}"),
                conf_level=self.conf_level, method=_METHOD,
            )  # fmt: skip

    def _sites(self, context: Context, rows: pl.DataFrame, reader: str | None) -> pl.DataFrame | None:
        sites = context.frames.get("progression_sites")
        if sites is None:
            return None
        sites = sites if reader is None else sites.filter(pl.col("EVAL") == reader)
        return sites.join(rows.select("USUBJID"), on="USUBJID", how="semi")

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``progression_map``: sites of each subject."""
        found = self._rows(context)
        if found is None:
            return {}
        sites = self._sites(context, found[0], found[1])
        if sites is None or not sites.height:
            return {}
        kept = sites.select("USUBJID", "SITE", pl.col("CLASS").fill_null("not known"), analysis=pl.lit(self.name))
        return {"progression_map": kept.with_columns(SUBJECTS=pl.lit(found[0].height))}

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Bars of the organs at progression, and the UpSet of sites."""
        points = own_points(evidence, "progression_map", self)
        if points.is_empty():
            return
        total = int(points["SUBJECTS"][0])
        who = evaluator_words(own)
        by = f", by {who}" if who else ""
        yield StudyFigure(
            "progression-organs", self.name, "Organs at progression",
            f"Sites with progression of {total:,} {'subject' if total == 1 else 'subjects'} at first progression{by}. "
            "A subject may have several.",
            organ_bars(points, total=total),
        )  # fmt: skip
        yield StudyFigure(
            "progression-sites", self.name, "Sites that progress together",
            f"Combinations of sites at the first progression{by}: bars count subjects, joined dots name the sites.",
            upset(points, member="USUBJID", of="SITE"),
        )  # fmt: skip

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """What counts as a lesion that contributes, and the definitions of oligoprogression."""
        if context.resistance is None or "progression" not in context.frames:
            return
        yield (
            "Resistance",
            (
                "A target lesion contributes to a progression when it grew at least 20% and 5 mm over its own lowest "
                "earlier value (a node only from 10 mm), a non-target lesion when it is unequivocally worse, a new "
                "lesion when it is unequivocal."
            ),
        )
        for one in context.resistance.definitions.oligo:
            yield "Resistance", f"Oligoprogression, {one.short}: {one}"
