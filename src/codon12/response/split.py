"""Split and merged lesions (RECIST 1.1, 4.3.2 and appendix II)."""

from __future__ import annotations

import polars as pl

from codon12.records.terms.lesions import lesion_families
from codon12.response.keys import sources
from codon12.response.policy import RecistPolicy
from codon12.response.repeats import one_a_lesion

__all__ = ["parts_of_families", "parts_together", "split_and_merged", "states_together"]


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


def parts_together(targets: pl.DataFrame, *, keys: list[str], policy: RecistPolicy) -> pl.DataFrame:
    """Put the fragments of a lesion, and the parts of a merged one, together within their own subject and `_visit`.

    `targets` is what ``target_measurements`` gives, with `_visit`; see ``parts_of_families`` for which rows count.
    """
    by = [*keys, "_visit"]
    families = lesion_families(targets, keys=keys)
    touched = families.select(keys).unique()
    targets = targets.with_columns(pl.col("LESIONID").cast(pl.String))
    plain = targets.join(touched, on=keys, how="anti", nulls_equal=True, maintain_order="left")
    plain = plain.with_columns(pl.col("ADT").alias("_end"))
    rows = targets.join(touched, on=keys, how="semi", nulls_equal=True)
    if rows.is_empty():
        return plain
    rows = parts_of_families(rows, families, keys=keys, policy=policy).filter("_used")
    sized, merged = pl.col("_um").is_not_null(), pl.col("_kind") == "merged"
    size = (
        pl.when((merged & sized).any())
        .then(pl.col("_um").max())
        .when(sized.all())
        .then(pl.col("_um").sum())
        .otherwise(None)
    )
    first = [c for c in ("VISITNUM", "VISIT", "METHOD", *sources(rows)) if c in rows.columns]
    extra = [pl.col("USUBJID").first()] if "USUBJID" not in keys and "USUBJID" in rows.columns else []
    together = (
        rows.sort([c for c in ("SRCROW", "ADT") if c in rows.columns], nulls_last=True)
        .group_by([*by, pl.col("_part").alias("LESIONID")], maintain_order=True)
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
    return pl.concat([plain, together], how="diagonal_relaxed")


def parts_of_families(
    targets: pl.DataFrame, families: pl.DataFrame, *, keys: list[str], policy: RecistPolicy
) -> pl.DataFrame:
    """One row a lesion of baseline (`_part`) that a record tells of, and whether it counts at its visit (`_used`).

    Fragments add up; one not assessed leaves the lesion so. Beside several fragments the whole says nothing of its own,
    unless it has a size and they have not, or it was measured on a later day than all of them. Beside a single
    fragment the whole is the other part. The first part of a merged lesion has its size, the others add nothing; a part
    recorded beside it says nothing of its own, unless a part was measured on a later day: then the parts count. A
    fragment is a node where the whole is one; a merged lesion where all its parts are.
    """
    by, own = [*keys, "_visit"], [*keys, "LESIONID"]
    nodes = targets.group_by(own).agg(pl.col("_nodal").any().alias("_node"))
    rows = one_a_lesion(targets.with_columns(pl.col("ADT").alias("_taken")), by=by, lesion="LESIONID")
    rows = rows.join(families, on=own, how="left", nulls_equal=True).with_columns(
        pl.coalesce("_part", "LESIONID").alias("_part")
    )
    rows = rows.join(nodes.rename({"LESIONID": "_part"}), on=[*keys, "_part"], how="left", nulls_equal=True)
    family, merged = pl.col("_kind").is_not_null(), (pl.col("_kind") == "merged").fill_null(value=False)
    sized, nodal = pl.col("_um").is_not_null(), pl.col("_node").fill_null(value=False).all().over([*by, "LESIONID"])
    rows = rows.with_columns(pl.when(family).then(nodal).otherwise("_nodal").alias("_nodal"))
    normal = pl.col("_um") < round(policy.node_normal_mm * 1000)
    rows = rows.with_columns(
        pl.when(family)
        .then(pl.when("_nodal").then(normal).otherwise(pl.col("_um") == 0))
        .otherwise("_resolved")
        .alias("_resolved"),
        pl.when(family).then(~pl.col("_nodal") & (pl.col("_present") | (pl.col("_um") > 0).fill_null(value=False)))
        .otherwise("_present").alias("_present"),
        pl.when(merged & ~pl.col("_lead") & sized).then(0).otherwise("_um").alias("_um"),
    )  # fmt: skip
    here = [*by, "_part"]
    fragment, alone = (pl.col("_kind") == "fragment").fill_null(value=False), ~family
    last = [
        pl.col("_taken").filter(which).max().over(here).alias(name)
        for name, which in (("_own", alone & sized), ("_merge", merged & sized), ("_split", fragment))
    ]
    rows = rows.with_columns(
        *last,
        pl.col("LESIONID").filter(fragment).n_unique().over(here).alias("_pieces"),
        (sized | ~fragment).all().over(here).alias("_whole"),
        (alone & sized).any().over(here).alias("_self"),
        alone.any().over(here).alias("_beside"),
    )
    apart = (merged & (pl.col("_own") > pl.col("_merge")).fill_null(value=False)).any().over([*by, "LESIONID"])
    rows = rows.with_columns((merged & sized & ~apart).alias("_stands"), (merged & apart).alias("_parted"))
    stands = pl.col("_stands").any().over(here)
    later = (pl.col("_own") > pl.col("_split")).fill_null(value=False)
    used = (
        pl.when(stands)
        .then("_stands")
        .when("_parted")
        .then(pl.lit(value=False))
        .when(later)
        .then(alone)
        .when((pl.col("_pieces") > 1) & ~pl.col("_whole") & pl.col("_self"))
        .then(alone)
        .when(pl.col("_pieces") > 1)
        .then(fragment)
        .when(pl.col("_pieces") == 1)
        .then(fragment | alone)
        .otherwise(alone | ~pl.col("_beside"))
    )
    helpers = (
        "_node",
        "_own",
        "_merge",
        "_split",
        "_pieces",
        "_whole",
        "_self",
        "_beside",
        "_stands",
        "_parted",
        "_taken",
    )
    return rows.with_columns(used.alias("_used")).drop(helpers)


def states_together(rows: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Non-target lesions (`_state`, `_visit`) under the names they had at baseline.

    A merged lesion says of each part what it is; what is recorded of a part beside it, on no later day, says nothing.
    A fragment not assessed leaves the lesion so, unless another fragment is still seen.
    """
    families = lesion_families(rows, keys=keys)
    if families.is_empty():
        return rows
    rows = rows.join(families, on=[*keys, "LESIONID"], how="left", nulls_equal=True, maintain_order="left")
    here = [*keys, "_visit", pl.coalesce("_part", "LESIONID").alias("_name")]
    merged, split = (pl.col("_kind").eq_missing(k) for k in ("merged", "fragment"))
    told = pl.col("_state") != "NE"
    of_whole = pl.col("ADT").filter(merged & told).max().over(here)
    aside = pl.col("_kind").is_null() & (pl.col("ADT") <= of_whole).fill_null(value=False)
    open_ = (split & ~told).any().over(here) & split & (pl.col("_state") == "ABSENT")
    return rows.with_columns(
        aside.alias("_aside"), pl.when(open_).then(pl.lit("NE")).otherwise("_state").alias("_state"), here[-1]
    ).filter(~pl.col("_aside")).with_columns(pl.col("_name").alias("LESIONID")).drop(
        "_part", "_kind", "_lead", "_aside", "_name"
    )  # fmt: skip
