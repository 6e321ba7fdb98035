"""More of something than there were to have it: deaths among fewer patients, `of the 46 responders, 52 had`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.sums.clauses import Count, Sentence, may_count, read_sentence

__all__ = ["check_no_more_than"]

_OF = re.compile(r"(?:^|\. |\n|, )(?:Of|Among)$|\b(?:of|among) (?:the|these|those|all)(?: of the)?$", re.IGNORECASE)
_ALL = re.compile(r"\ball(?: of)?(?: the)?$", re.IGNORECASE)
_WHO = re.compile(
    r"^(?:(?!with\b|from\b|in\b|and\b|of\b)[a-z-]+ ){0,3}?(?:patients|participants|subjects|individuals|adults|children|"
    r"women|men|people|persons|pts|responders|survivors|responses|samples|biopsies|deaths)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    r"^(?:(?:patients|participants|subjects|individuals|adults|children|women|men|people|persons|pts|of them) +)?"
    r"(?:had|have|has|were|was|received|underwent|completed|achieved|experienced|responded|died|discontinued|developed|"
    r"progressed|remained|reported|showed|tested|withdrew|required|crossed)\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(r"\b(?:enrolled|included|treated|randomi[sz]ed|recruited|followed)\b", re.IGNORECASE)
_WHOM = re.compile(r"\b(?:of whom|of which|of these|among whom),? (?:only )?$", re.IGNORECASE)
_THEM = re.compile(r"^(?: ?\([^()]*\))? *of (?:these|them|those|whom)\b", re.IGNORECASE)
_DEATHS = re.compile(
    r" (?:deaths|(?:PFS|OS|DFS|EFS) events|events \((?:PFS|OS|DFS|EFS)\))[^.;,()\d]{0,30}\b(?:in|among) (?:the |all )?$",
    re.IGNORECASE,
)
_JUST_OF = re.compile(r"^ *(?:out )?(?:of|among) ")
_OTHER = re.compile(
    r"\b(?:respectively|controls?|other|others|additional|another|further|lesions?|samples?|episodes?|arms?|groups?|"
    r"vs|versus|cycles|events?|per|each)\b",
    re.IGNORECASE,
)


def check_no_more_than(case: Case) -> None:
    """Check counts of those who had what each can have once against how many there were."""
    for passage, p in enumerate(case.text.passages):
        if not may_count(case, passage, 2) or is_cited(case.flat[p.start : p.end]):
            continue
        sentence = read_sentence(case, passage)
        for part, whole in _pairs(case, sentence):
            if part.n > whole.n > 0 and not 1900 <= part.n <= 2100:
                _tell(case, sentence, part, whole)


def _pairs(case: Case, sentence: Sentence) -> Iterator[tuple[Count, Count]]:
    """Counts of a sentence the first of which is of the second."""
    counts = sentence.counts
    several = _OTHER.search(sentence.text) is not None
    for k, c in enumerate(counts):
        if k == 0:
            continue
        before, between = counts[k - 1], c.gap
        if _DEATHS.match(case.figures, before.end, c.start):
            yield before, c
        elif c.of and not several and _JUST_OF.match(between) and _WHO.match(c.behind):
            yield before, c
        elif _WHOM.search(between) or _THEM.match(c.behind):
            whole = counts[k - 2] if before.of else before
            first = whole is counts[0] and not _OTHER.search(between) and not c.sized
            if first or (_THEM.match(c.behind) and not _OTHER.search(between)):
                yield c, whole
        elif k == 1 and not several and not c.of and c.level == 0 and _DID.match(c.behind):
            of = _OF.search(before.gap.rstrip()) is not None or _ALL.search(before.gap.rstrip()) is not None
            entered = _ENTERED.search(before.words) is not None and re.search(r"[;,]", between) is not None
            if (of or entered) and _WHO.match(before.behind):
                yield c, before


def _tell(case: Case, sentence: Sentence, part: Count, whole: Count) -> None:
    members = [(part.start, part.end), (whole.start, whole.end)]
    places = {case.text.normal.span(*x)[0] for x in members}
    if any({x.start for x in r.places} == places for r in case.relations):
        return
    statements = case.by_passage.get(sentence.passage)
    on = (holder(statements, part.start),) if statements else ()
    said = f"{part.n} of {whole.n} is more than all."
    computed = {"part": part.n, "whole": whole.n}
    case.relate("subset", members, "error-if", said, "part <= whole", computed, on=on)
