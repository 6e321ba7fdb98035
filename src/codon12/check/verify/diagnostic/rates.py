"""Rates of a diagnostic test in percent, by the names that sentences give them."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER

__all__ = ["DONE", "NAMES", "rates_in"]

DONE = re.compile(
    r" (?:[a-z]+ )?(?:had|underwent|received|were given|needed|went on to) (?:an? |the )?(?:[a-z-]+ )?(?:surgery|"
    r"operations?|biops\w+|resections?|\w+(?:ectomy|otomy|scopy)|scans?|imaging|MRI|CT|treatment|therapy|tests?)\b"
)
"""Behind a count of those to whom something was done, which is no result of the test or of the disease."""


NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "positive predictive value": "PPV",
    "ppv": "PPV",
    "negative predictive value": "NPV",
    "npv": "NPV",
    "accuracy": "accuracy",
    "sensitive": "sensitivity",
    "specific": "specificity",
    "accurate": "accuracy",
    "correctly classified": "accuracy",
}
_RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy|"
    r"correctly classified)"
    r"(?: \([A-Z]{2,4}\))?(?: (?:of|for|with) (?!\d)[a-z][a-zA-Z -]{2,30}?(?= (?:was|is|were|reached"
    r"|came)\b))?(?: (?:of|was|were|is|thus|therefore|hence|only|then|worked|came|out|to|at|amounted"
    r"|calculated|stood|being|turned|"
    rf"be|reached|equalled|equals|as|found|estimated|computed))*(?:,|:| =)? ?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)
_RATE_AHEAD = re.compile(
    rf"(?<![\w.,-])(?P<p>{NUMBER}) ?% (?:(?:overall|diagnostic|classification|total) )?"
    r"(?P<what>sensitivity|sensitive|specificity|specific|positive predictive value|negative predictive value|PPV|NPV|"
    r"accuracy|accurate)\b(?! (?:of|was|were|for|to) ?\d)",
    re.IGNORECASE,
)
"""`95% accurate`, `with 90% sensitivity`."""


def rates_in(case: Case, start: int, end: int) -> list[re.Match[str]]:
    """Measures of a test in percent, the name before or behind, in order."""
    ahead = list(_RATE_AHEAD.finditer(case.flat, start, end))
    named = [m for m in _RATE.finditer(case.flat, start, end) if all(m.start("p") != x.start("p") for x in ahead)]
    return sorted((*named, *ahead), key=lambda m: m.start("p"))
