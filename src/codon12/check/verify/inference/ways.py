"""Which way a value went from one to another against the verb, and the change in percent in a bracket behind it.

`the rate of stroke was reduced from 5.1% to 8.4%`; `fell from 84 mm to 53 mm (-27%)`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.prose import NUMBER, compared, follows, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_ways"]

_TURNS = "became|becom(?:es|ing)|grew|got|getting|turned|been|was|were"
_BY = "(?:much|significantly|markedly|steadily|progressively|gradually|somewhat|slightly|ever|increasingly|clearly) "
_OFTEN = "(?:common|frequent|prevalent|usual|likely|widespread)"
_VERB = re.compile(
    rf"\b(?:(?P<down>(?:{_TURNS}) (?:{_BY}){{0,2}}(?:rarer|less {_OFTEN}|rare|scarcer|lower|smaller|shorter|fewer)|"
    rf"fell|falling|dropping|declining|decreasing|dropped|declin(?:ed|es)|decreas(?:ed|es)|reduc(?:ed|es)|lower(?:ed|"
    rf"s)|shrank|cut|shortened|"
    r"dwindled|diminished|went down|plummeted|halved)|"
    rf"(?P<up>(?:{_TURNS}) (?:{_BY}){{0,2}}(?:commoner|more {_OFTEN}|higher|larger|longer|greater|common)|rose|rising|"
    rf"climbing|increas(?:ed|es|ing)|grew|climbed|went up|raised|doubled|tripled|soared|lengthened|extended|prolonged|"
    r"(?:was|were) elevated)|(?P<better>improv(?:ed|es)|got better)|(?P<worse>worsen(?:ed|s)|deteriorat(?:ed|es)|got "
    r"worse))\b",
    re.IGNORECASE,
)
_OF_HARM = re.compile(
    r"\b(?:mortality|deaths?|complications?|relapses?|recurrences?|infections?|readmissions?|failures?|toxicity|"
    r"delays?|losses|dropout|bleeding|stillbirths?|amputations?)\b",
    re.IGNORECASE,
)
_OF_GOOD = re.compile(
    r"\b(?:survival|adherence|coverage|uptake|attendance|completion|cure|continence|detection|compliance|participation|"
    r"response rates?|remission rates?|ejection fraction|sensitivity|specificity|accuracy|AUC|recall|agreement)\b",
    re.IGNORECASE,
)
"""What is better the less, or the more, there is of it."""
_ABOUT = r"(?:a (?:mean|median|rate|baseline)(?: [a-z]+)? (?:of )?|about |approximately )?"
_FROM_TO = re.compile(
    rf"from {_ABOUT}(?P<s>[-$€£])?(?P<a>{NUMBER})(?P<u>(?: ?(?!to\b)(?:%|[a-zA-Zµμ]+(?:/[a-zA-Z0-9]+)*))?)"
    rf"(?: ?[(\[][^()\[\];%]{{1,40}}[)\]])?(?: (?!to\b|and\b)[^\s.;]+){{0,6}}? to {_ABOUT}(?P<t>[-$€£])?(?P<b>{NUMBER})"
    rf"(?P<v>(?: ?(?:%|(?!per\b)[a-zA-Zµμ/]+))?)(?![\d.,]*\d)"
    rf"(?P<per> per 1[\d,]+)?(?: ?\((?P<sign>[+-])(?P<d>\d+(?:\.\d+)?) ?%\))?",
)
_TURNED = re.compile(
    r"\b(?:not|no|nor|never|neither|without|by \d|but|whereas|while|although|versus|vs|than|age|range[sd]?|between|"
    r"tier|stage|grade|class|"
    r"level|dose|week|day|month|threshold|interval|quartile|time to|days to|order|rank\w*|p-values?)\b",
    re.IGNORECASE,
)
"""Words between the verb and the values, or in either, by which the verb may be of something else."""
_NEVER = re.compile(r"\b(?:not|never|nobody|doses?|dosage|level|tier|titrat\w*)\b", re.IGNORECASE)
_RIGHT_BEHIND = re.compile(r"(?: further| [a-z]+ly)?,? \(?")
_TIME = re.compile(r"(?:days?|weeks?|months?|min(?:utes)?|hours?|h|years?)")
_POWER = re.compile(r" ?[×x] ?10")
_OF_RANGES = re.compile(r" ?(?:to|-) ?\d")
_RANGING = re.compile(r"\brang(?:ing|ed|es)\b")
_OF_AGE = re.compile(r" (?:of age|old|after|later|post)")
_A_CLOCK = re.compile(r"(?:am|pm|h|hrs|baseline|admission)", re.IGNORECASE)
_PER_TIME = re.compile(r"^ ?(?:per|in|of|/) ?\d")
_YEARS = (1900, 2100)
_BY_DOING = re.compile(r"\b(?:by|on|when|upon|after) [a-z]+ing (?:[a-z-]+ ){0,4}$")
"""Before the values of what was done to it: `damage was increased by changing from 5 to 2 fractions`."""
_SCALES = frozenset(("thousand", "million", "billion", "k", "m", "bn"))
"""Of numbers written short: `from 168 thousand to 1.2 million`."""
_NEAR = 70


def check_ways(case: Case) -> None:
    """Check values that fell or rose from one to another, where a sentence has one such pair."""
    found = [(bisect_right(case.begins, m.start()) - 1, m) for m in _FROM_TO.finditer(case.flat)]
    pairs = Counter(k for k, _ in found)
    for k, m in found:
        if k < 0:
            continue  # before the first passage
        p = case.text.passages[k]
        if p.table is None and m.end() <= p.end and not is_cited(case.flat[p.start : p.end]):
            _way(case, p, m, alone=pairs[k] == 1)
            if m["d"]:
                _by_percent(case, p, m)


def _way(case: Case, p: Passage, m: re.Match[str], *, alone: bool) -> None:
    begin = max((x.end() for x in re.finditer(r"[;:,] |\(", case.flat[p.start : m.start()])), default=0) + p.start
    if begin == m.start() and begin > p.start:  # `became rarer over the years, from 9% to 5%`
        begin = max((x.end() for x in re.finditer(r"[;:,] |\(", case.flat[p.start : begin - 1])), default=0) + p.start
    verbs = list(_VERB.finditer(case.flat, begin, m.start()))
    beside = bool(verbs) and _RIGHT_BEHIND.fullmatch(case.flat, verbs[-1].end(), m.start()) is not None
    a, b = read_printed(m["a"]), read_printed(m["b"])
    unit, other = m["u"].strip(), m["v"].strip()
    if not beside and (not alone or len(verbs) != 1 or m.start() - verbs[0].end() > _NEAR):
        return
    if _NEVER.search(case.flat, begin, min(p.end, m.end() + _NEAR // 2)):
        return
    if not beside and _TURNED.search(case.flat, begin, m.end()):
        return
    if m["s"] or m["t"] or a.value == b.value or a.low <= 0 or b.low <= 0 or _A_CLOCK.fullmatch(unit):
        return
    if unit != other and "%" in unit + other and unit and "%" not in unit:
        return
    if unit and unit.rstrip("s") != other.rstrip("s") and _TIME.fullmatch(unit) and _TIME.fullmatch(other):
        return  # from 30 min to 8 h
    if _BY_DOING.search(case.flat, begin, m.start()):
        return
    if unit != other and _SCALES & {unit.lower(), other.lower()}:
        return
    if all(not x.digits and _YEARS[0] <= x.value <= _YEARS[1] for x in (a, b)):
        return
    given = case.text.normal.given[slice(*case.text.normal.span(m.end("a"), m.start("b")))]
    if _OF_RANGES.match(case.flat, m.end("b")) or "to" not in given:
        return  # from 0.04-0.24 to 0.10-0.14
    if _POWER.match(case.flat, m.end("a")) or _RANGING.search(case.flat, begin, m.start("a")):
        return
    if _TIME.fullmatch(other) and ((not unit and not a.digits) or _OF_AGE.match(case.flat, m.end("v"))):
        return  # from 6 to 14 years of age
    falls, verb = b.value < a.value, verbs[-1]
    down = _goes_down(case, verb, begin)
    if down is None or falls == down or (unit and _PER_TIME.search(case.flat, m.end("v"), m.end("v") + 20)):
        return
    places = [m.span("a"), m.span("b")]
    if not any(compared(case, x, "direction", "difference", "derived", "landmark") for x in places):
        sentence = f"“{verb[0]}” is said of {a.text} to {b.text}, which is {'less' if falls else 'more'}."
        judge(case, p, "direction", places, "unlikely", sentence, "order of two values")


def _goes_down(case: Case, verb: re.Match[str], begin: int) -> bool | None:
    """Whether a verb says that there is less; of what became better or worse its subject tells, or nothing does."""
    if not (verb["better"] or verb["worse"]):
        return verb["down"] is not None
    harm, good = (x.search(case.flat, begin, verb.start()) is not None for x in (_OF_HARM, _OF_GOOD))
    return None if harm == good else harm == (verb["better"] is not None)


_FITTED = re.compile(r"adjust|estimat|model|mean difference|weighted|least[- ]squares", re.IGNORECASE)


def _by_percent(case: Case, p: Passage, m: re.Match[str]) -> None:
    """A change in percent of where it began; between two percentages it may be in points."""
    a, b, given = (read_printed(m[k]) for k in "abd")
    units = [x for x in (m["u"].strip(), m["v"].strip()) if x]
    if a.low <= 0 or len({*units}) > 1 or _FITTED.search(case.flat, p.start, p.end):
        return
    ends = [100 * abs(y - x) / x for x in (a.low, a.high) for y in (b.low, b.high)]
    fits = min(ends) <= given.high and given.low <= max(ends)
    fits |= "%" in units and abs(abs(b.value - a.value) - given.value) <= (a.step + b.step + given.step) / 2
    turned = (m["sign"] == "-") != (b.value < a.value) and a.value != b.value
    shown = f"From {a.text} to {b.text} is a change by {float(100 * (b.value - a.value) / a.value):.3g} %"
    places = [m.span(k) for k in "abd"]
    fits = fits and not turned
    follows(
        case,
        p,
        "difference",
        places,
        shown,
        f"printed {m['sign']}{given.text} %",
        "relative change",
        fits=fits,
        verdict="unlikely",
    )
