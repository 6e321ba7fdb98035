"""Covariates of ``codon12.toml``: baseline characteristics and biomarkers, one value a subject."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from codon12.errors import ConfigError, DataError
from codon12.records.columns import number
from codon12.records.config import CONFIG_FILE, Covariate
from codon12.records.dates import parse_dtc
from codon12.records.dates.cutoff import start_column
from codon12.records.findings import Finding, findings_frame
from codon12.records.sql import evaluate, expression
from codon12.records.terms.scores import read_scores
from codon12.records.terms.spelling import spelling

if TYPE_CHECKING:
    from codon12.records.config import StudyConfig
    from codon12.records.study import Study

__all__ = [
    "add_covariates",
    "covariate_rows",
    "cut",
    "cut_places",
    "picked_rows",
    "resting_on_biomarkers",
    "words_among_numbers",
]

_MANY = 10
_MOSTLY = 0.8


def resting_on_biomarkers(config: StudyConfig) -> tuple[str, ...]:
    """Covariates whose expression names a biomarker, or another covariate that does; in the order of the file.

    Examples
    --------
    >>> from codon12.records import StudyConfig
    >>> both = Covariate(expression="KRAS || TPS"), Covariate(expression="SEX || ARM")
    >>> config = StudyConfig(biomarkers={"KRAS": "KRAS mutation"}, covariates=dict(zip("AB", both)))
    >>> resting_on_biomarkers(config)
    ('A',)
    """
    known = {f"{name.upper()}{end}" for name in config.biomarkers for end in ("", "_STATE", "_REASON", "_READFL")}
    found = []
    for name, covariate in config.covariates.items():
        if covariate.expression is None:
            continue
        parsed = expression(covariate.expression, where=f"{CONFIG_FILE}, key covariates.{name}.expression")
        if known & {n.upper() for n in parsed.meta.root_names()}:
            known.add(name.upper())
            found.append(name)
    return tuple(found)


def add_covariates(
    adsl: pl.DataFrame, study: Study, *, late: bool = False, picked: pl.LazyFrame | None = None
) -> pl.DataFrame:
    """Add the covariates of codon12.toml to ADSL, in the order of the file, so that later ones may use earlier ones.

    A covariate `NAME` becomes column NAME (upper case): a number where all values are numbers and no `labels`
    are given, a category (in the order of `labels`) where it is cut or labelled, else text, of which each level has
    one spelling (``level-spelling``). Where one row of a table decides, ``NAME_SRCDOM`` and ``NAME_SRCROW`` name it. A
    subject without a row has null; with ``pick = "any"`` N. Those that rest on biomarkers are added by a second call,
    with `late`, once ADSL has these.

    `picked` holds covariates whose rows are picked already (`covariates_alone`), a row a subject as in `adsl`.

    Raises
    ------
    ConfigError
        A table, column or expression does not exist; a number to cut is no number anywhere.
    DataError
        ``pick = "only"`` and a subject has two different values.
    """
    resting = resting_on_biomarkers(study.config)
    found = set() if picked is None else set(picked.collect_schema().names())
    for name, covariate in study.config.covariates.items():
        if (name in resting) != late:
            continue
        where = f"{CONFIG_FILE}, key covariates.{name}"
        column = name.upper()
        if covariate.expression is not None:
            value = evaluate(adsl, covariate.expression, where=f"{where}.expression").alias(column)
            adsl = adsl.with_columns(value)
        else:
            known = adsl.drop(column) if column in adsl.columns else adsl
            if picked is not None and column in found:
                adsl = known.hstack(picked.select(column, f"{column}_SRCDOM", f"{column}_SRCROW").collect())
            else:
                rows = covariate_rows(study, covariate, where=where)
                own = picked_rows(rows, adsl, covariate, column, where=where)
                adsl = known.join(own, on="USUBJID", how="left", maintain_order="left")
            if covariate.pick == "any":
                adsl = adsl.with_columns(pl.col(column).fill_null("N"))
        adsl = adsl.with_columns(_categories(adsl[column], covariate, where=where))
        if covariate.expression is None and adsl.schema[column] == pl.String:
            adsl = adsl.with_columns(spelling(adsl, pl.col(column), of=f"covariate {name}").alias(column))
    return adsl


def covariate_rows(study: Study, covariate: Covariate, *, where: str) -> pl.DataFrame:
    """Rows of a covariate's table that hold a value: USUBJID, _VALUE, dates, SRCDOM, SRCROW. Errors as above.

    _DATE is the first day that the date may mean, _LATEST the last; _AT the date as written, _SEQ the record's number.
    """
    table = (covariate.table or "").upper()
    if not study.has(table):
        raise ConfigError(f"{where}.table: no table {table}; there are {', '.join(sorted(study.tables))}")
    columns = study.columns(table)
    if "USUBJID" not in columns:
        raise ConfigError(f"{where}.table: table {table} has no USUBJID; map it under [tables.{table}]")
    frame = _read(study, table, covariate, where)
    if covariate.where is not None:
        keep = evaluate(frame, covariate.where, where=f"{where}.where")
        if keep.dtype != pl.Boolean:
            raise ConfigError(f"{where}.where: must be true or false for each row")
        frame = frame.filter(keep)
    value = pl.lit("Y")
    if covariate.value is not None and covariate.pick != "any":
        column = covariate.value if covariate.value in columns else covariate.value.upper()
        if column not in columns:
            raise ConfigError(
                f"{where}.value: table {table} has no column {covariate.value}; it has {', '.join(columns)}"
            )
        value = pl.col(column)
    rows = frame.select(
        "USUBJID",
        value.alias("_VALUE"),
        *_dates(table, frame),
        pl.col("SRCDOM"),
        pl.col("SRCROW"),
    )
    return rows.filter(pl.col("_VALUE").is_not_null()) if rows["_VALUE"].null_count() else rows


def _read(study: Study, table: str, covariate: Covariate, where: str) -> pl.DataFrame:
    """The columns of a table that a covariate is read from; all where its predicate names what is not there."""
    columns = study.columns(table)
    wanted = {"USUBJID", "SRCDOM", "SRCROW", "ADT", *_sequence(table), start_column(table, columns)}
    if covariate.value is not None:
        wanted |= {covariate.value, covariate.value.upper()}
    if covariate.where is not None:
        asked = expression(covariate.where, where=f"{where}.where").meta
        roots = set(asked.root_names())
        if asked.has_multiple_outputs() or not roots <= set(columns):
            return study.table(table)
        wanted |= roots
    return study.rows(table).select([c for c in columns if c in wanted]).collect()


def _sequence(table: str) -> tuple[str, str]:
    """Columns that number the records of a table."""
    return f"{table}SEQ", "ASEQ"


def _dates(table: str, frame: pl.DataFrame) -> list[pl.Expr]:
    column = start_column(table, frame.columns)
    number = next((pl.col(c) for c in _sequence(table) if c in frame.columns), pl.lit(None, pl.Int64))
    sequence = number.cast(pl.Float64, strict=False).alias("_SEQ")
    if column is not None:
        first, last = (parse_dtc(column, impute=how) for how in ("first", "last"))
        return [first.alias("_DATE"), last.alias("_LATEST"), pl.col(column).cast(pl.String).alias("_AT"), sequence]
    day = pl.col("ADT") if frame.schema.get("ADT") == pl.Date else pl.lit(None, pl.Date)
    return [day.alias("_DATE"), day.alias("_LATEST"), pl.lit(None, pl.String).alias("_AT"), sequence]


def picked_rows(
    rows: pl.DataFrame, adsl: pl.DataFrame, covariate: Covariate, column: str, *, where: str
) -> pl.DataFrame:
    """One row a subject: the one that decides."""
    pick = covariate.pick
    if pick in ("min", "max"):
        rows = rows.with_columns(number(pl.col("_VALUE").cast(pl.String)).alias("_NUMBER"))
    if pick == "only":
        several = rows.group_by("USUBJID").agg(pl.col("_VALUE").n_unique().alias("n")).filter(pl.col("n") > 1)
        if several.height:
            raise DataError(
                f'{where}: {several.height} subject(s) have several different values, and pick = "only"; '
                "choose first, last, last-before-start, min or max, or narrow 'where'"
            )
    if pick in ("min", "max") and rows.height and rows["_NUMBER"].null_count() == rows.height:
        raise ConfigError(f'{where}: pick = "{pick}" needs numbers, and no value of {covariate.value} is one')
    if pick == "last-before-start":
        start = adsl.select("USUBJID", "STARTDT")
        rows = rows.join(start, on="USUBJID", how="left", maintain_order="left")
        # A row without date cannot be after the start; a subject without start has no "before".
        rows = rows.filter((pl.col("_DATE") <= pl.col("STARTDT")).fill_null(value=True))
    # of one day the time, else the number of the record: the order of rows decides where neither is there
    by = [*(("_NUMBER",) if pick in ("min", "max") else ()), "_DATE", "_AT", "_SEQ", "SRCROW"]
    last = pick in ("last", "last-before-start", "max")
    ordered = rows.sort(by, descending=last, nulls_last=True)
    if ordered["USUBJID"].n_unique() < ordered.height:
        ordered = ordered.unique("USUBJID", keep="first", maintain_order=True)
    return ordered.select(
        "USUBJID",
        pl.col("_VALUE").alias(column),
        pl.col("SRCDOM").alias(f"{column}_SRCDOM"),
        pl.col("SRCROW").alias(f"{column}_SRCROW"),
    )


def _categories(values: pl.Series, covariate: Covariate, *, where: str) -> pl.Series:
    """Cut or order the values as the covariate says; plain numbers become numbers."""
    if covariate.cuts:
        lower, upper, _ = cut_places(values, covariate.cuts)
        if values.null_count() < len(values) and lower.null_count() == len(lower):
            raise ConfigError(f"{where}.cuts: no value is a number or score, for example {values.drop_nulls()[0]!r}")
        same = pl.select(pl.when(lower == upper).then(lower)).to_series()
        return _named_places(same.alias(values.name), covariate.cuts, covariate.labels)
    if covariate.labels:
        text = values.cast(pl.String)
        unknown = sorted(set(text.drop_nulls().unique()) - set(covariate.labels))
        if unknown:
            raise ConfigError(
                f"{where}.labels: the data also hold {', '.join(unknown[:10])}; name every level, or map them"
            )
        return text.cast(pl.Enum(covariate.labels))
    if values.dtype == pl.String and values.null_count() < len(values):
        numbers = pl.select(number(pl.lit(values))).to_series().alias(values.name)
        if numbers.null_count() == values.null_count():
            return numbers
    return values


def cut(values: pl.Series, cuts: list[float], *, labels: list[str] | None = None) -> pl.Series:
    """Cut numbers into categories at ascending lower bounds; null stays null.

    Examples
    --------
    >>> cut(pl.Series("TPS", [0.0, 1.0, 49.9, 50.0, None]), [1, 50]).to_list()
    ['<1', '1 to <50', '1 to <50', '>=50', None]
    """
    return _named_places(_place(values, cuts).alias(values.name), cuts, labels)


def cut_places(values: pl.Series, cuts: Sequence[float]) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Lowest and highest category that each value can lie in, by place; and why a text was not read.

    Numbers lie in one category. Other texts are read as scores in percent (`codon12.records.terms.scores`): ``<1``,
    ``60%``, ``1-49``, ``>=50``, ``negative``; the places differ where such a score spans a cut-off. Missing values,
    and texts that cannot be read, have no place.

    Examples
    --------
    >>> low, high, why = cut_places(pl.Series(["<1", "60%", "1-49", ">=1", "odd", None]), [1, 50])
    >>> low.to_list(), high.to_list(), why.is_not_null().to_list()
    ([0, 2, 1, 1, None, None], [0, 2, 1, 2, None, None], [False, False, False, False, True, False])
    """
    none = pl.Series("", [None] * len(values), dtype=pl.String)
    if values.dtype.is_numeric():
        place = _place(values, cuts)
        return place, place, none
    text = values.cast(pl.String)
    numbers = pl.select(number(pl.lit(text))).to_series()
    place = _place(numbers, cuts)
    if numbers.null_count() == text.null_count():
        return place, place, none
    scores = read_scores(pl.select(pl.when(numbers.is_null()).then(text)).to_series())
    reached = sum(
        (((scores["UPPER"] > c) | ((scores["UPPER"] == c) & scores["UPPER_IN"])).cast(pl.Int32) for c in cuts),
        start=pl.Series([0] * len(values), dtype=pl.Int32),
    )
    low = pl.select(pl.coalesce(place, _place(scores["LOWER"], cuts))).to_series()
    high = pl.select(pl.coalesce(place, reached)).to_series()
    return low, high, scores["PROBLEM"]


