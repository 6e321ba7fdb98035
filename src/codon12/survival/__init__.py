"""Event and censor sources to times; Kaplan-Meier, log-rank, RMST, competing risks, bootstrap; regression models.

Every public name is imported on first use, and polars and scipy where a result needs them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.numbers.multiplicity import adjusted_p
    from codon12.survival.comparisons.logrank import LogRank, logrank
    from codon12.survival.comparisons.max_combo import MaxCombo, max_combo
    from codon12.survival.comparisons.pairwise import pairwise_logrank
    from codon12.survival.competing.aalen_johansen import aalen_johansen
    from codon12.survival.competing.cumulative_incidence import CumulativeIncidence, cumulative_incidence
    from codon12.survival.competing.fine_gray import FineGrayFit, fine_gray
    from codon12.survival.competing.gray import GrayTest, gray_test
    from codon12.survival.competing.multi_state import multi_state
    from codon12.survival.competing.state_curves import StateCurves, StateModel
    from codon12.survival.cox.baseline import BaselineHazard, PredictedSurvival
    from codon12.survival.cox.concordance import ConcordanceIndex, concordance_index
    from codon12.survival.cox.fit import CoxFit
    from codon12.survival.cox.model_test import ModelTest
    from codon12.survival.cox.proportional_hazards import ProportionalHazardsTest
    from codon12.survival.cox.regression import cox
    from codon12.survival.curves.bootstrap import Bootstrap, bootstrap
    from codon12.survival.curves.curve import SurvivalCurve
    from codon12.survival.curves.follow_up import FollowUp, ObservedRange, follow_up, observed_range
    from codon12.survival.curves.kaplan_meier import KaplanMeier, kaplan_meier
    from codon12.survival.curves.rmst import RmstContrast, restricted_mean
    from codon12.survival.effects.cut_point import CutPoint, cut_point, cut_profile
    from codon12.survival.effects.interaction import InteractionResult, interaction
    from codon12.survival.effects.stepp import SteppResult, stepp
    from codon12.survival.effects.subgroups import SubgroupEffects, subgroup_effects
    from codon12.survival.missing.imputation import ImputationRules, ImputedCox, impute, imputed_cox
    from codon12.survival.missing.rubin import PooledEstimates, pool
    from codon12.survival.parametric.model import ParametricFit, compare_parametric, parametric
    from codon12.survival.parametric.piecewise import PiecewiseExponential, piecewise_exponential
    from codon12.survival.published.event_orders import EventString, PrintedLandmark, event_strings
    from codon12.survival.published.guyot import rebuild_individual_data
    from codon12.survival.results.estimate import Estimate
    from codon12.survival.results.limits import survival_limits
    from codon12.survival.subjects.terms import FactorTerm, Interaction, factor
    from codon12.survival.times.censor_rules import CensorRules
    from codon12.survival.times.endpoints import (
        derive_duration_of_response,
        derive_time_to_response,
        overall_survival,
        progression_free_survival,
    )
    from codon12.survival.times.landmark import ImmortalTime, Landmark, immortal_time, landmark, switching_exposure
    from codon12.survival.times.sources import Censor, Event
    from codon12.survival.times.time_to_event import derive_time_to_event, months
    from codon12.survival.times.visits import VisitSchedule, missed_visits

__all__ = [
    "BaselineHazard",
    "Bootstrap",
    "Censor",
    "CensorRules",
    "ConcordanceIndex",
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
    "PooledEstimates",
    "PredictedSurvival",
    "PrintedLandmark",
    "ProportionalHazardsTest",
    "RmstContrast",
    "StateCurves",
    "StateModel",
    "SteppResult",
    "SubgroupEffects",
    "SurvivalCurve",
    "VisitSchedule",
    "aalen_johansen",
    "adjusted_p",
    "bootstrap",
    "compare_parametric",
    "concordance_index",
    "cox",
    "cumulative_incidence",
    "cut_point",
    "cut_profile",
    "derive_duration_of_response",
    "derive_time_to_event",
    "derive_time_to_response",
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
    "subgroup_effects",
    "survival_limits",
    "switching_exposure",
]

_HOME = {
    "BaselineHazard": "cox.baseline",
    "Bootstrap": "curves.bootstrap",
    "Censor": "times.sources",
    "CensorRules": "times.censor_rules",
    "ConcordanceIndex": "cox.concordance",
    "CoxFit": "cox.fit",
    "CumulativeIncidence": "competing.cumulative_incidence",
    "CutPoint": "effects.cut_point",
    "Estimate": "results.estimate",
    "Event": "times.sources",
    "EventString": "published.event_orders",
    "FactorTerm": "subjects.terms",
    "FineGrayFit": "competing.fine_gray",
    "FollowUp": "curves.follow_up",
    "GrayTest": "competing.gray",
    "ImmortalTime": "times.landmark",
    "ImputationRules": "missing.imputation",
    "ImputedCox": "missing.imputation",
    "Interaction": "subjects.terms",
    "InteractionResult": "effects.interaction",
    "KaplanMeier": "curves.kaplan_meier",
    "Landmark": "times.landmark",
    "LogRank": "comparisons.logrank",
    "MaxCombo": "comparisons.max_combo",
    "ModelTest": "cox.model_test",
    "ObservedRange": "curves.follow_up",
    "ParametricFit": "parametric.model",
    "PiecewiseExponential": "parametric.piecewise",
    "PooledEstimates": "missing.rubin",
    "PredictedSurvival": "cox.baseline",
    "PrintedLandmark": "published.event_orders",
    "ProportionalHazardsTest": "cox.proportional_hazards",
    "RmstContrast": "curves.rmst",
    "StateCurves": "competing.state_curves",
    "StateModel": "competing.state_curves",
    "SteppResult": "effects.stepp",
    "SubgroupEffects": "effects.subgroups",
    "SurvivalCurve": "curves.curve",
    "VisitSchedule": "times.visits",
    "aalen_johansen": "competing.aalen_johansen",
    "adjusted_p": ".numbers.multiplicity",
    "bootstrap": "curves.bootstrap",
    "compare_parametric": "parametric.model",
    "concordance_index": "cox.concordance",
    "cox": "cox.regression",
    "cumulative_incidence": "competing.cumulative_incidence",
    "cut_point": "effects.cut_point",
    "cut_profile": "effects.cut_point",
    "derive_time_to_event": "times.time_to_event",
    "derive_duration_of_response": "times.endpoints",
    "event_strings": "published.event_orders",
    "factor": "subjects.terms",
    "fine_gray": "competing.fine_gray",
    "follow_up": "curves.follow_up",
    "gray_test": "competing.gray",
    "immortal_time": "times.landmark",
    "impute": "missing.imputation",
    "imputed_cox": "missing.imputation",
    "interaction": "effects.interaction",
    "kaplan_meier": "curves.kaplan_meier",
    "landmark": "times.landmark",
    "logrank": "comparisons.logrank",
    "max_combo": "comparisons.max_combo",
    "missed_visits": "times.visits",
    "months": "times.time_to_event",
    "multi_state": "competing.multi_state",
    "observed_range": "curves.follow_up",
    "overall_survival": "times.endpoints",
    "pairwise_logrank": "comparisons.pairwise",
    "parametric": "parametric.model",
    "piecewise_exponential": "parametric.piecewise",
    "pool": "missing.rubin",
    "progression_free_survival": "times.endpoints",
    "rebuild_individual_data": "published.guyot",
    "restricted_mean": "curves.rmst",
    "stepp": "effects.stepp",
    "subgroup_effects": "effects.subgroups",
    "survival_limits": "results.limits",
    "switching_exposure": "times.landmark",
    "derive_time_to_response": "times.endpoints",
}


class _Room(ModuleType):
    """A public name wins over the file of the same name: importing ``logrank.py`` does not hide ``logrank()``."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room


_FORMER = {
    "Pooled": "PooledEstimates",
    "Concordance": "ConcordanceIndex",
    "concordance": "concordance_index",
    "duration_of_response": "derive_duration_of_response",
    "time_to_response": "derive_time_to_response",
}
"""Former name, which `codon12.response` has for what readers assess -> name; it goes on to be found here."""


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    name = _FORMER.get(name, name)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
