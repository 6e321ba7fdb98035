"""For the editor: coverage, filters, rules explained, comments in Word files, a folder at a glance, standard input."""

import json
import re
import zipfile
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from codon12.check import check_text
from codon12.check.documents.reading import read_document
from codon12.check.showing.annotate import annotate_docx
from codon12.check.showing.page import annotated_page
from codon12.check.showing.rules import RULES, explain
from codon12.cli.check import check
from codon12.errors import InputError, UsageError

WRONG = "A response was seen in 12 of 40 patients (35%); 10 of 40 (25%) progressed."
SOURCE = Path(__file__).resolve().parents[2] / "src" / "codon12" / "check" / "verify"


def run(*arguments, text=None):
    return CliRunner().invoke(
        check, [str(a) for a in arguments], input=text, catch_exceptions=False, standalone_mode=False
    )


def word(path, *paragraphs):
    document = docx.Document()
    for p in paragraphs:
        document.add_paragraph(p)
    table = document.add_table(2, 2)
    for i, row in enumerate((("Event", "Drug (N = 40)"), ("Rash", "9 (35.0)"))):
        for j, words in enumerate(row):
            table.cell(i, j).text = words
    document.save(str(path))
    return path


def test_coverage_adds_up_and_names_what_was_not_read():
    coverage = check_text(
        "Of 40 patients, 10 (25%) responded [12]. The value 7.25 stands alone in cycle 3."
    ).text.coverage
    assert coverage.numbers == coverage.stated + coverage.aside + len(coverage.unread)
    assert coverage.stated == 3
    assert "not read" in coverage.sentence
    assert not coverage.is_poor


