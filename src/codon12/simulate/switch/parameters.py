"""Parameters as data: value, unit, source, mark and prior of each, in a set with its context of use."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from codon12.errors import ConfigError, UsageError

__all__ = ["SETS", "Context", "Parameter", "ParameterSet", "Prior", "Schedule", "read_set", "shipped_set"]

SETS = ("sotorasib-nsclc", "no-drug")
"""Shipped sets; the second is the first without drug."""


class Prior(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a parameter may differ from its value when an ensemble is drawn."""

    kind: Literal["log-normal", "logit-normal", "normal"]
    sd: float

    def move(self, value: float, z: float) -> float:
        """Give the value `z` standard deviations away, on the scale of the prior."""
        if self.kind == "normal":
            return value + self.sd * z
        if self.kind == "log-normal":
            return value * math.exp(self.sd * z)
        return 1 / (1 + (1 - value) / value * math.exp(-self.sd * z))


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter."""

    value: float
    unit: str
    what: str
    mark: Literal["read", "second-hand", "recalled", "computed", "chosen", "calibrated"]
    source: str
    low: float = 0.0
    high: float = math.inf
    prior: Prior | None = None


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a set is about, what it is for, what it assumes and what it was calibrated on."""

    name: str
    title: str
    target: str
    allele: str
    bound_state: str
    drug: str
    tumour: str
    use: str
    not_for: str
    assumptions: tuple[str, ...]
    calibration: str
    catalogue_drug: str = ""
    """Name of the drug in the catalogue of resistance mechanisms; empty where it is not in it."""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Planned visits in days from the first dose, and shares of patients by number of target lesions."""

    visits: tuple[float, ...]
    lesions: tuple[float, ...]

    def check(self) -> None:
        """Refuse visits that do not increase and shares that do not add up to 1.

        Raises
        ------
        UsageError
            With what is wrong.
        """
        days = self.visits
        if not days or days[0] < 1 or any(b - a < 1 for a, b in pairwise(days)):
            raise UsageError("visits: give days from 1 on, each at least a day after the one before")
        if any(not math.isfinite(d) or d > 20_000 for d in days):
            raise UsageError("visits: a day beyond 20,000")
        if any(not 0 <= s <= 1 for s in self.lesions) or abs(sum(self.lesions) - 1) > 1e-9:
            raise UsageError(f"lesions: shares must be 0 to 1 and add up to 1, not to {sum(self.lesions):g}")
        if len(self.lesions) > 5:
            raise UsageError("lesions: at most five target lesions")


class ParameterSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A frozen set of parameters: ``set["kdeg"]`` is a value; `changed` gives another set.

    Examples
    --------
    >>> shipped_set()["kdeg"], shipped_set().changed({"kdeg": 0.0576})["kdeg"]
    (0.0288, 0.0576)
    """

    context: Context
    schedule: Schedule
    parameters: dict[str, Parameter]
    changes: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        """Value of a parameter."""
        return self._parameter(name).value

    def _parameter(self, name: str) -> Parameter:
        found = self.parameters.get(name)
        if found is None:
            near = difflib.get_close_matches(name, self.parameters, 1, 0.0)[0]
            raise UsageError(
                f"{name!r} is no parameter; nearest: {near}. `codon12 simulate parameters` shows all of them"
            )
        return found

    def changed(self, values: Mapping[str, float], *, schedule: Schedule | None = None) -> Self:
        """Give the set with other values; each change is kept and told on the provenance page.

        Raises
        ------
        UsageError
            An unknown name (the nearest is given), or a value outside its range.
        """
        table, changes = dict(self.parameters), dict(self.changes)
        for name, value in values.items():
            one = self._parameter(name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise UsageError(f"{name} = {value}: must be a number, in {one.unit}")
            if not one.low <= value <= one.high:
                top = "" if math.isinf(one.high) else f" to {one.high:g}"
                raise UsageError(f"{name} = {value:g}: outside {one.low:g}{top or ' and above'} ({one.unit})")
            table[name] = msgspec.structs.replace(one, value=float(value))
            changes[name] = float(value)
        new = schedule or self.schedule
        new.check()
        return msgspec.structs.replace(self, parameters=table, changes=changes, schedule=new)

    def values(self) -> dict[str, float]:
        """All values by name."""
        return {name: p.value for name, p in self.parameters.items()}

    def uncertain(self) -> dict[str, Prior]:
        """Parameters with a prior, in order."""
        return {name: p.prior for name, p in self.parameters.items() if p.prior is not None}

    def provenance(self) -> str:
        """Give the provenance page as Markdown: context of use, assumptions, calibration, every value's source."""
        c = self.context
        marks: dict[str, int] = {}
        for p in self.parameters.values():
            marks[p.mark] = marks.get(p.mark, 0) + 1
        about = (
            f"**What they describe.** {c.drug}, which binds the {c.bound_state}-bound state of {c.target} {c.allele}; "
            f"{c.tumour[0].lower()}{c.tumour[1:]}. All patients made from them are *simulated*."
        )
        lines = [
            f"# Parameters: {c.name}",
            "",
            about,
            "",
            f"**For.** {c.use}",
            "",
            f"**Not for.** {c.not_for}",
            "",
            "**Assumptions.**",
            "",
            *(f"- {a}" for a in c.assumptions),
            "",
            f"**Calibration.** {c.calibration}",
            "",
            "**Worth of the sources.** " + ", ".join(f"{n} {mark}" for mark, n in sorted(marks.items())) + ".",
            "",
        ]
        if self.changes:
            told = ", ".join(f"{k} = {v:g}" for k, v in self.changes.items())
            lines += [f"**Changed from the shipped set.** {told}.", ""]
        lines += ["| parameter | value | unit | meaning | mark | source | prior |", "|---|---|---|---|---|---|---|"]
        for name, p in self.parameters.items():
            prior = f"{p.prior.kind}, SD {p.prior.sd:g}" if p.prior else ""
            star = " (changed)" if name in self.changes else ""
            lines.append(f"| {name} | {p.value:.6g}{star} | {p.unit} | {p.what} | {p.mark} | {p.source} | {prior} |")
        return "\n".join(lines) + "\n"


def shipped_set(name: str = "sotorasib-nsclc") -> ParameterSet:
    """Give a shipped set.

    Raises
    ------
    UsageError
        An unknown name.
    """
    if name not in SETS:
        near = difflib.get_close_matches(name, SETS, 1, 0.0)[0]
        raise UsageError(f"set {name!r} is not shipped; nearest: {near}. Shipped: {', '.join(SETS)}")
    text = files("codon12.simulate.switch").joinpath("sotorasib-nsclc.toml").read_text(encoding="utf-8")
    base = _converted(tomllib.loads(text), "sotorasib-nsclc.toml")
    if name == "no-drug":
        context = msgspec.structs.replace(
            base.context, name=name, drug="No drug", title=f"{base.context.tumour} without drug, simulated"
        )
        return msgspec.structs.replace(base, context=context).changed({"dose": 0.0})
    return base


def read_set(path: Path) -> ParameterSet:
    """Read a set from TOML: a whole set, or ``base = "..."`` with changes in ``[set]``, ``[context]``, ``[schedule]``.

    Raises
    ------
    ConfigError
        No valid TOML, an unknown key, a missing unit, or a value of the wrong type.
    UsageError
        A value outside its range.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise ConfigError(f"{path.name}: cannot be read as TOML: {err}") from None
    if "parameters" in body:
        return _converted(body, path.name)
    unknown = sorted(set(body) - {"base", "set", "context", "schedule"})
    if unknown:
        raise ConfigError(f"{path.name}: unknown key {unknown[0]!r}. Known: base, set, context, schedule, parameters")
    base = shipped_set(str(body.get("base", SETS[0])))
    plain = msgspec.to_builtins(base)
    own = body.get("context", {})
    unknown_drug = {"catalogue_drug": ""} if "drug" in own else {}
    made = _converted({**plain, "context": plain["context"] | unknown_drug | own,
                       "schedule": plain["schedule"] | body.get("schedule", {})}, path.name)  # fmt: skip
    return made.changed(body.get("set", {}))


def _converted(body: Mapping[str, Any], where: str) -> ParameterSet:
    for name, given in body.get("parameters", {}).items():
        if isinstance(given, Mapping) and not str(given.get("unit", "")).strip():
            raise ConfigError(f'{where}: parameter {name} has no unit; give unit = "..." ("1" for a pure number)')
    try:
        made = msgspec.convert(body, ParameterSet)
    except msgspec.ValidationError as err:
        raise ConfigError(f"{where}: {err}") from None
    made.schedule.check()
    missing = sorted(set(shipped_set().parameters) - set(made.parameters)) if where != "sotorasib-nsclc.toml" else []
    if missing:
        raise ConfigError(f"{where}: parameter {missing[0]} is missing; give it, or start from base = {SETS[0]!r}")
    for name, p in made.parameters.items():
        made.changed({name: p.value})
    return made
