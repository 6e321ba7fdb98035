"""The endpoints of oncology trials as times to event, built on event and censor sources."""

from __future__ import annotations

import datetime as dt

import polars as pl

from codon12.survival.times.censor_rules import CensorRules
from codon12.survival.times.ends import (
    censored_at_last_contact,
    censored_at_start,
    death,
    death_at_last_contact,
    undated_death,
)
from codon12.survival.times.frames import check_cutoff, same_subjects
from codon12.survival.times.progression import checked_rules, time_to_progression
from codon12.survival.times.records import (
    analysis_set,
    dated_rows,
    first_responses,
    keys_of,
    overall_responses,
    per_evaluator,
)
from codon12.survival.times.sources import Censor, Event
from codon12.survival.times.time_to_event import derive_time_to_event

__all__ = ["derive_duration_of_response", "derive_time_to_response", "overall_survival", "progression_free_survival"]


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
    people = analysis_set(adsl)
    if cutoff is not None:
        known = pl.max_horizontal("LSTALVDT", "DTHDT")
        people = people.with_columns(
            pl.when(known.is_not_null()).then(pl.min_horizontal(known, pl.lit(cutoff))).alias("LSTALVDT"),
            pl.when(pl.col("DTHDT") <= cutoff).then("DTHDT").alias("DTHDT"),
        )
    undated = people.filter(undated_death())
    alive = people.join(undated, on="USUBJID", how="anti")
    rules = checked_rules(rules)
    events = [death(people)]
    if rules.undated_death == "event":
        events.append(death_at_last_contact(undated))
    return derive_time_to_event(
        people,
        parameter="OS",
        events=events,
        censors=[
            censored_at_start(undated, "Died, date unknown", rules.code(6)),
            censored_at_last_contact(undated, "Died, date unknown", rules.code(6)),
            censored_at_start(alive, "Alive", 1),
            censored_at_last_contact(alive, "Alive"),
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
    rules, cutoff = checked_rules(rules), check_cutoff(cutoff)
    assessments = overall_responses(assessments)
    people = per_evaluator(analysis_set(adsl), assessments, of="PFS")
    return time_to_progression(
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
    rules, cutoff = checked_rules(rules), check_cutoff(cutoff)
    first = first_responses(responses, cutoff)
    assessments = overall_responses(assessments)
    people = per_evaluator(analysis_set(adsl), assessments, of="DOR")
    keys = [k for k in ("USUBJID", "EVAL") if k in people.columns and k in first.columns]
    visit_zero = people.rename({"STARTDT": "_visit_zero"})
    same_subjects(first, "responses", people)
    dated = first.select(*keys, pl.col("ADT").alias("STARTDT"))
    responders = visit_zero.join(dated, on=keys, how="inner")
    return time_to_progression(
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
    first = first_responses(responses, cutoff)
    assessments = None if assessments is None else dated_rows(assessments, "assessments", None)
    people = per_evaluator(analysis_set(adsl), first if assessments is None else assessments, of="TTR")
    keys = keys_of(people)
    censors = []
    if assessments is None:
        people = people.join(first.select(k for k in keys if k in first.columns), on=keys, how="semi")
    else:
        seen = dated_rows(assessments, "assessments", cutoff)
        censors = [
            Censor(description="No response", date_description="Last tumour assessment", frame=seen),
            censored_at_start(people, "No response", 5),
        ]
    return derive_time_to_event(
        people,
        parameter="TTR",
        keys=keys,
        events=[Event(description="Response", frame=first)],
        censors=censors,
    )
