"""Bad input: a clear error or a note, nothing half-written, nothing of a heading alive."""

import json
import os
import tomllib

import pytest

from codon12.cli import main
from codon12.errors import InputError
from codon12.init import propose, write_proposal
from codon12.init.toml_text import comment, inline, key, string
from codon12.records import Study

GOOD = "Patient,Sex,Age,OS months,OS status\n1,F,61,3.5,1\n2,M,62,4.5,0\n3,M,63,5.5,1\n"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    out = capsys.readouterr()
    return stop.value.code, out.out, out.err


def test_an_empty_folder_and_one_without_tables(tmp_path, capsys):
    assert run(capsys, "init", tmp_path)[0] == 2
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "b.csv").write_bytes(b"\x7fELF\x00\x01")
    (tmp_path / "c.xlsx").write_bytes(b"no workbook")
    code, _, err = run(capsys, "init", tmp_path)
    assert code == 2
    assert "b.csv: not read: is a program" in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "b.csv", "c.xlsx"]


def test_a_folder_that_is_not_there_names_the_nearest(tmp_path):
    (tmp_path / "registry").mkdir()
    with pytest.raises(InputError, match=r"did you mean .*registry"):
        propose(tmp_path / "regisrty")
    with pytest.raises(InputError, match=r"did you mean .*registry"):
        Study.open(tmp_path / "regisrty")


def test_an_unknown_folder_suggests_init(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD)
    with pytest.raises(InputError, match=r"`codon12 init .*` looks at the files"):
        Study.open(tmp_path)
    with pytest.raises(InputError, match=r"`codon12 init .*a.csv`"):
        Study.open(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("config", "files", "said"),
    [
        ('format = "tables"', ("a.csv",), r"among a.csv\. `codon12 init .*` looks at the files"),
        ('format = "tables"', (), r"no file that can hold a table\. Put the tables there"),
        ('format = "sdtm"', ("dmm.csv",), r"if dmm.csv is DM, rename it, or write \[tables.DM\]"),
        (
            'format = "tables"\n[tables.ADSL]\ncolumns = { USUBJID = "a" }',
            ("a.csv",),
            r"names ADSL and no file of them",
        ),
    ],
)
def test_where_no_table_is_found_the_next_step_is_named(config, files, said, tmp_path):
    (tmp_path / "codon12.toml").write_text(config)
    for name in files:
        (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=said):
        Study.open(tmp_path)


def test_of_a_long_file_only_the_head_is_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write(GOOD)
        file.write("4,F,50,2.5,1\n" * 1000)
        file.truncate(1024**3)  # a sparse gigabyte
    belief = propose(tmp_path)
    assert belief.tables[0].sampled or belief.notes
    rows = GOOD + "".join(f"{i},F,50,2.5,1\n" for i in range(4, 400_000))
    path.write_text(rows)
    belief = propose(tmp_path)
    assert belief.tables[0].sampled
    assert "Only the head of the file was looked at" in belief.toml


HOSTILE = [
    'OS"] evil = 1 #',
    "a\x1b[31mred\x07",
    "=cmd|' /C calc'!A0",
    "<script>",
    "x\u202ey",
    "'; DROP TABLE x; --",
    '"""',
    "{}",
    "[tables.X]",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headings_are_text(tmp_path, name, capsys):
    quoted = '"' + name.replace('"', '""') + '"'
    rows = "1,F,61,x,,3.5,1\n2,M,62,y,,4.5,0\n3,M,63,z,,5.5,1\n"
    (tmp_path / "a.csv").write_text(f"Patient,Sex,Age,{quoted},Date of death,OS months,OS status\n{rows}")
    code, out, err = run(capsys, "init", tmp_path, "--yes")
    assert code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)
    text = (tmp_path / "codon12.toml").read_text()
    assert set(tomllib.loads(text)) <= {"title", "format", "baseline", "tables", "covariates"}
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert Study.open(tmp_path).table("ADTTE").height == 3


@pytest.mark.parametrize("text", [*HOSTILE, "\\", "\x7f", "\r\n", "", "😀", "\ud7ff\ue000"])
def test_text_comes_back_from_toml(text):
    written = (
        f"# {comment(text)}\na = {string(text)}\n{key(text)} = {inline([text, text])}\nc = {inline({text: text})}\n"
    )
    read = tomllib.loads(written.replace("\na = ", "\n'a ' = ", 1))
    assert (read["a "], read[text], read["c"]) == (text, [text, text], {text: text})


def test_what_somebody_wrote_or_changed_stays(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD)
    own = tmp_path / "codon12.toml"
    assert run(capsys, "init", tmp_path, "--yes")[0] == 0
    first = own.read_text()
    assert run(capsys, "init", tmp_path, "--yes")[2].count("is as it was") == 1
    assert own.read_text() == first
    changed = first.replace('title = "', 'title = "My ')
    own.write_text(changed)
    _, _, err = run(capsys, "init", tmp_path, "--yes")
    assert "written beside your own file" in err
    assert own.read_text() == changed
    assert (tmp_path / "codon12.init.toml").read_text() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "codon12.init.toml", "codon12.toml"]


def test_an_untouched_proposal_follows_the_data(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD)
    target = tmp_path / "codon12.toml"
    assert write_proposal(propose(tmp_path).toml, target).state == "new"
    (tmp_path / "a.csv").write_text(GOOD.replace("Age", "Alter"))
    assert write_proposal(propose(tmp_path).toml, target).state == "renewed"
    assert 'AGE = "Alter"' in target.read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_data_need_config(tmp_path, capsys):
    home = tmp_path / "data"
    home.mkdir()
    (home / "a.csv").write_text(GOOD)
    home.chmod(0o500)
    try:
        code, _, err = run(capsys, "init", home, "--yes")
        assert code == 2
        assert "--config FILE" in err
        assert run(capsys, "init", home, "--yes", "--config", tmp_path / "own.toml")[0] == 0
    finally:
        home.chmod(0o700)
    assert Study.open(home, config=tmp_path / "own.toml").table("ADSL").height == 3


def test_config_out_of_the_folder(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD)
    code, out, _ = run(capsys, "init", tmp_path / "a.csv", "--json", "--config", tmp_path / "own.toml")
    body = json.loads(out)
    assert (code, body["state"], body["format"]) == (0, "new", "tables")
    assert body["tables"][0]["columns"][0] == body["tables"][0]["columns"][0] | {
        "column": "Patient",
        "role": "USUBJID",
        "confidence": "sure",
    }
    assert not (tmp_path / "codon12.toml").exists()
