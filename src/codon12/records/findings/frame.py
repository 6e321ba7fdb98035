"""Findings: problems in the data that let the work go on, as one frame.

A finding names table, row, subject, variable, rule, severity, value and a sentence. Severity is ``error``
where no right answer exists, ``warning`` where an answer exists but may mislead, ``note`` where a reader
should know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
import polars as pl

__all__ = [
    "FINDING_SCHEMA",
    "SEVERITIES",
    "Finding",
    "Severity",
    "findings_frame",
    "in_order",
    "no_findings",
    "once",
    "row_findings",
    "shown",
    "shown_expr",
]

Severity = Literal["error", "warning", "note"]
SEVERITIES = ("error", "warning", "note")

FINDING_SCHEMA = pl.Schema(
    {
        "TABLE": pl.String,
        "ROW": pl.Int64,
        "USUBJID": pl.String,
        "VARIABLE": pl.String,
        "RULE": pl.String,
        "SEVERITY": pl.String,
        "VALUE": pl.String,
        "MESSAGE": pl.String,
    }
)
"""Columns of a findings frame, in order."""


_NONE = pl.DataFrame(schema=FINDING_SCHEMA)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding about a file or table as a whole, or about one row of it."""

    table: str
    rule: str
    severity: Severity
    message: str
    row: int | None = None
    subject: str | None = None
    variable: str | None = None
    value: str | None = None


def in_order(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings by table and row, so that their order does not tell how the work was divided."""
    by = ("TABLE", "ROW", "RULE", "VARIABLE", "VALUE", "USUBJID", "MESSAGE")
    return findings.sort(by, maintain_order=True)


def once(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings of several blocks: what more than one says of a table as a whole is said once."""
    whole = pl.col("ROW").is_null() & pl.col("USUBJID").is_null()
    return pl.concat([findings.filter(whole).unique(maintain_order=True), findings.filter(~whole)])


def no_findings() -> pl.DataFrame:
    """Give an empty findings frame."""
    return _NONE.clone()


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """Put single findings into a frame with the columns of `FINDING_SCHEMA`.

    Examples
    --------
    >>> f = Finding(table="TR", rule="no-file", severity="note", message="No file of table TR was found.")
    >>> findings_frame([f]).select("TABLE", "RULE", "SEVERITY").row(0)
    ('TR', 'no-file', 'note')
    """
    rows = [(f.table, f.row, f.subject, f.variable, f.rule, f.severity, f.value, f.message) for f in findings]
    return pl.DataFrame(rows, schema=FINDING_SCHEMA, orient="row") if rows else no_findings()


def row_findings(
    rows: pl.DataFrame,
    *,
    table: str,
    rule: str,
    severity: Severity,
    message: str,
    parts: Sequence[pl.Expr] = (),
    variable: str | pl.Expr | None = None,
    value: pl.Expr | None = None,
) -> pl.DataFrame:
    """Make one finding of every row of a frame that has `SRCROW`, with the subject where it has USUBJID.

    `message` is a template whose ``{}`` are filled by `parts`.

    Examples
    --------
    >>> rows = pl.DataFrame({"SRCROW": [7], "USUBJID": ["S-1"], "AGE": ["old"]})
    >>> found = row_findings(
    ...     rows, table="DM", rule="not-a-number", severity="warning", variable="AGE", value=pl.col("AGE"),
    ...     message="DM row {}: AGE is no number.", parts=[pl.col("SRCROW")],
    ... )
    >>> found["MESSAGE"][0]
    'DM row 7: AGE is no number.'
    """
    if rows.is_empty():
        return no_findings()
    none = pl.lit(None, pl.String)
    named = variable if isinstance(variable, pl.Expr) else pl.lit(variable, pl.String)
    return rows.select(
        TABLE=pl.lit(table, pl.String),
        ROW=pl.col("SRCROW").cast(pl.Int64),
        USUBJID=pl.col("USUBJID").cast(pl.String) if "USUBJID" in rows.columns else none,
        VARIABLE=named,
        RULE=pl.lit(rule, pl.String),
        SEVERITY=pl.lit(severity, pl.String),
        VALUE=none if value is None else value.cast(pl.String),
        MESSAGE=pl.format(message, *parts) if parts else pl.lit(message, pl.String),
    )


def shown_expr(column: pl.Expr, *, limit: int = 80) -> pl.Expr:
    """Shorten the values of a column for a sentence, as `shown` does for one; null is shown as nothing."""
    text = column.cast(pl.String).fill_null("").str.replace_all(r"[\r\n]", " ")
    return pl.when(text.str.len_chars() > limit).then(text.str.head(limit - 1) + pl.lit("…")).otherwise(text)


def shown(text: str, *, limit: int = 80) -> str:
    """Shorten a value for a sentence; the finding's VALUE keeps it whole.

    Examples
    --------
    >>> shown("2014-02"), len(shown("x" * 10_000))
    ('2014-02', 80)
    """
    one_line = text.replace("\r", " ").replace("\n", " ")
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"
