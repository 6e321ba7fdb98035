"""Roles by what their cells are."""

from __future__ import annotations

__all__ = ["CLEAR", "DATE_ROLES", "NUMBER_ROLES"]

DATE_ROLES = (
    *("BRTHDT", "DIAGDT", "RANDDT", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "PROGDT", "ASSDT", "ONSET", "RESOLVED"),
)
NUMBER_ROLES = {
    "AGE": (0, 120),
    "BRTHYR": (1900, 2020),
    "DIAGYR": (1950, 2100),
    "ECOG": (0, 5),
    "KPS": (10, 100),
    "TMB": (0, 5000),
    "BTMB": (0, 5000),
    "NLR": (0, 500),
    "ALB": (0, 100),
    "SIZE": (0, 1000),
    "METSITES": (0, 60),
    "LINE": (0, 20),
    "LINES": (0, 20),
    "VAF": (0, 100),
    "DAYS_DEATH": (0, 40_000),
    "DAYS_LAST": (0, 40_000),
}
"""Roles of numbers -> the bounds between which such a number lies."""
CLEAR = (*DATE_ROLES, "AGE", "SEX", "BOR", "SIZE", "PDL1", "TMB", "ECOG", "STAGE", "SMOKING", "HIST")
"""Roles whose cells say enough for a part of the heading to be believed."""
