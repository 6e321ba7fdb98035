"""Match for a typed profile: TOML or JSON in, what dated texts say of it out."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from typing import Any

from codon12.errors import UsageError
from codon12.match import match_patient, patient_of, shipped_statements, shipped_trials
from codon12.serve.holding import Say
from codon12.serve.session import Session
from codon12.serve.views.matched import answer_values

__all__ = ["match_page"]

_MOST = 100_000
_PYTHON = """\
from datetime import date
from pathlib import Path

from codon12.match import match_patient, read_patient

match_patient(read_patient(Path("patient.toml")), as_of=date.fromisoformat("{day}")).verdicts"""
_START = """\
age = 63
ecog = 1
lines = [{ drugs = ["carboplatin", "pemetrexed", "pembrolizumab"], outcome = "progression" }]

[tumour]
type = "NSCLC"
stage = "metastatic"

[[tests]]
assay = "gene panel"
kind = "gene panel"
specimen = "tissue"
genes = ["KRAS", "EGFR", "BRAF", "STK11", "KEAP1"]
found = ["KRAS G12C"]
"""


def match_page(session: Session, query: Any, say: Say) -> str:
    """The typed profile matched at a date, on request for a trial as well; nothing of it is kept."""
    asked = str(query.get("profile") or "")
    text = (asked or _START).replace("\r\n", "\n")
    day, jurisdiction, trial = (str(query.get(k) or "") for k in ("date", "jurisdiction", "trial"))
    if len(text) > _MOST:
        raise UsageError(f"profile: at most {_MOST:,} letters")
    known = shipped_statements().jurisdictions()
    trials = {t.id: t for t in shipped_trials()}
    if jurisdiction and jurisdiction not in known:
        raise UsageError(f"jurisdiction: one of {', '.join(known)}")
    if trial and trial not in trials:
        raise UsageError(f"trial: one of {', '.join(trials)}")
    values = None
    if asked:
        say("Reading the profile")
        found = match_patient(
            patient_of(_plain(text), where="profile"),
            as_of=_day(day),
            jurisdictions=(jurisdiction,) if jurisdiction else (),
            trials=(trials[trial],) if trial else (),
        )
        values = answer_values(found)
    options = (f" --as-of {day}" if day else "") + (f" --jurisdiction {jurisdiction}" if jurisdiction else "")
    return session.render(
        "match.html.j2",
        here="match",
        profile=text,
        date=day,
        jurisdiction=jurisdiction,
        trial=trial,
        jurisdictions=known,
        trials=tuple(trials),
        answer=values,
        same={
            "shell": f"codon12 match patient patient.toml{options}" + (f" --trial {trial}" if trial else ""),
            "python": _PYTHON.format(day=_day(day)),
            "toml": "",
        },
    )


def _plain(text: str) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            raise UsageError("profile: this is not valid JSON") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as err:
        raise UsageError(f"profile: this is not valid TOML: {str(err)[:200]}") from None


def _day(text: str) -> dt.date:
    if not text:
        return dt.date.today()  # noqa: DTZ011 - a day of the calendar
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("date: write the day as 2021-09-01") from None
