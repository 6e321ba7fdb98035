"""Patterns of progression: how many sites and lesions, which organs, existing or new, nodes or brain alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.records.columns.needed import need
from codon12.resistance.clinical_policy import ResistancePolicy
from codon12.resistance.definitions import Oligoprogression, shipped_definitions
from codon12.resistance.organs import CLASSES, Organs, shipped_organs

__all__ = ["oligo_column", "progression_patterns"]


def oligo_column(definition: Oligoprogression) -> str:
    """Column that holds the answer of a definition of oligoprogression, as ``OLIGO_SITES2``."""
    return f"OLIGO_{definition.id.removeprefix('oligo-').replace('-', '').upper()}"


def progression_patterns(
    progression: pl.DataFrame,
    lesions: pl.DataFrame,
    *,
    organs: Organs | None = None,
    oligo: Sequence[Oligoprogression] | None = None,
    policy: ResistancePolicy | None = None,
) -> pl.DataFrame:
    """Describe the progression of every subject and evaluator by the lesions that make it.

    Parameters
    ----------
    progression
        USUBJID, [EVAL], ADT: one row a subject and evaluator with a progression.
    lesions
        Contributing lesions as from `contributing_lesions`; or sites as from `sites_of_table` (LESIONID null: the
        number of lesions is not known).
    organs
        Table of locations.
    oligo
        Definitions of oligoprogression; those that ship when left out.
    policy
        nodes, groups.

    Returns
    -------
    DataFrame
        A row a progression: USUBJID, [EVAL], PROGDT, COMPONENT (``target``, ``non-target``, ``new`` and their sums with
        ``+``; ``sum only``; ``clinical only`` where no lesion explains it), NLESIONS (null where not known), SITES,
        SITES_LOW and SITES_HIGH (number of sites, between which it lies), UNLOCATED (lesions without a location),
        ORGANS (classes seen), PATTERN (group by the policy; ``not evaluable`` where open), NODES_ONLY, CNS_ONLY,
        CNS_INVOLVED (Y, N or null), LESIONS (``existing``, ``new``, ``both``), and a column a definition of
        oligoprogression (``oligo``, ``multi``, ``not evaluable``).

    Notes
    -----
    A lesion without a location may lie in a known site or in another: the number of sites lies between max(known, 1)
    and known + unlocated. By regions, so may a lymph node of no region that is said. Sites that the table does not know
    count under their own name and have no class.

    Examples
    --------
    >>> import datetime as dt
    >>> pd = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 5, 1)]})
    >>> seen = pl.DataFrame({"USUBJID": ["1", "1"], "LESIONID": ["T01", "NEW01"], "KIND": ["target", "new"],
    ...     "ALONE": [True, True], "LOC": ["LUNG", "LIVER"]})
    >>> progression_patterns(pd, seen).select("SITES", "PATTERN", "OLIGO_SITES2").row(0)
    ('liver, lung', 'mixed', 'oligo')
    """
    need(progression, ("USUBJID", "ADT"), what="progression")
    need(lesions, ("USUBJID", "LESIONID", "KIND", "ALONE", "LOC"), what="lesions")
    policy, organs = policy or ResistancePolicy(), organs or shipped_organs()
    oligo = shipped_definitions().oligo if oligo is None else oligo
    keys = ["USUBJID", *(["EVAL"] if {"EVAL"} <= set(progression.columns) & set(lesions.columns) else [])]
    lesions = lesions.with_columns(pl.col("USUBJID", "LOC", "LESIONID", "KIND").cast(pl.String))
    progression = progression.with_columns(pl.col("USUBJID").cast(pl.String))
    if len(keys) > 1:
        lesions, progression = (f.with_columns(pl.col("EVAL").cast(pl.String)) for f in (lesions, progression))
    places = organs.look_up(lesions["LOC"].unique().to_list()) if lesions.height else organs.look_up([])
    rows = lesions.join(places, on="LOC", how="left", nulls_equal=True, maintain_order="left")
    site, roaming = pl.col("NAME"), pl.lit(value=False)
    if policy.nodes == "regions":
        node = pl.col("NODE").fill_null(value=False)
        site = pl.when(node & pl.col("REGION").is_not_null()).then(pl.format("{} {}", "REGION", "SITE")).otherwise(site)
        roaming = node & pl.col("REGION").is_null()
    rows = rows.with_columns(SITE=site, _roaming=roaming)
    counts = rows.group_by(keys).agg(
        _kinds=pl.col("KIND").unique().sort().str.join("+"),
        _alone=pl.col("ALONE").any(),
        NLESIONS=pl.when(pl.col("LESIONID").is_not_null().all()).then(pl.col("LESIONID").n_unique()),
        SITES=pl.col("SITE").drop_nulls().unique().sort().str.join(", "),
        _known=pl.col("SITE").filter(~pl.col("_roaming")).drop_nulls().n_unique(),
        _roaming=pl.col("_roaming").sum(),
        _regions=pl.col("REGION").filter(pl.col("NODE")).drop_nulls().n_unique(),
        UNLOCATED=pl.col("SITE").is_null().sum(),
        _open=pl.col("CLASS").is_null().any(),
        **{f"_{c}": (pl.col("CLASS") == c).any() for c in CLASSES},
        _node=pl.col("NODE").fill_null(value=False).all(),
        _other=(~pl.col("NODE").fill_null(value=True)).any()
        | (pl.col("SITE").is_not_null() & pl.col("NODE").is_null()).any(),
        _cns=pl.col("CNS").fill_null(value=False).all(),
        _some_cns=pl.col("CNS").fill_null(value=False).any(),
        _not_cns=(pl.col("SITE").is_not_null() & ~pl.col("CNS").fill_null(value=False)).any(),
        _new=(pl.col("KIND") == "new").any(),
        _old=(pl.col("KIND") != "new").any(),
    )
    extra = [c for c in ("SRCDOM", "SRCROW") if c in progression.columns]
    made = progression.select(*keys, *extra, PROGDT="ADT").join(counts, on=keys, how="left", maintain_order="left")
    return _worded(made, keys, extra, oligo, policy)


def _worded(
    made: pl.DataFrame, keys: list[str], extra: list[str], oligo: Sequence[Oligoprogression], policy: ResistancePolicy
) -> pl.DataFrame:
    none = pl.col("_kinds").is_null()
    # A node whose region is not known lies in a region that is seen, or in one of the others.
    apart = ((pl.col("_roaming") > 0) & (pl.col("_regions") == 0)).cast(pl.Int64)
    others = pl.min_horizontal(pl.col("_roaming").cast(pl.Int64), 3 - pl.col("_regions").cast(pl.Int64))
    low = pl.when(~none).then(pl.max_horizontal(pl.col("_known") + apart, 1)).cast(pl.Int64)
    high = pl.when(~none).then(pl.col("_known") + others + pl.col("UNLOCATED")).cast(pl.Int64)
    made = made.with_columns(SITES_LOW=low, SITES_HIGH=high)
    classes = pl.concat_str([pl.when(f"_{c}").then(pl.lit(c)) for c in CLASSES], separator="+", ignore_nulls=True)
    lesions = (
        pl.when(pl.col("_new") & pl.col("_old")).then(pl.lit("both"))
        .when("_new").then(pl.lit("new"))
        .when("_old").then(pl.lit("existing"))
    )  # fmt: skip
    unlocated = pl.col("UNLOCATED") > 0
    columns = [
        pl.when(none)
        .then(pl.lit("clinical only"))
        .when(~pl.col("_alone"))
        .then(pl.lit("sum only"))
        .when(pl.col("_kinds") == "site")  # a plain table: which lesions, nobody said
        .then(None)
        .otherwise("_kinds")
        .alias("COMPONENT"),
        pl.col("NLESIONS").cast(pl.Int64),
        pl.when(pl.col("SITES") != "").then("SITES").alias("SITES"),
        "SITES_LOW",
        "SITES_HIGH",
        pl.col("UNLOCATED").cast(pl.Int64),
        pl.when(~none & (classes != "")).then(classes).alias("ORGANS"),
        _pattern(policy, none).alias("PATTERN"),
        _three(pl.col("_node"), pl.col("_other"), none, unlocated).alias("NODES_ONLY"),
        _three(pl.col("_cns"), pl.col("_not_cns"), none, unlocated).alias("CNS_ONLY"),
        pl.when(none)
        .then(None)
        .when("_some_cns")
        .then(pl.lit("Y"))
        .when(unlocated)
        .then(None)
        .otherwise(pl.lit("N"))
        .alias("CNS_INVOLVED"),
        pl.when(~none & (pl.col("_kinds") != "site")).then(lesions).alias("LESIONS"),
        *(_oligo(one).alias(oligo_column(one)) for one in oligo),
    ]
    return made.select(*keys, "PROGDT", *columns, *extra)


def _three(all_: pl.Expr, other: pl.Expr, none: pl.Expr, unlocated: pl.Expr) -> pl.Expr:
    """Y where all are, N where one is known not to be, null where a lesion without a location leaves it open."""
    return (
        pl.when(none).then(None)
        .when(other).then(pl.lit("N"))
        .when(unlocated).then(None)
        .when(all_).then(pl.lit("Y"))
        .otherwise(pl.lit("N"))
    )  # fmt: skip


def _pattern(policy: ResistancePolicy, none: pl.Expr) -> pl.Expr:
    open_ = pl.lit("not evaluable")
    seen = {c: pl.col(f"_{c}").fill_null(value=False) for c in CLASSES}
    if policy.groups == "liver-first":
        return (
            pl.when(none).then(open_)
            .when(seen["liver"]).then(pl.lit("liver"))
            .when(pl.col("_open")).then(open_)
            .when(seen["thoracic"]).then(pl.lit("thoracic"))
            .otherwise(pl.lit("extrathoracic"))
        )  # fmt: skip
    number = pl.sum_horizontal(s.cast(pl.Int64) for s in seen.values())
    one = pl.when(none).then(open_).when(number >= 2).then(pl.lit("mixed")).when(pl.col("_open")).then(open_)
    for name in CLASSES:
        one = one.when(seen[name]).then(pl.lit(f"{name} only"))
    return one.otherwise(open_)


def _oligo(definition: Oligoprogression) -> pl.Expr:
    if definition.count == "sites":
        low, high = pl.col("SITES_LOW"), pl.col("SITES_HIGH")
    else:
        low = high = pl.col("NLESIONS")
    few = (high <= definition.at_most).fill_null(value=False)
    many = (low > definition.at_most).fill_null(value=False)
    return pl.when(few).then(pl.lit("oligo")).when(many).then(pl.lit("multi")).otherwise(pl.lit("not evaluable"))
