"""A row of like counts against the one total that the words give it, whatever the words of the row.

A row that leaves nobody out is wrong where it misses its total at all: `ended in`, `comprises`, `giving 315 in all`.
One whose parts exclude each other is never more than all. Any other may be short or overlap: only a gap that one digit
in the place of tens, or two that changed places, would explain is unlikely to be chance.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.clauses import Count, Sentence, may_count, read_sentence
from codon12.check.verify.counted.reading.list_words import WHO_THEY_ARE
from codon12.check.verify.counted.reading.rows import rows_between, sentence_behind
from codon12.check.verify.counted.reading.things import THINGS
from codon12.check.verify.counted.wholes.added import is_added, sums_told
from codon12.check.verify.counted.wholes.equations import by_one_digit, shares_are_of, tell
from codon12.check.verify.counted.wholes.sums_of_rows import SOME_OF_THESE, Sum, sums_of
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_totals_of_rows"]


_PERHAPS = re.compile(r"[nN] ?= ?\d|\bno other\b|\bcomplete\b")
"""What a sentence has that gives two parts of the total of the sentence before."""


def check_totals_of_rows(case: Case) -> None:
    """Check each row of counts in prose that has one total, in its sentence or the one before."""
    told: list[tuple[int, int]] | None = None
    for passage, p in enumerate(case.text.passages):
        few = not may_count(case, passage, 3)
        if few and not (may_count(case, passage, 2) and _PERHAPS.search(case.flat, p.start, p.end)):
            continue
        if is_cited(case.flat[p.start : p.end]):
            continue
        sentence = read_sentence(case, passage)
        if len(sentence.counts) < 2:
            continue
        told = sums_told(case) if told is None else told
        gaps = [*(c.gap for c in sentence.counts), sentence.tail]
        for row in rows_between(gaps):
            parts = sentence.counts[row.first : row.last + 1]
            if is_added(case, told, [(x.start, x.end) for x in parts]):
                continue
            found = next(sums_of(case, sentence, row), None)
            if found is not None:
                _judge(case, sentence, found)


def _judge(case: Case, sentence: Sentence, found: Sum) -> None:
    """Compare a row with its total."""
    total, counts = found.total.n, [x.n for x in found.parts]
    together = sum(counts)
    if together == total or any(x.n == together for x in sentence.counts if x not in found.parts):
        return  # `36 hips in 30 patients, 20 left and 16 right`: they are parts of the other one
    if any(sum(counts[:k]) == total for k in range(2, len(counts))):
        return  # the first of them make it, what follows is of others
    others = [x.n for x in sentence.counts if x not in found.parts and x is not found.total]
    if any(x.n in others for x in found.parts):
        return  # `167 were given A and 161 B; 163 and 161 were treated`: the row begins again
    if total + together in others or any(total + x in others for x in others):
        return  # one part of them, or of another: `94 responded, complete in 7 and partial in 87; 85 had ...`
    first, last = found.total, found.parts[-1]
    if first.start < last.start and not WHO_THEY_ARE.search(first.behind) and WHO_THEY_ARE.search(last.behind):
        return  # one of the list: `17 black, 15 white British and 3 other white people`
    p = case.text.passages[sentence.passage]
    text = case.flat[min(p.start, found.total.start) : p.end]
    by_many = _BY_HOW_MANY.search(text)
    if by_many is not None:
        text = text[: by_many.start()] + text[by_many.end() :]
    outside = case.flat[p.start : found.parts[0].start] + _behind_row(case, sentence, found.parts[-1])
    if (
        say.OPEN.search(outside)
        or say.HEDGED.search(text)
        or (not found.apart and by_many is None and say.BY_NATURE.search(text))
        or say.TIMED.search(found.parts[-1].words)
        or any(_WHEN.search(x.words) for x in found.parts[1:])
    ):
        return
    if _LEVELLED.search(found.total.behind) and any(_LEVELLED.search(x.behind) for x in found.parts):
        return  # `90 of grade I, 36 of grade II`: one of them
    if say.OTHER_GROUPS.search(text) and not (found.closed and found.total.start > found.parts[-1].start):
        return
    both = [x for x in found.parts if _BOTH.search(x.words)]
    if both and not found.apart and not any(_ONLY.search(x.words) for x in found.parts):
        return
    if any(together - x.n == total for x in both) or any(SOME_OF_THESE.match(x.behind) for x in found.parts[1:]):
        return  # local in 31, distant in 58 and both in 12 of these
    off = abs(together - total)
    if total < _FEW or not total <= 2 * together <= 4 * total or _told_beside(case, sentence, found, off):
        return
    things = found.apart and THINGS.match(found.total.behind) is not None
    telling = _is_slip(total, counts) or (things and by_one_digit(total, counts))
    if shares_are_of(case, found.parts, total):
        return
    shown = f"{' + '.join(map(str, counts))} = {together}"
    known = together >= _NOT_SMALL and together in case.sizes and not (telling and _is_once(case, total))
    verdict: Verdict
    if found.closed and not known and (telling or (found.sure and 5 * off <= total)):
        verdict, said = "error-if", f"{shown}, not {total}, if these are {found.why}."
    elif found.apart and together > total and not known:
        verdict, said = "error-if", f"{shown}, not {total}, if these exclude each other."
    elif telling and (found.closed or (not known and 4 * off <= total)):
        verdict, said = "unlikely", f"If these are all: {shown}, not {total}; one digit would explain it."
    else:
        return
    tell(case, sentence, found.total, found.parts, verdict, said)


_BY_HOW_MANY = re.compile(
    r"\b(?:with|had|received|took) (?:(?:had|received) )?(?:one|an?(?: single)?)\b[^.;]*?"
    r"\b(?:two|three|four|five) or more(?: (?:[a-z]+ )?[a-z]+s\b)?"
)
"""Those with one of something, with two, and with more: nobody is in two of these."""
_LEVELLED = re.compile(r"\b(?:grade|stage|class|type|level|category) (?:[⓪①-⑨]|[IVX]+\b|\d|[A-D]\b)", re.IGNORECASE)
_WHEN = re.compile(
    r"\bat(?: (?:[⓪①-⑨\d]+|one|two|three|four|five|six|ten|twelve|baseline|entry|the end|diagnosis|relapse)\b|$)",
    re.IGNORECASE,
)
"""Words that tell when the part was counted: another time, another count."""
_BOTH = re.compile(r"\b(?:both|neither|all (?:three|four|of))\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:alone|only)\b", re.IGNORECASE)
_FEW = 10
_NOT_SMALL = 20


def _behind_row(case: Case, sentence: Sentence, last: Count) -> str:
    """What is said behind the words of the last count of a row, up to the end of the next sentence."""
    rest = case.flat[last.end : case.text.passages[sentence.passage].end]
    cut = re.search(r"[,;:(.]", rest)
    return (rest[cut.start() :] if cut else "") + sentence_behind(case, sentence.passage)


def _is_once(case: Case, n: int) -> bool:
    """Whether a text names a number but once: the sum that it names elsewhere is then the one meant."""
    return len(re.findall(rf"(?<![\d.,])0*(?:{n}|{n:,})(?![\d.]*\d|,\d{{3}})", case.figures)) == 1


def _told_beside(case: Case, sentence: Sentence, found: Sum, gap: int) -> bool:
    """Whether the gap itself is a count of the same sentence or of one beside it: those missing, those in two parts."""
    own = {x.start for x in (found.total, *found.parts)}
    for k in (sentence.passage - 1, sentence.passage, sentence.passage + 1):
        if 0 <= k < len(case.text.passages) and may_count(case, k, 1):
            counts = read_sentence(case, k).counts
            if any(c.n == gap and c.start not in own for c in counts):
                return True
    return False


def _is_slip(total: int, counts: Sequence[int]) -> bool:
    """Whether one digit but the last of the total or a part, or two neighbours that changed places, explain the gap."""
    together = sum(counts)
    for a, b in ((total, together), *((x, total - together + x) for x in counts)):
        if b > 0 and one_digit_apart(str(a), str(b)):
            tens = abs(a - b) % 10 == 0
            if tens or sorted(str(a)) == sorted(str(b)):
                return True
    return False
