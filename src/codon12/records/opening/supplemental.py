"""Supplemental qualifiers (SUPP--): back onto the records they qualify, as columns."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.findings import Finding, findings_frame, row_findings, shown_expr
from codon12.records.findings.accounting import Ledger

__all__ = ["merge_supplemental"]

_NEEDED = ("USUBJID", "QNAM", "QVAL")


def merge_supplemental(frames: dict[str, pl.DataFrame], ledger: Ledger) -> pl.DataFrame:
    """Merge every SUPP-- table onto its parent as columns named by QNAM; replaces the parents in `frames`.

    A row finds its parent by IDVAR and IDVARVAL, or by subject alone where IDVAR is empty (DM). Rows without
    parent, and second values for one record and QNAM, are findings and explained in the ledger. A QNAM that
    the parent has already is merged as ``QNAM.SUPP``. The SUPP-- tables stay in `frames`.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, section 8.4.
    """
    found = [findings_frame([])]
    for supp in sorted(t for t in frames if t.startswith("SUPP")):
        parent = supp[4:6]
        table = frames[supp]
        missing = [c for c in _NEEDED if c not in table.columns]
        if missing or "USUBJID" not in frames.get(parent, table.head(0).select()).columns:
            why = f"has no parent {parent}" if parent not in frames else f"has a parent {parent} without USUBJID"
            why = f"has no {', '.join(missing)}" if missing else why
            found.append(_whole(supp, why))
            continue
        frames[parent], used, problems = _merge(frames[parent], table, supp)
        found.append(problems)
        ledger.left_out(supp, "no single parent record", table.height - used)
        ledger.used(supp, used)
    return pl.concat(found)


def _whole(supp: str, why: str) -> pl.DataFrame:
    return findings_frame(
        [
            Finding(
                table=supp,
                rule="supplemental-not-merged",
                severity="warning",
                message=f"Table {supp} {why}; its values were not merged onto any record.",
            )
        ]
    )


def _merge(parent: pl.DataFrame, supp: pl.DataFrame, name: str) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    for column in ("IDVAR", "IDVARVAL"):
        if column not in supp.columns:
            supp = supp.with_columns(pl.lit(None, pl.String).alias(column))
    supp = supp.with_columns(pl.col("IDVAR").str.to_uppercase(), pl.col("QNAM").str.to_uppercase())
    keyed = parent.with_row_index("_AT")
    pieces, lost = [], [supp.filter(pl.col("QNAM").is_null())]
    supp = supp.filter(pl.col("QNAM").is_not_null())
    for idvar in supp["IDVAR"].unique().sort().to_list():
        rows = supp.filter(pl.col("IDVAR").eq_missing(idvar))
        if idvar is not None and idvar not in parent.columns:
            lost.append(rows)
            continue
        at = _at(keyed, rows, idvar)
        pieces.append(at.filter(pl.col("_AT").is_not_null()))
        lost.append(rows.join(at.filter(pl.col("_AT").is_null()), on="SRCROW", how="semi"))
    if not pieces:
        none = supp.head(0).select("QNAM", "QVAL", "SRCROW", _AT=pl.lit(None, pl.get_index_type()))
        pieces.append(none)
    hits = pl.concat(pieces).sort("_AT", "QNAM", "SRCROW")
    first = hits.unique(["_AT", "QNAM"], keep="first", maintain_order=True)
    second = hits.join(first, on=["_AT", "QNAM", "SRCROW"], how="anti")
    wide = _wide(first, parent.columns, name)
    merged = keyed.join(wide, on="_AT", how="left", maintain_order="left").drop("_AT")
    source = [c for c in ("SRCDOM", "SRCROW", "SRCFILE") if c in parent.columns]
    merged = merged.select(pl.exclude(source), *source)
    problems = pl.concat(
        [
            _lost(pl.concat(lost), name, "supplemental-without-parent", _NO_PARENT),
            _lost(
                supp.join(second, on="SRCROW", how="semi"),
                name,
                "supplemental-repeated",
                "is a second value for one record; the first is used",
            ),
        ]
    )
    return merged, first["SRCROW"].n_unique(), problems


_NO_PARENT = "qualifies no record of its parent table"


def _at(keyed: pl.DataFrame, rows: pl.DataFrame, idvar: str | None) -> pl.DataFrame:
    """Give the parent's position of each row, null where there is none."""
    rows = rows.select("USUBJID", "IDVARVAL", "QNAM", "QVAL", "SRCROW")
    if idvar is None:
        return rows.join(keyed.select("_AT", "USUBJID"), on="USUBJID", how="left").drop("IDVARVAL", "USUBJID")
    if keyed.schema[idvar].is_numeric():
        key = pl.col(idvar).cast(pl.Float64).alias("_KEY")
        rows = rows.with_columns(pl.col("IDVARVAL").cast(pl.Float64, strict=False).alias("_KEY"))
    else:
        key = pl.col(idvar).alias("_KEY")
        rows = rows.with_columns(pl.col("IDVARVAL").alias("_KEY"))
    joined = rows.join(keyed.select("_AT", "USUBJID", key), on=["USUBJID", "_KEY"], how="left")
    return joined.select("QNAM", "QVAL", "SRCROW", "_AT")


def _wide(first: pl.DataFrame, taken: list[str], name: str) -> pl.DataFrame:
    wide = first.select("_AT")
    if first.height:
        wide = first.select("_AT", "QNAM", "QVAL").pivot(on="QNAM", index="_AT", values="QVAL")
    names = of_all(f"qualifiers of {name}", frozenset(c for c in wide.columns if c != "_AT"), sorted)
    wide = wide.with_columns(pl.lit(None, pl.String).alias(n) for n in names if n not in wide.columns)
    return wide.select("_AT", *(pl.col(n).alias(f"{n}.SUPP" if n in taken else n) for n in names))


def _lost(rows: pl.DataFrame, name: str, rule: str, text: str) -> pl.DataFrame:
    return row_findings(
        rows,
        table=name,
        rule=rule,
        severity="warning",
        variable=pl.col("QNAM"),
        value=pl.col("QVAL"),
        message=f"{name} row {{}}: {{}} ({{}} {{}}) {text}.",
        parts=[
            pl.col("SRCROW"),
            pl.col("QNAM").fill_null("a row without QNAM"),
            pl.col("IDVAR").fill_null("by subject"),
            shown_expr(pl.col("IDVARVAL")),
        ],
    )
