"""Words for numbers and what each says."""

from __future__ import annotations

__all__ = ["ONES", "TENS", "WORD_VALUES"]

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORD_VALUES = {w: i for i, w in enumerate(ONES)} | {w: 10 * (i + 2) for i, w in enumerate(TENS)}
WORD_VALUES |= {f"{t}-{o}": WORD_VALUES[t] + WORD_VALUES[o] for t in TENS for o in ONES[1:10]}
WORD_VALUES |= {f"{o}-hundred": 100 * WORD_VALUES[o] for o in ONES[1:10]}
