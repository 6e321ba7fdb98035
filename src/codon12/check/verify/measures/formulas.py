"""Measures of one formula beside what they are made of: body-mass index, explained variance."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, follows, judge, only, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_body_mass", "check_cost", "check_explained_variance", "check_inconsistency"]

_BMI = re.compile(
    rf"\b(?:body[- ]mass index|BMI)(?: \(BMI\))?(?: of| was|,|:| =)* ?(?P<v>{NUMBER})(?! ?%| ?(?:to|-|or|and) ?\d)",
    re.IGNORECASE,
)
_KG = re.compile(
    rf"(?:\bweigh(?:t|ed|ing|s)\b[^.;()\d]{{0,15}}?(?P<a>{NUMBER}) ?kg|(?P<b>{NUMBER}) ?kg)\b(?! ?(?:/|per)|m2)",
    re.IGNORECASE,
)
_HEIGHT = re.compile(
    r"(?:\b(?:height|tall|stature)\b[^.;()\d]{0,15}?)?(?<![\d.,])(?P<v>\d(?:\.\d{1,2})|1\d\d(?:\.\d)?) ?(?P<u>m|"
    r"cm)\b(?!2)(?! ?/)"
)
_TALL = re.compile(r"\b(?:heights?|tall|stature)\b", re.IGNORECASE)
_AVERAGED = re.compile(r"\b(?:mean|average|median|±|SD)\b|±", re.IGNORECASE)
_ROUGH, _EXACT = Fraction(1, 10), Fraction(1, 50)


def check_body_mass(case: Case, p: Passage) -> None:
    """Check a body-mass index against weight and height."""
    found = [list(x.finditer(case.flat, p.start, p.end)) for x in (_BMI, _KG, _HEIGHT)]
    if any(len(x) != 1 for x in found) or not _TALL.search(case.flat, p.start, p.end):
        return
    bmi, kg, height = (x[0] for x in found)
    which = "a" if kg["a"] else "b"
    told, weight, tall = (read_printed(x) for x in (bmi["v"], kg[which], height["v"]))
    scale = 100 if height["u"] == "cm" else 1
    if tall.low <= 0:
        return
    low, high = (w / (t / scale) ** 2 for w, t in ((weight.low, tall.high), (weight.high, tall.low)))
    exact = weight.value / (tall.value / scale) ** 2
    averaged = _AVERAGED.search(case.flat, p.start, p.end) is not None
    slack = exact * (_ROUGH if averaged else _EXACT)
    places = [kg.span(which), height.span("v"), bmi.span("v")]
    shown = f"{weight.text} kg and {tall.text} {height['u']} make a body-mass index of {float(exact):.3g}"
    fits = low - slack <= told.high and told.low <= high + slack
    follows(
        case,
        p,
        "derived",
        places,
        shown,
        f"printed {told.text}",
        "weight / height squared",
        fits=fits,
        verdict="unlikely" if averaged else "error-if",
    )


_I2 = re.compile(rf"(?<![\w])I2 ?(?:=|was|of|,|:)? ?(?P<v>{NUMBER}) ?%")
_Q = re.compile(rf"(?<![\w])Q(?: statistic)? ?(?:=|was|of|,|:)? ?(?P<q>{NUMBER})(?![\d.]*\d| ?%)")
_STUDIES = re.compile(
    r"(?<![\w.,])(?P<k>\d{1,9}) (?:(?!of\b)[a-z-]+ ){0,3}?(?:trials|studies|cohorts|comparisons|estimates|reports)\b",
    re.IGNORECASE,
)
_POINTS = 8


def check_inconsistency(case: Case, p: Passage) -> None:
    """`the 15 trials (I2 = 73%, Cochran's Q = 52.3)`: (Q - (k - 1)) / Q, or 0 (Higgins and Thompson 2002)."""
    found = [list(x.finditer(case.flat, p.start, p.end)) for x in (_I2, _Q)] + [
        list(_STUDIES.finditer(case.figures, p.start, p.end))
    ]
    if any(len(x) != 1 for x in found) or re.search(r"\bd\.?f|freedom", case.flat[p.start : p.end]):
        return
    i2, q, k = (x[0] for x in found)
    given, size, studies = read_printed(i2["v"]), read_printed(q["q"]), int(k["k"])
    if size.value <= 0 or studies < 2:
        return
    expected = max(Fraction(0), 100 * (size.value - studies + 1) / size.value)
    places = [i2.span("v"), q.span("q"), k.span("k")]
    if abs(expected - given.value) > _POINTS and not any(compared(case, x, "statistic") for x in places[:2]):
        sentence = (
            f"Q = {size.text} over {studies} studies makes an I2 of {float(expected):.3g} %, printed {given.text} %."
        )
        judge(case, p, "statistic", places, "unlikely", sentence, "(Q - df) / Q")


_R = re.compile(
    r"(?<![\w.-])(?:r|[Cc]orrelation(?: coefficient)?,?|Pearson(?:'s)? r) ?(?:=|of|was|,) ?(?P<r>-?0?\.\d+)"
)
_EXPLAINED = re.compile(
    rf"(?<![\d.])(?P<p>{NUMBER}) ?(?:%|percent|per cent) of (?:the |their |its )?(?:[a-z-]+ )?(?:variance|"
    rf"variability|variation)\b",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\b(?:adjust\w*|partial|multiple|model\w*|regression|together|R2|canonical|factors?|component)\b|\bR ="
)


def check_explained_variance(case: Case, p: Passage) -> None:
    """`r = 0.62, so that 38% of the variance was shared`: the square of a correlation."""
    found = [list(x.finditer(case.flat, p.start, p.end)) for x in (_R, _EXPLAINED)]
    if any(len(x) != 1 for x in found) or _MODEL.search(case.flat, p.start, p.end):
        return
    r, share = found[0][0], found[1][0]
    given, told = read_printed(r["r"].lstrip("-")), read_printed(share["p"])
    low, high = 100 * max(given.low, Fraction(0)) ** 2, 100 * given.high**2
    places = [r.span("r"), share.span("p")]
    shown = f"A correlation of {r['r']} explains {float(100 * given.value**2):.3g} % of the variance"
    fits = low <= told.high and told.low <= high
    follows(case, p, "derived", places, shown, f"printed {told.text}", "r squared", fits=fits, verdict="unlikely")


_TIMES = {"t": 1_000, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def _money(value: str, times: str) -> str:
    return rf"[$€£] ?(?P<{value}>{NUMBER})(?P<{times}> ?(?:million|billion|thousand|k\b|M\b))?"


_COST = re.compile(
    rf"{_money('a', 'x')} (?:per|for each|for every|a) (?P<who>patient|person|participant|woman|child|dose|cycle|"
    rf"course|test|scan)"
    r"\b[^.;$€£\d]{0,40}?[,;(] ?(?:i\.e\.,? |that is,? |or |and |a total of |in total |giving |totalling |= ?|for a "
    r"total of )+"
    rf"{_money('b', 'y')} (?:in total )?(?:for|in) (?:the |all )?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) (?:[a-z]+ "
    rf")?(?P=who)s\b"
)


_ALONE = r"(?![\d.,]*\d| (?:over|for|in|with|per|a|each)\b)"
_PRICE_FIRST = re.compile(
    rf"\b[Aa]t (?:a (?:cost|price) of )?{_money('a', 'x')} (?:per|for each|for every|a|each|for one) (?P<who>[a-z]+),? "
    r"(?![^$€£]{0,60}\b(?:sav|profit|differ|benefit|gain|income|revenue))"
    r"(?:[a-z]+ ){0,4}?(?:all |the |these |our )*(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:[a-z-]+ ){1,4}?(?:would )?"
    rf"(?:costs?|came to|comes? to|amount(?:s|ed)? to) (?:a total of |in total )?{_money('b', 'y')}{_ALONE}"
)
"""`At €412 per test, testing all 350 newcomers cost €144,200`."""
_SO_MANY = (
    r",? (?:and|so(?: that)?) (?:the |all |these )*(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?P=who)s [^.;$€£\d]{0,30}?"
    rf"(?:costs?|came to|comes? to|amount(?:s|ed)? to) {_money('b', 'y')}{_ALONE}"
)
_EACH_COSTS = re.compile(rf"\b[Ee](?:ach|very) (?P<who>[a-z]+) costs? {_money('a', 'x')}{_SO_MANY}")
_COSTS_EACH = re.compile(rf"\bcosts? {_money('a', 'x')} per (?P<who>[a-z]+){_SO_MANY}")
"""`Each kit cost €25, so that 480 kits came to €12,000`."""
_PRICES = (_COST, _PRICE_FIRST, _EACH_COSTS, _COSTS_EACH)


def check_cost(case: Case, p: Passage) -> None:
    """`$12,000 per patient, i.e. $1.5 million for 100 patients`."""
    found = (only(x.finditer(case.figures, p.start, p.end)) for x in _PRICES)
    m = next(filter(None, found), None)
    if m is None:
        _cost_of_parts(case, p)
        return
    if re.match(r"(?:saved|year|month|week|day|QALY|life)", m["who"]):
        return
    a, b = ((read_printed(m[k]), _TIMES.get((m[x] or " ").strip()[:1].lower(), 1)) for k, x in (("a", "x"), ("b", "y")))
    n = whole(m["n"])
    low, high = n * a[0].low * a[1], n * a[0].high * a[1]
    places = [m.span("a"), m.span("n"), m.span("b")]
    shown = f"{n} x {m['a']}{m['x'] or ''} are {float(n * a[0].value * a[1]):,.0f}"
    fits = low <= b[0].high * b[1] and b[0].low * b[1] <= high
    follows(case, p, "derived", places, shown, f"printed {m['b']}{m['y'] or ''}", "cost of each x number", fits=fits)


_PARTS = re.compile(
    rf"\b[Cc](?:osts?|harges|osting)\b[^.;:$€£]{{0,50}} (?P<s>[$€£]) ?(?P<t>{NUMBER}): "
    rf"(?P<list>(?P=s) ?{NUMBER} (?:for|on) "
    rf"[^.;:$€£\d]{{2,60}}(?:(?:,|,? and) (?P=s) ?{NUMBER} (?:for|on) [^.;:$€£\d]{{2,60}}){{1,5}}?)(?=[.;]|$)"
)
_PART = re.compile(rf"[$€£] ?(?P<v>{NUMBER})")
_NO_SUM = re.compile(r"\b(?:medians?|differ\w*|includ\w+|per (?:QALY|life)|excess|extra|budget|threshold)\b")


def _cost_of_parts(case: Case, p: Passage) -> None:
    """`Costs per patient were $18,240: $9,310 for the ward, $5,120 for surgery and $3,810 for drugs`."""
    m = only(_PARTS.finditer(case.flat, p.start, p.end))
    if m is None or _NO_SUM.search(m[0]):
        return
    found = [*_PART.finditer(case.flat, m.start("list"), m.end("list"))]
    total, parts = read_printed(m["t"]), [read_printed(x["v"]) for x in found]
    if total.value <= max(x.value for x in parts):
        return  # a mean of them
    if sum(x.high for x in parts) < total.low:
        return  # others may cost as well
    shown = f"{' + '.join(x.text for x in parts)} = {float(sum(x.value for x in parts)):,.10g}"
    fits = sum(x.low for x in parts) <= total.high
    places = [m.span("t"), *(x.span("v") for x in found)]
    follows(case, p, "sum", places, shown, f"printed {total.text}", "costs of all parts", fits=fits)
