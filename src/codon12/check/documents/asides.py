"""Words that a sentence has by the way, which no rule needs to read: `(Figure 2A)`, `, as shown above,`, `Notably, `.

What tells of whom a number is (`in the whole cohort`) or who measured it (`as assessed by investigators`) is left out
only where the text names nobody else: then it tells nothing apart.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["asides_in"]

_NUMBER = r"S?\d{0,2}[A-Za-z]?"
_NUMBERS = rf"{_NUMBER}(?:(?: ?[,;&-] ?| and )(?:Fig(?:ure)?s?\.? )?S?\d{{1,2}}[A-Za-z]?){{0,4}}\b"
_FIGURE = (
    r"(?:Supp(?:l(?:ement(?:ary|al)?)?)?\.? |Online |Extended Data |Additional )?"
    rf"(?:e?Fig(?:ure)?s?\.?|Appendix|Supplement|Panels?|Box|Video|[Ff]ile) ?{_NUMBERS}"
)
_TABLE = rf"(?:Supp(?:l(?:ement(?:ary|al)?)?)?\.? |Online )?e?Tables? ?{_NUMBERS}"
_CAPTION = re.compile(r"^[^\w\n]*(?:Supplementary )?Table S?\d", re.MULTILINE | re.IGNORECASE)
"""Of a table in the text: what points at it is read by those who compare the two."""


_BEGIN = r"(?:(?<=[.!?] )|(?<=\n)|(?<![\s\S]))"
_SHOWN = r"(?:shown|seen|depicted|illustrated|presented|detailed|summari[sz]ed|given) in"
_AS_EXPECTED = (
    r", as (?:shown|seen|expected|planned|described|reported|noted|stated|discussed|mentioned|detailed|anticipated|"
    r"specified|prespecified|usual|always|before)(?: (?:above|below|earlier|previously|elsewhere|before|here))?"
    r"(?:,(?= [a-z(\d])|(?=[.;]))"
)
_TURNS = (
    "however|in contrast|by contrast|therefore|thus|moreover|furthermore|nevertheless|nonetheless|conversely|"
    "on the other hand|in turn|meanwhile|of note|interestingly|importantly|accordingly"
)
_HERE = (
    r" (?:in|for|of) (?:our|this|the present|the current) (?:study|series|trial|cohort|analysis|sample|experience)"
    r"(?= (?:was|were|had|is|are|received|achieved|died|occurred|showed)\b)"
)
_OPENS = (
    "Notably|Importantly|Interestingly|Remarkably|Surprisingly|Strikingly|Of note|Of interest|Indeed|In fact|"
    "Furthermore|"
    "Moreover|Additionally|In addition|Reassuringly|Encouragingly|As expected|As anticipated"
)
_CUTOFF = r"At (?:the )?(?:time of (?:the )?)?data cut-?off"


def _wanted(words: str, *patterns: str) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    """Patterns, each with the words one of which the text must have."""
    return [(tuple(words.split("|")), re.compile(pattern)) for pattern in patterns]


def _pointing(words: str, item: str) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    """What points at an item in a bracket, behind a comma, or in front of the sentence."""
    return _wanted(
        words,
        rf" ?[(\[](?:see (?:also )?)?(?:(?:as )?{_SHOWN} )?{item}[)\]](?= [a-z(\d]|[.;])",
        rf", (?:as )?{_SHOWN} {item}(?:,(?= [a-z(\d])|(?=[.;]))",
        rf"{_BEGIN}As {_SHOWN} {item}, (?P<next>[A-Za-z0-9])",
    )


_AT_TABLES = _pointing("Table", _TABLE)
_LEFT_OUT = [
    *_pointing("Fig|Appendix|Supplement|Panel|Box|Video|ile", _FIGURE),
    *_wanted(", as ", _AS_EXPECTED),
    *_wanted(_TURNS, rf",? (?:{_TURNS}),(?= [a-z])"),
    *_wanted(" our | this | present | current ", _HERE),
    *_wanted(_OPENS, rf"{_BEGIN}(?:{_OPENS}), (?P<next>[A-Za-z0-9])"),
    *_wanted("cutoff|cut-off", rf"{_BEGIN}{_CUTOFF}, (?P<next>[A-Za-z0-9])"),
]
_FOLLOWED = re.compile(
    rf"{_BEGIN}(?:After|At|With|During) (?:an? )?(?:overall )?(?:median|mean|average|minimum) (?:duration of )?"
    r"follow-up(?: time| period| duration)? of \d[\d.]* (?:months|years|weeks|days)(?: \([^()]{1,60}\))?"
    r"(?P<end>, )(?P<first>[a-z])"
)
"""An opening that is made a sentence of its own: its time is not one of those behind it."""
_BY_WHOM = re.compile(
    r",? (?:as )?(?:assessed|determined|evaluated|judged|adjudicated|reviewed) by (?:the )?(?:local |site |"
    r"study |treating )?"
    r"(?:investigators?|physicians?|clinicians?|radiologists?|(?:blinded |independent )*(?:central )?(?:review(?:ers?)?"
    r"|committee)),?(?= (?:was|were|had|is|are|of|occurred|died|received|achieved)\b)"
)
_ASSESSOR = re.compile(
    r"\b(?:investigators?[- ]assess\w*|(?:assess|determin|evaluat|judg|adjudicat|review)\w+ by|central review|BICR|IRC|"
    r"(?:per|by) (?:investigators?|independent|blinded|central))\b"
)
_WHOLE = re.compile(
    r",? (?:in|for|of|among) the (?:entire|whole|overall|full|total|complete|intention-to-treat|ITT) (?:study |"
    r"trial |patient )?"
    r"(?:cohort|population|group|sample|series|set),?(?= (?:was|were|had|is|are|occurred|died|received|achieved)\b)"
)
_PEOPLE = re.compile(
    r"\b(?:cohorts?|populations?|groups?|arms?|subgroups?|subsets?|set|per[- ]protocol|stratum|strata|stages?|controls|"
    r"placebo|smokers|(?:patients|women|men|those|people|participants|children) (?:in|with|who|without|"
    r"receiving|aged|on|"
    r"treated)|respectively|vs|versus)\b"
)


def asides_in(text: str) -> list[Edit]:
    """Edits, in order, that leave out what is told by the way.

    Examples
    --------
    >>> [(e.start, e.end, e.new) for e in asides_in("Notably, the median (Figure 2A) was 7 months.")]
    [(0, 9, ''), (9, 10, 'T'), (19, 31, '')]
    """
    wanted = _LEFT_OUT if _CAPTION.search(text) is not None else [*_LEFT_OUT, *_AT_TABLES]
    found = [m for words, pattern in wanted if any(map(text.__contains__, words)) for m in pattern.finditer(text)]
    for pattern, told in ((_BY_WHOM, _ASSESSOR), (_WHOLE, _PEOPLE)):
        m = pattern.search(text)
        if m is not None and len(told.findall(text, 0, m.start())) + len(told.findall(text, m.end())) == 0:
            found.append(m)
    edits: list[Edit] = []
    for m in found:
        opens = "next" in m.re.groupindex
        edits.append(Edit(m.start(), m.start("next") if opens else m.end(), ""))
        edits += [Edit(m.start("next"), m.end(), m["next"].upper())] if opens else []
    for m in _FOLLOWED.finditer(text) if "follow-up of" in text else ():
        edits += [Edit(m.start("end"), m.end("end"), ". "), Edit(m.start("first"), m.end(), m["first"].upper())]
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]
