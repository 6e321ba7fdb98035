"""Medians of times to an event against each other and against rates: half are past the event at the median.

`Median OS was 9.4 months; 62% were alive at 12 months`; `median PFS 14.2, median OS 11.8 months`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, judge, sentences_with
from codon12.check.verify.several import several_groups
from codon12.check.verify.survival.medians_and_landmarks import medians_against_landmarks
from codon12.check.verify.survival.order import RATE_WORDS
from codon12.check.verify.survival.rates_told import Rate, rates_told
from codon12.numbers.unrounded import read_printed

__all__ = ["check_medians_and_rates"]

_TIMES = ("PFS", "OS", "DFS", "EFS", "RFS", "MFS", "FFS")
_CLOSE = 3
_SLACK = Fraction(2, 100)
"""Part of its time by which a median and a rate must be apart: months are not all of one length."""
_DIFFERENCE = re.compile(r"\b(?:difference|gain|benefit|improvement|prolongation|increase)\b[^.;]{0,20}$")
_SEVERAL = several_groups(
    *("subgroups?", "responders", "survivors", "both"),
    *(
        "respectively",
        "while",
        "whereas",
        "stages?",
        "grades?",
        "risk",
        r"conditional\w*",
        "subgroups?",
        "responders",
        "survivors",
        "both",
    ),
    *("positive", "negative", "those", "placebo", r"with(?:out)? (?:the )?mutation", r"\d,? and \d"),
)
_U = r"(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)"
_N = r"\d+(?:\.\d+)?"
_FREE = (
    r"(?P<what{0}>overall |(?:progression|event|disease|relapse|recurrence|metastasis|failure)-free )?"
    r"(?P<short{0}>survival|OS|PFS|DFS|EFS|RFS|MFS)(?: time)?(?: \([A-Z]+\))?"
)
_HALF = (
    r"\bhalf of (?:[^.;\d]{{3,40}}|[a-z ]{{0,8}}\d+ [a-z ]{{3,30}}) (?:had |have |were )?"
    r"(?P<what_{0}>died|dead|progressed|relapsed|recurred|failed)"
)
_MEDIAN = re.compile(
    rf"{_HALF.format('happened')} by (?P<v2>{_N}) (?P<u2>{_U})\b"
    rf"|\b(?:at|by|after) (?:a median of )?(?P<v3>{_N}) (?P<u3>{_U}),? {_HALF.format('had')}\b"
    rf"|\bmedian (?:for |of )?(?:the )?{_FREE.format('')}"
    r"(?:[^.;()\d]|\b(?:of|in|for|among) (?:the |all |these )*\d[\d,]* (?=[a-z])){0,50}?[,:]? "
    rf"(?:(?:was|of|is|reached|had) )?(?:(?P<not>not (?:yet )?(?:been )?(?:reached|estimable|evaluable))"
    rf"|(?P<v>{_N}) (?P<u>{_U})\b)"
    rf"|\bmedian (?:of|was) (?P<v4>{_N}) (?P<u4>{_U}) (?:for|of) (?:the )?{_FREE.format('4')}"
    rf"|(?:;|,|,? (?:and|with)) (?:the|its|a|an estimated) (?:Kaplan-Meier |estimated )?median (?:was|of|being|is) "
    rf"(?P<v5>{_N}) (?P<u5>{_U})\b(?! (?:for|of|follow))",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:\b(?P<named>OS|PFS|DFS|EFS)(?:[:,;]| \()? ?[Mm]edian(?: of| was|,|:)?|\bm(?P<m>OS|PFS)(?: of| was|,|:)?) "
    rf"(?P<v>{_N}) (?P<u>{_U})\b"
)
"""`OS: median 12.5 mo`, `mPFS 5.6 mos`."""
_BOTH = re.compile(
    r"\bmedian (?P<first>progression-free|disease-free|event-free|relapse-free|PFS|DFS|EFS"
    r"|RFS)(?: survival)?(?: \([A-Z]+\))? and (?:median )?"
    r"(?:overall survival|OS)(?: times?)?(?: \([A-Z]+\))?(?:,[^.;\d]{3,50},| from [a-z ]{3,30}?"
    r"| in [a-z ]{3,30}?)? (?:was|were|of|reached) "
    rf"(?P<a>{_N})(?: {_U})?(?: \([^()]{{3,40}}\))?,? and (?P<b>{_N}) ?{_U}\b",
    re.IGNORECASE,
)
"""Both medians under one verb: `median PFS and OS were 9.3 and 18.8 months`."""
_FREE_OF = {"progression": "PFS", "event": "EFS", "disease": "DFS", "relapse": "RFS", "recurrence": "RFS"}
_FREE_OF |= {"metastasis": "MFS", "failure": "FFS"}
_HAPPENED = {"died": "OS", "dead": "OS", "progressed": "PFS", "relapsed": "RFS", "recurred": "RFS", "failed": "FFS"}
_DAYS = {"y": Fraction(36525, 100), "m": Fraction(36525, 1200), "w": Fraction(7), "d": Fraction(1)}


class _Median(NamedTuple):
    outcome: str
    days: Fraction | None
    """None where it is said not to be reached."""
    text: str
    place: tuple[int, int]
    passage: Passage


def check_medians_and_rates(case: Case) -> None:
    """Check the median of PFS against that of OS, and each median against the rates near it."""
    medians_against_landmarks(case)
    _progression_first(case)
    for p in sentences_with(case, "median"):
        _never_reached(case, p)
        _of_one_arm(case, p)
        _of_each_arm(case, p)
    medians = list(_medians(case))
    if not medians:
        return
    told = [(p, rates) for p in sentences_with(case, *RATE_WORDS) if (rates := rates_told(case, p))]
    of_outcome: dict[str, list[_Median]] = defaultdict(list)
    for m in medians:
        of_outcome[m.outcome].append(m)
    for same in of_outcome.values():
        if len({m.days for m in same}) == 1:
            _against_rates(case, same[0], told)


_WHAT = (
    r"(?P<what>overall survival|survival|duration of response|time to progression|TTP|DOR|OS|PFS|DFS|EFS|RFS|MFS|i?DFS|[a-z]+(?:-| )?(?:[a-z]+-)?free survival)"
    r"(?: time)?(?: \([A-Za-z]+\))?"
)
_IN_ALL = r"(?: (?:in|with|for|by) (?:either|both|any|all|each|the two|these)\b[^.;,()%]{0,40}?)"
_RATES_BEHIND = (
    r"(?:[,;:]|,? (?:and|but|with))? ?\(?(?:the |a |an )?(?:estimated |respective |corresponding |Kaplan-Meier )*"
    rf"(?P<n>\d+(?:\.\d+)?)[- ](?P<t>{_U}) (?P<of>[^.;()\d%]{{0,40}}?)"
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
    return _FREE_OF.get(first, "OS" if words in ("overall survival", "survival", "os") else words.upper())


def _of_same(named: str, of: str, words: str) -> bool:
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
        end = next((x.start() for x in re.finditer(r"\)|; |\. ", case.flat[m.end() : p.end])), p.end - m.end()) + m.end()
        if case.flat[m.end() - 1] == "(" or not _of_same(_what(m), m["of"], m["gap"]):
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
    rf" (?P<v>{_N}) (?P<u>{_U})(?(arm2)| {_BY} (?:the )?{_ARM})"
    r"(?:[,;]|,? (?:and|but)|\.) (?:the |an? )?(?:estimated |corresponding )?(?P<of>(?:[A-Za-z-]+ ){0,4}?)"
    rf"(?:(?:rate )?(?:at|after) (?P<n>{_N}) (?P<t>{_U})|(?P<n2>{_N})[- ](?P<t2>{_U})(?P<of2>(?: [A-Za-z-]+){{0,3}}?)"
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
        if m.start() >= p.end - p.start or not _of_same(m["what"], m["of"], f"{m['of']} {m['of2'] or ''}"):
            continue
        which = "n" if m["n"] else "n2"
        days, at = (
            Fraction(m[k]) * _DAYS[m[t][0].lower()] for k, t in (("v", "u"), (which, "t" if which == "n" else "t2"))
        )
        place = (p.start + m.start("v"), p.start + m.end("v"))
        r = (p.start + m.start("r"), p.start + m.end("r"))
        if compared(case, r, "median/landmarks"):
            continue
        median = _Median(_name(m["what"]), days, f"{m['v']} {m['u']}", place, p)
        _judge(case, median, p, Rate(median.outcome, "alive", at, 0, read_printed(m["r"]), r))


_TWO = r"(?: ?{u})?(?: \([^()]*\))?(?: (?:in|with|for|on|under|among) [^.;,()\d]{{1,40}}?)?,? (?:and|vs\.?|versus|against|compared with) "
_OF_EACH_ARM = re.compile(
    rf"\bmedian {_WHAT}(?:,| was| were| of)(?: [a-z]+)? (?P<a>{_N})"
    + _TWO.format(u=_U)
    + rf"(?P<b>{_N}) (?P<u>{_U})(?: \([^()]*\))?(?: (?:in|with|for|on|under|among) [^.;,()\d]{{1,40}}?)?(?:[,;.]|,? (?:and|with))(?: with)?"
    r" (?:the |an? )?(?:estimated |corresponding |respective )*"
    rf"(?P<n>{_N})[- ](?P<t>{_U}) (?P<of>(?:[A-Za-z-]+ ){{0,3}}?)(?:rates? |survival |OS |PFS )*(?:were |was |of )?(?P<c>\d[\d.]*)"
    + _TWO.format(u="%")
    + r"(?P<d>\d[\d.]*) ?%",
    re.IGNORECASE,
)


def _of_each_arm(case: Case, p: Passage) -> None:
    """`14.1 months with A and 9.8 with B; the 12-month rates were 38% and 40%`: as many above a half as live so long."""
    following = case.text.passages[p.index + 1] if p.index + 1 < len(case.text.passages) else p
    end = following.end if following.paragraph == p.paragraph else p.end
    for m in _OF_EACH_ARM.finditer(case.flat, p.start, end):
        if m.start() >= p.end or not _of_same(m["what"], m["of"], m["of"]):
            continue
        at = Fraction(m["n"]) * _DAYS[m["t"][0].lower()]
        medians = [Fraction(m[k]) * _DAYS[m["u"][0].lower()] for k in "ab"]
        rates = [read_printed(m[k]) for k in "cd"]
        if any(abs(x - at) <= at * 2 * _SLACK for x in medians) or any(x.low <= 50 <= x.high_cut for x in rates):
            continue
        if any(compared(case, m.span(k), "median/landmarks") for k in "cd"):
            continue
        if sum(x > at for x in medians) != sum(x.low > 50 for x in rates):
            sentence = (
                f"Medians of {m['a']} and {m['b']} {m['u']} do not go with {m['c']} % and {m['d']} % at {m['n']} {m['t']}."
            )
            places = [m.span(k) for k in "abcd"]
            judge(case, p, "median/landmarks", places, "error-if", sentence, "median bracketed by landmarks")


def _medians(case: Case) -> Iterator[_Median]:
    """Medians that sentences of one group tell."""
    for p in sentences_with(case, "median", "half of", "mos ", "mpfs"):
        if _SEVERAL.search(case.flat, p.start, p.end):
            continue
        for m in _MEDIAN.finditer(case.figures, p.start, p.end):
            outcome = _outcome(case, p, m)
            if outcome is None:
                continue
            key = "not" if m["not"] else next(k for k in ("v", "v2", "v3", "v4", "v5") if m[k])
            unit = next((m[k] for k in ("u", "u2", "u3", "u4", "u5") if m[k]), None)
            days = None if unit is None else Fraction(m[key]) * _DAYS[unit[0].lower()]
            yield _Median(outcome, days, f"{m[key].lstrip('0')} {unit}" if unit else "not reached", m.span(key), p)
        for m in _SHORT.finditer(case.flat, p.start, p.end):
            days = Fraction(m["v"]) * _DAYS[m["u"][0].lower()]
            yield _Median(m["named"] or m["m"], days, f"{m['v']} {m['u']}", m.span("v"), p)


def _outcome(case: Case, p: Passage, m: re.Match[str]) -> str | None:
    """What a median is of; of one without a name what all rates of its sentence are of."""
    if m["v5"]:
        named = {r.outcome for r in rates_told(case, p)}
        return named.pop() if len(named) == 1 else None
    if happened := m["what_happened"] or m["what_had"]:
        return _HAPPENED[happened.lower()]
    what, short = (m["what4"], m["short4"]) if m["v4"] else (m["what"], m["short"])
    return _FREE_OF.get((what or "").lower().split("-")[0].strip()) or (
        "OS" if what else short.upper().replace("SURVIVAL", "OS")
    )


def _against_rates(case: Case, median: _Median, told: list[tuple[Passage, tuple[Rate, ...]]]) -> None:
    """Compare with the rates of its own and the next sentences of the paragraph, where those are of one group."""
    for p, rates in told:
        near = p.index == median.passage.index or (
            abs(p.index - median.passage.index) <= _CLOSE and p.paragraph == median.passage.paragraph
            and not _SEVERAL.search(case.flat, p.start, p.end)
        )  # fmt: skip
        for r in rates if near else ():
            if (
                r.outcome != median.outcome
                or r.group
                or _of_others(case, median, r)
                or sum(x.days == r.days and x.outcome == r.outcome for x in rates) > 1
            ):
                continue
            if not compared(case, r.place, "median/landmarks"):
                _judge(case, median, p, r)


_OF_WHOM = re.compile(r" (?:in|among|for|with) (?:the )?(?P<who>[a-z-]+)(?: (?P<next>[a-z-]+))?")
_SAME = frozenset(
    "that this these those them all both each our whole entire same total which a an".split()  # noqa: SIM905
)


def _of_others(case: Case, median: _Median, r: Rate) -> bool:
    """Whether the words right behind a median and a rate name different people: `in the elderly`, `in the young`."""
    begin = re.compile(rf" ?{_U}|").match(case.flat, median.place[1])
    of = [
        _OF_WHOM.match(case.flat, x.end()) for x in (begin, re.compile(r" ?%?").match(case.flat, r.place[1])) if x
    ]
    who = [m["who"] for m in of if m is not None and m["who"] not in _SAME]
    return len(who) == _BOTH_NAMED and who[0] != who[1]


_BOTH_NAMED = 2


def _judge(case: Case, median: _Median, p: Passage, r: Rate) -> None:
    high, low = r.rate.low > 50, r.rate.high_cut < 50
    places = [median.place, r.place]
    method = "median bracketed by landmarks"
    if median.days is None:
        if low:
            sentence = f"At {r.rate.text} % the median has been passed, which is told as not reached."
            judge(case, p, "median/landmarks", places, "error-if", sentence, method)
        return
    late, early = r.days > median.days * (1 + _SLACK), r.days < median.days * (1 - _SLACK)
    if (late and high) or (early and low):
        side = "after" if late else "before"
        sentence = (
            f"{r.rate.text} % puts the median {side} that time; {median.text} is {'before' if late else 'after'} it."
        )
        judge(case, p, "median/landmarks", places, "error-if", sentence, method)
    elif late or early:
        sentence = f"A median of {median.text} agrees with {r.rate.text} %."
        judge(case, p, "median/landmarks", places, "ok", sentence, method)


def _progression_first(case: Case) -> None:
    """Death is an event of progression-free survival: its median is never above that of survival."""
    medians: dict[str, list[Statement]] = defaultdict(list)
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_ci", "median_only") or q.outcome not in _TIMES or q.unit != "months":
            continue
        if q.value is not None and not case.cites(s) and _DIFFERENCE.search(case.around(s, 40, 0)[0]) is None:
            medians[q.outcome].append(s)
    for p in sentences_with(case, "median"):
        for m in _BOTH.finditer(case.flat, p.start, p.end):
            _never_longer(case, p, m)
    for first in ("PFS", "DFS", "EFS"):
        a, b = _only(medians.get(first, [])), _only(medians.get("OS", []))
        if a is None or b is None or abs(a.passage - b.passage) > _CLOSE or a.section != b.section:
            continue
        if _of_some_and_all(case.sentence(a), case.sentence(b)):
            continue
        early, late = a.quantities.value, b.quantities.value
        assert early is not None
        assert late is not None
        if early.low > late.high_cut:
            sentence = f"In the same patients median {first} ({early.text}) cannot be longer than OS ({late.text})."
            case.relate("order", (a, b), "error-if", sentence, f"{first} <= OS", on=(a,))
        else:
            sentence = f"Median {first} ({early.text}) is not longer than OS ({late.text})."
            case.relate("order", (a, b), "ok", sentence, f"{first} <= OS")


_SOME = re.compile(r"\bsub(?:group|set|population)")
_EVERYBODY = re.compile(r"\b(?:all|the (?:whole|entire|full)|(?:in|of) the overall)\b")


def _of_some_and_all(*sentences: str) -> bool:
    """Whether some sentences are of a subgroup and of everybody, or one of a subgroup and the other not."""
    some = [_SOME.search(x) is not None for x in sentences]
    return any(some) and (not all(some) or any(_EVERYBODY.search(x) for x in sentences))


def _never_longer(case: Case, p: Passage, m: re.Match[str]) -> None:
    early, late = read_printed(m["a"]), read_printed(m["b"])
    if early.low > late.high_cut and not _of_some_and_all(case.flat[p.start : p.end]):
        sentence = f"In the same patients median {m['first']} ({m['a']}) cannot be longer than OS ({m['b']})."
        judge(case, p, "order", [m.span("a"), m.span("b")], "error-if", sentence, "PFS <= OS")


def _only(statements: list[Statement]) -> Statement | None:
    """The statement that gives the one median of an outcome; None where there are several."""
    values = {s.quantities.value.value for s in statements if s.quantities.value is not None}
    return statements[0] if len(values) == 1 else None
