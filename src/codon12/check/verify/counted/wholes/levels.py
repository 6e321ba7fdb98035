"""Counts of levels listed one by one, and of several together: `former in 102, current in 15; 117 were either`."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.labels import PLAIN, stems
from codon12.check.verify.listed_levels import COUNT, FEWEST_LEVELS, MOST_LEVEL, Level, level_name, levels_listed
from codon12.check.verify.prose import counts_in
from codon12.check.verify.several import several_groups
from codon12.numbers.unrounded import counts_for_percent, read_printed

__all__ = ["check_levels_told"]

_TOGETHER = re.compile(
    r"\b(?:(?P<least>\w+) or (?:more|higher|greater|above)\b|(?P<most>\w+) or (?:fewer|less|lower|below)\b|(?:at least|"
    r"≥|>=) ?(?P<atleast>\w+)|(?P<c>\d)(?:-|/| to )(?P<d>\d)\b(?! ?%)|(?P<a>[\w+-]+) or (?:an? )?(?P<b>[\w+-]+))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    rf"(?<![\w.,/:+-]){COUNT}(?: (?:patients?|participants?|subjects|women|men|cases|pts))?(?: ?[(\[][^()\[\]]{{1,25}}"
    r"[)\]])? (?:[a-z][\w-]* ){1,5}?(?:an? )?(?:grade |stage )?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?: [a-z][\w-]*){{1,6}}? {COUNT}", re.IGNORECASE)
_SEVERAL = several_groups("respectively")
_REACH = 110


def check_levels_told(case: Case) -> None:
    """Check a count of several levels against the counts of each, listed before it in the sentence or the last one."""
    passages = case.text.passages
    for passage, p in enumerate(passages):
        if p.table is not None or case.holds(_SEVERAL, p):
            continue
        levels = levels_listed(case, p)
        if len(levels) < FEWEST_LEVELS:
            continue
        _worst(case, p, levels)
        behind = passages[passage + 1] if passage + 1 < len(passages) else None
        beside_it = behind is not None and behind.table is None and behind.paragraph == p.paragraph
        same = beside_it and behind is not None and _goes_on(case, p, behind)
        end = behind.end if behind is not None and same else p.end
        beside = [*case.by_passage.get(passage, ()), *(case.by_passage.get(passage + 1, ()) if same else ())]
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
                on = (holder(beside, told[0]),) if beside else ()
                case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)


_WORST = re.compile(r"\b(?:worst|maximum|maximal|highest|most severe) (?:[a-z]+ )?grade\b", re.IGNORECASE)
_GRADES = 5
_ANY = re.compile(r"\b(?:any(?: grade)?|at least one|one or more)\b|\b(?:adverse|toxicit)", re.IGNORECASE)


def _worst(case: Case, p: Passage, levels: Sequence[Level]) -> None:
    """Each patient has one worst grade: together they are no more than had any event, told in the sentence before."""
    q = case.text.passages[max(0, p.index - 1)]
    if q is p or q.paragraph != p.paragraph or not _WORST.search(case.flat, p.start, levels[0].place[0]):
        return
    any_ = counts_in(case, q.start, q.end) if _ANY.search(case.flat, q.start, q.end) else []
    ahead = [x.n for x in counts_in(case, p.start, levels[0].place[0]) if x.n > _GRADES]
    if len(any_) == 1 and not ahead and any_[0].n < sum(x.n for x in levels):
        shown = f"{' + '.join(str(x.n) for x in levels)} = {sum(x.n for x in levels)}"
        sentence = f"{shown}, more than the {any_[0].n} who had any; each has one worst grade."
        on = [holder(x, levels[-1].place[0]) for x in (case.by_passage.get(p.index),) if x]
        members = [any_[0].span, *(x.place for x in levels)]
        case.relate("sum", members, "error-if", sentence, "part <= whole", on=on)


_OPENS = re.compile(r" ?(?:(?!In (?:all|total)\b)(?:In|Among|Of(?! (?:these|them)\b)|For|With)|[Oo]ther|Another) ")
"""What opens a sentence on some of them."""


def _goes_on(case: Case, listing: Passage, behind: Passage) -> bool:
    """Whether a sentence tells of those listed before it, of nothing else and of none of them alone."""
    said, more = (stems(case.flat[x.start : x.end]) for x in (listing, behind))
    other = {w for w in more - said if w[:4] not in PLAIN and w[:4] not in _TOGETHER_WORDS}
    return not other and _OPENS.match(case.flat, behind.start, behind.end) is None


_TOGETHER_WORDS = frozenset(
    "adve comb dise eith even foll grad high leve scor seve smok stag thus toge wors".split()  # noqa: SIM905
)


_SHARE = re.compile(
    r"(?<![\d.(\[])(?P<p>\d+(?:\.\d+)?) ?%(?: of [a-z ]{3,30})?(?: (?:had|were|was|with|presented with|received))?"
    r"(?: [a-z]+){0,3} $",
    re.IGNORECASE,
)


def _compare_share(
    case: Case, beside: Sequence[Statement], levels: Sequence[Level], chosen: Sequence[Level], m: re.Match[str]
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
        on = (holder(beside, m.start("p")),) if beside else ()
        case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)


def _is_of(name: str, m: re.Match[str]) -> bool:
    """Whether a level is one of those that words put together."""
    if m["a"]:
        return name in (level_name(m["a"]), level_name(m["b"]))
    low, high = (
        level_name(m["least"] or m["atleast"] or m["c"] or "0"),
        level_name(m["most"] or m["d"] or str(MOST_LEVEL)),
    )
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