def test_a_document_with_much_unread_says_so_at_its_top(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(" ".join(f"of the assay {k}.5 in serum" for k in range(40)), encoding="utf-8")
    result = run(path)
    assert "Much of this document was not read" in result.output
    page = annotated_page(check_text(path.read_text(encoding="utf-8")))
    assert "Much of this document was not read" in page
    assert check_text(path.read_text(encoding="utf-8")).as_json()["coverage"]["much_not_read"] is True


def test_standard_input_is_read():
    result = run("-", "--json", text=WRONG)
    assert json.loads(result.output)["file"] == "standard input"
    assert result.return_value == 1


def test_filters_by_kind_and_verdict(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(WRONG, encoding="utf-8")
    assert "12 of 40 is 30 %" in run(path, "--kind", "count_percent").output
    assert "12 of 40 is 30 %" not in run(path, "--kind", "landmark").output
    with pytest.raises(UsageError, match="no kind"):
        run(path, "--kind", "colour")


def test_every_rule_is_explained():
    used = set()
    for path in SOURCE.rglob("*.py"):
        used |= set(re.findall(r'(?:Check|relate)\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
    assert used
    assert used <= {r.name for r in RULES}
    assert all(r.rule and r.source and r.limits for r in RULES)
    assert run("--explain", "interval").output.count("\n") == 4
    with pytest.raises(UsageError, match="no rule"):
        explain("nothing")


def test_comments_are_written_into_the_word_file(tmp_path):
    source, target = word(tmp_path / "a.docx", WRONG, "Table 1. Events"), tmp_path / "b.docx"
    before = source.read_bytes()
    assert run(source, "--annotate", target).return_value == 1
    comments = [c.text for c in docx.Document(str(target)).comments]
    assert len(comments) == 2
    assert comments[0].startswith("error: 12 of 40 is 30 %")
    assert source.read_bytes() == before
    assert read_document(target) == read_document(source)
    with pytest.raises(UsageError, match="itself"):
        annotate_docx(source, source, check_text(read_document(source)))


def test_a_comment_stands_at_the_words_it_is_about_not_at_the_same_ones_before(tmp_path):
    source, target = tmp_path / "a.docx", tmp_path / "b.docx"
    document = docx.Document()
    document.add_paragraph("Of 40 patients, 10 (25%) responded.")
    wrong = document.add_paragraph("Of 50 patients, ")
    for words in ("10 (25%)", " responded."):
        wrong.add_run(words)
    document.save(str(source))
    assert annotate_docx(source, target, check_text(read_document(source))) == 1
    right, wrong = docx.Document(str(target)).paragraphs
    assert not right._p.xpath("./w:commentRangeStart")
    begin = wrong._p.xpath("./w:commentRangeStart")[0]
    assert begin.getnext().text == "10 (25%)"


def test_damaged_word_files_are_refused_kindly(tmp_path):
    raw = word(tmp_path / "a.docx", WRONG).read_bytes()
    for k in range(40):
        path = tmp_path / "m.docx"
        path.write_bytes(raw[: len(raw) * k // 40])
        with pytest.raises(InputError):
            read_document(path)
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        members = {n: package.read(n) for n in package.namelist()}
    for name in members:
        path = tmp_path / "n.docx"
        with zipfile.ZipFile(path, "w") as out:
            for n, content in members.items():
                out.writestr(n, content[: len(content) // 2] if n == name else content)
        try:
            read_document(path)
        except InputError as err:
            assert "Word file" in str(err)  # noqa: PT017  either it is read or it is refused, never a traceback


def test_a_swollen_word_file_is_stopped_while_inflating(tmp_path):
    path = word(tmp_path / "a.docx", WRONG)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/big.bin", b"0" * 3_000_000)
    with pytest.raises(InputError, match="--largest"):
        read_document(path, largest=1_000_000)
    assert "12 of 40" in read_document(path)


def test_a_folder_as_page_and_table(tmp_path):
    (tmp_path / "good.txt").write_text("Of 40 patients, 10 (25%) responded.", encoding="utf-8")
    (tmp_path / "=bad.txt").write_text(WRONG, encoding="utf-8")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no")
    page, table = tmp_path / "out" / "p.html", tmp_path / "out" / "t.csv"
    page.parent.mkdir()
    run(tmp_path, "--html", page, "--csv", table)
    lines = table.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("'=bad.txt,")
    html = page.read_text(encoding="utf-8")
    assert html.index("=bad.txt") < html.index("good.txt")
    assert "not a readable Word file" in html


def test_the_page_has_problems_by_severity_and_folds_what_agrees():
    text = "Survival was 41.0% (95% CI 45.0 to 60.0). Of 40 patients, 12 of 40 (30%) responded: 3 complete and 9 partial responses, and 12 men (30%) and 28 women (70%)."
    page = annotated_page(check_text(text))
    assert "<details>" in page
    assert "<script" not in page


def test_a_caption_of_html_stands_alone(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<p>Text.</p><table><caption>Table 2. Events</caption><tr><th>Event</th><th>Drug (N = 40)</th></tr>"
        "<tr><td>Rash</td><td>10 (25.0)</td></tr></table>",
        encoding="utf-8",
    )
    text = read_document(path)
    assert text.count("Table 2") == 1
    assert "Table 1" not in text
    assert "Events\nEvent\t" in text


def test_two_curves_are_compared_with_their_reading(tmp_path):
    import math

    paths = []
    for name, hazard in (("a", 0.05), ("b", 0.1)):
        curve, risk = tmp_path / f"{name}.csv", tmp_path / f"{name}_risk.csv"
        rows = "\n".join(f"{t},{math.exp(-hazard * t):.4f}" for t in range(25))
        curve.write_text(f"TIME,SURVIVAL\n{rows}\n", encoding="utf-8")
        at_risk = "\n".join(f"{t},{round(300 * math.exp(-hazard * t))}" for t in (0, 12, 24))
        risk.write_text(f"TIME,N\n{at_risk}\n", encoding="utf-8")
        paths += [curve, risk]
    found = json.loads(run("reconstruct", "compare", *paths, "--json").stdout)
    assert found["lower"] < 0.5 < found["upper"]
    assert abs(found["hazard_ratio"] - 0.5) < 0.06
    assert found["read_low"] <= found["hazard_ratio"] <= found["read_high"]
    assert found["subjects"] == [300, 300]


def test_blank_lines_left_by_the_marks_of_a_document_are_one():
    page = annotated_page(check_text("One.\n \n\n\nOf 40 patients, 10 (25%) responded.\n\nTwo."))
    assert "One.\n\nOf" in page
    assert "\n\nTwo." in page


def test_rows_of_columns_stand_in_letters_of_one_width_and_nothing_is_told_twice():
    text = "Response was seen in 12 of 40 patients.\n\nSubgroup    n    Responders   ORR, %\nMen         24   9            37.5\nWomen       16   3            81.8\nAll         40   12           30.0\n"
    page = annotated_page(check_text(text))
    assert page.count('<span class="row">') + page.count(' row"') > 4
    assert "Response was seen" in page.split('class="row"')[0]
    assert page.count("3 of 16 is 18.75 %, not 81.8 %") == 2  # beside the number and in the list of problems
