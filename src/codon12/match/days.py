"""Days, complete or not, as ranges of whole numbers."""

from __future__ import annotations

import calendar
from datetime import date

from codon12.errors import InputError

__all__ = ["day_range"]


def day_range(text: str, *, where: str) -> tuple[date, date]:
    """First and last day that a date can be.

    Raises
    ------
    InputError
        No such day; the message names `where`.

    Examples
    --------
    >>> [str(d) for d in day_range("2020-02", where="end")]
    ['2020-02-01', '2020-02-29']
    """
    parts = [int(p) for p in text.split("-")]
    try:
        if len(parts) == 3:
            day = date(parts[0], parts[1], parts[2])
            return day, day
        if len(parts) == 2:
            year, month = parts
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    except (ValueError, calendar.IllegalMonthError):
        raise InputError(f"{where}: {text!r} is no day of the calendar") from None
