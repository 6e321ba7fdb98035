"""Shares listed in one sentence: what excludes each other is at most all, the graver grade is part of any grade."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case, holder
from codon12.numbers.unrounded import read_printed

__all__ = ["EVERYBODY", "check_lists", "event_words"]

_HINT = re.compile(
    r"\bstage|\bperformance status|\bECOG|\b(?:best|overall) (?:overall )?response|\bgrade|\bothers? in\b|\bTPS\b|"
    r"\bPD-L1\b|\btumou?r proportion",
    re.IGNORECASE,
)
_STAGED = re.compile(
    r"(?<![\d.,/-])(?P<n>\d+)(?: \([^)]{1,12}\))? (?:of them |patients |tumou?rs |cases )?(?:had |were |with |in |at )?"
    r"stage (?P<what>IV|III|II|I)(?![\w/-])"
)
_STAGE_WAS = re.compile(
    r"\bstage (?:at (?:diagnosis|presentation|entry) )?(?:was|distribution)\b|\b(?=stage I{1,3}[AB]? (?:was|"
    r"disease|in)\b)",
    re.IGNORECASE,
)
_STAGE_SHARE = re.compile(
    r"(?<![\w-])(?:stage )?(?P<what>IV|III|II|I)(?: disease)?(?: was| were)?(?: (?:seen|found|present))?"
    r"(?: in|:|,| =| \()? ?(?P<n>\d+(?:\.\d+)?) ?%"
)
_RESPONSE_WAS = re.compile(r"\b(?:best|overall) (?:overall )?responses? (?:was|were|included)\b", re.IGNORECASE)
_RESPONSE_SHARE = re.compile(
    r"\b(?P<what>complete|partial|stable|progressi)\w*(?: (?:response|remission|disease))?(?: was| were)?"
    r"(?: (?:seen|observed|noted))?(?: in|:|,| =| of| \()? ?(?P<n>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_SORT_WAS = re.compile(r"\b(?:histolog\w+|types?|class|site|cause|status|diagnos\w+) (?:was|were)\b", re.IGNORECASE)
_SORT_SHARE = re.compile(r"\b(?!and |or )(?P<what>[a-z-]+)(?: [a-z-]+)? in (?P<n>\d+(?:\.\d+)?) ?%", re.IGNORECASE)
_SCORE_WAS = re.compile(r"\b(?:performance status|ECOG(?: PS)?)(?: scores?)? (?:was|were|of)\b", re.IGNORECASE)
_SCORE_SHARE = re.compile(r"(?<![\d.≤≥<>-])(?P<what>[0-4])(?: in|:|,| =| \()? ?(?P<n>\d+(?:\.\d+)?) ?%")
_SCORED = re.compile(r"\b(?:PD-L1|TPS|CPS|tumou?r proportion scores?)\b[^.;%]{0,40}?(?: was| were|:)", re.IGNORECASE)
_SCORED_SHARE = re.compile(
    r"(?P<what>[<≥>] ?\d+ ?%|\d+ ?% ?(?:-|to) ?\d+ ?%|\d+ ?(?:-|to) ?\d+ ?%)(?: in|:|,| =| \()? ?"
    r"(?P<n>\d+(?:\.\d+)?) ?%(?! to| ?-)"
)
_PERCENT = r"(?P<{0}>\d+(?:\.\d+)?) ?% "
_OF = r"(?:had |with |of |were )*(?:an? )?(?:TPS )?(?:of )?"
_EXPRESSED = re.compile(
    rf"{_PERCENT.format('a')}(?:of [a-z ]{{0,40}}?)?(?:had |with |were |showed )(?:an? )?(?:PD-L1 )?"
    r"(?:TPS|CPS|expression|tumou?r proportion score)s?(?: of| was|:)? ?"
    r"(?:≥ ?50 ?%?|>= ?50 ?%?|(?:at least )?50 ?%(?: or (?:higher|greater|more|above))?),? (?:and )?"
    rf"{_PERCENT.format('b')}{_OF}1 ?%? ?(?:-|to) ?49 ?%,? (?:and )?"
    rf"{_PERCENT.format('c')}{_OF}(?:< ?1 ?%|less than 1 ?%|0 ?%|negative)",
    re.IGNORECASE,
)
"""`38.4% had a TPS of 50% or higher, 28.1% of 1-49%, and 33.5% of less than 1%`: these are all there are."""
_RATES = re.compile(r"\brespon|\brates?\b|\bby (?:PD-L1|TPS|CPS)|\bORR\b", re.IGNORECASE)
"""Percentages behind scores that may be rates within them."""
_LISTS = (
    (_SCORED, _SCORED_SHARE),
    (_SCORE_WAS, _SCORE_SHARE),
    (_STAGE_WAS, _STAGE_SHARE),
    (_RESPONSE_WAS, _RESPONSE_SHARE),
    (_SORT_WAS, _SORT_SHARE),
)
_SEVERAL = re.compile(
    r"\brespectively\b|\bvs\b|\bversus\b|\barms?\b|\bgroups?\b|surviv|recurr|sensitiv|specific|accura|\brelaps|"
    r"compared|\bby stage|for stage|among those|\btreated\b|control",
    re.IGNORECASE,
)
EVERYBODY = re.compile(
    r"(?<![\d.,/-])(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,3}?(?:patients|participants|subjects|pts|women|men|cases|tumou?rs)\b"
)
_GRAVE = re.compile(
    r"\bgrades? ?(?:3|≥ ?3|>= ?3|3 ?(?:-|to|or|and|/) ?[45])(?![\d.])"
    r"(?: (?:or|and) (?:higher|worse|more|above|greater))?",
    re.IGNORECASE,
)
_ANY = re.compile(r"\bany[- ]grade\b|\bof any grade\b|\ball[- ]grades?\b", re.IGNORECASE)
_GRADED_APART = re.compile(
    r"(?P<t>\d+(?:\.\d+)?) ?%[^.;%\d]{0,40}(?::|,) ?grades? (?P<x>1 ?(?:or|-|to|and|/) ?2|1|2)(?: events?)? in "
    r"(?P<a>\d+(?:\.\d+)?) ?% and (?:of )?grades? (?:3|≥ ?3|3 ?(?:or|-|to|and|/) ?[45])"
    r"(?: or (?:higher|worse|more|above))?(?: events?)? in (?P<b>\d+(?:\.\d+)?) ?%"
)
"""`events in 97.4%: grade 1 or 2 in 52.6% and grade 3 or higher in 44.8%`: each patient's worst grade once."""
_SMALL = frozenset(
    """
    and or of in the with for any all patients patient participants subjects occurred was were whereas while but had
    reported seen observed noted by events event adverse toxicity toxicities grade grades higher worse than to at
    """.split()  # noqa: SIM905  a list of words reads better so
)


