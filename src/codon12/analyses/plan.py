"""The plan of analyses: each a named, described object that ``codon12.toml`` may change, add or drop."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from codon12.errors import ConfigError

__all__ = ["DEFAULT_PLAN", "Analysis", "plan_of_analyses"]

Kind = Literal[
    "flow",
    "baseline",
    "disposition",
    "exposure",
    "response",
    "best-change",
    "agreement",
    "time-to-event",
    "follow-up",
    "comparison",
    "groups",
    "cox",
    "interaction",
    "proportional-hazards",
    "cut-point",
    "competing-risks",
    "missing",
    "prevalence",
    "oncoprint",
    "lollipop",
    "co-occurrence",
    "adverse-events",
    "adverse-event-terms",
    "subgroups",
]


class Analysis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One analysis: what is counted, in whom, and how it is shown."""

    name: str
    kind: Kind
    title: str
    section: Literal["patients", "response", "survival", "safety", "biomarkers"]
    population: str = "safety"
    """Name of a population; analyses of response fall back as described in `populations`."""
    endpoint: str = ""
    """PARAMCD of a time to event, or the stem of the ids."""
    evaluator: Literal["primary", "central", "investigator", "none"] = "none"
    display: Literal["table", "figure", "both", "none"] = "table"
    columns: Literal["arm", "statistic", "level", "estimate", "group"] = "arm"
    """What the columns of the table are; a new analysis has what suits its kind."""
    landmarks: tuple[float, ...] = ()
    """Months at which an estimate is given; those after the last follow-up are left out of defaults."""
    where: str = ""
    """SQL predicate over the analysis frame (for example ``AREL = 'Y'``)."""
    by: tuple[str, ...] = ()
    """Grouping columns of an adverse-event table, variables of a baseline or subgroup table, tracks of an oncoprint."""
    across: str = ""
    """ADSL column whose levels are the columns of a baseline table, in place of the treatments."""
    reference: str = ""
    """Control arm of a comparison; the first arm as printed when left out."""
    strata: tuple[str, ...] = ()
    """ADSL columns that stratify a comparison."""
    conf_level: float = 0.95
    alone: bool = False
    """Beside the hazard ratios of a Cox model, those of each term alone in the same complete cases."""
    auxiliary: tuple[str, ...] = ()
    """ADSL columns that help to impute the variables of a Cox model and are not in it."""
    imputations: int = 0
    """Completed data sets of a Cox model, pooled beside the complete cases; 0: complete cases alone."""
    seed: int = 12
    """Where the random numbers of imputations, permutations and resamples start."""
    permutations: int = 2000
    """Permutations behind the P value of a cut-point search."""
    resamples: int = 200
    """Bootstrap samples that say how much a cut-point search overstates."""
    transform: Literal["km", "rank", "identity", "log"] = "km"
    """Scale of time on which proportional hazards are tested."""
    causes: dict[str, list[str]] = {}
    """Competing events: name as printed -> texts of EVNTDESC or CNSDTDSC that mean it."""
    genes: tuple[str, ...] = ()
    """Genes of an oncoprint, a lollipop or a table of co-occurrence, in order; chosen by the analysis when left out."""
    adjustment: Literal["benjamini-hochberg", "holm", "bonferroni", "none"] = "benjamini-hochberg"
    """How the P values of all pairs of a table of co-occurrence are adjusted together."""
    footnotes: tuple[str, ...] = ()
    drop: bool = False
    """Leave this analysis out."""


_ROW_PER_TERM = ("cox", "proportional-hazards")
_MONTHS = (3.0, 6.0, 9.0, 12.0, 18.0, 24.0)

