"""A whole and the parts listed behind it in one sentence: `19 patients: grade 1 in 7, grade 2 in 11 and grade 3 in 1`.

Parts add up to their whole where their names leave nothing out (arms, opposites, `other` at the end), and to no more
than it where their names exclude each other (arms, opposites, grades and stages).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder

__all__ = ["check_whole_and_parts"]

_COUNT = re.compile(
    r"(?<![\w.,/:+-])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\s?[%/]|[-:]\d|\+)"
    r"(?P<share> ?[(\[](?:\d+(?:\.\d+)?) ?%[)\]])?"
)
_NAMED = re.compile(
    r"\b(?:grades?|stages?|phases?|cohorts?|arms?|groups?|parts?|weeks?|days?|months?|cycles?|levels?|types?|lines?|"
    r"versions?|scores?|ECOG(?: PS)?|PS|status|table|figure|codon|exon|age[sd]?|CTCAE|than|least|most|>=|<=|[<>=≥≤])"
    r" ?(?:of )?(?P<n>\d+)[a-c]?(?![\d.,]*\d|\w)|\b(?P<m>\d+)(?= or (?:more|fewer|less|greater)\b)|(?P<r>\d+(?::\d+)+)",
    re.IGNORECASE,
)
"""Numbers that name something or bound it, and count nothing; `n = 7` is read before."""
_RINGED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
"""Digits of names, so that no pattern takes them for counts."""
_UNIT = re.compile(
    r"^ ?-?(?:mg|kg|g|Gy|cGy|µg|mcg|mL|ml|mm|cm|months?|weeks?|days?|years?|hours?|minutes?|cycles?|fractions?|"
    r"courses?|times|fold|doses?|cent(?:er|re)s?|sites?|hospitals?|countries|institutions|trials|studies|arms|groups|cohorts|"
    r"(?:dose )?(?:levels?|cohorts?)|percentage|points?|x|AUC|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)\b"
    r"|^(?:[a-z]+ ){0,2}(?:cohorts|levels|groups|arms|cent(?:er|re)s)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:\d\d?,? )?$"
    r"|\b(?:aged?|ages)(?: of| between| from)? (?:\d+ (?:and|to) )?$"
)
_BEFORE_YEAR = re.compile(r"\b(?:in|since|until|and|to|from|between) $")
_SIZED = re.compile(r"[nN] ?= ?$")
_HELD = re.compile(
    r"\b(?:patients?|participants?|subjects?|individuals?|adults?|children|wom[ae]n|m[ae]n|people|pts|persons?|cases?|"
    r"deaths?|events?|responses?|responders|withdrawals?|tumou?rs?|samples?|specimens?|relapses?|recurrences?|"
    r"progressions?|infants|survivors|lesions|metastases|irAEs?)\b"
    r"|^(?: had| were| was)? (?:died|withdrew|discontinued|dropped|relapsed|responded|progressed|recurred|"
    r"randomi[sz]ed|enrolled|included|treated|evaluable|eligible|analy[sz]ed|"
    r"(?:for|in) (?:the )?(?:final )?analys[ei]s)\b",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"^(?P<noun>[^.;:()]{0,110}?)(?:: ?|, | \(|\(| - | — )(?:with |including |comprising |consisting of |"
    r"of (?:whom|which|these) |namely |i\.e\.,? |as )?(?P<lead>[^.;:(){}]{0,45}?)$"
)
_TO_ARMS = re.compile(r"^(?P<noun>[^.;]{0,170}?\b(?:to|into|in|received|receive)\b)(?P<lead>[^.;:()]{1,60}) ?\($")
_BETWEEN = re.compile(
    r"^(?P<label>[^.:()\d]{0,80})[)\]]?(?P<sign>, and |, or |; and |, | and | or | vs\.? | versus |; )"
    r"(?P<next>[^.:;,()\d]{0,60}?)[(\[]?$"
)
_AFTER = re.compile(r"^[)\]]?(?P<label>[^.;:,()\d]{0,80})")
_ARM = re.compile(
    r"\b(?:arms?|groups?|placebo|controls?|alone|recipients?|escalation|expansion|training|validation|derivation|"
    r"monotherapy|combination)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\b(?:randomi[sz]|assigned|allocated)", re.IGNORECASE)
_REST = re.compile(
    r"^(?:(?:with|had|were|was|of|in) )*(?:others?|remaining|rest|miscellaneous|neither|unknown)\b", re.IGNORECASE
)
_DISTINCT = re.compile(r"\b(?:grades?|stages?) ?[⓪①-⑨IVX]+[a-c]?(?:[-/ ]+(?:or )?[①-⑨IVX]+)?", re.IGNORECASE)
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})", re.IGNORECASE), re.compile(rf"\b(?:{b})", re.IGNORECASE))
    for a, b in (
        (r"(?:treatment|chemo\w*)?-?na[iï]ve|untreated", r"(?:previously|pre)-?\s?treated|pretreated|refractory"),
        (r"m[ae]n\b|males?\b|boys\b", r"wom[ae]n\b|females?\b|girls\b"),
        (r"(?!.* with )with ", r"without "),
        (r"positive|\w+-positive", r"negative|\w+-negative"),
        (r"responders", r"non-?responders"),
        (r"mutant|mutated", r"wild-?type"),
        (r"high\b|high-", r"low\b|low-"),
        (r"primary", r"(?:metastatic|recurrent|secondary)"),
        (r"left", r"right"),
        (r"unilateral", r"bilateral"),
        (r"local|early|limited", r"advanced|late|extensive|distant"),
        (
            r"(?:had |with )?(?:one|a single|single|1)\b",
            r"(?:had |with )?(?:(?:two|②) or more|multiple|more than (?:one|1))",
        ),
        (r"never", r"ever\b|current or former|former or current"),
        (r"alive|survived|survivors", r"dead|died|non-?survivors"),
        (r"cases", r"controls"),
        (r"benign", r"malignant"),
        (r"escalation", r"expansion"),
        (r"training|derivation|discovery", r"validation|test"),
    )
)
_NOT_ALL = re.compile(
    r"\b(?:evaluable|available|known|unknown|missing|assess\w+|data|most (?:common|frequent)|mainly|mostly|"
    r"at least|e\.g|such as|three|four|five|each|both|either|or both|per|cross\w+)\b",
    re.IGNORECASE,
)
_MORE_ARMS = re.compile(
    r"\b(?:three|four|five|3|4|5)[- ](?:arms?|groups?|cohorts?|treatment (?:arms|groups)|regimens)\b|1:1:1|2:1:1|1:2:2"
)
_PREDICATE = re.compile(
    r"\b(?:was|were|had|have|has|achieved|completed|died|responded|experienced|reported|showed|developed|relapsed|"
    r"progressed|discontinued|withdrew|required)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b[A-Za-z]+-?\d[\w-]*")
"""Names with figures in them: `G12C`, `CD8`, `PD-1`."""
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""Words in brackets: those without a count are passed over."""
_MOST_PARTS, _LONGEST, _WHOLE_AND_TWO = 8, 60, 3


