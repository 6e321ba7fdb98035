"""A trial's eligibility as data: criteria in the trial's order, and whether a failure can be mended."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from codon12.match.tree import Node

__all__ = ["Eligibility", "Recruiting", "Trial", "trial_schema"]

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a trial whose keys are closed."""


class Recruiting(_Closed, frozen=True):
    """First and last day of enrolment, as published."""

    from_: date | None = msgspec.field(default=None, name="from")
    to: date | None = None


class Eligibility(_Closed, frozen=True):
    """One criterion of a trial."""

    id: Line
    text: Line
    when: Node
    recoverable: bool
    """Whether a failure may end: a washout, a performance status; not age, and not four lines of therapy."""
    unknown_is: Literal["undetermined", "warn"] = "undetermined"
    """A test still to be done may be a warning."""


class Trial(_Closed, frozen=True):
    """Eligibility of one trial, as far as its source says."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/+-]*$", max_length=200)]
    title: Line
    source: Line
    include: tuple[Eligibility, ...] = ()
    exclude: tuple[Eligibility, ...] = ()
    complete: bool = False
    """Whether all criteria of the protocol stand here; else every answer says that it has more."""
    phase: int | str | None = None
    recruiting: Recruiting | None = None
    therapy: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        ids = [e.id for e in (*self.include, *self.exclude)]
        if not ids:
            raise ValueError(f"trial {self.id}: no criterion")
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice:
            raise ValueError(f"trial {self.id}: criterion {twice} stands twice")


def trial_schema() -> dict[str, Any]:
    """Give the JSON Schema of a trial."""
    return msgspec.json.schema(Trial)
