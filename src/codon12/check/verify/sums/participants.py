"""How participants go through a study: those screened, randomised and analysed, and the arms of those randomised."""

from __future__ import annotations

import re

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
_RANDOMLY = r"(?: randomly| centrally)?"
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
_ASSIGNED = re.compile(
    rf"\b(?:[Oo]f|[Aa]mong)(?: the| these| all| a total of)? {_count('t')}{_SOME_PEOPLE}\b[^.;]{{0,160}}?, "
    rf"{_count('a')}{_SHARE}(?: {_PEOPLE})?(?: were| was)?{_RANDOMLY} (?:assigned|allocated|randomi[sz]ed|received)\b"
    rf"[^.;\d]{{0,90}}? and {_count('b')}{_SHARE}(?: {_PEOPLE})?(?: were| was)?{_RANDOMLY} [A-Za-z]"
)
"""`Of 9361 participants, 4678 were assigned to A and 4683 to B`."""
_ALLOCATED = re.compile(
    r"randomi[sz]\w*\b[^,]*,.*\b(?:assigned|allocated)\b|\d(?: were)? (?:randomly )?(?:assigned|allocated)\b"
)
_MORE = re.compile(r"[^.;]{0,120}?(?:, |\band )\d")
"""A third group behind the two."""
_IN_BRACKETS = re.compile(
    rf"{_count('t')}{_SOME_PEOPLE} (?:were|underwent|had been)(?: then| subsequently)?{_RANDOMLY} "
    r"(?P<how>assigned|allocated|randomi[sz]ed|randomi[sz]ation|treated)\b"
    r"(?P<arms>(?:[^.;()]{1,90}\([nN] ?= ?\d[\d,]*[^()]{0,14}\)){2,4})(?P<rest>[^.;()]{0,60}\()?"
)
"""`345 patients were randomly assigned to A (n=171 [50%]) or B (n=174 [50%])`."""
_SIZE = r"\([nN] ?= ?\d[\d,]*\)"
_NUMBERED = re.compile(
    rf"\b{_PEOPLE} [(\[]N ?= ?(?P<t>\d[\d,]*)[)\]] (?:were |was )?(?P<how>)[a-z ,]{{3,60}}?"
    rf"(?P<arms>[^.;()]{{1,60}}{_SIZE}(?: and| or|,)[^.;()]{{1,60}}{_SIZE})(?P<rest>[^.;()]{{0,60}}\()?",
    re.IGNORECASE,
)
"""`Patients (N = 64) were enrolled in dose escalation (n = 22) and dose expansion (n = 42)`."""
_REASON = r"[^.;()\d]{2,50} \(\d+\)"
_NEXT = r"(?:,? and|,? or|,)"
_REASONS = re.compile(
    rf"{_count('t')}(?: (?!of\b)[a-z]+){{0,4}}? (?:discontinu\w+|withdr[ae]w\w*|(?:were )?excluded|dropped out|stopped)"
    r"[^.;()\d]{0,40}?(?:,|:)? (?:for|because of|due to|owing to|:) "
    rf"(?P<list>{_REASON}{_NEXT}(?: {_REASON}{_NEXT}){{0,6}} {_REASON})"
)
"""`52 had discontinued, for progression (38), adverse events (6), withdrawal (5) or death (3)`."""
_LEFT_AND_STAYED = re.compile(
    rf"\b[Oo]f (?:the |these )?{_count('t')}{_SOME_PEOPLE} (?:who were )?(?:assessed|screened|evaluated)"
    rf"[^.;()\d]{{0,30}}, {_count('a')}{_SHARE}(?: {_PEOPLE})? were (?:excluded|ineligible)"
    rf"(?: \([^()]{{1,160}}\))?,? and (?:the remaining )?"
    rf"{_count('b')}{_SHARE}(?: {_PEOPLE})? were (?:randomi[sz]ed|enrolled|included|randomly)"
)
"""`Of 428 patients assessed, 128 were excluded (...), and 300 were randomised`."""
_STAYED_AND_LEFT = re.compile(
    rf"{_count('t')}{_SOME_PEOPLE} were (?:screened|assessed|evaluated)[^.;()\d]{{0,30}}?(?:,? and|,) "
    rf"{_count('b')}{_SHARE}(?: {_PEOPLE})? (?:(?:were|underwent) )?(?:randomly |central )?(?:randomi[sz]\w+|enrolled|"
    rf"included|assigned)(?:; |, (?:and |while )?){_count('a')}{_SHARE}(?: {_PEOPLE})? were "
    r"(?:excluded|ineligible|not (?:enrolled|included|eligible|randomi[sz]ed))"
)
"""`512 patients were screened and 309 underwent randomisation; 203 were excluded`."""
_SAMPLES = re.compile(
    rf"{_count('n')} (?:[a-z-]+ )?(?:samples|specimens|biopsies|tumou?rs) (?:from|of) {_count('t')}{_SOME_PEOPLE}"
)
_SPLIT_IN_TWO = re.compile(
    rf"{_count('t')} (?:[a-z-]+ ){{1,6}}?(?:occurred|were (?:seen|observed|recorded|reported)): "
    rf"{_count('a')} (?:in|with) [^.;()\d]{{2,40}}(?: \([^()]{{1,60}}\))? and {_count('b')} (?:in|with)\b"
)
"""`1,874 admissions for heart failure occurred: 742 in group A (...) and 1,132 in group B`."""
_AGAINST = re.compile(
    rf"{_count('t')} {_PEOPLE} (?:had )?(?:died|deaths?|relapsed|responded|withdrew|discontinued)[^.;()\d]{{0,30}} "
    r"\((?P<a>\d+) (?:vs\.?|versus|and) (?P<b>\d+)(?=[;,)])"
)
"""`20 children had died (12 vs 8; ...)`."""
_ARM = re.compile(r"\([nN] ?= ?(\d[\d,]*)")
_RECEIVED = re.compile(
    rf"{_count('t')} received (?:injections?|treatment|the (?:drug|vaccine)|(?:the )?study (?:drug|treatment)|"
    rf"at least one dose)[^.;:\d]{{0,40}}: {_count('a')} (?:with |received )?[^.;]{{2,60}}? "
    rf"and {_count('b')} (?:with |received )",
)
"""`43,448 received injections: 21,720 with A and 21,728 with placebo`."""
_LISTED = re.compile(r"\bincluding (?P<list>(?:\d+ with [^.;()\d]{3,60}?(?:, and |, | and ))+\d+ with [a-zA-Z])")
_SHARE_OF_ALL = re.compile(
    rf"{_count('n')} (?:[a-z-]+ )?(?:{_PEOPLE} )?\((?P<p>\d+(?:\.\d+)?) ?% of (?:all patients|"
    r"the (?:entire |whole |study |total )?(?:cohort|population|patients|sample))\)"
)
_PASSED = re.compile(r"\bscreened\b|\bfor eligibility\b|\benrolled\b|\brecruited\b", re.IGNORECASE)
_IN_TWO = re.compile(r"\b(?:assigned|allocated|randomi[sz]\w+|received|among|enrolled|treated)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:discontinu\w+|withdr[ae]w\w*|excluded|dropped out|stopped|died|deaths?|relapsed|responded)\b")
_ARMS = re.compile(r"\b(?:controls?|groups?|arms?|versus|vs|whole|both)\b", re.IGNORECASE)
_COUNTED = re.compile(_PEOPLE, re.IGNORECASE)


