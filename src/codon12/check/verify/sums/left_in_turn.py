"""Who is left after losses told one after another, in any words: `Of 188, 23 lacked tumour. A further nine failed`.

The words beside the last number say that it is all who are left: results are given for them, a report is based on them,
they are the others. What stands between the first and the last is then who is gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verdicts import PROBLEMS, Verdict
from codon12.check.verify.case import Case, holder
from codon12.check.verify.prose import sentences_with
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.sums.added import is_added
from codon12.check.verify.sums.classes import GONE
from codon12.check.verify.sums.clauses import Count, may_count, read_sentence
from codon12.check.verify.sums.partition_words import PEOPLE
from codon12.check.verify.sums.predicates import said_of
from codon12.check.verify.sums.row_words import OF

__all__ = ["check_left_in_turn"]

_LEFT = re.compile(
    r"\b(?:results?|reports?|analys[ei]s|findings|outcomes?|data|figures|series|study|survey|"
    r"paper)\b[^.;()\d]{0,60}?\b(?:given|"
    r"reported|available|presented|based|refers?|rests?|rested|comes?|come|obtained|done|restricted|confined|limited|"
    r"concerns?|covers?|comprises?|describes?)"
    r"(?: only)?(?: for| on| to| from| of| in)?(?: the| these| those| a total of)* ?(?:remaining |other )?$|"
    r"\b(?:leaving|keeping|retaining|which left|that left|leaves|we were left with|there remained|so that|"
    r"so)(?: us with)?(?: the| only)* $",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"^(?:[a-z]+ )?(?:others?|remain\w*|were left|left|stayed)\b", re.IGNORECASE)
_THE = re.compile(r"\bthe (?:remaining |other )?$", re.IGNORECASE)
_LOSS = re.compile(
    r"\b(?:lack\w*|fail\w*|never|not|no|without|ineligible|insufficient|missing|died|lost|declin\w+|withdr\w+|"
    r"exclud\w+|"
    r"refus\w+|unreadable|unusable|degraded|spoil\w+|h[a]?emolysed|inadequate|broken|uninterpretable|dropped|moved|"
    r"emigrated|left|absent|contaminated|too (?:small|few|little|low|poor)|illegible|incomplete|un(?!der|til|"
    r"iversity|ion)\w{5,}|removed|discarded|duplicate\w*|violat\w+)\b",
    re.IGNORECASE,
)
_BLUR = re.compile(
    r"\b(?:both|some|more than one|respectively|per|each|arms?|groups?|includ\w+|of (?:them|these|those|whom) (?:for|"
    r"had)|"
    r"at least|about|overlap\w*|vs|versus|than|replaced|added|several|again|later (?:included|returned))\b",
    re.IGNORECASE,
)
_NEAR = 2
_FEWEST = 2
"""Counts before those left: who there were and who went; in a sentence of its own, two who went."""
_MOST = 4
_WORDS = (
    *("leav", "left", "keeping", "describes", "after ", "remain", "based on", "given for", "available for", "so that"),
    *("the other", "rests on", "refer to", "restricted to", "limited to", "confined to", "obtained"),
)


def check_left_in_turn(case: Case) -> None:
    """Check that those left are those there were less those who went one after another, in up to three sentences."""
    told: list[tuple[int, int]] | None = None
    for p in sentences_with(case, *_WORDS):
        if not may_count(case, p.index, 1):
            continue
        first = p.index
        while first > max(0, p.index - _NEAR) and _goes_on(case, first - 1, p.index):
            first -= 1
        counts = [c for k in range(first, p.index + 1) for c in _outer(case, k)]
        for at, left in enumerate(counts):
            if left.start < p.start or at < _FEWEST or left.of:
                continue
            here = [c for c in counts if c.start >= p.start]
            found = _of_all(here, at - len(counts) + len(here)) if at - len(counts) + len(here) > 0 else None
            found = found or (_losses(counts[:at], left) if _is_left(left) else None)
            if found is None:
                continue
            whole, gone = found
            if _BLUR.search(case.flat, whole.start, p.end) or (whole.n - left.n) in (x.n for x in counts[at + 1 :]):
                continue
            told = _wrong(case) if told is None else told
            if not is_added(case, told, [(x.start, x.end) for x in (whole, left, *gone)]):
                _judge(case, p.index, whole, gone, left)


def _wrong(case: Case) -> list[tuple[int, int]]:
    """Places of the numbers of which a slip was told; that all but one loss fit confirms nothing."""
    return sorted({(x.start, x.end) for r in case.relations if r.verdict in PROBLEMS for x in r.places})


def _goes_on(case: Case, before: int, passage: int) -> bool:
    a, b = case.text.passages[before], case.text.passages[passage]
    return a.table is None and a.section == b.section


def _outer(case: Case, passage: int) -> list[Count]:
    counts = read_sentence(case, passage).counts if may_count(case, passage, 1) else ()
    return [c for c in counts if c.level == 0]


def _is_left(c: Count) -> bool:
    if _LEFT.search(c.gap):
        return True
    return _THE.search(c.gap) is not None and _OTHERS.match(c.behind) is not None


def _losses(before: Sequence[Count], left: Count) -> tuple[Count, list[Count]] | None:
    """Those there were and those gone, two at least; everything told between them is a loss."""
    gone: list[Count] = []
    for c in reversed(before):
        if c.n >= left.n and (OF.search(c.before) or PEOPLE.match(c.behind) or _THINGS.match(c.behind)):
            return (c, gone[::-1]) if 2 <= len(gone) <= _MOST and _is_loss(gone[-1]) else None
        if c.of or not (_is_loss(c) or _AND.search(c.gap)):
            return None
        gone.append(c)
    return None


_THINGS = re.compile(r"(?:[a-z-]+ )?[a-z]{3,}s\b")
_AND = re.compile(r"^[^.;,]{0,60} and (?:a further |another )?$")


def _is_loss(c: Count) -> bool:
    return _LOSS.search(c.words) is not None or any(s.axis == "flow" and s.name in GONE for s in said_of(c.words))


def _of_all(counts: Sequence[Count], at: int) -> tuple[Count, list[Count]] | None:
    """`After 17 had dropped out and 6 had been lost, 91 of the 114 could be retested`."""
    gone = list(counts[:at])
    if not (2 <= len(gone) <= _MOST and all(map(_is_loss, gone)) and _AFTER.match(gone[0].gap)):
        return None
    return (counts[at + 1], gone) if at + 1 < len(counts) and _OF_THE.match(counts[at + 1].gap) else None


_OF_THE = re.compile(r" of (?:the |all )?(?:[a-z]+ )?$")
_AFTER = re.compile(r"\W*(?:After|Because|As|Since)\b")


def _judge(case: Case, passage: int, whole: Count, gone: Sequence[Count], left: Count) -> None:
    total, out = whole.n, sum(x.n for x in gone)
    rest = total - out
    if rest <= 1 or not rest <= 2 * left.n <= 4 * rest:
        return
    shown = f"{total} - {' - '.join(str(x.n) for x in gone)} = {rest}"
    verdict: Verdict = "unlikely"
    slips = [(total, out + left.n), (left.n, rest), *((x.n, x.n + rest - left.n) for x in gone)]
    if left.n == rest:
        verdict, said = "ok", f"{shown}."
    elif left.n > total - max(x.n for x in gone):
        verdict, said = "error-if", f"{shown}: {left.n} cannot be left, if they are of the {total}."
    elif any(b > 0 and one_digit_apart(str(a), str(b)) for a, b in slips):
        said = f"{shown}, not {left.n}; one digit would explain it."
    else:
        return
    members = [(x.start, x.end) for x in (whole, *gone, left)]
    computed = {"total": total, "excluded": [x.n for x in gone], "left": left.n}
    statements = case.by_passage.get(passage) or case.by_passage.get(passage - 1)
    on = (holder(statements, left.start),) if statements and verdict != "ok" else ()
    case.relate("sum", members, verdict, said, "all less those gone", computed, on=on)
