"""Numbers that stand in lists: of the arms in whatever order, of subgroups one by one, or of a part not named."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.comparing.assigned import UNCLEAR
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, is_equal, prints
from codon12.check.comparing.in_sentence import digits_of, endpoints_in
from codon12.check.comparing.outcomes import ENDPOINT_OF
from codon12.check.comparing.parts import Parts
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Listed"]

_PAIR = 2
_OF_A_TIME = re.compile(
    r"\b(?:at|by|than|least|most|every|for|after|within|of|over|beyond|first|last)(?: the| a)?\W*$", re.IGNORECASE
)
"""Words before months that are a time, not a result."""


class Listed:
    """The estimates of a study, looked up for numbers in lists."""

    def __init__(
        self,
        report: Report,
        by_key: dict[tuple[str, str], list[Row]],
        parts: Parts,
        numbers: dict[int, list[Statement]],
    ) -> None:
        self._report, self._by_key, self._parts, self._numbers = report, by_key, parts, numbers

    def remaining_arm(self, s: Statement, found: list[Row], clause: Clause) -> Row | None:
        """Of a list of as many numbers as arms, all others those of an arm: the arm left for the one that is not."""
        if not self._parts.is_by_arm(clause) or self._parts.arm_of(clause) is not UNCLEAR or clause.is_elsewhere:
            return None
        start, starts = self._report.text.passages[s.passage].start, {a for a, _ in clause.list}
        flat = self._report.text.normal.text
        listed = [x for x in self._numbers.get(s.passage, ()) if digits_of(x, flat)[0] - start in starts]
        reader, out = self._parts.reader_of(clause), []
        for evaluator in dict.fromkeys(r.get("evaluator") for r in found):
            rows = [r for r in found if r.get("evaluator") == evaluator and r.get("arm") in self._parts.arms]
            left = {str(r["arm"]): r for r in rows if Parts.part_of(r) is None}
            if reader not in (None, evaluator) or not len(left) == len(self._parts.arms) == len(listed):
                continue
            wrong = []
            for x in listed:
                arm = next((a for a, r in left.items() if is_equal(x, r)), None)
                if arm is None:
                    wrong.append(x.normal_start)
                else:
                    del left[arm]
            out.append(next(iter(left.values())) if wrong == [s.normal_start] else None)
        return None if None in out else next(iter(out), None)

    def months(self, s: Statement, clause: Clause) -> list[Row]:
        """Months that stand in a sentence of medians, of an arm or a subgroup: `and 23.5 months for a score of 50%`."""
        if s.kind != "duration" or s.quantities.unit != "months" or "median" not in clause.head.lower():
            return []
        named = {m[2] for m in endpoints_in(clause.head)}
        told = isinstance(self._parts.arm_of(clause), str) or isinstance(self._parts.level_of(clause), tuple)
        if len(named) != 1 or not told or _OF_A_TIME.search(clause.head):
            return []
        return self._by_key.get((next(iter(named)), "median"), [])

    def medians(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """`13.5 vs. 9.6 months`: medians of subgroups in their order, or else of the arms in whatever order.

        Contradicted where one is none of them.
        """
        of = self._by_key.get((ENDPOINT_OF.get(s.quantities.outcome or "", ""), "median"), [])
        of, values = [r for r in of if r["value"] is not None], _with_those_before(s, clause)
        if s.quantities.unit not in (None, "months"):
            return None, None
        for rows in (self._of_parts(s, clause, of), self._of_two(clause, of)):
            wrong = [r for v, r in zip(values, rows, strict=False) if not prints(v, r["value"])]
            if len(rows) == len(values) > len(wrong):
                return (None, None if clause.is_elsewhere else wrong[0]) if wrong else (rows[0], None)
        left = [r for r in of if r.get("arm") in self._parts.arms and Parts.part_of(r) is None]
        if len(values) != len(left):
            return None, None
        first = left[0]
        for v in values:
            if (fit := next((r for r in left if prints(v, r["value"])), None)) is not None:
                left.remove(fit)
        unclear = clause.is_elsewhere or clause.says_part(frozenset(("arm", "arms", "group", "groups")))
        return (None, left[0] if len(left) == 1 and not unclear else None) if left else (first, None)

    def _of_two(self, clause: Clause, of: list[Row]) -> list[Row]:
        """`longer with a TMB of 10 or more (median, 6.1 vs. 2.8 months)`: of the only category named, and of the other.

        Where an arm of two is named in place of a category, of the arms.
        """
        named, arms = list(dict.fromkeys(m[2] for m in clause.levels)), self._parts.named_arms.of(clause.head)
        if len(named) == 1 and named[0][1]:
            rows = [r for r in of if r.get("group") == named[0][0] and _of_everybody(r)]
            rows.sort(key=lambda r: Parts.part_of(r) != named[0])
        elif not named and len(arms) == 1:
            rows = [r for r in of if r.get("arm") in self._parts.arms and Parts.part_of(r) is None]
            rows.sort(key=lambda r: r.get("arm") != arms[0])
        else:
            return []
        return rows if len(rows) == _PAIR and len({r.get("evaluator") for r in rows}) == 1 else []

    def _of_parts(self, s: Statement, clause: Clause, of: list[Row]) -> list[Row]:
        """`16.6 and 13.8 months, respectively`, of the subgroups that this sentence names, or the one before."""
        levels = self._parts.levels
        here = levels.of(clause.sentence, clause.previous)
        order = list(dict.fromkeys(m[2] for m in here or levels.of(clause.previous)))
        alike = len({x[0] for x in order}) == 1 and all(x[1] for x in order)
        against = here and alike and (len(order) > _PAIR or re.search(r"\bv(?:s\.?|ersus)? ", s.quote))
        if not ("respectively" in s.quote + clause.after or against):
            return []
        rows = (next((r for r in of if Parts.part_of(r) == x and _of_everybody(r)), None) for x in order)
        return [r for r in rows if r is not None]


def _of_everybody(row: Row) -> bool:
    """Whether a number is of no one arm, but of some subgroup."""
    return Parts.part_of(row) is not None and row.get("arm") in (None, "all")


def _with_those_before(s: Statement, clause: Clause) -> Sequence[Printed]:
    """The medians of a list, those in it before the pair that was read as well: `2.1, 2.8 and 6.2 months`."""
    before = re.search(r"(?:(?<![\d.])\d+(?:\.\d+)?, )+$", clause.head)
    return (
        [*(read_printed(x) for x in re.findall(r"\d+(?:\.\d+)?", before[0])), *s.quantities.values]
        if before
        else s.quantities.values
    )
