"""Blocks through an executor: in order, a few at a time, tried again, cancelled as one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Protocol, TypeVar, runtime_checkable

from codon12.errors import Codon12Error, WorkerError

__all__ = ["in_order"]

_LOST = frozenset({"CommClosedError", "FutureCancelledError", "KilledWorker"})
"""Dask's errors where a worker is gone; by name, as Dask is not there for everybody."""
Task = TypeVar("Task")
Result = TypeVar("Result")


@runtime_checkable
class _Renewable(Protocol):
    def renew(self) -> None: ...


def in_order(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    executor: Executor | None = None,
    ahead: int = 8,
    attempts: int = 3,
    done: Callable[[int], None] = lambda _: None,
) -> Iterator[Result]:
    """Results of ``work(task)`` in the order of the tasks, whatever the executor.

    Parameters
    ----------
    work
        A function of a module (it is sent by name), of one task.
    tasks
        Read as they are needed: at most `ahead` are under way or wait to be taken, so that memory stays bounded.
    executor
        Any `concurrent.futures.Executor`; None runs here, one after the other.
    ahead
        Tasks under way at a time.
    attempts
        How often a block is sent when its worker dies. A `Workers` pool is opened anew; another executor that is
        broken cannot be, and ends the run.
    done
        Told the number of blocks that are done.

    Raises
    ------
    WorkerError
        A worker died `attempts` times on one block, or the executor is gone.
    Exception
        What `work` raised, at its place in the order; what had not begun is cancelled.

    Examples
    --------
    >>> from codon12.parallel import in_order
    >>> list(in_order(abs, [-1, -2, -3]))
    [1, 2, 3]
    """
    if executor is None:
        for k, task in enumerate(tasks, start=1):
            yield work(task)
            done(k)
        return
    line = iter(tasks)
    waiting: deque[tuple[Task, Future[Result]]] = deque()
    taken = 0
    failures = 0
    try:
        while True:
            while len(waiting) < max(1, ahead):
                try:
                    task = next(line)
                except StopIteration:
                    break
                waiting.append((task, _sent(executor, work, task)))
            if not waiting:
                return
            task, future = waiting[0]
            try:
                result = future.result()
            except CancelledError:
                raise WorkerError(
                    f"block {taken + 1}: the executor gave its blocks up; is the cluster still there? What was done"
                    " before is not lost where the run keeps its blocks: run it again to go on"
                ) from None
            except Exception as err:
                if not _worker_died(err):
                    raise
                failures += 1
                if failures >= attempts:
                    raise WorkerError(
                        f"block {taken + 1}: its worker ended {failures} times ({type(err).__name__}), as when memory"
                        " runs out; give smaller blocks or fewer workers. What was done before is not lost where the"
                        " run keeps its blocks: run it again to go on"
                    ) from None
                waiting = _again(executor, work, waiting)
                continue
            waiting.popleft()
            taken += 1
            failures = 0
            done(taken)
            yield result
    finally:
        for _, future in waiting:
            future.cancel()


def _sent(executor: Executor, work: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        return executor.submit(work, task)
    except BrokenExecutor as err:
        failed: Future[Result] = Future()
        failed.set_exception(err)
        return failed
    except RuntimeError as err:
        raise WorkerError(f"no block can be sent any more: {err}; is the cluster still there?") from None


def _again(
    executor: Executor, work: Callable[[Task], Result], waiting: deque[tuple[Task, Future[Result]]]
) -> deque[tuple[Task, Future[Result]]]:
    """The blocks that lost their worker, sent anew; those that ended, well or badly by themselves, are kept."""
    if isinstance(executor, _Renewable):
        executor.renew()
    return deque((task, _sent(executor, work, task) if _lost(future) else future) for task, future in waiting)


def _lost(future: Future[Result]) -> bool:
    """Whether a block has ended with its worker; one under way on a cluster goes on."""
    err = future.exception() if future.done() else None
    return isinstance(err, Exception) and _worker_died(err)


def _worker_died(err: Exception) -> bool:
    """A pool that is broken, or Dask's word for a worker that was killed or cannot be reached."""
    if isinstance(err, Codon12Error):
        return False
    return isinstance(err, BrokenExecutor) or type(err).__name__ in _LOST
