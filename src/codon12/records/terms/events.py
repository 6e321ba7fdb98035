"""What the words of an adverse-event record mean: its grade, and whether it occurred at all."""

from __future__ import annotations

import polars as pl

__all__ = ["DENIED", "FATAL", "YES", "fatal", "grade", "occurred"]

YES = ("Y", "YES", "1", "TRUE")
"""Words of a flag that say yes."""

DENIED = ("N", "NO", "0", "FALSE")
"""Words of a flag, or of --OCCUR, that say no."""

FATAL = ("FATAL", "DEATH", "DIED", "DEAD", "DEATH RELATED TO ADVERSE EVENT")
"""Words of AEOUT that say the event was fatal."""


_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
_WORDS = r"MILD|MODERATE|SEVERE|DISABLING|LIFE[- ]?THREATENING|FATAL|DEATH(?: RELATED TO AE)?"
_GRADE = (
    r"^(?:(?:NCI|CTC|CTCAE|TOXICITY)[ -]*)*(?:(?:GRADE|GRD|GR|G)[ .:=-]*)?"
    rf"([1-5]|I{{1,3}}|IV|V)(?:\.0+)?(?:[ ,:-]*\(?(?:{_WORDS})\)?)?$"
)


def grade(column: pl.Expr | str) -> pl.Expr:
    """Read a CTCAE grade as 1 to 5, however one grade is written; null for anything else.

    ``3``, ``3.0``, ``GRADE 3``, ``G3``, ``III`` and ``3 (severe)`` are grade 3. Two grades (``2-3``), others (``0``,
    ``13``) and other words are none; the rule ``grade-unknown`` names them.

    Notes
    -----
    Source: CTCAE 5.0 knows the grades 1 to 5; one event has one grade.

    Examples
    --------
    >>> text = pl.DataFrame({"AETOXGR": ["3", "3.0", "Grade III", "G 2", "3 (severe)", "2-3", "13", "0", None]})
    >>> text.select(grade("AETOXGR"))["AETOXGR"].to_list()
    [3, 3, 3, 2, 3, None, None, None, None]
    """
    text = pl.col(column) if isinstance(column, str) else column
    found = text.cast(pl.String).str.strip_chars().str.to_uppercase().str.extract(_GRADE)
    return found.replace(_ROMAN).cast(pl.Int64)


def fatal(table: pl.DataFrame) -> pl.Expr:
    """Tell of each adverse-event record whether the event was fatal: AEOUT says so, or AESDTH is yes.

    Examples
    --------
    >>> ae = pl.DataFrame({"AEOUT": ["FATAL", "Death", "RECOVERED"], "AESDTH": [None, None, "Yes"]})
    >>> ae.select(fatal(ae)).to_series().to_list()
    [True, True, True]
    """
    outcome, flag = _text(table, "AEOUT"), _text(table, "AESDTH")
    return (outcome.is_in(FATAL) | flag.is_in(YES)).alias("FATAL")


def occurred(table: pl.DataFrame) -> pl.Expr:
    """Tell of each adverse-event record whether the event occurred.

    Not so where AEOCCUR is N (No, 0, false), where AESTAT says that it was not asked (NOT DONE), and where an event
    was asked about (AEPRESP Y) and no answer, grade or start was recorded. Rule ``event-did-not-occur`` names them.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, 4.5.1.2 and 6.2 (--PRESP, --OCCUR, --STAT).

    Examples
    --------
    >>> ae = pl.DataFrame({"AETERM": ["Rash", "Rash"], "AEOCCUR": ["Y", "N"]})
    >>> ae.select(occurred(ae)).to_series().to_list()
    [True, False]
    """
    denied = _text(table, "AEOCCUR").is_in(DENIED) | (_text(table, "AESTAT") == "NOT DONE")
    if "AEOCCUR" not in table.columns:
        return (~denied).alias("OCCURRED")
    asked = (_text(table, "AEPRESP") == "Y") & (_text(table, "AEOCCUR") == "")
    blank = (_text(table, "AESTDTC", "ASTDT") == "") & (_text(table, "AETOXGR", "ATOXGR", "AESEV") == "")
    return (~denied & ~(asked & blank)).alias("OCCURRED")


def _text(table: pl.DataFrame, *names: str) -> pl.Expr:
    have = [pl.col(n).cast(pl.String).str.strip_chars().str.to_uppercase() for n in names if n in table.columns]
    return pl.coalesce(have).fill_null("") if have else pl.lit("")
