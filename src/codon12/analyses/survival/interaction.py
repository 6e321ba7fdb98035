"""Treatment by biomarker: is the biomarker predictive, prognostic, or neither, and what was not shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import msgspec
import polars as pl

from codon12.analyses.kind import (
    EvidenceLike,
    Reference,
)
from codon12.analyses.study_figure import StudyFigure, p_words
from codon12.analyses.survival.models import (
    ADJUSTED,
    Model,
    add_size,
    contrast,
    how,
    in_complete_cases,
    model_frame,
    model_term,
    must_be_somebody,
    no_model,
    reference_level,
)
from codon12.analyses.survival.ratio_figure import ratio_figure
from codon12.analyses.survival.times import entry_column
from codon12.analyses.variables import variable_label
from codon12.analyses.wording import printed_level, printed_levels
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.numbers import Rounding
from codon12.survival import InteractionResult, interaction
from codon12.tables import Table

__all__ = ["Interaction"]

_NOT_RANDOMISED = (
    " The groups were not randomised: differences between them may come from who was in them, and neither a "
    "treatment effect nor its absence is shown by them."
)


_METHOD = (
    "A biomarker counts as predictive only by the product of treatment and biomarker (likelihood-ratio test), and as "
    "prognostic by its effect under the reference treatment."
)


class Interaction(Model, frozen=True, kw_only=True, tag="interaction"):
    """Treatment effect by biomarker level, with the sentence that says what was shown and what was not."""

    place: ClassVar = 151

    by: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL: the treatment, the biomarker, then what adjusts.")
    ] = ()
    reference: Reference = ""

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Treatment effect by biomarker level, biomarker effect on the reference treatment, test of their product.

        `by` names treatment and biomarker, in this order; further names adjust. `reference` is the control treatment.
        """
        if not context.has_endpoint(self.endpoint) or len(self.by) < 2:
            return
        treatment, biomarker, *adjust = self.by
        columns = (*self.by, *self.strata)
        frame, common = model_frame(self, context, columns)
        endpoint = f"{self.endpoint.lower()}.{slug(self.name)}"
        complete = frame.drop_nulls(list(columns))
        try:
            must_be_somebody(self, context, complete)
            result = interaction(
                complete,
                time="MONTHS",
                event="EVENT",
                treatment=model_term(context, complete, treatment, reference=self.reference),
                biomarker=model_term(context, complete, biomarker),
                adjust=[model_term(context, complete, v) for v in adjust],
                strata=list(self.strata) or None,
                entry=entry_column(complete),
                level=self.conf_level,
            )
        except (DataError, UsageError) as err:
            no_model(self, context, book, endpoint, err, frame.height, common)
            return
        common = in_complete_cases(self, context, common)
        control = self.reference or reference_level(context, complete, treatment)
        size: dict[str, Any] = {"n": int(result.joint.events), "N": result.joint.n}
        add_size(self, book, endpoint, subjects=size["N"], events=size["n"], total=frame.height, common=common)
        ratio: dict[str, Any] = {
            **size,
            **common,
            "kind": "ratio",
            "conf_level": self.conf_level,
            "method": how(self, context),
        }
        against = _against(context, complete, treatment, control)
        _by_level(self, context, book, result, endpoint, ratio, against)
        _prognostic(self, context, book, result, endpoint, ratio, control)
        _others(self, context, book, result, endpoint, ratio, against, complete, control)
        _interaction(self, book, result, endpoint, ratio)
        shared: dict[str, Any] = {**size, **common, "section": "Interaction"}
        for statistic, label, test in (
            ("interaction_lr_p", "P value, interaction (likelihood ratio)", result.likelihood_ratio),
            ("interaction_wald_p", "P value, interaction (Wald)", result.wald),
        ):
            method = "Test of the product of treatment and biomarker."
            [found] = test.evidence()
            book.take(self.name, endpoint, found, statistic=statistic, label=label, method=method, **shared)
        sentence = _sentence(context, result, against, biomarker, control)
        book.add(
            self.name, endpoint, statistic="sentence", label=sentence, kind="text", method=how(self, context), **shared
        )

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """One column of estimates."""
        return super().table(numbers, population=population, rounding=rounding, all_label="Estimate", **layout)

    def figures(self, evidence: EvidenceLike, own: pl.DataFrame, rounding: Rounding) -> Iterator[StudyFigure]:
        """Forest of the hazard ratios."""
        yield from ratio_figure(self, own, rounding)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """What makes a biomarker predictive."""
        yield "Groups and models", ADJUSTED
        yield "Groups and models", _METHOD


