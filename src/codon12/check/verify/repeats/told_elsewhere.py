"""Amounts in the words of a discussion against the shares that the text tells elsewhere of the same.

`more than four out of five were found in patients with extrathoracic metastases`, elsewhere `84.8% (123/145) in
patients with extrathoracic metastases`; `about twice as common with A as with B`,
elsewhere `in 131 (32%) and 28 (14%)`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import judge, sentences_with
from codon12.check.verify.repeats.numbers_told import NumberTold, in_full, numbers_of

__all__ = ["check_told_elsewhere"]

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_ONE = "|".join(_WORDS)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_AMOUNT = re.compile(
    rf"\b(?P<how>more than|over|fewer than|less than|under|at least) (?:(?P<a>{_ONE}) (?:out of"
    rf"|in)(?: every)? (?P<b>{_ONE})"
    rf"|(?:(?P<k>a|one|two|three|four)[ -])?(?P<part>half|thirds?|quarters?|fifths?|tenths?))\b"
    r"(?! (?:of )?(?:an?|the) (?:year|month|dose|time|hour"
    r"|day)\b)(?P<what>[^.;:(),]{10,140}?)(?=[.;:(),]| and | but |$)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?P<what>[A-Z][^.;:()]{{8,90}}?) (?:was|were|occurred|is|are) (?:only |about |approximately |around "
    rf"|nearly |almost |roughly )*"
    rf"(?P<n>twice|(?:{_ONE}) times|\d+(?:\.\d+)? times) as (?:common|frequent|often|frequently|high|likely"
    rf"|many)(?: (?:with|in|among|for) "
    r"[^.;:()]{2,60})? as (?:with|in|among|for)\b"
)
_NOISE = stems(
    "found seen observed occurred received were patients our population study had with women men all trial group was "
    "been "
    "treatment least more than events adverse event reported survival overall median rate alive"
)
_RARE, _TWO = 14, 2
"""Sentences in which a telling word stands at most; words that two sentences share at least."""
_SLACK, _TIMES_OFF = Fraction(1, 200), Fraction(3, 2)
_CITED = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|series|registr\w+|reported|previous\w*|earlier|literature|suggest\w*)\b"
)


class _Told(NamedTuple):
    passage: Passage
    number: NumberTold
    words: frozenset[str]


def check_told_elsewhere(case: Case) -> None:
    """Check amounts and multiples in words against the shares of the same that other sentences tell."""
    amounts = [
        (p, m) for p in sentences_with(case, "more than", "over ", "fewer than", "less than", "under ", "at least")
        for m in _AMOUNT.finditer(case.flat, p.start, p.end) if "%" not in m["what"]
    ]  # fmt: skip
    as_much = sorted({k for w in _AS for k in case.passages_with(w)})
    times = [
        (p, m)
        for p in (case.text.passages[k] for k in as_much)
        if p.table is None and "%" not in case.flat[p.start : p.end]
        for m in _TIMES.finditer(case.flat, p.start, p.end)
    ]
    if not (amounts or times):
        return
    own = [p for p, _ in case.prose() if not _CITED.search(case.flat, p.start, p.end)]
    told = [_Told(p, n, _clause(case, p, n)) for p in own for n in numbers_of(case, p) if n.is_share]
    common = Counter(w for p, _ in case.prose() for w in in_full(case.flat[p.start : p.end]))
    for p, m in amounts:
        if not _CITED.search(case.flat, p.start, m.end()) or "our " in m["what"]:
            _amount(case, p, m, told, common)
    for p, m in times:
        if not _CITED.search(case.flat, p.start, m.end()):
            _times(case, p, m, told)


_AS = (" as common", " as frequent", " as often", " as high", " as likely", " as many")
_EDGE = re.compile(r"[,;:]|\b(?:and|but|whereas|while|versus|vs|than|against)\b")


def _clause(case: Case, p: Passage, n: NumberTold) -> frozenset[str]:
    """The words of the clause of a number, brackets left out."""
    at, end = n.span[0] - p.start, n.span[1] - p.start
    text = _BRACKET.sub(lambda m: " " * len(m[0]), case.flat[p.start : p.end])
    edges = [0, *(x for m in _EDGE.finditer(text) for x in m.span()), len(text)]
    return in_full(text[max(x for x in edges if x <= at) : min(x for x in edges if x >= end)])


_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def _alike(p: Passage, what: str, told: list[_Told], common: Counter[str]) -> Iterator[_Told]:
    """The shares whose clause has most words of an amount, a telling one among them, and two or more."""
    said = in_full(re.split(r",? (?:and|but|against|compared|whereas|while)\b|, ", what)[0]) - _NOISE
    found = [(len(said & t.words), t) for t in told if t.passage is not p]
    found = [(n, t) for n, t in found if any(common[w] <= _RARE for w in said & t.words)]
    most = max((n for n, _ in found), default=0)
    if most >= max(_TWO, (len(said) + 1) // 2):
        yield from (t for n, t in found if n == most)


def _amount(case: Case, p: Passage, m: re.Match[str], told: list[_Told], common: Counter[str]) -> None:
    if m["a"]:
        said = Fraction(_WORDS[m["a"].lower()], _WORDS[m["b"].lower()])
    else:
        part = (m["part"] or "").lower().removesuffix("s")
        said = Fraction(_WORDS.get((m["k"] or "one").lower(), 1), _PARTS[part])
    low = m["how"].lower() in ("more than", "over", "at least")
    alike = list(_alike(p, m["what"], told, common))
    shares = [Fraction(t.number.text) / 100 for t in alike]
    if not said < 1 or not shares or any((x > said - _SLACK) if low else (x < said + _SLACK) for x in shares):
        return
    words = case.flat[m.start("how") : m.start("what")].strip()
    sentence = f"“{words}” is said of {alike[0].number.text} %, if that is of the same."
    judge(case, p, "words", [m.span("how"), alike[0].number.span], "unlikely", sentence, "amount in words")


def _times(case: Case, p: Passage, m: re.Match[str], told: list[_Told]) -> None:
    """`about twice as common`: the two shares of each sentence that tells of the same, the larger over the smaller."""
    name = m["n"].lower().split()[0]
    said = Fraction(2) if name == "twice" else Fraction(_WORDS[name]) if name in _WORDS else Fraction(name)
    what = in_full(m["what"]) - stems("was were with in about adverse event events patients")
    ratios = []
    for a, b in pairwise(told):
        own = a.words | a.number.ahead
        if a.passage is b.passage is not p and what and what <= own and a.number.place[0] + 1 == b.number.place[0]:
            x, y = sorted(Fraction(t.number.text) for t in (a, b))
            if x > 0:
                ratios.append((y / x, a.number, b.number))
    if not ratios or any(said / _TIMES_OFF <= r <= said * _TIMES_OFF for r, _, _ in ratios):
        return
    ratio, first, second = ratios[0]
    sentence = f"“{m['n']}” is said of {first.text} % and {second.text} %, which are {float(ratio):.2g} times apart."
    places = sorted((m.span("n"), first.span, second.span))
    judge(case, p, "words", places, "unlikely", sentence, "ratio in words")
