"""Medians against landmarks that are printed with their intervals, in text and tables.

The median lies where survival is a half; its interval is made of the times at which that of survival holds a half.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["medians_against_landmarks"]

_MOST_MARKS = 20
"""Most landmarks of one outcome that a median is compared with."""


def medians_against_landmarks(case: Case) -> None:
    """S(t) above 50 % puts the median after t, below 50 % before it."""
    marks: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind == "landmark" and s.quantities.outcome and s.quantities.at is not None:
            marks[s.quantities.outcome][_MOST_MARKS:] = []
            marks[s.quantities.outcome].append(s)
    values: dict[str, set[str]] = defaultdict(set)
    for s in case.statements:
        if s.kind == "median_ci" and s.quantities.outcome and s.quantities.value is not None:
            values[s.quantities.outcome].add(s.quantities.value.text)
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_ci", "median_only") or q.value is None or q.outcome not in marks or case.cites(s):
            continue
        if _is_follow_up(case, s):
            continue
        usable = [m for m in marks[q.outcome] if m.quantities.unit == q.unit]
        if not usable:
            continue
        late = [m for m in usable if _above(m) and q.value.high < _time(m)]
        early = [m for m in usable if _below(m) and q.value.low > _time(m)]
        wrong = [*late, *early]
        if not wrong:
            shown = ", ".join(f"S({float(_time(m)):g}) = {_share(m)} %" for m in usable[:3])
            sentence = f"Agrees with {shown}."
            method = "median bracketed by landmarks"
            case.relate("median/landmarks", (s, *usable[:3]), "ok", sentence, method, on=(s,))
        elif len(values[q.outcome]) == 1 and s.kind == "median_ci":
            mark = wrong[0]
            sentence = f"{_share(mark)} % at {float(_time(mark)):g} {q.unit} puts the median on the other side."
            case.relate("median/landmarks", (s, mark), "error-if", sentence, "median bracketed by landmarks", on=(s,))
    _limits_of_medians(case, marks)


def _is_follow_up(case: Case, s: Statement) -> bool:
    """Whether a median is of how long patients were seen, in a sentence that has their events too."""
    return "follow" in case.around(s, 30, 0)[0]


def _time(mark: Statement) -> Fraction:
    assert mark.quantities.at is not None
    return mark.quantities.at.value


def _share(mark: Statement) -> str:
    return "" if mark.quantities.percent is None else mark.quantities.percent.text


_ANOTHER_ARM = re.compile(r"\bnot (?:been )?reached (?:in|with|for|on)\b", re.IGNORECASE)
"""Of a sentence that has a median beside one that was not reached: of another arm, which has its landmark too."""


def _limits_of_medians(case: Case, marks: Mapping[str, Sequence[Statement]]) -> None:
    """Where the whole interval of S(t) is below 50 %, that of the median ends by t; where it is above, it begins there.

    The interval of a median is made of the times at which the interval of survival holds 50 %. Of several arms, each
    must have its landmark at that time, so that whichever belongs to the median says the same.

    Source: Brookmeyer and Crowley 1982.
    """
    medians: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        if s.kind == "median_ci" and s.quantities.outcome in marks and not case.cites(s) and not _is_follow_up(case, s):
            medians[s.quantities.outcome].append(s)
    for outcome, found in medians.items():
        arms = len({s.quantities.value for s in found}) + any(case.says(s, _ANOTHER_ARM) for s in found)
        at: dict[tuple[Fraction, str | None], list[Statement]] = defaultdict(list)
        for m in marks[outcome]:
            if m.quantities.at is not None and not case.cites(m):
                at[m.quantities.at.value, m.quantities.unit].append(m)
        for (time, unit), landmarks in at.items():
            if len({m.quantities.percent for m in landmarks}) < arms:
                continue
            for s in found:
                low, high = s.quantities.low, s.quantities.high
                late = all(_ends_below_half(m) for m in landmarks) and (
                    high.low > time if isinstance(high, Printed) else high is not None
                )
                early = isinstance(low, Printed) and low.high < time and all(_starts_above_half(m) for m in landmarks)
                if s.quantities.unit == unit and (late or early):
                    _limit_off(case, s, landmarks[0], "before" if late else "after")


def _limit_off(case: Case, s: Statement, mark: Statement, side: str) -> None:
    q = mark.quantities
    assert q.at is not None
    assert q.percent is not None
    shown = " to ".join(x.text for x in (q.low, q.high) if isinstance(x, Printed))
    which = "upper limit of the median lies" if side == "before" else "lower limit of the median lies"
    sentence = (
        f"{q.percent.text} % ({shown}) at {float(q.at.value):g} {q.unit}: of the same patients, the {which} {side} it."
    )
    case.relate("median/landmarks", (s, mark), "unlikely", sentence, "median bracketed by landmarks", on=(s,))


def _ends_below_half(m: Statement) -> bool:
    return isinstance(m.quantities.high, Printed) and m.quantities.high.high < 50


def _starts_above_half(m: Statement) -> bool:
    return isinstance(m.quantities.low, Printed) and m.quantities.low.low > 50


def _above(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.low > 50


def _below(m: Statement) -> bool:
    return m.quantities.percent is not None and m.quantities.percent.high_cut < 50
