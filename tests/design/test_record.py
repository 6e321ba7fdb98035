"""Records: a saved design computes again to the same hash, and a changed one is caught."""

import json

import pytest

from codon12.cli import main
from codon12.design.protocol.record import answer, replay
from codon12.errors import InputError, UsageError

QUESTION = {"n": 40, "looks": [10, 20, 30], "success": {"type": "posterior", "rate": 0.2, "threshold": 0.9}}


def test_replay_gives_the_same(tmp_path):
    record = answer("predictive", QUESTION, rates=(0.2, 0.4))
    record.save(tmp_path / "design.json")
    again, differences = replay(tmp_path / "design.json")
    assert differences == []
    assert again.hash == record.hash


def test_a_changed_number_is_named(tmp_path):
    saved = answer("predictive", QUESTION).to_dict()
    saved["results"]["boundaries"]["stop_at_most"][1] += 1
    (tmp_path / "design.json").write_text(json.dumps(saved))
    assert replay(tmp_path / "design.json")[1] == ["boundaries.stop_at_most[1]: saved 4, now 3"]


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(InputError, match="not a design record"):
        replay(tmp_path / "x.json")
    with pytest.raises(UsageError, match="no design is called"):
        answer("guess", {})


def test_command_line_saves_and_replays(tmp_path, capsys):
    file = str(tmp_path / "a.json")
    question = "design predictive -n 105 --looks 25:95:10 --p0 0.23 --posterior 0.8 --rates 0.23 --json --save"
    with pytest.raises(SystemExit) as done:
        main([*question.split(), file])
    assert done.value.code == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["results"]["boundaries"]["stop_at_most"] == [3, 5, 7, 10, 13, 16, 19, 22]
    assert printed["results"]["operating_characteristics"]["success"] == [pytest.approx(0.19946925606777985)]
    with pytest.raises(SystemExit) as done:
        main(["design", "replay", file])
    assert done.value.code == 0
    assert "The same" in capsys.readouterr().out
