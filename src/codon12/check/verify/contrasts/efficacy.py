"""An efficacy against the two rates it is made of: `attack rates of 1.0% and 5.0%, a vaccine efficacy of 80%`."""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.two_rates import BEYOND, FIT, FITTED, PLANNED, Pair, before_clause, odds_of, pair_in
from codon12.check.verify.contrasts.values import values_in
from codon12.check.verify.prose import judge, settled
from codon12.numbers.unrounded import read_printed

__all__ = ["check_efficacy"]

_SLACK = 3
_HARM = re.compile(
    r"\b(?:fever|adverse|pain|reactions?|headache|fatigue|swelling|redness|side effects?|reactogen\w+)\b", re.IGNORECASE
)
_CONTROL = re.compile(r"\b(?:placebo|controls?|saline|unvaccinated|unimmuni[sz]ed|sham)\b", re.IGNORECASE)
_EFFICACY = re.compile(
    r"\b(?:vaccine |protective |crude )?(?:efficacy|effectiveness)(?: \(VE\))?(?:,? (?:calculated|defined|"
    r"computed|taken|expressed) as (?:one|1) "
    r"(?:minus|-|less) [a-z ]{4,40},?| \((?:one|1) (?:minus|-|less) [a-z ]{4,40}\))?(?: [a-z]+){0,5}?(?: of|"
    r" was|,|:| =)* ?"
    r"(?P<v>\d+(?:\.\d+)?) ?(?:%|percent\b)",
    re.IGNORECASE,
)


_PREVENTS = re.compile(
    r"\b(?:vaccin\w*|immuni[sz]\w*|protective|attack rates?|(?:one|1) (?:minus|-|less)|crude efficacy)\b", re.IGNORECASE
)
"""Words of which a text has one where an efficacy is one less a ratio of risks, not a share of successes."""
_OF_ANOTHER = re.compile(
    r"\b(?:against|design\w*|season|first dose|second dose|after dose|trials?|vaccinated controls|target\w*|required)\b"
)
"""Words of an efficacy against something else, or of another study."""


def check_efficacy(case: Case, p: Passage) -> None:
    """`26 cases in 2,140 person-years and 95 in 2,126 (vaccine efficacy, 72.8%)`: one less the ratio of the rates."""
    found = list(_EFFICACY.finditer(case.flat, p.start, p.end))
    words = case.flat[p.start : p.end]
    if len(found) != 1 or FITTED.search(words) or PLANNED.search(words):
        return
    m = found[0]
    pair, given = _pair_of_efficacy(case, p, m), read_printed(m["v"])
    if pair is None or settled(case, m.span("v"), "derived"):
        return
    low, high = sorted((pair.a, pair.b))
    if pair.kind == "percents" and (_HARM.search(words) or _of_control(case, pair)):
        return
    if not low[0] < high[0] or given.high >= 100:
        return
    size = 100 * (1 - (low[0] + low[1]) / (high[0] + high[1]))
    sizes = [100 * (1 - low[1] / high[0]), 100 * (1 - low[0] / high[1])]
    if pair.kind == "percents":  # of cases and controls it is that of the odds
        sizes.append(100 * (1 - odds_of(low[0]) / odds_of(high[1])))
    left = [math.log(max(float(100 - x), 0.01)) for x in (size, given.value)]
    shown = f"{pair.shown} make an efficacy of {float(size):.3g} %"
    places = [*pair.places, m.span("v")]
    if min(sizes) - given.step <= given.value <= max(sizes) + given.step:
        judge(case, p, "derived", places, "ok", f"{shown}.", "1 - ratio")
    elif abs(left[0] - left[1]) > BEYOND[pair.kind] + FIT and abs(size - given.value) > _SLACK:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {given.text} %.", "1 - ratio")


def _pair_of_efficacy(case: Case, p: Passage, m: re.Match[str]) -> Pair | None:
    """The two rates before an efficacy in its clause, in its sentence or in the one before it, or behind its colon."""
    near = pair_in(case, before_clause(case, p, m.start()), m.start())
    if near is not None and near.kind in ("rates", "counts"):
        return near
    around = case.flat[case.text.passages[max(0, p.index - 1)].start : p.end]
    if "effectiveness" in m[0] or not _PREVENTS.search(around) or _OF_ANOTHER.search(case.flat, p.start, p.end):
        return None
    before = case.text.passages[p.index - 1] if p.index else p
    alone = before.paragraph == p.paragraph and not values_in(case, p.start, m.start())
    behind = re.match(r":|, (?:with|from|as)\b", case.flat[m.end() : m.end() + 6])
    places = [
        (p.start, m.start()),
        *([(m.end(), p.end)] if behind else []),
        *([(before.start, before.end)] if alone else []),
    ]
    if alone and (
        _OF_ANOTHER.search(case.flat, before.start, before.end) or FITTED.search(case.flat, before.start, before.end)
    ):
        return None
    return next((found for a, b in places if (found := pair_in(case, a, b)) is not None), None)


def _of_control(case: Case, pair: Pair) -> bool:
    """Whether the lower of two rates is that of the controls, so that it is no rate of what is prevented."""
    (_, first), (second, end) = pair.places[0], pair.places[-1]
    behind = re.split(r"[;:.] ", case.flat[end : end + 60])[0]
    of_first, of_second = (_CONTROL.search(x) is not None for x in (case.flat[first:second], behind))
    return of_first != of_second and (pair.a < pair.b) == of_first
