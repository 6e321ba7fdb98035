"""Controlled terms as a table prints them: sentence case, not capitals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["censoring_words", "printed_level", "printed_levels"]

_TERMS = {
    "F": "Female",
    "M": "Male",
    "U": "Unknown",
    "Y": "Yes",
    "N": "No",
    "BLACK OR AFRICAN AMERICAN": "Black or African American",
    "AMERICAN INDIAN OR ALASKA NATIVE": "American Indian or Alaska Native",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "Native Hawaiian or other Pacific Islander",
    "HISPANIC OR LATINO": "Hispanic or Latino",
    "NOT HISPANIC OR LATINO": "Not Hispanic or Latino",
}
_SMALL = frozenset({"wild type", "other", "multiple", "not detected", "detected"})
"""Levels that the programme itself names in small letters."""
# Short words that stand in terms; any other word under five letters may be a gene or an abbreviation.
_SHORT_WORDS = "AND BY CARE CELL DATE DOSE DRUG FROM LACK LOSS LOST LUNG NOT OF OR THE TO TYPE UP WILD WITH"
_SHORT = frozenset(_SHORT_WORDS.split())


def printed_level(text: str) -> str:
    """Controlled term in sentence case; a text with digits, small letters or a possible gene name stays as it is.

    Examples
    --------
    >>> [printed_level(t) for t in ("LARGE CELL CARCINOMA", "F", "KRAS MUTATED", "PD-L1", ">=50%")]
    ['Large cell carcinoma', 'Female', 'KRAS MUTATED', 'PD-L1', '≥50%']
    """
    if text in _TERMS:
        return _TERMS[text]
    words = re.findall(r"[A-Z]+", text)
    plain = re.fullmatch(r"[A-Z][A-Z /,()-]*", text) and all(len(w) > 4 or w in _SHORT for w in words)
    if text in _SMALL:
        return text.capitalize()
    return text.capitalize() if plain else text.replace(">=", "≥").replace("<=", "≤")


def printed_levels(levels: Iterable[str]) -> dict[str, str]:
    """Levels of one variable as printed, no two alike: those that would print as one stay as they are written.

    Examples
    --------
    >>> printed_levels(["F", "M"]), printed_levels(["F", "Female", "M"])
    ({'F': 'Female', 'M': 'Male'}, {'F': 'F', 'Female': 'Female', 'M': 'Male'})
    """
    shown = {level: printed_level(level) for level in levels}
    times = Counter(shown.values())
    return {level: words if times[words] == 1 else level for level, words in shown.items()}


_CODES = re.compile(r"(?:[01]:)?(?:[0-9]+|Y|N|YES|NO|TRUE|FALSE|CENSORED|CENSOR|NO EVENT)?", re.IGNORECASE)
_ALIVE = re.compile(r"(?:[01]:)?(?:LIVING|ALIVE)", re.IGNORECASE)


def censoring_words(text: str | None, otherwise: str = "No event, reason not recorded") -> str:
    """Why a time was censored, in words: codes and bare statuses say `otherwise`, that there was no event.

    Examples
    --------
    >>> [censoring_words(t, "Alive at last contact") for t in ("0:LIVING", "1", "Lost to follow-up")]
    ['Alive at last contact', 'Alive at last contact', 'Lost to follow-up']
    >>> [censoring_words(t) for t in ("0:CENSORED", None, "0:Not Progressed", "LIVING")]
    ['No event, reason not recorded', 'No event, reason not recorded', 'Not Progressed', 'Alive at last contact']
    """
    plain = "" if text is None else text.strip()
    if _ALIVE.fullmatch(plain):
        return "Alive at last contact"
    if _CODES.fullmatch(plain):
        return otherwise
    return printed_level(re.sub(r"^[01]:", "", plain))
