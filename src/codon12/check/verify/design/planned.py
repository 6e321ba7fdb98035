"""What a design says of its own numbers: limits of equivalence, the planned size, a part of the events, two medians."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import NUMBER_WORD, WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, counts_in, judge, only, whole
from codon12.numbers.unrounded import read_printed

__all__ = [
    "check_divided_level", "check_equivalence", "check_medians_planned", "check_part_of_events",
    "check_planned_size", "check_precision",
]  # fmt: skip


_DENIED = re.compile(r"\b(?:not|no|neither|nor|failed|unless|never|would|if|missed)\b", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?P<w>exceeded|surpassed|reached|met) (?:the|our) (?:planned|target|required|intended|calculated|"
    r"prespecified) "
    rf"(?:sample(?: size)?|number|accrual|enrol?lment)(?: size)?(?: of| \(n ?=)? ?(?P<v>{NUMBER})\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER}) (?:[a-z]+ ){{0,3}}?(?:patients|participants|women|men|subjects|children|"
    r"adults|volunteers)\b"
)


def check_planned_size(case: Case, p: Passage) -> None:
    """Check a number of patients that is said to have reached the size planned."""
    for m in _PLANNED.finditer(case.flat, p.start, p.end):
        counts = list(_PEOPLE.finditer(case.figures, p.start, m.start()))
        goal = read_printed(m["v"])
        if len(counts) != 1 or _DENIED.search(case.flat, p.start, m.start()):
            continue
        n = read_printed(counts[0]["n"])
        if n.value < goal.value and not compared(case, m.span("v"), "benchmark"):
            sentence = f"{n.text} is not {goal.text} or more."
            judge(case, p, "benchmark", [counts[0].span("n"), m.span("v")], "error-if", sentence, "comparison")
    _share_of_plan(case, p)


_GOAL = re.compile(
    r"\b(?:plan(?:ned)?|target|goal|intended)(?: (?:sample|size|number|accrual|enrol?lment|was|were|of|for|had|been|is"
    rf"|to|enrol?l?|enter|recruit|accrue|include|the))* (?P<g>{NUMBER})\b(?! ?%|[.\d]|-)",
    re.IGNORECASE,
)
_OF_PLAN = re.compile(
    rf"(?<!about )(?<!almost )(?<!nearly )(?<!than )(?<!over )(?<!some )(?<![\w.,-])(?P<v>{NUMBER}) ?% of "
    r"(?:the|our|its|this|that) (?:planned|target|intended|projected|required)"
    r"(?: (?:sample|size|number|accrual|enrol?lment|recruitment))*"
    r"(?: (?:was|were|had been|has been|is))? (?:reached|attained|achieved|accrued|recruited|enrol?led|entered)\b"
)


def _share_of_plan(case: Case, p: Passage) -> None:
    """`512 patients had been entered; since the plan was for 640, 80% of the planned sample was reached`."""
    found = only(_OF_PLAN.finditer(case.flat, p.start, p.end))
    people, goal = (only(x.finditer(case.figures, p.start, p.end)) for x in (_PEOPLE, _GOAL))
    if found is None or people is None or goal is None or people.start() == goal.start("g"):
        return
    n, of, share = (read_printed(x) for x in (people["n"], goal["g"], found["v"]))
    counted = [n.value, *(c.n for c in counts_in(case, p.start, p.end))]
    if not 0 < n.value < of.value or any(abs(100 * x / of.value - share.value) <= share.step for x in counted):
        return
    sentence = f"{n.text} of {of.text} planned is {float(100 * n.value / of.value):.3g} %, printed {share.text} %."
    places = [people.span("n"), goal.span("g"), found.span("v")]
    judge(case, p, "percent", places, "error-if", sentence, "a share of the plan")


_WITHIN = re.compile(
    r"\b(?:within|inside|between)(?: (?:the|its|these|predefined|prespecified|equivalence|limits|margins?|"
    r"range|bounds|of))* "
    rf"(?P<a>-?{NUMBER}) ?%? ?(?:to|and|-) ?(?P<b>-?{NUMBER})",
    re.IGNORECASE,
)
_LAY = re.compile(
    rf"\b(?:interval|CI|limits)\b[^.;()\d]{{0,30}}?[,( ]+(?P<c>-?{NUMBER}) ?%? ?(?:to|-|and) "
    rf"?(?P<d>-?{NUMBER})[^.;\d]{{0,20}}? "
    r"(?:lay|lies|was|were|fell|is|being|remained|stayed) (?:entirely |wholly |completely |well |thus |"
    r"therefore )*(?:within|inside)\b",
    re.IGNORECASE,
)
_DENIED_FLATLY = re.compile(r"\b(?:not|neither|nor|failed|would|if)\b", re.IGNORECASE)


def check_equivalence(case: Case, p: Passage) -> None:
    """`equivalence required the 90% CI within 0.80 to 1.25; the interval, 0.71 to 1.12, lay within these limits`."""
    lay = list(_LAY.finditer(case.flat, p.start, p.end))
    if len(lay) != 1:
        return
    m = lay[0]
    limits = [
        x for q in case.text.passages[max(0, p.index - 1) : p.index + 1] if q.paragraph == p.paragraph
        for x in _WITHIN.finditer(case.flat, q.start, q.end)
    ]  # fmt: skip
    if len(limits) != 1 or _DENIED_FLATLY.search(case.flat, m.start(), m.end()):
        return
    low, high, c, d = (read_printed(x) for x in (limits[0]["a"], limits[0]["b"], m["c"], m["d"]))
    if (low.value <= c.value and d.value <= high.value) or not low.value < high.value:
        return
    places = [limits[0].span("a"), limits[0].span("b"), m.span("c"), m.span("d")]
    sentence = f"{c.text} to {d.text} does not lie within {low.text} to {high.text}."
    judge(case, p, "benchmark", places, "error-if", sentence, "comparison")


_PARTS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "two thirds": Fraction(2, 3),
    "quarter": Fraction(1, 4),
    "three quarters": Fraction(3, 4),
}
_PART = r"(?:one |one-|a |an |the )?(?P<{0}>half|third|two[- ]thirds|quarter|three[- ]quarters)"
_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
_SO_MANY = (
    r"(?:of )?(?:the |all |its |our |these )?"
    r"(?:(?:planned|required|target|expected|needed|total|final|intended|full) )*"
)
_THINGS = r"(?:[a-z-]+ ){0,2}?(?P<%s>events|deaths|progressions|relapses|recurrences|patients|participants|women|men)"
_PART_OF_EVENTS = re.compile(
    rf"(?:\b{_PART.format('f')}|(?<![\w.,-])(?P<q>\d{{1,2}}(?:\.\d)?) ?%) {_SO_MANY}"
    rf"(?P<n>{_N}) {_THINGS % 'x'}\b[^.;\d%]{{0,30}}?(?:\(|[,:(]? ?"
    r"(?:\bi\.e\.|\b(?:or|that is|that means|namely|meaning|thus|hence|which is)\b),?) ?"
    r"(?:(?:after|at|with|on|by|exactly|the first) )*"
    rf"(?P<m>{_N})(?: {_THINGS % 'y'}\b| had\b| occurred\b| ?[),;.]|$)"
    rf"|(?<![\w.,/-])(?P<m2>{_N}) {_THINGS % 'z'}(?: [a-z]+){{0,2}}? ?[,(] ?"
    rf"(?:(?:or|that is|i\.e\.|namely|exactly|which is),? )*{_PART.format('g')} {_SO_MANY}(?P<n2>{_N})(?! ?%)",
    re.IGNORECASE,
)
_LOOK = re.compile(r"\b(?:interim|look|information fraction)\b", re.IGNORECASE)
_OF_PLAN_OF_EVENTS = re.compile(
    r"\b(?:planned|required|target|expected|needed|total|final)\b.*\b(?:events|deaths)\b", re.IGNORECASE
)
_WERE = re.compile(r"\b(?:were|was|are|had|occurred)\b")
_LEAST_OFF, _PART_OFF = 2, Fraction(3, 100)


def check_part_of_events(case: Case, p: Passage) -> None:
    """`after half of the 300 events, that is after 120 events`, `an interim look at 60% of the 290 planned (147)`."""
    for m in _PART_OF_EVENTS.finditer(case.flat, p.start, p.end):
        f, n, k = ("g", "n2", "m2") if m["g"] else ("f" if m["f"] else "q", "n", "m")
        if m["q"] and (
            not (_LOOK.search(case.flat, p.start, p.end) and _OF_PLAN_OF_EVENTS.search(m[0]))
            or _WERE.search(case.flat, m.end("x"), m.start("m"))
        ):
            continue
        whole, some = read_printed(m[n]), read_printed(m[k])
        part = Fraction(m["q"]) / 100 if m["q"] else _PARTS[m[f].lower().replace("-", " ")]
        meant = part * whole.value
        if abs(some.value - meant) <= max(_LEAST_OFF, _PART_OFF * whole.value) or some.value >= whole.value:
            continue
        if m["y"] and m["y"].lower() != m["x"].lower() and not (m["q"] and m["x"] == "events"):
            continue
        if not compared(case, m.span(k), "words", "derived"):
            sentence = f"{m[f]}{' %' if m['q'] else ''} of {whole.text} is {float(meant):.4g}, not {some.text}."
            judge(case, p, "derived", [m.span(n), m.span(k)], "unlikely", sentence, "fraction in words")


_LEVEL = r"0?[.·]\d+"
_DIVIDED = re.compile(
    rf"\b(?:alpha|α|level|significance|error)\b[^.;\d]{{0,40}}?(?<![\d.])(?P<a>{_LEVEL})\)?(?: [a-z-]+){{0,4}}? "
    rf"divided by (?:the )?(?P<k>[2-9]|1\d|{NUMBER_WORD})\b(?:[^.;\d]|\.(?! ))*?(?<![\d.])(?P<b>{_LEVEL})(?![\d.]*\d)",
    re.IGNORECASE,
)
_P_OF_A_RESULT = re.compile(r"\bP ?[=≤] ?$|\b(?:gave|yielded) (?:a )?P\b", re.IGNORECASE)


def check_divided_level(case: Case, p: Passage) -> None:
    """`the level of 0.05 was divided by four (Bonferroni), and P values below 0.025 were called significant`."""
    m = only(_DIVIDED.finditer(case.flat, p.start, p.end))
    if m is None or _P_OF_A_RESULT.search(case.flat, m.start(), m.start("b")):
        return
    of, level = (read_printed(m[x].replace("·", ".")) for x in "ab")
    parts = WORD_VALUES.get(m["k"].lower()) or int(m["k"])
    due = of.value / parts
    places = [m.span("a"), m.span("b")]
    if not level.low <= due < level.high_cut and level.value != of.value and not compared(case, m.span("b"), "derived"):
        sentence = f"{of.text} divided by {parts} is {float(due):.3g}, not {level.text}."
        judge(case, p, "derived", places, "error-if", sentence, "level / tests")


_T = r"(?:months?|years?|weeks?)"
_MEDIANS_PLANNED = re.compile(
    rf"\bmedians?\b[^.;\d]{{0,60}}?(?<![\w.,])(?P<a>{NUMBER})(?: ?{_T})?\b(?:"
    rf"(?:[^;.]|\.\d){{0,160}}?\bmedian\b[^.;\d]{{0,50}}?|[^.;\d]{{0,40}}? (?:to|vs\.?|versus|against|and) )"
    rf"(?<![\w.,])(?P<b>{NUMBER}) ?(?P<u>{_T})\b",
    re.IGNORECASE,
)
_DESIGNED = re.compile(
    r"\b(?:assum\w+|exponential\w*|hypothes\w+|target|to detect|designed|power(?:ed)?|planned|sample size)\b",
    re.IGNORECASE,
)
_HAZARD_RATIO = re.compile(
    rf"\b(?:hazard ratio|HR)(?: \(HR\))?(?: to be detected)?(?: of| was| is|,|:| =)* ?(?P<v>{NUMBER})(?![\d.,]*\d| ?%)",
    re.IGNORECASE,
)
_NOT_IN_PROPORTION = re.compile(
    r"\b(?:CI|confidence|observed|delayed|non-?proportional|cure[d]?|Weibull|margin|non-?inferior\w*|interim|respectively|"
    r"follow-?up|accrual|enrol\w*|recruit\w*|duration|period|minimum|age[ds]?|if|or)\b|\b[Pp] ?[=<]",
    re.IGNORECASE,
)
_OUTCOME = re.compile(r"\b(?:(?P<a>OS|overall survival)|(?P<b>[A-Z]{1,2}FS|[a-z]+-free|TTP|time to [a-z]+))\b")
_LOG_OFF = 0.1


def check_medians_planned(case: Case, p: Passage) -> None:
    """`assuming a median of 10 months, a hazard ratio of 0.50 corresponds to a median of 15`: with hazards constant."""
    words = case.flat[p.start : p.end]
    ratio = only(_HAZARD_RATIO.finditer(case.flat, p.start, p.end))
    m = only(_MEDIANS_PLANNED.finditer(case.flat, p.start, p.end))
    if ratio is None or m is None or not _DESIGNED.search(words) or _NOT_IN_PROPORTION.search(words):
        return
    if len({x.lastgroup for x in _OUTCOME.finditer(words)}) > 1:
        return  # medians of two outcomes
    a, b, hr = (read_printed(x) for x in (m["a"], m["b"], ratio["v"]))
    if min(a.low, b.low, hr.low) <= 0 or any(m.start(k) <= ratio.start("v") < m.end(k) for k in "ab"):
        return
    least, most = sorted((a, b), key=lambda x: x.value)
    told = abs(math.log(hr.value))
    low, high = math.log(max(most.low / least.high, Fraction(1))), math.log(most.high / least.low)
    places = [m.span("a"), m.span("b"), ratio.span("v")]
    if not low - _LOG_OFF <= told <= high + _LOG_OFF and not compared(case, ratio.span("v"), "power", "derived"):
        meant = float(least.value / most.value)
        sentence = f"Medians of {a.text} and {b.text} are those of a hazard ratio of {meant:.2f}, not {hr.text}."
        judge(case, p, "derived", places, "unlikely", sentence, "constant hazards")


_EXPECTED = re.compile(
    r"\b(?:expected|assum\w+|anticipat\w+|hypothesi[sz]\w+)\b[^.;()%]{0,60}? of (?P<p>\d+(?:\.\d+)?) ?%", re.IGNORECASE
)
_HALF_WIDTH = re.compile(
    r"\b(?:half-width|margin of error|precision|maximum error|absolute error)\b[^.;()\d%]{0,20}? (?:of )?(?:± ?)?"
    r"(?P<d>\d+(?:\.\d+)?) ?(?:%|percentage points|points)|\bwithin (?:± ?)?(?P<e>\d+(?:\.\d+)?) percentage points",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?<![\d.,])(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,6}?(?:(?:were|was|are|would be) )?(?:required|needed|necessary)\b"
)
_WITH_IT = re.compile(
    r"\b(?:assuming|expecting|anticipating|since|as|if) (?:that )?(?P<q>\d+(?:\.\d+)?) ?% of [^.;()\d]{5,80}? "
    r"(?P<m>\d[\d,]*) (?:[a-z-]+ ){0,4}?(?:were|was|would be|are|had to be) (?:required|needed"
    r"|necessary|screened|enrol\w+)",
    re.IGNORECASE,
)
_Z = 1.96
_OFF = 0.25
"""Part by which a size may differ from that of the formula: exact limits, other formulas, round numbers."""


def check_precision(case: Case, p: Passage) -> None:
    """`147 were required for a half-width of 7 points at 75%; assuming that 40% would have it, 368 were needed`."""
    expected, width, many = (
        only(x.finditer(case.flat, p.start, p.end)) for x in (_EXPECTED, _HALF_WIDTH, _MANY)
    )  # fmt: skip
    if many is None:
        return
    n = whole(many["n"])
    if expected is not None and width is not None:
        share, which = float(expected["p"]) / 100, "d" if width["d"] else "e"
        d = read_printed(width[which])
        due = _Z**2 * share * (1 - share) / (float(d.value) / 100) ** 2 if d.value else 0
        if 0 < share < 1 and due and not due * (1 - _OFF) <= n <= due * (1 + _OFF):
            places = [expected.span("p"), many.span("n"), width.span(which)]
            sentence = f"A half-width of {d.text} points at {expected['p']} % needs about {due:.0f}, not {many['n']}."
            judge(case, p, "power", places, "unlikely", sentence, "precision of a proportion")
            return
    q = case.text.passages[min(p.index + 1, len(case.text.passages) - 1)]
    more = only(_WITH_IT.finditer(case.flat, many.end(), q.end if q.paragraph == p.paragraph else p.end))
    if more is None:
        return
    m, part = whole(more["m"]), float(more["q"]) / 100
    if n < m and not n * (1 - _OFF) <= m * part <= n * (1 + _OFF):
        sentence = f"{more['q']} % of {more['m']} are {m * part:.0f}, not {many['n']}."
        places = [many.span("n"), more.span("q"), more.span("m")]
        judge(case, p, "power", places, "unlikely", sentence, "share of a size")
