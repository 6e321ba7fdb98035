"""Every criterion of the vocabulary, answered for all profiles at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.match import criteria as c
from codon12.match.alterations import AlterationAnswers
from codon12.match.drugs import drug_classes
from codon12.match.logic import NO, UNKNOWN, YES, Values, missing_facts, three, tree_value
from codon12.match.profiles import NO_DAY, ONGOING, LineKind, Profiles
from codon12.match.tree import Node
from codon12.match.tumours import tumour_types

__all__ = ["Evaluator"]

_BRAIN = {"present": frozenset({"treated stable", "active untreated"})}


class Evaluator:
    """Answers criteria about some profiles at a date; each criterion once.

    Examples
    --------
    >>> from codon12.match.from_patients import profiles_of
    >>> from codon12.match.patient import patient_of
    >>> ask = Evaluator(profiles_of([patient_of({"age": 63}), patient_of({})]), as_of=date(2026, 6, 1))
    >>> ask.value(c.Age(at_least=18)).tolist()
    [2, 1]
    """

    def __init__(self, profiles: Profiles, *, as_of: date) -> None:
        self.profiles = profiles
        self.as_of = as_of
        self.alterations = AlterationAnswers(profiles)
        self._known: dict[c.Criterion, Values] = {}

    def value(self, criterion: c.Criterion) -> Values:
        """Answer one criterion for every profile: 0 no, 1 unknown, 2 yes."""
        found = self._known.get(criterion)
        if found is None:
            found = self._known[criterion] = _HOW[type(criterion)](self, criterion)
        return found

    def tree(self, node: Node) -> Values:
        """Answer a tree for every profile."""
        return tree_value(node, self.value)

    def missing(self, node: Node) -> dict[c.Criterion, NDArray[np.bool_]]:
        """Give the criteria that keep a tree unknown, with the profiles concerned."""
        return missing_facts(node, self.value)

    def lines_open(self) -> NDArray[np.bool_]:
        """Profiles of which further lines may exist."""
        return ~(self.profiles.lines_known & self.profiles.lines_complete)


def _flags(values: tuple, test: Callable) -> NDArray[np.bool_]:
    return np.array([bool(test(v)) for v in values], np.bool_)


def _said(answer: bool | None) -> int:  # noqa: FBT001 - a value, not a switch
    return UNKNOWN if answer is None else YES if answer else NO


def _tumour_type(ask: Evaluator, asked: c.TumourType) -> Values:
    types = tumour_types()
    code = types.need(asked.is_, where="tumour_type.is")
    return ask.profiles.single["tumour_type"].map(lambda given: _said(types.answer(given, code)))


def _histology(ask: Evaluator, asked: c.Histology) -> Values:
    words = [" ".join(w.lower().split()) for w in asked.any_of]
    return ask.profiles.single["histology"].map(lambda given: _said(any(_same_histology(given, w) for w in words)))


def _same_histology(given: str, asked: str) -> bool:
    """Whether one histology is another; ``non-squamous`` is any that is not squamous."""
    if asked.startswith("non-") and not given.startswith("non-"):
        return asked.removeprefix("non-") not in given
    return given == asked


def _stage(ask: Evaluator, asked: c.Stage) -> Values:
    def answer(given: str) -> int:
        if given in asked.any_of:
            return YES
        return UNKNOWN if given == "locally advanced" and "unresectable" in asked.any_of else NO

    return ask.profiles.single["stage"].map(answer)


def _primary_side(ask: Evaluator, asked: c.PrimarySide) -> Values:
    return ask.profiles.single["primary_side"].map(lambda given: _said(given in asked.any_of))


def _measurable(ask: Evaluator, asked: c.Measurable) -> Values:
    return ask.profiles.single["measurable"].map(lambda given: _said(given == asked.is_))


def _brain(ask: Evaluator, asked: c.BrainMetastases) -> Values:
    wanted = frozenset(asked.any_of)

    def answer(given: str) -> int:
        possible = _BRAIN.get(given, frozenset({given}))
        if possible <= wanted:
            return YES
        return UNKNOWN if possible & wanted else NO

    return ask.profiles.single["brain_metastases"].map(answer)


def _number(ask: Evaluator, asked: c.Age | c.Ecog, name: str) -> Values:
    any_of = getattr(asked, "any_of", ())

    def answer(given: float) -> int:
        low = asked.at_least is None or given >= asked.at_least
        high = asked.at_most is None or given <= asked.at_most
        return _said(low and high and (not any_of or given in any_of))

    return ask.profiles.single[name].map(answer)


def _judgement(ask: Evaluator, asked: c.Judgement) -> Values:
    given = ask.profiles.judgements.get(asked.text)
    if given is None:
        return np.full(len(ask.profiles), UNKNOWN, np.int8)
    return given.map(_said)


def _measured(ask: Evaluator, marker: str, cuts: tuple[tuple[float, bool], ...]) -> Values:
    """Whether values of a marker reach each cut (True) or lie below it (False); contradictions leave it open."""
    measures, people = ask.profiles.measures, len(ask.profiles)
    out = np.full(people, YES, np.int8)
    own = np.array([m == marker for m in measures.marker], np.bool_)
    picked = own[measures.marker_code] if own.any() else np.zeros(measures.person.size, np.bool_)
    who, lower, upper = measures.person[picked], measures.lower[picked], measures.upper[picked]
    inside = measures.upper_in[picked]
    for cut, reach in cuts:
        above = lower >= cut
        below = (upper < cut) | ((upper == cut) & ~inside)
        seen = [np.zeros(people, np.bool_) for _ in range(3)]
        for flags, mask in zip(seen, (above, below, ~above & ~below), strict=True):
            flags[who[mask]] = True
        yes, no = seen[0] & ~seen[1] & ~seen[2], seen[1] & ~seen[0] & ~seen[2]
        out = np.minimum(out, three(yes, no) if reach else three(no, yes))
    return out


def _expression(ask: Evaluator, asked: c.Expression) -> Values:
    cuts = [(asked.at_least, True), (asked.below, False)]
    return _measured(ask, f"{asked.marker} {asked.scale}", tuple((v, r) for v, r in cuts if v is not None))


def _burden(ask: Evaluator, asked: c.Burden) -> Values:
    return _measured(ask, "TMB", ((asked.at_least, True),))


def _msi(ask: Evaluator, asked: c.Msi) -> Values:
    return _measured(ask, "MSI", ((0.5, asked.is_ == "MSI-H"),))


def _prior_lines(ask: Evaluator, asked: c.PriorLines) -> Values:
    lines, people = ask.profiles.lines, len(ask.profiles)
    early = _flags(lines.values, lambda line: line.early)[lines.codes] if lines.values else np.zeros(0, np.bool_)
    most = np.bincount(lines.person, minlength=people).astype(np.float64)
    least = np.bincount(lines.person[~early], minlength=people)
    most[ask.lines_open()] = np.inf
    counted = ask.profiles.counted
    if counted is not None:
        known = ~np.isnan(counted)
        least = np.where(known, counted, least)
        most = np.where(known, counted, most)
    low = asked.at_least if asked.equals is None else max(asked.equals, asked.at_least or 0)
    high = asked.at_most if asked.equals is None else min(asked.equals, asked.at_most or asked.equals)
    out = np.full(people, YES, np.int8)
    if low is not None:
        out = np.minimum(out, three(least >= low, most < low))
    if high is not None:
        out = np.minimum(out, three(most <= high, least > high))
    return out


def _given(ask: Evaluator, item: str) -> Values:
    """Whether a drug or class was given in one of the lines."""
    lines, people = ask.profiles.lines, len(ask.profiles)
    drugs = drug_classes()
    yes = lines.any(_flags(lines.values, lambda line: drugs.given(item, line.drugs)), people)
    unnamed = lines.any(_flags(lines.values, lambda line: not line.drugs), people)
    return three(yes, ~yes & ~unnamed & ~ask.lines_open())


def _prior_treatment(ask: Evaluator, asked: c.PriorTreatment) -> Values:
    out = np.full(len(ask.profiles), YES, np.int8)
    for item in asked.includes_all:
        out = np.minimum(out, _given(ask, item))
    if asked.includes_any:
        some = np.full(len(ask.profiles), NO, np.int8)
        for item in asked.includes_any:
            some = np.maximum(some, _given(ask, item))
        out = np.minimum(out, some)
    return out


def _progression_after(ask: Evaluator, asked: c.ProgressionAfter) -> Values:
    lines, people = ask.profiles.lines, len(ask.profiles)
    drugs = drug_classes()

    def after(line: LineKind) -> bool | None:
        """Whether the line is one of those asked for; None where its drugs are not known."""
        if any(item == "systemic therapy" or drugs.given(item, line.drugs) for item in asked.any_of):
            return True
        return None if not line.drugs else False

    said = [(after(line), line.outcome) for line in lines.values]
    yes = lines.any(_flags(tuple(said), lambda s: s[0] is True and s[1] == "progression"), people)
    open_ = _flags(
        tuple(said), lambda s: (s[0] is not False) and (s[1] == "unknown" or (s[0] is None and s[1] == "progression"))
    )
    unknown = lines.any(open_, people)
    return three(yes, ~yes & ~unknown & ~ask.lines_open())


def _days_since(ask: Evaluator, asked: c.DaysSince) -> Values:
    people, edge = len(ask.profiles), ask.as_of.toordinal() - asked.below
    if asked.what == "radiotherapy":
        low, high = ask.profiles.radiotherapy.T
        return three(low > edge, (high <= edge))
    who, (low, high) = ask.profiles.lines.person, ask.profiles.line_end.T
    yes, open_ = np.zeros(people, np.bool_), ask.lines_open()
    yes[who[low > edge]] = True
    open_ = open_.copy()
    open_[who[(low <= edge) & (high > edge)]] = True
    return three(yes, ~yes & ~open_)


def last_days(profiles: Profiles, what: str) -> NDArray[np.int64]:
    """Latest known last day of a therapy for every profile, as a whole number; `NO_DAY` where none is known."""
    if what == "radiotherapy":
        low, high = profiles.radiotherapy.T
        return np.where((low == NO_DAY) & (high == ONGOING), NO_DAY, high)
    out = np.full(len(profiles), NO_DAY, np.int64)
    low, high = profiles.line_end.T
    known = ~((low == NO_DAY) & (high == ONGOING))
    np.maximum.at(out, profiles.lines.person[known], high[known])
    return out


def _alteration(ask: Evaluator, asked: c.Alteration) -> Values:
    found = ask.alterations.value(asked.question, tissue=asked.specimen == "tissue")
    return found if asked.is_ == "present" else (2 - found).astype(np.int8)


def _alteration_set(ask: Evaluator, asked: c.AlterationSet) -> Values:
    found = ask.alterations.set_value(asked.name, tissue=asked.specimen == "tissue")
    return found if asked.is_ == "present" else (2 - found).astype(np.int8)


def _confirmed_by(ask: Evaluator, asked: c.ConfirmedBy) -> Values:
    return ask.alterations.confirmed(asked.question, asked.assay, central=asked.central)


_HOW: dict[type, Callable[[Evaluator, Any], Values]] = {
    c.TumourType: _tumour_type,
    c.Histology: _histology,
    c.Stage: _stage,
    c.PrimarySide: _primary_side,
    c.Alteration: _alteration,
    c.AlterationSet: _alteration_set,
    c.Expression: _expression,
    c.Burden: _burden,
    c.Msi: _msi,
    c.PriorLines: _prior_lines,
    c.PriorTreatment: _prior_treatment,
    c.ProgressionAfter: _progression_after,
    c.DaysSince: _days_since,
    c.Age: partial(_number, name="age"),
    c.Ecog: partial(_number, name="ecog"),
    c.Measurable: _measurable,
    c.BrainMetastases: _brain,
    c.ConfirmedBy: _confirmed_by,
    c.Judgement: _judgement,
}
