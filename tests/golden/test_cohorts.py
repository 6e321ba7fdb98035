"""The worked examples of docs/cohorts.md, with the codon12.toml printed there, on real data beside the checkout.

Sources: OAK and POPLAR, Gandara, Nat Med 2018, supplementary table 8; MSK-MIND, Vanguri, Nat Cancer 2022; Samstein, Nat
Genet 2019. The expected hazard ratios agree with lifelines to the decimals shown.
"""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from codon12.evidence import assemble
from codon12.numbers import printed
from codon12.records import Study

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
CONFIGS = {
    re.search(r'title = "(.*?)"', block).group(1): block
    for block in re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "cohorts.md").read_text(encoding="utf-8"), re.DOTALL)
    if "[analyses" in block and "[tables" in block
}

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared study data are not beside the checkout")


def study(folder: Path, files: list[Path], title: str):
    for path in files:
        shutil.copy(path, folder)
    config = next(block for name, block in CONFIGS.items() if title in name)
    (folder / "codon12.toml").write_text(config, encoding="utf-8")
    return assemble(Study.open(folder))


@pytest.fixture(scope="module")
def oak(tmp_path_factory):
    files = list((SHARED / "oak_poplar_2018").glob("*.xlsx"))
    return study(tmp_path_factory.mktemp("oak"), files, "OAK")


@pytest.fixture(scope="module")
def mind(tmp_path_factory):
    files = sorted((SHARED / "msk_mind_2022").glob("*.txt"))
    return study(tmp_path_factory.mktemp("mind"), files, "MSK-MIND")


@pytest.fixture(scope="module")
def samstein(tmp_path_factory):
    folder = SHARED / "samstein_2018_tmb"
    files = [folder / n for n in ("CLIN.txt", "CLIN_sample.txt", "SNV.txt.gz")]
    return study(tmp_path_factory.mktemp("samstein"), files, "lung cancer")


def number(evidence, name):
    found = evidence.numbers.filter(id=name)
    assert found.height == 1, f"{name}: {evidence.numbers['id'].to_list()}"
    return found.row(0, named=True)


def ratio(evidence, name):
    got = number(evidence, name)
    return "{} ({}-{})".format(*(printed(got[k], 2) for k in ("value", "lower", "upper")))


def test_oak_and_poplar_are_pooled_and_untested_patients_are_not_wild_type(oak):
    adsl = oak.frames["adsl"]
    assert adsl.height == 850 + 287
    assert adsl["STUDYID"].value_counts().sort("count")["count"].to_list() == [287, 850]
    got = number(oak, "baseline.kras.mutated.all")
    assert (got["n"], got["N"]) == (86, 1137)
    assert number(oak, "baseline.kras.wild_type.all")["n"] == 203 + 45
    assert number(oak, "missing.kras.all")["n"] == 588 + 215
    assert number(oak, "os.kras_predictive.interaction_lr_p.all")["N"] == 334


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prognostic.kras.mutated.hr.all", "1.10 (0.73-1.67)"),
        ("atezolizumab.hr.all.kras=wild_type", "0.79 (0.57-1.09)"),
        ("atezolizumab.hr.all.kras=mutated", "0.76 (0.45-1.27)"),
        # lower limit 0.52466; 0.53 where 0.525 is rounded again
        ("interaction.atezolizumab_mutated.ratio_of_hr.all", "0.96 (0.52-1.77)"),
        ("main.kras.mutated.hr.all", "1.08 (0.80-1.47)"),
    ],
)
def test_kras_in_oak_and_poplar_is_neither_prognostic_nor_predictive(oak, name, expected):
    assert ratio(oak, f"os.kras_predictive.{name}") == expected


def test_sentence_of_oak_and_poplar_says_what_was_not_shown(oak):
    said = number(oak, "os.kras_predictive.sentence.all")["label"]
    shown = " ".join((ROOT / "docs" / "cohorts.md").read_text(encoding="utf-8").replace("\n> ", " ").split())
    assert said in shown
    assert "not shown" in said
    assert "randomised" not in said


def test_prevalence_in_mind(mind):
    got = number(mind, "baseline.kras.mutated.all")
    assert (got["n"], got["N"], printed(got["value"], 1)) == (94, 246, "38.2")
    got = number(mind, "baseline.g12c.all")
    assert (got["n"], got["N"], printed(got["value"], 1)) == (40, 246, "16.3")


def test_overall_survival_of_all_patients_in_mind(mind):
    times = mind.frames["adtte"].filter(PARAMCD="OS")
    assert (times.height, (times["CNSR"] == 0).sum()) == (246, 151)
    raw = pl.read_csv(
        SHARED / "msk_mind_2022" / "data_clinical_patient.txt", separator="\t", skip_rows=4, infer_schema=False
    ).select(USUBJID="PATIENT_ID", GIVEN=pl.col("OS_INT").cast(pl.Float64, strict=False))
    both = times.join(raw, on="USUBJID").drop_nulls("GIVEN")
    assert both.height == 151
    assert (both["MONTHS"] - both["GIVEN"]).abs().max() < 0.052  # given to one decimal, of another month


def test_progression_free_survival_by_pd_l1_in_mind(mind):
    assert ratio(mind, "pfs.tps.tpshigh.ge50.hr.all") == "0.58 (0.43-0.79)"
    assert ratio(mind, "pfs.tps_by_kras.ge50.hr.all.kras=wild_type") == "0.62 (0.42-0.92)"
    assert ratio(mind, "pfs.tps_by_kras.ge50.hr.all.kras=mutated") == "0.54 (0.33-0.89)"
    assert "not randomised" in number(mind, "pfs.tps_by_kras.sentence.all")["label"]


def test_survival_by_kras_and_pd_l1_in_mind(mind):
    groups = {
        "wild_type_lt1": (76, 60, 81),
        "wild_type_1_49": (21, 14, 29),
        "wild_type_ge50": (34, 22, 42),
        "mutated_lt1": (41, 33, 46),
        "mutated_1_49": (15, 11, 17),
        "mutated_ge50": (22, 11, 31),
    }
    for group, (progressed, died, total) in groups.items():
        for endpoint, events in (("pfs", progressed), ("os", died)):
            got = number(mind, f"{endpoint}.events.all.kras_x_tps={group}")
            assert (got["n"], got["N"]) == (events, total)
            assert len(got["subjects"]) == events
    assert set(mind.frames["group_curves"]["PARAMCD"]) == {"PFS", "OS"}


def test_kras_in_lung_cancer_of_samstein(samstein):
    got = number(samstein, "os.kras_adjusted.kras.y.hr.all")
    assert (got["n"], got["N"]) == (219, 350)
    assert ratio(samstein, "os.kras_adjusted.kras.y.hr.all") == "0.84 (0.63-1.12)"
    assert ratio(samstein, "os.kras.kras.y.hr.all") == "0.87 (0.66-1.16)"
    assert number(samstein, "baseline.kras.all")["n"] == 124
