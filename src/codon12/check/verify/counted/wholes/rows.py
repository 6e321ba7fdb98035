"""A row of like counts against the one total that the words give it, whatever the words of the row.

A row that leaves nobody out is wrong where it misses its total at all: `ended in`, `comprises`, `giving 315 in all`.
One whose parts exclude each other is never more than all. Any other may be short or overlap: only a gap that one digit
in the place of tens, or two that changed places, would explain is unlikely to be chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.apart import exclude_each_other
from codon12.check.verify.counted.reading.clauses import Count, Sentence, may_count, read_sentence
from codon12.check.verify.counted.reading.list_words import WHO_THEY_ARE
from codon12.check.verify.counted.reading.predicates import is_rest
from codon12.check.verify.counted.reading.rows import Row, rows_between, sentence_behind
from codon12.check.verify.counted.reading.things import THINGS
from codon12.check.verify.counted.wholes.added import is_added, sums_told
from codon12.check.verify.counted.wholes.divisions import GIVEN, division_of, whole_at
from codon12.check.verify.counted.wholes.equations import by_one_digit, shares_are_of, tell
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_totals_of_rows"]


class _Sum(msgspec.Struct, frozen=True, gc=False):
    """A total, the counts that should make it, and how the words tie them."""

    total: Count
    parts: tuple[Count, ...]
    closed: bool
    """Whether the words say that the parts are all there are."""
    sure: bool
    """Whether they leave no room for others, so that any gap is a slip."""
    apart: bool
    """Whether nobody may be in two of the parts."""
    why: str


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
            found = next(_sums(case, sentence, row), None)
            if found is not None:
                _judge(case, sentence, found)


def _sums(case: Case, sentence: Sentence, row: Row) -> Iterator[_Sum]:
    """What a row may add up to: the total behind it, the one before it, the one of the sentence before."""
    counts, parts = sentence.counts, sentence.counts[row.first : row.last + 1]
    own = [x.behind if row.form == "behind" else x.before for x in parts]
    apart = exclude_each_other(own, [x.words for x in parts], sentence.text)
    p = case.text.passages[sentence.passage]
    complete = say.COMPLETE.search(case.flat[p.start : p.end] + sentence_behind(case, p.index)) is not None
    behind = counts[row.last + 1] if row.last + 1 < len(counts) else None
    if behind is not None and (behind.of or _AMONG.search(behind.gap)) and not any(x.of for x in parts):
        if row.form == "bare" and _are_quantiles(parts):
            yield _Sum(behind, parts, True, True, True, "all")
            return
        if apart or (len(parts) > 2 and row.form == "behind" and not any(_THINGS.search(x) for x in own[:-1])):
            yield _Sum(
                behind, parts, complete, complete, apart, "of one group, each in one of them" if apart else "its parts"
            )
        return
    if behind is not None and _IN_BRACKET.search(behind.gap) and _same_noun(parts, behind):
        yield _Sum(behind, parts, True, False, True, "all")
        return
    if behind is not None and _is_size_of_all(sentence, parts, behind):
        yield _Sum(behind, parts, True, False, apart, "all")
        return
    if behind is not None and say.SUMMED.search(behind.gap) and not say.UNITS.search(behind.behind.split(" with ")[0]):
        sure = say.ALL_OF_THEM.search(behind.gap + " " + behind.behind) is not None
        yield _Sum(behind, parts, sure, sure, sure, "all")
        return
    if any(x.of and not _MADE_OF.search(x.gap) for x in parts):
        return
    if row.first:
        yield from _behind(sentence, row.form, parts, row.first - 1, apart=apart, complete=complete)
        return
    rest = parts[1:]
    if not apart and len(rest) > 1 and row.form == "behind" and exclude_each_other(own[1:], own[1:], sentence.text):
        yield from _behind(sentence, row.form, rest, 0, apart=True, complete=complete)


def _is_size_of_all(sentence: Sentence, parts: Sequence[Count], total: Count) -> bool:
    """`64 women, 38 men and 27 children (n = 119)`: a size alone behind a row that has none, larger than its parts."""
    alone = total is sentence.counts[-1] and parts[0] is sentence.counts[0] and sentence.tail[:1] in (")", "]")
    return alone and len(parts) > 2 and _SIZE_ALONE.search(total.gap) is not None and (
        total.n > max(x.n for x in parts) and not any(x.sized for x in parts)
    )  # fmt: skip


_SIZE_ALONE = re.compile(r"[a-z] [(\[][nN] ?= ?$")


_QUANTILES = re.compile(
    r"\b(?:(?P<k3>tertiles|thirds)|(?P<k4>quartiles|quarters)|(?P<k5>quintiles|fifths)) (?:of [^,;:()]{3,40} )?"
    r"(?:held|contained|comprised|included|had|numbered|consisted of) $",
    re.IGNORECASE,
)


def _are_quantiles(parts: Sequence[Count]) -> bool:
    """Whether the words before a row name as many equal parts as it has: `tertiles of age held 40, 41 and 40`."""
    m = _QUANTILES.search(parts[0].gap)
    return m is not None and m.lastgroup == f"k{len(parts)}"


_IN_BRACKET = re.compile(r"[a-z] \((?:total,? )?$")
_NOUN = re.compile(r"(?:[a-z-]+ )??(?P<noun>[a-z]{4,}s)\b\W*$")


def _same_noun(parts: Sequence[Count], total: Count) -> bool:
    """Whether a count that ends the sentence in a bracket is of what the parts are of: `(114 admissions)`."""
    noun = _NOUN.match(total.behind)
    return noun is not None and total.n > max(x.n for x in parts) and any(noun["noun"] in x.words for x in parts)


_THINGS = re.compile(r"[a-z]{3,}(?<!ou)(?<!s)s$")
"""Counts of things, not of those counted by their kind: `12 strokes, 9 infarctions`."""
_MADE_OF = re.compile(r"\b(?:consist\w+|composed|made up) of $", re.IGNORECASE)
_AMONG = re.compile(r"\b(?:among|in|of|from) (?:the|our|these|all)(?: total of)? $", re.IGNORECASE)


def _behind(
    sentence: Sentence, form: str, parts: Sequence[Count], at: int, *, apart: bool, complete: bool
) -> Iterator[_Sum]:
    """A total right before the row: `138 tumours: 61 ...`, `of 84 patients, 14 were A, 29 B`, `56 ended in 39 ...`."""
    total, link = whole_at(sentence.counts, at), parts[0].gap
    whom = _OF_WHOM.search(link) is not None
    if (
        total.of
        or total.n <= max(x.n for x in parts)
        or (say.TIMED.search(link) and not (whom or say.SPLIT.search(link)))
    ):
        return
    division = division_of(total, parts, form)
    apart = apart or division is not None or _PARTED.search(link) is not None
    complete = complete or division == "all"
    opening = f"{link} {parts[0].behind}"
    closed = complete or say.CLOSING.search(opening) is not None or any(is_rest(x.words) for x in parts)
    some = _SOME_OF_THESE.match(parts[0].behind) is not None
    closed = (
        closed or bool(say.OVERALL.search(link) and some and apart) or _THE_OTHERS.search(parts[-1].gap) is not None
    )
    alike = whom and all(_ONE_WORD.fullmatch(x.behind) for x in parts)
    whom = whom or some
    listed = say.LISTED.search(link) is not None
    of = say.OF.search(total.before) is not None and "," in link
    definite = _DEFINITE.search(total.before) is not None and re.search(r"\b(?:were|was)\b", link) is not None
    given = form == "bracket" and all(x.sized for x in parts) and GIVEN.search(link) and "or" in parts[-1].gap
    beside = apart and (whom or re.search(r"[;,(] ?$", link))
    if not (listed or of or definite or given or closed or beside or alike or (whom and len(parts) > 2)):
        return
    apart = apart or bool(given)
    if len(parts) < 3 and not (closed or apart or alike):
        return
    if of and not (listed or apart or closed) and sum(x.n for x in parts) < total.n:
        return
    if form == "behind" and not closed and _WITHIN.search(link):
        return  # the aneurysms were in 29 women and 25 men
    if form == "behind" and _DID.search(parts[-1].behind) and not _DID.search(parts[0].behind):
        return  # 140 in one arm and 150 in the other attended the last visit
    if not (listed or apart or closed) and _HAD.search(f"{link} {parts[0].behind}"):
        return
    yield _Sum(
        total,
        tuple(parts),
        closed,
        complete or say.SURE.search(opening) is not None,
        apart,
        "all" if closed else "its parts",
    )


_PARTED = re.compile(
    r"\b(?:were|was|are) (?:[a-z]+ )?(?:divided|split|subdivided|separated|partitioned|dichotomi[sz]ed|sorted) "
    r"(?:[a-z-]+ ){0,3}?(?:into|as|by)\b",
    re.IGNORECASE,
)
"""Nobody is in two of the groups that a set is divided into."""
_THE_OTHERS = re.compile(r"\bthe (?:other|remaining) $", re.IGNORECASE)
_OF_WHOM = re.compile(r"\bof (?:whom|which|these|them) $", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|these|those|all|our)$", re.IGNORECASE)
_ONE_WORD = re.compile(r"were [a-z-]+\W*")
_WITHIN = re.compile(r"\b(?:in|by|with|on|at|from|for) $", re.IGNORECASE)
_DID = re.compile(
    r"\b(?:were|was|had|have|has|did|having|died|underwent|received|developed|\w+ed (?:the|an?|to|at|in|for|on|all|"
    r"both))\b",
    re.IGNORECASE,
)
_HAD = re.compile(r"\b(?:had|received|underwent|took|used|treated|given)\b", re.IGNORECASE)


def _judge(case: Case, sentence: Sentence, found: _Sum) -> None:
    """Compare a row with its total."""
    total, counts = found.total.n, [x.n for x in found.parts]
    together = sum(counts)
    if together == total or any(x.n == together for x in sentence.counts if x not in found.parts):
        return  # `36 hips in 30 patients, 20 left and 16 right`: they are parts of the other one
    others = [x.n for x in sentence.counts if x not in found.parts and x is not found.total]
    if any(x.n in others for x in found.parts):
        return  # `167 were given A and 161 B; 163 and 161 were treated`: the row begins again
    if total + together in others:
        return  # one part of them
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
    if any(together - x.n == total for x in both) or any(_SOME_OF_THESE.match(x.behind) for x in found.parts[1:]):
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
_SOME_OF_THESE = re.compile(r"of (?:whom|which|these|them|those)\b", re.IGNORECASE)
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


def _told_beside(case: Case, sentence: Sentence, found: _Sum, gap: int) -> bool:
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
