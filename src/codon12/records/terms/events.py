"""What the words of an adverse-event record mean: its grade, and whether it occurred at all."""

from __future__ import annotations

import polars as pl

__all__ = ["DENIED", "FATAL", "YES", "fatal", "grade", "no_grade", "occurred"]

YES = ("Y", "YES", "1", "TRUE")
"""Words of a flag that say yes."""

DENIED = ("N", "NO", "0", "FALSE")
"""Words of a flag, or of --OCCUR, that say no."""

FATAL = ("FATAL", "DEATH", "DIED", "DEAD", "DEATH RELATED TO ADVERSE EVENT")
"""Words of AEOUT that say the event was fatal."""


_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
_WORDS = r"MILD|MODERATE|SEVERE|DISABLING|LIFE[- ]?THREATENING|FATAL|DEATH(?: RELATED TO AE)?"
_GRADE = (
    r"^(?:(?:NCI|CTC|CTCAE|TOXICITY)[ -]*)*°?(?:(?:GRADE|GRADO|GRAD|GRAU|GRAAD|GRD|GR|G)[ .:=-]*)?°?"
    rf"([1-5]|I{{1,3}}|IV|V)(?:\.0+)?°?(?:[ ,:=-]*\(?(?:{_WORDS})\)?)?$"
)


_NO_EVENT = (
    r"^(?:NO|NONE|NIL|N/?A|KEINE?|AUCUNE?|NINGUN[OA]|NESSUN[OA]?|GEEN|INGEN|INGA)"
    r"(?: (?:ADVERSE )?(?:EVENTS?|REACTIONS?|AES?|TOXICIT(?:Y|IES)))?(?: (?:REPORTED|OBSERVED))?$"
)
"""Terms that say that there was no event, where neither grade nor start is recorded."""


def grade(column: pl.Expr | str) -> pl.Expr:
    """Read a CTCAE grade as 1 to 5, however one grade is written; null for anything else.

    ``3``, ``3.0``, ``GRADE 3``, ``Grad 3``, ``G3``, ``III``, ``3°`` and ``3 (severe)`` are grade 3. Two grades
    (``2-3``), others (``13``) and other words are none; the rule ``grade-unknown`` names them. 0 is no event.

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

    Not so where AEOCCUR is N (No, 0, false), where AESTAT says that it was not asked (NOT DONE), where the grade is 0,
    and where an event was asked about (AEPRESP Y), or its term says none (``No adverse event``), and no answer, grade
    or start was recorded. Rule ``event-did-not-occur`` names them.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, 4.5.1.2 and 6.2 (--PRESP, --OCCUR, --STAT); CTC 2.0: grade 0 is no adverse
    event or within normal limits.

    Examples
    --------
    >>> ae = pl.DataFrame({"AETERM": ["Rash", "Rash", "None"], "AEOCCUR": ["Y", "N", None]})
    >>> ae.select(occurred(ae)).to_series().to_list()
    [True, False, False]
    """
    denied = _text(table, "AEOCCUR").is_in(DENIED) | (_text(table, "AESTAT") == "NOT DONE")
    denied |= no_grade(_text(table, "ATOXGR", "AETOXGR"))
    unsaid = _text(table, "AETERM", "AEDECOD").str.contains(_NO_EVENT)
    if "AEOCCUR" in table.columns:
        unsaid |= (_text(table, "AEPRESP") == "Y") & (_text(table, "AEOCCUR") == "")
    blank = (_text(table, "AESTDTC", "ASTDT") == "") & (_text(table, "AETOXGR", "ATOXGR", "AESEV") == "")
    return (~denied & ~(unsaid & blank)).alias("OCCURRED")


def no_grade(text: pl.Expr) -> pl.Expr:
    """Tell whether a grade is 0, which is no adverse event."""
    return text.cast(pl.String).str.contains(r"^(?i:\s*(?:GRADE?|G)?[ .:-]*0(?:\.0+)?\s*)$")


def _text(table: pl.DataFrame, *names: str) -> pl.Expr:
    have = [pl.col(n).cast(pl.String).str.strip_chars().str.to_uppercase() for n in names if n in table.columns]
    return pl.coalesce(have).fill_null("") if have else pl.lit("")
