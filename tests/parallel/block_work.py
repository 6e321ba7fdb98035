"""Work that the tests send to processes: it has to live in a module."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def squared(n: int) -> int:
    return n * n


def has_loaded(module: str) -> int | None:
    """This process, if it has loaded a module."""
    return os.getpid() if module in sys.modules else None


def slower_first(n: int) -> int:
    time.sleep(0.05 if n == 0 else 0)
    return n


def refuses_three(n: int) -> int:
    if n == 3:
        raise ValueError("three")
    return n


def killed_once(task: tuple[int, str]) -> int:
    """The process of block 2 is killed the first time that it is worked on."""
    n, home = task
    mark = Path(home, "killed")
    if n == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def killed_always(n: int) -> int:
    if n == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def threads(_: int) -> str:
    return os.environ["POLARS_MAX_THREADS"]


def marks_and_waits(task: tuple[int, str]) -> int:
    """Says that it has begun, then takes a minute."""
    n, home = task
    Path(home, f"begun-{n}-{os.getpid()}").touch()
    time.sleep(60)
    return n
