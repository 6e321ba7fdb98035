"""A percentage printed without its count: which whole numbers of subjects it can be of."""

from __future__ import annotations

import math
from bisect import bisect_right

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.listed_levels import lists_levels
from codon12.check.verify.shares.denominators import candidates, of_a_group
from codon12.check.verify.shares.margins import is_over_time
from codon12.check.verify.shares.no_share import is_no_share
from codon12.numbers.rounding import percent as rounded_percent
from codon12.numbers.unrounded import Printed, counts_for_percent, percent_modes

__all__ = ["check_percents_alone"]


_SORT = re.compile(r"\W{0,2}(?:were )?(?:fe)?males?\b|\W{0,2}(?:were )?(?:wo)?men\b", re.IGNORECASE)
"""Behind a percentage in the bracket of a count, what says that it is of that count: `18 patients (47% women)`."""
_RESPONSE_RATE = re.compile(r"\b(?:response|remission|control) rate (?:of|was|is) (?:only )?$", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:vs|versus|respectively|than)\b")
_FEWEST = 5
"""The least total of which a percentage alone is said to be no share."""


def check_percents_alone(case: Case) -> None:
    """Check percentages without count and interval, singly or as a pair (`11 vs. 16%`)."""
    printed_with_count = {
        (s.quantities.percent.text, case.denominators[s.id].value): s
        for s in case.statements
        if s.kind in PERCENT_KINDS and s.quantities.percent is not None and s.id in case.denominators
    }
    by_percent = {text: (n, s) for (text, n), s in printed_with_count.items() if "." in text}
    _joint_arms(case)
    for s in case.statements:
        if s.kind != "percent_only" or s.approximate or s.id in case.checks:
            continue
        percents = [s.quantities.percent] if s.quantities.percent is not None else list(s.quantities.values)
        if any(p is None or p.value > 100 for p in percents) or is_no_share(case, s):
            continue
        for percent in percents:
            assert percent is not None
            twin = by_percent.get(percent.text)
            if twin is not None and not s.explicit:
                total, other = twin
                case.is_of(s, Denominator(total, "context", other.quote))
                sentence = f"Printed elsewhere with its count: {other.quantities.n} of {total}."
                case.add(s, Check("percent", "ok", sentence, "same percentage with its count",
                                  {"n_possible": [other.quantities.n]}))  # fmt: skip
            else:
                _search(case, s, percent)


def _search(case: Case, s: Statement, percent: Printed) -> None:
    """First total in force that some count fits; none for a total the sentence names is an error-if."""
    named: list[Denominator] = []
    in_force: Denominator | None = None
    compared = case.says(s, _COMPARED)
    own = _own_count(case, s)
    sort = _SORT.match(case.around(s, 0, 20)[1]) is not None
    if sort and own is None and _in_bracket(case, s):
        return  # of the group before the bracket, whose size is not read
    if own is not None and sort:
        counts = counts_for_percent(percent, own, cut=True)
        group = Denominator(own, "sentence", f"{own}", "structural")
        if counts:
            _fits(case, s, percent, group, counts)
        elif own > 2:
            _no_count(case, s, percent, group)
        return
    for d, tied in candidates(case, s):
        if d.value == own:
            continue
        if d.source == "later" or (d.source == "context" and named):
            break
        counts = counts_for_percent(percent, d.value, cut=True)
        weak = d.value >= 10 ** (percent.digits + 2)
        if d.source != "context":
            if counts and d.value >= 3 and not (weak and compared):
                _fits(case, s, percent, d, counts)
                return
            surely = tied or d.source == "explicit" or _rate_of_all(case, s)
            if not counts and d.value >= _FEWEST and surely and not (_of_others(case, s, d) or of_a_group(case, s)):
                named.append(d)
            continue
        if counts and d.value >= 10 and not (weak and (compared or not _near(case, s, d.value))):
            _fits(case, s, percent, d, counts)
            return
        if not counts and in_force is None and d.value >= 10:
            in_force = d
    if named and not lists_levels(case, s.passage) and not _of_each_group(case, s):
        _no_count(case, s, percent, max(named, key=lambda d: d.value))
    elif in_force is not None and len(case.sizes) == 1:
        sentence = f"No count of {in_force.value} gives {percent.text} %; another total is not printed."
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", {"n_possible": []}))


_IN_EACH = re.compile(
    r"\b(?:across|between|by)\b[^.;\d]{0,40}\b(?:groups|strata|categories|arms|cohorts|quartiles|tertiles)\b"
    r"|\b(?:rates?|prevalence|incidence|frequenc\w+|proportions?|mortality|response)\b[^.;\d]{0,40}"
    r"\b(?:in|among|for|with)\b[^.;\d]{1,60}\band\b[^.;\d]{1,40}\b(?:was|were)\b",
    re.IGNORECASE,
)


