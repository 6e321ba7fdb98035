"""Pages: what the patient reads, how hard it is to read, and that hostile text stays text."""

import re
from datetime import date

import msgspec
import pytest

from codon12.match import match_patient, patient_of, profiles_of, shipped_statements
from codon12.match.answer import match_profile
from codon12.match.pages import clinician_page, patient_page, reading_grade
from codon12.match.pages.patient_page import read_messages
from codon12.match.pages.timeline import changes_since, timeline_frame

DAY = date(2021, 9, 1)
RAS_MUTANT = {
    "tumour": {"type": "CRC", "stage": "metastatic"},
    "tests": [{"assay": "panel", "specimen": "tissue", "genes": ["KRAS", "NRAS", "BRAF"], "kinds": ["mutation"], "found": ["KRAS G12D"]}],
    "lines": [],
}  # fmt: skip
LUNG = {
    "tumour": {"type": "NSCLC", "stage": "metastatic"},
    "tests": [{"assay": "panel", "specimen": "tissue", "genes": ["KRAS"], "kinds": ["mutation"], "found": ["KRAS G12C"]}],
    "lines": [{"drugs": ["carboplatin", "pemetrexed"], "outcome": "progression"}],
}  # fmt: skip


def _page(given, *, day=DAY, **options):
    patient = patient_of(given)
    return patient_page(match_patient(patient, as_of=day), profiles_of([patient]), **options)


def test_says_what_the_published_page_says():
    text = _page(RAS_MUTANT, include_drafts=True).text
    assert "drugs that block EGFR work poorly" in text
    assert "should not be used with a change in KRAS, or when it is not known" in text
    assert "for the drug alone, and with chemotherapy" in text
    assert "FOLFOX, CAPOX or FOLFIRI" in text
    assert "with or without bevacizumab" in text
    assert "KRAS and NRAS must be tested before any drug that blocks EGFR" in text


def test_order_of_the_page():
    page = _page(RAS_MUTANT, include_drafts=True)
    say = read_messages()
    wanted = [
        say.gene,
        say.testing,
        say.looked,
        say.found,
        say.meaning,
        say.unknown,
        say.side_effects,
        say.questions,
        say.sources,
    ]
    assert [b.text for b in page.blocks if b.kind == "heading"] == [w["title"] for w in wanted]
    assert page.blocks[-1].text == "This page does not replace your doctor."


@pytest.mark.parametrize(
    "given",
    [
        RAS_MUTANT,
        LUNG,
        {},
        {"tumour": {"type": "CRC"}},
        {"tumour": {"type": "NSCLC", "stage": "metastatic"}, "lines": []},
    ],
)
@pytest.mark.parametrize("drafts", [True, False])
def test_plain_words(given, drafts):
    for day in (date(2020, 6, 1), DAY, date(2026, 6, 1)):
        page = _page(given, day=day, include_drafts=drafts)
        assert page.grade <= 8
        assert "%" not in page.text
        assert "per cent" not in page.text
        assert not re.search(r"wild[- ]?type", page.text, re.IGNORECASE)
        assert "recommend" not in page.text.lower()
        assert not re.search(r"\bgive\b", page.text)


def test_every_shipped_statement_has_plain_words():
    assert set(read_messages().statements) == {s.id for s in shipped_statements().statements}


def test_drafts_are_left_out_and_counted():
    bare, full = _page(RAS_MUTANT), _page(RAS_MUTANT, include_drafts=True)
    assert full.left_out == 0
    assert bare.left_out == sum(b.draft for b in full.blocks) > 0
    assert f"{bare.left_out} texts are not shown here" in bare.text
    assert "does not allow any drug" in bare.text
    assert "cetuximab" not in bare.text.lower()
    assert 'class="draft">draft<' in full.html()


def test_a_bar_is_never_left_out_while_a_support_of_its_drug_stays():
    support = shipped_statements().get("us-fda/crc/sotorasib-panitumumab/kras-g12c")
    review = msgspec.structs.replace(support.review, state="reviewed", by="A", on=DAY)
    statements = tuple(
        msgspec.structs.replace(s, review=review) if s.id == support.id else s for s in shipped_statements().statements
    )
    held = msgspec.structs.replace(shipped_statements(), statements=statements)
    patient = patient_of(
        RAS_MUTANT
        | {
            "tests": [RAS_MUTANT["tests"][0] | {"found": ["KRAS G12C"]}],
            "lines": [{"drugs": ["FOLFOXIRI"], "outcome": "progression"}],
        }
    )
    profile = profiles_of([patient])
    answer = match_profile(profile, subject="p", as_of=date(2026, 6, 1), knowledge=held)
    text = patient_page(answer, profile).text
    assert "Sotorasib with panitumumab is named" in text
    assert "They are not for bowel cancer with a change in KRAS or NRAS" in text


