"""Tables as numbered outputs: titles, footnotes, page x of y, a program line, and contents that list every file."""

import io
import re
import zipfile

import polars as pl
import pytest

from codon12.standards.tlf import numbered_tables, write_tlf

pytestmark = pytest.mark.requirement("R-STAN-08")

pytest.importorskip("rtflite")
docx = pytest.importorskip("docx")


@pytest.fixture(scope="module")
def folder(hard_evidence, created, tmp_path_factory):
    place = tmp_path_factory.mktemp("out") / "tlf"
    files = write_tlf(hard_evidence, place, created=created)
    assert {p.rpartition("/")[2] for p in files.values()} == {p.name for p in place.glob("t-*.rtf")}
    return place


def test_every_table_has_number_page_and_program(folder, hard_evidence):
    numbers = [n for n, _, _ in numbered_tables(hard_evidence)]
    assert len(set(numbers)) == len(numbers)
    assert numbers == sorted(numbers, key=lambda n: [int(part) for part in n.split(".")])
    response = next(folder.glob("t-14-2-*-response.rtf")).read_text(encoding="ascii")
    assert re.search(r"Table 14\.2\.\d+  Tumour response", response)
    assert "Program: codon12 " in response
    assert r"Page {\chpgn} of " in response  # without braces the blank would end the control word and be lost
    assert "NUMPAGES" in response
    assert response.count("{") - response.count("\\{") == response.count("}") - response.count("\\}")
    assert list(folder.glob("t-14-1-*-baseline.rtf"))
    assert list(folder.glob("t-14-3-*.rtf"))


def test_contents_list_every_file(folder):
    listed = pl.read_csv(folder / "contents.csv", infer_schema=False, skip_rows=0)
    text = (folder / "contents.csv").read_text(encoding="utf-8")
    for path in folder.glob("t-*.rtf"):
        assert path.name in text
    assert listed.height


def test_the_word_document_counts_its_pages(folder):
    document = docx.Document(folder / "tlf.docx")
    head = document.sections[0].header._element.xml
    assert 'w:instr="PAGE"' in head
    assert 'w:instr="NUMPAGES"' in head
    assert document.sections[0].footer.paragraphs[0].text.startswith("Program: codon12")
    titles = [p.text for p in document.paragraphs if p.text.startswith("Table 14.")]
    assert len(titles) == 2 * len(list(folder.glob("t-*.rtf")))  # in the contents, and above the table


def test_the_same_tables_and_date_give_the_same_bytes(folder, hard_evidence, created, tmp_path):
    write_tlf(hard_evidence, tmp_path / "again", created=created)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    assert zipfile.is_zipfile(io.BytesIO((folder / "tlf.docx").read_bytes()))
