"""A state and its denial of one subject: `present in 44% and absent in 66%`, `731 came and 374 did not`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.asked import in_small
from codon12.check.verify.case import Case
from codon12.check.verify.counted.parts.opposed import APART, of_the_sentence_before
from codon12.check.verify.counted.reading.items import Told
from codon12.check.verify.counted.said import is_added, tell
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import read_printed

__all__ = ["check_denied"]

_MOST, _FEWEST = 160, 5


def check_denied(case: Case, told: Told) -> None:
    """Check that those who have something and those who have not are at most all."""
    _denied(case, told)
    _did_not(case, told)


_DONE = r"[a-z]+(?:ed|en|wn|ne|able|ible)|seen|found|visible|complete|adequate|known|stable|active"
_STATES = (
    (
        r"present|seen|found|detected|observed|evident|identified|visible|demonstrated|noted",
        (
            r"absent|not (?:present|seen|found|detected|observed|evident|identified|visible|demonstrated)|"
            r"undetect(?:ed|able)|invisible|ruled out|lacking|missing|excluded"
        ),
    ),
    (r"positive", r"negative"),
    (r"abnormal|elevated|raised|low|high|reduced|overexpressed|increased", r"normal"),
    (
        r"(?:tumou?r-)?free(?: of (?:tumou?r|disease))?|clear|uninvolved",
        r"involved|positive|infiltrated|invaded",
    ),
    (r"given|granted|obtained", r"refused|withheld|denied|not (?:given|granted|obtained)"),
    (r"accepted", r"refused|declined|rejected"),
    (r"retained|preserved|intact|expressed", r"lost|absent|not (?:retained|preserved|expressed)"),
    (r"wild-?type", r"mutated|mutant"),
    (
        r"complete|successful|adequate|possible|necessary|known|stable|curative",
        r"incomplete|unsuccessful|inadequate|impossible|unnecessary|unknown|unstable|palliative",
    ),
)
_BY = r"(?:in|by|for|on|from|of)"
_BY_SHARE = re.compile(rf" {_BY} \d[\d.]* ?%")
_WHOLE_OF = r" of (?:the |all |these |those |our |its )*[a-z][a-z -]{2,40}?"
_STATED = tuple(
    re.compile(
        rf"\b(?:{a}) {_BY} (?P<p>\d[\d.]*) ?%(?P<of>{_WHOLE_OF})?(?:,? (?:and|but)|,|,? while|,? whereas)"
        rf" (?:(?:was|were|it was|they were|had been) )?(?:{b}) {_BY} (?P<q>\d[\d.]*) ?%"
        r"(?P<of2> of (?:them|these|those)\b| of [a-z][a-z -]{2,40}?)?(?=[.,;:)]|$)"
    )
    for one, other in _STATES
    for a, b in ((one, other), (other, one))
)
_NOT_SO = re.compile(
    rf"\b(?P<done>{_DONE}) {_BY} (?P<p>\d[\d.]*) ?%(?P<of>{_WHOLE_OF})?(?:,? (?:and|but)|,|,? while|,? whereas)"
    rf" (?:(?:was|were) )?(?:not |un|in|non-?)(?P=done) {_BY} (?P<q>\d[\d.]*) ?%"
    r"(?P<of2> of (?:them|these|those)\b| of [a-z][a-z -]{2,40}?)?(?=[.,;:)]|$)"
)
_DID_NOT = re.compile(
    r"(?<![\w.,-])(?P<p>\d[\d.]*) ?%[^.;%\d()]{3,60}?[,;]? (?:and|while|whereas|but) (?:the (?:other|remaining) )?"
    r"(?P<q>\d[\d.]*) ?%(?P<of>)(?P<of2> of (?:them|these|those))? (?:did|were|was|had|have|do|are) not"
    r"(?: (?:[a-z]+ (?:it|them|one|so|this)|at all))?(?=[.,;:)]|$)"
)
_OF_EACH = re.compile(
    r"\b(?:respectively|former|latter|before|after|versus|vs|each|arms?|groups?|cohorts?|compared|than|survival|"
    r"rates?|predict\w*|sensitiv\w+|specific\w+)\b"
)


def _denied(case: Case, told: Told) -> None:
    """`present in 44% of the tumours and absent in 66%`: of one subject, of the same, so that they are at most all."""
    p = case.text.passages[told.passage]
    said = case.small[p.start : p.end]
    if said.count("%") < 2 or _OF_EACH.search(said):
        return
    stated = (*_STATED, _NOT_SO) if len(_BY_SHARE.findall(said)) > 1 else ()
    for pattern in (*stated, _DID_NOT) if " not" in said else stated:
        for m in pattern.finditer(said):
            x, y = read_printed(m["p"]), read_printed(m["q"])
            same = not m["of2"] or not m["of"] or m["of2"].split()[-1] in ("them", "these", "those")
            places = [(p.start + m.start(k), p.start + m.end(k)) for k in "pq"]
            if not same or x.low + y.low <= 100 or x.value + y.value >= _MOST or any(is_added(case, z) for z in places):
                continue
            total = float(x.value + y.value)
            text = f"{x.text} + {y.text} = {total:g} %, if these are opposites of the same."
            tell(case, p, "sum", places, "error-if", text, "opposites are at most all")
            return


_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d| ?%)"
_AND_DID_NOT = re.compile(
    rf"(?<![\w.,/-])(?P<a>{_N})(?: \([\d.]+ ?%\))? (?:of them |patients |women |men |people )?(?P<verb>[a-z]+)"
    rf"(?: [a-z]+){{0,4}}?,? (?:and|while|but|whereas) (?:the (?:other|remaining) )?(?P<b>{_N})(?: \([\d.]+ ?%\))? "
    r"(?:did|were|was|had|have|do|are|could|would) not(?: (?P<same>[a-z]+)(?: (?:so|it|to))?)?(?=[.;,)]|$)"
)
_STEM = 4


def _did_not(case: Case, told: Told) -> None:
    """`1,204 were invited. 731 came and 374 did not`: those who did and those who did not are all."""
    p = case.text.passages[told.passage]
    found = list(_AND_DID_NOT.finditer(in_small(case.figures[p.start : p.end]))) if " not" in told.words else []
    if len(found) != 1 or APART.search(told.words.replace("whereas", "and")):
        return
    m = found[0]
    if m["same"] and m["same"][:_STEM] != m["verb"][:_STEM]:
        return  # of another thing: `40 replied and 30 did not know`
    before = [x for x in told.items if x.n is not None and x.end <= p.start + m.start("a")]
    all_ = before or of_the_sentence_before(case, told)
    places = [(p.start + m.start(k), p.start + m.end(k)) for k in "ab"]
    if len(all_) != 1 or all_[0].n is None or any(is_added(case, x) for x in places):
        return
    did, rest, whole = int(m["a"].replace(",", "")), int(m["b"].replace(",", "")), all_[0].n
    if did + rest == whole or max(did, rest) >= whole or whole < _FEWEST:
        return
    due = whole - did
    slip = one_digit_apart(str(due), str(rest)) or sorted(str(due)) == sorted(str(rest))
    if did + rest > whole or slip:
        said = f"{did} + {rest} = {did + rest}, not {whole}: each did or did not."
        tell(case, p, "sum", [all_[0].at, *places], "error-if" if did + rest > whole else "unlikely",
             said, "opposites are at most all")  # fmt: skip
