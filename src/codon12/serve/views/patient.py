"""One patient: what was given, measured, found and reported, on one line of time; and what match says at a date."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import Any

import polars as pl

from codon12.errors import Codon12Error, UsageError
from codon12.figures import patient_timeline
from codon12.serve.holding import Holding, Say
from codon12.serve.same_by import same_by, subjects_by
from codon12.serve.session import Session
from codon12.serve.settings import Settings
from codon12.serve.views.evidence_parts import refuse_errors
from codon12.serve.views.matched import answer_values
from codon12.serve.views.patient_tables import RECORDS, patient_tables, record_tables, timeline_rows

__all__ = ["patient_page"]

_LISTED = 2000


def patient_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """All that the records hold of a subject, each row with file and row."""
    refuse_errors(holding.evidence(Settings(), ("flow",), say))
    adsl = holding.adsl()
    shown = str(query.get("id") or "")[:400]
    values: dict[str, Any] = {"subject": "", "tables": [], "svg": None, "facts": [], "answer": None, "said": ""}
    if shown:
        subject = holding.subject_of(shown)
        values |= _values(holding, subject, shown, str(query.get("date") or ""), say)
    ids = [holding.shown_id(str(s)) for s in adsl["USUBJID"].head(_LISTED)]
    return session.render(
        "patient.html.j2",
        holding=holding,
        here="patient",
        ids=sorted(ids),
        count=adsl.height,
        asked=shown,
        date=str(query.get("date") or ""),
        same=_same(holding, shown, str(query.get("date") or "")) if shown else subjects_by(holding),
        **values,
    )


def _values(holding: Holding, subject: str, shown: str, day: str, say: Say) -> dict[str, Any]:
    say("One patient")
    study = holding.study(say)
    files = dict(study.sources.select("TABLE", "FILE").unique("TABLE", keep="first").iter_rows())
    frames = holding.of_patients(RECORDS)
    tables = [*patient_tables(frames, shown, files), *record_tables(frames, shown, files)]
    rows, start = timeline_rows(frames, shown, frames)
    month = holding.derived(Settings()).context.month
    svg = None if rows.is_empty() else holding.pictures.svg(patient_timeline(rows, month=month, subject=shown))
    from markupsafe import Markup

    values: dict[str, Any] = {
        "subject": shown,
        "tables": tables,
        "facts": _facts(frames["adsl"], shown, holding),
        "svg": None if svg is None else Markup(svg),  # noqa: S704 - drawn by us
        "answer": None,
        "said": "",
    }
    try:
        asked = dt.date.fromisoformat(day) if day else start or dt.date.today()  # noqa: DTZ011 - a day of the calendar
    except ValueError:
        raise UsageError("date: write the day as 2021-09-01") from None
    try:
        values["answer"] = _matched(holding, subject, shown, asked)
    except Codon12Error as err:
        values["said"] = "Match cannot answer for this study." if holding.mask_ids else str(err)
    values["asked_day"] = asked.isoformat()
    return values


def _matched(holding: Holding, subject: str, shown: str, day: dt.date) -> dict[str, Any]:
    from codon12.match.answer import match_profile
    from codon12.match.from_study import profiles_of_study

    held = holding.kept("profiles", lambda: profiles_of_study(holding.study()))
    found = match_profile(held.profiles.only(held.place(subject)), subject=shown, as_of=day)
    return answer_values(found)


def _facts(adsl: pl.DataFrame, subject: str, holding: Holding) -> list[tuple[str, str]]:
    """What is known of a subject at the start, in the order of ADSL; identifiers left out where they are masked."""
    hidden = holding.identifying(holding.adsl()) if holding.mask_ids else frozenset()
    row = adsl.filter(pl.col("USUBJID").cast(pl.String) == subject).row(0, named=True)
    covariates = holding.study().config.covariates
    out = []
    for name, value in row.items():
        if value is None or name in hidden or name.startswith("SRC") or name.endswith(("_SRCDOM", "_SRCROW")):
            continue
        told = covariates.get(name)
        out.append((told.label if told is not None and told.label else name, str(value)))
    return out


def _same(holding: Holding, shown: str, day: str) -> dict[str, str]:
    found = same_by(holding, Settings())
    if holding.mask_ids:  # a pseudonym is no subject of the records
        return found
    when = f" --as-of {day}" if day else ""
    line = f"codon12 match patient --study {shlex.quote(str(holding.place))} --subject {shlex.quote(shown)}{when}"
    python = found["python"].replace("evidence.numbers", "")
    python += (
        f'{{name: f.filter(f["USUBJID"] == {shown!r}) for name, f in evidence.frames.items() '
        'if "USUBJID" in f.columns}'
    )
    return {**found, "shell": line, "python": python}
