"""Which way values go: what fell or rose from one to another, survival that cannot rise, incidence that cannot fall."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_ways"]

_VERB = re.compile(
    r"\b(?:(?P<down>fell|dropped|declin(?:ed|es)|decreas(?:ed|es)|reduc(?:ed|es)|lower(?:ed|s)|shrank|cut|"
    r"diminished|went down|plummeted|halved)|"
    r"(?P<up>rose|increas(?:ed|es)|grew|climbed|went up|raised|doubled|tripled|soared|(?:was|were) elevated))\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    rf"from (?:a (?:mean|median|rate|baseline)(?: [a-z]+)? (?:of )?|about |approximately "
    rf")?(?P<s>[-$€£])?(?P<a>{NUMBER})(?P<u>(?: ?(?!to\b)(?:%|[a-zA-Zµμ]+(?:/[a-zA-Z0-9]+)*))?)"
    rf"(?: (?!to\b|and\b)[^\s.;]+){{0,6}}? to (?:a (?:mean|median|rate)(?: [a-z]+)? (?:of )?|about |approximately "
    rf")?(?P<t>[-$€£])?(?P<b>{NUMBER})(?P<v>(?: ?(?:%|[a-zA-Zµμ/]+))?)(?![\d.,]*\d)",
)
_TURNED = re.compile(
    r"\b(?:not|no|nor|never|neither|without|by \d|but|whereas|while|although|versus|vs|than|age|range[sd]?|between|"
    r"tier|stage|grade|class|"
    r"level|dose|week|day|month|threshold|interval|quartile|time to|days to|order|rank\w*|p-values?)\b",
    re.IGNORECASE,
)
_YEARS = (1900, 2100)
_SURVIVES = re.compile(
    r"\b(?P<fall>(?:overall |progression-free |disease-free |event-free |relapse-free |recurrence-free |graft |"
    r"patient |implant |metastasis-free |cancer-specific )?"
    r"survival(?: rates?| probability| estimates?)?(?: \([A-Z]{2,4}\))?|PFS|OS|DFS|EFS|RFS|(?:primary |secondary "
    r")?patency(?: rates?)?|freedom from [a-z -]{3,30})"
    r"|\b(?P<rise>(?:cumulative )(?:incidence|mortality|risk|probability|rates?)(?: of [a-z -]{3,40})?|cumulative "
    r"[a-z]+ rates?)",
    re.IGNORECASE,
)
_U = r"(?:years?|months?|weeks?|days?)"
_MARKS = re.compile(
    rf"(?P<p>{NUMBER}) ?%(?: \([^()]{{3,40}}\))? at (?P<x>\d{{1,3}})(?: (?P<u>{_U}))?,? (?:and|to|then|,)(?: "
    rf"(?:then|to|only))? ?"
    rf"(?P<q>{NUMBER}) ?%(?: \([^()]{{3,40}}\))? at (?P<y>\d{{1,3}}) (?P<v>{_U})"
    rf"|\bat (?P<x2>\d{{1,3}})(?: (?P<u2>{_U}))? and (?P<y2>\d{{1,3}}) (?P<v2>{_U})[^.;()\d]{{0,30}}? (?:was|were|"
    rf"of) (?P<p2>{NUMBER}) ?%(?: \([^()]{{3,40}}\))? and "
    rf"(?P<q2>{NUMBER}) ?%(?: \([^()]{{3,40}}\))?(?:,? respectively)?"
    rf"|(?P<x3>\d{{1,3}})(?:-(?P<u3>{_U}))? and (?P<y3>\d{{1,3}})-(?P<v3>{_U}) (?P<what>[^.;()\d]{{3,40}}?)(?: "
    rf"rates?)? (?:was|were|of) (?P<p3>{NUMBER}) ?%(?: \([^()]{{3,40}}\))? and (?P<q3>{NUMBER}) ?%",
    re.IGNORECASE,
)
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}
_CONDITIONAL = re.compile(
    r"\b(?:conditional|among those|survivors|of those|who (?:were|had) (?:alive|survived)|landmark)\b", re.IGNORECASE
)


def check_ways(case: Case) -> None:
    """Check values that fell or rose from one to another, and rates of one group at two times."""
    found: dict[int, list[re.Match[str]]] = defaultdict(list)
    for m in _FROM_TO.finditer(case.flat):
        if (k := bisect_right(case.begins, m.start()) - 1) >= 0:
            found[k].append(m)
    for k, pairs in found.items():
        p = case.text.passages[k]
        if len(pairs) == 1 and p.table is None and pairs[0].end() <= p.end and not is_cited(case.flat[p.start : p.end]):
            _way(case, p, pairs[0])
    for p in sentences_with(case, " than "):
        for m in _THAN.finditer(case.flat, p.start, p.end):
            _than(case, p, m)
    for p in sentences_with(case, "surviv", "pfs", " os ", "dfs", "efs", "patency", "freedom from", "cumulative"):
        if case.flat.count("%", p.start, p.end) < 2:
            continue
        for m in _MARKS.finditer(case.flat, p.start, p.end):
            _in_time(case, p, m)


def _way(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`the rate of stroke was reduced from 8.4% to 5.1%`."""
    begin = max((x.end() for x in re.finditer(r"[;:,(] ", case.flat[p.start : m.start()])), default=0) + p.start
    verbs = list(_VERB.finditer(case.flat, begin, m.start()))
    if len(verbs) != 1 or m.start() - verbs[0].end() > _NEAR or _TURNED.search(case.flat, begin, m.end()):
        return
    a, b = read_printed(m["a"]), read_printed(m["b"])
    if (
        _AGE.match(case.flat, m.end())
        or _POWER.match(case.flat, m.end("a"))
        or _RANGING.search(case.flat, begin, m.start("a"))
    ):
        return
    if m["s"] or m["t"] or a.value == b.value or a.low <= 0 or b.low <= 0:
        return
    unit, other = m["u"].strip(), m["v"].strip()
    if unit and "%" in unit + other and unit != other and "%" not in unit:
        return
    if all(not x.digits and _YEARS[0] <= x.value <= _YEARS[1] for x in (a, b)) or _TIMES.fullmatch(unit or other):
        return
    falls = b.value < a.value
    if falls == (verbs[0]["down"] is not None):
        return
    if _PER_TIME.search(case.flat, m.end(), min(p.end, m.end() + 20)) and unit:
        return
    places = [m.span("a"), m.span("b")]
    if any(compared(case, x, "direction", "difference", "derived", "landmark") for x in places):
        return
    sentence = f"“{verbs[0][0]}” is said of {a.text} to {b.text}, which is {'less' if falls else 'more'}."
    judge(case, p, "direction", places, "unlikely", sentence, "order of two values")


