"""A count and its percentage: whether n of N prints so, under which rounding, and if not, of which N it would."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.denominators import candidates, counted_things
from codon12.check.verify.margins import is_measure, margin
from codon12.numbers.boxes import Printed, percent_modes, totals_for_percent
from codon12.numbers.rounding import percent as rounded_percent

__all__ = ["check_percentages"]

_ESTIMATED = re.compile(r"kaplan|estimate|actuarial|cumulative incidence|weighted|adjusted|imputed", re.IGNORECASE)
_OVER_TIME = re.compile(
    r"\b(?:DO?R|PFS|OS|DFS|EFS|RFS)\b|duration of|survival|event-free|alive|ongoing at|(?:at|≥|>=) ?\d+ "
    r"?(?:mo|yr|y|month|year)|"
    r"\d+[- ](?:month|year|mo|yr)s?\b",
    re.IGNORECASE,
)
"""Rows of a table whose percentages may be Kaplan-Meier estimates."""
_ANOTHER_GROUP = re.compile(
    r"\b(?:of|among|in|for) (?:the|these|those|whom|all|wom[ae]n|men|respon\w+|patients|\d)|respectively|\bvs\b|versus",
    re.IGNORECASE,
)
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
        case.denominators[s.id] = fit
        rounded_only += "truncate" not in percent_modes(q.n, fit.value, q.percent)
        _agrees(case, s, fit)
    for s, cut in pending:
        _does_not_fit(case, s, cut, rounded_only)
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is None:
            _odd_one_out(case, [s for s in statements if s.kind in PERCENT_KINDS and s.id in case.denominators])


def _fitting(case: Case, s: Statement) -> tuple[Denominator | None, Denominator | None]:
    """First denominator that fits by rounding, and first that fits by cutting off; explicit ones are binding."""
    q, cut, bound = s.quantities, None, False
    if q.n is None or q.percent is None:
        return None, None
    for denominator, _ in candidates(case, s):
        if bound and denominator.source != "footnote":
            return None, cut
        if denominator.value < q.n:
            if denominator.source == "explicit":
                return None, cut
            continue
        modes = percent_modes(q.n, denominator.value, q.percent)
        if any(m in _ROUND for m in modes):
            return denominator, cut
        if modes and cut is None:
            cut = denominator
        if denominator.source == "explicit" or (denominator.source == "table_header" and not modes):
            binding = denominator.source == "explicit" or len(case.table_totals(s)) == 1
            if binding and denominator.source == "explicit":
                return None, cut
            bound = bound or binding
    return None, cut


def _odd_one_out(case: Case, items: list[Statement]) -> None:
    """All but one percentage of a list are of one total, that one only of a number from elsewhere in the text."""
    if len(items) < 2:
        return
    (total, times), *_ = Counter(case.denominators[s.id].value for s in items).most_common(1)
    odd = [s for s in items if case.denominators[s.id].value != total]
    if times != len(items) - 1 or len(odd) != 1:
        return
    s, d = odd[0], case.denominators[odd[0].id]
    named = any(p.n == total and p.among for p in case.populations_around(s)[0])
    at = items.index(s)
    neighbour = items[at - 1] if at else items[1]
    first, second = sorted((neighbour, s), key=lambda x: x.normal_start)
    between = case.flat[first.normal_end : second.normal_start]
    apart = len(between) > 120 or _ANOTHER_GROUP.search(between) or _ANOTHER_GROUP.search(case.around(s, 0, 40)[1])
    if d.source not in ("context", "later") or apart or not (named or times >= 3) or s.quantities.n is None:
        return
    sentence = (
        f"{s.quantities.n} of {total} is {_exact(s.quantities.n, total)} %: it fits only the {d.value} of "
        f"“{d.basis[:50]}”, the others of the sentence are of {total}."
    )
    case.relate("denominator", items, "unlikely", sentence, "one total for a list", {"N": total}, on=(s,))


def _exact(n: int, total: int) -> str:
    return f"{float(Fraction(100 * n, total)):.4g}"


def _agrees(case: Case, s: Statement, d: Denominator) -> None:
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    modes = percent_modes(q.n, d.value, q.percent)
    totals = totals_for_percent(q.n, q.percent)
    named = "" if "half-up" in modes else ", rounded half to even"
    sentence = f"{q.n} of {d.value} is {_exact(q.n, d.value)} %, printed {q.percent.text} %{named}."
    computed: dict[str, object] = {"exact_percent": round(float(Fraction(100 * q.n, d.value)), 4)}
    if totals:
        computed["N_compatible"] = [totals[0], totals[-1]]
    case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed))


def _does_not_fit(case: Case, s: Statement, cut: Denominator | None, rounded_only: int) -> None:
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    if cut is not None and cut.value >= q.n:
        _cut_off(case, s, cut, rounded_only)
        return
    stated = next(((d, tied) for d, tied in candidates(case, s)), None)
    totals = totals_for_percent(q.n, q.percent, cut=True)
    rounded = totals_for_percent(q.n, q.percent) or totals
    computed: dict[str, object] = {"N_compatible": [rounded[0], rounded[-1]] if rounded else []}
    needs = _needs(q.n, q.percent, rounded)
    own = margin(case, s) if s.kind == "table_cell" else None
    if own is not None:
        case.denominators[s.id] = own
        sentence = f"{q.n} of {own.value}, {own.basis}, is {_exact(q.n, own.value)} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "structural"))
        return
    if s.kind == "table_cell" and is_measure(case, s):
        sentence = f"The row may give a measure with its spread rather than a count; {needs}"
        case.add(s, Check("count/percent", "cannot confirm", sentence, None, computed))
        return
    over_time = s.kind == "table_cell" and _OVER_TIME.search(f"{case.text.passages[s.passage].heading} {s.label}")
    if case.says(s, _ESTIMATED) or over_time:
        case.add(
            s, Check("count/percent", "cannot confirm", f"The percentage may be an estimate; {needs}", None, computed)
        )
        return
    whole = next((n for n in sorted(case.sums) if n in rounded and n >= q.n), None)
    tied = next((d for d, t in candidates(case, s) if t), None)
    if whole is not None and (tied is None or tied.tie != "explicit" or tied.source == "sentence"):
        case.denominators[s.id] = Denominator(whole, "context", "groups of one sentence together")
        sentence = f"{q.n} of {whole}, groups named together, is {_exact(q.n, whole)} %."
        case.add(s, Check("count/percent", "ok", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if tied is not None:
        case.denominators[s.id] = tied
        computed["exact_percent"] = round(float(Fraction(100 * q.n, tied.value)), 4)
        says = (
            f"{q.n} of {tied.value} is {_exact(q.n, tied.value)} %, not {q.percent.text} %"
            if q.n <= tied.value
            else f"{q.n} is more than {tied.value}"
        )
        _tied_misfit(case, s, tied, says, needs, totals, computed)
        return
    _untied_misfit(case, s, stated[0] if stated else None, needs, totals, computed)


_RESTRICTED = re.compile(
    r"\b(?:among|of (?:the|those|these|whom|which|all|our)|for (?:the|those)|in (?:the|those|this|these|"
    r"that)|evaluable|"
    r"assessable|respon\w+|subset|subgroup|tested|mutation\w*|mutant|positive|negative|available|who|whose|arms?|groups?|"
    r"cohorts?|wom[ae]n|m[ae]n|tumou?rs|samples|lesions|events|cycles|courses|at (?:the )?\w+|after|"
    r"remaining|survivors|"
    r"underwent|received|other|latter|former|each|both)\b",
    re.IGNORECASE,
)
"""Words that may name a smaller group than that of the sentence, whose size is not printed."""


_NARROWER = re.compile(
    r"\b(?:of|among|in) (?:whom|which|these|those|them)\b|\bamong\b|respon|subset|evaluable|assessable|"
    r"\b(?:vs|versus)\b",
    re.IGNORECASE,
)


def _in_company(case: Case, s: Statement, total: int) -> bool:
    """Whether a count before it in the sentence is of this total, and no words between name a smaller group."""
    for other in reversed(case.by_passage[s.passage][:40]):
        d = case.denominators.get(other.id)
        if other.normal_end > s.normal_start or d is None or other.kind not in PERCENT_KINDS:
            continue
        return d.value == total and _NARROWER.search(case.flat, other.normal_end, s.normal_start) is None
    return False


def _untied_misfit(
    case: Case, s: Statement, stated: Denominator | None, needs: str, totals: range, computed: dict[str, object]
) -> None:
    """No total of the text fits and none is tied: how odd this is depends on whether another group can be meant."""
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    if not totals and q.n > 0:
        nearest = "" if stated is None else f" ({q.n} of {stated.value} is {_exact(q.n, stated.value)} %)"
        sentence = f"No total makes {q.n} print as {q.percent.text} %{nearest}."
        case.add(s, Check("count/percent", "error", sentence, "integer search for N", computed, "inferred"))
        return
    others = {p.n for p in case.populations_around(s)[1][:12] if not p.subgroup and p.n > q.n}
    others |= {p.n for p in case.populations_around(s)[0] if not p.subgroup and p.n > q.n}
    before, _ = case.around(s, 140, 0)
    clause = re.split(r"[;:.]\s", before)[-1]
    free = _RESTRICTED.search(clause) is None
    company, beyond = _company(case, s), bool(totals) and totals[0] > case.largest > 0
    says, verdict = f"No total in the text fits: {needs}", "cannot confirm"
    if counted_things(case, s) is not None:
        says = f"No total in the text fits what is counted: {needs}"
    elif stated is not None and q.n <= stated.value:
        says = f"{q.n} of {stated.value} is {_exact(q.n, stated.value)} %; no total in the text fits: {needs}"
        if (beyond and (len(others) <= 1 or company >= 1)) or _in_company(case, s, stated.value):
            verdict = "error-if"
        elif company >= 2 and free:
            verdict = "error-if" if len(others) <= 1 else "unlikely"
        elif (free and len(others) == 1 and stated.source in ("sentence", "context")) or (
            beyond and case.sizes.total() > 2
        ):
            verdict = "unlikely"
    elif beyond:
        verdict = "error-if" if company or len(case.sizes) == 1 else "unlikely"
    case.add(s, Check("count/percent", verdict, says, "integer search for N", computed, "inferred"))


def _needs(n: int, percent: Printed, totals: range) -> str:
    if not totals:
        return f"no total makes {n} print as {percent.text} %."
    which = str(totals[0]) if len(totals) == 1 else f"{totals[0]} to {totals[-1]}"
    return f"{percent.text} % needs a total of {which}."


def _tied_misfit(
    case: Case, s: Statement, tied: Denominator, says: str, needs: str, totals: range, computed: dict[str, object]
) -> None:
    """The total the wording names does not fit; another reading turns the error into an error-if."""
    others = [d for d, _ in candidates(case, s) if d.value in totals]
    if tied.source == "table_header":
        subset = [t for t in totals if t < tied.value]
        if _no_percent_header(case, s):
            case.add(s, Check("count/percent", "cannot confirm", f"{says}; {needs}", None, computed))
        elif subset or others:
            case.add(s, Check("count/percent", "error-if", f"{says}; {needs}", "100 n / N, rounded", computed))
        else:
            case.add(s, Check("count/percent", "error", f"{says}; {needs}", "100 n / N, rounded", computed, tied.tie))
        return
    if others:
        other = others[0]
        if tied.source != "explicit":
            case.denominators[s.id] = other
        sentence = f"{says}; it is of the {other.value} in “{other.basis[:60]}”."
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed))
        return
    case.add(s, Check("count/percent", "error", f"{says}; {needs}", "100 n / N, rounded", computed, tied.tie))
    if not totals or any(d.value == tied.value for id_, d in case.denominators.items() if id_ != s.id):
        return
    for p in case.populations_around(s)[0]:
        if p.n == tied.value and p.statement.kind == "count":
            sentence = f"{tied.value} cannot be the total in “{' '.join(s.quote.split())}”."
            needed = list(totals)[:20]
            found = {"N_needed": needed} | ({"implied_N": needed[0]} if len(needed) == 1 else {})
            case.relate("denominator", (p.statement, s), "error-if", sentence, "integer search for N", found,
                        on=(p.statement,))  # fmt: skip


def _no_percent_header(case: Case, s: Statement) -> bool:
    """Whether nothing in a table says that the bracket holds a percentage."""
    if "%" in s.quote:
        return False
    p = case.text.passages[s.passage]
    text = case.flat[max(0, p.start - 6000) : p.end] + p.heading
    return re.search(r"\(%\)|\(percent\)|%", text) is None


def _company(case: Case, s: Statement) -> int:
    """How many other counts of the same passage and its neighbours have a total of this text."""
    return sum(1 for other in case.neighbours(s, 2) if other.id in case.denominators and other.kind in PERCENT_KINDS)


def _cut_off(case: Case, s: Statement, d: Denominator, rounded_only: int) -> None:
    """The digits fit only when cut off; in a text that rounds everywhere else this is a slip."""
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    case.denominators[s.id] = d
    proper = rounded_percent(q.n, d.value, q.percent.digits)
    computed = {"exact_percent": round(float(Fraction(100 * q.n, d.value)), 4), "rounded": str(proper)}
    says = f"{q.n} of {d.value} is {_exact(q.n, d.value)} %, which rounds to {proper} %, not {q.percent.text} %"
    if rounded_only >= 2:
        sentence = f"{says}: its digits were cut off, while {rounded_only} other percentages of this text are rounded."
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, truncated", computed))
    else:
        case.add(s, Check("count/percent", "ok", f"{says}: digits cut off.", "100 n / N, truncated", computed))


def _bare_cell(case: Case, s: Statement) -> None:
    """A count without percentage in a table: not more than the total of its column."""
    totals = case.table_totals(s)
    n = s.quantities.n or 0
    if not totals:
        return
    largest = max(t for t, _ in totals)
    if n <= largest:
        case.add(s, Check("subset", "ok", f"{n} is not more than {largest}.", "n <= N", {}))
