"""Cells that a first look names and does not read: dates by an era, times with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["unread_how"]

_UNREAD = (
    (
        r"(?:[MTSHR]|明治|大正|昭和|平成|令和)\s*(?:\d{1,2}|元)\s*[年./-].*",
        "dates by a Japanese era, which are not read: write them as 2021-05-01",
    ),
    (
        r"(?:[<>~≈]?\s*\d+(?:[.,]\d+)?\s*[^\W\d_]+\.?,?\s*(?:(?:and|et|und|y|e|en)\s+)?)+",
        "times with their unit in the cell: write numbers of one unit",
    ),
)
"""Cells that a first look names and does not read."""


def unread_how(cells: Iterable[str]) -> str | None:
    """Say what most cells are that could be read if they were written otherwise.

    Examples
    --------
    >>> unread_how(["令和3年5月1日", "R2.12.3"])
    'dates by a Japanese era, which are not read: write them as 2021-05-01'
    >>> unread_how(["3 ans 2 mois", "14 mo"])
    'times with their unit in the cell: write numbers of one unit'
    """
    texts = list(cells)
    for pattern, how in _UNREAD:
        if texts and sum(bool(re.fullmatch(pattern, t.strip(), re.IGNORECASE)) for t in texts) > len(texts) / 2:
            return how
    return None
