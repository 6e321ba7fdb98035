"""Running text and tables against a small frame of evidence: arms, subgroups, grades, units, words, several documents."""

import polars as pl
import pytest

from codon12.check import check_text
from codon12.check.comparing.study import against_evidence

FIELDS = ("id", "endpoint", "statistic", "label", "kind", "arm", "group", "level", "variable", "category", "evaluator",
          "n", "N", "value", "lower", "upper", "unit")  # fmt: skip


def row(name, endpoint, statistic, label, kind, n, total, value, *, limits=(None, None), unit="%", **more):
    whole = {"arm": "all", "group": "all", "level": "all", "variable": None, "category": None, "evaluator": None}
    numbers = {"n": n, "N": total, "value": value, "lower": limits[0], "upper": limits[1], "unit": unit}
    names = {"id": name, "endpoint": endpoint, "statistic": statistic, "label": label, "kind": kind}
    return names | whole | more | numbers


def event(name, statistic, n, label):
    endpoint = name.rsplit(".", 1)[0]
    return row(name, endpoint, statistic, label, "count", n, 126, 100 * n / 126, level=statistic)


STK11 = {"group": "STK11", "level": "MUTATED", "variable": "STK11", "category": "MUTATED"}
WILD = {"group": "STK11", "level": "WILD TYPE", "variable": "STK11", "category": "WILD TYPE"}
LOW = {"group": "PDL1", "level": "<1%", "variable": "PDL1", "category": "<1%"}
ONE_ARM = [
    row("flow.enrolled", "flow.enrolled", "n", "Enrolled", "count", 126, 126, 100.0),
    row("age", "baseline.age", "median", "Median", "value", 126, 126, 63.5, unit=None, variable="AGE"),
    row("age.range", "baseline.age", "range", "Range", "range", 126, 126, None, limits=(37, 80), unit=None, variable="AGE"),
    row("female", "baseline.sex.female", "n", "Female", "count", 63, 126, 50.0, variable="SEX", category="F"),
    row("former", "baseline.smoking.former", "n", "Former", "count", 102, 126, 80.952, variable="SMOKING", category="FORMER"),
    row("reduced", "exposure.reduced", "n", "Dose reduced", "count", 26, 126, 20.635),
    row("interrupted", "exposure.interrupted", "n", "Dose interrupted", "count", 27, 126, 21.429),
    row("six", "exposure.duration_6mo", "n", "At least 6 months", "count", 60, 126, 47.619),
    row("orr", "orr", "rate", "Objective response", "rate", 46, 124, 37.097, limits=(28.596, 46.230), evaluator="central"),
    row("orr.inv", "orr", "rate", "Objective response", "rate", 39, 126, 30.952, limits=(23.02, 39.8), evaluator="investigator"),
    row("pr", "bor.pr", "n", "Partial response", "count", 42, 124, 33.871, evaluator="central"),
    row("cr", "bor.cr", "n", "Complete response", "count", 4, 124, 3.226, evaluator="central"),
    row("orr.mut", "orr", "rate", "Mutated", "rate", 14, 35, 40.0, limits=(23.87, 57.89), **STK11),
    row("orr.wild", "orr", "rate", "Wild type", "rate", 27, 69, 39.130, limits=(27.6, 51.63), **WILD),
    row("orr.low", "orr", "rate", "<1%", "rate", 21, 44, 47.727, limits=(32.46, 63.31), **LOW),
    row("os", "os", "median", "Median, months", "time", 69, 126, 12.485, limits=(9.988, None), unit="months"),
    row("os.mut", "os", "median", "Median, months", "time", 17, 35, 15.343, limits=(9.49, None), unit="months", **STK11),
    row("os.12", "os", "rate_12mo", "At 12 months, %", "rate", 69, 126, 52.514, limits=(43.364, 60.864)),
    row("pfs", "pfs", "median", "Median, months", "time", 83, 124, 6.768, limits=(5.125, 8.181), unit="months"),
    row("follow", "follow_up", "median", "Median follow-up, months", "time", 57, 126, 15.343, limits=(14.69, 15.80), unit="months"),
    event("ae.any", "any", 125, "Adverse event"),
    event("ae.grade_ge3", "grade_ge3", 77, "Adverse event"),
    event("ae.grade3", "grade3", 53, "Adverse event"),
    event("ae.serious.any", "any", 48, "Serious adverse event"),
    event("ae.related.any", "any", 88, "Treatment-related adverse event"),
    event("ae.related.discontinued.any", "any", 9, "Treatment-related adverse event leading to discontinuation of therapy"),
    event("ae.all.diarrhoea.any", "any", 64, "Diarrhoea"),
    event("ae.all.nausea.any", "any", 39, "Nausea"),
    event("ae.all.fatigue.any", "any", 32, "Fatigue"),
    event("ae.all.pneumonia.grade_ge3", "grade_ge3", 7, "Pneumonia"),
    event("ae.related.diarrhoea.any", "any", 40, "Diarrhoea"),
    event("ae.related.nausea.any", "any", 24, "Nausea"),
    event("ae.related.fatigue.any", "any", 14, "Fatigue"),
]  # fmt: skip


