"""Which rules of a drug an alteration meets, by what it is alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from codon12.biomarker.variants.protein_syntax import parse_protein
from codon12.resistance.catalogue import Catalogue, Match, Rule

__all__ = ["ACTIVATING_CODONS", "is_sensitising_egfr", "meets", "open_hits", "rule_frame", "rule_hits"]

_RAS = (12, 13, 59, 61, 117, 146)
ACTIVATING_CODONS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "KRAS": _RAS,
        "NRAS": _RAS,
        "HRAS": _RAS,
        "BRAF": (469, 594, 597, 600, 601),
        "MAP2K1": (53, 56, 57, 119, 121, 124, 203),
        "RET": (634, 804, 810, 918),
    }
)
"""Codons whose missense or in-frame changes count as activating; the effect of any other change is not known."""

_CODING = ("missense", "inframe", "truncating", "other")


def rule_frame(catalogue: Catalogue, drugs: list[str]) -> tuple[pl.DataFrame, list[Rule]]:
    """Rules of drugs as a frame, DRUG, RULE (number in the list), ORDER (within the drug); and that list."""
    rows, rules = [], []
    for drug in drugs:
        for order, rule in enumerate(catalogue.rules_for(drug)):
            rows.append((drug, len(rules), order))
            rules.append(rule)
    schema = {"DRUG": pl.String, "RULE": pl.Int64, "ORDER": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row"), rules


def rule_hits(described: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Alterations that meet a rule: DESC, RULE; `described` is as from `describe`."""
    genes = {g for r in rules for g in r.match.all_genes}
    near = described.filter(pl.col("GENE").is_in(list(genes)) | pl.col("PARTNER").is_in(list(genes)))
    asked = {number: rule.match for number, rule in enumerate(rules) if rule.match.histology is None}
    return _met(near, {number: meets(match) for number, match in asked.items()})


def open_hits(described: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """Alterations that may meet a rule, but do not say what became of its residue (``p.T790?``, ``c.2369C>T``)."""
    codons: dict[int, tuple[int, ...]] = {}
    for number, rule in enumerate(rules):
        match = rule.match
        named = [parse_protein(p).start for p in match.proteins]
        active = ACTIVATING_CODONS.get(match.gene or "", ()) if match.kind == "activating" else ()
        codons[number] = tuple(sorted({*match.all_codons, *(n for n in named if n), *active}))
    base = pl.col("CODING").str.extract(r"^c\.(\d+)[ACGT]>").cast(pl.Int64, strict=False)
    half = pl.col("PROTEIN").str.contains(r"^p\.[A-Z]\d+\??$") | (pl.col("PROTEIN").is_null() & base.is_not_null())
    vague = described.filter((pl.col("KIND") == "mutation") & half.fill_null(value=False))
    vague = vague.with_columns(_codon=pl.coalesce("FIRST", (base + 2) // 3))
    asked = {
        number: pl.col("GENE").is_in(list(rules[number].match.all_genes)) & pl.col("_codon").is_in(list(own))
        for number, own in codons.items()
        if own
    }
    return _met(vague, asked)


def _met(described: pl.DataFrame, asked: Mapping[int, pl.Expr]) -> pl.DataFrame:
    tests = described.select("DESC", *(test.alias(str(number)) for number, test in asked.items()))
    met = tests.unpivot([str(n) for n in asked], index="DESC", variable_name="RULE", value_name="_MET")
    return met.filter(pl.col("_MET").cast(pl.Boolean)).select("DESC", pl.col("RULE").cast(pl.Int64))


def meets(match: Match) -> pl.Expr:
    """Whether a described alteration is what a rule matches."""
    genes = list(match.all_genes)
    own = pl.col("GENE").is_in(genes)
    cls, protein = pl.col("CLASS"), pl.col("PROTEIN")
    mutation = (pl.col("KIND") == "mutation") & (cls != "silent")
    if match.kind == "fusion":
        test = (own | pl.col("PARTNER").is_in(genes)) & (cls == "fusion")
    elif match.kind == "amplification":
        test = own & (cls == "amplification")
    elif match.kind == "intragenic rearrangement":
        test = own & (cls == "rearrangement")
    elif match.kind == "loss of function":
        test = own & cls.is_in(["truncating", "splice", "deletion"])
    elif match.kind == "activating":
        codon = pl.any_horizontal((pl.col("GENE") == g) & _touches(ACTIVATING_CODONS.get(g, ())) for g in genes)
        test = own & mutation & cls.is_in(["missense", "inframe"]) & codon
    elif match.lost is not None:
        one = match.spelled((match.lost,))[0] if match.lost != "any" else None
        test = own & (protein == one if one is not None else mutation | (cls == "amplification"))
    elif match.proteins:
        test = own & protein.is_in(match.spelled(match.proteins))
    else:
        test = own & mutation & cls.is_in(list(_CODING)) & _touches(match.all_codons)
    if match.not_proteins:
        test &= ~protein.is_in(match.spelled(match.not_proteins)).fill_null(value=False)
    return test.fill_null(value=False)


def _touches(codons: tuple[int, ...]) -> pl.Expr:
    """Whether one of some codons lies between the first and last codon of a change."""
    if not codons:
        return pl.lit(value=False)
    first, last = pl.col("FIRST"), pl.col("LAST")
    if len(codons) == codons[-1] - codons[0] + 1:
        return (first <= codons[-1]) & (last >= codons[0])
    return pl.any_horizontal((first <= c) & (last >= c) for c in codons)


def is_sensitising_egfr() -> pl.Expr:
    """EGFR mutations that respond to its inhibitors: exon 19 deletions, L858R, codon 719, S768I, L861Q.

    Source: the drugs' targets (exon 19 deletion, L858R) and the uncommon ones of their labels.
    """
    egfr = (pl.col("GENE") == "EGFR") & (pl.col("KIND") == "mutation")
    deletion = (pl.col("CLASS") == "inframe") & pl.col("FIRST").is_between(729, 761)
    deletion &= pl.col("NAME").str.contains(r"del|exon 19")
    named = pl.col("PROTEIN").is_in(["p.L858R", "p.S768I", "p.L861Q"])
    codon_719 = (pl.col("FIRST") == 719) & (pl.col("CLASS") == "missense")
    exon = pl.col("NAME").str.contains("EGFR exon 19 deletion", literal=True)
    return (egfr & (deletion | named | codon_719 | exon)).fill_null(value=False)
