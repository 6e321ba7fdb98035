"""Measures of a test that follow from each other: rates of error, accuracy, predictive values.

Sensitivity and the false-negative rate make up a hundred, as specificity and the false-positive rate; accuracy lies
between sensitivity and specificity.
"""

from __future__ import annotations

from itertools import product

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["ACCURACY", "check_each_other", "named", "percent"]

_LINK = (
    r"(?:(?: \([A-Z]{2,4}\))?(?:,|:| =| \(| (?!and\b|or\b|but\b|by\b|than\b|above\b|below\b|over\b|from\b|least\b|"
    r"difference\b|sensitiv|specific|accura|kappa|false|chance|expected|observed)[a-z’'-]+){0,7}?)? ?"
)
_VALUE = rf"(?P<v>{NUMBER}|\.\d+)(?![\d.,]*\d)(?P<u> ?%)?"


def named(words: str) -> re.Pattern[str]:
    """A measure by its names, and the value that a sentence gives it: `v`, with `u` where that is in percent."""
    return re.compile(rf"\b(?:{words})\b{_LINK}{_VALUE}", re.IGNORECASE)


_SENSITIVITY, _SPECIFICITY = named("sensitivity"), named("specificity")
_FALSE = {
    "sensitivity": named(
        r"false[- ]negative (?:rates?|fraction|proportion|results?|findings?|scans?|tests?)|false negatives|miss rate"
    ),
    "specificity": named(
        r"false[- ]positive (?:rates?|fraction|proportion|results?|findings?|scans?|tests?)|false positives|false[-"
        r" ]alarm rate"
    ),
}
_ADJECTIVE = re.compile(rf"(?P<a>{NUMBER}) ?% sensitive[^.;\d]{{1,30}}?(?P<b>{NUMBER}) ?% specific\b", re.IGNORECASE)
ACCURACY = named(
    r"(?:overall |diagnostic )?accuracy|overall(?: it| the [a-z]+)? (?:correctly )?classified|correctly classified"
)
_DIFFERING = re.compile(
    r"\b(?:cut-?offs?|respectively|versus|vs|compared|thresholds?|readers? [AB12]|differ\w*|pooled|models?|balanced|"
    r"training|validation set, )\b",
    re.IGNORECASE,
)


def check_each_other(case: Case, p: Passage) -> None:
    """Check each sentence with one sensitivity or specificity against the others that follow from it."""
    if _DIFFERING.search(case.flat, p.start, p.end):
        return
    _errors(case, p)
    _between(case, p)
    _by_prevalence(case, p)


def _one(case: Case, p: Passage, pattern: re.Pattern[str]) -> re.Match[str] | None:
    found = list(pattern.finditer(case.flat, p.start, p.end))
    return found[0] if len(found) == 1 else None


def percent(m: re.Match[str]) -> Printed | None:
    """The value in percent; None where it is neither a percentage nor a fraction."""
    value = read_printed(m["v"])
    if m["u"]:
        return value
    return None if value.value > 1 else Printed(value.text, value.value * 100, max(value.digits - 2, 0))


def _errors(case: Case, p: Passage) -> None:
    for name, pattern in (("sensitivity", _SENSITIVITY), ("specificity", _SPECIFICITY)):
        right = _one(case, p, pattern)
        wrong = None if right is None else _one(case, p, _FALSE[name])
        if right is None or wrong is None or compared(case, wrong.span("v"), "accuracy"):
            continue
        a, b = percent(right), percent(wrong)
        if a is None or b is None or abs(a.value + b.value - 100) <= a.step + b.step:
            continue
        places = [right.span("v"), wrong.span("v")]
        sentence = f"A {name} of {a.text} goes with errors of {float(100 - a.value):.4g} %, printed {b.text}."
        judge(case, p, "accuracy", places, "error-if", sentence, "definition")


def _between(case: Case, p: Passage) -> None:
    told = _one(case, p, ACCURACY)
    if told is None or not told["u"]:
        return
    both = _one(case, p, _ADJECTIVE)
    if both is not None:
        ends = [(read_printed(both[k]), both.span(k)) for k in "ab"]
    else:
        found = [_one(case, p, x) for x in (_SENSITIVITY, _SPECIFICITY)]
        ends = [(read_printed(m["v"]), m.span("v")) for m in found if m is not None and m["u"]]
    if len(ends) != 2 or compared(case, told.span("v"), "accuracy", "count/percent"):
        return
    value = read_printed(told["v"])
    low, high = sorted(x.value for x, _ in ends)
    if low - 1 <= value.value <= high + 1:
        return
    shown = f"{ends[0][0].text} and {ends[1][0].text} %"
    sentence = f"Accuracy lies between sensitivity and specificity, {shown}: {value.text} does not."
    judge(case, p, "accuracy", [*(x for _, x in ends), told.span("v")], "error-if", sentence, "weighted mean of both")


_PREVALENCE = named("prevalence|pre-?test probability")
_PREDICTIVE = {"PPV": named("positive predictive value|PPV"), "NPV": named("negative predictive value|NPV")}


def _by_prevalence(case: Case, p: Passage) -> None:
    """`prevalence 20%, sensitivity 90%, specificity 90%: a positive predictive value of 69%` (Bayes)."""
    found: list[tuple[re.Match[str], Printed]] = []
    for pattern in (_PREVALENCE, _SENSITIVITY, _SPECIFICITY):
        m = _one(case, p, pattern)
        value = None if m is None else percent(m)
        if m is None or value is None:
            return
        found.append((m, value))
    given = [(name, m) for name, x in _PREDICTIVE.items() if (m := _one(case, p, x)) is not None]
    ends = [[float(v) / 100 for v in (x.low, x.high)] for _, x in found]
    for name, m in given:
        value = percent(m)
        if value is None or compared(case, m.span("v"), "accuracy", "count/percent"):
            continue
        sizes = []
        for prior, sens, spec in product(*ends):
            right, wrong = (
                (prior * sens, (1 - prior) * (1 - spec)) if name == "PPV" else ((1 - prior) * spec, prior * (1 - sens))
            )
            sizes.append(100 * right / max(right + wrong, 1e-9))
        if min(sizes) - _POINTS <= float(value.value) <= max(sizes) + _POINTS:
            continue
        places = [*(x.span("v") for x, _ in found), m.span("v")]
        sentence = f"These make a {name} of {min(sizes):.3g} to {max(sizes):.3g} %, printed {value.text}."
        judge(case, p, "accuracy", places, "unlikely", sentence, "Bayes")


_POINTS = 3
