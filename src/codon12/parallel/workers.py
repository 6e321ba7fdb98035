"""The executor of a run: processes of this machine, or a Dask cluster that is already there."""

from __future__ import annotations

import atexit
import gc
import importlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from codon12.errors import UsageError, WorkerError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

__all__ = ["Workers", "cores", "few_threads", "one_core", "workers"]


def cores() -> int:
    """Cores that this process may use."""
    return len(_allowed()) or os.cpu_count() or 1


def _allowed() -> set[int]:
    """Cores by number that this thread may use; none where the system does not say."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _keep_to(which: set[int]) -> None:
    """Run this thread, and those that it starts, on these cores alone, where the system lets it."""
    if which and hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(0, which)


_DASK_LOGS = ("distributed", "distributed.client", "distributed.core", "distributed.utils")
"""What Dask's client says of a scheduler that is gone, tracebacks among it: our own message says it."""
_LETS_GO = 0.2
"""Seconds in which a pool forgets blocks that had not begun, before its processes are ended."""


class Workers(Executor):
    """A pool of processes of this machine that opens itself anew when one of them is killed.

    Parameters
    ----------
    count
        Processes. Each begins empty (``spawn``) and gives its libraries the cores divided by `count` as threads.

    Examples
    --------
    >>> from codon12.parallel import Workers
    >>> with Workers(1) as pool:
    ...     pool.submit(abs, -3).result()
    3
    """

    def __init__(self, count: int) -> None:
        if count < 1:
            raise UsageError(f"workers: {count}; give 1 or more")
        self.count = count
        self._cores = _allowed()
        self._own: list[BaseProcess] = []
        self._pool: ProcessPoolExecutor | None = None
        """Opened by the first call that is sent."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send one call to a process; processes are started as they are needed."""
        pool = self._pool = self._pool or self._open()
        if len(self._own) >= self.count:
            return pool.submit(fn, *args, **kwargs)
        import multiprocessing

        before = set(multiprocessing.active_children())
        with _interrupts_wait():
            sent = pool.submit(fn, *args, **kwargs)
        self._own += [p for p in multiprocessing.active_children() if p not in before]
        return sent

    def begin(self, module: str) -> None:
        """Start the processes now, each to load a module while this process goes on."""
        for _ in range(self.count):
            self.submit(_load, module)

    def renew(self) -> None:
        """Open the pool again after a process of it was killed."""
        self.shutdown(wait=False, cancel_futures=True)
        self._own = []
        self._pool = None

    def stop(self) -> None:
        """End the processes at once, whatever they work on."""
        if self._pool is None:
            return
        self.shutdown(wait=False, cancel_futures=True)
        time.sleep(_LETS_GO)
        for process in self._own:
            process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _open(self) -> ProcessPoolExecutor:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        threads = str(max(1, cores() // self.count))
        return ProcessPoolExecutor(
            self.count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(threads, self._cores),
        )


def few_threads(threads: str) -> None:
    """Keep the libraries of this process to so many threads, where the environment says nothing else.

    They read it when they are first imported.
    """
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, threads)


@contextmanager
def one_core() -> Iterator[None]:
    """Stay on one core, with the libraries' threads that start meanwhile, where the system lets a process choose.

    Threads that take turns at small queries hand over there much faster than an idle core wakes. On a machine that is
    busy no core is idle, and the work goes wherever there is room. `Workers` opened before use all cores.
    """
    before = _allowed()
    if before and os.getloadavg()[0] < len(before):
        _keep_to({sorted(before)[os.getpid() % len(before)]})
    try:
        yield
    finally:
        _keep_to(before)


def _begin(threads: str, which: set[int]) -> None:
    """Begin a process of the pool, which starts on the cores of the thread that asked for it."""
    _keep_to(which)
    few_threads(threads)
    gc.set_threshold(200_000, 20, 50)  # as the command line: there is little to be freed before
    atexit.register(gc.freeze)  # as the command line ends: what is left is not looked through once more


def _load(module: str) -> None:
    """Import a module and keep it to this process."""
    importlib.import_module(module)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Hold Ctrl-C back while a process is started: it begins, and goes on, without it; this process ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def workers(count: int | None = None, *, dask: str | None = None) -> Iterator[Executor | None]:
    """Open the executor of a run.

    Parameters
    ----------
    count
        Processes of this machine; 1 works here, in this process (the executor is None); None: one a core.
    dask
        Address of a Dask scheduler that is already there, as ``tcp://127.0.0.1:8786``; its workers need the same
        version of codon12. Needs the extra ``cluster``.

    Raises
    ------
    UsageError
        A count below 1, or ``dask`` without its extra.
    WorkerError
        No scheduler answers there.

    Examples
    --------
    >>> from codon12.parallel import workers
    >>> with workers(1) as executor:
    ...     executor is None
    True
    """
    if dask is not None:
        with _dask(dask) as executor:
            yield executor
        return
    wanted = cores() if count is None else count
    if wanted < 1:
        raise UsageError(f"workers: {wanted}; give 1 or more")
    if wanted == 1:
        yield None
        return
    with Workers(wanted) as pool:
        try:
            yield pool
        except BaseException:
            pool.stop()
            raise


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("a Dask cluster needs the extra: pip install 'codon12[cluster]'") from None
    for name in _DASK_LOGS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as err:
        raise WorkerError(
            f"no Dask scheduler answers at {address} ({type(err).__name__}); start one with `dask scheduler`, or leave"
            " --dask out"
        ) from None
    with client:
        _same_version(client, address)
        yield client.get_executor(pure=False)


def _same_version(client: Any, address: str) -> None:
    """Refuse workers of another version: the bytes would not be the same."""
    here, found = _version(), set(client.run(_version).values())
    if not found:
        raise WorkerError(f"the scheduler at {address} has no workers; start some with `dask worker {address}`")
    if found != {here}:
        raise WorkerError(f"the workers at {address} run codon12 {', '.join(sorted(found))}, this is {here}")


def _version() -> str:
    from importlib.metadata import version

    return version("codon12")
