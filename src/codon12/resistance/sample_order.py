"""Which samples of a patient are the earlier and which the later ones."""

from __future__ import annotations

import re

import polars as pl

from codon12.errors import UsageError
from codon12.records.columns.needed import need
from codon12.records.findings import row_findings
from codon12.resistance.paired import SAMPLE_SCHEMA, samples_frame

__all__ = ["TIME_WORDS", "named_samples", "pair_samples"]

TIME_WORDS = {
    **dict.fromkeys(
        ("earlier", "before", "baseline", "pre", "pre-treatment", "pretreatment", "screening", "diagnosis", "primary",
         "initial"), "earlier"),
    **dict.fromkeys(
        ("later", "after", "post", "post-treatment", "progression", "at progression", "relapse", "recurrence",
         "resistance", "resistant", "end of treatment"), "later"),
}  # fmt: skip
"""Word for the time of a sample -> earlier or later."""


def named_samples(samples: pl.DataFrame, pattern: str) -> pl.DataFrame:
    r"""Read patient and order out of sample names by a regular expression with groups ``subject`` and ``order``.

    Without ``order`` the rest of the name after the subject orders. Samples whose name does not fit have neither.

    Raises
    ------
    UsageError
        No regular expression, or one without a group ``subject``.

    Examples
    --------
    >>> rows = pl.DataFrame({"SAMPLE": ["P15_A", "P15_B"]})
    >>> named_samples(rows, r"(?P<subject>P\d+)_(?P<order>[A-Z])").select("USUBJID", "ORDER").rows()
    [('P15', 'A'), ('P15', 'B')]
    """
    try:
        rule = re.compile(pattern)
    except re.error as err:
        raise UsageError(f"rule on sample names {pattern!r}: no regular expression: {err}") from None
    if "subject" not in rule.groupindex:
        raise UsageError(f"rule on sample names {pattern!r}: name the part that is the patient, (?P<subject>...)")
    names = samples["SAMPLE"].unique().drop_nulls().to_list()
    read = []
    for name in names:
        found = rule.search(name)
        if found is not None:
            order = found["order"] if "order" in rule.groupindex else name[found.end("subject") :]
            read.append((name, found["subject"], order))
    schema = {"SAMPLE": pl.String, "_subject": pl.String, "ORDER": pl.String}
    table = pl.DataFrame(read, schema=schema, orient="row")
    rows = samples.drop("ORDER", strict=False).join(table, on="SAMPLE", how="left", maintain_order="left")
    own = pl.col("USUBJID") if "USUBJID" in rows.columns else pl.lit(None, pl.String)
    return rows.with_columns(USUBJID=pl.coalesce("_subject", own)).drop("_subject")


