"""What a cBioPortal study without biomarkers of its own is asked."""

from codon12.derive.cohort_defaults import with_default_biomarkers
from codon12.records import Study


def test_a_gene_in_small_letters_is_asked_for(tmp_path):
    (tmp_path / "meta_study.txt").write_text("type_of_cancer: luad\ncancer_study_identifier: s\nname: S\n")
    (tmp_path / "data_clinical_patient.txt").write_text("PATIENT_ID\tOS_MONTHS\tOS_STATUS\n1\t5\t0:LIVING\n")
    (tmp_path / "data_clinical_sample.txt").write_text("PATIENT_ID\tSAMPLE_ID\n1\tS1\n")
    (tmp_path / "data_mutations.txt").write_text(
        "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\n"
        "kras\tS1\tMissense_Mutation\tp.G12C\nTP53\tS1\tMissense_Mutation\tp.R175H\n"
    )
    assert list(with_default_biomarkers(Study.open(tmp_path)).config.biomarkers) == ["KRAS", "TP53", "G12C"]
