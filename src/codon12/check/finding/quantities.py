"""Atoms of quantities: percentages, `n of N`, `n = 52`, times and doses."""

from __future__ import annotations

from fractions import Fraction

from codon12.check.finding.lexicon import TIME_UNITS
from codon12.check.finding.reader import Atom, TokenReader, limits, separator
from codon12.numbers.unrounded import Printed

__all__ = [
    "CURRENCIES",
    "FIRST_OF_PARTS",
    "allocation_atom",
    "equals_atom",
    "fraction_atom",
    "money_atom",
    "part_atom",
    "percent_atom",
    "value_atom",
]

_PRIMES = ("'", "′", "’")
_BEFORE_A_TOTAL = {
    *("the", "these", "all", "a", "total", "of", "our", "those", "first", "initial", "last", "next", "other"),
    *("remaining", "eligible", "evaluable", "assessable", "treated", "enrolled", "included", "analysed", "analyzed"),
}
_MASS = {"mg", "g", "kg", "mcg", "µg", "μg", "gy", "cgy", "ml", "iu", "mbq", "mm", "cm", "ng"}


def percent_atom(t: TokenReader, i: int) -> Atom | None:
    """A percentage, a range of two, or two compared under one sign (`11 vs. 16%`)."""
    number = t.number(i)
    if number is None:
        return None
    sign = ("%", "percent")
    if t.low(i + 1) in sign:
        pair = separator(t, i + 2, labelled=False)
        other = t.number(pair) if pair is not None else None
        if pair is not None and other is not None and t.low(pair + 1) in sign:
            return Atom("percent_range", i, pair + 2, low=number, high=other)
        return Atom("percent", i, i + 2, percent=number)
    if t.low(i + 1) == "per" and t.low(i + 2) == "cent":
        return Atom("percent", i, i + 3, percent=number)
    if t.low(i + 1) in ("vs", "versus", "and", "or") and not t.t[i].spelled:
        dot = t.low(i + 2) == "."
        k = i + 2 + dot
        if t.number(k) is not None and t.low(k + 1) in sign and t.low(i + 1) != "and":
            return Atom("percent_pair", i, k + 2, values=(number, t.number(k)))
        if t.number(k) is not None and t.low(k + 1) in sign and number.digits and t.number(k).digits:  # type: ignore[union-attr]
            return Atom("percent_pair", i, k + 2, values=(number, t.number(k)))
    sep = separator(t, i + 1, labelled=False)
    if sep is not None and t.number(sep) is not None:
        if t.low(sep + 1) in sign:
            return Atom("percent_range", i, sep + 2, low=number, high=t.number(sep))
        k = sep + 2 + (t.low(sep + 2) == ".")
        if t.low(sep + 1) in ("vs", "versus", "and", "or") and t.number(k) is not None:
            other = separator(t, k + 1, labelled=False)
            if other is not None and t.number(other) is not None and t.low(other + 1) in sign:
                return Atom("percent_range", i, sep + 1, low=number, high=t.number(sep))
    return None


_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_HOW_MANY = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
FIRST_OF_PARTS = frozenset(f"{n}-{p}{s}" for n in _HOW_MANY for p in _PARTS for s in ("", "s"))
"""Parts in one word: one-fifth, two-thirds."""


def part_atom(t: TokenReader, i: int) -> Atom | None:
    """A part in words: `one-fifth of`, `two thirds of the patients`; a percentage by its value."""
    many, dash, part = t.low(i).partition("-")
    j = i + 1
    if t.low(j) == "in" and t.t[i].spelled and t.number(j + 1) is not None and t.t[j + 1].spelled:
        n, size = t.number(i), t.number(j + 1)
        if n is None or size is None or not 0 < n.value < size.value:
            return None
        share = 100 * n.value / size.value
        return Atom("percent", i, j + 2, percent=Printed(str(round(share)), share, 0), approximate=True,
                    part=f"{n.value}/{size.value}")  # fmt: skip
    if not dash:
        part, j = t.low(i + 1), i + 2
    size, count = _PARTS.get(part.removesuffix("s")), _HOW_MANY.get(many)
    if size is None or count is None or count >= size or not (dash or (t.low(j) == "of" and t.t[i].spelled)):
        return None
    value = Fraction(100 * count, size)
    whole = round(value)
    return Atom("percent", i, j, percent=Printed(str(whole), value, 0), approximate=True, part=f"{count}/{size}")


