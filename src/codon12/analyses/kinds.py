"""Analyses: each turns derived frames into numbers."""

from collections.abc import Callable

import polars as pl

from codon12.analyses.biomarkers.alterations import lollipop, lollipop_points, oncoprint, oncoprint_cells
from codon12.analyses.biomarkers.co_occurrence import co_occurrence, co_occurrence_pairs
from codon12.analyses.biomarkers.prevalence import prevalence
from codon12.analyses.biomarkers.subgroups import subgroups
from codon12.analyses.patients.baseline import baseline, disposition, flow, missing_values
from codon12.analyses.plan import Analysis
from codon12.analyses.response.agreement import agreement
from codon12.analyses.response.response import best_change, response
from codon12.analyses.safety.adverse_events import (
    adverse_events_by_grade,
    adverse_events_by_term,
    exposure_and_dose,
)
from codon12.analyses.survival.comparison import comparison
from codon12.analyses.survival.competing_risks import competing_risks, incidence_curves
from codon12.analyses.survival.cox import cox_model
from codon12.analyses.survival.cut_point import cut_point_profiles, cut_point_search
from codon12.analyses.survival.groups import group_curves, survival_by_group
from codon12.analyses.survival.interaction import interaction_model
from codon12.analyses.survival.proportional_hazards import proportional_hazards, schoenfeld_points
from codon12.analyses.survival.time_to_event import curves, follow_up_time, time_to_event
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook

__all__ = ["KINDS", "POINTS", "curves", "group_curves"]

KINDS: dict[str, Callable[[Analysis, Context, NumberBook], None]] = {
    "flow": flow,
    "baseline": baseline,
    "disposition": disposition,
    "exposure": exposure_and_dose,
    "response": response,
    "best-change": best_change,
    "agreement": agreement,
    "time-to-event": time_to_event,
    "follow-up": follow_up_time,
    "comparison": comparison,
    "groups": survival_by_group,
    "cox": cox_model,
    "interaction": interaction_model,
    "proportional-hazards": proportional_hazards,
    "cut-point": cut_point_search,
    "competing-risks": competing_risks,
    "missing": missing_values,
    "prevalence": prevalence,
    "oncoprint": oncoprint,
    "lollipop": lollipop,
    "co-occurrence": co_occurrence,
    "adverse-events": adverse_events_by_grade,
    "adverse-event-terms": adverse_events_by_term,
    "subgroups": subgroups,
}
"""Kind of an analysis -> the function that computes its numbers."""

POINTS: dict[str, tuple[str, Callable[[Analysis, Context], pl.DataFrame | None]]] = {
    "proportional-hazards": ("schoenfeld", schoenfeld_points),
    "cut-point": ("cut_points", cut_point_profiles),
    "competing-risks": ("incidence", incidence_curves),
    "oncoprint": ("oncoprint", oncoprint_cells),
    "lollipop": ("lollipop", lollipop_points),
    "co-occurrence": ("co_occurrence", co_occurrence_pairs),
}
"""Kind of an analysis -> the frame its figure draws, and the function that fills it."""
