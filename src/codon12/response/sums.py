"""Target lesions to sums of diameters, baseline and nadir."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.records.terms.lesions import names_of_families
from codon12.response.coalesced import across_groups
from codon12.response.keys import group_number, grouping, in_order, sources, with_reference
from codon12.response.lesion_sets import lesion_bit, mask_of, size_of
from codon12.response.policy import RecistPolicy
from codon12.response.repeats import carried_to_baseline, one_a_lesion
from codon12.response.running import any_before, earlier_min
from codon12.response.runs import Runs
from codon12.response.split import parts_together
from codon12.response.states import micrometres, quotient, target_measurements
from codon12.response.visits import SCAN_SET, with_scan_sets

__all__ = ["baseline", "nadir", "sum_of_diameters", "with_baseline_and_nadir"]


def sum_of_diameters(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Sum of diameters of the target lesions at each visit, in the shape of ADTR.

    Parameters
    ----------
    lesions
        One row a lesion, visit and evaluator: USUBJID, [EVAL, EVALID], LESIONID, GROUP, [NODAL], ADT,
        [VISITNUM, VISIT], AVAL (mm: longest diameter, short axis of a node), [AVALC], [SRCDOM, SRCROW, SRCSEQ].
        [METHOD]. A row without AVAL is a lesion not assessed. Only rows with GROUP ``TARGET`` are used.
    reference
        USUBJID, ADT: the baseline is the last visit with a sum on or before ADT, completed by the last earlier
        measurement of each lesion that it lacks. Without it, the first visit.
    policy
        visit_days, too_small_mm, split_and_merged, node_normal_mm, reappearance_after_cr, progression limits.

    Returns
    -------
    DataFrame
        A row per subject, evaluator and visit: PARAMCD (SDIAM), ADT, [VISITNUM, VISIT], AVAL (mm, over what was
        measured; null if nothing was), ABLFL, BASE, CHG, PCHG, NADIR (lowest complete sum of an earlier day,
        baseline included), CHGNAD, PCHGNAD (null if NADIR = 0), ANL01FL (complete: the lesions assessed
        are those of baseline), CRFL (complete and all resolved: non-nodal 0 mm, nodes normal), PRESENTFL (a
        non-nodal target is seen), PDFL (progression by the sum), LSEXP and LSASS (lesions expected, assessed),
        the source of its first row, and SCANSET (see ``with_scan_sets``). ADT is the date of the visit's first
        scan, ADTENDT of its last. Flags are Y or null.

    Notes
    -----
    Of several measurements of a lesion at one visit those by the method of its first visit count, of these the last
    day's, of these the larger; the visit keeps the date of its first scan.

    Raises
    ------
    DataError
        Unknown state texts, impossible sizes.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), 4.1, 4.2 and 4.3.1 to 4.3.2.

    Examples
    --------
    >>> import datetime as dt
    >>> day = [dt.date(2024, 1, 1), dt.date(2024, 2, 12)]
    >>> lesions = pl.DataFrame({
    ...     "USUBJID": ["1", "1"], "LESIONID": ["T01", "T01"], "GROUP": ["TARGET", "TARGET"],
    ...     "ADT": day, "VISITNUM": [1, 2], "AVAL": [14.0, 9.8]})
    >>> sum_of_diameters(lesions).select("AVAL", "BASE", "NADIR", "CHG", "ANL01FL").rows()
    [(14.0, 14.0, None, 0.0, 'Y'), (9.8, 14.0, 14.0, -4.2, 'Y')]
    """
    policy = policy or RecistPolicy()
    need(lesions, ("USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"), what="lesions")
    keys = grouping(lesions)
    lesions = across_groups(with_scan_sets(lesions, reference, policy=policy), policy=policy)
    columns = [*dict.fromkeys(["USUBJID", *keys]), "LESIONID", "ADT", "AVAL", *sources(lesions), SCAN_SET]
    columns += [c for c in ("NODAL", "AVALC", "VISITNUM", "VISIT", "METHOD") if c in lesions.columns]
    targets = lesions.filter((pl.col("GROUP") == "TARGET") & pl.col("ADT").is_not_null()).select(columns)
    targets = target_measurements(targets, policy=policy).rename({SCAN_SET: "_visit"})
    if policy.split_and_merged == "follow" and names_of_families(targets):
        targets = parts_together(targets, keys=keys, policy=policy)
    visits = _visits(targets, reference, keys=keys)
    complete = with_baseline_and_nadir(visits, reference, policy=policy)
    return complete.rename({"_visit": SCAN_SET})


