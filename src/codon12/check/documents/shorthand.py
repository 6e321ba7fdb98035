"""What print shortens, in full, so that every rule knows one spelling: `12 pts`, `7 mo`, `95% C.I.`, `Gr 3-4`."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["in_full"]

_TIMES = r"(?:PFS|OS|DFS|EFS|RFS|TTP|DOR|DoR)\b"
_IS_MEDIAN = rf"(?= (?:{_TIMES}|age|overall|progression|surviv|follow|f/u|duration|time|number))"
_TOXIC = r"(?=[1-5](?:[-/][1-5])? (?:tox|adv|AEs?\b|TR|neutro|an[ae]|throm|diarr|hyper|event))"
_SEEN = "found|reported|observed|noted|shown|recorded|determined|calculated|measured"
_COUNTED = (
    r"patients?|participants?|subjects|women|men|children|cases|controls|evaluable|assessable|tumou?rs|samples|eyes|"
    r"lesions"
)
_SHORT: tuple[tuple[str, str, str], ...] = (
    # letters one of which the text must have, what is short, what it stands for
    ("pts", r"(?<![\w-])pts\b(?!\.\w)(?:\.(?=[,;)]| [a-z(\d]))?", "patients"),
    ("Pts", r"(?<![\w-])Pts\b(?!\.\w)(?:\.(?=[,;)]| [a-z(\d]))?", "Patients"),
    ("C.I.|c.i.", r"(?<![\w.])(?:C\.I\.|c\.i\.)(?![\w.])", "CI"),
    ("CI =|CI=", r"(?<=\bCI) ?= ?(?=-?[\d.])", " "),
    ("=", r"(?<=[a-zA-BD-Z])=(?=-?[\d.])", " = "),  # not of `CI=`
    ("atio [|atio (", r"(?<=atio) [(\[]a?(?:[HOR]R|IRR)s?[)\]]", ""),
    ("range [IQR|range (IQR", r"\b[Ii]nter-?quartile range [(\[]IQRs?[)\]]", "IQR"),
    ("wo-sided P|wo-tailed P", r"\b[Tt]wo-(?:sided|tailed) (?=P\b)", ""),
    ("value of |value was ", r"(?<=\b[Pp])(?:-| )value (?:of|was) (?=0?\.\d)", " = "),
    (" CI from | CI of ", r"(?<= CI) (?:from|of) (?=-?[\d.])", " "),
    ("interval [C|interval (C", r"(?<=interval) [(\[]Cr?Is?[)\]]", ""),
    ("intervals [C|intervals (C", r"(?<=intervals) [(\[]Cr?Is?[)\]]", ""),
    ("percent|per cent|pct", r"(?<=\d) ?(?:percent|per cent|pct)\b(?![- ]point)", "%"),
    ("Gr", r"(?<![\w-])Gr\.? ?(?=[1-5](?![\d.%]))", "grade "),
    ("G1|G2|G3|G4", rf"(?<![\w-])G{_TOXIC}", "grade "),
    ("med", rf"m(?<![\w.-]m)ed\.?{_IS_MEDIAN}", "median"),
    ("Med", rf"M(?<![\w.-]M)ed\.?{_IS_MEDIAN}", "Median"),
    ("mPFS|mOS|mDFS|mEFS|mRFS|mTTP|mDOR|mDoR", rf"\bm(?={_TIMES})", "median "),
    ("f/u", r"\bf/u\b", "follow-up"),
    ("F/U|F/u", r"\bF/[Uu]\b", "Follow-up"),
    ("pprox.", r"(?<=pprox)\.(?= ?\d)", "imately"),
    ("w/o ", r"(?<= )w/o(?= [a-z])", "without"),
    ("w/ ", r"(?<= )w/(?= [a-z])", "with"),
    ("o. of|os. of", r"(?<=\b[Nn])os?\.(?= of [a-z])", "umber"),
    (" v | v. ", r"(?<=[\d%)] )v\.?(?= [\d(<>])", "vs"),
    (" of the ", r"(?<=\d of )the (?=\d[\d,]*[),;])", ""),
    (" vs. ", r"(?<= )vs\.(?= )", "vs"),
    (" & ", r"(?<= )&(?= )", "and"),
    ("RR", r"\bRR(?=(?: was| of|:|,| =)? ?\d+(?:\.\d+)? ?%(?! ?C[IrR]))", "response rate"),
    (_SEEN, rf"(?:(?<=\bwas)|(?<=\bwere)) (?:{_SEEN}) (?:to be|as|at)(?= \d)", ""),
)
_NEEDED = tuple((tuple(needed.split("|")), re.compile(short), new) for needed, short, new in _SHORT)
_OF_TIME = re.compile(
    r"(?<=\d)(?P<gap>-| ?)(?:(?P<month>m)os?|(?P<year>y)(?:rs?|(?=[ ,;)]))|(?P<week>w)ks?)\b"
    r"(?:\.(?=[,;)]| [a-z(]))?(?![/'’])"
)
_FROM = re.compile(r"\bfrom \d[\d.]*-(?=\d[\d.]*(?![\d-]))")
"""`from 52-38 minutes`."""
_FRACTION = re.compile(rf"(?<![\w)/.,%-])\d+/(?=[1-9]\d+ (?:{_COUNTED})\b)")
"""`12/40 patients`."""
_MAY_BE_TIME = re.compile(r"\d[- ]?(?:mo|yr|wk|y)")
"""What `_OF_TIME` holds, looked for in a fraction of the time."""
_SQUARE = re.compile(r"(?<= )\[(?=[^\[\]()\n]*[A-Za-z%/=])[^\[\]()\n]{2,90}\]")
"""A square bracket around words or shares; one of figures alone is a citation."""
_LINE = 600


def in_full(text: str) -> list[Edit]:
    """Edits, in order, that put in full what print shortens, and in round brackets what stands in square ones.

    Examples
    --------
    >>> [(e.start, e.new) for e in in_full("Of 12 pts, 3 had Gr 3 anaemia; mPFS was 7 mo (95% C.I. 5-9).")]
    [(6, 'patients'), (17, 'grade '), (31, 'median '), (41, ' months'), (50, 'CI')]
    """
    edits = [
        Edit(m.start(), m.end(), new)
        for needed, short, new in _NEEDED
        if any(map(text.__contains__, needed))
        for m in short.finditer(text)
    ]
    if _MAY_BE_TIME.search(text) is not None:
        edits += [Edit(m.start(), m.end(), _unit(m)) for m in _OF_TIME.finditer(text)]
    edits += [Edit(m.end() - 1, m.end(), " to ") for m in _FROM.finditer(text)]
    edits += [Edit(m.end() - 1, m.end(), " of ") for m in _FRACTION.finditer(text)]
    edits += _round(text)
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]


def _unit(m: re.Match[str]) -> str:
    return f"-{m.lastgroup}" if m["gap"] == "-" else f" {m.lastgroup}s"


def _round(text: str) -> Iterator[Edit]:
    """Square brackets that stand in no round one."""
    for m in _SQUARE.finditer(text):
        near = max(0, m.start() - _LINE)
        line = max(near, text.rfind("\n", near, m.start()) + 1)
        if text.count("(", line, m.start()) == text.count(")", line, m.start()):
            yield from (Edit(m.start(), m.start() + 1, "("), Edit(m.end() - 1, m.end(), ")"))
