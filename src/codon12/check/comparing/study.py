"""A manuscript against the evidence of its study: same endpoint and statistic, printed equal after rounding."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import msgspec
import polars as pl

from codon12.check import patterns as re
from codon12.check.comparing.cells import Cells
from codon12.check.comparing.days import days
from codon12.check.comparing.equality import Row, shown, whose
from codon12.check.comparing.means import means
from codon12.check.comparing.names import in_words
from codon12.check.comparing.running import Running
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding
from codon12.check.verify.case import is_cited
from codon12.errors import UsageError
from codon12.numbers.rounding import printed as print_number

__all__ = ["against_evidence", "counted_as_read"]

_FEW = 3
_KEY = (("orr", "rate"), ("dcr", "rate"), ("dor", "median"), ("pfs", "median"), ("os", "median"))
"""Results no manuscript should leave out, where the study has them."""
_NEEDED = ("id", "endpoint", "statistic", "label", "kind", "level", "variable", "category", "n", "N", "value", "lower",
           "upper")  # fmt: skip
_SPANNED = ("baseline.", "exposure.", "ttr")
"""Endpoints without censored times: their range is that of everybody, however it is computed."""


def against_evidence(
    reports: Report | list[Report], numbers: pl.DataFrame, *, cutoff: dt.date | None = None
) -> dict[str, Any]:
    """Compare every statement that names an endpoint or a row of a table with the evidence of a study.

    Parameters
    ----------
    reports
        Findings on the manuscript; several documents (main text and supplement) are taken together.
    numbers
        The numbers of the evidence, one row a number, columns as the house describes them.
    cutoff
        The study's data cut-off, where it has one.

    Returns
    -------
    dict
        ``agree``, ``disagree`` and ``left_out``: lists of plain values, each with a sentence; ``key_results``: each
        key result with one verdict, ``agrees``, ``contradicted`` or ``left out``; ``notes``: sentences on the
        comparison as a whole. A statement that agrees with a
        subgroup's number agrees; one that agrees with none is set beside that of the arm, subgroup or reader its
        words name, or else of all subjects, and only where the sentence speaks of no other part of them. Sentences
        that cite another publication are not compared. Of several documents each line says which it is of.

    Raises
    ------
    UsageError
        The frame lacks a column of the evidence.
    """
    lacking = [c for c in _NEEDED if c not in numbers.columns]
    if lacking:
        raise UsageError(f"the evidence lacks the column {', '.join(lacking)}")
    rows: list[Row] = list(numbers.iter_rows(named=True))
    _with_spans(rows)
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_key[(row["endpoint"], row["statistic"])].append(row)
    agree: list[dict[str, Any]] = []
    disagree: list[dict[str, Any]] = []
    documents = [reports] if isinstance(reports, Report) else reports
    for report in documents:
        where = {"document": report.text.name} if len(documents) > 1 else {}
        for right, line in _lines(report, rows, by_key, cutoff):
            (agree if right else disagree).append(line | where)
    key_results = _key_results(by_key, {x["evidence"] for x in agree}, {x["evidence"] for x in disagree})
    left_out = [{k: x[k] for k in ("evidence", "sentence")} for x in key_results if x["verdict"] == "left out"]
    told = sum(len(report.findings) for report in documents)
    notes = _notes(rows, key_results, told, len(agree), len(disagree))
    return {"agree": agree, "disagree": disagree, "left_out": left_out, "key_results": key_results, "notes": notes}


def counted_as_read(report: Report, against: dict[str, Any]) -> Report:
    """The report on a document, with the numbers that were compared, though no statement holds them, as read."""
    own = [
        x for k in ("agree", "disagree") for x in against[k] if x.get("document", report.text.name) == report.text.name
    ]
    coverage = report.text.coverage.with_compared([(x["start"], x["end"]) for x in own if not x["statement"]])
    return msgspec.structs.replace(report, text=msgspec.structs.replace(report.text, coverage=coverage))


def _notes(rows: list[Row], key_results: list[dict[str, Any]], told: int, agree: int, disagree: int) -> list[str]:
    """What to know before the lists are read: that nothing was compared, that the study has no results."""
    out = []
    if not key_results:
        out.append("The study has no response or survival to compare with.")
    if not any(str(r["endpoint"]).startswith("ae") for r in rows):
        out.append("The study has no adverse events to compare with.")
    if told and not agree and not disagree:
        out.append(
            f"None of the {told} statements could be tied to a number of the study: it may be of another study, or in "
            "words or a language that are not read. Nothing is confirmed by this."
        )
    elif disagree > max(agree, _FEW):
        out.append("More numbers differ than agree: the text may be of another study, or of another cut of its data.")
    return out


def _lines(
    report: Report, rows: list[Row], by_key: dict[tuple[str, str], list[Row]], cutoff: dt.date | None
) -> list[tuple[bool, dict[str, Any]]]:
    """What one document says of the study, right and wrong, in its order; days last."""
    cells, running = Cells(rows, report, by_key), Running(rows, report, by_key)
    text, out = report.text, []
    unread = (Finding(s, None, (), "not checkable", None, "") for s in running.unread)
    for finding in sorted([*report.findings, *unread], key=lambda f: f.statement.start):
        s = finding.statement
        if is_cited(text.sentence(s)):
            continue
        right, wrong = cells.of(finding) if text.passages[s.passage].table is not None else running.of(finding)
        quote = s.quote if s.id else _with_words(text.normal.given, s)
        if right is not None:
            out.append((True, _line(s, quote, right["id"], f"as {right['id']}")))
        elif wrong is not None:
            said = f"the study gives {shown(wrong, s)} for {in_words(wrong)} ({wrong['id']})"
            out.append((False, _line(s, quote, wrong["id"], said)))
    for mean in means(report, rows, running.parts):
        inside = (f.statement for f in report.findings if mean.start < f.statement.end)
        s = next((s for s in inside if s.start < mean.end), None)
        row = mean.row["id"]
        said = f"as {row}" if mean.agrees else f"the study gives {mean.shown} ({row})"
        line = _line(s, text.normal.given[mean.start : mean.end], row, said)
        out.append((mean.agrees, line | {"start": mean.start, "end": mean.end}))
    for day in days(report, rows, cutoff):
        said = f"as the study's {day.what}" if day.agrees else f"the study's {day.what} is {day.given}"
        out.append((day.agrees, _line(day.statement, day.statement.quote, day.what, said)))
    return out


def _with_words(given: str, s: Statement) -> str:
    """A number that only the words before it tell, with the last of them."""
    before = _ITEM.split(given[max(0, s.start - _WORDS) : s.start])[-1]
    return (before if len(before) < _WORDS else before.partition(" ")[2]) + s.quote


_ITEM, _WORDS = re.compile(r"[\n•;]|\. "), 40


def _line(s: Statement | None, quote: str, evidence: str, said: str) -> dict[str, Any]:
    of = {"statement": s.id, "start": s.start, "end": s.end} if s is not None else {"statement": ""}
    return of | {"quote": quote, "evidence": evidence, "sentence": f"{' '.join(quote.split())}: {said}."}


def _with_spans(rows: list[Row]) -> None:
    """Give medians and means the range that the evidence has of the same subjects, as `span`."""
    spans = {whose(r): (r["lower"], r["upper"]) for r in rows if r["statistic"] == "range"}
    for row in rows:
        if row["statistic"] in ("median", "mean") and str(row["endpoint"]).startswith(_SPANNED):
            row["span"] = spans.get(whose(row))
        elif row["statistic"] == "median":
            row["span_of_some"] = spans.get(whose(row))


def _key_results(
    by_key: dict[tuple[str, str], list[Row]], agreed: set[str], contradicted: set[str]
) -> list[dict[str, Any]]:
    """Key results of all subjects, one a key: contradicted where any statement is, else agreed with, else left out.

    What no statement gives is named by the first evaluator the study has.
    """
    out = []
    for key in _KEY:
        rows = [r for r in by_key.get(key, []) if r["level"] == "all"]
        if not rows:
            continue
        wrong = next((r for r in rows if r["id"] in contradicted), None)
        right = next((r for r in rows if r["id"] in agreed), None)
        row = wrong or right or rows[0]
        verdict = "contradicted" if wrong else "agrees" if right else "left out"
        sentence = f"{in_words(row)}: {print_number(row['value'], 1)} ({row['id']})."
        out.append({"evidence": row["id"], "verdict": verdict, "sentence": sentence})
    return out
