"""What a kind of analysis is: its options, its numbers, its table, its figures and its sentences, in one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self

import msgspec
import polars as pl

from codon12.analyses.study_figure import StudyFigure
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug
from codon12.numbers import Rounding
from codon12.records.config.endpoints import Endpoint
from codon12.records.sql import evaluate
from codon12.tables import Table, table_of

__all__ = [
    "SECTIONS",
    "Across",
    "Analysis",
    "ConfLevel",
    "Evaluator",
    "EvidenceLike",
    "Genes",
    "Landmarks",
    "Layout",
    "Reference",
    "Seed",
    "Stem",
    "Strata",
    "own_points",
]

Layout = Literal["arm", "statistic", "level", "estimate", "group", "effect"]
Section = Literal["patients", "response", "resistance", "survival", "safety", "biomarkers"]
SECTIONS: Mapping[str, str] = {
    "patients": "Patients",
    "response": "Response",
    "resistance": "Resistance",
    "survival": "Survival",
    "safety": "Safety",
    "biomarkers": "Subgroups and biomarkers",
}
"""Section of an analysis -> its heading on the page, in order."""

# Options that several kinds have, each with its one sentence.
Evaluator = Annotated[
    Literal["primary", "central", "investigator", "none"],
    msgspec.Meta(description="Whose assessments count; none where the endpoint has no evaluator."),
]
ConfLevel = Annotated[float, msgspec.Meta(gt=0, lt=1, description="Confidence level of the intervals.")]
Landmarks = Annotated[
    tuple[float, ...],
    msgspec.Meta(description="Months at which an estimate is given; those after the last follow-up are left out."),
]
Strata = Annotated[tuple[str, ...], msgspec.Meta(description="Columns of ADSL that stratify the comparison or model.")]
Reference = Annotated[
    str, msgspec.Meta(description="Treatment that the others are compared with; the first as printed when left out.")
]
Genes = Annotated[
    tuple[str, ...], msgspec.Meta(description="Genes shown, in order; chosen by the analysis when left out.")
]
Seed = Annotated[int, msgspec.Meta(ge=0, description="Where the random numbers start.")]
Stem = Annotated[
    str, msgspec.Meta(description="How the ids of the numbers begin; made of the analysis' name when left out.")
]
Across = Annotated[
    str,
    msgspec.Meta(description="Column of ADSL whose levels are the columns of the table, in place of the treatments."),
]


class EvidenceLike(Protocol):
    """What figures read of the evidence of a study."""

    @property
    def numbers(self) -> pl.DataFrame:
        """One row a number."""
        ...

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Derived frames, and what figures draw, by name."""
        ...

    @property
    def plan(self) -> tuple[Analysis, ...]:
        """Analyses in order."""
        ...

    @property
    def context(self) -> Context:
        """What the analyses worked on."""
        ...

    def endpoint(self, code: str) -> Endpoint:
        """What is known of a time to event."""
        ...


