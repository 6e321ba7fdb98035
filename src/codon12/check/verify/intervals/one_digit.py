"""A percentage with its interval, of a group named, of which one digit is wrong: `36.0% (8.7 to 60.7)` of 10 patients.

With the percentage right and one limit that of a usual method, the other limit is told by the count; with both limits
right, the percentage is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codon12.check.statements import Quantities
from codon12.check.verify.intervals.interval_methods import WIDEST_TOTAL, methods_that_print, solutions
from codon12.check.verify.shares.typos import one_digit_apart, one_digit_from, quite_another_digit
from codon12.numbers.proportion import Method, proportion_interval
from codon12.numbers.unrounded import Printed, counts_for_percent, read_printed

__all__ = ["one_digit_from_an_interval", "one_digit_from_limits"]

_USUAL: tuple[Method, ...] = ("clopper-pearson", "wilson", "wald")
_FEW_COUNTS, _FAR = 3, 0.75
"""Most counts of a total that may print as a percentage; a limit nearer may be of another method."""


def one_digit_from_an_interval(q: Quantities, totals: Iterable[int]) -> str | None:
    """What one other digit would make of a percentage and its interval, of one of the totals; None where nothing.

    Examples
    --------
    >>> r = read_printed
    >>> one_digit_from_an_interval(Quantities(percent=r("36.0"), low=r("6.7"), high=r("65.2")), [10])
    '30.0 % (3 of 10, clopper-pearson)'
    >>> one_digit_from_an_interval(Quantities(percent=r("30.0"), low=r("6.7"), high=r("85.2")), [10])
    'an upper limit of 65.2 (3 of 10, clopper-pearson)'
    """
    low, high, percent = q.low, q.high, q.percent
    if percent is None or not isinstance(low, Printed) or not isinstance(high, Printed):
        return None
    for total in totals:
        if 1 < total <= WIDEST_TOTAL:
            found = next(_repairs(percent, low, high, total, q.level or 95), None)
            if found is not None:
                return found
    return None


_ASYMMETRIC: tuple[Method, ...] = ("clopper-pearson", "wilson")
_MOST_OF_A_GROUP = 200
"""The largest total whose two limits, told to a decimal, are hardly those of another percentage by chance."""


def one_digit_from_limits(q: Quantities) -> str | None:
    """The percentage, one digit apart, that both limits are of, whatever the total; None where none is.

    Examples
    --------
    >>> r = read_printed
    >>> one_digit_from_limits(Quantities(percent=r("92"), low=r("82.3"), high=r("99.4")))
    '95 % (36 of 38, clopper-pearson)'
    """
    low, high, percent = q.low, q.high, q.percent
    if percent is None or not isinstance(low, Printed) or not isinstance(high, Printed) or not low.digits * high.digits:
        return None
    for text in quite_another_digit(percent.text):
        meant = read_printed(text)
        for method in _ASYMMETRIC if low.value < meant.value < high.value else ():
            for n, total in solutions(meant, low, high, largest=_MOST_OF_A_GROUP, level=q.level or 95, method=method):
                return f"{text} % ({n} of {total}, {method})"
    return None


def _repairs(percent: Printed, low: Printed, high: Printed, total: int, level: int) -> Iterator[str]:
    for text in one_digit_from(percent.text):
        meant = read_printed(text)
        for n in counts_for_percent(meant, total) if low.value <= meant.value <= high.value else ():
            for method in methods_that_print(n, total, low, high, level=level, methods=_USUAL):
                yield f"{text} % ({n} of {total}, {method})"
    counts = counts_for_percent(percent, total)
    for n in counts if len(counts) <= _FEW_COUNTS else ():
        for method in _USUAL:
            lower, upper = proportion_interval(n, total, method=method, level=level / 100)
            ends = (("a lower", low, lower, (None, high)), ("an upper", high, upper, (low, None)))
            for name, limit, computed, other in ends:
                meant_limit = f"{100 * float(computed):.{limit.digits}f}"
                fits = methods_that_print(n, total, *other, level=level, methods=(method,))
                far = abs(float(computed) * 100 - float(limit.value)) >= _FAR
                if fits and far and one_digit_apart(meant_limit, limit.text):
                    yield f"{name} limit of {meant_limit} ({n} of {total}, {method})"
