"""Counts: alone, with their percentage, with the total they are of."""

from __future__ import annotations

import re

import msgspec

from codon12.check.finding.lexicon import COUNTED, LABELS, MONTHS, NAMES, TIME_UNITS
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.own_share import in_a_list_of_names, part_before_bracket, together
from codon12.check.grammar.rules import LINK, MEDIAN, OPEN, Read, is_words, level_of, whole
from codon12.check.grammar.times import is_spread, with_limits
from codon12.check.statements import Quantities, Strength
from codon12.numbers.unrounded import Printed, percent_modes

__all__ = ["MOST_REFERENCES", "read_count", "read_equals", "total_after"]

_LABELLED = {
    *("ecog", "ps", "score", "scores", "kps", "karnofsky", "gleason", "class", "stratum", "quartile", "tertile"),
    *("quintile", "stage", "phase", "part", "lines", "groups", "arms", "cohorts", "parts", "tier", "month", "year"),
    *("years", "her2", "ihc", "status", "category", "categories", "session", "center", "centre", "site", "patient"),
    *("case", "birads", "bi-rads", "who", "t", "n", "m", "g", "pt", "pn", "ct", "cn", "day", "age", "sites"),
}
"""Words after which a number may be a name rather than a count."""
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
    if total is None or following == "%" or following in TIME_UNITS:
        return None, 0
    return total, 1


def read_count(r: Reading, k: int) -> Read:
    """A count: with its percentage, with the total it is of, or alone before what is counted."""
    atom = r.atoms[k]
    n = whole(atom.data["value"] if atom.kind == "number" else atom.data["n"])
    total = whole(atom.data["N"]) if atom.kind == "fraction" else None
    if n is not None and atom.kind == "number" and (none := _none_of(r, k, n)) is not None:
        return none
    nxt, gap = r.atom(k + 1), r.gap(k)
    if n is not None and atom.kind == "number" and _is_year(r, k, n):
        return [], 1
    if n is not None and nxt is not None and nxt.kind == "percent" and _ends_item(r, k + 1) and not (
        _of_others(r, k, gap) or (n == 1 and _one_thing(gap))
    ):  # fmt: skip
        inside = r.low(atom.i - 1) in OPEN or r.low(atom.i - 2) in OPEN
        if (part := part_before_bracket(r, k)) is not None and total is None and part <= n:
            n, total = part, n
        bracketed = bool(gap) and gap[-1] in OPEN and is_words(gap[:-1], 7)
        listed = inside and bool(gap) and gap[-1] in (",", ";", "or", "/") and is_words(gap[:-1], 3)
        if bracketed or listed or (inside and gap in ([";"], [","], ["-"])):
            return _count_percent(r, k, n, total)
    if atom.kind == "number":
        other = _special_number(r, k)
        if other is not None:
            return other
    if n is None:
        return [], 1
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
    if noun is None and not spelled and atom.kind == "number" and _may_be_a_name(r, atom):
        return [], 1
    if noun is None and not spelled:
        before = r.low(atom.i - 1)
        if (
            (
                words[:1]
                and words[0] in _AFTER_COUNT
                and (r.tokens[atom.i - 1].text == "Of" or before not in ("was", "is", "of", "than", "-", "=", "/", ":"))
            )
            or (before in ("and", "include", "including") and words[:1] == ["who"])
            or r.after(atom.j, 3) in ([",", "of", "whom"], [",", "of", "which"], ["of", "whom", "the"])
        ):
            noun = 0
        elif before in OPEN and r.low(atom.j) in (")", "]", "in") and n < 10000 and not _is_citation(r, k):
            return [Draft("count", atom.i, atom.j, Quantities(n=n))], 1
    if noun is None:
        return [], 1
    return [Draft("count", atom.i, atom.j + noun + 1, Quantities(n=n))], 1


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


_YEARS = (1900, 2060)
_BEFORE_YEARS = {"in", "since", "to", "and", "by", "between", "from", "during", "until", "through", "year", "before",
                 "after", "-", "of", "for", "till"}  # fmt: skip


def _is_year(r: Reading, k: int, n: int) -> bool:
    """Whether a number is a year: `in 2018 (91%)`, `2013-2018 (24%)`, no noun of what is counted behind it."""
    atom = r.atoms[k]
    token = r.tokens[atom.i]
    if not _YEARS[0] <= n <= _YEARS[1] or token.spelled or len(token.text) != 4:
        return False
    if r.low(atom.i - 1) == "disease" and r.low(atom.i - 2) in ("coronavirus", "virus"):
        return True
    if any(w in COUNTED for w in r.words_after(atom.j, 4)):
        return False
    return r.low(atom.i - 1) in _BEFORE_YEARS or r.low(atom.i - 1) in MONTHS


