"""Tumour types with their parents: NSCLC is a lung cancer, and a solid tumour."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from codon12.errors import UsageError

__all__ = ["TumourTypes", "diseases", "tumour_types"]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    parent: str | None = None
    also: tuple[str, ...] = ()


class TumourTypes(msgspec.Struct, frozen=True):
    """A list of tumour types, each with the type above it.

    Examples
    --------
    >>> types = tumour_types()
    >>> types.code("lung adenocarcinoma"), types.ancestors("LUAD")
    ('LUAD', ('LUAD', 'NSCLC', 'LUNG', 'SOLID'))
    """

    entries: Mapping[str, _Entry]
    words: Mapping[str, str]

    def code(self, text: str) -> str | None:
        """Code of a type as people write it; None for a type that is not listed."""
        plain = " ".join(text.split())
        return plain.upper() if plain.upper() in self.entries else self.words.get(plain.lower())

    def need(self, text: str, *, where: str) -> str:
        """Code of a type, or an error that names `where`."""
        found = self.code(text)
        if found is None:
            raise UsageError(f"{where}: {text!r} is no listed tumour type; there are {', '.join(self.entries)}")
        return found

    def name(self, code: str) -> str:
        """Name of a type in words."""
        return self.entries[code].name

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The type itself and all above it."""
        out: list[str] = []
        at: str | None = code
        while at is not None:
            out.append(at)
            at = self.entries[at].parent
        return tuple(out)

    def answer(self, given: str | None, asked: str) -> bool | None:
        """Tell whether a tumour of type `given` is one of type `asked`; None where a wider type was given."""
        if given is None:
            return None
        if asked in self.ancestors(given):
            return True
        return None if given in self.ancestors(asked) else False


@cache
def tumour_types() -> TumourTypes:
    """Give the shipped list."""
    text = (files("codon12.match") / "data" / "tumours.toml").read_text("utf-8")
    entries = msgspec.convert(tomllib.loads(text), dict[str, _Entry])
    words = {w: code for code, e in entries.items() for w in (e.name.lower(), *e.also)}
    return TumourTypes(entries=entries, words=words)


@cache
def diseases() -> Mapping[str, str]:
    """Give the tumour type of each Disease Ontology id that is held."""
    return tomllib.loads((files("codon12.match") / "data" / "diseases.toml").read_text("utf-8"))
