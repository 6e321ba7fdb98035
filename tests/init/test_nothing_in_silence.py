"""What init writes decides nothing in silence: a word for a day of death, a score below a bound, a report beside."""

from codon12.analyses import assemble
from codon12.init import propose
from codon12.records import Study

ROWS = """Pat-Nr;Geschlecht;Alter;Therapiebeginn;Todesdatum;Letzter Kontakt;PD-L1 TPS (%)
P1;w;63,5;03.02.2020;11.12.2020;10.12.2020;60
P2;m;71,2;14.05.2020;;01.03.2022;0
P3;m;58,0;21.07.2020;unbekannt;13.09.2021;10
P4;w;49,9;30.09.2020;15.01.2021;15.01.2021;<1
P5;m;66,1;12.01.2021;;30.11.2022;90
"""


def registry(folder):
    (folder / "register.csv").write_text(ROWS, encoding="utf-8")
    (folder / "codon12.toml").write_text(propose(folder).toml, encoding="utf-8")
    evidence = assemble(Study.open(folder))
    return evidence, {r["id"]: r for r in evidence.numbers.iter_rows(named=True)}


def test_a_word_for_a_day_of_death_is_neither_dead_nor_alive(tmp_path):
    evidence, numbers = registry(tmp_path)
    assert (numbers["os.events.all"]["n"], numbers["os.events.all"]["N"]) == (2, 4)
    told = evidence.frames["findings"].filter(RULE="status-unknown")
    assert told["USUBJID"].to_list() == ["P3"]


def test_a_score_below_a_bound_is_counted(tmp_path):
    _, numbers = registry(tmp_path)
    assert numbers["baseline.pdl1value.lt1.all"]["subjects"] == ["P2", "P4"]


def test_a_report_below_is_no_study(tmp_path):
    registry(tmp_path)
    report = tmp_path / "out"
    report.mkdir()
    for name in ("run.json", "evidence.parquet", "adsl.parquet"):
        (report / name).write_text("{}")
    assert propose(tmp_path).tables[0].file == "register.csv"
    (tmp_path / "register.csv").rename(tmp_path / "register.txt")
    assert propose(tmp_path).tables[0].file == "register.txt"


def test_a_column_that_the_report_reads_by_its_own_name_is_not_called_unused(tmp_path):
    rows = ROWS.replace("Letzter Kontakt;", "Letzter Kontakt;EOSSTT;").replace("2020;60", "2020;ONGOING;60")
    (tmp_path / "register.csv").write_text(rows, encoding="utf-8")
    text = propose(tmp_path).toml
    assert text.index("read under their own names") < text.index("# EOSSTT:")
    assert "EOSSTT" not in text.partition("not used, and why")[2]
