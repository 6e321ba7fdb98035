"""Who died and after how long, as hospitals write it: the time and status that are read are those of the patients."""

import datetime as dt

import pytest

from codon12.init import propose
from codon12.records import Study

# fourteen patients: days from start to death or last contact, and who died
DAYS = (60, 95, 130, 185, 240, 300, 365, 410, 480, 555, 640, 730, 801, 905)
DEAD = (1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0)
LOST = (0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)
START = dt.date(2020, 1, 15)


def days_later(days):
    return (START + dt.timedelta(days=days - 1)).strftime("%d.%m.%Y")


def status(column, dead, alive, lost=None):
    return {column: [dead if d else (lost or alive) if x else alive for d, x in zip(DEAD, LOST, strict=True)]}


def dates(start="Start of treatment", last="Last contact"):
    return {start: [days_later(1)] * len(DAYS), last: [days_later(d) for d in DAYS]}


def died(column, otherwise):
    return {column: [days_later(d) if dead else otherwise for d, dead in zip(DAYS, DEAD, strict=True)]}


MONTHS = [f"{d / 30.4375:.1f}" for d in DAYS]
TOLD = {
    "the code of death alone, 0": dates() | status("Status (0=dead)", "0", "1"),
    "three codes": dates() | status("Vital status (1=alive, 2=dead, 3=lost)", "2", "1", "3"),
    "letters": dates() | status("Vital status", "D", "A", "L"),
    "alive in place of a date": dates() | died("Date of death", "alive"),
    "a placeholder for no date": dates() | died("Date of death", "99.99.9999"),
    "days without a unit": {"OS": [str(d) for d in DAYS]} | status("Vital status", "dead", "alive"),
    "months in the cell, with commas": {"Gesamtüberleben": [f"{m.replace('.', ',')} Monate" for m in MONTHS]}
    | status("Verstorben", "ja", "nein"),
    "a flag of censoring told the other way": {"OS_days": [str(d) for d in DAYS]}
    | status("OS cens (1=event)", "1", "0"),
    "the code of life alone, 1": dates() | status("Status (1=alive)", "0", "1"),
    "Spanish letters": dates("Inicio tratamiento", "Última visita") | status("Estado vital", "F", "V"),
    "words and lost": dates(last="LFU") | status("Status", "deceased", "alive", "lost"),
    "alive, yes or no": dates() | status("Alive at last contact", "no", "yes"),
    "lost, in French": dates("Date de début", "DDN") | status("Etat aux DDN", "DCD", "vivant", "PDV"),
    "the first day of a spreadsheet": dates() | died("Date of death", "01.01.1900"),
    "weeks": {"OS (wks)": [f"{d / 7:.2f}" for d in DAYS]} | status("Dead?", "Y", "N"),
    "months in the cell": {"OS": [f"{m} months" for m in MONTHS]} | status("Status", "dead", "alive"),
    "a letter for months": {"OS_mo": [f"{m}M" for m in MONTHS]} | status("Dead", "yes", "no"),
    "follow-up in months": {"Follow up": [f"{m} mo" for m in MONTHS]} | status("Vital status", "dead", "alive"),
    "years": {"Survival (years)": [f"{d / 365.25:.4f}" for d in DAYS]} | status("Vital status", "dead", "alive"),
}
PER = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30.4375, "YEARS": 365.25}
OPEN = {
    "codes that nobody explains": dates() | status("Status", "2", "1"),
    "years and months": {"OS": [f"{d // 365}y {d % 365 // 31}mo" for d in DAYS]} | status("Status", "dead", "alive"),
    "a time of another start": {"OS after progression (months)": MONTHS} | status("Status", "dead", "alive"),
    "a unit that is not known": {"OS (fortnights)": [f"{d / 14:.2f}" for d in DAYS]} | status("Dead?", "Y", "N"),
    "numbers that may be years": {"OS": [f"{d / 365.25:.2f}" for d in DAYS]} | status("Dead?", "Y", "N"),
    "a word that may be a death": dates() | died("Date of death", "unknown"),
}


def told(folder, columns):
    numbers = range(len(DAYS))
    rows = {"Patient": [f"P{i:02d}" for i in numbers], "Sex": ["FM"[i % 2] for i in numbers]}
    rows |= {"Age": [str(60 + i) for i in numbers]} | columns
    lines = [
        ",".join(f'"{c}"' for c in rows),
        *(",".join(f'"{cell}"' for cell in row) for row in zip(*rows.values(), strict=True)),
    ]
    (folder / "register.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "codon12.toml").write_text(propose(folder).toml, encoding="utf-8")
    study = Study.open(folder)
    return study.table("ADTTE").sort("USUBJID") if study.has("ADTTE") else None


def slow_last(names, first):
    """The first ones on every run, the others among the slow tests."""
    return [pytest.param(n, marks=[pytest.mark.slow] if i >= first else []) for i, n in enumerate(names)]


@pytest.mark.parametrize("name", slow_last(TOLD, 8))
def test_times_and_deaths_are_those_of_the_patients(name, tmp_path):
    times = told(tmp_path, TOLD[name])
    assert [1 - c for c in times["CNSR"]] == [*DEAD]
    days = [t * PER[unit] for t, unit in times.select("AVAL", "AVALU").iter_rows()]
    assert days == pytest.approx([*DAYS], abs=2)


@pytest.mark.parametrize("name", slow_last(OPEN, 3))
def test_what_is_not_clear_gives_no_time(name, tmp_path):
    times = told(tmp_path, OPEN[name])
    assert times is None or times.is_empty()
