"""What a lesion record says: a measurement or a state, as exact micrometres and flags."""

from __future__ import annotations

import re

import polars as pl

from codon12.records.columns.needed import need
from codon12.records.terms.assessments import ABSENT, NOT_ASSESSED, PROGRESSED
from codon12.response.keys import refuse
from codon12.response.policy import RecistPolicy

__all__ = [
    "TARGET_STATES",
    "known_state",
    "micrometres",
    "non_target_states",
    "quotient",
    "target_measurements",
]

_LESS = re.compile(r"(?i)<\s*(\d+(?:\.\d+)?)\s*(?:mm)?")
_LEAST_MM = 10  # a CT measures from here on
_TOO_SMALL = (
    "TOO SMALL TO MEASURE",
    "TOO SMALL",
    "PRESENT, TOO SMALL TO MEASURE",
    "PRESENT BUT TOO SMALL TO MEASURE",
    "BELOW MEASURABLE LIMIT",
)
_MERGED = ("MERGED", "COALESCED")
_PRESENT = ("PRESENT", "STABLE", "PRESENT, STABLE", "NON-CR/NON-PD", "EQUIVOCAL", "DECREASED", "IMPROVED")
TARGET_STATES = {
    **dict.fromkeys(ABSENT, "ABSENT"),
    **dict.fromkeys(_TOO_SMALL, "TOO SMALL"),
    **dict.fromkeys(NOT_ASSESSED, "NE"),
    **dict.fromkeys(_MERGED, "MERGED"),
    **dict.fromkeys(("PRESENT", "STABLE", "PRESENT, STABLE", "DECREASED", "IMPROVED", *PROGRESSED), "PRESENT"),
}
_NON_TARGET = {
    **dict.fromkeys((*ABSENT, "CR"), "ABSENT"),
    **dict.fromkeys((*_PRESENT, *_TOO_SMALL, *_MERGED), "PRESENT"),
    **dict.fromkeys(PROGRESSED, "PD"),
    **dict.fromkeys(NOT_ASSESSED, "NE"),
}


def micrometres(value: pl.Expr) -> pl.Expr:
    """Millimetres as whole micrometres, so that thresholds are compared exactly (14.0 -> 9.8 mm is -30%)."""
    return (value.cast(pl.Float64) * 1000).round().cast(pl.Int64)


def quotient(value: pl.Expr, by: pl.Expr | int) -> pl.Expr:
    """Quotient as IEEE 754 rounds it: 73100 / 1000 is 73.1, whatever the number of rows.

    Where a column is divided by one number polars multiplies with the inverse, which gives 73.10000000000001; a column
    of one value, as in a study of one subject, counts as such a number.

    Examples
    --------
    >>> pl.DataFrame({"um": [73100, 119600]}).select(quotient(pl.col("um"), 1000)).to_series().to_list()
    [73.1, 119.6]
    """
    return value / (by + 0 * pl.int_range(pl.len(), dtype=pl.Int64))


def known_state(texts: pl.Series, terms: dict[str, str]) -> pl.Expr:
    """AVALC as one of the known states, null where unknown; blanks and case do not matter.

    A text like ``<5`` or ``< 10 mm`` says what too small to measure says, up to 10 mm.
    """
    seen = {t: terms.get(t.strip().upper()) or _below(t, terms) for t in texts.unique().drop_nulls().cast(pl.String)}
    said = pl.col("AVALC") if texts.dtype == pl.Categorical else pl.col("AVALC").cast(pl.String)
    return said.replace_strict(seen, default=None, return_dtype=pl.String)


def _below(text: str, terms: dict[str, str]) -> str | None:
    found = _LESS.fullmatch(text.strip())
    return terms.get(_TOO_SMALL[0]) if found and float(found.group(1)) <= _LEAST_MM else None


def _unknown(text: str) -> bool:
    """Whether a text of a non-target lesion is neither a state nor a number."""
    try:
        float(text)
    except ValueError:
        return not (_NON_TARGET.get(text.strip().upper()) or _below(text, _NON_TARGET))
    return False


