"""Youden's index, likelihood ratios and the diagnostic odds ratio beside sensitivity and specificity.

Youden's J = sensitivity + specificity - 1; LR+ = sensitivity / (1 - specificity), LR- = (1 - sensitivity) /
specificity; the diagnostic odds ratio is LR+ / LR- (Youden 1950; Altman and Bland 1994; Glas et al. 2003).
"""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.rates import NAMES, rates_in
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_likelihood"]


_YOUDEN = re.compile(
    rf"\bYouden(?:['’]?s)?(?: index| J| statistic)*(?: \(J\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})"
    r"(?P<pct> ?%)?(?![\d.]*\d)",
    re.IGNORECASE,
)


_IS = r"(?: (?:of|was|is|being|therefore|thus|hence|only|as high as|as low as|equal to|came to))*(?:,|:| =)? ?"
_LR = re.compile(
    rf"\b(?P<sign>positive|negative) (?:likelihood ratio|LR)(?: \([A-Z+-]{{2,4}}\))?(?: (?:of|for) (?!\d|"
    rf"[^.;\d]{{0,30}}\bcut)[A-Za-z][A-Za-z -]{{2,40}}?(?= (?:was|is)\b))?{_IS}(?P<v>{NUMBER})|\b(?P<short>LR ?(?:[+-]|"
    rf"\([+-]\)))(?: \([a-z ]+\))?{_IS}(?P<w>{NUMBER})|\blikelihood ratio (?:of|for) an? (?P<result>positive|negative) "
    rf"(?:result|test|finding|scan)s?{_IS}(?P<x>{NUMBER})|\ban? (?P<of>positive|negative) (?:result|test|finding|"
    rf"scan)s? (?:had|has|have|carried|carries|gave|gives) an? likelihood ratio{_IS}(?P<y>{NUMBER})|\band the "
    rf"(?P<one>positive|negative) one{_IS}(?P<z>{NUMBER})|(?:positive and negative )?\blikelihood ratios(?: (?:of|"
    rf"were))?(?:,|:)? (?P<a>{NUMBER}) and (?P<b>{NUMBER})",
    re.IGNORECASE,
)


_DOR = re.compile(
    rf"\bdiagnostic odds ratio(?: \(DOR\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})(?![\d.]*\d)", re.IGNORECASE
)


_BOTH = re.compile(
    rf"\bsensitivity and (?:a |its )?specificity(?: \([^()\d]*\))?(?: (?:of|were|was)| [a-z-]+){{0,4}}(?:,|:)? "
    rf"(?P<a>{NUMBER}|\.\d+) ?%? and (?P<b>{NUMBER}|\.\d+) ?(?P<pct>%)?(?![\d.]*\d)",
    re.IGNORECASE,
)
_BOTH_ALIKE = re.compile(
    rf"\bsensitivity and (?:a |its )?specificity(?: (?:of|were|was)| [a-z-]+){{0,4}}(?:,|:)? (?P<a>{NUMBER}) "
    rf"?(?P<pct>%)?"
    r"(?![\d.]*\d| ?%? ?(?:and|to|or|,|-|\() ?\d|-)",
    re.IGNORECASE,
)
"""`Sensitivity and specificity were both 90%`, `both a sensitivity and a specificity of 0.95`."""
_TOLD_OF_BOTH = re.compile(r"\b(?:both|each|alike|identical|equal|the same)\b", re.IGNORECASE)
_IN_PARTS = re.compile(
    r"\b(?P<what>sensitivity|specificity)(?: (?:of|was|were|is|being))*(?:,|:| =)? ?(?P<p>0?\.\d+|1\.0+)(?![\d.]*\d| "
    r"?%)",
    re.IGNORECASE,
)


_PAIR = re.compile(
    rf"(?P<a>{NUMBER}) ?% (?:sensitivity|sensitive)[^.;\d]{{0,20}}(?P<b>{NUMBER}) ?% (?:specificity|specific)\b",
    re.IGNORECASE,
)


