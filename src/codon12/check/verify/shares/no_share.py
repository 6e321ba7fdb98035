"""Percentages that are no share of a group: changes, averages, strengths, degrees, and those of another study."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["is_no_share"]

_NO_SHARE = re.compile(
    r"\b(?:decrease|reduction|increase|lower|higher|expression|probability|power|confidence|threshold|cut-?off|best "
    r"percentage|survival|surviving|dose intensity|score|identity|sensitivity|specificity|predictive values?|PPV|NPV|"
    r"concordance|change|difference|accuracy|solution|risk|kaplan|estimate\w*|shrinkage|improvement|heterogeneity|"
    r"I\^?2)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"percentage (?:decrease|increase|change|reduction|improvement)|change from baseline|tumou?r burden|"
    r"\bmean (?:percent(?:age)? )?(?:decrease|increase|reduction|improvement)",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"\b(?:average|mean)\b(?! (?:age|\())(?:[^.;]|\.(?=\d)){0,90}$|\brang(?:ed|ing)\b|"
    r"\b(?:averaged?|mean|median)(?: of|,|:)? $|\b(?:mg|ml|cc|dose|solution)\b[^.,;]{0,25}$|coefficient of variation",
    re.IGNORECASE,
)
"""Before a percentage that is no share of a group: an average, a concentration."""
_IN_TEN = re.compile(
    r"\b(?:about|around|nearly|almost|approximately|roughly) (?:\d|[a-z]+) (?:out of|in|of) (?:10|ten)\b",
    re.IGNORECASE,
)
"""A manner of speaking: `about 7 out of 10`."""
_AT_A_TIME = re.compile(r"^,? (?:at|after|by) (?:\d+|one|two|three|five)[ -](?:month|year|day|week|hour)|^ as [a-z]")
_SPREAD = re.compile(r" ?(?:±|\+/-)")
_EACH_YEAR = re.compile(r",? (?:per|a|each) (?:year|annum|month|week)\b|/(?:year|y)\b| (?:yearly|annually)\b")
"""Behind a percentage of each year."""
_CITED = re.compile(r"\W{0,2}\[\d{1,3}(?: ?[,;-] ?\d{1,3})*\]")
_ELSEWHERE = re.compile(
    r"\belsewhere\b|\b(?:by|in|of) others?\b|\bother (?:studies|series|cohorts)\b|\bliterature\b", re.IGNORECASE
)
"""With the mark behind it, words that make a percentage one of another study: `the 2.1% [14] found by others`."""
_OF_THINGS = re.compile(r"^ of (?:the |all |these |those |our )?(?P<a>[\w-]+)(?: (?P<b>[\w-]+))?(?: (?P<c>[\w-]+))?")
_PEOPLE = frozenset(
    """
    patients patient participants subjects women men adults children infants people persons individuals cases tumors
    tumours samples responders respondents eyes students females males population sample cohort total survivors pts
    smokers mothers fathers parents babies neonates newborns boys girls volunteers nurses physicians doctors recipients
    carriers relatives donors controls employees residents mice rats knees hips teeth implants
    """.split()  # noqa: SIM905  a list of words reads better so
)
"""What a percentage may be of, where the words behind it say of what: of other things the text gives no total."""


def is_no_share(case: Case, s: Statement) -> bool:
    """Whether the words beside a percentage say that it counts nobody of a group of this text."""
    before, after = case.around(s, 70, 70)
    if case.cites(s) or case.says(s, _IN_TEN) or (_CITED.match(after) and case.says(s, _ELSEWHERE)):
        return True
    if case.may(_AVERAGE, case.text.passages[s.passage]) and _AVERAGE.search(case.around(s, 120, 0)[0]):
        return True
    if not s.explicit and (of := _OF_THINGS.match(after)) and not _PEOPLE & {x.lower() for x in of.groups() if x}:
        return True
    if _SPREAD.match(after):
        return True
    if _AT_A_TIME.match(after) or _EACH_YEAR.match(after) or _A_DEGREE.search(before[-_DEGREE:]):
        return True
    p = case.text.passages[s.passage]
    return (
        (case.may(_NO_SHARE, p) and (_is_none(" ".join(after.split()[:3])) or _is_none(before.rpartition(",")[2])))
        or (case.may(_MEASURED, p) and _MEASURED.search(before) is not None)
        or case.says(s, _CHANGE)
        or _of_a_substance(before, after)
    )


def _is_none(words: str) -> bool:
    return _NO_SHARE.search(words) is not None


_SUBSTANCE = re.compile(
    r"\b(?!(?:within|remain|contain|obtain|certain|again|attain|main|gain|in|on|one|none|done|rate|late|date|about)\b)"
    r"[A-Za-z]*(?:in|ine|ain|ol|one|ate|ide|gel|cream|solution|ointment|saline|glucose|dextrose|formalin|agar)\s$"
)
_BETWEEN = re.compile(r"\bbetween \d[\d.]*%? and $")
_PHYSICAL = re.compile(r"\b(?:m?W|mJ|k?J|M?Hz|kHz|nm|mA|kV|mT)(?:/|\b)")


def _of_a_substance(before: str, after: str) -> bool:
    """Whether a percentage is a strength or a setting, no share: `lidocaine 2%`, `(10 Hz; 55 mW/cm2; 33%)`."""
    opened = before[before.rfind("(") :] if before.rfind("(") > before.rfind(")") else ""
    if before.endswith(" and ") and _BETWEEN.search(before):
        return True
    setting = bool(opened) and ";" in opened + after[:3] and _PHYSICAL.search(opened) is not None
    return setting or (before[-1:].isspace() and _SUBSTANCE.search(before) is not None)


_MEASURED = re.compile(
    r"\b(?:Karnofsky|KPS|Lansky|ejection fraction|LVEF|saturation|S[pa]O[2₂]|HbA1c|FEV1|"
    r"ha?ematocrit)\b[^.;,\d%]{0,25}$",
    re.IGNORECASE,
)
"""Before a percentage that each patient has: `Karnofsky index 90% in five patients`."""
_A_DEGREE = re.compile(
    r"(?:\b(?:more|less|greater|fewer|lower|higher|better|worse) than|\bat (?:least|most)|\bover|\bunder|\bexceed\w*|"
    r"\bup to|\bnearly|\balmost|\babout|\bapproximately|[\"“‘'])\W{0,2}$",
    re.IGNORECASE,
)
"""What stands before a percentage that is a threshold or a degree rather than a share: `more than 50% improved`."""
_DEGREE = 30
"""Characters that hold such words."""
