"""Claims against a margin by the interval beside it, and against a least change of note told a sentence before.

`non-inferior, as the whole interval (-12.4 to 1.6 points) lay above the margin of -10`; `a fall of at least 10 points
was regarded as relevant. The fall, 6.2 points, exceeded this limit`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, only
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_change_of_note", "check_margin"]

_SIGNED = rf"-?{NUMBER}"
_MARGIN = re.compile(
    rf"\bmargins?(?: (?:for|of) (?!-?\d)[a-z -]{{3,40}}?)?(?: (?:of|was|is|being|set at|at|for))*(?:,|:| =|\()? ?"
    rf"(?P<m>{_SIGNED})(?![\d.,]*\d)|(?<![\w.,])(?P<n>{_SIGNED})(?: ?%|[- ](?:percentage[- ])?points?)?(?: "
    rf"[a-z-]+){{0,2}}? "
    r"margin\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:(?:was|were|is|are|proved|deemed|declared|considered|judged) (?:thus |therefore |clearly |also "
    r")?non-?inferior|non-?inferiority(?: \([^()]*\))?(?: of [^.;:()\d]{3,60}?)? (?:was|has been|is|could be)? "
    r"?(?:thus |therefore |clearly )?(?:shown|demonstrated|established|met|proven|concluded|declared|confirmed|reached|"
    r"achieved|claimed)|(?:met|fulfil\w+|satisf\w+) (?:the |its |our )?(?:criteri\w+|definition|condition|"
    r"requirement)s? (?:for|of) non-?inferiority|criteri\w+ (?:for|of) non-?inferiority (?:was|were) (?:met|fulfilled|"
    r"satisfied)|(?:show|demonstrat|establish|prov|confirm)(?:ed|ing|s|es)? non-?inferiority|(?:lay|lies|was|were|"
    r"being|fell|is|remained|stayed)(?: (?:entirely|wholly|completely|well|clearly))* (?:above|below|under|within|"
    r"inside) (?:the |its |this )(?:[a-z-]+ ){0,3}margin|did not (?:cross|exceed|reach|include|go beyond) (?:the |its |"
    r"this )(?:[a-z-]+ ){0,3}margin)\b",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(
    r"\b(?:not (?:shown|met|demonstrated|established|non-?inferior|be|reached|confirmed|proven)|could not|failed|fail|"
    r"cannot|if|would|will|power\w*|assum\w*|planned|designed|sample size|to (?:show|test|establish|demonstrate|prove)|"
    r"neither|nor|unless|whether|inconclusive|per-protocol|but|however|although|relative)\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    rf"\b(?:CI|interval|limits|bounds)\b(?:[^.;\d]|\d+-[a-z]){{0,70}}?(?<![\w.,])(?P<a>{_SIGNED}) ?(?:%|points?)? "
    rf"?(?:to|,|-|and) ?(?P<b>{_SIGNED})(?![\d.,]*\d)"
)
_IN_BRACKETS = re.compile(r" ?\([^()]*\)")
_LEVEL = re.compile(r"\b\d\d(?:\.\d+)? ?(?:%|percent|per cent)? ?-?(?=CI\b|confidence|intervals?\b|limits\b|bounds\b)")


def check_margin(case: Case, p: Passage) -> None:
    """Check that non-inferiority, where it is claimed, follows from the one interval and the one margin told."""
    words = case.flat[p.start : p.end]
    margin = only(_MARGIN.finditer(case.flat, p.start, p.end))
    if margin is None:
        return
    claim = words if _SHOWN.search(words) else _IN_BRACKETS.sub("", words)
    shown = _SHOWN.search(claim)
    if shown is None or _NOT_SHOWN.search(claim.replace(shown[0], "")):
        return
    plain = _LEVEL.sub(lambda m: " " * len(m[0]), words)
    found = [m for m in _INTERVAL.finditer(plain) if read_printed(m["a"]).value < read_printed(m["b"]).value]
    if len(found) != 1:
        return
    m, which = found[0], "m" if margin["m"] else "n"
    mark, low, high = (read_printed(x) for x in (margin[which], m["a"], m["b"]))
    if not _beyond(mark, low, high, words):
        return
    places = [margin.span(which), *((p.start + m.start(k), p.start + m.end(k)) for k in "ab")]
    if not any(compared(case, x, "benchmark") for x in places):
        sentence = f"The interval from {low.text} to {high.text} goes beyond the margin of {mark.text}."
        judge(case, p, "benchmark", places, "error-if", sentence, "interval against margin")


_UPPER = re.compile(r"\b(?:upper|(?:under|below) (?:the |its |this )?(?:[a-z-]+ ){0,3}margin)\b", re.IGNORECASE)
_LOWER = re.compile(r"\b(?:lower (?:bound|limit)|above (?:the |its |this )?(?:[a-z-]+ ){0,3}margin)\b", re.IGNORECASE)


def _beyond(mark: Printed, low: Printed, high: Printed, words: str) -> bool:
    """Whether an interval goes beyond a margin: on the side the words name, else on both that it may be on."""
    if low.value < 0 or mark.value < 0 or high.value <= 0:  # a difference: the margin may be printed without its sign
        size = abs(mark.value)
        if mark.value < 0 or _LOWER.search(words):
            return low.high < -size
        return high.low > size and (_UPPER.search(words) is not None or low.high < -size)
    if mark.digits and mark.value < 1:
        return low.high < mark.value < high.value
    return low.value < mark.value < high.low


_VALUE = (
    rf"(?<![\w.,<>≤≥±-])(?P<v>{NUMBER}) ?(?P<u>%|points?|mm ?Hg|g/d?L|mg/d?L|kg|cm|mm|m|days?|hours?|letters?|s)?"
    r"(?![\w.]*\d|-)"
)
_OF_NOTE = (
    r"(?:(?:clinically|minimal(?:ly)?|minimum) (?:[a-z]+ )?(?:relevant|important|meaningful|significant)|relevant|"
    r"important|meaningful|of note|worthwhile|a (?:benefit|response|success|improvement)|beneficial)"
)
_RULE = re.compile(
    rf"\b(?:at least|≥ ?|a minimum of|no less than|more than|of|exceeding) {_VALUE}(?: or (?:more|greater|"
    rf"higher))?[^.;\d]{{0,40}}? (?:was|is|were|being) (?:[a-z]+ )?(?:regarded|considered|deemed|defined|taken|judged|"
    rf"rated|held|prespecified|specified)(?: [a-z]+)? ?(?:as |to be )?(?:an? )?{_OF_NOTE}|\b(?:regarded|considered|"
    rf"deemed|defined|judged|took|take) (?:an? )?[a-z -]{{3,40}}? of (?:at least "
    rf")?{_VALUE.replace('?P<v>', '?P<v2>').replace('?P<u>', '?P<u2>')}(?: or (?:more|greater))?(?: as)?(?: "
    rf"clinically)? (?:an? )?{_OF_NOTE}|\b{_OF_NOTE} (?:difference|change|improvement|gain|effect)(?: \([A-Z]+\))?(?: "
    rf"(?:is|was|of|being|for [a-z -]{{2,30}}))* \(?{_VALUE.replace('?P<v>', '?P<v3>').replace('?P<u>', '?P<u3>')}",
    re.IGNORECASE,
)
_OVER = (
    r"exceed(?:ed|s|ing)|surpass(?:ed|es|ing)|(?:was|is|lay|were) (?:thus |clearly |therefore )?(?:above|over|beyond|"
    r"greater than|larger than|higher than)|(?:thus |therefore )?(?:met|reached|fulfilled|satisfied|attained|crossed)"
)
_UNDER = (
    r"f(?:ell|alls|alling) (?:short of|below)|did not (?:reach|meet|exceed|attain|surpass)|failed to (?:reach|meet|"
    r"exceed)|(?:was|is|lay|were) (?:thus |clearly |therefore )?(?:below|under|smaller than|less than|lower than)"
)
_POINTED = (
    r"(?:it\b|(?:this|that|the) (?:[a-z-]+ ){0,3}?(?:threshold|limit|criterion|value|difference|mark|cut-?off|minimum|"
    r"change|margin))"
)
_CLAIMED = re.compile(
    rf"{_VALUE}(?P<rest>(?: ?[(\[][^()\[\]]*[)\]]|[,;] (?:SE|SD|SEM|95 ?%)[^()]{{0,40}}\))?[^.;()\d]{{0,60}}?),? "
    rf"(?:and )?(?:(?P<under>{_UNDER})|(?P<over>{_OVER})) {_POINTED}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf" (?:for|of) (?:an? |the )?(?:[a-z]+ )?{_OF_NOTE}(?: (?:difference|change|improvement|gain|effect|benefit))?"
    rf"(?:,|,? of|,? which is|:)? ?\(?{_VALUE}",
    re.IGNORECASE,
)
"""Behind a claim: `the threshold for a clinically meaningful difference (6 points)`."""
_DOUBTED = re.compile(
    r"\b(?:not|nor|neither|never|if|would|whether|upper|lower|proportion|per cent|percent)\b|%", re.IGNORECASE
)


def check_change_of_note(case: Case, p: Passage) -> None:
    """Check a change that is said to exceed or to miss the least one of note, told before it."""
    said = only(_CLAIMED.finditer(case.flat, p.start, p.end))
    if said is None:
        return
    before = case.text.passages[p.index - 1] if p.index else p
    begin = before.start if before.paragraph == p.paragraph else p.start
    rule = only(_RULE.finditer(case.flat, begin, said.start("v"))) or _NAMED.match(case.flat, said.end(), p.end)
    if (
        rule is None
        or _DOUBTED.search(case.flat, p.start, said.start("rest"))
        or _DOUBTED.search(re.sub(r"[(\[][^()\[\]]*[)\]]|^[,;][^()]*\)", "", said["rest"]))
    ):
        return
    which = next(k for k in ("v", "v2", "v3") if rule[k])
    unit = rule[which.replace("v", "u")]
    if said["u"] and unit and said["u"].rstrip("s") != unit.rstrip("s"):
        return
    least, value = read_printed(rule[which]), read_printed(said["v"])
    places = [rule.span(which), said.span("v")]
    over = said["over"] is not None
    if (value.high < least.value) if over else (value.low > least.value):
        sentence = f"{value.text} is {'below' if over else 'above'} {least.text}, the least that counts."
        judge(case, p, "benchmark", places, "error-if", sentence, "comparison")
    else:
        judge(case, p, "benchmark", places, "ok", f"{value.text} against {least.text}, as said.", "comparison")
