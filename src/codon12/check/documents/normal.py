"""One spelling for the many ways print writes a number, with the way back to the characters as given."""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.asides import asides_in
from codon12.check.documents.cells_alike import cells_alike
from codon12.check.documents.flattened.cells import Edit
from codon12.check.documents.flattened.parted import with_tabs
from codon12.check.documents.flattened.rows import rows_again
from codon12.check.documents.flattened.upright import rows_upright
from codon12.check.documents.flattened.wrapped import rows_unwrapped
from codon12.check.documents.markup import markup_in
from codon12.check.documents.numerals import between_thousands, in_one_spelling
from codon12.check.documents.shorthand import in_full
from codon12.check.documents.told_ahead import told_ahead
from codon12.check.documents.told_in_order import told_in_order

__all__ = ["A_NUMBER", "Normal", "normalise"]

A_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*")
"""Of no word: not the 2 of `CA2`."""

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x00-\x08\x0b\x0c\x0e-\x1c\x1e\x1f\x7f\ufffd"
_DASHES = "\u2010-\u2013\u2212\ufe58\ufe63\uff0d"
_SUPERSCRIPTS = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"

_CHANGES = re.compile(
    r"(?=[^\x20-\x2c\x2e-\x7e\n\t])(?:"  # plain characters, nearly all, are passed over at once
    rf"(?P<broken>(?<=[a-z])[-\u00ad{_DASHES}][ \t]{{0,8}}\r?\n[ \t]{{0,8}}(?=[a-z]))"
    rf"|(?P<gone>[{_INVISIBLE}]+)"
    r"|(?P<power>(?<=10)\u207b[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)"
    r"|(?P<twice>(?<=[0-9])--(?=[0-9]))"
    r"|(?P<point>(?<=[0-9])[\u00b7\u2219\u22c5\u2027](?=[0-9]))"
    rf"|(?P<dash>[{_DASHES}])"
    rf"|(?P<space>[{_SPACES}])"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    rf"|(?P<raised>[{_SUPERSCRIPTS}]+(?:[,\u2013-][{_SUPERSCRIPTS}]+)*)"
    r"|(?P<line>\r\n?)"
    r"|(?P<wide>[\uff01-\uff5e\u0660-\u0669\u06f0-\u06f9\u0966-\u096f])"
    r"|(?P<leq>\u2a7d|\u2266)|(?P<geq>\u2a7e|\u2267))"
)


class Normal(msgspec.Struct, frozen=True):
    """Text in one spelling; ``origin`` gives back the offset in the text as given."""

    text: str
    given: str
    _at: array[int]
    _from: array[int]
    numbers_aside: int = 0
    """Numbers of what is told by the way (`(Figure 2A)`), which the normal text has no more."""

    def origin(self, offset: int) -> int:
        """Offset in the given text of the character at `offset` in the normal text."""
        i = bisect_right(self._at, offset) - 1
        after = self._from[i + 1] - 1 if i + 1 < len(self._from) else len(self.given)
        if after < self._from[i]:  # what follows was moved there from further ahead
            after = len(self.given)
        return min(self._from[i] + offset - self._at[i], after)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the given text of the normal text from `start` to before `end`."""
        if end <= start:
            return self.origin(start), self.origin(start)
        last = self.origin(end - 1) + 1
        if self.text[end - 1].isalpha() and not self.text[end : end + 1].isalpha():  # a longer word stood there
            while self.given[last : last + 1].isalpha() and last < self.origin(end):
                last += 1
        return self.origin(start), last

    def edited(self, edits: Iterable[Edit]) -> Normal:
        """A text with edits in order made; what is new stands where the characters it replaces, or follows, stood."""
        edits = list(edits)
        whole = _replaced(self.text, [e for e in edits if len(e.new) == e.end - e.start])
        edits = [e for e in edits if len(e.new) != e.end - e.start]
        if not edits:
            return msgspec.structs.replace(self, text=whole)
        pieces: list[str] = []
        at, origins = array("I"), array("I")
        length = done = 0
        old = 0

        def keep(end: int) -> None:
            nonlocal length, old
            while old < len(self._at) and self._at[old] < end:
                if self._at[old] > done:
                    at.append(length + self._at[old] - done)
                    origins.append(self._from[old])
                old += 1
            pieces.append(whole[done:end])
            length += end - done

        for edit in edits:
            if edit.start > done or not at:
                at.append(length)
                origins.append(self.origin(done))
                keep(edit.start)
            if edit.new:
                at.append(length)
                stood = edit.start if edit.origin is None else edit.origin
                origins.append(self.origin(min(stood, len(self.text) - 1)))
                pieces.append(edit.new)
                length += len(edit.new)
            done = edit.end
        at.append(length)
        origins.append(self.origin(min(done, len(self.text) - 1)))
        keep(len(self.text))
        return Normal("".join(pieces), self.given, at, origins, self.numbers_aside)


def _replaced(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made that leave its length, and so all offsets, as they are."""
    pieces, done = [], 0
    for e in edits:
        pieces += [text[done : e.start], e.new]
        done = e.end
    return "".join([*pieces, text[done:]])


