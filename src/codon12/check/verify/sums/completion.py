"""Who completed and who was lost, a total and its two arms, those of whom others are: never more than there were."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_completion"]

_NUMBER = r"(?<![\w.,/-])(?P<{0}>\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.,/-]*\d|\s?%|-)"
_SHARE = r"(?: \([^()]{1,24}\))?"
_PEOPLE = r"(?: (?:[a-z-]+ ){0,2}?(?:patients|participants|subjects|women|men|children|infants|adults|cases|people))?"
_KEPT = re.compile(
    rf"{_NUMBER.format('n')}{_PEOPLE}{_SHARE} (?:had |were |was )?"
    r"(?:completed|finished|randomi[sz]ed|randomly assigned|enrolled|included)\b"
    rf"|\bfollow-?up [^.;()\d]{{0,40}}?(?:available|complete|completed|obtained)[^.;()\d]{{0,20}}? "
    rf"{_NUMBER.format('m')}(?= of)",
    re.IGNORECASE,
)
_GONE = re.compile(
    rf"{_NUMBER.format('n')}{_PEOPLE}{_SHARE} (?:were |was |had )?(?:lost to follow-?up|discontinued|withdrew|excluded|"
    r"ineligible|dropped out|did not complete)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"\b(?:of|out of|among) (?:the |these |all )?{_NUMBER.format('n')} (?:[a-z-]+ ){{0,3}}?"
    r"(?:patients|participants|subjects|women|men|children|infants|adults|people|randomi[sz]ed|enrolled)\b"
    rf"|{_NUMBER.format('m')}{_PEOPLE} (?:were |was )(?:screened|assessed for eligibility)\b",
    re.IGNORECASE,
)
_TO = r"(?:to|in|with|received|for|from|among|on)"
_GROUP = r"(?:the |an? )?(?:[A-Za-z][\w+/-]* ){0,5}?[A-Za-z][\w+/-]*"
_ARMS = re.compile(
    rf"{_NUMBER.format('N')} [a-z-]+(?: [a-z-]+){{0,3}}? "
    r"(?:were |was |had been |have been )?(?P<verb>randomi[sz]ed|randomly assigned|assigned|allocated|occurred|"
    rf"were (?:recorded|observed|reported))(?: (?:between|in|during) [^.;:,()]{{1,40}})?(?:,|:|;| \() ?"
    rf"{_NUMBER.format('a')}{_PEOPLE}{_SHARE} {_TO} {_GROUP},? and {_NUMBER.format('b')}{_PEOPLE}{_SHARE} {_TO} "
    rf"{_GROUP}(?:[.;)]|, and (?=[a-z]))",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(
    rf"{_NUMBER.format('n')}{_PEOPLE} \(\d+(?:\.\d+)? ?%\) [^.;,()\d]{{3,60}}, "
    rf"of (?:whom|which) {_NUMBER.format('m')}{_SHARE} ",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"{_NUMBER.format('N')}{_PEOPLE} (?:were |had |was )?(?:excluded|ineligible|discontinued|withdrew|lost|died|not "
    r"(?:enrolled|included|randomi[sz]ed|treated))[^.;:()\d]{0,40} [(\[](?P<list>[^()\d;]{3,60}[,:=]? ?(?:n ?= ?)?\d+"
    r"(?:[;,] (?:and )?[^()\d;]{3,60}[,:=]? ?(?:n ?= ?)?\d+){1,7})[)\]]",
    re.IGNORECASE,
)
"""`962 were excluded (no molecular testing, 610; early stage, 352)`."""
_SEVERAL = re.compile(r"\b(?:respectively|vs|versus|each|per|arms|groups|cohorts|person-years|years|times|more)\b")
_BESIDE = 40
"""Characters between a count of those who responded and the word that says so."""
_RESPONDED = re.compile(
    r"\bresponded\b[^.]{0,60}?\b(?:ORR|(?:overall|objective) response rate)(?:,|:| =| of| was)* ?"
    r"(?P<p>\d+(?:\.\d+)?) ?%"
)


def check_completion(case: Case) -> None:
    """Check those who stayed and left, two arms and their total, those of whom, and a rate of those who responded."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        first = statements[0]
        if p.table is not None:
            continue
        if case.says(
            first, _GONE, "lost", "discontinued", "withdrew", "dropped", "not complete", "exclu", "ineligible"
        ):
            _kept_and_gone(case, statements, p.start, p.end)
        if case.says(first, _ARMS, "assigned", "randomi", "allocated", "occurred", "recorded", "observed", "reported"):
            _arms(case, statements, p.start, p.end)
        if case.says(first, _GONE_OR_DEAD, "exclu", "inelig", "discont", "withdr", "lost", "died", "not "):
            _why(case, statements, p.start, p.end)
        if case.says(first, _OF_WHOM, "of whom", "of which"):
            _of_whom(case, statements, p.start, p.end)
        if case.says(first, _RESPONDED, "responded"):
            _responded(case, statements, p.start, p.end)


