"""A whole and the parts listed behind it in one sentence: `19 patients: grade 1 in 7, grade 2 in 11 and grade 3 in 1`.

Parts add up to their whole where their names leave nothing out (arms, opposites, `other` at the end), and to no more
than it where their names exclude each other (arms, opposites, grades and stages).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.check.verify.sums.listed_parts import Listed, lists_of

__all__ = ["check_whole_and_parts"]

_LONGEST = 60
"""Characters beside a list that are looked at."""
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
    r"progressed|discontinued|withdrew|required|received|underwent|started|began|entered|remained|survived|tested|met|"
    r"took|finished|continued|could|did|needed|attended|returned|provided|gave|went|got)\b"
    r"|\b(?:arms?|groups?|cohorts?) (?!of\b|in\b|at\b|for\b)[a-z]",
    re.IGNORECASE,
)
"""What is said of some of them alone: in both arms so many did it, and the others did not."""


def check_whole_and_parts(case: Case) -> None:
    """Check each list of counts behind a count that no other rule has added up."""
    told = sums_told(case)
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or case.cites(statements[0]):
            continue
        if case.says(statements[0], _REST_NAMED, "other", "miscel"):
            _with_a_rest(case, statements, told, (p.start, p.end))
        for found in lists_of(case, passage):
            if not is_added(case, told, [(x.start, x.end) for x in found.parts]):
                _judge(case, statements, found)


_ITEM = r"[^.;:,()\d]{3,40} \([nN] ?= ?\d[\d,]*\)"
_WITH_REST = re.compile(
    rf"(?:{_ITEM},? ){{1,6}}?(?:and|or) (?:with )?(?:others?|miscellaneous)\b[^.;:,()\d]{{0,30}} \([nN] ?= ?\d[\d,]*\)"
)
_REST_NAMED = re.compile(r"\b(?:and|or) (?:with )?(?:others?|miscellaneous)\b", re.IGNORECASE)


def _with_a_rest(
    case: Case, statements: Sequence[Statement], told: Sequence[tuple[int, int]], span: tuple[int, int]
) -> None:
    """`colorectal (n = 15), gastric (n = 8) and other (n = 9)` where no whole stands before: together a group named."""
    for m in _WITH_REST.finditer(case.flat, *span):
        items = [(x.start() + m.start(), x.end() + m.start()) for x in re.finditer(r"\d[\d,]*(?=\))", m[0])]
        parts = [int(case.flat[a:b].replace(",", "")) for a, b in items]
        sizes = {n for n in case.groups if n not in parts}
        together = sum(parts)
        if is_added(case, told, items) or not sizes or together in case.sizes:
            continue
        if together > max(sizes):
            shown = f"{' + '.join(map(str, parts))} = {together}"
            sentence = f"If each is counted once: {shown}, more than any group named ({max(sizes)} at most)."
            on = (holder(statements, items[0][0]),)
            case.relate("sum", items, "error-if", sentence, "sum of parts", {"parts": parts, "sum": together}, on=on)


_LEFT = re.compile(
    r"\b(?:excluded|ineligible|discontinued|stopped|withdrew|dropped out|not (?:enrolled|included|randomi[sz]ed))\b"
)


_REASON = re.compile(
    r"(?:(?:patients?|was|were|had|who|did so|because of|due to|owing to|for|after|with|by|from|on|at) "
    r")*(?:\w+[ -]){0,3}?"
    r"(?:progress|adverse|toxicit|death|died|withdr|withdrawal|lost|loss|decision|choice|consent|refus|declin|complet|"
    r"ineligib|screen|protocol|violation|non-?complian|pregnan|intercurrent|other|unknown|investigator|physician|patient)",
    re.IGNORECASE,
)
"""Why somebody left a study."""


_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
_BY_WHICH = re.compile(r"\b(?:only|alone|both|neither)\b", re.IGNORECASE)
_REGION = re.compile(
    r"\b(?:in|from) (?:the )?(?:North |South |Latin |Eastern |Western |East |Central )?(?:America|Europe|Asia|"
    r"Africa|Australia|"
    r"Oceania|United States|USA?|Canada|Japan|China|Korea|France|Germany|Italy|Spain|UK|United Kingdom|"
    r"Netherlands|other "
    r"(?:regions|countries))\b"
)


def _judge(case: Case, statements: Sequence[Statement], found: Listed) -> None:
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
    if why is None or elsewhere or total < 2 or max(parts) > 2 * total or _MORE_THAN_ONCE.search(found.behind):
        return
    if together < total and (
        2 * together < total or why in ("levels", "reasons", "regions") or not _leave_nothing_out(found, why)
    ):
        return
    as_what = f"all the {why}" if together < total else f"{why} that exclude each other"
    sentence = f"If these are {as_what}: {shown}, not {total}."
    on = (holder(statements, found.whole.start),)
    case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


_MORE_THAN_ONCE = re.compile(r"\b(?:more than (?:one|[⓪0]*[①1])|several|multiple|overlap\w*|mutually)\b", re.IGNORECASE)
"""Behind a list: who may be in two of its parts."""


def _exclusive(case: Case, found: Listed) -> str | None:
    """What the parts are that exclude each other: arms, opposites, kinds with a rest, levels; None where unsure."""
    labels = found.labels
    if not all(labels) or _last_word(found.noun) in {_last_word(x) for x in labels}:
        return None  # 602 at low risk, 198 at medium risk and 484 at high risk: the first is one of them
    if len({m[0].lower() for m in map(_DISTINCT.search, labels) if m}) == len(labels):
        return None if _DISTINCT.search(found.before[-_LONGEST:]) else "levels"
    if (
        _LEFT.search(found.noun) is not None
        and found.opened.rstrip().endswith((":", ","))
        and all(map(_REASON.match, labels))
    ):
        return "reasons"
    if all(_BY_WHICH.search(x) for x in labels) and sum(_ONLY.search(x) is not None for x in labels) > 1:
        return "kinds"
    if all(_REGION.search(x) for x in labels) and len({x.lower() for x in labels}) == len(labels):
        return "regions"
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


def _leave_nothing_out(found: Listed, why: str) -> bool:
    """Whether nothing says that some of the whole are in none of the parts."""
    words = f"{found.opened} {' '.join(found.labels)} {found.behind}"
    both = why == "groups" and _PREDICATE.search(found.labels[0]) is not None
    both = both or (why == "kinds" and _LEFT.search(found.noun) is not None)  # what each of them did is the reason
    named = "" if both else " ".join(found.labels)
    return _NOT_ALL.search(words) is None and _PREDICATE.search(f"{named} {found.rest}") is None
