"""Drugs as people write them, the regimens they make, and the classes they belong to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec

__all__ = ["PLATINUM_COMBINATION", "Drugs", "drug_classes", "regimen_name"]

PLATINUM_COMBINATION = "platinum-based combination chemotherapy"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    classes: dict[str, list[str]]
    cytotoxic: dict[str, list[str]]
    local: dict[str, list[str]]
    regimens: dict[str, list[str]]
    names: dict[str, str]


class Drugs(msgspec.Struct, frozen=True):
    """Names, regimens and classes.

    Examples
    --------
    >>> drugs = drug_classes()
    >>> drugs.parts(["Erbitux", "FOLFIRI"])
    ('cetuximab', 'fluorouracil', 'leucovorin', 'irinotecan')
    >>> line = drugs.parts(["carboplatin", "pembrolizumab"])
    >>> [drugs.given(c, line) for c in (PLATINUM_COMBINATION, "chemotherapy", "anti-PD-(L)1")]
    [False, True, True]
    """

    names: Mapping[str, str]
    regimens: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, frozenset[str]]
    cytotoxic: frozenset[str]
    known: frozenset[str]
    local: frozenset[str]
    """Treatments of one place: radiotherapy, surgery."""

    def name(self, text: str) -> str:
        """The name used here; an unknown drug keeps its own, in lower case."""
        plain = " ".join(text.split()).lower()
        return self.names.get(plain, plain)

    def parts(self, items: Iterable[str]) -> tuple[str, ...]:
        """Single drugs of a line or regimen, in order, each once; unknown ones as written, in lower case."""
        out: list[str] = []
        for item in items:
            name = self.name(item)
            out += self.regimens.get(name, (name,))
        return tuple(dict.fromkeys(out))

    def is_known(self, drug: str) -> bool:
        """Tell whether a drug has a class, or is known to have none of those asked for."""
        return drug in self.known

    def given(self, item: str, drugs: tuple[str, ...]) -> bool:
        """Tell whether a drug, regimen or class is among the drugs of one line."""
        asked, have = self.name(item), set(drugs)
        if asked == PLATINUM_COMBINATION:
            platinum = have & self.classes["platinum"]
            return bool(platinum) and bool((have & self.cytotoxic) - platinum)
        if asked == "chemotherapy":
            return bool(have & self.cytotoxic)
        if asked in self.regimens:
            return set(self.regimens[asked]) <= have
        return bool(have & self.classes.get(asked, frozenset({asked})))


@cache
def drug_classes() -> Drugs:
    """Give the shipped names, regimens and classes."""
    text = (files("codon12.match") / "data" / "drugs.toml").read_text("utf-8")
    read = msgspec.convert(tomllib.loads(text), _File)
    lower = {c.lower(): frozenset(d.lower() for d in drugs) for c, drugs in read.classes.items()}
    cytotoxic = frozenset(d.lower() for d in read.cytotoxic["drugs"])
    regimens = {r.lower(): tuple(d.lower() for d in drugs) for r, drugs in read.regimens.items()}
    return Drugs(
        names={alias.lower(): name.lower() for alias, name in read.names.items()},
        regimens=regimens,
        classes=lower,
        cytotoxic=cytotoxic,
        local=frozenset(d.lower() for d in read.local["treatments"]),
        known=frozenset().union(*lower.values(), cytotoxic, lower, {"chemotherapy", PLATINUM_COMBINATION}),
    )


def regimen_name(items: Iterable[str]) -> str:
    """Write a regimen: its drugs in the order given, joined by a plus."""
    return " + ".join(items)
