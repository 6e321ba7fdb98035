"""The methods text: what was done, in plain words, with the policies actually used."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.analyses.biomarkers.answers import answers_text
from codon12.analyses.kind import Analysis
from codon12.analyses.kinds import kinds
from codon12.derive.context import Context
from codon12.derive.study_context import WITHOUT_NUMBERS
from codon12.evidence.frames import rows_of
from codon12.policy import Policy

__all__ = ["methods_text"]

_POLICIES = {"response": "Response", "survival": "Times to event", "safety": "Adverse events", "rounding": "Rounding"}
_HEADINGS = (
    "Data",
    "Populations",
    *_POLICIES.values(),
    "Proportions",
    "Survival estimates",
    "Comparisons",
    "Biomarkers",
    "Groups and models",
)
"""Headings in order; those that kinds add come after them."""
_LAST = ("Late entry", "Subgroups")
_UNUSED = ("immune_", *(name.removeprefix("response.") for name in WITHOUT_NUMBERS))
"""How the names of choices begin by which no number of the evidence is judged."""


def methods_text(
    context: Context, plan: Sequence[Analysis], policies: dict[str, Policy], notes: Sequence[str]
) -> list[tuple[str, str]]:
    """Paragraphs with their headings: populations, each policy, what every kind of analysis says, the data's own."""
    told: dict[str, dict[str, None]] = {}

    def say(heading: str, *sentences: str) -> None:
        told.setdefault(heading, {}).update(dict.fromkeys(s for s in sentences if s.strip()))

    say("Data", *notes, _cutoff(context))
    say("Populations", *_populations(context, plan))
    for key, heading in _POLICIES.items():
        if key in policies:
            said = policies[key].sentences()
            say(heading, *(sentence for name, sentence in said.items() if not name.startswith(_UNUSED)))
    if context.has_responses:
        exact = (
            "Confidence intervals of proportions are exact (Clopper-Pearson), two-sided, 95 % unless said otherwise."
        )
        say("Proportions", context.best_response[1], exact)
    say("Biomarkers", answers_text(context))
    order = {kind: i for i, kind in enumerate(kinds())}
    for analysis in sorted(plan, key=lambda a: order[a.kind]):
        for heading, sentence in analysis.methods(context):
            say(heading, sentence)
    say("Late entry", _late_entry(context))
    added = [h for h in told if h not in _HEADINGS and h not in _LAST]
    return [(h, " ".join(told[h])) for h in (*_HEADINGS, *added, *_LAST) if told.get(h)]


def _cutoff(context: Context) -> str:
    cutoff = context.config.data_cutoff
    return f"Records after the data cut-off of {cutoff} were not used." if cutoff else ""


def _populations(context: Context, plan: Sequence[Analysis]) -> list[str]:
    evaluator = context.evaluators[0] if context.evaluators else None
    told = []
    if context.is_randomised:
        told.append(
            "Flow, baseline and efficacy are those of everybody randomised, by the treatment assigned; safety is that "
            "of everybody treated, by the treatment given."
        )
    if context.has_responses and "response" not in context.config.populations:
        told.append("Measurable disease at baseline restricts the analyses of response alone.")
    return told + [
        f"{context.population_label(name)}: {context.predicate(name, evaluator)}."
        for name in dict.fromkeys(a.population for a in plan)
        if name != "all" and (name in context.config.populations or name in context.defaults)
    ]


def _late_entry(context: Context) -> str:
    if "adtte" not in context.frames:
        return ""
    late = rows_of(context.frames, "adtte").filter(pl.col("ENTRYMO") > 0).select(pl.col("PARAMCD").unique())
    names = ", ".join(sorted(late.collect()["PARAMCD"].to_list()))
    if not names:
        return ""
    return (
        f"Subjects came under observation after time zero ({names}): they count as at risk from just after their entry "
        "(left truncation) in Kaplan-Meier estimates, log-rank tests and Cox models. Subjects without a time of entry, "
        "or whose time ended before it, were left out."
    )
