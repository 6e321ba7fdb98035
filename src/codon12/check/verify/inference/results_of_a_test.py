"""Results of a diagnostic test against each other: 2 x 2 counts, likelihood ratios, and what a conclusion repeats.

Positive results are the true and the false ones; LR+ = sensitivity / (1 - specificity), LR- = (1 - sensitivity) /
specificity (Altman and Bland 1994, BMJ 308:1552 and 309:102; Deeks and Altman 2004, BMJ 329:168).
"""

from __future__ import annotations

from collections import defaultdict

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.prose import whole
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_test_results"]

_COUNT = re.compile(
    r"(?<![\w.,/-])(?P<n>\d[\d,]*) (?:of (?:them|these) )?(?:were |was )?(?P<a>true|false)[- ](?P<b>positive|"
    r"negative)s?\b",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"\bpositive in (?P<p>\d[\d,]*)[^.;()\d]{0,30} and negative in (?P<n>\d[\d,]*)(?![\d.]*\d|\s?%)", re.IGNORECASE
)
_POSITIVE = re.compile(
    r"\bpositive in (?P<n>\d[\d,]*)(?: patients| participants| women| men| cases| samples)?[,;] [^.]{0,60}\btrue",
    re.IGNORECASE,
)
_ANALYSED = re.compile(
    r"(?<![\w.,/-])(?P<n>\d[\d,]*) (?:[a-z-]+ )?(?:\([^()]*\) )?(?:were |was )?(?:finally )?(?:analy[sz]ed|"
    r"included|evaluated)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|PPV|NPV|positive predictive value|negative predictive value)(?: "
    r"\([A-Z]{2,4}\))?(?: (?:of|was|is)|,|:| =)? (?P<p>\d+(?:\.\d+)?) ?%(?: ?[(\[](?P<x>\d+) ?(?:/|of) ?(?P<m>\d+))?",
    re.IGNORECASE,
)
_LR = re.compile(
    r"\b(?P<sign>positive|negative) likelihood ratio(?: \([A-Z+-]{2,4}\))? (?:was|of|=|is) (?P<v>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"sensitivity|likelihood|true|positive in", re.IGNORECASE)
_CONCLUDES = re.compile(
    r"^\W*in summary\b|^\W*(?:in )?conclusions?\b|\bwe conclude\b|^\W*interpretation\b", re.IGNORECASE
)


def check_test_results(case: Case) -> None:
    """Check the counts, the likelihood ratios and the repeated measures of a test, where a text has one test."""
    if not case.has(_WORDS):
        return
    rates: dict[str, list[tuple[Printed, re.Match[str], int]]] = defaultdict(list)
    for p, statements in case.prose(_WORDS):
        if not case.cites(statements[0]):
            for m in _RATE.finditer(case.flat, p.start, p.end):
                rates[m["what"].lower()].append((read_printed(m["p"]), m, p.index))
    _counts(case, rates)
    _ratios(case, rates)
    _repeated(case, rates)


def _held(case: Case, passage: int, at: int) -> tuple[Statement, ...]:
    """The statement at a place; the first of the sentences behind or before where its own has none."""
    for k in (*range(passage, passage + _NEAR), *range(passage - 1, passage - _NEAR, -1)):
        if case.by_passage.get(k):
            return (holder(case.by_passage[k], at) if k == passage else case.by_passage[k][0],)
    return ()


def _n(text: str) -> int:
    return whole(text)


def _tell(case: Case, passage: int, places: list[tuple[int, int]], counts: list[int], total: int, what: str) -> None:
    shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
    computed = {"parts": counts, "sum": sum(counts), "total": total}
    if sum(counts) == total:
        case.relate("sum", places, "ok", f"{shown}.", "two by two table", computed)
    else:
        on = _held(case, passage, places[0][0])
        sentence = f"{what}: {shown}, not {total}."
        case.relate("sum", places, "error-if", sentence, "two by two table", computed, on=on)


_MEASURES = (("sensitivity", "tp", "fn"), ("specificity", "tn", "fp"), ("ppv", "tp", "fp"), ("npv", "tn", "fn"))


def _counts(case: Case, rates: dict[str, list[tuple[Printed, re.Match[str], int]]]) -> None:
    """True and false results, positive and negative results, and the totals of sensitivity and specificity."""
    found: dict[str, list[tuple[int, tuple[int, int], int]]] = defaultdict(list)
    results: list[tuple[re.Match[str], int]] = []
    analysed: list[re.Match[str]] = []
    for passage, p in enumerate(case.text.passages):
        if p.table is not None:
            continue
        for m in _COUNT.finditer(case.flat, p.start, p.end):
            found[(m["a"][0] + m["b"][0]).lower()].append((_n(m["n"]), m.span("n"), passage))
        results += [(m, passage) for m in _RESULTS.finditer(case.flat, p.start, p.end)]
        analysed += _ANALYSED.finditer(case.flat, p.start, p.end)
    if len(results) == 1:
        m, passage = results[0]
        sizes = {_n(x["n"]) for x in analysed}
        if len(sizes) == 1 and not any(_n(m[k]) in sizes for k in "pn"):
            counts, total = [_n(m["p"]), _n(m["n"])], sizes.pop()
            rest = [total - counts[1], total - counts[0]]  # what each would be if no result was inconclusive
            slip = any(one_digit_apart(str(n), str(k)) for n, k in zip(counts, rest, strict=True))
            if sum(counts) >= total or slip:
                _tell(case, passage, [m.span("p"), m.span("n")], counts, total, "All results")
    for passage, p in enumerate(case.text.passages):
        m = _POSITIVE.search(case.flat, p.start, p.end) if p.table is None else None
        pair = [found[k][0] for k in ("tp", "fp") if len(found[k]) == 1]
        if m is not None and [x[2] for x in pair] == [passage, passage]:
            _tell(case, passage, [x[1] for x in pair], [x[0] for x in pair], _n(m["n"]), "Positive results")
            return
    if any(len(found[k]) != 1 for k in ("tp", "fp", "fn", "tn")):
        return
    cell = {k: found[k][0] for k in ("tp", "fp", "fn", "tn")}
    wholes: list[tuple[str, str, int, str]] = []
    if len(results) == 1:
        wholes += [("tp", "fp", _n(results[0][0]["p"]), "Positive results")]
        wholes += [("tn", "fn", _n(results[0][0]["n"]), "Negative results")]
    for what, a, b in _MEASURES:
        first = next((m for _, m, _ in rates.get(what, ()) if m["m"]), None)
        if first is not None and int(first["x"]) == cell[a][0]:
            wholes.append((a, b, int(first["m"]), f"The total of the {what}"))
    for a, b, total, what in wholes:
        _tell(case, cell[b][2], [cell[a][1], cell[b][1]], [cell[a][0], cell[b][0]], total, what)


def _ratios(case: Case, rates: dict[str, list[tuple[Printed, re.Match[str], int]]]) -> None:
    """Likelihood ratios where the text gives one sensitivity and one specificity before them."""
    if _LR.search(case.flat) is None:
        return
    for passage, p in enumerate(case.text.passages):
        if p.table is not None:
            continue
        for m in _LR.finditer(case.flat, p.start, p.end):
            sens, spec = (
                [x for x, r, k in rates.get(name, ()) if r.start() < m.start() and passage - k <= _NEAR]
                for name in ("sensitivity", "specificity")
            )
            if len(sens) != 1 or len(spec) != 1 or not 0 < spec[0].value < 100:
                continue
            given = read_printed(m["v"])
            plus = m["sign"].lower() == "positive"
            ends = [
                float(a / (100 - b)) if plus else float((100 - a) / b)
                for a in (sens[0].low, sens[0].high)
                for b in (spec[0].low, min(spec[0].high, spec[0].value + (100 - spec[0].value) / 2))
                if b > 0
            ]
            if min(ends) - float(given.step) <= float(given.value) <= max(ends) + float(given.step):
                continue
            sentence = (
                f"Sensitivity {sens[0].text} % and specificity {spec[0].text} % make a {m['sign'].lower()} likelihood "
                f"ratio of {min(ends):.3g} to {max(ends):.3g}, not {given.text}."
            )
            on = _held(case, passage, m.start("v"))
            case.relate("accuracy", (m.span("v"),), "unlikely", sentence, "likelihood ratio", on=on)


def _told_before(case: Case, m: re.Match[str]) -> bool:
    """Whether the same percentage stands before: `in those who came later (111 of 120, 92.5%)`."""
    return re.search(rf"(?<![\d.]){re.escape(m['p'])} ?%", case.flat[: m.start()]) is not None


_NEAR = 3
"""Sentences before a likelihood ratio in which its sensitivity and specificity stand."""


def _concludes(case: Case, passage: int) -> bool:
    p, here = case.text.passages[passage], case.by_passage.get(passage)
    section = here[0].section.lower() if here else ""
    return "conclu" in section or "interpretation" in section or bool(_CONCLUDES.search(case.flat[p.start : p.end]))


_OF_A_SET = re.compile(
    r"\b(?:training|validation|derivation|discovery|replication|external|internal|test) (?:set|cohort)"
)


def _repeated(case: Case, rates: dict[str, list[tuple[Printed, re.Match[str], int]]]) -> None:
    """What a conclusion says of a test is what some sentence before has found."""
    for what, found in rates.items():
        for value, m, passage in found:
            before = [x for x, _, k in found if k < passage]
            if not before or not _concludes(case, passage) or _OF_A_SET.search(case.flat):
                continue
            if _told_before(case, m):
                continue
            if any(x.low - value.step / 2 <= value.value <= x.high + value.step / 2 for x in before):
                continue
            if min(value.value, *(x.value for x in before)) == value.value and len(before) > 1:
                continue  # `at least`, of several
            if case.flat.count(value.text, 0, case.text.passages[passage].start):
                continue  # printed before, of some of them
            shown = ", ".join(f"{x.text} %" for x in before)
            sentence = f"The conclusion gives a {what} of {value.text} %; before it was {shown}."
            on = (holder(case.by_passage[passage], m.start("p")),)
            case.relate("copies", (m.span("p"),), "unlikely", sentence, "comparison", on=on)
