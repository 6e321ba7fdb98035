"""Percentages: with a count in brackets, with an interval, at a landmark, alone."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED
from codon12.check.finding.reader import Atom
from codon12.check.grammar.counts import total_after
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.not_counts import MOST_REFERENCES, is_citation
from codon12.check.grammar.rules import LINK, MEDIAN, OPEN, Read, is_signed, is_words, level_of, whole
from codon12.check.grammar.times import is_spread
from codon12.check.statements import Quantities, Strength
from codon12.numbers.unrounded import Printed

__all__ = ["read_percent", "read_percent_pair"]


def read_percent(r: Reading, k: int) -> Read:
    """A percentage with the count or the interval in the bracket after it, else alone."""
    atom = r.atoms[k]
    percent: Printed = atom.data["percent"]
    approximate = bool(atom.data.get("approximate"))
    nxt, gap = r.atom(k + 1), r.gap(k)
    opened = bool(gap) and gap[-1] in OPEN
    if is_signed(r, atom):
        return _change(r, k, percent)
    if is_spread(r, atom):
        return [Draft("value", atom.i, atom.j, Quantities(value=percent, unit="%"))], 1
    if nxt is not None and not approximate:
        if r.low(atom.j) == "of" and (of_total := _of_total(r, k, percent)) is not None:
            return of_total
        if nxt.kind == "fraction" and opened and is_words(gap[:-1], 9) and not _has_its_own(r, k, percent):
            q = Quantities(n=whole(nxt.data["n"]), N=whole(nxt.data["N"]), percent=percent)
            second = r.atom(k + 2)
            if second is not None and second.kind == "fraction" and not _CLOSING & {*r.gap(k + 1)}:
                return _of_both(r, k, q, second)
            return _maybe_interval(r, k, 2, Draft("count_percent", atom.i, r.closed(nxt.j), q, explicit=True))
        own = r.atom(k + 2)
        parted = own is not None and own.kind == "percent" and r.gap(k + 1) in (["["], ["("])
        if nxt.kind == "equals" and opened and is_words(gap[:-1], 6) and not parted:
            number, is_total = whole(nxt.data["n"]), nxt.data["capital"] or "all" in gap[:-1]
            is_total = is_total or (gap[:-1] == ["of"] and r.low(r.closed(nxt.j)) in COUNTED)  # 55% of (n = 349) people
            is_total = is_total or gap[:2] == ["among", "those"]  # 36% among those with paired data (n = 268)
            q = Quantities(percent=percent, N=number) if is_total else Quantities(percent=percent, n=number)
            kind = "percent_only" if is_total else "count_percent"
            tie: Strength = "explicit" if is_total else "structural"  # n may be the total
            if not is_total and _names_a_group(r, k, gap[:-1]):
                tie = "inferred"
            return [Draft(kind, atom.i, r.closed(nxt.j), q, explicit=is_total, tie=tie)], 2
        third = r.atom(k + 2)
        if (
            nxt.kind == "number"
            and gap in (["("], ["["])
            and third is not None
            and third.kind == "percent"
            and (
                r.gap(k + 1) in ([","], [";"])
                and r.low(third.j) in (")", "]")
                and nxt.data["value"].value <= percent.value <= third.data["percent"].value
            )
        ):  # 43% (25, 62%)
            q = Quantities(percent=percent, low=nxt.data["value"], high=third.data["percent"], interval="ci")
            return [Draft("percent_ci", atom.i, r.closed(third.j), q, tie="inferred")], 3
        if nxt.kind == "number" and opened and is_words(gap[:-1], 4):
            n, words = whole(nxt.data["value"]), r.words_after(nxt.j, 2)
            closing = r.low(nxt.j + len(words)) in (")", "]")
            cited = gap[-1] == "[" and not words and r.low(atom.i - 1) not in OPEN
            cited = cited or (not words and is_citation(r, k + 1))  # 14.2% of patients (14).
            if n is not None and closing and not cited and (not words or _counts(n, words)):
                q = Quantities(n=n, percent=percent)
                tie = "explicit" if words or n > MOST_REFERENCES else "inferred"
                return [Draft("count_percent", atom.i, nxt.j + len(words) + 1, q, tie=tie)], 2
        if nxt.kind == "interval" and nxt.data["name"] == "ci" and not gap and level_of(nxt) == percent.value:
            return [], 1  # its level, printed twice: 95% 95%CI
        if gap[:1] == ["of"] and gap[1:2] and (gap[1] in COUNTED or gap[1] in ("these", "them", "those")):
            gap = gap[2:]  # in 49% of these (95% CI 38 to 60)
        if (
            nxt.kind == "percent_range"
            and gap == ["("]
            and any(a.kind == "interval" and a.data["name"] == "ci" for a in r.recent(k))
            and nxt.data["low"].value <= percent.value <= nxt.data["high"].value
        ):
            return _percent_interval(r, k, nxt)  # 38% (95% CI, 30% to 45%) and 31% (26% to 35%)
        if nxt.kind == "interval" and nxt.data["name"] == "ci" and len(gap) <= 4 and set(gap) <= LINK and (
            not _of_a_difference(r, k, nxt, gap)
        ):  # fmt: skip
            return _percent_interval(r, k, nxt)
        if nxt.kind == "pair" and gap in (["("], ["["]) and any(a.kind == "interval" for a in r.recent(k)):
            return _percent_interval(r, k, nxt)
        if nxt.kind == "number" and gap in (["("], ["["]) and any(a.kind == "interval" for a in r.recent(k)):
            limits = _bare_limits(r, k, percent)
            if limits is not None:
                return [Draft("percent_ci", atom.i, r.closed(r.atoms[k + 2].j), limits)], 3
    return _percent_alone(r, k, percent, approximate=approximate)


def _has_its_own(r: Reading, k: int, percent: Printed) -> bool:
    """Whether the count in the bracket has its share there: `above the target of 30% (16 of 41; 39.0%)`."""
    n, total, own = whole(r.atoms[k + 1].data["n"]), whole(r.atoms[k + 1].data["N"]), r.atom(k + 2)
    if own is None or own.kind != "percent" or r.gap(k + 1) not in ([","], [";"]) or not n or not total:
        return False
    share: Printed = own.data["percent"]
    return share.low <= Fraction(100 * n, total) <= share.high and share.text != percent.text


_CLOSING = {")", "]"}
_SINGULAR = ("sis", "ion")


def _counts(n: int, words: list[str]) -> bool:
    """Whether words name what is counted: `12 patients`, not the one thing of `two partition analysis`."""
    return any(w in COUNTED for w in words) and not (n > 1 and words[-1].endswith(_SINGULAR))


def _of_total(r: Reading, k: int, percent: Printed) -> Read | None:
    """`36% of 580 patients (n = 209)`: the count in the bracket is of the total before it."""
    total, used = total_after(r, k + 1, r.atoms[k].j)
    counted, gap = r.atom(k + 2), r.gap(k + 1)
    if total is None or counted is None or counted.kind != "equals" or counted.data["capital"]:
        return None
    n = whole(counted.data["n"])
    if n is None or n > total or gap[-1:] not in (["("], ["["]) or not is_words(gap[:-1], 3):
        return None
    if r.low(counted.j) not in _CLOSING:
        return None
    q = Quantities(n=n, N=total, percent=percent)
    return [Draft("count_percent", r.atoms[k].i, counted.j + 1, q, tie="structural")], 2 + used


def _names_a_group(r: Reading, k: int, between: list[str]) -> bool:
    """Whether a percentage is what a group is given: `a 100% protein (n = 8) or 50% protein (n = 28) diet`."""
    article = r.low(r.atoms[k].i - 1) in ("a", "an", "either", "the")
    people = any(w in COUNTED for w in between) or "of" in between
    return article and bool(between) and not people


def _of_both(r: Reading, k: int, q: Quantities, second: Atom) -> Read:
    """`90% completed (465 of 520 with A and 459 of 507 with B)`: the percentage is of both, or of either."""
    n, total = whole(second.data["n"]), whole(second.data["N"])
    if "and" not in r.gap(k + 1) or None in (n, total, q.n, q.N):
        return _percent_alone(r, k, r.atoms[k].data["percent"], approximate=False)
    q = msgspec.structs.replace(q, n=(q.n or 0) + (n or 0), N=(q.N or 0) + (total or 0))
    return [Draft("count_percent", r.atoms[k].i, r.closed(second.j), q, explicit=True, tie="inferred")], 3


def _change(r: Reading, k: int, percent: Printed) -> Read:
    """A change in percent with its sign, and the interval behind it."""
    atom, nxt = r.atoms[k], r.atom(k + 1)
    value = percent
    if r.low(atom.i - 1) != "+":
        value = Printed("-" + percent.text, -percent.value, percent.digits)
    q = Quantities(value=value, unit="%")
    limits = nxt is not None and (
        (nxt.kind == "interval" and nxt.data["name"] == "ci" and set(r.gap(k)) <= LINK)
        or (nxt.kind == "percent_range" and r.gap(k) == ["("] and nxt.data["low"].value < 0)
    )
    if nxt is not None and limits:
        low, high = nxt.data["low"], nxt.data["high"]
        q = msgspec.structs.replace(q, low=low, high=high, level=level_of(nxt), interval="ci")
        return [Draft("value", atom.i, r.closed(nxt.j), q)], 2
    return [Draft("value", atom.i, atom.j, q)], 1


_CHANGED = re.compile(
    r"\b(?:difference|reduction|increase|decrease|improvement|gain|change|lower|higher|efficacy|benefit)\b"
    r"[^.;()]{0,40}$",
    re.IGNORECASE,
)


def _of_a_difference(r: Reading, k: int, nxt: Atom, gap: list[str]) -> bool:
    """Whether an interval after a percentage is not that of a rate: a limit below zero, two rates before it."""
    low = nxt.data["low"]
    if isinstance(low, Printed) and low.value < 0:
        return _CHANGED.search(r.before(r.atoms[k].i, 12)) is None
    before = r.recent(k)
    if not before or before[-1].kind != "percent":
        return False
    if "respectively" in gap:
        return True
    between = {t.lower for t in r.tokens[before[-1].j : r.atoms[k].i]}
    if not between & _AGAINST or between & {"(", ")", "[", "]", ";", ","}:
        return False
    if _DIFFERENCE.search(r.before(before[-1].i, 14)):
        return True
    a, b, high = before[-1].data["percent"].value, r.atoms[k].data["percent"].value, nxt.data["high"]
    if not isinstance(low, Printed) or not isinstance(high, Printed) or low.value <= b <= high.value:
        return False
    return low.value <= abs(a - b) <= high.value  # 44.2% vs 29.5%; 95% CI 4 to 25


_AGAINST = {"vs", "versus", "against", "than", "compared"}
_DIFFERENCE = re.compile(r"\bdifferences?\b[^.;]{0,60}$", re.IGNORECASE)


def _bare_limits(r: Reading, k: int, percent: Printed) -> Quantities | None:
    """`31.0% [24.4, 38.3]` where an interval was named before: limits around the percentage, and nothing else."""
    first, second = r.atoms[k + 1], r.atom(k + 2)
    if second is None or second.kind != "number" or r.gap(k + 1) not in ([","], [";"]):
        return None
    low, high = first.data["value"], second.data["value"]
    if r.low(second.j) not in (")", "]") or not low.value <= percent.value <= high.value or low.digits != high.digits:
        return None
    return Quantities(percent=percent, low=low, high=high, interval="ci")


def _percent_alone(r: Reading, k: int, percent: Printed, *, approximate: bool) -> Read:
    atom = r.atoms[k]
    after = r.after(atom.j, 3)
    if any(w in ("probability", "power") for w in after):
        return [Draft("design_number", atom.i, atom.j + 1, Quantities(percent=percent), approximate=True)], 1
    q = Quantities(percent=percent, text=atom.data.get("part"))
    change = any(w in ("lower", "higher", "reduction", "increase", "decrease", "increased", "reduced") for w in after)
    return [Draft("percent_only", atom.i, atom.j, q, approximate=approximate or change)], 1


_KNOWN = {
    "evaluable",
    "assessable",
    "treated",
    "randomised",
    "randomized",
    "eligible",
    "analysed",
    "analyzed",
    "tested",
}


def _maybe_interval(r: Reading, k: int, used: int, draft: Draft) -> Read:
    nxt, gap = r.atom(k + used), r.gap(k + used - 1)
    known = bool(gap) and (gap[0] in COUNTED or gap[0] in _KNOWN)
    gap = gap[1:] if known else gap  # 44% (69 of 156 patients; 95% CI, 36 to 52)
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] == "ci" and set(gap) <= LINK:
        q = msgspec.structs.replace(
            draft.quantities, low=nxt.data["low"], high=nxt.data["high"], level=level_of(nxt), interval="ci"
        )
        draft.kind, draft.quantities, draft.j = "count_percent_ci", q, r.closed(nxt.j)
        used += 1
    return [draft], used


_SURVIVAL = re.compile(
    r"kaplan-?\s?meier|surviv|\b(?:PFS|OS|DFS|EFS|RFS|DoR|DOR|LRC|FFS|TTP)\b|(?:disease|local|locoregional) control"
    r"|cumulative incidence|free(?:dom)? from"
)
_RATE_ALONE = re.compile(r"\d+-(?:month|year) rates? (?:was|were|of) ?$")


def _percent_interval(r: Reading, k: int, nxt: Atom) -> Read:
    """A percentage with its interval; `at 6 months` after it makes it a landmark."""
    atom = r.atoms[k]
    j, used = r.closed(nxt.j), 2
    q = Quantities(
        percent=atom.data["percent"],
        low=nxt.data["low"],
        high=nxt.data["high"],
        level=level_of(nxt),
        interval="ci",
    )
    total, more = total_after(r, k + 2, j)
    if total is not None:
        q, used = msgspec.structs.replace(q, N=total), used + more
    follow = r.atom(k + used)
    if follow is not None and follow.kind == "value" and r.after(j, follow.i - j) == ["at"]:
        q = msgspec.structs.replace(q, at=follow.data["value"], unit=follow.data["unit"])
        return [Draft("landmark", atom.i, follow.j, q)], used + 1
    context = r.text[max(r.passage.start, r.tokens[atom.i].start - 400) : r.tokens[atom.i].start]
    when = next((a for a in reversed(r.recent(k)) if a.kind == "value"), None)
    if when is not None and when.data.get("adjective"):  # 24-month survival: what stands before is of another
        context = r.text[r.tokens[when.i].start : r.tokens[atom.i].start]
    survival = _SURVIVAL.search(context)
    if _RATE_ALONE.match(context):  # the 6-month PFS rate was 56% (...); the 12-month rate was 31% (...)
        survival = _SURVIVAL.search(r.text[r.passage.start : r.tokens[atom.i].start])
    if survival and when is not None and not MEDIAN.search(context):
        q = msgspec.structs.replace(q, at=when.data["value"], unit=when.data["unit"])
        return [Draft("landmark", atom.i, j, q)], used
    return [Draft("percent_ci", atom.i, j, q, explicit=total is not None)], used


def read_percent_pair(r: Reading, k: int) -> Read:
    """Two percentages compared under one sign."""
    atom = r.atoms[k]
    return [Draft("percent_only", atom.i, atom.j, Quantities(values=atom.data["values"], unit="%"))], 1
