"""Where numbers stand in a sentence: their digits, the lists that they form, grades, times, the item with a bullet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec

from codon12.check import patterns as re
from codon12.check.comparing.assigned import Mention
from codon12.check.comparing.equality import MONTHS
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement

__all__ = [
    "GRADES",
    "KINDS",
    "LASTING",
    "RELATED",
    "TIMES",
    "digits_of",
    "endpoints_in",
    "grade_in",
    "item_of",
    "numbers_in",
    "own_span",
    "said_of",
    "state_in",
    "times_in",
]

_BULLET = re.compile(r"(?:^|\n)[ \t]*[•▪‣◦●■][ \t]*")
GRADES = re.compile(
    r"\b(?:grades?|G(?= ?≥|[1-5]\b)) ?(?:≥ ?(?P<least>[1-5])|(?P<from>[1-5])"
    r"(?P<up>,? or (?:higher|greater|above|more|worse)|\+)?"
    r"(?: ?(?:-|to|or|and|/) ?(?P<to>[1-5]))?)|\bany[- ]grade\b|\bgrades?,? any\b|\bany toxicity grade\b",
    re.IGNORECASE,
)

RELATED = re.compile(
    r"\bTRAEs?\b|\brelated (?=(?:TE|TR)?AEs?\b|adverse|toxic|side|events?\b)|"
    r"\b(?:treatment|drug|study-drug)[- ]related|\brelated to\b|"
    r"\beffects? (?:[a-z]+ ){0,5}(?:due to|caused by) (?:the |their )?(?:treatment|drugs?|medicines?|tablets?)\b",
    re.IGNORECASE,
)
"""Words that make events those that treatment caused."""


def grade_in(words: str) -> str | None:
    """The statistic of the last grade that words name, as evidence calls it; None where they name none.

    Examples
    --------
    >>> [grade_in(x) for x in ("grade 3 events", "grade 3 or higher", "grade 3 or 4", "any grade", "events")]
    ['grade3', 'grade_ge3', 'grade3_4', 'any', None]
    """
    found = list(GRADES.finditer(words))
    if not found:
        return None
    m = found[-1]
    first, last = m["least"] or m["from"], m["to"]
    if first is None:
        return "any"
    if m["least"] or m["up"] or last == "5":
        return f"grade_ge{first}"
    return f"grade{first}_{last}" if last and last != first else f"grade{first}"


def item_of(p: Passage, s: Statement, flat: str) -> Passage:
    """The item of a list with bullets that holds a statement, or the passage itself."""
    cuts = [p.start, *(p.start + m.start() for m in _BULLET.finditer(flat[p.start : p.end])), p.end]
    if len(cuts) == len(("start", "end")):
        return p
    start = max(x for x in cuts if x <= s.normal_start)
    end = min((x for x in cuts if x > s.normal_start), default=p.end)
    return msgspec.structs.replace(p, start=start, end=max(end, s.normal_end))


def digits_of(s: Statement, flat: str) -> tuple[int, int]:
    """Where the numbers of a statement begin and end, the words before and behind them left out."""
    q = s.quantities
    printed = [
        str(q.n) if q.n is not None else None,
        *(x.text for x in (q.percent, q.value, *q.values[:1]) if x is not None),
    ]
    text = flat[s.normal_start : s.normal_end]
    if s.kind == "count" and not re.search(r"\d", text) and (word := re.match(r"\W*[A-Za-z-]+", text)):
        return s.normal_start, s.normal_start + word.end()
    found = [m.start() for x in printed if x and (m := re.search(rf"(?<![\d.]){re.escape(x)}(?!\d)", text))]
    begin = min(found, default=0)
    if s.kind == "count" and (m := _COUNT.match(text, begin)):
        return s.normal_start + begin, s.normal_start + m.end()
    last = max((m.end() for m in re.finditer(r"(?<=\d) per ?cent\b|[\d%)\]]", text)), default=len(text))
    return s.normal_start + begin, s.normal_start + max(last, begin + 1)


KINDS = {
    **dict.fromkeys(("median_ci", "median_only", "median_range"), "median"),
    **dict.fromkeys(("count_percent", "count_percent_ci", "percent_only", "percent_ci", "landmark"), "percent"),
    **dict.fromkeys(("count",), "count"),
    **dict.fromkeys(("hr_ci_p",), "ratio"),
}
"""Kinds of numbers that form lists with their like alone."""
_COUNT = re.compile(r"[\d,]*\d(?:(?: of (?:the )?|/)[\d,]*\d)?")


def numbers_in(
    own: tuple[int, int],
    numbers: Iterable[tuple[int, int]],
    sentence: str,
    names: Sequence[tuple[int, int]],
    kinds: Mapping[int, str],
) -> list[tuple[int, int]]:
    """Spans of the numbers of a sentence, also of those not read and those said not to be reached."""
    lasting = {m.end() for m in LASTING.finditer(sentence)}
    times = [m.span() for m in TIMES.finditer(sentence) if m.start() in lasting or kinds.get(m.start()) != "median"]
    named = [*times, *names, *(m.span() for m in GRADES.finditer(sentence))]
    spans = {x for x in numbers if not any(a <= x[0] < b for a, b in named)} | {own}
    for m in (*_NOT_REACHED.finditer(sentence), *_ANY.finditer(sentence), *_COUNTED_IN_WORDS.finditer(sentence)):
        if all(m.end() <= a or m.start() >= b for a, b in (*spans, *named)):
            spans.add(m.span())
    return sorted(spans)


def own_span(s: Statement, flat: str, start: int) -> tuple[int, int]:
    """Where the numbers of a statement begin and end, counted from the start of its sentence."""
    a, b = digits_of(s, flat)
    return a - start, b - start


_WORDS = {
    "half a": Fraction(1, 2),
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "twelve": 12,
    "eighteen": 18,
}
_NAMED = "|".join(w for w in _WORDS if not w.endswith("a"))
_N = rf"(?:\d+|\bhalf a\b(?= y)|(?<=at )a(?= y)|(?<=after )a(?= y)|\b(?:{_NAMED})\b)"
TIMES = re.compile(
    rf"(?<![\d.])(?P<all>{_N}(?:(?:-?(?:,|,? and|,? or) |-|,| ?/ ?){_N})*)[- ]+(?P<unit>month|mo|week|wk|year|yr)s?\b"
    r"(?! (?:of age|old))",
    re.IGNORECASE,
)
"""Times that a text names, several with one unit: `at 6, 9 and 12 months`."""
_UNITS = {"w": Fraction(MONTHS["weeks"]).limit_denominator(1000), "y": Fraction(12), "m": Fraction(1)}


def times_in(text: str) -> list[Mention[Fraction]]:
    """The times that a text names, in months: `at 6, 9 and 12 months` are three.

    Examples
    --------
    >>> [int(months) for _, _, months in times_in("at six and 12 months, or after two years")]
    [6, 12, 24]
    """
    return [
        (
            m.start() + n.start(),
            m.start() + n.end(),
            (_WORDS.get(n[0].lower()) or int(n[0])) * _UNITS[m["unit"][0].lower()],
        )
        for m in TIMES.finditer(text)
        for n in re.finditer(r"half a|\w+", m["all"], re.IGNORECASE)
        if n[0].lower() in _WORDS or n[0].isdigit()
    ]


def said_of(**words: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Outcomes, as evidence calls them, and the pattern of the words that texts have for each."""
    return tuple((endpoint, re.compile(said, re.IGNORECASE)) for endpoint, said in words.items())


