"""A folder is written whole or not at all, and what is not ours stays."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codon12.errors import InputError, UsageError
from codon12.records.files.folder import files_below, files_listed, write_atomically

pytestmark = pytest.mark.requirement("R-OUTP-01")


def wrote(folder: Path) -> list[str] | None:
    return files_listed(folder / "run.json", "files", program="test")


def write(target: Path, **files: str) -> None:
    with write_atomically(target, wrote=wrote) as out:
        for name, text in files.items():
            (out / name).write_text(text)
        (out / "run.json").write_text(json.dumps({"program": "test", "files": [*files, "run.json"]}))


def test_a_run_that_fails_leaves_the_last_one(tmp_path):
    target = tmp_path / "report"
    write(target, a="1")
    with pytest.raises(ValueError, match="half way"), write_atomically(target, wrote=wrote) as out:  # noqa: PT012 - the block is it
        Path(out, "a").write_text("2")
        raise ValueError("half way")
    assert (target / "a").read_text() == "1"
    write(target, a="3")
    assert (target / "a").read_text() == "3"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_files_of_an_earlier_run_go_and_other_files_stay(tmp_path):
    target = tmp_path / "report"
    write(target, a="1", b="1")
    (target / "notes").mkdir()
    (target / "notes" / "mine.txt").write_text("mine")
    (target / "link").symlink_to("/nowhere")
    write(target, a="2")
    assert files_below(target) == ["a", "link", "notes/mine.txt", "run.json"]
    assert (target / "notes" / "mine.txt").read_text() == "mine"
    assert str((target / "link").readlink()) == "/nowhere"


def test_somebodys_file_where_a_new_one_belongs_is_refused(tmp_path):
    target = tmp_path / "report"
    write(target, a="1")
    (target / "b").write_text("mine")
    with pytest.raises(UsageError, match="did not write this file"):
        write(target, a="2", b="2")
    assert (target / "b").read_text() == "mine"
    assert (target / "a").read_text() == "1"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize(
    "text",
    [
        "{}", "[]", "not json", "", '{"program": "test"}', '{"program": "other", "files": ["x"]}',
        '{"program": "test", "files": ["../thesis.docx"]}', '{"program": "test", "files": ["/etc/passwd"]}',
        '{"program": "test", "files": "x"}', '{"program": "test", "files": [1]}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_folder_with_a_file_of_the_same_name_is_not_ours(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="did not write"):
        write(tmp_path, a="1")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.json", "thesis.docx"]


def test_a_file_is_no_folder_and_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        write(tmp_path / "thesis.docx")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", x="x")
    assert (tmp_path / "empty" / "x").is_file()


def test_a_full_disk_is_said_and_changes_nothing(tmp_path):
    target = tmp_path / "report"
    write(target, a="1")
    with pytest.raises(InputError, match="No space left on device"), write_atomically(target, wrote=wrote):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert (target / "a").read_text() == "1"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


_KILLED = """
import sys, time
from pathlib import Path
from codon12.records.files import folder
target, moment = Path(sys.argv[1]), sys.argv[2]
def wait(*_):
    print("ready", flush=True)
    time.sleep(60)
if moment == "swap":
    whole = Path.rename
    def rename(self, to):
        if "-codon12-new-" in self.name:
            wait()
        return whole(self, to)
    Path.rename = rename
with folder.write_atomically(target, wrote=lambda held: ["a"]) as out:
    Path(out, "a").write_text("half")
    if moment == "inside":
        wait()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("moment", ["inside", "swap"])
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path, moment):
    target = tmp_path / "report"
    write(target, a="1")
    (target / "mine").write_text("mine")
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(target), moment], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        left = [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]
        assert left
        with write_atomically(tmp_path / "other", wrote=wrote) as out:
            Path(out, "x").write_text("")
        assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == left  # it still runs
        process.send_signal(signal.SIGKILL)
    write(tmp_path / "third", x="")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "report", "third"]
    assert (target / "a").read_text() == "1"
    assert (target / "mine").read_text() == "mine"


def test_hidden_folders_of_others_stay(tmp_path):
    names = [".report-codon12-new-00000000-1-abc", ".git", ".report-1234", ".report-codon12-new-x-999999999-abc"]
    for name in names:
        (tmp_path / name).mkdir()
    write(tmp_path / "report", a="1")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*names, "report"])