def pair_samples(samples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair the first with the last samples of every patient, tissue with tissue and plasma with plasma.

    Parameters
    ----------
    samples
        USUBJID, SAMPLE, [TIME: a word of `TIME_WORDS`], [ADT: date], [ORDER: text that orders], [SPECIMEN, ASSAY,
        DRUG, HISTOLOGY, DEPTH, SRCROW, TABLE]. Order is that of TIME where a patient has both words; else of ADT where
        all samples are dated; else of ORDER. A patient with one sample of each specimen is paired across them.

    Returns
    -------
    tuple
        Rows of `SAMPLE_SCHEMA`, PAIR being the patient (and the specimen, where several are paired); and findings:
        samples that could not be ordered, those between, later ones alone, several of one day, a sample named twice,
        dates against the words.
    """
    need(samples, ("USUBJID", "SAMPLE"), what="samples")
    rows = samples.with_columns(
        (pl.col(c) if c in samples.columns else pl.lit(None, k)).alias(c)
        for c, k in (("TIME", pl.String), ("ADT", pl.Date), ("ORDER", pl.String), ("SPECIMEN", pl.String),
                     ("SRCROW", pl.Int64))
    )  # fmt: skip
    found = [_twice(rows)]
    rows = rows.unique(["USUBJID", "SAMPLE"], keep="first", maintain_order=True)
    word = pl.col("TIME").str.strip_chars().str.to_lowercase().replace_strict(TIME_WORDS, default=None)
    rows = rows.with_columns(_word=word.cast(pl.String))
    rows = rows.with_columns(_group=_groups(rows))
    group = ["USUBJID", "_group"]
    worded = (pl.col("_word").n_unique() == 2) & pl.col("_word").is_not_null().all()
    dated = pl.col("ADT").is_not_null().all() & (pl.col("ADT").n_unique() > 1)
    named = pl.col("ORDER").is_not_null().all() & (pl.col("ORDER").n_unique() > 1)
    rows = rows.with_columns(
        _how=pl.when(worded.over(group))
        .then(pl.lit("word"))
        .when(dated.over(group))
        .then(pl.lit("date"))
        .when(named.over(group))
        .then(pl.lit("name"))
    )
    by_date = pl.col("ADT").rank("dense").over(group)
    by_name = _counted(pl.col("ORDER")).rank("dense").over(group)
    by_word = (pl.col("_word") == "later").cast(pl.UInt32) + 1
    place = (
        pl.when(pl.col("_how") == "word").then(by_word).when(pl.col("_how") == "date").then(by_date).otherwise(by_name)
    )
    rows = rows.with_columns(_place=place)
    several = pl.len().over(group) > 1
    ends = pl.col("_place").min().over(group), pl.col("_place").max().over(group)
    time = (
        pl.when(pl.col("_place") == ends[0])
        .then(pl.lit("earlier"))
        .when(pl.col("_place") == ends[1])
        .then(pl.lit("later"))
    )
    open_ = rows.filter(several & pl.col("_how").is_null())
    between = rows.filter(pl.col("_how").is_not_null()).filter(time.is_null())
    single = rows.filter(~several & (pl.len().over("USUBJID") > 1))
    found += [_unordered(open_), _against_words(rows), _alone(rows.filter(~several & (pl.col("_word") == "later")))]
    paired = rows.filter(pl.col("_how").is_not_null()).with_columns(TIME=time).filter(pl.col("TIME").is_not_null())
    found += [_same_day(paired), _aside(between, "lies between the first and the last of its patient")]
    found.append(_aside(single, "is the only one of its specimen"))
    many = pl.col("_group").n_unique().over("USUBJID") > 1
    paired = paired.with_columns(PAIR=pl.when(many).then(pl.format("{} {}", "USUBJID", "_group")).otherwise("USUBJID"))
    keep = [c for c in SAMPLE_SCHEMA.names() if c in paired.columns]
    return samples_frame(paired.select(keep)), pl.concat(found)


def _groups(rows: pl.DataFrame) -> pl.Expr:
    """Specimen within which samples are paired; one for all where no specimen of the patient has two samples."""
    specimen = pl.col("SPECIMEN").fill_null("tissue")
    most = rows.group_by("USUBJID", specimen.alias("s")).len().group_by("USUBJID").agg(pl.col("len").max())
    single = most.filter(pl.col("len") == 1)["USUBJID"]
    return pl.when(pl.col("USUBJID").is_in(single.implode())).then(pl.lit("all")).otherwise(specimen)


def _twice(rows: pl.DataFrame) -> pl.DataFrame:
    again = rows.filter(pl.int_range(pl.len()).over("USUBJID", "SAMPLE") > 0)
    return row_findings(
        again, table="SAMPLE", rule="same-sample-twice", severity="warning", variable="SAMPLE", value=pl.col("SAMPLE"),
        message="Sample {} stands there more than once; it counts once.", parts=[pl.col("SAMPLE")],
    )  # fmt: skip


def _unordered(rows: pl.DataFrame) -> pl.DataFrame:
    return row_findings(
        rows, table="SAMPLE", rule="samples-not-ordered", severity="warning", variable="SAMPLE", value=pl.col("SAMPLE"),
        message="Sample {} cannot be ordered among those of its patient (no two times by word, date or name); it was "
        "not paired.", parts=[pl.col("SAMPLE")],
    )  # fmt: skip


def _alone(rows: pl.DataFrame) -> pl.DataFrame:
    return row_findings(
        rows, table="SAMPLE", rule="later-sample-alone", severity="warning", variable="SAMPLE", value=pl.col("SAMPLE"),
        message="Sample {} is called later and there is no other to pair it with; nothing is said of what it gained.",
        parts=[pl.col("SAMPLE")],
    )  # fmt: skip


def _aside(rows: pl.DataFrame, why: str) -> pl.DataFrame:
    return row_findings(
        rows, table="SAMPLE", rule="sample-not-compared", severity="note", variable="SAMPLE", value=pl.col("SAMPLE"),
        message=f"Sample {{}} {why}; it was not compared.", parts=[pl.col("SAMPLE")],
    )  # fmt: skip


def _counted(order: pl.Expr) -> pl.Expr:
    """Order of texts whose number counts as one: S2 before S10."""
    number = order.str.extract(r"(\d+)").str.zfill(18).fill_null("")
    return pl.concat_str(order.str.extract(r"^(\D*)"), number, order.str.replace(r"^\D*\d*", ""))


def _same_day(rows: pl.DataFrame) -> pl.DataFrame:
    day = rows.filter(
        pl.col("ADT").is_not_null()
        & (pl.len().over("PAIR" if "PAIR" in rows.columns else "USUBJID", "ADT", "_group") > 1)
    )
    return row_findings(
        day, table="SAMPLE", rule="samples-of-one-day", severity="note", variable="SAMPLE", value=pl.col("SAMPLE"),
        message="Sample {} was taken on {} with others of its patient; they count as one time: an alteration is "
        "present if in any.", parts=[pl.col("SAMPLE"), pl.col("ADT").cast(pl.String)],
    )  # fmt: skip


def _against_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Later samples dated before an earlier one of the same patient."""
    last = pl.col("ADT").filter(pl.col("_word") == "earlier").max().over("USUBJID", "_group")
    bad = rows.filter((pl.col("_how") == "word") & (pl.col("_word") == "later") & (pl.col("ADT") < last))
    return row_findings(
        bad, table="SAMPLE", rule="later-before-earlier", severity="error", variable="ADT",
        value=pl.col("ADT").cast(pl.String),
        message="Sample {} is called later and dated {}, before an earlier one; it was paired as it is called.",
        parts=[pl.col("SAMPLE"), pl.col("ADT").cast(pl.String)],
    )  # fmt: skip
