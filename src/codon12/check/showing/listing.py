"""Findings as lines for a terminal: problems first, each with its line of text and a caret."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator

from codon12.check.judge import Report
from codon12.check.verdicts import VERDICTS, Finding, Verdict

__all__ = ["coverage_line", "listing", "summary"]

WIDTH = 100
_COLOURS = {"error": "red", "error-if": "red", "unlikely": "yellow", "cannot confirm": "cyan", "ok": "green"}
Style = Callable[[str, str], str]


def summary(report: Report) -> str:
    """How many numbers there are, by verdict, worst first."""
    counts = Counter("accepted" if f.accepted else f.verdict for f in report.findings)
    parts = [f"{counts[v]} {v}" for v in (*VERDICTS, "accepted") if counts[v]]
    return f"{report.text.name}: {len(report.findings)} statements: {', '.join(parts) or 'no numbers found'}"


def coverage_line(report: Report) -> str:
    """What of the document was read; where much was not, a warning first."""
    coverage = report.text.coverage
    warning = "Much of this document was not read: the verdicts speak for the rest only.\n" if coverage.is_poor else ""
    return warning + coverage.sentence


def _excerpt(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The line a statement begins on, cut to the width, and where in it the statement lies."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    left = max(line_start, start - WIDTH // 2)
    right = min(line_end, max(start + WIDTH // 2, left + WIDTH))
    before, after = ("…" if left > line_start else ""), ("…" if right < line_end else "")
    shown = "".join(c if c.isprintable() else " " for c in text[left:right])
    offset = len(before) + start - left
    return before + shown + after, offset, max(1, min(end, right) - start)


def listing(
    report: Report, *, verdicts: tuple[Verdict, ...], kinds: frozenset[str] = frozenset(), style: Style | None = None
) -> Iterator[str]:
    """Lines on the findings with one of these verdicts, worst first, then in order of the text.

    Parameters
    ----------
    report
        What was found.
    verdicts
        Verdicts to list.
    kinds
        Kinds of statement, or rules, to list; all where empty.
    style
        Colours a text, called with the text and a colour's name; none by default.
    """
    paint = style or (lambda text, _: text)
    text = report.text.normal.given
    ends = [i for i, c in enumerate(text) if c == "\n"]
    chosen = [f for f in report.findings if f.verdict in verdicts and not f.accepted]
    if kinds:
        chosen = [f for f in chosen if f.statement.kind in kinds or any(c.rule in kinds for c in f.checks)]
    for finding in sorted(chosen, key=lambda f: (VERDICTS.index(f.verdict), f.statement.start)):
        yield from _lines(finding, text, ends, paint)


def _lines(finding: Finding, text: str, ends: list[int], paint: Style) -> Iterator[str]:
    s = finding.statement
    row = bisect_right(ends, s.start - 1)
    column = s.start - (ends[row - 1] + 1 if row else 0) + 1
    section = f"  [{s.section}]" if s.section else ""
    yield f"{paint(finding.verdict, _COLOURS.get(finding.verdict, 'white'))}  line {row + 1}:{column}{section}"
    line, offset, length = _excerpt(text, s.start, s.end)
    yield f"    {line}"
    yield f"    {' ' * offset}{paint('^' * length, _COLOURS.get(finding.verdict, 'white'))}"
    yield f"    {finding.sentence}"
    for check in finding.checks[1:]:
        if check.verdict in ("error", "error-if", "unlikely", "cannot confirm"):
            yield f"    {check.sentence}"
    yield ""
