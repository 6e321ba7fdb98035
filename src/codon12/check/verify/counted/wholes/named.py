"""The counts that a sentence, or one beside it, gives as what others are of."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.classes import WHOLE
from codon12.check.verify.counted.reading.clauses import Count, read_sentence
from codon12.check.verify.counted.reading.predicates import is_rest, said_of
from codon12.check.verify.counted.reading.things import THINGS
from codon12.check.verify.counted.wholes.lists import Lists

__all__ = ["OF_A_GROUP", "REASONS_FOR", "WERE", "NamedWholes"]

OF_A_GROUP = re.compile(
    r"\b(?:of|among|amongst)(?: the| these| those| all| a total of| our| whole| entire)*$", re.IGNORECASE
)
_HALF = re.compile(r"\b(?:half|third|thirds|quarter|quarters|majority|most)\b", re.IGNORECASE)
_STATED = re.compile(
    r"\b(?:arms?|groups?|cohorts?) (?!of\b|in\b|at\b|for\b|and\b|or\b)[a-z]|\b(?:was|were|had|received|underwent|"
    r"completed|started|did|took|could|went)\b (?!randomi|assigned|allocat|not\b|men|women|male|female)",
    re.IGNORECASE,
)
_OF_THESE = re.compile(r"\W*(?:Of|Among) (?:these|them|those|whom)\b")
_GONE_ALONE = re.compile(
    r"(?:had |were |have |was )?(?:discontinued|withdrew|withdrawn|excluded|died|dropped out|stopped)\b", re.IGNORECASE
)
REASONS_FOR = re.compile(r"\b(?:reasons?|causes?) (?:for|of)\b", re.IGNORECASE)
WERE = re.compile(r"(?:[a-z]+ )?(?:were|was) (?:[a-z]+ )?[a-z-]+\W*$")


_SPLIT_UP = re.compile(r"(?:[a-z]+ )?(?:were|was|underwent) (?:[a-z]+ )?(?:randomi[sz]|assign|allocat)", re.IGNORECASE)


class NamedWholes(Lists):
    """A sentence of parts, and the wholes it names."""

    def wholes_in(self, flat: list[Count]) -> list[Count]:
        """Counts that a sentence gives as what others are of."""
        out = []
        for k, c in enumerate(flat):
            if c.of or (OF_A_GROUP.search(c.gap.rstrip()) is not None and not is_rest(c.before)):
                out.append(c)
            elif k == 0 and self._may_be_whole(c, flat[1:]) and not is_rest(c.before):
                own = {s.axis: s.name for s in said_of(c.words)}
                shared = {
                    s.axis for x in flat[1:] for s in said_of(x.words)
                    if s.axis in own and s.axis != "flow" and s.name != own[s.axis]
                }  # fmt: skip
                if not shared and not flat[1].of:
                    out.append(c)
            elif k == 0 and _SPLIT_UP.match(c.behind) and len(flat) > 2:
                out.append(c)  # `the remaining 800 were randomised, 402 to ... and 398 to ...`
            elif c.sized and ((k == 0 and REASONS_FOR.search(c.gap)) or "respectively" in c.gap):
                out.append(c)
        return out

    def _may_be_whole(self, first: Count, others: Sequence[Count]) -> bool:
        """Whether the first count is of people, of those gone, or the size of a group: `patients (N = 64)`."""
        if first.sized:
            return first.gap.endswith("N = ") or not any(x.sized for x in others)
        if say.PEOPLE.match(first.behind) is not None or _GONE_ALONE.match(first.behind) is not None:
            return True
        return THINGS.match(first.behind) is not None and WERE.match(others[0].behind) is not None

    def whole_before(self, flat: Sequence[Count]) -> list[Count]:
        """The counts of the sentence before, where this one speaks of them: `Of these, 30 were men and 35 women`."""
        before = self.sentence.passage - 1
        if before < 0 or self.case.text.passages[before].table is not None or self.several:
            return []
        these = _OF_THESE.match(self.text) is not None
        found = [c for c in read_sentence(self.case, before).counts if c.level == 0]
        if these or len(found) != 1 or not say.PEOPLE.match(found[0].behind):
            return found if these else []
        axes = [{s.axis: s.name for s in said_of(x.words)} for x in flat]
        if say.SPLIT.search(found[0].behind) and say.SPLIT.search(flat[0].behind) and len(flat) == len(self.counts):
            return found
        return found if any(frozenset(x.get(axis, "") for x in axes) in WHOLE for axis in axes[0]) else []

    def whole_behind(self, flat: Sequence[Count]) -> list[Count]:
        """`A (n = 100) or B (n = 101). In total, 200 were randomized`: the one count of the sentence behind."""
        behind = self.sentence.passage + 1
        passages = self.case.text.passages
        if not (all(x.sized for x in flat) and say.SPLIT.search(self.text)) or behind >= len(passages):
            return []
        found = read_sentence(self.case, behind).counts if passages[behind].table is None else ()
        total = len(found) == 1 and re.match(r"(?:In total,?|A total of|Overall,?|All) $", found[0].gap)
        return list(found) if total and say.PEOPLE.match(found[0].behind) else []

    def closed(self, whole: Count, parts: Sequence[Count]) -> bool:
        """Whether nothing says that some of the whole are in none of the parts, and they are half of it at least."""
        return self.left_open_by_nothing(whole, parts) and 2 * sum(x.n for x in parts) >= whole.n

    def left_open_by_nothing(self, whole: Count, parts: Sequence[Count]) -> bool:
        """Whether nothing says that some of the whole are in none of the parts."""
        last = parts[-1]
        at = next(k for k, c in enumerate(self.counts) if c is last)
        ends = at + 1 == len(self.counts) or self.counts[at + 1] is whole
        of_both = _STATED.search(last.behind) is not None and not any(_STATED.search(x.words) for x in parts[:-1])
        return (
            ends
            and not of_both
            and not _HALF.search(self.text)
            and not say.ONE.search(self.sentence.tail)
            and not say.NOT_SAID.search(self.text)
        )
