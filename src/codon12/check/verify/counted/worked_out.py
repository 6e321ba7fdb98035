"""Numbers that others of the sentence give: response rates from responses, equal groups, both eyes, arms of a ratio."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.apart import exclude_each_other
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import tell
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_worked_out"]

_EQUAL = re.compile(
    r"(?<![\w.,/])(?P<k>0*[2-9]|0*1[0-2]) (?:(?:equal|equally sized|similar|study|treatment|parallel|experimental|"
    r"different|comparable) )*(?:groups|arms|cohorts|clusters|blocks|classes|cages|sets|batches|halves|teams|"
    r"subgroups) (?:of|each of|with|containing|comprising) (?P<n>\d[\d,]*)\b(?! ?%|[.:]\d| ?(?:years|months|days|weeks|"
    r"mg|to|-) )"
)
_IN_EACH = re.compile(
    r"(?<![\w.,/])(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,2}?(?:to|in|per|for|were in|assigned to) each(?: of the "
    r"(?P<k>0*[2-9]))? ?(?:arm|group|study group|treatment arm|treatment group|groups)\b"
)
_OF_ONE_SIZE = re.compile(
    r"(?<![\w.,/])(?P<k>0*[2-9]|0*1[0-2]) (?:[a-z]+ )?(?:groups|arms|cohorts|cages|sets|batches|teams|subgroups),? "
    r"(?:(?:all )?of (?:equal|the same|identical|like) sizes?|equal in size)[ ,:(]+(?:of |with |n ?= ?)?"
    r"(?P<n>\d[\d,]*)(?: [a-z]+)? (?:in |per )?each\b"
)
"""`four groups of equal size (22 each)`."""
_SPLIT = re.compile(
    r"\b(?:divided|split|randomi[sz]\w*|randomly|allocat\w+|assigned|distributed|separated|total|in all|"
    r"altogether|overall)\b"
)
_OCCURRENCES = re.compile(
    r" (?:[a-z-]+ ){0,3}?(?:events?|episodes?|reactions?|relapses|infections|complications|visits|cycles|doses|"
    r"injections|courses|samples|lesions|deaths|tumou?rs|attacks|exacerbations|seizures|falls|fractures)\b"
)
"""What one of a group may have more than once."""
_LEAST = 20


def check_worked_out(case: Case, told: Told) -> None:
    """Check what a sentence works out from numbers of its own, or of the one before it."""
    p = case.text.passages[told.passage]
    _equal_groups(case, p, told)
    _halves(case, p)
    _one_and_the_others(case, p)
    _median_split(case, p, told)
    _of_either(case, p)
    _pair(case, p, told)
    _some_groups(case, p, told)
    _treated(case, p, told)


_RECEIVED = re.compile(
    r"^\W*(?:of (?:these|them|whom),? )?\d[\d,]* (?:pts|patients|participants|subjects|women|men|"
    r"children)?[^.;\d]{0,12}\b(?:received|got|were (?:given|treated with)) [^.;()\d]{2,40}, (?:and )?\d[\d,]* "
)
_UNTREATED = re.compile(
    r"\d[\d,]* (?:pts |patients )?(?:(?:were|was) (?:only )?(?:observed|untreated|followed)\b|(?:received|had|got) "
    r"(?:no|neither|nothing)\b)[^.;\d]{0,40}\.?\s*$"
)


def _treated(case: Case, p: Passage, told: Told) -> None:
    """`98 were included. 45 received A, 32 B and 21 were observed`: each had one of these."""
    if len(told.items) < 3:
        return
    text = case.figures[p.start : p.end].lower()
    if not _RECEIVED.search(text) or not _UNTREATED.search(text):
        return
    if p.index == 0 or case.text.passages[p.index - 1].paragraph != p.paragraph:
        return
    before = [x for x in told_in(case, p.index - 1).items if x.n is not None and x.share is None]
    parts = [x.n for x in told.items]
    if not before or None in parts or any(x.share is not None or x.total is not None for x in told.items):
        return
    total, whole = sum(n or 0 for n in parts), before[-1]
    if total != whole.n and not any(x.n == total for x in before) and one_digit_apart(str(total), str(whole.n)):
        said = f"{' + '.join(map(str, parts))} = {total}, not {whole.n}, if these are all; one digit would explain it."
        tell(case, p, "sum", [whole.at, *(x.at for x in told.items)], "unlikely", said, "sum of parts")


def _counts_with(case: Case, p: Passage, told: Told, but: Iterator[tuple[int, int]]) -> list[Item]:
    taken = list(but)
    here = [x for x in told.items if x.n is not None and not any(a <= x.at[0] < b for a, b in taken)]
    if here or p.index == 0 or case.text.passages[p.index - 1].paragraph != p.paragraph:
        return here
    return [x for x in told_in(case, p.index - 1).items if x.n is not None]


def _equal_groups(case: Case, p: Passage, told: Told) -> None:
    """`88 mice were divided into four groups of 22`, `64 patients to each arm, 128 in total`."""
    text = case.figures[p.start : p.end].lower()
    for pattern in (x for x in (_EQUAL, _OF_ONE_SIZE, _IN_EACH) if case.may(x, p)):
        found = list(pattern.finditer(text))
        if len(found) != 1 or not _SPLIT.search(text):
            continue
        m = found[0]
        n, k = int(m["n"].replace(",", "")), int(m["k"] or 2)
        places = [(p.start + m.start("n"), p.start + m.end("n"))]
        if m["k"]:
            places.append((p.start + m.start("k"), p.start + m.end("k")))
        elif re.search(r"\b(?:three|four|five|six|0*[3-9]) (?:\w+ )?(?:arms|groups)\b", text):
            continue
        others = _counts_with(case, p, told, iter(places))
        if len(others) != 1 or not n:
            continue
        whole = others[0].n or 0
        if (not m["k"] and whole % n == 0) or _OCCURRENCES.match(text, others[0].at[1] - p.start):
            continue  # of three groups, then; or of what each may have more than once
        if whole == k * n or not 0.5 * k * n <= whole <= 2 * k * n or whole == n:
            continue
        said = f"{k} times {n} is {k * n}, not {whole}, if the groups are equal."
        tell(case, p, "sum", [others[0].at, *places], "error-if", said, "equal groups")


_HALF = re.compile(
    r"\b(?:one[- ])?half of (?:the |these |all |"
    r"our )?(?P<n>\d[\d,]*)\b[^.;]*?\b(?:the )?other(?: half)?,? \(?(?:n ?= ?)?(?P<m>\d[\d,]*)\b(?! ?%)"
)


def _halves(case: Case, p: Passage) -> None:
    """`Half of the 64 were fresh and the other 32 frozen`."""
    m = _HALF.search(case.figures[p.start : p.end].lower()) if case.may(_HALF, p) else None
    if m is None:
        return
    n, other = (int(m[k].replace(",", "")) for k in "nm")
    if abs(n - 2 * other) > 1 and other < n:
        places = [(p.start + m.start(k), p.start + m.end(k)) for k in "nm"]
        tell(case, p, "sum", places, "error-if", f"The other half of {n} is {n / 2:g}, not {other}.", "halves")


_ONE_AND_OTHERS = re.compile(
    r"\ball (?:of the |the )?(?P<n>\d[\d,]*)(?! ?%) [^.\d]{3,80}\b(?P<k>\d[\d,]*)(?! ?%)(?: [a-z-]+){0,3},? and the "
    r"(?:other|remaining) (?P<w>\d+) (?:[a-z-]+ )?(?:together|between them|jointly|combined)(?: [a-z-]+){0,2} "
    r"(?P<m>\d[\d,]*)(?! ?%)(?: (?!hours|days|years|months)[a-z-]+)?(?=[.;,)])"
)


def _one_and_the_others(case: Case, p: Passage) -> None:
    """`Seven surgeons did all 91; the busiest operated on 33 and the other six together on 58`."""
    m = _ONE_AND_OTHERS.search(case.figures[p.start : p.end].lower()) if case.may(_ONE_AND_OTHERS, p) else None
    if m is None:
        return
    n, one, others, who = (int(m[k].replace(",", "")) for k in "nkmw")
    named = re.search(rf"(?<![\d.,])0*{who + 1} [a-z]", m.string[: m.start("k")])
    if named is not None and named.start() != m.start("n") and one + others != n and max(one, others) < n:
        places = [(p.start + m.start(k), p.start + m.end(k)) for k in "nkm"]
        said = f"{one} + {others} = {one + others}, not {n}, if these are all."
        tell(case, p, "sum", places, "error-if", said, "those and the others")


_MEDIAN_SPLIT = re.compile(
    r"\b(?:divided|split|dichotomi[sz]ed|separated|grouped|classified|stratified)\b[^.;]{0,60}"
    r"\b(?:at|by|on|using|according to|around) the median\b|\bmedian split\b"
)


def _median_split(case: Case, p: Passage, told: Told) -> None:
    """`Split at the median into a high (n = 45) and a low group (n = 55)`: halves, but for one slip of a digit."""
    if not case.may(_MEDIAN_SPLIT, p) or not _MEDIAN_SPLIT.search(told.words) or any(x.n is None for x in told.items):
        return
    halves = told.items[-2:]
    if len(halves) < 2 or len(told.items) > 3 or any(x.total is not None or x.share is not None for x in halves):
        return
    a, b = (x.n or 0 for x in halves)
    whole = told.items[0].n if len(told.items) == 3 else None
    slip = any(one_digit_apart(str(max(a, b)), str(min(a, b) + k)) for k in (-1, 0, 1))
    if _OFF - 1 <= abs(a - b) <= _OFF + 1 and slip and min(a, b) >= _LEAST and whole != a + b:
        said = f"{a} and {b} are no halves; one digit would make them so."
        tell(case, p, "sum", [x.at for x in halves], "unlikely", said, "halves")


_OFF = 10
_EITHER = re.compile(
    r"(?<![\w.,/])(?P<n>\d[\d,]*) (?:[a-z]+ ){0,3}?(?P<w>[a-z-]+ or [a-z-]+)(?: [a-z-]+){0,3} "
    r"\((?:n ?= ?)?(?P<a>\d[\d,]*) and (?:n ?= ?)?(?P<b>\d[\d,]*),? respectively\)"
)


def _of_either(case: Case, p: Passage) -> None:
    """`117 were current or former smokers (15 and 102, respectively)`: everyone is one of the two at least."""
    text = case.figures[p.start : p.end].lower()
    m = _EITHER.search(text) if "respectively)" in text else None
    if m is None:
        return
    n, a, b = (int(m[k].replace(",", "")) for k in "nab")
    apart = exclude_each_other(m["w"].split(" or "), m["w"].split(" or "), "")
    if a + b < n or (apart and a + b > n):
        places = [(p.start + m.start(k), p.start + m.end(k)) for k in "nab"]
        which = "these exclude each other" if a + b > n else "each is one of the two"
        tell(case, p, "sum", places, "error-if", f"{a} + {b} = {a + b}, not {n}, if {which}.", "sum of parts")


_TWO = re.compile(r"\d ?(?:[:/]|[Tt][Oo]) ?\d")
_PAIR = re.compile(
    r"\b[a-z-]+(?: to |:|/)[a-z-]+(?: (?:counts?|numbers?|ratio|distribution|split))?(?: was| were| of| being|,|:)* ?"
    r"(?P<a>\d{2,5}) ?(?:[:/]|to) ?(?P<b>\d{2,5})(?![\d.]*\d|[:/]|%| ?(?:years|months|weeks|days))"
)
_KNOWN = re.compile(r"\b(?:known|unknown|recorded|missing|available|evaluable)\b")


def _pair(case: Case, p: Passage, told: Told) -> None:
    """`The male to female count was 35:38`: a ratio told as counts, against the one count here or before."""
    if _TWO.search(case.figures, p.start, p.end) is None:
        return
    text = case.figures[p.start : p.end].lower()
    m = _PAIR.search(text)
    if m is None or _KNOWN.search(text):
        return
    place = [(p.start + m.start(k), p.start + m.end(k)) for k in "ab"]
    here = [x for x in told.items if x.n is not None and not place[0][0] <= x.at[0] < place[1][1] and x.share is None]
    if p.index and case.text.passages[p.index - 1].paragraph == p.paragraph:
        here += [x for x in told_in(case, p.index - 1).items if x.n is not None and x.share is None]
    totals = {x.n: x.at for x in here}
    a, b = int(m["a"]), int(m["b"])
    if len(totals) != 1:
        return
    (total, at), *_ = totals.items()
    if total and total != a + b and one_digit_apart(str(total), str(a + b)):
        said = f"{a} + {b} = {a + b}, not {total}, if these are all; one digit would explain it."
        tell(case, p, "sum", [at, *place], "unlikely", said, "sum of parts")


_IN_SUM = re.compile(
    r"^[ ,(]*respectively\)?[,;:]? (?:i\.e\.,?|that is,?|thus|hence|or|so|making)(?: together| altogether)?(?: in)? $"
)


def _some_groups(case: Case, p: Passage, told: Told) -> None:
    """`assigned, 33 each, to A, B or placebo; noted in 4, 9 and 1, respectively, i.e. in 13 of 66`: of two groups."""
    each = [x.n for k, x in enumerate(told.items) if told.gaps[k + 1].startswith((" each", " per arm", " per group"))]
    for k, x in enumerate(told.items):
        if len(each) != 1 or not each[0] or x.n is None or not x.total or not _IN_SUM.match(told.gaps[k]):
            continue
        first = k - 1
        while first and told.gaps[first] in (", ", " and ", ", and ", " or "):
            first -= 1
        row, (many, left) = told.items[first:k], divmod(x.total, each[0])
        if left or not 1 < many <= len(row) or any(y.n is None or y.total or y.share for y in row):
            continue
        if x.n not in {sum(y.n or 0 for y in some) for some in combinations(row, many)}:
            got = " + ".join(str(y.n) for y in row[:many])
            said = f"{got} = {sum(y.n or 0 for y in row[:many])}; no {many} of these groups make {x.n} of {x.total}."
            tell(case, p, "sum", [x.at, *(y.at for y in row)], "error-if", said, "sum of parts")
