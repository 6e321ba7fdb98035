"""A folder of documents in blocks: the same lines from any number of processes, and a run that goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codon12.cli import check_folder, main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "texts"
    home.mkdir()
    for k in range(70):
        (home / f"{k:02}.txt").write_text(f"Response was seen in {k + 1} of 80 patients ({100 * (k + 1) / 80:.1f}%).")
    return home


def run(*args: str) -> object:
    with pytest.raises(SystemExit) as stop:
        main(["check", *args])
    return stop.value.code


def lines(capsys: pytest.CaptureFixture[str], *args: str) -> list[str]:
    assert run(*args, "--json") in (0, 1)
    return capsys.readouterr().out.splitlines()


def test_processes_change_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    alone = lines(capsys, str(folder), "--workers", "1")
    assert len(alone) == 70
    assert lines(capsys, str(folder), "--workers", "2") == alone


def test_a_run_that_was_stopped_goes_on(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = lines(capsys, str(folder), "--workers", "1")
    keep = tmp_path / "kept"
    real, worked = check_folder._block, []

    def stops(block: object) -> bytes:
        worked.append(block)
        if len(worked) == 3:
            raise KeyboardInterrupt
        return real(block)  # type: ignore[arg-type]

    monkeypatch.setattr(check_folder, "_block", stops)
    assert run(str(folder), "--json", "--workers", "1", "--keep", str(keep)) not in (0, 1)
    capsys.readouterr()
    assert len(list(keep.iterdir())) == 2
    assert lines(capsys, str(folder), "--workers", "1", "--keep", str(keep)) == alone
    blocks = len({str(b) for b in worked})
    assert len(worked) == blocks + 1  # the one that was stopped is the only one done again
    assert not keep.exists()


def test_a_changed_document_is_done_again(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = tmp_path / "kept"
    monkeypatch.setattr("codon12.parallel.Kept.clear", lambda _: None)
    before = lines(capsys, str(folder), "--workers", "1", "--keep", str(keep))
    (folder / "00.txt").write_text("Response was seen in 90 of 80 patients (50.0%).")
    after = lines(capsys, str(folder), "--workers", "1", "--keep", str(keep))
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_keep_is_for_folders(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    assert run(str(folder / "00.txt"), "--keep", str(tmp_path / "kept")) == 2
    assert "name a folder" in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()


@pytest.mark.slow
def test_a_killed_process_of_a_cluster_loses_no_document(folder: Path, tmp_path: Path) -> None:
    """A real cluster of processes, one of which is killed while it works."""
    distributed = pytest.importorskip("distributed")
    alone = subprocess.run(
        [sys.executable, "-m", "codon12", "check", str(folder), "--json", "--workers", "1"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        run = subprocess.Popen(
            [sys.executable, "-m", "codon12", "check", str(folder), "--json", "--dask", cluster.scheduler_address],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        os.kill(next(iter(cluster.workers.values())).process.pid, 9)
        out, _ = run.communicate(timeout=120)
    assert run.returncode in (0, 1)
    assert out == alone
