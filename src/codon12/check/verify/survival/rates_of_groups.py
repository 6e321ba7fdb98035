"""Rates of two groups at two times: `At 6 months, it was 74%, 68% and 61%; at 12 months, it was 55%, 46% and 38%`.

Each group is followed on its own, in the order in which the sentence names them: survival of none rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_rates_of_groups"]

_HINT = re.compile(r"surviv|-free|\b(?:PFS|OS|DFS|EFS|RFS|MFS)\b", re.IGNORECASE)
_NO_FALL = re.compile(
    r"\b(?:conditional\w*|survived|surviving|survivors|incidence|cumulative|relapsed?|response|progressed|events?(?!-free)|"
    r"decade|era)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:at|after) (?P<t>\d+(?:\.\d)?) (?P<u>months?|years?)\b|\b(?P<t2>\d+)-(?P<u2>month|year)\b", re.IGNORECASE
)
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_RATE = re.compile(r"(?<![\w.])(?P<p>\d+(?:\.\d+)?) ?%")
_OUTCOME = re.compile(
    r"\b(?P<o>(?:progression|disease|event|recurrence|relapse|metastasis|failure)[- ]free survival|overall survival|"
    r"PFS|OS|DFS|EFS|RFS)\b",
    re.IGNORECASE,
)
_SHORT = {"progression": "pfs", "disease": "dfs", "event": "efs", "recurrence": "rfs", "relapse": "rfs"}
_P = r"\d+(?:\.\d+)? ?%"
_LIST = rf"{_P}(?:, {_P})*,? and {_P}"
_BETWEEN = r"(?: (?:in|with|for|among) [^.;%\d]{3,60}?)? ?(?:and|versus|vs\.?|compared with|,) "
_TWO_LISTS = re.compile(
    rf"\bat (?:\d+,? )+(?:and )?\d+ (?:months|years) (?:was|were) (?P<a>{_LIST}){_BETWEEN}(?P<b>{_LIST})|"
    rf"\b(?:\d+-,? )+(?:and )?\d+-(?:month|year) (?:[^.;%\d]{{3,60}}? )?(?:was|were) "
    rf"(?P<c>{_LIST}){_BETWEEN}(?P<d>{_LIST})",
    re.IGNORECASE,
)
_MOST_GROUPS = 4


def check_rates_of_groups(case: Case) -> None:
    """Check that the survival of no group rises between the times of a sentence."""
    for p, statements in case.prose(_HINT):
        if case.cites(statements[0]) or case.says(statements[0], _NO_FALL):
            continue
        _one_after_another(case, statements, p.start, p.end)
        for m in _TWO_LISTS.finditer(case.flat, p.start, p.end):
            for key in ("a", "b", "c", "d"):
                if m[key]:
                    _falls(case, statements, _rates(case.flat, *m.span(key)))


def _rates(text: str, start: int, end: int) -> list[tuple[Printed, tuple[int, int]]]:
    """Percentages outside brackets, and where they stand."""
    bare = _BRACKET.sub(lambda m: " " * len(m[0]), text[start:end])
    return [(read_printed(m["p"]), (start + m.start("p"), start + m.end("p"))) for m in _RATE.finditer(bare)]


def _outcomes(text: str) -> set[str]:
    found = {m["o"].lower() for m in _OUTCOME.finditer(text)}
    return {_SHORT.get(x.split("-")[0].split(" ")[0], "os" if x.startswith("overall") else x) for x in found}


def _one_after_another(case: Case, statements: Sequence[Statement], start: int, end: int) -> None:
    """Stretches of a sentence from one time to the next, with as many rates of one outcome in each."""
    bare = _BRACKET.sub(lambda m: " " * len(m[0]), case.flat[start:end])
    times = list(_TIME.finditer(bare))
    if len(times) < 2:
        return
    groups = []
    for m, after in zip(times, [*times[1:], None], strict=True):
        stop = after.start() if after else len(bare)
        words = bare[m.start() : stop]
        number, unit = m["t"] or m["t2"], (m["u"] or m["u2"])[0].lower()
        months = Fraction(number) * (12 if unit == "y" else 1)
        groups.append((months, words, _rates(case.flat, start + m.start(), start + stop)))
    if not _outcomes(bare[: times[0].end()]) and len(_outcomes(bare)) != 1:
        return
    for (early, first, a), (late, second, b) in pairwise(groups):
        new = _outcomes(second) - _outcomes(bare[: bare.find(first) + len(first)])
        if late <= early or not 2 <= len(a) <= _MOST_GROUPS or len(a) != len(b) or new or len(_outcomes(bare)) > 1:
            continue
        for x, y in zip(a, b, strict=True):
            _falls(case, statements, [x, y])


def _falls(case: Case, statements: Sequence[Statement], rates: Sequence[tuple[Printed, tuple[int, int]]]) -> None:
    for (a, first), (b, last) in pairwise(rates):
        if b.low > a.high:
            sentence = f"Survival cannot rise from {a.text} % to {b.text} % in the same patients."
            on = (holder(statements, last[0]),)
            case.relate("landmark", (first, last), "error-if", sentence, "S(t) falls", on=on)
            return
