"""Texts as a figure shows them: cut to length, without control characters, and how wide they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import polars as pl

__all__ = [
    "MAX_CHARACTERS",
    "apart",
    "apart_column",
    "half_up",
    "minus",
    "shown",
    "shown_column",
    "shown_subject",
    "text_width",
    "wrapped",
]

MAX_CHARACTERS = 40
"""Longest label a figure prints; a longer one is cut and ends in an ellipsis."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_NARROW, _WIDE = set("fijlrtI.,:;'|!()[] -"), set("mwMWGOQ%@")


def shown(text: object, limit: int = MAX_CHARACTERS) -> str:
    r"""Text for display: control and direction characters become a blank, the end is cut with an ellipsis.

    Examples
    --------
    >>> shown("01-001\nx"), shown("A" * 50, 6), shown(None)
    ('01-001 x', 'AAAAA…', '')
    """
    plain = "" if text is None else _CONTROL.sub(" ", str(text)[: 4 * limit + 64]).strip()
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def apart(texts: Iterable[object], limit: int = MAX_CHARACTERS) -> dict[str, str]:
    r"""Names as a figure shows them, each by its text: no two alike, so that what they name is not drawn as one.

    Of those whose beginnings are alike the middle is cut out; what is alike even then is numbered.

    Examples
    --------
    >>> list(apart(["Drug A 960 mg once", "Drug A 960 mg twice", "Drug B"], 14).values())
    ['Drug…mg once', 'Drug…mg twice', 'Drug B']
    >>> list(apart(["KRAS", "KRAS\n"]).values())
    ['KRAS', 'KRAS (2)']
    """
    names = {str(t): shown(t, limit) for t in texts if t is not None}
    often = Counter(names.values())
    taken: set[str] = {name for name, n in often.items() if n == 1}
    for text, name in names.items():
        if often[name] > 1:
            plain, begin = _CONTROL.sub(" ", text).strip(), limit * 2 // 5
            long = len(plain) > limit
            cut = plain[:begin].rstrip() + "…" + plain[begin + 1 - limit :].lstrip() if long else name
            numbered = (f"{cut} ({i})" for i in range(2, len(names) + 2))
            names[text] = cut if cut not in taken else next(n for n in numbered if n not in taken)
            taken.add(names[text])
    return names


def apart_column(column: pl.Series, limit: int = MAX_CHARACTERS) -> pl.Series:
    """Same as `apart`, for a text column; null stays null."""
    names = apart(column.unique(maintain_order=True), limit)
    return column.cast(pl.String).replace_strict(names, default=None, return_dtype=pl.String)


def shown_column(column: pl.Expr, limit: int = MAX_CHARACTERS) -> pl.Expr:
    """Same as `shown`, for a text column."""
    plain = column.cast(pl.String).str.slice(0, 4 * limit + 64).str.replace_all(_CONTROL.pattern, " ")
    plain = plain.str.strip_chars()
    cut = plain.str.slice(0, limit - 1).str.strip_chars_end() + "…"
    return pl.when(plain.str.len_chars() <= limit).then(plain).otherwise(cut)


def half_up(value: pl.Expr, digits: int) -> pl.Expr:
    """A number rounded as tables round by default: 46.25 to 46.3, as polars alone would not.

    Examples
    --------
    >>> pl.Series([46.25, -0.25]).to_frame("A").select(half_up(pl.col("A"), 1))["A"].to_list()
    [46.3, -0.3]
    """
    return value.round(digits, mode="half_away_from_zero")


def shown_subject(column: pl.Expr, limit: int = MAX_CHARACTERS) -> pl.Expr:
    """An identifier for display: of a long one the end stays, in which subjects of one study differ.

    Examples
    --------
    >>> ids = pl.DataFrame({"s": ["01-001", "STUDY-LONG-NAME-0012"]})
    >>> ids.select(shown_subject(pl.col("s"), 8))["s"].to_list()
    ['01-001', '…ME-0012']
    """
    plain = column.cast(pl.String).str.replace_all(_CONTROL.pattern, " ").str.strip_chars()
    cut = pl.lit("…") + plain.str.slice(-(limit - 1)).str.strip_chars_start()
    return pl.when(plain.str.len_chars() <= limit).then(plain).otherwise(cut)


def minus(text: str) -> str:
    """Replace the hyphen of a negative number by a minus sign."""
    return text.replace("-", "−")


def text_width(text: str, size: float = 11) -> float:
    """Approximate width of a text in pixels, in the figure font; good to about 5 %, never meant for layout alone.

    Examples
    --------
    >>> text_width("") == 0 and text_width("No. at risk") < text_width("Number at risk")
    True
    """
    em = sum(0.29 if c in _NARROW else 0.83 if c in _WIDE else 0.67 if c.isupper() else 0.55 for c in text)
    return em * size


def wrapped(text: str, room: float, size: float = 11) -> list[str]:
    """Lines of a text that are no wider than `room` pixels, broken between words; a longer word keeps its line.

    Examples
    --------
    >>> wrapped("Black or African American", 90)
    ['Black or African', 'American']
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and text_width(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
