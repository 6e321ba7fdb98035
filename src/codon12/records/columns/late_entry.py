"""Columns that may tell when a patient came under observation, and whether that is after time zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import polars as pl

from codon12.records.columns.types import number
from codon12.records.config import TableSource, TimeSource
from codon12.records.dates import parse_dtc
from codon12.records.dates.written import iso_dates
from codon12.records.findings import Finding

__all__ = ["SERIAL_DAYS", "entry_expression", "late_entries", "may_be_entry"]

_STEMS = (
    *(
        "consent",
        "icf",
        "signed",
        "signature",
        "firma",
        "unterschrift",
        "einwillig",
        "einverstand",
        "toestemming",
        "dongui",
        "doui",
    ),
    *("inclu", "enrol", "einschluss", "eingeschlossen", "inklusion", "arruol", "reclut", "recrut", "recruit", "rekrut"),
    *("regist", "enregistr", "inschrijv", "touroku", "toroku", "deungrok", "deungnok", "entry", "entered", "eintritt"),
    *("sequenc", "seq", "sequenz", "secuenc", "ngs", "referral", "referred", "zuweis"),
    *("erstvorstellung", "erstkontakt", "erstkonsult", "shoshin", "chojin"),
)
_SCRIPTS = ("同意", "登録", "初診", "동의", "등록", "초진")
_FIRST = frozenset(
    ("first", "erste", "erster", "erstes", "premiere", "premier", "primera", "primer", "prima", "eerste")
)
_FIRST |= {"primeira", "primo", "initial"}
_VISIT = ("visit", "consult", "contact", "kontakt", "appointment", "seen", "vorstellung", "bezoek", "polibezoek", "rdv")
_NOT = ("data", "record", "created", "modif", "last", "end", "birth", "age", "planned")
"""Words of a heading that speaks of something else: the entry of data, a last visit."""
_UNITS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
_DURATIONS = re.compile(r"(?:month|mo|mes|monat|mois|mese|maand|day|tag|jour|dia|giorn|dag|week|year|jahr|an)\w{0,3}")
_STARTS = ("STARTDT", "RANDDT", "TRTSDT", "DIAGDT")
_KNOWN = (*_STARTS, "DTHDT", "LSTALVDT", "PROGDT", "BRTHDT", "TRTEDT")
_USUAL = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%d %b %Y", "%d-%b-%Y")
_MINUS = re.compile(r"""-\s*(?:"([^"]+)"|(\w+))""")
SERIAL_DAYS = (36_526, 49_500)
"""Serial numbers of a spreadsheet from 2000 to 2035, the days that a study has."""
_ENOUGH = 0.5
"""Share of filled cells that are dates, from which a column is one of dates."""


