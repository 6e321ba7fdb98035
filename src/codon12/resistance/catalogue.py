"""The catalogue of mechanisms, keyed by drug: data with a source and a trust for every rule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from codon12.biomarker import parse_protein
from codon12.biomarker.variants.genes import current_symbol
from codon12.errors import ConfigError, UsageError
from codon12.records.rule_files import ClosedKeys, nearest, read_rules, rules_digest

__all__ = ["Catalogue", "Entry", "Match", "Needs", "Rule", "read_catalogue", "shipped_catalogue"]

MatchKind = Literal["activating", "amplification", "fusion", "intragenic rearrangement", "loss of function"]
Trust = Literal["read", "second-hand", "recalled"]


class Match(ClosedKeys, frozen=True, kw_only=True):
    """What a rule matches: genes with one of proteins, codons, kind or lost; or a change of histology."""

    gene: str | None = None
    genes: tuple[str, ...] = ()
    proteins: tuple[str, ...] = ()
    codons: tuple[int, ...] | str = ()
    kind: MatchKind | None = None
    lost: str | None = None
    not_proteins: tuple[str, ...] = ()
    histology: str | None = None

    @property
    def all_genes(self) -> tuple[str, ...]:
        """Genes, however many were named, by their current symbols."""
        named = (self.gene, *self.genes) if self.gene else self.genes
        return tuple(current_symbol(g)[0] for g in named)

    def spelled(self, changes: tuple[str, ...]) -> list[str]:
        """Protein changes in one letter with ``p.``, as calls have them."""
        return [parse_protein(c).one_letter for c in changes]

    @property
    def all_codons(self) -> tuple[int, ...]:
        """Codons, a range written out."""
        if not isinstance(self.codons, str):
            return self.codons
        first, _, last = self.codons.partition("-")
        return tuple(range(int(first), int(last or first) + 1))

    def __str__(self) -> str:
        if self.histology:
            return self.histology
        genes = ", ".join(self.all_genes)
        if self.lost:
            return f"{genes} {'any alteration' if self.lost == 'any' else self.lost} lost"
        if self.kind:
            but = f" but {', '.join(self.not_proteins)}" if self.not_proteins else ""
            return f"{genes} {self.kind}{but}"
        if self.proteins:
            return f"{genes} {', '.join(self.proteins)}"
        shown = self.codons if isinstance(self.codons, str) else ", ".join(map(str, self.codons))
        return f"{genes} codon {shown}"


class Needs(ClosedKeys, frozen=True, kw_only=True):
    """What else the pair must show for a rule to fire."""

    retained: str | None = None
    """``any``, ``EGFR sensitising mutation``, or one alteration, as ``EGFR p.T790M``."""
    later: str | None = None
    """An alteration that the later sample must show."""


class Rule(ClosedKeys, frozen=True, kw_only=True):
    """One mechanism of resistance to the drugs of its entry."""

    mechanism: str = field(name="class")
    """Class of mechanism, as ``bypass, amplification``."""
    match: Match
    drugs: tuple[str, ...] = ()
    """Drugs of the entry for which it holds; all where empty."""
    needs: Needs = Needs()
    phase: Literal["cis"] | None = None
    evidence: Literal["clinical", "preclinical"] = "clinical"
    source: str
    trust: Trust
    note: str = ""


class Entry(ClosedKeys, frozen=True, kw_only=True):
    """The rules of drugs with one target."""

    drugs: Annotated[tuple[str, ...], Meta(min_length=1)]
    target: str
    rules: tuple[Rule, ...] = field(name="rule", default=())

    def rules_for(self, drug: str) -> list[Rule]:
        """Rules that hold for a drug of the entry, those read in a source before recalled ones."""
        own = [r for r in self.rules if not r.drugs or drug in r.drugs]
        return [r for r in own if r.trust != "recalled"] + [r for r in own if r.trust == "recalled"]


class Catalogue(ClosedKeys, frozen=True, kw_only=True):
    """Entries of drugs, with the version and digest of the files they were read from.

    Examples
    --------
    >>> catalogue = shipped_catalogue()
    >>> catalogue.drug("Sotorasib"), len(catalogue.rules_for("sotorasib")) > 5
    ('sotorasib', True)
    """

    version: str = ""
    entries: tuple[Entry, ...] = field(name="entry", default=())
    files: tuple[str, ...] = ()
    """File and digest of each text it was read from."""

    @property
    def drugs(self) -> list[str]:
        """Every drug and class name, sorted."""
        return sorted({d for e in self.entries for d in e.drugs}, key=str.lower)

    def drug(self, name: str) -> str:
        """Give a drug as the catalogue writes it, without regard to case and outer spaces.

        Raises
        ------
        UsageError
            Not in the catalogue; the message names the nearest drugs.
        """
        wanted = " ".join(name.split()).lower()
        found = next((d for d in self.drugs if d.lower() == wanted), None)
        if found is not None:
            return found
        near = nearest(name, self.drugs)
        hint = f"nearest: {', '.join(near)}" if near else f"it knows {', '.join(self.drugs)}"
        raise UsageError(
            f"drug {name!r} is not in the catalogue of resistance mechanisms; {hint}. For another drug of a class "
            "give the class (KRAS G12C inhibitor), or add the drug in a catalogue file of your own."
        )

    def entries_of(self, drug: str) -> list[Entry]:
        """Entries that list a drug."""
        return [e for e in self.entries if drug in e.drugs]

    def rules_for(self, drug: str) -> list[Rule]:
        """Rules that hold for a drug over all its entries, those read in a source first."""
        own = [r for e in self.entries_of(drug) for r in e.rules_for(drug)]
        return [r for r in own if r.trust != "recalled"] + [r for r in own if r.trust == "recalled"]

    def rules_of_target(self, drug: str) -> list[tuple[Rule, tuple[str, ...]]]:
        """Rules that hold for other drugs of the same target, each with those drugs."""
        targets = {e.target for e in self.entries_of(drug)}
        out = []
        for entry in (e for e in self.entries if e.target in targets):
            for rule in entry.rules:
                others = tuple(d for d in rule.drugs or entry.drugs if d != drug)
                holds = drug in entry.drugs and (not rule.drugs or drug in rule.drugs)
                if others and not holds:
                    out.append((rule, others))
        return out


def read_catalogue(*paths: str | Path, shipped: bool = True) -> Catalogue:
    """Read catalogue files; entries of the shipped one come first, those of `paths` after it in their order.

    Raises
    ------
    ConfigError
        A file cannot be read, a rule matches nothing or more than one thing, or names a drug its entry has not.
    """
    places = [_shipped_path(), *map(Path, paths)] if shipped else [Path(p) for p in paths]
    entries: list[Entry] = []
    versions, files = [], []
    for place in places:
        made = read_rules(place, Catalogue)
        _check(made.entries, place.name)
        entries += made.entries
        versions.append(made.version or "no version")
        files.append(f"{place.name} {made.version} sha256:{rules_digest(place)}".replace("  ", " "))
    return Catalogue(version=" + ".join(versions), entries=tuple(entries), files=tuple(files))


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that ships with codon12."""
    return read_catalogue()


