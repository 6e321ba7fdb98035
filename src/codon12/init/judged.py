"""What one column is taken for: its heading and its cells, weighed against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief, Confidence
from codon12.init.condition import karnofsky_scores, smoking_words
from codon12.init.endpoints import endpoint_column
from codon12.init.fits import fits, score_doubt
from codon12.init.roles import CLEAR, DATE_ROLES, NUMBER_ROLES
from codon12.init.unread import unread_how
from codon12.init.values import GRADES, SETTINGS, STATES, Values, serial_days
from codon12.init.vital import told_vital, vital_words
from codon12.init.vocabulary import (
    answers_in,
    beside_words,
    change_of,
    compact,
    date_role,
    gene_of,
    heading_roles,
    made_role,
    response_word,
    sexes_of,
    spoken_word,
    unit_of,
    without_form,
    words,
    words_of,
)
from codon12.records.terms.assessments import ABSENT, PROGRESSED

__all__ = ["judged", "response_words"]

_FEW = 12
_ENOUGH = 0.9
_MOSTLY = 0.8
_BY_WORDS = "by its words"
_SAID = {"GRADE": GRADES, "STATE": STATES, "SETTING": SETTINGS}
_IDS = ("STUDYID",)
_FEW_STUDIES = 5
"""A study's table names so many studies at most."""


def judged(name: str, values: Values) -> ColumnBelief:
    """Say what a column is taken for, by its heading and the description of its cells."""
    if not values.filled:
        return ColumnBelief(column=name, role=None, confidence="unsure", why="no cell is filled")
    unit, decimal = unit_of(name), "," if values.comma else "."
    end = endpoint_column(name, values, unit)
    if end is not None:
        return replace(end, decimal=decimal)
    altered = _altered(name, values)
    if altered is not None:
        return altered
    roles = _of_a_heading(name, values)
    made = bool(roles) and roles[0][1] == _BY_WORDS
    if any(r == "AGE" for r, *_ in roles) and values.endings and _are_years(values):
        why = f"the heading says so, and its cells are ages with {', '.join(e.strip() for e in values.endings)} behind"
        return ColumnBelief(column=name, role="AGE", confidence="likely", why=why, endings=values.endings)
    told = None if any(r == "VITAL" and whole for r, _, whole in roles) else told_vital(name, values)
    if told is not None:
        return told
    if any(r == "ECOG" for r, *_ in roles) and (scores := _scores(values)):
        why = f"the heading says so, and its cells are scores such as {values.words[0]}"
        return ColumnBelief(column=name, role="ECOG", confidence="likely", why=why, values=scores)
    if any(r in ("ECOG", "KPS") for r, *_ in roles) and (karnofsky := karnofsky_scores(values)) is not None:
        why = f"the heading says so, and its cells are scores of Karnofsky such as {values.words[0]}"
        return ColumnBelief(column=name, role="KPS", confidence="likely", why=why, values=karnofsky)
    if any(r == "BRTHDT" for r, *_ in roles) and values.whole and fits("BRTHYR", values):
        why = "the heading speaks of birth, and its cells are years"
        return ColumnBelief(column=name, role="BRTHYR", confidence="likely", why=why)
    doubt = next(((r, d) for r, *_ in roles if (d := score_doubt(r, values, heading=name)) is not None), None)
    if doubt is not None:
        return ColumnBelief(column=name, role=doubt[0], confidence="unsure", why=f"the heading says so, but {doubt[1]}")
    judged = [(r, language, whole, fits(r, values)) for r, language, whole in roles]
    fitting = [j for j in judged if j[3] is not False]
    dead = vital_words(name, values) if not fitting and any(r == "DTHDT" for r, *_ in roles) else None
    if dead is not None:
        why = f"the heading speaks of death, and its cells are {', '.join(values.words[:4])}"
        return ColumnBelief(column=name, role="VITAL", confidence="likely", why=why, values=dead)
    if not fitting:
        return _by_values(name, values, tuple(r for r, *_ in judged))
    best = sorted(fitting, key=lambda j: (not j[2], j[3] is not True))
    role, language, whole, fit = best[0]
    rivals = tuple(r for r, *_ in best[1:])
    confidence: Confidence
    if whole and fit is True:
        confidence = "sure" if not [j for j in best[1:] if j[3] is True] else "likely"
    elif whole:
        confidence = "likely"
    else:
        long = len(words(name)) > 3
        clear = fit is True and not rivals and not long and role in CLEAR and role != "ASSDT"
        confidence = "likely" if clear else "unsure"
    said = "the heading" if whole else "a part of the heading"
    if made and confidence == "sure":
        confidence = "likely"
    why = f"{said} says so ({language if language == _BY_WORDS else language.title()}){_evidence(role, values)}"
    belief = ColumnBelief(column=name, role=role, confidence=confidence, why=why, alternatives=rivals, unit=unit)
    return _detailed(belief, values, decimal, language)


