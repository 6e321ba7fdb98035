"""What is found about a statement: checks, each one sentence, and the verdict they come to."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from codon12.check.statements import Denominator, Statement, Strength

__all__ = ["PROBLEMS", "VERDICTS", "Check", "Finding", "Place", "Relation", "Verdict", "overall", "weaker", "weighed"]

Verdict = Literal["error", "error-if", "unlikely", "cannot confirm", "ok", "not checkable"]
"""Verdict on a statement."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""Worst first: the verdict on a statement is the first of these that one of its checks gives."""
PROBLEMS: tuple[Verdict, ...] = ("error", "error-if", "unlikely")
"""Verdicts that say something is wrong."""


_STRENGTHS: tuple[Strength, ...] = get_args(Strength)


def weaker(first: Strength, second: Strength) -> Strength:
    """The weaker of two ties: a chain holds as its weakest link."""
    return max(first, second, key=_STRENGTHS.index)


def weighed(verdict: Verdict, tie: Strength, *, own: Strength = "explicit", competing: bool = False) -> Verdict:
    """What a check may say, given how surely the numbers it compares belong together: the one place that decides.

    An ``error`` needs a total or partner that is printed and tied by words or by a table. Where the tie is inferred
    it is at most an ``error-if``; where several totals compete, or the numbers of the statement itself only stand
    beside each other (`own`), nothing is confirmed.

    Examples
    --------
    >>> weighed("error", "structural"), weighed("error", "inferred"), weighed("error", "inferred", competing=True)
    ('error', 'error-if', 'cannot confirm')
    """
    if verdict not in PROBLEMS:
        return verdict
    if competing or own == "inferred":
        return "cannot confirm"
    return "error-if" if verdict == "error" and tie == "inferred" else verdict


class Check(msgspec.Struct, frozen=True, gc=False):
    """One check of one statement, and how surely what it compares belongs together.

    ``error``: impossible under any rounding. ``error-if``: impossible if the denominator, or the reading, that
    the sentence names is meant. ``unlikely``: possible, but not by the usual methods. ``cannot confirm``: what
    would be needed is not printed, or an approximation does not agree. ``ok``: recomputed and agrees.
    """

    rule: str
    verdict: Verdict
    sentence: str
    method: str | None = None
    computed: dict[str, Any] = {}
    tie: Strength = "explicit"
    competing: bool = False
    """Whether other totals or partners, that would fit or would not, stand as near."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a relation touches the text: offsets as given, the characters between them, the statement there."""

    start: int
    end: int
    quote: str
    statement: str | None = None


class Relation(msgspec.Struct, frozen=True, gc=False):
    """A check that holds between numbers rather than in one: parts of a total, medians against a ratio, and so on."""

    id: str
    kind: str
    verdict: Verdict
    sentence: str
    method: str
    places: tuple[Place, ...]
    computed: dict[str, Any] = {}
    tie: Strength = "inferred"

    @property
    def quote(self) -> str:
        """The numbers related, in order of the text."""
        return " ... ".join(" ".join(p.quote.split()) for p in self.places)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``--json``."""
        return {
            "id": self.id,
            "kind": self.kind,
            "quote": self.quote,
            "spans": [msgspec.structs.asdict(p) for p in self.places],
            "verdict": self.verdict,
            "tie": self.tie,
            "method": self.method,
            "computed": self.computed or None,
            "sentence": self.sentence,
        }


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A statement, its denominator where it has one, and the verdict on it."""

    statement: Statement
    denominator: Denominator | None
    checks: tuple[Check, ...]
    verdict: Verdict
    method: str | None
    sentence: str
    accepted: bool = False
    """Whether an ignore file accepts this problem."""

    @property
    def is_problem(self) -> bool:
        """Whether the verdict is one of `PROBLEMS` and is not accepted."""
        return self.verdict in PROBLEMS and not self.accepted

    @property
    def computed(self) -> dict[str, Any]:
        """All computed values of the checks, by name."""
        out: dict[str, Any] = {}
        for check in self.checks:
            out |= check.computed
        return out

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``--json``."""
        s = self.statement
        quantities = s.quantities.as_json(s.kind)
        if self.denominator is not None and "percent" in quantities:
            quantities["N"] = self.denominator.value
        return {
            "id": s.id,
            "section": s.section,
            "start": s.start,
            "end": s.end,
            "quote": s.quote,
            "kind": s.kind,
            "quantities": quantities,
            "denominator": None if self.denominator is None else msgspec.structs.asdict(self.denominator),
            "verdict": self.verdict,
            "method": self.method,
            "computed": self.computed or None,
            "sentence": self.sentence,
            "checks": [msgspec.structs.asdict(c) for c in self.checks],
            **({"accepted": True} if self.accepted else {}),
        }


def overall(statement: Statement, denominator: Denominator | None, checks: list[Check]) -> Finding:
    """The finding several checks of one statement come to: the worst of them decides."""
    if not checks:
        sentence = "Nothing in the text allows to recompute this."
        return Finding(statement, denominator, (), "not checkable", None, sentence)
    ranked = sorted(checks, key=lambda c: VERDICTS.index(c.verdict))
    first = ranked[0]
    return Finding(statement, denominator, tuple(ranked), first.verdict, first.method, first.sentence)
