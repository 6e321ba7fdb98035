"""The command line: exit codes, messages on stderr, no traceback without --debug."""

import os
import subprocess
import sys

import pytest

from codon12 import cli

pytestmark = pytest.mark.requirement("R-OUTP-04")


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    out = capsys.readouterr()
    return stopped.value.code, out.out, out.err


def test_help_is_no_error(capsys):
    code, out, err = run(capsys, "--help")
    assert code == 0
    assert "report" in out
    assert not err


def test_unknown_verb_is_wrong_use(capsys):
    code, out, err = run(capsys, "frobnicate")
    assert code == 2
    assert not out
    assert "No such command" in err


def test_unreadable_input_says_so_in_one_line(capsys, tmp_path):
    code, out, err = run(capsys, "report", str(tmp_path), "--out", str(tmp_path / "out"))
    assert code == 2
    assert not out
    assert "no study was recognised" in err
    assert "Traceback" not in err


def test_a_fault_of_ours_is_one_line_without_debug(capsys, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("secret subject id")

    monkeypatch.setattr(cli._root, "main", broken)
    code, out, err = run(capsys, "report")
    assert code == 2
    assert not out
    assert err.count("\n") == 1
    assert "secret" not in err
    with pytest.raises(RuntimeError):
        cli.main(["--debug", "report"])


def run_apart(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "codon12", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_a_name_that_the_terminal_has_no_letters_for_is_printed_in_escapes(tmp_path):
    place = tmp_path / "łódź"
    done = run_apart("init", "--template", "registry", str(place), PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert b"unexpected" not in done.stderr
    assert b"\\u0142\xf3d\\u017a" in done.stdout + done.stderr


def test_no_color_is_heeded_on_a_terminal(tmp_path):
    pty = pytest.importorskip("pty")
    text = tmp_path / "a.txt"
    text.write_text("Of 13 patients, 12 (32.4%) responded.\n", encoding="utf-8")
    said = {}
    for asked in ("", "1"):
        ours, theirs = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "codon12", "check", str(text)],
            env={**os.environ, "NO_COLOR": asked},
            stdout=theirs,
            check=False,
        )
        said[asked] = os.read(ours, 100_000)
        os.close(theirs)
        os.close(ours)
    assert b"\033[" in said[""]
    assert b"\033[" not in said["1"]
    assert b"32.4" in said["1"]