def arm(name, endpoint, statistic, which, n, total, value, limits=(None, None), kind="time", unit="months"):
    return row(
        f"{name}.{which[0].lower()}",
        endpoint,
        statistic,
        "",
        kind,
        n,
        total,
        value,
        limits=limits,
        unit=unit,
        arm=which,
    )


TWO_ARMS = [
    arm("os", "os", "median", "Docetaxel", 408, 568, 9.626, (8.80, 10.97)),
    arm("os", "os", "median", "Atezolizumab", 361, 569, 13.47, (11.66, 15.47)),
    row("os.all", "os", "median", "", "time", 769, 1137, 11.236, limits=(10.18, 12.39), unit="months"),
    arm("os12", "os", "rate_24mo", "Docetaxel", 408, 568, 17.836, (13.95, 22.11), "rate", "%"),
    arm("os12", "os", "rate_24mo", "Atezolizumab", 361, 569, 30.817, (26.40, 35.33), "rate", "%"),
    arm("hr", "os", "hr", "Atezolizumab", 769, 1137, 0.714, (0.6198, 0.8234), "ratio", None),
    row("male.d", "baseline.sex.male", "n", "Male", "count", 335, 568, 58.979, arm="Docetaxel", variable="SEX", category="M"),
    row("male.a", "baseline.sex.male", "n", "Male", "count", 354, 569, 62.214, arm="Atezolizumab", variable="SEX", category="M"),
]  # fmt: skip


def compared(texts, rows):
    texts = [texts] if isinstance(texts, str) else texts
    reports = [check_text(t, name=f"{i}.md") for i, t in enumerate(texts)]
    got = against_evidence(reports[0] if len(reports) == 1 else reports, pl.DataFrame(rows, infer_schema_length=None))
    return [x["evidence"] for x in got["agree"]], [x["evidence"] for x in got["disagree"]]


