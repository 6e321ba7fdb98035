"""Names and types of columns: upper case, unique; text unless CDISC says number or date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import partial

import polars as pl

from codon12.parallel import told_of_all
from codon12.records.columns.serials import SAS_EPOCH, epoch_of_numbers
from codon12.records.dates import parse_dtc
from codon12.records.findings import Finding, findings_frame, row_findings, shown, shown_expr

__all__ = ["as_text", "is_date", "is_number", "number", "type_columns", "unique_names"]

# SDTM numbers: --SEQ, results in standard units, ranges, doses, study days, planned times, visits.
_SDTM_NUMBER = re.compile(
    r"(?:(?!BO)[A-Z]{2}(?:SEQ|STRESN|STNRLO|STNRHI|DOSE|DOSTOT|DY|STDY|ENDY|TPTNUM)|"
    r"VISITNUM|VISITDY|AGE|TAETORD|TSSEQ|SRCROW|SRCSEQ)"
)
# ADaM numbers: analysis values and their changes, study days, durations, censoring.
_ADAM_NUMBER = re.compile(
    r"(?:AVAL|BASE|CHG|PCHG|NADIR|CHGNAD|PCHGNAD|CNSR|ASEQ|TTESEQ|AAGE|A(?:ST|EN)?DY|DTHA?DY|EO[ST]DY|"
    r"\w+DUR[DMWYN]|ADUR|A1HI|A1LO|ANRHI|ANRLO)"
)
_SAYS_MISSING = (".", "NA", "N/A", "NAN", "NULL")
_MAX_LISTED = 1000


def is_number(name: str, names: Sequence[str] | frozenset[str] = ()) -> bool:
    """Tell whether a column of this CDISC name is a number.

    Besides the fixed names, ``XXXN`` is a number where its text twin ``XXX`` stands in the same table.

    Examples
    --------
    >>> [is_number(n) for n in ("TRSTRESN", "AESEQ", "VISITNUM", "AVAL", "ADURN", "TRTDURD", "RSDY")]
    [True, True, True, True, True, True, True]
    >>> [is_number(n) for n in ("AEACN", "REGION", "AETOXGR", "TRDTC", "AEDUR", "TRSTRESC")]
    [False, False, False, False, False, False]
    >>> is_number("TRT01PN", ["TRT01P", "TRT01PN"])
    True
    """
    if _SDTM_NUMBER.fullmatch(name) or _ADAM_NUMBER.fullmatch(name):
        return True
    return name.endswith("N") and len(name) > 1 and name[:-1] in names


def is_date(name: str) -> bool:
    """Tell whether a column of this ADaM name is a date (``ADT``, ``TRTSDT``) or a date-time (``TRTSDTM``).

    Examples
    --------
    >>> [is_date(n) for n in ("ADT", "DTHDT", "TRTSDTM", "AESTDTC", "DT")]
    [True, True, True, False, False]
    """
    return name.endswith(("DT", "DTM")) and name not in ("DT", "DTM")


def unique_names(names: Sequence[str], *, table: str, file: str, upper: bool = True) -> tuple[list[str], list[Finding]]:
    """Upper-case names (unless `upper` is false), give nameless columns ``COLUMN_n``, repeated ones ``NAME.2``; say so.

    Examples
    --------
    >>> names, findings = unique_names(["usubjid", "AGE", "Age", ""], table="DM", file="dm.csv")
    >>> names, [f.rule for f in findings]
    (['USUBJID', 'AGE', 'AGE.2', 'COLUMN_4'], ['duplicated-column', 'nameless-column'])
    """
    out: list[str] = []
    stripped = [n.strip().upper() if upper else n.strip() for n in names]
    taken = set(stripped)
    seen: dict[str, int] = {}
    findings = []
    for position, given in enumerate(stripped, 1):
        name = given
        if not name:
            name = f"COLUMN_{position}"
            findings.append(
                Finding(
                    table=table,
                    rule="nameless-column",
                    severity="note",
                    variable=name,
                    message=f"{file}: column {position} has no name; it is called {name}.",
                )
            )
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            k = seen[name]
            while f"{name}.{k}" in taken:
                k += 1
            first, name = name, f"{name}.{k}"
            findings.append(
                Finding(
                    table=table,
                    rule="duplicated-column",
                    severity="warning",
                    variable=first,
                    message=f"{file}: column {position} repeats the name {shown(first)}; the first is used, "
                    f"this one is kept as {shown(name)}.",
                )
            )
        taken.add(name)
        out.append(name)
    return out, findings


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Give every column but `SRCROW` as text: whole floats without a point, dates as ISO, empty text as null."""
    schema = {name: dtype for name, dtype in frame.schema.items() if name != "SRCROW"}
    other = [_as_text(name, dtype).alias(name) for name, dtype in schema.items() if dtype != pl.String]
    frame = frame.with_columns(other) if other else frame
    text = frame.with_columns(pl.col(list(schema)).str.strip_chars()) if schema else frame
    blank = [name for name in schema if (text[name] == "").any()]
    return text.with_columns(pl.when(pl.col(blank) != "").then(pl.col(blank))) if blank else text


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    col = pl.col(name)
    if dtype.is_float():
        whole = (col == col.round(0)) & (col.abs() < 2**53)
        return (
            pl.when(col.is_nan())
            .then(None)
            .when(whole)
            .then(col.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(col.cast(pl.String))
        )
    if dtype == pl.Boolean:
        return pl.when(col).then(pl.lit("Y")).when(~col).then(pl.lit("N"))
    if isinstance(dtype, pl.Datetime):
        return col.dt.to_string("%Y-%m-%dT%H:%M:%S")
    if dtype == pl.Binary:
        return col.bin.encode("hex")
    if dtype == pl.Null or dtype.is_nested():
        return pl.lit(None, pl.String)
    return col.cast(pl.String)


def number(column: pl.Expr | str, *, decimal: str = ".") -> pl.Expr:
    """Turn text into numbers; what is no finite number becomes null. ``decimal=","`` reads ``1,5``.

    Beside decimal commas ``1.167`` may be more than a thousand, and is no number.

    Examples
    --------
    >>> pl.DataFrame({"A": ["1,5", "2", "x", "1.167", "12.5"]}).select(number("A", decimal=","))["A"].to_list()
    [1.5, 2.0, None, None, 12.5]
    """
    text = pl.col(column) if isinstance(column, str) else column
    sound = pl.lit(value=True)
    if decimal == ",":
        sound = ~text.str.contains(r"^\s*[+-]?[1-9]\d{0,2}(?:\.\d{3})+\s*$")
        text = text.str.replace(",", ".", literal=True)
    value = text.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite() & sound).then(value)


