"""Sizes of groups that a text names, and the group named right behind a share: `15 patients (34%) in the A group`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import totals_for_percent

__all__ = ["group_named_behind", "sizes_side_by_side"]

_NAME = r"(?P<name>[A-Za-z][\w-]{2,}(?:[ -][A-Za-z][\w-]*){0,3}?)"
_SIZE = r"\d{1,3}(?:,\d{3})+|\d+"
_SIZES = (
    re.compile(
        rf"\b of (?:the )?(?P<n>{_SIZE})(?: patients| participants| subjects)? \([\d.]+ ?%\) "
        rf"(?:in|on|of) the {_NAME}[ -](?:group|arm)\b"
    ),
    re.compile(rf"\b{_NAME}(?:[ -](?:group|arm|alone))? [(\[][nN] ?= ?(?P<n>{_SIZE})(?: ?\[[\d.]+ ?%\])?[)\]]"),
    re.compile(
        rf"(?<![\d.,/-])(?P<n>{_SIZE})(?: patients| participants| subjects)?(?: were| was)?(?: randomly)?"
        rf"(?: assigned| allo(?:cat|tt)ed)? (?:to|in) the {_NAME}[ -](?:group|arm)\b"
    ),
    re.compile(
        rf"(?<![\d.,/-])(?P<n>{_SIZE})(?: patients| pts)?(?: were)? (?:assigned|allo(?:cat|tt)ed) to {_NAME}"
        r"(?=[,;.:(]| and | or )"
    ),
    re.compile(
        rf"(?:assigned|allo(?:cat|tt)ed|randomi[sz]ed) to [^.;()\d]{{2,40}}?,? (?:and )?(?P<n>{_SIZE})"
        rf"(?: patients| pts)? to "
        rf"{_NAME}(?=[,;.:(])"
    ),
    re.compile(rf"(?<![\d.,/-])(?P<n>{_SIZE}) \([\d.]+ ?%\) were {_NAME}(?=[ ,;.])"),
    re.compile(
        rf"(?:randomi[sz]ed|assigned|allo(?:cat|tt)ed)[^.()]{{0,60}}"
        rf"\({_NAME}(?: arm| group)?, [nN] ?= ?(?P<n>{_SIZE})[;,]"
    ),
    re.compile(
        r"(?:randomi[sz]ed|assigned|allo(?:cat|tt)ed)[^.()]{0,60}\([^.()]{1,50}, [nN] ?= ?[\d,]+[;,] (?:and )?"
        rf"{_NAME}(?: arm| group)?, [nN] ?= ?(?P<n>{_SIZE})\)"
    ),
)
_BEHIND = re.compile(rf"^[^.;,()\d]{{0,3}}\)? ?(?:in|on|of|from) (?:the )?{_NAME}[ -](?:group|arm)\b")
_TREATED = re.compile(rf"^\W{{0,2}}(?:with|on|given|receiving|treated with) {_NAME}(?= ?[,;.(]| vs\.? | versus | and )")
_MAY_LACK = 0.7
"""Of a treatment named without `arm`, those looked at may be fewer than those assigned, by so much at most."""

_BRACKETED = re.compile(r"[(\[]\d")
_BEFORE = re.compile(
    rf"\b(?:in|for|to|of|on|from|with|than|among|vs\.?|versus|and|the) (?:the )?{_NAME}"
    r"(?:[ -](?:group|arm|patients))? ?[(\[]?$"
)
_INSIDE = re.compile(
    rf"^(?:{_SIZE}) {_NAME} (?:patients|participants|subjects|individuals|cases|adults|children)\W*[\d.]+"
)


def group_named_behind(case: Case, s: Statement) -> tuple[str, int] | None:
    """Name and size of the group named in a share, right behind or before it, where the text gives it one size."""
    behind = _BEHIND.match(case.flat[s.normal_end : s.normal_end + 90])
    own = case.flat[max(0, s.normal_start - 1) : s.normal_start + 2]
    if behind is None and _BRACKETED.search(own) is not None:
        behind = _BEFORE.search(case.around(s, 70, 0)[0])  # in the placebo group (86 [80%])
    behind = behind or _INSIDE.match(case.flat[s.normal_start : s.normal_end])
    if behind is None and (kind := _of_kind(case, s)) is not None:
        return kind
    if behind is not None:
        return _sized(case, behind["name"])
    treated = _TREATED.match(case.flat[s.normal_end : s.normal_end + 90])
    found = None if treated is None else _sized(case, treated["name"])
    q = s.quantities
    if found is None or q.n is None or q.percent is None:
        return None
    needed = totals_for_percent(q.n, q.percent)
    return None if any(_MAY_LACK * found[1] <= n <= found[1] for n in (*needed[:1], *needed[-1:])) else found


_OF_KIND = re.compile(r"^[)\]]? ?of (?:the |these |all )?(?P<words>[a-z][a-z-]+(?: [a-z][a-z-]+){0,2})")
_PEOPLE = frozenset(
    (
        *("patients", "subjects", "participants", "cases", "individuals", "people", "women", "men", "children"),
        *("adults", "respondents", "controls", "tumours", "tumors", "samples", "specimens", "eyes", "lesions"),
        *("studies", "trials", "articles", "others", "total", "cohort", "population", "group"),
    )
)
_LEAST_NOUN = 5


def _of_kind(case: Case, s: Statement) -> tuple[str, int] | None:
    """`22 (37%) of the mallards`: what a share is said to be of, where a text counts it once, `60 mallards`."""
    found = _OF_KIND.match(case.flat[s.normal_end : s.normal_end + 90])
    if found is None:
        return None
    words = found["words"].split()
    phrase = words[:1] if words[0] not in _PEOPLE else words if len(words) > 2 else []
    if not phrase or not words[0].endswith("s") or len(words[0]) < _LEAST_NOUN:
        return None
    noun = " ".join([re.escape(words[0].removesuffix("s")) + "s?", *map(re.escape, phrase[1:])])
    sizes = {int(n.replace(",", "")) for n in re.findall(rf"(?<![\d.,/-])({_SIZE}) (?:[a-z-]+ )?{noun}\b", case.flat)}
    return (" ".join(phrase), next(iter(sizes))) if len(sizes) == 1 else None


def _sized(case: Case, name: str) -> tuple[str, int] | None:
    """A group's name and its size, where the text gives it one."""
    sizes = set.intersection(*([_sizes(case).get(key, set()) for key in _keys(name)] or [set()]))
    return (name, next(iter(sizes))) if len(sizes) == 1 else None


