"""Sites of progression out of plain tables: one column that lists them, or one flag column a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from codon12.errors import UsageError
from codon12.resistance.organs import SIDES

__all__ = ["sites_of_table"]

_BETWEEN = r"\s*(?:[;,/+|&]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b)\s*"
_YES = ("Y", "YES", "1", "TRUE", "X", "J", "JA", "OUI", "SI", "1.0")


def sites_of_table(
    table: pl.DataFrame, *, sites: str | None = None, flags: Sequence[str] | Mapping[str, str] = ()
) -> pl.DataFrame:
    """Make rows of sites of a table with one row a subject: USUBJID, [EVAL], LESIONID (null), KIND, ALONE, LOC.

    Parameters
    ----------
    table
        USUBJID, [EVAL, SRCROW] and the columns named.
    sites
        Column that lists sites, separated by ``;``, ``,``, ``/``, ``+`` or a word for and.
    flags
        Columns that are yes or no, one a site; a mapping gives the site of each column.

    Raises
    ------
    UsageError
        Neither, or a column that is not there.

    Examples
    --------
    >>> table = pl.DataFrame({"USUBJID": ["1"], "PD_SITES": ["lung; Leber und brain"]})
    >>> sites_of_table(table, sites="PD_SITES")["LOC"].to_list()
    ['lung', 'Leber', 'brain']
    """
    named = dict(flags) if isinstance(flags, Mapping) else {c: c for c in flags}
    if sites is None and not named:
        raise UsageError("name the column that lists sites, or the columns that flag them")
    missing = [c for c in ([sites] if sites else []) + list(named) if c not in table.columns]
    if missing:
        raise UsageError(f"no column {', '.join(missing)}; the table has {', '.join(table.columns[:40])}")
    keep = [c for c in ("USUBJID", "EVAL", "SRCDOM", "SRCROW") if c in table.columns]
    parts = []
    if sites is not None:
        text = pl.col(sites).cast(pl.String).str.replace_all(f"(?i){_BETWEEN}", "\x1f")
        parts.append(table.select(*keep, LOC=text.str.split("\x1f")).explode("LOC"))
    for column, site in named.items():
        word = pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase()
        parts.append(table.filter(word.is_in(_YES)).select(*keep, LOC=pl.lit(site.replace("_", " "))))
    rows = pl.concat(parts, how="vertical_relaxed").with_columns(pl.col("LOC").str.strip_chars())
    rows = rows.filter(~pl.col("LOC").str.to_uppercase().is_in(["", *SIDES]))  # lung, left
    return rows.with_columns(LESIONID=pl.lit(None, pl.String), KIND=pl.lit("site"), ALONE=pl.lit(value=True))
