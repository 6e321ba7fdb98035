"""What each number of a sentence counts, by the words beside it: `96 discontinued`, `partial response in 42`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from codon12.check import patterns as re
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Counted", "counted_in", "everybody_in"]

_PEOPLE = (
    r"(?:patients?|participants?|subjects?|individuals?|adults?|children|women|men|people|persons?|pts|cases?|infants?|"
    r"adolescents|volunteers|tumou?rs)"
)
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d+"
_NUMBER = re.compile(
    rf"(?<![\w.,/:+≥≤<>-])(?P<n>{_WHOLE})(?![\d.,]*\d| ?[%/]|[-:]\d|-[a-z]|\+|[A-Za-z])"
    r"(?P<of>(?: of(?: the| these| all)? \d+(?![\d.,]*\d| ?%)))?"
    r"|(?<![\w.,/:+≥≤<>-])(?P<p>\d+(?:\.\d+)?) ?%"
)
_SHARE = r"(?: ?[(\[]\d+(?:\.\d+)? ?%[^()\[\]]{0,40}[)\]])?"
_AE = r"(?:(?:treatment|drug)[- ](?:related|emergent) |related |serious )?(?:adverse )?(?:events?|reactions?)"
_ROLES = {
    "CR": r"(?:confirmed )?complete (?:responses?|remissions?)(?: \(CRs?\))?|CRs?|complete(?=,? (?:and|or) $)|"
    r"complete(?: one)?(?= (?:in|and)\b| \(|[.,;)])",
    "PR": r"(?:confirmed )?partial (?:responses?|remissions?)(?: \(PRs?\))?|PRs?|partial(?: ones?)?(?= (?:in|"
    r"and)\b| \(|"
    r"[.,;)])",
    "SD": r"stable disease(?: \(SD\))?|SD",
    "PD": r"progressive disease(?: \(PD\))?|disease progression|PD",
    "response": (
        r"(?:had (?:an? )?|achieved (?:an? )?|with (?:an? )?)?(?:confirmed )?(?:objective|overall) responses?"
        r"(?: \(ORR?\))?|responders|responded|(?:had|achieved) a(?: confirmed)? response|(?:confirmed )?responses|ORR"
    ),
    "no response": r"non-?responders|did not respond",
    "men": r"men|males?|male (?:patients|participants|sex)",
    "women": r"women|females?|female (?:patients|participants|sex)",
    "left": (
        r"(?:had )?(?:permanently )?discontinued(?: (?:the )?(?:study |trial )?(?:treatment|therapy|drug|study|trial))?"
        r"|withdrew|(?:had )?(?:been )?withdrawn|(?:had )?stopped(?: it| treatment| therapy)?|(?:were )?off "
        r"(?:study|treatment|therapy)"
        r"|left the study"
    ),
    "stayed": (
        r"(?:still )?(?:remain\w*|continue[ds]?|are|were|was|is)(?: still)? (?:on|in) (?:the )?(?:study|trial|"
        r"treatment|"
        r"therapy|drug)|(?:still )?(?:receiv(?:ing|e)|continu\w+) (?:the )?(?:study |trial )?(?:treatment|therapy|drug)"
        r"|(?:still )?on treatment|still (?:on|receiving)|(?:have|had) ongoing treatment"
    ),
    "alive": r"(?:were |are |remained |remain )?(?:still )?alive",
    "dead": r"(?:had |have )?died|(?:were |are )dead|deaths?",
    "excluded": (
        r"failed(?: (?:the )?screening)?(?! (?:treatment|therapy|chemotherapy|prior|previous|to|on|with)\b)|"
        r"screen(?:ing)? failures?|(?:were |was )?(?:excluded|ineligible|not eligible|"
        r"not (?:enrolled|randomi[sz]ed|included|treated))"
    ),
    "entered": r"(?:were |was |underwent )?(?:enrolled|randomi[sz]ed|randomi[sz]ation|randomly assigned|treated|"
    r"included)",
    "present": r"(?:was |were )?(?:found|present|detected|identified)(?= in )",
    "absent": r"(?:was |were )?(?:absent|not (?:found|detected|present|identified)|undetectable)(?= in )",
    "positive": r"(?:tested |were |was )?positive(?! (?:for|by|in|with|or)\b| and (?!\d|$))",
    "negative": r"(?:tested |were |was )?negative(?! (?:for|by|in|with|or)\b| and (?!\d|$))",
    "never smoked": r"never[- ]smok\w+|never smoked",
    "former smoker": r"(?:former|ex-?|past|previous)(?: smokers?)?",
    "current smoker": r"(?:current|active) smokers?",
    "grade 3 or higher": (
        rf"(?:an |any )?(?:{_AE} )?(?:of )?grades? ?(?:>=|≥) ?3(?: {_AE})?"
        rf"|(?:an |any )?(?:{_AE} )?(?:of )?grades? (?:3(?:, 4,? (?:or|and) 5| (?:or|to|and|-) [45]|[-/][45])"
        rf"|3 (?:or|and) (?:higher|above|worse|greater|more))(?: {_AE})?"
    ),
    "grade 3": rf"(?:an |any )?(?:{_AE} )?(?:of )?grade 3(?! ?(?:,|or|to|and|-|/))(?: {_AE})?",
    "grade 4": rf"(?:an |any )?(?:{_AE} )?(?:of )?grade 4(?! ?(?:,|or|to|and|-|/))(?: (?:{_AE}|[a-z]+(?=,? (?:in|"
    rf"was|occurred))))?",
    "any grade": (
        r"(?:an |any )?adverse events? of any grade|any adverse events?|any[- ]grade (?:adverse )?(?:events?|[a-z]+)"
        r"|any grade|adverse events: any|(?:adverse )?events? of any grade|(?:TE|TR)?AEs?(?: of any grade)?(?! "
        r"(?:of|leading|that|"
        r"which|with))"
        r"|(?:an |any )?(?:(?:treatment|drug)[- ](?:related|emergent) )?adverse (?:events?|reactions?)"
        r"(?! (?:of|leading|that|which|with|resulting|led|were grade|caus\w+))"
    ),
}
_NAMED = "|".join(rf"(?P<r{i}>{words})" for i, words in enumerate(_ROLES.values()))
_NAMES = tuple(_ROLES)
_VERB = (
    r"(?:were |was |had |have |has |are |with |of |who |achieved |experienced |reported |showed |an? |only |"
    r"already |smoked )*"
)
_BEHIND = re.compile(rf"{_SHARE}(?: {_PEOPLE})?{_SHARE} {_VERB}(?:{_NAMED})\b", re.IGNORECASE)
_AHEAD = re.compile(
    rf"\b(?:{_NAMED})(?: rates?)?(?:,? (?:was |were )?(?:seen|observed|reported|noted|recorded|achieved|"
    r"confirmed|occurred|"
    r"found))?(?: in|:|,| =| was| were| of| numbered)? ?(?:a total of |only )?\(?$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:ed|responders|deaths|withdrew)\W*: ?$", re.IGNORECASE)
"""What opens a list of those it speaks of: `19 responded: 2 with a complete response`."""
_GRADED = re.compile(
    r"\bgrades? ?(?:>=|≥|>)? ?[1-5](?:(?:,? or|,? and| to|,|-|/)* ?[1-5](?![\d.%]))*(?! ?%)", re.IGNORECASE
)
"""Numbers that name a grade and count nothing."""
_REACH = 90
_TOTAL = re.compile(
    rf"(?<![\w.,/:+≥≤<>-])(?P<n>{_WHOLE})(?: (?!who\b|with\b|had\b|were\b|was\b)[a-z-]+){{0,3}}?"
    r" (?:patients|participants|subjects|individuals|adults|children|people|persons|pts|cases|infants|biopsies|"
    r"samples|specimens|responders|survivors|evaluable|treated|enrolled|randomi[sz]ed|screened|assessed|"
    r"approached|invited)\b",
    re.IGNORECASE,
)
_OF_TOTAL = re.compile(rf"(?<![\d.,/])\d+ ?(?:of|/)(?: the| these| all)? ?(?P<n>{_WHOLE})(?![\d.,/]*\d| ?%)")
_BARE = re.compile(rf"\b(?:of|among)(?: the| these| all)? (?P<n>{_WHOLE})(?=[.,;:)])", re.IGNORECASE)


_IN_ALL = re.compile(
    rf"\b[Nn] ?= ?(?P<n>{_WHOLE})(?![\d.,]*\d| ?%)|(?<![\w.,/])(?P<m>{_WHOLE}) (?:in all|in total|altogether|overall)\b"
)


class Counted(msgspec.Struct, frozen=True, gc=False):
    """A number of a sentence, whom it counts, and where it stands in the normal spelling."""

    role: str
    value: Printed
    unit: Literal["", "%"]
    start: int
    end: int

    @property
    def n(self) -> int:
        """The count."""
        return int(self.value.value)

    @property
    def shown(self) -> str:
        """As printed, with its unit."""
        return f"{self.value.text.lstrip('0') or '0'}{' %' if self.unit else ''}"


def counted_in(figures: str, start: int, end: int) -> Iterator[Counted]:
    """Every number of a sentence (numbers in words as figures) that the words right behind or before it give a role.

    Counts, and percentages that are not the share of a count in a bracket.
    """
    graded = {at for m in _GRADED.finditer(figures, start, end) for at in range(*m.span())}
    found = [m for m in _NUMBER.finditer(figures, start, end) if m.start() not in graded]
    until, named = _ends(figures, found, end), start
    for k, m in enumerate(found):
        if _is_share(figures, m) and k and found[k - 1].end() >= m.start() - 2:
            continue  # the share of the count before it
        last = until[k]
        first = max(found[k - 1].end() if k else start, named)
        behind = _BEHIND.match(figures, m.end(), min(last, m.end() + _REACH))
        named = behind.end() if behind else start
        role = behind or _AHEAD.search(figures, max(first, m.start() - _REACH), m.start())
        if role is not None and role.lastgroup is not None and not (role is not behind and _OPENS.search(role[0])):
            which: Literal["n", "p"] = "n" if m["n"] else "p"
            value = read_printed(m[which].replace(",", ""))
            yield Counted(_NAMES[int(role.lastgroup[1:])], value, "" if m["n"] else "%", *m.span(which))


def _ends(figures: str, found: list[re.Match[str]], end: int) -> list[int]:
    """For each number where the words behind it end at the latest: at the next number that is no share in a bracket."""
    out: list[int] = []
    for m in reversed(found):
        out.append(end)
        end = end if _is_share(figures, m) else m.start()
    return out[::-1]


def _is_share(figures: str, m: re.Match[str]) -> bool:
    """Whether a percentage stands in the bracket behind a count."""
    return m["p"] is not None and figures[m.start() - 1] in "(["


def everybody_in(figures: str, start: int, end: int) -> set[int]:
    """Sizes that a sentence gives to all whom it counts: `of the 124 patients`, `48 of 124`, `(126 patients)`."""
    found = [m for p in (_TOTAL, _OF_TOTAL, _BARE) for m in p.finditer(figures, start, end)]
    sizes = {int(m["n"].replace(",", "")) for m in found}
    return sizes | {int((m["n"] or m["m"]).replace(",", "")) for m in _IN_ALL.finditer(figures, start, end)}
