"""Rates of a diagnostic test in percent, by the names that sentences give them."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.prose import NUMBER

__all__ = ["NAMES", "RATE"]


NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "positive predictive value": "PPV",
    "ppv": "PPV",
    "negative predictive value": "NPV",
    "npv": "NPV",
    "accuracy": "accuracy",
}
RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy)"
    r"(?: \([A-Z]{2,4}\))?(?: (?:of|for|with) (?!\d)[a-z][a-zA-Z -]{2,30}?(?= (?:was|is|were|reached"
    r"|came)\b))?(?: (?:of|was|were|is|thus|therefore|hence|only|then|worked|came|out|to|at|amounted"
    r"|calculated|stood|being|turned|"
    rf"be|reached|equalled|equals|as|found|estimated|computed))*(?:,|:| =)? ?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)
