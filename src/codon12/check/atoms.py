"""Smallest meaningful groups of tokens: a percentage, an interval, `n of N`, a hazard ratio, a date, a dose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codon12.check.lexicon import APPROXIMATE, LABELS, MONTHS, NAMES, TIME_UNITS
from codon12.check.tokens import Token
from codon12.numbers.boxes import Printed

__all__ = ["Atom", "atoms", "bound"]

_MASS = {"mg", "g", "kg", "mcg", "µg", "μg", "gy", "cgy", "ml", "iu", "mbq", "mm", "cm", "ng"}
_RATIOS = {
    ("hazard", "ratio"): "HR",
    ("hazard", "ratios"): "HR",
    ("hazard", "radio"): "HR",
    ("odds", "ratio"): "OR",
    ("odds", "ratios"): "OR",
    ("relative", "risk"): "RR",
    ("risk", "ratio"): "RR",
    ("rate", "ratio"): "RR",
}
_AT_LEAST = (
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("no", "more", "than"), "<="),
    (("not", "more", "than"), "<="),
    (("no", "fewer", "than"), ">="),
    (("more", "than"), ">"),
    (("greater", "than"), ">"),
    (("less", "than"), "<"),
    (("lower", "than"), "<"),
    (("fewer", "than"), "<"),
    (("up", "to"), "<="),
    (("over",), ">"),
    (("above",), ">"),
    (("below",), "<"),
    (("exceeding",), ">"),
)
_OPS = {">": ">", "<": "<", "≥": ">=", "≤": "<=", ">=": ">=", "<=": "<="}
_ROMAN = {"i", "ii", "iii", "iv", "iiia", "iiib", "iiic", "iva", "ivb", "ia", "ib", "iia", "iib"}


class Atom:
    """Tokens `i` to before `j` with their meaning."""

    __slots__ = ("data", "i", "j", "kind")

    def __init__(self, kind: str, i: int, j: int, **data: Any) -> None:
        self.kind, self.i, self.j, self.data = kind, i, j, data

    def __repr__(self) -> str:
        return f"{self.kind}[{self.i}:{self.j}]{self.data}"


class _Tokens:
    """Reading tokens past either end gives an empty token."""

    __slots__ = ("n", "t")

    def __init__(self, tokens: list[Token]) -> None:
        self.t, self.n = tokens, len(tokens)

    def low(self, i: int) -> str:
        return self.t[i].lower if 0 <= i < self.n else ""

    def number(self, i: int) -> Printed | None:
        return self.t[i].number if 0 <= i < self.n and self.t[i].kind == "num" else None

    def glued(self, i: int) -> bool:
        return 0 <= i < self.n and self.t[i].glued

    def words(self, i: int, k: int) -> tuple[str, ...]:
        return tuple(self.low(x) for x in range(i, i + k))


def _not_reached(t: _Tokens, i: int) -> int | None:
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


def bound(t: _Tokens, i: int) -> tuple[Printed | str, bool, int] | None:
    """A limit of an interval at token `i`: number or not reached, whether censored (`18.4+`), and its end."""
    negative = t.low(i) in ("-", "−") and t.number(i + 1) is not None and t.glued(i + 1)
    k = i + 1 if negative else i
    number = t.number(k)
    if number is None:
        end = _not_reached(t, i)
        return None if end is None else ("not reached", False, end)
    if negative:
        number = Printed("-" + number.text, -number.value, number.digits)
    j = k + 1
    plus = t.low(j) == "+" and t.glued(j)
    return number, plus, j + plus


def _separator(t: _Tokens, i: int, *, labelled: bool) -> int | None:
    word = t.low(i)
    if word in ("-", "to", "—", "–") or (labelled and word in (",", ";", "and", "~")):
        return i + 1
    return None


def _pair(t: _Tokens, i: int, *, labelled: bool) -> tuple[Any, Any, bool, int] | None:
    """Two limits with their separator, percent signs and units between them read over."""
    first = bound(t, i)
    if first is None:
        return None
    j = first[2]
    if t.low(j) == "%" or (labelled and t.low(j) in TIME_UNITS):
        j += 1
    sep = _separator(t, j, labelled=labelled)
    if sep is None:
        return None
    second = bound(t, sep)
    if second is None or (isinstance(first[0], str) and isinstance(second[0], str) and not labelled):
        return None
    return first[0], second[0], first[1] or second[1], second[2]


def _interval(t: _Tokens, i: int) -> Atom | None:
    level = None
    j = i
    if t.number(i) is not None and t.low(i + 1) == "%":
        level, j = t.number(i), i + 2
    if t.low(j) in ("two-sided", "exact", "bayesian", "credible"):
        j += 1
    word = t.low(j)
    if word in ("ci", "cis", "cri") or (word == "confidence" and t.low(j + 1) in ("interval", "intervals", "limits")):
        j += 1 if word in ("ci", "cis", "cri") else 2
    elif word == "clopper-pearson" and t.low(j + 1) in ("exact", "confidence", "ci"):
        j += 2
        j += t.low(j) in ("confidence", "interval", "intervals")
        j += t.low(j) in ("interval", "intervals")
    else:
        return None
    named = j
    if t.low(j) in ("(", "[") and t.low(j + 1) in ("ci", "cis") and t.low(j + 2) in (")", "]"):
        j += 3
    for _ in range(2):
        if t.low(j) in (",", ":", "=", "of", "was", "is", "from", ";", "[", "("):
            j += 1
    pair = _pair(t, j, labelled=True)
    if level is not None and not 50 <= level.value < 100:
        level = None
    if pair is None:
        return Atom("ci_label", i, named, level=level)
    low, high, _, j = pair
    percent = t.low(j) == "%"
    return Atom("interval", i, j + percent, level=level, low=low, high=high, name="ci", percent=percent)


def _range(t: _Tokens, i: int) -> Atom | None:
    word, j, name = t.low(i), i + 1, "range"
    if word == "iqr" or (word == "interquartile" and t.low(i + 1) == "range"):
        name, j = "iqr", i + (1 if word == "iqr" else 2)
        if t.low(j) in ("(", "[") and t.low(j + 1) == "iqr":
            j += 3
    elif word not in ("range", "ranging", "ranged"):
        return None
    for _ in range(2):
        if t.low(j) in (",", ":", "from", "of", "was", "=", "["):
            j += 1
    pair = _pair(t, j, labelled=True)
    if pair is None:
        return None
    low, high, plus, j = pair
    percent = t.low(j) == "%"
    return Atom("interval", i, j + percent, level=None, low=low, high=high, name=name, plus=plus, percent=percent)


def _p_value(t: _Tokens, i: int) -> Atom | None:
    word = t.low(i)
    if word not in ("p", "p-value", "p-values", "pvalue"):
        return None
    j = i + 1
    if t.low(j) == "-" and t.low(j + 1) == "value":
        j += 2
    if t.low(j) in ("value", "values"):
        j += 1
    for _ in range(5):
        if t.low(j) in _OPS or t.low(j) in ("=", "of", "was"):
            break
        if not t.low(j).isalpha():
            break
        j += 1
    op = t.low(j)
    if t.number(i + 1) is not None and word == "p-value":
        op, j = "=", i
    if op not in _OPS and op not in ("=", "of", "was"):
        return None
    number = t.number(j + 1)
    if number is None or number.value > 1:
        return None
    return Atom("p", i, j + 2, p=number, op=_OPS.get(op, "="))


_FILLERS = {"was", "of", "is", "for", "the", "=", ":", ",", "in", "to", "and", "or", "on", "with", "at", "a"}


def _ratio(t: _Tokens, i: int) -> Atom | None:
    word = t.low(i)
    measure = _RATIOS.get((word, t.low(i + 1)))
    text = t.t[i].text
    j = i + 2
    if measure is None:
        if text not in ("HR", "aHR", "OR", "aOR", "RR", "SHR", "HRs"):
            return None
        measure = "OR" if "OR" in text else "RR" if text == "RR" else "HR"
        j = i + 1
    if t.low(j) in ("(", "[") and t.low(j + 1) in ("hr", "or", "rr") and t.low(j + 2) in (")", "]"):
        j += 3
    for _ in range(10):
        if t.number(j) is not None:
            break
        word = t.low(j)
        if text == "OR" and word not in ("=", ":", ",", "of", "was"):
            return None
        if word not in _FILLERS and not (word.replace("-", "").isalpha() and word not in ("but", "p")):
            return None
        j += 1
    number = t.number(j)
    if number is None or number.digits == 0 or t.low(j + 1) == "%" or (t.low(j + 1) in TIME_UNITS):
        return None
    return Atom("ratio", i, j + 1, measure=measure, value=number)


def _chi2(t: _Tokens, i: int) -> Atom | None:
    if t.low(i) not in ("chi", "χ", "χ2", "chi2", "chi-square", "chi-squared"):
        return None
    j = i + 1
    if t.low(j) in ("2", "-", "square", "squared"):
        j += 1
    if t.low(j) != "=" or t.number(j + 1) is None:
        return None
    value = t.number(j + 1)
    j += 2
    df = None
    for k in range(j, j + 8):
        if t.low(k) in ("f", "df") and t.low(k + 1) in ("=", "."):
            m = k + 1 if t.low(k + 1) == "=" else k + 2
            if t.number(m + 1) is not None:
                df, j = t.number(m + 1), m + 2
                break
    return Atom("chi2", i, j, chi2=value, df=df)


def _percent(t: _Tokens, i: int) -> Atom | None:
    number = t.number(i)
    if number is None:
        return None
    sign = ("%", "percent")
    if t.low(i + 1) in sign:
        pair = _separator(t, i + 2, labelled=False)
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
    sep = _separator(t, i + 1, labelled=False)
    if sep is not None and t.number(sep) is not None and t.low(sep + 1) in sign:
        return Atom("percent_range", i, sep + 2, low=number, high=t.number(sep))
    return None


def _fraction(t: _Tokens, i: int) -> Atom | None:
    n = t.number(i)
    if n is None or n.digits:
        return None
    if t.low(i + 1) == "/" and t.number(i + 2) is not None and t.low(i + 3) != "/":
        total = t.number(i + 2)
        if total is not None and not total.digits and total.value >= max(n.value, 4) and t.low(i - 1) != "phase":
            return Atom("fraction", i, i + 3, n=n, N=total)
        return None
    j = i + 1
    if t.low(j) in ("patients", "participants", "cases", "subjects", "samples", "tumors", "tumours"):
        j += 1
    opened = t.low(j) == "(" and t.low(j + 1) in ("of", "out")
    j += opened
    if t.low(j) == "out":
        j += 1
    if t.low(j) != "of":
        return None
    j += 1
    while t.low(j) in ("the", "these", "all", "a", "total", "of", "our", "those"):
        j += 1
    total = t.number(j)
    if t.t[i].spelled and total is not None and t.t[j].spelled and total.value <= 20:
        return None
    if total is None or total.digits or t.low(j + 1) == "%" or t.low(j + 1) in TIME_UNITS or total.value < 2:
        return None
    j += 1
    if opened and t.low(j) == ")":
        j += 1
    return Atom("fraction", i, j, n=n, N=total)


def _equals(t: _Tokens, i: int) -> Atom | None:
    if t.low(i) == "n" and t.low(i + 1) == "=" and t.number(i + 2) is not None:
        return Atom("equals", i, i + 3, n=t.number(i + 2), capital=t.t[i].text == "N")
    return None


def _value(t: _Tokens, i: int) -> Atom | None:
    """A number with a unit of time or mass, possibly two of them (`23 vs 6 months`)."""
    number = t.number(i)
    if number is None:
        return None
    j = i + 1
    plus = t.low(j) == "+" and t.glued(j)
    j += plus
    unit = TIME_UNITS.get(t.low(j)) if len(t.low(j)) > 1 else None
    if unit:
        return Atom("value", i, j + 1, value=number, unit=unit, plus=plus)
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
    pair = _pair(t, i, labelled=False)
    if pair is not None:
        low, high, _, k = pair
        unit = TIME_UNITS.get(t.low(k)) if len(t.low(k)) > 1 else None
        if unit and isinstance(low, Printed) and isinstance(high, Printed):
            return Atom("value_range", i, k + 1, low=low, high=high, unit=unit)
    return None


def _dose(t: _Tokens, i: int, j: int) -> Atom:
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


def _threshold(t: _Tokens, i: int) -> Atom | None:
    """`at least 18 years`, `≥ 50%`, `>5%`."""
    op, j = None, i
    sign = t.low(i)
    if sign in _OPS:
        op, j = _OPS[sign], i + 1
        if t.low(j) == "=":
            op, j = op + "=", j + 1
    elif sign == "=":
        return None
    else:
        for words, meaning in _AT_LEAST:
            if t.low(i) == words[0] and t.words(i, len(words)) == words:
                op, j = meaning, i + len(words)
                break
    if op is None:
        return None
    while t.low(j) in ("an", "a", "or", "equal", "to", "the"):
        j += 1
    number = t.number(j)
    if number is None:
        return None
    j += 1
    percent = t.low(j) == "%"
    unit = TIME_UNITS.get(t.low(j)) if len(t.low(j)) > 1 or t.low(j) == "y" else None
    if sign == "over" and unit:
        return Atom("value", j - 1, j + 1, value=number, unit=unit, plus=False)
    return Atom("threshold", i, j + (percent or unit is not None), op=op, value=number, percent=percent, unit=unit)


def _label(t: _Tokens, i: int) -> Atom | None:
    """Numbers that only name something: grade 3, Table 2, codon 12, day 1, cycles 2-4."""
    word = t.low(i)
    if word == "phase":
        nxt = t.low(i + 1)
        if t.number(i + 1) is not None:
            j = i + 2
            if t.low(j) in ("/", "-", "or") and t.number(j + 1) is not None:
                j += 2
            return Atom("phase", i, j, text=" ".join(x.text for x in t.t[i + 1 : j]).replace(" ", ""))
        if nxt in _ROMAN:
            j = i + 2
            if t.low(j) == "/" and t.low(j + 1) in _ROMAN:
                j += 2
            return Atom("phase", i, j, text="".join(x.text for x in t.t[i + 1 : j]))
        return None
    if word in ("stage", "stages"):
        if t.low(i + 1) in _ROMAN:
            j = i + 2
            while t.low(j) in ("-", "or", "to", ",", "and") and t.low(j + 1) in _ROMAN:
                j += 2
            return Atom("stage", i, j, text=" ".join(x.text for x in t.t[i + 1 : j]))
        return None
    if word == "version" or (word == "v" and t.low(i + 1) == "."):
        k = i + 1 + (word == "v")
        return Atom("version", i, k + 1, value=t.number(k)) if t.number(k) is not None else None
    k = i + 1
    if word in ("no", "nos", "item") and t.low(k) != ".":
        return None
    if word in LABELS or word in NAMES:
        if t.low(k) == "." and word in ("fig", "figs", "ref", "refs", "no", "nos"):
            k += 1
        while t.low(k) in ("≥", ">=", ">", "≤", "<"):
            k += 1
        if t.number(k) is None:
            return None
        if (word in COUNT_NOUN_NAMES and not t.glued(k - 1) and t.low(k + 1) in ("(", "%")) or t.low(k + 1) == "%":
            return None
        j = k + 1
        while t.low(j) in ("or", "and", "to", "-", ",", "/") and t.number(j + 1) is not None and j - k < 12 and (
            t.low(j + 2) not in ("(", "%", "patients", "of", "[") and t.low(j + 2) not in TIME_UNITS
        ):  # fmt: skip
            j += 2
        if word in ("week", "weeks") and j == k + 1:
            return Atom("value", i, j, value=t.number(k), unit="weeks", plus=False)
        return Atom("label", i, j)
    return None


COUNT_NOUN_NAMES = {"trial", "study", "group", "arm", "cohort", "lung", "file", "option", "line", "level", "type",
                    "position", "series", "cycle"}  # fmt: skip

_BY_NUMBER: tuple[Callable[[_Tokens, int], Atom | None], ...] = (_interval, _percent, _fraction, _value)
_BY_WORD: tuple[Callable[[_Tokens, int], Atom | None], ...] = (
    _interval,
    _range,
    _p_value,
    _chi2,
    _ratio,
    _equals,
    _threshold,
    _label,
)


_FIRST_WORDS = frozenset(
    (
        *("ci", "cis", "cri", "confidence", "clopper-pearson", "two-sided", "exact", "bayesian", "credible"),
        *("range", "ranging", "ranged", "iqr", "interquartile", "p", "p-value", "p-values", "pvalue"),
        *("chi", "χ", "χ2", "chi2", "chi-square", "chi-squared", "n", "hr", "ahr", "or", "aor", "rr", "shr", "hrs"),
        *("phase", "stage", "stages", "version", "v"),
        *(first for first, _ in _RATIOS),
        *(words[0] for words, _ in _AT_LEAST),
        *_OPS,
        *LABELS,
        *NAMES,
        *MONTHS,
    )
)
"""Words and signs an atom can begin with: any other word is passed over at once."""


def atoms(tokens: list[Token]) -> list[Atom]:
    """Atoms of a sentence or table row, left to right, none overlapping."""
    from codon12.check.dates import date_atom

    t = _Tokens(tokens)
    out: list[Atom] = []
    i = 0
    while i < t.n:
        token = tokens[i]
        atom: Atom | None = None
        if token.kind == "num":
            atom = date_atom(t, i)
            for match in _BY_NUMBER if atom is None else ():
                atom = match(t, i)
                if atom is not None:
                    break
            if atom is None and token.number is not None:
                pair = _pair(t, i, labelled=False)
                if pair is not None and not token.spelled:
                    atom = Atom("pair", i, pair[3], low=pair[0], high=pair[1], plus=pair[2])
                elif t.low(i - 1) == "$" or t.low(i - 1) in ("€", "£"):
                    atom = Atom("money", i - 1, i + 1 + (t.low(i + 1) in ("million", "billion")), value=token.number)
                else:
                    plus = t.low(i + 1) == "+" and t.glued(i + 1)
                    atom = Atom("number", i, i + 1 + plus, value=token.number, plus=plus)
            if atom is not None and t.low(atom.i - 1) in APPROXIMATE:
                atom.data["approximate"] = True
        elif token.kind == "id":
            atom = Atom("id", i, i + 1, text=token.text)
        elif token.lower in _FIRST_WORDS:
            atom = date_atom(t, i)
            for match in _BY_WORD if atom is None else ():
                atom = match(t, i)
                if atom is not None:
                    break
        if atom is None:
            i += 1
            continue
        out.append(atom)
        i = max(atom.j, i + 1)
    return out