def _visits(targets: pl.DataFrame, reference: pl.DataFrame | None, *, keys: list[str]) -> pl.DataFrame:
    """One row a visit: sum in µm, mask of the lesions assessed, flags, earliest and latest date."""
    bits = lesion_bit(targets, keys=keys)
    by = [*keys, "_visit"]
    visits = _aggregate(bits, by=by)
    if visits.select((pl.col("_rows") > pl.col("LSASS")).any()).item():
        bits = one_a_lesion(bits, by=by, lesion="_bit")
        visits = _aggregate(bits, by=by)
    if reference is not None:
        carried = carried_to_baseline(bits, visits, reference, keys=keys)
        if not carried.is_empty():
            visits = _aggregate(pl.concat([bits, carried], how="diagonal_relaxed"), by=by)
    return visits.drop("_rows")


def _aggregate(bits: pl.DataFrame, *, by: list[str]) -> pl.DataFrame:
    runs = Runs.of(bits.with_columns(mask_of(pl.col("_um").is_not_null()).alias("_mask")), by)
    measured = runs.rows["_um"].is_not_null().cast(pl.UInt16)
    visits = runs.keys.with_columns(
        runs.lowest("ADT").alias("ADT"),
        runs.highest("_end" if "_end" in bits.columns else "ADT").alias("ADTENDT"),
        *(runs.lowest(c).alias(c) for c in ("VISITNUM", "VISIT") if c in bits.columns),
        *runs.source(),
        runs.total("_um").alias("_um"),
        runs.bits("_mask").alias("_mask"),
        runs.total(measured).cast(pl.UInt16).alias("_rows"),
        (~runs.any(~runs.rows["_resolved"])).alias("_resolved"),
        runs.any("_present").alias("_present"),
    )
    summed = pl.when(pl.col("_rows") > 0).then("_um").alias("_um")
    return visits.with_columns(size_of(pl.col("_mask")).alias("LSASS"), summed)


def with_baseline_and_nadir(
    sums: pl.DataFrame, reference: pl.DataFrame | None, *, policy: RecistPolicy
) -> pl.DataFrame:
    """Complete a frame of sums (`_um`, or AVAL in mm) with everything that ADTR says of them."""
    keys = grouping(sums)
    if "_um" not in sums.columns:
        need(sums, ("USUBJID", "ADT", "AVAL"), what="sums")
        sums = sums.with_columns(micrometres(pl.col("AVAL")).alias("_um"))
    if "_mask" not in sums.columns:
        complete = pl.col("_um").is_not_null()
        complete &= (pl.col("ANL01FL") == "Y").fill_null(value=False) if "ANL01FL" in sums.columns else True
        resolved = pl.col("CRFL") == "Y" if "CRFL" in sums.columns else pl.col("_um") == 0
        present = pl.col("PRESENTFL") == "Y" if "PRESENTFL" in sums.columns else pl.col("_um") > 0
        sums = sums.with_columns(
            complete.cast(pl.Int64).alias("_mask"),
            resolved.fill_null(value=False).alias("_resolved"),
            present.fill_null(value=False).alias("_present"),
        )
    rows = in_order(sums.filter(pl.col("ADT").is_not_null()), keys=keys)
    rows = rows.with_columns(group_number(keys)).with_row_index("_i")
    rows = _with_baseline(rows, reference)
    after = pl.col("_i") >= pl.col("_bi")
    complete = (after & (pl.col("_mask") == pl.col("_bmask")) & pl.col("_um").is_not_null()).fill_null(value=False)
    rows = rows.with_columns(complete.alias("_complete"), (pl.col("_i") == pl.col("_bi")).alias("_isbase"))
    later = pl.col("_complete") & ~pl.col("_isbase")
    sums_of, cleared = rows.select(
        pl.when("_complete").then("_um").alias("nadir"), (later & pl.col("_resolved")).alias("cr")
    ).get_columns()
    rows = rows.with_columns(
        earlier_min(sums_of, rows["_g"]).alias("_nadir"),
        any_before(cleared, rows["_g"]).alias("_hadcr"),
    )
    best = rows.filter(later).sort("_g", "_um", "_i").unique("_g", keep="first", maintain_order=True)
    rows = rows.with_columns(pl.col("_i").is_in(best["_i"].implode()).alias("_lowest"))
    same_day = (pl.col("_g") == pl.col("_g").shift()) & (pl.col("ADT") == pl.col("ADT").shift())
    if rows.select(same_day.any()).item():  # strictly earlier by day
        rows = rows.with_columns(pl.col("_nadir", "_hadcr").first().over("_g", "ADT"))
    return _described(rows, keys=keys, policy=policy)


