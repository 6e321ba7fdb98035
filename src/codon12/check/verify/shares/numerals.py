"""Totals a text prints without naming them as such: whole numbers near a share, parts that make a whole, shared totals.

A share that fits none of the populations named may be of any group whose size is printed (`a total of 59 lesions`), of
the sum of the parts it is listed with, or of a group whose size is not printed and that its neighbours share.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from codon12.check.finding.lexicon import TIME_UNITS
from codon12.check.finding.tokens import Token, tokenise
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.numbers.unrounded import counts_for_percent, totals_for_percent

__all__ = [
    "Numeral",
    "named_near",
    "of_one_total",
    "parts_of_a_whole",
    "share_a_total",
    "share_of_named",
    "things_near",
    "whole_numbers",
    "wholes",
]

_BEFORE = 3
"""Sentences before a share in which any whole number may be its total."""
_REACH = 12
"""Sentences to either side in which a number of things (a plural noun behind it) may be its total."""
_CLOCK = ("minute", "minutes", "min", "mins", "hour", "hours", "seconds")
_SIZES = ("%", "percent", "mg", "g", "kg", "ml", "mm", "cm", "gy", "cgy", "µg", "mcg", "°", "×", "x", "nm")
_UNITS = {*TIME_UNITS, *_CLOCK, *_SIZES}
_NOT_BEFORE = {*"/±><≥≤p$€£~", "hr", "or", "rr", "grade", "stage", "phase", "day"}
_YEARS = range(1900, 2061)
_MOST_PARTS = 12
_MOST_CLOSE = 40
"""Most numerals to either side that are looked at in one sentence."""


class Numeral(msgspec.Struct, frozen=True, gc=False):
    """A whole number of a sentence, where it stands, and whether a plural noun follows it."""

    n: int
    start: int
    end: int
    things: bool


def whole_numbers(case: Case, passage: int) -> tuple[Numeral, ...]:
    """The whole numbers of a sentence that may count something; found once for a sentence."""
    known = case.numerals.get(passage)
    if known is not None:
        return known
    p = case.text.passages[passage]
    tokens = tokenise(case.text.normal.text, p.start, p.end)
    out = tuple(x for i in range(len(tokens)) if (x := _numeral(tokens, i)) is not None)
    case.numerals[passage] = out
    return out


def _numeral(tokens: list[Token], i: int) -> Numeral | None:
    token = tokens[i]
    if token.kind != "num" or token.number is None or token.number.digits or token.number.value < 2:
        return None
    before = tokens[i - 1].lower if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if before in _NOT_BEFORE or (before == "-" and token.glued):
        return None
    if after is not None and (after.lower in _UNITS or (after.text in "-/±:" and after.glued)):
        return None
    words = [t.lower for t in tokens[i + 1 : i + 7]]
    noun = next((w for w in _leading_words(words) if w.endswith("s") and len(w) > 3 and not w.endswith("ss")), None)
    n = int(token.number.value)
    if n in _YEARS and "," not in token.text and noun is None:
        return None
    return Numeral(n, token.start, token.end, things=noun is not None)


def _leading_words(words: list[str]) -> Iterator[str]:
    for w in words:
        if not w.replace("-", "").replace("/", "").isalpha() or w in ("was", "were", "and", "is", "with", "or", "of"):
            return
        yield w


def named_near(case: Case, s: Statement, totals: range) -> Denominator | None:
    """A whole number that a share can be of: any in its sentence and the three before, things counted around it."""
    n = s.quantities.n
    if n is None or not totals:
        return None
    passages = case.text.passages
    here = s.passage
    order = [here, *range(here - 1, max(-1, here - _REACH - 1), -1), *range(here + 1, min(len(passages), here + 3))]
    for a, b in pairwise(_close(case, here, s)):
        inside = any(s.normal_start <= x.start < s.normal_end for x in (a, b))
        if a.n + b.n in totals and not inside and case.flat[a.end : b.start] == " and ":
            return Denominator(a.n + b.n, "sentence", f"{a.n} and {b.n}")
    for k in order:
        if passages[k].table is not None and k != here:
            continue
        for x in _close(case, k, s):
            inside = s.normal_start <= x.start < s.normal_end
            if x.n not in totals or x.n < n or inside or not (x.things or here - _BEFORE <= k <= here):
                continue
            if _is_a_part(case, x, k):
                continue
            words = " ".join(case.flat[x.start : min(passages[k].end, x.end + 40)].split())
            return Denominator(x.n, "context" if k <= here else "later", words)
    return None


def things_near(case: Case, s: Statement, *, farthest: int = 1, any_number: bool = False) -> list[int]:
    """Numbers of things, or any, in a share's sentence and so many before, none of them the count of a share."""
    out: list[int] = []
    for k in range(s.passage, max(-1, s.passage - farthest - 1), -1):
        if case.text.passages[k].table is None:
            inside = s.passage == k
            out += [
                x.n
                for x in _close(case, k, s)
                if (x.things or any_number)
                and not (inside and s.normal_start <= x.start < s.normal_end)
                and not _is_a_part(case, x, k)
            ]
    return out


