"""A text under examination: its statements, the populations it names, and the checks made so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.grammar.extract import Text
from codon12.check.statements import Denominator, Statement, Strength
from codon12.check.verdicts import Check, Place, Relation, Verdict, weaker
from codon12.check.verify.asked import Asked
from codon12.check.verify.claims import Claim, Claims, RelationClaim, strongest
from codon12.check.verify.populations import NEAR, PERCENT_KINDS, Population, Populations, beside
from codon12.check.verify.table_totals import TableTotals

__all__ = ["PERCENT_KINDS", "Case", "Population", "holder", "is_cited"]

_CITES = re.compile(  # each way begins with a sign that is rare: a sentence is passed over fast
    r"\.(?:(?<=[a-z)”\"]\.)[”\"]?\d{1,3}(?:[,-]\d{1,3})*\s*$|(?<=[a-z]\.)\d{1,3}[,-]\d)|et al\b(?<=\bet al)"
)


@lru_cache(64)
def is_cited(sentence: str) -> bool:
    """Whether a sentence carries a reference mark: it speaks of another study.

    Examples
    --------
    >>> is_cited("Elsewhere the median was 4 months.12,17"), is_cited("The median was 4.12 months.")
    (True, False)
    """
    return _CITES.search(sentence) is not None


def holder(statements: Sequence[Statement], at: int) -> Statement:
    """The statement of a sentence that holds an offset of the normal spelling; the last one where none does."""
    return next((s for s in statements if s.normal_start <= at < s.normal_end), statements[-1])


class Case(Asked):
    """What a text says, the same for every verifier, and what one verifier has heard of the others.

    `heard` gives a verifier its own view: what it says there, no other verifier sees unless it asks to hear it.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.statements = text.statements
        self.told = bytearray(len(text.passages))
        """What each passage is to those who read prose: asked once (`prose`)."""
        self.by_passage: dict[int, list[Statement]] = defaultdict(list)
        for s in self.statements:
            self.by_passage[s.passage].append(s)
        self.named = Populations(text, self.flat)
        self.populations, self.sizes, self.largest = self.named.all, self.named.sizes, self.named.largest
        self.groups, self.sums, self.named_in = self.named.groups, self.named.sums, self.named.named_in
        self.tables = TableTotals(text, self.flat, self.by_passage)
        read = [(text.passages[k], statements) for k, statements in self.by_passage.items()]
        self._prose = [(p, statements) for p, statements in read if p.table is None]
        self.numerals: dict[int, Any] = {}
        """Whole numbers of a sentence that may count something: looked up once, the same for every verifier."""
        self.once: dict[str, Any] = {}
        """What is looked up once in a text, by its name: all whole numbers, the names and sizes of groups."""
        self.clauses: dict[int, Any] = {}
        """Counts of a sentence, each with what its clause says of it: read once (`counted.reading.clauses`)."""
        self.wholes: dict[int, tuple[int, ...]] = {}
        """Sums of the counts of a sentence whose percentages make up a hundred: looked up once."""
        self._facts = dict(self.__dict__)
        self.listen(())

    def forget(self) -> None:
        """Drop what was looked up for those who judge, once they have: it takes as much as the text."""
        for known in (self.clauses, self.numerals, self.wholes):
            known.clear()
        self.once.clear()

    def heard(self, others: Iterable[Claims]) -> Case:
        """The same text for one verifier, with what others claimed."""
        view = Case.__new__(Case)
        view.__dict__.update(self._facts, _facts=self._facts)
        view.listen(others)
        return view

    def listen(self, others: Iterable[Claims]) -> None:
        """Take what others claimed as all that is known."""
        self._others = tuple(others)
        self.candidates: tuple[str, list[tuple[Denominator, bool]]] | None = None
        """Whom the statement looked at last may be of, until another is known to be of somebody."""
        self.commonest: list[int] | None = None
        """The total of most shares, as far as one is: looked up once."""
        self.said = Claims()
        """What this verifier claims."""

    @cached_property
    def checks(self) -> dict[str, tuple[Check, ...]]:
        """Statement id -> checks claimed here and by those heard; it is merged when first asked for, as all below."""
        checks: dict[str, tuple[Check, ...]] = defaultdict(tuple)
        for said in self._others:
            for claim in said.checks:
                checks[claim.statement] += (claim.check,)
        return checks

    @cached_property
    def relations(self) -> list[Relation]:
        """Relations claimed here and by those heard."""
        return [claim.relation for said in self._others for claim in said.relations]

    @cached_property
    def _denominators(self) -> dict[str, Denominator]:
        return strongest(self._others)

    @property
    def denominators(self) -> Mapping[str, Denominator]:
        """Whom each percentage is of, to read: who knows of another tells it with `is_of`."""
        return MappingProxyType(self._denominators)

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Statement id -> (x, N) resolved for a percentage printed without its count."""
        return {k: v for said in self._others for k, v in said.counts.items()}

    @cached_property
    def methods(self) -> set[str]:
        """Interval methods the counted intervals agree with."""
        return set().union(*(said.methods for said in self._others))

    @cached_property
    def joint_totals(self) -> set[int]:
        """Totals that the resolved groups of a sentence add up to."""
        return set().union(*(said.joint_totals for said in self._others))

    @cached_property
    def scales(self) -> set[str]:
        """Scales that every landmark interval agrees with."""
        return set().union(*(said.scales for said in self._others))

    def add(self, s: Statement, check: Check) -> None:
        """Claim a check of a statement; how much it weighs is settled when all have spoken."""
        self._claim(s, check, s.tie)

    def _claim(self, s: Statement, check: Check, own: Strength) -> None:
        self.checks[s.id] += (check,)
        self.said.checks.append(Claim(s.id, check, own))

    def is_of(self, s: Statement, denominator: Denominator) -> None:
        """Claim whom a percentage is of."""
        self.said.denominators[s.id] = self._denominators[s.id] = denominator
        self.candidates = None

    def has_counts(self, s: Statement, n: int, denominator: Denominator) -> None:
        """Claim the count and the total of a percentage printed without its count."""
        self.said.counts[s.id] = self.counts[s.id] = (n, denominator.value)
        self.is_of(s, denominator)

    def agrees_with(self, methods: Iterable[str]) -> None:
        """Claim that a counted interval is of these methods."""
        found = set(methods)
        self.said.methods |= found
        self.methods |= found

    def add_up_to(self, total: int) -> None:
        """Claim that the groups of a sentence are together as many as `total`."""
        self.said.joint_totals.add(total)
        self.joint_totals.add(total)

    def lie_on(self, scales: Iterable[str]) -> None:
        """Claim the scales that every landmark interval agrees with."""
        found = set(scales)
        self.said.scales |= found
        self.scales |= found

    def relate(
        self,
        kind: str,
        members: Iterable[Statement | tuple[int, int]],
        verdict: Verdict,
        sentence: str,
        method: str,
        computed: dict[str, Any] | None = None,
        *,
        on: Iterable[Statement] = (),
        tie: Strength = "inferred",
        competing: bool = False,
    ) -> None:
        """Note a check between several numbers, and on those in `on` a check of their own that says the same.

        Members are statements, or offsets in the normal spelling of a number that is no statement by itself.
        """
        computed = computed or {}
        places = {}
        own: Strength = "explicit"
        for m in members:
            if isinstance(m, Statement):
                own = weaker(own, m.tie)
                places[m.start] = Place(m.start, m.end, m.quote, m.id)
            else:
                start, end = self.text.normal.span(*m)
                places[start] = Place(start, end, self.text.normal.given[start:end])
        ordered = tuple(places[k] for k in sorted(places))
        relation = Relation("", kind, verdict, sentence, method, ordered, computed, tie)
        self.said.relations.append(RelationClaim(relation, own, competing))
        self.relations.append(relation)
        for s in on:
            self._claim(s, Check(kind, verdict, sentence, method, computed, tie, competing), weaker(own, s.tie))

    def around(self, s: Statement, before: int = 80, after: int = 80) -> tuple[str, str]:
        """Text of the same passage before and after a statement, in the normal spelling."""
        return beside(self.text, self.flat, s, before, after)

    def prose(self, *patterns: re.Pattern[str]) -> Iterator[tuple[Passage, list[Statement]]]:
        """Sentences of prose that state something, each with what it states; of some patterns they hold all."""
        for p, statements in self._prose if all(map(self.has, patterns)) else ():
            if all(self.holds(pattern, p) for pattern in patterns):
                yield p, statements

    def sentence(self, s: Statement) -> str:
        """The sentence or row of a statement, line ends as spaces."""
        p = self.text.passages[s.passage]
        return self.flat[p.start : p.end]

    def spelled(self, s: Statement) -> str:
        """A statement in the normal spelling, as patterns know it; its quote is as printed."""
        return self.flat[s.normal_start : s.normal_end]

    def cites(self, s: Statement) -> bool:
        """Whether the sentence carries a reference mark: it speaks of another study."""
        return self.says(s, _CITES)

    def beside(self, s: Statement, passages: int, reach: int = 40) -> list[Statement]:
        """Statements at most so many passages and `reach` statements away, itself among them."""
        at = s.position
        near = self.statements[max(0, at - reach) : at + reach + 1]
        return [o for o in near if abs(o.passage - s.passage) <= passages]

    def neighbours(self, s: Statement, passages: int) -> Iterator[Statement]:
        """Statements at most so many passages away, itself among them."""
        for passage in range(s.passage - passages, s.passage + passages + 1):
            yield from self.by_passage.get(passage, ())

    def populations_around(self, s: Statement) -> tuple[list[Population], list[Population], list[Population]]:
        """Populations of the same passage, of those before (latest first) and of the rest of the text."""
        return self.named.around(s)

    def in_force(self, s: Statement) -> list[Denominator]:
        """Denominators of the percentages before a statement in its section, latest first."""
        out: list[Denominator] = []
        seen: set[int] = set()
        last = s.position - 1
        for i in range(last, max(-1, last - NEAR), -1):
            other = self.statements[i]
            if other.section != s.section or s.passage - other.passage > 12:
                break
            d = self.denominators.get(other.id)
            if d is not None and d.value not in seen:
                seen.add(d.value)
                out.append(d)
        return out