class Analysis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One analysis of a plan. A kind is a subclass with a `tag`; its docstring is the sentence that the docs print.

    Options are fields, each ``Annotated`` with a sentence (``msgspec.Meta(description=...)``); these here every kind
    has. A kind must give `numbers`; all else has a default that fits many kinds.
    """

    place: ClassVar[int] = 1000
    """Where the kind stands in documentation and methods text; ours are below 1000."""
    layout: ClassVar[Layout] = "arm"
    """What the columns of its table are (see `codon12.tables.table_of`)."""
    treatment: ClassVar[Literal["planned", "actual"]] = "planned"
    """Whether treatments are those randomised (where the study randomised) or, for safety, those given."""

    name: Annotated[str, msgspec.Meta(description="Name in the plan; its files are called so.")]
    title: Annotated[str, msgspec.Meta(description="Title of the table.")]
    section: Annotated[Section, msgspec.Meta(description="Section of the report it stands in.")]
    population: Annotated[
        str,
        msgspec.Meta(
            description="Whose subjects are analysed: a population of codon12.toml, or a default one; efficacy is "
            "everybody randomised, or treated where nobody was."
        ),
    ] = "efficacy"
    where: Annotated[str, msgspec.Meta(description="SQL predicate over ADSL that further limits the subjects.")] = ""
    display: Annotated[
        Literal["table", "figure", "both", "none"], msgspec.Meta(description="What the report shows of it.")
    ] = "table"
    footnotes: Annotated[tuple[str, ...], msgspec.Meta(description="Lines below the table.")] = ()
    drop: Annotated[bool, msgspec.Meta(description="Leave this analysis out.")] = False

    @property
    def kind(self) -> str:
        """Name of the kind, as ``codon12.toml`` has it."""
        return str(self.__struct_config__.tag)

    @property
    def columns(self) -> Layout:
        """What the columns of its table are: the layout of the kind, unless an option changes it."""
        return self.layout

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Analyses of this kind that every study has where its records allow: place in the plan -> analysis."""
        return {}

    @classmethod
    def for_endpoint(cls, code: str, endpoint: Endpoint) -> Iterable[Self]:  # noqa: ARG003 - for those that need it
        """Analyses of this kind that every study has of a time to event; they stand where the endpoints stand."""
        return ()

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Compute its numbers into the book; none where the study has not what it needs."""
        raise NotImplementedError

    def rows(self, context: Context) -> Mapping[str, pl.DataFrame]:
        """Frames with a row a subject that predicates of its numbers look into, beside the derived ones.

        They are made before any number; of analyses that name the same frame the columns stand side by side.
        """
        return {}

    def points(self, context: Context) -> Mapping[str, pl.DataFrame | pl.LazyFrame]:
        """Frames that its figures draw, with a column ``analysis``; those of one name are put under one another.

        A lazy frame stays on disk until a figure asks for its rows.
        """
        return {}

    def groupings(self) -> tuple[str, ...]:
        """Columns of ADSL by which it forms groups at time zero; what is known only later is a finding."""
        return ()

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """Table of its numbers; a kind changes the layout by passing options of `codon12.tables.table_of` on."""
        options: dict[str, Any] = {"columns": self.columns, **layout}
        return table_of(
            numbers,
            name=self.name,
            title=self.title,
            footnotes=self.footnotes,
            population=population,
            rounding=rounding,
            **options,
        )

    def steps(self, numbers: pl.DataFrame, rounding: Rounding | None = None) -> tuple[dict[str, Any], ...]:
        """Boxes that the page draws in place of the table, each with label, cells, beside; none for most kinds."""
        return ()

    def figures(
        self,
        evidence: EvidenceLike,
        own: pl.DataFrame,
        rounding: Rounding,
    ) -> Iterable[StudyFigure]:
        """Figures with their captions, from its own numbers and the frames of `points`; nothing is estimated here."""
        return ()

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """Heading and sentence of the methods text; a sentence that several analyses give is printed once."""
        yield from ()

    @property
    def stem(self) -> str:
        """How the ids of its numbers begin, where its name says it."""
        return slug(self.name)

    def place_of(self, key: str) -> str:
        """Where an option stands in ``codon12.toml``, for messages."""
        return f"[analyses.{self.name}] {key}"

    def check(self, context: Context) -> None:
        """Refuse a predicate that is none, or names what ADSL has not; raises ``ConfigError``."""
        context.checked(self.where, where=self.place_of("where"))
        if self.where:
            evaluate(context.without_subjects, self.where, where=f"codon12.toml, {self.place_of('where')}")

    def inside(self, context: Context, evaluator: str | None = None) -> str:
        """SQL predicate over ADSL of the subjects analysed: `population`, and `where`."""
        predicate = context.predicate(self.population, evaluator)
        return context.where(predicate, self.where) if self.where else predicate


def own_points(evidence: EvidenceLike, frame: str, analysis: Analysis) -> pl.DataFrame:
    """Rows of a frame that the figures of an analysis draw; no column where there are none."""
    points = evidence.frames.get(frame)
    return pl.DataFrame() if points is None else points.filter(pl.col("analysis") == analysis.name)
