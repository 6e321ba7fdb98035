"""What every analysis works on: the derived frames, the populations and the arms."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import polars as pl

from codon12.biomarker.questions.study import StudyProfiles
from codon12.derive.policies import Policies
from codon12.derive.resistance_frames import ResistanceFrames, StudyPairs
from codon12.errors import ConfigError
from codon12.evidence.frames import columns_of, kinds_of, rows_of
from codon12.evidence.schema import sql_text
from codon12.records.config import StudyConfig
from codon12.records.config.endpoints import Endpoint, endpoint_named
from codon12.records.sql import expression
from codon12.records.study import Study
from codon12.records.subjects.populations import population

__all__ = [
    "DEFAULT_POPULATIONS",
    "RESPONDERS",
    "Context",
    "actual_arm",
    "default_populations",
    "planned_arm",
    "randomised",
]

RESPONDERS = ("CR", "PR")
"""Best overall responses of a responder."""

_EVERYONE = "USUBJID IS NOT NULL"
DEFAULT_POPULATIONS: dict[str, str] = {
    "all": _EVERYONE,
    "enrolled": "ENRLFL = 'Y'",
    "randomised": "RANDFL = 'Y'",
    "safety": "SAFFL = 'Y'",
    "response": "SAFFL = 'Y' AND MEASFL_{EVALUATOR} = 'Y'",
}
"""Predicates over ADSL; ``{EVALUATOR}`` stands for the evaluator of the analysis."""

_FEW_SUBJECTS = 2_000
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
    stands in analyses that otherwise ask for measurable disease. In a randomised study efficacy is that of everybody
    randomised (ICH E9, intention to treat); measurable disease at baseline restricts response alone.
    """
    out = dict(DEFAULT_POPULATIONS)
    if randomised(adsl):
        measurable = out["response"].removeprefix("SAFFL = 'Y' AND ")
        out |= {"response": f"{out['randomised']} AND {measurable}" if assessed else out["randomised"]}
        return out
    if "SAFFL" not in adsl.columns or adsl["SAFFL"].null_count() == adsl.height:
        out |= {"safety": _EVERYONE, "response": out["response"].removeprefix("SAFFL = 'Y' AND ")}
    return out if assessed else out | {"response": out["safety"]}


def randomised(adsl: pl.DataFrame) -> bool:
    """Whether a study randomised anyone."""
    return "RANDFL" in adsl.columns and bool((adsl["RANDFL"] == "Y").any())


def planned_arm(adsl: pl.DataFrame) -> str:
    """Column of the treatment by which efficacy is analysed: as randomised (TRT01P), else as given, else the arm."""
    wanted = ("TRT01P", "TRT01A") if randomised(adsl) else ("TRT01A",)
    return next((c for c in wanted if c in adsl.columns and adsl[c].null_count() < adsl.height), "ARM")


