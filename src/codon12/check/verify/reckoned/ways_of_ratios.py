"""Words of a lower or higher risk against the ratio behind them: `a lower risk than non-users (HR 1.24; 1.10 to 1.39)`."""

from __future__ import annotations

import re

from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_ways_of_ratios"]

_OF = (
    r"(?:risks?|odds|hazards?|likelihood|incidence|rates?|mortality|probability|prevalence|chances?|deaths?|occurrence|"
    r"frequency)"
)
_LESS = r"lower|reduced|decreased|less|fewer|smaller|diminished|lowered"
_MORE = r"higher|increased|elevated|greater|raised|more|excess"
_WORD = re.compile(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE})) (?:[a-z-]+ ){{0,4}}?{_OF}\b|\b(?:(?P<less2>less|reduced|lowered|decreased|"
    r"halved)|(?P<more2>more|increased|raised|doubled|elevated)) (?:likely\b|(?:the |their |its )?(?:[a-z-]+ ){0,2}?(?:risk|"
    r"odds|hazard|incidence|rate|mortality)\b)|\b(?P<less3>protect(?:s|ed|ive)? (?:against|from|factor)|protective)\b"
    r"|\b(?P<less4>(?:longer|better|improved|superior|prolonged)) (?:[a-z-]+ ){0,3}?(?:survival|PFS|OS|DFS|time to "
    r"(?!respon|remission|recovery|improve|discharge|wean|heal|extub)[a-z-]+)\b"
    r"|\b(?P<more4>(?:shorter|worse|poorer|inferior|reduced)) (?:[a-z-]+ ){0,3}?(?:survival|PFS|OS|DFS)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"(?P<n>\b(?:[aAcC]?(?:HR|OR|RR|IRR|PR|SHR)s?|(?i:hazards?|odds|risk|rate|prevalence|incidence rate|relative) (?:ratios?|"
    rf"risk))\b)(?P<w>[^.;\d]{{0,50}}?)(?P<v>{NUMBER})(?![\d.,]*\d| ?%)"
    rf"(?:[,;:( \[]+(?:9\d(?:\.\d)? ?% ?)?(?:CI|confidence interval)[,:=]? ?[(\[]?(?P<a>{NUMBER}) ?(?:to|-|,|and) ?"
    rf"(?P<b>{NUMBER}))?"
)
_TURNED = re.compile(
    r"\b(?:not|no|nor|neither|without|never|whether|if|non-?significan\w*|although|but|while|whereas|however|except|"
    r"similar\w*|reference|referent|versus|vs|interaction|per|each|every|attenuat\w*|unadjusted|stronger|weaker|lowest|"
    r"highest|survivors|inverse\w*|former|latter|respectively|rather|reversed?|compared with (?:low|high)\w*|hypothe\w+|"
    r"assum\w+|detect|power)\b",
    re.IGNORECASE,
)
_FAR = 140
"""Characters at most between the words and the ratio."""


def check_ways_of_ratios(case: Case) -> None:
    """Check, in every sentence with one ratio and one word of direction, that the two agree."""
    for p in sentences_with(case, "ratio", " hr", "(hr", " or ", "(or", " rr", "(rr", "irr", "relative risk", "[or", "[hr"):
        ratios = list(_RATIO.finditer(case.flat, p.start, p.end))
        if len(ratios) == 1:
            _judge(case, p, ratios[0])


def _judge(case: Case, p: Passage, m: re.Match[str]) -> None:
    words = list(_WORD.finditer(case.flat, p.start, p.end))
    if not words or words[-1].start() > m.start() and len(words) > 1:
        return
    ways = {w.lastgroup[:4] for w in words if w.lastgroup}
    w = words[-1]
    if len(ways) != 1 or not 0 <= m.start() - w.end() <= _FAR or _TURNED.search(case.flat, p.start, m.end()):
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
    if any(compared(case, x, "direction", "derived", "ratio", "interval") for x in (m.span("v"),)):
        return
    sentence = f"“{w[0]}” is said of a ratio of {value.text}, which is {'above' if less else 'below'} 1."
    judge(case, p, "direction", [w.span(), m.span("v")], "unlikely", sentence, "direction of effect")


_CLOSE = 0.1
