"""Arms against the ratio of their allocation in any wording: `2-to-1`, `two for every one`, `allocation was 3:1`."""

from __future__ import annotations

import math
from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import Count, compared, counts_in, judge, only, whole

__all__ = ["STRATA", "check_allocation", "check_blocks"]

_RATIO = re.compile(
    r"(?<![\d:.])(?P<x>0*[1-4]) ?(?::| ?-?to-? ?|-| for every | for each ) ?(?P<y>0*[1-4]|one\b)(?! ?[:\d]|[\d:-]| ?%"
    r"| ?-to\b| to 0*[1-4]\b)",
    re.IGNORECASE,
)
_MAY = re.compile(r":\s?[1-4]|-to-|to 0*[1-4]\b|for e|-0*[1-4]|to one\b|twice as many", re.IGNORECASE)
_SAID = re.compile(r"\b(?:random\w*|allocat\w+|ratio|assign\w*|to receive|twice as many)\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:sex|men to women|women to men|males?[- ]to[- ]females?|females?[- ]to[- ]males?|girls|stage|grades?|"
    r"score|match\w*|controls? (?:per|for)|case|risk|odds|hazard|cycle|dilut\w+|"
    r"(?<!no )(?<!without )(?<!without any )changed?|available|"
    r"completed by|obtained|amend\w*|"
    r"adaptive|switch\w*|initially|until|then|originally|molar|mixture|weight|volume|week|day|month|year|phase"
    r"|ECOG)\b",
    re.IGNORECASE,
)
STRATA = re.compile(r"\bstratif\w+(?: factors?)?[^.;()]*|\bstratum[^.;()]*", re.IGNORECASE)
"""Words for what strata are of, which say nothing of a ratio: `stratified by stage`."""
_MANY = re.compile(r"(?<![\d:.])(?P<r>[1-4](?: ?: ?[1-4]){2,4})(?! ?[:\d])")
_N_IS = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_TO = re.compile(
    r"^(?: ?\([^()]{1,14}\))?,? (?:(?:patients|participants|subjects|women|men|children|adults|people|were|was|"
    r"assigned|allotted|"
    r"allo(?:cat|tt)ed|randomi[sz]ed|randomly|received|receiving) ){0,3}(?:to|on|in|received|receiving|with|"
    r"given|had|got|took) ",
    re.IGNORECASE,
)
_ALLOCATING = ("random", "allocat", "assigned", "to receive ", "distributed", "were to ", "ratio of ")
"""Words of a text whose ratios may be those of its arms."""
_SPREAD = 3.5
_FEWEST = 20


def check_allocation(case: Case, p: Passage) -> None:
    """Check the two arms of a sentence, or of the next, against the only ratio of it."""
    if not _MAY.search(case.figures, p.start, p.end) or not any(map(case.small.__contains__, _ALLOCATING)):
        return
    _several(case, p)
    ratio = only(_of_arms(case, p.start, p.end))
    if ratio is None or _is_otherwise(case, p):
        return
    for q in case.text.passages[p.index : p.index + 2]:
        if q.table is not None or q.paragraph != p.paragraph:
            return
        if q is not p and (_is_otherwise(case, q) or not _TREATS.search(case.flat, q.start, q.end)):
            return
        arms = _arms(case, q.start, q.end, ratio) or (_alone(case, q, ratio) if q is p else [])
        if arms:
            if not any(compared(case, a.span, "allocation") for a in arms):
                _judge(case, q, ratio, arms)
            return


def _is_otherwise(case: Case, p: Passage) -> bool:
    """Whether a sentence may tell a ratio of something else than arms, the words of its strata left out."""
    return _OTHERWISE.search(STRATA.sub("", case.flat[p.start : p.end])) is not None


_TREATS = re.compile(r"\b(?:arms?|groups?|assigned|allo(?:cat|tt)ed|randomi[sz]ed|received|on|to)\b", re.IGNORECASE)


