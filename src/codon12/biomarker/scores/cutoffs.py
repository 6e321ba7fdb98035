"""Named, versioned cut-offs: PD-L1 expression, mutational burden; categories of whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
import polars as pl

from codon12.errors import UsageError
from codon12.policy import Policy
from codon12.records.columns.needed import need

__all__ = [
    "SP142_IC",
    "SP142_TC",
    "TMB_10",
    "TPS_22C3",
    "BurdenCutoffs",
    "ExpressionCutoffs",
    "burden_category",
    "expression_category",
]


class ExpressionCutoffs(Policy, frozen=True):
    """Categories of an expression score, of one assay on one scale."""

    version: Annotated[str, msgspec.Meta(description="PD-L1 categories are version {value},")] = "22C3-TPS-1-50"
    assay: Annotated[str, msgspec.Meta(description="by antibody {value}")] = "22C3"
    scale: Annotated[str, msgspec.Meta(description="on the scale {value} (percent),")] = "TPS"
    bounds: Annotated[tuple[float, ...], msgspec.Meta(description="cut at {value}, each the first value above,")] = (
        1,
        50,
    )
    labels: Annotated[tuple[str, ...], msgspec.Meta(description="named {value}.")] = ("<1%", "1-49%", ">=50%")
    source: Annotated[str, msgspec.Meta(description="Source of these cut-offs: {value}.")] = (
        "PD-L1 IHC 22C3 pharmDx; KEYNOTE-042 and its use in practice"
    )


TPS_22C3 = ExpressionCutoffs()
"""PD-L1 as 22C3 has it: tumour proportion score, cut at 1 and 50 percent."""
SP142_TC = ExpressionCutoffs(
    version="SP142-TC-50",
    assay="SP142",
    scale="TC",
    bounds=(50,),
    labels=("TC <50%", "TC >=50%"),
    source="atezolizumab label: TC >= 50 % or IC >= 10 %, VENTANA SP142",
)
"""PD-L1 on tumour cells as SP142 has it."""
SP142_IC = ExpressionCutoffs(
    version="SP142-IC-10",
    assay="SP142",
    scale="IC",
    bounds=(10,),
    labels=("IC <10%", "IC >=10%"),
    source="atezolizumab label: TC >= 50 % or IC >= 10 %, VENTANA SP142",
)
"""PD-L1 on immune cells as SP142 has it."""


class BurdenCutoffs(Policy, frozen=True):
    """Categories of tumour mutational burden."""

    version: Annotated[str, msgspec.Meta(description="TMB categories are version {value},")] = "TMB-10"
    bounds: Annotated[tuple[float, ...], msgspec.Meta(description="cut at {value} mutations per megabase,")] = (10,)
    labels: Annotated[tuple[str, ...], msgspec.Meta(description="named {value}.")] = ("<10", ">=10")
    source: Annotated[str, msgspec.Meta(description="Source of these cut-offs: {value}.")] = (
        "pembrolizumab label: TMB-H >= 10 mut/Mb, solid tumours after prior treatment without satisfactory alternative"
    )


TMB_10 = BurdenCutoffs()
"""Tumour mutational burden cut at 10 mutations a megabase."""


def expression_category(scores: pl.DataFrame, cutoffs: ExpressionCutoffs = TPS_22C3) -> pl.Series:
    """Category of each score, as text; null where the score is missing, on another scale, or spans a cut-off.

    Parameters
    ----------
    scores
        LOWER, UPPER, LOWER_IN, UPPER_IN as `read_scores` gives them; SCALE and ASSAY where the table has several
        (a scale other than the cut-offs' has no category; an assay that is missing is taken for theirs).

    Raises
    ------
    UsageError
        The cut-offs and their labels do not fit.

    Examples
    --------
    >>> from codon12.biomarker import read_scores
    >>> expression_category(read_scores(pl.Series(["0", "<1%", "1-49", "49.9", "50", ">=1"]))).to_list()
    ['<1%', '<1%', '1-49%', '1-49%', '>=50%', None]
    """
    need(scores, ("LOWER", "UPPER", "UPPER_IN"), what="scores")
    _fits(cutoffs.bounds, cutoffs.labels)
    lower, upper = _category(pl.col("LOWER"), cutoffs.bounds), pl.col("UPPER")
    reached = [(upper > b) | ((upper == b) & pl.col("UPPER_IN")) for b in cutoffs.bounds]
    same = lower == pl.sum_horizontal(r.cast(pl.Int64) for r in reached)
    own = pl.lit(value=True)
    for column, wanted in (("SCALE", cutoffs.scale), ("ASSAY", cutoffs.assay)):
        if column in scores.columns:
            given = pl.col(column).str.to_uppercase()
            own = own & (given == wanted.upper()).fill_null(value=column == "ASSAY")
    label = lower.replace_strict(dict(enumerate(cutoffs.labels)), default=None, return_dtype=pl.String)
    return scores.select(pl.when(same & own).then(label).alias("AVALCAT")).to_series()


def burden_category(burden: pl.Series, cutoffs: BurdenCutoffs = TMB_10) -> pl.Series:
    """Category of each burden in mutations per megabase, as text; missing stays missing.

    Examples
    --------
    >>> burden_category(pl.Series([9.99, 10.0, None])).to_list()
    ['<10', '>=10', None]
    """
    _fits(cutoffs.bounds, cutoffs.labels)
    place = _category(pl.col("x"), cutoffs.bounds)
    label = place.replace_strict(dict(enumerate(cutoffs.labels)), default=None, return_dtype=pl.String)
    valid = pl.col("x").is_not_null() & pl.col("x").is_not_nan()
    return burden.cast(pl.Float64).to_frame("x").select(pl.when(valid).then(label).alias("AVALCAT")).to_series()


def _category(value: pl.Expr, bounds: Sequence[float]) -> pl.Expr:
    """Number of bounds a value reaches; null where it is missing."""
    return pl.when(value.is_not_null()).then(pl.sum_horizontal((value >= b).cast(pl.Int64) for b in bounds))


def _fits(bounds: Sequence[float], labels: Sequence[str]) -> None:
    if len(labels) != len(bounds) + 1 or list(bounds) != sorted(set(bounds)):
        raise UsageError(
            f"cut-offs {list(bounds)} must ascend and have one label more than there are, got {list(labels)}"
        )
