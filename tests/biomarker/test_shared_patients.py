"""Patients that studies share, by the verb and by the function."""

import json

import pytest

from codon12.biomarker import shared_patients
from codon12.cli import main
from codon12.records import Study

HEAD = "Hugo_Symbol\tTumor_Sample_Barcode\tHGVSp_Short\tVariant_Classification\n"


def write(folder, patients, calls):
    """A cBioPortal study of patients (id, sex), with a mutation a pair of patient and gene."""
    folder.mkdir()
    (folder / "meta_study.txt").write_text("cancer_study_identifier: x\n")
    (folder / "data_clinical_patient.txt").write_text("PATIENT_ID\tSEX\n" + "".join(f"{p}\t{s}\n" for p, s in patients))
    (folder / "data_clinical_sample.txt").write_text(
        "SAMPLE_ID\tPATIENT_ID\n" + "".join(f"{p}-T\t{p}\n" for p, _ in patients)
    )
    rows = "".join(f"{g}\t{p}-T\tp.G12C\tMissense_Mutation\n" for p, genes in calls.items() for g in genes)
    (folder / "data_mutations.txt").write_text(HEAD + rows)
    return folder


@pytest.fixture
def studies(tmp_path):
    one = write(
        tmp_path / "one", [("A1", "F"), ("A2", "M"), ("A3", "F")], {"A2": ["KRAS", "TP53", "STK11"], "A3": ["KRAS"]}
    )
    two = write(
        tmp_path / "two", [("A1", "F"), ("B2", "M"), ("B3", "F")], {"B2": ["STK11", "KRAS", "TP53"], "B3": ["KRAS"]}
    )
    return one, two


def test_shared_by_id_and_by_variants_but_not_by_one_common_mutation(studies):
    found = shared_patients({p.name: Study.open(p) for p in studies})
    assert found.duplicates.select("SUBJECT_1", "SUBJECT_2", "BY").rows() == [
        ("A1", "A1", "id"),
        ("A2", "B2", "fingerprint"),
    ]
    assert (found.entries, found.distinct, found.distinct_at_least) == (6, 5, 4)


def run(arguments):
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    return stopped.value.code


def test_the_verb_prints_counts_and_writes_ids_only_where_asked(studies, tmp_path, capsys):
    out = tmp_path / "shared.csv"
    assert run(["overlap", *studies, "--out", out]) == 1
    shown = capsys.readouterr()
    assert "A1" not in shown.out + shown.err
    assert "6 entries are 5 distinct patients by id, or 4 if" in shown.out
    assert out.read_text().splitlines()[1:] == ["one,A1,two,A1,id,", "one,A2,two,B2,fingerprint,"]


def test_the_verb_as_json(studies, capsys):
    assert run(["overlap", *studies, "--fingerprint", "none", "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert [(p["SUBJECT_1"], p["BY"]) for p in body["shared"]] == [("A1", "id")]


def test_no_shared_patient_is_exit_code_0(tmp_path, capsys):
    one = write(tmp_path / "one", [("A1", "F")], {})
    two = write(tmp_path / "two", [("B1", "F")], {})
    assert run(["overlap", one, two]) == 0
    assert "2 entries are 2 distinct patients" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["one"], ["one", "nope"], ["one", "one"], ["one", "two", "--fingerprint", "AGE:x"]]
)
def test_wrong_use_is_exit_code_2(studies, arguments, monkeypatch):
    monkeypatch.chdir(studies[0].parent)
    assert run(["overlap", *arguments]) == 2
