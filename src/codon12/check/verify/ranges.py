"""Values of any unit against the range behind them, and ages against the limits of those who could take part."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_ranges"]

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WITH_RANGE = re.compile(
    rf"\b(?:means?|medians?|average)\b[^.;()\d]{{0,60}}? (?:was |of |were )(?P<v>{_NUMBER})"
    rf"(?: ?(?P<unit>[A-Za-zµμ%][A-Za-zµμ%/0-9]{{0,11}}))? ?[(\[](?P<what>range|IQR|interquartile range)[,:]? "
    rf"?(?:from )?(?P<a>{_NUMBER})(?: ?%)?(?: ?- ?| to )(?P<b>{_NUMBER})(?![\d,.]*\d)"
    r"(?: ?(?P<other>[A-Za-zµμ%][A-Za-zµμ%/0-9]*))?",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(
    rf"(?P<v>{_NUMBER}) ?% (?:effective|efficacious)\b[^.;()]{{0,90}}? ?\((?:\d\d(?:\.\d)? ?% )?"
    rf"(?:credible interval|confidence interval|CI|CrI)[,:]? ?(?P<a>{_NUMBER}) ?%?"
    rf"(?: ?- ?| to )(?P<b>{_NUMBER})(?![\d.,]*\d)",
    re.IGNORECASE,
)
"""`was 95% effective in preventing disease (95% credible interval, 90.3 to 97.6)`."""
_LONE = re.compile(
    rf"[(\[](?:IQR|interquartile range|range)[,:]? ?(?P<a>{_NUMBER})(?: ?- ?| to )(?P<b>{_NUMBER})(?![\d,.]*\d)[;,)\]]"
)
"""Limits in a bracket of their own, whatever they are of: `102 minutes (IQR 85-130; P = 0.04)`."""
_READ = ("median_ci", "median_range", "value")
_ELIGIBLE = re.compile(
    r"\b(?:eligible|eligibility|inclusion criteri\w+|we (?:included|enrolled|recruited))\b"
    r"|\bwere (?:eligible|included|enrolled|recruited)\b",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"\b(?:aged?|ages)(?: of| from| between|:)? (?P<a>\d{1,2})(?: ?- ?| to | and )(?P<b>\d{1,3}) (?:years|y)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:aged?|ages)(?: of)?(?: at least| ≥| >=|≥) ?(?P<a>\d{1,2})\b"
    r"|\baged? (?P<c>\d{1,2}) years (?:or|and) (?:older|over|above)\b",
    re.IGNORECASE,
)


def check_ranges(case: Case) -> None:
    """Check values that no other rule reads against their range, and age ranges against the ages that were eligible."""
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is None and case.says(statements[0], _EFFECTIVE, "effective", "efficac"):
            _effective(case, statements, p.start, p.end)
        if p.table is None and case.says(statements[0], _LONE, "iqr", "range"):
            _alone(case, statements, p.start, p.end)
        if p.table is not None or not case.says(statements[0], _WITH_RANGE, "range", "iqr", "interq"):
            continue
        for m in _WITH_RANGE.finditer(case.flat, p.start, p.end):
            if any(s.kind in _READ and s.normal_start <= m.start("v") < s.normal_end for s in statements):
                continue
            if m["other"] and (m["unit"] or "").rstrip("s") != m["other"].rstrip("s"):
                continue  # 2 years (range 5 to 76 months)
            value, low, high = (read_printed(m[k].replace(",", "")) for k in ("v", "a", "b"))
            members = [m.span(k) for k in ("v", "a", "b")]
            on = [s for s in statements if s.normal_start <= m.start("a") < s.normal_end] or [statements[-1]]
            if low.value > high.value:
                sentence = f"The lower limit {low.text} is above the upper {high.text}."
                case.relate("order", members, "error", sentence, "lower < value < upper", on=on, tie="explicit")
            elif value.high_cut < low.low or value.low > high.high_cut:
                sentence = f"{value.text} lies outside its own {'range' if m['what'] == 'range' else 'quartiles'}."
                mean = "mean" in m[0].lower() and m["what"] != "range"  # a mean may lie outside the quartiles
                verdict = "cannot confirm" if mean else "error"
                case.relate("order", members, verdict, sentence, "lower < value < upper", on=on, tie="explicit")
    _ages(case)


def _alone(case: Case, statements: list[Statement], start: int, end: int) -> None:
    known = {x.start for r in case.relations for x in r.places}
    for m in _LONE.finditer(case.flat, start, end):
        low, high = (read_printed(m[k].replace(",", "")) for k in "ab")
        s = holder(statements, m.start("a"))
        if low.value <= high.value or s.kind in _READ or 1800 <= low.value <= 2100:
            continue
        if case.text.normal.span(*m.span("a"))[0] not in known:
            sentence = f"The lower limit {low.text} is above the upper {high.text}."
            case.relate(
                "order", [m.span("a"), m.span("b")], "error", sentence, "lower < upper", on=(s,), tie="explicit"
            )


def _effective(case: Case, statements: list[Statement], start: int, end: int) -> None:
    for m in _EFFECTIVE.finditer(case.flat, start, end):
        value, low, high = (read_printed(m[k].replace(",", "")) for k in ("v", "a", "b"))
        members = [m.span(k) for k in ("v", "a", "b")]
        if low.value > high.value or value.high_cut < low.low or value.low > high.high_cut:
            sentence = f"{value.text} lies outside its own interval, {low.text} to {high.text}."
            on = (holder(statements, m.start("v")),)
            case.relate("order", members, "error", sentence, "lower < value < upper", on=on, tie="explicit")
        else:
            sentence = f"{value.text} lies within its interval."
            case.relate("order", members, "ok", sentence, "lower < value < upper", tie="explicit")


def _ages(case: Case) -> None:
    """`patients aged 18 to 75 years were eligible ... median age 66 years (range, 24 to 81)`."""
    limits: set[tuple[int, int | None]] = set()
    place: tuple[int, int] | None = None
    for statements in case.by_passage.values():
        s = statements[0]
        p = case.text.passages[s.passage]
        if p.table is not None or not case.says(s, _ELIGIBLE, "eligib", "inclusion", "includ", "enrol", "recruit"):
            continue
        for m in _AGED.finditer(case.flat, p.start, p.end):
            limits.add((int(m["a"]), int(m["b"])))
            place = m.span()
        for m in _AT_LEAST.finditer(case.flat, p.start, p.end):
            limits.add((int(m["a"] or m["c"]), None))
            place = m.span()
    ranges = [
        s
        for s in case.statements
        if s.kind == "median_range" and s.quantities.outcome == "age" and s.quantities.interval != "iqr"
        and s.quantities.unit in ("years", None) and not case.cites(s)
    ]  # fmt: skip
    if len(limits) != 1 or place is None:
        return
    least, most = limits.pop()
    for s in ranges:
        low, high = s.quantities.low, s.quantities.high
        if not isinstance(low, Printed) or not isinstance(high, Printed):
            continue
        outside = low.text if low.high_cut < least else high.text if most is not None and high.low >= most + 1 else None
        if outside is not None:
            shown = f"{least} to {most}" if most is not None else f"at least {least}"
            sentence = f"{outside} years lies outside the ages that were eligible, {shown}."
            case.relate("order", (place, s), "error-if", sentence, "eligible ages", on=(s,))
