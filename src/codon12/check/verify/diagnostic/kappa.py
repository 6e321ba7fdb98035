"""Kappa by the agreement seen and the agreement by chance, (observed - chance) / (1 - chance) (Cohen 1960)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.each_other import named, percent
from codon12.check.verify.prose import NUMBER, judge, only
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_kappa"]


_KAPPA = named(r"(?:Cohen['’]?s? )?(?:weighted )?kappa|κ")


_OBSERVED = re.compile(
    rf"\b(?<!chance )(?<!expected )(?:observed agreement|agree(?:d|ment)(?: (?!chance|expected)[a-z]+){{0,3}})(?:,|:| "
    rf"=| was| of| on| in| for|\(| \d+(?: of \d+)?(?: [a-z]+)? \()* ?(?P<v>{NUMBER}|\.\d+)(?![\d.,]*\d)(?P<u> ?%)?",
    re.IGNORECASE,
)


_CHANCE = re.compile(
    rf"\b(?:(?:chance|expected)(?: [a-z]+){{0,3}}?|agreement (?:expected )?by chance|expected by chance)(?:,|:| =|"
    rf" was| of| at| being|\()* ?"
    rf"(?P<v>{NUMBER}|\.\d+)(?![\d.,]*\d)(?P<u> ?%)?|(?P<w>{NUMBER})(?P<x> ?%)? (?:was |were |would be )?"
    r"(?:expected|by chance)\b",
    re.IGNORECASE,
)


def check_kappa(case: Case, p: Passage) -> None:
    """Check kappa against the agreement seen and that expected by chance."""
    told, chance = (only(x.finditer(case.flat, p.start, p.end)) for x in (_KAPPA, _CHANCE))
    if told is not None and not told["u"] and chance is None:
        _of_two_raters(case, p, told)
    agreed = [m for m in _OBSERVED.finditer(case.flat, p.start, p.end) if m["u"] or read_printed(m["v"]).value < 1]
    seen = agreed[0] if len(agreed) == 1 else None
    if told is None or seen is None or chance is None or told["u"]:
        return
    k = read_printed(told["v"])
    o = percent(seen)
    which = "v" if chance["v"] else "w"
    e = read_printed(chance[which])
    if not (chance["u"] or chance["x"]):
        e = Printed(e.text, e.value * 100, max(e.digits - 2, 0))
    if o is None or not 0 < e.value < 100 or k.value > 1 or o.value == e.value:
        return
    ends = [float((x - y) / (100 - y)) for x in (o.low, o.high) for y in (e.low, e.high)]
    if min(ends) - float(k.step) <= float(k.value) <= max(ends) + float(k.step):
        return
    exact = float((o.value - e.value) / (100 - e.value))
    sentence = f"Agreement of {o.text} with {e.text} by chance makes a kappa of {exact:.2f}, printed {k.text}."
    judge(
        case, p, "accuracy", [seen.span("v"), chance.span(which), told.span("v")], "unlikely", sentence, "Cohen's kappa"
    )


_OF = r"(?:(?: (?:were|was|in|for|as|the|by|readers?|observers?|raters?|called|cases|samples))*|:|,|=)*"
_POSITIVE, _NEGATIVE = (
    re.compile(
        rf"\bboth(?: [a-z]+){{0,2}}? {sign}{_OF} ?\(?(?:n ?= ?)?(?P<a>\d+)\b(?! ?%|\.\d)"
        rf"|(?<![\w.,/-])(?P<b>\d+) (?:[a-z]+ ){{0,2}}?{sign} (?:by|for|to|on|in|according to) both\b"
        rf"|\bboth (?:[a-z]+ ){{1,3}}(?:\d+ (?:as )?[a-z]+,? and )?(?P<d>\d+) (?:as )?{sign}\b"
        rf"|\((?:[^()]*, )?(?P<c>\d+) (?:both |concordantly |jointly )?{sign}\b"
        rf"|[:;,] (?:and )?(?P<e>\d+) both {sign}\b",
        re.IGNORECASE,
    )
    for sign in ("(?:positive|abnormal|malignant|present|yes)", "(?:negative|normal|benign|absent|no)")
)
_APART = re.compile(
    r"\b(?:discordant|disagree\w*|differ\w*|discrepant)(?: [a-z]+){0,3}?:? \(?(?P<a>\d+)\b|(?<![\w.,/-])(?P<b>\d+) "
    r"(?:[a-z]+ ){0,2}?(?:were |was )?(?:discordant|discrepant|disagreements?)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?<![\w.,/-])(?P<n>\d+) (?:[a-z-]+ ){0,2}?(?:biopsies|scans|slides|samples|images|patients|cases|tumou?rs|"
    r"specimens|films|smears|mammograms|lesions|sections|nodules|records|women|men)\b",
    re.IGNORECASE,
)
_WEIGHTED = re.compile(
    r"\b(?:weighted|grades?|categories|bias|prevalence-adjusted|PABAK|three|four|five)\b", re.IGNORECASE
)
_MOST_OFF = 0.03


def _of_two_raters(case: Case, p: Passage, told: re.Match[str]) -> None:
    """`100 biopsies: both positive 40, both negative 40, discordant 20. Kappa was 0.80`: of four cells.

    How the discordant ones are shared out moves kappa little; the printed one must be off whichever way they are.
    """
    before = case.text.passages[p.index - 1] if p.index else p
    begin = before.start if before.paragraph == p.paragraph else p.start
    if _WEIGHTED.search(case.flat, begin, p.end):
        return
    both = [only(x.finditer(case.figures, begin, p.end)) for x in (_POSITIVE, _NEGATIVE)]
    if both[0] is None or both[1] is None:
        return
    spans = [x.span(next(k for k in "abcde" if x[k])) for x in both if x is not None]
    a, d = (int(case.figures[slice(*at)]) for at in spans)
    apart, all_ = only(_APART.finditer(case.figures, begin, p.end)), list(_ALL.finditer(case.figures, begin, p.end))
    totals = [x for x in all_ if int(x["n"]) > a + d]
    if not totals:
        return
    n = max(int(x["n"]) for x in totals)
    if apart is not None and int(apart["a"] or apart["b"]) != n - a - d:
        return
    value = read_printed(told["v"])
    kappas = [_kappa(a, b, n - a - d - b, d) for b in range(n - a - d + 1)]
    low, high = min(kappas), max(kappas)
    if value.value > 1 or low - _MOST_OFF <= float(value.value) <= high + _MOST_OFF:
        return
    sentence = f"{a} and {d} of {n} alike make a kappa of {low:.2f} to {high:.2f}, printed {value.text}."
    at = next(x.span("n") for x in totals if int(x["n"]) == n)
    judge(case, p, "accuracy", [*spans, at, told.span("v")], "unlikely", sentence, "Cohen's kappa")


def _kappa(a: int, b: int, c: int, d: int) -> float:
    n = a + b + c + d
    chance = ((a + b) * (a + c) + (c + d) * (b + d)) / n**2
    return 1.0 if chance == 1 else ((a + d) / n - chance) / (1 - chance)
