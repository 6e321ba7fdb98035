"""The counts of a sentence, each with what its own clause says of it, and which list it stands in.

`Of 98 tumours, 61 were positive (40 in men) and 33 negative` has four counts: `98` is what the others are of, `61` and
`33` stand in one list, `40` in a list of its own, opened behind `61`.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Told, cased, told_in

__all__ = ["Count", "Sentence", "may_count", "read_sentence"]

_OF_A_SHARE = re.compile(r"[(\[]\d+(?:\.\d+)? ?% of (?:the |all )?\d[\d,]*[)\]]")
_WHOLE = re.compile(r"\d(?<![\d.,]\d)[\d,]*(?!\d|[.,]\d|\s?%)")
_UNIT = re.compile(
    r"^ ?-?(?:mg|kg|g|d|wk|mo|yr|h|Gy|cGy|µg|mcg|mL|ml|mm|cm|months?|weeks?|days?|years?|hours?|min(?:utes?)?|mm ?Hg|"
    r"kPa|bpm|m[AV]|[µμ]A|kDa|nm|k?Hz|MHz|GHz|rpm|ppm|kbp?|cycles?|fractions?|courses?|times|fold|doses?|cent(?:er|"
    r"re)s?|sites?|hospitals?|countries|institutions|trials|studies|arms|groups|cohorts|diets|schedules|generations|"
    r"(?:[a-z]+ )?(?:sessions|occasions)|(?:dose )?(?:levels?|cohorts?)|percentage|points?|x|AUC|(?:January|February|"
    r"March|April|May|June|July|August|September|October|November|December)\b)\b|^(?:[a-z]+ ){0,2}(?:cohorts|levels|"
    r"groups|arms|cent(?:er|re)s)\b",
    re.IGNORECASE,
)
_SIZED = re.compile(r"[nN] ?= ?$")
_SIZE = re.compile(r"(?P<open>[(\[]?)(?:,? ?)[nN] ?= ?$")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""Words in brackets: those without a count are passed over."""
_BREAK = re.compile(
    r"([,;:]? (?:and|or(?! (?:more|fewer|less|higher|greater|worse))|but|while|whereas|versus|vs\.?|plus|"
    r"as well as)\b[ ,]*|[,;:] ?|\. | ?[()\[\]] ?|(?: -|—) ?)",
    re.IGNORECASE,
)
"""What parts the clause of one count from that of the next."""
_SIGN = re.compile(
    r"(?P<open>[(\[])|(?P<close>[)\]])|(?P<list>:(?= |$)|\b(?:because of|due to|owing to)\b(?=[^,;()]*$))|"
    r"(?P<stop>[;.](?= |$))|(?P<whom>\b(?:of (?:whom|which|these|them|those)|among (?:whom|them|these)|in whom|"
    r"including|comprising|consisting of|comprised of|composed of)\b)|(?P<back>\bwhile\b|\bwhereas\b|\bthe (?:others?|"
    r"rest)\b|\bremaining\b)",
    re.IGNORECASE,
)
"""What opens a list behind a count, and what closes it."""
_SOME_OF_THEM = re.compile(r"^ (?:\([^()]*\) )?of (?:whom|which|these|them|those)\b", re.IGNORECASE)
_BOTH_OF_WHOM = re.compile(r" of (?:whom|which) (?:were|are) [a-z-]+ and ", re.IGNORECASE)
"""`268 of whom were male and 254 female`: both are of the count before them."""
_X_OF = re.compile(r"^[^.;:,()\d]{0,30}\b(?:of|out of|among)(?: the| these| those| all| our)* $", re.IGNORECASE)
"""Between some and all of them: `12 of the 40`, `48 deaths among 126`."""
_JOINED = re.compile(r"^ ?(?:and|or) ")
_OF_THE = re.compile(r"\b(?:of|out of|among)(?: the| these| those| all| our)* $", re.IGNORECASE)


class Count(msgspec.Struct, frozen=True, gc=False):
    """A whole number that counts something, and what its clause says of it."""

    n: int
    start: int
    end: int
    before: str
    """Words of its clause before it."""
    behind: str
    """Words of its clause behind it."""
    gap: str
    """All words between the count before it, or the start of the sentence, and this one."""
    level: int
    """The list it stands in: 0 is the sentence, `k` one whose first count is number `k`, opened behind `k - 1`."""
    sized: bool
    """Whether it is written `n = 7`."""
    of: bool
    """Whether the count before it is one of some of these: `40` in `12 of the 40`."""

    @property
    def words(self) -> str:
        """What its clause says of it."""
        return f"{self.before} | {self.behind}"


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """The counts of a sentence in its order."""

    passage: int
    counts: tuple[Count, ...]
    tail: str
    """Words behind the last of them."""
    text: str
    """The sentence; numbers that name something stand in rings, brackets without a count are blank."""


