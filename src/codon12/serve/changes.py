"""Settings to a configuration: what codon12.toml would say for the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from codon12.analyses import Analysis
from codon12.analyses.patients.baseline import Baseline
from codon12.analyses.patients.missing import Missing
from codon12.analyses.safety.adverse_event_terms import AdverseEventTerms
from codon12.analyses.safety.adverse_events import AdverseEvents
from codon12.derive import Context, Derived
from codon12.errors import UsageError
from codon12.evidence.schema import sql_name
from codon12.records.config import Covariate, StudyConfig
from codon12.serve.settings import Settings, short

__all__ = [
    "CUT_ANALYSES",
    "EXPLORATORY",
    "changed_config",
    "changes_of",
    "cut_column",
    "cut_free",
    "policies_changed",
    "refuse_idle",
]

EXPLORATORY = "Exploratory: departs from the study's own plan"
CUT_ANALYSES = ("cut-response", "cut-survival", "cut-search")
"""Analyses that a cut adds."""


def policies_changed(config: StudyConfig, settings: Settings) -> StudyConfig:
    """Configuration with the evaluator and the policies that the settings name."""
    return msgspec.structs.replace(config, **_policies(config, settings))


def _policies(config: StudyConfig, settings: Settings) -> dict[str, Any]:
    out: dict[str, Any] = {}
    response: dict[str, Any] = dict(config.response)
    if settings.recist:  # a preset says all of it; single fields of the plan would blur it
        response = {"preset": settings.recist}
    if settings.confirmation:
        response["confirmation"] = settings.confirmation == "yes"
    if response != config.response:
        out["response"] = response
    if settings.censoring:
        kept = {k: v for k, v in config.survival.items() if k in ("schedule", "month")}
        out["survival"] = {"preset": settings.censoring, **kept}
    if settings.evaluator:
        out["evaluator"] = settings.evaluator
    return out


def refuse_idle(settings: Settings, derived: Derived) -> None:
    """Refuse settings that would be printed above numbers which they do not change.

    Raises
    ------
    UsageError
        An evaluator that nobody is, or policies of what the records give.
    """
    context, policies = derived.context, derived.policies
    if settings.evaluator and settings.evaluator.upper() not in context.evaluators:
        raise UsageError(f"evaluator: the study has no assessment by the evaluator {settings.evaluator!r}")
    if settings.confirmation and not context.has_responses:
        raise UsageError("confirmation: the study has no responses; it changes nothing")
    if settings.confirmation and (context.best_response[0] == "CBOR") != (settings.confirmation == "yes"):
        raise UsageError("confirmation: best responses are used as given; it changes nothing")
    for key, policy, what in (("recist", "response", "responses"), ("censoring", "survival", "times to event")):
        if getattr(settings, key) and policy not in policies:
            raise UsageError(f"{key}: {what} are used as given; it changes nothing")


def cut_column(settings: Settings, adsl: pl.DataFrame) -> tuple[str, Covariate] | None:
    """Column of the two groups of a cut, and how it is made; None where nothing is cut.

    Raises
    ------
    UsageError
        No such column, or one that holds no numbers.
    """
    if not settings.cut:
        return None
    name = settings.cut
    if name not in adsl.columns or not adsl.schema[name].is_numeric():
        raise UsageError(f"cut: ADSL has no column of numbers {name!r}")
    at = settings.at
    if at is None:
        middle = adsl[name].cast(pl.Float64).median()
        if not isinstance(middle, float):
            raise UsageError(f"cut: {name} is known of no subject")
        at = middle
    low, high = f"<{short(at)}", f"≥{short(at)}"
    column = sql_name(name)
    made = f"CASE WHEN {column} >= {at!r} THEN '{high}' WHEN {column} < {at!r} THEN '{low}' END"
    return f"{name}_CUT", Covariate(expression=made, labels=[low, high], label=f"{name} cut at {short(at)}")


def cut_free(analysis: Analysis) -> bool:
    """Whether an analysis of the plan says the same whatever column a cut adds to ADSL.

    Those that list every covariate do not, nor may kinds of other packages.
    """
    listing = isinstance(analysis, Baseline | Missing)
    return type(analysis).__module__.startswith("codon12.") and not listing


def changes_of(
    config: StudyConfig,
    settings: Settings,
    plan: Sequence[Analysis],
    context: Context,
    *,
    column: tuple[str, Covariate] | None = None,
) -> dict[str, Any]:
    """Keys of codon12.toml that the settings change, with their whole new values."""
    out = _policies(config, settings)
    analyses = {k: dict(v) for k, v in config.analyses.items()}
    populations = dict(config.populations)
    steps = " AND ".join(f"({s})" for s in settings.steps)
    if column is not None:
        name = column[0]
        out["covariates"] = {**config.covariates, name: column[1]}
        note = [f"{EXPLORATORY}."]
        shared: dict[str, Any] = {"section": "biomarkers", "footnotes": note}
        made = (
            {"kind": "subgroups", "title": f"Response by {settings.cut}", "by": [name], "display": "both"},
            {"kind": "groups", "title": f"Survival by {settings.cut}", "by": [name], "display": "both"},
            {"kind": "cut-point", "title": f"{settings.cut}: what a search deserves", "by": [settings.cut],
             "endpoint": settings.endpoint, "display": "both"},
        )  # fmt: skip
        for key, fields in zip(CUT_ANALYSES, made, strict=True):
            analyses[key] = {**fields, **shared, **({"where": steps} if steps else {})}
    for analysis in plan:
        own: dict[str, Any] = {}
        if steps and _asks_events(analysis):
            own["population"] = f"{analysis.population}_in_cohort"
            populations[own["population"]] = f"({context.predicate(analysis.population)}) AND {steps}"
        elif steps:
            own["where"] = f"({analysis.where}) AND {steps}" if analysis.where else steps
        if settings.landmarks and "landmarks" in type(analysis).__struct_fields__:
            own["landmarks"] = list(settings.landmarks)
        if own:
            analyses[analysis.name] = {**analyses.get(analysis.name, {}), **own}
    if analyses != config.analyses:
        out["analyses"] = analyses
    if populations != config.populations:
        out["populations"] = populations
    said = msgspec.structs.replace(settings, other=()).departures()
    if said:
        notice = f"{EXPLORATORY} ({'; '.join(said)})."
        out["notice"] = f"{config.notice} {notice}" if config.notice else notice
    return out


def _asks_events(analysis: Analysis) -> bool:
    """Whether `where` of an analysis picks adverse events, and a cohort must be its population."""
    return isinstance(analysis, AdverseEvents | AdverseEventTerms)


def changed_config(
    config: StudyConfig,
    settings: Settings,
    plan: Sequence[Analysis],
    context: Context,
    *,
    column: tuple[str, Covariate] | None = None,
) -> StudyConfig:
    """Configuration by which `codon12 report` gives the numbers that the settings give here."""
    return msgspec.structs.replace(config, **changes_of(config, settings, plan, context, column=column))
