"""The command line: exit codes, messages on stderr, no traceback without --debug."""

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
