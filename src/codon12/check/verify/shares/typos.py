"""One digit from fitting: what a slip of the pen turns into a share, a count or a total that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.rounding import percent as rounded_percent
from codon12.numbers.unrounded import Printed, counts_for_percent, percent_modes, totals_for_percent

__all__ = [
    "Repair",
    "few_totals",
    "may_be_those_with_data",
    "one_digit_apart",
    "one_digit_from",
    "one_digit_neighbours",
    "quite_another_digit",
    "repair_of",
    "total_in_force",
    "was_planned",
]


class Repair(msgspec.Struct, frozen=True):
    """What one other digit would make fit: the number meant, of which total, and how many digits speak for it."""

    what: str
    total: int
    digits: int


def one_digit_apart(a: str, b: str) -> bool:
    """Whether two numbers are of one length and differ in one digit, or in two neighbours that changed places.

    Examples
    --------
    >>> one_digit_apart("20.7", "40.7"), one_digit_apart("152", "512"), one_digit_apart("12", "120")
    (True, True, False)
    >>> one_digit_apart("14.1", "11.4")
    True
    """
    if len(a) != len(b) or a == b:
        return False
    at = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if not all(a[i].isdigit() and b[i].isdigit() for i in at):
        return False
    if len(at) != 2 or a[at[0]] != b[at[1]] or a[at[1]] != b[at[0]]:
        return len(at) == 1
    return a[at[0] + 1 : at[1]] in ("", ".")


def one_digit_from(text: str) -> Iterator[str]:
    """Numbers of one length that differ in one digit, or in two neighbours that changed places."""
    for i, c in enumerate(text):
        if c.isdigit():
            yield from (text[:i] + d + text[i + 1 :] for d in "0123456789" if d != c)
            j = i + 2 if text[i + 1 : i + 2] == "." else i + 1
            if j < len(text) and text[j] != c:
                yield text[:i] + text[j] + text[i + 1 : j] + c + text[j + 1 :]


def quite_another_digit(text: str) -> Iterator[str]:
    """Those of them that rounding does not explain: another digit by two or more, and not the last decimal.

    Examples
    --------
    >>> [x for x in quite_another_digit("4.9") if x > "6"], "95" in quite_another_digit("92")
    (['6.9', '7.9', '8.9', '9.9', '9.4'], True)
    """
    last = len(text) - 1 if "." in text else -1
    for other in one_digit_from(text):
        at = [i for i, (a, b) in enumerate(zip(text, other, strict=True)) if a != b]
        far = len(at) > 1 or (abs(int(text[at[0]]) - int(other[at[0]])) > 1 and at[0] != last)
        if far and not (other[0] == "0" and other[1:2].isdigit()):
            yield other


@lru_cache(maxsize=4096)
def one_digit_neighbours(number: int) -> tuple[int, ...]:
    """All numbers one digit apart from one, ascending."""
    return tuple(sorted({int(x) for x in one_digit_from(str(number)) if x[0] != "0" or len(x) == 1}))


_WITH_DATA = 0.85
"""The share of a group for whom a value may be known, while the text prints the size of the group alone."""


def may_be_those_with_data(needed: range, total: int) -> bool:
    """Whether a share may be of most of a group: those with data, a few fewer than the total printed."""
    return bool(needed) and needed[0] < total and needed[-1] >= _WITH_DATA * total


def repair_of(s: Statement, totals: Iterable[int], *, with_data: bool = False) -> Repair | None:
    """The share that one other digit in its percentage or its count, or its point moved, makes fit a total, if any.

    None where it may be of those of a total with data, unless `with_data` asks for these as well.
    The more digits stay as they are, the less this is chance: the best of the repairs is given.
    """
    q = s.quantities
    if q.n is None or q.percent is None:
        return None
    found: list[Repair] = []
    shown = q.percent.text.replace(",", "")
    needed = totals_for_percent(q.n, q.percent)
    for total in totals:
        if total < 1 or q.n == total or percent_modes(q.n, total, q.percent):
            continue
        if not with_data and may_be_those_with_data(needed, total):
            continue
        if q.n <= total:
            meant = str(rounded_percent(q.n, total, q.percent.digits))
            if one_digit_apart(meant, shown):
                found.append(Repair(f"{meant} %", total, sum(c.isdigit() for c in shown)))
            found += [Repair(f"{x} %", total, len(_digits_of(x))) for x in _point_moved(q.n, total, q.percent)]
        counts = counts_for_percent(q.percent, total)
        free = len(str(len(counts))) - 1  # digits the percentage leaves open say nothing
        found += [Repair(str(k), total, len(str(k)) - free) for k in one_digit_neighbours(q.n) if k in counts]
    return max(found, key=lambda r: r.digits, default=None)


def _point_moved(n: int, total: int, printed: Printed) -> Iterator[str]:
    """The share where it has the digits printed, two or more, and its decimal point elsewhere: `2.4` for `0.24`."""
    for digits in (printed.digits - 1, printed.digits + 1):
        meant = str(rounded_percent(n, total, digits)) if digits > 0 else ""
        if len(_digits_of(meant)) > 1 and _digits_of(meant) == _digits_of(printed.text):
            yield meant


def _digits_of(shown: str) -> str:
    """The digits that say something, without point and zeros ahead."""
    return shown.replace(".", "").lstrip("0")


_PLANNED = re.compile(r"\b(?:planned|target(?:ed)?|required|intended|expected|anticipated)\b[^.;,\d]*$", re.IGNORECASE)
"""Before a size that was hoped for: nobody counted is of it."""
_CLOSE_BY = 2
_LEAST_COUNT, _LONG = 10, 3


def was_planned(case: Case, total: int) -> bool:
    """Whether a size is named only as one hoped for."""
    sized = case.named.by_size.get(total, [])[:_FEW]
    return bool(sized) and all(_PLANNED.search(case.around(p.statement, 24, 0)[0]) for p in sized)


def total_in_force(case: Case, s: Statement, repair: Repair) -> bool:
    """Whether the total that a repair leads to is surely in force: named in the sentence, or of shares close by.

    That of the sentence before is too where three digits of the percentage agree with it, or where no other group is
    large enough: a single digit of the count may agree with any number by chance.
    """
    if was_planned(case, repair.total):
        return False
    for other in case.neighbours(s, _CLOSE_BY):
        d = case.denominators.get(other.id)
        if d is not None and d.value == repair.total and other.id != s.id and other.quantities.n != d.value:
            return True
    same, earlier, _ = case.populations_around(s)
    if any(p.n == repair.total for p in same):
        return True
    before = any(p.n == repair.total and s.passage - p.statement.passage == 1 for p in earlier)
    sure = repair.what.endswith("%") and repair.digits >= _LONG
    n = s.quantities.n or 0
    alone = {size for size in case.groups if size >= n} == {repair.total}
    return before and (sure or alone) and n >= _LEAST_COUNT


@lru_cache(maxsize=4096)
def _totals(n: int, percent: Printed) -> range:
    return totals_for_percent(n, percent)


def few_totals(s: Statement) -> range:
    """The totals a share can be of, where they are few."""
    q = s.quantities
    if q.n is None or q.percent is None:
        return range(0)
    totals = _totals(q.n, q.percent)
    return totals if totals and len(totals) <= min(max(3, totals[0] // 10), _FEW) else range(0)


_FEW = 200
"""Beyond so many totals a share of a large group may be of any number near it."""
