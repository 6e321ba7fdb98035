"""Counts: alone, with their percentage, with the total they are of."""

from __future__ import annotations

import msgspec

from codon12.check.finding.lexicon import COUNTED, TIME_UNITS
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.estimates import read_estimate
from codon12.check.grammar.not_counts import (
    is_citation,
    is_one_thing,
    is_year,
    may_be_a_name,
    names_a_reference,
    names_the_total,
)
from codon12.check.grammar.own_share import in_a_list_of_names, part_before_bracket, together
from codon12.check.grammar.rules import OPEN, Read, is_words, level_of, whole
from codon12.check.statements import Quantities, Strength
from codon12.numbers.unrounded import Printed, percent_modes

__all__ = ["read_count", "read_equals", "total_after"]

_AFTER_COUNT = {
    *("had", "did", "were", "was", "with", "who", "received", "died", "have", "completed", "discontinued", "in"),
    *("to", "women", "men", "are", "could", "reported", "receiving", "allocated", "assigned", "randomized"),
    *("enrolled", "eligible", "evaluable", "screened", "included", "registered", "assessed", "analyzed", "analysed"),
    *("randomised", "treated", "underwent", "achieved", "experienced", "responded", "remained"),
}
"""Words after which a bare number counts people, though no noun follows it."""


def total_after(r: Reading, k: int, j: int) -> tuple[int | None, int]:
    """N of a trailing `of [the] N [patients]` after token `j`, where atom `k` is the next, and atoms used."""
    nxt = r.atom(k)
    if nxt is None or nxt.kind not in ("number", "equals") or r.low(j) not in ("of", "out"):
        return None, 0
    between = r.after(j, max(0, nxt.i - j))
    if nxt.i - j > 4 or any(w not in ("of", "out", "the", "all", "these", "a", "total", "our") for w in between):
        return None, 0
    number: Printed = nxt.data["value"] if nxt.kind == "number" else nxt.data["n"]
    total = whole(number)
    following = r.low(nxt.j)
    if total is None or following in ("%", "'", "′", "’", "-") or following in TIME_UNITS:
        return None, 0
    if total <= _FEW_GROUPS and following in _GROUPS:  # `347 (85.5%) of the two groups, respectively`
        return None, 0
    if _is_listed(r, k):  # `24 (31%), 94 (85%) and 63 (72%) of the 78, 110 and 87 patients`
        return None, 0
    return total, 1


def _is_listed(r: Reading, k: int) -> bool:
    """Whether a total is the first of several, `of the 78, 110, and 87 patients`: each is of another group."""
    last = k
    while (nxt := r.atom(last + 1)) is not None and nxt.kind == "number" and r.gap(last) in _LISTING:
        last += 1
    return last > k and r.gap(last - 1)[-1] == "and" and r.low(r.atoms[last].j) not in ("of", "(", "[", "%", "/", "-")


_LISTING = ([","], ["and"], [",", "and"])
_FEW_GROUPS, _GROUPS = 4, {"groups", "arms", "cohorts"}


_MEASURES = {"l", "ml", "mg", "kg", "g", "ng", "mcg", "µg", "cm", "mm", "km", "m", "iu", "mmol", "kcal"}
"""Units behind a number in whose bracket a percentage is a spread or a change: `294 L (132%)`."""
_SHORT_TIMES = {"minute", "minutes", "min", "mins", "second", "seconds", "sec", "secs", "ms"}


