"""Running text against a trial of three arms: short names, lists one by one, slips of one number, means, P values."""

import polars as pl
import pytest

from codon12.check import check_text
from codon12.check.comparing.arms import Arms
from codon12.check.comparing.study import against_evidence

PLACEBO, LOW, HIGH = ARMS = ("Placebo", "Drug Low Dose", "Drug High Dose")


def row(name, endpoint, statistic, kind, n, total, value, *, label="", limits=(None, None), unit="%", **more):
    whole = {"arm": "all", "group": "all", "level": "all", "variable": None, "category": None, "evaluator": None}
    numbers = {"n": n, "N": total, "value": value, "lower": limits[0], "upper": limits[1], "unit": unit}
    names = {"id": name, "endpoint": endpoint, "statistic": statistic, "label": label, "kind": kind}
    return names | whole | more | numbers


def by_arm(name, endpoint, statistic, label, counts, totals=(86, 96, 72), **more):
    return [
        row(f"{name}.{i}", endpoint, statistic, "count", n, t, 100 * n / t, label=label, arm=arm, **more)
        for i, (arm, n, t) in enumerate(zip(ARMS, counts, totals, strict=True))
    ]


def age(i, arm, mean, sd, n):
    of = {"arm": arm, "variable": "AGE", "unit": None, "label": "Age, years"}
    return [
        row(f"age.mean.{i}", "baseline.age", "mean", "value", n, n, mean, **of),
        row(f"age.sd.{i}", "baseline.age", "sd", "value", n, n, sd, **of),
    ]


TPS = {"group": "TPS", "variable": "TPS"}
ROWS = [
    *by_arm("screened", "flow.randomised", "n", "Randomised", (86, 84, 84), (254, 254, 254)),
    row("screened.all", "flow.screened", "n", "count", 306, 306, 100.0, label="Subjects in the data"),
    *by_arm("female", "baseline.sex.female", "n", "Female", (53, 50, 40), (86, 84, 84), variable="SEX", category="F"),
    *by_arm("any", "ae", "any", "Adverse event", (65, 84, 68), level="Any grade"),
    *by_arm("itch", "ae.all.pruritus", "any", "Pruritus", (8, 21, 25), level="Any grade"),
    *by_arm("rash", "ae.all.erythema", "any", "Erythema", (9, 14, 14), level="Any grade"),
    *by_arm("heart", "ae.all.cardiac_disorders", "any", "Any event of the class", (12, 14, 14), level="Any grade"),
    row("nonsq", "baseline.histology.non_squamous", "n", "count", 182, 254, 71.654, label="Non-squamous",
        variable="HISTOLOGY", category="NON-SQUAMOUS"),
    *age(0, PLACEBO, 75.209, 8.590, 86), *age(1, LOW, 75.667, 8.286, 84), *age(2, HIGH, 74.381, 7.886, 84),
    *age("all", "all", 75.087, 8.246, 254),
    row("dor", "dor", "median", "time", 20, 46, 11.1, limits=(6.9, None), unit="months"),
    row("pfs", "pfs", "median", "time", 83, 124, 6.768, limits=(5.125, 8.181), unit="months"),
    row("os", "os", "median", "time", 69, 126, 12.485, limits=(9.988, None), unit="months"),
    row("os.12", "os", "rate_12mo", "rate", 69, 126, 52.514, limits=(43.364, 60.864)),
    row("os.12.low", "os", "rate_12mo", "rate", 20, 40, 51.37, limits=(42.2, 59.8), level="<1", category="<1", **TPS),
    row("os.12.high", "os", "rate_12mo", "rate", 20, 40, 50.92, limits=(41.3, 59.7), level=">=50", category=">=50", **TPS),
    row("pfs.hr", "pfs", "hr", "ratio", 83, 124, 0.9313, limits=(0.8221, 1.0549), unit=None, arm=LOW),
    row("os.hr.low", "os", "hr", "ratio", 69, 126, 0.7144, limits=(0.6198, 0.8234), unit=None, arm=LOW),
    row("os.logrank_p.low", "os", "logrank_p", "p", 69, 126, 3.1e-6, unit=None, arm=LOW),
    row("os.kras.p", "os.effect", "interaction_p", "p", 69, 126, 0.9011, unit=None, group="KRAS", variable="KRAS"),
    row("both", "co_occurrence.kras.stk11", "both", "count", 30, 240, 12.5, label="KRAS and STK11", level="Both",
        variable="KRAS x STK11"),
    row("both.or", "co_occurrence.kras.stk11", "odds_ratio", "ratio", 30, 240, 3.0357, limits=(1.5542, 6.005), unit=None,
        level="Odds ratio (95% CI)", variable="KRAS x STK11"),
    row("stk11.adj", "os.adj.stk11.mutated", "hr", "ratio", 69, 126, 1.1874, limits=(0.8116, 1.7372), unit=None,
        label="STK11: Mutated against Wild type", variable="STK11", category="Mutated"),
    row("stk11.alone", "os.adj.stk11.mutated", "hr_alone", "ratio", 69, 126, 1.2838, limits=(0.9507, 1.6473), unit=None,
        label="STK11: Mutated against Wild type", variable="STK11", category="Mutated"),
    row("stk11", "baseline.stk11.mutated", "n", "count", 53, 240, 22.083, label="Mutated", variable="STK11",
        category="Mutated"),
    row("g12v", "prevalence.allele.g12v", "n", "fraction", 28, 352, 7.955, label="G12V", variable="ALLELE", category="G12V"),
]  # fmt: skip