def _shipped_path() -> Path:
    return Path(__file__).with_name("catalogue.toml")


def _check(entries: Iterable[Entry], file: str) -> None:
    for entry in entries:
        for i, rule in enumerate(entry.rules, 1):
            where = f"{file}, entry {', '.join(entry.drugs)}, rule {i} ({rule.mechanism})"
            match = rule.match
            given = [k for k in ("proteins", "codons", "kind", "lost", "histology") if getattr(match, k)]
            if len(given) != 1:
                raise ConfigError(f"{where}: match needs one of proteins, codons, kind, lost or histology, got {given}")
            if (match.histology is None) != bool(match.all_genes):
                raise ConfigError(f"{where}: name the gene or genes (and none beside histology)")
            if match.histology is not None and " to " not in match.histology:
                raise ConfigError(f"{where}: histology reads 'ONE to OTHER', got {match.histology!r}")
            if isinstance(match.codons, str):
                first, _, last = match.codons.partition("-")
                if not (first.isdigit() and last.isdigit() and int(first) <= int(last)):
                    raise ConfigError(f"{where}: codons {match.codons!r} is no list and no range such as '200-419'")
            for change in (
                *match.proteins,
                *match.not_proteins,
                *([match.lost] if match.lost not in (None, "any") else []),
            ):
                try:
                    parse_protein(str(change))
                except UsageError as err:
                    raise ConfigError(f"{where}: {err}") from None
            strange = sorted(set(rule.drugs) - set(entry.drugs))
            if strange:
                raise ConfigError(f"{where}: {', '.join(strange)} is no drug of the entry")
