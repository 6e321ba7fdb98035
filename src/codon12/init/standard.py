"""The configuration of a study that codon12 knows as it is: SDTM, ADaM, cBioPortal; what is left to choose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from codon12.errors import InputError
from codon12.init.attributes import plan_attributes
from codon12.init.belief import Question, TableBelief
from codon12.init.entry import attribute_entries
from codon12.init.plan import Plan
from codon12.init.population import ask_attribute
from codon12.init.toml_text import comment, string
from codon12.init.vocabulary import words
from codon12.records.cbioportal.files import locate_cbioportal
from codon12.records.config import StudyConfig
from codon12.records.files.locate import locate, study_format
from codon12.records.opening.uses import known_uses

__all__ = ["SAID", "plan_standard", "recognised"]

SAID = {
    "sdtm": "the folder has a table DM: SDTM",
    "adam": "the folder has a table ADSL: ADaM",
    "cbioportal": "the folder has the clinical files of a cBioPortal study",
}


def recognised(folder: Path) -> str | None:
    """Format of a study that needs no configuration; None for any other folder."""
    try:
        return study_format(folder, StudyConfig())
    except InputError:
        return None


def plan_standard(folder: Path, fmt: str, answers: Mapping[str, str]) -> Plan:
    """Name the file of each table; where several files could be one, ask, and take the likelier until told."""
    plan = Plan(format=fmt)
    config = StudyConfig()
    located, findings = locate(folder, config, fmt)  # pyrefly: ignore[bad-argument-type]
    if fmt == "cbioportal":
        located, more = locate_cbioportal(folder, located, config)
        findings += more
        clinical = next((e for name in ("PATIENT", "SAMPLE") for e in located if e.table == name), None)
        entered = attribute_entries(clinical.path, clinical.table) if clinical is not None else []
        plan.lines += entered
        plan.notes += [line.removeprefix("# ") for line in entered[1:2]]
        if clinical is not None:
            plan.lines += plan_attributes(clinical.path, clinical.table, plan)
        for entry in (e for e in located if e.table in ("SAMPLE", "PATIENT")):
            plan.lines += ask_attribute(entry.path, entry.table, answers, plan)
            if any(q.key.startswith("population:") for q in plan.questions):
                break
    uses = known_uses(fmt)
    for entry in located:
        used = uses.get(entry.table)
        plan.tables.append(
            TableBelief(
                file=entry.path.name,
                sheet=None,
                table=entry.table,
                confidence="sure",
                why=f"its name says so; {used or 'used where a covariate or an analysis asks for it'}",
                rows=-1,
            )
        )
    choices = {f.table: (f.value or "").split(", ") for f in findings if f.rule == "file-to-choose"}
    family = _family(choices, answers)
    for table, files in sorted(choices.items()):
        chosen = answers.get(f"file:{table}") or _of_family(files, family)
        others = ", ".join(f for f in files if f != chosen)
        why = "one family of names goes through all tables" if len(choices) > 1 else "the first by name"
        plan.lines += [
            "",
            f"# {table} stands in several files. unsure: {why}; or {comment(others)}",
            f"[tables.{table}]",
            f"file = {string(chosen)}",
        ]
        text = f"Several files could be table {table}. Which one?"
        plan.questions.append(
            Question(about=table, text=text, choices=tuple(files), default=chosen, key=f"file:{table}")
        )
        plan.tables.append(
            TableBelief(file=chosen, sheet=None, table=table, confidence="unsure", why=f"{why}; or {others}", rows=-1)
        )
    plan.notes += [f.message for f in findings if f.rule != "file-to-choose"]
    return plan


def _suffix(name: str) -> str:
    return name.split(".", maxsplit=1)[0].partition("_")[2]


def _family(choices: Mapping[str, list[str]], answers: Mapping[str, str]) -> str:
    """End of the names that most tables have; of several that which names the criterion, RECIST."""
    answered = [_suffix(answers[f"file:{t}"]) for t in choices if f"file:{t}" in answers]
    counts: dict[str, int] = {}
    for files in choices.values():
        for suffix in {_suffix(f) for f in files}:
            counts[suffix] = counts.get(suffix, 0) + 1
    if answered:
        return max(answered, key=answered.count)
    return max(counts, key=lambda s: (counts[s], "recist" in words(s), -len(s), s), default="")


def _of_family(files: list[str], family: str) -> str:
    return next((f for f in files if _suffix(f) == family), files[0])
