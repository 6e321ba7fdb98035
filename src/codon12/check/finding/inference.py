"""Atoms of inference: intervals, ranges, P values, ratios, chi-square statistics."""

from __future__ import annotations

from codon12.check.finding.lexicon import TIME_UNITS
from codon12.check.finding.reader import OPS, Atom, TokenReader, limits
from codon12.numbers.unrounded import Printed

__all__ = ["RATIOS", "SHORT", "chi2_atom", "interval_atom", "p_atom", "range_atom", "ratio_atom"]

RATIOS = {
    ("hazard", "ratio"): "HR",
    ("hazard", "ratios"): "HR",
    ("hazard", "radio"): "HR",
    ("odds", "ratio"): "OR",
    ("odds", "ratios"): "OR",
    ("relative", "risk"): "RR",
    ("risk", "ratio"): "RR",
    ("rate", "ratio"): "RR",
}


_LEVELS = frozenset([80, 90, 95, 97, 98, 99])
_OPENS = frozenset(
    ("ci", "cis", "cri", "confidence", "prediction", "two-sided", "exact", "bayesian", "credible", "clopper-pearson")
)
"""What may stand behind the level of an interval."""
_ABROAD = frozenset(("ki", "konfidenzintervall", "ic"))
"""Its name in German and in Romance languages, known by the level before it: `95%-KI`."""


def interval_atom(t: TokenReader, i: int) -> Atom | None:
    """A confidence interval with its limits, or only its name and level where no limits follow."""
    level = None
    j = i
    if t.number(i) is not None:
        j = i + (
            2 if t.low(i + 1) in ("%", "percent") else 3 if t.low(i + 1) == "per" and t.low(i + 2) == "cent" else 1
        )
        level = t.number(i)
        alone = j == i + 1
        j += t.low(j) == "-" and (t.low(j + 1) in ("confidence", "ci") or t.low(j + 1) in _ABROAD)
        abroad = not alone and t.low(j) in _ABROAD
        if (t.low(j) not in _OPENS and not abroad) or (
            alone and (t.t[i].spelled or level is None or not 50 <= level.value < 100)
        ):
            return None
    prediction = t.low(j) == "prediction" and t.low(j + 1) in ("interval", "intervals")
    if t.low(j) in ("two-sided", "exact", "bayesian", "credible"):
        j += 1
    word = "ci" if prediction or (level is not None and t.low(j) in _ABROAD) else t.low(j)
    j += prediction
    if word in ("ci", "cis", "cri") or (word == "confidence" and t.low(j + 1) in ("interval", "intervals", "limits")):
        j += 1 if word in ("ci", "cis", "cri") else 2
    elif word == "clopper-pearson" and t.low(j + 1) in ("exact", "confidence", "ci"):
        j += 2
        j += t.low(j) in ("confidence", "interval", "intervals")
        j += t.low(j) in ("interval", "intervals")
    else:
        return None
    named = j
    if level is None and t.low(j + 1) == "%" and (after := t.number(j)) is not None and after.value in _LEVELS:
        level, j = after, j + 2  # CI 95%, 13.7-164.9
    if t.low(j) in ("(", "[") and t.low(j + 1) in ("ci", "cis") and t.low(j + 2) in (")", "]"):
        j += 3
    for _ in range(2):
        if t.low(j) in (",", ":", "=", "of", "was", "is", "from", ";", "[", "("):
            j += 1
    pair = limits(t, j, labelled=True)
    if level is not None and not 50 <= level.value < 100:
        level = None
    if pair is None:
        return Atom("ci_label", i, named, level=level)
    low, high, _, j = pair
    percent, end = _percent_sign(t, j)
    name = "range" if prediction else "ci"
    return Atom("interval", i, end, level=level, low=low, high=high, name=name, percent=percent)


def _percent_sign(t: TokenReader, j: int) -> tuple[bool, int]:
    """Whether a percent sign, or the words, stand at token `j`, and the token behind."""
    if t.low(j) in ("%", "percent"):
        return True, j + 1
    return (True, j + 2) if t.low(j) == "per" and t.low(j + 1) == "cent" else (False, j)


def range_atom(t: TokenReader, i: int) -> Atom | None:
    """A range or interquartile range with its two ends."""
    word, j, name = t.low(i), i + 1, "range"
    if word == "iqr" or (word == "interquartile" and t.low(i + 1) == "range"):
        name, j = "iqr", i + (1 if word == "iqr" else 2)
        if t.low(j) in ("(", "[") and t.low(j + 1) == "iqr":
            j += 3
    elif word not in ("range", "ranging", "ranged"):
        return None
    for _ in range(2):
        if t.low(j) in (",", ":", "from", "of", "was", "=", "["):
            j += 1
    pair = limits(t, j, labelled=True)
    if pair is None:
        return None
    low, high, plus, j = pair
    percent = t.low(j) == "%"
    return Atom("interval", i, j + percent, level=None, low=low, high=high, name=name, plus=plus, percent=percent)


