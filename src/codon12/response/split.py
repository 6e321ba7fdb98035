"""Split and merged target lesions (RECIST 1.1, 4.3.2 and appendix II)."""

from __future__ import annotations

import polars as pl

__all__ = ["split_and_merged"]


def split_and_merged(targets: pl.DataFrame) -> pl.DataFrame:
    """Give each fragment its parent's identifier and each merged lesion those of all its parts.

    A fragment is named after its parent with a point (``T04.1``, ``T04.2``): its diameters add up under
    ``T04``. A merged lesion is named by its parts with a slash or plus (``T01/T02``): the first part carries
    the size of the merged lesion, the others are assessed and add nothing. Identifiers without these signs
    stay as they are.

    Source: RECIST 1.1 section 4.3.2: when non-nodal lesions fragment, the diameters of the fragments are
    added; when lesions coalesce, the maximal longest diameter of the coalesced lesion is taken. A plane that
    still separates them keeps the lesions apart, and they are then recorded apart.

    Examples
    --------
    >>> lesions = pl.DataFrame({"LESIONID": ["T04.1", "T04.2", "T01/T02"], "_um": [4000, 6000, 21000]})
    >>> split_and_merged(lesions).select("LESIONID", "_um").rows()
    [('T04', 4000), ('T04', 6000), ('T01', 21000), ('T02', 0)]
    """
    name = pl.col("LESIONID").cast(pl.String)
    apart = targets.with_columns(name.str.replace_all("+", "/", literal=True).str.split("/")).with_columns(
        pl.col("LESIONID").list.len().alias("_parts"), pl.col("LESIONID").list.first().alias("_lead")
    )
    rows = apart.explode("LESIONID").with_columns(
        pl.when((pl.col("_parts") > 1) & (pl.col("LESIONID") != pl.col("_lead")) & pl.col("_um").is_not_null())
        .then(0)
        .otherwise(pl.col("_um"))
        .alias("_um"),
        pl.col("LESIONID").str.strip_chars().str.replace(r"\.\d+$", ""),
    )
    return rows.drop("_parts", "_lead")


def names_split_or_merged(targets: pl.DataFrame) -> bool:
    """Whether any lesion identifier names a fragment or a merged lesion."""
    ids = targets.select(pl.col("LESIONID").unique().cast(pl.String))
    return bool(ids.select(pl.col("LESIONID").str.contains(r"\.\d+$|[/+]").any()).item())