def may_be_entry(heading: str) -> bool:
    """Tell whether a heading speaks of consent, inclusion, registration, sequencing or a first visit.

    Examples
    --------
    >>> [may_be_entry(h) for h in ("Consentement", "Einschluss Register", "NGS report", "Date of data entry", "Sex")]
    [True, True, True, False, False]
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)).casefold()
    spoken = re.findall(r"[^\W_\d]+", "".join(c for c in plain if not unicodedata.combining(c)))
    if any(s in heading for s in _SCRIPTS):
        return True
    if any(w.startswith(_NOT) for w in spoken if w not in ("data", "date")) or spoken[:2] == ["data", "entry"]:
        return False
    if {"data", "entry"} <= {*spoken} or {"datum", "daten"} <= {*spoken}:
        return False
    first = bool(_FIRST & {*spoken}) and any(w.startswith(_VISIT) for w in spoken)
    return first or "ci" in spoken or any(w.startswith(_STEMS) and (w != "included" or len(spoken) > 1) for w in spoken)


def entry_expression(entry: str, start: str, unit: str) -> str:
    """Give the SQL of the time from the start to a date of entry, in the unit of a time.

    Examples
    --------
    >>> entry_expression("Consent", "C1D1", "years")
    '("Consent" - "C1D1") / 365.25'
    """
    first, last = (name.replace('"', '""') for name in (start, entry))
    days = f'"{last}" - "{first}"'
    return days if unit == "days" else f"({days}) / {_UNITS[unit]:g}"


def late_entries(
    own: pl.DataFrame, frame: pl.DataFrame, source: TableSource, *, table: str, file: str
) -> list[Finding]:
    """Findings (``late-entry-not-read``) on columns that may be the day of entry, where it lies after time zero.

    `own` has the columns of the file as text, `frame` the same rows with CDISC names and types. A warning counts the
    subjects whose day of entry is after time zero and says what to write in codon12.toml; where no date of the start is
    there to compare with, it is a note.

    Notes
    -----
    Source: left truncation, Klein and Moeschberger, Survival Analysis, section 4.6: who died before entry was never
    seen, so that the time before it counts as survived.
    """
    times = {p: t for p, t in source.times.items() if t.entry is None}
    derived = not source.times and {"TRTSDT", "LSTALVDT"} <= set(frame.columns)
    if not times and not derived:
        return []
    mapped = {name for cdisc, name in source.columns.items() if cdisc.upper() in _KNOWN}
    used = " ".join(f"{t.time} {t.status} {t.entry}" for t in source.times.values())
    columns = [c for c in own.columns if c != "SRCROW" and c not in mapped and may_be_entry(c) and c not in used]
    out = []
    for column in columns:
        said = _dated(own, frame, source, column, times) or _counted(own, source, column, times)
        if said is not None:
            severity, message = said
            finding = Finding(
                table=table,
                rule="late-entry-not-read",
                severity="warning" if severity else "note",
                variable=column,
                value=", ".join(times) or "OS",
                message=f"{file}: {column} {message}",
            )
            out.append(finding)
    return out


def _dated(
    own: pl.DataFrame, frame: pl.DataFrame, source: TableSource, column: str, times: dict[str, TimeSource]
) -> tuple[bool, str] | None:
    day = _days(own, source, column)
    if day is None:
        return None
    start = _start(own, frame, source, times)
    where = " and ".join(f"[tables.ADSL.times.{p}]" for p in times) or "[tables.ADSL.times.OS] with time and status"
    lacks = "" if column in source.dates else ", and its dates under [tables.ADSL.dates] where they are not 2024-02-28"
    if start is None:
        return False, (
            "may be the day on which a patient came under observation, and no day of time zero is there to compare it "
            "with. If patients were followed from it on only, give entry, the time from time zero to it, under "
            f"{where}."
        )
    name, begin = start
    both = pl.DataFrame({"e": day, "s": begin}).drop_nulls()
    late = both.filter(pl.col("e") > pl.col("s")).height
    if not late:
        return None
    unit = next(((t.unit or source.unit or "days") for t in times.values()), "days")
    return True, (
        f"is after time zero ({name}) in {late} of {both.height} patients, and was not used: if patients were followed "
        f"from it on only, the time before it counts as survived and survival is too long. Then write entry = "
        f"'{entry_expression(column, name, unit)}' under {where}{lacks}."
    )


def _counted(
    own: pl.DataFrame, source: TableSource, column: str, times: dict[str, TimeSource]
) -> tuple[bool, str] | None:
    """A column of numbers whose heading has a unit of time."""
    spoken = re.findall(r"[^\W_\d]+", column.casefold())
    values = own.select(number(column, decimal=source.decimal))[:, 0].drop_nulls()
    filled = own[column].drop_nulls()
    if not times or not any(map(_DURATIONS.fullmatch, spoken)) or len(values) < max(1, _ENOUGH * len(filled)):
        return None
    late = int((values > 0).sum())
    where = " and ".join(f"[tables.ADSL.times.{p}]" for p in times)
    if not late:
        return None
    return True, (
        f"may be the time at which a patient came under observation (above zero in {late} of {len(values)}), and was "
        f"not used, so that the time before it counts as survived. If so, write entry = '\"{column}\"' under {where}, "
        "in the unit of the time there."
    )


def _days(own: pl.DataFrame, source: TableSource, column: str) -> pl.Series | None:
    """The dates of a column; None where too few of its cells are dates."""
    told = [f for given in source.dates.values() for f in ([given] if isinstance(given, str) else given)]
    size = len(own[column].drop_nulls())
    own_formats = list(dict.fromkeys(told))
    values = own.select(pl.col(column).cast(pl.Float64, strict=False))[:, 0].drop_nulls()
    if len(values) and not values.is_between(*SERIAL_DAYS).all():  # numbers that are no days of a spreadsheet
        own_formats = [f for f in own_formats if not f.startswith("excel")]
    for formats in ([], own_formats, list(_USUAL)):
        text = iso_dates(pl.col(column), formats) if formats else pl.col(column)
        read = own.select(parse_dtc(text, impute="first"))[:, 0]
        if size and len(read.drop_nulls()) >= _ENOUGH * size:
            return read
    return None


def _start(
    own: pl.DataFrame, frame: pl.DataFrame, source: TableSource, times: dict[str, TimeSource]
) -> tuple[str, pl.Series] | None:
    """Time zero: what the times subtract, else the date of randomisation or of the start of treatment."""
    for name in _subtracted(times):
        if name in own.columns and (days := _days(own, source, name)) is not None:
            return name, days
    for cdisc in _STARTS:
        if cdisc in frame.columns and frame.schema[cdisc] == pl.Date and frame[cdisc].is_not_null().any():
            named = next((n for c, n in source.columns.items() if c.upper() == cdisc), cdisc)
            return named, frame[cdisc]
    return None


def _subtracted(times: dict[str, TimeSource]) -> Iterator[str]:
    for time in times.values():
        for quoted, bare in _MINUS.findall(time.time):
            yield quoted or bare
