"""Which number of a study a statement in running text is about, where it names no outcome: by its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row
from codon12.check.comparing.in_sentence import grade_in
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["of_words", "stems"]

_BEFORE, _AFTER = 200, 50
_FEWEST_STEMS = 2


def stems(label: str) -> frozenset[str]:
    """First letters of the words of a label, British and American spellings alike."""
    words = re.findall(r"[a-z]{3,}|[a-z]+\d+(?![\d.%])", label.lower())
    return frozenset(re.sub("oe|ae", "e", w).replace("our", "or")[:6].removesuffix("s") for w in words)


def _words(s: Statement, report: Report) -> tuple[str, str]:
    """Words of the sentence before a statement, and behind it, hyphens at line ends joined."""
    p = report.text.passages[s.passage]
    text = report.text.normal.text
    before = text[max(p.start, s.normal_start - _BEFORE) : s.normal_end].replace("\n", " ")
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "", before), text[s.normal_end : min(p.end, s.normal_end + _AFTER)]


def of_words(
    s: Statement, report: Report, rows: Iterable[Row], equal: Callable[[Statement, Row], bool]
) -> tuple[list[Row], Row | None]:
    """Numbers whose label the words around a count name, equal ones first, and the one they must mean, if any.

    It must mean the number with the longest label all of whose words stand before it, of the grade last named,
    where that label has at least two words and the grade is printed.
    """
    if s.kind != "count_percent" or s.quantities.n is None or report.text.passages[s.passage].table is not None:
        return [], None
    before, after = _words(s, report)
    named = stems(before + " " + after)
    earlier = stems(before)
    grade = grade_in(before)
    found: list[tuple[int, Row]] = []
    sure: list[tuple[int, Row]] = []
    for row in rows:
        words = stems(str(row["label"] or ""))
        if not words or not 2 * len(words & named) >= len(words) or not _of_grade(str(row["statistic"]), grade):
            continue
        found.append((len(words & named), row))
        if words <= earlier and len(words) >= _FEWEST_STEMS and grade is not None:
            sure.append((len(words), row))
    found.sort(key=lambda x: -x[0])
    alike = [row for _, row in found]
    alike.sort(key=lambda r: not equal(s, r))
    longest = max((k for k, _ in sure), default=0)
    meant = [row for k, row in sure if k == longest]
    return alike, meant[0] if len(meant) == 1 else None


def _of_grade(statistic: str, grade: str | None) -> bool:
    return "grade" not in statistic if grade in (None, "any") else statistic == grade
