"""Lists of a sentence: items that stand in one form behind each other, each with the words that say what it counts.

Three forms: the number leads (`12 died, 8 progressed and 5 withdrew`), it follows (`stage II in 12, III in 8`), or it
stands in a bracket (`surgery (n = 12) or drugs (n = 8)`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.counted.reading.items import Told

__all__ = ["OF_WHOM", "Run", "runs_of"]

_SEP = r"(?:[,;](?: (?:and|or|while|whereas|but))?(?: then)?|,? (?:and|or|while|whereas|but)(?: also)?)"
_FILL = r"(?: (?:in|to|only|the (?:other|remaining)|another|a further|the rest|were|n =|(?:the )?others?)){0,2}"
_LEADS = re.compile(
    rf"^(?P<own>[^()]*?[a-z][^()]*?){_SEP}{_FILL} $|^(?P<own2> [^()]*?\([^()]*\)[^()]*?){_SEP}{_FILL} $"
)
_FOLLOWS = re.compile(
    rf"^(?: (?:(?!were|was|are|had)[a-z-]+ )?(?:patients|participants|subjects|women|men|children|cases|people|adults|"
    rf"eyes|donors|samples|tumou?rs|infants|operations|studies|animals|of (?:them|these|those|cases|patients)))?{_SEP} "
    rf"(?P<own>[^()]*?[a-z①-⑨⓪][^()]*?)(?:,? ?n =)? $"
)
_BRACKET = re.compile(
    r"^(?: [a-z]+)?[)\]](?P<tail>[^()]*?)(?:,|;|,? and|,? or| to| versus| vs\.?|[,;] (?:and|or|to))? "
    r"(?P<own>[^()]*?[a-z①-⑨⓪][^()]*?)(?: ?[(\[]| in | for | \()(?:n ?= ?)?$"
)
_LABELLED = re.compile(rf"^{_SEP} (?P<own>[⓪①-⑨+-]+|[ivx]+|[a-z]{{1,2}})(?:,|:|=| =)? ?(?:n ?= ?)?$")
_BARE = re.compile(r"^(?:,|,? and|,? or| versus| vs\.?)(?P<own>) $")
"""Numbers alone behind each other: `groups of 45, 47 and 46 riders`."""
_CUT = re.compile(r"[,;:.(]| (?:and|or|while|whereas|but|whom|which) ")
_CLOSED = re.compile(r"[)\]][;,] ")
OF_WHOM, _THE_OTHERS = (
    re.compile(r"\bof (?:whom|which) $"),
    re.compile(r"; (?:(?:and|in|of) )*the (?:others?|remaining) $"),
)
"""`of whom 86 had A and 70 B; in the other 113`: these are not of them."""


_OF_ALL = re.compile(r"^(?:the|these|all|all the)$|\b(?:of|among|out of)(?: the| these| all| our)*$")
"""What stands before a whole: `none of the 97`."""


class Run(NamedTuple):
    """A list: the places of its items in the sentence, its form, and for each item what it counts."""

    first: int
    last: int
    form: str
    words: tuple[str, ...]

    @property
    def many(self) -> int:
        """How many items it has."""
        return self.last - self.first + 1


def _form(gap: str) -> tuple[str, str] | None:
    if gap[:2] == ") " and not gap.rstrip().endswith(("(", "n =")):
        gap = gap[1:]  # what is said of a share in a bracket stands behind it
    for form, pattern in (
        ("label", _LABELLED),
        ("bracket", _BRACKET),
        ("bare", _BARE),
        ("follows", _FOLLOWS),
        ("leads", _LEADS),
    ):
        m = pattern.match(gap)
        if m is not None and not (form == "follows" and _OF_ALL.search(m["own"])):
            return form, (m["own"] or m["own2"]) if form == "leads" else m["own"]
    return None


def runs_of(told: Told) -> Iterator[Run]:
    """The lists of a sentence, each as long as it goes."""
    k, items, gaps = 0, told.items, told.gaps
    forms = [None, *(_form(g) for g in gaps[1:-1])]
    while k < len(items) - 1:
        form = forms[k + 1]
        if form is None and k + 2 < len(items) and _goes_on(forms[k + 2], "leads") and _CLOSED.fullmatch(gaps[k + 1]):
            form = forms[k + 1] = ("leads", _behind_cut(gaps[k]))  # `most were white (71%); 22% were asian`
        if form is None:
            k += 1
            continue
        last = k + 1
        while last + 1 < len(items) and _goes_on(forms[last + 1], form[0]):
            if OF_WHOM.search(gaps[k]) and _THE_OTHERS.search(gaps[last + 1]):
                forms[last + 1] = None
                break
            last += 1
        own = [forms[j][1] for j in range(k + 1, last + 1)]  # type: ignore[index]
        if form[0] == "leads":
            words = [*own, _CUT.split(gaps[last + 1])[0] if last + 1 < len(gaps) else ""]
        else:
            words = [_behind_cut(gaps[k]), *own]
        yield Run(k, last, form[0], tuple(w.strip() for w in words))
        k = last


def _goes_on(form: tuple[str, str] | None, as_: str) -> bool:
    return form is not None and form[0] == as_


def _behind_cut(gap: str) -> str:
    """The last clause of the words before the first item."""
    bare = re.sub(r"[ (,:]*(?:n ?= ?)?$", "", gap)
    return _CUT.split(bare)[-1]
