"""Calendar dates as papers print them, whole or partial, and spans between two of them."""

from __future__ import annotations

import datetime as dt

from codon12.check.finding.lexicon import MONTHS
from codon12.check.finding.reader import Atom, TokenReader

__all__ = ["date_atom", "first_and_last_day", "is_calendar_date"]


def _whole(t: TokenReader, i: int, low: int, high: int) -> int | None:
    number = t.number(i)
    if number is None or not number.text.isdigit():
        return None
    whole = int(number.text)
    return whole if low <= whole <= high else None


def _date(t: TokenReader, i: int) -> tuple[str, int] | None:
    """ISO text of a date at token `i` (year, year and month, or whole) and its end."""
    month = MONTHS.get(t.low(i).rstrip("."))
    if month and t.t[i].text[0].isupper():
        j = i + 1 + (t.low(i + 1) in (".", ","))
        day = _whole(t, j, 1, 31)
        if day is not None:
            k = j + 1 + (t.low(j + 1) == ",")
            year = _whole(t, k, 1900, 2100)
            if year is not None:
                return f"{year}-{month:02}-{day:02}", k + 1
            return (f"--{month:02}-{day:02}", j + 1) if t.low(i) != "may" else None
        year = _whole(t, j, 1900, 2100)
        return None if year is None else (f"{year}-{month:02}", j + 1)
    day = _whole(t, i, 1, 31)
    if day is not None:
        month = MONTHS.get(t.low(i + 1))
        if month and t.t[i + 1].text[0].isupper():
            k = i + 2 + (t.low(i + 2) == ",")
            year = _whole(t, k, 1900, 2100)
            if year is not None:
                return f"{year}-{month:02}-{day:02}", k + 1
            return f"--{month:02}-{day:02}", i + 2
        return None
    year = _whole(t, i, 1900, 2100)
    if year is not None and len(t.t[i].text) == 4:
        if t.low(i + 1) == "-" and t.low(i + 3) == "-" and t.glued(i + 1):
            month, day = _whole(t, i + 2, 1, 12), _whole(t, i + 4, 1, 31)
            if month and day:
                return f"{year}-{month:02}-{day:02}", i + 5
        if t.low(i - 1) in (
            "in",
            "since",
            "until",
            "through",
            "between",
            "from",
            "by",
            "to",
            "and",
            "during",
            "before",
            "after",
            "-",
            "(",
        ):
            after = t.low(i + 1)
            if not after or after in (
                ")",
                ".",
                ",",
                "-",
                "and",
                "to",
                "through",
                ";",
                "at",
                "with",
                "as",
                "were",
                "the",
            ):
                return str(year), i + 1
            spanned = t.low(i - 1) == "and" and t.low(i - 3) == "between" and _whole(t, i - 2, 1900, 2100) is not None
            begun = t.low(i - 1) in ("in", "since", "until", "between") or spanned
            if begun and not t.low(i + 1).startswith("patient"):
                return str(year), i + 1
    return None


_NO_YEARS = frozenset(
    ("%", "-", "/", "mg", "g", "kg", "µg", "ml", "l", "mm", "cm", "m", "km", "nm", "kcal", "iu", "hz", "steps")
)
"""Behind two numbers that are an amount."""


def _years(t: TokenReader, i: int) -> Atom | None:
    """Two years of four figures, the later behind the earlier: `2017-2019`."""
    first = _whole(t, i, 1900, 2100)
    if first is None or t.low(i + 1) != "-" or not (t.glued(i + 1) and t.glued(i + 2)):
        return None
    last = _whole(t, i + 2, first + 1, 2100)
    if last is None or {len(t.t[k].text) for k in (i, i + 2)} != {4} or t.low(i + 3) in _NO_YEARS:
        return None
    return Atom("dates", i, i + 3, start=str(first), end=str(last))


def _month_of_year(t: TokenReader, i: int) -> str | None:
    """A month and its year in figures: `8/2019`."""
    month, year = _whole(t, i, 1, 12), _whole(t, i + 2, 1950, 2100)
    if month is None or year is None or t.low(i + 1) != "/" or not (t.glued(i + 1) and t.glued(i + 2)):
        return None
    return f"{year}-{month:02}"


def _months(t: TokenReader, i: int) -> Atom | None:
    """Two months in figures: `8/2019-2/2020`, `from 01/2015 to 12/2018`."""
    first, j = _month_of_year(t, i), i + 3
    if first is None or not (t.low(j) in ("to", "-", "through", "until", "till") or t.low(i - 1) == "between"):
        return None
    last = _month_of_year(t, j + 1)
    return None if last is None else Atom("dates", i, j + 4, start=first, end=last)


def date_atom(t: TokenReader, i: int) -> Atom | None:
    """A date or a span of dates at token `i`, or None."""
    spanned = _years(t, i) or _months(t, i)
    if spanned is not None:
        return spanned
    first = _date(t, i)
    if first is None:
        return None
    text, j = first
    k = j + (t.low(j) == ",")
    if t.low(k) in ("to", "-", "through", "until", "and", "till"):
        second = _date(t, k + 1 + (t.low(k + 1) == "to"))
        if second is not None and (t.low(k) != "and" or t.low(i - 1) == "between"):
            return Atom("dates", i, second[1], start=text, end=second[0])
    if text.startswith("--"):
        return None
    return Atom("date", i, j, date=text)


def is_calendar_date(text: str) -> bool:
    """Whether an ISO date, whole or partial, exists in the calendar."""
    try:
        dt.date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def first_and_last_day(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day a partial ISO date can mean."""
    parts = [int(p) for p in text.split("-") if p.isdigit()]
    try:
        match parts:
            case [year]:
                return dt.date(year, 1, 1), dt.date(year, 12, 31)
            case [year, month]:
                following = dt.date(year + month // 12, month % 12 + 1, 1)
                return dt.date(year, month, 1), following - dt.timedelta(days=1)
            case [year, month, day]:
                day_of = dt.date(year, month, day)
                return day_of, day_of
    except ValueError:
        return None
    return None
