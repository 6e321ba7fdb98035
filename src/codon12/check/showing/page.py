"""The text as a page on which every number is coloured and explains itself."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import Any, NamedTuple

from codon12.check.documents.passages import TABLE_END
from codon12.check.judge import Report
from codon12.check.showing.listing import summary
from codon12.check.verdicts import VERDICTS, Finding

__all__ = ["Piece", "annotated_page", "differing", "pieces"]


_BLANK_LINES = re.compile(r"\n(?:[ \t\r]*\n){2,}")
"""What is left of the marks of a document between its paragraphs: one blank line tells them apart."""


class Piece(NamedTuple):
    """A stretch of text, and the finding about it where it is a number."""

    text: str
    finding: Finding | None


def annotated_page(report: Report, *, against: dict[str, Any] | None = None) -> str:
    """One self-contained HTML page: no script, no outside resource, a content policy that allows neither.

    `against` is what the comparison with a study came to; its side stands beside the problems.

    Examples
    --------
    >>> from codon12.check import check_text
    >>> page = annotated_page(check_text("Of 40 <b>patients</b>, 10 (25%) responded."))
    >>> "&lt;b&gt;" in page, "<script" in page
    (True, False)
    """
    from jinja2 import Environment
    from markupsafe import Markup

    folder = files("codon12.check.showing")
    style = folder.joinpath("page.css").read_text(encoding="utf-8")
    template = Environment(autoescape=True).from_string(folder.joinpath("page.html").read_text(encoding="utf-8"))
    return template.render(
        name=report.text.name,
        summary=summary(report),
        coverage=report.text.coverage,
        verdicts=VERDICTS,
        pieces=pieces(report),
        problems=sorted(report.problems, key=lambda f: (VERDICTS.index(f.verdict), f.statement.start)),
        relations=sorted((r for r in report.relations if r.verdict != "ok"), key=lambda r: VERDICTS.index(r.verdict)),
        agreed=[r for r in report.relations if r.verdict == "ok"],
        against=against,
        differs=differing(against),
        style=Markup(style),  # noqa: S704  the package's own file
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def differing(against: dict[str, Any] | None) -> dict[str, list[str]]:
    """By statement, the sentences on what a study gives in place of its numbers."""
    out: dict[str, list[str]] = {}
    for line in (against or {}).get("disagree", ()):
        out.setdefault(line["statement"], []).append(line["sentence"])
    return out


def pieces(report: Report) -> list[Piece]:
    """Cut the text of a report into what is a statement and what is not."""
    text = report.text.normal.given
    out, done = [], 0
    for finding in report.findings:
        s = finding.statement
        if s.start < done:
            continue
        out.append(Piece(text[done : s.start], None))
        out.append(Piece(text[s.start : s.end], finding))
        done = s.end
    out.append(Piece(text[done:], None))
    return [p._replace(text=_as_shown(p.text)) for p in out if p.text]


def _as_shown(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text.replace(TABLE_END, "").replace("\f", ""))
