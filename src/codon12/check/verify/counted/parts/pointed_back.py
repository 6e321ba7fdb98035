"""More of a part than of its whole: of them, of the women, including, and the same thing in a narrower sense.

What a part is of is told by the words that point back (`of these`, `of whom`, `of the 41`), by a name said again with
a word before it (`delirium`, `hyperactive delirium`), by its grade, or by a verb that has no subject of its own
(`occurred in 34% and led to withdrawal in 12%`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import is_told, tell

__all__ = ["check_part_of"]

_POINTS_BACK = re.compile(
    r"^ of (?:whom|which)\b|^(?: [a-z]+)? of (?:them|these|those)\b(?! (?:who|with|were|that|in|left|remaining|"
    r"whose|treated|receiving|aged|from|[a-z]+ly|[a-z]+(?:ically|ed) [a-z]+))"
)
_BACK_AHEAD = re.compile(
    r"\b(?:of|among) (?:whom|which|them|these|those)(?: [a-z]+)?,? (?:only |just |a total of |as many as )?$"
)
_OPENS_BACK = re.compile(
    r"^\W*(?:of|among) (?:these|those|them)(?: (?:patients|participants|subjects|cases|women|men|children|"
    r"adults|samples|people|tumou?rs|infants|events))?, (?:only |a total of )?$"
)
_OF_SO_MANY = re.compile(r"(?:^\W*|[.;:,] )(?:of|among|amongst|out of|from)(?: the| these| those| all| our)* $")
_DID = re.compile(
    r"^ (?:(?:patients|participants|subjects|individuals|adults|children|women|men|people|persons|infants|of (?:them|"
    r"these)) )?(?:had|have|has|were|was|received|underwent|completed|achieved|experienced|died|developed|did|gave|"
    r"went|got|chose|became|lost|took|showed|[a-z]{3,}ed)\b"
)
_NOUN = re.compile(
    r"^ (?!had|have|has|were|was|did|gave|went|got|chose|became|lost|took)([a-z-]{4,}(?<!ed)) (?:\w+ed|had|"
    r"have|were|was|did)\b"
)
_DIED = re.compile(
    r"^[^.;()\d]{0,40}\b(?:died|deaths?|relapsed|recurred|progressed|responded|withdrew|discontinued|"
    r"dropped out)(?: [a-z-]+){0,3}, (?:only )?$"
)
_WHEN = re.compile(r"^ (?:within|from|of|before|after|due to|because of|during|in the first|owing to|for)\b")
_WHICH_WAS = re.compile(
    r" (?:patients|participants|women|men|children|people|subjects|cases|dogs|cats) (?!with\b)[^,;.()\d]{4,60}, which "
    r"(?:was|were|proved|turned out) (?!at\b|each\b)[^,;.()\d]{2,40} in (?:only |all |as many as )?"
)
"""`13 patients proceeded to hepatectomy, which was R0 in 11`."""
_ENDS = re.compile(r"^(?:[.;,)]|$| and\b| (?:patients|of them|cases)\b)")
_INCLUDING = re.compile(r"^[^.;()\d]{0,70},? including (?:only )?$")
_WHO = re.compile(r"^ (?:with|who|in whom|that|having|of|from)\b|^[.,;)]|^ (?:fatal|serious|severe|major|complete)\b")
_OF_THE = re.compile(
    r"^(?: (?:cases|patients|participants|subjects|women|men|children|others|more|samples))? of the "
    r"(?P<who>[a-z-]{4,})(?P<more> [a-z-]+)?\b"
)
_SEVERAL = re.compile(
    r"\b(?:respectively|versus|vs|controls?|placebo|each|per|both|other|others|another|additional|further|events?|"
    r"episodes?|than|compared|groups?|arms?|cohorts?|lesions?|separate(?:ly)?|remaining|rest|bilateral)\b"
)
_VERBS = re.compile(
    r"\b(?:had|have|with|developed|contributed|provided|yielded|underwent|received|experienced|reported|showed|gave|"
    r"bore|and|respectively|versus|vs|each|per|other|another|additional|separate|containing|including|total)\b"
)
_NOT_NARROWER = re.compile(
    r"\b(?:no|covering|number|not|non|without|other|prior|previous|recurrent|any|all|overall|total|either|"
    r"combined|anti|absence|less|"
    r"more|fewer|new|subsequent|late|early|lower|higher|or|and|any-grade|all-grade|pre|post|baseline)\b|-$"
)
_VERB = re.compile(
    r"^(?:occurred|was|were|is|are|developed|affected|complicated|had|has|have|did|in|among|by|arose|appeared|reached|"
    r"rose|took|of|within|at|on|after|during|for)$"
)
_SAME_SUBJECT = re.compile(
    r"^(?: of [^,;()]*| patients| participants| cases| subjects)?,? and (?:was|were|led|resulted|caused|required|"
    r"necessitated|proved|ended)\b[^,;()]* (?:in|by|for) $"
)
_NOT_OF_IT = re.compile(r"\b(?:not|no|absent|higher|lower|increased|decreased|unrelated|negative)\b")
_ANY = re.compile(r"\b(?:any[- ]grades?|all[- ]grades?|any|of any grade|of all grades|all grades)\b,?")


def check_part_of(case: Case, told: Told) -> None:
    """Check parts of a sentence against the whole that the words beside them point to."""
    p = case.text.passages[told.passage]
    for k, part in enumerate(told.items):
        for whole, at, why in _wholes(case, told, k):
            a, b = _value(part), whole
            if a is not None and a > b and not is_told(case, part.at) and not _is_far(case, part, b, at):
                sign = "" if part.n is not None else " %"
                said = f"{_shown(a)}{sign} is more than {_shown(b)}{sign}, {why}."
                tell(case, p, "subset", [part.at, at], "error-if", said, "part <= whole")
            break


_NEAR = 3
"""Sentences before one in which a larger group of the same name may be told."""
_MOST_TIMES = 10
"""A count so many times larger than a group is of another."""
_LEAST = 2
_NUMERAL = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,.]*\d)")


def _is_far(case: Case, part: Item, whole: float, at: tuple[int, int]) -> bool:
    """Whether a count is of no such group: too large, or one of thousands stands between (`over 22,000 genes`)."""
    if part.n is None:
        return False
    between = _NUMERAL.search(case.flat, at[1], part.start) if at[1] < part.start else None
    return whole <= _LEAST or part.n > _MOST_TIMES * whole or between is not None


def _value(x: Item) -> float | None:
    return x.n if x.n is not None else float(x.share.value) if x.share is not None else None


def _shown(x: float) -> str:
    return f"{x:g}" if x != int(x) else f"{int(x)}"


def _wholes(case: Case, told: Told, k: int) -> Iterator[tuple[float, tuple[int, int], str]]:
    """The whole an item is of, where the words tell one: its value, its place, and why."""
    part, ahead, behind = told.items[k], told.gaps[k], told.gaps[k + 1]
    before = [x for x in told.items[:k] if x.n is not None]
    if part.n is not None and part.total is None:
        if k == 0 and (_OPENS_BACK.match(ahead) or _POINTS_BACK.match(behind)):
            yield from _largest(_sentence_before(case, told), "if it is of these")
        elif (
            before
            and k == 1
            and told.items[0].n is not None
            and _POINTS_BACK.match(behind)
            and not _VERBS.search(ahead)
        ) or (before and (_POINTS_BACK.match(behind) or _BACK_AHEAD.search(ahead)) and not _SEVERAL.search(told.words)):
            yield from _largest(before, "if it is of these")
        elif before and told.items[k - 1].n is not None and _INCLUDING.match(ahead) and _WHO.match(behind):
            x = told.items[k - 1]
            if not _SEVERAL.search(ahead):
                yield from _largest([x], "which it is among")
        elif (
            k == 1
            and before
            and _OF_SO_MANY.search(told.gaps[0])
            and _DID.match(behind)
            and not _SEVERAL.search(told.words)
        ):
            noun = _NOUN.match(behind)
            if ", " in ahead and (noun is None or noun[1][:5] in ahead):
                yield from _largest(before, "whom it is of")
        elif k and told.items[k - 1].n is not None and _DIED.match(ahead) and _WHEN.match(behind):
            if not _SEVERAL.search(told.words):
                yield from _largest([told.items[k - 1]], "if these are of them")
        elif k == 1 and before and _WHICH_WAS.fullmatch(ahead) and _ENDS.match(behind):
            yield from _largest(before, "if it is of these")
        elif (done := _of_the_done(case, told, k)) is not None:
            yield done
        else:
            yield from _of_the(case, told, k)
    if k and (narrower := _narrower(told, k)):
        yield narrower


def _largest(counts: Sequence[Item], why: str) -> Iterator[tuple[float, tuple[int, int], str]]:
    joined = len(counts) > 1 and why == "if it is of these"
    if counts:
        x = max(counts, key=lambda c: max(c.n or 0, c.total or 0))
        most = max(x.n or 0, x.total or 0)
        yield max(most, sum(c.n or 0 for c in counts) if joined else 0), x.at, why


def _sentence_before(case: Case, told: Told) -> list[Item]:
    before = told.passage - 1
    if before < 0 or case.text.passages[before].paragraph != case.text.passages[told.passage].paragraph:
        return []
    return [x for x in told_in(case, before).items if x.n is not None]


def _of_the(case: Case, told: Told, k: int) -> Iterator[tuple[float, tuple[int, int], str]]:
    """`120 were women; 128 of the women`: the counts whose clause has the word, here or in the sentence before."""
    m = _OF_THE.match(told.gaps[k + 1])
    if (
        m is None
        or _SEVERAL.search(told.words)
        or m["more"] in (" of", " in", " with", " who", " that", " whose", " from")
    ):
        return
    who = m["who"]
    found = [
        told.items[j]
        for j in range(k)
        if told.items[j].n is not None and _has(told.gaps[j + 1], who) and not told.gaps[j + 1].startswith(" of the ")
    ]
    if not found and told.passage > 0:
        q = told_in(case, told.passage - 1)
        found = [
            x
            for j, x in enumerate(q.items)
            if x.n is not None and _has(q.gaps[j + 1], who) and not q.gaps[j + 1].startswith(" of the ")
        ]
    if found and who not in _OF_ANY and not _is_told_larger(case, told, k, who):
        yield from _largest(found, f"if it is of the {who} counted there")


_OF_ANY = ("patients", "total", "remaining", "same", "whole", "study", "entire", "other", "control")


def _is_told_larger(case: Case, told: Told, k: int, who: str) -> bool:
    """Whether the sentences before tell a group of this name that is large enough: `37 tracheostomized patients`."""
    before = (told_in(case, i) for i in range(max(0, told.passage - _NEAR), told.passage))
    least = told.items[k].n or 0
    return any((x.n or 0) >= least and _has(q.gaps[j + 1], who) for q in before for j, x in enumerate(q.items))


_OF_THE_DONE = re.compile(r"^(?: [a-z]+)? of the (?:successfully )?([a-z]{5,})ed ([a-z]{4,}s)\b")
_IN_VAIN = re.compile(r"\b(?:not|no|fail\w+|without|never|un[a-z]+)\b")


def _of_the_done(case: Case, told: Told, k: int) -> tuple[float, tuple[int, int], str] | None:
    """`sequencing succeeded in 88 of 102 samples; a fusion was found in 91 of the sequenced samples`."""
    m = _OF_THE_DONE.match(told.gaps[k + 1])
    if m is None or _SEVERAL.search(told.words.replace(m[2], "")):
        return None
    q = told if k else told_in(case, max(0, told.passage - 1))
    found = [
        (x, around) for j, x in enumerate(q.items[: k or None])
        if x.n is not None and m[1][:_STEM] in (around := q.gaps[j] + q.gaps[j + 1]) and m[2] in q.gaps[j + 1]
    ]  # fmt: skip
    if len(found) != 1 or _IN_VAIN.search(found[0][1]) or (k and _is_told_larger(case, told, k, f"{m[1]}ed")):
        return None
    return found[0][0].n or 0, found[0][0].at, f"if it is of the {m[1]}ed {m[2]} counted there"


_STEM = 5
"""Letters that `biopsied` and `biopsy` share."""


def _has(gap: str, who: str) -> bool:
    return re.match(rf"^(?! [^,;.]*\b(?:not|no|non|without|never)\b)[^,;.]*\b{re.escape(who)}\b", gap) is not None


def _narrower(told: Told, k: int) -> tuple[float, tuple[int, int], str] | None:
    """The item before, where this one is of the same thing in a narrower sense."""
    whole, part, gap = told.items[k - 1], told.items[k], told.gaps[k]
    if (whole.n is None) != (part.n is None) or whole.total not in (None, part.total):
        return None
    value = _value(whole)
    if part.n is None and _OF_SOME.match(told.gaps[k + 1]):
        return None
    if value is None or (value >= 100 and part.n is None):
        return None
    if _AND_THE_OTHER.match(told.gaps[k - 1]):
        return None  # of two groups: `in 399 and 199 patients, and were severe in 256`
    groups = len(_GROUP.findall(told.words))
    if groups > 1 and not _SAME_GROUP.search(told.words):
        return None
    if _TWO.search(told.words):
        return None
    if _SAME_SUBJECT.match(gap) and not _NOT_OF_IT.search(gap):
        return value, whole.at, "of which it is a part"
    name = _name(told.gaps[k - 1])
    own = _name(gap)
    name = re.sub(r" of any (?:cause|kind|type|severity)$", "", _name(told.gaps[k - 1]))
    name = re.sub(
        r"^in the [a-z -]*?(?:population|set|cohort|group|sample)\b|\bof any (?:cause|kind|type|severity)$|^overall\b",
        "",
        _ANY.sub("", name),
    ).strip(" ,")
    if (
        len(name) > 4
        and not name.endswith(("total", "number", "total of", "number of"))
        and (";" not in gap or len(told.items) == 2)
        and own.endswith(f" {name}")
        and not _NOT_NARROWER.search(own[: -len(name)].strip())
    ):
        return value, whole.at, f"{own} being part of {name}"
    return None


_AND_THE_OTHER = re.compile(r"^(?: [a-z]+)? (?:and|vs\.?|versus) $")
_OF_SOME = re.compile(
    r"^ of (?:these|them|those|whom|which|the (?!same|patients|children|women|men|participants|subjects|infants|cases))"
)
_GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?|placebo|controls?|intervention|recipients)\b")
_SAME_GROUP = re.compile(r"\b(?:same|that|this) (?:same )?(?:group|arm|cohort)\b")
_TWO = re.compile(r"\b(?:respectively|versus|vs|compared|than|whereas|increased|decreased|from)\b")


def _name(gap: str) -> str:
    """The thing named before an item: the words of its clause up to the verb."""
    clause = re.split(r"[;:(.]|, |\b(?:and|while|but)\b", gap)[-1]
    words = []
    for w in clause.replace(",", " ").split():
        if _VERB.match(w) and not (w in ("in", "of") and (not words or w == "of")):
            if words[:1] == ["in"] and w != "in":
                break
            if words[:1] != ["in"]:
                break
        words.append(w)
    return " ".join(words).removesuffix(" was").removesuffix(" were")
