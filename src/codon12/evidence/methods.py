"""The methods text: what was done, in plain words, with the policies actually used."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.evidence.context import Context
from codon12.evidence.plan import Analysis
from codon12.policy import Policy

__all__ = ["methods_text"]


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
                    "is t or later. Median follow-up was estimated by the reverse Kaplan-Meier method."
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
                ),
            )
        )
    if "subgroups" in kinds:
        out.append(("Subgroups", "Subgroup results are exploratory; no adjustment was made for their number."))
    return [(heading, text) for heading, text in out if text.strip()]
