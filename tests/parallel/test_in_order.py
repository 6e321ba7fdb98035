"""Blocks through any executor: the same results in the same order, whatever happens to a worker."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from block_work import killed_always, killed_once, refuses_three, slower_first, squared, threads

from codon12.errors import WorkerError
from codon12.parallel import Workers, in_order


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    with Workers(2) as two:
        yield two


def test_no_executor_works_here() -> None:
    assert list(in_order(squared, range(4))) == [0, 1, 4, 9]


def test_no_task_gives_no_result() -> None:
    assert list(in_order(squared, [])) == []


@pytest.mark.parametrize("ahead", [1, 2, 99])
def test_order_is_that_of_the_tasks(ahead: int) -> None:
    with ThreadPoolExecutor(4) as threads_of_this:
        assert list(in_order(slower_first, range(20), executor=threads_of_this, ahead=ahead)) == list(range(20))


def test_processes_give_what_this_one_gives(pool: Workers) -> None:
    assert list(in_order(squared, range(9), executor=pool)) == list(in_order(squared, range(9)))


def test_tasks_are_read_only_as_they_are_needed() -> None:
    read = []

    def tasks() -> Iterator[int]:
        for n in range(100):
            read.append(n)
            yield n

    with ThreadPoolExecutor(1) as one:
        results = in_order(squared, tasks(), executor=one, ahead=3)
        next(results)
        assert max(read) <= 3
        results.close()


def test_an_error_of_the_work_comes_at_its_place_and_cancels_the_rest() -> None:
    sent: list[Future[int]] = []

    class Seen(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            sent.append(super().submit(fn, *args, **kwargs))
            return sent[-1]

    got: list[int] = []
    with Seen(1) as one, pytest.raises(ValueError, match="three"):
        got.extend(in_order(refuses_three, range(100), executor=one, ahead=50))
    assert got == [0, 1, 2]
    assert len(sent) < 60


def test_progress_is_told(pool: Workers) -> None:
    said: list[int] = []
    list(in_order(squared, range(3), executor=pool, done=said.append))
    list(in_order(squared, range(2), done=said.append))
    assert said == [1, 2, 3, 1, 2]


def test_a_killed_process_loses_no_block(tmp_path: Path) -> None:
    with Workers(2) as two:
        tasks = [(n, str(tmp_path)) for n in range(6)]
        assert list(in_order(killed_once, tasks, executor=two)) == list(range(6))
    assert (tmp_path / "killed").exists()


def test_a_block_that_always_kills_its_process_ends_the_run_with_what_to_do() -> None:
    got: list[int] = []
    with Workers(1) as one, pytest.raises(WorkerError, match=r"block 2: its worker ended 2 times.*smaller blocks"):
        got.extend(in_order(killed_always, range(3), executor=one, attempts=2, ahead=1))
    assert got == [0]


def test_an_executor_that_is_closed_is_said() -> None:
    closed: Executor = ThreadPoolExecutor(1)
    closed.shutdown()
    with pytest.raises(WorkerError, match="no block can be sent"):
        list(in_order(squared, [1], executor=closed))


def test_a_cluster_that_is_gone_is_said() -> None:
    """Dask cancels what was sent when its scheduler cannot be reached any more."""

    class Gone(ThreadPoolExecutor):
        def submit(self, fn, /, *args):  # type: ignore[no-untyped-def]
            sent: Future[int] = Future()
            if args == (2,):
                sent.cancel()
            else:
                sent.set_result(fn(*args))
            return sent

    got: list[int] = []
    with pytest.raises(WorkerError, match=r"block 3: .*is the cluster still there\?.*run it again"):
        got.extend(in_order(squared, range(5), executor=Gone()))
    assert got == [0, 1]


def test_processes_share_the_cores(pool: Workers) -> None:
    assert int(next(in_order(threads, [0], executor=pool))) >= 1
