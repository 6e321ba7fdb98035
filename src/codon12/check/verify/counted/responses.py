"""Responses of a sentence: complete and partial ones are all, with stable disease they are those in control.

Each patient has one best response (RECIST 1.1, section 4.3.1), so that together they are at most all.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.by_name import counted_by_name, is_whole
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import tell
from codon12.check.verify.prose import compared
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_responses"]

_CLASS = {
    "ORR ": r"complete (?:or|and) partial (?:responses?|remissions?)",
    "DCR": r"disease[- ]control|clinical[- ]benefit|\bdcr\b|\bcbr\b|tumou?r control",
    "NE": r"(?:not|non|un|in)[- ]?(?:evaluable|assessable)",
    "CR": (
        r"complete (?:metabolic |clinical |tumou?r |\w+logic(?:al)? )?(?:responses?|remissions?|responders|ones?)|"
        r"\bcrs?\b|\bcomplete(?= (?:and|or) (?:\d|partial)|$| (?:in|among)$)"
    ),
    "PR": (
        r"partial (?:metabolic |clinical )?(?:responses?|remissions?|responders|ones?)|\bprs?\b|"
        r"\bpartial(?= (?:and|or) (?:\d|complete)|$| (?:in|among)$)"
    ),
    "SD": r"stable disease|\bsds?\b|disease stabili[sz]ation|\bstable(?: responses?)?\b",
    "PD": r"progressive disease|\bpds?\b|disease progression|\bprogress(?:ion|ed)\b",
    "ORR": (
        r"\borr\b|(?:objective|overall|total|tumou?r|confirmed|radiologic\w*) (?:tumou?r )?(?:responses?|remissions?)|"
        r"response rate|\bresponded\b|\bresponders\b|\bresponses? (?:was|were|rate)(?! (?:complete|partial)\b)|had an? "
        r"(?:objective )?response|^ ?(?:confirmed )?responses\b(?! (?:was|were) (?:complete|partial)\b)"
    ),
}
_NAMED = re.compile("|".join(f"(?P<{k.strip()}{i}>{v})" for i, (k, v) in enumerate(_CLASS.items())))
_HINT = re.compile(r"\brespon|remission|\bcrs?\b|\bdisease[- ]control\b|\borr\b")
_HINTS = ("respon", "remission", "cr", "control", "orr")
_GROUPS = re.compile(
    r"\b(?:versus|vs?|respectively|than|compared|dose levels?|patients with|per(?! bicr| irc)|by investigators?|"
    r"independent|confirmed and|previously|naive|unconfirmed|lesions?|molecular|cytogenetic|minimal|predict\w+|durable|"
    r">|≥|at least (?![⓪①-⑨]+ (?:weeks|months)\b)|non-cr|minor|very good|vgpr|near)\b"
)
_MEASURABLE = re.compile(
    r"patients (?:with|who had) (?:measurable|evaluable|assessable) [a-z -]*?(?:lesions?|disease)\b"
)
"""Those whose response can be told at all: no group set against another."""
_GROUP = re.compile(r"\b(?:arms?|groups?|cohorts?)\b")
_OF_ANOTHER = re.compile(r"[;,] (?:and )?(?:of|among|in) the \d+ (?:[a-z]+ )?(?:with|without|who)\b")
"""Where the responses of another group begin: `6 had a complete one; of the 16 without it, 2 responded`."""
_OTHER_RESPONSES = re.compile(
    r"incomplete|\bCR[ih]\b|morphologic\w*|\bminor|\bnodular|very good|stringent|marker|patholog|unconfirmed",
    re.IGNORECASE,
)
"""Responses beside complete and partial ones, which overall response counts as well."""
_ALL = re.compile(r"\borr\b|\b(?:objective|overall|confirmed) responses?\b|\bresponded\b|\bresponders\b")
_BENEFIT = re.compile(r"clinical[- ]benefit|\bcbr\b")
_SUM = re.compile(r"\bsum\b|\badd\w*|\bthus\b|\btherefore\b|\bgiving\b|\bmaking\b|\bhence\b")
_OF_ALL = re.compile(r"\b(?:of|among) (?:the |all |these )?$")
_WHO = re.compile(r" (?:evaluable |assessable )?(?:patients|participants|women|men|cases)")
_RESPONDERS = re.compile(r" (?:[a-z]+ )?respon\w+")
_NUMBER_ENDS = re.compile(r"(?:\b(?:of|in|was|were|to|at|reached|by|=|is|rate|thus|had)|\() ?$")
_SUMS = (("ORR", ("CR", "PR")), ("DCR", ("ORR", "SD")), ("DCR", ("CR", "PR", "SD")))
_WITHIN = (("CR", "ORR"), ("PR", "ORR"), ("ORR", "DCR"), ("SD", "DCR"))
_NAMES = {"CR": "complete", "PR": "partial response", "SD": "stable disease", "ORR": "response"}
_NEAR = 30
_TIMES = re.compile(r"\b(?:at|by|after|within) (?:week|month|year|cycle|[⓪①-⑨]+)")
_SIZE_OF_RESPONSES = re.compile(r"\bresponses?,? [(\[]n ?= ?$")
"""How many there are in all, as in `Response (n = 100)`."""
_PARTIAL_AT_BEST = ("PR", "SD", "PD")
_BEST = ("CR", "PR", "SD", "PD", "NE")


_SEEN_IN = re.compile(r"\b(?:seen|observed|noted|found|reported|occurred|occurring|required|needed) in $")


def check_responses(case: Case, told: Told) -> None:
    """Check the responses of a sentence, and with those of the one before it, against each other and their total."""
    if not (any(map(told.words.__contains__, _HINTS)) and _HINT.search(told.words)):
        return
    p = case.text.passages[told.passage]
    before = told_in(case, told.passage - 1) if told.passage > 0 else None
    sentences = [told]
    if before is not None and not _HINT.search(before.words) and any(_SEEN_IN.search(gap) for gap in before.gaps):
        before = None  # `a delay was seen in 25`: some of them
    if before is not None and before.items and case.text.passages[before.passage].paragraph == p.paragraph:
        sentences.insert(0, before)
    beside = _beside(case, sentences)
    if beside is not None and _sums(case, p, *beside):
        return
    for chosen in (sentences[-1:], sentences)[: len(sentences)]:
        words = " ".join(x.words for x in chosen)
        groups = _GROUPS.search(_MEASURABLE.sub("patients", words)) or len(_GROUP.findall(words)) > 2 - len(chosen)
        if groups or _OTHER_RESPONSES.search(words) or _OF_ANOTHER.search(words):
            return
        if _BENEFIT.search(words) and not _SUM.search(words):
            return  # a benefit counts those alone who were stable for long
        found: dict[str, list[Item]] = {}
        wholes, loose = [], []
        for t in chosen:
            for name, x in _named(t):
                if name:
                    found.setdefault(name, []).append(x)
                elif x.n is not None:
                    wholes.append(x)
                else:
                    loose.append(x.start)
        if _TIMES.search(words):
            found.pop("DCR", None)  # control for so long
        if len(found.get("ORR", ())) == 2 and len(chosen) == 1 and not _is_one(case, p, found["ORR"]):
            return
        if all(len(x) == 1 for x in found.values()):
            one = {k: x[0] for k, x in found.items()}
            places = [x.start for x in one.values() if x.share is not None]
            if any(min(places, default=at) < at < max(places, default=at) for at in loose):
                return  # `42% with A (CR 12%) and 30% with B (PR 27%)`
            totals = {x.total for x in one.values() if x.total is not None} | {x.total or x.n or 0 for x in wholes}
            within = len(chosen) == 1 and len(_TIMES.findall(words)) < 2 and _within(case, p, one)
            if within or _sums(case, p, one, totals) or (len(chosen) == 1 and _best(case, p, one, totals)):
                return


def _named(told: Told) -> list[tuple[str | None, Item]]:
    """Each item with the class of response it counts; a share and the `19/50` right behind it are one."""
    out: list[tuple[str | None, Item]] = []
    taken = False
    for k, x in enumerate(told.items):
        last = out[-1][1] if out else None
        if last is not None and last.n is None and told.gaps[k] == ", " and x.total is not None and x.share is None:
            out[-1] = (out[-1][0], x._replace(share=last.share, share_at=last.at))
        else:
            name, taken = _class_of(told, k, taken=taken)
            out.append((name, x))
    bare = [k for k, (name, x) in enumerate(out) if name is None and x.total is not None]
    if len(bare) == 1 and not any(name == "ORR" for name, _ in out) and _ALL.search(told.words):
        out[bare[0]] = ("ORR", out[bare[0]][1])  # `2 complete, 25 partial (17 of 58)`
    return out


def _class_of(told: Told, k: int, *, taken: bool) -> tuple[str | None, bool]:
    """The class of response that the words nearest an item name, and whether they stand behind it.

    Those before it come first where the number follows; they may be taken by the item before.
    """
    ahead = re.split(r"[;(:]|, |\band\b", told.gaps[k].rstrip(" ,(:"))[-1]
    behind = re.split(r"[,;:.()]|\band\b|\bor\b", told.gaps[k + 1])[0].rstrip()
    whole = _OF_ALL.search(told.gaps[k]) is not None and told.items[k].n is not None
    if whole and k and len(told.gaps[k]) < _NEAR:
        return None, False
    whole = whole and _WHO.match(told.gaps[k + 1]) is not None
    if (whole and (re.search(_CLASS["SD"], ahead) or told.items[k].share is None)) or (
        is_whole(told, k) and _RESPONDERS.match(told.gaps[k + 1]) is None
    ):
        return None, False
    if taken and len(list(_NAMED.finditer(told.gaps[k].rstrip(" ,(:")))) == 1:
        ahead = ""
    follows = _NUMBER_ENDS.search(told.gaps[k]) is not None
    sides = ((ahead, -1), (behind, 0)) if follows else ((behind, 0), (ahead, -1))
    for words, nearest in sides:
        found = list(_NAMED.finditer(words))
        if found:
            return (found[nearest].lastgroup or "")[:-1], nearest == 0
    return None, False


_BESIDE = re.compile(
    r"\b(?:(?P<CR>complete(?: (?:metabolic |clinical |\w+logic(?:al)? )?(?:responses?|remissions?|responders|ones?))?|"
    r"crs?)|(?P<PR>partial(?: (?:metabolic |clinical )?(?:responses?|remissions?|responders|ones?))?|prs?)|"
    r"(?P<SD>stable(?: disease| responses?)|sd)|(?P<PD>progressive disease|pd|progressed)|"
    r"(?P<DCR>disease[- ]control(?: rate)?|dcr)|(?P<ORR>orr|(?<!for )(?<!for tumor )(?<!for tumour )"
    r"(?<!for objective )(?:(?:objective|overall|total|tumou?r|confirmed|\w+logic(?:al)?) )*(?:responses?|remissions?)"
    r"(?: rates?)?|responded|responders))\b"
)


_APART = re.compile(
    r"\b(?:versus|vs?|respectively|than|compared|arms?|groups?|cohorts?|dose levels?|confirmed and|unconfirmed"
    r"|predict\w+|"
    r"durable|previous\w*|placebo|control (?:group|arm)|lines?|then|later|if|those|weeks?|months?|minimal|near)\b"
)
_GOES_ON = re.compile(r"\W*(?:these|they|this|of these|of them|among (?:these|them)|the responses?|responses)\b")


def _beside(case: Case, sentences: list[Told]) -> tuple[dict[str, Item], set[int]] | None:
    """Classes by what stands beside each number, and what they are of: `14 responses: complete in 3, partial in 9`."""
    found: dict[str, Item] = {}
    totals: set[int] = set()
    for t in sentences[::-1]:
        if found and not _GOES_ON.match(sentences[-1].words):
            return None
        if _APART.search(t.words) or _OTHER_RESPONSES.search(t.words):
            return None
        read = counted_by_name(t, case.text.passages[t.passage].start, _BESIDE)
        names = [m.name for m, _ in read[0]] if read else []
        if read is None or len({*names}) < len(names) or found.keys() & {*names}:
            return None
        found |= {m.name: x for m, x in read[0]}
        totals |= {x.n for x in read[1] if x.n} | {x.total for _, x in read[0] if x.total}
        if {"CR", "PR", "ORR"} <= found.keys():
            return found, totals
    return None


def _is_one(case: Case, p: Passage, both: list[Item]) -> bool:
    """`18 of 36 patients responded (CR in 6, PR in 12; ORR 50%)`: the two are made one, where they agree."""
    counted, shared = sorted(both, key=lambda x: x.n is None)
    if counted.n is None or not counted.total or counted.share is not None or shared.share is None or shared.n:
        return True
    n, total, share = counted.n, counted.total, shared.share
    places = [counted.at, counted.total_at or counted.at, shared.at]
    if percent_modes(n, total, share):
        tell(case, p, "count/percent", places, "ok", f"{n} of {total} is {share.text} %.", "n/N")
        both[:] = [counted._replace(share=share, share_at=shared.at)]
        return True
    tell(
        case,
        p,
        "count/percent",
        places,
        "error-if",
        f"{n} of {total} is {100 * n / total:.3g} %, not {share.text} %.",
        "n/N",
    )
    return False


def _sums(case: Case, p: Passage, one: dict[str, Item], totals: set[int]) -> bool:
    """`12 responded and 18 of the 40 had stable disease: disease control in 75%`; complete plus partial is overall."""
    sized = one.get("ORR")
    if sized is not None and _SIZE_OF_RESPONSES.search(case.flat[max(0, sized.at[0] - 24) : sized.at[0]].lower()):
        one, totals = {k: x for k, x in one.items() if k != "ORR"}, {*totals, sized.n or 0}
    total = next(iter(totals)) if len(totals) == 1 else None
    done: set[str] = set()
    best = [one[x].n for x in _PARTIAL_AT_BEST if x in one]
    sums = _SUMS
    if (
        "CR" not in one
        and len(best) == len(_PARTIAL_AT_BEST)
        and None not in best
        and sum(x or 0 for x in best) == total
    ):
        sums = (*sums, ("DCR", ("PR", "SD")))  # nobody had more
    for name, parts in sums:
        if name not in one or name in done or not all(x in one for x in parts):
            continue
        printed, items = one[name], [one[x] for x in parts]
        if printed.total is not None and any(t < printed.total for t in totals):
            continue  # of a larger group
        own = [x for x in items if x.n and x.total]
        if (
            printed.n is None
            and printed.share
            and any(percent_modes(x.n or 0, x.total or 1, printed.share) for x in own)
        ):
            continue  # of that one count: `complete in 1 and partial in 13 of 29 (response rate 44.8%)`
        places = [printed.share_at or printed.at, *(x.at for x in items)]
        shares = False
        if printed.n is not None and all(x.n is not None for x in items):
            got, slack, value = float(sum(x.n or 0 for x in items)), 0.0, float(printed.n)
            places[0] = printed.at
        elif printed.share is not None and all(x.share is not None for x in items):
            got = float(sum(x.share.value for x in items if x.share))
            slack = float(sum(x.share.step for x in items if x.share) + printed.share.step) / 2 + 0.051
            value, shares = float(printed.share.value), True
        elif printed.share is not None and total and all(x.n is not None for x in items):
            got = 100 * sum(x.n or 0 for x in items) / total
            slack, value = float(printed.share.step) / 2 + 0.051, float(printed.share.value)
        else:
            continue
        shown = " + ".join(_text(x) if shares or x.n is None else str(x.n) for x in items)
        percent = " %" if slack else ""
        if got > 100 and slack:
            continue
        done.add(name)
        if abs(got - value) <= slack:
            said = f"{shown} = {got:.4g}{percent}."
            if not any(compared(case, x, "sum") for x in places):
                tell(case, p, "sum", places, "ok", said, "responses")
            continue
        of = f" of {total}" if slack and not shares else ""
        said = f"{shown}{of} is {got:.3g}{percent}, printed {value:g}{percent}, if all are of the same patients."
        tell(case, p, "sum", places, "error-if", said, "responses")
        return True
    return False


def _within(case: Case, p: Passage, one: dict[str, Item]) -> bool:
    for part, whole in _WITHIN:
        if part in one and whole in one:
            a, b = one[part], one[whole]
            more = a.n > b.n if a.n is not None and b.n is not None else False
            if a.share is not None and b.share is not None and not more:
                more = a.share.low > b.share.high
            if more:
                name = "disease control" if whole == "DCR" else _NAMES[whole]
                said = f"{_text(a)} with {_NAMES[part]} cannot be more than {_text(b)} with {name}."
                tell(case, p, "subset", [a.at, b.at], "error-if", said, "part <= whole")
                return True
    return False


def _best(case: Case, p: Passage, one: dict[str, Item], totals: set[int]) -> bool:
    """`Of 45 patients 2 had CR, 12 PR, 19 SD and 15 PD`: each patient has one best response."""
    items = [one[x] for x in _BEST if x in one]
    if len(items) < 3:
        return False
    shown = " + ".join(map(_text, items))
    low = sum(max(x.share.low, 0) for x in items if x.share) if all(x.share is not None for x in items) else 0
    together = sum(x.n or 0 for x in items) if all(x.n is not None for x in items) else 0
    if low > 100:
        said = f"{shown} is at least {float(low):.4g} %, if each patient has one best response."
    elif totals and together > max(totals) > max(x.n or 0 for x in items):
        counts = " + ".join(str(x.n) for x in items)
        said = f"{counts} = {together}, more than {max(totals)}, if each patient has one best response."
    else:
        return False
    tell(case, p, "sum", [x.at for x in items], "error-if", said, "exclusive categories")
    return True


def _text(x: Item) -> str:
    return f"{x.share.text} %" if x.share is not None else str(x.n)
