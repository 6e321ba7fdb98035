"""SQL expressions of ``codon12.toml``, evaluated by polars over the columns of one frame and nothing else."""

from __future__ import annotations

import re
from difflib import get_close_matches

import polars as pl

from codon12.errors import ConfigError

__all__ = ["evaluate", "expression", "row_by_row"]

# polars would run a subquery while it parses, and `read_csv('/etc/passwd')` is a table there. An expression
# over one frame needs no query, no comment and no reader: anything that looks like one is refused before it
# is parsed.
_QUERY = re.compile(r"\bselect\b|\(\s*(?:from|values|table|with)\b|\b(?:read|scan)_\w+|--|/\*|;", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_MAX_LENGTH = 10_000
_AGGREGATES = re.compile(
    r"\b(AVG|SUM|COUNT|MIN|MAX|MEDIAN|STDDEV\w*|VAR\w*|FIRST|LAST|QUANTILE\w*|RANK|ROW_NUMBER|CORR|COVAR\w*)\s*\(|\bOVER\b",
    re.IGNORECASE,
)


def row_by_row(sql: str) -> bool:
    """Whether an expression looks at each row by itself: it has no aggregate and no window.

    Examples
    --------
    >>> row_by_row("AGE >= 65"), row_by_row("AGE > AVG(AGE)")
    (True, False)
    """
    return _AGGREGATES.search(sql) is None


def expression(sql: str, *, where: str) -> pl.Expr:
    """Parse one SQL expression into a polars expression; subqueries, comments and table readers are refused.

    Raises
    ------
    ConfigError
        Not one SQL expression; the message begins with `where`.

    Examples
    --------
    >>> pl.DataFrame({"AGE": [64, 66]}).filter(expression("AGE >= 65", where="populations.old")).height
    1
    """
    if not sql.strip() or len(sql) > _MAX_LENGTH:
        raise ConfigError(f"{where}: needs an SQL expression of at most {_MAX_LENGTH} characters")
    found = _QUERY.search(_without_texts(sql))
    if found:
        raise ConfigError(
            f"{where}: '{found.group().strip()}' may not stand in a predicate; write one expression over columns, "
            f"without queries and comments: {sql!r}"
        )
    try:
        return pl.sql_expr(sql)
    except Exception as err:  # noqa: BLE001 - the parser raises many kinds, all mean wrong text
        raise ConfigError(f"{where}: not an SQL expression: {sql!r}: {_first_line(err)}") from None


def _without_texts(sql: str) -> str:
    """Expression whose quoted texts are empty; as it stands where other marks could open or end a text."""
    if any(mark in sql for mark in "$\\`"):
        return sql
    return _QUOTED.sub(lambda found: found[0] if found[0].startswith('"') else "''", sql)


def evaluate(frame: pl.DataFrame, sql: str, *, where: str) -> pl.Series:
    """Evaluate one SQL expression over a frame, one value a row.

    Raises
    ------
    ConfigError
        The text is no expression, names a column the frame does not have (the message lists those it has), or
        compares what cannot be compared (text with number).

    Examples
    --------
    >>> evaluate(pl.DataFrame({"SEX": ["F", None]}), "SEX = 'F'", where="populations.women").to_list()
    [True, None]
    """
    expr = expression(sql, where=where)
    missing = sorted(set(expr.meta.root_names()) - set(frame.columns))
    if missing:
        have = ", ".join(frame.columns[:60]) + (", ..." if frame.width > 60 else "")
        near = get_close_matches(missing[0].upper(), frame.columns, n=1) or get_close_matches(
            missing[0], frame.columns, n=1
        )
        meant = f" (did you mean '{near[0]}'?)" if near else ""
        raise ConfigError(f"{where}: no column {', '.join(missing)} in {sql!r}{meant}; there are {have}")
    try:
        # with_columns gives one value a row also for an expression without columns.
        return frame.with_columns(expr.alias("_value")).get_column("_value")
    except Exception as err:  # noqa: BLE001 - as above
        raise ConfigError(
            f"{where}: {sql!r} cannot be evaluated: {_first_line(err)}; text is compared with '...', "
            "numbers in text columns with CAST(x AS DOUBLE)"
        ) from None


def _first_line(err: BaseException) -> str:
    return str(err).strip().split("\n", 1)[0]
