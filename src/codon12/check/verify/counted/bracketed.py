"""Reasons with their counts in brackets, and whom they make: all who left, or all there were less those left.

`The other 46 were not enrolled because they were ineligible (in 27), withdrew (in 11) or moved (in 8)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import Count, compared, counts_in, judge, whole
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_bracketed", "check_groups_in_bracket", "check_one_or_more"]

_BRACKET = re.compile(
    r"\((?:in |[nN] ?= ?)?(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?: (?:patients?|participants?|subjects"
    r"|cases|women|men|of them))?"
    r"(?:(?:,| |\[)[ \[]*\d[\d.]* ?%\]?)?\)"
)
_GONE = re.compile(
    r"\b(?:exclu\w+|ineligible|withdr[ae]w\w*|discontinu\w+|stopped|declin\w+|dropp\w+|lost|because|"
    r"not (?:be |been |undergo |receive )?(?:enrol+ed|randomi[sz]ed|included|treated|eligible|analy[sz]ed|meet))\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:most|main\w*|common\w*|frequent\w*|includ(?:es?|ing)|e\.g|such as|median|mean|each"
    r"|arms?|versus|vs|respectively|"
    r"more than one|both|either|at least|some)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:remain\w*|left|leaving|(?:were|was) (?:then |finally |thus )?(?:included|eligible|analy[sz]ed|enrol+ed|"
    r"randomi[sz]ed|available|studied|evaluable|treated|selected))\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[\s.,;)]*")
_OF_ALL = re.compile(r"\s*(?:Of|Among|From) (?:the |these |all )*\d")
_YEARS = range(1900, 2100)
_FEWEST, _APART = 3, 130
"""Reasons in brackets, and characters at most between two of them."""


def check_bracketed(case: Case, p: Passage) -> None:
    """Check counts in brackets behind reasons against those who left, or against all and those left."""
    parts = list(_BRACKET.finditer(case.flat, p.start, p.end))
    n = [whole(m["n"]) for m in parts]
    if len(parts) < _FEWEST or n == [*range(1, len(n) + 1)] or not _GONE.search(case.flat, p.start, parts[-1].start()):
        return
    if _SOME.search(case.flat, p.start, p.end) or any(b.start() - a.end() > _APART for a, b in pairwise(parts)):
        return
    head = counts_in(case, p.start, parts[0].start())
    if len(head) == 2 and _OF_ALL.match(case.flat, p.start, head[0].span[0] + 1):
        head = head[1:]  # `of 541 enrolled, 73 were excluded`
    tail = counts_in(case, parts[-1].end(), p.end)
    if counts_in(case, parts[0].start(), parts[-1].end()) != [c for c in _counts(parts) if c.n] or len(head) > 1:
        return
    if any(case.flat[slice(*c.span)].isdigit() and c.n in _YEARS for c in (*head, *tail)):
        return
    if not tail and len(head) == 1 and _ENDS.fullmatch(case.flat, parts[-1].end(), p.end):
        _compare(case, p, head[0], _counts(parts), None)
    elif len(tail) == 1 and _LEFT.search(case.flat, parts[-1].end(), p.end):
        all_ = head or _told_before(case, p)
        if len(all_) == 1:
            _compare(case, p, all_[0], _counts(parts), tail[0])


def _counts(parts: Sequence[re.Match[str]]) -> list[Count]:
    return [Count(whole(m["n"]), m.span("n")) for m in parts]


def _told_before(case: Case, p: Passage) -> list[Count]:
    """The counts of the sentence before, in the same paragraph."""
    q = case.text.passages[p.index - 1] if p.index else p
    return counts_in(case, q.start, q.end) if q is not p and q.paragraph == p.paragraph else []


def _compare(
    case: Case, p: Passage, all_: Count, parts: Sequence[Count], left: Count | None, each: str = "went for one reason"
) -> None:
    gone, due = sum(c.n for c in parts), all_.n - (left.n if left else 0)
    places = [all_.span, *(c.span for c in parts), *([left.span] if left else [])]
    if due <= 0 or any(compared(case, x, "sum") for x in places):
        return
    shown = f"{' + '.join(str(c.n) for c in parts)} = {gone}"
    if gone == due:
        judge(case, p, "sum", places, "ok", f"{shown}.", "sum of reasons")
    elif _slipped(all_.n, gone + (left.n if left else 0)) or any(
        _slipped(c.n, c.n + due - gone) for c in (*parts, *([Count(left.n + due - gone, left.span)] if left else []))
    ):
        why = f"{all_.n} less {left.n} left are {due}" if left else f"not {all_.n}"
        judge(case, p, "sum", places, "error-if", f"{shown}, {why}, if each {each}.", "sum of reasons")


def _slipped(told: int, due: int) -> bool:
    """Whether a count is a digit, or two that changed places, from what it should be."""
    a, b = str(told), str(due)
    return due > 0 and told != due and (one_digit_apart(a, b) or (len(a) > 1 and sorted(a) == sorted(b)))


_N = r"(?P<{0}>\d[\d,]*)"
_ONE_OR_MORE = re.compile(
    rf"\b[Oo]f (?:the latter|these|them|those|whom)(?: [a-z]+)?,? {_N.format('a')} (?:patients"
    rf" )?(?:had|received|needed|"
    rf"underwent) (?:only |exactly )?(?:one|1|a single)(?! or)\b[^.;()\d]{{0,50}}? and {_N.format('b')} (?:patients )?"
    rf"(?:had |received |needed |underwent )?(?:(?:two|2)(?: or more)?|more(?: than one)?"
    rf"|several|multiple|at least two)\b"
)
"""`of the latter, 20 had one dose reduction and 13 had two`."""


_SHARE = r"(?: patients)?(?: ?[(\[]\d[\d.]* ?%[)\]])?"
_HOW_OFTEN = re.compile(
    rf"\b{_N.format('t')}{_SHARE}(?: (?:had|have|required|needed|underwent) [a-z -]{{3,40}})?"
    rf"(?:,? with|, including|[:;,]| \() ?(?:one|once|a single)(?: [a-z-]+){{0,3}}? in {_N.format('a')}{_SHARE}"
    rf"(?:,? and|[,;]) (?:two|twice)(?: (?!or\b)[a-z-]+){{0,3}}? in {_N.format('b')}{_SHARE}"
    rf"(?:(?:,? and|[,;]) (?:three|three times)(?: (?!or\b)[a-z-]+){{0,3}}? in {_N.format('c')}{_SHARE})?(?=[.;)]|$)"
)
"""`reduced in 46 (39%), with one reduction in 34 and two in 12`: each of them once or more often."""


def check_one_or_more(case: Case, p: Passage) -> None:
    """Those who had one and those who had two of something are no more than all who had any."""
    for m in _HOW_OFTEN.finditer(case.flat, p.start, p.end):
        keys = [k for k in "abc" if m[k]]
        counts = [Count(whole(m[k]), m.span(k)) for k in keys]
        _compare(case, p, Count(whole(m["t"]), m.span("t")), counts, None, "is counted once")
    for m in _ONE_OR_MORE.finditer(case.flat, p.start, p.end):
        before = counts_in(case, p.start, m.start()) or _told_before(case, p)
        if before:
            any_, a, b = before[-1], whole(m["a"]), whole(m["b"])
            if a + b > any_.n >= max(a, b) and not any(compared(case, m.span(k), "sum") for k in "ab"):
                sentence = f"{a} + {b} = {a + b}, more than the {any_.n} whom they are of."
                places = [any_.span, m.span("a"), m.span("b")]
                judge(case, p, "sum", places, "error-if", sentence, "part <= whole")


_GROUPS_IN_BRACKET = re.compile(
    rf"(?<![\w.,/=-]){_N.format('t')}(?: (?!of\b|aged\b|or\b|and\b)[a-z][a-z-]*){{0,8}} "
    r"\((?P<each>\d[\d,]*(?:, \d[\d,]*)*,? and \d[\d,]*)"
    r"(?: in (?:the|each of the|all) [a-z ]*(?:groups?|arms?|cohorts?))?\)"
)
_EACH = re.compile(r"\d(?:[\d,]*\d)?")
_LEAST = 20


def check_groups_in_bracket(case: Case, p: Passage) -> None:
    """`188 were included in the safety population (61, 64, and 63)`: the groups are together as many as are told."""
    for m in _GROUPS_IN_BRACKET.finditer(case.flat, p.start, p.end):
        each = [Count(whole(x[0]), x.span()) for x in _EACH.finditer(case.flat, *m.span("each"))]
        all_, together = Count(whole(m["t"]), m.span("t")), sum(c.n for c in each)
        if all_.n < _LEAST or max(c.n for c in each) >= all_.n or 2 * abs(together - all_.n) > all_.n:
            continue
        slip = any(_slipped(c.n, c.n + all_.n - together) for c in each) or _slipped(all_.n, together)
        places = [all_.span, *(c.span for c in each)]
        if (together != all_.n and not slip) or any(compared(case, x, "sum") for x in places):
            continue
        shown = f"{' + '.join(str(c.n) for c in each)} = {together}"
        if together == all_.n:
            judge(case, p, "sum", places, "ok", f"{shown}.", "sum of groups")
        else:
            sentence = f"{shown}, not {all_.n}, if these are all the groups."
            judge(case, p, "sum", places, "unlikely", sentence, "sum of groups")
