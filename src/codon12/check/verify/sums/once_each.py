"""More of something than there were to have it: deaths among fewer patients, `of the 46 responders, 52 had`."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_once_each"]


def _count(name: str) -> str:
    return rf"(?<![\w.,/:≥≤<>+-])(?P<{name}>\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.,]*\d| ?[%/]|[-:]\d|\+)"


_PEOPLE = (
    r"(?:patients|participants|subjects|individuals|adults|children|women|men|people|persons|pts|responders|survivors)"
)
_SOME = rf"(?: (?!with\b|from\b|in\b)[a-z-]+){{0,3}}? ?{_PEOPLE}"
_DID = (
    r"(?:had|have|has|were|was|received|underwent|completed|achieved|experienced|responded|died|discontinued|"
    r"developed|progressed|remained|reported|showed|tested|withdrew|required)"
)
_DEATHS = re.compile(
    rf"{_count('n')} (?:deaths|(?:PFS|OS|DFS|EFS) events|events \((?:PFS|OS|DFS|EFS)\)) (?:(?:occurred|were "
    r"(?:recorded|reported|observed|seen|registered)) )?(?:in|among) "
    rf"(?:the |all )?{_count('t')}{_SOME}\b",
    re.IGNORECASE,
)
_OF_THE = re.compile(
    rf"(?:\b(?:of|among) (?:the|these|those|all)(?: of the)?|(?:^|(?<=\. )|(?<=\n))(?:Of|Among)) {_count('t')}"
    rf"(?:{_SOME}| responses| samples| biopsies| deaths)\b"
    rf"(?: (?:with|who|in|evaluable|treated|enrolled)\b[^.;,()\d]{{0,50}})?,? (?:only |at least )?{_count('n')}"
    rf"(?: (?:{_PEOPLE}|of them))?(?: ?\([^()]{{1,24}}\))? {_DID}\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\ball (?:of )?(?:the )?{_count('t')}{_SOME} (?:were|was|had|received|underwent|completed)\b[^.;\d]{{0,60}}[;,] "
    rf"(?:and |of (?:these|them|whom),? )?{_count('n')}(?: (?:{_PEOPLE}|of them))?(?: ?\([^()]{{1,24}}\))? {_DID}\b",
    re.IGNORECASE,
)
_OF_THESE = re.compile(
    rf"{_count('t')}(?: of (?:the )?\d+)?(?: {_PEOPLE})?(?: ?\([^()]{{1,24}}\))?"
    rf"(?:,| (?!of\b)(?:[^.;\d]|[A-Z]\d+[A-Z]){{3,80}}?(?: and|,|;)) {_count('n')} of (?:these|them|those|whom)\b",
    re.IGNORECASE,
)
"""`62 (20%) had a mutation and 51 of these were enrolled`."""
_ENTERED = re.compile(
    rf"{_count('t')}{_SOME} (?:were |had been |was )?(?:enrolled|included|treated|randomi[sz]ed|"
    rf"recruited)\b[^.;\d]{{0,60}}?"
    rf"(?:\d+ (?:sites|cent(?:er|re)s|hospitals|countries)[^.;\d]{{0,20}})?[;,] (?:of whom |and |of these,? )?"
    rf"{_count('n')}(?: (?:{_PEOPLE}|of them))?(?: ?\([^()]{{1,24}}\))? {_DID}\b",
    re.IGNORECASE,
)
"""`160 patients were enrolled at 12 sites; 168 had a baseline sample`."""
_N_OF_N = re.compile(
    rf"{_count('n')} (?:out )?of (?:the |these |all )?{_count('t')} (?:[a-z-]+ ){{0,2}}?{_PEOPLE}\b", re.IGNORECASE
)
_OF_WHOM = re.compile(
    rf"{_count('t')}(?: (?:{_PEOPLE}))?(?P<share> ?\([^()]{{1,24}}\))?(?: (?:out )?of \d+)? [^.;:\d]{{3,90}}?,? "
    rf"(?:of whom|of which|of these|among whom)[ ,]+{_count('n')}(?! ?(?:months|weeks|days|years|cycles))\b",
    re.IGNORECASE,
)
"""`30 of 126 had brain metastases, of whom 42 had been irradiated`."""
_NAMED = re.compile(
    r"\b(?:grades?|stages?|days?|weeks?|months?|years?|cycles?|levels?|lines?|cohorts?|arms?|parts?|tables?|fig(?:ure)?|"
    r"since|until|by|in|on|visits?|courses?|least|most|than|age|aged|total|samples|lesions|events|episodes|scans)[ .]$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_OTHER = re.compile(
    r"\b(?:respectively|controls?|other|others|additional|another|further|lesions?|samples?|episodes?|arms?|groups?|"
    r"vs|versus|cycles|events?|per|each)\b",
    re.IGNORECASE,
)


_PATTERNS = (
    (_OF_THE, ("Of ", "f the", "f all", "f these", "f those", "mong ")),
    (_ALL, ("ll ",)),
    (_ENTERED, ("enrolled", "included", "treated", "randomi", "recruited")),
    (_N_OF_N, (" of ",)),
    (_OF_WHOM, ("whom", "of which", "of these")),
    (_OF_THESE, ("of these", "of them", "of those", "of whom")),
)
"""Each pattern with the words of which a sentence has one where it is to be found."""


def check_once_each(case: Case) -> None:
    """Check counts of those who had what each can have once against how many there were."""
    for passage, statements in case.by_passage.items():
        p, first = case.text.passages[passage], statements[0]
        if p.table is not None or case.cites(first):
            continue
        sentence = case.flat[p.start : p.end]
        for m in _DEATHS.finditer(case.figures, p.start, p.end) if "deaths" in sentence or "events" in sentence else ():
            _judge(case, statements, m, "deaths")
        several = case.says(first, _OTHER)
        for pattern, words in _PATTERNS:
            for m in pattern.finditer(case.figures, p.start, p.end) if any(map(sentence.__contains__, words)) else ():
                if _OTHER.search(m[0]) if pattern in (_OF_WHOM, _OF_THESE) else several:
                    continue
                if pattern is _OF_WHOM and _DIGIT.search(case.figures, p.start, m.start("t")):
                    continue  # `54 men and 110 women, of whom 112`: of both
                if not _NAMED.search(case.figures, max(p.start, m.start("n") - 12), m.start("n")):
                    _judge(case, statements, m, "")


def _judge(case: Case, statements: list[Statement], m: re.Match[str], what: str) -> None:
    n, total = (int(m[k].replace(",", "")) for k in ("n", "t"))
    if n <= total or total < 1 or 1900 <= n <= 2100:
        return
    sentence = f"{n}{f' {what}' if what else ''} of {total} is more than all."
    on = (holder(statements, m.start("n")),)
    members = [m.span("n"), m.span("t")]
    if not any({x.start for x in r.places} == {case.text.normal.span(*s)[0] for s in members} for r in case.relations):
        case.relate("subset", members, "error-if", sentence, "part <= whole", {"part": n, "whole": total}, on=on)
