"""How the intervals of a table were computed, in a line below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["intervals_text"]

_SENTENCE = re.compile(r"(?<=[.])\s+(?=[A-Z])")
_OF_LIMITS = re.compile(r"limits|interval|pooled", re.IGNORECASE)
_NAMES = ("Kaplan", "Cox", "Aalen", "Miettinen", "Woolf", "Wilson", "Newcombe", "Fisher", "Greenwood", "Clopper", "P ")
_ESTIMATES = frozenset({"rate", "time", "ratio", "difference"})
"""Kinds of number that print an interval."""


def intervals_text(numbers: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the methods behind the intervals of these rows of the evidence, each once; nothing where there are none.

    Of the method of a number those sentences are printed that speak of its limits.

    Examples
    --------
    >>> row = {"kind": "rate", "lower": 28.6, "upper": 46.2, "method": "Exact (Clopper-Pearson) limits. Of all."}
    >>> intervals_text([row, row])
    ('Intervals: exact (Clopper-Pearson) limits.',)
    """
    methods = dict.fromkeys(
        str(n["method"])
        for n in numbers
        if n.get("kind") in _ESTIMATES and n.get("method") and not (n.get("lower") is None and n.get("upper") is None)
    )
    sentences = (sentence for method in methods for sentence in _SENTENCE.split(method))
    said = dict.fromkeys(_inside(sentence.rstrip(".")) for sentence in sentences if _OF_LIMITS.search(sentence))
    return (f"Intervals: {'; '.join(said)}.",) if said else ()


def _inside(text: str) -> str:
    """Text after a colon: it begins small, unless with a name."""
    first = text.split(" ", 1)[0]
    return text if first.startswith(_NAMES) else text[:1].lower() + text[1:]
