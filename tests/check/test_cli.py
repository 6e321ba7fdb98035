"""``codon12 check`` from the command line: listing, JSON, page, exit codes."""

import json
import re

import polars as pl
import pytest

from codon12.cli import check_folder, main

GOOD = "Of 40 patients, 10 (25%) had a response.\n"
BAD = "Of 40 patients,\n7 (19.5%) died.\n"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["check", *map(str, arguments)])
    return stop.value.code, capsys.readouterr()


@pytest.fixture
def text(tmp_path):
    def write(content, name="a.txt"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_listing_points_at_the_number(capsys, text):
    code, out = run(capsys, text(BAD))
    assert code == 1
    lines = out.out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("error"))
    assert "line 2:1" in lines[at]
    assert lines[at + 1].strip() == "7 (19.5%) died."
    assert lines[at + 2].index("^") == lines[at + 1].index("7 (19")
    assert "no total makes 7 print as 19.5 %" in lines[at + 3]


def test_nothing_wrong_exits_0(capsys, text):
    code, out = run(capsys, text(GOOD))
    assert code == 0
    assert "2 ok" in out.out


def test_json_has_offsets_and_quotes(capsys, text):
    code, out = run(capsys, text(BAD), "--json")
    assert code == 1
    found = json.loads(out.out)["statements"]
    assert all(BAD[f["start"] : f["end"]] == f["quote"] for f in found)
    assert {"id", "kind", "quantities", "denominator", "verdict", "method", "computed", "sentence"} <= set(found[0])


def test_strict_only_and_ignore(capsys, text):
    unlikely = text("It was better (HR, 0.87; 95% CI, 0.561-1.629).")
    assert run(capsys, unlikely)[0] == 0
    assert run(capsys, unlikely, "--strict")[0] == 1
    assert "ok" in run(capsys, text(GOOD), "--only", "ok")[1].out
    assert run(capsys, text(GOOD), "--only", "fine")[0] == 2
    accepted = text("# looked at\n7 (19.5%)  # a known slip\n", "accepted.txt")
    code, out = run(capsys, text(BAD), "--ignore", accepted)
    assert code == 0
    assert "1 accepted" in out.out


def test_a_report_is_taken_at_its_numbers(capsys, text, tmp_path):
    whole = {"endpoint": "os", "statistic": "median", "label": "Median, months", "kind": "time", "level": "all"}
    given = {"variable": None, "category": None, "n": 69, "N": 126, "value": 12.485, "lower": 9.988, "upper": None}
    pl.DataFrame([{"id": "os.median.all"} | whole | given]).write_parquet(tmp_path / "evidence.parquet")
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    path = text("Median overall survival was 12.5 months.\n")
    assert json.loads(run(capsys, path, "--study", tmp_path, "--json")[1].out)["study"]["key_results"] == [
        {"evidence": "os.median.all", "verdict": "agrees", "sentence": "OS, Median: 12.5 (os.median.all)."}
    ]
    assert run(capsys, path, "--study", tmp_path, "--config", tmp_path / "codon12.toml")[0] == 2


def test_nothing_is_compared_with_a_study_whose_data_have_errors(capsys, text, tmp_path):
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01A,TRTSDT,SAFFL\nS,1,A,2024-01-01,Y\nS,2,A,2024-01-01,Y\n")
    rows = "STUDYID,USUBJID,PARAMCD,AVAL,AVALU,CNSR\nS,1,OS,100,DAYS,0\nS,2,OS,200,DAYS,0\n"
    (tmp_path / "adtte.csv").write_text(rows)
    path = text("Two patients (n=2) were enrolled; median overall survival was 3.3 months.\n")
    assert run(capsys, path, "--study", tmp_path)[0] == 0
    (tmp_path / "adtte.csv").write_text(rows + "S,1,PFS,999999,DAYS,0\n")  # 2738 years
    code, out = run(capsys, path, "--study", tmp_path)
    assert (code, out.out) == (2, "")
    assert "1 error in the data leaves no right answer to compare with" in out.err


def test_page_is_self_contained_and_safe(capsys, text, tmp_path):
    page = tmp_path / "check.html"
    run(capsys, text(BAD + "<script>alert(1)</script> 10 (25%) </pre>"), "--html", page)
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html)
    assert 'class="error"' in html
    assert "no total makes 7 print as 19.5 %" in html


def test_two_documents(capsys, text):
    a = text("The median overall survival was 12.5 months (95% CI, 10.0 to 15.1).", "a.txt")
    b = text("The median overall survival was 12.9 months.", "b.txt")
    code, out = run(capsys, a, b)
    assert code == 0
    assert "1 differ" in out.out
    assert run(capsys, a, b, "--strict")[0] == 1
    assert json.loads(run(capsys, a, b, "--json")[1].out)["comparison"][0]["verdict"] == "different"


def test_folder_gives_a_line_a_document(capsys, text, tmp_path):
    text(GOOD, "a.txt")
    text(BAD, "b.md")
    text("", "c.txt")
    code, out = run(capsys, tmp_path, "--json", "--workers", "1")
    assert code == 1
    rows = [json.loads(line) for line in out.out.splitlines()]
    assert [row["file"] for row in rows] == ["a.txt", "b.md", "c.txt"]
    assert "empty" in rows[2]["unread"]


def test_a_document_that_breaks_a_rule_costs_no_other(capsys, text, tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt", "c.txt"):
        text(GOOD, name)
    as_ever = check_folder.judged

    def judged(path, ignore, largest):
        if path.name == "b.txt":
            raise IndexError("beyond")
        return as_ever(path, ignore, largest)

    monkeypatch.setattr(check_folder, "judged", judged)
    code, out = run(capsys, tmp_path, "--json", "--workers", "1")
    assert code == 1
    told = [json.loads(line) for line in out.out.splitlines()]
    assert ["statements" in x for x in told] == [True, False, True]
    assert "b.txt: an unexpected IndexError" in told[1]["unread"]


def test_folder_in_processes(capsys, text, tmp_path):
    for i in range(70):
        text(GOOD if i else BAD, f"{i:03}.txt")
    code, out = run(capsys, tmp_path, "--json", "--workers", "2")
    assert code == 1
    assert len(out.out.splitlines()) == 70


def test_reconstruct(capsys, text):
    code, out = run(capsys, "reconstruct", "strings", "46", "90.5,76.7,96.3", "--json")
    assert code == 0
    assert len(json.loads(out.out)) == 6
    curve = text("TIME,SURVIVAL\n0,1\n1,0.75\n2,0.5\n", "curve.csv")
    below = text("TIME,N\n0,4\n", "below.csv")
    code, out = run(capsys, "reconstruct", "curve", curve, below, "--total-events", "2")
    assert code == 0
    assert out.out.splitlines() == ["AVAL,CNSR", "1.0,0", "2.0,0", "2.0,1", "2.0,1"]


def test_errors_are_said_in_one_line(capsys, tmp_path):
    code, out = run(capsys, tmp_path / "none.txt")
    assert code == 2
    assert out.err.count("\n") == 1
