"""Registries as wards keep them: no column used for what it is not, nobody alive unasked, the headline numbers right."""

import fresh_wards
import last_wards
import list_wards
import pytest
import several_wards
import shape_wards
import wards

from codon12.derive.study import derive
from codon12.init import propose, write_proposal
from codon12.records import Study


def plain(text):
    return " ".join(text.split())


def used(belief):
    """Heading -> role, of the columns that the configuration uses."""
    columns = [c for t in belief.tables if t.table is not None for c in t.columns]
    return {plain(c.column): c.role for c in columns if c.role is not None and c.confidence != "unsure"}


def median(courses):
    """Median by Kaplan and Meier, in days: the first time at which at most half are alive."""
    alive = 1.0
    for day in sorted({days for _, days, dead in courses if dead}):
        alive *= 1 - sum(d == day and e for _, d, e in courses) / sum(d >= day for _, d, _ in courses)
        if alive <= 0.5:
            return day
    return None


def survival(home):
    """n, deaths and median in days of the overall survival that a report would print; None where it prints none."""
    if "[tables." not in (home / "codon12.toml").read_text():
        return None  # nothing is read unasked
    times = derive(Study.open(home)).frames.get("adtte")
    rows = [] if times is None else times.filter(PARAMCD="OS").select("USUBJID", "MONTHS", "CNSR").rows()
    courses = [(str(u), m * 30.4375, c == 0) for u, m, c in rows]
    return (len(courses), sum(e for *_, e in courses), median(courses)) if courses else None


QUICK = (
    wards.german_two_rows,
    wards.korean_hangul,
    wards.italian_lines,
    fresh_wards.french_groups,
    several_wards.german_hidden,
)
ALL = (*wards.WARDS, *fresh_wards.WARDS, *last_wards.WARDS, *list_wards.WARDS, *several_wards.WARDS, *shape_wards.WARDS)
CASES = [pytest.param(w, id=w.__name__, marks=[] if w in QUICK else pytest.mark.slow) for w in ALL]


@pytest.mark.parametrize("ward", CASES)
def test_a_ward_is_read_right_or_asked(ward, tmp_path):
    truth = ward(tmp_path)
    belief = propose(tmp_path)
    roles = {plain(c): r for c, r in truth.roles.items()}
    found = used(belief)
    assert {c: r for c, r in found.items() if roles.get(c) != r} == {}
    wanted = {c: r for c, r in roles.items() if r is not None}
    assert sum(found.get(c) == r for c, r in wanted.items()) >= 0.85 * len(wanted)
    write_proposal(belief.toml, tmp_path / "codon12.toml")
    told = survival(tmp_path)
    if not truth.runs:
        assert told is None
        assert belief.notes or belief.questions
        return
    n, deaths, middle = told
    assert (n, deaths) == (len(truth.courses), sum(e for *_, e in truth.courses))
    assert middle == pytest.approx(median(truth.courses), abs=0.2)


ROWS = "Patient;Sex;Age;Treatment start;Date of death;Last contact;{more}\n"
PEOPLE = (
    ("P1", "2020-01-05", "", "2021-03-01"),
    ("P2", "2020-02-05", "2020-09-01", "2020-08-01"),
    ("P3", "2020-03-05", "", "2020-11-11"),
    ("P4", "2020-04-05", "", "2021-04-12"),
)


def registry(home, heading, cells):
    rows = [f"{p};F;6{i};{s};{d};{f};{c}" for i, ((p, s, d, f), c) in enumerate(zip(PEOPLE, cells, strict=True))]
    (home / "a.csv").write_text(ROWS.format(more=heading) + "\n".join(rows) + "\n", encoding="utf-8")
    belief = propose(home)
    write_proposal(belief.toml, home / "codon12.toml")
    return belief, survival(home)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Follow-up status", ["alive", "dead", "dead", "alive"]),
        ("Verstorben", ["nein", "ja", "ja", "nein"]),
        ("État aux DDN", ["Vivant", "DCD", "Décédé", "Perdu de vue"]),
        ("사망여부", ["N", "Y", "Y", "N"]),
        ("転帰", ["生存", "死亡", "死亡", "生存"]),
        ("Exitus", ["no", "sí", "sí", "no"]),
        ("Status", ["AWD", "DOD", "Dead of disease", "NED"]),
        ("Vivo", ["si", "no", "no", "si"]),
    ],
)
def test_a_status_goes_before_an_empty_date_of_death(heading, cells, tmp_path):
    belief, told = registry(tmp_path, heading, cells)
    assert used(belief)[heading] == "VITAL"
    assert told[:2] == (3, 1)  # P3 died on a day that is not known: neither alive nor dated
    findings = Study.open(tmp_path).findings
    assert findings.filter(RULE="time-missing")["USUBJID"].to_list() == ["P3"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Year of death", ["", "2020", "2021", ""]),
        ("Todesursache", ["", "Tumor", "Sepsis", ""]),
        ("Age at death", ["", "61", "62", ""]),
        ("Status at 12 months", ["alive", "dead", "dead", "alive"]),
        ("Remarks", ["lives", "dead", "dead", "dead?"]),
    ],
)
def test_what_contradicts_an_empty_date_of_death_leaves_survival_open(heading, cells, tmp_path):
    belief, told = registry(tmp_path, heading, cells)
    assert told is None
    assert any(f"'{heading}' says dead of" in note for note in belief.notes)
    assert '\n# DTHDT = "Date of death"' in belief.toml


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Year of death", ["", "2020", "", ""]),
        ("Death within 30 days", ["no", "no", "no", "no"]),
        ("Status code", ["1", "2", "1", "1"]),
        ("Cause of death", ["", "tumour", "", ""]),
    ],
)
def test_what_agrees_with_the_dates_of_death_changes_nothing(heading, cells, tmp_path):
    _, told = registry(tmp_path, heading, cells)
    assert told[:2] == (4, 1)