def _against(context: Context, frame: pl.DataFrame, treatment: str, control: str) -> dict[str | None, str]:
    """Every treatment level as printed beside the one it is compared with; a number's effect is per unit."""
    label = variable_label(context, treatment)
    if frame.schema[treatment].is_numeric():
        return {None: f"{label}, per unit"}
    name = "" if _is_treatment(context, treatment) else f"{label} "
    levels = frame[treatment].unique().sort().to_list()
    shown = printed_levels(levels)
    return {v: f"{name}{shown[v]} against {shown[control]}" for v in levels if v != control}


def _printed(result: InteractionResult, level: str) -> str:
    """A level of the biomarker as printed, no two alike."""
    coded = printed_levels(map(str, result.joint.data.design.levels.get(result.biomarker) or ()))
    return coded.get(level) or printed_level(level)


def _is_treatment(context: Context, name: str) -> bool:
    return name in {context.arm_variable, "TRT01P", "TRT01A", "ARM", "ACTARM"}


def _under(context: Context, treatment: str, control: str) -> str:
    if not control:
        return "with the treatment variable at 0"
    name = "on" if _is_treatment(context, treatment) else f"at {variable_label(context, treatment)}"
    return f"{name} {printed_level(control)}"


def _by_level(
    analysis: Interaction,
    context: Context,
    book: NumberBook,
    result: InteractionResult,
    endpoint: str,
    ratio: dict[str, Any],
    against: dict[str | None, str],
) -> None:
    """Treatment effect at each level, with the subjects and events of that level."""
    label = variable_label(context, result.biomarker)
    arms = {f"{result.treatment}={arm}": arm for arm in against}  # a treatment that is a number has no level
    control = next(iter(result.joint.data.design.levels.get(result.treatment) or ()), None)
    first = arms.get(result.by_level["treatment"][0]) if result.by_level.height else None
    told = [row for row in result.evidence() if row["statistic"] == "hr"]
    for row, found in zip(result.by_level.iter_rows(named=True), told, strict=True):
        arm = arms.get(row["treatment"])
        level = str(row["biomarker_level"])
        own = dict(ratio)
        if result.joint.data.design.levels.get(result.biomarker):
            test = context.equals(result.biomarker, level)
            own |= {"n": row["events"], "N": row["n"], "where": context.where(ratio["where"], test)}
            if arm == first:
                _events_of(analysis, context, book, endpoint, own, result, level=level)
        book.take(
            analysis.name,
            f"{endpoint}.{slug(arm or result.treatment)}",
            found,
            group=result.biomarker,
            level=level,
            label=f"{against[arm]}, {label} {_printed(result, level)}",
            variable=result.treatment,
            category=arm,
            against=control,
            section=f"Effect by level of {label}",
            **own,
        )


def _events_of(
    analysis: Interaction,
    context: Context,
    book: NumberBook,
    endpoint: str,
    own: dict[str, Any],
    result: InteractionResult,
    *,
    level: str,
) -> None:
    """Events of the subjects at one level of the biomarker, whatever their treatment."""
    group = result.biomarker
    book.add(
        analysis.name,
        endpoint,
        statistic="level_events",
        group=group,
        level=level,
        row=f"{variable_label(context, group)} {_printed(result, level)}",
        what="events/patients",
        variable=group,
        category=level,
        section="Model",
        kind="fraction",
        method="Events and subjects of the model at this level.",
        **{k: v for k, v in own.items() if k not in ("kind", "conf_level", "method", "where")},
        where=context.where(own["where"], "CNSR = 0"),
    )


