"""Headings and words by language, as data: one TOML table a language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = [
    "LANGUAGES",
    "compact",
    "date_role",
    "endpoint_of",
    "gene_of",
    "genes",
    "heading_roles",
    "parts_of",
    "sex_letters",
    "sexes_of",
    "spoken_word",
    "unit_of",
    "vital_of",
    "vital_word",
    "without_unit",
    "words",
    "words_of",
]

LANGUAGES = ("english", "german", "french", "spanish", "italian", "portuguese", "dutch", "korean", "japanese")
_UNIT = re.compile(r"[\(\[\{（［]([^\)\]\}）］]*)[\)\]\}）］]|\bin\s+(\w+)\s*$", re.IGNORECASE)
_TURNS = frozenset(("not", "no", "non", "nicht", "niet", "or", "oder", "ou", "o"))
"""Words after dead or alive that leave it open."""
_FILLERS = frozenset(
    (
        *("a", "al", "and", "at", "au", "aux", "bei", "bl", "baseline", "cat", "coded", "d", "da", "das", "de", "del"),
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
_OWNERS = frozenset(("patient", "patients", "pt", "patienten", "paciente", "pacientes", "paziente", "doente"))
"""Words for whose it is."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def compact(text: str) -> str:
    """Letters and digits of a heading in lower case, without accents, spaces, signs.

    Examples
    --------
    >>> compact("Date de décès"), compact("PD-L1"), compact("患者ID")
    ('datededeces', 'pdl1', '患者id')
    """
    return "".join(words(text))


