"""One spelling for what differs in case and blanks alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import polars as pl

from codon12.parallel import of_all

__all__ = ["LEVELS", "one_level", "one_spelling", "spelling", "word"]


def word(text: pl.Expr) -> pl.Expr:
    """A word as it is compared: trimmed, in capitals, single blanks; empty where there is none."""
    return text.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ").fill_null("")


def _sex(text: pl.Expr) -> pl.Expr:
    """Sex as it is compared: the code list, and its terms in full."""
    return word(text).replace({"FEMALE": "F", "MALE": "M", "UNKNOWN": "U", "UNK": "U"})


LEVELS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {"SEX": _sex, "RACE": word, "ETHNIC": word}
"""Column of subjects that is read in one spelling -> how its words are compared."""


def one_level(frame: pl.DataFrame, column: str, *, of: str = "subjects") -> pl.Expr:
    """Give a column of `LEVELS` the spelling that each of its levels has most often.

    Examples
    --------
    >>> frame = pl.DataFrame({"SEX": ["Female", "F", "female", "Female", "M", None]})
    >>> frame.select(one_level(frame, "SEX"))["SEX"].to_list()
    ['Female', 'Female', 'Female', 'Female', 'M', None]
    """
    text = pl.col(column).cast(pl.String)
    return one_spelling(frame, [text], of=f"{column} of {of}", alike=LEVELS[column])[0].alias(column)


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
    return one_spelling(frame, [term], of=of)[0]


def one_spelling(
    frame: pl.DataFrame, terms: Sequence[pl.Expr], *, of: str, alike: Callable[[pl.Expr], pl.Expr] = word
) -> list[pl.Expr]:
    """Give terms of several columns the spelling that all of them together have most often, as `spelling` does.

    Terms are one where `alike` makes them equal.
    """
    given = pl.concat([frame.select(text=term) for term in terms]).group_by("text").len()
    text = pl.col("text").str.strip_chars().str.replace_all(r"\s+", " ")
    counts = given.group_by(text).agg(pl.col("len").sum())
    chosen = of_all(f"spellings of {of}", dict(counts.iter_rows()), partial(_chosen, alike=alike))
    return [
        pl.when(term.is_not_null()).then(
            alike(term).replace_strict(list(chosen), list(chosen.values()), default=None, return_dtype=pl.String)
        )
        for term in terms
    ]


def _chosen(counts: dict[str | None, int], *, alike: Callable[[pl.Expr], pl.Expr]) -> dict[str, str | None]:
    """Spelling of each word by how often every spelling stands."""
    rows = pl.DataFrame({"text": list(counts), "n": list(counts.values())}, schema={"text": pl.String, "n": pl.Int64})
    first = rows.sort("n", "text", descending=[True, False]).select(alike(pl.col("text")).alias("word"), "text")
    return dict(first.unique("word", keep="first", maintain_order=True).iter_rows())
