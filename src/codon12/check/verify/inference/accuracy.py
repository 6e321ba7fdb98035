"""Sensitivity, specificity and predictive values against the four counts of a two by two table told in words."""

from __future__ import annotations

import re

from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_accuracy"]

_HINT = re.compile(r"\b(?:true|false)[- ](?:positive|negative)", re.IGNORECASE)
_COUNT = re.compile(
    r"(?<![\d.,/-])(?P<n>\d+) (?:(?:were|was|had) )?(?P<a>true|false)[- ](?P<b>positive|negative)s?\b(?! rate)"
    r"|\b(?P<c>true|false)[- ](?P<d>positive|negative)s?(?: (?:results|cases|findings))?(?: \(n ?= ?|: ?| = ?|, n ?= ?)"
    r"(?P<m>\d+)(?![\d.]| ?%)",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?P<what>sensitivity|specificity|positive predictive value|negative predictive value|accuracy)"
    r"(?: \([A-Z]{2,4}\))?(?: (?:of|was|were|is)|:|,| =)? ?(?P<p>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_OF = {
    "sensitivity": (("tp",), ("tp", "fn")),
    "specificity": (("tn",), ("tn", "fp")),
    "positive predictive value": (("tp",), ("tp", "fp")),
    "negative predictive value": (("tn",), ("tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "tn", "fp", "fn")),
}


def check_accuracy(case: Case) -> None:
    """Check each measure of a test in the sentence that counts true and false results, and in the next."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or not case.says(statements[0], _HINT):
            continue
        counts: dict[str, list[re.Match[str]]] = {}
        for m in _COUNT.finditer(case.flat, p.start, p.end):
            name = ((m["a"] or m["c"])[0] + (m["b"] or m["d"])[0]).lower()
            counts.setdefault(name, []).append(m)
        if any(len(x) != 1 for x in counts.values()):
            continue
        n = {name: int(found[0]["n"] or found[0]["m"]) for name, found in counts.items()}
        last = p.end
        if passage + 1 < len(case.text.passages) and (q := case.text.passages[passage + 1]).paragraph == p.paragraph:
            last = q.end
        rates = list(_RATE.finditer(case.flat, p.start, last))
        for m in rates:
            above, below = _OF[m["what"].lower()]
            if not set(below) <= set(n) or sum(x["what"].lower() == m["what"].lower() for x in rates) > 1:
                continue
            x, total = sum(n[k] for k in above), sum(n[k] for k in below)
            here = (*statements, *case.by_passage.get(passage + 1, ()))
            holder = next((s for s in here if s.normal_start <= m.start("p") < s.normal_end), None)
            if holder is None or total < 1:
                continue
            fits = bool(percent_modes(x, total, read_printed(m["p"])))
            verdict: Verdict = "ok" if fits else "error-if"
            sentence = f"{x} of {total} is {exact(x, total)} %, {'as' if fits else 'not'} {m['p']} %."
            members = [holder, *((f.start(), f.end()) for k in below for f in counts[k])]
            computed = {"n": x, "N": total}
            case.relate("accuracy", members, verdict, sentence, "two by two table", computed, on=(holder,))
