"""Words of adverse-event records: how a term is spelt, and which words say no."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all

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


def spelling(frame: pl.DataFrame, term: pl.Expr, *, of: str = "a term") -> pl.Expr:
    """Give every term the spelling it has most often, whatever case and blanks; of equals the first by alphabet.

    Parameters
    ----------
    frame
        The rows that are counted.
    term
        The term of each row.
    of
        What they are terms of, in words: counted over all blocks where the rows are worked in blocks.

    Examples
    --------
    >>> frame = pl.DataFrame({"AEDECOD": ["NAUSEA", "Nausea", "Nausea ", "Nausea", "Rash", None]})
    >>> frame.select(spelling(frame, pl.col("AEDECOD")))["AEDECOD"].to_list()
    ['Nausea', 'Nausea', 'Nausea', 'Nausea', 'Rash', None]
    """
    text = term.str.strip_chars().str.replace_all(r"\s+", " ")
    counts = frame.select(text.alias("text")).group_by("text").len()
    chosen = of_all(f"spellings of {of}", dict(counts.iter_rows()), _chosen)
    own = word(term).replace_strict(list(chosen), list(chosen.values()), default=None, return_dtype=pl.String)
    return pl.when(term.is_not_null()).then(own)


def _chosen(counts: dict[str | None, int]) -> dict[str, str | None]:
    """Spelling of each word by how often every spelling stands."""
    rows = pl.DataFrame({"text": list(counts), "n": list(counts.values())}, schema={"text": pl.String, "n": pl.Int64})
    first = rows.sort("n", "text", descending=[True, False]).select(word(pl.col("text")).alias("word"), "text")
    return dict(first.unique("word", keep="first", maintain_order=True).iter_rows())
