"""Three values, whole columns at once: yes, no and unknown, as Kleene's logic joins them.

A value is an int8: 0 no, 1 unknown, 2 yes. ``all`` is the least, ``any`` the greatest, ``not`` turns 0 and 2 round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from codon12.match.criteria import Criterion
from codon12.match.tree import Node

__all__ = ["NO", "UNKNOWN", "WORDS", "YES", "Values", "missing_facts", "three", "tree_value"]

Values = NDArray[np.int8]
Masks = NDArray[np.bool_]
NO, UNKNOWN, YES = 0, 1, 2
WORDS = ("no", "unknown", "yes")


def three(yes: Masks, no: Masks) -> Values:
    """Make values of two masks; what is neither, or both, is unknown."""
    return (np.int8(1) + yes.astype(np.int8) - no.astype(np.int8)).astype(np.int8)


def tree_value(node: Node, value: Callable[[Criterion], Values]) -> Values:
    """Evaluate a tree for every profile, given the values of its criteria.

    Examples
    --------
    >>> from codon12.match.criteria import Judgement
    >>> a, b = Judgement(text="a"), Judgement(text="b")
    >>> known = {a: np.array([2, 1, 1], np.int8), b: np.array([1, 1, 0], np.int8)}
    >>> tree_value(Node(all=(Node.of(a), Node.of(b))), known.__getitem__).tolist()
    [1, 1, 0]
    """
    leaf = node.leaf
    if leaf is not None:
        return value(leaf)
    if node.not_ is not None:
        return (2 - tree_value(node.not_, value)).astype(np.int8)
    parts = [tree_value(child, value) for child in node.children]
    return _joined(parts, np.minimum if node.all is not None else np.maximum)


def _joined(parts: Sequence[Values], by: np.ufunc) -> Values:
    out = parts[0]
    for part in parts[1:]:
        out = by(out, part)
    return out


def missing_facts(node: Node, value: Callable[[Criterion], Values]) -> dict[Criterion, Masks]:
    """Give the criteria that keep a tree unknown, each with the profiles that it keeps so.

    They are collected from children that are themselves unknown, so that a branch which another criterion has decided
    is not asked about.

    Examples
    --------
    >>> from codon12.match.criteria import Judgement
    >>> a, b = Judgement(text="a"), Judgement(text="b")
    >>> known = {a: np.array([0, 1], np.int8), b: np.array([1, 1], np.int8)}
    >>> {c.fact: m.tolist() for c, m in missing_facts(Node(all=(Node.of(a), Node.of(b))), known.__getitem__).items()}
    {'a': [False, True], 'b': [False, True]}
    """
    leaf = node.leaf
    open_ = tree_value(node, value) == UNKNOWN
    if leaf is not None:
        return {leaf: open_}
    out: dict[Criterion, Masks] = {}
    for child in node.children:
        for criterion, mask in missing_facts(child, value).items():
            own = mask & open_
            out[criterion] = out[criterion] | own if criterion in out else own
    return out
