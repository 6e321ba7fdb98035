"""Other formats: every item, leaf and resource accounted for."""

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from codon12.errors import InputError
from codon12.match import Evaluator, match_patient, patient_of, profiles_of, shipped_statements, shipped_trials
from codon12.match.exchange.block_yaml import read_block_yaml
from codon12.match.exchange.civic import import_civic, variant_node
from codon12.match.exchange.ctml import import_ctml, trials_of_ctml
from codon12.match.exchange.fhir import patient_of_bundle
from codon12.match.exchange.fhir_out import bundle_of
from codon12.match.exchange.out import ctml_of, json_of, va_spec_of
from codon12.match.exchange.patients import any_patient
from codon12.match.exchange.toml_text import tables_text
from codon12.match.knowledge import read_statements
from codon12.match.tree import Node, leaves

from .test_laws import patients

SHARED = Path(__file__).parents[3] / "shared" / "data"
CIVIC, CTML = SHARED / "civic_2021", SHARED / "formats" / "ctml_matchengine"
need_civic = pytest.mark.skipif(not CIVIC.is_dir(), reason="the CIViC release lies beside the checkout")
need_ctml = pytest.mark.skipif(not CTML.is_dir(), reason="the CTML files lie beside the checkout")
DAY = date(2026, 6, 1)


def _questions(node):
    return [leaf.fact for leaf in leaves(node)]


@pytest.mark.parametrize(
    ("gene", "variant", "kind", "questions"),
    [
        ("KRAS", "G12C", "alteration", ["KRAS G12C"]),
        ("ABL1", "BCR-ABL T315I", "all", ["BCR-ABL1 fusion", "ABL1 T315I"]),
        ("ALK", "EML4-ALK C1156Y", "all", ["EML4-ALK fusion", "ALK C1156Y"]),
        ("ALK", "ALK FUSION G1202R", "all", ["ALK fusion", "ALK G1202R"]),
        ("ALK", "EML4-ALK C1156Y-L1198F", "all", ["EML4-ALK fusion", "ALK C1156Y", "ALK L1198F"]),
        ("KRAS", "G12/G13", "any", ["KRAS G12", "KRAS G13"]),
        ("KIT", "EXON 11 MUTATION", "all", ["KIT mutation", "the KIT mutation lies in exon 11"]),
        ("EGFR", "EXON 19 DELETION", "alteration", ["EGFR EXON 19 DELETION"]),
        ("FLT3", "ITD", "all", ["FLT3 mutation", "the FLT3 mutation is an internal tandem duplication"]),
        ("ALK", "EML4-ALK E6;A20", "all", ["EML4-ALK fusion", "the breakpoints of EML4-ALK are E6;A20"]),
        ("ERBB2", "S310F/Y", "any", ["ERBB2 S310F", "ERBB2 S310Y"]),
    ],
)
def test_variants_of_civic(gene, variant, kind, questions):
    node = variant_node(gene, variant)
    assert node.key == kind
    assert _questions(node) == questions


@pytest.mark.parametrize(
    "variant", ["EXPRESSION", "PROMOTER METHYLATION", "RS61764370", "T172 PHOSPHORYLATION", "SERUM LEVELS"]
)
def test_what_is_not_asked_is_not_represented(variant):
    assert variant_node("KRAS", variant) is None


@need_civic
def test_civic_release():
    found = import_civic(CIVIC)
    assert found.items == 2333
    assert found.represented >= 1950
    assert found.represented + sum(e.startswith("EID") for e in found.left_out["EVIDENCE"]) == found.items
    assert len({s.id for s in found.statements}) == len(found.statements)
    assert {s.effect for s in found.statements} == {"evidence"}
    assert {s.valid.read for s in found.statements if s.id.startswith("civic/eid")} == {date(2021, 8, 1)}
    opposed = found.conflicts.filter((found.conflicts["GENE"] == "KRAS") & (found.conflicts["VARIANT"] == "G13D"))
    assert opposed.select("DRUGS", "FAVOURABLE", "UNFAVOURABLE").rows() == [("Cetuximab", 2, 5)]