def _altered(name: str, values: Values) -> ColumnBelief | None:
    """Whether a gene is mutated, or one change of it is there: ``KRAS G12C`` with yes and no."""
    gene, change = gene_of(name), change_of(name)
    few = values.distinct <= _FEW or (gene is not None and values.kinds.get("hgvs", 0) > 0.3)
    if (gene is None and change is None) or values.dates is not None or not few:
        return None
    told = values.kinds.get("yesno", 0) >= 0.8 or _tells(values)
    seen = ", ".join(values.words[:4])
    if gene is not None:
        told |= values.kinds.get("hgvs", 0) >= 0.8
        why, sure = f"the heading names {gene}, and its cells are {seen}", "sure" if told else "unsure"
        read = _of_gene(values)
        if not told and values.kinds.get("code01", 0) == 1 and "mut" in " ".join(words(name)):
            why, sure = f"{why}; by convention 1 says mutated", "likely"
            read = {w: "Mutated" if w.startswith("1") else "Wild type" for w in values.words}
        return ColumnBelief(column=name, role=f"{gene}MUT", confidence=sure, why=why, values=read)
    if change is None or not told:
        return None
    asked, known = change.partition("_")[2], words_of("NE") | answers_in(values.words)
    said = {"yes": asked, "no": f"No {asked}", "NE": ""}
    read = {w: said[known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}
    why = f"the heading names {change.replace('_', ' ')}, and its cells are {seen}"
    return ColumnBelief(column=name, role=change, confidence="likely", why=why, values=read)


def _of_a_heading(name: str, values: Values) -> list[tuple[str, str, bool]]:
    """Roles that a heading may name: as a whole, by its words, without the names of forms, by a part of it."""
    roles = [r for r in heading_roles(name) if r[0] not in _IDS or _is_id(r[0], values)]
    if any(whole and (r != "ASSDT" or values.dates is None) and fits(r, values) is not False for r, _, whole in roles):
        return roles
    dated = values.dates is not None or serial_days(values)
    made = (date_role(name) if dated else None) or (None if values.dates is not None else made_role(name))
    if made is not None and (fits(made, values) is not False or (made == "AGE" and values.endings)):
        return [(made, _BY_WORDS, True)]
    bare = without_form(name)
    inside = [] if bare is None else [(r, _BY_WORDS, w) for r, _, w in heading_roles(bare) if w and r != "ASSDT"]
    return [
        r for r in inside if fits(r[0], values) is not False and (r[0] not in _IDS or _is_id(r[0], values))
    ] or roles


def _is_id(role: str, values: Values) -> bool:
    """Whether a heading such as Study ID is of the patient or of the study: by how many different ones there are."""
    return (role == "USUBJID") == (values.distinct > max(_FEW_STUDIES, 0.1 * values.filled))


def _are_years(values: Values) -> bool:
    low, high = NUMBER_ROLES["AGE"]
    known = all(compact(e) in beside_words("years") for e in values.endings)
    return known and low <= values.ended[0] and values.ended[1] <= high


def _scores(values: Values) -> dict[str, str]:
    """Scores from 0 to 5 behind or before a word -> the number; none where a cell is no such score, or all are bare."""
    found = {w: re.fullmatch(r"(?:[^\W\d_]+[ .:=-]*){0,2}([0-5])(?:[ .:=,(-]+\D*)?", w) for w in values.words}
    if values.distinct > len(found) or not all(found.values()) or values.numbers > 0:
        return {}
    return {w: m.group(1) for w, m in found.items() if m is not None}


def _tells(values: Values) -> bool:
    """Whether every cell is a word for yes or no, a protein change, or not evaluable."""
    return sum(values.kinds.get(kind, 0) for kind in ("yesno", "hgvs", "inevaluable")) >= _ENOUGH


def _of_gene(values: Values) -> dict[str, str]:
    """Words for yes and no of a gene as Mutated and Wild type, not evaluable as missing; every other text stays."""
    known = words_of("NE") | answers_in(values.words)
    said = {"yes": "Mutated", "no": "Wild type", "NE": ""}
    return {w: said[known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}


def _evidence(role: str, values: Values) -> str:
    if role in DATE_ROLES and values.dates is not None:
        return f", and its cells are dates such as {values.dates.example}"
    if role == "SEX":
        return f", and its cells are {', '.join(values.words[:4])}"
    if role in NUMBER_ROLES and values.low is not None:
        return f", and its cells are numbers from {values.low:g} to {values.high:g}"
    if role == "USUBJID":
        return f"; {values.distinct:,} different ones in {values.rows:,} rows"
    return ""


def _detailed(belief: ColumnBelief, values: Values, decimal: str, language: str) -> ColumnBelief:
    """Add formats of dates, words of sex and response, and what follows for the confidence."""
    role = belief.role
    if role in DATE_ROLES:
        dates = values.dates
        if dates is None:
            low, high = values.low or 0, values.high or 0
            if values.numbers > _ENOUGH and low >= 10_000 and high < 80_000:
                inside = serial_days(values)
                is_ = "are serial numbers" if inside else "may be the serial numbers"
                why = f"{belief.why}; its numbers {is_} of a spreadsheet (excel)"
                sure: Confidence = "likely" if inside and belief.confidence == "likely" else "unsure"
                return replace(belief, formats=("excel",), confidence=sure, why=why)
            return replace(belief, confidence="unsure", why=f"{belief.why}; but its cells are numbers, not dates")
        if dates.choices:
            return replace(
                belief, confidence="unsure", why=f"{belief.why}; but {dates.example} may be day or month first"
            )
        if dates.months == 1 and role == "DTHDT":
            why = f"{belief.why}; they have no day, and which one counts is asked"
            return replace(belief, formats=dates.formats, why=why)
        if dates.months == 1 and role != "BRTHDT":
            why = f"{belief.why}; but they have no day, and no time is made of them"
            return replace(belief, formats=dates.formats, confidence="unsure", why=why)
        return replace(belief, formats=dates.formats)
    if role == "SEX":
        read = sexes_of(values.words, language)
        if read is None:
            return replace(belief, confidence="unsure", why=f"{belief.why}; but which code is which sex is not said")
        return replace(belief, values={w: s for w, s in read.items() if w != s})
    if role == "BOR":
        return replace(belief, values=response_words(values.words))
    if role == "SMOKING":
        return replace(belief, values=smoking_words(values))
    if role == "DIAGYR":
        why = "a year of diagnosis; no time begins at it without a day"
        return replace(belief, role=None, confidence="unsure", why=why)
    if role == "GROUP":
        codes = {"target": "TARGET", "nontarget": "NON-TARGET", "new": "NEW"}
        known = words_of("target", "nontarget", "new")
        read = {w: codes[known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}
        return replace(belief, values={w: s for w, s in read.items() if w != s})
    if role in _SAID:
        known = words_of(*_SAID[role])
        read = {w: _SAID[role][known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}
        if role == "STATE":  # what a word says of a new lesion differs from what it says of one that was there before
            read = {w: s for w, s in read.items() if w.upper() not in (*ABSENT, *PROGRESSED, "PRESENT", "STABLE")}
        return replace(belief, values=read)
    if role in ("CAUSAL", "SERIOUS"):
        answers, letter = answers_in(values.words), {"yes": "Y", "no": "N"}
        said = {w: letter[answers[spoken_word(w)]] for w in values.words if spoken_word(w) in answers}
        return replace(belief, values=said if len(said) == len(values.words) else {})
    if role == "VITAL":
        meaning = vital_words(belief.column, values)
        if meaning is None:
            return replace(belief, confidence="unsure", why=f"{belief.why}; but which word means dead is not clear")
        return replace(belief, values=meaning)
    return replace(belief, decimal=decimal)


def response_words(words_: Iterable[str]) -> dict[str, str]:
    """Words for a response that are not those of RECIST -> those of RECIST.

    Examples
    --------
    >>> response_words(["PR", "stable", "Bubun gwanhae", "Komplettremission"])
    {'stable': 'SD', 'Bubun gwanhae': 'PR', 'Komplettremission': 'CR'}
    """
    return {w: s for w in words_ if (s := response_word(w)) is not None and w.upper() != s}


def _unfit(said: tuple[str, ...], values: Values) -> str:
    """Why the cells of a heading do not fit: the number that lies outside its bounds, where it is one."""
    bounds = [NUMBER_ROLES[r] for r in said if r in NUMBER_ROLES]
    if len(bounds) == 1 and values.numbers >= _ENOUGH and values.low is not None and values.high is not None:
        (low, high), odd = bounds[0], values.low
        odd = values.high if odd >= low else odd
        return f"a cell is {odd:g}, outside {low:g} to {high:g}: correct it, and run init again"
    return "the cells do not fit"


def _by_values(name: str, values: Values, said: tuple[str, ...]) -> ColumnBelief:
    """Take a column for what its cells alone say; never more than unsure."""
    kinds = values.kinds
    but = f"the heading may mean {', '.join(said)}, but {_unfit(said, values)}; " if said else ""
    guess: tuple[str | None, str] = (None, f"{but}neither heading nor cells are known")
    if kinds.get("sex", 0) >= 0.95 and values.distinct == 2:
        guess = ("SEX", f"{but}its cells are words for sexes")
    elif kinds.get("recist", 0) >= 0.9 and values.distinct >= 3:
        guess = ("BOR", f"{but}its cells are responses of RECIST")
    elif kinds.get("hgvs", 0) >= 0.9 and values.distinct >= 3:
        guess = ("PROTEIN", f"{but}its cells are protein changes (HGVS)")
    elif kinds.get("drug", 0) >= _MOSTLY:
        guess = ("DRUG_TYPE", f"{but}its cells name drugs, such as {values.words[0]}")
        if "LINE" in said:  # the name of a line of therapy
            return ColumnBelief(column=name, role=guess[0], confidence="likely", why=guess[1])
    elif kinds.get("dead", 0) >= 0.9:
        guess = ("VITAL", f"{but}its cells are words for dead and alive")
    elif values.dates is not None:
        guess = (None, f"{but}dates ({values.dates.example}) of something unknown")
    elif (how := unread_how(values.words)) is not None:
        guess = (None, f"{but}its cells are {how}")
    return ColumnBelief(
        column=name,
        role=guess[0],
        confidence="unsure",
        why=guess[1],
        alternatives=tuple(r for r in said if r != guess[0]),
    )
