"""Trial designs and their exact operating characteristics."""

from codon12.design.baskets.basket import BasketCharacteristics, BasketDesign, basket
from codon12.design.baskets.borrowing import Fujikawa, Independent, Pooled, PowerPrior
from codon12.design.baskets.hierarchical import Hierarchical
from codon12.design.monitoring.bop2 import Bop2Design, bop2
from codon12.design.monitoring.bop2_pair import PairDesign, bop2_pair
from codon12.design.monitoring.coherence import Coherence, coherence
from codon12.design.monitoring.pending import PendingSuccess, pending_success, pending_success_probability
from codon12.design.monitoring.predictive import PredictiveDesign, predictive_probability, success_probability
from codon12.design.monitoring.search import FoundDesign, SearchResult, search
from codon12.design.monitoring.thall_simon import ThallSimonDesign, thall_simon
from codon12.design.monitoring.toxicity import ToxicityRule, toxicity_rule
from codon12.design.probability.prior import Prior
from codon12.design.protocol.documents import Document, decision, dmc_sheet, protocol_text
from codon12.design.protocol.record import DesignRecord, answer, replay
from codon12.design.randomised.binary import (
    RandomisedDesign,
    SelectionDesign,
    pick_the_winner,
    randomised_power,
    randomised_size,
)
from codon12.design.randomised.biomarker import EnrichedDesign, StratifiedDesign, enriched, stratified
from codon12.design.randomised.survival_size import (
    AnalysisTimes,
    SurvivalSize,
    analysis_times,
    events_needed,
    survival_size,
)
from codon12.design.sequential.conditional_power import InterimPower, interim_power
from codon12.design.sequential.group_sequential import GroupSequentialDesign, group_sequential
from codon12.design.sequential.spending import Spending
from codon12.design.single_arm.accrual import Accrual
from codon12.design.single_arm.boundaries import Boundaries, OperatingCharacteristics, interim_looks
from codon12.design.single_arm.calendar_time import CalendarPlan, calendar_plan
from codon12.design.single_arm.classic import GehanDesign, ahern, fleming, gehan
from codon12.design.single_arm.criterion import (
    IntervalRule,
    PosteriorRule,
    ResponsesRule,
    SuccessRule,
    least_responses,
)
from codon12.design.single_arm.curtailed import conditional_power, curtailed, curtailed_design
from codon12.design.single_arm.error_rates import least_possible_n
from codon12.design.single_arm.inference import StagedInference, staged_inference, unbiased_estimate
from codon12.design.single_arm.sample_size import (
    AssumedRate,
    SampleSize,
    SizePower,
    assumed_rate,
    sample_size,
    size_power,
)
from codon12.design.single_arm.simon import SimonDesign, SimonDesigns, simon_designs, simon_two_stage
from codon12.design.single_arm.two_rates import SingleArmDesign

__all__ = [
    "Accrual",
    "AnalysisTimes",
    "AssumedRate",
    "BasketCharacteristics",
    "BasketDesign",
    "Bop2Design",
    "Boundaries",
    "CalendarPlan",
    "Coherence",
    "DesignRecord",
    "Document",
    "EnrichedDesign",
    "FoundDesign",
    "Fujikawa",
    "GehanDesign",
    "GroupSequentialDesign",
    "Hierarchical",
    "Independent",
    "InterimPower",
    "IntervalRule",
    "OperatingCharacteristics",
    "PairDesign",
    "PendingSuccess",
    "Pooled",
    "PosteriorRule",
    "PowerPrior",
    "PredictiveDesign",
    "Prior",
    "RandomisedDesign",
    "ResponsesRule",
    "SampleSize",
    "SearchResult",
    "SelectionDesign",
    "SimonDesign",
    "SimonDesigns",
    "SingleArmDesign",
    "SizePower",
    "Spending",
    "StagedInference",
    "StratifiedDesign",
    "SuccessRule",
    "SurvivalSize",
    "ThallSimonDesign",
    "ToxicityRule",
    "ahern",
    "analysis_times",
    "answer",
    "assumed_rate",
    "basket",
    "bop2",
    "bop2_pair",
    "calendar_plan",
    "coherence",
    "conditional_power",
    "curtailed",
    "curtailed_design",
    "decision",
    "dmc_sheet",
    "enriched",
    "events_needed",
    "fleming",
    "gehan",
    "group_sequential",
    "interim_looks",
    "interim_power",
    "least_possible_n",
    "least_responses",
    "pending_success",
    "pending_success_probability",
    "pick_the_winner",
    "predictive_probability",
    "protocol_text",
    "randomised_power",
    "randomised_size",
    "replay",
    "sample_size",
    "search",
    "simon_designs",
    "simon_two_stage",
    "size_power",
    "staged_inference",
    "stratified",
    "success_probability",
    "survival_size",
    "thall_simon",
    "toxicity_rule",
    "unbiased_estimate",
]
