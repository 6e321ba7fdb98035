"""Numbers whose words say that one is part of another: serious of any adverse event, responses of disease control."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_subsets"]

_EVENT = r"(?:adverse (?:events?|reactions?)|AEs?|toxicit(?:y|ies)|side effects)"
_NARROW = re.compile(
    rf"\b(?:serious {_EVENT}|SAEs?|fatal {_EVENT}|(?:treatment|drug|therapy)-related {_EVENT}|TRAEs?|"
    rf"{_EVENT} (?:that )?(?:leading|led) to (?:discontinuation|death|withdrawal))\b",
    re.IGNORECASE,
)
_BROAD = re.compile(
    rf"\b(?:any(?:-grade)? (?:treatment-emergent )?{_EVENT}|{_EVENT} of any (?:cause|grade|kind|causality)|"
    rf"at least one (?:treatment-emergent )?{_EVENT}|treatment-emergent {_EVENT}|TEAEs?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"^[^.;,()\d]{0,60}?(?<![\w.,])(?P<n>\d[\d,]*)(?: of \d[\d,]*|/\d[\d,]*)?(?: [a-z]+)?"
    r"(?: \((?P<p>\d+(?:\.\d+)?) ?%\))?(?![\w.,]*\d| ?%)"
)
_PERCENT = re.compile(r"^[^.;,()\d]{0,60}?(?<![\w.,])(?P<p>\d+(?:\.\d+)?) ?%")
_SEVERAL = several_groups(
    "respectively", "placebo", "control", "grade [1-5]", "grades", "events were", "of which", "doses?"
)
_GROUPS = several_groups("respectively", "placebo", "control", "of which", "doses?")
_SEXES = re.compile(
    r"(?P<a>\d+(?:\.\d+)?) ?% (?:were )?(?P<first>(?:fe)?male|(?:wo)?men)s?,? (?:and |were )*"
    r"(?P<b>\d+(?:\.\d+)?) ?% (?:were )?(?P<second>(?:fe)?male|(?:wo)?men)s?\b",
    re.IGNORECASE,
)
_HAD = re.compile(
    r"\b(?P<what>CR|PR|complete (?:response|remission)s?|partial (?:response|remission)s?)(?: rates?)?"
    r"(?: \([A-Z]{2}\))?(?: (?:was|were|in|of|rate))* ?\(?(?P<p>\d+(?:\.\d+)?) ?%"
)
_ALL = re.compile(
    r"\b(?:ORR|(?:objective|overall) response rate)(?: \(ORR\))?"
    r"(?: (?:per|by|was|of|BICR|IRC|investigators?|RECIST))* ?(?P<p>\d+(?:\.\d+)?) ?%"
)
_RESPONSES = re.compile(r"\bCR\b|\bPR\b|complete re|partial re")
_EVALUABLE = re.compile(
    r"(?<![\d.,/-])(?P<n>\d[\d,]*) (?:patients |participants |subjects )?(?:were |was )(?:fully )?"
    r"(?:evaluable|assessable|eligible for|analy[sz]ed)\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"\b(?:enrolled|recruited|randomi[sz]ed|accrued|included|consented)(?: a total of)? (?P<n>\d[\d,]*) "
    r"(?:consecutive |adult |eligible )*(?:patients|participants|subjects)\b"
    r"|(?<![\d.,/-])(?P<m>\d[\d,]*) (?:[a-z]+ ){0,2}?(?:patients|participants|subjects) (?:were |had been )?"
    r"(?:enrolled|recruited|randomi[sz]ed|accrued|consented)\b",
    re.IGNORECASE,
)


def check_subsets(case: Case) -> None:
    """Check the sentences in which words make one number part of another."""
    for p, statements in case.prose():
        s = statements[0]
        if case.says(s, _SEXES):
            _sexes(case, statements, p.start, p.end)
        if case.says(s, _RELATED) and not case.says(s, _GROUPS):
            _related(case, statements, p.start, p.end)
        if case.says(s, _SEVERAL):
            continue
        if case.says(s, _NARROW) and case.says(s, _BROAD):
            _events(case, statements, p.start, p.end)
        if case.says(s, _RESPONSES):
            _responses(case, statements, p.start, p.end)
        if case.says(s, _EVALUABLE):
            _evaluable(case, statements, p.start, p.end)


def _on(statements: list[Statement], at: int) -> tuple[Statement]:
    return (holder(statements, at),)


def _events(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`any adverse event in 38 (32%) and serious ones in 45 (38%)`."""
    narrow, broad = list(_NARROW.finditer(case.flat, start, end)), list(_BROAD.finditer(case.flat, start, end))
    if len(narrow) != 1 or len(broad) != 1 or narrow[0].start() == broad[0].start():
        return
    reads = [
        (m.end(), found, kind)
        for m in (narrow[0], broad[0])
        for pattern, kind in ((_SHARE, "n"), (_PERCENT, "p"))
        if (found := pattern.match(case.flat[m.end() : end])) is not None
    ]
    for kind in ("n", "p"):
        both = [(at, found) for at, found, k in reads if k == kind]
        if len(both) != 2:
            continue
        (at, x), (to, y) = both
        part, whole = read_printed(x[kind]), read_printed(y[kind])
        members = [(at + x.start(kind), at + x.end(kind)), (to + y.start(kind), to + y.end(kind))]
        words = f"{narrow[0][0].lower()} are part of {broad[0][0].lower()}"
        if part.low > whole.high:
            sentence = f"{part.text} is more than {whole.text}, yet {words}."
            case.relate("subset", members, "error-if", sentence, "part <= whole", on=_on(statements, members[0][0]))
        else:
            case.relate("subset", members, "ok", f"{part.text} <= {whole.text}: {words}.", "part <= whole")
        return


