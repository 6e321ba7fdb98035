"""A manuscript against the evidence of its study: same endpoint and statistic, printed equal after rounding."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from typing import Any

import polars as pl

from codon12.check.comparing.baseline import Baseline
from codon12.check.comparing.columns import Column, column_of, columns_of
from codon12.check.comparing.days import days
from codon12.check.comparing.events import events_of
from codon12.check.comparing.near import a_digit_off, near_in_digits, of_words, stems
from codon12.check.judge import Report
from codon12.check.statements import Limit, Statement
from codon12.check.verdicts import Finding
from codon12.check.verify.case import is_cited
from codon12.errors import UsageError
from codon12.evidence.schema import slug
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed, percent_modes
from codon12.records.config.endpoints import ENDPOINTS

__all__ = ["against_evidence"]

_ENDPOINTS = {code: slug(code) for code in ENDPOINTS} | {
    "follow-up": "follow_up",
    "TRTDUR": "exposure.duration",
    "age": "baseline.age",
    "ORR": "orr",
    "DCR": "dcr",
    "CR": "bor.cr",
    "PR": "bor.pr",
    "SD": "bor.sd",
    "PD": "bor.pd",
}
"""What a text calls an outcome -> what evidence calls the endpoint."""
_KEY = (("orr", "rate"), ("dcr", "rate"), ("dor", "median"), ("pfs", "median"), ("os", "median"))
"""Results no manuscript should leave out, where the study has them."""
_NEEDED = ("id", "endpoint", "statistic", "label", "kind", "level", "variable", "category", "n", "N", "value", "lower",
           "upper")  # fmt: skip
_SHARES = {"count_percent", "count_percent_ci", "percent_ci", "percent_only", "table_cell"}
Row = dict[str, Any]


def against_evidence(report: Report, numbers: pl.DataFrame, *, cutoff: dt.date | None = None) -> dict[str, Any]:
    """Compare every statement that names an endpoint or a row of a table with the evidence of a study.

    Parameters
    ----------
    report
        Findings on the manuscript.
    numbers
        The numbers of the evidence, one row a number, columns as the house describes them.
    cutoff
        The study's data cut-off, where it has one.

    Returns
    -------
    dict
        ``agree``, ``disagree`` and ``left_out``: lists of plain values, each with a sentence; ``key_results``: each
        key result with one verdict, ``agrees``, ``contradicted`` or ``left out``. A statement that agrees with a
        subgroup's number agrees; one that agrees with none is set beside that of all subjects. Sentences that cite
        another publication are not compared.

    Raises
    ------
    UsageError
        The frame lacks a column of the evidence.
    """
    lacking = [c for c in _NEEDED if c not in numbers.columns]
    if lacking:
        raise UsageError(f"the evidence lacks the column {', '.join(lacking)}")
    rows: list[Row] = list(numbers.iter_rows(named=True))
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    by_label: dict[frozenset[str], list[Row]] = defaultdict(list)
    baseline = Baseline(rows)
    for row in rows:
        by_key[(row["endpoint"], row["statistic"])].append(row)
        if row["kind"] in {"count", "fraction"} and row["label"]:
            by_label[stems(row["label"])].append(row)
    agree, disagree = [], []
    columns = _columns(report, by_label, by_key)
    again = Counter(_place(f.statement, report) for f in report.findings if f.statement.kind == "table_cell")
    counted = [r for r in rows if r["kind"] in {"count", "fraction"} and r["value"] is not None]
    for finding in report.findings:
        s = finding.statement
        if is_cited(report.text.sentence(s)):
            continue
        sentence_of = report.text.sentence(s)
        column = columns.get((report.text.passages[s.passage].table or -1, s.column))
        candidates, certain = [], False
        if column is None or column[0] == "baseline":
            here = baseline.of(s, report.text.passages[s.passage].heading)
            candidates = [r for r in here if column is None or column_of(r) == column]
            certain = s.column in (0, None) or column is not None
        if not candidates:
            candidates, certain = _candidates(s, by_key, by_label)
            if s.kind == "table_cell" and column is not None and candidates:
                candidates, certain = [r for r in candidates if column_of(r) == column], True
                equal_here = any(_equal(s, r) for r in candidates)
                if not candidates or (again[_place(s, report)] > 1 and not equal_here):
                    continue  # `Other` of two headings: which is meant is not told
        if not candidates:
            candidates, certain = events_of(s, report, rows)
        if not candidates:
            candidates = _of_size(s, report, by_key)
        if not candidates or (s.kind == "count_percent" and not any(_equal(s, r) for r in candidates)):
            alike, meant = of_words(s, report, counted, _equal)
            chosen = [r for r in alike if _equal(s, r)] or [r for r in (*alike, *candidates) if near_in_digits(s, r)]
            if chosen or (meant is not None and not candidates):
                candidates, certain = chosen[:1] or [meant] if meant is not None else chosen[:1], True
        if not candidates:
            continue
        equal = next((row for row in candidates if _equal(s, row)), None)
        if equal is not None:
            agree.append(_line(s, equal, f"{' '.join(s.quote.split())}: as {equal['id']}."))
        elif (row := _meant(finding, candidates, sentence_of, certain=certain)) is not None:
            sentence = f"{' '.join(s.quote.split())}: the study gives {_shown(row, s)} ({row['id']})."
            disagree.append(_line(s, row, sentence))
    for day in days(report, rows, cutoff):
        quote = " ".join(day.statement.quote.split())
        line = {"statement": day.statement.id, "start": day.statement.start, "end": day.statement.end,
                "quote": day.statement.quote, "evidence": day.what}  # fmt: skip
        if day.agrees:
            agree.append(line | {"sentence": f"{quote}: as the study's {day.what}."})
        else:
            disagree.append(line | {"sentence": f"{quote}: the study's {day.what} is {day.given}."})
    key_results = _key_results(by_key, {x["evidence"] for x in agree}, {x["evidence"] for x in disagree})
    left_out = [{k: x[k] for k in ("evidence", "sentence")} for x in key_results if x["verdict"] == "left out"]
    return {"agree": agree, "disagree": disagree, "left_out": left_out, "key_results": key_results}


_PART = re.compile(
    r"\b(?:subgroups?|subsets?|mutat\w+|wild[- ]type|PD-L1|TMB|expression|positive|negative|smokers?|wom[ae]n|m[ae]n|"
    r"stage|prior|previous\w*|brain|liver|those|investigator|local|groups?|arms?|cohorts?)\b",
    re.IGNORECASE,
)
"""Words that say a number may be of some of the subjects, or by another reader."""


def _meant(finding: Finding, candidates: list[Row], sentence: str, *, certain: bool) -> Row | None:
    """The number of the study that a statement contradicts; None where it may be about another.

    Certain where the statement must be about one of the candidates; where two of its numbers are a candidate's and
    one is not; where one candidate alone is of its total; or where its sentence speaks of no part of the subjects.
    """
    s = finding.statement
    near = [row for row in candidates if _shared(s, row) >= 2 or near_in_digits(s, row)]
    if near:
        return near[0]
    if certain:
        return next((r for r in candidates if r["level"] == "all"), candidates[0])
    if s.kind not in ("percent_ci", "count_percent", "count_percent_ci", "percent_only") or s.approximate:
        return None
    total = finding.denominator.value if finding.denominator is not None else None
    sized = [row for row in candidates if total is not None and row["N"] == total]
    if len({row["n"] for row in sized}) == 1 and s.kind == "count_percent_ci":
        return sized[0]
    whole = [row for row in candidates if row["level"] == "all"]
    if s.kind == "percent_only" and s.quantities.percent is not None and _PART.search(sentence) is None:
        return next((r for r in whole if a_digit_off(s.quantities.percent, r["value"])), None)
    if whole and s.kind == "percent_ci" and _PART.search(sentence) is None:
        return whole[0]
    return None


def _shared(s: Statement, row: Row) -> int:
    """How many of estimate, limits and count a statement shares with a number of the study."""
    q = s.quantities
    value = q.percent if q.percent is not None else q.value
    same = [value is not None and _is(value, row["value"])]
    for printed, limit in ((q.low, row["lower"]), (q.high, row["upper"])):
        same.append(isinstance(printed, Printed) and limit is not None and _is(printed, limit))
    same.append(q.n is not None and q.n == row["n"] and q.n > _TELLING)
    return sum(same)


_TELLING = 9
"""Counts up to this one are equal by chance."""


def _place(s: Statement, report: Report) -> tuple[int | None, int | None, frozenset[str]]:
    """Table, column and label of a cell."""
    return report.text.passages[s.passage].table, s.column, stems(s.label)


def _columns(
    report: Report, by_label: dict[frozenset[str], list[Row]], by_key: dict[tuple[str, str], list[Row]]
) -> dict[tuple[int, int | None], Column]:
    """What the columns of every table hold, by the cells whose row the study has."""
    cells = []
    for f in report.findings:
        table = report.text.passages[f.statement.passage].table
        if table is not None and f.statement.kind == "table_cell":
            cells.append((table, f.statement, _candidates(f.statement, by_key, by_label)[0]))
    return columns_of(cells, _equal)


def _of_size(s: Statement, report: Report, by_key: dict[tuple[str, str], list[Row]]) -> list[Row]:
    """Rates of the groups whose sizes the sentence names, for a percentage with limits that names no outcome."""
    if s.kind != "percent_ci" or s.quantities.outcome is not None:
        return []
    rates = [row for (_, statistic), rows in by_key.items() if statistic == "rate" for row in rows]
    alike = [r for r in rates if _equal(s, r)] or [r for r in rates if near_in_digits(s, r)]
    if alike:
        return alike
    near = (x for x in report.text.statements if abs(x.passage - s.passage) <= 1 and x.kind == "count")
    sizes = {x.quantities.n for x in near}
    return [row for (_, statistic), rows in by_key.items() if statistic == "rate" for row in rows if row["N"] in sizes]


def _line(s: Statement, row: Row, sentence: str) -> dict[str, Any]:
    return {
        "statement": s.id,
        "start": s.start,
        "end": s.end,
        "quote": s.quote,
        "evidence": row["id"],
        "sentence": sentence,
    }


def _candidates(
    s: Statement, by_key: dict[tuple[str, str], list[Row]], by_label: dict[frozenset[str], list[Row]]
) -> tuple[list[Row], bool]:
    """Rows a statement may be about, those of all subjects first, and whether it must be about one of them."""
    q = s.quantities
    endpoint = _ENDPOINTS.get(q.outcome or "")
    found: list[Row] = []
    if endpoint is not None and not s.approximate:
        if s.kind in ("median_ci", "median_only", "median_range"):
            found = by_key[(endpoint, "median")]
        elif s.kind == "landmark" and q.at is not None and q.unit == "months":
            found = by_key[(endpoint, f"rate_{float(q.at.value):g}mo")]
        elif s.kind in _SHARES:
            found = by_key[(endpoint, "rate")] + by_key[(endpoint, "n")]
    if found:
        certain = s.kind in ("median_ci", "median_only", "median_range", "landmark", "count_percent_ci")
        return sorted(found, key=lambda r: r["level"] != "all"), certain
    if s.kind == "table_cell" and s.label:
        words = stems(s.label)
        found = by_label.get(words, []) if words else []
        telling = len(words) > 1 or any(r["endpoint"].startswith("ae.") for r in found)
        return found, bool(found) and telling and s.column == 0 and q.percent is not None
    return [], False


def _is(printed: Printed | None, value: float | None) -> bool:
    if printed is None:
        return True
    if value is None:
        return False
    return float(printed.low) - 1e-9 <= value <= float(printed.high) + 1e-9


def _limit_is(printed: Limit, value: float | None) -> bool:
    if printed is None:
        return True
    return value is None if printed == "not reached" else isinstance(printed, Printed) and _is(printed, value)


def _equal(s: Statement, row: Row) -> bool:
    """Whether every number of a statement that the row has is the row's number, rounded."""
    q = s.quantities
    if q.n is not None and q.n != row["n"]:
        return False
    if q.n is not None and q.percent is not None and row["N"] and q.interval is None:
        return bool(percent_modes(q.n, row["N"], q.percent))  # also with its digits cut off
    if not _is(q.percent if q.percent is not None else q.value, row["value"]):
        return False
    return q.interval != "ci" or (_limit_is(q.low, row["lower"]) and _limit_is(q.high, row["upper"]))


def _shown(row: Row, s: Statement) -> str:
    q = s.quantities
    like = q.percent or q.value
    digits = like.digits if like is not None else 1
    count = f"{row['n']} of {row['N']}, " if q.n is not None else ""
    limits = ""
    if q.interval == "ci":
        limits = f" ({print_number(row['lower'], digits)} to {print_number(row['upper'], digits)})"
    return f"{count}{print_number(row['value'], digits)}{limits}"


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
        sentence = f"{row['endpoint']}, {row['statistic']}: {print_number(row['value'], 1)} ({row['id']})."
        out.append({"evidence": row["id"], "verdict": verdict, "sentence": sentence})
    return out
