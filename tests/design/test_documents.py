"""Protocol text, decision sheets, figures: every number is the computed one."""

import json

import pytest

from codon12.cli import main
from codon12.design import Boundaries, decision, dmc_sheet, protocol_text
from codon12.design.protocol.record import answer
from codon12.errors import DesignError, UsageError

REFERENCE = {
    "n": 105,
    "looks": list(range(25, 96, 10)),
    "success": {"type": "posterior", "rate": 0.23, "threshold": 0.8},
}


@pytest.fixture(name="record", scope="module")
def _record():
    return answer("predictive", REFERENCE, rates=(0.23, 0.38))


def test_decisions_in_words(record):
    b = record.answer.boundaries
    assert decision(b, 55, 12) == "12 of 55: continue; stop at 10 or fewer."
    assert decision(b, 55, 10) == "10 of 55: stop for futility; stop at 10 or fewer."
    assert decision(b, 105, 28) == "28 of 105: success; success at 28 or more."
    both = Boundaries(20, 8, (5, 10), (-1, 1), (5, 11))
    assert decision(both, 5, 5) == "5 of 5: stop for efficacy; stop for efficacy at 5 or more."
    assert decision(both, 10, 3) == "3 of 10: continue; stop at 1 or fewer."
    with pytest.raises(DesignError, match="no look after 12"):
        decision(both, 12, 3)
    with pytest.raises(DesignError, match="not possible"):
        decision(both, 10, 11)


def test_sheet_lists_every_look(record):
    text = dmc_sheet(record).to_markdown()
    assert "After 55 patients: stop at 10 or fewer; continue at 11 or more." in text
    assert "After 105 patients (final): success at 28 or more." in text
    assert record.hash in text
    with pytest.raises(DesignError, match="no boundaries"):
        dmc_sheet(answer("size", {"rate": 0.4, "success": {"type": "interval", "rate": 0.2}}))


def test_protocol_holds_rule_version_and_hash(record, tmp_path):
    document = protocol_text(record)
    text = document.to_markdown()
    for part in (
        "28 or more responses",
        "0.1995",
        "75.02",
        record.version,
        record.hash,
        "The prior of the response rate",
    ):
        assert part in text
    document.save(tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == text
    with pytest.raises(UsageError, match=r"\.md or \.docx"):
        document.save(tmp_path / "a.pdf")


def test_protocol_as_docx(record, tmp_path):
    docx = pytest.importorskip("docx")
    protocol_text(record).save(tmp_path / "a.docx")
    read = docx.Document(str(tmp_path / "a.docx"))
    assert any(record.hash in p.text for p in read.paragraphs)
    assert [c.text for c in read.tables[0].rows[4].cells][:2] == ["55", "10"]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("group-sequential", {"fractions": [0.5, 1.0]}),
        ("toxicity", {"n": 20, "limit": 0.3, "looks": [5, 10]}),
        ("simon-admissible", {"p0": 0.1, "p1": 0.4}),
        ("bop2", {"n": 20, "p0": 0.2, "p1": 0.5, "looks": [10]}),
    ],
)
def test_any_design_has_a_protocol_section(kind, arguments):
    assert "Source" in protocol_text(answer(kind, arguments)).to_markdown()


def run(*arguments):
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    return done.value.code


def test_command_line(record, tmp_path, capsys):
    file = tmp_path / "a.json"
    record.save(file)
    assert run("design", "sheet", str(file), "--at", "12/55", "--json") == 0
    assert json.loads(capsys.readouterr().out)["decision"] == "12 of 55: continue; stop at 10 or fewer."
    assert run("design", "protocol", str(file), "-o", str(tmp_path / "p.md")) == 0
    assert "0.6383" in (tmp_path / "p.md").read_text(encoding="utf-8")
    for what in ("boundary", "curves"):
        assert run("design", "plot", str(file), "--what", what, "-o", str(tmp_path / f"{what}.svg")) == 0
        assert (tmp_path / f"{what}.svg").read_text(encoding="utf-8").startswith("<svg")
    saved = json.loads(file.read_text())
    saved["results"]["boundaries"]["success_at_least"] = 27
    file.write_text(json.dumps(saved))
    assert run("design", "protocol", str(file)) == 2
    assert "does not hold any more" in capsys.readouterr().err


def test_the_protocol_of_a_group_sequential_design_names_what_its_bounds_come_from():
    question = {"fractions": [0.5, 1], "spending": "hsd(-4)", "futility": "hsd(-2)"}
    text = protocol_text(answer("group-sequential", question)).to_markdown()
    assert "- The type I error is spent by the function hwang-shih-decani(-4)." in text
    assert "- The type II error is spent by the function hwang-shih-decani(-2)." in text
    shaped = protocol_text(answer("group-sequential", {"fractions": [0.5, 1], "shape": "pocock"})).to_markdown()
    assert "- The efficacy bounds have the shape pocock." in shaped


def test_only_bounds_are_headed_so():
    sized = protocol_text(answer("survival", {"median_control": 6, "hazard_ratio": 0.6, "accrual": 9, "follow_up": 9}))
    assert "## Results" in sized.to_markdown()
    assert "## Decision boundaries" not in sized.to_markdown()


def test_one_number_is_no_span():
    sheet = dmc_sheet(answer("curtailed", {"n": 10, "least": 3, "p0": 0.1, "p1": 0.3})).to_markdown()
    assert "- After 9 patients: stop at 1 or fewer; stop for efficacy at 3 or more; continue at 2." in sheet
