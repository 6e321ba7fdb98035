"""Split and merged target lesions (RECIST 1.1, 4.3.2 and appendix II)."""

from __future__ import annotations

import polars as pl

from codon12.response.keys import sources
from codon12.response.repeats import one_a_lesion

__all__ = ["names_split_or_merged", "parts_together", "split_and_merged", "split_or_merged"]


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
    return bool(ids.select(pl.col("LESIONID").str.contains(_SIGNS).any()).item())


_SIGNS = r"\.\d+$|[/+]"


def split_or_merged(targets: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Add `_kind`: "fragment" or "merged" where the subject (and evaluator) has the parent, or all parts; else null.

    An identifier with a point or slash whose parent or parts the subject never had is a name like any other.
    """
    ids = targets.select(*keys, pl.col("LESIONID").cast(pl.String)).unique()
    known = ids.with_columns(pl.lit(value=True).alias("_known"))
    odd = ids.filter(pl.col("LESIONID").str.contains(_SIGNS)).with_columns(
        pl.col("LESIONID").str.replace_all("+", "/", literal=True).str.split("/").alias("_part")
    )
    odd = odd.explode("_part").with_columns(pl.col("_part").str.strip_chars())
    odd = odd.with_columns(
        pl.when(pl.len().over([*keys, "LESIONID"]) > 1)
        .then("_part")
        .otherwise(pl.col("_part").str.replace(r"\.\d+$", ""))
        .alias("_part"),
        (pl.len().over([*keys, "LESIONID"]) > 1).alias("_merged"),
    )
    found = odd.join(known.rename({"LESIONID": "_part"}), on=[*keys, "_part"], how="left", nulls_equal=True)
    kind = found.group_by([*keys, "LESIONID"]).agg(
        pl.when(pl.col("_known").fill_null(value=False).all())
        .then(pl.when(pl.col("_merged").first()).then(pl.lit("merged")).otherwise(pl.lit("fragment")))
        .alias("_kind")
    )
    targets = targets.with_columns(pl.col("LESIONID").cast(pl.String))
    return targets.join(kind, on=[*keys, "LESIONID"], how="left", nulls_equal=True, maintain_order="left")


def parts_together(targets: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Put the fragments of a lesion, and the parts of a merged one, together within their own subject and `_visit`.

    One fragment not assessed leaves the lesion so. A whole recorded beside its fragments without a size, or a part
    beside the merged lesion, says nothing of its own.
    """
    by = [*keys, "_visit"]
    marked = split_or_merged(targets, keys=keys)
    touched = marked.filter(pl.col("_kind").is_not_null()).select(keys).unique()
    plain = targets.with_columns(pl.col("LESIONID").cast(pl.String)).join(
        touched, on=keys, how="anti", nulls_equal=True, maintain_order="left"
    )
    rows = marked.join(touched, on=keys, how="semi", nulls_equal=True)
    rows = one_a_lesion(rows, by=by, lesion="LESIONID")
    usual = rows.filter(pl.col("_kind").is_null())
    parted = split_and_merged(rows.filter(pl.col("_kind").is_not_null()))
    rows = pl.concat([usual, parted.select(usual.columns)])
    fragment, merged, sized = pl.col("_kind") == "fragment", pl.col("_kind") == "merged", pl.col("_um").is_not_null()
    whole = (merged & sized).fill_null(value=False)
    counts = fragment.fill_null(value=False) | sized
    any_fragment = fragment.fill_null(value=False).any()
    size = (
        pl.when(whole.any())
        .then(pl.col("_um").filter(whole).max())
        .when(any_fragment & pl.col("_um").filter(counts).is_not_null().all())
        .then(pl.col("_um").filter(counts).sum())
        .when(any_fragment)
        .then(None)
        .otherwise(pl.col("_um").max())
    )
    first = [c for c in ("VISITNUM", "VISIT", "METHOD", *sources(rows)) if c in rows.columns]
    extra = [pl.col("USUBJID").first()] if "USUBJID" not in keys and "USUBJID" in rows.columns else []
    together = (
        rows.sort([c for c in ("SRCROW", "ADT") if c in rows.columns], nulls_last=True)
        .group_by([*by, "LESIONID"], maintain_order=True)
        .agg(
            pl.col("ADT").min(),
            pl.col("_end").max(),
            *extra,
            *(pl.col(c).first() for c in first),
            size.alias("_um"),
            pl.col("_nodal").any(),
            pl.col("_resolved").all(),
            pl.col("_present").any(),
        )
    )
    return pl.concat([plain.with_columns(pl.col("ADT").alias("_end")), together], how="diagonal_relaxed")
