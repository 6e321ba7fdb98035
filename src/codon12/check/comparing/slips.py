"""A statement of several numbers that has all of the study's but one: the row with a slip, whatever its other words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.names import names_of
from codon12.check.comparing.parts import Parts
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed

__all__ = ["Slips"]

_TELLING = 10
"""Counts below this one are equal by chance."""
_MANY = 30
_CLOSE = 5.0
"""Percentage points between a percentage and that of the study under the same count."""
_TWO = 2
_COUNTS = {"count_percent"}
_ESTIMATES = {"count_percent_ci", "percent_ci", "median_ci", "landmark"}


class Slips:
    """The numbers of a study by the words of their labels, for statements whose numbers vouch for each other."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self._parts = parts
        self._counts: dict[frozenset[str], list[Row]] = defaultdict(list)
        self._rates: list[Row] = []
        self._estimates: list[Row] = []
        for row in rows:
            if str(row["endpoint"]).startswith(("missing.", "lollipop.", "co_occurrence.")):
                continue
            if row["value"] is None or str(row["endpoint"]).startswith("agreement."):
                continue
            if row["kind"] in ("count", "fraction", "rate") and row["n"] is not None:
                for words in names_of(row):
                    self._counts[words].append(row)
            if row["kind"] == "rate" and row["n"] is not None:
                self._rates.append(row)
            if row["kind"] in ("rate", "time"):
                self._estimates.append(row)

    def of(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """The row whose label stands at the statement and which it has whole, or the one it has but for a slip."""
        if clause.is_elsewhere or s.approximate:
            return None, None
        if s.kind in _ESTIMATES:
            return None, self._of_estimates(s)
        if s.kind not in _COUNTS:
            return None, None
        near = self._named(clause.since + clause.inside + clause.after, clause)
        if (equal := next((r for r in near if is_equal(s, r)), None)) is not None:
            return equal, None
        around = self._named(clause.sentence, clause)
        if any(is_equal(s, r) for r in around):
            return None, None
        for rows in (near, around, self._of_part(s, clause)):
            if (found := next((r for r in rows if _by_one(s, r)), None)) is not None:
                return None, found
        return None, None

    def _named(self, text: str, clause: Clause) -> list[Row]:
        words = whole_words(text)
        rows = [r for label, rows in self._counts.items() if label <= words for r in rows]
        arms, grade = self._parts.arms_of(clause), clause.grade or "any"
        rows = [r for r in rows if not str(r["endpoint"]).startswith("ae") or r["statistic"] == grade]
        if not arms:
            return [r for r in rows if r.get("arm") in (None, "all")]
        return [r for r in rows if len(arms) != 1 or r.get("arm") == arms[0]]

    def _of_part(self, s: Statement, clause: Clause) -> list[Row]:
        """Rates of the subgroup that the sentence names, of as many patients as the statement prints."""
        if s.quantities.N is None:
            return []
        levels = self._parts.levels_of(clause)
        return [r for r in self._rates if Parts.part_of(r) in levels and r["N"] == s.quantities.N]

    def _of_estimates(self, s: Statement) -> Row | None:
        """The only estimate of which a statement has all printed numbers but one, two of them telling."""
        found = [r for r in self._estimates if _all_but_one(s, r)]
        return found[0] if len({(r["value"], r["lower"], r["upper"]) for r in found}) == 1 else None


def _by_one(s: Statement, row: Row) -> bool:
    """Whether the count or the percentage is the row's and tells it, and the other is not."""
    q = s.quantities
    n, percent = q.n, q.percent
    if n is None or percent is None or row["n"] is None:
        return False
    prints = float(percent.low) - 1e-9 <= row["value"] <= float(percent.high) + 1e-9
    if q.N is not None and row["N"] != q.N:
        return prints and percent.digits > 0 and n == row["n"]
    if prints:
        return percent.digits > 0 and n != row["n"]
    like = print_number(row["value"], percent.digits)
    slip = one_digit_apart(percent.text, like) or sorted(percent.text) == sorted(like)
    near = n >= _MANY and abs(float(percent.value) - row["value"]) <= _CLOSE
    return n == row["n"] and n >= _TELLING and (slip or near)


def _all_but_one(s: Statement, row: Row) -> bool:
    q = s.quantities
    value = q.percent if q.percent is not None else q.value
    if q.interval != "ci" or value is None or (q.unit not in (None, "months", "%") and row["kind"] == "time"):
        return False
    if (q.percent is None) != (row["kind"] == "time"):
        return False
    same = [_is(value, row["value"]), _limit(q.low, row["lower"]), _limit(q.high, row["upper"])]
    telling = sum(
        ok and isinstance(x, Printed) and len(re.sub(r"\D", "", x.text)) >= _TWO
        for ok, x in zip(same, (value, q.low, q.high), strict=True)
    )
    if q.n is not None:
        same.append(q.n == row["n"])
        telling += q.n == row["n"] and q.n >= _TELLING
    if q.N is not None:
        same.append(row["N"] == q.N)
    return sum(not ok for ok in same) == 1 and telling >= _TWO


def _is(printed: Printed, value: float | None) -> bool:
    return value is not None and float(printed.low) - 1e-9 <= value <= float(printed.high) + 1e-9


def _limit(printed: object, value: float | None) -> bool:
    return _is(printed, value) if isinstance(printed, Printed) else value is None
