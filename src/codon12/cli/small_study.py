"""Studies of some hundreds of patients: one thread on one core works them faster than several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["one_core_where_small"]

_SMALL_BYTES = 3_000_000
"""Files of a study of some hundreds of patients; packed files hold up to ten times as much, which is little too."""


@contextmanager
def one_core_where_small(study: Path) -> Iterator[None]:
    """Work on few rows without other threads: to hand them over takes longer than what is done with them.

    Threads and engine of polars are settled where it is first imported in this context.
    """
    from codon12.parallel.workers import few_threads, one_core

    if sum(f.stat().st_size for f in study.rglob("*") if f.is_file()) >= _SMALL_BYTES:
        yield
        return
    few_threads("1")
    os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")
    with one_core():
        yield