def test_grade_by_hand():
    # 2 sentences, 6 words, syllables the 1 cat 1 runs 1 it 1 is 1 happy 2
    assert reading_grade(["The cat runs.", "It is happy."]) == pytest.approx(0.39 * 3 + 11.8 * 7 / 6 - 15.59)
    assert reading_grade(["Sotorasib"], names=["sotorasib"]) == 0.0


HOSTILE = '<script>alert(1)</script>"=cmd()\u202e\x1b[31m'


def test_hostile_text_stays_text():
    given = LUNG | {"id": HOSTILE, "lines": [{"drugs": [HOSTILE], "outcome": HOSTILE}]}
    given["tests"] = [LUNG["tests"][0] | {"assay": HOSTILE}]
    patient = patient_of(given)
    profile = profiles_of([patient])
    answer = match_patient(patient, as_of=DAY, regimens=[(HOSTILE,)])
    for html in (
        patient_page(answer, profile, include_drafts=True).html(),
        clinician_page(answer, profile, shipped_statements(), since=date(2020, 1, 1), figure=False),
    ):
        assert "<script" not in html
        assert "\x1b" not in html
        assert "\u202e" not in html
        assert "default-src &#39;none&#39;" in html
        assert "http://" not in html
        assert "https://" not in html


def test_clinician_page_draws_reach_and_dates():
    patient = patient_of(LUNG)
    profile = profiles_of([patient])
    html = clinician_page(match_patient(patient, as_of=date(2026, 6, 1)), profile, shipped_statements(), since=DAY)
    assert "<svg" in html
    assert "What changed since 2021-09-01" in html
    assert "not seen" in html
    assert shipped_statements().get("us-fda/nsclc/sotorasib/kras-g12c").hash in html


def test_one_patient_at_three_dates():
    profile = profiles_of([patient_of(LUNG)])
    said = {
        day: {
            (v.name, v.jurisdiction): v.verdict
            for v in match_profile(profile, subject="p", as_of=day).verdicts
            if v.name in ("sotorasib", "adagrasib")
        }
        for day in (date(2021, 5, 21), DAY, date(2026, 6, 1))
    }
    both = ("sotorasib", "US-FDA"), ("adagrasib", "US-FDA"), ("sotorasib", "EU-EMA"), ("adagrasib", "EU-EMA")
    assert [said[date(2021, 5, 21)][k] for k in both] == ["no statement"] * 4
    assert [said[DAY][k] for k in both] == ["supported", "no statement", "no statement", "no statement"]
    assert [said[date(2026, 6, 1)][k] for k in both] == ["supported"] * 4
    frame = timeline_frame(profile, shipped_statements(), as_of=date(2026, 6, 1))
    assert frame["DATE"].unique().sort().to_list() == [
        "2020-06-01",
        "2021-06-01",
        "2022-06-01",
        "2024-07-01",
        "2026-06-01",
    ]
    assert ("sotorasib", "EU-EMA", "no statement", "supported") in changes_since(
        profile, shipped_statements(), since=DAY, as_of=date(2026, 6, 1)
    )


def test_not_supported_is_not_drawn_as_supported():
    """A class of two words would be two classes, and give "not supported" the colour of "supported"."""
    patient = patient_of(LUNG)
    answer = match_patient(patient, as_of=DAY)
    html = clinician_page(answer, profiles_of([patient]), shipped_statements(), since=None, figure=False)
    found = re.findall(r'<a class="([^"]*)" href="#why-[0-9-]+">([a-z ]+)', html)
    assert {text.strip() for _, text in found} >= {"supported", "not supported"}
    assert all(" " not in name and (name == "supported") == (text.strip() == "supported") for name, text in found)


def test_the_clinician_reads_verdicts_first_and_whole():
    """The first verdict is what a text supports; every verdict leads to its reasons; regimens of no text are a line."""
    patient = patient_of(LUNG)
    html = clinician_page(match_patient(patient, as_of=DAY), profiles_of([patient]), shipped_statements(), figure=False)
    heads = re.findall(r'<tr><th scope="row">([^<]+)</th>\s*<td>\s*<(?:a|span)', html)
    assert heads[0] == "sotorasib"
    assert "adagrasib" not in heads
    assert re.search(r"None of them has a statement in force about [^<]*adagrasib", html)
    links, places = re.findall(r'href="#(why[^"]+)"', html), re.findall(r'<details id="(why[^"]+)"', html)
    assert links == places != []
    assert re.search(r"<h2>Profile</h2>\s*<p>tumour NSCLC; ", html)
