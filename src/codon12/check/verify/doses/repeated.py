"""Doses repeated, of a day and in all, and the length of so many cycles.

A product is compared with a result printed in the same sentence; where it may be rounded, capped or of somebody else,
nothing is said.
"""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import NUMBER_WORD, WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, follows, judge, only
from codon12.numbers.unrounded import read_printed

__all__ = [
    "AMOUNT",
    "OFTEN",
    "check_cumulative_dose",
    "check_cycles",
    "check_dose_of_a_day",
    "check_repeated_doses",
    "check_sum_of_measures",
    "numeral",
    "times_a_day",
]


AMOUNT = r"mg|g|mcg|[µμ]g|ng|mL|ml|IU|units?|U|mmol|MBq|kcal"
OFTEN = re.compile(
    r"\b(?P<n>0*[2-6]) times (?:a|per|each|every) day|\b(?P<two>twice)(?: a| per| each)? (?:day|daily)|"
    r"\bevery (?P<h>\d+) h(?:ours?)?\b|\bin (?P<k>0*[2-6]) (?:divided )?doses|\b(?P<t>b\.?i\.?d|t\.?i\.?d|q\.?i\.?d)\b",
    re.IGNORECASE,
)
_BID = {"b": 2, "t": 3, "q": 4}


def times_a_day(m: re.Match[str]) -> int:
    """How often a day, from a match of `OFTEN`."""
    if m["n"] or m["k"]:
        return int(m["n"] or m["k"])
    if m["two"]:
        return 2
    if m["h"]:
        return max(1, round(24 / int(m["h"])))
    return _BID[m["t"][0].lower()]


_REPEATED = re.compile(
    rf"(?<![\d.,/-])(?P<k>\d{{1,9}}) (?:[a-z-]+ ){{0,2}}?(?:doses|injections|infusions|tablets|boluses|capsules|pills|"
    rf"vials|puffs|patches|sachets|ampoules) of (?P<v>{NUMBER}) ?(?P<u>{AMOUNT}|million units)\b(?! ?/)",
    re.IGNORECASE,
)
_SUM_OF_DOSES = re.compile(
    r"\b(?:total|cumulative|altogether|in all|given as|administered as|divided|i\.e|that is|equivalent|"
    r"corresponding)\b",
    re.IGNORECASE,
)


