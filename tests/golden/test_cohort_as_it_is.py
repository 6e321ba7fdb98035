"""MSK-MIND as published, without a codon12.toml, and the patients that the MSK cohorts share.

Sources: Vanguri, Nat Cancer 2022; Rizvi, JCO 2018; Samstein, Nat Genet 2019; overlap counted in the data's own description.
Exact limits agree with R 4.2.2: binom.test(94, 246)$conf.int 0.3211125 0.4459929, binom.test(40, 246)$conf.int 0.1187775
0.2147668; fisher.test(matrix(c(30, 65, 25, 120), 2)): odds ratio 2.207705, 95% CI 1.149090 to 4.277104, P 0.011991.
"""

from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.biomarker import shared_patients
from codon12.numbers import printed
from codon12.records import Study

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared study data are not beside the checkout")


@pytest.fixture(scope="module")
def mind():
    return assemble(Study.open(SHARED / "msk_mind_2022"))


def number(evidence, name):
    found = evidence.numbers.filter(id=name)
    assert found.height == 1, f"{name}: {evidence.numbers['id'].to_list()}"
    return found.row(0, named=True)


def shown(got, digits):
    return "{} ({}-{})".format(*(printed(got[k], digits) for k in ("value", "lower", "upper")))


@pytest.mark.parametrize(
    ("name", "counts", "interval"),
    [("kras.mutated", (94, 246), "38.2 (32.1-44.6)"), ("g12c.detected", (40, 246), "16.3 (11.9-21.5)")],
)
def test_prevalence_has_exact_limits(mind, name, counts, interval):
    got = number(mind, f"prevalence.{name}.all")
    assert (got["n"], got["N"]) == counts
    assert shown(got, 1) == interval
    assert len(got["subjects"]) == counts[0]


def test_overall_survival_of_all_from_follow_up_and_start(mind):
    times = mind.frames["adtte"].filter(PARAMCD="OS")
    assert (times.drop_nulls("MONTHS").height, (times["CNSR"] == 0).sum()) == (246, 151)
    assert number(mind, "os.censored.alive_at_last_contact.all")["n"] == 95
    assert "OS is computed as" in dict(mind.methods)["Data"]


def test_survival_by_kras_and_pd_l1(mind):
    assert shown(number(mind, "pfs.pfs_pdl1_kras.ge50.hr.all.kras=wild_type"), 2) == "0.62 (0.42-0.92)"
    deaths = {"wild_type_lt1": (60, 81), "wild_type_1_49": (14, 29), "wild_type_ge50": (22, 42)}
    deaths |= {"mutated_lt1": (33, 46), "mutated_1_49": (11, 17), "mutated_ge50": (11, 31)}
    for group, (died, total) in deaths.items():
        got = number(mind, f"os.events.all.kras_x_pdl1={group}")
        assert (got["n"], got["N"]) == (died, total)
    ratio = number(mind, "os.hr.all.kras_x_pdl1=mutated_ge50")
    assert (ratio["n"], ratio["N"]) == (60 + 11, 81 + 31)


def test_co_occurrence_of_kras_and_stk11(mind):
    odds = number(mind, "co_occurrence.kras.stk11.odds_ratio.all")
    assert shown(odds, 2) == "2.21 (1.15-4.28)"
    assert number(mind, "co_occurrence.kras.stk11.p.all")["value"] == pytest.approx(0.011991, abs=1e-6)
    cells = [
        number(mind, f"co_occurrence.kras.stk11.{c}.all")["n"] for c in ("both", "first_only", "second_only", "neither")
    ]
    assert cells == [30, 65, 25, 120]


def test_the_empty_row_is_found_and_counts_as_nobody(mind):
    found = mind.frames["findings"].filter(RULE="subject-without-data")
    assert found["ROW"].to_list() == [157]
    assert number(mind, "flow.treated.all")["n"] == 246


def test_patients_that_the_msk_cohorts_share():
    studies = {"mind": Study.open(SHARED / "msk_mind_2022")}
    for name, folder in (("rizvi", "rizvi_2018_nsclc_pd1"), ("samstein", "samstein_2018_tmb")):
        studies[name] = Study.open(SHARED / folder, config=ROOT / "examples" / "mappings" / f"{folder}.toml")
    found = shared_patients(studies)
    pairs = {(a, b): n for a, b, n in found.pairs.select("COHORT_1", "COHORT_2", "BY_ID").iter_rows() if a != b}
    assert pairs == {("mind", "rizvi"): 23, ("mind", "samstein"): 50, ("rizvi", "samstein"): 211}
    assert found.combinations.filter(pl.col("COHORTS") == "mind + rizvi + samstein")["SUBJECTS"].to_list() == [21]
    assert (found.entries, found.distinct) == (2148, 1885)
