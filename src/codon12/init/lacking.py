"""What survival and response need and no heading names: asked for, among the columns that may be it."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.init.belief import ColumnBelief, Question
from codon12.init.sections import place_of
from codon12.init.tables import Known
from codon12.init.times import begin_of

__all__ = ["ask_lacking"]

_DAYS = {
    "TRTSDT": "Which column has the day on which treatment (or the study) began?",
    "DTHDT": "Which column has the day of death?",
    "LSTALVDT": "Which column has the day of the last contact, or last visit?",
    "PROGDT": "Which column has the day of progression?",
}


def ask_lacking(main: Known, *, survival: bool) -> Iterator[Question]:
    """Ask for the days of a survival that cannot be made, and whether responses of RECIST are the best ones.

    Nothing is taken without an answer.
    """
    # a column whose order of day and month is asked for is known already
    known = {b.role for b, v in main.columns if v.dates is not None and v.dates.choices}
    free = [b.column for b, v in main.columns if _free(b) and v.dates is not None and not v.dates.choices]
    for role, text in _DAYS.items():
        named = main.column(role) is not None or role in known
        if role == "TRTSDT":
            named |= begin_of(main) is not None or bool({"RANDDT", "DIAGDT"} & known)
        died = role == "DTHDT" and main.column("VITAL") is not None
        if free and not survival and not named and not died:
            yield Question(about=place_of(main), text=text, choices=tuple(free), key=f"role:{role}:{place_of(main)}")
    responses = [b.column for b, v in main.columns if b.role == "BOR" and b.confidence == "unsure" and _recist(v.kinds)]
    if responses and main.column("BOR") is None:
        text = "Its cells are responses of RECIST. Is it each patient's best response?"
        about, key = f"{place_of(main)}, {responses[0]}", f"role:BOR:{place_of(main)}"
        yield Question(about=about, text=text, choices=(responses[0],), key=key)


def _free(belief: ColumnBelief) -> bool:
    return belief.role in (None, "ASSDT") or (belief.confidence == "unsure" and belief.role in _DAYS)


def _recist(kinds: dict[str, float]) -> bool:
    return kinds.get("recist", 0) >= 0.9
