"""Whether cells speak for a role: by their kinds, numbers and dates."""

from __future__ import annotations

from codon12.init.lines import line_number
from codon12.init.roles import DATE_ROLES, NUMBER_ROLES
from codon12.init.values import Values

__all__ = ["fits", "score_doubt"]

_NUMBERS = 0.9
_MOSTLY = 0.5
_OF_WORDS = {"GRADE": "grade", "STATE": "state", "SETTING": "setting", "RESULT": "yesno"}
"""Roles -> the kind that most of their cells are."""
_KNOWN = 0.8
_MOST_WORDS = 12
_MOST_CODES, _HIGHEST_CODE = 6, 12
"""Codes of a category are few and low; more, or higher ones, are counted: cigarettes, packs a year."""

_BOUNDS = {"PDL1": (0, 100), "TMB": (0, 5000)}
_FOR_MISSING = (888, 999, 9999)
_CODES_BELOW = {"PDL1": 5, "TMB": 2}
"""Whole numbers below these alone are codes of categories: 0, 1, 2 for <1, 1-49 and from 50 %, or low and high."""


def score_doubt(role: str, values: Values, *, heading: str = "") -> str | None:
    """Say why the numbers of a column are no scores of PD-L1 in percent, or mutations per megabase.

    Examples
    --------
    >>> import polars as pl
    >>> from codon12.init.values import values_of
    >>> score_doubt("PDL1", values_of(pl.Series(["0", "0.9", "0.05"])))
    'its cells are numbers from 0 to 0.9: write fractions as percent'
    """
    counted = next((w for w in ("exome", "count", "number", "total") if role == "TMB" and w in heading.lower()), None)
    if counted is not None:
        return f"the heading speaks of {counted}, not of megabases: divide by the megabases that were read"
    if values.thousands is not None and role in ("TMB", "DAYS_DEATH", "DAYS_LAST"):
        return f"'{values.thousands}' may be more than a thousand, or no whole number: write 1234"
    if role not in _BOUNDS or values.numbers < 1 or values.low is None or values.high is None:
        return None
    (least, most), low, high = _BOUNDS[role], values.low, values.high
    if low < least or high > most or high in _FOR_MISSING:
        odd = low if low < least else high
        return f"a cell is {odd:g}: correct it, or leave the cell empty where it stands for missing"
    if values.whole and high < _CODES_BELOW[role]:
        return f"its cells are whole numbers up to {high:g} alone, as codes of categories are: write what they mean"
    if role == "PDL1" and high <= 1:
        return f"its cells are numbers from {low:g} to {high:g}: write fractions as percent"
    return None


def fits(role: str, values: Values) -> bool | None:
    """Whether the cells speak for a role (True), against it (False), or neither (None)."""
    kinds = values.kinds
    if role == "CANCER_TYPE":
        told = max(kinds.get("yesno", 0), values.numbers)
        return False if told > _MOSTLY or values.dates is not None else None
    if role in DATE_ROLES:
        if values.dates is not None:
            return True
        return None if values.numbers > 0.9 and values.distinct > 2 else False
    if role == "LINE" and values.numbers < _NUMBERS and values.distinct <= NUMBER_ROLES["LINE"][1]:
        return (bool(values.words) and all(line_number(w) is not None for w in values.words)) or False
    if role in NUMBER_ROLES:
        low, high = NUMBER_ROLES[role]
        inside = values.low is not None and values.high is not None and low <= values.low and values.high <= high
        return (values.numbers >= 0.9 and inside) or False
    if role == "SEX":
        return True if kinds.get("sex", 0) >= 0.95 else (None if values.distinct <= 3 else False)
    if role == "BOR":
        return kinds.get("recist", 0) >= 0.8 or False
    if role == "GROUP":
        return kinds.get("group", 0) >= 0.8 or False
    if role == "VITAL":
        few = values.distinct <= 6 and values.dates is None
        return (
            (max(kinds.get("dead", 0), kinds.get("yesno", 0), kinds.get("code01", 0)) >= 0.9 or None) if few else False
        )
    if role in _OF_WORDS:
        return kinds.get(_OF_WORDS[role], 0) >= _KNOWN or False
    if role in ("CAUSAL", "SERIOUS", "METHOD"):
        return (values.distinct <= _MOST_WORDS and values.dates is None and values.numbers < _NUMBERS) or False
    if role == "TERM":
        return (values.dates is None and values.numbers < _MOSTLY and kinds.get("yesno", 0) < _MOSTLY) or False
    if role == "PROTEIN":
        return kinds.get("hgvs", 0) >= 0.5 or False
    if role == "PDL1":
        return (
            True if values.numbers >= 0.9 and (values.high or 0) <= 100 else (None if values.distinct <= 40 else False)
        )
    if role in ("STAGE", "SMOKING", "HIST") and kinds.get(role.lower(), 0) >= 0.8:
        return True
    if role in ("USUBJID", "SAMPLE_ID", "LESION"):
        return None if values.dates is not None else True
    if role in ("ARM", "DRUG_TYPE", "SMOKING", "HIST", "STAGE", "MSI", "PANEL", "RACE", "SITEID", "STUDYID", "AGEGR1"):
        if role == "SITEID" and values.distinct > 0.7 * values.filled and values.filled > 5:
            return False  # told apart by it: patients, not hospitals
        counted = values.distinct > _MOST_CODES or (values.high or 0) > _HIGHEST_CODE
        measured = values.numbers >= _NUMBERS and counted and role not in ("SITEID", "STUDYID", "ARM")
        return (values.distinct <= max(60, values.filled // 4) and values.dates is None and not measured) or False
    return None if values.dates is None else False
