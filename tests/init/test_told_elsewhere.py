"""What is told beside a column: its codes, its label, another table of the same people, the row of the first line."""

import pytest

from codon12.init import propose
from codon12.records import Study


def study_of(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    belief = propose(folder)
    (folder / "codon12.toml").write_text(belief.toml, encoding="utf-8")
    return belief, Study.open(folder)


def roles(belief, table="ADSL"):
    return {c.column: c.role for t in belief.tables if t.table == table for c in t.columns if c.confidence != "unsure"}


@pytest.mark.parametrize(
    "lines", [("L1", "L2"), ("1ère ligne", "2ème ligne"), ("I", "II"), ("first", "second"), ("1L", "2L")]
)
def test_of_lines_of_therapy_the_first_one_answers(lines, tmp_path):
    first, second = lines
    text = "N° dossier;Sexe (H/F);Ligne;Début ttt;RECIST (meilleure)\n"
    for i, best in enumerate(("RP", "RC", "PROG", "Stable")):
        text += f"{20001 + i};{'HF'[i % 2]};{second};{16 + i}.03.2021;PROG\n{20001 + i};{'HF'[i % 2]};{first};{16 + i}.01.2020;{best}\n"
    belief, study = study_of(tmp_path, suivi=text)
    assert roles(belief)["Ligne"] == "LINE"
    assert study.table("ADRS").sort("USUBJID")["AVALC"].to_list() == ["PR", "CR", "PD", "SD"]
    assert study.table("ADSL").height == 4


def test_a_code_for_not_done_is_missing(tmp_path):
    data = "record_id,sexo,f_nac,kras_mut\n" + "".join(
        f"{i},{1 + i % 2},19{50 + i}-03-02,{(0, 1, 9)[i % 3]}\n" for i in range(9)
    )
    dictionary = 'Variable / Field Name,Field Label,"Choices, Calculations, OR Slider Labels"\n'
    dictionary += 'sexo,Sexo,"1, Hombre | 2, Mujer"\nkras_mut,Mutación KRAS,"0, No | 1, Sí | 9, No realizado"\n'
    _, study = study_of(tmp_path, datos=data, diccionario=dictionary)
    assert study.table("ADSL").sort("USUBJID")["KRASMUT"].to_list() == ["Wild type", "Mutated", None] * 3


def test_a_list_named_by_death_has_days_of_death(tmp_path):
    patients = "Pat.-Nr.;Geschl.;Beginn 1L;Letzter Kontakt\n" + "".join(
        f"LK-{i:03d};{'mw'[i % 2]};{i + 10}.02.2021;{i + 10}.05.2022\n" for i in range(1, 9)
    )
    deaths = "Lfd. Nr.;am;Ursache\n" + "".join(f"LK-{i:03d};{i + 12}.05.2022;Tumor\n" for i in range(1, 5))
    belief, study = study_of(tmp_path, Patienten=patients, Todesfälle=deaths)
    times = study.table("ADTTE").filter(PARAMCD="OS")
    assert sorted(times.filter(CNSR=0)["USUBJID"]) == [f"LK-{i:03d}" for i in range(1, 5)]
    assert any("Todesfälle" in q.about for q in belief.questions)


def test_numbers_of_another_cohort_are_no_key(tmp_path):
    ours = "ID,Sex,Age,Start of treatment,Last contact\n" + "".join(
        f"{i},{'MF'[i % 2]},{50 + i},2021-02-{i + 10},2022-05-{i + 10}\n" for i in range(1, 16)
    )
    theirs = "ID,Sex,Age,Date of death\n" + "".join(
        f"{i},{'FM'[i % 2]},{70 - i},2022-06-{i + 10}\n" for i in range(1, 16)
    )
    belief, study = study_of(tmp_path, ours=ours, theirs=theirs)
    assert "join" not in belief.toml
    assert "DTHDT" not in study.table("ADSL").columns
