"""Virtual patients and trials, as the same records a real trial has; each name loads its module on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from codon12.simulate.switch.fit import fit_ensemble
    from codon12.simulate.switch.parameters import ParameterSet, read_set, shipped_set
    from codon12.simulate.switch.study import write_study
    from codon12.simulate.switch.what_if import what_if

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
    "ParameterSet",
    "SequencingModel",
    "TreatmentModel",
    "fit_ensemble",
    "published_targets",
    "read_cohort_model",
    "read_set",
    "reconstruct_codebreak100",
    "shipped_set",
    "simulate_cohort",
    "what_if",
    "write_codebreak100",
    "write_cohort",
    "write_study",
]

_HOME = {
    **dict.fromkeys(("AlleleModel", "Chance", "GeneModel", "PanelModel"), "cohort_parts"),
    **dict.fromkeys(
        ("BurdenModel", "CohortModel", "ExpressionModel", "Hazard", "SequencingModel", "TreatmentModel"), "cohort_model"
    ),
    **dict.fromkeys(("Cohort", "simulate_cohort", "write_cohort"), "cohort"),
    **dict.fromkeys(("ParameterSet", "read_set", "shipped_set"), "switch.parameters"),
    "fit_ensemble": "switch.fit",
    "published_targets": "published",
    "read_cohort_model": "cohort_model",
    "reconstruct_codebreak100": "codebreak100",
    "what_if": "switch.what_if",
    "write_codebreak100": "folder",
    "write_study": "switch.study",
}


def __getattr__(name: str) -> Any:
    """Load a public name."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOME[name]}")
    return getattr(module, "read_model" if name == "read_cohort_model" else name)


def __dir__() -> list[str]:
    return sorted(__all__)
