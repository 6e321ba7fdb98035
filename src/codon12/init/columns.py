"""What one column is taken for: its heading and its cells, weighed against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief, Confidence
from codon12.init.look import Seen
from codon12.init.values import Values, values_of
from codon12.init.vocabulary import (
    endpoint_of,
    gene_of,
    heading_roles,
    parts_of,
    sexes_of,
    spoken_word,
    unit_of,
    vital_of,
    vital_word,
    words,
    words_of,
)

__all__ = ["DATE_ROLES", "believe_columns", "wide_families"]

DATE_ROLES = ("BRTHDT", "DIAGDT", "RANDDT", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "PROGDT", "ASSDT")
_NUMBER_ROLES = {
    "AGE": (0, 120),
    "ECOG": (0, 5),
    "TMB": (0, 5000),
    "BTMB": (0, 5000),
    "NLR": (0, 500),
    "ALB": (0, 100),
    "SIZE": (0, 1000),
    "METSITES": (0, 60),
    "LINE": (0, 20),
    "LINES": (0, 20),
    "DAYS_DEATH": (0, 40_000),
    "DAYS_LAST": (0, 40_000),
}
_CLEAR = (*DATE_ROLES, "AGE", "SEX", "BOR", "SIZE", "PDL1", "TMB", "ECOG")
"""Roles whose cells say enough for a part of the heading to be believed."""
_DATE_OF = {"VITAL": "LSTALVDT"}
"""What a date is under the heading of a group."""
_MOST_COLUMNS = 400
_HEAD = 5_000
_UNREAD = (
    (
        r"(?:[MTSHR]|明治|大正|昭和|平成|令和)\s*(?:\d{1,2}|元)\s*[年./-].*",
        "dates by a Japanese era, which are not read: write them as 2021-05-01",
    ),
    (
        r"(?:[<>~≈]?\s*\d+(?:[.,]\d+)?\s*[^\W\d_]+\.?,?\s*(?:(?:and|et|und|y|e|en)\s+)?)+",
        "times with their unit in the cell: write numbers of one unit",
    ),
)
"""Cells that a first look names and does not read."""
_FEW = 12
_ENOUGH = 0.9
_BOTH = ("dead", "alive")
_SERIALS = (36_526, 49_500)
"""Serial numbers of a spreadsheet from 2000 to 2035: the days that a study has."""


def believe_columns(
    seen: Seen, codes: dict[str, dict[str, str]] | None = None
) -> tuple[tuple[ColumnBelief, Values], ...]:
    """Give what each column of a table is taken for, with the description of its cells.

    `codes` are the code lists of a dictionary sheet: column in small letters -> code -> meaning. Of two columns for
    one role the surer one has it, and the first of equals.
    """
    out = []
    for name in seen.frame.columns[:_MOST_COLUMNS]:
        column = seen.frame[name].head(_HEAD)
        listed = (codes or {}).get(spoken_word(name), {})
        meant = column.replace(listed) if listed else column
        values = values_of(meant)
        belief = _of_group(_believe(name, values), seen.above.get(name), values)
        if listed:
            belief = _decoded(belief, listed)
        out.append((belief, values))
    families = wide_families([b.column for b, _ in out])
    wide = {column for visits in families.values() for column in visits.values()}
    return _one_each([(_of_a_visit(b), v) if b.column in wide and b.role else (b, v) for b, v in out])


def _of_group(belief: ColumnBelief, group: str | None, values: Values) -> ColumnBelief:
    """Take a date whose own heading says no more than that for what the heading of its group says."""
    if group is None or values.dates is None or belief.role not in (None, "ASSDT"):
        return belief
    roles = [r for r, *_ in heading_roles(group) if r in DATE_ROLES] or [
        _DATE_OF[r] for r, *_ in heading_roles(group) if r in _DATE_OF
    ]
    if len(set(roles)) != 1:
        return belief
    why = f"a date under the heading '{group}', and its cells are dates such as {values.dates.example}"
    read = ColumnBelief(column=belief.column, role=roles[0], confidence="likely", why=why)
    return _detailed(read, values, ".", "")


def wide_families(columns: list[str]) -> dict[str, dict[str, str]]:
    """Headings that differ in one number alone: name with ``{}`` -> number -> heading; two numbers at least.

    Examples
    --------
    >>> wide_families(["ID", "CT 1", "CT 2", "RECIST 1", "race2"])
    {'CT {}': {'1': 'CT 1', '2': 'CT 2'}}
    """
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        for number in re.finditer(r"\d+", column):
            name = f"{column[: number.start()]}{{}}{column[number.end() :]}"
            if "{" not in column and "}" not in column:
                found.setdefault(name, {})[number.group()] = column
    return {name: visits for name, visits in found.items() if len(visits) > 1}


def _of_a_visit(belief: ColumnBelief) -> ColumnBelief:
    """Take a column of one visit for nothing by itself, where its heading is known without its number."""
    if belief.role not in (*DATE_ROLES, "BOR", "SIZE", "VISIT"):
        return belief
    why = f"{belief.why}; but there is one for each visit"
    return replace(belief, role=None, confidence="unsure", why=why, alternatives=(str(belief.role),))


def _decoded(belief: ColumnBelief, listed: dict[str, str]) -> ColumnBelief:
    read = {code: belief.values.get(meaning, meaning) for code, meaning in listed.items()}
    return replace(belief, values=read, why=f"{belief.why}; its codes are those of the dictionary")


def _one_each(beliefs: list[tuple[ColumnBelief, Values]]) -> tuple[tuple[ColumnBelief, Values], ...]:
    rank = {"sure": 0, "likely": 1, "unsure": 2}
    order = sorted(range(len(beliefs)), key=lambda i: (rank[beliefs[i][0].confidence], i))
    taken: dict[str, str] = {}
    out = list(beliefs)
    for i in order:
        belief, values = beliefs[i]
        if belief.role is None or belief.confidence == "unsure":
            continue
        if belief.role in taken:
            why = f"{belief.why}; '{taken[belief.role]}' is already taken for {belief.role}"
            out[i] = (replace(belief, confidence="unsure", why=why), values)
        else:
            taken[belief.role] = belief.column
    return tuple(out)


def _believe(name: str, values: Values) -> ColumnBelief:
    if not values.filled:
        return ColumnBelief(column=name, role=None, confidence="unsure", why="no cell is filled")
    unit, decimal = unit_of(name), "," if values.comma else "."
    end = _endpoint(name, values, unit)
    if end is not None:
        return replace(end, unit=unit, decimal=decimal)
    gene = gene_of(name)
    if gene is not None and values.dates is None and (values.distinct <= _FEW or values.kinds.get("hgvs", 0) > 0.3):
        told = max(values.kinds.get(k, 0) for k in ("yesno", "hgvs")) >= 0.8 or _tells(values)
        why = f"the heading names {gene}, and its cells are {', '.join(values.words[:4])}"
        return ColumnBelief(
            column=name, role=f"{gene}MUT", confidence="sure" if told else "unsure", why=why, values=_of_gene(values)
        )
    roles = heading_roles(name)
    told = None if any(r == "VITAL" for r, *_ in roles) else _told_vital(name, values)
    if told is not None:
        return told
    judged = [(r, language, whole, _fits(r, values)) for r, language, whole in roles]
    fitting = [j for j in judged if j[3] is not False]
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
        clear = fit is True and not rivals and not long and role in _CLEAR
        confidence = "likely" if clear else "unsure"
    said = "the heading" if whole else "a part of the heading"
    why = f"{said} says so ({language.title()}){_evidence(role, values)}"
    belief = ColumnBelief(column=name, role=role, confidence=confidence, why=why, alternatives=rivals, unit=unit)
    return _detailed(belief, values, decimal, language)


def _told_vital(name: str, values: Values) -> ColumnBelief | None:
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


def _tells(values: Values) -> bool:
    """Whether every cell is a word for yes or no, or a protein change."""
    return values.kinds.get("yesno", 0) + values.kinds.get("hgvs", 0) >= 0.9


def _of_gene(values: Values) -> dict[str, str]:
    """Words for yes and no of a gene as Mutated and Wild type; every other text stays."""
    known = words_of("yes", "no")
    said = {"yes": "Mutated", "no": "Wild type"}
    return {w: said[known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}


def _evidence(role: str, values: Values) -> str:
    if role in DATE_ROLES and values.dates is not None:
        return f", and its cells are dates such as {values.dates.example}"
    if role == "SEX":
        return f", and its cells are {', '.join(values.words[:4])}"
    if role in _NUMBER_ROLES and values.low is not None:
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
                inside = values.numbers == 1 and low >= _SERIALS[0] and high < _SERIALS[1]
                is_ = "are serial numbers" if inside else "may be the serial numbers"
                why = f"{belief.why}; its numbers {is_} of a spreadsheet (excel)"
                sure: Confidence = "likely" if inside and belief.confidence == "likely" else "unsure"
                return replace(belief, formats=("excel",), confidence=sure, why=why)
            return replace(belief, confidence="unsure", why=f"{belief.why}; but its cells are numbers, not dates")
        if dates.choices:
            return replace(
                belief, confidence="unsure", why=f"{belief.why}; but {dates.example} may be day or month first"
            )
        return replace(belief, formats=dates.formats)
    if role == "SEX":
        read = sexes_of(values.words, language)
        if read is None:
            return replace(belief, confidence="unsure", why=f"{belief.why}; but which code is which sex is not said")
        return replace(belief, values={w: s for w, s in read.items() if w != s})
    if role == "BOR":
        return replace(belief, values=response_words(values.words))
    if role == "GROUP":
        codes = {"target": "TARGET", "nontarget": "NON-TARGET", "new": "NEW"}
        known = words_of("target", "nontarget", "new")
        read = {w: codes[known[spoken_word(w)]] for w in values.words if spoken_word(w) in known}
        return replace(belief, values={w: s for w, s in read.items() if w != s})
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
    >>> response_words(["PR", "stable", "Bubun gwanhae"])
    {'stable': 'SD', 'Bubun gwanhae': 'PR'}
    """
    known = words_of("CR", "PR", "SD", "PD", "NE")
    read = {w: known[spoken_word(w)] for w in words_ if spoken_word(w) in known}
    return {w: s for w, s in read.items() if w.upper() != s}


