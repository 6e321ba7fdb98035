"""Rules within one table: columns, keys, dates, ages, times."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.event_times import LONGEST_YEARS
from codon12.records.config import StudyConfig
from codon12.records.dates import dtc_state, parse_dtc
from codon12.records.rows import may_repeat
from codon12.records.terms.ages import age_in_years
from codon12.records.validation.rule import Breach, Check, Rule, Tables, breaches, once

__all__ = ["REQUIRED", "WITHIN"]

REQUIRED = {
    "DM": ("USUBJID",),
    "EX": ("USUBJID", "EXSTDTC"),
    "DS": ("USUBJID", "DSDECOD"),
    "AE": ("USUBJID", "AETERM"),
    "TU": ("USUBJID", "TULNKID", "TUSTRESC"),
    "TR": ("USUBJID", "TRLNKID", "TRTESTCD", "TRDTC"),
    "RS": ("USUBJID", "RSTESTCD", "RSSTRESC", "RSDTC"),
    **dict.fromkeys(("CM", "PR", "SS", "DD"), ("USUBJID",)),
    "ADSL": ("USUBJID",),
    "ADTTE": ("USUBJID", "PARAMCD", "AVAL", "CNSR"),
    "ADRS": ("USUBJID", "PARAMCD", "AVALC"),
    "ADTR": ("USUBJID", "PARAMCD", "AVAL"),
    "ADAE": ("USUBJID",),
}
"""Columns without which a table says nothing."""

KEYS = {"DM": ("USUBJID",), "ADSL": ("USUBJID",), "PATIENT": ("USUBJID",), "SAMPLE": ("SAMPLE_ID",)}
"""Key of tables whose key is not --SEQ."""


def _required(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table, columns in REQUIRED.items():
        if table in tables:
            for column in columns:
                if column not in tables[table].columns:
                    row = pl.DataFrame(
                        {"USUBJID": [None], "SRCROW": [None], "_VALUE": [column], "_OTHER": [None]},
                        schema={"USUBJID": pl.String, "SRCROW": pl.Int64, "_VALUE": pl.String, "_OTHER": pl.String},
                    )
                    out.append(Breach(table, row, column))
    return out


def _empty(tables: Tables, _: StudyConfig) -> list[Breach]:
    row = pl.DataFrame(
        {"SRCROW": [None], "_VALUE": [None], "_OTHER": [None]},
        schema={"SRCROW": pl.Int64, "_VALUE": pl.String, "_OTHER": pl.String},
    )
    return [Breach(table, row, "SRCROW") for table, frame in sorted(tables.items()) if not frame.height]


def _no_subject(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table, frame in sorted(tables.items()):
        named = "USUBJID" in frame.columns and not table.startswith(("MUT", "SV", "GENE", "CNA"))
        if named and frame["USUBJID"].null_count():
            out += breaches(table, frame, pl.col("USUBJID").is_null(), "USUBJID")
    return out


def _duplicated(tables: Tables) -> list[Breach]:
    out = []
    for table, frame in sorted(tables.items()):
        key = KEYS.get(table, ("USUBJID", f"{table[:2]}SEQ"))
        if (len(table) > 2 and table not in KEYS) or not set(key) <= set(frame.columns):
            continue
        known = frame.drop_nulls(key) if any(frame[c].null_count() for c in key) else frame
        known = known.filter(may_repeat(known, key))
        again = pl.struct(key).is_duplicated()
        if table == "SAMPLE" and "USUBJID" in frame.columns:
            again = again & (pl.col("USUBJID").n_unique().over("SAMPLE_ID") > 1)
        out += breaches(table, known, again, key[-1], other=pl.lit(", ".join(key)))
    return out


def _one_sample_twice(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Rows of one sample and one subject; those of several subjects leave no right answer."""
    frame = tables.get("SAMPLE")
    if frame is None or not {"USUBJID", "SAMPLE_ID"} <= set(frame.columns):
        return []
    known = frame.filter(pl.col("SAMPLE_ID").is_not_null())
    again = pl.col("SAMPLE_ID").is_duplicated() & (pl.col("USUBJID").n_unique().over("SAMPLE_ID") == 1)
    return breaches("SAMPLE", known, again, "SAMPLE_ID")


