"""Classes of therapy, by a table of words that users can change."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated

import polars as pl
from msgspec import Meta, field

from codon12.records.rule_files import ClosedKeys, read_rules

__all__ = ["Therapies", "Therapy", "read_therapies", "shipped_therapies"]


class Therapy(ClosedKeys, frozen=True, kw_only=True):
    """One class of therapy with the words that name it."""

    therapy_class: Annotated[str, Meta(min_length=1)] = field(name="class")
    terms: Annotated[tuple[str, ...], Meta(min_length=1)]


class Therapies(ClosedKeys, frozen=True, kw_only=True):
    """The table of therapies.

    Examples
    --------
    >>> shipped_therapies().classes(["CARBOPLATIN + PEMETREXED", "Nivolumab", "water"]).rows()
    [('CARBOPLATIN + PEMETREXED', 'chemotherapy'), ('Nivolumab', 'checkpoint inhibitor'), ('water', None)]
    """

    version: str = ""
    therapies: tuple[Therapy, ...] = field(name="therapy", default=())

    def classes(self, texts: list[str | None]) -> pl.DataFrame:
        """Class of each distinct text: TEXT, THERAPY (joined by ``+`` where several; null where none is known)."""
        rows = []
        for text in dict.fromkeys(texts):
            plain = f" {_plain(text)} " if text else ""
            found = [t.therapy_class for t in self.therapies if any(f" {_plain(w)} " in plain for w in t.terms)]
            rows.append((text, " + ".join(dict.fromkeys(found)) or None))
        return pl.DataFrame(rows, schema={"TEXT": pl.String, "THERAPY": pl.String}, orient="row")


def read_therapies(*paths: str | Path, shipped: bool = True) -> Therapies:
    """Read tables of therapies; entries of files given later are looked at first. Errors as `read_rules`."""
    places = [Path(__file__).with_name("therapies.toml")] if shipped else []
    made: list[Therapy] = []
    for place in [*places, *map(Path, paths)]:
        made = [*read_rules(place, Therapies).therapies, *made]
    return Therapies(therapies=tuple(made))


@cache
def shipped_therapies() -> Therapies:
    """The table of therapies that ships with codon12."""
    return read_therapies()


def _plain(text: str | None) -> str:
    return re.sub(r"[^A-Z0-9]+", " ", (text or "").upper()).strip()
