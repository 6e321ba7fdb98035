"""The three parts of a time point joined: target, non-target and new lesions."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.response.keys import grouping, named, numbered, ordered, sources, visit_key, with_reference
from codon12.response.nontarget import new_lesions, non_target_response
from codon12.response.overall import overall_response
from codon12.response.policy import RecistPolicy
from codon12.response.sums import sum_of_diameters
from codon12.response.target import target_response
from codon12.response.visits import SCAN_SET, with_scan_sets

__all__ = ["assess_lesions", "collected_timepoints", "timepoints"]

_PARTS = {"TRGRESP": "TRG", "NTRGRESP": "NTRG", "NEWLRESP": "NEWL"}
_CARRIED = {"TRGRESP": ("AVAL",), "NTRGRESP": ("NTPROG",), "NEWLRESP": ("NNEW", "NEWSUM")}


def timepoints(
    target: pl.DataFrame, non_target: pl.DataFrame, new: pl.DataFrame, *, lesions: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Join target response, non-target response and new lesions of each visit.

    Parameters
    ----------
    target, non_target, new
        As from ``target_response``, ``non_target_response`` and ``new_lesions``: USUBJID, [EVAL, EVALID], ADT,
        [VISITNUM, VISIT], AVALC and the source.
    lesions
        The lesions frame; with it a subject whose target or non-target lesions were never assessed after baseline
        is still known to have them, and the days on which new lesions were looked for are days of their visit.

    Returns
    -------
    DataFrame
        A row per subject, evaluator and visit: ADT (first scan), ADTENDT (last), TRGRESP, NTRGRESP, NEWLRESP (null: no
        such lesions, no such record), TRGEXP and NTRGEXP (Y: such lesions exist), PRESENTFL (Y: a target or
        non-target lesion is seen), AVAL (sum, mm), NTPROG, NNEW, NEWSUM where given, and per part its date and source
        (TRGDT, TRGSRCROW, ...). A visit of a subject with target lesions but no target record is NE.

    Examples
    --------
    >>> import datetime as dt
    >>> part = {"USUBJID": ["1"], "ADT": [dt.date(2024, 2, 1)]}
    >>> new = pl.DataFrame(part | {"AVALC": ["EQUIVOCAL"]})
    >>> points = timepoints(pl.DataFrame(part | {"AVALC": ["PR"]}), new.clear(), new)
    >>> points.select("TRGRESP", "NTRGRESP", "NEWLRESP").row(0)
    ('PR', None, 'EQUIVOCAL')
    """
    keys = grouping(target)
    parts = [_part(f, name) for f, name in ((target, "TRGRESP"), (non_target, "NTRGRESP"), (new, "NEWLRESP"))]
    joined = parts[0]
    if keys == ["_k"]:  # one integer a visit of a subject joins fastest
        visits = pl.concat([p.select("_visit").unique() for p in parts]).unique().sort("_visit").with_row_index("_v")
        cell = (pl.col("_k").cast(pl.Int64) * len(visits) + pl.col("_v")).alias("_cell")
        parts = [p.join(visits, on="_visit").with_columns(cell).drop("_v") for p in parts]
        joined = parts[0]
        for part in parts[1:]:
            joined = (
                joined.join(part, on="_cell", how="full", coalesce=True, suffix="_right")
                .with_columns(pl.coalesce(c, f"{c}_right").alias(c) for c in ("_k", "_visit"))
                .drop("_k_right", "_visit_right")
            )
        return _completed(joined.drop("_cell"), keys=keys, lesions=lesions)
    for part in parts[1:]:
        joined = joined.join(part, on=[*keys, "_visit"], how="full", coalesce=True, nulls_equal=True)
    return _completed(joined, keys=keys, lesions=lesions)