def _of_arms(case: Case, start: int, end: int) -> Iterator[re.Match[str]]:
    """Ratios with a word of allocation within so many characters, no range of anything."""
    for m in _RATIO.finditer(case.figures, start, end):
        near = case.flat[max(start, m.start() - _NEAR) : min(end, m.end() + _NEAR)]
        plain = re.fullmatch(r"\d-\d", m[0]) is not None
        if (
            _SAID.search(near)
            and not (plain and "ratio" not in near)
            and not ("to" in m[0] and "ratio" not in near and "-" not in m[0] and "random" not in near)
        ):
            yield m


_NEAR = 60


def _arms(case: Case, start: int, end: int, ratio: re.Match[str]) -> list[Count]:
    """The sizes of two arms: `A (n = 88) or B (n = 176)`, `88 to A and 176 to B`; none where more could be meant."""
    sized = [Count(whole(m["n"]), m.span("n")) for m in _N_IS.finditer(case.figures, start, end)]
    if len(sized) == 2:
        return sized
    counts = [
        c
        for c in counts_in(case, start, end)
        if not ratio.start() <= c.span[0] < ratio.end()
        and c.n > _LAST_ARM
        and _TO.match(case.flat[c.span[1] : c.span[1] + 60])
    ]
    return counts if len(counts) == 2 and not sized else []


_COUNTED = re.compile(r"(?<![\w.,:/-])(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})(?![\d.,]*\d|[-:/]\d| ?%|-[a-z]|[a-z])")
_NO_ARM = re.compile(
    r" ?(?:degrees?|°|mg|kg|g|mL|µg|mcg|IU|weeks?|months?|years?|days?|hours?|sites|cent(?:er|re)s|hospitals|countries"
    r"|completed|withdrew|"
    r"discontinued|died|responded|of (?:the|these|whom)|(?:[a-z-]+ ){0,2}(?:events|deaths)|in total)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:of|among|total of|randomi[sz]ed|enrolled|included|recruited|all|assigned|allo(?:cat|tt)ed|we)(?: the| these"
    r"| all)? $",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\b(?:completed|analy[sz]ed|evaluable|withdrew|discontinued|died|responded|remained|per-protocol)\b", re.IGNORECASE
)


def _alone(case: Case, p: Passage, ratio: re.Match[str]) -> list[Count]:
    """The only two counts of the sentence of a ratio that are not of all: `(3:1); 201 got A and 199 B`."""
    if _LEFT_OUT.search(case.flat, p.start, p.end):
        return []
    found = [
        Count(whole(m["n"]), m.span("n"))
        for m in _COUNTED.finditer(case.figures, p.start, p.end)
        if not ratio.start() <= m.start() < ratio.end()
        and whole(m["n"]) > _LAST_ARM
        and not _NO_ARM.match(case.flat, m.end())
    ]
    if len(found) == _TWO + 1 and found[0].n == found[1].n + found[2].n:
        return found[1:]
    if (
        len(found) == _TWO + 1
        and _ALL.search(case.flat, p.start, found[0].span[0])
        and found[0].n > max(x.n for x in found[1:])
    ):
        found = found[1:]
    return found if len(found) == _TWO else []


_TWO, _LAST_ARM = 2, 9


