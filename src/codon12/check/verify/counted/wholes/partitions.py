"""A whole and its parts, told in one sentence or in the one behind it, in whatever words.

Which counts belong together says the list they stand in (`clauses`); that nobody is in two of them, or that they leave
nobody out, say what is said of each (`predicates`) and the words that open or close the list: `comprised`, `the other
12`, `for a total of 40`, `for progression (12), toxicity (4) or refusal (3)`.
"""

from __future__ import annotations

from itertools import takewhile

from codon12.check import patterns as re
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.clauses import Count, may_count, read_sentence
from codon12.check.verify.counted.reading.predicates import is_negation_of, is_rest, said_of
from codon12.check.verify.counted.wholes.added import sums_told
from codon12.check.verify.counted.wholes.equations import Closure
from codon12.check.verify.counted.wholes.named import OF_A_GROUP, REASONS_FOR, WERE, NamedWholes

__all__ = ["check_partitions"]

_TO = re.compile(
    r"^(?:patients |participants |women |men |subjects )?(?:were )?(?:randomly |randomi[sz]ed |assigned |"
    r"allo(?:cat|tt)ed )*(?:to|received|in|into|with|on|for)\b|^(?:to|or|and)? ?[\w -]{1,60}\W*$",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|each)(?: the| of| of the)?$", re.IGNORECASE)
_THE_REST = re.compile(r"\b(?:others?|remaining|rest|remainder)(?: patients)?$", re.IGNORECASE)
_THEMSELVES = re.compile(r"^ (?:others?|remaining|rest)\b", re.IGNORECASE)
_REST_UNCOUNTED = re.compile(
    r"\bthe (?:others|rest|remainder|remaining [a-z]+)\b(?! ?(?:\(|\d|,? ?n ?=|were (?:00)*\d))(?=[^\d]*$)",
    re.IGNORECASE,
)
"""Those left, of whom the sentence says no number: its counts need not make up the whole."""
_FROM = re.compile(
    r"\b(?:from|of|due to|because of|attributed to|attributable to|caused by|related to|to)\b", re.IGNORECASE
)
_SCALE = re.compile(
    r"\b(?i:stages?|grades?|status|ECOG(?: PS)?|PS|scores?|class)(?: was| were| of)? "
    r"(?P<levels>(?:[⓪①-⑨]|[IVX]+[ABC]?)(?:, (?:[⓪①-⑨]|[IVX]+[ABC]?))*,? (?:and|or) (?:[⓪①-⑨]|[IVX]+[ABC]?))\b"
)
_LEVELS = re.compile(r"[⓪①-⑨]|[IVX]+[ABC]?")
_BARE = re.compile(r"^ *(?:,|,? and|,? or) +(?:in )?$")
_TREATED = re.compile(r"\btreated\b", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:screened|assessed|registered|enrolled|eligible|approached|invited)\b", re.IGNORECASE)
_TO_ONE = re.compile(
    r"(?:patients |participants )?(?:were )?(?:assigned |allo(?:cat|tt)ed |randomi[sz]ed )?(?:to|received) ",
    re.IGNORECASE,
)
_OF_SOME = re.compile(r"(?:patients )?of the [a-z]", re.IGNORECASE)
"""What follows a count of some of those counted before: `12 of the survivors`."""
_WHY = re.compile(r"\b(?:because of|due to|owing to|reasons? (?:was|were)|causes? (?:was|were))\b", re.IGNORECASE)
_LISTED = re.compile(r"\b(?:reasons?|causes?) (?:for|of)\b.*\b(?:includ\w+|were|was|are)\b", re.IGNORECASE)
_HAD = re.compile(
    r"(?:patients )?(?:had|have|were|was)\b(?! (?:attribut|due|caused|because|related|lost|with|excl))", re.IGNORECASE
)
_IS = re.compile(
    r"\b(?:was|were) (?!(?:seen|present|common|frequent|noted|found|positive|negative|high|low|abnormal|elevated|"
    r"evident|necessary|needed|\w+ed)\b)[\w-]+(?: [\w-]+)? (?:in|for)$",
    re.IGNORECASE,
)
_CHOSE = re.compile(r"(?:patients |participants )?(?:chose|opted|preferred|selected|decided)\b", re.IGNORECASE)
_WORDS = re.compile(r"(?:were )?[a-z-]+(?: [A-Za-z-]+)?\W*$")
_VERB = re.compile(r"(?:were )?(?:\w+ed|had|have|took|underwent|did|gave|went|got|needed|chose)\b", re.IGNORECASE)
_ALL_BUT = re.compile(r"\ball (?:but|except)(?: for)? $", re.IGNORECASE)
_WITH = re.compile(r"\bwith(?:out)?\b", re.IGNORECASE)
_RECEIVED = re.compile(r"(?:patients )?received \S", re.IGNORECASE)
_ENTERED = re.compile(r"\b(?:enrolled|included|randomi[sz]ed|recruited)\b", re.IGNORECASE)
_OF_ONE_GROUP = re.compile(r"\b(?:arm|group|cohort|controls?|placebo)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|these|those)$", re.IGNORECASE)


