"""The languages, each a table of headings and words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["LANGUAGES", "beside_words", "date_words", "language_tables", "role_words"]

LANGUAGES = ("english", "german", "french", "spanish", "italian", "portuguese", "dutch", "korean", "japanese")


@cache
def language_tables() -> dict[str, dict[str, Any]]:
    """Language -> its table."""
    home = files("codon12.init.vocabulary")
    return {name: tomllib.loads((home / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES}


@cache
def date_words() -> dict[str, Any]:
    """Words of which headings of dates are made."""
    return tomllib.loads((files("codon12.init.vocabulary") / "dates.toml").read_text(encoding="utf-8"))


@cache
def role_words() -> dict[str, Any]:
    """Words of which other headings are made."""
    return tomllib.loads((files("codon12.init.vocabulary") / "roles.toml").read_text(encoding="utf-8"))


@cache
def beside_words(*kinds: str) -> frozenset[str]:
    """Words of some kinds (fillers, owners, forms, tails) that stand beside the name of a column."""
    table = tomllib.loads((files("codon12.init.vocabulary") / "beside.toml").read_text(encoding="utf-8"))
    return frozenset(word for kind in kinds for word in table[kind])
