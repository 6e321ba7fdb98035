"""What a sentence tells by the way, and what print shortens, silences no alarm and raises none."""

import json
import re
from pathlib import Path

import pytest

from codon12.check import check_text

SENTENCES = [
    json.loads(x) for x in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
LOUD, QUIET = (
    [x["text"] for x in SENTENCES if x["right"] == right and "\n" not in x["text"] and "|" not in x["text"]]
    for right in ("loud", "quiet")
)

VERB = re.compile(r" (?=(?:was|were|occurred|received|achieved|died)\b)")
NAMES = re.compile(r"[A-Z]{2}|[A-Z]\w*[A-Z]|[IVX]+\b|P\b|[A-Z][a-z]+ ?['’]s|[^A-Za-z]|[A-Z][a-z]{3,8} [A-Z]")


def opened(words, *, unless="^$"):
    return lambda text: text if NAMES.match(text) or re.search(unless, text) else words + text[0].lower() + text[1:]


def before_the_verb(words):
    return lambda text: VERB.sub(words, text, count=1)


def ended(words):
    return lambda text: text[:-1] + words + "." if text.endswith(".") else text


def replaced(pattern, new):
    return lambda text: re.sub(pattern, new, text)


def at_a_count(words, *, unless="^$"):
    """Where the text says nothing else of the kind, which would tell some from others."""
    return lambda text: (
        text if re.search(unless, text) else re.sub(r"(?<=\d )patients(?= |,)", words.format("patients"), text, count=1)
    )


def continued(text):
    return re.sub(r"\. (?=(?:The|At|Of|All|We|In|She|Eight|Conclusion:|Results:|Findings:) ?)", "; ", text)


GROUPS = r"\b(?:sets?|cohorts?|(?:sub)?groups?|arms?)\b"
"""Words of a text that tells groups apart, in which an age stays where it is."""
WAYS = {
    "notably": opened("Notably, "),
    "at the data cutoff": opened("At the data cutoff, "),
    "as shown": opened("As shown in Table 2, "),
    "a figure": before_the_verb(" (Figure 2A) "),
    "who assessed": before_the_verb(", as assessed by investigators, "),
    "in our series": before_the_verb(" in our series "),
    "however": before_the_verb(", however, "),
    "in contrast": before_the_verb(", in contrast, "),
    "their age": at_a_count("{} (median age, 62 years)", unless=GROUPS),
    "their mean age": at_a_count("{} (mean age 61.2 [SD 8.1] years)", unless=GROUPS),
    "of what age": at_a_count("{} with a median age of 62 years", unless=rf"\bage|old|younger|{GROUPS}"),
    "across": at_a_count("{} across 12 hospitals in Italy", unless="hospital|cent(?:er|re)"),
    "a stage": at_a_count("{} with stage IV melanoma", unless="metasta|patients with|[Ss]tage|disease"),
    "adult": at_a_count("adult {}", unless="[Ee]ligib|enrolled|[Aa]dult"),
    "from where": at_a_count("{} from 12 centres", unless="cent(?:er|re)"),
    "with what": at_a_count("{} with metastatic disease", unless="metasta|patients with|disease"),
    "when": at_a_count("{} treated between May 2015 and June 2018", unless=r"20\d\d|[Ff]ollow|accru"),
    "eligible": at_a_count("eligible {}", unless="[Ee]ligib|enrolled"),
    "consecutive": at_a_count("consecutive {}"),
    "between": opened("Between May 2015 and June 2018, ", unless=r"20\d\d"),
    "continued": continued,
    "a table": ended(" (Table 2)"),
    "as shown behind": ended(", as shown in Figure 1"),
    "found to be": replaced(r" (was|were) (?=\d)", r" \1 found to be "),
    "pts": replaced(r"\bpatients\b", "pts"),
    "mo": replaced(r"(?<=\d )months\b", "mo"),
    "percent": replaced(r"(?<=\d)%(?! (?:CI|confidence|credible)|-)", " percent"),
    "C.I.": replaced(r"\bCI\b", "C.I."),
    "vs.": replaced(r" vs ", " vs. "),
    "bold": replaced(r"(?<![\d.])(\d+(?:\.\d+)?%)", r"**\1**"),
    "a tag": replaced(r"\b([Pp]) ?(?=[=<>])", r"<i>\1</i> "),
    "an entity": replaced(r"(?<=\d)[-–](?=\d)", "&ndash;"),
    "escaped": replaced(r"(?<=\d)%", r"\\%"),
    "people": replaced(r"\bpatients\b", "people"),
    "trial participants": replaced(r"\bparticipants\b", "trial participants"),
    "CI95%": replaced(r"\b95% CI\b[,:]?(?= [\d.−-])", "CI95%"),
    "95 %-CI": replaced(r"\b95% CI\b[,:]?(?= [\d.−-])", "95 %-CI:"),
    "limits apart": replaced(r"(95% CI,? -?[\d.]+) ?(?:to|–|-) ?(-?[\d.]+)(?=\))", r"\1; \2"),
    "limits before": replaced(r"\(95% CI,? (-?[\d.]+ ?(?:to|–|-) ?-?[\d.]+)\)", r"(\1; 95% CI)"),
    "P-value": replaced(r"\bP ?= ?", "P-value: "),
    "out of": replaced(r"(?<=\d) of (?=(?:the )?\d)", " out of "),
    "is": replaced(r"(?<=[a-z]) was(?= \d)", " is"),
    "are": replaced(r"(?<=\d) were(?= [a-z])", " are"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_slip_is_seen_all_the_same(way):
    changed = [(t, WAYS[way](t)) for t in LOUD[::40]]
    assert [b for _, b in changed if not check_text(b).problems] == []
    assert any(a != b for a, b in changed) or way in ("C.I.", "vs.", "mo")


@pytest.mark.parametrize("way", WAYS)
def test_what_is_right_stays_quiet(way):
    assert [b for t in QUIET[::40] if check_text(b := WAYS[way](t)).problems] == []


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_slip_is_seen_all_the_same_in_nearly_every_sentence(way):
    changed = [b for t in LOUD if (b := WAYS[way](t)) != t]
    silent = [b for b in changed if not check_text(b).problems]
    assert len(silent) <= 0.01 * len(changed), silent[:10]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nearly_all_that_is_right_stays_quiet(way):
    changed = [b for t in QUIET if (b := WAYS[way](t)) != t]
    loud = [b for b in changed if check_text(b).problems]
    assert len(loud) <= 0.005 * len(changed), loud[:10]


@pytest.mark.parametrize(
    ("given", "quote"),
    [
        ("Of 40 pts, 12 (35%) responded.", "12 (35%)"),
        ("Of 40 patients (median age, 62 years; range, 64-81), 12 died. None left.", "62 years; range, 64-81"),
        ("Of 40 patients, 12 (**35%**) responded.[^1]", "12 (**35%**)"),
        ("Of 40 patients,^12^ 12 (35%) responded [[4]](#ref4).", "12 (35%)"),
        ("Of 40 patients, 12 (35\\%; $P < 0.05$) responded.", "12 (35\\%"),
        ("Median PFS was 7.0 mo (95% C.I. 7.6-9.1).", "Median PFS was 7.0 mo (95% C.I. 7.6-9.1)"),
        ("Notably, 12 (35%) of 40 patients responded (Figure 2).", "12 (35%) of 40"),
    ],
)
def test_what_is_quoted_is_what_was_printed(given, quote):
    assert quote in [f.statement.quote for f in check_text(given).problems]


def test_what_was_moved_is_told_where_it_stands():
    given = "Of 40 patients (median age, 62 years) from 12 centres, 12 (35%) died. None left."
    told = [f.statement for f in check_text(given).findings]
    assert [given[s.start : s.end] for s in told] == [s.quote for s in told]
    assert "62 years" in [s.quote for s in told]


def test_who_assessed_is_kept_where_two_did():
    text = (
        "The response rate as assessed by investigators was 41%. The response rate as assessed by a central review "
        "committee was 36%."
    )
    assert check_text(text).problems == []


def test_what_is_left_out_moves_nothing():
    """Places are those of the text as printed, however much before them is left out."""
    pointing, plain = ("The methods (Figure 1) were sound. " * 12, "The methods were sound. " * 12)
    for text in LOUD[::25]:
        found = [
            [(f.verdict, f.statement.start - len(x), f.sentence) for f in check_text(x + text).problems]
            for x in (pointing, plain)
        ]
        assert found[0] == found[1], text
