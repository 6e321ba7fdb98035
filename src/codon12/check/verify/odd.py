"""A share that fits no total and is tied to none: how odd this is depends on whether another group can be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice

from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.cutting import cut_off, exact
from codon12.check.verify.denominators import all_candidates, counted_things, of_a_group
from codon12.check.verify.group_sizes import group_named_behind
from codon12.check.verify.more_than_all import more_than_all
from codon12.check.verify.numerals import of_one_total, share_a_total, share_of_named
from codon12.check.verify.typos import Repair, few_totals, may_be_those_with_data, repair_of, total_in_force
from codon12.numbers.unrounded import percent_modes, totals_for_percent

__all__ = ["one_digit_off", "untied_misfit"]

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


_MOST_BESIDE = 40
_NARROWER = re.compile(
    r"\b(?:of|among|in) (?:whom|which|these|those|them)\b|\bamong\b|respon|subset|evaluable|assessable|"
    r"\b(?:vs|versus|compared|than|without|controls?|pre|post|before|after|pre-\w+|post-\w+)\b",
    re.IGNORECASE,
)


def _in_company(case: Case, s: Statement, stated: Denominator | None) -> bool:
    """Whether a count before it in the sentence is of this total, and no words between name a smaller group."""
    for other in reversed(case.by_passage[s.passage][:_MOST_BESIDE]):
        d = case.denominators.get(other.id)
        if other.normal_end > s.normal_start or d is None or other.kind not in PERCENT_KINDS:
            continue
        return (
            stated is not None
            and d.value == stated.value
            and _NARROWER.search(case.flat, other.normal_end, s.normal_start) is None
        )
    return False


_GROUP_BEHIND = re.compile(
    r"^[^.;]{0,25}?\b(?:of|from|in|among|on|with|to) (?:the |those |these |all |patients |whom |which )?[^.;,(]{0,60}?"
    r"\b(?:arms?|groups?|cohorts?|patients|cases|subset|responders|tumou?rs|lesions|samples)\b|"
    r"^\W*of (?:all|the|these|those)\b|^\W*(?:pre|post)[- ]",
    re.IGNORECASE,
)
"""Words behind a share that say of which group it is: `(40.8%) from the placebo group`."""
_NAME_BEFORE = re.compile(r"[a-z]{3,} $")
_PASSED = frozenset(
    (
        *("and", "the", "with", "was", "were", "had", "for", "from", "among", "these", "those"),
        *(
            "only",
            "all",
            "than",
            "that",
            "but",
            "into",
            "over",
            "further",
            "additional",
            "another",
            "other",
            "remaining",
        ),
        *(
            "whom",
            "which",
            "who",
            "least",
            "about",
            "around",
            "nearly",
            "almost",
            "approximately",
            "roughly",
            "some",
            "both",
            "including",
        ),
    )
)


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
    if not totals and q.n > 0:
        sentence = f"No total makes {q.n} print as {q.percent.text} %{nearest and f' ({nearest})'}."
        verdict: Verdict = "cannot confirm" if _may_only_name(case, s) or not _plainly(case, s) else "error"
        if verdict == "cannot confirm" and not _may_only_name(case, s) and s.kind != "table_cell":
            verdict = "error-if"
        case.add(s, Check("count/percent", verdict, sentence, "integer search for N", computed, "inferred"))
        return
    if s.kind != "table_cell" and more_than_all(case, s, totals, needs, computed):
        return
    if (left := _rest_of_all(case, s)) is not None:
        total, rest = left
        sentence = (
            f"The percentages beside it make 100, and {rest} are left of {total} ({exact(rest, total)} %), not {q.n}."
        )
        case.add(
            s, Check("count/percent", "error-if", sentence, "parts of a whole", computed | {"N": total}, "structural")
        )
        return
    if (whole := _other_part(case, s, unexplained)) is not None:
        total, other = whole
        sentence = f"{q.n} of {total} is {exact(q.n, total)} %, not {q.percent.text} %, as {other} beside it is of both together."
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
    if (group := group_named_behind(case, s)) is not None and group[1] not in totals and q.n <= group[1]:
        name, size = group
        sentence = f"{q.n} of the {size} of “{name}” is {exact(q.n, size)} %, not {q.percent.text} %; {needs}"
        case.add(s, Check("count/percent", "error-if", sentence, "100 n / N, rounded", computed, "structural"))
        return
    if nearest:
        says = f"{nearest}; no total in the text fits: {needs}"
    odd = stated is not None and nearest and _mostly_explained(case, s, unexplained)
    odd = odd and of_one_total(case, s) is None and not _of_an_arm(case, totals)
    odd = odd and (s.kind != "table_cell" or _column_agrees(case, s, unexplained))
    verdict = _how_odd(case, s, stated) if odd and stated is not None else "cannot confirm"
    case.add(s, Check("count/percent", verdict, says, "integer search for N", computed, "inferred"))


_FEWEST_DIGITS, _FEWEST_OF_ALL = 2, 3
_FEW_SIZES = 3
"""Digits that must speak for a total near by, and for the largest of the text."""


def one_digit_off(case: Case, s: Statement, computed: dict[str, object], unexplained: Sequence[Statement]) -> bool:
    """Note a share that one other digit would make fit; nothing where its total is tied to it."""
    q = s.quantities
    if (
        any(tied for _, tied in all_candidates(case, s))
        or (repair := _one_digit_off(case, s, unexplained)) is None
        or q.n is None
        or q.percent is None
        or of_one_total(case, s) is not None
        or of_a_group(case, s)
        or _alone_in_it(s, repair.total, unexplained)
    ):
        return False
    needed = totals_for_percent(q.n, q.percent)
    if share_of_named(case, s, needed) is not None or _of_an_arm(case, needed):
        return False
    if not total_in_force(case, s, repair):
        return False
    total = repair.total
    near = f"{q.n} of {total} is {exact(q.n, total)} %" if q.n <= total else f"{q.n} is more than {total}"
    sentence = f"{near}; with {repair.what} in its place, one digit apart, it would be of the {total} named."
    computed |= {"one_digit": repair.what, "N": total}
    case.add(s, Check("count/percent", "unlikely", sentence, "one digit from fitting", computed, "inferred"))
    return True


def _alone_in_it(s: Statement, total: int, unexplained: Sequence[Statement]) -> bool:
    """Whether more of the shares beside one, that nothing explains, fit a total as little as it does than fit it."""
    beside = [o.quantities for o in unexplained if o.passage == s.passage and o.id != s.id]
    fit = [bool(q.n and q.percent and percent_modes(q.n, total, q.percent)) for q in beside]
    return 2 * sum(fit) < len(fit)


_ARMS = re.compile(r"randomi[sz]|\bgroups?\b|\barms?\b", re.IGNORECASE)


def _of_an_arm(case: Case, needed: range) -> bool:
    """Whether a share may be of one of two equal groups, whose sizes are not printed."""
    half = case.largest // 2
    return bool(needed) and needed[0] <= half + 1 and needed[-1] >= half - 1 and _ARMS.search(case.flat) is not None


def _one_digit_off(case: Case, s: Statement, unexplained: Sequence[Statement]) -> Repair | None:
    """What one other digit would make of a share: of a total of its sentence, of the one in force, of all patients."""
    here = [
        case.denominators[o.id].value
        for o in case.by_passage[s.passage][:_MOST_BESIDE]
        if o.kind in PERCENT_KINDS and o.id in case.denominators and o.id != s.id
    ]
    named = [p.n for p in case.populations_around(s)[0] if not p.subgroup and p.n > 2]
    force = [d.value for d in case.in_force(s)[:1]]
    parts = {p.n for p in case.populations_around(s)[0] if p.subgroup} - case.groups
    least = s.quantities.n or 0
    stated = next((d.value for d, _ in all_candidates(case, s) if d.value not in parts and d.value >= least), 0)
    all_ = [case.largest] if len(case.groups) <= _FEW_SIZES else []
    repair = repair_of(s, dict.fromkeys((*here, *named[:1], *force, stated, *all_)))
    if repair is not None and repair.digits >= _FEWEST_DIGITS:
        return repair
    needed = [t for o in unexplained if o.passage == s.passage and o.id != s.id for t in few_totals(o)]
    repair = repair_of(s, dict.fromkeys((case.largest, *_of_most(case), *_analysed(case, s), *needed)))
    return repair if repair is not None and repair.digits >= _FEWEST_OF_ALL else None


def _of_most(case: Case) -> list[int]:
    """The total that more than half of the shares of a text are of, three at least."""
    if case.commonest is None:
        used = Counter(d.value for d in case.denominators.values())
        total, times = max(used.items(), key=lambda item: item[1], default=(0, 0))
        case.commonest = [total] if times >= _FEWEST_OF_ALL and 2 * times > used.total() else []
    return case.commonest


_JOINED = re.compile(r"^\W*(?:(?!of\b|in\b|among\b)[a-z-]+ ){0,3}and (?:[a-z-]+ )?\W?$")


def _rest_of_all(case: Case, s: Statement) -> tuple[int, int] | None:
    """Whole and rest where the percentages of a list make 100 and all others are of one total: 129 (65%) and 106 (35%)."""
    q = s.quantities
    near = [
        o
        for o in case.beside(s, 0, _LONGEST_LIST)
        if o.kind in PERCENT_KINDS and o.quantities.n and o.quantities.percent
    ]
    for k in range(2, len(near) + 1):
        for group in (near[i : i + k] for i in range(len(near) - k + 1)):
            percents = [o.quantities.percent for o in group if o.quantities.percent]
            slack = sum((p.step for p in percents), Fraction(0)) / 2
            if s not in group or abs(sum((p.value for p in percents), Fraction(0)) - 100) > slack:
                continue
            totals = {case.denominators[o.id].value if o.id in case.denominators else 0 for o in group if o.id != s.id}
            if len(totals) == 1 and (total := totals.pop()) > 0 and q.n is not None:
                rest = total - sum(o.quantities.n or 0 for o in group if o.id != s.id)
                if rest > 0 and rest != q.n and q.percent is not None and percent_modes(rest, total, q.percent):
                    return total, rest
    return None


_LONGEST_LIST = 8


def _other_part(case: Case, s: Statement, unexplained: Sequence[Statement]) -> tuple[int, str] | None:
    """The two counts of a pair together, where the other share of the pair is of these: `660 (22.5%) and 250 (27.5%)`."""
    q = s.quantities
    for other in unexplained:
        o = other.quantities
        if other.id == s.id or other.passage != s.passage or not (q.n and o.n and o.percent and o.percent.digits):
            continue
        first, second = sorted((s, other), key=lambda x: x.normal_start)
        if _JOINED.match(case.flat[first.normal_end : second.normal_start]) and percent_modes(
            o.n, q.n + o.n, o.percent
        ):
            return q.n + o.n, f"{o.n} ({o.percent.text} %)"
    return None


_ANALYSED = re.compile(
    r"\b(?:enrolled|included|treated|analy[sz]ed|for analysis|randomi[sz]ed|evaluable|eligible|recruited|received|studied)\b"
)


def _analysed(case: Case, s: Statement) -> list[int]:
    """The groups of the sentence before that are said to be those enrolled, treated or analysed."""
    earlier = [p for p in case.populations_around(s)[1] if s.passage - p.statement.passage == 1 and not p.subgroup]
    return [p.n for p in earlier if _ANALYSED.search(p.statement.quote + case.around(p.statement, 0, 40)[1])]


def _column_agrees(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether a cell is the only one of its column that fits no total, and two others or more are of one."""
    table = case.text.passages[s.passage].table
    near = [o for o in case.beside(s, _MOST_ROWS, 5 * _MOST_ROWS) if o.column == s.column and o.id != s.id]
    column = [o for o in near if case.text.passages[o.passage].table == table]
    alone = not {o.id for o in column} & {o.id for o in unexplained}
    totals = [case.denominators[o.id].value for o in column if o.id in case.denominators]
    return alone and len(totals) >= 2 and len(set(totals)) == 1


