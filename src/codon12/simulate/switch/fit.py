"""Finding an ensemble: approximate Bayesian computation by rejection, or by sequential Monte Carlo.

Parameters are drawn as standard deviations from their values, on the scales of their priors, so that the prior is
standard normal whatever the parameter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.simulate.switch.conduct import conduct, conduct_blocks
from codon12.simulate.switch.draws import normals
from codon12.simulate.switch.ensemble import Ensemble, Member
from codon12.simulate.switch.parameters import ParameterSet, shipped_set
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.summary import headline, headlines
from codon12.simulate.switch.targets import Target, check_targets

__all__ = ["fit_cost", "fit_ensemble"]

Array = NDArray[np.float64]
_TRIALS = 100
"""Trials from which the sampling error of an endpoint is taken."""
_LARGE = 300
"""Patients from which on the error of a larger trial is taken to fall with their square root."""
_ROUNDS = (2.5, 1.6, 1.0)
"""Distances of a sequential search, as factors of the one that is asked for."""
_FEWEST = 10
"""Sets that a sequential search keeps at least."""
_MOVES = 4
"""Moves of each set in a round."""
_SECONDS = 9e-5
"""Time of one simulated patient on one core."""
_STEP = 0.5
"""Share of new noise in a move; it leaves the prior as it is."""


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

    def distance(self, member: Member) -> float:
        """Largest distance of an endpoint from its target, in standard errors."""
        return max(abs((member.endpoints[t.endpoint] or 0.0) - t.value) / self.errors[t.endpoint] for t in self.targets)

    def none(self, draws: int) -> DataError:
        """Say what stood in the way."""
        worst = ", ".join(f"{e} ({c:,})" for e, c in sorted(self.missed.items(), key=lambda x: -x[1])[:4])
        return DataError(
            f"none of {draws:,} draws gave all targets; missed most often: {worst or 'values outside their ranges'}. "
            "Draw more, or accept a wider distance with --within"
        )


def fit_cost(draws: int, patients: int) -> str:
    """Say what a search takes at most in time, roughly, on one core; draws that miss early take an eighth.

    Examples
    --------
    >>> fit_cost(500, 2000)
    'at most 500 draws of 2,000 patients: about 11 s to 90 s on one core'
    """
    least, most = (draws * n * _SECONDS for n in (max(40, patients // 8), patients))
    unit, seconds = ("s", 1) if most < 120 else ("min", 60) if most < 7200 else ("h", 3600)
    low, high = (f"{max(v / seconds, 1):,.0f} {unit}" for v in (least, most))
    span = high if low == high else f"{low} to {high}"
    return f"at most {draws:,} draws of {patients:,} patients: about {span} on one core"


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
        ``rejection``: every draw is from the priors. ``sequential``: rounds of falling distance; the sets that lie
        within it take the places of those that do not, and are moved apart.
    draws, patients
        Sets drawn at most, and patients simulated for each.
    keep
        Places of a sequential search; sets that were not moved apart share weight.
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
    Rejection: Beaumont 2010, Annu Rev Ecol Evol Syst 41:379. Sequential Monte Carlo with replenishment: Drovandi and
    Pettitt 2011, Biometrics 67:225, the moves preconditioned Crank-Nicolson (Cotter 2013, Stat Sci 28:424), which keep
    the prior, so that one is taken whenever its endpoints match. Each draw is judged on an eighth of the patients
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
        members, made, left = _by_rejection(judge, draws, within, say), draws, 0
    else:
        members, made, left = _by_rounds(judge, draws, keep, within, say)
    return Ensemble(
        set=p.context.name, changes=p.changes, seed=seed, patients=patients, draws=made, within=within,
        targets=list(targets), tolerances={e: within * s for e, s in errors.items()}, members=members, method=method,
        rounds=_ROUNDS if method == "sequential" else (), moves_left=left,
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
) -> tuple[list[Member], int, int]:
    """Accepted sets of the last round, weighted by how many places they hold; all draws; moves they did not reach."""
    width = len(judge.names())
    used = left = 0

    def noise(page: int) -> Array:
        return normals(judge.seed, "ensemble", used, 1, 4 * -(-width // 4), page=page)[0, :width]

    places: list[tuple[Array, Member]] = []
    while len(places) < keep and used < draws:
        say(f"Round 1 of {len(_ROUNDS)}, draw {used + 1}, {len(places)} accepted")
        z = noise(0)
        used += 1
        if (found := judge.member(z, within * _ROUNDS[0])) is not None:
            places.append((z, found))
    for page, factor in enumerate(_ROUNDS[1:], start=1):
        alive = [p for p in places if judge.distance(p[1]) <= within * factor]
        if not alive:
            raise judge.none(used)
        places = [alive[k % len(alive)] for k in range(keep)]
        moves = [k for _ in range(_MOVES) for k in range(keep)]
        left += max(len(moves) - (draws - used), 0)
        for k in moves[: draws - used]:
            say(f"Round {page + 1} of {len(_ROUNDS)}, draw {used + 1}, {len({id(m) for _, m in places})} apart")
            z = np.sqrt(1 - _STEP**2) * places[k][0] + _STEP * noise(page)
            used += 1
            if (found := judge.member(z, within * factor)) is not None:
                places[k] = (z, found)
    held = Counter(id(m) for _, m in places)
    by_id = {id(m): m for _, m in places}
    return [msgspec.structs.replace(by_id[k], weight=float(n)) for k, n in held.items()], used, left


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
    size = min(n, _LARGE)
    trials = headlines(conduct_blocks(p, seed=seed, n=_TRIALS * size), size)
    out = {}
    for e in trials[0]:
        values = np.array([t[e] for t in trials])
        values = values[np.isfinite(values)]
        out[e] = float(values.std(ddof=1) * np.sqrt(size / n)) if values.size > 2 else np.inf
    return out
