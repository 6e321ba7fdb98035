"""Arms of a simulated study: what differs from the set, and which patients."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from codon12.errors import ConfigError

__all__ = ["Arm", "check_arms", "read_arms"]


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One arm: its name, and the values that differ from the set; `offset` shifts the patients' numbers."""

    name: str
    set: dict[str, float] = {}
    offset: int = 0


def read_arms(path: Path) -> list[Arm]:
    """Read arms from TOML: ``[[arm]]`` with ``name``, ``[arm.set]``, and ``offset`` for other patients.

    Arms without offset are the same patients on other treatments (common random numbers).

    Raises
    ------
    ConfigError
        No valid TOML, no arm, an unknown key, or a name given twice.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if set(body) != {"arm"}:
            raise ConfigError(f"{path.name}: give [[arm]] tables with a name, and nothing else")
        arms = msgspec.convert(body["arm"], list[Arm])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise ConfigError(f"{path.name}: cannot be read as TOML: {err}") from None
    except msgspec.ValidationError as err:
        raise ConfigError(f"{path.name}: {err}. Known keys of an arm: name, set, offset") from None
    check_arms(arms)
    return arms


def check_arms(arms: Sequence[Arm]) -> None:
    """Refuse no arms, names given twice, and offsets below 0.

    Raises
    ------
    ConfigError
        With what is wrong.
    """
    names = [a.name for a in arms]
    if not arms or len(arms) > 26:
        raise ConfigError("arms: give 1 to 26")
    if len(set(names)) < len(names) or not all(n.strip() and n.isprintable() for n in names):
        raise ConfigError("arms: give each a printable name of its own")
    if any(a.offset < 0 for a in arms):
        raise ConfigError("arms: offset must be 0 or more")
