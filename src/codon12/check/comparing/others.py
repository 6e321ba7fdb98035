"""Whether the number that a text seems to contradict is another of the study, which its words do not rule out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.in_sentence import RELATED, endpoints_in, grade_in, state_in, times_in
from codon12.check.comparing.levels import Level
from codon12.check.comparing.outcomes import lasting_in
from codon12.check.comparing.parts import Parts
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement

__all__ = ["Others"]

_SHARES = {"count", "fraction", "rate"}
_TELLING = 10
"""Counts below this one have their percentage by chance."""
_OF_EVENTS = re.compile(r"^ae(?:\.related|\.all)*\.?")
_OUTCOMES = {"os", "pfs", "dor", "ttr", "osnaive", "efs", "orr", "dcr", "bor", "follow_up", "exposure", "response"}
_OF_PATIENTS = ("baseline", "prevalence", "altered")


class Others:
    """The numbers of a study by what they are of, whatever the arm, subgroup, reader, grade or time."""

    def __init__(self, rows: Iterable[Row], parts: Parts) -> None:
        self._parts = parts
        self._kin: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._all: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["value"] is not None:
                self._kin[_kin(row)].append(row)
                self._all[_shape(row)].append(row)

    def of(self, s: Statement, wrong: Row, near: str, around: str) -> Row | None:
        """A number of the study that a statement prints whole and that may be meant in place of the one it is not.

        It is of the same kin as that one and named by words `around` the number, or has several printed numbers that
        tell it. What words that stand `near` the number name, arm, category, grade, reader, outcome or time, it has in
        common with the other.
        """
        if s.quantities.values:
            return None
        told = [k for k, is_told in self._told(wrong, near).items() if is_told]
        for rows in (self._kin[_kin(wrong)], self._all[_shape(wrong)] if _tells(s) else []):
            for row in rows:
                if not is_equal(s, row) or any(_differ(k, row, wrong) for k in told):
                    continue
                if _tells(s) or all(
                    is_told or _dimension(k, row) in (_dimension(k, wrong), None)
                    for k, is_told in self._told(row, around).items()
                    if k != "related"  # of events whose cause is not told, either may be meant
                ):
                    return row
        return None

    def _told(self, row: Row, near: str) -> dict[str, bool]:
        """In which respects words say that a number is of a row."""
        levels: list[Level] = [x for *_, x in self._parts.levels.of(near, near)]
        outcomes = {*(m[2] for m in endpoints_in(near)), *lasting_in(near), state_in(near)}
        family, reader = str(row["endpoint"]).split(".", maxsplit=1)[0], self._parts.reader_in(near)
        return {
            "arm": str(row.get("arm")) in self._parts.named_arms.of(near),
            "part": any(Parts.is_of(row, x) for x in levels),
            "category": (str(row["variable"]), str(row["category"])) in levels
            or (row["label"] is not None and whole_words(str(row["label"])) <= whole_words(near)),
            "grade": grade_in(near) == row["statistic"],
            "related": str(row["endpoint"]).startswith("ae.related") or RELATED.search(near) is not None,
            "reader": reader is not None and reader == row.get("evaluator"),
            "outcome": not outcomes.isdisjoint((family, str(row["endpoint"]))),
            "time": any(row["statistic"] == f"rate_{float(m[2]):g}mo" for m in times_in(near)),
        }


def _dimension(what: str, row: Row) -> object:
    """What a row is of in one respect; None where it is of everybody, any or all."""
    endpoint, family = str(row["endpoint"]), str(row["endpoint"]).split(".", maxsplit=1)[0]
    named = family in (*_OF_PATIENTS, "ae", "disposition")
    return {
        "arm": None if row.get("arm") == "all" else row.get("arm"),
        "part": Parts.part_of(row),
        "category": (row["category"], _OF_EVENTS.sub("", endpoint) if family in ("ae", "disposition") else "")
        if named
        else None,
        "grade": row["statistic"] if family == "ae" and row["statistic"] != "any" else None,
        "related": endpoint.startswith("ae.related") or None,
        "reader": row.get("evaluator"),
        "outcome": family if family in _OUTCOMES else None,
        "time": row["statistic"] if str(row["statistic"]).startswith("rate_") else None,
    }[what]


def _differ(what: str, row: Row, wrong: Row) -> bool:
    """Whether two numbers are of different things in one respect; of two variables together is of either as well."""
    label = whole_words(str(row["label"]))
    within = whole_words(f"{wrong['variable']} {wrong['category'] or ''}") <= label or wrong["category"] is None
    within = within and str(wrong["endpoint"]).startswith(_OF_PATIENTS)
    return _dimension(what, row) != _dimension(what, wrong) and not (what == "category" and within)


def _shape(row: Row) -> str:
    """What a number is to the eye: a share, or a median, a ratio, a P."""
    return "share" if row["kind"] in _SHARES else f"{row['kind']} {row['statistic']}"


def _kin(row: Row) -> tuple[str, str]:
    """What numbers may be taken for each other: of one event, one variable, or estimates of outcomes."""
    family, endpoint = str(row["endpoint"]).split(".", maxsplit=1)[0], str(row["endpoint"])
    if family == "ae":
        return _shape(row), f"ae {_OF_EVENTS.sub('', endpoint)}"
    if family in _OUTCOMES:
        return str(row["kind"]) if row["kind"] in _SHARES else _shape(row), "outcomes"
    return _shape(row), str(row["variable"]) if family in _OF_PATIENTS else family


def _tells(s: Statement) -> bool:
    """Whether a statement has several numbers that are hardly equal by chance."""
    q = s.quantities
    return (q.n is not None and q.n >= _TELLING and q.percent is not None) or (q.interval == "ci")
