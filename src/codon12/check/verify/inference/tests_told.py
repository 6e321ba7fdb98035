"""A test's result in any wording against its P value: a statistic with its freedom, a correlation, two means.

`chi-square = 9.2, 3 df, P = 0.27`; `F1,46 = 0.83, P = 0.037`; `Pearson's r = 0.62; 80 patients; P = 0.20`; `142.1 cm
(SD 6.0) in 50 treated and 138.0 cm (SD 6.2) in 52 untreated girls (P = 0.50)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import digit

from scipy import special

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.inference.group_means import p_of_means
from codon12.check.verify.inference.p_values import printed_range
from codon12.check.verify.inference.statistics import p_of
from codon12.check.verify.prose import NUMBER, compared, counts_in, held, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_tests_told"]

_DF = r"(?:d\.?f\.?|degrees? of freedom)"
_STATISTIC = re.compile(
    r"(?<![\w-])(?:(?P<chi>χ2?(?P<free>[₁-₉])?|X2|[Cc]hi[- ]squared?(?: statistic| test| value)?)|"
    r"(?P<wald>Wald(?: statistic| test)?(?: χ2?)?)|(?P<q>(?:Cochran(?:'s|e)? )?Q)|(?P<h>(?:Kruskal-Wallis )?H)|"
    r"(?P<name>[FtTzZ])(?:(?P<sub>\d{1,2}(?:, ?\d{1,5})?)|[- ](?:statistic|test|value|score))?)"
    rf" ?(?:\((?:{_DF} ?=? ?)?(?P<df>\d+(?:\.\d+)?(?: ?[,;] ?\d+(?:\.\d+)?)?)(?: ?{_DF})?(?:, ?[nN] ?= ?\d+)?\))? ?"
    rf"(?:(?:for|of|on|comparing) [^.;:,()=\d]{{3,60}}?(?=[,:=] ?\d|(?: was| of) \d) ?)?"
    rf"(?:=|of|was|,|:|gave|yielded) ?(?P<v>-?(?:{NUMBER}|\.\d+))(?![\d.,]*\d)"
)
_FREEDOM = re.compile(
    rf"\b{_DF} ?(?:=|of|:|,)? ?(?P<a>\d+(?:\.\d+)?(?: ?(?:,|and) ?\d+)?)|(?<![\d.])(?P<b>\d+(?: (?:and|,) \d+)?) ?"
    rf"{_DF}\b"
)
_P = re.compile(r"\b[Pp](?:[- ]values?)? ?(?P<op>=|<|>|≤|≥|of|was) ?(?P<p>0?\.\d+)(?![\d.]*\d| ?[x×]|[eE]-)")
_OBSERVED = r" (?:measurements|samples|specimens|values|data|determinations|readings|observations|biopsies)\b"
_NOT_IT = re.compile(
    r"\b(?:adjust\w*|corrected|Bonferroni|Holm|FDR|permut\w*|exact|one-?sided|one-?tailed|trend|interaction"
    rf"|cluster\w*|greenhouse|huynh|partial|repeated|mixed|paired(?!{_OBSERVED})|Wilcoxon|rank-sum|Mann|multiple)\b",
    re.IGNORECASE,
)
_CORRELATION = re.compile(
    r"(?:\b(?:[Pp]earson|[Ss]pearman)(?:['’]s?)?[^.;()\d]{0,60}?|\b(?:correlation(?: coefficient)?|rho|ρ)\b"
    r"[^.;()\d]{0,50}?|(?<![\w-])(?:r|R|rs|rho|ρ)(?= ?=) ?)(?:\((?:r|rho|ρ)\) ?)?(?:=|:|was|of|is)? ?"
    r"(?P<v>-?(?:0?\.\d+))(?![\d.]*\d)"
)
_BEYOND = re.compile(
    r"(?<![\w.-])(?:r|rho|ρ) ?= ?(?P<v>-?[1-9]\.\d+)(?![\d.]*\d| ?[kmµμn]?g\b| ?[A-Za-z/]+[ -]-?\d"
    r"|,? ?95 ?%? ?(?:CI,? )?\d)"
)
_RADIUS = re.compile(r"\bradi(?:us|i|al)\b", re.IGNORECASE)
_OTHER_R = re.compile(r"\b(?:intraclass|ICC|Kendall\w*|tau|kappa|concordance|R2|R²|R-squared)\b", re.IGNORECASE)


def _group(k: int) -> str:
    """A mean, its standard deviation and the size of its group, in words."""
    return (
        rf"(?P<m{k}>-?{NUMBER})(?: ?[A-Za-zµμ/%0-9]{{1,8}})? ?(?:±|\+/-|\((?:SD|s\.d\.|standard deviation)[,:= ]* ?) "
        rf"?(?P<s{k}>{NUMBER})\)? (?:in|of|among|for) (?:the )?(?P<n{k}>\d{{1,5}})\b(?! ?(?:%|years|months|weeks|days|"
        rf"points))"
    )


_MEANS = re.compile(
    rf"{_group(1)}[^.;()±\d]{{0,60}}? (?:and|vs\.?|versus|than|against|compared (?:with|to)) [^.;()±\d]{{0,40}}?"
    rf"{_group(2)}[^.;()±\d]{{0,60}}?[(\[;,] ?(?P<by>[Pp](?:[- ]value)? ?(?:=|<|>|≤) ?0?\.\d+)(?![\d.]*\d)"
)
_NEAR, _FEWEST = 70, 3


def check_tests_told(case: Case, p: Passage) -> None:
    """Check each statistic, correlation and pair of means whose P value stands behind it."""
    for m in _BEYOND.finditer(case.flat, p.start, p.end):
        if not compared(case, m.span("v"), "statistic") and not _RADIUS.search(case.flat, p.start, p.end):
            sentence = f"A correlation of {m['v']}: it must lie between -1 and 1."
            judge(case, p, "statistic", [m.span("v")], "error-if", sentence, "range of the statistic")
    ps = list(_P.finditer(case.flat, p.start, p.end))
    if not ps or _NOT_IT.search(case.flat, p.start, p.end):
        return
    found = list(_STATISTIC.finditer(case.flat, p.start, p.end))
    for k, m in enumerate(found):
        later = found[k + 1].start() if k + 1 < len(found) else p.end
        by = next((x for x in ps if 0 < x.start() - m.end() < _NEAR and x.start() < later), None)
        if by is not None:
            _statistic(case, p, m, by)
    if len(ps) == 1:
        _correlation(case, p, ps[0])
    for m in _MEANS.finditer(case.flat, p.start, p.end):
        _means(case, p, m)


def _statistic(case: Case, p: Passage, m: re.Match[str], by: re.Match[str]) -> None:
    between = case.flat[m.end() : by.start()]
    if re.search(r"[;.] [A-Z]|\bCI\b|\d[^.;]*\bversus\b", between) or any(
        c.rule in ("test", "chi-square") and c.verdict != "not checkable"
        for s in held(case, p, m.span("v"))
        for c in case.checks.get(s.id, ())
    ):
        return
    freedom = _FREEDOM.search(case.flat, m.end(), by.start())
    below = str(digit(m["free"])) if m["free"] else ""
    text = m["df"] or m["sub"] or below or (freedom and (freedom["a"] or freedom["b"])) or ""
    df = tuple(float(x) for x in re.findall(r"\d+(?:\.\d+)?", text))
    kind = {"Z": "z", "T": "t"}.get(m["name"], m["name"]) or "chi-square"
    if m["wald"] and not df:
        return  # a z or its square
    value = read_printed(m["v"])
    ends = [_p(kind, float(x), df) for x in (max(abs(value.value) - value.step / 2, 0), abs(value.value) + value.step)]
    shown = f"{kind} = {value.text}{f' on {text}' if text else ''}"
    _compare(case, p, ends, by, [m.span("v")], shown, either=kind in ("z", "t"))


def _p(kind: str, x: float, df: tuple[float, ...]) -> float | None:
    if kind == "chi-square":
        return float(special.gammaincc(df[0] / 2, x / 2)) if len(df) == 1 and df[0] > 0 else None
    return p_of(kind, x, df)


def _correlation(case: Case, p: Passage, by: re.Match[str]) -> None:
    rs = list(_CORRELATION.finditer(case.flat, p.start, p.end))
    sizes = {c.n: c for c in counts_in(case, p.start, p.end) if c.n > _FEWEST}
    if len(rs) != 1 or len(sizes) != 1 or _OTHER_R.search(case.flat, p.start, p.end):
        return
    value, (size,) = read_printed(rs[0]["v"]), sizes.values()
    if by.start() > rs[0].end() and not compared(case, by.span("p"), "test"):
        ends = [p_of("r", min(abs(float(x)), 0.9999), (size.n - 2,)) for x in (value.low, value.high)]
        _compare(case, p, ends, by, [rs[0].span("v"), size.span], f"r = {value.text} in {size.n}")


def _means(case: Case, p: Passage, m: re.Match[str]) -> None:
    groups = [(read_printed(m[f"m{k}"]), read_printed(m[f"s{k}"]), int(m[f"n{k}"])) for k in (1, 2)]
    by = _P.search(case.flat, m.start("by"))
    if by is None or compared(case, by.span("p"), "P/means") or any(n < _FEWEST or not sd.value for _, sd, n in groups):
        return
    places = [m.span(f"{x}{k}") for k in (1, 2) for x in ("m", "s", "n")]
    _compare(case, p, p_of_means(groups[0], groups[1]), by, places, "A t test of these means", kind="P/means")


_TIMES_OFF, _LEAST = 2.0, 0.005
"""How many times as large or small a P must be, and how far off: of two that belong together one is rounded."""
_MANY_TIMES, _FLOOR = 4.0, 0.0015
"""So many times as large as it is due one is another P however small, but for `0.001`, which stands for less."""


def _compare(
    case: Case, p: Passage, ends: Sequence[float | None], by: re.Match[str], places: list[tuple[int, int]], shown: str,
    *, kind: str = "test", either: bool = False,
) -> None:  # fmt: skip
    known = [x for x in ends if x is not None]
    if len(known) < len(ends):
        return
    least, most = min(known), max(known)
    given, op = read_printed(by["p"]), by["op"] if by["op"] in "<>≤≥" else "="
    low, high = printed_range(given, {"≤": "<=", "≥": ">="}.get(op, op))
    shown = f"{shown} gives P from {least:.3g} to {most:.3g}"
    places = [*places, by.span("p")]
    sides = ((least, most), (least / 2, most / 2)) if either else ((least, most),)
    if any(a <= high and low <= b for a, b in sides):
        judge(case, p, kind, places, "ok", f"{shown}.", "distribution of the statistic")
    elif (max(abs(x - float(given.value)) for x in known) > _LEAST or low > max(_MANY_TIMES * most, _FLOOR)) and all(
        low > _TIMES_OFF * b or high * _TIMES_OFF < a for a, b in sides
    ):
        sentence = f"{shown}, printed P {op} {given.text}."
        judge(case, p, kind, places, "unlikely", sentence, "distribution of the statistic")
