"""Who could enter against who did: values among those who entered outside the limits of entry that a text names.

Age, performance status, lines of therapy, size of tumours, ejection fraction, laboratory values and scores are read in
one way. A text that names several limits of one measure, as of several cohorts, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.entry.limits_told import EXCLUDED, MAY_ENTER, Limits, limits_in
from codon12.check.verify.entry.measures import MEASURES, Measure
from codon12.check.verify.entry.values import values_in_rows, values_told
from codon12.check.verify.prose import compared, judge, sentences_with

__all__ = ["check_limits"]

_OTHERS = re.compile(
    r"\b(?:younger|older|other|remaining|larger|smaller|all others?) (?:patients|women|men|children|tumou?rs|lesions|"
    r"ones)\b(?! (?:were|was) excl)",
    re.IGNORECASE,
)
"""Of those beyond the limits, who take part in another way."""
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
_SCALE = re.compile(
    r"\b(?:scores?|scales?|status|values?|ind(?:ex|ices)|grades?)\b[^.;()]{0,40} (?:range|run|go|extend)s? from\b|"
    r"\b(?:higher|lower|larger|greater) (?:scores?|values?|grades?) (?:\w+ )?(?:indicat|denot|mean|represent|reflect|"
    r"signif|correspond)",
    re.IGNORECASE,
)
"""What the values of a scale may be, whoever has them: `scores range from 0 to 5, higher scores indicating ...`."""
_SHORT = re.compile(
    r"\b(?:[Tt]he|[Tt]heir|[Bb]aseline|[Mm]edian|[Mm]ean)(?: median| mean| baseline)* (?P<head>score|value|level|count|"
    r"diameter|size|fraction|index|ratio)s?\b|\bit was\b"
)
"""What a measure is called in the sentence after its limits."""


def check_limits(case: Case) -> None:
    """Check the values of each measure among those who entered against the only limits of entry the text gives."""
    if not any(map(case.small.__contains__, _VALUES)) and all(p.table is None for p in case.text.passages):
        return
    spelled = (
        [p for p in case.text.passages if p.table is None] if case.has(_SPELLED) and _SPELLED.search(case.small) else ()
    )
    rules = [
        p for p in spelled or sentences_with(case, *_ENTRY)  # `two or more prior lines` has no figure
        if (case.holds(MAY_ENTER, p) or case.holds(EXCLUDED, p)) and not case.holds(_OTHERS, p)
    ]  # fmt: skip
    for measure in MEASURES if rules else ():
        if not any(map(case.small.__contains__, measure.words)):
            continue
        found = [x for p in rules if any(w in case.small[p.start : p.end] for w in measure.words)
                 for clause in _clauses(case, p) for x in limits_in(case, clause, measure)]  # fmt: skip
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


_CRITERION = re.compile(r"\b(?:eligib|includ|inclusion crit)")
_THOSE_IN = re.compile(
    r"\b(?:those|all|patients|women|men|children|participants|subjects|people|adults)(?: [a-z]+)? (?:were )?included\b|"
    r"\bincluded (?:patients|women|men|children|participants|subjects|people|adults|infants)\b|\(included: "
)
"""Those who entered, whose values are told."""


_BY_MEASURE = re.compile(r"[- ](?:specific|adjusted|standardi[sz]ed|stratified|matched)\b")
"""`age-specific rate ratios`: what is told is no age."""


def _compare(case: Case, p: Passage, measure: Measure, limits: Limits) -> None:
    text = case.flat[p.start : p.end]
    found = measure.pattern.finditer(case.flat, p.start, p.end)
    names = [m for m in found if not _BY_MEASURE.match(case.flat, m.end(), p.end)]
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
    if _SCALE.search(text):
        return
    if not names or _LATER.search(text) or is_cited(text) or _CRITERION.search(_THOSE_IN.sub("", text)):
        return
    for *told, at in values_told(case, p, measure, names):
        _judge(case, p, measure, limits, tuple(told), at)


def _judge(
    case: Case, p: Passage, measure: Measure, limits: Limits, told: tuple[Fraction, ...], at: tuple[int, int]
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
