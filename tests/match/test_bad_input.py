"""Bad input: each a clear error or a finding, never a verdict by default."""

import json
from datetime import date

import pytest

from codon12.errors import InputError
from codon12.match import match_patient, patient_of, patient_schema, profiles_of, read_patient
from codon12.match.patient_checks import patient_findings

DAY = date(2026, 6, 1)
PANEL = {"assay": "panel", "specimen": "tissue", "genes": ["KRAS"], "kinds": ["mutation"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ecog": 7}, "ecog"),
        ({"age": 630}, "age"),
        ({"sex": "F"}, "sex"),
        ({"tumour": {"stage": "IV"}}, "tumour.stage"),
        ({"lines": [{"drugs": ["a"], "ended": "2020"}]}, "ended"),
        ({"lines": [{"drugs": ["a"], "end": "soon"}]}, "end"),
        ({"tests": [PANEL | {"specimen": "hair"}]}, "specimen"),
        ({"measures": [{"marker": "CEA", "value": 1}]}, "marker"),
        ({"lines_complete": "no"}, "lines_complete"),
        ([], "object"),
    ],
)
def test_errors_name_the_field(given, field):
    with pytest.raises(InputError, match=field):
        patient_of(given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tests": [PANEL | {"found": ["nonsense"]}]}, r"tests\[0\]\.found\[0\]"),
        ({"tests": [PANEL | {"state": "invalid", "found": ["KRAS G12C"]}]}, "invalid and yet found"),
        ({"tests": [{"assay": "k", "targets": ["KRAS G13C D"]}]}, r"tests\[0\]\.targets\[0\]"),
        ({"measures": [{"marker": "PD-L1", "value": 50}]}, "scale"),
        ({"measures": [{"marker": "PD-L1", "scale": "TC", "value": "TPS 50"}]}, "not on scale TC|no TC score"),
        ({"measures": [{"marker": "PD-L1", "scale": "TPS", "value": "TC3"}]}, "scale TC, not TPS"),
        ({"measures": [{"marker": "PD-L1", "scale": "TPS", "value": 130}]}, "outside 0 to 100"),
        ({"measures": [{"marker": "MSI", "value": "maybe"}]}, "no state of microsatellites"),
        ({"lines": [{"drugs": ["a"], "end": "2020-02-30"}]}, "no day of the calendar"),
        ({"lines": [{"drugs": ["a"], "end": "2020-13"}]}, "no day of the calendar"),
    ],
)
def test_what_cannot_be_read_is_an_error(given, words):
    with pytest.raises(InputError, match=words):
        match_patient(patient_of(given), as_of=DAY)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"tests": [PANEL | {"date": "2026-01-01", "found": ["KRAS G12C"]}, PANEL | {"date": "2026-01-01"}]}, "tests-contradict"),
        ({"tests": [PANEL | {"found": ["BRAF V600E"]}]}, "finding-out-of-reach"),
        ({"tests": [PANEL | {"found": ["KRAS G12C"]}, PANEL | {"assay": "other"}]}, "present-beside-negative"),
        ({"tests": [{"assay": "x", "specimen": "tissue"}]}, "reach-not-given"),
        ({"tests": [{"assay": "x", "genes": ["KRAS"]}]}, "kinds-not-given"),
        ({"tests": [{"assay": "panel", "genes": ["KRSA"], "found": []}]}, "gene-misspelt"),
        ({"tests": [{"assay": "panel", "found": ["KRASS G12C"]}]}, "gene-misspelt"),
        ({"lines": [{"drugs": ["unheardofinib"]}]}, "drug-unknown"),
        ({"lines": [{"drugs": ["<b>x</b>"]}]}, "drug-unknown"),
        ({"lines": [{"drugs": ["=1+1"]}]}, "drug-unknown"),
        ({"lines": [{"drugs": ["docetaxel"], "end": "2030-01-01"}]}, "date-in-future"),
        ({"lines": [{"drugs": ["docetaxel"], "start": "2026-03", "end": "2026-01"}]}, "dates-turned"),
        ({"lines": [{"drugs": ["docetaxel"], "start": "2020-01-01", "end": "2020-06-01"}, {"drugs": ["nivolumab"], "start": "2020-03-01", "end": "2020-09-01"}]}, "lines-overlap"),
        ({"lines": [{"drugs": ["docetaxel"], "outcome": "hm"}]}, "outcome-unknown"),
        ({"lines": [{"drugs": ["docetaxel"], "setting": "hm"}]}, "setting-unknown"),
        ({"radiotherapy_last": "2030-01-01"}, "date-in-future"),
        ({"tumour": {"type": "no such thing"}}, "tumour-type-unknown"),
        ({"measures": [{"marker": "PD-L1", "assay": "SP142", "scale": "TPS", "value": 50}]}, "scale-of-assay"),
        ({"measures": [{"marker": "MSI", "value": "MSI-H"}, {"marker": "MMR", "value": "pMMR"}]}, "measures-differ"),
    ],
)  # fmt: skip
def test_what_is_odd_is_a_finding(given, rule):
    assert rule in {f.rule for f in patient_findings(patient_of(given), as_of=DAY)}


def test_a_contradiction_leaves_the_question_open():
    given = {
        "tumour": {"type": "CRC"},
        "tests": [PANEL | {"date": "2026-01-01", "found": ["KRAS G12D"]}, PANEL | {"date": "2026-01-01"}],
    }
    found = match_patient(patient_of(given), as_of=DAY)
    assert found.status("us-fda/mcrc/anti-egfr/ras") == "applies"
    assert "us-fda/mcrc/anti-egfr/ras" in found.to_dict()["because_of_unknown"]


def test_files_are_refused_with_their_names(tmp_path):
    for name, text, words in (
        ("a.json", "{", "neither JSON nor TOML"),
        ("b.toml", "a = ", "neither JSON nor TOML"),
        ("c.json", '{"age": 1, "age": 2}', "given twice"),
        ("d.json", "[" * 100_000, "neither JSON nor TOML"),
        ("e.json", '{"ecog": 9}', "ecog"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=words) as err:
            read_patient(tmp_path / name)
        assert name in str(err.value)
    with pytest.raises(InputError, match="no such file"):
        read_patient(tmp_path / "none.json")


def test_json_and_toml_read_alike(tmp_path):
    given = {"tumour": {"type": "CRC"}, "lines": [{"drugs": ["FOLFOX"], "end": "2020-12-01"}], "age": 60}
    (tmp_path / "p.json").write_text(json.dumps(given))
    (tmp_path / "p.toml").write_text('age = 60\ntumour.type = "CRC"\n[[lines]]\ndrugs = ["FOLFOX"]\nend = 2020-12-01\n')
    assert read_patient(tmp_path / "p.json") == read_patient(tmp_path / "p.toml")


def test_schema_is_closed_and_whole():
    schema = patient_schema()
    assert schema["$defs"]["Patient"]["additionalProperties"] is False
    assert {"tumour", "tests", "measures", "lines", "age", "ecog", "judgements"} <= set(
        schema["$defs"]["Patient"]["properties"]
    )


def test_nothing_known_is_never_negative():
    found = match_patient(patient_of({}), as_of=DAY)
    assert {s.status for s in found.statements if s.statement.effect != "contraindicates"} <= {
        "undetermined",
        "not in force",
    }
    assert all(s.because_of_unknown for s in found.statements if s.statement.effect == "contraindicates")
    assert len(profiles_of([patient_of({})])) == 1
