"""Whose reading counts where several central readers assessed a subject."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import Severity, no_findings, row_findings
from codon12.records.terms.assessments import ADJUDICATOR
from codon12.response.keys import visit_key
from codon12.response.policy import RecistPolicy

__all__ = ["accepted_readings", "reading_findings"]

_SIDE = ["USUBJID", "EVAL"]
_REFUSED, _OTHER, _OPEN = "not accepted", "another reader", "undecided"


def accepted_readings(
    rows: pl.DataFrame, *, policy: RecistPolicy | None = None, flags: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Rows of the evaluator asked for, and of several central readers those of the one that counts.

    Parameters
    ----------
    rows
        Assessments or lesions: USUBJID, [EVAL, EVALID, ACPTFL].
    policy
        evaluator, accepted_only.
    flags
        Rows of another table of the study, of the same columns: where ACPTFL is Y for one reader of a subject there and
        for none here, that reader counts here too.

    Returns
    -------
    DataFrame
        The rows that count. A reading with ACPTFL = N never does. Of several central readers of a subject: the one
        with ACPTFL = Y (where several have it, their flagged rows), else the adjudicator, and at visits without
        either the response on which all readers agree; where nothing decides none counts, and the
        investigator's stand alone. Where ACPTFL is a column EVALID is left out: one reading a subject and
        evaluator remains. A subject with a single central reader needs no ACPTFL.

    Examples
    --------
    >>> rows = pl.DataFrame({"USUBJID": ["1", "1"], "EVAL": ["CENTRAL"] * 2, "EVALID": ["R1", "R2"],
    ...     "ACPTFL": [None, "Y"], "AVALC": ["SD", "PD"]})
    >>> accepted_readings(rows)["AVALC"].to_list()
    ['PD']
    """
    policy = policy or RecistPolicy()
    if policy.evaluator is not None and "EVAL" in rows.columns:
        rows = rows.filter(pl.col("EVAL").cast(pl.String) == policy.evaluator)
    if "ACPTFL" not in rows.columns or "EVAL" not in rows.columns:
        return rows
    if not policy.accepted_only:
        return rows.filter((pl.col("ACPTFL") != "N").fill_null(value=True))
    return _judged(rows, flags).filter(pl.col("_why").is_null()).drop("_why").drop("EVALID", strict=False)


