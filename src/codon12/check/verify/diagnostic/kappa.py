"""Kappa by the agreement seen and the agreement by chance, (observed - chance) / (1 - chance) (Cohen 1960)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.diagnostic.each_other import named, percent
from codon12.check.verify.prose import NUMBER, judge, only
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_kappa"]


_KAPPA = named(r"(?:Cohen['’]?s? )?(?:weighted )?kappa|κ")


_OBSERVED = re.compile(
    rf"\b(?<!chance )(?<!expected )(?:observed agreement|agree(?:d|ment)(?: (?!chance|expected)[a-z]+){{0,3}})(?:,|:| "
    rf"=| was| of| on| in| for|\(| \d+(?: of \d+)?(?: [a-z]+)? \()* ?(?P<v>{NUMBER}|\.\d+)(?![\d.,]*\d)(?P<u> ?%)?",
    re.IGNORECASE,
)


_CHANCE = re.compile(
    rf"\b(?:(?:chance|expected)(?: [a-z]+){{0,3}}?|agreement (?:expected )?by chance|expected by chance)(?:,|:| =|"
    rf" was| of| at| being|\()* ?"
    rf"(?P<v>{NUMBER}|\.\d+)(?![\d.,]*\d)(?P<u> ?%)?|(?P<w>{NUMBER})(?P<x> ?%)? (?:was |were |would be )?"
    r"(?:expected|by chance)\b",
    re.IGNORECASE,
)


def check_kappa(case: Case, p: Passage) -> None:
    """Check kappa against the agreement seen and that expected by chance."""
    told, chance = (only(x.finditer(case.flat, p.start, p.end)) for x in (_KAPPA, _CHANCE))
    agreed = [m for m in _OBSERVED.finditer(case.flat, p.start, p.end) if m["u"] or read_printed(m["v"]).value < 1]
    seen = agreed[0] if len(agreed) == 1 else None
    if told is None or seen is None or chance is None or told["u"]:
        return
    k = read_printed(told["v"])
    o = percent(seen)
    which = "v" if chance["v"] else "w"
    e = read_printed(chance[which])
    if not (chance["u"] or chance["x"]):
        e = Printed(e.text, e.value * 100, max(e.digits - 2, 0))
    if o is None or not 0 < e.value < 100 or k.value > 1 or o.value == e.value:
        return
    ends = [float((x - y) / (100 - y)) for x in (o.low, o.high) for y in (e.low, e.high)]
    if min(ends) - float(k.step) <= float(k.value) <= max(ends) + float(k.step):
        return
    exact = float((o.value - e.value) / (100 - e.value))
    sentence = f"Agreement of {o.text} with {e.text} by chance makes a kappa of {exact:.2f}, printed {k.text}."
    judge(
        case, p, "accuracy", [seen.span("v"), chance.span(which), told.span("v")], "unlikely", sentence, "Cohen's kappa"
    )
