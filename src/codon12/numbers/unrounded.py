"""What a printed number can have been before it was rounded, on exact fractions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

import msgspec

from codon12.errors import UsageError
from codon12.numbers.rounding import Mode

__all__ = [
    "Printed",
    "counts_for_percent",
    "just_outside",
    "percent_modes",
    "read_printed",
    "rounding_modes",
    "totals_for_percent",
]

_STEPS = tuple(Fraction(1, 10**digits) for digits in range(10))
_HALVES = tuple(step / 2 for step in _STEPS)
MODES: tuple[Mode, ...] = ("half-up", "half-even", "truncate")


class Printed(msgspec.Struct, frozen=True, gc=False):
    """A number as printed: its text, its exact value and how many decimal places it shows."""

    text: str
    value: Fraction
    digits: int

    @property
    def step(self) -> Fraction:
        """One unit in the last printed place."""
        return _STEPS[self.digits] if self.digits < len(_STEPS) else Fraction(1, 10**self.digits)

    @property
    def low(self) -> Fraction:
        """Smallest number that prints so under any of the three roundings (itself possible)."""
        return self.value - (_HALVES[self.digits] if self.digits < len(_HALVES) else self.step / 2)

    @property
    def high(self) -> Fraction:
        """Bound above every number that prints so when rounded half up or half to even."""
        return self.value + (_HALVES[self.digits] if self.digits < len(_HALVES) else self.step / 2)

    @property
    def high_cut(self) -> Fraction:
        """Bound, itself not possible, above every number that prints so when cut off."""
        return self.value + self.step


def just_outside(value: Printed, low: object, high: object) -> bool:
    """Whether a value lies outside limits of as many places, however little: rounding alike keeps the order.

    Examples
    --------
    >>> just_outside(read_printed("3"), read_printed("4"), read_printed("8")), just_outside(
    ...     read_printed("3"), read_printed("3.2"), read_printed("8.1"))
    (True, False)
    """
    below = isinstance(low, Printed) and low.digits == value.digits and value.value < low.value
    above = isinstance(high, Printed) and high.digits == value.digits and value.value > high.value
    return below or above


@lru_cache(maxsize=4096)  # a text prints few numbers often: one value for all of them
def read_printed(text: str) -> Printed:
    """Read a printed decimal: ``.006``, ``1,253`` and ``34.70`` keep the places they show.

    Raises
    ------
    UsageError
        The text is no decimal number.

    Examples
    --------
    >>> p = read_printed("34.7")
    >>> p.value, p.digits
    (Fraction(347, 10), 1)
    """
    plain = text.replace(",", "").strip()
    whole, _, decimals = plain.partition(".")
    if (whole + decimals).isdecimal():
        return Printed(text, Fraction(int(whole + decimals), 10 ** len(decimals)), len(decimals))
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise UsageError(f"{text!r} is not a decimal number") from None
    if not number.is_finite():
        raise UsageError(f"{text!r} is not a finite number")
    return Printed(text, Fraction(number), len(decimals))


def rounding_modes(exact: Fraction, printed: Printed) -> tuple[Mode, ...]:
    """Roundings under which `exact` prints as `printed`; empty where none does.

    Examples
    --------
    >>> rounding_modes(Fraction(1600, 46), read_printed("34.7"))
    ('truncate',)
    >>> rounding_modes(Fraction(1, 8), read_printed("0.13"))
    ('half-up',)
    """
    return _modes(exact.numerator, exact.denominator, printed)


def percent_modes(x: int, n: int, printed: Printed) -> tuple[Mode, ...]:
    """Roundings under which `x` of `n` in percent prints as `printed`; empty where none does.

    Examples
    --------
    >>> percent_modes(46, 124, read_printed("37.1"))
    ('half-up', 'half-even')
    """
    return _modes(100 * x, n, printed)


def _modes(numerator: int, denominator: int, printed: Printed) -> tuple[Mode, ...]:
    """Whole numbers only: the quotient in units of the last place, and what its remainder does to it."""
    wanted = printed.value.numerator * (10**printed.digits // printed.value.denominator)
    if numerator < 0:
        numerator, wanted = -numerator, -wanted
    cut, rest = divmod(numerator * 10**printed.digits, denominator)
    up = cut + (2 * rest >= denominator)
    even = cut + (2 * rest > denominator or (2 * rest == denominator and cut % 2 == 1))
    return tuple(mode for mode, found in zip(MODES, (up, even, cut), strict=True) if found == wanted)


def counts_for_percent(percent: Printed, n: int, *, cut: bool = False) -> range:
    """Counts x for which ``100 x / n`` prints as `percent`; with `cut` also by cutting off digits.

    Ties count as possible both ways, so an empty range is a proof that no count fits.

    Examples
    --------
    >>> list(counts_for_percent(read_printed("37.1"), 126)), list(counts_for_percent(read_printed("37.1"), 124))
    ([], [46])
    """
    low, high, high_cut, scale = _bounds(percent)
    first, last = -(-low * n // (100 * scale)), high * n // (100 * scale)
    if cut:
        last = max(last, -(-high_cut * n // (100 * scale)) - 1)
    return range(max(0, first), min(n, last) + 1)


def _bounds(printed: Printed) -> tuple[int, int, int, int]:
    """`low`, `high` and `high_cut` of a number as whole numbers of one part, and how many of these make one.

    Ten times as fast as fractions throughout.
    """
    numerator, denominator, places = printed.value.numerator, printed.value.denominator, 2 * 10**printed.digits
    at = places * numerator
    return at - denominator, at + denominator, at + 2 * denominator, places * denominator


def totals_for_percent(x: int, percent: Printed, *, cut: bool = False) -> range:
    """Totals N of which `x` is the printed `percent`; empty where none is, or where every large N is.

    Examples
    --------
    >>> list(totals_for_percent(12, read_printed("32.4")))
    [37]
    """
    low, high, high_cut, scale = _bounds(percent)
    if x <= 0 or low <= 0:
        return range(0)
    first = 100 * x * scale // high_cut + 1 if cut else -(-100 * x * scale // high)
    return range(max(x, first), 100 * x * scale // low + 1)
