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
from codon12.check.verify.diagnostic.rates import NAMES, RATE
from codon12.check.verify.prose import NUMBER, compared, judge, only
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_likelihood"]


_YOUDEN = re.compile(
    rf"\bYouden(?:['’]?s)?(?: index| J| statistic)*(?: \(J\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})"
    r"(?P<pct> ?%)?(?![\d.]*\d)",
    re.IGNORECASE,
)


_LR = re.compile(
    rf"\b(?P<sign>positive|negative) (?:likelihood ratio|LR)(?: \([A-Z+-]{{2,4}}\))?(?: (?:of|was|is))?(?:,|:| =)? ?"
    rf"(?P<v>{NUMBER})|\b(?P<short>LR ?[+-])(?: (?:of|was|is))?(?:,|:| =)? ?(?P<w>{NUMBER})|"
    rf"(?:positive and negative )?\blikelihood ratios(?: (?:of|were))?(?:,|:)? (?P<a>{NUMBER}) and (?P<b>{NUMBER})",
    re.IGNORECASE,
)


_DOR = re.compile(
    rf"\bdiagnostic odds ratio(?: \(DOR\))?(?: (?:of|was|is))?(?:,|:| =)? ?(?P<v>{NUMBER})(?![\d.]*\d)", re.IGNORECASE
)


_BOTH = re.compile(
    rf"\bsensitivity and specificity(?: (?:of|were|was)| [a-z-]+){{0,4}}(?:,|:)? (?P<a>{NUMBER}) ?% and (?P<b>{NUMBER})"
    rf" ?%",
    re.IGNORECASE,
)


_PAIR = re.compile(
    rf"(?P<a>{NUMBER}) ?% (?:sensitivity|sensitive)[^.;\d]{{0,20}}(?P<b>{NUMBER}) ?% (?:specificity|specific)\b",
    re.IGNORECASE,
)
_FRACTIONS = re.compile(
    r"\bsensitivity and specificity(?:(?: \([^()\d]*\))?(?: of| were| was| [a-z]+){0,4}),? (?P<a>0?\.\d+|1\.0+) and"
    r" (?P<b>0?\.\d+|1\.0+)",
    re.IGNORECASE,
)


def _measures(case: Case, start: int, end: int) -> tuple[Printed, Printed, list[tuple[int, int]]] | None:
    """One sensitivity and one specificity of a stretch, in percent, and where they stand."""
    both = [*_BOTH.finditer(case.flat, start, end), *_PAIR.finditer(case.flat, start, end)]
    if len(both) == 1:
        return read_printed(both[0]["a"]), read_printed(both[0]["b"]), [both[0].span("a"), both[0].span("b")]
    parts = only(_FRACTIONS.finditer(case.flat, start, end))
    if parts is not None:
        a, b = (read_printed(parts[k]) for k in "ab")
        return _in_percent(a), _in_percent(b), [parts.span("a"), parts.span("b")]
    found: dict[str, list[re.Match[str]]] = {"sensitivity": [], "specificity": []}
    for m in RATE.finditer(case.flat, start, end):
        if (what := NAMES[m["what"].lower()]) in found:
            found[what].append(m)
    if both or any(len(x) != 1 for x in found.values()):
        return None
    a, b = found["sensitivity"][0], found["specificity"][0]
    return read_printed(a["p"]), read_printed(b["p"]), [a.span("p"), b.span("p")]


def _in_percent(x: Printed) -> Printed:
    return Printed(f"{float(100 * x.value):g}", 100 * x.value, max(x.digits - 2, 0))


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
    shown = f"Sensitivity {sens.text} % and specificity {spec.text} % make"
    for m in _YOUDEN.finditer(case.flat, p.start, p.end):
        scale = 100 if m["pct"] else 1
        low, high = (scale * (x + y - 1) for x, y in zip(a, b, strict=True))
        _compare(case, p, [*places, m.span("v")], read_printed(m["v"]), low, high, f"{shown} a Youden index")
    if b[0] >= 1 or a[0] <= 0:
        return
    plus = a[0] / (1 - b[0]), a[1] / (1 - b[1])
    minus = (1 - a[1]) / b[1], (1 - a[0]) / b[0]
    for m in _LR.finditer(case.flat, p.start, p.end):
        for key in "vwab":
            if not m[key] or compared(case, m.span(key), "accuracy"):
                continue
            positive = key == "a" or (key != "b" and (m["sign"] or m["short"])[-1] in "e+" and _is_positive(m))
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
    return (m["sign"] or "").lower() == "positive" or (m["short"] or "").endswith("+")


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