class _Number(msgspec.Struct, frozen=True):
    n: int
    start: int
    end: int
    sized: bool
    """Whether it is written `n = 7`."""


class _List(msgspec.Struct, frozen=True):
    whole: _Number
    parts: tuple[_Number, ...]
    sentence: tuple[_Number, ...]
    """All numbers of the sentence that count something."""
    labels: tuple[str, ...]
    before: str
    """Words before the whole."""
    noun: str
    """Words behind the whole that say what it counts."""
    opened: str
    """All words between the whole and its first part."""
    behind: str
    """Words behind the last part, its name first."""
    rest: str
    """Words behind the name of the last part."""


def check_whole_and_parts(case: Case) -> None:
    """Check each list of counts behind a count that no other rule has added up."""
    places = sorted({(x.start, x.end) for r in case.relations if r.kind == "sum" for x in r.places})
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or case.cites(statements[0]):
            continue
        if case.says(statements[0], _REST_NAMED, "other", "miscel"):
            _with_a_rest(case, statements, places, (p.start, p.end))
        for found in _lists(case.figures, p.start, p.end):
            if not _added(case, places, [(x.start, x.end) for x in found.parts]):
                _judge(case, statements, found)


def _added(case: Case, places: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]]) -> bool:
    """Whether another rule has added one of these numbers."""
    for part in parts:
        at = case.text.normal.span(*part)[0]
        k = bisect_right(places, (at, len(case.flat) + at))
        if any(start <= at < end for start, end in places[max(0, k - _AROUND) : k]):
            return True
    return False


_AROUND = 8
"""Numbers before one that are looked at: the statement that holds it is among them."""


