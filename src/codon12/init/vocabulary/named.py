"""What a heading names beside a role: a time to event, a gene, a unit, what yes means."""

from __future__ import annotations

import re

from codon12.init.vocabulary.languages import beside_words, date_words, language_tables
from codon12.init.vocabulary.spelling import compact, without_unit, words

__all__ = ["change_of", "endpoint_of", "gene_of", "gene_roles", "parts_of", "since_of", "unit_of", "vital_of"]

_EXON = re.compile(r"\bex(?:on)?s?[ _.]*\d+(?:[-–,/]\d+)*", re.IGNORECASE)
_UNIT = re.compile(r"[\(\[\{（［]([^\)\]\}）］]*)[\)\]\}）］]|\bin\s+(\w+)\s*$", re.IGNORECASE)


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
    for table in language_tables().values():
        for code, names in table["endpoints"].items():
            if any(_in_order(spoken, n) for n in names):
                return code
    return None


def gene_roles() -> tuple[str, ...]:
    """Roles of columns on genes and single changes that headings of registries name: ``KRASMUT``, ``KRAS_G12C``."""
    table = language_tables()["english"]["genes"]
    return (*(f"{gene}MUT" for gene in table["names"]), *(name.replace(" ", "_") for name in table["changes"]))


def change_of(heading: str) -> str | None:
    """Change of a gene that a heading asks for, as its role.

    Examples
    --------
    >>> change_of("kras_g12c"), change_of("KRAS p.G12C mutation"), change_of("KRAS G12"), change_of("KRAS G12C or G12D")
    ('KRAS_G12C', 'KRAS_G12C', None, None)
    """
    table = language_tables()["english"]["genes"]
    spoken = {*words(without_unit(heading))}
    allowed = {w for b in table["beside"] for w in words(b)} | beside_words("fillers", "methods") | {"p"}
    for name in table["changes"]:
        own = {*words(name)}
        if spoken == {compact(name)} or (own <= spoken and spoken - own <= allowed):
            return name.replace(" ", "_")
    return None


def gene_of(heading: str) -> str | None:
    """Gene that a heading names, alone or beside a word for its status.

    Examples
    --------
    >>> gene_of("KRASMUT"), gene_of("EGFR-Mutation"), gene_of("kras_gene_analysis_performed")
    ('KRAS', 'EGFR', None)
    >>> gene_of("KRAS exon 2 result"), gene_of("Mutation EGFR (NGS)"), gene_of("KRAS G12C")
    ('KRAS', 'EGFR', None)
    """
    table = language_tables()["english"]["genes"]
    joined = compact(without_unit(heading))
    beside = {"", *(compact(w) for w in table["beside"])}
    found = [
        g
        for g in table["names"]
        if (joined.startswith(compact(g)) and joined[len(compact(g)) :] in beside)
        or (joined.endswith(compact(g)) and joined[: -len(compact(g))] in beside)
    ]
    if found:
        return max(found, key=len)
    spoken = words(_EXON.sub(" ", heading))
    allowed = {w for b in table["beside"] for w in words(b)} | beside_words("fillers", "methods")
    named = [g for g in table["names"] if compact(g) in spoken and {*spoken} - {compact(g)} <= allowed]
    return named[0] if len(named) == 1 else None


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
        for table in language_tables().values()
        for meaning, names in table["vital"].items()
        if meaning != "letters"
        for name in map(compact, names)
        if name in spoken or name == joined or (not name.isascii() and name in joined)
    }
    return found.pop() if len(found) == 1 else None


def since_of(heading: str) -> str | None:
    """Day from which the heading of a time says that it runs: ``diagnosis``, ``later``; None: that of the study.

    Examples
    --------
    >>> since_of("OS from diagnosis (months)"), since_of("OS after progression"), since_of("OS (months)")
    ('diagnosis', 'later', None)
    """
    spoken = {*words(heading)}
    if spoken & beside_words("later"):
        return "later"
    known = {w for some in date_words()["roles"]["DIAGDT"]["needs"] for ws in some for w in ws}
    return "diagnosis" if spoken & known else None


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
        for table in language_tables().values()
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
        for table in language_tables().values():
            for unit, names in table["units"].items():
                if candidate in [compact(n) for n in names if n != "%"]:
                    return unit
    return None
