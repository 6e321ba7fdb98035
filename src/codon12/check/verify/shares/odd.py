"""A share that fits no total and is tied to none: how odd this is depends on whether another group can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import cut_off, exact
from codon12.check.verify.shares.denominators import all_candidates, counted_things
from codon12.check.verify.shares.group_sizes import group_named_behind
from codon12.check.verify.shares.more_than_all import more_than_all
from codon12.check.verify.shares.numerals import of_one_total, share_a_total, share_of_named
from codon12.check.verify.shares.one_digit import of_an_arm, one_digit_from_a_group, one_digit_from_the_nearest
from codon12.check.verify.shares.only_names import counts_something, may_only_name, plainly
from codon12.check.verify.shares.together import fills_up, other_part, parts_apart, rest_of_all
from codon12.check.verify.shares.typos import may_be_those_with_data
from codon12.numbers.unrounded import totals_for_percent

__all__ = ["untied_misfit"]

_NONE = re.compile(r"\b(?:no|none|not|never|neither|without|zero)\b", re.IGNORECASE)
_RESTRICTED = re.compile(
    r"\b(?:among|of (?:the|those|these|whom|which|all|our)|for (?:the|those)|in (?:the|those|this|these|that)|"
    r"evaluable|assessable|respon\w+|subset|subgroup|tested|mutation\w*|mutant|positive|negative|available|who|whose|"
    r"arms?|groups?|cohorts?|wom[ae]n|m[ae]n|tumou?rs|samples|lesions|events|cycles|courses|at (?:the )?\w+|after|"
    r"remaining|survivors|underwent|received|other|latter|former|each|both|in (?:patients|cases|subjects|participants|"
    r"adults|children) with)\b",
    re.IGNORECASE,
)
"""Words that may name a smaller group than that of the sentence, whose size is not printed."""


_OF_AN_ARM = re.compile(r"% (?:in|for) (?:the )?(?:[a-z-]+ ){0,3}(?:group|arm|cohort)(?: [A-Z\d]+)? \([nN] ?=")
"""A percentage of an arm whose size stands behind it, an estimate over time perhaps: `61.2% in group A (n = 64)`."""
_IN_TURN = re.compile(r"\brespectively\b")
_OF_A_PLACE = re.compile(r"% [^()%]*\b(?:in|for) [^()%]*\([nN] ?= ?\d")
"""A percentage of a place whose size stands behind it: `39% and 52.5% in the USA (n = 54) and Korea (n = 185)`."""
_MOST_BESIDE, _NEAR_BY = 40, 10
_NARROWER = re.compile(
    r"\b(?:of|among|in) (?:whom|which|these|those|them)\b|\bamong\b|respon|subset|evaluable|assessable|"
    r"\b(?:vs|versus|compared|than|without|controls?|pre|post|before|after|pre-\w+|post-\w+)\b",
    re.IGNORECASE,
)


def _in_company(case: Case, s: Statement, stated: Denominator | None) -> bool:
    """Whether the share before or behind it in the sentence is of this total, and no words name a smaller group.

    Behind it (`28 had all cycles, 5 had a response (29%) and 3 (11%) none`) the total must be told before both.
    """
    if stated is None:
        return False
    here = [o for o in case.by_passage[s.passage][:_MOST_BESIDE] if o.id in case.denominators and o.id != s.id]
    here = [o for o in here if o.kind in PERCENT_KINDS]
    ahead = [o for o in here if o.normal_end <= s.normal_start]
    if ahead:
        start, last = ahead[-1].normal_end, ahead[-1]
    else:
        before = [p for p in case.populations_around(s)[0] if p.n == stated.value and not p.subgroup]
        start = next((p.statement.normal_end for p in before if p.statement.normal_end <= s.normal_start), -1)
        last = here[0] if here and start >= 0 else None
    if last is None or case.denominators[last.id].value != stated.value:
        return False
    spans = ((start, s.normal_start), (s.normal_end, max(s.normal_end, last.normal_start)))
    return all(_NARROWER.search(case.flat, *span) is None for span in spans)


_GROUP_BEHIND = re.compile(
    r"^[^.;]{0,25}?\b(?:of|from|in|among|on|with|to) (?:the |those |these |all |patients |whom |which )?[^.;,(]{0,60}?"
    r"\b(?:arms?|groups?|cohorts?|patients|cases|subset|responders|tumou?rs|lesions|samples)\b|"
    r"^\W*of (?:all|the|these|those)\b|^\W*(?:pre|post)[- ]",
    re.IGNORECASE,
)
"""Words behind a share that say of which group it is: `(40.8%) from the placebo group`."""


def untied_misfit(
    case: Case,
    s: Statement,
    needs: str,
    totals: range,
    computed: dict[str, object],
    unexplained: Sequence[Statement],
) -> None:
    """No total of the text fits and none is tied: how odd this is depends on whether another group can be meant."""
    q = s.quantities
    assert q.n is not None
    assert q.percent is not None
    stated = _first(case, s)
    nearest = "" if stated is None or q.n > stated.value else f"{q.n} of {stated.value} is {exact(q.n, stated.value)} %"
    if stated is not None and stated.source == "table_header" and _column_agrees(case, s, unexplained):
        sentence = f"{nearest or f'{q.n} is more than {stated.value}'}, the number its column is of; {needs}"
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if s.kind == "table_cell" and nearest and stated is not None and _table_agrees(case, s, stated.value):
        sentence = f"{nearest}, the number nearly all shares of its table are of; {needs}"
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, "inferred"))
        return
    if not totals and q.n > 0:
        near = nearest and stated and abs(100 * q.n - q.percent.value * stated.value) <= _NEAR_BY * stated.value
        sentence = f"No total makes {q.n} print as {q.percent.text} %{f' ({nearest})' if near else ''}."
        none = q.percent.value == 0 and case.says(s, _NONE)  # `No perforation occurred in 60 procedures (0%)`
        none = none or (
            case.says(s, _IN_TURN) and _OF_A_PLACE.search(case.flat, s.normal_start, s.normal_end) is not None
        )
        none = none or _OF_AN_ARM.search(case.flat, s.normal_start, s.normal_end) is not None
        verdict: Verdict = "cannot confirm" if none or may_only_name(case, s) or not plainly(case, s) else "error"
        if verdict == "cannot confirm" and not none and s.kind != "table_cell" and counts_something(case, s):
            verdict = "error-if"
        case.add(s, Check("count/percent", verdict, sentence, "integer search for N", computed, "inferred"))
        return
    alone = s.kind != "table_cell" and share_a_total(s, unexplained) is None
    if alone and more_than_all(case, s, totals, needs, computed):
        return
    if (left := rest_of_all(case, s)) is not None:
        total, rest = left
        sentence = (
            f"The percentages beside it make 100, and {rest} are left of {total} ({exact(rest, total)} %), not {q.n}."
        )
        case.add(
            s, Check("count/percent", "error-if", sentence, "parts of a whole", computed | {"N": total}, "structural")
        )
        return
    if s.kind != "table_cell" and (filled := fills_up(case, s)) is not None and filled not in totals:
        sentence = f"{q.n} and what stands beside it make {filled}, of which {q.n} is {exact(q.n, filled)} %; {needs}"
        case.add(s, Check("count/percent", "error-if", sentence, "parts of a whole", computed, "structural"))
        return
    if (whole := other_part(case, s, unexplained)) is not None:
        total, other = whole
        sentence = f"{q.n} of {total} is {exact(q.n, total)} %, not {q.percent.text} %; {other} beside it is of both."
        case.add(s, Check("count/percent", "error-if", sentence, "two parts of a whole", computed, "structural"))
        return
    says = f"No total in the text fits: {needs}"
    if counted_things(case, s) is not None:
        says = f"No total in the text fits what is counted: {needs}"
        case.add(s, Check("count/percent", "cannot confirm", says, "integer search for N", computed, "inferred"))
        return
    if (of := share_of_named(case, s, totals)) is not None:
        sentence = f"It needs a total of {of}, as a percentage before it makes of a group named."
        case.add(s, Check("count/percent", "cannot confirm", sentence, "integer search for N", computed, "inferred"))
        return
    shared = share_a_total(s, unexplained)
    if shared is not None and not (_in_company(case, s, stated) and _mostly_explained(case, s, unexplained)):
        total, times = shared
        others = "another share near it does" if times == 1 else f"{times} other shares near it do"
        sentence = f"It needs a total of {total}, which is not printed, as {others}."
        case.add(s, Check("count/percent", "cannot confirm", sentence, "integer search for N", computed, "inferred"))
        return
    if nearest and stated is not None and stated.value in totals:
        cut_off(case, s, stated, 0)
        return
    group = group_named_behind(case, s)
    if group is not None and 0 < group[1] >= q.n and not may_be_those_with_data(totals, group[1]):
        name, size = group
        sentence = f"{q.n} of the {size} of “{name}” is {exact(q.n, size)} %, not {q.percent.text} %; {needs}"
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, "structural"))
        return
    if nearest:
        says = f"{nearest}; no total in the text fits: {needs}"
    odd = stated is not None and nearest and _mostly_explained(case, s, unexplained)
    odd = odd and of_one_total(case, s) is None and not of_an_arm(case, totals)
    odd = odd and (s.kind != "table_cell" or _column_agrees(case, s, unexplained))
    odd = odd and (s.kind == "table_cell" or not _alone_on_its_line(case, s))
    verdict = _how_odd(case, s, stated) if odd and stated is not None else "cannot confirm"
    left_open = verdict == "cannot confirm" and s.kind != "table_cell"
    if left_open and parts_apart(case, s, computed, unexplained):
        return
    if left_open and one_digit_from_a_group(case, s, computed, unexplained):
        return
    if left_open and one_digit_from_the_nearest(case, s, computed, unexplained):
        return
    case.add(s, Check("count/percent", verdict, says, "integer search for N", computed, "inferred"))


def _column_agrees(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether a cell is the only one of its column that fits no total, and two others or more are of one."""
    table = case.text.passages[s.passage].table
    near = [o for o in case.beside(s, _MOST_ROWS, 5 * _MOST_ROWS) if o.column == s.column and o.id != s.id]
    column = [o for o in near if case.text.passages[o.passage].table == table]
    alone = not {o.id for o in column} & {o.id for o in unexplained}
    totals = [case.denominators[o.id].value for o in column if o.id in case.denominators]
    return alone and len(totals) >= 2 and len(set(totals)) == 1


