"""RECIST 1.1: lesions of a visit to its response, responses to the best one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from naive.events import new_therapy
from naive.lesions import Reading, family, is_node, readings, sizes, visits
from naive.records import EVALUATORS, Patient, may_be

WORSE = ("ND", "NE", "CR", "PR", "SD", "NON-CR/NON-PD", "PD")
BETTER = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND")
TOLD = ("UNEQUIVOCAL", "PRESENT", "ABSENT")
Points = list[tuple[dt.date, str]]


def targets(now: dict, gone: set[str], base: dict, nadir: int) -> str:
    """Response of the target lesions."""
    measured = {lesion: size for lesion, size in now.items() if size is not None}
    complete, total = set(measured) == set(base), sum(measured.values())  # one unknown at baseline counts in the sum
    if complete and gone == set(base):
        return "CR"
    if measured and total - nadir >= 50 and 5 * total >= 6 * nadir:
        return "PD"
    if not complete:
        return "NE"
    return "PR" if 10 * total <= 7 * sum(base.values()) else "SD"


def state(rows: list[Reading]) -> str:
    """State of one non-target lesion: the worst of its last day with one; absent beside not evaluable is absent."""
    told = [r for r in rows if r.state in TOLD]
    if not told:
        return "NE"
    last = max(r.day for r in told)
    words = [r.state for r in told if r.day == last]
    return next(word for word in ("UNEQUIVOCAL", "PRESENT", "ABSENT") if word in words)


def non_targets(visit: list[Reading], expected: set[str], first: dict[str, dt.date]) -> str:
    """Response of the non-target lesions; one without a record is not evaluated."""
    kinds = {r.lesion: family(r.lesion, first, first[r.lesion]) for r in visit if r.group == "NON-TARGET"}
    rows = {lesion: [r for r in visit if r.group == "NON-TARGET" and r.lesion == lesion] for lesion in kinds}
    words = []
    for lesion in expected | {p for _, parts in kinds.values() for p in parts}:
        over = [n for n, (kind, parts) in kinds.items() if kind == "merged" and lesion in parts]
        told = [r.day for n in over for r in rows[n] if r.state in TOLD]
        own = [r for r in rows.get(lesion, []) if not kinds[lesion][0] and not (told and r.day <= max(told))]
        pieces = [n for n, (kind, parts) in kinds.items() if kind == "fragment" and lesion in parts]
        mine = [state(rows[n]) for n in (*over, *pieces)] + ([state(own)] if own or not (over or pieces) else [])
        words.append(next(w for w in ("UNEQUIVOCAL", "PRESENT", "NE", "ABSENT") if w in mine))
    if "UNEQUIVOCAL" in words:
        return "PD"
    if "PRESENT" in words:
        return "NON-CR/NON-PD"
    return "NE" if "NE" in words else "CR"


def overall(target: str | None, other: str | None, *, new: bool) -> str:
    """RECIST 1.1, tables 1 and 2."""
    if new or "PD" in (target, other):
        return "PD"
    if target is None:
        return other or "NE"
    if target == "CR":
        return "CR" if other in (None, "CR") else "PR"
    return target


def from_lesions(patient: Patient, evaluator: str) -> list[tuple[dt.date, str, Reading]]:
    """Day and response of each visit with lesions, and one of its readings."""
    found = readings(patient, evaluator)
    until = max(d for d in (patient.start, patient.first_dose) if d)
    before = [r for r in found if r.day <= until]
    first = {r.lesion: min(x.day for x in found if x.lesion == r.lesion) for r in found}
    nodes = {lesion for lesion in first if is_node(patient, evaluator, found, lesion)}
    base: dict[str, int] = {}
    known: dict[str, str] = {}
    for r in sorted(found, key=lambda r: r.day):
        if r.group == "TARGET" and r.size is not None:
            known.setdefault(r.lesion, r.method)
    for visit in visits(before):
        base |= {k: v for k, v in sizes(visit, known, first, nodes)[0].items() if v is not None}
    expected = {r.lesion for r in before if r.group == "NON-TARGET"}
    late = expected and not base  # targets of later are non-target lesions then
    after = [as_other(r, nodes) if late and r.group == "TARGET" else r for r in found if r.day > until]
    definite = [r for r in after if r.group == "NEW" and r.state in ("UNEQUIVOCAL", "")]
    seen = [(visit, *sizes(visit, known, first, nodes), targets_day(visit)) for visit in visits(after)]
    sums = [(until, sum(base.values()))]
    sums += [
        (day, sum(now.values())) for _, now, _, day in seen if {k for k, v in now.items() if v is not None} == set(base)
    ]
    out, since = [], set()
    for visit, now, gone, day in seen:
        here = {r.lesion for r in visit if r.group == "NON-TARGET" and not family(r.lesion, first, first[r.lesion])[0]}
        target = targets(now, gone, base, min(total for d, total in sums if d < day)) if base else None
        other = non_targets(visit, expected | since | here, first) if expected else None
        since |= {n for n in here if state([r for r in visit if r.lesion == n]) in ("UNEQUIVOCAL", "PRESENT")}
        new = any(r.lesion == d.lesion and r.day <= d.day for r in visit for d in definite)  # equivocal until then
        out.append((min(r.day for r in visit), overall(target, other, new=new), visit[0]))
    return out


def as_other(r: Reading, nodes: set[str]) -> Reading:
    """A target lesion as a non-target lesion: seen, unless its size is none or that of a normal node."""
    gone = r.size is not None and (r.size < 100 if r.lesion in nodes else r.size == 0)
    told = "ABSENT" if gone else "PRESENT" if r.size is not None else r.state
    return replace(r, group="NON-TARGET", state=told)


def targets_day(visit: list[Reading]) -> dt.date:
    """The day of the first scan of a target lesion, else of the visit."""
    return min((r.day for r in visit if r.group == "TARGET"), default=min(r.day for r in visit))


def is_adjudicator(row: dict) -> bool:
    """Whether the row is the adjudicator's."""
    return "ADJUDICATOR" in (row["RSEVAL"], row["RSEVALID"])


