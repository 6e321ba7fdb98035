"""Controlled terms as a table prints them: sentence case, not capitals."""

from __future__ import annotations

import re

__all__ = ["printed_level"]

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
    return text.capitalize() if plain else text.replace(">=", "≥").replace("<=", "≤")
