"""A reduction of risk in percent and the ratio it is told of: `the risk was 38% lower (hazard ratio, 0.62)`.

It is one minus the ratio beside it; told away from its ratio, as in a conclusion, one minus some ratio of the text.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_reductions"]

_P = r"(?P<{0}>\d+(?:\.\d+)?) ?%"
_EVENT = (
    r"(?:disease )?(?:progression|recurrence|relapse|death|dying|mortality|deterioration|(?:treatment )?failure|"
    r"(?:an? )?events?|metastas[ei]s)"
)
_WHICH = rf"(?:[a-z-]+ ){{0,3}}?{_EVENT}"
_TOLD = re.compile(
    rf"{_P.format('a')} (?:relative )?(?:lower|reduced|decreased|less) (?:relative |adjusted"
    rf" )?(?:risk|hazard|rate) of {_WHICH}"
    rf"|{_P.format('b')} (?:relative )?(?:reduction|decrease) in (?:the )?(?:relative )?(?:risk|hazard|rate) of "
    rf"{_WHICH}"
    r"|(?:reduc|lower|decreas|cut)(?:e?d|t?ing|e?s|) (?:the |its |their )?(?:relative )?(?:risk|hazard) "
    rf"(?:of {_WHICH}(?: [a-z-]+){{0,5}}? )?by {_P.format('c')}"
    rf"|\b(?:risk|hazard) of (?P<of>{_EVENT}(?: or {_EVENT})?)(?: (?:was|were|is))?(?: [a-z]+)? "
    rf"(?:reduced|lowered|decreased|cut) by {_P.format('d')}"
    rf"|\b(?:risk|hazard) of (?:{_EVENT} or )?{_WHICH}(?: [a-z-]+){{0,6}}? (?:was|were|is)(?: [a-z]+)? "
    rf"{_P.format('f')} (?:lower|less|smaller)\b"
    rf"|(?<=% and )the (?:risk|hazard) of {_EVENT}(?: or {_EVENT})? by {_P.format('e')}",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:previous\w*|prior|earlier|assum\w+|hypothes\w+|expected|design\w*|power|calculat\w+|planned|would|"
    r"detect\w*|background|statistic\w*|known|meta-analys\w+ (?:by|of)|another|other (?:stud|trial)\w+)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:hazard ratio|HR|aHR|relative risk|risk ratio|RR)\b[^.;\d]{0,60}?(?P<v>[01]?[.·]\d+)", re.IGNORECASE
)


def check_reductions(case: Case) -> None:
    """Check each reduction or increase of risk in percent against the ratio beside it, else against all of the text."""
    for statements in case.by_passage.values():
        for s in statements if len(statements) > 1 else ():
            if s.kind == "percent_only":
                _beside(case, statements, s)
    found = [
        (s, m)
        for s in case.statements
        if s.kind in ("percent_only", "percent_ci") and (m := _told(case, s)) is not None
    ]
    if not found:
        return
    ratios = [s for s in case.statements if s.kind == "hr_ci_p" and s.quantities.value is not None]
    bare = [read_printed(m["v"].replace("·", ".")) for m in _RATIO.finditer(case.flat)]
    for s, m in found:
        _judge(case, s, m, ratios, bare)


def _told(case: Case, s: Statement) -> re.Match[str] | None:
    p = case.text.passages[s.passage]
    if p.table is not None or not case.says(s, _TOLD):
        return None
    if case.cites(s) or case.says(s, _OTHERS) or any(r.kind == "hr_ci_p" for r in case.by_passage[s.passage]):
        return None
    return next(
        (m for m in _TOLD.finditer(case.flat, p.start, p.end)
         if s.normal_start <= m.start(m.lastgroup or 0) < s.normal_end), None
    )  # fmt: skip


def _judge(case: Case, s: Statement, m: re.Match[str], ratios: list[Statement], bare: list) -> None:
    given = read_printed(m[m.lastgroup or 0])
    if not ratios:
        return
    values = [r.quantities.value for r in ratios if r.quantities.value is not None] + bare
    main = _main_ratio(case, s, m, ratios)
    if main is not None and not _makes(main, given) and _is_slip(given, main):
        values = [main]
    if any(_makes(value, given) for value in values):
        return
    if _of_two_rates(case, given.low, given.high):
        return
    outcome = s.quantities.outcome
    near = (
        [r for r in ratios if main is not None and r.quantities.value == main]
        or [r for r in ratios if outcome is not None and r.quantities.outcome == outcome]
        or ratios
    )
    told = [(v, r) for r in near if (v := r.quantities.value) is not None]
    value, nearest = min(told, key=lambda x: abs(100 * (1 - x[0].value) - given.value))
    sentence = (
        f"The ratio told most often, {value.text}, makes a reduction by {float(100 * (1 - value.value)):.3g} %, not "
        f"{given.text} %."
        if values == [main]
        else f"No ratio of the text makes a reduction by {given.text} %: a ratio of {value.text} is one by "
        f"{float(100 * (1 - value.value)):.3g} %."
    )
    case.relate("derived", (nearest, s), "unlikely", sentence, "1 - ratio", on=(s,))


def _makes(ratio: Printed, given: Printed) -> bool:
    low, high = sorted((100 * abs(1 - ratio.high), 100 * abs(1 - ratio.low)))
    return given.low < high and low < given.high  # what only touches is of a ratio between the two printed


def _is_slip(given: Printed, ratio: Printed) -> bool:
    due = str(round(100 * abs(1 - ratio.value)))
    return given.digits == 0 and (one_digit_apart(given.text, due) or given.text == due[::-1])


_OF_SOME = re.compile(
    r"\b(?:patients|those|subgroups?|subset|men|women|tumou?rs|score|expression|younger|older|with an?|stage|grade)\b",
    re.IGNORECASE,
)


def _main_ratio(case: Case, s: Statement, m: re.Match[str], ratios: list[Statement]) -> Printed | None:
    """The ratio of the outcome that the text tells most often, and twice or more, where all patients are meant."""
    outcome = next((name for name, words in _OUTCOMES.items() if words.search(m[0])), None)
    p = case.text.passages[s.passage]
    if outcome is None or _OF_SOME.search(case.flat, p.start, min(p.end, s.normal_end + 60)) or "," in m[0]:
        return None
    same = [r for r in ratios if r.quantities.outcome == outcome and not case.cites(r)]
    told = Counter(r.quantities.value.text for r in same if r.quantities.value is not None).most_common(2)
    if not told or told[0][1] < _TWICE or (len(told) > 1 and told[1][1] >= told[0][1]):
        return None
    return read_printed(told[0][0])


_TWICE = 2
_OUTCOMES = {
    "PFS": re.compile(r"progression or death|death or progression|disease progression\b(?! and)", re.IGNORECASE),
    "other": re.compile(r"progression|recurrence|relapse|failure|event|metasta|deteriorat", re.IGNORECASE),
    "OS": re.compile(r"death|dying|mortality", re.IGNORECASE),
}
_VERSUS = re.compile(r"\b(?:vs|versus|compared|than|and|respectively)\b", re.IGNORECASE)
_OF_EVENTS = re.compile(
    r"progress|recur|relaps|\bdeath|\bdied\b|mortality|surviv|metasta|deteriorat|event-free|failure", re.IGNORECASE
)
_APART = 120
"""Characters at most between two rates that are compared."""


def _of_two_rates(case: Case, low: Fraction, high: Fraction) -> bool:
    """Whether two percentages that the text compares make the reduction."""
    rates = [s for s in case.statements if s.quantities.percent is not None]
    for a, b in pairwise(rates):
        if a.passage != b.passage or b.normal_start - a.normal_end > _APART:
            continue
        x, y = sorted(s.quantities.percent.value for s in (a, b) if s.quantities.percent is not None)
        if y > 0 and low - 1 <= 100 * (1 - x / y) <= high + 1:
            between = case.flat[a.normal_end : b.normal_start] + "|" + case.flat[b.normal_end : b.normal_end + 20]
            if _VERSUS.search(between) is not None and case.says(a, _OF_EVENTS):
                return True
    return False


_PLANNED = re.compile(r"\b(?:power(?:ed)?|detect|assum\w+|hypothes\w+)\b", re.IGNORECASE)
_RISK = re.compile(r"\b(?:risk|hazard|rate of death|odds)\b[^.;()%\d]{0,60}$", re.IGNORECASE)
_REDUCED = re.compile(
    r"\b(?:reduc\w+|decreas\w+|lower\w*)\b[^.;()%\d]{0,40}\b(?:risk|hazard)s?\b[^.;()%\d]{0,40}\bby\s*$|\b(?:risk|"
    r"hazard)s?\b[^.;()%\d]{0,40}\b(?:was |were )?(?:reduced|decreased|lowered|cut|fell|dropped|declined) by\s*$",
    re.IGNORECASE,
)  # fmt: skip
_REDUCTION = re.compile(
    r"^\s*(?:relative )?(?:reduction|decrease|lower) (?:in|of) (?:the )?(?:\w+ ){0,2}(?:risk|hazard|odds)s?"
    r"|^\s*(?:lower|reduced|decreased|less) (?:relative )?(?:risk|hazard|odds|rate of death)"
    r"|^\s*fewer (?:events|deaths|exacerbations|relapses|episodes|hospitali[sz]ations|infections)\b"
    r"|^\s*(?:relative )?(?:risk|hazard) reduction|^\s*relative (?:reduction|decrease)\b(?! in (?!the risk|risk))",
    re.IGNORECASE,
)
_INCREASED = re.compile(
    r"^\s*(?:relative )?(?:increase|rise) (?:in|of) (?:the )?(?:\w+ ){0,2}(?:risk|hazard|odds)s?"
    r"|^\s*(?:higher|greater|increased) (?:relative )?(?:risk|hazard|odds)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"^\s*[(\[](?:hazard ratio|relative risk|risk ratio|HR|RR)\b", re.IGNORECASE)
_BY_WORDS = re.compile(r"\b(?:reduc|decreas|lower)\w*\b(?:[^.;]|\.\d){0,80}\bby\s*$", re.IGNORECASE)


def _beside(case: Case, statements: list[Statement], s: Statement) -> None:
    """`the risk was 38% lower (hazard ratio, 0.62)`: one minus the ratio."""
    given = s.quantities.percent
    if given is None or any(c.rule == "derived" for c in case.checks.get(s.id, ())):
        return
    before, after = case.around(s, 90, 40)
    if _PLANNED.search(before):
        return
    lower = _RISK.search(before) and re.match(r"\s*(?:lower|less)\b", after)
    beside = _BESIDE.match(after) is not None and _BY_WORDS.search(before) is not None
    if _INCREASED.match(after) and not lower:
        _increased(case, statements, s, given)
        return
    if not (lower or beside or _REDUCED.search(before) or _REDUCTION.match(after)):
        return
    ratios = [r for r in statements if r.kind == "hr_ci_p" and r.quantities.value is not None]
    if beside:  # `reduced pressure by 4 mm Hg and mortality by 9% (RR 0.91`
        ratios = [r for r in ratios if 0 <= r.normal_start - s.normal_end <= 3]
    if len(ratios) != 1:
        return
    value = ratios[0].quantities.value
    assert value is not None
    low, high = 100 * (1 - value.high), 100 * (1 - value.low)
    members = (s, ratios[0])
    computed = {"reduction": float(100 * (1 - value.value))}
    if given.low <= high and low <= given.high:
        sentence = f"{given.text} % is 1 - {value.text}."
        case.relate("derived", members, "ok", sentence, "1 - ratio", computed, on=(s,))
    elif (
        value.low > 1
        and not _more_exactly(given, value)
        and given.low - 1 <= 100 * (1 - 1 / value.high)
        and 100 * (1 - 1 / value.low) <= given.high + 1
    ):
        sentence = f"{given.text} % is 1 - 1 / {value.text}, of the other group."
        case.relate("derived", members, "ok", sentence, "1 - ratio", computed, on=(s,))
    elif value.low > 1:
        size = float(100 * (value.value - 1))
        sentence = f"A ratio of {value.text} is an increase by {size:.3g} %, and {given.text} % less is printed."
        case.relate("derived", members, "unlikely", sentence, "1 - ratio", computed, on=(s,))
    else:
        sentence = (
            f"A ratio of {value.text} is a reduction by {float(100 * (1 - value.value)):.3g} %, not by {given.text} %."
        )
        case.relate("derived", members, "unlikely", sentence, "1 - ratio", computed, on=(s,))


def _more_exactly(given: Printed, value: Printed) -> bool:
    """Whether a percentage is a ratio less one, and less exactly one less its inverse: 12 % and 1.12."""
    inverse = 100 * (1 - 1 / value.value)
    return given.low <= 100 * (value.value - 1) <= given.high and not given.low <= inverse <= given.high


_EACH_MORE = re.compile(r"\b(?:for (?:every|each)|per (?:year|decade|unit|point|SD|\d))\b", re.IGNORECASE)
"""A ratio of a step and a percentage of several: `for every decade ..., 30% higher odds (OR 1.03 per year)`."""


def _increased(case: Case, statements: list[Statement], s: Statement, given: Printed) -> None:
    """`a relative risk of 1.25, a 25% increase in risk`: the ratio less one."""
    ratios = [r for r in statements if r.kind == "hr_ci_p" and r.quantities.value is not None]
    if len(ratios) != 1 or ratios[0].quantities.value is None or ratios[0].quantities.value.value <= 1:
        return
    value = ratios[0].quantities.value
    low, high = 100 * (value.low - 1), 100 * (value.high - 1)
    size = float(100 * (value.value - 1))
    if given.low <= high and low <= given.high:
        case.relate("derived", (s, ratios[0]), "ok", f"{given.text} % is {value.text} - 1.", "ratio - 1", on=(s,))
    elif not any(
        isinstance(x, Printed) and given.low <= 100 * (x.high - 1) and 100 * (x.low - 1) <= given.high
        for x in (ratios[0].quantities.low, ratios[0].quantities.high)
    ):
        others = (o.quantities.percent for o in statements if o.quantities.percent not in (None, given))
        if (
            _EACH_MORE.search(case.sentence(s))
            or "translat" in case.sentence(s)
            or any(x is not None and x.low <= high and low <= x.high for x in others)
        ):
            return  # the percentage of the ratio is another one of the sentence
        sentence = f"A ratio of {value.text} is an increase by {size:.3g} %, not by {given.text} %."
        case.relate("derived", (s, ratios[0]), "unlikely", sentence, "ratio - 1", {"increase": size}, on=(s,))
