"""Consequences that annotators put into a VCF: INFO/ANN of SnpEff and INFO/CSQ of VEP, one transcript chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

__all__ = ["Annotation", "ann_entries", "choose_annotation", "csq_entries", "csq_fields"]

_ANN = (
    "allele",
    "consequence",
    "impact",
    "gene",
    "_gene_id",
    "_type",
    "transcript",
    "_biotype",
    "_rank",
    "coding",
    "protein",
)
_IMPACT = {"HIGH": 0, "MODERATE": 1, "LOW": 2, "MODIFIER": 3}


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What a change does to one transcript."""

    allele: str = ""
    allele_number: int | None = None
    consequence: str | None = None
    impact: str = ""
    gene: str | None = None
    transcript: str | None = None
    coding: str | None = None
    protein: str | None = None
    rank: int = 9
    """0 where the annotator picked it, 1 MANE Select, 2 canonical, 9 none of these."""


def ann_entries(values: Sequence[str]) -> list[Annotation]:
    """Read INFO/ANN.

    Notes
    -----
    Source: "Variant annotations in VCF format", version 1.0, 2015.

    Examples
    --------
    >>> text = "A|missense_variant|MODERATE|KRAS|ID|transcript|NM_004985.5|protein_coding|2/6|c.34G>T|p.Gly12Cys"
    >>> ann_entries([text])[0].protein
    'p.Gly12Cys'
    """
    out = []
    for value in values:
        named = dict(zip(_ANN, (cell.strip() for cell in value.split("|")), strict=False))
        out.append(_annotation(named))
    return out


def csq_fields(description: str) -> list[str]:
    """Names of the fields of INFO/CSQ, from its header line.

    Examples
    --------
    >>> csq_fields("Consequence annotations from Ensembl VEP. Format: Allele|Consequence|SYMBOL")
    ['Allele', 'Consequence', 'SYMBOL']
    """
    found = re.search(r"Format:\s*(.*)$", description.strip('"'))
    return [f.strip() for f in found[1].split("|")] if found else []


def csq_entries(values: Sequence[str], fields: Sequence[str]) -> list[Annotation]:
    """Read INFO/CSQ with the fields its header names."""
    out = []
    for value in values:
        cell = dict(zip((f.upper() for f in fields), (c.strip() for c in value.split("|")), strict=False))
        rank = (
            0
            if cell.get("PICK") == "1"
            else 1
            if cell.get("MANE_SELECT")
            else 2
            if cell.get("CANONICAL") == "YES"
            else 9
        )
        number = cell.get("ALLELE_NUM", "")
        named = {
            "allele": cell.get("ALLELE", ""),
            "allele_number": int(number) if number.isdigit() else None,
            "consequence": cell.get("CONSEQUENCE"),
            "impact": cell.get("IMPACT", ""),
            "gene": cell.get("SYMBOL"),
            "transcript": cell.get("FEATURE"),
            "coding": cell.get("HGVSC"),
            "protein": (cell.get("HGVSP") or "").replace("%3D", "="),
            "rank": rank,
        }
        out.append(_annotation(named))
    return out


def _annotation(named: dict) -> Annotation:
    own = {k: v for k, v in named.items() if not k.startswith("_") and v not in ("", None)}
    for key in ("coding", "protein"):
        if key in own:
            own[key] = own[key].split(":")[-1]
    return Annotation(**own)


def choose_annotation(
    entries: Sequence[Annotation], *, ref: str, alt: str, number: int, alleles: int, genes: Sequence[str] = ()
) -> Annotation | None:
    """Choose one transcript for one alternate allele; None where none is annotated.

    Of those of the allele: in a gene asked for, then picked by the annotator, MANE Select, canonical; then by
    impact; then the first.
    """
    own = [e for e in entries if _of_allele(e, ref, alt, number, alleles)]
    if not own:
        return None
    return min(own, key=lambda e: (bool(genes) and e.gene not in genes, e.rank, _IMPACT.get(e.impact, 4)))


def _of_allele(entry: Annotation, ref: str, alt: str, number: int, alleles: int) -> bool:
    if entry.allele_number is not None:
        return entry.allele_number == number
    if alleles == 1 or not entry.allele:
        return True
    # VEP leaves out the first base that an indel shares with the reference.
    short = alt[1:] or "-" if len(ref) != len(alt) and ref[:1] == alt[:1] else alt
    return entry.allele.split("-")[0] == alt or entry.allele in (alt, short)
