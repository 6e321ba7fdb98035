"""Names in one list and their numbers in another, put side by side: `gum, patch or spray (31, 33 and 42)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["told_in_order"]

_SIZE = r"(?:[nN] ?= ?)?\d[\d,]*(?<!,)"
_COUNTS = re.compile(
    rf"\((?P<all>{_SIZE}(?:, {_SIZE})*,? and {_SIZE})(?P<said>,? (?:respectively|in (?:this|that) order))?\)"
)
_NUMBER = re.compile(r"\d[\d,]*(?<!,)")
_JOINED = re.compile(r" (?:and|or) ")
_ENDS = re.compile(r"[;:()\[\]%]|\.\s|\b(?:respectively|between|both|either)\b")
_PUT = re.compile(r"\b(?:random\w*|assign\w*|allocat\w*|allott?ed|divided|split|stratified|grouped|classified)\b")
_UNIT = re.compile(r"(?P<n>\d[\d.]*|one|two|three|four|five|six)(?P<noun> ?[a-z][a-z/-]*)")
_BARE = re.compile(r"\d[\d.]*|one|two|three|four|five|six")
_REACH, _LONGEST, _SHORTEST, _PAIR = 140, 5, 3, 2
"""Characters before the bracket that may hold the names; words of a name at most, and of what leads to the first."""

_RESPONSE = (
    r"(?:(?i:(?:overall |objective |best |confirmed |complete |partial |major |clinical )*response"
    r"|complete|overall|objective|disease control|clinical benefit)|ORR|DCR|CBR|CRR|CR|PR)"
)
_RATES = re.compile(
    rf"\b(?P<first>{_RESPONSE})(?: rate)?(?: \([A-Z+ ]+\))?(?P<joined> and )(?:the "
    rf")?(?P<second>{_RESPONSE})(?P<rates> rates?)?(?: \([A-Z+ ]+\))?"
    r"(?P<middle>(?: (?!(?:was|were|of|and|or|but)\b)[A-Za-z][\w-]*){0,6}?)"
    r" (?P<verb>were|was|of) (?P<a>\d[\d.]*)(?P<cut> ?%? and )(?P<b>\d[\d.]*) ?%"
    r"(?P<said>,? (?:respectively|in (?:this|that) order))?(?= [a-z(]|[,.;)]|$)"
)
"""`Response and disease control rates were 48% and 79%`."""

_AND_RATE = re.compile(rf" and (?:the )?{_RESPONSE}")
_NO_NOUN = re.compile(r"complete|overall|objective", re.IGNORECASE)


_ITEM = r"[A-Za-z≥>≤<][^,;.:()\[\]\d%\n]{0,32}?[ :] ?\d{1,2}(?:\.\d+)?"
_PERCENT = r"(?:%|per ?cent)"
_OF_HUNDRED = re.compile(
    rf"(?P<head> \({_PERCENT}\)|, {_PERCENT})(?P<colon>:) (?P<list>{_ITEM}(?:(?:[,;]| and|,? and) "
    rf"{_ITEM}){{2,8}})(?=[.;\n]|$)"
)
"""`Site (%): colon 55, rectum 38, other 7`."""
_HEADS = ("%:", "%):", "cent:", "cent):")
"""One of which such a list has."""
_LAST_SHARE = re.compile(rf" and {_ITEM} ?{_PERCENT}(?![- ]point)")
_SHARED = re.compile(rf"(?P<list>(?<![\w-]){_ITEM}(?:, {_ITEM}){{1,8}}) and {_ITEM} ?{_PERCENT}(?![- ]point)")
"""`stage I 18, II 37 and III 45 per cent`."""
_LIST = 330
"""Characters that such a list has at most."""
_LAST_NUMBER = re.compile(r"\d{1,2}(?:\.\d+)?(?=[,;]| and|$)")


def told_in_order(text: str) -> list[Edit]:
    """Edits that put each number of a list behind its name in the list before it.

    Examples
    --------
    >>> [e.new for e in told_in_order("They got 4, 6 or 8 courses (15, 14 and 17, respectively).")]
    [' courses (n = 15)', ' courses (n = 14)', ' (n = 17)']
    """
    edits = []
    for m in _COUNTS.finditer(text) if "and" in text else ():
        edits += _counts(text, m)
    for m in _RATES.finditer(text) if "%" in text and _AND_RATE.search(text) is not None else ():
        edits += _rates(m)
    if "%" in text or "cent" in text:
        for m in _OF_HUNDRED.finditer(text) if any(map(text.__contains__, _HEADS)) else ():
            edits += [Edit(*m.span("head"), "")]
            edits += [Edit(n.end(), n.end(), "%") for n in _LAST_NUMBER.finditer(text, *m.span("list"))]
        begin = 0
        for last in _LAST_SHARE.finditer(text):
            m = _SHARED.search(text, max(begin, last.start() - _LIST), last.end())
            if m is not None:
                edits += [Edit(n.end(), n.end(), "%") for n in _LAST_NUMBER.finditer(text, *m.span("list"))]
                begin = m.end()
    edits.sort(key=lambda e: e.start)
    return [e for k, e in enumerate(edits) if not k or e.start >= edits[k - 1].end]


def _counts(text: str, m: re.Match[str]) -> list[Edit]:
    numbers = list(_NUMBER.finditer(text, *m.span("all")))
    if len(numbers) == _PAIR and not (m["said"] or "=" in m["all"]):
        return []
    stop = m.start() - (text[: m.start()][-1:] == " ")
    begin = max(0, stop - _REACH)
    begin = max((x.end() for x in _ENDS.finditer(text, begin, stop)), default=begin)
    ends = _ends_of_names(text, begin, stop, len(numbers))
    if not ends or (len(ends) == _PAIR and " or " in text[ends[0] : stop] and not _PUT.search(text, begin, ends[0])):
        return []  # `had hypertension or diabetes (15 and 92, respectively)`: at least one of both
    noun = _noun(text, ends, stop)
    edits = []
    for end, n in zip(ends, numbers, strict=True):
        ahead = f"{'' if end is ends[-1] else noun} (n = "
        edits.append(Edit(end, end, f"{ahead}{n[0]})", max(0, n.start() - len(ahead))))
    last = edits.pop()
    return [*edits, Edit(stop, m.end(), last.new, last.origin)]


def _ends_of_names(text: str, begin: int, end: int, many: int) -> list[int]:
    """Where each of so many names ends; none where the words before the bracket are no such list."""
    joined = list(_JOINED.finditer(text, begin, end))
    if not joined:
        return []
    last = joined[-1]
    ends = [end, last.start() - text.startswith(",", last.start() - 1)]
    while len(ends) < many:
        comma = text.rfind(", ", begin, ends[-1])
        if comma < 0:
            return []
        ends.append(comma)
    pieces = [text[ends[k + 1] : ends[k]] for k in range(many - 1)]
    another = text.rfind(", ", begin, ends[-1])  # of a list of more names, or of the words before it
    if any(len(x.split()) > _LONGEST for x in pieces) or (
        another >= 0 and len(text[another + 2 : ends[-1]].split()) <= _SHORTEST
    ):
        return []
    return ends[::-1]


def _noun(text: str, ends: list[int], stop: int) -> str:
    """The noun that numbers in the place of names share: `4, 6 or 8 courses`."""
    last = _UNIT.fullmatch(text[ends[-2] : stop].lstrip(" ,").removeprefix("or ").removeprefix("and "))
    head = text[max(0, ends[0] - 8) : ends[0]].split()[-1:]
    return last["noun"] if last is not None and head and _BARE.fullmatch(head[0]) else ""


def _rates(m: re.Match[str]) -> list[Edit]:
    rate = " rate" if m["rates"] else ""
    shared = " response" if m["second"].endswith("response") and _NO_NOUN.fullmatch(m["first"]) else ""
    ahead = f"{shared}{rate} was "
    edits = [Edit(m.start("joined"), m.start("joined"), f"{ahead}{m['a']}%", m.start("a") - len(ahead))]
    if m["rates"]:
        edits.append(Edit(*m.span("rates"), rate))
    edits.append(Edit(m.start("verb"), m.start("b"), "was "))
    return [*edits, *([Edit(*m.span("said"), "")] if m["said"] else [])]
