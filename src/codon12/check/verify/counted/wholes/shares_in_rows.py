"""Percentages of a row of classes that leave nobody out against a hundred: stages, responses, the remaining 27%.

Each may be rounded by half a unit of its last digit. More than a hundred is impossible where the classes exclude each
other; less is a slip where the words leave nobody out, and unlikely where it is tens and all classes are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import list_words as lists
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.apart import classes_of, exclude_each_other, is_whole_set
from codon12.check.verify.counted.reading.classes import WHOLE
from codon12.check.verify.counted.reading.predicates import is_rest
from codon12.check.verify.counted.reading.rows import rows_between, sentence_behind
from codon12.check.verify.counted.wholes.added import is_added, sums_told
from codon12.check.verify.prose import judge, sentences_with
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_shares_in_rows"]

_PERCENT = re.compile(
    r"(?=\d)(?<![\w.,<>≥≤±=/-])(?P<p>\d+(?:\.\d+)?) ?%(?! ?(?:CI|confidence|interval|power|of (?:these|them|those)))"
)
_WITH_COUNT = re.compile(r" ?[(\[] ?(?:n ?= ?)?\d[\d,]*(?:/\d+)? ?[)\]]")
_REMAINING = re.compile(
    r"(?:,|;|\band|\bwhile|\bwhereas|\bwith)(?: [a-z-]+){0,5}? the (?:remaining|other)(?: [a-z]+)? \(?$", re.IGNORECASE
)
_OTHER_GROUPS = re.compile(
    r"\brespectively\b|\b(?:vs|versus)\b|\bcompar\w+|\bthan\b|\b(?:per|arms?|(?<!blood )groups?|rates?|surviv\w+|"
    r"sensitiv\w+|"
    r"specific\w+|recur\w+|relaps\w+|risk of|probabilit\w+|cumulative|stratif\w+|mortality|of (?:death|dying))\b",
    re.IGNORECASE,
)
_STAGES = frozenset(("I", "II", "III", "IV"))
_FEWEST = 3
_LEVEL = re.compile(r"(?<![\d.])\d(?= in\b| ?[(:])")
_RINGED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_TWO, _MOST_SHARES = 2, 5
_LEAST, _MOST = 60, 140
"""Sums in percent that may be meant as a hundred."""


def check_shares_in_rows(case: Case) -> None:
    """Check rows of shares of what excludes each other, and two shares that the words make all."""
    told: list[tuple[int, int]] | None = None
    for p in sentences_with(case, "%"):
        found = list(_PERCENT.finditer(case.flat, p.start, p.end))
        if len(found) < 2 or _OTHER_GROUPS.search(case.flat, p.start, p.end):
            continue
        gaps = [_WITH_COUNT.sub("", case.flat[a:b], count=1) for a, b in _between(found, p.start, p.end)]
        gaps = [_LEVEL.sub(lambda m: m[0].translate(_RINGED), x) for x in gaps]
        remaining = len(found) <= _MOST_SHARES and _REMAINING.search(gaps[-2]) is not None
        rows = [] if remaining else [r for r in rows_between(gaps) if r.last - r.first + 1 >= _TWO]
        if not remaining and not rows:
            continue
        told = sums_told(case) if told is None else told
        hedged = say.HEDGED.search(_but_remaining(case.flat[p.start : p.end])) is not None
        if hedged or is_added(case, told, [m.span("p") for m in found]):
            continue
        if remaining and _alone(gaps):
            _both(case, p.index, found)
        for row in rows:
            shift = row.form == "behind"
            words = gaps[row.first + shift : row.last + 1 + shift]
            if shift and len(words) == _TWO:
                words[-1] = re.split(r"[,;.(]", words[-1])[0]
            words = [_clause(x.rsplit("(", 1)[-1] if len(found) == _TWO else x) for x in words]
            listed = found[row.first : row.last + 1]
            divided = len(listed) == len(found) >= _FEWEST and _DIVIDED.search(gaps[0]) is not None
            _row(case, p.index, listed, words, divided=divided)


def _between(found: Sequence[re.Match[str]], start: int, end: int) -> list[tuple[int, int]]:
    ends = [start, *(m.end() for m in found)]
    return list(zip(ends, [*(m.start() for m in found), end], strict=True))


def _but_remaining(text: str) -> str:
    return re.sub(r"\b(?:remaining|rest)\b", "", text)


def _alone(gaps: Sequence[str]) -> bool:
    """Whether the first share stands before all others of whom it might leave the rest."""
    return re.search(r"\d ?(?:patients|of)\b|\bof (?:these|those|them|whom)\b", gaps[0]) is None


_OPENED = re.compile(r":|\b(?:compris\w+|consist\w+ of|was|were|is)\b ?(?!not\b)", re.IGNORECASE)


def _clause(gap: str) -> str:
    """The words of one share among those between two."""
    return re.sub(r"^\W*(?:and|or)? ?|[\W]*$", "", _OPENED.split(gap)[-1].removesuffix(" and ").removesuffix(" or "))


def _both(case: Case, passage: int, found: Sequence[re.Match[str]]) -> None:
    """`73.5% were in function and the remaining 26.5% had been removed`."""
    shares = [read_printed(m["p"]) for m in found]
    together = sum((x.value for x in shares), Fraction(0))
    if _is_hundred(shares) or not _LEAST <= together <= _MOST:
        return
    slip = _tens(shares, together) or any(one_digit_apart(x.text, _text(100 - together + x.value, x)) for x in shares)
    above = sum(x.low for x in shares) > 100
    if not (slip or (above and len(shares) == _TWO)):
        return
    shown = " + ".join(x.text for x in shares)
    said = f"{shown} = {_shown(together)} %, not 100 %, if these are those and the others."
    _tell(case, passage, found, "error-if" if slip and len(shares) == _TWO else "unlikely", said)


_DIVIDED = re.compile(
    r"\b(?:classified|categori[sz]ed|graded|rated|divided|grouped|(?:identified|described)(?: themselves)?|"
    r"self-identified|self-reported|distributed|broken down|split) (?:in|into|as|to|between|among|across)\b",
    re.IGNORECASE,
)
"""Words before a row of shares that put everybody in one class."""
_OF_EACH = re.compile(
    r"\b(?:prevalence|incidence|respon[sd]\w*|proportions?|adherence|cure\w*|had|positive|negative|percentage|more|fewer)\b",
    re.IGNORECASE,
)
"""Words before the shares of two sexes that are each of one sex."""
_MOSTLY = 80
"""The least sum, in percent, of shares that the words make all."""


def _row(case: Case, passage: int, found: Sequence[re.Match[str]], words: Sequence[str], *, divided: bool) -> None:
    shares = [read_printed(m["p"]) for m in found]
    p = case.text.passages[passage]
    sentence = case.flat[p.start : p.end]
    together = sum((x.value for x in shares), Fraction(0))
    if not _LEAST <= together <= _MOST or not (divided or exclude_each_other(words, words, sentence)):
        return
    tails = [case.flat[m.end() : m.end() + 20] for m in found]
    if lists.is_of_each_group(case.flat[p.start : found[0].start()], tails):
        return
    sexes = len(shares) < _FEWEST
    if sexes and not (all(map(_SEX.fullmatch, words)) and not _OF_EACH.search(case.flat, p.start, found[0].start())):
        return
    shown = f"{' + '.join(x.text for x in shares)} = {_shown(together)} %"
    if _is_hundred(shares):
        case.relate("sum", [m.span("p") for m in found], "ok", f"{shown}.", "exclusive categories")
        return
    behind = sentence_behind(case, passage)
    outside = case.flat[p.start : found[0].start()] + case.flat[found[-1].end() : p.end] + behind
    low = sum((max(x.low, Fraction(0)) for x in shares), Fraction(0))
    if low > 100:
        _tell(case, passage, found, "error-if", f"{shown}, more than 100 %, if these exclude each other.")
    elif say.COMPLETE.search(sentence + behind):
        _tell(case, passage, found, "error-if", f"{shown}, not 100 %, if these are all.")
    elif say.OPEN.search(outside):
        return
    elif (divided or sexes) and together > _MOSTLY:
        _tell(case, passage, found, "unlikely", f"If these are all: {shown}, not 100 %.")
    elif _is_whole(words) and _tens(shares, together):
        _tell(case, passage, found, "unlikely", f"If these are all: {shown}, not 100 %; one digit would explain it.")


def _is_hundred(shares: Sequence[Printed]) -> bool:
    return sum(x.low for x in shares) <= 100 <= sum(x.high for x in shares)


_SEX = re.compile(r"(?:were )?(?:(?:fe)?males?|(?:wo)?m[ae]n|boys|girls)", re.IGNORECASE)


def _is_whole(words: Sequence[str]) -> bool:
    """Whether everybody is in one of the classes: all stages, all responses, or a rest is told."""
    if any(is_rest(x) for x in words) or all(_SEX.fullmatch(x) for x in words) or is_whole_set(words):
        return True
    if {m[0] for x in words if (m := re.search(r"\b(?:I{1,3}|IV)\b", x))} == _STAGES:
        return True
    axes = classes_of(words)
    return any(
        frozenset(axes.get(x, ())) in WHOLE and len(axes[x]) == len(words)
        for x in ("response", "smoking", "sign", "life")
    )


def _tens(shares: Sequence[Printed], together: Fraction) -> bool:
    """Whether the sum is tens off, but for what rounding makes."""
    off = abs(together - 100)
    return off >= 5 and abs(off - 10 * round(off / 10)) <= sum(x.step for x in shares) / 2


def _text(value: Fraction, like: Printed) -> str:
    return f"{float(value):.{like.digits}f}"


def _shown(value: Fraction) -> str:
    return f"{float(value):.6g}"


def _tell(case: Case, passage: int, found: Sequence[re.Match[str]], verdict: Verdict, said: str) -> None:
    judge(case, case.text.passages[passage], "sum", [m.span("p") for m in found], verdict, said, "exclusive categories")