def _close(case: Case, passage: int, s: Statement) -> tuple[Numeral, ...]:
    """The numerals of a sentence; of a very long one those nearest to a statement."""
    found = whole_numbers(case, passage)
    if len(found) <= 2 * _MOST_CLOSE:
        return found
    at = bisect_left(found, s.normal_start, key=lambda x: x.start)
    return found[max(0, at - _MOST_CLOSE) : at + _MOST_CLOSE]


def _is_a_part(case: Case, x: Numeral, passage: int) -> bool:
    """Whether a number is itself the count of a share: it is rather a part than the whole of its neighbours."""
    return any(
        o.kind in PERCENT_KINDS and o.normal_start <= x.start < o.normal_end and o.quantities.n == x.n
        for o in case.by_passage.get(passage, ())
    ) and not any(p.n == x.n and not p.subgroup for p in case.populations)


def parts_of_a_whole(case: Case, s: Statement, totals: range) -> int | None:
    """The sum of the counts a share is listed with, where their percentages make up a hundred: its total."""
    n = s.quantities.n or 0
    for passage in (s.passage, s.passage - 1, s.passage + 1):
        for count in wholes(case, passage):
            if count in totals and count > n:
                return count
    return None


def wholes(case: Case, passage: int) -> tuple[int, ...]:
    """Sums of the counts of a sentence whose percentages make up a hundred; found once for a sentence."""
    known = case.wholes.get(passage)
    if known is not None:
        return known
    listed = [
        (o.quantities.n, float(o.quantities.percent.value), float(o.quantities.percent.step) * 0.6)
        for o in case.by_passage.get(passage, ())[: 4 * _MOST_PARTS]
        if o.kind in PERCENT_KINDS and o.quantities.n is not None and o.quantities.percent is not None
    ][:_MOST_PARTS]
    out = []
    for first in range(len(listed)):
        count, percent, slack = 0, 0.0, 0.0
        for n, share, half in listed[first:]:
            count, percent, slack = count + n, percent + share, slack + half
            if abs(percent - 100) <= slack:
                out.append(count)
    case.wholes[passage] = tuple(out)
    return case.wholes[passage]


_MOST_NAMED = 12
_MOST_TOTALS = 10_000
_FEW = 4
"""A share that can be of so few totals only says enough by itself."""


def share_of_named(case: Case, s: Statement, totals: range) -> int | None:
    """A total that a percentage just before makes of a group named: `49% of 126 were eligible, 17 (27%) of them`."""
    if not totals:
        return None
    shares = [
        o.quantities.percent
        for o in case.beside(s, 2)
        if o.kind in ("percent_only", "percent_ci") and o.normal_end <= s.normal_start
    ]
    sizes = list(dict.fromkeys(p.n for group in case.populations_around(s)[:2] for p in group if not p.subgroup))
    for percent in shares[-_MOST_NAMED:]:
        if percent is None:
            continue
        for size in sizes[:_MOST_NAMED]:
            counts = counts_for_percent(percent, size)
            total = max(totals[0], counts[0]) if counts else 0
            if counts and total <= min(totals[-1], counts[-1]) and len(counts) <= max(3, total // 10):
                return total
    return None


def of_one_total(case: Case, s: Statement) -> int | None:
    """A total not printed that a share and two or more of those around it need, or may be of."""
    q = s.quantities
    if q.n is None or q.percent is None or case.text.passages[s.passage].table is not None:
        return None
    mine = totals_for_percent(q.n, q.percent)
    votes: Counter[int] = Counter()
    pairs = {(q.n, q.percent.text)}
    for o in case.beside(s, _BEFORE, 2 * _MOST_PARTS):
        p = o.quantities
        if o.kind not in PERCENT_KINDS or p.n is None or p.percent is None or p.N is not None:
            continue
        if (p.n, p.percent.text) in pairs:
            continue
        pairs.add((p.n, p.percent.text))
        theirs = totals_for_percent(p.n, p.percent)
        if not theirs or not mine or len(theirs) > max(3, min(theirs[0] // 10, _MOST_TOTALS)) or p.n in theirs:
            continue
        for t in range(max(mine[0], theirs[0]), min(mine[-1], theirs[-1]) + 1):
            votes[t] += 2 if len(theirs) <= _FEW else 1
    total, times = max(votes.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
    return total if times >= 2 else None


def share_a_total(s: Statement, others: Iterable[Statement]) -> tuple[int, int] | None:
    """The smallest total that a share and most of its unexplained neighbours need, and how many of these need it."""
    q = s.quantities
    if q.n is None or q.percent is None:
        return None
    mine = totals_for_percent(q.n, q.percent)
    if not mine:
        return None
    found: dict[int, int] = {}
    pairs = {(q.n, q.percent.text)}
    for o in others:
        p = o.quantities
        if o.id == s.id or abs(o.passage - s.passage) > _BEFORE or p.n is None or p.percent is None:
            continue
        if (p.n, p.percent.text) in pairs:
            continue
        pairs.add((p.n, p.percent.text))
        theirs = totals_for_percent(p.n, p.percent)
        if not theirs:
            continue
        low, high = max(mine[0], theirs[0]), min(mine[-1], theirs[-1])
        if low <= high and high - low <= max(3, min(low // 10, _MOST_TOTALS)):
            for t in range(low, high + 1):
                found[t] = found.get(t, 0) + 1
    if not found:
        return None
    total = max(sorted(found), key=lambda t: found[t])
    return total, found[total]
