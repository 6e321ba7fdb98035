"""Event and censor sources to times; Kaplan-Meier, log-rank, RMST, competing risks, bootstrap."""

# Part A: derivation of times, and everything nonparametric
from codon12.survival.aalen_johansen import aalen_johansen
from codon12.survival.bootstrap import Bootstrap, bootstrap
from codon12.survival.censor_rules import CensorRules
from codon12.survival.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from codon12.survival.curve import SurvivalCurve
from codon12.survival.endpoints import (
    duration_of_response,
    overall_survival,
    progression_free_survival,
    time_to_response,
)
from codon12.survival.estimate import Estimate
from codon12.survival.follow_up import FollowUp, ObservedRange, follow_up, observed_range
from codon12.survival.gray import GrayTest, gray_test
from codon12.survival.kaplan_meier import KaplanMeier, kaplan_meier
from codon12.survival.landmark import ImmortalTime, Landmark, immortal_time, landmark, switching_exposure
from codon12.survival.limits import survival_limits
from codon12.survival.logrank import LogRank, logrank
from codon12.survival.max_combo import MaxCombo, max_combo
from codon12.survival.multi_state import multi_state
from codon12.survival.multiplicity import adjusted_p
from codon12.survival.pairwise import pairwise_logrank
from codon12.survival.rmst import RmstContrast, restricted_mean
from codon12.survival.sources import Censor, Event
from codon12.survival.state_curves import StateCurves, StateModel
from codon12.survival.time_to_event import derive_time_to_event, months
from codon12.survival.visits import VisitSchedule, missed_visits

__all__ = [
    "Bootstrap",
    "Censor",
    "CensorRules",
    "CumulativeIncidence",
    "Estimate",
    "Event",
    "FollowUp",
    "GrayTest",
    "ImmortalTime",
    "KaplanMeier",
    "Landmark",
    "LogRank",
    "MaxCombo",
    "ObservedRange",
    "RmstContrast",
    "StateCurves",
    "StateModel",
    "SurvivalCurve",
    "VisitSchedule",
    "aalen_johansen",
    "adjusted_p",
    "bootstrap",
    "cumulative_incidence",
    "derive_time_to_event",
    "duration_of_response",
    "follow_up",
    "gray_test",
    "immortal_time",
    "kaplan_meier",
    "landmark",
    "logrank",
    "max_combo",
    "missed_visits",
    "months",
    "multi_state",
    "observed_range",
    "overall_survival",
    "pairwise_logrank",
    "progression_free_survival",
    "restricted_mean",
    "survival_limits",
    "switching_exposure",
    "time_to_response",
]

# Part B: regression models
from codon12.survival.concordance import Concordance, concordance
from codon12.survival.cox import cox
from codon12.survival.cox_baseline import BaselineHazard, PredictedSurvival
from codon12.survival.cox_fit import CoxFit, ModelTest
from codon12.survival.cutpoint import CutPoint, cut_point, cut_profile
from codon12.survival.fine_gray import FineGrayFit, fine_gray
from codon12.survival.guyot import rebuild_individual_data
from codon12.survival.imputation import ImputationRules, ImputedCox, impute, imputed_cox
from codon12.survival.interaction import InteractionResult, interaction
from codon12.survival.parametric import ParametricFit, compare_parametric, parametric
from codon12.survival.parametric_piecewise import PiecewiseExponential, piecewise_exponential
from codon12.survival.proportional_hazards import ProportionalHazardsTest
from codon12.survival.rubin import Pooled, pool
from codon12.survival.stepp import SteppResult, stepp
from codon12.survival.strings import EventString, PrintedLandmark, event_strings
from codon12.survival.terms import FactorTerm, Interaction, factor

__all__ += [
    "BaselineHazard",
    "Concordance",
    "CoxFit",
    "CutPoint",
    "EventString",
    "FactorTerm",
    "FineGrayFit",
    "ImputationRules",
    "ImputedCox",
    "Interaction",
    "InteractionResult",
    "ModelTest",
    "ParametricFit",
    "PiecewiseExponential",
    "Pooled",
    "PredictedSurvival",
    "PrintedLandmark",
    "ProportionalHazardsTest",
    "SteppResult",
    "compare_parametric",
    "concordance",
    "cox",
    "cut_point",
    "cut_profile",
    "event_strings",
    "factor",
    "fine_gray",
    "impute",
    "imputed_cox",
    "interaction",
    "parametric",
    "piecewise_exponential",
    "pool",
    "rebuild_individual_data",
    "stepp",
]
