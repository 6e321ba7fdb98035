"""Whether the percentage behind a number is surely its own: what stands before the number decides."""

from __future__ import annotations

from codon12.check.grammar.drafts import Reading
from codon12.check.grammar.not_counts import may_be_a_name
from codon12.check.grammar.rules import OPEN, is_words, whole

__all__ = ["in_a_list_of_names", "part_before_bracket", "together"]


def part_before_bracket(r: Reading, k: int) -> int | None:
    """The count before a bracket that ends in `of`: `553 (290 physicians and 263 nurses) of 723 asked (76.5%)`."""
    i = r.atoms[k].i - 2
    if r.low(i + 1) != "of" or r.low(i) != ")":
        return None
    depth = 0
    for x in range(i, max(-1, i - _LONGEST_BRACKET), -1):
        depth += (r.low(x) == ")") - (r.low(x) == "(")
        if depth == 0:
            inner = [a for a in r.atoms[:k] if a.i > x]
            first = next((a for a in reversed(r.atoms[:k]) if a.j <= x), None)
            close = first is not None and first.kind == "number" and x - first.j <= 3
            sums = not any(a.kind == "percent" for a in inner)
            return whole(first.data["value"]) if close and sums and first is not None else None
    return None


_LONGEST_BRACKET = 40


def together(r: Reading, k: int) -> bool:
    """Whether a share may be of two counts together: `twelve female and 8 male patients (3.5%)`."""
    first, between = r.atom(k - 1), r.gap(k - 1) if k else []
    return first is not None and first.kind == "number" and between[-1:] == ["and"] and is_words(between, 2)


def in_a_list_of_names(r: Reading, k: int) -> bool:
    """Whether the items listed before are names with their shares, not counts: `type A (36%), D2 (2.3%), 46 (2.1%)`."""
    at = k
    while at >= max(2, k - _LONGEST):
        before = r.atoms[at - 1]
        if before.kind != "percent" or not {*r.gap(at - 1)} <= {")", "]", ",", "and", "or", ";"}:
            return False
        opened = before.i - 1
        if r.low(opened) not in OPEN:
            return False
        if r.atoms[at - 2].j != opened:  # a word stands right before the bracket
            start = next((x + 1 for x in range(opened - 1, -1, -1) if r.low(x) in _PARTING), 0)
            counts = any(a.kind in ("number", "fraction") and start <= a.i < opened for a in r.atoms[:at])
            return not counts and opened > start and r.tokens[opened - 1].kind in ("word", "name")
        if may_be_a_name(r, r.atoms[at - 2]):
            return True
        at -= 2
    return False


_LONGEST = 40
"""Atoms of a list that are looked back over: a list of any length takes linear time."""
_PARTING = {",", ";", ":", "and", "or", ")", "]"}
