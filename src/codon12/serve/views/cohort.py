"""Cohorts: predicates that clicks build, attrition at each step, the evidence of who is left, two side by side."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from codon12.errors import UsageError
from codon12.evidence.schema import sql_name, sql_text
from codon12.numbers import printed
from codon12.report.pages import drawn
from codon12.serve.holding import Holding, Say, subjects_by
from codon12.serve.same_by import same_by
from codon12.serve.session import Session
from codon12.serve.settings import Settings, settings_of, short
from codon12.serve.views.evidence_parts import live, named, parts_of, refuse_errors

__all__ = ["attrition", "cohort_page", "predicate_of", "shown_by_default"]

_FEW = 12
_FIRST = ("response", "pfs", "os", "groups")
_OPERATORS = ("=", "<>", ">=", ">", "<=", "<", "IS NULL", "IS NOT NULL")


def cohort_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """One cohort or two: how many each step leaves, and the chosen analyses in them."""
    settings = built(settings_of(query), query, holding.derived(Settings(), say).context.adsl)
    base = holding.derived(settings, say)
    adsl = base.context.adsl
    holding.check_steps(adsl, (*settings.steps, *settings.other))
    refuse_errors(holding.evidence(Settings(), ("flow",), say))
    plan = [a for a in holding.planned(settings, say) if a.display != "none"]
    names = [a.name for a in plan]
    show = [n for n in query.getlist("show") if n in names] or shown_by_default(holding, settings, names, say)
    cohorts = [_cohort(holding, settings, show, "", say)]
    if settings.other:
        cohorts.append(_cohort(holding, msgspec.structs.replace(settings, steps=settings.other), show, "other-", say))
    column = str(query.get("col") or "")
    return session.render(
        "cohort.html.j2",
        holding=holding,
        settings=settings,
        here="cohort",
        query=_query(settings, show),
        show=show,
        names=[(a.name, a.title) for a in plan],
        cohorts=cohorts,
        attrition=[attrition(adsl, s) for s in (settings.steps, settings.other)],
        both=_both(adsl, settings),
        columns=_columns(holding, adsl),
        column=column if column in adsl.columns else "",
        levels=_levels(adsl, column) if column in adsl.columns and column not in _hidden(holding, adsl) else None,
        operators=_OPERATORS,
        same=same_by(holding, msgspec.structs.replace(settings, other=()), show),
    )


def _query(settings: Settings, show: Sequence[str]) -> str:
    from urllib.parse import urlencode

    alone = msgspec.structs.replace(settings, other=())
    return urlencode([*alone.pairs, *(("show", s) for s in show)])


def shown_by_default(holding: Holding, settings: Settings, names: Sequence[str], say: Say) -> list[str]:
    """The main results that the study has: response, progression-free and overall survival."""
    wanted = [n for n in _FIRST if n in names]
    has = {a.name for a in holding.evidence(settings.without_cohorts(), wanted, say).plan}
    return [n for n in wanted if n in has][:3] or list(names[:1])


def built(settings: Settings, query: Any, adsl: pl.DataFrame) -> Settings:
    """Settings with the step that a click adds or takes away."""
    field = "other" if query.get("to") == "other" else "steps"
    drop = str(query.get("drop") or "")
    if re.fullmatch(r"(steps|other)-\d{1,2}", drop):
        name, at = drop.split("-")
        kept = [s for i, s in enumerate(getattr(settings, name)) if i != int(at)]
        settings = msgspec.structs.replace(settings, **{name: tuple(kept)})
    text = ""
    if query.get("level"):
        text = str(query.get("level"))
    elif query.get("add") and query.get("col"):
        text = predicate_of(adsl, str(query.get("col")), str(query.get("op") or "="), str(query.get("val") or ""))
    if text:
        settings = msgspec.structs.replace(settings, **{field: (*getattr(settings, field), text)})
    if len(settings.steps) > 12 or len(settings.other) > 12:
        raise UsageError("a cohort has at most 12 steps; write several in one, joined by AND")
    return settings


def predicate_of(adsl: pl.DataFrame, column: str, operator: str, value: str) -> str:
    """SQL predicate of a column, a comparison and a value: texts are quoted, and compared as numbers where all are.

    Raises
    ------
    UsageError
        No such column, an unknown comparison, a text compared with a column of numbers, or a number put in order among
        words.

    Examples
    --------
    >>> predicate_of(pl.DataFrame({"AGE": [1], "SEX": ["F"]}), "SEX", "=", "O'Neill")
    "SEX = 'O''Neill'"
    """
    if column not in adsl.columns:
        raise UsageError("ADSL has no such column")
    if operator not in _OPERATORS:
        raise UsageError(f"a comparison is one of {', '.join(_OPERATORS)}")
    name = sql_name(column)
    if operator.endswith("NULL"):
        return f"{name} {operator}"
    kind = adsl.schema[column]
    number = _as_number(value)
    if kind.is_numeric():
        if number is None:
            raise UsageError(f"{column} holds numbers; compare it with one")
        return f"{name} {operator} {short(number)}"
    if kind == pl.String and number is not None and (operator not in ("=", "<>") or value not in adsl[column]):
        held = adsl[column].drop_nulls().cast(pl.Float64, strict=False)
        if not held.null_count():
            return f"CAST({name} AS DOUBLE) {operator} {short(number)}"
        if operator not in ("=", "<>"):
            raise UsageError(f"{column} holds words beside numbers, so that its values have no order of numbers")
    if kind == pl.Boolean:
        return name if value.lower() in ("true", "y", "yes", "1") else f"NOT {name}"
    if kind == pl.Date:
        return f"CAST({name} AS VARCHAR) {operator} {sql_text(value)}"
    return f"{name} {operator} {sql_text(value)}"


def _as_number(value: str) -> float | None:
    """A finite number as it was typed; None where the text is none."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def attrition(adsl: pl.DataFrame, steps: Sequence[str]) -> list[dict[str, Any]]:
    """What each step leaves: text, left, lost, and of the lost those of whom it is not known.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["1", "2", "3"], "AGE": [70, 50, None]})
    >>> [(r["left"], r["lost"], r["unknown"]) for r in attrition(adsl, ["AGE >= 65"])]
    [(3, 0, 0), (1, 2, 1)]
    """
    rows: list[dict[str, Any]] = [{"text": "All subjects", "left": adsl.height, "lost": 0, "unknown": 0}]
    left = adsl
    for i, step in enumerate(steps, 1):
        inside = subjects_by(left, step, where=f"step {i}")
        unknown = int(left.filter(~inside).select(pl.sql_expr(step).is_null().sum()).item()) if left.height else 0
        kept = left.filter(inside)
        rows.append({"text": step, "left": kept.height, "lost": left.height - kept.height, "unknown": unknown})
        left = kept
    return rows