def read_sentence(case: Case, passage: int) -> Sentence:
    """The counts of a sentence of prose, its numbers in words as figures; read once in a short text."""
    found = case.clauses.get(passage)
    if found is None:
        found = _read(case, passage)
        if len(case.text.passages) <= _SHORT or len(case.clauses) < _MOST_KEPT:
            case.clauses[passage] = found
    return found


_SHORT, _MOST_KEPT = 80, 10
"""Sentences of a text that are all kept as read; of a longer text, where they would fill much, so many."""


_MANY = 3
"""As many whole numbers of a sentence as anybody asks for."""


def may_count(case: Case, passage: int, fewest: int) -> bool:
    """Whether a sentence of prose has so many whole numbers (three at most) that are no percentages: asked first."""
    known = case.once.setdefault("how many whole numbers", bytearray(len(case.text.passages)))
    if not known[passage]:
        p = case.text.passages[passage]
        counts = p.table is None and not _is_listing(case, p.start, p.end)
        found = islice(_WHOLE.finditer(case.figures, p.start, p.end), _MANY) if counts else ()
        known[passage] = 1 + sum(1 for _ in found)
    return bool(known[passage] > fewest)


def _is_listing(case: Case, start: int, end: int) -> bool:
    """Whether a sentence is made of short lines: rows of a table that was copied as text."""
    lines = case.text.normal.text.count("\n", start, end)
    return lines >= _LEAST_LINES and end - start < _SHORT_LINE * lines


_LEAST_LINES, _SHORT_LINE = 4, 50


def _read(case: Case, passage: int) -> Sentence:
    p, told = case.text.passages[passage], told_in(case, passage)
    masked = cased(case, told)
    numbers = list(_numbers(told, masked, p.start))
    if not numbers:
        return Sentence(passage, (), "", "")
    counted = [x.start for x in numbers]
    masked = _OF_A_SHARE.sub(lambda m: " " * len(m[0]), masked)
    masked = _ASIDE.sub(
        lambda m: m[0] if bisect(counted, m.end()) > bisect(counted, m.start()) else " " * len(m[0]), masked
    )
    gaps = [masked[a:b] for a, b in _between(numbers, len(masked))]
    clauses = [_clauses(gap) for gap in gaps]
    levels = _levels(gaps, [x.sized for x in numbers])
    of = [k > 0 and (x.of or _X_OF.match(gaps[k]) is not None) for k, x in enumerate(numbers)]
    out = []
    for k, x in enumerate(numbers):
        behind, ahead = _own(clauses[k + 1]), clauses[k][-1]
        if k + 1 < len(numbers) and of[k + 1]:  # what is said of `12 of the 40 patients` stands behind the patients
            behind = f"{_OF_THE.sub('', gaps[k + 1])} {_own(clauses[k + 2])}"
        if of[k]:
            ahead = "of the"
        elif not ahead and not behind.strip():
            ahead = next((x for x in reversed(clauses[k][:-1:2]) if x.strip()), "")
        ahead = _JOINED.sub("", ahead)
        out.append(Count(x.n, p.start + x.start, p.start + x.end, ahead.strip(), behind.strip(), gaps[k], levels[k],
                         x.sized, of[k]))  # fmt: skip
    return Sentence(passage, tuple(out), gaps[-1], masked)


class _Number(NamedTuple):
    """A whole number of a sentence, in places of the sentence."""

    n: int
    start: int
    end: int
    until: int
    """Where the words behind it begin: behind the bracket of its share."""
    sized: bool
    of: bool


