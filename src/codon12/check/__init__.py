"""Check: every number a manuscript, abstract or news text prints, found, recomputed and judged."""

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