_AGE = re.compile(r"(?: years?| months?)? (?:of age|old)\b")
_POWER = re.compile(r" ?[×x] ?10")
_RANGING = re.compile(r"\brang(?:ing|ed|es)\b")
_NEAR = 70
_TIMES = re.compile(r"(?:am|pm|h|hrs|baseline|admission)", re.IGNORECASE)
_PER_TIME = re.compile(r"^ ?(?:per|in|of|/) ?\d")


_THAN = re.compile(
    rf"\b(?P<w>more|fewer|less|higher|lower|longer|shorter|greater|smaller|larger|older|"
    rf"younger)\b(?P<x>[^.;()\d]{{0,90}})\((?:(?:mean|median|average),? )?(?P<a>{NUMBER})"
    rf"(?P<u>(?: ?(?:%|"
    rf"[a-zA-Z/µμ][a-zA-Z/ µμ-]*))?)\)(?P<y>[^.;()\d]{{0,30}}?\bthan\b[^.;()\d]{{0,90}})\((?:(?:mean|median|"
    rf"average),? )?(?P<b>{NUMBER})(?P<v>(?: ?(?:%|[a-zA-Z/µμ][a-zA-Z/ µμ-]*))?)\)",
    re.IGNORECASE,
)
"""`fewer relapses (0.9 per year) than those on placebo (1.4 per year)`."""
_MORE_OR_LESS = {"more": True, "higher": True, "longer": True, "greater": True, "larger": True, "older": True}
_NOT_SO = re.compile(
    r"\b(?:no|not|nor|never|neither|without|likely|often|frequent\w*|odds|time to|severe\w*|negative|deficit|score)\b",
    re.IGNORECASE,
)


def _than(case: Case, p: Passage, m: re.Match[str]) -> None:
    a, b = read_printed(m["a"]), read_printed(m["b"])
    before = case.flat[max(p.start, m.start() - 24) : m.start()]
    if m["u"].strip() != m["v"].strip() or a.value == b.value or _NOT_SO.search(before) or _NOT_SO.search(m["x"]):
        return
    if re.search(
        rf"\b(?:{'|'.join((*_MORE_OR_LESS, 'fewer', 'less', 'lower', 'shorter', 'smaller', 'younger'))})\b",
        m["x"] + m["y"],
        re.IGNORECASE,
    ):
        return
    more = _MORE_OR_LESS.get(m["w"].lower(), False)
    places = [m.span("a"), m.span("b")]
    if (a.value > b.value) == more or any(compared(case, x, "direction") for x in places):
        return
    sentence = f"“{m['w']}” is said of {a.text} beside {b.text}."
    judge(case, p, "direction", places, "unlikely", sentence, "order of two values")


_OF_SEVERAL = re.compile(
    r"\b(?:respectively|groups|arms|cohorts|men and women|stages|grades|versus|vs|whereas|while)\b"
)
"""Words of several groups, of which two rates may be."""


def _in_time(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`46% at 12 months and 52% at 24 months`: survival that rises, a cumulative incidence that falls."""
    s = "" if m["p"] else "2" if m["p2"] else "3"
    named = list(_SURVIVES.finditer(case.flat, p.start, m.start("what") if s == "3" else m.start()))
    if s == "3":
        named = list(_SURVIVES.finditer(case.flat, m.start("what"), m.end("what") + 12)) or named
    if not s and _OF_SEVERAL.search(case.flat, p.start, p.end):
        return
    if not named or _CONDITIONAL.search(case.flat, p.start, p.end):
        return
    name = named[-1]
    if m.start() - name.end() > _NEAR:
        return
    early, late = read_printed(m["p" + s]), read_printed(m["q" + s])
    x, y = (float(m[k + s]) for k in "xy")
    unit = m["v" + s]
    x *= _DAYS[(m["u" + s] or unit)[0].lower()]
    y *= _DAYS[unit[0].lower()]
    wrong = (late.low > early.high_cut and name["fall"]) or (late.high_cut < early.low and name["rise"])
    places = [m.span("p" + s), m.span("q" + s)]
    if y <= x or not wrong or any(compared(case, z, "landmark", "order") for z in places):
        return
    what = "Survival cannot rise" if name["fall"] else "A cumulative incidence cannot fall"
    judge(
        case,
        p,
        "landmark",
        places,
        "error-if",
        f"{what} from {early.text} to {late.text} %, in the same patients.",
        "order in time",
    )
