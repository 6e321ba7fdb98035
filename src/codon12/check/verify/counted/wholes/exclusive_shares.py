"""Percentages listed one after another of what each has one of: `45% adenocarcinoma, 40% squamous and 25% other`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.check.verify.counted.reading.list_words import is_of_each_group
from codon12.numbers.unrounded import read_printed

__all__ = ["check_exclusive_shares"]

_P = r"\d+(?:\.\d+)? ?%"
_LABEL = (
    r"(?: ?\(\d+\))? (?:(?:of (?:the )?(?:patients|participants|tumou?rs|cases) )?(?:had|were|was|with|of|"
    r"in|as|have) )?(?P<l>[^.;%\d]{2,45}?)"
)
_ITEM = re.compile(
    rf"(?<![\d.≥≤<>])(?P<p>\d+(?:\.\d+)?) ?%{_LABEL}(?=,? and \d|, \d|,? or \d|[.;,)]|$| (?:histolog|disease|type))"
)
_RUN = re.compile(
    rf"(?<![\d.≥≤<>]){_P}(?: ?\(\d+\))? [^.;%\d]{{2,60}}?(?:(?:, and |, | and |,? or ){_P}(?: ?\(\d+\))? "
    rf"[^.;%\d]{{2,60}}?)+(?=[.;,)]|$)"
)
_ONE_OF = (
    re.compile(
        r"adenocarcinoma|squamous|large[- ]cell|small[- ]cell|histolog|ductal|lobular|sarcomatoid|NOS\b", re.IGNORECASE
    ),
    re.compile(r"\bwhite|caucasian|black|asian|hispanic|african american", re.IGNORECASE),
    re.compile(r"\bnever[- ]|\bformer|\bcurrent", re.IGNORECASE),
    re.compile(r"\bstage [IV]+|\blimited|\bextensive", re.IGNORECASE),
    re.compile(r"\bcomplete|\bpartial|\bstable|\bprogressi", re.IGNORECASE),
    re.compile(r"\bmarried|\bsingle\b|\bdivorced|\bwidow", re.IGNORECASE),
    re.compile(r"\bfirst[- ]line|\bsecond[- ]line|\bthird[- ]line|later[- ]line", re.IGNORECASE),
)
"""Words of which each patient has one."""
_REST = re.compile(
    r"\b(?:others?|unknown|missing|not (?:reported|available|evaluable|known)|mixed|neither)\b", re.IGNORECASE
)
_RATES = re.compile(
    r"\brespon\w+ rates?|\bsurviv|\brespectively|\bamong|\barms?\b|\bversus|\bvs\b|\bincidence|\bby\b", re.IGNORECASE
)


def check_exclusive_shares(case: Case) -> None:
    """Check that the shares of what excludes each other, listed in one run, are at most a hundred percent."""
    for p, statements in case.prose():
        if case.says(statements[0], _RATES) or case.flat.count("%", p.start, p.end) < 2:
            continue
        for run in _RUN.finditer(case.flat, p.start, p.end):
            items = list(_ITEM.finditer(case.flat, run.start(), run.end()))
            words = [case.flat[m.end("p") : m.end()].lstrip(" %") for m in items]
            if is_of_each_group(case.flat[p.start : run.start()], words):
                continue
            if len(items) >= _FEWEST and _exclude_each_other([m["l"] for m in items]):
                _judge(case, items, p.index)

        axis = _AXIS.search(case.flat, p.start, p.end)
        if axis is not None and not _SEVERAL_EACH.search(case.flat, p.start, p.end):
            for pattern in (_LABEL_IN, _LABEL_BRACKET):
                found = _contiguous(list(pattern.finditer(case.flat, axis.end(), p.end)), case.flat, axis.end())
                if len({m["l"].lower() for m in found}) == len(found) > 1:
                    _judge(case, found, p.index)


_AXIS = re.compile(
    r"\b(?:histolog(?:y|ical type|ic type)|status|locat(?:ed|ion)|(?:primary |tumou?r )?site|sidedness|stage|subtype|"
    r"race|ethnicity|diagnosis)(?: at \w+)?(?: (?:was|were))?(?: in the)?(?: an?)? ",
    re.IGNORECASE,
)
"""A measure of which each patient has one level, before the levels and their shares."""
_SHARE = r"(?P<p>\d+(?:\.\d+)?) ?%"
_LABEL_IN = re.compile(rf"(?P<l>[A-Za-z][A-Za-z /-]{{1,40}}?) in {_SHARE}")
_LABEL_BRACKET = re.compile(rf"(?P<l>[A-Za-z][A-Za-z /-]{{1,30}}?) ?\({_SHARE}\)")
_SEVERAL_EACH = re.compile(
    r"\b(?:both|several|multiple|more than one|at least one|either|vs|versus|arms?|groups?|cohorts?|than|or more)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:of (?:the )?(?:patients|cases|tumou?rs))?,? ?(?:and |or )?(?:in the |the )?")


def _contiguous(items: list[re.Match[str]], flat: str, start: int) -> list[re.Match[str]]:
    """The items that follow each other right from `start`, none of other words between them."""
    out: list[re.Match[str]] = []
    end = start
    for m in items:
        if m.start() - end > _MOST_BETWEEN or _BETWEEN.fullmatch(flat[end : m.start()].strip(" ")) is None:
            break
        out.append(m)
        end = m.end()
    return out


_MOST_BETWEEN = 30
_FEWEST = 3


def _exclude_each_other(labels: list[str]) -> bool:
    """Whether all labels but a rest are of one kind, and no two are the same."""
    named = [x for x in labels if not _REST.search(x)]
    alike = any(all(words.search(x) for x in named) for words in _ONE_OF)
    return len(named) >= 2 and alike and len({x.lower() for x in labels}) == len(labels)


_OF_ANY_RACE = re.compile(r"hispanic|latin[oax]", re.IGNORECASE)
"""Often asked beside race: who is Hispanic may be of any."""


def _judge(case: Case, items: list[re.Match[str]], passage: int) -> None:
    shares = [read_printed(m["p"]) for m in items]
    low = sum((max(x.low, Fraction(0)) for x in shares), Fraction(0))
    members = [m.span("p") for m in items]
    shown = " + ".join(x.text for x in shares)
    hispanic = sum((x.value for m, x in zip(items, shares, strict=True) if _OF_ANY_RACE.search(m["l"])), Fraction(0))
    if hispanic and low - hispanic <= 100:
        return
    if low > 100:
        on = (holder(case.by_passage[passage], members[-1][0]),)
        sentence = f"{shown} % is at least {float(low):.4g} %, if these exclude each other."
        case.relate("sum", members, "error-if", sentence, "exclusive categories", on=on)
