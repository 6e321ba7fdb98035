"""Values of a measure that a clause tells of those who entered: ends of a range, extremes, and values counted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.grammar.columns import cells_of
from codon12.check.verify.case import Case
from codon12.check.verify.entry.measures import MEASURES, STATUS, Measure, N, U
from codon12.check.verify.prose import NUMBER
from codon12.numbers.unrounded import read_printed

__all__ = ["value_of", "values_in_rows", "values_told"]

_RANGED = re.compile(
    rf"(?<!quartile )\b(?:rang(?:e|ed|es|ing)|spann(?:ed|ing)|varied)(?: was| of|,|:| =)*(?: from| between)? ?[(\[]?"
    rf"(?P<a>{N})(?P<ua>{U}) ?(?:to|-|and) ?(?P<b>{N})(?P<ub>{U})(?![\d.]*\d)"
    rf"|\bmedian [\[(]range[\])][^()\d]{{0,40}} {NUMBER}{U} ?[(\[](?P<e>{NUMBER})(?P<ue>{U}) ?(?:to|-) "
    rf"?(?P<f>{NUMBER})"
    rf"(?P<uf>{U})[)\]]"
    rf"|\bbetween (?P<c>{NUMBER})(?P<uc>{U}) and (?P<d>{NUMBER})(?P<ud>{U})"
    rf"|\b(?:were|was)(?: aged)? (?P<g>{N})(?P<ug>{U}) ?(?:to|-) ?(?P<h>{N})(?P<uh>{U})"
    r"(?<=old|age|/m2|ars|ear| kg| mm| cm|\d %)"
    rf"|\b(?:were|was) (?P<i>{NUMBER}) (?:to|-) (?P<j>{NUMBER})(?P<uj> ?%)"
    rf"|\bincluded(?: were|:) (?P<k>{NUMBER})(?P<uk>{U}) ?(?:to|-) ?(?P<l>{NUMBER})(?P<ul>{U})",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    rf"\b(?:(?P<hi>oldest|eldest|highest|largest|greatest|maximum)|(?P<lo>youngest|lowest|smallest|"
    rf"minimum))\b(?:[^.;()\d]|\d+ (?=[a-z])){{0,60}}?(?: (?:was|being|had been|had|of|were|measured)| \()(?: "
    rf"only)?(?: aged?)? ?(?P<a>{NUMBER})(?P<ua>{U})(?![\d.]*\d)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:weight|height|pressure|duration|creatinine|dose|time|follow|intervals?|survival|follow-up|number|months "
    r"since)\b|;(?! ?(?:full )?range)",
    re.IGNORECASE,
)
_SIZES = {"m": Fraction(1, 12), "w": Fraction(7, 365), "d": Fraction(1, 365), "cm": Fraction(10)}


def value_of(text: str, unit: str, measure: Measure) -> tuple[Fraction, Fraction, Fraction]:
    """A number in years or millimetres, and the least and greatest it may stand for."""
    words = WORD_VALUES.get(text.lower())
    printed = read_printed(str(words)) if words is not None else read_printed(text)
    unit, factor = unit.strip().lower(), Fraction(1)
    if measure.name in ("age", "gestation"):
        factor = _SIZES.get(unit[:1], factor) if measure.name == "age" else factor
    elif measure.name == "size":
        factor = _SIZES.get(unit[:2], factor)
    return printed.value * factor, printed.low * factor, printed.high * factor


def values_told(
    case: Case, p: Passage, measure: Measure, names: list[re.Match[str]]
) -> Iterator[tuple[Fraction, Fraction, Fraction, tuple[int, int]]]:
    """Extreme values of a measure that a clause tells, and those that it counts subjects of."""
    ranges = list(_RANGED.finditer(case.flat, p.start, p.end))
    for m in ranges if len(ranges) == 1 else ():
        ends = next(x for x in ("ab", "cd", "ef", "gh", "ij", "kl") if m[x[0]])
        before = [x for x in names if x.start() < m.end()]
        if measure.name == "size" and _WHERE.search(case.flat, p.start, m.end() + 30):
            continue
        if not before or _OTHER.search(case.flat, before[-1].end(), max(m.start() + 5, before[-1].end())):
            continue
        if ends == "gh" and not (
            _SUBJECTS.search(case.flat, p.start, m.start()) or _OF_AGE.search(case.flat, p.start, m.start())
        ):
            continue
        units = [m["uj"] if ends == "ij" else m[f"u{k}"] for k in ends]
        if measure.name == "age" and any("%" in u for u in units):
            continue
        if measure.name == "size" and not any(u.strip() in ("cm", "mm") for u in units):
            stated = re.findall(r"\d ?([cm]m)\b", case.flat[before[-1].end() : m.start()])
            if not stated:
                continue
            units = [stated[-1]] * 2
        stated = re.findall(r"\d (months|weeks|days)\b", case.flat[before[-1].end() : m.start()])
        if measure.name == "age" and stated and not any(units):  # `22 months (range, 7 to 57)`
            units = [stated[-1]] * 2
        for k, unit in zip(ends, units, strict=True):
            yield *value_of(m[k], unit or units[1], measure), m.span(k)
    for m in _EXTREME.finditer(case.flat, p.start, p.end) if not ranges else ():
        if (measure.name != "size" or m["ua"].strip() in ("cm", "mm")) and (
            measure.name != "age" or _IS_AN_AGE.match(m["ua"] + case.flat[m.end() : p.end])
        ):
            yield *value_of(m["a"], m["ua"], measure), m.span("a")
    if measure.name in ("performance status", "lines of therapy"):
        for at in _counted(case, p, measure):
            yield *value_of(case.flat[at[0] : at[1]], "", measure), at


_IS_AN_AGE = re.compile(
    r" ?(?:(?:years?|yr|y\b|\.|,|;|\)|$)|and the (?:young|old)est\b|(?:at|on) (?:the (?:time of )?)?"
    r"(?:invitation|entry|enrol+ment|inclusion|recruitment|randomi[sz]ation|registration|baseline|admission)\b)"
)
"""Behind the age of the youngest or oldest, with its unit or without."""
_WHERE = re.compile(r"\b(?:locat\w+|distances?|verge|margins?|depth|heights?|apart|lengths?)\b", re.IGNORECASE)
"""In a clause that tells where a lesion lies, not how large it is."""
_SUBJECTS = re.compile(
    r"\b(?:patients|participants|subjects|women|men|children|girls|boys|adults|volunteers|they|infants|adolescents"
    r"|index|it)\b",
    re.IGNORECASE,
)
"""Before `were 14 to 74 years of age`: not the therapists."""
_OF_AGE = re.compile(r"\b[Aa]ges?\b[^.;()\d]{0,40}$")
_V = r"(?P<v>[0-9]|one|two|three|four|five|six|seven|eight)"
_WHO = (
    rf"(?<![\d.,])(?:{N})\)?(?: of (?:the |all |these )?\d+)?(?: [a-z]+)?(?: ?\([^()]{{1,16}}\))?(?: patients)? "
    r"(?:had|with|having|were|was|had received|received|had (?:an? )?)"
)
_HAD_STATUS = re.compile(
    rf"{_WHO} (?:an? )?(?:baseline )?{STATUS} ?(?:of |score of |= ?)?{_V}\b(?! ?(?:or|-|"
    r"to|%|and|in))",
                         re.IGNORECASE)  # fmt: skip
_HAD_LINES = re.compile(
    rf"{_WHO} (?:received )?{_V} (?:or more )?{MEASURES[2].pattern.pattern}(?! (?:with|"
    r"contain|includ|that|as|in))",
    re.IGNORECASE,
)
_STATUS_WAS = re.compile(rf"(?:(?:{STATUS}|\bit) (?:was|were)\b|{STATUS}:)(?P<rest>[^.;]*)", re.IGNORECASE)
_LINES_WERE = re.compile(
    rf"(?:\b[Nn]umber of )?{MEASURES[2].pattern.pattern} (?:was|were)\b(?P<rest>[^.;]*)", re.IGNORECASE
)
_IN = re.compile(rf"(?<![\d.,]){_V}(?: in|:| =| \(n ?=)? \(?(?:n ?= ?)?(?!0\b)(?P<n>\d+|{N})\b")


_HAS_STATUS = re.compile(STATUS, re.IGNORECASE)
_SHARE_OF = re.compile(
    rf"(?<![\d.])(?!0 ?%)\d{{1,3}}(?:\.\d+)? ?%(?: \([^()]*\))?(?: of (?:the )?patients)?(?: "
    rf"had)?(?: an? {STATUS})? of (?P<v>[0-4])\b(?!\.\d| ?(?:or\b|to\b|-|%))",
    re.IGNORECASE,
)
"""`71% had an ECOG PS of 0, 24% of 1 and 5% of 2`."""


def _counted(case: Case, p: Passage, measure: Measure) -> Iterator[tuple[int, int]]:
    """Values that somebody had: `14 patients had an ECOG PS of 2`, `it was 0 in 30, 1 in 80 and 2 in 16`."""
    pattern = _HAD_STATUS if measure.name == "performance status" else _HAD_LINES
    for m in pattern.finditer(case.flat, p.start, p.end):
        yield m.span("v")
    if pattern is _HAD_STATUS and _HAS_STATUS.search(case.flat, p.start, p.end) is not None:
        for m in _SHARE_OF.finditer(case.flat, p.start, p.end):
            yield m.span("v")
    for was in (_STATUS_WAS if pattern is _HAD_STATUS else _LINES_WERE).finditer(case.flat, p.start, p.end):
        for m in _IN.finditer(case.flat, was.start("rest"), was.end("rest")):
            yield m.span("v")


_RANGE_OF_ALL = re.compile(r"(?<!quartile )(?<!quartile-)\brange\b", re.IGNORECASE)
_ROW_RANGE = re.compile(r"[(\[](?P<a>\d+(?:\.\d+)?) ?(?:-|to|,) ?(?P<b>\d+(?:\.\d+)?)[)\]]")
_BEYOND = re.compile(
    r"(?:(?P<more>>(?!=)|over )|(?P<less><(?!=)|under )|≥|>=|≤|<=) ?(?P<n>\d+)\b(?! ?%)", re.IGNORECASE
)
_CAPTION_AND_HEAD = 2
_OF_OTHERS = re.compile(
    r"registry|population|control|histor|external|validation|real[- ]world|cohort|screened|donor|healthy|excluded",
    re.IGNORECASE,
)
"""Words over a table that has columns of others than those who entered."""
_WORDS_OF_ANOTHER = re.compile(r"(?!years?\b)[A-Za-z]{3,}")


def values_in_rows(
    case: Case, measure: Measure
) -> Iterator[tuple[Passage, str, tuple[Fraction, Fraction, Fraction], tuple[int, int]]]:
    """Values in rows of tables, with the label: ends of a range, and a group such as `>75 y` that has somebody in it.

    Rows without words of their own are of the measure that the row above them names.
    """
    of, head, tops = None, "", dict[int, list[str]]()
    for p in case.text.passages:
        if p.table is None:
            continue
        top = tops.setdefault(p.table, [])
        if len(top) < _CAPTION_AND_HEAD:
            top.append(case.flat[p.start : p.end])
        if _OF_OTHERS.search(" ".join(top)):
            continue
        (a, b), cells = cells_of(case.flat, p.start, p.end) or ((p.start, p.end), [])
        label = case.flat[a:b]
        if measure.pattern.search(label):
            of, head = p.table, label
        elif of != p.table or _WORDS_OF_ANOTHER.search(label):
            of = None
        if of is None:
            continue
        for c in cells:
            m = _ROW_RANGE.search(c.words) if _RANGE_OF_ALL.search(label) else None
            if m is None:
                continue
            for k in "ab":
                yield p, head, value_of(m[k], "", measure), (c.start + m.start(k), c.start + m.end(k))
        edge = _BEYOND.search(label)
        if edge is not None and measure.name == "age" and any(re.match(r"\W*[1-9]", c.words) for c in cells[:1]):
            value = value_of(edge["n"], "", measure)[0] + (1 if edge["more"] else -1 if edge["less"] else 0)
            yield p, head, (value, value, value), (a + edge.start(), a + edge.end())