def vital_words(name: str, values: Values) -> dict[str, str] | None:
    """Word of a status -> ``dead`` or ``alive``; None where one of them stays open."""
    under = vital_of(name)
    yes = words_of("yes", "no") | {"1": "yes", "0": "no"}
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


def _fits(role: str, values: Values) -> bool | None:
    """Whether the cells speak for a role (True), against it (False), or neither (None)."""
    kinds = values.kinds
    if role in DATE_ROLES:
        if values.dates is not None:
            return True
        return None if values.numbers > 0.9 and values.distinct > 2 else False
    if role in _NUMBER_ROLES:
        low, high = _NUMBER_ROLES[role]
        inside = values.low is not None and values.high is not None and low <= values.low and values.high <= high
        return (values.numbers >= 0.9 and inside) or False
    if role == "SEX":
        return True if kinds.get("sex", 0) >= 0.95 else (None if values.distinct <= 3 else False)
    if role == "BOR":
        return kinds.get("recist", 0) >= 0.8 or False
    if role == "GROUP":
        return kinds.get("group", 0) >= 0.8 or False
    if role == "VITAL":
        few = values.distinct <= 6 and values.dates is None
        return (
            (max(kinds.get("dead", 0), kinds.get("yesno", 0), kinds.get("code01", 0)) >= 0.9 or None) if few else False
        )
    if role == "PROTEIN":
        return kinds.get("hgvs", 0) >= 0.5 or False
    if role == "PDL1":
        return (
            True if values.numbers >= 0.9 and (values.high or 0) <= 100 else (None if values.distinct <= 40 else False)
        )
    if role in ("USUBJID", "SAMPLE_ID", "LESION"):
        return None if values.dates is not None else True
    if role in ("ARM", "DRUG_TYPE", "SMOKING", "HIST", "STAGE", "MSI", "PANEL", "RACE", "SITEID", "STUDYID", "AGEGR1"):
        return (values.distinct <= max(60, values.filled // 4) and values.dates is None) or False
    return None if values.dates is None else False


def _by_values(name: str, values: Values, said: tuple[str, ...]) -> ColumnBelief:
    """Take a column for what its cells alone say; never more than unsure."""
    kinds = values.kinds
    but = f"the heading may mean {', '.join(said)}, but the cells do not fit; " if said else ""
    guess: tuple[str | None, str] = (None, f"{but}neither heading nor cells are known")
    if kinds.get("sex", 0) >= 0.95 and values.distinct == 2:
        guess = ("SEX", f"{but}its cells are words for sexes")
    elif kinds.get("recist", 0) >= 0.9 and values.distinct >= 3:
        guess = ("BOR", f"{but}its cells are responses of RECIST")
    elif kinds.get("hgvs", 0) >= 0.9 and values.distinct >= 3:
        guess = ("PROTEIN", f"{but}its cells are protein changes (HGVS)")
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


def unread_how(cells: Iterable[str]) -> str | None:
    """Say what most cells are that could be read if they were written otherwise.

    Examples
    --------
    >>> unread_how(["令和3年5月1日", "R2.12.3"])
    'dates by a Japanese era, which are not read: write them as 2021-05-01'
    >>> unread_how(["3 ans 2 mois", "14 mo"])
    'times with their unit in the cell: write numbers of one unit'
    """
    texts = list(cells)
    for pattern, how in _UNREAD:
        if texts and sum(bool(re.fullmatch(pattern, t.strip(), re.IGNORECASE)) for t in texts) > len(texts) / 2:
            return how
    return None


def _endpoint(name: str, values: Values, unit: str | None) -> ColumnBelief | None:
    """Time or status of a time to event that the heading names."""
    code = endpoint_of(name)
    if code is None:
        return None
    parts = parts_of(name)
    few = values.distinct <= _FEW
    words_known = max(values.kinds.get(k, 0) for k in ("event", "dead", "code01", "yesno"))
    if few and words_known >= 0.9 and not (parts == {"time"} and values.numbers > 0.9):
        return _status(name, values, code, parts)
    if values.numbers >= 0.9 and "status" not in parts and (values.distinct > 2 or "time" in parts):
        return _time(name, values, code, unit, named="time" in parts)
    how = unread_how(values.words) or "neither times nor words of a status"
    why = f"the heading names {code}, but the cells are {how}"
    return ColumnBelief(
        column=name, role=None, confidence="unsure", why=why, alternatives=(f"{code}_TIME", f"{code}_STATUS")
    )


def _time(name: str, values: Values, code: str, unit: str | None, *, named: bool) -> ColumnBelief:
    high = values.high or 0.0
    low = values.low or 0.0
    confidence: Confidence = "sure" if named or unit else "likely"
    why = f"the heading names {code}, and its cells are numbers from {low:g} to {high:g}"
    said = unit
    if low < -1 or high <= 0:
        return ColumnBelief(column=name, role=f"{code}_TIME", confidence="unsure", why=f"{why}: no times of patients")
    if unit == "months" and values.whole and high > 300:
        why += ": months as the heading says would be more than 25 years; days?"
        confidence = "unsure"
    elif unit not in ("days", "weeks", "months", "years"):
        said = "days" if values.whole and high > 400 else "months" if not values.whole and high < 200 else None
        why += f"; the heading has no unit, and they look like {said}" if said else "; days or months is not said"
        confidence = "likely" if said else "unsure"
    return ColumnBelief(column=name, role=f"{code}_TIME", confidence=confidence, why=why, unit=said)


def _status(name: str, values: Values, code: str, parts: set[str]) -> ColumnBelief:
    known = words_of("event", "censored", "dead", "alive")
    yes = words_of("yes", "no") | {"1": "yes", "0": "no", "1.0": "yes", "0.0": "no"}
    flip = "censor" in parts
    read: dict[str, str] = {}
    for word in values.words:
        said = spoken_word(word)
        if said in known:
            read[word] = "event" if known[said] in ("event", "dead") else "censored"
        elif said in yes:
            read[word] = "event" if (yes[said] == "yes") != flip else "censored"
    lacking = [w for w in values.words if w not in read]
    confidence: Confidence = "likely" if set(values.words) <= {"0", "1", "0.0", "1.0"} else "sure"
    why = f"the heading names {code}, and its cells are {', '.join(values.words[:5])}"
    if confidence == "likely":
        why += "; by convention " + ("1 says censored" if flip else "1 says that the event came")
    if lacking or "event" not in read.values():
        confidence = "unsure"
        why += "; which of them means an event is not clear"
    return ColumnBelief(column=name, role=f"{code}_STATUS", confidence=confidence, why=why, values=read)
