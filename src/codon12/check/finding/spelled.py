"""Numbers in words: what each word says, and a text with its counts in figures, character by character."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.number_words import ONES, TENS, WORD_VALUES

__all__ = ["NUMBER_WORD", "WORD_VALUES", "in_figures"]

NUMBER_WORD = (
    rf"(?<!ty-)(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-(?:{'|'.join(ONES[1:10])})\b)?+"
    rf"|(?:thir|four|fif|six|seven|eigh|nine)teen|eleven|twelve|{'|'.join(ONES[:11])})\b"
)
"""A number below a hundred in words, whole: `sixty` is not six, `forty-five` neither forty nor five."""

_SMALL = rf"(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(ONES[1:10])}))?|{'|'.join(sorted(ONES[1:], key=len, reverse=True))}"
_SPELLED = re.compile(
    rf"\b(?=(?-i:[AaEeFfNnOoSsTt][EeHhIiLlNnOoWw ]))"
    rf"(?:(?P<hundreds>{'|'.join(ONES[1:10])}|a(?= hundred and ))[- ]hundred"
    rf"(?: (?:and )?(?P<rest>{_SMALL}))?"
    rf"|(?P<small>{_SMALL}))"
    r"(?![\w-]| (?:or (?:more|fewer|less)|thirds?|quarters?|halves|times|fold|hundred|thousand|million|half)\b)",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"(?! [a-z])| (?:of|or|another|can|could|should|may|might|must|would|that|which|who|is|to|and|year|month|week|day|"
    r"hour|minute|cycle|course|dose|third|half|line|arm|group|time|cent(?:er|re)|hospital|site|study|trial|side|way|"
    r"hand|(?:main |primary |single |principal |underlying |final )?(?:cause|reason|site|diagnosis|indication|category|"
    r"type|class)|such|point|level|standard|unit|SD)\b",
    re.IGNORECASE,
)
"""Behind a `one` that is a pronoun or a measure, or is all that is left of a sentence."""
_A_PRONOUN = re.compile(r"\b(?:an?|this|that|which|partial|complete)(?: [a-z]+)? $", re.IGNORECASE)
"""Before a `one` that stands for a noun: `a partial one`."""
_REACH = 24
_CAUSE = r"of (?!the\b|these|those|them|whom|which|our|his|her|their|its|a\b|an\b|us\b|all\b)[a-z][a-z -]{2,40}"
_N = rf"(?:\d{{1,3}}|{'|'.join(ONES[1:10])})"
_LISTED = rf"\b{_N} {_CAUSE}(?:,|,? and) "
_BEFORE_ONE = re.compile(rf"\b(?:died|deaths?|fatal\w*)\b.*{_LISTED}$", re.IGNORECASE)
_BEHIND_ONE = re.compile(rf" {_CAUSE}(?:,|,? and) {_N} {_CAUSE}", re.IGNORECASE)
_DIED = re.compile(r"\b(?:died|deaths?|fatal\w*)\b[^.;]*: (?:and )?$", re.IGNORECASE)
_FAR = 160
"""Causes of death in a row, where `one` counts: `three died: two of sepsis and one of embolism`."""


def in_figures(text: str) -> str:
    """The text with numbers in words as figures of the same length, noughts in front: every offset stays.

    Examples
    --------
    >>> in_figures("Eleven withdrew, six from one arm and five from the other.")
    '000011 withdrew, 006 from one arm and 0005 from the other.'
    """
    return _SPELLED.sub(lambda m: _figures(m, text), text)


def _figures(m: re.Match[str], text: str) -> str:
    def value(words: str | None) -> int:
        return sum(WORD_VALUES[w] if w != "a" else 1 for w in re.split(r"[- ]", words.lower())) if words else 0

    def is_one_of_a_row() -> bool:
        before = text[max(0, m.start() - _FAR) : m.start()]
        return bool(_BEFORE_ONE.search(before) or (_DIED.search(before) and _BEHIND_ONE.match(text, m.end())))

    n = 100 * value(m["hundreds"]) + value(m["rest"]) + value(m["small"])
    if n == 1 and text.startswith(" of ", m.end()) and is_one_of_a_row():
        return str(n).zfill(len(m[0]))
    if n == 1 and (_NO_COUNT.match(text, m.end()) or _A_PRONOUN.search(text, max(0, m.start() - _REACH), m.start())):
        return m[0]
    return str(n).zfill(len(m[0]))
