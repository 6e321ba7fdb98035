"""Tokens of a normalised text: numbers, words, signs; what only looks like a number is no number here."""

from __future__ import annotations

import re
from fractions import Fraction

from codon12.numbers.boxes import Printed, read_printed

__all__ = ["Token", "tokenise"]

# Every alternative is linear: no quantified group holds another quantifier over the same characters.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+|\b10\.\d{4,9}/\S+|\b[\w.+-]{1,64}@\s?[\w.-]+)"
    r"|(?P<id>\b(?:NCT\s?\d{8}\b|ISRCTN\s?\d{8}\b|UMIN\s?C?\d{6,9}\b|EudraCT\s[\d-]{8,20}|PMC\d{5,8}\b))"
    r"|(?P<cite>(?<=[A-Za-z)\]\"'’”])[.,;:][\"'’”]?\d{1,3}(?:[,-]\d{1,3})*(?![\d%.]|,\d))"
    r"|(?P<num>(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"|(?P<word>[^\W\d_][\w'’]*(?:-[^\W_]\w*)*)"
    r"|(?P<op><=|>=|[<>=≤≥±~≈])"
    r"|(?P<blank>\s+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_ABBREVIATIONS_BEFORE_NUMBERS = {
    *("vs", "p", "n", "no", "nos", "or", "hr", "rr", "fig", "figs", "ref", "refs", "approx", "v", "ca"),
    *("table", "tables", "q", "to", "of", "and", "was", "p-value", "chi", "ci", "irq", "iqr", "range"),
}
_UNITS = {
    *("mg", "g", "kg", "µg", "μg", "mcg", "ml", "mL", "dl", "l", "Gy", "cGy", "mo", "mos", "m", "d", "h", "hr"),
    *("hrs", "wk", "wks", "w", "y", "yr", "yrs", "mm", "cm", "Mb", "kb", "bp", "U", "IU", "MBq", "months"),
    *("month", "weeks", "week", "years", "year", "days", "day", "patients", "percent", "CI", "x"),
}
_ONE_TO_NINETEEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_ONES = _ONE_TO_NINETEEN.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORD_VALUES = {w: i for i, w in enumerate(_ONES)} | {w: 10 * (i + 2) for i, w in enumerate(_TENS)}


class Token:
    """A piece of text: kind, text, its place in the normal text, and the number it prints if any."""

    __slots__ = ("end", "glued", "kind", "lower", "number", "spelled", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.lower = text.lower()
        self.start = start
        self.end = end
        self.number: Printed | None = None
        self.spelled = False
        self.glued = False

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text!r}"


def _spelled_value(text: str) -> int | None:
    """Value of one number word such as ``seven`` or ``fifty-nine``; None for any other word."""
    value = _WORD_VALUES.get(text)
    if value is not None:
        return value
    tens, dash, ones = text.partition("-")
    if dash and tens in _TENS and ones in _ONES[1:10]:
        return _WORD_VALUES[tens] + _WORD_VALUES[ones]
    return None


def _merge_spelled(tokens: list[Token]) -> list[Token]:
    """Join number words: ``one hundred and fifty-nine`` is one number."""
    out: list[Token] = []
    i, count = 0, len(tokens)
    while i < count:
        token = tokens[i]
        value = _spelled_value(token.lower) if token.kind == "word" else None
        if value is None:
            out.append(token)
            i += 1
            continue
        j = i + 1
        if j < count and tokens[j].lower == "hundred" and 0 < value < 100:
            value *= 100
            j += 1
            k = j + 1 if j < count and tokens[j].lower == "and" else j
            rest = _spelled_value(tokens[k].lower) if k < count and tokens[k].kind == "word" else None
            if rest:
                value, j = value + rest, k + 1
        elif j < count and token.lower in _TENS and tokens[j].lower in _ONES[1:10]:
            value, j = value + _WORD_VALUES[tokens[j].lower], j + 1
        merged = Token("num", token.text, token.start, tokens[j - 1].end)
        merged.number = Printed(str(value), Fraction(value), 0)
        merged.spelled = True
        out.append(merged)
        i = j
    return out


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Tokens of ``text[start:end]``.

    Kinds: ``num`` (with ``number`` set; also number words), ``word``, ``name`` (a number grown onto letters,
    such as 2x2 or 90th), ``op``, ``sign``, ``cite`` (a reference mark grown onto a word), ``link``, ``id``.

    Examples
    --------
    >>> [t.kind for t in tokenise("in 4 months.12,17 at 10.1000/xyz")]
    ['word', 'num', 'word', 'cite', 'word', 'link']
    """
    tokens: list[Token] = []
    end = len(text) if end is None else end
    position = start
    while position < end:
        found = _TOKEN.match(text, position, end)
        if found is None:  # pragma: no cover - the last alternative takes any character
            break
        kind, piece = found.lastgroup or "sign", found.group()
        if (
            kind == "cite"
            and tokens
            and tokens[-1].kind in ("word", "num")
            and (tokens[-1].lower in _ABBREVIATIONS_BEFORE_NUMBERS)
        ):
            kind, piece = "sign", piece[0]
        begin, position = position, position + len(piece)
        if kind == "blank":
            continue
        token = Token(kind, piece, begin, position)
        token.glued = bool(tokens) and tokens[-1].end == begin
        if kind == "num":
            token.number = read_printed(piece)
        elif kind == "word" and token.glued and tokens[-1].kind == "num" and piece.split("-")[0] not in _UNITS:
            tokens[-1].kind = "name"
            tokens[-1].number = None
        tokens.append(token)
    return _merge_spelled(tokens)
