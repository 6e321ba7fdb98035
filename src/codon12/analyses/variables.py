"""Columns of ADSL as printed: their names, their levels in order, and why a value is absent."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import sql_text
from codon12.records.config.endpoints import endpoints_of

__all__ = [
    "ABSENT_STATES",
    "absences",
    "level_order",
    "levels_of",
    "must_be_columns",
    "must_be_endpoint",
    "reference_treatment",
    "stratified_by",
    "variable_label",
]

_LABELS = {
    "TRT01P": "Treatment",
    "TRT01A": "Treatment",
    "ARM": "Treatment",
    "AGE": "Age, years",
    "AGEGR1": "Age group",
    "STUDYID": "Study",
    "HISTOLOGY": "Histology",
    "ECOG": "ECOG performance status",
    "KPS": "Karnofsky performance status",
    "SEX": "Sex",
    "RACE": "Race",
    "ETHNIC": "Ethnic group",
    "COUNTRY": "Country",
    "EOTSTT": "Treatment status",
    "EOSSTT": "Study status",
    "DCTREAS": "Reason for stopping treatment",
    "DCSREAS": "Reason for leaving the study",
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ABSENT_STATES = {"not tested": "Not tested", "invalid": "Invalid", "indeterminate": "Indeterminate"}
"""State in which a biomarker has no answer -> how a table says it, in order."""


def variable_label(context: Context, name: str) -> str:
    """Name of an ADSL column as printed."""
    covariate = context.config.covariates.get(name)
    return (covariate.label if covariate and covariate.label else None) or _LABELS.get(name, name)


def reference_treatment(context: Context, named: str, *, where: str) -> str:
    """The treatment that others are compared with: the one named, else the first as printed.

    Raises ``ConfigError`` where no treatment has the name.
    """
    if named and named not in context.arms:
        raise ConfigError(f"codon12.toml, {where}: no treatment {named!r}; there are {', '.join(context.arms)}.")
    return named or context.arms[0]


def must_be_columns(context: Context, names: Sequence[str], *, where: str) -> None:
    """Raise ``ConfigError`` where ADSL lacks a column that is named."""
    missing = [c for c in names if c not in context.variables]
    if missing:
        raise ConfigError(f"codon12.toml, {where}: ADSL has no column {', '.join(missing)}.")


def must_be_endpoint(context: Context, code: str, *, where: str) -> None:
    """Raise ``ConfigError`` where a time to event is named that is neither known nor in the data."""
    known = endpoints_of(context.config.endpoints)
    if code and code not in known and not context.has_endpoint(code):
        there = ", ".join(c for c in known if context.has_endpoint(c))
        raise ConfigError(f"codon12.toml, {where}: no time to event {code!r}; the data have {there or 'none'}.")


def stratified_by(context: Context, strata: Sequence[str]) -> str:
    """What a method says of its strata, by their names as printed; nothing where there are none."""
    names = ", ".join(variable_label(context, v) for v in strata)
    return f", stratified by {names}" if names else ""


def level_order(context: Context, name: str, values: pl.Series) -> list[str]:
    """Levels of a column as printed: as the configuration lists them, else the most frequent first.

    A column that holds treatments alone has them in the order of ``[treatments]``, else of the columns of a report;
    levels that are all numbers (grades, performance status) ascend.
    """
    covariate = context.config.covariates.get(name)
    counts = values.value_counts()
    found = {v for v in counts[values.name].to_list() if v is not None}
    for treatments in (tuple(dict.fromkeys(context.config.treatments.values())), context.arms):
        if found and found <= set(treatments):
            return [t for t in treatments if t in found]
    if covariate and covariate.labels:
        extra = sorted(found - set(covariate.labels))
        return [*covariate.labels, *extra]
    numbers = {v: float(v) for v in found if _NUMBER.fullmatch(str(v))}
    if numbers and len(numbers) == len(found):
        return sorted(numbers, key=lambda v: numbers[v])
    ordered = counts.sort("count", values.name, descending=[True, False])[values.name].to_list()
    return [v for v in ordered if v is not None]


def levels_of(context: Context, name: str, values: pl.Series | None = None) -> list[str]:
    """Levels of a column in the order they have among all subjects; of those in `values`, where given.

    A level is the reference in every set of rows then, though another may be as frequent in some of them.
    """
    text = pl.col(name).cast(pl.String)
    found = context.once(("levels", name), lambda: level_order(context, name, context.values(text).to_series()))
    present = found if values is None else set(values.to_list())
    return [v for v in found if v in present]


def absences(context: Context, name: str, subjects: pl.Series) -> list[tuple[str, str, int]]:
    """Why subjects have no value of a column: words, predicate and their number; a biomarker says it by its state.

    `subjects` are those without a value. Of other columns there is one reason, ``Missing``.
    """
    blank = f"{name} IS NULL"
    if not len(subjects):
        return []
    state = f"{name}_STATE"
    if state not in context.variables:
        return [("Missing", blank, len(subjects))]
    own = context.values("USUBJID", state).filter(pl.col("USUBJID").is_in(subjects.implode()))
    counts = dict(own.group_by(state).len().iter_rows())
    found = [(w, f"{blank} AND {state} = {sql_text(s)}", counts[s]) for s, w in ABSENT_STATES.items() if counts.get(s)]
    rest = len(subjects) - sum(n for _, _, n in found)
    listed = ", ".join(sql_text(s) for s in ABSENT_STATES)
    other = f"{blank} AND ({state} IS NULL OR {state} NOT IN ({listed}))"
    return [*found, ("Missing", other, rest)] if rest else found
