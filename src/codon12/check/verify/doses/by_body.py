"""Doses by the weight or the surface of a body: `a 70-kg patient given 5 mg/kg receives 350 mg`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.doses.repeated import AMOUNT, OFTEN, times_a_day
from codon12.check.verify.prose import NUMBER, follows, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_dose_by_body"]


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
    r"cumulative|"
    r"course|reduced|ideal|lean|escalat\w*|titrat\w*|loading|then|followed|or)\b",
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
