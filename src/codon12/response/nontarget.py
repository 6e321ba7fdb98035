"""Non-target lesions and new lesions to their part of the time-point response."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.records.terms.assessments import ABSENT, NOT_ASSESSED, PROGRESSED
from codon12.records.terms.lesions import names_of_families
from codon12.response.coalesced import across_groups
from codon12.response.keys import group_number, grouping, ordered, refuse, sources, with_reference
from codon12.response.lesion_sets import lesion_bit, mask_of, size_of
from codon12.response.policy import RecistPolicy
from codon12.response.runs import Runs
from codon12.response.split import states_together
from codon12.response.states import known_state, micrometres, non_target_states, quotient
from codon12.response.visits import SCAN_SET, with_scan_sets

__all__ = ["new_lesions", "non_target_response"]


def non_target_response(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Non-target response at each visit after baseline: PD, CR, NON-CR/NON-PD or NE.

    Parameters
    ----------
    lesions
        The lesions frame; rows with GROUP ``NON-TARGET`` are used. AVALC holds the state (ABSENT, PRESENT, UNEQUIVOCAL
        PROGRESSION, NOT EVALUABLE, ...); a size alone does as well (a node below the normal limit is absent).
    reference
        USUBJID, ADT: visits on or before ADT are baseline. Without it the first visit is.
    policy
        node_normal_mm, split_and_merged.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (NTRGRESP), ADT, [VISITNUM, VISIT], AVALC, NTPROG (lesions progressed),
        PRESENTFL (Y where one is seen), and the source of the deciding row. PD if any lesion progressed
        unequivocally; CR if all lesions of baseline, and those seen since, are assessed and absent; NON-CR/NON-PD if
        one is still seen; else NE.

    Raises
    ------
    DataError
        An unknown state text.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.3.3 and 4.3.4.

    Examples
    --------
    >>> import datetime as dt
    >>> lesions = pl.DataFrame({
    ...     "USUBJID": ["1", "1"], "LESIONID": ["NT01", "NT01"], "GROUP": ["NON-TARGET"] * 2,
    ...     "ADT": [dt.date(2024, 1, 1), dt.date(2024, 2, 12)], "AVALC": ["PRESENT", "ABSENT"]})
    >>> non_target_response(lesions)["AVALC"].to_list()
    ['CR']
    """
    policy = policy or RecistPolicy()
    need(lesions, ("USUBJID", "LESIONID", "GROUP", "ADT"), what="lesions")
    keys = grouping(lesions)
    lesions = across_groups(with_scan_sets(lesions, reference, policy=policy), policy=policy)
    rows = lesions.filter((pl.col("GROUP") == "NON-TARGET") & pl.col("ADT").is_not_null())
    rows = non_target_states(rows, policy=policy).rename({SCAN_SET: "_visit"})
    if policy.split_and_merged == "follow" and names_of_families(rows):
        rows = states_together(rows, keys=keys)
    rows = lesion_bit(rows, keys=keys)
    rank = pl.col("_state").replace_strict({"PD": 0, "PRESENT": 1, "NE": 2, "ABSENT": 3}, return_dtype=pl.Int8)
    kept = [c for c in ("VISITNUM", "VISIT") if c in rows.columns]
    rows = rows.with_columns(
        rank.alias("_rank"),
        mask_of(pl.col("_bit").is_not_null()).alias("_all"),
        mask_of(pl.col("_state") == "ABSENT").alias("_absent"),
        mask_of(pl.col("_state") == "PD").alias("_progressed"),
        mask_of(pl.col("_state").is_in(["PRESENT", "PD"])).alias("_seen"),
    )
    runs = Runs.of(rows, [*keys, "_visit"])
    visits = runs.keys.with_columns(
        runs.lowest("ADT").alias("ADT"),
        runs.highest("ADT").alias("ADTENDT"),
        *(runs.lowest(c).alias(c) for c in kept),
        *runs.source("_rank"),
        runs.lowest("_rank").alias("_rank"),
        *(runs.bits(c).alias(c) for c in ("_all", "_absent", "_progressed", "_seen")),
    )
    visits = ordered(visits, [*keys, "ADT", "_visit"]).with_columns(group_number(keys))
    if reference is None:
        at_baseline = pl.col("_g").is_first_distinct()
    else:
        visits = with_reference(visits, reference)
        at_baseline = (pl.col("ADT") <= pl.col("_ref")).fill_null(value=False)
    visits = visits.with_columns(at_baseline.alias("_base"))
    expected = visits.filter("_base").group_by("_g").agg(pl.col("_all").bitwise_or().alias("_expected"))
    visits = visits.filter(~pl.col("_base")).join(expected, on="_g", how="left", maintain_order="left")
    visits = _with_lesions_added(visits)
    covered = (pl.col("_absent") & pl.col("_expected")) == pl.col("_expected")
    answer = (
        pl.when(pl.col("_rank") == 0)
        .then(pl.lit("PD"))
        .when(pl.col("_rank") == 1)
        .then(pl.lit("NON-CR/NON-PD"))
        .when(covered & (pl.col("_absent") == pl.col("_all")))
        .then(pl.lit("CR"))
        .otherwise(pl.lit("NE"))
    )
    return visits.select(
        *keys,
        pl.lit("NTRGRESP").alias("PARAMCD"),
        "ADT",
        "ADTENDT",
        *kept,
        pl.col("_visit").alias(SCAN_SET),
        answer.alias("AVALC"),
        size_of(pl.col("_progressed")).alias("NTPROG"),
        pl.when(pl.col("_rank") <= 1).then(pl.lit("Y")).alias("PRESENTFL"),
        *sources(visits),
    )


