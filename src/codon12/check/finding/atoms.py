"""Smallest meaningful groups of tokens: a percentage, an interval, `n of N`, a hazard ratio, a date, a dose."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from codon12.check.finding.dates import date_atom
from codon12.check.finding.inference import RATIOS, SHORT, chi2_atom, interval_atom, p_atom, range_atom, ratio_atom
from codon12.check.finding.lexicon import APPROXIMATE, LABELS, MONTHS, NAMES
from codon12.check.finding.names import (
    AT_LEAST,
    MILLIONS,
    grade_atom,
    name_atom,
    none_atom,
    schedule_atom,
    threshold_atom,
)
from codon12.check.finding.quantities import (
    CURRENCIES,
    FIRST_OF_PARTS,
    allocation_atom,
    equals_atom,
    fraction_atom,
    money_atom,
    part_atom,
    percent_atom,
    value_atom,
)
from codon12.check.finding.reader import OPS, Atom, TokenReader, limits
from codon12.check.finding.tokens import Token
from codon12.numbers.unrounded import Printed

__all__ = ["Atom", "atoms"]

_Match = Callable[[TokenReader, int], Atom | None]
_BY_NUMBER: tuple[_Match, ...] = (interval_atom, percent_atom, fraction_atom, value_atom)
_WORDS: tuple[tuple[_Match, Iterable[str]], ...] = (
    (date_atom, MONTHS),
    (
        interval_atom,
        ("ci", "cis", "cri", "confidence", "clopper-pearson", "two-sided", "exact", "bayesian", "credible"),
    ),
    (range_atom, ("range", "ranging", "ranged", "iqr", "interquartile")),
    (p_atom, ("p", "p-value", "p-values", "pvalue")),
    (chi2_atom, ("chi", "χ", "χ2", "chi2", "chi-square", "chi-squared")),
    (ratio_atom, (*map(str.lower, SHORT), *(first for first, _ in RATIOS))),
    (equals_atom, ("n",)),
    (threshold_atom, (*OPS, *(words[0] for words, _ in AT_LEAST))),
    (grade_atom, ("grade", "grades")),
    (schedule_atom, ("day", "days", "weeks")),
    (none_atom, ("no", "none")),
    (part_atom, FIRST_OF_PARTS),
    (name_atom, ("phase", "stage", "stages", "version", "v", *LABELS, *NAMES)),
)
_BY_WORD: dict[str, list[_Match]] = {}
for _match, _firsts in _WORDS:
    for _first in dict.fromkeys(_firsts):
        _BY_WORD.setdefault(_first, []).append(_match)
"""What an atom can be that begins with a word or sign; any other word is passed over at once."""


def atoms(tokens: list[Token], *, row: str | None = None) -> list[Atom]:
    """Atoms of a sentence, or of a table row with the text it stands in, left to right, none overlapping."""
    t = TokenReader(tokens, row)
    out: list[Atom] = []
    i = 0
    while i < t.n:
        token = tokens[i]
        atom: Atom | None = None
        if token.kind == "num":
            atom = date_atom(t, i)
            if atom is None and t.low(i + 1) == ":":
                atom = allocation_atom(t, i)
            if atom is None and token.spelled:
                atom = part_atom(t, i)
            for match in _BY_NUMBER if atom is None else ():
                atom = match(t, i)
                if atom is not None:
                    break
            if atom is None and token.number is not None:
                pair = limits(t, i, labelled=False)
                if pair is not None and not token.spelled:
                    atom = Atom("pair", i, pair[3], low=pair[0], high=pair[1], plus=pair[2])
                elif t.low(i - 1) in CURRENCIES:
                    atom = money_atom(t, i)
                else:
                    plus = t.low(i + 1) == "+" and t.glued(i + 1)
                    many = MILLIONS.get(t.low(i + 1))
                    if many:
                        atom = Atom("number", i, i + 2, value=Printed(token.text, token.number.value * many, 0))
                    else:
                        atom = Atom("number", i, i + 1 + plus, value=token.number, plus=plus)
            if atom is not None and t.low(atom.i - 1) in APPROXIMATE:
                atom.data["approximate"] = True
        elif token.kind == "id":
            atom = Atom("id", i, i + 1, text=token.text)
        else:
            for match in _BY_WORD.get(token.lower, ()):
                atom = match(t, i)
                if atom is not None:
                    break
        if atom is None:
            i += 1
            continue
        out.append(atom)
        i = max(atom.j, i + 1)
    return out
