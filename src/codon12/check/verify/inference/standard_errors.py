"""A standard error against the interval and the mean beside it."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.inference.spreads import CI, MEAN_BEFORE, NOT_LEVEL, SD, STEADY
from codon12.check.verify.prose import NUMBER, compared, counts_in, follows, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_standard_error"]

_SE = re.compile(
    rf"\b(?:SEM?|[Ss]tandard error(?: of the mean)?)(?: \(SEM?\))?(?: of| was|,|:| =)* ?±? "
    rf"?(?P<v>{NUMBER})(?![\d.,]*\d| ?%)"
)
_LOGGED = re.compile(
    r"\b(?:ratio|odds|hazard|HR|OR|RR|IRR|log\w*|geometric|bootstrap|credible|Bayesian|clustered|robust|each|both|"
    r"respectively|versus|vs)\b",
    re.IGNORECASE,
)
_FAR = 1.6
_TOO_MUCH = 1.0


def check_standard_error(case: Case, p: Passage) -> None:
    """Check the one standard error of a sentence against the interval and the mean beside it."""
    errors = list(_SE.finditer(case.flat, p.start, p.end))
    if len(errors) != 1 or _LOGGED.search(case.flat, p.start, p.end):
        return
    m = errors[0]
    se = read_printed(m["v"])
    limits = list(CI.finditer(case.flat, p.start, p.end))
    if se.value <= 0:
        return
    if any(compared(case, x.span(k), "mean") for x in SD.finditer(case.flat, p.start, p.end) for k in "abc" if x[k]):
        return  # held against its standard deviation
    if len(limits) == 1 and abs(limits[0].start() - m.end()) < _BESIDE:
        low, high = read_printed(limits[0]["a"]), read_printed(limits[0]["b"])
        implied = (high.value - low.value) / Fraction(392, 100)
        slack = (high.step + low.step) / 4
        if implied <= 0:
            return
        times = max((implied - slack) / se.high, se.low / (implied + slack)) if se.low > 0 else Fraction(1)
        places = [m.span("v"), limits[0].span("a"), limits[0].span("b")]
        shown = f"An interval of {low.text} to {high.text} goes with a standard error of {float(implied):.3g}"
        fits = times <= _FAR
        follows(
            case, p, "mean", places, shown, f"printed {se.text}", "half width / 1.96", fits=fits, verdict="unlikely"
        )
        return
    if limits or not STEADY.search(case.flat, p.start, p.end) or NOT_LEVEL.search(case.flat, p.start, p.end):
        return
    before = MEAN_BEFORE.search(case.flat, max(p.start, m.start() - 40), m.start())
    sizes = [c for c in counts_in(case, p.start, p.end) if c.n >= _MANY and not m.start() <= c.span[0] < m.end()]
    if before is None or len(sizes) != 1:
        return
    mean, n = read_printed(before["v"]), sizes[0].n
    spread = float(se.value) * math.sqrt(n)
    if mean.value > 0 and spread > _TOO_MUCH * float(mean.value):
        places = [before.span("v"), m.span("v"), sizes[0].span]
        sentence = (
            f"A standard error of {se.text} in {n} makes a standard deviation of {spread:.3g}, more than the mean, "
            f"{mean.text}: it may be the deviation itself."
        )
        judge(case, p, "mean", places, "unlikely", sentence, "SE x root of n")


_BESIDE, _MANY = 60, 20