def _part(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """One part under its own column names, one row a visit."""
    short = _PARTS[name]
    need(frame, (*(grouping(frame)[:1] or ["USUBJID"]), "ADT", "AVALC"), what=name)
    end = "ADTENDT" if "ADTENDT" in frame.columns else "ADT"
    present = ["PRESENTFL"] if "PRESENTFL" in frame.columns else []
    keys = grouping(frame)
    part = frame.select(
        *keys,
        visit_key(frame),
        pl.col("AVALC").cast(pl.String).alias(name),
        pl.col("ADT").alias(f"{short}DT"),
        pl.col(end).alias(f"{short}ENDT"),
        *(pl.col(c).alias(f"{short}{c}") for c in ("VISITNUM", "VISIT") if c in frame.columns),
        *(pl.col(c).alias(f"{short}{c}") for c in present),
        *(c for c in _CARRIED[name] if c in frame.columns),
        *(pl.col(c).alias(f"{short}{c}") for c in sources(frame)),
    )
    if keys == ["_k"]:  # made by this room: one row a visit already
        return part
    return part.unique([*keys, "_visit"], keep="first", maintain_order=True)


def _completed(joined: pl.DataFrame, *, keys: list[str], lesions: pl.DataFrame | None) -> pl.DataFrame:
    def over_parts(suffix: str) -> list[str]:
        return [f"{p}{suffix}" for p in _PARTS.values() if f"{p}{suffix}" in joined.columns]

    scanned: list[str] = []
    if (
        lesions is not None and SCAN_SET in lesions.columns
    ):  # a new lesion that is gone, or was not evaluable, was looked for on a day of the visit too
        of_new = lesions.filter((pl.col("GROUP") == "NEW") & pl.col("ADT").is_not_null())
        days = of_new.group_by([*keys, pl.col(SCAN_SET).alias("_visit")]).agg(
            pl.col("ADT").min().alias("_first"), pl.col("ADT").max().alias("_last")
        )
        joined, scanned = joined.join(days, on=[*keys, "_visit"], how="left", nulls_equal=True), ["_first", "_last"]
    merged = [
        pl.min_horizontal(*over_parts("DT"), *scanned[:1]).alias("ADT"),
        pl.max_horizontal(*over_parts("ENDT"), *scanned[1:]).alias("ADTENDT"),
        *(pl.coalesce(over_parts(c)).alias(c) for c in ("VISITNUM", "VISIT") if over_parts(c)),
    ]
    if over_parts("PRESENTFL"):
        merged.append(pl.coalesce(over_parts("PRESENTFL")).alias("PRESENTFL"))
    drop = [
        *over_parts("ENDT"),
        *over_parts("VISITNUM"),
        *over_parts("VISIT"),
        *over_parts("PRESENTFL"),
        *scanned,
        "_visit",
    ]
    rows = joined.with_columns(merged).drop(drop)
    rows = ordered(rows, [*keys, "ADT", *(["VISITNUM"] if "VISITNUM" in rows.columns else [])])
    if lesions is None:
        flags = [
            pl.when(pl.col(c).is_not_null().any().over(keys)).then(pl.lit("Y")).alias(name)
            for c, name in (("TRGRESP", "TRGEXP"), ("NTRGRESP", "NTRGEXP"))
        ]
        rows = rows.with_columns(flags)
    else:
        for group, name in (("TARGET", "TRGEXP"), ("NON-TARGET", "NTRGEXP")):
            have = lesions.lazy().filter(pl.col("GROUP") == group).select(keys).unique().collect()
            have = have.with_columns(pl.lit("Y").alias(name))
            rows = rows.join(have, on=keys, how="left", nulls_equal=True, maintain_order="left")
    missed = pl.col("TRGRESP").is_null() & (pl.col("TRGEXP") == "Y")
    rows = rows.with_columns(pl.when(missed).then(pl.lit("NE")).otherwise("TRGRESP").alias("TRGRESP"))
    lead = [*keys, "ADT", "ADTENDT", *(c for c in ("VISITNUM", "VISIT") if c in rows.columns)]
    lead += ["TRGRESP", "NTRGRESP", "NEWLRESP"]
    return rows.select(*lead, pl.exclude(lead))


def collected_timepoints(responses: pl.DataFrame) -> pl.DataFrame:
    """Time points as collected: the responses of one visit and day side by side.

    Parameters
    ----------
    responses
        Responses as collected, one row each: USUBJID, [EVAL, EVALID], PARAMCD, ADT, [VISITNUM, VISIT], AVALC and
        the source. PARAMCD TRGRESP, NTRGRESP, NEWLRESP (or NEWLPROG) are used.

    Returns
    -------
    DataFrame
        As ``timepoints``; a missing part stays null: ``overall_response`` knows of the disease by TRGEXP and NTRGEXP.

    Examples
    --------
    >>> import datetime as dt
    >>> collected = pl.DataFrame({
    ...     "USUBJID": ["1", "1"], "PARAMCD": ["TRGRESP", "NTRGRESP"], "ADT": [dt.date(2024, 2, 1)] * 2,
    ...     "AVALC": ["SD", "NON-CR/NON-PD"]})
    >>> collected_timepoints(collected).select("TRGRESP", "NTRGRESP").row(0)
    ('SD', 'NON-CR/NON-PD')
    """
    need(responses, ("USUBJID", "PARAMCD", "ADT", "AVALC"), what="responses")
    responses = responses.filter(pl.col("AVALC").is_not_null() & pl.col("ADT").is_not_null()).with_columns(
        pl.col("PARAMCD").cast(pl.String).replace({"NEWLPROG": "NEWLRESP"})
    )
    keys = grouping(responses)
    visit = [*keys, "ADT", *(c for c in ("VISITNUM", "VISIT") if c in responses.columns)]
    joined: pl.DataFrame | None = None
    for name, short in _PARTS.items():
        rows = responses.filter(pl.col("PARAMCD") == name)
        order = [c for c in ("SRCROW", "SRCSEQ", "AVALC") if c in rows.columns]
        part = rows.sort(order, nulls_last=True).unique(visit, keep="last", maintain_order=True)
        part = part.select(
            *visit,
            pl.col("AVALC").cast(pl.String).alias(name),
            pl.col("ADT").alias(f"{short}DT"),
            *(pl.col(c).alias(f"{short}{c}") for c in sources(part)),
        )
        joined = part if joined is None else joined.join(part, on=visit, how="full", coalesce=True, nulls_equal=True)
    assert joined is not None
    seen = [
        pl.when(pl.col(c).is_not_null().any().over(keys)).then(pl.lit("Y")).alias(name)
        for c, name in (("TRGRESP", "TRGEXP"), ("NTRGRESP", "NTRGEXP"))
    ]
    return joined.with_columns(seen).sort(visit, nulls_last=True)


def assess_lesions(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Lesions to overall response in one step, with the parts beside it.

    Parameters
    ----------
    lesions
        The lesions frame (see ``sum_of_diameters``, ``non_target_response``, ``new_lesions``).
    reference
        USUBJID, ADT: scans on or before ADT are baseline; without it the first visit is.

    Returns
    -------
    DataFrame
        As ``overall_response``.

    Examples
    --------
    >>> import datetime as dt
    >>> lesions = pl.DataFrame({
    ...     "USUBJID": ["1", "1"], "LESIONID": ["T01", "T01"], "GROUP": ["TARGET"] * 2, "AVAL": [27.0, 32.4],
    ...     "ADT": [dt.date(2024, 1, 1), dt.date(2024, 2, 12)]})
    >>> assess_lesions(lesions).select("TRGRESP", "AVALC").row(0)
    ('PD', 'PD')
    """
    policy = policy or RecistPolicy()
    need(lesions, ("USUBJID", "LESIONID", "GROUP", "ADT", "AVAL"), what="lesions")
    lesions, names = numbered(lesions)
    if reference is not None:
        need(reference, ("USUBJID", "ADT"), what="reference")
        reference = with_reference(names, reference).select("_k", pl.col("_ref").alias("ADT"))
    lesions = with_scan_sets(lesions, reference, policy=policy)
    target = target_response(sum_of_diameters(lesions, reference, policy=policy), policy=policy)
    other = non_target_response(lesions, reference, policy=policy)
    points = timepoints(target, other, new_lesions(lesions, policy=policy), lesions=lesions)
    return named(overall_response(points, policy=policy), names).drop("_k")
