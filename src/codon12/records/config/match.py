"""The keys of ``codon12.toml`` that tell where the facts stand by which statements and trials are matched."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Assumed", "MatchLine", "MatchSource"]


class _Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file whose keys are closed."""


class Assumed(_Closed, frozen=True):
    """Facts that no record holds, taken for true of every subject; printed with every count."""

    tumour_type: str | None = None
    histology: str | None = None
    stage: Literal["localised", "locally advanced", "unresectable", "metastatic"] | None = None
    primary_side: Literal["left", "right"] | None = None
    measurable: bool | None = None
    brain_metastases: Literal["none", "treated stable", "active untreated", "present"] | None = None
    specimen: Literal["tissue", "plasma"] | None = None
    """Specimen of samples that name none."""
    lines_complete: bool = False
    """That `lines` holds every line of therapy."""


class MatchLine(_Closed, frozen=True):
    """One line of systemic therapy of each subject, or one a row of `table`."""

    drugs: str
    """SQL text: drugs, joined by a comma, semicolon, slash or plus."""
    table: str | None = None
    """Table read, with one line a row; the table of subjects where left out."""
    where: str | None = None
    """SQL predicate that picks the rows."""
    outcome: str | None = None
    """SQL text: progression, completed, ongoing ..."""
    setting: str | None = None
    """SQL text: adjuvant, neoadjuvant or any other."""
    end: str | None = None
    """SQL: the last day, as a date."""


class MatchSource(_Closed, frozen=True):
    """Where a study holds the facts of a profile, beside its calls, tests and scores."""

    where: str | None = None
    """SQL predicate over the table of subjects: those that are matched."""
    assume: Assumed = Assumed()
    tumour_type: str | None = None
    """SQL text over the table of subjects; so are the next."""
    histology: str | None = None
    stage: str | None = None
    age: str | None = None
    ecog: str | None = None
    measurable: str | None = None
    brain_metastases: str | None = None
    prior_lines: str | None = None
    """SQL number: how many lines came before, where the lines themselves are not all recorded."""
    lines: list[MatchLine] = []
    radiotherapy_last: str | None = None
    """SQL: the last day of radiotherapy, as a date, or none."""
    central: list[str] = []
    """Assays that were run centrally."""
