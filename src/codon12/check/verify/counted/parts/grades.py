"""Grades that hold others: events of grade 4 are of grade 3 or 4, and those of any grade, whatever the wording.

Serious, fatal and related events are some of any events (CTCAE 5.0: a grade is that of the event).
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.wording import whole_words
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import is_told, tell

__all__ = ["check_grades"]

_EVENT = r"(?:adverse (?:events?|reactions?)|aes?|toxicit(?:y|ies)|side effects|events?)"
_GRADE = re.compile(
    rf"\b(?P<any>(?:of )?(?:any|all)[- ]grades?|any(?:-grade)? (?:treatment-emergent )?{_EVENT}(?! leading)|teaes?|"
    rf"{_EVENT} of any (?:cause|kind|causality)|adverse events?: any)\b"
    rf"|\b(?P<some>serious {_EVENT}|saes?|fatal {_EVENT}|(?:treatment|drug|therapy)-related {_EVENT}|traes?)\b"
    r"|\b(?P<short>gr?(?=[. ]?[①-⑤]))?(?(short)\.?|grades?) ?(?:(?P<ge>≥|>=) ?)?(?P<a>[①-⑤])"
    r"(?P<up>,? or (?:higher|more|worse|above|greater)|\+)?"
    r"(?: ?(?:-|to|or|/|and|, ?④,? (?:or|and)) ?(?:grade )?(?P<b>[①-⑤]))?"
)
_HINTS, _SHORT = ("event", "reaction", "ae", "toxicit", "side effects", "grade"), re.compile(r"g(?<=\bg)r?[. ]?[①-⑤]")
"""Of which a sentence has one where it names grades."""
_TOXIC = re.compile(
    r"\btoxic|\badverse\b|\bt?r?aes?\b|side effect|(?:an|neutrop|cytop|leukop)(?:a?emia|enia)\b|\bmucositis\b"
)
"""What a short grade (`G3-4`) is of that is none of a tumour, a group or a cell cycle."""
_SEVERAL = re.compile(r"\b(?:respectively|placebo|both|versus|vs|than|controls?)\b|\bcompar")
_GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?)\b")
_PART_OF_IT = re.compile(
    r"[,;()% ]*(?:of (?:the )?(?:patients|participants|recipients|subjects|women|men|children|people|cases) )?(?:in "
    r"the [a-z]+ group )?\(?(?:(?:being|including|of (?:which|whom|these|them)|which was|was|were|and|with|among them) "
    r")*(?:(?:was|were|of) )*\(?"
)
_FILLERS = frozenset(
    """
    grade grad occurr occur report observ seen not develop experienc event advers patient patients all any wer with
    wors high great common most frequent total cause caus kind causal group arm cohort
    found noted record recorded being been reaction toxicit particip
    this that including whom being among them treat treated higher more worse abov greater was treatment relat
    """.split()  # noqa: SIM905  a list of words reads better so
)
_REACH, _MOST, _TWO = 90, 12, 2
_SOME = frozenset((6,))
_ANY = frozenset(range(1, 7))
_DIGITS = "⓪①②③④⑤"
_STOP = re.compile(r"[,;] ")
_HAD = re.compile(
    r"\)? (?:patients |of them |women |men |participants )?(?:had|experienced|reported|developed|suffered)"
    r"(?: (?:an?|at least one|one or more))? "
)


class _Graded(NamedTuple):
    grades: frozenset[int]
    item: Item
    words: frozenset[str]


def check_grades(case: Case, told: Told) -> None:
    """Check the numbers of grades named in one sentence: those of some grades are not more than those of all."""
    if not (any(map(told.words.__contains__, _HINTS)) or _SHORT.search(told.words)):
        return
    grades = list(_GRADE.finditer(told.words))
    if any(m["short"] for m in grades) and not _TOXIC.search(told.words):
        grades = [m for m in grades if not m["short"]]
    begin = case.text.passages[told.passage].start
    graded = {_gap(told, m, begin) for m in grades if not m["some"]}
    whole = any(m["any"] for m in grades)
    grades = [m for m in grades if not m["some"] or (whole and _gap(told, m, begin) not in graded)]
    if not grades or _SEVERAL.search(told.words) or len(_GROUP.findall(told.words)) > 1:
        return
    found = _graded(case, told, grades)
    for a, b in combinations(found, 2):
        part, whole = (a, b) if a.grades < b.grades else (b, a)
        if part.grades < whole.grades and part.item is not whole.item and _of_one_event(part, whole):
            _compare(case, told, part.item, whole.item)
    for whole in found:
        _compare_with_all(case, told, whole, [x for x in found if x is not whole])
    if len(found) == 1 and told.items[0] is found[0].item and len(found[0].grades) < len(_ANY):
        _compare_with_the_sentence_before(case, told, found[0])


def _gap(told: Told, m: re.Match[str], begin: int) -> int:
    """Between which numbers of a sentence a grade is named."""
    return sum(x.start - begin < m.start() for x in told.items)


def _graded(case: Case, told: Told, grades: list[re.Match[str]]) -> list[_Graded]:
    """Each grade with the first number behind it, else the last before it; a number it is part of is of any grade."""
    begin = case.text.passages[told.passage].start
    out: list[_Graded] = []
    bound: set[Item] = set()
    items, words = told.items[:_MOST], told.words
    for k, m in enumerate(grades):
        until = grades[k + 1].start() if k + 1 < len(grades) else len(words)
        since = grades[k - 1].end() if k else 0
        behind = next((x for x in items if m.end() <= x.start - begin < min(until, m.end() + _REACH)), None)
        before = [x for x in items if since <= x.start - begin and x.end - begin <= m.start()]
        near = before[-1] if before else None
        own = near is not None and m["any"] and near not in bound
        if near is not None and own and _HAD.fullmatch(words, _end(near) - begin, m.start()):
            out.append(_Graded(_grades(m), near, frozenset()))  # `58 had an adverse event of any cause`
        elif near is not None and words[_end(near) - begin : m.start()] == " ":
            out.append(_Graded(_grades(m), near, _words(words[m.end() : until])))  # `26 grade 3 events`
        elif behind is not None:
            event = _words(words[m.start() : behind.start - begin])
            lead = _words(words[since : near.start - begin]) if near is not None and near not in bound else None
            inside = near is not None and _PART_OF_IT.fullmatch(words, _end(near) - begin, m.start()) is not None
            inside = inside and not (";" in words[_end(near) - begin : m.start()] and _EVENTS.match(words, m.end()))
            if near is not None and lead is not None and (inside or (event and event <= lead)):
                out.append(_Graded(_ANY, near, lead))
            last = max((x.end - begin for x in before), default=since)
            last += max((x.end() for x in _STOP.finditer(words[last : m.start()])), default=0)
            clause = frozenset() if inside else _words(words[last : m.start()])
            out.append(_Graded(_grades(m), behind, event or clause))
            bound.add(behind)
        elif near is not None:
            out.append(_Graded(_grades(m), near, _words(words[near.end - begin : until])))
    return out


def _end(x: Item) -> int:
    return x.end if x.share_at is None else max(x.end, x.share_at[1])


def _grades(m: re.Match[str]) -> frozenset[int]:
    if m["any"]:
        return _ANY
    if m["some"]:
        return _SOME
    first = _DIGITS.index(m["a"])
    last = 5 if m["ge"] or m["up"] else _DIGITS.index(m["b"] or m["a"])
    return frozenset(range(first, last + 1))


def _words(text: str) -> frozenset[str]:
    return whole_words(text) - _FILLERS


def _of_one_event(part: _Graded, whole: _Graded) -> bool:
    if not part.words:  # said behind it, of the same event
        return not whole.words or part.item.start > whole.item.start
    return not whole.words or bool(part.words & whole.words)


_EVENTS = re.compile(r" (?:grades? [①-⑤]\S* (?:(?:or|and|to) \S+ )?)?(?:adverse )?(?:events|episodes)\b")


def _compare(case: Case, told: Told, part: Item, whole: Item) -> None:
    more, at = "", whole.at
    counted = part.n is not None and whole.n is not None
    begin = case.text.passages[told.passage].start
    if counted and _EVENTS.match(told.words, part.end - begin) and not _EVENTS.match(told.words, whole.end - begin):
        return  # patients may have several events
    if counted and part.total in (None, whole.total) and (part.n or 0) > (whole.n or 0):
        more = f"{part.n} is more than {whole.n}"
    elif part.share is not None and whole.share is not None and part.share.low > whole.share.high_cut:
        more, at = f"{part.share.text} % is more than {whole.share.text} %", whole.share_at or whole.at
    if more and not is_told(case, part.at):
        said = f"{more}, yet these grades are among those, if both are of the same event."
        tell(case, case.text.passages[told.passage], "subset", [part.at, at], "error-if", said, "part <= whole")


def _compare_with_all(case: Case, told: Told, whole: _Graded, others: list[_Graded]) -> None:
    """`Grade 3-4 events in 46 (grade 3 in 31, grade 4 in 9)`: who had one of either grade had one of them."""
    parts = [x for x in others if x.grades < whole.grades and x.item is not whole.item and _of_one_event(x, whole)]
    held = [g for x in parts for g in x.grades]
    if len(parts) < _TWO or len(held) != len({*held}) or frozenset(held) != whole.grades:
        return
    items = [x.item for x in parts]
    if any(x.n is None or x.total not in (None, whole.item.total) for x in (whole.item, *items)):
        return
    counts, most = [x.n or 0 for x in items], whole.item.n or 0
    if sum(counts) >= most or is_told(case, whole.item.at):
        return
    said = f"{' + '.join(map(str, counts))} = {sum(counts)}: no more had one of these grades, yet {most} are told."
    at = [whole.item.at, *(x.at for x in items)]
    tell(case, case.text.passages[told.passage], "sum", at, "error-if", said, "grades")


_IT = re.compile(r"\W*(?:it|this|these|they) (?:was|were) (?:of )?grade")
_ANY_GRADE = re.compile(r"\b(?:any|all)[- ]grades?\b")


def _compare_with_the_sentence_before(case: Case, told: Told, part: _Graded) -> None:
    """`Neuropathy was reported by 60%; grade 3 neuropathy was reported by 66%`."""
    if told.passage == 0 or not (part.words or _IT.match(told.words)):
        return
    before = told_in(case, told.passage - 1)
    same = case.text.passages[told.passage - 1].paragraph == case.text.passages[told.passage].paragraph
    graded = "grade" in _ANY_GRADE.sub("", before.words)
    if not same or len(before.items) != 1 or graded or _GROUP.search(told.words + before.words):
        return
    if part.words <= _words(before.gaps[0]):
        _compare(case, told, part.item, before.items[0])
