"""A folder of a trial in plain tables, and a cBioPortal study with names of its own: what each column becomes."""

import polars as pl

from codon12.derive import derive
from codon12.init import propose
from codon12.init.write import write_proposal
from codon12.records import Study

PATIENTS = "Subject ID,Gender,Age (yrs),First Dose Date,Date of Death,Last Known Alive\n" + "".join(
    f"S{n},{'male' if n % 2 else 'female'},6{n},0{n}-Jan-2021,,01-Dec-2021\n" for n in range(1, 7)
)
LESIONS = "Subject ID,Visit,Scan Date,Lesion ID,Lesion Type,Organ,Method,Diameter (mm),Lesion Status\n" + "".join(
    f"S{n},Baseline,01-Jan-2021,T1,Target,Lung,CT,30,\n"
    f"S{n},Week 6,1{n}-Feb-2021,T1,Target,Lung,CT,29,\n"
    f"S{n},Week 6,1{n}-Feb-2021,N1,New,Brain,MRI,,{'Unequivocal' if n < 3 else 'Not present'}\n"
    for n in range(1, 7)
)
THERAPIES = "Subject ID,Regimen,Start Date,Setting\n" + "".join(
    f"S{n},carboplatin,01-Jan-2020,Prior\nS{n},docetaxel,01-Mar-2021,Subsequent\n" for n in range(1, 7)
)
EVENTS = "Subject ID,Adverse Event,CTCAE severity,Onset Date,Relationship to study drug,Serious?\n" + "".join(
    f"S{n},Nausea,{word},20-Jan-2021,Related,No\nS{n},Rash,Mild,21-Jan-2021,Not related,No\n"
    for n, word in zip(range(1, 7), ["Mild", "Moderate", "Severe", "Life-threatening", "Fatal", "Severe"], strict=True)
)
CTDNA = "Subject ID,Gene,Variant,VAF (%),Result\n" + "".join(
    f"S{n},KRAS,{'p.G12C' if n < 4 else ''},{'12.5' if n < 4 else ''},{'Detected' if n < 4 else 'Not detected'}\n"
    for n in range(1, 7)
)


def proposed(folder, **files):
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(rows)
    belief = propose(folder)
    write_proposal(belief.toml, folder / "codon12.toml")
    return belief, Study.open(folder)


def test_events_therapies_and_states_of_lesions_are_read(tmp_path):
    belief, study = proposed(tmp_path, patients=PATIENTS, lesions=LESIONS, therapies=THERAPIES, events=EVENTS)
    assert {t.file: t.table for t in belief.tables} == {
        "events.csv": "AE",
        "lesions.csv": "TR",
        "patients.csv": "ADSL",
        "therapies.csv": "CM",
    }
    frames = derive(study).frames
    worst = frames["adae"].group_by("USUBJID").agg(pl.col("ATOXGR").max()).sort("USUBJID")["ATOXGR"].to_list()
    assert worst == [1, 2, 3, 4, 5, 3]
    assert frames["adae"].filter(AREL="Y").height == 6
    pfs = frames["adtte"].filter(PARAMCD="PFS").sort("USUBJID")
    # two new lesions; the others are censored before their next therapy, at the scan
    assert [c == 0 for c in pfs["CNSR"]] == [True, True, False, False, False, False]
    assert pfs["ADT"].dt.day().to_list() == [11, 12, 13, 14, 15, 16]
    assert "grade 4" in str(study.findings.filter(RULE="taken-unasked")["MESSAGE"].to_list())


def test_rows_that_were_not_detected_are_no_mutations(tmp_path):
    belief, study = proposed(tmp_path, patients=PATIENTS, ctdna=CTDNA)
    calls = study.table("MUTATIONS")
    assert calls["USUBJID"].to_list() == ["S1", "S2", "S3"]
    assert calls["VAF"].cast(pl.Float64).to_list() == [0.125] * 3
    assert calls["PROTEIN"].to_list() == ["p.G12C"] * 3
    assert any("3 rows" in n and "no mutations" in n for n in belief.notes)


def clinical(folder, *columns):
    rows = ["\t".join(c[0] for c in columns)] + ["\t".join(c[1][n] for c in columns) for n in range(3)]
    (folder / "data_clinical_patient.txt").write_text("\n".join(rows) + "\n")
    (folder / "meta_study.txt").write_text("cancer_study_identifier: own\n")
    (folder / "meta_clinical_patient.txt").write_text(
        "genetic_alteration_type: CLINICAL\ndatatype: PATIENT_ATTRIBUTES\n"
    )


def test_attributes_under_other_names_are_read(tmp_path):
    who = ("PATIENT_ID", ("P1", "P2", "P3")), ("GENDER", ("Male", "Female", "Male"))
    times = ("OS_DAYS", ("100", "700", "365")), ("OS_STATUS", ("1:DECEASED", "0:LIVING", "1:DECEASED"))
    clinical(tmp_path, *who, *times, ("BEST_RESPONSE_RECIST", ("PR", "SD", "PD")))
    assert "survival-not-read" in Study.open(tmp_path).findings["RULE"].to_list()
    write_proposal(propose(tmp_path).toml, tmp_path / "codon12.toml")
    study = Study.open(tmp_path)
    assert "survival-not-read" not in study.findings["RULE"].to_list()
    frames = derive(study).frames
    assert frames["adtte"].sort("USUBJID")["AVAL"].to_list() == [100, 700, 365]
    assert frames["adsl"].sort("USUBJID")["SEX"].to_list() == ["M", "F", "M"]
    assert frames["adrs"].filter(PARAMCD="BOR").sort("USUBJID")["AVALC"].to_list() == ["PR", "SD", "PD"]


def test_yes_and_no_of_a_language_whose_no_is_not_evaluable_elsewhere(tmp_path):
    rows = "Číslo pacienta;Pohlaví;Zahájení léčby;Mutace KRAS;Zemřel;Datum úmrtí;Poslední kontrola\n" + "".join(
        f"{n};{'žena' if n % 2 else 'muž'};25. {n}. 2021;{('ano', 'ne')[n % 2]};{('ano', 'ne')[n % 2]};"
        f"{'21. 12. 2021' if n % 2 == 0 else ''};21. 12. 2021\n"
        for n in range(1, 9)
    )
    _, study = proposed(tmp_path, pacienti=rows)
    adsl = derive(study).frames["adsl"].sort("USUBJID")
    assert adsl["KRASMUT"].to_list() == ["Wild type", "Mutated"] * 4
    assert derive(study).frames["adtte"].filter(PARAMCD="OS")["CNSR"].to_list().count(0) == 4
