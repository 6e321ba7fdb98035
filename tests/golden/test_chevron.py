"""Evidence against the tables an open R template package prints for its own synthetic ADaM study.

Expected tables: chevron (Apache-2.0), RSPT01, TTET01 and DMT01 renderings beside the checkout.
"""

from pathlib import Path

import pytest

from codon12.analyses import assemble
from codon12.numbers import printed
from codon12.records import Study

SHARED = Path(__file__).resolve().parents[3] / "shared"
STUDY, TABLES = SHARED / "data" / "chevron", SHARED / "cases" / "tables"
ARMS = ("a_drug_x", "b_placebo", "c_combination")

pytestmark = pytest.mark.skipif(not STUDY.exists(), reason="the shared study data are not beside the checkout")


@pytest.fixture(scope="module")
def numbers():
    return {r["id"]: r for r in assemble(Study.open(STUDY)).numbers.iter_rows(named=True)}


def cells(table: str, label: str, nth: int = 0) -> list[str]:
    """Cells of the nth line that begins with a label."""
    found = [line for line in (TABLES / table).read_text().splitlines() if line.strip().startswith(label)]
    return [part.strip() for part in found[nth].strip().removeprefix(label).split("  ") if part.strip()]


@pytest.mark.parametrize(
    ("label", "endpoint"),
    [
        ("Responders", "orr"),
        ("Complete Response (CR)", "bor.cr"),
        ("Partial Response (PR)", "bor.pr"),
        ("Stable Disease (SD)", "bor.sd"),
    ],
)
def test_response(numbers, label, endpoint):
    got = [numbers[f"{endpoint}.investigator.{arm}"] for arm in ARMS]
    assert [f"{g['n']} ({printed(g['value'], 1)}%)" for g in got] == cells("rspt01_01.txt", label)


def test_events_and_medians(numbers):
    got = [numbers[f"pfs.events.investigator.{arm}"]["n"] for arm in ARMS]
    assert [str(n) for n in got] == [c.split()[0] for c in cells("ttet01_01.txt", "Patients with event (%)")]
    medians = [printed(numbers[f"pfs.median.investigator.{arm}"]["value"], 1) for arm in ARMS]
    assert medians == cells("ttet01_01.txt", "Median")


def test_hazard_ratios_and_p(numbers):
    for i, arm in enumerate(ARMS[1:]):
        hr = numbers[f"pfs.hr.investigator.{arm}"]
        assert printed(hr["value"], 2) == cells("ttet01_01.txt", "Hazard Ratio")[i]
        limits = f"({printed(hr['lower'], 2)}, {printed(hr['upper'], 2)})"
        assert limits == cells("ttet01_01.txt", "95% CI", 1)[i]
        p = numbers[f"pfs.logrank_p.investigator.{arm}"]["value"]
        assert printed(p, 4) == cells("ttet01_01.txt", "p-value (log-rank)")[i]


@pytest.mark.parametrize(
    ("label", "endpoint"),
    [
        ("Male", "baseline.sex.male"),
        ("Female", "baseline.sex.female"),
        ("WHITE", "baseline.race.white"),
        ("ASIAN", "baseline.race.asian"),
        ("NOT HISPANIC OR LATINO", "baseline.ethnic.not_hispanic_or_latino"),
    ],
)
def test_baseline(numbers, label, endpoint):
    got = [numbers[f"{endpoint}.{arm}"]["n"] for arm in (*ARMS, "all")]
    assert [str(n) for n in got] == [c.split()[0] for c in cells("dmt01_01.txt", label)]
