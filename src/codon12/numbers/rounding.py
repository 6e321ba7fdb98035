"""Decimal rounding as tables print it, and the policy that says how."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from codon12.policy import Policy

__all__ = ["Mode", "Rounding", "percent", "printed", "printed_p", "round_decimal"]

Mode = Literal["half-up", "half-even", "truncate"]
_DECIMAL = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}
_WIDE = Context(prec=400)
"""As many digits as the largest float has."""


class Rounding(Policy, frozen=True):
    """How numbers are printed; the evidence itself is never rounded."""

    mode: Annotated[
        Mode, msgspec.Meta(description="Numbers are rounded {value}, from the exact value, when printed.")
    ] = "half-up"
    percent_digits: Annotated[int, msgspec.Meta(ge=0, le=6, description="Decimal places of percentages: {value}.")] = 1
    time_digits: Annotated[int, msgspec.Meta(ge=0, le=6, description="Decimal places of times in months: {value}.")] = 1
    ratio_digits: Annotated[
        int, msgspec.Meta(ge=0, le=6, description="Decimal places of hazard and odds ratios: {value}.")
    ] = 2
    value_digits: Annotated[
        int, msgspec.Meta(ge=0, le=6, description="Decimal places of other measured values: {value}.")
    ] = 1
    p_digits: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            le=6,
            description="Decimal places of P values: {value}, smaller ones as a bound; two from 0.195 on, and "
            "more where rounding would move a P onto or across 0.05.",
        ),
    ] = 3


def round_decimal(value: float | Fraction | Decimal, digits: int, *, mode: Mode = "half-up") -> Decimal:
    """Round to `digits` decimal places from the exact value.

    A float is taken as the shortest decimal that reads back as it (0.285 is 0.285, not 0.28499999999999998),
    after dropping noise below 12 significant digits, so a product such as 100 * 0.285 rounds as it reads.

    Examples
    --------
    >>> str(round_decimal(34.65, 1)), str(round_decimal(-0.05, 1)), str(round_decimal(Fraction(1, 8), 2))
    ('34.7', '-0.1', '0.13')
    """
    if isinstance(value, Fraction):
        scaled = value * 10**digits
        whole = math.floor(abs(scaled))
        rest = abs(scaled) - whole
        if mode == "half-up":
            whole += rest >= Fraction(1, 2)
        elif mode == "half-even":
            whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
        return Decimal(whole if scaled >= 0 else -whole).scaleb(-digits)
    exact = Decimal(f"{value:.12g}") if isinstance(value, float) else Decimal(value)
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=_DECIMAL[mode], context=_WIDE)


def percent(x: int, n: int, digits: int = 1, *, mode: Mode = "half-up") -> Decimal:
    """`x` of `n` in percent, rounded from the exact fraction.

    Raises ``ZeroDivisionError`` if n is 0: a table must show "NE" there, not a number.

    Examples
    --------
    >>> str(percent(1, 16, 1)), str(percent(46, 124, 1))
    ('6.3', '37.1')
    """
    return round_decimal(Fraction(100 * x, n), digits, mode=mode)


def printed(value: float | Fraction | Decimal | None, digits: int, *, mode: Mode = "half-up") -> str:
    """Text of a rounded number: never "-0.0", "NE" for a missing or non-finite value."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "NE"
    rounded = round_decimal(value, digits, mode=mode)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def printed_p(value: float, rounding: Rounding, *, level: float = 0.05) -> str:
    """Text of a P value: two decimals from 0.195 on, the ends as bounds, and never rounded onto or across `level`.

    NE for NaN.

    Examples
    --------
    >>> [printed_p(p, Rounding()) for p in (0.00012, 0.0123, 0.0498, 0.34, 0.999)]
    ['<0.001', '0.012', '0.0498', '0.34', '>0.99']
    """
    if not math.isfinite(value):
        return "NE"
    smallest = 10.0**-rounding.p_digits
    if value < smallest:
        return f"<{printed(smallest, rounding.p_digits)}"
    if value > 0.99:
        return ">0.99"
    digits = 2 if value >= 0.195 else rounding.p_digits
    side = (value > level) - (value < level)
    while True:
        text = printed(value, digits, mode=rounding.mode)
        if digits >= 12 or (float(text) > level) - (float(text) < level) == side:
            return text
        digits += 1