def _cohort(holding: Holding, settings: Settings, show: Sequence[str], prefix: str, say: Say) -> dict[str, Any]:
    alone = msgspec.structs.replace(settings, other=())
    _, parts = parts_of(holding, alone, show, say)
    shown = [live(drawn(named(p, prefix))) for p in parts]
    return {"parts": shown, "title": " AND ".join(alone.steps) or "All subjects", "query": _query(alone, show)}


def _both(adsl: pl.DataFrame, settings: Settings) -> int | None:
    """How many are in both cohorts."""
    if not settings.other:
        return None
    inside = pl.Series([True] * adsl.height, dtype=pl.Boolean)
    for i, step in enumerate((*settings.steps, *settings.other), 1):
        inside = inside & subjects_by(adsl, step, where=f"step {i}")
    return int(inside.sum())


def _hidden(holding: Holding, adsl: pl.DataFrame) -> frozenset[str]:
    return holding.identifying(adsl) if holding.mask_ids else frozenset()


def _columns(holding: Holding, adsl: pl.DataFrame) -> list[tuple[str, str]]:
    """Columns a predicate may name, with what they are."""
    hidden = _hidden(holding, adsl)
    covariates = holding.study().config.covariates
    out = []
    for name in adsl.columns:
        if name in hidden or name.endswith(("_SRCDOM", "_SRCROW")) or name in ("SRCDOM", "SRCROW"):
            continue
        told = covariates.get(name)
        out.append((name, f"{name} ({told.label})" if told is not None and told.label else name))
    return out


def _levels(adsl: pl.DataFrame, column: str) -> dict[str, Any]:
    """Values of a column with counts and the predicate of each; of numbers the range."""
    values = adsl[column]
    unknown = {"text": "not known", "n": values.null_count(), "predicate": predicate_of(adsl, column, "IS NULL", "")}
    counts = values.drop_nulls().cast(pl.String).value_counts(sort=True)
    few: list[dict[str, Any]] = []
    if counts.height <= _FEW:
        few = [
            {"text": v, "n": n, "predicate": predicate_of(adsl, column, "=", v)} for v, n in sorted(counts.iter_rows())
        ]
    if unknown["n"]:
        few.append(unknown)
    words = ""
    if values.dtype.is_numeric() and counts.height:
        low, middle, high = values.min(), values.median(), values.max()
        words = f"from {_number(low)} to {_number(high)}, median {_number(middle)}"
    elif counts.height > _FEW:
        words = f"{counts.height:,} different values"
    return {"few": few, "words": words}


def _number(value: Any) -> str:
    return printed(float(value), 2).rstrip("0").rstrip(".") if float(value) % 1 else short(float(value))