def read_count(r: Reading, k: int) -> Read:
    """A count: with its percentage, with the total it is of, or alone before what is counted."""
    atom = r.atoms[k]
    n = whole(atom.data["value"] if atom.kind == "number" else atom.data["n"])
    total = whole(atom.data["N"]) if atom.kind == "fraction" else None
    if n is not None and atom.kind == "number" and (none := _none_of(r, k, n)) is not None:
        return none
    nxt, gap = r.atom(k + 1), r.gap(k)
    if n is not None and atom.kind == "number" and is_year(r, k, n):
        return [], 1
    timed = bool(gap) and (gap[0] in _SHORT_TIMES or gap[0] in _MEASURES)  # shorter by 6 minutes (31%)
    if n is not None and nxt is not None and nxt.kind == "percent" and _ends_item(r, k + 1) and not (
        timed or names_the_total(r, k, gap) or (n == 1 and is_one_thing(gap))
    ):  # fmt: skip
        inside = r.low(atom.i - 1) in OPEN or r.low(atom.i - 2) in OPEN
        if (part := part_before_bracket(r, k)) is not None and total is None and part <= n:
            n, total = part, n
        bracketed = bool(gap) and gap[-1] in OPEN and is_words(gap[:-1], 7)
        listed = inside and bool(gap) and gap[-1] in (",", ";", "or", "/") and is_words(gap[:-1], 3)
        if bracketed and names_a_reference(r, k):
            return [], 2
        if bracketed or listed or (inside and gap in ([";"], [","], ["-"])):
            return _count_percent(r, k, n, total)
    if n is not None and total is None and (share := _of_its_own(r, k, n)) is not None:
        return share
    if atom.kind == "number":
        other = read_estimate(r, k)
        if other is not None:
            return other
    if n is None:
        return [], 1
    if r.low(atom.i - 1) == "per" and n >= _PER_SO_MANY:
        return [Draft("definition", atom.i, atom.j, Quantities(value=atom.data.get("value")))], 1
    words = r.words_after(atom.j, 6)
    if words[:1] == ["times"] and words[1:2] in (["per"], ["a"], ["daily"], ["weekly"], ["each"]):
        return [Draft("design_number", atom.i, atom.j + len(words[:3]), Quantities(n=n))], 1
    if total is not None:
        return [Draft("count", atom.i, atom.j, Quantities(n=n, N=total), explicit=True)], 1
    spelled = r.tokens[atom.i].spelled
    noun = next((x for x, w in enumerate(words[: 3 if spelled else 5]) if w in COUNTED), None)
    if spelled and n > 12 and noun is None and words[:1] and words[0] in _AFTER_COUNT:
        return [Draft("count", atom.i, atom.j + 1, Quantities(n=n))], 1
    if spelled and (r.low(atom.i - 1) in ("the", "these", "those", "both", "all", "each") or noun is None):
        if not (n > 2 and words[:2] in (["of", "these"], ["of", "them"], ["of", "those"])):
            return [], 1
        noun = 1
    if noun is None and _opens_with(r, k) and words:
        return [Draft("count", atom.i, atom.j + 1, Quantities(n=n))], 1
    if noun is None and not spelled and atom.kind == "number" and may_be_a_name(r, atom):
        return [], 1
    if noun is None and not spelled:
        before = r.low(atom.i - 1)
        if (
            (
                words[:1]
                and words[0] in _AFTER_COUNT
                and (
                    r.tokens[atom.i - 1].text == "Of"
                    or before not in ("was", "is", "of", "than", "-", "=", "/", ":")
                    or (before == ":" and not r.tokens[atom.i].glued)
                )
            )
            or (before in ("and", "include", "including") and words[:1] == ["who"])
            or r.after(atom.j, 3) in ([",", "of", "whom"], [",", "of", "which"], ["of", "whom", "the"])
        ):
            noun = 0
        elif before in OPEN and r.low(atom.j) in (")", "]", "in") and n < 10000 and not is_citation(r, k):
            return [Draft("count", atom.i, atom.j, Quantities(n=n))], 1
    if noun is None:
        listed = atom.kind == "number" and not spelled and _in_a_list(r, k)
        return [Draft("count", atom.i, atom.j, Quantities(n=n))] if listed else [], 1
    return [Draft("count", atom.i, atom.j + noun + 1, Quantities(n=n))], 1


_JOINED = ([","], [",", "and"], ["and"])


def _in_a_list(r: Reading, k: int) -> bool:
    """Whether a number is one of a list with one noun behind it: `in 4, 4, and 7 patients`."""
    first = here = k
    while (
        first and here - first < _LONGEST_LIST and r.atoms[first - 1].kind == "number" and r.gap(first - 1) in _JOINED
    ):
        first -= 1
    while (
        k - here < _LONGEST_LIST and (nxt := r.atom(k + 1)) is not None and nxt.kind == "number" and r.gap(k) in _JOINED
    ):
        k += 1
        if whole(nxt.data["value"]) is None or r.tokens[nxt.i].spelled:
            return False
        if r.words_after(nxt.j, 1)[:1] and r.words_after(nxt.j, 1)[0] in COUNTED:
            led = r.low(r.atoms[first].i - 1)
            return led in _BEFORE_A_LIST and r.gap(k - 1) != [","] and k - first > 1
    return False


