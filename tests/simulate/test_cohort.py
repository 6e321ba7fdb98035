"""The generated cohort: the same bytes, a study that opens clean, only what a test reaches, refusals."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import msgspec
import polars as pl
import pytest

from codon12.biomarker import RAS_GENES, study_calls, study_tests
from codon12.cli import main
from codon12.cli.simulate_cohort import _FLAWS
from codon12.errors import ConfigError, InputError, UsageError
from codon12.records import Study
from codon12.simulate import Chance, CohortModel, SequencingModel, read_cohort_model, simulate_cohort, write_cohort
from codon12.simulate.cohort_flaws import FLAWS

SHIPPED = Path(__file__).resolve().parents[2] / "examples" / "cohort"


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    said = capsys.readouterr()
    return stopped.value.code, said.out, said.err


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def cohort():
    return simulate_cohort(CohortModel(patients=600), seed=4)


def changed(**fields) -> CohortModel:
    return msgspec.structs.replace(CohortModel(patients=80), **fields)


def test_the_shipped_folder_is_that_of_the_default_seed_to_the_byte(tmp_path):
    write_cohort(tmp_path / "cohort")
    assert files_of(tmp_path / "cohort") == files_of(SHIPPED)
    assert sum(map(len, files_of(SHIPPED).values())) < 500_000


def test_a_folder_may_be_named_in_plain_text(tmp_path):
    files, _ = write_cohort(str(tmp_path / "cohort"), CohortModel(patients=5))
    assert files == sorted(p for p in (tmp_path / "cohort").rglob("*") if p.is_file())


def test_a_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_cohort(tmp_path / name, CohortModel(patients=30), seed=seed)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    assert files_of(tmp_path / "a")["data_mutations.txt"] != files_of(tmp_path / "c")["data_mutations.txt"]


def test_the_shipped_study_opens_without_an_error_and_its_warnings_are_known():
    study = Study.open(SHIPPED)
    assert study.format == "cbioportal"
    assert not study.findings.filter(SEVERITY="error").height
    calls = study_calls(study)
    assert not calls.findings.height
    assert set(study_tests(study)["ASSAY"]) == {"GP39", "GP11", "KRAS7"}


def test_every_kras_place_is_a_base_of_the_gene(cohort):
    rows = cohort.tables["mutations"].filter(Hugo_Symbol="KRAS")
    assert rows.height > 100
    kras = RAS_GENES["KRAS"]
    for place, ref in rows.select("Start_Position", "Reference_Allele").unique().rows():
        assert kras.reference(place, "GRCh37") == ref


def test_a_test_reports_what_it_reaches_and_nothing_else(cohort):
    panel = cohort.tables["gene_panel_matrix"].select(Tumor_Sample_Barcode="SAMPLE_ID", PANEL="mutations")
    seen = cohort.tables["mutations"].join(panel, on="Tumor_Sample_Barcode", how="left")
    assert not seen["PANEL"].null_count()
    reach = {p.name: set(p.genes) for p in cohort.model.panels}
    for name in ("GP39", "GP11"):
        assert set(seen.filter(PANEL=name)["Hugo_Symbol"]) <= reach[name]
    kit = seen.filter(PANEL="KRAS7")
    targets = next(p.targets for p in cohort.model.panels if p.name == "KRAS7")
    assert kit.height
    assert set("KRAS " + kit["HGVSp_Short"]) <= set(targets)
    mutated = cohort.patients.filter(pl.col("PANEL") == "KRAS7", pl.col("KRAS") == 1).height
    assert kit.height < mutated  # the kit does not see codon 61


def test_the_burden_is_that_of_the_maf(cohort):
    sample, maf = cohort.tables["clinical_sample"], cohort.tables["mutations"]
    wide = sample.filter(GENE_PANEL="GP39")
    counts = dict(maf.group_by("Tumor_Sample_Barcode").len().iter_rows())
    assert wide["TMB_NONSYNONYMOUS"].to_list() == [round(counts.get(s, 0) / 1.1, 2) for s in wide["SAMPLE_ID"]]
    assert sample.filter(pl.col("GENE_PANEL") != "GP39")["TMB_NONSYNONYMOUS"].is_null().all()


def test_everyone_was_seen_after_entry_and_nobody_after_the_cut_off(cohort):
    patients, model = cohort.patients, cohort.model
    assert (patients["ENTRY"] < patients["OS"]).all()
    assert (patients["PFS"] <= patients["OS"]).all()
    assert (patients["OS"] >= 1).all()
    last = (model.data_cutoff - dt.date(model.first_year, 1, 1)).days
    assert (patients["START"] + patients["OS"]).max() <= last
    assert cohort.drawn > patients.height
    everybody = simulate_cohort(changed(sequencing=SequencingModel(late=Chance(at_zero=0.0))))
    assert everybody.drawn == everybody.patients.height == 80


@pytest.mark.parametrize("name", sorted(FLAWS))
def test_a_flaw_changes_its_table_alone_and_is_off_by_default(name):
    clean, flawed = simulate_cohort(changed()), simulate_cohort(changed(flaws=(name,)))
    differ = [t for t in clean.tables if not clean.tables[t].equals(flawed.tables[t])]
    where = {"old-symbol": "mutations", "unknown-patient": "clinical_patient"}.get(name, "clinical_sample")
    assert differ == [where]


def test_the_command_names_the_flaws_there_are():
    assert set(_FLAWS) == set(FLAWS)


MECHANISM = """
patients = 40
[treatment]
control = "FOLFOX"
active = "FOLFOX + cetuximab"
choice = { at_zero = 0.5, terms = { YEAR = 0.1 } }
[expression]
name = "CPS"
cuts = [1, 10]
any = { at_zero = 0.3 }
high = { at_zero = 0.3 }
[death]
terms = { BRAF = 0.7, "ACTIVE:CPS10" = -0.2, ACTIVE = 0.1 }
[progression]
terms = { BRAF = 0.5 }
[[genes]]
gene = "BRAF"
mutated = { at_zero = 0.3 }
[[genes.alleles]]
protein = "p.V600E"
share = 1
coding = "c.1799T>A"
chrom = "7"
start = 140453136
ref = "A"
alt = "T"
[[panels]]
name = "P1"
share = 1
genes = ["BRAF", "APC"]
megabases = 2
"""


def test_another_gene_score_and_drug_are_a_matter_of_the_model(tmp_path):
    (tmp_path / "m.toml").write_text(MECHANISM, encoding="utf-8")
    model = read_cohort_model(tmp_path / "m.toml")
    assert model.death.median == CohortModel().death.median  # what the file leaves out stays
    write_cohort(tmp_path / "study", model)
    study = Study.open(tmp_path / "study")
    assert not study.findings.filter(SEVERITY="error").height
    assert set(study.table("MUTATIONS")["HUGO_SYMBOL"]) <= {"BRAF", "APC"}
    text = (tmp_path / "study" / "codon12.toml").read_text(encoding="utf-8")
    assert "KRAS" not in text.replace(model.title, "")
    assert {"BRAF", "CPS"} <= set(study.config.biomarkers)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"patients": 0}, "patients"),
        ({"patients": -3}, "patients"),
        ({"female": 1.5}, "female"),
        ({"last_year": 2010}, "must follow each other"),
        ({"data_cutoff": dt.date(2021, 6, 1)}, "must follow each other"),
        ({"genes": ()}, "name at least one"),
        ({"genes": CohortModel().genes * 2}, "named twice"),
        ({"sequencing": SequencingModel(late=Chance(at_zero=0.5, terms={"WIND": 1.0}))}, "'WIND' names no column"),
    ],
)
def test_a_mechanism_that_cannot_be_is_refused(fields, words):
    with pytest.raises((ConfigError, UsageError), match=words):
        simulate_cohort(changed(**fields))


@pytest.mark.parametrize(
    ("text", "words"),
    [("patience = 3", "unknown field `patience`"), ("patients = ", "not valid TOML"), ('patients = "x"', "patients")],
)
def test_a_model_file_that_is_wrong_is_named(tmp_path, text, words):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_cohort_model(tmp_path / "m.toml")


def test_the_command_writes_and_says_so_as_json(capsys, tmp_path):
    out = tmp_path / "c"
    code, said, err = run(capsys, "simulate", "cohort", "--out", str(out), "--patients", "25", "--json")
    body = json.loads(said)
    assert (code, err, body["patients"]) == (0, "", 25)
    assert sorted(body["files"]) == sorted(files_of(out))
    assert body["hazard_ratios"]["death"]["STK11"] == 1.4918
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    assert truth["model"]["patients"] == 25
    assert CohortModel.of(truth["model"]) == CohortModel(patients=25)


@pytest.mark.parametrize("count", ["0", "-5", "many"])
def test_a_wrong_number_of_patients_writes_nothing(capsys, tmp_path, count):
    code, said, err = run(capsys, "simulate", "cohort", "--out", str(tmp_path / "c"), "--patients", count)
    assert (code, said) == (2, "")
    assert "--patients" in err
    assert not any(tmp_path.iterdir())


def test_a_folder_with_other_files_is_left_alone_and_an_earlier_cohort_replaced(capsys, tmp_path):
    out = tmp_path / "c"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "simulate", "cohort", "--out", str(out), "--patients", "10")
    assert code == 2
    assert "holds files" in err
    assert [p.name for p in out.iterdir()] == ["mine.txt"]
    for count in (10, 12):
        assert run(capsys, "simulate", "cohort", "--out", str(tmp_path / "d"), "--patients", str(count))[0] == 0
    assert Study.open(tmp_path / "d").table("PATIENT").height == 12


def test_a_target_that_cannot_be_written_or_a_failure_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        write_cohort(tmp_path / "file" / "below", CohortModel(patients=5))
    with pytest.raises(ConfigError):
        write_cohort(tmp_path / "none", CohortModel(patients=0))
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
