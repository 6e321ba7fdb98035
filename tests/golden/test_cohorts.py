"""The mappings of examples/mappings, on real data beside the checkout.

Sources: OAK and POPLAR, Gandara, Nat Med 2018, supplementary table 8; MSK-MIND, Vanguri, Nat Cancer 2022; Samstein, Nat
Genet 2019; Rizvi, J Clin Oncol 2018; LORIS cohorts, Chang, Nat Cancer 2024; TCGA-LUAD, Firehose. The expected hazard
ratios of OAK and POPLAR, MSK-MIND and Samstein agree with lifelines to the decimals shown.
"""

from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.numbers import printed
from codon12.records import Study

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "examples" / "mappings"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared study data are not beside the checkout")


def mapped(name: str):
    """Evidence of a data folder under the mapping of the same name."""
    return assemble(Study.open(SHARED / name, config=MAPPINGS / f"{name}.toml"))


@pytest.fixture(scope="module")
def oak():
    return mapped("oak_poplar_2018")


@pytest.fixture(scope="module")
def mind():
    return mapped("msk_mind_2022")


@pytest.fixture(scope="module")
def samstein():
    return mapped("samstein_2018_tmb")


@pytest.fixture(scope="module")
def rizvi():
    return mapped("rizvi_2018_nsclc_pd1")


@pytest.fixture(scope="module")
def loris():
    return mapped("loris_2024")


@pytest.fixture(scope="module")
def luad():
    return mapped("tcga_luad_firehose")


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


@pytest.mark.slow
def test_prevalence_in_mind(mind):
    got = number(mind, "baseline.kras.mutated.all")
    assert (got["n"], got["N"], printed(got["value"], 1)) == (94, 246, "38.2")
    got = number(mind, "baseline.g12c.all")
    assert (got["n"], got["N"], printed(got["value"], 1)) == (40, 246, "16.3")


@pytest.mark.slow
def test_overall_survival_of_all_patients_in_mind(mind):
    times = mind.frames["adtte"].filter(PARAMCD="OS")
    assert (times.height, (times["CNSR"] == 0).sum()) == (246, 151)
    raw = pl.read_csv(
        SHARED / "msk_mind_2022" / "data_clinical_patient.txt", separator="\t", skip_rows=4, infer_schema=False
    ).select(USUBJID="PATIENT_ID", GIVEN=pl.col("OS_INT").cast(pl.Float64, strict=False))
    both = times.join(raw, on="USUBJID").drop_nulls("GIVEN")
    assert both.height == 151
    assert (both["MONTHS"] - both["GIVEN"]).abs().max() < 0.052  # given to one decimal, of another month


@pytest.mark.slow
def test_progression_free_survival_by_pd_l1_in_mind(mind):
    assert ratio(mind, "pfs.tps.tpshigh.ge50.hr.all") == "0.58 (0.43-0.79)"
    assert ratio(mind, "pfs.tps_by_kras.ge50.hr.all.kras=wild_type") == "0.62 (0.42-0.92)"
    assert ratio(mind, "pfs.tps_by_kras.ge50.hr.all.kras=mutated") == "0.54 (0.33-0.89)"
    assert "not randomised" in number(mind, "pfs.tps_by_kras.sentence.all")["label"]


@pytest.mark.slow
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


@pytest.mark.slow
def test_kras_in_lung_cancer_of_samstein(samstein):
    got = number(samstein, "os.kras_adjusted.kras.mutated.hr.all")
    assert (got["n"], got["N"]) == (219, 350)
    assert ratio(samstein, "os.kras_adjusted.kras.mutated.hr.all") == "0.84 (0.63-1.12)"
    assert ratio(samstein, "os.kras_adjusted.stk11.mutated.hr.all") == "1.27 (0.90-1.80)"
    assert ratio(samstein, "os.kras_adjusted.keap1.mutated.hr.all") == "1.19 (0.84-1.67)"
    assert ratio(samstein, "os.kras.kras.mutated.hr.all") == "0.87 (0.66-1.16)"
    assert number(samstein, "baseline.kras.mutated.all")["n"] == 124


@pytest.mark.slow
def test_a_kit_of_seven_mutations_misses_12_of_60_colorectal_ras_mutations(samstein):
    found = number(samstein, "kit.kit.all.ras=mutated")
    assert (found["n"], found["N"]) == (48, 60)
    none = number(samstein, "kit.kit.all.ras=wild_type")
    assert (none["n"], none["N"]) == (0, 50)


@pytest.mark.slow
def test_ages_are_numbers_where_one_is_not_known(samstein):
    """One of the 350 has NA; without `missing` the age would be a level a year."""
    assert samstein.frames["adsl"].schema["AGE"].is_numeric()
    assert number(samstein, "baseline.age.missing.all")["n"] == 1


def test_arms_of_oak_and_poplar_are_compared_within_trials(oak):
    assert "stratified by Study" in number(oak, "os.hr.atezolizumab")["method"]
    assert dict(oak.methods)["Comparisons"].endswith("Both were stratified by Study.")
    # Gandara: progression-free survival at a burden of 16 or more, POPLAR 0.57, OAK 0.65
    assert ratio(oak, "pfs.btmb_predictive.atezolizumab.hr.all.btmb=ge16") == "0.63 (0.48-0.84)"


