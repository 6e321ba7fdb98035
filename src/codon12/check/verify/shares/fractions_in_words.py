"""Fractions in words beside the counts they stand for: `half of the patients (73 of 126)`, `a third (42%)`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import read_printed

__all__ = ["check_fractions_in_words"]

_WHAT = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "two thirds": Fraction(2, 3),
    "two third": Fraction(2, 3),
    "three quarters": Fraction(3, 4),
}
_FRACTION = re.compile(
    r"\b(?P<more>more than |over |greater than |at least )?(?P<less>(?:less|fewer) than |under |up to "
    r")?(?P<about>about |around |approximately |nearly |almost |roughly |just (?:over|under) |slightly (?:more|less) "
    r"than )?(?:a |an |one[ -]|the )?(?P<what>half|two[ -]thirds?|three[ -]quarters|third|quarter|fifth)(?! (?:line|"
    r"party|time|day|week|month|year|lives|life|dose|quarter)) (?:of (?:the |all |these |our |study |enrolled |treated "
    r")*(?:patients|participants|subjects|women|men|responders|tumou?rs|cases|them) )?(?:(?:had|were|was|received|"
    r"responded)(?: [a-z-]+){0,5} )?[(\[](?:(?P<n>\d+) ?(?:of|/|out of) ?(?P<t>\d+)|(?P<p>\d+(?:\.\d+)?) ?%)",
    re.IGNORECASE,
)
_SLACK = Fraction(13, 200)
"""How far a share may be from the fraction that stands for it: 6.5 points."""


def check_fractions_in_words(case: Case) -> None:
    """Check each fraction in words against the count or percentage in the bracket behind it."""
    for p, statements in case.prose(_WORD):
        for m in _FRACTION.finditer(case.flat, p.start, p.end):
            if _PLACE.search(case.flat, p.start, m.start()):
                continue
            if m["p"] is not None:
                share, shown, at = read_printed(m["p"]).value / 100, f"{m['p']} %", (m.span("p"),)
            elif int(m["t"]) > 0:
                share = Fraction(int(m["n"]), int(m["t"]))
                shown, at = f"{m['n']} of {m['t']}, {float(100 * share):.3g} %,", (m.span("n"), m.span("t"))
            else:
                continue
            words = m["what"].lower().replace("-", " ")
            said, slack = _WHAT[words], _SLACK + (Fraction(1, 40) if m["about"] else 0)
            on = (holder(statements, at[0][0]),)
            if (m["more"] and share < said) or (m["less"] and share > said):
                sentence = f"{shown} is {'less' if m['more'] else 'more'} than {words}."
                case.relate("words", at, "error-if", sentence, "fraction in words", on=on)
            elif not m["more"] and not m["less"] and abs(share - said) > slack:
                sentence = f"{shown} is not {words}, unless it stands for something else."
                case.relate("words", at, "unlikely", sentence, "fraction in words", on=on)


_PLACE = re.compile(
    r"\b(?:upper|middle|lower|mid|distal|proximal|outer|inner|basal|apical|anterior|posterior|medial|lateral|first|"
    r"second|last|final|top|bottom|poorest|richest|lowest|highest|(?:most|least) [a-z]+)[- ](?:the )?$",
    re.IGNORECASE,
)
"""Before a third that is a part of an organ or of a stay, not of those counted."""
_WORD = re.compile(r"\b(?:half|thirds?|quarters?|fifth)\b", re.IGNORECASE)
