"""A statement in running text and the numbers of a study it may be about: by outcome, by its words, by its digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.assigned import Mention
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.event_totals import EVENT_TOTALS
from codon12.check.comparing.flow import Flow
from codon12.check.comparing.in_sentence import LASTING
from codon12.check.comparing.levels import Level
from codon12.check.comparing.listed import Listed
from codon12.check.comparing.named import Named
from codon12.check.comparing.near import of_words
from codon12.check.comparing.nearest import Nearest, nearest_estimate
from codon12.check.comparing.others import Others
from codon12.check.comparing.outcomes import MEDIANS, Outcomes
from codon12.check.comparing.p_values import PValues
from codon12.check.comparing.parts import OF_AN_ARM, Parts
from codon12.check.comparing.slips import Slips, is_near, is_slip
from codon12.check.comparing.together import Together
from codon12.check.comparing.unread import unread
from codon12.check.finding.wording import whole_words
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding

__all__ = ["Running"]


class Running:
    """The numbers of a study, looked up for the statements of running text."""

    def __init__(self, rows: list[Row], report: Report, by_key: dict[tuple[str, str], list[Row]]) -> None:
        self._rows, self._report, self._by_key = rows, report, by_key
        self._parts = self.parts = Parts(rows)
        self._p = PValues(rows, self._parts)
        self._named = Named(rows, self._parts)
        self._nearest = Nearest(self._parts, self._named.vocabulary)
        self._outcomes = Outcomes(rows, by_key)
        self._flow = Flow(rows, by_key, self._parts)
        self._slips, self._together = Slips(rows, self._parts), Together(rows)
        self._others = Others(rows, self._parts)
        self._counted = [
            r
            for r in rows
            if r["kind"] in {"count", "fraction"}
            and r["value"] is not None
            and not r["endpoint"].startswith(("agreement.", "missing.", "lollipop.", "co_occurrence."))
            and ".effect." not in r["endpoint"]
        ]
        labels = (str(r["label"]) for r in self._counted if str(r["endpoint"]).startswith("baseline."))
        self._categories = {w.lower() for x in labels for w in re.findall(r"\w+", x)}
        self._categories |= {"men", "women", "smokers", "males", "females"}
        """Words of the labels of baseline characteristics: where one is counted, they make no part."""
        self._prevalence = [
            r for r in rows if str(r["endpoint"]).startswith(("prevalence.", "altered.")) and r["statistic"] == "rate"
        ]
        """Shares of those tested, which have limits."""
        self._levels: dict[int, list[Mention[Level]]] = {}
        self._beside: dict[int, list[Statement]] = defaultdict(list)
        self._counts: dict[int, list[Statement]] = defaultdict(list)
        self.unread = list(unread(report))
        """Statements that the check does not make, for numbers that it does not read."""
        for s in sorted([*report.text.statements, *self.unread], key=lambda s: s.normal_start):
            if (_is_number(s) or s.kind == "count") and not self._is_of_a_level(s):
                (self._beside if _is_number(s) else self._counts)[s.passage].append(s)
        numbers = {p: [*self._beside[p], *self._counts[p]] for p in {*self._beside, *self._counts}}
        self._listed = Listed(report, by_key, self._parts, numbers)

    def _levels_in(self, passage: int) -> list[Mention[Level]]:
        """The categories that a sentence names, their variable there or shortly before."""
        if passage not in self._levels:
            p, text = self._report.text.passages[passage], self._report.text.normal.text
            before = text[max(0, p.start - _PAGE) : p.start].replace("\n", " ")
            self._levels[passage] = self._parts.levels.of(text[p.start : p.end].replace("\n", " "), before)
        return self._levels[passage]

    def _is_of_a_level(self, s: Statement) -> bool:
        """Whether the number is but the name of a subgroup: `a score of 50% or higher`."""
        if s.kind not in ("percent_only", "count"):
            return False
        at = s.normal_start - self._report.text.passages[s.passage].start
        return any(a <= at < b for a, b, _ in self._levels_in(s.passage))

    def _clause(self, s: Statement) -> Clause:
        """The words around a statement; for a count of people the numbers beside it are the other counts too."""
        beside, counts = self._beside[s.passage], self._counts[s.passage]
        if s.kind == "count":
            beside, counts = sorted((*beside, *counts), key=lambda x: x.normal_start), []
        p, text = self._report.text.passages[s.passage], self._report.text.normal.text
        arms = self._parts.named_arms.spans(text[p.start : p.end].replace("\n", " "))
        return Clause(s, self._report, beside, counts=counts, levels=self._levels_in(s.passage), arms=arms)

    def of(self, finding: Finding) -> tuple[Row | None, Row | None]:
        """The number of the study that a statement agrees with, and the one it contradicts; at most one of them."""
        s = finding.statement
        if self._is_of_a_level(s):
            return None, None
        clause = self._clause(s)
        if _ALL_BUT.search(clause.head) or self._flow.are_arms(s):
            return None, None
        if s.kind in MEDIANS and any(m.end() == len(clause.head) for m in LASTING.finditer(clause.head)):
            return None, None
        if s.kind == "p_value":
            return self._p.of(s, clause, self._report)
        right, wrong = self._of(finding, clause)
        if right is not None and right["kind"] in ("ratio", "difference"):
            other = self._p.of_ratio(s, right)
            if other is not None:
                return None, other
        if right is None:
            equal, slip = self._slips.of(s, clause)
            right, wrong = equal, None if equal is not None else slip if slip is not None else wrong
        if right is not None and not str(right["endpoint"]).startswith("flow."):
            right, wrong = self._of_its_part(right, s, clause)
        if wrong is None or self._is_ruled_out(wrong, s, clause):
            return right, None
        other = self._others.of(s, wrong, clause.near, f"{clause.previous} {clause.sentence}")
        return (None, wrong) if other is None else (other, None)

    def _is_ruled_out(self, row: Row, s: Statement, clause: Clause) -> bool:
        """Whether a statement cannot contradict a row: its numbers are of something that the row is not of."""
        q = s.quantities
        if s.kind == "count" and q.n == row["N"] and q.N is q.percent is None:
            return True  # among 126 patients: of how many, not how many
        if "/" in s.quote and row["N"] != q.N and self._are_two(s, row):
            return True  # ECOG 0/1: 44/80
        if clause.is_of_a_pair and self._is_of_everybody(row, clause):
            return True  # 41.0% vs 37.3%: each is of an arm, not of everybody
        if q.interval == "ci" and row["lower"] is row["upper"] is None and row["kind"] != "time":
            return True  # a count has no limits that a text could contradict
        return q.n is not None and (
            _OF_THEM.match(clause.inside + clause.after) is not None or self._is_among(clause, row)
        )

    def _is_of_everybody(self, row: Row, clause: Clause) -> bool:
        """Whether a row is of all arms, and of no subgroup where there are no arms, nor of the reader who is named."""
        part = Parts.part_of(row)
        told = not self._parts.arms and part is not None and part == self._parts.level_of(clause)
        by_reader = row.get("evaluator") in {self._parts.reader_of(clause)} - {None}
        return row.get("arm") in (None, "all") and not told and not by_reader

    def _are_two(self, s: Statement, row: Row) -> bool:
        """Whether the second of two numbers is a count of its own: of another category of the variable, or arm."""
        alike = (r for r in self._counted if (r["variable"] or r["endpoint"]) == (row["variable"] or row["endpoint"]))
        return s.quantities.percent is None and any(r["n"] == s.quantities.N for r in alike)

    def _of_its_part(self, row: Row, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """The row where it is of the arm, subgroup and reader that a statement names; else theirs, as contradicted."""
        rows, sure = self._parts.chosen(self._by_key[row["endpoint"], row["statistic"]], clause)
        if any(r["id"] == row["id"] for r in rows):
            return row, None
        one = len({(r["n"], r["N"], r["value"]) for r in rows}) == 1
        contradicted = sure and one and not is_equal(s, rows[0]) and self._is_named(row, s, clause)
        return None, rows[0] if contradicted else None

    def _is_named(self, row: Row, s: Statement, clause: Clause) -> bool:
        """Whether the words of a statement name what a row is of, so that it is not equal by chance."""
        named = [*self._outcomes.of(s, clause), *self._named_by(s, clause)]
        return any((r["endpoint"], r["statistic"]) == (row["endpoint"], row["statistic"]) for r in named)

    def _named_by(self, s: Statement, clause: Clause) -> list[Row]:
        """The counts that the words around a count or a percentage name."""
        if s.kind not in ("count", "count_percent", "percent_only", "count_percent_ci", "percent_ci"):
            return []
        siblings = self._beside[s.passage] or self._counts[s.passage]
        first = clause if clause.is_first or not siblings else self._clause(siblings[0])
        named = self._named.of(clause, first)
        if s.kind == "count" and s.quantities.N is None:
            return named
        of = {(r["variable"], r["category"], r.get("arm")) for r in named if r["variable"] and r["category"]}
        rates = [r for r in self._prevalence if (r["variable"], r["category"], r.get("arm")) in of]
        return rates if s.quantities.interval == "ci" and rates else [*named, *rates]

    def _of(self, finding: Finding, clause: Clause) -> tuple[Row | None, Row | None]:
        s = finding.statement
        if (pair := self._together.of(s, clause)) != (None, None):
            return pair
        found = self._outcomes.of(s, clause) or self._listed.months(s, clause)
        if found:
            rows, sure = self._parts.chosen(found, clause)
            if rows and rows[0]["kind"] == "ratio":
                rows = sorted(rows, key=lambda r: "." in str(r["endpoint"]))
            equal = _equal_one(s, rows) or self._ratio_named(s, found, clause)
            if equal is not None:
                other = self._listed.remaining_arm(s, found, clause)
                return (None, other) if other is not None else (equal, None)
            if s.kind == "count_percent_ci":  # all its numbers are those of another rate: the outcome was misread
                rates = (r for r in self._rows if r["statistic"] == "rate" and r["kind"] == "rate")
                if (equal := _equal_one(s, rates)) is not None:
                    return equal, None
            if rows[0]["endpoint"] == "follow_up" and not self._parts.levels_of(clause):
                sure = not clause.is_elsewhere and len(self._parts.arms_of(clause)) < _TWO
            if (other := self._listed.remaining_arm(s, found, clause)) is not None:
                return None, other
            near = next((r for r in self._parts.of_those_named(rows, clause) if is_near(s, r)), None)
            if near is not None:
                return None, near
            contradicted = nearest_estimate(
                finding, rows, sure=sure and clause.says_only(self._parts.words(clause) | _lasting(rows))
            )
            if contradicted is not None or s.kind != "count_percent":
                return None, contradicted
        if s.kind == "count" and None in (s.quantities.n, s.quantities.N):
            flow = self._flow.of(s, clause)
            if flow != (None, None):
                return flow
        if s.kind == "group_medians_p":
            return self._listed.medians(s, clause)
        return self._of_words(finding, clause, found)

    def _ratio_named(self, s: Statement, found: list[Row], clause: Clause) -> Row | None:
        """A ratio of one of the categories that its sentence, or the one before, names: `HR versus TPS below 1%`."""
        if s.quantities.interval != "ci" or not found or found[0]["kind"] != "ratio":
            return None
        levels = {x for _, _, x in clause.levels} | {x for _, _, x in self._parts.levels.of(clause.previous)}
        variables = self._parts.levels.variables_in(clause.sentence)
        of = [r for r in found if any(Parts.is_of(r, x) for x in levels) or r.get("group") in variables]
        return _equal_one(s, of)

    def _of_words(self, finding: Finding, clause: Clause, outcome: list[Row]) -> tuple[Row | None, Row | None]:
        """By the words around it, then by its digits: equal ones first."""
        s, of = finding.statement, finding.denominator
        rows = outcome
        equal = _equal_one(s, rows)
        if equal is not None:
            return equal, None
        named = self._named_by(s, clause)
        if (equal := _equal_one(s, named)) is not None:
            return equal, None
        alike, meant = of_words(s, self._report, self._counted, is_equal)
        if (equal := _equal_one(s, alike)) is not None and not named:
            return equal, None
        ours = {"arm", "group", "groups"} if len(self._parts.arms) < _TWO else set()
        if self._parts.arms_of(clause):
            ours |= OF_AN_ARM
        if any(str(r["endpoint"]).startswith("baseline.") for r in named):
            ours |= self._categories
        part = clause.says_part(frozenset(ours)) and not self._is_of_its_level(named, clause)
        sizes = {r["N"] for r in named}
        part = part and not any(x.quantities.n in sizes for x in self._counts[s.passage] if x.id != s.id)
        if (equal := self._of_its_variable(s, named, clause)) is not None:
            return equal, None
        total = of.value if of is not None and of.tie == "explicit" else None
        if (row := self._nearest.of_counts(s, named, clause, total=total, part=part)) is not None:
            return None, row
        near = [r for r in (*named, *alike, *self._parts.of_those_named(rows, clause)) if is_slip(s, r)]
        if near and not clause.is_elsewhere:
            return None, near[0]
        if not named and (size := self._flow.of_size(s, clause)) is not None:
            return size, None
        sure = meant is not None and not rows and not named and meant["endpoint"] not in EVENT_TOTALS
        return None, meant if sure and not clause.is_elsewhere else None

    def _of_its_variable(self, s: Statement, named: list[Row], clause: Clause) -> Row | None:
        """A count with its share that is of a variable its sentence names, and of no other category than it names."""
        told = {(r["variable"], r["category"]) for r in named} | {x for _, _, x in clause.levels}
        n = s.quantities.n
        if n is None or s.quantities.percent is None or n < _TELLING:
            return None
        here = [r for r in self._counted if r["n"] == n and r["variable"] and Parts.part_of(r) is None]
        here = [r for r in here if all(v != r["variable"] or c == r["category"] for v, c in told)]
        return next((r for r in here if is_equal(s, r) and self._parts.mentions(r["variable"], clause.clause)), None)

    def _is_among(self, clause: Clause, row: Row) -> bool:
        """`Among KRAS-mutated tumours, 57 carried`: whether what a row counts is but of whom something else is."""
        among = _AMONG.search(clause.since) if str(row["endpoint"]).startswith("baseline.") else None
        return among is not None and (row["variable"], row["category"]) in [
            x for *_, x in self._parts.levels.of(among[0], clause.sentence)
        ]

    def _is_of_its_level(self, named: list[Row], clause: Clause) -> bool:
        """Whether what a sentence names besides is but the category that is counted."""
        level = self._parts.level_of(clause)
        return bool(named) and all((r["variable"], r["category"]) == level for r in named)


_ALL_BUT = re.compile(r"\ball but (?:the )?$", re.IGNORECASE)
_OF_THEM = re.compile(r"\W*[\w,]+ of (?:them|these|whom)\b", re.IGNORECASE)
_AMONG = re.compile(r"\b(?:among|of|in) [^,;.]*, *$", re.IGNORECASE)
_TWO = 2
_TELLING = 20
"""Counts below this one have their percentage by chance."""
_PAGE = 250


def _equal_one(s: Statement, rows: Iterable[Row]) -> Row | None:
    return next((r for r in rows if is_equal(s, r)), None)


def _lasting(rows: list[Row]) -> frozenset[str]:
    """Words that are of the outcome itself where that is how long a response lasted."""
    endpoint = str(rows[0]["endpoint"]) if rows else ""
    if endpoint.startswith("bor."):
        return whole_words("there CRs PRs SDs PDs")
    return whole_words({"dor": "continued ongoing maintained lasting", "follow_up": "after with"}.get(endpoint, ""))


def _is_number(s: Statement) -> bool:
    """Whether a statement is a result beside which another stands, not the time or the size of it."""
    q = s.quantities
    if s.kind == "duration" and q.interval == "ci":
        return True
    if s.kind in ("duration", "date", "date_range", "threshold", "definition", "design_number", "dose", "version"):
        return False
    return q.percent is not None or (q.value is not None and s.kind != "value") or q.N is not None or bool(q.values)
