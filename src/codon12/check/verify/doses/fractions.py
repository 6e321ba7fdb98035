"""Radiotherapy in fractions: the dose they make, and the weeks they take.

A product is compared with a result printed in the same sentence; where another dose or rhythm is named, none is.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.doses.repeated import numeral
from codon12.check.verify.prose import NUMBER, follows, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_fractions"]

_GY = re.compile(rf"(?<![\d.,/±-])(?P<v>{NUMBER})[ -]?(?P<u>c?Gy)\b")
_IN_FRACTIONS = re.compile(
    r"(?<![\d.,/-])(?P<k>\d{1,12}) (?:[a-z-]+ ){0,2}?fractions\b(?! (?:a|per|each) (?:day|week))", re.IGNORECASE
)
_MOST = 12
_IN = re.compile(r" (?:delivered |given |administered )?in ")
"""Between a dose and its fractions: `36.25 Gy in 5 fractions of 7.25 Gy`."""
_OTHER_DOSE = re.compile(r"\b(?:boost|BED|EQD2|median|range|either|versus|vs|sequential|then|plus|mean|or|to)\b|\d-\d")


def check_fractions(case: Case, p: Passage) -> None:
    """`50 Gy in 25 fractions of 2 Gy`, in whatever order, and the weeks they take at so many a week."""
    m = only(_IN_FRACTIONS.finditer(case.figures, p.start, p.end))
    if m is not None:
        _weeks_of_fractions(case, p, m)
    doses = list(islice(_GY.finditer(case.flat, p.start, p.end), 4 * _MOST))
    if m is None:  # several courses, each told in one phrase
        for m in islice(_IN_FRACTIONS.finditer(case.figures, p.start, p.end), _MOST):
            total = next((x for x in doses if _IN.fullmatch(case.flat, x.end(), m.start())), None)
            each = next((x for x in doses if case.flat[m.end() : x.start()] == " of "), None)
            if total is not None and each is not None and total["u"] == each["u"]:
                _make(case, p, m, each, total)
        return
    if len(doses) != 2 or doses[0]["u"] != doses[1]["u"]:
        return
    stretch = (min(m.start(), doses[0].start()), max(m.end(), doses[1].end()))
    if _OTHER_DOSE.search(case.flat[slice(*stretch)].replace("to a total", "")):
        return
    small, large = sorted(doses, key=lambda x: read_printed(x["v"]).value)
    _make(case, p, m, small, large)


def _make(case: Case, p: Passage, fractions: re.Match[str], of: re.Match[str], total: re.Match[str]) -> None:
    """Whether so many fractions make the dose printed."""
    k, small, large = int(fractions["k"]), read_printed(of["v"]), read_printed(total["v"])
    if k < 2 or small.value <= 0:
        return
    each = min(small.step / 2, Fraction(1, 10))  # 2 Gy are never 2.4
    low, high = k * (small.value - each), k * (small.value + each)
    places = [fractions.span("k"), *(x.span("v") for x in sorted((of, total), key=lambda x: x.start()))]
    shown = f"{k} fractions of {small.text} are {float(k * small.value):g} Gy"
    fits = low - large.step / 2 <= large.value <= high + large.step / 2
    follows(case, p, "derived", places, shown, f"printed {large.text}", "dose in fractions", fits=fits)


_A_WEEK = re.compile(
    r"\b(?P<k>0*[1-7]|three|four|five|six) (?:daily )?(?:times|fractions|days|sessions|treatments) (?:a|per|each|every|"
    r"/) ?week\b|\b(?P<on>(?:on|every) (?:weekdays|working days?|weekday))\b",
    re.IGNORECASE,
)
_OVER_WEEKS = re.compile(
    r"\b(?:over|within|in|during|for|time(?: of| was|,)?) (?:a |about |approximately |some |exactly |around |period of "
    r"|total of )*(?P<w>\d{1,9}(?:\.\d)?)(?: ?(?:-|to) ?(?P<x>\d{1,9}))? weeks\b(?! (?:after|before|later|of follow))",
    re.IGNORECASE,
)
_UNEVEN = re.compile(
    r"\b(?:twice|b\.?i\.?d|two (?:a|per|each) day|hyperfraction\w*|split|gap|break|boost|then|followed|median|mean|or|"
    r"versus|vs|up to|half)\b|\b0*[2-9] (?:(?:fractions|times) )?(?:a|per|each) day\b",
    re.IGNORECASE,
)
_DELAY = 1.5
"""Weeks by which holidays and the last, broken week may lengthen a course."""


def _weeks_of_fractions(case: Case, p: Passage, fractions: re.Match[str]) -> None:
    """`39 fractions, five a week, over eight weeks`."""
    week = only(_A_WEEK.finditer(case.figures, p.start, p.end))
    over = only(_OVER_WEEKS.finditer(case.figures, p.start, p.end))
    if week is None or over is None or _UNEVEN.search(case.figures, p.start, p.end):
        return
    k, each = int(fractions["k"]), numeral(week["k"] or "5")
    least, most = float(over["w"]), float(over["x"] or over["w"])
    if k < each:
        return
    places = [fractions.span("k"), week.span("k" if week["k"] else "on"), over.span("w")]
    shown = f"{k} fractions, {each} a week, take {k / each:.3g} weeks"
    fits = most >= k / each - 1 and least <= k / each * 1.1 + _DELAY
    follows(case, p, "derived", places, shown, f"printed {over['w'].lstrip('0')}", "fractions of a week", fits=fits)
