"""A text under examination: its statements, the populations it names, and the checks made so far."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from codon12.check.finding.lexicon import COUNTED
from codon12.check.grammar.extract import Text
from codon12.check.statements import Denominator, Statement, Strength
from codon12.check.verdicts import Check, Place, Relation, Verdict, weaker
from codon12.check.verify.claims import Claim, Claims, Heard, RelationClaim
from codon12.check.verify.table_totals import OWN_TOTAL, SIGNS, evaluable_rows, totals_in_footnotes, totals_in_heads

__all__ = ["Case", "Population", "is_cited"]

_CITES = re.compile(r"[a-z)”\"]\.[”\"]?\d{1,3}(?:[,-]\d{1,3})*\s*$|\bet al\b|[a-z]\.\d{1,3}[,-]\d")
_NEAR, _FURTHER = 60, 150
"""Most populations looked at on either side of a statement, and most of the commonest in the whole text."""
PERCENT_KINDS = {"count_percent", "count_percent_ci", "table_cell"}
_AMONG = re.compile(r"\b(?:among|amongst|of|in|for|all|from)\b[^.;,(\d]{0,40}$", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:patients?|pts?|participants?|subjects?|cases|wom[ae]n|m[ae]n|adults?|people|individuals|respon\w+|tumou?rs|"
    r"samples|questionnaires?|surveys|invitations|arm|group|smokers|survivors|studies|trials|"
    r"of (?:these|whom)|persons?)\b",
    re.IGNORECASE,
)


def is_cited(sentence: str) -> bool:
    """Whether a sentence carries a reference mark: it speaks of another study.

    Examples
    --------
    >>> is_cited("Elsewhere the median was 4 months.12,17"), is_cited("The median was 4.12 months.")
    (True, False)
    """
    return _CITES.search(sentence) is not None


class Population:
    """A number of subjects the text names, where, and whether a phrase such as `among the` opens with it."""

    __slots__ = ("among", "n", "statement", "subgroup")

    def __init__(self, n: int, statement: Statement, *, among: bool, subgroup: bool = False) -> None:
        self.n, self.statement, self.among, self.subgroup = n, statement, among, subgroup


class Case:
    """What a text says, the same for every verifier, and what one verifier has heard of the others.

    `heard` gives a verifier its own view: what it says there, no other verifier sees unless it asks to hear it.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.statements = text.statements
        self.flat = text.normal.text.replace("\n", " ")
        """The normal spelling with line ends as spaces, offset by offset."""
        self.position = {s.id: i for i, s in enumerate(self.statements)}
        self.by_passage: dict[int, list[Statement]] = defaultdict(list)
        for s in self.statements:
            self.by_passage[s.passage].append(s)
        self.populations = list(self._populations())
        self._table_totals = totals_in_heads(text)
        self._footnotes = totals_in_footnotes(text, self.flat)
        self._evaluable = evaluable_rows(text, self.by_passage)
        self._said: dict[tuple[int, str], bool] = {}
        self._index_populations()
        self.numerals: dict[int, Any] = {}
        """Whole numbers of a sentence that may count something: looked up once, the same for every verifier."""
        self.wholes: dict[int, tuple[int, ...]] = {}
        """Sums of the counts of a sentence whose percentages make up a hundred: looked up once."""
        self._first: dict[tuple[int, str], int | None] = {}
        self._around: tuple[str, tuple[list[Population], list[Population], list[Population]]] | None = None
        self.listen(())

    def heard(self, others: Iterable[Claims]) -> Case:
        """The same text for one verifier, with what others claimed."""
        view = Case.__new__(Case)
        view.__dict__.update(self.__dict__)
        view.listen(others)
        return view

    def listen(self, others: Iterable[Claims]) -> None:
        """Forget what was claimed here and take what others claimed as known."""
        heard = self._known = Heard(others)
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
        p = self.text.passages[s.passage]
        text = self.flat
        return (
            text[max(p.start, s.normal_start - before) : s.normal_start],
            text[s.normal_end : min(p.end, s.normal_end + after)],
        )

    def says(self, s: Statement, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence of a statement holds a pattern; asked once for a sentence."""
        key = (s.passage, pattern.pattern)
        if key not in self._said:
            p = self.text.passages[s.passage]
            self._said[key] = pattern.search(self.flat, p.start, p.end) is not None
        return self._said[key]

    def says_before(self, s: Statement, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence of a statement holds a pattern before it; looked for once for a sentence."""
        key = (s.passage, pattern.pattern)
        if key not in self._first:
            p = self.text.passages[s.passage]
            found = pattern.search(self.flat, p.start, p.end)
            self._first[key] = None if found is None else found.end()
        end = self._first[key]
        return end is not None and end <= s.normal_start

    def sentence(self, s: Statement) -> str:
        """The sentence or row of a statement, line ends as spaces."""
        p = self.text.passages[s.passage]
        return self.flat[p.start : p.end]

    def cites(self, s: Statement) -> bool:
        """Whether the sentence carries a reference mark: it speaks of another study."""
        return self.says(s, _CITES)

    def neighbours(self, s: Statement, passages: int) -> Iterator[Statement]:
        """Statements at most so many passages away, itself among them."""
        for passage in range(s.passage - passages, s.passage + passages + 1):
            yield from self.by_passage.get(passage, ())

    def _index_populations(self) -> None:
        self._population_passages = [p.statement.passage for p in self.populations]
        self.sizes = Counter(p.n for p in self.populations)
        """How often each size of a population is named."""
        self.largest = max(self.sizes, default=0)
        first: dict[int, Population] = {}
        for p in self.populations:
            first.setdefault(p.n, p)
        self.groups = {p.n for p in self.populations if not p.subgroup and p.n > 2}
        """Sizes of the groups named, parts of others left out."""
        self._common = [first[n] for n, _ in self.sizes.most_common(_FURTHER)]
        self.named_in: dict[int, list[int]] = defaultdict(list)
        """Passages in which a population of a size is named."""
        together: dict[int, list[int]] = defaultdict(list)
        for p in self.populations:
            self.named_in[p.n].append(p.statement.passage)
            if not p.subgroup:
                together[p.statement.passage].append(p.n)
        self.sums: set[int] = set()
        """Sums of two neighbours, and of all, of the populations that one sentence names: arms taken together."""
        for sizes in together.values():
            self.sums.update(a + b for a, b in pairwise(sizes[:12]))
            if 2 < len(sizes) <= 12:
                self.sums.add(sum(sizes))

    def populations_around(self, s: Statement) -> tuple[list[Population], list[Population], list[Population]]:
        """Populations of the same passage, of those before (latest first) and of the rest of the text.

        A bounded number of each, so that a long text takes no longer a statement than a short one.
        """
        if self._around is None or self._around[0] != s.id:
            self._around = (s.id, self._populations_around(s))
        return self._around[1]

    def _populations_around(self, s: Statement) -> tuple[list[Population], list[Population], list[Population]]:
        at = bisect_left(self._population_passages, s.passage)
        end = bisect_right(self._population_passages, s.passage)
        same = [p for p in self.populations[at : min(end, at + _NEAR)] if p.statement.id != s.id]
        earlier = self.populations[max(0, at - _NEAR) : at][::-1]
        rest = [p for p in self._common if p.statement.passage < s.passage]
        later = self.populations[end : end + _NEAR] + [p for p in self._common if p.statement.passage > s.passage]
        return same, earlier + rest, later

    def _populations(self) -> Iterator[Population]:
        for s in self.statements:
            q = s.quantities
            if s.kind in ("count", "design_number") and q.n is not None:
                before, after = self.around(s, 60, 60)
                quote = self.flat[s.normal_start : s.normal_end] + " " + after[:40]
                if q.N is not None:
                    yield Population(q.N, s, among=False)
                words = set(re.findall(r"[a-z]+", quote.lower()))
                spelled = not quote[:1].isdigit() and not quote.lower().startswith("n")
                if q.n > 1 and (_PEOPLE.search(quote) or not (spelled or words & COUNTED)):
                    yield Population(q.n, s, among=_AMONG.search(before) is not None)
            elif s.kind == "count" and q.N is not None:
                yield Population(q.N, s, among=True)
            elif (s.kind in PERCENT_KINDS or s.kind == "percent_only") and s.tie != "inferred":
                if q.N is not None:
                    yield Population(q.N, s, among=False)
                if q.n is not None and q.n > 1 and s.kind != "table_cell":
                    yield Population(q.n, s, among=False, subgroup=True)

    def in_force(self, s: Statement) -> list[Denominator]:
        """Denominators of the percentages before a statement in its section, latest first."""
        out: list[Denominator] = []
        seen: set[int] = set()
        last = self.position[s.id] - 1
        for i in range(last, max(-1, last - _NEAR), -1):
            other = self.statements[i]
            if other.section != s.section or s.passage - other.passage > 12:
                break
            d = self.denominators.get(other.id)
            if d is not None and d.value not in seen:
                seen.add(d.value)
                out.append(d)
        return out

    def _evaluable_row(self, s: Statement, table: int | None) -> tuple[int, Statement] | None:
        """The number evaluable in the column of a cell, from the last such row above it."""
        if table is None or s.column is None or s.quantities.percent is None:
            return None
        above = [cells for passage, cells in self._evaluable.get(table, ()) if passage < s.passage]
        if not above or s.column >= len(above[-1]):
            return None
        cell = above[-1][s.column]
        return (cell.quantities.n or 0, cell)

    def own_totals(self, s: Statement) -> list[tuple[int, str]]:
        """Totals that the label or heading of a table row names, or the footnote its sign points to."""
        p = self.text.passages[s.passage]
        if p.table is None:
            return []
        out = []
        for words in (s.label, p.heading):
            out += [(int(m[1].replace(",", "")), words) for m in OWN_TOTAL.finditer(words)]
        signs = {c for words in (s.label, p.heading) for c in words.rstrip(" :")[-2:] if c in SIGNS}
        return out + [(n, words) for sign, n, words in self._footnotes.get(p.table, ()) if sign in signs]

    def footnote_totals(self, s: Statement) -> list[tuple[int, str]]:
        """Totals that footnotes of the table name for percentages in general."""
        p = self.text.passages[s.passage]
        if p.table is None:
            return []
        return [(n, words) for _, n, words in self._footnotes.get(p.table, ())]

    def sizes_in_head(self, table: int) -> list[tuple[int, Statement]]:
        """All totals named in the head of a table, in order."""
        return self._table_totals.get(table, [])

    def table_totals(self, s: Statement) -> list[tuple[int, Statement]]:
        """Totals in the header of the table a cell stands in; the one of its column where there are several."""
        table = self.text.passages[s.passage].table
        row = self._evaluable_row(s, table)
        if row is not None:
            return [row]
        totals = [] if table is None else self._table_totals.get(table, [])
        if len(totals) > 1 and s.column is not None:
            cells = [x for x in self.by_passage[s.passage] if x.column is not None]
            if len(cells) == len(totals):
                return [totals[s.column]] if s.column < len(totals) else totals
            if len(cells) % len(totals) == 0:
                return [totals[s.column // (len(cells) // len(totals))]]
        return totals
