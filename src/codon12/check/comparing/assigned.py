"""Which of the things that a sentence names each of its numbers is of: `12 with A and 9 with B`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeVar

from codon12.check import patterns as re

__all__ = ["AGAINST", "UNCLEAR", "Mention", "Pieces", "Unclear", "assigned"]

T = TypeVar("T", bound=Hashable)
Mention = tuple[int, int, T]
"""Where words name something, and what."""


class Unclear:
    """That it is not told which."""

    def __repr__(self) -> str:
        return "unclear"


UNCLEAR: Final = Unclear()
"""Several things are named and it is not told which a number is of."""

_LISTED = re.compile(
    r"^\W*(?:(?:of|patients(?!,)|participants(?!,)|subjects(?!,)|months|years)\b|%)?\W*"
    r"(?:and|or|vs?\.?|versus|against|(?:as )?compared (?:with|to))?\W*$",
    re.IGNORECASE,
)
"""What stands between two numbers of one list."""
_REFERENCE = re.compile(
    r"\b(?:compared (?:with|to)|relative to|versus|vs\.?|than|against|over) "
    r"(?:(?:a|an|the|that|those|of|in|with|for|on|"
    r"from|patients|tumou?rs|receiving|TPS|score) )*$",
    re.IGNORECASE,
)
"""Before what another thing is compared with."""
_OPENS = re.compile(
    r"^[\s)\]%]*(?:months?|weeks?|days?|years?|points?)?[\s)\]%]*(?:of )?"
    r"(?:the |all |those |these |patients |participants |"
    r"subjects |events? )*(?:in|with|for|among|of|on|from|receiving|at|under|assigned|allocated|randomi[sz]ed|given|"
    r"treated|who|whose|were|had)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;:.]\s|,(?! or )|\b(?:and|but|whereas|while|versus|vs)\b", re.IGNORECASE)
_STOP = re.compile(r"[;:.(]|, respectively")
_ITS = re.compile(
    r" ?%? ?(?:[(\[:] ?(?:(?:an? |the )?(?:median|mean|rate|HR|hazard ratio)(?:,| of| was)? ?)?)?", re.IGNORECASE
)
"""Between what is named and a number in brackets right behind it."""
AGAINST = re.compile(
    r"\b(?:v|vs\.?|versus|against|compared (?:with|to)|(?<!longer )(?<!more )(?<!less )(?<!fewer )than)\W*$",
    re.IGNORECASE,
)
"""Right before a number that another is compared with."""
_REACH = 60
_PAIR = 2


class Pieces:
    """A sentence cut at its numbers: the lists that they form, and the words between those.

    `kinds` are of the numbers by where they begin, where known: those of two kinds form no list.
    """

    def __init__(self, text: str, numbers: Sequence[tuple[int, int]], kinds: Mapping[int, str] | None = None) -> None:
        self.text, self._kinds = text, kinds or {}
        self.lists: list[list[tuple[int, int]]] = []
        for span in sorted(set(numbers)):
            if self.lists and self._are_listed(self.lists[-1][-1], span):
                self.lists[-1].append(span)
            else:
                self.lists.append([span])
        starts = [0, *(x[-1][1] for x in self.lists)]
        ends = [*(x[0][0] for x in self.lists), len(text)]
        self.between = list(zip(starts, ends, strict=True))
        """Span of the words before each list, and behind the last."""

    def _are_listed(self, first: tuple[int, int], second: tuple[int, int]) -> bool:
        """Whether nothing but a comma or `and` parts two numbers, and they are of one kind as far as that is known."""
        kinds = {self._kinds[x[0]] for x in (first, second) if x[0] in self._kinds}
        between = self.text[first[1] : second[0]]
        return len(kinds) < _PAIR and not {":", ";"} & {*between} and _LISTED.match(between) is not None

    @cached_property
    def colons(self) -> frozenset[int]:
        """Colons that stand right between two numbers: `68 patients (17.0%): 47 (24.9%) with A`."""
        spans = [x for row in self.lists for x in row]
        return frozenset(
            a[1] + self.text[a[1] : b[0]].index(":")
            for a, b in pairwise(spans)
            if re.fullmatch(r"[\s)\]]*(?:patients|participants|subjects|\w+ed)?[\s)\]]*:\s*", self.text[a[1] : b[0]])
        )

    def part(self, start: int) -> tuple[int, int]:
        """Where the part of the sentence that holds `start` begins and ends, at semicolons outside of brackets.

        A colon right between two numbers parts them as well.
        """
        cuts, depth = [0], 0
        for k, c in enumerate(self.text):
            depth += (c in "([") - (c in ")]")
            if (c == ";" or k in self.colons) and depth <= 0 and not any(a <= k < b for x in self.lists for a, b in x):
                cuts.append(k + 1)
        cuts.append(len(self.text) + 1)
        whole = (0, len(self.text))
        return next(((a, min(b, len(self.text))) for a, b in pairwise(cuts) if a <= start < b), whole)

    def precede(self, mentions: Sequence[Mention[T]]) -> bool:
        """Whether what is named stands before the numbers, first and last, so that each is of what was last named."""
        first, last = self.lists[0][0][0], self.lists[-1][-1][1]
        return min(m[0] for m in mentions) < first and all(m[0] < last for m in mentions)

    def within(self, begin: int, end: int) -> Pieces:
        """A part of the sentence by itself."""
        spans = [(a - begin, b - begin) for x in self.lists for a, b in x if begin <= a < end]
        return Pieces(self.text[begin:end], spans, {a - begin: kind for a, kind in self._kinds.items()})

    def place(self, start: int) -> tuple[int, int] | None:
        """List and place in it of the number that begins at `start`, each counted from 0."""
        return next(
            ((i, k) for i, x in enumerate(self.lists) for k, span in enumerate(x) if span[0] == start),
            None,
        )


def assigned(pieces: Pieces, start: int, mentions: Sequence[Mention[T]]) -> T | Unclear | None:
    """What the number that begins at `start` is of; None where nothing is named, UNCLEAR where it is not told.

    Told are: what stands behind each number or list, before each, or once for all of them; lists of as many things
    as numbers, in one order; and what opens the words right behind a number. Each part of a sentence between
    semicolons is read by itself; what names nothing may be of what the parts before it name.

    Examples
    --------
    >>> text = "Median OS was 12.1 months with A and 9.4 months with B"
    >>> both = Pieces(text, [(14, 18), (37, 40)])
    >>> arms = [(31, 32, "A"), (53, 54, "B")]
    >>> assigned(both, 14, arms), assigned(both, 37, arms)
    ('A', 'B')
    """
    begin, end = pieces.part(start)
    part = pieces.within(begin, end)
    here = [(a - begin, b - begin, x) for a, b, x in mentions if begin <= a < end]
    place = part.place(start - begin)
    if place is None:
        return UNCLEAR if mentions else None
    found = [_named(part, a, b, here) for a, b in part.between]
    if any(found):
        told = _in_concert(part, place, found, here)
        return _right_behind(part, place, here) if told is UNCLEAR else told
    earlier = _named(pieces, 0, begin, mentions)
    if not earlier:
        return None
    if begin - 1 in pieces.colons and len(earlier) == 1:
        return earlier[0]
    same = "respectively" in part.text and len(earlier) == len(part.lists[place[0]])
    return earlier[place[1]] if same else UNCLEAR


def _named(
    pieces: Pieces, begin: int, end: int, mentions: Sequence[Mention[T]], *, references: bool = False
) -> list[T]:
    """What a piece names, in its order: each once, what is compared with left out unless asked for."""
    out: list[T] = []
    numbers = {x[0][0] for x in pieces.lists}
    for a, b, value in sorted(m for m in mentions if begin <= m[0] < end):
        own = _ITS.match(pieces.text[b:])
        is_its = own is not None and own[0].strip() and b + own.end() in numbers  # than with placebo (10.0%)
        if value not in out and (
            references or is_its or not _REFERENCE.search(pieces.text[max(begin, a - _REACH) : a])
        ):
            out.append(value)
    return out


def _in_concert(
    pieces: Pieces, place: tuple[int, int], found: list[list[T]], mentions: Sequence[Mention[T]]
) -> T | Unclear:
    """By what all lists of the sentence have in common."""
    i, k = place
    sizes = [len(x) for x in pieces.lists]
    behind, before = found[1:], found[:-1]
    opened = [_opened(pieces, j, mentions) for j in range(1, len(found))]
    one = sizes[i] == _PAIR and len(before[i]) == 1 and bool(opened[i]) and opened[i] != before[i]
    if one and not (i and opened[i - 1]) and (found[0] or not _fit(behind, sizes)):
        return (before[i] + opened[i])[k]  # in A 9.5 months, compared with 12.1 in B
    if len(behind[i]) == 1 and sizes[i] == _PAIR and not k and _is_against(pieces, i, 1):
        return UNCLEAR  # 15 months, versus 10 months in B
    if not found[0] and found[-1] and _fit(behind, sizes):
        return _kth(behind[i], k) if behind[i] else UNCLEAR
    whole = _named(pieces, *pieces.between[0], mentions, references=True)
    if not any(behind) and sizes[i] == len(whole) == _PAIR:
        return whole[k]  # in A versus B, 35% versus 43%
    if not any(behind) and len(found[0]) == 1:
        return UNCLEAR if _is_against(pieces, i, k) else found[0][0]
    if not any(behind):
        return _kth(found[0], k) if sizes[i] == len(found[0]) else UNCLEAR
    if not found[-1] and not any(opened) and _fit(before, sizes):
        against = len(before[i]) == 1 and _is_against(pieces, i, k)
        return _kth(before[i], k) if before[i] and not against else UNCLEAR
    return UNCLEAR


def _fit(named: list[list[T]], sizes: list[int]) -> bool:
    """Whether beside each list is named nothing, one thing, or as many as it has numbers."""
    return all(len(x) in (0, 1, n) for x, n in zip(named, sizes, strict=True))


def _right_behind(pieces: Pieces, place: tuple[int, int], mentions: Sequence[Mention[T]]) -> T | Unclear:
    """By the words that open right behind a number or its list."""
    i, k = place
    here = _opened(pieces, i + 1, mentions)
    if len(pieces.lists[i]) == 1:
        return here[0] if len(here) == 1 else UNCLEAR
    begin, end = pieces.between[i + 1]
    stop = _STOP.search(pieces.text, begin, end)
    listed = _named(pieces, begin, stop.start() if stop else end, mentions)
    return listed[k] if here and len(listed) == len(pieces.lists[i]) else UNCLEAR


def _opened(pieces: Pieces, j: int, mentions: Sequence[Mention[T]]) -> list[T]:
    """What the words of a piece name that open right behind the number before it, up to the next clause."""
    begin, end = pieces.between[j]
    words = pieces.text[begin:end]
    if not _OPENS.match(words):
        return []
    cut = _BREAK.search(words)
    return _named(pieces, begin, begin + cut.start() if cut else end, mentions)


def _is_against(pieces: Pieces, i: int, k: int) -> bool:
    """Whether a number is what the one before it is compared with: `13.5 months v 9.6 months`."""
    row = pieces.lists[i]
    begin = row[k - 1][1] if k else pieces.between[i][0]
    return AGAINST.search(pieces.text[begin : row[k][0]]) is not None


def _kth(values: list[T], k: int) -> T:
    return values[0] if len(values) == 1 else values[k]
