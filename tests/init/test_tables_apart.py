"""Tables that belong together: deaths in a list of their own, forms that repeat, dictionaries, data sets with labels."""

import polars as pl
import pyreadstat
import pytest

from codon12.derive.study import derive
from codon12.init import propose, write_proposal
from codon12.records import Study

PATIENTS = "PatientID;Sex;Age;Start of treatment;Last contact\n" + "".join(
    f"{700 + i};{'FM'[i % 2]};{60 + i} y;2020-0{i + 1}-05;2021-0{i + 1}-04\n" for i in range(6)
)


def read(home):
    belief = propose(home)
    write_proposal(belief.toml, home / "codon12.toml")
    return belief, Study.open(home)


def survival(study):
    rows = derive(study).frames["adtte"].filter(PARAMCD="OS").select(pl.col("USUBJID").cast(pl.String), "CNSR")
    return {u: c == 0 for u, c in rows.rows()}


def test_deaths_in_a_list_of_their_own_under_another_name_of_the_key(tmp_path):
    (tmp_path / "patients.csv").write_text(PATIENTS)
    (tmp_path / "deceased.csv").write_text("Case file;Date of death\n701;2020-09-01\n704;2020-10-03\n")
    belief, study = read(tmp_path)
    assert survival(study) == {str(700 + i): i in (1, 4) for i in range(6)}
    assert study.tables["ADSL"]["AGE"].sort().to_list() == [
        60,
        61,
        62,
        63,
        64,
        65,
    ]  # the unit behind an age is taken off
    assert any("Date of death" in note and "who has no row here" in note for note in belief.notes)


def test_the_last_of_several_visits_says_who_died(tmp_path):
    head, *rows = PATIENTS.splitlines()
    (tmp_path / "patients.csv").write_text("\n".join(r.rpartition(";")[0] for r in [head, *rows]) + "\n")
    visits = [
        f"{700 + i};2020-1{v}-0{i + 1};{'Dead' if v == 2 and i == 3 else 'Alive'}" for v in range(3) for i in range(6)
    ]
    (tmp_path / "visits.csv").write_text("SUBJ;Visit date;Vital status\n" + "\n".join(reversed(visits)) + "\n")
    _, study = read(tmp_path)
    assert survival(study) == {str(700 + i): i == 3 for i in range(6)}


def test_an_export_with_a_form_that_repeats(tmp_path):
    rows = [
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,age,ecog,dod,last_fu_dt,line,regimen,start_date"
    ]
    for i in range(6):
        rows.append(f"{i + 1},,,{i % 2},6{i},1,{'2020-11-02' if i < 2 else ''},2021-03-0{i + 1},,,")
        rows += [f"{i + 1},therapy,{k},,,,,,{k},Drug {k},2020-0{k + 1}-0{i + 1}" for k in (1, 2)]
    (tmp_path / "data.csv").write_text("\n".join(rows) + "\n")
    head = 'Variable / Field Name,Field Label,"Choices, Calculations, OR Slider Labels"\n'
    (tmp_path / "dictionary.csv").write_text(head + 'sex,Sex at birth,"0, Male | 1, Female"\nage,Age,\n')
    _, study = read(tmp_path)
    adsl = study.tables["ADSL"]
    assert adsl.height == 6
    assert set(adsl["SEX"]) == {"F", "M"}
    assert adsl["TRTSDT"].cast(pl.String).sort().to_list()[0] == "2020-02-01"
    assert sum(survival(study).values()) == 2


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_a_data_set_with_labels(tmp_path, ending):
    frame = pl.DataFrame(
        {
            "nr": [1, 2, 3, 4],
            "g": [1, 2, 1, 2],
            "x1": ["2020-01-02"] * 4,
            "x2": ["2021-01-02", "2021-02-02", "2021-03-02", "2020-12-01"],
            "x3": [0, 0, 1, 1],
        }
    )
    names = ["Patient ID", "Sex", "Start of treatment", "Last contact", "Vital status"]
    codes = {"g": {1: "male", 2: "female"}, "x3": {0: "alive", 1: "dead"}}
    write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[ending]
    write(frame, str(tmp_path / f"a.{ending}"), column_labels=names, variable_value_labels=codes)
    _, study = read(tmp_path)
    assert study.tables["ADSL"]["SEX"].to_list() == ["M", "F", "M", "F"]
    assert survival(study) == {"1": False, "2": False, "3": True, "4": True}
    (tmp_path / f"a.{ending}").write_bytes(b"not a data set at all")
    (tmp_path / "codon12.toml").unlink()
    with pytest.raises(Exception, match="no data set of"):
        propose(tmp_path)
