"""Numbers of one sentence whose names say how they belong together: parts of each other, or never both.

Complete and partial responses make the objective responses (RECIST 1.1, section 4.3.1); who left a study is not in it;
a patient is a man or a woman, alive or dead; grade 3 is part of grade 3 or higher, and that of any grade (CTCAE 5.0).
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups
from codon12.check.verify.sums.added import is_added, sums_told
from codon12.check.verify.sums.counted_roles import Counted, counted_in, everybody_in
from codon12.numbers.unrounded import read_printed

__all__ = ["check_roles_together"]

_HINT = re.compile(
    r"respon|remission|\bCRs?\b|women|female|discontinu|withdr|stopped|alive|\bgrade|\bdied|\bdead\b|\bdeaths?\b|never|"
    r"absent|negative|excluded|ineligible|not eligible|screen",
    re.IGNORECASE,
)
_SEVERAL = several_groups(
    "respectively", "both", "each", "per", "additional", "other", "confirmed and unconfirmed", "by"
)
_FINER = re.compile(
    r"very good|unconfirmed|\bnear|stringent|incomplete|\bCRi\b|\bVGPR\b|\bsCR\b|minor|nodular|mixed|marrow|molecular|"
    r"metabolic|pathologic|\bpCR\b|h[ae]+matolog|non-?CR|cytogenetic|lesions?\b|\bPSA\b|ongoing|duration",
    re.IGNORECASE,
)
"""Words of responses that are not those of RECIST, or are not counted by patient."""
_ONE_EACH = (
    (("left", "stayed"), "left and is still in it"),
    (("men", "women"), "is both"),
    (("alive", "dead"), "is both"),
    (("response", "no response"), "is both"),
    (("positive", "negative"), "is both"),
    (("excluded", "entered"), "was excluded and is in it"),
    (("present", "absent"), "is both"),
    (("never smoked", "former smoker", "current smoker"), "is two of these"),
)
_PARTS = (
    ("grade 3 or higher", "any grade"),
    ("grade 3", "any grade"),
    ("grade 3", "grade 3 or higher"),
    ("grade 4", "grade 3 or higher"),
    ("grade 4", "any grade"),
    ("CR", "response"),
    ("PR", "response"),
)
_OF_RESPONSE = frozenset(("CR", "PR", "response"))


def check_roles_together(case: Case) -> None:
    """Check the numbers of each sentence of prose that names each of its kinds once."""
    for p, statements in case.prose():
        first = statements[0]
        if not (case.says(first, _UN) or case.says(first, _HINT)) or case.says(first, _SEVERAL) or case.cites(first):
            continue
        if case.says(first, _UN):
            _opposites(case, statements, p.start, p.end)
        if not case.says(first, _HINT):
            continue
        counted = list(counted_in(case.figures, p.start, p.end))
        for unit in ("", "%"):
            listed = [x for x in counted if x.unit == unit]
            roles = {x.role: x for x in listed}
            if 1 < len(roles) == len(listed):
                _together(case, statements, roles)


def _together(case: Case, statements: list[Statement], roles: dict[str, Counted]) -> None:
    told = sums_told(case)
    finer = bool(_OF_RESPONSE & set(roles)) and case.says(statements[0], _FINER)
    if not finer and {"CR", "PR"} <= set(roles):
        all_ = roles.get("response") or _of_how_many(case, statements, roles)
        if all_ is not None:
            _responses(case, statements, roles | {"response": all_}, told)
    for part, whole in _PARTS:
        if part in roles and whole in roles and not (finer and part in _OF_RESPONSE):
            _part(case, statements, roles[part], roles[whole])
    for names, why in _ONE_EACH:
        listed = [roles[name] for name in names if name in roles]
        if len(listed) > 1 and not listed[0].unit:
            _apart(case, statements, listed, why, told)


_SOME_OF = re.compile(r"(?<![\w.,/])(?P<n>\d+) ?(?:/|of|out of) ?(?:the |these |all )?\d+(?![\d.,/]*\d| ?%)")


def _of_how_many(case: Case, statements: list[Statement], roles: dict[str, Counted]) -> Counted | None:
    """The one `17 of 58` of a sentence that lists complete and partial responses as counts."""
    p = case.text.passages[statements[0].passage]
    found = list(_SOME_OF.finditer(case.figures, p.start, p.end))
    taken = {x.start for x in roles.values()}
    if len(found) != 1 or roles["CR"].unit or found[0].start("n") in taken or not case.says(statements[0], _RESPONSES):
        return None
    return Counted("response", read_printed(found[0]["n"]), "", *found[0].span("n"))


_RESPONSES = re.compile(r"\b(?:objective|overall|confirmed) responses?\b|\bORR\b|\bresponded\b", re.IGNORECASE)


def _responses(case: Case, statements: list[Statement], roles: dict[str, Counted], told: list[tuple[int, int]]) -> None:
    complete, partial, all_ = roles["CR"], roles["PR"], roles["response"]
    members = [(x.start, x.end) for x in (complete, partial, all_)]
    if is_added(case, told, members):
        return
    low, high = (
        sum(getattr(x.value, end) if x.unit else x.value.value for x in (complete, partial)) for end in ("low", "high")
    )
    shown = f"{complete.shown} complete + {partial.shown} partial"
    fits = low <= (all_.value.high if all_.unit else all_.value.value)
    fits = fits and (all_.value.low if all_.unit else all_.value.value) <= high
    if fits:
        case.relate("sum", members, "ok", f"{shown} = {all_.shown}.", "best responses together")
        return
    sentence = f"{shown} are not the {all_.shown} printed as responses."
    on = (holder(statements, all_.start),)
    case.relate("sum", members, "error-if", sentence, "best responses together", on=on)


def _part(case: Case, statements: list[Statement], part: Counted, whole: Counted) -> None:
    members = [(x.start, x.end) for x in (part, whole)]
    known = {frozenset(x.start for x in r.places) for r in case.relations if r.kind == "subset"}
    above = part.value.low > whole.value.high if part.unit else part.value.value > whole.value.value
    if not above or frozenset(case.text.normal.span(*m)[0] for m in members) in known:
        return
    sentence = f"{part.shown} ({part.role}) is more than {whole.shown} ({whole.role}), of which it should be part."
    on = (holder(statements, part.start),)
    case.relate("subset", members, "error-if", sentence, "part <= whole", on=on)


def _apart(
    case: Case, statements: list[Statement], listed: list[Counted], why: str, told: list[tuple[int, int]]
) -> None:
    """Groups that nobody is in two of: together at most all."""
    p = case.text.passages[statements[0].passage]
    parts = [x.n for x in listed]
    sizes = {n for n in everybody_in(case.figures, p.start, p.end) if n > 1 and n not in parts}
    members = [(x.start, x.end) for x in listed]
    if len(sizes) != 1 or is_added(case, told, members):
        return
    total, found = sizes.pop(), sum(parts)
    shown = f"{' + '.join(map(str, parts))} = {found}"
    computed = {"parts": parts, "sum": found, "total": total}
    if found == total:
        case.relate("sum", members, "ok", f"{shown}.", "sum of parts", computed)
    elif found > total >= max(parts):
        sentence = f"{shown}, more than the {total} there are, if nobody {why}."
        on = (holder(statements, members[-1][0]),)
        case.relate("sum", members, "error-if", sentence, "sum of parts", computed, on=on)


_UN = re.compile(
    r"\b(?:in|un|im|non-?|not )(?:adequate|evaluable|assessable|resect|detect|respon|complet|known|favou?r|"
    r"stable|operable|"
    r"measur|suffic|satisf|eligib|treat|vaccinat|smok|compl|involve|success|confirm|affect|chang|inform|tested|mutat)",
    re.IGNORECASE,
)
_OPPOSITE = re.compile(
    r"(?<![\w.,/])(?P<a>\d+)(?: [a-z]+)? (?:were |was |had )?(?P<w>[a-z]{5,})(?: \([^()]{1,16}\))?,? (?:and|or|"
    r"while|whereas) "
    r"(?P<b>\d+)(?: [a-z]+)? (?:were |was |had )?(?:in|un|im|non-?|not )(?P=w)\b"
    r"|(?<![\w.,/])(?P<c>\d+)(?: [a-z]+)? (?:were |was |had )?(?:in|un|im|non-?|not )(?P<v>[a-z]{5,})(?: "
    r"\([^()]{1,16}\))?,? "
    r"(?:and|or|while|whereas) (?P<d>\d+)(?: [a-z]+)? (?:were |was |had )?(?P=v)\b",
    re.IGNORECASE,
)
"""`88 were adequate (88%) and 22 inadequate`."""


def _opposites(case: Case, statements: list[Statement], start: int, end: int) -> None:
    for m in _OPPOSITE.finditer(case.figures, start, end):
        first, second = ("a", "b") if m["a"] else ("c", "d")
        parts = [int(m[first]), int(m[second])]
        sizes = {n for n in everybody_in(case.figures, start, end) if n > 1 and n not in parts}
        sizes |= {int(x) for x in _OF_THEM.findall(case.figures[start : m.start()]) if int(x) not in parts}
        members = [m.span(first), m.span(second)]
        if len(sizes) != 1 or is_added(case, sums_told(case), members):
            continue
        total, found = sizes.pop(), sum(parts)
        if found > total >= max(parts):
            sentence = f"{parts[0]} + {parts[1]} = {found}, more than the {total} there are, if nobody is both."
            on = (holder(statements, members[-1][0]),)
            case.relate("sum", members, "error-if", sentence, "sum of parts", on=on)
        elif found == total:
            case.relate("sum", members, "ok", f"{parts[0]} + {parts[1]} = {total}.", "sum of parts")


_OF_THEM = re.compile(r"\b[Oo]f (?:the |these |all )?(\d+) [a-z]+")
