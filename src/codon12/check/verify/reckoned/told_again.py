"""The same fact told twice with two values: the age of all, how many there were, P of the same comparison."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.prose import compared, judge, sentences_with
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
_P = re.compile(r"\b[Pp](?:[- ]values?)? ?= ?(?P<p>0?\.\d+)")
_NUMERAL = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\d,]*\d)")
_COHORT = re.compile(
    r"(?<![\w.,/])(?P<n>\d{1,3},\d{3}|\d{3,5}) (?P<noun>(?:[a-z]+(?:-[a-z]+)? )?(?:pairs|dyads|participants|"
    r"patients|women|men|children|infants|adults|pregnancies|"
    r"births|people|individuals|persons|subjects|residents|nurses|veterans|students|households|families|couples|"
    r"hospitals|isolates|admissions))\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:this|our|these|the present|present study|in total|total of|overall|we (?:followed|studied|enrolled|"
    r"included|recruited|analy[sz]ed))\b|"
    r"\b(?:were|was) (?:followed|studied|enrolled|included|recruited|analy[sz]ed)\b",
    re.IGNORECASE,
)


def check_told_again(case: Case) -> None:
    """Note a value that the text tells twice, differently, of all it studies."""
    _ages(case)
    _p_values(case)
    _sizes(case)


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


def _p_values(case: Case) -> None:
    """Two sentences with two or more of the same values and one P each, which differ."""
    if case.small.count("p =") + case.small.count("p=") < 2:
        return
    told: list[tuple[Passage, re.Match[str], frozenset[str]]] = []
    for p in sentences_with(case, "p =", "p=", "p value"):
        ms = list(_P.finditer(case.flat, p.start, p.end))
        if len(ms) == 1:
            numbers = frozenset(x for x in _NUMERAL.findall(case.flat[p.start : ms[0].start()]) if "." in x)
            if len(numbers) > 1:
                told.append((p, ms[0], numbers))
    for (p, m, one), (q, n, two) in combinations(told[:_MOST], 2):
        a, b = read_printed(m["p"]), read_printed(n["p"])
        digits = min(a.digits, b.digits)
        same = len(one & two) > 1 and (one <= two or two <= one)
        if same and p.paragraph != q.paragraph and abs(a.value - b.value) * 10**digits > 1:
            places = [m.span("p"), n.span("p")]
            if not any(compared(case, x, "restated") for x in places):
                sentence = f"The same values with P = {a.text} here and P = {b.text} there."
                judge(case, q, "restated", places, "unlikely", sentence, "comparison")


_MOST = 60


def _sizes(case: Case) -> None:
    """`1,342 mother-infant pairs were followed ... in this cohort of 1,324 mother-infant pairs`."""
    found: dict[str, dict[str, list[tuple[Passage, re.Match[str]]]]] = defaultdict(lambda: defaultdict(list))
    if not any(_COHORT.search(case.flat, p.start, p.end) for p in sentences_with(case, "this ", "our ", "these ")):
        return
    for m in _COHORT.finditer(case.flat):
        p = case.text.passages[max(0, bisect_right(case.begins, m.start()) - 1)]
        own = _OWN.search(case.flat, max(p.start, m.start() - 50), min(p.end, m.end() + 40)) is not None
        if own and p.table is None and m.end() <= p.end and not is_cited(case.flat[p.start : p.end]):
            found[m["noun"].lower()][m["n"].replace(",", "")].append((p, m))
    for sizes in found.values():
        if len(sizes) != 2 or any(len(x) != 1 for x in sizes.values()):
            continue
        (a, [(p, m)]), (b, [(q, n)]) = sizes.items()
        if not _unlike(a, b) or p.paragraph == q.paragraph or sorted(a) != sorted(b):
            continue
        places = [m.span("n"), n.span("n")]
        if (
            case.flat.count(m["n"]) > 1
            or case.flat.count(n["n"]) > 1
            or any(compared(case, x, "restated") for x in places)
        ):
            continue
        sentence = f"{m['n']} {m['noun']} here, {n['n']} there."
        judge(case, q, "restated", places, "unlikely", sentence, "comparison")
