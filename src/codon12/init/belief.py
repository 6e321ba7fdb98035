"""What a first look believes: of tables, of columns, and what it has to ask."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Belief", "ColumnBelief", "Confidence", "Question", "TableBelief"]

Confidence = Literal["sure", "likely", "unsure"]
"""`sure`: heading and values agree; `likely`: one of them says so and the other allows it; `unsure`: not used."""


class ColumnBelief(msgspec.Struct, frozen=True, kw_only=True):
    """What one column is taken for."""

    column: str
    """Heading in the file."""
    role: str | None
    """CDISC name it would have; None where nothing is believed."""
    confidence: Confidence
    why: str
    """Reason, in one sentence."""
    alternatives: tuple[str, ...] = ()
    """Other roles it may have."""
    formats: tuple[str, ...] = ()
    """How its dates are written, where it holds dates that are not ISO 8601."""
    values: dict[str, str] = {}
    """Text in the file -> text to read it as."""
    endings: tuple[str, ...] = ()
    """Texts after the numbers of its cells that are taken off: a unit of years beside an age."""
    decimal: str = "."
    unit: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What only the owner of the data knows."""

    about: str
    """File, and column where it is about one."""
    text: str
    choices: tuple[str, ...]
    default: str | None = None
    """What is taken where nobody answers; None: nothing is taken."""
    key: str = ""
    """What an answer is stored under."""


class TableBelief(msgspec.Struct, frozen=True, kw_only=True):
    """What one file, or one sheet of it, is taken for."""

    file: str
    sheet: str | None
    table: str | None
    """Table of codon12; None where it is not used."""
    confidence: Confidence
    why: str
    rows: int
    sampled: bool = False
    """Whether only the head of the file was looked at."""
    header: int | None = None
    columns: tuple[ColumnBelief, ...] = ()


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """What a first look at a folder or a file believes, and the configuration that follows."""

    folder: str
    format: str
    why: str
    tables: tuple[TableBelief, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    """What was seen and not used, a sentence each."""
    toml: str = ""
    """The commented configuration."""
