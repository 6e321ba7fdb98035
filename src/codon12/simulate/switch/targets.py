"""Published endpoints that an ensemble has to give back."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from codon12.errors import ConfigError, UsageError
from codon12.simulate.switch.summary import ENDPOINTS

__all__ = ["Target", "check_targets", "read_targets"]

_TIMES = ("PFS", "OS", "TTR", "DOR")
_RATIOS = ("KEAP1_PFS", "KEAP1_OS")


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One endpoint: its value, and the patients it is from or its 95 % interval; % or months."""

    endpoint: str
    value: float
    n: int | None = None
    interval: tuple[float, float] | None = None


def read_targets(path: Path) -> list[Target]:
    """Read targets from TOML: ``[[target]]`` with ``endpoint``, ``value``, and ``n`` or ``interval``.

    Raises
    ------
    ConfigError
        No valid TOML, no target, or an unknown key.
    UsageError
        Targets that cannot be, or that contradict each other.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if set(body) != {"target"}:
            raise ConfigError(f"{path.name}: give [[target]] tables, and nothing else")
        targets = msgspec.convert(body["target"], list[Target])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise ConfigError(f"{path.name}: cannot be read as TOML: {err}") from None
    except msgspec.ValidationError as err:
        raise ConfigError(f"{path.name}: {err}. Known keys of a target: endpoint, value, n, interval") from None
    check_targets(targets)
    return targets


def check_targets(targets: Sequence[Target]) -> None:
    """Refuse unknown endpoints (with the nearest), values that cannot be, and targets that contradict.

    Raises
    ------
    UsageError
        With what is wrong.

    Examples
    --------
    >>> check_targets([Target("ORR", 50, n=100), Target("DCR", 40, n=100)])
    Traceback (most recent call last):
      ...
    codon12.errors.UsageError: ORR 50 is above DCR 40: they contradict each other
    """
    if not targets:
        raise UsageError("targets: give at least one")
    names = [t.endpoint for t in targets]
    for t in targets:
        if t.endpoint not in ENDPOINTS:
            near = difflib.get_close_matches(t.endpoint, ENDPOINTS, 1, 0.0)[0]
            raise UsageError(f"endpoint {t.endpoint!r} is not known; nearest: {near}. Known: {', '.join(ENDPOINTS)}")
        if names.count(t.endpoint) > 1:
            raise UsageError(f"endpoint {t.endpoint} is given twice")
        top = math.inf if t.endpoint in (*_TIMES, *_RATIOS) else 100.0
        if not (math.isfinite(t.value) and 0 <= t.value <= top):
            raise UsageError(f"{t.endpoint} = {t.value}: must be 0 {'to 100' if top == 100 else 'or more'}")
        if (t.n is None) == (t.interval is None):
            raise UsageError(f"{t.endpoint}: give either n (patients) or interval (95 % limits)")
        if t.n is not None and t.n < 2:
            raise UsageError(f"{t.endpoint}: n = {t.n}; give 2 or more")
        if t.interval is not None and not t.interval[0] <= t.value <= t.interval[1]:
            raise UsageError(f"{t.endpoint}: {t.value} lies outside its interval {list(t.interval)}")
        if t.interval is not None and not t.interval[0] < t.interval[1]:
            raise UsageError(f"{t.endpoint}: the interval {list(t.interval)} has no width")
    value = {t.endpoint: t.value for t in targets}
    for low, high in (
        ("CR", "ORR"), ("ORR", "DCR"), ("SD", "DCR"), ("ORR", "shrink"), ("PFS9", "PFS6"), ("DOR9", "DOR6"),
        ("DOR6", "DOR3"), ("DOR9", "DOR3"), ("PFS", "OS"),
    ):  # fmt: skip
        if low in value and high in value and value[low] > value[high]:
            raise UsageError(f"{low} {value[low]:g} is above {high} {value[high]:g}: they contradict each other")
    for parts in (("ORR", "SD", "PD", "NE"), ("DCR", "PD", "NE")):
        whole = sum(value.get(k, 0.0) for k in parts)
        if whole > 100 + 0.6:  # each is rounded
            raise UsageError(f"{', '.join(parts[:-1])} and {parts[-1]} add up to {whole:g} %: they contradict each other")
    for median, month in (("PFS", 6), ("PFS", 9), ("DOR", 3), ("DOR", 6), ("DOR", 9)):
        at = value.get(f"{median}{month}")
        if at is None or median not in value:
            continue
        # Half of the patients are left at the median.
        if (value[median] > month + 0.1 and at < 49.5) or (value[median] < month - 0.1 and at > 50.5):
            raise UsageError(
                f"{median} {value[median]:g} and {median}{month} {at:g}: the curve is at 50 % at its median, so they "
                "contradict each other"
            )
    if value.get("depth", 30.0) < 30.0:
        raise UsageError(f"depth {value['depth']:g}: responders shrink by 30 % or more")
