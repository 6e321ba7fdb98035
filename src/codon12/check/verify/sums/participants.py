"""How participants go through a study: never more than before, samples and shares of all, two groups of the dead."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.numbers.unrounded import counts_for_percent, read_printed

__all__ = ["check_participants"]


def _count(name: str) -> str:
    """A whole number that counts something, as a group of this name."""
    return rf"(?<![\d.,/-])(?P<{name}>\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.,]*\d| ?%)"


_PEOPLE = r"(?:patients|participants|subjects|individuals|adults|children|women|men|people|pts|persons|infants|cases)"
_SOME_PEOPLE = rf"(?: [a-z-]+){{0,3}}? {_PEOPLE}"
_SHARE = r"(?: \([^)]{1,14}\))?"
_WERE = r"(?: were| was| had been| who)?(?: then| subsequently)?"
_STAGES = {
    "screened": r"(?:assessed|screened|evaluated) for eligibility|screened",
    "entered": r"enrolled|recruited",
    "randomised": r"underwent (?:[a-z]+ )?randomi[sz]ation|randomi[sz]ed|randomly (?:assigned|allocated)",
    "treated": r"received (?:at least one dose|(?:the )?study (?:drug|treatment))|treated",
    "analysed": r"included|evaluable|analy[sz]ed",
}
_AT = {
    name: re.compile(rf"{_count('n')}(?:{_SOME_PEOPLE})?{_SHARE}{_WERE} (?:{words})\b", re.IGNORECASE)
    for name, words in _STAGES.items()
}
_APART = re.compile(
    r"\brespectively\b|\bcohorts?\b|\bstud(?:y|ies) [12]\b|additional|another|\bfurther\b|re-?screened|samples?\b|"
    r"validation|training|\bsites?\b|controls?\b",
    re.IGNORECASE,
)
_SAMPLES = re.compile(
    rf"{_count('n')} (?:[a-z-]+ )?(?:samples|specimens|biopsies|tumou?rs) (?:from|of) {_count('t')}{_SOME_PEOPLE}"
)
_AGAINST = re.compile(
    rf"{_count('t')} {_PEOPLE} (?:had )?(?:died|deaths?|relapsed|responded|withdrew|discontinued)[^.;()\d]{{0,30}} "
    r"\((?P<a>\d+) (?:vs\.?|versus|and) (?P<b>\d+)(?=[;,)])"
)
"""`20 children had died (12 vs 8; ...)`."""
_SHARE_OF_ALL = re.compile(
    rf"{_count('n')} (?:[a-z-]+ )?(?:{_PEOPLE} )?\((?P<p>\d+(?:\.\d+)?) ?% of (?:all patients|"
    r"the (?:entire |whole |study |total )?(?:cohort|population|patients|sample))\)"
)
_PASSED = re.compile(r"\bscreened\b|\bfor eligibility\b|\benrolled\b|\brecruited\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:discontinu\w+|withdr[ae]w\w*|excluded|dropped out|stopped|died|deaths?|relapsed|responded)\b")
_ARMS = re.compile(r"\b(?:controls?|groups?|arms?|versus|vs|whole|both)\b", re.IGNORECASE)


def check_participants(case: Case) -> None:
    """Check the numbers of participants that one sentence of prose names as parts or successors of each other."""
    for p, statements in case.prose():
        if case.cites(statements[0]):
            continue
        _through(case, statements, p.start, p.end)
        if case.says(statements[0], _LEFT):
            for m in _AGAINST.finditer(case.figures, p.start, p.end):
                _against(case, statements, m)
        for m in _SAMPLES.finditer(case.figures, p.start, p.end) if case.may(_SAMPLES, p) else ():
            _samples(case, statements, m)
        if case.may(_SHARE_OF_ALL, p):
            _share_of_all(case, statements, p.start, p.end)


def _n(text: str) -> int:
    return int(text.replace(",", ""))


def _through(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`612 patients were screened, 431 underwent randomisation, and 424 were included`: never more than before."""
    if not case.says(statements[0], _PASSED):
        return
    found = {name: list(stage.finditer(case.figures, start, end)) for name, stage in _AT.items()}
    told = [(name, each[0]) for name, each in found.items() if each]
    if len(told) < 2 or any(len(each) > 1 for each in found.values()) or told[0][1].start() > told[1][1].start():
        return
    (first, a), (second, b) = told[:2]
    if _APART.search(case.figures, a.start(), b.end()):
        return
    members = (a.span("n"), b.span("n"))
    if _n(b["n"]) > _n(a["n"]):
        sentence = f"{_n(b['n'])} {second} of {_n(a['n'])} {first} is more than all."
        case.relate("subset", members, "error-if", sentence, "part <= whole", on=(holder(statements, b.start("n")),))
    else:
        case.relate("subset", members, "ok", f"{_n(b['n'])} {second} of {_n(a['n'])} {first}.", "part <= whole")


def _against(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    """`20 children had died (12 vs 8; ...)`: two groups of all."""
    total, parts = _n(m["t"]), [_n(m["a"]), _n(m["b"])]
    together, members = sum(parts), (m.span("t"), m.span("a"), m.span("b"))
    if max(parts) >= total or is_added(case, sums_told(case), members[1:]):
        return
    shown = f"{' + '.join(map(str, parts))} = {together}"
    computed = {"parts": parts, "sum": together, "total": total}
    if together == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
    elif 10 * together >= 9 * total:
        sentence = f"If these are all the arms: {shown}, not {total}."
        on = (holder(statements, m.start("t")),)
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


def _samples(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    """`348 samples from 174 patients`: one of each at least."""
    members = (m.span("n"), m.span("t"))
    if _n(m["n"]) < _n(m["t"]):
        sentence = f"{_n(m['n'])} samples are fewer than the {_n(m['t'])} they should be from, if each gave one."
        case.relate(
            "subset", members, "error-if", sentence, "samples >= patients", on=(holder(statements, m.start("n")),)
        )
    else:
        case.relate("subset", members, "ok", f"{_n(m['n'])} samples from {_n(m['t'])}.", "samples >= patients")


def _share_of_all(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`17 patients (45% of the cohort)`: of one of the groups that the text names."""
    for m in _SHARE_OF_ALL.finditer(case.figures, start, end):
        n, percent = _n(m["n"]), read_printed(m["p"])
        named = [p.n for p in case.populations if not p.subgroup]
        sizes = sorted({size for size in named if size > n})
        fits = [t for t in sizes if n in counts_for_percent(percent, t)]
        members = (m.span("n"), m.span("p"))
        if fits:
            sentence = f"{n} of {fits[-1]} is {percent.text} %."
            case.relate("count/percent", members, "ok", sentence, "n/N", {"n": n, "N": fits[-1]})
        elif sizes and named[0] == sizes[-1] and not case.says(statements[0], _ARMS):
            share = 100 * n / sizes[-1]
            sentence = f"{n} of {sizes[-1]} is {share:.4g} %, not {percent.text} %, if these are all."
            on = (holder(statements, m.start("p")),)
            case.relate("count/percent", members, "error-if", sentence, "n/N", {"n": n, "N": sizes[-1]}, on=on)
