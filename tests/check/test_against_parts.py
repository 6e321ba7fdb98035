"""Text and tables against a trial of two arms: what each number of a sentence or a cell is of, where several are named."""

import polars as pl
import pytest

from codon12.check import check_text
from codon12.check.comparing.arms import Arms
from codon12.check.comparing.assigned import UNCLEAR, Pieces, assigned
from codon12.check.comparing.levels import Levels
from codon12.check.comparing.study import against_evidence, counted_as_read
from codon12.check.showing.annotate import comments_of
from codon12.check.showing.page import annotated_page

ARMS = ("A: Newdrug", "B: Placebo")
PDL1 = ("<1%", "1-49%", ">=50%")


def row(name, endpoint, statistic, kind, n, total, value, limits=(None, None), *, label="", unit="%", **more):
    whole = {"arm": "all", "group": "all", "level": "all", "variable": None, "category": None, "evaluator": None}
    numbers = {"n": n, "N": total, "value": value, "lower": limits[0], "upper": limits[1], "unit": unit}
    names = {"id": name, "endpoint": endpoint, "statistic": statistic, "label": label, "kind": kind, "section": None}
    return names | whole | more | numbers


def by_level(name, endpoint, statistic, kind, group, level, n, total, value, limits, **more):
    return row(name, endpoint, statistic, kind, n, total, value, limits, group=group, level=level, variable=group,
               category=level, **more)  # fmt: skip


def count(name, endpoint, n, total, label, variable, category, **more):
    return row(name, endpoint, "n", "count", n, total, 100 * n / total, label=label, variable=variable,
               category=category, **more)  # fmt: skip


ROWS = [
    row("orr", "orr", "rate", "rate", 46, 124, 37.097, (28.596, 46.230), label="Objective response", evaluator="central"),
    row("orr.inv", "orr", "rate", "rate", 39, 126, 30.952, (23.02, 39.80), label="Objective response",
        evaluator="investigator"),
    *(by_level(f"orr.{k}", "orr", "rate", "rate", "PDL1", level, n, total, 100 * n / total, (1.0, 90.0),
               evaluator="central", label=level)
      for k, (level, n, total) in enumerate(zip(PDL1, (21, 7, 8), (44, 25, 17), strict=True))),
    by_level("orr.mut", "orr", "rate", "rate", "STK11", "MUTATED", 14, 35, 40.0, (23.87, 57.89), evaluator="central"),
    by_level("orr.wt", "orr", "rate", "rate", "STK11", "WILD TYPE", 27, 69, 39.13, (27.6, 51.63), evaluator="central"),
    *(row(f"pfs.{arm[0]}", "pfs", "median", "time", 20, 40, value, limits, unit="months", arm=arm)
      for arm, value, limits in zip(ARMS, (8.604, 6.168), ((2.6, 9.9), (2.2, 7.6)), strict=True)),
    row("pfs", "pfs", "median", "time", 40, 80, 6.768, (5.125, 8.181), unit="months"),
    row("os", "os", "median", "time", 69, 126, 12.485, (9.988, None), unit="months"),
    by_level("os.mut", "os", "median", "time", "STK11", "MUTATED", 17, 35, 15.34, (9.5, None), unit="months"),
    by_level("os.wt", "os", "median", "time", "STK11", "WILD TYPE", 42, 69, 11.33, (9.6, 14.0), unit="months"),
    *(row(f"os.{t}", "os", f"rate_{t}mo", "rate", 69, 126, value, (value - 8, value + 8))
      for t, value in ((6, 83.33), (9, 70.46), (12, 52.51))),
    *(count(f"ecog.{k}", f"baseline.ecog.{k}", n, 126, str(k), "ECOG", str(k)) for k, n in ((0, 38), (1, 88))),
    *(count(f"tp53.{k}", f"baseline.tp53.{k}", n, 126, label, "TP53", label.upper())
      for k, n, label in (("mut", 48, "Mutated"), ("wt", 56, "Wild type"))),
    *(row(f"ae.{g}.{arm[0]}", "ae", g, "count", n, 15, 100 * n / 15, label="Adverse event", arm=arm, level=level)
      for g, level, counts in (("any", "Any grade", (13, 14)), ("grade_ge3", "Grade 3 or higher", (12, 11)))
      for arm, n in zip(ARMS, counts, strict=True)),
    *(row(f"flow.{arm[0]}", "flow.randomised", "n", "count", 15, 15, 100.0, arm=arm) for arm in ARMS),
    row("pfs.6", "pfs", "rate_6mo", "rate", 40, 80, 55.57, (46.09, 64.05)),
    row("os.3", "os", "rate_3mo", "rate", 69, 126, 96.03, (90.7, 98.3)),
    row("stk11.rate", "prevalence.stk11.mutated", "rate", "rate", 35, 104, 33.654, (24.7, 43.6), label="Mutated",
        variable="STK11", category="MUTATED"),
    count("stk11", "baseline.stk11.mutated", 35, 126, "Mutated", "STK11", "MUTATED"),
    *(by_level(f"tp53.{k}.stk11", f"baseline.by_stk11.tp53.{k}", "n", "count", "STK11", "MUTATED", n, 35, 100 * n / 35,
               (None, None), label=label) | {"variable": "TP53", "category": label.upper()}
      for k, n, label in (("mut", 20, "Mutated"), ("wt", 15, "Wild type"))),
    row("pfs.hr.mut", "pfs", "hr", "ratio", 209, 246, 0.8674, (0.6551, 1.148), unit=None, group="STK11",
        level="MUTATED", variable="STK11", category="MUTATED"),
    row("pfs.p", "pfs", "logrank_p", "p", 209, 246, 0.3186, unit=None, group="STK11", variable="STK11"),
    row("orr.comparison.difference.b", "orr", "difference", "difference", 95, 248, -4.032, (-16.02, 8.065), unit="points"),
    row("orr.comparison.p.b", "orr", "p", "p", 95, 248, 0.6014, unit=None),
    *(row(f"left.{arm[0]}", "disposition.dctreas.progressive_disease", "n", "count", n, 15, 100 * n / 15, arm=arm,
          label="Progressive disease") for arm, n in zip(ARMS, (8, 9), strict=True)),
    *(row(f"bor.{arm[0]}", "bor.pd", "n", "count", n, 15, 100 * n / 15, arm=arm, label="Progressive disease")
      for arm, n in zip(ARMS, (2, 3), strict=True)),
    *(row(f"stk11.{arm[0]}", "baseline.stk11.mutated", "n", "count", n, 15, 100 * n / 15, arm=arm, label="Mutated",
          variable="STK11", category="MUTATED") for arm, n in zip(ARMS, (4, 6), strict=True)),
    *(row(f"lasted.{arm[0]}", "exposure.duration", "median", "value", 15, 15, value, arm=arm, unit="months",
          label="Median") for arm, value in zip(ARMS, (6.587, 5.569), strict=True)),
]  # fmt: skip


