"""Values found among those who entered against the limits of entry: ejection fraction, body-mass index, HbA1c, age."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_entry_limits"]

_MEASURES = tuple(
    (name, re.compile(pattern, re.IGNORECASE if name != "eGFR" else 0), words)
    for name, pattern, words in (
        ("ejection fraction", r"\bejection[- ]fractions?\b|\bLVEF\b", ("ejection", "lvef")),
        ("body-mass index", r"\bbody[- ]mass ind(?:ex|ices|exes)\b|\bBMI\b", ("mass ind", "bmi")),
        ("HbA1c", r"\bHbA1c\b|\bglycated ha?emoglobin\b|\bA1C\b", ("hba1c", "glycated", "a1c")),
        ("eGFR", r"\beGFR\b|\bglomerular filtration rate\b", ("egfr", "filtration rate")),
        ("gestation", r"\bgestational ages?\b|\bgestation\b", ("gestation",)),
        ("birth weight", r"\bbirth[- ]?weights?\b", ("birth weight", "birthweight")),
        ("systolic pressure", r"\bsystolic (?:blood )?pressures?\b", ("systolic",)),
        ("haemoglobin", r"\bha?emoglobin(?: levels?| concentrations?)?\b(?! A1c)", ("moglobin",)),
        ("platelets", r"\bplatelet counts?\b", ("platelet",)),
        ("CD4", r"\bCD4\b", ("cd4",)),
        ("LDL", r"\bLDL\b|\blow-density lipoprotein\b", ("ldl", "low-density")),
        ("FEV1", r"\bFEV1\b", ("fev1",)),
        (
            "score",
            r"\b(?:NIHSS|MMSE|MoCA|Karnofsky|HAM-?D|PHQ-9|EDSS|MADRS|DAS28)\b",
            ("nihss", "mmse", "moca", "karnofsky", "ham", "phq", "edss", "madrs", "das28"),
        ),
        (
            "age",
            r"\bage[ds]?\b|\byears old\b|\byears of age\b|\b(?:old|young)est\b",
            ("age", "years old", "oldest", "youngest"),
        ),
    )
)
_MAY_ENTER = re.compile(
    r"\b(?:eligib\w+|inclusion|criteri\w+|had to (?:be|have)|were required|was required|could (?:enter|join|"
    r"participate|take part)|"
    r"(?:were|was) (?:included|recruited|enrolled) if|qualif\w+|for entry|invited|must (?:be|have))\b",
    re.IGNORECASE,
)
_NOT_ENTRY = re.compile(
    r"\b(?:exclu\w+|ineligible|not eligible|unless|except|or a|older than|originally|amend\w*|later)\b", re.IGNORECASE
)
_U = (
    r"(?: ?(?:%|years?(?: of age)?(?: old)?|weeks?|days|kg/m2|kg|g/d?L|mg/dL|mmol/L|mmol/mol|mL/min(?:/1\.73 m2)?|"
    r"ml/min|mm ?Hg|cells(?:/\S+)?|points|g|x ?10\^?9/L))?"
)
_LIMIT = re.compile(
    rf"(?P<a>{NUMBER}){_U}(?: ?(?:to|-|and|through) ?)(?P<b>{NUMBER})(?![\d.]*\d|-)"
    rf"|(?P<least>(?:≥|>=|>|at least|no less than|not less than|a minimum of|minimum|above|over|more than|greater "
    rf"than|exceeding|higher than) ?)(?P<c>{NUMBER})"
    rf"|(?P<most>(?:≤|<=|<|at most|no more than|not more than|up to|a maximum of|maximum|below|under|less than|"
    rf"lower than|not exceeding) ?)(?P<d>{NUMBER})"
    rf"|(?P<e>{NUMBER}){_U} or (?:(?P<up>more|higher|above|over|greater|older)|(?P<down>less|lower|below|under|"
    rf"fewer|younger))\b",
    re.IGNORECASE,
)
_RANGED = re.compile(
    rf"\brang(?:e|ed|es|ing)(?: was| of|,|:| =)*(?: from| between)? ?\(?(?P<a>{NUMBER}){_U} ?(?:to|-|and) "
    rf"?(?P<b>{NUMBER})(?![\d.]*\d)"
    rf"|\bbetween (?P<c>{NUMBER}){_U} and (?P<d>{NUMBER})"
)
_EXTREME = re.compile(
    rf"\b(?:(?P<hi>oldest|eldest|highest|largest|greatest|maximum)|(?P<lo>youngest|lowest|smallest|"
    rf"minimum))\b[^.;()\d]{{0,60}}? (?:was|being|had been|had|of|were)"
    rf"(?: aged?)? (?P<v>{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:registry|register|population|literature|previous\w*|interquartile|IQR|follow-?up|after (?!random)|at "
    r"(?:one|two|three|four|five|six|\d+|the end|week|month|"
    r"year|discharge|last)|end of|later|final|"
    r"death|died|change\w*|nadir|peak|reached|increased|decreased|screened|excluded|survivors|controls|siblings|"
    r"parents|mothers|carers|"
    r"staff|means? ranged|across|reference|normal|tertile|quartile)\b",
    re.IGNORECASE,
)


class _Limits(NamedTuple):
    low: Printed | None
    high: Printed | None
    strict: bool
    places: list[tuple[int, int]]
    passage: int


def check_entry_limits(case: Case) -> None:
    """Check the range of each measure against the only limits of entry that the text gives for it."""
    if "rang" not in case.flat and "est " not in case.flat and "between" not in case.flat:
        return
    rules = [
        p
        for p in sentences_with(
            case,
            "eligib",
            "inclusion",
            "criteri",
            "had to ",
            "required",
            "qualif",
            "must ",
            "could ",
            "for entry",
            "invited",
            "included if",
            "enrolled if",
        )
        if _MAY_ENTER.search(case.flat, p.start, p.end)
    ]
    if not rules:
        return
    for _, pattern, words in _MEASURES:
        found = [x for p in rules for x in _limits(case, p, pattern)]
        if len(found) == 1:
            for p in sentences_with(case, *words):
                _compare(case, p, pattern, found[0])


def _limits(case: Case, p: Passage, measure: re.Pattern[str]) -> list[_Limits]:
    """Limits of a measure that a sentence gives: right behind its name, or before `years of age`."""
    if _NOT_ENTRY.search(case.flat, p.start, p.end):
        return []
    out = []
    for m in measure.finditer(case.flat, p.start, p.end):
        limits = _LIMIT.search(case.flat, m.end(), min(p.end, m.end() + _REACH))
        if limits is not None and re.search(r"[;.]|\d|,", case.flat[m.end() : limits.start()]):
            limits = None
        if limits is None:
            before = [
                x for x in _LIMIT.finditer(case.flat, max(p.start, m.start() - 30), m.end()) if x.end() <= m.end()
            ]
            limits = before[-1] if before and _UNIT_OF.fullmatch(case.flat[before[-1].end() : m.start()]) else None
        if limits is None:
            continue
        if _ANOTHER.search(case.flat, m.end(), limits.start()):
            continue  # years of age and body mass index < 30
        out.append(_read(limits, p.index))
        rest = case.flat[limits.end() : limits.end() + _REACH]
        if re.match(rf"{_U},? or (?:an? )?\d", rest):
            out.append(out[-1])  # several limits: of whom each is, nothing says
    return out if any(a is b for a, b in pairwise(out)) else list({x.places[0]: x for x in out}.values())


_REACH = 45
_UNIT_OF = re.compile(rf"{_U}(?:'s?)?(?: of(?: the)?)? ?-?", re.IGNORECASE)
"""What may stand between a limit and the measure behind it: `less than 30 weeks' gestation`."""


_ANOTHER = re.compile(r"\band (?:an? )?(?:[a-z-]+ )*(?:index|score|count|level|grade|BMI|weight)\b")


def _read(m: re.Match[str], passage: int) -> _Limits:
    if m["a"]:
        return _Limits(read_printed(m["a"]), read_printed(m["b"]), False, [m.span("a"), m.span("b")], passage)
    if m["c"]:
        return _Limits(read_printed(m["c"]), None, False, [m.span("c")], passage)
    if m["d"]:
        return _Limits(None, read_printed(m["d"]), "<" in m["most"], [m.span("d")], passage)
    value = read_printed(m["e"])
    return _Limits(value if m["up"] else None, value if m["down"] else None, False, [m.span("e")], passage)


def _compare(case: Case, p: Passage, measure: re.Pattern[str], limits: _Limits) -> None:
    start = p.start
    if p.index == limits.passage:  # two sentences that an abbreviation holds together: `100 x 10^9/L. The median`
        end = re.compile(r"\. (?=[A-Z])").search(case.flat, limits.places[-1][1], p.end)
        start = p.end if end is None else end.end()
    if start < limits.places[0][0] or start == p.end or _LATER.search(case.flat, start, p.end):
        return
    names = list(measure.finditer(case.flat, start, p.end))
    ranges = list(_RANGED.finditer(case.flat, start, p.end))
    if not names:
        return
    age = "year" in measure.pattern
    found: list[tuple[Printed, Printed, list[tuple[int, int]]]] = []
    if (
        len(ranges) == 1
        and names[0].start() < ranges[0].start()
        and not _OTHER.search(case.flat, names[-1].end(), ranges[0].start())
    ):
        m = ranges[0]
        a, b = ("a", "b") if m["a"] else ("c", "d")
        found.append((read_printed(m[a]), read_printed(m[b]), [m.span(a), m.span(b)]))
    for m in _EXTREME.finditer(case.flat, start, p.end) if not ranges else ():
        if not age or re.match(r" ?(?:years?|yr|y\b|\.|,|;|\))", case.flat[m.end() : m.end() + 8]):
            value = read_printed(m["v"])
            found.append((value, value, [m.span("v")]))
    for low, high, places in found:
        over = limits.high is not None and high.low > limits.high.high_cut - (0 if not age else -1)
        under = limits.low is not None and low.high_cut <= limits.low.low
        if not (over or under) or any(compared(case, x, "order") for x in places):
            continue
        wrong = high.text if over else low.text
        bound = limits.high.text if over and limits.high else limits.low.text if limits.low else ""
        sentence = f"{wrong} lies {'above' if over else 'below'} {bound}, the limit of those who could enter."
        judge(case, p, "order", [*limits.places, *places], "error-if", sentence, "limits of entry")


_OTHER = re.compile(r"\b(?:weight|height|pressure|duration|score|creatinine|dose|time|follow)\b|;", re.IGNORECASE)
