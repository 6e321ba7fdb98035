"""Words that exclude each other: cases and controls, urban and rural, a treatment and the control."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re

__all__ = ["are_opposed"]

_OPPOSED = tuple(
    (re.compile(rf"\b(?:{a})\b", re.IGNORECASE), re.compile(rf"\b(?:{b})\b", re.IGNORECASE))
    for a, b in (
        (r"cases?", r"controls?"),
        (r"susceptible|sensitive", r"resistant|non-?susceptible"),
        (
            r"intervention|treatment|treated|active|experimental",
            r"control|usual care|placebo|untreated|sham|comparison|standard(?: care)?",
        ),
        (
            r"excluded|discarded|rejected",
            r"included|retained|kept|underwent randomi[sz]ation|randomi[sz]ed|enrolled|remained",
        ),
        (r"urban", r"rural"),
        (r"public", r"private"),
        (
            r"randomi[sz]ed(?: controlled)? trials",
            r"cohort|observational|case[- ]control|non-?randomi[sz]ed|cross-sectional|retrospective",
        ),
        (r"prospective", r"retrospective"),
        (r"singletons?", r"twins?|multiples?"),
        (r"vaginal(?:ly)?", r"c(?:a?e)sarean(?: section)?"),
        (r"elective|planned|scheduled", r"emergenc(?:y|ies)|urgent|unplanned"),
        (r"successful|succeeded", r"failed|unsuccessful"),
        (r"completed", r"withdrew|dropped out|discontinued"),
        (r"primary|de novo", r"revision|recurrent|secondary"),
        (r"open", r"laparoscopic|closed|minimally invasive"),
        (r"medical", r"surgical"),
        (r"ischa?emic", r"ha?emorrhagic"),
        (r"fatal", r"non-?fatal"),
        (r"inpatients?", r"outpatients?"),
        (r"smokers", r"non-?smokers"),
        (r"low", r"high"),
        (r"concordant", r"discordant"),
        (r"yes", r"no"),
        (r"with", r"without"),
        (r"agreed|accepted|consented", r"declined|refused"),
    )
)
_PLAIN_CONTROL = re.compile(
    r"\b(?:placebo|sham|usual care|control|no treatment|standard care|vehicle|saline|conventional)\b", re.IGNORECASE
)
_USED = re.compile(
    r"\b(?:used|given|received|assigned|treated|applied|administered|implanted|injected|had|got|restored|repaired|"
    r"operated|enrolled|recruited|randomi[sz]ed|performed|done|closed|managed|made|fixed|covered|dressed|scanned|examined)\b",
    re.IGNORECASE,
)


def are_opposed(words: Sequence[str], lead: str) -> bool:
    """Whether the words of one count oppose those of the other: cases and controls, urban and rural."""
    a, b = words
    for first, second in _OPPOSED:
        for x, y in ((first, second), (second, first)):
            if x.search(a) and y.search(b) and not y.search(a) and not x.search(b):
                return True
    controls = [_PLAIN_CONTROL.search(x) is not None for x in words]
    return controls.count(True) == 1 and _USED.search(" ".join([lead, *words])) is not None
