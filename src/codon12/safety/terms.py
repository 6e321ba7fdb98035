"""Words of adverse-event records: how a term is spelt, and which words say no."""

from __future__ import annotations

import polars as pl

__all__ = ["NOT_MODIFIED", "NOT_RELATED", "spelling", "word"]

NOT_RELATED = (
    *("N", "NO", "NOT RELATED", "UNRELATED", "NONE", "REMOTE", "UNLIKELY", "UNLIKELY RELATED", "DOUBTFUL"),
    *("NOT SUSPECTED", "NOT POSSIBLY RELATED", "DEFINITELY NOT RELATED"),
    *("NO REASONABLE POSSIBILITY", "PROBABLY NOT RELATED", "UNLIKELY TO BE RELATED"),
)
"""Words of AEREL that say no."""

NOT_MODIFIED = (
    *("DOSE NOT CHANGED", "NONE", "NO ACTION TAKEN", "NO ACTION", "NO CHANGE", "DOSE INCREASED", "NOT APPLICABLE"),
    *("NOT EVALUABLE", "UNKNOWN", "NA", "N/A"),
)
"""Words of AEACN that are no reduction, interruption or withdrawal."""


def word(text: pl.Expr) -> pl.Expr:
    """A word as it is compared: trimmed, in capitals, single blanks; empty where there is none."""
    return text.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ").fill_null("")


def spelling(term: pl.Expr) -> pl.Expr:
    """Give every term the spelling it has most often, whatever case and blanks; of equals the first by alphabet.

    Examples
    --------
    >>> frame = pl.DataFrame({"AEDECOD": ["NAUSEA", "Nausea", "Nausea ", "Nausea", "Rash", None]})
    >>> frame.select(spelling(pl.col("AEDECOD")))["AEDECOD"].to_list()
    ['Nausea', 'Nausea', 'Nausea', 'Nausea', 'Rash', None]
    """
    text = term.str.strip_chars().str.replace_all(r"\s+", " ")
    often = pl.len().over(text)
    key = word(term)
    chosen = text.sort_by([-often.cast(pl.Int64), text]).first().over(key)
    return pl.when(term.is_not_null()).then(chosen)
