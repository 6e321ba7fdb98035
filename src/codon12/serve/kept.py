"""Values that are dear to make, kept by key: each made once, by whoever asks first."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

__all__ = ["Kept"]

V = TypeVar("V")


class Kept(Generic[V]):
    """The most recent `keep` values, of at most `most` by `weight`; who asks for one that is being made waits for it.

    The last one made is kept whatever it weighs.

    Examples
    --------
    >>> kept = Kept(1)
    >>> kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3), kept.get("a", lambda: 4)
    (1, 1, 3, 4)
    """

    def __init__(self, keep: int, *, most: float = math.inf, weight: Callable[[V], float] = lambda _: 0) -> None:
        self._keep = keep
        self._most = most
        self._weight = weight
        self._weights: dict[Hashable, float] = {}
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, made: Callable[[], V]) -> V:
        """Give the value of a key; nothing is kept of one that cannot be made."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            try:
                value = made()
                weight = self._weight(value)
                with self._lock:
                    self._values[key], self._weights[key] = value, weight
                    while len(self._values) > 1 and (
                        len(self._values) > self._keep or sum(self._weights.values()) > self._most
                    ):
                        oldest, _ = self._values.popitem(last=False)
                        del self._weights[oldest]
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def peek(self, key: Hashable) -> V | None:
        """Give a value that is there; None where it is not."""
        with self._lock:
            return self._values.get(key)

    def latest(self) -> list[Any]:
        """Keys of the values that are there, the last one used first."""
        with self._lock:
            return list(self._values)[::-1]

    def values(self) -> list[V]:
        """All that is there."""
        with self._lock:
            return list(self._values.values())

    def has(self, key: Hashable) -> bool:
        """Whether the value of a key is there."""
        with self._lock:
            return key in self._values

    def __len__(self) -> int:
        return len(self._values)
