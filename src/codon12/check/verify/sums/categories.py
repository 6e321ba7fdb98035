"""Categories of one group and what they add up to: response, disease control, sex, smoking."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.labels import category_of

__all__ = ["check_categories"]

_FINER = re.compile(
    r"\b(?:VGPR|CRi|CRu|sCR|nCR|CRh|very good|stringent|incomplete|unconfirmed|minor response|near-complete|"
    r"non-?CR|non-?complete|not evaluable|near|unknown|metabolic|molecular|cytogenetic|hematologic|haematologic|"
    r"cut-?offs?|threshold|predict\w*|accura\w+|sensitivity|specificity|"
    r"patholog\w+|mixed response|duration|landmark)\b",
    re.IGNORECASE,
)
_NE = re.compile(r"\bnot evaluable\b", re.IGNORECASE)
"""In a table a category of its own, neither a response nor control."""
_EVALUATORS = (re.compile(r"investigator", re.IGNORECASE), re.compile(r"\b(?:central|independent|BICR|IRC)\b"))
_RESPONSE = ("CR", "PR", "SD", "PD", "NE")
_NAMED = {
    "CR": "complete",
    "PR": "partial response",
    "SD": "stable disease",
    "ORR": "response",
    "DCR": "disease control",
}
_EXCLUSIVE = (("men", "women"), ("never", "former", "current"), _RESPONSE)


class _Share(msgspec.Struct, frozen=True, gc=False):
    """A share of one group in percent: all values its print allows, and its count where that is known."""

    statement: Statement
    low: Fraction
    high: Fraction
    n: int | None
    N: int | None

    @property
    def shown(self) -> str:
        if self.n is not None:
            return str(self.n)
        percent = self.statement.quantities.percent
        return "" if percent is None else f"{percent.text} %"


def _share(case: Case, s: Statement) -> _Share | None:
    q = s.quantities
    total = case.denominators.get(s.id)
    if s.kind in PERCENT_KINDS and q.n is not None and total is not None:
        if not any(c.verdict == "ok" and c.rule == "count/percent" for c in case.checks.get(s.id, ())):
            return None
        exact = Fraction(100 * q.n, total.value)
        return _Share(s, exact, exact, q.n, total.value)
    if s.kind in ("percent_only", "percent_ci") and q.percent is not None and not s.approximate:
        counted = case.counts.get(s.id)
        size = counted[1] if counted else total.value if total else None
        return _Share(s, q.percent.low, q.percent.high, None, size)
    return None


def check_categories(case: Case) -> None:
    """Compare shares that carry a category's name within a paragraph or a column of a table, then over the text."""
    scopes: dict[tuple[object, ...], dict[str, list[_Share]]] = defaultdict(lambda: defaultdict(list))
    usual: dict[tuple[object, ...], Counter[int]] = defaultdict(Counter)
    named: list[tuple[str, _Share, tuple[object, ...]]] = []
    for s in case.statements:
        if s.kind not in PERCENT_KINDS and s.kind not in ("percent_only", "percent_ci"):
            continue
        name = category_of(case, s)
        share = _share(case, s) if name and not case.cites(s) else None
        if name is None or share is None:
            continue
        p = case.text.passages[s.passage]
        place = ("table", p.table, s.column) if p.table is not None else ("text", p.paragraph, p.section)
        named.append((name, share, place))
        if share.N is not None and not _late(case, s):
            usual[place][share.N] += 1
    for name, share, place in named:
        total = share.N
        if _late(case, share.statement) and usual[place]:  # a total not named so far is a chance fit
            total = usual[place].most_common(1)[0][0]
        scopes[(*place, total)][name].append(share)
    for scope in scopes.values():
        _judge(case, scope)
    _over_the_text(case, [scope for scope in scopes.values() if len(scope) >= 1])


def _late(case: Case, s: Statement) -> bool:
    d = case.denominators.get(s.id)
    return d is not None and d.source == "later"


def _single(scope: dict[str, list[_Share]]) -> dict[str, _Share]:
    """Categories with one value only in their scope: nothing else could be meant."""
    out = {}
    for name, shares in scope.items():
        if len({(x.n, x.low) for x in shares}) == 1:
            out[name] = shares[0]
        elif len(shares) == 2 and {x.n is None for x in shares} == {True, False}:
            coarse, fine = sorted(shares, key=lambda x: x.low == x.high)
            if coarse.low <= fine.low <= coarse.high:
                out[name] = fine
    return out


def _sure(case: Case, shares: list[_Share]) -> bool:
    """Whether numbers stand close together, in one evaluation, and no finer category lies between them."""
    passages = [x.statement.passage for x in shares]
    if max(passages) - min(passages) > (2 if case.text.passages[passages[0]].table is None else 40):
        return False
    words = " ".join(case.sentence(x.statement) for x in shares)
    if case.text.passages[passages[0]].table is not None:
        first, last = (case.text.passages[x] for x in (min(passages), max(passages)))
        words = case.flat[first.start : last.end]
    words = _NE.sub("", words) if case.text.passages[passages[0]].table is not None else words
    return _FINER.search(words) is None and not all(e.search(words) for e in _EVALUATORS)