@pytest.mark.slow
def test_rizvi_has_pd_l1_in_86_of_240(rizvi):
    got = number(rizvi, "prevalence.kras.mutated.all")
    assert (got["n"], got["N"]) == (86, 240)
    alone = number(rizvi, "pfs.pfs_pdl1_imputed.tps1.ge1.hr.all")
    assert (alone["n"], alone["N"]) == (72, 86)
    assert number(rizvi, "pfs.pfs_pdl1_imputed.imputed.tps1.ge1.hr.all")["N"] == 240
    assert "follow-up" not in dict(rizvi.methods)["Survival estimates"].replace("last follow-up", "")


@pytest.mark.slow
def test_loris_cohorts_in_one_unit_and_without_filled_in_values(loris):
    adsl, times = loris.frames["adsl"], loris.frames["adtte"]
    assert dict(adsl["STUDYID"].value_counts().rows()) == {"Shim": 198, "Ravi": 309, "Chowell": 331 + 207}
    ravi = times.filter(pl.col("USUBJID").str.starts_with("Ravi"), PARAMCD="OS")
    assert ravi["MONTHS"].max() == pytest.approx(2779 / 30.4375)
    assert adsl.filter(STUDYID="Ravi")["ALBUMIN"].null_count() == 309
    assert number(loris, "baseline.albumin.missing.all")["n"] == 309 + 8
    assert ratio(loris, "pfs.pfs_adjusted.tps.ge50.hr.all") == "0.58 (0.47-0.72)"


def test_tcga_lung_adenocarcinoma(luad):
    """Deaths without a day of death have no time; tumours without a patient are one finding a subject."""
    times = luad.frames["adtte"].filter(PARAMCD="OS").drop_nulls("MONTHS")
    assert (times.height, (times["CNSR"] == 0).sum()) == (461, 115)
    assert times.filter(pl.col("MONTHS") > 0, CNSR=0).height == 114
    got = number(luad, "prevalence.kras.mutated.all")
    assert (got["n"], got["N"]) == (150, 481)
    strangers = luad.frames["findings"].filter(RULE="subject-not-in-adsl")
    assert strangers["USUBJID"].n_unique() == strangers.height == 533 - 481
    genes = luad.numbers.filter(analysis="oncoprint", kind="rate")
    assert genes["N"].unique().to_list() == [481]
    assert ratio(luad, "os.os_adjusted.tp53.mutated.hr.all") == "2.23 (1.41-3.52)"
    assert ratio(luad, "os.os_adjusted.tp53.mutated.hr_alone.all") == "1.55 (1.04-2.29)"


def test_nobody_is_called_treated_whose_treatment_is_not_recorded(oak, luad):
    assert oak.context.population_label("safety") == "Treated"
    assert luad.context.population_label("safety") == luad.context.population_label("response") == "Analysed"


# R 4.2.2: d$AGE65 <- ifelse(d$AGE < 65, "<65", ">=65"); for each variable v,
#   anova(coxph(Surv(MONTHS, E) ~ arm + v + strata(STUDYID), d), coxph(Surv(MONTHS, E) ~ arm * v + strata(STUDYID), d))
#   f <- coxph(Surv(MONTHS, E) ~ arm + strata(STUDYID), d, subset = v == level); exp(coef(f)); exp(confint(f))
@pytest.mark.parametrize(
    ("name", "value", "lower", "upper"),
    [
        ("os.effect.hr.atezolizumab", 0.7143583283, 0.6197590576, 0.8233971170),
        ("os.effect.hr.atezolizumab.age=lt65", 0.7731648339, 0.6371320196, 0.9382417490),
        ("os.effect.hr.atezolizumab.race=asian", 0.6627254959, 0.4617624369, 0.9511494393),
        ("os.effect.hr.atezolizumab.kras=mutated", 0.7807728866, 0.4624641387, 1.3181698847),
        ("os.effect.hr.atezolizumab.kras=missing", 0.6931193160, 0.5863134511, 0.8193814850),
        ("os.effect.hr.atezolizumab.egfr=mutated", 1.1843499970, 0.7124797802, 1.9687364530),
        ("pfs.effect.hr.atezolizumab", 0.9312802253, 0.8221011489, 1.0549588200),
        ("os.effect.interaction_p.atezolizumab.race=all", 0.7723344515, None, None),
        ("os.effect.interaction_p.atezolizumab.smoking=all", 0.2283130790, None, None),
        ("os.effect.interaction_p.atezolizumab.egfr=all", 0.0503312070, None, None),
        ("os.effect.interaction_p.atezolizumab.btmb=all", 0.2784034109, None, None),
    ],
)
def test_oak_and_poplar_the_forest_of_the_treatment(oak, name, value, lower, upper):
    got = number(oak, name)
    assert [got[k] for k in ("value", "lower", "upper")] == [
        None if v is None else pytest.approx(v, rel=1e-7) for v in (value, lower, upper)
    ]
