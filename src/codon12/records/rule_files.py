"""Rules that are data: TOML files with closed keys, shipped with codon12 or written by a user."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from codon12.errors import ConfigError

__all__ = ["ClosedKeys", "nearest", "read_rules", "rules_digest"]

T = TypeVar("T")


class ClosedKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a rule file: a key that is not known is an error, never ignored."""


def read_rules(path: str | Path, kind: type[T]) -> T:
    r"""Read a file of rules as the frozen value that describes it.

    Raises
    ------
    ConfigError
        No such file, not valid TOML, an unknown key, or a value of the wrong type; the message names file and place.

    Examples
    --------
    >>> import tempfile
    >>> class Limits(ClosedKeys, frozen=True):
    ...     at_most: int
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "limits.toml")
    ...     _ = file.write_text("at_most = 2\n")
    ...     read_rules(file, Limits)
    Limits(at_most=2)
    """
    file = Path(path)
    if not file.is_file():
        raise ConfigError(f"{file}: no such file of rules")
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{file.name}: not valid TOML: {err}") from None
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as err:
        message, _, place = str(err).partition(" - at ")
        where = f", {place.strip('`').removeprefix('$.')}" if place else ""
        raise ConfigError(f"{file.name}{where}: {message}") from None


def rules_digest(path: str | Path) -> str:
    """First twelve characters of the SHA-256 of a file of rules, to name the text that was used."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def nearest(word: str, known: list[str], *, count: int = 3) -> list[str]:
    """Give the known names nearest to a word, without regard to case; none where nothing is near.

    Examples
    --------
    >>> nearest("sotorasb", ["sotorasib", "adagrasib", "osimertinib"])
    ['sotorasib']
    """
    import difflib

    by_lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=count, cutoff=0.6)
    return [by_lower[f] for f in found]
