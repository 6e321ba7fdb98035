"""Workbooks that cannot be opened say why; formulas without a result are told; code pages of East Asia are read."""

import pytest
import xlsxwriter

from codon12.errors import InputError
from codon12.records.readers import ReadOptions, read_table
from codon12.records.readers.formulas import formulas_without_value

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(path, *, value=None, sheet="Data"):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Legend & more")
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, ["ID", "Months", "Days"])
        for i in range(1, 4):
            page.write_string(i, 0, f"P{i}")
            page.write_number(i, 1, i)
            page.write_formula(i, 2, f"=B{i + 1}*30.4375", None, "" if value is None else value * i)
    return path


def read(path):
    return read_table(path, ReadOptions(table="ADSL", sheet="Data"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password; open it"),
        (OLE + b"Workbook", "an old workbook .* rename it to a.xls"),
        (b"Patient,Sex\n1,F\n", "is no workbook; if it is text, name it .csv"),
        (b"PK\x03\x04 and so on", "damaged or cut short .*; copy it again"),
    ],
)
def test_a_workbook_that_cannot_be_opened_says_what_to_do(content, said, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        read(tmp_path / "a.xlsx")
    assert "\n" not in str(raised.value)


def test_half_a_workbook_is_cut_short(tmp_path):
    whole = workbook(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cut short"):
        read(tmp_path / "a.xlsx")


def test_formulas_without_results_are_a_finding(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    assert formulas_without_value(path, "Data") == ["C2", "C3", "C4"]
    assert formulas_without_value(path, "Legend & more") == []
    assert formulas_without_value(path, "Nowhere") == []
    raw = read(path)
    assert raw.frame["Days"].null_count() == 3
    assert [(f.rule, f.value) for f in raw.findings] == [("formula-without-value", "C2")]


def test_formulas_with_results_are_none(tmp_path):
    raw = read(workbook(tmp_path / "a.xlsx", value=30.4375))
    assert raw.frame["Days"].to_list() == ["30.4375", "60.875", "91.3125"]
    assert raw.findings == []


@pytest.mark.parametrize(
    ("text", "page", "encoding"),
    [
        ("患者ID,性別,転帰\n1,男性,死亡\n2,女性,生存\n", "cp932", "cp932"),
        ("カルテ番号,コメント\n1,なし\n", "cp932", "cp932"),
        ("환자번호,성별,사망여부\n1,남,아니오\n", "cp949", "cp949"),
        ("Âge;décès;né\nété;œil;’a’\n", "cp1252", "latin-1"),
        ("Größe;Männlich;ÄÖÜ\nÀÉÈ;ß;ñ\n", "cp1252", "latin-1"),
        ("¿qué?;«sí»;NIÑO\n1;2;3\n", "cp1252", "latin-1"),
    ],
)
def test_code_pages_are_told_apart(text, page, encoding, tmp_path):
    (tmp_path / "a.csv").write_bytes(text.encode(page))
    raw = read_table(tmp_path / "a.csv", ReadOptions(table="ADSL"))
    assert raw.frame.columns[0] == text.replace(";", ",").split(",")[0]
    assert [f.rule for f in raw.findings] == ["text-encoding"]
    assert {"cp932": "Japanese", "cp949": "Korean", "latin-1": "Latin-1"}[encoding] in raw.findings[0].message
