"""Disposition: randomisation, screen failure, end of treatment and end of study, from DS."""

from __future__ import annotations

import polars as pl

from codon12.records.dates import parse_dtc
from codon12.records.rows import by_value

__all__ = ["disposition", "ends_in_rows", "repeated_ends"]

_RANDOMISED = ("RANDOMIZED", "RANDOMISED", "RANDOMIZATION", "RANDOMISATION")
_SCREEN_FAILURE = ("SCREEN FAILURE", "SCREENING FAILURE", "SCREEN FAILED", "FAILURE TO MEET RANDOMIZATION CRITERIA")
_COMPLETED = ("COMPLETED", "COMPLETE")
_ONGOING = ("ONGOING", "CONTINUING")

_COLUMNS = {
    "USUBJID": pl.String,
    "RANDDT": pl.Date,
    "RANDFL": pl.String,
    "SCRFFL": pl.String,
    "EOTSTT": pl.String,
    "EOTDT": pl.Date,
    "DCTREAS": pl.String,
    "EOSSTT": pl.String,
    "EOSDT": pl.Date,
    "DCSREAS": pl.String,
}


def disposition(ds: pl.DataFrame | None) -> pl.DataFrame:
    """Give what DS says of each subject that it holds, one row a subject.

    USUBJID, RANDDT and RANDFL (randomised), SCRFFL (screen failure), EOTSTT, EOTDT, DCTREAS (treatment:
    COMPLETED, DISCONTINUED or ONGOING, the day, the reason), EOSSTT, EOSDT, DCSREAS (study). A record of
    DSCAT DISPOSITION EVENT tells of treatment where DSSCAT (else EPOCH) names treatment, of the study where
    it names study or follow-up, and of both where it names neither. The last record of each kind counts.
    Flags are Y or null; without DS the frame is empty.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, DS; ADaM Implementation Guide 1.3, ADSL (EOSSTT, EOTSTT, DCSREAS).

    Examples
    --------
    >>> ds = pl.DataFrame({"USUBJID": ["1"], "DSCAT": ["DISPOSITION EVENT"], "DSSCAT": ["STUDY TREATMENT"],
    ...     "DSDECOD": ["PROGRESSIVE DISEASE"], "DSSTDTC": ["2024-05-01"]})
    >>> disposition(ds).select("EOTSTT", "DCTREAS", "EOSSTT").row(0)
    ('DISCONTINUED', 'PROGRESSIVE DISEASE', None)
    """
    if ds is None or "DSDECOD" not in ds.columns:
        return pl.DataFrame(schema=_COLUMNS)
    rows = _events(ds)
    milestones = rows.group_by("USUBJID", maintain_order=True).agg(
        pl.col("_ADT").filter(pl.col("DSDECOD").is_in(_RANDOMISED)).min().alias("RANDDT"),
        _yes(pl.col("DSDECOD").is_in(_RANDOMISED)).alias("RANDFL"),
        _yes(pl.col("DSDECOD").is_in(_SCREEN_FAILURE)).alias("SCRFFL"),
    )
    ends = rows.filter(pl.col("_DISPOSITION") & ~pl.col("DSDECOD").is_in(_SCREEN_FAILURE))
    treatment = _end(ends.filter(pl.col("_TREATMENT")), "EOTSTT", "EOTDT", "DCTREAS")
    study = _end(ends.filter(pl.col("_STUDY")), "EOSSTT", "EOSDT", "DCSREAS")
    joined = milestones.join(treatment, on="USUBJID", how="left", maintain_order="left").join(
        study, on="USUBJID", how="left", maintain_order="left"
    )
    return joined.select(*_COLUMNS)


def repeated_ends(ds: pl.DataFrame) -> pl.DataFrame:
    """Give the DS records that say, beside the one taken, how treatment, study or randomisation went.

    SRCROW and `_TAKEN`, what the record taken says: the last of each kind for ends, the first for randomisation.
    Records that say the same of the same day are not told.
    """
    rows = _events(ds)
    ends = rows.filter(pl.col("_DISPOSITION") & ~pl.col("DSDECOD").is_in(_SCREEN_FAILURE))
    randomised = rows.filter(pl.col("DSDECOD").is_in(_RANDOMISED))
    out = [pl.DataFrame(schema={"SRCROW": pl.Int64, "_TAKEN": pl.String})]
    said = pl.format("{} {}", "DSDECOD", pl.col("_ADT").cast(pl.String).fill_null(""))
    for part, pick in (
        (ends.filter("_TREATMENT"), "last"),
        (ends.filter("_STUDY"), "last"),
        (randomised, "first"),
    ):
        taken = (said.last() if pick == "last" else said.first()).over("USUBJID").str.strip_chars()
        told = part.with_columns(_TAKEN=taken).filter(said.str.strip_chars() != pl.col("_TAKEN"))
        out.append(told.select(pl.col("_ROW").alias("SRCROW"), "_TAKEN"))
    return pl.concat(out).unique("SRCROW", keep="first", maintain_order=True)


