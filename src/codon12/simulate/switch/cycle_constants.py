"""Constants of the network: the protein, its alleles, second changes, and inhibitors; all of them data."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self

from codon12.errors import UsageError

__all__ = ["CycleConstants", "Protein", "known_alleles", "known_drugs"]


@dataclass(frozen=True)
class Protein:
    """Rates of one form of the protein: /s, /M/s, mol/L."""

    kint: float
    kcat: float
    KmG: float
    kdD: float
    kdT: float
    kaD: float
    kaT: float
    kD: float
    KmD: float
    KmT: float
    kaE: float
    KdE: float

    @property
    def kdE(self) -> float:
        """Dissociation of the effector, /s."""
        return self.kaE * self.KdE

    def kT(self, c: CycleConstants) -> float:
        """Turnover of the exchange factor on GTP-bound protein, by Haldane's relation, /s."""
        haldane = (self.kaD * c.GDP * self.kdT) / (self.kdD * self.kaT * c.GTP)
        return self.kD * (self.KmT / self.KmD) * haldane


@dataclass(frozen=True)
class CycleConstants:
    """Everything the network needs: totals, regulators, nucleotides, both forms of the protein, the inhibitor."""

    wild: Protein
    changed: Protein
    ras: float
    effector: float
    share: float
    GEF: float
    GAP: float
    GTP: float
    GDP: float
    kdeg: float
    kon: float = 0.0
    allele: str = "WT"
    drug: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def mutant(self) -> float:
        """Mutant protein, mol/L."""
        return self.ras * self.share

    @property
    def wild_type(self) -> float:
        """Wild-type protein, mol/L."""
        return self.ras * (1 - self.share)

    @classmethod
    def of(
        cls,
        allele: str = "G12C",
        *,
        drug: str | None = None,
        multiply: Mapping[str, float] | None = None,
        change: Mapping[str, float] | None = None,
    ) -> Self:
        """Give the constants of an allele and an inhibitor of the shipped table.

        Parameters
        ----------
        allele
            Of `known_alleles`, ``WT`` included.
        drug
            Of `known_drugs`; None for no inhibitor.
        multiply
            Factors on constants: of both forms (``GEF``, ``GAP``, ``kdeg``, ``kon``, ...), or of the mutant
            alone (``kint'``, ``kcat'``, ``kdD'``, ``kdT'``, ...), as a second mutation changes them.
        change
            Values that take the place of constants, by the same names.

        Raises
        ------
        UsageError
            An unknown allele, inhibitor or constant (the nearest name is given), or a negative value.

        Notes
        -----
        Sources of the values: the comments in ``network.toml``.
        """
        table = _table()
        wild = Protein(**{k: float(v) for k, v in table["protein"].items()})
        rules = _pick(table["alleles"], allele, "allele")
        changed = _allele(wild, rules)
        inhibitor = {} if drug is None else _pick(table["drugs"], drug, "drug")
        bound = str(inhibitor.get("binds", allele))
        if bound.casefold() != allele.casefold():
            raise UsageError(f"{drug} binds the cysteine of {bound}; {allele} has none to bind")
        made = cls(
            wild=wild,
            changed=changed,
            kon=float(inhibitor.get("kon", 0.0)),
            allele=allele,
            drug=drug,
            notes=(str(rules.get("mark", "")),),
            **{k: float(v) for k, v in table["cell"].items()},
        )
        for name, factor in (multiply or {}).items():
            made = made.with_value(name, made.value(name) * float(factor))
        for name, value in (change or {}).items():
            made = made.with_value(name, float(value))
        return made

    def value(self, name: str) -> float:
        """Value of a constant; a name that ends in ``'`` is the mutant's.

        Raises
        ------
        UsageError
            An unknown name.
        """
        where, key = self._where(name)
        return getattr(where, key)

    def with_value(self, name: str, value: float) -> Self:
        """Give the same constants with another value of one; rates of the protein without ``'`` change both forms.

        Raises
        ------
        UsageError
            An unknown name, or a value that cannot be.
        """
        if not (value >= 0 and value < float("inf")):
            raise UsageError(f"{name} = {value}: must be a number, 0 or more")
        if (
            name in ("ras", "GTP", "KmG", "KmD", "KmT", "KmG'", "KmD'", "KmT'", "kdD", "kaT", "kdD'", "kaT'")
            and value == 0
        ):
            raise UsageError(f"{name} = 0: must be above 0")
        if name == "share" and not 0 < value <= 1:
            raise UsageError(f"share = {value}: must be above 0, at most 1")
        where, key = self._where(name)
        if where is self:
            return replace(self, **{key: value})  # type: ignore[arg-type]
        if where is self.changed:
            return replace(self, changed=replace(self.changed, **{key: value}))
        ratio = value / getattr(self.wild, key) if getattr(self.wild, key) else 0.0
        other = getattr(self.changed, key) * ratio
        return replace(self, wild=replace(self.wild, **{key: value}), changed=replace(self.changed, **{key: other}))

    def _where(self, name: str) -> tuple[Any, str]:
        own = ("ras", "effector", "share", "GEF", "GAP", "GTP", "GDP", "kdeg", "kon")
        if name in own:
            return self, name
        rates = tuple(Protein.__dataclass_fields__)
        if name in rates:
            return self.wild, name
        if name.endswith("'") and name[:-1] in rates:
            return self.changed, name[:-1]
        known = [*own, *rates, *(f"{r}'" for r in rates)]
        near = difflib.get_close_matches(name, known, 1, 0.0)[0]
        raise UsageError(f"{name!r} is no constant of the network; nearest: {near}. Known: {', '.join(known)}")


def _allele(wild: Protein, rules: Mapping[str, Any]) -> Protein:
    """Wild type times the allele's multipliers; `kcat` is a value in /s, or ``kint`` for the mutant's own."""
    values = {n: getattr(wild, n) * float(rules.get(n, 1.0)) for n in wild.__dataclass_fields__ if n != "kcat"}
    kcat = rules.get("kcat", wild.kcat)
    return Protein(**values, kcat=values["kint"] if kcat == "kint" else float(kcat))


def known_alleles() -> tuple[str, ...]:
    """Alleles of the shipped table."""
    return tuple(_table()["alleles"])


def known_drugs() -> dict[str, float]:
    """Inhibitors of the shipped table -> association rate, /M/s."""
    return {name: float(d["kon"]) for name, d in _table()["drugs"].items()}


def _pick(table: Mapping[str, Any], name: str, what: str) -> Mapping[str, Any]:
    found = {k.casefold(): v for k, v in table.items()}.get(name.casefold())
    if found is None:
        near = difflib.get_close_matches(name.casefold(), [k.casefold() for k in table], 1, 0.0)[0]
        raise UsageError(f"{what} {name!r} is not known; nearest: {near}. Known: {', '.join(table)}")
    return found


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("codon12.simulate.switch").joinpath("network.toml").read_text(encoding="utf-8"))