@need_civic
def test_g13d_shows_what_opposes_side_by_side():
    knowledge = msgspec.structs.replace(shipped_statements(), statements=import_civic(CIVIC).statements, files=())
    patient = {
        "tumour": {"type": "CRC"},
        "tests": [
            {"assay": "p", "specimen": "tissue", "genes": ["KRAS"], "kinds": ["mutation"], "found": ["KRAS G13D"]}
        ],
    }
    found = match_patient(patient_of(patient), as_of=DAY, knowledge=knowledge)
    said = {
        s.statement.direction
        for s in found.statements
        if s.status == "applies" and s.statement.therapy == ("Cetuximab",)
    }
    assert {"favourable", "unfavourable"} <= said
    assert found.verdicts == ()  # evidence changes no verdict


def test_civic_rows(tmp_path):
    head = "gene\tvariant\tdisease\tdoid\tdrugs\tdrug_interaction_type\tevidence_type\tevidence_direction\tevidence_level\tclinical_significance\tevidence_statement\tcitation\tevidence_id\tvariant_origin\n"
    rows = [
        "KRAS\tG12C\tLung Cancer\t1324\tA,B\tCombination\tPredictive\tSupports\tB\tSensitivity/Response\ttext\tcite\t1\tSomatic",
        "KRAS\tG12C\tOdd Disease\t\tA,B\tSubstitutes\tPredictive\tDoes Not Support\tD\tResistance\ttext\tcite\t2\tSomatic",
        "KRAS\tG12C\tLung Cancer\t1324\t\t\tPredictive\tSupports\tB\tResistance\ttext\tcite\t3\tSomatic",
        "KRAS\tG12C\tLung Cancer\t1324\tA\t\tPrognostic\tSupports\tB\tPoor Outcome\ttext\tcite\t4\tSomatic",
        "BRCA1\tLOSS\tLung Cancer\t1324\tA\t\tPredictive\tSupports\tB\tResistance\ttext\tcite\t5\tRare Germline",
    ]
    (tmp_path / "01-Aug-2021-ClinicalEvidenceSummaries.tsv").write_text(head + "\n".join(rows) + "\n")
    found = import_civic(tmp_path)
    assert [(s.id, s.therapy, s.direction) for s in found.statements] == [
        ("civic/eid1", ("A", "B"), "favourable"),
        ("civic/eid2/1", ("A",), "does not support"),
        ("civic/eid2/2", ("B",), "does not support"),
        ("civic/eid5", ("A",), "unfavourable"),
    ]
    assert "the disease is Odd Disease" in _questions(found.statements[1].when)
    assert "the variant is germline" in _questions(found.statements[3].when)
    assert found.left_out.rows() == [("EID3", "KRAS", "G12C", "names no drug")]
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "civic.toml").write_text(tables_text("statement", [msgspec.to_builtins(s) for s in found.statements]))
    assert read_statements(folder).statements == found.statements


@need_ctml
def test_ctml_files():
    single = [f for d in ("trials", "integration_trials", "yaml") for f in sorted((CTML / d).iterdir())]
    single = [f for f in single if f.name not in ("trials_json_array.json", "two_trials_one_doc.json")]
    read = [import_ctml(f) for f in single]
    assert len(single) == 22
    assert sum(r.leaves.height for r in read) == 134
    assert sum((r.leaves["KIND"] == "clinical").sum() for r in read) == 62
    array, two = (import_ctml(CTML / "trials" / n) for n in ("trials_json_array.json", "two_trials_one_doc.json"))
    assert (array.leaves.height, two.leaves.height) == (17, 17)
    assert [f.rule for f in two.findings] == ["several-documents"]
    yaml, plain = (import_ctml(CTML / p) for p in ("yaml/11-112.yaml", "trials/11-112.json"))
    assert [t.include for t in yaml.trials] == [t.include for t in plain.trials]


def _ctml(match):
    return {"protocol_no": "1-1", "treatment_list": {"step": [{"arm": [{"arm_code": "A", "match": match}]}]}}


def _tree(node):
    trials, _ = trials_of_ctml(_ctml([node]), file="t.json")
    return msgspec.to_builtins(trials[0].include[0].when)


