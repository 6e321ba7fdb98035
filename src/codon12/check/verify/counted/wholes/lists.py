"""Totals told behind their parts, and lists that a colon, a bracket or a word opens behind a count.

`25, 61 and 9 (total 95)`, `45 stopped for progression (31), toxicity (9) or refusal (5)`, `18 comprised 3 and 15`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading import list_words as lists
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.clauses import Count
from codon12.check.verify.counted.reading.predicates import is_negation_of, is_rest, said_of
from codon12.check.verify.counted.wholes.equations import Closure
from codon12.check.verify.counted.wholes.sentence import SentenceOfParts

__all__ = ["Lists"]

_HAD_SEVERAL = re.compile(
    r"\b(?:had|with|in) (?:(?:00)*[②-⑨2-9]|[0]*[2-9]|both|two|three|all) (?:or more )?of (?:these|them|the)\b|"
    r"\bhad (?:both|all)\b",
    re.IGNORECASE,
)
"""Who had two of what is listed is counted in both."""
_TOTAL = re.compile(
    r"(?:\b(?:for|giving|making|yielding|with|to) (?:a|an overall|the) (?:grand |overall )?total of|\bin total,?|"
    r"\b(?:total(?:ling|ing|led|ed)?|together),?|\bmaking (?:up )?(?:the |a )?|\bma[dk]e(?: up)?(?: the)?|\b(?:ma[dk]e "
    r"up|form(?:ed)?) (?:the|our) (?:whole|entire|full|complete) (?:cohort|sample|series|population|group|trial|study) "
    r"of|\bgiving|\bfor an? (?:[a-z-]+ ){0,2}(?:population|cohort|sample|series|enrolment|enrollment|accrual)(?: "
    r"size)? of|\bthese|\ba total of|[(\[]total,?(?: of)?)(?: the| of)* ?$",
    re.IGNORECASE,
)
_THEIR_OWN = re.compile(
    r"\b(?:publish\w*|perform\w*|receiv\w*|report\w*|produc\w*|under(?:went|go|took)|had|have|made|wrote|submitted|"
    r"experienc\w*|sustain\w*|complet\w*|deliver\w*|record\w*|treat\w*|took|gave birth to|"
    r"in|from|among|across) a total of ?$"
)
"""Before a total of what they did: `87 surgeons published a total of 432 papers`."""
_BETWEEN_THEM = re.compile(r"\b(?:between them|together|jointly|combined|in combination)\b", re.IGNORECASE)
_GAVE = re.compile(
    r"\b(?:provided|contributed|supplied|yielded|gave|accounted for|enrolled|recruited|treated|brought(?: in)?) "
    r"(?:the|all|all the|a total of|our) $",
    re.IGNORECASE,
)
"""`Between them, A (24 patients) and B (40 patients) provided the 64 patients treated`."""
_ALONE = re.compile(r"^[^,;:()\[\]]{2,60} ?[(\[](?:[nN] ?= ?)?$")
_AT_LAST = re.compile(r"\b(?:in total|in all|altogether)\W*$", re.IGNORECASE)
_IN_SUM = re.compile(r"\b(?:overall|in all|in total|altogether|together|total(?: of)?)[,:]? $", re.IGNORECASE)
_TWO, _NOT_SMALL = 2, 20
_SIZE_OF_ALL = re.compile(r"[;,] ?(?:total |overall )?N ?= ?$")
_THEY = re.compile(
    r"^(?:patients|participants|subjects|women|men|children|individuals) (?:were|had|in (?:all|total))\b"
)
_IN_ALL = re.compile(r"^(?: [a-z]+){0,2} (?:in total|in all|altogether|overall|combined)\b", re.IGNORECASE)
_THE = re.compile(r"(?:^|[;,.:] |\band )(?:all |all of )?the $", re.IGNORECASE)
_OF_THESE = re.compile(r"\b(?:of|among|from) (?:the |these |all )*$", re.IGNORECASE)
_LISTED = re.compile(r"[,;:/+&|)]|\b(?:and|plus|or|as well as)\b")
_ENDS = re.compile(r"^(?: ?[)\]])?[^.;,()]{0,90}(?:[).;\s]|$)")
_RIGHT_BEHIND = re.compile(
    r"\b(?:excluded|ineligible|not eligible|discontinued|withdrew|withdrawn|dropped out|stopped|not (?:treated|"
    r"included|enrolled|randomi[sz]ed|analy[sz]ed)|declined)\b(?: (?:the )?(?:study|treatment|early|prematurely|"
    r"therapy))* ?(?:[:(]|(?:because of|due to|owing to) [^.;:()]{3,80}\($)",
    re.IGNORECASE,
)
_GONE_AHEAD = re.compile(
    r"\b(?:excluded|removed|omitted)(?: a (?:further )?total of| another| a further)? $", re.IGNORECASE
)
_COLON_ALONE = re.compile(r"^(?: (?:patients|participants|subjects|persons|records|cases))?: ?$")
"""`We excluded 3,709: 1,522 had no result, ...`."""
_DEATHS = re.compile(r"\b(?:deaths?|fatal|died)\b", re.IGNORECASE)
_NOUN = re.compile(r"[a-z]{4,}s\b")
_LAST_WORD = re.compile(r"\b([a-z]{4,}s)\W*$")
_ELSEWHERE = re.compile(r"\b(?:elsewhere|smaller)\b", re.IGNORECASE)
_MOST_PARTS = 20
"""Counts before a total that are looked at."""
_GIVEN = re.compile(r"\b(?:received|assigned|allo(?:cat|tt)ed|randomi[sz]ed|treated)\b", re.IGNORECASE)
_WITH = re.compile(r"(?:patients |participants )?(?:with|to|received|in) ", re.IGNORECASE)
_OTHER_ARM = re.compile(r"(?:the|an?) (?:[a-z-]+ ){0,2}[a-z-]+\W*$")
_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
_IN_BRACKET = re.compile(r"[^().;:,\d]{0,60}\($")
_ASSIGNED = re.compile(r"\b(?:arms?|assigned|allo(?:cat|tt)ed|randomi[sz]\w+|intention-to-treat)\b", re.IGNORECASE)
_TO_ARM = re.compile(
    r"(?:patients |participants )?(?:were )?(?:randomi[sz]ed |assigned |allo(?:cat|tt)ed )?(?:to|in|into|on|for)\b"
)
_NEXT, _LABELLED = re.compile(r"; [^;:]+: ?$"), re.compile(r"(?:^|[(;] ?)[^;:(]+: [^;:]*$")
"""Where the next of two alike begins: `N0: 58 events in 210 patients; N1: 91 events in 164`."""
_SO_MANY_ARMS = re.compile(r"\b(two|three|four|[0⓪]*[2-4②-④])-(?:arm|group)\b")
_IN_THE_GROUPS = re.compile(
    r" ?(?:patients )?(?:in|from|of) the (two|three|four|[0⓪]*[2-4②-④])(?: [a-z-]+)? (?:groups|arms|cohorts),? "
    r"respectively\W*$"
)
_BARE = re.compile(r"(?:,|,? and) ?")
"""`129 died (38, 43 and 48 in the three groups, respectively)`."""
_SO_MANY = {2: ("two", "2", "②"), 3: ("three", "3", "③"), 4: ("four", "4", "④")}
_ONE_CELL = re.compile(r"\b(?:only|alone|neither|(?:with|in) both)\b", re.IGNORECASE)
_BY_WHICH = re.compile(r"\b(?:only|alone|both|neither)\b", re.IGNORECASE)


class Lists(SentenceOfParts):
    """A sentence that may tell a whole and list its parts behind it, or tell it behind them."""

    def told_total(self) -> bool:
        """`12 progressed and 5 died, for a total of 17`, `25, 61 and 9 (total 95)`, `; these 258 patients`."""
        for k in range(2, len(self.counts)):
            c = self.counts[k]
            before = [x for x in self.counts[max(0, k - _MOST_PARTS) : k] if x.level == self.counts[k - 1].level]
            if len(before) < 2 or any(x.of for x in before) or not self._is_total(c, before):
                continue
            if self.several or self.added(before) or _HAD_SEVERAL.search(self.text):
                return False
            opener = before[0].level - 1
            if c.level <= opener < k and self.counts[opener].n >= max(sum(x.n for x in before), c.n):
                return False  # `931 visits (452 in A, 456 in B), a total of 795 tests`: of what stands before them
            sums = [sum(x.n for x in before[j:]) for j in range(len(before) - 1)]
            if c.n in sums:
                return self.add_up(c, before[sums.index(c.n) :], "all", "all")
            if max(x.n for x in before) >= c.n or say.SOME.search(self.text):
                return False
            alike = _ALONE.match(c.gap) is not None and not _IN_ALL.match(f" {c.behind}")
            return self.add_up(c, before, "alike" if alike else "all", "all")
        return False

    def _is_total(self, c: Count, before: Sequence[Count]) -> bool:
        """Whether the words beside a count say that it is all of those before it."""
        if _TOTAL.search(c.gap):
            noun = _NOUN.match(c.behind)
            theirs = c.gap.endswith(("with a total of ", " made "))
            if theirs and noun and not any(x.behind.startswith(noun[0]) for x in before):
                return False  # `in nine sites 83 discussions with a total of 791 participants`, `188 made 402 calls`
            several = self.text.lower().count("total of") > 1 or c.n == math.prod(x.n for x in before)
            return _THEIR_OWN.search(c.gap) is None and not several
        if _IN_ALL.match(f" {c.behind}") and re.search(r"[(\[,;] ?$", c.gap):
            return True
        if _GAVE.search(c.gap) and _BETWEEN_THEM.search(f"{before[0].gap} {c.gap}") and not c.of:
            return True
        if _SIZE_OF_ALL.search(c.gap) and all(x.sized and x.n < c.n for x in before):
            return True
        if _AT_LAST.search(c.behind) and re.search(r"; ?$", c.gap):
            return True
        if c.gap.endswith(" the "):
            return _THE.search(c.gap) is not None and all(x.sized for x in before) and _THEY.match(c.behind) is not None
        alone = _ALONE.match(c.gap) is not None and (c.sized or say.PEOPLE.match(c.behind) is not None)
        return alone and not any(x.sized for x in before) and c.n > max(x.n for x in before) and len(before) == 2

    def check_shares_of_each(self) -> None:
        """`15 of 33, 8 of 24 and 11 of 29; overall 36 of 86`: where the groups make up all, so do those in them."""
        if len(self.counts) < 2 * _TWO + 2 or len(self.counts) % 2:
            return
        if not _IN_SUM.search(self.counts[-2].gap) and not _IN_ALL.match(f" {self.counts[-1].behind}"):
            return
        some, of = self.counts[::2], self.counts[1::2]
        if not all(x.of for x in of) or any(x.of for x in some) or sum(x.n for x in of[:-1]) != of[-1].n:
            return
        if of[-1].n >= _NOT_SMALL:
            self.add_up(some[-1], some[:-1], "all", "of these groups", others=False)

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
                done = self._list(whole, parts) or done
        return done

    def _of_each(self, first: int, parts: list[Count]) -> bool:
        """`in 4 of 38 patients: 1 of 6 at 60 mg, 1 of 7 at 80 mg and 2 of 5 at 100 mg`: those of the groups are all."""
        some, of = parts[::2], parts[1::2]
        if not 1 < len(some) == len(of) or not all(x.of for x in of) or not self.counts[first - 1].of or self.several:
            return False
        all_ = self.counts[first - 1]
        sizes = sum(x.n for x in of)
        closure: Closure = "all" if sizes == all_.n else "some"
        done = self.add_up(self.counts[first - 2], some, closure, "groups", sure=closure == "all")
        return (sizes > all_.n and self.add_up(all_, of, "some", "groups")) or done

    def _list(self, whole: Count, parts: list[Count]) -> bool:
        opened = parts[0].gap
        last = self.counts.index(parts[-1])
        behind = self.sentence.tail if last + 1 == len(self.counts) else self.counts[last + 1].gap
        words = " ".join(x.words for x in parts)
        if all(not x.gap.strip() for x in parts[1:]):
            return False  # figures of a listing without a word between them
        if say.OF_ANOTHER.search(opened):
            return False
        in_turn = [x.n for x in parts] == [*range(parts[0].n, parts[0].n + len(parts))]
        if len(parts) > 2 and parts[0].n in (1, 2) and in_turn:
            return False  # numbers of groups: `(group 1 control, 2 sham, 3 drug)`
        if lists.IN_TWOS.match(whole.behind) or (
            _NEXT.search(opened) and _LABELLED.search(self.text[: self.text.index(opened)])
        ):
            return False
        told = _IN_THE_GROUPS.match(behind) if behind is self.sentence.tail else None
        told = told or _IN_THE_GROUPS.match(parts[-1].behind)
        bare = _IN_BRACKET.match(opened) and all(_BARE.fullmatch(x.gap) for x in parts[1:])
        if bare and told is not None and told[1].lstrip("0⓪") in _SO_MANY.get(len(parts), ()):
            return self.add_up(whole, parts, "all", "the groups")
        if self.several or say.SOME.search(opened + words) or any(re.search(r"[\[\]]", x.gap) for x in parts[1:]):
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
        if say.ONE.search(behind):
            behind = ", and one"
        beyond = re.split(r"[).;]", behind, maxsplit=1)[-1][:80]
        ends = _ENDS.match(behind) is not None and not say.NOT_SAID.search(beyond) and not say.MORE.search(beyond)
        ends = ends and not _ELSEWHERE.search(behind)
        if say.COMPRISED.search(opened):
            if (_OF_THESE.search(whole.gap) and "," in opened) or not all(_LISTED.search(x.gap) for x in parts[1:]):
                return False  # of 119 patients, the study comprised 32 who had 64 scans
            return self.add_up(whole, parts, "all", "its parts")
        if len(parts) > 2 and rest:
            gone = say.GONE.search(whole.words + opened) is not None and 5 * sum(x.n for x in parts) >= 4 * whole.n
            closure: Closure = "all" if gone and ends else "perhaps all" if ends else "some"
            return self.add_up(whole, parts, closure, "kinds that exclude each other")
        colon = ":" in opened or "(" in opened
        right_behind = _RIGHT_BEHIND.search(opened) is not None
        right_behind = right_behind or (_GONE_AHEAD.search(whole.gap) and _COLON_ALONE.search(opened)) is not None
        if say.GONE.search(f"{whole.before} {whole.words} {opened}") and (
            right_behind or all(say.REASON.search(x.words) for x in parts)
        ):
            closure = "perhaps all" if colon and ends else "some"
            return self.add_up(whole, parts, closure, "reasons, one of each", sure=right_behind)
        if (
            "including" in opened
            and sum(x.n for x in parts) > whole.n
            and all(x.behind.startswith("with ") for x in parts)
        ):
            return self.add_up(whole, parts, "alike", "kinds that exclude each other")
        given = _WITH.match(parts[0].behind) and (_WITH.match(parts[-1].behind) or _OTHER_ARM.match(parts[-1].behind))
        if len(parts) == 2 and _GIVEN.search(whole.words) and given:
            together = sum(x.n for x in parts)
            near = 10 * together >= 9 * whole.n or (say.SPLIT.search(whole.words) and 2 * together >= whole.n)
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
        return same and all(say.KIND.match(x.behind) for x in parts)

    def combined(self, whole: Count, parts: list[Count]) -> bool:
        """`46 were positive with both, 40 negative with both, 18 by A only and 6 by B only`."""
        if len(parts) < 3 or not all(_BY_WHICH.search(x.words) for x in parts) or _ONE_CELL.search(whole.words):
            return False
        return sum(_ONLY.search(x.words) is not None for x in parts) > 1 and self.add_up(
            whole, parts, "perhaps all", "kinds that exclude each other"
        )
