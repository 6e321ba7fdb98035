"""Numbers that count nobody: years, references, names of cohorts and trials, the total that a later share is of."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED, LABELS, MONTHS, NAMES
from codon12.check.finding.reader import Atom
from codon12.check.grammar.drafts import Reading
from codon12.check.grammar.rules import OPEN, is_signed, whole

__all__ = [
    "MOST_REFERENCES",
    "is_citation",
    "is_one_thing",
    "is_year",
    "may_be_a_name",
    "names_a_reference",
    "names_the_total",
]

_LABELLED = {
    *("ecog", "ps", "score", "scores", "kps", "karnofsky", "gleason", "class", "stratum", "quartile", "tertile"),
    *("quintile", "stage", "phase", "part", "lines", "groups", "arms", "cohorts", "parts", "tier", "month", "year"),
    *("years", "her2", "ihc", "status", "category", "categories", "session", "center", "centre", "site", "patient"),
    *("case", "birads", "bi-rads", "who", "t", "n", "m", "g", "pt", "pn", "ct", "cn", "day", "age", "sites"),
    *("compound", "compounds", "derivative", "derivatives", "analogue", "analogues", "complex", "complexes"),
    "fraction",
}
"""Words after which a number may be a name rather than a count."""


_YEARS = (1900, 2060)
_BEFORE_YEARS = {"in", "since", "to", "and", "by", "between", "from", "during", "until", "through", "year", "before",
                 "after", "-", "of", "for", "till"}  # fmt: skip


def is_year(r: Reading, k: int, n: int) -> bool:
    """Whether a number is a year: `in 2018 (91%)`, `2013-2018 (24%)`, no noun of what is counted behind it."""
    atom = r.atoms[k]
    token = r.tokens[atom.i]
    if not _YEARS[0] <= n <= _YEARS[1] or token.spelled or len(token.text) != 4:
        return False
    if r.low(atom.i - 1) == "disease" and r.low(atom.i - 2) in ("coronavirus", "virus"):
        return True
    if any(w in COUNTED for w in r.words_after(atom.j, 4)):
        return False
    return r.low(atom.i - 1) in _BEFORE_YEARS or r.low(atom.i - 1) in MONTHS


_VERBS = {"were", "was", "had", "are", "have", "has", "did", "showed", "underwent", "majority", "most"}
_HEADS = {"of", "among", "amongst"}


def names_the_total(r: Reading, k: int, gap: list[str]) -> bool:
    """Whether a number is the total of the percentage that follows: `Of 66 cases, the majority were women (73%)`.

    So is one behind a stroke on a number grown onto what stands before it: `all arms7/619 (1.1%)`.
    """
    atom = r.atoms[k]
    before = r.low(atom.i - 1)
    if before == "/" and atom.kind == "number" and atom.i > 1 and r.tokens[atom.i - 2].text[-1].isdigit():
        return True
    if before in ("the", "all", "these", "those"):
        before = r.low(r.atoms[k].i - 2)
    return before in _HEADS and r.atoms[k].kind == "number" and any(w in _VERBS for w in gap[:-1])


def is_one_thing(gap: list[str]) -> bool:
    """Whether `one` counts no people: `one of the main reasons (75%)`, `in 1 fraction (95%)`."""
    words = gap[:-1]
    if words[:1] == ["of"]:
        return True
    return (bool(words) and not any(w in COUNTED for w in words)) or words[-1:] in (["fraction"], ["dose"], ["line"])


_REFERENCES = re.compile(
    r"\b(?:refs?|references?)(?: \.)? \d{1,3}(?: [(\[][^()\[\]]*[)\]])?"
    r"(?:(?: [,;])?(?: and)? \d{1,3} [(\[][^()\[\]]*[)\]])*(?: [,;])?(?: and)?$"
)
_LONGEST_LIST = 30


def names_a_reference(r: Reading, k: int) -> bool:
    """Whether a number stands in a list of references: `refs 12 (62%) and 30 (41%)`."""
    at = r.atoms[k].i
    ahead = [t.lower for t in r.tokens[max(0, at - _LONGEST_LIST) : at]]
    named = any(w in ahead for w in ("ref", "refs", "reference", "references"))
    return named and _REFERENCES.search(" ".join(ahead)) is not None


MOST_REFERENCES = 300
"""The largest number in brackets that may be a reference."""


def is_citation(r: Reading, k: int) -> bool:
    """Whether a number alone in brackets cites: `[12]`, or `(12)` at the end of a sentence that has no other such."""
    atom = r.atoms[k]
    if r.low(atom.j) == "]" or r.low(atom.i - 2) == ")":
        return True
    n = whole(atom.data["value"]) if atom.kind == "number" else None
    ends = r.low(atom.j) == ")" and r.low(atom.j + 1) in (".", "") and atom.j + 2 >= len(r.tokens)
    if n is None or n > MOST_REFERENCES or not ends:
        return False
    return not any(
        a.kind == "number" and not a.data["value"].digits and r.low(a.i - 1) in OPEN and r.low(a.j) in (")", "]")
        for a in r.recent(k)
    )


def may_be_a_name(r: Reading, atom: Atom) -> bool:
    """Whether a number may only name something: `cohort 3 (29%)`, `HER2 3+ (45%)`, `KEYNOTE 189 (45%)`."""
    if atom.kind == "fraction" or r.tokens[atom.i].spelled:
        return False
    if is_signed(r, atom):  # worse than -5 dB
        return True
    before, token = r.low(atom.i - 1), r.tokens[atom.i - 1] if atom.i else None
    if atom.i > 1 and r.low(atom.i - 2) in ("this", "our") and r.low(atom.j) in COUNTED:
        return False  # in this study 126 people
    if before == ":" and r.low(atom.j) in COUNTED:
        return False  # divided into two cohorts: 1458 patients
    if before == "/" and atom.i > 1 and r.tokens[atom.i - 2].kind == "num":  # exon 18/20/21
        return True
    if atom.data.get("plus") or before in LABELS or before in NAMES or before in _LABELLED:
        return True
    if before in ("of", "was", "were", "is", ":") and r.low(atom.i - 2) in _LABELLED:  # a score of 1; ECOG status was 1
        return True
    if before in ("=", "×", "x", "+") and atom.kind == "number":
        return True
    ahead = r.tokens[atom.i - 2] if atom.i > 1 else None
    pronoun = ahead is not None and ahead.lower == "one" and atom.i > 2  # a complete one in 2
    if before == "in" and ahead is not None and ahead.spelled and not pronoun and atom.kind == "number":  # two in 5
        return True
    if before == "." and r.low(atom.i - 2) in ("ref", "refs", "fig", "no", "nos", "var", "subsp", "cv", "ser", "str"):
        return True
    return token is not None and token.kind in ("word", "name") and any(c.isupper() for c in token.text[1:])
