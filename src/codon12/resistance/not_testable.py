"""What the later samples could not show of all that the drug's rules ask for."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.resistance.catalogue import Catalogue, Match
from codon12.resistance.pair_reach import assay_sets, reach_frame

__all__ = ["asked_for", "not_testable_later"]


def asked_for(catalogue: Catalogue, drug: str) -> list[tuple[str, str]]:
    """Genes and kinds of alteration that the rules of a drug ask for, sorted.

    Examples
    --------
    >>> from codon12.resistance.catalogue import shipped_catalogue
    >>> asked_for(shipped_catalogue(), "cetuximab")
    [('KRAS', 'mutation'), ('NRAS', 'mutation')]
    """
    found = {(g, k) for r in catalogue.rules_for(drug) for g in r.match.all_genes for k in _kinds(r.match)}
    return sorted(found)


def _kinds(match: Match) -> tuple[str, ...]:
    if match.lost == "any" or match.kind == "loss of function":
        return ("mutation", "copy number")
    kinds = {"amplification": "copy number", "fusion": "fusion", "intragenic rearrangement": "fusion"}
    return (kinds.get(match.kind or "", "mutation"),)


def not_testable_later(samples: pl.DataFrame, catalogue: Catalogue, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """What a rule of the drug asks for and no later sample reads as a whole: PAIR, WHAT; sorted.

    A list of hotspots never reads a gene as a whole, nor does an assay whose reach is not known.
    """
    drugs = samples["DRUG"].drop_nulls().unique().sort().to_list()
    rows = [(d, g, k) for d in drugs for g, k in asked_for(catalogue, d)]
    asked = pl.DataFrame(rows, schema={"DRUG": pl.String, "GENE": pl.String, "KIND": pl.String}, orient="row")
    sets = assay_sets(samples).filter(TIME="later").select("PAIR", "SET")
    whole = reach_frame(sets["SET"], assays).filter(
        pl.col("GENE").is_not_null() & pl.col("PROTEIN").is_null() & pl.col("CODON").is_null()
    )
    pairs = samples.select("PAIR", "DRUG").unique().join(sets, on="PAIR", how="left")
    needed = pairs.select("DRUG", "SET").unique().join(asked, on="DRUG", how="inner")
    missing = needed.join(whole.select("SET", "GENE", "KIND"), on=["SET", "GENE", "KIND"], how="anti", nulls_equal=True)
    told = missing.select("DRUG", "SET", WHAT=pl.format("{} {}", "GENE", "KIND"))
    found = pairs.join(told, on=["DRUG", "SET"], how="inner", nulls_equal=True)
    return found.select("PAIR", "WHAT").unique().sort("PAIR", "WHAT")
