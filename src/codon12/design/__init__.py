"""Trial designs and their exact operating characteristics."""

from codon12.design.boundaries import Boundaries, OperatingCharacteristics, interim_looks
from codon12.design.coherence import Coherence, coherence
from codon12.design.criterion import (
    IntervalRule,
    PosteriorRule,
    ResponsesRule,
    SuccessRule,
    least_responses,
)
from codon12.design.error_rates import least_possible_n
from codon12.design.inference import StagedInference, staged_inference, unbiased_estimate
from codon12.design.predictive import PredictiveDesign, predictive_probability, success_probability
from codon12.design.prior import Prior
from codon12.design.sample_size import (
    AssumedRate,
    SampleSize,
    SizePower,
    assumed_rate,
    sample_size,
    size_power,
)
from codon12.design.search import FoundDesign, SearchResult, search
from codon12.design.simon import SimonDesign, SimonDesigns, simon_designs, simon_two_stage

__all__ = [
    "AssumedRate",
    "Boundaries",
    "Coherence",
    "FoundDesign",
    "IntervalRule",
    "OperatingCharacteristics",
    "PosteriorRule",
    "PredictiveDesign",
    "Prior",
    "ResponsesRule",
    "SampleSize",
    "SearchResult",
    "SimonDesign",
    "SimonDesigns",
    "SizePower",
    "StagedInference",
    "SuccessRule",
    "assumed_rate",
    "coherence",
    "interim_looks",
    "least_possible_n",
    "least_responses",
    "predictive_probability",
    "sample_size",
    "search",
    "simon_designs",
    "simon_two_stage",
    "size_power",
    "staged_inference",
    "success_probability",
    "unbiased_estimate",
]
