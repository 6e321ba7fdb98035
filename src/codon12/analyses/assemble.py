"""A study to its evidence: derive, analyse, describe."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from codon12.analyses.kind import Analysis
from codon12.analyses.methods import methods_text
from codon12.analyses.number import Number
from codon12.analyses.plan import plan_of_analyses
from codon12.analyses.study_figure import StudyFigure, with_reader
from codon12.analyses.validation import check_populations, grouping_findings
from codon12.derive import Context, Derived, derive
from codon12.errors import ConfigError, UsageError
from codon12.evidence.frames import Frames, copied
from codon12.evidence.provenance import Trace, number_row, subjects_behind, trace
from codon12.evidence.schema import NumberBook
from codon12.numbers import Rounding
from codon12.numbers.spelling import Language, respelled
from codon12.policy import Policy
from codon12.records import Study
from codon12.records.cbioportal.files import study_name
from codon12.records.config import StudyConfig
from codon12.records.config.endpoints import Endpoint
from codon12.records.rule_files import nearest
from codon12.tables import Table

__all__ = ["LISTED_SUBJECTS", "Evidence", "assemble", "evidence_of", "numbers_of", "planned", "study_figures"]

LISTED_SUBJECTS = 2000
"""Studies up to this size list the subjects of every number; larger ones keep predicate and frame only."""


@dataclass(frozen=True, repr=False)
class Evidence:
    """Every number of a study once, with the frames it came from.

    Examples
    --------
    >>> evidence = assemble(Study.open("examples/codebreak100"))  # doctest: +SKIP
    >>> evidence["pfs.median.central.all"].value, evidence.sentence("orr.central.all")  # doctest: +SKIP
    >>> evidence.table("response"), evidence.figure("waterfall")  # doctest: +SKIP
    """

    title: str
    subtitle: str | None
    notice: str | None
    numbers: pl.DataFrame
    """One row a number; columns in docs/house.md."""
    frames: MutableMapping[str, pl.DataFrame]
    """adsl, adtr, adrs, adtte, adae, adex, lesions, disagreements, findings, sources, accounting, and what the figures
    of its analyses draw: curves, group_curves, schoenfeld, cut_points, incidence, oncoprint, lollipop, ..."""
    plan: tuple[Analysis, ...]
    methods: list[tuple[str, str]]
    """Heading and paragraph."""
    policies: dict[str, Policy]
    context: Context

    def endpoint(self, code: str) -> Endpoint:
        """What is known of a time to event, by its PARAMCD."""
        return self.context.endpoint(code)

    def trace(self, number_id: str) -> Trace:
        """Find the subjects and source rows behind a number.

        Raises
        ------
        UsageError
            No such id; the message names the nearest ones.
        """
        return trace(self.numbers, self.frames, self.frames["sources"], number_id)

    def __getitem__(self, number_id: str) -> Number:
        """Give one number by its id: value, interval, counts, sentence.

        Raises
        ------
        UsageError
            No such id; the message names the nearest ones.
        """
        row = number_row(self.numbers, number_id)
        analysis = next((a for a in self.plan if a.name == row["analysis"]), None)
        return Number(
            row,
            title=analysis.title if analysis else "",
            population=self.context.population_label(row["population"] or ""),
            rounding=self.rounding,
        )

    def sentence(self, number_id: str) -> str:
        """One number as a sentence of a paper, by its id; errors as ``evidence[id]``."""
        return respelled(self[number_id].sentence, self.language)

    @property
    def language(self) -> Language:
        """Spelling of what is printed, ``language`` of codon12.toml."""
        return self.context.config.language

    def table(self, name: str) -> Table:
        """Table of an analysis, as the report prints it, by the analysis' name.

        Raises
        ------
        UsageError
            No such analysis, or one without a table; the message names those that have one.
        """
        found = self._analysis(name, "table")
        table = self.table_of(found, self.rounding)
        if table is None:
            raise UsageError(f"analysis {name!r} has no table here.")
        return table

    def own_numbers(self, analysis: str) -> pl.DataFrame:
        """Numbers of one analysis, by its name."""
        return self._numbers_by_analysis.get((analysis,), self.numbers.clear())

    @cached_property
    def _numbers_by_analysis(self) -> dict[tuple[object, ...], pl.DataFrame]:
        return self.numbers.partition_by("analysis", maintain_order=True, as_dict=True)

    def table_of(self, analysis: Analysis, rounding: Rounding | None) -> Table | None:
        """Table of an analysis of the plan, with its numbers rounded so; None where it has none."""
        own = self.own_numbers(analysis.name)
        told = self.context.population_label(analysis.population)
        table = analysis.table(own, population=told, rounding=rounding)
        if table is None:
            return None
        return msgspec.structs.replace(table, title=with_reader(table.title, own)).in_language(self.language)

    def figure(self, name: str) -> StudyFigure:
        """Figure of the report by its name, or the first of an analysis by the analysis' name.

        Raises
        ------
        UsageError
            No such figure; the message names all.
        """
        drawn = list(study_figures(self, rounding=self.rounding))
        for figure in drawn:
            if name in (figure.name, figure.analysis):
                return figure
        raise UsageError(_not_there("figure", name, [f.name for f in drawn]))

    def __repr__(self) -> str:
        size = f"{self.numbers.height:,} numbers of {self.context.adsl.height:,} subjects"
        return f"<Evidence of {self.title}: {size}, {len(self.plan)} analyses>"

    def _repr_html_(self) -> str:
        """Title, size and the names of the analyses, for a notebook."""
        lines = [f"<p><b>{html.escape(self.title)}</b><br>{html.escape(repr(self)[1:-1])}</p>"]
        if self.notice:
            lines.append(f"<p><i>{html.escape(self.notice)}</i></p>")
        items = "".join(f"<li><code>{html.escape(a.name)}</code> {html.escape(a.title)}</li>" for a in self.plan)
        return "".join(lines) + f"<details><summary>Analyses</summary><ul>{items}</ul></details>"

    @property
    def rounding(self) -> Rounding | None:
        """How its numbers are printed; None: as by default."""
        found = self.policies.get("rounding")
        return found if isinstance(found, Rounding) else None

    def _analysis(self, name: str, shown: str) -> Analysis:
        for analysis in self.plan:
            if analysis.name == name and analysis.display in (shown, "both"):
                return analysis
        known = [a.name for a in self.plan if a.display in (shown, "both")]
        raise UsageError(_not_there(shown, name, known))


def _not_there(what: str, name: str, known: list[str]) -> str:
    near = nearest(name, known)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    return f"no {what} {name!r}.{hint} There are: {', '.join(known) or 'none'}."


def numbers_of(
    plan: Sequence[Analysis], context: Context, *, progress: Callable[[str], None] = lambda _: None
) -> pl.DataFrame:
    """Compute every number of a plan, without the lists of subjects."""
    book = NumberBook()
    for analysis in plan:
        progress(analysis.title)
        own = _own(analysis, context)
        analysis.check(own)
        analysis.numbers(own, book)
    return book.frame()


def study_figures(evidence: Evidence, *, rounding: Rounding | None = None) -> Iterator[StudyFigure]:
    """Figures of a study in the order of its plan; those whose data are not there are left out.

    Nothing is estimated here: curves, intervals and texts are the evidence's own numbers. Of two figures of one name
    the second has that of its analysis behind it.
    """
    taken: set[str] = set()
    for analysis in evidence.plan:
        if analysis.display not in ("figure", "both"):
            continue
        own = evidence.own_numbers(analysis.name)
        whose = _whose(evidence, analysis)
        for figure in analysis.figures(evidence, own, rounding or Rounding()):
            name = figure.name if figure.name not in taken else f"{figure.name}-{analysis.name}"
            named = replace(figure, name=name, caption=f"{figure.caption} {whose}")
            named = named.in_language(evidence.language)
            taken.add(named.name)
            yield named


def _whose(evidence: Evidence, analysis: Analysis) -> str:
    """Whose numbers a figure shows, and up to when: the end of its caption."""
    cutoff = evidence.context.config.data_cutoff
    until = f" Data cut-off: {cutoff}." if cutoff else ""
    return f"Population: {evidence.context.population_label(analysis.population)}.{until}"


def _own(analysis: Analysis, context: Context) -> Context:
    """The study as an analysis sees it: efficacy by treatment as randomised, safety as given."""
    return context.as_treated() if analysis.treatment == "actual" else context


def _check_variables(plan: Iterable[Analysis], config: StudyConfig) -> None:
    """Refuse the subject as a variable: its levels are identifiers, and every row a group of its own."""
    places = {"key baseline": config.baseline, "subgroups": [s.variable for s in config.subgroups]}
    for analysis in plan:
        for key in ("by", "across", "strata"):
            named = getattr(analysis, key, ())
            places[f"[analyses.{analysis.name}] {key}"] = [named] if isinstance(named, str) else list(named)
    for place, names in places.items():
        if "USUBJID" in (names or ()):
            raise ConfigError(f"codon12.toml, {place}: USUBJID names the subject and is no variable; leave it out.")


def _name(study: Study) -> str:
    """What a study is called where its configuration does not say: as cBioPortal names it, else its folder."""
    own = study_name(study.path) if study.format == "cbioportal" else None
    return own or study.path.resolve().name


def _with_rows(context: Context, plan: Iterable[Analysis]) -> Context:
    """Add the frames that predicates of the numbers look into, beside the derived ones."""
    frames = copied(context.frames)
    for analysis in plan:
        for name, frame in analysis.rows(_own(analysis, context)).items():
            if name in context.frames:
                raise ValueError(f"{type(analysis).__name__}.rows: there is a derived frame {name!r}")
            new = (
                frame.drop([c for c in frames[name].columns if c != "USUBJID"], strict=False)
                if name in frames
                else frame
            )
            frames[name] = frames[name].join(new, on="USUBJID", how="left") if name in frames else frame
    return replace(context, frames=frames)


def _joined(parts: Sequence[pl.DataFrame | pl.LazyFrame], frames: Mapping[str, pl.DataFrame]) -> Any:
    """Rows that analyses draw, one after the other; left on disk where some lie there and `frames` can hold such."""
    held = [part for part in parts if isinstance(part, pl.DataFrame)]
    if len(held) == len(parts):
        return pl.concat(held)
    rows = pl.concat([part.lazy() for part in parts])
    return rows if isinstance(frames, Frames) else rows.collect()


def assemble(
    study: Study, *, progress: Callable[[str], None] | None = None, executor: Executor | None = None
) -> Evidence:
    """Derive all analysis frames of a study and compute every number of its plan.

    Parameters
    ----------
    study
        An open study, of any format; what its records do not support is left out, never guessed.
    progress
        Called with a few words as each stage begins.
    executor
        Any `concurrent.futures.Executor`, for lesions a block of subjects at a time, imputations, permutations and
        resamples; None works here. The evidence is the same.

    Raises
    ------
    ConfigError
        A policy, population or analysis in ``codon12.toml`` cannot stand.
    DataError
        The records leave no right answer (see the message for table and rule).
    """
    say = progress or (lambda _: None)
    derived = derive(study, progress=say, executor=executor)
    return evidence_of(study, derived, progress=say, executor=executor)


def planned(derived: Derived) -> tuple[Analysis, ...]:
    """Plan of a study as its configuration has it, each analysis with the population it means."""
    config = derived.context.config
    return tuple(
        msgspec.structs.replace(a, population=derived.context.population_meant(a.population))
        for a in plan_of_analyses(config.analyses, config.endpoints)
    )


def evidence_of(
    study: Study,
    derived: Derived,
    *,
    plan: Sequence[Analysis] | None = None,
    progress: Callable[[str], None] | None = None,
    executor: Executor | None = None,
) -> Evidence:
    """Compute the numbers of a plan, that of the study when left out, on frames derived already; errors as above."""
    say = progress or (lambda _: None)
    config = derived.context.config
    plan = planned(derived) if plan is None else tuple(plan)
    check_populations(derived.context)
    _check_variables(plan, config)
    context = _with_rows(derived.context, plan)
    numbers = numbers_of(plan, replace(context, executor=executor), progress=say)
    frames = copied(context.frames)
    frames["findings"] = pl.concat([frames["findings"], *grouping_findings(study, context, plan)])
    if context.values(pl.len()).item() <= LISTED_SUBJECTS and numbers.height:
        say("Subjects behind each number")
        numbers = numbers.with_columns(subjects_behind(frames, numbers))
    points: dict[str, list[pl.DataFrame | pl.LazyFrame]] = {}
    for analysis in plan:
        for name, frame in analysis.points(_own(analysis, context)).items():
            points.setdefault(name, []).append(frame)
    frames.update({name: _joined(parts, frames) for name, parts in points.items()})
    shown = set(numbers["analysis"].unique().to_list())
    kept = tuple(a for a in plan if a.name in shown)
    return Evidence(
        title=study.config.title or _name(study),
        subtitle=study.config.subtitle,
        notice=study.config.notice,
        numbers=numbers,
        frames=frames,
        plan=kept,
        methods=[
            (respelled(heading, config.language), respelled(text, config.language))
            for heading, text in methods_text(context, kept, derived.policies, derived.notes)
        ],
        policies=derived.policies,
        context=context,
    )
