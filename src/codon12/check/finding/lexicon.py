"""The field's words that give numbers their meaning: units, outcomes, things counted, words that make names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from codon12.check import patterns as re

__all__ = [
    "APPROXIMATE",
    "COUNTED",
    "LABELS",
    "MONTHS",
    "NAMES",
    "TIME_UNITS",
    "Outcomes",
    "method_named",
    "outcome_in",
]

TIME_UNITS = {
    **dict.fromkeys(("month", "months", "mo", "mos"), "months"),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), "weeks"),
    **dict.fromkeys(("day", "days"), "days"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "years"),
    **dict.fromkeys(("hour", "hours"), "hours"),
    **dict.fromkeys(("decade", "decades"), "decades"),
}
MONTHS = {
    name: i + 1
    for i, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        )
    )
    for name in names.split()
}
_COUNTED = """
patient patients participant participants subject subjects woman women man men adult adults person persons people
individual individuals case cases responder responders nonresponder nonresponders tumor tumors tumour tumours sample
samples specimen specimens death deaths event events response responses lesion lesions center centers centre centres
site sites country countries institution institutions hospital hospitals units studies trials line lines cycle cycles
metastasis metastases nodes biopsies procedures treatments courses eyes infections episodes relapses recurrences
dose doses regimen regimens fraction fractions group groups arm arms child children smoker smokers agent agents drug
drugs pts crs prs mutation mutations analysis analyses score scores patient-years scans survivors assessment assessments
questionnaire questionnaires surveys invitations adolescents infants neonates newborns boys girls males females students
volunteers respondents recipients donors carriers controls veterans nurses physicians workers families households
residents inhabitants citizens employees attendees
"""
COUNTED = frozenset(_COUNTED.split())
_NAMES = """
death ligand receptor kinase protein factor exon codon lung chromosome type position residue interleukin figure
figures fig figs table tables panel panels appendix section supplement ref refs reference references chapter unit box
room suite
number issue article volume vol page pages no nos item criterion part model step equation line covid trial study
keynote checkmate impower group cohort arm schedule option alpha beta beta-1 ligand-1 homolog homologue series level
cycle file
"""
NAMES = frozenset(_NAMES.split())
"""Words after which a number is a name, not a quantity (codon 12, Table 3, receptor 2)."""

LABELS = {"grade", "grades", "day", "days", "week", "weeks", "cycle", "cycles", "visit", "visits", "month", "arm"}
APPROXIMATE = {"approximately", "about", "nearly", "almost", "around", "roughly", "circa", "ca", "~", "≈", "some"}

_OUTCOMES = (
    (
        "DOR",
        r"duration of (?:\w+ )?response|response duration|\bm?DO?R\b|\bresponses? (?:had )?last(?:ed|ing)",
    ),
    ("TTR", r"time to (?:\w+ )?response"),
    (
        "PFS",
        (
            r"progression-?\s?free survival|\b(?:alive|surviv\w+) (?:and )?(?:without|free (?:of|from)) (?:disease )?"
            r"progression|\b(?:m|rw)?PFS\b"
        ),
    ),
    ("DFS", r"disease-?free survival|\bDFS\b|\bRFS\b|relapse-?free survival"),
    ("EFS", r"event-?free survival|\bEFS\b"),
    ("OS", r"overall survival|\b(?:m|rw)?OS\b|median survival|survival time|\bMST\b"),
    ("follow-up", r"follow-?\s?up"),
    ("TRTDUR", r"duration of (?:\w+ )?(?:treatment|exposure|therapy)|treatment duration"),
    ("age", r"\bage\b"),
    ("ORR", r"(?:objective|overall|tumou?r) response|response rates?|\bORR\b"),
    ("DCR", r"disease[\s-]control|\bDCR\b"),
    ("CR", r"complete responses?"),
    ("PR", r"partial responses?"),
    ("SD", r"stable disease"),
    ("PD", r"progressive disease"),
)
# Tried at the beginnings of words alone, which is most of its speed.
_OUTCOME = re.compile(
    r"\b(?=[acdefmoprst])(?:"
    + "|".join(f"(?P<o{i}>{words})" for i, (_, words) in enumerate(_OUTCOMES)).replace(" ", r"\s")
    + ")",
    re.IGNORECASE,
)


class Outcomes:
    """Where a sentence names outcomes; found once, asked often."""

    __slots__ = ("_ends", "_names", "_starts")

    def __init__(self, text: str, start: int, end: int) -> None:
        hits = [(m.start(), m.end(), m.lastgroup or "o0") for m in _OUTCOME.finditer(text, start, end)]
        self._starts = [h[0] for h in hits]
        self._ends = [h[1] for h in hits]
        self._names = [_OUTCOMES[int(h[2][1:])][0] for h in hits]

    def last_before(self, offset: int, reach: int = 600) -> str | None:
        """The outcome named last before an offset, at most so many characters before it."""
        i = bisect_right(self._ends, offset) - 1
        return self._names[i] if i >= 0 and self._starts[i] >= offset - reach else None

    def first_within(self, start: int, end: int) -> str | None:
        """The outcome named first between two offsets."""
        i = bisect_left(self._starts, start)
        return self._names[i] if i < len(self._names) and self._ends[i] <= end else None

    def last_within(self, start: int, end: int) -> str | None:
        """The outcome named last between two offsets."""
        i = bisect_right(self._ends, end) - 1
        return self._names[i] if i >= 0 and self._starts[i] >= start else None


_METHODS = (
    ("clopper-pearson", r"clopper\s?-?\s?pearson"),
    ("wilson", r"\bwilson\b"),
    ("agresti-coull", r"agresti"),
    ("jeffreys", r"jeffreys"),
    ("mid-p", r"mid-?p\b"),
    ("log-log", r"log-log|log\(-log\)|complementary log"),
)


@lru_cache(512)  # the cells of a row have one label
def outcome_in(text: str, *, last: bool = True) -> str | None:
    """The outcome a stretch of text names last (or first), or None.

    Examples
    --------
    >>> outcome_in("the median overall survival was not reached and progression-free survival was")
    'PFS'
    """
    hits = _OUTCOME.finditer(text)
    found = next(hits, None)
    for later in hits if last else ():
        found = later
    return None if found is None else _OUTCOMES[int((found.lastgroup or "o0")[1:])][0]


def method_named(text: str) -> str | None:
    """Interval method a stretch of text names, or None."""
    for name, words in _METHODS:
        if re.search(words, text, re.IGNORECASE):
            return name
    return None