@pytest.mark.parametrize(
    ("node", "made"),
    [
        ({"clinical": {"age_numerical": ">=18"}}, {"age": {"at_least": 18.0}}),
        ({"clinical": {"age_numerical": "<12"}}, {"not": {"age": {"at_least": 12.0}}}),
        ({"clinical": {"oncotree_primary_diagnosis": "_SOLID_"}}, {"tumour_type": {"is": "SOLID"}}),
        ({"clinical": {"oncotree_primary_diagnosis": "!Lung"}}, {"not": {"tumour_type": {"is": "LUNG"}}}),
        ({"clinical": {"gender": "Female"}}, {"judgement": {"text": "gender is Female"}}),
        ({"genomic": {"hugo_symbol": "KRAS", "variant_category": "Mutation", "protein_change": "p.G12D"}}, {"alteration": {"question": "KRAS G12D", "is": "present"}}),
        ({"genomic": {"hugo_symbol": "KRAS", "variant_category": "!Mutation"}}, {"not": {"alteration": {"question": "KRAS mutation", "is": "present"}}}),
        ({"genomic": {"hugo_symbol": "BRAF", "variant_category": "Mutation", "wildcard_protein_change": "p.V600"}}, {"alteration": {"question": "BRAF V600", "is": "present"}}),
        ({"genomic": {"hugo_symbol": "KRAS", "wildtype": "True"}}, {"not": {"alteration": {"question": "KRAS mutation", "is": "present"}}}),
        ({"genomic": {"ms_status": "!MSI-H"}}, {"not": {"msi": {"is": "MSI-H"}}}),
        ({"genomic": {"hugo_symbol": "ALK", "variant_category": "Structural Variation", "fusion_partner_hugo_symbol": "any_gene"}}, {"alteration": {"question": "ALK fusion", "is": "present"}}),
        ({"genomic": {"hugo_symbol": "MET", "variant_category": "CNV", "cnv_call": "High Amplification"}}, {"alteration": {"question": "MET amplification", "is": "present"}}),
        ({"genomic": {"tobacco_signature": "Yes"}}, {"judgement": {"text": "tobacco signature is Yes"}}),
    ],
)  # fmt: skip
def test_ctml_leaves(node, made):
    assert _tree(node) == made


@pytest.mark.parametrize(
    "node", [{"clinical": {"shoe_size": 1}}, {"xor": []}, {"genomic": {"hugo": "X"}}, {"and": []}, {"and": [{}]}]
)
def test_ctml_refuses_unknown_keys(node):
    with pytest.raises(InputError, match=r"t\.json, treatment_list\.step\[0\]\.arm\[0\]\.match\[0\]"):
        _tree(node)


def test_untested_is_not_absent_in_ctml():
    trials, _ = trials_of_ctml(_ctml([{"genomic": {"hugo_symbol": "NRAS", "variant_category": "!Mutation"}}]), file="t")
    ask = Evaluator(profiles_of([patient_of({})]), as_of=DAY)
    assert ask.tree(trials[0].include[0].when).tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1",
        "a: *x",
        "a: {b: 1}",
        "a: [1, 2]",
        "a: |\n  b",
        "a: 1\na: 2",
        "a: !!int 1",
        "\ta: 1",
        "a: 'b",
        "a:\n    b: 1\n  c: 2",
        "- a\nb: 1",
    ],
)
def test_block_yaml_refuses(text):
    with pytest.raises(InputError, match="line"):
        read_block_yaml(text, where="t")


def test_block_yaml_reads_texts_only():
    text = "---\n# note\na: 'x # y'\nb:\n- 1\n- c: yes\n  d: []\n- - e\n---\nf:\n"
    assert read_block_yaml(text, where="t") == [{"a": "x # y", "b": ["1", {"c": "yes", "d": []}, ["e"]]}, {"f": None}]


@given(patients)
@settings(deadline=None)
def test_fhir_there_and_back(given):
    patient = patient_of(given)
    back, found = patient_of_bundle(json.loads(json.dumps(bundle_of(patient))))
    assert not found
    one, two = (match_patient(p, as_of=DAY).to_dict() for p in (patient, back))
    for key in ("statements", "missing", "therapies"):
        assert one[key] == two[key]


def test_fhir_outside_the_subset_is_a_finding():
    entry = [{"resource": {"resourceType": r}} for r in ("Patient", "Encounter", "Observation")]
    _, found = patient_of_bundle({"resourceType": "Bundle", "entry": entry})
    assert [f.row for f in found] == [1, 2]
    for bad in (
        {},
        {"resourceType": "Bundle", "entry": [1]},
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}] * 2},
    ):
        with pytest.raises(InputError):
            patient_of_bundle(bad)