_MOST_ROWS = 40


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


_BARE = re.compile(r"^\W*(?:n ?= ?)?[\d,]+\W*[\d.,]+\W*%|^\W*[\d.,]+ ?%\W*(?:n ?= ?)?[\d,]+\W*$", re.IGNORECASE)
_PERSONS = re.compile(
    r"^\W*[\w-]+(?: and [\w-]+)? (?:[a-z-]+ )?(?:patients|pts|participants|subjects|women|men|children|cases|"
    r"individuals|people|adults|infants|tumou?rs|eyes|students|respondents|males|females)\b[^\w]*[\d.,]+ ?%",
    re.IGNORECASE,
)


def _plainly(case: Case, s: Statement) -> bool:
    """Whether nothing but people counted stands between a number and its percentage."""
    quote = case.flat[s.normal_start : s.normal_end]
    return _BARE.match(quote) is not None or _PERSONS.match(quote) is not None


_ALL_OF_THEM = re.compile(r"\b(?:the|these|those|all|both|our|any|each of the|combined) $", re.IGNORECASE)
_A_DOZEN = 12
_NO_NAME = 100
"""From here on a bare number behind a noun counts; it does not name."""


def _may_only_name(case: Case, s: Statement) -> bool:
    """Whether a noun in the singular stands right before a bare number: `activator of transcription 3 (66.7%)`."""
    before = case.around(s, 20, 0)[0]
    found = _NAME_BEFORE.search(before)
    if _ALL_OF_THEM.search(before) and (s.quantities.n or 0) < _A_DOZEN:
        return True  # the combination of the three markers (94.9%)
    if found is None or not case.flat[s.normal_start].isdigit():
        return False
    word = found[0].strip()
    if (s.quantities.n or 0) >= _NO_NAME:
        return False
    return word not in _PASSED and not word.endswith(("s", "ed", "ing", "in", "of", "to", "by", "men"))


def _how_odd(case: Case, s: Statement, stated: Denominator) -> Verdict:
    """What a share says that does not fit the nearest total: nothing, where a smaller group may be meant."""
    before, after = case.around(s, 140, 90)
    free = _RESTRICTED.search(re.split(r"[;:.]\s", before)[-1]) is None and _GROUP_BEHIND.search(after) is None
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
