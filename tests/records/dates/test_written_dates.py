"""Dates as hospitals write them, headings below a title, and death by its date: what a registry says in codon12.toml."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import ConfigError, InputError
from codon12.records import Study
from codon12.records.dates.written import check_format, iso_dates, with_days

DAYS = st.dates(min_value=dt.date(1907, 1, 1), max_value=dt.date(2199, 12, 31))


def read(texts, *formats):
    return pl.DataFrame({"D": texts}, schema={"D": pl.String}).select(iso_dates(pl.col("D"), formats))["D"].to_list()


@pytest.mark.parametrize(
    ("text", "formats", "iso"),
    [
        ("29.11.2021", ["%d.%m.%Y"], "2021-11-29"),
        ("9.1.2021", ["%d.%m.%Y"], "2021-01-09"),
        ("11/29/2021", ["%m/%d/%Y"], "2021-11-29"),
        ("29/11/2021", ["%m/%d/%Y"], None),
        ("29 Nov 2021", ["%d %b %Y"], "2021-11-29"),
        ("29NOV2021", ["%d%b%Y"], "2021-11-29"),
        ("29.11.2021 14:30", ["%d.%m.%Y %H:%M"], "2021-11-29"),
        ("29.11.2021 14:30", ["%d.%m.%Y"], "2021-11-29"),
        ("11/29/2021 12:00:00 AM", ["%m/%d/%Y"], "2021-11-29"),  # as databases export a day
        ("29 Nov 2021 00:00", ["%d %b %Y"], "2021-11-29"),
        ("July 4, 2021", ["%b %d, %Y"], "2021-07-04"),
        ("29.11.21", ["%d.%m.%y"], "2021-11-29"),
        ("29.11.21", ["%d.%m.%Y"], None),  # a year 21 is a slip of the pen
        ("11/2021", ["%m/%Y"], "2021-11"),
        ("13/2021", ["%m/%Y"], None),
        ("2021", ["%Y"], "2021"),
        ("44529", ["excel"], "2021-11-29"),
        ("44529.75", ["excel"], "2021-11-29"),
        ("43067", ["excel1904"], "2021-11-29"),
        ("60", ["excel"], None),
        ("1975", ["excel"], None),  # a year, or a day of 1905
        ("1975", ["%d.%m.%Y"], "1975"),
        ("1e9", ["excel"], None),
        ("44529", ["%d.%m.%Y"], None),
        ("2021-11-29", ["%d.%m.%Y"], "2021-11-29"),
        ("2021-11-29T10:00:00", ["excel"], "2021-11-29T10:00:00"),
        ("31.02.2021", ["%d.%m.%Y"], None),
        ("29/04/2021", ["%d/%m/%Y", "%m/%d/%Y"], "2021-04-29"),
        ("03/04/2021", ["%d/%m/%Y", "%m/%d/%Y"], None),  # either order: never guessed
        ("04/04/2021", ["%d/%m/%Y", "%m/%d/%Y"], "2021-04-04"),
        ("29.11.2021", ["excel", "%d.%m.%Y"], "2021-11-29"),
        (None, ["%d.%m.%Y"], None),
    ],
)
def test_a_date_is_read_by_its_format(text, formats, iso):
    assert read([text], *formats) == [iso]


@settings(deadline=None, max_examples=30)
@given(st.lists(DAYS, min_size=1, max_size=20))
def test_what_a_format_writes_it_reads(days):
    iso = [day.isoformat() for day in days]
    for form in ("%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y"):
        assert read([day.strftime(form) for day in days], form) == iso
    assert read([str((day - dt.date(1899, 12, 30)).days) for day in days], "excel") == iso


@pytest.mark.parametrize("form", ["%d.%m", "%d %Y", "%q.%Y", "dd.mm.yyyy", ""])
def test_a_format_without_a_date_is_refused(form):
    with pytest.raises(ConfigError, match="is no format of dates"):
        check_format(form, where="codon12.toml")


CONFIG = """format = "tables"
[tables.ADSL]
file = "{file}"
header = 3
columns = {{ USUBJID = "Pat", TRTSDT = "Beginn", DTHDT = "Tod" }}
dates = {{ Beginn = "%d.%m.%Y", Tod = ["%d.%m.%Y", "excel"], "Letzter Kontakt" = "%d.%m.%Y" }}
[tables.ADSL.times.OS]
time = 'COALESCE("Tod", "Letzter Kontakt") - "Beginn" + 1'
status = "Tod"
dated = "event"
unit = "days"
"""
ROWS = [
    ["Pat", "Beginn", "Tod", "Letzter Kontakt"],
    ["A", "01.02.2021", "11.02.2021", "10.02.2021"],
    ["B", "01.02.2021", "", "28.02.2021"],
    ["C", "01.02.2021", "unbekannt", "28.02.2021"],
    ["D", "01.02.2021", "44238", ""],
]


def csv(folder):
    lines = ["Register Lunge;;;", ";;;", *(";".join(row) for row in ROWS)]
    (folder / "r.csv").write_text("\n".join(lines) + "\n")
    return "r.csv"


def xlsx(folder):
    import xlsxwriter

    book = xlsxwriter.Workbook(folder / "r.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Register Lunge")
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            if cell:
                sheet.write(i + 2, j, int(cell) if cell.isdigit() else cell)
    book.close()
    return "r.xlsx"


@pytest.mark.parametrize("write", [csv, xlsx])
def test_a_registry_below_a_title_with_german_dates(tmp_path, write):
    (tmp_path / "codon12.toml").write_text(CONFIG.format(file=write(tmp_path)))
    study = Study.open(tmp_path)
    times = study.table("ADTTE").sort("USUBJID")
    assert times.select("USUBJID", "AVAL", "CNSR").rows() == [
        ("A", 11.0, 0),
        ("B", 28.0, 1),
        ("C", None, None),  # whether C died nobody can tell from "unbekannt": neither dead nor alive
        ("D", 11.0, 0),
    ]
    assert study.table("ADSL")["DTHDT"].to_list() == [dt.date(2021, 2, 11), None, None, dt.date(2021, 2, 11)]
    found = study.findings.filter(RULE="not-a-date")
    assert (3, "Tod", "unbekannt") in found.select("ROW", "VARIABLE", "VALUE").rows()
    left = study.findings.filter(RULE="status-unknown")
    assert left.select("ROW", "USUBJID", "VALUE").rows() == [(3, "C", "unbekannt")]


def test_a_status_that_is_no_date_is_neither_dead_nor_alive(tmp_path):
    (tmp_path / "r.csv").write_text("Pat,days,Tod\nA,10,2021-02-11\nB,12,\nC,14,maybe\n")
    (tmp_path / "codon12.toml").write_text(
        '[tables.ADSL]\nfile = "r.csv"\ncolumns = { USUBJID = "Pat" }\n'
        '[tables.ADSL.times.OS]\ntime = "days"\nstatus = "Tod"\ndated = "event"\nunit = "days"\n'
    )
    study = Study.open(tmp_path)
    assert study.table("ADTTE").sort("USUBJID")["CNSR"].to_list() == [0, 1, None]
    assert study.findings.filter(RULE="status-unknown")["VALUE"].to_list() == ["maybe"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('dates = { Tot = "%d.%m.%Y" }', "no column 'Tot'"),
        ('dates = { Tod = "TT.MM.JJJJ" }', "is no format of dates"),
        ("header = 0", "counted from 1"),
        ('times.OS = { time = "days", status = "Tod", dated = "event", event = ["x"], unit = "days" }', "'dated'"),
    ],
)
def test_what_cannot_stand_names_the_key(tmp_path, line, says):
    (tmp_path / "r.csv").write_text("Pat,days,Tod\nA,10,2021-02-11\n")
    (tmp_path / "codon12.toml").write_text(f'[tables.ADSL]\nfile = "r.csv"\ncolumns = {{ USUBJID = "Pat" }}\n{line}\n')
    with pytest.raises(ConfigError, match=says):
        Study.open(tmp_path)


def test_headings_below_the_end_are_an_error(tmp_path):
    config = '[tables.ADSL]\nfile = "{}"\nheader = 40\ncolumns = {{ USUBJID = "Pat" }}\n'
    for write in (csv, xlsx):
        (tmp_path / "codon12.toml").write_text(config.format(write(tmp_path)))
        with pytest.raises(InputError):
            Study.open(tmp_path)


def test_a_file_that_names_its_columns_has_no_line_of_headings(tmp_path):
    pl.DataFrame({"Pat": ["A"]}).write_parquet(tmp_path / "r.parquet")
    (tmp_path / "codon12.toml").write_text(
        '[tables.ADSL]\nfile = "r.parquet"\nheader = 2\ncolumns = { USUBJID = "Pat" }\n'
    )
    with pytest.raises(InputError, match="leave out 'header'"):
        Study.open(tmp_path)


@pytest.mark.parametrize(
    ("day", "given"),
    [("first", "2024-02-01"), ("middle", "2024-02-15"), ("last", "2024-02-29")],
)
def test_a_month_has_the_day_that_is_named_and_other_dates_stay(day, given):
    rows = pl.DataFrame({"D": ["2024-02", "2024-03-09", "2024", None], "SRCROW": [1, 2, 3, 4]})
    read, found = with_days(rows, {"D": day}, table="ADSL", file="a.csv", where="codon12.toml")
    assert read["D"].to_list() == [given, "2024-03-09", "2024", None]
    assert found.select("RULE", "SEVERITY", "VARIABLE", "VALUE").rows() == [("day-assumed", "warning", "D", day)]


def test_no_month_alone_is_no_finding_and_an_unknown_column_an_error():
    rows = pl.DataFrame({"D": ["2024-03-09"], "SRCROW": [1]})
    assert with_days(rows, {"D": "last"}, table="ADSL", file="a.csv", where="w")[1].is_empty()
    with pytest.raises(ConfigError, match=r"w.days: the file has no column 'E'; it has D"):
        with_days(rows, {"E": "last"}, table="ADSL", file="a.csv", where="w")
