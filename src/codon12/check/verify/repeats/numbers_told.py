"""Numbers of running text with what their sentence says of each: its words, its unit, its place in a row of numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems_of_text
from codon12.check.verify.repeats.cells_told import ENDPOINTS
from codon12.check.verify.tables.grades import GRADED, grades_in

__all__ = ["OF_SO_MANY", "SIZE", "NumberTold", "SentenceTold", "in_full", "numbers_of", "sentences_told"]

_NUMERAL = re.compile(
    r"(?<![\w.,/<>≤≥±=-])(?<!\d to )(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<pct> ?%| percent\b| per cent\b)?"
    r"(?P<unit> (?:years|months|weeks|days)\b(?! (?:of|after|before|earlier|later|from|apart|prior|old)\b))?"
    r"(?![\d.,]*\d|[A-Za-z]|-?(?:th|st|nd|rd)\b|-\w| ?[±/–]| to \d| ?(?:years?|months?|weeks?|days?|mg|g|cm|mm|mL)\b)"
)
_BLANKED = re.compile(
    r"\b(?:Tables?|Fig(?:ure)?s?\.?) S?\d{1,2}[a-z]?\b|\b\d\d ?% ?(?:CI|confidence)[^()\[\];]*|\b[nN] ?= ?\d[\d,]*|"
    r"\b(?:at|after|within|by) \d[\d.]* (?:months?|weeks?|years?|days?)\b|\[[\d,–-]+\]|\b(?:grades?|stages?|ECOG|"
    r"cohort|arm|group|part|line|cycle|day|week|month|year|phase|type|level|class) (?:PS )?(?:≥ ?)?\d\w?"
    r"(?:(?:-|–| to | or | and )\d)?\b|"
    r"\b(?:P ?[=<>] ?0?\.\d+,? (?:against|versus|vs\.?|v|for|compared with)|null|historical|benchmark|prespecified|"
    r"target|threshold|reference)(?: (?!and\b|in\b|with\b)[a-z]+){0,5} \d[\d.]* ?%",
    re.IGNORECASE,
)
OF_SO_MANY = re.compile(r"(?<!otal) (?:out )?of (?:the |all )?(?P<n>\d[\d,]*)\b")
SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_POINTS = re.compile(
    r"\b(?:Tables? S?\d{1,2}\b|(?:see|in the) (?:the )?table\b|table (?:below|above)\b|\(table\))", re.IGNORECASE
)
_EDGE = re.compile(
    r"[,;:()\[\]]|\b(?:and|versus|vs\.?|compared with|compared to|against|as against|while|whereas|but|than)\b"
)
_SAME = {"died": "deaths", "dead": "deaths", "dying": "deaths", "die": "deaths", "woman": "female", "man": "male",
         "women": "female", "men": "male", "females": "female", "males": "male", "alone": "only"}  # fmt: skip
_OF_THE_SAME = re.compile(
    rf"[{''.join({w[0] for w in _SAME})}](?<![a-z].)(?:{'|'.join(f'(?<={w[0]}){w[1:]}' for w in _SAME)})(?![a-z])"
)


class NumberTold(NamedTuple):
    """A count or percentage of a sentence, the words of its part of it, and those between the number before and it."""

    text: str
    is_share: bool
    unit: str
    span: tuple[int, int]
    words: frozenset[str]
    ahead: frozenset[str]
    behind: frozenset[str]
    place: tuple[int, int]
    """Which one it is of how many that are told in a row: `30 and 12`."""
    share: str
    """The percentage in brackets behind a count."""
    graded: bool = True
    """Whether the grade of its sentence, where one is told, is its own."""


class SentenceTold(NamedTuple):
    """A sentence that counts: its words, the sizes and grades it prints, whether it points at a table."""

    passage: Passage
    words: tuple[str, ...]
    sizes: tuple[str, ...]
    grades: tuple[int, ...]
    points: bool


def sentences_told(case: Case, names: AbstractSet[tuple[str, ...]], words: AbstractSet[str]) -> list[SentenceTold]:
    """Sentences of running text with numbers and all words of one of some names; of some words they keep those told.

    Those that tell of several grades are left out.
    """
    out = []
    for p, _ in case.prose():
        text = case.flat[p.start : p.end]
        said = in_full(text) & words
        if not any(map(said.issuperset, names)) or not _NUMERAL.search(text):
            continue
        grades = {frozenset(grades_in(m)) for m in GRADED.finditer(text)}
        if len(grades) < 2:
            sizes = {m["n"].replace(",", "") for pattern in (SIZE, OF_SO_MANY) for m in pattern.finditer(text)}
            one = tuple(sorted(next(iter(grades), ())))
            points = _POINTS.search(text) is not None
            out.append(SentenceTold(p, tuple(said), tuple(sizes), one, points))
    return out


def in_full(text: str) -> frozenset[str]:
    """The words of a label or sentence, the usual endpoints in full and arms with their letter."""
    text = _ARM.sub(r"\1\2", _SHORT.sub(lambda m: _IN_FULL[m["x"]], text))
    return stems_of_text(_OF_THE_SAME.sub(lambda m: _SAME[m[0]], text.lower()))


_ARM = re.compile(r"([AaGgCc](?<=\b.)(?:(?<=[Aa])rm|(?<=[Gg])roup|(?<=[Cc])ohort)) ([A-E])\b")
_IN_FULL = ENDPOINTS | {
    "CR": "complete response",
    "PR": "partial response",
    "SD": "stable disease",
    "PD": "progressive disease",
    "HR": "hazard ratio",
    "OR": "odds ratio",
    "RR": "risk ratio",
}
_SHORT = re.compile(rf"\bm?(?P<x>{'|'.join(_IN_FULL)})s?\b(?!-[A-Z\d])")


def numbers_of(case: Case, p: Passage) -> Iterator[NumberTold]:
    """The numbers of a sentence, each with the words of its part of it."""
    text = case.flat[p.start : p.end]
    plain = _BLANKED.sub(lambda m: " " * len(m[0]), text)
    parted = _SHARE_BESIDE.sub(lambda m: " " * len(m[0]), plain)
    edges = [0, *(x for m in _EDGE.finditer(parted) for x in m.span()), len(plain)]
    totals = {m.start("n") for m in OF_SO_MANY.finditer(plain)}
    found = [m for m in _NUMERAL.finditer(plain) if m.start() not in totals]
    runs: list[list[re.Match[str]]] = []
    for m in found:
        before = runs[-1][-1] if runs else None
        beside = before is not None and before["pct"] is None and _is_beside(plain, m)
        if before is not None and (beside or _IN_A_ROW.fullmatch(plain, before.end(), m.start())):
            runs[-1].append(m)
        else:
            runs.append([m])
    last_unit = ""
    aside = [
        k for k, run in enumerate(runs) if k and _OF_A_GRADE.fullmatch(plain, runs[k - 1][-1].end(), run[0].start())
    ]
    own: frozenset[str] = frozenset()
    for k, run in enumerate(runs):
        whose, own = own, frozenset()
        ahead = in_full(plain[runs[k - 1][-1].end() if k else 0 : run[0].start()])
        behind = in_full(plain[run[-1].end() : runs[k + 1][0].start() if k + 1 < len(runs) else len(plain)])
        starts = [m.start() for m in run if not _is_beside(plain, m)]
        for j, m in enumerate(run):
            whole = run[0] if _is_beside(plain, m) else m  # a percentage is of what its count is of
            begin = edges[bisect_right(edges, whole.start()) - 1]
            end = edges[bisect_left(edges, whole.end())]
            at = bisect_right(starts, m.start()) - 1
            unit = next((x["unit"] for x in run[j:] if x["unit"]), "")
            last_unit = unit = unit or (last_unit if "." in m["n"] and m["pct"] is None else "")
            words = in_full(plain[begin:end])
            words |= whose if k in aside else frozenset()
            own |= words
            yield NumberTold(
                m["n"].replace(",", ""),
                m["pct"] is not None,
                unit.strip(),
                (p.start + m.start("n"), p.start + m.end("n")),
                words,
                ahead,
                behind,
                (at, len(starts)),
                next((x["n"] for x in run[j + 1 : j + 2] if _is_beside(plain, x)), ""),
                not aside or k in aside,
            )


_IN_A_ROW = re.compile(r"[)%]? ?(?:patients|women|men|cases|tumou?rs|participants)?(?:,? and |, |/| vs\.? | versus )")


_OF_A_GRADE = re.compile(
    r"[)%\] ]*(?:(?:patients|participants|women|men|children|cases|of them) ?)?(?:,? and |, |; |,? which )"
    r"(?:was |were )?(?:of )? +(?:or (?:higher|worse|more|above) )?in "
)
"""Between those with an event and those in whom it was of the grade told there, which is blanked."""


def _is_beside(plain: str, m: re.Match[str]) -> bool:
    """Whether a number is the percentage in brackets of the count before it."""
    return m["pct"] is not None and _COUNT_AHEAD.search(plain[: m.start()]) is not None


_SHARE_BESIDE = re.compile(r"[(\[]\d[\d.]* ?%[)\]]")
_COUNT_AHEAD = re.compile(r"\d(?: [a-z]+){0,2} [(\[]$|[(\[]\d+(?: [a-z]+){0,2}[,;] $")
