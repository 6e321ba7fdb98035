"""One cause among competing ones: Gray's test of its incidence, Fine-Gray regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codon12.analyses.survival.models import Model, contrast, model_term
from codon12.analyses.survival.risks import Risks
from codon12.analyses.survival.times import entry_times
from codon12.analyses.variables import stratified_by
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.survival import fine_gray, gray_test

__all__ = ["OneCause"]


@dataclass(frozen=True)
class OneCause:
    """A cause of an analysis: its number among the causes, its name, and where its numbers go."""

    analysis: Model
    context: Context
    book: NumberBook
    risks: Risks
    endpoint: str
    code: int
    cause: str

    def gray(self) -> None:
        """Gray's test of the groups; there is none with late entry."""
        late = entry_times(self.risks.times) is not None
        times = self.risks.times.drop_nulls(list(self.analysis.strata)) if self.analysis.strata else self.risks.times
        known = [f"{v} IS NOT NULL" for v in self.analysis.strata]
        found: dict[str, Any] = {"value": None, "lower": None, "upper": None, "status": "not estimable"}
        if not late and times[str(self.risks.variable)].n_unique() > 1:
            tests = gray_test(
                times["MONTHS"].to_numpy(),
                times["CAUSE"].to_numpy(),
                times[str(self.risks.variable)].to_numpy(),
                strata=times.select(self.analysis.strata) if self.analysis.strata else None,
                labels=list(self.risks.causes),
            )
            found = next((row for t in tests if t.cause == self.cause for row in t.evidence()), found)
        self.book.take(
            self.analysis.name,
            self.endpoint,
            found,
            statistic="gray_p",
            label="P value (Gray's test, all groups)",
            section=f"Comparison of groups: {self.cause}",
            kind="p",
            group=str(self.risks.variable),
            variable=self.risks.variable,
            cause=self.cause,
            method="Gray's test of equal subdistribution hazards"
            + stratified_by(self.context, self.analysis.strata)
            + ("; it has no version for late entry." if late else ", not adjusted for the number of tests."),
            n=int((times["CAUSE"] == self.code).sum()),
            N=times.height,
            **self.risks.common | {"where": self.context.where(self.risks.common["where"], *known)},
        )

    def fine_gray(self) -> None:
        """Subdistribution hazard ratios in the complete cases."""
        used = list(dict.fromkeys((*self.analysis.by, *self.analysis.strata)))
        complete = self.risks.times.drop_nulls(used)
        known = [f"{v} IS NOT NULL" for v in used]
        stratified = stratified_by(self.context, self.analysis.strata)
        shared: dict[str, Any] = {
            **self.risks.common,
            "where": self.context.where(self.risks.common["where"], *known),
            "section": f"Subdistribution hazard ratio: {self.cause}",
            "cause": self.cause,
            "method": f"Fine-Gray regression, Wald limits from the sandwich variance{stratified}.",
            "n": int((complete["CAUSE"] == self.code).sum()),
            "N": complete.height,
        }
        try:
            fit = fine_gray(
                complete,
                time="MONTHS",
                event="CAUSE",
                terms=[model_term(self.context, complete, v) for v in self.analysis.by],
                cause=self.code,
                strata=list(self.analysis.strata) or None,
                entry=entry_times(complete),
                level=self.analysis.conf_level,
            )
        except (DataError, UsageError) as err:
            none = {"label": f"No model: {err}", "kind": "text", "status": "not estimable"}
            self.book.add(self.analysis.name, self.endpoint, statistic="model", **none, **shared)
            return
        if complete.height < self.risks.times.height:
            told: dict[str, Any] = {
                "method": "Subjects with a value of every variable of the model; the others are left out of it."
            }
            self.book.add(
                self.analysis.name,
                self.endpoint,
                statistic="complete_cases",
                label="Patients with all variables known",
                kind="count",
                **shared | told | {"n": complete.height, "N": self.risks.times.height},
            )
        for terms, row in zip(fit.to_frame().iter_rows(named=True), fit.evidence(), strict=True):
            term, level = terms["term"], terms["level"]
            self.book.take(
                self.analysis.name,
                f"{self.endpoint}.{slug(term)}" + (f".{slug(level)}" if level else ""),
                row,
                **contrast(self.context, complete, term, level),
                conf_level=self.analysis.conf_level,
                **shared,
            )
