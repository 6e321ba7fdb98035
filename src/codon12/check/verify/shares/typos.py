"""One digit from fitting: what a slip of the pen turns into a share, a count or a total that does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import Case, Population
from codon12.check.verify.shares.numerals import share_of_named, wholes
from codon12.numbers.rounding import percent as rounded_percent
from codon12.numbers.unrounded import Printed, counts_for_percent, percent_modes, totals_for_percent

__all__ = [
    "Repair",
    "check_sizes",
    "few_totals",
    "may_be_those_with_data",
    "one_digit_apart",
    "one_digit_from",
    "repair_of",
    "total_in_force",
]

_MOST = 200
_REACH = 25
"""Sentences around a total in which the shares of it are looked for."""


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


@lru_cache(maxsize=4096)
def _one_digit_from(number: int) -> tuple[int, ...]:
    """All numbers one digit apart from one, ascending."""
    return tuple(sorted({int(x) for x in one_digit_from(str(number)) if x[0] != "0" or len(x) == 1}))


_WITH_DATA = 0.85
"""The share of a group for whom a value may be known, while the text prints the size of the group alone."""


def may_be_those_with_data(needed: range, total: int) -> bool:
    """Whether a share may be of most of a group: those with data, a few fewer than the total printed."""
    return bool(needed) and needed[0] < total and needed[-1] >= _WITH_DATA * total


def repair_of(s: Statement, totals: Iterable[int]) -> Repair | None:
    """The share that one other digit in its percentage or its count makes fit one of the totals, if any.

    The more digits stay as they are, the less this is chance: the best of the repairs is given.
    """
    q = s.quantities
    if q.n is None or q.percent is None:
        return None
    found: list[Repair] = []
    shown = q.percent.text.replace(",", "")
    needed = totals_for_percent(q.n, q.percent)
    for total in totals:
        if total < 1 or q.n == total or percent_modes(q.n, total, q.percent) or may_be_those_with_data(needed, total):
            continue
        if q.n <= total:
            meant = str(rounded_percent(q.n, total, q.percent.digits))
            if one_digit_apart(meant, shown):
                found.append(Repair(f"{meant} %", total, sum(c.isdigit() for c in shown)))
        counts = counts_for_percent(q.percent, total)
        free = len(str(len(counts))) - 1  # digits the percentage leaves open say nothing
        found += [Repair(str(k), total, len(str(k)) - free) for k in _one_digit_from(q.n) if k in counts]
    return max(found, key=lambda r: r.digits, default=None)


_PLANNED = re.compile(r"\b(?:planned|target(?:ed)?|required|intended|expected|anticipated)\b[^.;,\d]*$", re.IGNORECASE)
"""Before a size that was hoped for: nobody counted is of it."""
_CLOSE_BY = 2
_LEAST_COUNT = 10


def total_in_force(case: Case, s: Statement, repair: Repair) -> bool:
    """Whether the total that a repair leads to is surely in force: named in the sentence, or of shares close by.

    That of the sentence before is too where three digits of the percentage agree with it, or where no other group is
    large enough: a single digit of the count may agree with any number by chance.
    """
    sized = case.named.by_size.get(repair.total, [])[:_FEW]
    if sized and all(_PLANNED.search(case.around(p.statement, 24, 0)[0]) for p in sized):
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


def check_sizes(case: Case, unexplained: Sequence[Statement]) -> None:
    """A total one digit from the one that several shares need, and that fewer shares are of than need the other."""
    _first_digits(case)
    _sum_of_parts(case)
    needs = [(s, r) for s in unexplained[:_MOST] if len(r := few_totals(s)) > 0]
    if len(needs) == 1:
        _only_size(case, *needs[0])
    if len(needs) < 2:
        return
    fits = Counter(d.value for id_, d in case.denominators.items() if any(c.verdict == "ok" for c in case.checks[id_]))
    done: set[int] = set()
    named = {p.n for p in case.populations if not p.subgroup and _needed(p, needs) is not None}
    for p in case.populations:
        if (
            p.n < 10
            or p.n in done
            or len(done) > _MOST
            or p.subgroup
            or p.statement.kind not in ("count", "design_number")
        ):
            continue
        done.add(p.n)
        found = _needed(p, needs)
        if found is None or (p.statement.quote.lstrip("([").startswith("n") and len(named) > 1):
            continue
        total, shares = found
        if len(shares := _of_its_column(case, p, shares)) < _TWO_SHARES:
            continue
        parts = [s.quantities.n for s in case.by_passage[shares[0].passage] if s.kind == "count_percent"]
        if len(parts) > 1 and sum(n or 0 for n in parts) == p.n:
            continue  # the counts say that the total is right
        if abs(p.n - total) in {s.quantities.n for s in case.by_passage[p.statement.passage]}:
            continue  # `of 204 neonates, four had died`: the others are of those left
        if fits[p.n] < len(shares) and fits[total] == 0 and not _printed(case, total):
            sentence = f"{len(shares)} shares near it need a total of {total}, one digit from the {p.n} printed."
            case.relate("denominator", (p.statement, *shares), "unlikely", sentence, "one digit from fitting",
                        {"implied_N": total}, on=(p.statement,))  # fmt: skip


_TWO_SHARES = 2


def _of_its_column(case: Case, p: Population, shares: list[Statement]) -> list[Statement]:
    """Shares that may be of a size: in the table whose head gives it, those of its column alone."""
    table = case.text.passages[p.statement.passage].table
    if table is None:
        return shares
    own = {s.id for s in shares if [h.id for _, h in case.tables.of_column(s)] == [p.statement.id]}
    return [s for s in shares if s.id in own or case.text.passages[s.passage].table != table]


def _only_size(case: Case, s: Statement, totals: range) -> None:
    """The one size the text names is one digit from the total that its one share without total needs."""
    sizes = {p.n: p for p in reversed(case.populations) if not p.subgroup}
    q = s.quantities
    if len(sizes) != 1 or q.n is None or case.text.passages[s.passage].table is not None or s.tie == "inferred":
        return
    if case.says(s, _SOME) or any(x.verdict in PROBLEMS for x in case.checks[s.id]):
        return
    n, p = next(iter(sizes.items()))
    used = any(d.value == n and id_ != s.id and case.checks[id_] for id_, d in case.denominators.items())
    meant = [t for t in _one_digit_from(n) if t in totals and not _printed(case, t)]
    if (
        n < _TWO_DIGITS
        or not meant
        or used
        or n in (2 * meant[0], 2 * meant[0] + 1)  # of one of two equal groups
        or may_be_those_with_data(totals, n)
        or p.statement.quantities.N is not None
        or share_of_named(case, s, totals) is not None
    ):
        return
    sentence = f"{q.n} is {q.percent.text if q.percent else ''} % of {meant[0]}, one digit from the {n} printed."
    case.relate("denominator", (p.statement, s), "unlikely", sentence, "one digit from fitting",
                {"implied_N": meant[0]}, on=(p.statement,))  # fmt: skip


def _printed(case: Case, total: int) -> bool:
    """Whether a text prints a number as it is: what needs it as total need not be of another, misprinted."""
    return re.search(rf"(?<![\d.,]){total}(?![\d%]|[.,]\d)", case.flat) is not None


_SOME = re.compile(
    r"\b(?:among|of (?:those|these|whom|which|the)|responders|evaluable|assessable|subset|subgroup)\b", re.IGNORECASE
)
"""Words of a sentence that may speak of a smaller group, whose size is not printed."""
_TWO_DIGITS = 10
_LONG = 3
"""Digits a total must have for two totals that differ in the first digit alone to be one, misprinted."""


def _first_digits(case: Case) -> None:
    """Two totals that differ in their first digit alone, one of several shares, the other of none: `318` and `118`."""
    used = Counter(
        d.value
        for id_, d in case.denominators.items()
        if any(c.verdict == "ok" and c.rule == "count/percent" for c in case.checks[id_])
    )
    named = {p.n: p for p in reversed(case.populations) if not p.subgroup and p.statement.quantities.N is None}
    for n, p in named.items():
        digits = str(n)
        if len(digits) < _LONG or used[n] or case.sizes[n] > 1 or p.statement.kind != "count":
            continue
        twins = [
            m for m, k in used.items() if k >= 2 and len(str(m)) == len(digits) and str(m)[1:] == digits[1:] and m != n
        ]
        if any(m < n < case.largest for m in twins):
            continue  # a part of a larger group, as many as that may be
        table = case.text.passages[p.statement.passage].table
        if table is not None and sum(size for size, _ in case.tables.in_head(table) if size != n) == n:
            continue  # all columns together
        if len(twins) == 1:
            sentence = f"{n} and {twins[0]}, of which {used[twins[0]]} shares are, differ in their first digit alone."
            case.add(p.statement, Check("denominator", "unlikely", sentence, "one digit from fitting", tie="inferred"))


_PARTS_BEHIND = 4
"""Sentences behind the size of all in which parts of all are looked for."""


def _sum_of_parts(case: Case) -> None:
    """The largest size, one digit from the sum of parts whose percentages make a hundred: `482`, of 195, 123 and 104.

    Nothing where the sum is printed, where a share is of that size, or where parts named later may be those with data.
    """
    used = {d.value for id_, d in case.denominators.items() if case.checks[id_]}
    named = case.named.by_size.get(case.largest, [])
    p = next((p for p in named if not p.subgroup and p.statement.quantities.N is None), None)
    if p is None or p.statement.kind != "count" or p.n in used or p.n < _TWO_DIGITS or len(named) > 1:
        return
    first = p.statement.passage
    if case.text.passages[first].table is not None:
        return
    for passage in range(first, first + _PARTS_BEHIND + 1):
        for total in wholes(case, passage):
            known = passage > first and may_be_those_with_data(range(total, total + 1), p.n)
            if one_digit_apart(str(p.n), str(total)) and not known and total in used and not _printed(case, total):
                sentence = f"Parts that make 100 % add up to {total}, one digit from the {p.n} printed."
                check = Check("denominator", "unlikely", sentence, "one digit from fitting", tie="inferred")
                case.add(p.statement, check)
                return


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


def _needed(p: Population, needs: list[tuple[Statement, range]]) -> tuple[int, list[Statement]] | None:
    """The total one digit from a population that at least two different shares near it need, and these shares."""
    near = [(s, r) for s, r in needs if abs(s.passage - p.statement.passage) <= _REACH]
    votes: Counter[int] = Counter()
    pairs: set[tuple[int | None, str]] = set()
    for s, totals in near:
        pair = (s.quantities.n, s.quantities.percent.text if s.quantities.percent else "")
        if pair not in pairs:
            pairs.add(pair)
            votes.update(t for t in _one_digit_from(p.n) if t in totals)
    if not votes:
        return None
    total, times = max(votes.items(), key=lambda item: (item[1], -abs(item[0] - p.n)))
    return (total, [s for s, totals in near if total in totals][:10]) if times >= 2 else None