def _of_each_group(case: Case, s: Statement) -> bool:
    """Whether a list gives a share of each group: `prevalence in the young and the old was 43.4% and 40.1%`."""
    p = case.text.passages[s.passage]
    return case.says(s, _IN_TURN) and _IN_EACH.search(case.flat, p.start, s.normal_start) is not None


_IN_TURN = re.compile(r"\brespectively\b")


def _rate_of_all(case: Case, s: Statement) -> bool:
    """Whether a sentence that names one group gives a rate of response: `a response rate of 37.1% in the 126`."""
    sizes = {p.n for p in case.populations_around(s)[0] if not p.subgroup}
    return len(sizes) == 1 and _RESPONSE_RATE.search(case.around(s, 60, 0)[0]) is not None


_OF_A_KIND = re.compile(
    r"\W{0,2}(?:of|in|among) (?:the )?(?P<kind>(?:[a-z-]+ ){1,3})(?P<noun>[a-z]{3,}s)\b", re.IGNORECASE
)
_EVERYBODY = frozenset(
    (
        *("the", "all", "these", "those", "our", "study", "eligible", "enrolled", "included", "evaluable", "treated"),
        *("total", "such"),
    )
)


def _of_others(case: Case, s: Statement, d: Denominator) -> bool:
    """Whether words behind a percentage name a group of another kind: `37 mixed samples, 81.4% of pure samples`."""
    found = _OF_A_KIND.match(case.around(s, 0, 70)[1])
    if found is None:
        return False
    kind = set(found["kind"].lower().split()) - _EVERYBODY
    own = set(re.findall(r"[a-z-]+", d.basis.lower()))
    return bool(kind) and found["noun"].lower() in own and not kind & own


def _own_count(case: Case, s: Statement) -> int | None:
    """The count in whose bracket a percentage stands: `17 patients survived for 5 years (39.5%, of those followed)`."""
    before, _ = case.around(s, 90, 0)
    opened = before.rfind("(")
    if opened < 0 or ")" in before[opened:]:
        return None
    at = s.normal_start - len(before) + opened
    k = s.position
    counts = [
        o
        for o in case.statements[max(0, k - 6) : k]
        if o.passage == s.passage and o.normal_end <= at and o.quantities.n is not None
    ]
    if not counts or at - counts[-1].normal_end >= 60 or _DIGIT.search(case.flat, counts[-1].normal_end, at):
        return None
    if ")" in case.flat[counts[-1].normal_end : at] and len(counts) > 1:
        return None  # the last of several sizes, each in its own bracket
    return counts[-1].quantities.n


_DIGIT = re.compile(
    r"(?<!\b[Gg]roup )(?<!\b[Aa]rm )(?<!\b[Cc]ohort )(?<!\b[Tt]ype )(?<!\b[Ss]tage )(?<!\b[Gg]rade )(?<!\b[Pp]hase )\d"
)
"""A digit that numbers no group: `17 patients who had a rupture in group 1 (4.7%)`."""


def _in_bracket(case: Case, s: Statement) -> bool:
    before, _ = case.around(s, 90, 0)
    return before.rfind("(") > before.rfind(")")


def _near(case: Case, s: Statement, n: int) -> bool:
    """Whether a total is named at most three passages before."""
    named = case.named_in[n]
    at = bisect_right(named, s.passage)
    return at > 0 and s.passage - named[at - 1] <= 3


def _no_count(case: Case, s: Statement, percent: Printed, total: Denominator) -> None:
    """No count of the total the sentence names gives this percentage."""
    elsewhere = [
        d for d, _ in candidates(case, s) if d.source in ("context", "later") and counts_for_percent(percent, d.value)
    ]
    if total.source == "explicit" and s.quantities.n is None and s.quote.lstrip("([")[:1].isdigit():
        sentence = f"{total.value} may be their number rather than the total: no count of it gives {percent.text} %."
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", {"n_possible": []}))
        return
    if case.text.passages[s.passage].table is not None and is_over_time(case.sentence(s)):
        sentence = f"It may be an estimate over time; no count of {total.value} gives {percent.text} %."
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", {"n_possible": []}))
        return
    x = math.floor(percent.value * total.value / 100)
    shown, below = max(1, percent.digits), [k for k in (x, x + 1) if k <= total.value]
    near = ", ".join(f"{k} of {total.value} is {100 * k / total.value:.{shown}f} %" for k in below)
    computed = {"n_possible": [], "N_fitting": _totals(percent, total.value)}
    if elsewhere:
        sentence = f"No count of {total.value} gives {percent.text} %; one of {elsewhere[0].value} does."
        case.is_of(s, elsewhere[0])
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", computed))
        return
    case.is_of(s, total)
    if _of_those_known(case, s, total.value):
        sentence = f"No count of {total.value} gives {percent.text} %, nor others of the list: of those known, perhaps."
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", computed))
        return
    sentence = f"No count of {total.value} gives {percent.text} % ({near})."
    case.add(s, Check("percent", "error-if", sentence, "integer search for n", computed))