_LONGEST_LIST = 12
_BEFORE_A_LIST = {"in", "of", "for", "by", "among", "from", "included", "enrolled", "comprised", "were"}


_PER_SO_MANY = 100
"""`per 100,000 women`: what a rate is of, nobody counted."""


def _none_of(r: Reading, k: int, n: int) -> Read | None:
    """`none of the 35 participants (0%)`: nobody of the number."""
    nxt = r.atom(k + 1)
    if nxt is None or nxt.kind != "percent" or nxt.data["percent"].value or "none" not in r.before(
        r.atoms[k].i, 4
    ).lower().split():  # fmt: skip
        return None
    q = Quantities(n=0, N=n, percent=nxt.data["percent"])
    return [Draft("count_percent", r.atoms[k].i, r.closed(nxt.j), q, explicit=True)], 2


def _opens_with(r: Reading, k: int) -> bool:
    """Whether a sentence opens with a number as whom it is about: `Of the 21 noncurative resections, ...`."""
    i = r.atoms[k].i - 1
    while i >= 0 and r.low(i) in ("the", "all", "these", "those", "total", "a", "our"):
        i -= 1
    if i > 0 and r.low(i) == "of" and r.low(i - 1) in ("out", "total"):
        i -= 1
    if i < 0 or r.low(i) not in ("of", "among", "amongst", "out"):
        return False
    return r.tokens[i].text[0].isupper() and (i == 0 or r.low(i - 1) in (":", ".", ";", ")"))


def _of_its_own(r: Reading, k: int, n: int) -> Read | None:
    """`35 patients (16.8% of 208 with data)`: the bracket says of how many."""
    nxt, gap = r.atom(k + 1), r.gap(k)
    if nxt is None or nxt.kind != "percent" or gap[-1:] != ["("] or not is_words(gap[:-1], _CLOSE) or may_be_a_name(
        r, r.atoms[k]
    ):  # fmt: skip
        return None
    total, used = total_after(r, k + 2, nxt.j)
    if total is None or total < n:
        return None
    end = r.atoms[k + 1 + used].j
    q = Quantities(n=n, N=total, percent=nxt.data["percent"])
    return [Draft("count_percent", r.atoms[k].i, r.closed(end), q, explicit=True)], 2 + used


_CLOSE = 3


def _ends_item(r: Reading, k: int) -> bool:
    """Whether the bracket says no more of the percentage than itself and its interval."""
    percent, nxt = r.atoms[k], r.atom(k + 1)
    sign = r.low(percent.j)
    if percent.data.get("approximate"):
        return False
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] != "ci" and nxt.i <= percent.j + 1:
        return False  # a median in percent with its quartiles
    if sign == ",":
        return nxt is not None and nxt.kind == "interval" and nxt.i == percent.j + 1
    return sign in (")", "]", ";", "(", "") or (nxt is not None and nxt.i == percent.j and nxt.kind == "interval")


_BEFORE_INTERVALS = frozenset((",", ";", ":", "(", "exact", "binomial", "two-sided", "2-sided"))


