"""Texts made to hurt: linear time, no crash, clear errors."""

import json
import random
import re
import time
from pathlib import Path

import pytest

from codon12.check import check_text
from codon12.check.documents.normal import normalise
from codon12.check.documents.reading import read_document
from codon12.errors import InputError

PATTERNS = {
    "digits": lambda n: "1" * n,
    "digits and commas": lambda n: "1," * (n // 2),
    "points": lambda n: "." * n,
    "hyphens over lines": lambda n: "a-\n" * (n // 3),
    "brackets": lambda n: "(" * n,
    "spaces": lambda n: "5" + " " * n + "5",
    "percentages": lambda n: "12%" * (n // 3),
    "counts": lambda n: "12 (30%) " * (n // 9),
    "intervals": lambda n: "95% CI " * (n // 7),
    "medians": lambda n: "The median overall survival was 3.1 months (95% CI, 2.1 to 5.2). " * (n // 65),
    "reference marks": lambda n: "a.1," * (n // 4),
    "one reference mark": lambda n: "x." + "1," * (n // 2),
    "zero width": lambda n: "1\u200b" * (n // 2),
    "right to left": lambda n: "\u202e12 (30%)\u202c " * (n // 12),
    "mail": lambda n: "a." * (n // 2) + "@",
    "number words": lambda n: "twenty " * (n // 7),
    "table": lambda n: "Table 1. X\n\n" + "Row 10 (25.0) 1 (5.0)\n\n" * (n // 24),
    "pipes": lambda n: ("| " + "1 (2) | " * 20 + "\n") * (n // 160),
    "P values": lambda n: "P = 0.02, " * (n // 10),
    "empty lines": lambda n: "\n" * n,
    "lines of dashes": lambda n: "-\n.." * (n // 4),
    "figures in brackets": lambda n: " (as shown in Figure 2A" * (n // 23),
    "square brackets": lambda n: " [a %] [b" * (n // 9),
    "one follow-up": lambda n: "After a median follow-up of " + "1." * (n // 2),
    "reviewers": lambda n: " assessed by " + "blinded " * (n // 8),
    "populations": lambda n: " ".join(f"Of {i + 50} patients {i % 40 + 3} (7.1%) left." for i in range(n // 35)),
}


def seconds(text):
    start = time.process_time()
    check_text(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", PATTERNS)
def test_time_grows_with_the_length(name):
    make, tried = PATTERNS[name], []
    for _ in range(3):  # what grows faster does so every time; a busy machine does not
        short, long = seconds(make(2_000)), seconds(make(8_000))
        tried.append((short, long))
        if long < 4 * max(short, 0.1) * 2.5:
            return
    pytest.fail(f"four times the text takes {tried}")


@pytest.mark.parametrize(
    "piece",
    ["We saw 14 768 patients there. ", "\n", "-\n..", " [a %]", "(", ", however, a", "7 mo ", "12/40 patients "],
)
def test_one_spelling_is_found_in_time(piece):
    start = time.process_time()
    normalise(piece * (150_000 // len(piece)))
    assert time.process_time() - start < 2


def test_directions_and_invisible_signs_do_not_hide_a_number():
    plain = check_text("Of 46 patients, 16 of 46 (39.0%) stayed.")
    hidden = check_text("Of 46 patients, 1\u200b6 of \u202a46\u202c (39\u200d.0\u2060%) stayed.")
    assert [f.verdict for f in plain.findings] == [f.verdict for f in hidden.findings]
    assert "error" in [f.verdict for f in hidden.findings]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ufeff", "\ud7ff" * 50, "\u202e" * 1000, "%" * 500, "95% CI", "(95% CI, ", "n =", "P <"]
)
def test_fragments_do_not_crash(text):
    check_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "We needed 000 000 clusters of 0 patients each (0 patients in all).",
        "The mean number of brain metastases was 3.5 (SD 0.2) in 99999999999999 patients.",
        "Table 4. Events (n = 88)\n\n| Event | All grades |\n|---|---|\n| Rash | 99999999999999 (5.7) |\n",
    ],
)
def test_noughts_and_huge_numbers_stop_nothing(text):
    start = time.process_time()
    check_text(text)
    assert time.process_time() - start < 2


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PUT = (
    "0",
    "0.0",
    "1",
    "-3",
    "9" * 30,
    "99999999999999",
    "1e9",
    "00",
    "12.",
    ".5",
    "1.2.3",
    "½",
    "²",
    "zero",
    "a hundred and four",
    "",
)
_SIGNS = ("(", ")", "%", "\0", "\x1c", "-", " of ", "\n")


def test_no_changed_sentence_stops_the_check():
    told = (Path(__file__).parents[1] / "check" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    pick = random.Random(12)
    for line in pick.sample(told[:4000], 150):
        text = json.loads(line)["text"]
        for _ in range(pick.randint(1, 3)):
            numbers = list(_NUMBER.finditer(text))
            if numbers:
                m = pick.choice(numbers)
                put = pick.choice([*_PUT, pick.choice(numbers)[0]])
                text = text[: m.start()] + put + text[m.end() :]
            at = pick.randrange(len(text) + 1)
            text = text[:at] + pick.choice(["", pick.choice(_SIGNS)]) + text[at + pick.randint(0, 1) :]
        try:
            check_text(text)
        except Exception as e:  # noqa: BLE001  whatever it is, the text is wanted
            pytest.fail(f"{e!r} for {text!r}")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\x7fELF\x00\x01\x02" * 30, "binary"),
        ("a.txt", b"%PDF-1.7 something", "binary"),
        ("a.txt", b"   \n\n ", "no text"),
        ("a.pdf", b"this is no PDF at all", "not a readable PDF"),
        ("a.docx", b"this is no Word file", "not a readable Word file"),
        ("a.xyz", b"text", "is not read"),
    ],
)
def test_unreadable_files_say_why(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_document(path)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_document(tmp_path / "none.txt")


@pytest.mark.slow
def test_ten_megabytes_on_one_line():
    sentence = "Of the 124 patients, 46 (37.1%) had a response and the rest of them had none at all, as was expected. "
    text = sentence * (10_000_000 // len(sentence))
    start = time.process_time()
    report = check_text(text)
    assert len(report.findings) > 150_000
    assert not report.problems
    assert time.process_time() - start < 240
