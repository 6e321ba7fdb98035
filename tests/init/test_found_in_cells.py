"""What no heading says, told by the cells: who a row is of, days without signs between, drugs, days of entry elsewhere."""

import pytest

from codon12.init import propose, write_proposal
from codon12.records import Study

BIRTHS = [f"{1940 + i}-03-{i + 10}" for i in range(8)]


def first_look(home, **tables):
    for name, rows in tables.items():
        (home / f"{name}.csv").write_text(rows)
    return propose(home)


def roles(belief):
    return {c.column: c.role for t in belief.tables for c in t.columns if c.role and c.confidence != "unsure"}


def lines_of(zeichen, births=BIRTHS):
    rows = [
        f"{z},{born},{'mw'[i % 2]},{k},202{k}-01-0{i + 1},2023-01-01"
        for i, (z, born) in enumerate(zip(zeichen, births, strict=True))
        for k in (1, 2)
    ]
    return "Zeichen,Geburtsdatum,Geschlecht,Linie,Beginn Therapie,Letzter Kontakt\n" + "\n".join(rows) + "\n"


def test_the_column_whose_rows_are_of_one_person_names_the_patients(tmp_path):
    assert roles(first_look(tmp_path, a=lines_of([f"AB{i * 7}" for i in range(8)])))["Zeichen"] == "USUBJID"


@pytest.mark.parametrize(
    "zeichen",
    [
        [f"{name} Muster" for name in ("Anna", "Bert", "Carl", "Dora", "Emil", "Fritz", "Gerd", "Hans")],  # a name
        ["A1", "A2"] * 4,  # a ward: several people in one
    ],
)
def test_a_name_or_a_ward_is_no_patient(tmp_path, zeichen):
    assert "USUBJID" not in roles(first_look(tmp_path, a=lines_of(zeichen))).values()


def test_a_day_of_birth_is_no_patient(tmp_path):
    belief = first_look(tmp_path, a=lines_of([""] * 8))
    assert roles(belief)["Geburtsdatum"] == "BRTHDT"
    assert "USUBJID" not in roles(belief).values()


def test_a_number_of_the_row_is_no_patient_where_another_column_names_them(tmp_path):
    rows = lines_of([f"AB{i * 7}" for i in range(8)]).splitlines()
    numbered = "\n".join(["Fall Nr.," + rows[0], *(f"{i},{row}" for i, row in enumerate(rows[1:]))])
    found = roles(first_look(tmp_path, a=numbered + "\n"))
    assert found["Zeichen"] == "USUBJID"
    assert "Fall Nr." not in found


def test_a_plain_number_that_is_the_same_in_all_rows_of_a_patient_is_asked_for(tmp_path):
    rows = lines_of([f"{210 + 37 * i}" for i in range(8)]).replace("Zeichen", "LDH")
    belief = first_look(tmp_path, a=rows)
    assert "LDH" not in roles(belief)
    (question,) = (q for q in belief.questions if q.key.startswith("key:"))
    assert (question.default, "LDH" in question.choices) == (None, True)


VISITS = [("2021-02-10", "SD"), ("2021-04-10", "PR"), ("2021-06-10", "PD")]


@pytest.mark.parametrize("beside", [True, False])
def test_days_of_visits_stand_beside_the_responses(tmp_path, beside):
    names = [(f"N{k} when", f"Answer {k}") for k in (1, 2, 3)]
    heads = [h for pair in names for h in pair] if beside else [d for d, _ in names] + [r for _, r in names]
    cells = [c for v in VISITS for c in v] if beside else [d for d, _ in VISITS] + [r for _, r in VISITS]
    rows = f"Patient,Sex,Treatment start,{','.join(heads)},Last contact\n"
    rows += "".join(f"P{i},F,2021-01-01,{','.join(cells)},2021-07-01\n" for i in range(3))
    belief = first_look(tmp_path, a=rows)
    assert ('RSDTC = "N{} when"' in belief.toml) == beside


HEAD = "Patient,Sex,Treatment start,Date of death,Last contact\n"


