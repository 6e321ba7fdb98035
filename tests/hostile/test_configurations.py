"""What people write into a configuration and into a column: an answer, or an error that says what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from codon12.analyses import assemble, default_plan
from codon12.cli import main
from codon12.errors import ConfigError
from codon12.records import Study

from ..report.studies import EXAMPLE, write_study  # noqa: TID252 - the tests are no package

pytestmark = pytest.mark.requirement("R-READ-04")

CODED = """
[covariates.CODED]
expression = "CASE WHEN SEX = 'F' THEN 1 ELSE 0 END"
[covariates.TRUTH]
expression = "SEX = 'F'"
"""


def alone(text: str) -> str:
    """The configuration without the analyses of the default plan that it does not name itself."""
    others = (a.name for a in default_plan() if f"[analyses.{a.name}]" not in text)
    return text + "".join(f"\n[analyses.{name}]\ndrop = true\n" for name in others)


def changed(tmp_path: Path, added: str = "", **replaced: str) -> Path:
    folder = write_study(tmp_path / "study", [f"S-{i:02d}" for i in range(20)])
    path = folder / "codon12.toml"
    text = path.read_text()
    for old, new in replaced.items():
        text = text.replace(f"{old} = ", f"{new}\n{old} = ", 1)
    path.write_text(alone(text + added))
    return folder


def analysis(kind: str, **keys: str) -> str:
    said = "\n".join(f"{k} = {v}" for k, v in keys.items())
    return f'{CODED}\n[analyses.own]\nkind = "{kind}"\ntitle = "Own"\nsection = "survival"\n{said}\n'


def test_a_misspelt_column_of_a_population_is_named_with_those_there_are(tmp_path):
    folder = changed(tmp_path, response_investigator="biomarker = \"SAFLF = 'Y'\"")
    with pytest.raises(ConfigError, match=r"populations.biomarker: no column SAFLF .* there are .*SAFFL"):
        assemble(Study.open(folder))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("groups", {"by": '["CODED"]'}),
        ("groups", {"by": '["TRUTH"]'}),
        ("groups", {"by": '["CODED", "TRUTH", "SEX"]'}),
        ("subgroups", {"by": '["CODED", "TRUTH"]'}),
        ("cox", {"by": '["AGE", "TRUTH"]', "endpoint": '"OS"', "strata": '["CODED"]'}),
        ("baseline", {"by": '["AGE"]', "across": '"CODED"'}),
        ("baseline", {"by": '["AGE"]', "across": '"TRUTH"'}),
    ],
)
def test_a_group_of_numbers_or_of_truth_values_counts_its_subjects(tmp_path, kind, keys):
    evidence = assemble(Study.open(changed(tmp_path, analysis(kind, **keys))))
    own = evidence.numbers.filter(analysis="own")
    assert own.height
    for row in own.filter(own["n"].is_not_null() & (own["kind"] == "count")).iter_rows(named=True):
        assert len(row["subjects"]) == row["n"], row["id"]


def test_a_coded_group_has_the_numbers_of_the_words_it_stands_for(tmp_path):
    coded = assemble(Study.open(changed(tmp_path / "1", analysis("groups", by='["CODED"]'))))
    words = assemble(Study.open(changed(tmp_path / "2", analysis("groups", by='["SEX"]'))))
    medians = [
        {
            (r["endpoint"], r["level"]): r["value"]
            for r in e.numbers.filter(analysis="own", statistic="median").iter_rows(named=True)
        }
        for e in (coded, words)
    ]
    assert medians[0] == {(e, {"F": "1", "M": "0"}[level]): v for (e, level), v in medians[1].items()}


@pytest.mark.parametrize(
    "added",
    [
        analysis("baseline", by='["USUBJID"]'),
        analysis("subgroups", by='["USUBJID"]'),
        analysis("baseline", by='["AGE"]', across='"USUBJID"'),
        analysis("groups", by='["USUBJID"]'),
    ],
)
def test_the_subject_is_no_variable(tmp_path, added):
    with pytest.raises(ConfigError, match="USUBJID"):
        assemble(Study.open(changed(tmp_path, added)))


def test_sums_hold_no_column_twice(tmp_path):
    adtr = assemble(Study.open(changed(tmp_path))).frames["adtr"]
    assert not [c for c in adtr.columns if c.endswith("_right")]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (
            PermissionError(errno.EACCES, os.strerror(errno.EACCES), "dm.csv"),
            "dm.csv: cannot be read or written: Permission denied",
        ),
    ],
)
def test_a_full_disk_and_an_unreadable_file_are_said_in_words(monkeypatch, capsys, tmp_path, error, words):
    def fails(*args, **kwargs):
        raise error

    monkeypatch.setattr("codon12.records.Study.open", fails)
    with pytest.raises(SystemExit) as stop:
        main(["report", str(EXAMPLE), "--out", str(tmp_path / "out"), "--no-figures"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert words in said
    assert "report it" not in said


def test_a_time_beyond_all_measure_is_no_crash(tmp_path):
    rows = [f"{i},{i % 2},{'1e300' if i == 0 else i + 1},{i % 2}" for i in range(20)]
    (tmp_path / "a.csv").write_text("id,arm,os,dead\n" + "\n".join(rows) + "\n")
    (tmp_path / "codon12.toml").write_text(
        '[tables.ADSL]\nfile = "a.csv"\ncolumns = { USUBJID = "id", ARM = "arm", TRT01A = "arm" }\n'
        '[tables.ADSL.times.OS]\ntime = "os"\nstatus = "dead"\nevent = ["1"]\nunit = "months"\n'
    )
    evidence = assemble(Study.open(tmp_path))
    assert evidence.numbers.filter(endpoint="os").height
