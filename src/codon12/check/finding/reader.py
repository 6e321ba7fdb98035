"""Reading tokens: what an atom is made of, and the two limits of an interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codon12.check.finding.lexicon import TIME_UNITS
from codon12.check.finding.tokens import Token
from codon12.numbers.unrounded import Printed

__all__ = ["OPS", "Atom", "TokenReader", "bound", "limits", "separator"]

OPS = {">": ">", "<": "<", "≥": ">=", "≤": "<=", ">=": ">=", "<=": "<="}


class Atom:
    """Tokens `i` to before `j` with their meaning."""

    __slots__ = ("data", "i", "j", "kind")

    def __init__(self, kind: str, i: int, j: int, **data: Any) -> None:
        self.kind, self.i, self.j, self.data = kind, i, j, data

    def __repr__(self) -> str:
        return f"{self.kind}[{self.i}:{self.j}]{self.data}"


class _Words(dict[int, str]):
    def __missing__(self, i: int) -> str:
        return ""


class TokenReader:
    """Reading tokens past either end gives an empty token; of a row of a table its text tells the cells apart."""

    __slots__ = ("low", "n", "row", "t")

    def __init__(self, tokens: list[Token], row: str | None = None) -> None:
        self.t, self.n, self.row = tokens, len(tokens), row
        self.low: Callable[[int], str] = _Words((i, token.lower) for i, token in enumerate(tokens)).__getitem__
        """Token `i` in lower case, or nothing past either end."""

    def number(self, i: int) -> Printed | None:
        """The number token `i` prints, or None."""
        return self.t[i].number if 0 <= i < self.n and self.t[i].kind == "num" else None

    def glued(self, i: int) -> bool:
        """Whether token `i` stands right behind the one before."""
        return 0 <= i < self.n and self.t[i].glued

    def parted(self, i: int) -> bool:
        """Whether token `i` of a row begins a cell: behind a tab or more than one space."""
        if self.row is None or not 0 < i < self.n:
            return False
        a, b = self.t[i - 1].end, self.t[i].start
        return b - a > 1 or self.row[a:b] == "\t"

    def words(self, i: int, k: int) -> tuple[str, ...]:
        """`k` tokens from `i` on, in lower case."""
        return tuple(self.low(x) for x in range(i, i + k))


def _not_reached(t: TokenReader, i: int) -> int | None:
    """End of a phrase that says a limit does not exist, or None."""
    word = t.low(i)
    j = i
    if word in ("nr", "ne", "n.r", "∞", "infinity", "nc", "unreached"):
        j = i + 1
    elif word in ("not", "could", "cannot", "can", "upper", "non"):
        for x in range(i, i + 6):
            if t.low(x) in ("reached", "estimable", "evaluated", "evaluable", "estimated", "available", "calculable",
                            "determined", "calculated"):  # fmt: skip
                j = x + 1
                break
        else:
            return None
    else:
        return None
    if t.low(j) in ("(", "[") and t.low(j + 1) in ("nr", "ne") and t.low(j + 2) in (")", "]"):
        j += 3
    return j


def bound(t: TokenReader, i: int) -> tuple[Printed | str, bool, int] | None:
    """A limit of an interval at token `i`: number or not reached, whether censored (`18.4+`), and its end."""
    number, k, negative = t.number(i), i, False
    if number is None and t.low(i) in ("-", "−") and t.glued(i + 1) and (number := t.number(i + 1)) is not None:
        negative, k = True, i + 1
    if number is None:
        end = _not_reached(t, i)
        return None if end is None else ("not reached", False, end)
    if negative:
        number = Printed("-" + number.text, -number.value, number.digits)
    j = k + 1
    plus = t.low(j) == "+" and t.glued(j)
    return number, plus, j + plus


def separator(t: TokenReader, i: int, *, labelled: bool) -> int | None:
    """End of what parts two limits at token `i`; behind a label commas and semicolons do as well."""
    word = t.low(i)
    if word in ("-", "to", "—", "–") or (labelled and word in (",", ";", "and", "~")):
        return i + 1
    return None


def limits(t: TokenReader, i: int, *, labelled: bool) -> tuple[Any, Any, bool, int] | None:
    """Two limits with their separator, percent signs and units between them read over."""
    first = bound(t, i)
    if first is None:
        return None
    j = first[2]
    if t.low(j) in ("%", "percent") or (labelled and t.low(j) in TIME_UNITS):
        j += 1
    elif t.low(j) == "per" and t.low(j + 1) == "cent":
        j += 2
    sep = separator(t, j, labelled=labelled)
    if sep is None or (not labelled and _is_minus(t, j)):
        return None
    second = bound(t, sep)
    if second is None or (isinstance(first[0], str) and isinstance(second[0], str) and not labelled):
        return None
    if t.low(j) == "," and t.glued(j) and t.glued(sep) and _descend(first[0], second[0]):
        return None  # IQR 13,5: a decimal comma
    return first[0], second[0], first[1] or second[1], second[2]


def _is_minus(t: TokenReader, i: int) -> bool:
    """Whether a sign in a row of a table belongs to the number behind it: `0.58 -2.46` are two cells."""
    return t.row is not None and t.low(i) == "-" and not t.glued(i) and t.glued(i + 1)


def _descend(low: Printed | str, high: Printed | str) -> bool:
    """Whether a whole number stands before a smaller one."""
    return isinstance(low, Printed) and isinstance(high, Printed) and not low.digits and low.value > high.value
