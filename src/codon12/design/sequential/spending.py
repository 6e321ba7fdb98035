"""Spending functions: how much of an error rate may be used up by when."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.policy import Policy

__all__ = ["Spending", "as_spending"]

Family = Literal["obrien-fleming", "pocock", "hwang-shih-decani", "power"]


class Spending(Policy, frozen=True):
    """A spending function of an error rate.

    Examples
    --------
    >>> Spending(family="pocock").spent(0.025, [0.5, 1.0]).round(6)
    array([0.015503, 0.025   ])
    """

    family: Annotated[
        Family,
        msgspec.Meta(
            description="The error rate is spent by the {value} function.",
            extra={
                "obrien-fleming": "The error rate is spent by the Lan-DeMets function of O'Brien-Fleming type.",
                "pocock": "The error rate is spent by the Lan-DeMets function of Pocock type.",
                "hwang-shih-decani": "The error rate is spent by the Hwang-Shih-DeCani function.",
                "power": "The error rate is spent in proportion to a power of the information fraction.",
            },
        ),
    ] = "obrien-fleming"
    parameter: Annotated[
        float | None,
        msgspec.Meta(
            description="Its parameter is {value}.",
            extra={"none": "It has no parameter."},
        ),
    ] = None

    def __post_init__(self) -> None:
        """Refuse a missing parameter, or one that the family does not have."""
        needs = self.family in {"hwang-shih-decani", "power"}
        if needs and self.parameter is None:
            raise UsageError(f"the {self.family} spending function needs a parameter, for example -4 or 2")
        if not needs and self.parameter is not None:
            raise UsageError(f"the {self.family} spending function has no parameter")
        low, high = {"power": (0.0, 50.0), "hwang-shih-decani": (-40.0, 40.0)}.get(self.family, (0.0, 0.0))
        if self.parameter is not None and not (low <= self.parameter <= high and (self.parameter or low)):
            open_ = "above 0 up to" if self.family == "power" else f"{low:g} to"
            raise UsageError(
                f"the parameter of the {self.family} spending function must be {open_} {high:g}; got {self.parameter:g}"
            )

    def __str__(self) -> str:
        return self.family if self.parameter is None else f"{self.family}({self.parameter:g})"

    def spent(self, total: float, fraction: ArrayLike) -> NDArray[np.float64]:
        """Give the error spent at information fractions; all of it from 1 on."""
        t = np.minimum(np.asarray(fraction, dtype=float), 1.0)
        g = self.parameter or 0.0
        if self.family == "obrien-fleming":
            out = 2 * special.ndtr(special.ndtri(total / 2) / np.sqrt(t))
        elif self.family == "pocock":
            out = total * np.log1p((np.e - 1) * t)
        elif self.family == "power":
            out = total * t**g
        else:
            out = total * (t if g == 0 else np.expm1(-g * t) / np.expm1(-g))
        return np.asarray(out)


def as_spending(value: Spending | str) -> Spending:
    """Take a spending function as it is, or read ``pocock``, ``hwang-shih-decani(-4)``, ``power(2)``.

    Examples
    --------
    >>> print(as_spending("hwang-shih-decani(-4)"))
    hwang-shih-decani(-4)
    """
    if isinstance(value, Spending):
        return value
    name, _, rest = value.strip().lower().partition("(")
    name = {"hsd": "hwang-shih-decani", "of": "obrien-fleming", "kim-demets": "power"}.get(name, name)
    if name not in {"obrien-fleming", "pocock", "hwang-shih-decani", "power"}:
        raise UsageError(
            f"no spending function is called {value!r}; there are obrien-fleming, pocock, hwang-shih-decani(gamma)"
            " and power(rho)"
        )
    try:
        parameter = float(rest.rstrip(") ")) if rest else None
    except ValueError:
        raise UsageError(f"the parameter of the spending function {value!r} must be a number") from None
    return Spending(family=name, parameter=parameter)