def _raised(text: str, before: str) -> str:
    """A raised figure is a citation, except in a unit (m²) or a power of ten."""
    if before == "m" and text in "\u00b2\u00b3":
        return unicodedata.normalize("NFKC", text)
    return ""


class _Compounds:
    """Which words that a line breaks at a hyphen keep it: `treatment-related`, not `pa-tients`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: Counter[str] | None = None

    def has(self, end: int, start: int) -> bool:
        """Whether the hyphen from `end` to `start` is one of print: the text has it elsewhere, or the parts alone."""
        first, second = _BEFORE.search(self._text, max(0, end - _LONGEST), end), _AFTER.match(self._text, start)
        if first is None or second is None:
            return False
        if self._words is None:
            self._words = Counter(_PRINTED.findall(self._text.lower()))
        a, b = first[0].lower(), second[0].lower()
        if self._words[a + b]:
            return False
        if self._words[f"{a}-{b}"]:
            return True
        # the broken halves are counted themselves
        return len(b) > 2 and len(a) > 2 and self._words[a.rsplit("-", 1)[-1]] > 1 and self._words[b] > 1


_LONGEST = 30
_BEFORE = re.compile(r"[A-Za-z][A-Za-z-]*$")
_AFTER = re.compile(r"[a-z]+")
_PRINTED = re.compile(r"[a-z]+(?:-[a-z]+)*")


def normalise(text: str) -> Normal:
    r"""Bring dashes, mid-dots, spaces, ligatures and digits to one spelling and join hyphenated lines.

    Runs once over the text, in time proportional to its length. Nothing else is changed: what is not named
    above keeps its characters, and every character knows where it stood.

    Examples
    --------
    >>> n = normalise("median 3\u00b77 months (3\u00b72\u20134\u00b72) in 12 pa-\ntients")
    >>> n.text
    'median 3.7 months (3.2-4.2) in 12 patients'
    >>> start = n.text.index("patients")
    >>> n.given[slice(*n.span(start, start + 8))]
    'pa-\ntients'
    """
    pieces: list[str] = []
    at, origins = array("I", (0,)), array("I", (0,))
    length = done = 0

    def put(piece: str, origin: int) -> None:
        nonlocal length
        if not piece:
            return
        if at[-1] == length:
            origins[-1] = origin
        else:
            at.append(length)
            origins.append(origin)
        pieces.append(piece)
        length += len(piece)

    for e in _spellings(text):
        if e.start < done:
            continue  # inside what is left out
        if e.start > done:
            put(text[done : e.start], done)
        put(e.new, e.start)
        done = e.end
    if done < len(text):
        put(text[done:], done)
    normal = Normal(in_one_spelling(with_tabs("".join(pieces))), text, at, origins)
    for edits_of in (in_full, asides_in, told_in_order, told_ahead):
        if edits := _outside_columns(normal.text, list(edits_of(normal.text))):
            aside = _numbers_less(normal.text, edits) if edits_of is asides_in else normal.numbers_aside
            normal = msgspec.structs.replace(normal.edited(edits), numbers_aside=aside)
    for edits_of in (rows_unwrapped, rows_again, cells_alike, rows_upright):
        if edits := edits_of(normal.text):
            normal = normal.edited(edits)
    return normal


def _numbers_less(text: str, edits: list[Edit]) -> int:
    """How many numbers edits leave out; what they move is there as before."""
    return sum(len(A_NUMBER.findall(text, e.start, e.end)) - len(A_NUMBER.findall(e.new)) for e in edits)


def _spellings(text: str) -> Iterator[Edit]:
    """Edits, in order, that bring what is printed to one spelling."""
    compounds = _Compounds(text)
    changes: Iterable[re.Match[str]] = _CHANGES.finditer(text)
    if "  " in text:
        changes = merge(changes, _wide_gaps(text), key=lambda m: m.start())
    edits = (Edit(m.start(), m.end(), _spelled(m, text, compounds)) for m in changes)
    marks = markup_in(text)
    return merge(marks, edits, key=lambda e: e.start) if marks else edits


def _spelled(m: re.Match[str], text: str, compounds: _Compounds) -> str:
    match m.lastgroup:
        case "point":
            return "."
        case "dash" | "twice":
            return "-"
        case "space":
            return "," if between_thousands(text, m.start(), m.end()) else " "
        case "line":
            return "\n"
        case "leq":
            return "\u2264"
        case "geq":
            return "\u2265"
        case "ligature" | "wide":
            return unicodedata.normalize("NFKC", m[0])
        case "broken":
            return "-" if compounds.has(m.start(), m.end()) else ""
        case "power":
            return "^-" + unicodedata.normalize("NFKC", m[0][1:])
        case "raised":
            return _raised(m[0], text[m.start() - 1] if m.start() else "")
        case _:
            return ""


_COLUMNS = re.compile(r"\S {3,}\S")


def _outside_columns(text: str, edits: list[Edit]) -> list[Edit]:
    """Edits of lines that no spaces part into columns: there a word of another length would move the cells."""
    if not edits or "   " not in text:
        return edits
    out, line, columns = [], (0, -1), False
    for e in edits:
        if not line[0] <= e.start <= line[1]:
            end = text.find("\n", e.start)
            line = text.rfind("\n", 0, e.start) + 1, len(text) if end < 0 else end
            columns = _COLUMNS.search(text, *line) is not None
        if not columns:
            out.append(e)
    return out


_GAP = re.compile(r"(?<=\S) {2}(?=\S)")
_WIDE_GAP = re.compile(r"(?<=[a-z,;:] ) (?=[a-z(])|(?<=[.] ) (?=[A-Z])")
_WORD = re.compile(r"\b[a-z]{2,}\b")
_FEWEST_WORDS, _FEWEST_OF_A_SENTENCE = 7, 1


def _wide_gaps(text: str) -> Iterator[re.Match[str]]:
    """The second of two spaces between words of running text: a line of prose, no row of cells set apart."""
    done = 0
    for gap in _GAP.finditer(text):
        if gap.start() < done:
            continue  # a line that was looked at
        start, end = text.rfind("\n", 0, gap.start()) + 1, text.find("\n", gap.end())
        done = len(text) if end < 0 else end
        line = text[start:done].strip()
        fewest = _FEWEST_WORDS if not line.endswith((".", ";")) else _FEWEST_OF_A_SENTENCE
        if "   " in line or "\t" in line or "|" in line or len(_WORD.findall(line)) < fewest:
            continue
        yield from _WIDE_GAP.finditer(text, start, done)
