"""What happens to a study in blocks when something stops: nothing is half written, and a run goes on where it stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from blocks_alike import whole_is

from codon12.derive import in_blocks
from codon12.derive.in_blocks import derive_in_blocks
from codon12.errors import InputError
from codon12.evidence.store import write_evidence
from codon12.parallel import Workers
from codon12.parallel.kept_frames import clear, find_kept
from codon12.records import Study

CODON12 = [sys.executable, "-c", "import sys; from codon12.cli import main; main(sys.argv[1:])"]


def done(kept: Path) -> list[Path]:
    """Blocks that are whole."""
    return [p for p in kept.glob("*") if re.fullmatch("[0-9a-f]{32}", p.name)]


def wait_until(true: Callable[[], object], seconds: float = 120) -> bool:
    until = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.02)
    return bool(found)


def kill_after_first_block(kept: Path, processes: Callable[[], list[int]], killed: list[int]) -> threading.Thread:
    """Kills one process by its id once a block is done."""

    def watch() -> None:
        if wait_until(lambda: done(kept)):
            killed.append(processes()[0])
            os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_no_block(parts: Path, tmp_path: Path) -> None:
    killed: list[int] = []
    with Workers(2) as pool:
        watch = kill_after_first_block(tmp_path, lambda: [p.pid for p in pool._own if p.pid], killed)
        worked = derive_in_blocks(parts, tmp_path, stops=(), executor=pool)
        watch.join(130)
        assert len(killed) == 1
    assert all(find_kept(place) is not None for place in done(tmp_path))
    whole_is(parts, worked)
    clear(tmp_path)  # what the killed one had begun goes with the rest
    assert not tmp_path.exists()


@pytest.mark.slow
def test_a_worker_of_a_cluster_that_is_killed_loses_no_block(parts: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    killed: list[int] = []
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        ids = list(client.run(os.getpid).values())
        watch = kill_after_first_block(tmp_path, lambda: ids, killed)
        worked = derive_in_blocks(parts, tmp_path, stops=(), executor=client.get_executor(pure=False))
        watch.join(130)
        assert killed == ids[:1]
        whole_is(parts, worked)


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_the_next_goes_on(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[int] = []
    made, write = in_blocks.derive_block, pl.DataFrame.write_parquet

    def counted(study: Study) -> object:
        derived.append(1)
        return made(study)

    def full_at_third(frame: pl.DataFrame, path: Path, **how: object) -> None:
        if len(derived) == 3:
            Path(path).write_bytes(b"PAR1half")
            raise OSError(28, "No space left on device")
        write(frame, path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(in_blocks, "derive_block", counted)
    with monkeypatch.context() as at:
        at.setattr(pl.DataFrame, "write_parquet", full_at_third)
        with pytest.raises(InputError, match=r"No space left on device\. What was done before is kept"):
            derive_in_blocks(parts, tmp_path, stops=())
    assert [p.name for p in tmp_path.iterdir()] == [p.name for p in done(tmp_path)]
    assert len(done(tmp_path)) == 2
    worked = derive_in_blocks(parts, tmp_path, stops=())
    assert worked is not None
    assert len(derived) >= len(worked.places) + 1
    whole_is(parts, worked)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_evidence_that_a_full_disk_cannot_hold_is_told(tmp_path: Path) -> None:
    (tmp_path / "adtr.parquet").symlink_to("/dev/full")
    big = pl.DataFrame({"USUBJID": ["S-1"] * 9, "AVAL": [1.5] * 9})
    with pytest.raises(OSError, match=r"adtr\.parquet: .*No space left on device"):
        write_evidence(pl.DataFrame({"id": ["x"]}), {"adtr": big}, tmp_path, description={})


@pytest.mark.slow
def test_ctrl_c_leaves_no_report_and_the_same_command_goes_on(halves: Path, parts: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "kept", tmp_path / "out"
    asked = [*CODON12, "report", str(parts), "--no-figures", "--formats", "none", "--workers", "2"]
    here = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": here, "start_new_session": True}
    config = tmp_path / "own.toml"
    config.write_text("")
    again = [*asked, "--out", str(out), "--keep", str(kept)]
    child = subprocess.Popen(again, **told)  # type: ignore[call-overload]
    assert wait_until(lambda: done(kept) or child.poll() is not None)
    first = {p.name: p.stat().st_mtime_ns for p in done(kept)}
    assert child.poll() is None
    os.killpg(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode != 0
    assert "Traceback" not in said
    assert not out.exists()
    assert list(tmp_path.glob(".*")) == []
    assert all(find_kept(p) is not None for p in done(kept))
    child = subprocess.Popen(again, **told)  # type: ignore[call-overload]
    assert wait_until(lambda: len(done(kept)) > len(first) or child.poll() is not None)
    same = {p.name: p.stat().st_mtime_ns for p in done(kept) if p.name in first}
    _, said = child.communicate(timeout=200)
    assert (child.returncode, same) == (0, first), said
    assert (out / "report.html").is_file()
    assert not kept.exists()
