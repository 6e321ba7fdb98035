"""Trees of criteria: ``all``, ``any`` and ``not`` over the closed vocabulary.

A word outside the vocabulary is an error that names where it stands: never ignored, never false.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any

import msgspec

from codon12.match.criteria import (
    Age,
    Alteration,
    AlterationSet,
    BrainMetastases,
    Burden,
    ConfirmedBy,
    Criterion,
    DaysSince,
    Ecog,
    Expression,
    Histology,
    Judgement,
    Measurable,
    Msi,
    PrimarySide,
    PriorLines,
    PriorTreatment,
    ProgressionAfter,
    Stage,
    TumourType,
)

__all__ = ["CRITERIA", "Node", "leaves", "walk"]


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """One criterion, or ``all``, ``any`` or ``not`` of other nodes: exactly one key.

    Examples
    --------
    >>> node = msgspec.convert({"not": {"stage": {"any_of": ["localised"]}}}, Node)
    >>> node.key, node.not_.leaf.fact
    ('not', 'stage')
    """

    all: Annotated[tuple[Node, ...], msgspec.Meta(min_length=1)] | None = None
    any: Annotated[tuple[Node, ...], msgspec.Meta(min_length=1)] | None = None
    not_: Node | None = msgspec.field(default=None, name="not")
    tumour_type: TumourType | None = None
    histology: Histology | None = None
    stage: Stage | None = None
    primary_side: PrimarySide | None = None
    alteration: Alteration | None = None
    alteration_set: AlterationSet | None = None
    expression: Expression | None = None
    burden: Burden | None = None
    msi: Msi | None = None
    prior_lines: PriorLines | None = None
    prior_treatment: PriorTreatment | None = None
    progression_after: ProgressionAfter | None = None
    days_since: DaysSince | None = None
    age: Age | None = None
    ecog: Ecog | None = None
    measurable: Measurable | None = None
    brain_metastases: BrainMetastases | None = None
    confirmed_by: ConfirmedBy | None = None
    judgement: Judgement | None = None

    def __post_init__(self) -> None:
        given = [f for f in _FIELDS if getattr(self, f) is not None]
        if len(given) != 1:
            said = ", ".join(f.rstrip("_") for f in given) or "none"
            raise ValueError(f"a node has exactly one key (all, any, not or a criterion), got {said}")

    @cached_property
    def field(self) -> str:
        """Name of the one field that is set."""
        return next(f for f in _FIELDS if getattr(self, f) is not None)

    @cached_property
    def key(self) -> str:
        """The one key: ``all``, ``any``, ``not`` or the criterion's."""
        return self.field.rstrip("_")

    @cached_property
    def leaf(self) -> Criterion | None:
        """The criterion; None where the node joins others."""
        held = getattr(self, self.field)
        return held if isinstance(held, Criterion) else None

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """The nodes joined; none where this is a criterion."""
        if self.not_ is not None:
            return (self.not_,)
        return self.all or self.any or ()

    @classmethod
    def of(cls, criterion: Criterion) -> Node:
        """Put one criterion into a node."""
        fields: dict[str, Any] = {_FIELD_OF[type(criterion)]: criterion}
        return cls(**fields)


_FIELDS = Node.__struct_fields__
_FIELD_OF: dict[type, str] = {
    TumourType: "tumour_type",
    Histology: "histology",
    Stage: "stage",
    PrimarySide: "primary_side",
    Alteration: "alteration",
    AlterationSet: "alteration_set",
    Expression: "expression",
    Burden: "burden",
    Msi: "msi",
    PriorLines: "prior_lines",
    PriorTreatment: "prior_treatment",
    ProgressionAfter: "progression_after",
    DaysSince: "days_since",
    Age: "age",
    Ecog: "ecog",
    Measurable: "measurable",
    BrainMetastases: "brain_metastases",
    ConfirmedBy: "confirmed_by",
    Judgement: "judgement",
}
CRITERIA = tuple(_FIELD_OF.values())
"""The vocabulary: 19 criteria."""


def leaves(node: Node) -> Iterator[Criterion]:
    """Give the criteria of a tree from left to right."""
    for _, leaf in walk(node):
        yield leaf


def walk(node: Node, path: str = "when") -> Iterator[tuple[str, Criterion]]:
    """Give the criteria of a tree with their paths, as in ``when.all[2]``."""
    leaf = node.leaf
    if leaf is not None:
        yield f"{path}.{node.key}", leaf
        return
    for i, child in enumerate(node.children):
        where = f"{path}.not" if node.not_ is not None else f"{path}.{node.key}[{i}]"
        yield from walk(child, where)