_ITEM = r"[^.;:,()\d]{3,40} \([nN] ?= ?\d[\d,]*\)"
_WITH_REST = re.compile(
    rf"(?:{_ITEM},? ){{1,6}}?(?:and|or) (?:with )?(?:others?|miscellaneous)\b[^.;:,()\d]{{0,30}} \([nN] ?= ?\d[\d,]*\)"
)


_REST_NAMED = re.compile(r"\b(?:and|or) (?:with )?(?:others?|miscellaneous)\b", re.IGNORECASE)


def _with_a_rest(
    case: Case, statements: Sequence[Statement], places: Sequence[tuple[int, int]], span: tuple[int, int]
) -> None:
    """`colorectal (n = 15), gastric (n = 8) and other (n = 9)` where no whole stands before: together a group named."""
    for m in _WITH_REST.finditer(case.flat, *span):
        items = [(x.start() + m.start(), x.end() + m.start()) for x in re.finditer(r"\d[\d,]*(?=\))", m[0])]
        parts = [int(case.flat[a:b].replace(",", "")) for a, b in items]
        sizes = {n for n in case.groups if n not in parts}
        together = sum(parts)
        if _added(case, places, items) or not sizes or together in case.sizes:
            continue
        if together > max(sizes):
            shown = f"{' + '.join(map(str, parts))} = {together}"
            sentence = f"If each is counted once: {shown}, more than any group named ({max(sizes)} at most)."
            on = (holder(statements, items[0][0]),)
            case.relate("sum", items, "error-if", sentence, "sum of parts", {"parts": parts, "sum": together}, on=on)


def _numbers(flat: str, start: int, end: int) -> list[_Number]:
    """Whole numbers of a sentence that count something."""
    named = {m.start(m.lastgroup or 0) for m in _NAMED.finditer(flat, start, end)}
    out = []
    for m in _COUNT.finditer(flat, start, end):
        sized = _SIZED.search(flat, max(start, m.start() - 5), m.start()) is not None
        n = int(m["n"].replace(",", ""))
        if not sized and (
            m.start("n") in named or (m["share"] is None and _UNIT.match(flat[m.end("n") : m.end("n") + 40]))
        ):
            continue
        ahead = flat[max(start, m.start() - 24) : m.start()]
        year = 1900 <= n <= 2100 and "," not in m["n"] and _BEFORE_YEAR.search(ahead) is not None
        if year or _MONTH.search(ahead):
            continue
        out.append(_Number(n, m.start("n"), m.end(), sized))
    return out


def _lists(flat: str, start: int, end: int) -> Iterator[_List]:
    """Every count of a sentence with the counts listed right behind it."""
    numbers = _numbers(flat, start, end)
    if len(numbers) < _WHOLE_AND_TWO:
        return
    counted = [x.start - start for x in numbers]
    masked = _NAMED.sub(lambda m: m[0].translate(_RINGED), flat[start:end])
    masked = _CODE.sub(lambda m: m[0].translate(_RINGED), masked)
    masked = _ASIDE.sub(lambda m: m[0] if any(m.start() < at < m.end() for at in counted) else " " * len(m[0]), masked)

    def text(a: int, b: int) -> str:
        return masked[a - start : b - start]

    k = 0
    while k + 2 < len(numbers):
        whole, first = numbers[k], numbers[k + 1]
        opened = _OPENED.match(_no_size(text(whole.end, first.start))) or _TO_ARMS.match(
            _no_size(text(whole.end, first.start))
        )
        if opened is None or whole.sized or not _holds(opened):
            k += 1
            continue
        parts, labels, lead = [first], [], opened["lead"]
        for after in numbers[k + 2 : k + 2 + _MOST_PARTS]:
            between = _BETWEEN.match(_no_size(text(parts[-1].end, after.start)))
            if between is None or (between["sign"].startswith(";") and not after.sized):
                break
            labels.append(_label(lead, between["label"]))
            lead = between["next"]
            parts.append(after)
        if len(parts) < 2:
            k += 1
            continue
        tail = _AFTER.match(text(parts[-1].end, end))
        rest = tail["label"] if tail else ""
        labels.append(_label(lead, rest))
        behind = text(parts[-1].end, end)
        yield _List(
            whole, tuple(parts), tuple(numbers), tuple(labels), text(start, whole.start), opened["noun"],
            text(whole.end, first.start),
            behind[: _LONGEST + len(rest)], behind[len(rest) : _LONGEST + len(rest)]
        )  # fmt: skip
        k += len(parts)