def compared(text):
    got = against_evidence(check_text(text), pl.DataFrame(ROWS, infer_schema_length=None))
    assert not {x["evidence"] for x in got["left_out"]} & {x["evidence"] for x in got["disagree"]}
    return [x["evidence"] for x in got["agree"]], [x["evidence"] for x in got["disagree"]]


TEXTS = [
    (("Responses were observed in {} of 44 patients (48%) with PD-L1 of less than 1%, in 7 of 25 (28%) with 1 to 49% and in"
     " 8 of 17 (47%) with 50% or higher."), "21", "24", "orr.0"),
    ("Responses were observed in 21 of 44 patients (48%) with PD-L1 of less than 1% and in {} with 1 to 49%.",
     "7 of 25 (28%)", "16 of 25 (64%)", "orr.1"),
    ("The response rate was 40% in STK11-mutated and {}% in STK11 wild-type tumors.", "39", "49", "orr.wt"),
    ("Median PFS was 8.6 months with Newdrug and {} months with placebo.", "6.2", "6.8", "pfs.B"),
    ("Median PFS and OS were {} months (95% CI, 5.1 to 8.2) and 12.5 months, respectively.", "6.8", "7.8", "pfs"),
    ("OS rates at 6, 9 and 12 months were 83.3%, {}% and 52.5%.", "70.5", "75.5", "os.9"),
    ("As assessed by investigators, the objective response rate was {}%.", "31.0", "37.1", "orr.inv"),
    ("ECOG performance status was 0 in {} patients (30.2%) and 1 in 88 (69.8%).", "38", "37", "ecog.0"),
    ("TP53 was mutated in {} patients (38.1%).", "48", "43", "tp53.mut"),
    ("Among patients with STK11 mutation, 14 of 35 ({}) responded.", "40%", "46%", "orr.mut"),
    ("| | Newdrug (N = 15) | Placebo (N = 15) |\n|---|---|---|\n| Any adverse event | 13 (86.7) | {} |\n",
     "14 (93.3)", "13 (86.7)", "ae.any.B"),
    (("| | Newdrug (N = 15) | Placebo (N = 15) |\n|---|---|---|\n| Any adverse event | 13 (86.7) | 14 (93.3) |\n"
     "| Grade 3 or higher | {} | 11 (73.3) |\n"), "12 (80.0)", "10 (66.7)", "ae.grade_ge3.A"),
    ("At 6 months {}% were free of progression and 83.3% were alive.", "55.6", "65.6", "pfs.6"),
    (("Patients with STK11 mutations lived longer (median OS, 15.3 months; 95% CI, 9.5 to NE) than those with wild-type"
      " STK11 (median {} months; 95% CI, 9.6 to 14.0)."), "11.3", "13.3", "os.wt"),
    ("TP53 was mutated in 48 patients (38.1%) and STK11 in {} of 104 patients tested (33.7%; 95% CI, 24.7 to 43.6).",
     "35", "45", "stk11.rate"),
    ("ECOG performance status was 1 in {} patients (69.8%): 40 with Newdrug and 48 with placebo.", "88", "83", "ecog.1"),
    ("Overall survival was longer with STK11 mutations (median, {} versus 11.3 months).", "15.3", "13.3", "os.mut"),
    ("The 3-, 6- and 12-month rates of overall survival were 96.0%, {}% and 52.5%.", "83.3", "88.3", "os.6"),
    ("| | ORR, % (95% CI) |\n|---|---|\n| STK11 mutated | {} (23.9-57.9) |\n| STK11 wild type | 39.1 (27.6-51.6) |\n",
     "40.0", "42.0", "orr.mut"),
    ("The rates differed little (difference, {} percentage points; 95% CI, -16.0 to 8.1; P = 0.60).", "-4.0", "-6.0",
     "orr.comparison.difference.b"),
    ("The difference was 4.0 percentage points (95% CI, {} to 16.0).", "-8.1", "-9.1", "orr.comparison.difference.b"),
    ("The rates differed little (difference, -4.0 percentage points; 95% CI, -16.0 to 8.1; P = {}).", "0.60", "0.06",
     "orr.comparison.p.b"),
    ("| | Newdrug (N = 15) | Placebo (N = 15) |\n|---|---|---|\n| Discontinued for progressive disease | {} | 9 (60.0) |\n",
     "8 (53.3)", "7 (46.7)", "left.A"),
    (("Co-mutations, n (%)\n\n| | Newdrug (N = 15) | Placebo (N = 15) |\n|---|---|---|\n| Any adverse event | 13 (86.7) | "
      "14 (93.3) |\n| STK11 mutation | {} | 6 (40.0) |\n"), "4 (26.7)", "5 (33.3)", "stk11.A"),
    (("| | Newdrug (N = 15) | Placebo (N = 15) |\n|---|---|---|\n| Any adverse event | 13 (86.7) | 14 (93.3) |\n"
     "| Median treatment duration, months | {} | 5.6 |\n"), "6.6", "6.8", "lasted.A"),
    ("OS at 6/12 months: {}%/52.5%.", "83.3", "88.3", "os.6"),
    ("12-month OS: all patients {}%.", "52.5", "57.5", "os.12"),
    ("After a median follow-up of 15.3 months, a response was confirmed in {} patients (37.1%; 95% CI, 28.6 to 46.2).",
     "46", "49", "orr"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "wrong", "evidence"), TEXTS)
