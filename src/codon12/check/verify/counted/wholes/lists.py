"""Totals told behind their parts, and lists that a colon, a bracket or a word opens behind a count.

`25, 61 and 9 (total 95)`, `45 stopped for progression (31), toxicity (9) or refusal (5)`, `18 comprised 3 and 15`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.apart import of_one_marker
from codon12.check.verify.counted.reading.classes import WHOLE
from codon12.check.verify.counted.reading.clauses import Count, Sentence
from codon12.check.verify.counted.reading.part_words import (
    COMPRISED,
    GONE,
    KIND,
    MORE,
    NOT_SAID,
    ONE,
    PEOPLE,
    REASON,
    SOME,
    SPLIT,
)
from codon12.check.verify.counted.reading.predicates import excludes, is_negation_of, is_rest, said_of
from codon12.check.verify.counted.reading.row_words import BY_NATURE, SITES
from codon12.check.verify.counted.wholes.added import is_added
from codon12.check.verify.counted.wholes.equations import Closure, add_up

__all__ = ["Lists"]

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
_FINER = re.compile(
    r"very good|unconfirmed|\bnear|stringent|incomplete|\bCRi\b|\bVGPR\b|\bsCR\b|minor|nodular|mixed|marrow|molecular|"
    r"metabolic|pathologic|\bpCR\b|h[ae]+matolog|non-?CR|cytogenetic|lesions?\b|\bPSA\b|duration|\bweeks\b|\bmonths\b",
    re.IGNORECASE,
)
_HAD_SEVERAL = re.compile(
    r"\b(?:had|with|in) (?:(?:00)*[②-⑨2-9]|[0]*[2-9]|both|two|three|all) (?:or more )?of (?:these|them|the)\b|"
    r"\bhad (?:both|all)\b",
    re.IGNORECASE,
)
"""Who had two of what is listed is counted in both."""
_TOTAL = re.compile(
    r"(?:\b(?:for|giving|making|yielding|with|to) (?:a|an overall|the) (?:grand |overall )?total of|\bin total,?|"
    r"\b(?:total(?:ling|ing|led|ed)?|together),?|\bmaking (?:up )?(?:the |a )?|\bmade(?: up)?(?: the)?|\bgiving|"
    r"\bthese|\ba total of|[(\[]total,?(?: of)?)"
    r"(?: the| of)* ?$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[^,;:()\[\]]{2,60} ?[(\[](?:[nN] ?= ?)?$")
_AT_LAST = re.compile(r"\b(?:in total|in all|altogether)\W*$", re.IGNORECASE)
_THEY = re.compile(
    r"^(?:patients|participants|subjects|women|men|children|individuals) (?:were|had|in (?:all|total))\b"
)
_IN_ALL = re.compile(r"^(?: [a-z]+){0,2} (?:in total|in all|altogether|overall|combined)\b", re.IGNORECASE)
_THE = re.compile(r"(?:^|[;,.:] |\band )(?:all |all of )?the $", re.IGNORECASE)
_ENDS = re.compile(r"^(?: ?[)\]])?[^.;,()]{0,90}(?:[).;\s]|$)")
_RIGHT_BEHIND = re.compile(
    r"\b(?:excluded|ineligible|not eligible|discontinued|withdrew|withdrawn|dropped out|stopped|not (?:treated|"
    r"included|"
    r"enrolled|randomi[sz]ed|analy[sz]ed)|declined)\b(?: (?:the )?(?:study|treatment|early|prematurely|"
    r"therapy))* ?[:(]",
    re.IGNORECASE,
)
_DEATHS = re.compile(r"\b(?:deaths?|fatal|died)\b", re.IGNORECASE)
_NOUN = re.compile(r"[a-z]{4,}s\b")
_LAST_WORD = re.compile(r"\b([a-z]{4,}s)\W*$")
_ELSEWHERE = re.compile(r"\b(?:elsewhere|smaller)\b", re.IGNORECASE)
_MOST_PARTS = 20
"""Counts before a total that are looked at."""
_GIVEN = re.compile(r"\b(?:received|assigned|allocated|randomi[sz]ed|treated)\b", re.IGNORECASE)
_WITH = re.compile(r"(?:patients |participants )?(?:with|to|received|in) ", re.IGNORECASE)
_OTHER_ARM = re.compile(r"(?:the|an?) (?:[a-z-]+ ){0,2}[a-z-]+\W*$")
_SEEN = re.compile(r"\b(?:evaluable|assessable|assessed|evaluated)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
_IN_BRACKET = re.compile(r"[^().;:,\d]{0,60}\($")
_ASSIGNED = re.compile(r"\b(?:arms?|assigned|allocated|randomi[sz]\w+|intention-to-treat)\b", re.IGNORECASE)
_TO_ARM = re.compile(
    r"(?:patients |participants )?(?:were )?(?:randomi[sz]ed |assigned |allocated )?(?:to|in|into|on|for)\b"
)
_SO_MANY_ARMS = re.compile(r"\b(two|three|four|[0⓪]*[2-4②-④])-(?:arm|group)\b")
_SO_MANY = {2: ("two", "2", "②"), 3: ("three", "3", "③"), 4: ("four", "4", "④")}
_ONE_CELL = re.compile(r"\b(?:only|alone|neither|(?:with|in) both)\b", re.IGNORECASE)
_BY_WHICH = re.compile(r"\b(?:only|alone|both|neither)\b", re.IGNORECASE)


class Lists:
    """A sentence that may tell a whole and list its parts behind it, or tell it behind them."""

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
        return BY_NATURE.search(self.text) is not None

    @property
    def open(self) -> bool:
        """Whether the words part the sentence into groups, or its parts may overlap by their nature."""
        return self.several or SITES.search(self.text) is not None

    def _added(self, parts: Sequence[Count]) -> bool:
        return is_added(self.case, self.told, [(x.start, x.end) for x in parts])

    def add_up(
        self, whole: Count, parts: Sequence[Count], closure: Closure, why: str, *, nested: bool = False,
        others: bool = True,
    ) -> bool:  # fmt: skip
        """Compare a whole with its parts, where no other rule has added them up; whether they are told."""
        if self._added(parts) and others:
            return True
        members = {x.start for x in (whole, *parts)}
        beside = [c for c in self.counts if others and c.start not in members]
        return add_up(self.case, self.sentence, whole, parts, closure, why, others=beside, nested=nested)

    def told_total(self) -> bool:
        """`12 progressed and 5 died, for a total of 17`, `25, 61 and 9 (total 95)`, `; these 258 patients`."""
        for k in range(2, len(self.counts)):
            c = self.counts[k]
            before = [x for x in self.counts[max(0, k - _MOST_PARTS) : k] if x.level == self.counts[k - 1].level]
            if len(before) < 2 or not self._is_total(c, before):
                continue
            if self.several or self._added(before) or _HAD_SEVERAL.search(self.text):
                return False
            opener = before[0].level - 1
            if c.level <= opener < k and self.counts[opener].n >= max(sum(x.n for x in before), c.n):
                return False  # `931 visits (452 in A, 456 in B), a total of 795 tests`: of what stands before them
            sums = [sum(x.n for x in before[j:]) for j in range(len(before) - 1)]
            if c.n in sums:
                return self.add_up(c, before[sums.index(c.n) :], "all", "all")
            if max(x.n for x in before) >= c.n or SOME.search(self.text):
                return False
            alike = _ALONE.match(c.gap) is not None and not _IN_ALL.match(f" {c.behind}")
            return self.add_up(c, before, "alike" if alike else "all", "all")
        return False

    def _is_total(self, c: Count, before: Sequence[Count]) -> bool:
        """Whether the words beside a count say that it is all of those before it."""
        if _TOTAL.search(c.gap):
            return True
        if _IN_ALL.match(f" {c.behind}") and re.search(r"[(\[,] ?$", c.gap):
            return True
        if _AT_LAST.search(c.behind) and re.search(r"; ?$", c.gap):
            return True
        if c.gap.endswith(" the "):
            return _THE.search(c.gap) is not None and all(x.sized for x in before) and _THEY.match(c.behind) is not None
        alone = _ALONE.match(c.gap) is not None and (c.sized or PEOPLE.match(c.behind) is not None)
        return alone and not any(x.sized for x in before) and c.n > max(x.n for x in before) and len(before) == 2

    def check_lists(self) -> bool:
        """Check each list behind a count; whether one was told."""
        levels: dict[int, list[Count]] = defaultdict(list)
        for c in self.counts:
            levels[c.level].append(c)
        done = False
        for first, parts in levels.items():
            if not first or parts[0] is not self.counts[first]:
                continue
            whole = self.counts[first - 1]
            if whole.level and whole.level != first and ")" in parts[0].gap:
                whole = self.counts[whole.level - 1]  # 38 patients (21 women), including 27 with ...
            if any(x.of for x in parts):
                done = self._of_each(first, parts) or done
                continue
            if whole.of:  # 18 of 36 responded (CR in 6, PR in 12)
                whole = self.counts[first - 2]
            if len(parts) > 1 and not whole.sized and whole.level != first:
                done = self._list(whole, parts) or self._asides(first, parts) or done
        return done

    def _asides(self, first: int, parts: list[Count]) -> bool:
        """`24 practices with 3,912 patients: 12 (1,988 patients) and 12 (2,024 patients)`: each has its own."""
        at = [self.counts.index(x) + 1 for x in parts]
        beside = [self.counts[k] for k in at if k < len(self.counts) and self.counts[k].level == k]
        whole = self.counts[first - 1]
        noun = _NOUN.match(whole.behind)
        if len(beside) < len(parts) or noun is None or self.several:
            return False
        same = all(x.behind.startswith(noun[0]) for x in beside) and whole.n != sum(x.n for x in parts)
        return same and self.add_up(whole, beside, "all", "the arms")

    def _of_each(self, first: int, parts: list[Count]) -> bool:
        """`in 4 of 38 patients: 1 of 6 at 60 mg, 1 of 7 at 80 mg and 2 of 5 at 100 mg`: those of the groups are all."""
        some, of = parts[::2], parts[1::2]
        if not 1 < len(some) == len(of) or not all(x.of for x in of) or not self.counts[first - 1].of or self.several:
            return False
        all_ = self.counts[first - 1]
        sizes = sum(x.n for x in of)
        closure: Closure = "all" if sizes == all_.n else "some"
        done = self.add_up(self.counts[first - 2], some, closure, "groups")
        return (sizes > all_.n and self.add_up(all_, of, "some", "groups")) or done

    def _list(self, whole: Count, parts: list[Count]) -> bool:
        opened = parts[0].gap
        last = self.counts.index(parts[-1])
        behind = self.sentence.tail if last + 1 == len(self.counts) else self.counts[last + 1].gap
        words = " ".join(x.words for x in parts)
        if self.several or SOME.search(opened + words) or any(re.search(r"[\[\]]", x.gap) for x in parts[1:]):
            return False
        if self.combined(whole, parts):
            return True
        if _IN_BRACKET.match(opened) and _ASSIGNED.search(self.text) and all(_TO_ARM.match(x.behind) for x in parts):
            return self.add_up(whole, parts, "arms", "the arms", others=")" not in behind)
        told = _SO_MANY_ARMS.search(whole.behind)
        if told is not None and told[1].lstrip("0⓪") in _SO_MANY.get(len(parts), ()):
            return self.add_up(whole, parts, "all", "the arms")
        if self.overlap:
            return False
        rest = any(is_rest(x.before) or is_rest(x.behind) for x in parts)
        if ONE.search(behind):
            behind = ", and one"
        beyond = re.split(r"[).;]", behind, maxsplit=1)[-1][:80]
        ends = _ENDS.match(behind) is not None and not NOT_SAID.search(beyond) and not MORE.search(beyond)
        ends = ends and not _ELSEWHERE.search(behind)
        if COMPRISED.search(opened):
            return self.add_up(whole, parts, "all", "its parts")
        if len(parts) > 2 and rest:
            gone = GONE.search(whole.words + opened) is not None and 5 * sum(x.n for x in parts) >= 4 * whole.n
            closure: Closure = "all" if gone and ends else "perhaps all" if ends else "some"
            return self.add_up(whole, parts, closure, "kinds that exclude each other")
        colon = ":" in opened or "(" in opened
        right_behind = _RIGHT_BEHIND.search(opened) is not None
        if GONE.search(whole.words + opened) and (right_behind or all(REASON.search(x.words) for x in parts)):
            return self.add_up(whole, parts, "perhaps all" if colon and ends else "some", "reasons, one of each")
        if (
            "including" in opened
            and sum(x.n for x in parts) > whole.n
            and all(x.behind.startswith("with ") for x in parts)
        ):
            return self.add_up(whole, parts, "alike", "kinds that exclude each other")
        given = _WITH.match(parts[0].behind) and (_WITH.match(parts[-1].behind) or _OTHER_ARM.match(parts[-1].behind))
        if len(parts) == 2 and _GIVEN.search(whole.words) and given:
            together = sum(x.n for x in parts)
            near = 10 * together >= 9 * whole.n or (SPLIT.search(whole.words) and 2 * together >= whole.n)
            near = near and ends and "whom" not in opened
            return self.add_up(whole, parts, "all" if near else "some", "the arms")
        closed = ends and "including" not in opened and 2 * sum(x.n for x in parts) >= whole.n
        if len(parts) == 2 and closed and is_negation_of(parts[0].words, parts[1].words):
            return self.add_up(whole, parts, "all", "opposites")
        if len({s.name for x in parts for s in said_of(x.words) if s.axis == "arm"}) == len(parts):
            return self.of_axes([whole], parts, closed=closed)
        if closed and ":" in opened and self._one_noun(whole, parts):
            return self.add_up(whole, parts, "all", "kinds of them")
        deaths = _DEATHS.search(self.text[: self.text.index(opened)] + whole.words) is not None
        if (deaths and opened.rstrip().endswith(("(", ":"))) or (deaths and parts[0].sized and ":" in opened):
            return self.add_up(whole, parts, "perhaps all" if ends else "some", "causes, one of each")
        return self.of_axes([whole], parts, closed=closed)

    def _one_noun(self, whole: Count, parts: list[Count]) -> bool:
        """`182 cancers were diagnosed: 131 screen-detected and 51 interval cancers`."""
        noun, last = _NOUN.match(whole.behind), _LAST_WORD.search(parts[-1].behind)
        same = noun is not None and last is not None and noun[0] == last[1]
        return same and all(KIND.match(x.behind) for x in parts)

    def combined(self, whole: Count, parts: list[Count]) -> bool:
        """`46 were positive with both, 40 negative with both, 18 by A only and 6 by B only`."""
        if len(parts) < 3 or not all(_BY_WHICH.search(x.words) for x in parts) or _ONE_CELL.search(whole.words):
            return False
        return sum(_ONLY.search(x.words) is not None for x in parts) > 1 and self.add_up(
            whole, parts, "perhaps all", "kinds that exclude each other"
        )

    def of_axes(self, wholes: Sequence[Count], parts: Sequence[Count], *, closed: bool) -> bool:
        """Parts that stand on one axis, each in another class of it."""
        by_axis: dict[str, list[tuple[Count, str]]] = defaultdict(list)
        for x in parts:
            for s in said_of(x.words):
                by_axis[s.axis].append((x, s.name))
        whole = max(wholes, key=lambda w: w.n)
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
