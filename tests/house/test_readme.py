"""What README shows is what comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from codon12.cli import main

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ").split(" #")[0]
    for block in BLOCKS
    for line in block.splitlines()
    if line.removeprefix("$ ").startswith("codon12 ")
]
AT_ONCE = [c for c in COMMANDS if c.split()[1] in {"trace", "design"}]


def run(command: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(command)[1:])
    return int(stop.value.code or 0)


@pytest.mark.parametrize("command", AT_ONCE)
def test_a_command_runs(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert run(command) == 0


def test_the_trace_shown_is_what_comes_out(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    block = next(b for b in BLOCKS if b.startswith("$ codon12 trace"))
    command, *shown = block.rstrip().splitlines()
    assert run(command.removeprefix("$ ")) == 0
    said = iter(capsys.readouterr().out.splitlines())
    for line in (s for s in shown if s.strip() != "..."):
        assert line in said, line  # each line after the one before


def test_the_sentence_that_cannot_hold_is_found(monkeypatch, tmp_path):
    sentence = re.search(r"printf '(.*?)\\n' > abstract\.txt", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sentence
    monkeypatch.chdir(tmp_path)
    Path("abstract.txt").write_text(sentence[1].replace("%%", "%") + "\n", encoding="utf-8")
    assert run("codon12 check abstract.txt") == 1


def test_the_python_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    exec(compile(block[1], "README.md", "exec"), {})


@pytest.mark.slow
@pytest.mark.parametrize("command", [c for c in COMMANDS if c.split()[1] in {"docs", "report", "simulate", "selftest"}])
def test_a_long_command_runs(command, monkeypatch, tmp_path):
    if "FOLDER" in command:
        pytest.skip("names a folder of the reader's")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    assert run(command) == 0
