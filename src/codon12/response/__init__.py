"""RECIST 1.1: lesions to sums, time points, best overall response; iRECIST; tumour growth."""

from codon12.response.assessments import counted_assessments, reference_dates
from codon12.response.benefit import (
    clinical_benefit,
    confirmed_response,
    disease_control,
    objective_response,
    progression,
)
from codon12.response.best import best_overall_response
from codon12.response.nontarget import new_lesions, non_target_response
from codon12.response.overall import overall_response
from codon12.response.policy import RecistPolicy
from codon12.response.split import split_and_merged
from codon12.response.sums import baseline, nadir, sum_of_diameters
from codon12.response.target import target_response
from codon12.response.terms import CODES, RESPONSES, response_code
from codon12.response.timepoints import assess_lesions, collected_timepoints, timepoints

__all__ = [
    "CODES",
    "RESPONSES",
    "RecistPolicy",
    "assess_lesions",
    "baseline",
    "best_overall_response",
    "clinical_benefit",
    "collected_timepoints",
    "confirmed_response",
    "counted_assessments",
    "disease_control",
    "nadir",
    "new_lesions",
    "non_target_response",
    "objective_response",
    "overall_response",
    "progression",
    "reference_dates",
    "response_code",
    "split_and_merged",
    "sum_of_diameters",
    "target_response",
    "timepoints",
]