def _count_percent(r: Reading, k: int, n: int, total: int | None) -> Read:
    atom, percent = r.atoms[k], r.atoms[k + 1]
    used, j = 2, r.closed(percent.j)
    if total is None and (events := _events_in(r, k, n, percent.data["percent"])) is not None:
        n, total = events, n
    explicit = total is not None
    q = Quantities(n=n, N=total, percent=percent.data["percent"])
    kind = "count_percent"
    third = r.atom(k + 2)
    near = third is not None and set(r.gap(k + 1)) <= _BEFORE_INTERVALS
    if third is not None and near and third.kind == "interval" and third.data["name"] == "ci":
        q = msgspec.structs.replace(
            q, low=third.data["low"], high=third.data["high"], level=level_of(third), interval="ci"
        )
        kind, used, j = "count_percent_ci", 3, r.closed(third.j)
    elif (
        third is not None
        and third.kind == "pair"
        and r.gap(k + 1) in ([";"], [","])
        and (
            _around(third, q.percent)
            or any(
                a.kind == "interval" and a.data["name"] == "ci" for a in r.recent(k)
            )  # named before, its name left out
        )
    ):
        q = msgspec.structs.replace(q, low=third.data["low"], high=third.data["high"], interval="ci")
        kind, used, j = "count_percent_ci", 3, r.closed(third.j)
    if total is None:
        end = next((x for x in range(j, min(j + 6, len(r.tokens))) if r.low(x) in (")", "]")), None)
        start = j if r.low(j - 1) in (")", "]") else (end + 1 if end is not None and end - j < 6 else j)
        total, more = total_after(r, k + used, start)
        if total is not None and total < n and r.gap(k)[:-1]:
            total = None  # 65 eyes (44.5%) of 49 patients
        if total is not None:
            j, used, explicit = r.atoms[k + used].j, used + more, True
            q = msgspec.structs.replace(q, N=total)
    follow = r.atom(k + used)
    lasting = follow is not None and follow.kind == "value" and follow.i - j <= 5
    if follow is not None and lasting and "for" in r.after(j, follow.i - j) and r.low(follow.j) == "or":
        used += 1
    unsure = atom.data.get("approximate") or may_be_a_name(r, atom) or (total is None and _said_of_all(r, k))
    unsure = unsure or (total is None and (together(r, k) or in_a_list_of_names(r, k) or r.gap(k) == ["/"]))
    tie: Strength = "inferred" if unsure else "explicit"
    return [Draft(kind, atom.i, j, q, explicit=explicit, tie=tie)], used


def _said_of_all(r: Reading, k: int) -> bool:
    """Whether a verb stands between the number and the bracket, the number being all: `the 3 types were A (73%)`."""
    atom = r.atoms[k]
    known = r.low(atom.i - 1) in ("the", "these", "those", "both", "all")
    return known and any(w in ("were", "was", "are", "had", "have") for w in r.gap(k))


_EVENTS = {"events", "event", "cases", "deaths", "episodes", "infections", "failures", "recurrences", "injuries"}


def _events_in(r: Reading, k: int, n: int, percent: Printed) -> int | None:
    """The events whose share of `n` people a percentage is: `13 events in 1,089 patients (1.19%)`."""
    first = r.atom(k - 1)
    if first is None or first.kind != "number" or r.low(r.atoms[k].i - 1) not in ("in", "among"):
        return None
    events, between = whole(first.data["value"]), r.gap(k - 1)
    if events is None or not is_words(between, 5) or not _EVENTS & {*between}:
        return None
    return events if events <= n and percent_modes(events, n, percent) else None


def _around(pair: Atom, percent: Printed | None) -> bool:
    """Whether two numbers are limits around a percentage: `(11%; 4-25)`."""
    low, high = pair.data["low"], pair.data["high"]
    return (
        percent is not None
        and isinstance(low, Printed)
        and isinstance(high, Printed)
        and low.value <= percent.value <= high.value <= 100
    )


def read_equals(r: Reading, k: int) -> Read:
    """`n = 52`: with a percentage after it a count and its percentage, else a count."""
    atom, nxt, gap = r.atoms[k], r.atom(k + 1), r.gap(k)
    n = whole(atom.data["n"])
    if n is None:
        return [], 1
    before = r.recent(k)
    of_the_one_before = bool(before) and before[-1].kind == "percent" and r.after(before[-1].j, 2) == [",", "n"]
    if (
        nxt is not None
        and nxt.kind == "percent"
        and not (of_the_one_before and not gap)  # 1.4%, n = 70 2.1%, n = 68
        and gap in ([","], [";"], ["("], ["["], [])
        and (r.low(nxt.j) in (")", "]", ";", ",", "(", "") if gap else True)
        and (not atom.data["capital"] or (gap in ([","], [";"]) and r.low(nxt.j) in (")", "]")))
    ):
        q = Quantities(n=n, percent=nxt.data["percent"])
        tie: Strength = "inferred" if atom.data["capital"] else "structural"
        return [Draft("count_percent", atom.i, nxt.j, q, tie=tie)], 2
    q = Quantities(N=n) if atom.data["capital"] else Quantities(n=n)
    return [Draft("count", atom.i, atom.j, q)], 1
