"""Values off the scale that the text itself names: `pain (0 to 10) averaged 16.8`, `rated from 1 to 5, ... SD 4.6`."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.needed import in_small_letters
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_free_days", "check_scales_of_the_text", "scales_in"]

_NOUN = (
    r"(?:scales?|scores?|index|indices|questionnaires?|inventory|inventories|VAS|NRS|instruments?|tests?|ratings?|"
    r"rated|scored|graded|mark(?:s|ed)?|sum ?scores?|subscales?|points|analogue|likert)"
)
_ENDS = r"(?P<{0}>\d{{1,3}})(?: ?\([a-zA-Z ,'’-]+\)| [a-z]+(?: [a-z]+)?)? ?(?:to|-|through|and) ?(?P<{1}>\d{{1,3}})"
_DECLARED = in_small_letters(
    rf"\b{_NOUN}\b[^.;()\d]{{0,40}}?[(,]? ?(?:(?:of|from|with a (?:possible )?range(?: of| from)?|ranging from|"
    rf"(?:possible |theoretical |score )?range[sd]?(?: from| of|,|:)?|(?:possible )?scores?,?|scored(?: from)?|"
    rf"running from|"
    rf"on a scale (?:of|from)|between|scale,?|:|,|\() ?)+{_ENDS.format('a', 'b')}(?![\w.]*\d| ?%| ?(?:years|months|"
    r"weeks|days|patients|participants))"
    rf"|(?<![\d.,-])(?P<c>\d{{1,3}})(?:-to-| to |-)(?P<d>\d{{1,3}})[- ](?:point )?(?:[a-z]+[- ]){{0,3}}(?:scale|VAS"
    rf"|NRS|"
    r"score|index|rating)\b"
    r"|\b(?P<n>\d{1,3}|four|five|six|seven|nine|ten|eleven)-point (?:[A-Za-z-]+ ){0,4}?(?:scale|score|instrument)\b"
    r"|\b(?:out of|of) (?:a )?(?:possible |maximum |maximal |total )+(?:score )?(?:of )?(?P<m>\d{1,3})\b"
    r"|\((?P<e>[01]) ?(?:=|:|,|for|meaning)? ?[a-z][a-z -]{2,30}[,;]? (?:and |to )?(?P<f>\d{1,3}) ?(?:=|:|,|for"
    r"|meaning)? ?[a-z][a-z -]{2,40}\)"
    r"|\b(?:which|that) (?:runs?|ran|goes|go|extends?|ranges?) from (?P<g>\d{1,3}) to (?P<h>\d{1,3})\b"
    r"|\((?:[A-Z][A-Za-z]*[\w-]*[ ,;]+){1,4}(?P<i>[01]) ?(?:to|-) ?(?P<j>\d{1,3})\)(?= (?:was|were|averaged|of|"
    r"at|in|rose|fell))"
    r"|\b(?:QLQ-C30|QLQ-[A-Z]+\d+|FACT-[A-Z]+|FACIT-[A-Z]+|EQ-VAS|SF-36|(?:health|pain|fatigue|function\w*|"
    r"quality of life|QoL|anxiety|depression|status|wellbeing|well-being)"
    r"(?: (?:on|in) (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)?)?) "
    r"\((?P<k>[01]) ?(?:to|-) ?(?P<l>\d{1,3})\)(?= (?:was|were|averaged|rose|fell|stood))"
    r"|\(?\bmaximum(?: possible)?(?: score)?(?:,| of|:| is| =)? ?(?P<o>\d{1,3})(?: points)?\)",
)
_VALUE = re.compile(
    r"(?:\b(?:was|were|of|averaged|averaging|scored|from|to|rated|reached|reaching|mean|median|and|versus|vs|v|than|being|"
    r"with|at)|[:=]) (?:only |about |a (?:mean|median)(?: score)?(?: of)? |an average of )?"
    rf"(?P<v>{NUMBER})(?![\d.,]*\d)(?: points)?(?= ?(?:[.,;:)(±[]|$|before\b|after\b|at\b|in\b|on\b|for\b|and\b|"
    r"versus\b|vs\b|v\b|with\b|among\b|when\b|under\b|to\b|against\b|compared\b|one\b|x))"
)
_NOT_A_VALUE = re.compile(
    r"\b(?:chang\w*|differ\w*|reduc\w*|improv\w*|decreas\w*|increas\w*|declin\w*|gain\w*|sum\w*|total\w*|per|ratio|"
    r"centile\w*|percentile\w*|items?|subscales?|patients|participants|cut-?offs?|thresholds?|version|cost\w*|n|days?|"
    r"years?|sessions?|domains?|transform\w*|normali[sz]ed|each of)\b",
    re.IGNORECASE,
)
_ONE_ITEM = re.compile(r"\b(?:Likert|single|one|-point|this|the|rating|Likert-type) items?\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"[^.;]{0,40}\b(?:increase|decrease|change|reduction|difference|improvement|lower|higher|more|less|total|sum)\b"
)
_FEWEST = 3
"""Steps of a scale; one of fewer is a class of some score."""
_ELSE = 10
"""Times the end of a scale beyond which a number is of something else."""
_FREE = re.compile(
    rf"(?<![\w.,-])(?P<v>{NUMBER}) (?:(?:ventilator|ICU|hospital|organ[- ]support|vasopressor|dialysis|symptom"
    rf"|delirium|"
    r"seizure|pain|migraine|headache|oxygen|antibiotic|coma)[- ]free days|days (?:alive and [a-z -]{3,30}|free (?:of"
    r"|from) "
    r"[a-z -]{3,30}))[^.;\d]{0,40}\b(?:within|at|to|by|through|in|over|up to|of|during|until) (?:the )?(?:first )?"
    r"(?:day |days )?(?P<n>\d{1,3})\b(?: ?-?days?)?",
    re.IGNORECASE,
)


class _Scale(NamedTuple):
    low: int
    high: int
    span: tuple[int, int]


def check_scales_of_the_text(case: Case, p: Passage) -> None:
    """Check values against the one scale that their sentence names."""
    found = scales_in(case, p)
    if len(found) == 1:
        _judge(case, p, found[0])
        _in_the_next(case, p, found[0])


_SCORE = re.compile(
    rf"\b(?:the|its|their|mean|median|average|baseline|initial|final) (?:(?:mean|median|average|baseline|initial|"
    rf"final) )*scores? (?:at [a-z]+ |before [a-z ]{{3,20}} )?(?:was|were|averaged|of|being|rose to|fell to) "
    rf"(?P<v>{NUMBER})(?![\d.,]*\d| ?%| (?:on (?!admission|day|entry)|in (?!the )|for|of)\b)|\b(?:mean|median|average) "
    rf"\((?:SD|IQR|range)\) scores? (?:was|were) (?P<w>{NUMBER})(?![\d.,]*\d| ?%)",
    re.IGNORECASE,
)
_ANOTHER_SCALE = re.compile(
    r"\b(?:total|sum|global|composite|chang\w*|differ\w*|reduc\w*|(?:sub)?scales?|index|questionnaire|inventory|cut-?off|"
    r"(?-i:[A-Z][A-Z\d-]{2,}))\b(?<!\bSDs)(?<!\bIQR)",
    re.IGNORECASE,
)


def _in_the_next(case: Case, p: Passage, scale: _Scale) -> None:
    """`(possible scores 0 to 21). Before the intervention the mean score was 27.3`: a sentence that names no other."""
    if p.index + 1 >= len(case.text.passages) or "scor" not in case.small[p.start : p.end]:
        return
    q = case.text.passages[p.index + 1]
    if q.paragraph != p.paragraph or q.table is not None or _ANOTHER_SCALE.search(case.flat, q.start, q.end):
        return
    for m in _SCORE.finditer(case.flat, q.start, q.end):
        which = "v" if m["v"] else "w"
        value = read_printed(m[which])
        if _is_off(value, scale) and not compared(case, m.span(which), "statistic", "order", "interval"):
            sentence = f"{value.text} is no value of the scale, which goes from {scale.low} to {scale.high}."
            judge(case, q, "statistic", [m.span(which), scale.span], "error-if", sentence, "range of the scale")


def check_free_days(case: Case, p: Passage) -> None:
    """Check days without something against the days that were counted."""
    for m in _FREE.finditer(case.flat, p.start, p.end):
        value, most = read_printed(m["v"]), int(m["n"])
        if value.value > most:
            sentence = f"{value.text} days of {most} are more than all."
            judge(case, p, "statistic", [m.span("v"), m.span("n")], "error-if", sentence, "range of the scale")


def scales_in(case: Case, p: Passage) -> list[_Scale]:
    """Scales that a sentence names by their ends, in order."""
    out = []
    for m in _DECLARED.finditer(case.small, p.start, p.end):
        if m["n"]:
            low, high = 0, WORD_VALUES.get(m["n"]) or int(m["n"])
        elif m["m"] or m["o"]:
            low, high = 0, int(m["m"] or m["o"])
        else:
            low, high = (int(next(m[k] for k in ends if m[k])) for ends in ("acegik", "bdfhjl"))
        if high - low >= _FEWEST:
            out.append(_Scale(low, int(high), m.span()))
    return out


def _judge(case: Case, p: Passage, scale: _Scale) -> None:
    text = case.flat[p.start : p.end]
    a, b = scale.span[0] - p.start, scale.span[1] - p.start
    plain = without_asides(text)
    plain = plain[:a] + "x" * (b - a) + plain[b:]
    plain = re.sub(r"\([^()]*\)", lambda m: "(" + "x" * (len(m[0]) - 2) + ")", plain)
    shown = f"the scale goes from {scale.low} to {scale.high}"
    for m in _VALUE.finditer(plain):
        value = read_printed(m["v"])
        clause = re.split(r"; |, (?:and|but|while|whereas) ", plain[: m.start()])[-1]
        clause = _ONE_ITEM.sub("", clause)
        if _NOT_A_VALUE.search(clause, max(0, len(clause) - 90)) or _CHANGES.match(plain, m.end("v")):
            continue
        at = (p.start + m.start("v"), p.start + m.end("v"))
        if _is_off(value, scale) and not compared(case, at, "statistic", "order", "interval"):
            sentence = f"{value.text} is no value of the scale: {shown}."
            judge(case, p, "statistic", [at, scale.span], "error-if", sentence, "range of the scale")


def _is_off(value: Printed, scale: _Scale) -> bool:
    above = scale.high < value.value < _ELSE * scale.high
    return above or (value.value < scale.low and value.digits > 0)
