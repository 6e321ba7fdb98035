"""One-step mutants of statements: a criterion dropped or turned round, a number moved, and/or swapped, a date moved."""

from datetime import timedelta

import msgspec

from codon12.match import criteria as c
from codon12.match.tree import Node

replace = msgspec.structs.replace


def node_mutants(node):
    """Every tree that differs from a tree by one step; None where nothing is left of it."""
    leaf = node.leaf
    if leaf is not None:
        yield from leaf_mutants(leaf)
        yield Node(not_=node)
        return
    if node.not_ is not None:
        yield node.not_
        for m in node_mutants(node.not_):
            yield Node(not_=m)
        return
    kind, other = ("all", "any") if node.all else ("any", "all")
    children = node.children
    if len(children) > 1:
        yield Node(**{other: children})
    for i, child in enumerate(children):
        if len(children) > 1:
            yield Node(**{kind: (*children[:i], *children[i + 1 :])})
        for m in node_mutants(child):
            yield Node(**{kind: (*children[:i], m, *children[i + 1 :])})


def leaf_mutants(leaf):
    for field in ("at_least", "at_most", "below", "equals"):
        value = getattr(leaf, field, None)
        if value is not None:
            for step in (-1, 1):
                if value + step >= 0:
                    yield Node.of(replace(leaf, **{field: value + step}))
    if getattr(leaf, "specimen", None) is not None:
        yield Node.of(replace(leaf, specimen=None))
    for field in ("any_of", "includes_all", "includes_any"):
        items = getattr(leaf, field, ())
        if len(items) > 1:
            for i in range(len(items)):
                yield Node.of(replace(leaf, **{field: (*items[:i], *items[i + 1 :])}))
    if isinstance(leaf, c.Msi):
        yield Node.of(replace(leaf, is_="MSS" if leaf.is_ == "MSI-H" else "MSI-H"))


def statement_mutants(s):
    """Every statement that differs from a statement by one step, each with a word of what was done."""
    for m in node_mutants(s.when):
        yield "when", replace(s, when=m)
    for field in ("from_", "to"):
        day = getattr(s.valid, field)
        if day is not None:
            for step in (-1, 1):
                yield field, replace(s, valid=replace(s.valid, **{field: day + timedelta(days=step)}))
            yield f"no {field}", replace(s, valid=replace(s.valid, **{field: None}))
    if s.if_undetermined:
        yield "if_undetermined", replace(s, if_undetermined=None)
    for i, e in enumerate(s.except_):
        rest = (*s.except_[:i], *s.except_[i + 1 :])
        yield "exception dropped", replace(s, except_=rest)
        yield "condition turned", replace(s, except_=(*rest, replace(e, when=Node(not_=e.when))))
        always = Node(any=(e.when, Node(not_=e.when)))
        yield "condition dropped", replace(s, except_=(*rest, replace(e, when=always)))
        for step in (-1, 1):
            yield "exception's day", replace(s, except_=(*rest, replace(e, from_=e.from_ + timedelta(days=step))))
        yield "exception's day dropped", replace(s, except_=(*rest, replace(e, from_=None)))
