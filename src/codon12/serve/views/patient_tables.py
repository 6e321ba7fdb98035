"""The rows of one subject in the derived frames: as tables with file and row, and as what the timeline draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

__all__ = ["RECORDS", "patient_tables", "record_tables", "timeline_rows"]

_TABLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("adex", "Exposure", ()),
    ("adtr", "Sums of target lesions", ("EVAL", "ADT", "VISIT", "AVAL", "BASE", "PCHG", "NADIR", "PCHGNAD", "ANL01FL")),
    ("lesions", "Lesions", ("EVAL", "ADT", "VISIT", "LESIONID", "GROUP", "LOC", "AVAL", "AVALC")),
    ("adrs", "Responses", ("EVAL", "PARAMCD", "ADT", "AVALC")),
    ("adtte", "Times to event", ("EVAL", "PARAMCD", "STARTDT", "ADT", "MONTHS", "CNSR", "EVNTDESC", "CNSDTDSC")),
    ("adae", "Adverse events", ("AEDECOD", "AETERM", "ASTDT", "AENDT", "ATOXGR", "AREL", "TRTEMFL", "AESER")),
    ("calls", "Alterations", ("SAMPLE", "GENE", "PROTEIN", "CODING", "CLASS", "VAF", "PARTNER")),
    ("progression", "How progression came", ()),
    ("mechanisms", "Mechanisms of resistance", ()),
    ("next_therapy", "Therapy after progression", ()),
)  # fmt: skip
"""Frame, heading, and the columns shown; all where none is named."""
_MOST = 400


def patient_tables(frames: Mapping[str, pl.DataFrame], subject: str, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Tables of a subject: name, title, heads, lines; the last two columns are file and row where they are known."""
    return _tables(frames, _TABLES, subject, files)


def _tables(
    frames: Mapping[str, pl.DataFrame],
    wanted_tables: Sequence[tuple[str, str, tuple[str, ...]]],
    subject: str,
    files: Mapping[str, str],
) -> list[dict[str, Any]]:
    out = []
    for name, title, wanted in wanted_tables:
        frame = frames.get(name)
        if frame is None or "USUBJID" not in frame.columns:
            continue
        own = frame.filter(pl.col("USUBJID").cast(pl.String) == subject)
        if own.is_empty():
            continue
        skipped = {"USUBJID", "SRCDOM", "SRCROW", "SRCSEQ", "SRCVAR"}
        columns = [c for c in (wanted or own.columns) if c in own.columns and c not in skipped]
        columns = [
            c for c in columns if own[c].is_not_null().any() and not isinstance(own.schema[c], pl.List | pl.Struct)
        ]
        by = [c for c in ("ADT", "ASTDT") if c in own.columns]
        own = own.sort(by, nulls_last=True, maintain_order=True) if by else own
        heads = list(columns)
        lines = [[_cell(v) for v in row] for row in own.select(columns).head(_MOST).iter_rows()] if columns else []
        if "SRCROW" in own.columns and "SRCDOM" in own.columns:
            heads += ["File", "Row"]
            places = own.select(pl.col("SRCDOM").cast(pl.String), "SRCROW").head(_MOST).iter_rows()
            lines = [[*line, files.get(d or "", d or ""), _cell(r)] for line, (d, r) in zip(lines, places, strict=True)]
        out.append({"name": name, "title": title, "heads": heads, "lines": lines, "count": own.height})
    return out


_RECORDS = (
    ("EX", "Doses as recorded", ("EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRQ", "EXADJ", "EXSTDTC", "EXENDTC")),
    ("CM", "Other medication as recorded", ("CMTRT", "CMCAT", "CMCLAS", "CMSTDTC", "CMENDTC")),
    ("PR", "Procedures as recorded", ("PRTRT", "PRCAT", "PRSTDTC")),
    ("GF", "Samples and alterations as recorded", ("GFSPEC", "GFDTC", "GFSYM", "GFTEST", "GFORRES", "GFSTRESC")),
)
"""Tables that no derived frame holds row by row."""
RECORDS = tuple(name for name, _, _ in _RECORDS)


