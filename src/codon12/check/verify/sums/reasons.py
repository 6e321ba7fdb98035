"""Lists that leave nothing out: reasons for leaving, kinds with a rest, events counted apart, `k of n` of each group.

`376 were excluded (211 ineligible, 128 declined and 37 for other reasons)`, `G12D in 18, G12V in 12 and other in 5`,
`4 deaths were related: pneumonitis (n = 2), sepsis (n = 1) and arrest (n = 1)`, `in 4 of 38: 1 of 6 at 60 mg, ...`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.check.verify.sums.listed_parts import Listed, lists_of

__all__ = ["check_reasons"]

_GONE = re.compile(
    r"\b(?:excluded|ineligible|discontinued|withdrew|withdrawn|died|dropped out|stopped|did not (?:receive|undergo|"
    r"complete|start|proceed)|not (?:eligible|randomi[sz]ed|"
    r"enrolled|included|treated|evaluable))\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"^(?:for|from|of|due to|because|owing to|with|without|had|did not|were|was|declined|refused|withdrew|lost|no)\b",
    re.IGNORECASE,
)
_BECAUSE_OF = re.compile(r"\b(?:because of|due to|owing to)\b", re.IGNORECASE)
_PART_OF_TRIAL = re.compile(
    r"^(?:in |to )?(?:the )?(?:phase|part|stage|cohort|dose) ?\S+(?: part| phase)?$", re.IGNORECASE
)
_AT_DOSE = re.compile(r"^at (?:the )?\S+ ?(?:mg|µg|mcg|Gy)\b", re.IGNORECASE)
_DEATHS = re.compile(r"\b(?:deaths?|fatal (?:events?|adverse events?)|died)\b", re.IGNORECASE)
_GRADED = re.compile(r"\bgr(?:ades?)?\.? ?[\d⓪①-⑨][\d⓪①-⑨/ -]*", re.IGNORECASE)
_OVERLAP = re.compile(
    r"\b(?:more than (?:one|[⓪0]*[①1])|multiple|several|mutually|overlap\w*|both|either|could|each|some)\b|"
    r"\breasons? (?:may|could)",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:main\w*|most\w*|including|such as|e\.g|common\w*|primarily|predominantly|at least|among)\b", re.IGNORECASE
)
_REST = re.compile(r"\b(?:others?|unknown|remaining)\b", re.IGNORECASE)
_HINT = re.compile(
    r"exclu|ineligib|phase|part|cohort| at \d|discontinu|withdr|\bdied\b|dropped|stopped|\bother|unknown|\bnot\b|"
    r"response|deaths?|\bgr|n ?= ?\d|\bof \d",
    re.IGNORECASE,
)


def check_reasons(case: Case) -> None:
    """Check lists in which everybody is counted once, in sentences of prose that no other rule has added up."""
    told = sums_told(case)
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None or case.cites(statements[0]) or not case.says(statements[0], _HINT):
            continue
        for found in lists_of(case, passage):
            _listed(case, statements, told, found)
        _sized(case, statements, (p.start, p.end))
        _of_each(case, statements, (p.start, p.end))
        _responses(case, statements, (p.start, p.end))


def _in_one_bracket(case: Case, found: Listed) -> Listed | None:
    """The parts up to the bracket that closes behind them; None where fewer than two are left."""
    if _leaves_a_bracket(case.figures[found.whole.end : found.parts[-1].end]):
        return None
    opened = case.figures[found.whole.end : found.parts[0].start]
    bracket = opened.rfind("(")
    if bracket < 0 or ")" in opened[bracket:]:
        return found
    at, depth = found.whole.end + bracket + 1, 1
    for stop in range(at, min(len(case.figures), at + 400)):
        depth += {"(": 1, ")": -1}.get(case.figures[stop], 0)
        if depth == 0:
            break
    inside = tuple(x for x in found.parts if x.end <= stop)
    if len(inside) < 2:
        return None
    return Listed(
        found.whole, inside, found.sentence, found.labels[: len(inside)], found.before, found.noun, found.opened,
        case.figures[inside[-1].end : stop], "",
    )  # fmt: skip


def _leaves_a_bracket(text: str) -> bool:
    """Whether a bracket closes that did not open: the whole stands in a bracket of its own."""
    depth = 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return True
    return False


def _listed(case: Case, statements: Sequence[Statement], told: Sequence[tuple[int, int]], listed: Listed) -> None:
    found = _in_one_bracket(case, listed)
    if found is None or is_added(case, told, [(x.start, x.end) for x in found.parts]):
        return
    between = case.figures[found.parts[-2].end : found.parts[-1].end] + found.behind[:40]
    reasons = _GONE.search(found.noun) is not None and (
        all(_BECAUSE.match(x) for x in found.labels if x)
        or _BECAUSE_OF.search(found.opened) is not None
        or found.opened.rstrip().endswith("(")
    )
    reasons = reasons or all(_PART_OF_TRIAL.match(x) for x in found.labels)
    reasons = reasons or (found.opened.rstrip().endswith("(") and all(_AT_DOSE.match(x) for x in found.labels))
    reasons = reasons or (_DEATHS.search(found.noun) is not None and found.opened.rstrip().endswith(("(", ":")))
    reasons = reasons or (len(found.parts) == len({m[0] for x in found.labels if (m := _GRADED.search(x))}))
    kinds = _REST.search(between) is not None and len(found.parts) > 2
    if not reasons and not kinds:
        return
    words = found.noun + found.opened + between + found.behind + " ".join(found.labels)
    if _OVERLAP.search(words) or _SOME.search(words):
        return
    members = [(x.start, x.end) for x in (found.whole, *found.parts)]
    opened = found.opened.rstrip().endswith(("(", ":"))
    parts = [x.n for x in found.parts]
    left = found.whole.n - sum(parts)
    named = any(x.n == left for x in found.sentence) or _REST.search(found.behind) is not None
    _compare(case, statements, found.whole.n, parts, members, all_told=kinds or (opened and not named))


def _compare(
    case: Case,
    statements: Sequence[Statement],
    total: int,
    parts: Sequence[int],
    members: Sequence[tuple[int, int]],
    *,
    all_told: bool,
) -> None:
    """More than all is impossible where each counts once; fewer than all is a slip where one digit explains it."""
    together = sum(parts)
    shown = f"{' + '.join(map(str, parts))} = {together}"
    computed = {"parts": list(parts), "sum": together, "total": total}
    if together == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
    elif max(parts) >= 2 * total or (together >= _NOT_SMALL and together in case.sizes):
        return
    elif together > total:
        on = (holder(statements, members[0][0]),)
        sentence = f"If each is counted once: {shown}, not {total}."
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)
    elif all_told and _by_one_digit(total, parts):
        on = (holder(statements, members[0][0]),)
        sentence = f"If these are all: {shown}, not {total}; one digit would explain it."
        case.relate("sum", members, "unlikely", sentence, "sum of parts", computed, on=on)


def _by_one_digit(total: int, parts: Sequence[int]) -> bool:
    together = sum(parts)
    return one_digit_apart(str(total), str(together)) or any(
        one_digit_apart(str(x), str(total - together + x)) for x in parts
    )


_NOT_SMALL = 20
"""A sum as small as this is the size of some group by chance."""
_ITEM = r"[^.;:()\d]{2,50}? \([nN] ?= ?\d[\d,]*\)"
_SIZED = re.compile(
    rf"(?<![\w.,/:+-])(?P<t>\d[\d,]*) (?P<noun>[^.;:()\d]{{3,90}}):(?P<list>(?:{_ITEM},?){{1,6}} and{_ITEM})(?=\.|;|$)"
)
_HELD = re.compile(r"\b(?:deaths?|died|fatal|patients?|events?|related|withdr\w+|discontinu\w+)\b", re.IGNORECASE)


def _sized(case: Case, statements: Sequence[Statement], span: tuple[int, int]) -> None:
    """`4 were considered related to treatment: pneumonitis (n = 2), sepsis (n = 1) and cardiac arrest (n = 1)`."""
    for m in _SIZED.finditer(case.figures, *span):
        around = case.figures[span[0] : m.start("list")]
        items = [
            (m.start("list") + x.start(1), m.start("list") + x.end(1))
            for x in re.finditer(r"= ?(\d[\d,]*)\)", m["list"])
        ]
        if not _HELD.search(around) or _SOME.search(m["noun"]) or _OVERLAP.search(around) or _judged(case, items):
            continue
        parts = [int(case.figures[a:b].replace(",", "")) for a, b in items]
        _compare(
            case, statements, int(m["t"].replace(",", "")), parts, [m.span("t"), *items],
            all_told=re.search(r"\b(?:deaths?|died|fatal)\b", around, re.IGNORECASE) is not None,
        )  # fmt: skip


def _judged(case: Case, items: Sequence[tuple[int, int]]) -> bool:
    """Whether another rule has added up all of these numbers."""
    places = {case.text.normal.span(*x) for x in items}
    return any(
        r.kind == "sum" and sum(any(p.start <= a and b <= p.end for p in r.places) for a, b in places) == len(places)
        for r in case.relations
    )


_IN_SO_MANY = re.compile(
    r"\b(?:responses?|ORR)\b[^.:;\d]{0,40}\bin (?P<k>\d+) (?:of \d+ )?(?:patients|pts|women|men)\b(?:[^.:]|\.\d|: "
    r"?\d){0,80}?[):,] "
    r"?(?:with |including )?(?P<a>\d+) complete(?: responses?)? and (?P<b>\d+) partial\b",
    re.IGNORECASE,
)
"""`Responses were observed in 9 patients (ORR, 24%): two complete and seven partial`."""
_OF_RESPONSES = re.compile(
    r"\bof (?:the )?(?P<k>\d+) (?:confirmed |objective )?(?:responses|responders),? (?P<a>\d+)(?: "
    r"\([^()]{1,12}\))? (?:were |had an? |had )?"
    r"(?:complete|CRs?)\b[^.;\d]{0,20},? and (?P<b>\d+)(?: \([^()]{1,12}\))? (?:were |had an? |had )?(?:partial|"
    r"PRs?)\b",
    re.IGNORECASE,
)
_RESPONSES = re.compile(
    r"(?<![\w.,/-])(?P<k>\d+) ?(?:of|/) ?\d+(?:[^.]|\.\d){0,60}?\b(?:including|with|comprising) (?P<a>\d+)"
    r"(?: \([^()]{1,12}\))? (?:complete responses?|CRs?)\b[^.;\d]{0,12}(?:\([^()]{1,12}\) )?and (?P<b>\d+)"
    r"(?: \([^()]{1,12}\))? (?:partial responses?|PRs?)\b",
    re.IGNORECASE,
)


def _responses(case: Case, statements: Sequence[Statement], span: tuple[int, int]) -> None:
    """`44.9% (53 of 118; 95% CI, 35.7 to 54.3), including 7 complete responses and 46 partial responses`."""
    found = [m for r in (_RESPONSES, _OF_RESPONSES, _IN_SO_MANY) for m in r.finditer(case.figures, *span)]
    for m in found:
        members = [m.span(k) for k in "kab"]
        k, a, b = (int(m[x]) for x in "kab")
        if a + b != k and not _judged(case, members[1:]) and max(a, b) <= 2 * k:
            on = (holder(statements, members[0][0]),)
            computed = {"parts": [a, b], "sum": a + b, "total": k}
            sentence = f"Complete and partial responses make {a} + {b} = {a + b}, not {k}."
            case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


_OF = r"\d+ of \d+"
_OF_EACH = re.compile(
    rf"(?<![\w.,/-])(?P<k>\d+) of (?P<n>\d+) [^.;:()\d]{{3,70}}: ?(?P<list>{_OF} [^;:()]{{2,40}}?"
    rf"(?:, (?:and )?{_OF} [^;:()]{{2,40}}?)+)(?=[.;](?:\s|$)|$)"
)


def _of_each(case: Case, statements: Sequence[Statement], span: tuple[int, int]) -> None:
    """`in 4 of 38 patients: 1 of 6 at 60 mg, 1 of 7 at 80 mg, and 2 of 5 at 100 mg`: those of the groups are all."""
    for m in _OF_EACH.finditer(case.figures, *span):
        items = list(re.finditer(r"(\d+) of (\d+)", m["list"]))
        at = m.start("list")
        k, n = int(m["k"]), int(m["n"])
        counts, totals = [int(x[1]) for x in items], [int(x[2]) for x in items]
        members = [m.span("k"), *((at + x.start(1), at + x.end(1)) for x in items)]
        shown = f"{' + '.join(map(str, counts))} = {sum(counts)}"
        on = (holder(statements, m.start("k")),)
        computed = {"parts": counts, "sum": sum(counts), "total": k}
        if sum(counts) > k or (sum(counts) < k and sum(totals) == n):
            case.relate("sum", members, "error-if", f"If these are the groups: {shown}, not {k}.", "sum of parts",
                        computed, on=on)  # fmt: skip
        elif sum(counts) == k:
            case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
        if sum(totals) > n and all(x <= n for x in totals):
            shown = f"{' + '.join(map(str, totals))} = {sum(totals)}"
            case.relate("sum", members, "error-if", f"The groups make {shown}, more than {n}.", "sum of parts", on=on)
