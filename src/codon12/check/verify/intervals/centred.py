"""A difference lies in the middle of its interval: `mean difference, 29.9 m (95% CI, 20.1 to 39.7)`.

Intervals of means and of differences of means or shares are an estimate and as much to either side (Student, Welch,
Wald); those of Newcombe and of Miettinen and Nurminen nearly so.
"""

from __future__ import annotations

from collections import defaultdict

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_centred"]

_DIFFERENCE = re.compile(
    r"\b(?:mean|least[- ]squares mean|LSM?|adjusted mean|absolute|risk|between[- ]group|treatment|estimated|adjusted)"
    r"(?: treatment| risk| percentage)? differences?\b[^.;()\[\]\d]{0,60}[(\[]?$"
    r"|[(\[]differences?(?: between (?:the )?groups)?,? ?$"
    r"|\b(?:mean|least[- ]squares mean) changes?\b[^.;()\[\]\d]{0,60}$",
    re.IGNORECASE,
)
_UNEVEN = re.compile(
    r"\b(?:medians?|Hodges|bootstrap\w*|Bayes\w*|credible|posterior|geometric|log\w*|ratios?|fold|percent(?:age)? "
    r"change|"
    r"relative|exact|restricted|RMST|quantile|one-sided|incidence)\b",
    re.IGNORECASE,
)
_OFF_CENTRE = 0.2
"""Part of half its width that an estimate may be off the middle."""
_WORDS = re.compile(r"differ|change", re.IGNORECASE)


def check_centred(case: Case) -> None:
    """Check that differences of means or shares lie in the middle of their intervals."""
    _in_brackets(case)
    _in_tables(case)
    for s in case.statements:
        q = s.quantities
        value = q.value if q.value is not None else q.percent
        if s.kind not in ("value", "percent_ci") or value is None or q.interval not in ("ci", None):
            continue
        if not isinstance(q.low, Printed) or not isinstance(q.high, Printed) or q.high.value <= q.low.value:
            continue
        if case.text.passages[s.passage].table is not None or not case.says(s, _WORDS):
            continue
        if not _DIFFERENCE.search(case.around(s, 110, 0)[0]) or _UNEVEN.search(_clause(case, s)):
            continue
        found = _off_centre(value, q.low, q.high)
        if found:
            case.add(s, Check("interval", "unlikely", found, "symmetric interval"))


_FEWEST_CENTRED, _ONE_IN = 8, 10


def _in_tables(case: Case) -> None:
    """One estimate off the middle of its interval, where all or nearly all others of the table are in the middle."""
    tables: dict[int, list[tuple[Statement, Printed, Printed, Printed]]] = defaultdict(list)
    for s in case.statements:
        table, q = case.text.passages[s.passage].table, s.quantities
        value, low, high = q.value, q.low, q.high
        if table is None or s.kind != "value" or value is None or q.values or q.interval not in ("ci", None):
            continue
        if isinstance(low, Printed) and isinstance(high, Printed) and low.value < value.value < high.value:
            tables[table].append((s, value, low, high))
    for cells in tables.values():
        off = [c for c in cells if not _is_centred(*c[1:])]
        if len(cells) - len(off) < _FEWEST_CENTRED or _ONE_IN * len(off) > len(cells):
            continue
        for s, value, low, high in off:
            if not _is_centred_on_logs(value, low, high):
                middle = float((low.value + high.value) / 2)
                others = f"{len(cells) - len(off)} others of the table are"
                found = f"{value.text} is not in the middle of {low.text} to {high.text}, {middle:.4g}, as {others}."
                case.add(s, Check("interval", "unlikely", found, "symmetric interval", {}, "inferred"))


def _is_centred(value: Printed, low: Printed, high: Printed) -> bool:
    slack = value.step / 2 + (low.step + high.step) / 4
    return abs(value.value - (low.value + high.value) / 2) <= slack


def _is_centred_on_logs(value: Printed, low: Printed, high: Printed) -> bool:
    """Whether an estimate is the geometric mean of its limits, as that of a ratio is."""
    return low.low > 0 and low.low * high.low <= value.high**2 and value.low**2 <= low.high * high.high


_N = r"-?\d+(?:\.\d+)?"
_IN_BRACKETS = re.compile(
    rf"[(\[](?:mean |absolute |least[- ]squares mean |adjusted |between[- ]group )?difference(?: between "
    rf"groups)?,? (?P<v>{_N})[;,] "
    rf"95 ?% (?:CI|confidence interval)[,:]? (?P<a>{_N}) to (?P<b>{_N})",
    re.IGNORECASE,
)


def _in_brackets(case: Case) -> None:
    """`(difference, 4.3; 95% CI, 1.8 to 6.8; P < .001)`."""
    for p, statements in case.prose(_WORDS):
        for m in _IN_BRACKETS.finditer(case.flat, p.start, p.end):
            value, low, high = (read_printed(m[k]) for k in "vab")
            around = case.flat[max(p.start, m.start() - 200) : min(p.end, m.end() + 40)]
            if _UNEVEN.search(around) or high.value <= low.value:
                continue
            found = _off_centre(value, low, high)
            if found:
                on = (holder(statements, m.start("v")),)
                case.relate("interval", (m.span("v"), m.span("a"), m.span("b")), "unlikely", found,
                            "symmetric interval", on=on)  # fmt: skip


def _clause(case: Case, s: Statement) -> str:
    before, after = case.around(s, 130, 90)
    return re.split(r"[;.] ", before)[-1] + case.flat[s.normal_start : s.normal_end] + re.split(r"[;.] ", after)[0]


def _off_centre(value: Printed, low: Printed, high: Printed) -> str | None:
    """The sentence on an estimate far from the middle of its interval; None where it is near, or outside."""
    sides = {value.value, -value.value}
    if not low.value <= value.value <= high.value and not low.value <= -value.value <= high.value:
        return None  # other rules say so
    half = (high.value - low.value) / 2
    middle = (high.value + low.value) / 2
    slack = value.step / 2 + (low.step + high.step) / 4
    off = min(abs(x - middle) for x in sides) - slack
    if float(off) <= _OFF_CENTRE * float(half):
        return None
    return (
        f"{value.text} is not in the middle of {low.text} to {high.text}, which is {float(middle):.4g}, "
        "as that of a difference is by the usual methods."
    )
