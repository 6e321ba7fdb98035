"""Clinical attributes of a cBioPortal study under names of its own: times, responses and who a patient is."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.init.belief import ColumnBelief
from codon12.init.look import look
from codon12.init.plan import Plan
from codon12.init.sections import time_sections
from codon12.init.tables import Known, know
from codon12.init.times import believe_times
from codon12.init.toml_text import comment, inline, string
from codon12.init.vocabulary import spoken_word, words
from codon12.records.cbioportal.survival_attributes import survival_attributes

__all__ = ["plan_attributes"]

_WHO = ("AGE", "SEX", "RACE", "ECOG", "SMOKING", "STAGE", "HIST", "LINE")
"""What a table of patients says of each that the first table of a report shows."""
_NOW = "current"
"""Word of an age that is not that of time zero."""


def plan_attributes(path: Path, table: str, plan: Plan) -> list[str]:
    """Give the sections that read attributes whose names are not those of cBioPortal; none where every name is.

    The first line of comments says in words what each attribute is, and is weighed as a heading.
    """
    seen, _ = look(path.parent, [path.name])
    if not seen:
        return []
    known = know(seen[0], _labels(path, seen[0].frame.columns), [])
    subject = known.column("USUBJID")
    if subject is None or subject.column != "PATIENT_ID":
        return []
    ready = survival_attributes(seen[0].frame.with_columns(pl.all().cast(pl.String))).times
    times, notes = believe_times(known)
    made = [t for t in times if t.param not in ready]
    best = known.column("BOR")
    own = [b for b in map(known.column, _WHO) if b is not None and b.column.upper() != b.role and b.column != "BOR"]
    plan.notes += [f"{path.name}: {note}" for note in notes if note.split()[0].rstrip(":") not in ready]
    lines: list[str] = []
    if made or own:
        lines += ["", f"[tables.{table}]", f"file = {string(path.name)}", "", f"[tables.{table}.columns]"]
        lines.append(f"USUBJID = {string(subject.column)}")
        lines += [_mapped(b) for b in own]
        coded = [b for b in own if b.values and b.role in ("SEX", "ECOG")]
        if coded:
            lines += ["", f"[tables.{table}.values]"]
            lines += [f"{b.role} = {inline(b.values)}" for b in coded]
    if made:
        kept = [t for t in times if t.param in ready]
        lines += time_sections([*kept, *made], table)
        told = ", ".join(f"{t.param} of {t.time} and {t.status}" for t in made)
        plan.notes.append(f"{path.name}: read as times to event: {told}.")
    if best is not None:
        lines += _responses(path, known, best)
    return lines


def _labels(path: Path, columns: list[str]) -> dict[str, dict[str, str]]:
    """Column in small letters -> what the first line of comments calls it, under the empty code."""
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline()
    if not first.startswith("#"):
        return {}
    names = first.lstrip("#").rstrip("\r\n").split("\t")
    return {spoken_word(c): {"": n} for c, n in zip(columns, names, strict=False) if n.strip()}


def _mapped(belief: ColumnBelief) -> str:
    """Give the line of one attribute; an age of today is none of time zero."""
    off, why = "", belief.why
    if belief.role == "AGE" and _NOW in words(belief.column):
        off, why = "# ", f"{why}; but it is the age of today"
    said = "unsure" if off else belief.confidence
    return f"{off}{belief.role} = {string(belief.column)}  # {said}: {comment(why)}"


def _responses(path: Path, known: Known, best: ColumnBelief) -> list[str]:
    lines = ["", "[tables.ADRS]", f"file = {string(path.name)}"]
    lines.append('constants = { PARAMCD = "BOR" }  # best response as the file has it, whether confirmed is not said')
    missing = next(v.missing for b, v in known.columns if b is best)
    if missing:
        lines.append(f"missing = {inline(missing)}  # likely: no best response")
    lines += ["", "[tables.ADRS.columns]", 'USUBJID = "PATIENT_ID"']
    lines.append(f"AVALC = {string(best.column)}  # {best.confidence}: {comment(best.why)}")
    if best.values:
        lines += ["", "[tables.ADRS.values]", f"AVALC = {inline(best.values)}"]
    return lines
