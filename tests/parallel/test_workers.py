"""The executor of a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import block_work
import pytest

from codon12.cli.report_blocks import PARTS, begin_blocks
from codon12.cli.small_study import one_core_where_small
from codon12.errors import UsageError
from codon12.parallel import Workers, cores, workers
from codon12.parallel.workers import one_core
from codon12.records.readers import partitioned


def test_one_worker_is_this_process() -> None:
    with workers(1) as executor:
        assert executor is None


def test_many_are_processes() -> None:
    with workers(2) as executor:
        assert isinstance(executor, Workers)
        assert executor.count == 2


def test_a_worker_loads_a_module_before_it_is_given_work() -> None:
    with Workers(1) as pool:
        pool.begin("this_is_not_there")
        pool.begin("wave")
        assert pool.submit(block_work.has_loaded, "wave").result() not in {None, os.getpid()}


def test_workers_of_a_study_that_is_not_partitioned_do_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Workers, "begin", lambda _, module: asked.append(module))
    assert PARTS == partitioned.PARTS
    with Workers(1) as pool:
        begin_blocks(tmp_path, pool)
        assert asked == []
        (tmp_path / PARTS).mkdir()
        begin_blocks(tmp_path, None)
        begin_blocks(tmp_path, pool)
    assert asked == ["codon12.derive.in_blocks"]


def test_cores_are_counted() -> None:
    assert cores() >= 1


@pytest.fixture(name="load")
def _load(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Load of the machine as it is told, at first none."""
    told = [0.0, 0.0, 0.0]
    monkeypatch.setattr(os, "getloadavg", lambda: tuple(told), raising=False)
    return told


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system does not let a process choose")
def test_a_thread_stays_on_one_core_for_a_time_and_its_workers_have_all(load: list[float]) -> None:
    before = os.sched_getaffinity(0)
    with Workers(1) as pool, one_core():
        inside, of_worker = cores(), pool.submit(cores).result()
    assert (inside, of_worker) == (1, len(before))
    assert os.sched_getaffinity(0) == before
    load[0] = float(len(before))
    with one_core():
        assert os.sched_getaffinity(0) == before


@pytest.mark.usefixtures("load")
def test_where_no_core_may_be_chosen_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: int, __: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refused, raising=False)
    with one_core():
        assert cores() >= 1
    monkeypatch.delattr(os, "sched_setaffinity")
    with one_core():
        assert cores() >= 1


@pytest.mark.usefixtures("load")
@pytest.mark.parametrize(("size", "engine"), [(2_999_999, "in-memory"), (3_000_000, None)])
def test_a_small_study_is_worked_by_one_thread_on_one_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, engine: str | None
) -> None:
    for name in ("POLARS_ENGINE_AFFINITY", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "9")  # so that what is set below goes with the test
        monkeypatch.delenv(name)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "dm.csv").write_bytes(b" " * size)
    before = cores()
    with one_core_where_small(tmp_path):
        assert cores() == (1 if engine and hasattr(os, "sched_setaffinity") else before)
        assert os.environ.get("POLARS_ENGINE_AFFINITY") == engine
        assert os.environ.get("POLARS_MAX_THREADS") == ("1" if engine else None)


@pytest.mark.parametrize("count", [0, -1])
def test_no_worker_is_refused(count: int) -> None:
    with pytest.raises(UsageError, match="give 1 or more"), workers(count):
        pass
    with pytest.raises(UsageError, match="give 1 or more"):
        Workers(count)


def test_dask_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"codon12\[cluster\]"), workers(dask="tcp://127.0.0.1:1"):
        pass