def check_lists(case: Case) -> None:
    """Check the lists of stages, of responses and of grades in each sentence of prose."""
    for _, statements in case.prose(_HINT):
        _stages(case, statements)
        if not case.says(statements[0], _SEVERAL):
            for opened, listed in _LISTS:
                _shares(case, statements, opened, listed)
        _grades(case, statements)
        _expressed(case, statements)
        _graded_apart(case, statements)


def _stages(case: Case, statements: list[Statement]) -> None:
    """`Of 90 patients, 40 had stage I, 30 stage II and 20 stage III disease`: together at most all."""
    p = case.text.passages[statements[0].passage]
    listed = list(_STAGED.finditer(case.flat, p.start, p.end))
    if len(listed) < 2 or len({m["what"] for m in listed}) != len(listed):
        return
    wholes = [m for m in EVERYBODY.finditer(case.flat, p.start, p.end) if m.end("n") < listed[0].start()]
    if len(wholes) != 1 or case.flat[listed[0].start() : listed[-1].end()].count(";"):
        return
    total, parts = int(wholes[0]["n"].replace(",", "")), [int(m["n"]) for m in listed]
    shown = f"{' + '.join(map(str, parts))} = {sum(parts)}"
    members = [(m.start("n"), m.end("n")) for m in (wholes[0], *listed)]
    computed = {"parts": parts, "sum": sum(parts), "total": total}
    if sum(parts) > total >= max(parts):
        sentence = f"{shown}, more than {total}, if these stages exclude each other."
        on = (holder(statements, wholes[0].start("n")),)
        case.relate("sum", members, "error-if", sentence, "exclusive categories", computed, on=on)
    elif sum(parts) == total:
        case.relate("sum", members, "ok", f"{shown}.", "exclusive categories", computed)


