"""Findings: what was decided, doubted or left out of the data, and the account of every row."""

from codon12.records.findings.frame import (
    FINDING_SCHEMA,
    SEVERITIES,
    Finding,
    Severity,
    findings_frame,
    in_order,
    no_findings,
    once,
    row_findings,
    shown,
    shown_expr,
)

__all__ = [
    "FINDING_SCHEMA",
    "SEVERITIES",
    "Finding",
    "Severity",
    "findings_frame",
    "in_order",
    "no_findings",
    "once",
    "row_findings",
    "shown",
    "shown_expr",
]
