"""Alterations by gene and patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.biomarkers.alterations import alteration_columns, altered, asked_genes, gene_column, profiled
from codon12.analyses.biomarkers.shares import interval_heading, limits
from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    EvidenceLike,
    Genes,
    own_points,
)
from codon12.analyses.study_figure import StudyFigure
from codon12.analyses.variables import level_order, variable_label
from codon12.analyses.wording import printed_levels
from codon12.biomarker import genes_tested, oncoprint_calls
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import NumberBook, slug
from codon12.figures import oncoprint
from codon12.figures.oncoprint import patients_a_column
from codon12.numbers import Rounding

__all__ = ["Oncoprint"]

_MOST_GENES = 15
"""Rows of an oncoprint whose genes are not named."""


_ALTERED = "Altered: a mutation that changes the protein, a high-level copy-number change, or a fusion."


_CLASSES = (
    "Grey: read and not altered; white: not tested. A high-level copy-number change fills the cell, any other "
    "alteration is a bar in its middle."
)


class Oncoprint(Analysis, frozen=True, kw_only=True, tag="oncoprint"):
    """Genes by patient, under tracks of categories; of each gene the patients with it altered."""

    place: ClassVar = 180
    layout: ClassVar = "statistic"

    genes: Genes = ()
    by: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL with categories: tracks above the genes.")
    ] = ()
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Alterations of every study with calls."""
        notes = ("Mutations that change the protein, high-level copy-number changes, fusions.",)
        title = "Alterations by patient"
        return {180: cls(name="oncoprint", title=title, section="biomarkers", display="both", footnotes=notes)}

    def shown(self, context: Context) -> list[str]:
        """Genes shown: those named, else those asked about and the most often altered, in falling order.

        Only genes that a test read in full count.
        """
        if self.genes:
            return [g.upper() for g in self.genes]
        profiles = profiled(context)
        asked = asked_genes(context)
        if profiles is None:
            return []
        predicate = context.where(context.predicate(self.population), self.where)
        people = context.members(predicate, arms=False).select("USUBJID")
        calls = oncoprint_calls(profiles.calls).join(people, on="USUBJID", how="semi")
        read = genes_tested(profiles.tests, profiles.assays, calls["GENE"].unique().to_list())
        calls = calls.join(read, on=["USUBJID", "GENE"], how="semi")
        counts = (
            calls.group_by("GENE")
            .agg(pl.col("USUBJID").n_unique().alias("n"))
            .sort("n", "GENE", descending=[True, False])
        )
        often = counts["GENE"].head(_MOST_GENES).to_list()
        kept = set(list(dict.fromkeys([*asked, *often]))[:_MOST_GENES])
        return [g for g in counts["GENE"] if g in kept] + [
            g for g in asked if g in kept and g not in set(counts["GENE"])
        ]

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Patients with each gene altered, of those tested for it."""
        if "alterations" not in context.frames:
            return
        predicate = self.inside(context)
        members = (
            context.members(predicate, arms=False).select("USUBJID").join(context.frames["alterations"], on="USUBJID")
        )
        for gene in self.shown(context):
            values = members[f"ALT_{gene}"]
            n, total = int((values == "Y").sum()), int(values.is_not_null().sum())
            low, high = limits(n, total, self.conf_level)
            shared: dict[str, Any] = {
                "label": gene,
                "variable": gene,
                "population": self.population,
                "n": n,
                "N": total,
                "value": 100 * n / total if total else None,
                "status": None if total else "no subjects",
                "method": f"{_ALTERED} Of the subjects in whom the gene was read; exact (Clopper-Pearson) limits.",
                "frame": "alterations",
                "where": context.where(predicate, f"{gene_column(gene)} = 'Y'"),
            }
            endpoint = f"altered.{slug(gene)}"
            book.add(self.name, endpoint, statistic="n", kind="fraction", level="Altered, n/N tested", **shared)
            book.add(
                self.name,
                endpoint,
                statistic="rate",
                main=True,
                kind="rate",
                level=interval_heading(self.conf_level),
                lower=low,
                upper=high,
                unit="%",
                conf_level=self.conf_level,
                **shared,
            )

    def rows(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``alterations``."""
        return alteration_columns(context, self.shown(context))

    def points(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frames ``oncoprint`` and ``oncoprint_tracks``."""
        found = {"oncoprint": self._cells(context), "oncoprint_tracks": self._tracks(context)}
        return {name: frame for name, frame in found.items() if frame is not None}

    def _cells(self, context: Context) -> pl.DataFrame | None:
        """What an oncoprint draws: USUBJID, GENE, CLASS (null: read and not altered); pairs not read are absent."""
        profiles = profiled(context)
        if profiles is None:
            return None
        genes = self.shown(context)
        predicate = self.inside(context)
        people = context.members(predicate, arms=False).select("USUBJID")
        calls = oncoprint_calls(profiles.calls).filter(pl.col("GENE").is_in(genes))
        read = altered(profiles, genes).select("USUBJID", "GENE")
        tested = pl.concat([read, calls.select("USUBJID", "GENE")]).unique().join(people, on="USUBJID", how="semi")
        cells = tested.join(calls, on=["USUBJID", "GENE"], how="left").sort("GENE", "USUBJID", "CLASS")
        # Patients without any gene read stand in the frame too, so that the cohort is whole.
        return pl.concat([cells, people.join(cells, on="USUBJID", how="anti")], how="diagonal").with_columns(
            analysis=pl.lit(self.name)
        )

    def _tracks(self, context: Context) -> pl.DataFrame | None:
        """What stands above the genes: USUBJID, TRACK (as printed), VALUE (as printed), RANK of the value.

        The tracks are the columns of `by`, in its order; a subject without a value has no row. Raises
        ``ConfigError`` where ADSL lacks a column, or it holds numbers.
        """
        if profiled(context) is None:
            return None
        predicate = self.inside(context)
        people = context.members(predicate, arms=False).select("USUBJID")
        parts = []
        for name in dict.fromkeys(self.by):
            where = f"codon12.toml, [analyses.{self.name}] by"
            if name not in context.variables:
                raise ConfigError(f"{where}: ADSL has no column {name}.")
            if context.without_subjects.schema[name].is_numeric():
                raise ConfigError(f"{where}: {name} holds numbers; a track shows categories: cut it in [covariates].")
            rows = context.values("USUBJID", V=pl.col(name).cast(pl.String)).join(people, on="USUBJID", how="semi")
            order = level_order(context, name, rows["V"])
            rank = pl.col("V").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64, default=None)
            shown = pl.col("V").replace_strict(order, list(printed_levels(order).values()), default=None)
            parts.append(
                rows.drop_nulls("V").select(
                    "USUBJID", TRACK=pl.lit(variable_label(context, name)), VALUE=shown, RANK=rank
                )
            )
        return pl.concat(parts).with_columns(analysis=pl.lit(self.name)) if parts else None

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """The oncoprint."""
        cells = own_points(evidence, "oncoprint", self)
        if cells.is_empty():
            return
        own = own.sort("order")
        tracks = own_points(evidence, "oncoprint_tracks", self)
        genes = list(dict.fromkeys(own["label"]))
        patients = cells["USUBJID"].unique().sort().to_list()
        tested = cells.drop_nulls("GENE").select("USUBJID", "GENE").unique()
        shares = own.filter((pl.col("kind") == "rate") & pl.col("value").is_not_null())
        drawn = cells.drop_nulls("CLASS").select("USUBJID", "GENE").unique().height
        beyond = drawn - sum(shares["n"])
        unread = (
            f" Alterations found by tests that are not known to read the whole gene ({beyond:,}) are in no percentage."
            if beyond > 0
            else ""
        )
        percents = dict(shares.select("label", "value").iter_rows())
        levels: dict[str, list[str]] = {}
        above = ""
        if tracks.height:
            for track, value in (
                tracks.select("TRACK", "VALUE", "RANK")
                .unique(maintain_order=True)
                .sort("RANK", maintain_order=True)
                .select("TRACK", "VALUE")
                .iter_rows()
            ):
                levels.setdefault(track, []).append(value)
            names = "; ".join(tracks["TRACK"].unique(maintain_order=True))
            above = f" Above the genes: {names}; white: no value. Patients are in the order of the first."
        every = patients_a_column(len(patients))
        some = f"; one in {every} is shown" if every > 1 else ""
        yield StudyFigure(
            self.name,
            self.name,
            self.title,
            f"One column a patient ({len(patients):,}{some}), one row a gene; percentages are of the patients in whom "
            f"the gene was read.{unread} {_CLASSES}{above}",
            oncoprint(
                cells.drop_nulls("CLASS"),
                genes=genes,
                patients=patients,
                tested=tested,
                percents=percents,
                tracks=tracks if above else None,
                track_levels=levels,
            ),
        )
