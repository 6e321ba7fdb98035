"""Worst grade a subject, and the counts that adverse-event tables print."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.errors import UsageError
from codon12.records.columns.needed import need

__all__ = ["GRADE_GROUPS", "first_worst", "graded_counts", "worst_grade"]

GRADE_GROUPS: dict[str, tuple[int, ...]] = {
    "any": (0, 1, 2, 3, 4, 5),
    "1-2": (1, 2),
    "3": (3,),
    "4": (4,),
    "5": (5,),
    ">=3": (3, 4, 5),
}
"""Columns of an adverse-event table; grade 0 stands for an event without a known grade."""


def worst_grade(adae: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Worst grade per subject within each group: a subject is counted once.

    Parameters
    ----------
    adae
        One row an event: USUBJID, ATOXGR (1..5, null if unknown) and the columns of `by`.
    by
        For example ``()`` (any event), ``("AEBODSYS",)``, ``("AEBODSYS", "AEDECOD")``.

    Returns
    -------
    pl.DataFrame
        USUBJID, the columns of `by`, ATOXGR (0 if no event of the group has a grade), N_EVENTS, and the
        source keys (SRCDOM, SRCROW) of the first worst event where the input has them. Sorted.

    Examples
    --------
    >>> adae = pl.DataFrame({"USUBJID": ["1", "1", "2"], "ATOXGR": [1, 3, None]})
    >>> worst_grade(adae).rows()
    [('1', 3, 2), ('2', 0, 1)]
    """
    missing = [c for c in ("USUBJID", "ATOXGR", *by) if c not in adae.columns]
    if missing:
        raise UsageError(f"worst_grade needs the columns {', '.join(missing)}")
    keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in adae.columns]
    order = [c for c in ("ASTDT", "AESEQ", "SRCROW") if c in adae.columns]
    grade = pl.col("ATOXGR").fill_null(0)
    return (
        adae.select("USUBJID", *by, *{*keys, *order}, ATOXGR=grade)
        .sort("ATOXGR", *order, descending=[True] + [False] * len(order), nulls_last=True)
        .group_by("USUBJID", *by, maintain_order=True)
        .agg(
            pl.col("ATOXGR").first(),
            pl.len().cast(pl.Int64).alias("N_EVENTS"),
            *(pl.col(k).first() for k in keys),
        )
        .sort("USUBJID", *by)
    )


def first_worst(adae: pl.DataFrame, *, by: Sequence[str] = (), name: str = "AOCCIFL") -> pl.DataFrame:
    """Flag the first of a subject's most severe events within each group (AOCCIFL, AOCCSIFL, AOCCPIFL).

    Ties are broken by ASTDT (missing last), then AESEQ, then SRCROW. Rows keep their order.

    Examples
    --------
    >>> adae = pl.DataFrame({"USUBJID": ["1", "1"], "ATOXGR": [2, 2], "AESEQ": [1, 2]})
    >>> first_worst(adae)["AOCCIFL"].to_list()
    ['Y', None]
    """
    need(adae, ("USUBJID", "ATOXGR", *by), what="adae")
    order = [c for c in ("ASTDT", "AESEQ", "SRCROW") if c in adae.columns]
    ranked = adae.with_row_index("_row").sort(
        pl.col("ATOXGR").fill_null(0), *order, descending=[True] + [False] * len(order), nulls_last=True
    )
    first = (pl.int_range(pl.len()).over("USUBJID", *by) == 0).alias("_first")
    return (
        ranked.with_columns(first)
        .sort("_row")
        .with_columns(pl.when("_first").then(pl.lit("Y")).alias(name))
        .drop("_row", "_first")
    )


def graded_counts(adae: pl.DataFrame, arms: pl.DataFrame, *, by: Sequence[str] = (), arm: str = "ARM") -> pl.DataFrame:
    """Subjects by worst grade: one row per arm, group and column of the table.

    Parameters
    ----------
    adae
        Events to count, as for `worst_grade`.
    arms
        One row per subject and arm it is shown under: USUBJID, `arm`. A subject may stand under several arms
        (its own and ``all``). Subjects not here are not counted.
    by
        Grouping columns, as for `worst_grade`.

    Returns
    -------
    pl.DataFrame
        `arm`, the columns of `by`, GRADE (a key of `GRADE_GROUPS`), n (subjects; 0 where there are none) and
        n_events (events of those subjects in the group; for GRADE ``any`` only, else null).

    Examples
    --------
    >>> adae = pl.DataFrame({"USUBJID": ["1", "1", "2"], "ATOXGR": [1, 3, 2]})
    >>> arms = pl.DataFrame({"USUBJID": ["1", "2", "3"], "ARM": ["all"] * 3})
    >>> graded_counts(adae, arms).select("GRADE", "n").rows()
    [('any', 2), ('1-2', 1), ('3', 1), ('4', 0), ('5', 0), ('>=3', 1)]
    """
    worst = worst_grade(adae, by=by).join(arms.select("USUBJID", arm), on="USUBJID", how="inner")
    names = arms.select(pl.col(arm).unique(maintain_order=True))
    groups = worst.select(*by).unique() if by else None
    cells = names if groups is None else names.join(groups, how="cross")
    counts = worst.group_by(arm, *by).agg(
        *(pl.col("ATOXGR").is_in(grades).sum().cast(pl.Int64).alias(g) for g, grades in GRADE_GROUPS.items()),
        pl.col("N_EVENTS").sum().alias("_events"),
    )
    order = {g: i for i, g in enumerate(GRADE_GROUPS)}
    return (
        cells.join(counts, on=[arm, *by], how="left", nulls_equal=True)
        .with_columns(pl.col("_events", *GRADE_GROUPS).fill_null(0))
        .unpivot(list(GRADE_GROUPS), index=[arm, *by, "_events"], variable_name="GRADE", value_name="n")
        .with_columns(n_events=pl.when(pl.col("GRADE") == "any").then("_events"))
        .drop("_events")
        .sort(arm, *by, pl.col("GRADE").replace_strict(order), nulls_last=True)
    )
