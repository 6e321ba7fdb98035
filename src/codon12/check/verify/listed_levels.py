"""Levels listed one by one with their counts: `never in 47, former in 102 and current in 15`."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.verify.case import Case

__all__ = ["COUNT", "FEWEST_LEVELS", "MOST_LEVEL", "Level", "level_name", "levels_listed", "lists_levels"]

COUNT = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.]*\d|,\d{3}| ?%|-|/)"
_ITEM = re.compile(
    rf"(?P<level>[A-Za-z0-9](?<![A-Za-z][A-Za-z0-9])(?<!\d\d)[\w+≥-]*)"
    rf"(?: (?:disease|smokers?|lines?))?(?: in |: ?|, ?| ?\((?:n ?= ?)?){COUNT}"
)
"""`never in 47`, `former, 102`, `grade 3 (5`: the last word is the level."""
_FIGURES = re.compile(r"\d+")
_BETWEEN = re.compile(
    r"(?: (?:patients?|participants?|subjects|women|men|cases|pts))?(?: ?[(\[][^()\[\]]{1,20}[)\]]|"
    r"[,;] ?\d[\d.]* ?%)?[)\]]?[,;]?(?: and| or)?(?: ?(?:grade|stage|level|score|with|one|a|of))* ?"
)
"""What stands between two levels of a list."""
FEWEST_LEVELS = 3


class Level(NamedTuple):
    """A level, how many have it, and where that stands."""

    name: str
    n: int
    place: tuple[int, int]


def lists_levels(case: Case, passage: int) -> bool:
    """Whether a sentence lists three levels or more with their counts: none of these is the whole."""
    p = case.text.passages[passage]
    return len(levels_listed(case, p)) >= FEWEST_LEVELS


def levels_listed(case: Case, p: Passage) -> list[Level]:
    """The longest run of levels of a sentence of three numbers or more, each name once; read once in a text."""
    kept = case.once.setdefault("levels", {})
    if p.index not in kept:
        enough = len(_FIGURES.findall(case.figures, p.start, p.end)) >= FEWEST_LEVELS
        kept[p.index] = _listed(case.figures, p.start, p.end) if enough else []
    return kept[p.index]


def _listed(figures: str, start: int, end: int) -> list[Level]:
    items = [m for m in _ITEM.finditer(figures, start, end) if not m["level"].isdigit() or int(m["level"]) < MOST_LEVEL]
    runs: list[list[re.Match[str]]] = [[]]
    for k, b in enumerate(items):
        if k and _BETWEEN.fullmatch(figures, items[k - 1].end(), b.start()) is None:
            runs.append([])
        runs[-1].append(b)
    longest = max(runs, key=len)
    names = [level_name(m["level"]) for m in longest]
    if len(set(names)) < len(names):
        return []
    return [Level(name, int(m["n"].replace(",", "")), m.span("n")) for name, m in zip(names, longest, strict=True)]


MOST_LEVEL = 20
"""Levels by number are grades, lines, scores: small."""


def level_name(level: str) -> str:
    """A level in small letters, its number in figures."""
    word = level.lower()
    return str(WORD_VALUES.get(word, word.lstrip("0") or "0"))
