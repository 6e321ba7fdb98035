"""Parts of a cohort's mechanism: a chance that depends on other columns, a gene with its alleles, a panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.policy import Policy

__all__ = ["AlleleModel", "Chance", "GeneModel", "PanelModel", "Terms", "chance", "linear"]

Terms = dict[str, float]
"""Column, or product of columns as ``A:B`` -> coefficient."""
Columns = Mapping[str, NDArray[np.float64]]


class Chance(Policy, frozen=True):
    """A probability on the logit scale."""

    at_zero: Annotated[float, msgspec.Meta(ge=0, le=1, description="Probability {value} where every term is zero,")]
    terms: Annotated[Terms, msgspec.Meta(description="log odds ratios {value}.")] = msgspec.field(default_factory=dict)


class AlleleModel(Policy, frozen=True):
    """One change of a gene, with its place in GRCh37; substitutions in RAS hotspots need the protein alone."""

    protein: Annotated[str, msgspec.Meta(description="The change {value}")]
    share: Annotated[float, msgspec.Meta(gt=0, description="has weight {value},")]
    ever: Annotated[float, msgspec.Meta(ge=0, description="times {value} in smokers,")] = 1.0
    coding: Annotated[str, msgspec.Meta(description="coding change {value},")] = ""
    chrom: Annotated[str, msgspec.Meta(description="on chromosome {value}")] = ""
    start: Annotated[int, msgspec.Meta(ge=0, description="from base {value}:")] = 0
    ref: Annotated[str, msgspec.Meta(description="{value}")] = ""
    alt: Annotated[str, msgspec.Meta(description="to {value},")] = ""
    classification: Annotated[str, msgspec.Meta(description="a {value}.")] = "Missense_Mutation"


class GeneModel(Policy, frozen=True):
    """How often a gene is mutated, and how."""

    gene: Annotated[str, msgspec.Meta(description="{value} is mutated")]
    mutated: Annotated[Chance, msgspec.Meta(description="with a chance")]
    alleles: Annotated[tuple[AlleleModel, ...], msgspec.Meta(min_length=1, description="and shows one of its alleles.")]


class PanelModel(Policy, frozen=True):
    """What a test reads, and how many were tested with it."""

    name: Annotated[str, msgspec.Meta(description="Test {value}")]
    share: Annotated[float, msgspec.Meta(gt=0, description="has weight {value} in the first year,")]
    per_year: Annotated[float, msgspec.Meta(description="times exp({value}) a year;")] = 0.0
    genes: Annotated[tuple[str, ...], msgspec.Meta(description="of genes it reads {value},")] = ()
    targets: Annotated[tuple[str, ...], msgspec.Meta(description="of single changes {value};")] = ()
    megabases: Annotated[float, msgspec.Meta(ge=0, description="{value} megabases in all (0: no burden).")] = 0.0


def linear(terms: Terms, columns: Columns, *, where: str) -> NDArray[np.float64]:
    """Sum of coefficients times columns, one number a patient.

    Raises
    ------
    UsageError
        A term names no column; the message lists those there are.

    Examples
    --------
    >>> columns = {"A": np.array([0.0, 1.0]), "B": np.array([1.0, 1.0])}
    >>> linear({"A": 2.0, "A:B": -0.5}, columns, where="death").tolist()
    [0.0, 1.5]
    """
    total = np.zeros(next(iter(columns.values())).size)
    for term, coefficient in terms.items():
        product = np.full(total.size, float(coefficient))
        for name in term.split(":"):
            if name not in columns:
                known = ", ".join(columns)
                raise UsageError(
                    f"{where}: term {term!r} names no column known by then; change it, or take one of {known}"
                )
            product = product * columns[name]
        total += product
    return total


def chance(model: Chance, columns: Columns, *, where: str) -> NDArray[np.float64]:
    """Probability of each patient.

    Examples
    --------
    >>> chance(Chance(at_zero=0.5, terms={"A": np.log(3)}), {"A": np.array([0.0, 1.0])}, where="x").round(3).tolist()
    [0.5, 0.75]
    """
    score = linear(model.terms, columns, where=where)
    if model.at_zero in (0.0, 1.0):
        return np.full(score.size, model.at_zero)
    return 1 / (1 + np.exp(-(np.log(model.at_zero / (1 - model.at_zero)) + score)))
