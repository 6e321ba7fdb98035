"""Columns of a table that follow from two others of their row: shares, rates and sensitivities of counts.

Nothing but the table itself says which column follows from which: most rows must show it, to more digits than chance
would. The heads may say as much, so that fewer rows will do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import permutations
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.tables.figures import Column, Grid
from codon12.numbers.unrounded import Printed

__all__ = ["CHANCE", "NO_SHARE", "TIME", "Found", "Way", "columns_that_follow", "digits_of"]

_SLACK = 1e-9
_PER = (100.0, 1000.0, 10000.0, 100000.0)
_MOST_WAYS = 4000
"""Ways to work out a column from two others beyond which a table is too wide to tell one from chance."""


class Way(NamedTuple):
    """How a number may follow from two others of its row, and how it reads in a sentence."""

    name: str
    of: Callable[[float, float], float]
    scale: float
    """What a whole is in it: 100 for percentages; 0 where it may be any number."""
    says: str


_WAYS = (
    Way("share", lambda a, b: 100 * a / b, 100, "{a} of {b} is {x} %"),
    Way("share", lambda a, b: a / b, 1, "{a} of {b} is {x}"),
    Way("share of both", lambda a, b: 100 * a / (a + b), 100, "{a} of {a} + {b} is {x} %"),
    Way("share of both", lambda a, b: a / (a + b), 1, "{a} of {a} + {b} is {x}"),
    *(Way("rate", lambda a, b, k=k: k * a / b, 0, f"{{a}} in {{b}} is {{x}} per {k:g}") for k in _PER),
)


class Found(NamedTuple):
    """A column that follows from two others: the rows in which it does, and those in which not."""

    way: Way
    part: Column
    whole: Column
    made: Column
    right: list[int]
    wrong: list[int]


def columns_that_follow(grid: Grid) -> Iterator[Found]:
    """Columns that follow from two others; the one that most rows show first."""
    counts = [c for c in grid.columns if len(c.figures) > 1 and c.is_whole and c.place[1] in ("first", "of")]
    values = [c for c in grid.columns if len(c.figures) > 1 and c.place[1] in ("first", "beside", "share")]
    many = len(counts) * len(grid.columns) * len(values)
    if not 0 < many <= _MOST_WAYS:
        return
    doubt = math.log10(many * len(_WAYS))
    times = [c for c in grid.columns if TIME.search(c.head) and c.place[1] == "first"]
    timed = {c.place for c in times}
    numbers = {c.place: {k: float(f.value.value) for k, f in c.figures.items()} for c in (*counts, *times)}
    pairs = [*permutations(counts, 2), *((c, t) for c in counts for t in times if t not in counts)]
    found = [one for made in values if (one := _best(grid, made, pairs, numbers, timed, doubt)) is not None]
    yield from sorted(found, key=lambda f: -len(f.right))


def _best(
    grid: Grid,
    made: Column,
    pairs: Sequence[tuple[Column, Column]],
    numbers: Mapping[tuple[int, str], dict[int, float]],
    timed: AbstractSet[tuple[int, str]],
    doubt: float,
) -> Found | None:
    """How a column follows from two others in most of its rows, where enough of them show it."""
    box, best = {k: _box(f.value) for k, f in made.figures.items()}, None
    for part, whole in pairs:
        if made.place in (part.place, whole.place):
            continue
        a, b = numbers[part.place], numbers[whole.place]
        rows = [k for k in box if k in a and k in b]
        for way in _WAYS:
            if (way.name == "rate") != (whole.place in timed):
                continue
            fits = _fitting(way, rows, a, b, box)
            if len(fits) > (len(best.right) if best else 0):
                one = Found(way, part, whole, made, fits, [k for k in rows if k not in fits])
                best = _shown(grid, one, doubt) or best
    return best


def _box(given: Printed) -> tuple[float, float]:
    """From where to where a number prints so, rounded or cut off."""
    return float(given.low) - _SLACK, float(given.high_cut) + _SLACK


def _fitting(
    way: Way, rows: list[int], a: dict[int, float], b: dict[int, float], box: dict[int, tuple[float, float]]
) -> list[int]:
    """The rows in which a number follows from two others; none where none of the first few does."""
    fits: list[int] = []
    if way.scale == 1 and any(box[k][0] > 1 for k in rows):
        return fits
    for tried, k in enumerate(rows):
        if tried == _TRIED and not fits:
            break
        if (
            (b[k] or (way.name == "share of both" and a[k]))
            and (way.name != "share" or a[k] <= b[k])
            and box[k][0] <= way.of(a[k], b[k]) < box[k][1]
        ):
            fits.append(k)
    return fits


TIME = re.compile(
    r"\b(?:person|patient|subject|women|man|woman|child)[- ]?(?:years?|months?|days?|time)\b|\bPYs?\b", re.IGNORECASE
)
CHANCE = 4.0
"""Digits, beyond those that so many ways to work out a column would show by chance."""
_NAMED = 1.9
"""Digits where the heads name the columns: a share of whole percents in one row."""


def _shown(grid: Grid, found: Found, doubt: float) -> Found | None:
    """A column that follows from two others, where enough rows show it; less the rows that are worked out otherwise."""
    way, part, whole, made, right, wrong = found
    highest = max(f.value.value / f.value.step for f in made.figures.values())
    spread = math.log10(max(highest, 1))
    telling = [
        k for k in right
        if whole.figures[k].value.value and part.figures[k].value.value not in (0, whole.figures[k].value.value)
    ]  # fmt: skip
    digits = sum(min(digits_of(made.figures[k].value, way.scale), spread) for k in telling)
    named = _are_named(way, part, whole, made)
    enough = digits >= _NAMED if named else digits >= CHANCE + doubt
    few = len(wrong) <= len(right) if named else 3 * len(wrong) <= len(right)
    if not enough or not few or len(wrong) > max(1, (len(right) + len(wrong)) // 4):
        return None
    return found._replace(wrong=[k for k in wrong if not _APART.search(grid.rows[k].label)])


_TRIED = 3
_APART = re.compile(
    r"\b(?:pooled|summary|random|fixed|weighted|mean|median|average|adjusted|standardi[sz]ed|I2|heterogeneity|"
    r"P(?: value)?)\b",
    re.IGNORECASE,
)
"""Rows that are worked out in another way than the rest."""


def digits_of(given: Printed, scale: float) -> float:
    """How many digits a number shows that chance would have to hit."""
    if scale:
        return math.log10(scale) + given.digits
    return len(given.text.replace(".", "").replace(",", "").lstrip("0"))


_SIZE = re.compile(
    r"^\W*(?:(?:total|sample)\b|n\b|no\b|num|patients|participants|subjects|cases|samples|tested|evalua|screened|"
    r"enrol|treated|assessed|randomi[sz]ed|at risk|denominator|all\b)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"%|percent|proportion|prevalence|frequency|\bshare\b|\brate\b|\bORR\b|\bDCR\b|positivity", re.IGNORECASE
)
NO_SHARE = re.compile(
    r"surviv|\b(?:PFS|OS|DFS|EFS|RFS)\b|month|year|kaplan|change|reduc|weight|adjust|standardi|\b[HO]R\b|ratio\b|differ|"
    r"decrease|increase|inhib|growth|median|mean",
    re.IGNORECASE,
)
_CROSSED = frozenset(("TP", "FP", "FN", "TN"))
_TEST = re.compile(r"sensitiv|specific|\b[PN]PV\b|predictive|accuracy|recall|precision", re.IGNORECASE)


def _are_named(way: Way, part: Column, whole: Column, made: Column) -> bool:
    """Whether the heads say that one column is worked out from the others."""
    if way.name == "rate":
        return bool(re.search(r"\brate|\bper\b|incidence", made.head, re.IGNORECASE))
    if way.name == "share of both":
        return {part.head.strip(), whole.head.strip()} <= _CROSSED and _TEST.search(made.head) is not None
    if part.place[0] == whole.place[0]:
        return part.place[1] == "first" and whole.place[1] == "of" and _SHARE.search(made.head) is not None
    same = made.place == (part.place[0], "beside")
    share = made.place[1] == "share" or _SHARE.search(made.head) is not None
    return bool(_SIZE.search(whole.head)) and (same or share) and not NO_SHARE.search(made.head)
