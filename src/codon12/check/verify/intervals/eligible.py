"""Who could take part against who did: ages and performance status outside the limits that a text names."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_eligible"]

_ELIGIBLE = re.compile(
    r"\b(?:eligible|eligibility|inclusion criteri\w+|we (?:\w+ )?(?:included|enrolled|recruited|studied|analy[sz]ed|"
    r"identified))\b|\bhad to (?:be|have)\b|\b(?:were|was) (?:eligible|included|enrolled|recruited|required|allowed|"
    r"permitted|invited)\b|\b(?:trial|study|cohort) (?:of|in|included|enrolled|recruited)\b|\bopen to\b|\brequired\b",
    re.IGNORECASE,
)
_A = r"(?P<{0}>\d{{1,3}})"
_YEARS = r"(?: ?years?| ?yrs?| ?y)?(?:[- ]?(?:old|of age))?"
_AGED = re.compile(
    rf"\b(?:aged?|ages)(?: of| from| between|:)? {_A.format('a')}{_YEARS}(?: ?- ?| to | and ){_A.format('b')}(?: "
    rf"(?:years|y)\b| (?:were|was|could|with)\b)|\b(?:were|be|between) {_A.format('c')}{_YEARS}(?: ?- ?| to | and )"
    rf"{_A.format('d')} years (?:old|of age)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    rf"\b(?:aged?|ages)(?: of)?(?: at least| ≥| >=|≥) ?{_A.format('a')}\b"
    rf"|\b(?:aged? |be |were |patients |adults |women |men |people )?{_A.format('c')} years(?: of age)? (?:or|and|"
    rf"of age or) (?:older|over|above|more)\b|\b(?:be |were |aged? )at least {_A.format('d')} years\b"
    rf"|\b(?:be |were |aged? |patients |adults |women |men )(?:over|above|older than) {_A.format('e')} years\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    rf"\b(?:aged? |be |were |children |patients |adults |girls |boys )?(?:under|below|younger than|less than) "
    rf"(?:the age of )?{_A.format('a')}(?: years)?\b(?! ?(?:%|months|weeks|days|mg|kg|cm|mm))"
    rf"|\b(?:aged? |be |were |children |patients )?(?:up to|no older than|at most) {_A.format('b')} years\b"
    rf"|\b{_A.format('c')} years(?: of age)? (?:or|and) younger\b",
    re.IGNORECASE,
)


_RANGED = re.compile(
    r"\b(?:ages? (?:ranged?|was|were)|(?:the )?range of ages?(?: was)?|ages? range(?: was|:|,)?)(?: from| between)? "
    r"(?P<a>\d{1,3})(?: years)?(?: to | and | ?- ?)(?P<b>\d{1,3})\b(?! ?%)",
    re.IGNORECASE,
)


_EXTREME = re.compile(
    r"\bthe (?:youngest|oldest)(?: [a-z]+)? (?:was|being|is)(?: aged)? (?P<a>\d{1,3})\b(?! ?(?:months|days|"
    r"weeks|%))",
    re.IGNORECASE,
)


_YEARS_LATER = re.compile(r"\bfollow-?up\b|\byears later\b|\bat (?:the )?(?:end|last|death|discharge)\b", re.IGNORECASE)
"""Of an age that is not the one at entry."""


def check_eligible(case: Case) -> None:
    """Check the ages and the performance status found against those that were eligible."""
    _ages(case)
    _status(case)


def _between(m: re.Match[str]) -> tuple[int, int | None]:
    return int(m["a"] or m["c"]), int(m["b"] or m["d"])


def _from(m: re.Match[str]) -> tuple[int, int | None]:
    return int(m["a"] or m["c"] or m["d"] or m["e"]), None


def _until(m: re.Match[str]) -> tuple[int, int | None]:
    """Under 12 is 11 at most, as ages are told in whole years; 12 or younger is 12."""
    return 0, int(m["a"]) - 1 if m["a"] else int(m["b"] or m["c"])


def _ages(case: Case) -> None:
    """`patients aged 18 to 75 years were eligible ... median age 66 years (range, 24 to 81)`."""
    limits: set[tuple[int, int | None]] = set()
    place: tuple[int, int] | None = None
    for p in case.text.passages:
        if p.table is not None or not (case.may(_AGED, p) or case.may(_AT_LEAST, p) or case.may(_AT_MOST, p)):
            continue
        if not case.holds(_ELIGIBLE, p):
            continue
        for pattern, of in ((_AGED, _between), (_AT_LEAST, _from), (_AT_MOST, _until)):
            for m in pattern.finditer(case.flat, p.start, p.end):
                limits.add(of(m))
                place = m.span()
    ranges = [
        s
        for s in case.statements
        if s.kind == "median_range" and s.quantities.outcome == "age" and s.quantities.interval != "iqr"
        and s.quantities.unit in ("years", None) and not case.cites(s)
    ]  # fmt: skip
    if len(limits) != 1 or place is None or (limits == {(0, None)}):
        return
    least, most = limits.pop()
    told = [(s, s.quantities.low, s.quantities.high) for s in ranges]
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is None:
            found = _RANGED.finditer(case.flat, p.start, p.end)
            told += [(holder(statements, m.start("a")), read_printed(m["a"]), read_printed(m["b"])) for m in found]
        later = p.table is None and _YEARS_LATER.search(case.flat, p.start, p.end) is not None
        for m in () if p.table is not None or later else _EXTREME.finditer(case.flat, p.start, p.end):
            age = read_printed(m["a"])
            at = holder(statements, m.start("a"))
            told.append((at, age, age))
    for s, low, high in told:
        if not isinstance(low, Printed) or not isinstance(high, Printed):
            continue
        outside = low.text if low.high_cut < least else high.text if most is not None and high.low >= most + 1 else None
        if outside is not None:
            shown = f"at least {least}" if most is None else f"{least} to {most}" if least else f"at most {most}"
            sentence = f"{outside} years lies outside the ages that were eligible, {shown}."
            case.relate("order", (place, s), "error-if", sentence, "eligible ages", on=(s,))


_PS = (
    r"\b(?:(?:ECOG|WHO|Zubrod)(?: \([A-Z]+\))?(?: performance[- ]status| PS)?|(?:the )?performance[- ]status)"
    r"(?: \([A-Z]+\))?(?: scores?)?"
)
_STATUS_ELIGIBLE = re.compile(
    rf"{_PS}(?: of)?(?: was| were)?:? (?P<list>[0-4](?:(?:,? or|,| to|-| and) ?[0-4])*|≤ ?[0-4])\b", re.IGNORECASE
)
_STATUS_FOUND = re.compile(rf"{_PS} (?:was|were)\b(?P<rest>[^.;]*)", re.IGNORECASE)
_IT_WAS = re.compile(rf"(?:{_PS}|\bit) (?:was|were)\b(?P<rest>[^.;]*)", re.IGNORECASE)
_STATUS_OF = re.compile(
    rf"(?<![\d.,])(?P<n>\d+)(?: patients)?(?: \([^()]{{1,12}}\))? (?:had|with) (?:an? )?{_PS} (?:of )?(?P<v>[0-4])\b"
    r"(?! ?(?:or|-|to|%|and))"
)
_STATUS_COUNT = re.compile(r"(?<![\d.])(?P<v>[0-4])(?: in|:| =)? (?:\(?n ?= ?)?(?P<n>\d+)\b(?! ?%)")


def _status(case: Case) -> None:
    """`patients with ECOG 0 or 1 were eligible ... ECOG was 0 in 30, 1 in 80 and 2 in 16`."""
    allowed: set[int] | None = None
    place: tuple[int, int] | None = None
    for p in case.text.passages if case.has(_HAS_STATUS) else ():
        if p.table is not None or not case.holds(_HAS_STATUS, p):
            continue
        statements = case.by_passage.get(p.index, [])  # a sentence about who was eligible may hold none
        if place is None and case.holds(_ELIGIBLE, p):
            found = _STATUS_ELIGIBLE.search(case.flat, p.start, p.end)
            if found is not None:
                given = [int(x) for x in re.findall(r"[0-4]", found["list"])]
                through = any(x in found["list"] for x in ("to", "-", "≤"))
                least = 0 if "≤" in found["list"] else given[0]
                allowed, place = set(range(least, given[-1] + 1)) if through else set(given), found.span("list")
        if allowed is None or place is None or not statements or case.cites(statements[0]):
            continue
        for m in _STATUS_OF.finditer(case.flat, max(p.start, place[1]), max(p.end, place[1])):
            if int(m["v"]) not in allowed and int(m["n"]) > 0:
                sentence = f"A performance status of {m['v']} in {m['n']}, yet it was not eligible."
                on = (holder(statements, m.start("n")),)
                case.relate("order", (place, m.span("v")), "error-if", sentence, "eligible status", on=on)
        here = p.start <= place[0] < p.end
        for found in (_IT_WAS if here else _STATUS_FOUND).finditer(
            case.flat, max(p.start, place[1]), max(p.end, place[1])
        ):
            for m in _STATUS_COUNT.finditer(case.flat, found.start("rest"), found.end("rest")):
                if int(m["v"]) not in allowed and int(m["n"]) > 0:
                    shown = ", ".join(map(str, sorted(allowed)))
                    sentence = f"A performance status of {m['v']} in {m['n']}, yet {shown} were eligible."
                    on = (holder(statements, m.start("n")),)
                    case.relate("order", (place, m.span("v")), "error-if", sentence, "eligible status", on=on)


_HAS_STATUS = re.compile(_PS)
