"""Opening a study, stage by stage: recognise, locate, read, give names and types, merge, cut off, validate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.cbioportal.files import link_samples, patients_of_samples
from codon12.records.cbioportal.profiled import profiled_samples
from codon12.records.cbioportal.survival_attributes import attribute_findings, survival_attributes
from codon12.records.columns.event_times import times_to_event
from codon12.records.columns.late_entry import late_entries
from codon12.records.config import CONFIG_FILE, StudyConfig, TableSource
from codon12.records.dates.cutoff import cut_off
from codon12.records.files.linking import link_subjects
from codon12.records.files.locate import Located, StudyFormat
from codon12.records.files.nothing import nothing_located
from codon12.records.findings import Finding, findings_frame, in_order
from codon12.records.findings.accounting import Ledger
from codon12.records.opening.joined import joined
from codon12.records.opening.one_row import one_row_a_subject
from codon12.records.opening.outside import SUBJECTS, subjects_of_file, without_outsiders
from codon12.records.opening.supplemental import merge_supplemental
from codon12.records.opening.tables_of import located_tables, read_options
from codon12.records.opening.typed_table import file_columns, typed_table
from codon12.records.opening.uses import UNUSED, table_uses
from codon12.records.readers import read_table
from codon12.records.readers.partitioned import read_stand_in
from codon12.records.validation import validate, without_identifier
from codon12.records.validation.twice import enrolled_twice, identifiers_alike

__all__ = ["OpenedStudy", "open_study", "with_configuration"]

_SOURCES = {
    "TABLE": pl.String,
    "FILE": pl.String,
    "SHA256": pl.String,
    "ROWS": pl.Int64,
    "BYTES": pl.Int64,
    "ENCODING": pl.String,
    "FORMAT": pl.String,
}


class OpenedStudy(msgspec.Struct, kw_only=True):
    """What opening a folder gives; `Study` is its public face."""

    format: StudyFormat
    tables: dict[str, pl.DataFrame]
    sources: pl.DataFrame
    findings: pl.DataFrame
    accounting: pl.DataFrame
    looked_for: dict[str, str]
    ledger: Ledger


class _Read(msgspec.Struct):
    """What reading the files gathers."""

    frames: dict[str, pl.DataFrame] = {}
    times: list[pl.DataFrame] = []
    findings: list[pl.DataFrame] = []
    sources: list[tuple[object, ...]] = []
    named: dict[str, set[str]] = {}
    """Table that says who is a subject -> those whom its file names, where `where` leaves rows out."""
    subjects: str = "PATIENT"
    """Table of a cBioPortal study that holds what is known of patients."""


def open_study(
    folder: Path,
    config: StudyConfig,
    progress: Callable[[str], None],
    told: Sequence[Finding] = (),
    *,
    block: str | None = None,
) -> OpenedStudy:
    """Read and check the records of a study folder; `told` was found on the way to it. Errors as `Study.open`.

    Of a partitioned study a `block` of patients alone, as `codon12.records.opening.blocks` names them.
    """
    fmt, located, single = located_tables(folder, config)
    looked_for = {f.table: f.message for f in single if f.rule == "file-to-choose"}
    if not located:
        raise InputError(nothing_located(folder, config, fmt, list(looked_for.values())))
    ledger = Ledger()
    read = _read_all(folder, located, fmt, ledger, progress, block)
    frames, found = read.frames, [*read.findings, findings_frame([*told, *single, *_assumed(config)])]
    if fmt == "cbioportal":
        if read.subjects == "SAMPLE" and "USUBJID" in frames.get("SAMPLE", pl.DataFrame()).columns:
            file = next(e.path.name for e in located if e.table == "SAMPLE")
            frames["PATIENT"], said = patients_of_samples(frames["SAMPLE"], file=file)
            found.append(findings_frame(said))
        found += [_add_profiled(folder, located, read, ledger), link_samples(frames)]
    found.append(link_subjects(frames, located))
    times, found = without_outsiders(frames, read.times, found, read.named, ledger)
    if fmt == "sdtm":
        progress("Merging supplemental qualifiers")
        found.append(merge_supplemental(frames, ledger))
        if config.data_cutoff is not None:
            found.append(cut_off(frames, config.data_cutoff, ledger))
    _account(frames, fmt, config, ledger)
    if times:
        # a table that holds times in columns of its own gives no rows that are parameters themselves
        given = [frames["ADTTE"]] if "PARAMCD" in frames.get("ADTTE", pl.DataFrame()).columns else []
        frames["ADTTE"] = pl.concat([*given, *times], how="diagonal_relaxed")
    progress("Checking records")
    found += [validate(frames, fmt, config), enrolled_twice(frames), identifiers_alike(frames)]
    return OpenedStudy(
        format=fmt,
        tables=dict(sorted(frames.items())),
        sources=pl.DataFrame(read.sources, schema=_SOURCES, orient="row"),
        findings=in_order(pl.concat(found)),
        accounting=ledger.frame(),
        looked_for=looked_for,
        ledger=ledger,
    )


def _assumed(config: StudyConfig) -> list[Finding]:
    """What the first look took where nobody answered, as findings."""
    return [
        Finding(table=CONFIG_FILE, rule="taken-unasked", severity="warning", message=said) for said in config.assumed
    ]


def _read_all(
    folder: Path,
    located: list[Located],
    fmt: StudyFormat,
    ledger: Ledger,
    progress: Callable[[str], None],
    block: str | None,
) -> _Read:
    read = _Read()
    if all(e.table != "PATIENT" for e in located):
        read.subjects = "SAMPLE"
    parts: dict[str, list[pl.DataFrame]] = {}
    for entry in located:
        progress(f"Reading {entry.path.name}")
        raw = read_table(entry.path, read_options(entry, fmt, block=block))
        ledger.read(entry.table, raw.rows_read)
        for reason, rows in raw.left_out.items():
            ledger.left_out(entry.table, reason, rows)
        read.findings.append(findings_frame(raw.findings))
        read.sources.append(_source_row(folder, entry, raw.rows_read, raw.encoding, raw.format))
        if entry.source.join:
            more = joined(folder, entry, raw, fmt, ledger)
            raw = more.raw
            read.findings += [*more.findings, *(findings_frame(other.findings) for _, other in more.read)]
            read.sources += [_source_row(folder, e, o.rows_read, o.encoding, o.format) for e, o in more.read]
        own, undated = file_columns(raw, entry.source, table=entry.table, file=entry.path.name, ledger=ledger)
        read.findings.append(undated)
        if entry.table in SUBJECTS:
            read.named.setdefault(entry.table, set()).update(subjects_of_file(raw, entry.source))
        dates = fmt != "sdtm" or entry.table.startswith("AD")
        attributes = fmt == "cbioportal"
        frame, found = typed_table(
            own, entry.source, table=entry.table, file=entry.path.name, dates=dates, attributes=attributes
        )
        read.findings.append(found)
        if "USUBJID" in frame.columns and (entry.source.pick or (entry.table == "ADSL" and fmt != "adam")):
            before = frame.height
            own, frame, found = one_row_a_subject(own, frame, entry.source, table=entry.table, file=entry.path.name)
            read.findings.append(found)
            ledger.left_out(entry.table, "another row of the subject counts", before - frame.height)
        if entry.table == "ADSL" and fmt in ("tables", "sdtm") and "USUBJID" in frame.columns:
            said = late_entries(own, frame, entry.source, table=entry.table, file=entry.path.name)
            read.findings.append(findings_frame(said))
        parts.setdefault(entry.table, []).append(frame)
        _add_times(read, entry, own, frame, fmt)
    for table, frames in parts.items():
        if len(frames) > 1:
            names = [e.path.name for e in located if e.table == table]
            sheets = [e.source.sheet for e in located if e.table == table]
            labels = [f"{n}#{s}" if s else n for n, s in zip(names, sheets, strict=True)]
            frames = [  # noqa: PLW2901 - the labelled parts replace the plain ones
                f.with_columns(pl.lit(label).alias("SRCFILE")) for f, label in zip(frames, labels, strict=True)
            ]
        read.frames[table] = pl.concat(frames, how="diagonal_relaxed")
    return read


def _add_times(read: _Read, entry: Located, own: pl.DataFrame, frame: pl.DataFrame, fmt: StudyFormat) -> None:
    source = entry.source
    if not source.times and fmt == "cbioportal" and entry.table == read.subjects:
        source = TableSource(times=survival_attributes(own).times, decimal=source.decimal)
        said = attribute_findings(own, source, table=entry.table, file=entry.path.name)
        read.findings.append(findings_frame(said))
    if not source.times or "USUBJID" not in frame.columns:
        return
    rows, found = times_to_event(own, frame["USUBJID"], source, table=entry.table, file=entry.path.name)
    if fmt == "cbioportal" and entry.table == "SAMPLE":  # a patient's time stands beside each of their samples
        rows = rows.unique(["USUBJID", "PARAMCD", "AVAL", "CNSR"], keep="first", maintain_order=True)
    read.times.append(rows)
    read.findings.append(found)


def _account(frames: dict[str, pl.DataFrame], fmt: StudyFormat, config: StudyConfig, ledger: Ledger) -> None:
    """Count the rows something is made of; those of no subject, of a stranger, of an unused table are explained."""
    uses = table_uses(frames, fmt, config)
    subjects = next((t for t in ("DM", "ADSL", "PATIENT") if t in uses and "USUBJID" in frames[t].columns), None)
    known = None if subjects is None else frames[subjects]["USUBJID"].drop_nulls().unique().implode()
    unnamed = _unnamed(frames, known) if fmt == "sdtm" else {}
    for table, frame in frames.items():
        if fmt == "sdtm" and table.startswith("SUPP"):
            continue
        if table not in uses:
            ledger.left_out(table, UNUSED, frame.height)
            continue
        rest = frame.height
        if "USUBJID" in frame.columns:
            none = frame["USUBJID"].null_count()
            ledger.left_out(table, "belongs to no subject", none)
            rest -= none
        if "USUBJID" in frame.columns and known is not None and table != subjects:
            strange = int((~frame["USUBJID"].drop_nulls().is_in(known)).sum())
            ledger.left_out(table, f"subject not in {subjects}", strange)
            rest -= strange
        lost = min(rest, unnamed.get(table, 0))
        ledger.left_out(table, "of no identified lesion", lost)
        ledger.used(table, rest - lost, uses[table])


def _unnamed(frames: dict[str, pl.DataFrame], known: pl.Series | None) -> dict[str, int]:
    """Rows of no identified lesion, of the subjects that are known."""
    tr = frames.get("TR")
    if tr is None or known is None or "USUBJID" not in tr.columns:
        return without_identifier(frames)
    return without_identifier({"TR": tr.filter(pl.col("USUBJID").is_in(known))})


def _add_profiled(folder: Path, located: list[Located], read: _Read, ledger: Ledger) -> pl.DataFrame:
    """Add table PROFILED, which many small files make together."""
    profiled = profiled_samples(folder, located)
    if profiled is None:
        return findings_frame([])
    read.frames["PROFILED"] = profiled.frame
    ledger.read("PROFILED", profiled.frame.height)
    for path, ids in profiled.files:
        entry = Located(table="PROFILED", path=path, source=TableSource())
        read.sources.append(_source_row(folder, entry, ids, None, "text"))
    return findings_frame(profiled.findings)


def with_configuration(sources: pl.DataFrame, file: Path | None) -> pl.DataFrame:
    """Sources of a study and, last, the configuration file it was read with."""
    if file is None or not file.is_file():
        return sources
    row = ("codon12", file.name, _digest(file), None, file.stat().st_size, "utf-8", "toml")
    return pl.concat([sources, pl.DataFrame([row], schema=_SOURCES, orient="row")])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _source_row(folder: Path, entry: Located, rows: int, encoding: str | None, fmt: str) -> tuple[object, ...]:
    name = entry.path.relative_to(folder).as_posix()
    held = read_stand_in(entry.path)  # a partitioned table is that of the original file
    digest, size = (_digest(entry.path), entry.path.stat().st_size) if held is None else (held.sha256, held.bytes)
    return (entry.table, name, digest, rows, size, encoding, fmt)
