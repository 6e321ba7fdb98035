"""Numbers needed to treat from two rates, and rates per thousand or million from cases among so many."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.measures.gaps import values_in
from codon12.check.verify.prose import NUMBER, compared, counts_in, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_per_many"]

_FITTED = re.compile(
    r"\b(?:adjust\w*|multivaria\w*|logistic|regression|cox|model\w*|matched|weighted|propensity|mantel\w*|pooled|"
    r"meta-?analy\w*|stratif\w*|cluster\w*|imput\w*|kaplan\w*|cumulative|actuarial|hazard|negative binomial|"
    r"generali[sz]ed|bayes\w*|standardi[sz]ed|imputed|estimated)\b",
    re.IGNORECASE,
)
_TREATED = ["number needed", "numbers needed", "nnt", "nnh", " to be treated", " to be screened", " to be vaccinated"]
_MANY = [
    "per 1,",
    "per 10,",
    "per 100,",
    "per 1000",
    "per 10 ",
    "per 100 0",
    "per million",
    "per thousand",
    "/100,000",
    "/100 000",
]


def check_per_many(case: Case) -> None:
    """Check numbers needed to treat against the rates, and rates against the cases, of their sentence."""
    for p in sentences_with(case, *_TREATED):
        _needed(case, p)
    for p in sentences_with(case, *_MANY):
        _among(case, p)


_NEEDED = re.compile(
    r"\b(?:numbers? needed to (?:treat|harm|screen|vaccinate)(?: \((?:NNT|NNH|NNS|NNV)\))?|NNT|NNH)(?: of| was| is|"
    r",|:| =)* ?"
    rf"(?P<n>{NUMBER})(?![\d.,]*\d| ?%)|(?<![\w.,])(?P<k>\d+) (?:patients|people|women|men|children|persons|"
    rf"individuals|adults|infants) "
    r"(?:would )?(?:need(?:ed)?|had|has|have) to be (?:treated|screened|vaccinated|operated)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    rf"\babsolute (?:risk |rate )?(?:reduction|difference|increase|benefit)[^.;()\d]{{0,12}} (?P<d>{NUMBER}) ?(?:%|"
    rf"percentage points?)",
    re.IGNORECASE,
)


def _needed(case: Case, p: Passage) -> None:
    """One over the difference of just two percentages that differ by what is printed, or of one that is printed."""
    found = list(_NEEDED.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or _FITTED.search(case.flat, p.start, p.end):
        return
    m = found[0]
    shares = [v for v in values_in(case, p.start, m.start()) if v.unit == "%"]
    gap = list(_ABSOLUTE.finditer(case.flat, p.start, p.end))
    if gap:
        shares = [v for v in shares if v.span[0] != gap[0].start("d")]
    which = "n" if m["n"] else "k"
    needed = read_printed(m[which])
    if len(gap) == 1:
        low, high = (f(read_printed(gap[0]["d"])) for f in (lambda x: x.low, lambda x: x.high))
        places = [gap[0].span("d"), m.span(which)]
        shown = f"A difference of {gap[0]['d']} points"
    elif len(shares) == 2 and "%" in case.flat[p.start : m.start()]:
        a, b = (v.value for v in shares)
        size = abs(a.value - b.value)
        slack = (a.step + b.step) / 2
        low, high = size - slack, size + slack
        places = [*(v.span for v in shares), m.span(which)]
        shown = f"{a.text} % and {b.text} %"
    else:
        return
    if low <= 0:
        return
    least, most = Fraction(100) / high, Fraction(100) / low
    if math.floor(least) <= needed.value <= math.ceil(most) or needed.value <= 0:
        return
    off = max(least / needed.value, needed.value / most)
    if off > Fraction(6, 5) and max(least - needed.value, needed.value - most) > 1:
        verdict: Verdict = "unlikely" if not _SURVIVAL.search(case.flat, p.start, p.end) else "cannot confirm"
        sentence = f"{shown}: a number needed of {float(least):.3g} to {float(most):.3g}, printed {needed.text}."
        judge(case, p, "NNT", places, verdict, sentence, "1 / difference")


_SURVIVAL = re.compile(r"\b(?:surviv\w*|person-years?|per year|annual\w*|at \d+ years)\b", re.IGNORECASE)

_CASES = (
    r"(?:(?:new|incident|confirmed|reported|fatal) )*(?:cases|deaths|events|infections|strokes|births|episodes|"
    r"reports|reactions|"
    r"fractures|admissions|cancers|suicides|diagnoses|patients|attacks|outbreaks|injuries|myocardial infarctions)"
)
_SO_MANY = re.compile(rf"(?<![\w.,/-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) {_CASES}\b", re.IGNORECASE)
_BASE = re.compile(
    rf"\b(?:population of|among|in|after|of|from|for|during|per cent of) (?:a population of |about |the |some "
    rf")*(?P<t>{NUMBER})"
    r"(?P<m> million| thousand)? (?:administered |distributed |live |hospital |screened )?(?P<what>inhabitants|"
    r"people|persons|residents|doses|births|"
    r"livebirths|deliveries|children|women|men|adults|infants|admissions|procedures|operations|vaccinations|"
    r"donations|transfusions|"
    r"pregnancies|passengers|travellers|workers|members|prescriptions|in \d{4})?",
    re.IGNORECASE,
)
_PER_MANY = re.compile(
    rf"(?<![\w.,/-])(?P<r>{NUMBER})(?: [a-z]+){{0,2}} ?(?:per|/) ?(?P<per>1,?000,?000|100,?000|10,?000|1,?000|"
    rf"million|thousand)\b",
    re.IGNORECASE,
)
_OVER_TIME = re.compile(
    r"\b(?:over|years? of|person-|patient-|during the \d|period|annual(?:ly|i[sz]ed)? average|per year|a year|"
    r"yearly|adjust\w*|standardi\w+|"
    r"from \d{4}|between \d{4}|weighted|estimated|years)\b",
    re.IGNORECASE,
)
_SMALLEST_BASE = 1000


def _among(case: Case, p: Passage) -> None:
    """`57 new cases in a population of 380,000: 15 per 100,000`, where there is one count, one base and one rate."""
    rates = list(_PER_MANY.finditer(case.flat, p.start, p.end))
    if len(rates) != 1 or "%" in case.flat[p.start : p.end] or _OVER_TIME.search(case.flat, p.start, p.end):
        return
    r = rates[0]
    if compared(case, r.span("r"), "incidence"):
        return
    counts = [m for m in _SO_MANY.finditer(case.figures, p.start, p.end) if not r.start() <= m.start() < r.end()]
    bases = []
    for m in _BASE.finditer(case.flat, p.start, p.end):
        size = read_printed(m["t"]).value * {" million": 10**6, " thousand": 10**3}.get((m["m"] or "").lower(), 1)
        year = not m["m"] and "," not in m["t"] and 1900 <= size <= 2100
        if size >= _SMALLEST_BASE and not year:
            bases.append((m, size))
    if len(counts) != 1 or len(bases) != 1:
        return
    others = [
        c
        for c in counts_in(case, p.start, p.end)
        if c.span[0] not in (counts[0].start("n"), bases[0][0].start("t"), r.start("r"), r.start("per"))
    ]
    if any(c.n > _YEARS[1] or c.n < _YEARS[0] for c in others):
        return
    n, (base, size) = int(counts[0]["n"].replace(",", "")), bases[0]
    per = {"million": 10**6, "thousand": 10**3}.get(r["per"].lower()) or int(r["per"].replace(",", ""))
    given, exact = read_printed(r["r"]), Fraction(n) * per / size
    rough = Fraction(1, 10) if base["m"] else Fraction(1, 33)
    if n >= size or size <= per / 1000:
        return
    shown = f"{n} among {base['t']}{base['m'] or ''} is {float(exact):.4g} per {per:,}"
    places = [counts[0].span("n"), base.span("t"), r.span("r")]
    if abs(exact - given.value) <= given.step + rough * exact:
        judge(case, p, "incidence", places, "ok", f"{shown}.", "cases / population")
    else:
        judge(case, p, "incidence", places, "error-if", f"{shown}, printed {given.text}.", "cases / population")


_YEARS = (1900, 2100)
