"""Effect of the treatment in each level of several variables, with a test of interaction for each: the forest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.biomarkers.subgroup_counts import response_effects, time_effects
from codon12.analyses.biomarkers.subgroup_figure import effect_figure
from codon12.analyses.biomarkers.subgroup_levels import SubgroupVariable, subgroup_variables
from codon12.analyses.biomarkers.subgroup_lines import Arms
from codon12.analyses.biomarkers.subgroup_options import RESPONSES, SubgroupOptions
from codon12.analyses.kind import EvidenceLike
from codon12.analyses.study_figure import StudyFigure, p_words
from codon12.analyses.variables import must_be_columns, reference_treatment, variable_label
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook
from codon12.numbers import Rounding
from codon12.tables import Table

__all__ = ["SubgroupEffects"]

_CAUTION = (
    "Subgroup analyses are exploratory: no adjustment was made for their number; an effect in one level and none in "
    "another is no evidence that the effects differ, and a large P of interaction none that they are the same."
)


class SubgroupEffects(SubgroupOptions, frozen=True, kw_only=True, tag="subgroup-effects"):
    """Treatment effect in each level of several variables with a test of interaction for each; its forest."""

    place: ClassVar = 241
    layout: ClassVar = "effect"

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Effect on overall and progression-free survival and on response, of a study that randomised."""
        notes = ("Exploratory: no adjustment for the number of subgroups.",)
        shared: dict[str, Any] = {"section": "biomarkers", "display": "both", "footnotes": notes}
        return {
            241: cls(name="subgroup-effects-os", title="Overall survival by subgroup and treatment", **shared),
            242: cls(
                name="subgroup-effects-pfs",
                title="Progression-free survival by subgroup and treatment",
                endpoint="PFS",
                **shared,
            ),
            243: cls(
                name="subgroup-effects-orr",
                title="Objective response by subgroup and treatment",
                endpoint="ORR",
                population="response",
                **shared,
            ),
        }

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Counts, effect and test of interaction of every variable, for each treatment against the reference."""
        known = context.has_responses if self.of_response else context.has_endpoint(self.endpoint)
        if not known or len(context.arms) < 2 or not (self.unrandomised or context.is_randomised):
            return
        reference = reference_treatment(context, self.reference, where=self.place_of("reference"))
        must_be_columns(context, self.strata, where=self.place_of("strata"))
        code = None if self.of_response else self.endpoint
        evaluator = context.reader(code, self.evaluator) if code else context.evaluator(self.evaluator)
        predicate = self.inside(context, evaluator)
        inside = context.members(predicate, arms=False)["USUBJID"]
        variables = subgroup_variables(
            context,
            inside,
            by=self.by,
            cuts=self.cuts,
            except_for=(context.arm_variable,),
            where=f"[analyses.{self.name}]",
        )
        if not variables:
            return
        tell = response_effects if self.of_response else time_effects
        for arm in context.arms:
            if arm != reference:
                tests = tell(self, context, book, Arms(arm, reference), variables, predicate, evaluator)
                if tests:
                    self._sentence(context, book, Arms(arm, reference), tests)

    def _sentence(
        self,
        context: Context,
        book: NumberBook,
        arms: Arms,
        tests: list[tuple[SubgroupVariable, float | None, dict[str, Any]]],
    ) -> None:
        """What the tests of interaction showed and did not, in words."""
        alpha = 1 - self.conf_level
        known = [(v, p) for v, p, _ in tests if p is not None]
        shared = tests[0][2]
        head = f"Effect of {arms.arm} against {arms.reference} on {self.outcome(context)}, {self.how(context)}"
        notes = " ".join(dict.fromkeys(v.note for v, _, _ in tests if v.note))
        without = shared.pop("without")
        if without:
            notes = f"{notes} {without:,} patients without a value of the strata are left out.".strip()
        if not known:
            body = "no test of interaction could be made."
        else:
            shown = [f"{_name(v)} ({p_words(p, context.config.rounding, level=alpha)})" for v, p in known if p < alpha]
            if shown:
                body = f"it differed by {', '.join(shown)}; {len(known)} variables were tested, without adjustment."
            else:
                least, p = min(known, key=lambda pair: pair[1])
                said = f"{_name(least)}, {p_words(p, context.config.rounding, level=alpha)}"
                many = f"any of {len(known)} variables" if len(known) > 1 else "the variable tested"
                body = f"that it differs by {many} was not shown (smallest P of interaction: {said})."
        caution = "" if context.is_randomised else (
            " The groups were not randomised: differences between them may come from who was in them."
        )  # fmt: skip
        book.add(
            self.name,
            f"{self.id_stem}.sentence",
            statistic="sentence",
            label=" ".join(filter(None, (f"{head}: {body}{caution}", notes))),
            kind="text",
            arm=arms.arm,
            method=_CAUTION,
            **shared,
        )

    def outcome(self, context: Context) -> str:
        """The endpoint within a sentence."""
        words = RESPONSES.get(self.endpoint) or context.endpoint(self.endpoint).inside
        return words[:1].lower() + words[1:] if self.of_response else words

    def how(self, context: Context) -> str:
        """Whether the effects are stratified, in words."""
        names = ", ".join(variable_label(context, v) for v in self.strata)
        return f"stratified by {names}" if names else "unadjusted"

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """A row a level; below, what the tests showed, and what P and NE are."""
        table = super().table(numbers, population=population, rounding=rounding, **layout)
        few = f"fewer than {self.min_events} events in all, or none under one treatment"
        if self.of_response:
            edge = ", or none or all under one treatment" if self.measure == "odds-ratio" else ""
            few = f"fewer than {self.min_events} responses in all{edge}"
        note = (
            "P for interaction: likelihood-ratio test of treatment by variable, without patients who have no value. "
            f"NE: {few}."
        )
        return table and msgspec.structs.replace(table, footnotes=(*table.footnotes, note))

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Forest of the effects, one a treatment compared with the reference."""
        yield from effect_figure(
            self, own, rounding, outcome=self.outcome(evidence.context), higher=self.higher_is_better
        )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How effects by subgroup are estimated and interactions tested."""
        few = f"Levels with fewer than {self.min_events}"
        measure = "odds ratios (Woolf's limits)"
        if self.measure != "odds-ratio":
            measure = "differences of rates (Miettinen and Nurminen's limits)"
        pooled = " combined over strata by Mantel and Haenszel" if self.strata else ""
        said = (
            f"Effects of treatment on response by subgroup are {measure}{pooled}; P of interaction is from the "
            "likelihood-ratio test of treatment by variable in a binomial model without strata, over the levels that "
            f"have both treatments. {few} responses in all have no estimate."
        )
        if not self.of_response:
            said = (
                "Effects of treatment on a time to event by subgroup are hazard ratios from Cox regression in the "
                f"patients of each level alone (Efron's ties, Wald limits, {self.how(context)}); P of interaction is "
                "from the likelihood-ratio test of treatment by variable in the patients with a value of it, over the "
                f"levels with events under both treatments. {few} events in all, or with none under one treatment, "
                "have no estimate."
            )
        yield "Subgroups", said
        yield "Subgroups", _CAUTION


def _name(variable: SubgroupVariable) -> str:
    """Variable without its unit, within a sentence."""
    return variable.label.partition(", ")[0]
