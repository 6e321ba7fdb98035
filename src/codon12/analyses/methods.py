"""The methods text: what was done, in plain words, with the policies actually used."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.analyses.biomarkers.methods import biomarker_methods
from codon12.analyses.plan import Analysis
from codon12.analyses.survival.imputed import imputation_rules
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.policy import Policy

__all__ = ["methods_text"]

_IMPUTED = (
    "Every incomplete variable was regressed on the others of the model, the event and the Nelson-Aalen cumulative "
    "hazard; log hazard ratios were pooled by Rubin's rules, with the degrees of freedom of Barnard and Rubin. "
    "Values are assumed to be missing at random given these."
)


def methods_text(
    context: Context, plan: Sequence[Analysis], policies: dict[str, Policy], notes: Sequence[str]
) -> list[tuple[str, str]]:
    """Paragraphs with their headings: populations, each policy, estimation, notes on how the data were used."""
    config = context.config
    kinds = {a.kind for a in plan}
    out: list[tuple[str, str]] = []
    cutoff = f" Records after the data cut-off of {config.data_cutoff} were not used." if config.data_cutoff else ""
    out.append(("Data", " ".join(notes) + cutoff))
    lines = []
    for name in dict.fromkeys(a.population for a in plan):
        if name != "all" and (name in config.populations or name in context.defaults):
            evaluator = context.evaluators[0] if context.evaluators else None
            lines.append(f"{context.population_label(name)}: {context.predicate(name, evaluator)}.")
    out.append(("Populations", " ".join(lines)))
    headings = {
        "response": "Response",
        "survival": "Times to event",
        "safety": "Adverse events",
        "rounding": "Rounding",
    }
    for key, heading in headings.items():
        if key in policies:
            out.append((heading, " ".join(policies[key].sentences().values())))
    if context.has_responses:
        _, how = context.best_response
        out.append(
            (
                "Proportions",
                (
                    f"{how} Confidence intervals of proportions are exact (Clopper-Pearson), two-sided, 95 % "
                    "unless said otherwise."
                ),
            )
        )
    if "time-to-event" in kinds:
        out.append(
            (
                "Survival estimates",
                (
                    "Survival functions were estimated by the Kaplan-Meier method, with pointwise log-log confidence "
                    "limits from Greenwood's variance; medians have Brookmeyer-Crowley limits from the same "
                    "transformation. A curve ends at the last follow-up. A subject is at risk at time t if its time "
                    "is t or later."
                    + (
                        " Median follow-up was estimated by the reverse Kaplan-Meier method."
                        if any(a.kind == "follow-up" and context.has_endpoint(a.endpoint) for a in plan)
                        else ""
                    )
                ),
            )
        )
    if "comparison" in kinds:
        out.append(
            (
                "Comparisons",
                (
                    "Arms were compared with the log-rank test; hazard ratios come from Cox regression with Efron's "
                    "handling of ties and Wald limits."
                    + "".join(
                        f" Both were stratified by {', '.join(variable_label(context, v) for v in a.strata)}."
                        for a in plan
                        if a.kind == "comparison" and a.strata
                    )
                ),
            )
        )
    if context.profiles is not None:
        out.append(("Biomarkers", biomarker_methods(context, plan)))
    models = []
    if "groups" in kinds:
        models.append(
            "Groups were compared with the log-rank test over all of them, and with hazard ratios against the first "
            "(Cox regression with the groups alone, Efron's ties, Wald limits)."
        )
    if kinds & {"cox", "interaction"}:
        models.append(
            "Adjusted hazard ratios come from Cox regression with Efron's handling of ties and Wald limits, in the "
            "subjects with all variables known; proportional hazards were tested against the Kaplan-Meier transform "
            "of time."
        )
    if "interaction" in kinds:
        models.append(
            "A biomarker counts as predictive only by the product of treatment and biomarker (likelihood-ratio test), "
            "and as prognostic by its effect under the reference treatment."
        )
    if any(a.kind == "cox" and a.alone for a in plan):
        models.append("Where said, each variable was also fitted alone, in the complete cases of the adjusted model.")
    if "proportional-hazards" in kinds:
        models.append(
            "Proportional hazards were examined by score tests of every term and by scaled Schoenfeld residuals, "
            "smoothed by natural splines of four degrees of freedom in transformed time."
        )
    if "cut-point" in kinds:
        models.append(
            "A cut-point was searched as the one with the greatest standardised log-rank statistic; its P value comes "
            "from permutations of the whole search, and its hazard ratio is shown with the optimism of the search, "
            "estimated by bootstrap, taken off. Such a cut needs confirmation in other subjects."
        )
    if "competing-risks" in kinds:
        models.append(
            "With competing events, cumulative incidences were estimated by the Aalen-Johansen method (infinitesimal-"
            "jackknife standard errors, pointwise log-log limits), compared by Gray's test, and regressed by the "
            "Fine-Gray model; a subdistribution hazard ratio speaks of the incidence of an event, not of its cause."
        )
    if models:
        out.append(("Groups and models", " ".join(models)))
    for analysis in plan:
        if analysis.kind == "cox" and analysis.imputations:
            rules = " ".join(imputation_rules(analysis).sentences().values())
            names = ", ".join(variable_label(context, v) for v in analysis.auxiliary)
            also = f" Auxiliary variables, not in the model, informed the imputation: {names}." if names else ""
            out.append((f"Missing values: {analysis.title}", f"{rules} {_IMPUTED}{also}"))
    late = context.frames["adtte"].filter(pl.col("ENTRYMO") > 0) if "adtte" in context.frames else pl.DataFrame()
    if late.height:
        names = ", ".join(sorted(late["PARAMCD"].unique().to_list()))
        out.append(
            (
                "Late entry",
                (
                    f"Subjects came under observation after time zero ({names}): they count as at risk from just after "
                    "their entry (left truncation) in Kaplan-Meier estimates, log-rank tests and Cox models. Subjects "
                    "without a time of entry, or whose time ended before it, were left out."
                ),
            )
        )
    if "subgroups" in kinds:
        out.append(("Subgroups", "Subgroup results are exploratory; no adjustment was made for their number."))
    return [(heading, text) for heading, text in out if text.strip()]
