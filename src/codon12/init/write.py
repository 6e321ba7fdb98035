"""Writing a proposal, so that nothing of a user's is lost: atomically, and beside a file that was changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Literal

import msgspec

from codon12.errors import ConfigError, InputError
from codon12.records.config import read_config

__all__ = ["Written", "write_proposal"]

_MARK = "# codon12 init "
_MOST = 50


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """Where a proposal went."""

    path: Path
    state: Literal["new", "same", "renewed", "beside"]
    """`new` file; the `same` stood there; an untouched proposal was `renewed`; written `beside` a changed file."""


def write_proposal(toml: str, target: Path) -> Written:
    """Write a configuration; a file that somebody wrote or changed stays as it is, and the proposal stands beside it.

    Raises
    ------
    InputError
        The place cannot be written; the message says to name another with ``--config``.
    ConfigError
        The proposal is no valid configuration (a fault of codon12).
    """
    text = _sealed(toml)
    for n in range(1, _MOST):
        place = (
            target if n == 1 else target.with_name(f"{target.stem}.init{'' if n == 2 else f'-{n - 1}'}{target.suffix}")
        )
        try:
            held = place.read_text(encoding="utf-8") if place.exists() or place.is_symlink() else None
        except (OSError, UnicodeDecodeError):
            continue
        if held is not None and held == text:
            return Written(path=place, state="same")
        if held is None or _untouched(held):
            _write(text, place)
            state = "beside" if n > 1 else "new" if held is None else "renewed"
            return Written(path=place, state=state)
    raise InputError(f"{target}: {_MOST} proposals stand beside it; remove those that you do not need")


def _sealed(toml: str) -> str:
    digest = hashlib.sha256(toml.encode()).hexdigest()[:16]
    return f"{toml}\n{_MARK}{digest}: while this line fits the text above, a new run may replace the file\n"


def _untouched(held: str) -> bool:
    body, mark, rest = held.rpartition(f"\n{_MARK}")
    return bool(mark) and rest[:16] == hashlib.sha256(body.encode()).hexdigest()[:16] and rest.count("\n") == 1


def _write(text: str, place: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=".codon12-init-", suffix=".toml", dir=place.parent)
    except OSError as err:
        raise InputError(
            f"{place.parent}: cannot be written: {err.strerror or err}. Name another place: --config FILE, "
            f"and give the same to `codon12 report`"
        ) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        try:
            read_config(temporary)
        except ConfigError as err:
            raise ConfigError(
                f"the proposal for {place.name} is not valid, which is a fault of codon12: {err}"
            ) from None
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(place)
    except OSError as err:
        raise InputError(f"{place}: cannot be written: {err.strerror or err}") from None
    finally:
        temporary.unlink(missing_ok=True)
