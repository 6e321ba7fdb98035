"""The verbs: what they print and how they exit."""

import json

import pytest
from click.testing import CliRunner

from codon12.cli import _root, main

RAS = {
    "tumour": {"type": "CRC", "stage": "metastatic"},
    "tests": [{"assay": "p", "specimen": "tissue", "genes": ["KRAS", "NRAS"], "kinds": ["mutation"], "found": ["KRAS G12D"]}],
    "lines": [],
}  # fmt: skip


def run(*arguments):
    return CliRunner().invoke(_root, ["match", *map(str, arguments)])


def _file(tmp_path, given=RAS):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(given))
    return path


def test_patient(tmp_path):
    file = _file(tmp_path)
    found = run(file, "--as-of", "2021-09-01", "--regimen", "cetuximab + FOLFIRI")
    assert found.exit_code == 0
    text = found.stdout
    assert text.index("Contraindicated") < text.index("Supported by a text") < text.index("No statement")
    assert "cetuximab + FOLFIRI [US-FDA]" in text
    assert "which is no permission" in text
    assert "(draft)" in text
    body = json.loads(
        run(
            file, "--as-of", "2021-09-01", "--jurisdiction", "US-FDA", "--json", "--regimen", "cetuximab + FOLFIRI"
        ).stdout
    )
    assert body["therapies"]["US-FDA"]["cetuximab + FOLFIRI"] == "contraindicated"
    assert list(body["therapies"]) == ["US-FDA"]
    assert body["as_of"] == "2021-09-01"


def test_never_says_give(tmp_path):
    text = run(_file(tmp_path), "--as-of", "2026-06-01").stdout
    assert " give " not in text


def test_trial(tmp_path):
    body = json.loads(
        run("trial", "NCT03600883-phase2-nsclc", _file(tmp_path), "--json", "--as-of", "2019-10-01").stdout
    )
    assert body["trial"] == "FAIL"
    assert body["criteria"]["disease"] == "FAIL"
    assert "the protocol has more criteria" in run("trial", "NCT03600883-phase2-nsclc", _file(tmp_path)).stdout


def test_check_exits_one_on_a_fault(tmp_path):
    assert run("check", "--today", "2026-11-28").exit_code == 0
    late = run("check", "--today", "2030-01-01")
    assert "review-overdue" in late.stdout
    assert (
        CliRunner().invoke(_root, ["match", "check", "--today", "2030-01-01"], standalone_mode=False).return_value == 1
    )


def test_show_list_and_schema():
    assert "Sotorasib for KRAS G12C" in run("show", "us-fda/nsclc/sotorasib/kras-g12c").stdout
    listed = json.loads(run("list", "--gene", "KRAS", "--as-of", "2021-09-01", "--json").stdout)["statements"]
    force = {s["id"]: s["in_force"] for s in listed}
    assert force["us-fda/nsclc/sotorasib/kras-g12c"]
    assert not force["eu-ema/nsclc/sotorasib/kras-g12c"]
    assert "us-fda/mcrc/pembrolizumab/msi-h" not in force
    for what in ("patient", "statement", "trial"):
        assert "$defs" in json.loads(run("schema", what).stdout)


def test_pages(tmp_path):
    out = tmp_path / "page.html"
    assert run("page", _file(tmp_path), "--out", out, "--as-of", "2021-09-01").exit_code == 0
    assert "not replace your doctor" in out.read_text()
    assert run("page", _file(tmp_path), "--for", "clinician", "--since", "2020-01-01", "--out", out).exit_code == 0
    assert "Still needed" in out.read_text()


def test_export(tmp_path):
    assert len(json.loads(run("export", "json").stdout)["statements"]) == 23
    bundle = run("export", "fhir", _file(tmp_path)).stdout
    (tmp_path / "b.json").write_text(bundle)
    one, two = (
        json.loads(run(f, "--as-of", "2021-09-01", "--json").stdout)["statements"]
        for f in (_file(tmp_path), tmp_path / "b.json")
    )
    assert one == two


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        (None, [], "no such file"),
        ({"ecog": 7}, [], "ecog"),
        (RAS, ["--jurisdiction", "XX"], "no statement of jurisdiction"),
        (RAS, ["--regimen", " + "], "names no drug"),
        (RAS, ["--trial", "none"], "no trial"),
        (RAS, ["--as-of", "yesterday"], "no day"),
        (RAS, ["--kb", "nowhere"], "no such folder"),
    ],
)
def test_wrong_input_is_an_error_without_a_traceback(tmp_path, capsys, given, more, words):
    file = tmp_path / "none.json" if given is None else _file(tmp_path, given)
    with pytest.raises(SystemExit) as err:
        main(["match", str(file), *more])
    assert err.value.code == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
