"""A column that names a time to event: its times, or its status."""

from __future__ import annotations

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief, Confidence
from codon12.init.unread import unread_how
from codon12.init.values import Values
from codon12.init.vocabulary import (
    answers_in,
    beside_words,
    endpoint_of,
    parts_of,
    since_of,
    spoken_word,
    unit_of,
    without_unit,
    words,
    words_of,
)

__all__ = ["FOLLOW_UP", "endpoint_column", "without_follow_up"]

FOLLOW_UP = "FOLLOW_UP"
"""What a time of survival may be that a heading calls one of follow-up."""

_FEW = 12
_TIMES = ("days", "weeks", "months", "years")
_DAYS, _YEARS, _MONTHS = 400, 20, 200
_LONGEST = {"days": 14_610, "weeks": 2_087, "months": 480, "years": 40}
_THREE_DIGITS = 100


def endpoint_column(name: str, values: Values, unit: str | None) -> ColumnBelief | None:
    """Time or status of a time to event that the heading names."""
    code = endpoint_of(name)
    if code is None:
        return _follow_up(name, values, unit)
    parts = parts_of(name)
    few = values.distinct <= _FEW
    words_known = max(values.kinds.get(k, 0) for k in ("event", "dead", "code01", "yesno"))
    if few and words_known >= 0.9 and not (parts == {"time"} and values.numbers > 0.9):
        return _status(name, values, code, parts)
    if values.numbers >= 0.9 and "status" not in parts and (values.distinct > 2 or "time" in parts):
        return _time(name, values, code, unit, named="time" in parts)
    behind = _unit_behind(values, unit)
    if behind is not None and "status" not in parts:
        low, high = values.ended
        why = f"the heading names {code}, and its cells are numbers from {low:g} to {high:g} with {behind} behind"
        role, endings = f"{code}_TIME", values.endings
        return ColumnBelief(column=name, role=role, confidence="likely", why=why, unit=behind, endings=endings)
    how = unread_how(values.words) or "neither times nor words of a status"
    why = f"the heading names {code}, but the cells are {how}"
    return ColumnBelief(
        column=name, role=None, confidence="unsure", why=why, alternatives=(f"{code}_TIME", f"{code}_STATUS")
    )


def _follow_up(name: str, values: Values, unit: str | None) -> ColumnBelief | None:
    """Months of follow-up, of which survival may be made where a column says who died."""
    spoken = words(without_unit(name).casefold().replace("follow-up", "followup").replace("follow up", "followup"))
    own = [w for w in spoken if unit_of(f"x in {w}") is None and w not in beside_words("fillers", "length")]
    behind = _unit_behind(values, unit)
    unit = unit or behind
    if values.thousands is not None or unit not in _TIMES or not own or not set(own) <= beside_words("follow"):
        return None
    if (values.numbers < 0.9 and behind is None) or values.distinct <= _FEW or (values.low or 0) < 0:
        return None
    why = f"the heading says {unit} of follow-up; from which day they run is not said"
    return ColumnBelief(
        column=name,
        role="OS_TIME",
        confidence="likely",
        why=why,
        unit=unit,
        alternatives=(FOLLOW_UP,),
        endings=() if behind is None else values.endings,
    )


def _unit_behind(values: Values, unit: str | None) -> str | None:
    """Give the unit that stands behind the numbers of every cell; None where one has another, or none does."""
    if not values.endings:
        return None
    units = {
        "months" if e.strip(" .").lower() in ("m", "mo") else unit_of(f"x in {e.strip(' .')}") for e in values.endings
    }
    found = units.pop() if len(units) == 1 else None
    known = found if found in _TIMES else None
    return known if unit is None or unit not in _TIMES or unit == known else None


def without_follow_up(beliefs: list[tuple[ColumnBelief, Values]]) -> list[tuple[ColumnBelief, Values]]:
    """Take months of follow-up for survival only where no other column is."""
    named = any(b.role == "OS_TIME" and FOLLOW_UP not in b.alternatives for b, _ in beliefs)
    if not named:
        return beliefs
    return [
        (replace(b, confidence="unsure", why=f"{b.why}; another column names survival"), v)
        if FOLLOW_UP in b.alternatives
        else (b, v)
        for b, v in beliefs
    ]


def _time(name: str, values: Values, code: str, unit: str | None, *, named: bool) -> ColumnBelief:
    high = values.high or 0.0
    low = values.low or 0.0
    since = since_of(name) if code == "OS" else None
    confidence: Confidence = "sure" if (named or unit) and since is None else "likely"
    why = f"the heading names {code}, and its cells are numbers from {low:g} to {high:g}"
    said = unit
    if since == "later":
        why += "; they run from another day than the start"
        return ColumnBelief(column=name, role=f"{code}_TIME", confidence="unsure", why=why, unit=unit)
    if low < -1 or high <= 0:
        return ColumnBelief(column=name, role=f"{code}_TIME", confidence="unsure", why=f"{why}: no times of patients")
    if values.thousands is not None and (unit == "days" or high >= _THREE_DIGITS):
        doubt = f"'{values.thousands}' may be more than a thousand, or no whole number: write 1234"
        why = f"the heading names {code}, and {doubt}"
        confidence = "unsure"
    elif unit == "months" and values.whole and high > 300:
        why += ": months as the heading says would be more than 25 years; days?"
        confidence = "unsure"
    elif unit in _LONGEST and high > _LONGEST[unit]:
        why += f": {high:g} {unit} are more than 40 years; another unit, or a mark for missing?"
        confidence = "unsure"
    elif unit not in _TIMES:
        said = _looks_like(values) if without_unit(name) == name else None
        why += f"; the heading has no unit, and they look like {said}" if said else "; days or months is not said"
        confidence = "likely" if said else "unsure"
    return ColumnBelief(column=name, role=f"{code}_TIME", confidence=confidence, why=why, unit=said)


def _looks_like(values: Values) -> str | None:
    """Unit of times without one: whole numbers of some years are days, others above those of years are months."""
    high = values.high or 0.0
    if values.whole:
        return "days" if high > _DAYS else None
    return "months" if _YEARS < high <= _MONTHS else None


def _status(name: str, values: Values, code: str, parts: set[str]) -> ColumnBelief:
    known = words_of("event", "censored", "dead", "alive")
    yes = answers_in(values.words) | {"1": "yes", "0": "no", "1.0": "yes", "0.0": "no"}
    flip = "censor" in parts
    read: dict[str, str] = {}
    for word in values.words:
        said = spoken_word(word)
        if said in known:
            read[word] = "event" if known[said] in ("event", "dead") else "censored"
        elif said in yes:
            read[word] = "event" if (yes[said] == "yes") != flip else "censored"
    lacking = [w for w in values.words if w not in read]
    confidence: Confidence = "likely" if set(values.words) <= {"0", "1", "0.0", "1.0"} else "sure"
    why = f"the heading names {code}, and its cells are {', '.join(values.words[:5])}"
    if confidence == "likely":
        why += "; by convention " + ("1 says censored" if flip else "1 says that the event came")
    if lacking or "event" not in read.values():
        confidence = "unsure"
        why += "; which of them means an event is not clear"
    return ColumnBelief(column=name, role=f"{code}_STATUS", confidence=confidence, why=why, values=read)
