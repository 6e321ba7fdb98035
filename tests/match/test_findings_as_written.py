"""Findings, tests and lines as people write them: a slip in reading turns a verdict round."""

from datetime import date

import pytest

from codon12.errors import InputError
from codon12.match import match_patient, patient_of, profiles_of
from codon12.match.alterations import AlterationAnswers
from codon12.match.exchange.fhir import patient_of_bundle
from codon12.match.logic import WORDS

DAY = date(2026, 6, 1)
RAS = "us-fda/mcrc/anti-egfr/ras"
FIRST_LINE = "us-fda/nsclc/pembrolizumab/1L/tps1"
SOTORASIB = "us-fda/nsclc/sotorasib/kras-g12c"


def _status(statement, *, day=DAY, **given):
    found = match_patient(patient_of(given), as_of=day)
    said = next(s for s in found.statements if s.statement.id == statement)
    return f"{said.status}, open" if said.because_of_unknown else said.status


def _test(**more):
    return {"assay": "panel", "specimen": "tissue", "genes": ["KRAS", "NRAS"], "kinds": ["mutation"]} | more


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("KRAS-G12D", "applies"),
        ("KRAS/G12D", "applies"),
        ("NRAS-Gln61Lys", "applies"),
        ("KRAS G12X", "applies"),
        ("KRAS G12*", "does not apply"),
        ("KRAS-NRAS", "does not apply"),
    ],
)
def test_a_change_beside_its_gene_is_no_fusion(written, status):
    assert _status(RAS, tumour={"type": "CRC"}, tests=[_test(found=[written])]) == status


@pytest.mark.parametrize("written", ["RAS mutation", "NTRK fusion"])
def test_a_family_is_asked_back(written):
    with pytest.raises(InputError, match="is a family; name the gene it was found in"):
        _status(RAS, tests=[_test(found=[written])])


@pytest.mark.parametrize(
    ("fusions", "written", "status"),
    [
        (["ALK"], "ALK rearrangement", "does not apply"),
        (["ALK"], "ALK translocation", "does not apply"),
        (["ALK"], "ALK intragenic", "undetermined"),
        (["ROS1"], "ALK rearranged", "undetermined"),
        (["ALK"], "ROS1 rearrangement", "applies"),
    ],
)
def test_a_rearrangement_never_denies_the_fusion(fusions, written, status):
    tests = [_test(genes=["EGFR"], fusions=fusions, found=[written])]
    tps = {"marker": "PD-L1", "scale": "TPS", "value": 60}
    tumour = {"type": "NSCLC", "stage": "metastatic"}
    assert _status(FIRST_LINE, tumour=tumour, tests=tests, measures=[tps], lines=[]) == status


@pytest.mark.parametrize(
    ("kind", "status"), [("gene panel", "does not apply"), ("FISH", "applies, open"), ("IHC", "applies, open")]
)
def test_a_probe_and_a_stain_deny_no_mutation(kind, status):
    given = {"tumour": {"type": "CRC"}, "tests": [_test(kind=kind)]}
    assert _status(RAS, **given) == status
    rules = [f.rule for f in match_patient(patient_of(given), as_of=DAY).findings]
    assert ("kind-not-read" in rules) == (kind != "gene panel")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ({"drugs": ["carboplatin"], "start": "2020-06-01"}, "applies"),
        ({"drugs": ["carboplatin"], "start": "2021-06-02"}, "does not apply"),
        ({"drugs": ["carboplatin"], "start": "2021"}, "applies"),
        ({"drugs": ["radiotherapy"]}, "undetermined"),
        ({"drugs": ["radiotherapy", "cisplatin"]}, "applies"),
    ],
)
def test_prior_lines_of_the_day(line, status):
    tumour, tests = {"type": "NSCLC", "stage": "metastatic"}, [_test(found=["KRAS G12C"])]
    assert _status(SOTORASIB, day=date(2021, 6, 1), tumour=tumour, tests=tests, lines=[line]) == status


