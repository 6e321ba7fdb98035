"""Cases among so many against a rate per thousand or million: `57 cases in a population of 380,000: 15 per 100,000`."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, counts_in, follows, judge, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_per_many", "check_per_thousand"]


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
    r"\b(?:over|years? of|person-|patient-|during the \d|period|annual(?:ly|i[sz]ed)? average|per year|a year|yearly|"
    r"adjust\w*|standardi\w+|from \d{4}|between \d{4}|weighted|estimated|years)\b",
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
    per = {"million": 10**6, "thousand": 10**3}.get(r["per"].lower()) or whole(r["per"])
    given, exact = read_printed(r["r"]), Fraction(n) * per / size
    rough = Fraction(1, 10) if base["m"] else Fraction(1, 33)
    if n >= size or size <= per / 1000:
        return
    shown = f"{n} among {base['t']}{base['m'] or ''} is {float(exact):.4g} per {per:,}"
    places = [counts[0].span("n"), base.span("t"), r.span("r")]
    fits = abs(exact - given.value) <= given.step + rough * exact
    follows(case, p, "incidence", places, shown, f"printed {given.text}", "cases / population", fits=fits)


_YEARS = (1900, 2100)


_PER_SO_MANY = re.compile(
    rf"(?<![\w.,/-])(?P<r>{NUMBER}) ?(?:[a-z-]+ ){{0,2}}?(?:per|/|in every|for every) ?(?P<per>1,?000|10,?000|100,?000)"
    r"(?![\d,.]*\d)(?! ?(?:[a-z]+[- ](?:years?|months?|days?|hours?)|years?|months?|days?|PYO?|PYRS?|PYAR|P-?Y)s?\b)",
    re.IGNORECASE,
)


_BEHIND = re.compile(
    r"(?: [a-z-]+){0,3} ?[(\[](?P<n>\d{1,3}(?:,\d{3})+|\d+)(?: (?!fewer|more|less|lower|higher)[a-z-]+){0,3}(?:/| "
    r"(?:in|of|among|per|out of) (?:the )?)(?P<t>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
)
"""`3.1 per 1,000 participants (58 cancers in 27,792 participants)`."""


_NOT_CRUDE = re.compile(
    r"\b(?:adjust\w*|standardi\w+|weighted|estimated|expected|annual\w*|per year|a year|yearly|predicted|"
    r"model\w*|differ\w*|reduc\w*|increas\w*|decreas\w*|from|further|additional|another|remaining|other)\b",
    re.IGNORECASE,
)


def check_per_thousand(case: Case, p: Passage) -> None:
    """`of 18,500 women screened, 111 had cancer (6.0 per 1,000)`, and rates with their counts right behind."""
    rates = list(_PER_SO_MANY.finditer(case.flat, p.start, p.end))
    told = [m for r in rates if (m := _BEHIND.match(case.figures, r.end(), p.end)) is not None]
    for r, m in ((r, m) for r in rates for m in told if m.start() == r.end()):
        n, total, per, given = whole(m["n"]), whole(m["t"]), whole(r["per"]), read_printed(r["r"])
        if 0 < n < total:
            size = Fraction(n * per, total)
            fits = given.low <= size <= given.high_cut
            sentence = f"{n} of {total:,} is {float(size):.4g} per {per:,}{'' if fits else f', printed {given.text}'}."
            places = [m.span("n"), m.span("t"), r.span("r")]
            judge(case, p, "incidence", places, "ok" if fits else "error-if", sentence, "n / N")
    if told:
        return
    if len(rates) != 1 or _NOT_CRUDE.search(case.flat, p.start, p.end):
        return
    r = rates[0]
    counts = [c for c in counts_in(case, p.start, p.end) if not r.start() <= c.span[0] < r.end()]
    if len(counts) > _MOST_COUNTS:
        return
    per, given = whole(r["per"]), read_printed(r["r"])
    pairs = [(a, b) for a in counts for b in counts if 0 < a.n < b.n]
    shares = [read_printed(x[1]) for x in re.finditer(rf"({NUMBER}) ?%", case.flat[p.start : p.end])]
    if any(given.low <= Fraction(a.n * per * 100, b.n) / x.value <= given.high_cut + given.value / 50
           for a, b in pairs for x in shares if x.value > 0):  # fmt: skip
        return  # of those who came
    if not pairs:
        return
    for a, b in pairs:
        size = Fraction(a.n * per, b.n)
        if given.low <= size <= given.high_cut:
            places = [a.span, b.span, r.span("r")]
            sentence = f"{a.n} of {b.n:,} is {float(size):.4g} per {per:,}."
            judge(case, p, "incidence", places, "ok", sentence, "n / N")
            return
    bracketed = case.flat[max(p.start, r.start() - 1) : r.start()] == "("
    if len(counts) not in ((2, 3) if bracketed else (2,)) or max(c.n for c in counts) < _LARGEST:
        return
    if bracketed and any(";" in case.flat[r.end() : c.span[0]] for c in counts):
        return  # `(0.317/1000 admissions); 16 were under 1 year and 251 over 60`: counts of another clause
    a, b = min(pairs, key=lambda x: abs(math.log(x[0].n * per / x[1].n / float(max(given.value, given.step / 2)))))
    size = Fraction(a.n * per, b.n)
    if not _LEAST_APART < size / max(given.value, given.step / 2) < 1 / _LEAST_APART:
        return  # of something else
    sentence = f"{a.n} of {b.n:,} is {float(size):.4g} per {per:,}, printed {given.text}."
    judge(case, p, "incidence", [a.span, b.span, r.span("r")], "error-if", sentence, "n / N")


_LEAST_APART = Fraction(1, 12)
_MOST_COUNTS, _LARGEST = 8, 200
