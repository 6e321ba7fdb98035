"""Two changes in one RAS codon on one molecule: what the protein then is."""

from __future__ import annotations

from functools import cache

import polars as pl

from codon12.biomarker.calls.codon_phase import join_codons
from codon12.biomarker.calls.frame import Calls, calls_frame
from codon12.biomarker.variants.amino_acids import CODON_TABLE
from codon12.biomarker.variants.ras import RAS_GENES

__all__ = ["codon_product", "second_base_products", "single_base_change"]


@cache
def single_base_change(gene: str, protein: str) -> str | None:
    """Coding change of the one substitution that makes a protein change of a RAS gene; None where not exactly one does.

    Examples
    --------
    >>> single_base_change("KRAS", "p.G12D"), single_base_change("KRAS", "p.G12W")
    ('c.35G>A', None)
    """
    model = RAS_GENES.get(gene)
    number, new = protein[3:-1], protein[-1:]
    if model is None or not number.isdigit() or not protein.startswith("p."):
        return None
    codon = model.codon(int(number))
    if len(codon) != 3 or "N" in codon or CODON_TABLE[codon] != protein[2]:
        return None
    wanted = CODON_TABLE[codon] if new == "=" else new
    found = [
        f"c.{3 * int(number) - 2 + i}{codon[i]}>{base}"
        for i in range(3)
        for base in "ACGT"
        if base != codon[i] and CODON_TABLE[codon[:i] + base + codon[i + 1 :]] == wanted
    ]
    return found[0] if len(found) == 1 else None


@cache
def codon_product(gene: str, first: str, second: str, coding: str | None = None) -> str | None:
    """Protein change when `second` lies on the molecule that carries `first`; None where they cannot be joined.

    `coding` is the coding change of `second`, needed where its protein change does not say the base (``p.G12=``). Two
    changes of one base cannot lie on one molecule.

    Examples
    --------
    >>> [codon_product("KRAS", "p.G12C", p) for p in ("p.G12D", "p.G12A", "p.G12V", "p.G12R")]
    ['p.G12Y', 'p.G12S', 'p.G12F', None]
    >>> codon_product("KRAS", "p.G12C", "p.G12=", "c.36T>G")
    'p.G12W'
    """
    one, two = single_base_change(gene, first), coding or single_base_change(gene, second)
    if one is None or two is None or one[:-3] == two[:-3]:
        return None
    row = {"USUBJID": "1", "SAMPLE": "1", "GENE": gene, "PHASE": "1"}
    rows = [
        {**row, "PROTEIN": first, "CODING": one, "SRCROW": 1},
        {**row, "PROTEIN": second, "CODING": two, "SRCROW": 2},
    ]
    joined = join_codons(Calls(frame=calls_frame(pl.DataFrame(rows)))).frame
    return joined["PROTEIN"].item() if joined.height == 1 else None


def second_base_products(gene: str = "KRAS", first: str = "p.G12C") -> dict[str, str]:
    """Coding change on the allele of `first` -> protein change, for every single further base of its codon.

    Examples
    --------
    >>> sorted(set(second_base_products().values()))
    ['p.G12*', 'p.G12C', 'p.G12F', 'p.G12G', 'p.G12R', 'p.G12S', 'p.G12W', 'p.G12Y']
    """
    model, number = RAS_GENES[gene], int(first[3:-1])
    start = single_base_change(gene, first)
    if start is None:
        return {}
    at, base = int(start[2:-3]) - (3 * number - 2), start[-1]
    codon = model.codon(number)
    allele = codon[:at] + base + codon[at + 1 :]
    out = {}
    for i in range(3):
        for new in "ACGT":
            if new != allele[i]:
                made = CODON_TABLE[allele[:i] + new + allele[i + 1 :]]
                out[f"c.{3 * number - 2 + i}{allele[i]}>{new}"] = f"p.{first[2]}{number}{made}"
    return out
