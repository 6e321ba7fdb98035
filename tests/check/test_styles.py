"""Texts in the styles of registries, meta-analyses, press, meetings, tumour boards; phrases as a reader marks them."""

import pytest

from codon12.check import check_text, extract


def phrases(text):
    found = extract(text).statements
    return [" ".join(text[slice(*(s.phrase or (s.start, s.end)))].split()) for s in found]


def numbers(text):
    return [(s.kind, s.quantities.as_json(s.kind)) for s in extract(text).statements]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "We analysed 1,847 consecutive patients from 34 sites registered between 1 January 2015 and 30 June 2021. "
            "Median age was 67 years (IQR 59–74) and 412/1,847 (22.3%) had an ECOG PS ≥2. Median rwOS was 11.3 (95% CI "
            "10.5–12.2) months, and 24-month survival was 27.1% (95% CI 24.9–29.4). Liver metastases (aHR 1.39 "
            "[1.22–1.58]) were prognostic.",
            [
                "1,847 consecutive patients",
                "34 sites",
                "between 1 January 2015 and 30 June 2021",
                "Median age was 67 years (IQR 59–74)",
                "412/1,847 (22.3%)",
                "≥2",
                "Median rwOS was 11.3 (95% CI 10.5–12.2) months",
                "24-month",
                "27.1% (95% CI 24.9–29.4)",
                "(aHR 1.39 [1.22–1.58])",
            ],
            id="registry",
        ),
        pytest.param(
            "Twelve randomised trials (n=5,904) were included. The pooled ORR was 41.2% (95% CI 36.0%-46.5%; 95% "
            "prediction interval 24.1-60.4%). The risk ratio for grade >=3 toxicity was 1.21 (0.98, 1.49).",
            [
                "Twelve randomised trials",
                "(n=5,904)",
                "41.2% (95% CI 36.0%-46.5%",
                "95% prediction interval 24.1-60.4%",
                "risk ratio for grade >=3 toxicity was 1.21 (0.98, 1.49)",
            ],
            id="meta-analysis",
        ),
        pytest.param(
            "BASEL, 3 June 2024 – Results from a pivotal phase III study showed that it cut the risk of death by 42% "
            "(HR 0.58; 95% CI: 0.45-0.74; p<0.0001). Sales rose to CHF 3.4 billion. Two in five patients responded. "
            "More than 2.2 million people are diagnosed.",
            [
                "3 June 2024",
                "phase III study",
                "42%",
                "(HR 0.58; 95% CI: 0.45-0.74; p<0.0001)",
                "CHF 3.4 billion",
                "Two in five",
                "More than 2.2 million people",
            ],
            id="press",
        ),
        pytest.param(
            "As of 15 Jan 2023, 61 pts were enrolled. Confirmed ORR was 39·3% (24/61; 95% CI, 27·1–52·7), incl 3 CRs. "
            "mDOR 9·7 mo (95% CI, 6·2–NE); mPFS 5·6 mo (4·1–7·4). TRAEs occurred in 27·9% (n = 17) of pts.",
            [
                "15 Jan 2023",
                "61 pts",
                "39·3% (24/61; 95% CI, 27·1–52·7)",
                "3 CRs",
                "9·7 mo (95% CI, 6·2–NE)",
                "5·6 mo (4·1–7·4)",
                "27·9% (n = 17)",
            ],
            id="meeting",
        ),
        pytest.param(
            "Of\u00a046\u00a0responders, 16\u202f(34.8\u2009%) remained; the median was 9.2\u00a0months "
            "(95\u00a0%\u00a0CI,\u00a07.3\u2009–\u200913.3). Survival improved.¹² In 2019,4 the rate was 12%³.",
            [
                "46 responders",
                "16 (34.8 %)",
                "median was 9.2 months (95 % CI, 7.3 – 13.3)",
                "In 2019",
                "rate was 12%",
            ],
            id="spaces and raised figures",
        ),
        pytest.param(
            "Excluded (n = 94): not meeting criteria (n = 61), declined (n = 22), other (n = 11)\n\n"
            "Allocated to A (n = 210): received A (n = 207), did not receive A (n = 3)\n",
            ["(n = 94)", "(n = 61)", "(n = 22)", "(n = 11)", "(n = 210)", "(n = 207)", "(n = 3)"],
            id="flow",
        ),
        pytest.param(
            "Board of 12/03/2023. cT2N1M0, stage IIIA adenocarcinoma, TPS 60%, KRAS p.G12C (VAF 23%). Started at "
            "960 mg QD on 14 April 2023. Sum 41 mm at week 6 (-34%), PR. Continue for 2 cycles, re-stage in 8 weeks.",
            [
                "stage IIIA",
                "60%",
                "23%",
                "960 mg QD",
                "14 April 2023",
                "41 mm",
                "at week 6",
                "34%",
                "2 cycles",
                "8 weeks",
            ],
            id="tumour board",
        ),
        pytest.param(
            "Of 240 women, two hundred and eleven were eligible. Response was 45.3% [95% CI: 37.9, 52.8] vs. 31.0% "
            "[24.4, 38.3] (difference 14.3 percentage points; 95% CI 4.9 to 23.7; p = 0.003). Median OS: NR (95% CI "
            "21.4–NR) vs 18.9 mo (15.2–22.7).",
            [
                "240 women",
                "two hundred and eleven were eligible",
                "45.3% [95% CI: 37.9, 52.8]",
                "31.0% [24.4, 38.3]",
                "14.3 percentage points; 95% CI 4.9 to 23.7",
                "p = 0.003",
                "Median OS: NR (95% CI 21.4–NR)",
                "18.9 mo (15.2–22.7)",
            ],
            id="prose",
        ),
    ],
)
def test_phrases(text, expected):
    assert phrases(text) == expected


