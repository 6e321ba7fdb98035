"""Whether a bare number with a percentage behind it may only name something: `activator of transcription 3 (66.7%)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["all_but", "counts_something", "may_only_name", "plainly"]

_NAME_BEFORE = re.compile(r"[A-Za-z]{3,} $")
_PASSED = frozenset(
    (
        *("and", "the", "with", "was", "were", "had", "for", "from", "among", "these", "those", "only", "all", "than"),
        *("that", "but", "into", "over", "further", "additional", "another", "other", "remaining", "whom", "which"),
        *("who", "least", "about", "around", "nearly", "almost", "approximately", "roughly", "some", "both"),
        *("including", "total", "overall"),
    )
)
_BARE = re.compile(r"^\W*(?:n ?= ?)?[\d,]+\W*[\d.,]+\W*%|^\W*[\d.,]+ ?%\W*(?:n ?= ?)?[\d,]+\W*$", re.IGNORECASE)
_PERSONS = re.compile(
    r"^\W*[\w-]+(?: and [\w-]+)? (?:[a-z-]+ )?(?:patients|pts|participants|subjects|women|men|children|cases|"
    r"individuals|people|adults|infants|tumou?rs|eyes|students|respondents|males|females)\b[^\w]*[\d.,]+ ?%",
    re.IGNORECASE,
)


def plainly(case: Case, s: Statement) -> bool:
    """Whether nothing but people counted stands between a number and its percentage."""
    quote = case.flat[s.normal_start : s.normal_end]
    return _BARE.match(quote) is not None or _PERSONS.match(quote) is not None


_ALL_OF_THEM = re.compile(r"\b(?:the|these|those|all|both|our|any|each of the|combined) $", re.IGNORECASE)
_A_DOZEN = 12
_NO_NAME = 100
"""From here on a bare number behind a noun counts; it does not name."""


def may_only_name(case: Case, s: Statement) -> bool:
    """Whether a noun in the singular stands right before a bare number: `activator of transcription 3 (66.7%)`."""
    before = case.around(s, 20, 0)[0]
    found = _NAME_BEFORE.search(before)
    if _ALL_OF_THEM.search(before) and (s.quantities.n or 0) < _A_DOZEN:
        return True  # the combination of the three markers (94.9%)
    if found is None or not case.flat[s.normal_start].isdigit():
        return False
    word = found[0].strip().lower()
    if (s.quantities.n or 0) >= _NO_NAME:
        return False
    return word not in _PASSED and not word.endswith(("s", "ed", "ing", "in", "of", "to", "by", "men"))


_ALL_BUT = re.compile(r"\b(?:all but|all except|except(?: for)?|other than|but) $", re.IGNORECASE)


def all_but(case: Case, s: Statement) -> bool:
    """Whether a number is of those who are not meant: `improved in all but one patient (96%)`."""
    return _ALL_BUT.search(case.around(s, 20, 0)[0]) is not None


_NOT_COUNTED = re.compile(
    r"\b(?:or|to|doses?|times|days?|weeks?|months?|years?|hours?|minutes?|cycles?|courses?|points?|lines?|visits?|mg|mm|cm|"
    r"items?|steps?|criteria|markers?|methods?|models?|factors?|variables|tests?|drugs?|agents?)\b",
    re.IGNORECASE,
)
_SOME_PEOPLE = re.compile(
    r"\b(?:patients?|pts|participants?|subjects?|wom[ae]n|m[ae]n|children|adults|cases?|individuals|people)\b",
    re.IGNORECASE,
)


def counts_something(case: Case, s: Statement) -> bool:
    """Whether the words between a number and its percentage say that people, or things ten at least, are counted.

    A number in words counts, whatever stands behind it.
    """
    words = re.sub(r"[\d.,%]+", " ", case.flat[s.normal_start : s.normal_end])
    if may_only_name(case, s) or _NOT_COUNTED.search(words) is not None:
        return False
    in_words = case.flat[s.normal_start].isalpha() and s.quantities.n != 1
    return in_words or (s.quantities.n or 0) >= _TEN or _SOME_PEOPLE.search(words) is not None


_TEN = 10
