"""Parameter sets that all give the published endpoints: approximate Bayesian computation by rejection."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.errors import ConfigError, DataError, InputError, UsageError
from codon12.simulate.switch.conduct import conduct
from codon12.simulate.switch.draws import normals
from codon12.simulate.switch.parameters import ParameterSet, shipped_set
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.summary import headline
from codon12.simulate.switch.targets import Target, check_targets

__all__ = ["Ensemble", "Member", "as_plain", "fit_ensemble", "read_ensemble", "shipped_ensemble", "write_ensemble"]

_TRIALS = 100
"""Trials from which the sampling error of an endpoint is taken."""


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One accepted set: the values that were drawn, and the endpoints they give."""

    values: dict[str, float]
    endpoints: dict[str, float | None]


class Ensemble(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accepted sets with how they were found; never one without its company."""

    set: str
    changes: dict[str, float]
    seed: int
    patients: int
    draws: int
    within: float
    targets: list[Target]
    tolerances: dict[str, float]
    members: list[Member]

    @property
    def acceptance(self) -> float:
        """Share of draws that were accepted."""
        return len(self.members) / self.draws

    def base(self) -> ParameterSet:
        """Give the set around which it was drawn."""
        return shipped_set(self.set).changed(self.changes)

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """5 %, 50 %, 95 % of each drawn parameter among the accepted sets."""
        names = self.members[0].values
        out = {}
        for k in names:
            low, middle, high = np.quantile([m.values[k] for m in self.members], [0.05, 0.5, 0.95])
            out[k] = (float(low), float(middle), float(high))
        return out

    def correlations(self, least: float = 0.4) -> list[tuple[str, str, float]]:
        """Pairs of parameters whose ranks go together among the accepted sets, strongest first."""
        if len(self.members) < 5:
            return []
        names = list(self.members[0].values)
        table = np.array([[m.values[k] for k in names] for m in self.members])
        ranks = table.argsort(axis=0).argsort(axis=0).astype(float)
        r = np.corrcoef(ranks.T)
        pairs = [
            (names[i], names[j], float(r[i, j]))
            for i in range(len(names))
            for j in range(i + 1, len(names))
            if abs(r[i, j]) >= least
        ]
        return sorted(pairs, key=lambda p: -abs(p[2]))

    def sentences(self) -> list[str]:
        """Say what was found and what the targets do not tell."""
        p = self.base()
        n = len(self.members)
        found = (
            f"{n} of {self.draws:,} draws ({100 * self.acceptance:.1f} %) give every target within {self.within:g} "
            f"sampling SD, with {self.patients:,} simulated patients each and common random numbers."
        )
        said = [found]
        if n < 20:
            said.append(f"{n} sets are few: ranges and correlations are rough. Draw more.")
        loose = []
        for name, (low, _, high) in self.ranges().items():
            prior = p.parameters[name].prior
            assert prior is not None
            edges = [prior.move(p[name], z) for z in (-1.645, 1.645)]
            scale = np.log if prior.kind == "log-normal" else (lambda v: v)
            width = abs(scale(high) - scale(low)) / abs(scale(edges[1]) - scale(edges[0]))
            if width > 0.75:
                loose.append(name)
        if loose:
            said.append(
                f"Not identified: {', '.join(loose)}. Their accepted values spread as widely as those that were drawn; "
                "the targets say next to nothing about them."
            )
        together = [f"{a} and {b} ({r:+.2f})" for a, b, r in self.correlations()[:5]]
        if together:
            said.append(f"Known only together: {'; '.join(together)}. One can be traded for the other.")
        said.append("The same results come from different tumours: read every what-if as a range over these sets.")
        return said


def fit_ensemble(
    targets: Sequence[Target],
    parameters: ParameterSet | None = None,
    *,
    draws: int = 500,
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
    draws, patients
        Sets drawn, and patients simulated for each.
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
    Rejection: Beaumont 2010, Annu Rev Ecol Evol Syst 41:379. Each draw is judged on an eighth of the patients first,
    and dropped where an endpoint is off by more than the tolerance and three standard errors of that eighth.
    """
    check_targets(targets)
    p = parameters or shipped_set()
    if draws < 1 or patients < 80 or not within > 0:
        raise UsageError("fit: give draws 1 or more, patients 80 or more, and a distance within above 0")
    tolerances, errors = _tolerances(p, targets, seed, within)
    names = list(p.uncertain())
    say = progress or (lambda _: None)
    z = normals(seed, "ensemble", 0, draws, 4 * -(-len(names) // 4))
    members, missed = [], dict.fromkeys(tolerances, 0)
    few = max(40, patients // 8)
    for k in range(draws):
        say(f"Draw {k + 1} of {draws}, {len(members)} accepted")
        values = _values(p, names, z[k])
        if values is None:
            continue
        here = p.changed(values)
        first = conduct(here, draw_patients(here, seed=seed, n=few))
        off = _off(headline(first), targets, tolerances, {e: 3 * s / np.sqrt(few) for e, s in errors.items()})
        if not off:
            rest = conduct(here, draw_patients(here, seed=seed, n=patients - few, first=few))
            found = headline([first, rest])
            off = _off(found, targets, tolerances, {})
            if not off:
                plain = {e: v if np.isfinite(v) else None for e, v in found.items()}
                members.append(Member(values=values, endpoints=plain))
        for e in off:
            missed[e] += 1
    if not members:
        worst = ", ".join(f"{e} ({c:,})" for e, c in sorted(missed.items(), key=lambda x: -x[1])[:4])
        raise DataError(
            f"none of {draws:,} draws gave all targets; missed most often: {worst}. Draw more, or accept a wider "
            "distance with --within"
        )
    return Ensemble(
        set=p.context.name, changes=p.changes, seed=seed, patients=patients, draws=draws, within=within,
        targets=list(targets), tolerances=tolerances, members=members,
    )  # fmt: skip


def _values(p: ParameterSet, names: list[str], z: NDArray[np.float64]) -> dict[str, float] | None:
    out = {}
    for name, move in zip(names, z, strict=False):
        one = p.parameters[name]
        assert one.prior is not None
        out[name] = one.prior.move(one.value, float(move))
        if not one.low <= out[name] <= one.high:
            return None
    return out


def _tolerances(
    p: ParameterSet, targets: Sequence[Target], seed: int, within: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Accepted distance of each endpoint; and the standard error of one patient, error times sqrt(n)."""
    out, unit = {}, {}
    sizes = {t.n for t in targets if t.n is not None} | {124}
    spread = {n: _sampling_error(p, n, seed) for n in sizes}
    for t in targets:
        base = spread[t.n or 124][t.endpoint]
        error = base if t.interval is None else (t.interval[1] - t.interval[0]) / 3.92
        out[t.endpoint] = within * error
        unit[t.endpoint] = base * np.sqrt(t.n or 124)
    return out, unit


def _sampling_error(p: ParameterSet, n: int, seed: int) -> dict[str, float]:
    trials = [
        headline(conduct(p, draw_patients(p, seed=seed, n=n, first=k * n)))
        for k in range(_TRIALS if n <= 500 else 30)
    ]  # fmt: skip
    out = {}
    for e in trials[0]:
        values = np.array([t[e] for t in trials])
        values = values[np.isfinite(values)]
        out[e] = float(values.std(ddof=1)) if values.size > 2 else np.inf
    return out


def _off(
    found: dict[str, float], targets: Sequence[Target], tolerances: dict[str, float], slack: dict[str, float]
) -> list[str]:
    """Endpoints that are too far from their targets; one without a value is."""
    return [
        t.endpoint
        for t in targets
        if not abs(found[t.endpoint] - t.value) <= tolerances[t.endpoint] + slack.get(t.endpoint, 0.0)
    ]


def read_ensemble(path: Path) -> Ensemble:
    """Read an ensemble that `fit_ensemble` found and ``codon12 simulate fit`` wrote.

    Raises
    ------
    ConfigError
        The file is no such ensemble.
    """
    try:
        made = msgspec.json.decode(path.read_bytes(), type=Ensemble)
    except (OSError, msgspec.DecodeError) as err:
        raise ConfigError(f"{path.name}: is no ensemble: {err}; `codon12 simulate fit` writes one") from None
    if not made.members:
        raise ConfigError(f"{path.name}: holds no accepted set")
    return made


def shipped_ensemble() -> Ensemble:
    """Give the ensemble that ships: sets around sotorasib-nsclc that give the published endpoints of its trial."""
    from importlib.resources import files

    return msgspec.json.decode(files("codon12.simulate.switch").joinpath("ensemble.json").read_bytes(), type=Ensemble)


def write_ensemble(ensemble: Ensemble, path: Path) -> None:
    """Write an ensemble as JSON, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(ensemble), indent=1) + b"\n")
        temporary.replace(path)
    except OSError as err:
        raise InputError(f"{path}: cannot be written: {err.strerror or err}") from None
    finally:
        temporary.unlink(missing_ok=True)


def as_plain(ensemble: Ensemble) -> dict[str, Any]:
    """Give an ensemble as plain values, with its ranges and sentences, for JSON."""
    return {
        "acceptance": ensemble.acceptance,
        "accepted": len(ensemble.members),
        "ranges": {k: list(v) for k, v in ensemble.ranges().items()},
        "correlations": [list(c) for c in ensemble.correlations()],
        "sentences": ensemble.sentences(),
        "ensemble": json.loads(msgspec.json.encode(ensemble)),
    }