_CALLED = said_of(
    pfs=r"\bm?PFS\b|\bprogression[- ]free survival\b",
    os=r"\bm?OS\b|\boverall survival\b",
    dor=r"\bm?DOR\b|\bduration of response\b",
    ttr=r"\bm?TTR\b|\btime to response\b",
    orr=r"\bORR\b|\bobjective response(?: rate)?\b|(?<!best )\boverall response rate\b",
    dcr=r"\bDCR\b|\bdisease (?:was )?control(?:led)?(?: rate)?\b",
)
"""What texts call the outcomes that they list."""
_STATES = said_of(
    pfs=r"\bprogression[- ]free\b|\bPFS\b|\b(?:free (?:of|from)|without) (?:disease )?progression\b",
    dor=r"\bcontinu\w+ (?:of |to )?respon|\bresponses? (?:was|were|lasting|maintained|duration)|"
    r"\b(?:still|remain\w+|being) in response\b|\bduration of response\b|\bDOR\b",
    os=r"\balive\b|\bsurviv(?:ing|ed)\b|\boverall survival\b|\bOS\b|(?<!free )\bsurvival "
    r"(?:rates? |probability |estimates? )*(?:at|was|were)\b|\b(?:month|year)s? survival\b",
)
"""Words for what is estimated at a time, where the number itself names no outcome."""


def endpoints_in(text: str) -> list[Mention[str]]:
    """Every place where a text names an outcome, as evidence calls it."""
    return [(m.start(), m.end(), endpoint) for endpoint, said in _CALLED for m in said.finditer(text)]


def state_in(words: str) -> str | None:
    """The outcome whose words for what is estimated at a time stand first in the order of their narrowness.

    Examples
    --------
    >>> state_in("were alive without progression at 6 months"), state_in("the 12-month survival rate was")
    ('pfs', 'os')
    """
    return next((e for e, said in _STATES if said.search(words)), None)


LASTING = re.compile(
    r"\d(?: ?%| per ?cent)[^;.()]{0,40}?\b(?:last(?:ed|ing)|persist(?:ed|ing)) (?=$|\w)", re.IGNORECASE
)
"""Behind a share, words before a time that is no result: `78% of responses lasting 6 months or more`."""
_ANY = re.compile(
    r"(?<![\w.,/–-])(?<!grade )(?<!stage )(?<!version )(?<!week )(?<!cycle )(?<!phase )(?<!ECOG )"
    r"\d+(?:[.,·]\d+)?(?: per ?cent\b|(?= ?(?:%|\(|\[|,|;|$)| (?:months|patients|to|and|in|for|with|of|had|were|was|"
    r"received|vs?|versus)\b))",
    re.IGNORECASE,
)
"""Numbers that may be results though nothing was read of them."""
_COUNTED_IN_WORDS = re.compile(
    r"(?<![\w-])(?:two|three|four|five|six|seven|eight|nine|ten)(?= (?:on|with|receiving|given|in the)\b)|"
    r"(?<![\w-])(?:zero|none|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?=,? (?:and )?(?:zero|none|one|two|three|four|five|six|seven|eight|nine|ten)\b(?! (?:prior|previous|earlier)))",
    re.IGNORECASE,
)
_NOT_REACHED = re.compile(r"\bnot (?:yet )?(?:been )?(?:reached|estimable|evaluable)\b", re.IGNORECASE)
