"""Means and standard deviations of whole numbers: whether any data of so many subjects have them (GRIM, GRIMMER)."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_means", "mean_is_possible", "sd_is_possible"]

_WORD = re.compile(r"\bmean (?:number|count|parity|gravidity|Apgar)\b|\bmean (?:of )?\d", re.IGNORECASE)
_THINGS = (
    r"(?:cycles|courses|doses|children|pregnancies|births|teeth|exacerbations|falls|seizures|attacks|infusions|"
    r"injections|lesions|metastases|(?:lymph )?nodes|"
    r"(?:prior |previous )?(?:lines|regimens)|"
    r"visits|transfusions|biopsies|mutations|polyps|episodes|admissions)"
)
_MEAN = re.compile(
    rf"\bmean number of (?:[a-z-]+ ){{0,3}}?{_THINGS}[^.;\d]{{0,60}}? (?:was|of|were) "
    rf"(?P<a>\d+\.\d+)(?P<sd1>[^.;]?[^;]{{0,25}})"
    rf"|\bmean (?:(?:number|count) of (?:[a-z-]+ ){{0,3}}?[a-z-]+|parity|gravidity|Apgar score) (?:in|among|of|"
    r"for) (?:the |all )?\d+ [a-z]+ "
    r"(?:was|were|of) "
    rf"(?P<c>\d+\.\d+)(?P<sd3>[^.;]?[^;]{{0,25}})"
    rf"|\bmean of (?P<b>\d+\.\d+)(?P<sd2>[^;]{{0,25}}?) {_THINGS}",
    re.IGNORECASE,
)
_WITH_SIZE = re.compile(
    r"\bmean number of (?:(?!per\b)[a-z-]+ ){0,5}?[a-z-]+ (?:was|of) (?P<a>\d+\.\d+)(?P<sd1>(?: ?±[^()]{0,12})?) "
    r"\([nN] ?= ?(?P<n>\d+)\)",
    re.IGNORECASE,
)
"""A mean number of whatever is counted, the size of its group right behind it."""
_SD = re.compile(r"^\s*[(\[]?(?:±|\+/-|SD[,: =]*|standard deviation[,: =]*)\s*(?:SD[,: =]*)?(?P<sd>\d+\.\d+)")


def mean_is_possible(mean: Printed, n: int) -> range:
    """Sums of n whole numbers whose mean prints so; an empty range is a proof that no data fit.

    Source: Brown and Heathers 2017 (GRIM); ties count as possible both ways.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> list(mean_is_possible(r("4.35"), 20)), list(mean_is_possible(r("4.37"), 20))
    ([87], [])
    """
    return range(math.ceil(mean.low * n), math.floor(mean.high * n) + 1)


def sd_is_possible(mean: Printed, sd: Printed, n: int) -> bool:
    """Whether n whole numbers exist with this mean and standard deviation (divisor n - 1), by their sum of squares.

    Source: Anaya 2016 (GRIMMER): the sum of squares is whole, at least what the sum allows, and odd with the sum.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> sd_is_possible(r("3.0"), r("1.58"), 5), sd_is_possible(r("3.0"), r("1.50"), 5)
    (True, False)
    """
    if n < 2:
        return True
    for total in mean_is_possible(mean, n):
        base, q = Fraction(total * total, n), divmod(total, n)
        least = (n - q[1]) * q[0] ** 2 + q[1] * (q[0] + 1) ** 2
        low = math.ceil(max(sd.low, Fraction(0)) ** 2 * (n - 1) + base)
        high = math.floor(sd.high**2 * (n - 1) + base)
        if any(k % 2 == total % 2 for k in range(max(low, least), min(high, max(low, least) + 3) + 1)):
            return True
    return False


def check_means(case: Case) -> None:
    """Check means of counted things in sentences that name how many subjects they are of."""
    if not case.has(_WORD):
        return
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if not case.says(statements[0], _WORD):
            continue
        found = _WITH_SIZE.search(case.flat, p.start, p.end)
        if found is not None:
            at = found.start("n")
            sized = next((s for s in statements if s.kind == "count" and s.normal_start <= at < s.normal_end), None)
            if sized is not None and sized.quantities.n == int(found["n"]):
                _judge(case, found, sized)
            continue
        found = _MEAN.search(case.flat, p.start, p.end)
        group = [s for s in statements if s.kind == "count" and s.quantities.n is not None and s.quantities.n > 2]
        if found is not None and len(group) == 1:
            _judge(case, found, group[0])


def _judge(case: Case, found: re.Match[str], group: Statement) -> None:
    which = next(k for k in "abc" if found.groupdict().get(k))
    mean, n = read_printed(found[which]), group.quantities.n or 0
    members = (group, (found.start(which), found.end(which)))
    sums = mean_is_possible(mean, n)
    if not sums:
        sentence = f"No whole numbers of {n} subjects have a mean of {mean.text}, if the {n} are meant."
        case.relate("mean", members, "error-if", sentence, "GRIM", on=(group,))
        return
    spread = _SD.match(found[{"a": "sd1", "b": "sd2", "c": "sd3"}[which]] or "")
    sd = read_printed(spread["sd"]) if spread else None
    if sd is not None and not sd_is_possible(mean, sd, n):
        sentence = (
            f"No whole numbers of {n} subjects with a mean of {mean.text} have a standard deviation of {sd.text}."
        )
        case.relate("mean", members, "error-if", sentence, "GRIMMER", on=(group,))
        return
    shown = str(sums[0]) if len(sums) == 1 else f"{sums[0]} to {sums[-1]}"
    sentence = f"A mean of {mean.text} over {n} is a sum of {shown}."
    case.relate("mean", members, "ok", sentence, "GRIM" if sd is None else "GRIMMER", {"sums": list(sums)[:10]})