def _read(number: str) -> int:
    return int(number.replace(",", ""))


def _kept_and_gone(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`Of 640 participants, 612 completed the study and 28 discontinued`."""
    kept, gone = list(_KEPT.finditer(case.figures, start, end)), list(_GONE.finditer(case.figures, start, end))
    if len(kept) != 1 or len(gone) != 1 or case.says(statements[0], _SEVERAL):
        return
    whole = list(_WHOLE.finditer(case.figures, start, end))
    which = "n" if kept[0]["n"] else "m"
    stayed, left = _read(kept[0][which]), _read(gone[0]["n"])
    if len({m["n"] or m["m"] for m in whole}) != 1:
        return
    of = "n" if whole[0]["n"] else "m"
    total = _read(whole[0][of])
    members = [whole[0].span(of), kept[0].span(which), gone[0].span("n")]
    shown = f"{stayed} + {left} = {stayed + left}"
    if max(stayed, left) > total:
        return
    if stayed + left > total:
        sentence = f"{shown}, more than the {total} there were, if nobody is in both."
        on = (holder(statements, gone[0].start("n")),)
        case.relate("sum", members, "error-if", sentence, "who stayed and who left", on=on)
    elif stayed + left == total:
        case.relate("sum", members, "ok", f"{shown}.", "who stayed and who left")


def _arms(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`240 patients were randomised, 120 to surgery and 120 to observation`."""
    for m in _ARMS.finditer(case.figures, start, end):
        total, a, b = (_read(m[k]) for k in ("N", "a", "b"))
        members = [m.span(k) for k in ("N", "a", "b")]
        if a + b == total:
            case.relate("sum", members, "ok", f"{a} + {b} = {total}.", "arms of a total")
        elif max(a, b) < total and (a + b > total or "assign" in m["verb"].lower() or "random" in m["verb"].lower()):
            verdict: Verdict = "error-if" if a + b > total else "unlikely"
            sentence = f"{a} + {b} = {a + b}, not {total}, if these are the two groups of them."
            case.relate("sum", members, verdict, sentence, "arms of a total", on=(holder(statements, m.start("N")),))


_GONE_OR_DEAD = re.compile(r"\b(?:excluded|ineligible|discontinued|withdrew|lost|died|not)\b", re.IGNORECASE)
_A_COUNT = re.compile(r"\d+")


def _why(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """Each who left did so for one of the reasons in the bracket."""
    for m in _WHY.finditer(case.flat, start, end):
        items = [(x.start() + m.start("list"), x.end() + m.start("list")) for x in _A_COUNT.finditer(m["list"])]
        parts, total = [int(case.flat[a:b]) for a, b in items], _read(m["N"])
        shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
        members = [m.span("N"), *items]
        if sum(parts) == total:
            case.relate("sum", members, "ok", f"{shown}.", "sum of parts")
        elif sum(parts) > total >= max(parts):
            sentence = f"{shown}, more than the {total} they are the reasons of, if each has one."
            on = (holder(statements, m.start("N")),)
            case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)


def _of_whom(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`118 carried a mutation, of which 31 were p.G12C`."""
    for m in _OF_WHOM.finditer(case.figures, start, end):
        whole, part = _read(m["n"]), _read(m["m"])
        alone = "%" not in case.figures[start : m.start("n")] and not case.figures[start : m.start("n")].endswith(
            "and "
        )
        if alone and part > whole and not case.says(statements[0], _SEVERAL):
            sentence = f"{part} are more than the {whole} of whom they should be."
            on = (holder(statements, m.start("m")),)
            case.relate("subset", [m.span("n"), m.span("m")], "error-if", sentence, "part <= whole", on=on)


def _responded(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`18 of 36 patients responded (CR in 6, PR in 12; ORR 50%)`."""
    counts = [s for s in statements if s.quantities.n is not None and s.quantities.N is not None]
    found = list(_RESPONDED.finditer(case.figures, start, end))
    if len(counts) != 1 or len(found) != 1 or counts[0].normal_end > found[0].start() or case.says(counts[0], _SEVERAL):
        return
    n, total = counts[0].quantities.n or 0, counts[0].quantities.N or 0
    between = case.figures[counts[0].normal_end : found[0].start()]
    if total < 1 or n > total or len(between) > _BESIDE:
        return
    percent = read_printed(found[0]["p"])
    members = (counts[0], found[0].span("p"))
    shown = f"{n} of {total} is {100 * n / total:.4g} %"
    if percent_modes(n, total, percent):
        case.relate("count/percent", members, "ok", f"{shown}, printed {percent.text} %.", "100 n / N, rounded")
        return
    sentence = f"{shown}, not {percent.text} %."
    on = (holder(statements, found[0].start("p")),)
    case.relate("count/percent", members, "error-if", sentence, "100 n / N, rounded", on=on)
