"""What the names of lesions say of one another: fragments of a lesion that split, lesions that merged."""

from __future__ import annotations

import polars as pl

__all__ = ["lesion_families", "names_of_families"]

_FRAGMENT = r"\.\d+$"
_SIGNS = r"\.\d+$|[/+]"


def names_of_families(lesions: pl.DataFrame, *, lesion: str = "LESIONID") -> bool:
    """Whether any name has the sign of a fragment (``T04.1``) or of a merged lesion (``T01/T02``, ``T01+T02``)."""
    names = lesions[lesion].unique().cast(pl.String)
    return bool(names.str.contains(_SIGNS).any())


def lesion_families(
    lesions: pl.DataFrame, *, keys: list[str], lesion: str = "LESIONID", day: str = "ADT"
) -> pl.DataFrame:
    """Fragments and merged lesions, one row a lesion that each belongs to.

    Parameters
    ----------
    lesions
        `keys` (subject, evaluator), `lesion` (its name) and `day` (date), a row a record; without a date it says
        nothing.

    Returns
    -------
    DataFrame
        `keys`, `lesion`, `_part` (the lesion it came from), `_kind` (``fragment`` or ``merged``), `_lead` (whether the
        part is the first named). A name with a point is a fragment where the subject (and evaluator) had the whole on
        an earlier day, one with a slash or plus is merged where it had every part on an earlier day; any other name is
        a lesion of its own and has no row. A fragment of a fragment (``T04.1.2``) belongs to the whole.

    Examples
    --------
    >>> import datetime as dt
    >>> rows = pl.DataFrame({"USUBJID": ["1"] * 4, "LESIONID": ["T01", "T02", "T01.1", "T01/T02"],
    ...     "ADT": [dt.date(2024, m, 1) for m in (1, 1, 3, 5)]})
    >>> lesion_families(rows, keys=["USUBJID"]).select("LESIONID", "_part", "_kind").rows()
    [('T01.1', 'T01', 'fragment'), ('T01/T02', 'T01', 'merged'), ('T01/T02', 'T02', 'merged')]
    """
    own = [*keys, lesion]
    name = pl.col(lesion).cast(pl.String)
    known = lesions.lazy().select(*keys, name, day).group_by(own).agg(pl.col(day).min()).drop_nulls(day)
    parts = pl.col(lesion).str.replace_all("+", "/", literal=True).str.split("/")
    odd = (
        known.filter(pl.col(lesion).str.contains(_SIGNS))
        .with_columns(parts.alias("_part"))
        .with_columns((pl.col("_part").list.len() > 1).alias("_merged"))
        .explode("_part")
        .with_columns(pl.col("_part").str.strip_chars())
        .with_columns(pl.when("_merged").then("_part").otherwise(pl.col("_part").str.replace(_FRAGMENT, "")))
    )
    before = known.rename({lesion: "_part", day: "_before"})
    found = odd.join(before, on=[*keys, "_part"], how="left", nulls_equal=True, maintain_order="left")
    there = (pl.col("_before") < pl.col(day)).fill_null(value=False).all().over(own)
    kind = pl.when("_merged").then(pl.lit("merged")).otherwise(pl.lit("fragment"))
    family = found.filter(there).with_columns(
        kind.alias("_kind"), (pl.int_range(pl.len()).over(own) == 0).alias("_lead")
    )
    family = family.select(*own, "_part", "_kind", "_lead").collect()
    whole = family.filter(pl.col("_kind") == "fragment").select(
        *keys, pl.col(lesion).alias("_part"), pl.col("_part").alias("_whole")
    )
    while True:  # a fragment of a fragment: up to the whole
        family = family.join(whole, on=[*keys, "_part"], how="left", nulls_equal=True, maintain_order="left")
        up = pl.col("_whole").is_not_null() & (pl.col("_kind") == "fragment")
        done = not family.select(up.any()).item()
        family = family.with_columns(pl.when(up).then("_whole").otherwise("_part").alias("_part")).drop("_whole")
        if done:
            return family.sort([*own, "_lead", "_part"], descending=[*(False for _ in own), True, False])
