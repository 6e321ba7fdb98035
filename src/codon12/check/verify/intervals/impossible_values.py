"""Values no data can have: a negative standard deviation, an I² above 100 %, a rate outside the bracket behind it."""

from __future__ import annotations

from codon12.check import patterns as re
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
_NEGATIVE_RATIO = re.compile(
    r"(?<!log )(?<!log-)\b(?:(?:hazard|odds|risk|rate) ratio|relative risk|a?HR|a?OR)(?: \([A-Z]{2,3}\))? "
    r"?(?:was|of|is|=|:)"
    r" ?(?P<v>-\d+(?:\.\d+)?)(?! ?(?:to|-|%|\d))",
)
_AGE = re.compile(
    r"\b(?:mean|median|average) age(?: at [a-z ]{4,30})?(?: \([^()\d]{1,30}\))?(?: (?:was|of)|,|:) "
    r"?(?P<v>\d{3,}(?:\.\d+)?)"
    r"(?! ?(?:months?|days?|weeks?|hours?|Ma|million|thousand|kyr|%|[\d,]))",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"\b(?:CI|confidence interval|credible interval)(?: \(CI\))?(?: (?:of|for) (?:the )?[a-z -]{2,40})? (?:was|"
    r"is|of|ran from|,|:) ?"
    r"(?P<a>-?\d+(?:\.\d+)?) ?%? (?:to|-|and) (?P<b>-?\d+(?:\.\d+)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_REVERSED_AHEAD = re.compile(
    r"(?<![\d.])(?P<a>-?\d+(?:\.\d+)?) ?%? (?:to|-) (?P<b>\d+(?:\.\d+)?) ?(?:%|[a-z]+)? ?\(\d\d(?:\.\d)? ?% "
    r"(?:CI|confidence interval)\)",
    re.IGNORECASE,
)
_R2 = re.compile(r"\b(?:adjusted )?R(?:2|²|-squared)(?: statistic| value)? ?(?:was|of|is|=|:) ?(?P<v>\d+\.\d+)(?! ?%)")
_SHRUNK = re.compile(
    r"\b(?:reduction|decrease|shrinkage|regression|fall|decline)s? (?:from baseline )?(?:in [a-z ]{3,30} "
    r")?(?:of|by|was) "
    r"(?:up to |nearly |about )?(?P<v>\d{3,}(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
"""Nothing falls by more than all of it."""
_NET = re.compile(
    r"\b(?:balance|profit|net|margin|z-score|score|difference|relative to|of (?:the )?predicted)\b", re.IGNORECASE
)
_LEVEL = re.compile(
    r"(?<![\d.,] )(?<![\d.,])(?P<v>\d{1,2}) ?% ?(?:CIs?|confidence intervals?)\b"
    r"(?:[\s,:=]*(?P<a>-?\d[\d.]*) ?%? ?(?:to|-|,) ?(?P<b>\d[\d.]*))?"
)
_LOWEST = 50
"""Levels that intervals have: 50 to 99.9 %."""
_OLDEST = 115
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
        if "SD" in sentence or "± -" in sentence or "+/- -" in sentence or "deviation" in sentence:
            for m in _NEGATIVE_SD.finditer(case.flat, p.start, p.end):
                which = "a" if m["a"] else "b"
                _note(case, index, m.span(which), f"A standard deviation of {m[which]} is negative.", "SD >= 0")
        if "ratio" in sentence or "HR" in sentence or "OR" in sentence or "risk" in sentence:
            for m in _NEGATIVE_RATIO.finditer(case.flat, p.start, p.end):
                _note(
                    case,
                    index,
                    m.span("v"),
                    f"A ratio of {m['v']}: no ratio of hazards, odds or risks is negative.",
                    "ratio > 0",
                )
        if " age" in sentence:
            for m in _AGE.finditer(case.flat, p.start, p.end):
                if read_printed(m["v"]).value > _OLDEST:
                    _note(
                        case,
                        index,
                        m.span("v"),
                        f"Nobody was ever {m['v']} years old, if this is in years.",
                        "age",
                        sure=False,
                    )
        if "R" in sentence:
            for m in _R2.finditer(case.flat, p.start, p.end):
                if read_printed(m["v"]).value > 1 and not re.match(
                    r" ?%|[\d.]* ?%", case.flat[m.end("v") : m.end("v") + 6]
                ):
                    _note(
                        case,
                        index,
                        m.span("v"),
                        f"R² {m['v']}: it must lie between 0 and 1.",
                        "0 <= R² <= 1",
                        sure=False,
                    )
        if "%" in sentence:
            for m in _SHRUNK.finditer(case.flat, p.start, p.end):
                if read_printed(m["v"]).value > _LIMIT and not _NET.search(sentence):
                    text = f"A fall by {m['v']} % is more than all, if it is of something that cannot be below zero."
                    _note(case, index, m.span("v"), text, "fall <= 100 %", sure=False)
        if "CI" in sentence or "interval" in sentence:
            for m in (m for x in (_REVERSED, _REVERSED_AHEAD) for m in x.finditer(case.flat, p.start, p.end)):
                _limits_turned(case, index, m)
            for m in _LEVEL.finditer(case.flat, p.start, p.end):
                own = m["a"] is not None and float(m["a"].rstrip(".")) <= int(m["v"]) <= float(m["b"].rstrip("."))
                if int(m["v"]) < _LOWEST and not own:  # else `37% CI 34-39`: what the interval is of
                    text = f"An interval of {m['v']} % would hold the truth less often than not: the level is a slip."
                    _note(case, index, m.span("v"), text, "level of an interval", sure=False)
        if "%" not in sentence:
            continue
        if "I" in sentence:
            for m in _I2.finditer(case.flat, p.start, p.end):
                if read_printed(m["v"]).value > _LIMIT:
                    _note(
                        case, index, m.span("v"), f"I² {m['v']} %: it must lie between 0 and 100 %.", "0 <= I² <= 100 %"
                    )
        if statements := case.by_passage.get(index):
            for m in _BRACKET.finditer(case.flat, p.start, p.end):
                _in_bracket(case, statements, m)


def _note(case: Case, passage: int, at: tuple[int, int], sentence: str, method: str, *, sure: bool = True) -> None:
    statements = case.by_passage.get(passage)
    on = (holder(statements, at[0]),) if statements else ()
    case.relate("statistic", [at], "error" if sure else "error-if", sentence, method, on=on, tie="explicit")


def _limits_turned(case: Case, passage: int, m: re.Match[str]) -> None:
    """`the 95% CI of the hazard ratio was 0.90 to 0.51`: limits printed without their estimate."""
    low, high = read_printed(m["a"]), read_printed(m["b"])
    statements = case.by_passage.get(passage, [])
    known = any(s.quantities.low is not None and s.normal_start <= m.start("a") < s.normal_end for s in statements)
    if low.value > high.value and low.digits == high.digits and not known:
        on = (holder(statements, m.start("a")),) if statements else ()
        sentence = f"The lower limit {low.text} is above the upper {high.text}."
        case.relate(
            "interval", [m.span("a"), m.span("b")], "error-if", sentence, "lower < upper", on=on, tie="explicit"
        )


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