_VERBS = {"were", "was", "had", "are", "have", "has", "did", "showed", "underwent", "majority", "most"}
_HEADS = {"of", "among", "amongst"}


def _of_others(r: Reading, k: int, gap: list[str]) -> bool:
    """Whether a number is the total of the percentage that follows: `Of 66 cases, the majority were women (73%)`."""
    before = r.low(r.atoms[k].i - 1)
    if before in ("the", "all", "these", "those"):
        before = r.low(r.atoms[k].i - 2)
    return before in _HEADS and r.atoms[k].kind == "number" and any(w in _VERBS for w in gap[:-1])


def _one_thing(gap: list[str]) -> bool:
    """Whether `one` counts no people: `one of the main reasons (75%)`, `in 1 fraction (95%)`."""
    words = gap[:-1]
    if words[:1] == ["of"]:
        return True
    return (bool(words) and not any(w in COUNTED for w in words)) or words[-1:] in (["fraction"], ["dose"], ["line"])


MOST_REFERENCES = 300
"""The largest number in brackets that may be a reference."""


def _is_citation(r: Reading, k: int) -> bool:
    """Whether a number alone in brackets cites: `[12]`, or `(12)` at the end of a sentence that has no other such."""
    atom = r.atoms[k]
    if r.low(atom.j) == "]" or r.low(atom.i - 2) == ")":
        return True
    n = whole(atom.data["value"]) if atom.kind == "number" else None
    ends = r.low(atom.j) == ")" and r.low(atom.j + 1) in (".", "") and atom.j + 2 >= len(r.tokens)
    if n is None or n > MOST_REFERENCES or not ends:
        return False
    return not any(
        a.kind == "number" and not a.data["value"].digits and r.low(a.i - 1) in OPEN and r.low(a.j) in (")", "]")
        for a in r.recent(k)
    )


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


def _special_number(r: Reading, k: int) -> Read | None:
    """A bare number that is no count: a median, an implicit ratio with limits, `one or two`, a 2:1 ratio."""
    atom = r.atoms[k]
    value: Printed = atom.data["value"]
    nxt, gap = r.atom(k + 1), r.gap(k)
    if is_spread(r, atom):
        return [], 1
    if r.low(atom.j) == ":" or (r.low(atom.i - 1) == ":" and r.tokens[atom.i].glued):
        return [], 1
    if nxt is not None and nxt.kind == "number" and gap == ["or"]:
        last = whole(nxt.data["value"])
        noun = next((x for x, w in enumerate(r.words_after(nxt.j, 3)) if w in COUNTED), None)
        if last is not None and noun is not None and value.value < last:
            return [Draft("definition", atom.i, nxt.j + noun + 1, Quantities(low=value, high=nxt.data["value"]))], 2
    if nxt is not None and value.digits and nxt.kind == "pair" and gap in ([","], ["("], ["["], [";"]):
        low, high = nxt.data["low"], nxt.data["high"]
        after = r.atom(k + 2)
        ratio_before = any(a.kind == "ratio" for a in r.recent(k))
        has_p = after is not None and after.kind == "p" and after.data["of"] is None and set(r.gap(k + 1)) <= LINK
        has_p = has_p and _RATIO.search(r.text, r.passage.start, r.passage.end) is not None
        if isinstance(low, Printed) and isinstance(high, Printed) and low.value <= value.value <= high.value and (
            (has_p or ratio_before) and r.low(atom.i - 1) in (*OPEN, ",", ";")
        ):  # fmt: skip
            q = Quantities(measure="HR", value=value, low=low, high=high, interval="ci")
            if has_p and after is not None:
                q = msgspec.structs.replace(q, p=after.data["p"], p_op=after.data["op"])
            return [Draft("hr_ci_p", atom.i, (after or nxt).j if has_p else nxt.j, q)], 3 if has_p else 2
    if nxt is not None and nxt.kind == "interval" and value.digits and set(gap) <= {",", "(", "[", ";"}:
        median = MEDIAN.search(r.before(atom.i, 14)) is not None
        low, high = nxt.data["low"], nxt.data["high"]
        if nxt.data["name"] == "ci":
            q = Quantities(value=value, low=low, high=high, level=level_of(nxt), interval="ci")
            if not median and not _COEFFICIENTS & {*r.after(max(0, atom.i - 3), min(3, atom.i))}:
                q = msgspec.structs.replace(q, measure=_measure_before(r, k))
            unit = TIME_UNITS.get(r.low(r.closed(nxt.j))) if median else None
            if unit is not None:  # 11.3 (10.5-12.2) months
                return [Draft("median_ci", atom.i, r.closed(nxt.j) + 1, msgspec.structs.replace(q, unit=unit))], 2
            if median or q.measure:
                return [Draft("median_ci" if median else "hr_ci_p", atom.i, r.closed(nxt.j), q)], 2
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] != "ci" and set(gap) <= {",", "(", "[", ";"}:
        return with_limits(r, k, value, None)
    before = r.before(atom.i, 10)
    earlier = r.before(atom.i, 20)
    if r.low(atom.i - 1) == "and" and re.search(r"\bmedian\b[^.;]* scores?\b[^.;]*\bwas\b", earlier):
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value))], 1
    if re.search(r"\bmedian\b[^.;]{0,60}\b(?:of|was|were)$", before) and r.low(atom.j) != "%":
        words = r.words_after(atom.j, 4)
        unit = next((w for w in words if w in COUNTED and w not in ("patients", "groups")), None)
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value, unit=unit))], 1
    return None


