"""All findings of a study without its numbers: of the records, of what is derived, of its groupings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from codon12.analyses.asked import asked_findings
from codon12.analyses.kind import Analysis
from codon12.analyses.plan import plan_of_analyses
from codon12.derive import Context, derive
from codon12.derive.time_zero import time_zero_findings
from codon12.records import Study
from codon12.records.subjects.covariates import words_among_numbers
from codon12.records.subjects.populations import population

__all__ = ["check_populations", "grouping_findings", "study_findings"]


def study_findings(study: Study, *, progress: Callable[[str], None] | None = None) -> pl.DataFrame:
    """Give all findings that the report of a study would have; no number is computed.

    Records with errors leave no right answer, so nothing is derived from them: their findings come alone.

    Raises
    ------
    ConfigError
        A policy, population or analysis in ``codon12.toml`` cannot stand.
    DataError
        What is derived leaves no right answer.
    """
    if study.errors().height:
        return study.findings
    context = derive(study, progress=progress or (lambda _: None)).context
    plan = plan_of_analyses(context.config.analyses, context.config.endpoints)
    check_populations(context)
    for analysis in plan:
        context.predicate(context.population_meant(analysis.population))
        analysis.check(context.as_treated() if analysis.treatment == "actual" else context)
    return pl.concat([context.frames["findings"], *grouping_findings(study, context, plan)])


def check_populations(context: Context) -> None:
    """Refuse a population of ``codon12.toml`` that no analysis could take, whether or not one asks for it.

    Raises
    ------
    ConfigError
        A predicate is none, or names what ADSL has not; the message lists the columns that it has.
    """
    for name, predicate in context.config.populations.items():
        population(context.without_subjects, predicate, name=name)


def grouping_findings(study: Study, context: Context, plan: Sequence[Analysis]) -> tuple[pl.DataFrame, ...]:
    """Give the findings on what the analyses of a plan form groups by, and on names that nothing in the study has."""
    grouping = [column for a in plan for column in a.groupings()]
    covariates = {name.upper() for name in context.config.covariates}
    adsl = context.values(*(c for c in context.variables if c in covariates))
    words = words_among_numbers(adsl, context.config)
    return words, time_zero_findings(study, context, grouping), asked_findings(context, plan)
