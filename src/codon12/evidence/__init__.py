"""The analysis plan, and every number once with its provenance."""

from codon12.evidence.assemble import Evidence, assemble
from codon12.evidence.plan import DEFAULT_PLAN, Analysis, plan_of_analyses
from codon12.evidence.provenance import Trace
from codon12.evidence.schema import NUMBERS
from codon12.evidence.store import write_evidence

__all__ = [
    "DEFAULT_PLAN",
    "NUMBERS",
    "Analysis",
    "Evidence",
    "Trace",
    "assemble",
    "plan_of_analyses",
    "write_evidence",
]
