"""A change in percent against the values before and after it: `dropped by 28%, from 250 to 180`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_percent_changes"]

_BY = re.compile(
    r"\b(?P<down>dropp?\w*|fell|fall\w*|declin\w+|decreas\w+|reduc\w+|lower\w*|shr[aiu]nk)|\b(?P<up>rose|ris\w+|"
    r"increas\w+|grew|grow\w*|improv\w+|climb\w+)",
    re.IGNORECASE,
)
_BY_PERCENT = re.compile(
    rf" by (?:about |approximately |nearly |almost |some )?(?P<p>{NUMBER}) ?(?:%|percent|per cent)[,;(]? "
    rf"?\(?(?:that is |i\.e\.,? )?from [$€£]?(?P<a>{NUMBER})"
    rf"(?P<u>(?: ?(?!to\b)[a-zA-Z/%]+)?)(?:[^.;()\d]|\b(?:19|20)\d\d\b){{0,25}}? to [$€£]?(?P<b>{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)
_YEARS = (1900, 2100)


def check_percent_changes(case: Case) -> None:
    """Check changes in percent that a sentence gives with both values."""
    for p in sentences_with(case, "% from", "%, from", "% (from"):
        _changed(case, p)


def _changed(case: Case, p: Passage) -> None:
    """`dropped by 28%, from 250 to 180`: the change of the two values, or their difference in points."""
    found = list(_BY_PERCENT.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or re.search(
        r"\b(?:adjust\w*|model\w*|relative|on average|odds|mean of)\b", case.flat[p.start : p.end]
    ):
        return
    m = found[0]
    way = list(_BY.finditer(case.flat, p.start, m.start() + 1))
    a, b, given = (read_printed(m[k]) for k in "abp")
    if all(not x.digits and _YEARS[0] <= x.value <= _YEARS[1] for x in (a, b)):
        return
    if not way or a.low <= 0 or b.value <= 0 or any(compared(case, m.span(k), "difference", "derived") for k in "abp"):
        return
    size = 100 * abs(b.value / a.value - 1)
    slack = 100 * (a.step + b.step) / a.value + given.step
    points = "%" in m["u"] or "%" in case.flat[m.end() : m.end() + 2]
    shown = f"From {a.text} to {b.text} is a change by {float(size):.3g} %"
    places = [m.span(k) for k in "pab"]
    if abs(size - given.value) <= slack or (points and abs(abs(a.value - b.value) - given.value) <= slack):
        judge(case, p, "difference", places, "ok", f"{shown}.", "change in percent")
    elif abs(size - given.value) > slack + 2:
        judge(case, p, "difference", places, "unlikely", f"{shown}, printed {given.text} %.", "change in percent")
