"""Who stayed and who left, arms and their total, those of whom others are, responses together."""

import pytest

from codon12.check import check_text


def verdicts(text, kind):
    return [r.verdict for r in check_text(text).relations if r.kind == kind]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Of 640 participants, 612 completed the study and 28 discontinued.", ["ok"]),
        ("Of 640 participants, 612 completed the study and 48 discontinued.", ["error-if"]),
        ("Of 640 participants, 612 completed the study and 8 discontinued.", []),  # others may have died
        ("Of 640 participants, 612 completed week 12 and 48 discontinued more than once.", []),
        ("Overall, 1,250 patients were screened, 480 were excluded and 870 were randomised.", ["error-if"]),
        ("Overall, 1,250 patients were screened, 380 were excluded and 870 were randomised.", ["ok"]),
        ("Follow-up was complete in 231 of 240 patients (96.3%), and 19 were lost to follow-up.", ["error-if"]),
        ("Follow-up was complete in 231 of 240 patients (96.3%), and 9 were lost to follow-up.", ["ok"]),
    ],
)
def test_nobody_both_completes_and_is_lost(text, verdict):
    assert sorted(set(verdicts(text, "sum"))) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("A total of 240 patients were randomised, 120 to surgery and 130 to observation.", ["error-if"]),
        ("A total of 58 deaths occurred: 31 in the treatment group and 37 in the placebo group.", ["error-if"]),
        ("A total of 58 deaths occurred: 11 in the treatment group and 37 in the placebo group.", ["error-if"]),
        (
            "A total of 240 patients were randomised, 120 to surgery and 130 to observation each week for 3 years.",
            ["error-if"],
        ),
    ],
)
def test_two_arms_are_their_total(text, verdict):
    assert verdicts(text, "sum") == verdict


def test_those_of_whom_are_no_more_than_they_were():
    text = "Of 412 tumours, 118 (28.6%) carried a mutation of the gene, of which {} were p.G12C."
    assert [verdicts(text.format(n), "subset") for n in (31, 131)] == [[], ["error-if"]]
    two = "There were 54 (33%) male and 110 (67%) female patients, of whom 112 (68%) had one operation."
    assert "error-if" not in verdicts(two, "subset")
    assert verdicts("In all, 746 patients were enrolled at 62 centres, of whom 371 had surgery.", "subset") == []
    assert verdicts("Of 746 patients, 62 from the two centres, of whom 371 had surgery.", "subset") == []


def test_the_rate_of_those_who_responded():
    text = "Eighteen of 36 patients responded (CR in 6, PR in 12; ORR {}%)."
    assert [verdicts(text.format(p), "count/percent") for p in (50, 58)] == [["ok"], ["error-if"]]


@pytest.mark.parametrize(("partial", "verdict"), [(20, ["ok"]), (22, ["error-if"])])
def test_complete_and_partial_responses_are_all(partial, verdict):
    assert verdicts(f"The ORR was 40% (24 of 60), with 4 CR and {partial} PR.", "sum") == verdict


def test_disease_control_takes_stable_disease_in():
    text = "Disease control was achieved in {} of 60 patients: 2 complete responses, 12 partial responses and 21 with stable disease."
    assert [verdicts(text.format(n), "sum")[0] for n in (35, 30)] == ["ok", "error-if"]


def test_responses_counted_in_words():
    text = "{} complete responses and 31 partial responses were seen, an overall response rate of 36 of 102 patients."
    assert [verdicts(text.format(n), "sum") for n in ("Five", "Four")] == [["ok"], ["error-if"]]


def test_finer_kinds_of_response_are_not_added_up():
    text = "The ORR was 40% (24 of 60), with 4 CR, 2 very good partial responses and 18 PR."
    assert verdicts(text, "sum") == []