def test_statements_out():
    held = shipped_statements().statements
    assert {s["id"] for s in json_of(held)["statements"]} == {s.id for s in held}
    spec = va_spec_of(held)
    assert len(spec["statements"]) + spec["left_out"] == 23
    by = {s["id"]: s["proposition"]["predicate"] for s in spec["statements"]}
    assert by["us-fda/nsclc/sotorasib/kras-g12c"] == "predictsSensitivityTo"
    assert by["us-fda/mcrc/anti-egfr/ras"] == "predictsResistanceTo"


def test_trial_out_names_what_ctml_cannot_say():
    made, left_out = ctml_of(shipped_trials()[0])
    back, _ = trials_of_ctml(made, file="t")
    assert [msgspec.to_builtins(e.when) for e in back[0].include] == [
        {"age": {"at_least": 18.0}},
        {"alteration": {"question": "KRAS G12C", "is": "present"}},
    ]
    assert len(left_out) == 10


def test_folder_with_a_maf(tmp_path):
    (tmp_path / "clinical.toml").write_text(
        'tumour = { type = "CRC", stage = "metastatic" }\nlines = []\n[[tests]]\nassay = "p"\nspecimen = "tissue"\ngenes = ["KRAS", "NRAS"]\nkinds = ["mutation"]\n'
    )
    (tmp_path / "p.maf").write_text(
        "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\nKRAS\tS1\tMissense_Mutation\tp.G12D\n"
    )
    patient, found = any_patient(tmp_path)
    assert not found
    assert patient.tests[0].found == ("KRAS p.G12D",)
    assert match_patient(patient, as_of=DAY).verdict("cetuximab", "US-FDA") == "contraindicated"
    (tmp_path / "q.maf").write_text("x")
    with pytest.raises(InputError, match="one VCF or MAF"):
        any_patient(tmp_path)


CLINICAL = """lines = []
tumour = { type = "NSCLC", stage = "metastatic" }
[[tests]]
assay = "p"
specimen = "tissue"
genes = ["KRAS", "EGFR", "STK11"]
kinds = ["mutation"]
fusions = ["ALK"]
[[measures]]
marker = "PD-L1"
scale = "TPS"
value = 60
"""
MAF_HEAD = "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\tHGVSc\tt_ref_count\tt_alt_count\n"


@pytest.mark.parametrize(
    ("row", "found", "status", "rules"),
    [
        ("EGFR\tS\tMissense_Mutation\t\tc.2573T>G\t9\t9", "EGFR c.2573T>G", "undetermined", []),
        ("EGFR\tS\t\t\t\t9\t9", "EGFR mutation", "undetermined", ["open-protein-change"]),
        ("STK11\tS\tSplice_Site\t\tc.465-1G>A\t9\t9", "STK11 c.465-1G>A", "applies", []),
        ("EGFR\tS\tMissense_Mutation\tp.L858R\t\t9\t0", "EGFR p.L858R", "does not apply", ["call-without-reads"]),
    ],
)
def test_calls_of_a_file_without_a_protein_change_are_not_lost(tmp_path, row, found, status, rules):
    (tmp_path / "clinical.toml").write_text(CLINICAL)
    (tmp_path / "p.maf").write_text(MAF_HEAD + row + "\n")
    patient, told = any_patient(tmp_path)
    assert (patient.tests[0].found, [f.rule for f in told]) == ((found,), rules)
    assert match_patient(patient, as_of=DAY).status("us-fda/nsclc/pembrolizumab/1L/tps1") == status


def test_a_file_that_names_no_genes_denies_none(tmp_path):
    pytest.importorskip("vcfpy")
    (tmp_path / "clinical.toml").write_text(CLINICAL)
    head = "##fileformat=VCFv4.2\n##contig=<ID=7,assembly=GRCh37>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    (tmp_path / "p.vcf").write_text(f"{head}\tFORMAT\tS\n7\t55259515\t.\tT\tG\t.\tPASS\t.\tGT\t0/1\n")
    with pytest.raises(InputError, match="1 of 1 calls, the first in row 1, name no gene"):
        any_patient(tmp_path)


def test_a_tree_has_one_key():
    with pytest.raises(ValueError, match="exactly one key"):
        Node()
