"""Profiles as columns: of one patient or of a hundred thousand, so that both are answered by the same code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.biomarker.assays.assay import Reach
from codon12.biomarker.questions.criterion import Criterion as Question
from codon12.match.logic import UNKNOWN, Values

__all__ = ["Coded", "LineKind", "MeasureRows", "Profiles", "Rows", "TestKind", "coded", "rows"]

Codes = NDArray[np.int64]
ONGOING = 2**40
"""Day of an end that has not come."""
NO_DAY = -(2**40)
"""Day of an end that is not recorded."""


class TestKind(msgspec.Struct, frozen=True, kw_only=True):
    """What one test could see, where it looked, and whether it was read."""

    __test__ = False

    assay: str
    specimen: str | None
    state: str
    central: bool
    reach: tuple[Reach, ...]
    whole: tuple[str, ...] = ()
    """Kinds of alteration that it reads in every gene, as a whole exome does mutations."""
    targets: tuple[Question, ...] = ()
    """Targets that are questions of their own, such as an exon's deletion."""
    found: tuple[int, ...] = ()
    """Codes of the calls this test made."""


class LineKind(msgspec.Struct, frozen=True, kw_only=True):
    """A line of therapy without its dates."""

    drugs: tuple[str, ...]
    outcome: str
    early: bool
    """Adjuvant or neoadjuvant: with and without it."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One value a profile, as a code into the distinct values; -1 where it is not known."""

    codes: Codes
    values: tuple[Any, ...]

    def map(self, answer: Callable[[Any], int]) -> Values:
        """Answer for each distinct value, then for every profile; what is not known is unknown."""
        table = np.array([*(answer(v) for v in self.values), UNKNOWN], np.int8)
        return table[self.codes]


@dataclass(frozen=True, slots=True)
class Rows:
    """Several values a profile: one row each, sorted by profile, as codes into the distinct values."""

    person: Codes
    codes: Codes
    values: tuple[Any, ...]

    def any(self, flag: NDArray[np.bool_], people: int) -> NDArray[np.bool_]:
        """Tell for every profile whether one of its rows has a value that is flagged."""
        out = np.zeros(people, np.bool_)
        if flag.any():
            out[self.person[flag[self.codes]]] = True
        return out


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """Measured biomarkers: one row each, its value as an interval."""

    person: Codes
    marker: tuple[str, ...]
    """What each row measures and on which scale: ``PD-L1 TPS``, ``TMB``, ``MSI``."""
    marker_code: Codes
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    upper_in: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Profiles:
    """All that is known of some patients."""

    subjects: tuple[str, ...]
    single: Mapping[str, Coded]
    """tumour_type, histology, stage, primary_side, measurable, brain_metastases, age, ecog."""
    judgements: Mapping[str, Coded]
    calls: Rows
    """Rows of `call_table`."""
    call_table: pl.DataFrame
    """Distinct calls with the columns of a calls frame, SPECIMEN and DISPUTED."""
    tests: Coded
    """Each profile's set of tests: distinct tuples of `TestKind`."""
    measures: MeasureRows
    lines: Rows
    line_end: NDArray[np.int64]
    """Earliest and latest day of each line's end, two columns; `NO_DAY`, `ONGOING`."""
    lines_known: NDArray[np.bool_]
    lines_complete: NDArray[np.bool_]
    radiotherapy: NDArray[np.int64]
    """Earliest and latest day of the last radiotherapy; both `ONGOING` + 1 where there was none."""
    counted: NDArray[np.float64] | None = None
    """Number of prior lines where it is recorded apart from the lines; NaN where it is not."""
    assumptions: tuple[str, ...] = field(default=())
    """What was taken for true of all of them, printed with every count."""

    def __len__(self) -> int:
        return len(self.subjects)

    def only(self, place: int) -> Profiles:
        """The profile at one place, alone."""
        at = np.array([place])
        lines = self.lines.person == place
        calls = self.calls.person == place
        own = self.measures.person == place
        m = self.measures
        return Profiles(
            subjects=(self.subjects[place],),
            single={k: Coded(v.codes[at], v.values) for k, v in self.single.items()},
            judgements={k: Coded(v.codes[at], v.values) for k, v in self.judgements.items()},
            calls=Rows(np.zeros(int(calls.sum()), np.int64), np.arange(int(calls.sum())), ()),
            call_table=self.call_table[self.calls.codes[calls]],
            tests=Coded(np.zeros(1, np.int64), (self.tests.values[self.tests.codes[place]],)),
            measures=MeasureRows(
                np.zeros(int(own.sum()), np.int64),
                m.marker,
                m.marker_code[own],
                m.lower[own],
                m.upper[own],
                m.upper_in[own],
            ),
            lines=Rows(np.zeros(int(lines.sum()), np.int64), self.lines.codes[lines], self.lines.values),
            line_end=self.line_end[lines],
            lines_known=self.lines_known[at],
            lines_complete=self.lines_complete[at],
            radiotherapy=self.radiotherapy[at],
            counted=None if self.counted is None else self.counted[at],
            assumptions=self.assumptions,
        )


def coded(values: Sequence[Hashable | None]) -> Coded:
    """Code one value a profile.

    Examples
    --------
    >>> coded(["a", None, "a"]).codes.tolist()
    [0, -1, 0]
    """
    seen: dict[Hashable, int] = {}
    codes = [-1 if v is None else seen.setdefault(v, len(seen)) for v in values]
    return Coded(np.array(codes, np.int64), tuple(seen))


def rows(pairs: Iterable[tuple[int, Hashable]]) -> Rows:
    """Code several values a profile, given as pairs of the profile's place and the value."""
    seen: dict[Hashable, int] = {}
    made = [(person, seen.setdefault(value, len(seen))) for person, value in pairs]
    table = np.array(made, np.int64).reshape(-1, 2)
    return Rows(table[:, 0].copy(), table[:, 1].copy(), tuple(seen))
