"""Analyses of a study: each turns derived frames into numbers, and says how its table and figures show them.

A kind of analysis is one class in one file; docs/house.md and docs/extend.md say how to add one.
"""

from codon12.analyses.assemble import Evidence, assemble, evidence_of, planned, study_figures
from codon12.analyses.kind import Analysis
from codon12.analyses.kinds import kinds
from codon12.analyses.number import Number
from codon12.analyses.plan import default_plan, plan_of_analyses
from codon12.analyses.study_figure import StudyFigure
from codon12.analyses.validation import study_findings

__all__ = [
    "Analysis",
    "Evidence",
    "Number",
    "StudyFigure",
    "assemble",
    "default_plan",
    "evidence_of",
    "kinds",
    "plan_of_analyses",
    "planned",
    "study_figures",
    "study_findings",
]
