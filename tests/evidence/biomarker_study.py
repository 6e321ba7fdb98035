"""A cBioPortal study small enough to count by hand: twelve patients, a panel of four genes, PD-L1 as people write it."""

from pathlib import Path

PATIENTS = "PATIENT_ID\tSEX\tOS_MONTHS\tOS_STATUS\n" + "".join(
    f"P{i}\t{'FM'[i % 2]}\t{i + 1}\t{'1:DECEASED' if i % 3 else '0:LIVING'}\n" for i in range(1, 13)
)
SCORES = ("<1%", ">=50", "1-49", "negative", "60", "0", "49.9", "positive", "TPS 70%", "5", "", "")
SAMPLES = "SAMPLE_ID\tPATIENT_ID\tPDL1_TPS\n" + "".join(f"S{i}\tP{i}\t{v}\n" for i, v in enumerate(SCORES, start=1))
PANELS = "SAMPLE_ID\tmutations\n" + "".join(f"S{i}\t{'PANEL' if i < 11 else 'NA'}\n" for i in range(1, 13))
PANEL = "stable_id: PANEL\ndescription: four genes\ngene_list:\tKRAS\tSTK11\tKEAP1\tTP53\n"
COLUMNS = [
    "Hugo_Symbol",
    "NCBI_Build",
    "Chromosome",
    "Start_Position",
    "Reference_Allele",
    "Tumor_Seq_Allele2",
    "Tumor_Sample_Barcode",
    "HGVSp_Short",
    "HGVSc",
    "Variant_Classification",
    "t_vaf",
]


def call(sample, gene="KRAS", protein="p.G12C", *, build="GRCh37", place="12:25398285", alleles="C>A", coding="c.34G>T",
         kind="Missense_Mutation", vaf="0.3"):  # fmt: skip
    chromosome, position = place.split(":")
    ref, alt = alleles.split(">")
    cells = (gene, build, chromosome, position, ref, alt, sample, protein, coding, kind, vaf)
    return "\t".join(cells) + "\n"


STOP = {"place": "19:1", "alleles": "C>T", "coding": "c.109C>T", "kind": "Nonsense_Mutation"}
CALLS = (
    call("S1"),
    call("S2"),
    call("S5", protein="p.G12D", alleles="C>T", place="12:25398284", coding="c.35G>A"),
    call("S1", "STK11", "p.Q37*", **STOP),
    call("S3", "STK11", "p.Q37*", **STOP),
    call("S4", "TP53", "p.R175H", place="17:5", alleles="C>T", coding="c.524G>A"),
    call("S6", "STK11", "p.F354L", place="19:7", alleles="C>T", coding="c.1062C>G"),
)


def write(
    folder: Path, *, calls=CALLS, samples=SAMPLES, patients=PATIENTS, panels=PANELS, panel=PANEL, config=""
) -> Path:
    """Write the study, with what is to be different."""
    files = {
        "meta_study.txt": "cancer_study_identifier: x\n",
        "data_clinical_patient.txt": patients,
        "data_clinical_sample.txt": samples,
        "data_mutations.txt": "\t".join(COLUMNS) + "\n" + "".join(calls),
        "data_gene_panel_matrix.txt": panels,
        "data_gene_panel_PANEL.txt": panel,
        "codon12.toml": config,
    }
    for name, text in files.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return folder
