"""Which rules a sentence needs: each is loaded, and its patterns compiled, where the text has one of its words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from codon12.check.verify.case import Case
from codon12.check.verify.prose import prose_of

__all__ = ["check_by_words"]

_OF_A_SENTENCE = {
    "possible.named_measures.check_named_measures": "auroc|auprc|auc|under the|under a|c-index|c index|statistic|"
    "harrell|uno|cindex|concordance|dice|jaccard|f1|intraclass|intra-class|icc|cronbach|brier|probabilit|gini|"
    "specificity|predictive value|determination|kappa|κ|spearman|pearson|kendall|correlation|rho|ρ|matthews",
    "possible.named_measures.check_above_hundred": "survival|mortality|prevalence|cellular|purity|allel|vaf|score|tps"
    "|saturation|spo2|"
    "sao2|response rate|orr|sensitiv|specific|accuracy|rate|participation|attendance|occupancy|positivity|fatality"
    "|fraction|"
    "matocrit|blast|proportion of|percentage of|share of",
    "possible.named_measures.check_p_told": "p value|p-value",
    "possible.named_measures.check_rates_below_zero": "of -|was -|is -|were -",
    "diagnostic.cells.check_cells": "positive|negative|tp |tp:|tp=|tp,",
    "diagnostic.diseased.check_diseased": "sensitivity|specificity|predictive value|ppv|npv",
    "diagnostic.two_groups.check_two_groups": "sensitivity|specificity|predictive value|ppv|npv",
    "diagnostic.likelihood.check_likelihood": "youden|likelihood ratio|diagnostic odds|lr+|lr-|lr (",
    "contrasts.differences.check_differences": "difference|change|gain|reduction|decrease|increase|fall of|a rise|"
    "rise of|drop|decline|loss of|improvement|prolongation",
    "contrasts.multiples.check_multiples": "fold|doubl|tripl|trebl|halv|half|twice| times|quadrupl|third|quarter"
    "|fifth|sixth|eighth|tenth",
    "measures.person_time.check_person_time": "-year|-month|-day|-week|-hour| years of| years at risk|person year|"
    "patient year",
    "measures.person_time.check_unit_of_another": "-years (| years (|-months (|-days (",
    "measures.pooled.check_heterogeneity": "df|d.f|of freedom",
    "measures.pooled.check_pooled": "pooled|summary|combined|meta-analy",
    "measures.pooled.check_subset": "trials|studies|cohorts|rcts|reports|registries|series|hospitals|centres|centers",
    "measures.pooled.check_weights": "weight",
    "measures.per_many.check_per_thousand": "000",
    "diagnostic.screening.check_found_and_missed": "interval c| interval)",
    "design.thresholds.check_thresholds": "threshold|benchmark|margin|target|boundary|null |historical|control rate|"
    "reference rate|criterion|goal|hurdle|limit|bound |exceed|surpass",
    "design.margins.check_margin": "margin",
    "design.margins.check_change_of_note": "exceed|surpass|met |reached|above|below|short of|beyond|fulfil|did not|"
    "failed to|greater than|smaller than",
    "design.thresholds.check_excluded": "ci |ci,|ci)|interval",
    "design.thresholds.check_ruled_out": "exclud|ruled out|rules out|ruling out",
    "design.required.check_required": "require|had to |must |goal|target|set as|been set|criteri|aim|stipulated"
    "|acceptance",
    "design.required.check_margin_met": "margin",
    "design.thresholds.check_level": "significance|boundary|alpha|α|stopping|significan",
    "survival.at_risk.check_at_risk": "at risk",
    "survival.medians_of_arms.check_medians_of_arms": "median",
    "repeats.gain_in_medians.check_gain_in_medians": " longer| shorter|at the median|in median|in the median|of median",
    "design.sizes.check_arms_of_one_size": "total| in all|sample|altogether|overall|(n =|(n=| made | gave | making ",
    "design.sizes.check_multiples_of_sets": "pairs|dyads|couples|triplets|trios|plicate |both eye|both ear|both knee|"
    "both hip|both hand|both feet|both breast|both kidney|both leg|both side|both arm",
    "design.sizes.check_one_for_every": "for every |to every |per every |for each |to each ",
    "design.losses.check_losses": "attrition|dropout|drop-out|loss|lost |withdraw|evaluable|assessable|ineligib|"
    "missing",
    "measures.person_time.check_followed": "person-year|patient-year|person years|patient years|years of follow|"
    "women-year|person-month",
    "measures.formulas.check_cost": "$|€|£",
    "doses.by_body.check_dose_by_body": "/kg|per kg|/m2|per m2|per kilogram|per square",
    "doses.by_body.check_dose_by_volume": "/ml|/ ml|per ml|per milli|each ml|each milli",
    "doses.fractions.check_fractions": " fractions",
    "doses.repeated.check_repeated_doses": " doses of | injections of | infusions of | tablets of | boluses of |"
    " capsules of | pills of | vials of | puffs of | patches of | sachets of ",
    "doses.repeated.check_cycles": "cycles|courses",
    "doses.intensity.check_dose_intensity": "dose intensity|dose-intensity",
    "doses.repeated.check_dose_of_a_day": " daily| a day| per day|/day",
    "doses.repeated.check_sum_of_measures": "sum|total",
    "doses.repeated.check_cumulative_dose": "cumulative|total auc|total dose|in total|a total of",
    "measures.formulas.check_body_mass": "body-mass index|body mass index|bmi",
    "measures.formulas.check_inconsistency": "cochran| q |q=|(q",
    "measures.formulas.check_explained_variance": "of the varia|of variance|shared variance|explained variance",
    "inference.spreads.check_deviations": " sd|(sd|±|standard deviation|+/-|s.d.|sd ",
    "inference.standard_errors.check_standard_error": "standard error| se | sem| se,| se=|(se",
    "inference.tests_told.check_tests_told": "χ|chi-|chi |x2|wald|freedom| df|(df|d.f| f(|(f(| f (| t(|(t(| t (|z =|"
    "z=|cochran|q =|q=| f1| f2| f3| f4| f5| t1| t2| t3| t4| t5|(f|(t|correlat|pearson|spearman|rho|r =|ρ|r=|rs =|(sd|"
    "±|standard deviation",
    "design.allocation.check_blocks": "block",
    "design.allocation.check_allocation": "random|allocat|ratio|assigned|to receive|were to ",
    "contrasts.two_rates.check_ratio_of_rates": "ratio|relative r|rr |rr,|rr=|(rr|irr|or =|(or|or,",
    "contrasts.two_rates.check_hazards": "hazard ratio|hr |(hr|hr,|hr=",
    "contrasts.efficacy.check_efficacy": "efficacy|effectiveness",
    "contrasts.two_rates.check_change_of_rates": "reduction|relative|lower|decrease|fewer|higher|increase|% fall|"
    "% drop",
    "contrasts.number_needed.check_number_needed": "number needed|numbers needed|nnt|nnh|to be treated|to be screened|"
    "to be vacc|be treated|prevented |averted |avoided |be given |prevents |prevent one|avert one|saved for|spared "
    "|cured |to prevent|to avoid|to avert|to save|to spare|to benefit|to cure",
    "contrasts.two_values.check_ratio_of_values": "ratio",
    "contrasts.two_values.check_sexes": "ratio|m/f|m:f|f/m|f:m|male/female|male:female|men/women|men:women",
    "contrasts.two_values.check_observed_to_expected": "smr|sir |sir,|(sir|standardized|standardised|o/e",
    "contrasts.two_values.check_since_baseline": "baseline",
    "measures.per_many.check_per_many": "per 1,|per 10,|per 100,|per 1000|per 10 |per 100 0|per million|per thousand|"
    "/100,000|/100 000",
    "shares.amounts.check_told_again_in_words": "(n =|(n=|[n =|[n=",
    "shares.amounts.check_amounts": "most of |most patients|most participants|most subjects|most women|most men|"
    "most children|most cases|majority|minority|nearly all|almost all|virtually all|half|third|"
    "quarter|fifth|one in |two in |three in |four in |one out of|tenth",
    "shares.parts_of_hundred.check_bare_shares": "(%)|[%]",
    "shares.amounts.check_share_of_so_many": "% of |per cent of|percent of",
    "inference.claims_and_limits.check_claims_and_limits": "significan|no difference|not differ|no effect|non-sig"
    "| ns|"
    "n.s.",
    "diagnostic.results.check_counted_results": "predictive value|ppv|npv|accuracy",
    "diagnostic.predictive.check_predictive_value": "predictive value|ppv|npv",
    "intervals.of_counts.check_none_or_all": "0% (|0%, |0%; |0% with|0 %|.0%|ci 0|ci, 0|ci: 0|100%)|100)",
    "intervals.of_counts.check_difference_of_counts": "differ|point",
    "inference.estimates.check_estimates": "% limits|% interval|% bounds|% ci|%ci|% cr|(ci|[ci| ci | ci,| ci:|-ci|"
    "confidence|credible|uncertainty|"
    "iqr|quartile|percentile|range|ranging|lay between|ratio|odds| hr |(hr| rr |(rr",
    "counted.wholes.bands.check_bands": "<|≤|under|below|less than|lower than|fewer than|younger than|up to| or less|"
    " or lower| or fewer| or younger",
    "possible.scales_of_the_text.check_scales_of_the_text": "likert|scale|score|index|questionnaire|inventory|vas|nrs|"
    "rated|graded|rating|out of|maximum|-point|mark|instrument|qlq-|fact-|facit-|eq-|sf-36|0 to 10|0-10",
    "possible.scales_of_the_text.check_free_days": "-free days|days alive|days free",
    "contrasts.gaps.check_gaps": " by | lower| higher| fewer| less| more| longer| shorter| older| younger|difference|"
    "saving|saved|spared|gain|reduction|increase|decrease|improvement|decline|drop|gap|rise|benefit|greater",
    "contrasts.times_as_much.check_times_as_much": "twice|double| times |fold|half ",
    "measures.two_units.check_two_units": " (|, or |i.e.|that is|equivalent to|corresponding to",
    "inference.ratio_words.check_one_in_so_many": "prevented|averted|avoided|prevents|avoids|spared",
    "inference.ratio_words.check_ratio_words": "ratio| hr|(hr| or |(or| rr|(rr|irr|relative risk|[or|[hr|"
    "relative odds|ahr|aor|arr|shr",
    "diagnostic.each_other.check_each_other": "sensitiv|specific|accuracy",
    "diagnostic.results.check_correct": "accuracy",
    "diagnostic.kappa.check_kappa": "kappa|κ",
    "measures.between.check_between": "overall|total| all |(all |whole|entire|together|both |pooled|combined|summary|"
    "fixed-effect|random-effect|% (| (|: |; it w",
    "counted.bracketed.check_bracketed": "(in |(n =|(n=| because| exclu|discontinu",
    "counted.bracketed.check_one_or_more": "of the latter|of these|of them|of those|of whom|and two|"
    "and twice|; two|; twice",
    "counted.bracketed.check_groups_in_bracket": "(1|(2|(3|(4|(5|(6|(7|(8|(9",
    "design.planned.check_part_of_events": "half of|half the|third of|thirds of|quarter of|"
    "quarters of|interim| look |information fraction",
    "design.planned.check_divided_level": "divided by",
    "design.planned.check_medians_planned": "medians of|median of|corresponds to a median|median survival|median os|"
    "median pfs|median progression|median overall",
    "design.planned.check_equivalence": "within|inside",
    "design.planned.check_precision": " required| needed| necessary",
    "counted.parts.chains.check_some_of_all": "subset|subgroup|sub-group|substud|sub-stud|subpop|sub-pop|subcohort|"
    "restricted to|limited to|confined to|comprised|consisted of|included",
    "counted.parts.disposition.check_disposition": "off study|off treatment|off therapy|ended|discontinu|stopped|left|"
    "stopping|ending",
    "design.planned.check_planned_size": "planned|target|required|intended|calculated|prespecified",
}
"""Rule -> words, parted by bars, of which a sentence has one where the rule can have something to say of it."""
_OF_A_TEXT = {
    "entry.limits.check_limits": "eligib|inclusion|criteri|had to |require|qualif|must |could |for entry|invited|"
    "included|enrolled|comprised|consisted|recruited|studied|analy|identified|trial of|study of|open to|restricted|"
    "limited to|offered to|registered|allowed|permitted|exclu|needed|to enter|we treated|we report|we describe|"
    "randomi|assigned|admitted|accepted|take part|participat|entry ",
    "counted.left_of_all.check_more_deaths": "deaths|died",
    "repeats.told_elsewhere.check_told_elsewhere": "more than|over |fewer than|less than|under |at least| as ",
    "repeats.told_again.check_told_again": ".",
    "counted.left_of_all.check_left_of_all": "unknown|missing|unavailable|lacking|not available|not known|not be |"
    "not evaluable",
    "diagnostic.cells.check_two_by_two": "sensitiv|specific|predictive|ppv|npv|accura",
    "repeats.cells_told.check_cells_told": "table ",
    "design.goals.check_goals": "within|inside|criterion|goal|target|threshold|benchmark|endpoint|end point|planned|"
    "stage|null hyp|futility|probability|declared|considered|needed|required|halted|stopped|closed",
    "inference.ways.check_ways": "from ",
    "counted.wholes.halves.check_halves": "all|total|everyone|entire|whole",
}
"""The same of rules that look at the whole text."""
_WORDS_OF_A_SENTENCE = {name: frozenset(words.split("|")) for name, words in _OF_A_SENTENCE.items()}
_ALL_WORDS = tuple(sorted(set().union(*_WORDS_OF_A_SENTENCE.values())))
_WORDS_OF_A_TEXT = {name: tuple(words.split("|")) for name, words in _OF_A_TEXT.items()}
_WORDS_OF_A_TEXT |= dict.fromkeys(
    (
        "tables.grid.check_grid",
        "repeats.counts_in_cells.check_counts_in_cells",
        "repeats.limits_told.check_limits_told",
        "repeats.groups_of_rows.check_groups_of_rows",
    ),
    ("table ", "\t", "|", "  "),
)


_LONG = 80
"""Sentences from which on what was looked up takes much: it is dropped before the rules of a whole text."""


@cache
def _rule(name: str) -> Callable[..., Any]:
    module, _, rule = name.rpartition(".")
    return getattr(import_module(f"codon12.check.verify.{module}"), rule)


def check_by_words(case: Case) -> None:
    """Ask each rule of the sentences that have its words; what one has related, the next ones know."""
    where = case.where(_ALL_WORDS)
    has = set(where)
    for name, words in _WORDS_OF_A_SENTENCE.items():
        if not words.isdisjoint(has):
            for p in prose_of(case, {k for word in words & has for k in where[word]}):
                _rule(name)(case, p)
    if len(case.text.passages) > _LONG:
        case.forget()
    for name, words in _WORDS_OF_A_TEXT.items():
        if case.has_one(words):
            _rule(name)(case)
