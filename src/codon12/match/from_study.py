"""The profiles of a study: its calls, tests and scores, and what ``[match]`` of ``codon12.toml`` says of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from codon12.biomarker.assay import Assay, Reach
from codon12.biomarker.calls import CALL_SCHEMA
from codon12.biomarker.study_profiles import StudyProfiles, study_profiles
from codon12.errors import ConfigError, InputError, UsageError
from codon12.match.drugs import drug_classes
from codon12.match.from_patients import read_measure
from codon12.match.outcomes import EARLY_SETTINGS, read_outcome
from codon12.match.patient import MeasureGiven
from codon12.match.profiles import NO_DAY, ONGOING, Coded, LineKind, MeasureRows, Profiles, Rows, TestKind
from codon12.match.tumours import tumour_types
from codon12.records.config import CONFIG_FILE
from codon12.records.findings import Finding, findings_frame, shown
from codon12.records.match_config import MatchLine
from codon12.records.sql import evaluate
from codon12.records.study import Study

__all__ = ["StudyMatch", "profiles_of_study"]

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


def profiles_of_study(study: Study) -> StudyMatch:
    """Make the profiles of a study's subjects, in the order of its table of subjects.

    What a study does not hold is not known, unless ``[match.assume]`` of ``codon12.toml`` says so; assumptions are among
    the profiles. Samples of a cBioPortal study are tumour tissue unless they say plasma.

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
    held = study_profiles(study) or _nothing()
    own = pl.DataFrame({"USUBJID": subjects}).with_row_index("person")
    specimens = _specimens(study)
    calls, call_table = _calls(held, own, specimens, config.assume.specimen)
    said = [f"Assumed of every subject: {text}." for text in _assumed(study)]
    lines = _Lines(study, people, own)
    frames.append(held.findings)
    profiles = Profiles(
        subjects=tuple(subjects),
        single=_single(study, people, table, found),
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
    from codon12.biomarker.calls import no_calls
    from codon12.biomarker.status import TEST_SCHEMA
    from codon12.biomarker.study_scores import SCORES_SCHEMA
    from codon12.records.findings import no_findings

    return StudyProfiles(
        calls=no_calls(), tests=pl.DataFrame(schema=TEST_SCHEMA), assays={}, scores=pl.DataFrame(schema=SCORES_SCHEMA),
        findings=no_findings(),
    )  # fmt: skip


def _people(study: Study) -> tuple[str, pl.DataFrame]:
    table = next((t for t in ("ADSL", "PATIENT", "DM", "SAMPLE") if study.has(t) and "USUBJID" in study.table(t).columns), None)
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


def _assumed(study: Study) -> list[str]:
    given = study.config.match.assume
    out = []
    for name in given.__struct_fields__:
        value = getattr(given, name)
        if value not in (None, False):
            what = "all lines of therapy are recorded" if name == "lines_complete" else f"{name.replace('_', ' ')} {value}"
            out.append(what)
    return out


def _text(sql: str | None, frame: pl.DataFrame, key: str) -> pl.Series | None:
    if sql is None:
        return None
    return evaluate(frame, sql, where=f"{CONFIG_FILE}, key match.{key}")


def _coded(column: pl.Series | None, assumed: Any, people: int, read: Callable[[Any], Any]) -> Coded:
    """One value a subject: as recorded, else as assumed; distinct values are read once."""
    if column is None:
        if assumed is None:
            return Coded(np.full(people, -1, np.int64), ())
        return Coded(np.zeros(people, np.int64), (assumed,))
    given = column.drop_nulls().unique(maintain_order=True).to_list()
    values: list[Any] = []
    places: dict[Any, int] = {}
    for raw in given:
        value = read(raw)
        if value is None:
            places[raw] = -1
            continue
        if value not in values:
            values.append(value)
        places[raw] = values.index(value)
    rest = -1
    if assumed is not None:
        if assumed not in values:
            values.append(assumed)
        rest = values.index(assumed)
    codes = np.array([rest if raw is None or places[raw] < 0 else places[raw] for raw in column.to_list()], np.int64)
    return Coded(codes, tuple(values))


def _single(study: Study, people: pl.DataFrame, table: str, found: list[Finding]) -> dict[str, Coded]:
    config, n = study.config.match, people.height
    assume, types = config.assume, tumour_types()
    upper = set(people.columns)

    def odd(key: str, raw: Any, why: str) -> None:
        message = f"{table}: {shown(str(raw))!r} is no {why}; it is taken as not known."
        found.append(Finding(table=table, rule=f"{key}-unread", severity="warning", variable=key, value=str(raw), message=message))

    def tumour(raw: Any) -> str | None:
        code = types.code(str(raw))
        if code is None:
            odd("tumour_type", raw, "listed tumour type")
        return code

    def word(key: str, known: Sequence[str]) -> Callable[[Any], str | None]:
        def read(raw: Any) -> str | None:
            plain = " ".join(str(raw).lower().split())
            if plain not in known:
                odd(key, raw, key.replace("_", " "))
                return None
            return plain

        return read

    def number(key: str, low: float, high: float) -> Callable[[Any], float | None]:
        def read(raw: Any) -> float | None:
            try:
                value = float(str(raw).strip())
            except ValueError:
                value = float("nan")
            if not low <= value <= high:
                odd(key, raw, f"{key} from {low:g} to {high:g}")
                return None
            return value

        return read

    def yes_no(raw: Any) -> bool | None:
        plain = str(raw).strip().lower()
        if plain in ("true", "y", "yes", "1"):
            return True
        if plain in ("false", "n", "no", "0"):
            return False
        odd("measurable", raw, "yes or no")
        return None

    assumed_type = None if assume.tumour_type is None else types.need(assume.tumour_type, where="match.assume.tumour_type")
    default_type = next((c for c in ("ONCOTREE_CODE", "CANCER_TYPE") if c in upper), None)
    kind = _text(config.tumour_type or (None if assumed_type else default_type), people, "tumour_type")
    if config.tumour_type is None and default_type == "ONCOTREE_CODE" and kind is not None and "CANCER_TYPE" in upper:
        # A code that is not listed is read by the name of its cancer type.
        coded = [raw if raw is not None and types.code(str(raw)) else wide for raw, wide in zip(kind, people["CANCER_TYPE"], strict=True)]
        kind = pl.Series(coded, dtype=pl.String)
    stages = ("localised", "locally advanced", "unresectable", "metastatic")
    brains = ("none", "treated stable", "active untreated", "present")
    return {
        "tumour_type": _coded(kind, assumed_type, n, tumour),
        "histology": _coded(_text(config.histology, people, "histology"), assume.histology, n, lambda r: " ".join(str(r).lower().split())),
        "stage": _coded(_text(config.stage, people, "stage"), assume.stage, n, word("stage", stages)),
        "primary_side": _coded(None, assume.primary_side, n, str),
        "measurable": _coded(_text(config.measurable, people, "measurable"), assume.measurable, n, yes_no),
        "brain_metastases": _coded(_text(config.brain_metastases, people, "brain_metastases"), assume.brain_metastases, n, word("brain_metastases", brains)),
        "age": _coded(_text(config.age or ("AGE" if "AGE" in upper else None), people, "age"), None, n, number("age", 0, 120)),
        "ecog": _coded(_text(config.ecog, people, "ecog"), None, n, number("ecog", 0, 5)),
    }  # fmt: skip


def _specimens(study: Study) -> pl.DataFrame:
    """Specimen of each sample: plasma where a column says so, tissue elsewhere in a cBioPortal table of samples."""
    schema = {"SAMPLE": pl.String, "SPECIMEN": pl.String}
    if not study.has("SAMPLE") or "SAMPLE_ID" not in study.table("SAMPLE").columns:
        return pl.DataFrame(schema=schema)
    table = study.table("SAMPLE")
    said = [c for c in ("SAMPLE_TYPE", "SAMPLE_CLASS", "SPECIMEN_TYPE", "SPECIMEN", "SAMPLE_TYPE_DETAILED") if c in table.columns]
    plasma = pl.any_horizontal(pl.col(c).cast(pl.String).str.contains(_PLASMA).fill_null(value=False) for c in said) if said else pl.lit(value=False)
    return table.select(
        SAMPLE=pl.col("SAMPLE_ID").cast(pl.String), SPECIMEN=pl.when(plasma).then(pl.lit("plasma")).otherwise(pl.lit("tissue"))
    ).unique("SAMPLE", keep="first")


def _with_specimen(rows: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None) -> pl.DataFrame:
    out = rows.join(specimens, on="SAMPLE", how="left", maintain_order="left")
    return out.with_columns(pl.col("SPECIMEN").fill_null(pl.lit(assumed, pl.String)))


def _calls(
    held: StudyProfiles, own: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None
) -> tuple[Rows, pl.DataFrame]:
    rows = held.calls.with_columns(pl.col("USUBJID").cast(pl.String)).join(own, on="USUBJID", how="inner", maintain_order="left")
    rows = _with_specimen(rows, specimens, assumed)
    table = rows.select(_KEYS).unique(maintain_order=True).with_row_index("code")
    coded = rows.join(table, on=_KEYS, how="left", nulls_equal=True, maintain_order="left").sort("person")
    full = table.select(
        *(pl.col(c) if c in _KEYS else pl.lit(None, t).alias(c) for c, t in CALL_SCHEMA.items()), "SPECIMEN"
    ).with_columns(DISPUTED=pl.lit(value=False))
    person = coded["person"].cast(pl.Int64).to_numpy()
    return Rows(person, coded["code"].cast(pl.Int64).to_numpy(), tuple(range(table.height))), full


def _reach(assay: Assay | None, kind: str | None, target: str | None) -> tuple[Reach, ...]:
    if assay is None:
        return ()
    return tuple(r for r in assay.reach if (kind is None or r.kind == kind) and (target is None or str(r) == target))


def _tests(
    held: StudyProfiles, own: pl.DataFrame, specimens: pl.DataFrame, assumed: str | None, central: Sequence[str]
) -> Coded:
    keys = ["ASSAY", "KIND", "TARGET", "STATE", "SPECIMEN"]
    rows = held.tests.join(own, on="USUBJID", how="inner")
    rows = _with_specimen(rows, specimens, assumed)
    table = rows.select(keys).unique(maintain_order=True).with_row_index("code")
    kinds = [
        TestKind(
            assay=" ".join(assay.split()).casefold(), specimen=specimen, state="valid" if state in _READ else state,
            central=assay in central, reach=_reach(held.assays.get(assay), kind, target),
        )
        for assay, kind, target, state, specimen in table.select(keys).iter_rows()
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
    schema = {k: pl.String for k in (*keys, "name")} | {"low": pl.Float64, "high": pl.Float64, "inside": pl.Boolean}
    table = pl.DataFrame(read, schema=schema, orient="row")
    rows = scores.join(table, on=keys, how="inner", nulls_equal=True)
    names = rows["name"].unique(maintain_order=True).to_list()
    codes = rows["name"].replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64) if names else rows["person"]
    return MeasureRows(
        person=rows["person"].cast(pl.Int64).to_numpy(),
        marker=tuple(names),
        marker_code=codes.cast(pl.Int64).to_numpy(),
        lower=rows["low"].to_numpy(),
        upper=rows["high"].to_numpy(),
        upper_in=rows["inside"].to_numpy(),
    )


class _Lines:
    """Lines of therapy as ``[[match.lines]]`` names them."""

    def __init__(self, study: Study, people: pl.DataFrame, own: pl.DataFrame) -> None:
        parts = [self._read(study, i, line, people, own) for i, line in enumerate(study.config.match.lines)]
        empty = pl.DataFrame(schema={"person": pl.UInt32, "drugs": pl.String, "outcome": pl.String, "setting": pl.String, "low": pl.Int64})
        rows = pl.concat([empty, *parts]).sort("person", maintain_order=True)
        keys = ["drugs", "outcome", "setting"]
        table = rows.select(keys).unique(maintain_order=True).with_row_index("code")
        drugs, found, values = drug_classes(), [], []
        for text, outcome, setting in table.select(keys).iter_rows():
            items = [t.strip() for t in pl.Series([text or ""]).str.replace_all(r"[;/+]", ",")[0].split(",") if t.strip()]
            parts_ = drugs.parts(items)
            found += [_odd("drug-unknown", d, "known drug; kept, of no class") for d in parts_ if not drugs.is_known(d)]
            word, known = read_outcome(outcome)
            if not known:
                found.append(_odd("outcome-unknown", outcome, "known outcome; it stays open"))
            early = " ".join((setting or "").lower().split()) in EARLY_SETTINGS
            values.append(LineKind(drugs=parts_, outcome=word, early=early))
        coded = rows.join(table, on=keys, how="left", nulls_equal=True, maintain_order="left")
        self.rows = Rows(rows["person"].cast(pl.Int64).to_numpy(), coded["code"].cast(pl.Int64).to_numpy(), tuple(values))
        low = rows["low"].to_numpy()
        known_day = rows["low"].is_not_null().to_numpy()
        ongoing = np.array([values[c].outcome == "ongoing" for c in self.rows.codes], np.bool_)
        day = np.nan_to_num(low.astype(np.float64)).astype(np.int64)
        first = np.where(ongoing, ONGOING, np.where(known_day, day, NO_DAY))
        last = np.where(ongoing, ONGOING, np.where(known_day, day, ONGOING))
        self.end = np.column_stack([first, last]).astype(np.int64)
        self.findings = findings_frame(dict.fromkeys(found))

    @staticmethod
    def _read(study: Study, i: int, line: MatchLine, people: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
        key = f"match.lines[{i}]"
        if line.table is not None and not study.has(line.table.upper()):
            raise ConfigError(f"{CONFIG_FILE}, key {key}.table: no table {line.table}; there are {', '.join(sorted(study.tables))}")
        frame = people if line.table is None else study.table(line.table.upper())
        if line.where is not None:
            frame = frame.filter(evaluate(frame, line.where, where=f"{CONFIG_FILE}, key {key}.where"))

        def text(name: str, sql: str | None) -> pl.Series:
            if sql is None:
                return pl.Series(name, [None] * frame.height, dtype=pl.String)
            return evaluate(frame, sql, where=f"{CONFIG_FILE}, key {key}.{name}").cast(pl.String).alias(name)

        day = text("end", line.end).str.to_date("%Y-%m-%d", strict=False)
        rows = pl.DataFrame(
            [
                frame["USUBJID"].cast(pl.String), text("drugs", line.drugs), text("outcome", line.outcome),
                text("setting", line.setting), (day.cast(pl.Int32).cast(pl.Int64) + 719_163).alias("low"),
            ]
        )  # fmt: skip
        rows = rows.filter(pl.col("drugs").is_not_null() | pl.col("outcome").is_not_null())
        return rows.join(own, on="USUBJID", how="inner", maintain_order="left").select(
            "person", "drugs", "outcome", "setting", "low"
        )


def _odd(rule: str, value: str | None, why: str) -> Finding:
    return Finding(
        table="LINES", rule=rule, severity="warning", value=value, message=f"{shown(value or '')!r} is no {why}."
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
