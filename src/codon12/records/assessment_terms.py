"""The words of tumour assessments: who assessed, which group a lesion is in, what a node is, units of length."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = [
    "CENTRAL_TERMS",
    "DIAMETER_TESTS",
    "MILLIMETRES",
    "STATE_TESTS",
    "diameter_mm",
    "evaluator",
    "lesion_group",
    "nodal",
]

DIAMETER_TESTS: Mapping[str, tuple[str, ...]] = {
    "nodal": ("LPERP", "SAXIS", "DIAMETER"),
    "other": ("LDIAM", "DIAMETER"),
}
"""TRTESTCD that hold the diameter that counts, the preferred first: short axis of nodes, else longest diameter."""

MILLIMETRES: Mapping[str, float] = {"MM": 1.0, "CM": 10.0, "M": 1000.0, "IN": 25.4}
"""Unit of length -> millimetres; a size in another unit is not used and is a finding."""

CENTRAL_TERMS = (
    "CENTRAL",
    "INDEPENDENT ASSESSOR",
    "INDEPENDENT CENTRAL REVIEW",
    "INDEPENDENT REVIEW",
    "INDEPENDENT REVIEWER",
    "BLINDED INDEPENDENT CENTRAL REVIEW",
    "BICR",
    "IRC",
    "ICR",
    "ADJUDICATION COMMITTEE",
    "ADJUDICATOR",
    "READER",
    "RADIOLOGIST",
)
STATE_TESTS = ("TUMSTATE", "LSSTATE", "STATE")
"""TRTESTCD that hold the state of a lesion in words."""

_TARGET_TERMS = ("TARGET", "TARGET LESION", "TARGET LESIONS")
_NON_TARGET_TERMS = ("NON-TARGET", "NONTARGET", "NON TARGET", "NON-TARGET LESION", "NON-TARGET LESIONS")
_NEW_TERMS = ("NEW", "NEW LESION", "NEW LESIONS")


def evaluator(column: pl.Expr) -> pl.Expr:
    """Normalise who assessed: INVESTIGATOR (also where nobody is named), CENTRAL; other texts stay as they are.

    Examples
    --------
    >>> who = pl.DataFrame({"E": ["Independent Assessor", None, "RADIOLOGIST 2"]})
    >>> who.select(evaluator(pl.col("E")))["E"].to_list()
    ['CENTRAL', 'INVESTIGATOR', 'CENTRAL']
    """
    text = column.str.strip_chars().str.to_uppercase()
    bare = text.str.replace(r"\s+\d+$", "")
    return (
        pl.when(text.is_null() | text.str.contains("INVESTIGATOR"))
        .then(pl.lit("INVESTIGATOR"))
        .when(bare.is_in(CENTRAL_TERMS))
        .then(pl.lit("CENTRAL"))
        .otherwise(text)
        .alias(column.meta.output_name())
    )


def nodal(location: pl.Expr) -> pl.Expr:
    """Tell whether a location is a lymph node; false where no location is given."""
    text = location.str.to_uppercase()
    return text.str.contains(r"LYMPH[ -]?NODE|^NODE\b|^NODAL\b").fill_null(value=False)


def diameter_mm(value: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """Convert sizes to millimetres; without unit they are millimetres, in an unknown unit null.

    Examples
    --------
    >>> sizes = pl.DataFrame({"V": [3.23, 14.0, 5.0], "U": ["cm", None, "pixel"]})
    >>> sizes.select(diameter_mm(pl.col("V"), pl.col("U")))["V"].to_list()
    [32.3, 14.0, None]
    """
    factor = unit.str.strip_chars().str.to_uppercase().replace_strict(MILLIMETRES, default=None).cast(pl.Float64)
    # A product such as 3.23 * 10 carries float noise; sizes are recorded in hundredths of mm at most.
    converted = (value * factor).round(6)
    return pl.when(unit.is_null()).then(value).when(factor == 1).then(value).otherwise(converted)


def lesion_group(text: pl.Expr) -> pl.Expr:
    """Normalise the group of a lesion: TARGET, NON-TARGET or NEW; null for any other text.

    Examples
    --------
    >>> pl.DataFrame({"G": ["Non Target", "new", "IRRADIATED"]}).select(lesion_group(pl.col("G")))["G"].to_list()
    ['NON-TARGET', 'NEW', None]
    """
    upper = text.str.strip_chars().str.to_uppercase()
    return (
        pl.when(upper.is_in(_TARGET_TERMS))
        .then(pl.lit("TARGET"))
        .when(upper.is_in(_NON_TARGET_TERMS))
        .then(pl.lit("NON-TARGET"))
        .when(upper.is_in(_NEW_TERMS))
        .then(pl.lit("NEW"))
        .alias(text.meta.output_name())
    )
