"""What print shortens, in full, so that every rule knows one spelling: `12 pts`, `7 mo`, `95% C.I.`, `Gr 3-4`."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit
from codon12.check.documents.lines import is_in_brackets, is_running
from codon12.check.number_words import ONES, TENS, WORD_VALUES

__all__ = ["in_full"]

_TIMES = r"(?:PFS|OS|DFS|EFS|RFS|TTP|DOR|DoR)\b"
_IS_MEDIAN = rf"(?= (?:{_TIMES}|age|overall|progression|surviv|follow|f/u|duration|time|number))"
_TOXIC = r"(?=[1-5](?:[-/][1-5])? (?:tox|adv|AEs?\b|TR|neutro|an[ae]|throm|diarr|hyper|event))"
_SEEN = "found|estimated|reported|observed|noted|shown|recorded|determined|calculated|measured"
_DONE = (
    r"(?:(?:not |then |also |significantly |still )?(?!(?:defin|consider|expect|requir|need|bas|associat|"
    r"recommend|call|us|"
    r"relat|assum|plann|allow|perform)ed\b)[a-z]{3,}ed\b|(?:seen|found|drawn|shown)\b|(?:[a-z]+ )(?:[A-Z] )?in \d)"
)
_LONG = r"(?:min(?:utes)?|hours|days|weeks|wks?|months|mos?|years|yrs?)"
_ONE = "|".join(ONES[1:10])
_BELOW = rf"(?:{'|'.join(TENS)})(?:[- ](?:{_ONE}))?|{'|'.join(sorted(ONES[1:], key=len, reverse=True))}"
_COUNTED = (
    r"patients?|participants?|subjects|women|men|children|cases|controls|evaluable|assessable|tumou?rs|samples|eyes|"
    r"lesions"
)
_SHORT: tuple[tuple[str, str, str], ...] = (
    # letters one of which the text must have, what is short, what it stands for
    ("pts", r"pts(?<![\w-]pts)\b(?!\.\w)(?:\.(?=[,;)]| [a-z(\d]))?", "patients"),
    ("Pts", r"(?<![\w-])Pts\b(?!\.\w)(?:\.(?=[,;)]| [a-z(\d]))?", "Patients"),
    ("C.I.|c.i.", r"(?<![\w.])(?:C\.I\.|c\.i\.)(?![\w.])", "CI"),
    ("~", r"(?<=\d) ?~ ?(?=\d)", "-"),
    ("CI =|CI=", r"(?<=\bCI) ?= ?(?=-?[\d.])", " "),
    ("=", r"=(?<=[a-zA-BD-Z]=)(?=-?[\d.])", " = "),  # not of `CI=`
    ("atio [|atio (", r"(?<=atio) [(\[]a?(?:[HOR]R|IRR)s?[)\]]", ""),
    ("range [IQR|range (IQR", r"\b[Ii]nter-?quartile range [(\[]IQRs?[)\]]", "IQR"),
    ("wo-sided P|wo-tailed P", r"\b[Tt]wo-(?:sided|tailed) (?=P\b)", ""),
    ("P-v|p-v|P v|p v", r"(?<=\b[Pp])(?:-| )value (?:of|was) (?=0?\.\d)", " = "),
    (" CI from | CI of ", r" (?<= CI )(?:from|of) (?=-?[\d.])", " "),
    ("interval [C|interval (C", r"(?<=interval) [(\[]Cr?Is?[)\]]", ""),
    ("intervals [C|intervals (C", r"(?<=intervals) [(\[]Cr?Is?[)\]]", ""),
    ("percent|per cent|pct", r"(?<=\d) ?(?:percent|per cent|pct)\b(?![- ]point)", "%"),
    ("Gr", r"Gr(?<![\w-]Gr)\.? ?(?=[1-5](?![\d.%]))", "grade "),
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
    (" of the ", r"the (?<=\d of the )(?=\d[\d,]*[),;])", ""),
    (" vs. ", r"vs\.(?<= vs\.)(?= )", "vs"),
    ("people", r"people(?<=\bpeople)\b", "patients"),
    ("individuals", r"individuals(?<=\bindividuals)\b", "patients"),
    ("persons", r"persons(?<=\bpersons)\b", "patients"),
    ("trial p|trial s", r"trial (?<=\btrial )(?=(?:participants|patients|subjects)\b)", ""),
    ("study p|study s", r"study (?<=\bstudy )(?=(?:participants|patients|subjects)\b)", ""),
    (
        "equaled |equalled |amounted to |stood at |came to ",
        r"(?<=[a-z)\d] )(?:equall?ed|amounted to|stood at|came to)(?= \d)",
        "was",
    ),
    (
        "reached ",
        (
            r"reached(?<=[a-rt-z)] reached)(?<!was reached)(?<!not reached)"
            r"(?= \d\d?(?:\.\d+)?(?:%| months| years)(?: [(ai]|[,.;]))"
        ),
        "was",
    ),
    (" is ", rf"is(?<=[a-z)%] is)(?<!that is)(?= \d| {_DONE})", "was"),
    (" are ", rf"are(?:(?<=[a-z)%] are)(?= \d| {_DONE})|(?<=\d are)(?= [a-z]))", "were"),
    (
        "were ",
        r"were (?:given|treated with|administered)(?= (?:a |an |at |no |more |\d|[a-z]))(?! (?:to|in|by|as)\b)",
        "received",
    ),
    (" %|%-", r"(?<=\b9\d)(?: %-?|%-) ?(?=C\.?I\b)", "% "),
    ("CIs", r"(?<=% CI)s(?=,? -?[\d.])", ""),
    ("CI:", r"(?<=%[ -]CI): ?(?=-?[\d.])", " "),
    ("% conf", r"conf(?<=\d% conf)(?:id)?\. ?(?:int(?:erval|\.)?|lim(?:its?|\.)?)", "confidence interval"),
    ("P-v|p-v|P v|p v", r"\b[Pp][- ]values?(?: ?[:=] ?| (?=0?\.\d))", "P = "),
    ("P 0|p 0|P .|p .", r"(?:(?<=[,;] )|(?<=[(\[]))[Pp] (?=0?\.\d{1,4}[);,.\]])", "P = "),
    ("P of 0|p of 0|P of .|p of .", r"(?<![\w-])[Pp] of (?=0?\.\d)", "P = "),
    ("s.d.|S.D.", r"(?<![\w.])(?:s\.d\.|S\.D\.)(?= ?[=:]? ?\d)", "SD"),
    ("+/-", r"\+/- ?(?=\d)", "± "),
    (
        "% confidence int|cent confidence int",
        (
            r"confidence interval(?:(?<=\d% confidence interval)|(?<=\dpercent confidence interval)|"
            r"(?<=\d percent confidence interval)|(?<=\d per cent confidence interval))(?=s? ?[(\[:,=]? ?-?[\d.])"
        ),
        "CI",
    ),
    ("P: |p: ", r"(?<![\w-])[Pp]: ?(?=0?\.\d)", "P = "),
    (
        "(or |[or |i.e.|(ie|(that is",
        r"(?<=[(\[])(?:or|i\.e\.,?|ie,?|that is,?) (?=\d[\d.]*%[)\]])",
        "",
    ),
    (" out of ", r"out of(?<=\d out of)(?= (?:the )?\d)", "of"),
    (" among ", r"among(?<=\d among)(?<!\b(?:19|20)\d\d among)(?= (?:the )?\d[\d,]*(?:[);,.]| [a-z]))", "of"),
    (" / ", r"(?<=\d) / (?=\d)", "/"),
    (" & ", r"&(?<= &)(?= )", "and"),
    ("RR", r"RR(?<=\bRR)(?=(?: was| of|:|,| =)? ?\d+(?:\.\d+)? ?%(?! ?C[IrR]))", "response rate"),
    (_SEEN, rf" (?:(?<=\bwas )|(?<=\bwere ))(?:{_SEEN}) (?:to be|as|at)(?= \d)", ""),
    ("M ", r"M (?<=[.,;:(] M )(?=\d+ \(\d[\d.]*%)", "Males "),
    ("EUR ", r"\bEUR (?=\d)", "€"),
    ("USD ", r"\bUSD (?=\d)", "$"),
    ("GBP ", r"\bGBP (?=\d)", "£"),
)
_NEEDED = tuple((tuple(needed.split("|")), re.compile(short), new) for needed, short, new in _SHORT)
_OF_TIME = re.compile(
    r"\d(?P<gap>-| ?)(?:(?P<month>m)os?|(?P<year>y)(?:rs?|(?=[ ,;).]))|(?P<week>w)ks?)\b"
    r"(?:\.(?=[,;)]| [a-z(]))?(?![/'’])"
)
_AT_MONTH = re.compile(r"at (?<=\bat )(?P<unit>month|year) (?P<n>\d{1,3})(?![\d.%/-])")
"""`at month 6`."""
_TITLED = (" Ratio", " Survival", " Response", "Stable Disease", "Adverse Event", "Confidence Interval")
_TITLE = re.compile(
    r"\b(?:(?:Hazard|Odds|Risk|Rate) Ratio|Overall (?:Survival|Response)|(?:Progression|Disease|Event|Relapse)-Free "
    r"Survival|(?:Objective|Complete|Partial) Responses?|Stable Disease|Adverse Events?|Confidence Interval)\b"
)
"""`Hazard Ratio`."""
_LEVEL_BEHIND = re.compile(r"CI(?<=\bCI)[ -]?(?P<level>9\d(?:\.\d)?) ?%")
"""`CI 95%`."""
_LIMITS_BEFORE = re.compile(
    r"[(;,] ?(?P<at>)(?=-?[\d.])-?[\d.]+%? ?(?:-|to|,|;) ?-?[\d.]+%?(?P<out>[,;:] ?(?P<ci>9\d(?:\.\d)?% CI))(?=[);])"
)
"""`(0.6 to 0.9, 95% CI)`."""
_LIMITS_BEHIND = re.compile(
    r"(?<=[\d%])(?P<open>; (?=9)|,? with an? |,? \(?(?:and )?its (?=9))9\d(?:\.\d)?% (?:CI|confidence interval)"
    r"(?P<of>,? (?:of |from |was |being |(?:ran|rang(?:ed|ing)|running|extend(?:ed|ing)) "
    r"from )?)-?\d+(?:\.\d+)?%?(?: to |-| and )-?\d+(?:\.\d+)?%?(?![\d)\]%]|\.\d)"
)
"""`37.4%; 95% CI, 28.8 to 46.6`, `37.4%, with a 95% CI of 28.8 to 46.6`."""
_BEHIND = ("; 9", "its 9", "with a 9", "with an 9")
"""One of which such limits have."""
_LIMITS_APART = re.compile(r"9\d(?:\.\d)?% CI,? -?\d[\d.]*%?(?P<sign>[;,]) ?-?\d[\d.]*%?(?=[)\];.]|$)")
"""`95% CI 0.6; 0.9`."""
_FROM = re.compile(r"from (?<=\bfrom )\d[\d.]*-(?=\d[\d.]*(?![\d-]))")
"""`from 52-38 minutes`."""
_FRACTION = re.compile(rf"\d(?:(?<![\w)/.,%-]\d)\d*/(?=[1-9]\d+ (?:{_COUNTED})\b)|(?<=\d% \(\d)\d*/(?=[1-9]\d+\)))")
"""`12/40 patients`, `30% (12/40)`."""
_ADJUSTED = re.compile(r"\b(?P<ratio>[HOR]R)[- ]?adj\b")
_SPREAD = re.compile(r"\d (?P<open>\((?:±|\+/-) ?)\d[\d.]*\)")
_SHARE_OF = re.compile(r"\d \(\d[\d.]*%(?P<out> of (?:patients|participants|subjects|cases))\)")
"""`12 (30% of patients)`."""
_OR_SHARE = re.compile(
    r"\d(?P<open>, or )(?<!\d, \d, or )(?<!\d, \d\d, or )\d[\d.]*%(?P<close>,(?= [a-z])|(?=[.;)](?:\s|$)| of \d))"
)
"""`12, or 30%,`, not the last of a list of numbers."""
_GLUED = re.compile(
    r"[.,;](?<=[a-z]{3}[.,;])(?<!\b[Ff]ig\.)(?<!\b[Vv]ol\.)(?<!\b[Rr]ef\.)(?<!\b[Tt]ab\.)\d{1,3}(?:[,-]\d{1,3}){0,4}(?=\s+[A-Z][a-z]|\s*$|\s*\n|\s+[a-z]{3})"
)
"""`were enrolled.12 The`: a raised figure that was set on the line."""
_DASHED = re.compile(r" -(?<=[a-z%)\d] -)(?= [a-z])")
"""A dash between words, as a comma."""
_TWO_UNITS = re.compile(
    rf"\d {_LONG}(?P<opens> \()(?=\d)[\d.,]+ {_LONG}(?P<parts>[;,] )(?=range|IQR|interquartile|95% CI)"
)
"""`1.5 months (46 days; range 28-91 days)`: the range is of what stands beside it."""
_THOUSANDS = re.compile(
    rf"\b(?:(?P<t>{_BELOW}) thousand(?:,? (?P<h>{_ONE}) hundred)?(?:,? (?:and )?(?P<r>{_BELOW}))?"
    rf"(?![\w-]| (?:thousand|hundred|million)\b)|(?P<a>a)(?= hundred and (?:{_BELOW})\b))",
    re.IGNORECASE,
)
"""`one thousand two hundred and four`."""
_SQUARE = re.compile(r"\[(?<= \[)(?=[^\[\]()\n]*[A-Za-z%/=])[^\[\]()\n]{2,90}\]")
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
    edits += [Edit(m.start("gap"), m.end(), _unit(m)) for m in _OF_TIME.finditer(text)]
    for m in _TITLE.finditer(text) if any(map(text.__contains__, _TITLED)) else ():
        opens = m.start() if text[m.start() - 2 : m.start() - 1].islower() else m.start() + 1
        edits.append(Edit(opens, m.end(), text[opens : m.end()].lower()))
    if "CI" in text:
        edits += [Edit(m.start(), m.end(), f"{m['level']}% CI") for m in _LEVEL_BEHIND.finditer(text)]
        for m in _LIMITS_BEFORE.finditer(text):
            edits += [Edit(m.start("at"), m.start("at"), f"{m['ci']} ", m.start("ci")), Edit(*m.span("out"), "")]
    edits += [Edit(m.start(), m.end(), f"at {m['n']} {m['unit']}s") for m in _AT_MONTH.finditer(text)]
    for m in _LIMITS_BEHIND.finditer(text) if any(map(text.__contains__, _BEHIND)) else ():
        if not is_in_brackets(text, m.start()):
            edits += [Edit(*m.span("open"), " ("), Edit(*m.span("of"), " "), Edit(m.end(), m.end(), ")")]
    edits += [
        Edit(m.start("sign"), m.end("sign") + (text[m.end("sign")] == " "), " to ")
        for m in _LIMITS_APART.finditer(text)
    ]
    edits += [Edit(m.end() - 1, m.end(), " to ") for m in _FROM.finditer(text)]
    if "/" in text:
        edits += [Edit(m.end() - 1, m.end(), " of ") for m in _FRACTION.finditer(text) if is_running(text, m.start())]
    if "adj" in text:
        edits += [Edit(m.start(), m.end(), f"adjusted {m['ratio']}") for m in _ADJUSTED.finditer(text)]
    for m in _SPREAD.finditer(text) if "(±" in text or "(+/-" in text else ():
        edits += [Edit(*m.span("open"), "± "), Edit(m.end() - 1, m.end(), "")]
    edits += [Edit(*m.span("out"), "") for m in _SHARE_OF.finditer(text)]
    for m in _OR_SHARE.finditer(text) if ", or " in text else ():
        edits += [Edit(*m.span("open"), " ("), Edit(*m.span("close"), ")")]
    edits += [Edit(m.start() + 1, m.end(), "") for m in _GLUED.finditer(text)]
    edits += [Edit(m.start(), m.end(), ",") for m in _DASHED.finditer(text) if is_running(text, m.start())]
    for m in _TWO_UNITS.finditer(text):
        edits += [Edit(*m.span("opens"), ", or "), Edit(*m.span("parts"), " (")]
    if " thousand" in text or " hundred and " in text:
        edits += [Edit(m.start(), m.end(), new) for m in _THOUSANDS.finditer(text) if (new := _figures(m))]
    edits += _points(text) if "\n" in text and _POINT.search(text) is not None else ()
    edits += _round(text)
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]


def _unit(m: re.Match[str]) -> str:
    return f"-{m.lastgroup}" if m["gap"] == "-" else f" {m.lastgroup}s"


def _figures(m: re.Match[str]) -> str:
    """A number of thousands in figures; a round one stays as it is, which may be about so many."""
    if m["a"]:
        return "one" if m["a"] == "a" else "One"
    if not (m["h"] or m["r"]):
        return ""

    def value(words: str | None) -> int:
        return sum(WORD_VALUES[w] for w in re.split(r"[- ]", words.lower())) if words else 0

    return f"{1000 * value(m['t']) + 100 * value(m['h']) + value(m['r']):,}"


def _points(text: str) -> Iterator[Edit]:
    """Points of a list, a line each, as sentences of one paragraph: what one tells is of those that another names."""
    last = None
    for m in _POINT.finditer(text):
        if last is not None and text.rfind("\n", last.end(), m.start("sign")) == m.start("sign") - 1 - len(m["in"]):
            end = m.start("sign") - len(m["in"]) - 1
            line = text[last.end() : end].rstrip()
            if line and "\n" not in line and "\t" not in line and "|" not in line:
                sign = (
                    "" if line[-1] in ".;:!?," else "." if text[m.end()].isupper() or text[m.end()].isdigit() else ";"
                )
                yield Edit(last.end() + len(line), m.end(), f"{sign} ")
        last = m


_POINT = re.compile(r"^(?P<in>[ \t]{0,4})(?P<sign>[-*•▪])[ \t](?=\w)", re.MULTILINE)


def _round(text: str) -> Iterator[Edit]:
    """Square brackets that stand in no round one."""
    for m in _SQUARE.finditer(text):
        near = max(0, m.start() - _LINE)
        line = max(near, text.rfind("\n", near, m.start()) + 1)
        if text.count("(", line, m.start()) == text.count(")", line, m.start()):
            yield from (Edit(m.start(), m.start() + 1, "("), Edit(m.end() - 1, m.end(), ")"))
