"""The plan and the evidence as an ARS reporting event: valid by CDISC's schema, every number there, nothing dangling."""

import json

import pytest

from codon12.standards import adam_datasets, reporting_event

pytestmark = pytest.mark.requirement("R-STAN-05")


@pytest.fixture(scope="module")
def event(hard_evidence):
    files = {a.name: f"tlf/{a.name}.rtf" for a in hard_evidence.plan}
    made = reporting_event(hard_evidence, datasets=adam_datasets(hard_evidence)[0], outputs=files)
    return json.loads(json.dumps(made))


def test_it_is_valid_by_the_schema(event, standards_data, problems):
    schema = json.loads((standards_data / "ars" / "ars_ldm.schema.json").read_text())
    assert not problems(event, schema, schema)
    assert not problems(event, schema["$defs"]["ReportingEvent"], schema)
    assert problems({**event, "strange": 1}, schema["$defs"]["ReportingEvent"], schema)  # the check can fail


def test_every_number_is_a_result_with_every_digit(event, hard_evidence):
    held = {}
    operations = {o["id"]: o["label"] for m in event["methods"] for o in m["operations"]}
    for analysis in event["analyses"]:
        for result in analysis["results"]:
            number = next(g["groupValue"] for g in result["resultGroups"] if g["groupingId"] == "GF.NUMBER")
            held[number, operations[result["operationId"]]] = result
    for row in hard_evidence.numbers.iter_rows(named=True):
        for part in ("n", "N", "value", "lower", "upper"):
            if row[part] is None:
                assert "rawValue" not in held.get((row["id"], part), {})
            else:
                assert float(held[row["id"], part]["rawValue"]) == row[part]
        assert "formattedValue" in held[row["id"], "value"]


def test_nothing_dangles(event):
    def known(key):
        found = [x["id"] for x in event[key]]
        assert len(set(found)) == len(found)
        return set(found)

    sets, methods, groupings = known("analysisSets"), known("methods"), known("analysisGroupings")
    outputs = known("outputs")
    for analysis in event["analyses"]:
        assert analysis["analysisSetId"] in sets
        assert analysis["methodId"] in methods
        assert {g["groupingId"] for g in analysis["orderedGroupings"]} <= groupings
    items = [i for s in event["mainListOfContents"]["contentsList"]["listItems"] for i in s["sublist"]["listItems"]]
    assert {i["analysisId"] for i in items} == known("analyses")
    assert {i["outputId"] for i in items} == outputs


def test_populations_name_variables_as_exported(event):
    response = next(s for s in event["analysisSets"] if s["description"].endswith("MEASFL_CENTRAL = 'Y'"))
    clauses = response["compoundExpression"]["whereClauses"]
    assert [c["condition"]["variable"] for c in clauses] == ["SAFFL", "MEASCFL"]