def collected(patient: Patient, evaluator: str) -> list[tuple[dict, dt.date, str]]:
    """Row, day and response of RS: RECIST 1.1 alone, and of several readers the one that counts."""
    rows = [r for r in patient.rows["rs"]
            if EVALUATORS[r["RSEVAL"]] == evaluator and r["RSTESTCD"] == "OVRLRESP" and r["RSDTC"]
            and (r["RSSCAT"] or r["RSCAT"]) in ("RECIST 1.1", "") and r["RSACPTFL"] != "N"]  # fmt: skip
    out, chosen = [], {r["RSEVALID"] for r in rows if r["RSACPTFL"] == "Y"}
    for visit in {r["VISITNUM"] for r in rows}:
        mine = [r for r in rows if r["VISITNUM"] == visit]
        if any(r["RSACPTFL"] == "Y" for r in mine):
            mine = [r for r in mine if r["RSACPTFL"] == "Y"]
        elif any(r["RSEVALID"] in chosen for r in mine):  # open in the rules: the reader accepted at other visits
            mine = [r for r in mine if r["RSEVALID"] in chosen]
        elif any(is_adjudicator(r) for r in mine):
            mine = [r for r in mine if is_adjudicator(r)]
        elif len({r["RSEVALID"] for r in mine}) > 1 and len({r["RSSTRESC"] for r in mine}) > 1:
            continue
        elif len({r["RSEVALID"] for r in mine}) > 1:
            mine = [min(mine, key=lambda r: r["RSDTC"])]
        for r in mine:
            word = "ND" if r["RSSTAT"] == "NOT DONE" else r["RSSTRESC"] if r["RSSTRESC"] in BETTER else "NE"
            out.append((r, may_be(r["RSDTC"])[1], word))
    return out


def together(row: dict, day: dt.date, when: dt.date, scan: Reading) -> bool:
    """Whether a row of RS tells of a visit with lesions: one day, one number, or unscheduled and close in time.

    Open in the rules; choices: 21 days, twice as many under one number, any number where the day is not known.
    """
    apart = abs(day - when).days
    if row["VISITNUM"] == scan.visit and not scan.unscheduled:
        return len(row["RSDTC"]) < 10 or apart <= 42
    return apart == 0 or (scan.unscheduled and apart <= 21)


def points(patient: Patient, evaluator: str) -> Points:
    """Every time point: from lesions, else as collected; the worst of a day."""
    if patient.start is None:
        return []
    scans = from_lesions(patient, evaluator)
    out = [(day, word) for day, word, _ in scans]
    for row, day, word in collected(patient, evaluator):
        if not any(together(row, day, when, scan) for when, _, scan in scans):
            out.append((day, word))
    days = sorted({day for day, _ in out if day >= patient.start})
    return [(day, max((w for d, w in out if d == day), key=WORSE.index)) for day in days]


def confirmed(found: Points, i: int, *, complete: bool) -> bool:
    """Whether the response at place i is confirmed at the first later one of its kind, 28 days on or more."""
    right = ("CR",) if complete else ("CR", "PR")
    for j in range(i + 1, len(found)):
        if found[j][1] in right and (found[j][0] - found[i][0]).days >= 28:
            between = [word for _, word in found[i + 1 : j + 1]]
            if set(between) - {"CR", "NE"} - (set() if complete else {"PR"}) or between.count("NE") > 1:
                return False
            return complete or "CR" not in between or "PR" not in between[between.index("CR") :]
    return False


def counted(patient: Patient, found: Points) -> Points:
    """Up to the first progression, before new therapy."""
    therapy, out = new_therapy(patient), []
    for day, word in found:
        if therapy and day >= therapy:
            break
        out.append((day, word))
        if word == "PD":
            break
    return out


def best(patient: Patient, found: Points) -> dict:
    """Best overall response, and the confirmed one with the date of its response."""
    found = counted(patient, found)
    late = [(d, w if w not in ("SD", "NON-CR/NON-PD") or (d - patient.start).days >= 35 else "NE") for d, w in found]
    rank = lambda pair: (BETTER.index(pair[1]), pair[0])  # noqa: E731
    done = [pair for pair in late if pair[1] != "ND"]
    out = {"BOR": min(done, key=rank)[::-1] if done else ("MISSING", None), "CRSP": None}
    classes = []
    for i, (day, word) in enumerate(found):
        enough = (day - patient.start).days >= 35
        if word in ("CR", "PR"):
            if confirmed(found, i, complete=word == "CR"):
                classes.append((day, word))
                out["CRSP"] = min(out["CRSP"] or day, day)
            classes.append((day, "SD" if enough else "NE"))
        elif word in ("SD", "NON-CR/NON-PD"):
            classes.append((day, word if enough else "NE"))
        else:
            classes.append((day, word))
    out["CBOR"] = min(classes, key=rank)[::-1] if classes else ("MISSING", None)
    return out