def type_columns(
    frame: pl.DataFrame, *, table: str, file: str, decimal: str = ".", dates: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give numbers and dates their types; what does not parse becomes null and a finding with the text in VALUE.

    `frame` has text columns and `SRCROW`. With `dates` (ADaM and plain tables), ``*DT`` and ``*DTM`` become
    dates, from ISO text or from SAS numbers (days or seconds since 1960; days of a spreadsheet where some of the column
    would lie after 2059; ``date-from-number``), and a ``*DTM`` without its ``*DT`` gives one. Returns the
    frame and the findings.
    """
    schema = frame.schema
    names = frozenset(schema)
    exprs: dict[str, pl.Expr] = {}
    found: list[pl.DataFrame] = []
    kinds: dict[str, tuple[str, str]] = {}  # column -> kind, column that holds the typed value
    for name, dtype in schema.items():
        if name == "SRCROW" or dtype != pl.String:
            continue
        if dates and is_date(name):
            # A date-time keeps its text; it gives the date where the table has none of its own.
            target = name[:-1] if name.endswith("DTM") else name
            if target != name and target in names:
                continue
            since = SAS_EPOCH
            if target == name:
                since, told = epoch_of_numbers(frame, name, table=table, file=file)
                found.append(told)
            exprs[target] = _date(pl.col(name), seconds=target != name, since=since)
            kinds[name] = ("date", target)
        elif is_number(name, names):
            exprs[name] = number(name, decimal=decimal)
            kinds[name] = ("number", name)
    typed = frame.with_columns(**exprs)
    found += [
        _unparsed(frame, name, typed[target], kind=kind, table=table, file=file)
        for name, (kind, target) in kinds.items()
    ]
    return typed, pl.concat([findings_frame([]), *found])


def _date(text: pl.Expr, *, seconds: bool, since: dt.date) -> pl.Expr:
    value = text.cast(pl.Float64, strict=False)
    days = value / 86_400 if seconds else value
    # Only numbers that are no plain year count as SAS numbers: 2014 is a partial date.
    sas = pl.lit(since) + pl.duration(days=days.floor().cast(pl.Int64, strict=False))
    plausible = value.is_finite() & (days.abs() < 100_000) & ~text.str.contains(r"^\d{4}$|^\d{4}-")
    four_digits_sas = value.is_finite() & text.str.contains(r"^\d{4}\.0$")
    return pl.when(plausible | four_digits_sas).then(sas).otherwise(parse_dtc(text))


def _unparsed(before: pl.DataFrame, name: str, after: pl.Series, *, kind: str, table: str, file: str) -> pl.DataFrame:
    if after.null_count() == before[name].null_count():
        return findings_frame([])
    lost = before.filter(after.is_null() & before[name].is_not_null())
    says_missing = lost[name].str.to_uppercase().is_in(_SAYS_MISSING)
    quiet, loud = lost.filter(says_missing), lost.filter(~says_missing)
    row = pl.col("SRCROW").cast(pl.Int64)
    other = bool(quiet.height and not (quiet[name] == ".").all())
    says = quiet.select(_N=pl.lit(quiet.height, pl.Int64), _WORD=name, SRCROW=row, _OTHER=pl.lit(other)).head(1)
    subject = pl.col("USUBJID") if "USUBJID" in loud.columns else pl.lit(None, pl.String).alias("USUBJID")
    odd = loud.select(row, subject, pl.col(name), _N=pl.lit(1, pl.Int64))
    odd = odd.with_columns(
        _N=pl.when(pl.int_range(pl.len()) == 0).then(max(1, odd.height - _MAX_LISTED + 1)).otherwise(1)
    )
    of = {"name": name, "kind": kind, "table": table, "file": file}
    return pl.concat(
        [
            told_of_all(f"{table}: no {kind} in {name} of {file}", odd.head(_MAX_LISTED), partial(_no_value, **of)),
            told_of_all(f"{table}: {name} of {file} says missing", says, partial(_says_missing, **of)),
        ]
    )


def _says_missing(seen: pl.DataFrame, *, name: str, kind: str, table: str, file: str) -> pl.DataFrame:
    """One finding of a column whose texts say that a value is missing, unless all are points."""
    if not seen["_OTHER"].any():
        return findings_frame([])
    text, row = seen.sort("SRCROW").select("_WORD", "SRCROW").row(0)
    message = (
        f"{file}: {seen['_N'].sum()} cell(s) of {kind} {name} hold a text such as '{text}' and were "
        f"read as missing, the first in row {row}."
    )
    one = Finding(
        table=table, row=row, rule="text-says-missing", severity="note", variable=name, value=text, message=message
    )
    return findings_frame([one])


def _no_value(seen: pl.DataFrame, *, name: str, kind: str, table: str, file: str) -> pl.DataFrame:
    """A finding of each text that is no value of its column; of very many the first, and how many more."""
    rest = int(seen["_N"].sum()) - _MAX_LISTED
    listed = row_findings(
        seen.sort("SRCROW", maintain_order=True).head(_MAX_LISTED),
        table=table,
        rule=f"not-a-{kind}",
        severity="warning",
        variable=name,
        value=pl.col(name),
        message=f"{file}, row {{}}: {name} '{{}}' is no {kind} and was read as missing.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col(name))],
    )
    if rest <= 0:
        return listed
    more = Finding(
        table=table,
        rule=f"not-a-{kind}",
        severity="warning",
        variable=name,
        value=str(rest),
        message=f"{file}: {rest} more cells of {name} are no {kind}.",
    )
    return pl.concat([listed, findings_frame([more])])
