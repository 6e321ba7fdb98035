"""What a text required of a value, and says to be fulfilled, against the value: whatever the order of a sentence.

`sensitivity had to be 90% or more; it was 84%, and the test was accepted`; `a margin of -10 was met (-13.0 to 2.1)`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, judge, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_margin_met", "check_required"]

_ASKED = re.compile(
    r"\b(?:requir(?:ed|ement)|had to (?:be|reach|exceed)|must (?:be|reach)|goal|target|set as|had been set|"
    r"criteri(?:on|a)|aim(?:ed)?|stipulated|demanded|acceptance)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\b(?:met|reached|attained|achieved|fulfilled|satisfied|accepted|passed|surpassed|exceeded)\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|nor|neither|no|fail\w*|un(?:met|fulfilled)|missed|narrowly|nearly|almost|would|if|could|should|except|"
    r"planned|hypothes\w*|power\w*|only in|previous\w*|versus|vs|than (?!\d))\b|n't\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"(?P<least>\b(?:at least|no less than|not less than|a minimum of|minimum of|above|over|exceeding|greater than|"
    rf"more than|≥|>) ?)(?P<a>{NUMBER})|(?P<most>\b(?:at most|no more than|not more than|a maximum of|below|under|less "
    rf"than|≤|<) ?)(?P<b>{NUMBER})|(?<![\w.,])(?P<c>{NUMBER}) ?%? or (?P<up>more|higher|greater|above)\b|"
    rf"(?<![\w.,])(?P<d>{NUMBER}) ?%? or (?:less|lower|fewer|below)\b|\brequired [a-z -]{{3,40}}? of (?P<e>{NUMBER})",
    re.IGNORECASE,
)
_OF_A_TEST = re.compile(r"\b[Pp](?:[- ]values?)?[, ]*$")
_VALUE = re.compile(rf"(?<![\w.,/<>≤≥±-])(?P<v>{NUMBER})(?![\d.,]*\d|[-/]\d|-[a-z])(?P<u> ?%)?")


def check_required(case: Case, p: Passage) -> None:
    """Check the one value beside the one bound that a sentence says to be met."""
    said = case.flat[p.start : p.end]
    bound = only(_BOUND.finditer(said))
    if (
        bound is None
        or _OF_A_TEST.search(said, 0, bound.start())
        or not _ASKED.search(said)
        or not _MET.search(said)
        or _DENIED.search(said)
    ):
        return
    which = next(k for k in "abcde" if bound[k])
    mark = read_printed(bound[which])
    percent = re.match(r" ?%", said[bound.end(which) :]) is not None
    values = [
        m
        for m in _VALUE.finditer(without_asides(said))
        if not bound.start() <= m.start() < bound.end() and bool(m["u"]) == percent and (percent or "." in m["v"])
    ]
    if len(values) != 1 or (not percent and not mark.digits):
        return
    m, least = values[0], which in "ace"
    value = read_printed(m["v"])
    if value.high_cut < mark.low if least else value.low > mark.high_cut:
        places = [
            (p.start + bound.start(which), p.start + bound.end(which)),
            (p.start + m.start("v"), p.start + m.end("v")),
        ]
        if not any(compared(case, x, "benchmark") for x in places):
            side = "below" if least else "above"
            sentence = f"{value.text} is {side} {mark.text}, which is said to be met."
            judge(case, p, "benchmark", places, "error-if", sentence, "comparison")


_MARGIN = re.compile(
    rf"\bmargin\b(?:(?! (?:and|but|was met) )[^.;\d-]){{0,40}}? ?(?P<m>-?{NUMBER}) ?(?:%|percentage points?|points?)?",
    re.IGNORECASE,
)
_INTERVAL = re.compile(rf"(?<![\w.,])(?P<a>-?{NUMBER}) ?%? ?(?:to|;) ?(?P<b>-?{NUMBER})(?![\d.,]*\d)")
_WITHIN = re.compile(
    r"\b(?:met|shown|established|demonstrated|proven|proved|confirmed|above the margin|within the margin"
    r"|did not cross)\b",
    re.IGNORECASE,
)
_NO_SHOW = re.compile(
    r"\b(?:not (?:met|shown|established|demonstrated|proven|above)|fail\w*|neither|would|if|to (?:show|establish|"
    r"demonstrate)|cannot|could|inconclusive|versus|vs)\b",
    re.IGNORECASE,
)


def check_margin_met(case: Case, p: Passage) -> None:
    """`non-inferiority (margin, -10 points) was met because the interval, -13.0 to 2.1, lay above it`."""
    said = case.flat[p.start : p.end]
    margin, interval = only(_MARGIN.finditer(said)), only(_INTERVAL.finditer(said))
    if margin is None or interval is None or not _WITHIN.search(said) or _NO_SHOW.search(said):
        return
    mark, low, high = (read_printed(x) for x in (margin["m"], interval["a"], interval["b"]))
    if (
        interval.start() <= margin.start("m") < interval.end()
        or low.value >= high.value
        or not low.value < 0 < high.value
    ):
        return
    beyond = low.value < mark.value if mark.value < 0 else high.value > mark.value and low.value < -mark.value
    places = [(p.start + x.start(k), p.start + x.end(k)) for x, k in ((margin, "m"), (interval, "a"), (interval, "b"))]
    if beyond and not any(compared(case, x, "benchmark") for x in places):
        sentence = f"The interval {low.text} to {high.text} goes beyond the margin, {mark.text}."
        judge(case, p, "benchmark", places, "error-if", sentence, "comparison")
