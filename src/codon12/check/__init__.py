"""Check: every number a manuscript, abstract or news text prints, found, recomputed and judged."""

from codon12.check.extract import Text, extract
from codon12.check.judge import Report, check_text
from codon12.check.statements import Denominator, Quantities, Statement
from codon12.check.verdicts import PROBLEMS, VERDICTS, Check, Finding, Verdict

__all__ = [
    "PROBLEMS",
    "VERDICTS",
    "Check",
    "Denominator",
    "Finding",
    "Quantities",
    "Report",
    "Statement",
    "Text",
    "Verdict",
    "check_text",
    "extract",
]