def _of_those_known(case: Case, s: Statement, total: int) -> bool:
    """Whether some percentages of a list are of the total and two or more are not: each of those with data."""
    alone = [o for o in case.by_passage[s.passage] if o.kind == "percent_only" and o.quantities.percent is not None]
    fits = [bool(counts_for_percent(o.quantities.percent, total)) for o in alone if o.quantities.percent is not None]
    return any(fits) and fits.count(False) > 1


def _joint_arms(case: Case) -> None:
    """Percentages of two arms that share one printed total: sizes and counts that fit all of them."""
    sizes = [p.n for p in case.populations if not p.subgroup]
    if len(set(sizes)) != 1 or not 10 <= sizes[0] <= 2000:
        return
    total = sizes[0]
    for statements in case.by_passage.values():
        pair = [s for s in statements if s.kind == "percent_only" and s.id not in case.checks and not s.approximate]
        percents = [p for s in pair for p in ((s.quantities.percent,) if s.quantities.percent else s.quantities.values)]
        if len(percents) != 2 or min(p.digits for p in percents) < 1:
            continue
        if all(counts_for_percent(p, total) for p in percents):
            continue
        if not re.search(r"respectively|\bvs\b|versus|both groups|arms", case.sentence(pair[0])):
            continue
        found = [
            [a, n, b, total - n]
            for n in range(math.ceil(0.4 * total), math.floor(0.6 * total) + 1)
            for a in counts_for_percent(percents[0], n)
            for b in counts_for_percent(percents[1], total - n)
        ]
        if found:
            a, n, b, m = found[0]
            only = "only " if len(found) == 1 else "for example "
            sentence = f"Two arms of {total} together: {only}{a} of {n} and {b} of {m}."
            case.relate("joint_grim", pair, "ok", sentence, "joint integer search", {"solutions": found[:10]}, on=pair)


def _totals(percent: Printed, around: int) -> list[int]:
    """Totals near `around` of which some count prints as `percent`."""
    return [n for n in range(max(1, around - 10), around + 11) if counts_for_percent(percent, n)]


def _fits(case: Case, s: Statement, percent: Printed, d: Denominator, counts: range) -> None:
    rounded = counts_for_percent(percent, d.value)
    if not rounded:
        _cut_off(case, s, percent, d, counts)
        return
    case.is_of(s, d)
    shown = str(rounded[0]) if len(rounded) == 1 else f"{rounded[0]} to {rounded[-1]}"
    weak = d.value >= 10 ** (percent.digits + 2)
    note = " (any percentage fits a total this large)" if weak else ""
    sentence = f"{percent.text} % of {d.value} is {shown}{note}."
    case.add(s, Check("percent", "ok", sentence, "integer search for n", {"n_possible": list(rounded[:20])}))


def _cut_off(case: Case, s: Statement, percent: Printed, d: Denominator, counts: range) -> None:
    """A count fits only if its digits were cut off: possible, unless percentages near by are seen to be rounded."""
    n = counts[0]
    proper = rounded_percent(n, d.value, percent.digits)
    says = f"{n} of {d.value} is {100 * n / d.value:.4g} %, which rounds to {proper} %"
    near = (p for other in case.neighbours(s, 2) if (p := other.quantities.percent) is not None)
    if any(_only_rounded(p, d.value) for p in near if p.digits == percent.digits):
        sentence = f"No count of {d.value} rounds to {percent.text} % ({says}), as others near by are rounded."
        case.add(s, Check("percent", "cannot confirm", sentence, "integer search for n", {"n_possible": []}))
        return
    case.is_of(s, d)
    sentence = f"{percent.text} % of {d.value} is {n} with its digits cut off: {says}."
    case.add(s, Check("percent", "ok", sentence, "integer search for n, truncated", {"n_possible": list(counts[:20])}))


def _only_rounded(percent: Printed, total: int) -> bool:
    """Whether every count of the total that prints as this percentage was rounded up to it."""
    counts = counts_for_percent(percent, total)
    return bool(counts) and all("truncate" not in percent_modes(n, total, percent) for n in counts[:20])
