"""Figures of a meta-analysis: I² from Q, a pooled estimate within its studies, weights that make up a hundred.

I² = (Q - df) / Q, and 0 where Q is below df (Higgins and Thompson 2002, Stat Med 21:1539).
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, judge, only, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_heterogeneity", "check_pooled", "check_subset", "check_weights"]

_Q = re.compile(
    r"(?:\b(?:Cochran(?:['’]?s)?(?: Q)?|Q(?:[- ]?(?:statistic|test|value))?)|(?:χ|\bchi)[-\s]?(?:2|²|squared?)?"
    r"(?:[- ]statistic)?)"
    rf"(?: was| of|:|,)? ?=? ?(?P<v>{NUMBER})(?!\d| ?%)",
    re.IGNORECASE,
)
_DF = re.compile(
    r"\b(?:df|d\.f\.?|degrees of freedom)(?: was| of|:|,)? ?=? ?(?P<a>\d{1,3})\b|"
    r"(?<![\d.])(?P<b>\d{1,3}) ?(?:df\b|d\.f\.?|degrees? of freedom)|(?<=[QχQ2²])\((?P<c>\d{1,3})\)",
    re.IGNORECASE,
)
_I2 = re.compile(
    r"(?<!stage )(?<!type )(?<!phase )\bI(?:²|\^?2|[- ]squared?)?(?: statistic| value)?(?: was| of|:|,)? ?=? ?"
    rf"(?P<v>{NUMBER}) ?%"
)
"""I² in the normal spelling, where a raised figure may be gone."""
_GROUPED = re.compile(r"\b(?:subgroups?|between[- ]group|interaction|REML|tau|τ|Paule|bootstrap)\b", re.IGNORECASE)
_POINTS = 8
"""Points by which I² may be off: estimators other than that of DerSimonian and Laird give their own."""


def check_heterogeneity(case: Case, p: Passage) -> None:
    """Check I² against Q and its degrees of freedom."""
    q, df, i2 = (only(x.finditer(case.flat, p.start, p.end)) for x in (_Q, _DF, _I2))
    if q is None or df is None or i2 is None:
        return
    which = next(k for k in "abc" if df[k])
    statistic, freedom, given = read_printed(q["v"]), int(df[which]), read_printed(i2["v"])
    if statistic.low <= 0 or given.value > 100:
        return
    low, high = (max(0.0, 100 * float((x - freedom) / x)) for x in (statistic.low, statistic.high))
    places = [q.span("v"), df.span(which), i2.span("v")]
    exact = max(0.0, 100 * float((statistic.value - freedom) / statistic.value))
    shown = f"Q {statistic.text} on {freedom} degrees of freedom makes I² {exact:.3g} %"
    if float(given.low) <= high and low <= float(given.high_cut):
        judge(case, p, "statistic", places, "ok", f"{shown}.", _METHOD)
        return
    gap = max(low - float(given.value), float(given.value) - high)
    far = gap > _POINTS and not _GROUPED.search(case.flat, p.start, p.end)
    verdict: Verdict = "unlikely" if far else "cannot confirm"
    judge(case, p, "statistic", places, verdict, f"{shown}, printed {given.text} %.", _METHOD)


_METHOD = "I² = (Q - df) / Q"
_POOLED = re.compile(
    r"\b(?:pooled|summary|combined)(?: estimate of(?: the)?| estimated| weighted| overall| mean| random-effects)?"
    rf"(?P<what>(?: [a-z-]+){{1,4}}?)(?: \([A-Z]{{2,4}}\))?(?: (?:was|of|is)|:|,| =)? ?(?P<v>-?{NUMBER})(?P<u> ?%)?"
    r"(?!\d|[.,]\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:\b(?:rang(?:ed|ing|es?)|varied|varying|spread|lay|lying|lies?)(?: [a-z]+){0,3}? (?:from|between)|"
    r"(?:studies|trials) (?:from|between)|"
    rf"\b(?:range|(?:individual|single) (?:studies|trials)|estimates)[,:]? ?(?:of|was)?) "
    rf"?(?P<a>-?{NUMBER})(?P<ua> ?%)? ?(?:to|-|and) ?(?P<b>-?{NUMBER})(?P<ub> ?%)?",
    re.IGNORECASE,
)
_STUDIES = re.compile(r"\b(?:study|studies|trials|cohorts|series|reports|data ?sets)\b", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:estimates?|values?|effects?|results?|individual (?:studies|trials)|it|which|they)\b", re.IGNORECASE
)
_OF_STUDIES = re.compile(
    r"[ (]*(?:and |while )?(?:the )?(?:single |individual |included |[a-z]+ )?(?:studies|trials) rang"
)
_PART = re.compile(
    r"\b(?:studies|trials|cohorts|series) (?:of|with|in|on|that|using|from)\b|\bCI\b|interval|subgroups?|"
    r"\b(?:age|years?|months?|sample|size|patients|participants|quality)\b",
    re.IGNORECASE,
)


def check_pooled(case: Case, p: Passage) -> None:
    """`the pooled sensitivity was 93%; sensitivities in the studies ranged from 71% to 90%`."""
    pooled, ranges = (list(x.finditer(case.flat, p.start, p.end)) for x in (_POOLED, _RANGE))
    if len(pooled) != 1 or len(ranges) != 1 or _PART.search(case.flat, p.start, p.end):
        return
    m, r = pooled[0], ranges[0]
    if bool(m["u"]) != bool(r["ub"]) or (r.start() < m.end() and m.start() < r.end()):
        return
    if not _STUDIES.search(case.flat, p.start, p.end):
        return
    begin = max(p.start, max(case.flat.rfind(c, p.start, r.start()) for c in ";,") + 1)
    words = case.flat[begin if begin < r.start() else p.start : r.start()].lower() + r[0].lower()
    stem = re.sub(r"(?:y|ies|s)$", "", m["what"].split()[-1].lower())
    value, low, high = read_printed(m["v"]), read_printed(r["a"]), read_printed(r["b"])
    alike = bool(m["u"]) or (value.digits == low.digits == high.digits and value.digits > 0)
    named = _ANY.search(words) or (alike and _OF_STUDIES.match(words))
    if stem not in words and not (named and m.end() <= r.start()):
        return
    if low.value >= high.value:
        return
    places = [r.span("a"), r.span("b"), m.span("v")]
    unit = " %" if m["u"] else ""
    if low.low <= value.high and value.low <= high.high:
        sentence = f"{value.text}{unit} lies within the studies, {low.text} to {high.text}{unit}."
        judge(case, p, "mixture", places, "ok", sentence, "weighted mean")
    else:
        shown = f"{low.text} to {high.text}{unit}"
        sentence = f"A pooled value lies within those of its studies, {shown}: {value.text} does not."
        judge(case, p, "mixture", places, "error-if", sentence, "weighted mean")


_WEIGHTS = re.compile(
    rf"\bweights?\b(?! (?:loss|gain|change|reduc))[^.;%\d]{{0,60}}?(?P<list>{NUMBER} ?%(?:, (?:and )?| and )"
    rf"(?:{NUMBER} ?%(?:, (?:and )?| and )?){{1,12}})(?![^.;]{{0,20}}\d)",
    re.IGNORECASE,
)
_SOME = re.compile(r"\b(?:largest|two of|heaviest|lost|body|birth|kg|baseline|increase|decrease)\b", re.IGNORECASE)


def check_weights(case: Case, p: Passage) -> None:
    """`weights of the four studies were 31%, 28%, 25% and 16%`."""
    for m in _WEIGHTS.finditer(case.flat, p.start, p.end):
        if not _STUDIES.search(case.flat, p.start, p.end) or _SOME.search(case.flat, p.start, p.end):
            continue
        found = list(re.finditer(rf"({NUMBER}) ?%", m["list"]))
        values = [read_printed(x[1]) for x in found]
        total, slack = sum(v.value for v in values), sum(v.step for v in values)
        if len(values) < 3:
            continue
        places = [(m.start("list") + x.start(1), m.start("list") + x.end(1)) for x in found]
        shown = f"{' + '.join(v.text for v in values)} = {float(total):g}"
        if abs(total - 100) <= slack:
            judge(case, p, "sum", places, "ok", f"{shown} %.", "weights add up to 100 %")
        else:
            judge(case, p, "sum", places, "unlikely", f"The weights are {shown} %, not 100.", "weights add up to 100 %")


_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_OF_THEM = (
    r"(?:trials|studies|cohorts|RCTs|reports|data ?sets|registries|comparisons|series|publications|articles|centres|"
    r"centers|hospitals|sites)"
)
_PEOPLE = (
    r"(?:patients|participants|women|men|children|adults|people|subjects|individuals|infants|cases|persons|babies|"
    r"births)"
)


def _holding(name: str) -> str:
    """How many people studies hold, as a named group."""
    return (
        r"[^.;()\d%]{0,60}?[(,]? ?(?:n ?= ?|with (?:a total of )?|including |involving |comprising |of |had |on |in |, "
        r")?"
        rf"(?P<{name}>{_N})(?: (?:[a-z-]+ )?{_PEOPLE}\b|\))"
    )


_ALL = re.compile(
    rf"(?<![\w.,/-])(?P<k>\d{{1,9}}) (?:[a-z-]+ ){{0,3}}?{_OF_THEM}\b{_holding('n')}",
    re.IGNORECASE,
)
_SOME = re.compile(
    rf"(?<![\w.,/-])(?P<k>\d{{1,9}}) (?:(?:[a-z-]+ )?{_OF_THEM} )?(?:of (?:the|these|those|them|which)(?: "
    rf"(?P<of>\d{{1,9}}))?\b){_holding('n')}|\b(?:subset|part|subgroup|restrict\w*|limit\w*|analysis) (?:the analysis |"
    rf"analyses )?(?:of|to|comprising|in) (?:the )?(?P<j>\d{{1,9}}) (?:[a-z-]+ ){{0,3}}?{_OF_THEM}\b{_holding('m')}",
    re.IGNORECASE,
)


def check_subset(case: Case, p: Passage) -> None:
    """`nine trials (5,120 patients) and six of these nine (6,480 patients)`: fewer trials cannot hold more patients."""
    before = case.text.passages[p.index - 1] if p.index else p
    begin = before.start if before.paragraph == p.paragraph else p.start
    some = only(_SOME.finditer(case.figures, p.start, p.end))
    if some is None:
        return
    k, n = ("k", "n") if some["k"] else ("j", "m")
    others = [
        m for m in _ALL.finditer(case.figures, begin, p.end) if m.end() <= some.start() or m.start() >= some.end()
    ]
    wholes = [m for m in others if int(m["k"]) > int(some[k])]
    if len(wholes) != 1 or len(others) != 1 or (some["of"] and int(some["of"]) != int(wholes[0]["k"])):
        return
    m = wholes[0]
    part, total = whole(some[n]), whole(m["n"])
    places = [m.span("n"), some.span(n)]
    if part > total > int(m["k"]):
        sentence = f"{int(some[k])} of the {int(m['k'])} hold {part:,}, more than all of them: {total:,}."
        judge(case, p, "subset", places, "error-if", sentence, "order of whole numbers")
    elif total > part:
        judge(case, p, "subset", places, "ok", f"{part:,} among {total:,}.", "order of whole numbers")