def check_partitions(case: Case) -> None:
    """Check every whole and its parts in the sentences of prose that no other rule has added up."""
    told = sums_told(case)
    for passage, p in enumerate(case.text.passages):
        if not may_count(case, passage, 2):
            continue
        sentence = read_sentence(case, passage)
        if len(sentence.counts) < 2 or is_cited(case.flat[p.start : p.end]):
            continue
        _Partitions(case, sentence, told).check()


_STARTED = re.compile(r"\W*(?:patients )?(?:received|started|began|took|were treated|completed)\b")


class _Partitions(NamedWholes):
    """The wholes and parts of one sentence, those in one row among them: `of 98, 61 were positive and 33 negative`."""

    def check(self) -> None:
        """Try each way in which a whole may be told, the surest first; a count is a part once."""
        self.check_shares_of_each()
        if self.told_total():
            return
        self.check_lists()
        flat = [c for c in self.counts if c.level == 0]
        if len(flat) > 1:
            self._flat(flat)

    def _flat(self, flat: list[Count]) -> None:
        flat = self._split(flat)
        wholes = self.wholes_in(flat)
        if len(flat) - len(wholes) < 2 or not wholes:
            wholes = self.whole_before(flat) or self.whole_behind(flat) or wholes
        of = [w for w in wholes if w.of]
        if len({w.n for w in of}) > 1 or (len(of) > 1 and all(_OF_ONE_GROUP.search(w.words) for w in of)):
            return
        parts = [c for c in flat if all(c is not w for w in wholes) and not _OF_SOME.match(c.behind)]
        if not wholes or len(parts) < 2 or any(_ALL.search(x.before) for x in parts):
            return
        if len({c.n for c in flat if OF_A_GROUP.search(c.gap.rstrip())}) > 1 or _REST_UNCOUNTED.search(self.text):
            return
        whole = max(wholes, key=lambda w: w.n)
        if parts[0].start < whole.start and parts[0].n > whole.n:
            return  # `of the remaining 838, a total of 447 had it; 391 had not`: of those named first
        one = all(w.n == whole.n for w in wholes)
        parts = [c for c in parts if not (c.n == whole.n and (c.sized or self._all_of(c, whole)))] if one else parts
        if say.SPLIT.search(self.text) and parts and parts[0].n == len(parts) - 1:
            parts = parts[1:]  # allocated to two diets
        if len(parts) < 2:
            return
        if one and self._all_but(whole, parts):
            return
        if one and say.COMPRISED.search(parts[0].gap) and not self.open and self.closed(whole, parts):
            self.add_up(whole, parts, "all", "its parts")
            return
        if one and self.combined(whole, parts):
            return
        if self.overlap:
            return
        if one and self.groups and self._in_turn(whole, parts):
            return
        if one and not self.several and (self._rest_of(whole, parts) or self._opposite(whole, parts)):
            return
        if one and (self._arms(whole, parts) or self._reasons(whole, parts)):
            return
        if one and not (self.groups or self.by_nature) and self._values(whole, parts):
            return
        if not self.several:
            self.of_axes(wholes, parts, closed=one and self.closed(whole, parts) and not say.MORE.search(self.text))

    def _all_of(self, c: Count, whole: Count) -> bool:
        """`149 eyes of 149 patients, 78 in group A and 71 in group B`."""
        k = self.counts.index(c) + 1
        return k < len(self.counts) and self.counts[k] is whole and whole.of

    def _split(self, flat: list[Count]) -> list[Count]:
        """The counts but the arms of one of them: `and 340 were randomised, 171 to mesh and 169 to suture; 330 ...`."""
        for k, c in enumerate(flat[:-2]):
            arms = list(takewhile(lambda x: ";" not in x.gap, flat[k + 1 :]))
            rest = flat[k + 1 + len(arms) :]
            if (
                say.SPLIT.search(c.behind)
                and (k or rest)
                and 1 < len(arms) < 5
                and c.n > max(x.n for x in arms)
                and all(_TO_ONE.match(x.behind) for x in arms)
                and not any(x.of for x in arms)
            ):
                if not self.groups and not re.search(r"\b(?:or|and)\b", self.sentence.tail):
                    self.add_up(c, arms, "all", "the arms")
                return [*flat[: k + 1], *rest]
        return flat

    def _rest_of(self, whole: Count, parts: list[Count]) -> bool:
        """`58 were due to cancer; the other 24 were not`, `40 had A, 12 B and 6 other tumours`."""
        at = [k for k, x in enumerate(parts) if is_rest(x.before) or is_rest(x.behind)]
        if len(at) != 1 or (at[0] not in (0, len(parts) - 1)) or say.SOME.search(self.text):
            return False
        rest = parts[at[0]]
        if any(c.level and parts[0].start < c.start < rest.start for c in self.counts):
            return False  # `14 of 70 had it, of which 7 ..., and the remaining 7`: the rest of the 14
        if _THEMSELVES.match(rest.gap):
            return False  # of the 74 others 43 were men
        if _THE_REST.search(rest.before):
            together = parts if at[0] else parts[:2]
            return len(together) == 2 and self.add_up(whole, together, "all", "those and the others")
        if whole.of and sum(x.n for x in parts[1:]) == parts[0].n:
            return self.add_up(parts[0], parts[1:], "all", "all")
        if len(parts) < 3:
            return False
        if whole.of and all(_FROM.search(x.words) for x in parts[1:]):  # 48 deaths among 126, 40 from cancer
            return self.add_up(parts[0], parts[1:], "perhaps all", "causes, one of each")
        closure: Closure = "perhaps all" if self.closed(whole, parts) else "some"
        return self.add_up(whole, parts, closure, "kinds that exclude each other")

    def _all_but(self, whole: Count, parts: list[Count]) -> bool:
        """`All but 7 of the 95 patients received it; the 88 treated patients ...`."""
        if (
            len(parts) != 2
            or not whole.of
            or not _ALL_BUT.search(parts[0].gap)
            or not _DEFINITE.search(parts[1].before)
        ):
            return False
        return self.add_up(whole, parts, "all", "those and the others")

    def _opposite(self, whole: Count, parts: list[Count]) -> bool:
        """`22 had rejection and 53 had no rejection`, `31 were confirmed; 7 were not`."""
        if len(parts) != 2 or not is_negation_of(parts[0].words, parts[1].words) or say.SOME.search(self.text):
            return False
        if sum(x.of for x in self.counts) > 1:
            return False  # `2 of 8 untreated and 2 of 8 treated`: of two groups
        if parts[0].gap.endswith(", ") and whole.behind.split(" ")[:1] == parts[0].behind.split(" ")[:1]:
            return False  # itself one of the list: `93 patients were healthy, 40 patients without and 67 with it`
        if parts[1].gap.endswith(") in ") and say.PEOPLE.match(parts[1].behind) and not say.PEOPLE.match(whole.behind):
            return False  # `in 83 of 99 regions (84%) in 33 patients`
        if not whole.of and max(x.n for x in parts) > whole.n:
            return False  # `8 had normal arteries, 12 had disease without and 11 with collaterals`
        if _WITH.search(whole.behind) and any(is_negation_of(whole.behind, x.behind) for x in parts):
            return False
        return self.add_up(whole, parts, "all" if 2 * (parts[0].n + parts[1].n) >= whole.n else "some", "opposites")

    def _arms(self, whole: Count, parts: list[Count]) -> bool:
        """`345 patients were randomly assigned to A (172) or B (173)`."""
        words = whole.words + parts[0].gap + parts[0].behind
        chosen = _TREATED.search(words) is not None and re.search(r"\bor\b", parts[-1].gap) is not None
        each = len(parts) == 2 and not whole.of and all(_RECEIVED.match(x.behind) for x in parts)
        if each and not self.groups and whole.n < parts[0].n + parts[1].n and _ENTERED.search(whole.words):
            return self.add_up(whole, parts, "alike", "the arms")
        if not (say.SPLIT.search(words) or chosen) or len(parts) > 4 or self.groups:
            return False
        if whole.of:  # 493 of 601 screened were randomized to A (330) or B (163)
            whole, parts = parts[0], parts[1:]
        if say.SPLIT.search(parts[0].behind) and any(_STARTED.match(x.behind) for x in parts[1:]):
            return False  # `871 were screened, 612 were randomly assigned and 608 received the drug`
        said = [s for x in parts for s in said_of(x.words)]
        beside = any(
            s.axis in ("flow", "life", "response") and s.name not in ("in: entered", "in: treated") for s in said
        )
        if len(parts) < 2 or beside or not all(_TO.match(x.behind or x.before) for x in parts):
            return False
        if not self.left_open_by_nothing(whole, parts) or re.search(r"\b(?:or|and)\b", self.sentence.tail):
            return False
        if not self.closed(whole, parts):
            return self.add_up(whole, parts, "perhaps all", "the arms")
        near = 10 * sum(x.n for x in parts) >= 9 * whole.n and not _NOT_YET.search(whole.words)
        return self.add_up(whole, parts, "all" if near or say.SPLIT.search(whole.words) else "some", "the arms")

    def _reasons(self, whole: Count, parts: list[Count]) -> bool:
        """`Of 96 who stopped, 74 did so for progression, 18 for adverse events and 4 withdrew consent`."""
        listed = _LISTED.search(whole.gap) is not None  # it is one of the reasons itself
        if _WHY.search(parts[0].before) or (whole.sized and not listed and REASONS_FOR.search(whole.gap)):
            some = say.SOME.search(self.text) is not None or "includ" in self.text
            return self.add_up(whole, parts, "some" if some else "perhaps all", "reasons, one of each")
        if (
            whole.of
            or not say.GONE.search(whole.words)
            or not all(say.REASON.search(x.words) or x.behind.startswith("to ") for x in parts)
        ):
            return False
        if any(_HAD.match(x.behind) for x in parts):
            return False
        return self.add_up(whole, parts, "some", "reasons, one of each")

    def _in_turn(self, whole: Count, parts: list[Count]) -> bool:
        """`stage II, III and IV disease was present in 20, 41 and 39 of 100 patients, respectively`."""
        named = _SCALE.search(parts[0].gap)
        if named is None or "respectively" not in self.text or not all(_BARE.match(x.gap) for x in parts[1:]):
            return False
        levels = _LEVELS.findall(named["levels"])
        return len(levels) == len(parts) and self.add_up(
            whole, parts, "perhaps all", "of one group, each in one of them"
        )

    def _values(self, whole: Count, parts: list[Count]) -> bool:
        """`toxicity was mild in 30, moderate in 14, and severe in 6`, `140 were solid, 50 part-solid and 22 hazy`."""
        ahead = all(x.before and (not x.behind.strip(" .") or say.PEOPLE.match(x.behind)) for x in parts)
        first = parts[0]
        if ahead:
            alike = _IS.search(first.before) is not None and not any(_IS.search(x.before) for x in parts[1:])
            alike = alike and not any(re.search(r"[A-Z①-⑨]", x.before) for x in parts[1:])
        else:
            own = [x.behind for x in parts[1:]]
            alike = WERE.match(first.behind) is not None and all(_WORDS.match(x) for x in own)
            alike = alike and not any(_VERB.match(x) for x in own)
            alike = alike or all(_CHOSE.match(x.behind) for x in parts)
            alike = alike and not any(x.before or ";" in x.gap for x in parts[1:])
        return alike and self.closed(whole, parts) and self.add_up(whole, parts, "alike", "values of one kind")
