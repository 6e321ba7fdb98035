"""Short texts of our own in the manner of journals: right ones raise no alarm, wrong ones do; noise changes nothing."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from codon12.check import check_text

TEXTS = [
    json.loads(line)
    for line in Path(__file__).with_name("journal_texts.jsonl").read_text(encoding="utf-8").splitlines()
]
SAMPLE = Path(__file__).resolve().parents[2] / ".." / "shared" / "cases" / "trust" / "check" / "texts.jsonl"


def alarms(text):
    return [(f.verdict, f.statement.quote, f.sentence) for f in check_text(text).problems]


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["id"])
def test_right_texts_are_quiet_and_wrong_ones_are_not(row):
    found = alarms(row["text"])
    assert bool(found) == (row["right"] == "loud"), found


@pytest.mark.skipif(not SAMPLE.is_file(), reason="texts with what is right (../shared/cases/trust) are not here")
def test_the_sample_of_texts_with_what_is_right():
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    wrong = [r["id"] for r in rows if bool(alarms(r["text"])) != (r["right"] == "loud")]
    assert len(rows) > 30
    assert wrong == []


NOISE = {
    "a sentence without numbers": lambda t: "The treatment of this disease remains difficult.\n\n" + t,
    "citations": lambda t: re.sub(r"(?<=[a-z)])\.(?= [A-Z]|$)", " [12].", t),
    "raised citations": lambda t: re.sub(r"(?<=[a-z)])\.(?= [A-Z]|$)", ".³", t),
    "a page header": lambda t: t.replace(". ", ".\nN Engl J Med 2021;384:2371-81.\n", 1) if "|" not in t else t,
    "other dashes": lambda t: t.replace("–", "-"),
    "no-break spaces": lambda t: re.sub(r"(?<=[a-z]) (?=[(\d])", "\u00a0", t),
    "a space before the sign": lambda t: re.sub(r"(?<=\d)%", "\u00a0%", t),
    "double spaces": lambda t: t.replace(". ", ".  "),
    "line ends of Windows": lambda t: t.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("noise", NOISE, ids=lambda name: name)
def test_noise_changes_no_verdict(noise):
    changed = 0
    for row in TEXTS:
        altered = NOISE[noise](row["text"])
        if altered == row["text"]:
            continue
        changed += 1
        before, after = (
            Counter((f.verdict, f.statement.kind) for f in check_text(t).findings) for t in (row["text"], altered)
        )
        assert before == after, row["id"]
    assert changed >= 3
