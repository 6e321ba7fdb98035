"""Lists of counts behind a count, with the name of each part: `19 patients: grade 1 in 7, grade 2 in 11`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from codon12.check.verify.case import Case

__all__ = ["Listed", "Number", "lists_in", "lists_of"]

_COUNT = re.compile(
    r"(?<![\w.,/:+-])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\s?[%/]|[-:]\d|\+)"
    r"(?P<share> ?[(\[](?:\d+(?:\.\d+)?) ?%[)\]])?"
)
_NAMED = re.compile(
    r"\b(?:grades?|gr|stages?|phases?|cohorts?|arms?|groups?|parts?|weeks?|days?|months?|cycles?|levels?|types?|lines?|"
    r"versions?|scores?|ECOG(?: PS)?|PS|status|table|figure|codon|exon|age[sd]?|CTCAE|than|least|most|>=|<=|[<>=≥≤])"
    r" ?(?:of )?(?P<n>\d+)(?:-\d)?[a-c]?(?![\d.,]*\d|\w)|\b(?P<m>\d+)(?= or (?:more|fewer|less|greater)\b)|"
    r"(?P<r>\d+(?::\d+)+)",
    re.IGNORECASE,
)
"""Numbers that name something or bound it, and count nothing; `n = 7` is read before."""
_RINGED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
"""Digits of names, so that no pattern takes them for counts."""
_UNIT = re.compile(
    r"^ ?-?(?:mg|kg|g|Gy|cGy|µg|mcg|mL|ml|mm|cm|months?|weeks?|days?|years?|hours?|minutes?|cycles?|fractions?|"
    r"courses?|times|fold|doses?|cent(?:er|re)s?|sites?|hospitals?|countries|institutions|trials|studies|arms|groups|cohorts|"
    r"(?:dose )?(?:levels?|cohorts?)|percentage|points?|x|AUC|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)\b"
    r"|^(?:[a-z]+ ){0,2}(?:cohorts|levels|groups|arms|cent(?:er|re)s)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:\d\d?,? )?$"
    r"|\b(?:aged?|ages)(?: of| between| from)? (?:\d+ (?:and|to) )?$"
)
_BEFORE_YEAR = re.compile(r"\b(?:in|since|until|and|to|from|between) $")
_SIZED = re.compile(r"[nN] ?= ?$")
_HELD = re.compile(
    r"\b(?:patients?|participants?|subjects?|individuals?|adults?|children|wom[ae]n|m[ae]n|people|pts|persons?|cases?|"
    r"deaths?|events?|responses?|responders|withdrawals?|tumou?rs?|samples?|specimens?|relapses?|recurrences?|"
    r"progressions?|infants|survivors|lesions|metastases|irAEs?)\b"
    r"|^(?: who)?(?: had| were| was)? (?:died|withdrew|stopped|discontinued|excluded|ineligible|dropped|"
    r"relapsed|responded|"
    r"progressed|recurred|randomi[sz]ed|enrolled|included|treated|evaluable|eligible|analy[sz]ed|"
    r"(?:for|in) (?:the )?(?:final )?analys[ei]s)\b",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"^(?P<noun>[^.;:()]{0,110}?)(?:: ?|, | \(|\(| - | — )(?:with |including |comprising |consisting of |"
    r"of (?:whom|which|these) |namely |i\.e\.,? |as )?(?P<lead>[^.;:(){}]{0,45}?)$"
)
_TO_ARMS = re.compile(r"^(?P<noun>[^.;]{0,170}?\b(?:to|into|in|received|receive)\b)(?P<lead>[^.;:()]{1,60}) ?\($")
_BETWEEN = re.compile(
    r"^(?P<label>[^.:()\d]{0,80})[)\]]?(?P<sign>, and |, or |; and |, | and | or | vs\.? | versus |; )"
    r"(?P<next>[^.:;,()\d]{0,60}?)[(\[]?$"
)
_AFTER = re.compile(r"^[)\]]?(?P<label>[^.;:,()\d]{0,80})")
_CODE = re.compile(r"\b[A-Za-z]+-?\d[\w-]*")
"""Names with figures in them: `G12C`, `CD8`, `PD-1`."""
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""Words in brackets: those without a count are passed over."""
_MOST_PARTS, _LONGEST, _WHOLE_AND_TWO = 8, 60, 3


