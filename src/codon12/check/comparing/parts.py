"""Arms, subgroups and readers: which of the study's a statement in running text is about."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from codon12.check import patterns as re
from codon12.check.comparing.arms import Arms
from codon12.check.comparing.assigned import UNCLEAR, Mention, Unclear, assigned
from codon12.check.comparing.clause import FOLLOWED, Clause
from codon12.check.comparing.equality import Row
from codon12.check.comparing.levels import Level, Levels, is_whole
from codon12.check.finding.wording import whole_words

__all__ = ["OF_AN_ARM", "Parts"]

_READERS = {
    "investigator": r"\binvestigators?\b|\blocal(?:ly)?\b",
    "central": r"\bcentral(?:ly)?\b|\bindependent\w*|\bBICR\b",
}
OF_AN_ARM = {"arm", "arms", "group", "groups", "of those", "of these"} | {
    f"{who} {what}"
    for who in ("patients", "those", "participants", "subjects", "people", "persons", "adults")
    for what in ("receiving", "treated", "given", "in", "from", "at", "on", "who", "with")
}
"""Words that, where an arm is named, say no more than it."""
_OF_LEVELS = (
    "mut mb mutated score expression least proportion tumor tumors mutations disease below above under over between "
    "lower greater fewer than status type mutant wild aged younger older years subgroup subgroups analyses analysis"
)
"""Words by which a category is told, whatever the variable."""
_OF_ANY_CAUSE = re.compile(r"\b(?:of any|regardless of|irrespective of|whatever the) (?:the )?caus\w+", re.IGNORECASE)
_OF_GROUPS = whole_words("recipients assigned allocated placebo control experimental dose")
_OF_ALL = re.compile(
    r"^\W*(?:percent)?\W*(?:of|in|among) (?:all (?:the )?(?:patients|participants|subjects)|"
    r"the (?:overall|whole|total) (?:population|cohort|group))\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"(?:^|[;.] )\W*(?:in total|in all|overall|altogether),? (?:\w+ ){0,2}$", re.IGNORECASE)
_WHOLE = (None, "all")
_TWO = 2
T = TypeVar("T", bound=Hashable)


class Parts:
    """The arms, subgroups and readers that the numbers of a study are by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.named_arms = Arms(str(r["arm"]) for r in rows if r.get("arm") not in _WHOLE)
        self.arms = self.named_arms.names
        self.arm_words = whole_words(" ".join(self.arms)) | _OF_GROUPS
        self.levels = Levels(rows)
        readers = [str(r["evaluator"]) for r in rows if r.get("evaluator")]
        self._readers, self._first_reader = set(readers), readers[0] if readers else None

    @staticmethod
    def part_of(row: Row) -> Level | None:
        """Variable and category of a subgroup's number; None for a number of everybody."""
        group, level = row.get("group"), row.get("level")
        if group in _WHOLE or is_whole(level):
            return None
        return str(group), str(level)

    @staticmethod
    def is_of(row: Row, level: Level) -> bool:
        """Whether a number is of a subgroup, or a ratio of its category against another: `STK11 mutated` in a model."""
        compared = row["kind"] in ("ratio", "p") and (row["variable"], row["category"]) == level
        return Parts.part_of(row) == level or (compared and Parts.part_of(row) is None)

    def chosen(self, rows: list[Row], clause: Clause) -> tuple[list[Row], bool]:
        """The rows that a statement may be about, and whether the words tell that it must be about one of them.

        Where they name an arm, a subgroup or a reader, the rows of that; where they name none, those of everybody,
        surely if the sentence speaks of no part of the patients; where they name several, all rows, and not surely.
        """
        sure = not clause.is_elsewhere
        known: set[str] = set()
        reader = self.reader_of(clause)
        if isinstance(reader, str):
            of = [r for r in rows if r.get("evaluator") in (reader, None)]
            sure, rows = sure and bool(of), of or rows
        known.update(("investigator", "investigators", "local") if reader is not None else ())
        sure = sure and (reader is not UNCLEAR or len({r.get("evaluator") for r in rows}) == 1)
        arm, level = self.arm_of(clause), self.level_of(clause)
        known.update(OF_AN_ARM if isinstance(arm, str) else ())
        known.update({"dor": ("lasting",), "orr": ("responded",)}.get(str(rows[0]["endpoint"]) if rows else "", ()))
        unsaid = level is None and clause.says_part(frozenset(known))
        if isinstance(arm, str):
            of = [r for r in rows if r.get("arm") == arm]
            sure, rows = sure and bool(of), of or rows
        elif arm is None and all(r["kind"] == "ratio" for r in rows):
            sure = sure and len({r.get("arm") for r in rows} - {*_WHOLE}) < _TWO
        elif arm is None and (of := [r for r in rows if r.get("arm") in _WHOLE]):
            rows = of
        elif any(r.get("arm") in self.arms for r in rows):
            sure = False
            if self.is_by_arm(clause):
                rows = [r for r in rows if r.get("arm") in self.arms] or rows
        if isinstance(level, tuple):
            of = [r for r in rows if self.is_of(r, level)]
            sure, rows = sure and bool(of), of or rows
        elif level is None and not unsaid and (of := [r for r in rows if r.get("group") in _WHOLE]):
            rows = of
        elif level is not UNCLEAR or any(self.part_of(r) is not None for r in rows):
            rows, sure = self.of_those_named(rows, clause) if clause.is_bare else rows, False
        return sorted(rows, key=lambda r: (not is_whole(r["level"]), r.get("arm") not in _WHOLE)), sure

    def of_those_named(self, rows: list[Row], clause: Clause) -> list[Row]:
        """Rows of everybody and of the variables that a sentence, or the one before, names."""
        told = {x[0] for *_, x in (*clause.levels, *self.levels.of(clause.previous)) if x[0]}
        told |= self.levels.variables_in(f"{clause.previous} {clause.sentence}")
        parts = [(r, self.part_of(r)) for r in rows]
        return [r for r, part in parts if part is None or any(v in part[0] for v in told)] if told else rows

    def is_by_arm(self, clause: Clause) -> bool:
        """Whether a number stands in a list of as many as the study has arms."""
        as_many = len(clause.list) == len(self.arms) >= _TWO
        return as_many and not clause.lists_others and not self._lists_levels(clause)

    def reader_of(self, clause: Clause) -> str | Unclear | None:
        """By whose reading a statement is: the one its clause names, its sentence before, or the sentence before.

        What follows a sentence on the study's other reading may be of either.
        """
        for words in (clause.clause, clause.head):
            here = [reader for reader, pattern in _READERS.items() if re.search(pattern, words, re.IGNORECASE)]
            if len(here) > 1:
                return UNCLEAR
            if here:
                return here[0]
        before = [reader for reader, pattern in _READERS.items() if re.search(pattern, clause.previous, re.IGNORECASE)]
        if len(self._readers) < _TWO or not before:
            return None
        return before[0] if before == [self._first_reader] else UNCLEAR

    def reader_in(self, words: str) -> str | None:
        """The only reader that words name."""
        here = [reader for reader, pattern in _READERS.items() if re.search(pattern, words, re.IGNORECASE)]
        return here[0] if len(here) == 1 else None

    def arm_of(self, clause: Clause) -> str | Unclear | None:
        """The arm a statement is of; UNCLEAR where several are named, None where none is."""
        if "arm" not in clause.known:
            clause.known["arm"] = self._arm_of(clause)
        return clause.known["arm"]

    def _arm_of(self, clause: Clause) -> str | Unclear | None:
        if _OF_ALL.match(clause.after):
            return None
        told = assigned(clause.pieces, clause.at, self.named_arms.spans(clause.sentence))
        if told is UNCLEAR and len(self.arms) == _TWO and (first := clause.compared_with) is not None:
            other = assigned(clause.pieces, first, self.named_arms.spans(clause.sentence))
            return next((x for x in self.arms if x != other), UNCLEAR) if isinstance(other, str) else UNCLEAR
        if told is not None:
            return told
        if _IN_ALL.search(clause.head):
            return None
        behind = self.named_arms.spans(clause.previous)
        others = clause.lists_others or self._lists_levels(clause)
        return _of_sentence_before(clause, behind, 0 if others else len(self.arms))

    def _lists_levels(self, clause: Clause) -> bool:
        """Whether the numbers of its list are of one category each: not of arms."""
        told = [assigned(clause.pieces, a, clause.levels) for a, _ in clause.list]
        return len({x for x in told if isinstance(x, tuple)}) == len(told) > 1

    def level_of(self, clause: Clause) -> Level | Unclear | None:
        """The subgroup a statement is of; UNCLEAR where several are named, None where none is."""
        if "level" not in clause.known:
            clause.known["level"] = self._level_of(clause)
        return clause.known["level"]

    def _level_of(self, clause: Clause) -> Level | Unclear | None:
        told = assigned(clause.pieces, clause.at, clause.levels)
        first = clause.compared_with
        if told is UNCLEAR and first is not None and isinstance(self.arm_of(clause), str):
            told = assigned(clause.pieces, first, clause.levels)
        if told is None:
            told = _of_sentence_before(clause, self.levels.of(clause.previous), 0)
            listed = "respectively" in clause.sentence and not clause.lists_others
            if told is None and listed and not isinstance(self.arm_of(clause), str):
                told = UNCLEAR if len(clause.list) >= _TWO else None
        elif isinstance(told, tuple) and clause.names_others and not clause.names_level_beside:
            return UNCLEAR  # with one line 0.67, those with two 0.84
        return UNCLEAR if isinstance(told, tuple) and not told[1] else told

    def arms_of(self, clause: Clause) -> list[str]:
        """The arm of a statement; several where it is not told which of them."""
        arm = self.arm_of(clause)
        return [arm] if isinstance(arm, str) else [] if arm is None else [*self.arms, ""]

    def levels_of(self, clause: Clause) -> list[Level]:
        """The subgroup of a statement; several where it is not told which of them."""
        level = self.level_of(clause)
        return [level] if isinstance(level, tuple) else [] if level is None else [("", ""), ("", "")]

    def without_levels(self, clause: Clause) -> str:
        """The words of a clause without those that name a category: `at least 50%`."""
        begin = clause.sentence.find(clause.clause)
        own = "".join(c for k, c in enumerate(clause.clause, begin) if not any(a <= k < b for a, b, _ in clause.levels))
        return _OF_ANY_CAUSE.sub(" ", FOLLOWED.sub(" ", own))

    def words(self, clause: Clause) -> frozenset[str]:
        """Words of the arms and subgroups that a clause names: it is known what they make of a number."""
        out = self.arm_words
        for a, b, (variable, category) in clause.levels:
            out |= whole_words(f"{variable} {category} {_OF_LEVELS} {clause.sentence[a:b]}")
            out |= self.levels.words(variable) | whole_words(re.sub(r"\d+", "", variable))
        return out

    def named_in(self, label: str, words: str) -> Level | None:
        """The one subgroup whose category a label names, its variable named in `words`; None where two may be."""
        if (whole := self.levels.whole(label)) is not None:
            return whole
        found = {level for _, _, level in self.levels.of(label, words)}
        return next(iter(found)) if len(found) == 1 else None

    def mentions(self, variable: str, text: str) -> bool:
        """Whether a text names a variable, by its code or as the study calls it."""
        return self.levels.names(variable, text)


def _of_sentence_before(clause: Clause, mentions: Sequence[Mention[T]], enough: int) -> T | Unclear | None:
    """For a sentence that names none: of as many as its numbers, the one in the place of the number.

    Where the sentence before names one, or several, this one may still speak of them.
    """
    values = list(dict.fromkeys(m[2] for m in mentions))
    listed = len(clause.list)
    told_last = [m[2] for m in sorted(mentions, key=lambda m: m[0])][-listed:]
    values = told_last if len(set(told_last)) == listed == len(values) else values
    if listed >= _TWO and "respectively" in clause.sentence and len(values) == listed:
        return values[clause.place]
    if values and (listed >= _TWO or len(values) == 1 or "respectively" in clause.sentence):
        return UNCLEAR
    return UNCLEAR if listed == enough and enough >= _TWO else None
