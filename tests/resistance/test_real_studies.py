"""Published studies beside the checkout: numbers that were computed once with independent code."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from codon12.analyses import assemble
from codon12.cli.resistance import command
from codon12.derive import derive
from codon12.records import Study
from codon12.records.config import StudyConfig, TableSource, read_config
from codon12.resistance import (
    PairPolicy,
    compare_pairs,
    definition_overlap,
    pairs_of_files,
    read_assay_file,
    read_samples,
)


@pytest.fixture(scope="module")
def mind(shared):
    config = read_config(Path(__file__).parents[2] / "examples" / "mappings" / "msk_mind_2022.toml")
    return Study.open(shared / "data" / "msk_mind_2022", config=config)


def test_mind_table_of_definitions(mind):
    """Source: rules of resistance, 1.2 and 1.4; 173 progressions and 36 deaths without."""
    made = derive(mind).context.resistance
    rows = made.classified
    meets = dict(rows.filter(RESULT="meets").group_by("DEFINITION").len().iter_rows())
    but = dict(rows.filter(ALL_BUT_CONFIRMATION="Y").group_by("DEFINITION").len().iter_rows())
    assert meets == {
        "sitc-2023-chemo-acquired": 33,
        "sitc-2023-chemo-primary": 80,
        "schoenfeld-2021": 25,
        "response-then-progression": 29,
        "durable-response-then-progression": 48,
    }
    assert but == {"sitc-2020-secondary": 32, "sitc-2020-primary": 75}
    pairs = {(a, b): (n, m) for a, b, n, m in definition_overlap(rows).iter_rows()}
    assert pairs["sitc-2020-secondary", "schoenfeld-2021"] == (15, 42)
    assert pairs["sitc-2023-chemo-primary", "schoenfeld-2021"][0] == 6
    assert pairs["sitc-2020-primary", "schoenfeld-2021"][0] == 0
    assert made.nexts.filter(BEYOND="Y").height == 42


@pytest.mark.slow
def test_mind_in_the_evidence(mind):
    numbers = {r["id"]: r for r in assemble(mind).numbers.to_dicts()}
    first = "resistance.first_event"
    assert [numbers[f"{first}.{k}.n.all"]["n"] for k in ("progression", "death_without_progression")] == [173, 36]
    risks = [
        numbers[f"resistance.first.{k}.all"]["n"]
        for k in ("progression", "death_without_progression", "neither_so_far")
    ]
    assert risks == [29, 1, 31]
    after = numbers["resistance.os_after.response_then_progression.median.all"]
    assert (after["n"], after["N"], after["status"], round(after["lower"], 1)) == (10, 29, "not reached", 13.4)
    primary = numbers["resistance.os_after.sitc_2020_primary.median.all"]
    assert (primary["n"], primary["N"]) == (57, 75)
    assert [round(primary[k], 1) for k in ("value", "lower", "upper")] == [8.6, 4.9, 11.2]


@pytest.fixture(scope="module")
def pharmaverse(shared):
    tables = {t: TableSource(file=f"{t.lower()}_onco.csv") for t in ("TU", "TR", "RS")}
    return derive(Study.open(shared / "data" / "pharmaverse", config=StudyConfig(tables=tables))).context.resistance


@pytest.mark.parametrize(
    ("reader", "total", "open_", "sites", "few"),
    [("INVESTIGATOR", 174, 81, (98, 55, 21), 167), ("CENTRAL", 173, 66, (95, 65, 13), 170)],
)
def test_pharmaverse_sites_and_lesions(pharmaverse, reader, total, open_, sites, few):
    """Source: rules of resistance, 1.3: no non-target and no new lesion of this study has a location."""
    rows = pharmaverse.patterns.filter(EVAL=reader)
    counts = dict(rows.group_by("OLIGO_SITES2").len().iter_rows())
    assert rows.height == total
    assert rows.filter(pl.col("SITES_LOW") != pl.col("SITES_HIGH")).height == open_
    assert tuple(counts[k] for k in ("oligo", "multi", "not evaluable")) == sites
    assert rows.filter(OLIGO_LESIONS5="oligo").height == few
    if reader == "INVESTIGATOR":
        parts = dict(rows.group_by("COMPONENT").len().iter_rows())
        assert parts == {"target": 54, "non-target": 53, "non-target+target": 66, "new+target": 1}
        assert rows.filter(NODES_ONLY="Y").height == 1


def apl(shared, drug, **policy):
    folder = shared / "data" / "formats" / "maftools"
    assay = read_assay_file("exome")
    before, after = (read_samples(folder / f"APL_{n}.maf.gz", prefix=n, assay=assay) for n in ("primary", "relapse"))
    pairs = pairs_of_files(before, after, drug=drug, subject=r"(?P<subject>.+)[DR]$")
    return compare_pairs(pairs, policy=PairPolicy(**policy))


def test_apl_primary_and_relapse(shared):
    """Source: rules of resistance, 2.5, tandem duplications by gene: 56 retained, 35 later, 22 earlier, 2 unshared."""
    made = apl(shared, "arsenic trioxide")
    states = dict(made.alterations.group_by("STATE").len().iter_rows())
    assert made.pairs.height == 22
    assert states["retained"] == 56
    assert states["acquired"] + states["present later only"] == 35
    assert states["lost"] + states["present before, not found later"] == 22
    assert made.pairs.filter(RESULT="not evaluable").height == 2
    assert "DS6" in made.pairs.filter(RESULT="not evaluable")["PAIR"].to_list()
    found = made.mechanisms.select("PAIR", "ALTERATION").sort("PAIR").rows()
    assert found == [("243", "PML p.A216V"), ("DS4", "PML p.A216V")]
    other = apl(shared, "tretinoin").mechanisms.select("PAIR", "ALTERATION", "POSSIBLE", "REASON").rows()
    assert other == [("29", "RARA p.G289R", True, "recalled")]


@pytest.fixture(scope="module")
def summit(shared, tmp_path_factory):
    config = tmp_path_factory.mktemp("summit") / "codon12.toml"
    config.write_text(
        '[tables.CNA]\nfile = "data_CNA.tsv"\n[resistance]\ndrug = "neratinib"\n[resistance.samples]\n'
        "names = '(?P<subject>P\\d+)_(?P<order>[A-Z])$'\nspecimen = \"SAMPLE_CLASS\"\n"
        "where = \"SAMPLE_CLASS IN ('FFPE', 'cfDNA')\"\n"
    )
    return shared / "data" / "summit_biliary_2023", config


def test_summit_patient_15_and_21(summit):
    """Source: Harding 2023, abstract; rules of resistance, 2.5."""
    folder, config = summit
    derived = derive(Study.open(folder, config=config))
    pairs = derived.context.pairs
    states = dict(pairs.comparison.alterations.filter(PAIR="15 tissue").select("ALTERATION", "STATE").iter_rows())
    assert {states[a] for a in ("TP53 p.E343Gfs*2", "CDK6 amplification")} == {"retained"}
    lost = ("ERBB2 p.S310F", "ERBB2 amplification", "CD79A p.P55L", "GLI1 p.E259G", "RAD51B p.L321R", "TGFBR1 p.L193S")
    assert {states[a] for a in lost} == {"lost"}
    gained = ("BRCA2 p.R2520*", "CHEK2 p.S50T", "CSF3R p.A300V", "KMT2D p.E1159Q", "MST1R p.F594I", "RBM10 p.M731I")
    assert {states[a] for a in gained} == {"acquired"}
    plasma = pairs.disagreements.filter(ALTERATION="ERBB2 p.S310F").sort("SAMPLE")
    assert [round(v, 2) for v in plasma["VAF"]] == [0.96, 0.45, 0.94, 0.86]
    serial = pairs.serial.filter(USUBJID="21", ALTERATION="NF1 p.D2353Y").sort("AT")
    assert [round(v, 4) for v in serial["VAF"]] == [0.0011, 0.0, 0.0005, 0.0025, 0.0481]
    rules = derived.frames["findings"]["RULE"].to_list()
    assert rules.count("shifted-header") == rules.count("swapped-counts") == 1
    assert rules.count("plasma-with-tissue-panel") == 3


def test_summit_by_the_command(summit):
    folder, config = summit
    run = CliRunner().invoke(command, [str(folder), "--config", str(config), "--json"], standalone_mode=False)
    body = json.loads(run.stdout)
    found = [(m["PAIR"], m["ALTERATION"]) for m in body["pairs"]["mechanisms"]]
    assert found == [("15 tissue", "ERBB2 amplification"), ("15 tissue", "ERBB2 p.S310F")]
