"""Figures of a screening programme: cases per thousand screened, and screen-detected with interval cases."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, Count, counts_in, judge
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_found_and_missed", "check_per_thousand"]

_PER = re.compile(
    rf"(?<![\w.,/-])(?P<r>{NUMBER}) ?(?:[a-z-]+ ){{0,2}}?(?:per|/|in every|for every) ?(?P<per>1,?000|10,?000|100,?000)"
    r"(?![\d,.]*\d)(?! ?(?:[a-z]+[- ](?:years?|months?|days?|hours?)|years?|months?|days?|PYO?|PYRS?|PYAR|P-?Y)s?\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?: [a-z-]+){0,3} ?[(\[](?P<n>\d{1,3}(?:,\d{3})+|\d+)(?: [a-z-]+){0,3}(?:/| (?:in|of|among|per|out of) (?:the )?)"
    r"(?P<t>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
)
"""`3.1 per 1,000 participants (58 cancers in 27,792 participants)`."""
_NOT_CRUDE = re.compile(
    r"\b(?:adjust\w*|standardi\w+|weighted|estimated|expected|annual\w*|per year|a year|yearly|predicted|"
    r"model\w*|differ\w*|reduc\w*|increas\w*|decreas\w*|from|further|additional|another|remaining|other)\b",
    re.IGNORECASE,
)
_SCREENED = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:of (?:the |these )?[\d,]+ )?(?:(?:cancers?|cases|tumou?rs|were|was) )*"
    r"(?:(?:screen|programme|program|mammography|CT|FIT)[- ]?detected|(?:detected|found|diagnosed) (?:at|by|on) "
    r"(?:the )?screening)\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:of (?:the |these )?[\d,]+ )?(?:(?:cancers?|cases|were|was) )*interval\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:(?!interval|screen)[a-z-]+ ){0,3}?(?:cancers|cases|tumou?rs|carcinomas)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"non-?(?:attend|particip|respond|screen)\w*|\bother\b|symptom\w*|unscreened|refus|lapsed|\bcontrol|"
    r"between (?:the )?rounds|never",
    re.IGNORECASE,
)
_SENSITIVITY = re.compile(
    rf"\b(?:programme|program|screening|episode)?[- ]?sensitivity(?: of (?:the )?[a-z -]{{3,30}}?)?"
    rf"(?: \([^()\d]*\)|, [^.;%\d]{{5,70}},)?(?: (?:was|of|is|thus|therefore))*(?:,|:| =)? ?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)


def check_per_thousand(case: Case, p: Passage) -> None:
    """`of 18,500 women screened, 111 had cancer (6.0 per 1,000)`, and rates with their counts right behind."""
    rates = list(_PER.finditer(case.flat, p.start, p.end))
    told = [m for r in rates if (m := _BEHIND.match(case.figures, r.end(), p.end)) is not None]
    for r, m in ((r, m) for r in rates for m in told if m.start() == r.end()):
        n, total, per, given = _whole(m["n"]), _whole(m["t"]), _whole(r["per"]), read_printed(r["r"])
        if 0 < n < total:
            size = Fraction(n * per, total)
            fits = given.low <= size <= given.high_cut
            sentence = f"{n} of {total:,} is {float(size):.4g} per {per:,}{'' if fits else f', printed {given.text}'}."
            places = [m.span("n"), m.span("t"), r.span("r")]
            judge(case, p, "incidence", places, "ok" if fits else "error-if", sentence, "n / N")
    if told:
        return
    if len(rates) != 1 or _NOT_CRUDE.search(case.flat, p.start, p.end):
        return
    r = rates[0]
    counts = [c for c in counts_in(case, p.start, p.end) if not r.start() <= c.span[0] < r.end()]
    if len(counts) > _MOST:
        return
    per, given = _whole(r["per"]), read_printed(r["r"])
    pairs = [(a, b) for a in counts for b in counts if 0 < a.n < b.n]
    shares = [read_printed(x[1]) for x in re.finditer(rf"({NUMBER}) ?%", case.flat[p.start : p.end])]
    if any(given.low <= Fraction(a.n * per * 100, b.n) / x.value <= given.high_cut + given.value / 50
           for a, b in pairs for x in shares if x.value > 0):  # fmt: skip
        return  # of those who came
    if not pairs:
        return
    for a, b in pairs:
        size = Fraction(a.n * per, b.n)
        if given.low <= size <= given.high_cut:
            places = [a.span, b.span, r.span("r")]
            sentence = f"{a.n} of {b.n:,} is {float(size):.4g} per {per:,}."
            judge(case, p, "incidence", places, "ok", sentence, "n / N")
            return
    bracketed = case.flat[max(p.start, r.start() - 1) : r.start()] == "("
    if len(counts) not in ((2, 3) if bracketed else (2,)) or max(c.n for c in counts) < _MANY:
        return
    a, b = min(pairs, key=lambda x: abs(math.log(x[0].n * per / x[1].n / float(max(given.value, given.step / 2)))))
    size = Fraction(a.n * per, b.n)
    if not _LEAST_APART < size / max(given.value, given.step / 2) < 1 / _LEAST_APART:
        return  # of something else
    sentence = f"{a.n} of {b.n:,} is {float(size):.4g} per {per:,}, printed {given.text}."
    judge(case, p, "incidence", [a.span, b.span, r.span("r")], "error-if", sentence, "n / N")


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


_MOST, _MANY = 8, 200
_LEAST_APART = Fraction(1, 12)


def check_found_and_missed(case: Case, p: Passage) -> None:
    """`131 screen-detected and 61 interval cancers`: together all cancers, and a part of them the sensitivity."""
    found, missed = (list(x.finditer(case.figures, p.start, p.end)) for x in (_SCREENED, _INTERVAL))
    if len(found) != 1 or len(missed) != 1 or _ELSE.search(case.flat, p.start, p.end):
        return
    a, b = (Count(_whole(m[0]["n"]), m[0].span("n")) for m in (found, missed))
    spans = (a.span, b.span)
    totals = [
        Count(_whole(m["n"]), m.span("n"))
        for m in _TOTAL.finditer(case.figures, p.start, p.end)
        if m.span("n") not in spans
    ]
    totals = [t for t in totals if t.n > max(a.n, b.n)]
    if len(totals) == 1:
        t = totals[0]
        places = [a.span, b.span, t.span]
        if a.n + b.n == t.n:
            judge(case, p, "sum", places, "ok", f"{a.n} + {b.n} = {t.n}.", "parts of a total")
        else:
            sentence = f"Screen-detected and interval cancers: {a.n} + {b.n} = {a.n + b.n}, not {t.n}."
            judge(case, p, "sum", places, "error-if", sentence, "parts of a total")
    rates = list(_SENSITIVITY.finditer(case.flat, p.start, p.end))
    if len(rates) == 1:
        given = read_printed(rates[0]["p"])
        fits = bool(percent_modes(a.n, a.n + b.n, given))
        shown = f"{a.n} of {a.n} + {b.n} cancers is {exact(a.n, a.n + b.n)} %"
        sentence = f"{shown}." if fits else f"{shown}, and the sensitivity is printed as {given.text} %."
        verdict = "ok" if fits else "error-if"
        judge(case, p, "accuracy", [a.span, b.span, rates[0].span("p")], verdict, sentence, "found / (found + missed)")
