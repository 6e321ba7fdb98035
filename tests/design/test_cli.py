"""Every design command: its help shows an example, the example runs, and it answers as JSON too."""

import json
import shlex

import pytest
from click.testing import CliRunner

from codon12.cli import main
from codon12.cli.design import COMMANDS, design


def examples(name):
    command = design.get_command(None, name)
    return [line.strip() for line in (command.help or "").splitlines() if line.strip().startswith("codon12 design ")]


def run(line):
    with pytest.raises(SystemExit) as done:
        main(shlex.split(line)[1:])
    return done.value.code


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved = (
        "codon12 design predictive -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --rates 0.23 --save design.json"
    )
    assert run(saved) == 0
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_run(name, folder, capsys):
    lines = examples(name)
    assert lines, f"codon12 design {name} shows no example"
    for line in lines:
        assert run(line) == 0, line
        said = capsys.readouterr().out
        assert said.strip()
        if name == "plot" or " -o " not in line:
            assert run(f"{line} --json") == 0
            json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", [n for n in COMMANDS if n not in {"replay", "protocol", "sheet", "plot"}])
def test_a_saved_answer_replays(name, folder, capsys):
    line = examples(name)[-1]
    assert run(f"{line} --save again.json") == 0
    assert run("codon12 design replay again.json") == 0
    assert "The same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("codon12 design simon 0.3 0.2", "must lie above the rate of no interest (0.3)"),
        ("codon12 design predictive -n 20 --looks 10,30 --p0 0.2 --posterior 0.9", "beyond the planned 20"),
        ("codon12 design predictive -n 20 --looks 10 --p0 0.2", "say what success is"),
        ("codon12 design predictive -n 20 --p0 0.2 --posterior 0.9", "say when to look"),
        ("codon12 design predictive -n 20 --looks 10 --p0 0.2 --posterior 1.9", "between 0 and 1"),
        ("codon12 design predictive -n 20 --looks 10 --p0 0.2 --posterior 0.9 --prior 'beta(-1,1)'", "above 0"),
        ("codon12 design search 0.2 0.4 -n 10:15 --alpha 0.01", "can do with fewer than"),
        ("codon12 design predictive -n 20 --looks ten --p0 0.2 --posterior 0.9", "is not a list"),
    ],
)
def test_wrong_use_says_what_would_do(line, says, capsys):
    assert run(line) == 2
    assert says in capsys.readouterr().err


def test_decisions_as_json(capsys):
    assert run("codon12 design predictive -n 20 --looks 10 --p0 0.2 --posterior 0.9 --table --json") == 0
    decisions = json.loads(capsys.readouterr().out)["decisions"]
    assert len(decisions["predictive"]) == 11 + 21


def test_help_lists_every_command():
    text = CliRunner().invoke(design, ["--help"]).output
    assert all(name in text for name in COMMANDS)
