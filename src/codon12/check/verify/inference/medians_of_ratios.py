"""The medians of two groups against their hazard ratio and against the words: which group lived longer."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_medians_of_ratios"]


def check_medians_of_ratios(case: Case) -> None:
    """Check the direction of each hazard ratio against the medians, and of medians against the words before them."""
    for s in case.statements:
        if s.kind == "hr_ci_p":
            _medians_direction(case, s)
        elif s.kind == "group_medians_p":
            _words_on_medians(case, s)


def _medians_direction(case: Case, s: Statement) -> None:
    """With hazards in proportion the first-named arm has the longer median exactly if its ratio is below 1."""
    q = s.quantities
    if q.measure != "HR" or q.value is None or q.value.value == 1:
        return
    before = [
        m
        for m in case.by_passage[s.passage]
        if m.normal_end <= s.normal_start
        and m.quantities.unit in ("months", "weeks", "days", "years")
        and m.kind in ("group_medians_p", "median_only", "median_ci")
        and m.quantities.outcome == q.outcome
    ]
    if not before:
        _earlier_medians(case, s)
        return
    last = before[-1]
    if last.quantities.values:
        first, second = last.quantities.values[:2]
        statement = last
    elif len(before) >= 2 and before[-2].quantities.value is not None and last.quantities.value is not None:
        first, second = before[-2].quantities.value, last.quantities.value
        statement = before[-2]
    else:
        return
    if s.normal_start - statement.normal_start > 260 or second.value in (first.value, 0):
        return
    longer = first.value > second.value
    agrees = longer == (q.value.value < 1)
    sure = isinstance(q.low, Printed) and isinstance(q.high, Printed) and (q.low.value > 1 or q.high.value < 1)
    shown = f"{first.text} against {second.text} {statement.quantities.unit}"
    if longer != (q.value.value < 1) and sure and _said_of_the_first(case, s, statement, last):
        sentence = f"Medians of {shown}, and {q.measure} {q.value.text} is told for the group of the first."
        _direct(case, before, s, "unlikely", sentence, on=(s,))
    elif _words_deny(case, statement, longer=longer):
        sentence = f"The words name the other group as the better one than {shown} do."
        _direct(case, before, s, "unlikely", sentence, on=(s,))
    elif agrees:
        _direct(case, before, s, "ok", f"Medians of {shown} point the same way.", on=(s,))
    elif sure:
        sentence = f"Medians of {shown}: {q.measure} {q.value.text} must be of the second group over the first."
        _direct(case, before, s, "ok", sentence, on=(s,))
    elif isinstance(q.low, Printed) and isinstance(q.high, Printed):
        sentence = f"Medians of {shown} and a ratio of {q.value.text}, which is not told from 1."
        _direct(case, before, s, "ok", sentence)
    else:
        sentence = f"Medians of {shown}: {q.measure} {q.value.text} is then of the second group over the first."
        _direct(case, before, s, "ok", sentence)


_SAID_OF = re.compile(
    r"(?:\bHR|ratio) (?:for|of|in) (?:the )?([A-Za-z][A-Za-z0-9 -]{2,25}?)(?:,|:|;| was| of| =|=| vs| versus| \d)"
)


def _said_of_the_first(case: Case, s: Statement, first: Statement, second: Statement) -> bool:
    """`21.4 months in wild type and 12.1 in mutated tumours (HR for wild type, 1.85)`: the first group is named."""
    m = _SAID_OF.search(case.flat, s.normal_start, s.normal_end)
    if m is None or first is second:
        return False
    group = re.compile(rf"\b(?:in|with|for|among) [^.;()\d]{{0,40}}?\b{re.escape(m[1])}\b", re.IGNORECASE)
    return group.search(case.flat, first.normal_end, second.normal_start) is not None and not group.search(
        case.flat, second.normal_end, s.normal_start
    )


def _earlier_medians(case: Case, s: Statement) -> None:
    """Two medians compared in a sentence before that of the ratio, where the words do not part them."""
    q = s.quantities
    if q.measure != "HR" or q.value is None or not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return
    here = case.text.passages[s.passage]
    if sum(r.kind == "hr_ci_p" for r in case.by_passage[s.passage]) > 1:
        return
    outcomes = (q.outcome, "OS") if case.says(s, _OF_DEATH) else (q.outcome,)
    for index in range(s.passage - 1, max(-1, s.passage - 4), -1):
        if case.text.passages[index].paragraph != here.paragraph:
            return
        pair = [m for m in case.by_passage.get(index, ()) if m.kind in _MEDIANS and m.quantities.outcome in outcomes]
        values = [v for m in pair for v in (m.quantities.values or (m.quantities.value,))]
        if not pair:
            continue
        if len(values) != 2 or any(r.kind == "hr_ci_p" for r in case.by_passage[index]):
            return
        first, second = values
        if first is None or second is None or not case.says(pair[0], _COMPARED):
            return
        shown = f"{first.text} against {second.text} {pair[0].quantities.unit}"
        if q.low.value <= 1 <= q.high.value:
            sentence = f"Medians of {shown} and a ratio of {q.value.text}, which is not told from 1."
        elif (first.value > second.value) == (q.value.value < 1):
            sentence = f"Medians of {shown} point the same way as the ratio of {q.value.text}."
        else:
            return
        _direct(case, pair, s, "ok", sentence)
        return


def _words_on_medians(case: Case, s: Statement) -> None:
    """`better survival in A than in B (23 against 6 months)`: the words and the two medians point the same way."""
    values = s.quantities.values
    if len(values) != 2 or values[0].value == values[1].value:
        return
    before, _ = case.around(s, 220, 0)
    words = list(_BETTER_OR_WORSE.finditer(before))
    if len(words) != 1 or not _COMPARED.search(before[words[0].end() :]):
        return
    if (values[0].value > values[1].value) == (words[0].lastgroup == "better"):
        sentence = f"The words ({words[0][0]}) agree with {values[0].text} against {values[1].text}."
        computed = {"direction_agrees": True}
        case.relate("direction", (s,), "ok", sentence, "direction of effect", computed)


_OF_DEATH = re.compile(r"\bdeaths?\b|prognos|surviv", re.IGNORECASE)
_MEDIANS = ("group_medians_p", "median_only", "median_ci")
_COMPARED = re.compile(r"\b(?:vs\.?|versus|than|compared (?:with|to))\b")
_BETTER_OR_WORSE = re.compile(
    r"\b(?:(?P<better>longer|better|improved|superior|prolonged)|(?P<worse>shorter|worse|inferior|poorer|lower))\b",
    re.IGNORECASE,
)


def _direct(
    case: Case, medians: list[Statement], s: Statement, verdict: Verdict, sentence: str, on: tuple[Statement, ...] = ()
) -> None:
    members = (*medians[-1 if medians[-1].quantities.values else -2 :], s)
    computed = {"direction_agrees": verdict == "ok"}
    case.relate("direction", members, verdict, sentence, "direction of effect", computed, on=on)


_BETTER = re.compile(r"\b(?P<better>longer|improved|superior)|(?P<worse>shorter|inferior|shortened)\b", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:in|with|for)\b[^.;()]{1,60}\b(?:versus|vs\.?|than|compared with|compared to)\b[^.;()]{1,60}\(\s*$",
    re.IGNORECASE,
)


def _words_deny(case: Case, s: Statement, *, longer: bool) -> bool:
    """`shorter with A than with B (26 against 12 months)`: the first number is A's, and it is not shorter."""
    before, _ = case.around(s, 200, 0)
    before = re.sub(r"\((?:[^()]{0,40})\)\s", "", before)
    words = list(_BETTER.finditer(before))
    if len(words) != 1 or not _ORDER.search(before[words[0].end() :]):
        return False
    return longer == (words[0].lastgroup == "worse")
