"""The words of tumour assessments: who assessed, which group a lesion is in, what a node is, units of length."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = [
    "ABSENT",
    "ADJUDICATOR",
    "CENTRAL_TERMS",
    "DIAMETER_TESTS",
    "MILLIMETRES",
    "NOT_ASSESSED",
    "PROGRESSED",
    "SHORT_AXIS_TESTS",
    "STATE_TESTS",
    "criterion",
    "diameter_mm",
    "evaluator",
    "lesion_group",
    "nodal",
    "reader",
    "response_term",
]

DIAMETER_TESTS: Mapping[str, tuple[str, ...]] = {
    "nodal": ("LPERP", "SAXIS", "DIAMETER"),
    "other": ("LDIAM", "DIAMETER"),
}
"""TRTESTCD that hold the diameter that counts, the preferred first: short axis of nodes, else longest diameter."""

SHORT_AXIS_TESTS = ("LPERP", "SAXIS")
"""TRTESTCD of a short axis: where a lesion has no other diameter it was measured as a lymph node."""

MILLIMETRES: Mapping[str, float] = {
    **dict.fromkeys(("MM", "MM.", "MILLIMETER", "MILLIMETERS", "MILLIMETRE", "MILLIMETRES"), 1.0),
    **dict.fromkeys(("CM", "CM.", "CENTIMETER", "CENTIMETERS", "CENTIMETRE", "CENTIMETRES"), 10.0),
    "M": 1000.0,
    "IN": 25.4,
}
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

NOT_ASSESSED = (
    *("NE", "NOT EVALUABLE", "UNEVALUABLE", "NON-EVALUABLE", "UNABLE TO EVALUATE", "NOT ASSESSED"),
    *("UNABLE TO ASSESS", "NOT ASSESSABLE", "NOT DONE", "ND", "UNKNOWN", "UNK", "MISSING"),
)
"""Texts that say a lesion was not assessed; a number beside one of them is no measurement."""

ABSENT = ("ABSENT", "RESOLVED", "DISAPPEARED", "NOT PRESENT", "NORMAL")
"""Texts that say a lesion is gone."""

PROGRESSED = (
    *("UNEQUIVOCAL", "UNEQUIVOCAL PROGRESSION", "PROGRESSION", "PRESENT, UNEQUIVOCAL PROGRESSION"),
    *("WORSENED", "INCREASED", "PD"),
)
"""Texts that say a non-target lesion progressed."""

ADJUDICATOR = "ADJUDICATOR"
"""Name of the reader who decides between others (EVALID)."""

_RESPONSE_WORDS = {
    "COMPLETE RESPONSE": "CR",
    "COMPLETE REMISSION": "CR",
    "PARTIAL RESPONSE": "PR",
    "PARTIAL REMISSION": "PR",
    "STABLE DISEASE": "SD",
    "PROGRESSIVE DISEASE": "PD",
    "DISEASE PROGRESSION": "PD",
    "PROGRESSION OF DISEASE": "PD",
    "NOT EVALUABLE": "NE",
    "NON-EVALUABLE": "NE",
    "INEVALUABLE": "NE",
    "UNEVALUABLE": "NE",
    "UNABLE TO EVALUATE": "NE",
    "NON CR/NON PD": "NON-CR/NON-PD",
    "NON-CR/ NON-PD": "NON-CR/NON-PD",
    "NON-CR / NON-PD": "NON-CR/NON-PD",
    "NONCR/NONPD": "NON-CR/NON-PD",
    "NON-COMPLETE RESPONSE/NON-PROGRESSIVE DISEASE": "NON-CR/NON-PD",
}
"""Responses in words, in capitals -> the controlled term."""

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


def reader(identifier: pl.Expr, assessor: pl.Expr) -> pl.Expr:
    """Name the reader: the identifier as collected, else ``ADJUDICATOR`` where the assessor's title says so.

    Examples
    --------
    >>> who = pl.DataFrame({"ID": ["R1", None, None], "E": ["READER", "Adjudicator 1", "INVESTIGATOR"]})
    >>> who.select(reader(pl.col("ID"), pl.col("E")))["ID"].to_list()
    ['R1', 'ADJUDICATOR', None]
    """
    named = pl.coalesce(identifier, pl.lit("")) + " " + pl.coalesce(assessor, pl.lit(""))
    decides = named.str.to_uppercase().str.contains("ADJUDICAT")
    return pl.when(decides).then(pl.lit(ADJUDICATOR)).otherwise(identifier).alias(identifier.meta.output_name())


_RECIST = r"^RECIST(V|VER|VERSION)?\.?1\.1"
_STATED = (
    r"RECIST|PERCIST|LUGANO|CHESON|CHOI|MACDONALD|HARTMAN|"
    r"\b(RANO|IMWG|IWG|IWCLL|GCIG|PCWG\d?|EASL|WHO|ELN|INRC|MSWAT|IMRC|EORTC|GREIL|RECIL)\b"
)


def criterion(category: pl.Expr, subcategory: pl.Expr) -> pl.Expr:
    """Name the criterion of a response: ``RECIST 1.1`` however written, others in upper case, null without one.

    The sub-category counts where it names a criterion, else the category; a text that names none ("TUMOR RESPONSE")
    says nothing of the criterion.

    Examples
    --------
    >>> rows = pl.DataFrame({"CAT": ["recist v1.1", "mRECIST", "TUMOR RESPONSE", "TUMOR RESPONSE", "RECIST"],
    ...     "SCAT": [None, None, None, "iRECIST", "IRC"]})
    >>> rows.select(criterion(pl.col("CAT"), pl.col("SCAT")))["CAT"].to_list()
    ['RECIST 1.1', 'MRECIST', None, 'iRECIST', 'RECIST 1.1']
    """

    def named(column: pl.Expr) -> pl.Expr:
        text = column.str.strip_chars().str.to_uppercase()
        bare = text.str.replace_all(r"[\s_-]", "")
        return (
            pl.when(bare.str.contains(_RECIST) | (bare == "RECIST"))
            .then(pl.lit("RECIST 1.1"))
            .when(bare == "IRECIST")
            .then(pl.lit("iRECIST"))
            .when(text.str.contains(_STATED))
            .then(text)
        )

    return pl.coalesce(named(subcategory), named(category)).alias(category.meta.output_name())


def nodal(location: pl.Expr) -> pl.Expr:
    """Tell whether a location is a lymph node; false where no location is given.

    Examples
    --------
    >>> sites = pl.DataFrame({"L": ["Axillary lymph nodes", "LN, MEDIASTINAL", "LUNG NODULE", None]})
    >>> sites.select(nodal(pl.col("L")))["L"].to_list()
    [True, True, False, False]
    """
    text = location.cast(pl.String).str.to_uppercase()
    return text.str.contains(r"LYMPH[ -]?(NODE|GLAND)|\bNODES?\b|\bNODAL\b|\bLNS?\b|LYMPHADENOPATHY").fill_null(
        value=False
    )


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


def response_term(text: pl.Expr) -> pl.Expr:
    """Give a response in words its controlled term, with or without the term in parentheses; others stay as they are.

    Examples
    --------
    >>> said = pl.DataFrame({"R": ["Complete Response", "PARTIAL RESPONSE (PR)", "SD", "iUPD", "Clinical progression"]})
    >>> said.select(response_term(pl.col("R")))["R"].to_list()
    ['CR', 'PR', 'SD', 'iUPD', 'Clinical progression']
    """
    words = text.str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ")
    bare = words.str.replace(r" \((CR|PR|SD|PD|NE|NON-CR/NON-PD)\)$", "")
    return bare.replace_strict(_RESPONSE_WORDS, default=text, return_dtype=pl.String).alias(text.meta.output_name())


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