def test_decimal_commas():
    text = (
        "Response was 37,5 % (48/128). Median PFS was 6,8 months (95% CI 5,1–8,2), HR 0,71 (95% CI 0,57–0,88; p=0,002)."
    )
    found = dict(numbers(text))
    assert (found["count_percent"]["n"], found["count_percent"]["percent"]) == (48, "37.5")
    assert found["median_ci"]["ci"] == [5.1, 8.2]
    assert found["hr_ci_p"]["ci"] == ["0.57", "0.88"]
    assert not check_text(text).problems
    assert numbers("In 37.5% of 40 patients there were 1,2 of 3.")[0][1]["percent"] == "37.5"


def test_dose_levels_have_their_own_totals():
    text = """Table 2. Dose escalation.

Dose level Dose, mg Treated DLTs ORR, n/N (%)

1 50 3 0 0/3 (0)

2 100 3 1 1/3 (33)

3 200 6 1 (grade 3 ALT increase) 2/6 (33)
"""
    cells = [q for k, q in numbers(text) if k == "table_cell"]
    assert [(q["n"], q["N"], q["percent"]) for q in cells] == [(0, 3, "0"), (1, 3, "33"), (2, 6, "33")]
    assert not check_text(text).problems


def test_short_rows_without_blank_lines_are_a_table():
    rows = "\n".join(f"{name} {n} ({2.5 * n:.1f})" for n, name in enumerate(("Rash", "Itch", "Cough", "Pain") * 6))
    text = f"Table 2. Events.\nEvent - no. (%) Drug (N = 40)\n{rows}\n\nOf the 40 patients, 4 (10%) were lost.\n"
    found = numbers(text)
    assert sum(kind == "table_cell" for kind, _ in found) == 24
    assert found[-1][0] == "count_percent"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("The events were mainly of grade 1 or 2.", "definition", {"range": [1, 2], "unit": "grade"}),
        ("Grades 3 to 4 were frequent.", "definition", {"range": [3, 4], "unit": "grade"}),
        ("Toxicity of grade ≥3 was rare.", "threshold", {"op": ">=", "value": 3, "unit": "grade"}),
        ("Toxicity of grade 3 or higher was rare.", "threshold", {"op": ">=", "value": 3, "unit": "grade"}),
        ("It was given on days 1–21.", "design_number", {"range": [1, 21], "unit": "day"}),
        ("It was given on day 1.", "design_number", {"day": 1}),
        ("It was given in weeks 1, 3 and 5.", "design_number", {"values": [1, 3, 5], "unit": "week"}),
        ("It was given three times per week.", "design_number", {"n": 3}),
        ("Patients were randomly assigned 2:1 to either arm.", "design_number", {"values": [2, 1]}),
        ("It is found in one-fifth of all cancers.", "percent_only", {"percent": "20", "fraction": "1/5"}),
        ("It is found in two thirds of the tumours.", "percent_only", {"percent": "67", "fraction": "2/3"}),
        ("It cost $1.8 billion.", "money", {"value": 1_800_000_000, "unit": "USD"}),
        ("Survival ranged from 8 to 10 months.", "duration", {"range": [8, 10], "unit": "months"}),
        ("Rates ranged from 8% to 10%.", "percent_range", {"range": ["8", "10"], "unit": "%"}),
        ("Expression was high or low (80–100 vs. 1–79%).", "percent_range", {"range": ["80", "100"], "unit": "%"}),
        ("There were no treatment-related adverse events of grade 5.", "count", {"n": 0}),
        ("It has been sought for almost four decades.", "duration", {"value": 4, "unit": "decades"}),
        ("The 95% confidence intervals overlap.", "ci_method_statement", {"level": 95, "ci_method": "unspecified"}),
        ("This is a phase 1/2 single-arm trial.", "trial_phase", {"phase": "1/2"}),
        ("They had stages I to IIIA.", "stage", {"stage": "I-IIIA"}),
        ("They had stage IIIB or IV.", "stage", {"stage": "IIIB,IV"}),
        ("This article was published on June 4, 2021, at a site.", "date", {"date": "2021-06-04"}),
        ("They lived longer (26.7 months versus 12.3 months).", "group_medians_p", {"medians": [26.7, 12.3]}),
    ],
)
def test_one_statement(text, kind, expected):
    found = next(q for k, q in numbers(text) if k == kind)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "There was no significant difference in response.",
        "Columns: Grade 3 events.",
        "It is the first-line and second-line standard.",
        "The mixture was 2:1.",
    ],
)
def test_nothing_is_stated(text):
    assert numbers(text) == []
