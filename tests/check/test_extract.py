"""What is read from a sentence, and what only looks like a number."""

import pytest

from codon12.check import check_text, extract


def read(text):
    return [(s.kind, s.quantities.as_json(s.kind)) for s in extract(text).statements]


def one(text, kind):
    found = [q for k, q in read(text) if k == kind]
    assert len(found) == 1, read(text)
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A response was seen in 12 patients (30.0%).", {"n": 12, "percent": "30.0"}),
        ("A response was seen in 12 [30%].", {"n": 12, "percent": "30"}),
        ("It was seen in 12 of 40 patients (30%).", {"n": 12, "percent": "30", "N": 40}),
        ("There were 12 (30 %) of 40 with it.", {"n": 12, "percent": "30", "N": 40}),
        ("About half (n = 52, 82.5%) had it.", {"n": 52, "percent": "82.5"}),
        ("Most (82.5% [n = 52]) had it.", {"n": 52, "percent": "82.5"}),
        ("Rash was common (8% [28 of 334]).", {"n": 28, "percent": "8", "N": 334}),
        ("It was found in 28.3% (157/555).", {"n": 157, "percent": "28.3", "N": 555}),
        ("There was rash (29 [11%] in one arm).", {"n": 29, "percent": "11"}),
        ("There was rash in two [1%].", {"n": 2, "percent": "1"}),
        ("Twenty-five patients (10%) left.", {"n": 25, "percent": "10"}),
        ("It was seen in 12 pa-\ntients (30·5%).", {"n": 12, "percent": "30.5"}),
        ("Of 1,253 people, 360 (29%) had failed.", {"n": 360, "percent": "29"}),
    ],
)
def test_count_and_percent(text, expected):
    assert one(text, "count_percent") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The median overall survival was 9.2 months (95% CI, 7.3 to 13.3).", [7.3, 13.3]),
        ("Median overall survival: 9·2 months [95% confidence interval (CI), 7·3–13·3].", [7.3, 13.3]),
        ("The median overall survival was 9.2 months (95% CI, 7.3 to could not be evaluated).", [7.3, None]),
        ("The median overall survival was 9.2 months [95% CI, 7.3-NR].", [7.3, None]),
        ("The median overall survival was 9.2 months (95% CI, 7.3 to not reached (NR)).", [7.3, None]),
        ("The median overall survival was 9.2 months (95% CI 7.3−not estimable).", [7.3, None]),
    ],
)
def test_median_with_interval(text, expected):
    found = one(text, "median_ci")
    assert found["value"] == 9.2
    assert found["ci"] == expected
    assert (found["level"], found["unit"], found["outcome"]) == (95, "months", "OS")


def test_range_with_plus_sign():
    found = one("The median follow-up was 15.3 months (range, 1.1 to 18.4+).", "median_range")
    assert found == {
        "value": 15.3,
        "range": [1.1, 18.4],
        "unit": "months",
        "outcome": "follow-up",
        "max_censored": True,
    }


def test_quartiles_of_a_second_arm_take_the_name_of_the_first():
    found = [
        q for k, q in read("Survival was 9·5 months (IQR 4·1-20·2) and 8·1 months (3·2-17·0).") if k == "median_range"
    ]
    assert [q["iqr"] for q in found] == [[4.1, 20.2], [3.2, 17]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hazard ratio, 0.59; 95% CI, 0.44 to 0.79; P<0.001", {"HR": "0.59", "ci": ["0.44", "0.79"], "P": "<0.001"}),
        ("HR=2.28 95%CI 1.27; 4.09 p=0.006", {"HR": "2.28", "ci": ["1.27", "4.09"], "P": "0.006"}),
        ("odds ratio [OR] = 5.31, 95% CI 2.47–11.40, p < .001", {"OR": "5.31", "ci": ["2.47", "11.40"], "P": "<.001"}),
        ("HR for death was 0.93 (95% CI 0.71-1.21)", {"HR": "0.93", "ci": ["0.71", "1.21"]}),
        ("an HR of 0.63 (0.52, 0.76; p-value 0.001)", {"HR": "0.63", "ci": ["0.52", "0.76"], "P": "0.001"}),
    ],
)
def test_ratio(text, expected):
    found = one(f"It was better ({text}).", "hr_ci_p")
    assert {k: v for k, v in found.items() if k in expected} == expected


