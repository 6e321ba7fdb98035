"""Figures of a screening programme: cases it found, cases it missed, and its sensitivity."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, Count, judge, whole
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_found_and_missed"]

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


def check_found_and_missed(case: Case, p: Passage) -> None:
    """`131 screen-detected and 61 interval cancers`: together all cancers, and a part of them the sensitivity."""
    found, missed = (list(x.finditer(case.figures, p.start, p.end)) for x in (_SCREENED, _INTERVAL))
    if len(found) != 1 or len(missed) != 1 or _ELSE.search(case.flat, p.start, p.end):
        return
    a, b = (Count(whole(m[0]["n"]), m[0].span("n")) for m in (found, missed))
    if not a.n + b.n:
        return
    spans = (a.span, b.span)
    totals = [
        Count(whole(m["n"]), m.span("n"))
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
