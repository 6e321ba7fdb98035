"""Assays and their reach: what a result can and cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from codon12.biomarker.variants.genes import current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.errors import UsageError

__all__ = ["TEST_STATES", "AlterationKind", "Assay", "Reach", "gene_panel", "hotspot_assay", "ihc_assay"]

AlterationKind = Literal["mutation", "copy number", "fusion", "germline mutation"]
AssayKind = Literal["gene panel", "hotspot list", "PCR kit", "IHC"]
TEST_STATES = ("valid", "detected", "not detected", "not tested", "invalid", "indeterminate")
"""State of a test, or of one target of it. ``valid``: the test was read, its calls are what it detected."""

_SCALES = {"22C3": ("TPS", "CPS"), "SP142": ("TC", "IC"), "SP263": ("TC", "TPS"), "28-8": ("TC", "TPS")}
"""PD-L1 antibody -> scales in use. 22C3: viable tumour cells with any membrane staining (TPS); SP142: tumour cells (TC)
and tumour-infiltrating immune cells (IC)."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """One thing an assay can see: a gene, some of its codons, or one protein change."""

    gene: str
    kind: AlterationKind = "mutation"
    codons: tuple[int, ...] = ()
    """Codons seen whatever the change; all of the gene where empty."""
    protein: str | None = None
    """The one protein change seen (``p.G12C``); all where None."""

    def __str__(self) -> str:
        if self.protein:
            return f"{self.gene} {self.protein}"
        what = "" if self.kind == "mutation" else f" {self.kind}"
        if not self.codons:
            return f"{self.gene}{what or ' mutation'}"
        return f"{self.gene} codon {_ranges(self.codons)}{what}"

    def covers(self, wanted: Reach) -> bool:
        """Tell whether everything that `wanted` names is seen."""
        if (self.gene, self.kind) != (wanted.gene, wanted.kind):
            return False
        if self.protein is not None:
            return self.protein == wanted.protein
        return not self.codons or (bool(wanted.codons) and set(wanted.codons) <= set(self.codons))

    def touches(self, wanted: Reach) -> bool:
        """Tell whether at least a part of what `wanted` names is seen."""
        if (self.gene, self.kind) != (wanted.gene, wanted.kind):
            return False
        if self.protein is not None and wanted.protein is not None:
            return self.protein == wanted.protein
        return not self.codons or not wanted.codons or bool(set(self.codons) & set(wanted.codons))


class Assay(msgspec.Struct, frozen=True, kw_only=True):
    """A test as it was run: what it reaches, on which scale it reports, and where that is written.

    Examples
    --------
    >>> kit = hotspot_assay("kit", ["KRAS G12C", "KRAS G12D"], kind="PCR kit")
    >>> kit.covers(Reach(gene="KRAS", codons=(12,), protein="p.G12C")), kit.covers(Reach(gene="KRAS"))
    (True, False)
    """

    name: str
    kind: AssayKind
    reach: tuple[Reach, ...] = ()
    whole: tuple[AlterationKind, ...] = ()
    """Kinds of alteration it reads in every gene, as a whole exome does mutations."""
    complete: bool = True
    """Whether `reach` lists all it sees; else what is not listed is not known, rather than not tested."""
    scales: tuple[str, ...] = ()
    """Scales of an expression assay."""
    specimen: Literal["tissue", "plasma"] | None = None
    """What it reads, where it reads one kind alone; a test says what its sample was."""
    megabases: float | None = None
    """Size of the coding region that a mutational burden is divided by."""
    version: str | None = None
    source: str | None = None
    """Where reach and version are written."""

    def covers(self, wanted: Reach) -> bool:
        """Tell whether the assay sees everything that `wanted` names."""
        return wanted.kind in self.whole or any(r.covers(wanted) for r in self.reach)

    def touches(self, wanted: Reach) -> bool:
        """Tell whether the assay sees at least a part of it."""
        return wanted.kind in self.whole or any(r.touches(wanted) for r in self.reach)


def gene_panel(
    name: str,
    genes: Iterable[str],
    *,
    kinds: Iterable[AlterationKind] = ("mutation", "copy number"),
    fusions: Iterable[str] = (),
    megabases: float | None = None,
    complete: bool = True,
    version: str | None = None,
    source: str | None = None,
) -> Assay:
    """Describe a panel that reads all coding exons of some genes.

    `kinds` are the kinds of alteration called in every gene, `fusions` the genes whose fusions are called.

    Examples
    --------
    >>> panel = gene_panel("P", ["KRAS", "LKB1"], fusions=["ALK"])
    >>> [str(r) for r in panel.reach]
    ['KRAS mutation', 'KRAS copy number', 'STK11 mutation', 'STK11 copy number', 'ALK fusion']
    """
    reach = [Reach(gene=current_symbol(g)[0], kind=k) for g in genes for k in kinds]
    reach += [Reach(gene=current_symbol(g)[0], kind="fusion") for g in fusions]
    return Assay(
        name=name,
        kind="gene panel",
        reach=tuple(dict.fromkeys(reach)),
        complete=complete,
        megabases=megabases,
        version=version,
        source=source,
    )


def hotspot_assay(
    name: str,
    targets: Iterable[str],
    *,
    kind: AssayKind = "hotspot list",
    version: str | None = None,
    source: str | None = None,
) -> Assay:
    """Describe an assay that reads listed changes (``KRAS G12C``) or codons (``KRAS G12``) only.

    Raises
    ------
    UsageError
        A target is no protein change or codon of a gene.
    """
    return Assay(name=name, kind=kind, reach=tuple(_target(t) for t in targets), version=version, source=source)


def _target(text: str) -> Reach:
    variant = parse_variant(text)
    protein = variant.protein
    if variant.gene is None or protein is None or protein.start is None:
        raise UsageError(f"target {text!r}: name the gene and its protein change or codon, as in 'KRAS G12C'")
    if protein.kind == "codon":
        return Reach(gene=variant.gene, codons=(protein.start,))
    return Reach(gene=variant.gene, codons=(protein.start,), protein=protein.one_letter)


def ihc_assay(antibody: str, *, scales: Iterable[str] = (), source: str | None = None) -> Assay:
    """Describe an expression assay by its antibody; the scales of 22C3, SP142, SP263 and 28-8 are known.

    Examples
    --------
    >>> ihc_assay("SP142").scales
    ('TC', 'IC')
    """
    own = tuple(scales) or _SCALES.get(antibody.upper(), ())
    if not own:
        raise UsageError(f"antibody {antibody!r}: name its scales (TPS, CPS, TC, IC); known are {', '.join(_SCALES)}")
    return Assay(name=antibody, kind="IHC", scales=own, source=source)


def _ranges(codons: tuple[int, ...]) -> str:
    """Codons as text, runs of three and more with a dash."""
    out: list[list[int]] = []
    for codon in sorted(codons):
        if out and codon == out[-1][-1] + 1:
            out[-1].append(codon)
        else:
            out.append([codon])
    runs = [f"{r[0]}-{r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in out]
    return ", ".join(runs)
