"""A value told again one slip away: `1,934 admissions ... these 1,943 admissions`, `fell by 1.24 ... a fall of 1.42`.

Two numbers of one unit in two sentences, of which one is the other with two digits exchanged or with one other digit,
each printed once, whose clauses name the same thing and no other group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case, is_cited
from codon12.check.verify.counted.reading.items import told_in
from codon12.check.verify.counted.said import tell
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_told_twice"]

_NUMBER = re.compile(
    r"(?<![\w.,/:-])(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d,]*\d|\.\d|:\d)(?P<u> ?%|"
    r" ?(?:percentage points?|mg/m2|mg/kg|mg/dl|mmol/l|g/dl|g/l|"
    r"mm ?hg|mg|µg|mcg|ml|gy|kg|cm|mm|months?|weeks?|days?|years?|hours?|minutes?|points?)\b)?"
)
_WORD = re.compile(r"[a-z][a-z-]{2,}")
_STOP = frozenset(
    """the and was were with for from that this these those our all had has have been are their which who whom than into
    per during after before between among within overall median mean patients study total results conclusion conclusions
    methods background discussion summary years months weeks days year month versus also only both each one two at least
    more most less other not but may can could would should range interval confidence value rate rates group groups arm
    respectively compared significantly significant observed found seen reported showed shown number""".split()  # noqa: SIM905  a list of words reads better so
)
_BACK = re.compile(r"\b(?:these|those|this|the|our|all|all of the|of the|of all) (?:[a-z-]+ ){0,2}$")
_APART = re.compile(
    r"\b(?:groups?|arms?|cohorts|versus|vs|placebo|controls?|compared|than|respectively|men|women|males?|females?|boys|"
    r"girls|baseline|screened|eligible|excluded|validation|training|subgroup|subset|with|without|who|older|younger|"
    r"first(?! line\b)|second|remaining|evaluable|completed|responded|survivors|stage|grade|high|low|higher|lower|"
    r"increase[ds]?|from|to|previous|other (?:stud|ser)\w+|literature|meta-analysis|another|whom|which|case|cases|year|"
    r"at \d)\b"
)
_BACK_THING = re.compile(r"\b(?:the|this|these|that|our|its) (?:[a-z-]+ ){1,4}(?:of |\()$")
_CLOSING = re.compile(
    r"\b(?:conclu\w+|discussion|interpretation|in summary|our study|this study shows|in short|to sum up)\b"
)
_OF_A_TEST = re.compile(
    r"[=<>≤≥±+]\s*$|\b(?:p|hr|or|rr|ci|aor|ahr|r2|i2|z|t|f)[ :,]*$|\d(?: (?:to|and|vs\.?|versus)|,|;| ?-) $|"
    r"\bci\b[^()]{0,20}$"
)
_NOUN = re.compile(r" ?(?:[a-z-]+ ){0,2}?([a-z-]{3,}s|women|men|people|children|mice)\b(?<!us)(?<!is)(?<!was)(?<!has)")
_CHANGE = re.compile(
    r"\b(?:increase|decrease|reduction|rise|fall|difference|gain|loss|change|improvement|drop|decline) (?:of|"
    r"by|in [a-z0-9 ]+ (?:of|by)) $"
)
_GROUPED = frozenset(
    """group groups arm arms placebo control controls men women male males female females boys girls versus vs case
    cases excluded eligible screened evaluable completed remaining subset subgroup without responded validation training
    stage survivors cohorts older younger compared than respectively whom which who""".split()  # noqa: SIM905  a list of words reads better so
)
_NEAR = 60


class _Told(NamedTuple):
    value: str
    unit: str
    at: tuple[int, int]
    passage: int
    words: frozenset[str]
    apart: frozenset[str]
    noun: str
    back: bool
    """Whether it points back: `these 40`, `the rise of 1.2`."""
    closing: bool
    """Whether its sentence concludes or discusses, and has no other such number."""

    change: bool
    """Whether a change is named before it: `the rise of 1.2`."""
    all_of: frozenset[str]
    """What was done with all of them: `All 448 randomised patients`."""
    arm: str
    """The arm named right behind it: `18.3 months in the tremelimumab arm`, `with tremelimumab`."""
    of: frozenset[str]
    """The outcomes named beside it."""

    @property
    def many(self) -> bool:
        """Whether it has three digits or more."""
        return len(self.value.replace(",", "")) > 2


def check_told_twice(case: Case) -> None:
    """Note a value that a text tells again one slip away, of the same thing by its words."""
    times = Counter(m[0] for m in _PRINTED.finditer(case.flat))
    values = [
        x for x, n in times.items() if len(x.replace(",", "")) > (1 if n == 1 else 2) and (n == 1 or "." not in x)
    ]
    pairs = [x for x in _slips(values) if min(times[v] for v in x) == 1]
    if not pairs:
        return
    counts = {x.n for p in case.text.passages for x in told_in(case, p.index).items}
    pairs = [(a, b) for a, b in pairs if abs(_whole(a) - _whole(b)) not in counts or "." in a]
    wanted = {x for pair in pairs for x in pair}
    told: dict[str, list[_Told]] = defaultdict(list)
    for t in _numbers(case, wanted):
        if len(told[t.value]) < _MANY:
            told[t.value].append(t)
    for once, other in (sorted(pair, key=times.__getitem__) for pair in pairs):
        here, there = told.get(once, ()), told.get(other, ())
        if times[other] > 1:  # of what is printed often, that which counts the same things
            there = [t for t in there if here and sorted(once) == sorted(other) and _counts_the_same(here[0], t)][:1]
        if not here or not there:
            continue
        a, b = sorted((here[0], there[0]), key=lambda t: t.at)
        if a.unit == "%" and abs(float(a.value) + float(b.value) - 100) < _ROUNDING:
            continue  # those with and those without
        if a.unit == b.unit and (a.passage != b.passage or (a.noun and a.many)) and _same(a, b):
            p = case.text.passages[b.passage]
            said = f"{a.value}{a.unit} here and {b.value}{b.unit} there: if they are of the same, one is a slip."
            tell(case, p, "restated", [a.at, b.at], "unlikely", said, "comparison")


def _counts_the_same(a: _Told, b: _Told) -> bool:
    """Whether two numbers count the same things: of people their words say more than that."""
    shared = (a.words & b.words) - {_stem(a.noun)}
    return bool(a.noun) and a.noun == b.noun and (bool(shared) or _PEOPLE.fullmatch(a.noun) is None)


_PEOPLE = re.compile(r"patients|participants|subjects|women|men|children|people|cases|adults|events|deaths")
_ROUNDING = 0.11
_PRINTED = re.compile(r"\d(?<![\w.]\d)[\d,]*(?:\.\d+)?")


def _whole(value: str) -> int:
    return int(float(value.replace(",", "")))


def _slips(values: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of values one slip apart: two digits exchanged, or one other digit of three or more."""
    yield from _apart(values, lambda value: "".join(sorted(value)))
    long = [value for value in values if sum(map(str.isdigit, value)) > 2]
    for i in range(max(map(len, long), default=0)):
        yield from _apart(
            [x for x in long if x[i : i + 1].isdigit()], lambda value, i=i: f"{value[:i]}?{value[i + 1 :]}"
        )


