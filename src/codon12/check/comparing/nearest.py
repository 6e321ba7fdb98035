"""The number of a study that a statement in running text contradicts: the nearest of those it may be about."""

from __future__ import annotations

from collections.abc import Mapping

from codon12.check import patterns as re
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, far, is_equal
from codon12.check.comparing.event_totals import EVENT_TOTALS
from codon12.check.comparing.named import SAID_BEHIND
from codon12.check.comparing.outcomes import MEDIANS
from codon12.check.comparing.parts import Parts
from codon12.check.comparing.slips import by_half
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding
from codon12.numbers.unrounded import percent_modes

__all__ = ["Nearest", "nearest_estimate"]

_TELLING = 10
_COUNTED_ALONE = ("baseline.", "disposition.", "exposure.reduced", "exposure.interrupted", "os.events", "pfs.events")
"""What texts count without a percentage."""
_OF_EVENTS = whole_words(
    "serious treatment-related drug-related drug related emergent lead led leading result resulted resulting "
    "discontinuation modification dose permanent permanently "
    "toxic side effects reactions toxicities developed experienced TRAE TRAEs TEAE TEAEs AEs any-grade"
)
_OF_TESTED = whole_words("tested sequenced genes")
_CERTAIN = (*MEDIANS, "landmark", "count_percent_ci", "duration")
_CAUSE = re.compile(
    r"\b(?:because|due|owing|caused|led|leading|result(?:ed|ing)|cause|reason|after|within|during|before|until|cycles?|weeks?|"
    r"subsequent\w*|at least|at \d+|mg)\b",
    re.IGNORECASE,
)
"""Words that make a number one of some cause or time."""
_RATE = re.compile(
    r"\brates?\b|\brisks?\b|\bodds\b|\bhazards?\b|\brespon\w+|\bsurviv\w+|\bmedian\b(?! age)|\bm?(?:PFS|OS|DOR)\b|"
    r"\b[OD][RC]R\b",
    re.IGNORECASE,
)
"""Words by which a percentage is of something else than those a label names."""
_TOGETHER = re.compile(r"\b(?:both|either|neither)\b", re.IGNORECASE)
"""Words by which a number is of two labels at once."""
_DIED = re.compile(r"\badverse|\btoxic|\bdiscontinu|\brelated|\btreatment|\bprogressi|\bfatal", re.IGNORECASE)
_SERIOUS = re.compile(r"\bserious\b", re.IGNORECASE)


class Nearest:
    """Counts that statements contradict, judged by the words around them."""

    def __init__(self, parts: Parts, vocabulary: Mapping[str, frozenset[str]]) -> None:
        self._parts, self._vocabulary = parts, vocabulary

    def of_counts(self, s: Statement, rows: list[Row], clause: Clause, *, total: int | None, part: bool) -> Row | None:
        """The row a statement contradicts: the nearest of those named, where none is equal and all are of its total.

        None where the clause has a word that may make the number one of another cause, time or kind. A percentage
        without its count is compared where the sentence speaks of no `part` of the patients.
        """
        q = s.quantities
        if q.n is not None and q.N is not None and q.percent is None and q.n >= _TELLING and not clause.is_elsewhere:
            same = [r for r in rows if r["n"] == q.n]
            if same and all(r["N"] != q.N for r in rows) and not self._is_another(same[0], clause):
                return same[0]
        rows = [r for r in rows if total is None or r["N"] == total]
        if clause.is_elsewhere or s.approximate or not rows or any(is_equal(s, r) for r in rows):
            return None
        if self._is_another(rows[0], clause):
            return None
        if q.n is not None and q.N is not None and q.percent is None:
            rows = [r for r in rows if r["N"] == q.N]
            return min(rows, key=lambda r: abs(r["n"] - (q.n or 0)), default=None)
        if q.n is not None and q.percent is not None:
            half = next((r for r in rows if r["n"] is not None and by_half(s, r)), None)
            if half is not None:
                return half
            rows = [r for r in rows if r["N"] and q.n <= r["N"] and percent_modes(q.n, r["N"], q.percent)]
            return min(rows, key=lambda r: abs(r["n"] - (q.n or 0)), default=None)
        if q.n is not None and q.N is None and q.percent is None:
            if not self._parts.arms_of(clause) and not self._parts.levels_of(clause):
                rows = [r for r in rows if r.get("arm") in (None, "all") and Parts.part_of(r) is None]
            of_one = len({(r["n"], r["N"]) for r in rows}) == 1 and str(rows[0]["endpoint"]).startswith(_COUNTED_ALONE)
            return rows[0] if of_one and (self._parts.arms_of(clause) or not part) else None
        if q.percent is None or part or _RATE.search(clause.label + clause.clause):
            return None
        return min(rows, key=lambda r: abs(r["value"] - float(q.percent.value)))

    def _is_another(self, row: Row, clause: Clause) -> bool:
        """Whether words of the clause make the number another than that of the row they name."""
        endpoint = str(row["endpoint"])
        family = endpoint.split(".", maxsplit=1)[0]
        if endpoint in EVENT_TOTALS:
            return not clause.says_only(_OF_EVENTS | self._parts.arm_words)
        if _TOGETHER.search(clause.inside + clause.after):
            return True
        if family == "ae" and _SERIOUS.search(clause.clause):
            return True
        if (
            family != "disposition"
            and not endpoint.startswith("exposure.duration")
            and _CAUSE.search(self._parts.without_levels(clause))
        ):
            return True
        said_behind = SAID_BEHIND.match(clause.after) and re.search(r"\bdied\b|\bdeath", clause.after)
        if endpoint == "os.events" and _DIED.search(
            ("" if said_behind else clause.since) + clause.inside + clause.after
        ):
            return True
        tested = _OF_TESTED if "prevalence" in self._vocabulary or "altered" in self._vocabulary else frozenset()
        return not clause.says_only(
            tested
            | self._vocabulary[family]
            | self._parts.words(clause)
            | (_OF_EVENTS if family == "ae" else frozenset())
        )


def nearest_estimate(finding: Finding, rows: list[Row], *, sure: bool) -> Row | None:
    """The number of everybody, or of the part named, that a statement contradicts; None where another may be meant."""
    s = finding.statement
    if not sure or not rows or s.approximate:
        return None
    row = rows[0]
    if s.kind in _CERTAIN:
        return row if far(s, row) else None
    if s.kind == "hr_ci_p":
        plain = row["endpoint"] in ("os", "pfs", "os.effect", "pfs.effect")
        return row if row["statistic"] == "hr" and plain else None
    if s.kind == "count" and str(row["endpoint"]).startswith(("bor.", "orr")):
        return row if s.quantities.N in (None, row["N"]) else None
    total = finding.denominator.value if finding.denominator is not None else None
    sized = [r for r in rows if total is not None and r["N"] == total]
    printed = s.kind == "count_percent_ci" or (s.kind == "count_percent" and s.quantities.N is not None)
    if printed and len({r["n"] for r in sized}) == 1:
        return sized[0]
    if s.kind in ("percent_ci", "percent_only") and s.quantities.percent is not None:
        return row
    return None
