"""Patients at risk, who only become fewer."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, only

__all__ = ["check_at_risk", "check_rows_at_risk"]

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
_NUMBERS = re.compile(
    r"\b(?:numbers?|no\.?|patients|participants|subjects|n) (?:of (?:patients|"
    r"participants) )?(?:still )?at risk\b(?! (?:of|for)\b)",
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
        _fewer(case, p, [m.span("n") for _, m in found])
    listed = only(_LISTED.finditer(case.flat, p.start, p.end))
    if listed is not None:
        _fewer(case, p, [m.span() for m in _EACH.finditer(case.flat, *listed.span("counts"))])
    elif len(found) <= 2:
        _by_arm(case, p)


_HEAD = re.compile(
    r"^[^\S\n]{0,40}\|?[^\S\n]{0,40}(?:numbers?|no\.?|patients|participants|subjects|n)(?: of (?:patients|participants|"
    r"subjects|women|men|children))?"
    r"(?: still)? at risk\b[^\n\d|]*(?:\n|\|)",
    re.IGNORECASE | re.MULTILINE,
)
_ROW = re.compile(
    rf"[^\S\n]*\|?[^\S\n]*(?P<label>[^\n|\t]{{0,80}}?[A-Za-z)%][+-]?)[ \t|:]+(?P<counts>{_N}(?:[ \t|]+"
    rf"(?:\(\d+\)[ \t|]*)?{_N}){{2,30}})(?: ?\(\d+\))?[ \t|]*(?:\n|$)"
)
_COUNTED_BACK = re.compile(
    r"delayed entry|left[- ]truncat|time-(?:varying|dependent)|late entry|landmark", re.IGNORECASE
)
"""Where patients come into the risk set later."""
_TIME = re.compile(r"\b(?:times?|months?|years?|weeks?|days?|mo|yr?)\b", re.IGNORECASE)
_CENSORED = re.compile(r"\(\d+\)")
_MOST_ROWS, _LONGEST = 12, 300


def check_rows_at_risk(case: Case) -> None:
    """Check each row below the words `Number at risk`: the numbers below a figure, or a table of them."""
    text = case.text.normal.text
    for m in _HEAD.finditer(text):
        if _COUNTED_BACK.search(case.flat):
            return
        at = text.find("\n", m.end() - 1) + 1
        for _ in range(_MOST_ROWS if at else 0):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end + 1
            row = _ROW.fullmatch(text, at, end) if end - at < _LONGEST else None
            if row is not None and not _TIME.search(row["label"]):
                begin, stop = row.span("counts")
                plain = _CENSORED.sub(lambda x: " " * len(x[0]), text[begin:stop])
                p = case.text.passages[max(0, bisect_right(case.begins, begin) - 1)]
                places = [(begin + x.start(), begin + x.end()) for x in _EACH.finditer(plain)]
                _fewer(case, p, places, since=1)  # the first may be the number of an arm
            elif not text[at:end].strip(" \t|:-\n") and at > m.end() + 1 and "|" not in text[at:end]:
                break
            at = end
            if at >= len(text):
                break


def _by_arm(case: Case, p: Passage) -> None:
    """`Numbers at risk at 0, 12 and 24 months: ibrutinib 136, 121, 130; chlorambucil 133, 90, 61`: each arm falls."""
    begun = _NUMBERS.search(case.flat, p.start, p.end)
    if begun is None:
        return
    runs = [
        [x.span() for x in _EACH.finditer(case.flat, *m.span("counts"))]
        for m in _BY_ARM.finditer(case.flat, begun.end(), p.end)
        if not _OF_A_TIME.match(case.flat, m.end())
    ]
    if len(runs) > 1 and len({len(run) for run in runs}) == 1:
        for run in runs:
            _fewer(case, p, run)


def _fewer(case: Case, p: Passage, places: list[tuple[int, int]], since: int = 0) -> None:
    counts = [int(case.flat[a:b].replace(",", "")) for a, b in places]
    for k, (before, after) in enumerate(pairwise(counts)):
        if after > before and k >= since:
            sentence = f"{after} at risk are more than the {before} before: nobody comes back."
            judge(case, p, "order", [places[k], places[k + 1]], "error-if", sentence, "at risk falls")
            return
