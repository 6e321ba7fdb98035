"""A generated cohort as the files of a cBioPortal study."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.simulate.cohort_calls import copy_number, fusions, mutations
from codon12.simulate.cohort_model import CohortModel
from codon12.simulate.cohort_patients import DAYS_PER_MONTH

__all__ = ["Clinical", "cohort_files", "cohort_tables"]

Clinical = dict[str, tuple[str, str, str, str]]
"""Column -> name, description, type, priority: the four lines above a clinical table."""

PATIENT: Clinical = {
    "PATIENT_ID": ("Patient Identifier", "Identifier of a patient", "STRING", "1"),
    "SEX": ("Sex", "Sex", "STRING", "1"),
    "AGE": ("Age", "Age at the start of first-line treatment, years", "NUMBER", "1"),
    "SMOKING": ("Smoking", "Smoking history", "STRING", "1"),
    "ECOG": ("ECOG", "ECOG performance status at the start of first-line treatment", "STRING", "1"),
    "START_YEAR": ("Start Year", "Year in which first-line treatment began", "NUMBER", "1"),
    "FIRST_LINE": ("First-line Treatment", "First-line systemic treatment", "STRING", "1"),
    "SEQ_MONTHS": ("Months to Sequencing", "Start of treatment to entry (negative: before)", "NUMBER", "1"),
    "OS_MONTHS": ("Overall Survival (Months)", "From the start of first-line treatment", "NUMBER", "1"),
    "OS_STATUS": ("Overall Survival Status", "0:LIVING or 1:DECEASED", "STRING", "1"),
    "PFS_MONTHS": ("Progression Free (Months)", "From the start of first-line treatment", "NUMBER", "1"),
    "PFS_STATUS": ("Progression Free Status", "0:CENSORED or 1:PROGRESSION (or death)", "STRING", "1"),
}
SAMPLE: Clinical = {
    "SAMPLE_ID": ("Sample Identifier", "Identifier of a sample", "STRING", "1"),
    "PATIENT_ID": ("Patient Identifier", "Identifier of a patient", "STRING", "1"),
    "CANCER_TYPE": ("Cancer Type", "Cancer type", "STRING", "1"),
    "CANCER_TYPE_DETAILED": ("Cancer Type Detailed", "Cancer type in detail", "STRING", "1"),
    "ONCOTREE_CODE": ("Oncotree Code", "OncoTree code", "STRING", "1"),
    "GENE_PANEL": ("Gene Panel", "Test with which the sample was read", "STRING", "1"),
    "TUMOR_PURITY": ("Tumor Purity", "Share of tumour cells, percent", "NUMBER", "1"),
    "TMB_NONSYNONYMOUS": ("TMB (nonsynonymous)", "Mutations per megabase, panels of a megabase", "NUMBER", "1"),
}


def cohort_tables(model: CohortModel, patients: pl.DataFrame, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Make the tables of a cBioPortal study from drawn patients: name of the data file -> what it holds.

    Null is an empty cell. The samples of patients that were never tested are in the clinical table, and in no other.
    """
    digits = len(str(patients.height))
    number = pl.int_range(1, patients.height + 1).cast(pl.String).str.zfill(max(digits, 4))
    purity = 15 + 5 * np.floor(rng.beta(2.2, 2.2, patients.height) * 15)
    people = patients.with_columns(
        SUBJECT=pl.lit("C12-") + number, SAMPLE=pl.lit("C12-") + number + "-T01", PURITY=purity / 100
    )
    maf = mutations(model, people, rng)
    tested = people.filter(pl.col("PANEL").is_not_null())
    joined = {name.partition("-")[2] for name in model.fusions}
    for_fusions = [p.name for p in model.panels if joined and joined <= set(p.genes)]
    copies = copy_number(model, people, rng)
    out = {
        "clinical_patient": _patient(model, people),
        "clinical_sample": _sample(model, people, maf),
        "mutations": maf,
        "cna": copies,
        "sv": fusions(model, people, rng),
        "gene_panel_matrix": tested.select(
            SAMPLE_ID="SAMPLE",
            mutations="PANEL",
            cna=pl.when(pl.col("SAMPLE").is_in(copies.columns[1:])).then("PANEL").otherwise(pl.lit("NA")),
            structural_variants=pl.when(pl.col("PANEL").is_in(for_fusions)).then("PANEL").otherwise(pl.lit("NA")),
        ),
        "timeline_treatment": _timeline(model, people, rng),
    }
    return {name: frame for name, frame in out.items() if frame.width > 1 and (frame.height or name == "mutations")}


