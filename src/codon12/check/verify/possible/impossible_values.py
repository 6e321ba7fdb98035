"""Values no data can have: a negative standard deviation, an I² above 100 %, a rate outside the bracket behind it."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import read_printed

__all__ = ["check_impossible_values"]

_NEGATIVE_SD = re.compile(
    r"\d ?(?:[A-Za-z%/]{1,8} ?)?(?:[(\[,;] ?(?:SD|standard deviation)(?:,|:| =|=)? (?P<a>-\d+(?:\.\d+)?)|(?:±|\+/-) "
    r"?(?P<b>-\d+(?:\.\d+)?))(?! ?(?:to|-)\b)|\b(?:[Ss]tandard (?:deviation|error)s?|(?<!ulnar )(?<!radial "
    r")[Vv]ariance)(?: \([A-Z]{2,3}\))?(?: of (?:the )?(?!.{0,30}score)[a-z -]{3,40})? (?:was|were|of|is|being|=) "
    r"?(?P<c>-\d+(?:\.\d+)?)(?! ?(?:to\b|-|SD))|\b(?:with|and) an? (?:SD|SE|SEM) of (?P<d>-\d+(?:\.\d+)?)(?! ?(?:to\b|"
    r"-|SD))"
)
_I2 = re.compile(
    r"(?<!stage )(?<!type )(?<!grade )(?<!class )(?<!phase )\bI(?:²|\^?2|-squared| squared)?(?: statistic)?"
    r"(?: was| of|:| =|=) ?(?P<v>\d{1,4}(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"(?=\d)(?<![\d.,/-])(?P<v>\d+\.\d+) ?% ?[(\[](?P<a>\d+\.\d+) ?%? ?(?:-|to|,) ?(?P<b>\d+\.\d+) ?%?[)\]]"
)
_NEGATIVE_RATIO = re.compile(
    r"(?<!log )(?<!log-)\b(?:(?:hazard|odds|risk|rate) ratio|relative risk|a?HR|a?OR)(?: \([A-Z]{2,3}\))? ?(?:was|of|"
    r"is|=|:) ?(?P<v>-\d+(?:\.\d+)?)(?! ?(?:to|-|%|\d))",
)
_NEGATIVE_LIMIT = re.compile(
    r"(?<!log )(?<!log-)\b(?:(?:[Hh]azards?|[Oo]dds|[Rr]isk|[Rr]ate) [Rr]atio|[Rr]elative risk|a?HR|a?OR)\b(?: "
    r"\([A-Z]{2,3}\))?(?: (?:for|of|in) [a-zA-Z -]{2,40}?)?(?: of| was| is|,|:| =)* ?\d+(?:\.\d+)?[,;]? "
    r"?[(\[]?(?:9\d(?:\.\d)? ?% ?)?(?:CI|confidence interval)?(?:,|:| =| of)? ?(?P<v>-\d+\.\d+) ?(?:to|,) "
    r"?-?\d+\.\d+(?!\.)"
)
"""A lower limit of a ratio, its sign right before it: `hazard ratio, 0.61 (95% CI, -0.38 to 0.97)`."""
_LATER_P = re.compile(
    r"\b[Pp][- ]?[Vv]alues(?: were| of|:|,)* ?(?:[01]?\.\d+(?:, and |, | and ))+(?P<v>[1-9]\d*\.\d+)(?![\d.]*\d|"
    r" ?(?:[x×%]|[eE]-))"
)
"""The last of a list of P values: `P-values: 0.02, 0.41 and 1.07`."""
_AGE = re.compile(
    r"\b(?:mean|median|average) age(?: at [a-z ]{4,30})?(?: \([^()\d]{1,30}\))?(?: (?:was|of)|,|:) "
    r"?(?P<v>\d{3,}(?:\.\d+)?)(?! ?(?:months?|days?|weeks?|hours?|Ma|million|thousand|kyr|%|[\d,]))",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"\b(?:CI|confidence interval|credible interval)(?: \(CI\))?(?: (?:of|for) (?:the )?(?:\d+-)?[a-z -]{2,40}?)?(?: "
    r"(?:was|is|of|ran from)|[,:]) ?(?P<a>-?\d+(?:\.\d+)?) ?%? (?:to|-|and) (?P<b>-?\d+(?:\.\d+)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_REVERSED_AHEAD = re.compile(
    r"(?<![\d.])(?P<a>-?\d+(?:\.\d+)?) ?%? (?:to|-) (?P<b>\d+(?:\.\d+)?) ?(?:%|[a-z]+)? ?\(\d\d(?:\.\d)? ?% "
    r"(?:CI|confidence interval)\)",
    re.IGNORECASE,
)
_R2 = re.compile(
    r"\b(?:adjusted )?R(?:2|²|-squared)(?: statistic| value)? ?(?:was|of|is|=|:) ?(?P<v>\d+\.\d+)(?![\d.]* ?%)"
)
_SHRUNK = re.compile(
    r"\b(?:reduction|decrease|shrinkage|regression|fall|decline)s? (?:from baseline )?(?:in [a-z ]{3,30} )?(?:of|by|"
    r"was) (?:up to |nearly |about )?(?P<v>\d{3,}(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
"""Nothing falls by more than all of it."""
_NET = re.compile(
    r"\b(?:balance|profit|net|margin|z-score|score|difference|relative to|of (?:the )?predicted)\b", re.IGNORECASE
)
_LEVEL = re.compile(
    r"(?<![\d.,] )(?<![\d.,])(?P<v>\d{1,2}) ?% ?(?:CIs?|confidence intervals?)\b"
    r"(?:[\s,:=]*(?P<a>-?\d+(?:\.\d+)?) ?%? ?(?:to|-|,) ?(?P<b>\d+(?:\.\d+)?))?"
)
_LOWEST = 50
"""Levels that intervals have: 50 to 99.9 %."""
_CHANGE = re.compile(
    r"\b(?:differ\w*|change[sd]?|increas\w*|decreas\w*|reduc\w*|improv\w*|gain\w*|from|versus|vs|than|relative|higher|"
    r"lower|coefficient of variation|CV|error|quartile|IQR|interquartile|target|reference|normal|expected)\b",
    re.IGNORECASE,
)
_LIMIT = 100
_WIDTHS = 4
"""How many widths of its bracket a rate may be off it to be taken for one that should lie in it."""


_NO_FALL = "A fall by {} % is more than all, if it is of something that cannot be below zero."
_INCONSISTENCY = ("i²", "i2", "i^2", "i-s", "i s", "i was", "i of", "i:", "i =", "i=")
_BEYOND = (
    (_NEGATIVE_SD, ("sd", "± -", "+/- -", "deviation", " error", "ariance"), None,
     "A standard deviation of {} is negative.", "SD >= 0"),
    (_NEGATIVE_RATIO, (" -", "=-", ":-", "s-", "f-"), None,
     "A ratio of {}: no ratio of hazards, odds or risks is negative.", "ratio > 0"),
    (_NEGATIVE_LIMIT, (" -", "(-", "[-"), None,
     "A limit of {}: no ratio of hazards, odds or risks is negative.", "limit > 0"),
    (_LATER_P, ("alues",), 1, "A P value of {}: it must lie between 0 and 1.", "0 <= P <= 1"),
    (_AGE, (" age",), 115, "Nobody was ever {} years old, if this is in years.", "age"),
    (_R2, ("r2", "r²", "r-squared"), 1, "R² {}: it must lie between 0 and 1.", "0 <= R² <= 1"),
    (_SHRUNK, ("reduction", "decrease", "shrinkage", "regression", "fall", "decline"), 100, _NO_FALL, "fall <= 100 %"),
    (_I2, _INCONSISTENCY, 100, "I² {} %: it must lie between 0 and 100 %.", "0 <= I² <= 100 %"),
)  # fmt: skip
"""Pattern, words of which its sentence has one, the most it can be (None: nothing that matches), words, and rule."""
_SURE = ("SD >= 0", "ratio > 0", "0 <= I² <= 100 %")


def check_impossible_values(case: Case) -> None:
    """Check standard deviations, ratios, ages, I², levels and limits of intervals, and rates with a bare bracket."""
    beyond = [known for known in _BEYOND if case.has_one(known[1])]
    for index, p in enumerate(case.text.passages):
        if p.table is not None:
            continue
        sentence, small = case.flat[p.start : p.end], case.small[p.start : p.end]
        for pattern, letters, most, words, method in beyond:
            if not any(map(small.__contains__, letters)) or (pattern is _SHRUNK and _NET.search(sentence)):
                continue
            for m in pattern.finditer(case.flat, p.start, p.end):
                which = next(k for k in m.groupdict() if m[k])
                if most is None or read_printed(m[which]).value > most:
                    _note(case, index, m.span(which), words.format(m[which]), method, sure=method in _SURE)
        if "CI" in sentence or "interval" in sentence:
            for m in (m for x in (_REVERSED, _REVERSED_AHEAD) for m in x.finditer(case.flat, p.start, p.end)):
                _limits_turned(case, index, m)
            for m in _LEVEL.finditer(case.flat, p.start, p.end):
                own = m["a"] is not None and float(m["a"]) <= int(m["v"]) <= float(m["b"])
                if int(m["v"]) < _LOWEST and not own:  # else `37% CI 34-39`: what the interval is of
                    text = f"An interval of {m['v']} % would hold the truth less often than not: the level is a slip."
                    _note(case, index, m.span("v"), text, "level of an interval", sure=False)
        if "%" in sentence and (statements := case.by_passage.get(index)):
            for m in _BRACKET.finditer(case.flat, p.start, p.end):
                _in_bracket(case, statements, m)


def _note(case: Case, passage: int, at: tuple[int, int], sentence: str, method: str, *, sure: bool = True) -> None:
    statements = case.by_passage.get(passage)
    on = (holder(statements, at[0]),) if statements else ()
    case.relate("statistic", [at], "error" if sure else "error-if", sentence, method, on=on, tie="explicit")


_SHARE = re.compile(
    r"\b(?:(?:response|remission|survival|cure|control|completion|success|event|complication|recurrence) rates?|"
    r"proportion|prevalence|sensitivity|specificity|predictive value|accuracy|mortality|survival)\b",
    re.IGNORECASE,
)


def _limits_turned(case: Case, passage: int, m: re.Match[str]) -> None:
    """`the 95% CI of the hazard ratio was 0.90 to 0.51`: limits printed without their estimate."""
    low, high = read_printed(m["a"]), read_printed(m["b"])
    statements = case.by_passage.get(passage, [])
    if high.value > _LIMIT >= low.value and "%" in case.flat[m.start("a") : m.end("b") + 2] and _SHARE.search(m[0]):
        on = (holder(statements, m.start("a")),) if statements else ()
        sentence = f"A limit of {high.text} % is more than all: another method keeps it below 100 %."
        case.relate("interval", [m.span("b")], "unlikely", sentence, "percent <= 100", on=on, tie="explicit")
        return
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