def allocation_atom(t: TokenReader, i: int) -> Atom | None:
    """`2:1`, `1:1:1`, `318:156` where the words near it speak of randomisation."""
    values, j = [t.number(i)], i + 1
    while t.low(j) == ":" and t.glued(j) and t.glued(j + 1) and t.number(j + 1) is not None and len(values) < 6:
        values.append(t.number(j + 1))
        j += 2
    if len(values) < 2 or any(v is None or v.digits for v in values):
        return None
    near = " ".join(t.low(k) for k in (*range(max(0, i - 12), i), *range(j, j + 5)))
    if any(word in near for word in ("random", "ratio", "allocat", "assign")):
        return Atom("allocation", i, j, values=tuple(values))
    return None


def fraction_atom(t: TokenReader, i: int) -> Atom | None:
    """`46 of 124`, `157/555`, `25 (of 361)`."""
    n = t.number(i)
    if n is None or n.digits:
        return None
    if t.low(i + 1) == "/" and t.number(i + 2) is not None and t.low(i + 3) != "/":
        total = t.number(i + 2)
        least = 1 if t.low(i + 3) in ("(", "[") and t.number(i + 4) is not None else 4  # 1/3 (33), but not 1/2 alone
        beside = (t.low(i - 1) in ("(", "[") and t.low(i - 2) == "%") or _percent_follows(t, i + 3)
        smallest = (
            least if beside else max(n.value, least)
        )  # with its percentage beside it, it is a share, if a wrong one
        if total is None or total.digits or total.value < smallest or t.low(i - 1) in ("phase", "/"):
            return None
        if _is_no_share(t, i, n, total):
            return None
        return Atom("fraction", i, i + 3, n=n, N=total)
    j = i + 1
    if t.low(j) in ("patients", "participants", "cases", "subjects", "samples", "tumors", "tumours"):
        j += 1
    opened = t.low(j) == "(" and t.low(j + 1) in ("of", "out")
    j += opened
    if t.low(j) == "out":
        j += 1
    if t.low(j) != "of" and not (
        t.low(j) in _OF_ELSEWHERE and t.number(j + 1) is not None and _percent_follows(t, j + 2)
    ):
        return None
    j += 1
    while t.low(j) in _BEFORE_A_TOTAL:
        j += 1
    total = t.number(j)
    if t.t[i].spelled and total is not None and t.t[j].spelled and total.value <= 20 and not _percent_follows(t, j + 1):
        return None
    if total is None or total.digits or t.low(j + 1) in ("%", *TIME_UNITS) or total.value < 2:
        return None
    if t.low(j + 1) in _PRIMES and t.t[j + 1].glued:
        return None  # 17 and 25 of the 3' end
    if n.value > total.value and t.t[i + 1].kind == "word" and t.low(i + 1) != "of" and not _percent_follows(t, j + 1):
        return None  # 608 samples of 76 types of tissue
    j += 1
    if opened and t.low(j) == ")":
        j += 1
    return Atom("fraction", i, j, n=n, N=total)


_SIGHT = frozenset(["acuity", "acuities", "vision", "snellen", "logmar", "bcva", "visual"])
_CENTURY = range(1900, 2100)


def _is_no_share(t: TokenReader, i: int, n: Printed, total: Printed) -> bool:
    """Seasons, hours and eyesight: `2019/20`, `24/7`, a vision of `20/100`."""
    if n.value in _CENTURY and len(t.t[i + 2].text) == 2 and (n.value + 1) % 100 == total.value:
        return True
    if (n.value, total.value) == (24, 7):
        return True
    return n.value in (6, 20) and any(x.lower in _SIGHT for x in t.t)


_OF_ELSEWHERE = {"von", "sur", "de", "di", "van", "av", "af", "des", "der", "dei"}


def _percent_follows(t: TokenReader, j: int) -> bool:
    """Whether a percentage follows, behind a comma, or in a bracket within three words."""
    if t.low(j) in (",", ";") and t.number(j + 1) is not None and t.low(j + 2) == "%" and t.low(j + 3) in (")", "]"):
        return True  # (22/41, 54%)
    for k in range(j, j + 4):
        if t.low(k) in ("(", "["):
            return t.number(k + 1) is not None and t.low(k + 2) in ("%", "percent")
        if t.low(k) == ")":
            return False
        if not t.low(k).isalpha():
            return False
    return False


