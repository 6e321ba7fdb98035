"""SQL predicates of populations as conditions of ARS, where they are plain enough to be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

__all__ = ["condition_of"]

_EQUALS = re.compile(r"([A-Za-z_]\w*)\s*(=|<>|!=|>=|<=|>|<)\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?))", re.ASCII)
_IN = re.compile(
    r"([A-Za-z_]\w*)\s+IN\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)", re.ASCII | re.IGNORECASE
)
_COMPARATORS = {"=": "EQ", "<>": "NE", "!=": "NE", ">=": "GE", "<=": "LE", ">": "GT", "<": "LT"}


def condition_of(predicate: str, named: Callable[[str], str], *, dataset: str = "ADSL") -> dict[str, Any]:
    """``condition`` or ``compoundExpression`` of a predicate; nothing where it is more than conditions joined by AND.

    Examples
    --------
    >>> condition_of("SAFFL = 'Y'", str)["condition"]
    {'dataset': 'ADSL', 'variable': 'SAFFL', 'comparator': 'EQ', 'value': ['Y']}
    >>> condition_of("A = '1' AND B IN ('x', 'y')", str)["compoundExpression"]["logicalOperator"]
    'AND'
    >>> condition_of("A = 'x OR y' OR B = '1'", str)
    {}
    """
    found, at = [], 0
    text = predicate.strip()
    while at < len(text):
        if found:
            joint = re.compile(r"\s+AND\s+", re.IGNORECASE).match(text, at)
            if joint is None:
                return {}
            at = joint.end()
        one = _EQUALS.match(text, at) or _IN.match(text, at)
        if one is None:
            return {}
        found.append(_condition(one, named, dataset))
        at = one.end()
    if not found:
        return {}
    if len(found) == 1:
        return {"condition": found[0]}
    clauses = [{"level": 2, "order": i, "condition": c} for i, c in enumerate(found, 1)]
    return {"compoundExpression": {"logicalOperator": "AND", "whereClauses": clauses}}


def _condition(one: re.Match[str], named: Callable[[str], str], dataset: str) -> dict[str, Any]:
    if one.re is _IN:
        values = [v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", one[2])]
        comparator = "IN"
    else:
        values = [one[3].replace("''", "'") if one[3] is not None else one[4]]
        comparator = _COMPARATORS[one[2]]
    return {"dataset": dataset, "variable": named(one[1]), "comparator": comparator, "value": values}