def _shares(case: Case, statements: list[Statement], opened: re.Pattern[str], listed: re.Pattern[str]) -> None:
    """`Best response was complete in 20 %, partial in 25 % ...`: together at most 100 %."""
    p = case.text.passages[statements[0].passage]
    start = opened.search(case.flat, p.start, p.end)
    found = list(listed.finditer(case.flat, start.end(), p.end)) if start else []
    if len(found) < 3 or len({m["what"].lower() for m in found}) != len(found):
        return
    if opened is _SCORED and case.says(statements[0], _RATES):
        return
    if opened is _SORT_WAS and not {"other", "others"} & {m["what"].lower() for m in found}:
        return
    low = sum((max(read_printed(m["n"]).low, Fraction(0)) for m in found), Fraction(0))
    if low > 100:
        shown = " + ".join(m["n"] for m in found)
        members = [(m.start("n"), m.end("n")) for m in found]
        sentence = f"{shown} % is at least {float(low):.4g} %, if these exclude each other."
        on = (holder(statements, found[-1].start("n")),)
        case.relate("sum", members, "error-if", sentence, "exclusive categories", on=on)


def _expressed(case: Case, statements: list[Statement]) -> None:
    p = case.text.passages[statements[0].passage]
    for m in _EXPRESSED.finditer(case.flat, p.start, p.end):
        found = [read_printed(m[k]) for k in "abc"]
        low, shown = sum(max(x.low, Fraction(0)) for x in found), " + ".join(x.text for x in found)
        members = [m.span(k) for k in "abc"]
        if low > 100:
            sentence = f"{shown} % is at least {float(low):.4g} %, and these exclude each other."
            on = (holder(statements, m.start("c")),)
            case.relate("sum", members, "error-if", sentence, "exclusive categories", on=on)
        else:
            case.relate("sum", members, "ok", f"{shown} % is at most 100 %.", "exclusive categories")


def _graded_apart(case: Case, statements: list[Statement]) -> None:
    p = case.text.passages[statements[0].passage]
    for m in _GRADED_APART.finditer(case.flat, p.start, p.end):
        whole, a, b = (read_printed(m[k]) for k in "tab")
        members = [m.span(k) for k in "tab"]
        shown = f"{a.text} % + {b.text} % = {float(a.value + b.value):g} %"
        if a.low + b.low > min(whole.high, Fraction(100)):
            sentence = f"{shown}, more than {whole.text} %, if each patient counts with the worst grade."
            on = (holder(statements, m.start("a")),)
            case.relate("sum", members, "error-if", sentence, "exclusive categories", on=on)
        else:
            case.relate("sum", members, "ok", f"{shown}, of {whole.text} %.", "exclusive categories")


def _grades(case: Case, statements: list[Statement]) -> None:
    """`any grade in 24 % and of grade 3 or higher in 11 %`: the second share is part of the first."""
    shares = [s for s in statements if s.quantities.percent is not None or s.kind in PERCENT_KINDS]
    if len(shares) != 2 or not case.says(shares[0], _ANY):
        return
    p, (a, b) = case.text.passages[shares[0].passage], shares
    ahead, between = case.flat[p.start : a.normal_end], case.flat[a.normal_end : b.normal_end]
    grave = [bool(_GRAVE.search(x)) for x in (ahead, between)]
    any_ = [bool(_ANY.search(x)) for x in (ahead, between)]
    if sorted(grave) != [False, True] or grave != [not x for x in any_]:
        return
    if not event_words(between) <= event_words(ahead) or case.says(a, _SEVERAL):
        return
    part, whole = (a, b) if grave[0] else (b, a)
    x, y = part.quantities.percent, whole.quantities.percent
    known = any(r.kind == "subset" and {q.statement for q in r.places} == {a.id, b.id} for r in case.relations)
    if x is None or y is None or known:
        return
    if x.low > y.high:
        sentence = f"{x.text} % is more than {y.text} %, yet grade 3 or higher is part of any grade."
        case.relate("subset", (a, b), "error-if", sentence, "part <= whole", on=(part,))
    else:
        sentence = f"{x.text} % <= {y.text} %: grade 3 or higher is part of any grade."
        case.relate("subset", (a, b), "ok", sentence, "part <= whole")


def event_words(text: str) -> set[str]:
    """Words that may name an event: those of a list of grades say nothing of which event it is."""
    return {w for w in re.findall(r"[a-z]{3,}", text.lower()) if w not in _SMALL}
