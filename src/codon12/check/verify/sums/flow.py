"""Who is left: `of 1018 assessed, 376 were excluded and 642 were randomized`, also over two or three sentences.

A gap may have reasons that are not told (other losses, who was excluded twice); more than all less those gone cannot be
left.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.check.verify.sums.classes import GONE
from codon12.check.verify.sums.clauses import Count, may_count, read_sentence
from codon12.check.verify.sums.predicates import said_of

__all__ = ["check_flow"]

_HINT = re.compile(
    r"exclu|ineligib|not eligible|duplicat|remov|not meet|not receive|not undergo|never (?:received|began|started)|"
    r"declin|refus|lost to|withdr|not evaluable|fail|unfit|unresectable|left|leaving|remain|\bso\b|thus|"
    r"therefore|hence",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:leaving|left with|left|remain(?:ed|ing)?|so(?: that)?(?: only)?|thus|therefore|hence|result(?:ing|"
    r"ed) in|yielding|for a (?:final )?total of|"
    r"final (?:cohort|sample|analysis|population) (?:of|included|comprised|was|consisted of))\b[^.;()\d]{0,40}$",
    re.IGNORECASE,
)
_LEFT_BEHIND = re.compile(r"^(?:[\w-]+ ){0,3}?(?:remained|were left|remaining)\b(?! (?:on|in|under)\b)", re.IGNORECASE)
_ENTERED = re.compile(
    r"\b(?:identified|enrolled|screened|assessed|recruited|registered|reviewed|retrieved|included|yielded|found|"
    r"received|"
    r"underwent|treated|randomi[sz]ed|approached|invited|consented|entered|collected|studied|eligible|obtained|"
    r"available)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:(?!with\b|had\b|were\b|was\b|and\b|of\b)[\w-]+ ){0,4}?(?:patients?|participants|subjects|adults|individuals|"
    r"persons|people|women|men|children|cases|pts|records|articles|studies|citations|abstracts|full texts|references|"
    r"titles|publications|samples|specimens|tumou?rs|biopsies|recipients|infants)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\bafter (?:the )?(?:remov|exclu|eliminat|delet|discard)\w+(?: of)?(?: the)?$", re.IGNORECASE)
"""Before those gone, of whom what follows are left: `after removal of 512 duplicates, 1,905 were screened`."""
_THEN = re.compile(r"[^.;,()]{0,50}, (?:a total of |the remaining )?$")
_OTHERS = re.compile(r"\b(?:the others|the rest|the remaining)\b", re.IGNORECASE)
_OF_THESE = re.compile(r"of (?:these|them|which|whom)\b", re.IGNORECASE)
_OTHER_LOSS = re.compile(
    r"\b(?:further|additional\w*|another|dropp\w+|missing|also|subsequently excluded|respectively|more than one|"
    r"both|some|"
    r"versus|vs|per|each)\b",
    re.IGNORECASE,
)
_NEAR = 2
"""Sentences before that of those left, in which the others are looked for."""
_MOST = 6
"""Groups that are gone."""

_IN_ONE = re.compile(r"(?:patients |participants |subjects |women |men )?in (?:the )?[\w -]{1,30}$", re.IGNORECASE)
"""What is said of two in two groups stands behind the second: `54 in group A and 46 in group B were lost`."""
_ALSO = re.compile(r" and $")
_LONGEST = 160
"""Characters before those left in which the reason is told."""
_AROUND = 20
"""Counts beside those left that are looked at."""
_SO = re.compile(r"\b(?:so(?: that)?|thus|therefore|hence)(?: only)?\b", re.IGNORECASE)
_AND = re.compile(
    r"^(?:(?:patients|participants|subjects) )?(?:with|without|for|due to|because of|who|from)\b", re.IGNORECASE
)


def check_flow(case: Case) -> None:
    """Check that those left are those there were less those gone, in a sentence or in it and the two before."""
    told = sums_told(case)
    passages = case.text.passages
    for passage, p in enumerate(passages):
        if not may_count(case, passage, 1) or not case.may(_HINT, p):
            continue
        if _HINT.search(case.figures, p.start, p.end) is None:
            continue
        if is_cited(case.flat[p.start : p.end]):
            continue
        first = passage
        while first > max(0, passage - _NEAR) and _same(case, first - 1, passage):
            first -= 1
        counts = [c for k in range(first, passage + 1) for c in _outer(case, k)]
        for at, left in enumerate(counts):
            if left.start >= p.start and (ways := _leaves(counts, at)) is not None:
                whole, gone = ways
                between = case.figures[gone[0].start : left.start]
                if _OTHER_LOSS.search(between) is None and not is_added(case, told, [(whole.start, whole.end)]):
                    more = any(_flow(c).startswith("out") for c in counts[at + 1 : at + 1 + _AROUND])
                    if at + 1 < len(counts) and left.n + counts[at + 1].n == whole.n - sum(x.n for x in gone):
                        continue  # left are both: `leaving 31 intervention and 32 control practices`
                    more = more or _OTHERS.search(case.figures, left.end, p.end) is not None
                    _judge(case, passage, whole, gone, left, sure=_LEFT.search(left.gap) is not None, more=more)


def _outer(case: Case, passage: int) -> list[Count]:
    """The counts of a sentence that stand in no list behind another."""
    counts = read_sentence(case, passage).counts if may_count(case, passage, 1) else ()
    return [c for k, c in enumerate(counts) if c.level == 0 or (c.level == k and _OF_THESE.match(c.behind))]


def _same(case: Case, before: int, passage: int) -> bool:
    """Whether a sentence before is prose of the same section."""
    a, b = case.text.passages[before], case.text.passages[passage]
    return a.table is None and a.section == b.section


def _flow(c: Count) -> str:
    return next((s.name for s in said_of(c.words) if s.axis == "flow"), "")


def _leaves(counts: Sequence[Count], at: int) -> tuple[Count, list[Count]] | None:
    """Those there were and those gone before a count of who is left; None where it is no such count."""
    left = counts[at]
    explicit = (
        _LEFT.search(left.gap) is not None
        or _LEFT_BEHIND.match(left.behind) is not None
        or (at > 0 and _AFTER.search(counts[at - 1].before) is not None and _THEN.match(left.gap) is not None)
    )
    role = _flow(left)
    if (not explicit and not role.startswith("in: ")) or role == "in: stays":
        return None
    before = list(counts[max(0, at - _AROUND) : at])
    gone: list[Count] = []
    while before and len(gone) < _MOST and (more := _gone(before)):
        gone = more + gone
        del before[-len(more) :]
    if _SO.search(left.gap) and len(gone) < 2:
        told, rest = _of_so_many(counts, at)
        gone, before = (told, rest) if told else (gone, before)
    if not gone:
        return None
    if at + 1 < len(counts) and counts[at + 1].of:  # after excluding 12, 114 of the 126 remained
        return counts[at + 1], gone
    if left.of or not before:
        return None
    whole = before[-1]
    if _flow(whole) in GONE or not (_WHO.match(whole.behind) or _ENTERED.search(whole.words)):
        return None
    return whole, gone


def _gone(before: Sequence[Count]) -> list[Count]:
    """The last count, where it is of those gone, or goes with one that is: `excluded 412 without A and 105 with B`."""
    last = before[-1]
    if _flow(last) in GONE:
        both = len(before) > 1 and not _flow(before[-2]) and _IN_ONE.match(before[-2].behind) and _ALSO.search(last.gap)
        return list(before[-2:]) if both else [last]
    alike = len(before) > 1 and not _flow(last) and _flow(before[-2]) in GONE and _AND.match(last.behind) is not None
    return list(before[-2:]) if alike else []


def _of_so_many(counts: Sequence[Count], at: int) -> tuple[list[Count], list[Count]]:
    """`Eight of 52 had no scan, so 44 were evaluable`: what is said first is the reason, whatever it is."""
    left = counts[at]
    here = [c for c in counts[max(0, at - _AROUND) : at] if c.start >= left.start - _LONGEST]
    if any(s.axis == "response" and s.name != "NE" for c in here for s in said_of(c.words)):
        return [], []
    if at + 1 < len(counts) and counts[at + 1].of and not any(c.of for c in here):
        return list(here), []
    if len(here) == 2 and here[1].of:
        return [here[0]], [here[1]]
    return [], []


def _judge(
    case: Case, passage: int, whole: Count, gone: Sequence[Count], left: Count, *, sure: bool, more: bool
) -> None:
    """Compare; `sure` where the words say that they are left, `more` where others are gone behind."""
    total, out = whole.n, sum(x.n for x in gone)
    if left.n == out or not 1 < left.n < 2 * total or max(x.n for x in gone) >= total or out >= total:
        return
    rest = total - out
    shown = f"{total} - {' - '.join(str(x.n) for x in gone)} = {rest}"
    computed = {"total": total, "excluded": [x.n for x in gone], "left": left.n}
    members = [(x.start, x.end) for x in (whole, *gone, left)]
    slips = [(total, out + left.n), (left.n, rest), *((x.n, x.n + rest - left.n) for x in gone)]
    verdict: Verdict
    if left.n == rest:
        verdict, said = "ok", f"{shown}."
    elif left.n > total - max(x.n for x in gone):
        verdict, said = "error-if", f"{shown}: {left.n} cannot be left, if they are of the {total}."
    elif more:
        return
    elif any(b > 0 and one_digit_apart(str(a), str(b)) for a, b in slips):
        verdict, said = "unlikely", f"{shown}, not {left.n}; one digit would explain it."
    elif sure:
        verdict, said = "unlikely", f"{shown}, not {left.n}, if these are all who are gone."
    else:
        return
    statements = case.by_passage.get(passage)
    on = (holder(statements, left.start),) if statements and verdict != "ok" else ()
    case.relate("sum", members, verdict, said, "all less those gone", computed, on=on)
