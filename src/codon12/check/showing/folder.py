"""A folder of documents at a glance: one row a document, as CSV and as a page."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from codon12.check.verdicts import VERDICTS

if TYPE_CHECKING:
    from codon12.check.judge import Report

__all__ = ["Row", "as_csv", "as_page", "row_of"]


class Row(msgspec.Struct, frozen=True):
    """What one document came to; `unread` says why it could not be read."""

    file: str
    statements: int = 0
    verdicts: tuple[int, ...] = (0,) * len(VERDICTS)
    numbers: int = 0
    not_read: int = 0
    much_not_read: bool = False
    worst: str = ""
    unread: str = ""

    @property
    def rank(self) -> tuple[int, ...]:
        """Sorts documents with the worst first."""
        return tuple(-n for n in self.verdicts[:3])


def row_of(report: Report) -> Row:
    """The row of a report."""
    counts = tuple(sum(f.verdict == v and not f.accepted for f in report.findings) for v in VERDICTS)
    problems = sorted(report.problems, key=lambda f: (VERDICTS.index(f.verdict), f.statement.start))
    worst = f"{' '.join(problems[0].statement.quote.split())}: {problems[0].sentence}" if problems else ""
    coverage = report.text.coverage
    return Row(report.text.name, len(report.findings), counts, coverage.numbers, len(coverage.unread),
               coverage.is_poor, worst)  # fmt: skip


def as_csv(rows: list[Row]) -> str:
    """Rows as CSV; a cell that a spreadsheet would run is made text by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["file", "statements", *VERDICTS, "numbers", "not read", "worst", "unread"])
    for r in rows:
        cells = [r.file, r.statements, *r.verdicts, r.numbers, r.not_read, r.worst, r.unread]
        writer.writerow([_inert(c) if isinstance(c, str) else c for c in cells])
    return out.getvalue()


def _inert(text: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return "'" + clean if clean.startswith(("=", "+", "-", "@")) else clean


def as_page(rows: list[Row]) -> str:
    """Rows as one self-contained page, the documents with the worst findings first."""
    from jinja2 import Environment

    template = files("codon12.check.showing").joinpath("folder.html").read_text(encoding="utf-8")
    ordered: list[Any] = sorted(rows, key=lambda r: (not r.unread, r.rank, r.file))
    return Environment(autoescape=True).from_string(template).render(rows=ordered, verdicts=VERDICTS)
