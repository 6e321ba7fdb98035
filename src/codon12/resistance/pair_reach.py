"""What the samples of one time could have shown: in reach, out of reach, or not known."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay

__all__ = ["assay_sets", "in_reach", "reach_frame"]


def assay_sets(samples: pl.DataFrame) -> pl.DataFrame:
    """Give PAIR, TIME, SET: the assays of the samples of one time, sorted and joined; ``?`` for an unnamed one."""
    named = pl.col("ASSAY").fill_null("?").unique().sort().str.join("\x1f")
    return samples.group_by("PAIR", "TIME").agg(named.alias("SET"))


def reach_frame(sets: pl.Series, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """One row a thing that a set of assays reads: SET, GENE, KIND, PROTEIN, CODON (both null: the whole gene).

    A set with an assay whose reach is not known in full has a row with all else null.
    """
    rows: list[tuple[str, str | None, str | None, str | None, int | None]] = []
    for name in sets.drop_nulls().unique().sort():
        for part in name.split("\x1f"):
            assay = assays.get(part)
            if assay is None or not assay.complete:
                rows.append((name, None, None, None, None))
            for reach in () if assay is None else assay.reach:
                if reach.protein is not None or not reach.codons:
                    rows.append((name, reach.gene, reach.kind, reach.protein, None))
                else:
                    rows += [(name, reach.gene, reach.kind, None, codon) for codon in reach.codons]
    schema = {"SET": pl.String, "GENE": pl.String, "KIND": pl.String, "PROTEIN": pl.String, "CODON": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)


def in_reach(wanted: pl.DataFrame, reach: pl.DataFrame) -> pl.DataFrame:
    """Tell of each row of `wanted` (SET, GENE, PARTNER, KIND, PROTEIN, FIRST) whether the set reads it: IN_REACH.

    True, false, or null where an assay of the set has a reach that is not known. A fusion is read where either of its
    genes is.
    """
    rows = wanted.with_row_index("_i")
    whole = reach.filter(pl.col("GENE").is_not_null() & pl.col("PROTEIN").is_null() & pl.col("CODON").is_null())
    whole = whole.select("SET", "GENE", "KIND", WHOLE=pl.lit(value=True)).unique()
    rows = rows.join(whole, on=["SET", "GENE", "KIND"], how="left", maintain_order="left")
    partner = whole.filter(KIND="fusion").rename({"GENE": "PARTNER", "WHOLE": "OTHER"})
    rows = rows.join(partner, on=["SET", "PARTNER", "KIND"], how="left", maintain_order="left")
    proteins = reach.filter(pl.col("PROTEIN").is_not_null()).select(
        "SET", "GENE", "KIND", "PROTEIN", ONE=pl.lit(value=True)
    )
    rows = rows.join(proteins.unique(), on=["SET", "GENE", "KIND", "PROTEIN"], how="left", maintain_order="left")
    codons = reach.filter(pl.col("CODON").is_not_null()).select(
        "SET", "GENE", "KIND", FIRST="CODON", PLACE_READ=pl.lit(value=True)
    )
    rows = rows.join(codons.unique(), on=["SET", "GENE", "KIND", "FIRST"], how="left", maintain_order="left")
    unknown = reach.filter(pl.col("GENE").is_null()).select("SET", UNKNOWN=pl.lit(value=True)).unique()
    rows = rows.join(unknown, on="SET", how="left", maintain_order="left")
    seen = pl.any_horizontal(pl.col(c).fill_null(value=False) for c in ("WHOLE", "OTHER", "ONE", "PLACE_READ"))
    answer = (
        pl.when(seen).then(pl.lit(value=True)).when(~pl.col("UNKNOWN").fill_null(value=False)).then(pl.lit(value=False))
    )
    return rows.with_columns(IN_REACH=answer).drop("_i", "WHOLE", "OTHER", "ONE", "PLACE_READ", "UNKNOWN")