def compared(text):
    got = against_evidence(check_text(text), pl.DataFrame(ROWS, infer_schema_length=None))
    return [x["evidence"] for x in got["agree"]], [x["evidence"] for x in got["disagree"]]


TEXTS = [
    ("Adverse events were reported by 75.6% of those on placebo, {} on low dose and 94.4% on high dose.", "87.5%", "78.5%",
     "any.1"),
    ("Adverse events occurred in 65 of 86 with placebo, in 84 of {} with the low dose and in 68 of 72 with the high dose.",
     "96", "86", "any.1"),
    ("Pruritus was an adverse event in 25 ({}) and 21 (21.9%) patients given the high and low dose, respectively.",
     "34.7%", "37.4%", "itch.2"),
    ("The adverse event pruritus was more common with high-dose drug (25 of {}; 34.7%).", "72", "84", "itch.2"),
    ("Adverse events were few. Cardiac disorders: 12 ({}), 14 (14.6%) and 14 (19.4%) on placebo, low dose and high dose.", "14.0%", "19.4%", "heart.0"),
    ("Adverse events in the high-dose group were pruritus (34.7%) and erythema ({}).", "19.4%", "14.9%", "rash.2"),
    ("Women made up {} of the placebo group.", "61.6%", "47.6%", "female.0"),
    ("A total of 254 were randomized, {} to placebo, 84 to low-dose drug and 84 to high-dose drug.", "86", "84",
     "screened.0"),
    ("{} persons were screened.", "306", "316", "screened.all"),
    ("Nonsquamous histology was found in 182 ({}).", "71.7%", "77.1%", "nonsq"),
    ("Mean age was {} (SD, 8.2) years.", "75.1", "71.5", "age.mean.all"),
    ("The mean (±SD) age was 75.1±{} years.", "8.2", "2.8", "age.mean.all"),
    ("Mean (SD) ages were 75.2 (8.6), {} (8.3) and 74.4 (7.9) years with placebo, low dose and high dose.", "75.7",
     "77.5", "age.mean.1"),
    ("Responses lasted a median of {} months (95% CI, 6.9 to not estimable).", "11.1", "10.1", "dor"),
    ("Half were free from progression for {} months (95% CI, 5.1 to 8.2), and the median survival time was 12.5 months.",
     "6.8", "8.6", "pfs"),
    ("Survival at one year was {} (95% CI, 43.4 to 60.9).", "52.5%", "55.2%", "os.12"),
    ("Survival at 12 months was 52.5% (95% CI, {} to 60.9).", "43.4", "34.4", "os.12"),
    ("The 1-year survival by TPS was {} (<1%) and 50.9% (50% or more).", "51.4%", "54.1%", "os.12.low"),
    ("Low-dose drug reduced the risk of death by {}.", "29%", "39%", "os.hr.low"),
    ("The hazard ratio for death with low-dose drug was 0.71 (95% CI, 0.62 to 0.82; {}).", "P<0.001", "P=0.03", None),
    ("There was no interaction with KRAS for overall survival (P for interaction = {}).", "0.90", "0.09", "os.kras.p"),
    ("One year after starting treatment {} were still alive.", "52.5 per cent", "55.2 per cent", "os.12"),
    ("Half of the patients lived longer than {} months.", "12.5", "15.2", "os"),
    ("KRAS and STK11 were mutated together in {} tumors.", "30", "40", "both"),
    ("STK11 mutations co-occurred with KRAS mutations (odds ratio, {}; 95% CI, 1.55 to 6.00).", "3.04", "2.04", "both.or"),
    (("| Group | Any adverse event, n (%) |\n|---|---|\n| Placebo | 65 (75.6) |\n| Low dose drug | {} (87.5) |\n"
     "| High dose drug | 68 (94.4) |"), "84", "48", "any.1"),
    (("| Factor | Unadjusted HR (95% CI) | Adjusted HR (95% CI) |\n|---|---|---|\n"
     "| STK11 mutated | 1.28 (0.95 to 1.65) | {} (0.81 to 1.74) |"), "1.19", "1.91", "stk11.adj"),
    ("The second allele was G12V (28; {}).", "8.0%", "8.9%", "g12v"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "evidence"), TEXTS)