def test_landmarks_at_their_times():
    text = "The Kaplan–Meier estimate of duration of response was 90.5% (95% CI, 76.7 to 96.3) at 3 months."
    assert one(text, "landmark") == {
        "percent": "90.5",
        "ci": ["76.7", "96.3"],
        "level": 95,
        "unit": "months",
        "outcome": "DOR",
        "at": 3,
    }


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Patients were at least 18 years old.", "threshold", {"op": ">=", "value": 18, "unit": "years"}),
        ("Expression was high (≥ 50%).", "threshold", {"op": ">=", "percent": "50"}),
        ("The drug was given at 960 mg once daily.", "dose", {"dose": 960, "unit": "mg", "freq": "QD"}),
        (
            "Enrolled from August 13, 2019, to February 5, 2020.",
            "date_range",
            {"start": "2019-08-13", "end": "2020-02-05"},
        ),
        ("They were diagnosed between 2011 and 2018.", "date_range", {"start": 2011, "end": 2018}),
        ("The cut-off was 5 March 2021.", "date", {"date": "2021-03-05"}),
        ("Registered as NCT01234567.", "identifier", {"nct": "NCT01234567"}),
        ("It differed (chi 2 = 7.36, d.f. = 1, P = 0.007).", "chi2_p", {"chi2": "7.36", "N": 1, "P": "0.007"}),
        (
            "They lived longer (23 vs 6 months; P = .006).",
            "group_medians_p",
            {"medians": [23, 6], "P": ".006", "unit": "months"},
        ),
        ("One hundred and fifty-nine patients entered.", "count", {"n": 159}),
    ],
)
def test_other_kinds(text, kind, expected):
    assert one(text, kind) == expected


@pytest.mark.parametrize(
    "text",
    [
        "KRAS p.G12C and EGFR T790M mutations were found with PD-L1 and HER2.",
        "Survival was longer in these months.12,17,18,26",
        "This view is old.20 It held in lung tumours.13-15",
        "See 10.1056/NEJMoa2103695 and https://example.org/12/34.",
        "Write to 1515 Holcombe Blvd., Houston, TX 77030.",
        "n engl j med 384 nejm.org 9",
        "Author A. Title of a paper. J Med 39, 1032-1034 (2021).",
        "It binds programmed death ligand 1 at codon 12 and exon 19.",
        "The CodeBreaK 100 study and Fig. 2 and Table 3 show it.",
        "They compared a 2:1 mixture in a 2x2 layout.",
        "It was the second of the two groups.",
    ],
)
def test_no_statement(text):
    assert read(text) == []


def test_offsets_are_those_of_the_text_as_given():
    text = "Of \u200b40 pa\u00adtients,\r\n12 (30·0\u2009%) res­ponded in the ﬁrst 3 months."
    for s in extract(text).statements:
        assert text[s.start : s.end] == s.quote
    assert [s.quote for s in extract(text).statements][:2] == ["40 pa\u00adtients", "12 (30·0\u2009%)"]


def test_flattened_table_keeps_labels_and_columns():
    text = """Table 2. Events.

Event Drug (N = 40) Placebo (N = 20)

number (percent)

Rash 10 (25.0) 1 (5.0)

Cough or
sore throat

4 (10.0) 0
"""
    cells = [s for s in extract(text).statements if s.kind == "table_cell"]
    assert [(c.quantities.n, c.column) for c in cells] == [(10, 0), (1, 1), (4, 0), (0, 1)]
    assert cells[0].label == "Rash"
    assert "sore throat" in cells[2].label


def test_markdown_table():
    text = "Text before.\n\n| Event | A (N=40) | B (N=20) |\n|---|---|---|\n| Rash | 10 (25.0%) | 1 (5.0%) |\n\nOf 40 patients, 4 (10%) left."
    kinds = [s.kind for s in extract(text).statements]
    assert kinds == ["count", "count", "table_cell", "table_cell", "count", "count_percent"]


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Titres rose to a peak of 2417 (95% CI 1859-3143).", "value", "2417 (95% CI 1859-3143)"),
        ("Median follow-up was 87.5(15.3-247.1) months.", "median_range", "87.5(15.3-247.1) months"),
        ("We used the 1998-2018 registry.", "date_range", "1998-2018"),
        ("The mean stay was 4.0±2.1 years.", "value", "4.0±2.1 years"),
        ("The minimum follow-up was 90 days.", "duration", "90 days"),
        ("It was seen in 49% of these (95% CI 38 to 60).", "percent_ci", "49% of these (95% CI 38 to 60)"),
        ("Median [range] age, 63.5 [37-80] years.", "median_range", "63.5 [37-80] years"),
    ],
)
def test_values_with_what_stands_beside_them(text, kind, quote):
    assert [(s.kind, s.quote) for s in extract(text).statements] == [(kind, quote)]


