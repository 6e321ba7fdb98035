"""What to order: missing facts grouped by the one test that answers most of them; look-ups and judgements apart."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

from codon12.biomarker.assays.assay import Reach
from codon12.match import criteria as c
from codon12.match.alterations import alteration_sets, question_of

__all__ = ["Order", "OrderList", "order_list"]


class _Orderable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    targets: tuple[str, ...] = ()
    fusions: tuple[str, ...] = ()
    any_gene: bool = False
    any_fusion: bool = False
    facts: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One test to order, and the facts it answers."""

    test: str
    answers: tuple[str, ...]
    kind: str = ""
    """Name of the test in the list of orders, genes left open."""
    genes: tuple[str, ...] = ()


class OrderList(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing, by who can answer it."""

    tests: tuple[Order, ...] = ()
    record: tuple[str, ...] = ()
    """Facts to look up in the record, or to examine."""
    judgements: tuple[str, ...] = ()
    """Questions that only the clinician can answer."""


@cache
def _orderables() -> tuple[tuple[_Orderable, tuple[Reach, ...]], ...]:
    raw = tomllib.loads((files("codon12.match") / "data" / "orders.toml").read_text("utf-8"))
    listed = msgspec.convert(raw["order"], list[_Orderable])
    return tuple(
        (o, (*(question_of(t).required[0] for t in o.targets), *(Reach(gene=g, kind="fusion") for g in o.fusions)))
        for o in listed
    )


def order_list(missing: Iterable[c.Criterion]) -> OrderList:
    """Group missing criteria into what to order, what to look up and what to judge.

    Examples
    --------
    >>> asked = [c.Alteration(question="RAS mutation", is_="absent"), c.PriorLines(equals=0)]
    >>> found = order_list(asked)
    >>> found.tests[0].answers, found.record
    (('RAS mutation',), ('prior systemic lines',))
    """
    leaves = list(dict.fromkeys(missing))
    judgements = tuple(sorted({leaf.fact for leaf in leaves if isinstance(leaf, c.Judgement)}))
    tested = [leaf for leaf in leaves if leaf.biomarker or isinstance(leaf, c.ConfirmedBy)]
    record = tuple(sorted({leaf.fact for leaf in leaves if leaf not in tested} - set(judgements)))
    orders = [
        Order(test=f"{leaf.assay}{', centrally' if leaf.central else ''}", answers=(leaf.fact,))
        for leaf in tested
        if isinstance(leaf, c.ConfirmedBy)
    ]
    rest = {leaf.fact: _required(leaf) for leaf in tested if not isinstance(leaf, c.ConfirmedBy)}
    while rest:
        best, answers = max(
            ((o, own) for o, own in ((o, _answered(o, reach, rest)) for o, reach in _orderables())),
            key=lambda pair: len(pair[1]),
        )
        if not answers:
            orders += [Order(test=f"a test that answers: {fact}", answers=(fact,)) for fact in sorted(rest)]
            break
        genes = sorted({r.gene for fact in answers for r in rest[fact]})
        name = best.name.replace("{genes}", ", ".join(genes))
        orders.append(Order(test=name, answers=tuple(sorted(answers)), kind=best.name, genes=tuple(genes)))
        rest = {fact: reach for fact, reach in rest.items() if fact not in answers}
    return OrderList(tests=tuple(dict.fromkeys(orders)), record=record, judgements=judgements)


def _required(leaf: c.Criterion) -> tuple[Reach, ...]:
    if isinstance(leaf, c.Alteration):
        return question_of(leaf.question).required
    if isinstance(leaf, c.AlterationSet):
        return tuple(r for m in alteration_sets()[leaf.name].members for r in question_of(m).required)
    return ()


def _answered(order: _Orderable, reach: tuple[Reach, ...], rest: dict[str, tuple[Reach, ...]]) -> list[str]:
    out = []
    for fact, required in rest.items():
        by_name = fact in order.facts
        by_panel = required and (
            (order.any_gene and all(r.kind != "fusion" for r in required))
            or (order.any_fusion and all(r.kind == "fusion" for r in required))
            or (reach and all(any(s.covers(r) for s in reach) for r in required))
        )
        if by_name or by_panel:
            out.append(fact)
    return out
