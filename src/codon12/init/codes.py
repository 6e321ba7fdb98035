"""Codes that a heading or a label explains itself, and what they are read as."""

from __future__ import annotations

import re

import polars as pl

from codon12.init.vocabulary import is_missing, spoken_word, words_of

__all__ = ["codes_in", "codes_of", "decoded", "without_codes"]

_CODED = re.compile(r"[(\[（]?\b([0-9A-Za-z])\s*[:=：＝]\s*([^\W\d_][^,;/|0-9()（）\[\]]*)")
_OTHER = {
    "dead": "alive",
    "alive": "dead",
    "event": "no event",
    "censored": "event",
    "yes": "no",
    "no": "yes",
    "female": "male",
    "male": "female",
}
"""What the other of two codes means, where a heading explains one alone."""


def codes_in(heading: str) -> dict[str, str]:
    """Codes that a heading explains itself.

    Examples
    --------
    >>> codes_in("Sex (1: male, 2: female)"), codes_in("0=nie 1=früher Raucher"), codes_in("OS (days)")
    ({'1': 'male', '2': 'female'}, {'0': 'nie', '1': 'früher Raucher'}, {})
    """
    return {m.group(1): m.group(2).strip() for m in _CODED.finditer(heading)}


def codes_of(heading: str, cells: pl.Series) -> dict[str, str]:
    """Codes that a heading explains, two at least; of one, the other of two cells means the opposite.

    Examples
    --------
    >>> two, three = pl.Series(["0", "1", None]), pl.Series(["1", "2", "9"])
    >>> codes_of("Status (0=dead)", two), codes_of("Status (1=dead)", three)
    ({'0': 'dead', '1': 'alive'}, {})
    """
    found = codes_in(heading)
    if len(found) != 1:
        return found
    ((code, meaning),) = found.items()
    kind = words_of(*_OTHER).get(spoken_word(meaning))
    others = cells.drop_nulls().cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "").unique()
    others = others.filter((others != code) & (others != "")).to_list()
    if kind is None or len(others) != 1 or not cells.drop_nulls().len():
        return {}
    return {code: meaning, others[0]: _OTHER[kind]}


def without_codes(heading: str) -> str:
    """Give a heading without the codes that it explains."""
    begin = _CODED.search(heading)
    return heading if begin is None else heading[: begin.start()]


def decoded(values: dict[str, str], listed: dict[str, str]) -> dict[str, str]:
    """Give codes with what their meanings are read as; nothing for one that says that nothing is known.

    Examples
    --------
    >>> decoded({"Yes": "Mutated"}, {"1": "Yes", "2": "G12C", "9": "not done"})
    {'1': 'Mutated', '2': 'G12C', '9': ''}
    """
    return {code: values.get(m, "" if is_missing(m) else m) for code, m in listed.items()}