def p_atom(t: TokenReader, i: int) -> Atom | None:
    """A P value with its sign."""
    word = t.low(i)
    if word not in ("p", "p-value", "p-values", "pvalue"):
        return None
    j = i + 1
    if t.low(j) == "-" and t.low(j + 1) == "value":
        j += 2
    if t.low(j) in ("value", "values"):
        j += 1
    of = word if word in _OTHER_P else None
    for _ in range(6):
        if t.low(j) in OPS or t.low(j) in ("=", "of", "was"):
            break
        if not t.low(j).replace("-", "").isalpha():
            break
        of = t.low(j) if t.low(j) in _OTHER_P else of
        j += 1
    op = t.low(j)
    if t.number(i + 1) is not None and word == "p-value":
        op, j = "=", i
    if op not in OPS and op not in ("=", "of", "was"):
        return None
    number = t.number(j + 1)
    if number is None and t.low(j + 1) in ("-", "−") and op in (*OPS, "=") and t.glued(j + 2):
        below = t.number(j + 2)
        if below is not None and below.digits and below.value < 1:
            below = Printed("-" + below.text, -below.value, below.digits)
            return Atom("p", i, j + 3, p=below, op=OPS.get(op, "="), of=of)
    if number is None:
        return None
    end = j + 2
    if number.digits == 0 and t.low(end) == "/" and t.number(end + 1) is not None:
        return None  # 0/05: neither a fraction nor a zero
    if t.low(end) in ("×", "x", "*") and t.low(end + 1) == "10":
        k = end + 2 + (t.low(end + 2) == "^")
        power = t.number(k + 1)
        if t.low(k) == "-" and power is not None and not power.digits and power.value < 100:
            tens = int(power.value)
            shown = f"{number.text}e-{tens}"
            number, end = Printed(shown, number.value / 10**tens, number.digits + tens), k + 2
    named = word != "p" or t.low(i + 1) in ("value", "values", "-")
    if number.value > 1 and (number.digits == 0 or number.value >= 10 or (op not in OPS and op != "=" and not named)):
        return None
    before = {t.low(k) for k in range(max(0, i - 3), i)}
    of = of or next((w for w in ("adjusted", "interaction", "trend", "corrected") if w in before), None)
    if of is None and t.low(end) in ("for", "of", "by") and t.low(end + 1) in _OTHER_P:
        of = t.low(end + 1)
    return Atom("p", i, end, p=number, op=OPS.get(op, "="), of=of)


_OTHER_P = frozenset(
    (
        *("interaction", "interactions", "trend", "heterogeneity", "noninferiority", "non-inferiority", "adjusted"),
        *("corrected", "adj", "inter", "int", "futility", "equivalence", "proportional"),
    )
)
"""What a P value may be of other than a difference of the groups compared."""


_FILLERS = {"was", "of", "is", "for", "the", "=", ":", ",", "in", "to", "and", "or", "on", "with", "at", "a"}


SHORT = {
    f"{before}{name}{behind}": name[-2:]
    for before in ("", "a", "A", "adj", "c", "cs", "m", "mv", "p", "s", "S", "u", "uv", "w")
    for name in ("HR", "OR", "RR", "IRR")
    for behind in ("", "s", "adj")
}
"""Short names of ratios: HR, aOR, IRR, wHR (weighted), csHR (of one cause), ORadj."""


def ratio_atom(t: TokenReader, i: int) -> Atom | None:
    """A hazard, odds or risk ratio: its name, a few linking words, its value."""
    word = t.low(i)
    measure = RATIOS.get((word, t.low(i + 1)))
    text = t.t[i].text
    j = i + 2
    if measure is None:
        measure = SHORT.get(text)
        if measure is None:
            return None
        j = i + 1
    if t.low(j) in ("(", "[") and t.low(j + 1) in ("hr", "or", "rr") and t.low(j + 2) in (")", "]"):
        j += 3
    for _ in range(10):
        if t.number(j) is not None:
            break
        word = t.low(j)
        if text == "OR" and word not in ("=", ":", ",", "of", "was") and t.low(i - 1) not in ("the", "an", "adjusted"):
            return None
        if word in OPS and t.low(j - 1) in ("grade", "ps") and t.number(j + 1) is not None:
            j += 2
            continue
        if word not in _FILLERS and not (word.replace("-", "").isalpha() and word not in ("but", "p")):
            return None
        j += 1
    number = t.number(j)
    if number is None or number.digits == 0 or t.low(j + 1) == "%" or (t.low(j + 1) in TIME_UNITS):
        return None
    return Atom("ratio", i, j + 1, measure=measure, value=number)


def chi2_atom(t: TokenReader, i: int) -> Atom | None:
    """A chi-square statistic with its degrees of freedom."""
    if t.low(i) not in ("chi", "χ", "χ2", "chi2", "chi-square", "chi-squared"):
        return None
    j = i + 1
    if t.low(j) in ("2", "-", "square", "squared"):
        j += 1
    if t.low(j) != "=" or t.number(j + 1) is None:
        return None
    value = t.number(j + 1)
    j += 2
    df = None
    for k in range(j, j + 8):
        if t.low(k) in ("f", "df") and t.low(k + 1) in ("=", "."):
            m = k + 1 if t.low(k + 1) == "=" else k + 2
            if t.number(m + 1) is not None:
                df, j = t.number(m + 1), m + 2
                break
    return Atom("chi2", i, j, chi2=value, df=df)
