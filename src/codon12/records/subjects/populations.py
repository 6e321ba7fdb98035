"""Analysis populations: SQL predicates over ADSL, evaluated by polars and nothing else."""

from __future__ import annotations

import polars as pl

from codon12.errors import ConfigError
from codon12.records.sql import evaluate

__all__ = ["population"]


def population(adsl: pl.DataFrame, predicate: str, *, name: str | None = None) -> pl.DataFrame:
    """Give the rows of a subject frame for which an SQL predicate is true; null counts as not true.

    `name` is the key of ``codon12.toml`` that messages cite.

    Raises
    ------
    ConfigError
        The predicate is no expression, names a column that does not exist (the message lists those that do),
        is not true or false for each subject, or holds a query.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["1", "2", "3"], "SAFFL": ["Y", None, "Y"], "AGE": [70, 66, 50]})
    >>> population(adsl, "SAFFL = 'Y' AND AGE >= 65")["USUBJID"].to_list()
    ['1']
    """
    where = f"codon12.toml, key populations.{name}" if name else f"population {predicate!r}"
    value = evaluate(adsl, predicate, where=where)
    if value.dtype == pl.Null:
        return adsl.clear()
    if value.dtype != pl.Boolean:
        raise ConfigError(f"{where}: {predicate!r} gives {value.dtype} for each subject, not true or false; compare it")
    return adsl.filter(value.fill_null(value=False))
