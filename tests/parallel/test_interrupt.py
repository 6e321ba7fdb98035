"""Ctrl-C: processes end with the run, at once, and say nothing of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = """
import sys
from block_work import marks_and_waits
from codon12.parallel import in_order, workers
if __name__ == "__main__":
    try:
        with workers(2) as two:
            list(in_order(marks_and_waits, [(n, sys.argv[1]) for n in range(5)], executor=two))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(2)
"""


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_an_interrupt_ends_all_processes_at_once(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    child = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    until = time.monotonic() + 120
    while len(begun := list(tmp_path.glob("begun-*"))) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(begun) == 2
    at = time.monotonic()
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to all processes of the run
    _, said = child.communicate(timeout=50)
    assert time.monotonic() - at < 45  # a block takes 60
    assert (child.returncode, said) == (2, "stopped\n")
    workers = [int(p.name.rpartition("-")[2]) for p in begun]
    until = time.monotonic() + 20
    while any(map(runs, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(runs, workers))
