"""Event and censor sources to times; Kaplan-Meier, log-rank, RMST, competing risks, bootstrap."""

# Part A: derivation of times, and everything nonparametric
from codon12.survival.curve import SurvivalCurve
from codon12.survival.estimate import Estimate
from codon12.survival.follow_up import FollowUp, ObservedRange, follow_up, observed_range
from codon12.survival.kaplan_meier import KaplanMeier, kaplan_meier
from codon12.survival.limits import survival_limits
from codon12.survival.rmst import RmstContrast, restricted_mean

__all__ = [
    "Estimate",
    "FollowUp",
    "KaplanMeier",
    "ObservedRange",
    "RmstContrast",
    "SurvivalCurve",
    "follow_up",
    "kaplan_meier",
    "observed_range",
    "restricted_mean",
    "survival_limits",
]
