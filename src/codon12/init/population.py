"""Which patients a study is of, where its tables hold those of several tumour types or cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from codon12.errors import Codon12Error
from codon12.init.belief import Question
from codon12.init.plan import Plan
from codon12.init.rows import quoted, text
from codon12.init.tables import Known
from codon12.init.toml_text import string
from codon12.records.readers import ReadOptions, read_table

__all__ = ["ask_attribute", "ask_population"]

_ROLES = ("STUDYID", "CANCER_TYPE")
_ATTRIBUTES = ("CANCER_TYPE", "TUMOR_TYPE", "COHORT")
_EVERYBODY = "all patients"
_OFFERED = 12
"""So many of the kinds of patients, the most frequent ones, are offered for an answer."""
_LISTED = 6
_FEWEST, _MOST = 2, 60
"""A column tells kinds of patients apart where it has so many different cells."""


def ask_population(main: Known, answers: Mapping[str, str], plan: Plan) -> str | None:
    """Ask which patients are meant, where a column tells several kinds apart; give the predicate of those chosen."""
    keep = []
    for role in _ROLES:
        belief = main.column(role)
        if belief is None:
            continue
        joined = next((j for j in main.joins if belief.column in j.columns), None)
        file = main.seen.file if joined is None else joined.other.seen.file
        chosen = _asked(main.cells(belief), f"{file}, {belief.column}", answers, plan)
        if chosen is not None:
            keep.append(f"{quoted(belief.column)} = {text(chosen)}")
    return " AND ".join(keep) or None


def ask_attribute(path: Path, table: str, answers: Mapping[str, str], plan: Plan) -> list[str]:
    """Ask which patients of a cBioPortal study are meant, and give the populations that follow from an answer."""
    try:
        frame = read_table(path, ReadOptions(table=table, quoting=False)).frame
    except Codon12Error:  # what is wrong with the file is said where it is opened
        return []
    name = next((a for a in _ATTRIBUTES if a in frame.columns and frame[a].n_unique() >= _FEWEST), None)
    if name is None:
        return []
    patients = frame.unique(["PATIENT_ID", name]) if "PATIENT_ID" in frame.columns else frame
    chosen = _asked(patients[name].cast(pl.String), f"{path.name}, {name}", answers, plan)
    if chosen is None:
        return []
    return [
        "",
        "[covariates.STUDIED]  # sure: as you said",
        f"table = {string(table)}",
        f"where = {string(f'{quoted(name)} = {text(chosen)}')}",
        'pick = "any"',
        "",
        "[populations]",
        *(f"{population} = \"STUDIED = 'Y'\"" for population in ("enrolled", "safety", "response")),
    ]


def _asked(cells: pl.Series, place: str, answers: Mapping[str, str], plan: Plan) -> str | None:
    counts = cells.drop_nulls().alias("kind").value_counts(name="n").sort("n", "kind", descending=[True, False])
    if not _FEWEST <= counts.height <= _MOST:
        return None
    kinds = dict(counts.iter_rows())
    listed = ", ".join(f"{kind} ({n})" for kind, n in list(kinds.items())[:_LISTED])
    more = f" and {len(kinds) - _LISTED} more" if len(kinds) > _LISTED else ""
    question = Question(
        about=place,
        text=f"It tells {len(kinds)} kinds of patients apart: {listed}{more}. Which of them is the report of?",
        choices=(_EVERYBODY, *list(kinds)[:_OFFERED]),
        default=_EVERYBODY,
        key=f"population:{place}",
    )
    plan.questions.append(question)
    told = answers.get(question.key, _EVERYBODY)
    return told if told in kinds else None
