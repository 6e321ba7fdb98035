"""Totals told behind their parts: `168 with A and 209 with B, for a total of 377`, `171, 190 and 204 (565 overall)`."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.sums.added import is_added, sums_told

__all__ = ["check_told_totals"]

_N = r"(?<![\w.,/:+-])\d{1,3}(?:,\d{3})+(?![\d.]*\d)|(?<![\w.,/:+-])\d+(?![\d.,/:-]*\d|\s?%|-)"
_IN_TURN = re.compile(
    rf"(?P<t>{_N}) (?:\([\d.]+ ?%\) )?[^.;()\d]{{0,60}}(?:\d-(?:month|week|year|day)[^.;()\d]{{0,40}})?[(\[]"
    rf"(?P<a>{_N}) and (?P<b>{_N})(?: [a-z]+)?,? respectively[)\]]",
    re.IGNORECASE,
)
"""`301 (91.2%) completed the assessment (153 and 148, respectively)`."""
_OF_ALL = re.compile(
    rf"\bof (?:the )?(?P<t>{_N}) (?:randomi[sz]ed|enrolled|eligible|included)\b(?:[^.;]|\.\d){{0,90}}?, (?P<a>{_N}) "
    rf"(?:[a-z]+ )?(?:were )?(?:randomly )?(?:assigned|allocated|randomi[sz]ed) to [^.;:()\d]{{2,60}}? and (?P<b>{_N}) "
    r"(?:were )?(?:assigned |allocated |randomi[sz]ed )?to\b",
    re.IGNORECASE,
)
_OVERALL = re.compile(
    rf"\brespectively,? ?[(\[](?P<t>{_N}) (?:[a-z-]+ ){{0,3}}?(?:overall|in total|in all|altogether)[)\]]",
    re.IGNORECASE,
)
_WITH_AND_WITHOUT = re.compile(
    rf"(?P<t>{_N}) [^.;:()\d]{{2,40}}?,? (?:including|of whom|comprising) (?P<a>{_N}) with (?:[a-z-]+ ){{0,3}}?and "
    rf"(?P<b>{_N}) without\b",
    re.IGNORECASE,
)
"""`relapse occurred in 134 patients, including 44 with and 90 without TP53 mutation`."""
_TOLD = (
    (_IN_TURN, ("respectively",)),
    (_OF_ALL, ("random", "assigned", "allocated")),
    (_WITH_AND_WITHOUT, ("without",)),
)
"""Each pattern with words of which a sentence has one where it is to be found."""
_SITE = r"[A-Za-z][A-Za-z -]{2,30} \((?:\d+)\)"
_SITES = re.compile(
    rf"\b(?:sites?|histolog\w+|types?|diagnos[ei]s|tumou?rs|origins?) (?:was|were|included) (?P<list>{_SITE}(?:, "
    rf"{_SITE})+,? "
    r"(?:and|or) (?:others?|unknown|miscellaneous)[a-z -]{0,20} \(\d+\))",
    re.IGNORECASE,
)
"""`Primary sites were pancreas (14), colorectum (12), lung (7) and unknown (4)`: at most all patients."""
_STUDIES = re.compile(
    r"\b(?P<what>stud(?:y|ies)|trials?|cohorts?|parts?) [\w-]{1,14} \([nN] ?= ?(\d[\d,]*)\)", re.IGNORECASE
)
_POOLED = re.compile(r"\bpool(?:ed|ing)\b|\bcombined\b|\bwere enrolled in\b", re.IGNORECASE)
_ALL = re.compile(r"\bN ?= ?(?P<n>\d[\d,]*)\b")
_ITEM = r"[^.;:,()\d]{2,40}, (?:[nN] ?= ?)?\d[\d,]*"
_BRACKETED = re.compile(
    rf"(?<![\w.,/:+-])(?P<t>\d[\d,]*) (?:[a-z-]+ )?(?:patients|pts|participants|subjects|women|men) (?:were |was )?"
    rf"(?:randomly )?(?:randomi[sz]ed|assigned|enrolled|treated|allocated|included)[^.;:()\d]{{0,40}} "
    rf"\((?P<list>{_ITEM}(?:[;,] (?:and )?{_ITEM})+)\)",
    re.IGNORECASE,
)
"""`240 pts were randomized (belzatamab, 121; chemotherapy, 119)`."""
_EACH_IN_BRACKETS = re.compile(
    r"\((?:the )?[^.;:,()\d]{2,40}(?:group|arm), (?P<n>\d[\d,]*)(?: (?:patients|participants|women|men))?\)",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"(?<![\w.,/:+-])(?P<t>\d[\d,]*) (?:[a-z-]+ )?(?:patients|participants|subjects|women|men)\b[^.;:()]{0,90}"
    r"\b(?:randomly assigned|randomi[sz]ed|assigned)\b",
    re.IGNORECASE,
)
"""`868 patients were assigned to receive A (triplet group, 291 patients); B (doublet group, 289 patients); or ...`."""
_PAIRS = (
    ("R0", "R1"), ("positive", "negative"), ("men", "women"), ("male", "female"), ("mutant", "wild-type"),
    ("mutated", "wild-type"), ("left-sided", "right-sided"), ("with", "without"), ("low", "high"),
)  # fmt: skip
_A, _B = (rf"\([nN] ?= ?(?P<{k}>\d[\d,]*)\)" for k in "ab")
_LABEL = r"\b[^.;()\d]{0,30} "
_OPPOSED = (
    *(
        re.compile(rf"\b{a}{_LABEL}{_A}(?:[^.;]|\.\d){{1,120}}?\b{b}{_LABEL}{_B}", re.IGNORECASE)
        for pair in _PAIRS
        for a, b in (pair, pair[::-1])
    ),
    re.compile(rf"{_A} (?:vs\.?|versus) [^.;()]{{1,40}} {_B}"),
)
"""Two groups that exclude each other, with their sizes: together at most all of the text."""
_SIZED = re.compile(r"\([nN] ?= ?\d")
_HINT = re.compile(
    r"\btotal\b|without|unknown|other|overall|in all|altogether|respectively|\(n ?= ?\d|"
    r"randomi|assigned|\([^()\d]{2,40}, \d",
    re.IGNORECASE,
)


def check_told_totals(case: Case) -> None:
    """Check totals that a sentence gives behind the counts of its arms, and studies pooled against all patients."""
    told = sums_told(case)
    for p, statements in case.prose(_HINT):
        if case.cites(statements[0]):
            continue
        words = case.flat[p.start : p.end]
        near = [r for r, hints in _TOLD if any(map(words.__contains__, hints))]
        for m in (m for r in near for m in r.finditer(case.figures, p.start, p.end)):
            _compare(case, statements, told, [m.span("a"), m.span("b")], m.span("t"))
        m = _OVERALL.search(case.figures, p.start, p.end)
        if m is not None:
            _in_turn(case, statements, told, m)
        for m in _BRACKETED.finditer(case.figures, p.start, p.end):
            at = m.start("list")
            items = [(at + x.start(), at + x.end()) for x in re.finditer(r"\d[\d,]*(?=[;,)]|$)", m["list"])]
            _compare(case, statements, told, items, m.span("t"))
        for m in _SITES.finditer(case.figures, p.start, p.end):
            at = m.start("list")
            items = [(at + x.start(1), at + x.end(1)) for x in re.finditer(r"\((\d+)\)", m["list"])]
            together = sum(_number(case, x) for x in items)
            if together > case.largest > 0 and not is_added(case, told, items):
                shown = f"{' + '.join(str(_number(case, x)) for x in items)} = {together}"
                sentence = f"If each is counted once: {shown}, more than the {case.largest} there are."
                on = (holder(statements, items[0][0]),)
                case.relate("sum", items, "error-if", sentence, "sum of parts", on=on)
        groups = [x.span("n") for x in _EACH_IN_BRACKETS.finditer(case.figures, p.start, p.end)]
        whole = _ASSIGNED.search(case.figures, p.start, groups[0][0]) if len(groups) > 1 else None
        if whole is not None:
            _compare(case, statements, told, groups, whole.span("t"))
        if len(_SIZED.findall(words)) > 1:
            _pooled(case, statements, told, (p.start, p.end))
            _opposed(case, statements, told, (p.start, p.end))


def _number(case: Case, span: tuple[int, int]) -> int:
    return int(case.figures[span[0] : span[1]].replace(",", ""))


def _compare(
    case: Case,
    statements: Sequence[Statement],
    told: Sequence[tuple[int, int]],
    parts: Sequence[tuple[int, int]],
    whole: tuple[int, int],
) -> None:
    counts, total = [_number(case, x) for x in parts], _number(case, whole)
    if is_added(case, told, [whole]) or max(counts) >= 2 * total:
        return
    together = sum(counts)
    shown = f"{' + '.join(map(str, counts))} = {together}"
    computed = {"parts": counts, "sum": together, "total": total}
    if together == total:
        case.relate("sum", (*parts, whole), "ok", f"{shown}.", "sum of parts", computed)
    else:
        on = (holder(statements, whole[0]),)
        sentence = f"If these are all: {shown}, not {total}."
        case.relate("sum", (*parts, whole), "error-if", sentence, "sum of parts", computed, on=on)


def _in_turn(case: Case, statements: Sequence[Statement], told: Sequence[tuple[int, int]], m: re.Match[str]) -> None:
    """Counts with their percentages right before `respectively (565 deaths overall)`."""
    counted = [
        s for s in statements
        if s.normal_end <= m.start() and s.quantities.n is not None and s.kind in ("count", "count_percent")
    ]  # fmt: skip
    if 2 <= len(counted) <= 4 and all(s.quantities.N is None for s in counted):
        number = re.compile(_N)
        places = [x.span() for s in counted if (x := number.search(case.figures, s.normal_start, s.normal_end))]
        if len(places) == len(counted):
            _compare(case, statements, told, places, m.span("t"))


def _pooled(
    case: Case, statements: Sequence[Statement], told: Sequence[tuple[int, int]], span: tuple[int, int]
) -> None:
    """`Study 101 (n = 142), study 201 (n = 208) and study 301 (n = 136) were pooled`, and N further on."""
    items = list(_STUDIES.finditer(case.figures, *span))
    if len(items) < 2 or not _POOLED.search(case.figures, *span):
        return
    passages = case.text.passages
    last = passages[min(len(passages) - 1, statements[0].passage + 2)].end
    whole = _ALL.search(case.figures, span[1], last)
    if whole is not None:
        _compare(case, statements, told, [x.span(2) for x in items], whole.span("n"))


_EACH_SIZED = re.compile(rf"\([nN] ?= ?(?P<n>{_N})\)")
"""A group of the same sentence: the largest of them is no total of two others."""


def _opposed(
    case: Case, statements: Sequence[Statement], told: Sequence[tuple[int, int]], span: tuple[int, int]
) -> None:
    """`In patients with R1 resection (n = 49) ..., and in those with R0 resection (n = 163)`: at most all patients."""
    for pattern in _OPPOSED:
        m = pattern.search(case.figures, *span)
        if m is None or is_added(case, told, [m.span("a"), m.span("b")]):
            continue
        a, b = _number(case, m.span("a")), _number(case, m.span("b"))
        sized = {_number(case, x.span("n")) for x in _EACH_SIZED.finditer(case.figures, *span)}
        if max(a, b) < case.largest < a + b and a + b not in case.sizes and case.largest not in sized:
            sentence = f"{a} + {b} = {a + b}, more than the {case.largest} there are, if these exclude each other."
            on = (holder(statements, m.start("a")),)
            case.relate("sum", (m.span("a"), m.span("b")), "error-if", sentence, "sum of parts", on=on)
        return
