"""RECIST 1.1: lesions to sums, time points, best overall response; iRECIST; tumour growth."""

from codon12.response.assessments import counted_assessments
from codon12.response.benefit import (
    clinical_benefit,
    confirmed_response,
    disease_control,
    objective_response,
    progression,
)
from codon12.response.best import best_overall_response
from codon12.response.concordance import Concordance, concordance
from codon12.response.duration import duration_of_response, time_to_response
from codon12.response.growth import (
    best_percent_change,
    depth_of_response,
    early_tumour_shrinkage,
    time_to_nadir,
    tumour_growth_rate,
)
from codon12.response.immune import (
    best_immune_response,
    both_criteria,
    immune_progression,
    immune_response,
)
from codon12.response.nontarget import new_lesions, non_target_response
from codon12.response.overall import overall_response
from codon12.response.policy import RecistPolicy
from codon12.response.selection import select_targets, target_selection_findings
from codon12.response.sums import baseline, nadir, sum_of_diameters
from codon12.response.target import target_response
from codon12.response.timepoints import assess_lesions, collected_timepoints, timepoints

__all__ = [
    "Concordance",
    "RecistPolicy",
    "assess_lesions",
    "baseline",
    "best_immune_response",
    "best_overall_response",
    "best_percent_change",
    "both_criteria",
    "clinical_benefit",
    "collected_timepoints",
    "concordance",
    "confirmed_response",
    "counted_assessments",
    "depth_of_response",
    "disease_control",
    "duration_of_response",
    "early_tumour_shrinkage",
    "immune_progression",
    "immune_response",
    "nadir",
    "new_lesions",
    "non_target_response",
    "objective_response",
    "overall_response",
    "progression",
    "select_targets",
    "sum_of_diameters",
    "target_response",
    "target_selection_findings",
    "time_to_nadir",
    "time_to_response",
    "timepoints",
    "tumour_growth_rate",
]
