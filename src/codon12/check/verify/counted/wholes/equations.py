"""The equation of a whole and its parts, and what a gap between the two sides says: the one place that decides.

More than all is impossible where nobody is in two of the parts. Fewer than all is a slip where the words leave nobody
out; where they may, only one digit that would explain the gap makes it unlikely.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

from codon12.check import patterns as re
from codon12.check.statements import Statement, Strength
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, holder
from codon12.check.verify.counted.reading.clauses import Count, Sentence
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import percent_modes, read_printed

__all__ = ["Closure", "add_up", "by_one_digit", "shares_are_of", "shares_of_one_group", "tell"]

Closure = Literal["arms", "all", "perhaps all", "some", "alike"]
"""Whether the parts are all of the whole: arms in one bracket, said so, not denied, or not known; or only look so."""
_OF_OTHERS = 10
"""A total so many times as large counts something else: `36 and 9 studies with a total of 164,799 subjects`."""
_NOT_SMALL = 20
"""A sum as small as this is the size of some group by chance."""


_COUNTED = re.compile(
    r"(?:[a-z]+ )?(?:patients|participants|subjects|individuals|adults|children|women|men|people|cases|records)\b"
)
_AT = re.compile(r"\b(?:at|by|after) (?:T[0-9⓪①②③④]|baseline\b|follow-?up\b|(?:week|month|day|year|visit) \S)")
"""Several of these: each part is of all, at another time."""
_IN_PAIRS = re.compile(r"\b(?:couples|dyads|pairs|twins|spouses)\b", re.IGNORECASE)
"""Each is one of either kind: `140 couples (140 men and 140 women)`."""


_IS_ONE_KIND = re.compile(r"\b(?:was|were) [a-z]+ as (?!follows|either|having)")


def add_up(
    case: Case,
    sentence: Sentence,
    whole: Count,
    parts: Sequence[Count],
    closure: Closure,
    why: str,
    *,
    others: Sequence[Count] = (),
    nested: bool = False,
    sure: bool = False,
) -> bool:
    """Compare a whole with the sum of its parts; whether anything was told of them.

    `others` are counts of the same sentence that may explain a gap; `why` names what the parts are; `nested` tells
    that one of them may lie within another; `sure` that their own words tie them, so that no size told elsewhere in
    the text explains a gap.
    """
    counts, total = [x.n for x in parts], whole.n
    together = sum(counts)
    shown = f"{' + '.join(map(str, counts))} = {together}"
    if together == total:
        tell(case, sentence, whole, parts, "ok", f"{shown}.")
        return True
    for k in range(2, len(parts)):
        run = parts[:k] if sum(x.n for x in parts[:k]) == total else None
        shared = run is not None and _one_is_without_share(case, parts[1:k], parts[k], total)
        if ";" not in parts[k].gap and parts[k].sized == parts[0].sized and not shared:
            continue
        if run is not None:  # 31 men and 27 women; 40 with A, 12 with B and 6 with others
            tell(case, sentence, whole, run, "ok", f"{' + '.join(str(x.n) for x in run)} = {total}.")
            return True
    if together + 1 == total and _AND_ONE.match(sentence.tail):
        return True  # `infection in forty, instability in two, and loosening in one`
    if not whole.of and why == "those and the others" and whole.n + together in _numbers_before(case, sentence):
        return True  # `of nine: complete in three, a biopsy in two, partial in the remaining four`
    if _IS_ONE_KIND.search(whole.behind) and all(x.behind.lstrip().startswith("as ") for x in parts):
        return True  # itself of the list: `29 were classified as uninfected, 21 as latent and 25 as active`
    if len(parts) > _TWO and sum(counts[:-1]) == total and parts[-1].gap.rstrip().endswith(_PASSIVE):
        return True  # `51 cases including 34, 8, 4 and 5 were shown to six radiologists`
    if together < total and _shares_leave_others(case, parts):
        return False
    if together > total and _with_those_before(case, sentence, whole, parts):
        return True
    if together == 2 * total and _IN_PAIRS.search(sentence.text):
        return True
    if (
        max(counts) >= 2 * total
        or (closure == "alike" and total == 2 * parts[-1].n)  # `44 completed both periods (88 patient-periods)`
        or (
            max(counts) >= total
            and why == "of one group, each in one of them"
            and _IN_A_ROW.search(parts[0].gap)
            and not _WERE.match(whole.behind)
        )
        or (together > total and _SPECIMENS.search(parts[-1].behind) and not _SPECIMENS.search(whole.words))
        or (
            max(counts) >= total
            and why == "of one group, each in one of them"
            and not (parts[-1].end < whole.start or by_one_digit(total, counts))
        )
        or total < 2
        or all(_of_its_own(case, x, total) for x in parts)
        or total >= _OF_OTHERS * together
        or ((why == "its parts" or total >= _TWO_DIGITS) and total in counts)  # `86 units of 59 genera and 86 species`
        or any(_is_year(case, x) for x in parts)
        or (_is_year(case, whole) and not _COUNTED.match(whole.behind))
        or (together > total and len(_AT.findall(sentence.text)) > 1)
        or _percentages_differ(case, whole, parts)
        or _is_explained(case, total, parts, [x.n for x in others], nested=nested, sure=sure)
    ):
        return False
    if closure == "arms" and together > total:
        which = "two arms" if len(parts) == _TWO else "arms"
        tell(case, sentence, whole, parts, "error", f"The {which} make {shown}, not {total}.")
        return True
    if closure == "arms":
        closure = "all" if 2 * together > total else "perhaps all"
    if together > total and closure != "alike":
        tell(case, sentence, whole, parts, "error-if", f"{shown}, not {total}, if these are {why}.")
        return True
    if together < total and closure == "all":
        tell(case, sentence, whole, parts, "error-if", f"{shown}, not {total}, if these are all.")
        return True
    near = closure == "alike" or (closure == "perhaps all" and together < total)
    if near and total >= _TWO_DIGITS and by_one_digit(total, counts) and not shares_are_of(case, parts, total):
        sentence_ = f"If these are all: {shown}, not {total}; one digit would explain it."
        tell(case, sentence, whole, parts, "unlikely", sentence_)
        return True
    return False


def _of_its_own(case: Case, part: Count, total: int) -> bool:
    """Whether a part is counted of a group whose name follows its size: `47 of 51 men and 33 of 51 women`."""
    m = _OF_NAMED.match(case.figures, part.end)
    return m is not None and int(m["t"].replace(",", "")) == total


_OF_NAMED = re.compile(
    r" (?:out )?of (?:the )?(?P<t>\d[\d,]*)(?: ?\([^()]*\))? (?!were\b|was\b|had\b|ha(?:s|ve)\b|are\b|is\b|patients\b|"
    r"cases\b|participants\b|subjects\b|tumou?rs\b|samples\b|died\b|responded\b|(?:develop|receiv|show|report)ed\b)[a-z]"
)
_PASSIVE = (" to", " by")
_AND_ONE = re.compile(r"[^.;]{0,60}\b(?:one|another|a single)\b", re.IGNORECASE)


def _numbers_before(case: Case, sentence: Sentence) -> set[int]:
    """Whole numbers of a sentence and the three before it."""
    begin = case.text.passages[max(0, sentence.passage - 3)].start
    end = case.text.passages[sentence.passage].end
    return {int(m[0].replace(",", "")) for m in _PLAIN.finditer(case.figures, begin, end)}


def _shares_leave_others(case: Case, parts: Sequence[Count]) -> bool:
    """Whether the percentages beside all parts are far from a hundred together: `26 with (58%) and 4 without (7%)`."""
    shares = [float(m[1]) for x in parts if (m := _SHARE_BESIDE.match(case.flat, x.end)) is not None]
    return len(shares) == len(parts) > 1 and not 100 - _FAR < sum(shares) < 100 + _FAR


_FAR = 20
"""Points that percentages of a whole may be off a hundred together: a count of them has slipped."""


def _with_those_before(case: Case, sentence: Sentence, whole: Count, parts: Sequence[Count]) -> bool:
    """`Another 219 were assigned to A (110) or B (109), for a total of 399`: with the 180 of the sentence before."""
    if sentence.passage == 0 or whole.start < parts[-1].start:
        return False
    p = case.text.passages[sentence.passage - 1]
    told = {int(m[0].replace(",", "")) for m in _PLAIN.finditer(case.figures, p.start, p.end)}
    return any(whole.n - x.n in told for x in parts)


_PLAIN = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?![\w,.]*\d| ?%)")
_TWO, _TWO_DIGITS = 2, 10
_IN_A_ROW = re.compile(r", $")
"""Before the second of a list of which the whole may be the first: `20 healthy, 20 ill and 20 worse`."""
_WERE = re.compile(r" ?(?:[a-z]+ )?(?:were|was|underwent|entered|received)\b")
"""Behind a whole with a verb of its own: it is not the first of a list."""
_SPECIMENS = re.compile(
    r"\b(?:tissues?|samples?|specimens?|biopsies|lesions?|eyes|visits?|scans?|sites?)\b", re.IGNORECASE
)
"""Of which a patient may have several."""
_SHARE_BESIDE = re.compile(r"(?: [A-Za-z+-][\w+-]*){0,5}? ?[(\[]?(?:n ?= ?)?(\d+(?:\.\d+)?) ?%")


def _one_is_without_share(case: Case, listed: Sequence[Count], last: Count, total: int) -> bool:
    """Whether those of a list are shares of the whole and the last is none: `44 (76%) negative, 12 unknown`, of 58."""
    shares = [(x.n, _SHARE_BESIDE.match(case.flat, x.end)) for x in listed]
    fit = all(m is not None and percent_modes(n, total, read_printed(m[1])) for n, m in shares)
    return fit and _SHARE_BESIDE.match(case.flat, last.end) is None


def shares_are_of(case: Case, parts: Sequence[Count], total: int) -> bool:
    """Whether the percentages beside the parts, two at least, are all of the total as printed: it is no slip."""
    shares = [(x.n, read_printed(m[1])) for x in parts if (m := _SHARE_BESIDE.match(case.flat, x.end))]
    return len(shares) > 1 and all(percent_modes(n, total, p) for n, p in shares)


def shares_of_one_group(case: Case, a: Count, b: Count) -> bool:
    """Whether two counts have percentages of one and the same group: `46 (30%) had ... and 57 (38%) of them ...`."""
    first, second = _SHARE_BESIDE.match(case.flat, a.end), _SHARE_BESIDE.match(case.flat, b.end)
    if first is None or second is None or min(a.n, b.n, float(first[1]), float(second[1])) <= 0:
        return False
    return abs(math.log(a.n * float(second[1]) / (b.n * float(first[1])))) < _ONE_GROUP


_ONE_GROUP = 0.05


def _percentages_differ(case: Case, whole: Count, parts: Sequence[Count]) -> bool:
    """Whether percentages of one group confirm each count, so that parts leave some out: `23 (72%) of 32 and 2 (6%)`.

    Where the whole has a percentage too it is of that group as the parts are: `21 (35%) had A, 28 (46.7%) B`.
    """
    own = _SHARE.match(case.flat, whole.end)
    if own is None and sum(x.n for x in parts) >= whole.n:
        return False
    group = 100 * whole.n / float(own[1]) if own is not None and float(own[1]) > 0 else float(whole.n)
    for x in parts:
        m = _SHARE.match(case.flat, x.end)
        if m is None or abs(100 * x.n / group - float(m[1])) > (1 if "." not in m[1] else 0.1 + 50 / group):
            return False
    return True


_SHARE = re.compile(r"(?: [a-z+-]+){0,2} ?[(\[](\d+(?:\.\d+)?) ?%")


def _is_year(case: Case, x: Count) -> bool:
    """Whether a part is written as a year is: four digits from 1900 to 2100 without a comma."""
    return _YEARS[0] <= x.n <= _YEARS[1] and case.flat[x.start : x.end].isdigit()


_YEARS = (1900, 2100)


def _shares_deny(case: Case, whole: Count, parts: Sequence[Count]) -> bool:
    """Whether the share of a whole is not that of its parts together: `19 (48%), 16 (40%) and 5 (12%)`, each of 40."""
    own = _SHARE_BESIDE.match(case.flat, whole.end)
    if own is None or float(own[1]) >= 100 or whole.of:
        return False
    shares = [m for x in parts if (m := _SHARE_BESIDE.match(case.flat, x.end)) is not None]
    if len(shares) < len(parts):
        return not shares and whole.start > parts[-1].start  # `452 and 456, a total of 795 tests (85%) were`
    group = 100 * whole.n / max(float(own[1]), 0.01)
    return all(abs(100 * x.n / group - float(m[1])) <= 1 + 50 / group for x, m in zip(parts, shares, strict=True))


def tell(
    case: Case, sentence: Sentence, whole: Count, parts: Sequence[Count], verdict: Verdict, said: str,
    method: str = "sum of parts",
) -> None:  # fmt: skip
    """Claim what was found of a whole and its parts, where the shares beside them do not say that they are none."""
    if verdict != "ok" and _shares_deny(case, whole, parts):
        return
    if verdict != "ok" and whole.n < sum(x.n for x in parts) and _ONCE_EACH.match(whole.behind):
        return  # `182 and 200 proteins, for a total of 267 unique ones`
    if verdict != "ok" and "followed by " in case.flat[whole.end : max(x.start for x in parts)]:
        return  # the most frequent of several: `thirteen reported A, followed by B (n = 10) and C (n = 2)`
    counts = [x.n for x in parts]
    members = [_stated(case, x) or (x.start, x.end) for x in (whole, *parts)]
    computed = {"parts": counts, "sum": sum(counts), "total": whole.n}
    on = [x for x in members if isinstance(x, Statement)]
    if verdict != "ok":
        statements = case.by_passage.get(sentence.passage) or case.by_passage.get(sentence.passage - 1)
        on = [holder(statements, whole.start)] if statements else []
    tie: Strength = "explicit" if verdict == "error" else "inferred"
    case.relate("sum", members, verdict, said, method, computed, on=on, tie=tie)


_ONCE_EACH = re.compile(r"(?:[a-z-]+ )?(?:non-?redundant|unique|distinct|different|non-?overlapping)\b", re.IGNORECASE)
"""Behind a total in which what several have is counted once."""


def _stated(case: Case, x: Count) -> Statement | None:
    """The statement that is this count and no more."""
    passage = bisect_right(case.begins, x.start) - 1
    return next(
        (s for s in case.by_passage.get(passage, ())
         if s.normal_start <= x.start < s.normal_end and s.kind in _COUNTS and s.quantities.n == x.n
         and s.quantities.N is None),
        None,
    )  # fmt: skip


_COUNTS = ("count", "design_number")


def _is_explained(
    case: Case, total: int, parts: Sequence[Count], others: Sequence[int], *, nested: bool, sure: bool
) -> bool:
    """Whether another reading makes both sides equal: a part within another, a rest told elsewhere, another group."""
    counts = [x.n for x in parts]
    together = sum(counts)
    if together >= _NOT_SMALL and together in case.sizes and not sure and not _are_fourfold(parts):
        return True
    if together in others or any(x == total - together for x in others):
        return True
    return nested and together > total and any(together - x == total for x in counts)


def _are_fourfold(parts: Sequence[Count]) -> bool:
    """Whether parts are those of two things: `in both 20, in tissue alone 13, in plasma alone 3 and in neither 24`."""
    words = [_OF_TWO.findall(x.words) for x in parts]
    kinds = sorted("only" if x[0] == "alone" else x[0] for x in words if len(x) == 1)
    return kinds == ["both", "neither", "only", "only"]


_OF_TWO = re.compile(r"\b(?:both|only|alone|neither)\b")


def by_one_digit(total: int, counts: Sequence[int]) -> bool:
    """Whether another digit in the total or in one of the parts would make them equal."""
    together = sum(counts)
    return one_digit_apart(str(total), str(together)) or any(
        one_digit_apart(str(x), str(total - together + x)) for x in counts
    )
