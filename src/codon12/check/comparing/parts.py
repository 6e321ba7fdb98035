"""Arms, subgroups and readers: which of the study's a statement in running text is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from codon12.check.comparing.arms import Arms
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row
from codon12.check.finding.wording import whole_words

__all__ = ["OF_AN_ARM", "Parts"]

_READERS = {
    "investigator": r"\binvestigators?\b|\blocal(?:ly)?\b",
    "central": r"\bcentral(?:ly)?\b|\bindependent\w*|\bBICR\b",
}
OF_AN_ARM = {"arm", "arms", "group", "groups", "of those", "of these"} | {
    f"{who} {what}"
    for who in ("patients", "those", "participants", "subjects")
    for what in ("receiving", "treated", "given", "in", "from", "at", "on", "who", "with")
}
"""Words that, where an arm is named, say no more than it."""
_OF_LEVELS = (
    "mutated score expression least proportion tumor tumors mutations disease below above under over between lower "
    "greater fewer than status known type"
)
"""Words by which a category is told, whatever the variable."""
_OF_GROUPS = whole_words("recipients assigned allocated placebo control experimental dose")
_WHOLE = (None, "all")
_ALL_LEVELS = (*_WHOLE, "all assessed")
_NUMBER = r"\d+(?:\.\d+)?"


class Parts:
    """The arms, subgroups and readers that the numbers of a study are by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.named_arms = Arms(str(r["arm"]) for r in rows if r.get("arm") not in _WHOLE)
        self.arms = self.named_arms.names
        self.arm_words = whole_words(" ".join(self.arms)) | _OF_GROUPS
        self._readers = {str(r["evaluator"]) for r in rows if r.get("evaluator")}
        self._levels = {part for r in rows if (part := self.part_of(r)) is not None}
        self._called: dict[str, list[frozenset[str]]] = {}
        for r in rows:
            if r["variable"] and str(r["endpoint"]).startswith("missing."):
                words = whole_words(str(r["label"] or "").split(",", maxsplit=1)[0])
                self._called.setdefault(r["variable"], []).append(words)

    @staticmethod
    def part_of(row: Row) -> tuple[str, str] | None:
        """Variable and category of a subgroup's number; None for a number of everybody."""
        if row.get("group") in _WHOLE or row["variable"] is None or row["category"] is None:
            return None
        return row["variable"], row["category"]

    def chosen(self, rows: list[Row], clause: Clause) -> tuple[list[Row], bool]:
        """The rows that a statement may be about, and whether the words tell that it must be about one of them.

        Where its own words name an arm, a subgroup or a reader, the rows of that; where they name none and the
        sentence speaks of no part of the patients, all rows, those of everybody first; else all, and not surely.
        """
        sure = not clause.is_elsewhere
        known: set[str] = set()
        for reader, pattern in _READERS.items():
            if re.search(pattern, clause.clause, re.IGNORECASE):
                of = [r for r in rows if r.get("evaluator") in (reader, None)]
                sure, rows = sure and bool(of), of or rows
                known.update(("investigator", "investigators", "local"))
        named = self.arms_of(clause)
        anywhere = self.named_arms.of(clause.sentence)
        if len(named) == 1:
            of = [r for r in rows if r.get("arm") == named[0]]
            sure, rows = sure and bool(of), of or rows
        elif anywhere and any(r.get("arm") in self.arms for r in rows):
            sure = False
        known.update(OF_AN_ARM if len(named) == 1 else ())
        levels = self.levels_of(clause)
        if len(levels) == 1:
            of = [r for r in rows if self.part_of(r) == levels[0]]
            return (of, sure) if of else (rows, False)
        if levels or clause.says_part(frozenset(known)):
            sure = False
        return sorted(rows, key=lambda r: (r["level"] not in _WHOLE, r.get("arm") not in _WHOLE)), sure

    def arms_of(self, clause: Clause) -> list[str]:
        """Arms that the own words of a statement name, or the one in its place where arms and numbers are listed."""
        k, n = clause.place
        if n > 1:
            for words in (clause.behind_list, clause.before_list):
                if len(listed := self.named_arms.of(words)) == n:
                    return [listed[k]]
        if len(here := self.named_arms.of(clause.inside)) == 1:
            return here
        behind = re.split(r"[,;.]|\b(?:and|but|or|versus|vs)\b", clause.after)[0]
        if len(here := self.named_arms.of(behind)) == 1 and self.named_arms.opens(behind):
            return here
        here = self.named_arms.of(clause.own.rsplit(";", 1)[-1])
        if not here and len(self.named_arms.of(clause.sentence)) == 1:
            return self.named_arms.of(clause.opening)  # in the high-dose group, A in 12% and B in 10%
        return here

    def may_be(self, row: Row, clause: Clause) -> bool:
        """Whether a number is not of another arm, nor of another category of a variable, than a clause names."""
        arms, part = self.arms_of(clause), self.part_of(row)
        if len(arms) == 1 and row.get("arm") not in (*_WHOLE, arms[0]):
            return False
        return part is None or all(part[0] != v or part[1] == c for v, c in self.levels_of(clause))

    def words(self, clause: Clause) -> frozenset[str]:
        """Words of the arms and subgroups that a clause names: it is known what they make of a number."""
        out = self.arm_words
        for variable, category in self.levels_of(clause):
            out |= whole_words(f"{variable} {category} {_OF_LEVELS}")
            out |= frozenset().union(
                *self._called.get(variable, []), whole_words(re.sub(r"\d+", "", variable)), whole_words(variable)
            )
        return out

    def named_in(self, label: str, words: str) -> tuple[str, str] | None:
        """The one subgroup whose category a label names, its variable named in `words`; None where two may be."""
        here = {v for v in {v for v, _ in self._levels} if self.mentions(v, words)}
        if len(here) > 1:
            longest = max(here, key=len)
            here = {longest} if all(v.lower() in longest.lower() for v in here) else set()
        found = [x for x in self._levels if x[0] in here and _category_in(x[1], label)]
        return found[0] if len(found) == 1 else None

    def levels_of(self, clause: Clause) -> list[tuple[str, str]]:
        """Subgroups that the own words of a statement name, the variable there or elsewhere in the sentence."""
        own, variables = clause.own, {v for v, _ in self._levels}
        if clause.bracket is not None:  # 48.8% (1-49%)
            inside = clause.bracket["inside"]
            there = [v for v in variables if self.mentions(v, clause.sentence)]
            if len(there) == 1 and (of := [x for x in self._levels if x[0] == there[0] and _category_in(x[1], inside)]):
                return of
        here = {v for v in variables if self.mentions(v, own)}
        if len(here) > 1:
            longest = max(here, key=len)
            here = {longest} if all(v == longest or v.lower() in longest.lower() for v in here) else here
        if len(here) > 1:
            return [(v, "") for v in here]
        if not here:
            there = {v for v in variables if self.mentions(v, clause.sentence)}
            here = there if len(there) == 1 else set()
        return sorted(x for x in self._levels if x[0] in here and _category_in(x[1], own))

    def mentions(self, variable: str, text: str) -> bool:
        """Whether a text names a variable, by its code or as the study calls it."""
        code = re.sub(r"[^a-z0-9]", "", variable.lower())
        plain = " ".join(re.sub(r"[^a-z0-9]", "", w) for w in re.split(r"[\s/,;()]+", text.lower()))
        if len(code) > 2 and re.search(rf"(?<![a-z0-9]){code}", plain):
            return True
        words = whole_words(text)
        return any(called and called <= words for called in self._called.get(variable, ()))


def _category_in(category: str, text: str) -> bool:
    """Whether words name a category: `less than 1%` is `<1%`, `50% or more` is `>=50%`, `mutations` is `MUTATED`."""
    compact = category.replace(" ", "").replace("≥", ">=").replace("–", "-").rstrip("%")
    if m := re.fullmatch(rf"<({_NUMBER})", compact):
        pattern = rf"(?:<|\b(?:less|lower|fewer) than|\bbelow|\bunder) ?{re.escape(m[1])}(?![\d.]\d?)"
    elif m := re.fullmatch(rf">=({_NUMBER})", compact):
        n = re.escape(m[1])
        pattern = (
            rf"(?:≥|>=|\bat least|\babove|\bhigher than) ?{n}(?!\d)|(?<![\d.]){n} ?%? or (?:more|higher|greater|above)"
        )
    elif m := re.fullmatch(rf"({_NUMBER})%?-({_NUMBER})", compact):
        pattern = rf"(?<![\d.]){re.escape(m[1])} ?%? ?(?:-|–|to|through) ?{re.escape(m[2])}(?!\d)"
    else:
        words = whole_words(category)
        return bool(words) and words <= whole_words(text)
    return re.search(pattern, text, re.IGNORECASE) is not None