def _table_agrees(case: Case, s: Statement, total: int) -> bool:
    """Whether nearly all shares of the rows around a cell are of one total, those of its own row all."""
    table = case.text.passages[s.passage].table
    near = [o for o in case.beside(s, _MOST_ROWS, 5 * _MOST_ROWS) if case.text.passages[o.passage].table == table]
    near = [o for o in near if o.id != s.id and o.kind == "table_cell" and o.quantities.percent is not None]
    of_it = [o for o in near if o.id in case.denominators and case.denominators[o.id].value == total]
    row = [o for o in near if o.passage == s.passage]
    return (
        bool(row) and all(o in of_it for o in row) and len(of_it) >= _FEWEST_ALIKE and 10 * len(of_it) >= 9 * len(near)
    )


_FEWEST_ALIKE = 12


_MOST_ROWS = 40


def _alone_on_its_line(case: Case, s: Statement) -> bool:
    """Whether a line holds a share and no word: the cell of a table that lost its columns."""
    text = case.text.normal.text
    begin, end = text.rfind("\n", 0, s.normal_start) + 1, text.find("\n", s.normal_end)
    line = text[begin : end if end >= 0 else len(text)]
    return begin > 0 and not any(c.isalpha() for c in line)


def _mostly_explained(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether more shares of a sentence have a total of the text than have none; `52 (100%)` fits whatever it is of."""
    here = case.by_passage[s.passage]
    open_ = sum(1 for o in unexplained if o.passage == s.passage)
    fits = sum(
        1
        for o in here[:_MOST_BESIDE]
        if o.kind in PERCENT_KINDS and o.id in case.denominators and o.quantities.n != case.denominators[o.id].value
    )
    return open_ <= max(1, fits)


def _how_odd(case: Case, s: Statement, stated: Denominator) -> Verdict:
    """What a share says that does not fit the nearest total: nothing, where a smaller group may be meant."""
    before, after = case.around(s, 140, 90)
    free = _RESTRICTED.search(re.split(r"[;:.]\s", before)[-1]) is None and _GROUP_BEHIND.search(after) is None
    if _FIGURE.search(before) is not None:
        return "cannot confirm"  # `556 912 men [51.3%]`: thousands parted by a space
    if s.quantities.n == stated.value:
        return "cannot confirm"  # it may be the total itself: (n = 187; 99 % women)
    if free and _all_of_one(case, s, stated) and _COMPARING.search(before[-70:] + "|" + after) is None:
        return "unlikely"
    if _in_company(case, s, stated) and _GROUP_BEHIND.search(after) is None:
        return "error-if"
    sizes = {n for n in case.groups if n >= (s.quantities.n or 0)} if len(case.groups) <= _MOST_BESIDE else set()
    alone = len(sizes) == 1 and stated.source in ("sentence", "context") and stated.value in sizes
    company = _company(case, s)
    if company >= 2 and free and case.in_force(s)[:1] and case.in_force(s)[0].value == stated.value:
        return "error-if" if alone else "unlikely"
    most = s.quantities.percent is not None and may_be_those_with_data(
        totals_for_percent(s.quantities.n or 0, s.quantities.percent), stated.value
    )
    return "unlikely" if alone and free and not most else "cannot confirm"


_FIGURE = re.compile(r"\d ?$")
_COMPARING = re.compile(
    r"\bcompared\b|\bthan\b|\bpre\b|\bpost\b|\bvs\b|\bversus\b|\bbut\b|\brespectively\b|without|\bcombined\b|responses|"
    r"questionnaires|control", re.IGNORECASE
)  # fmt: skip
"""Words by which a share may be of another group than its neighbours."""


def _all_of_one(case: Case, s: Statement, stated: Denominator) -> bool:
    """Whether every other share of a sentence, one at least, is of the group this one should be of."""
    others = [o for o in case.beside(s, 0) if o.id != s.id and o.kind in PERCENT_KINDS]
    others = [o for o in others if o.quantities.percent is not None and 0 < o.quantities.percent.value < 100]
    totals = [case.denominators[o.id].value if o.id in case.denominators else 0 for o in others]
    return bool(totals) and set(totals) == {stated.value}


def _company(case: Case, s: Statement) -> int:
    """How many other counts of the same passage and its neighbours have a total of this text."""
    near = islice(case.neighbours(s, 2), 10 * _MOST_BESIDE)
    return sum(1 for other in near if other.id in case.denominators and other.kind in PERCENT_KINDS)


def _first(case: Case, s: Statement) -> Denominator | None:
    """The nearest total a share may be of."""
    return next((d for d, _ in all_candidates(case, s)), None)
