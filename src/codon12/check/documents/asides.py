"""Words that a sentence has by the way, which no rule needs to read: `(Figure 2A)`, `, as shown above,`, `Notably, `.

What tells of whom a number is (`in the whole cohort`) or who measured it (`as assessed by investigators`) is left out
only where the text names nobody else: then it tells nothing apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit
from codon12.check.documents.lines import is_in_brackets, is_running

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
_BEGUN = r"(?:(?<=[.!?] .)|(?<=\n.)|(?<![\s\S].))"
"""Behind the first letter of a sentence: what starts with a letter is looked for much faster."""
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


def _wanted(words: str, *patterns: str) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    """Patterns, each with the words one of which the text must have."""
    return [(tuple(words.split("|")), re.compile(pattern)) for pattern in patterns]


def _pointing(words: str, item: str) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    """What points at an item in a bracket, behind a comma, or in front of the sentence."""
    return _wanted(
        words,
        rf" ?[(\[](?:see (?:also )?)?(?:(?:as )?{_SHOWN} )?{item}[)\]](?= [a-z(\d]|[.;])",
        rf", (?:as )?{_SHOWN} {item}(?:,(?= [a-z(\d])|(?=[.;]))",
        rf"A{_BEGUN}s {_SHOWN} {item}, (?P<next>[A-Za-z0-9])",
    )


_AT_TABLES = _pointing("Table", _TABLE)
_LEFT_OUT = [
    *_pointing("Fig|Appendix|Supplement|Panel|Box|Video|ile", _FIGURE),
    *_wanted(", as ", _AS_EXPECTED),
    *_wanted(_TURNS, rf",? (?:{_TURNS}),(?= [a-z])"),
    *_wanted(" our | this | present | current ", _HERE),
    *_wanted(_OPENS, rf"{_BEGIN}(?:{_OPENS}), (?P<next>[A-Za-z0-9])"),
    *_wanted(
        "cutoff|cut-off",
        rf"A{_BEGUN}t (?:the )?(?:time of (?:the )?)?data cut-?off, (?P<next>[A-Za-z0-9])",
    ),
]
_FOLLOWED = re.compile(
    rf"{_BEGIN}(?:After|At|With|During) (?:an? )?(?:overall )?(?:median|mean|average|minimum) (?:duration of )?"
    r"follow-up(?: time| period| duration)? of \d[\d.]* (?:months|years|weeks|days)(?: \([^()]{1,60}\))?"
    r"(?P<end>, )(?P<first>[A-Za-z])"
)
"""An opening that is made a sentence of its own: its time is not one of those behind it."""
_BY_WHOM = re.compile(
    r",? (?:as )?(?:assessed|determined|evaluated|judged|adjudicated|reviewed) by (?:the )?(?:local |site |"
    r"study |treating )?"
    r"(?:investigators?|physicians?|clinicians?|radiologists?|(?:blinded |independent )*(?:central )?(?:review(?:ers?)?"
    r"|committee)),?(?= (?:was|were|had|is|are|of|occurred|died|received|achieved)\b)"
)
_JUDGED = ("ssessed by", "etermined by", "valuated by", "udged by", "djudicated by", "eviewed by")
_ASSESSOR = re.compile(
    r"\b(?:investigators?[- ]assess\w*|(?:assess|determin|evaluat|judg|adjudicat|review)\w+ by|central review|BICR|IRC|"
    r"(?:per|by) (?:investigators?|independent|blinded|central))\b"
)
_WHOLE = re.compile(
    r",? (?:in|for|of|among) the (?:entire|whole|overall|full|total|complete|intention-to-treat|ITT) (?:study |"
    r"trial |patient )?"
    r"(?:cohort|population|group|sample|series|set),?(?= (?:was|were|had|is|are|occurred|died|received|achieved)\b)"
)
_ENTIRE = (
    "the entire",
    "the whole",
    "the overall",
    "the full",
    "the total",
    "the complete",
    "the intention",
    "the ITT",
)
_PEOPLE = re.compile(
    r"\b(?:cohorts?|populations?|groups?|arms?|subgroups?|subsets?|set|per[- ]protocol|stratum|strata|stages?|controls|"
    r"placebo|smokers|(?:patients|women|men|those|people|participants|children) (?:in|with|who|without|"
    r"receiving|aged|on|"
    r"treated)|respectively|vs|versus)\b"
)

_MONTH = (
    r"(?:\d{1,2} )?(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.? (?:\d{1,2}, )?"
)
_YEAR = r"(?:19|20)\d\d"
_PERIOD = (
    rf"(?:(?<=[Bb])etween (?:{_MONTH})?{_YEAR} and|(?<=[Ff])rom (?:{_MONTH})?{_YEAR} (?:to|through|until)) "
    rf"(?:{_MONTH})?{_YEAR}"
)
"""Behind its first letter."""
_PEOPLE_OF = (
    r"(?:consecutive |evaluable |adult |eligible |elderly |pregnant )?"
    r"(?:patients|women|men|children|participants|subjects|adults)"
)
_WHO = rf" (?<=\d ){_PEOPLE_OF}"
_PLACES = r"(?:cent(?:er|re)s|hospitals|sites|institutions|clinics|countries)\b"
_AGE = (
    r"(?:median|mean|average) age(?:,|:| was| of| =)? ?\d[\d.]* ?(?:\[[^\[\]]{1,20}\] |\([^()]{1,20}\) )?(?:years|y)"
    r"(?:[,;] ?(?:range|IQR|interquartile range|SD)[^();]{1,30})?"
)
_ONCE = [
    # words that must be there, what is left out, what else the text may not hold
    (
        ("centers", "centres", "hospitals", "sites", "institutions", "clinics", "countries"),
        re.compile(
            rf"{_WHO}(?P<moved> (?:from|at|in|across) (?:\d{{1,3}}|two|three|four|five|six|seven|eight|nine|"
            rf"ten|eleven|twelve) (?:[a-z]+ ){{0,2}}{_PLACES}"
            r"(?: in (?:the )?[A-Z][a-z]+(?: [A-Z][a-z]+)?)?)"
        ),
        re.compile(r"\b(?:cent(?:er|re)|hospital|site|institution|clinic|countr)", re.IGNORECASE),
    ),
    (
        ("etween ", "rom "),
        re.compile(
            rf"[ BbFf](?:(?<=\d ){_PEOPLE_OF}(?P<moved> (?:treated|seen|enrolled|recruited|diagnosed|registered|"
            rf"included|managed|operated on) [BbFf]{_PERIOD})|(?:{_BEGUN}|(?<=[a-zS]: .)){_PERIOD}(?P<comma>, )"
            r"(?P<next>(?!that is\b|i\.e\.|a period)[A-Za-z0-9]))"
        ),
        re.compile(
            rf"\b{_YEAR}\b|follow(?!-?up ?[,;(])|\b(?:period|accrual|annual\w*|yearly|monthly|"
            r"(?:per|a|each|every) (?:year|month))\b|/ ?(?:year|month)"
        ),
    ),
    (
        ("disease", "cancer", "oma", "tumo"),
        re.compile(
            rf"{_WHO}(?P<out> with (?:previously untreated |locally )?(?:metastatic|advanced|unresectable|recurrent|"
            r"measurable|stage I[IV]{0,2}[A-C]?) (?:[a-z-]+ ){0,3}?(?:disease|cancer|tumou?rs|[a-z]*(?:carcin|sarc|"
            r"lymph|melan|gli|myel)oma))\b"
        ),
        re.compile(
            r"\b(?:metasta|advanced|unresect|recurren|measurable|locali[sz]ed|disease|those|[Ss]tages?\b|"
            r"patients (?:with|without|in|who)\b)"
        ),
    ),
    (
        ("age",),
        re.compile(
            rf"{_WHO}(?P<moved> \({_AGE}\)| with an? (?:median|mean|average) age of \d[\d.]* years"
            r"(?: \((?:range|IQR|interquartile|SD|±|\d[\d.]*(?:-| to )\d)[^()]*\))?|"
            r" aged \d\d years (?:or|and) (?:older|over|above))(?! to )"
        ),
        re.compile(r"\b(?:[Aa]ge[ds]?|old(?:er)?|younger|years or|sets?|cohorts?|(?:sub)?groups?|arms?)\b"),
    ),
    (
        ("who met ", "who fulfilled "),
        re.compile(rf"{_WHO}(?P<out>,? who (?:met|fulfilled) (?:all |the )*(?:inclusion|eligibility) criteria)"),
        re.compile(r"\b(?:criteri\w+|who|screened|assessed|excluded)\b"),
    ),
    (
        ("eligible ", "adult ", "enrolled "),
        re.compile(
            r" (?<=\d )(?P<out>(?:eligible|adult|enrolled) )"
            r"(?=(?:patients|women|men|children|participants|subjects|adults)\b)"
        ),
        re.compile(r"[Ee]ligib|screen|assess|exclu|[Ee]nrol|\b(?:not?|[Aa]dults?|child\w*|p?aediatric|pediatric)\b"),
    ),
]
"""What tells of how all were found, or what all had, where nothing else in the text is told apart by it."""
_CONSECUTIVE = re.compile(
    r"consecutive (?<=\d consecutive )(?=(?:patients|women|men|children|participants|subjects|adults)\b)"
)
_GOES_ON = re.compile(
    r";(?= (?:The|At|We|Of|All|In|It|She|He|They|These|This|Among|After|Patients|Conclusions?:|Results:|Findings:|"
    r"Interpretation:|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Median|Mean|Overall) )"
)
"""A semicolon in front of a sentence that has its capital."""
_AND_THE = re.compile(
    r", (?:and|whereas|while|but) (?P<next>(?:of|in|at|the) )(?=(?:[a-z]+ )?(?:the )?(?:these |baseline |oldest|"
    r"youngest|last|first|mean|median|\d[\d,]* ))"
)
"""`, and the median age was 64`: a clause of its own behind one of who could take part."""
_TAKE_PART = re.compile(
    r"(?<!\d )[Ee]ligib|invited|criteria|had to be|[Rr]ecruited|identified|registered|[Rr]equired|[Aa]ged|\bborn"
)
_IN_ALL = re.compile(
    rf"I{_BEGUN}n(?= (?:the |all )?\d[\d,]* (?:[a-z-]+ ){{0,2}}(?:patients|women|men|children|participants|subjects|"
    r"adults|infants|responders|responses|nurses|volunteers)(?: [A-Za-z\d -]{1,40})?, \d)"
)
"""`In 46 responders, 52 had`."""
_FRAGMENT = re.compile(
    r"\.(?<=[a-z%)\d]\.) (?=(?P<words>(?!CONCL|Concl|Interp|INTER|Discuss|RESULT|Result|Finding|"
    r"FINDING)[A-Z][^.;!?\n]{0,60}\d(?:[^.;!?\n]|\.(?=\d)){0,60})\.(?:\s|$))"
)
_TITLE = re.compile(r"(?:^|\n|\. )[^.;\n]{0,24}$|\b(?:Table|Fig(?:ure)?|Box|Appendix|Panel|Section) [\w.]{1,6}$")
"""The number of a table, or words too few for a sentence."""
_LONGEST_TITLE = 26
_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|do|does|be|been|can|could|may|might|will|would|must|should|[a-z]+ed|"
    r"became|began|came|fell|felt|found|gave|got|grew|held|kept|knew|left|lay|led|lost|made|met|ran|rose|saw|showed|"
    r"shown|spent|stood|took|underwent|went|wrote|drawn|seen|chose|remain|remains|shows?|suggests?|includes?)\b"
)
"""Of a sentence; a fragment, as posters have them, has none."""


def asides_in(text: str) -> list[Edit]:
    """Edits, in order, that leave out what is told by the way.

    Examples
    --------
    >>> [(e.start, e.end, e.new) for e in asides_in("Notably, the median (Figure 2A) was 7 months.")]
    [(0, 9, ''), (9, 10, 'T'), (19, 31, '')]
    """
    wanted = _LEFT_OUT if _CAPTION.search(text) is not None else [*_LEFT_OUT, *_AT_TABLES]
    found = [m for words, pattern in wanted if any(map(text.__contains__, words)) for m in pattern.finditer(text)]
    for words, pattern, told in ((_JUDGED, _BY_WHOM, _ASSESSOR), (_ENTIRE, _WHOLE, _PEOPLE)):
        m = pattern.search(text) if any(map(text.__contains__, words)) else None
        if m is not None and len(told.findall(text, 0, m.start())) + len(told.findall(text, m.end())) == 0:
            found.append(m)
    edits = list(_of_all(text))
    for m in found:
        opens = "next" in m.re.groupindex
        edits.append(Edit(m.start(), m.start("next") if opens else m.end(), ""))
        edits += [Edit(m.start("next"), m.end(), m["next"].upper())] if opens else []
    for m in _FOLLOWED.finditer(text) if "follow-up of" in text else ():
        edits += [Edit(m.start("end"), m.end("end"), ". "), Edit(m.start("first"), m.end(), m["first"].upper())]
    for m in _AND_THE.finditer(text):
        if _TAKE_PART.search(text, text.rfind(". ", 0, m.start()) + 1, m.start()) is None:
            continue
        edits += [
            Edit(m.start(), m.start("next"), ". "),
            Edit(m.start("next"), m.start("next") + 1, m["next"][0].upper()),
        ]
    edits += [Edit(m.start(), m.end(), "Of") for m in _IN_ALL.finditer(text)]
    edits += [Edit(m.start(), m.start() + 1, ";") for m in _FRAGMENT.finditer(text) if _is_fragment(text, m)]
    if "; " in text:
        edits += [
            Edit(m.start(), m.end(), ".")
            for m in _GOES_ON.finditer(text)
            if is_running(text, m.start()) and not is_in_brackets(text, m.start())
        ]
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]


def _is_fragment(text: str, m: re.Match[str]) -> bool:
    """Whether words between two full stops have no verb, and a sentence before them that they can go on."""
    title = _TITLE.search(text[max(0, m.start() - _LONGEST_TITLE) : m.start()])
    return _VERB.search(m["words"]) is None and (title is None or _VERB.search(title[0]) is not None)


def _of_all(text: str) -> Iterator[Edit]:
    """Where, when, how old and with what all were treated, where the text says nothing else of it.

    What opens a sentence becomes one, what stands in it becomes one at the end of its paragraph.
    """
    if "consecutive" in text:
        yield from (Edit(m.start(), m.end(), "") for m in _CONSECUTIVE.finditer(text))
    for words, pattern, otherwise in _ONCE:
        m = pattern.search(text) if any(map(text.__contains__, words)) else None
        if m is None or otherwise.search(text, 0, m.start()) is not None or otherwise.search(text, m.end()) is not None:
            continue
        kind = m.lastgroup or ""
        if kind == "next":
            yield from (Edit(m.start("comma"), m.end("comma"), ". "), Edit(m.start(kind), m.end(), m[kind].upper()))
        elif kind == "out":
            yield Edit(*m.span(kind), "")
        else:
            yield from _moved(text, *m.span(kind))


def _moved(text: str, start: int, stop: int) -> Iterator[Edit]:
    """Words made a sentence at the end of their paragraph, where that ends with one."""
    end = text.find("\n\n", stop)
    end = len(text[: len(text) if end < 0 else end].rstrip())
    if text[end - 1] not in ".!?":
        return
    words = text[start + 1 : stop]
    if words.startswith("("):
        start, words = start + 1, words[1:-1]
    yield Edit(start - (text[start] == "("), stop, "")
    yield Edit(end, end, f" {words[0].upper()}{words[1:]}.", start)
