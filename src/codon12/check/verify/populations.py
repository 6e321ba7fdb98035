"""The populations a text names: how many subjects, where, and which of them stand near a statement."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from heapq import nlargest
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED
from codon12.check.grammar.extract import Text
from codon12.check.statements import Statement

__all__ = ["NEAR", "PERCENT_KINDS", "Population", "Populations", "beside"]

NEAR, _FURTHER, _FEW = 60, 150, 3
"""Most populations looked at on either side of a statement, and most of the commonest in the whole text."""
PERCENT_KINDS = {"count_percent", "count_percent_ci", "table_cell"}
_AMONG = re.compile(r"\b(?:among|amongst|of|in|for|all|from)\b[^.;,(\d]{0,40}$", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:patients?|pts?|participants?|subjects?|cases|wom[ae]n|m[ae]n|adults?|people|individuals|children|infants|boys|girls|adolescents|neonates|"
    r"newborns|residents|inhabitants|citizens|employees|attendees|students|volunteers|recipients|veterans|respon\w+|tumou?rs|"
    r"samples|questionnaires?|surveys|invitations|arm|group|smokers|survivors|studies|trials|"
    r"of (?:these|whom)|persons?|(?:for|in) (?:the |our |this )?(?:final |present |primary )?analys[ei]s)\b",
    re.IGNORECASE,
)


class Population:
    """A number of subjects the text names, where, and whether a phrase such as `among the` opens with it."""

    __slots__ = ("among", "n", "statement", "subgroup")

    def __init__(self, n: int, statement: Statement, *, among: bool, subgroup: bool = False) -> None:
        self.n, self.statement, self.among, self.subgroup = n, statement, among, subgroup


def beside(text: Text, flat: str, s: Statement, before: int, after: int) -> tuple[str, str]:
    """Text of the same passage before and after a statement, `flat` being the normal spelling on one line."""
    p = text.passages[s.passage]
    start, end = max(p.start, s.normal_start - before), min(p.end, s.normal_end + after)
    return flat[start : s.normal_start], flat[s.normal_end : end]


class Populations:
    """All populations of a text, in its order, by size and by place."""

    def __init__(self, text: Text, flat: str) -> None:
        self.all = list(_populations(text, flat))
        self._passages = [p.statement.passage for p in self.all]
        self.sizes = Counter(p.n for p in self.all)
        """How often each size of a population is named."""
        self.largest = max(self.sizes, default=0)
        first: dict[int, Population] = {}
        for p in self.all:
            first.setdefault(p.n, p)
        self.groups = {p.n for p in self.all if not p.subgroup and p.n > 2}
        """Sizes of the groups named, parts of others left out."""
        self._common = [first[n] for n, _ in self.sizes.most_common(_FURTHER)]
        self.by_size: dict[int, list[Population]] = defaultdict(list)
        """Populations of each size, in the order of the text."""
        self.named_in: dict[int, list[int]] = defaultdict(list)
        """Passages in which a population of a size is named."""
        together: dict[int, list[int]] = defaultdict(list)
        for p in self.all:
            self.named_in[p.n].append(p.statement.passage)
            self.by_size[p.n].append(p)
            if not p.subgroup:
                together[p.statement.passage].append(p.n)
        self.sums: set[int] = set()
        """Sums of two neighbours, and of all, of the populations that one sentence names: arms taken together."""
        for sizes in together.values():
            self.sums.update(a + b for a, b in pairwise(sizes[:12]))
            if 2 < len(sizes) <= 12 and 2 * max(sizes) != sum(sizes):  # 41, of whom 24 and 17
                self.sums.add(sum(sizes))
        self.few_largest = nlargest(_FEW, self.by_size)
        """The few largest sizes, the largest first."""
        self._around: tuple[str, tuple[list[Population], list[Population], list[Population]]] | None = None

    def around(self, s: Statement) -> tuple[list[Population], list[Population], list[Population]]:
        """Populations of the same passage, of those before (latest first) and of the rest of the text.

        A bounded number of each, so that a long text takes no longer a statement than a short one.
        """
        if self._around is None or self._around[0] != s.id:
            self._around = (s.id, self._look_around(s))
        return self._around[1]

    def _look_around(self, s: Statement) -> tuple[list[Population], list[Population], list[Population]]:
        at = bisect_left(self._passages, s.passage)
        end = bisect_right(self._passages, s.passage)
        same = [p for p in self.all[at : min(end, at + NEAR)] if p.statement.id != s.id]
        earlier = self.all[max(0, at - NEAR) : at][::-1]
        rest = [p for p in self._common if p.statement.passage < s.passage]
        later = self.all[end : end + NEAR] + [p for p in self._common if p.statement.passage > s.passage]
        return same, earlier + rest, later


def _populations(text: Text, flat: str) -> Iterator[Population]:
    for s in text.statements:
        q = s.quantities
        if s.kind in ("count", "design_number") and q.n is not None:
            before, after = beside(text, flat, s, 60, 60)
            quote = flat[s.normal_start : s.normal_end] + " " + after[:40]
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
