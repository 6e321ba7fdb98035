"""When a progression is called resistance: clinical definitions as data, and those of oligoprogression."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from codon12.errors import ConfigError, UsageError
from codon12.records.rule_files import ClosedKeys, nearest, read_rules, rules_digest

__all__ = [
    "MONTH_DAYS",
    "BestResponse",
    "Definition",
    "Definitions",
    "Oligoprogression",
    "read_definitions",
    "shipped_definitions",
]

MONTH_DAYS = 30.4375
"""Days of a month, a 48th of four years."""

_Length = Annotated[float, Meta(gt=0)]
_Response = Literal["CR", "PR", "SD", "PD", "NE"]


class BestResponse(ClosedKeys, frozen=True, kw_only=True):
    """Best responses that a definition takes, with or without one bound on stable disease."""

    any_of: tuple[_Response, ...]
    or_stable_longer_than_months: _Length | None = None
    or_stable_at_least_months: _Length | None = None
    or_stable_up_to_months: _Length | None = None

    def stable_bound(self) -> tuple[str, float] | None:
        """The bound on stable disease, first dose to progression: comparison and days."""
        for sign, months in (
            (">", self.or_stable_longer_than_months),
            (">=", self.or_stable_at_least_months),
            ("<=", self.or_stable_up_to_months),
        ):
            if months is not None:
                return sign, months * MONTH_DAYS
        return None


class Definition(ClosedKeys, frozen=True, kw_only=True):
    """One definition of resistance; criteria that are left out are not asked.

    Examples
    --------
    >>> shipped_definitions().definition("sitc-2020-primary").criteria
    ('best response', 'exposure', 'progression', 'confirmation')
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    short: str = ""
    """What a row that compares definitions calls it; without one, its id."""
    best_response: Literal["any"] | BestResponse = "any"
    exposure_longer_than_months: _Length | None = None
    exposure_at_least_months: _Length | None = None
    exposure_at_least_weeks: _Length | None = None
    exposure_counted_to: Literal["progression", "last dose"] = "progression"
    progression: bool = True
    progression_later_than_months: _Length | None = None
    progression_up_to_months: _Length | None = None
    progression_within_months_of_last_dose: _Length | None = None
    confirm_weeks: _Length | None = None
    or_else: str = field(name="or", default="")
    """Another way to meet it that records do not show: told beside the answer, never assumed."""
    source: str
    trust: Literal["read", "second-hand", "recalled"]
    note: str = ""

    @property
    def called(self) -> str:
        """Its short name, or its id."""
        return self.short or self.id

    def exposure_bounds(self) -> list[tuple[str, float]]:
        """Bounds on the exposure: comparison and days."""
        bounds = [
            (">", self.exposure_longer_than_months, MONTH_DAYS),
            (">=", self.exposure_at_least_months, MONTH_DAYS),
            (">=", self.exposure_at_least_weeks, 7.0),
        ]
        return [(sign, value * unit) for sign, value, unit in bounds if value is not None]

    @property
    def criteria(self) -> tuple[str, ...]:
        """Names of the criteria that are asked, in order."""
        asked = {
            "best response": self.best_response != "any",
            "exposure": bool(self.exposure_bounds()),
            "progression": self.progression,
            "time of progression": bool(self.progression_later_than_months or self.progression_up_to_months),
            "last dose": self.progression_within_months_of_last_dose is not None,
            "confirmation": self.confirm_weeks is not None,
        }
        return tuple(name for name, on in asked.items() if on)

    def words(self) -> str:
        """The criteria in words."""
        out = []
        if isinstance(self.best_response, BestResponse):
            text = f"best response {' or '.join(self.best_response.any_of)}"
            stable = self.best_response
            for months, words in (
                (stable.or_stable_longer_than_months, "longer than"),
                (stable.or_stable_at_least_months, "of at least"),
                (stable.or_stable_up_to_months, "of up to"),
            ):
                text += "" if months is None else f", or stable disease {words} {months:g} months"
            out.append(text)
        to = f" (counted to the {self.exposure_counted_to})"
        for value, words, unit in (
            (self.exposure_longer_than_months, "longer than", "months"),
            (self.exposure_at_least_months, "of at least", "months"),
            (self.exposure_at_least_weeks, "of at least", "weeks"),
        ):
            if value is not None:
                out.append(f"exposure {words} {value:g} {unit}{to}")
        if self.progression:
            out.append("progression")
        for value, words in (
            (self.progression_later_than_months, "later than {:g} months after the first dose"),
            (self.progression_up_to_months, "up to {:g} months after the first dose"),
            (self.progression_within_months_of_last_dose, "within {:g} months of the last dose"),
        ):
            if value is not None:
                out.append(f"progression {words.format(value)}")
        if self.confirm_weeks is not None:
            out.append(f"confirmed by an assessment at least {self.confirm_weeks:g} weeks later")
        return "; ".join(out) + (f"; or {self.or_else}" if self.or_else else "")

    def __str__(self) -> str:
        note = f" {self.note[0].upper()}{self.note[1:]}." if self.note else ""
        return f"{self.title}: {self.words()}. Source: {self.source} ({self.trust}).{note}"


