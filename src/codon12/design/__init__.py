"""Trial designs and their exact operating characteristics."""

from codon12.design.boundaries import Boundaries, OperatingCharacteristics, interim_looks
from codon12.design.criterion import (
    IntervalRule,
    PosteriorRule,
    ResponsesRule,
    SuccessRule,
    least_responses,
)
from codon12.design.predictive import PredictiveDesign, predictive_probability, success_probability
from codon12.design.prior import Prior

__all__ = [
    "Boundaries",
    "IntervalRule",
    "OperatingCharacteristics",
    "PosteriorRule",
    "PredictiveDesign",
    "Prior",
    "ResponsesRule",
    "SuccessRule",
    "interim_looks",
    "least_responses",
    "predictive_probability",
    "success_probability",
]