def _several(case: Case, p: Passage) -> None:
    """Three or more arms: `1:1:2 to low dose (n = 41), high dose (n = 39) or placebo (n = 80)`."""
    found = list(_MANY.finditer(case.figures, p.start, p.end))
    if len(found) != 1 or _is_otherwise(case, p):
        return
    m = found[0]
    shares = [int(x) for x in re.findall(r"\d", m["r"])]
    sized = [Count(whole(x["n"]), x.span("n")) for x in _N_IS.finditer(case.figures, m.end(), p.end)]
    if len(sized) != len(shares):
        sized = [
            Count(whole(x["n"]), x.span("n"))
            for x in _COUNTED.finditer(case.figures, m.end(), p.end)
            if whole(x["n"]) > _LAST_ARM and not _NO_ARM.match(case.flat, x.end())
        ]
    if len(sized) != len(shares):
        sized = [
            Count(whole(x[1]), x.span(1))
            for x in re.compile(
                r"\((\d[\d,]*)(?: (?!m?g\b|mcg\b|mL\b|ml\b|kg\b|IU\b|days?\b|weeks?\b|years?\b)[a-z]+)?\)"
            ).finditer(case.figures, m.end(), p.end)
        ]
    if len(sized) != len(shares) or any(compared(case, c.span, "allocation") for c in sized):
        return
    total = sum(c.n for c in sized)
    if total < _FEWEST:
        return
    off = 0.0
    for c, share in zip(sized, shares, strict=True):
        q = share / sum(shares)
        off = max(off, abs(c.n - q * total) / math.sqrt(total * q * (1 - q)))
    shown = " and ".join(str(c.n) for c in sized)
    places = [m.span("r"), *(c.span for c in sized)]
    if off > _SPREAD:
        sentence = f"{shown} are far from an allocation of {m['r']}."
        judge(case, p, "allocation", places, "unlikely", sentence, "binomial, 3.5 standard errors")


_BLOCKS = re.compile(
    r"\bblock(?:s|ed)?(?: sizes?| length)?(?:(?: of| was| were|,|:| =| being| fixed at| varying between| size)+"
    r"|(?<=size)) 0*(?P<k>\d{1,2})(?P<more>(?:(?:, | and | or |, and |, or | to )0*\d{1,2})*)(?![\d.,]*\d| ?%)",
    re.IGNORECASE,
)
_ONE_LIST = re.compile(
    r"\b(?:(?:single|sole) (?:[a-z]+ )?(?:cent(?:er|re)|hospital|site|clinic)|single-cent(?:er|re)|monocent\w+"
    r"|(?:without|no) (?:stratification|strata|further strat\w+)|unstratified|not stratified)\b",
    re.IGNORECASE,
)
_BY_CENTRE = re.compile(
    r"\b(?:blocked|stratified) (?:only )?(?:by|for|on|per|within) (?:study |the )?(?:cent(?:er|re)|hospital|site"
    r"|clinic)s?\b(?! and|, )",
    re.IGNORECASE,
)
_STRATIFIED = re.compile(
    r"(?<!un)(?<!not )\b(?:stratif|stratum|strata\b|minimi[sz])\w*|\bblocked (?:by|for|on)\b", re.IGNORECASE
)
_PUT_IN = re.compile(r"\b(?:allot|assign|allocat|randomi[sz])\w*", re.IGNORECASE)


def check_blocks(case: Case, p: Passage) -> None:
    """`1:1 in one centre in blocks of 4, 46 to A and 64 to B`: two arms of one list differ by half a block at most."""
    m = only(_BLOCKS.finditer(case.figures, p.start, p.end))
    beside = [q for q in case.text.passages[max(0, p.index - 2) : p.index + 3]
              if q.paragraph == p.paragraph and q.table is None]  # fmt: skip
    text = " ".join(case.flat[q.start : q.end] for q in beside)
    ratio = only(_RATIO.finditer(case.figures, beside[0].start, beside[-1].end)) if beside else None
    if m is None or ratio is None or not _ONE_LIST.search(text) or int(ratio["x"]) != _one_or(ratio["y"]):
        return
    if _STRATIFIED.search(_ONE_LIST.sub("", _BY_CENTRE.sub("", text))):
        return
    most = max(int(k) for k in re.findall(r"\d+", m["k"] + m["more"])) // 2
    for q in beside:
        arms = _arms(case, q.start, q.end, ratio) if _PUT_IN.search(case.flat, q.start, q.end) else []
        if len(arms) == _TWO and abs(arms[0].n - arms[1].n) > most and not _LEFT_OUT.search(case.flat, q.start, q.end):
            a, b = (x.n for x in arms)
            sentence = f"{a} and {b} differ by {abs(a - b)}; in such blocks two arms of one list by {most} at most."
            judge(case, q, "allocation", [m.span("k"), *(x.span for x in arms)], "error-if", sentence, "blocks")
            return


