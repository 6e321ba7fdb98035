"""A whole and its parts, told in one sentence or in the one behind it, in whatever words.

Which counts belong together says the list they stand in (`clauses`); that nobody is in two of them, or that they leave
nobody out, say what is said of each (`predicates`) and the words that open or close the list: `comprised`, `the other
12`, `for a total of 40`, `for progression (12), toxicity (4) or refusal (3)`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.check.verify.sums.clauses import Count, Sentence, may_count, read_sentence
from codon12.check.verify.sums.equations import Closure, add_up
from codon12.check.verify.sums.predicates import WHOLE, excludes, is_negation_of, is_rest, said_of, union_of

__all__ = ["check_partitions"]

_OF = re.compile(r"\b(?:of|among|amongst)(?: the| these| those| all| a total of| our| whole| entire)*$", re.IGNORECASE)
_PEOPLE = re.compile(
    r"^(?:(?!with\b|had\b|were\b|was\b|and\b|of\b)[\w-]+ ){0,3}?(?:patients?|participants|subjects|individuals|adults|"
    r"children|persons?|people|pts|cases|infants|recipients|records|articles|studies|tumou?rs|samples|specimens|"
    r"biopsies|"
    r"responders|responses|deaths|events|women|men|persons|survivors|lesions)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\brespectively\b|\b(?:vs|versus)\b|\bcompar\w+|\bthan\b|\bfold\b|\bby (?:arm|group|central|"
    r"investigator)|\b(?:both|two|three|four) (?:arms|groups|cohorts)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:per|each)\b", re.IGNORECASE)
_ARM = re.compile(r"\b(?:arm|group|cohort)s?\b", re.IGNORECASE)
_OVERLAP = re.compile(
    r"\bmore than (?:one|[⓪0]*[①1])\b|\bmultiple\b|\bseveral\b|\boverlap\w*|\bnot mutually|\bboth\b|\bsome (?:patients|"
    r"had|of)|\beither\b|\balso\b|\bagain\b|\breasons? (?:may|could)|\bof (?:which|whom|them) .{0,40} (?:also|both)",
    re.IGNORECASE,
)
_BOTH_PLACES = re.compile(r"\bboth (?:local|sides|left|right|loco)", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:main\w*|most|mostly|such as|e\.g|common\w*|primarily|predominantly|additional\w*|another|further|"
    r"confirmed and unconfirmed|(?:at least|up to|about|approximately|over)(?= \d))\b",
    re.IGNORECASE,
)
_FINER = re.compile(
    r"very good|unconfirmed|\bnear|stringent|incomplete|\bCRi\b|\bVGPR\b|\bsCR\b|minor|nodular|mixed|marrow|molecular|"
    r"metabolic|pathologic|\bpCR\b|h[ae]+matolog|non-?CR|cytogenetic|lesions?\b|\bPSA\b|duration|\bweeks\b|\bmonths\b",
    re.IGNORECASE,
)
_COMPRISED = re.compile(
    r"\b(?:compris\w+|consist\w+ of|composed of|made up of|divided into|split into|subdivided|classified (?:as|into)|"
    r"(?:was|were) as follows|broken down)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:\b(?:for|giving|making|yielding|with|to) (?:a|an overall|the) (?:grand |overall )?total of|\bin total,?|"
    r"\b(?:total(?:ling|ing|led|ed)?|together),?|\bmaking (?:up )?(?:the |a )?|\bmade(?: up)?(?: the)?|\bgiving|"
    r"\bthese|\ba total of|[(\[]total,?(?: of)?)"
    r"(?: the| of)* ?$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[^,;:()\[\]]{2,60} ?[(\[](?:[nN] ?= ?)?$")
_AT_LAST = re.compile(r"\b(?:in total|in all|altogether)\W*$", re.IGNORECASE)
_HALF = re.compile(r"\b(?:half|third|thirds|quarter|quarters|majority|most)\b", re.IGNORECASE)
_THEY = re.compile(
    r"^(?:patients|participants|subjects|women|men|children|individuals) (?:were|had|in (?:all|total))\b"
)
_IN_ALL = re.compile(r"^(?: [a-z]+){0,2} (?:in total|in all|altogether|overall|combined)\b", re.IGNORECASE)
_THE = re.compile(r"(?:^|[;,.:] |\band )(?:all |all of )?the $", re.IGNORECASE)
_ONE = re.compile(r"\b(?:in|and|with|had) one\b", re.IGNORECASE)
"""One that the reader of numbers takes for a pronoun."""
_ENDS = re.compile(r"^(?: ?[)\]])?[^.;,()]{0,90}(?:[).;\s]|$)")
_STATED = re.compile(
    r"\b(?:arms?|groups?|cohorts?) (?!of\b|in\b|at\b|for\b|and\b|or\b)[a-z]|"
    r"\b(?:was|were|had|received|underwent|completed|started|did|took|could|went)\b (?!randomi|assigned|allocat|"
    r"not\b|men|"
    r"women|male|female)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\b(?:randomi[sz]|assign|allocat)", re.IGNORECASE)
_TO = re.compile(r"^(?:patients |participants |women |men |subjects )?(?:were )?(?:randomly |randomi[sz]ed |assigned |"
                 r"allocated )*(?:to|received|in|into|with|on|for)\b|^(?:to|or|and)? ?[\w -]{2,60}$", re.IGNORECASE)  # fmt: skip
_RIGHT_BEHIND = re.compile(
    r"\b(?:excluded|ineligible|not eligible|discontinued|withdrew|withdrawn|dropped out|stopped|not (?:treated|"
    r"included|"
    r"enrolled|randomi[sz]ed|analy[sz]ed)|declined)\b(?: (?:the )?(?:study|treatment|early|prematurely|"
    r"therapy))* ?[:(]",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:for|due to|because of|because|owing to|attributed|attributable|caused|from|of|by|progress\w*|adverse|"
    r"toxic\w*|death|died|withdr\w+|lost|loss|"
    r"decision|choice|consent|refus\w+|declin\w+|ineligib\w+|protocol|violation|non-?complian\w+|did not|other|unknown|"
    r"no|with|without|preference|request|comorbid\w*|missing|lack|unable|not|insufficient|screen\w*)\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:excluded|ineligible|discontinu\w+|withdrew|withdrawn|died|deaths?|dropped out|stopp\w+|off (?:study|"
    r"treatment)|"
    r"did not (?:receive|undergo|complete|start|proceed)|not (?:eligible|randomi[sz]ed|enrolled|included|treated|"
    r"evaluable)|dropouts?|withdrawals|fatal|deaths|unavailable)\b",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\b(?:evaluable|available|known|unknown|missing|assess\w+|data|more than|information|median|first|initially)\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:others?|remaining|rest)\b", re.IGNORECASE)


def check_partitions(case: Case) -> None:
    """Check every whole and its parts in the sentences of prose that no other rule has added up."""
    told = sums_told(case)
    for passage, p in enumerate(case.text.passages):
        if not may_count(case, passage, 2):
            continue
        sentence = read_sentence(case, passage)
        if len(sentence.counts) < 2 or is_cited(case.flat[p.start : p.end]):
            continue
        _Reader(case, sentence, told).check()


class _Reader:
    """The wholes and parts of one sentence."""

    def __init__(self, case: Case, sentence: Sentence, told: Sequence[tuple[int, int]]) -> None:
        self.case, self.sentence, self.told = case, sentence, told
        self.counts = sentence.counts
        self.text = sentence.text
        self.groups = _SEVERAL.search(self.text) is not None
        self.several = self.groups or _EACH.search(self.text) is not None
        self.overlap = _OVERLAP.search(_BOTH_PLACES.sub("", self.text)) is not None

    def check(self) -> None:
        """Try each way in which a whole may be told, the surest first; a count is a part once."""
        if self._told_total():
            return
        self._lists()
        flat = [c for c in self.counts if c.level == 0]
        if len(flat) > 1:
            self._flat(flat)
        if not self.several:
            self._unions()

    def _unions(self) -> None:
        """`never in 47, former in 102 and current in 15; 117 were current or former smokers`."""
        by_axis: dict[str, dict[str, Count]] = defaultdict(dict)
        for c in self.counts:
            for s in said_of(c.words):
                by_axis[s.axis].setdefault(s.name, c)
        for axis in ("smoking", "level"):
            found = by_axis[axis]
            for k, c in enumerate(self.counts) if len(found) > 2 else ():
                behind = self.counts[k + 1].gap if k + 1 < len(self.counts) else self.sentence.tail
                words = f"{_CLAUSE.split(c.gap)[-1]} {_CLAUSE.split(behind)[0]}"
                names = union_of(words, axis, [x for x in found if found[x] is not c])
                if len(names) > 1 and found[names[0]].start < c.start:
                    self._add_up(c, [found[x] for x in names], "all", "together", others=False)

    def _added(self, parts: Sequence[Count]) -> bool:
        return is_added(self.case, self.told, [(x.start, x.end) for x in parts])

    def _add_up(
        self, whole: Count, parts: Sequence[Count], closure: Closure, why: str, *, nested: bool = False,
        others: bool = True,
    ) -> bool:  # fmt: skip
        if self._added(parts) and others:
            return True
        beside = [c for c in self.counts if others and c is not whole and all(c is not x for x in parts)]
        return add_up(self.case, self.sentence, whole, parts, closure, why, others=beside, nested=nested)

    # a total behind its parts

    def _told_total(self) -> bool:
        """`12 progressed and 5 died, for a total of 17`, `25, 61 and 9 (total 95)`, `; these 258 patients`."""
        for k in range(2, len(self.counts)):
            c = self.counts[k]
            before = [x for x in self.counts[:k] if x.level == self.counts[k - 1].level]
            if len(before) < 2 or not self._is_total(c, before):
                continue
            if self.several or self._added(before):
                return False
            sums = [sum(x.n for x in before[j:]) for j in range(len(before) - 1)]
            if c.n in sums:
                return self._add_up(c, before[sums.index(c.n) :], "all", "all")
            if max(x.n for x in before) >= c.n or _SOME.search(self.text):
                return False
            return self._add_up(c, before, "alike" if _ALONE.match(c.gap) else "all", "all")
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
        alone = _ALONE.match(c.gap) is not None and (c.sized or _PEOPLE.match(c.behind) is not None)
        return alone and not any(x.sized for x in before) and c.n > max(x.n for x in before) and len(before) == 2

    # lists that a colon, a bracket or a word opens behind a count

    def _lists(self) -> bool:
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
            self._of_whom(whole, parts[0])
            if whole.of:  # 18 of 36 responded (CR in 6, PR in 12)
                whole = self.counts[first - 2]
            if len(parts) > 1 and not whole.sized and whole.level != first:
                done = self._list(whole, parts) or done
        return done

    def _of_each(self, first: int, parts: list[Count]) -> bool:
        """`in 4 of 38 patients: 1 of 6 at 60 mg, 1 of 7 at 80 mg, and 2 of 5 at 100 mg`: those of the groups are all."""
        some, of = parts[::2], parts[1::2]
        if not 1 < len(some) == len(of) or not all(x.of for x in of) or not self.counts[first - 1].of or self.several:
            return False
        all_ = self.counts[first - 1]
        sizes = sum(x.n for x in of)
        closure: Closure = "all" if sizes == all_.n else "some"
        done = self._add_up(self.counts[first - 2], some, closure, "groups")
        return (sizes > all_.n and self._add_up(all_, of, "some", "groups")) or done

    def _of_whom(self, whole: Count, part: Count) -> None:
        """`118 (28.6%) carried a mutation, of which 31 were p.G12C`: no more than there were."""
        p = self.case.text.passages[self.sentence.passage]
        shared = "%" in self.case.figures[whole.start : whole.end + _SHARE_WITHIN]
        alone = whole is self.counts[0] or (shared and "%" not in self.case.figures[p.start : whole.start])
        if whole.level or not alone or part.n <= whole.n or self.several or _OF_WHICH.search(part.gap) is None:
            return
        statements = self.case.by_passage.get(self.sentence.passage)
        on = (holder(statements, part.start),) if statements else ()
        said = f"{part.n} are more than the {whole.n} of whom they should be."
        members = [(whole.start, whole.end), (part.start, part.end)]
        self.case.relate("subset", members, "error-if", said, "part <= whole", on=on)

    def _list(self, whole: Count, parts: list[Count]) -> bool:
        opened = parts[0].gap
        last = self.counts.index(parts[-1])
        behind = self.sentence.tail if last + 1 == len(self.counts) else self.counts[last + 1].gap
        words = " ".join(x.words for x in parts)
        if self.several or _SOME.search(opened + words):
            return False
        if self._combined(whole, parts):
            return True
        if self.overlap:
            return False
        rest = any(is_rest(x.before) or is_rest(x.behind) for x in parts)
        if _ONE.search(behind):
            behind = ", and one"
        beyond = re.split(r"[).;]", behind, maxsplit=1)[-1][:80]
        ends = _ENDS.match(behind) is not None and not _NOT_SAID.search(beyond) and not _MORE.search(beyond)
        if _COMPRISED.search(opened):
            return self._add_up(whole, parts, "all", "its parts")
        if len(parts) > 2 and rest:
            return self._add_up(whole, parts, "perhaps all" if ends else "some", "kinds that exclude each other")
        colon = ":" in opened or "(" in opened
        right_behind = _RIGHT_BEHIND.search(opened) is not None
        if _GONE.search(whole.words + opened) and (right_behind or all(_REASON.search(x.words) for x in parts)):
            return self._add_up(whole, parts, "perhaps all" if colon and ends else "some", "reasons, one of each")
        if (
            "including" in opened
            and sum(x.n for x in parts) > whole.n
            and all(x.behind.startswith("with ") for x in parts)
        ):
            return self._add_up(whole, parts, "alike", "kinds that exclude each other")
        if len(parts) == 2 and _GIVEN.search(whole.words) and all(_WITH.match(x.behind) for x in parts):
            together = sum(x.n for x in parts)
            near = 10 * together >= 9 * whole.n or (_SPLIT.search(whole.words) and 2 * together >= whole.n)
            near = near and ends and "whom" not in opened
            return self._add_up(whole, parts, "all" if near else "some", "the arms")
        closed = ends and "including" not in opened and 2 * sum(x.n for x in parts) >= whole.n
        if len(parts) == 2 and closed and is_negation_of(parts[0].words, parts[1].words):
            return self._add_up(whole, parts, "all", "opposites")
        if len({s.name for x in parts for s in said_of(x.words) if s.axis == "arm"}) == len(parts):
            return self._of_axes([whole], parts, closed=closed)
        if closed and ":" in opened and self._one_noun(whole, parts):
            return self._add_up(whole, parts, "all", "kinds of them")
        deaths = _DEATHS.search(self.text[: self.text.index(opened)] + whole.words) is not None
        if (deaths and opened.rstrip().endswith(("(", ":"))) or (deaths and parts[0].sized and ":" in opened):
            return self._add_up(whole, parts, "perhaps all" if ends else "some", "causes, one of each")
        return self._of_axes([whole], parts, closed=closed)

    # parts of a whole that stand in one row with it

    def _flat(self, flat: list[Count]) -> None:
        flat = self._split(flat)
        wholes = self._wholes(flat) or self._before(flat)
        if sum(w.of for w in wholes) > 1:
            return
        parts = [c for c in flat if all(c is not w for w in wholes) and not _OF_SOME.match(c.behind)]
        if not wholes or len(parts) < 2 or any(_ALL.search(x.before) for x in parts):
            return
        whole = max(wholes, key=lambda w: w.n)
        one = all(w.n == whole.n for w in wholes)
        parts = [c for c in parts if not (c.sized and c.n == whole.n)] if one else parts
        if len(parts) < 2:
            return
        if one and self._all_but(whole, parts):
            return
        if one and _COMPRISED.search(parts[0].gap) and not self.several and self._closed(whole, parts):
            self._add_up(whole, parts, "all", "its parts")
            return
        if one and self._combined(whole, parts):
            return
        if self.overlap:
            return
        if one and self.groups and self._in_turn(whole, parts):
            return
        if one and not self.several and (self._rest_of(whole, parts) or self._opposite(whole, parts)):
            return
        if one and (self._arms(whole, parts) or self._reasons(whole, parts)):
            return
        if one and not self.groups and (self._values(whole, parts) or self._against(whole, parts)):
            return
        if not self.several:
            self._of_axes(wholes, parts, closed=one and self._closed(whole, parts) and not _MORE.search(self.text))

    def _split(self, flat: list[Count]) -> list[Count]:
        """The counts but the arms of one of them: `and 340 were randomised, 171 to mesh and 169 to suture`."""
        for k, c in enumerate(flat[1:-2], 1):
            arms = flat[k + 1 :]
            if _SPLIT.search(c.behind) and len(arms) < 5 and all(_TO_ONE.match(x.behind) for x in arms):
                if not self.groups and not re.search(r"\b(?:or|and)\b", self.sentence.tail):
                    self._add_up(c, arms, "all", "the arms")
                return flat[: k + 1]
        return flat

    def _wholes(self, flat: list[Count]) -> list[Count]:
        """Counts that a sentence gives as what others are of."""
        out = []
        for k, c in enumerate(flat):
            if c.of or (_OF.search(c.gap.rstrip()) is not None and not is_rest(c.before)):
                out.append(c)
            elif k == 0 and self._may_be_whole(c, flat[1:]) and not is_rest(c.before):
                own = {s.axis: s.name for s in said_of(c.words)}
                shared = {
                    s.axis for x in flat[1:] for s in said_of(x.words)
                    if s.axis in own and s.axis != "flow" and s.name != own[s.axis]
                }  # fmt: skip
                if not shared and not flat[1].of:
                    out.append(c)
            elif c.sized and ((k == 0 and _REASONS_FOR.search(c.gap)) or "respectively" in c.gap):
                out.append(c)
        return out

    def _may_be_whole(self, first: Count, others: Sequence[Count]) -> bool:
        """Whether the first count of a sentence is of people, of those gone, or the size of a group: `patients (N = 64)`."""
        if first.sized:
            return first.gap.endswith("N = ") or not any(x.sized for x in others)
        return _PEOPLE.match(first.behind) is not None or _GONE_ALONE.match(first.behind) is not None

    def _before(self, flat: Sequence[Count]) -> list[Count]:
        """The counts of the sentence before, where this one speaks of them: `Of these, 30 were men and 35 women`."""
        before = self.sentence.passage - 1
        if before < 0 or self.case.text.passages[before].table is not None or self.several:
            return []
        if _OF_THESE.match(self.text) is None:
            axes = [{s.axis: s.name for s in said_of(x.words)} for x in flat]
            if not any(frozenset(x.get(axis, "") for x in axes) in WHOLE for axis in axes[0]):
                return []
        found = [c for c in read_sentence(self.case, before).counts if c.level == 0]
        return found if _OF_THESE.match(self.text) or (len(found) == 1 and _PEOPLE.match(found[0].behind)) else []

    def _closed(self, whole: Count, parts: Sequence[Count]) -> bool:
        """Whether nothing says that some of the whole are in none of the parts."""
        last = parts[-1]
        at = next(k for k, c in enumerate(self.counts) if c is last)
        ends = at + 1 == len(self.counts) or self.counts[at + 1] is whole
        of_both = _STATED.search(last.behind) is not None and not any(_STATED.search(x.words) for x in parts[:-1])
        told = (
            ends
            and not of_both
            and not _HALF.search(self.text)
            and not _ONE.search(self.sentence.tail)
            and not _NOT_SAID.search(self.text)
        )
        return told and 2 * sum(x.n for x in parts) >= whole.n

    def _rest_of(self, whole: Count, parts: list[Count]) -> bool:
        """`58 were due to cancer; the other 24 were not`, `40 had A, 12 B and 6 other tumours`."""
        at = [k for k, x in enumerate(parts) if is_rest(x.before) or is_rest(x.behind)]
        if len(at) != 1 or (at[0] not in (0, len(parts) - 1)) or _SOME.search(self.text):
            return False
        rest = parts[at[0]]
        if _THE_REST.search(rest.before):
            together = parts if at[0] else parts[:2]
            return len(together) == 2 and self._add_up(whole, together, "all", "those and the others")
        if whole.of and sum(x.n for x in parts[1:]) == parts[0].n:
            return self._add_up(parts[0], parts[1:], "all", "all")
        if len(parts) < 3:
            return False
        if whole.of and all(_FROM.search(x.words) for x in parts[1:]):  # 48 deaths among 126, 40 from cancer
            return self._add_up(parts[0], parts[1:], "perhaps all", "causes, one of each")
        closure: Closure = "perhaps all" if self._closed(whole, parts) else "some"
        return self._add_up(whole, parts, closure, "kinds that exclude each other")

    def _all_but(self, whole: Count, parts: list[Count]) -> bool:
        """`All but 7 of the 95 patients received it; the 88 treated patients ...`."""
        if (
            len(parts) != 2
            or not whole.of
            or not _ALL_BUT.search(parts[0].gap)
            or not _DEFINITE.search(parts[1].before)
        ):
            return False
        return self._add_up(whole, parts, "all", "those and the others")

    def _opposite(self, whole: Count, parts: list[Count]) -> bool:
        """`22 had rejection and 53 had no rejection`, `31 were confirmed; 7 were not`."""
        if len(parts) != 2 or not is_negation_of(parts[0].words, parts[1].words) or _SOME.search(self.text):
            return False
        return self._add_up(whole, parts, "all" if 2 * (parts[0].n + parts[1].n) >= whole.n else "some", "opposites")

    def _combined(self, whole: Count, parts: list[Count]) -> bool:
        """`46 were positive with both, 40 negative with both, 18 by A only and 6 by B only`."""
        if len(parts) < 3 or not all(_BY_WHICH.search(x.words) for x in parts):
            return False
        return sum(_ONLY.search(x.words) is not None for x in parts) > 1 and self._add_up(
            whole, parts, "perhaps all", "kinds that exclude each other"
        )

    def _arms(self, whole: Count, parts: list[Count]) -> bool:
        """`345 patients were randomly assigned to A (172) or B (173)`."""
        words = whole.words + parts[0].gap + parts[0].behind
        chosen = _TREATED.search(words) is not None and re.search(r"\bor\b", parts[-1].gap) is not None
        if not (_SPLIT.search(words) or chosen) or len(parts) > 4 or self.groups:
            return False
        if whole.of:  # 493 of 601 screened were randomized to A (330) or B (163)
            whole, parts = parts[0], parts[1:]
        said = [s for x in parts for s in said_of(x.words)]
        beside = any(
            s.axis in ("flow", "life", "response") and s.name not in ("in: entered", "in: treated") for s in said
        )
        if len(parts) < 2 or beside or not all(_TO.match(x.behind or x.before) for x in parts):
            return False
        if not self._closed(whole, parts) or re.search(r"\b(?:or|and)\b", self.sentence.tail):
            return False
        near = 10 * sum(x.n for x in parts) >= 9 * whole.n and not _NOT_YET.search(whole.words)
        return self._add_up(whole, parts, "all" if near or _SPLIT.search(whole.words) else "some", "the arms")

    def _reasons(self, whole: Count, parts: list[Count]) -> bool:
        """`Of 96 who stopped, 74 did so for progression, 18 for adverse events and 4 withdrew consent`."""
        if _WHY.search(parts[0].before) or (whole.sized and _REASONS_FOR.search(whole.gap)):
            some = _SOME.search(self.text) is not None or "includ" in self.text
            return self._add_up(whole, parts, "some" if some else "perhaps all", "reasons, one of each")
        if (
            whole.of
            or not _GONE.search(whole.words)
            or not all(_REASON.search(x.words) or x.behind.startswith("to ") for x in parts)
        ):
            return False
        if any(_HAD.match(x.behind) for x in parts):
            return False
        return self._add_up(whole, parts, "some", "reasons, one of each")

    def _in_turn(self, whole: Count, parts: list[Count]) -> bool:
        """`stage II, III and IV disease was present in 20, 41 and 39 of 100 patients, respectively`."""
        named = _SCALE.search(parts[0].gap)
        if named is None or "respectively" not in self.text or not all(_BARE.match(x.gap) for x in parts[1:]):
            return False
        levels = _LEVELS.findall(named["levels"])
        return len(levels) == len(parts) and self._add_up(
            whole, parts, "perhaps all", "of one group, each in one of them"
        )

    def _values(self, whole: Count, parts: list[Count]) -> bool:
        """`toxicity was mild in 30, moderate in 14, and severe in 6`, `140 were solid, 50 part-solid and 22 hazy`."""
        ahead = all(x.before and (not x.behind.strip(" .") or _PEOPLE.match(x.behind)) for x in parts)
        first = parts[0]
        if ahead:
            alike = _IS.search(first.before) is not None and not any(_IS.search(x.before) for x in parts[1:])
            alike = alike and not any(re.search(r"[A-Z①-⑨]", x.before) for x in parts[1:])
        else:
            own = [x.behind for x in parts[1:]]
            alike = _WERE.match(first.behind) is not None and all(_WORDS.match(x) for x in own)
            alike = alike and not any(_VERB.match(x) for x in own)
            alike = alike or all(_CHOSE.match(x.behind) for x in parts)
            alike = alike and not any(x.before or ";" in x.gap for x in parts[1:])
        return alike and self._closed(whole, parts) and self._add_up(whole, parts, "alike", "values of one kind")

    def _against(self, whole: Count, parts: list[Count]) -> bool:
        """`required in 12 of 90 limbs, while 78 limbs were salvaged`."""
        if len(parts) != 2 or not whole.of or not _WHILE.search(parts[1].gap):
            return False
        return self._add_up(whole, parts, "alike", "opposites")

    def _one_noun(self, whole: Count, parts: list[Count]) -> bool:
        """`182 cancers were diagnosed: 131 screen-detected and 51 interval cancers`."""
        noun, last = _NOUN.match(whole.behind), _LAST_WORD.search(parts[-1].behind)
        same = noun is not None and last is not None and noun[0] == last[1]
        return same and all(_KIND.match(x.behind) for x in parts)

    def _of_axes(self, wholes: Sequence[Count], parts: Sequence[Count], *, closed: bool) -> bool:
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
                self._add_up(
                    whole,
                    members,
                    closure,
                    "of one group, each in one of them",
                    nested=axis == "flow" and len(names) > 2,
                )
                or done
            )
        return done


_DEATHS = re.compile(r"\b(?:deaths?|fatal|died)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|each)(?: the| of| of the)?$", re.IGNORECASE)
_THE_REST = re.compile(r"\b(?:others?|remaining|rest|remainder)(?: patients)?$", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:from|of|due to|because of|attributed to|attributable to|caused by|related to|to)\b", re.IGNORECASE
)
_OF_THESE = re.compile(r"\W*(?:Of|Among) (?:these|them|those|whom)\b")
_OF_WHICH = re.compile(r"\b(?:of|among) (?:whom|which) $", re.IGNORECASE)
_SHARE_WITHIN = 10
_SCALE = re.compile(
    r"\b(?i:stages?|grades?|status|ECOG(?: PS)?|PS|scores?|class)(?: was| were| of)? "
    r"(?P<levels>(?:[⓪①-⑨]|[IVX]+[ABC]?)(?:, (?:[⓪①-⑨]|[IVX]+[ABC]?))*,? (?:and|or) (?:[⓪①-⑨]|[IVX]+[ABC]?))\b"
)
_LEVELS = re.compile(r"[⓪①-⑨]|[IVX]+[ABC]?")
_BARE = re.compile(r"^ *(?:,|,? and|,? or) +(?:in )?$")
_TREATED = re.compile(r"\btreated\b", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:screened|assessed|registered|enrolled|eligible|approached|invited)\b", re.IGNORECASE)
_NOUN = re.compile(r"[a-z]{4,}s\b")
_LAST_WORD = re.compile(r"\b([a-z]{4,}s)\W*$")
_KIND = re.compile(r"(?!with\b|had\b|were\b|in\b|of\b|at\b|serious\b)[a-z-]+(?: [a-z-]+){0,2}\W*$")
_TO_ONE = re.compile(
    r"(?:patients |participants )?(?:were )?(?:assigned |allocated |randomi[sz]ed )?(?:to|received) ", re.IGNORECASE
)
_CLAUSE = re.compile(r"[;,.]")
_OF_SOME = re.compile(r"(?:patients )?of the [a-z]", re.IGNORECASE)
"""What follows a count of some of those counted before: `12 of the survivors`."""
_GIVEN = re.compile(r"\b(?:received|assigned|allocated|randomi[sz]ed|treated)\b", re.IGNORECASE)
_WITH = re.compile(r"(?:patients |participants )?(?:with|to|received|in) ", re.IGNORECASE)
_GONE_ALONE = re.compile(
    r"(?:had |were |have |was )?(?:discontinued|withdrew|withdrawn|excluded|died|dropped out|stopped)\b", re.IGNORECASE
)
_WHY = re.compile(r"\b(?:because of|due to|owing to|reasons? (?:was|were)|causes? (?:was|were))\b", re.IGNORECASE)
_REASONS_FOR = re.compile(r"\b(?:reasons?|causes?) (?:for|of)\b", re.IGNORECASE)
_HAD = re.compile(
    r"(?:patients )?(?:had|have|were|was)\b(?! (?:attribut|due|caused|because|related|lost|with|excl))", re.IGNORECASE
)
_IS = re.compile(
    r"\b(?:was|were) (?!(?:seen|present|common|frequent|noted|found|positive|negative|high|low|abnormal|elevated|"
    r"evident|"
    r"necessary|needed|\w+ed)\b)[\w-]+(?: [\w-]+)? (?:in|for)$",
    re.IGNORECASE,
)
_CHOSE = re.compile(r"(?:patients |participants )?(?:chose|opted|preferred|selected|decided)\b", re.IGNORECASE)
_WERE = re.compile(r"(?:[a-z]+ )?(?:were|was) (?:[a-z]+ )?[a-z-]+\W*$")
_WORDS = re.compile(r"(?:were )?[a-z-]+(?: [a-z-]+)?\W*$")
_VERB = re.compile(r"(?:were )?(?:\w+ed|had|have|took|underwent|did|gave|went|got|needed|chose)\b", re.IGNORECASE)
_WHILE = re.compile(r"\b(?:while|whereas)\b", re.IGNORECASE)
_SEEN = re.compile(r"\b(?:evaluable|assessable|assessed|evaluated)\b", re.IGNORECASE)
_ALL_BUT = re.compile(r"\ball (?:but|except)(?: for)? $", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|these|those)$", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
_BY_WHICH = re.compile(r"\b(?:only|alone|both|neither)\b", re.IGNORECASE)
