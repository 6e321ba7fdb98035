"""What print shortens, in full, so that every rule knows one spelling: `12 pts`, `7 mo`, `95% C.I.`, `Gr 3-4`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["in_full"]

_TIMES = r"(?:PFS|OS|DFS|EFS|RFS|TTP|DOR|DoR)\b"
_IS_MEDIAN = rf"(?= (?:{_TIMES}|age|overall|progression|surviv|follow|f/u|duration|time|number))"
_TOXIC = r"(?=[1-5](?:[-/][1-5])? (?:tox|adv|AEs?\b|TR|neutro|an[ae]|throm|diarr|hyper|event))"
_UNITS = {"m": "month", "y": "year", "w": "week"}

_SHORT = [
    # what a text must have, what is short, what it stands for
    (("pts",), r"(?<![\w-])pts\b\.?(?![\w.])", "patients"),
    (("Pts",), r"(?<![\w-])Pts\b\.?(?![\w.])", "Patients"),
    (("C.I.", "c.i."), r"(?<![\w.])(?:C\.I\.|c\.i\.)(?![\w.])", "CI"),
    (("interval [C", "interval (C"), r"(?<=interval) [(\[]Cr?Is?[)\]]", ""),
    (("intervals [C", "intervals (C"), r"(?<=intervals) [(\[]Cr?Is?[)\]]", ""),
    (("percent", "per cent", "pct"), r"(?<=\d) ?(?:percent|per cent|pct)\b(?![- ]point)", "%"),
    (("Gr",), r"(?<![\w-])Gr\.? ?(?=[1-5](?![\d.%]))", "grade "),
    (("G1", "G2", "G3", "G4"), rf"(?<![\w-])G{_TOXIC}", "grade "),
    (("med",), rf"m(?<![\w.-]m)ed\.?{_IS_MEDIAN}", "median"),
    (("Med",), rf"M(?<![\w.-]M)ed\.?{_IS_MEDIAN}", "Median"),
    (("mPFS", "mOS", "mDFS", "mEFS", "mRFS", "mTTP", "mDOR", "mDoR"), rf"\bm(?={_TIMES})", "median "),
    (("f/u",), r"\bf/u\b", "follow-up"),
    (("F/U", "F/u"), r"\bF/[Uu]\b", "Follow-up"),
    (("pprox.",), r"(?<=pprox)\.(?= ?\d)", "imately"),
    (("w/o ",), r"(?<= )w/o(?= [a-z])", "without"),
    (("w/ ",), r"(?<= )w/(?= [a-z])", "with"),
    (("o. of", "os. of"), r"(?<=\b[Nn])os?\.(?= of [a-z])", "umber"),
    ((" v ", " v. "), r"(?<=[\d%)] )v\.?(?= [\d(<>])", "vs"),
    ((" vs. ",), r"(?<= )vs\.(?= )", "vs"),
    (("CI =", "CI="), r"(?<=\bCI) ?= ?(?=-?[\d.])", " "),
    (
        ("found", "reported", "observed", "noted", "shown", "recorded", "determined", "calculated", "measured"),
        r" (?:(?<=\bwas )|(?<=\bwere ))(?:found|reported|observed|noted|shown|recorded|determined|calculated|measured) (?:to be|as|at)"
        r"(?= \d)",
        "",
    ),
    (
        ("/",),
        r"(?<=\d)/(?=[1-9]\d+ (?:patients?|participants?|subjects|women|men|children|cases|controls|evaluable|assessable|"
        r"tumou?rs|samples|eyes|lesions)\b)",
        " of ",
    ),
    (("RR",), r"\bRR(?=(?: was| of|:|,| =)? ?\d+(?:\.\d+)? ?%(?! ?C[IrR]))", "response rate"),
    ((" & ",), r"(?<= )&(?= )", "and"),
]
_OF_TIME = re.compile(
    r"(?<=\d)(?P<gap>-| ?)(?:(?P<unit>m)os?|(?P<unit2>y)rs?|(?P<unit3>w)ks?|(?P<unit4>y)(?=[ ,;)]))\b"
    r"(?:\.(?=[,;)]| [a-z(]))?(?![/'’])"
)

_MAY_BE_TIME = re.compile(r"\d[- ]?(?:mo|yr|wk|y)")
"""What `_OF_TIME` holds, looked for in a fraction of the time."""
_LINE = 600
_SQUARE = re.compile(r"(?<= )\[(?=[^\[\]()\n]*[A-Za-z%/=])[^\[\]()\n]{2,90}\]")
"""A square bracket around words or shares; one of figures alone is a citation."""


def in_full(text: str) -> list[Edit]:
    """Edits, in order, that put in full what print shortens.

    Examples
    --------
    >>> [(e.start, e.new) for e in in_full("Of 12 pts, 3 had Gr 3 anaemia; mPFS was 7 mo (95% C.I. 5-9).")]
    [(6, 'patients'), (17, 'grade '), (31, 'median '), (41, ' months'), (50, 'CI')]
    """
    edits = [
        Edit(m.start(), m.end(), new)
        for needed, short, new in _SHORT
        if any(map(text.__contains__, needed))
        for m in re.finditer(short, text)
    ]
    edits += [_unit(m) for m in _OF_TIME.finditer(text)] if _MAY_BE_TIME.search(text) else []
    for m in _SQUARE.finditer(text):
        line = max(text.rfind("\n", 0, m.start()) + 1, m.start() - _LINE)
        if text.count("(", line, m.start()) == text.count(")", line, m.start()):
            edits += [Edit(m.start(), m.start() + 1, "("), Edit(m.end() - 1, m.end(), ")")]
    return sorted(edits, key=lambda e: e.start)


def _unit(m: re.Match[str]) -> Edit:
    unit = _UNITS[m["unit"] or m["unit2"] or m["unit3"] or m["unit4"]]
    return Edit(m.start(), m.end(), f"-{unit}" if m["gap"] == "-" else f" {unit}s")
