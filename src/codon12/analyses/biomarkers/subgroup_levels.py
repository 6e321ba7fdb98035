"""Subgroup variables of a study: their levels in printing order, the predicate of each, and whom none holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from codon12.analyses.variables import absences, level_order, variable_label
from codon12.analyses.wording import printed_level, printed_levels
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.records.config import Subgroup

__all__ = ["MOST_LEVELS", "SubgroupLevel", "SubgroupVariable", "subgroup_variables"]

_DEFAULT = ("SEX", "AGEGR1", "RACE", "ECOG")
_AGE = {"AGE": (65.0,)}
"""Where age is cut unless `cuts` says it."""
MOST_LEVELS = 8
"""A variable of more levels is no subgroup variable unless one asks for it, and a number of more values is cut."""


@dataclass(frozen=True)
class SubgroupLevel:
    """One level: its value (null: not known), as printed, and the predicate over ADSL of its subjects."""

    value: str | None
    label: str
    test: str


@dataclass(frozen=True)
class SubgroupVariable:
    """One variable: its name and label, its levels in order, and each subject's level as an expression over ADSL."""

    name: str
    label: str
    levels: tuple[SubgroupLevel, ...]
    note: str = ""
    """What was decided for it that the configuration does not say."""

    @property
    def level(self) -> pl.Expr:
        """Level of each subject of ADSL, null where it is not known."""
        found = pl.lit(None, pl.String)
        for own in reversed(self.levels):
            if own.value is not None:
                found = pl.when(pl.sql_expr(own.test)).then(pl.lit(own.value)).otherwise(found)
        return found


def subgroup_variables(
    context: Context,
    subjects: pl.Series,
    *,
    by: Sequence[str],
    cuts: Mapping[str, Sequence[float]],
    except_for: Sequence[str] = (),
    where: str,
) -> list[SubgroupVariable]:
    """Variables named, else the subgroups of the configuration, else its baseline, else sex, age, race and ECOG.

    Those not asked for by name are shown where they have two to eight levels among the `subjects`. A column of numbers
    is cut at `cuts`, age at 65; any other of more than eight values at its median. Raises ``ConfigError`` where
    ADSL lacks a column that is named, or cuts do not ascend or are of no number.
    """
    missing = [v for v in (*by, *cuts) if v not in context.variables]
    if missing:
        raise ConfigError(f"codon12.toml, {where}: ADSL has no column {', '.join(missing)}.")
    asked = {s.variable: s for s in context.config.subgroups}
    names = list(by) or list(asked) or list(context.config.baseline or ()) or list(_DEFAULT)
    if not by and not asked and "AGE" not in names and "AGEGR1" not in context.variables:
        names.insert(0, "AGE")
    tests = [_denominator(context, asked[n]) for n in names if n in asked]
    needed = {"USUBJID", *names, *cuts, *(c for t in tests if t for c in pl.sql_expr(t).meta.root_names())}
    read = context.values(*(c for c in context.variables if c in needed))
    adsl = read.filter(pl.col("USUBJID").is_in(subjects.implode()))
    out = []
    for name in dict.fromkeys((*names, *cuts)):
        if name not in adsl.columns or name in except_for or adsl[name].is_null().all():
            continue
        chosen = bool(by) or name in asked or name in cuts
        found = _variable(
            context, adsl, asked.get(name) or Subgroup(variable=name), cuts.get(name), where, chosen=chosen
        )
        known = sum(level.value is not None for level in found.levels)
        if chosen or 1 < known <= MOST_LEVELS:
            out.append(found)
    return out


def _variable(
    context: Context, adsl: pl.DataFrame, given: Subgroup, cuts: Sequence[float] | None, where: str, *, chosen: bool
) -> SubgroupVariable:
    name = given.variable
    assessed = _denominator(context, given)
    label = given.label or variable_label(context, name)
    values = adsl.filter(pl.sql_expr(assessed)) if assessed else adsl
    column, note = values[name], ""
    amounts = (column if column.dtype.is_numeric() else column.cast(pl.String)).cast(pl.Float64, strict=False)
    counted = amounts.null_count() == column.null_count() and amounts.is_not_null().any()
    if counted and cuts is None and column.n_unique() > MOST_LEVELS:
        cuts = _AGE.get(name)
        if cuts is None and chosen:
            cuts = [float(amounts.median())]  # type: ignore[arg-type]  # there are values
            note = f"{label} is cut at its median, {cuts[0]:g}."
    elif cuts is not None and not counted:
        raise ConfigError(f"codon12.toml, {where}: {name} is no column of numbers and cannot be cut.")
    if cuts is not None:
        levels = _cut(context, name, cuts, f"{where} {name}")
    else:
        present = [str(v) for v in column.drop_nulls().cast(pl.String).unique().to_list()]
        order = [*given.levels, *level_order(context, name, column.cast(pl.String))]
        shown = printed_levels(v for v in dict.fromkeys(order) if v in present)
        levels = [SubgroupLevel(v, words, context.equals(name, v)) for v, words in shown.items()]
    if assessed:
        levels = [SubgroupLevel(v.value, v.label, context.where(assessed, v.test)) for v in levels]
    known = {v.value for v in levels} | {v.label for v in levels}
    absent = [
        replace(v, label=f"{v.label} (no value)") if v.label in known else v
        for v in _absent(context, adsl, name, assessed)
    ]
    return SubgroupVariable(name, label, (*levels, *absent), note)


def _denominator(context: Context, given: Subgroup) -> str:
    return context.checked(given.denominator or "", where=f"[[subgroups]] {given.variable}, denominator")


def _cut(context: Context, name: str, cuts: Sequence[float], where: str) -> list[SubgroupLevel]:
    if not cuts or any(a >= b for a, b in pairwise(cuts)):
        raise ConfigError(f"codon12.toml, {where}: cuts are ascending numbers; got {list(cuts)}.")
    number = name if context.without_subjects.schema[name].is_numeric() else f"TRY_CAST({name} AS DOUBLE)"
    bounds = [(None, cuts[0]), *pairwise(cuts), (cuts[-1], None)]
    out = []
    for low, high in bounds:
        tests = [
            f"{number} >= {low:.12g}" if low is not None else "",
            f"{number} < {high:.12g}" if high is not None else "",
        ]
        text = f"<{high:g}" if low is None else f">={low:g}" if high is None else f"{low:g} to <{high:g}"
        out.append(SubgroupLevel(text, printed_level(text), context.where(*tests)))
    return out


def _absent(context: Context, adsl: pl.DataFrame, name: str, assessed: str) -> list[SubgroupLevel]:
    """The level of those whose value is not known or who were not assessed; named by the reason where it is one."""
    test = f"{name} IS NULL" if not assessed else f"{name} IS NULL OR NOT COALESCE({assessed}, FALSE)"
    found = adsl.filter(pl.sql_expr(test).fill_null(value=False))
    if found.is_empty():
        return []
    reasons = [] if assessed else absences(context, name, found["USUBJID"])
    return [SubgroupLevel(None, reasons[0][0] if len(reasons) == 1 else "Missing", test)]
