"""Parts said to be among fewer than they are: `two of the deaths were among the five events`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge, whole

__all__ = ["check_among", "check_and_was", "check_of_so_many"]


_N = r"\d{1,3}(?:,\d{3})+|\d+"
_AMONG = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) (?P<a>(?:[a-z-]+ ){{1,6}})(?:were|was) (?:among|part of|included (?:in|among)|"
    rf"counted among) (?:all )?(?:the|these|those) (?P<t>{_N}) "
    r"(?P<b>[a-z-]+(?: [a-z-]+){0,4})",
    re.IGNORECASE,
)


_PER = re.compile(
    r"\b(?:per|each|years?|months?|items?|points?|hospitals|centres|centers|sites|schools|practices|families|"
    r"countries|households)\b"
)
"""Behind a whole whose parts may be more than it is: events of patients, patients of hospitals."""


_OF_SO_MANY = re.compile(
    rf"(?:Of|Among) (?:the |these |all )?(?P<t>{_N}) (?P<w>(?:(?!who\b|and\b|or\b)[a-z-]+ "
    rf"){{1,6}}?[a-z-]+), (?P<n>{_N})(?: \([\d.]+ ?%\))? "
    r"(?:were|was|had|died|proved|underwent|required|received|developed)\b"
)
"""`Of the 9 emboli in the control group, 11 were fatal`."""


_AND_WAS = re.compile(
    rf"\b(?:occurred|seen|found|present|recorded|reported|observed|diagnosed|noted|developed) in (?P<t>{_N}) (?:of "
    rf"[a-z ]+ )?[a-z]+(?: \([\d.]+ ?%\))?,? and (?:was|were|proved) "
    rf"(?:fatal|severe|serious|bilateral|multiple|confirmed|life-threatening|asymptomatic|symptomatic|recurrent|"
    rf"complete|lethal) in (?P<n>{_N})(?! ?%)"
)
"""`infarction occurred in 32 women and was fatal in 23`."""


def _part(case: Case, p: Passage, m: re.Match[str]) -> None:
    n, t = whole(m["n"]), whole(m["t"])
    places = [m.span("n"), m.span("t")]
    if n > t > 0 and not any(compared(case, x, "subset") for x in places):
        judge(case, p, "subset", places, "error-if", f"{n} are said to be among {t}.", "order of whole numbers")


def check_among(case: Case, p: Passage) -> None:
    """Check parts said to be among others: `two of the deaths were among the five events`."""
    for m in _AMONG.finditer(case.figures, p.start, p.end):
        _part(case, p, m)


def check_and_was(case: Case, p: Passage) -> None:
    """Check those of whom something was so: `infarction occurred in 32 women and was fatal in 23`."""
    for m in _AND_WAS.finditer(case.figures, p.start, p.end):
        _part(case, p, m)


def check_of_so_many(case: Case, p: Passage) -> None:
    """Check those of a whole that stands before them: `Of the 9 emboli in the control group, 11 were fatal`."""
    for m in _OF_SO_MANY.finditer(case.figures, p.start, p.end):
        if not _PER.search(m["w"]):
            _part(case, p, m)
