"""An interval of a difference against words of significance: `no significant difference (-0.8; CI, -1.3 to -0.3)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_null_effects"]

_CI = re.compile(
    rf"\b95 ?(?:%|percent) ?(?:CI|confidence interval|confidence limits)(?: \(CI\))?(?: of| was|,|:| =)* ?[(\[]?"
    rf"(?P<a>[-+]?{NUMBER}) ?%? ?(?:(?!to |and )[a-zA-Z/]+ )?(?:to|,|and|-) ?(?P<b>[-+]?{NUMBER})(?![\d.]*\d)"
)
_DIFFERENCE = re.compile(
    r"\b(?:difference|change|effect|reduction|increase|decrease|MD|SMD|RD|WMD|beta|coefficient|estimate|slope|d|g)\b|β",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\b(?:ratio|[as]?(?:HR|OR|RR)|IRR|odds|hazard|relative risk)s?\b|\bfold\b|\bexp\b", re.IGNORECASE)
_NOT_OF_A_RATIO = re.compile(
    r"\d ?%[^;]{0,12}$|(?:β|\bbeta|\bcoefficient|\bslope|\bestimate|\bB\b)[^;]{0,40}$", re.IGNORECASE
)
"""Before an interval that is of a rate or a slope, whatever ratios the sentence speaks of."""
_DENIED = re.compile(
    r"\b(?:not|no|nor|without|non|neither|fail\w*|never)\b(?:[ -]+[\w-]+){0,4}?[ -]+(?:significan\w*|differ\w*|"
    r"effect|association)"
    r"|\b(?:nonsignificant|non-significant|insignificant)\b",
    re.IGNORECASE,
)
_NO_OTHER = re.compile(r"\bno (?:other|further)\b|\bapart from\b|\bother than\b", re.IGNORECASE)
_CLAIMED = re.compile(r"\bsignifican(?:t|tly|ce)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"\b(?:but|however|although|whereas|while|except|clinically|clinical|relevant|important|meaningful|margin|"
    r"noninferior\w*|non-inferior\w*|"
    r"marginal\w*|borderline|nearly|almost|approach\w*|equivalen\w+|interaction|one-sided|per-protocol|"
    r"trend|heterogene\w*|bootstrap\w*|credible|and .* significan)\b",
    re.IGNORECASE,
)


def check_null_effects(case: Case) -> None:
    """Check clauses that claim or deny significance and have one interval of a difference."""
    for p in sentences_with(case, "significan", "no difference", "not differ", "no effect", "non-sig"):
        limits = list(_CI.finditer(case.flat, p.start, p.end))
        text = case.flat[p.start : p.end]
        if (
            len(limits) != 1
            or _TURNS.search(text)
            or _NO_OTHER.search(text)
            or len(re.findall(r"\b[Pp] ?[=<>]", text)) > 1
        ):
            continue
        m = limits[0]
        if compared(case, m.span("a"), "P/words") or ";" in re.sub(r"\([^()]*\)", "", text):
            continue
        before = case.flat[p.start : m.start()]
        near = before[-_NEAR:]
        denied, claimed = list(_DENIED.finditer(text)), list(_CLAIMED.finditer(text))
        low, high = read_printed(m["a"].lstrip("+")), read_printed(m["b"].lstrip("+"))
        if low.value >= high.value or len(claimed) + len(denied) == 0 or len(claimed) > 1:
            continue
        signed = m["a"].startswith("-") or m["b"].startswith("-")
        of_another = _NOT_OF_A_RATIO.search(near) is not None
        if _RATIO.search(text) and not signed:
            if of_another:
                continue
            null = 1
        elif _DIFFERENCE.search(near) and (signed or not _RATIO.search(text)):
            null = 0
        else:
            continue
        slack = low.step
        without = low.value > null + slack or high.value < null - slack
        across = low.value < null - slack and high.value > null + slack
        if not (without if denied else across and claimed):
            continue
        says = "no significant difference" if denied else "significance"
        sentence = f"The sentence speaks of {says}, yet the interval {'excludes' if denied else 'contains'} {null}."
        judge(case, p, "P/words", [m.span("a"), m.span("b")], "unlikely", sentence, "significance by the interval")


_NEAR = 60
