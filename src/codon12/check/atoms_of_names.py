"""Atoms that bound or name: thresholds, and numbers that only name (grade 3, Table 2, codon 12)."""

from __future__ import annotations

from codon12.check.lexicon import LABELS, NAMES, TIME_UNITS
from codon12.check.reader import OPS, Atom, TokenReader

__all__ = ["AT_LEAST", "name_atom", "threshold_atom"]

AT_LEAST = (
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
_ROMAN = {"i", "ii", "iii", "iv", "iiia", "iiib", "iiic", "iva", "ivb", "ia", "ib", "iia", "iib"}


def threshold_atom(t: TokenReader, i: int) -> Atom | None:
    """`at least 18 years`, `≥ 50%`, `>5%`."""
    op, j = None, i
    sign = t.low(i)
    if sign in OPS:
        op, j = OPS[sign], i + 1
        if t.low(j) == "=":
            op, j = op + "=", j + 1
    elif sign == "=":
        return None
    else:
        for words, meaning in AT_LEAST:
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


COUNT_NOUN_NAMES = {"trial", "study", "group", "arm", "cohort", "lung", "file", "option", "line", "level", "type",
                    "position", "series", "cycle"}  # fmt: skip


def name_atom(t: TokenReader, i: int) -> Atom | None:
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