def _apart(values: list[str], as_key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Pairs of values with one key that are one slip apart."""
    places: dict[str, list[str]] = defaultdict(list)
    for value in values:
        places[as_key(value)].append(value)
    for alike in places.values():
        for a, b in combinations(alike[:_MANY], 2):
            if one_digit_apart(a.replace(",", ""), b.replace(",", "")):
                yield a, b


_MANY = 20


def _same(a: _Told, b: _Told) -> bool:
    """Whether the words beside two numbers name one thing: the noun they count pointed back to, or most words."""
    counted = not a.unit and "." not in a.value
    turned = sorted(a.value) == sorted(b.value)
    if turned and b.change and b.passage - a.passage == 1 and a.unit and not _GROUPED & (a.apart | b.apart):
        return True
    if turned and "/" in a.unit and a.words & b.words:
        return True
    alike = not _GROUPED & (a.apart ^ b.apart)
    if counted and b.all_of and b.all_of & a.words and a.noun == b.noun and a.many and alike:
        return (
            a.passage != b.passage and not a.words & _ELSEWHERE
        )  # `randomised 488 patients ... All 448 randomised patients`
    if counted and turned and a.noun == b.noun and a.noun and a.many and alike:
        return a.passage != b.passage or a.back or b.back
    if turned and b.closing and alike and len(a.words & b.words) > 1:
        return True
    if b.closing and a.unit and a.arm and a.arm == b.arm and a.of and a.of == b.of:
        return a.apart ^ b.apart <= _SAYS_THE_ARM  # `18.3 months in the A arm ... A median of 16.3 months with A`
    if a.apart != b.apart or not (b.back or b.closing or (counted and a.back)):
        return False
    shared, least = a.words & b.words, min(len(a.words), len(b.words))
    if counted:
        return bool(a.noun) and a.noun == b.noun and (turned or (a.many and len(shared) > 2))
    if turned:
        return bool(shared) and 2 * len(shared) >= least
    return b.closing and len(shared) > 1 and 4 * len(shared) >= 3 * least


def _numbers(case: Case, wanted: set[str]) -> Iterator[_Told]:
    """Where some values stand in prose, and what is said beside them."""
    for k in sorted({k for value in wanted for k in case.passages_with(value)}):
        p = case.text.passages[k]
        if p.table is not None or not any(m[0] in wanted for m in _PRINTED.finditer(case.flat, p.start, p.end)):
            continue
        if is_cited(case.flat[p.start : p.end]):
            continue
        small = case.small
        closing = _CLOSING.search(f"{p.section.lower()}: {small[p.start : p.start + 60]}") is not None
        found = list(_NUMBER.finditer(small, p.start, p.end))
        closing = closing and len(found) == 1
        sentence = case.flat[p.start : p.end]
        closing = closing and not _AMONG_SOME.search(sentence)
        of_all = not (closing and _OF_OTHERS.search(sentence))
        for m in found:
            if _OF_A_TEST.search(small, max(p.start, m.start() - 30), m.start()) or small[m.end() : m.end() + 2] in (
                " ±",
                " +",
            ):
                continue
            value = case.flat[slice(*m.span("v"))]
            if value not in wanted or (len(value) == 4 and value[:2] in ("19", "20") and not m["u"]):
                continue
            begin = max(p.start, m.start() - _NEAR)
            ahead = re.split(r"[;:]|[.,] ", small[begin : m.start()])[-1]
            behind = re.split(r"[;:()]|[.,](?: |$)", small[m.end() : min(p.end, m.end() + _NEAR)])[0]
            if _BACK.search(ahead) and _SOME.match(behind):
                continue
            words = {_stem(w) for w in _WORD.findall(f"{ahead} {behind}") if w not in _STOP}
            apart = set(_APART.findall(f"{ahead} {behind}"))
            noun = _NOUN.match(behind)
            yield _Told(
                value,
                (m["u"] or "").strip().rstrip("s"),
                m.span("v"),
                p.index,
                frozenset(words),
                frozenset(apart),
                noun[1] if noun else "",
                _BACK.search(ahead) is not None or _BACK_THING.search(ahead) is not None,
                closing,
                _CHANGE.search(ahead) is not None,
                _all_of(ahead, behind),
                _stem(arm["who"]) if of_all and (arm := _ARM.match(behind)) else "",
                frozenset(_OUTCOME.findall(f"{ahead} {behind}")),
            )


_ARM = re.compile(
    r" ?(?:in|for|with|on|under|of) (?:the )?(?P<who>(?!the|those|these|patients|group)[a-z][a-z-]{5,})\b"
)
_AMONG_SOME = re.compile(r"\b(?:[Aa]mong|[Ii]n) (?:those|patients|women|men|participants) (?:with|without|who|whose)\b")
_OF_OTHERS = re.compile(
    r"\b(?:sub-?groups?|subsets?|mutat\w+|wild[- ]?type|express\w+|positive|negative|prior|previous\w*|earlier|other|"
    r"historic\w*|expected|reported|published|trials|studies|metasta\w+|central\w*|independent\w*|updated?|interim|adjusted)\b",
    re.IGNORECASE,
)
"""Words of a conclusion by which its number may be of some of the patients, of another trial or analysis."""
_OUTCOME = re.compile(r"\b(?:os|pfs|dfs|efs|rfs|survival|respon[sd]\w{1,3}|remission|relapse|recurrence|mortality)\b")
_ELSEWHERE = {"earlie", "anothe", "other", "prior", "pilot", "parent", "origin", "planne", "target"}
_SAYS_THE_ARM = {"with", "group", "groups", "arm", "arms", "placebo", "control", "controls", "versus", "vs", "compared"}


_ALL = re.compile(r"(?:^ ?|[.:;] |\bof |\bin )(?:all|all the|all of the|these|the) (?:of the )?$")
_DONE = re.compile(
    r" ?(?:[a-z-]+ly )?(randomi[sz]ed|enrol+ed|recruited|included|assigned|registered|allo(?:cat|tt)ed) [a-z-]+\b"
)


def _all_of(ahead: str, behind: str) -> frozenset[str]:
    done = _DONE.match(behind) if _ALL.search(ahead) else None
    return frozenset({_stem(done[1])}) if done else frozenset()


_SOME = re.compile(r" [a-z-]+(?: [a-z-]+)? (?:with|without|who|whose|that|in whom|for wh(?:om|ich))\b")
"""Behind those of a group that the words narrow: `of the 368 biopsies with sufficient tissue`."""


def _stem(word: str) -> str:
    return word[:6]