DEFAULT_PLAN: tuple[Analysis, ...] = (
    Analysis(name="flow", kind="flow", title="Flow of patients", section="patients", population="all"),
    Analysis(
        name="baseline",
        kind="baseline",
        title="Baseline characteristics",
        section="patients",
        endpoint="baseline",
    ),
    Analysis(name="disposition", kind="disposition", title="Disposition", section="patients"),
    Analysis(name="exposure", kind="exposure", title="Exposure and dose changes", section="patients"),
    Analysis(
        name="response",
        kind="response",
        title="Tumour response",
        section="response",
        population="response",
        evaluator="primary",
        display="both",
    ),
    Analysis(
        name="response-investigator",
        kind="response",
        title="Tumour response by investigator",
        section="response",
        population="response",
        evaluator="investigator",
    ),
    Analysis(
        name="best-change",
        kind="best-change",
        title="Best change in the sum of target lesions",
        section="response",
        population="response",
        evaluator="primary",
        display="both",
    ),
    Analysis(
        name="ttr",
        kind="time-to-event",
        title="Time to response",
        section="response",
        population="response",
        endpoint="TTR",
        evaluator="primary",
    ),
    Analysis(
        name="dor",
        kind="time-to-event",
        title="Duration of response",
        section="response",
        population="response",
        endpoint="DOR",
        evaluator="primary",
        display="both",
        landmarks=_MONTHS,
    ),
    Analysis(
        name="agreement",
        kind="agreement",
        title="Agreement of investigator and central review",
        section="response",
        population="response",
        columns="level",
    ),
    Analysis(
        name="pfs",
        kind="time-to-event",
        title="Progression-free survival",
        section="survival",
        population="response",
        endpoint="PFS",
        evaluator="primary",
        display="both",
        landmarks=_MONTHS,
    ),
    Analysis(
        name="os",
        kind="time-to-event",
        title="Overall survival",
        section="survival",
        endpoint="OS",
        display="both",
        landmarks=_MONTHS,
    ),
    Analysis(name="follow-up", kind="follow-up", title="Follow-up", section="survival", endpoint="OS"),
    Analysis(
        name="comparison",
        kind="comparison",
        title="Comparison of randomised arms",
        section="survival",
        population="randomised",
        evaluator="primary",
    ),
    Analysis(
        name="groups",
        kind="groups",
        title="Survival by subgroup",
        section="biomarkers",
        evaluator="primary",
        display="both",
        columns="estimate",
        footnotes=("Exploratory: no adjustment for the number of comparisons.",),
    ),
    Analysis(
        name="missing",
        kind="missing",
        title="Missing values",
        section="patients",
        footnotes=("Variables that the configuration names.",),
    ),
    Analysis(
        name="prevalence",
        kind="prevalence",
        title="Prevalence of biomarkers",
        section="biomarkers",
        columns="statistic",
        footnotes=("Not tested is not wild type: percentages are of those whose tests could have said yes or no.",),
    ),
    Analysis(
        name="oncoprint",
        kind="oncoprint",
        title="Alterations by patient",
        section="biomarkers",
        display="both",
        columns="statistic",
        footnotes=("Mutations that change the protein, high-level copy-number changes, fusions.",),
    ),
    Analysis(
        name="lollipop",
        kind="lollipop",
        title="Mutations by codon",
        section="biomarkers",
        display="both",
    ),
    Analysis(
        name="co-occurrence",
        kind="co-occurrence",
        title="Alterations that occur together",
        section="biomarkers",
        display="both",
        columns="statistic",
        footnotes=("In the patients tested for both genes.",),
    ),
    Analysis(
        name="ae-overview",
        kind="adverse-events",
        title="Adverse events by worst grade",
        section="safety",
        endpoint="ae",
        columns="statistic",
        footnotes=("A patient with several events is counted once, at the worst grade.",),
    ),
    Analysis(
        name="ae-related-terms",
        kind="adverse-event-terms",
        title="Treatment-related adverse events by term",
        section="safety",
        endpoint="ae.related",
        columns="statistic",
        where="AREL = 'Y'",
        by=("AEDECOD",),
        footnotes=("A patient with several events of a term is counted once, at the worst grade.",),
    ),
    Analysis(
        name="ae-terms",
        kind="adverse-event-terms",
        title="Adverse events by class and term, regardless of attribution",
        section="safety",
        endpoint="ae.all",
        columns="statistic",
        by=("AEBODSYS", "AEDECOD"),
        footnotes=("A patient with several events of a term is counted once, at the worst grade.",),
    ),
    Analysis(
        name="subgroups",
        kind="subgroups",
        title="Response and survival by subgroup",
        section="biomarkers",
        population="response",
        evaluator="primary",
        display="both",
        columns="level",
        footnotes=("Exploratory: no adjustment for the number of subgroups.",),
    ),
)


def plan_of_analyses(changes: dict[str, dict[str, Any]]) -> tuple[Analysis, ...]:
    """Default plan with the changes of ``[analyses.NAME]`` in ``codon12.toml``.

    A name that the default plan has changes that analysis; a new name adds one and needs `kind`, `title` and
    `section`; ``drop = true`` leaves one out.

    Raises
    ------
    ConfigError
        Unknown key or kind, or a new analysis that lacks what it needs; the message names the analysis.

    Examples
    --------
    >>> [a.name for a in plan_of_analyses({"flow": {"drop": True}})][:2]
    ['baseline', 'disposition']
    """
    plan = {a.name: a for a in DEFAULT_PLAN}
    for name, fields in changes.items():
        base = msgspec.to_builtins(plan[name]) if name in plan else {"columns": _columns(fields)}
        try:
            plan[name] = msgspec.convert({**base, **fields, "name": name}, Analysis)
        except msgspec.ValidationError as err:
            keys = ", ".join(Analysis.__struct_fields__)
            raise ConfigError(f"codon12.toml, [analyses.{name}]: {err}. Known keys: {keys}.") from None
    return tuple(a for a in plan.values() if not a.drop)


def _columns(fields: dict[str, Any]) -> str:
    """Columns of a new analysis: those of the default analysis of its kind."""
    kind = str(fields.get("kind"))
    if fields.get("across"):
        return "group"
    return {a.kind: a.columns for a in reversed(DEFAULT_PLAN)}.get(kind, "estimate" if kind in _ROW_PER_TERM else "arm")  # type: ignore[call-overload]