_RATIO = re.compile(r"\bratios?\b|\brisk\b|\b[a-z]?(?:HR|OR|RR)s?\b")
_COEFFICIENTS = {"β", "beta", "b", "coefficient", "coefficients", "md", "smd", "difference", "wmd"}


def _measure_before(r: Reading, k: int) -> str | None:
    """HR or OR where the sentence named the ratio before atom `k`."""
    return next((a.data["measure"] for a in reversed(r.recent(k)) if a.kind == "ratio"), None)


def _count_percent(r: Reading, k: int, n: int, total: int | None) -> Read:
    atom, percent = r.atoms[k], r.atoms[k + 1]
    used, j = 2, r.closed(percent.j)
    if total is None and (events := _events_in(r, k, n, percent.data["percent"])) is not None:
        n, total = events, n
    explicit = total is not None
    q = Quantities(n=n, N=total, percent=percent.data["percent"])
    kind = "count_percent"
    third = r.atom(k + 2)
    near = third is not None and set(r.gap(k + 1)) <= {",", ";", ":", "("}
    if third is not None and near and third.kind == "interval" and third.data["name"] == "ci":
        q = msgspec.structs.replace(
            q, low=third.data["low"], high=third.data["high"], level=level_of(third), interval="ci"
        )
        kind, used, j = "count_percent_ci", 3, r.closed(third.j)
    elif third is not None and third.kind == "pair" and r.gap(k + 1) in ([";"], [","]) and _around(third, q.percent):
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
    unsure = atom.data.get("approximate") or _may_be_a_name(r, atom) or (total is None and _said_of_all(r, k))
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


def _may_be_a_name(r: Reading, atom: Atom) -> bool:
    """Whether a number may only name something: `cohort 3 (29%)`, `HER2 3+ (45%)`, `KEYNOTE 189 (45%)`."""
    if atom.kind == "fraction" or r.tokens[atom.i].spelled:
        return False
    before, token = r.low(atom.i - 1), r.tokens[atom.i - 1] if atom.i else None
    if atom.data.get("plus") or before in LABELS or before in NAMES or before in _LABELLED:
        return True
    if before == "of" and r.low(atom.i - 2) in _LABELLED:  # a score of 1
        return True
    if before in ("=", "×", "x", "+") and atom.kind == "number":
        return True
    ahead = r.tokens[atom.i - 2] if atom.i > 1 else None
    pronoun = ahead is not None and ahead.lower == "one" and atom.i > 2  # a complete one in 2
    if before == "in" and ahead is not None and ahead.spelled and not pronoun and atom.kind == "number":  # two in 5
        return True
    if before == "." and r.low(atom.i - 2) in ("ref", "refs", "fig", "no", "nos", "var", "subsp", "cv", "ser", "str"):
        return True
    return token is not None and token.kind in ("word", "name") and any(c.isupper() for c in token.text[1:])


def read_equals(r: Reading, k: int) -> Read:
    """`n = 52`: with a percentage after it a count and its percentage, else a count."""
    atom, nxt, gap = r.atoms[k], r.atom(k + 1), r.gap(k)
    n = whole(atom.data["n"])
    if n is None:
        return [], 1
    if (
        nxt is not None
        and nxt.kind == "percent"
        and gap in ([","], [";"], ["("], ["["], [])
        and (r.low(nxt.j) in (")", "]", ";", ",", "(", "") if gap else True)
        and (not atom.data["capital"] or (gap in ([","], [";"]) and r.low(nxt.j) in (")", "]")))
    ):
        q = Quantities(n=n, percent=nxt.data["percent"])
        tie: Strength = "inferred" if atom.data["capital"] else "structural"
        return [Draft("count_percent", atom.i, nxt.j, q, tie=tie)], 2
    q = Quantities(N=n) if atom.data["capital"] else Quantities(n=n)
    return [Draft("count", atom.i, atom.j, q)], 1
