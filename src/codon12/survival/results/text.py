"""Pieces of what a result prints: numbers, P values, tables in line, rows of coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from codon12.survival.results.words import NOT_ESTIMABLE

if TYPE_CHECKING:
    import polars as pl

    from codon12.survival.results.estimate import Estimate

__all__ = ["number", "p_text", "p_words", "percent", "ratios", "sides", "table", "term_name"]

_MOST = 20
"""Rows that are printed; more end in a line that counts the rest."""


def number(value: Any, digits: int = 4) -> str:
    """A cell of a printed table; ``-`` where there is nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"
    return str(value)


def p_text(value: float | None, level: float = 0.05) -> str:
    """A P value to three digits, more where rounding would take it across (or onto) the level of the test.

    Examples
    --------
    >>> p_text(0.04), p_text(0.0498), p_text(0.049996), p_text(0.0), p_text(None)
    ('0.04', '0.0498', '0.049996', '<1e-300', '-')
    """
    if value is None or math.isnan(value):
        return "-"
    return _beside(value, level, [f"{value:.{d}g}" for d in range(3, 17)]) if value > 0 else "<1e-300"


def p_words(value: float, level: float = 0.05) -> str:
    """A P value in a sentence: three decimals, more where they would say another thing than the test at `level`.

    Examples
    --------
    >>> p_words(0.0004), p_words(0.2), p_words(0.0498), p_words(0.0502)
    ('P < 0.001', 'P = 0.200', 'P = 0.0498', 'P = 0.0502')
    """
    least = min(0.001, level)
    if value < least:
        return f"P < {least:g}"
    return f"P = {_beside(value, level, [f'{value:.{d}f}' for d in range(3, 17)])}"


def _beside(value: float, level: float, texts: list[str]) -> str:
    """The first text that lies on the same side of the level as the value."""
    side = (value > level) - (value < level)
    return next((t for t in texts if (float(t) > level) - (float(t) < level) == side), repr(value))


def table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns in line; the first to the left, the others to the right."""
    found = [tuple(number(v) for v in row) for row in rows]
    shown = [tuple(names), *found[:_MOST]]
    wide = [max(len(r[c]) for r in shown) for c in range(len(names))]
    lines = [
        "  ".join([row[0].ljust(wide[0]), *(v.rjust(w) for v, w in zip(row[1:], wide[1:], strict=True))]).rstrip()
        for row in shown
    ]
    rest = len(found) - _MOST
    return "\n".join([*lines, *([f"... and {rest} more rows: see to_frame()"] if rest > 0 else [])])


def sides(estimate: Estimate) -> tuple[Any, Any, Any]:
    """Value and limits of an estimate, or the words that stand for them."""
    return tuple(n if n is not None else w or NOT_ESTIMABLE for n, w in estimate.sides)  # type: ignore[return-value]


def percent(level: float) -> str:
    """A level as in ``95%``."""
    return f"{100 * level:g}%"


def term_name(row: dict[str, Any]) -> str:
    """A coefficient's term and level."""
    return row["term"] + ("" if row["level"] is None else f": {row['level']}")


def ratios(frame: pl.DataFrame, name: str, level: float) -> str:
    """Coefficients with their ratios in the column `name`."""
    heads = ("", "coef", name, f"lower {percent(level)}", f"upper {percent(level)}", "se(coef)", "z", "p")
    rows = [
        (
            *(term_name(r), r["coef"], r[name], r["lower"], r["upper"]),
            *(r["std_error"], r.get("z", r.get("df")), p_text(r["p"])),
        )
        for r in frame.iter_rows(named=True)
    ]
    return table(heads if "z" in frame.columns else (*heads[:6], "df", "p"), rows)
