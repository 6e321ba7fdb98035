"""Mismatch repair as pathologists write it: deficient or proficient."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["mismatch_repair_state"]

_DEFICIENT = re.compile(
    r"d-?mmr|mmr-?\s?d(?:ef(?:icient|iciency)?)?|(?:mmr|mismatch[\s-]repair)[\s-](?:protein[\s-])?"
    r"(?:deficien(?:t|cy)|loss|lost|abnormal)|deficien(?:t|cy)(?:[\s-](?:mmr|mismatch[\s-]repair))?|"
    r"loss of (?:mlh1|msh2|msh6|pms2)(?:(?:\s*(?:/|,|and|or)\s*)(?:mlh1|msh2|msh6|pms2))*"
    r"(?: expression)?|(?:mlh1|msh2|msh6|pms2)(?:/(?:mlh1|msh2|msh6|pms2))* (?:loss|lost|absent)"
)
_PROFICIENT = re.compile(
    r"p-?mmr|mmr-?\s?p(?:rof(?:icient|iciency)?)?|(?:mmr|mismatch[\s-]repair)[\s-](?:protein[\s-])?"
    r"(?:proficien(?:t|cy)|intact|retained|normal)|proficien(?:t|cy)(?:[\s-](?:mmr|mismatch[\s-]repair))?|"
    r"intact(?:[\s-](?:mmr|mismatch[\s-]repair))?|retained"
)
_OPEN = ("indeterminate", "equivocal", "not evaluable", "not tested", "unknown", "not done", "na", "n/a", "")


def mismatch_repair_state(text: str) -> Literal["dMMR", "pMMR", "indeterminate"] | None:
    """Read a state of mismatch repair; None for other text.

    Examples
    --------
    >>> [mismatch_repair_state(t) for t in ("dMMR", "MMR proficient", "loss of MLH1/PMS2", "equivocal", "high")]
    ['dMMR', 'pMMR', 'dMMR', 'indeterminate', None]
    """
    plain = " ".join(text.lower().split())
    if _DEFICIENT.fullmatch(plain):
        return "dMMR"
    if _PROFICIENT.fullmatch(plain):
        return "pMMR"
    return "indeterminate" if plain in _OPEN else None
