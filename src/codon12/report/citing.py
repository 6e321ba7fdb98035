"""Numbers of the tables and figures on a page, and which of them a paragraph of the methods speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codon12.analyses.kind import SECTIONS
from codon12.numbers.spelling import respelled
from codon12.report.part import Part

__all__ = ["cited", "numbered"]

_OF_SECTION = {"Response": "response", "Times to event": "survival", "Adverse events": "safety"}
"""Headings of policies, which a whole section rests on."""
_RATES = frozenset({"Proportions"})


def numbered(parts: Sequence[Part]) -> dict[str, int]:
    """Number of each table (``table NAME``) and figure (``figure NAME``), in the order of the page.

    Examples
    --------
    >>> numbered([Part("b", "B", "survival", figures=({"name": "os"},)), Part("a", "A", "patients")])
    {'figure os': 1}
    """
    out: dict[str, int] = {}
    tables = figures = 0
    for section in dict.fromkeys([*SECTIONS, *(p.section for p in parts)]):
        for part in (p for p in parts if p.section == section):
            for figure in part.figures:
                figures += 1
                out[f"figure {figure['name']}"] = figures
            if part.table is not None:
                tables += 1
                out[f"table {part.name}"] = tables
    return out


def cited(evidence: Any, parts: Sequence[Part], placed: Mapping[str, int]) -> dict[str, str]:
    """Of each heading of the methods the tables and figures it speaks of, as words: ``Tables 5-7, Figure 2``."""
    names: dict[str, dict[str, None]] = {}
    for analysis in evidence.plan:
        for heading, _ in analysis.methods(evidence.context):
            names.setdefault(respelled(heading, evidence.language), {})[analysis.name] = None
    for heading, section in _OF_SECTION.items():
        names.setdefault(heading, {}).update({p.name: None for p in parts if p.section == section})
    numbers = evidence.numbers
    rates = numbers.filter((numbers["kind"] == "rate") & (numbers["frame"] != "adtte"))["analysis"].unique()
    for heading in _RATES:
        names.setdefault(heading, {}).update(dict.fromkeys(rates))
    out = {}
    for heading, own in names.items():
        tables = [placed[f"table {n}"] for n in own if f"table {n}" in placed]
        figures = [
            placed[k] for p in parts if p.name in own for f in p.figures if (k := f"figure {f['name']}") in placed
        ]
        words = [_several("Table", tables), _several("Figure", figures)]
        out[heading] = ", ".join(w for w in words if w)
    return out


def _several(word: str, numbers: Sequence[int]) -> str:
    """Numbers with neighbours joined.

    Examples
    --------
    >>> _several("Table", [3, 1, 2, 5]), _several("Figure", [4]), _several("Figure", [])
    ('Tables 1–3, 5', 'Figure 4', '')
    """
    runs: list[list[int]] = []
    for n in sorted(set(numbers)):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    said = [f"{r[0]}" if len(r) == 1 else f"{r[0]}–{r[-1]}" if len(r) > 2 else f"{r[0]}, {r[1]}" for r in runs]
    return f"{word}{'s' if len(set(numbers)) > 1 else ''} {', '.join(said)}" if said else ""
