"""Whom a percentage is of: table header, `of N`, sentence, population in force, anywhere in the text; in that order."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Source, Statement, Strength
from codon12.check.verify.case import Case, Population
from codon12.check.verify.shares.ties import narrowed, tied_by_words

__all__ = ["all_candidates", "candidates", "counted_things", "of_a_group"]

_ALL = re.compile(
    r"\b(?:among|amongst|of|in|for|across) all (?:\w+ )?(?:patients|participants|subjects)\b", re.IGNORECASE
)


def candidates(case: Case, s: Statement) -> Iterator[tuple[Denominator, bool]]:
    """Denominators a statement may have, the nearest first; True where the wording ties it to the statement.

    The order is: printed with it, label or footnote of its row, header of its table, footnotes of the table, a
    population named before it in the same sentence
    (`among the N` first), everybody where the sentence speaks of all patients, the population in force (what the
    percentages before it in this section are of),
    subgroups of the same sentence, populations of the sentences before (latest first), the rest of the text.
    """
    seen: set[int] = set()

    def once(n: int, source: Source, basis: str, tie: Strength = "inferred") -> Denominator | None:
        if n in seen or n < 1:
            return None
        seen.add(n)
        return Denominator(n, source, basis, tie)

    q = s.quantities
    if q.N is not None:
        found = once(q.N, "explicit", s.quote, "explicit")
        if found:
            yield found, True
    in_table = case.text.passages[s.passage].table is not None
    for n, basis in case.tables.of_row(s) if in_table else ():
        found = once(n, "footnote", basis, "structural")
        if found:
            yield found, True
    totals = case.tables.of_column(s)
    for n, header in totals[:40]:
        found = once(n, "table_header", header.quote, "structural" if len(totals) == 1 else "inferred")
        if found:
            yield found, len(totals) == 1
    if (row := case.tables.of_bare_row(s)) is not None:
        found = once(row[0], "table_header", row[1])
        if found:
            yield found, False
    for n, basis in case.tables.of_footnotes(s) if in_table else ():
        found = once(n, "footnote", basis)
        if found:
            yield found, False
    same, earlier, later = case.populations_around(s)
    before = [p for p in same if p.statement.normal_start < s.normal_start]
    against = _second_of_pair(case, s)
    if not in_table and (whose := _opens_its_bracket(case, s, before)) is not None:
        found = once(whose.n, "sentence", whose.statement.quote)
        if found:
            yield found, True
    if not of_a_group(case, s) and (words := tied_by_words(case, s)) is not None:
        among = any(p.among and p.n == words[0] and p.statement.kind == "count" for p in before)
        found = once(words[0], "sentence", words[1], "explicit" if among else "inferred")
        if found:
            yield found, True
    for p in sorted(before, key=lambda p: (not p.among, -p.statement.normal_start if against else 0)):
        if p.subgroup or _of_treatment(case, s, p):
            continue
        tied = p.among and p.statement.kind == "count" and not in_table and p is before[0]
        tied = tied and not p.statement.approximate and not _smaller_between(before, p, q.n)
        tied = tied and _same_kind(case, s, p) and _leads_to(case, p, s)
        tied = tied and _HAPPENED_IN.search(case.around(p.statement, 30, 0)[0]) is None
        tied = tied and not of_a_group(case, s) and not narrowed(case, s)
        found = once(p.n, "sentence", p.statement.quote, "explicit" if tied else "inferred")
        if found:
            yield found, tied or (not in_table and _named_last(case, s, p, before))
    for p in same:
        if p.subgroup:
            continue
        tied = p.among and p.statement.kind == "count" and not before and _same_kind(case, s, p)
        tied = tied and _OF_THE.search(case.flat[s.normal_end : p.statement.normal_start]) is not None
        found = once(p.n, "sentence", p.statement.quote, "explicit" if tied else "inferred")
        if found:
            yield found, tied
    if not in_table and (everybody := _everybody(case, s, [*same, *earlier])) is not None:
        found = once(everybody.n, "context", everybody.statement.quote)
        if found:
            yield found, _OF_ALL.match(case.around(s, 0, 80)[1]) is not None and {everybody.n} == case.groups
    for d in case.in_force(s):
        found = once(d.value, "context", d.basis)
        if found:
            yield found, False
    for p in sorted((*same, *earlier), key=lambda p: p.subgroup):
        if p.subgroup and p.statement.passage == s.passage and p.statement.normal_start > s.normal_start:
            continue  # the count of a share that follows is no total of this one
        found = once(p.n, "context", p.statement.quote)
        if found:
            yield found, False
    for p in later:
        found = once(p.n, "later", p.statement.quote)
        if found:
            yield found, False


_OF_ALL = re.compile(
    r"\W{0,3}(?:of|among) (?:all (?:the |our |included |enrolled )?|the total (?:number of )?|the (?:entire|whole|"
    r"overall|total|study) )(?:patients|participants|subjects|cases|cohort|population|sample|group)\b(?! (?:who|with|"
    r"that|whose|in|of|from|without|treated|receiving|tested))",
    re.IGNORECASE,
)
"""Behind a share of everybody: `44 (69.8%) of the total number of patients`."""
_IN_GROUP = re.compile(
    r" ?(?:\w+ )?(?:(?:in|to|for|on|receiving|assigned to|allo(?:cat|tt)ed to) )?(?:the )?(?:[\w+-]+ ){0,4}?"
    r"(?:(?:group|arm|cohort|patients)(?: [A-Z0-9])?)? ?$"
)


_FIGURE = re.compile(r"\d ?$")


def _opens_its_bracket(case: Case, s: Statement, before: list[Population]) -> Population | None:
    """The group right before the bracket that a share stands in: `156 in group A (age 60 years; 106 men [68%])`."""
    begin = case.text.passages[s.passage].start
    if not before or not any(case.flat.find(x, begin, s.normal_start) >= 0 for x in "(["):
        return None
    if _FIGURE.search(case.flat, max(begin, s.normal_start - 4), s.normal_start) is not None:
        return None  # `556 912 men [51.3%]`: thousands parted by a space
    depth, at = 0, s.normal_start - 1
    while at >= begin and depth >= 0:
        depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(case.flat[at], 0)
        at -= 1
    if depth >= 0:
        return None
    last = max(
        (p for p in before if p.statement.normal_end <= at + 1), key=lambda p: p.statement.normal_end, default=None
    )
    inside = any(p.statement.normal_start > at for p in before if not p.subgroup)
    if last is None or inside or last.statement.kind != "count" or last.n < (s.quantities.n or 0):
        return None
    near = _IN_GROUP.fullmatch(case.flat[last.statement.normal_end : at + 1]) is not None
    return last if near and not last.subgroup and _same_kind(case, s, last) else None


def of_a_group(case: Case, s: Statement) -> bool:
    """Whether the words behind a share name a group that it is of: `57% (n = 129) of men`."""
    return _FROM_A_GROUP.match(case.around(s, 0, 80)[1]) is not None


def all_candidates(case: Case, s: Statement) -> list[tuple[Denominator, bool]]:
    """All `candidates` at once, for those who ask several times about one statement."""
    if case.candidates is None or case.candidates[0] != s.id:
        case.candidates = (s.id, list(candidates(case, s)))
    return case.candidates[1]


_SENT = re.compile(
    r"^ ?(?:[a-z-]+ ){0,4}?(?:were )?(?:sent|mailed|e-mailed|posted|distributed|delivered|invited|approached|"
    r"contacted)\b[^.;()\d]{0,40}$",
    re.IGNORECASE,
)
_CAME_BACK = re.compile(
    r"\b(?:returned|completed|responded|answered|replied|participated|agreed|consented|took part)\b", re.IGNORECASE
)


def _named_last(case: Case, s: Statement, p: Population, before: list[Population]) -> bool:
    """Whether a group named last was asked, and those counted answered: `1,024 sent and 611 returned (59.7%)`."""
    last = max(before, key=lambda o: o.statement.normal_start)
    between = case.flat[p.statement.normal_end : s.normal_start]
    return (
        last is p
        and p.statement.kind == "count"
        and p.n > (s.quantities.n or 0)
        and _SENT.match(between) is not None
        and _CAME_BACK.search(case.flat[s.normal_start : s.normal_end]) is not None
        and _same_kind(case, s, p)
    )


def _smaller_between(before: list[Population], p: Population, n: int | None) -> bool:
    """Whether a smaller group, or one as clearly named, stands between a group and a share, which may be of that."""
    later = [o for o in before if o.statement.normal_start > p.statement.normal_start and not o.subgroup]
    return any(o.statement.kind == "count" and (o.among or (n or 0) <= o.n < p.n) for o in later)


_FROM_A_GROUP = re.compile(
    r"\W{0,3}(?:patients |subjects |of them )?(?:from|in) the (?:[\w+-]+ ){1,4}(?:arm|group|cohort)s?\b|\W{0,3}(?:from|"
    r"in|of) the (?:group|arm|cohort)\b|\W{0,3}(?:of|in|among|for) (?:the |all |these )?(?:[a-z-]+ )?(?:wom[ae]n|"
    r"m[ae]n|males?|females?|boys|girls|controls|smokers|non-?smokers|responders|survivors)\b",
    re.IGNORECASE,
)
"""What says of a share that it is of one group: `84 (40.8%) from the placebo group`."""
_HAPPENED_IN = re.compile(
    r"\b(?:seen|observed|noted|reported|found|detected|achieved|occurred|developed|recurred|responses?|present)"
    r" (?:only )?in (?:the )?$",
    re.IGNORECASE,
)
"""Before a number of those who had something: `was seen in 42 patients`; no total of what follows."""
_OF_THE = re.compile(
    r"^\W*(?:[a-z-]+ ){0,6}(?:of|among|in|out of) (?:the |all |these |those |our )*(?:\w+ )?$", re.IGNORECASE
)
"""What stands between a share and its total behind it: `12 (30%) responses in the 40 patients`."""
_WHOM = re.compile(r"\b(?:of|among|in) (?:whom|which|these|those|them)\b", re.IGNORECASE)
_THINGS = re.compile(
    r"\b(metasta\w+|lesions?|nodes?|biops\w+|samples?|specimens?|cycles?|courses?|doses|infusions?|procedures?|scans|eyes|ureters|kidneys|"
    r"fractions?|cells|injections?|isolates?|strains?)\b",
    re.IGNORECASE,
)


def counted_things(case: Case, s: Statement) -> str | None:
    """What a statement counts where it is not people: the noun in it or right behind it, by its first letters."""
    found = _THINGS.search(case.flat[s.normal_start : s.normal_end]) or _THINGS.match(
        case.around(s, 0, 30)[1].lstrip(" )]").removeprefix("of the ")
    )
    return found[1][:5].lower() if found else None


def _same_kind(case: Case, s: Statement, p: Population) -> bool:
    """Whether a population can be the total of a count: lesions are no part of patients."""
    thing = counted_things(case, s)
    return thing is None or counted_things(case, p.statement) == thing


def _of_treatment(case: Case, s: Statement, p: Population) -> bool:
    """Whether a number is of cycles or doses, which no count of patients is part of: `28 received all 8 cycles`."""
    named = _DOSES.search(case.flat, p.statement.normal_start, p.statement.normal_end + 10)
    return named is not None and counted_things(case, s) is None


_DOSES = re.compile(r"\d (?:planned |scheduled )?(?:cycles?|courses?|doses|infusions?|fractions?|injections?)\b")


def _leads_to(case: Case, p: Population, s: Statement) -> bool:
    """Whether no `of whom` stands between a population and a count: it would be of the group named there."""
    found = list(_WHOM.finditer(case.flat, p.statement.normal_end, max(p.statement.normal_end, s.normal_start)))
    return not found or (found[-1].start() - p.statement.normal_end < 45 and re.search(
        r"\d", case.flat[p.statement.normal_end : found[-1].start()]
    ) is None)  # fmt: skip


def _everybody(case: Case, s: Statement, named: list[Population]) -> Population | None:
    """The largest population named so far, where a sentence speaks of all before a share or right behind it."""
    if not case.says_before(s, _ALL) and _OF_ALL.match(case.around(s, 0, 80)[1]) is None:
        return None
    before = [x for x in named if not x.subgroup and x.statement.normal_start < s.normal_start]
    return max(before, key=lambda x: x.n, default=None)


def _second_of_pair(case: Case, s: Statement) -> bool:
    """Whether a statement is the second of `A vs B`: the arm named last is then the nearer one."""
    before, _ = case.around(s, 10, 0)
    return re.search(r"\b(?:vs\.?|versus)\s*$", before) is not None
