"""Cox models of a cohort: adjusted hazard ratios, global tests, proportional hazards, missing values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Seed,
)
from codon12.analyses.study_figure import StudyFigure
from codon12.analyses.survival.imputed import imputed_model
from codon12.analyses.survival.models import (
    ADJUSTED,
    Model,
    add_ratio,
    add_size,
    contrast,
    fitted,
    how,
    in_complete_cases,
    model_frame,
    no_model,
)
from codon12.analyses.survival.ratio_figure import ratio_figure
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.numbers import Rounding
from codon12.survival import CoxFit, ImputationRules

__all__ = ["Cox"]

_ALONE = "Where said, each variable was also fitted alone, in the complete cases of the adjusted model."
_IMPUTED = (
    "Every incomplete variable was regressed on the others of the model, the event and the Nelson-Aalen cumulative "
    "hazard; log hazard ratios were pooled by Rubin's rules, with the degrees of freedom of Barnard and Rubin. "
    "Values are assumed to be missing at random given these."
)


class Cox(Model, frozen=True, kw_only=True, tag="cox"):
    """Adjusted hazard ratios, global test, proportional hazards; each term alone and over imputations beside them."""

    place: ClassVar = 152
    layout: ClassVar = "estimate"

    alone: Annotated[
        bool, msgspec.Meta(description="Beside the hazard ratios, those of each term alone in the same subjects.")
    ] = False
    imputations: Annotated[
        int, msgspec.Meta(ge=0, description="Completed data sets, pooled beside the complete cases; 0: none.")
    ] = 0
    auxiliary: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL that help to impute and are not in the model.")
    ] = ()
    seed: Seed = 12

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Adjusted hazard ratio of every term in `by`, the global tests, and the test of proportional hazards."""
        if not context.has_endpoint(self.endpoint) or not self.by:
            return
        auxiliary = self.auxiliary if self.imputations else ()
        frame, common = model_frame(self, context, (*self.by, *self.strata, *auxiliary))
        complete = frame.drop_nulls([*self.by, *self.strata])
        everybody, common = common, in_complete_cases(self, context, common)
        endpoint = f"{self.endpoint.lower()}.{slug(self.name)}"
        try:
            fit = fitted(self, context, complete)
        except (DataError, UsageError) as err:
            no_model(self, context, book, endpoint, err, frame.height, everybody)
            return
        size: dict[str, Any] = {"n": int(fit.events), "N": fit.n}
        alone = len(self.by) == 1 and not self.strata
        singly = _each_alone(self, context, complete) if self.alone and len(self.by) > 1 else {}
        for row, found in zip(fit.coefficients.iter_rows(named=True), fit.evidence(), strict=True):
            section = "Hazard ratio" if alone else "Adjusted hazard ratio"
            told = contrast(context, complete, row["term"], row["level"])
            shared = {"section": section, **told, "method": how(self, context), **size, **common}
            if singly:
                _add_alone(self, book, f"{endpoint}.{slug(row['term'])}", row, singly, shared)
            add_ratio(self, book, f"{endpoint}.{slug(row['term'])}", row, found, shared)
        add_size(self, book, endpoint, subjects=fit.n, events=int(fit.events), total=frame.height, common=common)
        _tests(self, context, book, fit, endpoint, {**size, **common})
        if self.imputations:
            imputed_model(self, imputation_rules(self), self.auxiliary, context, book, frame, endpoint, everybody)

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Forest of the hazard ratios."""
        yield from ratio_figure(self, own, rounding)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How the model is fitted, and how missing values were imputed."""
        yield "Groups and models", ADJUSTED
        if self.alone:
            yield "Groups and models", _ALONE
        if self.imputations:
            names = ", ".join(variable_label(context, v) for v in self.auxiliary)
            also = f" Auxiliary variables, not in the model, informed the imputation: {names}." if names else ""
            rules = " ".join(imputation_rules(self).sentences().values())
            yield f"Missing values: {self.title}", f"{rules} {_IMPUTED}{also}"


def imputation_rules(analysis: Cox) -> ImputationRules:
    """Rules of an analysis that asks for imputations.

    Raises ``ConfigError`` where their number or the seed cannot stand.
    """
    values = {"imputations": analysis.imputations, "seed": analysis.seed}
    return ImputationRules.of(values, where=f"codon12.toml, [analyses.{analysis.name}]")


def _each_alone(analysis: Cox, context: Context, complete: pl.DataFrame) -> dict[tuple[Any, Any], dict[str, Any]]:
    """Coefficients of every term in a model of its own, with the same strata, by term and level.

    A term that cannot be estimated alone is not in the result.
    """
    out: dict[tuple[Any, Any], dict[str, Any]] = {}
    for name in dict.fromkeys(analysis.by):
        try:
            fit = fitted(analysis, context, complete, terms=(name,))
        except (DataError, UsageError):
            continue
        out |= {(row["term"], row["level"]): row for row in fit.coefficients.iter_rows(named=True)}
    return out


def _add_alone(
    analysis: Cox,
    book: NumberBook,
    endpoint: str,
    row: dict[str, Any],
    singly: dict[tuple[Any, Any], dict[str, Any]],
    shared: dict[str, Any],
) -> None:
    """Hazard ratio of a term alone, in the line of the adjusted one."""
    own = singly.get((row["term"], row["level"]), {})
    book.add(
        analysis.name,
        endpoint + (f".{slug(row['level'])}" if row["level"] else ""),
        statistic="hr_alone",
        kind="ratio",
        value=own.get("HR"),
        lower=own.get("lower"),
        upper=own.get("upper"),
        status=None if own else "not estimable",
        conf_level=analysis.conf_level,
        **shared | {"method": f"{shared['method']} The term alone, in the complete cases of the adjusted model."},
    )


def _tests(
    analysis: Cox, context: Context, book: NumberBook, fit: CoxFit, endpoint: str, shared: dict[str, Any]
) -> None:
    shared = {**shared, "section": "Model", "kind": "p"}
    [found] = fit.likelihood_ratio.evidence()
    book.take(
        analysis.name,
        endpoint,
        found,
        statistic="lr_p",
        label="P value, all terms (likelihood ratio)",
        method="Likelihood-ratio test of the model.",
        **shared,
    )
    for row in fit.proportional_hazards_test(transform="km").to_frame().iter_rows(named=True):
        term = str(row["term"])
        name = "all terms" if term.upper() == "GLOBAL" else variable_label(context, term)
        book.add(
            analysis.name,
            f"{endpoint}.{slug(term)}",
            statistic="ph_p",
            label=f"P value, proportional hazards: {name}",
            variable=None if term.upper() == "GLOBAL" else term,
            value=row["p"] if row["df"] else None,
            status=None if row["df"] else "not estimable",
            method="Score test of proportional hazards against the Kaplan-Meier transform of time; a small P says "
            "that a hazard ratio changes with time, a large one does not prove that it is constant.",
            **shared,
        )