def _numbers(told: Told, masked: str, begin: int) -> Iterator[_Number]:
    """The counts of a sentence and their totals, but those of a fraction, of a share, and of units that hold others."""
    shares = [m.span() for m in _OF_A_SHARE.finditer(masked)]
    for x in told.items:
        at = x.start - begin
        if x.n is None or any(a <= at < b for a, b in shares):
            continue
        share = -1 if x.share_at is None else x.share_at[0] - begin
        both = [(x.n, x.at)] if x.total is None or x.total_at is None else [(x.n, x.at), (x.total, x.total_at)]
        if len(both) > 1 and "/" in masked[x.at[1] - begin : both[1][1][0] - begin]:
            continue
        for n, (a, b) in both:
            start, end = a - begin, b - begin
            last = (a, b) == both[-1][1]
            aside = not last and end <= share < both[-1][1][0] - begin
            until = x.end - begin if last else max(end, masked.find(")", share) + 1) if aside else end
            sized = _SIZED.search(masked, max(0, start - 5), start) is not None
            if sized or x.share is not None or not _UNIT.match(masked[end : end + _NEAR]):
                yield _Number(n, start, end, until, sized, (a, b) != x.at)


_NEAR = 40


def _between(numbers: list[_Number], end: int) -> Iterator[tuple[int, int]]:
    since = 0
    for x in numbers:
        yield min(since, x.start), x.start
        since = x.until
    yield since, end


def _clauses(gap: str) -> list[str]:
    """The words between two counts, cut where a clause ends: the first belong to the one, the last to the other."""
    return _BREAK.split(_SIZE.sub(lambda m: m["open"], gap) if "=" in gap else gap)


def _own(clauses: list[str]) -> str:
    """The first of the words between two counts: with `and` and what it adds, where a clause of the next follows."""
    own, k = clauses[0], 1
    while k + 2 < len(clauses) and clauses[k].strip() in ("and", "or") and clauses[0].strip():
        own += clauses[k] + clauses[k + 1]
        k += 2
    return own


def _levels(gaps: list[str], sized: list[bool]) -> list[int]:
    """For each count the list it stands in."""
    levels: list[int] = []
    stack: list[tuple[int, str]] = [(0, "")]
    for k, gap in enumerate(gaps[:-1]):
        some = _SOME_OF_THEM.match(gap)
        for sign in _SIGN.finditer(gap, some.end() if some else 0):
            _follow(sign, k, stack)
        if _alone_in_bracket(gaps, k) and (sized[k] or _THE_REST.search(gap) or _alone_beside(gaps, k)):
            levels.append(stack[-2][0])
        elif k and _SOME_OF_THEM.match(gaps[k + 1]) and stack[-1][1] != "whom":
            levels.append(k)
            if _BOTH_OF_WHOM.fullmatch(gaps[k + 1]):
                stack.append((k, "whom"))
        else:
            levels.append(stack[-1][0])
    return levels


def _follow(sign: re.Match[str], k: int, stack: list[tuple[int, str]]) -> None:
    """Open or close a list at a sign of the words before count `k`; a list is named by its first count."""
    kind = sign.lastgroup
    if kind == "open":
        stack.append((k, "("))
    elif kind == "close":
        while len(stack) > 1 and stack.pop()[1] != "(":
            pass
    elif kind == "stop":
        while len(stack) > 1 and stack[-1][1] != "(":
            stack.pop()
    elif kind == "back":
        while len(stack) > 1 and stack[-1][1] == "whom":
            stack.pop()
    elif k and kind == "list" and (sign[0] == ":" or stack[-1][1] != ":"):
        while len(stack) > 1 and stack[-1][1] != "(":
            stack.pop()
        stack.append((k, ":"))
    elif k and kind == "whom" and stack[-1][1] not in ("whom", ":"):
        stack.append((k, "whom"))


def _alone_in_bracket(gaps: list[str], k: int) -> bool:
    """Whether a bracket holds this count and no other."""
    return "(" in gaps[k] and ")" not in gaps[k].rsplit("(", 1)[1] and re.match(r"^[^()\d]*\)", gaps[k + 1]) is not None


def _alone_beside(gaps: list[str], k: int) -> bool:
    """Whether the count before or behind stands alone in its bracket too, with words of its own: they are one list."""
    after = k + 2 < len(gaps) and _alone_in_bracket(gaps, k + 1) and _named_apart(gaps[k + 1])
    return after or (k > 0 and _alone_in_bracket(gaps, k - 1) and _named_apart(gaps[k]))


_THE_REST = re.compile(r"\b(?:others?|remaining|rest|remainder)(?: [a-z]+)? ?[(\[]$", re.IGNORECASE)


def _named_apart(gap: str) -> bool:
    return re.search(r"\)[^()]*[A-Za-z]{2}[^()]*\(", gap) is not None
