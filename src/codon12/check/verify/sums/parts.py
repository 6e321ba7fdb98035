"""Parts of a total: arms of those randomised, lists in brackets or behind a dash, the rest of a group."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["check_parts"]

_ARMS = re.compile(r"\b(?:arms?|assigned|allocated|randomi[sz]\w+|intention-to-treat)\b", re.IGNORECASE)
_PASSED_OVER = {"dose", "duration", "median_ci", "median_range", "stage", "definition", "trial_phase", "threshold",
                "date", "date_range"}  # fmt: skip
_SPLIT = re.compile(r"(?:,(?!\d{3}\b)|;)\s*(?:and\s+|or\s+)?|\s+(?:and|or|vs\.?|versus)\s+")
_PIECE = re.compile(
    r"(?:with |in |of whom )?(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.]|\s?%)(?P<rest>[^\d]*(?:\(\d[\d.]*\s?%?\))?[^\d]*)$"
)
_TIMES = re.compile(r"^\s*-?(?:months?|weeks?|days?|years?|mg|Gy|fold|cycles?)\b")
_OPENED = re.compile(r"^(?P<noun>[^.;:()\d—]{0,45})(?P<sign>[(:—]|\s-)\s*$")
_CITED = re.compile(r"\[\d[\d, -]*\]")
_PEOPLE = re.compile(
    r"patient|participant|subject|wom[ae]n|\bm[ae]n\b|adult|child|people|individual|\bwere$|\breceived$|person"
)
_THINGS = re.compile(r"fraction|dose|cycle|cent(?:er|re)|site|hospital|countr|line|week|arm|group|trial|stud")
_MAY_OVERLAP = re.compile(r"\b(?:received|had|prior|previous\w*|with|were|pretreated|tested)\b")
_CONTRAST = re.compile(r"^(?P<a>[^\d]{0,60}),? and (?:the (?:remaining|other) )?$", re.IGNORECASE)
_REST = re.compile(r"\bthe (?:remaining|other) $")
_NEGATED = re.compile(r"^\s*(?:patients? )?(?:(?:were|was|had|did) not\b|not\b)")
_LEFT_OUT = re.compile(r"^\s*(?:patients? )?(?:(?:were|was) )?(?:excluded|ineligible|withdrawn|withdrew|declined)")


class _Part(NamedTuple):
    n: int
    place: Statement | tuple[int, int]


def check_parts(case: Case) -> None:
    """Look behind every total for its parts."""
    for k, s in enumerate(case.statements):
        total = _n(s)
        if (
            total is None
            or total < 4
            or _THINGS.search(s.quote.lower())
            or case.text.passages[s.passage].table is not None
        ):
            continue
        if _enumerated(case, s, total) or _bracketed(case, k, s, total) or _split_in_two(case, k, s, total):
            continue
        _further_on(case, k, s, total)


def _n(s: Statement) -> int | None:
    return s.quantities.n if s.kind in ("count", "design_number") and s.quantities.N is None else None


def _sum(case: Case, s: Statement, parts: list[_Part], total: int) -> None:
    shown = " + ".join(str(p.n) for p in parts)
    members = [s, *(p.place for p in parts)]
    computed = {"parts": [p.n for p in parts], "sum": total, "total": total}
    case.relate("sum", members, "ok", f"{shown} = {total}.", "sum of parts", computed,
                on=[m for m in members if isinstance(m, Statement)])  # fmt: skip


_REASON = re.compile(
    r"discontinu|withdr|exclu|ineligib|\bdied|deaths?\b|dropped out|lost to|\boff (?:study|treatment)", re.IGNORECASE
)


def _no_sum(
    case: Case, s: Statement, parts: list[_Part], total: int, *, arms: bool, sure: bool = False, reasons: bool = False,
    apart: bool = False,
) -> bool:  # fmt: skip
    """Parts that miss their total: an error where one bracket holds the arms and they are more than all."""
    found = sum(p.n for p in parts)
    shown = f"{' + '.join(str(p.n) for p in parts)} = {found}, not {total}"
    computed = {"parts": [p.n for p in parts], "sum": found, "total": total}
    members = [s, *(p.place for p in parts)]
    if sure and found > total:
        which = "two arms" if len(parts) == 2 else "arms"
        sentence = f"The {which} make {shown}."
        case.relate("sum", members, "error", sentence, "sum of parts", computed, on=(s,), tie="explicit")
    elif (arms and 9 * total <= 10 * found <= 11 * total) or _near(found, total) or (apart and found < 2 * total):
        what = "arms" if arms else "parts"
        case.relate(
            "sum", members, "error-if", f"If these are all the {what}: {shown}.", "sum of parts", computed, on=(s,)
        )
    elif reasons and total < found < 2 * total:
        sentence = f"If each is counted once: {shown}."
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=(s,))
    else:
        return False
    return True


def _near(found: int, total: int) -> bool:
    return abs(found - total) <= max(2, total // 50)


def _enumerated(case: Case, s: Statement, total: int) -> bool:
    """`38 patients (22 with A and 16 with B)`, `61 tumours: 34 A, 19 B and 8 C`."""
    p, text = case.text.passages[s.passage], case.flat
    digit = re.compile(r"\d").search(text, s.normal_end, min(p.end, s.normal_end + 60))
    opened = digit and _OPENED.match(text[s.normal_end : digit.start()])
    if digit is None or not opened:
        return _labelled(case, s, total)
    closing = {"(": r"\)", ":": r"[.;](?=\s|$)", "—": r"—|[.;](?=\s|$)"}.get(opened["sign"], r"\s-\s|[.;](?=\s|$)")
    end = re.compile(closing).search(text, digit.start(), p.end)
    stop = end.start() if end else p.end
    if opened["sign"] == "(" and "(" in text[digit.start() : stop]:
        return False
    parts: list[_Part] = []
    begin = digit.start()
    cuts = [(m.start(), m.end()) for m in _SPLIT.finditer(text, begin, stop)]
    for first, after in [*cuts, (stop, stop)]:
        piece = _CITED.sub(lambda m: " " * len(m[0]), text[begin:first])
        if re.search(r"\d", piece):
            found = _PIECE.match(piece)
            if found is None or _TIMES.match(found["rest"]):
                return False
            place = (begin + found.start("n"), begin + found.end("n"))
            parts.append(_Part(int(found["n"].replace(",", "")), place))
        elif not parts:
            return False
        begin = after
    if len(parts) < 2:
        return False
    inside = {x.normal_start: x for x in case.neighbours(s, 0) if _n(x) is not None}
    parts = [_Part(q.n, inside.get(q.place[0], q.place)) for q in parts if isinstance(q.place, tuple)]
    found_sum = sum(q.n for q in parts)
    if found_sum == total:
        _sum(case, s, parts, total)
        return True
    if found_sum < total and re.search(rf"(?<![\d.,]){total - found_sum}(?![\d.,]*\d|\s?%)", text[stop : p.end]):
        return False  # the rest is named further on
    arms = case.says(s, _ARMS) and not re.search(r"%", text[digit.start() : stop])
    sure = arms and _MAY_OVERLAP.search(text[digit.start() : stop]) is None
    reasons = _REASON.search(s.quote + opened["noun"]) is not None and all(
        _BECAUSE.search(text[q.place[1] if isinstance(q.place, tuple) else q.place.normal_start :][:60]) for q in parts
    )
    return _no_sum(case, s, parts, total, arms=arms, sure=sure, reasons=reasons)


_LABELLED = re.compile(
    r"^[^.;:()\d]{0,40}\((?P<items>[^.;()\d]{1,40}?n ?= ?\d+(?:[;,] ?(?:and )?[^.;()\d]{1,40}?n ?= ?\d+)+)\)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"n ?= ?(\d+)", re.IGNORECASE)


def _labelled(case: Case, s: Statement, total: int) -> bool:
    """`40 patients were enrolled (dose escalation, n = 18; expansion, n = 22)`."""
    p = case.text.passages[s.passage]
    found = _LABELLED.match(case.flat[s.normal_end : min(p.end, s.normal_end + 240)])
    if found is None:
        return False
    begin = s.normal_end + found.start("items")
    inside = {x.normal_start: x for x in case.neighbours(s, 0) if _n(x) is not None}
    parts = [
        _Part(int(m[1]), inside.get(begin + m.start(), (begin + m.start(1), begin + m.end(1))))
        for m in _ITEM.finditer(found["items"])
    ]
    if sum(q.n for q in parts) == total:
        _sum(case, s, parts, total)
        return True
    return _no_sum(case, s, parts, total, arms=case.says(s, _ARMS), reasons=True)


_BECAUSE = re.compile(r"^[^,;.]{0,30}\b(?:for|due to|because of|owing to|from|of)\b", re.IGNORECASE)


def _alone_in_bracket(case: Case, s: Statement) -> bool:
    text = case.flat
    before, after = text[max(0, s.normal_start - 4) : s.normal_start].rstrip(), text[s.normal_end : s.normal_end + 12]
    return before.endswith(("(", "[")) and re.match(r"(?: patients| women| men)?\s*[)\]]", after) is not None


_EITHER = re.compile(r"(?: \w+)?[)\]],? (?:or\b|and to\b|vs\b|versus\b)")
"""Between two arms that exclude each other."""


def _bracketed(case: Case, k: int, s: Statement, total: int) -> bool:
    """`412 patients ... A (207 patients) or B (205 patients)`: each arm in a bracket of its own."""
    if not case.says(s, _ARMS) or _alone_in_bracket(case, s) or not _PEOPLE.search(s.quote.lower()):
        return False
    parts: list[_Part] = []
    for other in case.statements[k + 1 : k + 14]:
        if other.passage != s.passage:
            break
        n = _n(other)
        if n is None:
            if other.kind not in _PASSED_OVER and other.kind != "design_number":
                break
        elif _alone_in_bracket(case, other):
            parts.append(_Part(n, other))
            if len(parts) >= 2 and sum(p.n for p in parts) == total:
                _sum(case, s, parts, total)
                return True
        elif _PEOPLE.search(other.quote.lower()):
            break
    if not 2 <= len(parts) <= 4:
        return False
    ends = [p.place for p in parts[-2:] if isinstance(p.place, Statement)]
    chosen = _EITHER.match(case.flat, ends[0].normal_end, ends[1].normal_start) is not None
    more = chosen and max(p.n for p in parts) < total < sum(p.n for p in parts)
    return _no_sum(case, s, parts, total, arms=True, apart=more)


def _split_in_two(case: Case, k: int, s: Statement, total: int) -> bool:
    """`Of 127 patients, 121 were evaluable and 6 were not`; `61 were excluded and 127 were treated`."""
    rest = [x for x in case.statements[k + 1 : k + 4] if x.passage == s.passage]
    before = case.around(s, 12, 0)[0]
    if len(rest) < 2 or not re.search(r"\b(?:Of|Among)(?: the| all)? $", before, re.IGNORECASE):
        return False
    a, b = rest[0], rest[1]
    x, y = _any_n(a), _any_n(b)
    text = case.flat
    if x is None or y is None or not _CONTRAST.match(text[a.normal_end : b.normal_start]):
        return False
    what = text[b.normal_start : b.normal_end] + case.around(b, 0, 40)[1]
    what = re.sub(r"^\s*\d+\s*", "", what)
    first = re.sub(r"^\s*\d+\s*", "", text[a.normal_start : a.normal_end] + case.around(a, 0, 40)[1])
    all_of_them = _REST.search(text[a.normal_end : b.normal_start]) is not None or _NEGATED.match(what) is not None
    left_out = _LEFT_OUT.match(first) is not None or _LEFT_OUT.match(what) is not None
    parts = [_Part(x, a), _Part(y, b)]
    if not all_of_them and not left_out:
        return False
    if x + y == total:
        _sum(case, s, parts, total)
        return True
    if all_of_them or x + y > total:
        shown = f"{x} + {y} = {x + y}, not {total}"
        computed = {"parts": [x, y], "sum": x + y, "total": total}
        case.relate("sum", (s, a, b), "error-if", f"If the two are all: {shown}.", "sum of parts", computed, on=(s,))
        return True
    return False


def _any_n(s: Statement) -> int | None:
    return s.quantities.n if s.kind in ("count", "count_percent") and s.quantities.N is None else None


def _further_on(case: Case, k: int, s: Statement, total: int) -> None:
    """Counts after a total, here or in the next sentence, that add up to it; a lack of them says nothing."""
    parts: list[_Part] = []
    for other in case.statements[k + 1 : k + 12]:
        passed_over = other.kind in _PASSED_OVER or (other.kind == "design_number" and other.quantities.n is None)
        if other.passage > s.passage + 1 or (other.kind != "count" and not passed_over):
            break
        n = _n(other)
        if n is None or _THINGS.search(other.quote):
            continue
        if n >= total:
            break
        parts.append(_Part(n, other))
        found = sum(p.n for p in parts)
        if len(parts) >= 2 and found == total:
            _sum(case, s, parts, total)
            return
    if len(parts) == 1 and total >= 20 and isinstance(parts[0].place, Statement) and case.says(parts[0].place, _ARMS):
        first = parts[0].place
        end = case.text.passages[first.passage].end
        rest = re.compile(rf" {total - parts[0].n}(?![\d.,]*\d|\s?%)\b").search(case.flat, first.normal_end, end)
        if rest is not None:
            _sum(case, s, [*parts, _Part(total - parts[0].n, (rest.start() + 1, rest.end()))], total)
