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
from codon12.check.verify.shares.margins import counted_beside, is_measure, is_over_time, margin, part_above
from codon12.check.verify.shares.numerals import named_near, parts_of_a_whole
from codon12.check.verify.shares.odd import untied_misfit
from codon12.check.verify.shares.one_digit import one_digit_from_a_group, one_digit_from_the_nearest, one_digit_off
from codon12.check.verify.shares.only_names import all_but
from codon12.check.verify.shares.set_against import misses_its_turn, opposed
from codon12.check.verify.shares.tied import brackets_are_shares, tied_misfit
from codon12.check.verify.shares.ties import named_right_behind
from codon12.check.verify.shares.typos import one_digit_neighbours, repair_of
from codon12.check.verify.shares.with_data import with_data
from codon12.numbers.unrounded import Printed, percent_modes, totals_for_percent

__all__ = ["does_not_fit"]

_ESTIMATED = re.compile(r"kaplan|estimate|actuarial|cumulative incidence|weighted|adjusted|imputed", re.IGNORECASE)

_OF_A_CURVE = re.compile(
    r"\bcumulative (?:incidence|probability|risk|rate)s? [^.;]{0,60}\b(?:was|were|is|of|reached)\s*$", re.IGNORECASE
)
"""Before the count of a share that is read from a curve: `the cumulative incidence of infection was 2484 (0.57%)`."""
_OF_EVENTS = re.compile(r"\b(?:injuries|episodes|incidents|errors|isolates|visits|reactions|lesions) [(\[]?$")
"""Before a share in brackets, what it is of: `time-loss injuries (n = 14; 33%)`, of which no player is one."""


def _size_in_row(case: Case, s: Statement) -> int | None:
    """The bare count before a share in its row that the share is of: `Wild-type | 76 | 35 (46.1)`."""
    n, percent = s.quantities.n or 0, s.quantities.percent
    row = [c for c in case.by_passage[s.passage] if c.normal_end <= s.normal_start and c.quantities.percent is None]
    sizes = [
        c.quantities.n for c in row if c.kind == "table_cell" and (c.quantities.n or 0) >= max(n, _FEWEST_OF_A_ROW)
    ]
    return next((x for x in reversed(sizes) if x and percent is not None and percent_modes(n, x, percent)), None)


_FEWEST_OF_A_ROW = 10


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
    if s.kind != "table_cell" and (part := _part_before(case, s)) is not None:
        sentence = f"{part} of {q.n} is {exact(part, q.n)} %, printed {q.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", {}, "inferred"))
        return
    if s.kind == "table_cell" and (size := _size_in_row(case, s)) is not None:
        sentence = f"{q.n} of the {size} of its row is {exact(q.n, size)} %, printed {q.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", {}, "inferred"))
        return
    totals = totals_for_percent(q.n, q.percent, cut=True)
    rounded = totals_for_percent(q.n, q.percent) or totals
    computed: dict[str, object] = {"N_compatible": [rounded[0], rounded[-1]] if rounded else []}
    needs = _needs(q.n, q.percent, rounded)
    ahead = "" if s.kind == "table_cell" or q.N is not None else case.around(s, 120, 0)[0]
    if (curve := _OF_A_CURVE.search(ahead)) or _OF_EVENTS.search(ahead):
        sentence = f"The percentage may be {'an estimate' if curve else 'of events'}; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed, "inferred"))
        return
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
    if s.kind == "table_cell" and is_measure(case, s) and not counted_beside(case, s):
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
    behind = named_right_behind(case, s) if s.kind != "table_cell" else None
    loose = tied is None or (tied.tie != "explicit" and tied.source != "table_header")
    loose = loose and (behind is None or tied is None or behind[0] != tied.value)
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
    if s.kind != "table_cell" and (left := _of_the_rest(case, s, rounded)) is not None:
        sentence = f"It may be of the {left} left: {q.n} of these is {exact(q.n, left)} %, as printed."
        case.add(s, Check("count/percent", "cannot confirm", sentence, "100 n / N, rounded", computed, "inferred"))
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
    heading = "" if brackets_are_shares(case, s) else case.text.passages[s.passage].heading
    over_time = s.kind == "table_cell" and is_over_time(f"{heading} {s.label}")
    over_time = over_time and (is_over_time(s.label) or not counted_beside(case, s))
    if not _is_slip_of_its_own(s, rounded) and (case.says(s, _ESTIMATED) or over_time):
        if s.kind != "table_cell" and tied is None and one_digit_from_a_group(case, s, computed, unexplained):
            return
        if s.kind != "table_cell" and tied is None and one_digit_from_the_nearest(case, s, computed, unexplained):
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
        of_others = s.kind != "table_cell" and q.n > tied.value and tied.source == "sentence"
        if of_others and one_digit_from_the_nearest(case, s, computed, unexplained):
            return
        tied_misfit(case, s, tied, says, needs, totals, computed)
        return
    untied_misfit(case, s, needs, totals, computed, unexplained)


def _part_before(case: Case, s: Statement) -> int | None:
    """The count right before of which this one is the whole: `50 compared with 7544 adults (0.66%)`."""
    m, (n, percent) = _COMPARED.search(case.around(s, 40, 0)[0]), (s.quantities.n or 0, s.quantities.percent)
    part = int(m[1].replace(",", "")) if m is not None else 0
    return part if 0 < part < n and percent is not None and percent_modes(part, n, percent) else None


_COMPARED = re.compile(
    r"(?<![\d.,])(\d[\d,]*)(?: [a-z]+)? (?:compared (?:with|to)|against|versus|vs\.?|out of|among|per) (?:the )?$"
)


_NOT = re.compile(r"\b(?:not|without|never|un[a-z]+ed)\b", re.IGNORECASE)


def _of_the_rest(case: Case, s: Statement, totals: range) -> int | None:
    """Those left of a total by the share before: `944 (46%) were measured; named but not measured were 207 (18%)`."""
    clause = re.split(r"[;:.,(] ", case.around(s, 80, 0)[0])[-1]
    if not totals or not _NOT.search(clause):
        return None
    before = [o for o in case.neighbours(s, 2) if o.normal_end <= s.normal_start and o.id in case.denominators]
    left = (case.denominators[o.id].value - o.quantities.n for o in before if o.quantities.n)
    return next((n for n in left if n in totals), None)


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
