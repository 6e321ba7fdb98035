"""A share that does not fit the total its words or its table tie it to, and what else could be meant."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact, prints_as
from codon12.check.verify.shares.denominators import all_candidates
from codon12.check.verify.shares.more_than_all import more_than_all
from codon12.check.verify.shares.numerals import named_near, share_of_named
from codon12.check.verify.shares.ties import named_right_behind
from codon12.check.verify.shares.typos import may_be_those_with_data, repair_of

__all__ = ["brackets_are_shares", "tied_misfit", "weighted"]


def tied_misfit(
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
    behind = named_right_behind(case, s) if tied.source == "sentence" else None
    if behind is not None and behind[0] == tied.value:
        case.add(s, Check("count/percent", "error-if", f"{says}; {needs}", "100 n / N, rounded", computed, tied.tie))
        return
    if tied.source == "sentence" and (between := _between(case, s, tied, totals)) is not None:
        case.is_of(s, between)
        assert s.quantities.percent is not None
        sentence = f"{s.quantities.n} of the {between.value} named last is {s.quantities.percent.text} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if tied.source == "sentence" and (part := _of_a_part(case, s, tied, totals)) is not None:
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
    if (
        tied.source == "table_header"
        and may_be_those_with_data(totals, tied.value)
        and (words := case.tables.says(s, _OF_THE_KNOWN))
    ):
        sentence = f"{says}; the table speaks of “{words}”, so that it may be of those with a value; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed, tied.tie))
        return
    if tied.source == "table_header":
        subset = bool(totals) and totals[0] < tied.value
        if _no_percent_header(case, s) and not brackets_are_shares(case, s):
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
    if others and tied.source == "sentence" and _is_part_of(case, s, tied.value, others[0].value):
        case.is_of(s, others[0])
        sentence = f"{s.quantities.n} is of the {others[0].value} of whom {tied.value} are a part."
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
            needed = list(totals[:20])
            found = {"N_needed": needed} | ({"implied_N": needed[0]} if len(needed) == 1 else {})
            case.relate("denominator", (p.statement, s), "error-if", sentence, "integer search for N", found,
                        on=(p.statement,))  # fmt: skip


_FEWEST_DIGITS = 2
_FEWEST_MISFITS = 2


def _of_something_else(case: Case, s: Statement, tied: Denominator) -> bool:
    """Whether more shares of a column, or of a row, than not fail the number in their heads: they are of cycles."""
    table = case.text.passages[s.passage].table
    near = [o for o in case.beside(s, _MOST_ROWS, 4 * _MOST_ROWS) if case.text.passages[o.passage].table == table]
    column = [_fits(o, tied.value) for o in near if o.column == s.column]
    row = [
        _fits(o, heads[0][0]) for o in near if o.passage == s.passage and len(heads := case.tables.of_column(o)) == 1
    ]
    return any(fits.count(False) >= _FEWEST_MISFITS and fits.count(False) > fits.count(True) for fits in (column, row))


def _fits(s: Statement, total: int) -> bool | None:
    """Whether a share prints so of a total; None where nothing can be said."""
    percent = s.quantities.percent
    if s.kind != "table_cell" or not s.quantities.n or percent is None or not percent.value:
        return None
    return prints_as(s, total)


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


def _opening(d: Denominator) -> str:
    """The number of a total and the word behind it, by which it is found again: print may shorten the rest."""
    return " ".join(d.basis.split()[:2])[:20]


def _stands_between(case: Case, s: Statement, tied: Denominator, other: Denominator) -> bool:
    """Whether another total stands behind the one tied to a share and before the share, in another clause.

    So too where the share stands in a bracket opened behind the other: `of 600, 562 were treated (237 [42%] women)`.
    """
    start = case.text.passages[s.passage].start
    at = case.flat.rfind(_opening(other), start, s.normal_start)
    first = case.flat.find(_opening(tied), start, s.normal_start)
    if not 0 <= first < at:
        return False
    bracketed = case.flat.count("(", at, s.normal_start) > case.flat.count(")", at, s.normal_start)
    return bracketed or ";" in case.flat[first:at] or _OF_THE_LAST.match(case.around(s, 0, 40)[1]) is not None


_OF_THE_LAST = re.compile(
    r"[)\] ]{0,2}(?:of|in|among) (?:those|them|patients|women|men|children)? ?(?:with|who|whose|that|tested|biopsied)\b"
)
"""Behind a share that the words narrow to the part named last: `(38.6%) of those with a sample`."""


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


_SPLIT = re.compile(r" ?(?:[\w-]+ ){0,4}[(\[](?P<parts>[^()\[\]]{3,80})[)\]]")


def _of_a_part(case: Case, s: Statement, tied: Denominator, totals: range) -> Denominator | None:
    """A part of the total that the bracket behind it splits: `of 600 (400 and 200), 64 (16.0%) and 6 (3.0%)`."""
    at = next((p.statement.normal_end for p in case.populations_around(s)[0] if p.n == tied.value), None)
    found = None if at is None or at > s.normal_start else _SPLIT.match(case.flat, at)
    parts = [] if found is None else [int(x.replace(",", "")) for x in _WHOLE_NUMBER.findall(found["parts"])]
    fitting = [x for x in parts if x in totals]
    if len(parts) < 2 or sum(parts) != tied.value or len(fitting) != 1:
        return None
    return Denominator(fitting[0], "sentence", found[0].strip() if found else "")


_WHOLE_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d| ?%)")


_HALF = 0.5
_WEIGHTS = re.compile(
    r"\b(?:weighted|weighting|weights|IPT?W|PSW|SMRW?|imput\w+|pseudo-?population|national estimates)\b",
    re.IGNORECASE,
)


_OF_THE_KNOWN = re.compile(
    r"\b(?:out of|of|on|from|for|with|using)(?: the| all)? (?:non-?\s?missing|available|known|valid|complete) "
    r"(?:data|values|cases|observations|responses|information)\b|"
    r"\bmissing (?:data|values|observations|responses) (?:are|were|being) (?:excluded|omitted|ignored)\b",
    re.IGNORECASE,
)
"""What a note says of percentages that are of those with a value: `out of non-missing data`."""


def weighted(case: Case, s: Statement, tied: Denominator) -> str | None:
    """The words by which the counts of a table may be rounded sums, where half a count makes the share print so."""
    n, percent = s.quantities.n, s.quantities.percent
    words = case.tables.says(s, _WEIGHTS)
    if words is None or n is None or percent is None:
        return None
    low, high = 100 * (n - _HALF) / (tied.value + _HALF), 100 * (n + _HALF) / (tied.value - _HALF)
    return words if low <= float(percent.high) and float(percent.low) <= high else None


_FEWEST_ALIKE, _MOST_APART = 4, 5
"""Cells that must agree, and of how many one may not, for the brackets of a table to be percentages."""


def brackets_are_shares(case: Case, s: Statement) -> bool:
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
    if "%" in case.spelled(s):
        return False
    p = case.text.passages[s.passage]
    text = case.flat[max(0, p.start - 6000) : p.end] + p.heading
    return re.search(r"\(%\)|\(percent\)|%", text) is None


def _is_part_of(case: Case, s: Statement, part: int, whole: int) -> bool:
    """Whether a group is told as one of two that make another: `44 patients, 10 of one and 34 of another cohort`."""
    begin = max(case.text.passages[s.passage].start, s.normal_start - _REACH)
    ahead = {int(x) for x in _WHOLE.findall(case.figures, begin, s.normal_start)}
    return {part, whole, whole - part} <= ahead and 2 * part != whole


_REACH = 300
_WHOLE = re.compile(r"(?<![\w.,])0*([1-9]\d{0,5})(?![\w,.]*\d| ?%)")