def _measures(case: Case, start: int, end: int) -> tuple[Printed, Printed, list[tuple[int, int]]] | None:
    """One sensitivity and one specificity of a stretch, in percent, and where they stand."""
    both = [*_BOTH.finditer(case.flat, start, end), *_PAIR.finditer(case.flat, start, end)]
    if len(both) == 1:
        return _in_percent(both[0]["a"]), _in_percent(both[0]["b"]), [both[0].span("a"), both[0].span("b")]
    alike = list(_BOTH_ALIKE.finditer(case.flat, start, end))
    if len(alike) == 1 and not both and _TOLD_OF_BOTH.search(case.flat, max(start, alike[0].start() - 12), end):
        same = _in_percent(alike[0]["a"])
        return same, same, [alike[0].span("a")]
    found: dict[str, list[re.Match[str]]] = {"sensitivity": [], "specificity": []}
    for m in (*rates_in(case, start, end), *_IN_PARTS.finditer(case.flat, start, end)):
        if (what := NAMES[m["what"].lower()]) in found:
            found[what].append(m)
    if both or any(len(x) != 1 for x in found.values()):
        return None
    a, b = found["sensitivity"][0], found["specificity"][0]
    return _in_percent(a["p"]), _in_percent(b["p"]), [a.span("p"), b.span("p")]


def _in_percent(text: str) -> Printed:
    """A share of 0 to 1 printed with its point as a percentage, any other as it is."""
    told = read_printed(text)
    if told.digits and told.value <= 1:
        return Printed(told.text, told.value * 100, max(0, told.digits - 2))
    return told


def check_likelihood(case: Case, p: Passage) -> None:
    """Youden's index, likelihood ratios and the diagnostic odds ratio beside sensitivity and specificity."""
    before = case.text.passages[p.index - 1] if p.index else p
    found = _measures(case, p.start, p.end)
    if found is None and before.paragraph == p.paragraph:
        found = _measures(case, before.start, p.end)
    if found is None:
        return
    sens, spec, places = found
    a, b = (sens.low / 100, sens.high / 100), (spec.low / 100, min(spec.high / 100, Fraction(99999, 100000)))
    shown = f"Sensitivity {sens.text} and specificity {spec.text} make"
    for m in _YOUDEN.finditer(case.flat, p.start, p.end):
        scale = 100 if m["pct"] else 1
        low, high = (scale * (x + y - 1) for x, y in zip(a, b, strict=True))
        _compare(case, p, [*places, m.span("v")], read_printed(m["v"]), low, high, f"{shown} a Youden index")
    if b[0] >= 1 or a[0] <= 0:
        return
    plus = a[0] / (1 - b[0]), a[1] / (1 - b[1])
    minus = (1 - a[1]) / b[1], (1 - a[0]) / b[0]
    for m in _LR.finditer(case.flat, p.start, p.end):
        if m["one"] and "likelihood" not in case.small[p.start : m.start()]:
            continue
        for key in "vwxyzab":
            if not m[key] or compared(case, m.span(key), "accuracy"):
                continue
            positive = key == "a" or (key != "b" and _is_positive(m))
            low, high = plus if positive else minus
            what = f"{shown} a {'positive' if positive else 'negative'} likelihood ratio"
            _compare(case, p, [*places, m.span(key)], read_printed(m[key]), low, high, what)
    if minus[0] > 0:
        for m in _DOR.finditer(case.flat, p.start, p.end):
            low, high = plus[0] / minus[1], plus[1] / minus[0]
            _compare(
                case, p, [*places, m.span("v")], read_printed(m["v"]), low, high, f"{shown} a diagnostic odds ratio"
            )


def _is_positive(m: re.Match[str]) -> bool:
    return (m["sign"] or m["result"] or m["of"] or m["one"] or "").lower() == "positive" or "+" in (m["short"] or "")


def _compare(
    case: Case, p: Passage, places: list[tuple[int, int]], given: Printed, low: Fraction, high: Fraction, shown: str
) -> None:
    if given.value - given.step <= high and low <= given.value + given.step:
        judge(case, p, "accuracy", places, "ok", f"{shown} of {float((low + high) / 2):.3g}.", "definition")
        return
    off = max(low - given.value, given.value - high)
    verdict: Verdict = "unlikely" if off > given.step and off * 20 > given.value else "cannot confirm"
    sentence = f"{shown} of {float(low):.3g} to {float(high):.3g}, printed {given.text}."
    judge(case, p, "accuracy", places, verdict, sentence, "definition")
