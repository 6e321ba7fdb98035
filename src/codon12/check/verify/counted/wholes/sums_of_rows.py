"""What a row of like counts may add up to: the total behind it, the one before it, the one of the sentence before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.apart import exclude_each_other
from codon12.check.verify.counted.reading.clauses import Count, Sentence
from codon12.check.verify.counted.reading.predicates import is_rest
from codon12.check.verify.counted.reading.rows import Row, sentence_behind
from codon12.check.verify.counted.wholes.divisions import GIVEN, division_of, whole_at

__all__ = ["SOME_OF_THESE", "Sum", "sums_of"]


class Sum(msgspec.Struct, frozen=True, gc=False):
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


def sums_of(case: Case, sentence: Sentence, row: Row) -> Iterator[Sum]:
    """What a row may add up to: the total behind it, the one before it, the one of the sentence before."""
    counts, parts = sentence.counts, sentence.counts[row.first : row.last + 1]
    own = [x.behind if row.form == "behind" else x.before for x in parts]
    apart = exclude_each_other(own, [x.words for x in parts], sentence.text)
    p = case.text.passages[sentence.passage]
    complete = say.COMPLETE.search(case.flat[p.start : p.end] + sentence_behind(case, p.index)) is not None
    behind = counts[row.last + 1] if row.last + 1 < len(counts) else None
    if behind is not None and (behind.of or _AMONG.search(behind.gap)) and not any(x.of for x in parts):
        if row.form == "bare" and _are_quantiles(parts):
            yield Sum(behind, parts, True, True, True, "all")
            return
        if apart or (len(parts) > 2 and row.form == "behind" and not any(_THINGS.search(x) for x in own[:-1])):
            yield Sum(
                behind, parts, complete, complete, apart, "of one group, each in one of them" if apart else "its parts"
            )
        return
    if behind is not None and _IN_BRACKET.search(behind.gap) and _same_noun(parts, behind):
        yield Sum(behind, parts, True, False, True, "all")
        return
    if behind is not None and _is_size_of_all(sentence, parts, behind):
        yield Sum(behind, parts, True, False, apart, "all")
        return
    if behind is not None and say.SUMMED.search(behind.gap) and not say.UNITS.search(behind.behind.split(" with ")[0]):
        sure = say.ALL_OF_THEM.search(behind.gap + " " + behind.behind) is not None
        yield Sum(behind, parts, sure, sure, sure, "all")
        return
    if any(x.of and not _MADE_OF.search(x.gap) for x in parts):
        return
    if say.OF_ANOTHER.search(parts[0].gap):
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
) -> Iterator[Sum]:
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
    some = SOME_OF_THESE.match(parts[0].behind) is not None
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
    yield Sum(
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
SOME_OF_THESE = re.compile(r"of (?:whom|which|these|them|those)\b", re.IGNORECASE)
