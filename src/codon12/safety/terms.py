"""Words of adverse-event records that say no."""

from __future__ import annotations

from codon12.records.terms.spelling import spelling, word

__all__ = ["NOT_MODIFIED", "NOT_RELATED", "spelling", "word"]

NOT_RELATED = (
    *("N", "NO", "NOT RELATED", "UNRELATED", "NONE", "REMOTE", "UNLIKELY", "UNLIKELY RELATED", "DOUBTFUL"),
    *("NOT SUSPECTED", "NOT POSSIBLY RELATED", "DEFINITELY NOT RELATED"),
    *("NO REASONABLE POSSIBILITY", "PROBABLY NOT RELATED", "UNLIKELY TO BE RELATED"),
)
"""Words of AEREL that say no."""

NOT_MODIFIED = (
    *("DOSE NOT CHANGED", "NONE", "NO ACTION TAKEN", "NO ACTION", "NO CHANGE", "DOSE INCREASED", "NOT APPLICABLE"),
    *("NOT EVALUABLE", "UNKNOWN", "NA", "N/A"),
)
"""Words of AEACN that are no reduction, interruption or withdrawal."""
