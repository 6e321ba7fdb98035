"""What one verifier says of a text: checks, relations, whom a percentage is of, what intervals and scales agree with.

A verifier never changes what another said. What it hears of others is what it names (`hears` of its `Verifier`),
merged here in one way whatever the order in which they spoke.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from codon12.check.statements import Denominator, Strength
from codon12.check.verdicts import Check, Relation

__all__ = ["Claim", "Claims", "RelationClaim", "strongest"]

_STRENGTHS: tuple[Strength, ...] = get_args(Strength)


class Claim(msgspec.Struct, frozen=True, gc=False):
    """A check of one statement as its verifier means it, and the weakest tie among the numbers compared."""

    statement: str
    check: Check
    own: Strength


class RelationClaim(msgspec.Struct, frozen=True, gc=False):
    """A relation as its verifier means it, the weakest tie of its members, and whether other partners stand as near."""

    relation: Relation
    own: Strength
    competing: bool


class Claims:
    """All that one verifier says."""

    __slots__ = ("checks", "counts", "denominators", "joint_totals", "methods", "relations", "scales")

    def __init__(self) -> None:
        self.checks: list[Claim] = []
        self.relations: list[RelationClaim] = []
        self.denominators: dict[str, Denominator] = {}
        """Statement id -> whom its percentage is of."""
        self.counts: dict[str, tuple[int, int]] = {}
        """Statement id -> (x, N) resolved for a percentage printed without its count."""
        self.methods: set[str] = set()
        """Interval methods the counted intervals of the text agree with."""
        self.joint_totals: set[int] = set()
        """Totals that the resolved groups of a sentence add up to."""
        self.scales: set[str] = set()
        """Scales that every landmark interval agrees with."""

    def __bool__(self) -> bool:
        return bool(
            self.checks or self.relations or self.denominators or self.counts or self.methods or self.joint_totals
            or self.scales
        )  # fmt: skip


def strongest(claims: Iterable[Claims]) -> dict[str, Denominator]:
    """Whom each percentage is of: of several claims the one tied best, the first of equals."""
    out: dict[str, Denominator] = {}
    for said in claims:
        for id_, d in said.denominators.items():
            before = out.get(id_)
            if before is None or _STRENGTHS.index(d.tie) < _STRENGTHS.index(before.tie):
                out[id_] = d
    return out
