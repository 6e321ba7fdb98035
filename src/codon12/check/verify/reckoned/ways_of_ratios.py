"""Words of a lower or higher risk against the ratio beside them, which way and by how many percent.

`a lower risk than non-users (HR 1.24; 1.10 to 1.39)`; `exacerbations were 48% fewer (rate ratio, 0.62)`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_ways_of_ratios"]

_OF = (
    r"(?:risks?|odds|hazards?|likelihood|incidence|rates?|mortality|probability|prevalence|chances?|deaths?|occurrence|"
    r"frequency|events?)"
)
_LESS = r"lower|reduced|decreased|less|fewer|smaller|diminished|lowered|rarer"
_MORE = r"higher|increased|elevated|greater|raised|more|excess"
_WORD = re.compile(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE})) (?:[a-z-]+ ){{0,4}}?{_OF}\b"
    rf"|\b{_OF}\b(?: of (?:[a-z-]+ ?){{1,5}}?)? (?:was|were|being|is|became) (?:[a-z]+ly |much |also )?"
    rf"(?:(?P<less1>{_LESS})|(?P<more1>{_MORE}))(?! (?:in|with|after|among) (?:the )?(?:former|latter))\b"
    r"|\b(?:(?P<less2>less|reduced|lowered|decreased|halved)|(?P<more2>more|increased|raised|doubled|elevated)) "
    r"(?:(?:likely|often|frequent(?:ly)?|common(?:ly)?)\b|(?:the |their |its )?(?:[a-z-]+ ){0,2}?(?:risk|odds|hazard"
    r"|incidence|"
    r"rate|mortality)\b)|\b(?P<less3>protect(?:s|ed|ive|ing)? (?:against|from|factor)|protective)\b"
    r"|\b(?P<less4>(?:longer|better|improved|superior|prolonged)) (?:[a-z-]+ ){0,3}?(?:survival|PFS|OS|DFS)\b"
    r"|\b(?P<more4>(?:shorter|worse|poorer|inferior|reduced)) (?:[a-z-]+ ){0,3}?(?:survival|PFS|OS|DFS)\b"
    r"|\btime to (?:first )?(?:death|exacerbation|relapse|progression|recurrence|failure|stroke|bleeding|infection"
    r"|event)\b"
    r"[^.;()\d]{0,20} (?:(?P<less5>longer|prolonged)|(?P<more5>shorter))\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"(?P<n>\b(?:[aAcC]?(?:HR|OR|RR|IRR|PR|SHR)s?|(?i:hazards?|odds|risk|rate|prevalence|incidence rate|relative)"
    r" (?:[Rr]atios?|"
    rf"[Rr]isks?|[Oo]dds))\b)(?P<w>(?:[^.;\d]|\bvs?\.){{0,60}}?)(?P<v>{NUMBER})(?![\d.,]*\d| ?%)"
    rf"(?:[,;:( \[]+(?:9\d(?:\.\d)? ?% ?)?(?:CI|confidence interval)[,:=]? ?[(\[]?(?P<a>{NUMBER}) ?(?:to|-|,|and) ?"
    rf"(?P<b>{NUMBER}))?"
)
_TURNED = re.compile(
    r"\b(?:not|no|nor|neither|without|never|whether|if|non-?significan\w*|although|but|while|whereas|however|except|"
    r"similar\w*|reference|referent|interaction|each|every|attenuat\w*|unadjusted|stronger|weaker|lowest|highest|survivors|"
    r"inverse\w*|former|latter|respectively|rather|reversed?|hypothe\w+|assum\w+|detect|power|improvement|recovery|cure|"
    r"remission|response|success|per)\b|compared with (?:low|high)",
    re.IGNORECASE,
)
_FAR = 170
"""Characters at most between the words and the ratio."""
_PERCENT = re.compile(
    rf"(?<![\d.,-])(?P<p>{NUMBER}) ?%,? (?:relative |risk |significantly )*(?:(?P<less>lower|fewer|less|reduction"
    rf"|decrease|"
    r"reduced|decreased|decline|drop|cut)|(?P<more>higher|more|greater|increase|increased|excess|rise))\b(?! points)"
    rf"|\b(?:(?P<less2>reduc|lower|decreas|cut|declin|fell|diminish)|(?P<more2>increas|rais|rose|elevat))[a-z]*\b"
    rf"[^.;()\d]{{0,50}}? by (?:about |approximately )?(?P<q>{NUMBER}) ?%",
    re.IGNORECASE,
)
_PERCENT_OF = re.compile(
    r"\b(?:odds|risk|hazard|rate|likel\w+|mortality|death|exacerbation|relapse|event|incidence|infection|fracture|stroke|"
    r"recurrence|progression|admission|fall|probab\w+|hospitali[sz]ation|bleeding)",
    re.IGNORECASE,
)


_NAMES = (
    *("ratio", " hr", "(hr", " or ", "(or", " rr", "(rr", "irr", "relative risk", "[or", "[hr"),
    "relative odds",
)


def check_ways_of_ratios(case: Case) -> None:
    """Check, in every sentence with one ratio, the one word of direction and the one percentage told of it."""
    for p in sentences_with(case, *_NAMES):
        ratios = list(_RATIO.finditer(case.flat, p.start, p.end))
        if len(ratios) == 1 and not any(
            compared(case, ratios[0].span("v"), k) for k in ("direction", "ratio", "interval", "ratio/percents")
        ):
            _which_way(case, p, ratios[0])
            _by_how_much(case, p, ratios[0])


def _which_way(case: Case, p: Passage, m: re.Match[str]) -> None:
    words = list(_WORD.finditer(case.flat, p.start, p.end))
    ways = {w.lastgroup[:4] for w in words if w.lastgroup}
    if len(ways) != 1:
        return
    w = max((x for x in words if x.end() <= m.start()), key=lambda x: x.end(), default=None)
    if w is None or _FOR_ANOTHER.match(case.flat, m.end("v")):
        return
    if not 0 <= m.start() - w.end() <= _FAR or _TURNED.search(case.flat, p.start, m.start()):
        return
    if re.search(r"\b(?:per|reference|each)\b", m["w"]):
        return
    if ";" in case.flat[w.end() : m.start()]:
        return
    less = ways == {"less"}
    value = read_printed(m["v"])
    limits = [read_printed(m[k]) for k in "ab" if m[k]]
    wrong = value.low > 1 if less else value.high < 1
    if not wrong or value.value <= 0 or (limits and not (limits[0].low > 1 if less else limits[1].high < 1)):
        return
    if not limits and abs(float(value.value) - 1) < _CLOSE:
        return
    sentence = f"“{w[0]}” is said of a ratio of {value.text}, which is {'above' if less else 'below'} 1."
    judge(case, p, "direction", [w.span(), m.span("v")], "unlikely", sentence, "direction of effect")


_FOR_ANOTHER = re.compile(r"[,;]? (?:for|of|in) [a-z]")
"""Right behind a ratio, where it is said of whom it is: `HR 1.43 for men against women`."""
_CLOSE, _SLACK = 0.1, 2
_OTHER_MODEL = re.compile(
    r"\b(?:adjust\w*|unadjusted|absolute|per|each|every|vaccine|efficacy|percentage points|power|detect\w*|assum\w*|SD|"
    r"points?|median|sensitivity|specificity|diagnostic)\b",
    re.IGNORECASE,
)


def _by_how_much(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`were 48% fewer (rate ratio, 0.62)`: a ratio of 0.62 is 38 % fewer."""
    found = list(_PERCENT.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or case.flat.count("%", p.start, p.end) > (3 if m["a"] else 1):
        return
    x = found[0]
    which = "p" if x["p"] else "q"
    value, given = read_printed(m["v"]), read_printed(x[which])
    if compared(case, x.span(which), "derived", "difference") or not _PERCENT_OF.search(case.flat, p.start, p.end):
        return
    if _OTHER_MODEL.search(case.flat, p.start, m.start("v")) or value.value <= 0:
        return
    gaps = [abs(100 * abs(1 - r) - given.value) for r in (value.value, 1 / value.value)]
    slack = 100 * value.step + given.step
    if min(gaps) <= slack + _SLACK:
        return
    less = x["less"] or x["less2"]
    if bool(less) != (value.value < 1):
        return
    sentence = (
        f"A ratio of {value.text} is {float(100 * abs(1 - value.value)):.3g} % less or more, printed {given.text} %."
    )
    judge(case, p, "derived", [x.span(which), m.span("v")], "unlikely", sentence, "1 - ratio")
