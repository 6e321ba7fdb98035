"""Definitions side by side: how many subjects meet each, and how many meet two."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need

__all__ = ["definition_counts", "definition_overlap"]


def definition_counts(classified: pl.DataFrame) -> pl.DataFrame:
    """Count each definition: DEFINITION, [EVAL], N, MEETS, ALL_BUT_CONFIRMATION, NOT_EVALUABLE, DOES_NOT_MEET.

    NOT_EVALUABLE includes those whose confirmation alone is open. `classified` is as from `classify_resistance`.
    """
    keys = ["DEFINITION", *(["EVAL"] if "EVAL" in classified.columns else [])]
    result = pl.col("RESULT")
    return classified.group_by(keys, maintain_order=True).agg(
        N=pl.len(),
        MEETS=(result == "meets").sum(),
        ALL_BUT_CONFIRMATION=(pl.col("ALL_BUT_CONFIRMATION") == "Y").sum(),
        NOT_EVALUABLE=(result == "not evaluable").sum(),
        DOES_NOT_MEET=(result == "does not meet").sum(),
    )


def definition_overlap(classified: pl.DataFrame) -> pl.DataFrame:
    """Subjects that meet two definitions: DEFINITION, OTHER, [EVAL], BOTH, EITHER; each pair once.

    A subject that meets a definition in all but confirmation counts for it.

    Examples
    --------
    >>> rows = pl.DataFrame({"USUBJID": ["1", "1", "2", "2"], "DEFINITION": ["a", "b"] * 2,
    ...     "RESULT": ["meets", "meets", "meets", "does not meet"], "ALL_BUT_CONFIRMATION": [None] * 4})
    >>> definition_overlap(rows).row(0)
    ('a', 'b', 1, 2)
    """
    need(classified, ("USUBJID", "DEFINITION", "RESULT", "ALL_BUT_CONFIRMATION"), what="classified")
    side = ["EVAL"] if "EVAL" in classified.columns else []
    counts = (pl.col("RESULT") == "meets") | (pl.col("ALL_BUT_CONFIRMATION").cast(pl.String) == "Y")
    order = classified.select("DEFINITION").unique(maintain_order=True).with_row_index("_n")
    met = classified.filter(counts.fill_null(value=False)).select("USUBJID", *side, "DEFINITION")
    met = met.join(order, on="DEFINITION", how="left")
    sizes = met.group_by(*side, "DEFINITION").len("n")
    pairs = order.join(order, how="cross", suffix="_b").filter(pl.col("_n") < pl.col("_n_b"))
    readers = classified.select(side).unique(maintain_order=True) if side else None
    grid = pairs if readers is None else pairs.join(readers, how="cross")
    grid = grid.rename({"DEFINITION_b": "OTHER"})
    both = met.join(met, on=["USUBJID", *side], suffix="_b").filter(pl.col("_n") < pl.col("_n_b"))
    both = both.group_by(*side, "DEFINITION", OTHER="DEFINITION_b").len("BOTH")
    made = grid.join(both, on=[*side, "DEFINITION", "OTHER"], how="left", maintain_order="left")
    made = made.join(sizes, on=[*side, "DEFINITION"], how="left", maintain_order="left")
    made = made.join(
        sizes.rename({"DEFINITION": "OTHER", "n": "m"}), on=[*side, "OTHER"], how="left", maintain_order="left"
    )
    number = {c: pl.col(c).fill_null(0).cast(pl.Int64) for c in ("BOTH", "n", "m")}
    return made.select(
        "DEFINITION", "OTHER", *side, BOTH=number["BOTH"], EITHER=number["n"] + number["m"] - number["BOTH"]
    )
