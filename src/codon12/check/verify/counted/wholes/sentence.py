"""A sentence that may tell a whole and its parts: what its words leave open, and parts that stand on one axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.apart import of_one_marker
from codon12.check.verify.counted.reading.classes import WHOLE
from codon12.check.verify.counted.reading.clauses import Count, Sentence
from codon12.check.verify.counted.reading.predicates import excludes, said_of
from codon12.check.verify.counted.wholes.added import is_added
from codon12.check.verify.counted.wholes.equations import Closure, add_up

__all__ = ["A_STAGE", "SentenceOfParts"]

_SEVERAL = re.compile(
    r"\brespectively\b|\b(?:vs|versus)\b|\bcompar\w+|\bthan\b|\bfold\b|\bby (?:arm|group|central|"
    r"investigator)|\b(?:both|two|three|four) (?:arms|groups|cohorts)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:per|each)\b", re.IGNORECASE)
_OVERLAP = re.compile(
    r"\bmore than (?:one|[⓪0]*[①1])\b|\bmultiple\b|\bseveral\b|\boverlap\w*|\bnot mutually|\bboth\b|\bsome (?:patients|"
    r"had|of)|\beither\b|\balso\b|\bagain\b|\breasons? (?:may|could)|\bof (?:which|whom|them) .{0,40} (?:also|both)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_SEVERAL_APPLY = re.compile(
    r"\bseveral\b|\bmultiple\b|more than one|overlap\w*|not mutually|\b(?:could|may|might) (?:have|be|apply|give|"
    r"tick)\b",
    re.IGNORECASE,
)
"""Words of a bracket, which the reader leaves out where it has no count."""
_BOTH_PLACES = re.compile(
    r"\bboth (?:local|sides|left|right|loco)|\b(?:receive|received|get|given|to|with|into) either\b", re.IGNORECASE
)
_FACETS = re.compile(
    r"(?:[\w-]+ ){0,3}?(?:scales|subscales|items|domains|outcomes|measures|endpoints|parameters|tests|"
    r"questionnaires)\b",
    re.IGNORECASE,
)
"""Of which one may rise in some and fall in others of those seen."""
_FINER = re.compile(
    r"very good|unconfirmed|\bnear|stringent|incomplete|\bCRi\b|\bVGPR\b|\bsCR\b|minor|nodular|mixed|marrow|molecular|"
    r"metabolic|pathologic|\bpCR\b|h[ae]+matolog|non-?CR|cytogenetic|lesions?\b|\bPSA\b|duration|\bweeks\b|\bmonths\b",
    re.IGNORECASE,
)
_SEEN = re.compile(r"\b(?:evaluable|assessable|assessed|evaluated)\b", re.IGNORECASE)


_ANY_GRADE = re.compile(r"\b(?:any|all)[- ]grades?\b")
A_STAGE = re.compile(
    r"\W*(?:reports? |records? |articles? )?(?:were |was )?(?:retrieved|obtained|sought|assessed|screened|read "
    r"in full|reviewed)\b"
)

_OR_MORE = re.compile(r"\b(?:one|[⓪0]*[1①]) or more\b|\bmore than (?:one|[⓪0]*[1①]) (?:reason|cause)")
"""Of reasons of which one may have several."""


class SentenceOfParts:
    """The counts of a sentence, and whether its words part it into groups or let its parts overlap."""

    def __init__(self, case: Case, sentence: Sentence, told: Sequence[tuple[int, int]]) -> None:
        self.case, self.sentence, self.told = case, sentence, told
        self.counts = sentence.counts
        self.text = sentence.text

    @cached_property
    def groups(self) -> bool:
        """Whether the words part the sentence into groups that are compared."""
        return _SEVERAL.search(self.text) is not None

    @cached_property
    def several(self) -> bool:
        """The same, or numbers of each of several."""
        return self.groups or _EACH.search(self.text) is not None

    @cached_property
    def overlap(self) -> bool:
        """Whether somebody may be in two of the parts."""
        p = self.case.text.passages[self.sentence.passage]
        asides = " ".join(_ASIDE.findall(self.case.flat, p.start, p.end))
        return _OVERLAP.search(_BOTH_PLACES.sub("", self.text)) is not None or _SEVERAL_APPLY.search(asides) is not None

    @cached_property
    def by_nature(self) -> bool:
        """Whether the parts are of a kind of which one may have several: sites, symptoms, drugs."""
        return say.BY_NATURE.search(self.text) is not None

    @property
    def open(self) -> bool:
        """Whether the words part the sentence into groups, or its parts may overlap by their nature."""
        return self.several or say.SITES.search(self.text) is not None

    def added(self, parts: Sequence[Count]) -> bool:
        """Whether another rule has added one of these up."""
        return is_added(self.case, self.told, [(x.start, x.end) for x in parts])

    def add_up(
        self, whole: Count, parts: Sequence[Count], closure: Closure, why: str, *, nested: bool = False,
        others: bool = True, sure: bool = False,
    ) -> bool:  # fmt: skip
        """Compare a whole with its parts, where no other rule has added them up; whether they are told."""
        if self.added(parts) and others:
            return True
        if "one of each" in why and _OR_MORE.search(self.text):
            return False
        if any(_ANY_GRADE.search(x.words) for x in parts):
            return False  # `of any grade in 160 of 167 and of grade 3 or 4 in 78`
        if any(A_STAGE.match(x.behind) for x in parts[:-1]):
            return False  # one after the other: `17 reports, of which 15 were retrieved and 13 excluded`
        members = {x.start for x in (whole, *parts)}
        beside = [c for c in self.counts if others and c.start not in members]
        return add_up(self.case, self.sentence, whole, parts, closure, why, others=beside, nested=nested, sure=sure)

    def of_axes(self, wholes: Sequence[Count], parts: Sequence[Count], *, closed: bool) -> bool:
        """Parts that stand on one axis, each in another class of it."""
        by_axis: dict[str, list[tuple[Count, str]]] = defaultdict(list)
        for x in parts:
            for s in said_of(x.words):
                by_axis[s.axis].append((x, s.name))
        whole = max(wholes, key=lambda w: w.n)
        if _FACETS.match(whole.behind):
            return False  # each of which may be in several
        apart = {name for _, name in by_axis.get("arm", ())}
        done = False
        for axis, found in by_axis.items():
            names, members = [name for _, name in found], [x for x, _ in found]
            all_ = len(members) == len(parts)
            if not excludes(axis, names) or (axis == "response" and _FINER.search(self.text)):
                continue
            if axis in ("arm", "place") and not all_:
                continue
            if axis != "arm" and len(apart) > 1:
                continue
            if axis == "sign" and not of_one_marker([x.words for x in members]):
                continue
            closure: Closure = "some"
            if all_ and closed:
                certain = axis in ("sex", "sign", "arm") or axis in ("life", "response")
                if axis == "response" and len(names) > 2 and not _SEEN.search(whole.words):
                    all_ = False  # some may not have been evaluable
                if axis == "flow" and len(names) == 2 and {"out: left", "in: stays"} & set(names):
                    certain = all_ = False  # others may have died
                both = len(names) == 2 and (axis == "arm" or frozenset(names) in WHOLE)
                closure = "all" if certain and both else "perhaps all" if all_ else "some"
            done = (
                self.add_up(
                    whole,
                    members,
                    closure,
                    "of one group, each in one of them",
                    nested=axis == "flow" and len(names) > 2,
                )
                or done
            )
        return done
