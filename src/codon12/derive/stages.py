"""Stages of a derivation that are kept: what two derivations share is computed once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import msgspec

from codon12.policy import Policy
from codon12.records import Study

__all__ = ["Stages"]

T = TypeVar("T")


class Stages:
    """The most recent `keep` results of stages, each found again by everything that went into it.

    A policy counts by its values, a study by its records and its whole configuration, a frame or any other result by
    being the very same object: the entry holds it, so that no other object takes its place.

    Examples
    --------
    >>> stages = Stages()
    >>> stages.of("square", lambda: 2 * 2, 2), stages.of("square", lambda: 0, 2), stages.of("square", lambda: 9, 3)
    (4, 4, 9)
    """

    def __init__(self, *, keep: int = 64) -> None:
        self._keep = keep
        self._kept: OrderedDict[Hashable, tuple[Any, tuple[Any, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, stage: str, made: Callable[[], T], *on: Any) -> T:
        """Give the result of a stage that rests on the values `on` alone; compute it where it is not there."""
        key = (stage, *(_token(value) for value in on))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        result = made()
        with self._lock:
            self._kept[key] = (result, on)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return result

    def __len__(self) -> int:
        return len(self._kept)


def _token(value: Any) -> Hashable:
    """What a value is found again by."""
    if isinstance(value, Policy):
        return type(value).__qualname__, msgspec.json.encode(value)
    if isinstance(value, Study):
        return value.path, id(value.tables), msgspec.json.encode(value.config)
    if value is None or isinstance(value, bool | int | float | str):
        return type(value).__name__, value
    return id(value)