def _with_lesions_added(visits: pl.DataFrame) -> pl.DataFrame:
    """Expect, after the visit in which it was seen, a lesion that baseline does not know."""
    added = visits.filter((pl.col("_seen") & pl.col("_expected")) != pl.col("_seen"))
    if added.is_empty():
        return visits
    since = added.select("_g", _since="ADT", _added="_seen")
    visits = visits.with_row_index("_row")
    pairs = visits.select("_row", "_g", "ADT").join(since, on="_g").filter(pl.col("ADT") > pl.col("_since"))
    more = pairs.group_by("_row").agg(pl.col("_added").bitwise_or())
    visits = visits.join(more, on="_row", how="left", maintain_order="left")
    return visits.with_columns(_expected=pl.col("_expected") | pl.col("_added").fill_null(0))


_NEW = {
    **dict.fromkeys(("PRESENT", "STABLE", "DECREASED", "IMPROVED", "NEW", "Y", "YES", *PROGRESSED), "UNEQUIVOCAL"),
    **dict.fromkeys(("EQUIVOCAL", "UNCERTAIN", "POSSIBLE"), "EQUIVOCAL"),
    **dict.fromkeys(("N", "NO", *ABSENT, *NOT_ASSESSED), "NONE"),
}


def new_lesions(lesions: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """New lesions at each visit where one was recorded: UNEQUIVOCAL or EQUIVOCAL.

    Parameters
    ----------
    lesions
        The lesions frame; rows with GROUP ``NEW`` are used. A new lesion without a state is unequivocal; one
        that is absent, or was not evaluated, at a visit gives no row there.
    policy
        equivocal_confirmed: whether a lesion (by LESIONID) called unequivocal later counts from its first scan.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], PARAMCD (NEWLRESP), ADT, [VISITNUM, VISIT], AVALC, NNEW (unequivocal lesions at this
        visit), NEWSUM (mm, sum of their measured sizes), and the source of the deciding row.

    Raises
    ------
    DataError
        An unknown state text.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.3.5: progression confirmed by a repeat scan is dated to the initial scan.

    Examples
    --------
    >>> import datetime as dt
    >>> lesions = pl.DataFrame({
    ...     "USUBJID": ["1", "1"], "LESIONID": ["NEW01", "NEW01"], "GROUP": ["NEW"] * 2,
    ...     "ADT": [dt.date(2024, 1, 1), dt.date(2024, 2, 12)], "AVALC": ["EQUIVOCAL", "UNEQUIVOCAL"]})
    >>> new_lesions(lesions)["AVALC"].to_list()
    ['UNEQUIVOCAL', 'UNEQUIVOCAL']
    """
    policy = policy or RecistPolicy()
    need(lesions, ("USUBJID", "LESIONID", "GROUP", "ADT"), what="lesions")
    keys = grouping(lesions)
    lesions = with_scan_sets(lesions, policy=policy)
    rows = new_lesion_states(lesions, policy=policy)
    um = micrometres(pl.col("AVAL")) if "AVAL" in rows.columns else pl.lit(None, dtype=pl.Int64)
    rows = rows.with_columns(um.alias("_um")).rename({SCAN_SET: "_visit"})
    order = [*(c for c in ("SRCROW", "SRCSEQ", "LESIONID") if c in rows.columns)]
    rows = rows.sort([pl.col("_state") == "EQUIVOCAL", *order], nulls_last=True)
    sure = pl.col("_state") == "UNEQUIVOCAL"
    kept = [c for c in ("VISITNUM", "VISIT") if c in rows.columns]
    visits = rows.group_by([*keys, "_visit"], maintain_order=True).agg(
        pl.col("ADT").filter(pl.col("_state") == pl.col("_state").first()).min(),
        *(pl.col(c).min() for c in kept),
        pl.col("_state").first().alias("AVALC"),
        pl.col("LESIONID").filter(sure).n_unique().cast(pl.UInt16).alias("NNEW"),
        pl.when(pl.col("_um").filter(sure).count() > 0).then(pl.col("_um").filter(sure).sum()).alias("_um"),
        *(pl.col(c).first() for c in sources(rows)),
    )
    return visits.select(
        *keys,
        pl.lit("NEWLRESP").alias("PARAMCD"),
        "ADT",
        *kept,
        pl.col("_visit").alias(SCAN_SET),
        "AVALC",
        "NNEW",
        quotient(pl.col("_um"), 1000).alias("NEWSUM"),
        *sources(visits),
    ).sort([*keys, "ADT", *kept[:1]])


def new_lesion_states(lesions: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Dated records of new lesions that are there, with what each says (`_own`) and counts as (`_state`).

    Both are UNEQUIVOCAL or EQUIVOCAL, `_own` null where its text is not known, which counts as equivocal; an equivocal
    record counts as unequivocal where the lesion was later (equivocal_confirmed). Rows of lesions that are absent, or
    were not evaluated, are left out.
    """
    keys = grouping(lesions)
    rows = lesions.filter((pl.col("GROUP") == "NEW") & pl.col("ADT").is_not_null())
    if "AVALC" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("AVALC"))
    number = pl.col("AVALC").cast(pl.String).cast(pl.Float64, strict=False)
    state = (
        pl.when(pl.col("AVALC").is_null() | number.is_not_null())
        .then(pl.lit("UNEQUIVOCAL"))
        .otherwise(known_state(rows["AVALC"], _NEW))
    )
    if policy.unknown_values == "error":
        refuse(rows.filter(state.is_null()), "AVALC", what="new lesions", advice=f"Use one of {', '.join(_NEW)}.")
    known = pl.coalesce(state, pl.lit("EQUIVOCAL"))
    rows = rows.with_columns(known.alias("_state"), state.alias("_own")).filter(pl.col("_state") != "NONE")
    if policy.equivocal_confirmed == "date-back":
        sure = (
            rows.filter(pl.col("_state") == "UNEQUIVOCAL")
            .group_by([*keys, "LESIONID"])
            .agg(pl.col("ADT").max().alias("_sure"))
        )
        rows = rows.join(sure, on=[*keys, "LESIONID"], how="left", nulls_equal=True).with_columns(
            pl.when(pl.col("_sure") >= pl.col("ADT")).then(pl.lit("UNEQUIVOCAL")).otherwise("_state").alias("_state")
        )
    return rows
