"""Treatment effect by several subgroups: a hazard ratio a level, and a test of interaction a variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import polars as pl

from codon12.errors import DataError, UsageError
from codon12.survival.cox.likelihood import Ties
from codon12.survival.cox.model_test import ModelTest
from codon12.survival.cox.regression import cox
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import number, p_text, table
from codon12.survival.results.words import NOT_ESTIMABLE
from codon12.survival.subjects.frame import read_columns
from codon12.survival.subjects.options import check_choice, check_count, check_level
from codon12.survival.subjects.reading import table as read_table
from codon12.survival.subjects.subjects import left_out
from codon12.survival.subjects.terms import Interaction, factor

__all__ = ["SubgroupEffects", "subgroup_effects"]

_EFFECTS = {
    "variable": pl.String,
    "level": pl.String,
    "events": pl.Int64,
    "n": pl.Int64,
    "reference_events": pl.Int64,
    "reference_n": pl.Int64,
    "HR": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "status": pl.String,
}
_TESTS = {
    "variable": pl.String,
    "statistic": pl.Float64,
    "df": pl.Int64,
    "p": pl.Float64,
    "events": pl.Int64,
    "n": pl.Int64,
    "left_out": pl.List(pl.String),
    "status": pl.String,
}


@dataclass(frozen=True, repr=False)
class SubgroupEffects(Result):
    """Result of ``subgroup_effects``."""

    treatment: str
    arm: str
    reference: str
    effects: pl.DataFrame
    """One row a level, after one of everybody (variable and level null): variable, level (null: not known), events and
    n of the treatment, reference_events and reference_n, HR, lower, upper, status (why there is no ratio)."""
    interactions: pl.DataFrame
    """One row a variable: likelihood-ratio statistic, df, p, events and n of the model, levels left out, status."""
    level: float
    min_events: int
    strata: tuple[str, ...]
    dropped: int = 0
    """Rows left out because time, event, treatment, entry or a stratum is missing."""

    def to_frame(self) -> pl.DataFrame:
        """The effects; tests of interaction are a field of their own."""
        return self.effects

    def __repr__(self) -> str:
        interactions = dict(self.interactions.select("variable", "p").iter_rows())
        lines = []
        for r in self.effects.iter_rows(named=True):
            first = r["variable"] not in {row[0] for row in lines}
            counts = f"{r['events']}/{r['n']}", f"{r['reference_events']}/{r['reference_n']}"
            ratio = r["status"] or f"{r['HR']:.2f} ({r['lower']:.2f} to {r['upper']:.2f})"
            p = p_text(interactions.get(r["variable"])) if first and r["variable"] else ""
            lines.append((r["variable"], _shown(r, ""), *counts, ratio, p))
        heads = ("", "", f"{self.arm} events/n", f"{self.reference} events/n", f"HR ({100 * self.level:g}% CI)")
        shown = table((*heads, "interaction P"), [tuple(number(v) if v else "" for v in row) for row in lines])
        return shown + left_out(self.dropped).replace("; ", "\n")

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = "Cox regression of the treatment" + (
            f", stratified by {', '.join(self.strata)}" if self.strata else ""
        )
        method += left_out(self.dropped)
        rows = [
            row_of(
                "hr",
                "ratio",
                group=r["variable"] or "all",
                level=_shown(r, "all"),
                label=f"{self.arm} against {self.reference}",
                value=r["HR"],
                lower=r["lower"],
                upper=r["upper"],
                n=r["events"] + r["reference_events"],
                N=r["n"] + r["reference_n"],
                status=r["status"],
                conf_level=self.level,
                method=method,
            )
            for r in self.effects.iter_rows(named=True)
        ]
        for r in self.interactions.iter_rows(named=True):
            fields = {"group": r["variable"], "value": r["p"], "n": r["events"], "N": r["n"], "status": r["status"]}
            rows.append(
                row_of(
                    "interaction_lr_p", "p", label="P value, interaction (likelihood ratio)", method=method, **fields
                )
            )
        return rows


def _shown(effect: dict[str, Any], everybody: str) -> str:
    """A level as told; an empty text is a level, and no missing value."""
    if effect["variable"] is None:
        return everybody
    return "not known" if effect["level"] is None else effect["level"]


def subgroup_effects(
    frame: Any,
    *,
    time: str,
    event: str,
    treatment: str,
    reference: str,
    subgroups: Sequence[str],
    strata: Sequence[str] = (),
    entry: str | None = None,
    min_events: int = 10,
    ties: Ties = "efron",
    level: float = 0.95,
) -> SubgroupEffects:
    """Estimate the treatment's hazard ratio in everybody and in every level of every variable, and test interactions.

    Parameters
    ----------
    frame, time, event, strata, entry, ties, level
        As in ``cox``; subjects with a missing time, event, treatment or stratum are left out.
    treatment, reference
        Column of two treatments, and the one the other is compared with.
    subgroups
        Columns whose levels are shown, in order of the text; a missing value is a level of its own, with null as name,
        that no test of interaction includes.
    min_events
        Levels with fewer events (both treatments together), or with none under one of them, have no ratio.

    Returns
    -------
    SubgroupEffects
        Hazard ratios come from the subjects of a level alone. P of interaction is the likelihood-ratio test of
        treatment by variable in the subjects with a value, against the model without the product, both with the same
        strata; levels without an event under one of the treatments have no finite maximum and are left out of it.

    Raises
    ------
    UsageError
        Unknown column, the treatments are not two, or `reference` is neither.

    References
    ----------
    Assmann et al. 2000; Wang et al. 2007 (reporting of subgroup analyses); Cox 1972.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [2, 5, 6, 3, 8, 4, 7, 9, 1, 10], "e": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1],
    ...                       "arm": list("ABABABABAB"), "kras": list("yynnyynnyn")})
    >>> found = subgroup_effects(frame, time="t", event="e", treatment="arm", reference="A", subgroups=["kras"],
    ...                          min_events=2)
    >>> found.effects["level"].to_list(), found.interactions["df"].to_list()
    ([None, 'n', 'y'], [1])
    """
    check_choice("ties", ties, get_args(Ties))
    check_level(level)
    check_count("min_events", min_events)
    for what, given in (("time", time), ("event", event), ("treatment", treatment), ("reference", reference),
                        *((("entry", entry),) if entry is not None else ())):  # fmt: skip
        if not isinstance(given, str):
            raise UsageError(f"{what} must be a text; got {given!r}")
    for what, several in (("subgroups", subgroups), ("strata", strata)):
        if not isinstance(several, (list, tuple)) or not all(isinstance(c, str) for c in several):
            raise UsageError(f"{what} must be a list of columns of the frame; got {several!r}")
    columns = list(dict.fromkeys([time, event, treatment, *([entry] if entry else []), *strata]))
    held = read_table(frame)
    unknown = [c for c in (*columns, *subgroups) if c not in held.columns]
    if unknown:
        raise UsageError(f"no column {', '.join(map(repr, unknown))}; the frame has {', '.join(held.columns)}")
    if treatment in subgroups:
        raise UsageError(f"the treatment {treatment!r} is no subgroup of itself")
    for name in (treatment, *subgroups):
        kind = held.schema[name]
        if kind.is_temporal() or kind.is_nested() or kind in (pl.Object, pl.Binary):
            raise UsageError(f"{name} holds values of type {kind}: these are no groups; make groups of them first")
    given = held.height
    held = held.with_columns(pl.selectors.float().fill_nan(None)).drop_nulls(columns)
    held = held.with_columns(
        pl.col(treatment).cast(pl.String), *(pl.col(c).cast(pl.String) for c in dict.fromkeys(subgroups))
    )
    arms = held[treatment].unique().sort().to_list()
    if len(arms) != 2 or reference not in arms:
        raise UsageError(f"treatment must have two levels, one of them {reference!r}; {treatment!r} has {arms}")
    arm = next(a for a in arms if a != reference)
    options: dict[str, Any] = {
        "time": time, "event": event, "entry": entry, "strata": list(strata) or None, "ties": ties, "level": level,
    }  # fmt: skip
    term = factor(treatment, reference=reference)
    read_columns(held, time=time, event=event, entry=entry, strata=list(strata) or None, terms=[term])  # or refuses
    effects = [_effect(held, None, None, term, (arm, reference), options, min_events)]
    tests = []
    for name in dict.fromkeys(subgroups):
        levels = held[name].unique().sort(nulls_last=True).to_list()
        own = [
            _effect(held.filter(pl.col(name).eq_missing(v)), name, v, term, (arm, reference), options, min_events)
            for v in levels
        ]
        effects += own
        tests.append(_interaction(held, name, own, term, options))
    return SubgroupEffects(
        treatment,
        arm,
        reference,
        pl.DataFrame(effects, schema=_EFFECTS, orient="row"),
        pl.DataFrame(tests, schema=_TESTS, orient="row"),
        level,
        min_events,
        tuple(strata),
        given - held.height,
    )


def _effect(
    part: pl.DataFrame,
    name: str | None,
    value: str | None,
    term: Any,
    arms: tuple[str, str],
    options: dict[str, Any],
    min_events: int,
) -> dict[str, Any]:
    """Counts of one level under either treatment, and the hazard ratio from its subjects alone."""
    counts = {
        a: (int(e), n)
        for a, e, n in part.group_by(term.column)
        .agg(pl.col(options["event"]).cast(pl.Int64).sum().alias("e"), pl.len())
        .iter_rows()
    }
    (events, n), (other, others) = (counts.get(a, (0, 0)) for a in arms)
    out: dict[str, Any] = {
        "variable": name, "level": value, "events": events, "n": n, "reference_events": other, "reference_n": others,
        "HR": None, "lower": None, "upper": None, "status": NOT_ESTIMABLE,
    }  # fmt: skip
    if not (n and others):
        return out | {"status": "no subjects"}
    if events + other < min_events or not (events and other):
        return out
    try:
        [found] = cox(part, terms=[term], **options).evidence()
    except DataError:  # one treatment's events all come before the other's: no finite ratio
        return out
    sides = {"HR": found["value"], "lower": found["lower"], "upper": found["upper"]}
    return out | sides | {"status": found["status"]}


def _interaction(
    held: pl.DataFrame, name: str, effects: list[dict[str, Any]], term: Any, options: dict[str, Any]
) -> dict[str, Any]:
    """Likelihood-ratio test of the product, over the levels with events under both treatments."""
    known = [e for e in effects if e["level"] is not None]
    kept = [e["level"] for e in known if e["events"] and e["reference_events"]]
    without = [e["level"] for e in known if e["level"] not in kept]
    out: dict[str, Any] = {
        "variable": name, "statistic": None, "df": None, "p": None, "events": None, "n": None, "left_out": without,
        "status": NOT_ESTIMABLE,
    }  # fmt: skip
    if len(kept) < 2:
        return out
    part = held.filter(pl.col(name).is_in(kept))
    terms = [term, factor(name)]
    try:
        main = cox(part, terms=terms, collinear="drop", **options)
        joint = cox(part, terms=[*terms, Interaction(tuple(terms))], collinear="drop", **options)
    except DataError:
        return out
    test = ModelTest("likelihood ratio", max(2 * (joint.loglik - main.loglik), 0.0), joint.df - main.df)
    if not test.df:
        return out
    size = {"events": int(joint.events), "n": joint.n}
    return out | size | {"statistic": test.statistic, "df": test.df, "p": test.p, "status": None}
