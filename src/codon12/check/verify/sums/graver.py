"""What is part of what: graver grades of any grade, related events of all events, grades against their sum.

`(any grade/grade 3 or higher) were diarrhoea (71%/14%)`, `serious events in 168 and were considered related in 59`,
`the worst grade was 3 in 193, 4 in 58 and 5 in 16. Thus, 267 had an event of grade 3 or higher`.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import read_printed

__all__ = ["check_graver"]

_SLASHED = re.compile(
    r"[(\[](?:any|all)[- ]grades?(?: ?%)?(?: ?/ ?| and | vs\.? |; ?|, ?)(?:grades? ?)?(?:≥ ?3|>= ?3|3 or (?:higher|"
    r"more)|"
    r"3 ?[-/] ?[45])(?: ?%)?[)\]]",
    re.IGNORECASE,
)
_PAIR = re.compile(r"[(\[](?P<a>\d+(?:\.\d+)?) ?%? ?/ ?(?P<b>\d+(?:\.\d+)?) ?%[)\]]")
_RELATED = re.compile(
    r"(?<![\w.,/:+-])(?P<a>\d[\d,]*) (?:patients|participants|subjects|pts)?(?: ?[(\[][\d.]+ ?%[)\]])? ?and "
    r"(?:(?:were|was) )?(?:considered|judged|deemed|assessed as|regarded as)(?: to be)? [^.;()\d]{0,40}?related"
    r"[^.;()\d]{0,40}? in (?P<b>\d[\d,]*)",
    re.IGNORECASE,
)
_WORST = re.compile(r"\b(?:worst|maximum|highest) (?:toxicity )?grade\b", re.IGNORECASE)
_LEVEL = re.compile(
    r"(?:\bgrade (?:was )?|, |and )(?P<g>[1-5]) in (?P<n>\d[\d,]*)(?: patients)?(?: ?[(\[][\d.]+ ?%[)\]])?",
    re.IGNORECASE,
)
_THREE_UP = re.compile(
    r"(?<![\w.,/:+-])(?P<n>\d[\d,]*) (?:patients|participants|subjects|pts)(?: ?[(\[][\d.]+ ?%[)\]])? (?:had|"
    r"experienced|"
    r"reported) [^.;()\d]{0,50}?\bgrade (?:≥ ?3|>= ?3|3 or (?:higher|more|worse|above)|3 to 5|3-5)",
    re.IGNORECASE,
)


_ANY_THEN_GRAVE = re.compile(
    r"\bany grade,? (?P<a>\d+)(?: patients)?(?: ?[(\[][\d.]+ ?%[)\]])?[;,] (?:and )?grade (?:3|≥ ?3|3 or (?:4|"
    r"higher|more)|"
    r"3[-/]4),? (?P<b>\d+)(?: patients)?(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
"""`any grade, 34 patients [60%]; grade 3, 2 patients [4%]`."""


def check_graver(case: Case) -> None:
    """Check that what the words say is part of something is not more than it."""
    for p, statements in case.prose():
        if case.says(statements[0], _SLASHED):
            _slashed(case, statements, p.start, p.end)
        if case.says(statements[0], _PARTED):
            for pattern, what in _PARTS:
                for m in pattern.finditer(case.figures, p.start, p.end):
                    _part(case, statements, m, what)
        if case.says(statements[0], _WORST):
            _worst(case, statements, p.index)


_PARTED = re.compile(r"related|any grade|; ?grade", re.IGNORECASE)
_GRAVE_INSIDE = re.compile(
    r"(?<![\w.,/:+-])(?P<a>\d+) (?:patients|participants|pts)? ?[(\[]\d+(?:\.\d+)? ?%; ?grade (?:3|≥ ?3|3 or (?:4|"
    r"higher|more)|3[-/]4) "
    r"in (?P<b>\d+)[)\]]",
    re.IGNORECASE,
)
"""`hypertension in 16 patients (43%; grade 3 in 5)`."""

_PARTS = ((_RELATED, "related"), (_ANY_THEN_GRAVE, "with grade 3"), (_GRAVE_INSIDE, "with grade 3"))


def _part(case: Case, statements: Sequence[Statement], m: re.Match[str], what: str) -> None:
    whole, part = (int(m[k].replace(",", "")) for k in "ab")
    if part > whole:
        sentence = f"{part} {what} are more than the {whole} there are."
        on = (holder(statements, m.start("b")),)
        case.relate("subset", (m.span("a"), m.span("b")), "error-if", sentence, "part <= whole", on=on)


def _slashed(case: Case, statements: Sequence[Statement], start: int, end: int) -> None:
    head = _SLASHED.search(case.flat, start, end)
    for m in _PAIR.finditer(case.flat, head.end(), end) if head else ():
        a, b = read_printed(m["a"]), read_printed(m["b"])
        if b.low > a.high:
            sentence = f"{b.text} % is more than {a.text} %, yet grade 3 or higher is part of any grade."
            on = (holder(statements, m.start("a")),)
            case.relate("subset", (m.span("a"), m.span("b")), "error-if", sentence, "part <= whole", on=on)


def _worst(case: Case, statements: Sequence[Statement], passage: int) -> None:
    """Each patient counts once, with the worst grade: those of 3, 4 and 5 are those of 3 or higher."""
    p, passages = case.text.passages[passage], case.text.passages
    levels = {m["g"]: m for m in _LEVEL.finditer(case.figures, p.start, p.end)}
    if not {"3", "4"} <= set(levels):
        return
    told = _THREE_UP.search(case.figures, p.start, passages[min(passage + 1, len(passages) - 1)].end)
    if told is None:
        return
    grave = [levels[g] for g in "345" if g in levels]
    counts = [int(m["n"].replace(",", "")) for m in grave]
    given = int(told["n"].replace(",", ""))
    members = [*(m.span("n") for m in grave), told.span("n")]
    shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
    if sum(counts) == given:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts")
    elif "1" in levels or "2" in levels:
        here = [*statements, *case.by_passage.get(passage + 1, ())]
        on = (holder(here, told.start("n")),)
        case.relate("sum", members, "error-if", f"By worst grade: {shown}, not {given}.", "sum of parts", on=on)
