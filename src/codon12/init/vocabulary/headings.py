"""Roles that a heading names: as a whole, by a part, by its words."""

from __future__ import annotations

from functools import cache

from codon12.init.vocabulary.languages import date_words, language_tables
from codon12.init.vocabulary.spelling import compact, without_unit, words

__all__ = ["date_role", "heading_roles"]

_FILLERS = frozenset(
    (
        *(
            "a",
            "al",
            "am",
            "and",
            "at",
            "au",
            "aux",
            "bei",
            "bl",
            "baseline",
            "cat",
            "coded",
            "d",
            "da",
            "das",
            "de",
            "del",
        ),
        *(
            "della",
            "dem",
            "der",
            "des",
            "di",
            "die",
            "do",
            "dt",
            "du",
            "dx",
            "e",
            "el",
            "en",
            "et",
            "fl",
            "flag",
            "het",
        ),
        *(
            "hx",
            "im",
            "in",
            "jn",
            "l",
            "la",
            "le",
            "les",
            "los",
            "of",
            "op",
            "s",
            "the",
            "und",
            "van",
            "von",
            "y",
            "yn",
        ),
        *("zu", "zum"),
    )
)
"""Words of a heading that change nothing of what it names."""
_OWNERS = frozenset(
    (
        *("patient", "patients", "pt", "patienten", "paciente", "pacientes", "paziente", "doente"),
        *("code", "percent", "pct", "group", "current", "actual", "recist", "clinical", "clinica"),
    )
)
"""Words for whose it is, and of which kind, that a heading may have beside the name of its column."""


@cache
def _headings() -> dict[str, list[tuple[str, str]]]:
    """Compact heading -> the roles it may have, each with the language."""
    out: dict[str, list[tuple[str, str]]] = {}
    for language, table in language_tables().items():
        for role, names in table["headings"].items():
            for name in (*names, role):
                entry = out.setdefault(compact(name), [])
                if role not in [r for r, _ in entry]:
                    entry.append((role, language))
    return out


@cache
def _cores() -> dict[str, list[tuple[str, str]]]:
    """Headings without the words between: ``datefirstdose`` -> roles; those of one letter aside."""
    out: dict[str, list[tuple[str, str]]] = {}
    for language, table in language_tables().items():
        for role, names in table["headings"].items():
            for name in (*names, role):
                core = "".join(w for w in words(name) if w not in _FILLERS)
                entry = out.setdefault(core, []) if len(core) > 1 else []
                if role not in [r for r, _ in entry]:
                    entry.append((role, language))
    return out


def heading_roles(heading: str, *, longest: bool = True) -> list[tuple[str, str, bool]]:
    """Roles that a heading may name: role, language, and whether it is the whole heading (else a part of it).

    Of parts the longest count, or all of them.

    Examples
    --------
    >>> heading_roles("Todesdatum")
    [('DTHDT', 'german', True)]
    """
    known = _headings()
    bare = compact(without_unit(heading))
    for name in dict.fromkeys((compact(heading), bare)):
        if name in known:
            return [(role, language, True) for role, language in known[name]]
    spoken = words(without_unit(heading))
    core = "".join(w for w in spoken if w not in _FILLERS and w not in _OWNERS)
    for name in (core, "".join(w for w in spoken if w not in _FILLERS)):
        if name in _cores():
            return [(role, language, True) for role, language in _cores()[name]]
    found: dict[str, tuple[int, str]] = {}
    for size in range(len(spoken) - 1, 0, -1):
        for start in range(len(spoken) - size + 1):
            part = "".join(spoken[start : start + size])
            if len(part) < 3:
                continue
            for role, language in known.get(part, ()):
                found.setdefault(role, (size, language))
    most = max((size for size, _ in found.values()), default=0)
    return [(role, language, False) for role, (size, language) in found.items() if not longest or size == most]


def date_role(heading: str) -> str | None:
    """Role of a date that the words of a heading make up; None where a word stands in the way, or several roles fit.

    Examples
    --------
    >>> date_role("Dt. última informação"), date_role("Date randomised"), date_role("Start of radiotherapy")
    ('LSTALVDT', 'RANDDT', None)
    """
    table = date_words()
    spoken = {*words(without_unit(heading))} - {*table["date"]}
    found = [
        role
        for role, entry in table["roles"].items()
        for needs in entry["needs"]
        if all(spoken & {*some} for some in needs)
        and spoken <= {w for some in needs for w in some} | {*entry["with"]} | _FILLERS | _OWNERS
    ]
    return found[0] if len(set(found)) == 1 else None
