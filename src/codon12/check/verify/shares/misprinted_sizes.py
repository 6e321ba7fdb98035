"""The size of a group, one digit from the total that shares of it need, or from what parts of a whole add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS, Check
from codon12.check.verify.case import Case, Population
from codon12.check.verify.shares.numerals import share_of_named, wholes
from codon12.check.verify.shares.typos import few_totals, may_be_those_with_data, one_digit_apart, one_digit_neighbours
from codon12.check.verify.shares.with_data import without_data

__all__ = ["check_sizes"]

_MOST = 200
_REACH = 25
"""Sentences around a total in which the shares of it are looked for."""


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
        if _is_together(case, shares, total):
            continue
        here = case.text.passages[p.statement.passage]
        if re.search(rf"(?<![\d.,])0*{abs(p.n - total)}(?![\d%]|[.,]\d)", case.figures[here.start : here.end]):
            continue  # `of 204 neonates, four had died`: the others are of those left
        if fits[p.n] < len(shares) and fits[total] == 0 and not _printed(case, total):
            sentence = f"{len(shares)} shares near it need a total of {total}, one digit from the {p.n} printed."
            case.relate("denominator", (p.statement, *shares), "unlikely", sentence, "one digit from fitting",
                        {"implied_N": total}, on=(p.statement,))  # fmt: skip


_TWO_SHARES = 2
_FEW_ENOUGH = 30
"""A total as small as this is one digit from another that fits by chance."""
_OF_AN_ARM = re.compile(r"^[^.;,]*?\bin the (?:[a-z-]+ ){0,2}(?:group|arm|condition|cohort)\b")


def _is_together(case: Case, shares: Sequence[Statement], total: int) -> bool:
    """Whether two groups named near are a total together: `32 had capecitabine, 11 were observed`, 43 in that arm."""
    last = max(s.passage for s in shares)
    start = case.text.passages[max(0, min(s.passage for s in shares) - _CLOSE)].start
    near = {int(m[0]) for m in _WHOLE.finditer(case.flat, start, case.text.passages[last].end)}
    return any(total - n in near and 2 * n != total for n in near if n > 1)


_CLOSE = 2
_WHOLE = re.compile(r"(?<![\w.,/(])\d{1,4}(?= [a-z])(?! (?:months?|years?|weeks?|days?|of|vs|and|to)\b)")


def _of_its_column(case: Case, p: Population, shares: list[Statement]) -> list[Statement]:
    """Shares that may be of a size: in the table whose head gives it, those of its column alone."""
    table = case.text.passages[p.statement.passage].table
    if table is None:  # a column that has a size of its own, another one, is not of this
        return [s for s in shares if len(heads := case.tables.of_column(s)) != 1 or heads[0][0] == p.n]
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
    if n < _FEW_ENOUGH or _OF_AN_ARM.search(case.around(s, 0, 60)[1]):
        return
    used = any(d.value == n and id_ != s.id and case.checks[id_] for id_, d in case.denominators.items())
    meant = [t for t in one_digit_neighbours(n) if t in totals and not _printed(case, t)]
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


def _is_counted_on(case: Case, size: int) -> bool:
    """Whether a count printed with its percentage is of a size."""
    return any(
        d.value == size and any(c.rule == "count/percent" and c.verdict == "ok" for c in case.checks[id_])
        for id_, d in case.denominators.items()
    )


def _printed(case: Case, total: int) -> bool:
    """Whether a text prints a number as it is: what needs it as total need not be of another, misprinted."""
    return re.search(rf"(?<![\d.,]){total}(?![\d%]|[.,]\d)", case.flat) is not None


_SOME = re.compile(
    r"\b(?:in (?:patients|those|cases|women|men|children|subjects) (?:with|who)\b|among|of (?:those|these|whom|"
    r"which|the)|responders|evaluable|assessable|subset|subgroup)\b",
    re.IGNORECASE,
)
"""Words of a sentence that may speak of a smaller group, whose size is not printed."""
_TWO_DIGITS = 10
_LONG = 3
"""Digits a total must have for two totals that differ in the first digit alone to be one, misprinted."""


_EVENTS = re.compile(r"\b(?:deaths|events|records|lesions)\b")


def _is_a_part(case: Case, s: Statement, n: int) -> bool:
    """Whether a number and another of its sentence make a third: `150 patients (103 in one arm, 47 in the other)`."""
    told = {x for o in case.by_passage[s.passage] if (x := o.quantities.n) is not None}
    return any(n + x in told for x in told - {n})


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
        if (
            _EVENTS.search(p.statement.quote)
            or _is_a_part(case, p.statement, n)
            or len(digits) < _LONG
            or used[n]
            or case.sizes[n] > 1
            or p.statement.kind != "count"
        ):
            continue
        twins = [
            m for m, k in used.items() if k >= 2 and len(str(m)) == len(digits) and str(m)[1:] == digits[1:] and m != n
        ]
        if any(m < n < case.largest for m in twins) or n in case.sums:
            continue  # a part of a larger group, as many as that may be; or its own parts are printed
        table = case.text.passages[p.statement.passage].table
        if table is not None and sum(size for size, _ in case.tables.in_head(table) if size != n) == n:
            continue  # all columns together
        if len(twins) == 1 and not _printed(case, n - twins[0]):  # else the two are some of them and the others
            sentence = f"{n} and {twins[0]}, of which {used[twins[0]]} shares are, differ in their first digit alone."
            case.add(p.statement, Check("denominator", "unlikely", sentence, "one digit from fitting", tie="inferred"))


_PARTS_BEHIND = 4
"""Sentences behind the size of all in which parts of all are looked for."""


def _sum_of_parts(case: Case) -> None:
    """A size, one digit from the sum of parts whose percentages make a hundred: `482`, of 195, 123 and 104.

    Nothing where the sum is printed, where a share is of that size, or where parts named later may be those with data.
    """
    used = {d.value for id_, d in case.denominators.items() if case.checks[id_]}
    for size in [n for n in case.named.few_largest if n >= _TWO_DIGITS and not _is_counted_on(case, n)]:
        named = case.named.by_size[size]
        p = next((p for p in named if not p.subgroup and p.statement.quantities.N is None), None)
        if p is None or p.statement.kind != "count" or len(named) > 1:
            continue
        first = p.statement.passage
        if case.text.passages[first].table is not None:
            continue
        for passage in range(first, first + _PARTS_BEHIND + 1):
            for total in wholes(case, passage):
                known = passage > first and may_be_those_with_data(range(total, total + 1), size)
                known = known or any(n == size - total for n, _ in without_data(case, case.text.passages[passage]))
                if one_digit_apart(str(size), str(total)) and not known and total in used and not _printed(case, total):
                    sentence = f"Parts that make 100 % add up to {total}, one digit from the {size} printed."
                    check = Check("denominator", "unlikely", sentence, "one digit from fitting", tie="inferred")
                    case.add(p.statement, check)
                    return


def _needed(p: Population, needs: list[tuple[Statement, range]]) -> tuple[int, list[Statement]] | None:
    """The total one digit from a population that at least two different shares near it need, and these shares."""
    near = [(s, r) for s, r in needs if abs(s.passage - p.statement.passage) <= _REACH]
    votes: Counter[int] = Counter()
    pairs: set[tuple[int | None, str]] = set()
    for s, totals in near:
        pair = (s.quantities.n, s.quantities.percent.text if s.quantities.percent else "")
        if pair not in pairs:
            pairs.add(pair)
            votes.update(t for t in one_digit_neighbours(p.n) if t in totals)
    if not votes:
        return None
    total, times = max(votes.items(), key=lambda item: (item[1], -abs(item[0] - p.n)))
    return (total, [s for s, totals in near if total in totals][:10]) if times >= 2 else None
