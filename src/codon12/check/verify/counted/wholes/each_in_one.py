"""Lists of which the words say that each is in one place and nobody in none: `each for one reason: A (49), B (15)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import list_words as say
from codon12.check.verify.counted.reading import row_words
from codon12.check.verify.counted.reading.items import Told
from codon12.check.verify.counted.said import tell
from codon12.check.verify.prose import compared

__all__ = ["check_each_in_one"]

_ONE = r"(?:one|a single|(?:exactly |only |just )?(?:one|a single|[0⓪]*[1①]))"
_KIND = (
    r"(?:reason|cause|site|class|categor(?:y|ie)|group|origin|type|grade|stage|diagnos[ei]|outcome|answer|centre|center|hospital|"
    r"arm|indication|place|level|kind|source|option|response|status|stratum|strata|quarter|school|ward|region|clinic)"
)
_ONCE = re.compile(
    rf"\beach(?: [a-z-]+){{0,4}} (?:for|from|in|to|of|with|by|had|has|at) {_ONE}(?: [a-z-]+){{0,2}} {_KIND}(?:e?s)?\b|"
    rf"\b{_ONE}(?: [a-z-]+){{0,2}} {_KIND}(?:e?s)?,? (?:each|per (?:patient|participant|subject|person|child|"
    rf"woman|man|case|death))\b|"
    rf"[(,] ?{_ONE} (?:per|for each|for every) (?:patient|participant|subject|person|child|woman|man|case|death)\b|"
    rf"\b{_KIND}(?:e?s)?, (?:and|but) (?:only|just) (?:one|[0⓪]*[1①])\b"
)
_ONE_OF = re.compile(
    rf"\b(?:one|[0⓪]*[1①]) of (?:the )?(?P<k>two|three|four|five|six|"
    rf"[0⓪]*[2-6②-⑥])(?: [a-z-]+){{0,2}} {_KIND}(?:e?s)?\b"
)
"""As many places as there are."""
_MANY = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {c: k for k, c in enumerate("②③④⑤⑥", 2)}
_NONE_ELSE = re.compile(
    rf"{say.ONLY_ONES.pattern}|\b(?:no|none)\b[^.;]{{0,60}}\b(?:any )?other {_KIND}(?:e?s)?\b|\bno others?\b|"
    rf"\bnothing else\b"
)
_OPEN = re.compile(
    r"\b(?:includ\w+|such as|e\.g|for example|mainly|mostly|most|one or more|[⓪0]*[1①] or more|more than|"
    r"several|some|among "
    r"others|at least|about|approximately|commonest|frequent\w*|overlap\w*|multiple|respectively|or both|"
    r"unknown|missing|"
    r"the rest|others|remaining|additional\w*|also|versus|vs)\b"
)
_LEVEL = re.compile(
    rf"\b(?:two|three|four|five|[⓪0]*[②-⑨2-9])(?: or (?:more|[a-z]+|[⓪0]*[②-⑨2-9]))?(?: {_KIND}(?:e?s)?)? "
    r"(?:in|for|by) [\d⓪①-⑨]"
)
"""How many each has, not how many have it: `one site in 91, two sites in 75`."""
_LEAST = 10


def check_each_in_one(case: Case, told: Told) -> None:
    """Check the counts behind the first of a sentence against it, where its words put each in one of them."""
    if len(told.items) < _FEWEST:
        return
    one_of, once = _ONE_OF.search(told.words), _ONCE.search(told.words) or say.ONCE.search(told.words)
    no_other = _NONE_ELSE.search(f"{told.words} {_plain(case, told.passage + 1)}")
    if not (one_of or once or no_other):
        return
    stretch = _NONE_ELSE.sub(" ", _ONE_OF.sub(" ", _ONCE.sub(" ", told.words)))
    if _OPEN.search(stretch) or _LEVEL.search(stretch):
        return
    begin = case.text.passages[told.passage].start
    whole, *parts = [x for x in told.items if not (one_of and one_of.start() <= x.start - begin < one_of.end())]
    if whole.n is None or whole.total is not None or whole.n < _LEAST or any(x.n is None or x.total for x in parts):
        return
    counts = [x.n or 0 for x in parts]
    together = sum(counts)
    if together == whole.n or max(counts) >= whole.n or 2 * together < whole.n:
        return
    shown = f"{' + '.join(map(str, counts))} = {together}, not {whole.n}"
    places = [*(x.at for x in parts), whole.at]
    listed = row_words.LISTED.search(told.gaps[1]) is not None or ":" in told.gaps[1]
    as_many = one_of is not None and _MANY.get(one_of["k"].lstrip("0⓪"), one_of["k"][-1:]) in (
        len(parts),
        str(len(parts)),
    )
    verdict: Verdict
    if (together > whole.n and (once or one_of)) or (together < whole.n and (as_many or no_other)):
        verdict = "error-if"
    elif together < whole.n and once and listed:
        verdict = "unlikely"
    else:
        return
    if not any(compared(case, x, "sum") for x in places):
        p = case.text.passages[told.passage]
        tell(case, p, "sum", places, verdict, f"{shown}: each is said to be in one of them.", "each in one")


_FEWEST = 3


def _plain(case: Case, passage: int) -> str:
    """The next sentence of the paragraph, which has no count."""
    if passage >= len(case.text.passages):
        return ""
    p, q = case.text.passages[passage - 1], case.text.passages[passage]
    return case.flat[q.start : q.end].lower() if p.paragraph == q.paragraph and q.table is None else ""
