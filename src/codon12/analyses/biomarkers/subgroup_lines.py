"""Where the numbers of a treatment's effect by subgroup go: what each says, and the predicate of its subjects."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from codon12.analyses.biomarkers.subgroup_levels import SubgroupLevel, SubgroupVariable
from codon12.analyses.biomarkers.subgroup_options import SubgroupOptions
from codon12.analyses.survival.estimates import add_estimate
from codon12.analyses.survival.times import entry_times
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.survival import kaplan_meier

__all__ = ["EVERYBODY", "Arms", "Lines"]

EVERYBODY = SubgroupLevel(None, "All patients", "")
_LR = "Likelihood-ratio test of treatment by variable"


class Arms(NamedTuple):
    """Two treatments compared."""

    arm: str
    reference: str


class Lines(NamedTuple):
    """Where the numbers of one comparison go: what all have in common."""

    analysis: SubgroupOptions
    context: Context
    book: NumberBook
    arms: Arms
    known: str
    evaluator: str | None
    frame: str
    event: str
    noun: str
    without: int = 0
    """Subjects left out for want of a stratum."""
    how: str = ""

    def _shared(self, variable: SubgroupVariable | None, level: SubgroupLevel) -> dict[str, Any]:
        group = "all" if variable is None else variable.name
        return {
            "group": group,
            "level": "all" if variable is None else level.value or level.label,
            "row": level.label,
            "variable": None if variable is None else variable.name,
            "category": level.value,
            "section": f"{self.arms.arm} against {self.arms.reference}",
            "evaluator": self.evaluator,
            "population": self.analysis.population,
            "frame": self.frame,
        }

    def _where(self, level: SubgroupLevel, *tests: str) -> str:
        return self.context.where(self.known, level.test, *tests)

    def _both(self) -> str:
        return f"{self.context.arm_variable} IN ({sql_text(self.arms.reference)}, {sql_text(self.arms.arm)})"

    def counts(
        self, variable: SubgroupVariable | None, level: SubgroupLevel, counts: tuple[tuple[int, int], tuple[int, int]]
    ) -> None:
        """Events or responses of the subjects of a level, the reference first."""
        for arm, (events, n) in zip((self.arms.reference, self.arms.arm), counts, strict=True):
            # the reference has its counts once for each treatment compared with it
            again = "" if arm == self.arms.arm or len(self.context.arms) == 2 else f".{slug(self.arms.arm)}"
            self.book.add(
                self.analysis.name,
                f"{self.analysis.id_stem}.{self.noun}{again}".lower(),
                statistic="n",
                main=True,
                what=f"{arm}, {self.noun}/n (%)",
                kind="fraction",
                arm=arm,
                n=events,
                N=n,
                status=None if n else "no subjects",
                method=f"Number of subjects. {self.how}".strip(),
                where=self.context.where(self._where(level), self.event, arm=arm),
                **self._shared(variable, level),
            )

    def medians(self, variable: SubgroupVariable | None, level: SubgroupLevel, part: pl.DataFrame) -> None:
        """Median of either treatment at a level, the reference first."""
        for arm in (self.arms.reference, self.arms.arm):
            own = part.filter(ARM=arm)
            fields: dict[str, Any] = {
                "what": f"{arm}, median, months",
                "kind": "time",
                "arm": arm,
                "n": int(own["EVENT"].sum()),
                "N": own.height,
                "conf_level": self.analysis.conf_level,
                "method": "Kaplan-Meier, median with Brookmeyer-Crowley limits.",
                "where": self.context.where(self._where(level), arm=arm),
                **self._shared(variable, level),
            }
            endpoint = self.analysis.id_stem
            if own.is_empty():
                self.book.add(
                    self.analysis.name, endpoint, statistic="median", unit="months", status="no subjects", **fields
                )
                continue
            km = kaplan_meier(own["MONTHS"].to_numpy(), own["EVENT"].to_numpy(), entry=entry_times(own),
                              level=self.analysis.conf_level)  # fmt: skip
            add_estimate(self.analysis, self.book, endpoint, km.curve().quantile(0.5), statistic="median", **fields)

    def effect(
        self,
        variable: SubgroupVariable | None,
        level: SubgroupLevel,
        counts: tuple[tuple[int, int], tuple[int, int]],
        statistic: str,
        sides: dict[str, Any],
        status: str | None,
        method: str,
    ) -> None:
        """Effect at a level; its subjects are those of both treatments."""
        self.book.add(
            self.analysis.name,
            self.analysis.id_stem,
            statistic=statistic,
            what="effect",
            kind="difference" if statistic == "rd" else "ratio",
            unit="percentage points" if statistic == "rd" else None,
            arm=self.arms.arm,
            against=self.arms.reference,
            n=sum(x for x, _ in counts),
            N=sum(n for _, n in counts),
            status=status,
            conf_level=self.analysis.conf_level,
            method=method,
            where=self._people(level),
            **sides,
            **self._shared(variable, level),
        )

    def _people(self, level: SubgroupLevel) -> str:
        """Rows behind an effect: the times of both treatments; of a response, its responses."""
        tests = (self._both(),) if self.frame == "adtte" else (self._both(), self.event)
        return self._where(level, *tests)

    def test(
        self, variable: SubgroupVariable, p: float | None, events: int | None, n: int | None, left_out: set[str | None]
    ) -> dict[str, Any]:
        """P of interaction in the row of its variable; gives what the sentence on the tests shares."""
        known = [v for v in variable.levels if v.value is not None]
        used = [v for v in known if v.value not in left_out] or known
        level = SubgroupLevel(None, variable.label, " OR ".join(f"({v.test})" for v in used))
        shared = self._shared(variable, level) | {"level": "all", "category": None}
        names = ", ".join(v.label for v in known if v.value in left_out)
        without = f" Left out, for want of {self.noun} or subjects of one treatment: {names}." if names else ""
        self.book.add(
            self.analysis.name,
            self.analysis.id_stem,
            statistic="interaction_p",
            what="P for interaction",
            kind="p",
            arm=self.arms.arm,
            against=self.arms.reference,
            value=p,
            n=events,
            N=n,
            status="not estimable" if p is None else None,
            method=f"{_LR}.{without}",
            where=self._people(level),
            **shared,
        )
        whole = {k: shared[k] for k in ("section", "evaluator", "population", "frame")}
        return whole | {"where": self._people(EVERYBODY), "without": self.without}
