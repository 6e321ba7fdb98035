"""The report of a study: one page, its tables and figures as files, the numbers, and what was run."""

from codon12.report.masking import mask_subjects, pseudonyms
from codon12.report.write import write_report

__all__ = ["mask_subjects", "pseudonyms", "write_report"]
