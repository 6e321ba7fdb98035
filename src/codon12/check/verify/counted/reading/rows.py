"""Rows of like counts in a sentence, found by what stands between them: `61 clear cell, 48 papillary and 19 others`.

Each count of a row has its words behind it, before it, or in front of the bracket it stands in; or there are no words.
What stands between two of them is those words and one sign of a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from codon12.check import patterns as re
from codon12.check.verify.case import Case

__all__ = ["Row", "rows_between", "sentence_behind"]

Form = Literal["bare", "behind", "ahead", "bracket"]
"""Where the words of each number stand."""
_SIGN = r"(?:,|;|,? and|;? or|,? or|; and|,? plus|,? & ?)"
_WORDS = r"(?P<w>[^,;:()\d%]{1,70}?)"
_UNIT = r"(?: ?%)?(?: (?:cases|patients|women|men|children|participants|subjects|tumou?rs|eyes|pts|of them|of cases))?"
_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("bare", re.compile(rf"^(?: ?%)?{_SIGN} +$")),
    ("bracket", re.compile(rf"^(?: ?%)? ?[)\]]{_SIGN} {_WORDS},? ?[(\[]?(?:n ?= ?)?$")),
    ("ahead", re.compile(rf"^{_UNIT}{_SIGN} {_WORDS},?:? $")),
    (
        "behind",
        re.compile(rf"^(?: ?%)? {_WORDS}(?:,|;|,? and|,? or|,? plus) (?:the (?:other|remaining) |another |the )?$"),
    ),
)
_STOPS = re.compile(
    r"\b(?:wh(?:o|om|ich|ose)|that|while|whereas|but|after|before|then|than|vs|versus|compared|because|although|later|"
    r"again|also|including|hence|thus|so|giving|total|altogether|in all|together|overall|out of|of the|leaving|"
    r"follow\w+|since)\b|\. ",
    re.IGNORECASE,
)
_SOME_OF_THEM = re.compile(r"of (?:whom|which|these|them|those)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:were|was|are|is|had|has|have|did|received|underwent|died|developed|showed|(?<!as )(?:needed|required)|took|"
    r"got|became|remained|completed|discontinued|withdrew|responded|experienced|reported|used|met|gave|went|came)\b",
    re.IGNORECASE,
)


_OF = re.compile(r"\W*(?:Of|Among|From|Out of)(?: the| these| all| our| a total of)* $")
"""Before a number that the others are of."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """Numbers of one row: the first and the last of them, and the words of each but those that stand outside."""

    first: int
    last: int
    form: Form
    inner: tuple[str, ...]
    """Words between one number and the next, in order."""


def rows_between(gaps: Sequence[str]) -> list[Row]:
    """The longest rows among numbers; ``gaps[k]`` stands before number ``k``, the last gap behind all.

    Examples
    --------
    >>> gaps = ["We saw ", " tumours: ", " clear cell, ", " papillary and ", " mixed."]
    >>> [(r.first, r.last, r.form) for r in rows_between(gaps)]
    [(1, 3, 'behind')]
    """
    out: list[Row] = []
    k = 0
    while k + 2 < len(gaps):
        if _OF.match(gaps[k]):
            k += 1
            continue
        row = max((_row(gaps, k, form, pattern) for form, pattern in _FORMS), key=lambda r: r.last)
        if row.last > k:
            out.append(row)
        k = max(row.last, k + 1)
    return out


def _row(gaps: Sequence[str], first: int, form: Form, pattern: re.Pattern[str]) -> Row:
    """The row of one form that begins with a number; it may be that number alone."""
    inner: list[str] = []
    last = first
    for gap in gaps[first + 1 : -1]:
        m = pattern.match(gap)
        if m is None or (words := _words(m, first=last == first and form == "behind")) is None:
            break
        inner.append(words)
        last += 1
    if (
        form == "behind"
        and last > first
        and _VERB.search(gaps[last + 1][:_NEAR].split(")" if gaps[first].endswith("(") else ",")[0])
        and not _same_verb(inner, gaps[last + 1])
    ):
        last, inner = last - 1, inner[:-1]
    return Row(first, last, form, tuple(inner))


_NEAR = 40
"""Characters behind the last number in which a verb of its own would stand."""


def _words(m: re.Match[str], *, first: bool) -> str | None:
    """The words of one number, or None where they begin another statement; the first may have the verb of all."""
    words = m.groupdict().get("w") or ""
    some = _SOME_OF_THEM.match(words)
    if (some and not first) or _STOPS.search(words[some.end() :] if some else words):
        return None
    return None if not first and _VERB.search(words) else words


def _same_verb(inner: Sequence[str], tail: str) -> bool:
    """Whether the last has the verb of the first: `40 were mild, 12 were severe`."""
    a, b = _VERB.search(inner[0]), _VERB.search(tail)
    return a is not None and b is not None and a[0] == b[0]


_LONGEST = 240
_END = re.compile(r"\n\s*\n|[.;] (?=[A-Z])|\.$|\.\n")


def sentence_behind(case: Case, passage: int) -> str:
    """The sentence that follows a passage in its paragraph, whether it has figures or not."""
    passages, text = case.text.passages, case.text.normal.text
    start = passages[passage].end
    end = min(start + _LONGEST, len(text))
    if passage + 1 < len(passages) and passages[passage + 1].table is not None:
        end = min(end, passages[passage + 1].start)
    rest = text[start:end]
    lead = len(rest) - len(rest.lstrip(" "))
    found = _END.search(rest, lead)
    return " " + (rest if found is None else rest[: found.end()]).replace("\n", " ")