def test_the_number_of_the_part_that_is_named(text, right, wrong, evidence):
    agree, disagree = compared(text.format(right))
    assert evidence in agree
    assert disagree == []
    agree, disagree = compared(text.format(wrong))
    assert evidence in disagree
    assert evidence not in agree


@pytest.mark.parametrize(
    "text",
    [
        "Median PFS was 9.9 months in those with liver metastases.",
        "Median PFS was longer with Newdrug than with placebo (8.6 v 6.2 months).",
        "The median OS was 15.3 and 11.3 months, respectively.",
        "Median OS did not differ between patients with and without STK11 mutations (15.3 v 11.3 months).",
        "A response was seen in 40% of those with mutated STK11 and in 37% of the overall population.",
        "The training set comprised 60 patients (median age, 64 years; TP53 mutated in 55%).",
        "TP53 was mutated in 48 patients (38.1%), and 25 (19.8%) had received an antiangiogenic antibody.",
        "TP53 was mutated in 48 patients (38.1%), followed by KRAS in 25 (19.8%).",
        "Patients with a PD-L1 score of less than 1% had a response rate of 48%, those with two lines a rate of 30%.",
        "Median PFS was longer in the Newdrug group: 8.6 months versus 6.2 months.",
        "The probability of still being in response at 6 months was 70.8%.",
        "In total, 13 of 15 had an adverse event with Newdrug; 12 had one of grade 3 or higher.",
        "Patients with TP53 and STK11 mutations had a median OS of 17.0 months.",
        "ECOG 0/1 38/88.",
        "| | Newdrug | Placebo |\n|---|---|---|\n| OS at 6 / 12 / 24 months, % | 80 / 50 / 30 | 70 / 40 / 20 |\n",
        "With mutated TP53 or STK11 the response rate was 47.1% (9 of 23).",
    ],
)
def test_what_is_not_told_contradicts_nothing(text):
    assert compared(text)[1] == []


