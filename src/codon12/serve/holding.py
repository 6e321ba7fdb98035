"""A study held open: read once, its derived frames and numbers kept by the settings that made them."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from codon12.errors import ConfigError, UsageError
from codon12.serve.kept import Kept
from codon12.serve.pictures import Pictures
from codon12.serve.settings import Settings

if TYPE_CHECKING:  # what reads and computes is imported by the first thread that does so: the server answers at once
    from codon12.analyses import Analysis, Evidence
    from codon12.analyses.study_figure import StudyFigure
    from codon12.derive import Derived
    from codon12.derive.stages import Stages
    from codon12.records import Study

__all__ = ["Holding", "Say"]

Say = Callable[[str], None]
_MOST = 512 * 2**20
"""Bytes of frames that are kept of derivations, and as many of evidence beside them."""


def _quiet(_: str) -> None:
    """Say nothing."""


class Holding:
    """One study of the command line.

    `number` is its place there: addresses name it so, and never its folder.
    """

    def __init__(self, place: Path, *, number: int, config: Path | None = None, mask_ids: bool = False) -> None:
        self.place = place
        self.number = number
        self.config = config
        self.mask_ids = mask_ids
        self.pictures = Pictures()
        self._study: Study | None = None
        self._opening = threading.Lock()
        self._seen: dict[Path, tuple[int, int] | None] = {}
        self._stages: Stages | None = None
        self._derived: Kept[Derived] = Kept(16, most=_MOST, weight=lambda d: _bytes(d.frames))
        self._plans: Kept[tuple[Analysis, ...]] = Kept(16)
        self._evidence: Kept[Evidence] = Kept(32, most=_MOST, weight=self._own_bytes)
        self._figures: Kept[list[StudyFigure]] = Kept(32)
        self._other: Kept[Any] = Kept(32)

    @property
    def title(self) -> str:
        """What the study is called, before it has been read its folder's name."""
        told = None if self._study is None else self._study.config.title
        return told or self.place.resolve().name

    @property
    def is_open(self) -> bool:
        """Whether the records have been read and the plan's numbers computed."""
        return self._evidence.has((Settings(), None))

    def study(self, say: Say = _quiet) -> Study:
        """Read the records, once."""
        from codon12.records import Study

        with self._opening:
            if self._study is None:
                from codon12.derive.stages import Stages

                self._stages = Stages(keep=48)
                study = Study.open(self.place, config=self.config, progress=say)
                files = [study.path / f for f in study.sources["FILE"].drop_nulls().unique(maintain_order=True)]
                self._seen = {f: _stamp(f) for f in (*files, self.config) if f is not None}
                self._study = study
        return self._study

    @property
    def changed_files(self) -> tuple[str, ...]:
        """Names of files that changed on disk since the study was read: what is shown is of them as they were."""
        return tuple(f.name for f, was in self._seen.items() if _stamp(f) != was)

    def derived(self, settings: Settings, say: Say = _quiet) -> Derived:
        """Frames derived by the policies that the settings name, without cohort and cut."""
        from codon12.derive import derive, read_by_irecist
        from codon12.serve.changes import policies_changed, refuse_idle

        study = self.study(say)
        if settings.criterion:
            read = self.derived(settings.in_file, say)
            return self._derived.get(settings.derives_anew, lambda: read_by_irecist(read))
        config = policies_changed(study.config, settings)
        changed = dataclasses.replace(study, config=config)
        found = self._derived.get(settings.derives_anew, lambda: derive(changed, progress=say, stages=self._stages))
        refuse_idle(settings, found)
        return found

    def planned(self, settings: Settings, say: Say = _quiet) -> tuple[Analysis, ...]:
        """Plan of the study by the policies of the settings, before cohort and cut change it."""
        from codon12.analyses import planned

        base = self.derived(settings, say)
        return self._plans.get(settings.derives_anew, lambda: planned(base))

    def is_derived(self, settings: Settings) -> bool:
        """Whether the frames by these policies are there."""
        return self._derived.has(settings.derives_anew)

    def changed(self, settings: Settings, say: Say = _quiet) -> tuple[Study, Derived]:
        """Study and frames as the settings have them: with the column of the cut, and the plan that is restricted."""
        from codon12.records.subjects.covariates import add_covariates
        from codon12.serve.changes import changed_config, cut_column

        study, base = self.study(say), self.derived(settings, say)
        self.check_steps(base.context.adsl, (*settings.steps, *settings.other))
        column = cut_column(settings, base.context.adsl)
        config = changed_config(study.config, settings, self.planned(settings), base.context, column=column)
        frames = dict(base.frames)
        if column is not None:
            name, covariate = column
            alone = msgspec.structs.replace(config, covariates={name: covariate}, biomarkers={})
            frames["adsl"] = add_covariates(frames["adsl"], dataclasses.replace(study, config=alone))
        context = dataclasses.replace(base.context, config=config, frames=frames)
        return dataclasses.replace(study, config=config), dataclasses.replace(base, frames=frames, context=context)

    def evidence(self, settings: Settings, only: Sequence[str] | None = None, say: Say = _quiet) -> Evidence:
        """Numbers by the settings: of the whole plan, or of the analyses named in `only`."""
        from codon12.analyses import evidence_of, planned
        from codon12.report import mask_subjects

        settings = msgspec.structs.replace(settings, other=())
        wanted = None if only is None else tuple(only)

        def made() -> Evidence:
            if wanted is not None and (whole := self._evidence.peek((settings, None))) is not None:
                return _of(whole, wanted)
            study, derived = self.changed(settings, say)
            plan = planned(derived)
            if wanted is not None:
                plan = tuple(a for a in plan if a.name in wanted)
            found = evidence_of(study, derived, plan=plan, progress=say)
            return mask_subjects(found) if self.mask_ids else found

        return self._evidence.get((settings, wanted), made)

    def evidence_having(
        self, settings: Settings, analysis: str, say: Say = _quiet
    ) -> tuple[Evidence, Sequence[str] | None]:
        """Numbers by the settings in which an analysis is, of a page shown before where there is one; and `only`."""
        settings = msgspec.structs.replace(settings, other=())
        # the whole first: figures of one analysis may read another
        for own, wanted in sorted(self._evidence.latest(), key=lambda key: key[1] is not None):
            if own == settings and (wanted is None or (analysis in wanted and len(wanted) > 1)):
                return self.evidence(settings, wanted, say), wanted
        return self.evidence(settings, (analysis,), say), (analysis,)

    def figures(self, settings: Settings, only: Sequence[str] | None = None, say: Say = _quiet) -> list[StudyFigure]:
        """Figures of `evidence`, as specifications."""
        from codon12.analyses import study_figures

        found = self.evidence(settings, only, say)
        settings = msgspec.structs.replace(settings, other=())
        key = (settings, None if only is None else tuple(only))
        return self._figures.get(key, lambda: list(study_figures(found, rounding=found.policies["rounding"])))  # type: ignore[arg-type]

    def _own_bytes(self, evidence: Evidence) -> float:
        """Bytes of evidence beside the derived frames, which it shares."""
        shared = {id(f) for d in self._derived.values() for f in d.frames.values()}
        own = {n: f for n, f in evidence.frames.items() if id(f) not in shared}
        return _bytes(own) + evidence.numbers.estimated_size()

    def kept(self, key: Hashable, made: Callable[[], Any]) -> Any:
        """Anything else that is made once of the study, such as the profiles that match reads."""
        return self._other.get(key, made)

    def adsl(self) -> pl.DataFrame:
        """Subjects as derived by the plan, with their own identifiers."""
        return self.derived(Settings()).context.adsl

    def of_patients(self, records: Sequence[str]) -> dict[str, pl.DataFrame]:
        """Derived frames and the named tables of the records, with subjects as pages name them."""
        from codon12.report.masking import mask_frames

        def made() -> dict[str, pl.DataFrame]:
            study = self.study()
            frames = dict(self.derived(Settings()).context.frames) | {
                t: study.table(t) for t in records if study.has(t)
            }
            return mask_frames(frames) if self.mask_ids else frames

        return self.kept("patients", made)

    def shown_id(self, subject: str) -> str:
        """Subject as pages name it."""
        return self._names().get(subject, subject) if self.mask_ids else subject

    def subject_of(self, shown: str) -> str:
        """Subject of a name on a page.

        Raises
        ------
        UsageError
            No such subject.
        """
        if self.mask_ids:
            own = {v: k for k, v in self._names().items()}.get(shown)
        else:
            own = shown if shown in set(self.adsl()["USUBJID"].cast(pl.String)) else None
        if own is None:
            raise UsageError("no such subject in this study")
        return own

    def _names(self) -> dict[str, str]:
        from codon12.report import pseudonyms

        frames = self.derived(Settings()).frames
        found = [f["USUBJID"].cast(pl.String) for f in frames.values() if "USUBJID" in f.columns]
        return self.kept("names", lambda: pseudonyms(pl.concat(found)))

    def check_steps(self, adsl: pl.DataFrame, steps: Sequence[str]) -> None:
        """Refuse a step that is no predicate over ADSL, or, with pseudonyms, one that asks for identifiers.

        Raises
        ------
        ConfigError
            The message names the step, and no value of the data.
        """
        from codon12.records.sql import expression

        hidden = self.identifying(adsl) if steps and self.mask_ids else frozenset()
        for i, step in enumerate(steps, 1):
            asked = set(expression(step, where=f"step {i}").meta.root_names())
            if asked & hidden:
                raise ConfigError(
                    f"step {i}: {', '.join(sorted(asked & hidden))} identifies subjects, which are masked"
                )
            subjects_by(adsl, step, where=f"step {i}")

    def identifying(self, adsl: pl.DataFrame) -> frozenset[str]:
        """Columns of ADSL that pseudonyms change."""
        from codon12.report.masking import mask_frames

        def made() -> frozenset[str]:
            masked = mask_frames({"adsl": adsl})["adsl"]
            return frozenset(c for c in adsl.columns if not adsl[c].cast(pl.String).equals(masked[c].cast(pl.String)))

        return self.kept("identifying", made)


