"""Changes in words: `rose from 12.3% to 19.1%, an increase of 6.8 points`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import held, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_changes"]

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"(?: ?%| per ?cent| percent| points?| mm ?Hg| kg)?"
_WHEN = (
    r"(?: (?:in|at|before|on|during|after|by|per|with|for|among) (?:[\w-]+ ){0,4}?[\w-]+|"
    r" (?:before|earlier|initially|previously|preoperatively))?"
)
"""When or with whom a value was found: `41 days in 2018`."""
_LONG_UNIT = (
    r"(?: ?%| per ?cent| percent| percentage points?| points?| (?:mm ?Hg|kg|g/d?L|mg/d?L|mmol/L|m?L|cm|mm|days?|weeks?|"
    r"months?|min(?:utes)?|hours?|years?|cases|patients|episodes|doses)\b)?"
)
_FROM_TO = re.compile(
    rf"\b(?:(?P<up>rose|increased|grew|climbed|improved|lengthened|was (?:raised|extended|prolonged|increased))|"
    rf"(?P<down>fell|dropped|decreased|declined|dwindled|shortened|(?:was|were) (?:reduced|lowered|shortened|"
    rf"decreased|cut)))"
    rf"(?: significantly| further| markedly| slightly| steadily)? from (?P<a>{_NUMBER})(?P<ua>{_LONG_UNIT}){_WHEN}"
    rf"(?: \([^()]{{1,30}}\))? to (?P<b>{_NUMBER})(?P<ub>{_LONG_UNIT})(?![\w/%.-]*\d)"
)
_TIME_UNIT = re.compile(r"(?:days?|weeks?|months?|min(?:utes)?|hours?|years?)")
_OF_AGE = re.compile(r" (?:of age|old|after|later|post)")
_A_TIME = re.compile(
    r"\b(?:times?|durations?|stays?|intervals?|survival|delays?|length|age|periods?|wait\w*|follow-up|PFS|OS)\b",
    re.IGNORECASE,
)
"""Before a change in a time: without it, two numbers of years are when, not how long."""
_COUNTED = re.compile(r"\bnumbers? of\b[^.;\d]{3,60}$", re.IGNORECASE)
_BY = re.compile(
    rf"^[^.;\d]{{0,40}}\b(?:an? |by )(?:absolute |mean )?(?:increase|rise|gain|decrease|fall|drop|reduction|decline|"
    rf"improvement|difference|change)?(?: of| by)? ?-?(?P<d>{_NUMBER})"
    rf"(?P<u>[ -]?(?:percentage[ -])?points?| ?%|{_UNIT})",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf"(?<![\w.,/-])(?P<a>{_NUMBER})(?P<ua>{_UNIT}) (?:\([^()]{{1,30}}\) )?at baseline,? (?:and|to|versus|vs\.?) "
    rf"(?P<b>{_NUMBER})(?P<ub>{_UNIT}) (?:\([^()]{{1,30}}\) )?(?:at|after) [^.;,()]{{2,40}}(?=,)",
    re.IGNORECASE,
)
"""`148.2 mm Hg at baseline and 131.6 mm Hg at 12 weeks`, a change of so much behind it."""
_BY_AHEAD = re.compile(
    rf"\b(?:rose|increased|grew|fell|dropped|decreased|declined|reduced|improved|lost|gained|gain|loss|shortened|"
    rf"lengthened|increase|decrease|reduction|fall|rise)(?: [a-z]+)? (?:by|of) "
    rf"(?:an? (?:mean|average|median) (?:of )?)?(?P<d>{_NUMBER})(?P<u>{_LONG_UNIT})(?:,| \(|)? ?"
    rf"from (?P<a>{_NUMBER})(?P<ua>{_LONG_UNIT}){_WHEN} to "
    rf"(?P<b>{_NUMBER})(?P<ub>{_LONG_UNIT})(?![\w/%.-]*\d)",
    re.IGNORECASE,
)
"""`decreased by 6.4 kg, from 98.2 kg to 91.8 kg`."""
_SIZE = (
    r"(?:US ?)?[$€£]? ?(?P<{0}>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<u{0}>(?: "
    r"?(?:[a-zA-Zµμ²/]{{1,10}}|%))?)"
)
_PERCENT_BEHIND = re.compile(
    rf"\bfrom (?:a (?:mean|median) of )?{_SIZE.format('a')} to {_SIZE.format('b')}(?: [a-z ]{{0,30}})?(?: per "
    r"1[\d,]+)? "
    r"\((?P<sign>[+-])?"
    r"(?P<d>\d+(?:\.\d+)?) ?%\)",
)
"""`fell from 84 mm to 53 mm (-37%)`."""
_BY_PERCENT = re.compile(
    r"\b(?:rose|increased|grew|fell|dropped|decreased|declined|reduced|(?:increase|decrease|fall|drop|reduction|decline)"
    rf"(?: in [a-z ]{{3,30}})?)(?P<sign>) (?:by|of) (?P<d>\d+(?:\.\d+)?) ?%(?: \(|, )from {_SIZE.format('a')} to "
    rf"{_SIZE.format('b')}(?=[).,;])",
    re.IGNORECASE,
)
"""`fell by 12% (from $41,000 to $36,100)`."""
_FITTED = re.compile(r"adjust|estimat|model|mean difference|weighted|least[- ]squares", re.IGNORECASE)


def check_changes(case: Case) -> None:
    """Check the direction and the size of changes that a sentence gives from one value to another."""
    for p in sentences_with(case, "at baseline", citing=True):
        for m in _THEN.finditer(case.flat, p.start, p.end):
            a, b = read_printed(m["a"]), read_printed(m["b"])
            if m["ub"] or (a.digits and b.digits):
                _by_so_much(case, p, m)
    for p in sentences_with(case, "from ", citing=True):
        if " to " not in case.flat[p.start : p.end]:
            continue
        for m in _FROM_TO.finditer(case.flat, p.start, p.end):
            _change(case, p, m)
        for m in _BY_AHEAD.finditer(case.flat, p.start, p.end):
            _told_first(case, p, m)
        for pattern in (_PERCENT_BEHIND, _BY_PERCENT):
            for m in pattern.finditer(case.flat, p.start, p.end):
                _relative(case, p, m)


def _told_first(case: Case, p: Passage, m: re.Match[str]) -> None:
    if "%" in m["u"] + m["ua"] or (m["ua"] and m["ua"] != m["ub"]) or (m["u"] and m["u"] != m["ub"]):
        return
    a, b, given = (read_printed(m[k]) for k in ("a", "b", "d"))
    gap, slack = abs(b.value - a.value), (a.step + b.step + given.step) / 2
    members = [m.span(k) for k in ("d", "a", "b")]
    shown = f"From {a.text} to {b.text} is a change of {float(gap):g}, printed {given.text}"
    fits = abs(gap - given.value) <= slack
    verdict: Verdict = "ok" if fits else "cannot confirm" if _FITTED.search(case.flat, p.start, p.end) else "unlikely"
    on = () if fits else held(case, p, m.span("d"), m.span("b"), m.span("a"))
    case.relate("difference", members, verdict, f"{shown}.", "difference", on=on)


def _relative(case: Case, p: Passage, m: re.Match[str]) -> None:
    """A change in percent of where it began; between two percentages it may be in points."""
    a, b, given = (read_printed(m[k].replace(",", "")) for k in ("a", "b", "d"))
    if re.search(r"\bwith\b", case.flat[m.end("b") : m.start("d")]):
        return  # of another thing: `from 0.03 to 0.10 mmol/g with a high efficiency (97%)`
    if a.low <= 0 or (m["ua"].strip() and m["ub"].strip() and m["ua"].strip() != m["ub"].strip()):
        return
    ends = [100 * abs(y - x) / x for x in (a.low, a.high) for y in (b.low, b.high)]
    low, high = min(ends), max(ends)
    points = abs(b.value - a.value), (a.step + b.step + given.step) / 2
    size = float(100 * (b.value - a.value) / a.value)
    members = [m.span(k) for k in ("a", "b", "d")]
    fits = low <= given.high and given.low <= high
    fits = fits or ("%" in m["ua"] + m["ub"] and abs(points[0] - given.value) <= points[1])
    turned = bool(m["sign"]) and (m["sign"] == "-") != (b.value < a.value) and a.value != b.value
    shown = f"From {a.text} to {b.text} is a change by {size:.3g} %"
    if fits and not turned:
        case.relate("difference", members, "ok", f"{shown}.", "relative change")
    else:
        verdict: Verdict = "cannot confirm" if _FITTED.search(case.flat, p.start, p.end) else "unlikely"
        on = held(case, p, m.span("d"), m.span("b"))
        sentence = f"{shown}, printed {m['sign'] or ''}{given.text} %."
        case.relate("difference", members, verdict, sentence, "relative change", on=on)


def _change(case: Case, p: Passage, m: re.Match[str]) -> None:
    a, b = read_printed(m["a"]), read_printed(m["b"])
    counted = m["ua"] + m["ub"] or _COUNTED.search(case.flat, max(0, m.start() - 70), m.start())
    if not (counted or (a.digits and b.digits)):
        return  # years, ages
    if _TIME_UNIT.fullmatch(m["ub"].strip()) and (_OF_AGE.match(case.flat, m.end()) or not (
        m["ua"] or _A_TIME.search(case.flat, max(0, m.start() - 80), m.start()))):  # fmt: skip
        return  # from 6 to 14 years of age, from 6 to 12 months
    members = [(m.start(k), m.end(k)) for k in ("a", "b")]
    rises = m["up"] is not None
    if m["up"] != "improved" and ((rises and b.high < a.low) or (not rises and b.low > a.high)):
        sentence = f"From {a.text} to {b.text} is {'a fall' if rises else 'a rise'}, the words say the contrary."
        case.relate(
            "direction",
            members,
            "unlikely",
            sentence,
            "direction of change",
            on=held(case, p, m.span("b"), m.span("a")),
        )
        return
    _by_so_much(case, p, m)


def _in_percent(case: Case, p: Passage, m: re.Match[str], by: re.Match[str]) -> None:
    """`from 24.0 to 18.0 points, a reduction of 25%`."""
    a, b, given = read_printed(m["a"]), read_printed(m["b"]), read_printed(by["d"])
    ends = [100 * abs(y - x) / x for x in (a.low, a.high) for y in (b.low, b.high)]
    place = m.end() + by.start("d"), m.end() + by.end("d")
    size = float(100 * abs(b.value - a.value) / a.value)
    shown = f"From {a.text} to {b.text} is a change by {size:.3g} %"
    if min(ends) <= given.high and given.low <= max(ends):
        case.relate("difference", [m.span("a"), m.span("b"), place], "ok", f"{shown}.", "relative change")
    elif not _FITTED.search(case.flat, p.start, p.end):
        on = held(case, p, place, m.span("b"))
        sentence = f"{shown}, printed {given.text} %."
        case.relate("difference", [m.span("a"), m.span("b"), place], "unlikely", sentence, "relative change", on=on)


def _by_so_much(case: Case, p: Passage, m: re.Match[str]) -> None:
    """The size of a change given right behind its two values."""
    a, b = read_printed(m["a"]), read_printed(m["b"])
    members = [(m.start(k), m.end(k)) for k in ("a", "b")]
    by = _BY.match(case.flat[m.end() : min(p.end, m.end() + 110)])
    if by is None:
        return
    if by["u"].strip() in ("%", "percent") and m["ua"] + m["ub"] and "absolute" not in by[0]:
        if "%" not in m["ua"] + m["ub"] and a.low > 0:
            _in_percent(case, p, m, by)
        return
    points = "point" in by["u"]
    if not points and by["u"].strip() != m["ub"].strip():
        return
    given = read_printed(by["d"])
    gap, slack = abs(b.value - a.value), (a.step + b.step + given.step) / 2
    shown = f"From {a.text} to {b.text} is a change of {float(gap):g}, printed {given.text}"
    members.append((m.end() + by.start("d"), m.end() + by.end("d")))
    computed = {"difference": float(gap)}
    if abs(gap - given.value) <= slack:
        case.relate("difference", members, "ok", f"{shown}.", "difference", computed)
        return
    verdict: Verdict = "cannot confirm" if _FITTED.search(case.flat, p.start, p.end) else "unlikely"
    case.relate(
        "difference", members, verdict, f"{shown}.", "difference", computed, on=held(case, p, m.span("b"), m.span("a"))
    )
