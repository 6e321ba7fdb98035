"""A predictive value from what a test found among the ill and among the well: `positive in 45 of 50 and 15 of 150`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.rates import rates_in
from codon12.check.verify.prose import judge, settled, whole
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_predictive_value"]

_N = r"\d{1,3}(?:,\d{3})+|\d+"
_POSITIVE_IN = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) ?(?:/|(?:out )?of (?:the |these |those |our )?(?:remaining )?) "
    rf"?(?P<t>{_N})(?![\d.,]*\d| ?%)",
)
_OF_ONE_KIND = re.compile(
    rf"\b(?:[Aa]mong|[Oo]f|[Ii]n) (?:the )?(?P<t>{_N}) [a-z-]{{4,}}(?: (?:with|who|without|had)(?: [a-z]+){{1,3}})?,? "
    rf"(?P<n>{_N})"
    r"(?! ?%)"
)
_WELL = re.compile(
    r"\b(?:without|uninfected|healthy|controls?|benign|unaffected|negative|non-\w+|not|well|falsely|no|free)\b",
    re.IGNORECASE,
)
_BY_PREVALENCE = re.compile(
    r"prevalence|assum\w+|bayes\w*|model\w*|weighted|adjust\w*|expected|estimat\w+|respectively|corrected",
    re.IGNORECASE,
)


def check_predictive_value(case: Case, p: Passage) -> None:
    """`positive in 45 of 50 infected and 15 of 150 uninfected children. Its PPV was 90%`: 45 of 60 are positive."""
    rates = [m for m in rates_in(case, p.start, p.end) if m["what"].lower()[-15:] in _PREDICTIVE]
    before = case.text.passages[p.index - 1] if p.index else p
    begins = [p.start, before.start] if before.paragraph == p.paragraph else [p.start]
    found: list[re.Match[str]] = []
    for begin in begins:
        found = [x for y in (_POSITIVE_IN, _OF_ONE_KIND) for x in y.finditer(case.figures, begin, p.end)]
        found.sort(key=lambda x: x.start())
        if len(found) >= 2:
            break
    if len(rates) != 1 or len(found) != 2 or _BY_PREVALENCE.search(case.flat, begin, p.end):
        return
    rate, given = rates[0], read_printed(rates[0]["p"])
    (a, m), (b, n) = ((whole(x["n"]), whole(x["t"])) for x in found)
    words = [
        case.flat[x.end() : min(y, p.end)] for x, y in zip(found, (found[1].start(), rate.start("what")), strict=True)
    ]
    if not (a <= m and b <= n and _POSITIVE.search(case.flat, begin, p.end)):
        return
    words = [
        re.split(r",| and\b| as did\b", x, maxsplit=1)[0] if k else re.split(r" (?:and|as)\b", x)[0]
        for k, x in enumerate(words)
    ]
    if not (_WELL.search(words[0]) or _WELL.search(words[1])):
        return
    if settled(case, rate.span("p"), "accuracy", "count/percent"):
        return
    ill, well = ((a, m), (b, n)) if _WELL.search(words[1]) else ((b, n), (a, m))
    negative = rate["what"].lower() in ("negative predictive value", "npv")
    right, wrong = (well[1] - well[0], ill[1] - ill[0]) if negative else (ill[0], well[0])
    other = (well[0], ill[0]) if negative else (ill[1] - ill[0], well[1] - well[0])
    if any(percent_modes(x, x + y, given) for x in (right, other[0]) for y in (wrong, other[1]) if x + y):
        return
    if _WELL.search(words[0]) and _WELL.search(words[1]):
        return
    x, total = right, right + wrong
    places = [*(found[k].span(g) for k in (0, 1) for g in "nt"), rate.span("p")]
    if not total:
        return
    if abs(100 * x / total - float(given.value)) <= 2:
        return
    sentence = f"{x} of the {total} with such a result is {100 * x / total:.3g} %, printed {given.text} %."
    judge(case, p, "accuracy", places, "error-if", sentence, "two by two table")


_PREDICTIVE = frozenset(("redictive value", "ppv", "npv"))
_POSITIVE = re.compile(
    r"\b(?:positive|detected|found|raised|elevated|abnormal|suggested|identified|flagged|picked up|recognised|"
    r"present)\b",
    re.IGNORECASE,
)
