"""The endpoints of oncology trials as times to event, built on event and censor sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.errors import UsageError
from codon12.survival.times.censor_rules import CensorRules
from codon12.survival.times.frames import check_cutoff, dated_frame
from codon12.survival.times.sources import Censor, Event
from codon12.survival.times.time_to_event import derive_time_to_event
from codon12.survival.times.visits import missed_visits

__all__ = ["derive_duration_of_response", "derive_time_to_response", "overall_survival", "progression_free_survival"]

_RESPONSES = ("CR", "PR", "Y")
_SOURCE = ("SRCDOM", "SRCVAR", "SRCROW", "SRCSEQ")
_RECORDS = ("DTHFL", "DTHDOM", "DTHVAR", "DTHROW", "LSTALVDOM", "LSTALVROW")
"""Columns of ADSL that name the records of death and of the last contact."""


def overall_survival(
    adsl: pl.DataFrame, *, rules: CensorRules | None = None, cutoff: dt.date | None = None
) -> pl.DataFrame:
    """Derive overall survival: from STARTDT to death, else censored at the last day known alive.

    Parameters
    ----------
    adsl
        One row a subject: USUBJID, STARTDT, DTHDT, LSTALVDT, DTHFL (Y: died, though DTHDT may be missing), and
        where known the records that say so: DTHDOM, DTHVAR, DTHROW; LSTALVDOM, LSTALVROW; else SRCDOM, SRCROW.
        Subjects without STARTDT are outside the analysis set; without any later date they are censored on day 1.
    rules
        `undated_death`: what becomes of a death without a date; codon12's default where left out.
    cutoff
        Data cut-off: later deaths do not count, a later LSTALVDT (or the death date) is set to it.

    Returns
    -------
    polars.DataFrame
        Records as of ``derive_time_to_event``, PARAMCD OS.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["01"], "STARTDT": [dt.date(2024, 1, 1)],
    ...     "DTHDT": [None], "LSTALVDT": [dt.date(2024, 1, 10)]}, schema_overrides={"DTHDT": pl.Date})
    >>> overall_survival(adsl).select("AVAL", "CNSR", "EVNTDESC").row(0)
    (10, 1, 'Alive')
    """
    cutoff = check_cutoff(cutoff)
    people = _analysis_set(adsl)
    if cutoff is not None:
        known = pl.max_horizontal("LSTALVDT", "DTHDT")
        people = people.with_columns(
            pl.when(known.is_not_null()).then(pl.min_horizontal(known, pl.lit(cutoff))).alias("LSTALVDT"),
            pl.when(pl.col("DTHDT") <= cutoff).then("DTHDT").alias("DTHDT"),
        )
    undated = people.filter(_undated())
    alive = people.join(undated, on="USUBJID", how="anti")
    rules = _checked(rules)
    events = [_death(people)]
    if rules.undated_death == "event":
        events.append(_death_at_last_contact(undated))
    return derive_time_to_event(
        people,
        parameter="OS",
        events=events,
        censors=[
            _at_start(undated, "Died, date unknown", rules.code(6)),
            _last_contact(undated, "Died, date unknown", rules.code(6)),
            _at_start(alive, "Alive", 1),
            _last_contact(alive, "Alive"),
        ],
    )


def progression_free_survival(
    adsl: pl.DataFrame,
    assessments: pl.DataFrame,
    *,
    rules: CensorRules | None = None,
    new_therapy: pl.DataFrame | None = None,
    baseline: pl.DataFrame | None = None,
    cutoff: dt.date | None = None,
) -> pl.DataFrame:
    """Derive progression-free survival: from STARTDT to progression or death, whichever is first.

    Parameters
    ----------
    adsl
        One row a subject: USUBJID, STARTDT, DTHDT.
    assessments
        Overall responses: USUBJID, ADT, AVALC, EVAL where there are several evaluators (each gets records of
        its own), and the source row's SRCDOM, SRCROW, SRCSEQ. Rows before STARTDT or without AVALC do not
        count.
    rules
        Censoring rules; codon12's default where left out.
    new_therapy
        Starts of new anti-cancer therapy: USUBJID, ADT.
    baseline
        Baseline assessments: USUBJID. Only read where the rules censor without a baseline.
    cutoff
        Data cut-off: what is dated later does not count.

    Returns
    -------
    polars.DataFrame
        Records as of ``derive_time_to_event``, PARAMCD PFS, with EVAL where `assessments` has it.

    Raises
    ------
    UsageError
        A frame lacks a column.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["01"], "STARTDT": [dt.date(2024, 1, 1)], "DTHDT": [None]},
    ...     schema_overrides={"DTHDT": pl.Date})
    >>> seen = pl.DataFrame({"USUBJID": ["01", "01"], "AVALC": ["SD", "PD"],
    ...     "ADT": [dt.date(2024, 2, 12), dt.date(2024, 3, 25)]})
    >>> progression_free_survival(adsl, seen).select("AVAL", "CNSR", "EVNTDESC").row(0)
    (85, 0, 'Disease progression')
    """
    rules, cutoff = _checked(rules), check_cutoff(cutoff)
    assessments = _responses(assessments)
    people = _per_evaluator(_analysis_set(adsl), assessments)
    return _progression(
        people,
        assessments,
        parameter="PFS",
        rules=rules,
        new_therapy=new_therapy,
        baseline=baseline,
        cutoff=cutoff,
    )


def derive_duration_of_response(
    adsl: pl.DataFrame,
    assessments: pl.DataFrame,
    responses: pl.DataFrame,
    *,
    rules: CensorRules | None = None,
    new_therapy: pl.DataFrame | None = None,
    cutoff: dt.date | None = None,
) -> pl.DataFrame:
    """Derive duration of response: from the first response to progression or death, responders only.

    Parameters
    ----------
    adsl, assessments, rules, new_therapy, cutoff
        As in ``progression_free_survival``.
    responses
        Responders: USUBJID, ADT (first day of the response that counts: confirmed or not is the caller's
        choice), EVAL where `assessments` has it, and AVALC where rows other than CR, PR or Y are to be left
        out.

    Returns
    -------
    polars.DataFrame
        Records as of ``derive_time_to_event``, PARAMCD DOR; STARTDT is the day of response.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["01"], "STARTDT": [dt.date(2024, 1, 1)], "DTHDT": [None]},
    ...     schema_overrides={"DTHDT": pl.Date})
    >>> seen = pl.DataFrame({"USUBJID": ["01", "01"], "AVALC": ["PR", "PD"],
    ...     "ADT": [dt.date(2024, 2, 12), dt.date(2024, 3, 25)]})
    >>> derive_duration_of_response(adsl, seen, seen).select("AVAL", "CNSR").row(0)
    (43, 0)
    """
    rules, cutoff = _checked(rules), check_cutoff(cutoff)
    first = _first_responses(responses, cutoff)
    assessments = _responses(assessments)
    people = _per_evaluator(_analysis_set(adsl), assessments)
    keys = [k for k in ("USUBJID", "EVAL") if k in people.columns and k in first.columns]
    visit_zero = people.rename({"STARTDT": "_visit_zero"})
    dated = first.select(*keys, pl.col("ADT").alias("STARTDT"))
    responders = visit_zero.join(dated, on=keys, how="inner")
    return _progression(
        responders,
        assessments,
        parameter="DOR",
        rules=rules,
        new_therapy=new_therapy,
        baseline=None,
        cutoff=cutoff,
    )


def derive_time_to_response(
    adsl: pl.DataFrame,
    responses: pl.DataFrame,
    *,
    assessments: pl.DataFrame | None = None,
    cutoff: dt.date | None = None,
) -> pl.DataFrame:
    """Derive time to response: from STARTDT to the first day of response.

    Parameters
    ----------
    adsl
        One row a subject: USUBJID, STARTDT.
    responses
        Responders: USUBJID, ADT, EVAL and AVALC as in ``derive_duration_of_response``.
    assessments
        Where given, subjects without response get a record too, censored at their last assessment (day 1
        without one); otherwise responders only.
    cutoff
        Data cut-off.

    Returns
    -------
    polars.DataFrame
        Records as of ``derive_time_to_event``, PARAMCD TTR.

    Examples
    --------
    >>> adsl = pl.DataFrame({"USUBJID": ["01"], "STARTDT": [dt.date(2024, 1, 1)]})
    >>> seen = pl.DataFrame({"USUBJID": ["01"], "AVALC": ["PR"], "ADT": [dt.date(2024, 2, 12)]})
    >>> derive_time_to_response(adsl, seen).select("AVAL", "CNSR").row(0)
    (43, 0)
    """
    cutoff = check_cutoff(cutoff)
    first = _first_responses(responses, cutoff)
    assessments = None if assessments is None else _dated(assessments, "assessments", None)
    people = _per_evaluator(_analysis_set(adsl), first if assessments is None else assessments)
    keys = _keys(people)
    censors = []
    if assessments is None:
        people = people.join(first.select(k for k in keys if k in first.columns), on=keys, how="semi")
    else:
        seen = _dated(assessments, "assessments", cutoff)
        censors = [
            Censor(description="No response", date_description="Last tumour assessment", frame=seen),
            _at_start(people, "No response", 5),
        ]
    return derive_time_to_event(
        people,
        parameter="TTR",
        keys=keys,
        events=[Event(description="Response", frame=first)],
        censors=censors,
    )


def _progression(
    people: pl.DataFrame,
    assessments: pl.DataFrame,
    *,
    parameter: str,
    rules: CensorRules,
    new_therapy: pl.DataFrame | None,
    baseline: pl.DataFrame | None,
    cutoff: dt.date | None,
) -> pl.DataFrame:
    keys = _keys(people)
    seen = _since_start(_dated(assessments, "assessments", cutoff), people, keys)
    adequate = seen.filter(~pl.col("AVALC").is_in(list(rules.inadequate)))
    deaths = people if cutoff is None else people.filter(pl.col("DTHDT") <= cutoff)
    events = [
        Event(description="Disease progression", frame=seen, where="AVALC = 'PD'"),
        _death(deaths),
    ]
    undated = people.filter(_undated())
    if rules.undated_death == "event":
        events.append(_death_at_last_contact(undated))
    ends: list[Censor] = []
    if new_therapy is not None and rules.new_therapy != "ignore":
        started = _since_start(_dated(new_therapy, "new_therapy", cutoff), people, keys)
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
        censors = [_at_start(people, "No assessment after response", rules.code(5)), *last]
    else:
        censors = [*last, _at_start(people, "No post-baseline assessment", rules.code(5))]
    if rules.no_baseline == "start" and baseline is not None:
        baseline = dated_frame(baseline, "baseline", columns=("USUBJID",))
        without = people.join(baseline, on=[k for k in keys if k in baseline.columns], how="anti")
        missing = _at_start(without, "No baseline assessment", rules.code(4))
        censors.append(missing)
        ends.append(missing)
    if rules.missed_visits is not None and rules.schedule is not None:
        draft = derive_time_to_event(
            people, parameter=parameter, keys=keys, events=events, censors=censors, end_of_observation=ends
        )
        ends.append(_closed_by_missed_visits(draft, people, adequate, keys, rules))
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
        adequate.select(*own, pl.col("ADT").alias("LASTADT"), *(c for c in _SOURCE if c in adequate.columns))
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
        .with_columns(pl.coalesce("LASTADT", "_from").alias("LASTADT"))
    )
    late = missed_visits(spans, rules.schedule).filter(pl.col("MISSED") >= rules.missed_visits)
    return Censor(
        description=f"{rules.missed_visits} or more missed visits",
        frame=late.drop("ADT").rename({"LASTADT": "ADT"}),
        code=rules.code(3),
    )


def _checked(rules: Any) -> CensorRules:
    if rules is not None and not isinstance(rules, CensorRules):
        raise UsageError(f"rules must be CensorRules; got {rules!r}")
    return rules or CensorRules()


def _responses(assessments: Any) -> pl.DataFrame:
    return dated_frame(assessments, "assessments", columns=("USUBJID", "ADT", "AVALC"), dates=("ADT",))


def _undated() -> pl.Expr:
    return ((pl.col("DTHFL") == "Y") & pl.col("DTHDT").is_null()).fill_null(value=False)


def _death(people: pl.DataFrame) -> Event:
    return Event(description="Death", frame=_recorded(people, "DTH"), date="DTHDT", domain="ADSL")


def _death_at_last_contact(people: pl.DataFrame) -> Event:
    frame = _recorded(people, "LSTALV")
    return Event(description="Death, date unknown", frame=frame, date="LSTALVDT", domain="ADSL")


def _last_contact(people: pl.DataFrame, description: str, code: int = 1) -> Censor:
    return Censor(
        description=description,
        date_description="Last date known alive",
        frame=_recorded(people, "LSTALV"),
        date="LSTALVDT",
        domain="ADSL",
        code=code,
    )


def _recorded(people: pl.DataFrame, what: str) -> pl.DataFrame:
    """The frame with the record that a date was taken from as its source, where ADSL names one."""
    if f"{what}DOM" not in people.columns:
        return people
    named = pl.col(f"{what}DOM").is_not_null()
    variable = pl.col(f"{what}VAR") if f"{what}VAR" in people.columns else pl.lit(None, pl.String)
    given = {c: pl.col(c) if c in people.columns else pl.lit(None) for c in ("SRCDOM", "SRCROW", "SRCSEQ")}
    return people.with_columns(
        pl.when(named).then(f"{what}DOM").otherwise(given["SRCDOM"]).alias("SRCDOM"),
        pl.when(named).then(pl.coalesce(variable, pl.lit(f"{what}DT"))).otherwise(pl.lit(f"{what}DT")).alias("SRCVAR"),
        pl.when(named).then(f"{what}ROW").otherwise(given["SRCROW"]).alias("SRCROW"),
        pl.when(~named).then(given["SRCSEQ"]).cast(pl.Int64).alias("SRCSEQ"),
    )


def _analysis_set(adsl: Any) -> pl.DataFrame:
    adsl = dated_frame(adsl, "adsl", columns=("USUBJID", "STARTDT"), dates=("STARTDT", "DTHDT", "LSTALVDT"))
    dates = [c for c in ("DTHDT", "LSTALVDT", *_RECORDS) if c in adsl.columns]
    kinds = {"DTHDT": pl.Date, "LSTALVDT": pl.Date, "DTHFL": pl.String}
    empty = [pl.lit(None, dtype=t).alias(c) for c, t in kinds.items() if c not in adsl.columns]
    source = [c for c in _SOURCE if c in adsl.columns and c != "SRCVAR"]  # SRCVAR is the date's own name here
    return adsl.filter(pl.col("STARTDT").is_not_null()).select("USUBJID", "STARTDT", *dates, *source, *empty)


def _per_evaluator(people: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    if "EVAL" not in assessments.columns:
        return people
    evaluators = assessments.select("EVAL").unique().drop_nulls()
    return people.join(evaluators, how="cross") if evaluators.height else people


def _keys(people: pl.DataFrame) -> list[str]:
    return [k for k in ("USUBJID", "EVAL") if k in people.columns]


def _dated(frame: Any, what: str, cutoff: dt.date | None) -> pl.DataFrame:
    frame = dated_frame(frame, what, columns=("USUBJID", "ADT"), dates=("ADT",))
    kept = frame.filter(pl.col("ADT").is_not_null())
    if "AVALC" in kept.columns:
        kept = kept.filter(pl.col("AVALC").is_not_null())
    return kept if cutoff is None else kept.filter(pl.col("ADT") <= cutoff)


def _since_start(frame: pl.DataFrame, people: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Rows from the start of each of the `keys` on: a frame without evaluators has rows for each of them then."""
    on = [k for k in keys if k in frame.columns]
    starts = people.group_by(keys).agg(pl.col("STARTDT").min().alias("_start"))
    return frame.join(starts, on=on, how="inner").filter(pl.col("ADT") >= pl.col("_start")).drop("_start")


def _first_responses(responses: pl.DataFrame, cutoff: dt.date | None) -> pl.DataFrame:
    dated = _dated(responses, "responses", cutoff)
    if "AVALC" in dated.columns:
        dated = dated.filter(pl.col("AVALC").is_in(_RESPONSES))
    keys = _keys(dated)
    tied = [c for c in ("SRCROW", "SRCSEQ") if c in dated.columns]
    return dated.sort("ADT", *tied).unique(keys, keep="first", maintain_order=True)


def _at_start(people: pl.DataFrame, description: str, code: int) -> Censor:
    return Censor(
        description=description,
        date_description="Start date",
        frame=people,
        date="STARTDT",
        domain="ADSL",
        code=code,
        closed_by_end=False,
    )
