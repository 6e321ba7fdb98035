"""Medians of one arm, of each or of all arms against the rates told of the same.

`Median OS was not reached in either arm (3-year rates 47% and 69%)`; `14 months in the A group; survival at 12 months
was 38% in that group`; `14.1 months with A and 9.8 with B; the 12-month rates were 38% and 40%`.
"""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge
from codon12.check.verify.survival.medians_and_rates import DAYS, FREE_OF, SLACK, UNIT_OF_TIME, Median, judge_rate
from codon12.check.verify.survival.rates_told import Rate
from codon12.numbers.unrounded import read_printed

__all__ = ["check_medians_of_arms"]

_N = r"\d+(?:\.\d+)?"


def check_medians_of_arms(case: Case, p: Passage) -> None:
    """Check the medians of a sentence against the rates that it, or the next, tells of the same arms."""
    _never_reached(case, p)
    _of_one_arm(case, p)
    _of_each_arm(case, p)


_WHAT = (
    r"(?P<what>overall survival|survival|duration of response|time to progression|TTP|DOR|OS|PFS|DFS|EFS|RFS|"
    r"MFS|i?DFS|[a-z]+(?:-| )?(?:[a-z]+-)?free survival)"
    r"(?: time)?(?: \([A-Za-z]+\))?"
)
_IN_ALL = r"(?: (?:in|with|for|by) (?:either|both|any|all|each|the two|these)\b[^.;,()%]{0,40}?)"
_RATES_BEHIND = (
    r"(?:[,;:]|,? (?:and|but|with))? ?\(?(?:the |a |an )?(?:estimated |respective |corresponding |Kaplan-Meier )*"
    rf"(?P<n>\d+(?:\.\d+)?)[- ](?P<t>{UNIT_OF_TIME}) (?P<of>[^.;()\d%]{{0,40}}?)"
    r"(?:rates?|survival|OS|PFS|DFS|EFS|RFS|MFS|DOR)\b"
)
_FIGURES = re.compile(
    r"(?<![\w.,/<>≤≥±-])(?<!to )(?<!CI )(?<!CI, )(?<!CI: )(?P<v>\d[\d.]*) ?%"
    r"(?! ?(?:CI|confidence|in favou?r|to \d|- ?\d))"
)
_NEVER = re.compile(
    rf"(?:\bmedian {_WHAT}(?: \([a-zA-Z]+\))? (?:was|has|had|were|is) not(?: yet)?(?: been)? (?:reached|attained)"
    rf"{_IN_ALL}?|\b(?:neither|none of the|no) (?:[a-z]+ )?(?:arms?|groups?|cohorts?) (?:had |has )?(?:yet )?"
    rf"(?:reached|attained) (?:its|the|their|a) median {_WHAT.replace('<what>', '<what2>')}"
    rf"|\bmedian (?:was|has) not(?: yet)?(?: been)? reached for {_WHAT.replace('<what>', '<what4>')}"
    rf"|\bin (?:neither|none of the|no) (?:[a-z]+ )?(?:arms?|groups?|cohorts?) (?:was|has|had) (?:the )?median "
    rf"{_WHAT.replace('<what>', '<what3>')} (?:been )?(?:reached|attained))"
    rf"(?P<gap>{_RATES_BEHIND})",
    re.IGNORECASE,
)
_OTHER_WAY = re.compile(
    r"\b(?:mortality|death|incidence|relapse(?!-free)|recurrence(?!-free)|progression(?!-free)|failure(?!-free)|"
    r"response|control|toxicity|conditional)\b",
    re.IGNORECASE,
)


def _name(words: str) -> str:
    words = words.lower().strip()
    first = re.split(r"[- ]", words)[0]
    return FREE_OF.get(first, "OS" if words in ("overall survival", "survival", "os") else words.upper())


def _of_same(named: str, words: str) -> bool:
    """Whether rates are of the outcome of the median before them, or of none that is named."""
    told = re.findall(r"(?:[a-z]+(?:-| )free survival|overall survival|(?-i:OS|PFS|DFS|EFS|RFS|MFS))", words)
    words = re.sub("duration of response", "", words, flags=re.IGNORECASE)
    return not _OTHER_WAY.search(words) and all(_name(x) == _name(named) for x in told)


_WHATS = ("what", "what2", "what3", "what4")


def _what(m: re.Match[str]) -> str:
    return next(m[k] for k in _WHATS if m[k])


def _never_reached(case: Case, p: Passage) -> None:
    """`Median OS was not reached in either arm (3-year rates 47% with and 69% without)`: none is below a half."""
    for m in _NEVER.finditer(case.flat, p.start, p.end):
        end = (
            next((x.start() for x in re.finditer(r"\)|; |\. ", case.flat[m.end() : p.end])), p.end - m.end()) + m.end()
        )
        if case.flat[m.end() - 1] == "(" or not _of_same(_what(m), m["gap"]):
            continue
        for x in _FIGURES.finditer(case.flat, m.end(), end):
            rate = read_printed(x["v"])
            at = x.span("v")
            if rate.high_cut < _HALF_OF_ALL and not compared(case, at, "median/landmarks", "interval"):
                sentence = f"At {rate.text} % the median has been passed, which is told as not reached."
                places = [m.span(next(k for k in _WHATS if m[k])), at]
                judge(case, p, "median/landmarks", places, "error-if", sentence, "median bracketed by landmarks")
                return