def actual_arm(adsl: pl.DataFrame) -> str:
    """Column of the treatment by which safety is analysed: as given (TRT01A), else as planned, else the arm."""
    wanted = ("TRT01A", "TRT01P") if randomised(adsl) else ("TRT01A",)
    return next((c for c in wanted if c in adsl.columns and adsl[c].null_count() < adsl.height), "ARM")


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
    """Column of the treatments shown: as randomised in a randomised study."""
    arms_given: tuple[str, ...] | None = None
    """Treatments as given, where they are other columns than those randomised; `as_treated` shows them."""
    best_response: tuple[str, str] = ("BOR", "")
    """PARAMCD of the best overall response that counts, and the sentence that says how it was derived."""
    responders: tuple[str, ...] = RESPONDERS
    defaults: Mapping[str, str] = field(default_factory=lambda: DEFAULT_POPULATIONS)
    """Predicates of the populations that ``codon12.toml`` does not define."""
    controlled: tuple[str, ...] = ("CR", "PR", "SD", "NON-CR/NON-PD")
    policies: Policies = field(default_factory=Policies)
    """How responses, times and adverse events are judged: nothing reads them from the configuration again."""
    profiles: StudyProfiles | None = None
    """Calls, tests, assays and scores that the biomarkers were answered from."""
    study: Study | None = None
    """The records, for what no derived frame holds."""
    resistance: ResistanceFrames | None = None
    """How responses ended, where progressions are recorded."""
    pairs: StudyPairs | None = None
    """Paired samples compared, where a drug of the catalogue is named."""
    executor: Executor | None = None
    """Where imputations and replicates are computed while numbers are made; None: here. The numbers are the same."""
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `once` has found; a changed context begins anew."""

    def once(self, name: Hashable, find: Callable[[], Any]) -> Any:
        """Give what several analyses ask of the frames, found when it is first asked for; small results only."""
        if name not in self._found:
            self._found[name] = find()
        return self._found[name]

    def as_treated(self) -> Context:
        """The same study with its treatments as they were given: how safety is analysed."""
        return self if self.arms_given is None else self.once("as treated", self._as_treated)

    def _as_treated(self) -> Context:
        assert self.arms_given is not None
        return replace(self, arms=self.arms_given, arm_variable=actual_arm(self._arm_columns), arms_given=None)

    @property
    def _arm_columns(self) -> pl.DataFrame:
        return self.values(*(c for c in ("RANDFL", "TRT01P", "TRT01A") if c in self.variables))

    def population_meant(self, name: str) -> str:
        """Name of the population that an analysis means: ``efficacy`` is everybody randomised, else treated."""
        if name != "efficacy" or name in self.config.populations:
            return name
        return "randomised" if self.is_randomised else "safety"

    @property
    def month(self) -> float:
        """Days of a month, as ``[survival] month`` says: whatever is printed in months was divided by it."""
        return self.policies.survival.month

    @cached_property
    def _kinds(self) -> Mapping[str, pl.DataType]:
        """Columns of ADSL and their types."""
        return self.without_subjects.schema

    @property
    def adsl(self) -> pl.DataFrame:
        """One row a subject, all columns: of a large study `subjects` reads what is needed."""
        return self.frames["adsl"]

    @property
    def subjects(self) -> pl.LazyFrame:
        """ADSL, of which rows and columns are read as far as they are needed."""
        return rows_of(self.frames, "adsl")

    @property
    def variables(self) -> list[str]:
        """Columns of ADSL."""
        return columns_of(self.frames, "adsl")

    @cached_property
    def without_subjects(self) -> pl.DataFrame:
        """ADSL without rows: what its columns are."""
        return self.subjects.collect_schema().to_frame()

    def values(self, *columns: str | pl.Expr, **named: pl.Expr) -> pl.DataFrame:
        """Columns of ADSL, a row a subject."""
        return self.subjects.select(*columns, **named).collect().rechunk()

    def is_filled(self, name: str) -> bool:
        """Whether ADSL has a column with a value in it."""
        return name in self.variables and self.once(
            ("filled", name), lambda: bool(self.values(pl.col(name).is_not_null().any()).item())
        )

    @cached_property
    def is_randomised(self) -> bool:
        """Whether the study randomised anyone."""
        return "RANDFL" in self.variables and randomised(self.values("RANDFL"))

    @cached_property
    def has_responses(self) -> bool:
        """Whether there is a best overall response to count."""
        if "adrs" not in self.frames:
            return False
        return self.best_response[0] in kinds_of(self.frames, "adrs", "PARAMCD")["PARAMCD"]

    def has_endpoint(self, parameter: str, evaluator: str | None = None) -> bool:
        """Whether a time to event was derived or given; by an evaluator, where one is named."""
        found = self._timed.get(parameter, ())
        return bool(found) if evaluator is None else evaluator in found

    @cached_property
    def _timed(self) -> dict[str, list[str | None]]:
        """PARAMCD of ADTTE -> evaluators that its times are by, sorted, None (nobody's) first."""
        if "adtte" not in self.frames:
            return {}
        pairs = kinds_of(self.frames, "adtte", "PARAMCD", "EVAL").select("PARAMCD", "EVAL").unique()
        out: dict[str, list[str | None]] = {}
        for parameter, evaluator in pairs.sort("PARAMCD", "EVAL").iter_rows():
            out.setdefault(parameter, []).append(evaluator)
        return out

    def endpoint(self, code: str) -> Endpoint:
        """What is known of a time to event."""
        return endpoint_named(code, self.config.endpoints)

    def reader(self, code: str, wanted: str) -> str | None:
        """Evaluator whose times of an endpoint count; None where no reader's assessments decide it.

        `primary` is the first of the evaluators that has such times; of what begins with a response it is the first
        evaluator also where nobody responded by its assessments. Where the records name no reader for the endpoint the
        answer is that of `evaluator`.

        Raises
        ------
        ConfigError
            Readers have times, and `wanted` is none of them: nobody's, or several at once, would be counted.
        """
        assessed = self.endpoint(code).assessed
        found = [e for e in self._timed.get(code, ()) if e is not None]
        if assessed is False or (assessed is None and not found):
            return None
        got = wanted.upper() if wanted.upper() in found else self.evaluator(wanted)
        if not found or got in found or (got and self._no_responder(code, got)):
            return got
        if wanted == "primary":
            return next((e for e in self.evaluators if e in found), str(found[0]))
        if wanted == "none" and len(found) == 1:
            return None
        raise ConfigError(
            f"codon12.toml: {code} has times by {' and '.join(str(e).lower() for e in found)} assessment; evaluator = "
            f'"{wanted}" names none of them.'
        )

    def _no_responder(self, code: str, evaluator: str) -> bool:
        """Whether an endpoint is of responders, and nobody is one by the evaluator's assessments."""
        flag = f"RESPFL_{evaluator}"
        return self.endpoint(code).section == "response" and flag in self.variables and not self.is_filled(flag)

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
        return self.once(("predicate", name, evaluator), lambda: self._predicate(name, evaluator))

    def _predicate(self, name: str, evaluator: str | None) -> str:
        own = self.config.populations
        narrower = f"{name}_{evaluator.lower()}" if evaluator else name
        for key in (narrower, name):
            if key in own:
                population(self.without_subjects, own[key], name=key)
                return own[key]
        text = self.defaults.get(name)
        if text is None:
            known = sorted({*own, *self.defaults})
            near = get_close_matches(name, known, n=1)
            meant = f" (did you mean {near[0]!r}?)" if near else ""
            raise ConfigError(f"codon12.toml: no population {name!r}{meant}; known are {', '.join(known)}.")
        return text.replace("{EVALUATOR}", evaluator or "INVESTIGATOR")

    def equals(self, column: str, level: str) -> str:
        """Predicate of the subjects with a level of a column of ADSL; of a column of numbers it compares numbers."""
        kind = self._kinds.get(column)
        if kind is not None and (kind.is_temporal() or kind == pl.Boolean):
            return f"CAST({column} AS VARCHAR) = {sql_text(level)}"
        return f"{column} = {level if kind is not None and kind.is_numeric() else sql_text(level)}"

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
        return any(self.is_filled(c) for c in ("TRTSDT", "TRT01A"))

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
        if not self._few:
            return self._members(predicate, arms=arms)
        return self.once(("members", predicate, arms), lambda: self._members(predicate, arms=arms))

    @cached_property
    def _few(self) -> bool:
        """Whether there are so few subjects that those of every population asked for can be kept."""
        return bool(self.values(pl.len()).item() <= _FEW_SUBJECTS)

    def _members(self, predicate: str, *, arms: bool) -> pl.DataFrame:
        # Built by `where` from predicates that `predicate` and `checked` have passed, and quoted values.
        wanted = arms and bool(self.arms)
        own = [pl.col(self.arm_variable).alias("_OWN")] if wanted else []
        keep = pl.sql_expr(predicate).fill_null(value=False).alias("_KEEP")
        read = self.subjects.select("USUBJID", *own, keep).collect(engine="in-memory").rechunk()
        inside = read["USUBJID"].filter(read["_KEEP"])
        total = inside.to_frame().with_columns(ARM=pl.lit("all"))
        if not wanted:
            return total
        treated = inside.to_frame().with_columns(ARM=read["_OWN"].filter(read["_KEEP"]))
        return pl.concat([total, treated.filter(pl.col("ARM").is_in(list(self.arms)))])

    def columns(self, *, arms: bool = True) -> tuple[str, ...]:
        """Values of ARM in `members`, in printing order."""
        return (*self.arms, "all") if arms and self.arms else ("all",)

    def where(self, *parts: str, arm: str = "all") -> str:
        """Join predicates, and the arm where there is one."""
        if arm != "all":
            parts = (*parts, self.equals(self.arm_variable, arm))
        kept = [p for p in parts if p]
        return " AND ".join(f"({p})" if " OR " in p.upper() or len(kept) > 1 else p for p in kept)
