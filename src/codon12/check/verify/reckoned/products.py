"""What so many times so much makes: arms of so many, fractions, doses by weight, cycles, people times years.

A product is compared with a result printed in the same sentence; where the result may be rounded, capped or of somebody
else, nothing is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, counts_in, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_products"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
_PARTS = (
    r"(?:arms?|groups?|clusters?|cohorts?|sites?|cent(?:er|re)s?|schools?|practices?|villages?|wards?|clinics?|"
    r"hospitals?|strata|stratum|blocks?|sequences?|classes|class|cages?|households?|cells?)"
)
_SO_MANY_OF = re.compile(
    rf"(?<![\w.,-])(?P<k>\d+) (?:[a-z-]+ ){{0,2}}?{_PARTS},? (?:each )?(?:of|with|comprising|containing|including) "
    rf"(?:about |approximately )?(?P<n>{_N})",
    re.IGNORECASE,
)
"""`four arms of 45 participants each`, `20 clusters with 30 patients each`."""
_IN_EACH = re.compile(
    rf"(?<![\w.,/-])(?P<n>{_N}) (?:[a-z-]+ ){{0,3}}?(?:per|in each|for each|to each|each in)(?: of)?(?: the)?"
    rf"(?: (?P<k>\d+))?(?: [a-z-]+)? {_PARTS}\b",
    re.IGNORECASE,
)
"""`176 patients in each of two groups`, `120 evaluable patients per arm`."""
_TOTAL = re.compile(
    rf"(?<![\w.,/-])(?P<a>{_N})(?: [a-z-]+){{0,3}}? (?:in total|in all|altogether|overall)\b"
    rf"|\b(?:total(?: sample)?(?: size)?|sample(?: size)?|overall)(?: of| was| is|,|:| =)* (?P<b>{_N})",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"(?<![\d.])(?P<p>\d+(?:\.\d+)?) ?%(?: [a-z-]+){0,2}? (?:attrition|drop-?outs?|loss(?:es)?|withdrawals?|"
    r"non-?response|non-?adherence|lost|ineligib\w+|missing|unevaluable)"
    r"|\b(?:attrition|drop-?outs?|loss(?:es)?(?: to follow-?up)?|withdrawals?|non-?response)(?: rate)?"
    r"(?: of| rate of|,|:)? (?P<q>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_INFLATED = re.compile(
    r"attrition|drop-?out|loss|lost|withdraw|design effect|inflat|non-?respon|missing|account|allow|ineligib|recruit(?! )|"
    r"reserve|at least|maximum|up to|or more",
    re.IGNORECASE,
)
_MOST_ARMS = 6
_UNLIKE = re.compile(r"\d ?: ?\d|\b(?:respectively|ratio|median|mean|average|about|approximately|events?|stratum|strata|were enrolled|had|range|observed|found)\b",
                     re.IGNORECASE)  # fmt: skip


def check_products(case: Case) -> None:
    """Check products of two numbers of a sentence against the third."""
    for p in sentences_with(case, "total", " in all", "sample", "altogether", "overall"):
        _sizes(case, p)
    for p in sentences_with(case, "attrition", "dropout", "drop-out", "loss to follow", "losses", "withdrawal"):
        _inflated(case, p)
    for p in sentences_with(case, "/kg", "per kg", "/m2", "per m2", "per kilogram", "per square"):
        _by_weight(case, p)
    for p in sentences_with(case, " fractions"):
        _fractions(case, p)
    for p in sentences_with(
        case,
        " doses of ",
        " injections of ",
        " infusions of ",
        " tablets of ",
        " boluses of ",
        " capsules of ",
        " pills of ",
        " vials of ",
        " puffs of ",
        " patches of ",
        " sachets of ",
    ):
        _doses(case, p)
    for p in sentences_with(case, "cycles"):
        _cycles(case, p)
    for p in sentences_with(case, "person-year", "patient-year", "person years", "patient years", "years of follow",
                            "women-year", "person-month"):  # fmt: skip
        _followed(case, p)


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _only(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """The match, where there is one alone."""
    matches = list(found)
    return matches[0] if len(matches) == 1 else None


def _sizes(case: Case, p: Passage) -> None:
    """`four arms of 45 participants each, for a total sample of 180`."""
    figures = case.figures
    m = _only(_SO_MANY_OF.finditer(figures, p.start, p.end)) or _only(_IN_EACH.finditer(figures, p.start, p.end))
    total = _only(_TOTAL.finditer(figures, p.start, p.end))
    if m is None or total is None:
        return
    which = "a" if total["a"] else "b"
    if m.start("n") <= total.start(which) < m.end("n") or _LOST.search(case.flat, p.start, p.end):
        return
    n, t = _whole(m["n"]), _whole(total[which])
    arms = (int(m["k"]),) if m["k"] else tuple(range(2, _MOST_ARMS + 1))
    places = [m.span("n"), total.span(which)] + ([m.span("k")] if m["k"] else [])
    if any(abs(k * n - t) < k for k in arms if m["k"] is None) or any(k * n == t for k in arms):
        k = next(k for k in arms if abs(k * n - t) < k)
        judge(case, p, "sum", places, "ok", f"{k} x {n} = {k * n}.", "parts of one size")
    elif m["k"] is None and 2 * n < t < _MOST_ARMS * n and not _INFLATED.search(figures, p.start, p.end):
        if not _UNLIKE.search(figures, p.start, p.end):
            judge(
                case,
                p,
                "sum",
                places,
                "unlikely",
                f"{t} is no multiple of {n}, if all groups are of one size.",
                "parts of one size",
            )
    elif m["k"] and min(arms) > 1 and not _INFLATED.search(figures, p.start, p.end) and 3 * n > t / min(arms):
        sentence = f"{arms[0]} x {n} = {arms[0] * n}, not {t}."
        judge(case, p, "sum", places, "error-if", sentence, "parts of one size")


def _inflated(case: Case, p: Passage) -> None:
    """`allowing for 20% attrition, the 240 required became 300`: divided by what stays, or with so much added."""
    m = _only(_LOST.finditer(case.flat, p.start, p.end))
    if m is None or not _PLANS.search(case.flat, p.start, p.end):
        return
    which = "p" if m["p"] else "q"
    lost = read_printed(m[which]).value / 100
    counts = [c for c in counts_in(case, p.start, p.end) if c.n > _SMALLEST]
    if len(counts) != 2 or not 0 < lost < Fraction(3, 5):
        return
    a, b = sorted(counts, key=lambda c: c.n)
    arms = [int(k) for k in re.findall(r"\b0*([2-6]) (?:[a-z]+ )?(?:groups|arms)\b", case.figures[p.start : p.end])]
    each = _IN_EACH.search(case.figures, p.start, p.end)
    times = [1, *arms, *([2] if each or "each" in case.flat[p.start : p.end] else [])]
    fits = [k * a.n * x for k in times for x in (1 / (1 - lost), 1 + lost)]
    places = [a.span, m.span(which), b.span]
    slack = 2 + Fraction(b.n, 50)
    if any(abs(b.n - x) <= slack for x in fits) or a.n == b.n:
        return
    if _back(a.n, b.n, lost, times):
        return
    shown = f"{a.n} with {m[which]} % lost are {math.ceil(a.n / (1 - lost))} to enrol, not {b.n}"
    judge(case, p, "derived", places, "unlikely", f"{shown}.", "n / (1 - loss)")


def _back(a: int, b: int, lost: Fraction, times: list[int]) -> bool:
    """Whether the smaller is what is left of a part of the larger."""
    return any(abs(a - b * (1 - lost) / k) <= 2 + Fraction(a, 50) for k in times)


_PLANS = re.compile(r"\b(?:allow\w*|account\w*|assum\w*|anticipat\w*|expect\w*|inflat\w*|adjust\w*|compensat\w*|with)\b",
                    re.IGNORECASE)  # fmt: skip
_SMALLEST = 9

_AMOUNT = r"mg|g|mcg|[µμ]g|ng|mL|ml|IU|units?|U|mmol|MBq|kcal"
_PER_BODY = re.compile(
    rf"(?<![\d.,-])(?P<d>{NUMBER}) ?(?P<u>{_AMOUNT}) ?(?:/|per ) ?(?P<by>kg|m2|kilogram|square met(?:er|re))\b(?! ?/ ?h)",
)
_BODY = {
    "kg": re.compile(rf"(?<![\d.,/-])(?P<w>{NUMBER})[ -]?(?:kg|kilograms?)\b(?! ?/| per)"),
    "m2": re.compile(rf"(?<![\d.,/-])(?P<w>\d(?:\.\d+)?) ?(?:m2|square met(?:er|re)s?)\b"),
}
_OFTEN = re.compile(
    r"\b(?P<n>0*[2-6]) times (?:a|per|each|every) day|\b(?P<two>twice)(?: a| per| each)? (?:day|daily)|"
    r"\bevery (?P<h>\d+) h(?:ours?)?\b|\bin (?P<k>0*[2-6]) (?:divided )?doses|\b(?P<t>b\.?i\.?d|t\.?i\.?d|q\.?i\.?d)\b",
    re.IGNORECASE,
)
_BID = {"b": 2, "t": 3, "q": 4}
_NOT_EXACT = re.compile(
    r"\b(?:maxim\w+|cap(?:ped)?|up to|at most|at least|limit\w*|rounded|range|median|mean|between|to a total|cumulative|"
    r"course|reduced|ideal|lean|escalat\w*|titrat\w*|loading|then|followed|or)\b",
    re.IGNORECASE,
)


def _by_weight(case: Case, p: Passage) -> None:
    """`a 70-kg patient given 5 mg/kg receives 350 mg`, alone or as often a day as the sentence says."""
    m = _only(_PER_BODY.finditer(case.flat, p.start, p.end))
    if m is None or _NOT_EXACT.search(case.flat, p.start, p.end):
        return
    body = _only(_BODY["kg" if m["by"].startswith("k") else "m2"].finditer(case.flat, p.start, p.end))
    given = [
        x
        for x in re.finditer(
            rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?{re.escape(m['u'])}\b(?! ?/ ?(?:kg|m2)| per (?:kg|m2|kilo|square))",
            case.flat[p.start : p.end],
        )
        if x.start() + p.start != m.start()
    ]
    if body is None or len(given) != 1:
        return
    dose, weight, result = (read_printed(x) for x in (m["d"], body["w"], given[0]["v"]))
    often = _only(_OFTEN.finditer(case.figures, p.start, p.end))
    times = [Fraction(1)]
    if often is not None:
        k = _times_a_day(often)
        times += [Fraction(k), Fraction(1, k)]
    if weight.value <= 0 or dose.value <= 0:
        return
    sizes = [dose.value * weight.value * k for k in times]
    at = (given[0].start("v") + p.start, given[0].end("v") + p.start)
    places = [m.span("d"), body.span("w"), at]
    exact = sizes[1] if often is not None and _DAILY.search(case.flat, p.start, p.end) else sizes[0]
    shown = f"{m['d']} {m['u']} for each of {body['w']} is {float(exact):.4g} {m['u']}"
    slack = Fraction(1, 20)
    if any(abs(result.value - x) <= slack * x + result.step / 2 for x in sizes):
        judge(case, p, "derived", places, "ok", f"{shown}.", "dose by size of the body")
    else:
        sentence = f"{shown}, printed {result.text}."
        judge(case, p, "derived", places, "error-if", sentence, "dose by size of the body")


_DAILY = re.compile(r"\b(?:daily dose|a day|per day|total)\b", re.IGNORECASE)


def _times_a_day(m: re.Match[str]) -> int:
    if m["n"] or m["k"]:
        return int(m["n"] or m["k"])
    if m["two"]:
        return 2
    if m["h"]:
        return max(1, round(24 / int(m["h"])))
    return _BID[m["t"][0].lower()]


_GY = re.compile(rf"(?<![\d.,/±-])(?P<v>{NUMBER})[ -]?(?P<u>c?Gy)\b")
_IN_FRACTIONS = re.compile(r"(?<![\d.,/-])(?P<k>\d{1,12}) (?:[a-z-]+ ){0,2}?fractions\b", re.IGNORECASE)
_OTHER_DOSE = re.compile(r"\b(?:boost|BED|EQD2|median|range|either|versus|vs|sequential|then|plus|mean|or|to)\b|\d-\d")


def _fractions(case: Case, p: Passage) -> None:
    """`50 Gy in 25 fractions of 2 Gy`, in whatever order."""
    m = _only(_IN_FRACTIONS.finditer(case.figures, p.start, p.end))
    doses = list(_GY.finditer(case.flat, p.start, p.end))
    if m is None or len(doses) != 2 or doses[0]["u"] != doses[1]["u"]:
        return
    stretch = (min(m.start(), doses[0].start()), max(m.end(), doses[1].end()))
    if _OTHER_DOSE.search(case.flat[slice(*stretch)].replace("to a total", "")):
        return
    small, large = sorted((read_printed(x["v"]) for x in doses), key=lambda x: x.value)
    k = int(m["k"])
    if k < 2 or small.value <= 0:
        return
    low, high = k * small.low, k * small.high
    places = [m.span("k"), *(x.span("v") for x in doses)]
    shown = f"{k} fractions of {small.text} are {float(k * small.value):g} Gy"
    if low - large.step / 2 <= large.value <= high + large.step / 2:
        judge(case, p, "derived", places, "ok", f"{shown}.", "dose in fractions")
    else:
        judge(case, p, "derived", places, "error-if", f"{shown}, printed {large.text}.", "dose in fractions")


_REPEATED = re.compile(
    rf"(?<![\d.,/-])(?P<k>\d{{1,9}}) (?:[a-z-]+ ){{0,2}}?(?:doses|injections|infusions|tablets|boluses|capsules|pills|vials|puffs|patches|sachets|ampoules) of "
    rf"(?P<v>{NUMBER}) ?(?P<u>{_AMOUNT}|million units)\b(?! ?/)",
    re.IGNORECASE,
)
_SUM_OF_DOSES = re.compile(
    r"\b(?:total|cumulative|altogether|in all|given as|administered as|divided)\b", re.IGNORECASE
)


def _doses(case: Case, p: Passage) -> None:
    """`100,000 IU was given as a loading dose of 40,000 IU and three doses of 20,000 IU`."""
    m = _only(_REPEATED.finditer(case.figures, p.start, p.end))
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
    if told.value <= each.value or int(m["k"]) < 2:
        return
    places = [m.span("k"), m.span("v"), *(x.span("v") for x in others)]
    shown = f"{int(m['k'])} x {each.text}{''.join(f' + {float(x):g}' for x in rest)} = {float(size):g} {m['u']}"
    if abs(size - told.value) <= int(m["k"]) * each.step / 2:
        judge(case, p, "derived", places, "ok", f"{shown}.", "sum of doses")
    else:
        judge(case, p, "derived", places, "error-if", f"{shown}, not {told.text}.", "sum of doses")


_RANGES = re.compile(r"\b(?:median|mean|range|up to|maximum|at least|or|versus|vs)\b", re.IGNORECASE)

_LENGTH = {"d": Fraction(1), "w": Fraction(7), "m": Fraction(365, 12), "y": Fraction(365)}
_CYCLES = re.compile(
    r"(?<![\d.,/-])(?P<k>\d{1,9}) (?:[a-z]+ ){0,2}?(?P<x>\d{1,9})-(?P<u>day|week)s? (?:[a-z]+ ){0,2}?cycles"
    r"(?: of [a-z -]{2,30})?,? (?:over|for|during|in|lasting|within|\()(?: a| the| total| period| of){0,4} ?"
    r"(?P<t>\d{1,12}) (?P<v>days?|weeks?|months?)\b"
    r"|\bevery (?P<x2>\d{1,9}) (?P<u2>day|week)s? for (?P<k2>\d{1,9}) cycles ?"
    r"(?:\((?:total(?: of)?,? )?|over |for |in total )(?P<t2>\d{1,12}) (?P<v2>days?|weeks?|months?)\b",
    re.IGNORECASE,
)


def _cycles(case: Case, p: Passage) -> None:
    """`six 21-day cycles over 18 weeks`: so many cycles, or up to the begin of the last one."""
    m = _only(_CYCLES.finditer(case.figures, p.start, p.end))
    if m is None:
        return
    s = "" if m["k"] else "2"
    k, one, told = (int(m[x + s]) for x in "kxt")
    unit = _LENGTH[m["v" + s][0].lower()]
    days = k * one * _LENGTH[m["u" + s][0].lower()]
    places = [m.span("k" + s), m.span("x" + s), m.span("t" + s)]
    shown = f"{k} cycles of {one} {m['u' + s]}s are {float(days / unit):.3g} {m['v' + s]}"
    least, most = days * (k - 1) / k / unit - Fraction(1, 2), days / unit + max(Fraction(1, 2), days / unit / 25)
    if least <= told <= most:
        judge(case, p, "derived", places, "ok", f"{shown}.", "length of cycles")
    else:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {told}.", "length of cycles")


_PEOPLE = (
    r"(?:patients|participants|subjects|women|men|adults|children|people|persons|individuals|nurses|workers|infants|"
    r"residents|volunteers|physicians|veterans|students)"
)
_WHO = re.compile(rf"(?<![\w.,/-])(?P<n>{_N}) (?:[a-z-]+ ){{0,3}}?{_PEOPLE}\b", re.IGNORECASE)
_MEAN_TIME = re.compile(
    r"\b(?:mean|average)(?: [a-z-]+){0,3}?(?: of the \d[\d,]* [a-z]+)?(?: \([A-Za-z]+\))?(?: of| was|,|:| =)* (?P<v>\d+(?:\.\d+)?) "
    r"(?P<u>years?|months?)\b",
    re.IGNORECASE,
)
_PERSON_TIME = re.compile(
    rf"(?<![\w.,/-])(?P<v>{NUMBER}) (?:(?:person|patient|participant|wom[ae]n)[- ](?P<u>years?|months?)|"
    r"(?P<w>years?) of follow-?up)\b",
    re.IGNORECASE,
)
_ROUGH = Fraction(1, 8)


def _followed(case: Case, p: Passage) -> None:
    """`500 participants were followed for a mean of 4.0 years (2,000 person-years)`."""
    time = _only(x for x in _PERSON_TIME.finditer(case.flat, p.start, p.end)
                 if not re.search(r"\bper (?:[\d,]+ )?$", case.flat[p.start : x.start()]))  # fmt: skip
    mean = _only(_MEAN_TIME.finditer(case.flat, p.start, p.end))
    who = _only(_WHO.finditer(case.figures, p.start, p.end))
    if time is None or mean is None or who is None or time.start() == mean.start("v"):
        return
    n, each, told = _whole(who["n"]), read_printed(mean["v"]), read_printed(time["v"])
    scale = _LENGTH[mean["u"][0].lower()] / _LENGTH[(time["u"] or time["w"])[0].lower()]
    low, high = n * each.low * scale, n * each.high * scale
    places = [who.span("n"), mean.span("v"), time.span("v")]
    shown = f"{n} for {each.text} {mean['u']} each are {float(n * each.value * scale):,.0f} in all"
    if low * (1 - _ROUGH) <= told.value <= high * (1 + _ROUGH):
        judge(case, p, "derived", places, "ok", f"{shown}.", "people x time")
    elif told.value > 0:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {told.text}.", "people x time")
