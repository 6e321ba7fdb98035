"""Arms counted in a sentence that names the ratio they were allocated in."""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Told
from codon12.check.verify.counted.said import tell
from codon12.check.verify.design.allocation import STRATA

__all__ = ["check_allocated"]

_RATIO = re.compile(r"(?<![\d:.])0*(?P<x>[1-5]) ?(?::|-?to-?|to) ?0*(?P<y>[1-5]|one|two|three)(?![\d:]|\.\d| ?:)")
_RATIOS = re.compile(r"(?<![\d:.])(?P<r>[1-5](?: ?: ?[1-5]){2,4})(?! ?[:\d])")
_WORDS = {"one": 1, "two": 2, "three": 3}
_THINGS = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:events|deaths|hospitals?|cent(?:er|re)s|sites|clinics|countries|units|practices|wards|"
    r"strata|blocks|stages|groups|arms|withdrew|died|were lost)\b"
)
_SAID = re.compile(r"\b(?:randomi[sz]\w*|randomly|allocat\w+|assigned)\b")
_OTHER_RATIO = re.compile(
    r"\b(?:sex|males? (?:to|and)|men (?:to|and) women|match\w*|controls? per|stage|grade|cycle|dilut\w+|"
    r"(?<!no )(?<!without )(?<!without any )chang\w+|available|obtained|amend\w*|adaptive|switch\w*|initially|"
    r"until|originally|"
    r"weight|volume|score|completed|analy[sz]ed|evaluable|discontinued|died)\b"
)
_SPREAD, _LEAST = 2.0, 20


def check_allocated(case: Case, told: Told) -> None:
    """`3:1 randomisation, 240 to vaccine and 80 to placebo`: two arms of a sentence that names one ratio."""
    p = case.text.passages[told.passage]
    several, said = case.flat.count(":", p.start, p.end) > 1, case.may(_SAID, p)
    if not (several or said):
        return
    text = case.figures[p.start : p.end].lower()
    if several:
        _in_several(case, p, told, text)
    if not said:
        return
    found = [m for m in _RATIO.finditer(text) if _SAID.search(text[max(0, m.start() - 60) : m.end() + 60])]
    if len(found) != 1 or _OTHER_RATIO.search(STRATA.sub("", text)):
        return
    m = found[0]
    x, y = int(m["x"]), _WORDS.get(m["y"]) or int(m["y"])
    arms = [
        a
        for a in told.items
        if a.n is not None and a.total is None and not m.start() <= a.at[1] - 1 - p.start < m.end()
    ]
    arms = [a for a in arms if not _THINGS.match(case.flat, a.at[1])]
    if len(arms) == 3:
        whole = max(arms, key=lambda a: a.n or 0)
        arms = [a for a in arms if a is not whole] if whole is arms[0] else []
    if len(arms) != 2:
        return
    a, b = (t.n or 0 for t in arms)
    if a + b < _LEAST or min(a, b) < 1:
        return
    spread = {s: abs(a - s * (a + b)) / math.sqrt((a + b) * s * (1 - s)) for s in (x / (x + y), y / (x + y))}
    first = spread[x / (x + y)]
    lead = re.split(r"[;.]", text[m.end() : arms[0].start - p.start])
    places = [(p.start + m.start("x"), p.start + m.end("y")), *(t.at for t in arms)]
    if min(spread.values()) > _SPREAD:
        said = f"{a} and {b} are far from an allocation of {x}:{y}."
    elif first > _SPREAD and len(lead) == 1 and x != y and arms[0].start > p.start + m.end():
        said = f"Allocated {x}:{y}, the first arm has {a} and the second {b}: the other way round."
    else:
        return
    tell(case, p, "allocation", places, "unlikely", said, "binomial, 2 standard errors")


def _in_several(case: Case, p: Passage, told: Told, text: str) -> None:
    """`in a 2:1:1 ratio, 80 had A, 40 B and 40 C`: as many arms as the ratio has numbers."""
    found = list(_RATIOS.finditer(text))
    if len(found) != 1 or _OTHER_RATIO.search(STRATA.sub("", text)):
        return
    shares = [int(x) for x in re.findall(r"\d", found[0]["r"])]
    arms = [x for x in told.items if x.n is not None and x.total is None and x.start > p.start + found[0].start()]
    if len(arms) != len(shares) or sum(x.n or 0 for x in arms) < _LEAST:
        return
    total, off = sum(x.n or 0 for x in arms), 0.0
    for x, share in zip(arms, shares, strict=True):
        q = share / sum(shares)
        off = max(off, abs((x.n or 0) - q * total) / math.sqrt(total * q * (1 - q)))
    if off > _SPREAD:
        shown = ", ".join(str(x.n) for x in arms)
        places = [(p.start + found[0].start("r"), p.start + found[0].end("r")), *(x.at for x in arms)]
        said = f"{shown} are far from an allocation of {found[0]['r']}."
        tell(case, p, "allocation", places, "unlikely", said, "binomial, 2 standard errors")