def _observation(status, answer, **parts):
    return {
        "resourceType": "Observation", "status": status, "code": {"coding": [{"code": "69548-6"}]},
        "valueCodeableConcept": {"text": answer},
        "component": [{"code": {"text": k.replace("_", " ")}, "valueString": v} for k, v in parts.items()],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "state", "found"),
    [
        (_observation("final", "Present", gene_studied="KRAS"), "valid", ("KRAS mutation",)),
        (
            _observation("final", "Present", gene_studied="KRAS", nucleotide_change="c.34G>T"),
            "valid",
            ("KRAS c.34G>T",),
        ),
        (_observation("final", "Negative", gene_studied="KRAS"), "valid", ()),
        (_observation("final", "No call", gene_studied="KRAS"), "indeterminate", ()),
        (_observation("entered-in-error", "Present", variant="KRAS G12C"), "invalid", ()),
        (_observation("registered", "Absent", gene_studied="KRAS"), "not tested", ()),
    ],
)
def test_observations_count_as_their_status_says(resource, state, found):
    patient, _ = patient_of_bundle({"resourceType": "Bundle", "entry": [{"resource": resource}]})
    assert [(t.state, t.found) for t in patient.tests] == [(state, found)]


def test_what_did_not_happen_is_no_history():
    entries = [
        {"resourceType": "Condition", "code": {"text": "Hypertension"}},
        {"resourceType": "Condition", "code": {"text": "NSCLC"}},
        {"resourceType": "Condition", "code": {"text": "Diabetes"}},
        {"resourceType": "MedicationStatement", "status": "intended", "medicationCodeableConcept": {"text": "FOLFOX"}},
        {"resourceType": "Procedure", "status": "not-done", "code": {"text": "radiation"}, "performedDateTime": "2020"},
    ]  # fmt: skip
    patient, found = patient_of_bundle({"resourceType": "Bundle", "entry": [{"resource": r} for r in entries]})
    assert (patient.tumour.type, patient.lines, patient.radiotherapy_last) == ("NSCLC", None, None)
    assert [f.row for f in found] == [2, 3, 4]


@pytest.mark.parametrize(
    ("value", "state", "found"),
    [
        ({"valueString": "Absent"}, "valid", ()),
        ({"valueString": "not  detected"}, "valid", ()),
        ({"valueString": "Wild type"}, "indeterminate", ()),
        ({"valueBoolean": False}, "valid", ()),
        ({"interpretation": [{"coding": [{"code": "NEG"}]}]}, "valid", ()),
        ({"interpretation": [{"coding": [{"code": "POS"}]}]}, "valid", ("KRAS mutation",)),
        ({"dataAbsentReason": {"text": "unknown"}}, "indeterminate", ()),
        ({}, "valid", ("KRAS mutation",)),
    ],
)
def test_a_variant_is_absent_however_it_is_said(value, state, found):
    observation = {k: v for k, v in _observation("final", "", gene_studied="KRAS").items() if not k.startswith("value")}
    patient, _ = patient_of_bundle({"resourceType": "Bundle", "entry": [{"resource": observation | value}]})
    assert [(t.state, t.found) for t in patient.tests] == [(state, found)]


def test_one_drug_not_taken_is_no_therapy_free_history():
    drug = {
        "resourceType": "MedicationStatement",
        "status": "not-taken",
        "medicationCodeableConcept": {"text": "cisplatin"},
    }
    assert patient_of_bundle({"resourceType": "Bundle", "entry": [{"resource": drug}]})[0].lines is None
    drug["medicationCodeableConcept"] = {"text": "systemic therapy"}
    assert patient_of_bundle({"resourceType": "Bundle", "entry": [{"resource": drug}]})[0].lines == ()


@pytest.mark.parametrize(
    ("question", "specimen", "found", "answer"),
    [
        (
            "germline BRCA2 mutation",
            "tissue",
            "BRCA2 p.S1982fs",
            "unknown",
        ),  # the tumour does not say what is inherited
        ("no germline BRCA2 mutation", "tissue", "BRCA2 p.S1982fs", "unknown"),
        ("BRCA2 mutation", "tissue", "BRCA2 p.S1982fs", "yes"),
        ("KRAS G12C in plasma", "tissue", "KRAS G12C", "unknown"),
        ("KRAS G12C in plasma", "tissue", "KRAS G12D", "unknown"),
        ("KRAS G12C in plasma", "plasma", "KRAS G12C", "yes"),
        ("KRAS G12C in plasma", "plasma", "KRAS G12D", "no"),
        ("KRAS G12C in tissue", "plasma", "KRAS G12C", "unknown"),
    ],
)
def test_a_question_of_one_specimen_or_of_the_germline_takes_no_other(question, specimen, found, answer):
    test = _test(genes=["KRAS", "BRCA2"], specimen=specimen, found=[found])
    answers = AlterationAnswers(profiles_of([patient_of({"tests": [test]})]))
    assert WORDS[int(answers.value(question)[0])] == answer
