"""What every analysis works on: the derived frames, the populations and the arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from codon12.biomarker import StudyProfiles
from codon12.derive.resistance_frames import ResistanceFrames, StudyPairs
from codon12.errors import ConfigError
from codon12.evidence.schema import sql_text
from codon12.records.config import StudyConfig
from codon12.records.populations import population
from codon12.records.sql import expression

__all__ = ["DEFAULT_POPULATIONS", "Context", "default_populations"]

_EVERYONE = "USUBJID IS NOT NULL"
DEFAULT_POPULATIONS: dict[str, str] = {
    "all": _EVERYONE,
    "enrolled": "ENRLFL = 'Y'",
    "randomised": "RANDFL = 'Y'",
    "safety": "SAFFL = 'Y'",
    "response": "SAFFL = 'Y' AND MEASFL_{EVALUATOR} = 'Y'",
}
"""Predicates over ADSL; ``{EVALUATOR}`` stands for the evaluator of the analysis."""

_LABELS = {
    "all": "All subjects",
    "enrolled": "Enrolled",
    "randomised": "Randomised",
    "safety": "Treated",
    "response": "Evaluable for response",
}


def default_populations(adsl: pl.DataFrame, *, assessed: bool) -> dict[str, str]:
    """Default predicates for a study.

    Where no dose is recorded every subject counts as treated; where no tumour was assessed every treated subject
    stands in analyses that otherwise ask for measurable disease.
    """
    out = dict(DEFAULT_POPULATIONS)
    if "SAFFL" not in adsl.columns or adsl["SAFFL"].is_null().all():
        out |= {"safety": _EVERYONE, "response": out["response"].removeprefix("SAFFL = 'Y' AND ")}
    return out if assessed else out | {"response": out["safety"]}


@dataclass(frozen=True)
class Context:
    """Derived frames of one study, with its populations and arms."""

    config: StudyConfig
    frames: Mapping[str, pl.DataFrame]
    evaluators: tuple[str, ...]
    """Evaluators with assessments, the primary one first."""
    arms: tuple[str, ...]
    """Treatments shown in columns of their own, in printing order; empty for a single-arm study."""
    arm_variable: str = "TRT01A"
    best_response: tuple[str, str] = ("BOR", "")
    """PARAMCD of the best overall response that counts, and the sentence that says how it was derived."""
    responders: tuple[str, ...] = ("CR", "PR")
    defaults: Mapping[str, str] = field(default_factory=lambda: DEFAULT_POPULATIONS)
    """Predicates of the populations that ``codon12.toml`` does not define."""
    controlled: tuple[str, ...] = ("CR", "PR", "SD", "NON-CR/NON-PD")
    profiles: StudyProfiles | None = None
    """Calls, tests, assays and scores that the biomarkers were answered from."""
    resistance: ResistanceFrames | None = None
    """How responses ended, where progressions are recorded."""
    pairs: StudyPairs | None = None
    """Paired samples compared, where a drug of the catalogue is named."""

    @property
    def adsl(self) -> pl.DataFrame:
        """One row a subject."""
        return self.frames["adsl"]

    @property
    def has_responses(self) -> bool:
        """Whether there is a best overall response to count."""
        return "adrs" in self.frames and (self.frames["adrs"]["PARAMCD"] == self.best_response[0]).any()

    def has_endpoint(self, parameter: str) -> bool:
        """Whether a time to event was derived or given."""
        return "adtte" in self.frames and (self.frames["adtte"]["PARAMCD"] == parameter).any()

    def evaluator(self, wanted: str) -> str | None:
        """The evaluator an analysis uses; None where it has none."""
        if wanted == "none":
            return None
        if wanted == "primary":
            return self.evaluators[0] if self.evaluators else None
        return wanted.upper() if wanted.upper() in self.evaluators else None

    def predicate(self, name: str, evaluator: str | None = None) -> str:
        """SQL predicate of a population.

        ``NAME_evaluator`` in ``[populations]`` goes before ``NAME``, which goes before the default.
        """
        own = self.config.populations
        narrower = f"{name}_{evaluator.lower()}" if evaluator else name
        for key in (narrower, name):
            if key in own:
                population(self.adsl.head(0), own[key], name=key)
                return own[key]
        text = self.defaults.get(name)
        if text is None:
            known = ", ".join(sorted({*own, *self.defaults}))
            raise ConfigError(f"codon12.toml: no population {name!r}; known are {known}.")
        return text.replace("{EVALUATOR}", evaluator or "INVESTIGATOR")

    @staticmethod
    def checked(text: str, *, where: str) -> str:
        """Pass a predicate of ``codon12.toml``, or refuse it; nothing but an expression over columns may stand there.

        Raises
        ------
        ConfigError
            It is no expression, or holds a query, a reader or a comment.
        """
        if text:
            expression(text, where=f"codon12.toml, {where}")
        return text

    @property
    def _treatment_recorded(self) -> bool:
        """Whether ADSL says of anybody that a treatment was given."""
        return any(c in self.adsl.columns and self.adsl[c].is_not_null().any() for c in ("TRTSDT", "TRT01A"))

    def population_label(self, name: str) -> str:
        """Name of a population as printed."""
        if name == "response" and not self.has_responses and "response" not in self.config.populations:
            name = "safety"  # without responses it is the same subjects, and nobody was evaluated
        if name == "safety" and not self._treatment_recorded:
            return "Analysed"
        words = name.replace("_", " ")
        return _LABELS.get(name, words[:1].upper() + words[1:])

    def members(self, predicate: str, *, arms: bool = True) -> pl.DataFrame:
        """Subjects of a population, once per column they are in: USUBJID, ARM (``all`` and their own)."""
        # Built by `where` from predicates that `predicate` and `checked` have passed, and quoted values.
        inside = self.adsl.filter(pl.sql_expr(predicate).fill_null(value=False))
        total = inside.select("USUBJID", pl.lit("all").alias("ARM"))
        if not (arms and self.arms):
            return total
        own = inside.select("USUBJID", pl.col(self.arm_variable).alias("ARM")).filter(
            pl.col("ARM").is_in(list(self.arms))
        )
        return pl.concat([total, own])

    def columns(self, *, arms: bool = True) -> tuple[str, ...]:
        """Values of ARM in `members`, in printing order."""
        return (*self.arms, "all") if arms and self.arms else ("all",)

    def where(self, *parts: str, arm: str = "all") -> str:
        """Join predicates, and the arm where there is one."""
        if arm != "all":
            parts = (*parts, f"{self.arm_variable} = {sql_text(arm)}")
        kept = [p for p in parts if p]
        return " AND ".join(f"({p})" if " OR " in p.upper() or len(kept) > 1 else p for p in kept)