def _stamp(file: Path) -> tuple[int, int] | None:
    """When a file was written, and its size; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _bytes(frames: Mapping[str, pl.DataFrame]) -> float:
    return sum(f.estimated_size() for f in frames.values())


def _of(whole: Evidence, wanted: Sequence[str]) -> Evidence:
    """Some analyses of evidence that is there."""
    plan = tuple(a for a in whole.plan if a.name in wanted)
    numbers = whole.numbers.filter(pl.col("analysis").is_in([a.name for a in plan]))
    return dataclasses.replace(whole, plan=plan, numbers=numbers)


def subjects_by(adsl: pl.DataFrame, predicate: str, *, where: str) -> pl.Series:
    """Whether each subject satisfies a predicate; unknown counts as no.

    Raises
    ------
    ConfigError
        Not a predicate over ADSL. The message holds no value of the data.
    """
    from codon12.records.sql import expression

    expr = expression(predicate, where=where)
    missing = sorted(set(expr.meta.root_names()) - set(adsl.columns))
    if missing:
        raise ConfigError(f"{where}: ADSL has no column {', '.join(missing)}")
    try:
        found = adsl.with_columns(expr.alias("_inside")).get_column("_inside")
    except Exception:  # noqa: BLE001 - polars names values in its messages
        raise ConfigError(
            f"{where}: cannot be evaluated; text is compared with '...', numbers in text columns with CAST(x AS DOUBLE)"
        ) from None
    if found.dtype == pl.Null:
        return pl.Series(found.name, [False] * adsl.height, dtype=pl.Boolean)
    if found.dtype != pl.Boolean:
        raise ConfigError(f"{where}: must be true or false for each subject; compare it with something")
    return found.fill_null(value=False)