def _months(days: pl.Expr) -> pl.Expr:
    return (days / DAYS_PER_MONTH).round(2)


def _patient(model: CohortModel, people: pl.DataFrame) -> pl.DataFrame:
    treatment = pl.when(pl.col("ACTIVE") == 1).then(pl.lit(model.treatment.active))
    return people.select(
        PATIENT_ID="SUBJECT",
        SEX=pl.when(pl.col("FEMALE") == 1).then(pl.lit("Female")).otherwise(pl.lit("Male")),
        AGE="AGE",
        SMOKING=pl.col("SMOKING").replace_strict({0: "Never", 1: "Former", 2: "Current"}, return_dtype=pl.String),
        ECOG=(pl.col("ECOG1") + 2 * pl.col("ECOG2")).cast(pl.Int64),
        START_YEAR=model.first_year + pl.col("YEAR").cast(pl.Int64),
        FIRST_LINE=treatment.otherwise(pl.lit(model.treatment.control)),
        SEQ_MONTHS=_months(pl.col("ENTRY")),
        OS_MONTHS=_months(pl.col("OS")),
        OS_STATUS=pl.when("DIED").then(pl.lit("1:DECEASED")).otherwise(pl.lit("0:LIVING")),
        PFS_MONTHS=_months(pl.col("PFS")),
        PFS_STATUS=pl.when("EVENT_PFS").then(pl.lit("1:PROGRESSION")).otherwise(pl.lit("0:CENSORED")),
    )


def _sample(model: CohortModel, people: pl.DataFrame, maf: pl.DataFrame) -> pl.DataFrame:
    """Clinical samples; the burden is counted in the MAF, where a panel reads a megabase or more."""
    size = {p.name: p.megabases for p in model.panels if p.megabases >= 1}
    counted = maf.group_by("Tumor_Sample_Barcode").len("COUNT")
    megabases = pl.col("PANEL").replace_strict(size, default=None, return_dtype=pl.Float64)
    measured = pl.col("MEASURED") == 1
    return people.join(
        counted, left_on="SAMPLE", right_on="Tumor_Sample_Barcode", how="left", maintain_order="left"
    ).select(
        SAMPLE_ID="SAMPLE",
        PATIENT_ID="SUBJECT",
        CANCER_TYPE=pl.lit(model.cancer),
        CANCER_TYPE_DETAILED=pl.lit(model.detailed),
        ONCOTREE_CODE=pl.lit(model.oncotree),
        GENE_PANEL="PANEL",
        TUMOR_PURITY=(100 * pl.col("PURITY")).round(0).cast(pl.Int64),
        TMB_NONSYNONYMOUS=(pl.col("COUNT").fill_null(0) / megabases).round(2),
        **{
            model.expression.name: pl.when(measured).then("SCORE"),
            f"{model.expression.name}_ASSAY": pl.when(measured).then(pl.lit(model.expression.assay)),
        },
    )


