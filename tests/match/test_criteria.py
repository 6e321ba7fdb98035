"""Each criterion by its row of the vocabulary: yes, no and unknown."""

from datetime import date

import msgspec
import pytest

from codon12.match import Evaluator, patient_of, profiles_of
from codon12.match.tree import Node

DAY = date(2026, 6, 1)
WORD = {0: "no", 1: "unknown", 2: "yes"}


def _ask(patient, node, day=DAY):
    ask = Evaluator(profiles_of([patient_of(patient)]), as_of=day)
    made = msgspec.convert(node, Node)
    value = WORD[ask.tree(made)[0]]
    facts = sorted(leaf.fact for leaf, mask in ask.missing(made).items() if mask[0])
    return value, facts


def _t(**tumour):
    return {"tumour": tumour}


def _lines(*lines, **more):
    return {"lines": list(lines)} | more


PLATIN = {"drugs": ["carboplatin", "pemetrexed"], "outcome": "progression"}
TPS = lambda v, **k: {"measures": [{"marker": "PD-L1", "scale": "TPS", "value": v} | k]}  # noqa: E731
CASES = [
    # tumour type: parents, SOLID, a wider type given
    (_t(type="LUAD"), {"tumour_type": {"is": "NSCLC"}}, "yes"),
    (_t(type="NSCLC"), {"tumour_type": {"is": "LUAD"}}, "unknown"),
    (_t(type="SCLC"), {"tumour_type": {"is": "NSCLC"}}, "no"),
    (_t(type="SOLID"), {"tumour_type": {"is": "NSCLC"}}, "unknown"),
    (_t(type="SOLID"), {"tumour_type": {"is": "SOLID"}}, "yes"),
    (_t(type="PDAC"), {"tumour_type": {"is": "SOLID"}}, "yes"),
    (_t(type="AML"), {"tumour_type": {"is": "SOLID"}}, "no"),
    (_t(type="colon cancer"), {"tumour_type": {"is": "CRC"}}, "yes"),
    (_t(), {"tumour_type": {"is": "SOLID"}}, "unknown"),
    (_t(type="no such thing"), {"tumour_type": {"is": "SOLID"}}, "unknown"),
    # histology, stage, side
    (_t(histology="Squamous"), {"histology": {"any_of": ["squamous"]}}, "yes"),
    (_t(histology="adenocarcinoma"), {"histology": {"any_of": ["non-squamous"]}}, "yes"),
    (_t(histology="squamous"), {"histology": {"any_of": ["non-squamous"]}}, "no"),
    (_t(), {"histology": {"any_of": ["squamous"]}}, "unknown"),
    (_t(stage="locally advanced"), {"stage": {"any_of": ["unresectable", "metastatic"]}}, "unknown"),
    (_t(stage="locally advanced"), {"stage": {"any_of": ["locally advanced", "unresectable"]}}, "yes"),
    (_t(stage="unresectable"), {"stage": {"any_of": ["unresectable"]}}, "yes"),
    (_t(stage="localised"), {"stage": {"any_of": ["unresectable"]}}, "no"),
    (_t(primary_side="left"), {"primary_side": {"any_of": ["left"]}}, "yes"),
    (_t(primary_side="right"), {"primary_side": {"any_of": ["left"]}}, "no"),
    # expression: scale, bounds, intervals, contradictions, assays that do not report on the scale
    (TPS(50), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "yes"),
    (TPS(49.9), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "no"),
    (TPS(49.9999999), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "no"),
    ({"measures": [{"marker": "TMB", "value": 9.99999999}]}, {"burden": {"at_least": 10}}, "no"),
    (TPS("not tested"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "unknown"),
    (TPS("TC2/3 or IC2/3", scale="TC/IC"), {"expression": {"marker": "PD-L1", "scale": "TC", "at_least": 50}}, "unknown"),
    (_lines(PLATIN | {"ongoing": True, "outcome": None}), {"days_since": {"what": "systemic therapy", "below": 28}}, "yes"),
    (TPS("1-49"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}}, "yes"),
    (TPS("1-49"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 30}}, "unknown"),
    (TPS("1-49"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "no"),
    (TPS(">=1"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "unknown"),
    (TPS("<1"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}}, "no"),
    (TPS("<1%"), {"expression": {"marker": "PD-L1", "scale": "TPS", "below": 1}}, "yes"),
    (TPS(1), {"expression": {"marker": "PD-L1", "scale": "TPS", "below": 1}}, "no"),
    (TPS(30), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1, "below": 50}}, "yes"),
    (TPS(30, state="invalid"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}}, "unknown"),
    (TPS(30, assay="SP142"), {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}}, "unknown"),
    ({"measures": [{"marker": "PD-L1", "scale": "TC", "value": 80}]}, {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}}, "unknown"),
    ({"measures": [*TPS(0)["measures"], *TPS(60)["measures"]]}, {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 50}}, "unknown"),
    # burden, instability
    ({"measures": [{"marker": "TMB", "value": "<9"}]}, {"burden": {"at_least": 10}}, "no"),
    ({"measures": [{"marker": "TMB", "value": ">8"}]}, {"burden": {"at_least": 10}}, "unknown"),
    ({"measures": [{"marker": "MSI", "value": "MSI-L"}]}, {"msi": {"is": "MSI-H"}}, "no"),
    ({"measures": [{"marker": "MSI", "value": "indeterminate"}]}, {"msi": {"is": "MSI-H"}}, "unknown"),
    ({"measures": [{"marker": "MMR", "value": "MMR deficient"}]}, {"msi": {"is": "MSI-H"}}, "yes"),
    ({"measures": [{"marker": "MSI", "value": "dMMR"}]}, {"msi": {"is": "MSI-H"}}, "yes"),
    ({"measures": [{"marker": "MSI", "value": "MSI-H"}, {"marker": "MMR", "value": "pMMR"}]}, {"msi": {"is": "MSI-H"}}, "unknown"),
    # lines
    (_lines(), {"prior_lines": {"equals": 0}}, "yes"),
    (_lines(PLATIN), {"prior_lines": {"equals": 0}}, "no"),
    ({}, {"prior_lines": {"at_least": 1}}, "unknown"),
    (_lines(PLATIN, lines_complete=False), {"prior_lines": {"at_least": 1}}, "yes"),
    (_lines(PLATIN, lines_complete=False), {"prior_lines": {"at_least": 2}}, "unknown"),
    (_lines(PLATIN, lines_complete=False), {"prior_lines": {"equals": 0}}, "no"),
    (_lines(PLATIN, lines_complete=False), {"prior_lines": {"at_most": 0}}, "no"),
    (_lines(PLATIN | {"setting": "neoadjuvant"}), {"prior_lines": {"at_least": 1}}, "unknown"),
    (_lines(PLATIN, PLATIN | {"setting": "adjuvant"}), {"prior_lines": {"at_least": 1}}, "yes"),
    (_lines(PLATIN, PLATIN | {"setting": "adjuvant"}), {"prior_lines": {"at_least": 2}}, "unknown"),
    # treatment and classes
    (_lines({"drugs": ["CAPOX"]}), {"prior_treatment": {"includes_all": ["fluoropyrimidine", "oxaliplatin"]}}, "yes"),
    (_lines({"drugs": ["CAPOX"]}), {"prior_treatment": {"includes_all": ["fluoropyrimidine", "irinotecan"]}}, "no"),
    (_lines({"drugs": ["CAPOX"]}, lines_complete=False), {"prior_treatment": {"includes_any": ["irinotecan"]}}, "unknown"),
    (_lines({"drugs": []}), {"prior_treatment": {"includes_any": ["irinotecan"]}}, "unknown"),
    (_lines({"drugs": ["Lumakras"]}), {"prior_treatment": {"includes_any": ["KRAS G12C inhibitor"]}}, "yes"),
    (_lines({"drugs": ["unheardofinib"]}), {"prior_treatment": {"includes_any": ["KRAS G12C inhibitor"]}}, "no"),
    (_lines({"drugs": ["Erbitux"]}), {"prior_treatment": {"includes_any": ["anti-EGFR antibody"]}}, "yes"),
    (_lines({"drugs": ["osimertinib"]}), {"prior_treatment": {"includes_any": ["EGFR TKI"]}}, "yes"),
    (_lines({"drugs": ["docetaxel"]}), {"prior_treatment": {"includes_any": ["chemotherapy"]}}, "yes"),
    (_lines({"drugs": ["pembrolizumab"]}), {"prior_treatment": {"includes_any": ["chemotherapy"]}}, "no"),
    # progression
    (_lines(PLATIN), {"progression_after": {"any_of": ["platinum-based combination chemotherapy"]}}, "yes"),
    (_lines(PLATIN | {"drugs": ["carboplatin"]}), {"progression_after": {"any_of": ["platinum-based combination chemotherapy"]}}, "no"),
    (_lines(PLATIN | {"drugs": ["carboplatin", "pembrolizumab"]}), {"progression_after": {"any_of": ["platinum-based combination chemotherapy"]}}, "no"),
    (_lines(PLATIN | {"drugs": ["FOLFOX"]}), {"progression_after": {"any_of": ["platinum-based combination chemotherapy"]}}, "yes"),
    (_lines({"drugs": ["docetaxel"]}), {"progression_after": {"any_of": ["systemic therapy"]}}, "unknown"),
    (_lines({"drugs": ["docetaxel"], "outcome": "toxicity"}), {"progression_after": {"any_of": ["systemic therapy"]}}, "no"),
    (_lines({"drugs": ["docetaxel"], "outcome": "hm"}), {"progression_after": {"any_of": ["systemic therapy"]}}, "unknown"),
    (_lines(), {"progression_after": {"any_of": ["systemic therapy"]}}, "no"),
    (_lines(lines_complete=False), {"progression_after": {"any_of": ["systemic therapy"]}}, "unknown"),
    # days: day 28 is not below 28
    (_lines(PLATIN | {"end": "2026-05-04"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "no"),
    (_lines(PLATIN | {"end": "2026-05-05"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "yes"),
    (_lines(PLATIN | {"end": "2026-05"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "unknown"),
    (_lines(PLATIN | {"end": "2026-04"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "no"),
    (_lines(PLATIN), {"days_since": {"what": "systemic therapy", "below": 28}}, "unknown"),
    (_lines(PLATIN | {"end": "ongoing"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "yes"),
    (_lines(PLATIN | {"outcome": "ongoing"}), {"days_since": {"what": "systemic therapy", "below": 28}}, "yes"),
    (_lines(), {"days_since": {"what": "systemic therapy", "below": 28}}, "no"),
    ({}, {"days_since": {"what": "systemic therapy", "below": 28}}, "unknown"),
    ({"radiotherapy_last": "none"}, {"days_since": {"what": "radiotherapy", "below": 14}}, "no"),
    ({"radiotherapy_last": "2026-05-18"}, {"days_since": {"what": "radiotherapy", "below": 14}}, "no"),
    ({"radiotherapy_last": "2026-05-19"}, {"days_since": {"what": "radiotherapy", "below": 14}}, "yes"),
    ({}, {"days_since": {"what": "radiotherapy", "below": 14}}, "unknown"),
    # person
    ({"age": 18}, {"age": {"at_least": 18}}, "yes"),
    ({"age": 17.9}, {"age": {"at_least": 18}}, "no"),
    ({"ecog": 2}, {"ecog": {"at_most": 1}}, "no"),
    ({}, {"ecog": {"at_most": 1}}, "unknown"),
    (_t(measurable=False), {"measurable": {"is": True}}, "no"),
    (_t(measurable=False), {"measurable": {"is": False}}, "yes"),
    (_t(brain_metastases="present"), {"brain_metastases": {"any_of": ["active untreated"]}}, "unknown"),
    (_t(brain_metastases="present"), {"brain_metastases": {"any_of": ["none"]}}, "no"),
    (_t(brain_metastases="none"), {"brain_metastases": {"any_of": ["active untreated"]}}, "no"),
    ({"judgements": {"fit": False}}, {"judgement": {"text": "fit"}}, "no"),
    ({"judgements": {"fit": None}}, {"judgement": {"text": "fit"}}, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("patient", "node", "value"), CASES, ids=lambda x: str(x)[:60])
def test_criterion(patient, node, value):
    got, facts = _ask(patient, node)
    assert got == value
    assert bool(facts) == (value == "unknown")


def _test(*found, **more):
    return {
        "tests": [
            {
                "assay": "panel",
                "specimen": "tissue",
                "genes": ["KRAS", "EGFR"],
                "kinds": ["mutation"],
                "found": list(found),
            }
            | more
        ]
    }


G12C = {"alteration": {"question": "KRAS G12C", "is": "present"}}
IN_TISSUE = {"alteration": {"question": "KRAS G12C", "is": "present", "specimen": "tissue"}}
EGFR = {"alteration_set": {"name": "EGFR aberration", "is": "present"}}
CENTRAL = {"confirmed_by": {"question": "KRAS G12C", "assay": "Kit", "central": True}}
KIT = {"assay": "kit", "specimen": "tissue", "targets": ["KRAS G12C"], "central": True}


@pytest.mark.parametrize(
    ("patient", "node", "value"),
    [
        (_test("KRAS G12C"), G12C, "yes"),
        (_test(), G12C, "no"),
        (_test(specimen="plasma"), G12C, "unknown"),
        (_test(specimen=None), G12C, "unknown"),
        (_test("KRAS G12C", specimen="plasma"), G12C, "yes"),
        (_test("KRAS G12C", specimen="plasma"), IN_TISSUE, "unknown"),
        ({"tests": [*_test("KRAS G12C", specimen="plasma")["tests"], *_test()["tests"]]}, G12C, "yes"),
        ({"tests": [*_test("KRAS G12C", specimen="plasma")["tests"], *_test()["tests"]]}, IN_TISSUE, "unknown"),
        (_test("KRAS mutation"), G12C, "unknown"),  # the change is not told
        (_test("KRAS G12"), G12C, "unknown"),
        (_test("KRAS G13"), G12C, "no"),
        (_test(genes=["KRAS"], kinds=["copy number"]), G12C, "unknown"),
        (_test("KRAS p.Gly12Cys"), G12C, "yes"),
        # the same assay on one day says both: open
        ({"tests": [*_test("KRAS G12C", date="2026-01-01")["tests"], *_test(date="2026-01-01")["tests"]]}, G12C, "unknown"),
        ({"tests": [*_test("KRAS G12C", date="2026-01-01")["tests"], *_test(date="2026-02-01")["tests"]]}, G12C, "yes"),
        (_test("EGFR exon 19 deletion"), EGFR, "yes"),
        (_test("EGFR G719A"), EGFR, "yes"),
        (_test("EGFR P848L"), EGFR, "unknown"),
        (_test(), EGFR, "no"),
        (_test(genes=["KRAS"]), EGFR, "unknown"),
        (_test(genes=[], kinds=[], targets=["EGFR L858R", "EGFR T790M"]), EGFR, "unknown"),
        (_test("EGFR L858R", genes=[], kinds=[], targets=["EGFR L858R"]), EGFR, "yes"),
        ({"tests": [KIT | {"found": ["KRAS G12C"]}]}, CENTRAL, "yes"),
        ({"tests": [KIT]}, CENTRAL, "no"),
        ({"tests": [KIT | {"state": "invalid"}]}, CENTRAL, "unknown"),
        ({"tests": [KIT | {"central": False, "found": ["KRAS G12C"]}]}, CENTRAL, "unknown"),
        ({"tests": [KIT | {"assay": "other", "found": ["KRAS G12C"]}]}, CENTRAL, "unknown"),
        ({}, CENTRAL, "unknown"),
    ],
)  # fmt: skip
def test_alterations(patient, node, value):
    assert _ask(patient, node)[0] == value


def test_exon_target_answers_its_own_question():
    patient = {"tests": [{"assay": "k", "specimen": "tissue", "targets": ["EGFR exon 19 deletion"]}]}
    assert _ask(patient, {"alteration": {"question": "EGFR exon 19 deletion", "is": "absent"}})[0] == "yes"
    assert _ask(patient, {"alteration": {"question": "EGFR mutation", "is": "absent"}})[0] == "unknown"


def test_missing_facts_read_as_the_reports_print_them():
    node = {
        "all": [
            {"tumour_type": {"is": "CRC"}}, {"stage": {"any_of": ["metastatic"]}}, {"histology": {"any_of": ["x"]}},
            {"primary_side": {"any_of": ["left"]}}, G12C, EGFR, {"expression": {"marker": "PD-L1", "scale": "TPS", "at_least": 1}},
            {"burden": {"at_least": 10}}, {"msi": {"is": "MSI-H"}}, {"prior_lines": {"at_least": 1}},
            {"prior_treatment": {"includes_all": ["A", "B"]}}, {"progression_after": {"any_of": ["A", "B"]}},
            {"days_since": {"what": "systemic therapy", "below": 1}}, {"days_since": {"what": "radiotherapy", "below": 1}},
            {"age": {"at_least": 1}}, {"ecog": {"at_most": 1}}, {"measurable": {"is": True}},
            {"brain_metastases": {"any_of": ["none"]}}, CENTRAL, {"judgement": {"text": "fit for it"}},
        ]
    }  # fmt: skip
    assert _ask({}, node)[1] == sorted(
        [
            "tumour type", "stage", "histology", "primary side", "KRAS G12C", "EGFR aberration", "PD-L1 TPS", "TMB",
            "MSI or MMR", "prior systemic lines", "prior treatment: A, B", "progression after: A or B",
            "date of last systemic therapy", "date of last radiotherapy", "age", "ECOG", "measurable disease",
            "brain metastases", "central confirmation of KRAS G12C", "fit for it",
        ]
    )  # fmt: skip
