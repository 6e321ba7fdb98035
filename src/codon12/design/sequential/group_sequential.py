"""Group sequential designs: bounds by alpha- and beta-spending or of a classical shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.arguments import DOMAINS, FINITE, PATIENTS, POSITIVE, Each, OneOrEach, checked
from codon12.design.probability.inverse import inverse
from codon12.design.sequential.bounds import SequentialPlan, Shape, checked_futility, exits
from codon12.design.sequential.spending import Spending, as_spending
from codon12.errors import DesignError, UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["GroupSequentialDesign", "group_sequential"]

_MOST = 50  # analyses: the time grows with their square


@dataclass(frozen=True)
class GroupSequentialDesign:
    """A group sequential test of a normal statistic.

    Attributes
    ----------
    fractions
        Information fractions of the analyses, the last one 1.
    sided, alpha, power
        One- or two-sided test, its total error, and the power wanted.
    upper, lower
        Bounds of the z statistic for efficacy and futility; -inf where there is no futility bound. A two-sided
        test rejects outside -upper..upper.
    binding
        Whether the efficacy bounds rely on stopping for futility.
    alpha_spent
        Total error spent by each analysis under the null hypothesis.
    drift
        Expected z at full information that gives the power.
    inflation
        Information needed, relative to the fixed design.
    efficacy_null, futility_null, efficacy_alternative, futility_alternative
        Probabilities of stopping at each analysis.
    """

    fractions: tuple[float, ...]
    sided: int
    alpha: float
    power: float
    upper: tuple[float, ...]
    lower: tuple[float, ...]
    binding: bool
    alpha_spent: tuple[float, ...]
    drift: float
    inflation: float
    efficacy_null: tuple[float, ...]
    futility_null: tuple[float, ...]
    efficacy_alternative: tuple[float, ...]
    futility_alternative: tuple[float, ...]

    @property
    def nominal(self) -> tuple[float, ...]:
        """Nominal one-sided significance level at each analysis."""
        return tuple(float(v) for v in special.ndtr(-np.array(self.upper)))

    @property
    def expected_information(self) -> tuple[float, float]:
        """Expected information under null and alternative, relative to the fixed design."""
        t = np.array(self.fractions)
        out = []
        for efficacy, futility in (
            (self.efficacy_null, self.futility_null),
            (self.efficacy_alternative, self.futility_alternative),
        ):
            stops = np.array(efficacy) + np.array(futility)
            out.append(float(self.inflation * (1 - stops[:-1] @ (1 - t[:-1]))))
        return out[0], out[1]

    def power_at(self, drift: float) -> float:
        """Compute the power at another drift (the sum over both directions for a two-sided test)."""
        return float(sum(exits(np.array(self.fractions), self.lower, self.upper, self.sided, drift)[1]))

    def columns(self) -> dict[str, list]:
        """List one row an analysis."""
        return {
            "analysis": list(range(1, len(self.fractions) + 1)),
            "fraction": list(self.fractions),
            "upper_z": list(self.upper),
            "lower_z": [None if v == -np.inf else v for v in self.lower],
            "nominal_p": list(self.nominal),
            "alpha_spent": list(self.alpha_spent),
            "efficacy_null": list(self.efficacy_null),
            "futility_null": list(self.futility_null),
            "efficacy_alternative": list(self.efficacy_alternative),
            "futility_alternative": list(self.futility_alternative),
        }

    def to_frame(self) -> pl.DataFrame:
        """Give one row an analysis."""
        import polars as pl

        return pl.DataFrame(self.columns(), schema_overrides={"lower_z": pl.Float64})

    def describe(self) -> str:
        """Say the design in plain words."""
        bounds = ", ".join(f"{z:.4f} at {t:g}" for z, t in zip(self.upper, self.fractions, strict=True))
        words = f"{'One' if self.sided == 1 else 'Two'}-sided alpha {self.alpha:g}, efficacy bounds z = {bounds}."
        if any(v > -np.inf for v in self.lower[:-1]):
            low = ", ".join(f"{z:.4f}" for z in self.lower[:-1])
            kind = "binding" if self.binding else "non-binding"
            words += f" Futility bounds ({kind}) z = {low}."
        null, alternative = self.expected_information
        return (
            f"{words} Power {self.power:g} needs {self.inflation:.4f} times the information of the fixed design; on"
            f" average {null:.4f} under the null hypothesis and {alternative:.4f} under the alternative."
        )


@checked(fractions=OneOrEach(POSITIVE, alone=PATIENTS), futility=DOMAINS["spending"], futility_z=Each(FINITE))
def group_sequential(
    fractions: Sequence[float] | int,
    *,
    alpha: float = 0.025,
    power: float = 0.9,
    sided: int = 1,
    shape: Shape = "spending",
    spending: Spending | str = "obrien-fleming",
    delta: float = 0.25,
    futility: Spending | str | None = None,
    futility_z: Sequence[float] | None = None,
    binding: bool = False,
) -> GroupSequentialDesign:
    """Compute the bounds, information and stopping probabilities of a group sequential design.

    Parameters
    ----------
    fractions
        Information fractions of all analyses, the last one 1; or a number of equally spaced analyses.
    alpha, power
        Total type I error (both sides together if `sided` is 2) and power.
    sided
        1 or 2; a two-sided test is symmetric and has no futility bounds.
    shape
        ``spending``: by `spending`; or the classical shapes ``pocock`` (equal bounds), ``obrien-fleming`` (bounds
        falling with the root of the fraction), ``wang-tsiatis`` (`delta` 0.5 and 0 are those two, others between -0.5
        and 1 lie between or beyond).
    spending, futility
        Spending functions of alpha and, for futility bounds, of the type II error.
    futility_z
        Futility bounds at the interim analyses as given z values, instead of `futility`.
    binding
        Whether efficacy bounds may be lowered because the trial surely stops at the futility bounds.

    Raises
    ------
    DesignError
        Fractions that do not increase to 1, error rates outside (0, 1), or futility bounds above efficacy bounds.

    References
    ----------
    Jennison and Turnbull 2000, Group sequential methods with applications to clinical trials. Lan and DeMets 1983,
    Biometrika 70:659-663. Hwang, Shih and DeCani 1990, Stat Med 9:1439-1445. Pampallona, Tsiatis and Kim 2001
    (spending of the type II error).

    Examples
    --------
    >>> design = group_sequential(5, alpha=0.025, spending="obrien-fleming")
    >>> [round(z, 4) for z in design.upper]
    [4.8769, 3.357, 2.6803, 2.2898, 2.031]
    """
    t = _fractions(fractions)
    if power <= alpha:
        raise DesignError(f"a power of {power:g} must exceed alpha = {alpha:g}")
    if shape not in get_args(Shape):
        raise UsageError(f"shape must be one of {', '.join(get_args(Shape))}; got {shape!r}")
    if sided == 2 and (futility is not None or futility_z is not None):
        raise UsageError("futility bounds are for one-sided tests; use sided=1 with half the alpha")
    if futility is not None and futility_z is not None:
        raise UsageError("give futility bounds either by spending or as z values, not both")
    if shape != "spending" and binding and futility is not None:
        raise UsageError("binding futility bounds by spending need efficacy bounds by spending")
    fixed = None if futility_z is None else _fixed_futility(futility_z, t)
    plan = SequentialPlan(t, alpha, power, sided, shape, as_spending(spending), delta, binding)
    if futility is None:
        lower = np.full(len(t), -np.inf) if fixed is None else fixed
        upper = plan.efficacy(lower if binding else np.full(len(t), -np.inf))
        lower = checked_futility(lower, upper)
        drift = inverse(
            lambda d: sum(exits(t, lower, upper, sided, d)[1]),
            power,
            0.0,
            20.0,
            what=f"power {power:g} with these bounds",
        )
    else:
        upper, lower, drift = plan.with_beta_spending(as_spending(futility))
    below0, above0 = exits(t, lower, upper, sided, 0.0)
    below1, above1 = exits(t, lower, upper, sided, drift)
    alone = above0 if binding else exits(t, np.full(len(t), -np.inf), upper, sided, 0.0)[1]
    z = special.ndtri([1 - alpha / sided, power]).sum()
    fixed_drift = float(z) if sided == 1 else _two_sided_drift(alpha, power)
    return GroupSequentialDesign(
        fractions=tuple(t.tolist()),
        sided=sided,
        alpha=alpha,
        power=power,
        upper=tuple(float(v) for v in upper),
        lower=tuple(float(v) for v in lower),
        binding=binding,
        alpha_spent=tuple(np.cumsum(alone).tolist()),
        drift=float(drift),
        inflation=float((drift / fixed_drift) ** 2),
        efficacy_null=tuple(above0.tolist()),
        futility_null=tuple(below0.tolist()),
        efficacy_alternative=tuple(above1.tolist()),
        futility_alternative=tuple(below1.tolist()),
    )


def _two_sided_drift(alpha: float, power: float) -> float:
    z = -float(special.ndtri(alpha / 2))
    return inverse(lambda d: float(special.ndtr(d - z) + special.ndtr(-d - z)), power, 0.0, 20.0)


def _fractions(fractions: Sequence[float] | int) -> NDArray[np.float64]:
    if isinstance(fractions, int):
        if fractions < 1:
            raise DesignError(f"a design needs at least one analysis; got {fractions}")
        return np.arange(1, fractions + 1) / fractions
    t = np.array(fractions, dtype=float)
    if not len(t) or np.any(np.diff(t, prepend=0.0) <= 0) or abs(t[-1] - 1) > 1e-12:
        raise DesignError(f"information fractions must increase from above 0 to 1; got {list(fractions)}")
    if len(t) > _MOST:
        raise DesignError(f"a design of {len(t)} analyses is not computed; plan {_MOST} or fewer")
    return t


def _fixed_futility(futility_z: Sequence[float], t: NDArray) -> NDArray[np.float64]:
    if len(futility_z) != len(t) - 1:
        raise DesignError(f"give one futility bound for each of the {len(t) - 1} interim analyses")
    return np.append(np.array(futility_z, dtype=float), -np.inf)
