"""Counts: parts that make a total, differences, repetitions, and counts that serve as the total of a percentage."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case

__all__ = ["check_counts"]

_ARMS = re.compile(r"\b(?:arms?|assigned|allocated|randomi[sz]\w+|intention-to-treat)\b", re.IGNORECASE)


def check_counts(case: Case) -> None:
    """Check counts against each other, then note those that recur or carry a percentage."""
    _parts(case)
    _grades(case)
    _differences(case)
    _corroborated(case)


def _n(s: Statement) -> int | None:
    return s.quantities.n if s.kind in ("count", "design_number") and s.quantities.N is None else None


def _parts(case: Case) -> None:
    """`345 patients (171 in one arm and 174 in the other)`: parts named after a total add up to it."""
    for k, s in enumerate(case.statements):
        total = _n(s)
        if total is None or total < 4 or case.text.passages[s.passage].table is not None:
            continue
        parts: list[Statement] = []
        for other in case.statements[k + 1 : k + 12]:
            if other.passage > s.passage + 1 or other.kind not in ("count", "dose", "duration", "median_ci"):
                break
            n = _n(other)
            if n is None:
                continue
            if n >= total:
                break
            parts.append(other)
            if len(parts) >= 2 and sum(_n(p) or 0 for p in parts) == total:
                _adds_up(case, s, parts, total)
                break
        if len(parts) >= 2 and sum(_n(p) or 0 for p in parts) != total:
            _near_miss(case, s, parts[:2], total)


def _adds_up(case: Case, s: Statement, parts: list[Statement], total: int) -> None:
    shown = " + ".join(str(_n(p)) for p in parts)
    check = Check("sum", "ok", f"{shown} = {total}.", "sum of parts", {"parts": [_n(p) for p in parts], "sum": total})
    for x in (s, *parts):
        case.add(x, check)


def _near_miss(case: Case, s: Statement, parts: list[Statement], total: int) -> None:
    """Two arms in one bracket that miss their total by one or two."""
    if any(p.passage != s.passage for p in parts):
        return
    text = case.text.normal.text
    between = text[s.normal_end : parts[0].normal_start]
    bracket = text[parts[0].normal_start : parts[1].normal_end]
    opened = re.match(r"[^.;()]{0,40}\(\s*$", between) is not None and ")" not in bracket
    numbers = [_n(p) or 0 for p in parts]
    if not opened or sum(numbers) == total or abs(sum(numbers) - total) > max(2, total // 50):
        return
    tail = text[parts[1].normal_end : parts[1].normal_end + 60]
    if "(" in tail.partition(")")[0] or "," in bracket or re.search(r"\d", tail.partition(")")[0]):
        return
    arms = _ARMS.search(case.text.sentence(s)) is not None
    shown = f"{numbers[0]} + {numbers[1]} = {sum(numbers)}, not {total}"
    computed = {"parts": numbers, "sum": sum(numbers), "total": total}
    if sum(numbers) > total and arms:
        case.add(s, Check("sum", "error", f"The two arms make {shown}.", "sum of parts", computed))
    elif arms:
        case.add(s, Check("sum", "error-if", f"If these are all the arms: {shown}.", "sum of parts", computed))


def _grades(case: Case) -> None:
    """In a table whose first column is the sum of the others in nearly every row, a row that is not is odd."""
    rows: dict[int, list[list[Statement]]] = defaultdict(list)
    for index, statements in case.by_passage.items():
        table = case.text.passages[index].table
        cells = [s for s in statements if s.kind == "table_cell"]
        if table is not None and len(cells) >= 3:
            rows[table].append(cells)
    for table_rows in rows.values():
        sums = [row[0].quantities.n == sum(c.quantities.n or 0 for c in row[1:]) for row in table_rows]
        if len(sums) < 5 or sum(sums) < 0.8 * len(sums):
            continue
        for row, good in zip(table_rows, sums, strict=True):
            first, rest = row[0].quantities.n, sum(c.quantities.n or 0 for c in row[1:])
            if good:
                case.add(row[0], Check("row sum", "ok", f"The row adds up to {first}.", "sum of columns"))
            else:
                sentence = f"The other columns add up to {rest}, not {first}; in {sum(sums)} other rows they add up."
                case.add(row[0], Check("row sum", "error-if", sentence, "sum of columns"))


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
            near = {_n(x) for x in case.neighbours(s, 2)}
            after = case.around(s, 12, 60)
            if (a in near or b in near) and re.search(
                r"\b(?:(?:did|were|was|had|could) not|without|remaining|excluded)\b", " ".join(after)
            ):
                case.add(s, Check("difference", "ok", f"{b} - {a} = {n}.", "difference of counts"))
                continue
        if case.text.passages[s.passage].footnote:
            section = [x for x in cells if x[1].section.split()[:2] == s.section.split()[:2]][:200]
            pair = next(
                ((a, b) for a, x in section for b, y in section if a - b == n and abs(x.passage - y.passage) == 1), None
            )
            if pair is not None:
                case.add(
                    s, Check("difference", "ok", f"{pair[0]} - {pair[1]} = {n} in the table.", "difference of counts")
                )


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
            verdict = "ok" if q.n <= q.N else "error-if"
            case.add(s, Check("subset", verdict, f"{q.n} of {q.N}.", "n <= N"))
        elif totals[n] > weak[n] and n > 2:
            what = "a percentage that agrees" if totals[n] == 1 else f"{totals[n]} percentages that agree"
            case.add(s, Check("denominator", "ok", f"The total of {what}.", "use as N"))
        elif n in case.joint_totals:
            case.add(s, Check("denominator", "ok", f"The groups printed with intervals add up to {n}.", "use as N"))
        elif n >= 10 and seen[n] > 1 and (n, s.id) in people:
            case.add(s, Check("repeated", "ok", f"{n} is printed {seen[n]} times.", "repetition"))
        elif _planned(case, s, n, largest):
            continue
        elif n <= 2 and largest > 20 and re.search(r"\b(?:who|had|did|was|were)\b", case.text.sentence(s)) and (
            re.search(r"patient", case.text.sentence(s)) and not q.N and s.quote.strip()[:1].isdigit()
        ):  # fmt: skip
            case.add(s, Check("subset", "ok", f"{n} is a subset of the patients named.", "n <= N"))


def _planned(case: Case, s: Statement, n: int, largest: int) -> bool:
    sentence = case.text.sentence(s)
    if re.search(r"\b(?:planned|would include|target (?:enrol\w+|sample)|sample size)\b", sentence) and n <= largest:
        case.add(s, Check("planned", "ok", f"Planned {n}, the text reports {largest}.", "planned <= enrolled"))
        return True
    return False
