"""A statement of several numbers that has all of the study's but one: the row with a slip, whatever its other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, factor_of, is_equal, prints
from codon12.check.comparing.names import names_of
from codon12.check.comparing.parts import Parts
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed

__all__ = ["Slips", "by_half", "is_near", "is_slip"]

_TELLING = 10
"""Counts below this one are equal by chance."""
_MANY = 30
_CLOSE = 5.0
"""Percentage points between a percentage and that of the study under the same count."""
_TWO = 2
_ESTIMATES = {"count_percent_ci", "percent_ci", "median_ci", "landmark"}


class _Told(NamedTuple):
    """A number of a statement beside that of a row: as printed, whether it is it, and the row's as it would print."""

    text: str
    right: bool
    like: str | None
    is_count: bool = False

    @property
    def digits(self) -> int:
        return sum(c.isdigit() for c in self.text)


def _told(s: Statement, row: Row) -> list[_Told]:
    """Estimate, limits and count of a statement, those it has, each beside the row's."""
    q = s.quantities
    pairs = [(q.percent if q.percent is not None else q.value, row["value"])]
    if q.interval == "ci":
        pairs += [(q.low, row["lower"]), (q.high, row["upper"])]
    out = [_Told(str(q.n), q.n == row["n"], str(row["n"]), is_count=True)] if q.n is not None else []
    for printed, given in pairs:
        if isinstance(printed, Printed):
            like = None if given is None else print_number(given, printed.digits)
            out.append(_Told(printed.text, prints(printed, given, factor_of(s, row)), like))
        elif printed is not None:
            out.append(_Told("", given is None, None))
    return out


def is_near(s: Statement, row: Row) -> bool:
    """Whether a statement shares two of estimate, limits and count with a row, or is one slip off."""
    same = (x for x in _told(s, row) if x.right and x.digits and not (x.is_count and int(x.text) < _TELLING))
    return sum(1 for _ in same) >= _TWO or is_slip(s, row)


def is_slip(s: Statement, row: Row) -> bool:
    """Whether a statement has all numbers of a row but one, and that one is a digit off."""
    told = _told(s, row)
    wrong = [x for x in told if not x.right]
    right = any(x.right and (x.digits >= _TWO or x.text not in ("", "0", "1")) for x in told)
    return len(wrong) == 1 and right and wrong[0].like is not None and one_digit_apart(wrong[0].text, wrong[0].like)


def by_half(s: Statement, row: Row) -> bool:
    """Whether either the count or the percentage is the row's, and tells it: ten or more, or a decimal."""
    n, percent = s.quantities.n, s.quantities.percent
    if n is None or percent is None or row["n"] is None:
        return False
    if prints(percent, row["value"]):
        return percent.digits > 0 and n != row["n"]
    return n == row["n"] and n >= _TELLING


class Slips:
    """The numbers of a study by the words of their labels, for statements whose numbers vouch for each other."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self._parts = parts
        self._counts: dict[frozenset[str], list[Row]] = defaultdict(list)
        self._rates: list[Row] = []
        self._estimates: list[Row] = []
        for row in rows:
            if str(row["endpoint"]).startswith(("missing.", "lollipop.", "co_occurrence.", "agreement.")):
                continue
            if row["value"] is None:
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
        if s.kind != "count_percent":
            return None, None
        near = self._named(clause.since + clause.inside + clause.after, clause)
        if (equal := next((r for r in near if is_equal(s, r)), None)) is not None:
            return equal, None
        around = self._named(clause.sentence, clause)
        if any(is_equal(s, r) for r in around):
            return None, None
        return None, next((r for r in (*near, *around, *self._of_part(s, clause)) if _by_one(s, r)), None)

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
    """Whether the count or the percentage is the row's and tells it, and the other is a slip, or the total is not."""
    n, N, percent = s.quantities.n, s.quantities.N, s.quantities.percent
    if n is None or percent is None:
        return False
    same = prints(percent, row["value"])
    if N is not None and row["N"] != N:
        return same and percent.digits > 0 and n == row["n"]
    like = print_number(row["value"], percent.digits)
    slip = one_digit_apart(percent.text, like) or sorted(percent.text) == sorted(like)
    return by_half(s, row) and (same or slip or (n >= _MANY and abs(float(percent.value) - row["value"]) <= _CLOSE))


def _all_but_one(s: Statement, row: Row) -> bool:
    q = s.quantities
    timed = row["kind"] == "time"
    if q.interval != "ci" or (q.percent is None) != timed or (q.unit not in (None, "months", "%") and timed):
        return False
    told = _told(s, row)
    same = [x.right for x in told] + [row["N"] == q.N] * (q.N is not None)
    return sum(not ok for ok in same) == 1 and sum(x.right and x.digits >= _TWO for x in told) >= _TWO