def words(text: str) -> list[str]:
    """Words of a heading in lower case and without accents; capitals within a word begin one."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text).replace("ß", "ss"))
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c) or ord(c) > 0x3000))
    return re.findall(r"[^\W_]+", plain.lower())


@cache
def _tables() -> dict[str, dict[str, Any]]:
    home = files("codon12.init.vocabulary")
    return {name: tomllib.loads((home / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES}


@cache
def _headings() -> dict[str, list[tuple[str, str]]]:
    """Compact heading -> the roles it may have, each with the language."""
    out: dict[str, list[tuple[str, str]]] = {}
    for language, table in _tables().items():
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
    for language, table in _tables().items():
        for role, names in table["headings"].items():
            for name in (*names, role):
                core = "".join(w for w in words(name) if w not in _FILLERS)
                entry = out.setdefault(core, []) if len(core) > 1 else []
                if role not in [r for r, _ in entry]:
                    entry.append((role, language))
    return out


def without_unit(heading: str) -> str:
    """A heading without what stands in brackets.

    Examples
    --------
    >>> without_unit("PDL1_TPS(%)"), without_unit("OS [Monate]")
    ('PDL1_TPS', 'OS ')
    """
    return re.sub(r"[\(\[\{（［][^\)\]\}）］]*[\)\]\}）］]", "", heading)


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


def _in_order(spoken: list[str], name: str) -> bool:
    joined = "".join(spoken)
    target = compact(name)
    return target in spoken or (len(target) > 4 and target in joined)


def endpoint_of(heading: str) -> str | None:
    """Time to event that a heading names.

    Examples
    --------
    >>> endpoint_of("PFS.CNSR"), endpoint_of("Gesamtüberleben (Monate)"), endpoint_of("Position")
    ('PFS', 'OS', None)
    """
    spoken = words(heading)
    for table in _tables().values():
        for code, names in table["endpoints"].items():
            if any(_in_order(spoken, n) for n in names):
                return code
    return None


def genes() -> tuple[str, ...]:
    """Genes that headings of registries name."""
    return tuple(_tables()["english"]["genes"]["names"])


def gene_of(heading: str) -> str | None:
    """Gene that a heading names, alone or beside a word for its status.

    Examples
    --------
    >>> gene_of("KRASMUT"), gene_of("EGFR-Mutation"), gene_of("kras_gene_analysis_performed")
    ('KRAS', 'EGFR', None)
    """
    table = _tables()["english"]["genes"]
    joined = compact(without_unit(heading))
    beside = {"", *(compact(w) for w in table["beside"])}
    found = [g for g in table["names"] if joined.startswith(compact(g)) and joined[len(compact(g)) :] in beside]
    return max(found, key=len) if found else None


@cache
def _dates() -> dict[str, Any]:
    return tomllib.loads((files("codon12.init.vocabulary") / "dates.toml").read_text(encoding="utf-8"))


def date_role(heading: str) -> str | None:
    """Role of a date that the words of a heading make up; None where a word stands in the way, or several roles fit.

    Examples
    --------
    >>> date_role("Dt. última informação"), date_role("Date randomised"), date_role("Start of radiotherapy")
    ('LSTALVDT', 'RANDDT', None)
    """
    table = _dates()
    spoken = {w for w in words(without_unit(heading)) if w not in _FILLERS and w not in _OWNERS} - {*table["date"]}
    found = [
        role
        for role, entry in table["roles"].items()
        for needs in entry["needs"]
        if all(spoken & {*some} for some in needs) and spoken <= {w for some in needs for w in some} | {*entry["with"]}
    ]
    return found[0] if len(set(found)) == 1 else None


def vital_of(heading: str) -> str | None:
    """Say what yes means under a heading: ``dead`` or ``alive``; None where it says neither, or both.

    Examples
    --------
    >>> vital_of("Verstorben?"), vital_of("死亡有無"), vital_of("Dead or alive"), vital_of("Status")
    ('dead', 'dead', None, None)
    """
    spoken = words(heading)
    joined = "".join(spoken)
    found = {
        meaning
        for table in _tables().values()
        for meaning, names in table["vital"].items()
        for name in map(compact, names)
        if name in spoken or name == joined or (not name.isascii() and name in joined)
    }
    return found.pop() if len(found) == 1 else None


def sexes_of(cells: Iterable[str], language: str | None = None) -> dict[str, str] | None:
    """Read words and letters for sexes as M and F; None where one is not known or languages disagree about it.

    Letters are read together, since M is male beside F and female beside H; those of `language`, if it has such a
    pair, go before the others.

    Examples
    --------
    >>> sexes_of(["H", "M"]), sexes_of(["M", "F"], "english"), sexes_of(["M", "V"]), sexes_of(["M", "V"], "dutch")
    ({'H': 'M', 'M': 'F'}, {'M': 'M', 'F': 'F'}, None, {'M': 'M', 'V': 'F'})
    """
    known = words_of("female", "male")
    short = {"female": "F", "male": "M"}
    read = {c: short[known[spoken_word(c)]] for c in cells if spoken_word(c) in known}
    letters = {c: spoken_word(c) for c in cells if c not in read}
    if not letters:
        return read or None
    pairs = [(name, pair) for name, t in _tables().items() for pair in t.get("sexes", {}).get("letters", ())]
    fitting = [(name, pair) for name, pair in pairs if set(letters.values()) <= set(pair)]
    own = [(name, pair) for name, pair in fitting if name == language] or fitting
    readings = {tuple("M" if said == pair[0] else "F" for said in letters.values()) for _, pair in own}
    if len(readings) != 1:
        return None
    return {c: read[c] if c in read else dict(zip(letters, readings.copy().pop(), strict=True))[c] for c in cells}


def sex_letters() -> set[str]:
    """Letters that may stand for a sex."""
    return {letter for t in _tables().values() for pair in t.get("sexes", {}).get("letters", ()) for letter in pair}


def parts_of(heading: str) -> set[str]:
    """Which of time, status and censor a heading says.

    Examples
    --------
    >>> sorted(parts_of("OS_MONTHS")), sorted(parts_of("OS.CNSR"))
    (['time'], ['censor'])
    """
    spoken = set(words(heading))
    return {
        part
        for table in _tables().values()
        for part, names in table["parts"].items()
        if any(compact(n) in spoken for n in names)
    }


def unit_of(heading: str) -> str | None:
    """Unit that a heading states: in brackets, after ``in``, or as its last word.

    Examples
    --------
    >>> unit_of("Größe [cm]"), unit_of("OS_MONTHS"), unit_of("Dauer in Tagen"), unit_of("OS")
    ('cm', 'months', 'days', None)
    """
    inside = [a or b for a, b in _UNIT.findall(heading)]
    spoken = words(heading)
    candidates = [*(compact(i) for i in inside), *(w for i in inside for w in words(i)), *spoken[-1:], *spoken[:1]]
    if "%" in heading:
        return "percent"
    for candidate in candidates:
        for table in _tables().values():
            for unit, names in table["units"].items():
                if candidate in [compact(n) for n in names if n != "%"]:
                    return unit
    return None


def spoken_word(text: str) -> str:
    """A cell as words are compared: lower case, without accents, one space between."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c) or ord(c) > 0x3000))
    return re.sub(r"[\s_]+", " ", plain)


def vital_word(text: str) -> str | None:
    """Give ``dead`` or ``alive`` where a cell says so, with whatever else it says after that.

    Examples
    --------
    >>> [vital_word(w) for w in ("Dead of disease", "lebt", "verstorben (Tumor)", "not dead", "1:DECEASED", "PR")]
    ['dead', 'alive', 'dead', None, 'dead', None]
    """
    said, known = spoken_word(text), words_of("dead", "alive")
    if said in known:
        return known[said]
    first, *rest = re.findall(r"[^\W_]+", said) or [""]
    return None if set(rest[:1]) & _TURNS else known.get(first)


@cache
def words_of(*kinds: str) -> dict[str, str]:
    """Words of some kinds in all languages -> the kind; a word of two kinds has the first.

    Examples
    --------
    >>> words_of("female", "male")[spoken_word("Männlich")]
    'male'
    """
    out: dict[str, str] = {}
    for kind in kinds:
        for table in _tables().values():
            for word in table["words"].get(kind, ()):
                out.setdefault(spoken_word(word), kind)
    return out
