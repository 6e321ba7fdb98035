"""Adverse events assigned to patients so that the table of worst grades comes out as printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DesignError
from codon12.simulate.adverse_terms import ALL_CAUSE, BACKGROUND, FATAL, LOW_RELATED, RELATED, SEVERE
from codon12.simulate.course import N
from codon12.simulate.followup import FollowUp

__all__ = ["Event", "adverse_events"]

_LOW, _SEVERE, _LIFE, _FATAL, _NONE = 2, 3, 4, 5, 0


@dataclass
class Event:
    """One adverse event before it gets its dates."""

    patient: int
    term: str
    grade: int
    related: bool
    action: str = "DOSE NOT CHANGED"


@dataclass
class _Roles:
    """Who may have what: index sets of patients."""

    worst: NDArray[np.int64]
    """Worst grade of any event: 0, 2 (grade 1 or 2), 3, 4, 5."""
    life: int
    """The patient with the related events of grade 4."""
    severe: NDArray[np.int64]
    """25 patients with a related grade 3 event: 8 hepatic, 5 with diarrhoea, 12 with one of the others."""
    low: NDArray[np.int64]
    """62 patients with related events of grade 1 or 2; the first 8 had their dose modified, the next 4 stopped."""
    stopped: NDArray[np.int64]
    """Four of `severe` that stopped for the related event."""
    unrelated_stop: NDArray[np.int64]


def adverse_events(
    follow: FollowUp, treated: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[list[Event], NDArray[np.int64]]:
    """Draw all events, and the 26 patients whose dose was reduced.

    125 patients had an event: worst grade 1 or 2 in 48, 3 in 53, 4 in 4, 5 in 20. Related to treatment: 88, with
    62, 25, 1 and none. Related and leading to dose modification: 28 (8 and 20); to discontinuation: 9 (4, 4, 1).
    """
    roles = _roles(follow, treated, rng)
    events = [
        Event(roles.life, "Pneumonitis", _LIFE, related=True, action="DRUG WITHDRAWN"),
        Event(roles.life, "Dyspnoea", _LIFE, related=True),
    ]
    events += _severe_related(roles)
    events += _low_related(roles, events, rng)
    events += _fatal(roles, follow, rng)
    events += _unrelated(roles, events, rng)
    reduced = _reduce(events, follow, rng)
    return events, reduced


def _roles(follow: FollowUp, treated: NDArray[np.bool_], rng: np.random.Generator) -> _Roles:
    fatal = follow.fatal_event
    stopped_ae = follow.reason == "ADVERSE EVENT"
    free = rng.permutation(np.flatnonzero(~fatal & ~stopped_ae))
    none = int(free[treated[free]][0])
    own = rng.permutation(np.flatnonzero(stopped_ae & ~fatal))
    dying = rng.permutation(np.flatnonzero(stopped_ae & fatal))
    if dying.size < 2 or own.size < 5:
        raise DesignError("too few patients stopped for an adverse event of their own; take another seed")
    unrelated_stop = dying[:2]
    others = np.concatenate([own[1:], dying[2:]])  # eight patients beside the one of grade 4
    worst = np.full(N, -1)
    worst[fatal], worst[none] = _FATAL, _NONE
    life = int(own[0])
    stop_severe, stop_low = others[-4:], others[:-4]
    worst[life] = _LIFE
    worst[stop_severe[worst[stop_severe] < 0]] = _SEVERE
    worst[stop_low[worst[stop_low] < 0]] = _LOW
    # Dose changes need time on treatment.
    long = follow.treatment_end >= 60
    open_ = rng.permutation(np.flatnonzero(worst < 0))
    open_ = np.concatenate([open_[long[open_]], open_[~long[open_]]])
    modified_severe, modified_low = open_[:20], open_[20:28]
    if not long[open_[:28]].all():
        raise DesignError("too few patients were treated long enough for a dose change; take another seed")
    worst[modified_severe], worst[modified_low] = _SEVERE, _LOW
    rest = rng.permutation(np.flatnonzero(worst < 0))
    counts = {g: int((worst == g).sum()) for g in (_LOW, _SEVERE, _LIFE)}
    grades = np.repeat([_LOW, _SEVERE, _LIFE], [48 - counts[_LOW], 53 - counts[_SEVERE], 4 - counts[_LIFE]])
    worst[rest] = grades
    taken = np.zeros(N, dtype=bool)
    taken[[life, none, *others, *unrelated_stop, *modified_severe, *modified_low]] = True
    pool = rng.permutation(np.flatnonzero(~taken))
    dies = pool[worst[pool] == _FATAL][:1]
    severe = np.concatenate([modified_severe, dies, stop_severe])
    low = np.concatenate([modified_low, stop_low, np.setdiff1d(pool, dies, assume_unique=True)])[:62]
    # A patient's first treatment days may be too few for any event that is blamed on it.
    return _Roles(worst, life, severe, low, stop_severe, unrelated_stop)


def _severe_related(roles: _Roles) -> list[Event]:
    """39 grade 3 events over 25 patients; in `severe` the first 20 had their dose modified, the last 4 stopped."""
    hepatic, bowel, single = roles.severe[:8], roles.severe[8:13], roles.severe[13:]
    who: dict[str, list[int]] = {
        "Alanine aminotransferase increased": list(hepatic),
        "Aspartate aminotransferase increased": list(hepatic[:7]),
        "Gamma-glutamyltransferase increased": list(hepatic[:3]),
        "Blood alkaline phosphatase increased": [hepatic[3]],
        "Transaminases abnormal": [hepatic[4]],
        "Liver function test increased": [hepatic[5]],
        "Hepatic function abnormal": [hepatic[7]],
        "Diarrhoea": list(bowel),
        "Drug-induced liver injury": [single[0], single[8]],
        "Hepatotoxicity": [single[1]],
        "Hypokalaemia": [single[2]],
        "Lymphocyte count decreased": [single[3]],
        "Lymphopenia": [single[4]],
        "Neutropenia": [single[5]],
        "Neutrophil count decreased": [single[6]],
        "Lipase increased": [single[7]],
        "Pneumonitis": [single[9]],
        "Drug hypersensitivity": [single[10]],
        "Cellulitis": [single[11]],
    }
    events = []
    modified, stopped = set(roles.severe[:20].tolist()), set(roles.stopped.tolist())
    for term, patients in who.items():
        for i in patients:
            action = "DOSE NOT CHANGED"
            if i in modified and term in _SEVERE_MODIFIED:
                action = "DRUG INTERRUPTED"
            if i in stopped:
                action = "DRUG WITHDRAWN"
            events.append(Event(int(i), term, _SEVERE, related=True, action=action))
    return events


_SEVERE_MODIFIED = frozenset(
    {
        "Alanine aminotransferase increased",
        "Aspartate aminotransferase increased",
        "Blood alkaline phosphatase increased",
        "Diarrhoea",
        "Drug-induced liver injury",
        "Hepatotoxicity",
        "Hypokalaemia",
        "Lymphocyte count decreased",
        "Lymphopenia",
        "Neutropenia",
        "Neutrophil count decreased",
        "Lipase increased",
    }
)
_LOW_MODIFIED = (
    ("Diarrhoea", (0, 1, 2, 3, 4)),
    ("Aspartate aminotransferase increased", (5, 6, 7)),
    ("Alanine aminotransferase increased", (5,)),
    ("Blood alkaline phosphatase increased", (6, 7)),
    ("Nausea", (0, 1, 2)),
)
"""Grade 1 or 2 events that led to dose modification, by place among the first 8 of `low`. With those of grade 3
diarrhoea and AST led to it in 10 patients each, ALT in 9, alkaline phosphatase and nausea in 3 each."""
_LOW_STOPPED = ("Nausea", "Fatigue", "Alanine aminotransferase increased", "Vomiting")


def _low_related(roles: _Roles, before: list[Event], rng: np.random.Generator) -> list[Event]:
    """The grade 1 or 2 events of each term: every one of the 62 has one, the others go to anyone related."""
    anyone = np.concatenate([roles.low, roles.severe, [roles.life]])
    had = {(e.patient, e.term) for e in before}
    # A term that is grade 1 or 2 here must not be the patient's grade 3 term too; HEPATIC terms exclude each other.
    events: list[Event] = []
    need = {term: low for term, (low, _, _) in RELATED.items()}

    def give(i: int, term: str, action: str = "DOSE NOT CHANGED") -> None:
        had.add((i, term))
        events.append(Event(int(i), term, int(rng.integers(1, 3)), related=True, action=action))

    for term, places in _LOW_MODIFIED:
        for k in places:
            give(int(roles.low[k]), term, "DRUG INTERRUPTED")
            need[term] -= 1
    for i, term in zip(roles.low[8:12], _LOW_STOPPED, strict=True):
        give(int(i), term, "DRUG WITHDRAWN")
        need[term] -= 1
    bare = list(rng.permutation(roles.low[12:]))
    slots = rng.permutation(np.repeat(np.array(list(need)), list(need.values())))
    for term in slots:
        choices = [bare.pop()] if bare else list(rng.permutation(anyone))
        give(int(next(i for i in choices if (int(i), str(term)) not in had)), str(term))
    for term, most in LOW_RELATED.items():
        for i in rng.choice(anyone, int(rng.integers(2, most + 1)), replace=False):
            give(int(i), term)
    return events


def _fatal(roles: _Roles, follow: FollowUp, rng: np.random.Generator) -> list[Event]:
    terms = rng.permutation(np.repeat(np.array(list(FATAL)), list(FATAL.values())))
    stop = set(roles.unrelated_stop.tolist())
    return [
        Event(int(i), str(t), _FATAL, related=False, action="DRUG WITHDRAWN" if i in stop else "NOT APPLICABLE")
        for i, t in zip(np.flatnonzero(follow.fatal_event), terms, strict=True)
    ]


def _unrelated(roles: _Roles, before: list[Event], rng: np.random.Generator) -> list[Event]:
    """Events of other causes: up to the printed all-cause counts, and whatever the worst grades still need."""
    events: list[Event] = []
    some = np.flatnonzero(roles.worst != _NONE)
    had = {(e.patient, e.term) for e in before}

    def give(i: int, term: str, grade: int) -> None:
        had.add((i, term))
        events.append(Event(i, term, grade, related=False))

    top = np.zeros(N, dtype=int)
    for e in before:
        top[e.patient] = max(top[e.patient], e.grade)
    severe_terms = rng.permutation(np.repeat(np.array(list(SEVERE)), list(SEVERE.values())))
    lives = iter(("Sepsis", "Pulmonary embolism", "Hyponatraemia"))
    needing = [i for i in some if roles.worst[i] == _SEVERE and top[i] < _SEVERE]
    for i, term in zip(needing, severe_terms[: len(needing)], strict=True):
        give(int(i), str(term), _SEVERE)
    for i in some:
        if roles.worst[i] == _LIFE and top[i] < _LIFE:
            give(int(i), next(lives), _LIFE)
    for term, wanted in ALL_CAUSE.items():
        have = {i for i, t in had if t == term}
        free = rng.permutation([i for i in some if i not in have])
        for i in free[: wanted - len(have)]:
            give(int(i), term, int(rng.integers(1, 3)))
    quiet = [i for i in some if top[i] == 0 and not any(p == i for p, _ in had)]
    for term, n in BACKGROUND.items():
        have = {i for i, t in had if t == term}
        first = [quiet.pop()] if quiet else []
        free = [*first, *(i for i in rng.permutation(some) if i not in have and i not in first)]
        for i in free[:n]:
            give(int(i), term, int(rng.integers(1, 3)))
    if quiet:
        raise DesignError("a patient was left without an adverse event; take another seed")
    return events


def _reduce(events: list[Event], follow: FollowUp, rng: np.random.Generator) -> NDArray[np.int64]:
    """26 dose reductions: 22 for related events, 4 for others."""
    modified = rng.permutation(sorted({e.patient for e in events if e.action == "DRUG INTERRUPTED"}))[:22]
    for i in modified:
        first = next(e for e in events if e.patient == i and e.action == "DRUG INTERRUPTED")
        first.action = "DOSE REDUCED"
    known = {e.patient for e in events if e.action in {"DRUG INTERRUPTED", "DOSE REDUCED", "DRUG WITHDRAWN"}}
    # On a day well inside treatment, by an event of another cause.
    other: dict[int, Event] = {}
    for e in events:
        if not e.related and e.grade in {2, 3} and e.patient not in known and follow.treatment_end[e.patient] >= 90:
            other.setdefault(e.patient, e)
    chosen = rng.permutation(sorted(other))[:4]
    for i in chosen:
        other[int(i)].action = "DOSE REDUCED"
    return np.sort(np.concatenate([modified, chosen]))
