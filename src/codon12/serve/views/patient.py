"""One patient: what was given, measured, found and reported, on one line of time; and what match says at a date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from codon12.errors import Codon12Error, UsageError
from codon12.figures import patient_timeline
from codon12.serve.holding import Holding, Say
from codon12.serve.session import Session
from codon12.serve.settings import Settings
from codon12.serve.views.evidence_parts import refuse_errors
from codon12.serve.views.matched import answer_values
from codon12.serve.views.patient_tables import patient_tables, record_tables, timeline_rows

__all__ = ["patient_page"]

_LISTED = 2000


def patient_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """All that the records hold of a subject, each row with file and row."""
    derived = holding.derived(Settings(), say)
    refuse_errors(holding.evidence(Settings(), ("flow",), say))
    adsl = derived.context.adsl
    shown = str(query.get("id") or "")[:400]
    values: dict[str, Any] = {"subject": "", "tables": [], "svg": None, "facts": [], "answer": None, "said": ""}
    if shown:
        subject = holding.subject_of(shown)
        values |= _values(holding, derived, subject, shown, str(query.get("date") or ""), say)
    ids = [holding.shown_id(str(s)) for s in adsl["USUBJID"].head(_LISTED)]
    return session.render(
        "patient.html.j2",
        holding=holding,
        here="patient",
        ids=sorted(ids),
        count=adsl.height,
        asked=shown,
        date=str(query.get("date") or ""),
        same=_same(holding, shown, str(query.get("date") or "")) if shown else None,
        **values,
    )


def _values(holding: Holding, derived: Any, subject: str, shown: str, day: str, say: Say) -> dict[str, Any]:
    say("One patient")
    study = holding.study(say)
    files = dict(study.sources.select("TABLE", "FILE").unique("TABLE", keep="first").iter_rows())
    tables = [*patient_tables(derived.context.frames, subject, files), *record_tables(study, subject, files)]
    rows, start = timeline_rows(derived.context.frames, subject, study)
    svg = None if rows.is_empty() else holding.pictures.svg(patient_timeline(rows, subject=shown))
    from markupsafe import Markup

    values: dict[str, Any] = {
        "subject": shown,
        "tables": [_masked(t, subject, shown) for t in tables],
        "facts": _facts(derived.context.adsl, subject, holding),
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
    hidden = holding.identifying(adsl) if holding.mask_ids else frozenset()
    row = adsl.filter(pl.col("USUBJID").cast(pl.String) == subject).row(0, named=True)
    covariates = holding.study().config.covariates
    out = []
    for name, value in row.items():
        if value is None or name in hidden or name.startswith("SRC") or name.endswith(("_SRCDOM", "_SRCROW")):
            continue
        told = covariates.get(name)
        out.append((told.label if told is not None and told.label else name, str(value)))
    return out


def _masked(table: dict[str, Any], subject: str, shown: str) -> dict[str, Any]:
    """The table with the subject's own identifier replaced wherever a text holds it."""
    if subject == shown:
        return table
    lines = [[v.replace(subject, shown) if isinstance(v, str) else v for v in line] for line in table["lines"]]
    return {**table, "lines": lines}


def _same(holding: Holding, shown: str, day: str) -> dict[str, str]:
    import shlex

    study = str(holding.place)
    when = f" --as-of {day}" if day else ""
    shell = f"codon12 match patient --study {shlex.quote(study)} --subject {shlex.quote(shown)}{when}"
    python = "\n".join(
        (
            "from codon12 import Study, assemble",
            "",
            f"frames = assemble(Study.open({study!r})).frames",
            f'{{name: f.filter(f["USUBJID"] == {shown!r}) for name, f in frames.items() if "USUBJID" in f.columns}}',
        )
    )
    return {"shell": shell, "python": python, "toml": ""}
