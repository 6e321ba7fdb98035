"""What the profiles support: statements of a date counted over a study, with what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl

from codon12.analyses.kind import Analysis
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import NumberBook, slug, sql_text

__all__ = ["Matched"]

_HEADINGS = {
    "applies": "Applies",
    "applies because of an unknown": "Applies because of an unknown",
    "undetermined": "Undetermined",
    "does not apply": "Does not apply",
}


class Matched(Analysis, frozen=True, kw_only=True, tag="matched"):
    """Subjects whom dated, cited statements about drugs meet, and the facts that keep the others undetermined."""

    place: ClassVar = 195
    layout: ClassVar = "statistic"

    statements: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Ids of statements, as `codon12 match list` shows them; all in force."),
    ] = ()
    as_of: Annotated[
        str, msgspec.Meta(description="Date asked about, as 2021-09-01; the data cut-off of the study when left out.")
    ] = ""

    def rows(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frame ``matched``: a row a subject, a column a statement with its status, and one with its missing facts."""
        if context.study is None:
            return {}
        from codon12.match.cohort import statement_frame
        from codon12.match.from_study import profiles_of_study

        held = profiles_of_study(context.study, held=context.profiles)
        long = statement_frame(held.profiles, self._chosen(context), as_of=self._day(context))
        flagged = pl.col("STATUS").eq("applies") & pl.col("UNKNOWN")
        long = long.with_columns(
            STATUS=pl.when(flagged).then(pl.lit("applies because of an unknown")).otherwise("STATUS"),
            COLUMN=pl.col("STATEMENT").map_elements(_column, return_dtype=pl.String),
        )
        out = context.values("USUBJID")
        for value, end in (("STATUS", ""), ("MISSING", "_MISSING")):
            wide = long.pivot(on="COLUMN", index="USUBJID", values=value, maintain_order=True)
            wide = wide.rename({c: f"{c}{end}" for c in wide.columns if c != "USUBJID"})
            out = out.join(wide, on="USUBJID", how="left", maintain_order="left")
        return {"matched": out}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Of each statement, how many it meets, how many are undetermined and by which missing fact."""
        frame = context.frames.get("matched")
        if frame is None:
            return
        predicate = self.inside(context)
        members = context.members(predicate, arms=False).select("USUBJID")
        own = members.join(frame, on="USUBJID", how="left")
        day = self._day(context).isoformat()
        for s in self._chosen(context).statements:
            name = _column(s.id)
            shared: dict[str, Any] = {
                "section": f"{s.jurisdiction}: {s.effect}",
                "label": f"{' + '.join(s.therapy) or s.id} ({s.id}, {s.review.state})",
                "population": self.population,
                "frame": "matched",
                "N": members.height,
                "method": f"Statement {s.id} version {s.version} ({s.hash}) as of {day}.",
            }
            for status, heading in _HEADINGS.items():
                n = own.filter(pl.col(name) == status).height
                where = context.where(predicate, f"{name} = {sql_text(status)}")
                book.add(
                    self.name, f"{self.stem}.{slug(s.id)}", statistic=f"n_{slug(status)}", main=status == "applies",
                    kind="fraction", level=heading, n=n, where=where, **shared,
                )  # fmt: skip
            self._missing(context, book, own, name, s.id, members.height, predicate)

    def _missing(
        self,
        context: Context,
        book: NumberBook,
        own: pl.DataFrame,
        name: str,
        statement: str,
        total: int,
        predicate: str,
    ) -> None:
        column = f"{name}_MISSING"
        open_ = own.filter(pl.col(name).is_in(["undetermined", "applies because of an unknown"]))
        facts = sorted({f for text in open_[column].drop_nulls() for f in text.split("; ") if f})
        for fact in facts:
            n = open_.filter(("; " + pl.col(column) + "; ").str.contains(f"; {fact}; ", literal=True)).height
            told = sorted({t for t in open_[column].drop_nulls() if fact in t.split("; ")})
            texts = ", ".join(sql_text(t) for t in told)
            book.add(
                self.name, f"{self.stem}.{slug(statement)}.missing.{slug(fact)}", statistic="n", main=True,
                kind="fraction", level="Undetermined", section="What is missing", label=f"{fact} ({statement})",
                population=self.population, n=n, N=total, frame="matched",
                where=context.where(
                    predicate, f"{column} IN ({texts})", f"{name} IN ('undetermined', 'applies because of an unknown')"
                ),
                method="Facts that keep the statement undetermined, or let it apply because of an unknown.",
            )  # fmt: skip

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """By which texts, of which date, under which assumptions."""
        if "matched" not in context.frames or context.study is None:
            return
        from codon12.match.from_study import assumed

        said = "".join(f" Assumed of every subject: {text}." for text in assumed(context.study))
        day = self._day(context).isoformat()
        rule = "A fact that is not on record is unknown, never absent; the statements inform and recommend nothing."
        yield "Biomarkers", f"Statements about drugs are those in force on {day}. {rule}{said}"

    def check(self, context: Context) -> None:
        """Refuse a date or statement that is none."""
        super().check(context)
        self._day(context)
        self._chosen(context)

    def _day(self, context: Context) -> date:
        if not self.as_of:
            if context.config.data_cutoff is not None:
                return context.config.data_cutoff
            raise ConfigError(f"{self.place_of('as_of')}: name the date asked about, or data_cutoff of the study")
        try:
            return date.fromisoformat(self.as_of)
        except ValueError:
            raise ConfigError(f"{self.place_of('as_of')}: {self.as_of!r} is no day; write it as 2021-09-01") from None

    def _chosen(self, context: Context) -> Any:
        from codon12.match.knowledge import Knowledge, shipped_statements

        held, day = shipped_statements(), self._day(context)
        known = {s.id: s for s in held.statements}
        lost = [name for name in self.statements if name not in known]
        if lost:
            raise ConfigError(f"{self.place_of('statements')}: no statement {lost[0]!r}; there are {', '.join(known)}")
        chosen = [known[n] for n in self.statements] or [s for s in held.statements if s.in_force(day)]
        return Knowledge(tuple(chosen))


def _column(name: str) -> str:
    return slug(name).upper()
