"""Patients at risk, who only become fewer."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, only

__all__ = ["NUMBERS_AT_RISK", "check_at_risk", "fewer"]

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_AT = re.compile(
    rf"(?<![\w.,/:+-])(?P<n>{_N})(?: (?:patients|participants|subjects))?(?: were at risk)? at "
    r"(?:(?:month|week|year|day) )?(?P<t>\d+(?:\.\d+)?)(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
_BASELINE = re.compile(r"(?P<n>\d[\d,]*) at (?:baseline|the start|enrol\w+|randomi[sz]ation)\b", re.IGNORECASE)
_LISTED = re.compile(
    rf"\bat risk(?: at [\d, and]+(?:months|years|weeks|days))?(?:: ?| (?:was|were) )"
    rf"(?P<counts>{_N}(?:(?:, | and |, and ){_N}){{2,}})(?![\w.]*\d| ?%| (?:at|in) )",
    re.IGNORECASE,
)
"""`Patients at risk: 126, 80, 65, 40`: thousands have no comma there, or a space behind each number."""
_EACH = re.compile(_N)
_BY_ARM = re.compile(
    rf"[a-z)](?<!\bat)(?<!months)(?<!years)(?<!weeks)(?<!days)(?<!ages) ?[:=,]? ?\(?(?P<counts>{_N}(?:(?:, | and |"
    rf", and |; ){_N}){{2,}})(?![\w.]*\d| ?%)",
    re.IGNORECASE,
)
_OF_A_TIME = re.compile(r" ?-?(?:months?|years?|weeks?|days?|mo|y)\b|.{0,3}\brespectively\b", re.IGNORECASE)
NUMBERS_AT_RISK = re.compile(
    r"\b(?:numbers?|no\.?|patients|participants|subjects|n) (?:of (?:patients|"
    r"participants) )?(?:still )?at risk\b(?! of\b| for "
    r"(?!(?:[a-z-]+ ){0,3}(?:survival|progression|relapse|recurrence|PFS|OS|DFS|EFS)\b))",
    re.IGNORECASE,
)


def check_at_risk(case: Case, p: Passage) -> None:
    """Check numbers at risk in their order of time."""
    found = [(float(m["t"]), m) for m in _AT.finditer(case.flat, p.start, p.end)]
    first = _BASELINE.search(case.flat, p.start, found[0][1].start() if found else p.end)
    if first is not None:
        found.insert(0, (0.0, first))
    times = [t for t, _ in found]
    if len(found) > 2 and all(a < b for a, b in pairwise(times)):
        fewer(case, p, [m.span("n") for _, m in found])
    listed = only(_LISTED.finditer(case.flat, p.start, p.end))
    if listed is not None:
        fewer(case, p, [m.span() for m in _EACH.finditer(case.flat, *listed.span("counts"))])
    elif len(found) <= 2:
        _by_arm(case, p)


def _by_arm(case: Case, p: Passage) -> None:
    """`Numbers at risk at 0, 12 and 24 months: ibrutinib 136, 121, 130; chlorambucil 133, 90, 61`: each arm falls."""
    begun = NUMBERS_AT_RISK.search(case.flat, p.start, p.end)
    if begun is None:
        return
    runs = [
        [x.span() for x in _EACH.finditer(case.flat, *m.span("counts"))]
        for m in _BY_ARM.finditer(case.flat, begun.end(), p.end)
        if not _OF_A_TIME.match(case.flat, m.end())
    ]
    if len(runs) > 1 and len({len(run) for run in runs}) == 1:
        for run in runs:
            fewer(case, p, run)


def fewer(case: Case, p: Passage, places: list[tuple[int, int]]) -> None:
    """Check numbers at risk in their order of time, by where they stand: none is more than the one before."""
    counts = [int(case.flat[a:b].replace(",", "")) for a, b in places]
    for k, (before, after) in enumerate(pairwise(counts)):
        if after > before:
            sentence = f"{after} at risk are more than the {before} before: nobody comes back."
            judge(case, p, "order", [places[k], places[k + 1]], "error-if", sentence, "at risk falls")
            return
