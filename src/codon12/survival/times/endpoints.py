"""The endpoints of oncology trials as times to event, built on event and censor sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from codon12.errors import UsageError
from codon12.survival.times.censor_rules import CensorRules
from codon12.survival.times.sources import Censor, Event
from codon12.survival.times.time_to_event import derive_time_to_event
from codon12.survival.times.visits import missed_visits

__all__ = ["duration_of_response", "overall_survival", "progression_free_survival", "time_to_response"]

_RESPONSES = ("CR", "PR", "Y")
_SOURCE = ("SRCDOM", "SRCVAR", "SRCROW", "SRCSEQ")


def overall_survival(adsl: pl.DataFrame, *, cutoff: dt.date | None = None) -> pl.DataFrame:
    """Derive overall survival: from STARTDT to death, else censored at the last day known alive.

    Parameters
    ----------
    adsl
        One row a subject: USUBJID, STARTDT, DTHDT, LSTALVDT, and SRCDOM, SRCROW where known. Subjects without
        STARTDT are outside the analysis set; without any later date they are censored on day 1.
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
    people = _analysis_set(adsl)
    if cutoff is not None:
        known = pl.max_horizontal("LSTALVDT", "DTHDT")
        people = people.with_columns(
            pl.when(known.is_not_null()).then(pl.min_horizontal(known, pl.lit(cutoff))).alias("LSTALVDT"),
            pl.when(pl.col("DTHDT") <= cutoff).then("DTHDT").alias("DTHDT"),
        )
    return derive_time_to_event(
        people,
        parameter="OS",
        events=[Event(description="Death", frame=people, date="DTHDT", domain="ADSL")],
        censors=[
            Censor(
                description="Alive",
                date_description="Last date known alive",
                frame=people,
                date="LSTALVDT",
                domain="ADSL",
            ),
            _at_start(people, "Alive", 1),
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
    people = _per_evaluator(_analysis_set(adsl), assessments)
    return _progression(
        people,
        assessments,
        parameter="PFS",
        rules=rules or CensorRules(),
        new_therapy=new_therapy,
        baseline=baseline,
        cutoff=cutoff,
    )


def duration_of_response(
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
    """
    first = _first_responses(responses, cutoff)
    people = _per_evaluator(_analysis_set(adsl), assessments)
    keys = [k for k in ("USUBJID", "EVAL") if k in people.columns and k in first.columns]
    visit_zero = people.rename({"STARTDT": "_visit_zero"})
    dated = first.select(*keys, pl.col("ADT").alias("STARTDT"))
    responders = visit_zero.join(dated, on=keys, how="inner")
    return _progression(
        responders,
        assessments,
        parameter="DOR",
        rules=rules or CensorRules(),
        new_therapy=new_therapy,
        baseline=None,
        cutoff=cutoff,
    )


def time_to_response(
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
        Responders: USUBJID, ADT, EVAL and AVALC as in ``duration_of_response``.
    assessments
        Where given, subjects without response get a record too, censored at their last assessment (day 1
        without one); otherwise responders only.
    cutoff
        Data cut-off.

    Returns
    -------
    polars.DataFrame
        Records as of ``derive_time_to_event``, PARAMCD TTR.
    """
    first = _first_responses(responses, cutoff)
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
        Event(description="Death", frame=deaths, date="DTHDT", domain="ADSL"),
    ]
    ends: list[Censor] = []
    if new_therapy is not None and rules.new_therapy != "ignore":
        started = _since_start(_dated(new_therapy, "new_therapy", cutoff), people, keys)
        if rules.new_therapy == "event":
            events.append(Event(description="New anti-cancer therapy", frame=started))
        else:
            ends.append(Censor(description="New anti-cancer therapy", frame=started, code=rules.code(2)))
    last = Censor(
        description="No progression or death",
        date_description="Last adequate tumour assessment",
        frame=adequate,
    )
    if parameter == "DOR":
        censors = [_at_start(people, "No assessment after response", rules.code(5)), last]
    else:
        censors = [last, _at_start(people, "No post-baseline assessment", rules.code(5))]
    if rules.no_baseline == "start" and baseline is not None:
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


def _analysis_set(adsl: pl.DataFrame) -> pl.DataFrame:
    for column in ("USUBJID", "STARTDT"):
        if column not in adsl.columns:
            raise UsageError(f"adsl: no column {column}; there are {', '.join(adsl.columns)}")
    dates = [c for c in ("DTHDT", "LSTALVDT") if c in adsl.columns]
    empty = [pl.lit(None, dtype=pl.Date).alias(c) for c in ("DTHDT", "LSTALVDT") if c not in adsl.columns]
    source = [c for c in _SOURCE if c in adsl.columns and c != "SRCVAR"]  # SRCVAR is the date's own name here
    return adsl.filter(pl.col("STARTDT").is_not_null()).select("USUBJID", "STARTDT", *dates, *source, *empty)


def _per_evaluator(people: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    if "EVAL" not in assessments.columns:
        return people
    evaluators = assessments.select("EVAL").unique().drop_nulls()
    return people.join(evaluators, how="cross") if evaluators.height else people


def _keys(people: pl.DataFrame) -> list[str]:
    return [k for k in ("USUBJID", "EVAL") if k in people.columns]


def _dated(frame: pl.DataFrame, what: str, cutoff: dt.date | None) -> pl.DataFrame:
    missing = [c for c in ("USUBJID", "ADT") if c not in frame.columns]
    if missing:
        raise UsageError(f"{what}: no column {', '.join(missing)}; there are {', '.join(frame.columns)}")
    kept = frame.filter(pl.col("ADT").is_not_null())
    if "AVALC" in kept.columns:
        kept = kept.filter(pl.col("AVALC").is_not_null())
    return kept if cutoff is None else kept.filter(pl.col("ADT") <= cutoff)


def _since_start(frame: pl.DataFrame, people: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    on = [k for k in keys if k in frame.columns]
    starts = people.group_by(on).agg(pl.col("STARTDT").min().alias("_start"))
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
