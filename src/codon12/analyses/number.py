"""One number of the evidence as a program, a sentence and a notebook take it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codon12.numbers import Rounding
from codon12.tables import cell_parts, cell_text

__all__ = ["Number"]

_LEVEL_IS_LABEL = frozenset({"all", "n/N (%)", "% (95% CI)"})
_READERS = {"central": "central review", "investigator": "the investigator"}
_STATUS = {"not reached": "not reached", "no subjects": "not estimable: no subjects"}


@dataclass(frozen=True)
class Number:
    """A number with its interval, its counts and what it is of; missing values are None and `status` says why.

    Examples
    --------
    >>> row = {"id": "orr.central.all", "kind": "rate", "label": "Objective response", "value": 100 * 46 / 124,
    ...     "lower": 28.6, "upper": 46.2, "conf_level": 0.95, "n": 46, "N": 124, "level": "all", "group": "all"}
    >>> Number(row, title="Objective response").sentence
    'Objective response: 46 of 124, 37.1% (95% CI, 28.6 to 46.2).'
    >>> Number({**row, "value": 6.83, "kind": "time", "unit": "months", "label": "Median, months", "lower": 5.1,
    ...     "upper": None, "n": 83}, title="Progression-free survival").sentence
    'Progression-free survival, median: 6.8 months (95% CI, 5.1 to not estimable; 83 events in 124).'
    """

    row: Mapping[str, Any]
    """All columns of ``evidence.numbers``, unrounded."""
    title: str = ""
    """Title of the analysis it belongs to."""
    population: str = ""
    rounding: Rounding | None = None

    @property
    def id(self) -> str:
        """Name of the number in the evidence."""
        return str(self.row["id"])

    @property
    def value(self) -> float | None:
        """The estimate, unrounded; of a count the percentage."""
        return self.row.get("value")

    @property
    def lower(self) -> float | None:
        """Lower limit, unrounded."""
        return self.row.get("lower")

    @property
    def upper(self) -> float | None:
        """Upper limit, unrounded."""
        return self.row.get("upper")

    @property
    def n(self) -> int | None:
        """Subjects with it, or events of a time to event."""
        return self.row.get("n")

    @property
    def N(self) -> int | None:  # noqa: N802 - the field's letter
        """Subjects it is of."""
        return self.row.get("N")

    @property
    def status(self) -> str | None:
        """Why there is no value: not reached, not estimable, no subjects."""
        return self.row.get("status")

    @property
    def subjects(self) -> tuple[str, ...] | None:
        """Subjects behind it; None where the study is too large to list them (`Evidence.trace` finds them)."""
        found = self.row.get("subjects")
        return None if found is None else tuple(found)

    @property
    def method(self) -> str | None:
        """How it was computed."""
        return self.row.get("method")

    @property
    def text(self) -> str:
        """As a cell of a table prints it."""
        return cell_text(self.row, self.rounding)

    @property
    def sentence(self) -> str:
        """As a sentence of a paper has it."""
        reader = _READERS.get(str(self.row.get("evaluator")), self.row.get("evaluator"))
        reader = None if reader is None or str(reader).split()[-1] in self.title else f"by {reader}"
        head = ", ".join(dict.fromkeys(x for x in (self.title, reader, self._of, self._what) if x))
        said = f": {self._said}" if self._said else ""
        who = f" Population: {self.population}." if self.population else ""
        return f"{head}{said}{'' if said.endswith('.') else '.'}{who}"

    def __str__(self) -> str:
        return self.sentence

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)

    def __repr__(self) -> str:
        return f"<{self.id}: {self.text}>"

    def _repr_html_(self) -> str:
        """Sentence and method, for a notebook."""
        how = f"<br><small>{html.escape(self.method)}</small>" if self.method else ""
        return f"<p>{html.escape(self.sentence)}{how}<br><small><code>{html.escape(self.id)}</code></small></p>"

    @property
    def _of(self) -> str:
        """Arm and level where it is not of everybody."""
        arm, level = self.row.get("arm"), self.row.get("level")
        parts = [str(self.row.get("section") or "")] if self.row.get("section") != "Kaplan-Meier estimate" else []
        parts += [str(x) for x in (arm, level) if x and x not in _LEVEL_IS_LABEL and x != self.row.get("label")]
        return ", ".join(p for p in parts if p)

    @property
    def _what(self) -> str:
        """The label without its unit, in small letters after a title."""
        label = str(self.row.get("label") or "")
        for unit in (", months", ", %", ", percentage points"):
            label = label.removesuffix(unit)
        first = label.partition(" ")[0]
        named = self.row.get("kind") == "count" or len(first) < 2 or not first.isalpha() or not first[1:].islower()
        if label == self.title:
            return ""
        return label if named or not self.title else label[:1].lower() + label[1:]

    @property
    def _said(self) -> str:
        kind, n, total = self.row.get("kind"), self.n, self.N
        if kind == "p":
            text = self.text if self.value is not None else ""
            if not text:
                return "not estimable"
            return f"P {text[0]} {text[1:]}" if text[:1] in "<>" else f"P = {text}"
        if kind in ("text", "range"):
            return self.text
        parts = cell_parts(self.row, self.rounding)
        if kind in ("count", "fraction"):
            if not total:
                return f"{n:,}"
            return f"{n:,} of {total:,} ({parts.percent}%)" if n else f"{n or 0:,} of {total:,}"
        value = _STATUS.get(str(self.status), "not estimable") if self.value is None else parts.value
        points = " percentage points"
        unit = {"%": "%", "months": " months", points.strip(): points}.get(str(self.row.get("unit")), "")
        unit = "%" if kind == "rate" else unit
        said = value if self.value is None else f"{value}{unit}"
        inside = [self._interval(parts.limits)] if parts.limits else []
        whole = self.value is not None and n is not None and total and abs(100 * n / total - self.value) < 1e-9
        if kind == "rate" and self.row.get("statistic", "rate") == "rate" and whole:  # of a survival n are the events
            said = f"{n:,} of {total:,}, {said}"
        elif kind == "time" and n is not None and total:
            inside.append(f"{n:,} {'event' if n == 1 else 'events'} in {total:,}")
        return f"{said} ({'; '.join(inside)})" if inside else said

    def _interval(self, limits: tuple[str, str]) -> str:
        both = " to ".join("not estimable" if limit == "NE" else limit for limit in limits)
        level = self.row.get("conf_level")
        return f"{100 * level:g}% CI, {both}" if level else both
