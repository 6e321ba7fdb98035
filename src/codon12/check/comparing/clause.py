"""What the words around a statement in running text say of whom it is: part of the patients, grade, another trial."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from codon12.check import patterns as re
from codon12.check.comparing.assigned import AGAINST, Mention, Pieces, Unclear, assigned
from codon12.check.comparing.in_sentence import (
    GRADES,
    KINDS,
    RELATED,
    TIMES,
    digits_of,
    endpoints_in,
    grade_in,
    item_of,
    numbers_in,
    own_span,
    times_in,
)
from codon12.check.comparing.plain_words import restricting
from codon12.check.finding.wording import whole_words
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["FOLLOWED", "Clause", "says_part"]

_ENDS = re.compile(
    r"[;:]\s|\.\s+(?=[A-Z])|,? (?:and|but|whereas|while) (?=(?:[\w-]+ ){1,6}(?:was|were|had|is|are|has|have)\b)"
)
"""Where a clause ends: at a stop, or where the next has a verb of its own."""
_LABEL = re.compile(r"^[^:;.%]{0,60}(?<!\d): ")
_PAGE = 1500
_STOP = re.compile(r"[,;]|\b(?:and|but|which|whereas)\b")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_CLOSED = re.compile(r"^[^()\[\]]*\w[^()\[\]]*(?=[)\]])")
"""The end of a bracket that holds the number before: `63 (50.0% female), 124`."""
_TITLE = re.compile(r"^\W*[A-Z][\w-]*(?:,? (?:and )?[\w-]+){0,5}[:.] ")
_ELSEWHERE = re.compile(
    r"\bhistorical\w*|\bbenchmark|\bassum\w+|\bhypothes[ie]\w*|\bexpected\b|\btarget(?:ed)? (?:rate|difference)|"
    r"\bthreshold|\bpower\b|\bsample size|\bwould\b|\bplanned\b|\bexceed\w*|\bdesign\w*|\bmeta-analys[ie]s|"
    r"\b(?:another|other|earlier|previous|prior|similar|these|those|two|several|recent|real-world) (?:\w+ )?"
    r"(?:trials?|stud(?:y|ies)|reports?|data|cohorts?)\b|\bphase 1\b|\bet al\b|\bpreviously (?:reported|published)|"
    r"\b(?:interim|sensitivity|post hoc|per-protocol|updated|exploratory|primary) analys[ie]s|\binterim look|"
    r"\b(?:standard|available) (?:therap\w+|care)\b|"
    r"\b(?:reported|observed|seen) (?:in|with) (?:the )?[A-Z][\w-]*[ -]?\d+",
    re.IGNORECASE,
)
"""Words by which a number may be of another trial, of a plan or of another analysis."""
_PART = re.compile(
    r"\b(?:subgroups?|subsets?|mutat\w+|wild[- ]type|PD-?L1|TMB|expression|positive|negative|smokers?|smoked|"
    r"wom[ae]n|m[ae]n|females?|males?|stage|prior|previous\w*|untreated|brain|liver|bone|investigators?|local|groups?|arms?|cohorts?|part|"
    r"strat\w+|training|validation|derivation|discovery|test(?:ing)? (?:set|cohort)|known|"
    r"older|younger|aged|elderly|ECOG|performance[- ]status|only|alone|respond(?:ers?|ed)|"
    r"(?:patients|those|participants|subjects|women|men|adults|people|persons) (?:who|whose|with|without|receiving|"
    r"treated|given|in|from|at)|of (?:whom|these|those|them)|"
    r"subsequent\w*|following|after|without|lasting|treatment-na[iï]ve|squamous|adenocarcinoma|Asian|White|Black|Japan\w*|Europe\w*|week|weeks|day|cycles?)\b",
    re.IGNORECASE,
)
"""Words that say a number may be of some of the patients, or by another reader."""
FOLLOWED = re.compile(
    r"\bafter (?:a |the )?median of\b|\bafter (?:starting|the start of|initiation of) (?:treatment|therapy)\b|"
    rf"\b(?:after|with|at) (?:a |the )?median follow-up of\b|\b(?:after|within) (?:the first )?{TIMES.pattern}",
    re.IGNORECASE,
)
"""Words of time that make a number of no part of the patients."""
_EVENTS = re.compile(r"\badverse\b|\brelated events?\b|\b(?:TE|TR)?AEs?\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:those|patients|participants|subjects|others?) (?:with|in|who|without|on|receiving|aged|whose)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^\W*(?:%|months?|weeks?|days?|years?|points?)?\W*(?:of )?(?:the |all |those |these |patients |participants |"
    r"subjects |events? )*(?:in|with|for|among|of|on|from|receiving|at|under|assigned|allocated|randomi[sz]ed|given|"
    r"treated)\b",
    re.IGNORECASE,
)


def says_part(words: str, but: frozenset[str] = frozenset()) -> bool:
    """Whether words say that a number may be of some of the patients, words in `but` left out."""
    return any(m[0].lower() not in but for m in _PART.finditer(words))


class Clause:
    """The words around one statement: its sentence, what stands since the last number, and behind it to the next.

    ``own`` is what says of whom the number is where that follows it (`9.6 months with docetaxel`), else what stands
    between the number before and this one, else what opens the sentence. Numbers `beside` are results; `counts` are
    the numbers of people, without a percentage, among them.
    """

    def __init__(
        self,
        s: Statement,
        report: Report,
        beside: list[Statement],
        *,
        counts: Sequence[Statement] = (),
        levels: Sequence[Mention[tuple[str, str]]] = (),
        arms: Sequence[Mention[str]] = (),
    ) -> None:
        p = report.text.passages[s.passage]
        flat = report.text.normal.text
        begin, p = p.start, item_of(p, s, flat)
        beside, counts = ([o for o in x if p.start <= o.normal_start < p.end] for x in (beside, counts))
        levels = [(a - p.start + begin, b - p.start + begin, x) for a, b, x in levels]
        levels = [x for x in levels if 0 <= x[0] < p.end - p.start]
        self.sentence = flat[p.start : p.end].replace("\n", " ")
        before = [o.normal_end for o in beside if o.normal_end <= s.normal_start]
        behind = [o.normal_start for o in beside if o.normal_start >= s.normal_end]
        last = max(before, default=p.start)
        self.head = flat[p.start : s.normal_start].replace("\n", " ")
        self.since = flat[last : s.normal_start].replace("\n", " ")
        self.inside = flat[s.normal_start : s.normal_end].replace("\n", " ")
        after = flat[s.normal_end : min(behind, default=p.end)].replace("\n", " ")
        self.after = _ENDS.split(after)[0]
        self.is_first = not before
        self._text, self._start, self._own_at = flat, p.start, s.normal_start - p.start
        self.at = digits_of(s, flat)[0] - p.start
        """Where in its sentence the number itself begins."""
        q = s.quantities
        self.is_bare = sum(x is not None for x in (q.n, q.N, q.percent, q.value, q.low)) == 1
        """Whether it is one number alone, that may be equal to another's by chance."""
        self.levels = levels
        """The categories of variables that its sentence names."""
        numbers = [own_span(o, flat, p.start) for o in (*beside, *counts)]
        kinds = {own_span(o, flat, p.start)[0]: KINDS[o.kind] for o in (*beside, *counts, s) if o.kind in KINDS}
        names = [(a - p.start + begin, b - p.start + begin) for a, b, _ in arms] + [(a, b) for a, b, _ in levels]
        spans = numbers_in(own_span(s, flat, p.start), numbers, self.sentence, names, kinds)
        self.pieces = Pieces(self.sentence, spans, kinds)
        i, self.place = self.pieces.place(self.at) or (0, 0)
        self.list = self.pieces.lists[i]
        """The numbers that it is listed with (`12, 14 and 14`); `place` is its own there, counted from 0."""
        self.lead, tail = self.pieces.between[i : i + 2]
        self.behind_list = self.sentence[slice(*tail)].lstrip("%")
        """The words behind the list; `lead` is where those before it stand."""
        if self.place == 0 and s.kind != "p_value":
            self.is_first = i == 0
            self.since = self.sentence[self.lead[0] : s.normal_start - p.start]
        self.since = _CLOSED.sub("", self.since)
        self.known: dict[str, Any] = {}
        """What has been found out of the statement: its arm, its subgroup."""
        last = report.text.passages[s.passage - 1] if s.passage else p
        near = last is not p and last.paragraph == p.paragraph and last.table is None
        self.previous = flat[last.start : last.end].replace("\n", " ") if near else ""
        """The sentence before, of the same paragraph."""
        ends = (m for m in _ENDS.finditer(self.head) if self.head[m.end() :].strip())
        cut = [m.end() for m in ends if not _is_open(self.head[: m.start()], self.head)]
        label = _LABEL.match(self.head)
        self.label = label[0] if label is not None else ""
        """What the numbers of a list are, before its colon: `24-month OS: stage I 90%, stage III 38%`."""
        self.opening = self.head[cut[-1] if cut else 0 :]
        """From the last semicolon before it to the number, those within the bracket that it stands in left out."""
        self.clause = self.opening + self.inside + self.after
        """From the last semicolon before it to the next number behind it."""

    @property
    def behind_level(self) -> str:
        """What stands behind it, without the category that it opens with: `158 of 235 TMB-low patients died`."""
        begin = self._own_at + len(self.inside)
        first = next((m for m in self.levels if 0 <= m[0] - begin <= len(" a ")), None)
        return self.after if first is None else self.after[first[1] - begin :]

    @property
    def before(self) -> str:
        """What stands before its sentence, a page at most."""
        return self._text[max(0, self._start - _PAGE) : self._start].replace("\n", " ")

    @property
    def near(self) -> str:
        """What stands with it: from the number before it, or the start of its clause, to the next stop behind it."""
        return self.since + self.inside + _STOP.split(self.after)[0]

    @property
    def from_number(self) -> str:
        """Its sentence from the number on."""
        return self.sentence[self.at :]

    @property
    def own(self) -> str:
        """The words that say of whom the number is."""
        behind = re.split(r",(?! or )|\band\b(?=[^,]*$)|\bvs\b|\bversus\b|\bcompared\b", self.after)[0]
        if _OPENS.match(behind):
            return behind
        return self.head if self.is_first else self.since

    @property
    def names_others(self) -> bool:
        """Whether other patients than those before are named right before it."""
        return not self.is_first and _OTHERS.search(self.since) is not None

    @property
    def names_level_beside(self) -> bool:
        """Whether a category is named between the number before it and the one behind it."""
        end = self._own_at + len(self.inside) + len(self.after)
        return any(self._own_at - len(self.since) <= a < end for a, _, _ in self.levels)

    @property
    def is_of_a_pair(self) -> bool:
        """Whether one number of its list is compared with the other: `27.5% versus 38.4%`."""
        near = self.list[max(self.place - 1, 0) : self.place + 2]
        pair = any(AGAINST.search(self.sentence[a[1] : b[0]]) for a, b in pairwise(near))
        return pair or AGAINST.search(self.since) is not None

    @property
    def compared_with(self) -> int | None:
        """Where the number begins that this one is compared with, as the second of two."""
        second = self.place == 1 and len(self.list) == len(("one", "other"))
        return self.list[0][0] if second and self.is_of_a_pair else None

    @property
    def lists_others(self) -> bool:
        """Whether its list is of several outcomes, times or categories, as the words before it tell: not of arms."""
        if len(self.list) == 1:
            return False
        begin, end = self.lead
        before = self.sentence[begin:end]
        levels = sum(begin <= a < end for a, _, _ in self.levels)
        several = any(len(times_in(m[0])) > 1 for m in TIMES.finditer(before))
        return len({m[2] for m in endpoints_in(before)}) > 1 or several or levels > 1

    def says_only(self, known: frozenset[str]) -> bool:
        """Whether the clause has no word but plain ones and those in `known`: none that makes the number another's."""
        return not restricting(whole_words(FOLLOWED.sub(" ", self.clause)), known)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the sentence speaks of another trial, a plan or another analysis."""
        return _ELSEWHERE.search(_TITLE.sub("", self.sentence)) is not None

    def says_part(self, but: frozenset[str] = frozenset()) -> bool:
        """Whether words of the clause say the number may be of some of the patients, words in `but` left out."""
        return says_part(FOLLOWED.sub(" ", self.clause), but)

    @property
    def grade(self) -> str | None:
        """The statistic of the grade named last before the number, or of the only one right behind it."""
        closed = [m.span() for m in _IN_BRACKETS.finditer(self.sentence) if m.end() <= self.at]
        grades = [
            (m.start(), m.end(), grade_in(m[0]))
            for m in GRADES.finditer(self.sentence)
            if not any(a <= m.start() < b for a, b in closed)
        ]
        if len({g for _, _, g in grades}) > 1:
            told = assigned(self.pieces, self.at, grades)
            if not isinstance(told, Unclear):
                return told
        behind = _STOP.split(self.after)[0]
        said = _IN_BRACKETS.sub(" ", self.opening if _EVENTS.search(self.opening) else self.head)
        return grade_in(said + self.inside) or (grade_in(behind) if _OPENS.match(behind) else None)

    @property
    def is_related(self) -> bool:
        """Whether the sentence speaks of events that treatment caused."""
        return RELATED.search(self.head + self.after) is not None


def _is_open(before: str, head: str) -> bool:
    """Whether a bracket open at a place is still open where the number stands."""
    depth = before.count("(") - before.count(")")
    return depth > 0 and head.count("(") - head.count(")") >= depth
