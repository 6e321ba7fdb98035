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

__all__ = ["CLASSES", "SIDES", "Organ", "Organs", "read_organs", "shipped_organs"]

CLASSES = ("thoracic", "liver", "extrathoracic")
"""Classes of organs, in the order they are printed."""
SIDES = ("LEFT", "RIGHT", "BILATERAL", "BOTH", "L", "R")
"""Words of a side, which make no site of their own."""
_SAYS_NOTHING = ("UNKNOWN", "UNK", "NOT KNOWN", "UNSPECIFIED", "NOT SPECIFIED", "NOT REPORTED", "NOT RECORDED", "NA",
                 "N A", "NOT AVAILABLE", "NOT APPLICABLE", "NONE", "ND", "NOT DONE", "MISSING")  # fmt: skip
_LISTED = r"[;/+&|]|(?i:\b(?:and|und|et|y|e|en)\b)"


class Organ(ClosedKeys, frozen=True, kw_only=True):
    """One site with the texts that name it."""

    site: Annotated[str, Meta(min_length=1)]
    organ_class: Literal["thoracic", "liver", "extrathoracic"] | None = field(name="class", default=None)
    """Null where the text does not tell: a lymph node of a region that is not said."""
    terms: Annotated[tuple[str, ...], Meta(min_length=1)]
    nodal: bool = False
    region: Literal["thoracic", "abdominal", "peripheral"] | None = None
    yields: bool = False
    """Whether it gives way to any other entry that a text names."""


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
        """Read distinct locations: LOC, SITE, CLASS, NODE, CNS, REGION, NAME, SEVERAL.

        All but LOC and NAME are null where no term is a word of the text; NAME is then the text, without its side, and
        null where there is none or it says that it is not known. SEVERAL lists the sites of a text that names more
        than the one taken.
        """
        rows: list[tuple[object, ...]] = []
        terms = sorted(
            ((_plain(t), i, organ) for i, organ in enumerate(self.organs) for t in organ.terms),
            key=lambda found: (-len(found[0]), found[1]),
        )
        for location in dict.fromkeys(locations):
            left, named = f" {_plain(location)} ", []
            for term, _, organ in terms:
                if f" {term} " in left:
                    left = left.replace(f" {term} ", " | ")
                    named.append(organ)
            rows.append((location, *(_read(location or "", named) if named else (*[None] * 5, _own(location), None))))
        schema = {"LOC": pl.String, "SITE": pl.String, "CLASS": pl.String, "NODE": pl.Boolean, "CNS": pl.Boolean,
                  "REGION": pl.String, "NAME": pl.String, "SEVERAL": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")


def _read(location: str, named: list[Organ]) -> tuple[object, ...]:
    """Of the entries that a text names, longest term first, the one that counts: SITE to SEVERAL."""
    firm = [o for o in named if not o.yields] or named[:1]
    organ = next((o for o in firm if o.nodal), firm[0])
    sites = list(dict.fromkeys([organ.site, *(o.site for o in firm)]))
    # An organ beside a lymph node tells where the node lies, unless they are parted as in a list.
    several = len(sites) > 1 and (not organ.nodal or re.search(_LISTED, location) is not None)
    organ_class, region = organ.organ_class, organ.region
    if organ.nodal:
        placed = [o for o in named if o.region or (o.nodal and o.organ_class)]
        agreed = {o.organ_class for o in named if o.organ_class}
        organ_class = placed[0].organ_class if placed and len(agreed) == 1 else None
        regions = {o.region for o in placed if o.region}
        region = regions.pop() if organ_class and len(regions) == 1 else None
    cns = organ.site in ("brain", "meninges", "spinal cord")
    return organ.site, organ_class, organ.nodal, cns, region, organ.site, ", ".join(sites) if several else None


def _own(location: str | None) -> str | None:
    """A text that names no entry, as a site: in small letters, without its side; null where it says nothing."""
    plain = _plain(location)
    words = " ".join(w for w in plain.split() if w not in SIDES) if plain else " ".join((location or "").split())
    return None if words in _SAYS_NOTHING or not words else words.lower()


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
    words = re.sub(r"[^A-Z0-9]+", " ", bare).strip()
    return re.sub(r"\bLNS?\b", "LYMPH NODE", re.sub(r"\bNODES\b", "NODE", words))
