"""Two documents side by side: which of their key numbers agree, which differ, and which are of another data cut."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

import msgspec

from codon12.check import patterns as re
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding
from codon12.check.verify.labels import stems
from codon12.numbers.unrounded import Printed

__all__ = ["Pair", "compare_reports"]

_SHARES = ("count_percent", "count_percent_ci", "percent_ci", "percent_only", "table_cell")
_MEDIANS = ("median_ci", "median_only", "median_range")
_IN_MONTHS = {"months": 1, "years": 12}
_CUTOFF = re.compile(r"cut-?\s?off|data ?lock|data as of", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:refractory|subgroups?|subsets?|japanese|chinese|korean|asian|elderly|older|younger|wom[ae]n|m[ae]n|smokers|"
    r"brain metasta\w+|non-?squamous|squamous|pd-l1|high|low|mutant|mutated|wild-type|positive|negative|stage|"
    r"previously treated|untreated|first-line|second-line|naive|naïve)\b",
    re.IGNORECASE,
)
"""Words that say a number is of some of the subjects."""
Key = tuple[object, ...]


class Pair(msgspec.Struct, frozen=True):
    """One quantity in two documents."""

    what: str
    first: Statement
    second: Statement
    verdict: Literal["same", "different", "other data cut"]
    sentence: str


def _key(s: Statement) -> Key | None:
    """What a statement is about: outcome, statistic, unit and time; a table row by its label. None where unsaid."""
    q = s.quantities
    if s.kind == "table_cell" and q.outcome is None:
        words = stems(s.label)
        return ("row", words) if words and q.percent is not None else None
    if q.outcome is None or s.approximate:
        return None
    if q.measure:
        return (q.outcome, q.measure)
    if s.kind == "landmark" and q.at is not None and q.unit is not None:
        months = q.at.value * _IN_MONTHS.get(q.unit, 1)
        return (q.outcome, f"at {float(months):g} {'months' if q.unit in _IN_MONTHS else q.unit}")
    if s.kind in _MEDIANS:
        return (q.outcome, f"median, {q.unit}")
    return (q.outcome, "percent") if s.kind in _SHARES else None


def _value(s: Statement) -> Printed | None:
    return s.quantities.percent or s.quantities.value


def _equal(a: Printed, b: Printed) -> bool:
    """Whether two printed numbers can be the same quantity: equal, or one the other rounded."""
    if a.digits == b.digits:
        return a.value == b.value
    coarse, fine = (a, b) if a.digits < b.digits else (b, a)
    return coarse.low <= fine.value <= coarse.high


def _keyed(report: Report) -> dict[Key, list[Finding]]:
    out: dict[Key, list[Finding]] = defaultdict(list)
    for f in report.findings:
        key = _key(f.statement)
        if key is not None and _value(f.statement) is not None:
            out[key].append(f)
    return out


def _main(findings: list[Finding]) -> list[Finding]:
    """Those with an interval where there are any: an outcome's headline rather than its mentions."""
    full = [f for f in findings if f.statement.quantities.interval == "ci"]
    return full or findings


def _is_one(findings: list[Finding]) -> bool:
    """Whether a document gives one value of a quantity, however often it prints it."""
    values = [v for f in _main(findings) if (v := _value(f.statement)) is not None]
    return all(_equal(values[0], v) for v in values[1:])


def _cut(report: Report) -> str | None:
    """The data cut-off a document states, or None."""
    for f in report.findings:
        q = f.statement.quantities
        if f.statement.kind == "date" and q.date and _CUTOFF.search(report.text.sentence(f.statement)):
            return q.date
    return None


