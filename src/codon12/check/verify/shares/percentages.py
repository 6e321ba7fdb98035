"""A count and its percentage: whether n of N prints so, under which rounding, and if not, of which N it would."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.denominators import candidates
from codon12.check.verify.shares.far import check_far_totals
from codon12.check.verify.shares.group_sizes import group_named_behind
from codon12.check.verify.shares.misfits import does_not_fit
from codon12.check.verify.shares.misprinted_sizes import check_sizes
from codon12.check.verify.shares.ties import named_right_before, named_right_behind
from codon12.check.verify.shares.typos import repair_of
from codon12.numbers.unrounded import percent_modes, totals_for_percent

__all__ = ["check_percentages"]

_ANOTHER_GROUP = re.compile(
    r"\b(?:of|among|in|for) (?:the|these|those|whom|all|wom[ae]n|men|respon\w+|patients|\d)|respectively|\bvs\b|versus|"
    r"\b(?:during|after|before|following|under|within|pre|post)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\bof (?:them|whom|these|those|which)\b", re.IGNORECASE)
_BESIDE = 20
"""How many shares without total to either side are looked at together."""
_ROUND = ("half-up", "half-even")


def check_percentages(case: Case) -> None:
    """Check every statement that prints a count with its percentage."""
    pending: list[tuple[Statement, Denominator | None]] = []
    rounded_only = 0
    for s in case.statements:
        q = s.quantities
        if s.kind not in PERCENT_KINDS or q.n is None:
            continue
        if q.percent is None:
            _bare_cell(case, s)
            continue
        fit, cut = _fitting(case, s)
        if fit is None:
            pending.append((s, cut))
            continue
        case.is_of(s, fit)
        rounded_only += "truncate" not in percent_modes(q.n, fit.value, q.percent)
        _agrees(case, s, fit)
        if fit.source in ("context", "later"):
            _of_those_right_before(case, s, fit)
    unexplained = [s for s, cut in pending if cut is None]
    for i, (s, cut) in enumerate(pending):
        near = [o for o, c in pending[max(0, i - _BESIDE) : i + _BESIDE + 1] if c is None]
        does_not_fit(case, s, cut, rounded_only, near)
    check_far_totals(case)
    check_sizes(case, [s for s in unexplained if not any(c.verdict == "ok" for c in case.checks[s.id])])
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is None:
            _odd_one_out(case, [s for s in statements if s.kind in PERCENT_KINDS and s.id in case.denominators])


def _fitting(case: Case, s: Statement) -> tuple[Denominator | None, Denominator | None]:
    """First denominator that fits by rounding, and first that fits by cutting off; explicit ones are binding."""
    q, cut, bound = s.quantities, None, False
    if q.n is None or q.percent is None:
        return None, None
    behind = named_right_behind(case, s) if case.text.passages[s.passage].table is None else None
    for denominator, _ in candidates(case, s):
        if bound and denominator.source != "footnote":
            return None, cut
        if denominator.value < q.n:
            if denominator.source == "explicit":
                return None, cut
            continue
        if denominator.source == "later" and _of_another(case, s, denominator.value):
            continue
        modes = percent_modes(q.n, denominator.value, q.percent)
        if any(m in _ROUND for m in modes):
            return denominator, cut
        if modes and cut is None:
            cut = denominator
        if behind is not None and denominator.value == behind[0]:
            return None, cut
        if denominator.source == "explicit" or (denominator.source == "table_header" and not modes):
            binding = denominator.source == "explicit" or len(case.tables.of_column(s)) == 1
            if binding and denominator.source == "explicit":
                return None, cut
            bound = bound or binding
    return None, cut


def _of_another(case: Case, s: Statement, size: int) -> bool:
    """Whether the words behind a share name a group of another size, which is large enough."""
    group = group_named_behind(case, s)
    return group is not None and group[1] != size and group[1] >= (s.quantities.n or 0)


def _odd_one_out(case: Case, items: list[Statement]) -> None:
    """All but one percentage of a list are of one total, that one only of a number from elsewhere in the text."""
    items = [s for s in items if s.quantities.N is None] or items
    if len(items) < 2:
        return
    (total, times), *_ = Counter(case.denominators[s.id].value for s in items).most_common(1)
    odd = [s for s in items if case.denominators[s.id].value != total]
    if times != len(items) - 1 or len(odd) != 1 or odd[0].quantities.n == total:
        return
    s, d = odd[0], case.denominators[odd[0].id]
    named = any(p.n == total and p.among for p in case.populations_around(s)[0])
    at = items.index(s)
    neighbour = items[at - 1] if at else items[1]
    first, second = sorted((neighbour, s), key=lambda x: x.normal_start)
    between = case.flat[first.normal_end : second.normal_start]
    apart = (
        _OF_THEM.search(case.spelled(s))
        or len(between) > 120
        or _ANOTHER_GROUP.search(between)
        or _ANOTHER_GROUP.search(case.around(s, 0, 40)[1])
    )
    slip = s.quantities.percent is not None and s.quantities.percent.digits and repair_of(s, (total,)) is not None
    if d.source not in ("context", "later") or apart or not (named or times >= 3 or slip) or s.quantities.n is None:
        return
    in_turn = [o.quantities for k, o in enumerate(items) if o is not s and (k - at) % 2 == 0]
    if any(q.n is not None and q.percent is not None and percent_modes(q.n, d.value, q.percent) for q in in_turn):
        return  # the shares of two arms in turn
    of_a_part = any(o.quantities.n == d.value and o.normal_start < s.normal_start for o in items)
    fits = s.quantities.percent is not None and percent_modes(s.quantities.n, total, s.quantities.percent)
    if of_a_part or fits:
        return
    sentence = (
        f"{s.quantities.n} of {total} is {exact(s.quantities.n, total)} %: it fits only the {d.value} of "
        f"“{d.basis[:50]}”, the others of the sentence are of {total}."
    )
    case.relate("denominator", items, "unlikely", sentence, "one total for a list", {"N": total}, on=(s,))


def _agrees(case: Case, s: Statement, d: Denominator) -> None:
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    modes = percent_modes(q.n, d.value, q.percent)
    totals = totals_for_percent(q.n, q.percent)
    named = "" if "half-up" in modes else ", rounded half to even"
    sentence = f"{q.n} of {d.value} is {exact(q.n, d.value)} %, printed {q.percent.text} %{named}."
    computed: dict[str, object] = {"exact_percent": round(float(Fraction(100 * q.n, d.value)), 4)}
    if totals:
        computed["N_compatible"] = [totals[0], totals[-1]]
    case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed))


def _of_those_right_before(case: Case, s: Statement, d: Denominator) -> None:
    """A share that fits a number from elsewhere, not the group its sentence names right before it."""
    whole = named_right_before(case, s)
    n, percent = s.quantities.n, s.quantities.percent
    if not whole or n is None or percent is None or not n <= whole != d.value or percent_modes(n, whole, percent):
        return
    sentence = f"{n} of the {whole} named right before is {exact(n, whole)} %; {percent.text} % fits only {d.value}."
    case.add(s, Check("denominator", "unlikely", sentence, "100 n / N, rounded", {"N": whole}, "inferred"))


def _bare_cell(case: Case, s: Statement) -> None:
    """A count without percentage in a table: not more than the total of its column."""
    totals = case.tables.of_column(s)
    n = s.quantities.n or 0
    if not totals:
        return
    largest = max(t for t, _ in totals)
    if n <= largest:
        case.add(s, Check("subset", "ok", f"{n} is not more than {largest}.", "n <= N", {}))
