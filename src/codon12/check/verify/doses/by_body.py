"""Doses by the weight or the surface of a body, or the volume of a vial: `a 70-kg patient given 5 mg/kg: 350 mg`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.doses.repeated import AMOUNT, OFTEN, times_a_day
from codon12.check.verify.prose import NUMBER, follows, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_dose_by_body", "check_dose_by_volume"]


_PER_BODY = re.compile(
    rf"(?<![\d.,-])(?P<d>{NUMBER}) ?(?P<u>{AMOUNT}) ?(?:/|per ) ?(?P<by>kg|m2|kilogram|square met(?:er|re))\b(?! "
    rf"?/ ?h)",
)


_BODY = {
    "kg": re.compile(rf"(?<![\d.,/-])(?P<w>{NUMBER})[ -]?(?:kg|kilograms?)\b(?! ?/| per)"),
    "m2": re.compile(r"(?<![\d.,/-])(?P<w>\d(?:\.\d+)?) ?(?:m2|square met(?:er|re)s?)\b"),
}


_NOT_EXACT = re.compile(
    r"\b(?:maxim\w+|cap(?:ped)?|up to|at most|at least|limit\w*|rounded|range|median|mean|between|to a total|"
    r"cumulative|course|reduced|ideal|lean|escalat\w*|titrat\w*|loading|then|followed|or)\b",
    re.IGNORECASE,
)


def check_dose_by_body(case: Case, p: Passage) -> None:
    """`a 70-kg patient given 5 mg/kg receives 350 mg`, alone or as often a day as the sentence says."""
    m = only(_PER_BODY.finditer(case.flat, p.start, p.end))
    if m is None or _NOT_EXACT.search(case.flat, p.start, p.end):
        return
    body = only(_BODY["kg" if m["by"].startswith("k") else "m2"].finditer(case.flat, p.start, p.end))
    given = [
        x
        for x in re.finditer(
            rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?{re.escape(m['u'])}\b(?! ?/ ?(?:kg|m2)| per (?:kg|m2|kilo|square))",
            case.flat[p.start : p.end],
        )
        if x.start() + p.start != m.start()
    ]
    if body is None or len(given) != 1:
        return
    dose, weight, result = (read_printed(x) for x in (m["d"], body["w"], given[0]["v"]))
    often = only(OFTEN.finditer(case.figures, p.start, p.end))
    times = [Fraction(1)]
    if often is not None:
        k = times_a_day(often)
        times += [Fraction(k), Fraction(1, k)]
    if weight.value <= 0 or dose.value <= 0:
        return
    sizes = [dose.value * weight.value * k for k in times]
    at = (given[0].start("v") + p.start, given[0].end("v") + p.start)
    places = [m.span("d"), body.span("w"), at]
    exact = sizes[1] if often is not None and _DAILY.search(case.flat, p.start, p.end) else sizes[0]
    shown = f"{m['d']} {m['u']} for each of {body['w']} is {float(exact):.4g} {m['u']}"
    slack = Fraction(1, 20)
    fits = any(abs(result.value - x) <= slack * x + result.step / 2 for x in sizes)
    follows(case, p, "derived", places, shown, f"printed {result.text}", "dose by size of the body", fits=fits)


_DAILY = re.compile(r"\b(?:daily dose|a day|per day|total)\b", re.IGNORECASE)


_HOLDER = r"(?:vial|ampoule|ampule|ampul|syringe|pen|cartridge|bottle|bag)s?"
_HELD = (
    re.compile(
        rf"(?<![\d.,/-])(?P<w>{NUMBER})[ -]?m[lL] (?:[a-z-]+ ){{0,2}}?{_HOLDER} (?:holds?|held|holding|"
        rf"contain(?:s|ed|ing)?|(?:filled )?with) (?P<v>{NUMBER}) ?(?P<u>{AMOUNT})\b(?! ?/| per)"
    ),
    re.compile(
        rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?(?P<u>{AMOUNT}) (?:of (?:[a-z-]+ ){{1,3}})?in (?:an?|each|every|one) "
        rf"(?P<w>{NUMBER})[ -]?m[lL] (?:[a-z-]+ ){{0,2}}?{_HOLDER}\b"
    ),
)
_STRENGTH = re.compile(
    rf"(?<![\d.,/-])(?P<d>{NUMBER}) ?(?P<u>{AMOUNT}) ?(?:/|(?:per|in each|for each) )(?:m[lL]|millilit(?:er|re))\b"
)
_MIXED = re.compile(
    r"\b(?:dilut\w+|reconstitut\w+|overfill\w*|add\w*|mixed|withdraw\w*|final|residual)\b", re.IGNORECASE
)


def check_dose_by_volume(case: Case, p: Passage) -> None:
    """`Each 1.5-mL vial holds 30 mg, a concentration of 20 mg/mL`."""
    strength = only(_STRENGTH.finditer(case.flat, p.start, p.end))
    held = only(m for x in _HELD for m in x.finditer(case.flat, p.start, p.end))
    if strength is None or held is None or strength["u"] != held["u"] or _MIXED.search(case.flat, p.start, p.end):
        return
    each, volume, told = (read_printed(x) for x in (strength["d"], held["w"], held["v"]))
    if volume.low > 0:
        low, high = told.low / volume.high, told.high / volume.low
        shown = f"{told.text} {held['u']} in {volume.text} mL are {float(told.value / volume.value):.3g} per mL"
        places = [held.span("w"), held.span("v"), strength.span("d")]
        fits = each.low <= high and low <= each.high
        follows(case, p, "derived", places, shown, f"printed {each.text}", "amount / volume", fits=fits)
