"""Heavy work in threads: what it is at, one answer for all who ask for the same, and an end on request."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from codon12.errors import Codon12Error

__all__ = ["CancelledError", "Desk", "Work", "wait"]


class CancelledError(Codon12Error):
    """The reader stopped the work."""


class Work:
    """One piece of work: `said` is what it is at; `cancel` ends it at its next step."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.said = "Waiting"
        self.steps = 0
        self.future: Future[Any] = Future()
        self._stop = threading.Event()

    def progress(self, words: str) -> None:
        """Say what is being done; raises `CancelledError` where the reader wants no more."""
        if self._stop.is_set():
            raise CancelledError("stopped")
        self.said = words
        self.steps += 1

    @property
    def stopped(self) -> bool:
        """Whether it has been told to end."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """End the work at its next step."""
        self._stop.set()


class Desk:
    """Bounded store of answers by key, and the threads that make them; the longest unused answer goes first.

    Examples
    --------
    >>> desk = Desk(keep=2)
    >>> desk.ask("a", lambda say: 1).future.result(), desk.ask("a", lambda say: 2).future.result()
    (1, 1)
    """

    def __init__(self, *, keep: int = 24, threads: int = 2) -> None:
        self._kept: OrderedDict[Hashable, Work] = OrderedDict()
        self._keep = keep
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="codon12-serve")
        self._count = 0

    def ask(self, key: Hashable, made: Callable[[Callable[[str], None]], Any]) -> Work:
        """Give the work under a key; it is begun where it is not there, or failed before."""
        with self._lock:
            work = self._kept.get(key)
            if work is not None and not (work.future.done() and work.future.exception() is not None):
                self._kept.move_to_end(key)
                return work
            self._count += 1
            work = self._kept[key] = Work(str(self._count))
            while len(self._kept) > self._keep:
                oldest = next((k for k, w in self._kept.items() if w.future.done() and k != key), None)
                if oldest is None:
                    break
                del self._kept[oldest]
        self._pool.submit(_done, work, made)
        return work

    def ready(self, key: Hashable) -> bool:
        """Whether there is an answer under a key."""
        with self._lock:
            work = self._kept.get(key)
        return work is not None and work.future.done() and work.future.exception() is None

    def let_others(self, key: Hashable, *, seconds: float = 30.0) -> None:
        """Wait while anything else is being made, `seconds` at most."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with self._lock:
                own = self._kept.get(key)
                busy = any(w is not own and not w.future.done() for w in self._kept.values())
            if not busy or (own is not None and own.stopped):
                return
            time.sleep(0.02)

    def find(self, name: str) -> Work | None:
        """Work by its name."""
        with self._lock:
            return next((w for w in self._kept.values() if w.name == name), None)

    def forget(self, key: Hashable) -> None:
        """Keep an answer no longer."""
        with self._lock:
            self._kept.pop(key, None)

    def close(self) -> None:
        """Stop all work."""
        with self._lock:
            for work in self._kept.values():
                work.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)


async def wait(work: Work, seconds: float) -> bool:
    """Wait for an answer, and say whether it has come; the work goes on where it has not."""
    if work.future.done():
        return True
    done, _ = await asyncio.wait([asyncio.wrap_future(work.future)], timeout=seconds)
    for future in done:
        if not future.cancelled():
            future.exception()  # looked at: it is told where the answer is used
    return bool(done)


def _done(work: Work, made: Callable[[Callable[[str], None]], Any]) -> None:
    try:
        work.progress("Working")
        answer = made(work.progress)
    except BaseException as err:  # noqa: BLE001 - told to whoever asks
        work.future.set_exception(err)
    else:
        work.future.set_result(answer)
