"""Data dictionaries of programs for data capture: what each column is called at length, and its codes in one cell."""

from __future__ import annotations

import re

import polars as pl

from codon12.init.vocabulary import compact

__all__ = ["LABEL", "data_dictionary"]

LABEL = ""
"""Code under which the label of a column stands."""
_VARIABLE = ("variablefieldname", "fieldname", "variable", "variablename", "field", "column", "itemname", "itemoid")
_LABEL = ("fieldlabel", "label", "variablelabel", "description", "question", "itemdescription")
_CHOICES = (
    "choicescalculationsorsliderlabels",
    "choices",
    "codes",
    "valuelabels",
    "values",
    "responseoptions",
    "codelist",
    "options",
    "categories",
    "permissiblevalues",
)
_KIND = ("fieldtype", "datatype", "itemtype")
_OF_KIND = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
"""Codes that a type of field has, which REDCap does not list as choices."""
_CHOICE = re.compile(r"\s*([^\s,=:|]+)\s*[,=:]\s*(.+?)\s*$")


def data_dictionary(frame: pl.DataFrame) -> dict[str, dict[str, str]] | None:
    """Column -> code -> meaning, with the column's label under the empty code; None where this is no such dictionary.

    Examples
    --------
    >>> rows = {"Variable / Field Name": ["sex"], "Field Label": ["Sex at birth"]}
    >>> data_dictionary(pl.DataFrame(rows | {"Choices": ["0, Male | 1, Female"]}))
    {'sex': {'': 'Sex at birth', '0': 'Male', '1': 'Female'}}
    """
    named = {compact(c): c for c in frame.columns}
    variable, label, choices, kind = (
        next((named[n] for n in k if n in named), None) for k in (_VARIABLE, _LABEL, _CHOICES, _KIND)
    )
    if variable is None or choices is None or frame[variable].n_unique() < frame.height:
        return None
    out = {}
    rows = frame.select(v=variable, l=label or variable, c=choices, k=kind or variable).drop_nulls("v")
    for row in rows.iter_rows(named=True):
        said = {LABEL: re.sub(r"<[^>]*>", "", row["l"])} if label is not None and row["l"] else {}
        own = _OF_KIND.get(compact(row["k"] or ""), {}) if kind is not None else {}
        out[row["v"]] = said | (_codes(row["c"] or "") or own)
    return out if any(len(codes) > 1 for codes in out.values()) else None


def _codes(cell: str) -> dict[str, str]:
    """Codes of one cell, parted by bars, semicolons or lines; none where a part is no code with its meaning."""
    for mark in ("|", "\n", ";", ","):
        parts = [p for p in cell.split(mark) if p.strip()]
        found = [_CHOICE.fullmatch(p) for p in parts]
        if len(parts) > 1 and all(found):
            return {m.group(1): m.group(2) for m in found if m is not None}
    return {}
