"""A count and its percentage that fit no total they are tied to: how odd this is, and what else could be meant."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import cut_off, exact, zero_behind
from codon12.check.verify.shares.denominators import all_candidates
from codon12.check.verify.shares.group_sizes import group_named_behind
from codon12.check.verify.shares.in_turn import misses_its_turn
from codon12.check.verify.shares.margins import is_measure, is_over_time, margin, part_above
from codon12.check.verify.shares.more_than_all import more_than_all
from codon12.check.verify.shares.numerals import named_near, parts_of_a_whole, share_of_named
from codon12.check.verify.shares.odd import untied_misfit
from codon12.check.verify.shares.one_digit import one_digit_from_a_group, one_digit_off
from codon12.check.verify.shares.only_names import all_but
from codon12.check.verify.shares.opposed import opposed
from codon12.check.verify.shares.split import of_a_part
from codon12.check.verify.shares.typos import one_digit_neighbours, repair_of
from codon12.check.verify.shares.weighted import weighted
from codon12.check.verify.shares.with_data import with_data
from codon12.numbers.unrounded import Printed, percent_modes, totals_for_percent

__all__ = ["does_not_fit"]

_ESTIMATED = re.compile(r"kaplan|estimate|actuarial|cumulative incidence|weighted|adjusted|imputed", re.IGNORECASE)


def does_not_fit(
    case: Case, s: Statement, cut: Denominator | None, rounded_only: int, unexplained: Sequence[Statement]
) -> None:
    """Judge a share that no total before it explains, among all such shares of the text."""
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    if cut is not None and cut.value >= q.n:
        cut_off(case, s, cut, rounded_only)
        return
    totals = totals_for_percent(q.n, q.percent, cut=True)
    rounded = totals_for_percent(q.n, q.percent) or totals
    computed: dict[str, object] = {"N_compatible": [rounded[0], rounded[-1]] if rounded else []}
    needs = _needs(q.n, q.percent, rounded)
    if all_but(case, s):
        sentence = f"It may be the share of all but {q.n}; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, "integer search for N", computed, "inferred"))
        return
    if (padded := zero_behind(case, s)) is not None:
        case.is_of(s, padded)
        sentence = f"{q.n} of {padded.value} is {exact(q.n, padded.value)} %: rounded, and a zero put behind it."
        case.add(s, Check("count/percent", "cannot confirm", sentence, "100 n / N, rounded", computed))
        return
    own = (margin(case, s) or part_above(case, s)) if s.kind == "table_cell" else None
    if own is not None:
        case.is_of(s, own)
        sentence = f"{q.n} of {own.value}, {own.basis}, is {exact(q.n, own.value)} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "structural"))
        return
    if s.kind == "table_cell" and is_measure(case, s):
        sentence = f"The row may give a measure with its spread rather than a count; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed))
        return
    if s.kind != "table_cell" and (known := with_data(case, s, rounded)) is not None:
        case.is_of(s, known)
        sentence = f"{q.n} of the {known.value} {known.basis} is {exact(q.n, known.value)} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    whole = next((n for n in sorted(case.sums) if n in rounded and n >= q.n), None)
    tied = next((d for d, t in all_candidates(case, s) if t), None)
    loose = tied is None or (tied.tie != "explicit" and tied.source != "table_header")
    if whole is not None and loose and not _of_one_group(case, s):
        case.is_of(s, Denominator(whole, "context", "groups of one sentence together"))
        sentence = f"{q.n} of {whole}, groups named together, is {exact(q.n, whole)} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if loose and (other := _another_total(case, s, rounded)) is not None:
        case.is_of(s, other)
        sentence = f"{q.n} of {other.value} is {exact(q.n, other.value)} %, printed {q.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if s.kind != "table_cell" and misses_its_turn(case, s, computed):
        return
    if s.kind != "table_cell" and one_digit_off(case, s, computed, unexplained):
        return
    within = q.n <= max(case.groups, default=q.n)
    named = group_named_behind(case, s) is not None
    if s.kind != "table_cell" and q.N is None and within and not named and opposed(case, s, unexplained):
        sentence = f"It is set against another share that fits no total of the text either; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, "integer search for N", computed, "inferred"))
        return
    heading = "" if _brackets_are_shares(case, s) else case.text.passages[s.passage].heading
    over_time = s.kind == "table_cell" and is_over_time(f"{heading} {s.label}")
    if not _is_slip_of_its_own(s, rounded) and (case.says(s, _ESTIMATED) or over_time):
        if s.kind != "table_cell" and tied is None and one_digit_from_a_group(case, s, computed, unexplained):
            return
        case.add(
            s, Check("count/percent", "cannot confirm", f"The percentage may be an estimate; {needs}", None, computed)
        )
        return
    if tied is not None:
        case.is_of(s, tied)
        computed["exact_percent"] = round(float(Fraction(100 * q.n, tied.value)), 4)
        says = (
            f"{q.n} of {tied.value} is {exact(q.n, tied.value)} %, not {q.percent.text} %"
            if q.n <= tied.value
            else f"{q.n} is more than {tied.value}"
        )
        _tied_misfit(case, s, tied, says, needs, totals, computed)
        return
    untied_misfit(case, s, needs, totals, computed, unexplained)


def _is_slip_of_its_own(s: Statement, totals: range) -> bool:
    """Whether one other digit makes `106 of 133 (80%)` right: printed with its total it is no estimate of a model."""
    total = s.quantities.N
    if total is None or s.kind == "table_cell":
        return False
    return repair_of(s, (total,)) is not None or any(t in totals for t in one_digit_neighbours(total))


def _of_one_group(case: Case, s: Statement) -> bool:
    """Whether two or more other shares of a sentence are of one group, and the sentence names no other."""
    others = [
        case.denominators[o.id].value
        for o in case.by_passage[s.passage][:_MOST_BESIDE]
        if o.id != s.id and o.kind in PERCENT_KINDS and o.id in case.denominators
    ]
    named = {p.n for p in case.populations_around(s)[0] if not p.subgroup}
    return len(others) >= 2 and len(set(others)) == 1 and named <= set(others)


_MOST_BESIDE = 40
"""How many statements of a sentence are looked at."""


def _another_total(case: Case, s: Statement, totals: range) -> Denominator | None:
    """A total the text prints without calling it one: a number of things, the sum of the parts listed."""
    if case.text.passages[s.passage].table is not None:
        return None
    whole = parts_of_a_whole(case, s, totals)
    if whole is not None:
        return Denominator(whole, "context", "the parts listed, together")
    return named_near(case, s, totals)


def _needs(n: int, percent: Printed, totals: range) -> str:
    if not totals:
        return f"no total makes {n} print as {percent.text} %."
    which = str(totals[0]) if len(totals) == 1 else f"{totals[0]} to {totals[-1]}"
    return f"{percent.text} % needs a total of {which}."


def _tied_misfit(
    case: Case, s: Statement, tied: Denominator, says: str, needs: str, totals: range, computed: dict[str, object]
) -> None:
    """The total the wording names does not fit; another reading turns the error into an error-if."""
    others = [d for d, _ in all_candidates(case, s) if d.value in totals]
    if (s.quantities.n or 0) > tied.value and (events := _events_in(case, s, tied)) is not None:
        case.add(s, Check("count/percent", "error-if", events, "100 n / N, rounded", computed, "inferred"))
        return
    if (s.quantities.n or 0) > tied.value and tied.source == "sentence":
        repair = repair_of(s, (tied.value,))
        if repair is not None and repair.digits >= _FEWEST_DIGITS:
            sentence = f"{says}; {repair.what} would be, one digit apart."
            case.add(s, Check("count/percent", "unlikely", sentence, "one digit from fitting", computed, "inferred"))
        elif not more_than_all(case, s, totals, needs, computed):
            case.add(s, Check("count/percent", "cannot confirm", f"{says}: it is of others; {needs}", None, computed))
        return
    if tied.source == "sentence" and (between := _between(case, s, tied, totals)) is not None:
        case.is_of(s, between)
        assert s.quantities.percent is not None
        sentence = f"{s.quantities.n} of the {between.value} named last is {s.quantities.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if tied.source == "sentence" and (part := of_a_part(case, s, tied, totals)) is not None:
        case.is_of(s, part)
        sentence = f"{s.quantities.n} of {part.value}, which are part of {tied.value}, is as printed."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if tied.source == "sentence" and share_of_named(case, s, totals) is not None:
        case.add(s, Check("count/percent", "cannot confirm", f"{says}; {needs}", None, computed, "inferred"))
        return
    short = bool(totals) and 0 < tied.value - totals[-1] <= _FEW_LEFT_OUT and case.says(s, _LEFT_OUT)
    if short:  # effective in 10 cases (83%), not known in one
        case.add(s, Check("count/percent", "cannot confirm", f"{says}; {needs}", None, computed, "inferred"))
        return
    if not others and tied.source == "sentence" and (near := named_near(case, s, totals)) is not None:
        others = [near]
    if tied.source == "table_header" and totals and _of_something_else(case, s, tied):
        sentence = f"{says}, as most shares of the table are not: they may be of something else; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed, "inferred"))
        return
    if s.kind == "table_cell" and tied.source != "explicit" and (weights := weighted(case, s, tied)):
        sentence = f"{says}; the table speaks of “{weights}”, so that counts may be rounded sums of weights."
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed, "inferred"))
        return
    if tied.source == "table_header":
        subset = [t for t in totals if t < tied.value]
        if _no_percent_header(case, s) and not _brackets_are_shares(case, s):
            case.add(s, Check("count/percent", "cannot confirm", f"{says}; {needs}", None, computed))
        elif subset or others or _no_percent_header(case, s):
            check = Check("count/percent", "error-if", f"{says}; {needs}", "100 n / N, rounded", computed, tied.tie)
            case.add(s, check)
        else:
            case.add(s, Check("count/percent", "error", f"{says}; {needs}", "100 n / N, rounded", computed, tied.tie))
        return
    if (s.quantities.n or 0) > tied.value and tied.tie == "inferred":
        case.add(s, Check("count/percent", "cannot confirm", f"{says}; {needs}", None, computed, "inferred"))
        return
    if others and tied.source == "sentence" and (s.quantities.n or 0) > tied.value:
        sentence = f"{says}; it may be of the {others[0].value} in “{others[0].basis[:60]}”."
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed, "inferred"))
        return
    if others and tied.source == "sentence" and _stands_between(case, s, tied, others[0]):
        case.is_of(s, others[0])
        assert s.quantities.percent is not None
        sentence = f"{s.quantities.n} of the {others[0].value} named last is {s.quantities.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if others:
        other = others[0]
        if tied.source != "explicit":
            case.is_of(s, other)
        sentence = f"{says}; it is of the {other.value} in “{other.basis[:60]}”."
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, tied.tie))
        return
    tie = "inferred" if s.tie == "structural" else tied.tie
    case.add(s, Check("count/percent", "error", f"{says}; {needs}", "100 n / N, rounded", computed, tie))
    if not totals or any(d.value == tied.value for id_, d in case.denominators.items() if id_ != s.id):
        return
    for p in case.populations_around(s)[0]:
        if p.n == tied.value and p.statement.kind == "count":
            sentence = f"{tied.value} cannot be the total in “{' '.join(s.quote.split())}”."
            needed = list(totals)[:20]
            found = {"N_needed": needed} | ({"implied_N": needed[0]} if len(needed) == 1 else {})
            case.relate("denominator", (p.statement, s), "error-if", sentence, "integer search for N", found,
                        on=(p.statement,))  # fmt: skip


_FEWEST_DIGITS = 2
_FEWEST_MISFITS = 2


def _of_something_else(case: Case, s: Statement, tied: Denominator) -> bool:
    """Whether more shares of a column, or of a row, than not fail the number in their heads: they are of cycles."""
    table = case.text.passages[s.passage].table
    near = [o for o in case.beside(s, _MOST_ROWS, 4 * _MOST_ROWS) if case.text.passages[o.passage].table == table]
    column = [_is_of(o, tied.value) for o in near if o.column == s.column]
    row = [
        _is_of(o, heads[0][0]) for o in near if o.passage == s.passage and len(heads := case.tables.of_column(o)) == 1
    ]
    return any(fits.count(False) >= _FEWEST_MISFITS and fits.count(False) > fits.count(True) for fits in (column, row))


def _is_of(s: Statement, total: int) -> bool | None:
    """Whether a share prints so of a total; None where nothing can be said."""
    n, percent = s.quantities.n, s.quantities.percent
    if s.kind != "table_cell" or not n or percent is None or not percent.value:
        return None
    return n <= total and bool(percent_modes(n, total, percent))


_MOST_ROWS = 60
_IN_SO_MANY = re.compile(r"^ ?(?:[a-z-]+ ){0,3}(?:in|among) (?:the )?$", re.IGNORECASE)


def _events_in(case: Case, s: Statement, tied: Denominator) -> str | None:
    """`5 events in 1,158 patients (1.30%)`: the number before is what is counted, that of the share is the total."""
    q = s.quantities
    for p in case.populations_around(s)[0]:
        between = case.flat[p.statement.normal_start : s.normal_start].lstrip("0123456789,")
        if p.n == tied.value and q.n is not None and q.percent is not None and _IN_SO_MANY.match(between):
            return f"{p.n} of {q.n} is {exact(p.n, q.n)} %, not {q.percent.text} %."
    return None


_FEW_LEFT_OUT = 3
_LEFT_OUT = re.compile(
    r"undetermin|not (?:be )?(?:evalua|assess|determin)|unevalua|missing|unknown|excluded|lost to|no data",
    re.IGNORECASE,
)


def _stands_between(case: Case, s: Statement, tied: Denominator, other: Denominator) -> bool:
    """Whether another total stands behind the one tied to a share and before the share, in another clause.

    So too where the share stands in a bracket opened behind the other: `of 600, 562 were treated (237 [42%] women)`.
    """
    start = case.text.passages[s.passage].start
    at = case.flat.rfind(other.basis[:20], start, s.normal_start)
    first = case.flat.find(tied.basis[:20], start, s.normal_start)
    if not 0 <= first < at:
        return False
    bracketed = case.flat.count("(", at, s.normal_start) > case.flat.count(")", at, s.normal_start)
    return bracketed or ";" in case.flat[first:at]


def _between(case: Case, s: Statement, tied: Denominator, totals: range) -> Denominator | None:
    """A group without percentage that stands between the total tied to a share and the share, and that fits it."""
    start = next((p.statement.normal_end for p in case.populations_around(s)[0] if p.n == tied.value), None)
    if start is None:
        return None
    for p in case.populations_around(s)[0]:
        here = start <= p.statement.normal_start < s.normal_start
        if here and not p.subgroup and p.n in totals and p.statement.kind == "count":
            return Denominator(p.n, "sentence", p.statement.quote)
    return None


_FEWEST_ALIKE, _MOST_APART = 4, 5
"""Cells that must agree, and of how many one may not, for the brackets of a table to be percentages."""


def _brackets_are_shares(case: Case, s: Statement) -> bool:
    """Whether nearly all other brackets of a table hold the percentage of the count before them."""
    table = case.text.passages[s.passage].table
    near = [
        o for o in case.beside(s, _ROWS, 400)
        if o.kind == "table_cell" and o.quantities.percent is not None and case.text.passages[o.passage].table == table
    ]  # fmt: skip
    alike = sum(any(c.verdict == "ok" and c.rule == "count/percent" for c in case.checks.get(o.id, ())) for o in near)
    return alike >= _FEWEST_ALIKE and _MOST_APART * (len(near) - alike) <= len(near)


_ROWS = 60


def _no_percent_header(case: Case, s: Statement) -> bool:
    """Whether nothing in a table says that the bracket holds a percentage."""
    if "%" in s.quote:
        return False
    p = case.text.passages[s.passage]
    text = case.flat[max(0, p.start - 6000) : p.end] + p.heading
    return re.search(r"\(%\)|\(percent\)|%", text) is None