def target_measurements(targets: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Add `_um` (size in µm, null if not assessed), `_resolved` and `_present` (non-nodal and not absent).

    A state text counts where no size was recorded: ABSENT is 0 mm, too small to measure (and ``<5``) is the
    policy's 5 mm, merged adds nothing but is assessed (its size stands with the lesion it merged into), PRESENT is
    seen and not measured. A text that is no known state is not evaluable.

    Raises
    ------
    DataError
        A negative or infinite size; with ``unknown_values = 'error'`` a text that is no known state.
    """
    need(targets, ("USUBJID", "LESIONID", "ADT", "AVAL"), what="lesions")
    size, seen = micrometres(pl.col("AVAL")), pl.lit(value=False)
    wrong = ~pl.col("AVAL").cast(pl.Float64).is_between(0, 5000) & pl.col("AVAL").is_not_null()
    refuse(
        targets.filter(wrong),
        "AVAL",
        what="target lesions",
        advice="A diameter is a number of millimetres from 0 to 5000; leave it empty where not assessed.",
    )
    if "AVALC" in targets.columns:
        unmeasured = targets.filter(pl.col("AVAL").is_null() & pl.col("AVALC").is_not_null())
        if not unmeasured.is_empty():
            known = known_state(unmeasured["AVALC"], TARGET_STATES)
            if policy.unknown_values == "error":
                refuse(
                    unmeasured.filter(known.is_null()),
                    "AVALC",
                    what="target lesions without a size",
                    advice=f"Give AVAL in mm, or one of {', '.join(TARGET_STATES)}.",
                )
            seen = (pl.when(pl.col("AVAL").is_null()).then(known) == "PRESENT").fill_null(value=False)
            too_small = None if policy.too_small_mm is None else round(policy.too_small_mm * 1000)
            state = pl.when(pl.col("AVAL").is_null()).then(known)
            size = (
                pl.when(state.is_in(["ABSENT", "MERGED"]))
                .then(0)
                .when(state == "TOO SMALL")
                .then(pl.lit(too_small, dtype=pl.Int64))
                .otherwise(size)
            )
    nodal = pl.col("NODAL").fill_null(value=False) if "NODAL" in targets.columns else pl.lit(value=False)
    return (
        targets.with_columns(size.alias("_um"), nodal.alias("_nodal"), seen.alias("_seen"))
        .with_columns(
            pl.when("_nodal")
            .then(pl.col("_um") < round(policy.node_normal_mm * 1000))
            .otherwise(pl.col("_um") == 0)
            .alias("_resolved"),
            (~pl.col("_nodal") & ((pl.col("_um") > 0).fill_null(value=False) | pl.col("_seen"))).alias("_present"),
        )
        .drop("_seen")
    )


def non_target_states(lesions: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Add `_state`: ABSENT, PRESENT, PD or NE.

    Where no state was recorded a size says it: 0 mm, or a node below the normal limit, is absent. Neither
    state nor size, and a state that is not known, is NE.

    Raises
    ------
    DataError
        With ``unknown_values = 'error'`` a state text that is not known.
    """
    need(lesions, ("USUBJID", "LESIONID", "ADT"), what="lesions")
    state = pl.lit(None, dtype=pl.String)
    if "AVALC" in lesions.columns:
        state = known_state(lesions["AVALC"], _NON_TARGET)
        unknown = [t for t in lesions["AVALC"].unique().drop_nulls().cast(pl.String) if _unknown(t)]
        if unknown:
            odd = pl.col("AVALC").cast(pl.String).is_in(unknown).fill_null(value=False)
            if policy.unknown_values == "error":
                advice = f"Use one of {', '.join(_NON_TARGET)}."
                refuse(lesions.filter(odd), "AVALC", what="non-target lesions", advice=advice)
            state = pl.when(odd).then(pl.lit("NE")).otherwise(state)
    by_size = pl.lit(None, dtype=pl.String)
    if "AVAL" in lesions.columns:
        nodal = pl.col("NODAL").fill_null(value=False) if "NODAL" in lesions.columns else pl.lit(value=False)
        um = micrometres(pl.col("AVAL"))
        normal = pl.when(nodal).then(um < round(policy.node_normal_mm * 1000)).otherwise(um == 0)
        by_size = pl.when(normal).then(pl.lit("ABSENT")).when(um.is_not_null()).then(pl.lit("PRESENT"))
    return lesions.with_columns(pl.coalesce(state, by_size, pl.lit("NE")).alias("_state"))
