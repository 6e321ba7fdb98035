"""Two documents side by side: which of their key numbers agree, which differ."""

from __future__ import annotations

from typing import Literal

import msgspec

from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.numbers.boxes import Printed

__all__ = ["Pair", "compare_reports"]


class Pair(msgspec.Struct, frozen=True):
    """One quantity in two documents."""

    what: str
    first: Statement
    second: Statement
    verdict: Literal["same", "different"]
    sentence: str


def _key(s: Statement) -> tuple[str, str] | None:
    """What a statement is about, where this can be said in general."""
    q = s.quantities
    if q.outcome is None:
        return None
    if q.measure:
        return (q.outcome, q.measure)
    if s.kind == "landmark" and q.at is not None:
        return (q.outcome, f"at {float(q.at.value):g} {q.unit}")
    if s.kind in ("median_ci", "median_only", "median_range"):
        return (q.outcome, f"median, {q.unit}")
    if (
        s.kind in ("count_percent", "count_percent_ci", "percent_ci", "percent_only", "table_cell")
        and not s.approximate
    ):
        return (q.outcome, "percent")
    return None


def _value(s: Statement) -> Printed | None:
    return s.quantities.percent or s.quantities.value


def _equal(a: Printed, b: Printed) -> bool:
    """Whether two printed numbers can be the same quantity: equal, or one the other rounded."""
    if a.digits == b.digits:
        return a.value == b.value
    coarse, fine = (a, b) if a.digits < b.digits else (b, a)
    return coarse.low <= fine.value <= coarse.high


def compare_reports(first: Report, second: Report) -> list[Pair]:
    """Pairs of statements on the same outcome and statistic in two documents.

    Every such statement of the second document is set beside the one of the first that agrees best. Where the
    first prints several values of an outcome (arms, subgroups), any that agrees counts as the same.

    Examples
    --------
    >>> from codon12.check import check_text
    >>> a = check_text("The median overall survival was 12.5 months (95% CI, 10.0 to 15.1).")
    >>> b = check_text("The median overall survival was 12.9 months.")
    >>> [(p.what, p.verdict) for p in compare_reports(a, b)]
    [('OS, median, months', 'different')]
    """
    known: dict[tuple[str, str], list[Statement]] = {}
    for f in first.findings:
        key = _key(f.statement)
        if key is not None and _value(f.statement) is not None:
            known.setdefault(key, []).append(f.statement)
    out = []
    for f in second.findings:
        s = f.statement
        key, value = _key(s), _value(s)
        if key is None or value is None or key not in known:
            continue
        candidates = sorted(known[key], key=lambda other: -_agreement(other, s))
        best = candidates[0]
        other = _value(best)
        assert other is not None
        same = _equal(other, value) and _limits_agree(best, s)
        what = ", ".join(key)
        sentence = f"{what}: {other.text} in {first.text.name}, {value.text} in {second.text.name}."
        if same:
            sentence = f"{what}: {value.text} in both."
        elif _equal(other, value):
            sentence = f"{what}: {value.text} in both, but other limits or counts."
        out.append(Pair(what, best, s, "same" if same else "different", sentence))
    return out


def _limits_agree(a: Statement, b: Statement) -> bool:
    pairs = ((a.quantities.low, b.quantities.low), (a.quantities.high, b.quantities.high))
    if any(isinstance(x, Printed) and isinstance(y, Printed) and not _equal(x, y) for x, y in pairs):
        return False
    return a.quantities.n is None or b.quantities.n is None or a.quantities.n == b.quantities.n


def _agreement(a: Statement, b: Statement) -> int:
    va, vb = _value(a), _value(b)
    equal = va is not None and vb is not None and _equal(va, vb)
    return 4 * equal + 2 * _limits_agree(a, b) + (a.kind == b.kind)