def _timeline(model: CohortModel, people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """First line to progression, death or last contact; for some a second line; days from the start of the first."""
    rule = model.treatment
    active = pl.col("ACTIVE") == 1
    first = people.select(
        PATIENT_ID="SUBJECT",
        START_DATE=pl.lit(0, pl.Int64),
        STOP_DATE="PFS",
        EVENT_TYPE=pl.lit("TREATMENT"),
        TREATMENT_TYPE=pl.lit("Systemic, first line"),
        AGENT=pl.when(active).then(pl.lit(rule.active)).otherwise(pl.lit(rule.control)),
    )
    gap = pl.Series(14 + np.floor(rng.random(people.height) * 42).astype(np.int64))
    chosen = pl.Series(rng.random(people.height) < rule.second_line)
    begun = pl.col("PFS") + gap
    second = people.with_columns(BEGUN=begun).filter(pl.col("PROGRESSED") & chosen & (begun < pl.col("OS")))
    after = second.select(
        PATIENT_ID="SUBJECT",
        START_DATE="BEGUN",
        STOP_DATE=pl.lit(None, pl.Int64),
        EVENT_TYPE=pl.lit("TREATMENT"),
        TREATMENT_TYPE=pl.lit("Systemic, second line"),
        AGENT=pl.when(active).then(pl.lit(rule.after_active)).otherwise(pl.lit(rule.after_control)),
    )
    return pl.concat([first, after]).sort("PATIENT_ID", "START_DATE")


_META: dict[str, dict[str, str]] = {
    "clinical_patient": {"genetic_alteration_type": "CLINICAL", "datatype": "PATIENT_ATTRIBUTES"},
    "clinical_sample": {"genetic_alteration_type": "CLINICAL", "datatype": "SAMPLE_ATTRIBUTES"},
    "timeline_treatment": {"genetic_alteration_type": "CLINICAL", "datatype": "TIMELINE"},
    "mutations": {
        "genetic_alteration_type": "MUTATION_EXTENDED",
        "datatype": "MAF",
        "stable_id": "mutations",
        "show_profile_in_analysis_tab": "true",
        "profile_name": "Mutations",
        "profile_description": "Generated mutations",
    },
    "cna": {
        "genetic_alteration_type": "COPY_NUMBER_ALTERATION",
        "datatype": "DISCRETE",
        "stable_id": "cna",
        "show_profile_in_analysis_tab": "true",
        "profile_name": "Copy number",
        "profile_description": "Generated amplifications (2) and deletions (-2)",
    },
    "sv": {
        "genetic_alteration_type": "STRUCTURAL_VARIANT",
        "datatype": "SV",
        "stable_id": "structural_variants",
        "show_profile_in_analysis_tab": "true",
        "profile_name": "Structural variants",
        "profile_description": "Generated fusions",
    },
    "gene_panel_matrix": {"genetic_alteration_type": "GENE_PANEL_MATRIX", "datatype": "GENE_PANEL_MATRIX"},
}


def cohort_files(model: CohortModel, tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    """Give the text of every file of the study: data with their heads, meta files, panels and case lists.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats".
    """
    study = f"cancer_study_identifier: {model.study}\n"
    notice = "Generated by codon12 simulate cohort; not patient data."
    files = {
        "meta_study.txt": f"type_of_cancer: {model.oncotree.lower()}\n{study}name: {model.title} (generated)\n"
        f"description: {notice}\nreference_genome: hg19\nadd_global_case_list: true\n"
    }
    score = model.expression
    measured: Clinical = {
        score.name: (score.name, f"{score.label}, percent", "NUMBER", "1"),
        f"{score.name}_ASSAY": (f"{score.name} Assay", "Antibody", "STRING", "1"),
    }
    heads = {"clinical_patient": _head(PATIENT), "clinical_sample": _head(SAMPLE | measured)}
    for name, frame in tables.items():
        head = heads.get(name, "")
        files[f"data_{name}.txt"] = head + frame.write_csv(separator="\t", line_terminator="\n", quote_style="never")
        meta = "".join(f"{key}: {value}\n" for key, value in _META[name].items())
        files[f"meta_{name}.txt"] = f"{study}{meta}data_filename: data_{name}.txt\n"
    for panel in model.panels:
        if panel.name:
            what = f"reads only {', '.join(panel.targets)}" if panel.targets else f"{panel.megabases:g} megabases"
            genes = panel.genes or tuple(dict.fromkeys(t.split()[0] for t in panel.targets))
            files[f"data_gene_panel_{panel.name}.txt"] = (
                f"stable_id: {panel.name}\ndescription: Generated panel; {what}\ngene_list:\t" + "\t".join(genes) + "\n"
            )
    return files


def _head(columns: Clinical) -> str:
    lines = ["\t".join(column[k] for column in columns.values()) for k in range(4)]
    return "".join(f"#{line}\n" for line in lines)
