"""Which address shows which page."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from codon12.errors import UsageError
from codon12.serve.holding import Holding, Say
from codon12.serve.looks import write_whole
from codon12.serve.same_by import TOML_NAME
from codon12.serve.session import Session
from codon12.serve.settings import Settings, settings_of

__all__ = ["FILES", "PAGES", "TOOLS", "ahead", "begin", "save", "view"]

PAGES = (
    ("/", "report", "study:study_page"),
    ("/number", "number", "study:number_page"),
    ("/findings", "findings", "findings:findings_page"),
    ("/cohort", "cohort", "cohort:cohort_page"),
    ("/cutoffs", "cutoffs", "cutoffs:cutoffs_page"),
    ("/patient", "patient", "patient:patient_page"),
)
"""Path below a study, its name, and the function of this room that makes it, imported when it is first asked for."""
FILES = (
    ("/figure/{analysis}/{name}.{form}", "files:figure_file"),
    ("/drawn/{analysis}/{name}", "files:figure_drawn"),
    ("/table/{analysis}.{form}", "files:table_file"),
    ("/findings.csv", "files:findings_file"),
    ("/evidence.json", "files:evidence_json"),
    ("/evidence.parquet", "files:evidence_parquet"),
    ("/run.json", "files:run_file"),
    (f"/{TOML_NAME}", "files:toml_file"),
)
TOOLS = (
    ("/looks", "looks", "looks:looks_page"),
    ("/check", "check", "check:check_page"),
    ("/design", "design", "design:design_page"),
    ("/switch", "switch", "switch:switch_page"),
    ("/match", "match", "match:match_page"),
)
"""Pages that need no study."""


def view(name: str) -> Callable[..., Any]:
    """Import the function that makes a page or a file."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(f"codon12.serve.views.{module}"), function)


def begin(session: Session, holding: Holding) -> None:
    """Begin to make the first page of a study."""
    from starlette.datastructures import QueryParams

    session.desk.ask(
        ("report", holding.number, ""), lambda say: view("study:study_page")(session, holding, QueryParams(""), say)
    )


def ahead(session: Session, holding: Holding, here: str, settings: Settings) -> None:
    """Derive what a reader of this page may ask for next, in one thread, while nobody waits."""
    if here not in ("report", "cohort", "cutoffs"):
        return
    key = ("ahead", holding.number, settings.derives_anew)

    def made(say: Say) -> int:
        found = view("cutoffs:neighbours")(holding, settings)
        for near in found:
            session.desk.let_others(key)
            say("Ahead")
            holding.derived(near, say)
        return len(found)

    session.desk.ask(key, made)


def save(session: Session, form: Any) -> str:
    """Write the looks, or the configuration of the settings, into the folder of --save; the sentence that says so.

    Raises
    ------
    UsageError
        The server is read-only, or nothing to save is named.
    """
    if session.readonly:
        raise UsageError("this server is read-only (--readonly); download the file instead")
    what = str(form.get("what") or "")
    if what == "looks":
        path, text = session.save / "looks.jsonl", session.looks.text()
    elif what == "toml":
        holding = session.holding(str(form.get("number") or ""))
        body, _, _ = view("files:toml_file")(holding, {}, settings_of(form), lambda _: None)
        path, text = session.save / f"study-{holding.number}-{TOML_NAME}", body.decode()
    else:
        raise UsageError("what: looks or toml")
    try:
        write_whole(path, text)
    except OSError as err:
        raise UsageError(f"{path.name} cannot be written ({err.strerror})") from None
    return f"{path} was written."
