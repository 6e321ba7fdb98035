"""A statement: what one dated, cited text says about a profile like this."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from codon12.match.patient import Patient
from codon12.match.tree import Node

__all__ = [
    "CaseInside",
    "Companion",
    "Effect",
    "ExceptionFor",
    "Review",
    "Source",
    "Statement",
    "Status",
    "Validity",
    "statement_schema",
]

Effect = Literal["supports", "contraindicates", "evidence", "information"]
Status = Literal["not in force", "applies", "does not apply", "undetermined"]
Trust = Literal["read", "second-hand", "recalled"]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
MOST_WORDS = 25
"""Words of a quote at most."""


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a statement whose keys are closed."""


class Validity(_Closed, frozen=True):
    """From when to when the text was in force, and the date of the text that was read."""

    from_: date | None = msgspec.field(default=None, name="from")
    """First day in force; left out where it was not read: in force at any earlier date, and said so."""
    to: date | None = None
    """First day no longer in force."""
    read: date | None = None
    """Date of the text that was read; left out where the copy held bears none."""


class ExceptionFor(_Closed, frozen=True):
    """A regimen of exactly these drugs to which a contraindication does not hold, from a date, where `when` is yes."""

    regimen: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]
    when: Node
    from_: date | None = msgspec.field(default=None, name="from")


class Companion(_Closed, frozen=True):
    """A companion test named with the approval: printed beside the verdict, never a criterion."""

    assay: Line
    specimen: Literal["tissue", "plasma"] | None = None
    trust: Trust = "recalled"


class Source(_Closed, frozen=True):
    """Where it is written."""

    kind: Line
    ref: Line
    trust: Trust
    locator: Line | None = None
    quote: Line | None = None


class Review(_Closed, frozen=True):
    """Who looked at the statement, and when it is looked at again."""

    state: Literal["draft", "reviewed", "retired"] = "draft"
    by: Line | None = None
    on: date | None = None
    next_due: date | None = None


class CaseInside(_Closed, frozen=True):
    """A profile with the status that the statement must give it."""

    name: Line
    given: Patient
    as_of: date
    expect: Status
    missing: tuple[str, ...] = ()
    """Facts missing where the status is undetermined, or applies because of an unknown; sorted."""
    regimens: dict[str, Literal["barred", "excepted", "undetermined", "not barred"]] = {}
    """What a contraindication says of regimens, written with `` + `` between their drugs."""


class Statement(_Closed, frozen=True):
    """One statement."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/+-]*$", max_length=200)]
    version: Annotated[int, msgspec.Meta(ge=1)]
    effect: Effect
    jurisdiction: Line
    valid: Validity
    when: Node
    sentence: Line
    evidence: tuple[Source, ...]
    review: Review
    therapy: tuple[Line, ...] = ()
    """One regimen where it supports or is evidence; each drug where it contraindicates; none for information."""
    direction: (
        Literal["favourable", "unfavourable", "resistance", "sensitivity", "does not support", "neutral"] | None
    ) = None
    basis: Line | None = None
    except_: tuple[ExceptionFor, ...] = msgspec.field(default=(), name="except")
    tests: tuple[Companion, ...] = ()
    if_undetermined: Literal["applies"] | None = None
    level: Line | None = None
    """Level of evidence, as its source grades it."""
    cases: tuple[CaseInside, ...] = ()

    def __post_init__(self) -> None:
        if self.effect == "information" and self.therapy:
            raise ValueError(f"{self.id}: information names no therapy")
        if self.effect != "information" and not self.therapy:
            raise ValueError(f"{self.id}: name the therapy")
        if self.except_ and self.effect != "contraindicates":
            raise ValueError(f"{self.id}: only what contraindicates has exceptions")
        if self.if_undetermined and self.effect not in ("supports", "contraindicates"):
            raise ValueError(f"{self.id}: if_undetermined is for what supports or contraindicates")
        if self.direction and self.effect != "evidence":
            raise ValueError(f"{self.id}: only evidence has a direction")

    def in_force(self, day: date) -> bool:
        """Tell whether the text is in force on a day."""
        begun = self.valid.from_ is None or day >= self.valid.from_
        return begun and (self.valid.to is None or day < self.valid.to)

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of its content, cases left out."""
        plain = msgspec.to_builtins(msgspec.structs.replace(self, cases=()))
        return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()[:12]

    def validity_note(self, day: date) -> str | None:
        """What must be said where the start of validity was not read."""
        if self.valid.from_ is not None:
            return None
        if self.valid.read is None:
            return "The text read bears no date."
        return f"Text read is of {self.valid.read.isoformat()}." if day < self.valid.read else None


def statement_schema() -> dict[str, Any]:
    """Give the JSON Schema of a statement."""
    return msgspec.json.schema(Statement)
