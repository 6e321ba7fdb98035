"""Where lesions lie: locations as written to sites and organ classes, by a table that users can change."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from msgspec import Meta, field

from codon12.records.rule_files import ClosedKeys, read_rules, rules_digest

__all__ = ["CLASSES", "Organ", "Organs", "read_organs", "shipped_organs"]

CLASSES = ("thoracic", "liver", "extrathoracic")
"""Classes of organs, in the order they are printed."""


class Organ(ClosedKeys, frozen=True, kw_only=True):
    """One site with the texts that name it."""

    site: Annotated[str, Meta(min_length=1)]
    organ_class: Literal["thoracic", "liver", "extrathoracic"] | None = field(name="class", default=None)
    """Null where the text does not tell: a lymph node of a region that is not said."""
    terms: Annotated[tuple[str, ...], Meta(min_length=1)]
    nodal: bool = False
    region: Literal["thoracic", "abdominal", "peripheral"] | None = None


class Organs(ClosedKeys, frozen=True, kw_only=True):
    """The table of locations.

    Examples
    --------
    >>> shipped_organs().look_up(["Left lung", "LYMPH NODE", "Foie", "somewhere"]).select("SITE", "CLASS").rows()
    [('lung', 'thoracic'), ('lymph node', None), ('liver', 'liver'), (None, None)]
    """

    version: str = ""
    organs: tuple[Organ, ...] = field(name="organ", default=())
    files: tuple[str, ...] = ()

    def look_up(self, locations: list[str | None]) -> pl.DataFrame:
        """Read distinct locations: LOC, SITE, CLASS, NODE, CNS, REGION; null where no term is a word of the text."""
        rows: list[tuple[object, ...]] = []
        terms = sorted(
            ((_plain(t), i, organ) for i, organ in enumerate(self.organs) for t in organ.terms),
            key=lambda found: (-len(found[0]), found[1]),
        )
        for location in dict.fromkeys(locations):
            text = f" {_plain(location)} " if location else ""
            organ = next((o for t, _, o in terms if f" {t} " in text), None)
            if organ is None:
                rows.append((location, None, None, None, None, None))
            else:
                cns = organ.site in ("brain", "meninges")
                rows.append((location, organ.site, organ.organ_class, organ.nodal, cns, organ.region))
        schema = {"LOC": pl.String, "SITE": pl.String, "CLASS": pl.String, "NODE": pl.Boolean, "CNS": pl.Boolean,
                  "REGION": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")


def read_organs(*paths: str | Path, shipped: bool = True) -> Organs:
    """Read tables of locations; entries of files given later are looked at first.

    Raises
    ------
    ConfigError
        A file cannot be read; the message names file and place.
    """
    places = [Path(__file__).with_name("organs.toml")] if shipped else []
    places += [Path(p) for p in paths]
    made: list[Organ] = []
    files = []
    for place in places:
        read = read_rules(place, Organs)
        made = [*read.organs, *made]
        files.append(f"{place.name} {read.version} sha256:{rules_digest(place)}".replace("  ", " "))
    return Organs(version="", organs=tuple(made), files=tuple(files))


@cache
def shipped_organs() -> Organs:
    """The table of locations that ships with codon12."""
    return read_organs()


def _plain(text: str | None) -> str:
    """Upper case, without accents, every run of other characters one space."""
    bare = unicodedata.normalize("NFKD", text or "")
    bare = "".join(c for c in bare if not unicodedata.combining(c)).upper()
    return re.sub(r"[^A-Z0-9]+", " ", bare).strip()
