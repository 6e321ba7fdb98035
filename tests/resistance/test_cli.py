"""The verb: exit codes, JSON, files of every kind, wrong input told."""

import json
from pathlib import Path

import pytest

from codon12.cli import main

STUDY = Path(__file__).resolve().parents[2] / "examples" / "codebreak100"
MAF = "Hugo_Symbol\tTumor_Sample_Barcode\tHGVSp_Short\tVAF\n"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["resistance", *map(str, arguments)])
    out = capsys.readouterr()
    return stopped.value.code, out.out, out.err


@pytest.fixture
def files(tmp_path):
    before, after = tmp_path / "before.maf", tmp_path / "after.maf"
    before.write_text(f"{MAF}KRAS\tA\tp.G12C\t30\nTP53\tA\tp.R273L\t35\n")
    after.write_text(f"{MAF}KRAS\tB\tp.G12C\t0.3\nTP53\tB\tp.R273L\t0.35\nNRAS\tB\tp.Q61K\t0.1\n")
    return before, after


def test_a_study_answers(capsys):
    code, out, _ = run(capsys, STUDY)
    assert code == 0
    assert "schoenfeld-2021 (central): meets 20 of 126" in out
    assert "Paired samples: 23" in out
    code, out, _ = run(capsys, STUDY, "--json")
    body = json.loads(out)
    assert {"definitions", "counts", "overlap", "patterns", "next", "pairs"} <= set(body)


def test_a_pair_of_mafs_with_a_named_assay_and_percent(capsys, files):
    code, out, _ = run(capsys, "pair", *files, "--drug", "sotorasib", "--assay", "panel", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["mechanisms"] == ["bypass, point mutation: NRAS p.Q61K"]
    assert body["changes"] == {"KRAS p.G12C": "unchanged"}
    assert "vaf-in-percent" in {f["RULE"] for f in body["findings"]}
    _, out, _ = run(capsys, "pair", *files, "--drug", "sotorasib", "--json")
    assert json.loads(out)["states"]["NRAS p.Q61K"] == "present later, not tested before"


def test_an_assay_file_describes_the_reach(capsys, files, tmp_path):
    panel = tmp_path / "panel.json"
    panel.write_text(json.dumps({"name": "P", "genes": ["KRAS", "NRAS", "TP53"], "kinds": ["mutation"], "depth": 20}))
    _, out, err = run(capsys, "pair", *files, "--drug", "sotorasib", "--assay", panel)
    assert "sotorasib: mechanism found" in out
    assert "NRAS p.Q61K: earlier depth 20 could have missed a clone of 0.1" in out
    assert "percent" in err


def test_the_catalogue_prints_and_takes_more(capsys, tmp_path):
    code, out, _ = run(capsys, "catalogue", "osimertinib")
    assert code == 0
    assert "EGFR codon 792" in out
    own = tmp_path / "own.toml"
    own.write_text(
        'version = "1"\n[[entry]]\ndrugs = ["newdrug"]\ntarget = "KRAS G12C"\n[[entry.rule]]\nclass = "bypass"\n'
        'match = { gene = "SHP2", kind = "amplification" }\nsource = "here"\ntrust = "read"\n'
    )
    assert run(capsys, "catalogue", "newdrug", "--catalogue", own)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pair", "nowhere.json", "nowhere.json", "--drug", "sotorasib"], "no such file"),
        (["catalogue", "sotorasb"], "nearest: sotorasib"),
        (["nowhere"], "does not exist"),
        (["pair", "a.json"], "Missing argument"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(capsys, arguments, says):
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert says in err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"calls": 1}', '[{"calls": [{"gene": "KRAS", "protein": 12}]}]', "[1]"]
)
def test_broken_json_is_told_without_a_traceback(capsys, tmp_path, text):
    file = tmp_path / "x.json"
    file.write_text(text)
    code, _, err = run(capsys, "pair", file, file, "--drug", "sotorasib")
    assert code == 2
    assert "x.json" in err
    assert "Traceback" not in err


def test_hostile_names_are_inert(capsys, tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps([{"sample": "\x1b[31m<script>", "calls": [{"gene": "KRAS", "protein": "p.G12C"}]}]))
    code, out, err = run(capsys, "pair", file, file, "--drug", "sotorasib")
    assert code == 0
    assert "\x1b" not in out + err


PAIRED = """format = "tables"
[tables.ADSL]
file = "adsl.csv"
[tables.SAMPLES]
file = "samples.csv"
[tables.CALLS]
file = "calls.csv"
[resistance]
drug = "sotorasib"
[resistance.samples]
table = "SAMPLES"
calls = "CALLS"
date = "DAY"
"""


@pytest.fixture
def paired(tmp_path):
    (tmp_path / "codon12.toml").write_text(PAIRED)
    (tmp_path / "adsl.csv").write_text("USUBJID\n1\n")
    (tmp_path / "calls.csv").write_text(
        "SAMPLE_ID,GENE,KIND,PROTEIN,VAF\nA,KRAS,mutation,p.G12C,30\nA,NRAS,mutation,p.Q61K,2\n"
        "B,KRAS,mutation,p.G12C,30\nB,NRAS,mutation,p.Q61K,20\n"
    )
    return tmp_path


def test_fractions_above_1_and_samples_without_an_order_are_told(capsys, paired):
    samples = paired / "samples.csv"
    samples.write_text("USUBJID,SAMPLE_ID,DAY\n1,A,2024-01-01\n1,B,2024-09-01\n")
    code, out, err = run(capsys, paired)
    assert (code, "no mechanism found 1" in out) == (0, True)
    assert err == "codon12: findings of paired samples: vaf-outside-0-1 4\n"
    samples.write_text("USUBJID,SAMPLE_ID,DAY\n1,A,01/01/2024\n1,B,01/09/2024\n")
    code, out, err = run(capsys, paired)
    assert (code, "Paired samples: 0" in out, "samples-not-ordered 2" in err) == (0, True, True)
