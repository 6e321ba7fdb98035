"""Tumour response over time by central review: when it starts, when it ends, and how.

A patient's course is a response class, a day of first response, and a progression-free time that ends with
progression at a visit, with death, or with the last scan. Days are study days: day 1 is the first dose.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from codon12.simulate.annealing import MONTH, anneal, curve, miss
from codon12.survival.published.event_orders import PrintedLandmark, event_strings

__all__ = ["CLASSES", "VISITS", "Course", "N", "central_course"]

N = 126
VISITS = np.array([43, 85, 127, 169, 211, 253, 295, 337, 421, 505])
"""Nominal study days of the scans: every 6 weeks to week 48, every 12 weeks after (an assumption)."""
WEEKS = np.array([6, 12, 18, 24, 30, 36, 42, 48, 60, 72])
CLASSES = {"RESPONSE": 46, "SD": 54, "PD": 20, "NE": 2, "MISSING": 2, "NOT MEASURABLE": 2}
"""Groups of patients by central review, in this order in every array."""

_DOR = [
    PrintedLandmark(estimate="90.5", lower="76.7", upper="96.3"),
    PrintedLandmark(estimate="70.8", lower="54.3", upper="82.2"),
    PrintedLandmark(estimate="57.3", lower="40.4", upper="71.0"),
]
_PFS = ((6, ("52.2", "42.6", "60.9")), (9, ("37.5", "28.4", "46.5")))
_ONGOING_RESPONDERS, _ONGOING_STABLE = 16, 4
_PD, _DEATH, _LEFT = 0, 1, 2


@dataclass
class Course:
    """Arrays over the 126 patients, in the order of CLASSES."""

    group: NDArray[np.str_]
    complete: NDArray[np.bool_]
    """Complete response by central review."""
    response: NDArray[np.int64]
    """Day of the first response; 0 where there is none."""
    pfs: NDArray[np.int64]
    """Day of progression, death or last scan."""
    end: NDArray[np.str_]
    """``PD``, ``DEATH``, ``CENSORED`` (stopped without progression) or ``ONGOING`` (treated at the cut-off)."""
    earliest: NDArray[np.int64]
    """Days from start to cut-off that the course needs at least."""
    latest: NDArray[np.int64]
    """Days from start to cut-off that the course allows at most."""
    extra: dict[str, NDArray] = field(default_factory=dict)


def central_course(rng: np.random.Generator) -> Course:
    """Draw a course that gives the printed response, duration and progression-free numbers."""
    group = np.repeat(np.array(list(CLASSES)), list(CLASSES.values()))
    course = Course(
        group,
        np.zeros(N, dtype=bool),
        np.zeros(N, dtype=np.int64),
        np.zeros(N, dtype=np.int64),
        np.full(N, "CENSORED", dtype="U8"),
        np.full(N, 404, dtype=np.int64),
        np.full(N, 580, dtype=np.int64),
    )
    _responders(course, rng)
    _fixed_others(course, rng)
    _stable(course, rng)
    return course


def _first_response(rng: np.random.Generator) -> NDArray[np.int64]:
    """33 first responses at week 6 and 13 later, median 1.4 and range 1.2 to 10.1 months."""
    while True:
        first = np.clip(np.rint(rng.normal(42.6, 2.4, 33)), 37, 50).astype(int)
        first[0] = rng.integers(36, 39)
        late = np.repeat([85, 127, 169], [8, 3, 1]) + rng.integers(-3, 4, 12)
        days = np.concatenate([first, late, [rng.integers(306, 309)]])
        if not (miss(float(np.median(days)), "1.4", unit=MONTH) or miss(days.min(), "1.2", unit=MONTH)):
            return days


def _slots(text: str, rng: np.random.Generator) -> list[tuple[int, str]]:
    """Days of response duration for the letters of an order of events and censorings, increasing.

    The slots are multiples of six weeks, so that an end of response falls on a scan. Events 1 to 4 lie before 3
    months, 5 to 12 before 6, 13 to 17 before 9 with the 14th at 6.9 months; the 20th is at 11.1 months.
    """
    slot_of = {0: 43, **dict.fromkeys(range(1, 5), 85), **dict.fromkeys(range(5, 9), 127)}
    slot_of |= dict.fromkeys(range(9, 13), 169) | {13: 208, 14: 210} | dict.fromkeys((15, 16, 17), 253)
    slot_of |= {18: 294, 19: 298, 20: 338, 21: 379}
    events = 0
    nominal = []
    for letter in text:
        events += letter == "E"
        nominal.append(slot_of[events])
    days: list[tuple[int, str]] = []
    for slot in sorted(set(nominal)):
        letters = [x for x, s in zip(text, nominal, strict=True) if s == slot]
        width = 0 if slot in {208, 210, 338} else 5
        room = np.arange(max(slot - width, days[-1][0] + 1 if days else 0), slot + max(width, 1) + len(letters))
        if slot in {208, 210, 338}:
            picked = room[: len(letters)]
        else:
            picked = np.sort(rng.choice(room[: max(len(letters), 11)], len(letters), replace=False))
        days += [(int(d), x) for d, x in zip(picked, letters, strict=True)]
    return days


def _responders(course: Course, rng: np.random.Generator) -> None:
    strings = [s.text for s in event_strings(46, _DOR)]
    while True:
        text = strings[rng.integers(len(strings))]
        ended = 46 - _ONGOING_RESPONDERS - len(text)
        days = _slots(text + "EEEEC"[:ended], rng)
        response = _first_response(rng)
        laid = _lay(days, response, rng)
        if laid is None:
            continue
        order, duration, end = laid
        # Ongoing responses last to the last scan, which the start date decides: any long time stands in.
        dor = np.where(end == "ONGOING", 400, duration)
        if _duration_misses(dor, end == "PD") == 0:
            break
    course.response[:46] = response[order]
    course.pfs[:46] = response[order] + duration - 1
    course.end[:46] = end
    ongoing = end == "ONGOING"
    late = response[order] > 60
    # Scans run to week 60 where the response began at week 6, to week 72 where later.
    course.earliest[:46] = np.where(ongoing, np.where(late, 505 + 9, 421 + 9), course.pfs[:46] + 5)
    course.latest[:46] = np.where(ongoing, 542, 580)
    long = np.flatnonzero(~late & (ongoing | (duration > 200)) & (end != "CENSORED"))
    complete = rng.choice(long[ongoing[long]], 3, replace=False)
    course.complete[complete] = True
    course.complete[rng.choice(long[~ongoing[long]], 1)] = True


def _lay(
    days: list[tuple[int, str]], response: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.str_]] | None:
    """Give each duration to a responder for whom it ends on a scan; None where the draw does not work out."""
    free = list(rng.permutation(46))
    late = [i for i in free if response[i] > 60]
    order, duration, end = [], [], []
    stay = [i for i in late if response[i] < 100][:3] + [i for i in late if 100 < response[i] < 140][:1]
    rest = [i for i in late if i not in stay]
    wants = [int(i) for i in rest]
    # The late responders that ended take, in turn, a random duration that ends on a scan of theirs.
    taken: dict[int, int] = {}
    for i in sorted(wants, key=lambda i: -response[i]):
        fits = [k for k, (d, _) in enumerate(days) if k not in taken and _on_scan(response[i] + d - 1)]
        if not fits:
            return None
        special = [k for k in fits if 330 < days[k][0] < 345]
        taken[special[0] if special and response[i] < 100 else int(rng.choice(fits))] = i
    early = iter([int(i) for i in free if response[i] <= 60])
    for k, (d, letter) in enumerate(days):
        i = taken.get(k)
        if i is None:
            i = next(early)
            if not _on_scan(response[i] + d - 1):
                return None
        order.append(i)
        duration.append(d)
        end.append("PD" if letter == "E" else "CENSORED")
    rest_ongoing = [*early, *(int(i) for i in stay)]
    order += rest_ongoing
    duration += [0] * len(rest_ongoing)
    end += ["ONGOING"] * len(rest_ongoing)
    return np.array(order), np.array(duration), np.array(end, dtype="U8")


def _on_scan(day: int) -> bool:
    """Whether a scan can fall on this day: within 11 days of a nominal one."""
    return bool(np.abs(VISITS - day).min() <= 11)


def _duration_misses(days: NDArray, event: NDArray[np.bool_]) -> float:
    k = curve(days, event)
    total = sum(
        miss(value, text)
        for month, box in zip((3, 6, 9), _DOR, strict=True)
        for value, text in zip(k.at(month * MONTH), (box.estimate, box.lower, box.upper), strict=True)
        if text is not None
    )
    return total + sum(miss(v, p, unit=MONTH) for v, p in zip(k.median(), ("11.1", "6.9", "NE"), strict=True))


def _fixed_others(course: Course, rng: np.random.Generator) -> None:
    """Progression at the first scan; early scans; no scans; no measurable disease."""
    pd = np.flatnonzero(course.group == "PD")
    course.pfs[pd] = np.clip(np.rint(rng.normal(42, 3, pd.size)), 36, 50)
    course.end[pd] = "PD"
    early = np.flatnonzero(course.group == "NE")
    course.pfs[early], course.end[early] = [48, 29], ["DEATH", "CENSORED"]
    missing = np.flatnonzero(course.group == "MISSING")
    course.pfs[missing], course.end[missing] = [33, 55], ["DEATH", "DEATH"]
    without = np.flatnonzero(course.group == "NOT MEASURABLE")
    course.pfs[without], course.end[without] = [0, 169], ["ONGOING", "PD"]
    course.earliest[without[0]], course.latest[without[0]] = 410, 542


def _stable(course: Course, rng: np.random.Generator) -> None:
    """Progression-free times of the patients with stable disease, by annealing to the printed numbers."""
    stable = np.flatnonzero(course.group == "SD")
    course.end[stable[:_ONGOING_STABLE]] = "ONGOING"
    course.earliest[stable[:_ONGOING_STABLE]], course.latest[stable[:_ONGOING_STABLE]] = 430, 542
    open_ = stable[_ONGOING_STABLE:]
    evaluable = course.group != "NOT MEASURABLE"
    time = np.where(course.end == "ONGOING", 430, course.pfs)
    event = np.isin(course.end, ["PD", "DEATH"])

    def draw(kind: int) -> int:
        if kind == _DEATH:
            return int(rng.integers(70, 330))
        return int(VISITS[rng.integers(int(kind == _PD), 9 - int(kind == _LEFT))] + rng.integers(-6, 7))

    def cost(state: tuple[NDArray, NDArray]) -> float:
        days, kinds = state
        time[open_], event[open_] = days, kinds != _LEFT
        k = curve(time[evaluable], event[evaluable])
        total = sum(miss(v, p) for month, texts in _PFS for v, p in zip(k.at(month * MONTH), texts, strict=True))
        total += sum(miss(v, p, unit=MONTH, weight=3) for v, p in zip(k.median(), ("6.8", "5.1", "8.2"), strict=True))
        many = np.bincount(kinds, minlength=3)
        return total + max(0, many[_DEATH] - 6) + max(0, 3 - many[_DEATH]) + max(0, many[_LEFT] - 18)

    def propose(state: tuple[NDArray, NDArray]) -> tuple[NDArray, NDArray]:
        days, kinds = state[0].copy(), state[1].copy()
        left = np.flatnonzero(kinds == _LEFT)
        if left.size and rng.random() < 0.5:
            i = left[rng.integers(left.size)]
            if rng.random() < 0.7:  # shifts the curve least: the fine adjustment
                days[i] = draw(_LEFT)
                return days, kinds
            # One who left progresses, another leaves: as many events, elsewhere.
            k = rng.integers(open_.size)
            kinds[i], kinds[k] = kinds[k], _LEFT
            days[i], days[k] = draw(int(kinds[i])), draw(_LEFT)
            return days, kinds
        i = rng.integers(open_.size)
        if rng.random() < 0.5:
            kinds[i] = (_PD, _PD, _PD, _DEATH, _LEFT)[rng.integers(5)]
            days[i] = draw(kinds[i])
        elif kinds[i] == _DEATH:
            days[i] = min(330, max(70, days[i] + rng.integers(-20, 21)))
        else:
            days[i] = VISITS[np.abs(VISITS - days[i]).argmin()] + rng.integers(-6, 7)
        return days, kinds

    kinds = np.repeat([_PD, _DEATH, _LEFT], [33, 4, open_.size - 37])
    start = (np.array([draw(int(x)) for x in kinds]), kinds)
    days, kinds = anneal(start, propose, cost, rng, steps=8_000, heat=0.5, rounds=2, what="progression-free survival")
    kinds = np.array(["PD", "DEATH", "CENSORED"], dtype="U8")[kinds]
    course.pfs[open_], course.end[open_] = days, kinds
    course.earliest[open_] = np.maximum(404, days + 5)
