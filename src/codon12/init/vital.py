"""A column that says who is dead and who is alive, by its heading and by its words."""

from __future__ import annotations

from codon12.init.belief import ColumnBelief
from codon12.init.values import Values
from codon12.init.vocabulary import (
    answers_in,
    heading_roles,
    spoken_word,
    vital_letters,
    vital_of,
    vital_word,
)

__all__ = ["told_vital", "vital_words"]

_ENOUGH = 0.9
_BOTH = ("dead", "alive")


def told_vital(name: str, values: Values) -> ColumnBelief | None:
    """Take a column for the vital status where its cells say dead and alive, and its heading speaks of follow-up."""
    if values.kinds.get("dead", 0) < _ENOUGH or len({vital_word(w) for w in values.words} - {None}) < len(_BOTH):
        return None
    near = {role for role, *_ in heading_roles(name, longest=False)} & {"VITAL", "LSTALVDT", "DTHDT"}
    meaning = vital_words(name, values)
    at_a_time = any(c.isdigit() for c in name)
    why = f"its cells are words for dead and alive ({', '.join(values.words[:4])})"
    if near and meaning is not None and not at_a_time:
        why = f"{why}, and a part of the heading speaks of the last contact or of death"
        return ColumnBelief(column=name, role="VITAL", confidence="likely", why=why, values=meaning)
    why += "; when, the heading does not say" if meaning is not None else "; which of them means dead is not clear"
    return ColumnBelief(column=name, role="VITAL", confidence="unsure", why=why, values=meaning or {})


def vital_words(name: str, values: Values) -> dict[str, str] | None:
    """Word of a status -> ``dead`` or ``alive``; None where one of them stays open."""
    under = vital_of(name)
    if (letters := vital_letters(values.words)) is not None and values.distinct <= len(values.words):
        return letters
    yes = answers_in(values.words) | {"1": "yes", "0": "no"}
    out: dict[str, str] = {}
    for word in values.words:
        said = spoken_word(word)
        meant = vital_word(word)
        if meant is not None:
            out[word] = meant
        elif said in yes and under is not None:
            out[word] = under if yes[said] == "yes" else {"dead": "alive", "alive": "dead"}[under]
        else:
            return None
    return out if values.distinct <= len(values.words) and "dead" in out.values() else None
