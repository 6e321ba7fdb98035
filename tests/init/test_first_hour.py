"""The commands of docs/first-hour.md, in order, each section in a folder that has what it speaks of."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import registries

from codon12.cli import main
from codon12.init.templates import write_template

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "first-hour.md").read_text()
SECTIONS = {s.split("\n", 1)[0]: s for s in PAGE.split("\n## ")[1:]}
CLINICAL = "#Patient\tSex\tOS\tStatus\n#a\tb\tc\td\n#STRING\tSTRING\tNUMBER\tSTRING\n#1\t1\t1\t1\nPATIENT_ID\tSEX\tOS_MONTHS\tOS_STATUS\n"


def commands(section):
    blocks = re.findall(r"```sh\n(.*?)```", SECTIONS[section], re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registries.german(tmp_path / "register.xlsx")
    shutil.move(write(tmp_path / "sdtm"), tmp_path / "kept.toml")
    study = tmp_path / "study"
    study.mkdir()
    rows = "".join(f"P{i}\tFemale\t{i}.5\t{'1:DECEASED' if i % 2 else '0:LIVING'}\n" for i in range(1, 9))
    (study / "data_clinical_patient.txt").write_text(CLINICAL + rows)
    return tmp_path


def write(folder):
    write_template("phase2", folder)
    return folder / "codon12.toml"


def test_sections_are_those_that_are_run():
    assert set(SECTIONS) == {"My spreadsheet", "My SDTM folder", "My cBioPortal study", "No data yet", "For a program"}


@pytest.mark.parametrize("section", SECTIONS)
def test_commands_run(section, home, capsys):
    reports = [line for line in commands(section) if " report " in line]
    last = reports[-1] if reports else None  # one report a section, without figures, is enough
    for line in commands(section):
        if line in reports and line != last:
            continue
        quick = ["--no-figures", "--formats", "none"] if line == last else []
        with pytest.raises(SystemExit) as stop:
            main([*shlex.split(line)[1:], *quick])
        assert stop.value.code == 0, (line, capsys.readouterr().err)
    assert bool(reports) == (home / "page" / "report.html").is_file()