def compare_reports(first: Report, second: Report) -> list[Pair]:
    """Pairs of statements on the same outcome, statistic, time and population in two documents.

    Every such statement of the second document is set beside the one of the first that agrees best. Two that
    disagree are reported only where both documents give one value of the quantity and neither total rules out
    that both are of the same subjects; where arms or subgroups print several values, nothing tells which two
    belong together. Documents that state different data cut-offs do not disagree; the sentence names the dates.

    Examples
    --------
    >>> from codon12.check import check_text
    >>> a = check_text("The median overall survival was 12.5 months (95% CI, 10.0 to 15.1).")
    >>> b = check_text("The median overall survival was 12.9 months.")
    >>> [(p.what, p.verdict) for p in compare_reports(a, b)]
    [('OS, median, months', 'different')]
    """
    known, asked = _keyed(first), _keyed(second)
    cuts = (_cut(first), _cut(second))
    parts = [{w.lower() for w in _PART.findall(r.text.normal.text)} for r in (first, second)]
    out = []
    for f in second.findings:
        key = _key(f.statement)
        if key is None or key not in known or _value(f.statement) is None:
            continue
        pair = _pair(f, known[key], asked[key], _named(key, f.statement))
        # A number of some of the subjects, of whom the other document does not speak, is another number.
        if pair is not None and (
            pair.verdict == "same"
            or not (_part_of(first, pair.first) - parts[1] or _part_of(second, pair.second) - parts[0])
        ):
            out.append(_with_cut(pair, cuts, (first.text.name, second.text.name)))
    return out


def _part_of(report: Report, s: Statement) -> set[str]:
    """Words of the sentence of a number, and of the one before it, that name a part of the subjects."""
    passages = report.text.passages
    p = passages[s.passage]
    begin = passages[s.passage - 1].start if s.passage and passages[s.passage - 1].paragraph == p.paragraph else p.start
    return {w.lower() for w in _PART.findall(report.text.normal.text, begin, p.end)} if p.table is None else set()


def _named(key: Key, s: Statement) -> str:
    return s.label if key[0] == "row" else ", ".join(map(str, key))


def _pair(f: Finding, known: list[Finding], asked: list[Finding], what: str) -> Pair | None:
    s = f.statement
    best = max(known, key=lambda other: _agreement(other, f))
    if _agreement(best, f) >= _SAME:
        value = _value(s)
        return Pair(what, best.statement, s, "same", f"{what}: {value.text if value else ''} in both.")
    if not _is_one(known) or not _is_one(asked) or f not in _main(asked):
        return None
    best = max(_main(known), key=lambda other: _agreement(other, f))
    totals = [x.denominator.value for x in (best, f) if x.denominator is not None]
    if len(totals) == 2 and totals[0] != totals[1]:
        return None
    if best.statement.kind == "table_cell" and len(totals) < 2:
        return None
    return Pair(what, best.statement, s, "different", "")


def _with_cut(pair: Pair, cuts: tuple[str | None, str | None], names: tuple[str, str]) -> Pair:
    """The sentence of a pair that differs; documents of different data cuts do not disagree."""
    if pair.verdict == "same":
        return pair
    a, b = _value(pair.first), _value(pair.second)
    assert a is not None
    assert b is not None
    says = f"{pair.what}: {a.text} in {names[0]}, {b.text} in {names[1]}"
    if _equal(a, b):
        says = f"{pair.what}: {b.text} in both, but other limits or counts"
    if cuts[0] and cuts[1] and cuts[0] != cuts[1]:
        sentence = f"{says}; the data cut-offs differ, {cuts[0]} and {cuts[1]}."
        return msgspec.structs.replace(pair, verdict="other data cut", sentence=sentence)
    cut = next((f" (data cut-off {c} in {name})" for c, name in zip(cuts, names, strict=True) if c), "")
    unless = f", unless they are of different data cuts{cut}." if not (cuts[0] and cuts[1]) else "."
    return msgspec.structs.replace(pair, sentence=says + unless)


def _limits_agree(a: Statement, b: Statement) -> bool:
    pairs = ((a.quantities.low, b.quantities.low), (a.quantities.high, b.quantities.high))
    if any(isinstance(x, Printed) and isinstance(y, Printed) and not _equal(x, y) for x, y in pairs):
        return False
    return a.quantities.n is None or b.quantities.n is None or a.quantities.n == b.quantities.n


_SAME = 6


def _agreement(a: Finding, b: Finding) -> int:
    """At least `_SAME` where value and limits agree; of two that do, one of the same kind is nearer."""
    va, vb = _value(a.statement), _value(b.statement)
    equal = va is not None and vb is not None and _equal(va, vb)
    return 4 * equal + 2 * _limits_agree(a.statement, b.statement) + (a.statement.kind == b.statement.kind)