def ends_in_rows(ds: pl.DataFrame) -> pl.DataFrame:
    """Give the records of DS that end treatment or study: SRCROW, `_ADT` (its day) and `_OF_STUDY`."""
    rows = _events(ds)
    ends = rows.filter(pl.col("_DISPOSITION") & ~pl.col("DSDECOD").is_in((*_SCREEN_FAILURE, *_ONGOING)))
    parts = [
        ends.filter(of).group_by("USUBJID", maintain_order=True).last().with_columns(_OF_STUDY=pl.lit(of == "_STUDY"))
        for of in ("_STUDY", "_TREATMENT")
    ]
    both = pl.concat(parts).unique("_ROW", keep="first", maintain_order=True)
    return both.select("_ADT", "_OF_STUDY", SRCROW="_ROW")


def _events(ds: pl.DataFrame) -> pl.DataFrame:
    def text(name: str) -> pl.Expr:
        return pl.col(name).str.to_uppercase() if name in ds.columns else pl.lit(None, pl.String)

    category = text("DSCAT")
    kind = pl.coalesce(text("DSSCAT"), text("EPOCH"), pl.lit(""))
    of_treatment = kind.str.contains("TREATMENT") & ~kind.str.contains("FOLLOW|POST")
    of_study = ~of_treatment & kind.str.contains("STUDY|FOLLOW|PARTICIPATION|TRIAL|SURVIVAL")
    date = "DSSTDTC" if "DSSTDTC" in ds.columns else "DSDTC"
    when = parse_dtc(date, impute="first") if date in ds.columns else pl.lit(None, pl.Date)
    seq = pl.col("DSSEQ") if "DSSEQ" in ds.columns else pl.lit(None, pl.Float64)
    row = pl.col("SRCROW") if "SRCROW" in ds.columns else pl.lit(None, pl.Int64)
    milestone = text("DSDECOD").is_in(
        (*_RANDOMISED, "INFORMED CONSENT OBTAINED", "ENROLLED", "ELIGIBILITY CRITERIA MET")
    )
    disposed = (category == "DISPOSITION EVENT") if "DSCAT" in ds.columns else ~milestone
    words = [c for c in ("DSCAT", "DSSCAT", "EPOCH", "DSDECOD") if c in ds.columns]
    told = [
        disposed.fill_null(value=False).alias("_DISPOSITION"),
        (of_treatment | ~of_study).alias("_TREATMENT"),
        (of_study | ~of_treatment).alias("_STUDY"),
        text("DSDECOD").alias("DSDECOD"),
    ]
    return (
        by_value(ds, words, told)
        .select(
            "USUBJID",
            "DSDECOD",
            when.alias("_ADT"),
            "_DISPOSITION",
            "_TREATMENT",
            "_STUDY",
            seq.alias("_SEQ"),
            row.alias("_ROW"),
        )
        .sort("USUBJID", "_ADT", "_SEQ", "_ROW", nulls_last=False)
    )


def _yes(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition.any()).then(pl.lit("Y"))


def _end(rows: pl.DataFrame, status: str, date: str, reason: str) -> pl.DataFrame:
    last = rows.group_by("USUBJID", maintain_order=True).last()
    what = pl.col("DSDECOD")
    done, on = what.is_in(_COMPLETED), what.is_in(_ONGOING)
    return last.select(
        "USUBJID",
        pl.when(done)
        .then(pl.lit("COMPLETED"))
        .when(on)
        .then(pl.lit("ONGOING"))
        .otherwise(pl.lit("DISCONTINUED"))
        .alias(status),
        pl.when(~on).then(pl.col("_ADT")).alias(date),
        pl.when(~done & ~on).then(what).alias(reason),
    )
