"""Tables that say of a patient more than once who it is, and days of entry after time zero: told, laid out, asked."""

import board_wards
import pytest
from test_wards import median, plain, survival, used

from codon12.analyses import assemble
from codon12.init import propose, write_proposal
from codon12.records import Study

HEAD = "Patient;Sex;Age;Treatment start;Date of death;Last contact"


def opened(home, rows, head=HEAD):
    (home / "a.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    belief = propose(home)
    write_proposal(belief.toml, home / "codon12.toml")
    return belief, Study.open(home)


def rules(study):
    return sorted(study.findings["RULE"])


def test_equal_rows_count_once_and_are_told(tmp_path):
    rows = ["P1;F;61;2020-01-05;;2021-03-01", "P2;M;62;2020-02-05;2020-09-01;2020-09-01"]
    belief, study = opened(tmp_path, [*rows, rows[0]])
    assert belief.tables[0].table == "ADSL"
    assert study.table("ADSL")["USUBJID"].to_list() == ["P1", "P2"]
    assert study.findings.select("ROW", "USUBJID", "RULE").rows() == [(3, "P1", "subject-row-repeated")]
    assert study.accounting.select("ROWS_READ", "ROWS_USED", "ROWS_EXPLAINED").row(0) == (3, 2, 1)
    assert survival(tmp_path)[:2] == (2, 1)


def test_the_latest_visit_says_when_somebody_was_last_alive(tmp_path):
    head = f"{HEAD};Visit date;ECOG"
    rows = [
        "P1;F;61;2020-01-05;;2020-03-01;2020-03-01;0",
        "P1;F;61;2020-01-05;;2021-03-01;2021-03-01;1",
        "P2;M;62;2020-02-05;2020-09-01;2020-09-01;2020-05-01;1",
        "P2;M;62;2020-02-05;2020-09-01;2020-09-01;2020-08-01;1",
    ]
    for order in (rows, rows[::-1]):
        belief, study = opened(tmp_path, order, head)
        assert 'pick = "last"' in belief.toml
        assert used(belief).get("ECOG") is None  # which of the two counts is not clear
        assert study.table("ADSL").select("USUBJID", "LSTALVDT").rows()[0][1].isoformat() in (
            "2021-03-01",
            "2020-09-01",
        )
        assert sorted(str(d) for d in study.table("ADSL")["LSTALVDT"]) == ["2020-09-01", "2021-03-01"]
        assert rules(study).count("subject-row-not-used") == 2
        assert survival(tmp_path)[:2] == (2, 1)


def test_nobody_rises_from_the_dead_by_a_later_row(tmp_path):
    head = f"{HEAD};Status;Visit date"
    rows = [
        "P1;F;61;2020-01-05;;2020-03-01;dead;2020-03-01",
        "P1;F;61;2020-01-05;;2021-03-01;alive;2021-03-01",
        "P2;M;62;2020-02-05;;2020-09-01;alive;2020-05-01",
        "P2;M;62;2020-02-05;;2020-09-01;alive;2020-08-01",
    ]
    belief, _ = opened(tmp_path, rows, head)
    assert used(belief).get("Status") is None
    assert "the rows of a patient differ in it" in belief.toml
    assert survival(tmp_path) is None


def test_a_row_a_treatment_without_its_number_is_read_by_its_first(tmp_path):
    head = f"{HEAD};Drug"
    rows = [
        "P1;F;61;2020-06-05;;2021-03-01;B",
        "P1;F;61;2020-01-05;;2021-03-01;A",
        "P2;M;62;2020-02-05;2020-09-01;2020-09-01;A",
        "P2;M;62;2020-04-05;2020-09-01;2020-09-01;C",
    ]
    belief, study = opened(tmp_path, rows, head)
    assert 'pick = "first"' in belief.toml
    assert study.table("ADSL").select("USUBJID", "DRUG_TYPE").rows() == [("P1", "A"), ("P2", "A")]


def test_rows_that_differ_without_a_choice_name_the_way_on(tmp_path):
    rows = ["P1;2020-01-05;2020-03-01", "P1;2020-01-05;2021-03-01"]
    (tmp_path / "a.csv").write_text("\n".join(["id;start;last", *rows]) + "\n")
    mapping = '[tables.ADSL]\nfile = "a.csv"\n[tables.ADSL.columns]\nUSUBJID = "id"\nTRTSDT = "start"\n'
    (tmp_path / "codon12.toml").write_text('format = "tables"\n' + mapping)
    with pytest.raises(Exception, match=r'pick = "last", order ='):
        assemble(Study.open(tmp_path))


CONSENT = f"{HEAD};Date of consent"
LATE = (
    "P1;F;61;2020-01-01;2020-01-11;2020-01-11;2020-01-05",
    "P2;M;62;2020-01-01;2020-01-21;2020-01-21;2019-12-30",
    "P3;M;63;2020-01-01;2020-01-31;2020-01-31;2020-01-20",
)


def test_a_day_of_entry_after_time_zero_is_told_and_proposed(tmp_path):
    belief, study = opened(tmp_path, LATE, CONSENT)
    told = study.findings.filter(RULE="late-entry-not-read").row(0, named=True)
    assert (told["SEVERITY"], told["VARIABLE"]) == ("warning", "Date of consent")
    assert "in 2 of 3 patients" in told["MESSAGE"]
    line = '# entry = "\\"Date of consent\\" - \\"Treatment start\\""'
    assert line in belief.toml
    assert assemble(study).numbers.filter(id="os.median.all")["value"][0] == pytest.approx(21 / 30.4375)
    # switched on: on day 11 P1 dies of P1 and P2 (P3 is at risk from day 19), so half are alive until day 21
    (tmp_path / "codon12.toml").write_text(belief.toml.replace(line, line.removeprefix("# ")))
    study = Study.open(tmp_path)
    assert "late-entry-not-read" not in rules(study)
    assert assemble(study).numbers.filter(id="os.median.all")["value"][0] == pytest.approx((11 + 21) / 2 / 30.4375)


def test_a_time_to_sequencing_of_a_portal_study_is_proposed(tmp_path):
    head = "PATIENT_ID\tOS_MONTHS\tOS_STATUS\tSEQ_MONTHS\n"
    (tmp_path / "data_clinical_patient.txt").write_text(f"{head}A\t3\t1:DECEASED\t1\nB\t9\t0:LIVING\t2\n")
    toml = propose(tmp_path).toml
    assert '# [tables.PATIENT.times.OS]\n# time = "OS_MONTHS"' in toml
    assert '# entry = "SEQ_MONTHS"' in toml


@pytest.mark.parametrize(
    ("heading", "cells", "severity"),
    [
        ("Einschluss Register", ("05.01.2020", "30.12.2019", "20.01.2020"), "warning"),
        ("Fecha de inclusión", ("2020-01-05", "2019-12-30", "2020-01-20"), "warning"),
        ("touroku bi", ("2020-01-05", "2019-12-30", "2020-01-20"), "warning"),
        ("First visit here", ("2020-01-05", "2019-12-30", "2020-01-20"), "warning"),
        ("Days to sequencing", ("4", "0", "19"), "warning"),
        ("Date of consent", ("2020-01-01", "2019-12-30", "2019-12-24"), None),
        ("Date of data entry", ("2020-01-05", "2020-12-30", "2020-01-20"), None),
        ("Second biopsy", ("2020-01-05", "2020-12-30", "2020-01-20"), None),
    ],
)
def test_which_headings_may_be_the_day_of_entry(heading, cells, severity, tmp_path):
    rows = [f"{row.rpartition(';')[0]};{cell}" for row, cell in zip(LATE, cells, strict=True)]
    _, study = opened(tmp_path, rows, f"{HEAD};{heading}")
    told = study.findings.filter(RULE="late-entry-not-read")
    assert told["SEVERITY"].to_list() == ([] if severity is None else [severity])


def test_a_heading_made_of_words_for_dates_is_read_over_serial_numbers(tmp_path):
    rows = [f"P{i};F;6{i};4383{i};4400{i};4410{i};4386{i}" for i in range(6)]
    belief, study = opened(tmp_path, rows, "Patient;Sex;Age;Date of C1D1;Date diag.;Date last seen;Date consentement")
    assert used(belief) | {"Date of C1D1": "TRTSDT", "Date diag.": "DIAGDT", "Date last seen": "LSTALVDT"} == used(
        belief
    )
    assert '"Date consentement" = "excel"' in belief.toml
    assert str(study.table("ADSL")["DIAGDT"][0]) == "2020-06-18"


def test_a_table_of_patients_without_a_known_key_asks_for_it(tmp_path):
    rows = [f"Z{i};F;6{i};2020-01-05;;2021-03-0{n}" for i in (1, 2, 3, 4) for n in (1, 2, 3)]
    (tmp_path / "a.csv").write_text("\n".join([HEAD.replace("Patient", "Zzz"), *rows]) + "\n")
    asked = next(q for q in propose(tmp_path).questions if q.key.startswith("key:"))
    assert asked.choices[0] == "Zzz"
    belief = propose(tmp_path, answers={asked.key: "Zzz"})
    assert belief.tables[0].table == "ADSL"


def test_a_bare_start_beside_the_treatment_is_its_start(tmp_path):
    rows = ["P1;F;61;A;2020-01-15;;2021-03-01", "P2;M;62;B;2020-02-25;2020-09-01;2020-09-01"]
    head = "Patient;Sex;Age;{};{};Date of death;Last contact"
    assert used(opened(tmp_path, rows, head.format("Drug", "Inicio"))[0])["Inicio"] == "TRTSDT"
    assert "Inicio" not in used(opened(tmp_path, rows, head.format("Ward", "Inicio"))[0])


SIZES = "Patient;Scan date;Lesion;Size (mm)\n" + "".join(
    f"P{i};2020-0{m}-01;L1;{30 - m}\n" for i in (1, 2, 3) for m in (1, 3, 5)
)


def test_progression_and_response_as_told_go_before_sizes_alone(tmp_path):
    (tmp_path / "b.csv").write_text(SIZES)
    head = f"{HEAD};Progression date;Best response"
    rows = [
        f"P{i};F;6{i};2020-01-02;{d};2021-03-0{i};{p};{r}"
        for i, d, p, r in ((1, "2021-03-01", "2020-04-02", "PD"), (2, "", "", "PR"), (3, "", "", "SD"))
    ]
    belief, study = opened(tmp_path, rows, head)
    assert {t.table for t in belief.tables} == {"ADSL", "TR"}
    numbers = assemble(study).numbers
    orr, pfs = numbers.filter(id="orr.investigator.all"), numbers.filter(id="pfs.median.investigator.all")
    assert (orr["n"][0], orr["N"][0]) == (1, 3)
    assert (pfs["n"][0], pfs["N"][0]) == (1, 3)


def test_sizes_without_a_date_are_told_and_not_used(tmp_path):
    (tmp_path / "b.csv").write_text(SIZES.replace("Scan date", "Remark").replace("2020-", "no. "))
    belief, _ = opened(
        tmp_path, ["P1;F;61;2020-01-02;;2021-03-01", "P2;F;62;2020-01-02;;2021-03-01", "P3;M;6;2020-01-02;;2021-03-01"]
    )
    assert [t.table for t in belief.tables] == ["ADSL", None]
    assert any("no date of its examinations" in note for note in belief.notes)


@pytest.mark.parametrize("ward", [pytest.param(w, id=w.__name__, marks=pytest.mark.slow) for w in board_wards.WARDS])
def test_a_board_is_read_right(ward, tmp_path):
    truth = ward(tmp_path)
    belief = propose(tmp_path)
    roles = {plain(c): r for c, r in truth.roles.items()}
    found = used(belief)
    assert {c: r for c, r in found.items() if roles.get(c) != r} == {}
    wanted = {c: r for c, r in roles.items() if r is not None}
    assert sum(found.get(c) == r for c, r in wanted.items()) >= 0.9 * len(wanted)
    write_proposal(belief.toml, tmp_path / "codon12.toml")
    n, deaths, middle = survival(tmp_path)
    assert (n, deaths) == (len(truth.courses), sum(e for *_, e in truth.courses))
    assert middle == pytest.approx(median(truth.courses), abs=0.2)
    late = Study.open(tmp_path).findings.filter(RULE="late-entry-not-read")
    assert late["VARIABLE"].to_list() == ([truth.entry] if truth.entry else [])
    if truth.orr:
        orr = assemble(Study.open(tmp_path)).numbers.filter(id="orr.investigator.all")
        assert (orr["n"][0], orr["N"][0]) == truth.orr
