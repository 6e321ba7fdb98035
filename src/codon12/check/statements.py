"""What a text states: one frozen value for each printed number or group of numbers that belong together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec

from codon12.numbers.unrounded import Printed

__all__ = ["KINDS", "Denominator", "Limit", "Quantities", "Source", "Statement", "Strength"]

KINDS = (
    "count",
    "count_percent",
    "count_percent_ci",
    "table_cell",
    "percent_only",
    "percent_ci",
    "percent_range",
    "landmark",
    "median_only",
    "median_ci",
    "median_range",
    "group_medians_p",
    "hr_ci_p",
    "p_value",
    "chi2_p",
    "test_p",
    "statistic",
    "incidence",
    "threshold",
    "duration",
    "dose",
    "date",
    "date_range",
    "power_statement",
    "design_number",
    "ci_method_statement",
    "trial_phase",
    "stage",
    "scale",
    "version",
    "definition",
    "identifier",
    "money",
    "value",
)

Limit = Printed | Literal["not reached"] | None
"""A limit of an interval: a number, known to be not reached or not estimable, or not there."""


Source = Literal["explicit", "table_header", "footnote", "sentence", "context", "later"]
"""Where a denominator stands: with the percentage, in the table's header or notes, in the sentence, before, after."""


Strength = Literal["explicit", "structural", "inferred"]
"""How numbers are tied: by the words between them, by the layout of a table, or only by standing near."""


class Denominator(msgspec.Struct, frozen=True, gc=False):
    """Whom a percentage is of: how many, how this is known, the words that say it, and how surely they tie it."""

    value: int
    source: Source
    basis: str
    tie: Strength = "inferred"


class Quantities(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The numbers of a statement, each as printed; what a statement does not say is left out."""

    n: int | None = None
    N: int | None = None
    percent: Printed | None = None
    low: Limit = None
    high: Limit = None
    level: int | None = None
    value: Printed | None = None
    unit: str | None = None
    outcome: str | None = None
    max_censored: bool = False
    at: Printed | None = None
    measure: Literal["HR", "OR", "RR"] | None = None
    op: str | None = None
    p: Printed | None = None
    p_op: str = "="
    chi2: Printed | None = None
    values: tuple[Printed, ...] = ()
    date: str | None = None
    date_end: str | None = None
    text: str | None = None
    interval: Literal["ci", "range", "iqr"] | None = None

    def as_json(self, kind: str) -> dict[str, Any]:
        """The plain values of the quantities under the field's usual names."""
        out: dict[str, Any] = {}
        if kind == "power_statement" and self.percent is not None:
            out = {"power": _plain(self.percent.value / 100), "N": self.N, "benchmark": _text(self.value)}
            out["ci_level"] = self.level
            return {k: v for k, v in out.items() if v is not None}
        if self.n is not None:
            out["n"] = self.n
        if self.op is not None:
            out["op"] = self.op
        if self.percent is not None:
            if kind == "design_number":
                out["prob"] = _plain(self.percent.value / 100)
            else:
                out["percent"] = self.percent.text
        if self.measure is not None:
            out[self.measure] = _text(self.value)
        elif self.value is not None:
            out["value"] = _plain(self.value.value)
        if self.values:
            key = "percents" if self.unit == "%" else "medians" if kind == "group_medians_p" else "values"
            out[key] = [v.text if self.unit == "%" else _plain(v.value) for v in self.values]
        if self.low is not None or self.high is not None:
            as_text = self.percent is not None or self.measure is not None or self.unit == "%"
            shown = [_limit(self.low, as_text=as_text), _limit(self.high, as_text=as_text)]
            out["ci" if self.interval == "ci" else "iqr" if self.interval == "iqr" else "range"] = shown
        for key, value in (("N", self.N), ("level", self.level), ("unit", self.unit), ("outcome", self.outcome)):
            if value is not None:
                out[key] = value
        if self.max_censored:
            out["max_censored"] = True
        if self.at is not None:
            out["at"] = _plain(self.at.value)
        if self.p is not None:
            out["P"] = self.p.text if self.p_op == "=" else self.p_op + self.p.text
        if self.chi2 is not None:
            out["chi2"] = self.chi2.text
        if self.date is not None:
            out |= {"start": self.date, "end": self.date_end} if self.date_end else {"date": self.date}
        if self.text is not None:
            out[kind] = self.text
        return _renamed(kind, out)


def _renamed(kind: str, out: dict[str, Any]) -> dict[str, Any]:
    """Names some kinds have of their own: a trial's phase, a dose, an identifier."""
    own = {"trial_phase": "phase", "ci_method_statement": "ci_method", "duration": "claim", "dose": "freq"}
    own["percent_only"] = "fraction"
    if kind in own and kind in out:
        out[own[kind]] = out.pop(kind)
    if kind == "dose" and "value" in out:
        out["dose"] = out.pop("value")
    if kind == "date_range":
        for key in ("start", "end"):
            if str(out.get(key, "")).isdigit():
                out[key] = int(out[key])
    if kind == "identifier" and "identifier" in out:
        name, _, code = out.pop("identifier").partition(":")
        out[name] = code
    if kind == "design_number" and "value" in out and out.get("unit"):
        out[out.pop("unit")] = out.pop("value")
    return out


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _text(number: Printed | None) -> str | None:
    return None if number is None else number.text


def _limit(limit: Limit, *, as_text: bool) -> str | float | None:
    if not isinstance(limit, Printed):
        return None
    return limit.text if as_text else _plain(limit.value)


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One thing a text states in numbers.

    ``start`` and ``end`` are character offsets in the text as given, ``quote`` the characters between them;
    ``normal_start`` is the offset in the normalised text, ``passage`` the index of the sentence or table row.
    """

    id: str
    kind: str
    start: int
    end: int
    quote: str
    section: str
    quantities: Quantities
    passage: int
    normal_start: int
    normal_end: int
    label: str = ""
    """Row label of a table cell, or the words around a number that say what is counted."""
    explicit: bool = False
    """Whether N is part of the statement itself (`n of N`, `n/N`)."""
    approximate: bool = False
    column: int | None = None
    tie: Strength = "explicit"
    """How surely the numbers of the statement belong together: `12 (30%)` by print, `cohort 2 (30%)` hardly."""
    phrase: tuple[int, int] | None = None
    """Offsets in the text as given of the words a reader would mark with the numbers; None where these are all."""

    @property
    def position(self) -> int:
        """Which of the statements of its text it is, counted from 0: their names count them from 1."""
        return int(self.id[1:]) - 1

    def whole_phrase(self, given: str) -> Statement:
        """The statement with its words: start, end and quote those of the phrase."""
        if self.phrase is None:
            return self
        start, end = self.phrase
        return msgspec.structs.replace(self, start=start, end=end, quote=given[start:end])
