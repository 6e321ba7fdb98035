"""PCR kits: cut-offs are read from a cited profile and from nowhere else."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import Profile, biomarker_status, read_ct_sheet, read_pcr_profile
from codon12.errors import ConfigError, InputError

# Made-up numbers: no kit's.
TOML = """
name = "a kit"
handbook = "made-up handbook, version 1"
lot = "L1"
source = "this test"
control_low = 21.0
control_high = 29.0
[[targets]]
change = "KRAS G12C"
names = ["12CYS"]
cutoff = 8.0
lower_bound = -10.0
[[targets]]
change = "KRAS G12D"
cutoff = 6.5
lower_bound = -10.0
"""


@pytest.fixture
def kit(tmp_path):
    path = tmp_path / "kit.toml"
    path.write_text(TOML)
    return read_pcr_profile(path)


def sheet(*rows):
    return pl.DataFrame(rows, schema=["SAMPLE", "TARGET", "CT", "CONTROL_CT"], orient="row")


@pytest.mark.parametrize(
    ("ct", "control", "state", "reason"),
    [
        ("30", "25", "detected", "delta-Ct 5.0 up to 8.0"),
        ("33", "25", "detected", "delta-Ct 8.0 up to 8.0"),  # the cut-off itself
        ("33.1", "25.1", "detected", "up to 8.0"),  # 33.1 - 25.1 is 8.0 as written
        ("33.01", "25", "not detected", "no amplification up to the cut-off"),
        ("Undetermined", "25", "not detected", "no amplification"),
        ("", "25", "not detected", "no amplification"),
        ("30", "Undetermined", "invalid", "the control did not amplify"),
        ("30", "29.01", "indeterminate", "too little DNA"),
        ("30", "29", "detected", "delta-Ct"),
        ("30", "20,9", "indeterminate", "below 21"),
        ("14.9", "25", "indeterminate", "below the lower bound -10.0: repeat"),
        ("15", "25", "detected", "delta-Ct -10.0"),
    ],
)
def test_control_first_then_delta_ct(kit, ct, control, state, reason):
    found = read_ct_sheet(sheet(("S1", "12CYS", ct, control)), kit)
    assert found.results["STATE"].to_list() == [state]
    assert reason in found.results["REASON"][0]
    assert found.calls.frame.height == (state == "detected")


def test_a_negative_kit_answers_its_own_mutations_only(kit):
    rows = [("S1", "KRAS G12C", None, "25"), ("S1", "KRAS p.G12D", None, "25"), ("S2", "KRAS G12C", "30", "25")]
    found = read_ct_sheet(sheet(*rows), kit)
    assays = {kit.name: kit.assay}

    def ask(question):
        return dict(
            biomarker_status(found.calls.frame, found.tests, question, assays=assays)
            .select("USUBJID", "ANSWER")
            .iter_rows()
        )

    assert ask("KRAS G12C") == {"S1": "no", "S2": "yes"}
    assert ask("KRAS G12D") == {"S1": "no", "S2": "unknown"}  # its reaction is not on the sheet of S2
    assert ask("KRAS wild type") == {"S1": "unknown", "S2": "no"}
    one = Profile.from_frames("S1", calls=found.calls.frame, tests=found.tests, assays=assays)
    assert one.status("RAS wild type").answer == "unknown"


def test_indeterminate_reactions_answer_nothing(kit):
    found = read_ct_sheet(sheet(("S1", "KRAS G12C", "30", "31")), kit)
    status = biomarker_status(found.calls.frame, found.tests, "KRAS G12C", assays={kit.name: kit.assay})
    assert status["ANSWER"].to_list() == ["unknown"]
    assert "too little DNA" in status["REASON"][0]


def test_unknown_targets_and_doubled_reactions_are_findings(kit):
    found = read_ct_sheet(
        sheet(("S1", "KRAS Q61H", "30", "25"), ("S1", "12CYS", "30", "25"), ("S1", "KRAS G12C", "", "25")), kit
    )
    assert sorted(found.calls.findings["RULE"]) == ["duplicate-reaction", "duplicate-reaction", "unknown-target"]
    status = biomarker_status(found.calls.frame, found.tests, "KRAS G12C", assays={kit.name: kit.assay})
    assert status["ANSWER"].to_list() == ["yes"]


@pytest.mark.parametrize("key", ["handbook", "lot", "source", "control_low", "control_high", "cutoff", "lower_bound"])
def test_no_key_has_a_default(tmp_path, key):
    path = tmp_path / "kit.toml"
    path.write_text("\n".join(line for line in TOML.splitlines() if not line.startswith(key)))
    with pytest.raises(ConfigError, match=key):
        read_pcr_profile(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source = "this test"', 'source = ""'),
        ("29.0", "19.0"),
        ("cutoff = 8.0", "cutoff = -11.0"),
        ("[[targets]]", "[["),
    ],
)
def test_profiles_that_cannot_be_are_refused(tmp_path, old, new):
    path = tmp_path / "kit.toml"
    path.write_text(TOML.replace(old, new))
    with pytest.raises(ConfigError):
        read_pcr_profile(path)


def test_missing_files_and_columns(kit, tmp_path):
    with pytest.raises(InputError, match="no such assay profile"):
        read_pcr_profile(tmp_path / "none.toml")
    with pytest.raises(InputError, match="no column CT, CONTROL_CT"):
        read_ct_sheet(pl.DataFrame({"SAMPLE": ["1"], "TARGET": ["x"]}), kit)
