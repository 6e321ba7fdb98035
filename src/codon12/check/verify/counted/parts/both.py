"""One group within another, two groups that share some: both, neither, including, grade 3 of any grade."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case, holder
from codon12.check.verify.labels import stems

__all__ = ["both_of_two", "check_overlap"]

_WORDS = re.compile(r"\bboth\b", re.IGNORECASE)
_BOTH = re.compile(
    r"^[\s)\]]*(?:patients? |tumou?rs? |cases? )?(?:who |that |with |had |have |were |was |harbou?red |carried |"
    r"received |showed |given |been |treated )*both(?! (?:groups|arms|cohorts|studies|trials))\b"
    r"(?P<of>(?:(?! and \d)[^.;,()\d])*)",
    re.IGNORECASE,
)
_COUNTED = r"\d{1,3}(?:,\d{3})+|\d+"
_NO_MORE = r"(?![\d.]*\d|,\d{3}| ?%|/|-)"
_OWN = r"(?: ?\(\d[\d.]* ?%\))?"
_BOTH_BEHIND = re.compile(
    rf"(?<![\d.,/-])(?P<x>{_COUNTED}){_NO_MORE}{_OWN}(?P<w>(?: [A-Za-z-]+){{0,5}})(?:,|,? and) (?:[A-Za-z-]+ ){{0,4}}?"
    rf"(?P<y>{_COUNTED}){_NO_MORE}{_OWN}(?: [A-Za-z-]+){{0,4}}?(?:,|,? and|;|, and) (?:both (?:in )?(?P<z>{_COUNTED})"
    rf"{_NO_MORE}{_OWN}(?=[.;)]|$)|(?P<z2>{_COUNTED}){_NO_MORE}{_OWN} (?:had |were positive |positive |by |with "
    rf"|on )*both(?=[.;)]|$))"
)
"""`A 113, B 115, both 120`; `60 were positive by A, 55 by B and 65 by both`."""
_BETWEEN = r"(?:[^.;:()\d]|(?<=[A-Za-z])\d\d?){0,60}?(?<![\w.,/-])"
_UNION = re.compile(
    rf"(?<![\d.,/-])(?P<n>{_COUNTED}){_NO_MORE}{_OWN}(?: [A-Za-z-]+){{1,5}}? (?:at least (?:0*1|one)|"
    r"(?:0*1|one) or both|either)\b(?: of (?:the |these |those )?0*2)?(?: [A-Za-z-]+){0,8}: "
    rf"(?P<list>{_BETWEEN}(?P<x>{_COUNTED}){_NO_MORE}{_OWN}{_BETWEEN}(?P<y>{_COUNTED}){_NO_MORE}{_OWN}{_BETWEEN}"
    rf"(?:\bboth (?:[a-z]+ )?(?:in )?(?P<z>{_COUNTED}){_NO_MORE}{_OWN}|"
    rf"(?P<z2>{_COUNTED}){_NO_MORE}{_OWN} (?:[a-z]+ )?both))"
    r"(?: [a-z]+)?(?=[.;)]|$)"
)
"""`62 had at least one of the two: A in 49, B in 37 and both in 24`."""
_APART = re.compile(r"\b(?:only|alone|other|another|neither|third|isolated)\b")
_NEITHER = re.compile(
    r"^[\s)\]]*(?:patients? |tumou?rs? |cases? )?(?:who |with |had |have |were |received |showed )*neither\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"^[^,;.]{0,60}?\b(?:only|alone)\b", re.IGNORECASE)


def check_overlap(case: Case) -> None:
    """Check the sentences whose words say that one count is part, or both, of others."""
    for p, statements in case.prose(_WORDS):
        for m in _BOTH_BEHIND.finditer(case.figures, p.start, p.end):
            x, y, z = (int((m[k] or m["z2"]).replace(",", "")) for k in "xyz")
            if z > min(x, y) and not _APART.search(m[0]):
                on = (holder(statements, m.end()),)
                said = f"{z} in both are more than the {min(x, y)} in one of them."
                places = [m.span("z" if m["z"] else "z2"), m.span("x" if x <= y else "y")]
                case.relate("subset", places, "error-if", said, "part <= whole", {"part": z}, on=on)
        for m in _UNION.finditer(case.figures, p.start, p.end):
            _either(case, m, holder(statements, m.start("n")))
        counted = [s for s in statements if _n(s) is not None]
        if len(counted) < 2:
            continue
        for k, s in enumerate(counted):
            _, after = case.around(s, 0, 90)
            shared = _BOTH.match(after)
            if shared is not None and k >= 2:
                neither = [x for x in counted if _NEITHER.match(case.around(x, 0, 60)[1])]
                before = [x for x in counted[:k] if x not in neither]
                if len(before) >= 2:
                    _both(case, before[-2], before[-1], s, shared["of"], neither)


def _either(case: Case, m: re.Match[str], on: Statement) -> None:
    """Those in one or both are those in each less those in both, or all three where these are told apart."""
    n, x, y, z = (int((m[k] or m["z2"]).replace(",", "")) for k in "nxyz")
    if _APART.search(m["list"]) or z > min(x, y) or n in (x + y - z, x + y + z):
        return
    places = [m.span(k) for k in "nxy"] + [m.span("z" if m["z"] else "z2")]
    said = f"{x} + {y} - {z} = {x + y - z}, not {n}, in one or both."
    computed = {"sum": x + y - z, "total": n}
    case.relate("inclusion-exclusion", places, "error-if", said, "inclusion-exclusion", computed, on=(on,))


def _n(s: Statement) -> int | None:
    return s.quantities.n if s.kind in PERCENT_KINDS or (s.kind == "count" and s.quantities.N is None) else None


def _total(case: Case, *statements: Statement) -> int | None:
    """The one total all the statements are of, or None."""
    found = {case.denominators[s.id].value for s in statements if s.id in case.denominators}
    known = all(s.id in case.denominators for s in statements)
    return found.pop() if known and len(found) == 1 else None


def _only(case: Case, s: Statement) -> bool:
    return _ONLY.match(case.around(s, 0, 80)[1]) is not None


def _both(case: Case, a: Statement, b: Statement, both: Statement, of: str, neithers: list[Statement]) -> None:
    """Bounds for those who had both, or the total where those who had neither are counted as well."""
    if not _named(case, a, b, both, of):
        return
    total = _total(case, a, b, both)
    exclusive = _only(case, a) and _only(case, b)
    x, y, z = _n(a) or 0, _n(b) or 0, _n(both) or 0
    neither = neithers[0] if len(neithers) == 1 else None
    if neither is not None and total is not None and _total(case, neither) == total:
        found = x + y + z + (_n(neither) or 0) if exclusive else x + y - z + (_n(neither) or 0)
        members = (a, b, both, neither)
        shown = f"{x} + {y} {'+' if exclusive else '-'} {z} + {_n(neither)} = {found}"
        if found == total:
            case.relate(
                "inclusion-exclusion", members, "ok", f"{shown}.", "inclusion-exclusion", {"sum": found}, on=members
            )
        else:
            case.relate("inclusion-exclusion", members, "error-if", f"{shown}, not {total}.", "inclusion-exclusion",
                        {"sum": found, "total": total}, on=(neither,))  # fmt: skip
        return
    if exclusive or total is None:
        return
    both_of_two(case, (a, x), (b, y), (both, z), total)


def _named(case: Case, a: Statement, b: Statement, both: Statement, of: str) -> bool:
    """Whether `both`, `both A and B` or `both mutations` means what the two counts before it are of."""
    left, joined, right = of.partition(" and ")
    if not of.strip():
        return True
    right = right if joined else left
    text = case.flat
    for words, s, end in ((left, a, b.normal_start), (right, b, both.normal_start)):
        beside = stems(text[max(0, s.normal_start - 60) : min(end, s.normal_end + 60)])
        telling = stems(words)
        if not telling or not telling <= beside:
            return False
    return True


def both_of_two(
    case: Case, a: tuple[Statement, int], b: tuple[Statement, int], both: tuple[Statement, int], total: int
) -> None:
    """Those in both of two groups are at most the smaller, and at least what the total cannot hold apart."""
    x, y, z = a[1], b[1], both[1]
    members = (a[0], b[0], both[0])
    most, least = min(x, y), max(0, x + y - total)
    computed = {"lower": least, "upper": most}
    if least <= z <= most:
        sentence = f"{z} in both is possible: {x} and {y} of {total} share {least} to {most}."
        case.relate("inclusion-exclusion", members, "ok", sentence, "inclusion-exclusion", computed)
    else:
        sentence = f"{z} in both is impossible if both are meant: {x} and {y} of {total} share {least} to {most}."
        case.relate(
            "inclusion-exclusion", members, "error-if", sentence, "inclusion-exclusion", computed, on=(both[0],)
        )
