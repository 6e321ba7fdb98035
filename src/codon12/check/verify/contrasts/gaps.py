"""Three numbers of one clause, one of which is told as the gap, the change or the multiple of the other two.

`lengthened survival by 4.3 months (18.2 against 14.9 months)`; `12.4 points lower than in B (58.1 versus 70.5)`;
`rose by 50%, from 40 to 50 per month`; `9.3%, twice the 3.1% found elsewhere`. Which number is the gap the words say,
in whatever order the three stand.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.values import A_CHANGE_OF, CLAUSE_ENDS, MODELLED, WHAT_MATTERS
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import NUMBER, compared, held, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["FAR_APART", "FITTED", "check_gaps", "numbers_in"]

_UNIT = (
    r"%|percent\b|per cent\b|degrees?(?: [CF]\b)?|°(?: ?[CF]\b)?|(?:percentage |absolute )?points?\b|mm ?Hg|kg/m2|kg|"
    r"g/d?[Ll]|mg/d?[Ll]|ng/m[Ll]|[mµμ]mol/(?:L|mol)|mL/min|mL|ml|cm|mm|mg|g|L|years?|months?|weeks?|days?|hours?|"
    r"min(?:utes?)?|s|seconds?|dB|beats|cells|[a-zA-Zµ]{1,5}/[a-zA-Z]{1,4}\b|m"
)
_NUMBER = re.compile(
    r"(?<![\w.,/<>≤≥±])(?<![A-Za-z]-)(?P<sign>(?<![\d%])[-+])?(?P<money>[$€£] ?)?"
    rf"(?P<v>{NUMBER})(?![\d.,]*\d)(?P<sep>[ -]?)(?:(?P<u>{_UNIT})"
    r"(?![\w-]))?(?!-[a-z]|-? ?fold|(?<=\d)[A-Za-z])"
)
_LESS, _MORE = (
    r"lower|less|fewer|shorter|smaller|younger|lighter|earlier|below|worse",
    r"higher|more|longer|greater|larger|older|heavier|later|above|better|taller",
)
_BEHIND = re.compile(
    rf" ?(?:(?:absolute|relative|mean|median) )?(?:(?P<less>{_LESS})|(?P<more>{_MORE}))(?= (?:[a-z-]+"
    rf" ){{0,4}}?(?:than|in|on|"
    r"with|after|under|among|for|at)\b|,|\.|\)| \(| xxx)"
    r"|,? ?(?:absolute |relative |mean |median |net |further |additional |overall |survival |between-group )*"
    r"(?P<noun>difference|gap|gain|reduction|increase|decrease|improvement|decline|drop|fall|rise|benefit"
    r"|prolongation)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:(?P<down>fell|dropped|declined|decreased|reduced|lowered|shortened|cut|diminished|shrank|lost)|(?P<up>rose|"
    r"increased|grew|climbed|raised|lengthened|prolonged|extended|improved|gained|added))(?: (?!from\b|to\b|and\b|"
    r"but\b|than\b|or\b)[a-zA-Z0-9/'-]+){0,7}? by (?:about |approximately |roughly |only |a mean (?:of )?|a median "
    r"(?:of )?|an average (?:of )?|as much as )?$|\b(?P<noun>(?:mean |absolute |net |median |between[- ]group |"
    r"treatment |survival |overall )*(?:difference|gap|gain|reduction|increase|decrease|improvement|decline|drop|fall|"
    r"rise|benefit|prolongation|saving))(?: \([A-Z]+\))?(?: (?:in|between|of) (?!\d)(?:(?! to )[a-zA-Z' -]){3,50}?)?"
    r"(?: (?:of|was|is|being|amounted to|came to|thus|therefore|then|about))*[,:]? ?(?:[$€£] ?)?$",
    re.IGNORECASE,
)
FITTED = re.compile(
    rf"\b(?:{MODELLED}|match\w*|would|if|up to|more than|nearly all|interval|CI|range[sd]?|IQR|quartile\w*|further|"
    r"another|hazard|odds|ratio)\b",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\b(?:vs?\.?|versus|to|than|against|compared (?:with|to)|rather than|as opposed to|instead of)\b|/"
)
_AND = re.compile(r"\b(?:and|but|whereas|while)\b")
_ANOTHER = re.compile(r", (?:and|but|while|whereas) ")
"""Between the gap and the two numbers, where another thing is told."""
FAR_APART = 90
"""Characters at most between two numbers that are compared."""
_LISTED = re.compile(r"^(?:\)?,? ?(?:and|or)?|[a-z -]*, [a-z -]* by) ?$")
"""What stands between the members of a list."""
_CLAUSES = re.compile(rf"; |{CLAUSE_ENDS}")
_GOES_ON = re.compile(r"(?:the|a|this) (?:[a-z-]+ ){0,2}(?:difference|gap|gain|reduction|increase|saving)\b")
"""A clause that goes on with the difference of the two values before it."""
_CHANGES = re.compile(
    r"\b(?:fell|dropped|declined|decreased|reduced|lowered|shortened|cut|diminished|shrank|lost|rose|increased|grew"
    r"|climbed|"
    r"raised|lengthened|prolonged|extended|improved|gained|outperform(?:ed|s)|exceed(?:ed|s)|surpass(?:ed|es))\b"
)
_SAVED = re.compile(r"\b(?:saved|spared|gained|lost|added)(?: about| approximately| roughly| only)? (?:[$€£] ?)?$")
_BY = re.compile(r"\bby (?:about |approximately |roughly |only |almost |nearly )?$")
_EFFECT_WANTED = re.compile(r"\b(?:producing|causing|inducing|eliciting|giving|required for|needed for) (?:an? )?$")
"""Before a number that says which effect, not how far two values are apart: `the dose producing 30 mmHg rise`."""
_OF_EACH = re.compile(
    r"\b(?:median|mean|average) (?:[a-z]+ )?(?:reduction|decrease|fall|drop|decline|increase|rise|change|"
    r"gain) (?:of|was) $"
)
"""Before a change in percent that is the middle of those of each patient, not of the values in the middle."""
_THAN_OTHERS = re.compile(rf" ?(?:{_LESS}|{_MORE}) than (?:other|any|previous|earlier|all|most)\b")
"""Behind a number that is the gap to what is told elsewhere: `from 25 to 1600 °C, 600 °C higher than other studies`."""
_A_RATE = re.compile(
    r"(?: every\b| each\b| per\b| daily\b| weekly\b| a (?:day|week|month|year)\b|"
    r" or (?:more|less|longer|greater|higher)\b|/)"
)
"""Behind a number that is so much in a time, or a limit: `by 5 mg every 14 days`, `by 10 points or more`."""
_PLAUSIBLE = 6
"""Times that a difference may be off; what is further off is the difference of something else."""
_SLACK = Fraction(1, 7)
_MONEY = ("$", "€", "£")


class _Number(NamedTuple):
    value: Printed
    sign: int
    signed: bool
    span: tuple[int, int]
    unit: str
    end: int


_PER_MANY = re.compile(r" per (?P<many>100|1(?:,?000)+|million)\b")
"""Of how many people each number of a clause is, where all are of as many: `7 per 1000 vs 19 per 1000`."""
_FIGURES, _ALL = re.compile(r"\d[\d.,]*"), 3


def check_gaps(case: Case, p: Passage) -> None:
    """Check, in every clause of three numbers, the one told as the gap against the other two."""
    text = case.flat[p.start : p.end]
    if len(_FIGURES.findall(text)) < _ALL:
        return
    plain = without_asides(text)
    plain = re.sub(r"\b\d\d(?:\.\d)? ?% ?(?:CI|confidence)[^()\[\]]*", lambda m: "x" * len(m[0]), plain)
    if len({m["many"].replace(",", "") for m in _PER_MANY.finditer(plain)}) == 1:
        plain = _PER_MANY.sub(lambda m: " " + "x" * (len(m[0]) - 1), plain)
    begin = 0
    ends = [m.start() for m in _CLAUSES.finditer(plain) if not _GOES_ON.match(plain, m.end())]
    for end in [*ends, len(plain)]:
        _clause(case, p, text, plain, begin, end)
        begin = end


def numbers_in(plain: str, begin: int, end: int) -> list[_Number]:
    """Numbers of a stretch with their sign and unit, in order."""
    out = []
    for m in _NUMBER.finditer(plain, begin, end):
        unit = (m["money"] or m["u"] or "").lower()
        unit = {"percent": "%", "per cent": "%"}.get(unit, unit if unit == "s" else unit.rstrip("s"))
        out.append(
            _Number(read_printed(m["v"]), -1 if m["sign"] == "-" else 1, bool(m["sign"]), m.span("v"), unit, m.end())
        )
    return out


def _clause(case: Case, p: Passage, text: str, plain: str, begin: int, end: int) -> None:
    numbers = numbers_in(plain, begin, end)
    shares = [n for n in numbers if n.unit == "%" or "point" in n.unit]
    if len(numbers) > _ALL == len(shares) and any("point" in n.unit for n in shares):
        numbers = shares  # `93% after 30 Gy and 86% after 20 Gy, 7 points higher`
    money = [n for n in numbers if n.unit in _MONEY]
    if len(numbers) > _ALL == len(money):
        numbers = money  # `costs to day 90 were €11,870 and €16,240, a saving of €4,370`
    if (
        len(numbers) != _ALL
        or ("respectively" in plain[begin:end] and "(" not in plain[begin:end])
        or FITTED.search(text, begin, end)
    ):
        return
    gaps = [(k, x) for k, n in enumerate(numbers) if (x := _is_gap(plain, begin, n)) is not None]
    if len(gaps) != 1:
        return
    k, told = gaps[0]
    if _LISTED.match(plain[numbers[0].end : numbers[1].span[0]]) and _LISTED.match(
        plain[numbers[1].end : numbers[2].span[0]]
    ):
        return  # 26.9 %, 28.3 % and 19.0 %
    if _A_RATE.match(text, numbers[k].end) or WHAT_MATTERS.match(plain, numbers[k].end, end):
        return
    if _EFFECT_WANTED.search(plain, begin, numbers[k].span[0]):
        return
    if numbers[k].unit == "%" and _OF_EACH.search(plain, begin, numbers[k].span[0]):
        return
    gap, (a, b) = numbers[k], [n for j, n in enumerate(numbers) if j != k]
    if (m := _LESS_OF.match(plain, gap.end)) is not None and m[1] not in plain[begin : gap.span[0]]:
        return  # `99.5% less waste than`: of another thing
    if _THAN_OTHERS.match(plain, gap.end):
        return
    if any(A_CHANGE_OF.search(plain, begin, x.span[0]) for x in (a, b)):
        return  # `over 60%, and a change of 19% in length with a 9% increase in transmission`
    if not _of_one_unit(gap, a, b) or not _compared(plain, a, b, gap):
        return
    places = [(p.start + x.span[0], p.start + x.span[1]) for x in (a, b, gap)]
    if any(compared(case, x, "difference", "derived", "ratio/percents", "sum", "NNT") for x in places):
        return
    x, y, g = (Fraction(n.sign) * n.value.value for n in (a, b, gap))
    slack = (a.value.step + b.value.step + gap.value.step) / 2
    size = abs(x - y)
    meant = [size]
    if gap.unit == "%" and min(abs(x), abs(y)) > 0 and "point" not in told.lower():
        meant += [100 * size / abs(x)]
        changes = _CHANGES.search(plain, begin, gap.span[0]) or re.search(
            r"\bfrom (?:[a-z]+ ){0,3}(?:[$€£] ?)?$", plain[: a.span[0]]
        )
        if not (changes and re.search(r"\bto\b", plain[a.end : b.span[0]])):
            meant += [100 * size / abs(y)]
        if a.unit != "%":
            meant = meant[1:]
        slack += sum(100 * n.value.step / n.value.value for n in (a, b))
    off = min(abs(m - abs(g)) for m in meant)
    of = " %" if gap.unit == "%" else ""
    if off <= slack:
        on, computed = held(case, p, places[-1]), {"difference": float(size)}
        sentence = f"{a.value.text} and {b.value.text} are {gap.value.text}{of} apart, as printed."
        case.relate("difference", places, "ok", sentence, "difference", computed, on=on, tie="explicit")
        return
    plainly = gap.value.digits or (gap.unit in _MONEY and _swapped(size, gap.value))
    if off <= _SLACK * max(min(meant), abs(g)) and not (plainly and off > 5 * slack):
        return
    if not any(m / _PLAUSIBLE <= abs(g) <= m * _PLAUSIBLE for m in meant if m):
        return
    shown = " or ".join(f"{float(m):.4g}" for m in meant)
    sentence = f"{a.value.text} and {b.value.text} are {shown}{of} apart, printed {gap.value.text}{of}."
    judge(case, p, "difference", places, "unlikely", sentence, "difference")


def _swapped(meant: Fraction, told: Printed) -> bool:
    """Whether two neighbours changed places in an amount of money."""
    a, b = str(meant), told.text.replace(",", "")
    return a != b and sorted(a) == sorted(b)


def _is_gap(plain: str, begin: int, n: _Number) -> str | None:
    """The words that make a number the gap between two others."""
    behind = _BEHIND.match(plain, n.end)
    if behind is not None and (n.unit or behind["noun"] is None):
        return behind[0] + n.unit
    ahead = _AHEAD.search(plain, max(begin, n.span[0] - 110), n.span[0] - n.signed)
    if ahead is None and _BY.search(plain, begin, n.span[0] - n.signed) and _CHANGES.search(plain, begin, n.span[0]):
        return "by " + n.unit
    if ahead is None and n.unit and _SAVED.search(plain, begin, n.span[0]):
        return "saved"
    return None if ahead is None else ahead[0] + n.unit


def _of_one_unit(gap: _Number, a: _Number, b: _Number) -> bool:
    pair = {x.unit for x in (a, b)} - {""}
    if len(pair) > 1:
        return False
    unit = next(iter(pair), "")
    if "point" in gap.unit:
        return unit in ("%", "", gap.unit, "point")
    if gap.unit == "%":
        return not unit.startswith(("degree", "°"))
    if gap.unit.startswith(("degree", "°")) and not unit:
        return False
    return gap.unit in ("", unit) or unit == ""


def _compared(plain: str, a: _Number, b: _Number, gap: _Number) -> bool:
    """Whether two numbers are set against each other: by `versus` and the like, or by `and` and told before the gap."""
    between = plain[a.end : b.span[0]]
    if between.strip(" $€£") == "to" and not _FROM.search(plain, 0, a.span[0]):
        return False  # a range: `$13.8 to $37.8 for a 50% improvement`
    if _of_unlike_things(plain, a, b, gap):
        return False
    if len(between) > FAR_APART or a.end <= gap.span[0] < b.span[0]:
        return False
    first, last = sorted((gap, a if gap.span[0] < a.span[0] else b), key=lambda n: n.span)
    if _ANOTHER.search(plain, first.end, last.span[0]):
        return False
    if _VERSUS.search(between):
        return True
    in_bracket = plain.rfind("(", 0, a.span[0]) > plain.rfind(")", 0, a.span[0]) and ")" not in between
    if gap.span[0] > b.end and _GOES_ON.search(plain, b.end, gap.span[0]):
        return True
    return _AND.search(between) is not None and (gap.span[0] > b.end or in_bracket)


_FROM = re.compile(r"\bfrom (?:[a-z]+ ){0,4}(?:[$€£] ?)?$|\b(?:was|were|is|by) $")
_LESS_OF = re.compile(r" ?(?:less|more|fewer) ([a-z]{4,}) than\b")
_NOUN = re.compile(r" (?:[a-z]+ )?([A-Za-z]{3,}s)\b")


def _of_unlike_things(plain: str, a: _Number, b: _Number, gap: _Number) -> bool:
    """Whether two bare numbers count two kinds of things, the third one of them: `54 As and 23 Bs, 18 As`."""
    nouns = [m[1] if (m := _NOUN.match(plain, x.end)) else None for x in (a, b, gap)]
    return not (a.unit or b.unit) and None not in nouns and nouns[0] != nouns[1] and nouns[2] in nouns[:2]
