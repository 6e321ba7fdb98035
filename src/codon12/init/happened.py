"""What happened to the patients of a trial, a row each: adverse events, and therapies before and after its own."""

from __future__ import annotations

from codon12.init.events import ask_dates
from codon12.init.plan import Plan
from codon12.init.sections import (
    dated_columns,
    head,
    mapped_columns,
    place_of,
    read_values,
    reading,
    unused_of_events,
)
from codon12.init.tables import Known

__all__ = ["adverse_table", "of_therapies", "therapies_table"]

_EVENT = {
    "USUBJID": "USUBJID",
    "TERM": "AETERM",
    "GRADE": "AETOXGR",
    "ONSET": "AESTDTC",
    "RESOLVED": "AEENDTC",
    "CAUSAL": "AEREL",
    "SERIOUS": "AESER",
}
_THERAPY = {
    "USUBJID": "USUBJID",
    "DRUG_TYPE": "CMTRT",
    "SETTING": "CMCAT",
    "TRTSDT": "CMSTDTC",
    "TRTEDT": "CMENDTC",
}


def of_therapies(known: Known) -> bool:
    """Tell whether a table has a row a therapy, its start, and whether it came before, in or after the study."""
    return {"SETTING", "TRTSDT"} <= known.roles() and known.column("USUBJID") is not None


def adverse_table(rows: Known, plan: Plan) -> None:
    """Write table AE; words for grades are read as CTCAE has them, and said."""
    names = dict(_EVENT)
    for own, general in (("ONSET", "TRTSDT"), ("RESOLVED", "TRTEDT")):
        if rows.column(own) is None:  # in a table of events a start is theirs
            names[general] = names.pop(own)
    _write(rows, "AE", names, plan)
    grade = rows.column("GRADE")
    if grade is not None and grade.values:
        said = ", ".join(f"{word} as grade {n}" for word, n in grade.values.items())
        plan.assumed.append(f"{place_of(rows)}: '{grade.column}' has words; read as CTCAE has them: {said}.")


def therapies_table(rows: Known, plan: Plan) -> None:
    """Write table CM: those that came after the study's treatment are new therapies."""
    _write(rows, "CM", _THERAPY, plan)


def _write(rows: Known, table: str, names: dict[str, str], plan: Plan) -> None:
    ask_dates(rows, plan)
    roles = tuple(names)
    plan.lines += [
        *head(rows, table),
        *reading(rows, roles),
        *mapped_columns(rows, table, roles, names),
        *dated_columns(rows, table, roles),
        *read_values(rows, table, roles, names),
        *unused_of_events(rows, roles),
    ]
