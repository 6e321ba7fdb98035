"""A text under examination: its statements, the populations it names, and the checks made so far."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from codon12.check.finding.spelled import in_figures
from codon12.check.grammar.extract import Text
from codon12.check.statements import Denominator, Statement, Strength
from codon12.check.verdicts import Check, Place, Relation, Verdict, weaker
from codon12.check.verify.claims import Claim, Claims, Heard, RelationClaim
from codon12.check.verify.populations import NEAR, PERCENT_KINDS, Population, Populations, beside
from codon12.check.verify.table_totals import TableTotals

__all__ = ["PERCENT_KINDS", "Case", "Population", "holder", "is_cited"]

_CITES = re.compile(r"[a-z)”\"]\.[”\"]?\d{1,3}(?:[,-]\d{1,3})*\s*$|\bet al\b|[a-z]\.\d{1,3}[,-]\d")

_NOT_ASKED = 2
_MOST_IN_SMALL = 100
"""Sentences kept in small letters, those of an abstract all: a paper would be kept twice."""


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


class Case:
    """What a text says, the same for every verifier, and what one verifier has heard of the others.

    `heard` gives a verifier its own view: what it says there, no other verifier sees unless it asks to hear it.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.statements = text.statements
        self.flat = text.normal.text.replace("\n", " ")
        """The normal spelling with line ends as spaces, offset by offset."""
        self.figures = in_figures(self.flat)
        """The same with the numbers that stand in words as figures (`eleven` is `000011`), offset by offset."""
        self.small = self.flat.encode("latin-1", "replace").lower()
        """The normal spelling in small letters, a byte for each character: a word is looked for in it fastest."""
        self.begins = [p.start for p in text.passages]
        self.told = bytearray(len(text.passages))
        """What each passage is to those who read prose: asked once (`prose`)."""
        self.position = {s.id: i for i, s in enumerate(self.statements)}
        self.by_passage: dict[int, list[Statement]] = defaultdict(list)
        for s in self.statements:
            self.by_passage[s.passage].append(s)
        self.named = Populations(text, self.flat)
        self.populations, self.sizes, self.largest = self.named.all, self.named.sizes, self.named.largest
        self.groups, self.sums, self.named_in = self.named.groups, self.named.sums, self.named.named_in
        self.tables = TableTotals(text, self.flat, self.by_passage)
        self._said: dict[str, bytearray] = {}
        """Pattern -> for each passage whether it holds the pattern: a byte each, `_NOT_ASKED` at first."""
        self._lower: dict[int, str] = {}
        self.candidates: tuple[str, list[tuple[Denominator, bool]]] | None = None
        """Whom the statement looked at last may be of, until another is known to be of somebody."""
        self.numerals: dict[int, Any] = {}
        """Whole numbers of a sentence that may count something: looked up once, the same for every verifier."""
        self.whole_numbers: list[int] | None = None
        """All whole numbers of the text in order of size: looked up once."""
        self.arm_names: set[str] | None = None
        """Names that the text gives to arms: looked up once."""
        self.group_sizes: dict[str, set[int]] | None = None
        """Sizes that the text gives to each name of a group: looked up once."""
        self.clauses: dict[int, Any] = {}
        """Counts of a sentence, each with what its clause says of it: read once (`sums.clauses`)."""
        self.wholes: dict[int, tuple[int, ...]] = {}
        """Sums of the counts of a sentence whose percentages make up a hundred: looked up once."""
        self._first: dict[str, dict[int, int | None]] = {}
        self.listen(())

    def forget(self) -> None:
        """Drop what was looked up for those who judge, once they have: it takes as much as the text.

        What they claim is kept; a case is heard once.
        """
        self.small = b""
        for known in (self.clauses, self.numerals, self.wholes, self._lower):
            known.clear()

    def heard(self, others: Iterable[Claims]) -> Case:
        """The same text for one verifier, with what others claimed."""
        view = Case.__new__(Case)
        view.__dict__.update(self.__dict__)
        view.listen(others)
        return view

    def listen(self, others: Iterable[Claims]) -> None:
        """Forget what was claimed here and take what others claimed as known."""
        heard = self._known = Heard(others)
        self.candidates = None
        self.commonest: list[int] | None = None
        """The total of most shares, as far as one is: looked up once."""
        self.said = heard.own
        """What this verifier claims."""
        self.checks, self.relations = heard.checks, heard.relations
        self.denominators, self.counts = heard.reading(), heard.counts
        self.methods, self.joint_totals, self.scales = heard.methods, heard.joint_totals, heard.scales

    def add(self, s: Statement, check: Check) -> None:
        """Claim a check of a statement; how much it weighs is settled when all have spoken."""
        self._claim(s, check, s.tie)

    def _claim(self, s: Statement, check: Check, own: Strength) -> None:
        self.said.checks.append(Claim(s.id, check, own))
        self.checks[s.id].append(check)

    def is_of(self, s: Statement, denominator: Denominator) -> None:
        """Claim whom a percentage is of."""
        self.said.denominators[s.id] = self._known.denominators[s.id] = denominator
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

    def says(self, s: Statement, pattern: re.Pattern[str], *words: str) -> bool:
        """Whether the sentence of a statement holds a pattern; asked once for a sentence.

        Of `words`, in lower case, every text that holds the pattern has one: a sentence without them is passed over.
        """
        said = self._said.get(pattern.pattern)
        if said is None:
            said = self._said[pattern.pattern] = bytearray([_NOT_ASKED]) * len(self.text.passages)
        known = said[s.passage]
        if known == _NOT_ASKED:
            p = self.text.passages[s.passage]
            may = not words or self._has_one_of(words, s.passage)
            known = said[s.passage] = may and pattern.search(self.flat, p.start, p.end) is not None
        return bool(known)

    def _has_one_of(self, words: tuple[str, ...], passage: int) -> bool:
        """Whether a sentence has one of some words in small letters."""
        small = self._lower.get(passage)
        if small is None:
            if len(self._lower) >= _MOST_IN_SMALL:
                self._lower.clear()
            p = self.text.passages[passage]
            small = self._lower[passage] = self.flat[p.start : p.end].lower()
        return any(map(small.__contains__, words))

    def says_before(self, s: Statement, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence of a statement holds a pattern before it; looked for once for a sentence."""
        first = self._first.setdefault(pattern.pattern, {})
        if s.passage not in first:
            p = self.text.passages[s.passage]
            found = pattern.search(self.flat, p.start, p.end)
            first[s.passage] = None if found is None else found.end()
        end = first[s.passage]
        return end is not None and end <= s.normal_start

    def sentence(self, s: Statement) -> str:
        """The sentence or row of a statement, line ends as spaces."""
        p = self.text.passages[s.passage]
        return self.flat[p.start : p.end]

    def cites(self, s: Statement) -> bool:
        """Whether the sentence carries a reference mark: it speaks of another study."""
        return self.says(s, _CITES, ".", "et al")

    def beside(self, s: Statement, passages: int, reach: int = 40) -> list[Statement]:
        """Statements at most so many passages and `reach` statements away, itself among them."""
        at = self.position[s.id]
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
        last = self.position[s.id] - 1
        for i in range(last, max(-1, last - NEAR), -1):
            other = self.statements[i]
            if other.section != s.section or s.passage - other.passage > 12:
                break
            d = self.denominators.get(other.id)
            if d is not None and d.value not in seen:
                seen.add(d.value)
                out.append(d)
        return out
