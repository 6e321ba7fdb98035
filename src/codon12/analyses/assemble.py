"""A study to its evidence: derive, analyse, describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from codon12.analyses.biomarkers.alterations import oncoprint_tracks, with_alterations
from codon12.analyses.kinds import KINDS, POINTS, curves, group_curves
from codon12.analyses.methods import methods_text
from codon12.analyses.plan import Analysis, plan_of_analyses
from codon12.derive import derive
from codon12.derive.context import Context
from codon12.derive.time_zero import time_zero_findings
from codon12.evidence.provenance import Trace, subjects_behind, trace
from codon12.evidence.schema import NumberBook
from codon12.policy import Policy
from codon12.records import Study
from codon12.records.cbioportal import study_name
from codon12.records.covariates import words_among_numbers

__all__ = ["LISTED_SUBJECTS", "Evidence", "assemble", "numbers_of"]

LISTED_SUBJECTS = 2000
"""Studies up to this size list the subjects of every number; larger ones keep predicate and frame only."""


_GROUPING = (
    "groups", "cox", "interaction", "subgroups", "proportional-hazards", "cut-point", "competing-risks",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Every number of a study once, with the frames it came from."""

    title: str
    subtitle: str | None
    notice: str | None
    numbers: pl.DataFrame
    """One row a number; columns in docs/house.md."""
    frames: dict[str, pl.DataFrame]
    """adsl, adtr, adrs, adtte, adae, adex, lesions, curves, disagreements, findings, sources, accounting, and what
    figures draw: group_curves, schoenfeld, cut_points, incidence."""
    plan: tuple[Analysis, ...]
    methods: list[tuple[str, str]]
    """Heading and paragraph."""
    policies: dict[str, Policy]
    context: Context

    def trace(self, number_id: str) -> Trace:
        """Find the subjects and source rows behind a number.

        Raises
        ------
        UsageError
            No such id; the message names the nearest ones.
        """
        return trace(self.numbers, self.frames, self.frames["sources"], number_id)


def numbers_of(
    plan: Sequence[Analysis], context: Context, *, progress: Callable[[str], None] = lambda _: None
) -> pl.DataFrame:
    """Compute every number of a plan, without the lists of subjects."""
    book = NumberBook()
    for analysis in plan:
        progress(analysis.title)
        context.checked(analysis.where, where=f"[analyses.{analysis.name}] where")
        KINDS[analysis.kind](analysis, context, book)
    return book.frame()


def _name(study: Study) -> str:
    """What a study is called where its configuration does not say: as cBioPortal names it, else its folder."""
    own = study_name(study.path) if study.format == "cbioportal" else None
    return own or study.path.resolve().name


def assemble(study: Study, *, progress: Callable[[str], None] | None = None) -> Evidence:
    """Derive all analysis frames of a study and compute every number of its plan.

    Parameters
    ----------
    study
        An open study, of any format; what its records do not support is left out, never guessed.
    progress
        Called with a few words as each stage begins.

    Raises
    ------
    ConfigError
        A policy, population or analysis in ``codon12.toml`` cannot stand.
    DataError
        The records leave no right answer (see the message for table and rule).
    """
    say = progress or (lambda _: None)
    derived = derive(study, progress=say)
    context = derived.context
    plan = plan_of_analyses(context.config.analyses)
    context = with_alterations(context, plan)
    numbers = numbers_of(plan, context, progress=say)
    frames = dict(context.frames)
    grouping = [v for a in plan if a.kind in _GROUPING for v in (*a.by, *a.strata)]
    late = (words_among_numbers(context.adsl, context.config), time_zero_findings(study, context, grouping))
    frames["findings"] = pl.concat([frames["findings"], *late])
    if context.adsl.height <= LISTED_SUBJECTS and numbers.height:
        say("Subjects behind each number")
        numbers = numbers.with_columns(subjects_behind(frames, numbers))
    points = [c for a in plan if (c := curves(a, context)) is not None]
    if points:
        frames["curves"] = pl.concat(points)
    grouped = [c for a in plan if a.kind == "groups" and (c := group_curves(a, context)) is not None]
    if grouped:
        frames["group_curves"] = pl.concat(grouped)
    for kind, (name, points_of) in POINTS.items():
        drawn = [p for a in plan if a.kind == kind and (p := points_of(a, context)) is not None]
        if drawn:
            frames[name] = pl.concat(drawn)
    tracks = [t for a in plan if (t := oncoprint_tracks(a, context)) is not None]
    if tracks:
        frames["oncoprint_tracks"] = pl.concat(tracks)
    shown = set(numbers["analysis"].unique().to_list())
    kept = tuple(a for a in plan if a.name in shown)
    return Evidence(
        title=study.config.title or _name(study),
        subtitle=study.config.subtitle,
        notice=study.config.notice,
        numbers=numbers,
        frames=frames,
        plan=kept,
        methods=methods_text(context, kept, derived.policies, derived.notes),
        policies=derived.policies,
        context=context,
    )
