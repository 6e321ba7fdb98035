"""The languages, each a table of headings and words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

__all__ = ["LANGUAGES", "beside_words", "date_words", "language_tables", "role_words"]

LANGUAGES = (
    *("english", "german", "french", "spanish", "italian", "portuguese", "dutch", "swedish", "danish", "norwegian"),
    *("polish", "czech", "turkish", "korean", "japanese", "chinese"),
)


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
    return _with_groups(_table("dates"))


@cache
def role_words() -> dict[str, Any]:
    """Words of which other headings are made."""
    return _with_groups(_table("roles"))


@cache
def beside_words(*kinds: str) -> frozenset[str]:
    """Words of some kinds (fillers, owners, forms, tails) that stand beside the name of a column."""
    table = _table("beside")
    return frozenset(word for kind in kinds for word in table[kind])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("codon12.init.vocabulary") / f"{name}.toml").read_text(encoding="utf-8"))


def _with_groups(table: Any) -> Any:
    """Give a table of words with the words of a group in place of its name, ``@line``."""
    if isinstance(table, dict):
        return {key: _with_groups(inside) for key, inside in table.items()}
    if isinstance(table, list):
        return [w for x in table for w in (_table("groups")[x[1:]] if str(x).startswith("@") else [_with_groups(x)])]
    return table
