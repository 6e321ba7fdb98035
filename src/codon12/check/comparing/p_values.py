"""A P value of a manuscript and that of the study: beside its hazard ratio, of an interaction, of a log-rank test."""

from __future__ import annotations

import math
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row
from codon12.check.comparing.in_sentence import state_in
from codon12.check.comparing.parts import Parts
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.numbers.unrounded import Printed

__all__ = ["PValues"]

_Z = 1.959963984540054
_NEAR, _NEAR_SHARE = 0.12, 0.06
"""Normal deviates, and share of them, by which tests of one question differ: Wald, score, likelihood ratio, ties."""
_LEAST = 1e-300
_COMPARED = re.compile(r"\.(?:hr|difference|risk_ratio|odds_ratio)\.")
"""In the id of a ratio or difference, what stands where the id of its test has the P."""
_RIGHT_BEHIND = re.compile(r"[\s;,()\[\]]*(?:(?:two|one)-sided|stratified|log-rank|with a|and)?[\s;,()\[\]]*")
"""What stands between a ratio and its P."""


class PValues:
    """The P values of a study."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self._parts = parts
        self._rows = [r for r in rows if r["kind"] == "p" and r["value"] is not None]
        self._last: tuple[Statement, Row] | None = None
        """The last ratio or difference that agreed."""
        self._by_id = {str(r["id"]): r for r in self._rows}

    def of_ratio(self, s: Statement, ratio: Row) -> Row | None:
        """What the P printed with a ratio contradicts; one printed right behind it is taken to be of it as well."""
        self._last = s, ratio
        return self._beside(s, ratio)[1]

    def of(self, s: Statement, clause: Clause, report: Report) -> tuple[Row | None, Row | None]:
        """A P value by itself: of the ratio right before it, or of the test that its sentence names."""
        if self._last is not None and self._last[0].passage == s.passage:
            between = report.text.normal.text[self._last[0].normal_end : s.normal_start]
            if _RIGHT_BEHIND.fullmatch(between):
                return self._beside(s, self._last[1])
        return self._of_test(s, clause, state_in(clause.clause))

    def _beside(self, s: Statement, ratio: Row) -> tuple[Row | None, Row | None]:
        """The P value of a ratio that the P printed beside it is, or that it contradicts where it is no test's."""
        if s.quantities.p is None:
            return None, None
        own = str(ratio["id"])
        tests = (_COMPARED.sub(f".{x}.", own, count=1) for x in ("logrank_p", "wald_p", "p"))
        found = [self._by_id[x] for x in tests if x != own and x in self._by_id]
        found = found or [r for r in self._rows if r["statistic"] == "logrank_p" and _of_same(r, ratio)]
        if (equal := next((r for r in found if _is(s, r["value"])), None)) is not None:
            return equal, None
        values = [r["value"] for r in found] + _of_limits(ratio)
        return None, found[0] if found and not any(_may_be(s, v) for v in values) else None

    def _of_test(self, s: Statement, clause: Clause, endpoint: str | None) -> tuple[Row | None, Row | None]:
        """The P for interaction, or of the log-rank test, of what the sentence names; the other, of one alone."""
        words = clause.sentence.lower()
        if "interaction" in words:
            of = [r for r in self._rows if "interaction" in r["statistic"]]
        elif "log-rank" in words or "logrank" in words or "log rank" in words:
            of = [r for r in self._rows if r["statistic"] == "logrank_p" and r["group"] not in (None, "all")]
        else:
            return None, None
        rows = [r for r in of if self._is_named(r, clause.head + clause.inside)]
        rows = rows or [r for r in of if self._is_named(r, clause.sentence)]
        if endpoint is not None:
            rows = [r for r in rows if str(r["endpoint"]).split(".", maxsplit=1)[0] == endpoint]
        if (equal := next((r for r in rows if _is(s, r["value"])), None)) is not None:
            return equal, None
        one = len({str(r["endpoint"]).split(".", maxsplit=1)[0] for r in rows}) == 1
        near = any(_may_be(s, r["value"]) for r in rows)
        return None, rows[0] if one and not near and not clause.is_elsewhere else None

    def _is_named(self, row: Row, text: str) -> bool:
        return row["variable"] is not None and self._parts.mentions(row["variable"], text)


def _of_same(test: Row, ratio: Row) -> bool:
    """Whether a test is of the groups that a ratio compares, where they are no arms."""
    group = ratio.get("group")
    return group not in (None, "all") and test["endpoint"] == ratio["endpoint"] and test.get("group") == group


def _of_limits(row: Row) -> list[float]:
    """The Wald P that a ratio and its limits give."""
    value, low, high = row["value"], row["lower"], row["upper"]
    if not value or not low or not high or high <= low:
        return []
    z = abs(math.log(value)) * 2 * _Z / math.log(high / low)
    return [math.erfc(z / math.sqrt(2))]


def _is(s: Statement, value: float) -> bool:
    q = s.quantities
    p = q.p if q.p is not None else q.value
    if not isinstance(p, Printed):
        return False
    if q.p_op in ("<", "<=", "≤"):
        return value <= float(p.value)
    if q.p_op in (">", ">=", "≥"):
        return value >= float(p.value)
    return float(p.low) - 1e-12 <= value <= float(p.high) + 1e-12


def _may_be(s: Statement, value: float) -> bool:
    """Whether a printed P is that of the study or of another test of the same question, by their normal scores."""
    if _is(s, value):
        return True
    q = s.quantities
    p = q.p if q.p is not None else q.value
    if not isinstance(p, Printed) or not 0 < float(p.value) < 1 or not 0 < value < 1:
        return False
    ours = _score(value)
    scores = sorted(_score(min(max(float(x), _LEAST), 1.0)) for x in (p.low, p.high))
    slack = max(_NEAR, _NEAR_SHARE * ours)
    if q.p_op in ("<", "<=", "≤"):
        return ours + slack >= scores[0]
    if q.p_op in (">", ">=", "≥"):
        return ours - slack <= scores[1]
    return scores[0] - slack <= ours <= scores[1] + slack


def _score(p: float) -> float:
    """The absolute normal deviate with a two-sided P, by bisection."""
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2)) > p else (low, middle)
    return low
