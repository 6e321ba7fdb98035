"""Time to progression or death from any start: what ends it, what censors it, which visits were missed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from codon12.errors import UsageError
from codon12.survival.times.censor_rules import CensorRules
from codon12.survival.times.ends import (
    censored_at_start,
    death,
    death_at_last_contact,
    undated_death,
)
from codon12.survival.times.frames import dated_frame
from codon12.survival.times.records import (
    SOURCE,
    dated_rows,
    keys_of,
    since_start,
)
from codon12.survival.times.sources import Censor, Event
from codon12.survival.times.time_to_event import derive_time_to_event
from codon12.survival.times.visits import missed_visits

__all__ = ["checked_rules", "time_to_progression"]


def checked_rules(rules: Any) -> CensorRules:
    """Give the rules, or codon12's own where there are none."""
    if rules is not None and not isinstance(rules, CensorRules):
        raise UsageError(f"rules must be CensorRules; got {rules!r}")
    return rules or CensorRules()


def time_to_progression(
    people: pl.DataFrame,
    assessments: pl.DataFrame,
    *,
    parameter: str,
    rules: CensorRules,
    new_therapy: pl.DataFrame | None,
    baseline: pl.DataFrame | None,
    cutoff: dt.date | None,
) -> pl.DataFrame:
    """Derive the time from STARTDT of `people` to progression or death, by the rules, under the name `parameter`."""
    keys = keys_of(people)
    seen = since_start(dated_rows(assessments, "assessments", cutoff), people, keys)
    adequate = seen.filter(~pl.col("AVALC").is_in(list(rules.inadequate)))
    deaths = people if cutoff is None else people.filter(pl.col("DTHDT") <= cutoff)
    events = [
        Event(description="Disease progression", frame=seen, where="AVALC = 'PD'"),
        death(deaths),
    ]
    undated = people.filter(undated_death())
    if rules.undated_death == "event":
        events.append(death_at_last_contact(undated))
    ends: list[Censor] = []
    if new_therapy is not None and rules.new_therapy != "ignore":
        started = since_start(dated_rows(new_therapy, "new_therapy", cutoff), people, keys)
        if rules.new_therapy == "event":
            events.append(Event(description="New anti-cancer therapy", frame=started))
        else:
            ends.append(Censor(description="New anti-cancer therapy", frame=started, code=rules.code(2)))
    # a death whose day nobody knows is no time without progression or death: the censoring says so
    who = undated.select("USUBJID").unique()
    last = [
        Censor(
            description=why,
            date_description="Last adequate tumour assessment",
            frame=adequate.join(who, on="USUBJID", how=how, maintain_order="left"),
            code=code,
        )
        for why, how, code in (
            ("No progression or death", "anti", 1),
            ("Died, date unknown", "semi", rules.code(6)),
        )
    ]
    if parameter == "DOR":
        censors = [censored_at_start(people, "No assessment after response", rules.code(5)), *last]
    else:
        censors = [*last, censored_at_start(people, "No post-baseline assessment", rules.code(5))]
    if rules.no_baseline == "start" and baseline is not None:
        baseline = dated_frame(baseline, "baseline", columns=("USUBJID",))
        without = people.join(baseline, on=[k for k in keys if k in baseline.columns], how="anti")
        missing = censored_at_start(without, "No baseline assessment", rules.code(4))
        censors.append(missing)
        ends.append(missing)
    if rules.missed_visits is not None and rules.schedule is not None:
        draft = derive_time_to_event(
            people, parameter=parameter, keys=keys, events=events, censors=censors, end_of_observation=ends
        )
        missed = _closed_by_missed_visits(draft, people, adequate, keys, rules)
        ends.append(missed)
        # assessed, but nothing adequate before the event: time ends at its start for the visits that were missed
        unseen = people.join(missed.frame.filter("_unseen"), on=keys, how="semi")
        unseen = unseen.join(seen, on=[k for k in keys if k in seen.columns], how="semi")
        censors.append(censored_at_start(unseen, missed.description, missed.code))
    return derive_time_to_event(
        people, parameter=parameter, keys=keys, events=events, censors=censors, end_of_observation=ends
    )


def _closed_by_missed_visits(
    draft: pl.DataFrame, people: pl.DataFrame, adequate: pl.DataFrame, keys: list[str], rules: CensorRules
) -> Censor:
    """End of observation at the last adequate assessment before too many missed visits and then an event."""
    assert rules.schedule is not None
    happened = draft.filter(pl.col("CNSR") == 0)
    if rules.death_after_missed == "event":
        happened = happened.filter(pl.col("EVNTDESC") != "Death")
    own = [k for k in keys if k in adequate.columns]
    before = (
        adequate.select(*own, pl.col("ADT").alias("LASTADT"), *(c for c in SOURCE if c in adequate.columns))
        .join(happened.select(*keys, "ADT"), on=own)
        .filter(pl.col("LASTADT") < pl.col("ADT"))
        .sort("LASTADT", *(c for c in ("SRCROW", "SRCSEQ") if c in adequate.columns))
        .unique(keys, keep="last", maintain_order=True)
        .drop("ADT")
    )
    zero = "_visit_zero" if "_visit_zero" in people.columns else "STARTDT"
    spans = (
        happened.select(*keys, "ADT")
        .join(people.select(*keys, pl.col(zero).alias("STARTDT"), pl.col("STARTDT").alias("_from")), on=keys)
        .join(before, on=keys, how="left")
        .with_columns(pl.coalesce("LASTADT", "_from").alias("LASTADT"), _unseen=pl.col("LASTADT").is_null())
    )
    late = missed_visits(spans, rules.schedule).filter(pl.col("MISSED") >= rules.missed_visits)
    return Censor(
        description=f"{rules.missed_visits} or more missed visits",
        frame=late.drop("ADT").rename({"LASTADT": "ADT"}),
        code=rules.code(3),
    )
