"""What a test of interaction gives: effects by level of a biomarker, and what was and was not shown, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from codon12.survival.cox.fit import CoxFit
from codon12.survival.cox.model_test import ModelTest
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, ratio_rows, row_of
from codon12.survival.results.text import p_words
from codon12.survival.subjects.subjects import left_out

__all__ = ["InteractionResult"]


@dataclass(frozen=True, repr=False)
class InteractionResult(Result):
    """Result of ``interaction``."""

    treatment: str
    biomarker: str
    main: CoxFit
    """Treatment and biomarker without their product."""
    joint: CoxFit
    """With it."""
    by_level: pl.DataFrame
    """Treatment effect at each biomarker level: from the joint model (HR, lower, upper, p), and from a fit to
    that level alone (separate_ columns; null where it has none, with the reason in ``separate_status``)."""
    prognostic: pl.DataFrame
    """Biomarker effect under the reference treatment, and averaged over treatments in the model without product."""
    level: float

    @property
    def _columns(self) -> list[int]:
        name = f"{self.treatment}:{self.biomarker}"
        return [i for i, c in enumerate(self.joint.data.design.columns) if c.term == name]

    @property
    def dropped(self) -> int:
        """Rows left out for a missing value."""
        return self.joint.dropped

    @property
    def coefficients(self) -> pl.DataFrame:
        """Interaction terms: ratio of hazard ratios with Wald limits."""
        return self.joint.coefficients[self._columns]

    def to_frame(self) -> pl.DataFrame:
        """The treatment effect at each biomarker level; tests, prognosis and products are fields of their own."""
        return self.by_level

    @property
    def likelihood_ratio(self) -> ModelTest:
        """Likelihood-ratio test of the product against the model without it."""
        gain = 2 * (self.joint.loglik - self.main.loglik)
        return ModelTest("likelihood ratio", max(gain, 0.0), self.joint.df - self.main.df)

    @property
    def wald(self) -> ModelTest:
        """Wald test that every interaction coefficient is zero."""
        at = self._columns
        b, V = self.joint.coef[at], self.joint.covariance[np.ix_(at, at)]
        return ModelTest("Wald", float(b @ np.linalg.solve(V, b)), len(at))

    @property
    def qualitative(self) -> bool:
        """Whether the hazard ratios by level lie on both sides of 1 with limits that exclude it."""
        frame = self.by_level
        return bool((frame["upper"] < 1).any() and (frame["lower"] > 1).any())

    @property
    def sentence(self) -> str:
        """What was and what was not shown, in words."""
        return self.told(treatment=self.treatment, biomarker=self.biomarker)

    def told(
        self,
        *,
        treatment: str,
        biomarker: str,
        where: str = "under the reference treatment",
        p_text: str | None = None,
    ) -> str:
        """Tell the sentence under other names: of the treatment's effect, the biomarker, where it may be prognostic.

        `p_text` is P as a table beside it prints it (``P = 0.90``); as `codon12.survival` prints it when left out.
        """
        alpha = 1 - self.level
        test = self.likelihood_ratio
        p_text = p_text or p_words(test.p, alpha)
        many = self.by_level["treatment"].n_unique() > 1
        effects = "; ".join(
            f"{biomarker} {r['biomarker_level']}{', ' + r['treatment'] if many else ''}: HR {r['HR']:.2f}"
            f" ({100 * self.level:g}% CI {r['lower']:.2f} to {r['upper']:.2f})"
            for r in self.by_level.iter_rows(named=True)
        )
        head = f"Effect of {treatment} by {biomarker}: {effects}. "
        if test.p < alpha:
            body = (
                f"The effect differed by {biomarker} (likelihood-ratio test of interaction, {p_text}):"
                f" {biomarker} was predictive in these data. "
            )
            body += (
                "The effect is reversed between levels: limits exclude 1 on both sides. "
                if self.qualitative
                else "That the effect is reversed at any level was not shown: limits do not exclude 1 on both sides. "
            )
        else:
            ratios = self.coefficients
            width = "; ".join(f"{r['lower']:.2f} to {r['upper']:.2f}" for r in ratios.iter_rows(named=True))
            body = (
                f"That the effect differs by {biomarker} was not shown (likelihood-ratio test of interaction,"
                f" {p_text}); that it is the same was not shown"
                f" either: ratios of hazard ratios of {width} remain compatible with the data."
                " A significant effect at one level and none at another is no evidence of a difference. "
            )
        least = self.prognostic.filter(pl.col("setting") == "reference treatment")["p"].min()
        shown = isinstance(least, float) and least * max(self.prognostic.height // 2, 1) < alpha
        tail = (
            f"{biomarker} was prognostic {where}."
            if shown
            else f"That {biomarker} is prognostic {where} was not shown."
        )
        return head + body + tail

    def __repr__(self) -> str:
        left = f"\n{self.joint.n} rows used{left_out(self.dropped)}." if self.dropped else ""
        return self.sentence + left

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        fit = self.joint
        method = f"Cox regression with the product of {self.treatment} and {self.biomarker}, Wald limits"
        method += left_out(self.dropped)
        size = {"n": fit.events, "N": fit.n, "conf_level": self.level, "method": method}
        rows = []
        for r in self.by_level.iter_rows(named=True):
            label = f"{r['treatment']}, {self.biomarker} {r['biomarker_level']}"
            place = {"group": self.biomarker, "level": r["biomarker_level"], "label": label}
            sides = {"value": r["HR"], "lower": r["lower"], "upper": r["upper"]}
            rows.append(row_of("hr", "ratio", **place, **sides, **size))
        rows += ratio_rows(self.coefficients, "HR", "ratio_of_hr", **size)
        test = self.likelihood_ratio.as_rows()[0]
        names = {"statistic": "interaction_lr_p", "label": "P value, interaction (likelihood ratio)"}
        return [*rows, test | names | {"n": fit.events, "N": fit.n}]