def check_participants(case: Case) -> None:
    """Check the numbers of participants that one sentence of prose names as parts or successors of each other."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or case.cites(statements[0]):
            continue
        _through(case, statements, p.start, p.end)
        if case.says(statements[0], _IN_TWO, "assign", "alloc", "randomi", "received", "among", "enrolled", "treated"):
            for pattern in (_ASSIGNED, _RECEIVED):
                for m in pattern.finditer(case.figures, p.start, p.end):
                    split = _ALLOCATED.search(m[0]) and not _MORE.match(case.figures, m.end(), p.end)
                    _two_parts(case, statements, m, all_told=pattern is _RECEIVED or bool(split))
            for pattern in (_IN_BRACKETS, _NUMBERED):
                for m in pattern.finditer(case.figures, p.start, p.end):
                    if m["rest"] is None:
                        _arms(case, statements, m)
        if case.says(statements[0], _LEFT):
            for m in _AGAINST.finditer(case.figures, p.start, p.end):
                _two_parts(case, statements, m, all_told=True)
            for pattern in (_LEFT_AND_STAYED, _STAYED_AND_LEFT):
                for m in pattern.finditer(case.figures, p.start, p.end):
                    _two_parts(case, statements, m, all_told=True)
            for m in _REASONS.finditer(case.figures, p.start, p.end):
                _reasons(case, statements, m)
        for m in _SPLIT_IN_TWO.finditer(case.figures, p.start, p.end):
            _two_parts(case, statements, m, all_told=True)
        for m in _SAMPLES.finditer(case.figures, p.start, p.end):
            _samples(case, statements, m)
        _including(case, statements, p.start, p.end)
        _share_of_all(case, statements, p.start, p.end)


def _n(text: str) -> int:
    return int(text.replace(",", ""))


def _through(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`612 patients were screened, 431 underwent randomisation, and 424 were included`: never more than before."""
    if not case.says(statements[0], _PASSED, "eligib", "screened", "enrolled", "recruited"):
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


