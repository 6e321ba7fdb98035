"""Virtual patients and trials, as the same records a real trial has."""

from codon12.simulate.codebreak100 import reconstruct_codebreak100
from codon12.simulate.cohort import Cohort, simulate_cohort, write_cohort
from codon12.simulate.cohort_model import (
    BurdenModel,
    CohortModel,
    ExpressionModel,
    Hazard,
    SequencingModel,
    TreatmentModel,
)
from codon12.simulate.cohort_model import read_model as read_cohort_model
from codon12.simulate.cohort_parts import AlleleModel, Chance, GeneModel, PanelModel
from codon12.simulate.folder import write_codebreak100
from codon12.simulate.published import published_targets

__all__ = [
    "AlleleModel",
    "BurdenModel",
    "Chance",
    "Cohort",
    "CohortModel",
    "ExpressionModel",
    "GeneModel",
    "Hazard",
    "PanelModel",
    "SequencingModel",
    "TreatmentModel",
    "published_targets",
    "read_cohort_model",
    "reconstruct_codebreak100",
    "simulate_cohort",
    "write_codebreak100",
    "write_cohort",
]
