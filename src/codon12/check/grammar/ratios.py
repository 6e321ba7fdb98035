"""Ratios with interval and P, chi-square statistics, P values."""

from __future__ import annotations

import msgspec

from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.rules import LINK, Read, level_of
from codon12.check.statements import Quantities

__all__ = ["read_chi2", "read_p", "read_ratio"]

_STEP = 5
"""Words of the step that a ratio is for: `per year increase,`."""


def read_ratio(r: Reading, k: int) -> Read:
    """A ratio with what stands beside it: interval, chi-square, P."""
    atom = r.atoms[k]
    q = Quantities(measure=atom.data["measure"], value=atom.data["value"])
    used, j = 1, atom.j
    nxt = r.atom(k + 1)
    gap = r.gap(k)
    if gap[:1] == ["per"] and gap[-1:] in ([","], ["("], ["["], [";"]) and len(gap) <= _STEP:
        gap = gap[-1:]  # 1.01 per year, 95% CI ...
    if nxt is not None and (
        (nxt.kind == "interval" and len(gap) <= 5 and set(gap) <= LINK)
        or (nxt.kind == "pair" and gap in (["("], [","], ["["]))
    ):
        if nxt.data.get("name", "ci") == "ci":
            q = msgspec.structs.replace(
                q, low=nxt.data["low"], high=nxt.data["high"], level=level_of(nxt), interval="ci"
            )
            used, j = 2, r.closed(nxt.j)
    elif nxt is not None and nxt.kind == "number" and gap == ["("]:
        second = r.atom(k + 2)
        if second is not None and second.kind == "number" and r.gap(k + 1) in ([","], [";"], ["to"]):
            q = msgspec.structs.replace(q, low=nxt.data["value"], high=second.data["value"], interval="ci")
            used, j = 3, r.closed(second.j)
    drafts = []
    third = r.atom(k + used)
    if third is not None and third.kind == "chi2" and set(r.gap(k + used - 1)) <= LINK:
        used += 1
        drafts.append(Draft("chi2_p", third.i, third.j, Quantities(chi2=third.data["chi2"], N=_df(third))))
        third = r.atom(k + used)
    if (
        third is not None
        and third.kind == "p"
        and third.data["of"] is None
        and len(r.gap(k + used - 1)) <= 7
        and set(r.gap(k + used - 1)) <= LINK
    ):
        q = msgspec.structs.replace(q, p=third.data["p"], p_op=third.data["op"])
        used, j = used + 1, (j if drafts else third.j)
        if drafts:
            drafts[0].quantities = msgspec.structs.replace(drafts[0].quantities, p=q.p, p_op=q.p_op)
            drafts[0].j = third.j
    return [Draft("hr_ci_p", atom.i, j, q), *drafts], used


def _df(atom: Atom) -> int | None:
    return None if atom.data["df"] is None else int(atom.data["df"].value)


def read_chi2(r: Reading, k: int) -> Read:
    """A chi-square statistic with its P."""
    atom, nxt = r.atoms[k], r.atom(k + 1)
    q = Quantities(chi2=atom.data["chi2"], N=_df(atom))
    if nxt is not None and nxt.kind == "p" and nxt.data["of"] is None and set(r.gap(k)) <= LINK:
        return [Draft("chi2_p", atom.i, nxt.j, msgspec.structs.replace(q, p=nxt.data["p"], p_op=nxt.data["op"]))], 2
    return [Draft("chi2_p", atom.i, atom.j, q)], 1


def read_p(r: Reading, k: int) -> Read:
    """A P value that belongs to nothing printed before it."""
    atom = r.atoms[k]
    return [
        Draft("p_value", atom.i, atom.j, Quantities(p=atom.data["p"], p_op=atom.data["op"], text=atom.data["of"]))
    ], 1