class Number(msgspec.Struct, frozen=True, gc=False):
    """A whole number that counts something, and where it stands."""

    n: int
    start: int
    end: int
    sized: bool
    """Whether it is written `n = 7`."""


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A count, the counts listed behind it with their names, and the words around them."""

    whole: Number
    parts: tuple[Number, ...]
    sentence: tuple[Number, ...]
    """All numbers of the sentence that count something."""
    labels: tuple[str, ...]
    before: str
    """Words before the whole."""
    noun: str
    """Words behind the whole that say what it counts."""
    opened: str
    """All words between the whole and its first part."""
    behind: str
    """Words behind the last part, its name first."""
    rest: str
    """Words behind the name of the last part."""


def _numbers(flat: str, start: int, end: int) -> list[Number]:
    """Whole numbers of a sentence that count something."""
    named = {m.start(m.lastgroup or 0) for m in _NAMED.finditer(flat, start, end)}
    out = []
    for m in _COUNT.finditer(flat, start, end):
        sized = _SIZED.search(flat, max(start, m.start() - 5), m.start()) is not None
        n = int(m["n"].replace(",", ""))
        if not sized and (
            m.start("n") in named or (m["share"] is None and _UNIT.match(flat[m.end("n") : m.end("n") + 40]))
        ):
            continue
        ahead = flat[max(start, m.start() - 24) : m.start()]
        year = 1900 <= n <= 2100 and "," not in m["n"] and _BEFORE_YEAR.search(ahead) is not None
        if year or _MONTH.search(ahead):
            continue
        out.append(Number(n, m.start("n"), m.end(), sized))
    return out


def lists_of(case: Case, passage: int) -> list[Listed]:
    """The lists of a sentence of a text under examination, its numbers in words as figures; found once."""
    found = case.lists.get(passage)
    if found is None:
        p = case.text.passages[passage]
        found = case.lists[passage] = list(lists_in(case.figures, p.start, p.end))
    return found


def lists_in(flat: str, start: int, end: int) -> Iterator[Listed]:
    """Every count of a sentence with the counts listed right behind it."""
    numbers = _numbers(flat, start, end)
    if len(numbers) < _WHOLE_AND_TWO:
        return
    counted = [x.start - start for x in numbers]
    masked = _NAMED.sub(lambda m: m[0].translate(_RINGED), flat[start:end])
    masked = _CODE.sub(lambda m: m[0].translate(_RINGED), masked)
    masked = _ASIDE.sub(lambda m: m[0] if any(m.start() < at < m.end() for at in counted) else " " * len(m[0]), masked)

    def text(a: int, b: int) -> str:
        return masked[a - start : b - start]

    k = 0
    while k + 2 < len(numbers):
        whole, first = numbers[k], numbers[k + 1]
        opened = _OPENED.match(_no_size(text(whole.end, first.start))) or _TO_ARMS.match(
            _no_size(text(whole.end, first.start))
        )
        if opened is None or whole.sized or not _holds(opened):
            k += 1
            continue
        parts, labels, lead = [first], [], opened["lead"]
        for after in numbers[k + 2 : k + 2 + _MOST_PARTS]:
            between = _BETWEEN.match(_no_size(text(parts[-1].end, after.start)))
            if between is None or (between["sign"].startswith(";") and not after.sized):
                break
            labels.append(_label(lead, between["label"]))
            lead = between["next"]
            parts.append(after)
        if len(parts) < 2:
            k += 1
            continue
        tail = _AFTER.match(text(parts[-1].end, end))
        rest = tail["label"] if tail else ""
        labels.append(_label(lead, rest))
        behind = text(parts[-1].end, end)
        yield Listed(
            whole, tuple(parts), tuple(numbers), tuple(labels), text(start, whole.start), opened["noun"],
            text(whole.end, first.start),
            behind[: _LONGEST + len(rest)], behind[len(rest) : _LONGEST + len(rest)]
        )  # fmt: skip
        k += len(parts)


def _holds(opened: re.Match[str]) -> bool:
    """Whether the words behind a number say that it counts what may have parts, or a sign opens a list."""
    noun = opened["noun"].strip()
    return _HELD.search(opened["noun"]) is not None if noun else opened[0].lstrip().startswith(("(", ":"))


def _no_size(text: str) -> str:
    """Words before a number without the `, n = ` right before it."""
    found = _SIZE.search(text)
    return text if found is None else text[: found.start()] + found["open"]


_SIZE = re.compile(r"(?P<open>\(?)(?:,? ?)[nN] ?= ?$")


def _label(before: str, behind: str) -> str:
    """The name of a part: what stands before its number (`grade 2 in`), or else behind it."""
    before = re.sub(r"\b(?:in|to|with|of|and|or|the|other|had)\b", " ", before).strip(" ,;(")
    return before if len(before) > 2 else behind.strip(" ,;()[]")
