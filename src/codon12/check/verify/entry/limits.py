"""Who could enter against who did: values among those who entered outside the limits of entry that a text names.

Age, performance status, lines of therapy, size of tumours, ejection fraction, laboratory values and scores are read in
one way. A text that names several limits of one measure, as of several cohorts, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.entry.measures import MEASURES, Measure, N, U
from codon12.check.verify.entry.values import value_of, values_in_rows, values_told
from codon12.check.verify.prose import compared, judge, sentences_with

__all__ = ["check_limits"]

_MAY_ENTER = re.compile(
    r"\b(?:eligib\w+|inclusion|entry criteri\w+|had to (?:be|have)|required?|requir(?:ing|ement\w*)|could (?:enter|"
    r"join|start|begin|receive|participate|take part)|needed|to enter|(?:were|was|be) (?:[a-z]+ly )?(?:included|"
    r"recruited|enrolled|registered|invited|allowed|permitted|restricted)|(?:was|were|be|only) (?:[a-z]+ )?(?:admitted|"
    r"accepted|taken (?:in|on)|approached|considered|selected)|(?:enrol+ment|entry|participation|admission|"
    r"recruitment) (?:was|is) (?:limited|restricted|confined|open)|criterion for|we (?:\w+ )?(?:included|enrolled|"
    r"recruited|studied|analy[sz]ed|identified|treated)|(?:trial|study|cohort) (?:of|in|included|enrolled|recruited)|"
    r"open to|offered to|included were|(?:restricted|limited) to|qualif\w+|for entry|comprised|consisted of|invited|"
    r"must (?:be|have)|we (?:report|describe) (?:on |the )?|were (?:[a-z]+ )?(?:randomi[sz]ed|assigned)|(?<!\d "
    r")(?<!the )enrol(?:l)?ed (?:adults|patients|women|men|children)|included (?:adults|patients|women|men|"
    r"children))\b",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(
    r"\b(?:ineligible|not eligible|unless|except|whereas|but(?! (?:not|no|less|at)\b)|(?<!single-)arms?|or a|"
    r"originally|amend\w*|later|subgroups?|subset|stratif\w+|of whom|waiv\w+|randomi[sz]ation (?:was|to)|cohort "
    r"[A-D1-4]|part [A-D1-4]|arm [A-D1-4]|group [A-D1-4]|if (?:they|the) (?:had|were) (?:failed|older)|previous "
    r"(?:trial|study)|(?:in|into|to|for) the [a-z]+ (?:group|cohort|part)|respectively)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:younger|older|other|remaining|larger|smaller|all others?) (?:patients|women|men|children|tumou?rs|lesions|"
    r"ones)\b(?! (?:were|was) excl)",
    re.IGNORECASE,
)
"""Of those beyond the limits, who take part in another way."""
_EXCLUDED = re.compile(r"\bexclu\w+", re.IGNORECASE)
_LIMIT = re.compile(
    rf"(?<![\w.,])(?P<a>{N})(?P<ua>{U}) ?(?:to|-|and|or|through) ?(?P<b>{N})(?P<ub>{U})(?![\d.]*\d|-)"
    rf"|(?P<least>(?:≥|>=|>|at least|no less than|not less than|a minimum of|minimum|above|over|more than|greater "
    rf"than|older than|over the age of|above the age of|exceeding|higher than|larger than) ?)(?P<c>{N})(?P<uc>{U})"
    r"|(?P<most>(?:≤|<=|<|at most|no more than|not more than|up to|(?:restricted|limited) to(?= (?:one|two|"
    r"three|\d) )|a maximum of|maximum|below|under|less than|no larger"
    rf" than|no older than|lower than|younger than|smaller than|not exceeding|(?:under|below|up to) the age of) ?)"
    rf"(?P<d>{N})(?P<ud>{U})"
    rf"|(?<![\w.,])(?P<e>{N})(?P<ue>{U})(?: in (?:maximum |largest )?diameter)?,? (?:or|and) (?:(?P<up>more|higher|"
    rf"above|over|greater|older|larger)|(?P<down>less|lower|below|under|fewer|younger|smaller|better))\b",
    re.IGNORECASE,
)
_STRICT = re.compile(r"^(?:>(?!=)|<(?!=)|above|over|more|greater|older|exceeding|higher|larger|below|under|less|lower"
                     r"|younger|smaller)", re.IGNORECASE)  # fmt: skip
_LIST = re.compile(r"(?<![\w.,])(?P<a>[0-4])(?:, ?[0-4])*,? (?:or|and) (?P<b>[0-4])(?![\w.]*\d| ?(?:cm|mm|%|years))")
"""`0 or 1`, `0, 1, or 2`: of what is whole."""
_GAP = re.compile(
    r"(?: ?[(:=]| ?(?:status|scores?|of|was|were|is|values?|levels?|counts?|index|from|between|tumou?r|proportion|"
    r"combined|positive|expression|percentages?|had|to be|be|performance|with|in|at|and|a|an|the|baseline|screening|"
    r"entry|measuring|measured|concentrations?|rates?)\b| ?\([A-Z]+\))* ?",
    re.IGNORECASE,
)
"""What may stand between a measure and the limit behind it."""
_GAP_AHEAD = re.compile(r"(?:'s?)?(?: of(?: the)?| or more)? ?-?", re.IGNORECASE)
"""What may stand between a limit and the measure behind it: `less than 30 weeks' gestation`."""
_PEOPLE_AHEAD = re.compile(
    r"\b(?:be|were|are|adults|men|women|patients|people|children|participants|subjects|volunteers|girls|boys|of|was"
    r"|(?:women|men|adults),?) (?:who were )?\(?$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:registry|register|population|literature|previous\w* (?:trial|stud)\w*|interquartile|IQR|follow-?up|after "
    r"(?!random)|at (?:the )?(?:one|two|three|four|five|six|\d+|end|week|month|year|discharge|last|relapse|"
    r"progression)|end of|later|targets?|goal|final (?:visit|assess|follow|value|score|level)\w*|deaths?|died|"
    r"change\w*|fell|rose|dropp?\w*|declin\w*|improv\w*|lower\w*|rais\w*|reduc\w*|nadir|peak|reached|increas\w*|"
    r"decreas\w*|screened|exclu\w+|survivors|staff|means? ranged|across|reference|normal|tertile|quartile|relaps\w+|"
    r"recurren\w+|progress(?:ed|ion)|worsen\w*|ineligible|deviations?|violat\w+|waive\w*|amend\w*|nonetheless|despite|"
    r"day \d+|cycle \d+|onset|first|diagnosis of|menarche|(?:months?|weeks?) \d+|during|on treatment|at an? (?:mean |"
    r"median |average )?age|(?:among|in|of) (?:the )?(?:[a-z]+ )?(?:who|that)|who (?:had |later )?(?:developed|"
    r"experienced|died)|among (?:those|patients|women|men)|(?:that|comparison|reference|control|other|historical) "
    r"(?:cohort|group|arm|series)|observational|delivery|ages? at (?!(?:study |trial |the time of )?(?:entry|enrol|"
    r"inclusion|random|baseline|admission|presentation|diagnosis|screening|regist|recruit|treatment|surgery|operation|"
    r"transplant|[a-z]*(?:ectomy|pexy|plasty)))[a-z]+)\b",
    re.IGNORECASE,
)
"""Of values that are not those at entry, or of others than those who entered."""
_ROLE = re.compile(
    r"\b(?:donor|recipient|parent|mother|father|partner|carer|caregiver|control|sibling|relative|physician|nurse|"
    r"student|teacher|infant|newborn|owner|spouse|doctor|surgeon|investigator)",
    re.IGNORECASE,
)
"""Those in a study who are not its patients: the limits of one kind are not those of another."""
_SHORT = re.compile(
    r"\b(?:[Tt]he|[Tt]heir|[Bb]aseline|[Mm]edian|[Mm]ean)(?: median| mean| baseline)* (?P<head>score|value|level|count|"
    r"diameter|size|fraction|index|ratio)s?\b|\bit was\b"
)
"""What a measure is called in the sentence after its limits."""
_WIDTH = 45


class _Limits(NamedTuple):
    """Least and greatest value of those who could enter, where they stand, and behind which place values are found."""

    low: tuple[Fraction, str] | None
    high: tuple[Fraction, str] | None
    strict: bool
    places: list[tuple[int, int]]
    passage: int
    start: int
    end: int


def check_limits(case: Case) -> None:
    """Check the values of each measure among those who entered against the only limits of entry the text gives."""
    if not any(map(case.small.__contains__, _VALUES)) and all(p.table is None for p in case.text.passages):
        return
    spelled = (
        [p for p in case.text.passages if p.table is None] if case.has(_SPELLED) and _SPELLED.search(case.small) else ()
    )
    rules = [
        p for p in spelled or sentences_with(case, *_ENTRY)  # `two or more prior lines` has no figure
        if (case.holds(_MAY_ENTER, p) or case.holds(_EXCLUDED, p)) and not case.holds(_OTHERS, p)
    ]  # fmt: skip
    for measure in MEASURES if rules else ():
        if not any(map(case.small.__contains__, measure.words)):
            continue
        found = [x for p in rules if any(w in case.small[p.start : p.end] for w in measure.words)
                 for clause in _clauses(case, p) for x in _limits_in(case, clause, measure)]  # fmt: skip
        lows, highs = {x.low for x in found if x.low}, {x.high for x in found if x.high}
        if not found or len(lows) > 1 or len(highs) > 1:
            continue
        limits = found[0]._replace(
            low=next(iter(lows), None),
            high=next(iter(highs), None),
            strict=any(x.strict for x in found),
            places=[y for x in found for y in x.places][:2],
            end=max(x.end for x in found),
        )
        for p in sentences_with(case, *measure.words, *_HEADS):
            if measure.name == "cycles" and p.index - limits.passage not in (0, 1):
                continue  # of another treatment
            for clause in _clauses(case, p):
                if not clause.start <= limits.places[0][0] < clause.end:
                    _compare(case, clause, measure, limits)
        for p, label, told, at in values_in_rows(case, measure):
            if not _LATER.search(label) and not _ROLE.search(label):
                _judge(case, p, measure, limits, told, at)


_ENTRY = (
    *("eligib", "inclusion", "criteri", "had to ", "require", "qualif", "must ", "could ", "for entry", "invited"),
    *("included", "enrolled", "enroled", "recruited", "studied", "analy", "identified", "trial of", "study of"),
    *("open to", "restricted", "limited to", "offered to", "registered", "allowed", "permitted", "exclu", "study in"),
    *("trial in", "needed", "to enter", "we treated", "we report", "we describe", "randomi", "assigned", "comprised"),
    *("consisted", "admitted", "accepted", "take part", "participat", "entry "),
)
_VALUES = (
    *(" was ", " were ", "included:"),
    *("rang", "est ", "maximum", "minimum", "between", "varied", "spann", "years old", "aged "),
    *("number of ", "of age", "kg/m2", "ecog", "performance", "lines", "regimens"),
)
"""Words of which a text has one where values of those who entered are told."""
_SPELLED = re.compile(r"\b(?:prior|previous|earlier) (?:lines|regimens|therap)|\blines of ")
"""Of numbers in words, for which a sentence counts as one without figures."""
_HEADS = ("score", "value", "level", "count", "diameter", "size", "fraction", "index", "ratio")


def _clauses(case: Case, p: Passage) -> Iterator[Passage]:
    """A sentence parted at its semicolons, and where an abbreviation holds two together: `10^9/L. The median`."""
    start = p.start
    plain = re.sub(r"\([^()]*\)", lambda m: "x" * len(m[0]), case.flat[p.start : p.end])
    for m in re.finditer(
        r"; |\. (?=[A-Z])|, (?:and|but) (?=(?:the )?(?:patients|they|participants) received\b)", plain
    ):
        yield msgspec.structs.replace(p, start=start, end=p.start + m.start())
        start = p.start + m.end()
    yield msgspec.structs.replace(p, start=start)


def _limits_in(case: Case, p: Passage, measure: Measure) -> Iterator[_Limits]:
    """Limits of a measure that a clause gives: right behind its name, before it, or around it."""
    text = case.flat[p.start : p.end]
    turned = _EXCLUDED.search(text) is not None
    if not (turned or _MAY_ENTER.search(text)) or _NO_LIMIT.search(text):
        return
    names = list(measure.pattern.finditer(case.flat, p.start, p.end))
    patterns = (_LIMIT, _LIST) if measure.name == "performance status" else (_LIMIT,)
    for m in (m for pattern in patterns for m in pattern.finditer(case.flat, p.start, p.end)):
        unit = next((m[f"u{k}"] for k in "bcde" if m.groupdict().get(f"u{k}")), "").strip().lower()
        if not _is_of(case, p, m, names, measure, unit):
            continue
        if _is_followed(case, m):
            sentinel = (Fraction(-1), "")  # of whom each is, nothing says
            yield _Limits(sentinel, sentinel, False, [m.span()], p.index, p.start, m.end())
        yield _read(m, p, measure, unit, turned=turned)


_OR = re.compile(
    rf"{U},? or (?:of |an? |if )?(?:(?P<up>[≥>]|at least |above |over )|(?P<down>[≤<]|up to |"
    r"below |under ))?=? ?\d"
)


def _is_followed(case: Case, m: re.Match[str]) -> bool:
    """Whether another limit on the same side, or one of no side, follows: `30 or more, or of 27 or more with`."""
    other = _OR.match(case.flat, m.end(), m.end() + _WIDTH)
    upward = bool(m.groupdict().get("least") or m.groupdict().get("up"))
    return other is not None and not (other["down"] if upward else other["up"])


def _is_of(case: Case, p: Passage, m: re.Match[str], names: list[re.Match[str]], measure: Measure, unit: str) -> bool:
    """Whether a limit stands beside the name of a measure, in a unit that it has."""
    if measure.name == "size" and _MEASURABLE.search(case.flat, p.start, p.end):
        return False
    if (measure.name == "size") != (unit in ("cm", "mm")) or (
        unit.startswith(("%", "kg", "g/")) and measure.name == "age"
    ):
        return False
    if (
        measure.name == "age"
        and unit.startswith("y")
        and _PEOPLE_AHEAD.search(case.flat, max(p.start, m.start() - 20), m.start())
    ):
        return True
    if _COUNTED.search(case.flat, max(p.start, m.start() - 30), m.start()):
        return False
    if measure.name == "age" and not unit and _BARE_AGE.search(case.flat, max(p.start, m.start() - 20), m.start()):
        return _NO_UNIT.match(case.flat, m.end()) is not None
    for name in names:
        if m.start() <= name.start() < m.end() or (
            name.end() <= m.start() <= name.end() + _WIDTH and _GAP.fullmatch(case.flat, name.end(), m.start())
        ):
            return True
        if 0 <= name.start() - m.end() < 6 and _GAP_AHEAD.fullmatch(case.flat, m.end(), name.start()):
            return True
    return False


_BARE_AGE = re.compile(r"\b(?:adults|men|women|patients|people|children|girls|boys|persons) $", re.IGNORECASE)
_NO_UNIT = re.compile(r",? (?:could|can|were|was|who|with|to|only|at|yet|or)\b|[,.;)]|$")
"""`women under 40 could take part`: behind people, and of no other unit, it is their age."""
_COUNTED = re.compile(r"\b\d+ (?:[a-z]+ )?(?:were|had|was|have)(?: aged)? $")
"""Of a part that is counted: `40 were aged 65 years or older`."""
_MEASURABLE = re.compile(r"\bmeasurable\b", re.IGNORECASE)
"""Of a lesion that must be so large, while others may be smaller."""


def _read(m: re.Match[str], p: Passage, measure: Measure, unit: str, *, turned: bool) -> _Limits:
    low = high = None
    strict = False
    if m["a"]:
        units = m.groupdict()
        low, high = ((value_of(m[k], units.get(f"u{k}") or unit, measure)[0], m[k]) for k in "ab")
        places = [m.span("a"), m.span("b")]
    else:
        which = next(k for k in "cde" if m[k])
        value, places = (value_of(m[which], unit, measure)[0], m[which]), [m.span(which)]
        upward = which == "c" or (which == "e" and m["up"] is not None)
        strict = which != "e" and _STRICT.match(m["least"] or m["most"]) is not None
        low, high = (value, None) if upward != turned else (None, value)
        strict = strict != turned
    return _Limits(low, high, strict, places, p.index, p.start, m.end())


_CRITERION = re.compile(r"\b(?:eligib|includ|inclusion crit)")
_THOSE_IN = re.compile(
    r"\b(?:those|all|patients|women|men|children|participants|subjects|people|adults)(?: [a-z]+)? (?:were )?included\b|"
    r"\bincluded (?:patients|women|men|children|participants|subjects|people|adults|infants)\b|\(included: "
)
"""Those who entered, whose values are told."""


def _compare(case: Case, p: Passage, measure: Measure, limits: _Limits) -> None:
    text = case.flat[p.start : p.end]
    names = list(measure.pattern.finditer(case.flat, p.start, p.end))
    if not names and p.index - limits.passage in (0, 1) and p.start > limits.end:
        short = _SHORT.search(case.flat, p.start, p.end)
        around = case.flat[max(0, limits.places[0][0] - 40) : limits.end + 20]
        names = [short] if short is not None and (short["head"] is None or short["head"] in around) else []
    of_whom, asked = (
        set(map(str.lower, _ROLE.findall(x)))
        for x in (text, re.split(r"[.;] ", case.flat[limits.start : limits.end + 80])[0])
    )
    if of_whom != asked and not (asked == {"infant"} and not of_whom):
        return
    if not names or _LATER.search(text) or is_cited(text) or _CRITERION.search(_THOSE_IN.sub("", text)):
        return
    for *told, at in values_told(case, p, measure, names):
        _judge(case, p, measure, limits, tuple(told), at)


def _judge(
    case: Case, p: Passage, measure: Measure, limits: _Limits, told: tuple[Fraction, ...], at: tuple[int, int]
) -> None:
    """Whether a value, the least and greatest it may stand for, lies beyond a limit of entry."""
    value, low, high = told
    whole = measure.name in ("age", "performance status", "lines of therapy", "cycles") and value.denominator == 1
    over = limits.high is not None and (
        value >= limits.high[0] + (0 if limits.strict else 1)
        if measure.name == "age" and limits.high[0] >= 2  # in completed years
        else value > limits.high[0]
        if whole
        else low > limits.high[0]
    )
    under = limits.low is not None and (value < limits.low[0] if whole else high <= limits.low[0])
    bound = limits.high if over else limits.low if under else None
    if bound is None or compared(case, at, "order"):
        return
    sentence = (
        f"{case.flat[at[0] : at[1]]} lies {'above' if over else 'below'} {bound[1]}, the limit of "
        f"{measure.name}{'' if measure.name == 'cycles' else ' for those who could enter'}."
    )
    judge(case, p, "order", [*limits.places, at], "error-if", sentence, "limits of entry")
