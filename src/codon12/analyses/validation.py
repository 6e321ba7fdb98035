"""All findings of a study without its numbers: of the records, of what is derived, of its groupings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from codon12.analyses.kind import Analysis
from codon12.analyses.plan import plan_of_analyses
from codon12.derive import Context, derive
from codon12.derive.time_zero import time_zero_findings
from codon12.records import Study
from codon12.records.covariates import words_among_numbers

__all__ = ["grouping_findings", "study_findings"]


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
    return pl.concat([context.frames["findings"], *grouping_findings(study, context, plan)])


def grouping_findings(study: Study, context: Context, plan: Sequence[Analysis]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the findings on what the analyses of a plan form groups by."""
    grouping = [column for a in plan for column in a.groupings()]
    return words_among_numbers(context.adsl, context.config), time_zero_findings(study, context, grouping)
