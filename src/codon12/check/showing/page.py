"""The text as a page on which every number is coloured and explains itself."""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from codon12.check.documents.passages import TABLE_END
from codon12.check.judge import Report
from codon12.check.showing.listing import summary
from codon12.check.statements import Quantities, Statement
from codon12.check.verdicts import VERDICTS, Finding, Relation, Verdict

__all__ = ["Piece", "annotated_page", "differing", "doubtful", "pieces", "with_compared"]


_BLANK_LINES = re.compile(r"\n(?:[ \t\r]*\n){2,}")
"""What is left of the marks of a document between its paragraphs: one blank line tells them apart."""


_ROW = re.compile(r"^[^\n]*\S(?: {2,}|\t)[^\n]*\S[^\n]*$|^[ \t]*\|[^\n]*$", re.MULTILINE)
"""A line whose columns stand below those of its neighbours where every letter is as wide as the next."""


class Piece(NamedTuple):
    """A stretch of text, the finding about it where it is a number, and whether it is of a row of columns."""

    text: str
    finding: Finding | None
    in_row: bool = False


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
        pieces=pieces(report, against),
        problems=sorted(report.problems, key=lambda f: (VERDICTS.index(f.verdict), f.statement.start)),
        relations=doubtful(report),
        agreed=[r for r in report.relations if r.verdict == "ok"],
        against=against,
        differs=differing(against),
        style=Markup(style),  # noqa: S704  the package's own file
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def doubtful(report: Report) -> list[Relation]:
    """Relations that are amiss or open, the worst first, without those that a statement's problem says already."""
    told = {c.sentence for f in report.problems for c in f.checks}
    found = (r for r in report.relations if r.verdict != "ok" and r.sentence not in told)
    return sorted(found, key=lambda r: VERDICTS.index(r.verdict))


def differing(against: dict[str, Any] | None) -> dict[str, list[str]]:
    """By statement, the sentences on what a study gives in place of its numbers."""
    out: dict[str, list[str]] = {}
    for line in (against or {}).get("disagree", ()):
        out.setdefault(_statement_of(line), []).append(line["sentence"])
    return out


def with_compared(report: Report, against: dict[str, Any] | None) -> list[Finding]:
    """All findings in order, and the numbers that the check does not read by itself and a study was asked for."""
    given = {k: [x for x in (against or {}).get(k, ()) if not x["statement"]] for k in ("agree", "disagree")}
    if not (given["agree"] or given["disagree"]):
        return list(report.findings)
    compared = [_of_unread(x, "ok" if k == "agree" else "not checkable") for k, lines in given.items() for x in lines]
    return sorted([*report.findings, *compared], key=lambda f: f.statement.start)


def _of_unread(line: dict[str, Any], verdict: Verdict) -> Finding:
    start, end = line["start"], line["end"]
    s = Statement(_statement_of(line), "value", start, end, line["quote"].strip(), "", Quantities(), 0, start, end)
    return Finding(
        s, None, (), verdict, None, line["sentence"] if verdict == "ok" else "Compared with the study alone."
    )


def _statement_of(line: dict[str, Any]) -> str:
    """The statement a line of the comparison is of; a number that is none goes by its place."""
    return line["statement"] or f"at{line['start']}"


def pieces(report: Report, against: dict[str, Any] | None = None) -> list[Piece]:
    """Cut the text of a report into what a finding is about, or was compared, and what is neither."""
    text = report.text.normal.given
    edges = [x for m in _ROW.finditer(text) for x in m.span()]
    out, done = [], 0
    for finding in with_compared(report, against):
        s = finding.statement
        if s.start < done:
            continue
        out += _plain(text, done, s.start, edges)
        out.append(Piece(text[s.start : s.end], finding, bisect_right(edges, s.start) % 2 == 1))
        done = s.end
    out += _plain(text, done, len(text), edges)
    return [p._replace(text=_as_shown(p.text)) for p in out if p.text]


def _plain(text: str, start: int, end: int, edges: Sequence[int]) -> Iterator[Piece]:
    """A stretch that states nothing, cut where rows of columns begin and end."""
    inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
    for a, b in pairwise((start, *inside, end)):
        yield Piece(text[a:b], None, bisect_right(edges, a) % 2 == 1)


def _as_shown(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text.replace(TABLE_END, "").replace("\f", ""))
