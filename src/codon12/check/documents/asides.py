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
_CAPTION = re.compile(r"^\W*(?:Supplementary )?Table S?\d", re.MULTILINE | re.IGNORECASE)
"""Of a table in the text: what points at it is read by those who compare the two."""


_BEGUN = r"(?:(?<=[.!?] .)|(?<=\n.)|(?<![\s\S].))"
"""Behind the first letter of a sentence."""
_SPACE = r"[, ](?:(?<=,) |(?<= ))"
"""A space, with a comma before it or not."""
_SHOWN = r"(?:shown|seen|depicted|illustrated|presented|detailed|summari[sz]ed|given) in"
_POINTING = {
    item: (
        re.compile(rf" ?[(\[](?:see (?:also )?)?(?:(?:as )?{_SHOWN} )?{item}[)\]](?= [a-z(\d]|[.;])"),
        re.compile(rf", (?:as )?{_SHOWN} {item}(?:,(?= [a-z(\d])|(?=[.;]))"),
    )
    for item in (_FIGURE, _TABLE)
}
_SHOWN_FIRST = {item: re.compile(rf"A{_BEGUN}s {_SHOWN} {item}, (?P<next>[A-Za-z0-9])") for item in (_FIGURE, _TABLE)}
_NAMED = {
    _FIGURE: ("Fig", "Appendix", "Supplement", "Panel", "Box", "Video", "File", "file"),
    _TABLE: ("Table",),
}
"""Of which a text has one where it points there."""
_AS_EXPECTED = re.compile(
    r", as (?:shown|seen|expected|planned|described|reported|noted|stated|discussed|mentioned|detailed|anticipated|"
    r"specified|prespecified|usual|always|before)(?: (?:above|below|earlier|previously|elsewhere|before|here))?"
    r"(?:,(?= [a-z(\d])|(?=[.;]))"
)
_TURN = re.compile(
    rf"{_SPACE}(?:however|in contrast|by contrast|therefore|thus|moreover|furthermore|nevertheless|nonetheless|"
    r"conversely|"
    r"on the other hand|in turn|meanwhile|of note|interestingly|importantly|accordingly),(?= [a-z])"
)
_HERE = re.compile(
    r" (?:in|for|of) (?:our|this|the present|the current) (?:study|series|trial|cohort|analysis|sample|experience)"
    r"(?= (?:was|were|had|is|are|received|achieved|died|occurred|showed)\b)"
)
_OPENING = re.compile(
    rf"[AEFIMNORS]{_BEGUN}(?:(?<=N)otably|(?<=I)(?:mportantly|nterestingly|ndeed|n fact|n addition)|"
    r"(?<=R)(?:emarkably|eassuringly)|(?<=S)(?:urprisingly|trikingly)|(?<=O)f (?:note|interest)|(?<=F)urthermore|"
    r"(?<=M)oreover|(?<=E)ncouragingly|(?<=A)(?:dditionally|s expected|s anticipated|"
    r"t (?:the )?(?:time of (?:the )?)?data cut-?off)), (?P<next>[A-Za-z0-9])"
)
_FOLLOWED = re.compile(
    rf"[ADW]{_BEGUN}(?:(?<=A)fter|(?<=A)t|(?<=W)ith|(?<=D)uring) (?:an? )?(?:overall )?"
    r"(?:median|mean|average|minimum) (?:duration of )?follow-up"
    r"(?: time| period| duration)? of \d[\d.]* (?:months|years|weeks|days)(?: \([^()]{1,60}\))?(?P<end>, "
    r")(?P<first>[a-z])"
)
"""An opening that is made a sentence of its own: its time is not one of those behind it."""
_BY_WHOM = re.compile(
    rf"{_SPACE}(?:as )?(?:assessed|determined|evaluated|judged|adjudicated|reviewed) by (?:the )?(?:local |site |"
    r"study |treating )?"
    r"(?:investigators?|physicians?|clinicians?|radiologists?|(?:blinded |independent )*(?:central )?(?:review(?:ers?)?"
    r"|committee)),?(?= (?:was|were|had|is|are|of|occurred|died|received|achieved)\b)"
)
_ASSESSOR = re.compile(
    r"\b(?:investigators?[- ]assess\w*|(?:assess|determin|evaluat|judg|adjudicat|review)\w+ by|central review|BICR|IRC|"
    r"(?:per|by) (?:investigators?|independent|blinded|central))\b"
)
_WHOLE = re.compile(
    rf"{_SPACE}(?:in|for|of|among) the (?:entire|whole|overall|full|total|complete|intention-to-treat|ITT) (?:study |"
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
    items = [item for item, names in _NAMED.items() if any(map(text.__contains__, names))]
    if _TABLE in items and _CAPTION.search(text) is not None:
        items.remove(_TABLE)
    pointing = [p for item in items for p in _POINTING[item]]
    openings = [_OPENING, *(_SHOWN_FIRST[item] for item in items)]
    found = [m for pattern in (*pointing, _AS_EXPECTED, _TURN, _HERE) for m in pattern.finditer(text)]
    for pattern, told in ((_BY_WHOM, _ASSESSOR), (_WHOLE, _PEOPLE)):
        m = pattern.search(text)
        if m is not None and len(told.findall(text, 0, m.start())) + len(told.findall(text, m.end())) == 0:
            found.append(m)
    edits = [Edit(m.start(), m.end(), "") for m in found]
    for m in (m for pattern in openings for m in pattern.finditer(text)):
        edits += [Edit(m.start(), m.start("next"), ""), Edit(m.start("next"), m.end(), m["next"].upper())]
    for m in _FOLLOWED.finditer(text):
        edits += [Edit(m.start("end"), m.end("end"), ". "), Edit(m.start("first"), m.end(), m["first"].upper())]
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]
