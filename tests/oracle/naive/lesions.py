"""Lesions of a visit: which of several rows counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import combinations

from naive.records import EVALUATORS, Patient, may_be

APART = dt.timedelta(days=21)
NOT_MEASURED = ("NOT EVALUABLE", "NE", "NOT DONE")
NODES = ("LYMPH NODE",)


@dataclass
class Reading:
    """One row of TR, understood. `size` in tenths of a millimetre; `state` a word."""

    lesion: str
    group: str
    day: dt.date
    visit: str
    unscheduled: bool
    method: str
    axis: str
    size: int | None
    state: str
    recorded: str = ""
    """Name in the record, where the lesion merged across groups; visits are told apart by the names recorded."""

    @property
    def name(self) -> str:
        """Name as recorded."""
        return self.recorded or self.lesion


def tenths(text: str) -> int:
    """Millimetres as whole tenths, so that 14.0 -> 9.8 is exactly 30 percent."""
    return round(float(text) * 10)


def reading(row: dict) -> Reading | None:
    """A number beside NOT EVALUABLE is none; a text without a number is the state it says."""
    span = may_be(row["TRDTC"])
    if span is None:
        return None
    text, size, state = row["TRSTRESC"], None, ""
    if row["TRSTAT"] == "NOT DONE" or text in NOT_MEASURED:
        state = "NE"
    elif row["TRSTRESN"]:
        size = tenths(row["TRSTRESN"])
    elif row["TRGRPID"] == "TARGET" and text in ("TOO SMALL", "<5"):
        size = 50
    elif row["TRGRPID"] == "TARGET" and text == "ABSENT":
        size = 0
    else:
        state = text
    return Reading(row["TRLNKID"], row["TRGRPID"], span[0], row["VISITNUM"], "UNSCHEDULED" in row["VISIT"],
                   row["TRMETHOD"], row["TRTESTCD"], size, state)  # fmt: skip


def accepted(patient: Patient, rows: list[dict]) -> list[dict]:
    """Lesions of the reader whose rows are flagged, in TR or, where TR has no flag, in RS. N never counts."""
    rows = [r for r in rows if r["TRACPTFL"] != "N"]
    readers = {r["TREVALID"] for r in rows}
    if len(readers) < 2:
        return rows
    chosen = {r["TREVALID"] for r in rows if r["TRACPTFL"] == "Y"}
    chosen = chosen or {r["RSEVALID"] for r in patient.rows["rs"] if r["RSACPTFL"] == "Y"} & readers
    return [r for r in rows if r["TREVALID"] in chosen]


def readings(patient: Patient, evaluator: str) -> list[Reading]:
    """Every dated row of one evaluator."""
    rows = [r for r in patient.rows["tr"] if EVALUATORS[r["TREVAL"]] == evaluator]
    found = [reading(r) for r in accepted(patient, rows)]
    return across_groups([r for r in found if r is not None])


def across_groups(found: list[Reading]) -> list[Reading]:
    """Readings of lesions that merged across groups, or are recorded in a group that their parts were not of.

    The longest diameter is that of the targets among the parts; the others are seen as long as the merged lesion is.
    """
    first = {r.lesion: min(x.day for x in found if x.lesion == r.lesion) for r in found}
    group = {r.lesion: r.group for r in sorted(found, key=lambda r: r.day, reverse=True) if r.group != "NEW"}
    out = []
    for r in found:
        kind, parts = family(r.lesion, first, first[r.lesion])
        groups = {group[p] for p in parts if p in group}
        if kind != "merged" or not groups or (groups == {r.group} and all(p in group for p in parts)):
            out.append(r)
            continue
        if r.group == "NEW":
            out.append(r)
        for one in sorted(groups):
            name = "/".join(p for p in parts if group.get(p) == one)
            seen = r.state if r.size is None else ("PRESENT" if r.size else "ABSENT")
            size = r.size if r.size is not None or r.state != "ABSENT" else 0
            out.append(replace(r, lesion=name, recorded=r.lesion, group=one, size=size if one == "TARGET" else None,
                               state=("" if size is not None else r.state) if one == "TARGET" else seen))  # fmt: skip
    return out


def visits(found: list[Reading]) -> list[list[Reading]]:
    """Scans close in time: rows of one number, cut where they lie too far apart, or are unscheduled and come again.

    What two numbers scanned on one day is one visit, unless a lesion stands in both on different days.
    """
    out = []
    for number in {r.visit for r in found}:
        current: list[Reading] = []
        mine = [r for r in found if r.visit == number]
        for day in sorted({r.day for r in mine}):
            today = [r for r in mine if r.day == day]
            far = bool(current) and day - current[0].day > APART
            again = any(t.unscheduled and c.name == t.name for t in today for c in current)
            if far or again:
                out.append(current)
                current = []
            current = current + today
        out.append(current)
    out.sort(key=lambda visit: (min(r.day for r in visit), visit[0].visit))
    while (pair := next((p for p in combinations(out, 2) if one_visit(*p)), None)) is not None:
        out = [v for v in out if v is not pair[0] and v is not pair[1]] + [pair[0] + pair[1]]
        out.sort(key=lambda visit: (min(r.day for r in visit), visit[0].visit))
    return out


def one_visit(one: list[Reading], two: list[Reading]) -> bool:
    """Whether two numbers have a day in common and could be one visit."""
    days = {r.day for r in one + two}
    apart = any(a.name == b.name and a.day != b.day for a in one for b in two)
    return bool({r.day for r in one} & {r.day for r in two}) and not apart and max(days) - min(days) <= APART


def one_size(rows: list[Reading], method: str | None) -> tuple[int | None, str]:
    """The size of one lesion at one visit: the method of baseline, then the last day, then the larger.

    Without a size: the state of the rows.
    """
    # a state by another method, or of another day, says nothing of the size
    lost = {(r.method, r.day, r.visit) for r in rows if r.state == "NE" and r.axis == "TUMSTATE"}
    sized = [r for r in rows if r.size is not None and (r.method, r.day, r.visit) not in lost]
    if not sized:
        return None, "PRESENT" if any(r.state == "PRESENT" for r in rows) else "NE"
    if len({r.method for r in sized}) > 1:
        same = [r for r in sized if r.method == method]
        if not same:
            return max(r.size for r in sized), ""
        sized = same
    last = max(r.day for r in sized)
    return max(r.size for r in sized if r.day == last), ""


def family(name: str, known: dict[str, dt.date], day: dt.date) -> tuple[str, list[str]]:
    """Whether a name first used on a day is a fragment or merged lesion of such as were known before, and of which."""
    parts = [p.strip() for p in name.replace("+", "/").split("/")]
    if len(parts) > 1:
        return ("merged", parts) if all(p in known and known[p] < day for p in parts) else ("", [name])
    whole = name.rsplit(".", 1)[0]
    if whole != name and whole in known and known[whole] < day:
        return "fragment", [whole]
    return "", [name]


def sizes(
    visit: list[Reading], known: dict[str, str], first: dict[str, dt.date], nodes: set[str]
) -> tuple[dict[str, int | None], set[str]]:
    """Size of each target lesion of a visit, and which of them are gone or normal.

    Fragments add up, a merged lesion stands for all its parts; what counts beside them is the later record.

    `known` has the method of each lesion's first measurement, `first` the day it was first recorded.
    """
    rows: dict[str, list[Reading]] = {}
    for r in visit:
        if r.group == "TARGET":
            rows.setdefault(r.lesion, []).append(r)
    kinds = {name: family(name, first, first[name]) for name in rows}
    size = {name: one_size(mine, known.get(name))[0] for name, mine in rows.items()}
    for name, (kind, parts) in kinds.items():  # the diameter of what it is: short axis of nodes, else the longest
        if kind == "merged":
            axis = "LPERP" if set(parts) <= nodes else "LDIAM"
            size[name] = one_size([r for r in rows[name] if r.axis == axis], known.get(name))[0]
    # the day of the record that gave the size, or of the last record
    day = {name: size_day(mine, known.get(name)) for name, mine in rows.items()}
    alone = {name for name, (kind, _) in kinds.items() if not kind}
    merged = {name for name, (kind, _) in kinds.items() if kind == "merged"}
    undone = {m for m in merged if any(
        p in alone and size[p] is not None and size[m] is not None and day[p] > day[m] for p in kinds[m][1])}  # fmt: skip
    out: dict[str, int | None] = {}
    gone: set[str] = set()

    def put(lesion: str, names: list[str], total: int | None, *, node: bool) -> None:
        out[lesion] = total
        if total is not None and all(size[n] < 100 if node else size[n] == 0 for n in names):
            gone.add(lesion)

    for lesion in {p for _, parts in kinds.values() for p in parts}:
        over = [m for m in merged if lesion in kinds[m][1] and m not in undone]
        pieces = [n for n, (kind, parts) in kinds.items() if kind == "fragment" and lesion in parts]
        own = lesion if lesion in alone else None
        sized = [m for m in over if size[m] is not None]
        if sized:
            m = sized[0]
            put(lesion, [m], size[m] if kinds[m][1][0] == lesion else 0, node=all(p in nodes for p in kinds[m][1]))
        elif pieces and not (own and size[own] is not None and day[own] > max(day[p] for p in pieces)):
            whole = [size[p] for p in pieces]
            if len(pieces) == 1 and own:
                pieces, whole = [*pieces, own], [*whole, size[own]]
            if None in whole and len(pieces) > 1 and own and own not in pieces and size[own] is not None:
                put(lesion, [own], size[own], node=lesion in nodes)
            else:
                put(lesion, pieces, None if None in whole else sum(whole), node=lesion in nodes)
        elif own:
            put(lesion, [own], size[own], node=lesion in nodes)
        elif over:
            out[lesion] = None
    return out, gone


def size_day(rows: list[Reading], method: str | None) -> dt.date:
    """Day of the measurement that counts, else of the last record."""
    total = one_size(rows, method)[0]
    same = [r for r in rows if r.size == total and total is not None]
    return max(r.day for r in (same or rows))


def is_node(patient: Patient, evaluator: str, found: list[Reading], lesion: str) -> bool:
    """A lymph node by its place, or by a short axis and never another diameter."""
    places = {r["TULOC"] for r in patient.rows["tu"] if r["TULNKID"] == lesion and EVALUATORS[r["TUEVAL"]] == evaluator}
    axes = {r.axis for r in found if r.lesion == lesion and r.axis != "TUMSTATE"}
    return bool(places & set(NODES)) or axes == {"LPERP"}