def _place(numbers: pl.Series, cuts: Sequence[float]) -> pl.Series:
    """Number of cut-offs that each number reaches; null where it is missing."""
    return sum(((numbers >= c).cast(pl.Int32) for c in cuts), start=pl.Series([0] * len(numbers), dtype=pl.Int32))


def _named_places(place: pl.Series, cuts: Sequence[float], labels: Sequence[str] | None) -> pl.Series:
    shown = [f"{c:g}" for c in cuts]
    middle = [f"{a} to <{b}" for a, b in pairwise(shown)]
    names = list(labels) if labels else [f"<{shown[0]}", *middle, f">={shown[-1]}"]
    categories = place.replace_strict(dict(enumerate(names)), return_dtype=pl.Enum(names), default=None)
    return categories.alias(place.name)


def words_among_numbers(adsl: pl.DataFrame, config: StudyConfig) -> pl.DataFrame:
    """Findings on covariates that are numbers but for a few texts, and so were taken as categories.

    Judged are covariates without `cuts` and `labels` that have at least ten distinct texts, four in five of the values
    numbers: an age with one ``NA`` would have a level a year.
    """
    found = []
    for name, covariate in config.covariates.items():
        column = name.upper()
        if covariate.cuts or covariate.labels or adsl.schema.get(column) != pl.String:
            continue
        values = adsl[column].drop_nulls()
        words = values.filter(pl.select(number(pl.lit(values))).to_series().is_null())
        if values.n_unique() < _MANY or words.is_empty() or len(words) > (1 - _MOSTLY) * len(values):
            continue
        shown = ", ".join(repr(w) for w in words.unique().sort().to_list()[:5])
        found.append(
            Finding(
                table=covariate.table or "ADSL",
                variable=column,
                rule="words-among-numbers",
                severity="warning",
                value=str(words[0]),
                message=f"{column} is a number in {len(values) - len(words)} subjects and a text in {len(words)} "
                f"({shown}): it was taken as categories. If that means missing, name it: [tables.{covariate.table}] "
                f"missing = [{shown}].",
            )
        )
    return findings_frame(found)