def _sizes(case: Case) -> dict[str, set[int]]:
    """Sizes that a text gives to each word of a name of a group, found once."""
    if "group sizes" not in case.once:
        found: dict[str, set[int]] = {}
        for _, keys, n in _told(case):
            for key in keys:
                found.setdefault(key, set()).add(n)
        case.once["group sizes"] = found
    return case.once["group sizes"]


def sizes_side_by_side(case: Case) -> list[dict[str, int]]:
    """Sizes of groups told right beside each other, by the words of their names: once for all, once for the treated."""
    if "group sizes side by side" not in case.once:
        out: list[dict[str, int]] = []
        last = 0
        for start, keys, n in sorted(_told(case)):
            if not out or start - last > _BESIDE or any(key in out[-1] for key in keys):
                out.append({})
            out[-1].update(dict.fromkeys(keys, n))
            last = start
        case.once["group sizes side by side"] = [x for x in out if len(set(x.values())) > 1]
    return case.once["group sizes side by side"]


_BESIDE = 140


def _told(case: Case) -> list[tuple[int, list[str], int]]:
    """Where a size of a group is told, the words of its name, and the size."""
    return [
        (m.start("n"), _keys(m["name"]), int(m["n"].replace(",", "")))
        for pattern in _SIZES
        for m in pattern.finditer(case.flat)
    ]


_GENERAL = frozenset(
    ("the", "receive", "received", "with", "plus", "and", "either", "alone", "patients", "treatment", "to", "mg")
)


def _keys(name: str) -> list[str]:
    """The words of a name of a group, in small letters: `receive sotorasib` and `sotorasib` are one."""
    return [x for x in re.split(r"[ -]", name.lower()) if x not in _GENERAL]