def check_repeated_doses(case: Case, p: Passage) -> None:
    """`100,000 IU was given as a loading dose of 40,000 IU and three doses of 20,000 IU`."""
    m = only(_REPEATED.finditer(case.figures, p.start, p.end))
    if m is None or not _SUM_OF_DOSES.search(case.flat, p.start, p.end) or _RANGES.search(case.flat, p.start, p.end):
        return
    unit = re.compile(rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?{re.escape(m['u'])}\b(?! ?/| per)")
    others = [x for x in unit.finditer(case.flat, p.start, p.end) if x.start("v") != m.start("v")]
    if not 1 <= len(others) <= 2:
        return
    total = max(others, key=lambda x: read_printed(x["v"]).value)
    rest = [read_printed(x["v"]).value for x in others if x is not total]
    each, told = read_printed(m["v"]), read_printed(total["v"])
    size = int(m["k"]) * each.value + sum(rest)
    often = only(OFTEN.finditer(case.figures, p.start, p.end))
    if often is not None and size == times_a_day(often) * told.value:
        return  # the tablets of a day
    if told.value <= each.value or int(m["k"]) < 2:
        return
    places = [m.span("k"), m.span("v"), *(x.span("v") for x in others)]
    shown = f"{int(m['k'])} x {each.text}{''.join(f' + {float(x):g}' for x in rest)} = {float(size):g} {m['u']}"
    fits = abs(size - told.value) <= int(m["k"]) * each.step / 2
    follows(case, p, "derived", places, shown, f"not {told.text}", "sum of doses", fits=fits)


_COURSES = re.compile(
    r"\b(?P<k>0*[2-9]|0*1\d|0*2\d|0*3\d) (?:(?!\d+ |for )[a-z0-9-]+ ){0,2}?(?:cycles|courses|doses|infusions|"
    r"injections|administrations)\b"
)
_SEVERAL_A_CYCLE = re.compile(
    r"\bdays? 1(?:,|-| and| to| through)|\b(?:twice|daily|weekly|days|each day|then|loading)\b"
)


def check_cumulative_dose(case: Case, p: Passage) -> None:
    """`75 mg/m2 every 3 weeks for six cycles, for a cumulative dose of 450 mg/m2`."""
    if _RANGES.search(case.flat, p.start, p.end):
        return
    found: dict[str, list[re.Match[str]]] = {}
    for m in _DOSE.finditer(case.flat, p.start, p.end):
        found.setdefault(m["u"] or m["AUC"], []).append(m)
    times = _so_often(case, p)
    for unit, doses in found.items() if times is not None else ():
        told = [m for m in doses if _SUM_OF_DOSES.search(case.flat, max(p.start, m.start() - 40), m.start())]
        if times is None or len(doses) != 2 or len(told) != 1:
            continue
        one = next(m for m in doses if m is not told[0])
        (k, place), first, last = times, "v" if one["v"] else "w", "v" if told[0]["v"] else "w"
        each, total = read_printed(one[first]), read_printed(told[0][last])
        places = [one.span(first), place, told[0].span(last)]
        shown = f"{k} x {each.text} = {float(k * each.value):g} {unit}"
        if abs(k * each.value - total.value) <= k * each.step / 2 + total.step / 2:
            judge(case, p, "derived", places, "ok", f"{shown}.", "sum of doses")
        elif total.value > each.value:
            judge(case, p, "derived", places, "error-if", f"{shown}, not {total.text}.", "sum of doses")


_DOSE = re.compile(
    rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?(?P<u>(?:{AMOUNT}|GBq|Gy)(?: ?(?:/|per ) ?(?:kg|m2))?)(?![\w/])"
    rf"|\b(?P<AUC>AUC)(?: of)? ?(?P<w>{NUMBER})(?![\d.]*\d)"
)
_FOR_WEEKS = re.compile(
    r"\bfor (?P<k>\d{1,9}) (?:consecutive )?weeks\b|\bweekly ?[x×] ?(?P<j>\d{1,3})\b", re.IGNORECASE
)
_ONCE_A_WEEK = re.compile(r"(?<!-)\b(?:weekly|once a week|once weekly|every week)\b", re.IGNORECASE)
_MORE_OFTEN = re.compile(r"\b(?:daily|twice|every \d|every other|\d[- ]weekly|days? 1)\b", re.IGNORECASE)


def _so_often(case: Case, p: Passage) -> tuple[int, tuple[int, int]] | None:
    """How many times a dose is given: so many courses, or once a week for so many weeks."""
    courses = only(_COURSES.finditer(case.figures, p.start, p.end))
    weeks = only(_FOR_WEEKS.finditer(case.figures, p.start, p.end))
    if courses is None and weeks is not None:
        which = "k" if weeks["k"] else "j"
        weekly = _ONCE_A_WEEK.search(case.flat, p.start, p.end) and not _MORE_OFTEN.search(case.flat, p.start, p.end)
        return (int(weeks[which]), weeks.span(which)) if weekly else None
    if courses is None:
        return None
    of_a_cycle = re.search(r"c(?:ycl|ours)es", courses[0]) is not None
    if of_a_cycle and _SEVERAL_A_CYCLE.search(case.flat, p.start, p.end):
        return None
    return int(courses["k"]), courses.span("k")


_RANGES = re.compile(r"\b(?:median|mean|range|up to|maximum|at least|or|versus|vs)\b", re.IGNORECASE)

_LENGTH = {"d": Fraction(1), "w": Fraction(7), "m": Fraction(365, 12), "y": Fraction(365)}
_NUMERAL = rf"\d{{1,3}}|{NUMBER_WORD}"
_CYCLES = re.compile(
    rf"(?<![\d.,/-])\b(?P<k>{_NUMERAL}) (?:(?!day|week|of\b)[a-z0-9-]+ ){{0,4}}?(?:cycles|courses)\b", re.IGNORECASE
)
_EACH = re.compile(
    rf"(?<![\d.,/-])\b(?P<x>{_NUMERAL})[- ](?P<u>day|week)(?:s|ly)?(?= (?:[a-z]+ ){{0,2}}?(?:cycles|courses|"
    rf"intervals)\b)|\bevery (?P<x2>{_NUMERAL})[- ](?P<u2>day|week)s\b|\b(?:cycles|courses) of "
    rf"(?P<x3>{_NUMERAL})[- ](?P<u3>day|week)s\b|(?<![\d.,/-])\b(?P<x4>{_NUMERAL})[- ](?P<u4>week)ly\b",
    re.IGNORECASE,
)
_DURATION = re.compile(rf"(?<![\d.,/-])\b(?P<t>{_NUMERAL})[- ](?P<v>day|week|month)(?:s|ly)?\b", re.IGNORECASE)
_IN_ALL_BEFORE = re.compile(
    r"(?:\bi\.e\.|\b(?:last(?:ed|ing|s)|total(?:ling)?(?: duration)?(?: of)?|over|within|during|that is|"
    r"altogether|in all|"
    r"so|for|in|thus|hence|"
    r"duration|therapy|treatment|chemotherapy|it)\b)[^.;\d]{0,24}$|\($",
    re.IGNORECASE,
)

_IN_ALL_BEHIND = re.compile(r"(?: of (?:treatment|therapy|chemotherapy))? (?:in (?:all|total)|altogether)\b")


def check_cycles(case: Case, p: Passage) -> None:
    """`six 21-day cycles over 18 weeks`, in any order: so many cycles, or up to the begin of the last one."""
    said = _NO_DELAY.sub("", case.flat[p.start : p.end])
    if _UNSURE.search(_AT_MOST.sub("", said) if _LONGEST.search(said) else said):
        return
    cycles = list(_CYCLES.finditer(case.flat, p.start, p.end))
    each = list(_EACH.finditer(case.flat, p.start, p.end))
    if len(cycles) != 1 or len(each) != 1:
        return
    which = next(k for k in ("x", "x2", "x3", "x4") if each[0][k])
    of = each[0][which.replace("x", "u")]
    spans = (each[0].span(which), cycles[0].span("k"))
    rest = [m for m in _DURATION.finditer(case.flat, p.start, p.end) if m.span("t") not in spans]
    if len(rest) != 1 or not (
        _IN_ALL_BEFORE.search(case.flat, p.start, rest[0].start()) or _IN_ALL_BEHIND.match(case.flat, rest[0].end())
    ):
        return
    m = rest[0]
    k, one, told = (numeral(x) for x in (cycles[0]["k"], each[0][which], m["t"]))
    if not k:
        return
    unit, days = _LENGTH[m["v"][0].lower()], k * one * _LENGTH[of[0].lower()]
    shown = f"{k} cycles of {one} {of}s are {float(days / unit):.3g} {m['v']}s"
    least, most = days * (k - 1) / k / unit - Fraction(1, 2), days / unit + max(Fraction(1, 2), days / unit / 25)
    fits = least <= told <= most
    places = [spans[1], spans[0], m.span("t")]
    follows(case, p, "derived", places, shown, f"printed {told}", "length of cycles", fits=fits, verdict="unlikely")


def numeral(text: str) -> int:
    """A whole number in digits or a word."""
    word = WORD_VALUES.get(text.lower())
    return int(text) if word is None else word


_NO_DELAY = re.compile(r"\b(?:without|with no|no) (?:(?:any|a|dose|treatment|cycle|further) )*delays?\b", re.IGNORECASE)
_AT_MOST = re.compile(r"\b(?:up to|no more than|maximum|at most)\b", re.IGNORECASE)
_LONGEST = re.compile(
    r"\b(?:longest|maximum|maximal) (?:possible |planned )?(?:time|duration|length|treatment|"
    r"period)\b[^.\d]{0,50}\b(?:thus|therefore|hence|so|being|is|was)\b|\b(?:i\.e\.,?|that is,?|thus|hence|therefore|"
    r"or) (?:for )?(?:up to|at most|a maximum of|no more than)\b",
    re.IGNORECASE,
)
"""Words by which the most of cycles makes the longest time."""
_UNSURE = re.compile(
    r"\b(?:median|mean|range|up to|maximum|at least|or|versus|vs|but|then|followed|after|before|maintenance|until|"
    r"delay\w*|follow-up|additional|first|assess\w*|scans?|imaging|restag\w*|within|radiotherapy|than)\b",
    re.IGNORECASE,
)


_OF_A_DAY = re.compile(
    rf"(?<![\d.,/-])(?P<d>{NUMBER}) ?(?P<u>{AMOUNT}) (?:[a-z]+ ){{0,2}}?(?:(?P<often>twice|(?:three|four|five|six|\d) "
    rf"times)(?: (?:a|per|each) day| daily)|every (?P<h>4|6|8|12) h(?:ours)?)[,;]? ?\(?"
    r"(?:(?:for |i\.e\.,? |that is,? |in |giving |making |a |or |=|the |to )*"
    r"(?:(?P<day>total daily|daily total|daily(?= dose))|total)(?: dose)?(?: of|,|:)? |"
    rf"(?:i\.e\.|that is|=),? )(?P<t>{NUMBER}) ?(?P=u)"
    r"(?: ?/ ?(?:d|day)\b| (?:a|per|each) day| daily|\)|(?(day)(?=[.,;]|$)|(?!)))",
    re.IGNORECASE,
)


def check_dose_of_a_day(case: Case, p: Passage) -> None:
    """`240 mg twice daily (total 400 mg per day)`."""
    m = only(_OF_A_DAY.finditer(case.figures, p.start, p.end))
    if m is None:
        return
    often = (m["often"] or "").lower().split()[:1]
    k = 24 // int(m["h"]) if not often else 2 if often == ["twice"] else int(WORD_VALUES.get(often[0]) or often[0])
    dose, total = read_printed(m["d"]), read_printed(m["t"])
    places = [m.span("d"), m.span("t")]
    shown = f"{k} x {dose.text} {m['u']} are {float(k * dose.value):g} {m['u']}"
    fits = abs(k * dose.value - total.value) <= (k * dose.step + total.step) / 2
    follows(case, p, "derived", places, shown, f"printed {total.text}", "dose of a day", fits=fits)


_UNIT = r"(?:mm|cm|mg|g|mL)"
_MEASURES = re.compile(
    rf"(?<![\w.,/-])(?P<list>{NUMBER}(?: ?{_UNIT})?(?:, {NUMBER}(?: ?{_UNIT})?){{0,8}},? and {NUMBER}) "
    rf"?(?P<u>{_UNIT})\b"
    r"[^.;\d()]{0,30}[,;]? ?\(?(?:for |giving |with |in |making |= ?)*(?:an? |the |their )?"
    r"(?:sum|total)(?: of (?:the )?(?:diameters|lengths|doses|these))?(?: of|,|:| =| was| is)*"
    rf" ?(?P<t>{NUMBER}) ?(?P=u)\b(?! ?(?:/|per\b|over\b|during\b|daily|a day|each))",
    re.IGNORECASE,
)
_OPENED = re.compile(r"\((?:sum|total)\b", re.IGNORECASE)


def check_sum_of_measures(case: Case, p: Passage) -> None:
    """`lesions of 22 mm, 31 mm and 18 mm (sum, 81 mm)`."""
    m = only(_MEASURES.finditer(case.flat, p.start, p.end))
    if m is None:
        return
    if m["u"][-1] != "m" and _OPENED.search(m[0]) is None:
        return  # a total of doses may be that of several days
    parts = [read_printed(x) for x in re.findall(NUMBER, m["list"])]
    total = read_printed(m["t"])
    size = sum(x.value for x in parts)
    places = [m.span("list"), m.span("t")]
    shown = f"{' + '.join(x.text for x in parts)} = {float(size):g} {m['u']}"
    fits = abs(size - total.value) <= sum(x.step for x in parts) / 2 + total.step / 2
    follows(case, p, "derived", places, shown, f"printed {total.text}", "sum of measures", fits=fits)