def equals_atom(t: TokenReader, i: int) -> Atom | None:
    """`n = 52` or `N = 126`."""
    if t.low(i) == "n" and t.low(i + 1) == "=" and t.number(i + 2) is not None:
        total = t.number(i + 4) if t.low(i + 3) in ("/", "of") else None
        number = t.number(i + 2)
        if total is not None and number is not None and not total.digits and not number.digits and total.value > 1:
            return Atom("fraction", i, i + 5, n=number, N=total)
        return Atom("equals", i, i + 3, n=t.number(i + 2), capital=t.t[i].text == "N")
    return None


def value_atom(t: TokenReader, i: int) -> Atom | None:
    """A number with a unit of time or mass, possibly two of them (`23 vs 6 months`)."""
    number = t.number(i)
    if number is None:
        return None
    j = i + 1
    plus = t.low(j) == "+" and t.glued(j)
    j += plus
    unit = TIME_UNITS.get(t.low(j)) if len(t.low(j)) > 1 or (t.low(j) == "y" and number.digits) else None
    if unit:
        return Atom("value", i, j + 1, value=number, unit=unit, plus=plus)
    if t.low(j) == "percentage" and t.low(j + 1) in ("point", "points"):
        return Atom("points", i, j + 2, value=number)
    if t.low(j) == "-" and t.low(j + 1) in TIME_UNITS and t.glued(j):
        return Atom("value", i, j + 2, value=number, unit=TIME_UNITS[t.low(j + 1)], plus=False, adjective=True)
    if t.low(j) in _MASS or (t.low(j) == "-" and t.low(j + 1) in ("mg", "gy")):
        return _dose(t, i, j)
    k = j
    if t.low(k) in ("vs", "versus", "and", "v"):
        k += 1 + (t.low(k + 1) == ".")
        second = t.number(k)
        unit = TIME_UNITS.get(t.low(k + 1)) if len(t.low(k + 1)) > 1 else None
        if second is not None and unit:
            return Atom("values", i, k + 2, values=(number, second), unit=unit)
    pair = limits(t, i, labelled=False)
    if pair is not None:
        low, high, _, k = pair
        unit = TIME_UNITS.get(t.low(k)) if len(t.low(k)) > 1 else None
        if unit and isinstance(low, Printed) and isinstance(high, Printed):
            return Atom("value_range", i, k + 1, low=low, high=high, unit=unit)
    return None


CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "usd": "USD", "eur": "EUR", "gbp": "GBP", "chf": "CHF"}
_THOUSANDS = {"thousand": 3, "million": 6, "billion": 9, "m": 6, "bn": 9}


def money_atom(t: TokenReader, i: int) -> Atom:
    """A sum of money, its sign before the number: `$1.8 billion`."""
    number = t.number(i)
    assert number is not None
    zeros = _THOUSANDS.get(t.low(i + 1), 0)
    if zeros:
        number = Printed(number.text, number.value * 10**zeros, max(0, number.digits - zeros))
    return Atom("money", i - 1, i + 1 + (zeros > 0), value=number, unit=CURRENCIES.get(t.low(i - 1)))


def _dose(t: TokenReader, i: int, j: int) -> Atom:
    """A dose with its denominator (per m2, per day) and frequency."""
    unit = t.t[j].text if t.low(j) != "-" else t.t[j + 1].text
    j += 1 + (t.low(j) == "-")
    freq = None
    for _ in range(10):
        word = t.low(j)
        if (word == "/" and t.low(j + 1).isalnum()) or word == "per":
            unit += "/" + t.low(j + 1)
            j += 2
        elif word in ("orally", "intravenously", "iv", "oral", "kilogram", "square"):
            j += 1
        elif word in ("bid", "qd", "tid", "q3w", "q2w", "q4w", "daily"):
            freq = {"daily": "QD"}.get(word, word.upper())
            j += 1
            break
        elif word in ("once", "twice") and t.low(j + 1) in ("daily", "weekly", "a"):
            freq = {"once daily": "QD", "twice daily": "BID"}.get(f"{word} {t.low(j + 1)}", f"{word} {t.low(j + 1)}")
            j += 2
            break
        else:
            break
    return Atom("dose", i, j, value=t.number(i), unit=unit, freq=freq)
