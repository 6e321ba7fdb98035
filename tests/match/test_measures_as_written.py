"""Measures as people write them, and cells of copies without a level."""

from datetime import date

import pytest

from codon12.errors import InputError
from codon12.match import match_patient, patient_of
from codon12.match.alterations import AlterationAnswers
from codon12.match.from_patients import read_measure
from codon12.match.from_study import profiles_of_study
from codon12.match.logic import WORDS
from codon12.match.patient import MeasureGiven
from codon12.records import Study

DAY = date(2026, 6, 1)


@pytest.mark.parametrize("value", ["positive", "high", "no loss of MLH1"])
def test_staining_of_repair_proteins_is_no_instability(value):
    with pytest.raises(InputError, match="is no state of"):
        read_measure(MeasureGiven(marker="MMR", value=value), where="field measures[0]")
    assert read_measure(MeasureGiven(marker="MMR", value="MSI-H"), where="") == ("MSI", (1.0, 1.0, True))


@pytest.mark.parametrize(
    ("assay", "value", "rules"),
    [
        ("VENTANA PD-L1 (SP142)", 60, ["scale-of-assay"]),
        ("Ventana SP142", 60, ["scale-of-assay"]),
        ("Dako 22C3", 60, []),
        ("22C3", 0.6, ["score-may-be-fraction"]),
    ],
)
def test_an_antibody_is_known_wherever_its_name_stands(assay, value, rules):
    tps = {"marker": "PD-L1", "assay": assay, "scale": "TPS", "value": value}
    assert [f.rule for f in match_patient(patient_of({"measures": [tps]}), as_of=DAY).findings] == rules


def test_a_cell_of_copies_without_a_level_denies_nothing(tmp_path):
    people = "ABC"
    files = {
        "meta_study.txt": "type_of_cancer: nsclc\ncancer_study_identifier: t\nname: t\ndescription: t\n",
        "data_clinical_patient.txt": "#a\n#a\n#STRING\n#1\nPATIENT_ID\n" + "\n".join(people) + "\n",
        "data_clinical_sample.txt": "#a\tb\n#a\tb\n#STRING\tSTRING\n#1\t1\nSAMPLE_ID\tPATIENT_ID\n"
        + "".join(f"{p}1\t{p}\n" for p in people),
        "meta_cna.txt": "cancer_study_identifier: t\ngenetic_alteration_type: COPY_NUMBER_ALTERATION\n"
        "datatype: DISCRETE\ndata_filename: data_cna.txt\nstable_id: cna\n",
        "data_cna.txt": "Hugo_Symbol\tA1\tB1\tC1\nMET\t0\tNA\tfailed\nSTK11\t0\t0\t-2\n",
        "data_gene_panel_matrix.txt": "SAMPLE_ID\tmutations\tcna\n" + "".join(f"{p}1\tP\tP\n" for p in people),
        "data_gene_panel_P.txt": "stable_id: P\ndescription: p\ngene_list:\tMET\tSTK11\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    answers = AlterationAnswers(profiles_of_study(Study.open(tmp_path)).profiles)
    said = {q: [WORDS[int(v)] for v in answers.value(q)] for q in ("MET amplification", "STK11 loss of function")}
    assert said == {"MET amplification": ["no", "unknown", "unknown"], "STK11 loss of function": ["no", "no", "yes"]}
