"""Cases among so many against a rate per thousand or million: `57 cases in a population of 380,000: 15 per 100,000`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, counts_in, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_per_many"]


_CASES = (
    r"(?:(?:new|incident|confirmed|reported|fatal) )*(?:cases|deaths|events|infections|strokes|births|episodes|"
    r"reports|reactions|"
    r"fractures|admissions|cancers|suicides|diagnoses|patients|attacks|outbreaks|injuries|myocardial infarctions)"
)
_SO_MANY = re.compile(rf"(?<![\w.,/-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+) {_CASES}\b", re.IGNORECASE)
_BASE = re.compile(
    rf"\b(?:population of|among|in|after|of|from|for|during|per cent of) (?:a population of |about |the |some "
    rf")*(?P<t>{NUMBER})"
    r"(?P<m> million| thousand)? (?:administered |distributed |live |hospital |screened )?(?P<what>inhabitants|"
    r"people|persons|residents|doses|births|"
    r"livebirths|deliveries|children|women|men|adults|infants|admissions|procedures|operations|vaccinations|"
    r"donations|transfusions|"
    r"pregnancies|passengers|travellers|workers|members|prescriptions|in \d{4})?",
    re.IGNORECASE,
)
_PER_MANY = re.compile(
    rf"(?<![\w.,/-])(?P<r>{NUMBER})(?: [a-z]+){{0,2}} ?(?:per|/) ?(?P<per>1,?000,?000|100,?000|10,?000|1,?000|"
    rf"million|thousand)\b",
    re.IGNORECASE,
)
_OVER_TIME = re.compile(
    r"\b(?:over|years? of|person-|patient-|during the \d|period|annual(?:ly|i[sz]ed)? average|per year|a year|"
    r"yearly|adjust\w*|standardi\w+|"
    r"from \d{4}|between \d{4}|weighted|estimated|years)\b",
    re.IGNORECASE,
)
_SMALLEST_BASE = 1000


def check_per_many(case: Case, p: Passage) -> None:
    """`57 new cases in a population of 380,000: 15 per 100,000`, where there is one count, one base and one rate."""
    rates = list(_PER_MANY.finditer(case.flat, p.start, p.end))
    if len(rates) != 1 or "%" in case.flat[p.start : p.end] or _OVER_TIME.search(case.flat, p.start, p.end):
        return
    r = rates[0]
    if compared(case, r.span("r"), "incidence"):
        return
    counts = [m for m in _SO_MANY.finditer(case.figures, p.start, p.end) if not r.start() <= m.start() < r.end()]
    bases = []
    for m in _BASE.finditer(case.flat, p.start, p.end):
        size = read_printed(m["t"]).value * {" million": 10**6, " thousand": 10**3}.get((m["m"] or "").lower(), 1)
        year = not m["m"] and "," not in m["t"] and 1900 <= size <= 2100
        if size >= _SMALLEST_BASE and not year:
            bases.append((m, size))
    if len(counts) != 1 or len(bases) != 1:
        return
    others = [
        c
        for c in counts_in(case, p.start, p.end)
        if c.span[0] not in (counts[0].start("n"), bases[0][0].start("t"), r.start("r"), r.start("per"))
    ]
    if any(c.n > _YEARS[1] or c.n < _YEARS[0] for c in others):
        return
    n, (base, size) = int(counts[0]["n"].replace(",", "")), bases[0]
    per = {"million": 10**6, "thousand": 10**3}.get(r["per"].lower()) or int(r["per"].replace(",", ""))
    given, exact = read_printed(r["r"]), Fraction(n) * per / size
    rough = Fraction(1, 10) if base["m"] else Fraction(1, 33)
    if n >= size or size <= per / 1000:
        return
    shown = f"{n} among {base['t']}{base['m'] or ''} is {float(exact):.4g} per {per:,}"
    places = [counts[0].span("n"), base.span("t"), r.span("r")]
    if abs(exact - given.value) <= given.step + rough * exact:
        judge(case, p, "incidence", places, "ok", f"{shown}.", "cases / population")
    else:
        judge(case, p, "incidence", places, "error-if", f"{shown}, printed {given.text}.", "cases / population")


_YEARS = (1900, 2100)
