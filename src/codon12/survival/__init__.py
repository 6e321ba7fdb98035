"""Event and censor sources to times; Kaplan-Meier, log-rank, RMST, competing risks, bootstrap; regression models.

Every public name is imported on first use, and polars and scipy where a result needs them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.survival.aalen_johansen import aalen_johansen
    from codon12.survival.bootstrap import Bootstrap, bootstrap
    from codon12.survival.censor_rules import CensorRules
    from codon12.survival.concordance import Concordance, concordance
    from codon12.survival.cox import cox
    from codon12.survival.cox_baseline import BaselineHazard, PredictedSurvival
    from codon12.survival.cox_fit import CoxFit, ModelTest
    from codon12.survival.cumulative_incidence import CumulativeIncidence, cumulative_incidence
    from codon12.survival.curve import SurvivalCurve
    from codon12.survival.cutpoint import CutPoint, cut_point, cut_profile
    from codon12.survival.endpoints import (
        duration_of_response,
        overall_survival,
        progression_free_survival,
        time_to_response,
    )
    from codon12.survival.estimate import Estimate
    from codon12.survival.fine_gray import FineGrayFit, fine_gray
    from codon12.survival.follow_up import FollowUp, ObservedRange, follow_up, observed_range
    from codon12.survival.gray import GrayTest, gray_test
    from codon12.survival.guyot import rebuild_individual_data
    from codon12.survival.imputation import ImputationRules, ImputedCox, impute, imputed_cox
    from codon12.survival.interaction import InteractionResult, interaction
    from codon12.survival.kaplan_meier import KaplanMeier, kaplan_meier
    from codon12.survival.landmark import ImmortalTime, Landmark, immortal_time, landmark, switching_exposure
    from codon12.survival.limits import survival_limits
    from codon12.survival.logrank import LogRank, logrank
    from codon12.survival.max_combo import MaxCombo, max_combo
    from codon12.survival.multi_state import multi_state
    from codon12.survival.multiplicity import adjusted_p
    from codon12.survival.pairwise import pairwise_logrank
    from codon12.survival.parametric import ParametricFit, compare_parametric, parametric
    from codon12.survival.parametric_piecewise import PiecewiseExponential, piecewise_exponential
    from codon12.survival.proportional_hazards import ProportionalHazardsTest
    from codon12.survival.rmst import RmstContrast, restricted_mean
    from codon12.survival.rubin import Pooled, pool
    from codon12.survival.sources import Censor, Event
    from codon12.survival.state_curves import StateCurves, StateModel
    from codon12.survival.stepp import SteppResult, stepp
    from codon12.survival.strings import EventString, PrintedLandmark, event_strings
    from codon12.survival.terms import FactorTerm, Interaction, factor
    from codon12.survival.time_to_event import derive_time_to_event, months
    from codon12.survival.visits import VisitSchedule, missed_visits

__all__ = [
    "BaselineHazard",
    "Bootstrap",
    "Censor",
    "CensorRules",
    "Concordance",
    "CoxFit",
    "CumulativeIncidence",
    "CutPoint",
    "Estimate",
    "Event",
    "EventString",
    "FactorTerm",
    "FineGrayFit",
    "FollowUp",
    "GrayTest",
    "ImmortalTime",
    "ImputationRules",
    "ImputedCox",
    "Interaction",
    "InteractionResult",
    "KaplanMeier",
    "Landmark",
    "LogRank",
    "MaxCombo",
    "ModelTest",
    "ObservedRange",
    "ParametricFit",
    "PiecewiseExponential",
    "Pooled",
    "PredictedSurvival",
    "PrintedLandmark",
    "ProportionalHazardsTest",
    "RmstContrast",
    "StateCurves",
    "StateModel",
    "SteppResult",
    "SurvivalCurve",
    "VisitSchedule",
    "aalen_johansen",
    "adjusted_p",
    "bootstrap",
    "compare_parametric",
    "concordance",
    "cox",
    "cumulative_incidence",
    "cut_point",
    "cut_profile",
    "derive_time_to_event",
    "duration_of_response",
    "event_strings",
    "factor",
    "fine_gray",
    "follow_up",
    "gray_test",
    "immortal_time",
    "impute",
    "imputed_cox",
    "interaction",
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
    "parametric",
    "piecewise_exponential",
    "pool",
    "progression_free_survival",
    "rebuild_individual_data",
    "restricted_mean",
    "stepp",
    "survival_limits",
    "switching_exposure",
    "time_to_response",
]

_HOME = {
    "BaselineHazard": "cox_baseline",
    "Bootstrap": "bootstrap",
    "Censor": "sources",
    "CensorRules": "censor_rules",
    "Concordance": "concordance",
    "CoxFit": "cox_fit",
    "CumulativeIncidence": "cumulative_incidence",
    "CutPoint": "cutpoint",
    "Estimate": "estimate",
    "Event": "sources",
    "EventString": "strings",
    "FactorTerm": "terms",
    "FineGrayFit": "fine_gray",
    "FollowUp": "follow_up",
    "GrayTest": "gray",
    "ImmortalTime": "landmark",
    "ImputationRules": "imputation",
    "ImputedCox": "imputation",
    "Interaction": "terms",
    "InteractionResult": "interaction",
    "KaplanMeier": "kaplan_meier",
    "Landmark": "landmark",
    "LogRank": "logrank",
    "MaxCombo": "max_combo",
    "ModelTest": "cox_fit",
    "ObservedRange": "follow_up",
    "ParametricFit": "parametric",
    "PiecewiseExponential": "parametric_piecewise",
    "Pooled": "rubin",
    "PredictedSurvival": "cox_baseline",
    "PrintedLandmark": "strings",
    "ProportionalHazardsTest": "proportional_hazards",
    "RmstContrast": "rmst",
    "StateCurves": "state_curves",
    "StateModel": "state_curves",
    "SteppResult": "stepp",
    "SurvivalCurve": "curve",
    "VisitSchedule": "visits",
    "aalen_johansen": "aalen_johansen",
    "adjusted_p": "multiplicity",
    "bootstrap": "bootstrap",
    "compare_parametric": "parametric",
    "concordance": "concordance",
    "cox": "cox",
    "cumulative_incidence": "cumulative_incidence",
    "cut_point": "cutpoint",
    "cut_profile": "cutpoint",
    "derive_time_to_event": "time_to_event",
    "duration_of_response": "endpoints",
    "event_strings": "strings",
    "factor": "terms",
    "fine_gray": "fine_gray",
    "follow_up": "follow_up",
    "gray_test": "gray",
    "immortal_time": "landmark",
    "impute": "imputation",
    "imputed_cox": "imputation",
    "interaction": "interaction",
    "kaplan_meier": "kaplan_meier",
    "landmark": "landmark",
    "logrank": "logrank",
    "max_combo": "max_combo",
    "missed_visits": "visits",
    "months": "time_to_event",
    "multi_state": "multi_state",
    "observed_range": "follow_up",
    "overall_survival": "endpoints",
    "pairwise_logrank": "pairwise",
    "parametric": "parametric",
    "piecewise_exponential": "parametric_piecewise",
    "pool": "rubin",
    "progression_free_survival": "endpoints",
    "rebuild_individual_data": "guyot",
    "restricted_mean": "rmst",
    "stepp": "stepp",
    "survival_limits": "limits",
    "switching_exposure": "landmark",
    "time_to_response": "endpoints",
}


class _Room(ModuleType):
    """A public name wins over the file of the same name: importing ``logrank.py`` does not hide ``logrank()``."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