class Oligoprogression(ClosedKeys, frozen=True, kw_only=True):
    """One definition of oligoprogression: at most so many progressing sites or lesions."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    count: Literal["sites", "lesions"]
    at_most: Annotated[int, Meta(ge=1)]
    source: str
    trust: Literal["read", "second-hand", "recalled"]
    note: str = ""

    @property
    def short(self) -> str:
        """Name within the id of a number, as ``sites2``."""
        return f"{self.count}{self.at_most}"

    def __str__(self) -> str:
        return f"{self.title}. Source: {self.source} ({self.trust})."


class Definitions(ClosedKeys, frozen=True, kw_only=True):
    """Definitions by id, with the files they were read from."""

    version: str = ""
    definitions: tuple[Definition, ...] = field(name="definition", default=())
    oligo: tuple[Oligoprogression, ...] = field(name="oligoprogression", default=())
    files: tuple[str, ...] = ()

    def definition(self, name: str) -> Definition:
        """Give a definition by id.

        Raises
        ------
        UsageError
            No such definition; the message names the nearest and those there are.
        """
        found = next((d for d in self.definitions if d.id == name), None)
        if found is None:
            known = [d.id for d in self.definitions]
            near = nearest(name, known)
            hint = f"nearest: {', '.join(near)}; " if near else ""
            raise UsageError(f"definition {name!r} is not known; {hint}there are {', '.join(known)}")
        return found


def read_definitions(*paths: str | Path, shipped: bool = True) -> Definitions:
    """Read files of definitions; those that ship come first, those of `paths` after them.

    Raises
    ------
    ConfigError
        A file cannot be read, an id is given twice, or stable disease has several bounds.
    """
    places = [Path(__file__).with_name("definitions.toml")] if shipped else []
    places += [Path(p) for p in paths]
    made, oligo, files, versions = [], [], [], []
    for place in places:
        read = read_rules(place, Definitions)
        made += read.definitions
        oligo += read.oligo
        versions.append(read.version or "no version")
        files.append(f"{place.name} {read.version} sha256:{rules_digest(place)}".replace("  ", " "))
        for own in read.definitions:
            response = own.best_response
            if isinstance(response, BestResponse):
                bounds = [b for b in (response.or_stable_longer_than_months, response.or_stable_at_least_months,
                                      response.or_stable_up_to_months) if b is not None]  # fmt: skip
                if len(bounds) > 1:
                    raise ConfigError(f"{place.name}, definition {own.id}: stable disease has several bounds; give one")
    ids = [d.id for d in [*made, *oligo]]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ConfigError(f"{places[-1].name}: {', '.join(twice)} is defined twice; name yours apart")
    return Definitions(version=" + ".join(versions), definitions=tuple(made), oligo=tuple(oligo), files=tuple(files))


@cache
def shipped_definitions() -> Definitions:
    """The definitions that ship with codon12: seven of resistance, three of oligoprogression."""
    return read_definitions()
