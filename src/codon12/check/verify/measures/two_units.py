"""One measurement in two units side by side: `95 minutes (1.6 hours)`, `168 cm (1.68 m)`, `18 months, or 1.5 years`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_two_units"]

_SIZES = {
    "time": {
        r"seconds?|s|sec": "1", r"minutes?|min|mins": "60", r"hours?|hrs?|h": "3600", r"days?|d": "86400",
        r"weeks?|wk": "604800", r"months?|mo": "2629800", r"years?|yrs?|y": "31557600",
    },
    "length": {r"[µμ]m": "0.000001", r"mm": "0.001", r"cm": "0.01", r"m|met(?:er|re)s?": "1", r"km": "1000",
               r"inch(?:es)?": "0.0254", r"feet|ft": "0.3048"},
    "mass": {r"[µμ]g|mcg": "0.000001", r"mg": "0.001", r"g|grams?": "1", r"kg|kilograms?": "1000",
             r"lbs?|pounds?": "453.6", r"t|tonnes?": "1000000"},
    "volume": {r"[µμ]L": "0.000001", r"m[lL]": "0.001", r"d[lL]": "0.1", r"[lL]|lit(?:er|re)s?": "1"},
    "pressure": {r"mm ?Hg": "0.133322", r"kPa": "1"},
}  # fmt: skip
"""Units of one dimension and their size in one of them."""
_UNITS = "|".join(u for units in _SIZES.values() for u in units)
_PAIR = re.compile(
    r"(?P<a>\d(?<![\w.,/±<>≤≥-]\d)(?:\d{0,2}(?:,\d{3})+|\d*)(?:\.\d+)?)"
    rf"[ -]?(?P<u>{_UNITS})(?![\w/·^²³-])(?: \((?:i\.e\.,? |or |about |=|equivalent"
    rf" to |"
    rf"approximately |~ ?)*|, (?:or|i\.e\.,?|that is,?|equivalent to|corresponding to) (?:about |approximately )?)"
    rf"(?P<b>{NUMBER}) ?(?P<w>{_UNITS})(?![\w/·^²³-])(?=[).,;]|$)"
)
_OFF = Fraction(6, 100)
_ANALYTES = {
    r"cholesterol|LDL(?:-C)?|HDL(?:-C)?": ("mmol/l", "38.67"), r"triglycerides?": ("mmol/l", "88.57"),
    r"(?:blood |plasma )?(?:glucose|sugar)|glyca?emia": ("mmol/l", "18.02"), r"creatinine": ("µmol/l", "0.01131"),
    r"bilirubin": ("µmol/l", "0.05847"), r"(?:uric acid|urate)": ("µmol/l", "0.01681"), r"calcium": ("mmol/l", "4.008"),
}  # fmt: skip
"""What is measured, its unit of amount, and how many mg/dL one of it is."""
_AMOUNTS = re.compile(
    rf"(?<![\w.,/±<>≤≥-])(?P<a>{NUMBER}) ?(?P<u>mmol/[lL]|[µμu]mol/[lL]|mg/d[lL]) ?[(\[](?:i\.e\.,? |or |= ?|about |~ "
    rf"?)*(?P<b>{NUMBER}) ?(?P<w>mmol/[lL]|[µμu]mol/[lL]|mg/d[lL])[)\],;]"
)


def _size(unit: str) -> tuple[str, Fraction] | None:
    for dimension, units in _SIZES.items():
        for name, size in units.items():
            if re.fullmatch(name, unit):
                return dimension, Fraction(size)
    return None


def _of_one_analyte(case: Case, p: Passage) -> None:
    """`LDL cholesterol of 2.6 mmol/L (191 mg/dL)`: where a sentence names one analyte, by its molar mass."""
    pairs = list(_AMOUNTS.finditer(case.flat, p.start, p.end)) if case.may(_AMOUNTS, p) else []
    named = [
        x
        for name, x in _ANALYTES.items()
        if pairs and re.search(rf"\b(?:{name})\b", case.flat[p.start : p.end], re.IGNORECASE)
    ]
    for m in pairs if len(named) == 1 else ():
        amount, size = named[0][0], Fraction(named[0][1])
        units = [m[k].lower().replace("μ", "µ").replace("umol", "µmol") for k in "uw"]
        if sorted(units) != sorted((amount, "mg/dl")):
            continue
        a, b = read_printed(m["a"]), read_printed(m["b"])
        times = size if units[0] == amount else 1 / size
        slack = _OFF * a.value * times
        if a.value > 0 and not (a.low * times - slack <= b.high and b.low <= a.high * times + slack):
            sentence = f"{a.text} {m['u']} are {float(a.value * times):.3g} {m['w']}, printed {b.text}."
            judge(case, p, "derived", [m.span("a"), m.span("b")], "unlikely", sentence, "conversion of units")


def check_two_units(case: Case, p: Passage) -> None:
    """Check each measurement told again in another unit of the same dimension, or of the same substance."""
    _of_one_analyte(case, p)
    for m in _PAIR.finditer(case.flat, p.start, p.end):
        first, second = _size(m["u"]), _size(m["w"])
        if first is None or second is None or first[0] != second[0] or first[1] == second[1]:
            continue
        a, b = read_printed(m["a"]), read_printed(m["b"])
        low, high = (x * first[1] / second[1] for x in (a.low, a.high))
        slack = _OFF * a.value * first[1] / second[1]
        if a.value == 0 or (low - slack <= b.high and b.low <= high + slack):
            continue
        meant = float(a.value * first[1] / second[1])
        sentence = f"{a.text} {m['u']} are {meant:.3g} {m['w']}, printed {b.text}."
        judge(case, p, "derived", [m.span("a"), m.span("b")], "unlikely", sentence, "conversion of units")