def record_tables(records: Mapping[str, pl.DataFrame], subject: str, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Doses, medication, procedures and samples of a subject as the records have them; shaped as `patient_tables`."""
    return _tables(records, _RECORDS, subject, files)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}" if not 1e4 <= abs(value) < 1e15 else f"{value:.0f}"
    return str(value)


def timeline_rows(
    frames: Mapping[str, pl.DataFrame], subject: str, records: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, dt.date | None]:
    """What the timeline of a subject draws, in days since time zero, and that day.

    LANE, KIND (``span``, ``point`` or ``sum``), FROM, TO, VALUE, TEXT; rows without a day are left to the tables.
    """
    schema = {
        "LANE": pl.String,
        "KIND": pl.String,
        "FROM": pl.Date,
        "TO": pl.Date,
        "VALUE": pl.Float64,
        "TEXT": pl.String,
    }
    adsl = frames["adsl"].filter(pl.col("USUBJID").cast(pl.String) == subject)
    facts = adsl.row(0, named=True) if adsl.height else {}
    rows: list[tuple[Any, ...]] = []
    start = next((facts[c] for c in ("STARTDT", "RANDDT", "TRTSDT") if facts.get(c) is not None), None)
    doses = _doses(records, subject)
    rows += doses
    if not doses and facts.get("TRTSDT") is not None:
        end = facts.get("TRTEDT") or facts.get("LSTALVDT") or facts["TRTSDT"]
        rows.append(("Treatment", "span", facts["TRTSDT"], end, None, str(facts.get("TRT01A") or "treatment")))
    last = ("DTHDT", "death") if facts.get("DTHDT") is not None else ("LSTALVDT", "last known alive")
    for column, words in (("RANDDT", "randomised"), last):
        if facts.get(column) is not None:
            rows.append(("Course", "point", facts[column], None, None, words))
    rows += _assessments(frames, subject) + _samples(records, subject)
    for row in _own(frames, "adae", subject):
        if row.get("ASTDT") is not None:
            term = str(row.get("AEDECOD") or row.get("AETERM") or "adverse event")
            grade = row.get("ATOXGR")
            words = term.lower() + ("" if grade is None else f", grade {grade}")
            rows.append(("Adverse events", "span", row["ASTDT"], row.get("AENDT") or row["ASTDT"], grade, words))
    found = pl.DataFrame(rows, schema=schema, orient="row")
    if start is None or found.is_empty():
        return found.with_columns(DAY=pl.lit(None, pl.Int64), UNTIL=pl.lit(None, pl.Int64)).clear(), start
    days = [(pl.col(c) - pl.lit(start)).dt.total_days() for c in ("FROM", "TO")]
    return found.with_columns(DAY=days[0], UNTIL=days[1]), start


def _day(text: Any) -> dt.date | None:
    """Whole date of a text as collected; a partial one stands in the table alone."""
    try:
        return dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _doses(records: Mapping[str, pl.DataFrame], subject: str) -> list[tuple[Any, ...]]:
    """Each record of a dose, from its first to its last day."""
    out: list[tuple[Any, ...]] = []
    for row in _own(records, "EX", subject):
        first, last = _day(row.get("EXSTDTC")), _day(row.get("EXENDTC"))
        if first is not None:
            dose = "" if row.get("EXDOSE") is None else f" {_cell(row['EXDOSE'])} {row.get('EXDOSU') or ''}"
            out.append(
                ("Treatment", "span", first, last or first, None, f"{row.get('EXTRT') or 'treatment'}{dose}".strip())
            )
    return out


def _samples(records: Mapping[str, pl.DataFrame], subject: str) -> list[tuple[Any, ...]]:
    """Days on which samples were taken for genes, with what they are."""
    seen: dict[dt.date, str] = {}
    for row in _own(records, "GF", subject):
        day = _day(row.get("GFDTC"))
        if day is not None:
            seen.setdefault(day, str(row.get("GFSPEC") or "sample").lower())
    return [("Samples", "point", day, None, None, words) for day, words in sorted(seen.items())]


def _own(frames: Mapping[str, pl.DataFrame], name: str, subject: str) -> list[dict[str, Any]]:
    frame = frames.get(name)
    if frame is None or "USUBJID" not in frame.columns:
        return []
    return frame.filter(pl.col("USUBJID").cast(pl.String) == subject).to_dicts()


def _assessments(frames: Mapping[str, pl.DataFrame], subject: str) -> list[tuple[Any, ...]]:
    """Overall responses and sums, a lane an evaluator."""
    rows: list[tuple[Any, ...]] = []
    for row in _own(frames, "adrs", subject):
        if row["PARAMCD"] == "OVRLRESP" and row["ADT"] is not None:
            who = str(row.get("EVAL") or "").capitalize()
            rows.append((f"Response, {who}" if who else "Response", "point", row["ADT"], None, None, str(row["AVALC"])))
    for row in _own(frames, "adtr", subject):
        if row["PARAMCD"] == "SDIAM" and row["ADT"] is not None and row["AVAL"] is not None:
            who = str(row.get("EVAL") or "").capitalize()
            rows.append((who, "sum", row["ADT"], None, float(row["AVAL"]), f"{row['AVAL']:g} mm"))
    return rows
