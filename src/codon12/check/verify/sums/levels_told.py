"""Counts of levels listed one by one, and of several together: `former in 102, current in 15; 117 were either`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups
from codon12.numbers.unrounded import counts_for_percent, read_printed

__all__ = ["check_levels_told", "lists_levels"]

_N = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.]*\d|,\d{3}| ?%|-|/)"
_ITEM = re.compile(
    rf"(?P<level>[A-Za-z0-9][\w+≥-]*)(?: (?:disease|smokers?|lines?))?(?: in |: ?|, ?| ?\((?:n ?= ?)?){_N}"
)
"""`never in 47`, `former, 102`, `grade 3 (5`: the last word is the level."""
_BETWEEN = re.compile(
    r"(?: (?:patients?|participants?|subjects|women|men|cases|pts))?(?: ?[(\[][^()\[\]]{1,20}[)\]]|"
    r"[,;] ?\d[\d.]* ?%)?[)\]]?[,;]?(?: and| or)?(?: ?(?:grade|stage|level|score|with|one|a|of))* ?"
)
"""What stands between two levels of a list."""
_TOGETHER = re.compile(
    r"\b(?:(?P<least>\w+) or (?:more|higher|greater|above)\b|"
    r"(?P<most>\w+) or (?:fewer|less|lower|below)\b|(?:at least|≥|>=) ?(?P<atleast>\w+)|"
    r"(?P<c>\d)(?:-|/| to )(?P<d>\d)\b(?! ?%)|(?P<a>[\w+-]+) or (?:an? )?(?P<b>[\w+-]+))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    rf"(?<![\w.,/:+-]){_N}(?: (?:patients?|participants?|subjects|women|men|cases|pts))?(?: ?[(\[][^()\[\]]{{1,25}}"
    r"[)\]])? (?:[a-z][\w-]* ){1,5}?(?:an? )?(?:grade |stage )?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?: [a-z][\w-]*){{1,6}}? {_N}", re.IGNORECASE)
_SEVERAL = several_groups("respectively")
_FEWEST, _REACH = 3, 110


class _Level(NamedTuple):
    name: str
    n: int
    place: tuple[int, int]


def check_levels_told(case: Case) -> None:
    """Check a count of several levels against the counts of each, listed before it in the sentence or the last one."""
    passages = case.text.passages
    for passage, statements in case.by_passage.items():
        p = passages[passage]
        if p.table is not None or case.says(statements[0], _SEVERAL):
            continue
        levels = _listed(case.figures, p.start, p.end)
        if len(levels) < _FEWEST:
            continue
        behind = passages[passage + 1] if passage + 1 < len(passages) else None
        same = behind is not None and behind.table is None and behind.paragraph == p.paragraph
        end = behind.end if behind is not None and same else p.end
        beside = [*statements, *(case.by_passage.get(passage + 1, ()) if same else ())]
        start = levels[-1].place[1]
        for m in _TOGETHER.finditer(case.figures, start, end):
            chosen = [x for x in levels if _is_of(x.name, m)]
            share = _SHARE.search(case.flat, max(start, m.start() - _REACH), m.start())
            if share is not None and 1 < len(chosen) < len(levels):
                _compare_share(case, beside, levels, chosen, share)
                continue
            told = _count_of(case.figures, m, start, end)
            if len(chosen) < 2 or len(chosen) == len(levels) or told is None:
                continue
            given, counts = int(case.figures[told[0] : told[1]].replace(",", "")), [x.n for x in chosen]
            shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
            members = [*(x.place for x in chosen), told]
            if sum(counts) == given:
                case.relate("sum", members, "ok", f"{shown}.", "sum of parts")
            else:
                sentence = f"If each is counted once: {shown}, not {given}."
                on = (holder(beside, told[0]),)
                case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)


_SHARE = re.compile(
    r"(?<![\d.(\[])(?P<p>\d+(?:\.\d+)?) ?%(?: of [a-z ]{3,30})?(?: (?:had|were|was|with|presented with|received))?"
    r"(?: [a-z]+){0,3} $",
    re.IGNORECASE,
)


def _compare_share(
    case: Case, beside: Sequence[Statement], levels: Sequence[_Level], chosen: Sequence[_Level], m: re.Match[str]
) -> None:
    """`I in 22, II in 31, III in 27 and IV in 20; 47% had stage III or IV disease`."""
    percent = read_printed(m["p"])
    n, total = sum(x.n for x in chosen), sum(x.n for x in levels)
    members = [*(x.place for x in levels), m.span("p")]
    says = f"{' + '.join(str(x.n) for x in chosen)} = {n} of {total}"
    if n in counts_for_percent(percent, total, cut=True):
        case.relate("sum", members, "ok", f"{says} is {percent.text} %.", "sum of parts")
    else:
        sentence = f"{says} is {100 * n / total:.4g} %, not {percent.text} %, if these are all."
        on = (holder(beside, m.start("p")),)
        case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)


def lists_levels(case: Case, passage: int) -> bool:
    """Whether a sentence lists three levels or more with their counts: none of these is the whole."""
    p = case.text.passages[passage]
    return len(_listed(case.figures, p.start, p.end)) >= _FEWEST


def _listed(figures: str, start: int, end: int) -> list[_Level]:
    """The longest run of levels with their counts, each name once."""
    items = [m for m in _ITEM.finditer(figures, start, end) if not m["level"].isdigit() or int(m["level"]) < _MOST]
    runs: list[list[re.Match[str]]] = [[]]
    for k, b in enumerate(items):
        if k and _BETWEEN.fullmatch(figures, items[k - 1].end(), b.start()) is None:
            runs.append([])
        runs[-1].append(b)
    longest = max(runs, key=len)
    names = [_plain(m["level"]) for m in longest]
    if len(set(names)) < len(names):
        return []
    return [_Level(name, int(m["n"].replace(",", "")), m.span("n")) for name, m in zip(names, longest, strict=True)]


_MOST = 20
"""Levels by number are grades, lines, scores: small."""


def _plain(level: str) -> str:
    """A level in small letters, its number in figures."""
    word = level.lower()
    return str(WORD_VALUES.get(word, word.lstrip("0") or "0"))


def _is_of(name: str, m: re.Match[str]) -> bool:
    """Whether a level is one of those that words put together."""
    if m["a"]:
        return name in (_plain(m["a"]), _plain(m["b"]))
    low, high = _plain(m["least"] or m["atleast"] or m["c"] or "0"), _plain(m["most"] or m["d"] or str(_MOST))
    return all(x.isdigit() for x in (name, low, high)) and int(low) <= int(name) <= int(high)


def _count_of(figures: str, m: re.Match[str], start: int, end: int) -> tuple[int, int] | None:
    """Where the count of several levels stands: before them with a verb between, or right behind."""
    before = max(start, m.start() - _REACH)
    spans: list[tuple[int, tuple[int, int]]] = []
    ahead = _AHEAD.search(figures[before : m.start()])
    if ahead is not None:
        spans.append((len(ahead[0]), (before + ahead.start("n"), before + ahead.end("n"))))
    after = _BEHIND.match(figures, m.end(), end)
    if after is not None:
        spans.append((len(after[0]), after.span("n")))
    return min(spans, default=(0, None))[1]
