"""The languages, each a table of headings and words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

__all__ = ["LANGUAGES", "beside_words", "date_words", "language_tables", "role_words"]

LANGUAGES = ("english", "german", "french", "spanish", "italian", "portuguese", "dutch", "korean", "japanese")


@cache
def language_tables() -> dict[str, dict[str, Any]]:
    """Language -> its table."""
    home = files("codon12.init.vocabulary")
    tables = {name: tomllib.loads((home / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES}
    for section in tables["japanese"].values():
        for kind, names in section.items():
            section[kind] = [spelling for name in names for spelling in _vowels(name)]
    return tables


def _vowels(name: str) -> list[str]:
    """Spellings of a Japanese word in Latin letters: each long vowel written, or not.

    Examples
    --------
    >>> _vowels("shiboubi"), _vowels("死亡日")
    (['shiboubi', 'shibobi'], ['死亡日'])
    """
    parts = [(p, p[:1]) if p in ("ou", "uu", "oo") else (p,) for p in re.split("(ou|uu|oo)", name)]
    return ["".join(chosen) for chosen in product(*parts)]


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