_HALF_OF_ALL = 50
_ARM = r"(?P<arm>[A-Za-z0-9/+-]+(?: [A-Za-z0-9/+-]+){0,3}?)"
_BY = r"(?:in|with|for|on|under|among)"
_OF_ONE_ARM = re.compile(
    rf"\bmedian {_WHAT}(?: {_BY} (?:the )?(?P<arm2>[A-Za-z0-9/+-]+(?: [A-Za-z0-9/+-]+){{0,3}}?))?(?:,| was| of)"
    rf" (?P<v>{_N}) (?P<u>{UNIT_OF_TIME})(?(arm2)| {_BY} (?:the )?{_ARM})"
    r"(?:[,;]|,? (?:and|but)|\.) (?:the |an? )?(?:estimated |corresponding )?(?P<of>(?:[A-Za-z-]+ ){0,4}?)"
    rf"(?:(?:rate )?(?:at|after) (?P<n>{_N}) (?P<t>{UNIT_OF_TIME})|(?P<n2>{_N})[- "
    rf"](?P<t2>{UNIT_OF_TIME})(?P<of2>(?: [A-Za-z-]+){{0,3}}?)"
    r"(?: rate)?) (?:was|of|being) (?P<r>\d[\d.]*) ?%"
    rf"(?= {_BY} (?:(?:that|this|the same|these|those|them)\b|(?:the )?(?(arm2)(?P=arm2)|(?P=arm))\b))",
    re.IGNORECASE,
)


def _of_one_arm(case: Case, p: Passage) -> None:
    """`Median OS was 14 months in the A group; survival at 12 months was 38% in that group`."""
    following = case.text.passages[p.index + 1] if p.index + 1 < len(case.text.passages) else p
    end = following.end if following.paragraph == p.paragraph else p.end
    said = re.sub(r"(?<=[a-z] )(?P<w>in|with|for) (?P=w)\b", "in", case.flat[p.start : end])
    for m in _OF_ONE_ARM.finditer(said) if len(said) == end - p.start else ():
        if m.start() >= p.end - p.start or not _of_same(m["what"], f"{m['of']} {m['of2'] or ''}"):
            continue
        which = "n" if m["n"] else "n2"
        days, at = (
            Fraction(m[k]) * DAYS[m[t][0].lower()] for k, t in (("v", "u"), (which, "t" if which == "n" else "t2"))
        )
        place = (p.start + m.start("v"), p.start + m.end("v"))
        r = (p.start + m.start("r"), p.start + m.end("r"))
        if compared(case, r, "median/landmarks"):
            continue
        median = Median(_name(m["what"]), days, f"{m['v']} {m['u']}", place, p)
        judge_rate(case, median, p, Rate(median.outcome, "alive", at, 0, read_printed(m["r"]), r))


_WITH = rf"(?: \([^()]*\))?(?: {_BY} [^.;,()\d]{{1,40}}?)?"
_AND = rf"{_WITH},? (?:and|vs\.?|versus|against|compared with) "
_OF_EACH_ARM = re.compile(
    rf"\bmedian {_WHAT}(?:,| was| were| of)(?: [a-z]+)? (?P<a>{_N})(?: ?{UNIT_OF_TIME})?{_AND}"
    rf"(?P<b>{_N}) (?P<u>{UNIT_OF_TIME}){_WITH}(?:[,;.]|,? (?:and|with))(?: with)?"
    r" (?:the |an? )?(?:estimated |corresponding |respective )*"
    rf"(?P<n>{_N})[- ](?P<t>{UNIT_OF_TIME}) (?P<of>(?:[A-Za-z-]+ ){{0,3}}?)(?:rates? |survival |OS |PFS )*"
    rf"(?:were |was |of )?(?P<c>\d[\d.]*)(?: ?%)?{_AND}(?P<d>\d[\d.]*) ?%",
    re.IGNORECASE,
)


def _of_each_arm(case: Case, p: Passage) -> None:
    """`14.1 months with A and 9.8 with B; 12-month rates, 38% and 40%`: as many are above a half as live so long."""
    following = case.text.passages[p.index + 1] if p.index + 1 < len(case.text.passages) else p
    end = following.end if following.paragraph == p.paragraph else p.end
    for m in _OF_EACH_ARM.finditer(case.flat, p.start, end):
        if m.start() >= p.end or not _of_same(m["what"], m["of"]):
            continue
        at = Fraction(m["n"]) * DAYS[m["t"][0].lower()]
        medians = [Fraction(m[k]) * DAYS[m["u"][0].lower()] for k in "ab"]
        rates = [read_printed(m[k]) for k in "cd"]
        if any(abs(x - at) <= at * 2 * SLACK for x in medians) or any(x.low <= 50 <= x.high_cut for x in rates):
            continue
        if any(compared(case, m.span(k), "median/landmarks") for k in "cd"):
            continue
        if sum(x > at for x in medians) != sum(x.low > 50 for x in rates):
            told = f"{m['c']} % and {m['d']} % at {m['n']} {m['t']}"
            sentence = f"Medians of {m['a']} and {m['b']} {m['u']} do not go with {told}."
            places = [m.span(k) for k in "abcd"]
            judge(case, p, "median/landmarks", places, "error-if", sentence, "median bracketed by landmarks")
