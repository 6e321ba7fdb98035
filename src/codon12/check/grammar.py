"""Statements of running text: which atoms of a sentence belong together, and what they state."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from codon12.check.atoms import Atom
from codon12.check.drafts import Draft, Reading
from codon12.check.lexicon import COUNTED, TIME_UNITS, outcome_in
from codon12.check.statements import Quantities
from codon12.numbers.boxes import Printed

__all__ = ["read_sentence"]

_OPEN = {"(", "["}
_LINK = {"(", "[", ",", ";", ":", "with", "a", "the", "of", "was", ")", "]", "and", "respectively", "stratified",
         "unstratified", "adjusted", "log-rank", "two-sided", "one-sided", "by", "test", "for", "superiority",
         "nominal", "exact", "two-tailed"}  # fmt: skip
_AFTER_COUNT = {
    *("had", "did", "were", "was", "with", "who", "received", "died", "have", "completed", "discontinued", "in"),
    *("to", "women", "men", "are", "could", "reported", "receiving", "allocated", "assigned", "randomized"),
    *("randomised", "treated", "underwent", "achieved", "experienced", "responded", "remained"),
}
"""Words after which a bare number counts people, though no noun follows it."""
_MEDIAN = re.compile(r"\bmedians?\b", re.IGNORECASE)
_MOVING = {
    "every",
    "within",
    "for",
    "over",
    "after",
    "at",
    "least",
    "during",
    "until",
    "first",
    "next",
    "last",
    "than",
    "by",
    "each",
    "of benefit",
}


def read_sentence(r: Reading) -> list[Draft]:
    """Drafts of the statements in one sentence, left to right."""
    out: list[Draft] = []
    k = 0
    while k < len(r.atoms):
        atom = r.atoms[k]
        rule = _RULES.get(atom.kind)
        drafts, used = rule(r, k) if rule else ([], 1)
        out += drafts
        k += used
    return _joined(r, out)


Read = tuple[list[Draft], int]
"""Drafts, and how many atoms they took."""
Rule = Callable[[Reading, int], Read]


def _is_words(gap: list[str], limit: int) -> bool:
    return len(gap) <= limit and all(w.replace("-", "").replace("’", "").replace("'", "").isalnum() for w in gap)


def _whole(number: Printed) -> int | None:
    return int(number.value) if number.digits == 0 and number.value >= 0 else None


def _level(atom: Atom) -> int | None:
    level = atom.data.get("level")
    return None if level is None or level.digits else int(level.value)


def _total_after(r: Reading, k: int, j: int) -> tuple[int | None, int]:
    """N of a trailing `of [the] N [patients]` after token `j`, where atom `k` is the next, and atoms used."""
    nxt = r.atom(k)
    if nxt is None or nxt.kind not in ("number", "equals") or r.low(j) not in ("of", "out"):
        return None, 0
    between = r.after(j, max(0, nxt.i - j))
    if nxt.i - j > 4 or any(w not in ("of", "out", "the", "all", "these", "a", "total", "our") for w in between):
        return None, 0
    number: Printed = nxt.data["value"] if nxt.kind == "number" else nxt.data["n"]
    total = _whole(number)
    following = r.low(nxt.j)
    if total is None or following == "%" or following in TIME_UNITS:
        return None, 0
    return total, 1


def _count(r: Reading, k: int) -> Read:
    """A count: with its percentage, with the total it is of, or alone before what is counted."""
    atom = r.atoms[k]
    n = _whole(atom.data["value"] if atom.kind == "number" else atom.data["n"])
    total = _whole(atom.data["N"]) if atom.kind == "fraction" else None
    nxt, gap = r.atom(k + 1), r.gap(k)
    if n is not None and nxt is not None and nxt.kind == "percent" and _ends_item(r, k + 1):
        inside = r.low(atom.i - 1) in _OPEN or r.low(atom.i - 2) in _OPEN
        bracketed = bool(gap) and gap[-1] in _OPEN and _is_words(gap[:-1], 7)
        listed = inside and bool(gap) and gap[-1] in (",", ";", "or", "/") and _is_words(gap[:-1], 3)
        if bracketed or listed or (inside and gap in ([";"], [","], ["-"])):
            return _count_percent(r, k, n, total)
    if atom.kind == "number":
        other = _special_number(r, k)
        if other is not None:
            return other
    if n is None:
        return [], 1
    words = r.words_after(atom.j, 6)
    if total is not None:
        return [Draft("count", atom.i, atom.j, Quantities(n=n, N=total), explicit=True)], 1
    spelled = r.tokens[atom.i].spelled
    noun = next((x for x, w in enumerate(words[: 3 if spelled else 5]) if w in COUNTED), None)
    if spelled and (r.low(atom.i - 1) in ("the", "these", "those", "both", "all", "each") or noun is None):
        if not (n > 2 and words[:2] in (["of", "these"], ["of", "them"], ["of", "those"])):
            return [], 1
        noun = 1
    if noun is None and not spelled:
        before = r.low(atom.i - 1)
        if (
            words[:1] and words[0] in _AFTER_COUNT and before not in ("was", "is", "of", "than", "-", "=", "/", ":")
        ) or (before in ("and", "include", "including") and words[:1] == ["who"]):
            noun = 0
        elif before in _OPEN and r.low(atom.j) in (")", "]", "in") and n < 10000:
            return [Draft("count", atom.i, atom.j, Quantities(n=n))], 1
    if noun is None:
        return [], 1
    return [Draft("count", atom.i, atom.j + noun + 1, Quantities(n=n))], 1


def _ends_item(r: Reading, k: int) -> bool:
    """Whether the bracket says no more of the percentage than itself and its interval."""
    percent, nxt = r.atoms[k], r.atom(k + 1)
    sign = r.low(percent.j)
    if percent.data.get("approximate"):
        return False
    if sign == ",":
        return nxt is not None and nxt.kind == "interval" and nxt.i == percent.j + 1
    return sign in (")", "]", ";", "(", "") or (nxt is not None and nxt.i == percent.j and nxt.kind == "interval")


def _special_number(r: Reading, k: int) -> Read | None:
    """A bare number that is no count: a median, an implicit ratio with limits, `one or two`, a 2:1 ratio."""
    atom = r.atoms[k]
    value: Printed = atom.data["value"]
    nxt, gap = r.atom(k + 1), r.gap(k)
    if r.low(atom.j) == ":" or (r.low(atom.i - 1) == ":" and r.tokens[atom.i].glued):
        return [], 1
    if nxt is not None and nxt.kind == "number" and gap == ["or"]:
        last = _whole(nxt.data["value"])
        noun = next((x for x, w in enumerate(r.words_after(nxt.j, 3)) if w in COUNTED), None)
        if last is not None and noun is not None and value.value < last:
            return [Draft("definition", atom.i, nxt.j + noun + 1, Quantities(low=value, high=nxt.data["value"]))], 2
    if nxt is not None and value.digits and nxt.kind == "pair" and gap in ([","], ["("], ["["], [";"]):
        low, high = nxt.data["low"], nxt.data["high"]
        after = r.atom(k + 2)
        ratio_before = any(a.kind == "ratio" for a in r.recent(k))
        has_p = after is not None and after.kind == "p" and set(r.gap(k + 1)) <= _LINK
        if isinstance(low, Printed) and isinstance(high, Printed) and low.value <= value.value <= high.value and (
            (has_p or ratio_before) and r.low(atom.i - 1) in (*_OPEN, ",", ";")
        ):  # fmt: skip
            q = Quantities(measure="HR", value=value, low=low, high=high, interval="ci")
            if has_p and after is not None:
                q = msgspec.structs.replace(q, p=after.data["p"], p_op=after.data["op"])
            return [Draft("hr_ci_p", atom.i, (after or nxt).j if has_p else nxt.j, q)], 3 if has_p else 2
    if nxt is not None and nxt.kind == "interval" and value.digits and set(gap) <= {",", "(", "[", ";"}:
        median = _MEDIAN.search(r.before(atom.i, 14)) is not None
        low, high = nxt.data["low"], nxt.data["high"]
        if nxt.data["name"] == "ci":
            q = Quantities(value=value, low=low, high=high, level=_level(nxt), interval="ci")
            if not median:
                q = msgspec.structs.replace(q, measure=_measure_before(r, k))
            if median or q.measure:
                return [Draft("median_ci" if median else "hr_ci_p", atom.i, nxt.j, q)], 2
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] != "ci" and set(gap) <= {",", "(", "[", ";"}:
        return _with_interval(r, k, value, None)
    before = r.before(atom.i, 10)
    earlier = r.before(atom.i, 20)
    if r.low(atom.i - 1) == "and" and re.search(r"\bmedian\b[^.;]* scores?\b[^.;]*\bwas\b", earlier):
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value))], 1
    if re.search(r"\bmedian\b[^.;]{0,60}\b(?:of|was|were)$", before) and r.low(atom.j) != "%":
        words = r.words_after(atom.j, 4)
        unit = next((w for w in words if w in COUNTED and w not in ("patients", "groups")), None)
        return [Draft("median_only", atom.i, atom.j, Quantities(value=value, unit=unit))], 1
    return None


def _measure_before(r: Reading, k: int) -> str | None:
    """HR or OR where the sentence named the ratio before atom `k`."""
    return next((a.data["measure"] for a in reversed(r.recent(k)) if a.kind == "ratio"), None)


def _count_percent(r: Reading, k: int, n: int, total: int | None) -> Read:
    atom, percent = r.atoms[k], r.atoms[k + 1]
    used, j, explicit = 2, r.closed(percent.j), total is not None
    q = Quantities(n=n, N=total, percent=percent.data["percent"])
    kind = "count_percent"
    third = r.atom(k + 2)
    near = third is not None and set(r.gap(k + 1)) <= {",", ";", ":", "("}
    if third is not None and near and third.kind == "interval" and third.data["name"] == "ci":
        q = msgspec.structs.replace(
            q, low=third.data["low"], high=third.data["high"], level=_level(third), interval="ci"
        )
        kind, used, j = "count_percent_ci", 3, r.closed(third.j)
    if total is None:
        end = next((x for x in range(j, min(j + 6, len(r.tokens))) if r.low(x) in (")", "]")), None)
        start = j if r.low(j - 1) in (")", "]") else (end + 1 if end is not None and end - j < 6 else j)
        total, more = _total_after(r, k + used, start)
        if total is not None:
            j, used, explicit = r.atoms[k + used].j, used + more, True
            q = msgspec.structs.replace(q, N=total)
    follow = r.atom(k + used)
    lasting = follow is not None and follow.kind == "value" and follow.i - j <= 5
    if follow is not None and lasting and "for" in r.after(j, follow.i - j) and r.low(follow.j) == "or":
        used += 1
    return [Draft(kind, atom.i, j, q, explicit=explicit)], used


def _percent(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    percent: Printed = atom.data["percent"]
    approximate = bool(atom.data.get("approximate"))
    nxt, gap = r.atom(k + 1), r.gap(k)
    opened = bool(gap) and gap[-1] in _OPEN
    if nxt is not None and not approximate:
        if nxt.kind == "fraction" and opened and _is_words(gap[:-1], 9):
            q = Quantities(n=_whole(nxt.data["n"]), N=_whole(nxt.data["N"]), percent=percent)
            return _maybe_interval(r, k, 2, Draft("count_percent", atom.i, r.closed(nxt.j), q, explicit=True))
        if nxt.kind == "equals" and opened and _is_words(gap[:-1], 6):
            number = _whole(nxt.data["n"])
            q = Quantities(percent=percent, N=number) if nxt.data["capital"] else Quantities(percent=percent, n=number)
            kind = "percent_only" if nxt.data["capital"] else "count_percent"
            return [Draft(kind, atom.i, r.closed(nxt.j), q, explicit=nxt.data["capital"])], 2
        if nxt.kind == "number" and opened and _is_words(gap[:-1], 4):
            n, words = _whole(nxt.data["value"]), r.words_after(nxt.j, 2)
            closing = r.low(nxt.j + len(words)) in (")", "]")
            if n is not None and closing and (not words or any(w in COUNTED for w in words)):
                return [Draft("count_percent", atom.i, nxt.j + len(words) + 1, Quantities(n=n, percent=percent))], 2
        if nxt.kind == "interval" and nxt.data["name"] == "ci" and len(gap) <= 4 and set(gap) <= _LINK:
            return _percent_interval(r, k, nxt)
        if nxt.kind == "pair" and gap == ["("] and any(a.kind == "interval" for a in r.recent(k)):
            return _percent_interval(r, k, nxt)
    return _percent_alone(r, k, percent, approximate=approximate)


def _percent_alone(r: Reading, k: int, percent: Printed, *, approximate: bool) -> Read:
    atom = r.atoms[k]
    after = r.after(atom.j, 3)
    if any(w in ("probability", "power") for w in after):
        return [Draft("design_number", atom.i, atom.j + 1, Quantities(percent=percent), approximate=True)], 1
    q = Quantities(percent=percent)
    change = any(w in ("lower", "higher", "reduction", "increase", "decrease", "increased", "reduced") for w in after)
    return [Draft("percent_only", atom.i, atom.j, q, approximate=approximate or change)], 1


def _maybe_interval(r: Reading, k: int, used: int, draft: Draft) -> Read:
    nxt = r.atom(k + used)
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] == "ci" and set(r.gap(k + used - 1)) <= _LINK:
        q = msgspec.structs.replace(
            draft.quantities, low=nxt.data["low"], high=nxt.data["high"], level=_level(nxt), interval="ci"
        )
        draft.kind, draft.quantities, draft.j = "count_percent_ci", q, r.closed(nxt.j)
        used += 1
    return [draft], used


def _percent_interval(r: Reading, k: int, nxt: Atom) -> Read:
    """A percentage with its interval; `at 6 months` after it makes it a landmark."""
    atom = r.atoms[k]
    j, used = r.closed(nxt.j), 2
    q = Quantities(
        percent=atom.data["percent"],
        low=nxt.data["low"],
        high=nxt.data["high"],
        level=_level(nxt),
        interval="ci",
    )
    total, more = _total_after(r, k + 2, j)
    if total is not None:
        q, used = msgspec.structs.replace(q, N=total), used + more
    follow = r.atom(k + used)
    if follow is not None and follow.kind == "value" and r.after(j, follow.i - j) == ["at"]:
        q = msgspec.structs.replace(q, at=follow.data["value"], unit=follow.data["unit"])
        return [Draft("landmark", atom.i, follow.j, q)], used + 1
    context = r.text[max(r.passage.start, r.tokens[atom.i].start - 400) : r.tokens[atom.i].start]
    when = next((a for a in reversed(r.recent(k)) if a.kind == "value"), None)
    survival = re.search(r"kaplan-?\s?meier|survival rate|(?:overall|free) survival|surviv", context, re.IGNORECASE)
    if survival and when is not None and not _MEDIAN.search(context):
        q = msgspec.structs.replace(q, at=when.data["value"], unit=when.data["unit"])
        return [Draft("landmark", atom.i, j, q)], used
    return [Draft("percent_ci", atom.i, j, q, explicit=total is not None)], used


def _with_interval(r: Reading, k: int, value: Printed, unit: str | None, *, plus: bool = False) -> Read:
    """A value with the interval or range after it."""
    atom, nxt = r.atoms[k], r.atoms[k + 1]
    name: Any = nxt.data.get("name") or _interval_name_before(r, k)
    q = Quantities(
        value=value,
        unit=unit,
        low=nxt.data["low"],
        high=nxt.data["high"],
        level=_level(nxt),
        max_censored=bool(nxt.data.get("plus")) or plus,
        interval=name,
    )
    kind = "median_ci" if name == "ci" else "median_range"
    return [Draft(kind, atom.i, r.closed(nxt.j), q)], 2


def _interval_name_before(r: Reading, k: int) -> str:
    """What an unlabelled pair of limits is: what the last labelled one of the sentence was, else a range."""
    return next((a.data["name"] for a in reversed(r.recent(k)) if a.kind == "interval"), "range")


def _value(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    value, unit = atom.data["value"], atom.data["unit"]
    nxt, gap = r.atom(k + 1), r.gap(k)
    if nxt is not None and not atom.data.get("adjective"):
        if nxt.kind == "interval" and len(gap) <= 3 and set(gap) <= _LINK:
            return _with_interval(r, k, value, unit)
        if nxt.kind == "pair" and gap in (["("], [","], ["["]):
            return _with_interval(r, k, value, unit)
    q = Quantities(value=value, unit=unit)
    before = r.before(atom.i, 25)
    near = r.low(atom.i - 1)
    if re.search(r"\b(?:benefit|gain|improvement|advantage|prolongation) of$", before):
        return [Draft("duration", atom.i, atom.j, msgspec.structs.replace(q, text="difference"))], 1
    if atom.data.get("adjective") or near in _MOVING or r.is_design:
        kind = "design_number" if r.is_design else "duration"
        return [Draft(kind, atom.i, atom.j, q)], 1
    outcome = outcome_in(before)
    if _MEDIAN.search(before) or outcome in ("OS", "PFS", "DFS", "EFS", "DOR", "TTR", "follow-up", "TRTDUR"):
        return [Draft("median_only", atom.i, atom.j, q, approximate=bool(atom.data.get("approximate")))], 1
    return [Draft("duration", atom.i, atom.j, q)], 1


def _values(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    q = Quantities(values=atom.data["values"], unit=atom.data["unit"])
    nxt = r.atom(k + 1)
    if nxt is not None and nxt.kind == "p" and set(r.gap(k)) <= _LINK:
        q = msgspec.structs.replace(q, p=nxt.data["p"], p_op=nxt.data["op"])
        return [Draft("group_medians_p", atom.i, nxt.j, q)], 2
    return [Draft("group_medians_p", atom.i, atom.j, q)], 1


def _ratio(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    q = Quantities(measure=atom.data["measure"], value=atom.data["value"])
    used, j = 1, atom.j
    nxt = r.atom(k + 1)
    gap = r.gap(k)
    if nxt is not None and (
        (nxt.kind == "interval" and len(gap) <= 5 and set(gap) <= _LINK)
        or (nxt.kind == "pair" and gap in (["("], [","], ["["]))
    ):
        if nxt.data.get("name", "ci") == "ci":
            q = msgspec.structs.replace(q, low=nxt.data["low"], high=nxt.data["high"], level=_level(nxt), interval="ci")
            used, j = 2, r.closed(nxt.j)
    elif nxt is not None and nxt.kind == "number" and gap == ["("]:
        second = r.atom(k + 2)
        if second is not None and second.kind == "number" and r.gap(k + 1) in ([","], [";"], ["to"]):
            q = msgspec.structs.replace(q, low=nxt.data["value"], high=second.data["value"], interval="ci")
            used, j = 3, r.closed(second.j)
    drafts = []
    third = r.atom(k + used)
    if third is not None and third.kind == "chi2" and set(r.gap(k + used - 1)) <= _LINK:
        used += 1
        drafts.append(Draft("chi2_p", third.i, third.j, Quantities(chi2=third.data["chi2"], N=_df(third))))
        third = r.atom(k + used)
    if third is not None and third.kind == "p" and len(r.gap(k + used - 1)) <= 7 and set(r.gap(k + used - 1)) <= _LINK:
        q = msgspec.structs.replace(q, p=third.data["p"], p_op=third.data["op"])
        used, j = used + 1, (j if drafts else third.j)
        if drafts:
            drafts[0].quantities = msgspec.structs.replace(drafts[0].quantities, p=q.p, p_op=q.p_op)
            drafts[0].j = third.j
    return [Draft("hr_ci_p", atom.i, j, q), *drafts], used


def _df(atom: Atom) -> int | None:
    return None if atom.data["df"] is None else int(atom.data["df"].value)


def _chi2(r: Reading, k: int) -> Read:
    atom, nxt = r.atoms[k], r.atom(k + 1)
    q = Quantities(chi2=atom.data["chi2"], N=_df(atom))
    if nxt is not None and nxt.kind == "p" and set(r.gap(k)) <= _LINK:
        return [Draft("chi2_p", atom.i, nxt.j, msgspec.structs.replace(q, p=nxt.data["p"], p_op=nxt.data["op"]))], 2
    return [Draft("chi2_p", atom.i, atom.j, q)], 1


def _equals(r: Reading, k: int) -> Read:
    """`n = 52`: with a percentage after it a count and its percentage, else a count."""
    atom, nxt, gap = r.atoms[k], r.atom(k + 1), r.gap(k)
    n = _whole(atom.data["n"])
    if n is None:
        return [], 1
    if (
        nxt is not None
        and nxt.kind == "percent"
        and gap in ([","], [";"], ["("], ["["], [])
        and not atom.data["capital"]
    ):
        return [Draft("count_percent", atom.i, nxt.j, Quantities(n=n, percent=nxt.data["percent"]))], 2
    q = Quantities(N=n) if atom.data["capital"] else Quantities(n=n)
    return [Draft("count", atom.i, atom.j, q)], 1


def _threshold(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    value = atom.data["value"]
    design = r.is_design
    if design and (atom.data["percent"] or atom.data["unit"]):
        q = Quantities(percent=value) if atom.data["percent"] else Quantities(value=value, unit=atom.data["unit"])
        return [Draft("design_number", atom.i, atom.j, q, approximate=True)], 1
    if atom.data["percent"]:
        return [Draft("threshold", atom.i, atom.j, Quantities(op=atom.data["op"], percent=value))], 1
    unit = atom.data["unit"] or next((w for w in r.words_after(atom.j, 2) if w in COUNTED), None)
    return [Draft("threshold", atom.i, atom.j, Quantities(op=atom.data["op"], value=value, unit=unit))], 1


def _pair(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    low, high = atom.data["low"], atom.data["high"]
    if not isinstance(low, Printed) or not isinstance(high, Printed):
        return [], 1
    before = r.before(atom.i, 8).lower()
    if re.search(r"\bscores?\b|\bscale\b|\bstatus\b|\(ps\)", before):
        return [Draft("scale", atom.i, atom.j, Quantities(low=low, high=high))], 1
    words = r.words_after(atom.j, 3)
    if any(w in COUNTED for w in words) and low.digits == 0:
        return [Draft("definition", atom.i, atom.j, Quantities(low=low, high=high))], 1
    return [], 1


def _range_of(kind: str) -> Rule:
    def rule(r: Reading, k: int) -> Read:
        atom = r.atoms[k]
        unit = "%" if kind == "percent_range" else atom.data["unit"]
        q = Quantities(low=atom.data["low"], high=atom.data["high"], unit=unit)
        return [Draft(kind, atom.i, atom.j, q, approximate=True)], 1

    return rule


def _dose(r: Reading, k: int) -> Read:
    a = r.atoms[k]
    q = Quantities(value=a.data["value"], unit=a.data["unit"], text=a.data["freq"])
    return [Draft("dose", a.i, a.j, q)], 1


def _ci_label(r: Reading, k: int) -> Read:
    """Which method a text says it used for its intervals."""
    atom = r.atoms[k]
    level = _level(atom)
    if level is None or r.is_design or r.method is None:
        return [], 1
    return [Draft("ci_method_statement", atom.i, atom.j, Quantities(level=level, text=r.method))], 1


def _interval_alone(r: Reading, k: int) -> Read:
    """An interval nothing stands before: the range of a scale."""
    atom = r.atoms[k]
    low, high = atom.data["low"], atom.data["high"]
    scale = atom.data["name"] == "range" and re.search(r"\bscale\b|\bscores?\b", r.before(atom.i, 12))
    if scale and isinstance(low, Printed) and isinstance(high, Printed):
        return [Draft("scale", atom.i, atom.j, Quantities(low=low, high=high))], 1
    return [], 1


def _phase(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    if r.low(atom.j) not in ("trial", "study", "trials", "studies"):
        return [], 1
    return [Draft("trial_phase", atom.i, atom.j + 1, Quantities(text=atom.data["text"]))], 1


def _simple(kind: str, **names: str) -> Rule:
    def rule(r: Reading, k: int) -> Read:
        atom = r.atoms[k]
        values: dict[str, Any] = {field: atom.data.get(source) for field, source in names.items()}
        q = Quantities(**values)
        return [Draft(kind, atom.i, atom.j, q)], 1

    return rule


def _identifier(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    text = atom.data["text"]
    name = "nct" if text.startswith("NCT") else "registry"
    return [Draft("identifier", atom.i, atom.j, Quantities(text=f"{name}:{text}"))], 1


def _percent_pair(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    return [Draft("percent_only", atom.i, atom.j, Quantities(values=atom.data["values"], unit="%"))], 1


def _p(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    return [Draft("p_value", atom.i, atom.j, Quantities(p=atom.data["p"], p_op=atom.data["op"]))], 1


_RULES: dict[str, Rule] = {
    "number": _count,
    "fraction": _count,
    "percent": _percent,
    "percent_pair": _percent_pair,
    "percent_range": _range_of("percent_range"),
    "value": _value,
    "values": _values,
    "value_range": _range_of("duration"),
    "ratio": _ratio,
    "chi2": _chi2,
    "equals": _equals,
    "threshold": _threshold,
    "pair": _pair,
    "dose": _dose,
    "ci_label": _ci_label,
    "date": _simple("date", date="date"),
    "dates": _simple("date_range", date="start", date_end="end"),
    "interval": _interval_alone,
    "phase": _phase,
    "stage": _simple("stage", text="text"),
    "version": _simple("version", value="value"),
    "money": _simple("money", value="value"),
    "id": _identifier,
    "p": _p,
}


def _joined(r: Reading, drafts: list[Draft]) -> list[Draft]:
    """Join what only the whole sentence shows: `25 patients completed 7 weeks`; a power statement."""
    sentence = r.text[r.passage.start : r.passage.end]
    if not r.is_design:
        return drafts
    out: list[Draft] = []
    for draft in drafts:
        last = out[-1] if out else None
        if draft.kind == "count" and draft.quantities.N is None and not re.search(r"includ|enrol", sentence):
            draft.kind = "design_number"
        if last is not None and draft.kind == "design_number" and last.kind == "design_number" and (
            last.quantities.n is not None and draft.quantities.unit and "completed" in r.after(last.j, draft.i - last.j)
        ):  # fmt: skip
            last.quantities = msgspec.structs.replace(
                last.quantities, value=draft.quantities.value, unit=draft.quantities.unit
            )
            last.j = draft.j
            continue
        out.append(draft)
    return _power(r, out, sentence)


def _power(r: Reading, drafts: list[Draft], sentence: str) -> list[Draft]:
    """`90% probability that the lower limit of the 95% interval would exceed 23%` is one statement."""
    if not re.search(r"lower (?:limit|bound|boundary)", sentence):
        return drafts
    power = next((d for d in drafts if d.kind == "design_number" and d.quantities.percent is not None), None)
    level = next((a for a in r.atoms if a.kind == "ci_label" and a.data["level"] is not None), None)
    if power is None or level is None:
        return drafts
    rate = next((d for d in drafts if d.i > power.i and d.kind in ("percent_only", "threshold", "design_number")), None)
    if rate is None or rate.quantities.percent is None:
        return drafts
    q = Quantities(percent=power.quantities.percent, value=rate.quantities.percent, level=_level(level))
    joined = Draft("power_statement", power.i, rate.j, q, approximate=True)
    return [joined if d is power else d for d in drafts if d is not rate]
