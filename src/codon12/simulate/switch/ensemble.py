"""Parameter sets that all give the published endpoints: what they are, their ranges, what is not identified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from codon12.errors import ConfigError, InputError
from codon12.simulate.switch.parameters import ParameterSet, shipped_set
from codon12.simulate.switch.targets import Target

__all__ = ["Ensemble", "Member", "as_plain", "read_ensemble", "shipped_ensemble", "write_ensemble"]


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One accepted set: the values that were drawn, and the endpoints they give."""

    values: dict[str, float]
    endpoints: dict[str, float | None]
    weight: float = 1.0
    """Places that it holds; 1 by rejection."""


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
    method: Literal["rejection", "sequential"] = "rejection"
    rounds: tuple[float, ...] = ()
    """Distances of the rounds of a sequential search, as factors of `within`, widest first."""
    moves_left: int = 0
    """Moves of a sequential search that its draws did not reach."""

    @property
    def acceptance(self) -> float:
        """Share of draws that were accepted."""
        return len(self.members) / self.draws

    def base(self) -> ParameterSet:
        """Give the set around which it was drawn."""
        return shipped_set(self.set).changed(self.changes)

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """5 %, 50 %, 95 % of each drawn parameter among the accepted sets."""
        out = {}
        for k in self.members[0].values:
            values, cuts = [m.values[k] for m in self.members], [0.05, 0.5, 0.95]
            if len(set(self.weights)) == 1:
                low, middle, high = np.quantile(values, cuts)
            else:
                low, middle, high = np.quantile(values, cuts, weights=self.weights, method="inverted_cdf")
            out[k] = (float(low), float(middle), float(high))
        return out

    @property
    def weights(self) -> list[float]:
        """Weights of the members."""
        return [m.weight for m in self.members]

    @property
    def worth(self) -> float:
        """Number of equally weighted sets that these are worth (Kish 1965): squared sum over sum of squares."""
        w = np.array(self.weights)
        return float(w.sum() ** 2 / (w**2).sum())

    def correlations(self, least: float = 0.4) -> list[tuple[str, str, float]]:
        """Pairs of parameters whose ranks go together among the accepted sets, strongest first."""
        if len(self.members) < 5:
            return []
        names = list(self.members[0].values)
        table = np.array([[m.values[k] for k in names] for m in self.members])
        ranks = table.argsort(axis=0).argsort(axis=0).astype(float)
        spread = np.cov(ranks.T, aweights=self.weights)
        scale = np.sqrt(np.diag(spread))
        r = spread / np.outer(scale, scale)
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
        if self.method == "sequential":
            steps = ", ".join(f"{self.within * r:g}" for r in self.rounds)
            found += (
                f" Found by sequential Monte Carlo, in rounds of {steps} SD; sets that hold several places weigh "
                f"more, and all are worth {self.worth:.0f} equal ones."
            )
        said = [found]
        if self.moves_left:
            said.append(
                f"The {self.draws:,} draws ran out with {self.moves_left:,} moves left: sets are less far apart than "
                "the method wants. Allow more with --draws, or keep fewer sets."
            )
        if min(n, self.worth) < 20:
            said.append(f"{min(n, self.worth):.0f} sets are few: ranges and correlations are rough. Draw more.")
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
        "worth": ensemble.worth,
        "ranges": {k: list(v) for k, v in ensemble.ranges().items()},
        "correlations": [list(c) for c in ensemble.correlations()],
        "sentences": ensemble.sentences(),
        "ensemble": json.loads(msgspec.json.encode(ensemble)),
    }