def _two_parts(case: Case, statements: list[Statement], m: re.Match[str], *, all_told: bool) -> None:
    """Two groups of a total: together at most all of it."""
    total, parts = _n(m["t"]), [_n(m["a"]), _n(m["b"])]
    members = (m.span("t"), m.span("a"), m.span("b"))
    if max(parts) < total or m.re in (_LEFT_AND_STAYED, _STAYED_AND_LEFT):
        _add_up(case, statements, total, parts, members, arms=all_told)


def _arms(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    parts, at = [], m.start("arms")
    members = [m.span("t")]
    for arm in _ARM.finditer(m["arms"]):
        parts.append(_n(arm[1]))
        members.append((at + arm.start(1), at + arm.end(1)))
    together = m["how"] == "treated" and " or " not in m["arms"]  # treated with both, it may be
    if max(parts) < _n(m["t"]) and not together:
        _add_up(case, statements, _n(m["t"]), parts, tuple(members), arms=True)


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


def _reasons(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    """Each who left left for one reason: together at most all who did."""
    items = list(re.finditer(r"\((\d+)\)", m["list"]))
    at = m.start("list")
    members = (m.span("t"), *((at + x.start(1), at + x.end(1)) for x in items))
    parts = [int(x[1]) for x in items]
    if max(parts) < _n(m["t"]):
        _add_up(case, statements, _n(m["t"]), parts, members)


def _add_up(
    case: Case,
    statements: list[Statement],
    total: int,
    parts: list[int],
    members: tuple[tuple[int, int], ...],
    *,
    arms: bool = False,
) -> None:
    found = sum(parts)
    on = (holder(statements, members[0][0]),)
    if is_added(case, sums_told(case), members[1:]):
        return
    shown = f"{' + '.join(map(str, parts))} = {found}"
    computed = {"parts": parts, "sum": found, "total": total}
    if found == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
    elif found > total or (arms and 10 * found >= 9 * total):
        sentence = f"If these are {'all the arms' if arms else 'parts of it'}: {shown}, not {total}."
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


def _including(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`Thirty-eight patients, including 27 with lung, 10 with colorectal, and 1 with another cancer`."""
    for m in _LISTED.finditer(case.figures, start, end):
        ahead = [s for s in statements if s.normal_end <= m.start() and s.kind == "count" and s.quantities.N is None]
        if not ahead or ahead[0].quantities.n is None or not _COUNTED.search(ahead[0].quote):
            continue
        whole = ahead[0]
        items = list(re.finditer(r"(\d+) with", m["list"]))
        members = (
            (whole.normal_start, whole.normal_end),
            *((m.start("list") + x.start(1), m.start("list") + x.end(1)) for x in items),
        )
        parts = [int(x[1]) for x in items]
        if max(parts) < (whole.quantities.n or 0):
            _add_up(case, [whole], whole.quantities.n or 0, parts, members)


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