def test_the_number_of_the_arm_and_moment_that_is_named(text, right, wrong, evidence):
    agree, disagree = compared(text.format(right))
    assert (evidence or "os.hr.low") in agree
    assert disagree == []
    assert compared(text.format(wrong))[1] == [evidence or "os.logrank_p.low"]


@pytest.mark.parametrize(
    "text",
    [
        "After two cycles, pruritus was an adverse event in 30.1% of the placebo group.",
        "Mean age of those over 80 years was 83.1 (SD, 2.2) years in 12 hospitals.",
        "Of the women, 61.6% of those on placebo had children.",
        "The hazard ratio for death with low-dose drug was 0.71 (95% CI, 0.62 to 0.82; P=0.000004).",
        "The risk of progression was reduced by 44% in an earlier trial.",
        "The allele was G12V in 28 of 352 (8.0%; 95% CI, 5.4 to 11.3).",
    ],
)
def test_what_the_study_does_not_hold_is_no_contradiction(text):
    assert compared(text)[1] == []


def test_names_of_arms():
    arms = Arms(["Platinum doublet", "Pembrolizumab", "A: Drug X", "B: Placebo"])
    assert arms.of("the platinum-based group and pembrolizumab") == ["Platinum doublet", "Pembrolizumab"]
    assert arms.of("no platinum was given before") == []


@pytest.mark.parametrize(
    "text", ["12-month overall survival was {} vs {} in the two arms.", "Overall survival at 12 months was {} v {}."]
)
@pytest.mark.parametrize("pair", [("41.0%", "37.3%"), ("41\u00b70%", "37\u00b73%")])
def test_two_numbers_against_each_other_are_of_arms_and_not_of_everybody(text, pair):
    assert compared(text.format(*pair))[1] == []


def test_one_number_of_everybody_is_contradicted():
    assert compared("12-month overall survival was 41.0%.")[1] == ["os.12"]
