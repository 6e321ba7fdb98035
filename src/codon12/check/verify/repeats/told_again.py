"""The same fact told twice with two values: the age of all, and two sentences with the same values but one."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.wording import whole_words
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.repeats.profiles import ELSEWHERE, PARTS
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import read_printed

__all__ = ["check_told_again"]

_AGE = re.compile(
    r"\b(?P<how>mean|median|average)(?: \(SD\))? age(?: of (?:the )?[a-z]+(?: [a-z]+)?)?(?: at [a-z]+)?(?: was| of|"
    r",|:| =)* ?(?P<v>\d{1,2}(?:\.\d+)?)(?![\d.]*\d| ?%)"
    r"|\baged (?:a )?(?P<how2>mean|median|average)(?: of)? (?P<w>\d{1,2}(?:\.\d+)?)",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\b(?:arms?|groups?|versus|vs|than|respectively|both|those|with|without|controls?|cases|cohorts?|validation|"
    r"training|derivation|subgroup|compared|older|younger|died|survivors|who|whose|subset|n ?=|mothers|fathers|"
    r"carers)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(_GROUPS.pattern + r"|\b(?:men|women|males?|females?|boys|girls)\b", re.IGNORECASE)


def check_told_again(case: Case) -> None:
    """Note a value that the text tells twice, differently, of all it studies."""
    _ages(case)
    _same_but_one(case)


def _unlike(a: str, b: str) -> bool:
    """Whether two numerals of as many places are a slip apart: one digit, or two that changed places."""
    x, y = a.replace(",", ""), b.replace(",", "")
    return x != y and len(x) == len(y) and (one_digit_apart(x, y) or sorted(x) == sorted(y))


def _ages(case: Case) -> None:
    found: dict[str, list[tuple[Passage, tuple[int, int], str]]] = defaultdict(list)
    for p in sentences_with(case, "mean age", "median age", "average age", "aged a mean", "mean (sd) age"):
        ms = list(_AGE.finditer(case.flat, p.start, p.end))
        if (
            len(ms) == 1
            and not _BEFORE.search(case.flat, p.start, ms[0].start())
            and not _GROUPS.search(case.flat, ms[0].end(), min(p.end, ms[0].end() + 40))
        ):
            which = "v" if ms[0]["v"] else "w"
            found[(ms[0]["how"] or ms[0]["how2"]).lower()].append((p, ms[0].span(which), ms[0][which]))
    for told in found.values():
        if len(told) != 2:
            continue
        (p, a, x), (q, b, y) = told
        digits = min(read_printed(t).digits for t in (x, y))
        if round(float(x), digits) == round(float(y), digits) or abs(float(x) - float(y)) < 10**-digits * 1.01:
            continue
        same = _sizes_of(case, p) & _sizes_of(case, q)
        if (_unlike(x, y) or same) and not any(compared(case, s, "restated") for s in (a, b)):
            sentence = f"The age of all is {x} here and {y} there."
            judge(case, q, "restated", [a, b], "unlikely", sentence, "comparison")


def _sizes_of(case: Case, p: Passage) -> set[str]:
    return {
        m["n"]
        for m in re.finditer(
            r"(?<![\w.,])(?P<n>\d{2,3}(?:,\d{3})*) (?:[a-z]+ )?(?:patients|participants|women|men|adults|"
            r"children|subjects|people)",
            case.flat[p.start : p.end],
        )
    }


_PART = re.compile(
    r"(?=[Pp\d.])(?<![\w.,<>≤≥])(?P<p>[Pp](?:[- ]values?)? ?= ?)?(?P<v>\d*\.\d+)(?![\d.]*\d)"
    r"(?: ?(?P<u>%|(?!(?:to|and|vs|versus|in|with|for|or|of|per|than)\b)[a-zA-Zµ]+(?:/[a-zA-Z]+)?))?"
)
_MOST = 8
"""Sentences in which one value stands: in more it says nothing of them."""


def _same_but_one(case: Case) -> None:
    """Two sentences with the same values but one: `8.3 and 5.6 months ... improved from 5.6 to 8.9 months`."""
    told: list[tuple[Passage, dict[str, re.Match[str]]]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    for p in sentences_with(case, "."):
        values = {m["v"]: m for m in _PART.finditer(case.flat, p.start, p.end)}
        if len(values) > 1:
            for v in values:
                holding[v].append(len(told))
            told.append((p, values))
    pairs = {x for at in holding.values() if len(at) <= _MOST for x in combinations(at, 2)}
    for (p, one), (q, two) in ((told[i], told[k]) for i, k in sorted(pairs)):
        few, many = sorted((one, two), key=len)
        new, left = few.keys() - many.keys(), many.keys() - few.keys()
        shared = len(few) - len(new)
        alike = shared > 1 and len(many) <= len(few) + 1
        if len(new) == 1 and p.index != q.index and (alike or len(few) == shared + 1 == _PAIR):
            x = few[new.pop()]
            near = [y for v in left if (y := many[v]) and _is_slip(case, x, y, shared)]
            near = near if alike else [y for y in near if _is_pair(case, x, y, few, many)]
            if len(near) == 1 and _of_the_same(case, p, q, shared):
                places = sorted((x.span("v"), near[0].span("v")))
                if not any(compared(case, s, "restated", "copies") for s in places):
                    said = [case.flat[slice(*s)] for s in places]
                    sentence = f"The same values with {said[0]} here and {said[1]} there."
                    judge(case, q, "restated", places, "unlikely", sentence, "comparison")


def _is_slip(case: Case, x: re.Match[str], y: re.Match[str], shared: int) -> bool:
    """Whether two values, each printed once, may be the same: two P values, or one a slip from the other."""
    if x["p"] or y["p"]:
        a, b = read_printed(x["v"]), read_printed(y["v"])
        may = bool(x["p"] and y["p"]) and shared > 1 and abs(a.value - b.value) * 10 ** min(a.digits, b.digits) > 1
    else:
        units = {(m["u"] or "").rstrip("s") for m in (x, y)}
        may = one_digit_apart(x["v"], y["v"]) and len(units - {""}) == 1
    return may and all(_is_once(case.flat, m["v"]) for m in (x, y))


def _is_once(text: str, value: str) -> bool:
    """Whether a text has a value no more than once, by itself."""
    v = re.escape(value)
    return len(re.findall(rf"{v}(?<![\d.]{v})(?!\d)", text)) <= 1


def _of_the_same(case: Case, p: Passage, q: Passage, shared: int) -> bool:
    """Whether two sentences speak of the same patients and the same thing."""
    a, b = (case.flat[x.start : x.end] for x in (p, q))
    if ELSEWHERE.search(a) or ELSEWHERE.search(b) or {*PARTS.findall(a.lower())} != {*PARTS.findall(b.lower())}:
        return False
    return shared > 1 or len(whole_words(a) & whole_words(b)) > _WORDS_ALIKE


_WORDS_ALIKE, _PAIR = 2, 2
_TIMES = re.compile(r"(?:month|year|week|day|hour|minute|point|percentage)s?")
_JOINED = re.compile(r"[^.;()\d]{0,60}\b(?:and|to|vs\.?|versus|than|against)\b[^.;()\d]{0,40}")


def _is_pair(
    case: Case, x: re.Match[str], y: re.Match[str], few: dict[str, re.Match[str]], many: dict[str, re.Match[str]]
) -> bool:
    """Whether each of two times stands beside the time that both sentences have: `8.3 and 5.6`, `from 5.6 to 8.9`."""
    (v,) = few.keys() & many.keys()
    sides = [sorted((a, b), key=lambda m: m.start()) for a, b in ((x, few[v]), (y, many[v]))]
    units = {m["u"] for pair in sides for m in pair if m["u"]}
    return (units == {"%"} or all(_TIMES.fullmatch(u) for u in units)) and bool(units) and all(
        _JOINED.fullmatch(case.flat, a.end(), b.start()) for a, b in sides
    )  # fmt: skip
