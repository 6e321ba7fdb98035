"""The profiles of a study: its calls, tests and scores, and what ``[match]`` of ``codon12.toml`` says of the rest."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl

from codon12.biomarker.assays.assay import Assay, Reach
from codon12.biomarker.calls.frame import CALL_SCHEMA
from codon12.biomarker.questions.study import StudyProfiles, study_profiles
from codon12.errors import ConfigError, InputError, UsageError
from codon12.match.from_patients import read_measure
from codon12.match.patient import MeasureGiven
from codon12.match.profiles import NO_DAY, ONGOING, Coded, MeasureRows, Profiles, Rows, TestKind
from codon12.match.study_facts import study_facts
from codon12.match.study_lines import StudyLines
from codon12.records.config import CONFIG_FILE
from codon12.records.findings import Finding, findings_frame, shown
from codon12.records.sql import evaluate
from codon12.records.study import Study

__all__ = ["StudyMatch", "assumed", "profiles_of_study"]

_READ = ("valid", "detected", "not detected")
_PLASMA = r"(?i)\b(?:plasma|cfdna|ctdna|cell[- ]free|liquid biopsy|blood)\b"
_KEYS = ["GENE", "PROTEIN", "CODING", "CLASS", "CONSEQUENCE", "PARTNER", "SPECIMEN", "SRCDOM"]


class StudyMatch(msgspec.Struct, frozen=True, kw_only=True):
    """The profiles of a study, and what was found on the way."""

    profiles: Profiles
    findings: pl.DataFrame

    def place(self, subject: str) -> int:
        """Place of a subject.

        Raises
        ------
        UsageError
            No such subject among those matched.
        """
        try:
            return self.profiles.subjects.index(subject)
        except ValueError:
            raise UsageError(f"no subject {shown(subject)!r} among the {len(self.profiles)} of this study") from None


def profiles_of_study(study: Study, *, held: StudyProfiles | None = None) -> StudyMatch:
    """Make the profiles of a study's subjects, in the order of its table of subjects.

    What a study does not hold is not known, unless ``[match.assume]`` of ``codon12.toml`` says so; assumptions are
    held by the profiles. Samples of a cBioPortal study are tumour tissue unless they say plasma.

    Raises
    ------
    ConfigError
        An expression of ``[match]`` names no column.
    DataError, InputError
        The study has no table of subjects.
    """
    config = study.config.match
    table, people = _people(study)
    subjects = people["USUBJID"].cast(pl.String)
    found: list[Finding] = []
    frames: list[pl.DataFrame] = []
    held = held or study_profiles(study) or _nothing()
    own = pl.DataFrame({"USUBJID": subjects}).with_row_index("person")
    specimens = _specimens(study)
    calls, call_table = _calls(held, own, specimens, config.assume.specimen)
    said = [f"Assumed of every subject: {text}." for text in assumed(study)]
    lines = StudyLines(study, people, own)
    frames.append(held.findings)
    profiles = Profiles(
        subjects=tuple(subjects),
        single=study_facts(study, people, table, found),
        judgements={},
        calls=calls,
        call_table=call_table,
        tests=_tests(held, own, specimens, config.assume.specimen, config.central),
        measures=_measures(held, own),
        lines=lines.rows,
        line_end=lines.end,
        lines_known=np.full(len(subjects), bool(config.lines), np.bool_),
        lines_complete=np.full(len(subjects), config.assume.lines_complete, np.bool_),
        radiotherapy=_radiotherapy(config.radiotherapy_last, people),
        counted=_counted(config.prior_lines, people),
        assumptions=tuple(said),
    )
    frames += [findings_frame(found), lines.findings]
    return StudyMatch(profiles=profiles, findings=pl.concat(frames))


def _nothing() -> StudyProfiles:
    from codon12.biomarker.assays.tests import TEST_SCHEMA
    from codon12.biomarker.calls.frame import no_calls
    from codon12.biomarker.scores.study import SCORES_SCHEMA
    from codon12.records.findings import no_findings

    return StudyProfiles(
        calls=no_calls(), tests=pl.DataFrame(schema=TEST_SCHEMA), assays={}, scores=pl.DataFrame(schema=SCORES_SCHEMA),
        findings=no_findings(),
    )  # fmt: skip


def _people(study: Study) -> tuple[str, pl.DataFrame]:
    table = next(
        (t for t in ("ADSL", "PATIENT", "DM", "SAMPLE") if study.has(t) and "USUBJID" in study.table(t).columns), None
    )
    if table is None:
        raise InputError(f"{study.path}: no table of subjects (ADSL, PATIENT, DM or SAMPLE)")
    frame = study.table(table)
    if study.has("SAMPLE") and table != "SAMPLE" and "USUBJID" in study.table("SAMPLE").columns:
        samples = study.table("SAMPLE").unique("USUBJID", keep="first", maintain_order=True)
        more = [c for c in samples.columns if c not in frame.columns or c == "USUBJID"]
        frame = frame.join(samples.select(more), on="USUBJID", how="left", maintain_order="left")
    where = study.config.match.where
    if where is not None:
        keep = evaluate(frame, where, where=f"{CONFIG_FILE}, key match.where")
        if keep.dtype != pl.Boolean:
            raise ConfigError(f"{CONFIG_FILE}, key match.where: must be true or false for each subject")
        frame = frame.filter(keep)
    return table, frame.unique("USUBJID", keep="first", maintain_order=True)


def assumed(study: Study) -> list[str]:
    """What ``[match.assume]`` takes for true of every subject, in words."""
    given = study.config.match.assume
    out = []
    for name in given.__struct_fields__:
        value = getattr(given, name)
        if value not in (None, False):
            what = (
                "all lines of therapy are recorded" if name == "lines_complete" else f"{name.replace('_', ' ')} {value}"
            )
            out.append(what)
    return out


def _specimens(study: Study) -> pl.DataFrame:
    """Specimen of each sample: plasma where a column says so, tissue elsewhere in a cBioPortal table of samples."""
    schema = {"SAMPLE": pl.String, "SPECIMEN": pl.String}
    if not study.has("SAMPLE") or "SAMPLE_ID" not in study.table("SAMPLE").columns:
        return pl.DataFrame(schema=schema)
    table = study.table("SAMPLE")
    said = [
        c
        for c in ("SAMPLE_TYPE", "SAMPLE_CLASS", "SPECIMEN_TYPE", "SPECIMEN", "SAMPLE_TYPE_DETAILED")
        if c in table.columns
    ]
    plasma = (
        pl.any_horizontal(pl.col(c).cast(pl.String).str.contains(_PLASMA).fill_null(value=False) for c in said)
        if said
        else pl.lit(value=False)
    )
    return table.select(
        SAMPLE=pl.col("SAMPLE_ID").cast(pl.String),
        SPECIMEN=pl.when(plasma).then(pl.lit("plasma")).otherwise(pl.lit("tissue")),
    ).unique("SAMPLE", keep="first")


def _with_specimen(rows: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None) -> pl.DataFrame:
    """Specimen of each row: as it says, else as its sample is, else as assumed."""
    own = pl.col("SPECIMEN") if "SPECIMEN" in rows.columns else pl.lit(None, pl.String)
    out = rows.with_columns(own.alias("said")).drop("SPECIMEN", strict=False)
    out = out.join(specimens, on="SAMPLE", how="left", maintain_order="left")
    return out.with_columns(SPECIMEN=pl.coalesce("said", "SPECIMEN", pl.lit(assumed, pl.String))).drop("said")


def _calls(
    held: StudyProfiles, own: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None
) -> tuple[Rows, pl.DataFrame]:
    rows = held.calls.with_columns(pl.col("USUBJID").cast(pl.String)).join(
        own, on="USUBJID", how="inner", maintain_order="left"
    )
    rows = _with_specimen(rows, specimens, assumed)
    table = rows.select(_KEYS).unique(maintain_order=True).with_row_index("code")
    coded = rows.join(table, on=_KEYS, how="left", nulls_equal=True, maintain_order="left").sort("person")
    full = table.select(
        *(pl.col(c) if c in _KEYS else pl.lit(None, t).alias(c) for c, t in CALL_SCHEMA.items()), "SPECIMEN"
    ).with_columns(DISPUTED=pl.lit(value=False))
    person = coded["person"].cast(pl.Int64).to_numpy()
    return Rows(person, coded["code"].cast(pl.Int64).to_numpy(), tuple(range(table.height))), full


def _reach(assay: Assay | None, kind: str | None, target: str | None, gaps: str | None) -> tuple[Reach, ...]:
    """What a test reads: all of its kind or its one target, but for the targets without a result of their own."""
    if assay is None:
        return ()
    unread = set(gaps.split("; ")) if gaps and target is None else set()
    open_ = [r for r in assay.reach if str(r) in unread]
    own = [r for r in assay.reach if (kind is None or r.kind == kind) and (target is None or str(r) == target)]
    return tuple(r for r in own if not any(g.touches(r) for g in open_))


def _whole(assay: Assay | None, kind: str | None, target: str | None, gaps: str | None) -> tuple[str, ...]:
    """Kinds that a test reads in every gene; none where it has targets without a result."""
    if assay is None or target is not None or gaps:
        return ()
    return tuple(w for w in assay.whole if kind in (None, w))


def _tests(
    held: StudyProfiles, own: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None, central: Sequence[str]
) -> Coded:
    keys = ["ASSAY", "KIND", "TARGET", "STATE", "SPECIMEN", "GAPS"]
    rows = held.tests.join(own, on="USUBJID", how="inner")
    unread = rows.filter(pl.col("TARGET").is_not_null() & ~pl.col("STATE").is_in(_READ))
    gaps = unread.group_by("person", "SAMPLE", "ASSAY").agg(GAPS=pl.col("TARGET").unique().sort().str.join("; "))
    rows = rows.join(gaps, on=["person", "SAMPLE", "ASSAY"], how="left", nulls_equal=True)
    rows = rows.with_columns(GAPS=pl.when(pl.col("TARGET").is_null()).then("GAPS"))
    rows = _with_specimen(rows, specimens, assumed)
    table = rows.select(keys).unique(maintain_order=True).with_row_index("code")
    kinds = [
        TestKind(
            assay=" ".join(assay.split()).casefold(), specimen=specimen, state="valid" if state in _READ else state,
            central=assay in central, reach=_reach(held.assays.get(assay), kind, target, gaps),
            whole=_whole(held.assays.get(assay), kind, target, gaps),
        )
        for assay, kind, target, state, specimen, gaps in table.select(keys).iter_rows()
    ]  # fmt: skip
    sets = (
        rows.join(table, on=keys, how="left", nulls_equal=True)
        .group_by("person")
        .agg(pl.col("code").unique().sort().cast(pl.String).str.join(",").alias("set"))
    )
    per = own.join(sets, on="person", how="left", maintain_order="left")["set"].fill_null("")
    names = per.unique(maintain_order=True)
    values = tuple(tuple(kinds[int(c)] for c in name.split(",") if c) for name in names)
    places = dict(zip(names, range(len(names)), strict=True))
    return Coded(per.replace_strict(places, return_dtype=pl.Int64).to_numpy(), values)


def _measures(held: StudyProfiles, own: pl.DataFrame) -> MeasureRows:
    scores = held.scores.filter(pl.col("PROBLEM").is_null()).join(own, on="USUBJID", how="inner")
    keys = ["KIND", "VALUE", "ASSAY", "SCALE"]
    read = []
    for kind, value, assay, scale in scores.select(keys).unique(maintain_order=True).iter_rows():
        if scale == "TC/IC":
            continue
        given = MeasureGiven(marker=kind, value=value, assay=assay, scale=scale)
        try:
            made = read_measure(given, where=f"{kind} {value}")
        except InputError:
            continue  # a score that cannot be read is a finding of the biomarker room, and answers nothing
        if made is not None:
            name, (low, high, inside) = made
            read.append((kind, value, assay, scale, name, low, high, inside))
    schema = dict.fromkeys((*keys, "name"), pl.String) | {"low": pl.Float64, "high": pl.Float64, "inside": pl.Boolean}
    table = pl.DataFrame(read, schema=schema, orient="row")
    rows = scores.join(table, on=keys, how="inner", nulls_equal=True)
    names = rows["name"].unique(maintain_order=True).to_list()
    codes = (
        rows["name"].replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64)
        if names
        else rows["person"]
    )
    return MeasureRows(
        person=rows["person"].cast(pl.Int64).to_numpy(),
        marker=tuple(names),
        marker_code=codes.cast(pl.Int64).to_numpy(),
        lower=rows["low"].to_numpy(),
        upper=rows["high"].to_numpy(),
        upper_in=rows["inside"].to_numpy(),
    )


def _radiotherapy(sql: str | None, people: pl.DataFrame) -> np.ndarray:
    n = people.height
    if sql is None:
        return np.column_stack([np.full(n, NO_DAY), np.full(n, ONGOING)])
    text = evaluate(people, sql, where=f"{CONFIG_FILE}, key match.radiotherapy_last").cast(pl.String)
    day = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64) + 719_163
    none = text.str.to_lowercase().eq("none").fill_null(value=False)
    low = pl.select(pl.when(none).then(NO_DAY).otherwise(day.fill_null(NO_DAY))).to_series()
    high = pl.select(pl.when(none).then(NO_DAY).otherwise(day.fill_null(ONGOING))).to_series()
    return np.column_stack([low.to_numpy(), high.to_numpy()])


def _counted(sql: str | None, people: pl.DataFrame) -> np.ndarray | None:
    if sql is None:
        return None
    value = evaluate(people, sql, where=f"{CONFIG_FILE}, key match.prior_lines")
    return value.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
