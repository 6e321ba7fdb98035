"""Adverse events by worst grade, exposure, dose changes."""

from codon12.safety.adverse_events import adverse_events
from codon12.safety.emergence import treatment_emergent
from codon12.safety.exposure import dose_changes, exposure
from codon12.safety.findings import adverse_event_findings
from codon12.safety.grades import GRADE_GROUPS, first_worst, graded_counts, worst_grade
from codon12.safety.policy import SafetyPolicy

__all__ = [
    "GRADE_GROUPS",
    "SafetyPolicy",
    "adverse_event_findings",
    "adverse_events",
    "dose_changes",
    "exposure",
    "first_worst",
    "graded_counts",
    "treatment_emergent",
    "worst_grade",
]