@pytest.mark.parametrize(
    ("start", "formats", "choices"),
    [
        (["20210131", "20210228", "20210301"], ("%Y%m%d",), None),
        (["31012021", "28022021", "01032021"], ("%d%m%Y",), None),
        (["01312021", "02282021", "03012021"], ("%m%d%Y",), None),
        (["01022021", "03042021", "05062021"], (), ("%d%m%Y", "%m%d%Y")),
        (["20211301", "20210001", "20210299"], (), None),  # no months, no days
    ],
)
def test_eight_digits_are_a_day_where_all_of_them_are(tmp_path, start, formats, choices):
    belief = first_look(tmp_path, a=HEAD + "".join(f"{i},F,{d},,2022-01-01\n" for i, d in enumerate(start)))
    column = next(c for c in belief.tables[0].columns if c.column == "Treatment start")
    assert (column.formats, column.confidence == "sure") == (formats, bool(formats))
    asked = [q.choices for q in belief.questions if q.key.startswith("date:")]
    assert asked == ([choices] if choices else [])


PATIENTS = "Patient,Sex,Age,Treatment start,Date of death,Last contact\n" + "".join(
    f"P{i:02},F,{50 + i},2021-01-{i + 10},{'2022-01-01' if i < 4 else ''},2022-01-01\n" for i in range(8)
)


@pytest.mark.parametrize(
    ("heading", "day", "told"),
    [
        ("Consent date", "2021-03-01", True),
        ("Consent date", "2020-03-01", False),
        ("Specimen collected", "2021-03-01", True),
        ("Specimen collected", "2020-03-01", False),
        ("Planned visit", "2021-03-01", False),
        ("Blood collected", "2021-03-01", True),  # beside a gene
    ],
)
def test_a_day_of_entry_in_another_table_is_told(tmp_path, heading, day, told):
    other = f"Patient,{heading},Gene\n" + "".join(f"P{i:02},{d},KRAS\n" for i in range(8) for d in (day, "2021-09-01"))
    belief = first_look(tmp_path, a=PATIENTS, b=other)
    write_proposal(belief.toml, tmp_path / "codon12.toml")
    late = Study.open(tmp_path).findings.filter(RULE="late-entry-not-read")
    assert late.height == told
    assert all("is after time zero (Treatment start) in 8 of 8 patients" in m for m in late["MESSAGE"])
    assert ("# entry = " in belief.toml) == told


def test_blood_counts_and_scans_after_the_start_are_no_entry(tmp_path):
    rows = "Patient,Blood collected,Haemoglobin\n" + "".join(f"P{i:02},2021-03-01,12.{i}\n" for i in range(8))
    scans = "Patient,Scan report,Response\n" + "".join(f"P{i:02},2021-03-01,SD\n" for i in range(8))
    belief = first_look(tmp_path, a=PATIENTS, b=rows, c=scans)
    assert "entry" not in belief.toml


UNKNOWN = "Potilasnro,Sukupuoli,Hoidon alku,Kuolinpaiva,Viimeinen kaynti,ECOG,PD-L1,KRAS\n" + "".join(
    f"{i + 100},x,2021-01-{i + 10},2021-09-0{i + 1},2021-09-0{i + 1},1,50,G12C\n" for i in range(8)
)


def test_what_survival_lacks_is_asked_where_headings_are_of_an_unknown_language(tmp_path):
    belief = first_look(tmp_path, a=UNKNOWN)
    asked = {q.key.split(":")[1]: q for q in belief.questions if q.key.startswith("role:")}
    assert {"TRTSDT", "DTHDT", "LSTALVDT"} <= set(asked)
    assert asked["TRTSDT"].default is None
    meant = {"TRTSDT": "Hoidon alku", "DTHDT": "Kuolinpaiva", "LSTALVDT": "Viimeinen kaynti"}
    belief = propose(tmp_path, answers={asked[role].key: column for role, column in meant.items()})
    assert meant.items() <= {role: column for column, role in roles(belief).items()}.items()
    assert "[tables.ADSL.times.OS]" in belief.toml


def test_the_name_of_a_line_that_is_drugs_is_the_treatment(tmp_path):
    rows = PATIENTS.replace("Sex,", "LineName,").replace(",F,", ",Carboplatin/Pemetrexed,")
    assert roles(first_look(tmp_path, a=rows))["LineName"] == "DRUG_TYPE"
