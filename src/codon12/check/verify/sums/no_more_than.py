"""More of something than there were to have it: deaths among fewer patients, `of the 46 responders, 52 had`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.sums.clauses import Count, Sentence, may_count, read_sentence

__all__ = ["check_no_more_than"]

_OF = re.compile(r"(?:^|\. |\n|, )(?:Of|Among)$|\b(?:of|among) (?:the|these|those|all)(?: of the)?$", re.IGNORECASE)
_ALL = re.compile(r"\ball(?: of)?(?: the)?$", re.IGNORECASE)
_WHO = re.compile(
    r"^(?:(?!with\b|from\b|in\b|and\b|of\b)[a-z-]+ ){0,3}?(?:patients|participants|subjects|individuals|adults|"
    r"children|"
    r"women|men|people|persons|pts|responders|survivors|responses|samples|biopsies|deaths)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    r"^(?:(?:patients|participants|subjects|individuals|adults|children|women|men|people|persons|pts|of them) +)?"
    r"(?:had|have|has|were|was|received|underwent|completed|achieved|experienced|responded|died|discontinued|developed|"
    r"progressed|remained|reported|showed|tested|withdrew|needed|took|gave|went|got|chose|did|\w{3,}ed)\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(r"\b(?:enrolled|included|treated|randomi[sz]ed|recruited|followed)\b", re.IGNORECASE)
_ENTERED_OR_SEEN = re.compile(r"\b(?:enrolled|included|treated|randomi[sz]ed|recruited|received)\b", re.IGNORECASE)
_WHOM = re.compile(r"\b(?:of whom|of which|of these|among whom),? (?:only )?$", re.IGNORECASE)
_THEM = re.compile(r"^(?: ?\([^()]*\))? *of (?:these|them|those|whom)\b", re.IGNORECASE)
_DEATHS = re.compile(
    r" (?:deaths|(?:PFS|OS|DFS|EFS) events|events \((?:PFS|OS|DFS|EFS)\))[^.;,()\d]{0,30}\b(?:in|among) (?:the |"
    r"all )?$",
    re.IGNORECASE,
)
_SEEN_IN = re.compile(r"\b(?:occurred|seen|observed|found|noted|reported|recorded|detected|developed) (?:in|by)$")
_POPULATION = re.compile(
    r"\b(?:safety|full analysis|intention-to-treat|efficacy|evaluable|analysis|per-protocol) (?:population|set|"
    r"cohort)\b"
    r".{0,90}\b(?:comprised|included|consisted of|was|of)$",
    re.IGNORECASE,
)
_GRADE = re.compile(r"\b(?:being|including|of which|of) (?:of )?grade\b.{0,20} in$", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:other|others|additional|another|further|respectively|vs|versus|each|per)\b", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:in|by) (?P<n>\d+)/(?P<t>\d+) (?:patients|participants|women|men|children|adults|subjects|pts)\b"
)
_JUST_OF = re.compile(r"^ *(?:out )?(?:of|among) ")
_OTHER = re.compile(
    r"\b(?:respectively|controls?|comparators?|simultaneously|matched|separate(?:ly)?|other|others|additional|another|further|lesions?|samples?|episodes?|arms?|groups?|"
    r"vs|versus|cycles|events?|per|each)\b",
    re.IGNORECASE,
)


def check_no_more_than(case: Case) -> None:
    """Check counts of those who had what each can have once against how many there were."""
    for passage, p in enumerate(case.text.passages):
        if p.table is None and case.flat.find("/", p.start, p.end) >= 0:
            for m in _FRACTION.finditer(case.flat, p.start, p.end):
                _tell(case, passage, int(m["n"]), int(m["t"]), (m.span("n"), m.span("t")))
        if not may_count(case, passage, 2):
            continue
        for part, whole in _pairs(case, read_sentence(case, passage)):
            _tell(case, passage, part.n, whole.n, ((part.start, part.end), (whole.start, whole.end)))


def _pairs(case: Case, sentence: Sentence) -> Iterator[tuple[Count, Count]]:
    """Counts of a sentence the first of which is of the second, and more than it."""
    counts = sentence.counts
    for k, c in enumerate(counts[1:], 1):
        before = counts[k - 1]
        whole = counts[k - 2] if before.of else before
        if before.n > c.n:
            of = c.of and _JUST_OF.match(c.gap) and _WHO.match(c.behind) and not _OTHER.search(sentence.text)
            if of or _DEATHS.match(case.figures, before.end, c.start):
                yield before, c
        if c.n > whole.n and (_is_some_of(counts, c, whole) or (k == 1 and _is_of(sentence, c, before))):
            yield c, whole


def _is_some_of(counts: Sequence[Count], part: Count, whole: Count) -> bool:
    """`30 had brain metastases, of whom 12 ...`, `62 had a mutation and 51 of these ...`, `being of grade 3 in 12`."""
    whom = _WHOM.search(part.gap) and not _JUST_OF.match(part.gap)  # but `six of these 36`
    if whom or _THEM.match(part.behind):
        first = whole is counts[0] and not part.sized
        return (first or _THEM.match(part.behind) is not None) and not _OTHER.search(part.gap)
    graded = _GRADE.search(part.gap.rstrip(" (")) is not None and not _OTHERS.search(part.gap)
    return graded and ";" not in part.gap  # of another event, behind a semicolon


def _is_of(sentence: Sentence, part: Count, whole: Count) -> bool:
    """`Of the 46 responders, 21 had ...`, `160 patients were enrolled; 158 had ...`, `... occurred in 34 patients`."""
    if part.of or _WHO.match(whole.behind) is None or _OTHERS.search(sentence.text):
        return False
    seen = _POPULATION.search(part.gap.rstrip()) is not None or _SEEN_IN.search(part.before) is not None
    if seen and _ENTERED_OR_SEEN.search(whole.words) and _WHO.match(part.behind):
        return True
    if part.level or _DID.match(part.behind) is None or _OTHER.search(sentence.text):
        return False
    gap = whole.gap.rstrip()
    entered = _ENTERED.search(whole.words) is not None and re.search(r"[;,]", part.gap) is not None
    return entered or _OF.search(gap) is not None or _ALL.search(gap) is not None


def _tell(case: Case, passage: int, part: int, whole: int, members: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Claim that a part is more than its whole, where it is and nobody said so."""
    p = case.text.passages[passage]
    year = 1900 <= whole <= 2100 and case.flat[slice(*members[1])].isdigit()
    if not part > whole > 0 or year or 1900 <= part <= 2100 or is_cited(case.flat[p.start : p.end]):
        return
    places = {case.text.normal.span(*x)[0] for x in members}
    if any({x.start for x in r.places} == places for r in case.relations):
        return
    statements = case.by_passage.get(passage)
    on = (holder(statements, members[0][0]),) if statements else ()
    said = f"{part} of {whole} is more than all."
    computed = {"part": part, "whole": whole}
    case.relate("subset", members, "error-if", said, "part <= whole", computed, on=on)