_MOST_TIMES = 10


def _one_or(text: str) -> int:
    return int(text) if text.isdigit() else 1


def _judge(case: Case, p: Passage, ratio: re.Match[str], arms: list[Count]) -> None:
    x, y = int(ratio["x"]), _one_or(ratio["y"])
    a, b = (c.n for c in arms)
    if max(a, b) > _MOST_TIMES * max(x, y) * min(a, b):
        return  # no two arms
    if a + b < _FEWEST or min(a, b) < 1:
        return
    off = []
    for share in {x / (x + y), y / (x + y)}:
        spread = math.sqrt((a + b) * share * (1 - share))
        off.append(abs(a - share * (a + b)) / spread)
    places = [ratio.span("x"), ratio.span("y"), *(c.span for c in arms)]
    given = off[0] if len(off) == 1 else min(off)
    shown = f"{a} and {b} are {'as' if given <= _SPREAD else 'far from'} an allocation of {x}:{y}"
    verdict = "ok" if given <= _SPREAD else "unlikely"
    judge(case, p, "allocation", places, verdict, f"{shown}.", "binomial, 3.5 standard errors")
    if verdict == "ok" and x != y:
        _turned(case, p, ratio, arms)


def _turned(case: Case, p: Passage, ratio: re.Match[str], arms: list[Count]) -> None:
    """`in a 2-to-1 ratio to A (n = 71) or B (n = 142)`: the ratio and the arms in one breath, the other way round."""
    x, y, (a, b) = int(ratio["x"]), _one_or(ratio["y"]), (c.n for c in arms)
    between = case.flat[ratio.end() : arms[0].span[0]]
    told = re.match(r"\W*(?:ratio |basis |fashion |manner )?(?:to (?:receive |undergo )?)", between)
    if told is None:
        _named_order(case, p, ratio, arms)
    if (x > y) == (a > b) or told is None or re.search(r"[;.] ", between):
        return
    places = [ratio.span("x"), ratio.span("y"), *(c.span for c in arms)]
    sentence = f"Allocated {x}:{y}, the first arm has {a} and the second {b}: the other way round."
    judge(case, p, "allocation", places, "unlikely", sentence, "order of the arms")


_NAMES = re.compile(
    r"[\s(]*(?:ratio )?[(,]? ?(?P<a>[a-zA-Z][a-zA-Z -]{2,40}?)(?: to |:)(?P<b>[a-zA-Z][a-zA-Z -]{2,40}?)[),;.]"
)


def _named_order(case: Case, p: Passage, ratio: re.Match[str], arms: list[Count]) -> None:
    """`in a ratio of 1:2 (control to intervention), 212 to control and 106 to intervention`."""
    m = _NAMES.match(case.flat, ratio.end(), p.end)
    x, y = int(ratio["x"]), _one_or(ratio["y"])
    if m is None:
        return
    first, second = m["a"].lower(), m["b"].lower()
    found = []
    for c, until in zip(arms, (*(k.span[0] for k in arms[1:]), p.end), strict=True):
        said = case.small[c.span[1] : until].split(";")[0]
        named = [n for n in sorted((first, second), key=len, reverse=True) if n in said]
        found.append(named[0] if named else "")
    a, b = (c.n for c in arms)
    if sorted(found) != sorted((first, second)) or (x > y) == ((a > b) == (found[0] == first)):
        return
    places = [ratio.span("x"), ratio.span("y"), *(c.span for c in arms)]
    sentence = f"Allocated {x}:{y} ({first} to {second}), {found[0]} has {a} and {found[1]} {b}: the other way round."
    judge(case, p, "allocation", places, "unlikely", sentence, "order of the arms")