def _with_baseline(rows: pl.DataFrame, reference: pl.DataFrame | None) -> pl.DataFrame:
    """Add the baseline's row number, sum and mask to each row of its subject and evaluator."""
    measured = pl.col("_um").is_not_null()
    if reference is not None:
        rows = with_reference(rows, reference)
        candidates = rows.filter(measured & (pl.col("ADT") <= pl.col("_ref")))
        chosen = candidates.unique("_g", keep="last", maintain_order=True)
        rows = rows.drop("_ref")
    elif "ABLFL" in rows.columns:
        chosen = rows.filter(measured & (pl.col("ABLFL") == "Y")).unique("_g", keep="last", maintain_order=True)
    else:
        chosen = rows.filter(measured).unique("_g", keep="first", maintain_order=True)
    chosen = chosen.select(
        "_g", pl.col("_i").alias("_bi"), pl.col("_um").alias("_base"), pl.col("_mask").alias("_bmask")
    )
    return rows.join(chosen, on="_g", how="left", maintain_order="left")


def _described(rows: pl.DataFrame, *, keys: list[str], policy: RecistPolicy) -> pl.DataFrame:
    um, base, low = pl.col("_um"), pl.col("_base"), pl.col("_nadir")
    grown = um - low
    progressed = (grown >= round(policy.progression_mm * 1000)) & (100 * grown >= policy.progression_percent * low)
    if policy.reappearance_after_cr != "sum-rule":
        progressed |= pl.col("_hadcr") & pl.col("_present")
    if not policy.partial_sum_pd:
        progressed &= pl.col("_complete")
    after = pl.col("_i") >= pl.col("_bi")
    kept = [c for c in ("VISITNUM", "VISIT", "ADTENDT") if c in rows.columns]
    counts = [size_of(pl.col("_bmask")).alias("LSEXP"), pl.col("LSASS")]
    return rows.select(
        *keys,
        pl.lit("SDIAM").alias("PARAMCD"),
        "ADT",
        *kept,
        quotient(um, 1000).alias("AVAL"),
        _flag(pl.col("_isbase")).alias("ABLFL"),
        pl.when(after).then(quotient(base, 1000)).alias("BASE"),
        pl.when(after).then(quotient(um - base, 1000)).alias("CHG"),
        pl.when(after & (base > 0)).then(quotient(100 * (um - base), base)).alias("PCHG"),
        quotient(low, 1000).alias("NADIR"),
        quotient(grown, 1000).alias("CHGNAD"),
        pl.when(low > 0).then(quotient(100 * grown, low)).alias("PCHGNAD"),
        _flag(pl.col("_complete")).alias("ANL01FL"),
        _flag(pl.col("_lowest")).alias("ANL02FL"),
        _flag(pl.col("_complete") & pl.col("_resolved")).alias("CRFL"),
        _flag(pl.col("_present")).alias("PRESENTFL"),
        _flag(progressed).alias("PDFL"),
        *(counts if "LSASS" in rows.columns else []),
        *(["_visit"] if "_visit" in rows.columns else []),
        *sources(rows),
    )


def _flag(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("Y"))


def baseline(sums: pl.DataFrame) -> pl.DataFrame:
    """Baseline sum of each subject and evaluator: the row of `sum_of_diameters` with ABLFL = Y.

    Returns USUBJID, [EVAL, EVALID], ADT, AVAL (mm) and the source; subjects without a baseline have no row.

    Examples
    --------
    >>> sums = pl.DataFrame({"USUBJID": ["1", "1"], "ADT": [1, 2], "AVAL": [30.0, 20.0], "ABLFL": ["Y", None]})
    >>> baseline(sums)["AVAL"].item()
    30.0
    """
    need(sums, ("USUBJID", "ADT", "AVAL", "ABLFL"), what="sums")
    return sums.filter(pl.col("ABLFL") == "Y").select(*grouping(sums), "ADT", "AVAL", *sources(sums))


def nadir(sums: pl.DataFrame) -> pl.DataFrame:
    """Lowest complete sum of each subject and evaluator, baseline included; the first of equals.

    Parameters
    ----------
    sums
        As from ``sum_of_diameters``: USUBJID, [EVAL, EVALID], ADT, AVAL, and ANL01FL (without it every sum
        counts as complete).

    Returns
    -------
    DataFrame
        USUBJID, [EVAL, EVALID], ADT, AVAL (mm) and the source; subjects without a complete sum have no row.

    Examples
    --------
    >>> nadir(pl.DataFrame({"USUBJID": ["1", "1"], "ADT": [1, 2], "AVAL": [30.0, 20.0]}))["AVAL"].item()
    20.0
    """
    need(sums, ("USUBJID", "ADT", "AVAL"), what="sums")
    keys = grouping(sums)
    complete = sums.filter(pl.col("AVAL").is_not_null())
    if "ANL01FL" in sums.columns:
        complete = complete.filter(pl.col("ANL01FL") == "Y")
    first = complete.sort([*keys, "AVAL", "ADT"], nulls_last=True).unique(keys, keep="first", maintain_order=True)
    return first.select(*keys, "ADT", "AVAL", *sources(sums))