def _judge(case: Case, scope: dict[str, list[_Share]]) -> None:
    one = _single(scope)
    for parts, whole in ((("CR", "PR"), "ORR"), (("ORR", "SD"), "DCR"), (("CR", "PR", "SD"), "DCR")):
        if whole in one and all(p in one for p in parts) and not (parts[0] == "CR" and whole == "DCR" and "ORR" in one):
            _equal(case, [one[p] for p in parts], one[whole], whole)
    for part, whole in (("CR", "ORR"), ("PR", "ORR"), ("ORR", "DCR"), ("SD", "DCR")):
        if part in one and whole in one and one[part].low > one[whole].high and _sure(case, [one[part], one[whole]]):
            a, b = one[part], one[whole]
            sentence = f"{a.shown} with {_NAMED.get(part, part)} cannot be more than {b.shown} with {_NAMED[whole]}."
            case.relate("subset", (a.statement, b.statement), "error-if", sentence, "part <= whole", on=(a.statement,))
    if next(iter(next(iter(scope.values())))).statement.kind == "table_cell":
        return  # blocks of a table are added up as blocks
    for family in _EXCLUSIVE:
        members = [one[name] for name in family if name in one]
        if len(members) >= 2:
            _exclusive(case, family, members)


def _equal(case: Case, parts: list[_Share], whole: _Share, name: str) -> None:
    low, high = sum(p.low for p in parts), sum(p.high for p in parts)
    members = [*(p.statement for p in parts), whole.statement]
    counted = all(x.n is not None for x in (*parts, whole))
    shown = " + ".join(p.shown for p in parts)
    if low <= whole.high and whole.low <= high:
        result = f"{shown} = {whole.shown}" if counted else f"{shown} agrees with {whole.shown}"
        computed = {"parts": [p.n for p in parts], "sum": whole.n} if counted else {}
        case.relate("sum", members, "ok", f"{result}: {name} is the sum.", "sum of parts", computed, on=members)
        return
    if not _sure(case, [*parts, whole]):
        return
    total = sum(p.n or 0 for p in parts) if counted else f"{float(sum(p.low + p.high for p in parts) / 2):.4g} %"
    sentence = f"{shown} is {total}, not {whole.shown}, if {name} is the sum of these."
    case.relate("sum", members, "error-if", sentence, "sum of parts", {"sum": str(total)}, on=(whole.statement,))


def _exclusive(case: Case, family: tuple[str, ...], members: list[_Share]) -> None:
    """Categories that exclude each other are at most all; men and women, with a total printed, are all."""
    low = sum(m.low for m in members)
    statements = [m.statement for m in members]
    total = members[0].N
    shown = " + ".join(m.shown for m in members)
    counted = all(m.n is not None for m in members)
    if low > 100 and family == ("men", "women") and not counted:
        return  # 96 % of the men and 94 % of the women
    if low > 100 and _sure(case, members):
        count = sum(m.n or 0 for m in members)
        more = f"{count}, more than {total}" if counted else f"at least {float(low):.4g} %"
        sentence = f"{shown} is {more}, if these exclude each other."
        case.relate("sum", statements, "error-if", sentence, "exclusive categories", on=(statements[-1],))
    elif counted and total == sum(m.n or 0 for m in members):
        computed = {"parts": [m.n for m in members], "sum": total}
        case.relate("sum", statements, "ok", f"{shown} = {total}.", "exclusive categories", computed)
    elif family == ("men", "women") and counted and total and sum(m.n or 0 for m in members) < total:
        sentence = f"{shown} leaves {total - sum(m.n or 0 for m in members)} of {total} patients out."
        case.relate("sum", statements, "cannot confirm", sentence, "exclusive categories")


def _over_the_text(case: Case, scopes: list[dict[str, list[_Share]]]) -> None:
    """Response and disease control of the whole text, where each count of one total is printed the same throughout."""
    every: dict[int, dict[str, list[_Share]]] = defaultdict(lambda: defaultdict(list))
    for scope in scopes:
        for name, shares in scope.items():
            for x in shares:
                if x.n is not None and x.N is not None:
                    every[x.N][name].append(x)
    done = {frozenset(p.statement for p in r.places) for r in case.relations}
    for total, scope in every.items():
        one = _single(scope)
        for parts, whole in ((("CR", "PR"), "ORR"), (("ORR", "SD"), "DCR")):
            if whole not in one or any(p not in one for p in parts):
                continue
            members = [*(one[p].statement for p in parts), one[whole].statement]
            counts = [one[p].n or 0 for p in parts]
            if sum(counts) == one[whole].n and frozenset(m.id for m in members) not in done:
                sentence = f"{' + '.join(map(str, counts))} = {one[whole].n} of {total}: {whole} is the sum."
                computed = {"parts": counts, "sum": one[whole].n}
                case.relate("sum", members, "ok", sentence, "sum of parts", computed)
