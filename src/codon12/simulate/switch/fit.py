"""Finding an ensemble: approximate Bayesian computation by rejection, or by sequential Monte Carlo.

Parameters are drawn as standard deviations from their values, on the scales of their priors, so that the prior is
standard normal whatever the parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.simulate.switch.conduct import conduct, conduct_blocks
from codon12.simulate.switch.draws import normals, uniforms
from codon12.simulate.switch.ensemble import Ensemble, Member
from codon12.simulate.switch.parameters import ParameterSet, shipped_set
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.summary import headline
from codon12.simulate.switch.targets import Target, check_targets

__all__ = ["fit_ensemble"]

Array = NDArray[np.float64]
_TRIALS = 100
"""Trials from which the sampling error of an endpoint is taken."""
_ROUNDS = (2.5, 1.6, 1.0)
"""Distances of a sequential search, as factors of the one that is asked for."""
_FEWEST = 10
"""Sets that a round of a sequential search must leave for the next one to draw around."""


@dataclass
class _Judge:
    """Judges drawn sets against the targets, and counts what stood in the way."""

    base: ParameterSet
    targets: Sequence[Target]
    patients: int
    seed: int
    errors: dict[str, float]
    """Standard error of an endpoint in a trial of its target's size."""
    unit: dict[str, float]
    """The same of one patient: error times sqrt(n)."""
    missed: dict[str, int] = field(default_factory=dict)

    def names(self) -> list[str]:
        return list(self.base.uncertain())

    def member(self, z: Array, within: float) -> Member | None:
        """Give the set `z` standard deviations away if its endpoints match; judged on an eighth of patients first."""
        values = self._values(z)
        if values is None:
            return None
        here = self.base.changed(values)
        few = max(40, self.patients // 8)
        first = conduct(here, draw_patients(here, seed=self.seed, n=few))
        off = self._off(headline(first), within, {e: 3 * s / np.sqrt(few) for e, s in self.unit.items()})
        if not off:
            rest = conduct_blocks(here, seed=self.seed, n=self.patients - few, first=few)
            found = headline([first, *rest])
            off = self._off(found, within, {})
            if not off:
                return Member(values=values, endpoints={e: v if np.isfinite(v) else None for e, v in found.items()})
        for e in off:
            self.missed[e] = self.missed.get(e, 0) + 1
        return None

    def _values(self, z: Array) -> dict[str, float] | None:
        out = {}
        for name, move in zip(self.names(), z, strict=True):
            one = self.base.parameters[name]
            assert one.prior is not None
            out[name] = one.prior.move(one.value, float(move))
            if not one.low <= out[name] <= one.high:
                return None
        return out

    def _off(self, found: dict[str, float], within: float, slack: dict[str, float]) -> list[str]:
        """Endpoints that are too far from their targets; one without a value is."""
        return [
            t.endpoint
            for t in self.targets
            if not abs(found[t.endpoint] - t.value) <= within * self.errors[t.endpoint] + slack.get(t.endpoint, 0.0)
        ]

    def none(self, draws: int) -> DataError:
        """Say what stood in the way."""
        worst = ", ".join(f"{e} ({c:,})" for e, c in sorted(self.missed.items(), key=lambda x: -x[1])[:4])
        return DataError(
            f"none of {draws:,} draws gave all targets; missed most often: {worst or 'values outside their ranges'}. "
            "Draw more, or accept a wider distance with --within"
        )


def fit_ensemble(
    targets: Sequence[Target],
    parameters: ParameterSet | None = None,
    *,
    method: Literal["rejection", "sequential"] = "rejection",
    draws: int = 500,
    keep: int = 50,
    patients: int = 2000,
    seed: int = 7,
    within: float = 1.0,
    progress: Callable[[str], None] | None = None,
) -> Ensemble:
    """Draw parameter sets from the priors and keep those whose simulated endpoints match all targets.

    Parameters
    ----------
    targets
        Endpoints with n or interval; see `check_targets`.
    parameters
        The set around which is drawn: each parameter with a prior.
    method
        ``rejection``: every draw is from the priors. ``sequential``: rounds of falling distance, each drawn around
        the sets that the one before accepted, and weighted back to the priors.
    draws, patients
        Sets drawn at most, and patients simulated for each.
    keep
        Sets with which a round of a sequential search ends.
    within
        Accepted distance of an endpoint from its target, in standard errors of a trial of the target's n (from trials
        simulated with the set itself), or of its interval.

    Raises
    ------
    UsageError
        Numbers that cannot be; targets that contradict.
    DataError
        No draw was accepted; the message names the endpoints that stood in the way.

    Notes
    -----
    Rejection and sequential Monte Carlo, with a kernel of twice the variance of the accepted sets: Beaumont 2010, Annu
    Rev Ecol Evol Syst 41:379; Toni 2009, J R Soc Interface 6:187. Each draw is judged on an eighth of the patients
    first, and dropped where an endpoint is off by more than the tolerance and three standard errors of that eighth.
    """
    check_targets(targets)
    p = parameters or shipped_set()
    if draws < 1 or patients < 80 or not within > 0:
        raise UsageError("fit: give draws 1 or more, patients 80 or more, and a distance within above 0")
    if method not in ("rejection", "sequential"):
        raise UsageError(f"method {method!r}: rejection or sequential")
    if method == "sequential" and keep < _FEWEST:
        raise UsageError(f"keep: {keep}; give {_FEWEST} or more sets for a sequential search")
    if not p.uncertain():
        raise UsageError("fit: no parameter of the set has a prior; give one at least")
    errors, unit = _sampling(p, targets, seed)
    judge = _Judge(p, targets, patients, seed, errors, unit)
    say = progress or (lambda _: None)
    if method == "rejection":
        members, made = _by_rejection(judge, draws, within, say), draws
    else:
        members, made = _by_rounds(judge, draws, keep, within, say)
    return Ensemble(
        set=p.context.name, changes=p.changes, seed=seed, patients=patients, draws=made, within=within,
        targets=list(targets), tolerances={e: within * s for e, s in errors.items()}, members=members, method=method,
        rounds=_ROUNDS if method == "sequential" else (),
    )  # fmt: skip


def _by_rejection(judge: _Judge, draws: int, within: float, say: Callable[[str], None]) -> list[Member]:
    members: list[Member] = []
    width = len(judge.names())
    z = normals(judge.seed, "ensemble", 0, draws, 4 * -(-width // 4))[:, :width]
    for k in range(draws):
        say(f"Draw {k + 1} of {draws}, {len(members)} accepted")
        if (found := judge.member(z[k], within)) is not None:
            members.append(found)
    if not members:
        raise judge.none(draws)
    return members


def _by_rounds(
    judge: _Judge, draws: int, keep: int, within: float, say: Callable[[str], None]
) -> tuple[list[Member], int]:
    """Accepted sets of the last round with their weights, which add up to their number; and all sets that were drawn.

    Draws that a round does not use are left to the next ones.
    """
    width = len(judge.names())
    wide = 4 * -(-width // 4)
    at, weights, spread = np.empty((0, width)), np.empty(0), np.ones(width)
    used = 0
    for page, factor in enumerate(_ROUNDS):
        members: list[Member] = []
        places, heavy = [], []
        share = (draws - used) // (len(_ROUNDS) - page)
        for k in range(share):
            say(f"Round {page + 1} of {len(_ROUNDS)}, draw {k + 1}, {len(members)} accepted")
            z = normals(judge.seed, "ensemble", k, 1, wide, page=page)[0, :width]
            if page:
                u = uniforms(judge.seed, "ensemble", k, 1, 4, page=len(_ROUNDS) + page)[0, 0]
                z = at[int(np.searchsorted(np.cumsum(weights), u * weights.sum()))] + spread * z
            used += 1
            if (found := judge.member(z, within * factor)) is None:
                continue
            members.append(found)
            places.append(z)
            heavy.append(1.0 if not page else _weight(z, at, weights, spread))
            if len(members) == keep:
                break
        if len(members) < (_FEWEST if page < len(_ROUNDS) - 1 else 1):
            raise judge.none(used)
        at, weights = np.array(places), np.array(heavy)
        weights = weights / weights.sum() * len(members)
        spread = np.sqrt(2 * np.average((at - np.average(at, axis=0, weights=weights)) ** 2, axis=0, weights=weights))
    done = [
        Member(values=m.values, endpoints=m.endpoints, weight=float(w)) for m, w in zip(members, weights, strict=True)
    ]
    return done, used


def _weight(z: Array, at: Array, weights: Array, spread: Array) -> float:
    """Prior over the density with which the round before proposed `z`, but for a constant."""
    prior = -0.5 * float(z @ z)
    logs = np.log(weights) - 0.5 * (((z - at) / spread) ** 2).sum(axis=1)
    top = float(logs.max())
    return float(np.exp(prior - top - np.log(np.exp(logs - top).sum())))


def _sampling(p: ParameterSet, targets: Sequence[Target], seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """Standard error of each endpoint; and that of one patient, error times sqrt(n)."""
    out, unit = {}, {}
    sizes = {t.n for t in targets if t.n is not None} | {124}
    spread = {n: _sampling_error(p, n, seed) for n in sizes}
    for t in targets:
        base = spread[t.n or 124][t.endpoint]
        out[t.endpoint] = base if t.interval is None else (t.interval[1] - t.interval[0]) / 3.92
        unit[t.endpoint] = base * np.sqrt(t.n or 124)
    return out, unit


def _sampling_error(p: ParameterSet, n: int, seed: int) -> dict[str, float]:
    trials = [
        headline(conduct_blocks(p, seed=seed, n=n, first=k * n)) for k in range(_TRIALS if n <= 500 else 30)
    ]  # fmt: skip
    out = {}
    for e in trials[0]:
        values = np.array([t[e] for t in trials])
        values = values[np.isfinite(values)]
        out[e] = float(values.std(ddof=1)) if values.size > 2 else np.inf
    return out