def reading_findings(
    rows: pl.DataFrame, *, policy: RecistPolicy | None = None, flags: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Findings on the readings that ``accepted_readings`` leaves out; needs SRCDOM and SRCROW."""
    policy = policy or RecistPolicy()
    if not {"ACPTFL", "EVAL", "SRCDOM", "SRCROW"} <= set(rows.columns) or rows.is_empty():
        return no_findings()
    judged = _judged(rows, flags).filter(pl.col("_why").is_not_null())
    if not policy.accepted_only:
        judged = judged.filter(pl.col("_why") == _REFUSED)
    alone = "of several central readers nothing says which counts; that of {} does not, the investigator's stand alone."
    said: tuple[tuple[str, str, Severity, str], ...] = (
        (
            _REFUSED,
            "reading-not-accepted",
            "note",
            "the reading of {} was not accepted (ACPTFL = N); it does not count.",
        ),
        (_OTHER, "reading-not-chosen", "note", "the reading of {} does not count: another reader's does."),
        (_OPEN, "reader-undecided", "warning", alone),
    )
    parts = [no_findings()]
    name = pl.col("EVALID") if "EVALID" in judged.columns else pl.lit(None, pl.String)
    who = pl.coalesce(name.cast(pl.String), pl.col("EVAL").cast(pl.String))
    found = judged["_why"].value_counts()["_why"].to_list()
    for why, rule, severity, text in (one for one in said if one[0] in found):
        for table, part in judged.filter(pl.col("_why") == why).group_by("SRCDOM", maintain_order=True):
            parts.append(
                row_findings(
                    part,
                    table=str(table[0]),
                    rule=rule,
                    severity=severity,
                    message=f"{table[0]} row {{}}: {text}",
                    parts=[pl.col("SRCROW"), who],
                    variable=f"{table[0]}EVALID",
                    value=who,
                )
            )
    return pl.concat(parts)


def _judged(rows: pl.DataFrame, flags: pl.DataFrame | None) -> pl.DataFrame:
    """Add `_why`: null where the row counts, else why not."""
    flag = pl.col("ACPTFL").cast(pl.String).str.to_uppercase()
    refused = (flag == "N").fill_null(value=False)
    central = (pl.col("EVAL").cast(pl.String) != "INVESTIGATOR").fill_null(value=False)
    if "EVALID" not in rows.columns or rows["EVALID"].n_unique() <= 1:  # one reader at most: nobody to choose from
        return rows.with_columns(pl.when(refused).then(pl.lit(_REFUSED)).alias("_why"))
    rows = rows.with_columns((central & ~refused).alias("_ok"), (flag == "Y").fill_null(value=False).alias("_yes"))
    reader = pl.col("EVALID").cast(pl.String)
    own = reader.filter("_ok")
    rows = rows.with_columns(
        own.n_unique().over(_SIDE).alias("_readers"),
        reader.filter(pl.col("_ok") & pl.col("_yes")).n_unique().over(_SIDE).alias("_accepted"),
        reader.filter(pl.col("_ok") & pl.col("_yes")).first().over(_SIDE).alias("_reader"),
        (own == ADJUDICATOR).any().over(_SIDE).alias("_adjudicated"),
    )
    if flags is not None:
        rows = _with_flags(rows, flags)
    if rows.filter(pl.col("_ok") & (pl.col("_readers") > 1)).is_empty():
        why = pl.when(refused).then(pl.lit(_REFUSED))
        return rows.with_columns(why.alias("_why")).drop("^_(ok|yes|readers|accepted|reader|adjudicated)$")
    rows = _with_agreement(rows, reader)
    chosen = (reader == pl.col("_reader")).fill_null(value=False)
    adjudicator = (reader == ADJUDICATOR).fill_null(value=False)
    why = (
        pl.when(refused)
        .then(pl.lit(_REFUSED))
        .when(~central | (pl.col("_readers") <= 1))
        .then(None)
        .when(pl.col("_accepted") == 1)
        .then(pl.when(~chosen).then(pl.lit(_OTHER)))
        .when(pl.col("_accepted") > 1)
        .then(pl.when(~pl.col("_yes")).then(pl.lit(_OTHER)))
        .when(pl.col("_adjudicated"))
        .then(
            pl.when(~adjudicator & ~(pl.col("_agree") & (pl.col("_heard") > 1) & pl.col("_lead"))).then(pl.lit(_OTHER))
        )
        .when(pl.col("_agree"))
        .then(pl.when(~pl.col("_lead")).then(pl.lit(_OTHER)))
        .otherwise(pl.lit(_OPEN))
    )
    return rows.with_columns(why.alias("_why")).drop("^_(ok|yes|readers|accepted|reader|adjudicated|agree|heard|lead)$")


def _with_flags(rows: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """Where no reader is accepted here and one is in the other table, that one."""
    if not {"EVALID", "ACPTFL", "EVAL"} <= set(flags.columns):
        return rows
    there = (
        flags.filter((pl.col("ACPTFL") == "Y") & pl.col("EVALID").is_not_null())
        .group_by(_SIDE)
        .agg(pl.col("EVALID").cast(pl.String).unique().sort())
        .filter(pl.col("EVALID").list.len() == 1)
        .select(*_SIDE, pl.col("EVALID").list.first().alias("_there"))
    )
    rows = rows.join(there, on=_SIDE, how="left", maintain_order="left")
    known = (pl.col("EVALID").cast(pl.String) == pl.col("_there")).fill_null(value=False).any().over(_SIDE)
    borrow = (pl.col("_accepted") == 0) & known
    return rows.with_columns(
        pl.when(borrow).then(1).otherwise("_accepted").alias("_accepted"),
        pl.when(borrow).then("_there").otherwise("_reader").alias("_reader"),
    ).drop("_there")


def _with_agreement(rows: pl.DataFrame, reader: pl.Expr) -> pl.DataFrame:
    """Whether all readers of a visit say the same (`_agree`), how many (`_heard`), and which row stands for all."""
    if "LESIONID" in rows.columns or not {"AVALC", "ADT"} <= set(rows.columns):
        false = pl.lit(value=False)
        return rows.with_columns(false.alias("_agree"), pl.lit(0).alias("_heard"), false.alias("_lead"))
    cell = [*_SIDE, *(["PARAMCD"] if "PARAMCD" in rows.columns else []), "_at"]
    rows = rows.with_columns(visit_key(rows).alias("_at"))
    row = pl.col("SRCROW") if "SRCROW" in rows.columns else pl.int_range(pl.len())
    day = pl.col("ADT").to_physical().cast(pl.Int64).fill_null(2**30)
    order = day * 2**31 + row.cast(pl.Int64)  # the earliest day, whatever the order of rows
    return rows.with_columns(
        (pl.col("AVALC").filter("_ok").n_unique().over(cell) == 1).alias("_agree"),
        reader.filter("_ok").n_unique().over(cell).alias("_heard"),
        (pl.col("_ok") & (order == order.filter("_ok").min().over(cell))).alias("_lead"),
    ).drop("_at")
