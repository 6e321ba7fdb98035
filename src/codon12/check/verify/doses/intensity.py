"""The intensity of a dose: what was taken, in percent of what was planned."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.doses.repeated import AMOUNT
from codon12.check.verify.prose import NUMBER, follows, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_dose_intensity"]

_INTENSITY = re.compile(
    rf"\brelative dose[- ]intensity(?: \(RDI\))?(?: of| was|,|:| =| being)* ?(?P<q>{NUMBER}) ?%", re.IGNORECASE
)
_EACH_DAY = re.compile(
    rf"(?<![\d.,/-])(?P<v>{NUMBER}) ?(?P<u>{AMOUNT}) (?:once )?(?:daily|a day|per day|"
    rf"every day) for (?P<k>\d{{1,3}}) (?P<t>days|weeks)\b"
)
_PLANNED_DOSE = re.compile(
    rf"\b(?:planned|intended|scheduled|prescribed|"
    rf"target)\b[^.;\d]{{0,40}}?(?P<v>{NUMBER}) ?(?P<u>(?:{AMOUNT})(?:/m2|/kg)?)\b(?! ?(?:/|per (?!cycle|course)|a day|"
    r"daily|twice|every|once|weekly|on (?:days?|the)\b))"
)
_OF_PLANNED = re.compile(
    rf"\b(?:of|out of) (?:the |an? )?(?P<v>{NUMBER}) ?(?P<u>(?:{AMOUNT})(?:/m2|/kg)?) (?:that (?:was|were|had been) )?"
    r"(?:planned|intended|prescribed|scheduled)\b"
)
_TAKEN = re.compile(
    rf"\b(?:took|taken|received|delivered|given|administered|"
    rf"actual(?:ly)?)\b[^.;\d]{{0,40}}?(?P<v>{NUMBER}) ?(?P<u>(?:{AMOUNT})(?:/m2|/kg)?)\b"
    r"(?! ?(?:/|per (?!cycle|course)|a day|daily|twice|every|once|weekly|on (?:days?|the)\b|of (?!the\b)))"
)
_NOT_OF_ONE_DOSE = re.compile(r"\bper week\b|(?<!per )(?<!each )cycle|reduc|interrupt")
_PER_CYCLE = re.compile(r"\b(?:per|each) cycle\b")


def check_dose_intensity(case: Case, p: Passage) -> None:
    """`Planned: 100 mg daily for 28 days. The patient took 2,240 mg, a relative dose intensity of 80%`."""
    told = only(_INTENSITY.finditer(case.flat, p.start, p.end))
    before = case.text.passages[p.index - 1] if p.index else p
    begin = before.start if before.paragraph == p.paragraph else p.start
    taken = None if told is None else only(_TAKEN.finditer(case.flat, p.start, p.end))
    if told is None or taken is None or _NOT_OF_ONE_DOSE.search(case.flat, begin, p.end):
        return
    daily = only(_EACH_DAY.finditer(case.figures, begin, p.end))
    if daily is not None and _PER_CYCLE.search(case.flat, begin, p.end):
        return
    planned = daily or next(
        filter(None, (only(x.finditer(case.flat, begin, p.end)) for x in (_PLANNED_DOSE, _OF_PLANNED))), None
    )
    if planned is None or planned["u"] != taken["u"] or planned.span("v") == taken.span("v"):
        return
    days = 1 if daily is None else int(daily["k"]) * (7 if daily["t"] == "weeks" else 1)
    each, total, given = (read_printed(x) for x in (planned["v"], taken["v"], told["q"]))
    if each.value <= 0 or total.value > 2 * days * each.value:
        return
    share = 100 * total.value / (days * each.value)
    places = [planned.span("v"), taken.span("v"), told.span("q")]
    shown = f"{total.text} of {float(days * each.value):g} {taken['u']} are {float(share):.3g} %"
    fits = abs(share - given.value) <= given.step + 100 * total.step / (days * each.value)
    follows(case, p, "derived", places, shown, f"printed {given.text} %", "dose taken / planned", fits=fits)
