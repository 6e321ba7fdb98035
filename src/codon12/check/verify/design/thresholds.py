"""What a sentence says of a value and a threshold, against the two numbers: above 50 %, below the margin, crossed.

`the 12-week rate, 43%, was above the threshold of 50%`; `the boundary was P < 0.0054; with P = 0.011 it was crossed`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_excluded", "check_level", "check_ruled_out", "check_thresholds"]

_SIGNED = rf"-?{NUMBER}"
_MARK = r"(?!than\b|and\b|or\b|but\b)[A-Za-z'’-]+"
_THRESHOLD = (
    r"(?:thresholds?|benchmark|margin|target|boundary|null (?:value|hypothesis|rate)|historical (?:control|rate|value|"
    r"comparator|benchmark)|control rate|reference (?:rate|value)|criterion|goal|hurdle|cut-?off|limit)"
)
_CLAIM = re.compile(
    rf"(?P<above>\b(?:exceed(?:ed|ing|s)|did exceed|surpass(?:ed|ing)|(?:was|is|were|lay|lies|being|clearly|well) "
    r"(?:above|higher than|greater than|over|better than))|\babove|\bhigher than)(?P<w>(?: "
    rf"{_MARK}){{0,6}}) {_THRESHOLD}(?: (?:value|rate|level))?(?: (?:of|for|set at|\()[^.;()\d%-]{{0,30}}| \(|,)? ?"
    rf"(?P<m>{_SIGNED}) ?(?P<u>%|percentage points?|points?|months?)?(?![\d.]*\d)"
    rf"|(?P<below>\b(?:(?:was|is|were|lay|lies|being|well|clearly) (?:below|lower than|less than|under|within)|"
    rf"did not (?:exceed|go (?:beyond|above|over)|cross|surpass)|stayed below|remained below)|\bbelow)(?P<w2>(?:"
    rf" {_MARK}){{0,6}}?) {_THRESHOLD}"
    rf"(?: (?:value|rate|level))?(?: (?:of|for|set at|\()[^.;()\d%-]{{0,30}}| \(|,)? ?(?P<m2>{_SIGNED}) ?"
    r"(?P<u2>%|percentage points?|points?|months?)?(?![\d.]*\d)",
    re.IGNORECASE,
)
_LIMIT_CLAIM = re.compile(
    rf"\b(?:limit|bound|boundary)\b(?:[^.;]|\.\d){{0,110}}? (?:(?:was|lay|is|lies|being|remained|stayed|and|"
    r"thus|therefore|"
    rf"hence|so|well|clearly|did) )*(?:(?P<above>above|greater than|higher than|over|exceed(?:s|ed|ing)?|surpass\w+)"
    rf"|(?P<below>below|less than|lower than|under))\b(?:(?!\b(?:and|but|or|CI)\b)[^.;%\d]){{0,80}}? "
    rf"?(?P<m>{_SIGNED}) ?"
    rf"(?P<u>%|percentage points?|points?|months?)?(?![\d.]*\d| ?% ?(?:CI|conf))",
    re.IGNORECASE,
)
"""`the upper bound of the interval (5.9%) lay below 5%`, `the lower limit exceeded the benchmark of 23 %`."""
_AHEAD = re.compile(
    rf"\b(?P<above>exceed(?:ed|ing|s)|surpass(?:ed|ing)|(?:was|is|were|lay) (?:above|higher than|greater than|over))"
    rf"(?: (?!than\b|and\b|or\b|but\b)[A-Za-z-]+){{0,3}} (?P<m>{_SIGNED}) ?(?P<u>%|percentage points?|points?|"
    r"months?)?,?"
    rf"(?:(?: [a-z-]+){{0,3}}? {_THRESHOLD}| (?:considered|set|specified|required|deemed|regarded|assumed|"
    r"defined|needed))\b",
    re.IGNORECASE,
)
"""`0.89, which exceeded the prespecified 0.95 threshold`."""
_PASSIVE = re.compile(
    rf"\b{_THRESHOLD} of (?P<m>{_SIGNED}) ?(?P<u>%|percentage points?|points?|months?)? (?:was|were) "
    r"(?:thus |therefore |clearly |also )?(?P<above>exceeded|surpassed|met|reached)\b",
    re.IGNORECASE,
)
"""`the target of 6 months was exceeded`."""
_MET = re.compile(
    rf"\b(?:met|fulfilled|satisfied|reached)(?: {_MARK}){{0,5}}? {_THRESHOLD} (?:of |\()?(?:(?:upper|lower) "
    r"(?:confidence )?limit )?(?:(?P<above>more than|"
    rf"greater than|at least|above|over|>|≥)|(?P<below>less than|at most|below|under|<|≤)) ?(?P<m>{_SIGNED}) ?"
    r"(?P<u>%|percentage points?|points?|months?)?(?![\d.]*\d)",
    re.IGNORECASE,
)
"""`the hazard ratio of 0.91 met the criterion of less than 0.80`."""
_EXCLUDES = re.compile(
    r"\b(?:CI|confidence interval)\b[^.;]{0,40}? ?\(?(?P<low>-?\d+(?:\.\d+)?) ?%? ?(?:to|-) ?"
    r"(?P<high>-?\d+(?:\.\d+)?) ?%?\)?,? (?:which |that )?(?:(?P<out>excluded|excludes|did not include|does not "
    r"include|"
    r"did not contain)|(?:included|includes|contained|contains)) (?:the |a )?(?:benchmark|null|reference|"
    r"threshold|target|"
    r"value|historical)?(?: (?:value|rate|of|control))* ?(?P<mark>-?\d+(?:\.\d+)?|zero|unity)\b(?! [a-z]+s\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?<![\w.,/<>≤≥±-])(?P<v>{_SIGNED})(?![\d.,]*\d|-(?:week|month|year|day|point))(?: ?(?P<u>%|(?:percentage )?"
    r"points?|months?))?(?! ?(?:CI|confidence|weeks|years|days|patients|participants))",
    re.IGNORECASE,
)
_BRACKET = re.compile(rf"(?P<a>{_SIGNED}) ?%? ?(?:to|-|,) ?(?P<b>{_SIGNED}) ?(?:%|(?:percentage )?points?)?[)\].;,]")
_COMPARED = re.compile(r"\b(?:below|above|than|under|over) $")
_IN_BRACKETS = re.compile(
    rf"[(\[](?:(?!range|IQR)[A-Za-z][^()\[\]]*?[;,:] ?)??(?P<a>{_SIGNED}) ?%? ?(?:to|-|,) ?(?P<b>{_SIGNED}) ?%?[)\]]"
)
_BRACKETED = re.compile(r"\([^()]*\)")
_CONFIDENCE = re.compile(r"\b\d\d(?:\.\d)? ?(?:%|percent|per cent) ?-? ?(?:CI|confidence (?:interval|limits?|bound))")
_NOT_SAID = re.compile(
    r"\b(?:would|if|power|(?<!posterior )probability(?! that| was)|assum\w+|planned to|designed to|to (?:show|"
    r"prove|exclude|demonstrate|test)|aim\w*|expected|hypothes\w+|not (?:be )?(?:above|exceed)|"
    r"no longer|whether|had to|should|could|unless|neither|nor|failed|did not|was not|were not|is not|until|when)\b",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"\blower (?:\d\d(?:\.\d)? ?% )?(?:limit|bound|boundary|confidence (?:limit|bound)|end)\b", re.IGNORECASE
)
_UPPER = re.compile(
    r"\bupper (?:\d\d(?:\.\d)? ?% )?(?:limit|bound|boundary|confidence (?:limit|bound)|end)\b", re.IGNORECASE
)


def check_thresholds(case: Case, p: Passage) -> None:
    """Check claims of a value against a threshold."""
    for m in _CLAIM.finditer(case.flat, p.start, p.end):
        said = not _NOT_SAID.search(case.flat, p.start, m.start()) or _BECAUSE.search(case.flat, p.start, m.start())
        if said and not _DENIES.search(case.flat, m.start(), m.end()):
            _claimed(case, p, m)
    for pattern in (_LIMIT_CLAIM, _PASSIVE, _MET, _AHEAD):
        for m in pattern.finditer(case.flat, p.start, p.end):
            if not _NOT_SAID.search(case.flat, p.start, m.end()) and _CLAIM.search(case.flat, p.start, p.end) is None:
                _claimed(case, p, m)


_DENIES = re.compile(r"\b(?:not|failed to) (?:cross|meet|reach)", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|as|since)\b[^.;]{0,80}$", re.IGNORECASE)


def _claimed(case: Case, p: Passage, m: re.Match[str]) -> None:
    above = m["above"] is not None
    second = not above and "m2" in m.re.groupindex
    which, unit = ("m2", m["u2"]) if second else ("m", m["u"])
    mark = read_printed(m[which])
    subject = _subject(case, p, m, unit=unit)
    if subject is None:
        return
    value, span, what = subject
    places = [span, m.span(which)]
    bare = m[0].lower().startswith(("above", "below", "higher than"))
    if bare and unit == "%" and all(_ALONE_IN_BRACKETS.fullmatch(case.flat, a - 1, b + 2) for a, b in places):
        return
    sign = " %" if unit == "%" else ""
    shown = f"{what}{value.text}{sign}"
    if value.value == mark.value:
        return
    if (value.value > mark.value) == above:
        judge(case, p, "benchmark", places, "ok", f"{shown} is {_side(above=above)} {mark.text}{sign}.", "comparison")
    else:
        sentence = f"{shown} is not {_side(above=above)} {mark.text}{sign}."
        judge(case, p, "benchmark", places, "error-if", sentence, "comparison")


_ALONE_IN_BRACKETS = re.compile(r"\([\d.]+%\)")
"""A share of a list: `residence abroad (26.1%), counts below the threshold (16.5%), refusal (15.9%)`."""


def _side(*, above: bool) -> str:
    return "above" if above else "below"


def _subject(
    case: Case, p: Passage, m: re.Match[str], *, unit: str | None
) -> tuple[Printed, tuple[int, int], str] | None:
    """The number a claim is of: the limit named, printed by itself or in an interval; else the one value before it."""
    before = _BRACKETED.sub(lambda x: x[0].replace(";", ","), case.flat[p.start : m.start()])
    clause = max((x.end() for x in re.finditer(r";|\.\s", before)), default=0) + p.start
    last = m.start("m") if m.re.pattern == _LIMIT_CLAIM.pattern else m.start()
    limits = [(x, "lower") for x in _LOWER.finditer(case.flat, clause, last)]
    limits += [(x, "upper") for x in _UPPER.finditer(case.flat, clause, last)]
    unit = _plain_unit(unit)
    numbers = [
        x
        for x in _NUMBER.finditer(case.flat, clause, last)
        if (_plain_unit(x["u"]) == unit or (not x["u"] and "." in x["v"]))
        and not _CONFIDENCE.match(case.flat, x.start())
        and not _COMPARED.search(case.flat, max(clause, x.start() - 14), x.start())
    ]
    if limits:
        if len(limits) > 1:
            return None
        at, name = limits[0]
        which = "a" if name == "lower" else "b"
        pair = _IN_BRACKETS.search(case.flat, at.end(), last)
        if pair is not None:
            return read_printed(pair[which]), pair.span(which), f"The {name} limit, "
        own = [x for x in numbers if x.start() >= at.end()]
        if own:
            x = own[0] if len(own) == 1 else None
            return None if x is None else (read_printed(x["v"]), x.span("v"), f"The {name} limit, ")
        found = [
            b
            for c in _CONFIDENCE.finditer(case.flat, p.start, p.end)
            if (b := re.compile(r"[,:]? ?(?:of |was )?").match(case.flat, c.end())) is not None
            and (b := _BRACKET.match(case.flat, b.end(), p.end)) is not None
        ]
        if len(found) == 1:
            return read_printed(found[0][which]), found[0].span(which), f"The {name} limit, "
        return _limit_told(case, p, m, name) if unit == "%" and not found else None
    if _CONFIDENCE.search(case.flat, clause, m.start()) or len(numbers) != 1:
        return None
    x = numbers[0]
    if _plain_unit(x["u"]) != unit:
        return None
    return read_printed(x["v"]), x.span("v"), ""


def _limit_told(case: Case, p: Passage, m: re.Match[str], name: str) -> tuple[Printed, tuple[int, int], str] | None:
    """The limit of the only interval of a percentage near by: before the claim, or in brackets right behind it."""
    near = [
        (s, limit)
        for k in range(p.index - 1, p.index + 2)
        for s in case.by_passage.get(k, ())
        if s.quantities.percent is not None and s.quantities.interval == "ci"
        and isinstance(limit := s.quantities.low if name == "lower" else s.quantities.high, Printed)
        and (s.normal_start < m.start("m") or _BEHIND.match(case.flat[m.end() : s.normal_start]))
    ]  # fmt: skip
    if len(near) != 1:
        return None
    s, limit = near[0]
    return limit, (s.normal_start, s.normal_end), f"The {name} limit, "


_BEHIND = re.compile(r"^[^.;\d%()]{0,30}\((?:ORR|response rate|rate)?[,: ]*$", re.IGNORECASE)
"""Between a benchmark and the estimate in brackets right behind it."""


def _plain_unit(unit: str | None) -> str:
    return (unit or "").lower().replace("percentage ", "")[:5]


_P = re.compile(r"\b[Pp](?:[- ]?values?)?(?:,| of| was|:)? ?(?P<op>=|<)? ?(?P<v>0?\.\d+)(?![\d.]*\d)")
_ALPHA = re.compile(
    r"\b(?:significance (?:level|threshold|boundary)|level of significance|threshold (?:of|for) significance|"
    r"(?:efficacy |stopping |significance |O'Brien-Fleming |prespecified )*boundary|"
    r"(?:two-sided |one-sided )?(?:alpha|α)(?: level)?)"
    r"(?: (?:was|of|for [a-z ]{3,30}|is|at))*(?:[,:(]| =)? ?(?:a |an )?(?:two-sided |one-sided )?(?:[Pp](?:[- ]?value)?"
    r"(?: of| below| less than)? ?[<=≤]? ?)?(?P<a>0?\.\d+)"
    r"|\b(?:required|needed|requiring) a (?:two-sided |one-sided )?[Pp][- ]?value (?:below|of less than|less than|<|"
    r"under|of at most|smaller than) ?(?P<b>0?\.\d+)",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\b(?:crossed|met|reached|significan(?:t|tly)|passed|stopped for efficacy|exceeded|superior)\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|no|non-?significan\w*|never|neither|nor|failed|without|insignificant|missed|did n|but|if|would|"
    r"interaction|trend|were considered|was considered|was defined|were deemed|set at|thereafter|adjusted)\b",
    re.IGNORECASE,
)


def check_level(case: Case, p: Passage) -> None:
    """`significance required a P value below 0.0054; with P = 0.011 the boundary was crossed`."""
    levels = list(_ALPHA.finditer(case.flat, p.start, p.end))
    if len(levels) != 1 or _DENIED.search(case.flat, p.start, p.end):
        return
    level = levels[0]
    which = "a" if level["a"] else "b"
    found = [
        x for x in _P.finditer(case.flat, p.start, p.end) if not level.start(which) <= x.start("v") < level.end(which)
    ]
    rest = case.flat[p.start : level.start()] + " " + case.flat[level.end() : p.end]
    if len(found) != 1 or found[0]["op"] == "<" or not _REACHED.search(rest):
        return
    value, mark = read_printed(found[0]["v"]), read_printed(level[which])
    places = [level.span(which), found[0].span("v")]
    if value.value > mark.value:
        sentence = f"P {value.text} is not below {mark.text}, the level named."
        judge(case, p, "P/words", places, "unlikely", sentence, "P against the level")
    else:
        judge(case, p, "P/words", places, "ok", f"P {value.text} is within {mark.text}.", "P against the level")


_RULED_OUT = re.compile(
    r"\b(?P<side>lower|upper) (?:\d\d(?:\.\d)? ?% )?(?:confidence )?(?:limit|bound)"
    r"(?: of (?:the |its |this )?(?:\d\d(?:\.\d)? ?% )?[a-z -]{2,40}?)?"
    rf"(?: of|,| was|:|\(| \()* ?(?P<l>{_SIGNED}) ?%\)?,? (?:which |that |and |thus |clearly |therefore )*"
    r"(?:excluded|excludes|excluding|rul(?:ed|es|ing) out) (?:(?P<it>it|this|that)\b|"
    rf"(?:the |an? )?(?:[a-z]+ ){{0,4}}?(?P<m>{_SIGNED}) ?%)",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.,-])(?P<v>{_SIGNED}) ?%(?! ?-?(?:CI|confidence))")


def check_ruled_out(case: Case, p: Passage) -> None:
    """`the expected rate was 20%; the lower limit of 15.2% excluded it`: a lower limit excludes what lies below it."""
    for m in _RULED_OUT.finditer(case.flat, p.start, p.end):
        at = m.span("m")
        if m["it"]:
            before = list(_PERCENT.finditer(case.flat, p.start, m.start()))
            if len(before) != 1:
                continue
            at = before[0].span("v")
        limit, mark = read_printed(m["l"]), read_printed(case.flat[slice(*at)])
        lower = m["side"].lower() == "lower"
        within = limit.high_cut < mark.low if lower else mark.high_cut < limit.low
        if within and not compared(case, m.span("l"), "benchmark"):
            sentence = f"The {m['side'].lower()} limit of {limit.text} % does not exclude {mark.text} %."
            judge(case, p, "benchmark", [m.span("l"), at], "error-if", sentence, "comparison")


_IN_WORDS = {"zero": "0", "unity": "1"}


_ITS_LIMIT = re.compile(
    rf"\bCI,?:? ?(?P<low>{NUMBER}) ?%? ?(?:to|-) ?(?P<high>{NUMBER}) ?%?\)[^.%\d]{{0,30}}\bthe (?P<side>lower|upper) "
    r"(?:confidence )?(?:limit|bound)(?: of (?:the|this|its) (?:confidence )?interval)? (?:thus |therefore |"
    r"clearly |just )?"
    rf"(?:excluded|excluding|excludes|rul(?:ed|es|ing) out|exceed(?:ed|ing|s)) (?:the |a |"
    rf"our )?(?:[a-z]+ ){{0,4}}?(?P<m>{NUMBER}) ?%",
    re.IGNORECASE,
)


def _its_limit(case: Case, p: Passage) -> None:
    """`30% (95% CI 20-42), so the lower limit excluded the benchmark of 23%`."""
    for m in _ITS_LIMIT.finditer(case.flat, p.start, p.end):
        which = "low" if m["side"].lower() == "lower" else "high"
        limit, mark = read_printed(m[which]), read_printed(m["m"])
        within = limit.high_cut < mark.low if which == "low" else mark.high_cut < limit.low
        if within and not compared(case, m.span(which), "benchmark"):
            sentence = f"The {m['side'].lower()} limit of {limit.text} % does not exclude {mark.text} %."
            judge(case, p, "benchmark", [m.span(which), m.span("m")], "error-if", sentence, "comparison")


def check_excluded(case: Case, p: Passage) -> None:
    """`the 95 % CI of 28.6 to 46.2 excluded 32 %`: a value between the limits is included, the limits too."""
    _its_limit(case, p)
    for m in _EXCLUDES.finditer(case.flat, p.start, p.end):
        low, high, mark = read_printed(m["low"]), read_printed(m["high"]), _mark(m)
        inside = low.high < mark.value < high.low
        outside = mark.value < low.low or mark.value > high.high
        places = [m.span(k) for k in ("low", "high", "mark")]
        if (inside and m["out"]) or (outside and not m["out"]):
            sentence = f"{mark.text} lies {'between' if inside else 'outside'} {low.text} and {high.text}."
            judge(case, p, "benchmark", places, "error-if", sentence, "comparison")
        elif inside or outside:
            judge(case, p, "benchmark", places, "ok", f"{low.text} to {high.text}: as the words say.", "comparison")


def _mark(m: re.Match[str]) -> Printed:
    return read_printed(_IN_WORDS.get(m["mark"].lower(), m["mark"]))
