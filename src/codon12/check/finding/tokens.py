"""Tokens of a normalised text: numbers, words, signs; what only looks like a number is no number here."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from codon12.check import patterns as re
from codon12.check.number_words import ONES, TENS, WORD_VALUES
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Token", "tokenise"]

# Every alternative is linear: no quantified group holds another quantifier over the same characters.
_MAIL = r"(?P<mail>\b[\w.+-]{1,64}@\s?[\w.-]+)|"
_PIECE = (
    r"(?P<link>https?://\S+|www\.\S+|\b10\.\d{4,9}/\S+)|(?P<id>\b(?:NCT\s?\d{8}\b|ISRCTN\s?\d{8}\b|UMIN\s?C?\d{6,9}\b|"
    r"EudraCT\s[\d-]{8,20}|PMC\d{5,8}\b))|(?P<cite>(?<=[A-Za-z)\]\"'’”])[.,;:][\"'’”]?\d{1,3}(?:[,-]\d{1,3})*(?![\d%.]|"
    r",\d))|(?P<ref>(?<=\b(?:19|20)\d\d),\d{1,2}(?![\d%.]|,\d))|(?P<num>(?:\d{1,3}(?:,\d{3})+(?!,?\d)|\d+)(?:\.\d+)?|"
    r"(?<![\w.])\.\d+)|(?P<word>[^\W\d_][\w'’]*(?:(?<=\d)\.\d+)?(?:-[^\W_]\w*)*)|(?P<op><=|>=|[<>=≤≥±~≈])|(?P<sign>\S)"
)
_TOKEN = re.compile(_PIECE)
_TOKEN_OR_MAIL = re.compile(_MAIL + _PIECE)
_RARE = {"mail": "link", "ref": "cite", "cite": "cite"}
"""Parts of the pattern that are tokens of another kind, or of another where they follow an abbreviation."""
_ABBREVIATIONS_BEFORE_NUMBERS = {
    *("vs", "p", "n", "no", "nos", "or", "hr", "rr", "fig", "figs", "ref", "refs", "approx", "v", "ca"),
    *("table", "tables", "q", "to", "of", "and", "was", "p-value", "chi", "ci", "irq", "iqr", "range"),
}
_UNITS = {
    *("mg", "g", "kg", "µg", "μg", "mcg", "ml", "mL", "dl", "l", "Gy", "cGy", "mo", "mos", "m", "d", "h", "hr"),
    *("hrs", "wk", "wks", "w", "y", "yr", "yrs", "mm", "cm", "Mb", "kb", "bp", "U", "IU", "MBq", "months"),
    *("month", "weeks", "week", "years", "year", "days", "day", "patients", "percent", "CI", "x"),
}


class Token(msgspec.Struct, eq=False, gc=False):
    """A piece of text: kind, text, the same in small letters, its place in the normal text, the number it prints."""

    kind: str
    text: str
    lower: str
    start: int
    end: int
    number: Printed | None = None
    spelled: bool = False
    glued: bool = False

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text!r}"


def _merge_spelled(tokens: list[Token]) -> list[Token]:
    """Join number words: ``one hundred and fifty-nine`` is one number."""
    out: list[Token] = []
    i, count = 0, len(tokens)
    while i < count:
        token = tokens[i]
        value = WORD_VALUES.get(token.lower) if token.kind == "word" else None
        if value is None:
            out.append(token)
            i += 1
            continue
        j = i + 1
        hundreds = token.lower.endswith("-hundred")
        if hundreds or (j < count and tokens[j].lower == "hundred" and 0 < value < 100):
            value *= 1 if hundreds else 100
            j += not hundreds
            k = j + 1 if j < count and tokens[j].lower == "and" else j
            rest = WORD_VALUES.get(tokens[k].lower) if k < count and tokens[k].kind == "word" else None
            if rest:
                value, j = value + rest, k + 1
                if tokens[k].lower in TENS and j < count and tokens[j].lower in ONES[1:10]:
                    value, j = value + WORD_VALUES[tokens[j].lower], j + 1
        elif j < count and token.lower in TENS and tokens[j].lower in ONES[1:10]:
            value, j = value + WORD_VALUES[tokens[j].lower], j + 1
        merged = Token("num", token.text, token.lower, token.start, tokens[j - 1].end)
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
    pattern = _TOKEN if text.find("@", start, end) < 0 else _TOKEN_OR_MAIL
    last = Token("", "", "", -1, -1)
    spelled = again = False
    position = start
    while position < end:
        for found in pattern.finditer(text, position, end):
            kind, piece, begin = found.lastgroup or "sign", found[0], found.start()
            if kind in _RARE:
                if kind == "cite" and last.kind in ("word", "num") and last.lower in _ABBREVIATIONS_BEFORE_NUMBERS:
                    kind, piece, again = "sign", piece[0], True
                kind = _RARE.get(kind, kind)
            number = read_printed(piece) if kind == "num" else None
            token = Token(kind, piece, piece.lower(), begin, begin + len(piece), number, False, last.end == begin)
            if kind == "word":
                if token.lower in WORD_VALUES:
                    spelled = True
                if token.glued and last.kind == "num" and piece.split("-")[0] not in _UNITS:
                    last.kind = "name"
                    last.number = None
            tokens.append(token)
            last = token
            if again:  # what follows the sign is read anew
                break
        if not again:
            break
        again, position = False, last.end
    return _merge_spelled(tokens) if spelled else tokens
