"""Three values: every tree of depth three over every value of its leaves, against the tables of Kleene."""

from itertools import count, product

import numpy as np
import pytest

from codon12.match.criteria import Judgement
from codon12.match.logic import missing_facts, three, tree_value
from codon12.match.tree import Node

pytestmark = pytest.mark.requirement("R-MATC-01")

NO, OPEN, YES = 0, 1, 2
AND = {(NO, NO): NO, (NO, OPEN): NO, (NO, YES): NO, (OPEN, OPEN): OPEN, (OPEN, YES): OPEN, (YES, YES): YES}
OR = {(NO, NO): NO, (NO, OPEN): OPEN, (NO, YES): YES, (OPEN, OPEN): OPEN, (OPEN, YES): YES, (YES, YES): YES}
NOT = {NO: YES, OPEN: OPEN, YES: NO}


def _shapes(depth):
    """Trees as nested tuples: ('leaf',), ('not', x), ('all', x, y), ('any', x, y)."""
    if depth == 1:
        return [("leaf",)]
    below = [s for d in range(1, depth) for s in _shapes_of(d)]
    top = list(_shapes_of(depth - 1))
    out = [("not", s) for s in top]
    for kind in ("all", "any"):
        out += [(kind, a, b) for a, b in product(below, below) if a in top or b in top]
    return out


_KNOWN = {}


def _shapes_of(depth):
    return _KNOWN.setdefault(depth, _shapes(depth))


def _node(shape, names):
    kind, *children = shape
    if kind == "leaf":
        return Node.of(Judgement(text=f"x{next(names)}"))
    made = tuple(_node(c, names) for c in children)
    return Node(**({"not_": made[0]} if kind == "not" else {kind: made}))


def _expected(shape, values):
    """Value and missing leaves by the tables, leaf by leaf."""
    kind, *children = shape
    if kind == "leaf":
        name, value = next(values)
        return value, {name} if value == OPEN else set()
    parts = [_expected(c, values) for c in children]
    both = tuple(sorted(p[0] for p in parts))
    value = NOT[both[0]] if kind == "not" else (AND if kind == "all" else OR)[both]
    facts = set().union(*(p[1] for p in parts if p[0] == OPEN)) if value == OPEN else set()
    return value, facts


ALL = [s for d in (1, 2, 3) for s in _shapes_of(d)]


def test_there_are_that_many_trees():
    assert len(ALL) == 1 + 3 + (3 + 2 * (16 - 1))


@pytest.mark.parametrize("shape", ALL, ids=str)
def test_tree(shape):
    node = _node(shape, count())
    leaves = sorted(set(_leaves(node)), key=lambda leaf: leaf.text)
    rows = list(product((NO, OPEN, YES), repeat=len(leaves)))
    known = {leaf: np.array([r[i] for r in rows], np.int8) for i, leaf in enumerate(leaves)}
    got = tree_value(node, known.__getitem__)
    missing = missing_facts(node, known.__getitem__)
    for i, row in enumerate(rows):
        value, facts = _expected(shape, iter([(leaf.text, v) for leaf, v in zip(leaves, row, strict=True)]))
        assert got[i] == value
        assert {leaf.text for leaf, mask in missing.items() if mask[i]} == facts


def _leaves(node):
    if node.leaf is not None:
        yield node.leaf
    for child in node.children:
        yield from _leaves(child)


def test_what_is_both_is_unknown():
    assert three(np.array([True, False, True]), np.array([False, True, True])).tolist() == [2, 0, 1]
