"""A difference lies in the middle of its interval: `mean difference, 29.9 m (95% CI, 20.1 to 39.7)`.

Intervals of means and of differences of means or shares are an estimate and as much to either side (Student, Welch,
Wald); those of Newcombe and of Miettinen and Nurminen nearly so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_centred"]

_DIFFERENCE = re.compile(
    r"\b(?:mean|least[- ]squares mean|LSM?|adjusted mean|absolute|risk|between[- ]group|treatment|estimated|"
    r"adjusted)(?: treatment| risk| percentage)? differences?\b[^.;()\[\]\d]{0,60}[(\[]?$|[(\[]differences?(?: between "
    r"(?:the )?groups)?,? ?$|\b(?:mean|least[- ]squares mean) changes?\b[^.;()\[\]\d]{0,60}$",
    re.IGNORECASE,
)
_UNEVEN = re.compile(
    r"\b(?:medians?|Hodges|bootstrap\w*|Bayes\w*|credible|posterior|geometric|log\w*|ratios?|fold|percent(?:age)? "
    r"change|relative|exact|restricted|RMST|quantile|one-sided|incidence)\b",
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


_FEWEST_CENTRED, _ONE_IN, _FEWEST_RATIOS = 8, 10, 20
_Cell = tuple[Statement, Printed, Printed, Printed]


def _in_tables(case: Case) -> None:
    """One estimate off the middle of its interval, where all or nearly all others of the table are in the middle."""
    tables: dict[int, list[_Cell]] = defaultdict(list)
    for s in case.statements:
        table, q = case.text.passages[s.passage].table, s.quantities
        value, low, high = q.value, q.low, q.high
        if table is None or s.kind != "value" or value is None or q.values or q.interval not in ("ci", None):
            continue
        if isinstance(low, Printed) and isinstance(high, Printed) and low.value < value.value < high.value:
            tables[table].append((s, value, low, high))
    for cells in tables.values():
        _off_the_middle(case, cells, "symmetric interval", _is_centred, _is_centred_on_logs)
        ratios = [c for c in cells if "%" not in c[0].quote]
        if len(ratios) >= _FEWEST_RATIOS:  # limits of few small shares may lie so by chance
            _off_the_middle(case, ratios, "log-symmetric interval", _is_centred_on_logs, _is_centred)
        _errors(case, cells)


def _off_the_middle(
    case: Case, cells: list[_Cell], method: str, usual: Callable[..., bool], other: Callable[..., bool]
) -> None:
    off = [c for c in cells if not usual(*c[1:])]
    if len(cells) - len(off) < _FEWEST_CENTRED or _ONE_IN * len(off) > len(cells):
        return
    for s, value, low, high in off:
        if not other(value, low, high):
            middle = (low.value + high.value) / 2 if usual is _is_centred else math.sqrt(low.value * high.value)
            others = f"{len(cells) - len(off)} others of the table are"
            found = f"{value.text} is not in the middle of {low.text} to {high.text}, {float(middle):.4g}, as {others}."
            case.add(s, Check("interval", "unlikely", found, method, {}, "inferred"))


_ERROR_BETWEEN = re.compile(r"[\t|]\s*(?P<error>\d+[.·]\d+)\s*[\t|]")
_LEAST_Z, _MOST_Z = Fraction(194, 100), Fraction(210, 100)
"""How many standard errors a limit is away: normal, and Student from twenty degrees of freedom on."""


def _errors(case: Case, cells: list[_Cell]) -> None:
    """A standard error printed between an estimate and its 95 % limits is a quarter of their distance, in every row."""
    rows = []
    for s, _, low, high in cells:
        between = _ERROR_BETWEEN.search(case.spelled(s))
        if between is not None:
            error = read_printed(between["error"].replace("·", "."))
            width, slack = high.value - low.value, (low.step + high.step) / 2
            least, most = 2 * _LEAST_Z * error.low, 2 * _MOST_Z * error.high
            rows.append((s, error, width, width - slack <= most and least <= width + slack))
    wrong = [row for row in rows if not row[3]]
    if len(rows) - len(wrong) < _FEWEST_ERRORS or _ONE_ROW_IN * len(wrong) > len(rows):
        return
    for s, error, width, _ in wrong:
        found = (
            f"The standard error {error.text} is not that of the limits, {float(width) / 3.92:.3g}, as it is in "
            f"{len(rows) - len(wrong)} others of the table."
        )
        case.add(s, Check("interval", "unlikely", found, "1.96 standard errors", {}, "inferred"))


_FEWEST_ERRORS, _ONE_ROW_IN = 3, 4


def _is_centred(value: Printed, low: Printed, high: Printed) -> bool:
    slack = value.step / 2 + (low.step + high.step) / 4
    return abs(value.value - (low.value + high.value) / 2) <= slack


def _is_centred_on_logs(value: Printed, low: Printed, high: Printed) -> bool:
    """Whether an estimate is the geometric mean of its limits, as that of a ratio is."""
    return low.low > 0 and low.low * high.low <= value.high**2 and value.low**2 <= low.high * high.high


_N = r"-?\d+(?:\.\d+)?"
_IN_BRACKETS = re.compile(
    rf"[(\[](?:mean |absolute |least[- ]squares mean |adjusted |between[- ]group )?difference(?: between groups)?,? "
    rf"(?P<v>{_N})[;,] 95 ?% (?:CI|confidence interval)[,:]? (?P<a>{_N}) to (?P<b>{_N})",
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