def _holds(opened: re.Match[str]) -> bool:
    """Whether the words behind a number say that it counts what may have parts, or a sign opens a list."""
    noun = opened["noun"].strip()
    return _HELD.search(opened["noun"]) is not None if noun else opened[0].lstrip().startswith(("(", ":"))


def _no_size(text: str) -> str:
    """Words before a number without the `, n = ` right before it."""
    found = _SIZE.search(text)
    return text if found is None else text[: found.start()] + found["open"]


_SIZE = re.compile(r"(?P<open>\(?)(?:,? ?)[nN] ?= ?$")


def _label(before: str, behind: str) -> str:
    """The name of a part: what stands before its number (`grade 2 in`), or else behind it."""
    before = re.sub(r"\b(?:in|to|with|of|and|or|the|other|had)\b", " ", before).strip(" ,;(")
    return before if len(before) > 2 else behind.strip(" ,;()[]")


def _judge(case: Case, statements: Sequence[Statement], found: _List) -> None:
    parts = [x.n for x in found.parts]
    total, together = found.whole.n, sum(parts)
    members = [(x.start, x.end) for x in (found.whole, *found.parts)]
    computed = {"parts": parts, "sum": together, "total": total}
    shown = f"{' + '.join(map(str, parts))} = {together}"
    if together == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
        return
    why = _exclusive(case, found)
    ahead = [x.n for x in found.sentence if x.start <= found.whole.start]
    sums = {sum(ahead[k:]) for k in range(len(ahead))}
    elsewhere = together in case.sizes or together in sums or any(x.n == together for x in found.sentence)
    if why is None or elsewhere or total < 2 or max(parts) > 2 * total:
        return
    if together < total and (2 * together < total or why == "levels" or not _leave_nothing_out(found, why)):
        return
    as_what = f"all the {why}" if together < total else f"{why} that exclude each other"
    sentence = f"If these are {as_what}: {shown}, not {total}."
    on = (holder(statements, found.whole.start),)
    case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


def _exclusive(case: Case, found: _List) -> str | None:
    """What the parts are that exclude each other: arms, opposites, kinds with a rest, levels; None where unsure."""
    labels = found.labels
    if not all(labels) or _last_word(found.noun) in {_last_word(x) for x in labels}:
        return None  # 602 at low risk, 198 at medium risk and 484 at high risk: the first is one of them
    if len({m[0].lower() for m in map(_DISTINCT.search, labels) if m}) == len(labels):
        return None if _DISTINCT.search(found.before[-_LONGEST:]) else "levels"
    if len(labels) == 2 and any(
        (a.search(x) and b.search(y) and not b.search(x)) for a, b in _OPPOSITES for x, y in (labels, labels[::-1])
    ):
        return "groups"
    arms = all(_ARM.search(x) or x.rsplit(" ", 1)[-1].lower() in _names(case) for x in labels)
    to_each = found.opened.rstrip("(nN= ").endswith(labels[0]) or all(x.startswith("to ") for x in labels)
    arms = arms or (to_each and _SPLIT.search(found.before + found.opened) is not None)
    if len(labels) == 2 and arms and _MORE_ARMS.search(case.flat) is None:
        return "arms"
    return "kinds" if _REST.match(labels[-1]) is not None else None


def _last_word(text: str) -> str:
    words = re.findall(r"[A-Za-z-]{2,}", text)
    return words[-1].lower() if words else "-"


def _names(case: Case) -> set[str]:
    """Names that the text gives to arms: `the olanzapine group`."""
    if case.arm_names is None:
        case.arm_names = {m[1].lower() for m in _NAMED_ARM.finditer(case.flat)}
    return case.arm_names


_NAMED_ARM = re.compile(r"\b([A-Za-z][\w-]{2,})[ -](?:group|arm)s?\b")


def _leave_nothing_out(found: _List, why: str) -> bool:
    """Whether nothing says that some of the whole are in none of the parts."""
    words = f"{found.opened} {' '.join(found.labels)} {found.behind}"
    both = why == "groups" and _PREDICATE.search(found.labels[0]) is not None
    named = "" if both else " ".join(found.labels)
    return _NOT_ALL.search(words) is None and _PREDICATE.search(f"{named} {found.rest}") is None