def _prognostic(
    analysis: Interaction,
    context: Context,
    book: NumberBook,
    result: InteractionResult,
    endpoint: str,
    ratio: dict[str, Any],
    control: str,
) -> None:
    """Biomarker effect under the reference treatment (from the model with the product), and averaged over all."""
    biomarker = result.biomarker
    label = variable_label(context, biomarker)
    coded = result.joint.data.design.levels.get(biomarker)
    under = _under(context, result.treatment, control)
    for row in result.prognostic.iter_rows(named=True):
        joint = row["setting"] == "reference treatment"
        level = row["level"]
        first = str((coded or ("",))[0])
        shown = (
            f"{label} {_printed(result, level)} against {_printed(result, first)}" if level else f"{label}: per unit"
        )
        name = "prognostic" if joint else "main"
        book.add(
            analysis.name,
            f"{endpoint}.{name}.{slug(biomarker)}" + (f".{slug(level)}" if level else ""),
            statistic="hr",
            label=shown,
            variable=biomarker,
            category=level,
            against=str(coded[0]) if level and coded else None,
            section=f"Effect of {label}, {under}" if joint else "Without interaction",
            value=row["HR"],
            lower=row["lower"],
            upper=row["upper"],
            **ratio,
        )


def _others(
    analysis: Interaction,
    context: Context,
    book: NumberBook,
    result: InteractionResult,
    endpoint: str,
    ratio: dict[str, Any],
    against: dict[str | None, str],
    complete: pl.DataFrame,
    control: str,
) -> None:
    """Every other term of the model without the product: the treatment, and what adjusts."""
    for row in result.main.coefficients.filter(pl.col("term") != result.biomarker).iter_rows(named=True):
        level = row["level"]
        told = contrast(context, complete, row["term"], level)
        if row["term"] == result.treatment:
            told |= {"label": against[level], "against": control or None}
        book.add(
            analysis.name,
            f"{endpoint}.main.{slug(row['term'])}" + (f".{slug(level)}" if level else ""),
            statistic="hr",
            **told,
            section="Without interaction",
            value=row["HR"],
            lower=row["lower"],
            upper=row["upper"],
            **ratio,
        )


def _interaction(
    analysis: Interaction, book: NumberBook, result: InteractionResult, endpoint: str, ratio: dict[str, Any]
) -> None:
    rows = result.coefficients
    told = [row for row in result.evidence() if row["statistic"] == "ratio_of_hr"]
    for row, found in zip(rows.iter_rows(named=True), told, strict=True):
        level = str(row["level"])
        book.take(
            analysis.name,
            f"{endpoint}.interaction.{slug(level)}",
            found,
            variable=result.biomarker,
            label="Ratio of hazard ratios" + (f": {level.replace(':', ', ')}" if rows.height > 1 else ""),
            section="Interaction",
            **ratio,
        )


def _sentence(
    context: Context, result: InteractionResult, against: dict[str | None, str], biomarker: str, control: str
) -> str:
    """The result in words, with the names that a table prints, and what its design cannot show."""
    label = variable_label(context, biomarker)
    plain = _is_treatment(context, result.treatment)
    words = result.told(
        treatment=next(iter(against.values())) if len(against) == 1 else variable_label(context, result.treatment),
        biomarker=label,
        where=_under(context, result.treatment, control),
        p_text=p_words(result.likelihood_ratio.p, context.config.rounding, level=1 - result.level),
    )
    return words if context.is_filled("RANDFL") and plain else words + _NOT_RANDOMISED
