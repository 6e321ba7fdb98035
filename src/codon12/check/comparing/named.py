"""The counts of a study that running text names by their words: characteristics, exposure, reasons, adverse events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.assigned import UNCLEAR
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row
from codon12.check.comparing.event_totals import COUNTING, EVENT_TOTALS, EVENTS, UNITS, EventTotals
from codon12.check.comparing.in_sentence import endpoints_in
from codon12.check.comparing.levels import Level
from codon12.check.comparing.names import FILLERS, names_of
from codon12.check.comparing.outcomes import SAME
from codon12.check.comparing.parts import Parts
from codon12.check.comparing.plain_words import restricting
from codon12.check.finding.wording import whole_words

__all__ = ["RESULT", "SAID_BEHIND", "Named"]

_FAMILIES = {
    "prevalence",
    "altered",
    "baseline",
    "disposition",
    "exposure",
    "bor",
    "ae",
    "response",
    "os",
    "pfs",
    "best_change",
}
_OF_PATIENTS = ("baseline.", "prevalence.", "altered.")
_EVENTS_OF = re.compile(r"^\W*(?:events|deaths)\b(?! of)", re.IGNORECASE)
SAID_BEHIND = re.compile(
    r"^\W*(?:of (?:the |all )?|patients |participants |subjects |all )*(?:had|were|was|with|who|reported|experienced|"
    r"developed|received|discontinued|required|reached|achieved|died|underwent|did|have|remained|of whom|completed)\b",
    re.IGNORECASE,
)
"""Behind a number, the words that lead to what it counts: `102 patients (81.0%) were former smokers`."""
_OF_WHOM = re.compile(
    r"\d+(?:\.\d+)? ?(?:%|percent)\)? of (?:the |all |those |patients |participants )*", re.IGNORECASE
)
_AMONG = re.compile(r"\b(?:in|among) (?:the )?$", re.IGNORECASE)
_NEARBY = 40
_CAUSED = re.compile(r"\brelated\b|\bcaused\b|\battribut\w+", re.IGNORECASE)
RESULT = re.compile(
    r"\brespon\w+|\bsurviv\w+|\bmedian (?!age)|\bhazard|\bPFS\b|\bOS\b|\bORR\b|\bDCR\b|\badverse|\btoxic|"
    r"\bprogress\w+|\bdied\b|\bdeaths?\b|\bdisease control|\bbenefit",
    re.IGNORECASE,
)
"""Words of results: a category beside them is a subgroup that has the result."""
_LASTING = re.compile(r"exposure\.duration_(?P<n>\d+)mo")
_LEFT = whole_words("discontinued discontinuation withdrew withdrawn stopped reason")
"""Words by which a row of a table counts those who left, whatever else it names as their reason."""
_AT_LEAST = re.compile(r"\bat least (?P<n>\d+) months?\b|\b(?P<m>\d+) months? or (?:longer|more)\b", re.IGNORECASE)
_TREATED = re.compile(r"\b(?:treat\w+|therapy|exposure|received)\b", re.IGNORECASE)


class Named:
    """Counts of the evidence by the words of their labels."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self._parts = parts
        self._rows: dict[frozenset[str], list[Row]] = defaultdict(list)
        self.events = EventTotals(parts)
        self.vocabulary: dict[str, frozenset[str]] = defaultdict(frozenset)
        """By family of endpoints, the words of its labels."""
        self._levels: dict[Level, list[Row]] = defaultdict(list)
        self._within: dict[tuple[Level, Level], list[Row]] = defaultdict(list)
        self._of_endpoint: dict[str, list[Row]] = defaultdict(list)
        self._lasting: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            family = str(row["endpoint"]).split(".")[0]
            if row["kind"] not in {"count", "fraction"} or row["value"] is None or family not in _FAMILIES:
                continue
            if family == "baseline" and row.get("group") in (None, "all") and row["variable"] and row["category"]:
                self._levels[str(row["variable"]), str(row["category"])].append(row)
            if (
                family == "baseline"
                and (part := Parts.part_of(row)) is not None
                and row["variable"]
                and row["category"]
            ):
                self._within[(str(row["variable"]), str(row["category"])), part].append(row)
            if str(row["endpoint"]).endswith(".events"):
                self._of_endpoint[str(row["endpoint"])].append(row)
            if m := _LASTING.fullmatch(row["endpoint"]):
                self._lasting[int(m["n"])].append(row)
                continue
            if ".effect." in str(row["endpoint"]) and Parts.part_of(row) is None:
                continue  # those of the whole trial are numbers of their own
            if row["endpoint"] in EVENT_TOTALS:
                self.events.add(row)
                continue
            for words in set(names_of(row)):
                self._rows[words].append(row)
                self.vocabulary[family] |= words | whole_words(str(row["variable"] or ""))
        self._by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
        for words in self._rows:
            self._by_word[max(words, key=len)].append(words)

    def of(self, clause: Clause, first: Clause) -> list[Row]:
        """The rows of what the words before a number name, or behind it where the sentence is built so.

        `first` is the clause of the first number of the sentence: what precedes it shows how the sentence is built.
        """
        if (lasting := self._of_duration(clause)) is not None:
            return lasting
        if (events := self.events.of(clause, self._endpoint_in)) is not None:
            return events
        if _EVENTS_OF.match(clause.after) and len(named := {m[2] for m in endpoints_in(clause.sentence)}) == 1:
            return self._parts.chosen(self._of_endpoint.get(f"{next(iter(named))}.events", []), clause)[0]
        before = clause.head if clause.is_first else clause.since
        own, behind = self._listed(clause) or self._concept(before + clause.inside), None
        counted = self._concept(clause.inside)
        own = counted if own and counted and not counted <= own else own  # 209 PFS events and 151 deaths
        beside = own is not None
        said_behind = clause.behind_level
        if SAID_BEHIND.match(said_behind):
            said = " ".join(FILLERS & whole_words(clause.sentence))  # previous X in 116, and 25 had received Y
            behind = self._concept(clause.inside + said_behind) or self._concept(f"{clause.inside}{said_behind} {said}")
            another = restricting(whole_words(clause.after), self._parts.words(clause) | FILLERS)
            beside_level = clause.names_level_beside and isinstance(self._parts.level_of(clause), tuple)
            if (
                behind is None
                and not clause.is_first
                and not beside_level
                and not (own and clause.since.endswith(" ("))
                and (another or not self._concept(first.head))
            ):
                return []  # 63 were men, 88 had a score of 1: what stands before is of the number before
        if own and behind and own != behind:
            own = own if clause.is_first or self._concept(first.head) else behind
        unknown = restricting(whole_words(clause.since), self._parts.words(clause) | FILLERS)
        if own is None and behind is None and not clause.is_first and self._arms_in(clause) and not unknown:
            own = self._concept(clause.opening) or self._concept(
                first.head + first.inside
            )  # 335 men with docetaxel and 354 with atezolizumab
        if own is None and behind is None and self._arms_in(clause):
            own = self._concept(clause.sentence)
        if (
            own
            and not clause.is_first
            and self._is_of_patients(own)
            and isinstance(self._parts.level_of(clause), tuple)
        ):
            of_first = self._concept(first.head + first.inside)
            own = (
                of_first if of_first and not self._is_of_patients(of_first) else own
            )  # died of 86 mutated and of 154 wild
        concept = own or behind
        named = self._rows.get(concept or frozenset(), [])
        if self._parts.level_of(clause) is None:
            named = [r for r in named if ".effect." not in str(r["endpoint"])]
        of_level = self._of_level(clause)
        if (
            of_level
            and all(str(r["endpoint"]).startswith(_OF_PATIENTS) for r in named)
            and not (named and beside and not clause.names_level_beside)
        ):
            return of_level
        level = self._parts.level_of(clause)
        if isinstance(level, tuple) and self._counted_within(level, clause) is not None:
            return of_level
        rows, _ = self._parts.chosen(named, clause)
        return self._of_grade(rows, clause)

    def _is_of_patients(self, concept: frozenset[str]) -> bool:
        return all(str(r["endpoint"]).startswith(_OF_PATIENTS) for r in self._rows[concept])

    def _of_level(self, clause: Clause) -> list[Row]:
        """Those at baseline who are of the category that stands at the number: `a score of 0 in 38`."""
        level = self._parts.level_of(clause)
        if not isinstance(level, tuple) or RESULT.search(clause.sentence) or SAME.search(clause.head):
            return []
        unknown = restricting(whole_words(clause.since), self._parts.words(clause) | FILLERS)
        if not clause.is_first and not clause.names_level_beside and unknown:
            return []  # adenocarcinoma in 271, followed by another kind in 45
        arm = self._parts.arm_of(clause)
        counted = self._counted_within(level, clause)
        rows = self._levels.get(level, []) if counted is None else self._within.get((counted, level), [])
        return rows if arm is UNCLEAR else [r for r in rows if (r.get("arm") or "all") == (arm or "all")]

    def _counted_within(self, level: Level, clause: Clause) -> Level | None:
        """`Women made up 29% of the Shim cohort`: the category counted, where the one at the number is of whom."""
        m = _OF_WHOM.match(clause.from_number)
        of_whom = m and any(clause.at + m.end() <= a <= clause.at + m.end() + _NEARBY for a, _, _ in clause.levels)
        before = [x for a, _, x in clause.levels if a < clause.at and x[0] != level[0] and x[1]]
        if not of_whom:
            begin = max((a for a, _, x in clause.levels if x == level and a < clause.at), default=0)
            among = _AMONG.search(clause.sentence[:begin])
            if not among or not before or (before[0], level) not in self._within or clause.levels[0][2] != before[0]:
                return None
        return before[-1] if before else None

    def _listed(self, clause: Clause) -> frozenset[str] | None:
        """Of labels and numbers listed one by one, the label in the place of the number."""
        if len(clause.list) == 1:
            return None
        labels = (self._concept(x) for x in re.split(r",|\band\b|\bor\b", clause.sentence[slice(*clause.lead)]))
        told = [x for x in labels if x is not None]
        return told[clause.place] if len(told) == len(clause.list) else None

    def _arms_in(self, clause: Clause) -> bool:
        divided = clause.pieces.part(clause.at)[0] - 1 in clause.pieces.colons  # 198 (82.5%): 71 of 86 with
        return bool(self._parts.named_arms.of(clause.own)) or len(clause.list) > 1 or divided

    def _concept(self, text: str) -> frozenset[str] | None:
        """The longest label that a text names whole; None where it names two as long."""
        words = whole_words(text)
        found = [label for w in words for label in self._by_word.get(w, ()) if label <= words]
        longest = max((len(label) for label in found), default=0)
        best = [label for label in found if len(label) == longest]
        return best[0] if len(best) == 1 else None

    def _endpoint_in(self, text: str) -> str:
        concept = self._concept(text)
        return "" if concept is None else str(self._rows[concept][0]["endpoint"])

    def of_category(self, level: Level) -> list[Row]:
        """Rows of those at baseline who are of a category."""
        return self._levels.get(level, [])

    def of_label(self, label: str, heading: str = "") -> list[Row]:
        """Rows that the label of a table row names whole and says no more than: `Deaths, no. (%)`.

        Under a heading, or with a word, of leaving, those of disposition: `Discontinued for progressive disease`.
        """
        words = whole_words(UNITS.sub(" ", label)) - COUNTING
        if m := _AT_LEAST.search(label):
            return self._lasting.get(int(m["n"] or m["m"]), []) if _TREATED.search(label) else []
        left = words & _LEFT
        named = ((own, rows) for own, rows in self._rows.items() if own & words)
        found = [rows for own, rows in named if own - FILLERS <= words <= own | FILLERS | (left - own)]
        if left or whole_words(heading) & _LEFT:
            of = [[r for r in rows if str(r["endpoint"]).startswith("disposition.")] for rows in found]
            found = [rows for rows in of if rows] or ([] if left else found)
        return found[0] if len(found) == 1 else []

    def _of_duration(self, clause: Clause) -> list[Row] | None:
        """`treatment for at least 6 months in 60`: those treated so long; None where no such time is named."""
        found = list(_AT_LEAST.finditer(clause.head if clause.is_first else clause.since))
        found = found or list(_AT_LEAST.finditer(clause.after))
        if not found or not _TREATED.search(clause.sentence):
            return None
        return self._lasting.get(int(found[-1]["n"] or found[-1]["m"]), [])

    def _of_grade(self, rows: list[Row], clause: Clause) -> list[Row]:
        """Of adverse events, those of the grade and the relation to treatment that the sentence names."""
        if not any(str(r["endpoint"]).startswith("ae.") for r in rows):
            return rows
        here = EVENTS.search(clause.sentence) or clause.grade is not None or clause.is_related
        if not here and not EVENTS.search(clause.before):
            return []
        grade = clause.grade or "any"
        rows = [r for r in rows if r["statistic"] == grade]
        if not here:
            last = list(EVENTS.finditer(clause.before))[-1]
            before = clause.before[max(0, last.start() - _NEARBY) : last.end() + _NEARBY]
            return (
                rows if _CAUSED.search(before) else [r for r in rows if not str(r["endpoint"]).startswith("ae.related")]
            )
        related = [r for r in rows if str(r["endpoint"]).startswith("ae.related")]
        return related if clause.is_related else rows
