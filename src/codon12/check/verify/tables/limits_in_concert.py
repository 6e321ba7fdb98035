"""Values with limits in the cells of a table: where nearly all lie within their limits, one that does not is a slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_limits_in_concert"]

_N = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_TO = r"(?: ?- ?|, ?(?!\d{3}\b)|, | to |; ?)"
_IN_A_CELL = re.compile(
    rf"(?<![\w.,/(-])(?P<value>{_N}) ?%?[*†‡§]? ?[(\[](?:95 ?% ?CI[:,]? ?)?"
    rf"(?P<low>{_N}) ?%?{_TO}(?P<high>{_N}) ?%?[)\]]"
)
_IN_TWO_CELLS = re.compile(
    rf"(?<=[\t|]) ?(?P<value>{_N}) ?[\t|] ?[(\[]?(?P<low>{_N})(?: ?- ?| to |, )(?P<high>{_N})[)\]]?(?= ?(?:[\t|]|$))"
)
_LIST = (",", False)
"""The form of a list of whole numbers, `1, 3`."""
_JUDGED = frozenset(["order", "interval", "ratio", "landmark", "range"])
_FEWEST = 4
"""Values within their limits that a table must have before one outside is wrong."""
_BESIDE = 2
"""Values of one row within their limits, all but the one, that say as much."""
_TOO_FAR = 100
"""Upper limits from which on a value has other figures run into it."""
_SURE = 8
_MOST_APART = 4
"""Of so many within their limits, one may lie outside."""


class _Value(msgspec.Struct, frozen=True):
    passage: int
    start: int
    end: int
    value: Printed
    low: Printed
    high: Printed
    sign: str
    """What stands between the limits."""

    @property
    def form(self) -> tuple[str, bool]:
        """How limits are printed: what stands between them, and whether with decimals."""
        return self.sign, bool(self.low.digits or self.high.digits)

    @property
    def is_reversed(self) -> bool:
        return self.low.value > self.high.value

    @property
    def is_within(self) -> bool:
        inside = self.value.high_cut >= self.low.low and self.value.low <= self.high.high_cut
        return not self.is_reversed and inside


def check_limits_in_concert(case: Case) -> None:
    """Check the values with limits that no rule has judged against those of the other cells of their table."""
    tables: dict[int, list[int]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            tables[p.table].append(p.index)
    for passages in tables.values():
        for form in (_IN_A_CELL, _IN_TWO_CELLS):
            _judge(case, [v for k in passages for v in _values(case, k, form)])


def _values(case: Case, passage: int, form: re.Pattern[str]) -> Iterator[_Value]:
    p = case.text.passages[passage]
    for m in form.finditer(case.flat, p.start, p.end):
        value, low, high = (read_printed(m[k].replace(",", "")) for k in ("value", "low", "high"))
        yield _Value(
            passage, m.start("value"), m.end(), value, low, high, case.flat[m.end("low") : m.start("high")].strip()
        )


def _judge(case: Case, values: list[_Value]) -> None:
    for form in {v.form for v in values if not v.is_within} - {_LIST}:  # of another form, `90 to 150` may name a row
        _judge_form(case, [v for v in values if v.form == form])


def _judge_form(case: Case, values: list[_Value]) -> None:
    wrong = [v for v in values if not v.is_within]
    good = len(values) - len(wrong)
    rows: dict[int, list[_Value]] = defaultdict(list)
    for v in values:
        rows[v.passage].append(v)
    sure = good >= _FEWEST and _MOST_APART * len(wrong) <= good
    for v in wrong:
        row = rows[v.passage]
        right = sum(x.is_within for x in row)
        whole = len(row) > 1 and not right
        if not sure and not (right >= _BESIDE and right == len(row) - 1):
            continue
        held = [s for s in case.by_passage.get(v.passage, ()) if s.normal_start < v.end and v.start < s.normal_end]
        glued = v.value.value > _TOO_FAR * v.high.value > 0
        if whole or glued or any(c.rule in _JUDGED for s in held for c in case.checks.get(s.id, ())):
            continue
        shown = f"{v.low.text} to {v.high.text}"
        how = f"{good} others of the table lie within theirs, in order"
        sentence = (
            f"The lower limit {v.low.text} is above the upper {v.high.text}; {how}."
            if v.is_reversed
            else f"{v.value.text} lies outside its own limits, {shown}; {how}."
        )
        members: list[Statement | tuple[int, int]] = list(held) or [(v.start, v.end)]
        verdict = "error" if v.is_reversed and good >= _SURE else "error-if"
        case.relate("limits", members, verdict, sentence, "lower < value < upper", on=held[:1], tie="structural")