def _untold(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table in ("PATIENT", "ADSL"):
        if table in tables and "USUBJID" in tables[table].columns:
            values = [c for c in tables[table].columns if c not in ("USUBJID", "SRCDOM", "SRCROW", "SRCFILE")]
            none = pl.all_horizontal(pl.col(values).is_null()) & pl.col("USUBJID").is_not_null()
            out += breaches(table, tables[table], none, "USUBJID") if values else []
    return out


def _times_twice(tables: Tables, _: StudyConfig) -> list[Breach]:
    if "ADTTE" not in tables or not {"USUBJID", "PARAMCD"} <= set(tables["ADTTE"].columns):
        return []
    frame = tables["ADTTE"]
    return breaches("ADTTE", frame, pl.struct("USUBJID", "PARAMCD").is_duplicated(), "PARAMCD")


def _dates(state: str) -> Check:
    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        out = []
        for table, column in once(tables, _not_complete):
            out += breaches(table, tables[table], dtc_state(column) == state, column)
        return out

    return check


def _not_complete(tables: Tables) -> list[tuple[str, str]]:
    """Table and column of dates of which any is not complete."""
    out = []
    for table, frame in sorted(tables.items()):
        names = [c for c, dtype in frame.schema.items() if c.endswith("DTC") and dtype == pl.String]
        odd = frame.select((pl.col(c).is_not_null() & parse_dtc(c).is_null()).any() for c in names) if names else None
        out += [] if odd is None else [(table, c) for c, some in zip(names, odd.row(0), strict=True) if some]
    return out


def _start_end(table: str, columns: list[str]) -> tuple[str, str] | None:
    pair = ("RFSTDTC", "RFENDTC") if table == "DM" else (f"{table}STDTC", f"{table}ENDTC")
    return pair if set(pair) <= set(columns) else None


def _end_before_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table, frame in sorted(tables.items()):
        pair = _start_end(table, frame.columns)
        if pair:
            # Partial dates break the rule only if no day they may mean keeps it.
            bad = parse_dtc(pair[1], impute="last") < parse_dtc(pair[0], impute="first")
            out += breaches(table, frame, bad, pair[1], other=pl.col(pair[0]))
    return out


def _ages(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table in ("DM", "ADSL", "PATIENT"):
        if table in tables and tables[table].schema.get("AGE") == pl.Float64:
            out += breaches(table, tables[table], ~age_in_years(tables[table]).is_between(0, 120), "AGE")
    return out


def _times(tables: Tables, _: StudyConfig) -> list[Breach]:
    frame = tables.get("ADTTE")
    return [] if frame is None or "AVAL" not in frame.columns else breaches("ADTTE", frame, pl.col("AVAL") < 0, "AVAL")


def _absurd_times(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Times given in ADTTE that no patient can have lived; taken as days where no unit is stated."""
    frame = tables.get("ADTTE")
    if frame is None or frame.schema.get("AVAL") != pl.Float64:
        return []
    unit = pl.col("AVALU").str.to_uppercase().str.strip_suffix("S") if "AVALU" in frame.columns else pl.lit("DAY")
    per_year = unit.replace_strict({"WEEK": 53.0, "MONTH": 12.0, "YEAR": 1.0}, default=366.0)
    return breaches("ADTTE", frame, pl.col("AVAL") > LONGEST_YEARS * per_year, "AVAL", other=pl.lit(str(LONGEST_YEARS)))


_ALL = ("sdtm", "adam", "tables", "cbioportal")

WITHIN: tuple[Rule, ...] = (
    Rule(id="column-missing", scope="within", severity="error", formats=_ALL, check=_required,
         sentence="Table {table} has no column {variable}; nothing can be derived from it without."),
    Rule(id="table-empty", scope="within", severity="warning", formats=_ALL, check=_empty,
         sentence="Table {table} has a header and no rows."),
    Rule(id="subject-missing", scope="within", severity="warning", formats=_ALL, check=_no_subject,
         sentence="{table} row {row} has no USUBJID and belongs to nobody."),
    Rule(id="duplicated-subject", scope="within", severity="error", formats=_ALL,
         check=lambda t, _: [b for b in once(t, _duplicated) if b.table in KEYS],
         sentence="{table} row {row}: {other} {value} stands in more than one row."),
    Rule(id="duplicated-sample", scope="within", severity="warning", formats=("tables", "cbioportal"),
         check=_one_sample_twice,
         sentence="{table} row {row}: sample {value} of the same subject stands in more than one row."),
    Rule(id="subject-without-data", scope="within", severity="warning", formats=("tables", "cbioportal"), check=_untold,
         sentence="{table} row {row}: only the identifier of the subject is known, who does not count as treated."),
    Rule(id="duplicated-sequence", scope="within", severity="warning",
         check=lambda t, _: [b for b in once(t, _duplicated) if b.table not in KEYS],
         sentence="{table} row {row}: key {other} ({value}) stands in more than one row of the subject."),
    Rule(id="duplicated-time", scope="within", severity="error", formats=("tables", "cbioportal"), check=_times_twice,
         sentence="{table} row {row}: the subject has more than one time {value}."),
    Rule(id="date-impossible", scope="within", severity="warning", check=_dates("impossible"),
         sentence="{table} row {row}: {variable} '{value}' is no date; it is not used."),
    Rule(id="date-partial", scope="within", severity="note", check=_dates("partial"),
         sentence="{table} row {row}: {variable} '{value}' is partial; each use imputes it by its own rule."),
    Rule(id="end-before-start", scope="within", severity="warning", check=_end_before_start,
         sentence="{table} row {row}: {variable} {value} is before its start {other}."),
    Rule(id="age-absurd", scope="within", severity="warning", formats=_ALL, check=_ages,
         sentence="{table} row {row}: AGE {value} is outside 0 to 120; it was used as given."),
    Rule(id="time-absurd-given", scope="within", severity="error", formats=("adam",), check=_absurd_times,
         sentence="{table} row {row}: a time of {value} is longer than {other} years."),
    Rule(id="time-negative-given", scope="within", severity="warning", formats=("adam",), check=_times,
         sentence="{table} row {row}: a time of {value} is negative."),
)  # fmt: skip
"""Rules that look at one table at a time."""
