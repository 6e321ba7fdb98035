"""Who is left of all the patients of a text, where the sentence does not tell how many all are.

`ECOG PS was unknown in 77 patients, so that 1,166 were included`; `304 could not be evaluated`, elsewhere `response
could be evaluated in 939 (76%)`: the numbers that the text prints elsewhere show which one has slipped.
"""

from __future__ import annotations

from collections import Counter

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import Count, compared, counts_in, judge, only, sentences_with, whole
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_left_of_all", "check_more_deaths"]

_GONE = r"(?:unknown|missing|unavailable|lacking|not (?:known|available|evaluable|assessable)|could not be [a-z]+ed)"
_SO_THAT = re.compile(
    rf"\b{_GONE}\b[^.;()\d]{{0,40}}? (?P<gone>\d[\d,]*)(?: [a-z]+)?(?: \([\d.]+ ?%\))?,? (?:so"
    rf" that|leaving|so|and thus|"
    r"therefore|hence) (?P<left>\d[\d,]*)(?= (?!%))"
)
_COULD_NOT = re.compile(
    r"(?P<n>(?<![\d.,/])\d[\d,]*) (?:patients|participants|subjects|women|men|children|cases|tumou?rs|of them)?"
    r"(?: \([\d.]+ ?%\))? ?(?:could not be|were not|was not|were never) (?P<did>evalua|assess|analy|teste|measur)"
)
_COULD = re.compile(
    r"\b(?:(?:could be|was|were) (?P<did>evalua|assess|analy|teste|measur)\w*|(?P<had>evalua"
    r"|assess)[a-z]+) (?:in|for|among) "
    r"(?P<n>\d[\d,]*)\b(?! of )"
)
_NUMERAL = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,]*\d)|(?<![\w.,])\d+(?![\w.,]*\d)")
_FEWEST = 5
"""Shares that are of all the patients of a text, so that it is known how many these are."""


def check_left_of_all(case: Case) -> None:
    """Check those left or not evaluated against all the patients of the text and the numbers it prints elsewhere."""
    left = [(p, m) for p in sentences_with(case, *_WORDS) for m in _SO_THAT.finditer(case.flat, p.start, p.end)]
    could_not = [
        (p, m)
        for p in sentences_with(case, "could not be", "not")
        if (m := only(_COULD_NOT.finditer(case.flat, p.start, p.end)))
    ]
    of = Counter(d.value for d in case.denominators.values())
    if not (left or could_not) or not of or of.most_common(1)[0][1] < _FEWEST:
        return
    all_, printed = of.most_common(1)[0][0], Counter(whole(m[0]) for m in _NUMERAL.finditer(case.flat))
    for p, m in left:
        gone, kept = (Count(whole(m[k]), m.span(k)) for k in ("gone", "left"))
        if gone.n + kept.n != all_:
            for told, due in ((kept, all_ - gone.n), (gone, all_ - kept.n)):
                if _is_slip(told.n, due) and printed[told.n] == 1 and printed[due]:
                    _tell(case, p, [gone, kept], f"{all_} less {gone.n} are {all_ - gone.n}, not {kept.n}")
                    break
    for p, m in could_not:
        missing = Count(whole(m["n"]), m.span("n"))
        for q in sentences_with(case, " in ", " for ", " among "):
            told = only(_COULD.finditer(case.flat, q.start, q.end))
            if (
                told is None
                or q is p
                or m["did"] != (told["did"] or told["had"])
                or len(counts_in(case, p.start, p.end)) > 1
            ):
                continue
            had = Count(whole(told["n"]), told.span("n"))
            if printed[missing.n] == 1 and _is_slip(missing.n, all_ - had.n):
                _tell(case, p, [had, missing], f"{all_} less {had.n} are {all_ - had.n}, not {missing.n}")


_WORDS = ("unknown", "missing", "unavailable", "lacking", "not known", "not available", "not be", "not evaluable")


def _is_slip(told: int, due: int) -> bool:
    a, b = str(told), str(due)
    return due > 0 and told != due and (one_digit_apart(a, b) or (len(a) > 1 and sorted(a) == sorted(b)))


def _tell(case: Case, p: Passage, counts: list[Count], shown: str) -> None:
    places = sorted(c.span for c in counts)
    if not any(compared(case, x, "sum", "subset") for x in places):
        judge(case, p, "sum", places, "unlikely", f"{shown}, if they are of all.", "all less those gone")


_DEATHS = re.compile(
    r"(?<![\d.,/])(?P<n>\d{1,3}(?:,\d{3})+|\d{2,})(?: of (?:the )?\d[\d,]*)? (?:deaths\b"
    r"|(?:patients|participants|women|men)"
    r"(?: \([\d.]+ ?%\))? (?:had )?died\b)(?! (?:per|from|due|of|because|before|without|worldwide|a year)\b)",
    re.IGNORECASE,
)
_NOT_SEEN = re.compile(
    r"\b(?:would|will|planned|after|until|required|need\w*|expect\w*|power|assum\w*|world\w*|estimated|annual\w*|trials?|"
    r"stud(?:y|ies)|registr(?:y|ies)|countries|reported|million|cases)\b",
    re.IGNORECASE,
)


def check_more_deaths(case: Case) -> None:
    """Note more deaths in some analysis than the text tells twice or more of all its patients."""
    told = [
        (p, Count(whole(m["n"]), m.span("n")))
        for p in sentences_with(case, "deaths", "died")
        if not _NOT_SEEN.search(case.flat, p.start, p.end)
        for m in _DEATHS.finditer(case.flat, p.start, p.end)
    ]
    times = Counter(c.n for _, c in told)
    all_ = max((n for n, k in times.items() if k > 1), default=None)
    of = Counter(d.value for d in case.denominators.values()).most_common(1)
    if all_ is None or not of or not _is_share_of_all(case, all_, of[0][0]):
        return
    above = [(p, c) for p, c in told if c.n > all_]
    if len(above) != 1:
        return
    p, c = above[0]
    first = next(x for _, x in told if x.n == all_)
    if c.n < 2 * all_ and not any(compared(case, x, "sum", "subset", "restated") for x in (first.span, c.span)):
        sentence = f"{c.n} deaths are more than the {all_} of all, told {times[all_]} times."
        judge(case, p, "subset", sorted((first.span, c.span)), "unlikely", sentence, "part <= whole")


def _is_share_of_all(case: Case, deaths: int, all_: int) -> bool:
    """Whether the deaths are printed with their share of all the patients of the text."""
    found = (d for s in case.statements if s.quantities.n == deaths and (d := s.quantities.percent) is not None)
    return any(percent_modes(deaths, all_, percent) for percent in found if deaths <= all_)
