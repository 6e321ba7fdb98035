"""What the rules of the grammar share: the form of a rule, linking words, small questions about atoms."""

from __future__ import annotations

from collections.abc import Callable

from codon12.check import patterns as re
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.numbers.unrounded import Printed

__all__ = ["LINK", "MEDIAN", "OPEN", "Read", "Rule", "is_signed", "is_words", "level_of", "whole"]

Read = tuple[list[Draft], int]
"""Drafts, and how many atoms they took."""
Rule = Callable[[Reading, int], Read]
OPEN = {"(", "["}
LINK = {"(", "[", ",", ";", ":", "with", "a", "the", "of", "was", ")", "]", "and", "respectively", "stratified",
         "unstratified", "adjusted", "log-rank", "two-sided", "one-sided", "by", "test", "for", "superiority",
         "nominal", "exact", "two-tailed", "unadjusted", "crude", "descriptive", "wald", "uncorrected",
         "observed"}  # fmt: skip
MEDIAN = re.compile(r"\bmedians?\b", re.IGNORECASE)


def is_words(gap: list[str], limit: int) -> bool:
    """Whether tokens are words only, and at most so many."""
    return len(gap) <= limit and all(w.replace("-", "").replace("’", "").replace("'", "").isalnum() for w in gap)


def whole(number: Printed) -> int | None:
    """The value of a number printed without decimals, or None."""
    return int(number.value) if number.digits == 0 and number.value >= 0 else None


def is_signed(r: Reading, atom: Atom) -> bool:
    """Whether a sign stands glued before a number, and no number before the sign: `-12.4%`, `+3.1%`."""
    if r.low(atom.i - 1) not in ("-", "+", "−") or not r.tokens[atom.i].glued:
        return False
    before = r.tokens[atom.i - 2] if atom.i > 1 else None
    return before is None or (before.kind not in ("num", "name") and before.text not in (")", "%"))


def level_of(atom: Atom) -> int | None:
    """Confidence level of an interval atom in whole percent, or None."""
    level = atom.data.get("level")
    return None if level is None or level.digits else int(level.value)
