"""The areas of the self-test, one after the other, each with its checks and its time."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable

import msgspec

from codon12.design.proof.selftest import Check
from codon12.errors import UsageError

__all__ = ["AREAS", "Area", "qualify"]

AREAS: dict[str, str] = {
    "installation": "codon12.standards.qualification.installation:checks",
    "statistics": "codon12.standards.qualification.statistics:checks",
    "golden": "codon12.standards.qualification.golden_sets:checks",
    "design": "codon12.design.proof.selftest:checks",
}
"""Area -> "module:function" that yields its checks, in the order they run."""


class Area(msgspec.Struct, frozen=True):
    """What one area gave."""

    name: str
    checks: tuple[Check, ...]
    seconds: float

    @property
    def failed(self) -> int:
        """Number of checks that differ."""
        return sum(not c.passed for c in self.checks)


def qualify(
    areas: Iterable[str] = (),
    *,
    trials: int = 50_000,
    seed: int = 12,
    told: Callable[[str, Check], None] = lambda _area, _check: None,
) -> list[Area]:
    """Run areas of the self-test, all where none is named; `told` hears of each check as it is done.

    Raises
    ------
    UsageError
        An unknown area.

    Examples
    --------
    >>> [a.failed for a in qualify(["statistics"])]
    [0]
    """
    wanted = list(areas) or list(AREAS)
    unknown = [a for a in wanted if a not in AREAS]
    if unknown:
        raise UsageError(f"unknown area {unknown[0]!r}; known are {', '.join(AREAS)}")
    out = []
    for area in wanted:
        began = time.perf_counter()
        module, _, name = AREAS[area].partition(":")
        checks = []
        for check in getattr(importlib.import_module(module), name)(trials=trials, seed=seed):
            told(area, check)
            checks.append(check)
        out.append(Area(area, tuple(checks), time.perf_counter() - began))
    return out
