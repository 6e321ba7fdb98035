"""Words of significance against the limits beside them: `significantly lower (HR 0.91, 0.79 to 1.05)`, `P = NS`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import estimates_in
from codon12.check.verify.prose import compared, judge

__all__ = ["check_claims_and_limits"]

_DENIED = re.compile(
    r"\b(?:not|no|nor|without|non|neither|fail\w*|never)\b(?:[ -]+[\w-]+){0,4}?[ -]+(?:significan\w*|differ\w*|effect|"
    r"association)|\b(?:nonsignificant|insignificant)\b|\b[Pp](?:[- ]?values?)? ?(?:=|:|was)? ?(?:NS\b|n\.s\.)",
    re.IGNORECASE,
)
_CLAIMED = re.compile(r"\bsignifican(?:t|tly|ce)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"\b(?:but|however|although|whereas|while|except|clinically|clinical|relevant|important|meaningful|margin|trend\w*|"
    r"non-?inferior\w*|equivalen\w+|interaction|one-sided|per-protocol|heterogene\w*|bootstrap\w*|credible|subgroups?|"
    r"no (?:other|further)|apart from|other than|nearly|borderline|marginal\w*|approach\w*|near\w*|almost|and .* "
    r"significan)\b",
    re.IGNORECASE,
)
_OF_A_DIFFERENCE = re.compile(
    r"\b(?:difference|change|effect|reduction|increase|decrease|[SW]?MD|RD|beta|coefficient|estimate|slope)\b|β|"
    r"\b[dg] ?=",
    re.IGNORECASE,
)
_SEVERAL_P = re.compile(r"\b[Pp] ?[=<>]")
_INTERVAL = re.compile(r"\bCIs?\b|\bCrI\b")
_NAMED = 90
"""Characters before the limits in which a difference is named."""
_UNSURE = ("P/words", "P/interval")


def check_claims_and_limits(case: Case, p: Passage) -> None:
    """Check each sentence that claims or denies significance once and has one interval of an effect."""
    text = case.flat[p.start : p.end]
    claimed, denied = len(_CLAIMED.findall(text)), _DENIED.search(text)
    if claimed > 1 or not (claimed or denied):
        return
    if _TURNS.search(text) or len(_SEVERAL_P.findall(text)) > 1 or ";" in re.sub(r"\([^()]*\)", "", text):
        return
    told = [e for e in estimates_in(case, p) if e.limits == "ci"]
    if len(told) != 1 or len(_INTERVAL.findall(text)) > 1:
        return
    e = told[0]
    if e.sort not in ("ratio", "difference") or e.level not in (None, "95") or e.low.value >= e.high.value:
        return
    if e.sort == "difference" and not _OF_A_DIFFERENCE.search(e.named[-_NAMED:]):
        return
    null, slack = 1 if e.sort == "ratio" else 0, e.low.step
    without = e.low.value > null + slack or e.high.value < null - slack
    across = e.low.value < null - slack and e.high.value > null + slack
    if not (without if denied else across) or any(compared(case, x, *_UNSURE) for x in e.places):
        return
    says = "no significant difference" if denied else "significance"
    sentence = f"The sentence speaks of {says}, yet the interval {'excludes' if denied else 'contains'} {null}."
    judge(case, p, "P/words", list(e.places[1:]), "unlikely", sentence, "significance by the interval")
