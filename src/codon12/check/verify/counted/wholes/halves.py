"""Lines of all and of two that exclude each other: `All: 388`, `Age <65 years: 214`, `Age ≥65 years: 174`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.wholes.bands import are_halves
from codon12.check.verify.prose import compared, judge

__all__ = ["check_halves"]

_LINE = re.compile(
    r"[ \t|]*(?P<label>[^\n|\t\d][^\n|\t]{0,60}?)(?:[ \t]*[|\t:,][ \t]*|  +|"
    r" )(?:n ?= ?)?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,6})"
    r"(?: ?\(\d[\d.]* ?%?\))?[ \t|]*"
)
_ALL = re.compile(
    r"\W*(?:all|total|overall|everyone|whole (?:group|cohort|population|set)|entire (?:group|cohort|population))"
    r"(?: (?:patients?|participants?|subjects?|women|men|children|adults|people|population|cohort|randomi[sz]ed|"
    r"treated|enrolled|"
    r"included|n|no\.?|number|sample))*\W*(?:\(n\)|, n)?\W*",
    re.IGNORECASE,
)
_SEXES = tuple(
    (
        re.compile(rf"\W*(?:sex\W+|gender\W+)?(?:{a})\W*(?:n|no\.?)?\W*", re.IGNORECASE),
        re.compile(rf"\W*(?:sex\W+|gender\W+)?(?:{b})\W*(?:n|no\.?)?\W*", re.IGNORECASE),
    )
    for a, b in (("males?|men|boys", "females?|women|girls"), ("yes", "no"))
)
_DENIED = re.compile(
    r"\b(?:non-?|no |not |without |never[- ])|\bnegative\b|-negative\b|\bwild[- ]type\b|\babsent\b", re.IGNORECASE
)
_AFFIRMED = re.compile(r"\b(?:with |ever[- ])|\bpositive\b|-positive\b|\bmuta(?:nt|ted)\b|\bpresent\b", re.IGNORECASE)
_MOST, _LEAST = 12, 10


class _Line(NamedTuple):
    label: str
    n: int
    at: tuple[int, int]


def check_halves(case: Case) -> None:
    """Check that of two lines that exclude each other, below a line of all, both are no more than all."""
    for block in _blocks(case.text.normal.text):
        whole = next((x for x in block if _ALL.fullmatch(x.label)), None)
        if whole is None or whole.n < _LEAST:
            continue
        for a, b in pairwise(block):
            if whole in (a, b) or max(a.n, b.n) > whole.n or a.n + b.n <= whole.n or not _exclude(a.label, b.label):
                continue
            places = [a.at, b.at, whole.at]
            if not any(compared(case, x, "sum", "row sum") for x in places):
                p = case.text.passages[max(0, bisect_right(case.begins, b.at[0]) - 1)]
                sentence = f"{a.n} + {b.n} = {a.n + b.n}, more than all {whole.n}: the two exclude each other."
                judge(case, p, "sum", places, "error-if", sentence, "two halves")


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    at = 0
    for line in text.splitlines(keepends=True):
        m = _LINE.fullmatch(line.rstrip("\n")) if len(line) < _LONGEST else None
        if m is not None and len(block) < _MOST:
            block.append(_Line(m["label"].strip(), int(m["n"].replace(",", "")), (at + m.start("n"), at + m.end("n"))))
        elif set(line) - set("|-+: \n"):
            if len(block) > _FEWEST:
                yield block
            block = []
        at += len(line)
    if len(block) > _FEWEST:
        yield block


_LONGEST, _FEWEST = 100, 2


def _exclude(a: str, b: str) -> bool:
    """Whether two labels say that nobody is in both lines."""
    if any((x.fullmatch(a) and y.fullmatch(b)) or (y.fullmatch(a) and x.fullmatch(b)) for x, y in _SEXES):
        return True
    if _DENIED.search(a) is None and _DENIED.search(b) is None:
        return are_halves(a, b)
    stems = [re.sub(r"\W+", " ", _AFFIRMED.sub(" ", _DENIED.sub(" ", x))).strip().lower() for x in (a, b)]
    return stems[0] == stems[1] and (_DENIED.search(a) is None) != (_DENIED.search(b) is None)
