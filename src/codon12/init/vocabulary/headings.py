"""Roles that a heading names: as a whole, by a part, by its words."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from codon12.init.vocabulary.languages import beside_words, date_words, language_tables, role_words
from codon12.init.vocabulary.spelling import compact, without_unit, words

__all__ = ["date_role", "heading_roles", "made_role", "without_form"]

_SHORTEST, _SHORTEST_END = 4, 2
"""Letters of the first and of the last part of a compound, at least."""
_LONGEST_ENDING = 5
"""Letters that an inflected word has after its stem, at most."""
_CUT = 2
"""So many letters at least an abbreviation leaves out."""
_MOST_FORMS = 2
"""So many names of forms at most stand before the name of a column."""


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
                core = "".join(w for w in words(name) if w not in beside_words("fillers"))
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
    core = "".join(w for w in spoken if w not in beside_words("fillers", "owners"))
    for name in (core, "".join(w for w in spoken if w not in beside_words("fillers"))):
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
    >>> date_role("BL_DIS_DIAGDATE"), date_role("rx1_start_dt"), date_role("kaishibi")
    ('DIAGDT', 'TRTSDT', 'TRTSDT')
    >>> date_role("f_fin_tto1"), date_role("f_fin_tto2"), date_role("Datum (Tod)")
    ('TRTEDT', None, 'DTHDT')
    """
    table = date_words()
    known = _of_roles("dates") | {*table["date"]}
    for text in dict.fromkeys((without_unit(heading), heading)):
        split = [p for word in words(text) for p in _parted(word, known)]
        spoken = [
            _inflected(w, known)
            for word in split
            for w in ([word] if word in known else _undated(word, tuple(table["glued"])))
        ]
        role = _made_of([w for w in spoken if w not in table["date"]], table["roles"])
        if role is not None:
            return role
    return None


def made_role(heading: str) -> str | None:
    """Role, none of a date, that the words of a heading make up; None as of `date_role`.

    Examples
    --------
    >>> made_role("Tratamiento 1ª línea"), made_role("Age at enrollment (years)"), made_role("Prior treatment")
    ('DRUG_TYPE', 'AGE', None)
    >>> made_role("RECIST (meilleure réponse)")
    'BOR'
    """
    known = _of_roles("others")
    for text in dict.fromkeys((without_unit(heading), heading)):
        role = _made_of([p for word in words(text) for p in _parted(word, known)], role_words())
        if role is not None:
            return role
    return None


@cache
def _of_roles(kind: str) -> frozenset[str]:
    """All words of which headings of dates, or other headings, are made."""
    roles = date_words()["roles"] if kind == "dates" else role_words()
    return frozenset(
        w for entry in roles.values() for some in (*entry["needs"], [entry["with"]]) for ws in some for w in ws
    )


def _inflected(word: str, known: Collection[str]) -> str:
    """Give a word as it is known: itself, or its stem (``tabag*`` for ``tabagicos``)."""
    if word in known:
        return word
    return next(
        (s for n in range(len(word), max(2, len(word) - _LONGEST_ENDING - 1), -1) if (s := f"{word[:n]}*") in known),
        word,
    )


def _parted(word: str, known: Collection[str]) -> list[str]:
    """Part a compound of two known words (``systemtherapie``, ``samangil``); others stay whole."""
    if (whole := _inflected(word, known)) in known or not word.isascii():
        return [whole]
    for at in range(len(word) - _SHORTEST_END, _SHORTEST - 1, -1):
        first, rest = word[:at], word[at:]
        for begin in (first, first.removesuffix("s")):
            if begin in known and len(begin) >= _SHORTEST and (end := _inflected(rest, known)) in known:
                return [begin, end]
    bare = word.rstrip("0123456789")
    if bare != word and len(bare) > 1 and (begin := _inflected(bare, known)) in known:
        return [begin, word[len(bare) :]]
    return [word]


def _undated(word: str, endings: tuple[str, ...]) -> list[str]:
    """Part a word that ends in one for a date: ``diagdate``."""
    end = next((e for e in endings if word.endswith(e) and len(word) - len(e) > 2), None)
    return [word] if end is None else [word.removesuffix(end), end]


def _made_of(spoken: list[str], roles: dict[str, Any]) -> str | None:
    """The one role whose words all stand in a heading beside none but those allowed; names of forms before it aside."""
    fillers, forms = beside_words("fillers", "owners"), beside_words("forms")
    for begin in range(min(_MOST_FORMS, len(spoken) - 1) + 1 if spoken else 0):
        if begin and spoken[begin - 1] not in forms:
            break
        found = _roles_of(spoken[begin:], roles, fillers) or _roles_of(spoken[begin:], roles, fillers, short=True)
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _roles_of(spoken: list[str], roles: dict[str, Any], fillers: frozenset[str], *, short: bool = False) -> set[str]:
    """Roles all of whose needed words are said; with `short` words may be cut off (``anspr`` for ``ansprechen``)."""
    found = set()
    for role, entry in roles.items():
        for needs in entry["needs"]:
            known = {w for some in needs for w in some} | {*entry["with"]} | fillers
            said = {_whole(w, known) for w in spoken} if short else {*spoken}
            needed = all(said & {*some} for some in needs) and said <= known
            if needed and not any(said - fillers <= {*some} for some in entry.get("not", ())):
                found.add(role)
    return found


def _whole(word: str, known: Collection[str]) -> str:
    """Give the known word that a word begins, where it is known itself or too short for an abbreviation: the word."""
    if word in known or len(word) < _SHORTEST:
        return word
    longer = (w for w in known if w.rstrip("*").startswith(word) and len(w.rstrip("*")) >= len(word) + _CUT)
    return min(longer, default=word, key=lambda w: (len(w), w))


def without_form(heading: str) -> str | None:
    """A heading without the names of forms before it and what programs write after it; None where it has neither.

    Examples
    --------
    >>> without_form("BL_DEMO_SEX"), without_form("dem_dob"), without_form("AGE_STD"), without_form("Sex")
    ('sex', 'dob', 'age', None)
    """
    spoken = words(heading)
    forms, tails = beside_words("forms"), beside_words("tails")
    begin, end = 0, len(spoken)
    while begin < min(_MOST_FORMS, end - 1) and spoken[begin] in forms:
        begin += 1
    while end > begin + 1 and spoken[end - 1] in tails:
        end -= 1
    return None if (begin, end) == (0, len(spoken)) else " ".join(spoken[begin:end])
