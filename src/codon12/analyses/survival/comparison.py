"""Randomised arms compared: hazard ratio and log-rank test of each time to event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
    Evaluator,
    EvidenceLike,
    Reference,
    Strata,
)
from codon12.analyses.study_figure import p_words
from codon12.analyses.survival.estimates import Estimate
from codon12.analyses.survival.times import endpoint_times, endpoint_where, entry_times
from codon12.analyses.variables import (
    must_be_columns,
    must_be_endpoint,
    reference_treatment,
    stratified_by,
    variable_label,
)
from codon12.derive.context import Context
from codon12.errors import DataError
from codon12.evidence.schema import NumberBook, sql_text
from codon12.numbers import Rounding, printed
from codon12.survival import cox, factor, logrank

__all__ = ["Comparison", "compared"]

_METHOD = (
    "Arms were compared with the log-rank test; hazard ratios come from Cox regression with Efron's handling of ties "
    "and Wald limits."
)


class Comparison(Analysis, frozen=True, kw_only=True, tag="comparison"):
    """Hazard ratio and two-sided log-rank P of every randomised arm against the reference, for each time to event."""

    place: ClassVar = 140

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default all who were randomised.")
    ] = "randomised"
    evaluator: Evaluator = "primary"
    by: Annotated[tuple[str, ...], msgspec.Meta(description="Times to event that are compared.")] = ("PFS", "OS")
    reference: Reference = ""
    strata: Strata = ()
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Randomised arms compared."""
        return {140: cls(name="comparison", title="Comparison of randomised arms", section="survival")}

    def check(self, context: Context) -> None:
        """Refuse a time to event that is neither known nor in the data."""
        super().check(context)
        for code in self.by:
            must_be_endpoint(context, code, where=self.place_of("by"))

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Hazard ratio (Cox, Efron) and two-sided log-rank P of every arm against the reference.

        Only in studies that randomised; `by` names the endpoints, `reference` the control arm (the first as printed),
        `strata` the columns of ADSL that stratify both.
        """
        if len(context.arms) < 2 or not context.is_filled("RANDFL"):
            return
        reference = reference_treatment(context, self.reference, where=self.place_of("reference"))
        must_be_columns(context, self.strata, where=self.place_of("strata"))
        known = [f"{v} IS NOT NULL" for v in self.strata]
        for endpoint in self.by:
            if not context.has_endpoint(endpoint):
                continue
            evaluator = context.reader(endpoint, self.evaluator)
            predicate = self.inside(context, evaluator)
            times = endpoint_times(context, endpoint, evaluator, predicate).filter(pl.col("ARM") != "all")
            if self.strata:
                times = times.join(context.values("USUBJID", *self.strata), on="USUBJID", how="left")
            rows = endpoint_where(endpoint, evaluator, context.frames)
            for arm in context.arms:
                if arm == reference:
                    continue
                both = times.filter(pl.col("ARM").is_in([reference, arm]))
                pair = both.drop_nulls(list(self.strata)) if self.strata else both
                if both["ARM"].n_unique() < 2:
                    continue
                inside = context.where(
                    predicate, rows, f"{context.arm_variable} IN ({sql_text(reference)}, {sql_text(arm)})"
                )
                common: dict[str, Any] = {
                    "arm": arm,
                    "section": f"{endpoint}, against {reference}",
                    "variable": context.arm_variable,
                    "category": arm,
                    "against": reference,
                    "evaluator": evaluator,
                    "population": self.population,
                    "n": int(pair["EVENT"].sum()),
                    "N": pair.height,
                    "frame": "adtte",
                    "where": context.where(inside, *known),
                }
                if pair["ARM"].n_unique() == 2:
                    _hazard_ratio(self, context, book, endpoint.lower(), pair, reference, common)
                    _test(self, context, book, endpoint.lower(), pair, common)
                if pair.height < both.height:
                    without = " OR ".join(f"{v} IS NULL" for v in self.strata)
                    book.add(
                        self.name,
                        endpoint.lower(),
                        statistic="left_out",
                        kind="fraction",
                        label="Left out, a stratum not known",
                        method="Subjects with a time and no value of a stratum; they are in no ratio and no test.",
                        **common
                        | {
                            "n": both.height - pair.height,
                            "N": both.height,
                            "where": context.where(inside, f"({without})"),
                        },
                    )

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How arms are compared, and by what the comparison is stratified."""
        yield "Comparisons", _METHOD
        if self.strata:
            names = ", ".join(variable_label(context, v) for v in self.strata)
            yield "Comparisons", f"Both were stratified by {names}."


def _hazard_ratio(
    analysis: Comparison,
    context: Context,
    book: NumberBook,
    endpoint: str,
    pair: pl.DataFrame,
    reference: str,
    common: dict[str, Any],
) -> None:
    stratified = stratified_by(context, analysis.strata)
    found: dict[str, Any] = {"value": None, "lower": None, "upper": None, "status": "not estimable"}
    try:
        fit = cox(
            pair,
            time="MONTHS",
            event="EVENT",
            entry=entry_times(pair),
            terms=[factor("ARM", reference=reference)],
            strata=list(analysis.strata) or None,
            level=analysis.conf_level,
        )
        [found] = fit.evidence()
    except DataError:  # no event, or all events in one arm: there is no hazard ratio to print
        pass
    book.take(
        analysis.name,
        endpoint,
        found,
        statistic="hr",
        kind="ratio",
        label="Hazard ratio",
        conf_level=analysis.conf_level,
        method=f"Cox regression, Efron's ties, Wald limits{stratified}.",
        **common,
    )


def _test(
    analysis: Comparison,
    context: Context,
    book: NumberBook,
    endpoint: str,
    pair: pl.DataFrame,
    common: dict[str, Any],
) -> None:
    strata = pair.select(analysis.strata) if analysis.strata else None
    result = logrank(
        pair["MONTHS"].to_numpy(),
        pair["EVENT"].to_numpy(),
        pair["ARM"].to_numpy(),
        strata=strata,
        entry=entry_times(pair),
    )
    [found] = result.evidence()
    book.take(
        analysis.name,
        endpoint,
        found,
        label="P value (log-rank)",
        method=f"Two-sided log-rank test{stratified_by(context, analysis.strata)}.",
        **common,
    )


def compared(
    evidence: EvidenceLike, analysis: Estimate, own: pl.DataFrame, rounding: Rounding
) -> tuple[list[str], str]:
    """Hazard ratio and P of the comparison of arms, where the plan has one for this endpoint; who is compared."""
    names = [a.name for a in evidence.plan if a.kind == "comparison"]
    evaluators = own["evaluator"].unique().to_list()
    found = evidence.numbers.filter(
        pl.col("analysis").is_in(names)
        & (pl.col("endpoint") == analysis.endpoint.lower())
        & pl.col("evaluator").is_in(evaluators, nulls_equal=True)
        & pl.col("value").is_not_null()
    ).to_dicts()
    pairs = list(dict.fromkeys(f"{r['arm']} against {r['against']}" for r in found))
    out = []
    for r in found:
        arm = f"{r['arm']}: " if len(pairs) > 1 else ""
        if r["kind"] == "ratio":
            value, low, high = (
                "NE" if r[s] is None else printed(r[s], rounding.ratio_digits, mode=rounding.mode)
                for s in ("value", "lower", "upper")
            )
            out.append(f"{arm}Hazard ratio {value} ({100 * r['conf_level']:g}% CI {low}–{high})")
        elif r["kind"] == "p":
            out.append(f"{arm}Log-rank {p_words(r['value'], rounding)}")
    return out, f" Compared: {'; '.join(pairs)}." if pairs else ""
