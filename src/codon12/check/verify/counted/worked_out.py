"""Numbers that others of the sentence give: response rates from responses, equal groups, both eyes, arms of a ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import Item, Told, told_in
from codon12.check.verify.counted.said import tell

__all__ = ["check_worked_out"]

_CLASSES = {
    "ORR ": r"complete (?:or|and) partial (?:responses?|remissions?)",
    "DCR": r"disease[- ]control|clinical[- ]benefit|\bdcr\b|\bcbr\b|tumou?r control",
    "CR": (
        r"complete (?:metabolic |clinical |tumou?r |\w+logic(?:al)? )?(?:responses?|remissions?|responders)|\bcrs?\b|"
        r"\bcomplete(?= (?:and|or) partial)|^\W*(?:were |had an? |with )?complete$"
    ),
    "PR": (
        r"partial (?:metabolic |clinical )?(?:responses?|remissions?|responders|ones?)|\bprs?\b|"
        r"^\W*(?:an? |were |had an? |with )?partial$"
    ),
    "SD": r"stable disease|\bsd\b|disease stabili[sz]ation|\bstable\b",
    "ORR": (
        r"\borr\b|(?:objective|overall|total|tumou?r|confirmed|radiologic\w*) (?:tumou?r )?(?:responses?|remissions?)|"
        r"response rate|\bresponded\b|\bresponders\b|\bresponses? (?:was|were|rate)|had an? (?:objective )?response"
    ),
}
_CLASS = {k: re.compile(v) for k, v in _CLASSES.items()}
_GROUPS = re.compile(
    r"\b(?:arms?|groups?|cohorts?|versus|vs|respectively|than|compared|dose levels?|patients with|per|"
    r"by investigators?|independent|"
    r"confirmed and|previously|naive|unconfirmed|lesions?|molecular|cytogenetic|minimal|predict\w+|durable|>|≥|"
    r"at least (?!②④|⑥|⓪⓪⓪⑥)|"
    r"non-cr|minor|very good|vgpr|near)\b"
)
_OTHER_RESPONSES = re.compile(
    r"incomplete|\bCR[ih]\b|morphologic\w*|\bminor|\bnodular|very good|stringent|marker|unconfirmed", re.IGNORECASE
)
"""Responses beside complete and partial ones, which overall response counts as well."""
_BENEFIT = re.compile(r"clinical[- ]benefit|\bcbr\b")
_SUM = re.compile(r"\bsum\b|\badd\w*|\bthus\b|\btherefore\b|\bgiving\b|\bmaking\b|\bhence\b")
_OF_ALL = re.compile(r"\b(?:of|among) (?:the |all |these )?$")
_WHO = re.compile(r" (?:evaluable |assessable )?(?:patients|participants|women|men|cases)")
_EQUAL = re.compile(
    r"(?<![\w.,/])(?P<k>0*[2-9]|0*1[0-2]) (?:(?:equal|equally sized|similar|study|treatment|parallel|"
    r"experimental|different|comparable) )*"
    r"(?:groups|arms|cohorts|clusters|blocks|classes|cages|sets|batches|halves|teams|subgroups) (?:of|each of|"
    r"with|containing|comprising) (?P<n>\d[\d,]*)\b"
    r"(?! ?%|[.:]\d| ?(?:years|months|days|weeks|mg|to|-) )"
)
_IN_EACH = re.compile(
    r"(?<![\w.,/])(?P<n>\d[\d,]*) (?:[a-z-]+ ){0,2}?(?:to|in|per|for|were in|"
    r"assigned to) each(?: of the (?P<k>0*[2-9]))? ?(?:arm|group|study group|treatment arm|treatment group|"
    r"groups)\b"
)
_SPLIT = re.compile(
    r"\b(?:divided|split|randomi[sz]\w*|randomly|allocat\w+|assigned|distributed|separated|total|in all|"
    r"altogether|overall)\b"
)
_BOTH = re.compile(
    r"\bboth (?P<w>eyes|knees|hips|ears|breasts|kidneys|lungs|hands|feet|ankles|shoulders|wrists|legs|arms|"
    r"sides) (?:of|in) (?:all |each of )?(?:the |these )?(?P<n>\d[\d,]*) "
)
_RATIO = re.compile(r"(?<![\d:.])0*(?P<x>[1-5]) ?(?::|-?to-?|to) ?0*(?P<y>[1-5]|one|two|three)(?![\d:]|\.\d| ?:)")
_RATIOS = re.compile(r"(?<![\d:.])(?P<r>[1-5](?: ?: ?[1-5]){2,4})(?! ?[:\d])")
_WORDS = {"one": 1, "two": 2, "three": 3}
_THINGS = re.compile(
    r" (?:[a-z]+ )?(?:hospitals?|cent(?:er|re)s|sites|clinics|countries|units|practices|wards|strata|blocks|"
    r"stages|groups|"
    r"arms|withdrew|died|were lost)\b"
)
_SAID = re.compile(r"\b(?:randomi[sz]\w*|randomly|allocat\w+|assigned)\b")
_OTHER_RATIO = re.compile(
    r"\b(?:sex|males? (?:to|and)|men (?:to|and) women|match\w*|controls? per|stage|grade|cycle|dilut\w+|"
    r"chang\w+|amend\w*|adaptive|switch\w*|initially|until|originally|"
    r"weight|volume|score|completed|analy[sz]ed|evaluable|discontinued|died)\b"
)
_SPREAD, _LEAST = 2.0, 20


def check_worked_out(case: Case, told: Told) -> None:
    """Check what a sentence works out from numbers of its own, or of the one before it."""
    p = case.text.passages[told.passage]
    _responses(case, p, told)
    _equal_groups(case, p, told)
    _both(case, p, told)
    _halves(case, p)
    _allocated(case, p, told)


def _class_of(told: Told, k: int) -> str | None:
    """The class of response that the words nearest an item name; those before it where the number follows."""
    ahead = re.split(r"[;(]|, (?!with|for)|\band\b", told.gaps[k].rstrip(" ,("))[-1]
    behind = re.split(r"[,;:.()]|\band\b|\bor\b", told.gaps[k + 1])[0]
    whole = _OF_ALL.search(told.gaps[k]) is not None and _WHO.match(told.gaps[k + 1]) is not None
    if whole and (_CLASS["SD"].search(ahead) or told.items[k].share is None):
        return None
    number_ends = (
        re.search(r"(?:\b(?:of|in|was|were|to|at|reached|by|=|is|rate|thus|had)|\() ?$", told.gaps[k]) is not None
    )
    for words in (ahead, behind) if number_ends else (behind, ahead):
        for name, pattern in _CLASS.items():
            if pattern.search(words):
                return name.strip()
    return None


_SEEN_IN = re.compile(r"\b(?:seen|occurred|observed|noted|reported|required|needed|found) in $")
"""Before those who had an event: they are not all."""


def _responses(case: Case, p: Passage, told: Told) -> None:
    """`12 responded and 18 of the 40 had stable disease: disease control in 75%`; complete plus partial is overall."""
    before = told_in(case, told.passage - 1) if told.passage > 0 else None
    sentences = [told]
    if before is not None and before.items and case.text.passages[before.passage].paragraph == p.paragraph:
        sentences.insert(0, before)
    for chosen in ([told], sentences):
        words = " ".join(x.words for x in chosen)
        if not any(_CLASS[x].search(words) for x in ("ORR", "DCR")) or _GROUPS.search(words):
            continue
        if _OTHER_RESPONSES.search(words) or (_BENEFIT.search(words) and not _SUM.search(words)):
            continue  # a benefit counts those alone who were stable for long
        found: dict[str, list[Item]] = {}
        wholes = []
        for t in chosen:
            for k, x in enumerate(t.items):
                name = _class_of(t, k)
                if name is not None:
                    found.setdefault(name, []).append(x)
                elif x.n is not None and not _SEEN_IN.search(t.gaps[k]):
                    wholes.append(x if x.total is None else x._replace(n=x.total))
        if _compare(case, p, found, wholes):
            return


def _compare(case: Case, p: Passage, found: dict[str, list[Item]], wholes: list[Item]) -> bool:
    if any(len(x) > 1 for x in found.values()):
        return False
    one = {k: x[0] for k, x in found.items()}
    totals = {x.total for x in one.values() if x.total is not None} | {x.n for x in wholes}
    total = totals.pop() if len(totals) == 1 else None
    sums = (("ORR", ("CR", "PR")), ("DCR", ("ORR", "SD")), ("DCR", ("CR", "PR", "SD")))
    for name, parts in sums:
        if name not in one or not all(x in one for x in parts) or (name == "DCR" and parts[0] == "CR" and "ORR" in one):
            continue
        printed, items = one[name], [one[x] for x in parts]
        places = [printed.share_at or printed.at, *(x.at for x in items)]
        shown = " + ".join(_text(x) for x in items)
        if printed.share is not None and all(x.share is not None for x in items):
            got = float(sum(x.share.value for x in items if x.share))
            slack = float(sum(x.share.step for x in items if x.share) + printed.share.step) / 2 + 0.051
        elif printed.share is not None and total and all(x.n is not None for x in items):
            got = 100 * sum(x.n or 0 for x in items) / total
            slack = float(printed.share.step) / 2 + 0.051
        elif printed.n is not None and printed.share is None and all(x.n is not None for x in items):
            got, slack = float(sum(x.n or 0 for x in items)), 0.0
        else:
            continue
        value = float(printed.share.value) if printed.share is not None else float(printed.n or 0)
        if got > 100 and printed.share is not None:
            continue
        if abs(got - value) > slack:
            unit = " %" if printed.share is not None else ""
            of = f" of {total}" if printed.share is not None and all(x.share is None for x in items) else ""
            said = f"{shown}{of} is {got:.3g}{unit}, printed {value:g}{unit}, if all are of the same patients."
            tell(case, p, "sum", places, "error-if" if abs(got - value) > 3 * slack else "unlikely", said, "responses")
            return True
    return False


def _text(x: Item) -> str:
    return x.share.text if x.share is not None else str(x.n)


def _counts_with(case: Case, p: Passage, told: Told, but: Iterator[tuple[int, int]]) -> list[Item]:
    taken = list(but)
    here = [x for x in told.items if x.n is not None and not any(a <= x.at[0] < b for a, b in taken)]
    if here or p.index == 0 or case.text.passages[p.index - 1].paragraph != p.paragraph:
        return here
    return [x for x in told_in(case, p.index - 1).items if x.n is not None]


def _equal_groups(case: Case, p: Passage, told: Told) -> None:
    """`88 mice were divided into four groups of 22`, `64 patients to each arm, 128 in total`."""
    text = case.figures[p.start : p.end].lower()
    for pattern in (_EQUAL, _IN_EACH):
        found = list(pattern.finditer(text))
        if len(found) != 1 or not _SPLIT.search(text):
            continue
        m = found[0]
        n, k = int(m["n"].replace(",", "")), int(m["k"] or 2)
        places = [(p.start + m.start("n"), p.start + m.end("n"))]
        if m["k"]:
            places.append((p.start + m.start("k"), p.start + m.end("k")))
        elif re.search(r"\b(?:three|four|five|six|0*[3-9]) (?:\w+ )?(?:arms|groups)\b", text):
            continue
        others = _counts_with(case, p, told, iter(places))
        if len(others) != 1:
            continue
        whole = others[0].n or 0
        if not m["k"] and whole % n == 0:
            continue  # of three groups, then
        if whole == k * n or not 0.5 * k * n <= whole <= 2 * k * n or whole == n:
            continue
        said = f"{k} times {n} is {k * n}, not {whole}, if the groups are equal."
        tell(case, p, "sum", [others[0].at, *places], "error-if", said, "equal groups")


_HALF = re.compile(
    r"\b(?:one[- ])?half of (?:the |these |all |"
    r"our )?(?P<n>\d[\d,]*)\b[^.;]*?\b(?:the )?other(?: half)?,? \(?(?:n ?= ?)?(?P<m>\d[\d,]*)\b(?! ?%)"
)


def _halves(case: Case, p: Passage) -> None:
    """`Half of the 64 were fresh and the other 32 frozen`."""
    m = _HALF.search(case.figures[p.start : p.end].lower())
    if m is None:
        return
    n, other = (int(m[k].replace(",", "")) for k in "nm")
    if abs(n - 2 * other) > 1 and other < n:
        places = [(p.start + m.start(k), p.start + m.end(k)) for k in "nm"]
        tell(case, p, "sum", places, "error-if", f"The other half of {n} is {n / 2:g}, not {other}.", "halves")


def _both(case: Case, p: Passage, told: Told) -> None:
    """`Both eyes of all 38 patients were treated, so that 76 eyes were analysed`."""
    text = case.figures[p.start : p.end].lower()
    m = _BOTH.search(text)
    if m is None:
        return
    n = int(m["n"].replace(",", ""))
    for x, behind in zip(told.items, told.gaps[1:], strict=True):
        if x.n is not None and x.at[0] >= p.start + m.end("n") and behind.startswith(f" {m['w']}"):
            if x.n != 2 * n:
                said = f"Both {m['w']} of {n} are {2 * n}, not {x.n}."
                at = (p.start + m.start("n"), p.start + m.end("n"))
                tell(case, p, "sum", [at, x.at], "error-if", said, "two of each")
            return


def _allocated(case: Case, p: Passage, told: Told) -> None:
    """`3:1 randomisation, 240 to vaccine and 80 to placebo`: two arms of a sentence that names one ratio."""
    text = case.figures[p.start : p.end].lower()
    _in_several(case, p, told, text)
    found = [m for m in _RATIO.finditer(text) if _SAID.search(text[max(0, m.start() - 60) : m.end() + 60])]
    if len(found) != 1 or _OTHER_RATIO.search(text):
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
    if len(found) != 1 or _OTHER_RATIO.search(text):
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
