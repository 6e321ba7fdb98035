"""Values no data can have: a negative standard deviation, an I² above 100 %, a rate outside the bracket behind it."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import read_printed

__all__ = ["check_impossible_values"]

_NEGATIVE_SD = re.compile(
    r"\d ?(?:[A-Za-z%/]{1,8} ?)?(?:[(\[,;] ?(?:SD|standard deviation)(?:,|:| =|=)? (?P<a>-\d+(?:\.\d+)?)|"
    r"(?:±|\+/-) ?(?P<b>-\d+(?:\.\d+)?))(?! ?(?:to|-)\b)"
)
_I2 = re.compile(
    r"(?<!stage )(?<!type )(?<!grade )(?<!class )(?<!phase )\bI(?:²|\^?2|-squared| squared)?(?: statistic)?"
    r"(?: was| of|:| =|=) ?(?P<v>\d{1,4}(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"(?<![\d.,/-])(?P<v>\d+\.\d+) ?% ?[(\[](?P<a>\d+\.\d+) ?%? ?(?:-|to|,) ?(?P<b>\d+\.\d+) ?%?[)\]]"
)
_CHANGE = re.compile(
    r"\b(?:differ\w*|change[sd]?|increas\w*|decreas\w*|reduc\w*|improv\w*|gain\w*|from|versus|vs|than|relative|higher|"
    r"lower|coefficient of variation|CV|error|quartile|IQR|interquartile|target|reference|normal|expected)\b",
    re.IGNORECASE,
)
_LIMIT = 100
_WIDTHS = 4
"""How many widths of its bracket a rate may be off it to be taken for one that should lie in it."""


def check_impossible_values(case: Case) -> None:
    """Check standard deviations, I² and rates with a bare bracket."""
    for index, p in enumerate(case.text.passages):
        if p.table is not None:
            continue
        sentence = case.flat[p.start : p.end]
        if "SD -" in sentence or "± -" in sentence or "+/- -" in sentence or "deviation" in sentence:
            for m in _NEGATIVE_SD.finditer(case.flat, p.start, p.end):
                which = "a" if m["a"] else "b"
                _note(case, index, m.span(which), f"A standard deviation of {m[which]} is negative.", "SD >= 0")
        if "%" not in sentence:
            continue
        if "I" in sentence:
            for m in _I2.finditer(case.flat, p.start, p.end):
                if read_printed(m["v"]).value > _LIMIT:
                    _note(case, index, m.span("v"), f"I² {m['v']} %: it lies between 0 and 100 %.", "0 <= I² <= 100 %")
        if statements := case.by_passage.get(index):
            for m in _BRACKET.finditer(case.flat, p.start, p.end):
                _in_bracket(case, statements, m)


def _note(case: Case, passage: int, at: tuple[int, int], sentence: str, method: str) -> None:
    statements = case.by_passage.get(passage)
    on = (holder(statements, at[0]),) if statements else ()
    case.relate("statistic", [at], "error", sentence, method, on=on, tie="explicit")


def _in_bracket(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    """`61.3% (62.0-66.2)`: two numbers as exact as a rate right behind it are its limits, of whatever kind."""
    value, low, high = (read_printed(m[k]) for k in ("v", "a", "b"))
    s = next((x for x in statements if x.normal_start <= m.start("v") < x.normal_end), None)
    if s is None or s.kind != "percent_only" or not value.digits == low.digits == high.digits:
        return
    if low.value >= high.value or high.value > _LIMIT:
        return
    if value.high_cut >= low.low and value.low <= high.high_cut:
        sentence = f"{value.text} % lies within the limits behind it."
        case.add(s, Check("interval", "ok", sentence, "estimate within its limits", {}, "structural"))
        return
    off = max(low.value - value.value, value.value - high.value)
    if case.says(s, _CHANGE) or case.cites(s) or off > _WIDTHS * (high.value - low.value):
        return
    sentence = f"{value.text} % lies outside the limits behind it, {low.text} to {high.text}."
    case.add(s, Check("interval", "error-if", sentence, "estimate within its limits", {}, "structural"))
