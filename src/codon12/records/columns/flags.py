"""Flags as they are written: Y and N, whatever word says so."""

from __future__ import annotations

import polars as pl

from codon12.parallel import First, of_all
from codon12.records.findings import findings_frame, row_findings, shown_expr
from codon12.records.terms.events import DENIED, YES

__all__ = ["read_flags"]

_OWN_WORDS = ("DM",)
"""Tables whose flag of death has a rule of its own (``death-flag-unknown``)."""


def read_flags(frame: pl.DataFrame, *, table: str, file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the flags of a table (``..FL``) as Y and N, and findings; another word is missing.

    YES, 1 and TRUE are Y, NO, 0 and FALSE are N, in letters of any size (``flag-word``, the first row of each word of a
    column); what says neither is read as missing (``flag-unknown``). A column that holds other numbers than 0 and 1 is
    no flag and stays as it is.

    Notes
    -----
    Source: ADaM Implementation Guide 1.3, 3.3.8 and SDTM Implementation Guide 3.4, 4.5 (flags are Y, N or null).

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["1", "2", "3"], "SAFFL": ["Y", "yes", "maybe"], "SRCROW": [1, 2, 3]})
    >>> flags, findings = read_flags(adsl, table="ADSL", file="adsl.csv")
    >>> flags["SAFFL"].to_list(), findings["RULE"].to_list()
    (['Y', 'Y', None], ['flag-word', 'flag-unknown'])
    """
    found = [findings_frame([])]
    for name, dtype in frame.schema.items():
        if dtype != pl.String or not name.endswith("FL") or name == "FL" or (table in _OWN_WORDS and name == "DTHFL"):
            continue
        odd = frame.filter(~pl.col(name).is_in(["Y", "N"]))
        if not odd.height:
            continue
        number = odd.select(pl.col(name).cast(pl.Float64, strict=False)).to_series().drop_nulls()
        if of_all(f"{table}: {name} of {file} holds numbers", bool((~number.is_in([0.0, 1.0])).any())):
            continue
        word = pl.col(name).str.strip_chars().str.to_uppercase().str.replace(r"^([01])\.0*$", "$1")
        read = pl.when(word.is_in(YES)).then(pl.lit("Y")).when(word.is_in(DENIED)).then(pl.lit("N"))
        odd = odd.with_columns(read.alias("_READ"))
        found += [
            _words(odd.filter(pl.col("_READ").is_not_null()), name, table=table, file=file),
            row_findings(
                odd.filter(pl.col("_READ").is_null()),
                table=table,
                rule="flag-unknown",
                severity="warning",
                variable=name,
                value=pl.col(name),
                message=f"{file}, row {{}}: {name} '{{}}' says neither yes nor no and was read as missing.",
                parts=[pl.col("SRCROW"), shown_expr(pl.col(name))],
            ),
        ]
        frame = frame.with_columns(read.alias(name))
    return frame, pl.concat(found)


def _words(read: pl.DataFrame, name: str, *, table: str, file: str) -> pl.DataFrame:
    """The first row of each word that was read as Y or N."""
    first = read.sort("SRCROW").unique(name, keep="first", maintain_order=True)
    seen = {word: First(row) for word, row in first.select(name, "SRCROW").iter_rows()}
    every = of_all(f"{table}: words of {name} of {file}", seen)
    told = first.filter(pl.col("SRCROW").is_in([int(every[word]) for word in seen]))
    return row_findings(
        told,
        table=table,
        rule="flag-word",
        severity="note",
        variable=name,
        value=pl.col(name),
        message=f"{file}, row {{}}: {name} '{{}}' was read as {{}}, here and wherever it stands.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col(name)), pl.col("_READ")],
    )
