"""One measure of a test by the two counts of its sentence: `of 80 with cancer, 64 positive: a sensitivity of 80%`."""

from __future__ import annotations

from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.cells import CELL
from codon12.check.verify.diagnostic.rates import DONE, NAMES, rates_in
from codon12.check.verify.prose import Count, compared, counts_in, judge
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["check_diseased"]


_HIT = re.compile(
    r"\b(?:positive|detected|identified|recogni[sz]ed|picked up|found|flagged|called|classif\w+|correct\w*|confirmed|"
    r"true|abnormal|missed|overlooked|undetected|negative|excluded|predicted|rated|scored|read)\b",
    re.IGNORECASE,
)
"""Words of a result of the test, and beside a predictive value those of the disease."""


_ILL = re.compile(
    r"\b(?:diagnosed|proved|proven|confirmed|true|had|have|with|without|malignant|benign|infected|diseased|cancers?|"
    r"free|healthy|not|turned out|tested|positive|negative)\b",
    re.IGNORECASE,
)


_WRONG = {
    "sensitivity": re.compile(
        r"\b(?:missed|overlooked|undetected|not detected|negative|benign|false)\b", re.IGNORECASE
    ),
    "specificity": re.compile(
        r"\b(?:positive|false|malignant|wrongly|misclassified|abnormal|flagged)\b", re.IGNORECASE
    ),
}


def check_diseased(case: Case, p: Passage) -> None:
    """`of 80 patients with cancer, FIT was positive in 64, for a sensitivity of 85%`."""
    rates = rates_in(case, p.start, p.end)
    names = [NAMES[m["what"].lower()] for m in rates]
    if len(rates) != 1 or names[0] == "accuracy" or len(list(CELL.finditer(case.figures, p.start, p.end))) > 1:
        return
    m, what = rates[0], names[0]
    if _PERCENT.sub("", case.flat[p.start : p.end]).count("%") > 1:
        return
    counts = counts_in(case, p.start, p.end)
    if (
        len(counts) == 3 and sum(sorted(counts)[k].n for k in (0, 1)) == max(counts).n
    ):  # of 60, 51 positive and 9 negative
        counts = [c for c in counts if c is not min(counts)]
    if len(counts) == 3 and any(
        percent_modes(a.n, b.n, read_printed(m["p"])) for a, b in combinations(sorted(counts), 2) if 0 < a.n < b.n
    ):
        return
    if not 2 <= len(counts) <= _MANY or any(m.start() <= c.span[0] < m.end() for c in counts):
        return
    part, whole = sorted(counts)[:2]
    if compared(case, m.span("p"), "count/percent", "accuracy", "interval"):
        return
    given = read_printed(m["p"])
    if not 0 < part.n < whole.n:
        return
    begin, end = min(part.span[0], whole.span[0]), max(part.span[1], whole.span[1])
    between = case.flat[begin:end]
    beside = case.flat[max(p.start, part.span[0] - 40) : min(p.end, part.span[1] + 45)]
    near = _clause(case, p, part, whole, m)
    if (";" in between and len(counts) == 2) or not (_ILL if what in ("PPV", "NPV") else _HIT).search(beside):
        return
    if what in ("PPV", "NPV") and DONE.match(case.flat, part.span[1]):
        return  # `of 320 with a positive biopsy, 200 had surgery`: no result of the test or of the disease
    either = [x for x in (part.n, whole.n - part.n) if percent_modes(x, whole.n, given)]
    places = [part.span, whole.span, m.span("p")]
    if either:
        sentence = f"{either[0]} of {whole.n} is {exact(either[0], whole.n)} %, as {given.text} %."
        judge(case, p, "accuracy", places, "ok", sentence, "n / N, rounded")
        return
    if (what == "NPV" and part.n * _FEW <= whole.n) or not _TIED.search(case.figures[p.start : p.end]):
        return
    wrong = what in _WRONG and _WRONG[what].search(near) is not None
    x = whole.n - part.n if wrong else part.n
    shown = f"{x} of {whole.n} is {exact(x, whole.n)} %"
    if wrong:
        shown = f"{part.n} of {whole.n} are wrong, so that {shown}"
    if what in ("PPV", "NPV"):
        shown = f"{part.n} of {whole.n} is {exact(part.n, whole.n)} % and the rest {exact(whole.n - part.n, whole.n)} %"
    sentence = f"{shown}, and the {what} is printed as {given.text} %."
    verdict: Verdict = "error-if" if part.n * _FEW > whole.n else "cannot confirm"
    judge(case, p, "accuracy", places, verdict, sentence, "n / N, rounded")


_MANY = 3
"""Counts of a sentence at most: of all, of the diseased among them, and of those that the test found."""


_FEW = 20
"""A part of less than a twentieth is seldom what the test found or missed of all."""


_PERCENT = re.compile(r"\d\d ?% ?(?:CI|confidence interval)")


_TIED = re.compile(
    r"\b(?:[Oo]f|[Aa]mong|[Ii]n|[Ff]rom) (?:the |all |these |our |a total of )*\d|\d ?(?:/|of|out of) ?(?:the )?\d|"
    r"\b(?:[Pp]ositive|[Nn]egative) (?:results? )?(?:in|for) \d|^\W*\d|\d [a-z-]+ (?:positive|negative)|"
    r"\b(?:missed|detected|identified) \d"
)


def _clause(case: Case, p: Passage, part: Count, whole: Count, rate: re.Match[str]) -> str:
    """The words about a part: up to the next number, and before it back to the whole or the beginning."""
    stops = [x for x in (whole.span[0], rate.start(), p.end) if x > part.span[1]]
    starts = [x for x in (whole.span[1], rate.end(), p.start) if x <= part.span[0]]
    return case.flat[max(starts) : part.span[0]] + " " + case.flat[part.span[1] : min(stops)]
