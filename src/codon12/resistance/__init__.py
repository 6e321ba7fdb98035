"""Resistance: how a response ends by which definition, and which mechanism explains it. Names load on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codon12.resistance.catalogue import Catalogue, Entry, Match, Needs, Rule, read_catalogue, shipped_catalogue
    from codon12.resistance.classify import classify_resistance
    from codon12.resistance.clinical_policy import ResistancePolicy
    from codon12.resistance.codon_products import codon_product, second_base_products
    from codon12.resistance.compare import Comparison, compare_pairs
    from codon12.resistance.definitions import (
        Definition,
        Definitions,
        Oligoprogression,
        read_definitions,
        shipped_definitions,
    )
    from codon12.resistance.pair import PairAnswer, answer_pair, compare_samples
    from codon12.resistance.pair_policy import PairPolicy
    from codon12.resistance.paired import PairSamples
    from codon12.resistance.sample_order import named_samples, pair_samples
    from codon12.resistance.cohort_files import pairs_of_files
    from codon12.resistance.sample_files import read_assay_file, read_samples
    from codon12.resistance.sample_json import samples_of_json

__all__ = [
    "Catalogue",
    "Comparison",
    "Definition",
    "Definitions",
    "Entry",
    "Match",
    "Needs",
    "Oligoprogression",
    "PairAnswer",
    "PairPolicy",
    "PairSamples",
    "ResistancePolicy",
    "Rule",
    "answer_pair",
    "classify_resistance",
    "codon_product",
    "compare_pairs",
    "compare_samples",
    "named_samples",
    "pair_samples",
    "pairs_of_files",
    "read_assay_file",
    "read_catalogue",
    "read_definitions",
    "read_samples",
    "samples_of_json",
    "second_base_products",
    "shipped_catalogue",
    "shipped_definitions",
]

_HOME = {
    **dict.fromkeys(
        ("Catalogue", "Entry", "Match", "Needs", "Rule", "read_catalogue", "shipped_catalogue"), "catalogue"
    ),
    "classify_resistance": "classify",
    "ResistancePolicy": "clinical_policy",
    **dict.fromkeys(
        ("Definition", "Definitions", "Oligoprogression", "read_definitions", "shipped_definitions"), "definitions"
    ),
    **dict.fromkeys(("codon_product", "second_base_products"), "codon_products"),
    **dict.fromkeys(("Comparison", "compare_pairs"), "compare"),
    **dict.fromkeys(("PairAnswer", "answer_pair", "compare_samples"), "pair"),
    "PairPolicy": "pair_policy",
    "PairSamples": "paired",
    **dict.fromkeys(("named_samples", "pair_samples"), "sample_order"),
    "pairs_of_files": "cohort_files",
    **dict.fromkeys(("read_assay_file", "read_samples"), "sample_files"),
    "samples_of_json": "sample_json",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
