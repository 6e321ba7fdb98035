"""How the dates of a column are written: their order, their precision, and where two orders fit."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from codon12.records.dates.written import iso_dates

__all__ = ["DATE", "ISO_DAY", "PARTIAL", "Dates", "dates_of"]

DATE = r"^\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(?:[ T].*)?$"
PARTIAL = r"^\d{1,2}[./-]\d{4}$"
_NAMED_PARTS = r"^\d{4}[年년] ?\d{1,2}[月월](?: ?\d{1,2}[日일])?$"
"""Year, month and day by their signs, in Chinese, Japanese and Korean."""
_ISO = r"^\d{4}(?:-\d{2}(?:-\d{2}(?:[ T].*)?)?)?$"
ISO_DAY = r"^\d{4}-\d{2}-\d{2}"
_ISO_MONTH = r"^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$"
_NAMED_MONTH = r"^(?:\d{1,2}[-. /]{0,2})?\p{L}{3,10}\.?(?:[-. /]|[ .]{0,2}\d{1,2}, ?)?\d{2,4}$"
_ENOUGH = 0.9
_FEWEST_DAYS = 2
_SLIPS = 0.05
"""Share of the dates whose order is sure that may have the other one by a slip."""
_FORMATS = {
    "day first": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y"),
    "month first": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y"),
    "year first": ("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%Y年%m月%d日", "%Y년%m월%d일"),
    "named month": (
        "%d-%b-%Y",
        "%d-%b-%y",
        "%d %b %y",
        "%d/%b/%Y",
        "%d.%b.%Y",
        "%d/%b/%y",
        "%d %b %Y",
        "%d%b%Y",
        "%d-%B-%Y",
        "%d %B %Y",
        "%d. %B %Y",
        "%b %d, %Y",
    ),
}
_PARTIALS = ("%m/%Y", "%m.%Y", "%m-%Y", "%b-%Y", "%b %Y", "%b/%Y", "%b-%y", "%Y年%m月", "%Y년%m월")


class Dates(msgspec.Struct, frozen=True, kw_only=True):
    """How the dates of a column are written."""

    formats: tuple[str, ...]
    """Formats that read it; none needed for ISO 8601."""
    choices: tuple[tuple[str, ...], ...] = ()
    """Formats of the orders between which the values do not decide."""
    example: str = ""
    share: float = 1.0
    months: float = 0.0
    """Share of the dates that have a month and no day."""


def dates_of(filled: pl.Series) -> Dates | None:
    """How dates are written; the order of day and month only where some value allows one alone."""
    size = len(filled)
    if not size:
        return None
    if (unparted := _unparted(filled)) is not None:
        return unparted
    of_iso_days = filled.str.contains(f"{ISO_DAY}|{_ISO_MONTH}")
    shaped = filled.str.contains(f"{DATE}|{PARTIAL}|{_NAMED_MONTH}|{_NAMED_PARTS}") | of_iso_days
    if _share(shaped, size) < 0.5:
        return None
    example = str(filled.filter(shaped)[0])
    iso = filled.str.contains(_ISO)
    if _share(iso, size) >= _ENOUGH:
        months = _share(filled.str.contains(_ISO_MONTH), size)
        return Dates(formats=(), example=example, share=_share(iso, size), months=months)
    reads = _readers(filled)
    plain = reads[""]
    best: dict[str, tuple[tuple[str, ...], float]] = {}
    partial = tuple(f for f in _PARTIALS if reads[f].any())
    serial = ("excel",) if 0 < _share(filled.str.contains(r"^[2-5]\d{4}(?:\.0+)?$"), size) < 0.5 else ()
    for order, formats in _FORMATS.items():
        used = [f for f in formats if (reads[f] & ~plain).any()]
        if used:
            alone = plain
            kept: list[str] = []
            for f in used:  # a format that reads nothing more than those before it says nothing
                if (reads[f] & ~alone).any():
                    kept.append(f)
                    alone = alone | reads[f]
            for f in (*partial, *serial):
                alone = alone | reads[f]
            best[order] = ((*kept, *partial, *serial), float(alone.mean() or 0))
    if not best:
        read = float(np.any([plain, *(reads[f] for f in partial)], axis=0).mean()) if partial else 0.0
        return Dates(formats=partial, example=example, share=read, months=1.0) if read >= _ENOUGH else None
    most = max(share for _, share in best.values())
    if most < 0.6:
        return None
    orders = [formats for formats, share in best.values() if share >= most - 1e-9]
    if (both := _both_orders(best, reads)) is not None:
        return Dates(formats=(), choices=both, example=example, share=most)
    months = float(np.any([reads[f] for f in partial], axis=0).mean()) if partial else 0.0
    if len(orders) == 1:
        return Dates(formats=orders[0], example=example, share=most, months=months)
    return Dates(formats=(), choices=tuple(orders), example=example, share=most, months=months)


def _both_orders(
    best: dict[str, tuple[tuple[str, ...], float]], reads: dict[str, np.ndarray]
) -> tuple[tuple[str, ...], ...] | None:
    """Choices where some cells can only have the day first and others only the month: either order, or both.

    With both, a cell that is a date in either order is none. A single such cell is a slip.
    """
    names = [name for name in ("day first", "month first") if name in best]
    if len(names) < len(("day", "month")):
        return None
    own = [{f for f in best[name][0] if f in _FORMATS[name]} for name in names]
    day, month = (np.any([reads[f] for f in formats], axis=0) for formats in own)
    apart = sorted((int((day & ~month).sum()), int((month & ~day).sum())))
    if apart[0] < max(_FEWEST_DAYS, _SLIPS * sum(apart)):
        return None
    first, second = (best[name][0] for name in names)
    return first, second, tuple(dict.fromkeys((*first, *second)))


def _unparted(filled: pl.Series) -> Dates | None:
    """Dates of eight digits, ``20211129`` or ``29112021``; None where the cells are no such days."""
    year, month, day = r"(?:19|20)\d{2}", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
    shapes = {"%Y%m%d": year + month + day, "%d%m%Y": day + month + year, "%m%d%Y": month + day + year}
    size, fitting = len(filled), []
    for given, shape in shapes.items():
        share = _share(filled.str.contains(f"^{shape}$"), size)
        read = pl.DataFrame({"D": filled}).select(d=iso_dates(pl.col("D"), [given]))["d"] if share >= _ENOUGH else None
        if read is not None and _share(read.is_not_null(), size) >= _ENOUGH and _plausible(read):
            fitting.append((given, share))
    most = max((share for _, share in fitting), default=0.0)
    orders = [(given,) for given, share in fitting if share == most]
    if not orders or filled.n_unique() < _FEWEST_DAYS:
        return None
    example = str(filled[0])
    if len(orders) > 1:
        return Dates(formats=(), choices=tuple(orders), example=example, share=most)
    return Dates(formats=orders[0], example=example, share=most)


def _plausible(read: pl.Series) -> bool:
    """Whether all years are those of a life or a study, and not the numbers of a list."""
    years = read.drop_nulls().str.slice(0, 4).cast(pl.Int32)
    return bool(years.is_between(1900, 2035).all())


def _readers(filled: pl.Series) -> dict[str, np.ndarray]:
    """Format -> which cells it reads; the empty one: ISO 8601."""
    frame = pl.DataFrame({"D": filled})
    formats = [*(f for group in _FORMATS.values() for f in group), *_PARTIALS, "excel"]
    iso = iso_dates(pl.col("D"), ["%Y-%m-%d"]).is_not_null().alias("")
    own = [iso_dates(pl.col("D"), [f]).is_not_null().alias(f) for f in formats]
    read = frame.select(iso, *own)
    return {c: read[c].to_numpy() for c in read.columns}


def _share(hits: pl.Series, size: int) -> float:
    return float(hits.sum()) / size if size else 0.0
