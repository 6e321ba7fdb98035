"""A study's tables as Parquet by blocks of patients, in a folder that opens as the same study."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import InputError, UsageError
from codon12.records.columns import as_text
from codon12.records.config import CONFIG_FILE, StudyConfig, read_config
from codon12.records.files.folder import files_below, files_listed, write_atomically
from codon12.records.files.locate import Located, StudyFormat
from codon12.records.files.nested import study_folder
from codon12.records.files.no_folder import must_be_folder
from codon12.records.opening.sizes import SUBJECT_TABLES
from codon12.records.opening.subject_of_rows import (
    held_whole,
    link_over_samples,
    names_subjects,
    raw_name,
    subject_link,
    subject_of_rows,
)
from codon12.records.opening.tables_of import located_tables, read_options
from codon12.records.readers import RawTable, ReadOptions, read_table, table_slices
from codon12.records.readers.partitioned import MARK, PARTS, Part, PartitionedTable, StandIn, read_stand_in

__all__ = ["MOST_BLOCKS", "Partitioned", "partition_records", "study_of"]

MOST_BLOCKS = 10_000
_SUMMARY = "partition.json"
_COMMAND = ["codon12", "records", "partition"]
_BLOCK = "codon12 block"
_REST = -1


class Partitioned(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    subjects: int
    blocks: int
    tables: dict[str, int]
    """Table and its rows."""
    rest: dict[str, int]
    """Table and its rows that belong to no subject of the table of subjects; they are kept in a part of their own."""
    bytes: int


def partition_records(
    study: str | Path,
    out: str | Path,
    *,
    by: int,
    config: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Partitioned:
    """Write the tables of a study as Parquet by blocks of `by` patients, in a folder that opens as the same study.

    In `out` each file of the study has a file of its name. Of a table it only says what the original was (size, hash,
    encoding, findings of its reader) and where its rows lie: in ``_parts/TABLE-n/``, a file a block, with SRCROW, the
    row of the original. All other files are copied. Blocks follow the order of the table of subjects (DM, ADSL,
    PATIENT, SAMPLE); a table that knows samples alone follows the patients of its samples. Text, Parquet and
    the data sets of SAS, SPSS and Stata are read some rows at a time; held at once is a table in a workbook or in JSON,
    and one of which codon12.toml says that its rows lean on others (`fill`, an aggregate in `derive`).

    Parameters
    ----------
    study, config
        As `Study.open`; a configuration kept elsewhere becomes the ``codon12.toml`` of `out`.
    out
        Appears whole or not at all. A folder that is there is replaced only if it was written by this.
    by
        Patients a block.
    progress
        Called with a few words as each file begins.

    Raises
    ------
    UsageError
        `by` below 1 or more than 10,000 blocks, a study that is partitioned already or has no table of subjects, or
        `out` holds other files or lies in the study.
    InputError, ConfigError
        As `Study.open`; or `out` cannot be written.
    """
    if by < 1:
        raise UsageError(f"by: {by}; give 1 patient a block or more")
    folder, settled = study_of(study, config)
    target = Path(out)
    inner, outer = sorted((folder.resolve(), target.resolve()), key=lambda p: -len(p.parts))
    if inner.is_relative_to(outer):
        raise UsageError(f"{target}: lies in the study's folder, or holds it; give another folder")
    fmt, located, _ = located_tables(folder, settled)
    say = progress or (lambda _: None)
    with write_atomically(target, wrote=_wrote) as home:
        try:
            made = _write(folder, home, located, fmt, settled, by, say)
            _copy_others(folder, home, {e.path for e in located}, None if config is None else Path(config))
            files = files_below(home)
            size = sum((home / f).stat().st_size for f in files)
            body = {"command": _COMMAND, "by": by, "subjects": made.subjects, "blocks": made.blocks,
                    "files": [*files, f"{PARTS}/{_SUMMARY}"]}  # fmt: skip
            (home / PARTS / _SUMMARY).write_text(json.dumps(body, indent=1, ensure_ascii=False), encoding="utf-8")
        except pl.exceptions.PolarsError as err:
            raise InputError(f"{target}: a part cannot be written: {err}") from None
    return msgspec.structs.replace(made, bytes=size)


def study_of(study: str | Path, config: str | Path | None) -> tuple[Path, StudyConfig]:
    """Folder in which a study lies that is to be partitioned, and its configuration.

    Raises
    ------
    UsageError
        It is partitioned already.
    InputError, ConfigError
        As `Study.open`.
    """
    place = Path(study)
    must_be_folder(place)
    settled = read_config(Path(config) if config is not None else place)
    folder, _ = study_folder(place, settled)
    if config is None and folder != place and (folder / CONFIG_FILE).is_file():
        settled = read_config(folder)
    if any(read_stand_in(e.path) for e in located_tables(folder, settled)[1]):
        raise UsageError(f"{folder}: is partitioned already; partition the study that it was made from")
    return folder, settled


def _wrote(folder: Path) -> list[str] | None:
    return files_listed(folder / PARTS / _SUMMARY, "files", command=_COMMAND)


def _write(
    folder: Path,
    home: Path,
    located: list[Located],
    fmt: StudyFormat,
    settled: StudyConfig,
    by: int,
    say: Callable[[str], None],
) -> Partitioned:
    """Every table, that of the subjects first, then those that name subjects, then those that know samples."""
    links = {i: subject_link(e, fmt) or link_over_samples(e, located, settled) for i, e in enumerate(located)}
    first = next((t for t in SUBJECT_TABLES if any(e.table == t for e in located)), None)
    if first is None:
        raise UsageError(f"{folder}: has no table of subjects ({', '.join(SUBJECT_TABLES)}); its rows belong to nobody")
    people = pl.DataFrame(schema={"key": pl.String, _BLOCK: pl.Int32})
    keys: dict[tuple[str, str], pl.DataFrame] = {}
    wanted = {(k.table.upper(), k.key.upper()) for k in links.values() if k is not None}
    tables: dict[Path, list[PartitionedTable]] = {}
    rows: dict[str, int] = {}
    rest: dict[str, int] = {}
    order = sorted(range(len(located)), key=lambda i: (located[i].table != first, links[i] is not None, i))
    for i in order:
        entry = located[i]
        say(f"Partitioning {entry.path.name}")
        options = read_options(entry, fmt)
        parts: list[Part] = []
        beside = home / entry.path.parent.relative_to(folder) / PARTS
        name = f"{re.sub('[^A-Za-z0-9_-]', '_', entry.table)}-{i}"
        (beside / name).mkdir(parents=True)
        told: list[RawTable] = []
        for n, raw in enumerate(_slices(entry, options)):
            told.append(msgspec.structs.replace(raw, frame=raw.frame.clear()))
            if raw.frame.is_empty():
                continue
            link = links[i] if subject_link(entry, fmt) or not names_subjects(entry, raw.frame.columns) else None
            subject = subject_of_rows(raw.frame, entry, link)
            if entry.table == first and link is None:
                people = _more_people(people, subject, by)
            known = people if link is None else keys.get((link.table.upper(), link.key.upper()), people[:0])
            known = known.filter(pl.col("key").is_in(subject.unique().implode()))  # few of all patients
            blocks = subject.to_frame("key").join(known, on="key", how="left", maintain_order="left")[_BLOCK]
            blocks = blocks.fill_null(_REST)
            for key in (k for t, k in wanted if t == entry.table):
                column = raw_name(entry.source, raw.frame.columns, key)
                if column is not None:
                    keys[entry.table, key] = _more_keys(keys.get((entry.table, key)), raw.frame, column, blocks)
            rest[entry.table] = rest.get(entry.table, 0) + int((blocks == _REST).sum())
            parts += _write_slice(raw.frame, blocks, beside, name, n)
        parts = parts or _write_slice(told[-1].frame, pl.Series([], dtype=pl.Int32), beside, name, 0)
        rows[entry.table] = rows.get(entry.table, 0) + sum(p.rows for p in parts)
        tables.setdefault(entry.path, []).append(_partitioned(options, told, parts))
    for path, held in tables.items():
        _stand_in(path, home / path.relative_to(folder), held)
    last = people[_BLOCK].max()
    blocks_made = 0 if last is None else int(last) + 1  # type: ignore[arg-type]  # a whole number
    lost = {t: n for t, n in sorted(rest.items()) if n}
    return Partitioned(
        subjects=people.height, blocks=blocks_made, tables=dict(sorted(rows.items())), rest=lost, bytes=0
    )


def _slices(entry: Located, options: ReadOptions) -> Iterator[RawTable]:
    """A table some rows at a time, at once where that cannot be."""
    return iter((read_table(entry.path, options),)) if held_whole(entry) else table_slices(entry.path, options)


def _partitioned(options: ReadOptions, told: list[RawTable], parts: list[Part]) -> PartitionedTable:
    """What the reader said of a table, put together from what it said of its slices."""
    left_out = Counter[str]()
    for raw in told:
        left_out.update(raw.left_out)
    asked = {k: getattr(options, k) for k in ("table", "sheet", "header", "quoting")}
    return PartitionedTable(
        **asked,
        format=told[0].format,
        encoding=told[0].encoding,
        rows_read=sum(raw.rows_read for raw in told),
        left_out=dict(left_out),
        findings=[finding for raw in told for finding in raw.findings],
        parts=parts,
    )


def _write_slice(frame: pl.DataFrame, blocks: pl.Series, beside: Path, name: str, n: int) -> list[Part]:
    """A file a block of these rows, and one for the rest."""
    parts = []
    marked = frame.with_columns(blocks.alias(_BLOCK))
    split = marked.partition_by(_BLOCK, include_key=False, as_dict=True) or {(_REST,): frame}
    for (block,), own in sorted(split.items()):
        word = "rest" if block == _REST else f"{block:05d}"
        file = f"{name}/block-{word}-{n:05d}.parquet"
        own.write_parquet(beside / file, statistics=True)
        with (beside / file).open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        parts.append(Part(file=file, rows=own.height, sha256=digest))
    return parts


def _more_people(people: pl.DataFrame, subject: pl.Series, by: int) -> pl.DataFrame:
    """Subjects in the order in which they come first, each with its block."""
    seen = pl.concat([people["key"], subject.drop_nulls()]).unique(maintain_order=True)
    if seen.len() > by * MOST_BLOCKS:
        raise UsageError(f"by: {by} patients a block makes more than {MOST_BLOCKS:,} blocks; give more")
    return pl.DataFrame({"key": seen}).with_columns((pl.int_range(pl.len()) // by).cast(pl.Int32).alias(_BLOCK))


def _more_keys(before: pl.DataFrame | None, frame: pl.DataFrame, column: str, blocks: pl.Series) -> pl.DataFrame:
    """Samples, or other keys of a table, in the order in which they come first, each with its block."""
    text = as_text(frame.select(column, "SRCROW"))[column]
    pairs = pl.DataFrame({"key": text, _BLOCK: blocks.cast(pl.Int32)}).drop_nulls("key")
    pairs = pairs.unique("key", keep="first", maintain_order=True)
    if before is None:
        return pairs
    again = before.filter(pl.col("key").is_in(pairs["key"].implode()))
    return pl.concat([before, pairs.join(again, on="key", how="anti", maintain_order="left")])


def _stand_in(original: Path, place: Path, tables: list[PartitionedTable]) -> None:
    """Write the file that stands in for a table, with the comments that begin the original: they name samples."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with original.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    held = StandIn(bytes=original.stat().st_size, sha256=digest, tables=tables)
    head = MARK + f"of {original.name}: its rows lie in {PARTS}, by patients.\n".encode()
    place.write_bytes(head + _comments(original) + msgspec.json.encode(held) + b"\n")


def _comments(path: Path) -> bytes:
    """Comment lines that begin a MAF, which say what was sequenced."""
    import gzip

    with path.open("rb") as raw:
        start = raw.read(3)
    packed = start.startswith(b"\x1f\x8b")
    if not packed and not start.removeprefix(b"\xef\xbb\xbf").startswith(b"#"):
        return b""
    lines: list[bytes] = []
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            for line in file:
                text: bytes = line.removeprefix(b"\xef\xbb\xbf")
                if not text.startswith(b"#"):
                    break
                lines.append(text.rstrip(b"\r\n") + b"\n")
    except (OSError, EOFError):
        return b""
    return b"".join(lines)


def _copy_others(folder: Path, home: Path, tables: set[Path], config: Path | None) -> None:
    """Copy what is no table; hidden files, and links that lead out of the study, are no part of it."""
    root = folder.resolve()
    for name in files_below(folder):
        path = folder / name
        if path in tables or any(p.startswith(".") for p in Path(name).parts):
            continue
        if not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, home / name)
    if config is not None:
        file = config / CONFIG_FILE if config.is_dir() else config
        shutil.copyfile(file, home / CONFIG_FILE)
