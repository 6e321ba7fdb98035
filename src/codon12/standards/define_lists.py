"""Code lists of the variables of a data set: those of the standard, and what the data add to them."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.standards.datasets import Dataset
from codon12.standards.metadata import Column, adam_table

__all__ = ["CodeTerms", "code_lists"]

_MOST = 12
"""Values of a variable that the standards do not know up to which they are listed."""
_CODED = (
    "SEX", "RACE", "ETHNIC", "AGEU", "ARM", "ARMCD", "ACTARM", "ACTARMCD", "CAT", "SCAT", "STAT", "EVAL", "SER", "REL",
    "OUT", "ACN", "TOXGR", "SEV", "ORRESU", "STRESU", "DOSU", "DOSFRM", "DOSFRQ", "ROUTE", "METHOD", "SPEC", "FL",
)  # fmt: skip


class CodeTerms(msgspec.Struct, frozen=True):
    """A code list: its name, its terms with what each means ('' where it says itself), those that are not standard."""

    name: str
    items: tuple[tuple[str, str], ...]
    code: str | None = None
    extended: frozenset[str] = frozenset()


def code_lists(data: Dataset) -> dict[str, CodeTerms]:
    """Variable -> its code list, for every variable that has one.

    A variable that names a list of the table has its terms, and those of the data beside them (extended). PARAMCD and
    --TESTCD say what they mean; of other variables with few values the values are listed.
    """
    out = {}
    for column in data.columns:
        if column.name == "PARAMCD":
            out["PARAMCD"] = CodeTerms(f"Parameters of {data.name}", tuple(sorted(data.parameters.items())))
        elif column.codelist is not None:
            out[column.name] = _listed(data, column)
        elif column.name.endswith("TESTCD") and f"{column.name[:-2]}" in data.frame.columns:
            pairs = data.frame.select(column.name, column.name[:-2]).drop_nulls().unique(column.name, keep="first")
            out[column.name] = CodeTerms(f"Tests of {data.name}", tuple(sorted(pairs.iter_rows())))
        elif (found := _few(data, column)) is not None:
            out[column.name] = found
    return {k: v for k, v in out.items() if v.items}


def _listed(data: Dataset, column: Column) -> CodeTerms:
    known = adam_table().codelists[str(column.codelist)]
    values = data.frame[column.name].drop_nulls().unique().sort().cast(pl.String)
    more = [v for v in values.to_list() if v not in known.terms]
    items = (*known.terms.items(), *((v, v if known.terms else "") for v in more))
    return CodeTerms(known.name, items, known.code, frozenset(more) if known.terms else frozenset())


def _few(data: Dataset, column: Column) -> CodeTerms | None:
    if column.type != "text" or column.name.endswith(("DTC", "ID", "REFID", "VAR", "DOM")):
        return None
    coded = column.name.endswith(_CODED) if data.standard == "SDTM" else column.origin == "Derived" and not column.core
    if not coded:
        return None
    values = data.frame[column.name].drop_nulls().unique().sort()
    if not 0 < values.len() <= (_MOST if data.standard == "ADaM" else 60):
        return None
    return CodeTerms(f"Values of {data.name}.{column.name}", tuple((v, "") for v in values.to_list()))
