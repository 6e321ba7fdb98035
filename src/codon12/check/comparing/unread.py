"""Numbers of running text that say what they are by the words before them alone: `mPFS: A 7.3 (5.9-8.5), B 5.0`.

No rule of the check reads them, as they have no unit, no percent sign and no noun behind; a study's numbers can.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from codon12.check import patterns as re
from codon12.check.comparing.in_sentence import GRADES, TIMES, endpoints_in
from codon12.check.documents.passages import Passage
from codon12.check.judge import Report
from codon12.check.statements import Limit, Quantities, Statement
from codon12.numbers.unrounded import read_printed

__all__ = ["unread"]

_DECIMAL = r"\d+\.\d+"
_LIMIT = rf"(?:{_DECIMAL}|NE|NR|not (?:reached|estimable|evaluable))"
_ESTIMATE = re.compile(
    rf"(?<![\d.,/–-])(?P<value>{_DECIMAL})(?: ?(?:months|mo))?(?:(?: ?[(\[]|[,;] )"
    rf"(?:9\d% (?:CI|confidence interval)[,:;]? ?)?(?P<low>{_LIMIT})(?: ?(?:-|–|to|,) ?)"
    rf"(?P<high>{_LIMIT})[)\]]?)?(?! ?%|\.?\d)"
)
"""A number with decimals, with its limits where they stand behind it."""
_COUNT = re.compile(
    r"(?<![\w.,/≥≤<>=×–-])(?P<n>\d{1,3}(?:,\d{3})*|\d{4,})(?: ?/ ?(?P<of>\d+)(?! ?/))?"
    r"(?: \((?P<percent>\d+(?:\.\d+)?) ?%\)|(?! ?[(\[]\d+(?:\.\d+)? ?%))(?![\w%/×–:-]|[.,]\d|\)? ?(?:%|per ?cent|"
    r"months?\b|mo\b|weeks?\b|days?\b|y\b|years?\b|yrs?\b|mg\b|mm\b|ml\b|kg\b|cycles?\b|"
    r"prior\b|previous\b|or (?:more|higher|less)))"
)
_RATIO = re.compile(r"\bHRs?\b|\bhazard ratios?\b|\bmultivaria\w+", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedians?\b|\bm(?:PFS|OS|DO?R|TTR)\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:median|mean|range|aged?|ECOG|PS|stage|grade|phase|version|week|cycle|day|dose|codon|exon|score|status|line|"
    r"size|p|P|CI|HR|SD|IQR|to|of|than|least|type|figure|table|ref|part|arm|group|cohort|trial|slide|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)"
    r"[ =:,(.]*$"
)
"""Words right before a number by which it is no count of people, or but the second of two."""
_LIMIT_OF = re.compile(r"(?:\b(?:CI|interval|range|IQR|to|SD|P|p)|±)[ ,:;=<(\[]*$|% ?[(\[]$")
_OUTCOMES = {"pfs": "PFS", "os": "OS", "dor": "DOR", "ttr": "TTR"}
_ITEM = re.compile(r"[;•▪‣◦●■\n]|\.\s")
_MOST = 20


def unread(report: Report) -> Iterator[Statement]:
    """The numbers that no statement of a text has, in its order, where a sentence or item has at most twenty.

    A number with decimals is a ratio where a hazard ratio is spoken of before it in its item, a median where a median
    is; a whole number is a count. Others are left out.
    """
    taken: dict[int, list[tuple[int, int]]] = {}
    for s in report.text.statements:
        taken.setdefault(s.passage, []).append((s.normal_start, s.normal_end))
    flat = report.text.normal.text
    for p in report.text.passages:
        if p.table is None:
            here = [*_in_passage(report, p, flat[p.start : p.end].replace("\n", " "), taken.get(p.index, []))]
            yield from here if len(here) <= _MOST else ()


def _in_passage(report: Report, p: Passage, text: str, taken: list[tuple[int, int]]) -> Iterator[Statement]:
    closed = [(a - p.start, b - p.start) for a, b in taken]
    closed += [m.span() for x in (TIMES, GRADES) for m in x.finditer(text)]
    found = [(m, _estimate(m, text)) for m in _ESTIMATE.finditer(text)]
    found += [(m, _count(m, text)) for m in _COUNT.finditer(text)]
    for m, told in sorted(found, key=lambda x: x[0].start()):
        if told is None or any(a < m.end() and b > m.start() for a, b in closed):
            continue
        closed.append(m.span())
        begin, end = p.start + m.start(), p.start + m.end()
        start, stop = report.text.normal.span(begin, end)
        kind, quantities = told
        yield Statement(
            "", kind, start, stop, report.text.normal.given[start:stop], "", quantities, p.index, begin, end
        )


def _estimate(m: re.Match[str], text: str) -> tuple[str, Quantities] | None:
    """A ratio or a median, as its item says before it."""
    item = _ITEM.split(text[: m.start()])[-1]
    if _LIMIT_OF.search(item):
        return None
    said = [(x.start(), kind) for kind, words in (("ratio", _RATIO), ("median", _MEDIAN)) for x in words.finditer(item)]
    if not said:
        return None
    named = [x for *_, x in endpoints_in(item) if x in _OUTCOMES]
    outcome = _OUTCOMES[named[-1]] if named else None
    has = m["low"] is not None
    told = Quantities(
        value=read_printed(m["value"]),
        low=_limit(m["low"]),
        high=_limit(m["high"]),
        interval="ci" if has else None,
        outcome=outcome,
    )
    if max(said)[1] == "ratio":
        return ("hr_ci_p", msgspec.structs.replace(told, measure="HR")) if has else None
    kind = "median_ci" if has else "median_only"
    return (kind, msgspec.structs.replace(told, unit="months")) if outcome else None


def _limit(said: str | None) -> Limit:
    if said is None:
        return None
    return read_printed(said) if said[0].isdigit() else "not reached"


def _count(m: re.Match[str], text: str) -> tuple[str, Quantities] | None:
    """How many, where what stands before says nothing else."""
    item = _ITEM.split(text[: m.start()])[-1]
    if _OTHERWISE.search(item) or not re.search(r"[A-Za-z]", item + text[m.end() : m.end() + 20]):
        return None
    n, of = int(m["n"].replace(",", "")), m["of"]
    percent = read_printed(m["percent"]) if m["percent"] else None
    return "count_percent" if percent else "count", Quantities(n=n, N=int(of) if of else None, percent=percent)
