"""Responses by depth, each of one: `27 achieved PR or better (sCR 4, CR 6, VGPR 8, PR 9)` (IMWG criteria)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Item, Told
from codon12.check.verify.counted.said import tell
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_depths"]

_IN_BRACKET = re.compile(r"\([^()]*\)")
_DEPTH = (
    r"(?P<l>scr|stringent (?:cr|complete responses?)|cr|complete responses?|"
    r"vgpr|very good (?:pr|partial responses?)|pr|partial responses?)s?"
)
_AHEAD = re.compile(rf"(?:^|[(,;:] ?|\band ){_DEPTH}(?:,|:| in| =)? $")
_BEHIND = re.compile(rf"^ {_DEPTH}\b")
_OR_BETTER = re.compile(
    r"\b(?:(?:vgpr|very good partial responses?) or better|at least an? (?P<v>vgpr|very good partial response)|(?:pr|"
    r"partial responses?) or better|at least an? (?:pr|partial response)|orr|overall response|responded|responses)\b"
)
_VERY_GOOD = re.compile(r"\bvgpr|\bvery good partial")
_CUMULATIVE = re.compile(r"[≥≤<>]|\bbetter\b|\bat least\b|\bincluding\b|\bunconfirmed\b")
_FEWEST = 3


def check_depths(case: Case, told: Told) -> None:
    """Check each bracket of depths against the responses of its lowest depth or better that stand before it."""
    if not _VERY_GOOD.search(told.words):
        return
    begin = case.text.passages[told.passage].start
    for m in _IN_BRACKET.finditer(told.words):
        inside = [k for k, x in enumerate(told.items) if m.start() < x.start - begin < m.end()]
        head = inside.pop(0) if inside and told.items[inside[0]].total is not None else min(inside, default=0) - 1
        if len(inside) < _FEWEST or head < 0 or _CUMULATIVE.search(m[0]) or not _are_all(told, head, inside, m.start()):
            continue
        whole, parts = told.items[head], [told.items[k] for k in inside]
        together = sum(x.n or 0 for x in parts)
        if whole.n is None or any(x.n is None or x.total is not None for x in parts):
            continue
        if together > whole.n or one_digit_apart(str(together), str(whole.n)):
            said = (
                f"{' + '.join(str(x.n) for x in parts)} = {together}, not {whole.n}, if each response is of one depth."
            )
            places = [whole.at, *(x.at for x in parts)]
            tell(case, case.text.passages[told.passage], "sum", places, "error-if", said, "exclusive categories")


def _are_all(told: Told, head: int, inside: list[int], bracket: int) -> bool:
    """Whether the depths of a bracket are each another, down to the lowest that the words before it count."""
    ahead = [_AHEAD.search(told.gaps[k]) for k in inside]
    found = ahead if all(ahead) else [_BEHIND.match(told.gaps[k + 1]) for k in inside]
    named = [x["l"].replace("very good ", "vg").replace("stringent ", "s") for x in found if x is not None]
    if len({*named}) < len(inside):
        return False
    level = _level(told, head, bracket)
    if level is None:
        return False
    low = ("vgpr", "vgpartial") if _VERY_GOOD.search(level) else ("pr", "partial")
    return named[-1].startswith(low) or named[0].startswith(low)


def _level(told: Told, head: int, bracket: int) -> str | None:
    """The words that say what the count before a bracket is of: `PR or better`, `responded`."""
    behind = told.gaps[head + 1].split("(")[0]
    before: list[Item] = [x for x in told.items[:head] if x.n is not None]
    ahead = told.words[:bracket][-_NEAR:] if not before else told.gaps[head]
    m = _OR_BETTER.search(behind) or _OR_BETTER.search(ahead)
    return None if m is None else m[0]


_NEAR = 60
