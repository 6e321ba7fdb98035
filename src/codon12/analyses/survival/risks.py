"""Times to the first of several competing events: the cause that ended each, and the groups compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from codon12.analyses.survival.models import Model, model_frame
from codon12.analyses.variables import levels_of
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import sql_text

__all__ = ["Risks", "parts_of", "risks_of"]

_DESCRIPTION = "COALESCE(EVNTDESC, CNSDTDSC)"


@dataclass(frozen=True)
class Risks:
    """Times with the cause that ended each (CAUSE: 0 censored, 1, 2, ...), and how they are grouped."""

    times: pl.DataFrame
    causes: dict[str, str]
    """Name as printed -> predicate over ADTTE."""
    variable: str | None
    groups: tuple[str, ...]
    common: dict[str, Any]


def risks_of(analysis: Model, context: Context, causes: Mapping[str, Sequence[str]]) -> Risks | None:
    """Times of an analysis with their causes, named as `causes` has them; None where there are none."""
    if not context.has_endpoint(analysis.endpoint):
        return None
    arms = () if analysis.by or not context.arms else (context.arm_variable,)
    frame, common = model_frame(analysis, context, (*analysis.by, *analysis.strata, *arms))
    names = (*analysis.by, *arms)
    first = names[0] if names and not frame.schema[names[0]].is_numeric() else None
    evaluator = common["evaluator"]
    columns = ("USUBJID", "EVAL", "EVNTDESC", "CNSDTDSC")
    adtte = rows_of(context.frames, "adtte").filter(PARAMCD=analysis.endpoint).select(columns).collect()
    if evaluator and adtte["EVAL"].is_not_null().any():
        adtte = adtte.filter(EVAL=evaluator)
    why = adtte.select("USUBJID", _WHY=pl.coalesce("EVNTDESC", "CNSDTDSC"))
    times = frame.join(why, on="USUBJID", how="left", maintain_order="left")
    if first:
        times = times.filter(pl.col(first).is_not_null())
        common = common | {"where": context.where(common["where"], f"{first} IS NOT NULL")}
    if times.is_empty():
        return None
    named = _causes(analysis, times, causes)
    code = pl.lit(0)
    for i, (test, _) in enumerate(named.values(), start=1):
        code = pl.when(test).then(pl.lit(i)).otherwise(code)
    times = times.with_columns(CAUSE=code.cast(pl.Int64))
    groups: tuple[str, ...] = ()
    if first:
        groups = tuple(levels_of(context, first, times[first]))
    return Risks(times, {name: where for name, (_, where) in named.items()}, first, groups, common)


def _causes(
    analysis: Model, times: pl.DataFrame, causes: Mapping[str, Sequence[str]]
) -> dict[str, tuple[pl.Expr, str]]:
    """Name of every cause -> expression over the times, predicate over ADTTE."""
    text = pl.col("_WHY").cast(pl.String)
    events = times.filter(pl.col("EVENT"))["_WHY"].cast(pl.String)
    if not causes:
        found = events.value_counts(sort=True, name="n").sort("n", "_WHY", descending=[True, False])["_WHY"].to_list()
        shown = printed_levels(why for why in found if why)
        unnamed = "Event" if "Event" not in shown.values() else "Event that has no name"
        return {
            (shown[why] if why else unnamed): (
                pl.col("EVENT") & (text == why if why else text.is_null() | (text == "")),
                f"CNSR = 0 AND {_DESCRIPTION} = {sql_text(why)}"
                if why
                else f"CNSR = 0 AND COALESCE({_DESCRIPTION}, '') = ''",
            )
            for why in found
        }
    place = f"codon12.toml, [analyses.{analysis.name}] causes"
    texts = [t for own in causes.values() for t in own]
    twice = sorted({t for t in texts if texts.count(t) > 1})
    if twice:
        raise ConfigError(f"{place}: {', '.join(twice)} cannot mean two causes.")
    left = sorted({str(t) for t in events.to_list()} - set(texts))
    if left:
        known = ", ".join(sorted({str(t) for t in times["_WHY"].to_list()}))
        raise ConfigError(
            f"{place}: events of {analysis.endpoint} called {', '.join(left)} belong to no cause; name every event "
            f"(texts that occur: {known})."
        )
    return {
        name: (text.is_in(own), f"{_DESCRIPTION} IN ({', '.join(sql_text(t) for t in own)})")
        for name, own in causes.items()
    }


def parts_of(context: Context, risks: Risks) -> list[tuple[str, str, pl.DataFrame, str]]:
    """Name of the grouping, level, subjects and predicate of every group; all subjects where there is one."""
    if not risks.variable:
        return [("all", "all", risks.times, "")]
    return [
        (risks.variable, g, risks.times.filter(pl.col(risks.variable) == g), context.equals(risks.variable, g))
        for g in risks.groups
    ]
