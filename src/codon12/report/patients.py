"""Each patient in time, for the page: doses, scans with sums and lesions, responses, events and samples, in days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codon12.figures.lettering import half_up, shown_column

__all__ = ["MAX_PATIENTS", "patient_block"]

MAX_PATIENTS = 500
"""Larger studies have no patient pages in the report; `codon12 serve` shows one patient of them at a time."""
_ROW = {
    "USUBJID": pl.String,
    "LANE": pl.String,
    "KIND": pl.Int64,
    "FROM": pl.Date,
    "TO": pl.Date,
    "VALUE": pl.Float64,
    "TEXT": pl.String,
}
_SPAN, _POINT, _SUM = 0, 1, 2
_FACTS = (("TRT01A", "Treatment"), ("AGE", "Age"), ("SEX", "Sex"), ("RACE", "Race"), ("EOTSTT", "Treatment status"),
          ("EOSSTT", "Study status"))  # fmt: skip


def patient_block(evidence: Any, subjects: list[str]) -> dict[str, Any] | None:
    """Data of the patient pages; None where the study has more than `MAX_PATIENTS` subjects or none.

    Parameters
    ----------
    evidence
        Evidence of the study, its subjects under the names they have on the page.
    subjects
        Subjects in the order of the page's data block; what is returned names them by their place in it.

    Returns
    -------
    dict
        ``words``: every text once; ``rows``: subject, lane, kind (0 span, 1 point, 2 sum), day, last day, value, text;
        ``lesions``: subject, lesion, day, mm, state; ``times``: subject, endpoint, months, event, words; ``facts``:
        heads, and a line a subject; ``month``: days of a month. Days count from time zero (0); what has no whole date
        is left out here and stands in the frames alone.
    """
    if not 0 < len(subjects) <= MAX_PATIENTS:
        return None
    frames: Mapping[str, pl.DataFrame] = evidence.frames
    adsl = frames["adsl"].with_columns(pl.col("USUBJID").cast(pl.String))
    place = pl.DataFrame({"USUBJID": subjects}).with_row_index("who")
    zero = [c for c in ("STARTDT", "RANDDT", "TRTSDT") if adsl.schema.get(c) == pl.Date]
    start = adsl.select("USUBJID", ZERO=pl.coalesce(zero) if zero else pl.lit(None, pl.Date)).unique("USUBJID")
    start = start.join(place, on="USUBJID").with_columns(pl.col("who").cast(pl.Int64))
    rows = _with_days(_rows(evidence, adsl), start)
    lesions, times = _lesions(frames, start), _times(evidence, start)
    texts = [rows["LANE"], rows["TEXT"], lesions["NAME"], lesions["STATE"], times["NAME"], times["TEXT"]]
    words = pl.concat([t.rename("word") for t in texts]).drop_nulls().unique().sort()
    code = {w: i for i, w in enumerate(words.to_list())}

    def coded(frame: pl.DataFrame, *columns: str) -> list[list[Any]]:
        return [
            frame[c].replace_strict(code, default=None, return_dtype=pl.Int64).to_list()
            if frame.schema[c] == pl.String
            else frame[c].to_list()
            for c in columns
        ]

    return {
        "words": words.to_list(),
        "rows": coded(rows, "who", "LANE", "KIND", "DAY", "UNTIL", "VALUE", "TEXT"),
        "lesions": coded(lesions, "who", "NAME", "DAY", "AVAL", "STATE"),
        "times": coded(times, "who", "NAME", "MONTHS", "EVENT", "TEXT"),
        "facts": _facts(evidence, adsl, place),
        "month": evidence.context.month,
    }


def _with_days(rows: pl.DataFrame, start: pl.DataFrame) -> pl.DataFrame:
    lanes = pl.DataFrame({"LANE": rows["LANE"].unique(maintain_order=True)}).with_row_index("_lane")
    return (
        rows.join(start, on="USUBJID", how="inner")
        .with_columns(
            DAY=(pl.col("FROM") - pl.col("ZERO")).dt.total_days(),
            UNTIL=(pl.col("TO") - pl.col("ZERO")).dt.total_days(),
        )
        .filter(pl.col("DAY").is_not_null())
        .join(lanes, on="LANE", how="left")
        .sort("who", "_lane", "DAY", "UNTIL", "TEXT")
    )


def _rows(evidence: Any, adsl: pl.DataFrame) -> pl.DataFrame:
    frames: Mapping[str, pl.DataFrame] = evidence.frames
    doses = _records(evidence, "EX", "EXSTDTC")
    parts = [_doses(doses) if doses is not None else _treated(adsl), *_course(adsl)]
    adrs = frames.get("adrs")
    if adrs is not None:
        overall = adrs.filter(PARAMCD="OVRLRESP")
        parts.append(_of(overall, _by("Response", overall), _POINT, "ADT", text=pl.col("AVALC")))
    samples = _records(evidence, "GF", "GFDTC")
    if samples is not None:
        kind = pl.col("GFSPEC").cast(pl.String).str.to_lowercase() if "GFSPEC" in samples.columns else pl.lit("sample")
        taken = samples.with_columns(DT=_day("GFDTC")).unique(["USUBJID", "DT"], keep="first", maintain_order=True)
        parts.append(_of(taken, pl.lit("Samples"), _POINT, "DT", text=kind.fill_null("sample")))
    adae = frames.get("adae")
    if adae is not None and "ASTDT" in adae.columns:
        parts.append(_events(adae))
    adtr = frames.get("adtr")
    if adtr is not None:
        sums = adtr.filter((pl.col("PARAMCD") == "SDIAM") & pl.col("AVAL").is_not_null())
        reader = pl.col("EVAL").cast(pl.String).str.to_titlecase().fill_null("Sum")
        parts.append(_of(sums, reader, _SUM, "ADT", value=half_up(pl.col("AVAL").cast(pl.Float64), 1)))
    return pl.concat(parts)


def _of(
    frame: pl.DataFrame,
    lane: pl.Expr,
    kind: int,
    first: str,
    last: str | None = None,
    *,
    value: pl.Expr | None = None,
    text: pl.Expr | None = None,
) -> pl.DataFrame:
    """Rows of a lane from the columns of a frame."""
    picked = (pl.lit(None) if e is None else e for e in (None if last is None else pl.col(last), value, text))
    until, number, words = picked
    out = frame.select(
        USUBJID=pl.col("USUBJID"), LANE=lane, KIND=pl.lit(kind), FROM=pl.col(first), TO=until, VALUE=number, TEXT=words
    )
    out = out.cast(_ROW)  # type: ignore[arg-type]  # a schema of classes is one of types
    return out.with_columns(shown_column(pl.col("LANE"), 60), shown_column(pl.col("TEXT"), 80))


def _by(words: str, frame: pl.DataFrame) -> pl.Expr:
    reader = pl.col("EVAL").cast(pl.String).str.to_lowercase()
    several = frame["EVAL"].n_unique() > 1 if frame.height else False
    return pl.format("{}, {}", pl.lit(words), reader.fill_null("?")) if several else pl.lit(words)


def _records(evidence: Any, table: str, day: str) -> pl.DataFrame | None:
    """A table of the records, its subjects under the names they have in the evidence."""
    study = evidence.context.study
    if study is None or not study.has(table):
        return None
    records = study.table(table)
    if not {"USUBJID", day} <= set(records.columns):
        return None
    names = evidence.context.adsl["USUBJID"].cast(pl.String), evidence.frames["adsl"]["USUBJID"].cast(pl.String)
    named = pl.DataFrame({"USUBJID": names[0], "_name": names[1]}).unique("USUBJID")
    masked = not names[0].equals(names[1])
    out = records.with_columns(pl.col("USUBJID").cast(pl.String)).join(named, on="USUBJID", how="inner")
    free = [c for c in ("EXTRT", "GFSPEC") if masked and c in out.columns]  # a free text may name somebody
    return out.with_columns(USUBJID=pl.col("_name")).drop("_name", *free)


def _day(column: str) -> pl.Expr:
    """Whole dates of texts as collected."""
    return pl.col(column).cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _doses(records: pl.DataFrame) -> pl.DataFrame:
    said = {c: pl.col(c).cast(pl.String) if c in records.columns else None for c in ("EXTRT", "EXDOSE", "EXDOSU")}
    words = [w for w in said.values() if w is not None]
    last = _day("EXENDTC") if "EXENDTC" in records.columns else pl.lit(None, pl.Date)
    dated = records.with_columns(FIRST=_day("EXSTDTC")).with_columns(LAST=pl.coalesce(last, "FIRST"))
    text = pl.concat_str(words, separator=" ", ignore_nulls=True) if words else pl.lit("treatment")
    return _of(dated, pl.lit("Treatment"), _SPAN, "FIRST", "LAST", text=text)


def _treated(adsl: pl.DataFrame) -> pl.DataFrame:
    if adsl.schema.get("TRTSDT") != pl.Date:
        return pl.DataFrame(schema=_ROW)
    ends = [c for c in ("TRTEDT", "LSTALVDT", "TRTSDT") if adsl.schema.get(c) == pl.Date]
    name = pl.col("TRT01A") if "TRT01A" in adsl.columns else pl.lit(None, pl.String)
    dated = adsl.with_columns(_LAST=pl.coalesce(ends))
    return _of(dated, pl.lit("Treatment"), _SPAN, "TRTSDT", "_LAST", text=name.fill_null("treatment"))


def _course(adsl: pl.DataFrame) -> list[pl.DataFrame]:
    """Randomisation, death, or when a subject was last known alive."""
    out = []
    for column, words in (("RANDDT", "randomised"), ("DTHDT", "death"), ("LSTALVDT", "last known alive")):
        if adsl.schema.get(column) != pl.Date:
            continue
        own = adsl
        if column == "LSTALVDT" and "DTHDT" in adsl.columns:
            own = adsl.filter(pl.col("DTHDT").is_null())
        out.append(_of(own, pl.lit("Course"), _POINT, column, text=pl.lit(words)))
    return out


def _events(adae: pl.DataFrame) -> pl.DataFrame:
    """A lane a term: spans with the grade as value."""
    terms = [pl.col(c).cast(pl.String) for c in ("AEDECOD", "AETERM") if c in adae.columns]
    term = pl.coalesce(*terms, pl.lit("adverse event")) if terms else pl.lit("adverse event")
    lane = pl.format("AE: {}", term.str.to_lowercase())
    grade = pl.col("ATOXGR").cast(pl.Float64, strict=False) if "ATOXGR" in adae.columns else pl.lit(None, pl.Float64)
    graded = pl.format("grade {}", grade.cast(pl.Int64))
    last = "AENDT" if adae.schema.get("AENDT") == pl.Date else "ASTDT"
    dated = adae.with_columns(_LAST=pl.coalesce(last, "ASTDT"))
    return _of(
        dated, lane, _SPAN, "ASTDT", "_LAST", value=grade, text=pl.coalesce(graded, pl.lit("grade not recorded"))
    )


def _lesions(frames: Mapping[str, pl.DataFrame], start: pl.DataFrame) -> pl.DataFrame:
    """Each lesion by name, with what was seen of it and when."""
    lesions = frames.get("lesions")
    if lesions is None or not lesions.height:
        schema = {"who": pl.Int64, "NAME": pl.String, "DAY": pl.Int64, "AVAL": pl.Float64, "STATE": pl.String}
        return pl.DataFrame(schema=schema)
    words = [pl.col(c).cast(pl.String) for c in ("EVAL", "LESIONID", "GROUP", "LOC") if c in lesions.columns]
    return (
        lesions.with_columns(pl.col("USUBJID").cast(pl.String))
        .join(start, on="USUBJID", how="inner")
        .select(
            "who",
            NAME=shown_column(pl.concat_str(words, separator=", ", ignore_nulls=True).str.to_lowercase(), 80),
            DAY=(pl.col("ADT") - pl.col("ZERO")).dt.total_days(),
            AVAL=half_up(pl.col("AVAL").cast(pl.Float64), 1),
            STATE=shown_column(pl.col("AVALC").str.to_lowercase(), 40),
        )
        .filter(pl.col("DAY").is_not_null())
        .sort("who", "NAME", "DAY")
    )


def _times(evidence: Any, start: pl.DataFrame) -> pl.DataFrame:
    """Each time to event with its end."""
    adtte = evidence.frames.get("adtte")
    schema = {"who": pl.Int64, "NAME": pl.String, "MONTHS": pl.Float64, "EVENT": pl.Int64, "TEXT": pl.String}
    if adtte is None or not adtte.height:
        return pl.DataFrame(schema=schema)
    codes = adtte["PARAMCD"].unique().to_list()
    titles = {c: evidence.endpoint(c).title for c in codes}
    reader = pl.col("EVAL").cast(pl.String).str.to_lowercase() if "EVAL" in adtte.columns else pl.lit(None, pl.String)
    name = pl.col("PARAMCD").replace(titles)
    why = [pl.col(c).cast(pl.String) for c in ("EVNTDESC", "CNSDTDSC") if c in adtte.columns]
    return (
        adtte.with_columns(pl.col("USUBJID").cast(pl.String))
        .join(start, on="USUBJID", how="inner")
        .filter(pl.col("MONTHS").is_not_null())
        .select(
            "who",
            NAME=pl.concat_str([name, reader], separator=", ", ignore_nulls=True),
            MONTHS=half_up(pl.col("MONTHS"), 4),
            EVENT=(pl.col("CNSR") == 0).cast(pl.Int64),
            TEXT=shown_column(pl.coalesce(why) if why else pl.lit(None, pl.String), 80),
        )
        .sort("who", "NAME")
    )


def _facts(evidence: Any, adsl: pl.DataFrame, place: pl.DataFrame) -> dict[str, Any]:
    """What is known of each subject at the start: treatment, age, and the covariates that the configuration names."""
    named = {c: h for c, h in _FACTS if c in adsl.columns}
    for name, told in evidence.context.config.covariates.items():
        if name in adsl.columns:
            named[name] = told.label or name
    best = evidence.context.best_response[0]
    adrs = evidence.frames.get("adrs")
    own = place.join(adsl.unique("USUBJID"), on="USUBJID", how="left", maintain_order="left")
    if adrs is not None and evidence.context.evaluators:
        first = adrs.filter(PARAMCD=best, EVAL=evidence.context.evaluators[0]).select("USUBJID", _BEST="AVALC")
        own = own.join(first.unique("USUBJID"), on="USUBJID", how="left", maintain_order="left")
        named["_BEST"] = "Best response"
    flat = own.select(shown_column(pl.col(c).cast(pl.String, strict=False), 80) for c in named)
    return {"heads": [str(h) for h in named.values()], "lines": [list(r) for r in flat.iter_rows()]}