def test_numbers_in_names_and_those_a_rule_compared_are_not_unread():
    coverage = extract("Patients with COVID-19 or SARS-CoV-2 got 5-fluorouracil and a 13-item form.").coverage
    assert (coverage.numbers, coverage.aside, coverage.unread) == (4, 4, ())
    added = "The population (169 cetuximab and 183 bevacizumab; 352 in total) was analysed."
    assert len(extract(added).coverage.unread) == 2
    assert check_text(added).text.coverage.unread == ()


def test_what_is_told_by_the_way_counts_among_the_numbers_that_state_nothing():
    coverage = extract("Notably, the median (Figure 2A) was 7 months, as shown in Figures 3 and 4.").coverage
    assert (coverage.numbers, coverage.stated, coverage.aside) == (4, 1, 3)


def test_a_sentence_may_begin_without_a_space():
    glued = extract("The 12 men were like others.Patients were seen (n = 40).")
    assert [glued.sentence(s) for s in glued.statements][-1] == "Patients were seen (n = 40)."
    assert len(glued.passages) == 2


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("A complete response occurred in 4, 4, and 7 patients.", ["4", "4", "7 patients"]),
        ("They were randomised: 86 to placebo and 84 to the drug.", ["86 to", "84 to the drug"]),
        ("Rates were 38% (95% CI, 30% to 45%) and 31% (26% to 35%).", ["38% (95% CI, 30% to 45%)", "31% (26% to 35%)"]),
        (
            "Hazard ratios were 0.61 (95% CI, 0.50 to 0.74) for PFS and 0.70 (0.59 to 0.83) for OS.",
            ["Hazard ratios were 0.61 (95% CI, 0.50 to 0.74)", "0.70 (0.59 to 0.83)"],
        ),
        (
            "The medians were 9.3 (95% CI: 8.6-10) months and 16.3 (95% CI: 14.5-18.2) months.",
            ["9.3 (95% CI: 8.6-10) months", "16.3 (95% CI: 14.5-18.2) months"],
        ),
    ],
)
def test_each_of_a_list_is_read(text, quotes):
    assert [s.quote for s in extract(text).statements] == quotes


def test_a_head_of_plain_text_set_in_columns():
    text = """Key results
                            Drug (n=40)       Placebo (n=20)
Median PFS, months (95% CI)     7.8 (4.1-9.6)     5.9 (4.4-7.3)
Responders, n (%)               10 (25)           1 (5)
"""
    found = extract(text)
    assert [s.kind for s in found.statements] == [
        "count",
        "count",
        "median_ci",
        "median_ci",
        "table_cell",
        "table_cell",
    ]


def test_a_median_beside_a_column_of_ratios_is_none():
    text = "TABLE 2. Survival\n\nGroup\tMedian OS, months (95% CI)\tHR (95% CI)\nMen\t9.9 (8.7 to 13.0)\t0.97 (0.77 to 1.23)\n"
    assert [s.kind for s in extract(text).statements] == ["median_ci", "hr_ci_p"]


def test_limits_on_the_next_line_are_not_of_the_last_median():
    text = "Number of events 140 295\nMedian (mo) 9.1 20.5\n95% CI (7.8, 11.4) (18.2, 22.9)\n"
    assert check_text(text).problems == []


def test_those_evaluable_are_found_by_their_column():
    text = "Table 1. Events\n\nEvent\tA\tB\tC\nN\t203\t333\t102\nRash\t20 (10)\t33 (10)\t10 (10)\nSkin\t-\t-\t1 (1)\nPain\t1 (<1)\t3 (1)\t1 (1)\n"
    assert check_text(text).problems == []
    assert [s.quantities.n for s in extract(text).statements if s.label == "Pain"] == [1, 3, 1]
