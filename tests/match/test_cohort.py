"""Cohorts: counts by hand, and public data."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from codon12.cli.match import match
from codon12.match import patient_of, profiles_of, shipped_statements, shipped_trials
from codon12.match.cohort import match_cohort, match_cohort_trial, statement_frame
from codon12.match.from_study import profiles_of_study
from codon12.records import Study

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
DAY = date(2026, 6, 1)
SOTORASIB = "us-fda/nsclc/sotorasib/kras-g12c"
TRIAL = "NCT03600883-phase2-nsclc"


def _lung(*found, lines=({"drugs": ["carboplatin", "pemetrexed"], "outcome": "progression"},), **more):
    test = {"assay": "p", "specimen": "tissue", "genes": ["KRAS"], "kinds": ["mutation"], "found": list(found)}
    return patient_of(
        {"tumour": {"type": "NSCLC", "stage": "metastatic"}, "tests": [test], "lines": list(lines)} | more
    )


def test_counts_by_hand():
    held = profiles_of([_lung("KRAS G12C"), _lung(), _lung("KRAS G12C", tests=[]), _lung("KRAS G12C", lines=())])
    (found,) = match_cohort(held, shipped_statements(), as_of=DAY, only=[SOTORASIB])
    assert (found.total, found.applies, found.undetermined, found.does_not_apply) == (4, 1, 1, 2)
    assert found.missing == {"KRAS G12C": 1}
    frame = statement_frame(held, shipped_statements(), as_of=DAY).filter(STATEMENT=SOTORASIB)
    assert frame["STATUS"].to_list() == ["applies", "does not apply", "undetermined", "does not apply"]
    assert frame["MISSING"].to_list() == ["", "", "KRAS G12C", ""]


def test_attrition_by_hand():
    people = [
        _lung("KRAS G12C", age=60, ecog=1),
        _lung("KRAS G12C", age=60, ecog=3),
        _lung(age=17, ecog=3),
        _lung("KRAS G12C", age=70),
    ]
    found = match_cohort_trial(profiles_of(people), shipped_trials()[0], as_of=DAY)
    rows = {r["CRITERION"]: r for r in found.steps.to_dicts()}
    assert [rows[k]["LEFT"] for k in ("age", "disease", "kras-g12c", "ecog")] == [3, 3, 3, 2]
    assert (rows["ecog"]["FAILS"], rows["ecog"]["FAILS_ONLY"], rows["ecog"]["UNDETERMINED"]) == (2, 1, 1)
    assert found.overall == {"PASS": 0, "WARN": 0, "UNDETERMINED": 2, "FAIL (recoverable)": 1, "FAIL": 1}
    assert match_cohort_trial(profiles_of(people), shipped_trials()[0], as_of=DAY, among="KRAS G12C").total == 3


MIND = """
[match]
where = "DRUG_START IS NOT NULL"
ecog = "ECOG"
prior_lines = "CAST(IO_LINE AS INT) - {minus}"
assume = {{ tumour_type = "NSCLC", stage = "metastatic", lines_complete = true }}
[[match.lines]]
drugs = "IO_DRUG"
outcome = "CASE WHEN PFS_STATUS = '1:PROGRESS' AND (DEATH_DATE IS NULL OR PFS_DATE < DEATH_DATE) THEN 'progression' WHEN PFS_STATUS IS NOT NULL THEN 'no progression' END"
"""


def _config(tmp_path, name, more):
    file = tmp_path / "codon12.toml"
    text = (ROOT / "examples" / "mappings" / name).read_text()
    file.write_text(text.split("\n[match]")[0] + more)
    return file


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data lie beside the checkout")
@pytest.mark.parametrize(("minus", "applies"), [(1, 25), (0, 40)])
def test_msk_mind(tmp_path, minus, applies):
    study = Study.open(DATA / "msk_mind_2022", config=_config(tmp_path, "msk_mind_2022.toml", MIND.format(minus=minus)))
    held = profiles_of_study(study)
    assert len(held.profiles) == 246
    (found,) = match_cohort(held.profiles, shipped_statements(), as_of=DAY, only=[SOTORASIB])
    assert found.applies == applies
    if minus == 0:
        trial = match_cohort_trial(held.profiles, shipped_trials()[0], as_of=date(2019, 10, 1), among="KRAS G12C")
        rows = {r["CRITERION"]: r for r in trial.steps.to_dicts()}
        asked = ("progression-after", "ecog", "lines")
        assert [rows[k]["LEFT"] for k in ("kras-g12c", *asked)] == [40, 30, 26, 25]
        assert [rows[k]["FAILS"] for k in asked] == [10, 6, 2]
        assert [rows[k]["FAILS_ONLY"] for k in asked] == [7, 4, 1]
        assert trial.overall["UNDETERMINED"] == 25
    else:
        tps = match_cohort(
            held.profiles, shipped_statements(), as_of=DAY,
            only=["us-fda/nsclc/pembrolizumab/1L/tps1", "eu-ema/nsclc/pembrolizumab/1L/tps50"],
        )  # fmt: skip
        assert [t.applies + t.undetermined for t in tps] == [57, 41]


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data lie beside the checkout")
def test_samstein_colorectal(tmp_path):
    more = '\n[match]\nwhere = "CANCER_TYPE = \'Colorectal Cancer\'"\nassume = { stage = "metastatic", specimen = "tissue" }\n'
    study = Study.open(DATA / "samstein_2018_tmb", config=_config(tmp_path, "samstein_2018_tmb.toml", more))
    held = profiles_of_study(study).profiles
    (full,) = match_cohort(held, shipped_statements(), as_of=date(2021, 9, 1), only=["us-fda/mcrc/anti-egfr/ras"])
    assert (full.total, full.applies, full.because_of_unknown) == (110, 60, 0)
    kit = ["KRAS G12A", "KRAS G12D", "KRAS G12R", "KRAS G12C", "KRAS G12S", "KRAS G12V", "KRAS G13D"]
    people = []
    for place in range(len(held)):
        own = held.only(place)
        calls = {f"{g} {(p or '').removeprefix('p.')}" for g, p in own.call_table.select("GENE", "PROTEIN").iter_rows()}
        test = {"assay": "kit", "specimen": "tissue", "targets": kit, "found": sorted(calls & set(kit))}
        people.append(patient_of({"tumour": {"type": "CRC", "stage": "metastatic"}, "tests": [test]}))
    (alone,) = match_cohort(
        profiles_of(people), shipped_statements(), as_of=date(2021, 9, 1), only=["us-fda/mcrc/anti-egfr/ras"]
    )
    assert (alone.applies - alone.because_of_unknown, alone.because_of_unknown) == (48, 62)


def _run(*arguments):
    return CliRunner().invoke(match, [str(a) for a in arguments], standalone_mode=False)


def test_cohort_command_on_the_example(tmp_path):
    study = ROOT / "examples" / "cohort"
    found = json.loads(_run("cohort", study, "--statement", SOTORASIB, "--as-of", "2026-06-01", "--json").output)
    assert found["statements"][0]["total"] == found["subjects"] > 0
    out = tmp_path / "all.csv"
    text = _run("cohort", study, "--trial", TRIAL, "--out", out).output
    assert "The protocol has more criteria" in text
    assert out.read_text().startswith("USUBJID,STATEMENT,STATUS,UNKNOWN,MISSING")


def test_one_subject_of_a_study_answers_as_in_the_cohort():
    study = Study.open(ROOT / "examples" / "cohort")
    held = profiles_of_study(study)
    frame = statement_frame(held.profiles, shipped_statements(), as_of=DAY)
    subject = held.profiles.subjects[3]
    found = json.loads(
        _run("--study", ROOT / "examples" / "cohort", "--subject", subject, "--as-of", "2026-06-01", "--json").output
    )
    own = dict(frame.filter(USUBJID=subject).select("STATEMENT", "STATUS").iter_rows())
    assert found["statements"] == own


def test_a_whole_exome_denies_what_it_did_not_find(tmp_path):
    """No gene panel is named: every gene was read (cBioPortal, "File Formats"); biomarkers say so of it, too."""
    files = {
        "meta_study.txt": "cancer_study_identifier: s\ntype_of_cancer: luad\nname: s\ndescription: s\n",
        "meta_clinical_patient.txt": "cancer_study_identifier: s\ngenetic_alteration_type: CLINICAL\n"
        "datatype: PATIENT_ATTRIBUTES\ndata_filename: data_clinical_patient.txt\n",
        "meta_clinical_sample.txt": "cancer_study_identifier: s\ngenetic_alteration_type: CLINICAL\n"
        "datatype: SAMPLE_ATTRIBUTES\ndata_filename: data_clinical_sample.txt\n",
        "meta_mutations.txt": "cancer_study_identifier: s\ngenetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\n"
        "stable_id: mutations\ndata_filename: data_mutations.txt\n",
        "data_clinical_patient.txt": "PATIENT_ID\tSEX\nA\tMale\nB\tMale\nC\tMale\n",
        "data_clinical_sample.txt": "PATIENT_ID\tSAMPLE_ID\nA\tA1\nB\tB1\nC\tC1\n",
        "data_mutations.txt": "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\n"
        "KRAS\tA1\tMissense_Mutation\tp.G12C\nTP53\tB1\tMissense_Mutation\tp.R175H\n",
        "case_lists/cases_sequenced.txt": "cancer_study_identifier: s\nstable_id: s_sequenced\ncase_list_name: s\n"
        "case_list_description: s\ncase_list_ids: A1\tB1\n",
        "codon12.toml": '[match.assume]\ntumour_type = "NSCLC"\nstage = "metastatic"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    held = profiles_of_study(Study.open(tmp_path)).profiles
    trial = match_cohort_trial(held, shipped_trials()[0], as_of=DAY)
    row = next(r for r in trial.steps.to_dicts() if r["CRITERION"] == "kras-g12c")
    assert (trial.total, row["FAILS"], row["UNDETERMINED"]) == (3, 1, 1)  # C was not sequenced