SLIPS = [
    ("A total of {} patients were enrolled.", "126", "128", "flow.enrolled"),
    ("The median age was 63.5 years (range, {} to 80); half were women.", "37", "34", "age"),
    ("A total of {} were former smokers.", "102 patients (81.0%)", "104 patients (82.5%)", "former"),
    ("Dose reductions were needed in {} and dose interruptions in 27 (21.4%).", "26 patients (20.6%)",
     "36 patients (28.6%)", "reduced"),
    ("Treatment lasted at least 6 months in {}.", "60 patients (47.6%)", "66 patients (52.4%)", "six"),
    ("Complete responses were seen in 4 patients (3.2%) and partial responses in {}.", "42 (33.9%)", "41 (33.1%)", "pr"),
    ("The objective response rate was {}%.", "37.1", "31.7", "orr"),
    ("By investigator review the objective response rate was {}%.", "31.0", "37.1", "orr.inv"),
    ("The objective response rate was {}% in patients with mutated STK11.", "40.0", "44.0", "orr.mut"),
    ("The response rate was {}% in those with a PD-L1 score of less than 1%.", "47.7", "44.7", "orr.low"),
    ("Median overall survival was {} months in patients with STK11 mutations.", "15.3", "13.5", "os.mut"),
    ("The median PFS was {} weeks (95% CI, 22.3 to 35.6).", "29.4", "24.9", "pfs"),
    ("The median progression-free survival was {} days.", "206", "226", "pfs"),
    ("Median overall survival was {} years.", "1.04", "1.40", "os"),
    ("The 1-year overall survival rate was {}%.", "52.5", "57.5", "os.12"),
    ("At 12 months, {}% of the patients were alive.", "52.5", "55.2", "os.12"),
    ("The median follow-up for overall survival was {} months.", "15.3", "13.5", "follow"),
    ("Adverse events of any grade occurred in 125 patients (99.2%), of grade 3 or higher in {}.", "77 (61.1%)",
     "79 (62.7%)", "ae.grade_ge3"),
    ("Serious adverse events were reported in {}.", "48 patients (38.1%)", "46 patients (36.5%)", "ae.serious.any"),
    ("Treatment-related adverse events led to discontinuation in {}.", "9 patients (7.1%)", "12 patients (9.5%)",
     "ae.related.discontinued.any"),
    ("The most common adverse events were diarrhea (50.8%), nausea (31.0%) and fatigue ({}%).", "25.4", "24.5",
     "ae.all.fatigue.any"),
    ("Adverse events included pneumonia of grade 3 or higher in {}.", "7 patients (5.6%)", "9 patients (7.1%)",
     "ae.all.pneumonia.grade_ge3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "evidence"), SLIPS)
def test_a_right_number_agrees_and_a_wrong_one_is_contradicted(text, right, wrong, evidence):
    agree, disagree = compared(text.format(right), ONE_ARM)
    assert evidence in agree
    assert disagree == []
    agree, disagree = compared(text.format(wrong), ONE_ARM)
    assert evidence not in agree
    assert disagree == [evidence]


ARMS = [
    ("Median overall survival was 13.5 months with atezolizumab and {} months with docetaxel.", "9.6", "13.5", "os.d"),
    ("At 24 months, 30.8% of patients in the atezolizumab group and {}% of those in the docetaxel group were alive.",
     "17.8", "18.7", "os12.d"),
    ("The hazard ratio for death was {} (95% CI, 0.62 to 0.82).", "0.71", "0.78", "hr.a"),
    ("There were {} men (59.0%) in the docetaxel group.", "335", "353", "male.d"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "evidence"), ARMS)
def test_each_arm_has_its_own_number(text, right, wrong, evidence):
    agree, disagree = compared(text.format(right), TWO_ARMS)
    assert evidence in agree
    assert disagree == []
    assert compared(text.format(wrong), TWO_ARMS)[1] == [evidence]


def test_medians_of_both_arms_in_one_breath():
    text = "Overall survival was longer with atezolizumab than with docetaxel (median, {} vs. 9.6 months)."
    assert compared(text.format("13.5"), TWO_ARMS)[1] == []
    assert compared(text.format("15.3"), TWO_ARMS)[1] == ["os.a"]


@pytest.mark.parametrize(
    "text",
    [
        "Median overall survival was 9.0 months in women and 14.2 months in men.",
        "In a historical control the objective response rate was 13.0%.",
        "The trial was designed with an assumed objective response rate of 34.5%.",
        "At week 6, the objective response rate was 25.0%.",
        "Of the 46 patients with a response, 30 (65.2%) were former smokers.",
        "Diarrhea led to dose reduction in 6 patients (4.8%).",
        "Dose reductions because of diarrhea occurred in 9 patients (7.1%).",
        "Nausea within the first cycle was an adverse event in 18 patients (14.3%).",
        "Hepatic adverse events occurred in 34 patients (27.0%).",
        "Adverse events leading to death occurred in 19 patients (15.1%).",
        "Overall survival at 12 months was 38.0% in patients with liver metastases.",
        "A total of 59 sites enrolled patients; 30 patients were enrolled in Japan.",
        "Pneumonitis of grade 3 or higher was an adverse event in 2 patients (1.6%).",
        "The rate of response in the 63 women was 42.9%.",
        "The median overall survival of responders was 20.1 months.",
        "Median overall survival with subsequent therapy was 17.0 months.",
    ],
)
def test_what_may_be_of_others_is_not_contradicted(text):
    assert compared(text, ONE_ARM)[1] == []


def test_a_table_of_related_events_is_of_those_alone():
    table = (
        "Table 4. Treatment-Related Adverse Events (N = 126).\n\nEvent | No. (%)\nAny event | 88 (69.8)\n"
        "Leading to discontinuation | 9 (7.1)\nDiarrhea | {}\nNausea | 24 (19.0)\nFatigue | 14 (11.1)\n"
    )
    agree, disagree = compared(table.format("40 (31.7)"), ONE_ARM)
    assert len(agree) == 5
    assert disagree == []
    assert compared(table.format("64 (50.8)"), ONE_ARM)[1] == ["ae.related.diarrhoea.any"]


def test_main_text_and_supplement_are_taken_together():
    main = "The objective response rate was 37.1%. Median overall survival was 12.5 months."
    supplement = "Median progression-free survival was {} months."
    got = against_evidence([check_text(main, name="main.md"), check_text(supplement.format("8.6"), name="supp.md")],
                           pl.DataFrame(ONE_ARM, infer_schema_length=None))  # fmt: skip
    assert [(x["document"], x["evidence"]) for x in got["disagree"]] == [("supp.md", "pfs")]
    assert [x["document"] for x in got["agree"]] == ["main.md", "main.md"]
    assert got["left_out"] == []


def test_a_rate_whose_numbers_are_all_those_of_one_is_that_one():
    text = (
        "According to the investigators, the objective response rate was 31.0% (39 of 126 patients; 95% CI, 23.0 to "
        "39.8) and the disease control rate 85.7% (95% CI, 78.4 to 91.3)."
    )
    dcr = row("dcr", "dcr", "rate", "Disease control", "rate", 108, 126, 85.714, limits=(78.37, 91.31))
    assert compared(text, [*ONE_ARM, dcr | {"evaluator": "investigator"}]) == (["orr.inv", "dcr"], [])


GRADED = [
    *ONE_ARM,
    event("ae.related.grade3", "grade3", 25, "Treatment-related adverse event"),
    event("ae.related.discontinued.grade3", "grade3", 4, "Treatment-related adverse event leading to discontinuation"),
]
DOUBLET = [
    arm("os", "os", "median", "Pembrolizumab", 198, 247, 16.2, (13.9, 18.7)),
    arm("os", "os", "median", "Platinum doublet", 278, 313, 9.53, (7.85, 11.5)),
]
OTHERS = [
    # the grade, the cause or the arm of the number before does not hold for what follows
    (GRADED, "TRAEs of any grade occurred in 69.8%, of grade 3 in 19.8%; they led to discontinuation in 7.1%."),
    (ONE_ARM, "Adverse events were diarrhea in 32% and nausea in 19%."),
    (DOUBLET, "• mOS: pembrolizumab 16.2 mo, platinum 9.5 mo"),
]
"""Right by the evidence, or not told by it: nothing is contradicted."""


@pytest.mark.parametrize(("rows", "text"), OTHERS)
def test_what_the_words_may_mean_otherwise_is_not_contradicted(rows, text):
    assert compared(text, rows)[1] == []


UNREAD = [
    (ONE_ARM, "• mPFS (95% CI): {} (5.1–8.2)", "6.8", "6.3", "pfs"),
    (ONE_ARM, "• PR: {}", "42", "47", "pr"),
    (TWO_ARMS, "• Median OS, atezolizumab vs docetaxel: 13.5 vs {} mo", "9.6", "9.1", "os.d"),
    (TWO_ARMS, "• Men: atezolizumab {}, docetaxel 335", "354", "358", "male.a"),
]
"""Numbers of slides, told by the words before them alone."""


@pytest.mark.parametrize(("rows", "text", "right", "wrong", "name"), UNREAD)
def test_numbers_without_unit_or_noun_are_compared(rows, text, right, wrong, name):
    agree, disagree = compared(text.format(right), rows)
    assert name in agree
    assert disagree == []
    assert name in compared(text.format(wrong), rows)[1]


def test_a_number_that_stands_with_its_arm_is_of_that_arm():
    swapped = "Median OS was 9.6 months with atezolizumab and 13.5 months with docetaxel."
    assert compared(swapped, TWO_ARMS)[1] == ["os.a", "os.d"]


def test_a_limit_of_a_percentage_is_no_median():
    rows = [row("dor", "dor", "median", "Median, months", "time", 20, 46, 11.1, limits=(6.9, None), unit="months")]
    text = "Median DoR 11.1 months\nResponses lasting at least 6 months (KM): 70.8% (54.3 to 82.2)"
    assert compared(text, rows) == (["dor"], [])


def test_who_says_a_number_makes_it_no_other_one():
    text = "Median overall survival reached 18.5 months, the company said."
    assert compared(text, ONE_ARM) == ([], ["os"])
