"""Men to women told as a pair of counts, against everybody: `sixty-three children; male to female count 35:38`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.check.verify.prose import judge, sentences_with
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.sums.clauses import may_count, read_sentence
from codon12.check.verify.sums.partition_words import PEOPLE

__all__ = ["check_sex_counts"]

_PAIR = re.compile(
    r"\b(?:(?:fe)?males?|(?:wo)?men|boys|girls|[MF])(?: ?(?:to|:|/|-|and) ?)(?:(?:fe)?males?|(?:wo)?men|boys|girls|"
    r"[MF])\b"
    r"(?: (?:counts?|numbers?|ratio|distribution|split))?[ :=,(]*(?:(?:was|were|being|of|is) )?"
    r"(?P<a>\d{2,5}) ?(?:[:/]|to) ?(?P<b>\d{2,5})(?![\d.]*\d|[:/]|%)"
)
_KNOWN = re.compile(r"\b(?:known|unknown|recorded|missing|available|evaluable)\b", re.IGNORECASE)
_BOTH = re.compile(
    r"(?<![\d.,/-])(?P<a>\d{1,5}) ?(?:fe)?(?:males?|(?:wo)?men|boys|girls) ?(?:/|,|and|"
    r":) ?(?P<b>\d{1,5}) (?:fe)?(?:males?|(?:wo)?men|"
    r"boys|girls) ?[(\[](?:n ?= ?|total,? )(?P<n>\d{1,5})[)\]]"
)
"""`117 men/83 women (n = 200)`."""


def check_sex_counts(case: Case) -> None:
    """Check pairs of counts of the sexes against the one total of their sentence or the one before."""
    for p in sentences_with(case, "male", "men", "boys", "girls", "m:f", "f:m", "m/f"):
        for m in _BOTH.finditer(case.flat, p.start, p.end):
            together, total = int(m["a"]) + int(m["b"]), int(m["n"])
            if together != total:
                said = f"{m['a']} + {m['b']} = {together}, not {total}, if the bracket is about both."
                judge(case, p, "sum", [m.span("a"), m.span("b"), m.span("n")], "error-if", said, "sum of parts")
        for m in _PAIR.finditer(case.flat, p.start, p.end):
            totals = {
                c.n: (c.start, c.end)
                for k in (p.index - 1, p.index)
                if k >= 0 and may_count(case, k, 1)
                for c in read_sentence(case, k).counts
                if not c.level and not c.of and (PEOPLE.match(c.behind) or c.sized)
            }
            together = int(m["a"]) + int(m["b"])
            if len(totals) != 1 or together in totals or _KNOWN.search(case.flat, p.start, p.end):
                continue
            (total, place), *_ = totals.items()
            a, b = str(total), str(together)
            if one_digit_apart(a, b) and (abs(total - together) % 10 == 0 or sorted(a) == sorted(b)):
                said = f"{m['a']} + {m['b']} = {together}, not {total}, if these are all; one digit would explain it."
                beside = case.by_passage.get(p.index) or case.by_passage.get(p.index - 1)
                on = (holder(beside, m.start("a")),) if beside else ()
                case.relate("sum", [place, m.span("a"), m.span("b")], "unlikely", said, "sum of parts", on=on)
