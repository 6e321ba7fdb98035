"""Who is left of each of two arms: `100 per arm; 9 and 7 were lost, so that 91 and 93, respectively, were analysed`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.left import GONE
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import tell

__all__ = ["check_left_of_each"]

_EACH = re.compile(
    r"\)?,?(?: (?!each|per|every)[a-z-]+){0,3}? (?:per|(?:(?:in|to|into|for|within|on) )?(?:each|every|both))"
    r"(?: (?:of (?:the )?(?:two |2 )?)?(?:arm|group|treatment|cohort)s?)?\b"
)
_EACH_BEFORE = re.compile(
    r"\b(?:(?:each|either|every|both) (?:study |treatment )?(?:arm|group|cohort)s? "
    r"(?:comprised|had|included|contained|consisted of|numbered|started with|began with|of|was|were)|"
    r"(?:arms|groups|cohorts) of)(?: [a-z]+)? $"
)
_ALSO_GONE = re.compile(r"\b(?:loss(?:es)?|left|dropped)\b")
_LEFT = re.compile(
    r"\b(?:leaving|left|remain\w*|others?|analy[sz]\w+|complet\w+|finish\w+|evalua\w+|examin\w+|assess\w*|treated|includ\w+|so|thus|hence|"
    r"therefore|followed|retained|available)\b"
)
_LEAST = 10


def check_left_of_each(case: Case, told: Told) -> None:
    """Check the last two counts of a sentence against the size of each arm less the two counts before them.

    One of the two must be what is left of its arm, which shows that they are told so.
    """
    before = told_in(case, told.passage - 1) if told.passage else told
    same = told.passage and case.text.passages[told.passage - 1].paragraph == case.text.passages[told.passage].paragraph
    items, gaps = list(told.items), list(told.gaps)
    if same and before.passage >= 0:
        items, gaps = [*before.items, *items], [*before.gaps[:-1], before.gaps[-1] + " " + gaps[0], *gaps[1:]]
    counted = [(x, gaps[k], gaps[k + 1]) for k, x in enumerate(items) if x.n is not None and x.share is None]
    if len(counted) < _FEWEST or len(told.items) < _PAIR:
        return
    (a, a_before, a_behind), (b, _, b_behind), (x, x_before, between), (y, _, behind) = counted[-4:]
    if x is not told.items[-2] or not (
        GONE.search(a_before + a_behind + b_behind) or _ALSO_GONE.search(a_before + b_behind)
    ):
        return
    if not (_LEFT.search(b_behind[-40:] + x_before[-40:]) or _LEFT.search(between) or _LEFT.search(behind)):
        return
    sizes = _sizes(counted[:-4], a, b)
    if sizes is None:
        return
    (first, second), places = sizes
    out, left = (a.n or 0, b.n or 0), (x.n or 0, y.n or 0)
    rest = (first - out[0], second - out[1])
    if min(first, second) < _LEAST or min(rest) <= 0 or (rest[0] == left[0]) + (rest[1] == left[1]) != 1:
        return
    k = int(rest[0] == left[0])
    shown = f"{(first, second)[k]} - {out[k]} = {rest[k]}, not {left[k]}"
    sentence = f"{shown}, while {(first, second)[1 - k]} - {out[1 - k]} = {left[1 - k]} in the other arm."
    spans = [*places, a.at, b.at, x.at, y.at]
    tell(case, case.text.passages[told.passage], "sum", spans, "error-if", sentence, "all of each arm less those gone")


_PAIR, _FEWEST = 2, 4


def _sizes(
    before: list[tuple[Item, str, str]], a: Item, b: Item
) -> tuple[tuple[int, int], list[tuple[int, int]]] | None:
    """How many each of two arms had: the totals of those gone, or one number for each arm."""
    if a.total and b.total and a.total_at and b.total_at:
        return (a.total, b.total), [a.total_at, b.total_at]
    each = [x for x, ahead, behind in before if _EACH.match(behind) or _EACH_BEFORE.search(ahead)]
    if len(each) != 1 or each[0].n is None:
        return None
    return (each[0].n, each[0].n), [each[0].at]
