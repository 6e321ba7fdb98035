"""Options of a call: one of several words, a number in a range, a whole number, a level."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

from codon12.errors import UsageError

__all__ = ["check_choice", "check_count", "check_level", "check_number", "numbers_of", "times_of"]


def check_choice(name: str, value: Any, known: Sequence[Any]) -> None:
    """Raise ``UsageError`` where an option is none of the words it may be."""
    if not any(value is k or (isinstance(value, str) and value == k) for k in known):
        raise UsageError(f"{name} must be one of {', '.join(map(str, known))}; got {value!r}")


def check_level(level: Any) -> None:
    """Raise ``UsageError`` where a confidence level is no number, or lies outside (0, 1)."""
    if not (_is_number(level) and 0 < level < 1):
        raise UsageError(f"level must lie between 0 and 1; got {level!r}")


def check_number(name: str, value: Any, what: str, *, least: float = -math.inf, above: float = -math.inf) -> float:
    """Give a finite number, at least `least` and more than `above`; `what` says so in the ``UsageError`` else."""
    if not (_is_number(value) and math.isfinite(value) and value >= least and value > above):
        raise UsageError(f"{name} must be {what}; got {value!r}")
    return float(value)


def check_count(name: str, value: Any, *, least: int = 0) -> int:
    """Give a whole number that is at least `least`, or raise ``UsageError``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise UsageError(f"{name} must be a whole number, at least {least}; got {value!r}")
    return int(value)


def numbers_of(name: str, values: Any) -> list[float]:
    """One number or several as a list of floats; raises ``UsageError`` on anything else, NaN included."""
    found = [values] if _is_number(values) else values
    try:
        listed = [] if isinstance(found, (str, bytes, dict)) else list(found)
    except TypeError:
        listed = []
    if not listed or not all(_is_number(v) and not math.isnan(v) for v in listed):
        raise UsageError(f"{name} must be a number or several; got {values!r}")
    return [float(v) for v in listed]


def times_of(name: str, values: Any) -> list[float]:
    """Times asked for, as a list: finite and not negative; raises ``UsageError`` on anything else."""
    return [check_number(name, t, "finite and not negative", least=0) for t in numbers_of(name, values)]


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and type(value).__name__ not in {"bool", "bool_"}
