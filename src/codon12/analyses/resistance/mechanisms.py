"""Mechanisms of resistance in paired samples: of the pairs that are evaluable, with exact limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, ClassVar, Self

import polars as pl

from codon12.analyses.kind import Analysis, ConfLevel, EvidenceLike, own_points
from codon12.analyses.resistance.counts import COUNT, add_share
from codon12.analyses.study_figure import StudyFigure
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.figures import paired_oncoprint, serial_fractions, vaf_slope
from codon12.numbers import Rounding

__all__ = ["Mechanisms"]

_METHOD = "Of the pairs that are evaluable, not of the subjects."


class Mechanisms(Analysis, frozen=True, kw_only=True, tag="mechanisms"):
    """What paired samples explain: results, classes of mechanisms with exact limits, and which occur together."""

    place: ClassVar = 340
    layout: ClassVar = "statistic"

    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Mechanisms, where samples are paired and a drug of the catalogue is named."""
        notes = (
            "No mechanism found says nothing of what the later sample could not show. Possible mechanisms stand apart.",
        )
        return {
            69: cls(
                name="mechanisms", title="Mechanisms of resistance in paired samples", section="resistance",
                display="both", footnotes=notes,
            )
        }  # fmt: skip

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Results, classes, several at once, pairs of classes; by drug where there are several."""
        if "pairs" not in context.frames:
            return
        columns = ("USUBJID", "PAIR", "DRUG")
        pairs = rows_of(context.frames, "pairs").select(*columns, "RESULT").collect()
        told = rows_of(context.frames, "mechanisms").select(*columns, "MECHANISM", "POSSIBLE").collect()
        if not pairs.height:
            return
        predicate = self.inside(context)
        members = context.members(predicate, arms=False).select("USUBJID")
        pairs, told = (f.join(members, on="USUBJID", how="semi") for f in (pairs, told))
        drugs = sorted(pairs["DRUG"].drop_nulls().unique().to_list())
        for drug in drugs:
            own = context.where(predicate, f"DRUG = {sql_text(drug)}") if len(drugs) > 1 else predicate
            stem = f"mechanisms.{slug(drug)}" if len(drugs) > 1 else "mechanisms"
            head = f"{drug}: " if len(drugs) > 1 else ""
            part = pairs.filter(pl.col("DRUG") == drug)
            self._results(context, book, part, own, stem, head)
            self._classes(context, book, part, told.filter(pl.col("DRUG") == drug), own, stem, head)

    def _results(self, context: Context, book: NumberBook, part: pl.DataFrame, own: str, stem: str, head: str) -> None:
        able = part.filter(pl.col("RESULT") != "not evaluable")
        common: dict[str, Any] = {"frame": "pairs", "section": f"{head}Pairs of samples", "conf_level": self.conf_level}
        add_share(
            self, book, f"{stem}.evaluable", label="Evaluable pairs", n=able.height, total=part.height, rate=False,
            method="Of the pairs of samples.", where=context.where(own, "RESULT <> 'not evaluable'"), **common,
        )  # fmt: skip
        for result, n in able.group_by("RESULT").len("n").sort("n", "RESULT", descending=[True, False]).iter_rows():
            add_share(
                self, book, f"{stem}.result.{slug(result)}", label=result[:1].upper() + result[1:], n=n,
                total=able.height, method=_METHOD, where=context.where(own, f"RESULT = {sql_text(result)}"), **common,
            )  # fmt: skip

    def _classes(
        self, context: Context, book: NumberBook, part: pl.DataFrame, told: pl.DataFrame, own: str, stem: str, head: str
    ) -> None:  # fmt: skip
        able = part.filter(pl.col("RESULT") != "not evaluable")
        for possible, title in ((False, "Mechanisms"), (True, "Possible mechanisms")):
            rows = told.filter(pl.col("POSSIBLE") == possible)
            counts = (
                rows.group_by("MECHANISM")
                .agg(n=pl.col("PAIR").n_unique())
                .sort("n", "MECHANISM", descending=[True, False])
            )
            for name, n in counts.iter_rows():
                end = ".possible" if possible else ""
                add_share(
                    self, book, f"{stem}.class.{slug(name)}{end}", label=name[:1].upper() + name[1:], n=n,
                    section=f"{head}{title} (a pair may have several)", total=able.height, method=_METHOD,
                    frame="mechanisms", conf_level=self.conf_level,
                    where=context.where(own, f"MECHANISM = {sql_text(name)}", f"POSSIBLE = {str(possible).upper()}"),
                )  # fmt: skip
        firm = told.filter(~pl.col("POSSIBLE"))
        several = firm.group_by("PAIR").len("n").filter(pl.col("n") > 1).height
        with_any = firm["PAIR"].n_unique()
        add_share(
            self, book, f"{stem}.several", label="Several mechanisms, of the pairs with one", n=several,
            total=with_any, method="Of the pairs with a mechanism.", section=f"{head}Together", frame="pairs",
            conf_level=self.conf_level, where=context.where(own, "N_MECHANISMS > 1"),
        )  # fmt: skip
        held = firm.select("PAIR", "MECHANISM").unique()
        joined = held.join(held, on="PAIR").filter(pl.col("MECHANISM") < pl.col("MECHANISM_right"))
        counts = {(a, b): n for a, b, n in joined.group_by("MECHANISM", "MECHANISM_right").len().iter_rows()}
        for one, other in combinations(sorted(firm["MECHANISM"].unique().to_list()), 2):
            if both := counts.get((one, other), 0):
                tests = [f"STRPOS(MECHANISMS, {sql_text(f'; {name}; ')}) > 0" for name in (one, other)]
                book.add(
                    self.name, f"{stem}.together.{slug(one)}.{slug(other)}", statistic="n", main=True, level=COUNT,
                    label=f"{one[:1].upper()}{one[1:]} with {other}", section=f"{head}Together", kind="fraction",
                    n=both, N=with_any, population=self.population, method="Of the pairs with a mechanism.",
                    frame="pairs", where=context.where(own, *tests),
                )  # fmt: skip

    def points(self, context: Context) -> Mapping[str, pl.DataFrame | pl.LazyFrame]:
        """Frames ``pair_alterations`` and ``serial_samples``."""
        if context.pairs is None or "pairs" not in context.frames:
            return {}
        found = {"pair_alterations": context.pairs.rows("alterations"), "serial_samples": context.pairs.rows("serial")}
        return {
            name: rows.with_columns(analysis=pl.lit(self.name))
            for name, rows in found.items()
            if rows is not None and (name == "pair_alterations" or rows.lazy().head(1).collect().height)
        }

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Paired oncoprint, slopes of allele fractions, serial plasma."""
        rows = own_points(evidence, "pair_alterations", self)
        if rows.is_empty():
            return
        yield StudyFigure(
            "paired-oncoprint", self.name, "Alterations before and after",
            "Left half of a cell: earlier sample; right half: later sample. Pale: the other was not tested for it; "
            "brown and violet: of a pair that cannot show whether it is new or gone.",
            paired_oncoprint(rows),
        )  # fmt: skip
        slopes = vaf_slope(rows)
        if slopes["data"]["values"]:
            yield StudyFigure(
                "allele-fractions", self.name, "Allele fractions before and after",
                "One panel a pair, one line an alteration; 0 where the sample was read and showed none. Fractions of "
                "plasma move with the amount of tumour: compare within a panel.",
                slopes,
            )  # fmt: skip
        serial = own_points(evidence, "serial_samples", self)
        if not serial.is_empty():
            yield StudyFigure(
                "serial-plasma", self.name, "Serial plasma samples",
                "Subjects with three or more plasma samples, in their order; 0 where a sample showed none.",
                serial_fractions(serial),
            )  # fmt: skip

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """Catalogue and policies of the comparison."""
        if context.pairs is None:
            return
        made = context.pairs.comparison
        yield "Resistance", f"Mechanisms are those of the catalogue ({'; '.join(made.catalogue.files)})."
        for sentence in made.policy.sentences().values():
            yield "Resistance", sentence
