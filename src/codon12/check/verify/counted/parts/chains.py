"""Groups within groups: chains of subsets, what is left of a group, an overall share between those of its parts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.prose import compared, judge, whole

__all__ = ["check_groups", "check_some_of_all"]

_OPPOSITES = (
    ("oligo", "multi"), ("mutant", "wild-type"), ("mutated", "wild-type"), ("responder", "non-responder"),
    ("responder", "nonresponder"), ("smoker", "non-smoker"), ("smoker", "never-smoker"), ("high-risk", "low-risk"),
    ("squamous", "non-squamous"), ("squamous", "nonsquamous"), ("operable", "inoperable"), ("single", "multiple"),
)  # fmt: skip
_FIRST = re.compile(r"\b(?:" + "|".join(sorted({re.escape(a) for a, _ in _OPPOSITES})) + r")", re.IGNORECASE)
_MOST_LINKS = 6
_AROUND = 1500
_OVERALL = re.compile(r"\b(?:vs\.?|versus)\b|\bthan\b", re.IGNORECASE)


def check_groups(case: Case) -> None:
    """Note chains of subsets and complements, and check shares of two parts around the share of the whole."""
    for s in case.statements:
        if s.kind not in PERCENT_KINDS or s.id not in case.denominators or s.kind == "table_cell":
            continue
        if case.denominators[s.id].source == "sentence":
            _chain(case, s)
        if case.says(s, _FIRST):
            _complement(case, s)
        _mixture(case, s)


def _chain(case: Case, s: Statement) -> None:
    """`Among the 13 ..., 12 ...`: part, group, and the groups named before in which these lie, each within the next."""
    same = case.populations_around(s)[0]
    group = next((p for p in same if p.among and not p.subgroup and p.statement.normal_start < s.normal_start), None)
    n = s.quantities.n
    if group is None or n is None or group.statement.kind != "count":
        return
    links: list[tuple[int, Statement]] = [(n, s), (group.n, group.statement)]
    at = group.statement.position
    for other in case.statements[max(0, at - 40) : at][::-1]:
        size = other.quantities.n
        people = other.kind == "count_percent" or (other.kind == "count" and case.sizes.get(size or 0, 0) > 0)
        if (
            size is not None
            and size > links[-1][0]
            and people
            and other.kind != "table_cell"
            and len(links) < _MOST_LINKS
        ):
            links.append((size, other))
    if len(links) < 3 or any(a[0] > b[0] for a, b in pairwise(links)):
        return
    shown = " <= ".join(str(k) for k, _ in links)
    case.relate("subset", [x for _, x in links], "ok", f"{shown}.", "part <= whole", {"ok": True})


def _complement(case: Case, s: Statement) -> None:
    """`52 of 63 had oligo-progression`, where the text compares them with the others: 11."""
    sentence = case.sentence(s).lower()
    whole, n = case.denominators[s.id].value, s.quantities.n
    if n is None or n > whole:
        return
    text = case.flat[max(0, s.normal_start - _AROUND) : s.normal_end + _AROUND].lower()
    for a, b in _OPPOSITES:
        stem = re.search(rf"(?<![\w-]){a}(?P<rest>-?[a-z]{{0,12}})", sentence)
        if stem is None:
            continue
        rest = stem["rest"] if stem["rest"].startswith("-") else ""
        if not re.search(rf"(?<![\w-]){re.escape(b + rest)}", text):
            continue
        sentence = f"{whole} - {n} = {whole - n}, not printed ({b}{rest})."
        case.relate("complement", (s,), "ok", sentence, "N - n", {"complement": whole - n, "n": n, "N": whole})
        return


def _mixture(case: Case, s: Statement) -> None:
    """A share of all lies between the shares of its two parts, which the next sentence compares."""
    q, total = s.quantities, case.denominators[s.id].value
    if q.percent is None or q.n is None:
        return
    following = [x for x in case.by_passage.get(s.passage + 1, ()) if x.kind == "percent_only"]
    percents = [
        p for x in following for p in ((x.quantities.percent,) if x.quantities.percent else x.quantities.values)
    ]
    if len(percents) != 2 or None in percents or not case.says(following[0], _OVERALL):
        return
    words = set(re.findall(r"\b[A-Z][A-Z0-9-]{2,}\b", case.sentence(s)))
    if not words & set(re.findall(r"\b[A-Z][A-Z0-9-]{2,}\b", case.sentence(following[0]))):
        return
    low = min(p.low for p in percents if p is not None)
    high = max(p.high_cut for p in percents if p is not None)
    exact = Fraction(100 * q.n, total)
    ends = sorted(p.value for p in percents if p is not None)
    share = max(exact - ends[0], ends[1] - exact) / (ends[1] - ends[0]) if ends[0] < ends[1] else Fraction(1)
    printed_in, exact_in = q.percent.high >= low and q.percent.low <= high, low <= exact <= high
    shown = " and ".join(p.text for p in percents if p is not None)
    computed = {
        "bounds": sorted(float(p.value) for p in percents if p is not None),
        "exact_percent": round(float(exact), 4),
    }
    members = (s, *following)
    if printed_in and exact_in and abs(exact - q.percent.value) <= q.percent.step:
        case.relate(
            "mixture", members, "ok", f"{q.percent.text} % lies between {shown} %.", "mixture of parts", computed
        )
    elif printed_in:
        fits = "does as well" if share <= Fraction(9, 10) else "only if nearly all are of one part"
        sentence = (
            f"A share of all lies between those of its parts, {shown} %: {q.percent.text} % does, "
            f"{float(exact):.4g} % ({q.n} of {total}) {fits}."
        )
        case.relate("mixture", members, "ok", sentence, "mixture of parts", computed)
    else:
        sentence = f"{q.percent.text} % does not lie between {shown} %: not the same subjects, or a slip."
        case.relate("mixture", members, "cannot confirm", sentence, "mixture of parts", computed)


_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d| ?%)"
_WHO = r"(?:patients|participants|subjects|women|men|children|adults|cases|infants|people|tumou?rs|samples)"
_SOME_OF_ALL = re.compile(
    r"\b(?:subsets?|sub-?groups?|sub-?stud(?:y|ies)|sub-?populations?|sub-?cohorts?)\b[^.;\d]{0,60}?\b(?:of|comprised|"
    rf"comprising|includ(?:ed|ing)|consist(?:ed|ing) of|numbered|in|with|was|were) (?P<n>{_N}) (?:[a-z-]+ "
    rf"){{0,2}}?{_WHO}"
    r"|\b(?:efficacy|primary|response|biomarker|pharmacokinetic|PK|per-protocol|evaluable)(?: [a-z]+){0,2} "
    r"(?:population|set|analys[ei]s|cohort)\b[^.;\d]{0,60}?\b(?:restricted to|limited to|confined to|comprised|"
    rf"consisted of|included) (?P<m>{_N}) (?:[a-z-]+ ){{0,2}}?{_WHO}",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:registry|pool\w*|trials|studies|combined|together|another|other|external|validation|historical|controls?|"
    r"screen\w*|additional|further|per|each|extension|expan\w+|phase|parts?|including|previous\w*|earlier)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"\b(?:received|treated|enrol?led|randomi[sz]ed|included|dosed|given|entered|recruited|accrued)\b", re.IGNORECASE
)
_FEWEST, _TIMES = 10, 2


def check_some_of_all(case: Case, p: Passage) -> None:
    """`168 patients were treated. The efficacy population was a subset of 186 patients`: more than all named so far."""
    for m in _SOME_OF_ALL.finditer(case.figures, p.start, p.end):
        at = m.span("n" if m["n"] else "m")
        part = whole(case.figures[slice(*at)])
        named = [x for x in case.populations if not x.subgroup and x.statement.normal_end <= m.start()]
        all_ = max(named, key=lambda x: x.n, default=None)
        if all_ is None or not _FEWEST <= all_.n < part < _TIMES * all_.n or case.sizes[part] > 1 or part in case.sums:
            continue
        q = case.text.passages[all_.statement.passage]
        said = case.flat[q.start : q.end] + case.flat[p.start : p.end]
        if q.paragraph != p.paragraph or _OF_OTHERS.search(said) or not _TREATED.search(case.flat, q.start, q.end):
            continue
        if not compared(case, at, "subset"):
            sentence = f"{part} of a part are more than the {all_.n} of all named before."
            places = [at, (all_.statement.normal_start, all_.statement.normal_end)]
            judge(case, p, "subset", places, "error-if", sentence, "part <= whole")
