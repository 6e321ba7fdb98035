"""Counts: differences, repetitions, and counts that serve as the total of a percentage."""

from __future__ import annotations

from collections import Counter

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import PERCENT_KINDS, Case

__all__ = ["check_counts"]


def check_counts(case: Case) -> None:
    """Check counts against each other, then note those that recur or carry a percentage."""
    _differences(case)
    _corroborated(case)


def _n(s: Statement) -> int | None:
    return s.quantities.n if s.kind in ("count", "design_number") and s.quantities.N is None else None


def _differences(case: Case) -> None:
    """A small count that is the difference of two others (126 - 124 = 2)."""
    large = sorted(n for n, _ in case.sizes.most_common(150) if n >= 10)
    gaps = {b - a: (b, a) for i, a in enumerate(large) for b in large[i + 1 :]}
    cells = [
        (s.quantities.n or 0, s)
        for s in case.statements
        if s.kind in PERCENT_KINDS and s.section.startswith("Table") and (s.quantities.n or 0) >= 10
    ]
    for s in case.statements:
        n = _n(s)
        if n is None or s.id in case.checks:
            continue
        if n in gaps:
            b, a = gaps[n]
            near = {_n(x): x for x in case.neighbours(s, 2)}
            after = case.around(s, 12, 60)
            if (a in near or b in near) and re.search(
                r"\b(?:(?:did|were|was|had|could) not|without|remaining|excluded)\b", " ".join(after)
            ):
                members = [near[x] for x in (a, b) if x in near]
                case.relate("difference", (*members, s), "ok", f"{b} - {a} = {n}.", "difference of counts",
                            {f"{b}-{a}": n}, on=(s,))  # fmt: skip
                continue
        if case.text.passages[s.passage].footnote:
            section = [x for x in cells if x[1].section.split()[:2] == s.section.split()[:2]][:200]
            pair = next(
                ((x, y) for a, x in section for b, y in section if a - b == n and abs(x.passage - y.passage) == 1), None
            )
            if pair is not None:
                sentence = f"{pair[0].quantities.n} - {pair[1].quantities.n} = {n} in the table."
                case.relate("difference", (*pair, s), "ok", sentence, "difference of counts", on=(s,))


def _corroborated(case: Case) -> None:
    """Counts that recur, that a percentage has as its total, or that lie within a larger one."""
    seen: Counter[int] = Counter()
    for s in case.statements:
        q = s.quantities
        if s.kind in ("count", *PERCENT_KINDS):
            seen.update({x for x in (q.n if s.kind != "table_cell" else None, q.N) if x is not None})
    totals = Counter(
        d.value for id_, d in case.denominators.items() if any(c.verdict == "ok" for c in case.checks.get(id_, []))
    )
    weak = Counter(
        case.denominators[s.id].value
        for s in case.statements
        if s.id in case.denominators and s.kind == "percent_only" and s.quantities.percent is not None
        and case.denominators[s.id].value >= 10 ** (s.quantities.percent.digits + 2)
    )  # fmt: skip
    largest = case.largest
    people = {(p.n, p.statement.id) for p in case.populations}
    for s in case.statements:
        if s.kind != "count" or s.id in case.checks:
            continue
        q = s.quantities
        n = q.N if q.n is None else q.n
        assert n is not None
        if q.n is not None and q.N is not None:
            verdict: Verdict = "ok" if q.n <= q.N else "cannot confirm" if _may_be_a_ratio(case, s) else "error-if"
            sentence = f"{q.n} of {q.N}." if q.n <= q.N else f"{q.n} of {q.N} is more than all, if it is part of them."
            case.add(s, Check("subset", verdict, sentence, "n <= N"))
        elif totals[n] > weak[n] and n > 2:
            what = "a percentage that agrees" if totals[n] == 1 else f"{totals[n]} percentages that agree"
            case.add(s, Check("denominator", "ok", f"The total of {what}.", "use as N"))
        elif n in case.joint_totals:
            case.add(s, Check("denominator", "ok", f"The groups printed with intervals add up to {n}.", "use as N"))
        elif n >= 10 and seen[n] > 1 and (n, s.id) in people:
            case.add(s, Check("repeated", "ok", f"{n} is printed {seen[n]} times.", "repetition"))
        elif _planned(case, s, n, largest):
            continue
        elif n <= 2 and largest > 20 and re.search(r"\b(?:who|had|did|was|were)\b", case.sentence(s)) and (
            re.search(r"patient", case.sentence(s)) and not q.N and s.quote.strip()[:1].isdigit()
        ):  # fmt: skip
            case.add(s, Check("subset", "ok", f"{n} is a subset of the patients named.", "n <= N"))


_COUNTS_PEOPLE = re.compile(
    r"\W{0,2}(?:[a-z-]+ )?(?:patients|pts|participants|subjects|women|men|children|cases|individuals|responders)\b"
)


_OF_TWO_ARMS = re.compile(r"\b(?:arm|group|cohort)s? [A-Z\d]/[A-Z\d]\b", re.IGNORECASE)


def _may_be_a_ratio(case: Case, s: Statement) -> bool:
    """Whether a number over a smaller one counts nobody: a mixture of 70/30, 20/15 vision, 120/80 mm Hg."""
    if re.match(r"-\d", case.flat[s.normal_end : s.normal_end + 2]):
        return True  # four of 2-10 ml
    if "/" in s.quote and case.says(s, _OF_TWO_ARMS):
        return True  # `nausea (arm A/B, 28%/22%) and rash (26/17 patients)`
    return "/" in case.spelled(s) and _COUNTS_PEOPLE.match(case.around(s, 0, 40)[1]) is None


def _planned(case: Case, s: Statement, n: int, largest: int) -> bool:
    sentence = case.sentence(s)
    if re.search(r"\b(?:planned|would include|target (?:enrol\w+|sample)|sample size)\b", sentence) and n <= largest:
        case.add(s, Check("planned", "ok", f"Planned {n}, the text reports {largest}.", "planned <= enrolled"))
        return True
    return False
