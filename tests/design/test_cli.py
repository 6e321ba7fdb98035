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
        ("codon12 design predictive -n 20 --looks 25:5:1 --p0 0.2 --posterior 0.9", "a range rises"),
        ("codon12 design predictive -n 20 --looks nan --p0 0.2 --posterior 0.9", "is not a list"),
        ("codon12 design predictive -n 20 --looks '' --p0 0.2 --posterior 0.9", "is not a list"),
        ("codon12 design predictive -n 6000 --looks 10 --p0 0.2 --posterior 0.9", "from 1 to 5,000"),
        ("codon12 design predictive -n 1 --looks 1 --p0 0.2 --posterior 0.5", "the prior decides, not the data"),
        ("codon12 design predictive -n 20 --looks 5 --p0 0.2 --interval foo", "there are clopper-pearson, wilson"),
        ("codon12 design size 0.4 --p0 0.2 --interval wilson --prior 'beta(2,3)'", "--prior would change nothing"),
        ("codon12 design power -n 9 0.4 --p0 0.2 --posterior 0.9 --level 0.8", "--level would change nothing"),
        ("codon12 design simon 0.1 0.3 --kind optimal --rates 0.1:0.4:1e-9", "more than 10,000 numbers"),
        ("codon12 design simon 0.5 0.51 --max-n 100000", "searched up to 3,000"),
        ("codon12 design simon 0.1 0.3 --kind optimal --rates 0.1:0.4", "says no step"),
        ("codon12 design simon nan 0.3", "got no number"),
        ("codon12 design gehan 1e-8", "stages of up to 10,000"),
        ("codon12 design curtailed -n 29 --least 30 --p0 0.05 --p1 0.2", "between 1 and n = 29"),
        ("codon12 design curtailed -n 29 --least 4 --p0 0.2 --p1 0.05", "must lie above"),
        ("codon12 design curtailed -n 29 --least 4 --looks 10 --stop 5 --p0 0.05 --p1 0.2", "which are a success"),
        ("codon12 design bop2-pair nested -n 30 --null 0.2,0.3 --alternative 0.1,0.5 --looks 10", "must lie above"),
        ("codon12 design group-sequential --fractions 0.5,1 --shape pocock --spending pocock", "spends as it does"),
        ("codon12 design group-sequential --fractions 0.5,1 --binding", "there is no futility bound"),
        ("codon12 design group-sequential --fractions 0.001:1:0.001", "plan 50 or fewer"),
        ("codon12 design timing 0.6 -n 210 --median 6 --accrual 12 --events 160,100", "in the order of the analyses"),
        ("codon12 design randomised 0.2 0.5 -n 30.5,30", "must hold whole numbers"),
        ("codon12 design randomised 0.2 0.5 -n 30,30 --ratio 2", "--ratio would change nothing"),
        ("codon12 design basket -n 9 --p0 0.2 --baskets 2 --threshold 0.9 --alpha 0.05", "takes its place"),
        ("codon12 simulate operating -n 66 --responses 67", "give 1 to 66"),
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


def test_futility_0_never_stops(capsys):
    assert run("codon12 design predictive -n 20 --looks 10 --p0 0.2 --posterior 0.9 --futility 0 --json") == 0
    assert json.loads(capsys.readouterr().out)["results"]["boundaries"]["stop_at_most"] == [-1]
