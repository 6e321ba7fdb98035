"""P values of correlations and of two means by the sizes their sentence tells in words, of F and chi-square as well.

`(Pearson's r = 0.62; 80 patients; P = 0.20)`; `142.1 cm (SD 6.0) in 50 treated and 138.0 cm (SD 6.2) in 52 untreated
girls (P = 0.50)`; `F1,46 = 0.83, P = 0.037`; `a chi-squared test (3 df) gave 9.2, P = 0.27`.
"""

from __future__ import annotations

import math

from scipy import special

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.inference.group_means import p_of_means
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.check.verify.inference.statistics import p_of
from codon12.check.verify.prose import NUMBER, Count, compared, counts_in, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_tests_by_size"]

_P = re.compile(r"\b[Pp](?:[- ]values?)? ?(?P<op>=|<|>|≤|≥|of|was) ?(?P<p>0?\.\d+)(?![\d.]*\d| ?[x×]|[eE]-)")
_R = re.compile(
    r"(?:\b(?:[Pp]earson|[Ss]pearman)(?:['’]s?)?[^.;()\d]{0,60}?|\b(?:correlation(?: coefficient)?|rho"
    r"|ρ)\b[^.;()\d]{0,50}?|"
    r"(?<![\w-])(?:r|rs|rho|ρ)(?= ?=) ?)(?:\((?:r|rho|ρ)\) ?)?(?:=|:|was|of|is)? ?(?P<v>-?(?:0?\.\d+))(?![\d.]*\d)"
)
_BEYOND = re.compile(
    r"(?<![\w.-])(?:r|rho|ρ) ?= ?(?P<v>-?[1-9]\.\d+)(?![\d.]*\d"
    r"| ?[kmµμn]?g\b| ?[A-Za-z/]+[ -]-?\d|,? ?95 ?%? ?(?:CI,? )?\d)"
)
_PARTIAL = re.compile(
    r"\b(?:partial|adjust\w*|repeated|mixed|intraclass|ICC|Kendall\w*|tau|kappa|concordance|one-?(?:sided|tailed)|permut\w*|"
    r"interaction|trend|cluster\w*|paired|rank-sum|Mann|Wilcoxon|corrected|Bonferroni|FDR|R2|R²|R-squared|multiple)\b",
    re.IGNORECASE,
)
_F = re.compile(rf"\b(?P<n>[FtT])(?P<a>\d{{1,2}})(?:, ?(?P<b>\d{{1,5}}))? ?= ?(?P<v>{NUMBER})(?![\d.,]*\d)")
_CHI = re.compile(
    r"\b[Cc]hi[- ]squared? (?:test|statistic)?[^.;()\d]{0,30}\((?P<a>\d{1,2}) ?(?:df|d\.f\.|degrees? of"
    r" freedom)\)[^.;()\d]{0,20}? "
    rf"?(?P<v>{NUMBER})(?![\d.,]*\d)"
)


def _group(k: int) -> str:
    """A mean, its standard deviation and the size of its group, in words."""
    return (
        rf"(?P<m{k}>-?{NUMBER})(?: ?[A-Za-zµμ/%0-9]{{1,8}})? ?(?:±|\+/-|\((?:SD|s\.d\.|standard deviation)[,:= ]* ?) ?"
        rf"(?P<s{k}>{NUMBER})\)? (?:in|of|among|for) (?:the )?(?P<n{k}>\d{{1,5}})\b(?! ?(?:%|years|months|weeks|days"
        rf"|points))"
    )


_MEANS = re.compile(
    rf"{_group(1)}[^.;()±\d]{{0,60}}? (?:and|vs\.?|versus|than|against|compared (?:with|to)) [^.;()±\d]{{0,40}}?"
    rf"{_group(2)}[^.;()±\d]{{0,60}}?[(\[;,] ?[Pp](?:[- ]value)? ?(?P<op>=|<|>|≤) ?(?P<p>0?\.\d+)(?![\d.]*\d)"
)
_FAR, _LEAST = 1.0, 0.01


