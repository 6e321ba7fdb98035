"""Parts of anything against their whole: hips, practices, isolates, events and studies as well as people.

A whole is a count with a noun; its parts are a bracket or a list behind it that holds nothing else, two or more
counts that exclude each other by their words, or counts whose sum the sentence tells at its end.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import Count, compared, counts_in, judge, sentences_with
from codon12.check.verify.reckoned.opposites import are_opposed
from codon12.check.verify.reckoned.removals import are_removed
from codon12.check.verify.reckoned.things import UNITS
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_wholes"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\.\d)"
_WHOLE = re.compile(
    rf"(?<![\w.,/=<>≤≥-])(?P<n>{_N}) (?:(?!of\b|with\b|and\b|in\b|to\b|from\b)[A-Za-z-]+ ){{0,4}}?(?P<noun>{UNITS})\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?<!total )(?:in|from|of|among|at|across|on|for|by|within|than|per|every|between|under|over|least|most|"
    r"to)(?: (?:the|all|a|these))? $",
    re.IGNORECASE,
)
"""Right before a count that says where or of whom, and is no part."""
_OVERLAP = re.compile(
    r"\b(?:some|more than one|both|cross-?over|followed by|plus|including|included|such as|mainly|mostly|at least|"
    r"at most|"
    r"more than|nearly|almost|one or more|multiple|several|either|overlap\w*|"
    r"also|e\.g|additional\w*|further|another|others? had|each|"
    r"the rest|left out|winter|summer|respectively|most common\w*|frequent\w*|bilateral\w*|"
    r"respective|"
    r"could|may|per cent|total of|approximately|about|up to|crossed|of these|of them|of whom|of which)\b",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"\b(?:randomi[sz]|allocat|assign)", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:receiv\w+|used in|given|treated with|to|had|got|underwent|implant\w+|deliver\w+|and)\b", re.IGNORECASE
)
_ELIDED = re.compile(r" (?:an? |the |no |[A-Z])")
"""A second count whose verb is that of the first: `108 received a cemented cup and 104 a press-fit cup`."""
_NOT_COUNTS = re.compile(
    r"\bper\b|"
    r"%|\d\.\d|±|\bto \d|\d-\d|/|\bP ?[=<]|\b(?:mg|years?|months?|weeks?|days?|range|median|mean|IQR|CI)\b"
)
_CLASSED = re.compile(
    r"\b(?:status|disposition|discontinu\w*|withdr\w+|reasons?|causes?|died|deaths?|dead|stage[sd]?|types?|"
    r"histolog\w+|subtypes?|race|ethnic\w*|sex|"
    r"education\w*|class\w*|categor\w+|origins?|sites?|responses?|sources?|marital|"
    r"smoking|excluded|exclusions?|failures?|"
    r"divided|grouped|outcome of|by region|fate|as (?:a |the )?first event|first event|outcomes?)\b",
    re.IGNORECASE,
)
"""Words before a list that divides: each of them in one class."""
_MAKING = re.compile(
    rf"\b(?:making|giving|yielding|totall?ing|for a total of|a total of|in total|total of|totals?|altogether|sum "
    rf"of)(?: a total of| a total| up to)?,? "
    rf"(?P<a>{_N})(?= (?:in all|in total|altogether|overall|[a-z]+)|[.,;)]|$)|(?<![\w.,/])(?P<b>{_N})(?: [a-z-]+)? "
    rf"(?:in all|in total|altogether)\b",
    re.IGNORECASE,
)
_FEWEST, _MOST = 2, 8


def check_wholes(case: Case) -> None:
    """Check parts of a sentence against their whole, where no other rule has added them."""
    for p in sentences_with(case, " and ", ";", ": "):
        if not _FEWEST < len(_DIGITS.findall(case.figures, p.start, p.end)) <= 3 * _MOST:
            continue
        if not _may_add(case.figures[p.start : p.end]):
            continue
        counts = _counts(case, p)
        if not _FEWEST < len(counts) <= _MOST:
            continue
        if _told_behind(case, p, counts):
            continue
        if not are_removed(case, p, counts) and not _listed(case, p, counts):
            _opposed(case, p, counts)


_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


_TOLD = (
    "total",
    "in all",
    "altogether",
    "making",
    "giving",
    "yielding",
    "remov",
    "exclu",
    "elimin",
    "delet",
    "discard",
)
_LIST = re.compile(r"[(:][^():%]*?\d[^():%]*?(?:\band\b|[;,])[^():%]*?\d")


def _may_add(words: str) -> bool:
    """Whether a sentence has a word for a sum, a list behind a bracket or colon, or a count of things."""
    return any(map(words.__contains__, _TOLD)) or _LIST.search(words) is not None or _WHOLE.search(words) is not None


def _counts(case: Case, p: Passage) -> list[Count]:
    """Counts of a sentence, also those that a word before them could make a label of, if things stand behind them."""
    found = {c.span: c for c in counts_in(case, p.start, p.end)}
    for d in _DIGITS.finditer(case.figures, p.start, p.end):
        if d.span() not in found and (m := _WHOLE.match(case.figures, d.start(), p.end)) is not None:
            found.setdefault(m.span("n"), Count(int(m["n"].replace(",", "")), m.span("n")))
    return [found[span] for span in sorted(found)]


def _shown(parts: Sequence[Count]) -> str:
    return f"{' + '.join(str(c.n) for c in parts)} = {sum(c.n for c in parts)}"


_WORD_AHEAD = re.compile(r"\b[a-z]{4,} $")


def _tell(case: Case, p: Passage, whole: Count, parts: Sequence[Count], *, sure: bool, closed: bool) -> bool:
    """Say what parts make of a whole; whether anything was.

    Where it is `closed` nothing can be missing; where it is `sure` they exclude each other.
    """
    if any(compared(case, c.span, "sum", "subset", "all") for c in (whole, *parts)):
        return True
    found = (_WORD_AHEAD.search(case.flat, max(p.start, c.span[0] - 25), c.span[0]) for c in parts)
    ahead = [m[0] for m in found if m is not None]
    if len(ahead) == len(parts) and max(map(ahead.count, ahead), default=0) > 1:
        return True  # `lockdown 1 and lockdown 2`: numbers of something
    together = sum(c.n for c in parts)
    places = [whole.span, *(c.span for c in parts)]
    if together == whole.n:
        judge(case, p, "sum", places, "ok", f"{_shown(parts)}.", "parts of a whole")
        return True
    slip = one_digit_apart(str(together), str(whole.n)) or any(
        one_digit_apart(str(c.n), str(c.n + whole.n - together)) for c in parts if c.n + whole.n > together
    )
    verdict: Verdict | None = None
    if max(c.n for c in parts) > whole.n or 5 * together < 4 * whole.n:
        return False
    if (closed and sure) or (together > whole.n and sure):
        verdict = "error-if"
    elif slip and (sure or closed) and 20 * abs(together - whole.n) <= 4 * whole.n:
        verdict = "unlikely"
    if verdict is None:
        return False
    judge(case, p, "sum", places, verdict, f"If these are all: {_shown(parts)}, not {whole.n}.", "parts of a whole")
    return True


def _told_behind(case: Case, p: Passage, counts: Sequence[Count]) -> bool:
    """`210 from Europe, 145 from Asia and 98 from North America, making 453 in all`."""
    found = list(_MAKING.finditer(case.figures, p.start, p.end))
    if len(found) != 1:
        return False
    m = found[0]
    which = "a" if m["a"] else "b"
    whole = next((c for c in counts if c.span == m.span(which)), None)
    begin = max((x.end() for x in re.finditer(r";|: ", case.flat[p.start : m.start()])), default=0) + p.start
    parts = [c for c in counts if begin <= c.span[0] < m.start() and c.span != m.span(which)]
    if whole is None or whole is not counts[-1] or len(parts) < _FEWEST or max(c.n for c in parts) >= whole.n:
        return False
    if any(_ELSEWHERE.search(case.flat, max(p.start, c.span[0] - 20), c.span[0]) for c in parts):
        return False
    between = case.flat[parts[0].span[0] : m.start()]
    if _OVERLAP.search(between) or " and " not in between:
        return False
    if abs(sum(c.n for c in parts) - whole.n) * 4 > whole.n:
        return False
    return _tell(case, p, whole, parts, sure=True, closed=True)


_BRACKET = re.compile(r"\((?P<in>[^()]*\d[^()]*)\)")


def _listed(case: Case, p: Passage, counts: Sequence[Count]) -> bool:
    """`153 events (96 progressions and 57 deaths)`, `44 died: 29 of cancer, 6 of infection, 9 of other causes`."""
    text = case.figures[p.start : p.end]
    stretches = [(m.start("in"), m.end("in"), True) for m in _BRACKET.finditer(text)]
    colon = [m.end() for m in re.finditer(r": ", text)]
    if len(colon) == 1:
        end = min((m.start() for m in re.finditer(r"[;.] [A-Z]|\.$", text[colon[0] :])), default=len(text) - colon[0])
        stretches.append((colon[0], colon[0] + end, False))
    for start, end, bracket in stretches:
        inside = [c for c in counts if start <= c.span[0] - p.start < end]
        before = [c for c in counts if c.span[0] - p.start < start]
        words = text[start:end]
        if len(inside) < _FEWEST or not before or _NOT_COUNTS.search(words) or _OVERLAP.search(words):
            continue
        if not bracket and "(" in words:
            continue
        if len(re.findall(r"\d+", words)) != len(inside):
            continue
        if len(re.split(r"[,;] (?:and )?| and ", words)) < len(inside):
            continue
        whole = before[-1]
        lead = text[:start]
        gap = text[whole.span[1] - p.start : start]
        if len(before) > 1 and bracket and len(gap) > _LONG:
            continue
        if _OVERLAP.search(gap) or "respectively" in text[end : end + 20] or not _LETTERS.search(words):
            continue
        reasons = _REASONS.search(lead) is not None
        overlapping = not reasons and (_SYMPTOMS.search(lead) is not None or _SYMPTOMS.search(words) is not None)
        divides = _CLASSED.search(lead) is not None
        things = _WHOLE.match(text, whole.span[0] - p.start) is not None
        rest = (
            re.search(
                r"\b(?:others?|unknown|unspecified|missing|undetermined|not (?:reported|recorded|known))\b", words
            )
            is not None
        )
        joined = " and " in words or ";" in words or (not bracket and (rest or divides))
        sure = not overlapping and (divides or things) and joined
        if _tell(case, p, whole, inside, sure=sure, closed=not overlapping and (rest or (divides and not bracket))):
            return True
    return False


_REASONS = re.compile(
    r"\b(?:discontinu\w*|withdr\w+|reasons?|causes?|died|deaths?|excluded|first event)\b", re.IGNORECASE
)
_LETTERS = re.compile(r"[A-Za-z]{3}")
_LONG = 110
_SYMPTOMS = re.compile(
    r"\b(?:symptoms?|adverse|comorbid\w*|medications?|drugs|signs?|complain\w*|risk factors?|side effects?|"
    r"toxicit\w+|reactions?|"
    r"complications?|criteria|features|histor\w+|metasta\w+|treatments?|\w*therap\w+|received|procedures?|one or "
    r"more|all that "
    r"appl\w+)\b",
    re.IGNORECASE,
)
"""Words of lists in which one patient may stand several times."""


def _opposed(case: Case, p: Passage, counts: Sequence[Count]) -> None:
    """`905 samples were tested; 418 came from cases and 487 from controls`: two or more that exclude each other."""
    m = _WHOLE.search(case.figures, p.start, p.end)
    if m is None or _ELSEWHERE.search(case.flat, max(p.start, m.start() - 20), m.start()):
        lead = re.compile(
            rf"\b(?:Of|In|Among|Amongst|Across|Between)(?: the| all| these| our| a total of)? (?P<n>{_N}) "
            rf"(?:[A-Za-z-]+ ){{0,4}}?(?P<noun>{UNITS})\b"
        )
        m = lead.search(case.figures, p.start, p.end)
    if m is None:
        return
    whole = next((c for c in counts if c.span == m.span("n")), None)
    if whole is None:
        return
    rest, behind = _rest(case, p, whole, counts)
    if not _FEWEST <= len(rest) <= 4 or any(c.span[0] < whole.span[0] for c in counts):
        return
    stretch = _SHARE_OR_STRENGTH.sub("", case.flat[m.end() : p.end])
    if _OVERLAP.search(re.sub(r"\bof (?:which|whom|them|these)\b", "", stretch)) or re.search(r"%|\d\.\d", stretch):
        return
    if rest[0].span[0] - m.end() > _LONG or max(c.n for c in rest) >= whole.n:
        return
    ends = [*(c.span[0] for c in rest[1:]), p.end]
    words = [case.flat[c.span[1] : e] for c, e in zip(rest, ends, strict=True)]
    if not behind:
        begins = [m.end(), *(c.span[1] for c in rest[:-1])]
        words = [case.flat[b : c.span[0]] for c, b in zip(rest, begins, strict=True)]
    lead = [case.flat[m.end() : rest[0].span[0]], *words]
    randomised = (
        _RANDOM.search(case.flat, p.start, rest[-1].span[0]) is not None
        and _GIVEN.search(words[0])
        and all(_GIVEN.search(w) or _ELIDED.match(w) for w in words[1:])
    )
    alike = all(_ONE_WORD.fullmatch(w) for w in words) and 25 * abs(sum(c.n for c in rest) - whole.n) <= 2 * whole.n
    listed = (
        len(rest) > _FEWEST
        and re.match(r"^ were [a-z]", words[0]) is not None
        and not any(_VERBS.search(w) for w in words[1:])
    )
    if (len(rest) == _FEWEST and (randomised or are_opposed(words, lead[0]))) or (len(rest) > _FEWEST and randomised):
        _tell(case, p, whole, rest, sure=True, closed=False)
    elif (alike and not _SYMPTOMS.search(" ".join(lead))) or (listed and not _SYMPTOMS.search(" ".join(lead))):
        _tell(case, p, whole, rest, sure=False, closed=True)


def _rest(case: Case, p: Passage, whole: Count, counts: Sequence[Count]) -> tuple[list[Count], bool]:
    """Counts that may be parts, and whether what they are of stands behind them.

    `108 received A and 104 B`; or, with one word before each, `A was used in 72 and B in 74`.
    """
    later = [c for c in counts if c.span[0] > whole.span[0]]
    lead = [(c, _ELSEWHERE.search(case.flat, max(p.start, c.span[0] - 14), c.span[0])) for c in later]
    named = re.compile(
        rf" (?:[a-z-]+ )?(?:{UNITS}|patients|participants|subjects|women|men|people|adults|individuals)\b",
        re.IGNORECASE,
    )
    kept = [(c, x) for c, x in lead if x is None or not named.match(case.flat, c.span[1], p.end)]
    if len(kept) >= _FEWEST and all(x is not None and x[0].strip().lower() == "in" for _, x in kept):
        return [c for c, _ in kept], False
    return [c for c, x in lead if x is None], True


_SHARE_OR_STRENGTH = re.compile(r" \(\d+(?:\.\d+)? ?%\)|\b(?<=[a-z] )\d+(?:\.\d+)? ?(?:%|mg\b|g\b)")
_ONE_WORD = re.compile(r" (?:were|was|had been) (?:[a-z-]+ )?[a-z-]+(?:,? and |, |; (?:and )?|\.?\W*)")
"""All that a count says of its part: `152 were natural and`."""
_VERBS = re.compile(r"\b(?:had|were|was|have|showed|reported|developed|with|received)\b")
