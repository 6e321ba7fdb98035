"""Analyses of a study: each turns derived frames into numbers, and says how its table and figures show them."""

from codon12.analyses.assemble import Evidence, assemble
from codon12.analyses.figures import study_figures
from codon12.analyses.plan import DEFAULT_PLAN, Analysis, plan_of_analyses
from codon12.analyses.study_figure import StudyFigure

__all__ = ["DEFAULT_PLAN", "Analysis", "Evidence", "StudyFigure", "assemble", "plan_of_analyses", "study_figures"]