def check_tests_by_size(case: Case) -> None:
    """Check each correlation, F, t and chi-square in these spellings, and pairs of means, against their P value."""
    for p in sentences_with(case, "correlat", "pearson", "spearman", "rho", "r =", "ρ", "r=", "rs ="):
        rs, ps = list(_R.finditer(case.flat, p.start, p.end)), list(_P.finditer(case.flat, p.start, p.end))
        for m in _BEYOND.finditer(case.flat, p.start, p.end):
            if not compared(case, m.span("v"), "statistic"):
                sentence = f"A correlation of {m['v']}: it must lie between -1 and 1."
                judge(case, p, "statistic", [m.span("v")], "error-if", sentence, "range of the statistic")
        sizes = {c.n: c for c in counts_in(case, p.start, p.end) if c.n > 3}
        if len(rs) == len(ps) == len(sizes) == 1 and not _PARTIAL.search(case.flat, p.start, p.end):
            _correlation(case, p, rs[0], ps[0], *sizes.values())
    for p in sentences_with(
        case,
        " f1",
        " f2",
        " f3",
        " f4",
        " f5",
        " t1",
        " t2",
        " t3",
        " t4",
        " t5",
        "(f",
        "(t",
        "chi-squared",
        "chi-square",
    ):
        for pattern in (_F, _CHI):
            for m in pattern.finditer(case.flat, p.start, p.end):
                by = _P.search(case.flat, m.end(), min(p.end, m.end() + 40))
                if by is not None and not _PARTIAL.search(case.flat, p.start, p.end):
                    _statistic(case, p, m, by)
    for p in sentences_with(case, "(sd", "±", "standard deviation"):
        for m in _MEANS.finditer(case.flat, p.start, p.end):
            if not _PARTIAL.search(case.flat, p.start, p.end):
                _means(case, p, m)


def _correlation(case: Case, p: Passage, r: re.Match[str], by: re.Match[str], size: Count) -> None:
    value, n = read_printed(r["v"]), size.n
    if not abs(value.value) < 1 or by.start() < r.end() or compared(case, by.span("p"), "test"):
        return
    ends = [_p_of_r(min(abs(float(x)), 0.9999), n) for x in (value.low, value.high)]
    shown = f"r = {value.text} in {n} gives P from {min(ends):.2g} to {max(ends):.2g}"
    _compare(case, p, (min(ends), max(ends)), by, [r.span("v"), size.span, by.span("p")], shown)


def _p_of_r(r: float, n: int) -> float:
    t = r * math.sqrt((n - 2) / (1 - r * r))
    return 2 * float(special.stdtr(n - 2, -t))


def _statistic(case: Case, p: Passage, m: re.Match[str], by: re.Match[str]) -> None:
    value, chi = read_printed(m["v"]), m.re.pattern == _CHI.pattern
    if compared(case, m.span("v"), "test", "chi-square") or (not chi and (m["n"] == "F") != bool(m["b"])):
        return
    ends = []
    for x in (value.low, value.high):
        if chi:
            ends.append(float(special.gammaincc(int(m["a"]) / 2, float(x) / 2)))
        else:
            df = (float(m["a"]), float(m["b"])) if m["b"] else (float(m["a"]),)
            found = p_of("t" if m["n"] == "T" else m["n"], float(x), df)
            if found is None:
                return
            ends.append(float(found))
    name = "Chi-square" if chi else m["n"]
    freedom = m["a"] if chi or not m["b"] else f"{m['a']}, {m['b']}"
    shown = f"{name} {value.text} on {freedom} gives P from {min(ends):.2g} to {max(ends):.2g}"
    _compare(case, p, (min(ends), max(ends)), by, [m.span("v"), by.span("p")], shown)


def _means(case: Case, p: Passage, m: re.Match[str]) -> None:
    groups = [(read_printed(m[f"m{k}"]), read_printed(m[f"s{k}"]), int(m[f"n{k}"])) for k in (1, 2)]
    if any(n < 3 or sd.value <= 0 for _, sd, n in groups) or compared(case, m.span("p"), "P/means"):
        return
    low, high = p_of_means(groups[0], groups[1])
    places = [m.span(f"{x}{k}") for k in (1, 2) for x in ("m", "s", "n")] + [m.span("p")]
    _compare(case, p, (low, high), m, places, f"These means give P from {low:.2g} to {high:.2g} by a t test", "P/means")


def _compare(
    case: Case, p: Passage, ends: tuple[float, float], by: re.Match[str], places: list[tuple[int, int]], shown: str,
    kind: str = "test",
) -> None:  # fmt: skip
    given: Printed = read_printed(by["p"])
    op = by["op"] if by["op"] in "<>≤≥" else "="
    said = printed_range(given, {"≤": "<=", "≥": ">="}.get(op, op))
    low, high = ends
    if low <= said[1] and said[0] <= high:
        judge(case, p, kind, places, "ok", f"{shown}.", "distribution of the statistic")
        return
    near, other = (low, said[1]) if said[1] < low else (high, said[0])
    if abs(wald_z(near) - wald_z(max(other, 1e-15))) > _FAR and abs(near - other) > _LEAST:
        judge(
            case, p, kind, places, "unlikely", f"{shown}, printed P {op} {given.text}.", "distribution of the statistic"
        )
