"""What became of a line of therapy, from the words people write."""

from __future__ import annotations

from typing import Literal

__all__ = ["EARLY_SETTINGS", "SETTINGS", "Outcome", "read_outcome"]

Outcome = Literal["progression", "other", "ongoing", "unknown"]

_PROGRESSION = (
    "progression",
    "progressive disease",
    "progressed",
    "pd",
    "relapse",
    "relapsed",
    "refractory",
    "recurrence",
)
_ONGOING = ("ongoing", "on treatment", "on therapy", "continuing")
_OTHER = (
    "completed", "complete", "finished", "stopped", "discontinued", "toxicity", "intolerance", "adverse event",
    "response", "complete response", "partial response", "stable", "stable disease", "cr", "pr", "sd", "death", "died",
    "patient choice", "withdrawn", "withdrawal", "switched", "maintenance", "no progression",
)  # fmt: skip
_UNKNOWN = ("", "unknown", "not recorded", "not evaluable", "ne", "na", "n/a", "not known")
EARLY_SETTINGS = ("adjuvant", "neoadjuvant", "neo-adjuvant", "perioperative")
"""Settings of lines that may or may not count as lines of systemic therapy."""
SETTINGS = (
    *EARLY_SETTINGS,
    "metastatic",
    "advanced",
    "palliative",
    "recurrent",
    "maintenance",
    "curative",
    "definitive",
)


def read_outcome(text: str | None) -> tuple[Outcome, bool]:
    """Read an outcome, and tell whether the word is known; one that is not leaves the outcome open.

    Examples
    --------
    >>> read_outcome("progression"), read_outcome("completed"), read_outcome("hm")
    (('progression', True), ('other', True), ('unknown', False))
    """
    plain = " ".join((text or "").lower().split())
    if plain in _PROGRESSION:
        return "progression", True
    if plain in _ONGOING:
        return "ongoing", True
    if plain in _OTHER:
        return "other", True
    return "unknown", plain in _UNKNOWN