def test_a_ratio_with_an_impossible_p_is_no_agreement():
    text = "STK11 mutation was not associated with PFS (HR 0.87, 95% CI 0.66 to 1.15, P = {})."
    assert compared(text.format("0.32")) == (["pfs.hr.mut"], [])
    assert compared(text.format("0.02")) == ([], ["pfs.p"])


def test_a_ratio_told_the_other_way_round_agrees():
    text = "The hazard ratio for progression of wild type against mutated STK11 was 1.15 (95% CI, 0.87 to 1.53)."
    assert compared(text) == (["pfs.hr.mut"], [])


def test_nothing_compared_is_said():
    numbers = pl.DataFrame(ROWS, infer_schema_length=None)
    got = against_evidence(check_text("Insgesamt waren 69 Patienten (54,8 %) verstorben."), numbers)
    assert any("None of the" in note for note in got["notes"])
    got = against_evidence(check_text("Median OS was 12.5 months."), numbers.filter(pl.col("endpoint") == "ae"))
    assert got["notes"][0] == "The study has no response or survival to compare with."


def test_arms_behind_their_codes():
    assert Arms(ARMS).of("with newdrug and with placebo") == list(ARMS)


@pytest.mark.parametrize(
    ("text", "numbers", "named", "told"),
    [
        ("12 with A and 9 with B", "12 9", "A B", ["A", "B"]),
        ("12 and 9 with A and B", "12 9", "A B", ["A", "B"]),
        ("in A 12 and in B 9", "12 9", "A B", ["A", "B"]),
        ("in A it was 12, compared with 9 in B", "12 9", "A B", ["A", "B"]),
        ("of A, 12 had x and 9 had y", "12 9", "A", ["A", "A"]),
        ("A and B had 12, then 7; 9", "12 7 9", "A B", [UNCLEAR, UNCLEAR, UNCLEAR]),
        ("it was 12", "12", "", [None]),
        ("compared with A, it was 12 for B", "12", "A B", ["B"]),
    ],
)
def test_what_each_number_is_of(text, numbers, named, told):
    spans = [(text.index(x), text.index(x) + len(x)) for x in numbers.split()]
    mentions = [(text.index(x), text.index(x) + 1, x) for x in named.split()]
    assert [assigned(Pieces(text, spans), a, mentions) for a, _ in spans] == told


def test_categories_of_both_genes():
    rows = [by_level(v, "os", "median", "time", v, c, 1, 2, 1.0, (None, None))
            for v, c in (("STK11", "MUTATED"), ("STK11", "WILD TYPE"), ("KEAP1", "MUTATED"), ("KEAP1", "WILD TYPE"),
                         ("STK11KEAP1", "STK11 mutated, KEAP1 wild type"))]  # fmt: skip
    levels = Levels(rows)
    assert [m[2] for m in levels.of("those with STK11 mutation and wild-type KEAP1")] == [
        ("STK11KEAP1", "STK11 mutated, KEAP1 wild type")
    ]
    assert [m[2] for m in levels.of("KEAP1-mutant and KEAP1 wild-type")] == [
        ("KEAP1", "MUTATED"),
        ("KEAP1", "WILD TYPE"),
    ]


def test_the_page_and_comments_mark_what_differs():
    report = check_text("The objective response rate was 47.1% by central review. Median OS was 12.5 months.")
    against = against_evidence(report, pl.DataFrame(ROWS, infer_schema_length=None))
    page = annotated_page(report, against=against)
    assert page.count(' differs" tabindex') == 1
    assert "differs from the study" in page
    assert "differs from the study" not in annotated_page(report)
    comments = [words for _, words in comments_of(report, against)]
    assert len(comments) == 1
    assert "the study gives 37.1" in comments[0]


def test_numbers_that_only_a_study_tells_are_coloured_and_count_as_read():
    report = check_text("• ORR 37.1%\n• mOS: 13.9\n")
    against = against_evidence(report, pl.DataFrame(ROWS, infer_schema_length=None))
    assert [x["statement"] for x in against["disagree"]] == [""]
    page = annotated_page(report, against=against)
    assert 'href="#at19"' in page
    assert '<mark id="at19" class="not-checkable differs"' in page
    assert [len(r.text.coverage.unread) for r in (report, counted_as_read(report, against))] == [1, 0]
