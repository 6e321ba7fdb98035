"""The shape of a number, and the book that collects them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

__all__ = ["NUMBERS", "NumberBook", "slug", "sql_name", "sql_text"]

NUMBERS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "analysis": pl.String,
    "endpoint": pl.String,
    "statistic": pl.String,
    "label": pl.String,
    "section": pl.String,
    "order": pl.Int64,
    "evaluator": pl.String,
    "population": pl.String,
    "arm": pl.String,
    "group": pl.String,
    "level": pl.String,
    "variable": pl.String,
    "category": pl.String,
    "against": pl.String,
    "cause": pl.String,
    "row": pl.String,
    "what": pl.String,
    "kind": pl.String,
    "n": pl.Int64,
    "N": pl.Int64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "status": pl.String,
    "lower_status": pl.String,
    "upper_status": pl.String,
    "conf_level": pl.Float64,
    "unit": pl.String,
    "method": pl.String,
    "frame": pl.String,
    "where": pl.String,
    "having": pl.String,
    "subjects": pl.List(pl.String),
}
"""Columns of ``evidence.numbers``; docs/house.md says what each means."""


def slug(text: str) -> str:
    """Lower-case name of a label for use in an id; ``<``, ``>`` and ``=`` are spelled out.

    Examples
    --------
    >>> slug("PD-L1 >=50 %"), slug("1–49%"), slug("<1%")
    ('pd_l1_ge50', '1_49', 'lt1')
    """
    out = text.lower().replace("≥", ">=").replace("≤", "<=")
    for sign, word in ((">=", "ge"), ("<=", "le"), (">", "gt"), ("<", "lt"), ("+", "plus ")):
        out = out.replace(sign, word)
    return re.sub(r"[^0-9a-z]+", "_", out).strip("_")[:60] or "blank"


def sql_text(value: str) -> str:
    """Quote a text for an SQL predicate.

    Examples
    --------
    >>> sql_text("O'Neill")
    "'O''Neill'"
    """
    return "'" + value.replace("'", "''") + "'"


def sql_name(column: str) -> str:
    """Name of a column in an SQL predicate, quoted where it would be read as something else.

    Examples
    --------
    >>> sql_name("AGE"), sql_name("Body mass"), sql_name("END")
    ('AGE', '"Body mass"', '"END"')
    """
    try:
        plain = re.fullmatch(r"[A-Za-z_]\w*", column) and pl.sql_expr(f"{column} = 1").meta.root_names() == [column]
    except pl.exceptions.PolarsError:
        plain = False
    return column if plain else '"' + column.replace('"', '""') + '"'


class NumberBook:
    """Collects numbers in the order they are computed and gives each its id."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._ids: set[str] = set()

    def add(
        self,
        analysis: str,
        endpoint: str,
        *,
        statistic: str,
        label: str = "",
        kind: str,
        frame: str,
        where: str,
        main: bool = False,
        arm: str = "all",
        group: str = "all",
        level: str = "all",
        evaluator: str | None = None,
        row: str | None = None,
        what: str | None = None,
        **fields: Any,
    ) -> None:
        """Add one number; `main` leaves the statistic out of the id (``orr.central.all``).

        Of a count or fraction n of N the value is the percentage, which need not be given. Its label is ``row: what``
        where none is given.
        """
        label = label or ": ".join(part for part in (row, what) if part)
        if not label:
            raise TypeError("a number has a label, or says its row and what it is of it")
        if kind in ("count", "fraction") and "value" not in fields and fields.get("N") is not None:
            fields["value"] = 100 * fields["n"] / fields["N"] if fields["N"] else None
            fields.setdefault("unit", "%")
        parts = [endpoint]
        if not main:
            parts.append(statistic)
        if evaluator:
            parts.append(re.sub(r"\s+", "_", evaluator.lower()))  # a page parts the ids of a cell by blanks
        parts.append("all" if arm == "all" else slug(arm))
        if group != "all":
            parts.append(f"{slug(group)}={slug(level)}")
        name = re.sub(r"\s+", "_", ".".join(parts))  # pages list ids with blanks between
        unique, count = name, 1
        while unique in self._ids:
            count += 1
            unique = f"{name}~{count}"
        self._ids.add(unique)
        unknown = set(fields) - set(NUMBERS)
        if unknown:
            raise TypeError(f"not columns of a number: {sorted(unknown)}")
        self._rows.append(
            {
                "id": unique,
                "analysis": analysis,
                "endpoint": endpoint,
                "statistic": statistic,
                "label": label,
                "order": len(self._rows),
                "evaluator": evaluator.lower() if evaluator else None,
                "arm": arm,
                "group": group,
                "level": level,
                "row": row,
                "what": what,
                "kind": kind,
                "frame": frame,
                "where": where,
                **fields,
            }
        )

    def take(self, analysis: str, endpoint: str, result: Mapping[str, Any], **fields: Any) -> None:
        """Add a number as a result gives it (a row of ``Result.evidence()``): statistic, kind, value, limits, status.

        `fields` say the rest, and go before these.
        """
        names = ("statistic", "kind", "value", "lower", "upper", "status")
        told: dict[str, Any] = {name: result[name] for name in names if name in result}
        self.add(analysis, endpoint, **(told | fields))

    def __len__(self) -> int:
        return len(self._rows)

    def frame(self) -> pl.DataFrame:
        """All numbers so far, without their subjects."""
        return pl.DataFrame(self._rows, schema=dict(NUMBERS), orient="row")