_GRADED = re.compile(
    r"(?<![\d.,/-])(?P<n>\d+)(?: patients)? \(\d+(?:\.\d+)? ?%\) (?:had|experienced|developed|were|with) "
    r"(?P<what>[^.;:()\d]{0,40}?grades? ?(?:[≥>]=? ?)?[1-5](?: or (?:higher|worse|more|greater|[2-5])|[-/][2-5])?"
    r"[^.;:,()\d]{0,50})",
    re.IGNORECASE,
)
_GRADE = re.compile(r"grades? ?(?:[≥>]=? ?)?[1-5](?: or (?:higher|worse|more|greater|[2-5])|[-/][2-5])?", re.IGNORECASE)
_RELATED = re.compile(r"\brelated\b|\battribut\w+|-related\b", re.IGNORECASE)


def _related(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`22 (54%) had grade 3 or higher events, and 12 (29%) had grade 3 or higher events related to the drug`."""
    found = list(_GRADED.finditer(case.flat, start, end))
    if len(found) != 2 or len({m[0] for x in found for m in [_GRADE.search(x["what"])] if m}) != 1:
        return
    related = [_RELATED.search(x["what"]) is not None for x in found]
    if related[0] == related[1]:
        return
    part, whole = found if related[0] else found[::-1]
    members = (part.span("n"), whole.span("n"))
    if int(part["n"]) > int(whole["n"]):
        sentence = f"{part['n']} with related events are more than the {whole['n']} with any of this grade."
        case.relate("subset", members, "error-if", sentence, "part <= whole", on=_on(statements, part.start("n")))
    else:
        case.relate("subset", members, "ok", f"{part['n']} <= {whole['n']}.", "part <= whole")


def _sexes(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`62% male and 48% female`."""
    for m in _SEXES.finditer(case.flat, start, end):
        if m["first"].lower()[0] == m["second"].lower()[0]:
            continue
        a, b = read_printed(m["a"]), read_printed(m["b"])
        low = max(a.low, Fraction(0)) + max(b.low, Fraction(0))
        if low > 100:
            sentence = f"{a.text} % and {b.text} % are more than all, if of the same people."
            case.relate("sum", [m.span("a"), m.span("b")], "error-if", sentence, "exclusive categories",
                        on=_on(statements, m.start("b")))  # fmt: skip


def _responses(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`the ORR was 37.4%, with CR in 3.3% and PR in 34.1%`."""
    whole, parts = list(_ALL.finditer(case.flat, start, end)), list(_HAD.finditer(case.flat, start, end))
    kinds = {m["what"][0].lower() for m in parts}
    if len(whole) != 1 or len(parts) != 2 or len(kinds) != 2:
        return
    total: Printed = read_printed(whole[0]["p"])
    shares = [read_printed(m["p"]) for m in parts]
    found = sum((x.value for x in shares), Fraction(0))
    slack = (total.step + sum(x.step for x in shares)) / 2
    members = [whole[0].span("p"), *(m.span("p") for m in parts)]
    shown = f"{' + '.join(x.text for x in shares)} = {float(found):g} %"
    if abs(found - total.value) <= slack:
        case.relate("sum", members, "ok", f"{shown}, printed {total.text} %.", "complete + partial")
    else:
        sentence = f"Complete and partial responses: {shown}, not {total.text} %."
        case.relate("sum", members, "error-if", sentence, "complete + partial", on=_on(statements, whole[0].start("p")))


def _evaluable(case: Case, statements: list[Statement], start: int, end: int) -> None:
    """`203 patients were enrolled; 217 were evaluable`."""
    entered, seen = list(_ENTERED.finditer(case.flat, start, end)), list(_EVALUABLE.finditer(case.flat, start, end))
    if len(entered) != 1 or len(seen) != 1 or seen[0].start() < entered[0].start():
        return
    which = "n" if entered[0]["n"] else "m"
    total, part = (int(x.replace(",", "")) for x in (entered[0][which], seen[0]["n"]))
    members = [entered[0].span(which), seen[0].span("n")]
    if part > total:
        sentence = f"{part} of {total} is more than all."
        case.relate("subset", members, "error-if", sentence, "part <= whole", on=_on(statements, seen[0].start("n")))
    else:
        case.relate("subset", members, "ok", f"{part} of {total}.", "part <= whole")
