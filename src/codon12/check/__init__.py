"""Check: every number a manuscript, abstract or news text prints, found, recomputed and judged.

Each name is imported on first use, so that the process that only hands documents out does not load what judges them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.check.comparing.documents import compare_reports
    from codon12.check.documents.reading import read_document
    from codon12.check.grammar.extract import Text, extract
    from codon12.check.judge import Report, check_text
    from codon12.check.statements import Denominator, Quantities
    from codon12.check.verdicts import PROBLEMS, Check, Finding, Verdict

__all__ = [
    "PROBLEMS",
    "Check",
    "Denominator",
    "Finding",
    "Quantities",
    "Report",
    "Text",
    "Verdict",
    "check_text",
    "compare_reports",
    "extract",
    "read_document",
]

_HOME = {
    "compare_reports": "comparing.documents",
    "read_document": "documents.reading",
    **dict.fromkeys(("Text", "extract"), "grammar.extract"),
    **dict.fromkeys(("Report", "check_text"), "judge"),
    **dict.fromkeys(("Denominator", "Quantities"), "statements"),
    **dict.fromkeys(("PROBLEMS", "Check", "Finding", "Verdict"), "verdicts"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'codon12.check' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"codon12.check.{_HOME[name]}"), name)
    globals()[name] = value
    return value
