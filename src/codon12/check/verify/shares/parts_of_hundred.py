"""Parts whose percentages make a hundred are all of their group: `1,541 (19%) frail, 2,596 (32%) and 3,975 (49%)`.

Also the two halves of a group where only one has its percentage: `in 96 patients (25.1%) and absent in 287`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.prose import judge
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import counts_for_percent, percent_modes, read_printed

__all__ = ["check_bare_shares", "check_parts_of_hundred"]

_MOST, _TWO_DIGITS = 8, 10
_SEVERAL = re.compile(r"\b(?:respectively|vs\.?|versus|compared)\b", re.IGNORECASE)
_HALVES = re.compile(
    r"(?<![\w.,/-])(?P<a>\d[\d,]*) (?:patients|participants|subjects|women|men|cases|tumou?rs|samples) "
    r"?\((?P<p>\d+(?:\.\d+)?) ?%\),? (?:and|but) (?:was |were |it was |)(?:absent|negative|not (?:detected|found|"
    r"present|confirmed)|undetectable) in (?P<b>\d[\d,]*)(?![\d.]*\d| ?%|(?: \w+)? ?\()",
    re.IGNORECASE,
)


def check_parts_of_hundred(case: Case) -> None:
    """Check in prose the counts of parts whose percentages make a hundred against the group they are of."""
    for p, statements in case.prose(_NONE):
        for m in _HALVES.finditer(case.flat, p.start, p.end):
            _halves(case, statements, m)
    for _, statements in case.prose():
        listed = [s for s in statements if s.kind == "count_percent"][: 4 * _MOST]
        listed = [s for s in listed if s.quantities.percent is not None and s.quantities.n]
        if 2 <= len(listed) <= _MOST and _is_all(listed) and not case.says(listed[0], _SEVERAL):
            _together(case, listed)


_NONE = re.compile(r"absent|negative|\bnot\b|undetectable", re.IGNORECASE)


def _is_all(listed: Sequence[Statement]) -> bool:
    shares = [s.quantities.percent for s in listed if s.quantities.percent is not None]
    together = sum((x.value for x in shares), Fraction(0))
    return abs(together - 100) <= max(x.step for x in shares) and max(x.value for x in shares) < 100


def _together(case: Case, listed: Sequence[Statement]) -> None:
    """Whether the counts miss the one group that the other parts are of, by one digit or by being more than all."""
    counts = [s.quantities.n or 0 for s in listed]
    tied = [d.value for s in listed if (d := case.denominators.get(s.id)) is not None]
    totals = {t for t in tied if t > max(counts)}
    total = max(totals, key=tied.count, default=0)
    together = sum(counts)
    if _FEWER_THAN.search(case.sentence(listed[0])):
        return  # another part, `2 (<1%)`
    if len({s.quantities.N for s in listed if s.quantities.N is not None}) > 1:
        return  # each of a group of its own: `45 (29%) of 157 and 142 (72%) of 198`
    if not total or tied.count(total) < len(listed) - 1 or together == total or total < _TWO_DIGITS:
        return
    fits = [s.quantities.percent is not None and n in counts_for_percent(s.quantities.percent, total)
            for s, n in zip(listed, counts, strict=True)]  # fmt: skip
    off = [k for k, n in enumerate(counts) if one_digit_apart(str(n), str(total - together + n))]
    odd = [k for k, ok in enumerate(fits) if not ok]
    if len(odd) > 1 or (not off and together < total) or _is_printed(case, listed[0], together):
        return
    if together < total and not odd and all(s.quantities.N is not None for s in listed):
        return  # each is right by itself: a few are in none of them
    if _OF_THEM.search(case.flat, listed[0].normal_end, listed[-1].normal_start):
        return  # `1007 boys [54.6%]), of whom 534 of 1846 (28.9%)`
    k = odd[0] if odd else (off or [0])[0]
    shown = f"{' + '.join(map(str, counts))} = {together}"
    sentence = f"The percentages make 100, the counts {shown}, not {total}."
    computed = {"parts": counts, "sum": together, "total": total}
    verdict = "error-if" if odd or together > total else "unlikely"
    case.relate("sum", listed, verdict, sentence, "parts of a whole", computed, on=(listed[k],), tie="structural")


_HEAD = re.compile(r"\b(?:[Nn]o\.?|[Nn]|[Nn]umber|[Cc]ount) ?[(\[]%[)\]]")
_CELL = re.compile(r"(?<![\w.,])(?P<n>\d[\d,]*) \((?P<p>\d{1,2}(?:\.\d+)?)\)")
_ALL_OF_THEM = re.compile(r"(?<![\w.,])(?P<t>\d[\d,]*) \(100(?:\.0+)?\)")
_FEW_CELLS = 3


def check_bare_shares(case: Case, p: Passage) -> None:
    """`Status, No. (%): 0, 49 (40.8); 1, 58 (48.3); 2, 23 (10.8). All, 120 (100)`: shares of the one total printed."""
    if p.table is not None or not _HEAD.search(case.flat, p.start, p.end):
        return
    beside = [q for q in case.text.passages if q.paragraph == p.paragraph and q.table is None]
    totals = {_whole(m["t"]) for q in beside for m in _ALL_OF_THEM.finditer(case.flat, q.start, q.end)}
    headed = [q for q in beside if _HEAD.search(case.flat, q.start, q.end)]
    cells = [m for q in headed for m in _CELL.finditer(case.flat, q.start, q.end)]
    total = totals.pop() if len(totals) == 1 else 0
    odd = [m for m in cells if total and not percent_modes(_whole(m["n"]), total, read_printed(m["p"]))]
    if len(odd) != 1 or len(cells) - len(odd) < _FEW_CELLS or not p.start <= odd[0].start() < p.end:
        return
    n, share = _whole(odd[0]["n"]), odd[0]["p"]
    sentence = f"{n} of {total} is {100 * n / total:.3g} %, not {share} %, of which the others are shares."
    judge(case, p, "count/percent", [odd[0].span("n"), odd[0].span("p")], "error-if", sentence, "n/N")


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


_FEWER_THAN = re.compile(r"\d ?[(\[] ?[<≤] ?\d")
_OF_THEM = re.compile(r"\bof (?:whom|which)\b")


def _is_printed(case: Case, s: Statement, together: int) -> bool:
    """Whether the sentence gives the sum of the counts too: they are of that group."""
    return re.search(rf"(?<![\d.,])(?:{together}|{together:,})(?![\d.,]*\d)", case.sentence(s)) is not None


def _halves(case: Case, statements: Sequence[Statement], m: re.Match[str]) -> None:
    a, b = (int(m[k].replace(",", "")) for k in "ab")
    held = holder(statements, m.start("a"))
    d = case.denominators.get(held.id)
    if d is None or a + b == d.value:
        return
    if a + b > d.value or one_digit_apart(str(b), str(d.value - a)):
        sentence = f"{a} + {b} = {a + b}, not {d.value}, of whom {a} are {m['p']} %."
        case.relate("sum", (m.span("a"), m.span("b")), "error-if", sentence, "parts of a whole", on=(held,))
