"""One change over an ensemble: the same patients with and without it, as ranges over the accepted sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.simulate.switch.conduct import conduct_blocks
from codon12.simulate.switch.parameters import ParameterSet, Schedule
from codon12.simulate.switch.summary import ENDPOINTS, headline

__all__ = ["Change", "WhatIf", "read_change", "sets_of", "what_if"]

MAIN = ("ORR", "PFS", "OS", "DOR")
_LOOKING = ("err_a", "err_b", "jit", "p_miss")
_POTENCY = ("kinact", "KI")


@dataclass(frozen=True)
class Change:
    """Values to set, factors to apply, and a schedule of visits at every so many days."""

    text: str
    values: dict[str, float]
    factors: dict[str, float]
    every: float | None = None

    def apply(self, p: ParameterSet) -> ParameterSet:
        """Give the set with the change.

        Raises
        ------
        UsageError
            An unknown parameter, or a value outside its range.
        """
        values = dict(self.values)
        for name, factor in self.factors.items():
            values[name] = values.get(name, p[name]) * factor
        schedule = None
        if self.every is not None:
            last = max(p.schedule.visits)
            days = np.arange(1, int(last // self.every) + 1) * self.every
            schedule = Schedule(visits=tuple(days.tolist()) or (self.every,), lesions=p.schedule.lesions)
        return p.changed(values, schedule=schedule)

    @property
    def touched(self) -> set[str]:
        """Names of what is changed."""
        return {*self.values, *self.factors} | ({"visits"} if self.every is not None else set())


def read_change(text: str) -> Change:
    """Read a change: ``dose=180``, ``kdeg*2``, ``kinact/10``, ``visits=21`` (days), several with commas.

    Raises
    ------
    UsageError
        A part that is none of these.

    Examples
    --------
    >>> read_change("kdeg*2, exposure=0").factors
    {'kdeg': 2.0}
    """
    values: dict[str, float] = {}
    factors: dict[str, float] = {}
    every = None
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\w+)\s*([=*/])\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*", part)
        if found is None:
            raise UsageError(f"change {part.strip()!r}: write name=value, name*factor, name/factor or visits=days")
        name, sign = found[1], found[2]
        try:
            number = float(found[3])
        except ValueError:
            raise UsageError(f"change {part.strip()!r}: {found[3]!r} is no number") from None
        if name == "visits":
            if sign != "=" or not 1 <= number <= 1000:
                raise UsageError("visits: write visits=days, 1 to 1000")
            every = number
        elif sign == "=":
            values[name] = number
        elif sign == "/" and number == 0:
            raise UsageError(f"change {part.strip()!r}: divides by 0")
        else:
            factors[name] = factors.get(name, 1.0) * (number if sign == "*" else 1 / number)
    return Change(text=text.strip(), values=values, factors=factors, every=every)


@dataclass(frozen=True)
class WhatIf:
    """Endpoints without and with the change, one row a set; and what to learn from it."""

    change: Change
    before: list[dict[str, float]]
    after: list[dict[str, float]]
    lessons: list[str]
    weights: tuple[float, ...] = ()
    """Weight of each set; none where all weigh the same."""

    def rows(self, endpoints: Sequence[str] = MAIN) -> list[dict[str, float | int | str | None]]:
        """5, 50 and 95 % over the sets that have it, without, with and apart; null where not reached in most."""
        out = []
        for e in endpoints:
            row: dict[str, float | int | str | None] = {"endpoint": e, "label": ENDPOINTS[e]}
            a, b = (np.array([r[e] for r in rs], dtype=float) for rs in (self.before, self.after))
            with np.errstate(invalid="ignore"):
                gap = np.where(np.isfinite(a) & np.isfinite(b), b - a, np.nan)
            for name, values in (("before", a), ("after", b), ("difference", gap)):
                # A median that is not reached counts as longer than any that is.
                known = ~np.isnan(values)
                row[f"{name}_sets"] = int(known.sum())
                weights = np.array(self.weights)[known] if self.weights else np.ones(int(known.sum()))
                for q, word in ((0.05, "low"), (0.5, "median"), (0.95, "high")):
                    at = _quantile(values[known], q, weights)
                    row[f"{name}_{word}"] = at if np.isfinite(at) else None
            out.append(row)
        return out


def what_if(
    change: Change | str,
    sets: Sequence[ParameterSet],
    *,
    patients: int = 2000,
    seed: int = 7,
    weights: Sequence[float] = (),
    progress: Callable[[str], None] | None = None,
) -> WhatIf:
    """Simulate every set without and with a change, with the same random numbers.

    Parameters
    ----------
    change
        As `read_change` reads it.
    sets
        Of an ensemble; one set alone gives no range.
    patients, seed
        Patients a set, the same in all of them.
    weights
        One a set, where an ensemble weighs them.

    Raises
    ------
    UsageError
        A change that cannot be, no set, or no patients.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> made = what_if("kdeg*4", [shipped_set()], patients=300)
    >>> made.rows(["ORR"])[0]["difference_median"] < 0
    True
    """
    asked = read_change(change) if isinstance(change, str) else change
    if not sets:
        raise UsageError("what-if: give at least one set")
    if weights and len(weights) != len(sets):
        raise UsageError(f"what-if: {len(sets)} sets and {len(weights)} weights; give one a set")
    say = progress or (lambda _: None)
    before, after = [], []
    for k, p in enumerate(sets):
        say(f"Set {k + 1} of {len(sets)}")
        for s, out in ((p, before), (asked.apply(p), after)):
            out.append(headline(conduct_blocks(s, seed=seed, n=patients)))
    made = WhatIf(asked, before, after, [], tuple(weights))
    return WhatIf(asked, before, after, _lessons(made, sets[0]), tuple(weights))


def _quantile(values: NDArray[np.float64], q: float, weights: NDArray[np.float64]) -> float:
    """Weighted quantile: the value at the nearest place where all weigh the same; nan where there are none."""
    if values.size == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    if np.ptp(weights) == 0:
        return float(values[order][round(q * (values.size - 1))])
    reached = np.cumsum(weights[order]) >= q * weights.sum() * (1 - 1e-12)
    return float(values[order][int(reached.argmax())])


def _lessons(made: WhatIf, p: ParameterSet) -> list[str]:
    """Sentences that the numbers bear out, and no others."""
    row = {str(r["endpoint"]): r for r in made.rows()}
    touched = made.change.touched
    said = []

    def moved(endpoint: str) -> float:
        value = row[endpoint]["difference_median"]
        return float(value) if value is not None else 0.0

    looking = touched & {*_LOOKING, "visits"}
    if looking and looking == touched and abs(moved("PFS")) >= 0.2:
        said.append(
            f"How the tumour is looked at moves progression-free survival: {moved('PFS'):+.1f} months here, with the "
            "same drug in the same tumours."
        )
    if not looking and moved("ORR") <= -1.5 and moved("DOR") > 0.05:
        said.append(
            "The weaker drug has the longer duration of response: fewer tumours respond, and those that do are the "
            "ones that would have lasted. Duration among responders does not rank drugs."
        )
    if "dose" in touched and p["exposure"] < 0 and "exposure" not in touched and abs(moved("ORR")) < 2:
        said.append("Dose hardly matters while exposure saturates with dose.")
    if touched & set(_POTENCY) and abs(moved("ORR")) < 3:
        said.append(
            "The floor: new protein loads GTP before any inhibitor of the GDP-bound state can bind it, so that more "
            "potency hardly helps. A model of this mechanism cannot reach the response rates of other drugs by potency."
        )
    said.append("Nothing here compares drugs: the model was calibrated on one trial of one of them.")
    return said


def sets_of(base: ParameterSet, members: Sequence[dict[str, float]]) -> list[ParameterSet]:
    """Give the sets of an ensemble's members."""
    return [base.changed(m) for m in members]
