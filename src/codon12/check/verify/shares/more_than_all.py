"""A share that needs a group larger than any the text names: `610 women (77%)` where 534 patients were included."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, Population
from codon12.check.verify.shares.denominators import counted_things
from codon12.check.verify.shares.ties import named_right_before
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import percent_modes

__all__ = ["is_measured", "more_than_all", "printed_near"]

_OTHERS = re.compile(
    r"\b(?:population|registry|database|episodes?|events?|visits|admissions|samples|specimens|cells|lesions|records|tests|"
    r"measurements|reports|hospitals|deaths?|responses?|respondents|invited|controls?(?! (?:groups?|arms?)\b)|"
    r"cohorts)\b"
    r"|\b(?:compared (?:to|with)|than(?: in)?|versus) (?:[a-z-]+ ){1,4}without\b",
    re.IGNORECASE,
)
"""Words of a sentence in which other things than the people of the study may be counted, or other people."""
_SLACK = 1.05


def more_than_all(case: Case, s: Statement, totals: range, needs: str, computed: dict[str, object]) -> bool:
    """Note a share that needs more than the largest group named, where a text says whom it is about."""
    n = s.quantities.n or 0
    if _OF_A_STUDY.search(case.spelled(s)) or is_measured(case, s):
        return False  # `86.6% in DeeP-C (n = 9,989)`: the size of what is named before it
    if _of_those_named(case, s, n, needs, computed):
        return True
    largest = _largest_beside(case, s)
    share = s.quantities.percent
    if n == largest or (share is not None and any(
        o.quantities.n and o.quantities.n < n and percent_modes(o.quantities.n, n, share)
        for o in case.by_passage[s.passage] if o.quantities.percent is None
    )):  # fmt: skip
        return False  # itself the whole: `a mortality of 8.0% (50,100 participants)`, `50 against 7544 (0.66%)`
    if not totals or largest < _FEWEST or totals[0] <= _SLACK * largest or counted_things(case, s) is not None:
        return False
    first = next((p for p in case.named.by_size[largest] if p.statement.id != s.id and not p.subgroup), None)
    if first is None or _counts_others(case, s, first) or any(t in totals for t in case.sums):
        return False
    if len(totals) <= _FEW and any(one_digit_apart(str(t), str(largest)) for t in totals):
        return False  # the size is the suspect
    if printed_near(case, n, _NEAR * totals[0], totals[-1] / _NEAR):
        return False
    if (first.statement.passage, first.statement.normal_start) > (s.passage, s.normal_start):
        return False  # told behind it, perhaps of them: `156 patients (58.0%), of whom 86`
    more = f"{n} is more than the {largest} of" if n > largest else "It is of more than"
    sentence = f"{more} the largest group named{'' if n > largest else f', {largest}'}; {needs}"
    verdict = "error-if" if n > largest else "unlikely"
    case.add(s, Check("count/percent", verdict, sentence, "n <= N", computed | {"largest": largest}, "structural"))
    return True


_MEASURED = re.compile(r",? (?:median|mean|range|IQR|SD)\b")


def is_measured(case: Case, s: Statement) -> bool:
    """Whether the number beside a percentage is of those in whom a value was measured: `10.4% (n = 114, median 5)`."""
    return _MEASURED.match(case.flat, s.normal_end) is not None


_OF_A_STUDY = re.compile(r"% [^()%]*\b(?:in|of|for|from) [^()%]*\([nN] ?= ?\d")
_NEAR, _FEW = 0.8, 50


def _counts_others(case: Case, s: Statement, largest: Population) -> bool:
    """Whether a sentence speaks of others than the largest group is of: of a registry, or of events."""
    found = case.says(s, _OTHERS)
    if not found:
        return False
    p, named = case.text.passages[s.passage], case.spelled(largest.statement).lower()
    return any(m[0].lower() not in named for m in _OTHERS.finditer(case.flat, p.start, p.end))


def _of_those_named(case: Case, s: Statement, n: int, needs: str, computed: dict[str, object]) -> bool:
    whole = named_right_before(case, s)
    if whole is None or n <= whole:
        return False
    sentence = f"{n} is more than the {whole} that it is said to be of; {needs}"
    case.add(s, Check("count/percent", "error-if", sentence, "n <= N", computed | {"largest": whole}, "explicit"))
    return True


def _largest_beside(case: Case, s: Statement) -> int:
    """The largest group that another statement names, of the few largest."""
    for n in case.named.few_largest:
        if any(p.statement.id != s.id for p in case.named.by_size[n][:_FEW_SIZES]):
            return n
    return 0


_FEW_SIZES = 3


def printed_near(case: Case, own: int, low: float, high: float) -> bool:
    """Whether a text prints a whole number between two bounds, the count itself left out: it may be a size."""
    if "whole numbers" not in case.once:
        case.once["whole numbers"] = sorted(int(m[0].replace(",", "")) for m in _WHOLE.finditer(case.flat))
    numbers = case.once["whole numbers"]
    found = bisect_right(numbers, high) - bisect_left(numbers, low)
    return found > (low <= own <= high)


_WHOLE = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w,.]*\d| ?%)")
_FEWEST = 20
"""A text whose largest group is smaller may count much that is no group."""
