"""Numbers of the study on adverse events that led to stopping or changing treatment, as running text speaks of them."""

from __future__ import annotations

from typing import Any

from codon12.check import patterns as re
from codon12.check.judge import Report
from codon12.check.statements import Statement

__all__ = ["events_of"]

Row = dict[str, Any]

_EVENTS = re.compile(
    r"(?P<related>(?:treatment|drug)-related |\bTR(?=AEs?\b))?(?P<serious>serious )?"
    r"(?:(?:adverse )?(?:events?|toxic effects?|reactions?)|(?:\bTE|TR|\b)AEs?\b)"
    r"[^.;%()\d]{0,60}?\b(?:led|leading|resulted|resulting) (?:to|in)[^.;%()\d]{0,40}?"
    r"(?P<what>discontinuation|dose (?:modification|reduction|interruption))[^.;%()\d]{0,50}$",
    re.IGNORECASE,
)


_STOPPING = re.compile(r"^\s*(?:of (?:the |all )?patients )?(?:who |had )?(?:discontinu|stopp)", re.IGNORECASE)


def events_of(s: Statement, report: Report, rows: list[Row]) -> tuple[list[Row], bool]:
    """`Treatment-related adverse events led to discontinuation in 7.1 %`: of any grade, of everybody."""
    if s.kind not in ("percent_only", "count_percent") or s.quantities.percent is None:
        return [], False
    p = report.text.passages[s.passage]
    if p.table is not None:
        return [], False
    text = report.text.normal.text
    if _STOPPING.match(" ".join(text[s.normal_end : s.normal_end + 60].split())):
        stopped = [r for r in rows if r["endpoint"].endswith(".discontinued") and r["value"] is not None]
        stopped = [r for r in stopped if str(r["level"]).lower() in ("any grade", "all")]
        given = float(s.quantities.percent.value)
        return sorted(stopped, key=lambda r: abs(r["value"] - given)), bool(stopped)
    found = _EVENTS.search(text[p.start : s.normal_start].replace("\n", " "))
    if found is None or found["serious"]:
        return [], False
    endpoint = "ae" + (".related" if found["related"] else "")
    endpoint += ".discontinued" if found["what"].lower() == "discontinuation" else ".modified"
    of = [r for r in rows if r["endpoint"] == endpoint and str(r["level"]).lower() == "any grade"]
    return of, bool(of)
