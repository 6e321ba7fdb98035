"""A share that one other digit would make fit a total that is in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.denominators import all_candidates, of_a_group
from codon12.check.verify.shares.more_than_all import is_measured, printed_near
from codon12.check.verify.shares.numerals import of_one_total, share_a_total, share_of_named, things_near
from codon12.check.verify.shares.typos import (
    Repair,
    few_totals,
    may_be_those_with_data,
    one_digit_apart,
    quite_another_digit,
    repair_of,
    total_in_force,
    was_planned,
)
from codon12.numbers.unrounded import counts_for_percent, percent_modes, read_printed, totals_for_percent

__all__ = ["of_an_arm", "one_digit_from_a_group", "one_digit_from_the_nearest", "one_digit_off"]

_MOST_BESIDE = 40
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
        or _of_others(case, s)
        or _alone_in_it(s, repair.total, unexplained)
        or not total_in_force(case, s, repair)
    ):
        return False
    verdict: Verdict = "unlikely"
    if _by_chance(case, s, repair):
        if one_digit_from_the_nearest(case, s, computed, unexplained):
            return True
        verdict = "cannot confirm"
    _note(case, s, repair, verdict, computed)
    return True


def one_digit_from_a_group(
    case: Case, s: Statement, computed: dict[str, object], unexplained: Sequence[Statement]
) -> bool:
    """Note a share, else left open, that one other digit would make fit a group named, in force or not.

    Where one digit alone speaks for it, or another share beside it fails that group too, the group must be in force.
    """
    totals = dict.fromkeys(d.value for d, _ in all_candidates(case, s) if d.value in case.groups)
    repair = repair_of(s, totals)
    if (common := _of_company(s, unexplained)) is not None and (better := repair_of(s, (common,))) is not None:
        repair = better
    if repair is None and (farther := _one_digit_off(case, s, unexplained)) and farther.digits >= _FEWEST_OF_ALL:
        repair = farther
    if repair is None and (far := repair_of(s, things_near(case, s))) and far.digits >= _FEWEST_OF_ALL:
        repair = far
    if repair is None and (long := repair_of(s, totals, with_data=True)) and long.digits >= _FEWEST_OF_ALL:
        repair = long
    if repair is None or _of_others(case, s) or _by_chance(case, s, repair):
        return False
    others = sum(o.passage == s.passage and o.id != s.id for o in unexplained)
    alone = _alone_in_it(s, repair.total, unexplained)
    single = repair.digits < _FEWEST_DIGITS
    if alone and (single or others > 1):
        return False
    if not total_in_force(case, s, repair) and (single or alone or _elsewhere(case, s, repair)):
        return False
    return _note(case, s, repair, "unlikely", computed)


def one_digit_from_the_nearest(
    case: Case, s: Statement, computed: dict[str, object], unexplained: Sequence[Statement]
) -> bool:
    """Note a share, else left open, that one quite other digit would make fit what it is most likely of.

    Those are the total nearest to it, the next ones, the share right before it, things counted in its sentence or the
    one before, and, where three digits speak for it, groups together, things counted farther off and any number near.
    Nothing where another total unprinted may be, or most of the group; a share beside it of all denies that.
    """
    q = s.quantities
    if q.n is None or q.n < 2 or q.percent is None or share_a_total(s, unexplained) is not None or _of_others(case, s):
        return False
    here = [o for o in case.by_passage[s.passage] if o.kind in PERCENT_KINDS and o.id != s.id]
    beside = [case.denominators[o.id].value for o in here if o.id in case.denominators]
    if sum(o.passage == s.passage and o.id != s.id for o in unexplained) > len(beside) + 1:
        return False  # a list of shares of another total
    clause = re.split(r"[;:.,(] ", case.around(s, 80, 0)[0])[-1] + case.spelled(s)
    needed = totals_for_percent(q.n, q.percent)
    if _OTHERS.search(clause) is not None or (needed and printed_near(case, q.n, needed[0], needed[-1])):
        return False
    last = next((o.quantities.n or 0 for o in reversed(here) if o.normal_end <= s.normal_start), 0)
    for total, fewest, cut in _most_likely_totals(case, s):
        if q.n >= total or was_planned(case, total):
            continue
        if total not in (*beside, last) and (may_be_those_with_data(needed, total) or last >= q.n):
            continue
        repair = max(_quite_another(s, total, cut=cut), key=lambda r: r.digits, default=None)
        if repair is not None and repair.digits >= fewest:
            return _note(case, s, repair, "unlikely", computed)
    return False


_OTHERS = re.compile(r"\b(?:those|remaining|rest|latter|without|not|never|than|controls?)\b", re.IGNORECASE)
"""Words before a share that may name a group whose size is not printed."""
_FAR = 12
"""Sentences before a share in which a number of things may be its total."""
_NEXT = 3
"""How many of the totals a share may be of are near enough for one digit to speak for them."""


def _most_likely_totals(case: Case, s: Statement) -> Iterator[tuple[int, int, bool]]:
    """Totals a share may be of, how many digits must speak for each, and whether its digits may be cut off."""
    near = [d for d, _ in all_candidates(case, s)[:_NEXT]]
    same, earlier, _ = case.populations_around(s)
    parts = {p.n for p in (*same, *earlier) if p.subgroup} - case.groups
    before = [o for o in case.beside(s, 1) if o.normal_end <= s.normal_start and o.kind in PERCENT_KINDS]
    last = before[-1].quantities.n if before else None
    for k, d in enumerate(near):
        if d.source in ("sentence", "context") and (k == 0 or d.value not in parts):
            yield d.value, _FEWEST_DIGITS, k == 0
    if last:
        yield last, _FEWEST_DIGITS, False
    for total in things_near(case, s):
        yield total, _FEWEST_DIGITS, False
    farther = things_near(case, s, farthest=_FAR), things_near(case, s, any_number=True)
    for total in (*sorted(case.sums), *farther[0], *farther[1]):
        yield total, _FEWEST_OF_ALL, False


def _quite_another(s: Statement, total: int, *, cut: bool) -> Iterator[Repair]:
    """What another digit, not one next to it nor the last decimal, would make fit a total."""
    n, percent = s.quantities.n, s.quantities.percent
    assert n is not None
    assert percent is not None
    shown = percent.text.replace(",", "")
    for text in quite_another_digit(shown):
        if n in counts_for_percent(read_printed(text), total, cut=cut):
            yield Repair(f"{text} %", total, sum(c.isdigit() for c in text))
    counts = counts_for_percent(percent, total, cut=cut)
    free = len(str(len(counts))) - 1
    for text in quite_another_digit(str(n)):
        if int(text) in counts:
            yield Repair(text, total, len(text) - free)


_LEFT_OUT = re.compile(r"\bexclu|\bwithdr[ae]w|\bdropped out\b|\blost to\b|\bineligible\b", re.IGNORECASE)


def _elsewhere(case: Case, s: Statement, repair: Repair) -> bool:
    """Whether a share may be of others than a group not in force: those planned, left out, or with data."""
    q = s.quantities
    if q.n is None or q.percent is None or was_planned(case, repair.total) or case.says(s, _LEFT_OUT):
        return True
    needed = totals_for_percent(q.n, q.percent)
    return any(may_be_those_with_data(needed, size) for size in case.groups)


def _of_company(s: Statement, unexplained: Sequence[Statement]) -> int | None:
    """The total, printed nowhere, that two other shares near one need at least, and that most of them may be of."""
    near = [o for o in unexplained if o.id != s.id and abs(o.passage - s.passage) <= _CLOSE_BY]
    needs = [r for o in near[:_MOST_BESIDE] if (r := few_totals(o))]
    votes = Counter(t for r in needs for t in r)
    total, times = max(votes.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
    return total if times >= _FEWEST_ALIKE and 2 * times > len(needs) else None


_CLOSE_BY, _FEWEST_ALIKE = 2, 2


_WITH_DATA = re.compile(r"\bthose (?:with|who had) (?:[a-z]+ )?(?:data|samples|results|measurements)\b", re.IGNORECASE)


def _of_others(case: Case, s: Statement) -> bool:
    """Whether a share may be of a group whose size is not printed: that of its neighbours, an arm, a part named."""
    q = s.quantities
    if q.n is None or q.percent is None or of_one_total(case, s) is not None or of_a_group(case, s):
        return True
    if case.says_before(s, _WITH_DATA) or is_measured(case, s):
        return True
    needed = totals_for_percent(q.n, q.percent)
    return share_of_named(case, s, needed) is not None or of_an_arm(case, needed) or _of_a_kind(case, s, needed)


def _of_a_kind(case: Case, s: Statement, needed: range) -> bool:
    """Whether the words behind a share name things that are counted elsewhere, and it is of these.

    `There were 45 carotid body tumours ... Four (9%) of the carotid body tumours were malignant`.
    """
    kind = _OF_THE_KIND.match(case.flat, s.normal_end)
    if kind is None or not needed:
        return False
    counted = re.finditer(rf"(?<![\w.,])(\d+) {re.escape(kind[1])}", case.figures)
    return any(int(m[1]) in needed for m in counted)


_OF_THE_KIND = re.compile(r"[)\] ]* of the ((?!patients|total|whole)[a-z-]{4,})")


def _note(case: Case, s: Statement, repair: Repair, verdict: Verdict, computed: dict[str, object]) -> bool:
    total, n, percent = repair.total, s.quantities.n, s.quantities.percent
    assert n is not None
    assert percent is not None
    behind = [o.quantities for o in case.by_passage[s.passage] if o.normal_start > s.normal_start]
    if any(q.n == total and q.percent is not None for q in behind):
        return False  # itself a part, told behind this one
    printed = total in case.sizes or printed_near(case, n, total, total)
    named = "named" if printed else "together" if total in case.sums else "that others need"
    near = f"{n} of {total} is {exact(n, total)} %" if n <= total else f"{n} is more than {total}"
    if repair.what.endswith("%"):
        slip = one_digit_apart(repair.what.removesuffix(" %"), percent.text.replace(",", ""))
        how = "one digit apart" if slip else "the decimal point apart"
        sentence = f"{near}: {how} from the {percent.text} % printed, if it is of the {total} {named}."
    else:
        sentence = f"{near}; {repair.what} of the {total} {named} would be, one digit apart."
    computed |= {"one_digit": repair.what, "N": total}
    case.add(s, Check("count/percent", verdict, sentence, "one digit from fitting", computed, "inferred"))
    return True


def _by_chance(case: Case, s: Statement, repair: Repair) -> bool:
    """Whether any total would do as well: of a percentage without decimals one of two digits fits one in five totals.

    Its two digits in the other order and the number next to it are slips all the same, and so is any where a share of
    the sentence, or the one before or behind, is of that total, or no other group is large enough.
    """
    meant, percent = repair.what.removesuffix(" %"), s.quantities.percent
    if percent is None or percent.digits or meant == repair.what or "." in meant:
        return False
    near = [o for o in case.neighbours(s, 2) if o.id in case.denominators and o.id != s.id]
    before = [o for o in near if o.normal_start < s.normal_start]
    beside = [o for o in near if o.passage == s.passage] + before[-1:] + near[len(before) :][:1]
    in_force = any(case.denominators[o.id].value == repair.total for o in beside)
    in_force = in_force or {g for g in case.groups if g >= (s.quantities.n or 0)} == {repair.total}
    return not in_force and meant != percent.text[::-1] and abs(int(meant) - int(percent.value)) > 1


def _alone_in_it(s: Statement, total: int, unexplained: Sequence[Statement]) -> bool:
    """Whether more of the shares beside one, that nothing explains, fit a total as little as it does than fit it."""
    beside = [o.quantities for o in unexplained if o.passage == s.passage and o.id != s.id]
    fit = [bool(q.n and q.percent and percent_modes(q.n, total, q.percent)) for q in beside]
    return 2 * sum(fit) < len(fit)


_ARMS = re.compile(r"randomi[sz]|\bgroups?\b|\barms?\b", re.IGNORECASE)


def of_an_arm(case: Case, needed: range) -> bool:
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


_ANALYSED = re.compile(
    r"\b(?:enrolled|included|treated|analy[sz]ed|for analysis|randomi[sz]ed|evaluable|eligible|recruited|received|"
    r"studied)\b"
)


def _analysed(case: Case, s: Statement) -> list[int]:
    """The groups of the sentence before that are said to be those enrolled, treated or analysed."""
    earlier = [p for p in case.populations_around(s)[1] if s.passage - p.statement.passage == 1 and not p.subgroup]
    return [p.n for p in earlier if _ANALYSED.search(case.spelled(p.statement) + case.around(p.statement, 0, 40)[1])]