def test_codes_of_a_status_are_what_the_dates_of_death_show(tmp_path):
    belief, told = registry(tmp_path, "Vital status", ["1", "2", "1", "1"])
    assert told[:2] == (4, 1)
    assert "'2' means dead" in belief.toml
    assert "# VITAL" not in belief.toml


@pytest.mark.parametrize(("key", "told"), [("{:03d}", (6, 2)), ("{}", None)])
def test_deaths_in_another_table_are_joined_or_leave_survival_open(key, told, tmp_path):
    rows = [f"{i:03d};F;6{i};2020-01-0{i};2021-01-0{i}" for i in range(1, 7)]
    head = "Patient;Sex;Age;Treatment start;Last contact\n"
    (tmp_path / "patients.csv").write_text(head + "\n".join(rows) + "\n")
    (tmp_path / "deaths.csv").write_text("id;died on\n" + "".join(f"{key.format(i)};2020-08-0{i}\n" for i in (2, 5)))
    belief = propose(tmp_path)
    write_proposal(belief.toml, tmp_path / "codon12.toml")
    found = survival(tmp_path)
    assert (found[:2] if found else None) == told
    says = "deaths.csv: 'died on' says dead of 2 patient(s)" if told is None else "died on (DTHDT) taken from here"
    assert any(says in note for note in belief.notes)


def test_who_is_alive_with_a_date_of_death_is_neither(tmp_path):
    rows = [
        f"P{i:02d};F;61;2020-01-05;{'2020-09-01' if i < 11 else ''};2021-03-01;{'dead' if i < 10 else 'alive'}"
        for i in range(20)
    ]
    (tmp_path / "a.csv").write_text(ROWS.format(more="Vital status") + "\n".join(rows) + "\n")
    write_proposal(propose(tmp_path).toml, tmp_path / "codon12.toml")
    assert survival(tmp_path)[:2] == (19, 10)
    assert Study.open(tmp_path).findings.filter(RULE="status-unknown")["USUBJID"].to_list() == ["P10"]


@pytest.mark.parametrize(
    ("heading", "cells", "sexes"),
    [
        ("Sexo", ["H", "M", "M", "H"], ["M", "F", "F", "M"]),
        ("Sex", ["M", "F", "F", "M"], ["M", "F", "F", "M"]),
        ("Geschlecht", ["m", "w", "w", "m"], ["M", "F", "F", "M"]),
        ("Geslacht", ["m", "v", "v", "m"], ["M", "F", "F", "M"]),
        ("Sexo", ["V", "M", "M", "V"], ["M", "F", "F", "M"]),
        ("Sex", ["V", "M", "M", "V"], None),
        ("Sexo", ["M", "M", "M", "M"], None),
    ],
)
def test_letters_of_sexes_are_read_together(heading, cells, sexes, tmp_path):
    rows = [f"P{i};{c};6{i};{i}.5;1\n" for i, c in enumerate(cells)]
    (tmp_path / "a.csv").write_text(f"Patient;{heading};Age;OS months;OS status\n" + "".join(rows))
    belief = propose(tmp_path)
    assert (used(belief).get(heading) == "SEX") == (sexes is not None)
    if sexes is not None:
        write_proposal(belief.toml, tmp_path / "codon12.toml")
        assert Study.open(tmp_path).table("ADSL")["SEX"].to_list() == sexes
