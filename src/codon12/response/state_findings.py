"""Findings on the words that stand for the state of a lesion, and on lesions that have neither a word nor a size."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.response.family_findings import tumour_row_findings
from codon12.response.keys import grouping
from codon12.response.nontarget import new_lesion_states
from codon12.response.policy import RecistPolicy
from codon12.response.states import TARGET_STATES, known_state

__all__ = ["state_findings"]


def state_findings(rows: pl.DataFrame, policy: RecistPolicy) -> list[pl.DataFrame]:
    """Give the findings on states of target, non-target and new lesions: unknown, too small, without a size, silent."""
    if "AVALC" not in rows.columns:
        return [_without_state(rows)]
    back = _backdated(rows, policy)
    targets = rows.filter((pl.col("GROUP") == "TARGET") & pl.col("AVAL").is_null() & pl.col("AVALC").is_not_null())
    state = known_state(targets["AVALC"], TARGET_STATES)
    size = "is not evaluable" if policy.too_small_mm is None else f"counts {policy.too_small_mm:g} mm"
    said = pl.col("AVALC").cast(pl.String)
    return [
        back,
        _without_state(rows),
        tumour_row_findings(
            targets.filter(state.is_null()),
            "lesion-text-unknown",
            "warning",
            "a target lesion has no size and a text that is no known state; it is not evaluable.",
            said,
            "TRSTRESC",
        ),
        tumour_row_findings(
            targets.filter(state == "TOO SMALL"),
            "target-too-small",
            "note",
            f"a target lesion that is too small to measure {size}.",
            said,
            "TRSTRESC",
        ),
        tumour_row_findings(
            targets.filter(state == "PRESENT"),
            "target-without-size",
            "warning",
            "a target lesion is seen and has no size; the sum of this visit is not complete.",
            said,
            "TRSTRESC",
        ),
    ]


def _without_state(rows: pl.DataFrame) -> pl.DataFrame:
    """Records of non-target lesions after their first that say neither a state nor a size."""
    others = (pl.col("GROUP") == "NON-TARGET") & pl.col("ADT").is_not_null()
    blank = [pl.col(c).is_null() for c in ("AVALC", "AVAL") if c in rows.columns]
    silent = rows.filter(others, *blank)
    if silent.height:
        keys = [*grouping(rows), "LESIONID"]
        silent = rows.filter(others).filter(pl.col("ADT") > pl.col("ADT").min().over(keys), *blank)
    return tumour_row_findings(
        silent,
        "non-target-without-state",
        "warning",
        "a non-target lesion has neither a state nor a size; it is not evaluable, and no progression of it is seen.",
        pl.lit(None, dtype=pl.String),
        "TRSTRESC",
    )


def _backdated(rows: pl.DataFrame, policy: RecistPolicy) -> pl.DataFrame:
    """Equivocal records of new lesions that were unequivocal later and count so, and those with an unknown text."""
    lenient = msgspec.structs.replace(policy, unknown_values="ne")
    states = new_lesion_states(rows, policy=lenient)
    own = ["_own", "_state", "_sure"]
    said = pl.col("AVALC").cast(pl.String)
    return pl.concat(
        [
            tumour_row_findings(
                states.filter(_own="EQUIVOCAL", _state="UNEQUIVOCAL").drop(own, strict=False),
                "new-lesion-since",
                "note",
                "an equivocal new lesion that was unequivocal later: it counts as new from here on.",
                said,
                "TRSTRESC",
            ),
            tumour_row_findings(
                states.filter(pl.col("_own").is_null()).drop(own, strict=False),
                "new-lesion-text-unknown",
                "warning",
                "a new lesion has a text that is no known state; it counts as equivocal, which is no progression.",
                said,
                "TRSTRESC",
            ),
        ]
    )
