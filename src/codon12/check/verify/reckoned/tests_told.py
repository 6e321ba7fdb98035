"""A test statistic with its degrees of freedom and its P in any order and wording: chi-square, F, t, z, Wald, Q."""

from __future__ import annotations

from scipy import special

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.inference.statistics import p_of
from codon12.check.verify.prose import NUMBER, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_tests_told"]

_V = rf"-?(?:{NUMBER}|\.\d+)"
_DF = r"d\.?f\.?|degrees? of freedom"
_STATISTIC = re.compile(
    r"(?<![\w-])(?:(?P<chi>χ2?|X2|[Cc]hi[- ]squared?(?: statistic| test| value)?)|(?P<wald>Wald(?: statistic| "
    r"test)?(?: χ2?)?)|"
    r"(?P<q>(?:Cochran(?:'s|e)? )?Q)|(?P<h>(?:Kruskal-Wallis )?H)|(?P<name>[FtzZ])(?:[- ](?:statistic|test|value|"
    r"score))?)"
    rf" ?(?:\((?:(?:{_DF}) ?=? ?)?(?P<df>\d+(?:\.\d+)?(?: ?[,;] ?\d+(?:\.\d+)?)?)(?:, ?[nN] ?= ?\d+)?\))? ?(?:=|of|"
    rf"was|,|:) ?(?P<v>{_V})(?![\d.,]*\d)"
)
_FREEDOM = re.compile(
    rf"\b(?:{_DF}) ?(?:=|of|:|,)? ?(?P<a>\d+(?:\.\d+)?(?: ?(?:,|and) ?\d+)?)|(?<![\d.])(?P<b>\d+(?: (?:and|,) "
    rf"\d+)?) ?(?:{_DF})\b"
)
_P = re.compile(r"\b[Pp](?:[- ]values?)? ?(?P<op>=|<|>|≤|≥|of|was) ?(?P<p>0?\.\d+|0\.\d+)")
_NOT_IT = re.compile(
    r"\b(?:adjust\w*|corrected|Bonferroni|Holm|FDR|permut\w*|exact|one-?sided|one-?tailed|trend|interaction|log-?rank|"
    r"clustered|greenhouse|[Hh]uynh)\b",
    re.IGNORECASE,
)
_NEAR = 70
_TIMES_OFF = 2.0
"""How many times as large or small a P must be: one of two statistics that belong together is rounded."""


def check_tests_told(case: Case) -> None:
    """Check each statistic whose P stands behind it in the sentence, unless another rule has judged it."""
    for p in sentences_with(
        case,
        "χ",
        "chi-",
        "chi ",
        "x2",
        "wald",
        "freedom",
        " df",
        "(df",
        "d.f",
        " f(",
        "(f(",
        " f (",
        " t(",
        "(t(",
        " t (",
        "z =",
        "z=",
        "cochran",
        "q =",
        "q=",
    ):
        found = list(_STATISTIC.finditer(case.flat, p.start, p.end))
        ps = list(_P.finditer(case.flat, p.start, p.end))
        for m in found:
            behind = [x for x in ps if 0 < x.start() - m.end() < _NEAR]
            later = next((x.start() for x in found if x.start() > m.start()), p.end)
            if behind and behind[0].start() < later:
                _judge(case, p, m, behind[0])


def _judge(case: Case, p: Passage, m: re.Match[str], by: re.Match[str]) -> None:
    between = case.flat[m.end() : by.start()]
    if _NOT_IT.search(case.flat, p.start, p.end) or re.search(r"[;.] [A-Z]|\bCI\b|\d[^.;]*\bversus\b", between):
        return
    freedom = _FREEDOM.search(case.flat, m.end(), by.start())
    text = m["df"] or (freedom and (freedom["a"] or freedom["b"])) or ""
    df = tuple(float(x) for x in re.findall(r"\d+(?:\.\d+)?", text))
    value, given = read_printed(m["v"]), read_printed(by["p"])
    if _judged(case, m.span("v")):
        return
    kind = "z" if m["name"] in ("z", "Z") else m["name"] or "chi"
    if m["wald"] and not df:
        return  # a z or its square
    ends = [_p(kind, x, df) for x in (max(abs(value.value) - value.step / 2, 0), abs(value.value) + value.step)]
    if ends[0] is None or ends[1] is None:
        return
    most, least = float(ends[0]), float(ends[1])
    op = by["op"] if by["op"] in "<>≤≥" else "="
    low, high = _printed(given, op)
    name = {"chi": "chi-square", "z": "z"}.get(kind, kind)
    shown = f"{name} = {value.text}{f' on {text}' if text else ''} gives P from {least:.3g} to {most:.3g}"
    places = [m.span("v"), by.span("p")]
    sides = ((least, most), (least / 2, most / 2)) if kind in ("z", "t") else ((least, most),)
    if any(a <= high and low <= b for a, b in sides):
        judge(case, p, "test", places, "ok", f"{shown}.", "distribution of the statistic")
        return
    far = all(low > _TIMES_OFF * b or high * _TIMES_OFF < a for a, b in sides)
    if far and max(abs(a - given.value) for a in (least, most)) > _LEAST:
        judge(
            case,
            p,
            "test",
            places,
            "unlikely",
            f"{shown}, printed P {op} {given.text}.",
            "distribution of the statistic",
        )


_LEAST = 0.005


def _p(kind: str, value: object, df: tuple[float, ...]) -> float | None:
    x = float(value)  # type: ignore[arg-type]
    if kind == "chi":
        return float(special.gammaincc(df[0] / 2, x / 2)) if len(df) == 1 and df[0] > 0 else None
    return p_of(kind, x, df)


def _printed(p: Printed, op: str) -> tuple[float, float]:
    if op in "<≤":
        return 0.0, float(p.high)
    return float(p.low), 1.0 if op in ">≥" else float(p.high_cut)


def _judged(case: Case, span: tuple[int, int]) -> bool:
    """Whether a statement here has been compared with its P."""
    return any(
        c.rule in ("test", "chi-square") and c.verdict != "not checkable"
        for s in case.statements
        if s.normal_start <= span[0] < s.normal_end
        for c in case.checks.get(s.id, ())
    )
